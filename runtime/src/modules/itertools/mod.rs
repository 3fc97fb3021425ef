//! The module `itertools`.

mod combinatoric;
mod grouping;
mod infinite;
mod selecting;
mod tee;

use crate::cell::Kind;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    for (name, methods) in
        combinatoric::TYPES.iter().chain(infinite::TYPES).chain(selecting::TYPES).chain(grouping::TYPES)
    {
        iterator_type(vm, dict, name, methods, type_flag::BASE);
    }
    grouping::init(vm, dict);
    tee::init(vm, dict);
    let doc = vm.new_str("Functional tools for creating and using iterators.");
    super::set(vm, dict, "__doc__", doc);
}

/// Adds an iterator type to the module.
fn iterator_type(vm: &mut Vm, dict: Value, name: &str, methods: &'static [NativeDef], flags: u32) -> Value {
    super::add_type(vm, dict, name, Kind::Boxed, flags, methods)
}
