//! Padding and tabs.

use super::*;
use crate::format::layout::check_room;

/// The fill character of an argument.
fn fill_of(cx: &Cx, argument: Option<Handle<'_>>) -> Result<u32, Raised> {
    let Some(fill) = argument else { return Ok(u32::from(b' ')) };
    let vm = cx.vm();
    if !fill.value().is_kind(Kind::Str) {
        let ty = vm.type_name_of(fill.value());
        let message = format!("The fill character must be a unicode character, not {ty}");
        return Err(vm.raise_type_error(&message));
    }
    let units = vm.units(fill.value());
    if units.len() != 1 {
        return Err(vm.raise_type_error("The fill character must be exactly one character long"));
    }
    Ok(units.at(0))
}

/// The string between fill characters.
fn padded(cx: &Cx, string: Value, before: usize, behind: usize, fill: u32) -> Res<'_> {
    let vm = cx.vm();
    if before + behind == 0 {
        let value = vm.exact_str(string)?;
        return Ok(cx.local(value));
    }
    check_room(vm, before + behind)?;
    let (fills, wide) = (fill as u8, fill >= 0x100);
    let value = match vm.units(string) {
        Units::One(units) if !wide => {
            let mut text = vec![fills; before];
            text.extend_from_slice(units);
            text.resize(text.len() + behind, fills);
            vm.str_part(Units::One(&text))?
        }
        units => {
            let mut text = vec![fill; before];
            text.extend(units.iter());
            text.resize(text.len() + behind, fill);
            vm.str_or_memory_error(&text)?
        }
    };
    Ok(cx.local(value))
}

/// Characters missing to the width that is asked for, and that width.
fn missing(cx: &mut Cx, args: Args<'_>) -> Result<(usize, usize), Raised> {
    let width = usize::try_from(cx.index_i64(args.at(1))?).unwrap_or(0);
    Ok((width.saturating_sub(this(cx, args).len()), width))
}

pub(super) fn center<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, width) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2))?;
    let before = center_before(total, width);
    padded(cx, args.at(0).value(), before, total - before, fill)
}

/// Characters of padding before a centered text: the odd one goes before where the width is odd too.
pub(crate) fn center_before(total: usize, width: usize) -> usize {
    total / 2 + (total & width & 1)
}

pub(super) fn ljust<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2))?;
    padded(cx, args.at(0).value(), 0, total, fill)
}

pub(super) fn rjust<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    let fill = fill_of(cx, args.opt(2))?;
    padded(cx, args.at(0).value(), total, 0, fill)
}

pub(super) fn zfill<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (total, _) = missing(cx, args)?;
    let text = this(cx, args);
    let signed = !text.is_empty() && matches!(text.at(0), 0x2B | 0x2D);
    if total == 0 || !signed {
        return padded(cx, args.at(0).value(), total, 0, u32::from(b'0'));
    }
    let vm = cx.vm();
    check_room(vm, total)?;
    let mut points = vec![text.at(0)];
    points.resize(1 + total, u32::from(b'0'));
    points.extend(text.iter().skip(1));
    let value = vm.str_or_memory_error(&points)?;
    Ok(cx.local(value))
}

pub(super) fn expandtabs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = args.opt(1).map_or(Ok(8), |size| cx.index_i64(size))?;
    let vm = cx.vm();
    let mut points = Vec::new();
    let mut column = 0_i64;
    for point in this(cx, args).iter() {
        match point {
            9 => {
                if size > 0 {
                    let count = size - column % size;
                    column += count;
                    check_room(vm, points.len() + count as usize)?;
                    points.resize(points.len() + count as usize, u32::from(b' '));
                }
            }
            10 | 13 => {
                points.push(point);
                column = 0;
            }
            _ => {
                points.push(point);
                column += 1;
            }
        }
    }
    let value = vm.str_or_memory_error(&points)?;
    Ok(cx.local(value))
}
