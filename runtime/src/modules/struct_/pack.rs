//! Packing and unpacking by a layout.

use super::error;
use super::format::{Code, Item, Layout};
use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::packing::{self, Packed};
use crate::value::Value;
use crate::vm::Vm;

/// The bytes of values.
pub(super) fn pack(
    cx: &mut Cx,
    layout: &Layout,
    values: &[Handle<'_>],
    function: &str,
) -> Result<Vec<u8>, Raised> {
    if values.len() != layout.items.len() {
        let message =
            format!("{function} expected {} items for packing (got {})", layout.items.len(), values.len());
        return Err(error(cx, &message));
    }
    if !cx.vm().heap.may_grow(layout.size) {
        return Err(cx.vm().raise_memory_error());
    }
    let mut bytes = vec![0; layout.size];
    for (item, value) in layout.items.iter().zip(values) {
        let part = bytes_of(cx, layout, item, *value)?;
        bytes[item.offset..item.offset + part.len()].copy_from_slice(&part);
    }
    Ok(bytes)
}

fn bytes_of(cx: &mut Cx, layout: &Layout, item: &Item, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let letter = item.letter as char;
    match item.code {
        Code::Text(len) => {
            let text = text_of(cx, value, letter)?;
            Ok(text[..text.len().min(len)].to_vec())
        }
        Code::Pascal(len) => {
            let text = text_of(cx, value, letter)?;
            let kept = text.len().min(len.saturating_sub(1));
            let mut bytes = Vec::with_capacity(kept + 1);
            if len > 0 {
                bytes.push(kept.min(255) as u8);
                bytes.extend_from_slice(&text[..kept]);
            }
            Ok(bytes)
        }
        Code::Number(Packed::Char) => match crate::types::bytes::slice_of(value.value()) {
            [byte] if value.value().is_kind(Kind::Bytes) => Ok(vec![*byte]),
            _ => Err(error(cx, "char format requires a bytes object of length 1")),
        },
        Code::Number(Packed::Bool) => Ok(vec![u8::from(cx.truth(value)?)]),
        Code::Number(Packed::Int { size, signed }) => int_bytes(cx, layout, letter, (size, signed), value),
        Code::Number(Packed::Float { size }) => float_bytes(cx, layout, letter, size, value),
    }
}

fn text_of<'a>(cx: &Cx, value: Handle<'_>, letter: char) -> Result<&'a [u8], Raised> {
    match value.value().kind() {
        Some(Kind::Bytes | Kind::ByteArray) => Ok(crate::types::bytes::slice_of(value.value())),
        _ => Err(error(cx, &format!("argument for '{letter}' must be a bytes object"))),
    }
}

fn int_bytes(
    cx: &mut Cx,
    layout: &Layout,
    letter: char,
    (size, signed): (usize, bool),
    value: Handle<'_>,
) -> Result<Vec<u8>, Raised> {
    if !cx.vm().has_index(value.value()) {
        return Err(error(cx, "required argument is not an integer"));
    }
    let int = cx.index_value(value)?;
    if let Some(bytes) = packing::int_bytes(int, size, signed, layout.little) {
        return Ok(bytes);
    }
    if letter == 'P' {
        // A pointer may be given as the int of the same bits that is below zero.
        return match packing::int_bytes(int, size, true, layout.little) {
            Some(bytes) => Ok(bytes),
            None => Err(error(cx, "int too large to convert")),
        };
    }
    let bits = 8 * size as u32;
    let (least, most) = if signed {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    } else {
        (0, (1_i128 << bits) - 1)
    };
    Err(error(cx, &format!("'{letter}' format requires {least} <= number <= {most}")))
}

fn float_bytes(
    cx: &mut Cx,
    layout: &Layout,
    letter: char,
    size: usize,
    value: Handle<'_>,
) -> Result<Vec<u8>, Raised> {
    let float = match crate::types::float::must_be_real(cx, value) {
        Ok(float) => float,
        Err(Raised) => {
            let vm = cx.vm();
            let class = vm.exceptions.type_error;
            return Err(if vm.clear_if(class) {
                error(cx, "required argument is not a float")
            } else {
                Raised
            });
        }
    };
    match packing::float_bytes(float, size, layout.little) {
        Some(bytes) => Ok(bytes),
        // C's conversion of a native float overflows to infinity.
        None if letter == 'f' && layout.native => {
            let infinite = f64::INFINITY.copysign(float);
            Ok(packing::float_bytes(infinite, size, layout.little).expect("infinity has bytes"))
        }
        None => {
            let message = format!("float too large to pack with {letter} format");
            Err(cx.vm().raise_overflow_error(&message))
        }
    }
}

/// The values of bytes, as a tuple.
pub(super) fn unpack(vm: &mut Vm, layout: &Layout, bytes: &[u8]) -> Value {
    let mut values = Vec::with_capacity(layout.items.len());
    for item in &layout.items {
        let rest = &bytes[item.offset..];
        values.push(match item.code {
            Code::Text(len) => vm.new_bytes(&rest[..len]),
            Code::Pascal(len) => {
                let kept = rest.first().map_or(0, |kept| usize::from(*kept)).min(len.saturating_sub(1));
                vm.new_bytes(rest.get(1..=kept).unwrap_or(&[]))
            }
            Code::Number(packed) => packed.read(vm, &rest[..packed.size()], layout.little),
        });
    }
    vm.new_tuple(&values)
}
