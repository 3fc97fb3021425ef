//! Strings of a document: between quotes, with escapes.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;

use super::raise_decode_error;

pub(super) static FUNCTIONS: &[NativeDef] =
    &[NativeDef::new("scanstring", "string, end, strict=True, /", scanstring)];

fn scanstring<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let document = args.at(0);
    if !document.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(document.value());
        let message = format!("first argument must be a string, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let end = cx.c_long(args.at(1))?;
    let strict = cx.flag(args.opt(2), true)?;
    let len = cx.vm().units(document.value()).len();
    let Some(start) = usize::try_from(end).ok().filter(|end| *end <= len) else {
        return Err(cx.vm().raise_value_error("end is out of bounds"));
    };
    let (text, end) = scan_string(cx, document, start, strict)?;
    let end = cx.vm().new_int(end as i64);
    let pair = cx.vm().new_tuple(&[text, end]);
    Ok(cx.local(pair))
}

/// What is wrong with a string, and where.
struct Fault(&'static str, i64);

/// The string whose first character is at `start`, behind the quote; and the place behind its end.
pub(super) fn scan_string(
    cx: &mut Cx,
    document: Handle<'_>,
    start: usize,
    strict: bool,
) -> Result<(Value, usize), Raised> {
    let units = cx.vm().units(document.value());
    if let Some(end) = plain_end(units, start) {
        return Ok((cx.vm().str_from_part(units.slice(start, end)), end + 1));
    }
    match unescaped(units, start, strict) {
        Ok((text, end)) => Ok((text.finish(cx.vm())?, end)),
        Err(Fault(message, at)) => Err(raise_decode_error(cx, message, document, at)),
    }
}

/// The closing quote, if nothing before it has to be looked at.
fn plain_end(units: Units<'_>, start: usize) -> Option<usize> {
    let Units::One(bytes) = units else { return None };
    let len = bytes[start..].iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    (bytes[start + len] == b'"').then_some(start + len)
}

fn unescaped(units: Units<'_>, start: usize, strict: bool) -> Result<(TextBuilder, usize), Fault> {
    const QUOTE: u32 = 34;
    const BACKSLASH: u32 = 92;
    let unterminated = Fault("Unterminated string starting at", start as i64 - 1);
    let mut text = TextBuilder::new();
    let mut from = start;
    loop {
        let mut at = from;
        while at < units.len() && !matches!(units.at(at), QUOTE | BACKSLASH) {
            if strict && units.at(at) < 0x20 {
                return Err(Fault("Invalid control character at", at as i64));
            }
            at += 1;
        }
        if at == units.len() {
            return Err(unterminated);
        }
        text.push_units(units.slice(from, at));
        if units.at(at) == QUOTE {
            return Ok((text, at + 1));
        }
        if at + 1 == units.len() {
            return Err(unterminated);
        }
        let (point, next) = escape(units, at + 1)?;
        text.push(point);
        from = next;
    }
}

/// The character of an escape whose letter is at `at`, and where to go on.
fn escape(units: Units<'_>, at: usize) -> Result<(u32, usize), Fault> {
    let point = match u8::try_from(units.at(at)) {
        Ok(c @ (b'"' | b'\\' | b'/')) => c.into(),
        Ok(b'b') => 8,
        Ok(b'f') => 12,
        Ok(b'n') => 10,
        Ok(b'r') => 13,
        Ok(b't') => 9,
        Ok(b'u') => return unicode_escape(units, at + 1),
        _ => return Err(Fault("Invalid \\escape", at as i64 - 1)),
    };
    Ok((point, at + 1))
}

fn unicode_escape(units: Units<'_>, at: usize) -> Result<(u32, usize), Fault> {
    let wrong = Fault("Invalid \\uXXXX escape", at as i64 - 1);
    let end = at + 4;
    if end >= units.len() {
        return Err(wrong);
    }
    let Some(point) = hexadecimal(units, at) else { return Err(wrong) };
    let is_pair = (0xD800..0xDC00).contains(&point)
        && end + 6 < units.len()
        && units.at(end) == u32::from(b'\\')
        && units.at(end + 1) == u32::from(b'u');
    if !is_pair {
        return Ok((point, end));
    }
    match hexadecimal(units, end + 2) {
        None => Err(Fault("Invalid \\uXXXX escape", end as i64 + 1)),
        Some(low @ 0xDC00..0xE000) => Ok((0x1_0000 + ((point - 0xD800) << 10) + low - 0xDC00, end + 6)),
        Some(_) => Ok((point, end)),
    }
}

fn hexadecimal(units: Units<'_>, at: usize) -> Option<u32> {
    (at..at + 4).try_fold(0, |number, at| {
        let digit = char::from_u32(units.at(at)).and_then(|c| c.to_digit(16))?;
        Some(number << 4 | digit)
    })
}
