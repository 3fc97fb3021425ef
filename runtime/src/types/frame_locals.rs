//! What `f_locals` of a function's frame gives (PEP 667): a mapping that reads and writes the frame's variables.

use std::any::Any;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::frame::{cell, code_of};

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, frame, /", new),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__delitem__", "$self, key, /", delitem),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__ior__", "$self, value, /", ior),
    NativeDef::new("keys", "$self, /", keys),
    NativeDef::new("values", "$self, /", values),
    NativeDef::new("items", "$self, /", items),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::new("get", "$self, key, default=None, /", get),
    NativeDef::new("setdefault", "$self, key, default=None, /", setdefault),
    NativeDef::new("update", "$self, other, /", update),
    NativeDef::new("pop", "$self, key, default=<unrepresentable>, /", pop),
];

struct Proxy {
    frame: Slot,
}

impl Payload for Proxy {
    fn trace(&self, marker: &mut Marker) {
        self.frame.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Makes the type.
pub(super) fn install(vm: &mut Vm) {
    let object = vm.types.object;
    let flags = type_flag::MAPPING | type_flag::IMMUTABLE;
    let ty = vm.new_builtin_type("FrameLocalsProxy", object, Kind::Boxed, flags);
    super::add_methods(vm, ty, METHODS);
    let (dict, hash) = (vm.type_data(ty).dict, vm.names.__hash__);
    vm.dict_set_str(dict, hash, Value::NONE);
    vm.frame_locals = ty;
}

/// The proxy of a frame object.
pub(super) fn new_proxy(vm: &mut Vm, frame: Value) -> Value {
    let shape = vm.type_data(vm.frame_locals).shape;
    vm.new_boxed(shape, Box::new(Proxy { frame: Slot::of(frame) }))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let frame = args.at(1).value();
    if !frame.is_kind(Kind::Frame) {
        let message = format!("expect frame, not {}", cx.vm().type_name_of(frame));
        return Err(cx.vm().raise_type_error(&message));
    }
    let proxy = new_proxy(cx.vm(), frame);
    Ok(cx.local(proxy))
}

fn frame_of(cx: &Cx, proxy: Handle<'_>) -> Value {
    cx.payload::<Proxy>(proxy).expect("methods of proxies get one").frame.value()
}

impl Vm {
    /// A frame's bound variables as a new dict, in the order of localsplus.
    pub(super) fn frame_variables(&mut self, frame: Value) -> Value {
        let dict = self.new_dict();
        let names = code_of(frame).local_names.clone();
        for (i, name) in names.iter().enumerate() {
            let value = self.frame_local(frame, i);
            if !value.is_undef() {
                self.dict_set_str(dict, *name, value);
            }
        }
        let extra = cell(frame).dict;
        if !extra.is_undef() {
            let entries: Vec<(u64, Value, Value)> =
                dict_data(extra).iter().map(|entry| (entry.hash, entry.key, entry.value)).collect();
            for (hash, key, value) in entries {
                self.dict_insert_new(dict, hash, key, value);
            }
        }
        dict
    }

    /// The place of a variable in localsplus.
    fn variable_index(&self, frame: Value, name: Value) -> Option<usize> {
        if !name.is_kind(Kind::Str) {
            return None;
        }
        code_of(frame).local_names.iter().position(|other| self.str_eq(*other, name))
    }
}

impl Cx {
    /// `locals()` of the innermost Python frame: its namespace, or a new dict of its variables.
    pub(crate) fn current_locals(&mut self) -> Result<Value, Raised> {
        let Some(depth) = self.vm().python_frame() else {
            return Err(self.vm().raise_system_error("frame does not exist"));
        };
        let frame = self.vm().frame_object(depth);
        if let Some(namespace) = Vm::frame_namespace(frame) {
            return Ok(namespace);
        }
        Ok(self.vm().frame_variables(frame))
    }
}

fn snapshot(cx: &mut Cx, proxy: Handle<'_>) -> Root {
    let frame = frame_of(cx, proxy);
    let dict = cx.vm().frame_variables(frame);
    cx.root_value(dict)
}

fn lookup(cx: &mut Cx, proxy: Handle<'_>, key: Handle<'_>) -> Result<Option<Value>, Raised> {
    let frame = frame_of(cx, proxy);
    if let Some(index) = cx.vm().variable_index(frame, key.value()) {
        let value = cx.vm().frame_local(frame, index);
        return Ok((!value.is_undef()).then_some(value));
    }
    let extra = cell(frame).dict;
    if extra.is_undef() {
        return Ok(None);
    }
    let extra = cx.root_value(extra);
    cx.dict_get_value(extra.handle(), key)
}

fn store(cx: &mut Cx, proxy: Handle<'_>, key: Handle<'_>, value: Handle<'_>) -> Result<(), Raised> {
    let frame = frame_of(cx, proxy);
    if let Some(index) = cx.vm().variable_index(frame, key.value()) {
        cx.vm().set_frame_local(frame, index, value.value());
        return Ok(());
    }
    if cell(frame).dict.is_undef() {
        cell(frame).dict = cx.vm().new_dict();
    }
    let extra = cx.root_value(cell(frame).dict);
    cx.dict_set(extra.handle(), key, value)
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match lookup(cx, args.at(0), args.at(1))? {
        Some(value) => Ok(cx.local(value)),
        None => {
            let text = cx.repr_text(args.at(1))?;
            let message =
                cx.vm().new_str(&format!("local variable '{}' is not defined", text.trim_matches('\'')));
            Err(cx.vm().raise_key_error(message))
        }
    }
}

fn setitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    store(cx, args.at(0), args.at(1), args.at(2))?;
    Ok(cx.none())
}

fn delitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let frame = frame_of(cx, args.at(0));
    if cx.vm().variable_index(frame, args.at(1).value()).is_some() {
        return Err(cx.vm().raise_value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    let extra = cell(frame).dict;
    if !extra.is_undef() {
        let extra = cx.root_value(extra);
        if cx.dict_remove(extra.handle(), args.at(1))? {
            return Ok(cx.none());
        }
    }
    Err(cx.vm().raise_key_error(args.at(1).value()))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = lookup(cx, args.at(0), args.at(1))?.is_some();
    Ok(cx.bool(found))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = snapshot(cx, args.at(0));
    Ok(cx.local(Value::small(dict_data(dict.value()).len() as i32)))
}

fn key_list(cx: &mut Cx, proxy: Handle<'_>) -> Root {
    let dict = snapshot(cx, proxy);
    let keys = dict_data(dict.value()).iter().map(|entry| entry.key).collect();
    let list = cx.vm().new_list(keys);
    cx.root_value(list)
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = key_list(cx, args.at(0));
    let iterator = cx.iter(list.handle())?.value();
    Ok(cx.local(iterator))
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = key_list(cx, args.at(0));
    crate::ops::list_items(list.value()).reverse();
    let iterator = cx.iter(list.handle())?.value();
    Ok(cx.local(iterator))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = snapshot(cx, args.at(0));
    let text = cx.repr(dict.handle())?.value();
    Ok(cx.local(text))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let other = args.at(1);
    let equal = if cx.payload::<Proxy>(other).is_some() {
        frame_of(cx, args.at(0)) == frame_of(cx, other)
    } else if other.value().is_kind(Kind::Dict) {
        let dict = snapshot(cx, args.at(0));
        cx.eq(dict.handle(), other)?
    } else {
        return Ok(cx.not_implemented());
    };
    Ok(cx.bool(equal))
}

fn merged<'a>(cx: &'a mut Cx, proxy: Handle<'_>, other: Handle<'_>, proxy_first: bool) -> Res<'a> {
    let own = snapshot(cx, proxy);
    let other = if cx.payload::<Proxy>(other).is_some() {
        snapshot(cx, other)
    } else if other.value().is_kind(Kind::Dict) {
        cx.root_value(other.value())
    } else {
        return Ok(cx.not_implemented());
    };
    let (first, second) = if proxy_first { (own, other) } else { (other, own) };
    let result = cx.call_method(first.handle(), "__or__", &[second.handle()])?.value();
    Ok(cx.local(result))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    merged(cx, args.at(0), args.at(1), true)
}

