//! The built-in types: one file a type, with its native methods.

mod async_generator;
pub(crate) mod bytes;
pub(crate) mod callable;
pub(crate) mod class_statement;
pub(crate) mod complex;
pub(crate) mod dict;
pub(crate) mod dict_views;
mod docs;
pub(crate) mod exception_group;
pub(crate) mod exceptions;
pub(crate) mod float;
mod frame;
mod frame_locals;
pub(crate) mod function;
pub(crate) mod functional;
pub(crate) mod generator;
pub(crate) mod generic_alias;
pub(crate) mod int;
pub(crate) mod iterator_methods;
pub(crate) mod iterators;
pub(crate) mod list;
pub(crate) mod mappingproxy;
mod member;
mod merge_sort;
pub(crate) mod module;
pub(crate) mod new;
pub(crate) mod object_type;
pub(crate) mod property;
pub(crate) mod range;
mod reduce;
pub(crate) mod set;
pub(crate) mod shared;
pub(crate) mod singletons;
mod slice;
pub(crate) mod sort;
pub(crate) mod str;
pub(crate) mod super_object;
mod traceback;
pub(crate) mod tuple;
mod type_bases;
pub(crate) mod type_new;
pub(crate) mod type_type;
pub(crate) mod union_type;
mod wrappers;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

/// Puts a table of natives into a type's namespace.
pub(crate) fn add_methods(vm: &mut Vm, ty: Value, table: &'static [NativeDef]) {
    let dict = vm.type_data(ty).dict;
    for definition in table {
        let name = vm.intern(definition.name);
        let native = vm.new_native(definition, ty, Value::UNDEF);
        vm.dict_set_str(dict, name, native);
    }
}

impl Vm {
    /// A value's type as messages about arguments name it.
    pub(crate) fn argument_type(&self, value: Value) -> String {
        if value.is_none() { String::from("None") } else { self.type_name_of(value) }
    }
}

/// Raises TypeError unless a format specification is a string.
pub(crate) fn check_format_spec(cx: &mut Cx, spec: Handle<'_>) -> Result<(), Raised> {
    if spec.value().is_kind(Kind::Str) {
        return Ok(());
    }
    let ty = cx.vm().argument_type(spec.value());
    Err(cx.vm().raise_type_error(&format!("__format__() argument must be str, not {ty}")))
}

/// Fills the namespaces of all built-in types.
pub(crate) fn install(vm: &mut Vm) {
    for (ty, table) in [
        (vm.types.int, int::METHODS),
        (vm.types.bool, int::BOOL_METHODS),
        (vm.types.float, float::METHODS),
        (vm.types.complex, complex::METHODS),
        (vm.types.str, str::METHODS),
        (vm.types.bytes, bytes::METHODS),
        (vm.types.bytes, bytes::BYTES_METHODS),
        (vm.types.bytearray, bytes::METHODS),
        (vm.types.bytearray, bytes::BYTEARRAY_METHODS),
        (vm.types.type_, type_type::METHODS),
        (vm.types.object, object_type::METHODS),
        (vm.types.generator, generator::METHODS),
        (vm.types.coroutine, generator::COROUTINE_METHODS),
        (vm.types.coroutine_wrapper, generator::WRAPPER_METHODS),
        (vm.types.super_, super_object::METHODS),
        (vm.types.member_descriptor, member::METHODS),
        (vm.types.staticmethod, wrappers::STATIC),
        (vm.types.classmethod, wrappers::CLASS),
        (vm.types.property, property::METHODS),
        (vm.types.frame, frame::METHODS),
        (vm.types.traceback, traceback::METHODS),
        (vm.types.module, module::METHODS),
    ] {
        add_methods(vm, ty, table);
    }
    // A super object's attributes are found by its own `__getattribute__`, never in its type as inline caches assume.
    vm.type_data(vm.types.super_).flags |= crate::type_object::type_flag::CUSTOM_GETATTRIBUTE;
    callable::install(vm);
    async_generator::install(vm);
    docs::install(vm);
    generic_alias::install(vm);
    union_type::install(vm);
    bytes::init_memoryview(vm);
    frame_locals::install(vm);
    exceptions::install(vm);
    list::install(vm);
    tuple::install(vm);
    dict::install(vm);
    dict_views::install(vm);
    mappingproxy::install(vm);
    set::install(vm);
    range::install(vm);
    singletons::install(vm);
    slice::install(vm);
    iterator_methods::install(vm);
    functional::install(vm);
}
