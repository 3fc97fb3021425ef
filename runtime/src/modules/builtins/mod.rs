//! The module `builtins`: the built-in functions, by what they are about.

mod attributes;
mod code;
mod numbers;
mod printing;
mod sequences;
mod site;

use crate::vm::Vm;

/// Fills the module's namespace.
pub(crate) fn install(vm: &mut Vm) {
    let builtins = vm.builtins;
    for table in [
        attributes::FUNCTIONS,
        code::FUNCTIONS,
        numbers::FUNCTIONS,
        printing::FUNCTIONS,
        sequences::FUNCTIONS,
    ] {
        super::add_functions(vm, builtins, table);
    }
    site::install(vm);
}
