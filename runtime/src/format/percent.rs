//! `%`-formatting of strings and bytes.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::format::float_text::{self, Style};
use crate::format::integer;
use crate::format::layout::check_room;
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::types::{float, int};
use crate::value::Value;

/// `format % args` of a string.
pub(crate) fn format_str(cx: &mut Cx, format: Handle<'_>, args: Handle<'_>) -> Result<Value, Raised> {
    let points: Vec<u32> = cx.vm().units(format.value()).iter().collect();
    let text = Formatter::new(cx, args, false).run(cx, &points)?;
    text.finish(cx.vm())
}

/// `format % args` of bytes.
pub(crate) fn format_bytes(cx: &mut Cx, format: &[u8], args: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let points: Vec<u32> = format.iter().map(|byte| u32::from(*byte)).collect();
    match Formatter::new(cx, args, true).run(cx, &points)? {
        TextBuilder::Narrow(bytes) => Ok(bytes),
        TextBuilder::Wide(_) => unreachable!("bytes are made of bytes"),
    }
}

/// A conversion specifier.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
struct Conversion {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

struct Formatter<'a> {
    args: Handle<'a>,
    /// The argument may be asked for keys.
    is_mapping: bool,
    is_tuple: bool,
    /// Arguments taken so far.
    taken: usize,
    is_bytes: bool,
}

impl<'a> Formatter<'a> {
    fn new(cx: &Cx, args: Handle<'a>, is_bytes: bool) -> Self {
        let vm = cx.vm();
        let is_tuple = args.value().is_kind(Kind::Tuple);
        let text = if is_bytes {
            matches!(args.value().kind(), Some(Kind::Bytes | Kind::ByteArray))
        } else {
            args.value().is_kind(Kind::Str)
        };
        let getitem = vm.names.__getitem__;
        let is_mapping = !is_tuple && !text && !vm.lookup(vm.type_of(args.value()), getitem).is_undef();
        Self { args, is_mapping, is_tuple, taken: 0, is_bytes }
    }

    fn run(mut self, cx: &mut Cx, format: &[u32]) -> Result<TextBuilder, Raised> {
        let mut text = TextBuilder::new();
        let mut at = 0;
        while at < format.len() {
            let point = format[at];
            at += 1;
            if point == '%' as u32 && format.get(at) == Some(&point) {
                text.push(point);
                at += 1;
            } else if point == '%' as u32 {
                self.convert(cx, format, &mut at, &mut text)?;
            } else {
                text.push(point);
            }
        }
        let count = if self.is_tuple { cx.vm().sequence_values(self.args.value()).len() } else { 1 };
        if self.taken < count && !self.is_mapping {
            let what = if self.is_bytes { "bytes" } else { "string" };
            let message = format!("not all arguments converted during {what} formatting");
            return Err(cx.vm().raise_type_error(&message));
        }
        Ok(text)
    }

    /// The next argument.
    fn next(&mut self, cx: &mut Cx) -> Result<Root, Raised> {
        let argument = if self.is_tuple {
            cx.vm().sequence_item(self.args.value(), self.taken)
        } else {
            (self.taken == 0).then(|| self.args.value())
        };
        self.taken += 1;
        match argument {
            Some(argument) => Ok(cx.root_value(argument)),
            None => Err(cx.vm().raise_type_error("not enough arguments for format string")),
        }
    }

