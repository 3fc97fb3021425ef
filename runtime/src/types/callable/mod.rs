//! Functions, methods, natives, code objects and closure cells as Python sees them.

mod bound_method;
mod closure_cell;
mod code;
mod function;
mod native;

pub(crate) use native::native_definition;

use crate::vm::Vm;

/// Puts the types' natives into their namespaces.
pub(super) fn install(vm: &mut Vm) {
    let t = vm.types;
    for (ty, table) in [
        (t.function, function::METHODS),
        (t.method, bound_method::METHODS),
        (t.code, code::METHODS),
        (t.cell, closure_cell::METHODS),
        (t.builtin_function, native::FUNCTION),
        (t.method_descriptor, native::DESCRIPTOR),
        (t.wrapper_descriptor, native::DESCRIPTOR),
        (t.classmethod_descriptor, native::DESCRIPTOR),
        (t.method_wrapper, native::METHOD_WRAPPER),
        (t.getset_descriptor, native::GETSET),
    ] {
        super::add_methods(vm, ty, table);
    }
}
