//! Searching and replacing.

use super::*;
use crate::search;

/// The part of a text that `start` and `end` name: its units and where it begins. `None` if `start` lies behind.
pub(crate) fn window<'a>(
    cx: &mut Cx,
    text: Handle<'_>,
    units: impl Fn(&Cx, Value) -> Units<'a>,
    args: Args<'_>,
) -> Result<Option<(Units<'a>, usize)>, Raised> {
    let bound = |cx: &mut Cx, i: usize| args.opt(i).map_or(Ok(None), |bound| cx.slice_bound(bound.value()));
    let start = bound(cx, 2)?.unwrap_or(0);
    let end = bound(cx, 3)?.unwrap_or(i64::MAX);
    let units = units(cx, text.value());
    let len = units.len() as i64;
    let clip = |index: i64| if index < 0 { (index + len).max(0) } else { index };
    let (start, end) = (clip(start), clip(end).min(len));
    if start > end {
        return Ok(None);
    }
    Ok(Some((units.slice(start as usize, end as usize), start as usize)))
}

fn searched<'a>(
    cx: &mut Cx,
    args: Args<'_>,
    method: &str,
) -> Result<(Option<(Units<'a>, usize)>, Units<'a>), Raised> {
    text_argument(cx, args.at(1), method, "1 ")?;
    let window = window(cx, args.at(0), |cx, text| cx.vm().units(text), args)?;
    Ok((window, cx.vm().units(args.at(1).value())))
}

type Search = fn(Units<'_>, Units<'_>) -> Option<usize>;

fn place_of(cx: &mut Cx, args: Args<'_>, method: &str, search: Search) -> Result<Option<i64>, Raised> {
    let (window, part) = searched(cx, args, method)?;
    Ok(window.and_then(|(text, start)| search(text, part).map(|at| (at + start) as i64)))
}

fn found_or_minus<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str, search: Search) -> Res<'a> {
    let place = place_of(cx, args, method, search)?;
    let value = cx.vm().new_int(place.unwrap_or(-1));
    Ok(cx.local(value))
}

fn found_or_error<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str, search: Search) -> Res<'a> {
    match place_of(cx, args, method, search)? {
        Some(place) => {
            let value = cx.vm().new_int(place);
            Ok(cx.local(value))
        }
        None => Err(cx.vm().raise_value_error("substring not found")),
    }
}

pub(super) fn find<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_minus(cx, args, "find", search::find)
}

pub(super) fn rfind<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_minus(cx, args, "rfind", search::rfind)
}

pub(super) fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_error(cx, args, "index", search::find)
}

pub(super) fn rindex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    found_or_error(cx, args, "rindex", search::rfind)
}

pub(super) fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (window, part) = searched(cx, args, "count")?;
    let count = window.map_or(0, |(text, _)| search::count(text, part));
    let value = cx.vm().new_int(count as i64);
    Ok(cx.local(value))
}

pub(super) fn startswith<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    affix(cx, args, "startswith", search::starts_with)
}

pub(super) fn endswith<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    affix(cx, args, "endswith", search::ends_with)
}

fn affix<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    method: &str,
    test: fn(Units<'_>, Units<'_>) -> bool,
) -> Res<'a> {
    let window = window(cx, args.at(0), |cx, text| cx.vm().units(text), args)?;
    let (vm, affix) = (cx.vm(), args.at(1).value());
    let (candidates, in_tuple) = match affix.kind() {
        Some(Kind::Tuple) => (vm.sequence_values(affix), true),
        _ => (vec![affix], false),
    };
    for candidate in candidates {
        if !candidate.is_kind(Kind::Str) {
            let ty = vm.type_name_of(candidate);
            let message = if in_tuple {
                format!("tuple for {method} must only contain str, not {ty}")
            } else {
                format!("{method} first arg must be str or a tuple of str, not {ty}")
            };
            return Err(vm.raise_type_error(&message));
        }
        if window.is_some_and(|(text, _)| test(text, vm.units(candidate))) {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

pub(super) fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    text_argument(cx, args.at(1), "replace", "1 ")?;
    text_argument(cx, args.at(2), "replace", "2 ")?;
    let most = args.opt(3).map_or(Ok(-1), |count| cx.index_i64(count))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let vm = cx.vm();
    let string = args.at(0).value();
    let (text, old, new) = (vm.units(string), vm.units(args.at(1).value()), vm.units(args.at(2).value()));
    let places: Vec<usize> = if old.is_empty() {
        (0..=text.len()).take(most).collect()
    } else {
        search::find_all(text, old, most)
    };
    if places.is_empty() || old.is_empty() && new.is_empty() {
        let value = vm.exact_str(string)?;
        return Ok(cx.local(value));
    }
    let parts = replaced_parts(text, &places, old.len(), new);
    let value = vm.join_units(&parts)?;
    Ok(cx.local(value))
}

/// The parts of a text with others in the places of what is `width` long.
pub(crate) fn replaced_parts<'a>(
    text: Units<'a>,
    places: &[usize],
    width: usize,
    new: Units<'a>,
) -> Vec<Units<'a>> {
    let mut parts = Vec::with_capacity(places.len() * 2 + 1);
    let mut start = 0;
    for place in places {
        parts.push(text.slice(start, *place));
        parts.push(new);
        start = place + width;
    }
    parts.push(text.slice(start, text.len()));
    parts
}

pub(super) fn removeprefix<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let prefix = text_argument(cx, args.at(1), "removeprefix", "")?;
    let text = this(cx, args);
    let start = if search::starts_with(text, prefix) { prefix.len() } else { 0 };
    let value = cx.vm().part_of(args.at(0).value(), start..text.len())?;
    Ok(cx.local(value))
}

pub(super) fn removesuffix<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let suffix = text_argument(cx, args.at(1), "removesuffix", "")?;
    let text = this(cx, args);
    let cut = if search::ends_with(text, suffix) { suffix.len() } else { 0 };
    let value = cx.vm().part_of(args.at(0).value(), 0..text.len() - cut)?;
    Ok(cx.local(value))
}
