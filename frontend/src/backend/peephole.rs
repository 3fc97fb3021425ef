//! Peephole rewriting within a block, and jump threading.
//!
//! Each rule looks at an instruction and its follower, or at the first instruction of its target. What it drops becomes
//! a NOP, removed later where its line allows. Runs of `SWAP` are shortened last.

use bytecode::Const;

use super::AssembleError;
use super::cfg::{BlockId, Cfg, CfgInstr};
use super::const_pool::ConstPool;
use super::opcode::*;
use super::swaps::optimize_swaps;
use crate::ir::Opcode;

/// The bit of `COMPARE_OP`'s oparg that asks for a bool.
const COMPARE_TO_BOOL: u32 = 16;

/// Rewrites every block.
pub(super) fn optimize_blocks(cfg: &mut Cfg, pool: &mut ConstPool) -> Result<(), AssembleError> {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        thread_jumps(cfg, id);
        optimize_pairs(cfg, id, pool)?;
        optimize_swaps(&mut cfg[id].instrs);
        cursor = cfg[id].next;
    }
    Ok(())
}

/// Makes a jump to a jump go to where that one goes. The steps are bounded, since jumps can form a cycle.
fn thread_jumps(cfg: &mut Cfg, id: BlockId) {
    for _ in 0..cfg.len() {
        let Some(jump) = cfg[id].last().copied().filter(|last| is_jump(last.op)) else { return };
        let target = jump.target.expect("a jump has a target");
        let Some(first) = cfg[target].instrs.first().copied() else { return };
        let Some(op) = threaded_op(jump.op, first.op) else { return };
        if first.target == jump.target {
            return;
        }
        let instrs = &mut cfg[id].instrs;
        instrs.last_mut().expect("the jump was just found").set_nop();
        instrs.push(CfgInstr::jump(op, first.target.expect("a jump has a target"), first.location));
    }
}

/// The jump that replaces `jump` if its target starts with the jump `at_target`.
fn threaded_op(jump: Opcode, at_target: Opcode) -> Option<Opcode> {
    match (jump, at_target) {
        (POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE, JUMP) => Some(jump),
        (JUMP | JUMP_NO_INTERRUPT, JUMP) => Some(JUMP),
        (JUMP | JUMP_NO_INTERRUPT, JUMP_NO_INTERRUPT) => Some(jump),
        _ => None,
    }
}

fn optimize_pairs(cfg: &mut Cfg, id: BlockId, pool: &mut ConstPool) -> Result<(), AssembleError> {
    for index in 0..cfg[id].instrs.len() {
        let instrs = &mut cfg[id].instrs;
        if instrs[index].op == BUILD_TUPLE && !unpack_of_tuple(instrs, index) {
            fold_tuple_of_constants(instrs, index, pool)?;
        } else if instrs[index].op == SWAP && instrs[index].arg == 1 {
            instrs[index].set_nop();
        } else if let Some([first, second]) = instrs.get_mut(index..index + 2) {
            optimize_pair(first, second);
        }
    }
    Ok(())
}

fn optimize_pair(first: &mut CfgInstr, second: &mut CfgInstr) {
    match (first.op, second.op) {
        // The second store wins; a value must still be popped.
        (STORE_FAST, STORE_FAST) if first.arg == second.arg && first.line() == second.line() => {
            first.set(POP_TOP, 0);
        }
        (LOAD_GLOBAL, PUSH_NULL) if first.arg & 1 == 0 => {
            first.arg |= 1;
            second.set_nop();
        }
        (COMPARE_OP, TO_BOOL) => move_to_second(first, second, first.arg | COMPARE_TO_BOOL),
        (CONTAINS_OP | IS_OP | UNARY_NOT, TO_BOOL) => move_to_second(first, second, first.arg),
        (CONTAINS_OP | IS_OP, UNARY_NOT) => move_to_second(first, second, first.arg ^ 1),
        (TO_BOOL, TO_BOOL) => first.set_nop(),
        // A truth test stands before the first, so the value is a bool already.
        (UNARY_NOT, UNARY_NOT) => {
            first.set_nop();
            second.set_nop();
        }
        _ => {}
    }
}

/// Leaves the first instruction's work to the second's place, so that it can combine with what follows.
fn move_to_second(first: &mut CfgInstr, second: &mut CfgInstr, arg: u32) {
    second.set(first.op, arg);
    first.set_nop();
}

/// Building a tuple to unpack it at once is at most a swap.
fn unpack_of_tuple(instrs: &mut [CfgInstr], index: usize) -> bool {
    let size = instrs[index].arg;
    let Some(unpack) = instrs.get_mut(index + 1) else { return false };
    if unpack.op != UNPACK_SEQUENCE || unpack.arg != size || !(1..=3).contains(&size) {
        return false;
    }
    if size == 1 {
        unpack.set_nop();
    } else {
        unpack.op = SWAP;
    }
    instrs[index].set_nop();
    true
}

/// A tuple of constants is a constant.
fn fold_tuple_of_constants(
    instrs: &mut [CfgInstr],
    index: usize,
    pool: &mut ConstPool,
) -> Result<(), AssembleError> {
    let Some(start) = index.checked_sub(instrs[index].arg as usize) else { return Ok(()) };
    let loads = &mut instrs[start..index];
    if !loads.iter().all(|load| has_const(load.op)) {
        return Ok(());
    }
    let items = loads.iter().map(|load| pool.get(load.arg).cloned()).collect::<Result<Vec<_>, _>>()?;
    loads.iter_mut().for_each(CfgInstr::set_nop);
    instrs[index].set(LOAD_CONST, pool.add(Const::Tuple(items.into())));
    Ok(())
}
