//! Splitting, stripping, joining.

use super::common::{list_of, made, part_of, this};
use super::*;
use crate::cx::{Args, Res};
use crate::parts::{self, Ends, Part};
use crate::search;
use crate::str_object::Units;

/// Cuts text at what a predicate tells, so many times at most.
type BySpaces = fn(Units<'_>, usize, fn(u32) -> bool) -> Vec<Part>;

/// Whether a byte is white space for `bytes`.
pub(super) fn is_space(point: u32) -> bool {
    matches!(point, 9..=13 | 32)
}

fn split_with<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    by_separator: fn(Units<'_>, Units<'_>, usize) -> Vec<Part>,
    by_spaces: BySpaces,
) -> Res<'a> {
    let most = args.opt(2).map_or(Ok(-1), |most| cx.index_i64(most))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let text = Units::One(this(args));
    let parts = match args.some(1) {
        None => by_spaces(text, most, is_space),
        Some(separator) => {
            let separator = buffer_argument(cx, separator)?;
            if separator.is_empty() {
                return Err(cx.vm().raise_value_error("empty separator"));
            }
            by_separator(text, Units::One(separator), most)
        }
    };
    list_of(cx, args.at(0).value(), &parts)
}

pub(super) fn split<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    split_with(cx, args, parts::split, parts::split_spaces)
}

pub(super) fn rsplit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    split_with(cx, args, parts::rsplit, parts::rsplit_spaces)
}

pub(super) fn splitlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keep = args.opt(1).map_or(Ok(false), |keep| cx.truth(keep))?;
    let parts = parts::lines(Units::One(this(args)), keep, |point| matches!(point, 10 | 13));
    list_of(cx, args.at(0).value(), &parts)
}

fn partition_at<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    search: fn(Units<'_>, Units<'_>) -> Option<usize>,
    rest_first: bool,
) -> Res<'a> {
    let object = args.at(0).value();
    let separator = buffer_argument(cx, args.at(1))?;
    if separator.is_empty() {
        return Err(cx.vm().raise_value_error("empty separator"));
    }
    let bytes = this(args);
    let items = match search(Units::One(bytes), Units::One(separator)) {
        Some(at) => {
            let between = if object.is_kind(Kind::Bytes) && args.at(1).value().is_kind(Kind::Bytes) {
                args.at(1).value()
            } else {
                super::common::value_like(cx, object, separator.to_vec())?
            };
            let behind = part_of(cx, object, at + separator.len()..bytes.len())?;
            [part_of(cx, object, 0..at)?, between, behind]
        }
        None => {
            let all = part_of(cx, object, 0..bytes.len())?;
            let empty = || super::common::value_like(cx, object, Vec::new());
            if rest_first { [empty()?, empty()?, all] } else { [all, empty()?, empty()?] }
        }
    };
    let value = cx.vm().new_tuple(&items);
    Ok(cx.local(value))
}

pub(super) fn partition<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    partition_at(cx, args, search::find, false)
}

pub(super) fn rpartition<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    partition_at(cx, args, search::rfind, true)
}

fn strip_ends<'a>(cx: &'a mut Cx, args: Args<'_>, ends: Ends) -> Res<'a> {
    let text = Units::One(this(args));
    let part = match args.some(1) {
        None => parts::strip(text, ends, is_space),
        Some(bytes) => {
            let bytes = buffer_argument(cx, bytes)?;
            parts::strip(text, ends, |point| bytes.contains(&(point as u8)))
        }
    };
    let value = part_of(cx, args.at(0).value(), part)?;
    Ok(cx.local(value))
}

pub(super) fn strip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Both)
}

pub(super) fn lstrip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Left)
}

pub(super) fn rstrip<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    strip_ends(cx, args, Ends::Right)
}

pub(super) fn join<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterable = args.at(1);
    if !cx.vm().is_iterable(iterable.value()) {
        return Err(cx.vm().raise_type_error("can only join an iterable"));
    }
    let list = cx.collect(iterable)?;
    let mut bytes = Vec::new();
    for (at, item) in cx.vm().sequence_values(list.value()).into_iter().enumerate() {
        let vm = cx.vm();
        let Some(part) = buffer_of(vm, item) else {
            let ty = vm.type_name_of(item);
            let message = format!("sequence item {at}: expected a bytes-like object, {ty} found");
            return Err(vm.raise_type_error(&message));
        };
        if at > 0 {
            bytes.extend_from_slice(this(args));
        }
        if !vm.heap.may_grow(bytes.len() + part.len()) {
            return Err(vm.raise_memory_error());
        }
        bytes.extend_from_slice(part);
    }
    made(cx, args.at(0).value(), bytes)
}
