//! Liveness of temporaries: which are read on some path before they are written again.
//!
//! A backward may-problem over sets of temporaries, joined by union. Each block is summed up once as what it reads
//! before writing and what it writes; then the sums are propagated until nothing changes, which ends since sets only
//! grow. An instruction that may raise also reads what its handler needs, but for the registers that the raise itself
//! writes. Locals are not tracked: they are live everywhere, since frames show them.

use std::ops::Range;

use crate::ir::{BlockId, Body, Handler};
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

    /// Adds all of another set but some registers.
    pub fn union_without(&mut self, other: &Self, without: Range<u32>) {
        let had: Vec<u32> = without.clone().filter(|register| self.contains(*register)).collect();
        self.union(other);
        without.for_each(|register| self.remove(register));
        for register in had {
            self.insert(register);
        }
    }

    /// Becomes equal to another set; whether it was not.
    pub fn replace_by(&mut self, other: &Self) -> bool {
        let changed = self.first != other.first || (!self.rest.is_empty() && self.rest != other.rest);
        if changed {
            self.first = other.first;
            self.rest.clone_from(&other.rest);
        }
        changed
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

/// A block, summed up.
struct Sum {
    block: BlockId,
    /// Read before written.
    read: TempSet,
    written: TempSet,
    successors: [Option<BlockId>; 2],
    handler: Option<Handler>,
}

impl Liveness {
    /// Solves the problem for the blocks in `body.order`.
    pub fn analyze(body: &Body) -> Self {
        let none = TempSet::new(body);
        let mut liveness = Self { live_in: vec![none.clone(); body.blocks.len()], none };
        if body.registers == body.locals {
            return liveness;
        }
        let sums: Vec<Sum> = body.order.iter().rev().map(|block| liveness.sum(body, *block)).collect();
        while liveness.propagate(&sums) {}
        liveness
    }

    /// Takes every block's sum into account once, from the last to the first; whether something changed.
    fn propagate(&mut self, sums: &[Sum]) -> bool {
        let mut changed = false;
        let mut live = self.none.clone();
        for sum in sums {
            live.clear();
            for successor in sum.successors.iter().flatten() {
                live.union(&self.live_in[successor.index()]);
            }
            live.subtract(&sum.written);
            live.union(&sum.read);
            if let Some(handler) = &sum.handler {
                live.union_without(&self.live_in[handler.target.index()], handler.written());
            }
            changed |= self.live_in[sum.block.index()].replace_by(&live);
        }
        changed
    }

    fn sum(&self, body: &Body, block: BlockId) -> Sum {
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
        let mut successors = [None; 2];
        for (place, successor) in successors.iter_mut().zip(body.successors(block)) {
            *place = Some(successor);
        }
        Sum { block, read, written, successors, handler: body.handler(block).copied() }
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
        if let Some(handler) = body.handler(block) {
            kept.union_without(&self.live_in[handler.target.index()], handler.written());
        }
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
