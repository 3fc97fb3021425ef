//! Padding, case, predicates, translation, hexadecimal text.

use super::common::{made, part_of, this};
use super::split::is_space;
use super::*;
use crate::cx::{Args, Res};

// ---- padding --------------------------------------------------------------------------------------------------------

fn fill_of(cx: &Cx, argument: Option<Handle<'_>>, method: &str) -> Result<u8, Raised> {
    let Some(fill) = argument else { return Ok(b' ') };
    let is_bytes = matches!(fill.value().kind(), Some(Kind::Bytes | Kind::ByteArray));
    match slice_of(fill.value()) {
        [byte] if is_bytes => Ok(*byte),
        _ => {
            let ty = cx.vm().type_name_of(fill.value());
            let message = format!("{method}() argument 2 must be a byte string of length 1, not {ty}");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

/// Bytes missing to the width that is asked for, and that width.
fn missing(cx: &mut Cx, args: Args<'_>) -> Result<(usize, usize), Raised> {
    let width = usize::try_from(cx.index_i64(args.at(1))?).unwrap_or(0);
    let total = width.saturating_sub(this(args).len());
    crate::format::layout::check_room(cx.vm(), total)?;
    Ok((total, width))
}

fn padded<'a>(cx: &'a Cx, args: Args<'_>, before: usize, behind: usize, fill: u8) -> Res<'a> {
    if before + behind == 0 {
        let value = part_of(cx, args.at(0).value(), 0..this(args).len())?;
        return Ok(cx.local(value));
    }
    let mut bytes = vec![fill; before];
    bytes.extend_from_slice(this(args));
    bytes.resize(bytes.len() + behind, fill);
    made(cx, args.at(0).value(), bytes)
}

pub(super) fn center<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, width) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2), "center")?;
    let before = crate::types::str::center_before(total, width);
    padded(cx, args, before, total - before, fill)
}

pub(super) fn ljust<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2), "ljust")?;
    padded(cx, args, 0, total, fill)
}

pub(super) fn rjust<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2), "rjust")?;
    padded(cx, args, total, 0, fill)
}

pub(super) fn zfill<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    match this(args) {
        [sign @ (b'+' | b'-'), rest @ ..] if total > 0 => {
            let mut bytes = vec![*sign];
            bytes.resize(1 + total, b'0');
            bytes.extend_from_slice(rest);
            made(cx, args.at(0).value(), bytes)
        }
        _ => padded(cx, args, total, 0, b'0'),
    }
}

pub(super) fn expandtabs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = args.opt(1).map_or(Ok(8), |size| cx.index_i64(size))?;
    let mut bytes = Vec::new();
    let mut column = 0;
    for byte in this(args) {
        match byte {
            b'\t' => {
                if size > 0 {
                    let count = size - column % size;
                    column += count;
                    crate::format::layout::check_room(cx.vm(), count as usize)?;
                    bytes.resize(bytes.len() + count as usize, b' ');
                }
            }
            _ => {
                bytes.push(*byte);
                column = if matches!(byte, b'\n' | b'\r') { 0 } else { column + 1 };
            }
        }
    }
    made(cx, args.at(0).value(), bytes)
}

// ---- case -----------------------------------------------------------------------------------------------------------

pub(super) fn upper<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made(cx, args.at(0).value(), this(args).to_ascii_uppercase())
}

pub(super) fn lower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made(cx, args.at(0).value(), this(args).to_ascii_lowercase())
}

pub(super) fn swapcase<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let swap = |byte: &u8| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { *byte };
    made(cx, args.at(0).value(), this(args).iter().map(swap).collect())
}

pub(super) fn capitalize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut bytes = this(args).to_ascii_lowercase();
    if let Some(first) = bytes.first_mut() {
        first.make_ascii_uppercase();
    }
    made(cx, args.at(0).value(), bytes)
}

pub(super) fn title<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut in_word = false;
    let map = |byte: &u8| {
        let mapped = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        in_word = byte.is_ascii_alphabetic();
        mapped
    };
    made(cx, args.at(0).value(), this(args).iter().map(map).collect())
}

// ---- predicates -----------------------------------------------------------------------------------------------------

fn all<'a>(cx: &'a mut Cx, args: Args<'_>, predicate: fn(&u8) -> bool) -> Res<'a> {
    Ok(cx.bool(!this(args).is_empty() && this(args).iter().all(predicate)))
}

macro_rules! predicates {
    ($($name:ident $predicate:expr;)*) => {$(
        pub(super) fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            all(cx, args, $predicate)
        }
    )*};
}
predicates! {
    isalpha u8::is_ascii_alphabetic;
    isalnum u8::is_ascii_alphanumeric;
    isdigit u8::is_ascii_digit;
    isspace |byte| is_space(u32::from(*byte));
}

pub(super) fn isascii<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(this(args).is_ascii()))
}

pub(super) fn islower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let any = this(args).iter().any(u8::is_ascii_lowercase);
    Ok(cx.bool(any && !this(args).iter().any(u8::is_ascii_uppercase)))
}

