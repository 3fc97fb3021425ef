//! Jump threading: a jump or branch to a block that only jumps on goes where that goes, and a jump to a block that only
//! returns becomes the return.
//!
//! A jump back polls for interrupts under its own handler, so an empty block is passed over only if it has the same
//! handler or jumps forward. The exit of a `for` loop is not led over a block that closes an outer loop: that one will
//! get a branch of its own ([`super::loop_inversion`]). A chain of empty blocks that bites its tail is an endless loop and stays. Nothing is
//! duplicated but returns.

use bytecode::RegOp;

use crate::ir::{Block, BlockId, Body, Instr};

/// Longest chain that is followed.
const MAX_HOPS: usize = 16;

/// Lets jumps go where they end up.
pub fn thread_jumps(body: &mut Body) {
    for position in 0..body.order.len() {
        let block = body.order[position];
        if let Some(branch) = body.branch(block) {
            let target = body.instrs[branch].target().expect("branches have a target");
            let leaves_loop = body.instrs[branch].op == RegOp::FOR_ITER;
            let (end, _) = follow(body, block, target, !leaves_loop);
            body.instrs[branch].set_target(end);
        }
        if let Some(next) = body.block(block).next {
            let (end, jump) = follow(body, block, next, true);
            let block = body.block_mut(block);
            block.next = Some(end);
            block.jump = block.jump.or(jump);
        }
    }
    duplicate_returns(body);
}

/// Where control ends up that goes from `from` to `to`, and the jump that it passes. Unless `back`, it stops at an empty
/// block that jumps back.
fn follow(body: &Body, from: BlockId, to: BlockId, back: bool) -> (BlockId, Option<u32>) {
    let (mut end, mut jump) = (to, None);
    for _ in 0..MAX_HOPS {
        let block = body.block(end);
        let Some(next) = block.next.filter(|_| body.is_empty(end)) else { return (end, jump) };
        let polls_elsewhere = next <= end && block.handler != body.block(from).handler;
        let closes_loop = next <= end && !back;
        if next == end || polls_elsewhere || closes_loop {
            return (end, jump);
        }
        jump = jump.or(block.jump);
        end = next;
    }
    (to, None)
}

/// Gives each block that jumps to a lone return a return of its own.
fn duplicate_returns(body: &mut Body) {
    let mut order = Vec::with_capacity(body.order.len());
    for position in 0..body.order.len() {
        let block = body.order[position];
        order.push(block);
        let behind = body.order.get(position + 1).copied();
        let next = body.block(block).next.filter(|next| Some(*next) != behind);
        if let Some((next, instr)) = next.and_then(|next| lone_return(body, next).map(|instr| (next, instr)))
            && body.branch(block).is_none()
        {
            let copy = append_block(body, instr, next);
            body.block_mut(copy).handler = body.block(block).handler;
            body.block_mut(block).next = Some(copy);
            order.push(copy);
        }
    }
    body.order = order;
}

fn lone_return(body: &Body, block: BlockId) -> Option<Instr> {
    let last = body.last(block)?;
    let instr = body.instrs[last];
    (instr.op == RegOp::RETURN && body.before(block, last).is_none()).then_some(instr)
}

/// A new block of one instruction; all else is as in the block that it is a copy of.
pub(super) fn append_block(body: &mut Body, instr: Instr, copied: BlockId) -> BlockId {
    let start = body.instrs.len() as u32;
    body.instrs.push(instr);
    let copy = Block { range: start..start + 1, ..body.block(copied).clone() };
    body.blocks.push(copy);
    BlockId(body.blocks.len() as u32 - 1)
}
