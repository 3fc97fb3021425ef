//! Destination forwarding: an instruction whose result is only moved on writes it where the move does.
//!
//! `ADD t, a, b; MOVE x, t` becomes `ADD x, a, b`: an instruction writes its result when it has succeeded, so `x` keeps
//! its value if it raises. Between the two may stand only instructions that neither raise, nor run other code, nor
//! touch `x` or `t`, so nobody sees that `x` is written earlier. `FOR_ITER` writes the loop variable if the loop body
//! starts with the move. Pairs and windows are left alone.

use bytecode::RegOp;

use crate::ir::{Arg, BlockId, Body};
use crate::liveness::{Liveness, TempSet};

/// Lets instructions write straight where their results are moved to.
pub fn forward_destinations(body: &mut Body, liveness: &Liveness) {
    for position in 0..body.order.len() {
        let block = body.order[position];
        if body.indices(block).any(|index| body.instrs[index].op == RegOp::MOVE) {
            liveness.walk_back(body, block, |body, index, live| forward_move(body, block, index, live));
        }
    }
    forward_loop_variables(body, liveness);
}

fn forward_move(body: &mut Body, block: BlockId, index: usize, live: &TempSet) {
    let Some((to, from)) = last_read(body, index, live) else { return };
    if let Some(producer) = find_producer(body, block, index, to, from) {
        let result = body.instrs[producer].def_index().expect("producers have one result");
        body.instrs[producer].args[result] = Arg::reg(to);
        body.instrs[index].dead = true;
    }
}

/// Destination and source of a move that is the last to read a temporary.
fn last_read(body: &Body, index: usize, live: &TempSet) -> Option<(u32, u32)> {
    let instr = &body.instrs[index];
    let (to, from) = (instr.def()?, instr.args[1].as_reg()?);
    let wanted = instr.op == RegOp::MOVE && body.is_temp(from) && to != from && !live.contains(from);
    wanted.then_some((to, from))
}

/// The instruction that writes `from` for the move at `index`, if it may write `to` instead.
fn find_producer(body: &Body, block: BlockId, index: usize, to: u32, from: u32) -> Option<usize> {
    for at in (body.indices(block).start..index).rev() {
        let instr = &body.instrs[at];
        if instr.dead {
            continue;
        }
        if body.defines(at, from) {
            let writes_result = instr.def() == Some(from) && !body.defines(at, to);
            return writes_result.then_some(at);
        }
        if !instr.is_pure() || body.defines(at, to) || body.uses(at, to) || body.uses(at, from) {
            return None;
        }
    }
    None
}

/// For each loop whose body starts by moving the item to a variable: `FOR_ITER` writes the variable.
fn forward_loop_variables(body: &mut Body, liveness: &Liveness) {
    let entries = count_entries(body);
    for position in 0..body.order.len() {
        let header = body.order[position];
        let Some(branch) = body.branch(header).filter(|index| body.instrs[*index].op == RegOp::FOR_ITER)
        else {
            continue;
        };
        let Some(loop_body) = body.block(header).next.filter(|block| entries[block.index()] == 1) else {
            continue;
        };
        let item = body.instrs[branch].args[0].to_number();
        let Some(to) = moved_at_start(body, liveness, loop_body, item) else { continue };
        if body.successors(header).any(|to| to != loop_body && liveness.live_in(to).contains(item)) {
            continue;
        }
        body.instrs[branch].args[0] = Arg::reg(to);
        for slot in &mut body.block_mut(loop_body).entry {
            if *slot == Arg::reg(item) {
                *slot = Arg::reg(to);
            }
        }
    }
}

/// Where the block's first instruction moves `item` to, if nobody else reads it; the move is then dead.
fn moved_at_start(body: &mut Body, liveness: &Liveness, block: BlockId, item: u32) -> Option<u32> {
    let first = body.indices(block).find(|index| !body.instrs[*index].dead)?;
    let mut moved = None;
    liveness.walk_back(body, block, |body, index, live| {
        if index == first
            && let Some((to, from)) = last_read(body, index, live)
            && from == item
        {
            body.instrs[index].dead = true;
            moved = Some(to);
        }
    });
    moved
}

/// For each block the number of ways in, exceptions included.
fn count_entries(body: &Body) -> Vec<u32> {
    let mut counts = vec![0; body.blocks.len()];
    for block in &body.order {
        let handler = body.handler(*block).map(|handler| handler.target);
        for to in body.successors(*block).chain(handler) {
            counts[to.index()] += 1;
        }
    }
    counts
}