pub(super) fn isupper<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let any = this(args).iter().any(u8::is_ascii_uppercase);
    Ok(cx.bool(any && !this(args).iter().any(u8::is_ascii_lowercase)))
}

pub(super) fn istitle<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut any, mut in_word) = (false, false);
    for byte in this(args) {
        if byte.is_ascii_uppercase() && in_word || byte.is_ascii_lowercase() && !in_word {
            return Ok(cx.bool(false));
        }
        in_word = byte.is_ascii_alphabetic();
        any |= in_word;
    }
    Ok(cx.bool(any))
}

// ---- translation ----------------------------------------------------------------------------------------------------

pub(super) fn translate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let table = match args.some(1) {
        None => None,
        Some(table) => Some(buffer_argument(cx, table)?),
    };
    if table.is_some_and(|table| table.len() != 256) {
        return Err(cx.vm().raise_value_error("translation table must be 256 characters long"));
    }
    let delete: &[u8] = match args.opt(2) {
        Some(delete) => buffer_argument(cx, delete)?,
        None => &[],
    };
    let bytes = this(args)
        .iter()
        .filter(|byte| !delete.contains(byte))
        .map(|byte| table.map_or(*byte, |table| table[usize::from(*byte)]))
        .collect();
    made(cx, args.at(0).value(), bytes)
}

pub(super) fn maketrans<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (from, to) = (buffer_argument(cx, args.at(0))?, buffer_argument(cx, args.at(1))?);
    if from.len() != to.len() {
        return Err(cx.vm().raise_value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    from.iter().zip(to).for_each(|(from, to)| table[usize::from(*from)] = *to);
    let value = cx.vm().new_bytes(&table);
    Ok(cx.local(value))
}

// ---- hexadecimal text -----------------------------------------------------------------------------------------------

pub(super) fn hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = this(args).to_vec();
    let text = hex_text(cx, &bytes, args.some(1), args.opt(2))?;
    let value = cx.vm().new_str(&text);
    Ok(cx.local(value))
}

/// Bytes in hexadecimal, with a separator between groups counted from the right, or from the left if negative.
pub(crate) fn hex_text(
    cx: &mut Cx,
    bytes: &[u8],
    separator: Option<Handle<'_>>,
    group: Option<Handle<'_>>,
) -> Result<String, Raised> {
    let group = group.map_or(Ok(1), |group| cx.index_i64(group))?;
    let separator = match separator {
        Some(separator) => Some(separator_of(cx, separator)?),
        None => None,
    };
    let mut text = String::with_capacity(bytes.len() * 3);
    for (i, byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && i > 0
            && group != 0
        {
            let every = group.unsigned_abs() as usize;
            let place = if group > 0 { bytes.len() - i } else { i };
            if place.is_multiple_of(every) {
                text.push(separator);
            }
        }
        text.push(char::from_digit(u32::from(byte >> 4), 16).expect("a nibble"));
        text.push(char::from_digit(u32::from(byte & 15), 16).expect("a nibble"));
    }
    Ok(text)
}

fn separator_of(cx: &mut Cx, separator: Handle<'_>) -> Result<char, Raised> {
    if cx.len(separator)? != 1 {
        return Err(cx.vm().raise_value_error("sep must be length 1."));
    }
    let point = match separator.value().kind() {
        Some(Kind::Str) => cx.vm().units(separator.value()).at(0),
        Some(Kind::Bytes) => slice_of(separator.value())[0].into(),
        _ => return Err(cx.vm().raise_type_error("sep must be str or bytes.")),
    };
    match char::from_u32(point).filter(char::is_ascii) {
        Some(separator) => Ok(separator),
        None => Err(cx.vm().raise_value_error("sep must be ASCII.")),
    }
}

pub(super) fn fromhex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (vm, class, text) = (cx.vm(), args.at(0), args.at(1).value());
    if !text.is_kind(Kind::Str) {
        let ty = vm.type_name_of(text);
        return Err(vm.raise_type_error(&format!("fromhex() argument must be str, not {ty}")));
    }
    let points: Vec<u32> = vm.units(text).iter().collect();
    let digit = |at: usize| points.get(at).and_then(|point| char::from_u32(*point)?.to_digit(16));
    let mut bytes = Vec::with_capacity(points.len() / 2);
    let mut at = 0;
    while at < points.len() {
        if is_space(points[at]) {
            at += 1;
            continue;
        }
        let (high, low) = (digit(at), digit(at + 1));
        let (Some(high), Some(low)) = (high, low) else {
            let place = if high.is_none() { at } else { at + 1 };
            let message = format!("non-hexadecimal number found in fromhex() arg at position {place}");
            return Err(vm.raise_value_error(&message));
        };
        bytes.push((high << 4 | low) as u8);
        at += 2;
    }
    let is_array = vm.is_subtype(class.value(), vm.types.bytearray);
    let value = if is_array { vm.new_bytearray(bytes) } else { vm.new_bytes(&bytes) };
    if class.value() == vm.types.bytes || class.value() == vm.types.bytearray {
        return Ok(cx.local(value));
    }
    let value = cx.root_value(value);
    let made = cx.call(class, &[value.handle()])?;
    Ok(cx.local(made.value()))
}
