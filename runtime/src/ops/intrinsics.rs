//! `CALL_INTRINSIC_1` and `CALL_INTRINSIC_2`.

#![expect(unsafe_code, reason = "functions and exceptions are reached through cells")]

use bytecode::{CodeFlags, Intrinsic1, Intrinsic2};

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

impl Vm {
    /// `CALL_INTRINSIC_1`.
    pub fn call_intrinsic_1(&mut self, kind: u32, value: Value) -> Value {
        let Some(intrinsic) = Intrinsic1::from_number(kind) else {
            self.raise_system_error("invalid intrinsic function");
            return Value::RAISED;
        };
        let result = match intrinsic {
            Intrinsic1::Invalid => Err(self.raise_system_error("invalid intrinsic function")),
            Intrinsic1::Print => self.display(value),
            Intrinsic1::ImportStar => self.import_star(value),
            Intrinsic1::StopIterationError => Ok(self.stop_iteration_error(value)),
            Intrinsic1::AsyncGenWrap => Ok(self.wrap_async_value(value)),
            Intrinsic1::UnaryPositive => return self.positive(value),
            Intrinsic1::ListToTuple => {
                let items = self.sequence_values(value);
                self.try_tuple(&items).ok_or(Raised).map_err(|_| self.raise_memory_error())
            }
            Intrinsic1::TypeVar => crate::modules::typing::new_type_var(self, value, None),
            Intrinsic1::ParamSpec => crate::modules::typing::new_param_spec(self, value),
            Intrinsic1::TypeVarTuple => crate::modules::typing::new_type_var_tuple(self, value),
            Intrinsic1::SubscriptGeneric => crate::modules::typing::subscript_generic(self, value),
            Intrinsic1::TypeAlias => crate::modules::typing::new_type_alias(self, value),
        };
        result.unwrap_or(Value::RAISED)
    }

    /// `CALL_INTRINSIC_2`.
    pub fn call_intrinsic_2(&mut self, kind: u32, a: Value, b: Value) -> Value {
        let Some(intrinsic) = Intrinsic2::from_number(kind) else {
            self.raise_system_error("invalid intrinsic function");
            return Value::RAISED;
        };
        use crate::modules::typing;
        let result = match intrinsic {
            Intrinsic2::Invalid => Err(self.raise_system_error("invalid intrinsic function")),
            Intrinsic2::PrepReraiseStar => crate::types::exception_group::prepare_reraise(self, a, b),
            Intrinsic2::TypeVarWithBound => typing::new_type_var(self, a, Some((typing::BOUND, b))),
            Intrinsic2::TypeVarWithConstraints => {
                typing::new_type_var(self, a, Some((typing::CONSTRAINTS, b)))
            }
            Intrinsic2::SetFunctionTypeParams => {
                if let Some(function) = a.as_cell::<FunctionCell>() {
                    // SAFETY: the function is live.
                    unsafe { (*function).type_params = b };
                }
                Ok(a)
            }
            Intrinsic2::SetTypeparamDefault => typing::set_default(self, a, b),
        };
        result.unwrap_or(Value::RAISED)
    }

    /// What an expression statement at the prompt does: `sys.displayhook(value)`.
    fn display(&mut self, value: Value) -> Result<Value, Raised> {
        let Some(hook) = self.dict_get_str(self.sys_dict, self.names.displayhook) else {
            return Err(self.raise_runtime_error("lost sys.displayhook"));
        };
        self.door(|vm| vm.call(hook, CallArgs::positional(&[value]), Cont::Store))?;
        Ok(Value::NONE)
    }

    /// What leaves a generator when StopIteration would: RuntimeError in its place.
    fn stop_iteration_error(&mut self, exception: Value) -> Value {
        // SAFETY: the running frame has live code.
        let flags = unsafe { (*self.current().code()).flags() };
        let is_async = flags.has(CodeFlags::ASYNC_GENERATOR);
        let message = if self.is_instance(exception, self.exceptions.stop_iteration) {
            if is_async {
                "async generator raised StopIteration"
            } else if flags.has(CodeFlags::COROUTINE) {
                "coroutine raised StopIteration"
            } else {
                "generator raised StopIteration"
            }
        } else if is_async && self.is_instance(exception, self.exceptions.stop_async_iteration) {
            "async generator raised StopAsyncIteration"
        } else {
            return exception;
        };
        let message = self.new_str(message);
        let error = self.new_exception(self.exceptions.runtime_error, &[message]);
        let cell = error.cast::<ExceptionCell>();
        // SAFETY: the exception was just made.
        unsafe {
            (*cell).cause = exception;
            (*cell).context = exception;
            (*cell).suppress_context = true;
        }
        error
    }

    /// What an asynchronous generator yields, told apart from what it awaits by its type.
    pub(crate) fn wrap_async_value(&mut self, value: Value) -> Value {
        self.alloc_cell(Kind::Cell, shape_id::ASYNC_WRAPPED, |header| ClosureCell { header, contents: value })
    }
}
