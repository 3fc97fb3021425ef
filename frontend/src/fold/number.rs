//! Constants as numbers.

use bytecode::Const;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A number of Python's tower.
pub(super) enum Number {
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    /// The number that a constant is; a bool is an int.
    pub fn of(value: &Const) -> Option<Self> {
        Some(match value {
            Const::Float(value) => Self::Float(*value),
            Const::Complex(re, im) => Self::Complex(*re, *im),
            other => Self::Int(int_of(other)?),
        })
    }

    /// As a float; `None` for complex numbers and ints beyond a float's range.
    pub fn to_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => value.to_f64().filter(|float| float.is_finite()),
            Self::Float(value) => Some(*value),
            Self::Complex(..) => None,
        }
    }

    /// As a complex number.
    pub fn to_complex(&self) -> Option<(f64, f64)> {
        match self {
            Self::Complex(re, im) => Some((*re, *im)),
            real => real.to_float().map(|real| (real, 0.0)),
        }
    }
}

/// The int or bool as an integer.
pub(super) fn int_of(value: &Const) -> Option<BigInt> {
    match value {
        Const::Bool(value) => Some(BigInt::from(u8::from(*value))),
        Const::Int(value) => Some(BigInt::from(*value)),
        Const::BigInt(value) => Some((**value).clone()),
        _ => None,
    }
}

/// The int or bool as a small integer.
pub(super) fn small_int(value: &Const) -> Option<i64> {
    match value {
        Const::Bool(value) => Some(i64::from(*value)),
        Const::Int(value) => Some(*value),
        _ => None,
    }
}
