//! Frames: the records of running code and the contiguous value stack that their slots lie on.
//!
//! A frame's slots (localsplus, then temporaries or the operand stack) lie on the value stack, or in the generator that
//! owns them. Its record says what runs there, where its slots are, and where it goes on. Both machines use the same
//! records, so calls, unwinding and tracebacks are written once.
//!
//! Everything between the stack's base and `Vm::top` is marked by the collector, dead temporaries included; what lies
//! above is cleared by it. So every word below `top` is a value that was valid at the last collection or later, and no
//! slot needs clearing for the collector's sake.

#![expect(unsafe_code, reason = "frames point into the value stack")]

use crate::cell::{FunctionCell, GeneratorCell};
use crate::code::CodeData;
use crate::value::Value;
use crate::vm::Vm;

/// What becomes of a frame's result: kept in the high bits of its record's `fp`.
///
/// [`Cont::Store`] is zero, so that the plain return tests one number. Kinds with payload keep it in the value stack's
/// slots right below the frame's first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Cont {
    /// Into the caller's result slot.
    Store = 0,
    /// Nowhere.
    Discard,
    /// The machine's loop ends: a native called.
    Exit,
    /// `__init__`: must be None; the result is payload 0, the instance.
    Init,
    /// A binary operator's method: on `NotImplemented` the next candidate is tried. Payload: left, right, state.
    Binary,
    /// A comparison's method, likewise.
    Compare,
    /// `__bool__` or `__len__`: the truth of the result. Payload: a [`crate::ops::TruthMode`] and what was called.
    Truth,
    /// `__contains__`: the truth of the result. Payload: a mode.
    Contains,
    /// `__next__` or a generator in a loop: StopIteration or the end continues the caller at `alt`.
    Iterate,
    /// A generator that `SEND` resumed: its return value goes to the slot and the caller continues at `alt`.
    Send,
    /// A generator resumed by a method call (`next`, `send`, `throw`): its return raises StopIteration.
    Resume,
    /// `__getattribute__`: AttributeError leads to `__getattr__`. Payload: object, name.
    GetAttr,
    /// `__str__`, `__repr__` or `__format__`: must be a string. Payload: which (`ops::TextOf`).
    Text,
}

impl Cont {
    const ALL: [Self; 13] = [
        Self::Store,
        Self::Discard,
        Self::Exit,
        Self::Init,
        Self::Binary,
        Self::Compare,
        Self::Truth,
        Self::Contains,
        Self::Iterate,
        Self::Send,
        Self::Resume,
        Self::GetAttr,
        Self::Text,
    ];

    /// Slots of payload below the frame.
    pub(crate) fn payload(self) -> usize {
        match self {
            Self::Store | Self::Discard | Self::Exit | Self::Iterate | Self::Send | Self::Resume => 0,
            Self::Init | Self::Contains | Self::Truth | Self::Text => 1,
            Self::GetAttr => 2,
            Self::Binary | Self::Compare => 3,
        }
    }
}

/// The record of a running frame.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Frame {
    /// The function that runs.
    pub(crate) callee: Value,
    /// Address of slot 0; in the high bits the [`Cont`] and the flags below.
    pub(crate) fp: u64,
    /// While it waits for a callee: where it goes on; in the high bits the slot for the result. When it is to go on,
    /// the high bits say the first slot that is free: the stack machine's stack pointer.
    pub(crate) pc: u64,
    /// The other place where the *caller* may go on, as the continuation says; a word like `pc`.
    pub(crate) alt: u64,
}

/// High bits of [`Frame::fp`] begin here; addresses of user space lie below.
pub const HIGH: u32 = 48;
/// The address part of [`Frame::fp`] and [`Frame::pc`].
pub const ADDRESS: u64 = (1 << HIGH) - 1;
/// The frame's slots lie in a generator.
pub const GENERATOR: u64 = 1 << (HIGH + 8);
/// A frame object of this frame exists.
pub const HAS_OBJECT: u64 = 1 << (HIGH + 9);

impl Frame {
    /// Slot 0.
    #[inline(always)]
    pub fn slots(&self) -> *mut Value {
        (self.fp & ADDRESS) as *mut Value
    }

    /// Where it goes on.
    #[inline(always)]
    pub fn resume_at(&self) -> *mut u8 {
        (self.pc & ADDRESS) as *mut u8
    }

