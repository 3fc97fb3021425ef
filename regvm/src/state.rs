//! What a handler sees of the machine: five words that stay in CPU registers.

use runtime::{Position, Value, Vm};

/// The values of an operand list: few, as a rule.
pub(crate) type Operands = smallvec::SmallVec<[Value; 12]>;

/// The machine's registers.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// The instruction word: opcode and operands a, b, c, 16 bits each from the low end.
    pub(crate) ins: u64,
    /// Behind the instruction word, before its extension words.
    pub(crate) pc: *mut u64,
    /// Slot 0 of the frame: register 0.
    pub(crate) fp: *mut Value,
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
    /// At `pc`, after a safepoint.
    Poll,
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
    /// Operand a.
    #[inline(always)]
    pub(crate) fn a(&self) -> usize {
        (self.ins >> 16 & 0xFFFF) as usize
    }

    /// Operand b.
    #[inline(always)]
    pub(crate) fn b(&self) -> usize {
        (self.ins >> 32 & 0xFFFF) as usize
    }

    /// Operand c.
    #[inline(always)]
    pub(crate) fn c(&self) -> usize {
        (self.ins >> 48) as usize
    }

    /// Operands b and c as one number.
    #[inline(always)]
    pub(crate) fn wide(&self) -> i32 {
        (self.ins >> 32) as i32
    }

    /// Extension word `i`.
    #[inline(always)]
    pub(crate) fn word(&self, i: usize) -> u64 {
        // SAFETY: the handler's instruction has the word.
        unsafe { *self.pc.add(i) }
    }

    #[inline(always)]
    pub(crate) fn set_word(&mut self, i: usize, word: u64) {
        // SAFETY: as in `word`; the executable is this machine's own copy.
        unsafe { *self.pc.add(i) = word }
    }

    /// Operand `i` of the extension word: d, e, f, g.
    #[inline(always)]
    pub(crate) fn extra(&self, i: usize) -> usize {
        (self.word(0) >> (16 * i) & 0xFFFF) as usize
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

    /// Register `i`.
    #[inline(always)]
    pub(crate) fn reg(&self, i: usize) -> Value {
        // SAFETY: the translator bounds registers by the frame's size.
        unsafe { *self.fp.add(i) }
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, i: usize, value: Value) {
        // SAFETY: as in `reg`.
        unsafe { *self.fp.add(i) = value }
    }

    /// A register, or a constant if the operand is negative.
    #[inline(always)]
    pub(crate) fn rk(&self, operand: usize) -> Value {
        let index = operand as u16 as i16;
        let base = if index < 0 { self.consts } else { self.fp.cast_const() };
        // SAFETY: the translator bounds both kinds of operands.
        unsafe { *base.offset(index as isize) }
    }

    /// The constant of a negative operand.
    #[inline(always)]
    pub(crate) fn constant(&self, operand: usize) -> Value {
        // SAFETY: as in `rk`.
        unsafe { *self.consts.offset(operand as u16 as i16 as isize) }
    }

    /// Constant `i` of the pool.
    #[inline(always)]
    pub(crate) fn pool(&self, i: usize) -> Value {
        // SAFETY: the translator bounds const indices.
        unsafe { *self.consts.sub(1 + i) }
    }

    /// Name `i`.
    #[inline(always)]
    pub(crate) fn name(&self, i: usize) -> Value {
        // SAFETY: the translator bounds name indices.
        unsafe { *self.consts.add(i) }
    }

    /// Operand `i` of the operand list, which begins at extension word `first`.
    #[inline(always)]
    pub(crate) fn listed(&self, first: usize, i: usize) -> usize {
        (self.word(first + i / 4) >> (16 * (i % 4)) & 0xFFFF) as usize
    }

    /// The values of an operand list.
    pub(crate) fn list(&self, first: usize, count: usize) -> Operands {
        (0..count).map(|i| self.rk(self.listed(first, i))).collect()
    }

    /// A value and the values of an operand list.
    pub(crate) fn list_after(&self, value: Value, first: usize, count: usize) -> Operands {
        std::iter::once(value).chain((0..count).map(|i| self.rk(self.listed(first, i)))).collect()
    }

    /// Goes over `words`.
    #[inline(always)]
    pub(crate) fn skip(&mut self, words: usize) {
        self.pc = self.pc.wrapping_add(words);
    }

    /// Jumps from behind the instruction's `words` extension words; backwards it is a safepoint.
    #[inline(always)]
    pub(crate) fn jump(&mut self, words: usize, offset: isize) -> Next {
        self.pc = self.pc.wrapping_add(words).wrapping_offset(offset);
        if offset < 0 && self.vm().is_interrupted() { Next::Poll } else { Next::Go }
    }

    /// Goes behind the instruction's `words`, or by `offset` from there.
    #[inline(always)]
    pub(crate) fn branch(&mut self, taken: bool, words: usize, offset: isize) -> Next {
        if taken {
            return self.jump(words, offset);
        }
        self.skip(words);
        Next::Go
    }

    /// Replaces the running instruction's opcode in the executable.
    #[inline(always)]
    pub(crate) fn quicken(&mut self, op: u16) {
        // SAFETY: the word before `pc` is the running instruction.
        unsafe { *self.pc.sub(1) = self.ins & !0xFFFF | u64::from(op) }
    }

    /// Records where this frame goes on, and the register that gets a callee's result.
    #[inline(always)]
    pub(crate) fn save(&self, dst: usize, words: usize) {
        self.vm().save(self.pc.wrapping_add(words).cast(), dst);
    }

    /// Ends an operation whose result goes to `dst`.
    #[inline(always)]
    pub(crate) fn finish(&mut self, dst: usize, words: usize, result: Value) -> Next {
        if result.is_signal() {
            return signal(result);
        }
        self.set(dst, result);
        self.skip(words);
        Next::Go
    }

    /// Ends an operation without a result.
    #[inline(always)]
    pub(crate) fn finish_void(&mut self, words: usize, result: Value) -> Next {
        if result.is_signal() {
            return signal(result);
        }
        self.skip(words);
        Next::Go
    }

    /// Ends an operation that decides a branch: `True` is taken.
    #[inline(always)]
    pub(crate) fn finish_branch(&mut self, words: usize, offset: isize, result: Value) -> Next {
        if result == Value::PUSHED {
            let target = self.pc.wrapping_add(words).wrapping_offset(offset);
            self.vm().set_alternative(target.cast(), 0);
        }
        if result.is_signal() {
            return signal(result);
        }
        self.branch(result == Value::TRUE, words, offset)
    }

    /// Leaves the registers in the thread state.
    #[inline(always)]
    pub(crate) fn leave(&self) {
        self.vm().registers = [self.pc as usize, self.fp as usize, self.consts as usize, 0];
    }

    /// Takes the registers that [`State::leave`] left.
    #[inline(always)]
    pub(crate) fn take_over(&mut self) {
        let [pc, fp, consts, _] = self.vm().registers;
        self.pc = pc as *mut u64;
        self.fp = fp as *mut Value;
        self.consts = consts as *const Value;
    }

    /// Takes over the place where a frame goes on.
    #[inline(always)]
    pub(crate) fn enter(&mut self, position: Position) {
        self.fp = position.fp;
        self.pc = position.pc.cast();
        self.consts = position.consts;
    }

    /// Operand c as a branch offset.
    #[inline(always)]
    pub(crate) fn target(&self) -> isize {
        (self.ins as i64 >> 48) as isize
    }
}

#[inline(always)]
pub(crate) fn signal(result: Value) -> Next {
    if result == Value::PUSHED { Next::Reload } else { Next::Raise }
}
