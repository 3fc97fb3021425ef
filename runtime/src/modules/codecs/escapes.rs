//! Text and bytes as the escapes of a literal: `unicode_escape`, `raw_unicode_escape`, `escape`.

use std::fmt::Write;

use crate::cell::Kind;
use crate::codecs::{Codec, DecodeFault, decode_fault};
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;

use super::functions::{bytes_or_text, check_text, decoded, encoded, errors_of};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("unicode_escape_encode", "str, errors=None, /", unicode_escape_encode),
    NativeDef::new("unicode_escape_decode", "data, errors=None, final=True, /", unicode_escape_decode),
    NativeDef::new("raw_unicode_escape_encode", "str, errors=None, /", raw_unicode_escape_encode),
    NativeDef::new(
        "raw_unicode_escape_decode",
        "data, errors=None, final=True, /",
        raw_unicode_escape_decode,
    ),
    NativeDef::new("escape_encode", "data, errors=None, /", escape_encode),
    NativeDef::new("escape_decode", "data, errors=None, /", escape_decode),
];

fn push_unicode(text: &mut String, point: u32) {
    let written = match point {
        0..0x100 => write!(text, "\\x{point:02x}"),
        0x100..0x1_0000 => write!(text, "\\u{point:04x}"),
        _ => write!(text, "\\U{point:08x}"),
    };
    written.expect("strings take all");
}

fn unicode_escape_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_text(cx, args, "unicode_escape_encode()")?;
    errors_of(cx, args, "unicode_escape_encode()")?;
    let units = cx.vm().units(args.at(0).value());
    let mut text = String::new();
    for point in units.iter() {
        match point {
            9 => text.push_str("\\t"),
            10 => text.push_str("\\n"),
            13 => text.push_str("\\r"),
            92 => text.push_str("\\\\"),
            32..127 => text.push(point as u8 as char),
            _ => push_unicode(&mut text, point),
        }
    }
    encoded(cx, text.as_bytes(), units.len())
}

fn raw_unicode_escape_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_text(cx, args, "raw_unicode_escape_encode()")?;
    errors_of(cx, args, "raw_unicode_escape_encode()")?;
    let units = cx.vm().units(args.at(0).value());
    let mut bytes = Vec::with_capacity(units.len());
    for point in units.iter() {
        match u8::try_from(point) {
            Ok(byte) => bytes.push(byte),
            Err(_) => {
                let mut text = String::new();
                push_unicode(&mut text, point);
                bytes.extend_from_slice(text.as_bytes());
            }
        }
    }
    encoded(cx, &bytes, units.len())
}