    fn convert(
        &mut self,
        cx: &mut Cx,
        format: &[u32],
        at: &mut usize,
        text: &mut TextBuilder,
    ) -> Result<(), Raised> {
        let mut keyed = None;
        let peek = |at: usize| format.get(at).copied().and_then(char::from_u32);
        if peek(*at) == Some('(') {
            keyed = Some(self.keyed(cx, format, at)?);
        }
        let mut conversion = Conversion::default();
        while let Some(flag) = peek(*at) {
            match flag {
                '-' => conversion.left = true,
                '+' => conversion.plus = true,
                ' ' => conversion.space = true,
                '#' => conversion.alternate = true,
                '0' => conversion.zero = true,
                _ => break,
            }
            *at += 1;
        }
        if let Some(width) = self.count(cx, format, at, &mut keyed, "width")? {
            conversion.left |= width < 0;
            conversion.width = width.unsigned_abs() as usize;
        }
        if peek(*at) == Some('.') {
            *at += 1;
            let precision = self.count(cx, format, at, &mut keyed, "precision")?.unwrap_or(0);
            conversion.precision = Some(usize::try_from(precision).unwrap_or(0));
        }
        if let Some('h' | 'l' | 'L') = peek(*at) {
            *at += 1;
        }
        let Some(kind) = format.get(*at).copied() else {
            return Err(cx.vm().raise_value_error("incomplete format"));
        };
        *at += 1;
        let value = match keyed {
            Some(value) => value,
            None => self.next(cx)?,
        };
        self.render(cx, &value, conversion, kind, *at - 1, text)
    }

    /// The value of the key in parentheses; `at` is moved behind.
    fn keyed(&mut self, cx: &mut Cx, format: &[u32], at: &mut usize) -> Result<Root, Raised> {
        if !self.is_mapping {
            return Err(cx.vm().raise_type_error("format requires a mapping"));
        }
        let start = *at + 1;
        let mut depth = 1;
        *at = start;
        while *at < format.len() && depth > 0 {
            match char::from_u32(format[*at]) {
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                _ => {}
            }
            *at += 1;
        }
        if depth > 0 {
            return Err(cx.vm().raise_value_error("incomplete format key"));
        }
        let key = &format[start..*at - 1];
        let key = if self.is_bytes {
            let bytes: Vec<u8> = key.iter().map(|point| *point as u8).collect();
            cx.vm().new_bytes(&bytes)
        } else {
            cx.vm().str_or_memory_error(key)?
        };
        let key = cx.root_value(key);
        self.taken = 1;
        cx.get_item(self.args, key.handle())
    }

    /// A width or precision: digits, or `*` for an argument.
    fn count(
        &mut self,
        cx: &mut Cx,
        format: &[u32],
        at: &mut usize,
        keyed: &mut Option<Root>,
        what: &str,
    ) -> Result<Option<i64>, Raised> {
        const MOST: i64 = i32::MAX as i64;
        if format.get(*at) == Some(&('*' as u32)) {
            *at += 1;
            let value = match keyed.take() {
                Some(value) => {
                    self.taken = usize::MAX - 1;
                    value
                }
                None => self.next(cx)?,
            };
            if !cx.vm().is_any_int(value.value()) {
                return Err(cx.vm().raise_type_error("* wants int"));
            }
            return match cx.vm().int_of(value.value()).filter(|int| int.abs() <= MOST) {
                Some(int) => Ok(Some(int)),
                None => Err(cx.vm().raise_overflow_error("Python int too large to convert to C int")),
            };
        }
        let mut number = None;
        while let Some(digit) = format.get(*at).and_then(|point| char::from_u32(*point)?.to_digit(10)) {
            let next = number.unwrap_or(0_i64).saturating_mul(10).saturating_add(digit.into());
            let most = if what == "width" { i64::MAX / 16 } else { MOST };
            if next > most {
                return Err(cx.vm().raise_value_error(&format!("{what} too big")));
            }
            number = Some(next);
            *at += 1;
        }
        Ok(number)
    }

