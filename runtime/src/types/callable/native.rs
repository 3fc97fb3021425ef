//! Built-in functions, methods and attributes as objects.

#![expect(unsafe_code, reason = "natives are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTION: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, *args, **kwargs", super::function::call),
    NativeDef::new("__repr__", "$self, /", repr_function),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__qualname__", qualname),
    NativeDef::getter("__doc__", doc),
    NativeDef::getter("__self__", self_),
    NativeDef::attribute("__module__", module, set_module),
    NativeDef::getter("__text_signature__", text_signature),
];

pub(super) static DESCRIPTOR: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, *args, **kwargs", super::function::call),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__repr__", "$self, /", repr_descriptor),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__qualname__", qualname),
    NativeDef::getter("__doc__", doc),
    NativeDef::getter("__objclass__", owner),
    NativeDef::getter("__text_signature__", text_signature),
];

pub(super) static METHOD_WRAPPER: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, *args, **kwargs", super::function::call),
    NativeDef::new("__repr__", "$self, /", repr_wrapper),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__qualname__", qualname),
    NativeDef::getter("__doc__", doc),
    NativeDef::getter("__self__", self_),
    NativeDef::getter("__objclass__", owner),
    NativeDef::getter("__text_signature__", text_signature),
];

pub(super) static GETSET: &[NativeDef] = &[
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__set__", "$self, instance, value, /", set),
    NativeDef::new("__delete__", "$self, instance, /", delete),
    NativeDef::new("__repr__", "$self, /", repr_attribute),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__qualname__", qualname),
    NativeDef::getter("__doc__", doc),
    NativeDef::getter("__objclass__", owner),
];

fn cell<'a>(handle: Handle<'_>) -> &'a NativeCell {
    // SAFETY: these natives belong to types of natives: their first argument is a live one.
    unsafe { &*handle.value().cast::<NativeCell>() }
}

fn text<'a>(cx: &'a mut Cx, text: &str) -> Res<'a> {
    let text = cx.vm().new_str(text);
    Ok(cx.local(text))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern(cell(args.at(0)).definition.name);
    Ok(cx.local(name))
}

fn qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let vm = cx.vm();
    let name = native.definition.name;
    let owner = if native.self_.is_kind(Kind::Type) { native.self_ } else { native.owner };
    if owner.is_undef() {
        return text(cx, name);
    }
    let owner = vm.str_lossy(vm.type_data(owner).qualname);
    text(cx, &format!("{owner}.{name}"))
}

fn doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cell(args.at(0)).definition.doc {
        "" => Ok(cx.none()),
        doc => text(cx, doc),
    }
}

fn text_signature<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let signature = cell(args.at(0)).definition.signature;
    if signature.contains("<unrepresentable>") {
        return Ok(cx.none());
    }
    text(cx, &format!("({signature})"))
}

fn self_<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    if !native.self_.is_undef() {
        return Ok(cx.local(native.self_));
    }
    if !native.owner.is_undef() {
        return Ok(cx.local(native.owner));
    }
    let vm = cx.vm();
    let module = if native.module.is_kind(Kind::Str) {
        vm.dict_get_str(vm.modules, native.module).unwrap_or(Value::NONE)
    } else {
        Value::NONE
    };
    Ok(cx.local(module))
}

fn module<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let module = cell(args.at(0)).module;
    Ok(cx.local(if module.is_undef() { Value::NONE } else { module }))
}

fn set_module<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = args.at(0).value().cast::<NativeCell>();
    // SAFETY: as in `cell`.
    unsafe { (*native).module = args.opt(1).map_or(Value::NONE, Handle::value) };
    Ok(cx.none())
}

fn owner<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).owner))
}

fn repr_function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let name = native.definition.name;
    let bound = if native.self_.is_undef() { native.owner } else { native.self_ };
    if bound.is_undef() {
        return text(cx, &format!("<built-in function {name}>"));
    }
    let number = cx.vm().ids.number(bound);
    let ty = cx.vm().type_name_of(bound);
    text(cx, &format!("<built-in method {name} of {ty} object at {number:#x}>"))
}

