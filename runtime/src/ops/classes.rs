//! Class statements and `super()`.

#![expect(unsafe_code, reason = "results are written to the machine's slots")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `LOAD_BUILD_CLASS`.
    pub fn load_build_class(&mut self) -> Value {
        let builtins = self.function().builtins;
        match self.load_from_mapping(builtins, self.names.__build_class__) {
            Ok(Some(function)) => function,
            Ok(None) => {
                self.raise_name_error_text("__build_class__ not found");
                Value::RAISED
            }
            Err(Raised) => Value::RAISED,
        }
    }

    /// `SETUP_ANNOTATIONS`: makes `__annotations__` in the frame's namespace if there is none.
    pub fn setup_annotations(&mut self) -> Value {
        let locals = self.locals_mapping();
        if locals == Value::RAISED {
            return locals;
        }
        let name = self.names.__annotations__;
        match self.load_from_mapping(locals, name) {
            Ok(Some(_)) => Value::NONE,
            Ok(None) => {
                let dict = self.new_dict();
                self.store_name(name, dict)
            }
            Err(Raised) => Value::RAISED,
        }
    }

    /// `LOAD_SUPER_ATTR`: `super_type(class, self_).name`; `two_arg` if the source gave both arguments.
    pub fn load_super_attr(
        &mut self,
        super_type: Value,
        class: Value,
        self_: Value,
        name: Value,
        two_arg: bool,
    ) -> Value {
        if super_type != self.types.super_ {
            return self.load_super_replaced(super_type, class, self_, name, two_arg);
        }
        match crate::types::super_object::check(self, class, self_) {
            Ok(object_type) => crate::types::super_object::lookup_attr(self, class, self_, object_type, name),
            Err(Raised) => Value::RAISED,
        }
    }

    /// `LOAD_SUPER_ATTR` for a call: writes the function and `self_`, or the attribute and Undef.
    ///
    /// `to` points to two slots of the running frame.
    #[expect(clippy::not_unsafe_ptr_arg_deref, reason = "machines pass their frame's slots")]
    pub fn load_super_method(
        &mut self,
        super_type: Value,
        class: Value,
        self_: Value,
        name: Value,
        two_arg: bool,
        to: *mut Value,
    ) -> Result<(), Raised> {
        if super_type == self.types.super_ {
            let object_type = crate::types::super_object::check(self, class, self_)?;
            let method = crate::types::super_object::find(self, class, object_type, name);
            let binds = method.is_kind(Kind::Function) || self.is_method_native(method);
            if binds && self_ != object_type {
                // SAFETY: by contract.
                unsafe {
                    to.write(method);
                    to.add(1).write(self_);
                }
                return Ok(());
            }
        }
        let value = self.door(|vm| vm.load_super_attr(super_type, class, self_, name, two_arg))?;
        // SAFETY: by contract.
        unsafe {
            to.write(value);
            to.add(1).write(Value::UNDEF);
        }
        Ok(())
    }

    /// The name `super` means something else here.
    fn load_super_replaced(
        &mut self,
        super_type: Value,
        class: Value,
        self_: Value,
        name: Value,
        two_arg: bool,
    ) -> Value {
        let args = [class, self_];
        let args = CallArgs::positional(if two_arg { &args } else { &[] });
        match self.door(|vm| vm.call(super_type, args, Cont::Store)) {
            Ok(object) => {
                let base = self.push_values(&[object]);
                let result = self.door(|vm| vm.load_attr(object, name));
                self.top = base;
                result.unwrap_or(Value::RAISED)
            }
            Err(Raised) => Value::RAISED,
        }
    }
}
