//! Layout: what only an exception reaches goes to the end of the code.
//!
//! Warm is what the entry reaches without exceptions, cold what handlers reach besides. A cold block that fell through to
//! a warm one gets a jump in its place; it need not look for signals, as falling through did not.

use super::cfg::{Block, BlockId, BlockMap, Cfg, CfgInstr, Temperature};
use super::opcode::{JUMP_NO_INTERRUPT, is_jump};
use super::redundant::remove_redundant_nops_and_jumps;
use crate::ir::Location;

/// Moves cold blocks behind warm ones, each group in its order.
pub(super) fn push_cold_blocks_to_end(cfg: &mut Cfg) {
    if !cfg.layout().any(|id| cfg[id].is_handler) {
        return;
    }
    mark_warm(cfg);
    mark_cold(cfg);
    end_cold_runs_with_jumps(cfg);
    reorder(cfg);
    remove_redundant_nops_and_jumps(cfg);
}

fn mark_warm(cfg: &mut Cfg) {
    let mut seen = BlockMap::new(cfg, false);
    seen[Cfg::ENTRY] = true;
    let mut worklist = vec![Cfg::ENTRY];
    while let Some(id) = worklist.pop() {
        cfg[id].temperature = Temperature::Warm;
        push_successors(cfg, id, &mut seen, &mut worklist);
    }
}

fn mark_cold(cfg: &mut Cfg) {
    let mut seen = BlockMap::new(cfg, false);
    let mut worklist: Vec<BlockId> = cfg.layout().filter(|id| cfg[*id].is_handler).collect();
    for id in &worklist {
        seen[*id] = true;
    }
    while let Some(id) = worklist.pop() {
        cfg[id].temperature = Temperature::Cold;
        push_successors(cfg, id, &mut seen, &mut worklist);
    }
}

/// Queues the successors that are neither seen nor known to be warm.
fn push_successors(cfg: &Cfg, id: BlockId, seen: &mut BlockMap<bool>, worklist: &mut Vec<BlockId>) {
    let target = cfg[id].last().filter(|last| is_jump(last.op)).and_then(|last| last.target);
    for successor in cfg.fallthrough(id).into_iter().chain(target) {
        if cfg[successor].temperature != Temperature::Warm && !std::mem::replace(&mut seen[successor], true) {
            worklist.push(successor);
        }
    }
}

fn end_cold_runs_with_jumps(cfg: &mut Cfg) {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        let turns_warm = |next: &BlockId| {
            cfg[id].temperature == Temperature::Cold && cfg[*next].temperature == Temperature::Warm
        };
        if let Some(next) = cfg.fallthrough(id).filter(turns_warm) {
            cfg[next].is_label = true;
            let jump = cfg.new_block();
            let instrs = vec![CfgInstr::jump(JUMP_NO_INTERRUPT, next, Location::NONE)];
            cfg[jump] = Block { instrs, temperature: Temperature::Cold, predecessors: 1, ..Block::default() };
            cfg.insert_after(id, jump);
        }
        cursor = cfg[id].next;
    }
}

fn reorder(cfg: &mut Cfg) {
    let (cold, warm): (Vec<_>, Vec<_>) =
        cfg.layout().partition(|id| cfg[*id].temperature == Temperature::Cold);
    let mut order = warm.into_iter().chain(cold).peekable();
    while let Some(id) = order.next() {
        cfg[id].next = order.peek().copied();
    }
}
