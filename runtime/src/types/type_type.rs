//! `type` and `object`.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) static METHODS: &[NativeDef] = &[];
pub(crate) static OBJECT_METHODS: &[NativeDef] = &[];

/// `type.__setattr__` beyond data descriptors of the metatype; `value` Undef deletes.
pub(crate) fn set_attr(vm: &mut Vm, ty: Value, name: Value, value: Value) -> Value {
    vm.set_type_entry(ty, name, value);
    Value::NONE
}

/// `Type[key]`: `__class_getitem__`.
pub(crate) fn class_getitem(vm: &mut Vm, ty: Value, _key: Value) -> Value {
    let message = format!("type '{}' is not subscriptable", vm.type_name(ty));
    vm.type_error(&message)
}

/// The hash of an object by identity: its address, rotated as CPython does.
pub(crate) fn hash_identity(value: Value) -> u64 {
    match value.bits().rotate_right(4) {
        u64::MAX => u64::MAX - 1,
        hash => hash,
    }
}

/// Checks the class that a built-in type's `__new__` is called with.
pub(crate) fn check_new(cx: &mut Cx, ty: Value, of: Value) -> Result<(), Raised> {
    let vm = cx.vm();
    let of_name = vm.type_name(of);
    if !ty.is_kind(Kind::Type) {
        let message = format!("{of_name}.__new__(X): X is not a type object ({})", vm.type_name_of(ty));
        return Err(vm.raise_type_error(&message));
    }
    if !vm.is_subtype(ty, of) {
        let name = vm.type_name(ty);
        let message = format!("{of_name}.__new__({name}): {name} is not a subtype of {of_name}");
        return Err(vm.raise_type_error(&message));
    }
    Ok(())
}

/// The interned name of an attribute given as an argument; TypeError if it is no string.
pub(crate) fn attribute_name(cx: &mut Cx, name: Handle<'_>) -> Result<Value, Raised> {
    if !name.value().is_kind(Kind::Str) {
        let message = format!("attribute name must be string, not '{}'", cx.vm().type_name_of(name.value()));
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(cx.vm().intern_str(name.value()))
}

/// The getter of an instance's `__dict__`.
pub(crate) fn get_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    match cx.vm().instance_dict(object) {
        Some(dict) => Ok(cx.local(dict)),
        None => {
            let name = cx.vm().names.__dict__;
            Err(cx.vm().raise_attribute_error(object, name))
        }
    }
}

/// The setter of an instance's `__dict__`.
pub(crate) fn set_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let Some(dict) = args.opt(1).map(Handle::value) else {
        return Err(cx.vm().raise_type_error("cannot delete __dict__"));
    };
    if !dict.is_kind(Kind::Dict) {
        let message = format!("__dict__ must be set to a dictionary, not a '{}'", cx.vm().type_name_of(dict));
        return Err(cx.vm().raise_type_error(&message));
    }
    let vm = cx.vm();
    if let Some(instance) = object.as_cell::<ObjectCell>() {
        vm.enter_dict_mode(instance);
        // SAFETY: the instance is live and keeps a dict now.
        unsafe { (*instance).extra = dict };
    } else if let Some(place) = vm.dict_place(object) {
        // SAFETY: the place lies in the live object.
        unsafe { *place = dict };
    }
    Ok(cx.none())
}
