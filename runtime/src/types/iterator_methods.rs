//! Methods of the iterators that have a layout of their own: over sequences by index, and over dicts.

#![expect(unsafe_code, reason = "iterators are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::dict_data;
use crate::native::NativeDef;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

static SEQUENCE_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__length_hint__", "$self, /", length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling."),
    NativeDef::new("__setstate__", "$self, state, /", set_state).doc("Set state information for unpickling."),
];

static DICT_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__length_hint__", "$self, /", dict_length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", dict_reduce).doc("Return state information for pickling."),
];

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.vm().iter_next(args.at(0).value()) {
        Value::EXHAUSTED => Err(cx.vm().raise_exhausted()),
        Value::RAISED => Err(Raised),
        item => Ok(cx.local(item)),
    }
}

fn cell<'a>(iterator: Handle<'_>) -> &'a mut SeqIterCell {
    // SAFETY: the receiver was checked; the reference ends in the leaf that asked for it.
    unsafe { &mut *iterator.value().cast::<SeqIterCell>() }
}

fn is_reverse(iterator: &SeqIterCell) -> bool {
    iterator.header.shape == shape_id::LIST_REVERSE_ITERATOR
}

fn length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let SeqIterCell { sequence, index, .. } = *cell(args.at(0));
    if sequence.is_undef() {
        return Ok(cx.local(Value::small(0)));
    }
    let len = match cx.vm().len_plain(sequence) {
        Some(len) if cell(args.at(0)).header.shape != shape_id::SEQUENCE_ITERATOR => len as i64,
        _ => {
            let sequence = cx.root_value(sequence);
            let (ty, name) = (cx.vm().type_of(sequence.value()), cx.vm().names.__len__);
            if cx.vm().lookup(ty, name).is_undef() {
                return Ok(cx.not_implemented());
            }
            cx.len(sequence.handle())? as i64
        }
    };
    let hint = if is_reverse(cell(args.at(0))) {
        if index >= len { 0 } else { index + 1 }
    } else {
        (len - index).max(0)
    };
    let hint = cx.vm().new_int(hint);
    Ok(cx.local(hint))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let SeqIterCell { sequence, index, .. } = *cell(args.at(0));
    let (shape, reverse) = (cell(args.at(0)).header.shape, is_reverse(cell(args.at(0))));
    let vm = cx.vm();
    if sequence.is_undef() {
        let empty = match shape {
            shape_id::LIST_ITERATOR | shape_id::LIST_REVERSE_ITERATOR => vm.new_list(Vec::new()),
            shape_id::STR_ITERATOR | shape_id::STR_ASCII_ITERATOR => vm.empty_str,
            _ => vm.empty_tuple,
        };
        let arguments = vm.new_tuple(&[empty]);
        let reduced = vm.reduce_by_builtin("iter", &[arguments]);
        return Ok(cx.local(reduced));
    }
    let arguments = vm.new_tuple(&[sequence]);
    let index = vm.new_int(index);
    let reduced = vm.reduce_by_builtin(if reverse { "reversed" } else { "iter" }, &[arguments, index]);
    Ok(cx.local(reduced))
}

fn set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let iterator = cell(args.at(0));
    if iterator.sequence.is_undef() {
        return Ok(cx.none());
    }
    iterator.index = if is_reverse(iterator) {
        let len = cx.vm().len_plain(iterator.sequence).unwrap_or(0) as i64;
        index.clamp(-1, len - 1)
    } else {
        let (least, most) = match iterator.header.shape {
            shape_id::SEQUENCE_ITERATOR => (0, i64::MAX),
            shape_id::LIST_ITERATOR => (-1, cx.vm().len_plain(iterator.sequence).map_or(0, |len| len as i64)),
            _ => (0, cx.vm().len_plain(iterator.sequence).map_or(0, |len| len as i64)),
        };
        index.clamp(least, most)
    };
    Ok(cx.none())
}

fn dict_cell<'a>(iterator: Handle<'_>) -> &'a mut DictIterCell {
    // SAFETY: the receiver was checked; the reference ends in the leaf that asked for it.
    unsafe { &mut *iterator.value().cast::<DictIterCell>() }
}

fn dict_length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = dict_cell(args.at(0));
    let valid = !iterator.dict.is_undef() && dict_data(iterator.dict).len() == iterator.expected_len;
    let hint = cx.vm().new_int(if valid { iterator.remaining as i64 } else { 0 });
    Ok(cx.local(hint))
}

fn dict_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let kept = dict_cell(args.at(0));
    let saved = (kept.dict, kept.position, kept.expected_len, kept.remaining);
    let rest = cx.collect(args.at(0));
    let kept = dict_cell(args.at(0));
    (kept.dict, kept.position, kept.expected_len, kept.remaining) = saved;
    let rest = rest?;
    let vm = cx.vm();
    let arguments = vm.new_tuple(&[rest.value()]);
    let reduced = vm.reduce_by_builtin("iter", &[arguments]);
    Ok(cx.local(reduced))
}

impl Vm {
    /// What `__reduce__` of an iterator gives: a built-in function and more.
    pub(crate) fn reduce_by_builtin(&mut self, function: &str, rest: &[Value]) -> Value {
        let name = self.intern(function);
        let function = self.dict_get_str(self.builtins, name).unwrap_or(Value::NONE);
        let parts: Vec<Value> = std::iter::once(function).chain(rest.iter().copied()).collect();
        self.new_tuple(&parts)
    }

    /// Says that a native `__next__` has no more items: cheaper than a StopIteration, which is made only where a
    /// program sees it. Natives return the result at once; whoever called their function takes it from there
    /// (`Vm::call_native` makes the exception, loops just end).
    #[inline]
    pub(crate) fn raise_exhausted(&mut self) -> Raised {
        self.exception = Value::EXHAUSTED;
        Raised
    }
}

/// Fills the iterators' namespaces.
pub(crate) fn install(vm: &mut Vm) {
    let t = vm.types;
    for ty in [
        t.list_iterator,
        t.list_reverse_iterator,
        t.tuple_iterator,
        t.str_iterator,
        t.str_ascii_iterator,
        t.bytes_iterator,
        t.bytearray_iterator,
        t.sequence_iterator,
    ] {
        super::add_methods(vm, ty, SEQUENCE_METHODS);
    }
    for ty in [
        t.dict_key_iterator,
        t.dict_value_iterator,
        t.dict_item_iterator,
        t.dict_reverse_key_iterator,
        t.dict_reverse_value_iterator,
        t.dict_reverse_item_iterator,
    ] {
        super::add_methods(vm, ty, DICT_METHODS);
    }
}
