//! `defaultdict`: a dict whose missing keys get what a factory makes. The factory lies in the instance's first member
//! slot.

#![expect(unsafe_code, reason = "the member slot is reached through the cell")]

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::object::member_words;
use crate::ops::Merge;
use crate::type_object::type_flag;
use crate::types::shared::CLASS_GETITEM;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_instance),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__missing__", "$self, key, /", missing).doc(
        "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n",
    ),
    NativeDef::new("__copy__", "$self, /", copy).doc("D.copy() -> a shallow copy of D."),
    NativeDef::new("copy", "$self, /", copy).doc("D.copy() -> a shallow copy of D."),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling."),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::attribute("default_factory", get_factory, set_factory)
        .doc("Factory for default value called by __missing__()."),
    CLASS_GETITEM,
];

/// Adds the type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let ty = vm.new_module_type("collections", "defaultdict", Kind::Dict, type_flag::BASE, &[]);
    vm.type_data(ty).member_slots = 1;
    crate::types::add_methods(vm, ty, METHODS);
    vm.module_types.defaultdict = ty;
    super::super::set(vm, dict, "defaultdict", ty);
}

/// The factory; None if there is none.
fn factory(dict: Handle<'_>) -> Value {
    // SAFETY: instances are made with the member slot.
    let factory = unsafe { *member_words(dict.value().cell()) };
    if factory.is_undef() { Value::NONE } else { factory }
}

fn store_factory(dict: Value, factory: Value) {
    // SAFETY: as in `factory`.
    unsafe { *member_words(dict.cell()) = factory };
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.vm().new_dict();
    let made = cx.vm().as_subclass(dict, args.at(0).value())?;
    Ok(cx.local(made))
}

fn init_instance<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut rest = args.rest();
    let factory = rest.next();
    if let Some(factory) = factory
        && !factory.value().is_none()
        && !cx.vm().is_callable(factory.value())
    {
        return Err(cx.vm().raise_type_error("first argument must be callable or None"));
    }
    store_factory(args.at(0).value(), factory.map_or(Value::NONE, Handle::value));
    cx.check_count("dict", rest.len(), 0, 1)?;
    if let Some(source) = rest.next() {
        cx.dict_update_from(args.at(0), source)?;
    }
    if let Some(keywords) = args.opt(1) {
        cx.dict_merge_keys(args.at(0), keywords, Merge::Replace)?;
    }
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    let name = cx.vm().type_name_of(dict.value());
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let function = cx.root_value(factory(dict));
    let nested = !cx.enter_repr(function.handle());
    let factory_text = if nested { Ok(String::from("...")) } else { cx.repr_text(function.handle()) };
    if !nested {
        cx.leave_repr(function.handle());
    }
    let factory_text = factory_text?;
    let base = cx.root_value(cx.vm().types.dict);
    let plain = cx.get_attr(base.handle(), "__repr__")?;
    let items = cx.call(plain.handle(), &[dict])?;
    let mut text = crate::text_builder::TextBuilder::new();
    text.push_str(&format!("{name}({factory_text}, "));
    text.push_units(cx.vm().units(items.value()));
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn missing<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = factory(args.at(0));
    if function.is_none() {
        return Err(cx.vm().raise_key_error(args.at(1).value()));
    }
    let value = cx.call_raw(function, &[])?;
    let value = cx.root_value(value);
    cx.set_item(args.at(0), args.at(1), value.handle())?;
    Ok(value.get(cx))
}

/// `type(self)(self.default_factory, self)`.
fn remade(cx: &mut Cx, dict: Handle<'_>, source: Handle<'_>) -> Result<crate::cx::Root, Raised> {
    let ty = cx.vm().type_of(dict.value());
    let (ty, function) = (cx.root_value(ty), cx.root_value(factory(dict)));
    cx.call(ty.handle(), &[function.handle(), source])
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let copy = remade(cx, args.at(0), args.at(0))?;
    Ok(copy.get(cx))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = factory(args.at(0));
    let items = cx.call_method(args.at(0), "items", &[])?;
    let iterator = cx.iter(items.handle())?;
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let arguments = if function.is_none() { vm.empty_tuple } else { vm.new_tuple(&[function]) };
    let reduced = vm.new_tuple(&[ty, arguments, Value::NONE, Value::NONE, iterator.value()]);
    Ok(cx.local(reduced))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(0), args.at(1))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(1), args.at(0))
}

/// `left | right` with the type and factory of `like`.
fn union<'a>(cx: &'a mut Cx, like: Handle<'_>, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    if !left.value().is_kind(Kind::Dict) || !right.value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let made = remade(cx, like, left)?;
    cx.dict_update_from(made.handle(), right)?;
    Ok(made.get(cx))
}

fn get_factory<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(factory(args.at(0))))
}

fn set_factory<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    store_factory(args.at(0).value(), args.opt(1).map_or(Value::NONE, Handle::value));
    Ok(cx.none())
}
