//! `float`.

#![expect(unsafe_code, reason = "boxed floats are read behind raw pointers")]

use std::cmp::Ordering;

use bytecode::BinOp;
use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::cell::*;
use crate::cx::Raised;
use crate::value::Value;
use crate::vm::Vm;

mod hex;
mod methods;
mod parse;
mod round;

pub(crate) use methods::METHODS;
pub(crate) use parse::{from_number, from_text, must_be_real, number, real_of, without_underscores};

/// The number in a float cell.
pub(crate) fn cell_value(value: Value) -> Option<f64> {
    // SAFETY: the value is live.
    value.as_cell::<FloatCell>().map(|cell| unsafe { (*cell).value })
}

/// A float as an int, truncated towards zero.
pub(crate) fn to_int(vm: &mut Vm, float: f64) -> Result<Value, Raised> {
    if float.abs() < 9e18 {
        return Ok(vm.new_int(float as i64));
    }
    match BigInt::from_f64(float) {
        Some(big) => super::int::from_big(vm, &big),
        None if float.is_nan() => Err(vm.raise_value_error("cannot convert float NaN to integer")),
        None => Err(vm.raise_overflow_error("cannot convert float infinity to integer")),
    }
}

/// Compares a float with an int (or bool) exactly; `None` for NaN.
pub(crate) fn compare_with_int(float: f64, int: Value) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    if let Some(int) = int.as_int().filter(|int| int.unsigned_abs() <= 1 << 53) {
        return float.partial_cmp(&(int as f64));
    }
    let floor = BigInt::from_f64(float.floor()).expect("finite");
    let rest = if float == float.floor() { Ordering::Equal } else { Ordering::Greater };
    Some(floor.cmp(&super::int::to_big(int)).then(rest))
}

/// `a op b` of floats; `None` if floats do not have the operator.
pub(crate) fn binary(vm: &mut Vm, op: BinOp, a: f64, b: f64) -> Option<Result<Value, Raised>> {
    Some(Ok(match op {
        BinOp::Add => vm.new_float(a + b),
        BinOp::Subtract => vm.new_float(a - b),
        BinOp::Multiply => vm.new_float(a * b),
        BinOp::TrueDivide => {
            if b == 0.0 {
                return Some(Err(vm.raise_zero_division_error("float division by zero")));
            }
            vm.new_float(a / b)
        }
        BinOp::FloorDivide => {
            if b == 0.0 {
                return Some(Err(vm.raise_zero_division_error("float floor division by zero")));
            }
            vm.new_float(div_mod(a, b).0)
        }
        BinOp::Remainder => {
            if b == 0.0 {
                return Some(Err(vm.raise_zero_division_error("float modulo by zero")));
            }
            vm.new_float(div_mod(a, b).1)
        }
        BinOp::Power => return power(vm, a, b),
        _ => return None,
    }))
}

/// Python's floor quotient and remainder, the divisor not zero (CPython's `_float_div_mod`).
pub(crate) fn div_mod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), remainder);
    }
    let mut floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor += 1.0;
    }
    (floor, remainder)
}

/// `a ** b`; `None` if the result is complex.
fn power(vm: &mut Vm, a: f64, b: f64) -> Option<Result<Value, Raised>> {
    if a == 0.0 && b < 0.0 {
        return Some(Err(vm.raise_zero_division_error("0.0 cannot be raised to a negative power")));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        return None;
    }
    let power = a.powf(b);
    if power.is_infinite() && a.is_finite() && b.is_finite() {
        let args = [vm.new_int(34), vm.new_str("Numerical result out of range")];
        return Some(Err(vm.raise_with(vm.exceptions.overflow_error, &args)));
    }
    Some(Ok(vm.new_float(power)))
}

/// The hash of a float: that of the equal int or fraction modulo 2^61 - 1 (CPython's `_Py_HashDouble`). NaN hashes by
/// nothing but itself; its identity is added by the caller where that matters.
pub(crate) fn hash(float: f64) -> u64 {
    if !float.is_finite() {
        return if float.is_nan() {
            0
        } else if float > 0.0 {
            314_159
        } else {
            -314_159_i64 as u64
        };
    }
    const BITS: i32 = 61;
    let (mut mantissa, mut exponent) = frexp(float.abs());
    let mut hash: u64 = 0;
    while mantissa != 0.0 {
        hash = (hash << 28) & crate::dict_ops::HASH_MODULUS | hash >> (BITS - 28);
        mantissa *= 268_435_456.0;
        exponent -= 28;
        let part = mantissa as u64;
        mantissa -= part as f64;
        hash += part;
        if hash >= crate::dict_ops::HASH_MODULUS {
            hash -= crate::dict_ops::HASH_MODULUS;
        }
    }
    let shift = if exponent >= 0 { exponent % BITS } else { BITS - 1 - ((-1 - exponent) % BITS) };
    hash = (hash << shift) & crate::dict_ops::HASH_MODULUS | hash >> (BITS - shift);
    let signed = if float < 0.0 { -(hash as i64) } else { hash as i64 };
    if signed == -1 { -2_i64 as u64 } else { signed as u64 }
}

/// Mantissa in [0.5, 1) and binary exponent.
pub(crate) fn frexp(float: f64) -> (f64, i32) {
    if float == 0.0 || !float.is_finite() {
        return (float, 0);
    }
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    if exponent == 0 {
        let (mantissa, exponent) = frexp(float * 18_014_398_509_481_984.0);
        return (mantissa, exponent - 54);
    }
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent - 1022)
}
