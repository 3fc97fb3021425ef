//! `type` and `object`.

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
