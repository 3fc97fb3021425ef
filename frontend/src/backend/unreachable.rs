//! Removal of unreachable code, which also counts each block's predecessors.
//!
//! A handler counts as reachable from the `SETUP_*` that installs it, whether or not anything in between can raise.

use super::cfg::{BlockId, BlockMap, Cfg};
use super::opcode::has_target;

/// Empties blocks that no path reaches and counts the edges into the others.
pub(super) fn remove_unreachable(cfg: &mut Cfg) {
    let predecessors = count_predecessors(cfg);
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        let block = &mut cfg[id];
        block.predecessors = predecessors[id];
        if block.predecessors == 0 {
            block.instrs.clear();
            block.is_handler = false;
        }
        cursor = block.next;
    }
}

fn count_predecessors(cfg: &Cfg) -> BlockMap<u32> {
    let mut counts = BlockMap::new(cfg, 0);
    let mut worklist = Vec::new();
    add_edge(&mut counts, &mut worklist, Cfg::ENTRY);
    while let Some(id) = worklist.pop() {
        let targets =
            cfg[id].instrs.iter().filter(|instr| has_target(instr.op)).filter_map(|instr| instr.target);
        for successor in cfg.fallthrough(id).into_iter().chain(targets) {
            add_edge(&mut counts, &mut worklist, successor);
        }
    }
    counts
}

fn add_edge(counts: &mut BlockMap<u32>, worklist: &mut Vec<BlockId>, to: BlockId) {
    if counts[to] == 0 {
        worklist.push(to);
    }
    counts[to] += 1;
}
