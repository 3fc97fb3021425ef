//! `float()`: from numbers and from text.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::str_object::Units;
use crate::types::int;

/// What `float(value)` makes of anything.
pub(crate) fn from_number(cx: &mut Cx, value: Handle<'_>) -> Result<f64, Raised> {
    let vm = cx.vm();
    if vm.is_exact(value.value()) {
        if let Some(float) = vm.float_of(value.value()) {
            return Ok(float);
        }
        if value.value().is_int() {
            return Ok(value.value().int() as f64);
        }
    }
    if let Some(float) = from_text_object(cx, value)? {
        return Ok(float);
    }
    match real_of(cx, value)? {
        Some(float) => Ok(float),
        None => {
            let ty = cx.vm().type_name_of(value.value());
            let message = format!("float() argument must be a string or a real number, not '{ty}'");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

/// The float of a real number: by `__float__` or `__index__`; `None` if it has neither.
pub(crate) fn real_of(cx: &mut Cx, value: Handle<'_>) -> Result<Option<f64>, Raised> {
    let names = cx.vm().names;
    if let Some(result) = cx.call_special(value, names.__float__, &[])? {
        let vm = cx.vm();
        let Some(float) = vm.float_of(result.value()) else {
            let message = format!(
                "{}.__float__ returned non-float (type {})",
                vm.type_name_of(value.value()),
                vm.type_name_of(result.value())
            );
            return Err(vm.raise_type_error(&message));
        };
        if !vm.is_exact(result.value()) {
            let message = format!(
                "{}.__float__ returned non-float (type {}).  The ability to return an instance of a strict subclass \
                 of float is deprecated, and may not be supported in a future version of Python.",
                vm.type_name_of(value.value()),
                vm.type_name_of(result.value())
            );
            crate::types::exceptions::warn_deprecated(cx, &message)?;
        }
        return Ok(Some(float));
    }
    if cx.vm().has_index(value.value()) {
        let index = cx.index_value(value)?;
        return int::to_f64(cx.vm(), index).map(Some);
    }
    Ok(None)
}

/// The float of a real number that a function needs; TypeError for anything else.
pub(crate) fn must_be_real(cx: &mut Cx, value: Handle<'_>) -> Result<f64, Raised> {
    if let Some(float) = cx.vm().float_of(value.value()) {
        return Ok(float);
    }
    if value.value().is_int() {
        return Ok(value.value().int() as f64);
    }
    match real_of(cx, value)? {
        Some(float) => Ok(float),
        None => {
            let ty = cx.vm().type_name_of(value.value());
            Err(cx.vm().raise_type_error(&format!("must be real number, not {ty}")))
        }
    }
}

/// The float of a string or bytes; `None` if it is neither.
fn from_text_object(cx: &mut Cx, value: Handle<'_>) -> Result<Option<f64>, Raised> {
    let float = match value.value().kind() {
        Some(Kind::Str) => from_text(cx.vm().units(value.value())),
        Some(Kind::Bytes | Kind::ByteArray) => read(crate::types::bytes::slice_of(value.value())),
        _ => return Ok(None),
    };
    match float {
        Some(float) => Ok(Some(float)),
        None => {
            let message = format!("could not convert string to float: {}", cx.repr_text(value)?);
            Err(cx.vm().raise_value_error(&message))
        }
    }
}

/// The float of text, if it is one.
pub(crate) fn from_text(units: Units<'_>) -> Option<f64> {
    match units {
        Units::One(bytes) if bytes.is_ascii() => read(bytes),
        _ => read(&int::ascii_number(units)),
    }
}

fn read(text: &[u8]) -> Option<f64> {
    let text = int::trim(text);
    if !text.contains(&b'_') {
        return number(text);
    }
    number(&without_underscores(text)?)
}

/// Text without the underscores between digits; `None` if one is elsewhere.
pub(crate) fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut previous = 0;
    for byte in text {
        if *byte == b'_' {
            if !u8::is_ascii_digit(&previous) {
                return None;
            }
        } else {
            if previous == b'_' && !byte.is_ascii_digit() {
                return None;
            }
            plain.push(*byte);
        }
        previous = *byte;
    }
    (previous != b'_').then_some(plain)
}

/// A number in decimal notation, or the name of infinity or of no number.
pub(crate) fn number(text: &[u8]) -> Option<f64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
