//! `Ellipsis` and `NotImplemented` as objects.

use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::vm::Vm;

static ELLIPSIS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", ellipsis),
    NativeDef::new("__reduce__", "$self, /", ellipsis).doc("Return state information for pickling."),
];

static NOT_IMPLEMENTED: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", not_implemented),
    NativeDef::new("__reduce__", "$self, /", not_implemented).doc("Return state information for pickling."),
];

/// Fills the types.
pub(super) fn install(vm: &mut Vm) {
    super::add_methods(vm, vm.types.ellipsis, ELLIPSIS);
    super::add_methods(vm, vm.types.not_implemented, NOT_IMPLEMENTED);
}

fn ellipsis<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern("Ellipsis");
    Ok(cx.local(name))
}

fn not_implemented<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern("NotImplemented");
    Ok(cx.local(name))
}
