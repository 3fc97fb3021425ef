//! From pseudo instructions in blocks to a line of real ones.
//!
//! Regions are described by the exception table from here on, so the instructions that opened them go. Conditional jumps
//! can only go forward: one that goes back becomes its opposite, around a backward jump.

use bytecode::StackOp;

use super::AssembleError;
use super::cfg::{Block, BlockId, BlockMap, Cfg, CfgInstr};
use super::opcode::{
    JUMP, JUMP_BACKWARD, JUMP_BACKWARD_NO_INTERRUPT, JUMP_FORWARD, JUMP_NO_INTERRUPT, LOAD_CLOSURE,
    LOAD_FAST, POP_JUMP_IF_FALSE, POP_JUMP_IF_NONE, POP_JUMP_IF_NOT_NONE, POP_JUMP_IF_TRUE, STORE_FAST,
    STORE_FAST_MAYBE_NULL, is_block_push, is_jump, real,
};
use super::redundant::remove_redundant_nops_and_jumps;
use crate::ir::{Location, Opcode};

/// A handler as the exception table describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Handler {
    /// The index of its first instruction.
    pub(super) start: u32,
    /// The stack depth at its entry, the exception (and the offset of the raising instruction) included.
    pub(super) depth: i32,
    /// Whether it finds the offset of the raising instruction under the exception.
    pub(super) preserve_lasti: bool,
}

/// An instruction in its final place, not yet encoded.
#[derive(Clone, Copy, Debug)]
pub(super) struct LinearInstr {
    pub(super) op: StackOp,
    /// The oparg; of a jump, the index of the instruction to which it goes.
    pub(super) arg: u32,
    pub(super) location: Location,
    /// Index into [`Linear::handlers`].
    pub(super) handler: Option<HandlerId>,
}

/// Index of a handler, plus one.
pub(super) type HandlerId = std::num::NonZeroU32;

/// A code object's instructions in order.
pub(super) struct Linear {
    pub(super) instrs: Vec<LinearInstr>,
    pub(super) handlers: Vec<Handler>,
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
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        cursor = cfg[id].next;
        visited[id] = true;
        if let Some(last) = cfg[id].last().copied()
            && let (Some(opposite), Some(target)) = (opposite(last.op), last.target)
            && visited[target]
        {
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
pub(super) fn linearize(cfg: &Cfg) -> Result<Linear, AssembleError> {
    let mut starts = BlockMap::new(cfg, 0);
    let mut count = 0;
    for id in cfg.layout() {
        starts[id] = count;
        count += cfg[id].instrs.len() as u32;
    }
    let mut instrs = Vec::with_capacity(count as usize);
    let mut handlers = Handlers { found: Vec::new(), last: None };
    for instr in cfg.layout().flat_map(|id| &cfg[id].instrs) {
        let index = instrs.len() as u32;
        let (op, arg) = if is_jump(instr.op) {
            let target = instr.target.map(|target| starts[target]).filter(|target| *target < count);
            let target = target.ok_or(AssembleError::JumpPastEnd)?;
            (select_jump(instr.op, target > index), target)
        } else {
            (instr.op, instr.arg)
        };
        let op = real(op).ok_or(AssembleError::UnloweredOpcode { opcode: op.0 })?;
        let handler = instr.handler.map(|handler| handlers.id(cfg, &starts, handler));
        instrs.push(LinearInstr { op, arg, location: instr.location, handler });
    }
    Ok(Linear { instrs, handlers: handlers.found })
}

fn select_jump(op: Opcode, forward: bool) -> Opcode {
    match (op, forward) {
        (JUMP | JUMP_NO_INTERRUPT, true) => JUMP_FORWARD,
        (JUMP, false) => JUMP_BACKWARD,
        (JUMP_NO_INTERRUPT, false) => JUMP_BACKWARD_NO_INTERRUPT,
        _ => op,
    }
}

/// Handlers in the order in which regions begin; one that comes again later is described again.
struct Handlers {
    found: Vec<Handler>,
    last: Option<BlockId>,
}

impl Handlers {
    fn id(&mut self, cfg: &Cfg, starts: &BlockMap<u32>, block: BlockId) -> HandlerId {
        if self.last.replace(block) != Some(block) {
            let Block { start_depth, preserve_lasti, .. } = cfg[block];
            self.found.push(Handler {
                start: starts[block],
                depth: start_depth.unwrap_or(0),
                preserve_lasti,
            });
        }
        HandlerId::new(self.found.len() as u32).expect("the handler was pushed")
    }
}
