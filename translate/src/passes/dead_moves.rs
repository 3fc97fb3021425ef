//! Dead moves: a move, constant load or NULL load into a temporary that is not read again goes away, and so does a move
//! onto itself.
//!
//! Stores to locals stay whether read or not: frames show them. So does every instruction that may raise. One walk a
//! block, from its end, is enough: removing a move makes the move behind its operand dead in the same walk.

use bytecode::RegOp;

use crate::ir::{Body, Instr};
use crate::liveness::Liveness;

/// Marks moves dead that nobody reads.
pub fn remove_dead_moves(body: &mut Body, liveness: &mut Liveness) {
    for position in 0..body.order.len() {
        let block = body.order[position];
        liveness.walk_back(body, block, |body, index, live| {
            let locals = body.locals;
            let instr = &mut body.instrs[index];
            let unread = instr.def().is_some_and(|register| register >= locals && !live.contains(register));
            if is_load(instr.op) && unread || is_noop(instr) {
                instr.dead = true;
            }
        });
    }
}

fn is_load(op: RegOp) -> bool {
    matches!(op, RegOp::MOVE | RegOp::LOAD_CONST | RegOp::LOAD_NULL)
}

fn is_noop(instr: &Instr) -> bool {
    instr.op == RegOp::MOVE && instr.args[0] == instr.args[1]
}
