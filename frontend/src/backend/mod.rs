//! From a scope's instruction sequence to its code object: control-flow graph, optimizer, assembler.
//!
//! The stages are those of CPython 3.13, in its order, so that the code is its own, instruction for instruction: the
//! optimizer decides on constants, jumps and lines ([`optimize`]), the back half decides on slots, depth and encoding
//! ([`assemble_unit`]). Each pass is a file; passes share the graph in [`cfg`] and nothing else.

mod assemble;
mod cfg;
mod cold_blocks;
mod const_branches;
mod const_pool;
mod definite_assignment;
mod exception_targets;
mod inline_exits;
mod line_numbers;
mod localsplus;
mod lower;
mod opcode;
mod peephole;
mod redundant;
mod stack_depth;
mod superinstructions;
mod swaps;
#[cfg(test)]
mod tests;
mod unreachable;

use bytecode::CodeObject;
use bytecode::code::CodeFlags;

use self::cfg::Cfg;
use self::const_pool::ConstPool;
use crate::ir::Unit;

/// What can be wrong with a unit; code generation makes none of these from any source file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AssembleError {
    /// An opcode that is neither real nor pseudo.
    #[error("instruction {index} has the unknown opcode {opcode}")]
    UnknownOpcode {
        /// Index in the sequence.
        index: usize,
        /// The number.
        opcode: u16,
    },
    /// A jump or handler instruction whose argument is no label.
    #[error("instruction {index} needs a label for its argument")]
    MissingLabel {
        /// Index in the sequence.
        index: usize,
    },
    /// A label that was never placed, or placed behind the last instruction.
    #[error("instruction {index} refers to label {label}, which stands before no instruction")]
    UnplacedLabel {
        /// Index in the sequence.
        index: usize,
        /// The label's number.
        label: u32,
    },
    /// A `POP_BLOCK` without an open handler.
    #[error("POP_BLOCK where no handler is open")]
    UnbalancedHandlers,
    /// Two paths that reach one block with different stack depths.
    #[error("stack depths {first} and {second} meet at one block")]
    InconsistentDepth {
        /// Depth on the path seen first.
        first: i32,
        /// Depth on the other path.
        second: i32,
    },
    /// An instruction that pops more than there is.
    #[error("opcode {opcode} pops from an empty stack")]
    StackUnderflow {
        /// The opcode's number.
        opcode: u16,
    },
    /// An oparg beyond the const pool.
    #[error("there is no constant {index}")]
    MissingConst {
        /// The oparg.
        index: u32,
    },
    /// An oparg beyond the cell and free variables.
    #[error("there is no cell or free variable {index}")]
    MissingVariable {
        /// The oparg.
        index: u32,
    },
    /// A jump to where no instruction is left.
    #[error("a jump goes past the last instruction")]
    JumpPastEnd,
    /// A pseudo instruction that should have been lowered.
    #[error("opcode {opcode} cannot be assembled")]
    UnloweredOpcode {
        /// The opcode's number.
        opcode: u16,
    },
}

/// Optimizes a unit's instructions and assembles its code object.
pub fn assemble_unit(mut unit: Unit, filename: &str) -> Result<CodeObject, AssembleError> {
    let mut pool = ConstPool::new(std::mem::take(&mut unit.consts));
    let mut cfg = optimize(&unit, &mut pool)?;
    let stack_size = stack_depth::analyze(&mut cfg)?;
    let slots = localsplus::prepare(&mut cfg, &mut unit)?;
    lower::convert_pseudo_ops(&mut cfg);
    lower::normalize_jumps(&mut cfg);
    let linear = lower::linearize(&cfg)?;
    drop(std::mem::take(&mut unit.seq));
    Ok(assemble::assemble(unit, filename, pool.into_consts(), stack_size, slots, linear))
}

/// The optimized graph, pseudo instructions still in it.
fn optimize(unit: &Unit, pool: &mut ConstPool) -> Result<Cfg, AssembleError> {
    let mut cfg = Cfg::from_sequence(&unit.seq)?;
    exception_targets::label_exception_targets(&mut cfg)?;
    inline_exits::inline_small_or_no_line_blocks(&mut cfg);
    unreachable::remove_unreachable(&mut cfg);
    line_numbers::resolve_line_numbers(&mut cfg);
    const_branches::optimize_load_const(&mut cfg, pool)?;
    peephole::optimize_blocks(&mut cfg, pool)?;
    redundant::remove_redundant_nops_and_pairs(&mut cfg);
    unreachable::remove_unreachable(&mut cfg);
    redundant::remove_redundant_nops_and_jumps(&mut cfg);
    pool.remove_unused(&mut cfg)?;
    definite_assignment::check_uninitialized_loads(&mut cfg, unit.varnames.len() as u32, param_count(unit));
    superinstructions::insert_superinstructions(&mut cfg);
    cold_blocks::push_cold_blocks_to_end(&mut cfg);
    line_numbers::resolve_line_numbers(&mut cfg);
    Ok(cfg)
}

/// How many locals are parameters, `*args` and `**kwargs` included.
fn param_count(unit: &Unit) -> u32 {
    let flags = CodeFlags(unit.flags);
    let starred = u32::from(flags.has(CodeFlags::VARARGS)) + u32::from(flags.has(CodeFlags::VARKEYWORDS));
    unit.argcount + unit.kwonlyargcount + starred
}
