//! Exception match: `CHECK_EXC_MATCH` and the jump on its result become one branch to the next `except` clause.

use bytecode::RegOp;

use super::producer_of_condition;
use crate::ir::{Body, Instr};
use crate::liveness::Liveness;

/// Fuses exception matches with the branches on them.
pub fn fuse_exception_matches(body: &mut Body, liveness: &mut Liveness) {
    if !body.lowered.contains(RegOp::CHECK_EXC_MATCH) {
        return;
    }
    for position in 0..body.order.len() {
        let block = body.order[position];
        let is_match = |op| op == RegOp::CHECK_EXC_MATCH;
        let found = producer_of_condition(body, liveness, block, &[RegOp::JUMP_IF_FALSE], is_match);
        let Some((test, branch)) = found else { continue };
        let (tested, jump) = (body.instrs[test], body.instrs[branch]);
        let args = [tested.args[1], tested.args[2], jump.args[1]];
        body.instrs[branch] = Instr::new(RegOp::JUMP_IF_NOT_EXC_MATCH, &args, tested.steps.and(jump.steps));
        body.instrs[test].dead = true;
    }
}
