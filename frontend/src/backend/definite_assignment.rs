//! Definite assignment: `LOAD_FAST` stays where the local is bound on every path, else it becomes `LOAD_FAST_CHECK`.
//!
//! A forward may-problem over sets of locals that may be unbound, one bit each for the first 64, joined by union; the
//! sets only grow, so it ends. Locals beyond the 64th are only followed within a block, which keeps the pass linear.
//! Handlers receive the state before each instruction that they protect.

use super::cfg::{Block, BlockId, BlockMap, Cfg, CfgInstr};
use super::opcode::{
    DELETE_FAST, LOAD_FAST, LOAD_FAST_AND_CLEAR, LOAD_FAST_CHECK, STORE_FAST, STORE_FAST_MAYBE_NULL, is_jump,
};

/// Locals that are followed across blocks.
const TRACKED: u32 = 64;

/// Checks loads of locals that may be unbound; the first `param_count` locals are bound at entry.
pub(super) fn check_uninitialized_loads(cfg: &mut Cfg, local_count: u32, param_count: u32) {
    if local_count == 0 {
        return;
    }
    if local_count > TRACKED {
        check_untracked(cfg, local_count);
    }
    let mut analysis =
        Analysis { unbound: BlockMap::new(cfg, 0), queued: BlockMap::new(cfg, false), worklist: Vec::new() };
    analysis.join(Cfg::ENTRY, mask_below(local_count) & !mask_below(param_count));
    // Deletions make locals unbound anywhere, so every block is looked at once.
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        analysis.transfer(cfg, id);
        cursor = cfg[id].next;
    }
    while let Some(id) = analysis.worklist.pop() {
        analysis.queued[id] = false;
        analysis.transfer(cfg, id);
    }
}

/// The set of the locals below `count`.
fn mask_below(count: u32) -> u64 {
    if count >= TRACKED { u64::MAX } else { (1 << count) - 1 }
}

struct Analysis {
    /// For each block the locals that may be unbound at its entry.
    unbound: BlockMap<u64>,
    queued: BlockMap<bool>,
    worklist: Vec<BlockId>,
}

impl Analysis {
    fn join(&mut self, id: BlockId, unbound: u64) {
        let joined = self.unbound[id] | unbound;
        if joined != self.unbound[id] {
            self.unbound[id] = joined;
            if !std::mem::replace(&mut self.queued[id], true) {
                self.worklist.push(id);
            }
        }
    }

    fn transfer(&mut self, cfg: &mut Cfg, id: BlockId) {
        let mut unbound = self.unbound[id];
        for instr in &mut cfg[id].instrs {
            if let Some(handler) = instr.handler {
                self.join(handler, unbound);
            }
            step(instr, &mut unbound);
        }
        let target = cfg[id].last().filter(|last| is_jump(last.op)).and_then(|last| last.target);
        for successor in cfg.fallthrough(id).into_iter().chain(target) {
            self.join(successor, unbound);
        }
    }
}

fn step(instr: &mut CfgInstr, unbound: &mut u64) {
    if instr.arg >= TRACKED {
        return;
    }
    let bit = 1 << instr.arg;
    match instr.op {
        DELETE_FAST | LOAD_FAST_AND_CLEAR | STORE_FAST_MAYBE_NULL => *unbound |= bit,
        STORE_FAST | LOAD_FAST_CHECK => *unbound &= !bit,
        LOAD_FAST => {
            if *unbound & bit != 0 {
                instr.op = LOAD_FAST_CHECK;
            }
            *unbound &= !bit;
        }
        _ => {}
    }
}

/// Checks loads of locals beyond the tracked ones unless the same block bound them before.
fn check_untracked(cfg: &mut Cfg, local_count: u32) {
    let mut bound_in = vec![0_u32; (local_count - TRACKED) as usize];
    let mut block_number = 0;
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        block_number += 1;
        check_untracked_in(&mut cfg[id], &mut bound_in, block_number);
        cursor = cfg[id].next;
    }
}

fn check_untracked_in(block: &mut Block, bound_in: &mut [u32], block_number: u32) {
    for instr in &mut block.instrs {
        let Some(bound_in) =
            instr.arg.checked_sub(TRACKED).and_then(|local| bound_in.get_mut(local as usize))
        else {
            continue;
        };
        match instr.op {
            DELETE_FAST | LOAD_FAST_AND_CLEAR | STORE_FAST_MAYBE_NULL => *bound_in = block_number - 1,
            STORE_FAST => *bound_in = block_number,
            LOAD_FAST => {
                if *bound_in != block_number {
                    instr.op = LOAD_FAST_CHECK;
                }
                *bound_in = block_number;
            }
            _ => {}
        }
    }
}
