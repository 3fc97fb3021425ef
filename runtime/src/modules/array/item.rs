//! Items of arrays: their type codes and how they lie in memory.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::packing::{Packed, float_bytes, int_bytes};
use crate::value::Value;
use crate::vm::Vm;

/// All type codes.
pub(super) const CODES: &str = "bBuwhHiIlLqQfd";

const LITTLE: bool = cfg!(target_endian = "little");

/// A type code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Code(u8);

impl Code {
    /// The code of this letter, if there is one.
    pub(super) fn new(letter: u8) -> Option<Self> {
        CODES.as_bytes().contains(&letter).then_some(Self(letter))
    }

    /// The letter.
    pub(super) fn letter(self) -> char {
        self.0.into()
    }

    /// Whether items are characters.
    pub(super) fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    /// How an item lies in memory; characters as unsigned ints.
    pub(super) fn packed(self) -> Packed {
        if self.is_text() {
            return Packed::Int { size: 4, signed: false };
        }
        Packed::native(self.0).unwrap_or(Packed::Int { size: 1, signed: false })
    }

    /// The format of the items' buffer.
    pub(super) fn format(self) -> u8 {
        self.0
    }

    /// Bytes of an item.
    pub(super) fn size(self) -> usize {
        self.packed().size()
    }

    /// The number by which pickles name the items' format on this machine.
    pub(super) fn machine_format(self) -> i32 {
        let big = i32::from(!LITTLE);
        match self.packed() {
            _ if self.is_text() => 20 + big,
            Packed::Int { size: 1, signed } => i32::from(signed),
            Packed::Int { size, signed } => {
                let width = match size {
                    2 => 2,
                    4 => 6,
                    _ => 10,
                };
                width + 2 * i32::from(signed) + big
            }
            Packed::Float { size: 4 } => 14 + big,
            _ => 16 + big,
        }
    }

    /// The value of an item's bytes.
    pub(super) fn read(self, vm: &mut Vm, bytes: &[u8]) -> Value {
        if self.is_text() {
            let point = bytes.try_into().map_or(0, u32::from_ne_bytes).min(0x10_FFFF);
            return vm.str_from_points(std::iter::once(point));
        }
        self.packed().read(vm, bytes, LITTLE)
    }

    /// The bytes of a value as an item.
    pub(super) fn write(self, cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
        if self.is_text() {
            return character(cx, value);
        }
        match self.packed() {
            Packed::Float { size } => {
                let float = cx.real(value)?;
                // What is too large for a single becomes infinite.
                let infinite = || (float as f32).to_ne_bytes().to_vec();
                Ok(float_bytes(float, size, LITTLE).unwrap_or_else(infinite))
            }
            Packed::Int { size, signed } => {
                let int = cx.index_value(value)?;
                match int_bytes(int, size, signed, LITTLE) {
                    Some(bytes) => Ok(bytes),
                    None => Err(self.overflow(cx, int)),
                }
            }
            Packed::Char | Packed::Bool => Err(cx.vm().raise_runtime_error("no array has such items")),
        }
    }

    fn overflow(self, cx: &Cx, int: Value) -> Raised {
        let negative = crate::types::int::is_negative(int);
        let end = if negative { "is less than minimum" } else { "is greater than maximum" };
        let message = match self.0 {
            b'b' => format!("signed char {end}"),
            b'B' => format!("unsigned byte integer {end}"),
            b'h' => format!("signed short integer {end}"),
            b'H' => format!("unsigned short {end}"),
            b'i' => format!("signed integer {end}"),
            b'I' | b'L' | b'Q' if negative => String::from("can't convert negative value to unsigned int"),
            b'I' => format!("unsigned int {end}"),
            b'l' => String::from("Python int too large to convert to C long"),
            b'L' => String::from("Python int too large to convert to C unsigned long"),
            b'q' => String::from("Python int too large to convert to C long long"),
            _ => String::from("Python int too large to convert to C unsigned long long"),
        };
        cx.vm().raise_overflow_error(&message)
    }
}

fn character(cx: &Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let vm = cx.vm();
    if !value.value().is_kind(Kind::Str) {
        let ty = vm.argument_type(value.value());
        let message = format!("array item must be a unicode character, not {ty}");
        return Err(vm.raise_type_error(&message));
    }
    let units = vm.units(value.value());
    if units.len() != 1 {
        let message =
            format!("array item must be a string of length 1, not a string of length {}", units.len());
        return Err(vm.raise_type_error(&message));
    }
    Ok(units.at(0).to_ne_bytes().to_vec())
}
