//! `with` and `async with`: entering a context and leaving it by an exception.

#![expect(unsafe_code, reason = "results are written to the machine's slots")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A special method bound to an object, looked up on its type; `None` if there is none.
    pub(crate) fn bind_special(&mut self, object: Value, name: Value) -> Result<Option<Value>, Raised> {
        let ty = self.type_of(object);
        let method = self.lookup(ty, name);
        if method.is_undef() {
            return Ok(None);
        }
        self.door(|vm| vm.get_descriptor(method, object, ty)).map(Some)
    }

    /// `BEFORE_WITH`: writes the bound `__exit__`, then what `__enter__` returned.
    ///
    /// `to` points to two slots of the running frame.
    #[expect(clippy::not_unsafe_ptr_arg_deref, reason = "machines pass their frame's slots")]
    pub fn before_with(&mut self, manager: Value, to: *mut Value) -> Result<(), Raised> {
        let (enter, exit) = (self.names.__enter__, self.names.__exit__);
        let (exit, result) = self.enter_context(manager, enter, exit, "context manager", "__exit__")?;
        // SAFETY: by contract.
        unsafe {
            to.write(exit);
            to.add(1).write(result);
        }
        Ok(())
    }

    /// `BEFORE_ASYNC_WITH`: writes the bound `__aexit__`, then what `__aenter__` returned.
    ///
    /// `to` points to two slots of the running frame.
    #[expect(clippy::not_unsafe_ptr_arg_deref, reason = "machines pass their frame's slots")]
    pub fn before_async_with(&mut self, manager: Value, to: *mut Value) -> Result<(), Raised> {
        let (enter, exit) = (self.names.__aenter__, self.names.__aexit__);
        let (exit, result) =
            self.enter_context(manager, enter, exit, "asynchronous context manager", "__aexit__")?;
        // SAFETY: by contract.
        unsafe {
            to.write(exit);
            to.add(1).write(result);
        }
        Ok(())
    }

    fn enter_context(
        &mut self,
        manager: Value,
        enter: Value,
        exit: Value,
        protocol: &str,
        missing: &str,
    ) -> Result<(Value, Value), Raised> {
        let base = self.push_values(&[manager]);
        let result = self.enter_context_kept(manager, enter, exit, protocol, missing);
        self.top = base;
        result
    }

    fn enter_context_kept(
        &mut self,
        manager: Value,
        enter: Value,
        exit: Value,
        protocol: &str,
        missing: &str,
    ) -> Result<(Value, Value), Raised> {
        let Some(enter) = self.bind_special(manager, enter)? else {
            let ty = self.type_name_of(manager);
            return Err(
                self.raise_type_error(&format!("'{ty}' object does not support the {protocol} protocol"))
            );
        };
        self.push_values(&[enter]);
        let Some(exit) = self.bind_special(manager, exit)? else {
            let ty = self.type_name_of(manager);
            return Err(self.raise_type_error(&format!(
                "'{ty}' object does not support the {protocol} protocol (missed {missing} method)"
            )));
        };
        self.push_values(&[exit]);
        let result = self.door(|vm| vm.call(enter, CallArgs::positional(&[]), Cont::Store))?;
        Ok((exit, result))
    }

    /// `WITH_EXCEPT_START`: calls `__exit__` with type, exception and traceback.
    pub fn with_except_start(&mut self, exit: Value, exception: Value) -> Value {
        let ty = self.type_of(exception);
        // SAFETY: what is in flight is an exception.
        let traceback = unsafe { (*exception.cast::<ExceptionCell>()).traceback };
        self.call(exit, CallArgs::positional(&[ty, exception, traceback]), Cont::Store)
    }
}
