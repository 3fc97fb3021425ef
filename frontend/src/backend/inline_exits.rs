//! Inlining of small exit blocks and of blocks without a line into the jumps that reach them.
//!
//! A jump to at most four instructions that leave the code object costs more than a copy of them; and a block without
//! a line must be copied anyway so that each copy can take the line of its jump. Blocks are inlined one level a round,
//! until nothing changes; the number of rounds is bounded, for jumps without lines could form a cycle.

use super::cfg::{BlockId, Cfg};
use super::opcode::{JUMP, is_unconditional_jump};

/// The size up to which exits are copied.
const MAX_COPY_SIZE: usize = 4;
/// A chain of jumps longer than nesting can make it.
const MAX_ROUNDS: usize = 10_000;

/// Replaces jumps to small or line-less ends by those ends.
pub(super) fn inline_small_or_no_line_blocks(cfg: &mut Cfg) {
    for _ in 0..MAX_ROUNDS.min(cfg.len()) {
        let mut changed = false;
        let mut cursor = Some(Cfg::ENTRY);
        while let Some(id) = cursor {
            changed |= inline_target(cfg, id);
            cursor = cfg[id].next;
        }
        if !changed {
            return;
        }
    }
}

fn inline_target(cfg: &mut Cfg, id: BlockId) -> bool {
    let Some(last) = cfg[id].last().filter(|last| is_unconditional_jump(last.op)) else { return false };
    let (removed_jump, target) = (last.op, last.target.expect("a jump has a target"));
    let small_exit = cfg[target].exits_scope() && cfg[target].instrs.len() <= MAX_COPY_SIZE;
    let without_line = cfg[target].has_no_line() && !cfg[target].falls_through();
    if target == id || !(small_exit || without_line) {
        return false;
    }
    let copy = cfg[target].instrs.clone();
    let instrs = &mut cfg[id].instrs;
    instrs.last_mut().expect("the jump was just found").set_nop();
    instrs.extend(copy);
    if let Some(last) = instrs.last_mut() {
        // A plain jump lets the interpreter look for signals; the jump that takes its place must do so too.
        if without_line && removed_jump == JUMP && is_unconditional_jump(last.op) {
            last.op = JUMP;
        }
    }
    cfg[target].predecessors = cfg[target].predecessors.saturating_sub(1);
    true
}
