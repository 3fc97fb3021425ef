//! `module`.

#![expect(unsafe_code, reason = "modules are reached through cells")]

use crate::cell::*;
use crate::value::Value;
use crate::vm::Vm;

/// A module's `__name__`, if it has a string there.
pub(crate) fn name_of(vm: &Vm, module: Value) -> Option<String> {
    let cell = module.as_cell::<ModuleCell>()?;
    // SAFETY: the module is live.
    let dict = unsafe { (*cell).dict };
    vm.dict_get_str(dict, vm.names.__name__)
        .filter(|name| name.is_kind(Kind::Str))
        .map(|name| vm.str_lossy(name))
}
