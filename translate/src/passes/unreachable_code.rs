//! Unreachable code: blocks that no path leads to any more are left out of the code, handlers of ranges that can no
//! longer raise included.
//!
//! Reachability from the entry over all edges. What the wordcode itself cannot reach was never lowered.

use crate::ir::{BlockId, Body};
use crate::validate::can_raise;

/// Leaves out blocks that cannot be reached.
pub fn remove_unreachable(body: &mut Body) {
    let Some(entry) = body.order.first().copied() else { return };
    let mut reached = vec![false; body.blocks.len()];
    reached[entry.index()] = true;
    let mut worklist = vec![entry];
    while let Some(block) = worklist.pop() {
        let handler = body.handler(block).map(|handler| handler.target).filter(|_| may_leave(body, block));
        for to in body.successors(block).chain(handler) {
            if !std::mem::replace(&mut reached[to.index()], true) {
                worklist.push(to);
            }
        }
    }
    body.order.retain(|block| reached[block.index()]);
    for block in body.order.clone() {
        if body.handler(block).is_some_and(|handler| !reached[handler.target.index()]) {
            body.block_mut(block).handler = None;
        }
    }
}

/// Whether an exception may leave a block: one of its instructions raises, or it may poll for interrupts.
fn may_leave(body: &Body, block: BlockId) -> bool {
    can_raise(body, block) || body.successors(block).any(|to| to <= block)
}
