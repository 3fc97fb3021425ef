//! Which handler each instruction has: a walk along all edges that carries the stack of open handlers.
//!
//! `SETUP_*` opens a handler, `POP_BLOCK` closes the innermost; code generation balances them along every path, so the
//! first path that reaches a block decides. The walk also completes the oparg of `RESUME`: whether the sole handler
//! around its `yield` is the one that wraps every generator.

use super::AssembleError;
use super::cfg::{BlockId, BlockMap, Cfg};
use super::opcode::{POP_BLOCK, RESUME, SETUP_FINALLY, YIELD_VALUE, is_block_push, is_jump};

/// `RESUME`'s oparg at the start of a function.
const RESUME_AT_FUNC_START: u32 = 0;
/// The bit of `RESUME`'s oparg that says "one handler around the yield".
const RESUME_DEPTH1: u32 = 4;

/// Marks handlers, gives each reachable instruction its handler, drops `POP_BLOCK`.
pub(super) fn label_exception_targets(cfg: &mut Cfg) -> Result<(), AssembleError> {
    if !mark_handlers(cfg) {
        return Ok(());
    }
    let mut walk =
        Walk { stacks: BlockMap::new(cfg, None), seen: BlockMap::new(cfg, false), worklist: Vec::new() };
    walk.push(Cfg::ENTRY, Vec::new());
    while let Some(id) = walk.worklist.pop() {
        walk.label_block(cfg, id)?;
    }
    Ok(())
}

/// Says whether there is any handler.
fn mark_handlers(cfg: &mut Cfg) -> bool {
    let mut handlers = Vec::new();
    cfg.for_each_instr(|instr| {
        if is_block_push(instr.op) {
            handlers.extend(instr.target);
        }
    });
    for handler in &handlers {
        cfg[*handler].is_handler = true;
    }
    !handlers.is_empty()
}

struct Walk {
    /// The open handlers at each block's entry, while it waits.
    stacks: BlockMap<Option<Vec<BlockId>>>,
    seen: BlockMap<bool>,
    worklist: Vec<BlockId>,
}

impl Walk {
    fn push(&mut self, id: BlockId, stack: Vec<BlockId>) {
        if !std::mem::replace(&mut self.seen[id], true) {
            self.stacks[id] = Some(stack);
            self.worklist.push(id);
        }
    }

    fn label_block(&mut self, cfg: &mut Cfg, id: BlockId) -> Result<(), AssembleError> {
        let mut stack = self.stacks[id].take().expect("a block waits with its stack");
        let mut depth_at_yield = None;
        for index in 0..cfg[id].instrs.len() {
            let instr = &mut cfg[id].instrs[index];
            match instr.op {
                POP_BLOCK => {
                    stack.pop().ok_or(AssembleError::UnbalancedHandlers)?;
                    instr.set_nop();
                }
                op if is_block_push(op) => {
                    let target = instr.target.expect("a SETUP has a target");
                    cfg[target].preserve_lasti |= op != SETUP_FINALLY;
                    self.push(target, stack.clone());
                    stack.push(target);
                }
                op => {
                    instr.handler = stack.last().copied();
                    if op == YIELD_VALUE {
                        depth_at_yield = Some(stack.len());
                    } else if op == RESUME && instr.arg != RESUME_AT_FUNC_START {
                        instr.arg |= if depth_at_yield.take() == Some(1) { RESUME_DEPTH1 } else { 0 };
                    } else if is_jump(op) {
                        self.push(instr.target.expect("a jump has a target"), stack.clone());
                    }
                }
            }
        }
        if let Some(next) = cfg.fallthrough(id) {
            self.push(next, stack);
        }
        Ok(())
    }
}
