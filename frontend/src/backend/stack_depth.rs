//! The greatest operand-stack depth, and the depth at each block's entry, from which handlers know how far to unwind.
//!
//! A forward problem in which every path must agree on a block's depth, so one visit a block reaches the fixpoint.

use super::AssembleError;
use super::cfg::{BlockId, Cfg};
use super::opcode::{ends_flow, has_target, stack_effect};

/// Sets each reachable block's depth, returns the greatest depth of all.
pub(super) fn analyze(cfg: &mut Cfg) -> Result<u32, AssembleError> {
    let mut worklist = Vec::new();
    let mut max_depth = 0;
    enter(cfg, &mut worklist, Cfg::ENTRY, 0)?;
    while let Some(id) = worklist.pop() {
        max_depth = max_depth.max(analyze_block(cfg, &mut worklist, id)?);
    }
    Ok(max_depth as u32)
}

fn enter(cfg: &mut Cfg, worklist: &mut Vec<BlockId>, id: BlockId, depth: i32) -> Result<(), AssembleError> {
    match cfg[id].start_depth {
        Some(first) if first != depth => Err(AssembleError::InconsistentDepth { first, second: depth }),
        Some(_) => Ok(()),
        None => {
            cfg[id].start_depth = Some(depth);
            worklist.push(id);
            Ok(())
        }
    }
}

/// The greatest depth within the block.
fn analyze_block(cfg: &mut Cfg, worklist: &mut Vec<BlockId>, id: BlockId) -> Result<i32, AssembleError> {
    let mut depth = cfg[id].start_depth.expect("a block is queued with its depth");
    let mut max_depth = depth;
    for index in 0..cfg[id].instrs.len() {
        let instr = cfg[id].instrs[index];
        if has_target(instr.op) {
            let at_target = depth + stack_effect(instr.op, instr.arg, true);
            max_depth = max_depth.max(at_target);
            enter(cfg, worklist, instr.target.expect("a jump or SETUP has a target"), at_target)?;
        }
        depth += stack_effect(instr.op, instr.arg, false);
        if depth < 0 {
            return Err(AssembleError::StackUnderflow { opcode: instr.op.0 });
        }
        max_depth = max_depth.max(depth);
        if ends_flow(instr.op) {
            return Ok(max_depth);
        }
    }
    if let Some(next) = cfg[id].next {
        enter(cfg, worklist, next, depth)?;
    }
    Ok(max_depth)
}
