//! `Value`: one machine word that is a small int, a float, a constant or a pointer to a heap cell.
//!
//! "Self-tagged": the low three bits tell the kind. `000` and `100` are 62-bit ints (shifted left by two); `001`, `010`
//! and `101` are floats whose exponent lies in the common range, rotated left by four with the lowest bit flipped;
//! `011` is a pointer to an 8-aligned cell, plus three; `110` are constants. No other module knows these bits.

#![expect(unsafe_code, reason = "the only place that turns words into cell pointers")]

use std::fmt;
use std::ptr::NonNull;

use crate::cell::{Cell, Kind};

/// A Python value, or one of the machines' signals ([`Value::RAISED`] and kin).
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Value(u64);

/// Bit `v & 63` is set exactly when the low three bits of `v` are those of a float.
const FLOAT_MASK: u64 = 0x2626_2626_2626_2626;
const POINTER: u64 = 3;
const CONSTANT: u64 = 6;

const fn constant(index: u64) -> Value {
    Value(index << 3 | CONSTANT)
}

impl Value {
    /// `None`.
    pub const NONE: Self = constant(0);
    /// `False`.
    pub const FALSE: Self = constant(1);
    /// `True`.
    pub const TRUE: Self = constant(2);
    /// No value: an unbound local, an empty cell, the NULL of the calling convention.
    pub const UNDEF: Self = constant(3);
    /// `NotImplemented`.
    pub const NOT_IMPLEMENTED: Self = constant(4);
    /// `Ellipsis`.
    pub const ELLIPSIS: Self = constant(5);
    /// Signal: an exception is in flight in the thread state.
    pub const RAISED: Self = constant(6);
    /// Signal: a frame was pushed; its result will reach the caller through its continuation.
    pub const PUSHED: Self = constant(7);
    /// Signal: an iterator has no more items.
    pub const EXHAUSTED: Self = constant(8);

    /// Greatest inline int.
    pub const MAX_INT: i64 = (1 << 61) - 1;
    /// Least inline int.
    pub const MIN_INT: i64 = -(1 << 61);

    /// The inline int, if it fits 62 bits.
    #[inline(always)]
    pub const fn from_int(int: i64) -> Option<Self> {
        if int >= Self::MIN_INT && int <= Self::MAX_INT { Some(Self((int as u64) << 2)) } else { None }
    }

    /// An int known to be small.
    #[inline(always)]
    pub const fn small(int: i32) -> Self {
        Self((int as i64 as u64) << 2)
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn from_bool(truth: bool) -> Self {
        Self(((1 + truth as u64) << 3) | CONSTANT)
    }

    /// The inline float, if its exponent is in the common range.
    #[inline(always)]
    pub const fn from_float(float: f64) -> Option<Self> {
        let word = float.to_bits().rotate_left(4) ^ 1;
        if Self(word).is_float() { Some(Self(word)) } else { None }
    }

    /// The value that points to `cell`.
    #[inline(always)]
    pub fn from_cell(cell: NonNull<Cell>) -> Self {
        debug_assert_eq!(cell.as_ptr() as u64 & 7, 0, "cells are 8-aligned");
        Self(cell.as_ptr() as u64 + POINTER)
    }

    /// The word itself: for identity, hashing by identity and tables.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The value of a word that [`Value::bits`] gave, still live.
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Whether this is an inline int.
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 & 3 == 0
    }

    /// Whether both are inline ints.
    #[inline(always)]
    pub const fn are_ints(self, other: Self) -> bool {
        (self.0 | other.0) & 3 == 0
    }

    /// The int of an inline int.
    #[inline(always)]
    pub const fn int(self) -> i64 {
        debug_assert!(self.is_int());
        self.0 as i64 >> 2
    }

