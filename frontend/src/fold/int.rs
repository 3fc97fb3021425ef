//! Operators on integers, with CPython's limits on the size of what is folded.

use bytecode::Const;
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use crate::ast::Operator;
use crate::lower::big_const;

/// Results of `*`, `**` and `<<` must fit this many bits.
const MAX_INT_BITS: u64 = 128;

pub(super) fn int_binary(op: Operator, a: &BigInt, b: &BigInt) -> Option<Const> {
    let result = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => {
            if !a.is_zero() && !b.is_zero() && a.bits() + b.bits() > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        Operator::Div => return true_divide(a, b).map(Const::Float),
        Operator::FloorDiv => floor_divide(a, b)?.0,
        Operator::Mod => floor_divide(a, b)?.1,
        Operator::Pow => return power(a, b),
        Operator::LShift => shift_left(a, b)?,
        Operator::RShift => {
            if b.is_negative() {
                return None;
            }
            b.to_u64()
                .map_or_else(|| BigInt::from(if a.is_negative() { -1 } else { 0 }), |n| a >> n.min(1 << 40))
        }
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::BitAnd => a & b,
        Operator::MatMult => return None,
    };
    Some(big_const(result))
}

/// Quotient and remainder, rounded towards minus infinity.
fn floor_divide(a: &BigInt, b: &BigInt) -> Option<(BigInt, BigInt)> {
    if b.is_zero() {
        return None;
    }
    let (mut quotient, mut remainder) = (a / b, a % b);
    if !remainder.is_zero() && remainder.is_negative() != b.is_negative() {
        quotient -= 1;
        remainder += b;
    }
    Some((quotient, remainder))
}

fn shift_left(a: &BigInt, b: &BigInt) -> Option<BigInt> {
    if b.is_negative() {
        return None;
    }
    if a.is_zero() {
        return Some(BigInt::zero());
    }
    let count = b.to_u64().filter(|count| *count <= MAX_INT_BITS && a.bits() <= MAX_INT_BITS - count)?;
    Some(a << count)
}

fn power(a: &BigInt, b: &BigInt) -> Option<Const> {
    if b.is_negative() {
        if a.is_zero() {
            return None;
        }
        let (a, b) = (a.to_f64()?, b.to_f64()?);
        return super::arith::float_power(a, b);
    }
    if b.is_positive() && a.bits() > MAX_INT_BITS / b.to_u64().filter(|b| *b <= u64::MAX / 2)? {
        return None;
    }
    // A base of at most one bit may have any exponent: its powers are as small.
    let exponent = b.to_u32().unwrap_or_else(|| if b.bit(0) { 3 } else { 2 });
    Some(big_const(a.pow(exponent)))
}

/// The quotient as the nearest float.
fn true_divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    if b.is_zero() {
        return None;
    }
    if a.bits() <= 53 && b.bits() <= 53 {
        return Some(a.to_f64()? / b.to_f64()?);
    }
    // Enough bits of the quotient, and one more that says whether anything is left over.
    let shift = (b.bits() as i64 - a.bits() as i64 + 66).max(0);
    let (numerator, denominator) = (a.abs() << shift as u64, b.abs());
    let mut quotient = &numerator / &denominator;
    if !(&numerator % &denominator).is_zero() {
        quotient |= BigInt::from(1);
    }
    let scaled = quotient.to_f64()?;
    let result =
        scaled * 2f64.powi(-(shift.min(1000) as i32)) * 2f64.powi(-((shift - shift.min(1000)) as i32));
    let negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    result.is_finite().then_some(if negative { -result } else { result })
}
