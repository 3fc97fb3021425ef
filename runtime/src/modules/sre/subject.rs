//! What patterns are matched against: strings and objects with a buffer.

use super::matcher::OutOfMemory;
use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::str_object::Units;
use crate::types::bytes;
use crate::value::Value;
use crate::vm::Vm;

/// A text to match against. It is looked at anew after everything that may run Python code.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) units: Units<'a>,
    pub(super) is_bytes: bool,
}

/// The text of a string or of an object with a buffer.
pub(super) fn subject_of<'a>(vm: &Vm, value: Value) -> Option<Subject<'a>> {
    if value.is_kind(Kind::Str) {
        return Some(Subject { units: vm.units(value), is_bytes: false });
    }
    let bytes = bytes::buffer_of(vm, value)?;
    Some(Subject { units: Units::One(bytes), is_bytes: true })
}

/// The text of an argument, which must be of the pattern's kind if it has one.
pub(super) fn subject_for<'a>(
    cx: &Cx,
    pattern_is_bytes: Option<bool>,
    argument: Handle<'_>,
) -> Result<Subject<'a>, Raised> {
    let vm = cx.vm();
    let Some(subject) = subject_of(vm, argument.value()) else {
        let ty = vm.type_name_of(argument.value());
        let message = format!("expected string or bytes-like object, got '{ty}'");
        return Err(vm.raise_type_error(&message));
    };
    match (pattern_is_bytes, subject.is_bytes) {
        (Some(true), false) => Err(vm.raise_type_error("cannot use a bytes pattern on a string-like object")),
        (Some(false), true) => Err(vm.raise_type_error("cannot use a string pattern on a bytes-like object")),
        _ => Ok(subject),
    }
}

impl<'a> Subject<'a> {
    /// The text up to a position.
    pub(super) fn up_to(self, end: usize) -> Units<'a> {
        self.units.slice(0, end.min(self.units.len()))
    }

    /// Positions fitted to the text, the second not before the first.
    pub(super) fn clamp(self, start: i64, end: i64) -> (usize, usize) {
        let len = self.units.len() as i64;
        let end = end.clamp(0, len);
        (start.clamp(0, end) as usize, end as usize)
    }

    /// Part of the text that `whole` is, as a new string or bytes object.
    pub(super) fn part(self, vm: &mut Vm, whole: Value, start: usize, end: usize) -> Value {
        let len = self.units.len();
        let (start, end) = (start.min(len), end.min(len).max(start.min(len)));
        let is_plain = whole.is_kind(Kind::Str) || whole.is_kind(Kind::Bytes);
        if start == 0 && end == len && is_plain && vm.is_exact(whole) {
            return whole;
        }
        let part = self.units.slice(start, end);
        if self.is_bytes { vm.new_bytes(part.bytes()) } else { vm.str_from_part(part) }
    }
}

/// A matcher's failure as MemoryError.
pub(super) fn or_memory_error<T>(cx: &Cx, result: Result<T, OutOfMemory>) -> Result<T, Raised> {
    result.map_err(|OutOfMemory| cx.vm().raise_memory_error())
}
