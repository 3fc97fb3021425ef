//! `int`: inline up to 62 bits, cells of 64-bit limbs beyond; the big ones' arithmetic is `num-bigint`'s.

#![expect(unsafe_code, reason = "limbs are read behind raw pointers")]

use std::cmp::Ordering;

use bytecode::BinOp;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

mod bytes;
mod limbs;
mod methods;
mod parse;

pub(crate) use methods::{BOOL_METHODS, METHODS};
pub(crate) use parse::{ascii_number, from_number, from_text, trim};

/// The int of a value that is an int or bool.
pub(crate) fn to_big(value: Value) -> BigInt {
    if let Some(int) = value.as_int() {
        return BigInt::from(int);
    }
    if value.is_bool() {
        return BigInt::from(u8::from(value == Value::TRUE));
    }
    let cell = value.cast::<IntCell>();
    // SAFETY: the int is live.
    let (size, limbs) = unsafe { ((*cell).size, IntCell::limbs(cell)) };
    let digits = limbs.iter().flat_map(|limb| [*limb as u32, (*limb >> 32) as u32]).collect();
    BigInt::from_biguint(if size < 0 { Sign::Minus } else { Sign::Plus }, num_bigint::BigUint::new(digits))
}

/// The value of an int of any size; MemoryError if there is no room.
pub(crate) fn from_big(vm: &mut Vm, big: &BigInt) -> Result<Value, Raised> {
    if let Some(small) = big.to_i64() {
        return Ok(vm.new_int(small));
    }
    let limbs: Vec<u64> = big.iter_u64_digits().collect();
    vm.try_int_from_limbs(big.is_negative(), &limbs).ok_or(Raised).map_err(|_| vm.raise_memory_error())
}

/// The decimal text of an int; ValueError beyond the limit of digits.
pub(crate) fn to_decimal(vm: &mut Vm, value: Value) -> Result<String, Raised> {
    if let Some(int) = value.as_int() {
        return Ok(int.to_string());
    }
    let big = to_big(value);
    let limit = vm.int_max_str_digits;
    // Digits are at least bits * log10(2), less one.
    if limit > 0 && big.bits() > 2048 && too_long(&big, limit) {
        let message = format!(
            "Exceeds the limit ({limit} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit"
        );
        return Err(vm.raise_value_error(&message));
    }
    Ok(big.to_string())
}

/// Whether an int has more than `limit` decimal digits.
fn too_long(big: &BigInt, limit: usize) -> bool {
    let least = (big.bits() - 1) as f64 * std::f64::consts::LOG10_2;
    let most = big.bits() as f64 * std::f64::consts::LOG10_2 + 1.0;
    least > limit as f64 || most > limit as f64 && big.to_string().trim_start_matches('-').len() > limit
}

/// An int as a float, rounded half to even; OverflowError if it is too large.
pub(crate) fn to_f64(vm: &mut Vm, value: Value) -> Result<f64, Raised> {
    if let Some(int) = value.as_int() {
        return Ok(int as f64);
    }
    match divide_to_float(&to_big(value), &BigInt::from(1)) {
        Some(float) => Ok(float),
        None => Err(vm.raise_overflow_error("int too large to convert to float")),
    }
}

/// The exact int of an int, bool or instance of a subclass.
pub(crate) fn exact(vm: &mut Vm, value: Value) -> Value {
    if value.is_int() || value.is_kind(Kind::Int) && vm.is_exact(value) {
        return value;
    }
    if let Some(int) = vm.int_of(value) {
        return vm.new_int(int);
    }
    let (negative, limbs) = limbs::parts(value.cast::<IntCell>());
    vm.int_from_limbs(negative, limbs)
}

/// A new cell of an int, small ones too: what instances of subclasses are made of.
fn own_cell(vm: &mut Vm, value: Value) -> Result<Value, Raised> {
    let small = value.as_int().map(|int| (int < 0, [int.unsigned_abs()]));
    let (negative, limbs) = match &small {
        Some((negative, limbs)) => (*negative, &limbs[..usize::from(limbs[0] != 0)]),
        None => limbs::parts(value.cast::<IntCell>()),
    };
    match vm.int_cell(negative, limbs) {
        Some(value) => Ok(value),
        None => Err(vm.raise_memory_error()),
    }
}