    /// The inline int, if it is one.
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() { Some(self.int()) } else { None }
    }

    /// Whether this is an inline float.
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        FLOAT_MASK >> (self.0 & 63) & 1 != 0
    }

    /// The float of an inline float.
    #[inline(always)]
    pub const fn float(self) -> f64 {
        debug_assert!(self.is_float());
        f64::from_bits((self.0 ^ 1).rotate_right(4))
    }

    /// Whether this points to a cell.
    #[inline(always)]
    pub const fn is_cell(self) -> bool {
        self.0 & 3 == POINTER
    }

    /// The cell of a value that points to one.
    #[inline(always)]
    pub const fn cell(self) -> *mut Cell {
        debug_assert!(self.is_cell());
        (self.0 - POINTER) as *mut Cell
    }

    /// The kind of the cell it points to; `None` for immediate values.
    #[inline(always)]
    pub fn kind(self) -> Option<Kind> {
        // SAFETY: a value with the pointer tag was made by `from_cell` and is kept alive by whoever holds it.
        if self.is_cell() { Some(unsafe { (*self.cell()).kind() }) } else { None }
    }

    /// Whether it points to a cell of `kind`.
    #[inline(always)]
    pub fn is_kind(self, kind: Kind) -> bool {
        // SAFETY: as in `kind`.
        self.is_cell() && unsafe { (*self.cell()).kind() } == kind
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    /// Whether this is no value at all.
    #[inline(always)]
    pub fn is_undef(self) -> bool {
        self == Self::UNDEF
    }

    /// Whether this is `True` or `False`.
    #[inline(always)]
    pub fn is_bool(self) -> bool {
        self == Self::TRUE || self == Self::FALSE
    }

    /// Whether this is one of the machines' signals.
    #[inline(always)]
    pub fn is_signal(self) -> bool {
        self == Self::RAISED || self == Self::PUSHED || self == Self::EXHAUSTED
    }

    /// The sum of two inline ints; `None` if one is not or the sum does not fit.
    #[inline(always)]
    pub fn add_ints(self, other: Self) -> Option<Self> {
        if !self.are_ints(other) {
            return None;
        }
        (self.0 as i64).checked_add(other.0 as i64).map(|sum| Self(sum as u64))
    }

    /// The difference of two inline ints; `None` if one is not or it does not fit.
    #[inline(always)]
    pub fn sub_ints(self, other: Self) -> Option<Self> {
        if !self.are_ints(other) {
            return None;
        }
        (self.0 as i64).checked_sub(other.0 as i64).map(|difference| Self(difference as u64))
    }

    /// The product of two inline ints; `None` if one is not or it does not fit.
    #[inline(always)]
    pub fn mul_ints(self, other: Self) -> Option<Self> {
        if !self.are_ints(other) {
            return None;
        }
        (self.0 as i64).checked_mul(other.int()).map(|product| Self(product as u64))
    }

    /// Whether `self < other`, for two inline ints: the tags are equal, so the words compare as the ints do.
    #[inline(always)]
    pub fn int_lt(self, other: Self) -> bool {
        debug_assert!(self.are_ints(other));
        (self.0 as i64) < other.0 as i64
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 9] = [
            "None",
            "False",
            "True",
            "<undef>",
            "NotImplemented",
            "Ellipsis",
            "<raised>",
            "<pushed>",
            "<exhausted>",
        ];
        if self.is_int() {
            write!(f, "{}", self.int())
        } else if self.is_float() {
            write!(f, "{:?}", self.float())
        } else if self.is_cell() {
            write!(f, "<cell {:#x}>", self.0 - POINTER)
        } else {
            f.write_str(NAMES.get((self.0 >> 3) as usize).unwrap_or(&"<bad>"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_keep_their_value_up_to_62_bits() {
        for int in [0, 1, -1, 42, Value::MAX_INT, Value::MIN_INT] {
            assert_eq!(Value::from_int(int).map(Value::int), Some(int));
        }
        assert_eq!(Value::from_int(Value::MAX_INT + 1), None);
        assert_eq!(Value::from_int(Value::MIN_INT - 1), None);
    }

    #[test]
    fn common_floats_are_inline_and_others_are_not() {
        for float in [0.0, -0.0, 1.0, -1.5, 3.14e50, 1e-70, -1e76, f64::MIN_POSITIVE] {
            let value = Value::from_float(float).expect("common range");
            assert!(value.is_float() && !value.is_int() && !value.is_cell());
            assert_eq!(value.float().to_bits(), float.to_bits());
        }
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e-100] {
            assert!(Value::from_float(float).is_none(), "{float}");
        }
    }

    #[test]
    fn arithmetic_on_ints_stops_at_the_bounds() {
        let max = Value::from_int(Value::MAX_INT).expect("fits");
        let one = Value::small(1);
        assert_eq!(max.add_ints(one), None);
        assert_eq!(max.sub_ints(one).map(Value::int), Some(Value::MAX_INT - 1));
        assert_eq!(max.mul_ints(Value::small(2)), None);
        assert_eq!(Value::small(-7).mul_ints(Value::small(6)).map(Value::int), Some(-42));
        assert_eq!(one.add_ints(Value::NONE), None);
    }

    #[test]
    fn constants_are_distinct_from_everything() {
        for value in [Value::NONE, Value::TRUE, Value::FALSE, Value::UNDEF, Value::RAISED] {
            assert!(!value.is_int() && !value.is_float() && !value.is_cell());
        }
        assert_eq!(Value::from_bool(true), Value::TRUE);
        assert_eq!(Value::from_bool(false), Value::FALSE);
    }
}
