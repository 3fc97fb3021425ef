//! Truth tests: `TO_BOOL` and the exact-bool jump on its result become the jump by truth; a `UNARY_NOT` before a jump
//! turns the jump round; `TO_BOOL` and `UNARY_NOT` become one.
//!
//! Only where nobody else reads the result in between. What is tested is evaluated where it was.

use bytecode::RegOp;

use super::{producer_of_condition, sinkable_producer};
use crate::ir::{BlockId, Body, Instr};
use crate::layout::opposite;
use crate::liveness::Liveness;

const EXACT: &[RegOp] = &[RegOp::JUMP_IF_TRUE, RegOp::JUMP_IF_FALSE];

/// Fuses truth tests with what uses them.
pub fn fuse_truth_tests(body: &mut Body, liveness: &mut Liveness) {
    for position in 0..body.order.len() {
        let block = body.order[position];
        while fuse_with_branch(body, liveness, block) {}
        fuse_negations(body, liveness, block);
    }
}

/// Fuses what makes the branch's condition with the branch; whether something was fused.
fn fuse_with_branch(body: &mut Body, liveness: &Liveness, block: BlockId) -> bool {
    let is_test = |op| matches!(op, RegOp::TO_BOOL | RegOp::UNARY_NOT);
    let Some((test, branch)) = producer_of_condition(body, liveness, block, EXACT, is_test) else {
        return false;
    };
    let tested = body.instrs[test];
    let jump = &mut body.instrs[branch];
    jump.op = match (tested.op, jump.op) {
        (RegOp::TO_BOOL, RegOp::JUMP_IF_TRUE) => RegOp::JUMP_IF_TRUTHY,
        (RegOp::TO_BOOL, _) => RegOp::JUMP_IF_FALSY,
        (_, op) => opposite(op).expect("both exact jumps have an opposite"),
    };
    jump.args[0] = tested.args[1];
    jump.steps = tested.steps.and(jump.steps);
    body.instrs[test].dead = true;
    true
}

fn fuse_negations(body: &mut Body, liveness: &Liveness, block: BlockId) {
    if !body.lowered.contains(RegOp::UNARY_NOT) {
        return;
    }
    liveness.walk_back(body, block, |body, index, live| {
        let negation = body.instrs[index];
        let operand = negation.args[1].as_reg().filter(|_| negation.op == RegOp::UNARY_NOT);
        let Some(operand) = operand.filter(|register| body.is_temp(*register)) else { return };
        let is_last_read = !live.contains(operand) || negation.def() == Some(operand);
        let test = sinkable_producer(body, block, index, operand).filter(|_| is_last_read);
        if let Some(test) = test.filter(|test| body.instrs[*test].op == RegOp::TO_BOOL) {
            let tested = body.instrs[test];
            let args = [negation.args[0], tested.args[1]];
            body.instrs[index] = Instr::new(RegOp::TO_BOOL_NOT, &args, tested.steps.and(negation.steps));
            body.instrs[test].dead = true;
        }
    });
}
