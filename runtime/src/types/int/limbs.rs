//! Arithmetic of ints of a few limbs, on the native stack: what hashes, random generators and fixed-point programs use.
//!
//! Magnitudes are 64-bit limbs, least significant first. Operands have at most [`MOST`] limbs, so every result fits a
//! buffer of twice as many and one more; greater ints go to `num-bigint`.

#![expect(unsafe_code, reason = "limbs are read behind raw pointers")]

use bytecode::BinOp;

use crate::cell::{IntCell, Kind};
use crate::value::Value;
use crate::vm::Vm;

/// Most limbs of an operand.
const MOST: usize = 4;
const ROOM: usize = 2 * MOST + 1;

/// A sign and a magnitude.
struct Operand<'a> {
    negative: bool,
    limbs: &'a [u64],
}

/// A result being made.
struct Buffer {
    negative: bool,
    limbs: [u64; ROOM],
}

/// The operand of an int or bool; small ones are written to `inline`.
fn operand(value: Value, inline: &mut [u64; 1]) -> Operand<'_> {
    if value.is_kind(Kind::Int) {
        let cell = value.cast::<IntCell>();
        // SAFETY: the int is live, and ints never change.
        let (size, limbs) = unsafe { ((*cell).size, IntCell::limbs(cell)) };
        return Operand { negative: size < 0, limbs };
    }
    let int = value.as_int().unwrap_or(i64::from(value == Value::TRUE));
    inline[0] = int.unsigned_abs();
    Operand { negative: int < 0, limbs: if int == 0 { &[] } else { inline } }
}

/// `a op b`; `None` if an operand is too long or the operator needs more.
pub(super) fn binary(vm: &mut Vm, op: BinOp, a: Value, b: Value) -> Option<Value> {
    let (mut a_inline, mut b_inline) = ([0], [0]);
    let (a, b) = (operand(a, &mut a_inline), operand(b, &mut b_inline));
    if a.limbs.len() > MOST || b.limbs.len() > MOST {
        return None;
    }
    let result = match op {
        BinOp::Add => add(&a, &b),
        BinOp::Subtract => add(&a, &Operand { negative: !b.negative, limbs: b.limbs }),
        BinOp::Multiply => multiply(&a, &b),
        BinOp::And => bitwise(&a, &b, |x, y| x & y),
        BinOp::Or => bitwise(&a, &b, |x, y| x | y),
        BinOp::Xor => bitwise(&a, &b, |x, y| x ^ y),
        BinOp::LShift => shift_left(&a, &b)?,
        BinOp::RShift => shift_right(&a, &b)?,
        BinOp::FloorDivide => divide(&a, &b)?.0,
        BinOp::Remainder => divide(&a, &b)?.1,
        _ => return None,
    };
    Some(vm.int_from_limbs(result.negative, &result.limbs))
}

fn compare(a: &[u64], b: &[u64]) -> std::cmp::Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add(a: &Operand<'_>, b: &Operand<'_>) -> Buffer {
    let mut limbs = [0; ROOM];
    if a.negative == b.negative {
        let mut carry = false;
        for i in 0..a.limbs.len().max(b.limbs.len()) {
            let (x, y) = (limb(a.limbs, i), limb(b.limbs, i));
            (limbs[i], carry) = carrying_add(x, y, carry);
        }
        limbs[a.limbs.len().max(b.limbs.len())] = u64::from(carry);
        return Buffer { negative: a.negative, limbs };
    }
    let (greater, smaller) = if compare(a.limbs, b.limbs).is_ge() { (a, b) } else { (b, a) };
    let mut borrow = false;
    for i in 0..greater.limbs.len() {
        let (difference, first) = greater.limbs[i].overflowing_sub(limb(smaller.limbs, i));
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        (limbs[i], borrow) = (difference, first || second);
    }
    Buffer { negative: greater.negative, limbs }
}

fn limb(limbs: &[u64], index: usize) -> u64 {
    limbs.get(index).copied().unwrap_or(0)
}

fn carrying_add(x: u64, y: u64, carry: bool) -> (u64, bool) {
    let (sum, first) = x.overflowing_add(y);
    let (sum, second) = sum.overflowing_add(u64::from(carry));
    (sum, first || second)
}

fn multiply(a: &Operand<'_>, b: &Operand<'_>) -> Buffer {
    let mut limbs = [0; ROOM];
    for (i, x) in a.limbs.iter().enumerate() {
        let mut carry = 0;
        for (j, y) in b.limbs.iter().enumerate() {
            let product = u128::from(*x) * u128::from(*y) + u128::from(limbs[i + j]) + u128::from(carry);
            limbs[i + j] = product as u64;
            carry = (product >> 64) as u64;
        }
        limbs[i + b.limbs.len()] = carry;
    }
    Buffer { negative: a.negative != b.negative, limbs }
}

/// The two's complement of an operand, one limb of sign included.
fn complement(a: &Operand<'_>) -> [u64; MOST + 1] {
    let mut limbs = [0; MOST + 1];
    limbs[..a.limbs.len()].copy_from_slice(a.limbs);
    if a.negative {
        negate(&mut limbs);
    }
    limbs
}

