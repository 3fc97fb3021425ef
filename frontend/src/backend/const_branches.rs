//! Instructions that follow a constant and can be decided at compile time.
//!
//! A conditional jump on a constant becomes a jump or nothing, a test for None becomes a jump of its own kind, a returned
//! constant needs no stack, the truth of a constant is a constant. A copy of a constant counts as the constant.

use bytecode::Const;

use super::AssembleError;
use super::cfg::{Block, Cfg};
use super::const_pool::{ConstPool, is_true};
use super::opcode::{
    COPY, IS_OP, JUMP, LOAD_CONST, POP_JUMP_IF_FALSE, POP_JUMP_IF_NONE, POP_JUMP_IF_NOT_NONE,
    POP_JUMP_IF_TRUE, RETURN_CONST, RETURN_VALUE, TO_BOOL,
};

/// Decides what can be decided in every block.
pub(super) fn optimize_load_const(cfg: &mut Cfg, pool: &mut ConstPool) -> Result<(), AssembleError> {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        optimize_block(&mut cfg[id], pool)?;
        cursor = cfg[id].next;
    }
    Ok(())
}

fn optimize_block(block: &mut Block, pool: &mut ConstPool) -> Result<(), AssembleError> {
    let mut loaded = None;
    let mut index = 0;
    while index + 1 < block.instrs.len() {
        let instr = block.instrs[index];
        loaded = match instr.op {
            LOAD_CONST => Some(instr.arg),
            COPY if instr.arg == 1 => loaded,
            _ => None,
        };
        if let Some(constant) = loaded {
            index += optimize_follower(block, index, constant, pool)?;
        }
        index += 1;
    }
    Ok(())
}

/// Rewrites what follows the constant at `index`; says how many instructions to skip.
fn optimize_follower(
    block: &mut Block,
    index: usize,
    constant: u32,
    pool: &mut ConstPool,
) -> Result<usize, AssembleError> {
    let value = pool.get(constant)?;
    let follower = block.instrs[index + 1].op;
    match follower {
        POP_JUMP_IF_FALSE | POP_JUMP_IF_TRUE => {
            let jumps = is_true(value) == (follower == POP_JUMP_IF_TRUE);
            block.instrs[index].set_nop();
            if jumps {
                block.instrs[index + 1].op = JUMP;
            } else {
                block.instrs[index + 1].set_nop();
            }
        }
        IS_OP if matches!(value, Const::None) => fold_none_test(block, index),
        RETURN_VALUE => {
            block.instrs[index].set_nop();
            block.instrs[index + 1].set(RETURN_CONST, constant);
            return Ok(1);
        }
        TO_BOOL => {
            let truth = Const::Bool(is_true(value));
            block.instrs[index].set_nop();
            block.instrs[index + 1].set(LOAD_CONST, pool.add(truth));
        }
        _ => {}
    }
    Ok(0)
}

/// `LOAD_CONST None; IS_OP; [TO_BOOL;] POP_JUMP_IF_x` becomes one jump; the truth test goes even without a jump.
fn fold_none_test(block: &mut Block, index: usize) {
    let is_not = block.instrs[index + 1].arg != 0;
    let mut jump_at = index + 2;
    if block.instrs.get(jump_at).is_some_and(|instr| instr.op == TO_BOOL) {
        block.instrs[jump_at].set_nop();
        jump_at += 1;
    }
    let jumps_if_none = match block.instrs.get(jump_at).map(|instr| instr.op) {
        Some(POP_JUMP_IF_TRUE) => !is_not,
        Some(POP_JUMP_IF_FALSE) => is_not,
        _ => return,
    };
    block.instrs[index].set_nop();
    block.instrs[index + 1].set_nop();
    block.instrs[jump_at].op = if jumps_if_none { POP_JUMP_IF_NONE } else { POP_JUMP_IF_NOT_NONE };
}
