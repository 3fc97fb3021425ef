//! `import`: from the instructions to the import machinery.

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `IMPORT_NAME`: `__import__(name, globals(), locals(), fromlist, level)`.
    pub fn import_name(&mut self, name: Value, fromlist: Value, level: Value) -> Value {
        let builtins = self.function().builtins;
        let import = match self.load_from_mapping(builtins, self.names.__import__) {
            Ok(Some(import)) => import,
            Ok(None) => {
                self.raise_import_error_text("__import__ not found");
                return Value::RAISED;
            }
            Err(Raised) => return Value::RAISED,
        };
        let globals = self.globals();
        if !crate::types::function::is_native_named(import, "__import__") {
            let locals = match self.function().locals {
                locals if locals.is_undef() => Value::NONE,
                locals => locals,
            };
            let args = [name, globals, locals, fromlist, level];
            return self.call(import, CallArgs::positional(&args), Cont::Store);
        }
        let result = self.enter(|cx| cx.import_level(name, globals, fromlist, level.as_int().unwrap_or(0)));
        result.unwrap_or(Value::RAISED)
    }

    /// `IMPORT_FROM`: an attribute of a module, or else a submodule that is being imported.
    pub fn import_from(&mut self, module: Value, name: Value) -> Value {
        match self.door(|vm| vm.load_attr(module, name)) {
            Ok(value) => value,
            Err(Raised) if self.clear_if(self.exceptions.attribute_error) => {
                let result = self.enter(|cx| cx.import_from_missing(module, name));
                result.unwrap_or(Value::RAISED)
            }
            Err(Raised) => Value::RAISED,
        }
    }

    /// `from module import *`: takes over what `__all__` names, or all public names.
    pub(crate) fn import_star(&mut self, module: Value) -> Result<Value, Raised> {
        let locals = self.locals_mapping();
        if locals == Value::RAISED {
            return Err(Raised);
        }
        self.enter(|cx| cx.import_all_into(module, locals))?;
        Ok(Value::NONE)
    }

    /// Whether a value is a module.
    pub(crate) fn is_module(&self, value: Value) -> bool {
        value.is_kind(Kind::Module)
    }
}
