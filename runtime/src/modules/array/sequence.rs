//! Arrays as sequences: subscripts, comparison, concatenation.

use bytecode::CompareOp;

use super::{array_of, like, state};
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::index::{SliceRange, Subscript, place};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::types::shared::rich_comparisons;
use crate::value::Value;
use crate::vm::shape_id;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__setitem__", "$self, key, value, /", set_item),
    NativeDef::new("__delitem__", "$self, key, /", delete_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__iadd__", "$self, value, /", add_in_place),
    NativeDef::new("__mul__", "$self, value, /", multiply),
    NativeDef::new("__rmul__", "$self, value, /", multiply),
    NativeDef::new("__imul__", "$self, value, /", multiply_in_place),
];

rich_comparisons!(compare);

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let array = state(cx, args.at(0))?;
    let name = cx.vm().type_name_of(args.at(0).value());
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let (code, is_empty, is_text) = (array.code.letter(), array.len() == 0, array.code.is_text());
    let mut text = TextBuilder::new();
    text.push_str(&format!("{name}('{code}'"));
    if !is_empty {
        let items = if is_text {
            super::methods::as_text(cx, args.at(0))?
        } else {
            let items = super::methods::items(cx, args.at(0))?;
            cx.vm().new_list(items)
        };
        text.push_str(", ");
        cx.push_repr(&mut text, items)?;
    }
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len() as i64;
    let len = cx.vm().new_int(len);
    Ok(cx.local(len))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.vm().new_seq_iter(shape_id::SEQUENCE_ITERATOR, args.at(0).value(), 0);
    Ok(cx.local(iterator))
}

fn subscript(cx: &mut Cx, key: Handle<'_>) -> Result<Subscript, Raised> {
    if !key.value().is_kind(Kind::Slice) && !cx.vm().has_index(key.value()) {
        return Err(cx.vm().raise_type_error("array indices must be integers"));
    }
    cx.subscript(key, "array")
}

/// The byte positions of the items that a slice takes.
fn taken(range: SliceRange, size: usize, bytes: &[u8]) -> Vec<u8> {
    range.indices().flat_map(|i| bytes[i * size..(i + 1) * size].iter().copied()).collect()
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let subscript = subscript(cx, args.at(1))?;
    let array = state(cx, args.at(0))?;
    match subscript {
        Subscript::Index(index) => {
            let item = place(index, array.len()).and_then(|place| array.get(cx.vm(), place));
            match item {
                Some(item) => Ok(cx.local(item)),
                None => Err(cx.vm().raise_index_error("array index out of range")),
            }
        }
        Subscript::Slice(parts) => {
            let bytes = taken(parts.fit(array.len()), array.code.size(), &array.bytes.borrow());
            like(cx, args.at(0), bytes)
        }
    }
}

fn set_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match subscript(cx, args.at(1))? {
        Subscript::Index(index) => {
            let code = state(cx, args.at(0))?.code;
            let item = code.write(cx, args.at(2))?;
            let array = state(cx, args.at(0))?;
            let Some(place) = place(index, array.len()) else {
                return Err(cx.vm().raise_index_error("array assignment index out of range"));
            };
            let start = place * code.size();
            array.bytes.borrow_mut()[start..start + code.size()].copy_from_slice(&item);
        }
        Subscript::Slice(parts) => {
            let new = bytes_of_same_code(cx, args)?;
            let range = parts.fit(state(cx, args.at(0))?.len());
            replace(cx, args.at(0), range, &new)?;
        }
    }
    Ok(cx.none())
}

fn bytes_of_same_code(cx: &Cx, args: Args<'_>) -> Result<Vec<u8>, Raised> {
    let Some(other) = array_of(args.at(2).value()) else {
        let ty = cx.vm().type_name_of(args.at(2).value());
        let message = format!("can only assign array (not \"{ty}\") to array slice");
        return Err(cx.vm().raise_type_error(&message));
    };
    if other.code != state(cx, args.at(0))?.code {
        return Err(cx.vm().raise_type_error("bad argument type for built-in operation"));
    }
    Ok(other.bytes.borrow().clone())
}

