//! What the verifier says when it refuses.

use crate::StackOp;
use crate::depth::DepthError;
use crate::exception_table::ExceptionTableError;
use crate::wordcode::WordcodeError;

/// Why a code object is refused. Offsets count code units.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VerifyError {
    /// The code is no sequence of instructions.
    #[error(transparent)]
    Wordcode(#[from] WordcodeError),
    /// The exception table cannot be read.
    #[error(transparent)]
    ExceptionTable(#[from] ExceptionTableError),
    /// Stack depths make no sense, or control goes astray.
    #[error(transparent)]
    Depth(#[from] DepthError),
    /// There is not one instruction.
    #[error("code is empty")]
    Empty,
    /// Each slot has a name and a kind.
    #[error("{names} slots have names, {kinds} have kinds")]
    SlotCounts {
        /// Names.
        names: usize,
        /// Kinds.
        kinds: usize,
    },
    /// Kinds that exclude each other, or slots out of order (locals, cells, free variables).
    #[error("slot {slot} has a kind ({kind:#x}) that cannot stand there")]
    SlotKind {
        /// The slot.
        slot: usize,
        /// Its kind.
        kind: u8,
    },
    /// More parameters than locals, or more positional-only than positional ones.
    #[error("parameter counts do not fit the {locals} locals")]
    Parameters {
        /// Local variables.
        locals: usize,
    },
    /// Flags that exclude each other.
    #[error("flags {flags:#x} contradict each other")]
    Flags {
        /// The flags.
        flags: u32,
    },
    /// Locals and stack do not fit a frame.
    #[error("frame of {slots} slots is larger than {limit}", limit = super::MAX_FRAME_SLOTS)]
    FrameSize {
        /// Locals and stack.
        slots: usize,
    },
    /// A constant that cannot be one: a list, set or dict.
    #[error("constant {index} is of a kind that no code object has")]
    Const {
        /// Index into the const pool.
        index: usize,
    },
    /// An instruction that only a running interpreter puts into code.
    #[error("offset {offset}: {op} in a code object")]
    InternalOpcode {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
    },
    /// An oparg that means nothing.
    #[error("offset {offset}: {op} with oparg {oparg}: {reason}")]
    Oparg {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
        /// Its oparg.
        oparg: u32,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A cache unit that is not zero.
    #[error("offset {offset}: cache unit is not zero")]
    CacheNotZero {
        /// Code unit.
        offset: u32,
    },
    /// A jump to where no instruction begins.
    #[error("offset {offset}: {op} jumps to where no instruction begins")]
    JumpTarget {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
    },
    /// `FOR_ITER` jumps to `END_FOR` and `POP_TOP`, nothing else.
    #[error("offset {offset}: FOR_ITER does not jump to END_FOR and POP_TOP")]
    LoopEnd {
        /// Code unit.
        offset: u32,
    },
    /// Ranges of the exception table are empty, overlap, are unsorted, or cut instructions.
    #[error("exception range {start} to {end}: {reason}")]
    HandlerRange {
        /// First code unit.
        start: u32,
        /// First code unit after it.
        end: u32,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `RETURN_GENERATOR` and the flags say different things, or it is not where it must be.
    #[error("offset {offset}: {reason}")]
    Generator {
        /// Code unit.
        offset: u32,
        /// What is wrong.
        reason: &'static str,
    },
    /// The stack grows beyond `co_stacksize`.
    #[error("stack depth {depth} is greater than the declared {stacksize}")]
    StackSize {
        /// Greatest depth.
        depth: u32,
        /// What the code object declares.
        stacksize: u32,
    },
    /// Values left under the one returned.
    #[error("offset {offset}: returns with stack depth {depth}")]
    ReturnDepth {
        /// Code unit.
        offset: u32,
        /// Values on the stack, the returned one included.
        depth: u32,
    },
    /// NULL, or what may be NULL, where a value is wanted.
    #[error("offset {offset}: {op} may find NULL for its {operand}")]
    Null {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
        /// The operand's name in the instruction table.
        operand: &'static str,
    },
    /// A value where NULL is wanted.
    #[error("offset {offset}: {op} may find a value where NULL must be")]
    NotNull {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
    },
    /// A local that no path has bound.
    #[error("offset {offset}: {op} reads local {local}, which is never bound there")]
    UnboundLocal {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
        /// The slot.
        local: usize,
    },
    /// A slot that may hold something else than a cell.
    #[error("offset {offset}: {op} may find no cell in slot {slot}")]
    NotCell {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
        /// The slot.
        slot: usize,
    },
    /// Something else than what a handler found under its exception.
    #[error("offset {offset}: {op} may find something else than {wanted}")]
    HandlerState {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
        /// What must be there.
        wanted: &'static str,
    },
    /// A handler keeps a value that the instruction which raises has taken.
    #[error("offset {offset}: {op} takes a value that its exception handler keeps")]
    TakesKept {
        /// Code unit.
        offset: u32,
        /// The instruction.
        op: StackOp,
    },
    /// A function gets a closure of another size than its code has free variables.
    #[error("offset {offset}: function with {wanted} free variables gets a closure of {found}")]
    ClosureSize {
        /// Code unit.
        offset: u32,
        /// Free variables of the code.
        wanted: u32,
        /// Cells in the closure; 0 too if there is none.
        found: u32,
    },
}
