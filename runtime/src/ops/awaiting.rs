//! `yield from`, `await`, `async for`: the iterators behind them.

#![expect(unsafe_code, reason = "generators are reached through cells")]

use bytecode::CodeFlags;

use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The flags of a generator's code and what it is; `None` for other values.
    pub(crate) fn generator_flags(&self, value: Value) -> Option<(CodeFlags, GeneratorKind)> {
        let generator = value.as_cell::<GeneratorCell>()?;
        // SAFETY: the generator and its function are live.
        unsafe {
            let function = (*generator).function.cast::<FunctionCell>();
            Some(((*(*function).code_data).flags(), (*generator).kind))
        }
    }

    /// `GET_YIELD_FROM_ITER`: what `yield from value` delegates to.
    pub fn get_yield_from_iter(&mut self, value: Value) -> Value {
        match self.generator_flags(value) {
            Some((_, GeneratorKind::Generator)) => value,
            Some((_, GeneratorKind::Coroutine)) => {
                // SAFETY: the running frame has live code.
                let flags = unsafe { (*self.current().code()).flags() };
                if flags.0 & (CodeFlags::COROUTINE | CodeFlags::ITERABLE_COROUTINE) == 0 {
                    return self
                        .type_error("cannot 'yield from' a coroutine object in a non-coroutine generator");
                }
                value
            }
            _ => self.get_iter(value),
        }
    }

    /// `GET_AWAITABLE`: the iterator behind `await value`; `place` is 1 for what `__aenter__` returned, 2 for
    /// `__aexit__`'s.
    pub fn get_awaitable(&mut self, value: Value, place: u32) -> Value {
        match self.awaitable_iter(value, place) {
            Ok(iterator) => {
                if let Some(cell) = iterator.as_cell::<GeneratorCell>()
                    // SAFETY: the generator is live.
                    && unsafe { (*cell).kind == GeneratorKind::Coroutine }
                    && !self.generator_awaiting(iterator).is_undef()
                {
                    self.raise_runtime_error("coroutine is being awaited already");
                    return Value::RAISED;
                }
                iterator
            }
            Err(Raised) => Value::RAISED,
        }
    }

    /// The iterator of an awaitable (CPython's `_PyCoro_GetAwaitableIter`).
    pub(crate) fn awaitable_iter(&mut self, value: Value, place: u32) -> Result<Value, Raised> {
        if let Some((flags, kind)) = self.generator_flags(value)
            && (kind == GeneratorKind::Coroutine || flags.has(CodeFlags::ITERABLE_COROUTINE))
        {
            return Ok(value);
        }
        let ty = self.type_of(value);
        let method = self.lookup(ty, self.names.__await__);
        if method.is_undef() || method.is_none() {
            let name = self.type_name(ty);
            let message = match place {
                1 | 2 => format!(
                    "'async with' received an object from __{}__ that does not implement __await__: {name}",
                    if place == 1 { "aenter" } else { "aexit" }
                ),
                _ => format!("object {name} can't be used in 'await' expression"),
            };
            return Err(self.raise_type_error(&message));
        }
        let iterator = self.door(|vm| vm.call_special(method, value, &[], Cont::Store, &[]))?;
        self.check_await_result(iterator)
    }

    fn check_await_result(&mut self, iterator: Value) -> Result<Value, Raised> {
        if let Some((flags, kind)) = self.generator_flags(iterator)
            && (kind == GeneratorKind::Coroutine || flags.has(CodeFlags::ITERABLE_COROUTINE))
        {
            return Err(self.raise_type_error("__await__() returned a coroutine"));
        }
        let ty = self.type_of(iterator);
        if self.lookup(ty, self.names.__next__).is_undef() {
            let message = format!("__await__() returned non-iterator of type '{}'", self.type_name(ty));
            return Err(self.raise_type_error(&message));
        }
        Ok(iterator)
    }

    /// `GET_AITER`: the asynchronous iterator of `async for`.
    pub fn get_aiter(&mut self, value: Value) -> Value {
        let ty = self.type_of(value);
        let method = self.lookup(ty, self.names.__aiter__);
        if method.is_undef() || method.is_none() {
            let message =
                format!("'async for' requires an object with __aiter__ method, got {}", self.type_name(ty));
            return self.type_error(&message);
        }
        let Ok(iterator) = self.door(|vm| vm.call_special(method, value, &[], Cont::Store, &[])) else {
            return Value::RAISED;
        };
        let ty = self.type_of(iterator);
        if self.lookup(ty, self.names.__anext__).is_undef() {
            let message = format!(
                "'async for' received an object from __aiter__ that does not implement __anext__: {}",
                self.type_name(ty)
            );
            return self.type_error(&message);
        }
        iterator
    }

    /// `GET_ANEXT`: the awaitable of an asynchronous iterator's next item.
    pub fn get_anext(&mut self, iterator: Value) -> Value {
        let ty = self.type_of(iterator);
        let method = self.lookup(ty, self.names.__anext__);
        if method.is_undef() || method.is_none() {
            let message =
                format!("'async for' requires an iterator with __anext__ method, got {}", self.type_name(ty));
            return self.type_error(&message);
        }
        let Ok(awaitable) = self.door(|vm| vm.call_special(method, iterator, &[], Cont::Store, &[])) else {
            return Value::RAISED;
        };
        if ty == self.types.async_generator {
            return awaitable;
        }
        let base = self.push_values(&[awaitable]);
        let result = self.awaitable_iter(awaitable, 0);
        self.top = base;
        match result {
            Ok(iterator) => iterator,
            Err(Raised) => self.invalid_anext(awaitable),
        }
    }

    fn invalid_anext(&mut self, awaitable: Value) -> Value {
        let cause = self.take_exception();
        let message = format!(
            "'async for' received an invalid object from __anext__: {}",
            self.type_name_of(awaitable)
        );
        self.raise_type_error(&message);
        let exception = self.exception.cast::<ExceptionCell>();
        // SAFETY: the exception in flight is live.
        unsafe {
            (*exception).cause = cause;
            (*exception).context = cause;
            (*exception).suppress_context = true;
        }
        Value::RAISED
    }

    /// What a suspended generator waits on in `yield from` or `await`; Undef if nothing.
    pub(crate) fn generator_awaiting(&self, generator: Value) -> Value {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        unsafe { if (*cell).state == GeneratorState::Suspended { (*cell).awaiting } else { Value::UNDEF } }
    }
}