fn replace(cx: &Cx, array: Handle<'_>, range: SliceRange, new: &[u8]) -> Result<(), Raised> {
    let array = state(cx, array)?;
    let size = array.code.size();
    let mut bytes = array.bytes.borrow_mut();
    if range.step == 1 {
        bytes.splice(range.start as usize * size..range.end() as usize * size, new.iter().copied());
        return Ok(());
    }
    if new.is_empty() {
        delete(&mut bytes, range, size);
        return Ok(());
    }
    if new.len() / size != range.count {
        let (given, wanted) = (new.len() / size, range.count);
        let message = format!("attempt to assign array of size {given} to extended slice of size {wanted}");
        return Err(cx.vm().raise_value_error(&message));
    }
    for (at, item) in range.indices().zip(new.chunks(size)) {
        bytes[at * size..(at + 1) * size].copy_from_slice(item);
    }
    Ok(())
}

fn delete(bytes: &mut Vec<u8>, range: SliceRange, size: usize) {
    let mut doomed: Vec<usize> = range.indices().collect();
    doomed.sort_unstable();
    let kept = bytes.chunks(size).enumerate().filter(|(i, _)| doomed.binary_search(i).is_err());
    *bytes = kept.flat_map(|(_, item)| item.iter().copied()).collect();
}

fn delete_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let subscript = subscript(cx, args.at(1))?;
    let array = state(cx, args.at(0))?;
    let size = array.code.size();
    match subscript {
        Subscript::Index(index) => {
            let Some(place) = place(index, array.len()) else {
                return Err(cx.vm().raise_index_error("array assignment index out of range"));
            };
            array.bytes.borrow_mut().drain(place * size..(place + 1) * size);
        }
        Subscript::Slice(parts) => {
            let range = parts.fit(array.len());
            delete(&mut array.bytes.borrow_mut(), range, size);
        }
    }
    Ok(cx.none())
}

/// The first index from `start` and below `stop` of an item equal to a value.
pub(super) fn find(
    cx: &mut Cx,
    array: Handle<'_>,
    wanted: Handle<'_>,
    start: usize,
    stop: usize,
) -> Result<Option<usize>, Raised> {
    for i in start..stop {
        let Some(item) = state(cx, array)?.get(cx.vm(), i) else { break };
        if cx.is_or_equals(item, wanted)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = find(cx, args.at(0), args.at(1), 0, usize::MAX)?.is_some();
    Ok(cx.bool(found))
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let array = state(cx, args.at(0))?;
    let Some(other) = array_of(args.at(1).value()) else {
        let ty = cx.vm().type_name_of(args.at(1).value());
        let message = format!("can only append array (not \"{ty}\") to array");
        return Err(cx.vm().raise_type_error(&message));
    };
    if other.code != array.code {
        return Err(cx.vm().raise_type_error("bad argument type for built-in operation"));
    }
    let bytes = [&array.bytes.borrow()[..], &other.bytes.borrow()[..]].concat();
    like(cx, args.at(0), bytes)
}

fn add_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if array_of(args.at(1).value()).is_none() {
        let ty = cx.vm().type_name_of(args.at(1).value());
        let message = format!("can only extend with array (not \"{ty}\")");
        return Err(cx.vm().raise_type_error(&message));
    }
    super::methods::extend_by(cx, args.at(0), args.at(1))?;
    Ok(cx.local(args.at(0).value()))
}

/// The bytes repeated; MemoryError if there is no room.
fn repeated(cx: &mut Cx, args: Args<'_>) -> Result<Vec<u8>, Raised> {
    let times = cx.repeat_count(args.at(1))?;
    let array = state(cx, args.at(0))?;
    let len = array.bytes.borrow().len().checked_mul(times);
    if len.is_none_or(|len| len > isize::MAX as usize || !cx.vm().heap.may_grow(len)) {
        return Err(cx.vm().raise_memory_error());
    }
    let bytes = array.bytes.borrow().repeat(times);
    Ok(bytes)
}

fn multiply<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = repeated(cx, args)?;
    like(cx, args.at(0), bytes)
}

fn multiply_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = repeated(cx, args)?;
    *state(cx, args.at(0))?.bytes.borrow_mut() = bytes;
    Ok(cx.local(args.at(0).value()))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (Some(a), Some(b)) = (array_of(args.at(0).value()), array_of(args.at(1).value())) else {
        return Ok(cx.not_implemented());
    };
    if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.bool(op == CompareOp::Ne));
    }
    let listed = |cx: &mut Cx, array: Handle<'_>| -> Result<_, Raised> {
        let items = super::methods::items(cx, array)?;
        let list = cx.vm().new_list(items);
        Ok(cx.root_value(list))
    };
    let (a, b) = (listed(cx, args.at(0))?, listed(cx, args.at(1))?);
    debug_assert!(a.value().is_kind(Kind::List), "both were just made");
    let result: Value = cx.compare_items(a.handle(), b.handle(), op)?;
    Ok(cx.local(result))
}
