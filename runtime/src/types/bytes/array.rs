//! `bytearray`'s own methods: construction and reading.

use super::common::{from_arguments, this};
use super::{mutate, *};
use crate::cx::{Args, Res};
use crate::native::NativeDef;
use crate::types::new::{check_class, of_class};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, source=b'', encoding='utf-8', errors='strict'", init),
    NativeDef::new("__setitem__", "$self, key, value, /", mutate::setitem),
    NativeDef::new("__delitem__", "$self, key, /", mutate::delitem),
    NativeDef::new("__iadd__", "$self, value, /", mutate::iadd),
    NativeDef::new("__imul__", "$self, value, /", mutate::imul),
    NativeDef::new("__alloc__", "$self, /", alloc),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__reduce_ex__", "$self, proto=0, /", reduce),
    NativeDef::new("append", "$self, item, /", mutate::append),
    NativeDef::new("extend", "$self, iterable_of_ints, /", mutate::extend),
    NativeDef::new("insert", "$self, index, item, /", mutate::insert),
    NativeDef::new("pop", "$self, index=-1, /", mutate::pop),
    NativeDef::new("remove", "$self, value, /", mutate::remove),
    NativeDef::new("reverse", "$self, /", mutate::reverse),
    NativeDef::new("clear", "$self, /", mutate::clear),
    NativeDef::new("copy", "$self, /", copy),
];

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().types.bytearray;
    check_class(cx, args.at(0), ty)?;
    let value = cx.vm().new_bytearray(Vec::new());
    of_class(cx, args.at(0), ty, value)
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = from_arguments(cx, args, "bytearray")?;
    cx.vm().heap.count(bytes.len());
    *vector_of(args.at(0).value()) = bytes;
    Ok(cx.none())
}

fn alloc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = this(args).len() as i64;
    let value = cx.vm().new_int(if len == 0 { 0 } else { len + 1 });
    Ok(cx.local(value))
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    super::common::made(cx, args.at(0).value(), this(args).to_vec())
}

/// The class, bytes as Latin-1 text to be encoded again, and the attributes.
fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let object = args.at(0).value();
    let text = vm.str_from_latin1(this(args));
    let encoding = vm.new_str("latin-1");
    let arguments = vm.new_tuple(&[text, encoding]);
    let dict = vm.instance_dict(object).unwrap_or(Value::NONE);
    let value = vm.new_tuple(&[vm.type_of(object), arguments, dict]);
    Ok(cx.local(value))
}
