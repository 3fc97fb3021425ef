//! Generators and coroutines between their frames' runs: what `SEND`, `close` and finalization do.

#![expect(unsafe_code, reason = "generators are reached through cells")]

use crate::cell::*;
use crate::cx::{Cx, Handle};
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// Whether an unreachable generator has code to run when it is closed: it is suspended inside a `try` or `with`.
///
/// # Safety
/// The generator has not been swept.
pub(crate) unsafe fn needs_close(generator: *mut GeneratorCell) -> bool {
    // SAFETY: by contract; its function was alive as long as the generator was.
    unsafe {
        let g = &*generator;
        if g.state != GeneratorState::Suspended {
            return false;
        }
        let code = (*g.function.cast::<FunctionCell>()).code_data;
        // The outermost handler is the wrapper that turns StopIteration into RuntimeError: it closes nothing.
        (*code).handler_before(g.pc).is_some_and(|handler| !(*code).is_generator_wrapper(handler))
    }
}

impl Vm {
    /// `SEND`: gives `value` to a generator, coroutine or other iterator. The value it yields, `EXHAUSTED` with its
    /// return value left in `Vm::sent_result`, `RAISED`, or `PUSHED`.
    pub fn send(&mut self, receiver: Value, value: Value) -> Value {
        self.set_delegate(receiver);
        let result = self.send_to(receiver, value);
        if result == Value::EXHAUSTED || result == Value::RAISED {
            self.set_delegate(Value::UNDEF);
        }
        result
    }

    /// Notes what the running generator delegates to; nothing if no generator runs.
    pub(crate) fn set_delegate(&mut self, delegate: Value) {
        if let Some(generator) = self.current().generator() {
            // SAFETY: the running generator is live.
            unsafe { (*generator).awaiting = delegate };
        }
    }

    fn send_to(&mut self, receiver: Value, value: Value) -> Value {
        if let Some(generator) = receiver.as_cell::<GeneratorCell>() {
            // SAFETY: the generator is live.
            let (state, kind) = unsafe { ((*generator).state, (*generator).kind) };
            let ready =
                state == GeneratorState::Suspended || state == GeneratorState::Created && value.is_none();
            if ready && kind != GeneratorKind::AsyncGenerator {
                return self.resume_generator(receiver, value, Cont::Send);
            }
        }
        let base = self.push_values(&[receiver, value]);
        let result = self.enter(|cx| {
            let (receiver, value) = (cx.root_value(receiver), cx.root_value(value));
            cx.send_slow(receiver.handle(), value.handle())
        });
        self.top = base;
        match result {
            Ok(value) => value,
            Err(crate::cx::Raised) => {
                if !self.is_raised(self.exceptions.stop_iteration) {
                    return Value::RAISED;
                }
                let stop = self.take_exception();
                self.sent_result = crate::types::exceptions::stop_value(self, stop);
                Value::EXHAUSTED
            }
        }
    }
}

impl Cx {
    fn send_slow(&mut self, receiver: Handle<'_>, value: Handle<'_>) -> Result<Value, crate::cx::Raised> {
        let is_generator = receiver.value().is_kind(Kind::Generator);
        if value.value().is_none() && !is_generator {
            let vm = self.vm();
            let method = vm.lookup(vm.type_of(receiver.value()), vm.names.__next__);
            if method.is_undef() {
                let message = format!("'{}' object is not an iterator", vm.type_name_of(receiver.value()));
                return Err(vm.raise_type_error(&message));
            }
            let object = receiver.value();
            return self.vm().door(|vm| vm.call_special(method, object, &[], Cont::Store, &[]));
        }
        Ok(self.call_method(receiver, "send", &[value])?.value())
    }

    /// Runs a queued finalizer: `__del__`, or a generator's `close`; what it raises is reported.
    pub(crate) fn finalize(&mut self, object: Handle<'_>) {
        let result = if object.value().is_kind(Kind::Generator) {
            self.finalize_generator(object)
        } else {
            let name = self.vm().names.__del__;
            self.call_special(object, name, &[]).map(drop)
        };
        if result.is_err() {
            self.report_unraisable(object);
        }
    }

    /// Closes a generator, or hands an asynchronous one to the hook that was set when it began.
    fn finalize_generator(&mut self, generator: Handle<'_>) -> Result<(), crate::cx::Raised> {
        // SAFETY: the generator is live.
        let hook = unsafe { (*generator.value().cast::<GeneratorCell>()).hook };
        if !hook.is_undef() {
            let hook = self.root_value(hook);
            return self.call(hook.handle(), &[generator]).map(drop);
        }
        crate::types::generator::close_generator(self, generator).map(drop)
    }

    /// Reports the exception in flight, which nobody can catch, on standard error, and drops it.
    pub(crate) fn report_unraisable(&mut self, object: Handle<'_>) {
        crate::types::exceptions::report_unraisable(self, object);
    }
}
