//! Ints as indices: `__index__`, subscripts, slices.

#![expect(unsafe_code, reason = "slices and ints are reached through cells")]

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// What a subscript of a sequence is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Subscript {
    /// One index; below zero it counts from the end.
    Index(i64),
    /// A slice.
    Slice(SliceParts),
}

/// A slice's parts with their defaults, not yet fitted to a length.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SliceParts {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

/// A slice fitted to a length: `count` indices from `start` by `step`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SliceRange {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
    pub(crate) count: usize,
}

impl SliceParts {
    /// The indices that the slice takes from a sequence of `len` items.
    pub(crate) fn fit(self, len: usize) -> SliceRange {
        let (len, step) = (len as i64, self.step);
        let clip = |index: i64| {
            let index = if index < 0 { index.saturating_add(len) } else { index };
            if step < 0 { index.clamp(-1, len - 1) } else { index.clamp(0, len) }
        };
        let (start, stop) = (clip(self.start), clip(self.stop));
        let count = match step {
            _ if step > 0 && start < stop => (stop - start - 1) / step + 1,
            _ if step < 0 && stop < start => (start - stop - 1) / -step + 1,
            _ => 0,
        };
        SliceRange { start, stop, step, count: count as usize }
    }
}

impl SliceRange {
    /// The indices in order.
    pub(crate) fn indices(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..self.count).map(move |i| (self.start + i as i64 * self.step) as usize)
    }

    /// The items it takes.
    pub(crate) fn take<T: Copy>(self, items: &[T]) -> Vec<T> {
        if self.step == 1 {
            items[self.start as usize..self.start as usize + self.count].to_vec()
        } else {
            self.indices().map(|i| items[i]).collect()
        }
    }

    /// The first index past the slice as replacing sees it: a slice that is the wrong way round is empty at `start`.
    pub(crate) fn end(self) -> i64 {
        if self.step > 0 { self.stop.max(self.start) } else { self.stop.min(self.start) }
    }
}

/// The place in a sequence of `len` items that an index names, if there is one.
#[inline]
pub(crate) fn place(index: i64, len: usize) -> Option<usize> {
    let index = if index < 0 { index + len as i64 } else { index };
    (0..len as i64).contains(&index).then_some(index as usize)
}

impl Vm {
    /// The int of an int or bool, if it fits 64 bits.
    #[inline]
    pub(crate) fn int_of(&self, value: Value) -> Option<i64> {
        if value.is_int() {
            return Some(value.int());
        }
        if value.is_bool() {
            return Some(i64::from(value == Value::TRUE));
        }
        let cell = value.as_cell::<IntCell>()?;
        // SAFETY: the int is live.
        let (size, limbs) = unsafe { ((*cell).size, IntCell::limbs(cell)) };
        match (size, limbs) {
            (_, []) => Some(0),
            (1, [limb]) => i64::try_from(*limb).ok(),
            (-1, [limb]) if *limb <= 1 << 63 => Some((*limb as i64).wrapping_neg()),
            _ => None,
        }
    }

    /// Whether a value is an int, a bool or of a subclass.
    #[inline]
    pub(crate) fn is_any_int(&self, value: Value) -> bool {
        value.is_int() || value.is_bool() || value.is_kind(Kind::Int)
    }

    /// Whether a value can be an index.
    pub(crate) fn has_index(&mut self, value: Value) -> bool {
        self.is_any_int(value) || {
            let (ty, name) = (self.type_of(value), self.names.__index__);
            !self.lookup(ty, name).is_undef()
        }
    }
}

impl Cx {
    /// `operator.index(value)`, raw: an int (or bool).
    pub(crate) fn index_value(&mut self, value: Handle<'_>) -> Result<Value, Raised> {
        if self.vm().is_any_int(value.value()) {
            return Ok(value.value());
        }
        let name = self.vm().names.__index__;
        let Some(result) = self.call_special(value, name, &[])? else {
            let ty = self.vm().type_name_of(value.value());
            let message = format!("'{ty}' object cannot be interpreted as an integer");
            return Err(self.vm().raise_type_error(&message));
        };
        if self.vm().is_any_int(result.value()) {
            return Ok(result.value());
        }
        let ty = self.vm().type_name_of(result.value());
        Err(self.vm().raise_type_error(&format!("__index__ returned non-int (type {ty})")))
    }

    /// An index as 64 bits, beyond them the nearest bound.
    pub(crate) fn index_clamped(&mut self, value: Handle<'_>) -> Result<i64, Raised> {
        let int = self.index_value(value)?;
        Ok(self.vm().int_of(int).unwrap_or(if crate::types::int::is_negative(int) {
            i64::MIN
        } else {
            i64::MAX
        }))
    }

