//! Compare-and-branch: a comparison, identity or containment test and the jump on its result become one instruction.
//!
//! Only where the jump alone reads the result. A rich comparison may return any object; jumps by truth take it as the
//! fused branch does, exact-bool jumps only follow comparisons that were told to make a bool.

use bytecode::RegOp;

use super::producer_of_condition;
use crate::ir::{Body, Instr};
use crate::layout::opposite;
use crate::liveness::Liveness;

const JUMPS: &[RegOp] =
    &[RegOp::JUMP_IF_TRUE, RegOp::JUMP_IF_FALSE, RegOp::JUMP_IF_TRUTHY, RegOp::JUMP_IF_FALSY];

/// Fuses comparisons with the branches on them.
pub fn fuse_compare_branches(body: &mut Body, liveness: &Liveness) {
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
    let (if_true, makes_bool) = branch_if_true(test)?;
    match jump {
        RegOp::JUMP_IF_TRUE if makes_bool => Some(if_true),
        RegOp::JUMP_IF_FALSE if makes_bool => opposite(if_true),
        RegOp::JUMP_IF_TRUTHY => Some(if_true),
        RegOp::JUMP_IF_FALSY => opposite(if_true),
        _ => None,
    }
}

/// The branch that is taken if the test holds, and whether the test makes an exact bool.
fn branch_if_true(test: RegOp) -> Option<(RegOp, bool)> {
    use RegOp::*;
    Some(match test {
        LT => (JUMP_IF_LT, false),
        LE => (JUMP_IF_LE, false),
        EQ => (JUMP_IF_EQ, false),
        NE => (JUMP_IF_NE, false),
        GT => (JUMP_IF_GT, false),
        GE => (JUMP_IF_GE, false),
        LT_BOOL => (JUMP_IF_LT, true),
        LE_BOOL => (JUMP_IF_LE, true),
        EQ_BOOL => (JUMP_IF_EQ, true),
        NE_BOOL => (JUMP_IF_NE, true),
        GT_BOOL => (JUMP_IF_GT, true),
        GE_BOOL => (JUMP_IF_GE, true),
        IS => (JUMP_IF_IS, true),
        IS_NOT => (JUMP_IF_IS_NOT, true),
        CONTAINS => (JUMP_IF_CONTAINS, true),
        NOT_CONTAINS => (JUMP_IF_NOT_CONTAINS, true),
        _ => return None,
    })
}
