//! Building a string from pieces: Latin-1 bytes as long as they do, code points from then on.

use crate::cx::Raised;
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::Vm;

/// A string being built.
pub(crate) enum TextBuilder {
    /// All code points so far are below 256.
    Narrow(Vec<u8>),
    /// Code points.
    Wide(Vec<u32>),
}

impl TextBuilder {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::Narrow(Vec::new())
    }

    /// Appends text.
    pub(crate) fn push_str(&mut self, text: &str) {
        match self {
            Self::Narrow(bytes) if text.is_ascii() => bytes.extend_from_slice(text.as_bytes()),
            _ => text.chars().for_each(|c| self.push(c.into())),
        }
    }

    /// Appends a code point.
    pub(crate) fn push(&mut self, point: u32) {
        match self {
            Self::Narrow(bytes) => match u8::try_from(point) {
                Ok(byte) => bytes.push(byte),
                Err(_) => self.widen().push(point),
            },
            Self::Wide(points) => points.push(point),
        }
    }

    /// Appends a string's units.
    pub(crate) fn push_units(&mut self, units: Units<'_>) {
        match (&mut *self, units) {
            (Self::Narrow(bytes), Units::One(units)) => bytes.extend_from_slice(units),
            (Self::Narrow(_), units) => self.widen().extend(units.iter()),
            (Self::Wide(points), units) => points.extend(units.iter()),
        }
    }

    fn widen(&mut self) -> &mut Vec<u32> {
        if let Self::Narrow(bytes) = self {
            *self = Self::Wide(bytes.iter().map(|byte| u32::from(*byte)).collect());
        }
        match self {
            Self::Wide(points) => points,
            Self::Narrow(_) => unreachable!("it was widened above"),
        }
    }

    /// The string; MemoryError if there is no room.
    pub(crate) fn finish(self, vm: &mut Vm) -> Result<Value, Raised> {
        let made = match &self {
            Self::Narrow(bytes) => vm.try_str_from_units(Units::One(bytes)),
            Self::Wide(points) => vm.try_str_from_points(points),
        };
        made.ok_or(Raised).map_err(|Raised| vm.raise_memory_error())
    }
}
