//! What a handler sees of the machine: six words that stay in CPU registers.

use runtime::{Position, Value, Vm};

/// The machine's registers.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// The instruction: opcode in the low byte, oparg above (extended by `EXTENDED_ARG`).
    pub(crate) ins: u64,
    /// Behind the instruction's own unit, before its caches.
    pub(crate) pc: *mut u16,
    /// Slot 0 of the frame.
    pub(crate) fp: *mut Value,
    /// The first free slot of the operand stack.
    pub(crate) sp: *mut Value,
    /// The middle of the const pool.
    pub(crate) consts: *const Value,
    /// The thread state.
    pub(crate) vm: *mut Vm,
}

/// How execution goes on after a handler.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// At `pc`.
    Go,
    /// The handler's slow part, which is kept out of the straight path.
    Slow,
    /// Where the top frame says.
    Reload,
    /// By unwinding.
    Raise,
    /// The loop ends.
    Exit,
}

impl State {
    #[inline(always)]
    pub(crate) fn arg(&self) -> usize {
        (self.ins >> 8) as usize
    }

    #[inline(always)]
    #[expect(
        clippy::mut_from_ref,
        reason = "the thread state is reached through a raw pointer, by one handler at a time"
    )]
    pub(crate) fn vm(&self) -> &mut Vm {
        // SAFETY: the state outlives the loop.
        unsafe { &mut *self.vm }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, value: Value) {
        // SAFETY: the verifier bounds the depth by the frame's size.
        unsafe {
            self.sp.write(value);
            self.sp = self.sp.add(1);
        }
    }

    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Value {
        // SAFETY: the verifier: the stack is deep enough.
        unsafe {
            self.sp = self.sp.sub(1);
            *self.sp
        }
    }

    /// Operand `i` from the top, which is 1.
    #[inline(always)]
    pub(crate) fn peek(&self, i: usize) -> Value {
        // SAFETY: as in `pop`.
        unsafe { *self.sp.sub(i) }
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, i: usize, value: Value) {
        // SAFETY: as in `pop`.
        unsafe { *self.sp.sub(i) = value }
    }

    #[inline(always)]
    pub(crate) fn drop(&mut self, count: usize) {
        self.sp = self.sp.wrapping_sub(count);
    }

    #[inline(always)]
    pub(crate) fn local(&self, i: usize) -> Value {
        // SAFETY: the verifier bounds local indices.
        unsafe { *self.fp.add(i) }
    }

    #[inline(always)]
    pub(crate) fn set_local(&mut self, i: usize, value: Value) {
        // SAFETY: as in `local`.
        unsafe { *self.fp.add(i) = value }
    }

    /// Constant `i`.
    #[inline(always)]
    pub(crate) fn constant(&self, i: usize) -> Value {
        // SAFETY: the verifier bounds const indices.
        unsafe { *self.consts.sub(1 + i) }
    }

    /// Name `i`.
    #[inline(always)]
    pub(crate) fn name(&self, i: usize) -> Value {
        // SAFETY: the verifier bounds name indices.
        unsafe { *self.consts.add(i) }
    }

    /// Goes over `units` of cache.
    #[inline(always)]
    pub(crate) fn skip(&mut self, units: usize) {
        self.pc = self.pc.wrapping_add(units);
    }

    /// Jumps by `units` from behind the caches.
    #[inline(always)]
    pub(crate) fn jump(&mut self, units: isize) {
        self.pc = self.pc.wrapping_offset(units);
    }

    /// Reads two cache units as one number.
    #[inline(always)]
    pub(crate) fn cache32(&self, unit: usize) -> u32 {
        // SAFETY: the handler's instruction has the cache units; they are two-byte aligned.
        unsafe { self.pc.add(unit).cast::<u32>().read_unaligned() }
    }

    #[inline(always)]
    pub(crate) fn set_cache32(&mut self, unit: usize, number: u32) {
        // SAFETY: as in `cache32`; the executable is this machine's own copy.
        unsafe { self.pc.add(unit).cast::<u32>().write_unaligned(number) }
    }

    #[inline(always)]
    pub(crate) fn cache_value(&self, unit: usize) -> Value {
        // SAFETY: as in `cache32`; the unit holds a value that a flush would have removed if it were stale.
        unsafe { self.pc.add(unit).cast::<Value>().read_unaligned() }
    }

    #[inline(always)]
    pub(crate) fn set_cache_value(&mut self, unit: usize, value: Value) {
        // SAFETY: as in `set_cache32`.
        unsafe { self.pc.add(unit).cast::<Value>().write_unaligned(value) }
    }

    /// Replaces the running instruction's opcode in the executable.
    #[inline(always)]
    pub(crate) fn quicken(&mut self, op: u8) {
        // SAFETY: the unit before `pc` is the running instruction.
        unsafe { *self.pc.sub(1).cast::<u8>() = op }
    }

    /// Records where this frame goes on, with `popped` operands gone and `caches` units skipped.
    #[inline(always)]
    pub(crate) fn save(&self, popped: usize, caches: usize) {
        // SAFETY: both pointers lie in this frame.
        let slot = unsafe { self.sp.sub(popped).offset_from(self.fp) } as usize;
        self.vm().save(self.pc.wrapping_add(caches).cast(), slot);
    }

    /// Ends an operation that replaces `popped` operands by its result.
    #[inline(always)]
    pub(crate) fn finish(&mut self, popped: usize, caches: usize, result: Value) -> Next {
        if result.is_signal() {
            return signal(result);
        }
        self.drop(popped);
        self.push(result);
        self.skip(caches);
        Next::Go
    }

    /// Ends an operation without a result.
    #[inline(always)]
    pub(crate) fn finish_void(&mut self, popped: usize, caches: usize, result: Value) -> Next {
        if result.is_signal() {
            return signal(result);
        }
        self.drop(popped);
        self.skip(caches);
        Next::Go
    }

    /// Leaves the registers in the thread state.
    #[inline(always)]
    pub(crate) fn leave(&self) {
        self.vm().registers = [self.pc as usize, self.fp as usize, self.sp as usize, self.consts as usize];
    }

    /// Takes the registers that [`State::leave`] left.
    #[inline(always)]
    pub(crate) fn take_over(&mut self) {
        let [pc, fp, sp, consts] = self.vm().registers;
        self.pc = pc as *mut u16;
        self.fp = fp as *mut Value;
        self.sp = sp as *mut Value;
        self.consts = consts as *const Value;
    }

    /// Takes over the place where a frame goes on.
    #[inline(always)]
    pub(crate) fn enter(&mut self, position: Position) {
        self.fp = position.fp;
        self.pc = position.pc.cast();
        self.consts = position.consts;
        self.sp = position.fp.wrapping_add(position.slot);
    }

    /// The top `count` operands.
    #[inline(always)]
    pub(crate) fn operands(&self, count: usize) -> &[Value] {
        // SAFETY: the verifier: the stack is deep enough; operands stay in place during the operation.
        unsafe { std::slice::from_raw_parts(self.sp.sub(count), count) }
    }
}

#[inline(always)]
pub(crate) fn signal(result: Value) -> Next {
    if result == Value::PUSHED { Next::Reload } else { Next::Raise }
}
