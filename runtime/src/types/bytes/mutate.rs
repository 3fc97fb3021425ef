//! Changing a bytearray.

use super::*;
use crate::cx::{Args, Res};
use crate::index::{SliceRange, Subscript, place};

/// Raises MemoryError unless `more` bytes may be added.
fn grow(cx: &Cx, more: usize) -> Result<(), Raised> {
    let vm = cx.vm();
    if !vm.heap.may_grow(more) {
        return Err(vm.raise_memory_error());
    }
    vm.heap.count(more);
    Ok(())
}

pub(super) fn append<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let byte = byte_of(cx, args.at(1), "byte")?;
    grow(cx, 1)?;
    vector_of(args.at(0).value()).push(byte);
    Ok(cx.none())
}

pub(super) fn extend<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let source = args.at(1);
    let ty = cx.vm().type_name_of(source.value());
    let bytes = if let Some(bytes) = buffer_of(cx.vm(), source.value()) {
        bytes.to_vec()
    } else if source.value().is_kind(Kind::Str) {
        let message = format!("expected iterable of integers; got: '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    } else if cx.vm().is_iterable(source.value()) {
        items_of(cx, source)?
    } else {
        return Err(cx.vm().raise_type_error(&format!("can't extend bytearray with {ty}")));
    };
    grow(cx, bytes.len())?;
    vector_of(args.at(0).value()).extend(bytes);
    Ok(cx.none())
}

fn items_of(cx: &mut Cx, iterable: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let iterator = cx.iter(iterable)?;
    let mut bytes = Vec::new();
    while let Some(item) = cx.next(iterator.handle())? {
        bytes.push(byte_of(cx, item.handle(), "byte")?);
    }
    Ok(bytes)
}

pub(super) fn insert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let byte = byte_of(cx, args.at(2), "byte")?;
    grow(cx, 1)?;
    let bytes = vector_of(args.at(0).value());
    let len = bytes.len() as i64;
    let index = if index < 0 { (index + len).max(0) } else { index.min(len) };
    bytes.insert(index as usize, byte);
    Ok(cx.none())
}

pub(super) fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = args.opt(1).map_or(Ok(-1), |index| cx.index_i64(index))?;
    let bytes = vector_of(args.at(0).value());
    if bytes.is_empty() {
        return Err(cx.vm().raise_index_error("pop from empty bytearray"));
    }
    match place(index, bytes.len()) {
        Some(place) => Ok(cx.local(Value::small(bytes.remove(place).into()))),
        None => Err(cx.vm().raise_index_error("pop index out of range")),
    }
}

pub(super) fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let byte = byte_of(cx, args.at(1), "byte")?;
    let bytes = vector_of(args.at(0).value());
    match bytes.iter().position(|other| *other == byte) {
        Some(place) => {
            bytes.remove(place);
            Ok(cx.none())
        }
        None => Err(cx.vm().raise_value_error("value not found in bytearray")),
    }
}

pub(super) fn reverse<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    vector_of(args.at(0).value()).reverse();
    Ok(cx.none())
}

pub(super) fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    vector_of(args.at(0).value()).clear();
    Ok(cx.none())
}

pub(super) fn iadd<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let Some(other) = buffer_of(vm, args.at(1).value()).map(<[u8]>::to_vec) else {
        let (of, to) = (vm.type_name_of(args.at(1).value()), vm.type_name_of(args.at(0).value()));
        return Err(vm.raise_type_error(&format!("can't concat {of} to {to}")));
    };
    grow(cx, other.len())?;
    vector_of(args.at(0).value()).extend(other);
    Ok(cx.local(args.at(0).value()))
}

pub(super) fn imul<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let times = crate::types::str::repetitions(cx, args.at(1))?;
    let bytes = vector_of(args.at(0).value());
    match bytes.len().checked_mul(times) {
        Some(len) => grow(cx, len)?,
        None => return Err(cx.vm().raise_memory_error()),
    }
    let mut repeated = Vec::new();
    if repeated.try_reserve_exact(bytes.len() * times).is_err() {
        return Err(cx.vm().raise_memory_error());
    }
    for _ in 0..times {
        repeated.extend_from_slice(bytes);
    }
    *bytes = repeated;
    Ok(cx.local(args.at(0).value()))
}

pub(super) fn setitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.subscript(args.at(1), "bytearray")? {
        Subscript::Index(index) => {
            let byte = byte_of(cx, args.at(2), "byte")?;
            let bytes = vector_of(args.at(0).value());
            match place(index, bytes.len()) {
                Some(place) => bytes[place] = byte,
                None => return Err(cx.vm().raise_index_error("bytearray index out of range")),
            }
        }
        Subscript::Slice(parts) => {
            let new = replacement(cx, args.at(2))?;
            let range = parts.fit(vector_of(args.at(0).value()).len());
            replace(cx, args.at(0).value(), range, &new)?;
        }
    }
    Ok(cx.none())
}

/// What is assigned to a slice.
fn replacement(cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    if let Some(bytes) = buffer_of(cx.vm(), value.value()) {
        return Ok(bytes.to_vec());
    }
    let is_number = cx.vm().is_any_int(value.value());
    if value.value().is_kind(Kind::Str) || is_number || !cx.vm().is_iterable(value.value()) {
        let message = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
        return Err(cx.vm().raise_type_error(message));
    }
    items_of(cx, value)
}

fn replace(cx: &Cx, array: Value, range: SliceRange, new: &[u8]) -> Result<(), Raised> {
    let bytes = vector_of(array);
    if range.step == 1 {
        grow(cx, new.len())?;
        let (start, end) = (range.start as usize, range.end() as usize);
        bytes.splice(start..end, new.iter().copied());
        return Ok(());
    }
    if new.is_empty() {
        delete(bytes, range);
        return Ok(());
    }
    if new.len() != range.count {
        let message = format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            range.count
        );
        return Err(cx.vm().raise_value_error(&message));
    }
    range.indices().zip(new).for_each(|(at, byte)| bytes[at] = *byte);
    Ok(())
}

fn delete(bytes: &mut Vec<u8>, range: SliceRange) {
    let doomed: hashbrown::HashSet<usize> = range.indices().collect();
    let mut at = 0;
    bytes.retain(|_| {
        at += 1;
        !doomed.contains(&(at - 1))
    });
}

pub(super) fn delitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let subscript = cx.subscript(args.at(1), "bytearray")?;
    let bytes = vector_of(args.at(0).value());
    match subscript {
        Subscript::Index(index) => match place(index, bytes.len()) {
            Some(place) => {
                bytes.remove(place);
            }
            None => return Err(cx.vm().raise_index_error("bytearray index out of range")),
        },
        Subscript::Slice(parts) => {
            let range = parts.fit(bytes.len());
            delete(bytes, range);
        }
    }
    Ok(cx.none())
}
