//! `f(*args, **kwargs)`.

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::dict_ops::dict_data;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `CALL_FUNCTION_EX`: calls with the items of `args` and, unless undefined, the entries of the dict `kwargs`.
    pub fn call_function_ex(&mut self, callee: Value, args: Value, kwargs: Value) -> Value {
        let Ok(mut values) = self.star_arguments(callee, args) else { return Value::RAISED };
        let names = match self.keyword_names(kwargs, &mut values) {
            Ok(names) => names,
            Err(Raised) => return Value::RAISED,
        };
        // The values lie in the caller's tuple and dict, or in a list made here that nothing else keeps: they are
        // copied to the callee's slots before anything can be collected.
        self.call(callee, CallArgs::named(&values, names), Cont::Store)
    }

    fn star_arguments(&mut self, callee: Value, args: Value) -> Result<Vec<Value>, Raised> {
        if matches!(args.kind(), Some(Kind::Tuple | Kind::List)) && self.is_exact(args) {
            return Ok(self.sequence_values(args));
        }
        if !self.is_iterable(args) {
            let callee = self.function_text(callee)?;
            let message =
                format!("{callee} argument after * must be an iterable, not {}", self.type_name_of(args));
            return Err(self.raise_type_error(&message));
        }
        self.enter(|cx| {
            let args = cx.root_value(args);
            let list = cx.collect(args.handle())?;
            Ok(cx.vm().sequence_values(list.value()))
        })
    }

    /// Appends the values of a dict of keyword arguments; the tuple of their names, or Undef.
    fn keyword_names(&mut self, kwargs: Value, values: &mut Vec<Value>) -> Result<Value, Raised> {
        if kwargs.is_undef() || dict_data(kwargs).is_empty() {
            return Ok(Value::UNDEF);
        }
        let mut names = Vec::with_capacity(dict_data(kwargs).len());
        for entry in dict_data(kwargs).iter() {
            if !entry.key.is_kind(Kind::Str) {
                return Err(self.raise_type_error("keywords must be strings"));
            }
            names.push(entry.key);
            values.push(entry.value);
        }
        Ok(self.new_tuple(&names))
    }

    /// How messages tell a callee: its qualified name with its module's, and parentheses.
    pub(crate) fn function_text(&mut self, callee: Value) -> Result<String, Raised> {
        self.enter(|cx| {
            let callee = cx.root_value(callee);
            let Some(qualname) = cx.get_attr_opt(callee.handle(), "__qualname__")? else {
                return cx.str_text(callee.handle());
            };
            let name = cx.str_text(qualname.handle())?;
            let module = cx.get_attr_opt(callee.handle(), "__module__")?;
            let prefix = match module {
                Some(module) if !module.value().is_none() && !cx.vm().str_is(module.value(), "builtins") => {
                    format!("{}.", cx.str_text(module.handle())?)
                }
                _ => String::new(),
            };
            Ok(format!("{prefix}{name}()"))
        })
    }
}
