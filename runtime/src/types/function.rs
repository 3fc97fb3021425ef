//! Functions, methods and natives as objects.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use bytecode::FunctionAttribute;

use crate::cell::*;
use crate::native::NativeFn;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// The type that a native method belongs to.
pub(crate) fn native_owner(native: *mut NativeCell) -> Value {
    // SAFETY: the caller got the pointer from a live value.
    unsafe { (*native).owner }
}

/// A Python function's globals.
pub(crate) fn globals_of(function: Value) -> Value {
    // SAFETY: the caller got the function from a running frame.
    unsafe { (*function.cast::<FunctionCell>()).globals }
}

/// A native's function.
pub(crate) fn native_function(native: *mut NativeCell) -> NativeFn {
    // SAFETY: as above.
    unsafe { (*native).function }
}

/// Whether a value is the native of a name.
pub(crate) fn is_native_named(value: Value, name: &str) -> bool {
    // SAFETY: the value is live.
    value.as_cell::<NativeCell>().is_some_and(|native| unsafe { (*native).definition.name == name })
}

impl Vm {
    /// A function of a code object, in the running frame's globals.
    pub fn make_function(&mut self, code: Value) -> Value {
        let (globals, builtins) = (self.function().globals, self.function().builtins);
        self.new_function(code, globals, builtins)
    }

    /// A function of a code object.
    pub(crate) fn new_function(&mut self, code: Value, globals: Value, builtins: Value) -> Value {
        // SAFETY: `code` is a live code object.
        let data: *mut crate::code::CodeData = unsafe { &raw mut *(*code.cast::<CodeCell>()).data };
        // SAFETY: as above.
        let (name, qualname, has_doc) = unsafe {
            let has_doc = (*data).flags().has(bytecode::CodeFlags::OPTIMIZED) && (*data).nconsts > 0;
            ((*data).name, (*data).qualname, has_doc)
        };
        // SAFETY: as above.
        let doc = if has_doc { unsafe { (*data).constant(0) } } else { Value::NONE };
        let doc = if doc.is_kind(Kind::Str) { doc } else { Value::NONE };
        let module = self.dict_get_str(globals, self.names.__name__).unwrap_or(Value::NONE);
        self.alloc_cell(Kind::Function, shape_id::FUNCTION, |header| FunctionCell {
            header,
            code_data: data,
            code,
            globals,
            builtins,
            closure: Value::UNDEF,
            defaults: Value::UNDEF,
            kwdefaults: Value::UNDEF,
            locals: Value::UNDEF,
            name,
            qualname,
            doc,
            module,
            annotations: Value::UNDEF,
            type_params: Value::UNDEF,
            dict: Value::UNDEF,
        })
    }

    /// `SET_FUNCTION_ATTRIBUTE`.
    pub fn set_function_attribute(&mut self, function: Value, attribute: u32, value: Value) {
        let Some(cell) = function.as_cell::<FunctionCell>() else { return };
        // SAFETY: the function is live.
        unsafe {
            match FunctionAttribute::from_number(attribute) {
                Some(FunctionAttribute::Defaults) => (*cell).defaults = value,
                Some(FunctionAttribute::KwDefaults) => (*cell).kwdefaults = value,
                Some(FunctionAttribute::Annotations) => (*cell).annotations = value,
                Some(FunctionAttribute::Closure) => (*cell).closure = value,
                None => debug_assert!(false, "the verifier checks the attribute"),
            }
        }
    }
}
