//! What happens when a frame ends: its continuation, generators, and unwinding.

#![expect(unsafe_code, reason = "frames and generators are reached through pointers")]

use crate::cell::*;
use crate::cx::Raised;
use crate::frame::*;
use crate::ops::{CompareState, TruthMode};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// How a machine goes on after an operation that left its straight path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// At the top frame's saved address.
    Go,
    /// By unwinding: an exception is in flight.
    Raise,
}

impl Vm {
    /// The running frame returns `value` and its continuation or flags are not the plain ones.
    pub fn finish_frame(&mut self, value: Value) -> Flow {
        let frame = *self.current();
        let cont = frame.cont();
        if frame.fp & HAS_OBJECT != 0 {
            self.detach_frame_object();
        }
        if let Some(generator) = frame.generator() {
            return self.finish_generator(generator, frame, value);
        }
        let payload = self.pop_frame(&frame);
        let payload = &payload[..cont.payload()];
        let result = self.continue_with(cont, payload, value);
        self.deliver(cont, payload, frame.alt, result)
    }

    /// Drops the running frame's record; the payload below its slots.
    fn pop_frame(&mut self, frame: &Frame) -> [Value; 3] {
        let count = frame.cont().payload();
        let mut payload = [Value::UNDEF; 3];
        let mut base = frame.slots();
        if !frame.is_generator() {
            // SAFETY: the payload lies right below the frame's slots.
            unsafe {
                base = base.sub(count);
                for (i, place) in payload.iter_mut().enumerate().take(count) {
                    *place = *base.add(i);
                }
            }
        }
        self.frame = self.frame.wrapping_sub(1);
        let caller = self.current();
        if self.is_entry(caller.callee) || caller.is_generator() {
            if !frame.is_generator() {
                self.top = base;
            }
        } else {
            // SAFETY: a plain caller's slots are followed by free ones.
            self.top = unsafe { caller.slots().add((*caller.code()).frame_size as usize) };
        }
        payload
    }

    /// Gives a result to the running frame, as the continuation of the frame that ended says.
    fn deliver(&mut self, cont: Cont, payload: &[Value], alt: u64, result: Value) -> Flow {
        if result == Value::RAISED {
            return Flow::Raise;
        }
        // SAFETY: records are valid; the result slot is one of the frame's.
        unsafe {
            if result == Value::PUSHED {
                (*self.frame).alt = alt;
                return Flow::Go;
            }
            let frame = self.frame;
            if is_branch(cont, payload) {
                if result == Value::TRUE {
                    (*frame).pc = alt;
                }
            } else if cont != Cont::Discard {
                *(*frame).slots().add((*frame).result_slot()) = result;
                (*frame).pc += 1 << HIGH;
            }
        }
        Flow::Go
    }

    /// Applies a continuation to a result: the value for the caller, `RAISED`, or `PUSHED` (another frame first).
    pub(crate) fn continue_with(&mut self, cont: Cont, payload: &[Value], result: Value) -> Value {
        match cont {
            Cont::Store
            | Cont::Exit
            | Cont::Discard
            | Cont::Iterate
            | Cont::Send
            | Cont::Resume
            | Cont::GetAttr => result,
            Cont::Init => {
                if result.is_none() {
                    return payload[0];
                }
                let message = format!("__init__() should return None, not '{}'", self.type_name_of(result));
                self.type_error(&message)
            }
            Cont::Binary => {
                if result == Value::NOT_IMPLEMENTED {
                    self.binary_next(payload[0], payload[1], payload[2])
                } else {
                    result
                }
            }
            Cont::Compare => {
                if result == Value::NOT_IMPLEMENTED {
                    return self.compare_next(payload[0], payload[1], payload[2]);
                }
                match CompareState::from_value(payload[2]).mode {
                    None => result,
                    Some(mode) => self.truth(result, mode),
                }
            }
            Cont::Truth => self.finish_truth(result, payload[0]),
            Cont::Contains => self.truth(result, TruthMode::from_value(payload[0])),
            Cont::Text => self.finish_text(result, payload[0]),
        }
    }

    /// Applies a continuation to an exception in flight: `RAISED` unless it turns into something else.
    pub(crate) fn raised_into(&mut self, cont: Cont, payload: &[Value]) -> Value {
        if cont == Cont::GetAttr && self.is_raised(self.exceptions.attribute_error) {
            let (object, name) = (payload[0], payload[1]);
            let hook = self.lookup(self.type_of(object), self.names.__getattr__);
            if hook.is_undef() {
                return Value::RAISED;
            }
            self.exception = Value::UNDEF;
            return self.call(hook, crate::call::CallArgs::positional(&[object, name]), Cont::Store);
        }
        Value::RAISED
    }

