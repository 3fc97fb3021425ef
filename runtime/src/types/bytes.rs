//! `bytes` and `bytearray`: what both are, and what other modules ask of them.

#![expect(unsafe_code, reason = "bytes are read behind raw pointers")]

mod array;
mod common;
mod find;
mod mutate;
mod shape;
mod split;
mod view;

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// The bytes of a bytes object or bytearray; leaf code only.
pub(crate) fn slice_of<'a>(value: Value) -> &'a [u8] {
    // SAFETY: the value is live until the next safepoint, which leaf code does not reach.
    unsafe {
        match value.kind() {
            Some(Kind::Bytes) => BytesCell::bytes(value.cast()),
            Some(Kind::ByteArray) => &(*value.cast::<ByteArrayCell>()).bytes,
            Some(Kind::Boxed) => crate::modules::array::buffer(value).map_or(&[], |(bytes, ..)| &bytes[..]),
            _ => &[],
        }
    }
}

/// The bytes of an object with a contiguous buffer; leaf code only.
pub(crate) fn buffer_of<'a>(vm: &Vm, object: Value) -> Option<&'a [u8]> {
    match object.kind() {
        Some(Kind::Bytes | Kind::ByteArray) => Some(slice_of(object)),
        Some(Kind::Boxed) => view::contiguous(vm, object)
            .or_else(|| crate::modules::array::buffer(object).map(|(bytes, ..)| &bytes[..])),
        _ => None,
    }
}

/// The bytes of an argument with a buffer; TypeError for another.
pub(crate) fn buffer_argument<'a>(cx: &Cx, argument: Handle<'_>) -> Result<&'a [u8], Raised> {
    let vm = cx.vm();
    if let Some(bytes) = buffer_of(vm, argument.value()) {
        return Ok(bytes);
    }
    let ty = vm.type_name_of(argument.value());
    Err(vm.raise_type_error(&format!("a bytes-like object is required, not '{ty}'")))
}

/// The vector of a bytearray or an array; leaf code only.
pub(crate) fn vector_of<'a>(array: Value) -> &'a mut Vec<u8> {
    if let Some((bytes, ..)) = crate::modules::array::buffer(array) {
        return bytes;
    }
    // SAFETY: the array is live; the caller drops the borrow before anything else reaches it.
    unsafe { &mut (*array.cast::<ByteArrayCell>()).bytes }
}

pub(crate) use array::METHODS as BYTEARRAY_METHODS;
pub(crate) use common::{BYTES_METHODS, METHODS};
pub(crate) use view::init as init_memoryview;

/// The bytes of an object as `bytes(object)` takes them, but for ints and strings; ValueError says that `what` must be
/// in range.
pub(crate) fn bytes_of(cx: &mut Cx, object: Handle<'_>, what: &str) -> Result<Vec<u8>, Raised> {
    if let Some(bytes) = by_method(cx, object)? {
        return Ok(bytes);
    }
    let ty = cx.vm().type_name_of(object.value());
    if object.value().is_kind(Kind::Str) || !cx.vm().is_iterable(object.value()) {
        return Err(cx.vm().raise_type_error(&format!("cannot convert '{ty}' object to bytes")));
    }
    let iterator = cx.iter(object)?;
    let mut bytes = Vec::new();
    while let Some(item) = cx.next(iterator.handle())? {
        bytes.push(byte_of(cx, item.handle(), what)?);
    }
    Ok(bytes)
}

/// The bytes of an object with a buffer or `__bytes__`.
fn by_method(cx: &mut Cx, object: Handle<'_>) -> Result<Option<Vec<u8>>, Raised> {
    if let Some(bytes) = buffer_of(cx.vm(), object.value()).filter(|_| cx.vm().is_exact(object.value())) {
        return Ok(Some(bytes.to_vec()));
    }
    let name = cx.vm().names.__bytes__;
    match cx.call_special(object, name, &[])? {
        Some(result) if result.value().is_kind(Kind::Bytes) => Ok(Some(slice_of(result.value()).to_vec())),
        Some(result) => {
            let ty = cx.vm().type_name_of(result.value());
            let message = format!("__bytes__ returned non-bytes (type {ty})");
            Err(cx.vm().raise_type_error(&message))
        }
        None => Ok(buffer_of(cx.vm(), object.value()).map(<[u8]>::to_vec)),
    }
}

/// The byte of an int; ValueError says that `what` does not have it.
pub(crate) fn byte_of(cx: &mut Cx, value: Handle<'_>, what: &str) -> Result<u8, Raised> {
    let index = cx.index_clamped(value)?;
    match u8::try_from(index) {
        Ok(byte) => Ok(byte),
        Err(_) => Err(cx.vm().raise_value_error(&format!("{what} must be in range(0, 256)"))),
    }
}

/// The bytes of an argument of `%b`.
pub(crate) fn for_percent(cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    match by_method(cx, value)? {
        Some(bytes) => Ok(bytes),
        None => {
            let message = format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
                cx.vm().type_name_of(value.value())
            );
            Err(cx.vm().raise_type_error(&message))
        }
    }
}
