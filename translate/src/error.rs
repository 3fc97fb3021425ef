//! Why a code object has no register code.

use bytecode::StackOp;
use bytecode::exception_table::ExceptionTableError;
use bytecode::wordcode::WordcodeError;

use crate::ir::BlockId;

/// Why a code object could not be translated: it is malformed, or larger than the register form's fields.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TranslateError {
    /// The wordcode cannot be decoded.
    #[error(transparent)]
    Wordcode(#[from] WordcodeError),
    /// The exception table cannot be decoded.
    #[error(transparent)]
    ExceptionTable(#[from] ExceptionTableError),
    /// There is no instruction.
    #[error("code object without instructions")]
    Empty,
    /// A jump or handler goes where no instruction starts.
    #[error("offset {offset}: no instruction starts at the target {target}")]
    BadTarget {
        /// The jump, or the first offset that the handler covers.
        offset: u32,
        /// Where it goes.
        target: i64,
    },
    /// Control runs past the last instruction.
    #[error("offset {offset}: control runs past the end of the code")]
    RunsOff {
        /// The last instruction.
        offset: u32,
    },
    /// An instruction takes more than the operand stack holds.
    #[error("offset {offset}: operand stack underflow")]
    Underflow {
        /// The instruction.
        offset: u32,
    },
    /// The stack is less deep than the instruction's exception handler says.
    #[error("offset {offset}: the handler keeps {handler} values, the stack holds {depth}")]
    HandlerDepth {
        /// The instruction.
        offset: u32,
        /// Depth that the exception table tells.
        handler: u32,
        /// Depth before the instruction.
        depth: u32,
    },
    /// Two paths meet with different stack depths.
    #[error("{block}: stack depth {first} on one path, {second} on another")]
    DepthMismatch {
        /// Where they meet.
        block: BlockId,
        /// One depth.
        first: u32,
        /// The other.
        second: u32,
    },
    /// An oparg is beyond what it counts or indexes.
    #[error("offset {offset}: {op} with oparg {oparg}, which is out of range")]
    BadOparg {
        /// The instruction.
        offset: u32,
        /// Its opcode.
        op: StackOp,
        /// Its oparg.
        oparg: u32,
    },
    /// An instruction that only a running interpreter makes, or in a place where no compiler puts it.
    #[error("offset {offset}: {op} cannot be translated here")]
    Unsupported {
        /// The instruction.
        offset: u32,
        /// Its opcode.
        op: StackOp,
    },
    /// More registers than an operand can name.
    #[error("{count} registers, an instruction can name 32,767")]
    TooManyRegisters {
        /// Locals and temporaries needed.
        count: u32,
    },
    /// A name's index is beyond 65,535.
    #[error("offset {offset}: name {index}, an instruction can name 65,535")]
    TooManyNames {
        /// The instruction.
        offset: u32,
        /// The index.
        index: u32,
    },
    /// An operand list, or another plain operand, is beyond 65,535.
    #[error("offset {offset}: operand {value} does not fit 16 bits")]
    OperandTooLarge {
        /// The instruction.
        offset: u32,
        /// The operand.
        value: u32,
    },
    /// `Options` name a pass that does not exist.
    #[error("there is no pass {name}")]
    UnknownPass {
        /// What was asked for.
        name: String,
    },
    /// The register code could not be proved to do what the wordcode does: a fault of the translator.
    #[error("not proved: {0}")]
    NotProved(#[from] crate::check::CheckError),
    /// A stage broke the form's own rules: a fault of the translator.
    #[error("internal fault after {stage}: {fault}")]
    Invalid {
        /// The stage.
        stage: &'static str,
        /// What is wrong.
        fault: String,
    },
}
