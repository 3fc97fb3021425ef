//! Raising and catching: what `raise`, `except`, `except*` and the ends of handlers do.

#![expect(unsafe_code, reason = "exceptions and levels of handling are reached through pointers")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

const NOT_EXCEPTION_CLASS: &str = "catching classes that do not inherit from BaseException is not allowed";

impl Vm {
    /// `PUSH_EXC_INFO`: `exception` is being handled from now on; what was is returned.
    pub fn push_exc_info(&mut self, exception: Value) -> Value {
        // SAFETY: the innermost level is that of the thread or of a running generator.
        unsafe { std::mem::replace(&mut (*self.exc).value, exception) }
    }

    /// `POP_EXCEPT`: what was handled before is handled again.
    pub fn pop_except(&mut self, previous: Value) {
        // SAFETY: as above.
        unsafe { (*self.exc).value = previous };
    }

    /// Whether `ty` is a class that inherits from `BaseException`.
    pub(crate) fn is_exception_class(&self, ty: Value) -> bool {
        ty.is_kind(Kind::Type) && self.is_subtype(ty, self.types.base_exception)
    }

    /// `CHECK_EXC_MATCH`: whether `except ty:` catches the exception. TypeError if `ty` is no exception class or
    /// tuple of them.
    pub fn check_exc_match(&mut self, exception: Value, ty: Value) -> Result<bool, Raised> {
        let of = self.type_of(exception);
        if self.is_exception_class(ty) {
            return Ok(self.is_subtype(of, ty));
        }
        if !ty.is_kind(Kind::Tuple) {
            return Err(self.raise_type_error(NOT_EXCEPTION_CLASS));
        }
        let classes = self.sequence_values(ty);
        if !classes.iter().all(|class| self.is_exception_class(*class)) {
            return Err(self.raise_type_error(NOT_EXCEPTION_CLASS));
        }
        Ok(classes.iter().any(|class| self.is_subtype(of, *class)))
    }

    /// `CHECK_EG_MATCH`: splits the exception by `except* ty:` into the rest and the match (either may be None); the
    /// match is being handled from now on.
    pub fn check_eg_match(&mut self, exception: Value, ty: Value) -> Result<(Value, Value), Raised> {
        self.check_eg_class(ty)?;
        if exception.is_none() {
            return Ok((Value::NONE, Value::NONE));
        }
        let (rest, matched) = crate::types::exception_group::split_for_clause(self, exception, ty)?;
        if !matched.is_none() {
            self.push_exc_info(matched);
        }
        Ok((rest, matched))
    }

    fn check_eg_class(&mut self, ty: Value) -> Result<(), Raised> {
        let classes = if ty.is_kind(Kind::Tuple) { self.sequence_values(ty) } else { vec![ty] };
        for class in classes {
            if !self.is_exception_class(class) {
                return Err(self.raise_type_error(NOT_EXCEPTION_CLASS));
            }
            if self.is_subtype(class, self.exceptions.base_exception_group) {
                return Err(self.raise_type_error(
                    "catching ExceptionGroup with except* is not allowed. Use except instead.",
                ));
            }
        }
        Ok(())
    }

    /// `RAISE_VARARGS`: `raise` (an undefined exception), `raise exception`, `raise exception from cause`.
    pub fn raise_varargs(&mut self, exception: Value, cause: Option<Value>) -> Raised {
        if exception.is_undef() {
            let raised = self.reraise_handled();
            if self.handled_exception() == self.exception {
                self.note_reraise(None);
            }
            return raised;
        }
        match self.exception_to_raise(exception, cause) {
            Ok(instance) => self.raise_value(instance),
            Err(Raised) => Raised,
        }
    }

    fn exception_to_raise(&mut self, exception: Value, cause: Option<Value>) -> Result<Value, Raised> {
        let instance = if self.is_exception_class(exception) {
            self.instantiate_exception(exception)?
        } else if exception.is_kind(Kind::Exception) {
            exception
        } else {
            return Err(self.raise_type_error("exceptions must derive from BaseException"));
        };
        let Some(cause) = cause else { return Ok(instance) };
        let base = self.push_values(&[instance]);
        let cause = self.cause_to_set(cause);
        self.top = base;
        let cause = cause?;
        // SAFETY: the instance is a live exception.
        unsafe {
            (*instance.cast::<ExceptionCell>()).cause = cause;
            (*instance.cast::<ExceptionCell>()).suppress_context = true;
        }
        Ok(instance)
    }

    fn cause_to_set(&mut self, cause: Value) -> Result<Value, Raised> {
        if self.is_exception_class(cause) {
            return self.instantiate_exception(cause);
        }
        if cause.is_none() || cause.is_kind(Kind::Exception) {
            return Ok(cause);
        }
        Err(self.raise_type_error("exception causes must derive from BaseException"))
    }

    /// Calls an exception class without arguments.
    pub(crate) fn instantiate_exception(&mut self, class: Value) -> Result<Value, Raised> {
        let instance = self.door(|vm| vm.call(class, CallArgs::positional(&[]), Cont::Store))?;
        if instance.is_kind(Kind::Exception) {
            return Ok(instance);
        }
        let ty = self.type_of(instance);
        let message = self.enter(|cx| -> Result<String, Raised> {
            let (class, ty) = (cx.root_value(class), cx.root_value(ty));
            let class = cx.repr_text(class.handle())?;
            let ty = cx.repr_text(ty.handle())?;
            Ok(format!("calling {class} should have returned an instance of BaseException, not {ty}"))
        })?;
        Err(self.raise_type_error(&message))
    }

    /// `RERAISE`: raises an exception as it is; `lasti` is the offset that the traceback tells for this frame.
    pub fn reraise(&mut self, exception: Value, lasti: Option<i64>) -> Raised {
        self.note_reraise(lasti);
        self.raise_again(exception)
    }

    /// The exception about to be in flight has this frame's traceback entry already.
    fn note_reraise(&mut self, lasti: Option<i64>) {
        let offset = match lasti {
            Some(lasti) => lasti as usize,
            None => {
                let frame = *self.current();
                // SAFETY: the running frame has live code.
                unsafe { (*frame.code()).offset_before(frame.resume_at(), None) }
            }
        };
        self.gc.reraised = Some(offset);
    }

    /// `CLEANUP_THROW`: the value that StopIteration carries, or the exception raised again.
    pub fn cleanup_throw(&mut self, exception: Value) -> Value {
        if self.is_instance(exception, self.exceptions.stop_iteration) {
            return crate::types::exceptions::stop_value(self, exception);
        }
        self.reraise(exception, None);
        Value::RAISED
    }

    /// `END_ASYNC_FOR`: StopAsyncIteration ends the loop, anything else is raised again.
    pub fn end_async_for(&mut self, exception: Value) -> Result<(), Raised> {
        if self.is_instance(exception, self.exceptions.stop_async_iteration) {
            return Ok(());
        }
        Err(self.reraise(exception, None))
    }
}
