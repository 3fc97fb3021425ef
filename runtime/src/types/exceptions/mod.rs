//! The built-in exception classes: their fields, `__init__`, `__str__`, and what the runtime sets and reads.
//!
//! A class's own fields lie in a list in the order that [`FIELDS`] tells. The list is made when a field is first set;
//! `StopIteration.value` and `SystemExit.code` are read from the arguments until then.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

mod base;
mod os_error;
mod syntax_error;
mod unicode_error;

pub(crate) use syntax_error::raise_compile_failure;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

/// Own fields of the classes that have some, the most derived first where one inherits from another.
type Layout = (fn(&Vm) -> Value, &'static [&'static str], &'static [NativeDef]);

static FIELDS: &[Layout] = &[
    (|vm| vm.exceptions.stop_iteration, &["value"], base::STOP_ITERATION),
    (|vm| vm.exceptions.system_exit, &["code"], base::SYSTEM_EXIT),
    (|vm| vm.exceptions.import_error, &["msg", "name", "path", "name_from"], base::IMPORT_ERROR),
    (|vm| vm.exceptions.attribute_error, &["name", "obj"], base::ATTRIBUTE_ERROR),
    (|vm| vm.exceptions.name_error, &["name"], base::NAME_ERROR),
    (
        |vm| vm.exceptions.os_error,
        &["errno", "strerror", "filename", "filename2", "characters_written"],
        os_error::METHODS,
    ),
    (
        |vm| vm.exceptions.syntax_error,
        &["msg", "filename", "lineno", "offset", "text", "end_lineno", "end_offset", "print_file_and_line"],
        syntax_error::METHODS,
    ),
    (|vm| vm.exceptions.unicode_decode_error, unicode_error::FIELDS, unicode_error::DECODE),
    (|vm| vm.exceptions.unicode_encode_error, unicode_error::FIELDS, unicode_error::ENCODE),
    (|vm| vm.exceptions.unicode_translate_error, unicode_error::FIELDS, unicode_error::TRANSLATE),
    (|vm| vm.exceptions.base_exception_group, &["message", "exceptions"], super::exception_group::METHODS),
];

/// Puts the classes' natives into their namespaces.
pub(crate) fn install(vm: &mut Vm) {
    super::add_methods(vm, vm.types.base_exception, base::METHODS);
    super::add_methods(vm, vm.exceptions.key_error, base::KEY_ERROR);
    for (class, _, table) in FIELDS {
        let class = class(vm);
        super::add_methods(vm, class, table);
    }
    super::exception_group::install(vm);
}

/// The names of the fields of an exception's class.
fn field_names(vm: &Vm, exception: Value) -> &'static [&'static str] {
    let ty = vm.type_of(exception);
    FIELDS.iter().find(|(class, ..)| vm.is_subtype(ty, class(vm))).map_or(&[], |(_, names, _)| names)
}

/// The list of an exception's fields.
fn field_list(exception: Value) -> Value {
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).fields }
}

/// Field `index`, Undef if it was never set.
pub(crate) fn field_at(vm: &Vm, exception: Value, index: usize) -> Value {
    let list = field_list(exception);
    if list.is_undef() {
        return default_field(vm, exception);
    }
    vm.sequence_item(list, index).unwrap_or(Value::UNDEF)
}

/// What the first field is before any was set.
fn default_field(vm: &Vm, exception: Value) -> Value {
    let args = vm.exception_args(exception);
    if vm.is_instance(exception, vm.exceptions.stop_iteration) {
        return args.first().copied().unwrap_or(Value::NONE);
    }
    if vm.is_instance(exception, vm.exceptions.system_exit) {
        return match args.len() {
            0 => Value::NONE,
            1 => args[0],
            // SAFETY: the exception is live.
            _ => unsafe { (*exception.cast::<ExceptionCell>()).args },
        };
    }
    Value::UNDEF
}

/// Sets field `index`; Undef clears it.
pub(crate) fn set_field_at(vm: &mut Vm, exception: Value, index: usize, value: Value) {
    if field_list(exception).is_undef() {
        let mut fields = vec![Value::UNDEF; field_names(vm, exception).len().max(index + 1)];
        fields[0] = default_field(vm, exception);
        let list = vm.new_list(fields);
        // SAFETY: the exception is live.
        unsafe { (*exception.cast::<ExceptionCell>()).fields = list };
    }
    crate::ops::list_items(field_list(exception))[index] = value;
}

/// A field by name; None if the class has no such field or it was not set.
pub(crate) fn field(vm: &Vm, exception: Value, name: &str) -> Value {
    let found = field_names(vm, exception).iter().position(|field| *field == name);
    match found.map(|index| field_at(vm, exception, index)) {
        Some(value) if !value.is_undef() => value,
        _ => Value::NONE,
    }
}