/// What an escape behind a backslash is.
enum Escape {
    /// A character, and where to go on.
    Point(u32, usize),
    /// Nothing, and where to go on.
    Nothing(usize),
    /// No escape: the backslash stands for itself.
    Plain,
    /// A fault that ends there; whether more bytes could make it an escape.
    Fault { end: usize, reason: &'static str, is_open: bool },
}

/// A number of hexadecimal digits.
fn hex_escape(data: &[u8], at: usize, digits: usize, reason: &'static str) -> Escape {
    let found = data[at..].iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let end = at + found;
    if found < digits {
        return Escape::Fault { end, reason, is_open: end == data.len() };
    }
    let text = std::str::from_utf8(&data[at..end]).expect("digits are ASCII");
    match u32::from_str_radix(text, 16).expect("digits were counted") {
        point @ ..0x11_0000 => Escape::Point(point, end),
        _ => Escape::Fault { end, reason: "illegal Unicode character", is_open: false },
    }
}

/// `{NAME}`.
fn name_escape(data: &[u8], at: usize) -> Escape {
    let malformed = "malformed \\N character escape";
    if data.get(at) != Some(&b'{') {
        return Escape::Fault { end: at, reason: malformed, is_open: at == data.len() };
    }
    let Some(len) = data[at + 1..].iter().position(|byte| *byte == b'}') else {
        return Escape::Fault { end: data.len(), reason: malformed, is_open: true };
    };
    let end = at + len + 2;
    if len == 0 {
        return Escape::Fault { end: at + 1, reason: malformed, is_open: false };
    }
    let name = String::from_utf8_lossy(&data[at + 1..at + 1 + len]);
    match unicode_names2::character(&name) {
        Some(c) => Escape::Point(c.into(), end),
        None => Escape::Fault { end, reason: "unknown Unicode character name", is_open: false },
    }
}

fn octal_escape(data: &[u8], at: usize) -> Escape {
    let digits: Vec<u32> = data[at..]
        .iter()
        .take(3)
        .map_while(|byte| (b'0'..=b'7').contains(byte).then(|| u32::from(byte - b'0')))
        .collect();
    Escape::Point(digits.iter().fold(0, |number, digit| number * 8 + digit), at + digits.len())
}

/// The escape behind a backslash; `at` is the place of the character that says which it is.
fn unicode_escape(data: &[u8], at: usize) -> Escape {
    let Some(byte) = data.get(at) else {
        return Escape::Fault { end: at, reason: "\\ at end of string", is_open: true };
    };
    let next = at + 1;
    match byte {
        b'\n' => Escape::Nothing(next),
        b'0'..=b'7' => octal_escape(data, at),
        b'x' => hex_escape(data, next, 2, "truncated \\xXX escape"),
        b'u' => hex_escape(data, next, 4, "truncated \\uXXXX escape"),
        b'U' => hex_escape(data, next, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => name_escape(data, next),
        _ => simple_escape(*byte).map_or(Escape::Plain, |point| Escape::Point(point, next)),
    }
}

fn simple_escape(byte: u8) -> Option<u32> {
    Some(match byte {
        b'\\' | b'\'' | b'"' => byte.into(),
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        _ => return None,
    })
}

/// The escapes of raw strings: `\uXXXX` and `\UXXXXXXXX`.
fn raw_escape(data: &[u8], at: usize) -> Escape {
    match data.get(at) {
        Some(b'u') => hex_escape(data, at + 1, 4, "truncated \\uXXXX escape"),
        Some(b'U') => hex_escape(data, at + 1, 8, "truncated \\UXXXXXXXX escape"),
        Some(_) => Escape::Plain,
        None => Escape::Fault { end: at, reason: "", is_open: true },
    }
}

fn decode_escapes<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    codec: &'static str,
    escape: fn(&[u8], usize) -> Escape,
) -> Res<'a> {
    let data = bytes_or_text(cx, args.at(0))?;
    let errors = errors_of(cx, args, "unicode_escape_decode()")?;
    let last = cx.flag(args.opt(2), true)?;
    let codec = Codec::named(codec);
    let mut text = TextBuilder::new();
    let mut at = 0;
    while at < data.len() {
        if data[at] != b'\\' {
            text.push(data[at].into());
            at += 1;
            continue;
        }
        match escape(&data, at + 1) {
            Escape::Point(point, next) => {
                text.push(point);
                at = next;
            }
            Escape::Nothing(next) => at = next,
            Escape::Plain => {
                text.push(u32::from(b'\\'));
                text.push(data[at + 1].into());
                at += 2;
            }
            Escape::Fault { is_open: true, .. } if !last => break,
            // A raw string may end in a backslash.
            Escape::Fault { reason: "", .. } => {
                text.push(u32::from(b'\\'));
                at += 1;
            }
            Escape::Fault { end, reason, .. } => {
                let fault = DecodeFault { codec, bytes: &data, start: at, end, reason };
                let (points, next) = decode_fault(cx, fault, &errors)?;
                points.iter().for_each(|point| text.push(*point));
                at = next;
            }
        }
    }
    decoded(cx, text, at)
}

fn unicode_escape_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_escapes(cx, args, "unicodeescape", unicode_escape)
}

fn raw_unicode_escape_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_escapes(cx, args, "rawunicodeescape", raw_escape)
}

fn escape_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    if !value.is_kind(Kind::Bytes) {
        let ty = cx.vm().argument_type(value);
        let message = format!("escape_encode() argument 1 must be bytes, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    errors_of(cx, args, "escape_encode()")?;
    let data = crate::types::bytes::slice_of(value);
    let mut text = String::new();
    for byte in data {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\'' | b'\\' => {
                text.push('\\');
                text.push((*byte).into());
            }
            b' '..=b'~' => text.push((*byte).into()),
            _ => push_unicode(&mut text, (*byte).into()),
        }
    }
    encoded(cx, text.as_bytes(), data.len())
}

/// What stands for a wrong `\x`.
fn replace_wrong(cx: &mut Cx, errors: &str, at: usize, bytes: &mut Vec<u8>) -> Result<(), Raised> {
    match errors {
        "strict" => Err(cx.vm().raise_value_error(&format!("invalid \\x escape at position {at}"))),
        "replace" => {
            bytes.push(b'?');
            Ok(())
        }
        "ignore" => Ok(()),
        _ => {
            let message = format!("decoding error; unknown error handling code: {errors}");
            Err(cx.vm().raise_value_error(&message))
        }
    }
}

fn escape_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = bytes_or_text(cx, args.at(0))?;
    let errors = errors_of(cx, args, "escape_decode()")?;
    let mut bytes = Vec::with_capacity(data.len());
    let mut at = 0;
    while at < data.len() {
        if data[at] != b'\\' {
            bytes.push(data[at]);
            at += 1;
            continue;
        }
        let Some(kind) = data.get(at + 1) else {
            return Err(cx.vm().raise_value_error("Trailing \\ in string"));
        };
        let escape = match kind {
            b'u' | b'U' | b'N' => Escape::Plain,
            _ => unicode_escape(&data, at + 1),
        };
        match escape {
            Escape::Point(point, next) => {
                // Octal escapes keep their lowest eight bits.
                bytes.push(point as u8);
                at = next;
            }
            Escape::Nothing(next) => at = next,
            Escape::Plain => {
                bytes.extend_from_slice(&data[at..at + 2]);
                at += 2;
            }
            Escape::Fault { end, .. } => {
                replace_wrong(cx, &errors, at, &mut bytes)?;
                at = end;
            }
        }
    }
    encoded(cx, &bytes, data.len())
}