    /// An index as 64 bits; OverflowError beyond them.
    pub(crate) fn index_i64(&mut self, value: Handle<'_>) -> Result<i64, Raised> {
        let class = self.vm().exceptions.overflow_error;
        self.index_or(value, class)
    }

    /// An index as 64 bits; an exception of `class` beyond them.
    pub(crate) fn index_or(&mut self, value: Handle<'_>, class: Value) -> Result<i64, Raised> {
        if value.value().is_int() {
            return Ok(value.value().int());
        }
        let int = self.index_value(value)?;
        match self.vm().int_of(int) {
            Some(int) => Ok(int),
            None => {
                let ty = self.vm().type_name_of(value.value());
                let message = format!("cannot fit '{ty}' into an index-sized integer");
                Err(self.vm().raise(class, &message))
            }
        }
    }

    /// A subscript of a sequence that messages call `what`.
    pub(crate) fn subscript(&mut self, key: Handle<'_>, what: &str) -> Result<Subscript, Raised> {
        if key.value().is_kind(Kind::Slice) {
            return Ok(Subscript::Slice(self.slice_parts(key)?));
        }
        if self.vm().has_index(key.value()) {
            let class = self.vm().exceptions.index_error;
            return Ok(Subscript::Index(self.index_or(key, class)?));
        }
        let ty = self.vm().type_name_of(key.value());
        let message = format!("{what} indices must be integers or slices, not {ty}");
        Err(self.vm().raise_type_error(&message))
    }

    /// The parts of a slice object as 64-bit ints.
    pub(crate) fn slice_parts(&mut self, slice: Handle<'_>) -> Result<SliceParts, Raised> {
        // SAFETY: the slice is rooted, and its parts never change.
        let (start, stop, step) = unsafe {
            let slice = slice.value().cast::<SliceCell>();
            ((*slice).start, (*slice).stop, (*slice).step)
        };
        let step = self.slice_bound(step)?.unwrap_or(1);
        if step == 0 {
            return Err(self.vm().raise_value_error("slice step cannot be zero"));
        }
        let step = step.max(-i64::MAX);
        let start = self.slice_bound(start)?.unwrap_or(if step < 0 { i64::MAX } else { 0 });
        let stop = self.slice_bound(stop)?.unwrap_or(if step < 0 { i64::MIN } else { i64::MAX });
        Ok(SliceParts { start, stop, step })
    }

    /// A part of a slice; `None` if it is None.
    pub(crate) fn slice_bound(&mut self, bound: Value) -> Result<Option<i64>, Raised> {
        if bound.is_int() {
            return Ok(Some(bound.int()));
        }
        if bound.is_none() {
            return Ok(None);
        }
        if !self.vm().has_index(bound) {
            let message = "slice indices must be integers or None or have an __index__ method";
            return Err(self.vm().raise_type_error(message));
        }
        let bound = self.root_value(bound);
        self.index_clamped(bound.handle()).map(Some)
    }

    /// The optional `start` and `stop` of `index` methods: clipped as slices are.
    pub(crate) fn search_bound(
        &mut self,
        bound: Option<Handle<'_>>,
        default: i64,
        len: usize,
    ) -> Result<i64, Raised> {
        let Some(bound) = bound else { return Ok(default) };
        if !self.vm().has_index(bound.value()) {
            let message = "slice indices must be integers or have an __index__ method";
            return Err(self.vm().raise_type_error(message));
        }
        let index = self.index_clamped(bound)?;
        Ok(if index < 0 { (index.saturating_add(len as i64)).max(0) } else { index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(start: i64, stop: i64, step: i64, len: usize) -> Vec<usize> {
        SliceParts { start, stop, step }.fit(len).indices().collect()
    }

    #[test]
    fn slices_fit_as_cpythons() {
        assert_eq!(fitted(0, i64::MAX, 1, 3), [0, 1, 2]);
        assert_eq!(fitted(i64::MAX, i64::MIN, -1, 3), [2, 1, 0]);
        assert_eq!(fitted(-2, i64::MAX, 1, 5), [3, 4]);
        assert_eq!(fitted(10, -10, -2, 5), [4, 2, 0]);
        assert_eq!(fitted(3, 1, 1, 5), [] as [usize; 0]);
        assert_eq!(fitted(0, i64::MAX, i64::MAX, 5), [0]);
        assert_eq!(fitted(i64::MAX, i64::MIN, -i64::MAX, 5), [4]);
        assert_eq!(fitted(0, 9, 1, 0), [] as [usize; 0]);
    }
}
