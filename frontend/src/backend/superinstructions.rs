//! Superinstructions: pairs of local accesses on one line become one instruction if both opargs fit four bits.

use super::cfg::{Cfg, CfgInstr};
use super::opcode::{
    LOAD_FAST, LOAD_FAST_LOAD_FAST, STORE_FAST, STORE_FAST_LOAD_FAST, STORE_FAST_STORE_FAST,
};
use super::redundant::remove_redundant_nops;
use crate::ir::Opcode;

/// Opargs below this limit share a superinstruction's oparg.
const ARG_LIMIT: u32 = 16;

/// Fuses pairs in every block, from left to right.
pub(super) fn insert_superinstructions(cfg: &mut Cfg) {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        let instrs = &mut cfg[id].instrs;
        for index in 1..instrs.len() {
            if let [first, second] = &mut instrs[index - 1..=index] {
                fuse(first, second);
            }
        }
        cursor = cfg[id].next;
    }
    remove_redundant_nops(cfg);
}

fn fuse(first: &mut CfgInstr, second: &mut CfgInstr) {
    let Some(fused) = fused_op(first.op, second.op) else { return };
    let lines_differ = first.line() >= 0 && second.line() >= 0 && first.line() != second.line();
    if lines_differ || first.arg >= ARG_LIMIT || second.arg >= ARG_LIMIT {
        return;
    }
    first.set(fused, first.arg << 4 | second.arg);
    second.set_nop();
}

fn fused_op(first: Opcode, second: Opcode) -> Option<Opcode> {
    match (first, second) {
        (LOAD_FAST, LOAD_FAST) => Some(LOAD_FAST_LOAD_FAST),
        (STORE_FAST, LOAD_FAST) => Some(STORE_FAST_LOAD_FAST),
        (STORE_FAST, STORE_FAST) => Some(STORE_FAST_STORE_FAST),
        _ => None,
    }
}