fn ror<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    merged(cx, args.at(0), args.at(1), false)
}

fn ior<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    merge(cx, args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

fn merge(cx: &mut Cx, proxy: Handle<'_>, other: Handle<'_>) -> Result<(), Raised> {
    let class = cx.root_value(cx.vm().types.dict);
    let dict = cx.call(class.handle(), &[other])?;
    let entries: Vec<(Root, Root)> = dict_data(dict.value())
        .iter()
        .map(|entry| (cx.root_value(entry.key), cx.root_value(entry.value)))
        .collect();
    for (key, value) in &entries {
        store(cx, proxy, key.handle(), value.handle())?;
    }
    Ok(())
}

fn by_dict<'a>(cx: &'a mut Cx, proxy: Handle<'_>, method: &str) -> Res<'a> {
    let dict = snapshot(cx, proxy);
    let view = cx.call_method(dict.handle(), method, &[])?;
    let list = cx.collect(view.handle())?.value();
    Ok(cx.local(list))
}

fn keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    by_dict(cx, args.at(0), "keys")
}

fn values<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    by_dict(cx, args.at(0), "values")
}

fn items<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    by_dict(cx, args.at(0), "items")
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = snapshot(cx, args.at(0)).value();
    Ok(cx.local(dict))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let default = args.opt(2).map_or(Value::NONE, Handle::value);
    let value = lookup(cx, args.at(0), args.at(1))?.unwrap_or(default);
    Ok(cx.local(value))
}

fn setdefault<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(value) = lookup(cx, args.at(0), args.at(1))? {
        return Ok(cx.local(value));
    }
    let default = cx.root_value(args.opt(2).map_or(Value::NONE, Handle::value));
    store(cx, args.at(0), args.at(1), default.handle())?;
    Ok(default.get(cx))
}

fn update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    merge(cx, args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let frame = frame_of(cx, args.at(0));
    if cx.vm().variable_index(frame, args.at(1).value()).is_some() {
        return Err(cx.vm().raise_value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    let found = lookup(cx, args.at(0), args.at(1))?;
    match (found, args.opt(2)) {
        (Some(value), _) => {
            let value = cx.root_value(value);
            let extra = cx.root_value(cell(frame).dict);
            cx.dict_remove(extra.handle(), args.at(1))?;
            Ok(value.get(cx))
        }
        (None, Some(default)) => Ok(default.get(cx)),
        (None, None) => Err(cx.vm().raise_key_error(args.at(1).value())),
    }
}
