//! Removal of unreachable code, which also counts each block's predecessors.
//!
//! A handler counts as reachable from the `SETUP_*` that installs it, whether or not anything in between can raise.

use super::cfg::{BlockId, Cfg};
use super::opcode::has_target;

/// Empties blocks that no path reaches and counts the edges into the others.
///
/// Empty blocks stay in the layout: where one later stands between two others, lines are not passed on.
pub(super) fn remove_unreachable(cfg: &mut Cfg) {
    count_predecessors(cfg);
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        let block = &mut cfg[id];
        if block.predecessors == 0 {
            block.instrs.clear();
            block.is_handler = false;
        }
        cursor = block.next;
    }
}

fn count_predecessors(cfg: &mut Cfg) {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        cfg[id].predecessors = 0;
        cursor = cfg[id].next;
    }
    let mut worklist = Vec::new();
    add_edge(cfg, &mut worklist, Cfg::ENTRY);
    while let Some(id) = worklist.pop() {
        if let Some(next) = cfg.fallthrough(id) {
            add_edge(cfg, &mut worklist, next);
        }
        for index in 0..cfg[id].instrs.len() {
            let instr = cfg[id].instrs[index];
            if let Some(target) = instr.target.filter(|_| has_target(instr.op)) {
                add_edge(cfg, &mut worklist, target);
            }
        }
    }
}

fn add_edge(cfg: &mut Cfg, worklist: &mut Vec<BlockId>, to: BlockId) {
    if cfg[to].predecessors == 0 {
        worklist.push(to);
    }
    cfg[to].predecessors += 1;
}
