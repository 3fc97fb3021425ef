//! The module `_operator`: the operators as functions, and callables that get items, attributes or call methods.

mod functions;
mod getters;

use crate::value::Value;
use crate::vm::Vm;

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, functions::FUNCTIONS);
    getters::init(vm, dict);
    let doc = vm.new_str("Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression x+y.");
    super::set(vm, dict, "__doc__", doc);
}