    // ---- unwinding --------------------------------------------------------------------------------------------

    /// Finds the handler of the exception in flight, dropping frames. `Some` is where the top frame goes on; `None`:
    /// a native's entry is reached, the machine's loop ends with `RAISED`. The running frame's saved address is that
    /// behind the raising instruction.
    pub fn unwind(&mut self) -> Option<()> {
        loop {
            let frame = *self.current();
            if self.is_entry(frame.callee) {
                return None;
            }
            debug_assert!(!self.exception.is_undef(), "an exception is in flight");
            // SAFETY: running frames have live code.
            let code = unsafe { &*frame.code() };
            let pc = frame.resume_at();
            let reraised = std::mem::take(&mut self.gc.reraised);
            let offset =
                reraised.unwrap_or_else(|| code.offset_before(pc, std::mem::take(&mut self.gc.step)));
            self.add_traceback(offset, reraised.is_some());
            if self.interruption.stopped.is_none()
                && let Some(handler) = code.handler_before(pc)
            {
                self.enter_handler(&frame, handler, offset);
                return Some(());
            }
            // The traceback's entry may have made the frame object just now.
            if self.current().fp & HAS_OBJECT != 0 {
                self.detach_frame_object();
            }
            if let Some(generator) = frame.generator() {
                self.end_generator(generator);
            }
            let payload = self.pop_frame(&frame);
            if frame.cont() == Cont::Send {
                self.set_delegate(Value::UNDEF);
            }
            if frame.cont() == Cont::Iterate
                && !frame.is_generator()
                && self.clear_if(self.exceptions.stop_iteration)
            {
                self.go_on_at(frame.alt);
                return Some(());
            }
            let payload = &payload[..frame.cont().payload()];
            let result = self.raised_into(frame.cont(), payload);
            if result != Value::RAISED {
                self.deliver(Cont::Store, &[], frame.alt, result);
                return Some(());
            }
        }
    }

    fn enter_handler(&mut self, frame: &Frame, handler: crate::code::Handler, offset: usize) {
        let exception = self.take_exception();
        // SAFETY: a handler's slots are the frame's.
        unsafe {
            let mut slot = frame.slots().add(handler.slot as usize);
            if handler.lasti {
                *slot = Value::small(offset as i32);
                slot = slot.add(1);
            }
            *slot = exception;
            let target = (*frame.code()).entry.add(handler.target as usize);
            (*self.frame).pc =
                target as u64 | ((handler.slot as usize + usize::from(handler.lasti) + 1) as u64) << HIGH;
            if !frame.is_generator() {
                self.top = frame.slots().add((*frame.code()).frame_size as usize);
            }
        }
    }

    /// The running frame goes on at its other place.
    fn go_on_at(&mut self, alt: u64) {
        // SAFETY: records are valid.
        unsafe { (*self.frame).pc = alt };
    }

    // ---- generators -------------------------------------------------------------------------------------------

    /// Makes the generator of the running frame, which has just started, and returns it to the caller. `resume_at` is
    /// the address behind, `slot` the slot that gets the first value sent.
    pub fn make_generator(&mut self, resume_at: *mut u8, slot: usize) -> Flow {
        use bytecode::CodeFlags;
        let frame = *self.current();
        // SAFETY: the running frame has live code and a function.
        unsafe {
            let code = &*frame.code();
            let function = frame.callee.cast::<FunctionCell>();
            let flags = code.object.flags;
            let (kind, shape) = if flags.has(CodeFlags::COROUTINE) {
                (GeneratorKind::Coroutine, shape_id::COROUTINE)
            } else if flags.has(CodeFlags::ASYNC_GENERATOR) {
                (GeneratorKind::AsyncGenerator, shape_id::ASYNC_GENERATOR)
            } else {
                (GeneratorKind::Generator, shape_id::GENERATOR)
            };
            let slots = code.frame_size as usize;
            let size = size_of::<GeneratorCell>() + slots * 8;
            let Some(cell) = self.heap.alloc(size, Kind::Generator, shape) else {
                self.raise_memory_error();
                return Flow::Raise;
            };
            let generator = cell.cast::<GeneratorCell>().as_ptr();
            let header = std::ptr::read(&raw const (*generator).header);
            generator.write(GeneratorCell {
                header,
                function: frame.callee,
                name: (*function).name,
                qualname: (*function).qualname,
                awaiting: Value::UNDEF,
                hook: Value::UNDEF,
                pc: resume_at,
                resume_slot: slot as u32,
                frame_size: slots as u32,
                state: GeneratorState::Created,
                kind,
                closed: false,
                running_async: false,
                hooks_inited: false,
                exc: ExcItem { value: Value::NONE, previous: std::ptr::null_mut() },
            });
            let to = GeneratorCell::slots(generator);
            let locals = code.nlocalsplus as usize;
            std::ptr::copy_nonoverlapping(frame.slots(), to, locals);
            for i in locals..slots {
                to.add(i).write(Value::UNDEF);
            }
            self.counters.moves += locals as u64;
            self.gc.finalizable.push(generator.cast());
            (*generator).header.flags |= flag::FINALIZER;
            self.finish_frame(Value::from_cell(cell))
        }
    }