/// Whether an int cell is below zero.
pub(crate) fn is_negative(value: Value) -> bool {
    match value.as_int() {
        Some(int) => int < 0,
        // SAFETY: the int is live.
        None => value.as_cell::<IntCell>().is_some_and(|cell| unsafe { (*cell).size < 0 }),
    }
}

/// Compares two ints (or bools).
pub(crate) fn compare(a: Value, b: Value) -> Ordering {
    match (a.as_int(), b.as_int()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => limbs::compare_values(a, b),
    }
}

/// `a op b` of ints (or bools).
pub(crate) fn binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> Result<Value, Raised> {
    if let (Some(x), Some(y)) = (vm.int_of(a), vm.int_of(b))
        && let Some(result) = small_binary(vm, op, x, y)
    {
        return result;
    }
    if let (Some(x), Some(y)) = (unsigned(a), unsigned(b))
        && let Some(result) = unsigned_binary(op, x, y)
    {
        return Ok(vm.int_from_unsigned(false, result));
    }
    if let (Some(x), Some(y)) = (wide(a), wide(b))
        && let Some(result) = wide_binary(op, x, y)
    {
        return Ok(vm.int_from_unsigned(result < 0, result.unsigned_abs()));
    }
    if let Some(result) = limbs::binary(vm, op, a, b) {
        return Ok(result);
    }
    big_binary(vm, op, &to_big(a), &to_big(b))
}

/// Operators of 64-bit ints whose result is found without limbs.
fn small_binary(vm: &mut Vm, op: BinOp, x: i64, y: i64) -> Option<Result<Value, Raised>> {
    let int = match op {
        BinOp::Add => x.checked_add(y)?,
        BinOp::Subtract => x.checked_sub(y)?,
        BinOp::Multiply => x.checked_mul(y)?,
        BinOp::And => x & y,
        BinOp::Or => x | y,
        BinOp::Xor => x ^ y,
        BinOp::FloorDivide if y > 0 => x.div_euclid(y),
        BinOp::FloorDivide if y < -1 => floor_div(x, y),
        BinOp::Remainder if y > 0 => x.rem_euclid(y),
        BinOp::Remainder if y < -1 => x - floor_div(x, y) * y,
        BinOp::LShift if (0..63).contains(&y) && x.unsigned_abs().leading_zeros() as i64 > y + 1 => x << y,
        BinOp::RShift if y >= 0 => x >> y.min(63),
        BinOp::TrueDivide if y != 0 && x.unsigned_abs() <= 1 << 53 && y.unsigned_abs() <= 1 << 53 => {
            return Some(Ok(vm.new_float(x as f64 / y as f64)));
        }
        BinOp::Power if y >= 0 => x.checked_pow(u32::try_from(y).ok()?)?,
        _ => return None,
    };
    Some(Ok(vm.new_int(int)))
}

/// The int of an int that is not negative and has at most two limbs.
#[inline]
fn unsigned(value: Value) -> Option<u128> {
    if let Some(int) = value.as_int() {
        return u128::try_from(int).ok();
    }
    let cell = value.as_cell::<IntCell>()?;
    // SAFETY: the int is live, and ints never change.
    let (size, limbs) = unsafe { ((*cell).size, IntCell::limbs(cell)) };
    match limbs {
        [low] if size > 0 => Some((*low).into()),
        [low, high] if size > 0 => Some(u128::from(*low) | u128::from(*high) << 64),
        _ => None,
    }
}

