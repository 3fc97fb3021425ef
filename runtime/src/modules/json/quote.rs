//! Strings as a document has them.

use std::fmt::Write;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("encode_basestring", "string, /", encode_basestring),
    NativeDef::new("encode_basestring_ascii", "string, /", encode_basestring_ascii),
];

/// Whether a function is one of the two that quote strings: with characters beyond ASCII as escapes, or as they are.
pub(super) fn native_quoting(function: Value) -> Option<bool> {
    let definition = crate::types::callable::native_definition(function)?;
    FUNCTIONS.iter().position(|known| std::ptr::eq(known, definition)).map(|index| index == 1)
}

/// Appends a string in quotes.
pub(super) fn push_quoted(text: &mut TextBuilder, units: Units<'_>, ascii: bool) {
    text.push(34);
    let mut from = 0;
    for (at, point) in units.iter().enumerate() {
        let is_escaped = matches!(point, ..0x20 | 34 | 92) || ascii && point > 126;
        if !is_escaped {
            continue;
        }
        text.push_units(units.slice(from, at));
        push_escape(text, point);
        from = at + 1;
    }
    text.push_units(units.slice(from, units.len()));
    text.push(34);
}

fn push_escape(text: &mut TextBuilder, point: u32) {
    let short = match point {
        34 => "\\\"",
        92 => "\\\\",
        8 => "\\b",
        12 => "\\f",
        10 => "\\n",
        13 => "\\r",
        9 => "\\t",
        _ => "",
    };
    if !short.is_empty() {
        return text.push_str(short);
    }
    let mut escape = String::new();
    let mut push = |unit: u32| write!(escape, "\\u{unit:04x}").expect("strings take all");
    if point < 0x1_0000 {
        push(point);
    } else {
        push(0xD800 + ((point - 0x1_0000) >> 10));
        push(0xDC00 + ((point - 0x1_0000) & 0x3FF));
    }
    text.push_str(&escape);
}

fn quoted<'a>(cx: &'a mut Cx, string: Handle<'_>, ascii: bool) -> Res<'a> {
    if !string.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(string.value());
        let message = format!("first argument must be a string, not {ty}");
        let raised: Raised = cx.vm().raise_type_error(&message);
        return Err(raised);
    }
    let mut text = TextBuilder::new();
    push_quoted(&mut text, cx.vm().units(string.value()), ascii);
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn encode_basestring<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    quoted(cx, args.at(0), false)
}

fn encode_basestring_ascii<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    quoted(cx, args.at(0), true)
}