    /// The slot for a callee's result.
    #[inline(always)]
    pub fn result_slot(&self) -> usize {
        (self.pc >> HIGH) as usize
    }

    /// What becomes of its result.
    #[inline(always)]
    pub fn cont(&self) -> Cont {
        Cont::ALL[(self.fp >> HIGH & 0xFF) as usize]
    }

    /// Whether its slots lie in a generator.
    #[inline(always)]
    pub fn is_generator(&self) -> bool {
        self.fp & GENERATOR != 0
    }

    /// The generator that owns its slots.
    pub(crate) fn generator(&self) -> Option<*mut GeneratorCell> {
        self.is_generator().then(|| GeneratorCell::of_frame(self.slots()))
    }

    /// The function that runs, unless this is a native's entry.
    pub(crate) fn function(&self) -> Option<*mut FunctionCell> {
        self.callee.as_cell()
    }

    /// The code that runs.
    #[inline(always)]
    pub fn code(&self) -> *mut CodeData {
        debug_assert!(self.function().is_some(), "a native's entry has no code");
        // SAFETY: records hold live functions.
        unsafe { (*self.callee.cell().cast::<FunctionCell>()).code_data }
    }
}

/// One level of exceptions being handled: the thread's, or a generator's (CPython's `_PyErr_StackItem`).
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct ExcItem {
    /// The exception being handled, or None.
    pub(crate) value: Value,
    pub(crate) previous: *mut ExcItem,
}

/// Why a machine's loop ended, or how it goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resume {
    /// Execution goes on at the top frame's saved address.
    Go,
    /// The native that entered the loop gets this value (or `RAISED`).
    Exit(Value),
}

impl Vm {
    /// The record of the running frame.
    #[inline(always)]
    pub fn current(&self) -> &Frame {
        // SAFETY: `frame` points into the array of records.
        unsafe { &*self.frame }
    }

    /// Records where the running frame goes on and which slot gets its callee's result. A machine does this before
    /// each operation that may push a frame or look at frames.
    #[inline(always)]
    pub fn save(&mut self, pc: *mut u8, result_slot: usize) {
        // SAFETY: as in `current`.
        unsafe { (*self.frame).pc = pc as u64 | (result_slot as u64) << HIGH };
    }

    /// Records running now, the outermost first: each may be a native's entry.
    pub(crate) fn frames(&self) -> &[Frame] {
        // SAFETY: records from the base to the current one are initialised.
        unsafe {
            let count = self.frame.offset_from(self.frames_base) as usize + 1;
            std::slice::from_raw_parts(self.frames_base, count)
        }
    }

    /// The depth of the innermost frame of Python code.
    pub(crate) fn python_frame(&self) -> Option<usize> {
        self.frames().iter().rposition(|frame| !self.is_entry(frame.callee))
    }

    /// The depth of the running frame.
    pub(crate) fn depth(&self) -> usize {
        // SAFETY: both point into the array of records.
        unsafe { self.frame.offset_from(self.frames_base) as usize }
    }

    /// Pushes the record of a frame whose slots lie at `fp` on the value stack; false (and RecursionError or
    /// MemoryError raised) if there is no room.
    #[inline(always)]
    pub(crate) fn push_frame(&mut self, callee: Value, fp: *mut Value, size: usize, cont: Cont) -> bool {
        let top = fp.wrapping_add(size);
        let next = self.frame.wrapping_add(1);
        if (top > self.stack_limit || next >= self.frame_limit) && !self.grow_stack(top, next) {
            return false;
        }
        // SAFETY: `next` lies below the limit of the records.
        unsafe { next.write(Frame { callee, fp: fp as u64 | (cont as u64) << HIGH, pc: 0, alt: 0 }) };
        self.frame = next;
        self.top = top;
        true
    }

    /// Puts values at the top of the stack, below a frame that is about to be pushed.
    pub(crate) fn push_values(&mut self, values: &[Value]) -> *mut Value {
        let base = self.top;
        for (i, value) in values.iter().enumerate() {
            // SAFETY: a reserve of slots lies above the limit.
            unsafe { base.add(i).write(*value) };
        }
        self.top = base.wrapping_add(values.len());
        base
    }
}