    fn render(
        &mut self,
        cx: &mut Cx,
        value: &Root,
        conversion: Conversion,
        kind: u32,
        place: usize,
        text: &mut TextBuilder,
    ) -> Result<(), Raised> {
        let kind_char = char::from_u32(kind).unwrap_or('?');
        match kind_char {
            's' | 'r' | 'a' | 'b' => {
                if kind_char == 'b' && !self.is_bytes {
                    return Err(unsupported(cx, kind, place));
                }
                let part = self.text_of(cx, value, kind_char)?;
                let units = match &part {
                    Text::Str(root) => cx.vm().units(root.value()),
                    Text::Bytes(bytes) => Units::One(bytes),
                };
                let len = units.len().min(conversion.precision.unwrap_or(usize::MAX));
                push_padded(cx, text, units.slice(0, len), conversion)
            }
            'c' => {
                let point = self.character(cx, value)?;
                push_padded(cx, text, Units::Four(&[point]), conversion)
            }
            'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
                let (negative, digits) = int_digits(cx, value, kind_char, conversion)?;
                let prefix = if conversion.alternate { integer::prefix(kind as u8) } else { "" };
                push_number(cx, text, negative, prefix, &digits, conversion)
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let number = if self.is_bytes {
                    float_for_bytes(cx, value)?
                } else {
                    float::must_be_real(cx, value.handle())?
                };
                let precision = conversion.precision.unwrap_or(6);
                check_room(cx.vm(), precision)?;
                let style = Style { alternate: conversion.alternate, ..Style::default() };
                let rendered = float_text::render(number, kind as u8, precision, style);
                let (negative, digits) = match rendered.strip_prefix('-') {
                    Some(digits) => (true, digits),
                    None => (false, rendered.as_str()),
                };
                push_number(cx, text, negative, "", digits, conversion)
            }
            _ => Err(unsupported(cx, kind, place)),
        }
    }

    fn text_of(&self, cx: &mut Cx, value: &Root, kind: char) -> Result<Text, Raised> {
        match (kind, self.is_bytes) {
            ('s', false) => cx.str(value.handle()).map(Text::Str),
            ('s' | 'b', true) => crate::types::bytes::for_percent(cx, value.handle()).map(Text::Bytes),
            ('r', false) => cx.repr(value.handle()).map(Text::Str),
            _ => {
                let repr = cx.repr(value.handle())?;
                let escaped = cx.vm().escaped(repr.value());
                Ok(Text::Str(cx.root_value(escaped)))
            }
        }
    }

    /// The character of `%c`.
    fn character(&self, cx: &mut Cx, value: &Root) -> Result<u32, Raised> {
        if self.is_bytes {
            return self.byte(cx, value);
        }
        let vm = cx.vm();
        if value.value().is_kind(Kind::Str) {
            let units = vm.units(value.value());
            if units.len() == 1 {
                return Ok(units.at(0));
            }
        } else if vm.has_index(value.value()) {
            let index = cx.index_value(value.handle())?;
            let point = cx.vm().int_of(index).and_then(|int| u32::try_from(int).ok());
            return match point.filter(|point| *point < 0x11_0000) {
                Some(point) => Ok(point),
                None => Err(cx.vm().raise_overflow_error("%c arg not in range(0x110000)")),
            };
        }
        Err(cx.vm().raise_type_error("%c requires int or char"))
    }

    fn byte(&self, cx: &mut Cx, value: &Root) -> Result<u32, Raised> {
        let bytes = crate::types::bytes::slice_of(value.value());
        if let ([byte], Some(Kind::Bytes | Kind::ByteArray)) = (bytes, value.value().kind()) {
            return Ok(u32::from(*byte));
        }
        if cx.vm().has_index(value.value()) {
            let index = cx.index_value(value.handle())?;
            return match cx.vm().int_of(index).and_then(|int| u8::try_from(int).ok()) {
                Some(byte) => Ok(byte.into()),
                None => Err(cx.vm().raise_overflow_error("%c arg not in range(256)")),
            };
        }
        Err(cx.vm().raise_type_error("%c requires an integer in range(256) or a single byte"))
    }
}

enum Text {
    Str(Root),
    Bytes(Vec<u8>),
}

fn unsupported(cx: &Cx, kind: u32, place: usize) -> Raised {
    let shown = char::from_u32(kind).filter(|_| (31..127).contains(&kind)).unwrap_or('?');
    let message = format!("unsupported format character '{shown}' (0x{kind:x}) at index {place}");
    cx.vm().raise_value_error(&message)
}

