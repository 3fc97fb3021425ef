//! Loop inversion: a block that jumps back to a loop header which is nothing but a branch gets a branch of its own,
//! which goes back into the loop's body or falls out of the loop: one dispatch an iteration instead of two.
//!
//! For `for` loops the header is `FOR_ITER`; its copy at the bottom, tested the other way round, is `FOR_LOOP`. `while`
//! loops have their test at the bottom from the compiler on, and jump threading makes one branch of it. The copy stands
//! in a block of its own, so it keeps the header's handler. Loops are recognized by order alone: a jump to a block that
//! stands no later than the jump.

use crate::ir::Body;
use crate::roles::shape;

use super::jump_threading::append_block;

/// Gives jumps back to a lone branch a copy of the branch.
pub fn invert_loops(body: &mut Body) {
    let mut order = Vec::with_capacity(body.order.len());
    for position in 0..body.order.len() {
        let block = body.order[position];
        order.push(block);
        let Some(header) = body.block(block).next.filter(|next| *next <= block) else { continue };
        if body.branch(block).is_some() {
            continue;
        }
        let Some(last) = body.branch(header).filter(|last| body.before(header, *last).is_none()) else {
            continue;
        };
        let branch = body.instrs[last];
        if has_opposite(&branch) {
            let latch = append_block(body, branch, header);
            body.block_mut(block).next = Some(latch);
            order.push(latch);
        }
    }
    body.order = order;
}

/// Whether the branch can go back into the loop when the header's would fall through.
fn has_opposite(branch: &crate::ir::Instr) -> bool {
    shape(branch.op).target().is_some() && crate::layout::opposite(branch.op).is_some()
}
