//! Searching and replacing.

use super::common::{made, part_of, this};
use super::*;
use crate::cx::{Args, Res};
use crate::search;
use crate::str_object::Units;

/// What is searched: bytes, or one byte given as an int.
enum Needle {
    Byte([u8; 1]),
    Buffer(Value),
}

impl Needle {
    fn read(cx: &mut Cx, argument: Handle<'_>) -> Result<Self, Raised> {
        if buffer_of(cx.vm(), argument.value()).is_some() {
            return Ok(Self::Buffer(argument.value()));
        }
        if !cx.vm().has_index(argument.value()) {
            let ty = cx.vm().type_name_of(argument.value());
            let message = format!("argument should be integer or bytes-like object, not '{ty}'");
            return Err(cx.vm().raise_type_error(&message));
        }
        byte_of(cx, argument, "byte").map(|byte| Self::Byte([byte]))
    }

    fn units<'a>(&'a self, cx: &Cx) -> Units<'a> {
        Units::One(match self {
            Self::Byte(byte) => byte,
            Self::Buffer(value) => buffer_of(cx.vm(), *value).unwrap_or(&[]),
        })
    }
}

type Search = fn(Units<'_>, Units<'_>) -> Option<usize>;

fn window<'a>(cx: &mut Cx, args: Args<'_>) -> Result<Option<(Units<'a>, usize)>, Raised> {
    crate::types::str::window(cx, args.at(0), |_, value| Units::One(slice_of(value)), args)
}

fn place_of(cx: &mut Cx, args: Args<'_>, search: Search) -> Result<Option<i64>, Raised> {
    let window = window(cx, args)?;
    let needle = Needle::read(cx, args.at(1))?;
    let units = needle.units(cx);
    Ok(window.and_then(|(text, start)| search(text, units).map(|at| (at + start) as i64)))
}

fn found_or_minus<'a>(cx: &'a mut Cx, args: Args<'_>, search: Search) -> Res<'a> {
    let place = place_of(cx, args, search)?;
    let value = cx.vm().new_int(place.unwrap_or(-1));
    Ok(cx.local(value))
}

fn found_or_error<'a>(cx: &'a mut Cx, args: Args<'_>, search: Search) -> Res<'a> {
    match place_of(cx, args, search)? {
        Some(place) => {
            let value = cx.vm().new_int(place);
            Ok(cx.local(value))
        }
        None => Err(cx.vm().raise_value_error("subsection not found")),
    }
}

pub(super) fn find<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_minus(cx, args, search::find)
}

pub(super) fn rfind<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_minus(cx, args, search::rfind)
}

pub(super) fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_error(cx, args, search::find)
}

pub(super) fn rindex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_error(cx, args, search::rfind)
}

pub(super) fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let window = window(cx, args)?;
    let needle = Needle::read(cx, args.at(1))?;
    let units = needle.units(cx);
    let count = window.map_or(0, |(text, _)| search::count(text, units));
    let value = cx.vm().new_int(count as i64);
    Ok(cx.local(value))
}

pub(super) fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let item = args.at(1);
    if cx.vm().has_index(item.value()) {
        let byte = byte_of(cx, item, "byte")?;
        return Ok(cx.bool(this(args).contains(&byte)));
    }
    let part = buffer_argument(cx, item)?;
    let found = search::find(Units::One(this(args)), Units::One(part)).is_some();
    Ok(cx.bool(found))
}

pub(super) fn startswith<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    affix(cx, args, "startswith", <[u8]>::starts_with)
}

pub(super) fn endswith<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    affix(cx, args, "endswith", <[u8]>::ends_with)
}

fn affix<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str, test: fn(&[u8], &[u8]) -> bool) -> Res<'a> {
    let window = window(cx, args)?;
    let affix = args.at(1);
    let matches = |affix: &[u8]| window.is_some_and(|(text, _)| test(text.bytes(), affix));
    if affix.value().is_kind(Kind::Tuple) {
        for candidate in cx.vm().sequence_values(affix.value()) {
            let candidate = cx.root_value(candidate);
            if matches(buffer_argument(cx, candidate.handle())?) {
                return Ok(cx.bool(true));
            }
        }
        return Ok(cx.bool(false));
    }
    match buffer_of(cx.vm(), affix.value()) {
        Some(bytes) => Ok(cx.bool(matches(bytes))),
        None => {
            let ty = cx.vm().type_name_of(affix.value());
            let message = format!("{method} first arg must be bytes or a tuple of bytes, not {ty}");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

pub(super) fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let most = args.opt(3).map_or(Ok(-1), |count| cx.index_i64(count))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (old, new) = (buffer_argument(cx, args.at(1))?, buffer_argument(cx, args.at(2))?);
    let bytes = this(args);
    let places: Vec<usize> = if old.is_empty() {
        (0..=bytes.len()).take(most).collect()
    } else {
        search::find_all(Units::One(bytes), Units::One(old), most)
    };
    if places.is_empty() {
        let value = part_of(cx, args.at(0).value(), 0..bytes.len())?;
        return Ok(cx.local(value));
    }
    let len = places.len().saturating_mul(new.len()).saturating_add(bytes.len());
    if !cx.vm().heap.may_grow(len) {
        return Err(cx.vm().raise_memory_error());
    }
    let mut result = Vec::with_capacity(len - places.len() * old.len());
    let mut start = 0;
    for place in places {
        result.extend_from_slice(&bytes[start..place]);
        result.extend_from_slice(new);
        start = place + old.len();
    }
    result.extend_from_slice(&bytes[start..]);
    made(cx, args.at(0).value(), result)
}

pub(super) fn removeprefix<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let prefix = buffer_argument(cx, args.at(1))?;
    let start = if this(args).starts_with(prefix) { prefix.len() } else { 0 };
    let value = part_of(cx, args.at(0).value(), start..this(args).len())?;
    Ok(cx.local(value))
}

pub(super) fn removesuffix<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let suffix = buffer_argument(cx, args.at(1))?;
    let cut = if this(args).ends_with(suffix) { suffix.len() } else { 0 };
    let value = part_of(cx, args.at(0).value(), 0..this(args).len() - cut)?;
    Ok(cx.local(value))
}