fn float_for_bytes(cx: &mut Cx, value: &Root) -> Result<f64, Raised> {
    match float::must_be_real(cx, value.handle()) {
        Ok(float) => Ok(float),
        Err(Raised) => {
            let vm = cx.vm();
            if vm.clear_if(vm.exceptions.type_error) {
                let ty = vm.type_name_of(value.value());
                return Err(vm.raise_type_error(&format!("float argument required, not {ty}")));
            }
            Err(Raised)
        }
    }
}

/// Sign and digits of an int conversion, filled with zeros to the precision.
fn int_digits(
    cx: &mut Cx,
    value: &Root,
    kind: char,
    conversion: Conversion,
) -> Result<(bool, String), Raised> {
    let by_index = matches!(kind, 'o' | 'x' | 'X');
    let number = match number_for(cx, value, by_index)? {
        Some(number) => cx.root_value(number),
        None => {
            let wanted = if by_index { "an integer" } else { "a real number" };
            let ty = cx.vm().type_name_of(value.value());
            let message = format!("%{kind} format: {wanted} is required, not {ty}");
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    let (negative, mut digits) = integer::digits(cx.vm(), number.value(), kind as u8)?;
    if let Some(precision) = conversion.precision
        && precision > digits.len()
    {
        check_room(cx.vm(), precision)?;
        digits.insert_str(0, &"0".repeat(precision - digits.len()));
    }
    Ok((negative, digits))
}

/// The int of a value; `None` if its type has none.
fn number_for(cx: &mut Cx, value: &Root, by_index: bool) -> Result<Option<Value>, Raised> {
    let vm = cx.vm();
    if vm.is_any_int(value.value()) {
        return Ok(Some(value.value()));
    }
    let ty = vm.type_of(value.value());
    let names = vm.names;
    let mut has = |name| !vm.lookup(ty, name).is_undef();
    let is_number = has(names.__index__) || has(names.__int__) || has(names.__float__);
    if !is_number || by_index && !has(names.__index__) {
        return Ok(None);
    }
    let result = if by_index { cx.index_value(value.handle()) } else { int::from_number(cx, value.handle()) };
    match result {
        Ok(number) => Ok(Some(number)),
        Err(Raised) => {
            let vm = cx.vm();
            if vm.clear_if(vm.exceptions.type_error) { Ok(None) } else { Err(Raised) }
        }
    }
}

fn push_padded(
    cx: &Cx,
    text: &mut TextBuilder,
    units: Units<'_>,
    conversion: Conversion,
) -> Result<(), Raised> {
    let missing = conversion.width.saturating_sub(units.len());
    check_room(cx.vm(), missing)?;
    let (before, behind) = if conversion.left { (0, missing) } else { (missing, 0) };
    (0..before).for_each(|_| text.push(u32::from(b' ')));
    match units {
        // A character by itself may be narrower than what holds it.
        Units::Four(points) => points.iter().for_each(|point| text.push(*point)),
        units => text.push_units(units),
    }
    (0..behind).for_each(|_| text.push(u32::from(b' ')));
    Ok(())
}

fn push_number(
    cx: &Cx,
    text: &mut TextBuilder,
    negative: bool,
    prefix: &str,
    digits: &str,
    conversion: Conversion,
) -> Result<(), Raised> {
    let sign = if negative {
        "-"
    } else if conversion.plus {
        "+"
    } else if conversion.space {
        " "
    } else {
        ""
    };
    let missing = conversion.width.saturating_sub(sign.len() + prefix.len() + digits.len());
    check_room(cx.vm(), missing)?;
    let fill = |text: &mut TextBuilder, c: u8| (0..missing).for_each(|_| text.push(c.into()));
    if !conversion.left && !conversion.zero {
        fill(text, b' ');
    }
    text.push_str(sign);
    text.push_str(prefix);
    if !conversion.left && conversion.zero {
        fill(text, b'0');
    }
    text.push_str(digits);
    if conversion.left {
        fill(text, b' ');
    }
    Ok(())
}
