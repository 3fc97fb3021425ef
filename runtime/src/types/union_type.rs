//! `types.UnionType`: `int | str`.

#![expect(unsafe_code, reason = "unions are reached through cells")]

use std::any::Any;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__instancecheck__", "$self, instance, /", instancecheck),
    NativeDef::new("__subclasscheck__", "$self, subclass, /", subclasscheck),
    NativeDef::getter("__args__", arguments),
    NativeDef::getter("__parameters__", parameters),
];

struct Union {
    args: Slot,
}

impl Payload for Union {
    fn trace(&self, marker: &mut Marker) {
        self.args.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Makes the type.
pub(super) fn install(vm: &mut Vm) {
    let object = vm.types.object;
    let flags = type_flag::NO_NEW | type_flag::IMMUTABLE;
    let ty = vm.new_builtin_type("UnionType", object, Kind::Boxed, flags);
    vm.set_type_module(ty, "types");
    super::add_methods(vm, ty, METHODS);
    vm.union_type = ty;
}

/// The arguments of a union.
fn members(value: Value) -> Option<Value> {
    let cell = value.as_cell::<BoxedCell>()?;
    // SAFETY: the cell is live; the value is copied out.
    let union: &Union = unsafe { (*cell).payload.as_any().downcast_ref()? };
    Some(union.args.value())
}

fn own(args: Args<'_>) -> Value {
    members(args.at(0).value()).expect("methods of unions get one")
}

fn is_unionable(vm: &mut Vm, value: Value) -> bool {
    value.is_none()
        || value.is_kind(Kind::Type)
        || vm.is_generic_alias(value)
        || members(value).is_some()
        || vm.is_type_alias(value)
}

/// `a | b` of types.
pub(crate) fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union_of(cx, args.at(0), args.at(1))
}

/// `b | a` of types.
pub(crate) fn ror<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union_of(cx, args.at(1), args.at(0))
}

fn union_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    if !is_unionable(cx.vm(), a.value()) || !is_unionable(cx.vm(), b.value()) {
        return Ok(cx.not_implemented());
    }
    let none_type = cx.vm().types.none;
    let mut items = Vec::new();
    for part in [a.value(), b.value()] {
        match members(part) {
            Some(parts) => items.extend(cx.vm().sequence_values(parts)),
            None if part.is_none() => items.push(none_type),
            None => items.push(part),
        }
    }
    let union = of_items(cx, &items)?.value();
    Ok(cx.local(union))
}

/// The union of items, equal ones once; the item itself if there is only one.
fn of_items(cx: &mut Cx, items: &[Value]) -> Result<Root, Raised> {
    let unique = cx.vm().new_list(Vec::new());
    let unique = cx.root_value(unique);
    let kept = cx.vm().new_list(items.to_vec());
    let kept = cx.root_value(kept);
    'items: for i in 0..items.len() {
        let item = cx.root_value(cx.vm().sequence_values(kept.value())[i]);
        for known in cx.vm().sequence_values(unique.value()) {
            let known = cx.root_value(known);
            if cx.eq(known.handle(), item.handle())? {
                continue 'items;
            }
        }
        crate::ops::list_items(unique.value()).push(item.value());
    }
    let vm = cx.vm();
    let items = vm.sequence_values(unique.value());
    if let [only] = items[..] {
        return Ok(cx.root_value(only));
    }
    let args = vm.new_tuple(&items);
    let shape = vm.type_data(vm.union_type).shape;
    let union = vm.new_boxed(shape, Box::new(Union { args: Slot::of(args) }));
    Ok(cx.root_value(union))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut parts = Vec::new();
    for item in cx.vm().sequence_values(own(args)) {
        if item == cx.vm().types.none {
            parts.push(String::from("None"));
            continue;
        }
        let item = cx.root_value(item);
        parts.push(super::generic_alias::item_text(cx, item.handle())?);
    }
    let text = cx.vm().new_str(&parts.join(" | "));
    Ok(cx.local(text))
}

fn as_set(cx: &mut Cx, args: Value) -> Result<Root, Raised> {
    let args = cx.root_value(args);
    let class = cx.root_value(cx.vm().types.frozenset);
    cx.call(class.handle(), &[args.handle()])
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(other) = members(args.at(1).value()) else { return Ok(cx.not_implemented()) };
    let a = as_set(cx, own(args))?;
    let b = as_set(cx, other)?;
    let equal = cx.eq(a.handle(), b.handle())?;
    Ok(cx.bool(equal))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let set = as_set(cx, own(args))?;
    let hash = cx.hash(set.handle())?;
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = cx.root_value(own(args));
    let parameters = super::generic_alias::collect_parameters(cx, items.handle())?;
    let new = super::generic_alias::substitute(cx, args.at(0), &items, &parameters, args.at(1))?;
    let none_type = cx.vm().types.none;
    let parts: Vec<Value> = cx
        .vm()
        .sequence_values(new.value())
        .into_iter()
        .map(|part| if part.is_none() { none_type } else { part })
        .collect();
    let union = of_items(cx, &parts)?.value();
    Ok(cx.local(union))
}

fn check_plain(cx: &mut Cx, args: Args<'_>, function: &str) -> Result<(), Raised> {
    let items = cx.vm().sequence_values(own(args));
    if items.iter().any(|item| cx.vm().is_generic_alias(*item)) {
        let message = format!("{function}() argument 2 cannot be a parameterized generic");
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(())
}

fn instancecheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_plain(cx, args, "isinstance")?;
    for item in cx.vm().sequence_values(own(args)) {
        let item = cx.root_value(item);
        if item.value().is_kind(Kind::Type) && cx.is_instance_of(args.at(1), item.handle())? {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

fn subclasscheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Type) {
        return Err(cx.vm().raise_type_error("issubclass() arg 1 must be a class"));
    }
    check_plain(cx, args, "issubclass")?;
    for item in cx.vm().sequence_values(own(args)) {
        let item = cx.root_value(item);
        if item.value().is_kind(Kind::Type) && cx.is_subclass_of(args.at(1), item.handle())? {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}

fn arguments<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(own(args)))
}

fn parameters<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = cx.root_value(own(args));
    let found = super::generic_alias::collect_parameters(cx, items.handle())?.value();
    Ok(cx.local(found))
}
