//! `int()`: from numbers, from text in a base, with CPython's rules for prefixes, underscores and the limit of digits.

use num_bigint::{BigInt, BigUint, Sign};

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::Vm;

/// What `int(value)` makes of anything, raw: an exact int.
pub(crate) fn from_number(cx: &mut Cx, value: Handle<'_>) -> Result<Value, Raised> {
    if value.value().is_int() {
        return Ok(value.value());
    }
    if value.value().is_float() {
        return super::super::float::to_int(cx.vm(), value.value().float());
    }
    if value.value().is_kind(Kind::Str)
        && cx.vm().is_exact(value.value())
        && let Some(int) = from_text_object(cx, value, 10)?
    {
        return Ok(int);
    }
    let names = cx.vm().names;
    for (name, text) in [(names.__int__, "__int__"), (names.__index__, "__index__")] {
        let Some(result) = cx.call_special(value, name, &[])? else { continue };
        if !cx.vm().is_any_int(result.value()) {
            let message = format!("{text} returned non-int (type {})", cx.vm().type_name_of(result.value()));
            return Err(cx.vm().raise_type_error(&message));
        }
        if !cx.vm().is_exact(result.value()) || result.value().is_bool() {
            warn_subclass(cx, text, result.value())?;
        }
        return Ok(super::exact(cx.vm(), result.value()));
    }
    if let Some(result) = cx.call_special(value, names.__trunc__, &[])? {
        let message = "The delegation of int() to __trunc__ is deprecated.";
        crate::types::exceptions::warn_deprecated(cx, message)?;
        if cx.vm().has_index(result.value()) {
            let index = cx.index_value(result.handle())?;
            return Ok(super::exact(cx.vm(), index));
        }
        let message =
            format!("__trunc__ returned non-Integral (type {})", cx.vm().type_name_of(result.value()));
        return Err(cx.vm().raise_type_error(&message));
    }
    from_text_object(cx, value, 10)?.ok_or(Raised).map_err(|Raised| {
        let message = format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            cx.vm().type_name_of(value.value())
        );
        cx.vm().raise_type_error(&message)
    })
}

fn warn_subclass(cx: &mut Cx, method: &str, result: Value) -> Result<(), Raised> {
    let message = format!(
        "{method} returned non-int (type {}).  The ability to return an instance of a strict subclass of int is \
         deprecated, and may not be supported in a future version of Python.",
        cx.vm().type_name_of(result)
    );
    crate::types::exceptions::warn_deprecated(cx, &message)
}

/// The int of a string or bytes; `None` if it is neither.
pub(crate) fn from_text_object(cx: &mut Cx, text: Handle<'_>, base: u32) -> Result<Option<Value>, Raised> {
    let parsed = match text.value().kind() {
        Some(Kind::Str) => from_text(cx.vm(), cx.vm().units(text.value()), base)?,
        Some(Kind::Bytes | Kind::ByteArray) => {
            let bytes = crate::types::bytes::slice_of(text.value());
            read(cx.vm(), bytes, base)?
        }
        _ => return Ok(None),
    };
    match parsed {
        Some(int) => Ok(Some(int)),
        None => {
            let repr = cx.repr_text(text)?;
            let shown: String = repr.chars().take(200).collect();
            let message = format!("invalid literal for int() with base {base}: {shown}");
            Err(cx.vm().raise_value_error(&message))
        }
    }
}

/// The int of text in a base (0: as the prefix says); `None` if it is no such literal.
pub(crate) fn from_text(vm: &mut Vm, units: Units<'_>, base: u32) -> Result<Option<Value>, Raised> {
    match units {
        Units::One(bytes) if bytes.is_ascii() => read(vm, bytes, base),
        _ => read(vm, &ascii_number(units), base),
    }
}

/// A number's text with digits and spaces of all scripts as ASCII ones; anything else becomes `?`.
pub(crate) fn ascii_number(units: Units<'_>) -> Vec<u8> {
    units
        .iter()
        .map(|point| match point {
            0..0x80 => point as u8,
            _ if crate::unicode::is_space(point) => b' ',
            _ => crate::unicode::decimal(point).map_or(b'?', |digit| b'0' + digit),
        })
        .collect()
}

/// Whether a byte is a space of the C locale.
pub(crate) fn is_c_space(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

/// Text without the C locale's spaces around.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_c_space(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_c_space(*byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

fn read(vm: &mut Vm, text: &[u8], base: u32) -> Result<Option<Value>, Raised> {
    let text = trim(text);
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let Some((base, digits, must_be_zero)) = split_prefix(digits, base) else { return Ok(None) };
    let Some(values) = digit_values(digits, base) else { return Ok(None) };
    if must_be_zero && values.iter().any(|digit| *digit != 0) {
        return Ok(None);
    }
    let limit = vm.int_max_str_digits;
    if limit > 0 && values.len() > limit && !base.is_power_of_two() {
        let message = format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            values.len()
        );
        return Err(vm.raise_value_error(&message));
    }
    if values.len() <= 11 {
        let int = values.iter().fold(0_i64, |int, digit| int * i64::from(base) + i64::from(*digit));
        return Ok(Some(vm.new_int(if negative { -int } else { int })));
    }
    let magnitude = BigUint::from_radix_be(&values, base).expect("digits are below the base");
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    super::from_big(vm, &BigInt::from_biguint(sign, magnitude)).map(Some)
}

/// The base, the digits behind its prefix, and whether only zero may follow.
fn split_prefix(digits: &[u8], base: u32) -> Option<(u32, &[u8], bool)> {
    let prefixed = match digits {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefixed != 0 && (base == 0 || base == prefixed) {
        let rest = &digits[2..];
        return Some((prefixed, rest.strip_prefix(b"_").unwrap_or(rest), false));
    }
    if base == 0 {
        return Some((10, digits, digits.first() == Some(&b'0')));
    }
    Some((base, digits, false))
}

/// The digits' values; `None` if one is none of the base, or underscores are not between digits.
fn digit_values(digits: &[u8], base: u32) -> Option<Vec<u8>> {
    let mut values = Vec::with_capacity(digits.len());
    let mut after_digit = false;
    for byte in digits {
        if *byte == b'_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
            continue;
        }
        let value = (*byte as char).to_digit(36).filter(|value| *value < base)?;
        values.push(value as u8);
        after_digit = true;
    }
    after_digit.then_some(values)
}