/// Operators of 128-bit ints that are not negative, as long as the result is one: what hashes and generators of random
/// numbers compute.
#[inline]
fn unsigned_binary(op: BinOp, x: u128, y: u128) -> Option<u128> {
    const LOW: u128 = u64::MAX as u128;
    Some(match op {
        BinOp::Add => x.checked_add(y)?,
        BinOp::Subtract => x.checked_sub(y)?,
        BinOp::Multiply if x <= LOW && y <= LOW => x * y,
        BinOp::And => x & y,
        BinOp::Or => x | y,
        BinOp::Xor => x ^ y,
        BinOp::LShift if y < 64 && x <= LOW => x << y,
        BinOp::RShift => {
            if y < 128 {
                x >> y
            } else {
                0
            }
        }
        BinOp::FloorDivide if x <= LOW && y <= LOW && y > 0 => (x as u64 / y as u64).into(),
        BinOp::Remainder if x <= LOW && y <= LOW && y > 0 => (x as u64 % y as u64).into(),
        BinOp::FloorDivide if y > 0 => x / y,
        BinOp::Remainder if y > 0 => x % y,
        _ => return None,
    })
}

/// The int of an int of at most one limb.
fn wide(value: Value) -> Option<i128> {
    if let Some(int) = value.as_int() {
        return Some(int.into());
    }
    let cell = value.as_cell::<IntCell>()?;
    // SAFETY: the int is live, and ints never change.
    let (size, limbs) = unsafe { ((*cell).size, IntCell::limbs(cell)) };
    let [limb] = limbs else { return None };
    Some(if size < 0 { -i128::from(*limb) } else { i128::from(*limb) })
}

/// Operators of 65-bit ints, as long as the result fits.
fn wide_binary(op: BinOp, x: i128, y: i128) -> Option<i128> {
    Some(match op {
        BinOp::Add => x + y,
        BinOp::Subtract => x - y,
        BinOp::Multiply => x.checked_mul(y)?,
        BinOp::And => x & y,
        BinOp::Or => x | y,
        BinOp::Xor => x ^ y,
        BinOp::LShift if (0..62).contains(&y) => x << y,
        BinOp::RShift if y >= 0 => x >> y.min(127),
        BinOp::FloorDivide if x >= 0 && y > 0 => i128::from(x as u64 / y as u64),
        BinOp::Remainder if x >= 0 && y > 0 => i128::from(x as u64 % y as u64),
        _ => return None,
    })
}

fn floor_div(x: i64, y: i64) -> i64 {
    let quotient = x / y;
    if x % y != 0 && (x < 0) != (y < 0) { quotient - 1 } else { quotient }
}

/// Most bits of a result; beyond it there would be no memory for it.
const MAX_BITS: u64 = 1 << 40;