/// Sets a field by name, if the class has it.
pub(crate) fn set_field(vm: &mut Vm, exception: Value, name: &str, value: Value) {
    if let Some(index) = field_names(vm, exception).iter().position(|field| *field == name) {
        set_field_at(vm, exception, index, value);
    }
}

/// The getter of field `I`.
fn get<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = field_at(cx.vm(), args.at(0).value(), I);
    Ok(cx.local(if value.is_undef() { Value::NONE } else { value }))
}

/// The setter of field `I`.
fn set<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.opt(1).map_or(Value::UNDEF, Handle::value);
    set_field_at(cx.vm(), args.at(0).value(), I, value);
    Ok(cx.none())
}

/// Fills the fields of an exception made from Rust with its arguments, where its class takes them from there.
pub(crate) fn init_fields(vm: &mut Vm, exception: Value) {
    if vm.is_instance(exception, vm.exceptions.import_error) {
        if let [message] = vm.exception_args(exception)[..] {
            set_field(vm, exception, "msg", message);
        }
    } else if vm.is_instance(exception, vm.exceptions.os_error) {
        os_error::init_from_args(vm, exception);
    } else if vm.is_instance(exception, vm.exceptions.syntax_error)
        && let Some(message) = vm.exception_args(exception).first().copied()
    {
        set_field(vm, exception, "msg", message);
    } else if vm.is_instance(exception, vm.exceptions.unicode_error) {
        unicode_error::init_from_args(vm, exception);
    }
}

/// Sets `name` and `obj` of the AttributeError in flight.
pub(crate) fn set_name_and_object(vm: &mut Vm, name: Value, object: Value) {
    set_field(vm, vm.exception, "name", name);
    set_field(vm, vm.exception, "obj", object);
}

/// Sets `name` of the NameError in flight.
pub(crate) fn set_name(vm: &mut Vm, name: Value) {
    set_field(vm, vm.exception, "name", name);
}

/// Warns of something deprecated: a door. `Err`: a filter makes it an exception.
pub(crate) fn warn_deprecated(cx: &mut Cx, message: &str) -> Result<(), Raised> {
    let category = cx.vm().exceptions.deprecation_warning;
    crate::modules::warnings::warn_of(cx, category, message)
}

/// The value that a StopIteration carries.
pub(crate) fn stop_value(vm: &mut Vm, stop: Value) -> Value {
    field_at(vm, stop, 0)
}

/// An exception's arguments: a tuple.
pub(crate) fn args_of(exception: Value) -> Value {
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).args }
}

/// An exception's traceback, or None.
pub(crate) fn traceback_of(exception: Value) -> Value {
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).traceback }
}

/// Reports the exception in flight on standard error and drops it.
pub(crate) fn report_unraisable(cx: &mut Cx, object: Handle<'_>) {
    let exception = cx.vm().take_exception();
    let exception = cx.root_value(exception);
    let text = match cx.repr_text(object) {
        Ok(text) => format!("Exception ignored in: {text}\n"),
        Err(Raised) => {
            cx.vm().exception = Value::UNDEF;
            String::from("Exception ignored in: <object repr() failed>\n")
        }
    };
    let report = cx.vm().exception_report(exception.value());
    cx.vm().write_error(&(text + &report));
}

/// The state that `__reduce__` tells beyond the arguments: the attributes' dict, with fields that only keywords set.
fn reduce_state(vm: &mut Vm, exception: Value) -> Value {
    // SAFETY: the exception is live.
    let dict = unsafe { (*exception.cast::<ExceptionCell>()).dict };
    let names: &[&str] = if vm.is_instance(exception, vm.exceptions.import_error) {
        &["name", "path", "name_from"]
    } else if vm.is_instance(exception, vm.exceptions.attribute_error) {
        &["name"]
    } else {
        &[]
    };
    let fields: Vec<(&str, Value)> = names
        .iter()
        .map(|name| (*name, field(vm, exception, name)))
        .filter(|(_, value)| !value.is_none())
        .collect();
    if fields.is_empty() {
        return dict;
    }
    let state = vm.new_dict();
    if !dict.is_undef() {
        for entry in crate::dict_ops::dict_data(dict).iter() {
            vm.dict_set_str(state, entry.key, entry.value);
        }
    }
    for (name, value) in fields {
        let name = vm.intern(name);
        vm.dict_set_str(state, name, value);
    }
    state
}

/// Whether a built-in exception class adds fields to its base's.
pub(super) fn has_own_fields(vm: &Vm, ty: Value) -> bool {
    FIELDS.iter().any(|(class, ..)| class(vm) == ty)
}