    /// Pushes a suspended or new generator's frame, which gets `sent`; `PUSHED`, or `RAISED` if it cannot run.
    pub(crate) fn resume_generator(&mut self, generator: Value, sent: Value, cont: Cont) -> Value {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        unsafe {
            debug_assert!(matches!((*cell).state, GeneratorState::Created | GeneratorState::Suspended));
            let next = self.frame.wrapping_add(1);
            if next >= self.frame_limit && !self.grow_stack(self.top, next) {
                return Value::RAISED;
            }
            let slots = GeneratorCell::slots(cell);
            *slots.add((*cell).resume_slot as usize) = sent;
            (*cell).state = GeneratorState::Running;
            (*cell).exc.previous = self.exc;
            self.exc = &raw mut (*cell).exc;
            next.write(Frame {
                callee: (*cell).function,
                fp: slots as u64 | GENERATOR | (cont as u64) << HIGH,
                pc: (*cell).pc as u64 | ((*cell).resume_slot as u64 + 1) << HIGH,
                alt: 0,
            });
            self.frame = next;
        }
        if !self.gc.suspended_frames.is_empty() {
            self.resume_frame_object();
        }
        Value::PUSHED
    }

    /// The running generator frame yields `value`; `resume_at` and `slot` are as for [`Vm::make_generator`].
    #[inline]
    pub fn yield_value(&mut self, value: Value, resume_at: *mut u8, slot: usize) -> Flow {
        let frame = *self.current();
        let generator = GeneratorCell::of_frame(frame.slots());
        // SAFETY: YIELD runs in generator frames only, which the verifier and `RETURN_GENERATOR` ensure.
        unsafe {
            debug_assert!(frame.is_generator());
            (*generator).pc = resume_at;
            (*generator).resume_slot = slot as u32;
            (*generator).state = GeneratorState::Suspended;
            self.exc = (*generator).exc.previous;
        }
        if frame.fp & HAS_OBJECT != 0 {
            self.suspend_frame_object(generator);
        }
        self.frame = self.frame.wrapping_sub(1);
        self.deliver(Cont::Store, &[], 0, value)
    }

    fn finish_generator(&mut self, generator: *mut GeneratorCell, frame: Frame, value: Value) -> Flow {
        self.end_generator(generator);
        self.pop_frame(&frame);
        match frame.cont() {
            Cont::Iterate => {
                self.go_on_at(frame.alt);
                Flow::Go
            }
            Cont::Send => {
                let flow = self.deliver(Cont::Store, &[], 0, value);
                self.set_delegate(Value::UNDEF);
                self.go_on_at(frame.alt);
                flow
            }
            _ => {
                // SAFETY: the generator is live: its value is on the stack of who resumed it.
                let is_async = unsafe { (*generator).kind == GeneratorKind::AsyncGenerator };
                if is_async {
                    self.raise_with(self.exceptions.stop_async_iteration, &[]);
                } else {
                    self.raise_stop_iteration(value);
                }
                Flow::Raise
            }
        }
    }

    /// A running generator's frame ends for good.
    fn end_generator(&mut self, generator: *mut GeneratorCell) {
        // SAFETY: the generator is running, so it is live.
        unsafe {
            (*generator).state = GeneratorState::Done;
            self.exc = (*generator).exc.previous;
            (*generator).exc.value = Value::NONE;
            (*generator).awaiting = Value::UNDEF;
        }
    }

    /// `raise` in a handler without an exception in flight: prepares a raise of what is being handled.
    pub fn reraise_handled(&mut self) -> Raised {
        let handled = self.handled_exception();
        if handled.is_none() {
            return self.raise_runtime_error("No active exception to reraise");
        }
        // The frame has its entry in the traceback already, or is left out of it.
        self.reraise(handled, None)
    }
}

/// Whether a result of the continuation decides where the caller goes on.
fn is_branch(cont: Cont, payload: &[Value]) -> bool {
    match cont {
        Cont::Truth | Cont::Contains => TruthMode::from_value(payload[0]).is_branch(),
        Cont::Compare => CompareState::from_value(payload[2]).mode.is_some_and(TruthMode::is_branch),
        _ => false,
    }
}
