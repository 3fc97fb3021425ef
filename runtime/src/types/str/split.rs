//! Splitting, stripping, joining.

use super::*;
use crate::parts::{self, Ends, Part};
use crate::search;
use crate::unicode;

/// A list of parts of the string.
fn list_of<'a>(cx: &'a Cx, string: Value, parts: &[Part]) -> Res<'a> {
    let vm = cx.vm();
    let mut items = Vec::with_capacity(parts.len());
    for part in parts {
        items.push(vm.part_of(string, part.clone())?);
    }
    let value = vm.new_list(items);
    Ok(cx.local(value))
}

fn split_with<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    by_separator: fn(Units<'_>, Units<'_>, usize) -> Vec<Part>,
    by_spaces: fn(Units<'_>, usize) -> Vec<Part>,
) -> Res<'a> {
    let most = args.opt(2).map_or(Ok(-1), |most| cx.index_i64(most))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let text = this(cx, args);
    let parts = match args.some(1) {
        None => by_spaces(text, most),
        Some(separator) => {
            let vm = cx.vm();
            if !separator.value().is_kind(Kind::Str) {
                let message = format!("must be str or None, not {}", vm.type_name_of(separator.value()));
                return Err(vm.raise_type_error(&message));
            }
            let separator = vm.units(separator.value());
            if separator.is_empty() {
                return Err(vm.raise_value_error("empty separator"));
            }
            by_separator(text, separator, most)
        }
    };
    list_of(cx, args.at(0).value(), &parts)
}

pub(super) fn split<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    split_with(cx, args, parts::split, |text, most| parts::split_spaces(text, most, unicode::is_space))
}

pub(super) fn rsplit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    split_with(cx, args, parts::rsplit, |text, most| parts::rsplit_spaces(text, most, unicode::is_space))
}

pub(super) fn splitlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keep = args.opt(1).map_or(Ok(false), |keep| cx.truth(keep))?;
    let parts = parts::lines(this(cx, args), keep, unicode::is_line_break);
    list_of(cx, args.at(0).value(), &parts)
}

fn partition_at<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    search: fn(Units<'_>, Units<'_>) -> Option<usize>,
    rest_first: bool,
) -> Res<'a> {
    let (vm, string, separator) = (cx.vm(), args.at(0).value(), args.at(1).value());
    if !separator.is_kind(Kind::Str) {
        let message = format!("must be str, not {}", vm.type_name_of(separator));
        return Err(vm.raise_type_error(&message));
    }
    let (text, between) = (vm.units(string), vm.units(separator));
    if between.is_empty() {
        return Err(vm.raise_value_error("empty separator"));
    }
    let empty = vm.empty_str;
    let items = match search(text, between) {
        Some(at) => {
            let before = vm.part_of(string, 0..at)?;
            let behind = vm.part_of(string, at + between.len()..text.len())?;
            [before, vm.exact_str(separator)?, behind]
        }
        None => {
            let all = vm.exact_str(string)?;
            if rest_first { [empty, empty, all] } else { [all, empty, empty] }
        }
    };
    let value = vm.new_tuple(&items);
    Ok(cx.local(value))
}

pub(super) fn partition<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    partition_at(cx, args, search::find, false)
}

pub(super) fn rpartition<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    partition_at(cx, args, search::rfind, true)
}

fn strip_ends<'a>(cx: &'a mut Cx, args: Args<'_>, ends: Ends, method: &str) -> Res<'a> {
    let (vm, text) = (cx.vm(), this(cx, args));
    let part = match args.some(1) {
        None => parts::strip(text, ends, unicode::is_space),
        Some(chars) if chars.value().is_kind(Kind::Str) => {
            let chars: Vec<u32> = vm.units(chars.value()).iter().collect();
            parts::strip(text, ends, |point| chars.contains(&point))
        }
        Some(_) => {
            return Err(vm.raise_type_error(&format!("{method} arg must be None or str")));
        }
    };
    let value = vm.part_of(args.at(0).value(), part)?;
    Ok(cx.local(value))
}

pub(super) fn strip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Both, "strip")
}

pub(super) fn lstrip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Left, "lstrip")
}

pub(super) fn rstrip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Right, "rstrip")
}

pub(super) fn join<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterable = args.at(1);
    let list;
    let sequence = if matches!(iterable.value().kind(), Some(Kind::List | Kind::Tuple)) {
        iterable
    } else {
        if !cx.vm().is_iterable(iterable.value()) {
            return Err(cx.vm().raise_type_error("can only join an iterable"));
        }
        list = cx.collect(iterable)?;
        list.handle()
    };
    let vm = cx.vm();
    let items = vm.sequence_values(sequence.value());
    if let Some(at) = items.iter().position(|item| !item.is_kind(Kind::Str)) {
        let ty = vm.type_name_of(items[at]);
        let message = format!("sequence item {at}: expected str instance, {ty} found");
        return Err(vm.raise_type_error(&message));
    }
    match vm.join_strings(items.iter().copied(), Some(args.at(0).value())) {
        Some(value) => Ok(cx.local(value)),
        None => Err(vm.raise_memory_error()),
    }
}
