//! Operators on constants of any type.

use bytecode::{Const, Text};
use num_traits::{ToPrimitive, Zero};

use super::complex::complex_binary;
use super::int::int_binary;
use super::number::{Number, int_of, small_int};
use crate::ast::{Operator, UnaryOp};
use crate::lower::big_const;

/// Repeated tuples may have this many items,
const MAX_COLLECTION_SIZE: usize = 256;
/// repeated strings this many characters,
const MAX_STR_SIZE: usize = 4096;
/// and repeated tuples this many items in all, nested ones included.
const MAX_TOTAL_ITEMS: usize = 1024;

pub(super) fn unary(op: UnaryOp, value: &Const) -> Option<Const> {
    match op {
        UnaryOp::Not => Some(Const::Bool(!is_true(value)?)),
        UnaryOp::Invert => int_of(value).map(|value| big_const(!value)),
        UnaryOp::UAdd => Some(match Number::of(value)? {
            Number::Int(value) => big_const(value),
            Number::Float(value) => Const::Float(value),
            Number::Complex(re, im) => Const::Complex(re, im),
        }),
        UnaryOp::USub => Some(match Number::of(value)? {
            Number::Int(value) => big_const(-value),
            Number::Float(value) => Const::Float(-value),
            Number::Complex(re, im) => Const::Complex(-re, -im),
        }),
    }
}

fn is_true(value: &Const) -> Option<bool> {
    Some(match value {
        Const::None => false,
        Const::Bool(value) => *value,
        Const::Ellipsis => true,
        Const::Int(value) => *value != 0,
        Const::BigInt(value) => !value.is_zero(),
        Const::Float(value) => *value != 0.0,
        Const::Complex(re, im) => *re != 0.0 || *im != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        _ => return None,
    })
}

pub(super) fn binary(op: Operator, a: &Const, b: &Const) -> Option<Const> {
    if let (Const::Bool(a), Const::Bool(b)) = (a, b) {
        match op {
            Operator::BitAnd => return Some(Const::Bool(a & b)),
            Operator::BitOr => return Some(Const::Bool(a | b)),
            Operator::BitXor => return Some(Const::Bool(a ^ b)),
            _ => {}
        }
    }
    match (Number::of(a), Number::of(b)) {
        (Some(a), Some(b)) => number_binary(op, &a, &b),
        (None, None) if op == Operator::Add => concatenate(a, b),
        (Some(Number::Int(_)), None) if op == Operator::Mult => repeat(b, a),
        (None, Some(Number::Int(_))) if op == Operator::Mult => repeat(a, b),
        _ => None,
    }
}

fn number_binary(op: Operator, a: &Number, b: &Number) -> Option<Const> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => int_binary(op, a, b),
        (Number::Complex(..), _) | (_, Number::Complex(..)) => {
            let (re, im) = complex_binary(op, a.to_complex()?, b.to_complex()?)?;
            Some(Const::Complex(re, im))
        }
        _ => float_binary(op, a.to_float()?, b.to_float()?),
    }
}

fn float_binary(op: Operator, a: f64, b: f64) -> Option<Const> {
    Some(Const::Float(match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => float_divmod(a, b).0,
        Operator::Mod if b != 0.0 => float_divmod(a, b).1,
        Operator::Pow => return float_power(a, b),
        _ => return None,
    }))
}

fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), remainder);
    }
    let mut floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor += 1.0;
    }
    (floor, remainder)
}

/// `a ** b`; a negative base with a fractional exponent gives a complex number.
pub(super) fn float_power(a: f64, b: f64) -> Option<Const> {
    if a == 0.0 && b < 0.0 {
        return None;
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b != b.floor() {
        let (re, im) = complex_binary(Operator::Pow, (a, 0.0), (b, 0.0))?;
        return Some(Const::Complex(re, im));
    }
    let result = a.powf(b);
    let overflows = result.is_infinite() && a.is_finite() && b.is_finite();
    (!overflows).then_some(Const::Float(result))
}

fn concatenate(a: &Const, b: &Const) -> Option<Const> {
    match (a, b) {
        (Const::Str(a), Const::Str(b)) => {
            Text::from_wtf8([a.as_bytes(), b.as_bytes()].concat()).map(Const::Str)
        }
        (Const::Bytes(a), Const::Bytes(b)) => Some(Const::Bytes([&**a, &**b].concat().into())),
        (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple(a.iter().chain(&**b).cloned().collect())),
        _ => None,
    }
}

/// `sequence * count`, within the limits.
fn repeat(sequence: &Const, count: &Const) -> Option<Const> {
    let length = match sequence {
        Const::Str(text) => text.code_points().count(),
        Const::Bytes(bytes) => bytes.len(),
        Const::Tuple(items) => items.len(),
        _ => return None,
    };
    let limit = if matches!(sequence, Const::Tuple(_)) { MAX_COLLECTION_SIZE } else { MAX_STR_SIZE };
    let count = if length == 0 {
        0
    } else {
        usize::try_from(int_of(count)?.to_i64()?).ok().filter(|count| *count <= limit / length)?
    };
    match sequence {
        Const::Str(text) => Text::from_wtf8(text.as_bytes().repeat(count)).map(Const::Str),
        Const::Bytes(bytes) => Some(Const::Bytes(bytes.repeat(count).into())),
        Const::Tuple(items) => {
            if let Some(limit) = MAX_TOTAL_ITEMS.checked_div(count) {
                check_complexity(items, limit)?;
            }
            let repeated = std::iter::repeat_n(items, count).flat_map(|items| items.iter().cloned());
            Some(Const::Tuple(repeated.collect()))
        }
        _ => None,
    }
}

/// What is left of `limit` after counting the items of nested tuples; `None` when it is used up.
fn check_complexity(items: &[Const], limit: usize) -> Option<usize> {
    let mut left = limit.checked_sub(items.len())?;
    for item in items {
        match item {
            Const::Tuple(items) => left = check_complexity(items, left)?,
            Const::FrozenSet(items) => left = left.checked_sub(items.len())?,
            _ => {}
        }
    }
    Some(left)
}

pub(super) fn subscript(value: &Const, index: &Const) -> Option<Const> {
    let index = small_int(index)?;
    let at = |length: usize| {
        let index = if index < 0 { index + length as i64 } else { index };
        usize::try_from(index).ok().filter(|index| *index < length)
    };
    match value {
        Const::Tuple(items) => items.get(at(items.len())?).cloned(),
        Const::Bytes(bytes) => bytes.get(at(bytes.len())?).map(|byte| Const::Int(i64::from(*byte))),
        Const::Str(text) => {
            let points: Vec<u32> = text.code_points().collect();
            let point = *points.get(at(points.len())?)?;
            Some(Const::Str(Text::from_code_points([point])))
        }
        _ => None,
    }
}
