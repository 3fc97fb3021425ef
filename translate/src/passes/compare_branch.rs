//! Compare-and-branch: a comparison, identity or containment test and the jump on its result become one instruction.
//!
//! Only where the jump alone reads the result. A rich comparison may return any object, of which the fused branch takes
//! the truth. So does a jump by truth; a jump on an exact bool stands only behind comparisons whose result is one.

use bytecode::RegOp;

use super::producer_of_condition;
use crate::ir::{Body, Instr};
use crate::layout::opposite;
use crate::liveness::Liveness;

const JUMPS: &[RegOp] =
    &[RegOp::JUMP_IF_TRUE, RegOp::JUMP_IF_FALSE, RegOp::JUMP_IF_TRUTHY, RegOp::JUMP_IF_FALSY];

/// Fuses comparisons with the branches on them.
pub fn fuse_compare_branches(body: &mut Body, liveness: &mut Liveness) {
    for position in 0..body.order.len() {
        let block = body.order[position];
        let is_test = |op| branch_if_true(op).is_some();
        let found = producer_of_condition(body, liveness, block, JUMPS, is_test);
        let Some((test, branch)) = found else { continue };
        let (compared, jump) = (body.instrs[test], body.instrs[branch]);
        if let Some(op) = fused(compared.op, jump.op) {
            let [_, lhs, rhs, ..] = compared.args;
            body.instrs[branch] = Instr::new(op, &[lhs, rhs, jump.args[1]], compared.steps.and(jump.steps));
            body.instrs[test].dead = true;
        }
    }
}

fn fused(test: RegOp, jump: RegOp) -> Option<RegOp> {
    let if_true = branch_if_true(test)?;
    match jump {
        RegOp::JUMP_IF_TRUE | RegOp::JUMP_IF_TRUTHY => Some(if_true),
        _ => opposite(if_true),
    }
}

/// The branch that is taken if the test holds.
fn branch_if_true(test: RegOp) -> Option<RegOp> {
    use RegOp::*;
    Some(match test {
        LT | LT_BOOL => JUMP_IF_LT,
        LE | LE_BOOL => JUMP_IF_LE,
        EQ | EQ_BOOL => JUMP_IF_EQ,
        NE | NE_BOOL => JUMP_IF_NE,
        GT | GT_BOOL => JUMP_IF_GT,
        GE | GE_BOOL => JUMP_IF_GE,
        IS => JUMP_IF_IS,
        IS_NOT => JUMP_IF_IS_NOT,
        CONTAINS => JUMP_IF_CONTAINS,
        NOT_CONTAINS => JUMP_IF_NOT_CONTAINS,
        _ => return None,
    })
}
