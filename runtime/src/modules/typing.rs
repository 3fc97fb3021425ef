//! What the compiler's type parameters are made of: `TypeVar` and kin (`_typing`).

use crate::cx::Raised;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Whether a value is a type alias of a `type` statement.
    pub(crate) fn is_type_alias(&self, _value: Value) -> bool {
        false
    }
}

/// A bound, as `new_type_var` is told.
pub(crate) const BOUND: bool = true;
/// Constraints.
pub(crate) const CONSTRAINTS: bool = false;

fn missing(vm: &mut Vm, what: &str) -> Result<Value, Raised> {
    Err(vm.raise_not_implemented_error(&format!("{what} are not supported")))
}

/// A type variable, with a bound or constraints (evaluated when they are asked for).
pub(crate) fn new_type_var(
    vm: &mut Vm,
    _name: Value,
    _limit: Option<(bool, Value)>,
) -> Result<Value, Raised> {
    missing(vm, "type variables")
}

/// A parameter specification.
pub(crate) fn new_param_spec(vm: &mut Vm, _name: Value) -> Result<Value, Raised> {
    missing(vm, "parameter specifications")
}

/// A type variable tuple.
pub(crate) fn new_type_var_tuple(vm: &mut Vm, _name: Value) -> Result<Value, Raised> {
    missing(vm, "type variable tuples")
}

/// `typing.Generic[params]`.
pub(crate) fn subscript_generic(vm: &mut Vm, _params: Value) -> Result<Value, Raised> {
    missing(vm, "generic classes")
}

/// A type alias of (name, type parameters, value).
pub(crate) fn new_type_alias(vm: &mut Vm, _parts: Value) -> Result<Value, Raised> {
    missing(vm, "type aliases")
}

/// Sets a type parameter's default.
pub(crate) fn set_default(vm: &mut Vm, _parameter: Value, _default: Value) -> Result<Value, Raised> {
    missing(vm, "defaults of type parameters")
}
