//! Destination forwarding: an instruction whose result is only moved on writes it where the move does.
//!
//! `ADD t, a, b; MOVE x, t` becomes `ADD x, a, b`: an instruction writes its result when it has succeeded, so `x` keeps
//! its value if it raises. Between the two may stand only instructions that neither raise, nor run other code, nor
//! touch `x` or `t`, so nobody sees that `x` is written earlier; if `x` is a temporary that no handler reads, other code
//! does not see it either. `FOR_ITER` writes the loop variable if the loop body starts with the move. Pairs and windows
//! are left alone.

use bytecode::RegOp;

use crate::ir::{Arg, BlockId, Body};
use crate::liveness::{Liveness, TempSet};

/// Walks over one block.
const MAX_ROUNDS: usize = 4;
/// Farthest that the search goes.
const MAX_BLOCKS: usize = 4;

/// Lets instructions write straight where their results are moved to.
pub fn forward_destinations(body: &mut Body, liveness: &mut Liveness) {
    let ways = WaysIn::count(body);
    for position in 0..body.order.len() {
        let block = body.order[position];
        if body.indices(block).any(|index| body.instrs[index].op == RegOp::MOVE) {
            let mut rounds = 0..MAX_ROUNDS;
            while rounds.next().is_some() && forward_in_block(body, liveness, &ways, block) {}
        }
    }
    forward_loop_variables(body, liveness, &ways);
}

/// Forwards what it can in one walk; whether there was something. That may have opened the way for another move, which
/// the walk had passed.
fn forward_in_block(body: &mut Body, liveness: &mut Liveness, ways: &WaysIn, block: BlockId) -> bool {
    let mut forwarded = false;
    let mut passed = Vec::new();
    liveness.walk_back(body, block, |body, index, live| {
        let Some((to, from)) = last_read(body, index, live) else { return };
        let search = Search { body, liveness, ways, to, from };
        if let Some((producer, crossed)) = search.run(block, index) {
            let result = body.instrs[producer].def_index().expect("producers have one result");
            body.instrs[producer].args[result] = Arg::reg(to);
            body.instrs[index].dead = true;
            passed.extend(crossed.into_iter().map(|block| (block, to, from)));
            forwarded = true;
        }
    });
    for (block, to, from) in passed {
        liveness.rename(block, from, to);
        rename_slot(body, block, from, to);
    }
    forwarded
}

/// Says in a block's witness that a value lies in another register, and what lay there is read no more.
fn rename_slot(body: &mut Body, block: BlockId, from: u32, to: u32) {
    let is_local = !body.is_temp(to);
    let block = body.block_mut(block);
    let overwritten = |home: Arg| if is_local { home } else { Arg::UNKNOWN };
    for (index, home) in block.entry.iter_mut().enumerate() {
        *home = if *home == Arg::reg(to) { Arg::UNKNOWN } else { *home };
        if let Some(known) = block.known.get_mut(index).filter(|known| **known == Arg::reg(to)) {
            *known = overwritten(*home);
        }
    }
    for slot in block.entry.iter_mut().chain(&mut block.known).filter(|slot| **slot == Arg::reg(from)) {
        *slot = Arg::reg(to);
    }
    if is_local {
        block.early.push(to);
    }
}

/// Destination and source of a move that is the last to read a temporary.
fn last_read(body: &Body, index: usize, live: &TempSet) -> Option<(u32, u32)> {
    let instr = &body.instrs[index];
    let (to, from) = (instr.def()?, instr.args[1].as_reg()?);
    let wanted = instr.op == RegOp::MOVE && body.is_temp(from) && to != from && !live.contains(from);
    wanted.then_some((to, from))
}

/// The search for the instruction that writes `from`, so that it may write `to` instead.
struct Search<'a> {
    body: &'a Body,
    liveness: &'a Liveness,
    ways: &'a WaysIn,
    to: u32,
    from: u32,
}

impl Search<'_> {
    /// Looks back from the move at `index`, also into a block that leads here and nowhere else. Returns the instruction
    /// and the blocks at whose entry the value is in its register already.
    fn run(&self, mut block: BlockId, mut index: usize) -> Option<(usize, Vec<BlockId>)> {
        let mut crossed = Vec::new();
        for _ in 0..MAX_BLOCKS {
            for at in (self.body.indices(block).start..index).rev() {
                if self.body.instrs[at].dead {
                    continue;
                }
                if self.body.defines(at, self.from) {
                    let found =
                        self.body.instrs[at].def() == Some(self.from) && !self.body.defines(at, self.to);
                    return found.then_some((at, crossed));
                }
                if !self.may_pass(block, at) {
                    return None;
                }
            }
            crossed.push(block);
            block = self.ways.only_predecessor(self.body, block)?;
            index = self.body.indices(block).end;
        }
        None
    }

    /// Whether the instruction can stand behind the write of `to` as well as before it.
    fn may_pass(&self, block: BlockId, at: usize) -> bool {
        let body = self.body;
        let touches = body.defines(at, self.to) || body.uses(at, self.to) || body.uses(at, self.from);
        !touches && (body.instrs[at].is_pure() || self.is_unseen(block))
    }

    /// Whether no handler reads `to` or `from` when an instruction of the block raises, and no frame shows them.
    fn is_unseen(&self, block: BlockId) -> bool {
        let Some(handler) = self.body.handler(block) else { return self.body.is_temp(self.to) };
        let live = self.liveness.live_in(handler.target);
        let is_read = |register| live.contains(register) && !handler.written().contains(&register);
        self.body.is_temp(self.to) && !is_read(self.to) && !is_read(self.from)
    }
}

/// For each loop whose body starts by moving the item to a variable: `FOR_ITER` writes the variable.
fn forward_loop_variables(body: &mut Body, liveness: &Liveness, ways: &WaysIn) {
    for position in 0..body.order.len() {
        let header = body.order[position];
        let Some(branch) = body.branch(header).filter(|index| body.instrs[*index].op == RegOp::FOR_ITER)
        else {
            continue;
        };
        let Some(loop_body) = body.block(header).next.filter(|block| ways.counts[block.index()] == 1) else {
            continue;
        };
        let item = body.instrs[branch].args[0].to_number();
        let Some(to) = moved_at_start(body, liveness, loop_body, item) else { continue };
        if body.successors(header).any(|to| to != loop_body && liveness.live_in(to).contains(item)) {
            continue;
        }
        body.instrs[branch].args[0] = Arg::reg(to);
        rename_slot(body, loop_body, item, to);
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

/// The ways into each block, exceptions included.
struct WaysIn {
    counts: Vec<u32>,
    from: Vec<Option<BlockId>>,
}

impl WaysIn {
    fn count(body: &Body) -> Self {
        let mut ways = Self { counts: vec![0; body.blocks.len()], from: vec![None; body.blocks.len()] };
        if let Some(first) = body.order.first() {
            ways.counts[first.index()] = 1;
        }
        for block in &body.order {
            let handler = body.handler(*block).map(|handler| handler.target);
            for to in body.successors(*block).chain(handler) {
                ways.counts[to.index()] += 1;
                ways.from[to.index()] = Some(*block);
            }
        }
        ways
    }

    /// The block that leads here and nowhere else, if there is no other way in.
    fn only_predecessor(&self, body: &Body, block: BlockId) -> Option<BlockId> {
        let from = self.from[block.index()].filter(|_| self.counts[block.index()] == 1)?;
        (body.branch(from).is_none() && body.block(from).next == Some(block)).then_some(from)
    }
}
