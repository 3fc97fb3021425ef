//! Removal of instructions that do nothing: NOPs whose line shows elsewhere, pushes popped at once, jumps to the next
//! block.
//!
//! A NOP stays if removing it would take its line out of the sequence of line events (PEP 626). Each removal can make
//! another possible, so the pass repeats; every round but the last removes something.

use super::cfg::{BlockId, Cfg, CfgInstr, NonemptyFrom};
use super::opcode::{COPY, LOAD_CONST, NOP, POP_TOP, is_jump, is_unconditional_jump};

/// Removes redundant NOPs everywhere; says how many.
pub(super) fn remove_redundant_nops(cfg: &mut Cfg) -> usize {
    let nonempty = cfg.nonempty_from();
    let mut removed = 0;
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        removed += remove_nops_of_block(cfg, &nonempty, id);
        cursor = cfg[id].next;
    }
    removed
}

/// Removes NOPs and jumps in turns until neither finds any.
pub(super) fn remove_redundant_nops_and_jumps(cfg: &mut Cfg) {
    while remove_redundant_nops(cfg) + remove_redundant_jumps(cfg) > 0 {}
}

/// Removes NOPs, and constants and copies that are popped at once.
pub(super) fn remove_redundant_nops_and_pairs(cfg: &mut Cfg) {
    while remove_pairs_once(cfg) {}
}

/// Turns jumps to the next block that is not empty into NOPs; says how many.
fn remove_redundant_jumps(cfg: &mut Cfg) -> usize {
    let nonempty = cfg.nonempty_from();
    let mut removed = 0;
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        let next = cfg[id].next;
        let following = next.and_then(|next| nonempty.get(next));
        if let Some(last) = cfg[id].instrs.last_mut()
            && is_unconditional_jump(last.op)
            && last.target.and_then(|target| nonempty.get(target)) == following
            && following.is_some()
        {
            last.set_nop();
            removed += 1;
        }
        cursor = next;
    }
    removed
}

fn remove_nops_of_block(cfg: &mut Cfg, nonempty: &NonemptyFrom, id: BlockId) -> usize {
    if !cfg[id].instrs.iter().any(|instr| instr.op == NOP) {
        return 0;
    }
    let line_after = line_of_next_block(cfg, nonempty, id);
    let instrs = &mut cfg[id].instrs;
    let before = instrs.len();
    let mut kept = 0;
    let mut previous_line = -1;
    for index in 0..before {
        let instr = instrs[index];
        if instr.op == NOP && is_redundant_nop(instrs, index, previous_line, line_after) {
            continue;
        }
        previous_line = instr.line();
        instrs[kept] = instr;
        kept += 1;
    }
    instrs.truncate(kept);
    before - kept
}

/// Whether the NOP's line shows without it; passes its location on to a follower that has none.
fn is_redundant_nop(
    instrs: &mut [CfgInstr],
    index: usize,
    previous_line: i32,
    line_after: Option<i32>,
) -> bool {
    let location = instrs[index].location;
    if location.line < 0 || location.line == previous_line {
        return true;
    }
    match instrs.get_mut(index + 1) {
        Some(next) if next.line() < 0 => {
            next.location = location;
            true
        }
        Some(next) => next.line() == location.line,
        None => line_after == Some(location.line),
    }
}

/// The line of the first instruction after the block, line-less NOPs not counted.
fn line_of_next_block(cfg: &Cfg, nonempty: &NonemptyFrom, id: BlockId) -> Option<i32> {
    let next = cfg[id].next.and_then(|next| nonempty.get(next))?;
    let visible = cfg[next].instrs.iter().find(|instr| instr.op != NOP || instr.line() >= 0);
    visible.map(CfgInstr::line)
}

/// One round of [`remove_redundant_nops_and_pairs`]; says whether a pair was found.
fn remove_pairs_once(cfg: &mut Cfg) -> bool {
    let nonempty = cfg.nonempty_from();
    let mut found = false;
    let mut previous: Option<(BlockId, usize)> = None;
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        remove_nops_of_block(cfg, &nonempty, id);
        if cfg[id].is_label {
            previous = None;
        }
        for index in 0..cfg[id].instrs.len() {
            if cfg[id].instrs[index].op == POP_TOP
                && let Some((block, at)) = previous
                && pushes_only(&cfg[block].instrs[at])
            {
                cfg[block].instrs[at].set_nop();
                cfg[id].instrs[index].set_nop();
                found = true;
            }
            previous = Some((id, index));
        }
        let jumped = previous.is_some_and(|(block, at)| is_jump(cfg[block].instrs[at].op));
        if jumped || !cfg[id].falls_through() {
            previous = None;
        }
        cursor = cfg[id].next;
    }
    found
}

fn pushes_only(instr: &CfgInstr) -> bool {
    instr.op == LOAD_CONST || (instr.op == COPY && instr.arg == 1)
}
