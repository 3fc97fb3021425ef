//! `super`.

use crate::value::Value;
use crate::vm::Vm;

/// `super(…).name`.
pub(crate) fn load_attr(vm: &mut Vm, object: Value, name: Value) -> Value {
    vm.raise_attribute_error(object, name);
    Value::RAISED
}
