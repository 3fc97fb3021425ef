//! `_count_elements`: the counting loop of `Counter`.

use bytecode::BinOp;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::dict_data;
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] =
    &[NativeDef::new("_count_elements", "mapping, iterable, /", count_elements)
        .doc("Count elements in the iterable, updating the mapping")];

fn count_elements<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(1))?;
    let plain = counts_as_dict(cx, args.at(0));
    while let Some(element) = cx.next_value(iterator.handle())? {
        if plain && count_plain(cx, args.at(0).value(), element) {
            continue;
        }
        let element = cx.root_value(element);
        if plain {
            count_in_dict(cx, args.at(0), element.handle())?;
        } else {
            count_in_mapping(cx, args.at(0), element.handle())?;
        }
    }
    Ok(cx.none())
}

/// Whether the mapping is a dict whose `get` and `__setitem__` are dict's own.
fn counts_as_dict(cx: &mut Cx, mapping: Handle<'_>) -> bool {
    if !mapping.value().is_kind(Kind::Dict) {
        return false;
    }
    let vm = cx.vm();
    let (ty, dict) = (vm.type_of(mapping.value()), vm.types.dict);
    [vm.names.get, vm.names.__setitem__].into_iter().all(|name| vm.lookup(ty, name) == vm.lookup(dict, name))
}

/// Counts an element that needs no Python code; whether it did.
fn count_plain(cx: &mut Cx, dict: Value, element: Value) -> bool {
    let vm = cx.vm();
    let Some(hash) = vm.hash_plain(element) else { return false };
    match dict_data(dict).find(hash, |other| vm.same_key(other, element)) {
        Ok(Some(position)) => {
            let count = dict_data(dict).value_at(position).add_ints(Value::small(1));
            if let Some(count) = count {
                dict_data(dict).set_value_at(position, count);
            }
            count.is_some()
        }
        Ok(None) => {
            vm.dict_insert_new(dict, hash, element, Value::small(1));
            true
        }
        Err(_) => false,
    }
}

fn count_in_dict(cx: &mut Cx, dict: Handle<'_>, element: Handle<'_>) -> Result<(), Raised> {
    let (hash, found) = cx.dict_find(dict, element)?;
    let Some(position) = found else {
        cx.vm().dict_insert_new(dict.value(), hash, element.value(), Value::small(1));
        return Ok(());
    };
    let (old, one) = (dict_data(dict.value()).value_at(position), Value::small(1));
    let (old, one) = (cx.root_value(old), cx.root_value(one));
    let count = cx.binary(BinOp::Add, old.handle(), one.handle())?;
    cx.dict_set(dict, element, count.handle())
}

fn count_in_mapping(cx: &mut Cx, mapping: Handle<'_>, element: Handle<'_>) -> Result<(), Raised> {
    let (zero, one) = (cx.root_value(Value::small(0)), cx.root_value(Value::small(1)));
    let old = cx.call_method(mapping, "get", &[element, zero.handle()])?;
    let count = cx.binary(BinOp::Add, old.handle(), one.handle())?;
    cx.set_item(mapping, element, count.handle())
}