fn big_binary(vm: &mut Vm, op: BinOp, a: &BigInt, b: &BigInt) -> Result<Value, Raised> {
    let result = match op {
        BinOp::Add => a + b,
        BinOp::Subtract => a - b,
        BinOp::Multiply => a * b,
        BinOp::And => a & b,
        BinOp::Or => a | b,
        BinOp::Xor => a ^ b,
        BinOp::FloorDivide | BinOp::Remainder if b.is_zero() => {
            let message = if op == BinOp::Remainder {
                "integer modulo by zero"
            } else {
                "integer division or modulo by zero"
            };
            return Err(vm.raise_zero_division_error(message));
        }
        BinOp::FloorDivide => a.div_floor(b),
        BinOp::Remainder => a.mod_floor(b),
        BinOp::TrueDivide => return true_divide(vm, a, b),
        BinOp::LShift | BinOp::RShift => return shift(vm, op, a, b),
        BinOp::Power => return power(vm, a, b),
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    from_big(vm, &result)
}

fn shift(vm: &mut Vm, op: BinOp, a: &BigInt, b: &BigInt) -> Result<Value, Raised> {
    if b.is_negative() {
        return Err(vm.raise_value_error("negative shift count"));
    }
    let result = match (op, b.to_u64()) {
        (BinOp::RShift, Some(bits)) => a >> bits,
        (BinOp::RShift, None) => BigInt::from(if a.is_negative() { -1 } else { 0 }),
        _ if a.is_zero() => BigInt::ZERO,
        (_, Some(bits)) if bits + a.bits() < MAX_BITS && vm.heap.may_grow((bits / 8) as usize) => a << bits,
        (_, Some(_)) => return Err(vm.raise_memory_error()),
        _ => return Err(vm.raise_overflow_error("too many digits in integer")),
    };
    from_big(vm, &result)
}

fn power(vm: &mut Vm, a: &BigInt, b: &BigInt) -> Result<Value, Raised> {
    if b.is_negative() {
        let (Some(x), Some(y)) = (a.to_f64(), b.to_f64()) else { return Ok(Value::NOT_IMPLEMENTED) };
        return super::float::binary(vm, BinOp::Power, x, y).unwrap_or(Ok(Value::NOT_IMPLEMENTED));
    }
    let Some(exponent) = b.to_u64() else {
        return match a.to_i64() {
            Some(0 | 1) => from_big(vm, a),
            Some(-1) => Ok(Value::small(if b.is_even() { 1 } else { -1 })),
            _ => Err(vm.raise_memory_error()),
        };
    };
    let bits = a.bits().saturating_mul(exponent);
    if bits > 64 && (bits > MAX_BITS || !vm.heap.may_grow((bits / 8) as usize)) && a.bits() > 1 {
        return Err(vm.raise_memory_error());
    }
    from_big(vm, &Pow::pow(a, exponent))
}

/// The quotient as a float, correctly rounded (CPython's `long_true_divide`).
fn true_divide(vm: &mut Vm, a: &BigInt, b: &BigInt) -> Result<Value, Raised> {
    if b.is_zero() {
        return Err(vm.raise_zero_division_error("division by zero"));
    }
    match divide_to_float(a, b) {
        Some(float) => Ok(vm.new_float(float)),
        None => Err(vm.raise_overflow_error("integer division result too large for a float")),
    }
}

/// `a / b` rounded half to even; `None` if it is too large.
pub(crate) fn divide_to_float(a: &BigInt, b: &BigInt) -> Option<f64> {
    if a.is_zero() {
        return Some(if b.is_negative() { -0.0 } else { 0.0 });
    }
    let negative = a.is_negative() != b.is_negative();
    let (a, b) = (a.magnitude(), b.magnitude());
    // The quotient gets at least 55 bits, fewer only where the result is subnormal; the last one is sticky.
    let exponent = a.bits() as i64 - b.bits() as i64;
    if exponent > 1024 {
        return None;
    }
    let shift = (55 - exponent).min(1074 + 2);
    let (quotient, remainder) =
        if shift >= 0 { (a << shift as u64).div_rem(b) } else { a.div_rem(&(b << (-shift) as u64)) };
    let mut bits = quotient.to_u64()?;
    if !remainder.is_zero() {
        bits |= 1;
    }
    let extra = (64 - bits.leading_zeros() as i64 - 53).max(if shift == 1076 { 2 } else { 0 });
    let rounded = round_off(bits, extra);
    let float = rounded as f64 * power_of_two(extra - shift);
    if float.is_infinite() { None } else { Some(if negative { -float } else { float }) }
}

/// Drops the last bits, rounding half to even.
fn round_off(bits: u64, count: i64) -> u64 {
    if count <= 0 {
        return bits;
    }
    let (kept, rest, half) = (bits >> count, bits & ((1 << count) - 1), 1 << (count - 1));
    kept + u64::from(rest > half || rest == half && kept & 1 == 1)
}

/// `2 ** exponent`, multiplied in steps that stay exact.
fn power_of_two(exponent: i64) -> f64 {
    let half = exponent / 2;
    2.0_f64.powi(half as i32) * 2.0_f64.powi((exponent - half) as i32)
}

/// What `__hash__` returned, as a hash.
pub(crate) fn hash_result(cx: &mut Cx, result: Handle<'_>) -> Result<u64, Raised> {
    let value = result.value();
    if value.is_int() || value.is_bool() || value.is_kind(Kind::Int) {
        return Ok(match cx.vm().int_of(value) {
            Some(-1) => -2_i64 as u64,
            Some(int) => int as u64,
            None => hash_big(&to_big(value)),
        });
    }
    Err(cx.vm().raise_type_error("__hash__ method should return an integer"))
}

/// The hash of an int beyond the inline range.
pub(crate) fn hash_big(big: &BigInt) -> u64 {
    let residue = (big.magnitude() % crate::dict_ops::HASH_MODULUS).to_i64().expect("below 2^61");
    let hash = if big.is_negative() { -residue } else { residue };
    if hash == -1 { -2_i64 as u64 } else { hash as u64 }
}
