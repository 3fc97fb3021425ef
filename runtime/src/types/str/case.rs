//! Case mappings.

use super::*;
use crate::unicode::{self, Mapped};

fn mapped<'a>(cx: &'a mut Cx, args: Args<'_>, ascii: fn(&u8) -> u8, map: fn(u32) -> Mapped) -> Res<'a> {
    let vm = cx.vm();
    let value = match this(cx, args) {
        Units::One(bytes) if bytes.is_ascii() => {
            let bytes: Vec<u8> = bytes.iter().map(ascii).collect();
            vm.str_part(Units::One(&bytes))?
        }
        units => {
            let mut points = Vec::with_capacity(units.len());
            units.iter().for_each(|point| points.extend_from_slice(map(point).points()));
            vm.str_or_memory_error(&points)?
        }
    };
    Ok(cx.local(value))
}

pub(super) fn upper<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    mapped(cx, args, u8::to_ascii_uppercase, unicode::to_upper)
}

pub(super) fn casefold<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    mapped(cx, args, u8::to_ascii_lowercase, unicode::to_folded)
}

const SIGMA: u32 = 0x3A3;

pub(super) fn lower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let units = this(cx, args);
    if units.width() == 1 || units.iter().all(|point| point != SIGMA) {
        return mapped(cx, args, u8::to_ascii_lowercase, unicode::to_lower);
    }
    let mut points = Vec::with_capacity(units.len());
    (0..units.len()).for_each(|at| push_lower(&mut points, units, at));
    let value = cx.vm().str_or_memory_error(&points)?;
    Ok(cx.local(value))
}

/// Appends the lower case of a character in its place: a capital sigma at the end of a word has its own.
fn push_lower(points: &mut Vec<u32>, units: Units<'_>, at: usize) {
    if units.at(at) != SIGMA {
        points.extend_from_slice(unicode::to_lower(units.at(at)).points());
        return;
    }
    let is_cased = |mut around: Box<dyn Iterator<Item = u32> + '_>| {
        around.find(|point| !unicode::is_case_ignorable(*point)).is_some_and(unicode::is_cased)
    };
    let before = is_cased(Box::new((0..at).rev().map(|i| units.at(i))));
    let behind = is_cased(Box::new((at + 1..units.len()).map(|i| units.at(i))));
    points.push(if before && !behind { 0x3C2 } else { 0x3C3 });
}

pub(super) fn title<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let units = this(cx, args);
    let mut points = Vec::with_capacity(units.len());
    let mut in_word = false;
    for at in 0..units.len() {
        let point = units.at(at);
        if in_word {
            push_lower(&mut points, units, at);
        } else {
            points.extend_from_slice(unicode::to_title(point).points());
        }
        in_word = is_cased(point);
    }
    let value = cx.vm().str_or_memory_error(&points)?;
    Ok(cx.local(value))
}

/// Whether a character has a case.
pub(super) fn is_cased(point: u32) -> bool {
    unicode::is_lower(point) || unicode::is_upper(point) || unicode::is_title(point)
}

pub(super) fn capitalize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let units = this(cx, args);
    let mut points = Vec::with_capacity(units.len());
    for at in 0..units.len() {
        if at == 0 {
            points.extend_from_slice(unicode::to_title(units.at(0)).points());
        } else {
            push_lower(&mut points, units, at);
        }
    }
    let value = cx.vm().str_or_memory_error(&points)?;
    Ok(cx.local(value))
}

pub(super) fn swapcase<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let units = this(cx, args);
    let mut points = Vec::with_capacity(units.len());
    for at in 0..units.len() {
        let point = units.at(at);
        if unicode::is_upper(point) {
            push_lower(&mut points, units, at);
        } else if unicode::is_lower(point) {
            points.extend_from_slice(unicode::to_upper(point).points());
        } else {
            points.push(point);
        }
    }
    let value = cx.vm().str_or_memory_error(&points)?;
    Ok(cx.local(value))
}
