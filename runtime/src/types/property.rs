//! `property`.

use crate::value::Value;
use crate::vm::Vm;

/// Raises AttributeError: the property has no such accessor.
pub(crate) fn raise_no_accessor(vm: &mut Vm, property: Value, object: Value, what: &str) -> Value {
    let ty = vm.type_name_of(object);
    let name = property_name(vm, property);
    let message = match name {
        Some(name) => format!("property '{name}' of '{ty}' object has no {what}"),
        None => format!("property of '{ty}' object has no {what}"),
    };
    vm.raise_attribute_error_text(&message);
    Value::RAISED
}

fn property_name(_vm: &Vm, _property: Value) -> Option<String> {
    None
}
