//! Stack-depth analysis: the operand-stack depth before every reachable instruction.
//!
//! A forward problem over the lattice `unvisited < Depth(n)`. Two depths that meet at one instruction are an error, not a
//! join: no compiler emits such code, so one visit of an instruction reaches the fixpoint. A handler's depth is absolute
//! (its exception-table entry says it), every other edge's is relative to the depth at its source.
//!
//! Instructions that nothing reaches (CPython leaves some in its code) have no depth. What lies on the stack is no
//! subject here: see [`crate::verify`]. An exhausted `FOR_ITER` is taken at its word: one more value at the `END_FOR`
//! that it jumps to, although a machine may skip that instruction and the `POP_TOP` after it.

use crate::CodeObject;
use crate::exception_table::{self, ExceptionEntry, ExceptionTableError};
use crate::wordcode::{Instr, InstrStarts};

/// The operand-stack depth before each instruction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StackDepths {
    before: Vec<Option<u32>>,
    max: u32,
}

impl StackDepths {
    /// The depth before the instruction of that index; `None` if nothing reaches it.
    pub fn before(&self, index: usize) -> Option<u32> {
        self.before.get(index).copied().flatten()
    }

    /// The greatest depth before or after any reachable instruction.
    pub fn max(&self) -> u32 {
        self.max
    }
}

/// Why the depths of a code object make no sense.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DepthError {
    /// The exception table cannot be read.
    #[error(transparent)]
    ExceptionTable(#[from] ExceptionTableError),
    /// An instruction is reached with two depths.
    #[error("offset {offset}: reached with stack depth {first} and with {second}")]
    Mismatch {
        /// Code unit.
        offset: u32,
        /// One depth.
        first: u32,
        /// Another.
        second: u32,
    },
    /// An instruction takes more than there is.
    #[error("offset {offset}: takes {needed} values from a stack of depth {depth}")]
    Underflow {
        /// Code unit.
        offset: u32,
        /// Values on the stack.
        depth: u32,
        /// Values wanted.
        needed: u32,
    },
    /// An instruction leaves more than any frame can hold.
    #[error("offset {offset}: leaves more values on the stack than a frame can hold")]
    Overflow {
        /// Code unit.
        offset: u32,
    },
    /// A jump to where no instruction begins.
    #[error("offset {offset}: jumps to where no instruction begins")]
    JumpTarget {
        /// Code unit of the jump.
        offset: u32,
    },
    /// A handler where no instruction begins.
    #[error("offset {offset}: its exception handler ({target}) is not where an instruction begins")]
    HandlerTarget {
        /// Code unit of an instruction with that handler.
        offset: u32,
        /// The handler.
        target: u32,
    },
    /// The last instruction goes on.
    #[error("offset {offset}: control falls off the end of the code")]
    FallsOffEnd {
        /// Code unit.
        offset: u32,
    },
    /// A handler wants more of the stack than an instruction in its range has.
    #[error("offset {offset}: stack depth {depth} is less than its exception handler's ({handler_depth})")]
    HandlerTooDeep {
        /// Code unit.
        offset: u32,
        /// Values on the stack.
        depth: u32,
        /// Values that the handler keeps.
        handler_depth: u32,
    },
}

/// No frame is larger; keeps sums within 32 bits.
const DEPTH_LIMIT: u32 = 1 << 24;

/// The depths in a code object whose instructions are `instrs`.
pub fn analyze(code: &CodeObject, instrs: &[Instr]) -> Result<StackDepths, DepthError> {
    let entries = exception_table::decode(&code.exceptiontable)?;
    analyze_with(instrs, &InstrStarts::new(instrs), &entries)
}

/// Like [`analyze`], with the exception table and the instructions' starts at hand.
pub fn analyze_with(
    instrs: &[Instr],
    starts: &InstrStarts,
    entries: &[ExceptionEntry],
) -> Result<StackDepths, DepthError> {
    let mut flow =
        Flow { instrs, starts, entries, before: vec![None; instrs.len()], max: 0, worklist: Vec::new() };
    if !instrs.is_empty() {
        flow.reach(0, 0)?;
    }
    while let Some(index) = flow.worklist.pop() {
        flow.leave(index)?;
    }
    Ok(StackDepths { before: flow.before, max: flow.max })
}

struct Flow<'a> {
    instrs: &'a [Instr],
    starts: &'a InstrStarts,
    entries: &'a [ExceptionEntry],
    before: Vec<Option<u32>>,
    max: u32,
    worklist: Vec<usize>,
}

impl Flow<'_> {
    /// An edge arrives at an instruction with a depth.
    fn reach(&mut self, index: usize, depth: u32) -> Result<(), DepthError> {
        let offset = self.instrs[index].offset;
        match self.before[index] {
            Some(first) if first == depth => Ok(()),
            Some(first) => Err(DepthError::Mismatch { offset, first, second: depth }),
            None if depth > DEPTH_LIMIT => Err(DepthError::Overflow { offset }),
            None => {
                self.before[index] = Some(depth);
                self.max = self.max.max(depth);
                self.worklist.push(index);
                Ok(())
            }
        }
    }

    /// Follows the edges that leave a reached instruction.
    fn leave(&mut self, index: usize) -> Result<(), DepthError> {
        let instr = self.instrs[index];
        let depth = self.before[index].expect("the worklist holds reached instructions");
        let offset = instr.offset;
        self.reach_handler(offset, depth)?;
        let needed = instr.op.popped(instr.oparg);
        if needed > depth {
            return Err(DepthError::Underflow { offset, depth, needed });
        }
        if instr.op.is_jump() {
            let target = instr.jump_target().and_then(|target| self.starts.index_at(target));
            let target = target.ok_or(DepthError::JumpTarget { offset })?;
            let after = self.after(&instr, depth, true)?;
            self.reach(target, after)?;
        }
        let after = self.after(&instr, depth, false)?;
        if instr.op.is_terminator() {
            return Ok(());
        }
        if index + 1 == self.instrs.len() {
            return Err(DepthError::FallsOffEnd { offset });
        }
        self.reach(index + 1, after)
    }

    fn after(&mut self, instr: &Instr, depth: u32, taken: bool) -> Result<u32, DepthError> {
        let after = i64::from(depth) + i64::from(instr.op.stack_effect(instr.oparg, taken));
        let after = u32::try_from(after).ok().filter(|after| *after <= DEPTH_LIMIT);
        let after = after.ok_or(DepthError::Overflow { offset: instr.offset })?;
        self.max = self.max.max(after);
        Ok(after)
    }

    fn reach_handler(&mut self, offset: u32, depth: u32) -> Result<(), DepthError> {
        let Some(entry) = exception_table::handler_of(self.entries, offset) else { return Ok(()) };
        if entry.depth > depth {
            return Err(DepthError::HandlerTooDeep { offset, depth, handler_depth: entry.depth });
        }
        let target = entry.target;
        let index = self.starts.index_at(target).ok_or(DepthError::HandlerTarget { offset, target })?;
        self.reach(index, entry.handler_depth())
    }
}
