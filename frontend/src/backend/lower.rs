//! From pseudo instructions in blocks to a line of real ones.
//!
//! Regions are described by the exception table from here on, so the instructions that opened them go. Conditional jumps
//! can only go forward: one that goes back becomes its opposite, around a backward jump.

use super::AssembleError;
use super::cfg::{Block, BlockId, BlockMap, Cfg, CfgInstr};
use super::opcode::{
    JUMP, LOAD_CLOSURE, LOAD_FAST, POP_JUMP_IF_FALSE, POP_JUMP_IF_NONE, POP_JUMP_IF_NOT_NONE,
    POP_JUMP_IF_TRUE, STORE_FAST, STORE_FAST_MAYBE_NULL, has_target, is_block_push,
};
use super::redundant::remove_redundant_nops_and_jumps;
use crate::ir::{Location, Opcode};

/// A handler as the exception table describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Handler {
    /// The index of its first instruction.
    pub(super) start: usize,
    /// The stack depth at its entry, the exception (and the offset of the raising instruction) included.
    pub(super) depth: i32,
    /// Whether it finds the offset of the raising instruction under the exception.
    pub(super) preserve_lasti: bool,
}

/// An instruction in its final place, not yet encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinearInstr {
    pub(super) op: Opcode,
    pub(super) arg: u32,
    pub(super) location: Location,
    /// The index of the instruction to which it jumps.
    pub(super) target: Option<usize>,
    pub(super) handler: Option<Handler>,
}

/// Replaces the pseudo instructions that are no jumps.
pub(super) fn convert_pseudo_ops(cfg: &mut Cfg) {
    cfg.for_each_instr(|instr| match instr.op {
        op if is_block_push(op) => instr.set_nop(),
        LOAD_CLOSURE => instr.op = LOAD_FAST,
        STORE_FAST_MAYBE_NULL => instr.op = STORE_FAST,
        _ => {}
    });
    remove_redundant_nops_and_jumps(cfg);
}

/// Makes conditional jumps go forward.
pub(super) fn normalize_jumps(cfg: &mut Cfg) {
    let mut visited = BlockMap::new(cfg, false);
    let layout: Vec<BlockId> = cfg.layout().collect();
    for id in layout {
        visited[id] = true;
        let Some(last) = cfg[id].last().copied() else { continue };
        let (Some(opposite), Some(target)) = (opposite(last.op), last.target) else { continue };
        if visited[target] {
            jump_back_around(cfg, id, opposite, target);
        }
    }
}

fn opposite(op: Opcode) -> Option<Opcode> {
    match op {
        POP_JUMP_IF_FALSE => Some(POP_JUMP_IF_TRUE),
        POP_JUMP_IF_TRUE => Some(POP_JUMP_IF_FALSE),
        POP_JUMP_IF_NONE => Some(POP_JUMP_IF_NOT_NONE),
        POP_JUMP_IF_NOT_NONE => Some(POP_JUMP_IF_NONE),
        _ => None,
    }
}

fn jump_back_around(cfg: &mut Cfg, id: BlockId, opposite: Opcode, target: BlockId) {
    let next = cfg[id].next;
    let start_depth = cfg[target].start_depth;
    let back = cfg.new_block();
    let jump = cfg[id].instrs.last_mut().expect("the block ends with a jump");
    let instrs = vec![CfgInstr::jump(JUMP, target, jump.location)];
    jump.op = opposite;
    jump.target = next;
    cfg[back] = Block { instrs, start_depth, ..Block::default() };
    cfg.insert_after(id, back);
}

/// The instructions in layout order, targets and handlers as indices.
pub(super) fn linearize(cfg: &Cfg) -> Result<Vec<LinearInstr>, AssembleError> {
    let mut starts = BlockMap::new(cfg, 0);
    let mut count = 0;
    for id in cfg.layout() {
        starts[id] = count;
        count += cfg[id].instrs.len();
    }
    let mut linear = Vec::with_capacity(count);
    for id in cfg.layout() {
        for instr in &cfg[id].instrs {
            linear.push(LinearInstr {
                op: instr.op,
                arg: instr.arg,
                location: instr.location,
                target: instr.target.filter(|_| has_target(instr.op)).map(|target| starts[target]),
                handler: instr.handler.map(|handler| describe_handler(&cfg[handler], starts[handler])),
            });
        }
    }
    let past_end = linear.iter().filter_map(|instr| instr.target).any(|target| target >= count);
    if past_end { Err(AssembleError::JumpPastEnd) } else { Ok(linear) }
}

fn describe_handler(block: &Block, start: usize) -> Handler {
    Handler { start, depth: block.start_depth.unwrap_or(0), preserve_lasti: block.preserve_lasti }
}