fn repr_descriptor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let ty = cx.vm().type_of(args.at(0).value());
    let what = if ty == cx.vm().types.wrapper_descriptor { "slot wrapper" } else { "method" };
    let owner = cx.vm().type_name(native.owner);
    text(cx, &format!("<{what} '{}' of '{owner}' objects>", native.definition.name))
}

fn repr_attribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let owner = cx.vm().type_name(native.owner);
    text(cx, &format!("<attribute '{}' of '{owner}' objects>", native.definition.name))
}

fn repr_wrapper<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let number = cx.vm().ids.number(native.self_);
    let ty = cx.vm().type_name_of(native.self_);
    text(cx, &format!("<method-wrapper '{}' of {ty} object at {number:#x}>", native.definition.name))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Native) {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (cell(args.at(0)), cell(args.at(1)));
    Ok(cx.bool(std::ptr::eq(a.definition, b.definition) && a.self_ == b.self_))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let address = std::ptr::from_ref(native.definition) as u64 >> 4;
    let hash = address ^ super::super::type_type::hash_identity(native.self_);
    let hash = cx.vm().new_int((hash >> 2) as i64);
    Ok(cx.local(hash))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let native = cell(args.at(0));
    let name = cx.vm().intern(native.definition.name);
    let from = if native.self_.is_undef() { native.owner } else { native.self_ };
    if from.is_undef() {
        return Ok(cx.local(name));
    }
    let getattr = cx.vm().builtin("getattr");
    let inner = cx.vm().new_tuple(&[from, name]);
    let pair = cx.vm().new_tuple(&[getattr, inner]);
    Ok(cx.local(pair))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (descriptor, instance) = (args.at(0).value(), args.at(1).value());
    let owner = args.some(2).map(Handle::value);
    let native = cell(args.at(0));
    let vm = cx.vm();
    if native.definition.binding == crate::native::Binding::Class {
        let class = owner.unwrap_or_else(|| vm.type_of(instance));
        let bound = vm.bind_native_method(descriptor, class);
        return Ok(cx.local(bound));
    }
    if instance.is_none() && owner.is_some_and(|owner| owner != vm.types.none) {
        return Ok(args.at(0).get(cx));
    }
    if !vm.is_instance(instance, native.owner) {
        let message = format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            native.definition.name,
            vm.type_name(native.owner),
            vm.type_name_of(instance)
        );
        return Err(vm.raise_type_error(&message));
    }
    let ty = vm.type_of(instance);
    let value = vm.door(|vm| vm.get_descriptor(descriptor, instance, ty))?;
    Ok(cx.local(value))
}

/// Runs a native attribute's setter; Undef deletes.
fn store(
    vm: &mut Vm,
    descriptor: Value,
    native: &NativeCell,
    object: Value,
    value: Value,
) -> Result<(), Raised> {
    if !vm.is_instance(object, native.owner) {
        let message = format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            native.definition.name,
            vm.type_name(native.owner),
            vm.type_name_of(object)
        );
        return Err(vm.raise_type_error(&message));
    }
    let name = vm.intern(native.definition.name);
    vm.door(|vm| vm.set_descriptor(descriptor, object, name, value)).map(drop)
}

fn set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (descriptor, object, value) = (args.at(0).value(), args.at(1).value(), args.at(2).value());
    store(cx.vm(), descriptor, cell(args.at(0)), object, value)?;
    Ok(cx.none())
}

fn delete<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (descriptor, object) = (args.at(0).value(), args.at(1).value());
    store(cx.vm(), descriptor, cell(args.at(0)), object, Value::UNDEF)?;
    Ok(cx.none())
}

/// The row that a native function was made of.
pub(crate) fn native_definition(function: Value) -> Option<&'static NativeDef> {
    // SAFETY: the cell is live, and its definition is static.
    function.as_cell::<NativeCell>().map(|cell| unsafe { (*cell).definition })
}
