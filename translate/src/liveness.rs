//! Liveness of temporaries: which are read on some path before they are written again.
//!
//! A backward may-problem over sets of temporaries, joined by union. Each block is summed up once as what it reads
//! before writing and what it writes; then the sums are propagated until nothing changes, which ends since sets only
//! grow. An instruction that may raise also reads what its handler needs, but for the registers that the raise itself
//! writes. Locals are not tracked: they are live everywhere, since frames show them.

use crate::ir::{BlockId, Body};
use crate::roles::shape;

/// A set of temporaries. The first 64 need no allocation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TempSet {
    first: u64,
    rest: Vec<u64>,
    base: u32,
}

impl TempSet {
    /// The empty set for a body's temporaries.
    pub fn new(body: &Body) -> Self {
        let words = (body.registers - body.locals).div_ceil(64) as usize;
        Self { first: 0, rest: vec![0; words.saturating_sub(1)], base: body.locals }
    }

    /// Adds a register if it is a temporary.
    #[inline]
    pub fn insert(&mut self, register: u32) {
        match register.checked_sub(self.base) {
            None => {}
            Some(bit @ 0..64) => self.first |= 1 << bit,
            Some(bit) => self.rest[bit as usize / 64 - 1] |= 1 << (bit % 64),
        }
    }

    /// Takes a register out.
    #[inline]
    pub fn remove(&mut self, register: u32) {
        match register.checked_sub(self.base) {
            None => {}
            Some(bit @ 0..64) => self.first &= !(1 << bit),
            Some(bit) => self.rest[bit as usize / 64 - 1] &= !(1 << (bit % 64)),
        }
    }

    /// Whether a register is in the set; locals never are.
    #[inline]
    pub fn contains(&self, register: u32) -> bool {
        match register.checked_sub(self.base) {
            None => false,
            Some(bit @ 0..64) => self.first & 1 << bit != 0,
            Some(bit) => self.rest[bit as usize / 64 - 1] & 1 << (bit % 64) != 0,
        }
    }

    /// Adds all of another set.
    pub fn union(&mut self, other: &Self) {
        self.combine(other, |word, more| word | more);
    }

    /// Keeps what is in the other set too.
    pub fn intersect(&mut self, other: &Self) {
        self.combine(other, |word, kept| word & kept);
    }

    /// Takes all of another set out.
    pub fn subtract(&mut self, other: &Self) {
        self.combine(other, |word, less| word & !less);
    }

    #[inline]
    fn combine(&mut self, other: &Self, operation: impl Fn(u64, u64) -> u64) {
        self.first = operation(self.first, other.first);
        for (word, other) in self.rest.iter_mut().zip(&other.rest) {
            *word = operation(*word, *other);
        }
    }

    /// Copies another set without allocating.
    pub fn assign(&mut self, other: &Self) {
        self.first = other.first;
        self.rest.clone_from(&other.rest);
    }

    /// Empties the set.
    pub fn clear(&mut self) {
        self.first = 0;
        self.rest.fill(0);
    }
}

/// The temporaries that are live at entry to each block.
#[derive(Clone, Debug)]
pub struct Liveness {
    live_in: Vec<TempSet>,
    none: TempSet,
}

impl Liveness {
    /// Solves the problem for the blocks in `body.order`.
    pub fn analyze(body: &Body) -> Self {
        let none = TempSet::new(body);
        let mut liveness = Self { live_in: vec![none.clone(); body.blocks.len()], none };
        if body.registers == body.locals {
            return liveness;
        }
        let sums: Vec<(BlockId, TempSet, TempSet)> =
            body.order.iter().rev().map(|block| liveness.sum(body, *block)).collect();
        let mut live = liveness.none.clone();
        let mut changed = true;
        while changed {
            changed = false;
            for (block, read, written) in &sums {
                liveness.live_out(body, *block, &mut live);
                live.subtract(written);
                live.union(read);
                liveness.add_handler(body, *block, &mut live);
                if live != liveness.live_in[block.index()] {
                    liveness.live_in[block.index()].assign(&live);
                    changed = true;
                }
            }
        }
        liveness
    }

    /// What a block reads before it writes it, and what it writes.
    fn sum(&self, body: &Body, block: BlockId) -> (BlockId, TempSet, TempSet) {
        let mut read = self.none.clone();
        let mut written = self.none.clone();
        for index in body.indices(block).rev() {
            let instr = &body.instrs[index];
            if instr.dead {
                continue;
            }
            instr.for_each_def(&body.lists, |run| {
                for register in run {
                    read.remove(register);
                    written.insert(register);
                }
            });
            instr.for_each_use(&body.lists, |arg| {
                if let Some(register) = arg.as_reg() {
                    read.insert(register);
                }
            });
        }
        (block, read, written)
    }

    /// The temporaries live at entry to a block.
    pub fn live_in(&self, block: BlockId) -> &TempSet {
        &self.live_in[block.index()]
    }

    /// Says that what one register held at entry to a block lies in another.
    pub fn rename(&mut self, block: BlockId, from: u32, to: u32) {
        self.live_in[block.index()].remove(from);
        self.live_in[block.index()].insert(to);
    }

    /// Sets `live` to what is live where a block is left without exception.
    pub fn live_out(&self, body: &Body, block: BlockId, live: &mut TempSet) {
        live.clear();
        for successor in body.successors(block) {
            live.union(&self.live_in[successor.index()]);
        }
    }

    /// Adds what the block's handler needs from before the exception.
    fn add_handler(&self, body: &Body, block: BlockId, live: &mut TempSet) {
        if let Some(handler) = body.handler(block) {
            let mut needed = self.live_in[handler.target.index()].clone();
            handler.written().for_each(|register| needed.remove(register));
            live.union(&needed);
        }
    }

    /// Walks a block backwards over its live instructions; `visit` gets the index and what is live behind it,
    /// from which it may take what only instructions read that it has removed.
    pub fn walk_back(
        &self,
        body: &mut Body,
        block: BlockId,
        mut visit: impl FnMut(&mut Body, usize, &mut TempSet),
    ) {
        let mut live = self.none.clone();
        self.live_out(body, block, &mut live);
        let mut kept = self.none.clone();
        self.add_handler(body, block, &mut kept);
        for index in body.indices(block).rev() {
            if body.instrs[index].dead {
                continue;
            }
            visit(body, index, &mut live);
            let instr = &body.instrs[index];
            if instr.dead {
                continue;
            }
            instr.for_each_def(&body.lists, |run| run.for_each(|register| live.remove(register)));
            instr.for_each_use(&body.lists, |arg| {
                if let Some(register) = arg.as_reg() {
                    live.insert(register);
                }
            });
            if !shape(instr.op).pure {
                live.union(&kept);
            }
        }
    }
}