fn negate(limbs: &mut [u64]) {
    let mut carry = true;
    for limb in limbs {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
}

fn bitwise(a: &Operand<'_>, b: &Operand<'_>, op: impl Fn(u64, u64) -> u64) -> Buffer {
    let (x, y) = (complement(a), complement(b));
    let mut limbs = [0; ROOM];
    for i in 0..=MOST {
        limbs[i] = op(x[i], y[i]);
    }
    let negative = limbs[MOST] >> 63 != 0;
    if negative {
        negate(&mut limbs[..=MOST]);
    }
    Buffer { negative, limbs }
}

/// The bits to shift by, if they are few and not negative.
fn shift_count(b: &Operand<'_>, most: u64) -> Option<(usize, u32)> {
    let bits = limb(b.limbs, 0);
    (!b.negative && b.limbs.len() <= 1 && bits < most).then_some(((bits / 64) as usize, (bits % 64) as u32))
}

fn shift_left(a: &Operand<'_>, b: &Operand<'_>) -> Option<Buffer> {
    let (whole, bits) = shift_count(b, 64 * MOST as u64)?;
    let mut limbs = [0; ROOM];
    for (i, x) in a.limbs.iter().enumerate() {
        let wide = u128::from(*x) << bits;
        limbs[i + whole] |= wide as u64;
        limbs[i + whole + 1] = (wide >> 64) as u64;
    }
    Some(Buffer { negative: a.negative, limbs })
}

fn shift_right(a: &Operand<'_>, b: &Operand<'_>) -> Option<Buffer> {
    let (whole, bits) = shift_count(b, 64 * MOST as u64)?;
    let filler = if a.negative { u64::MAX } else { 0 };
    let x = complement(a);
    let mut limbs = [0; ROOM];
    for (i, place) in limbs.iter_mut().enumerate().take(MOST + 1) {
        let low = x.get(i + whole).copied().unwrap_or(filler);
        let high = x.get(i + whole + 1).copied().unwrap_or(filler);
        *place = ((u128::from(high) << 64 | u128::from(low)) >> bits) as u64;
    }
    if a.negative {
        negate(&mut limbs[..=MOST]);
    }
    Some(Buffer { negative: a.negative, limbs })
}

/// Floor quotient and remainder, for divisors of one limb or operands of two; `None` otherwise and for zero.
fn divide(a: &Operand<'_>, b: &Operand<'_>) -> Option<(Buffer, Buffer)> {
    let mut quotient = Buffer { negative: a.negative != b.negative, limbs: [0; ROOM] };
    let mut remainder = Buffer { negative: b.negative, limbs: [0; ROOM] };
    match (a.limbs, b.limbs) {
        (_, []) => return None,
        (limbs, [divisor]) => {
            let mut rest = 0;
            for (i, limb) in limbs.iter().enumerate().rev() {
                let wide = u128::from(rest) << 64 | u128::from(*limb);
                quotient.limbs[i] = (wide / u128::from(*divisor)) as u64;
                rest = (wide % u128::from(*divisor)) as u64;
            }
            remainder.limbs[0] = rest;
        }
        (limbs, [_, _]) if limbs.len() <= 2 => {
            let (x, y) = (wide(limbs), wide(b.limbs));
            quotient.limbs[..2].copy_from_slice(&halves(x / y));
            remainder.limbs[..2].copy_from_slice(&halves(x % y));
        }
        _ => return None,
    }
    // Quotients are rounded down: where signs differ, to the next lower one, and the rest goes up by the divisor.
    if quotient.negative && remainder.limbs[..2] != [0, 0] {
        let one = Operand { negative: true, limbs: &[1] };
        quotient = add(&Operand { negative: true, limbs: trimmed(&quotient.limbs) }, &one);
        let rest = Operand { negative: !b.negative, limbs: trimmed(&remainder.limbs) };
        remainder = add(b, &rest);
    }
    Some((quotient, remainder))
}

fn trimmed(limbs: &[u64]) -> &[u64] {
    &limbs[..limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1)]
}

fn wide(limbs: &[u64]) -> u128 {
    u128::from(limb(limbs, 1)) << 64 | u128::from(limb(limbs, 0))
}

fn halves(wide: u128) -> [u64; 2] {
    [wide as u64, (wide >> 64) as u64]
}

/// Compares two ints of any size.
pub(super) fn compare_values(a: Value, b: Value) -> std::cmp::Ordering {
    let (mut a_inline, mut b_inline) = ([0], [0]);
    let (a, b) = (operand(a, &mut a_inline), operand(b, &mut b_inline));
    let (x, y) = (trimmed(a.limbs), trimmed(b.limbs));
    match (a.negative && !x.is_empty(), b.negative && !y.is_empty()) {
        (false, true) => std::cmp::Ordering::Greater,
        (true, false) => std::cmp::Ordering::Less,
        (false, false) => compare(x, y),
        (true, true) => compare(y, x),
    }
}

/// Sign and limbs of an int cell.
pub(super) fn parts<'a>(cell: *const IntCell) -> (bool, &'a [u64]) {
    // SAFETY: the caller got the pointer from a live int, and ints never change.
    unsafe { ((*cell).size < 0, IntCell::limbs(cell)) }
}
