//! The symbolic operand stack: which register holds each slot.
//!
//! The register of slot `d` is `nlocalsplus + d`, its home; so paths that meet agree without a phi. Within straight
//! code, `COPY` and `SWAP` only rename: a slot may lie in another slot's home, then what is pushed there next takes
//! another free register, and before paths meet, or before an instruction that may raise under a handler, slots
//! move back home as one parallel copy.

use std::collections::BTreeMap;

/// The registers of the operand stack's slots.
#[derive(Clone, Debug, Default)]
pub struct SymbolicStack {
    base: u32,
    slots: Vec<u32>,
    /// For each temporary how many slots lie there.
    holders: Vec<u32>,
    /// One above the highest register ever used.
    top: u32,
}

impl SymbolicStack {
    /// An empty stack with its homes from register `base` on; `depth` is how deep it will probably get.
    pub fn new(base: u32, depth: u32) -> Self {
        let depth = depth.min(64) as usize;
        let (slots, holders) = (Vec::with_capacity(depth), Vec::with_capacity(depth + 2));
        Self { base, slots, holders, top: base }
    }

    /// One above the highest register ever used.
    pub fn top(&self) -> u32 {
        self.top
    }

    /// Number of slots.
    pub fn depth(&self) -> u32 {
        self.slots.len() as u32
    }

    /// The slots' registers, bottom first.
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    /// Replaces the whole stack.
    pub fn reset(&mut self, slots: impl IntoIterator<Item = u32>) {
        while self.pop().is_some() {}
        for register in slots {
            self.push(register);
        }
    }

    /// The home of slot `depth`.
    pub fn home(&self, depth: u32) -> u32 {
        self.base + depth
    }

    /// Makes a register the new top.
    pub fn push(&mut self, register: u32) {
        self.reserve(register, 1);
        self.holders[(register - self.base) as usize] += 1;
        self.slots.push(register);
    }

    /// Takes the top away.
    pub fn pop(&mut self) -> Option<u32> {
        let register = self.slots.pop()?;
        self.holders[(register - self.base) as usize] -= 1;
        Some(register)
    }

    /// The register of the slot that is the `position`th from the top, 1 being the top.
    pub fn peek(&self, position: u32) -> Option<u32> {
        let index = self.slots.len().checked_sub(position as usize)?;
        self.slots.get(index).copied()
    }

    /// Exchanges the top with the slot that is the `position`th from the top.
    pub fn swap(&mut self, position: u32) -> Option<()> {
        let index = self.slots.len().checked_sub(position as usize)?;
        let top = self.slots.len() - 1;
        (index <= top).then(|| self.slots.swap(index, top))
    }

    /// Whether no slot lies in a register.
    pub fn is_free(&self, register: u32) -> bool {
        self.holders.get((register - self.base) as usize).is_none_or(|holders| *holders == 0)
    }

    /// The first of `count` free registers in a row, from the home of the next slot on; they are not pushed.
    pub fn free(&mut self, count: u32) -> u32 {
        let mut first = self.home(self.depth());
        while let Some(taken) = (first..first + count).rev().find(|register| !self.is_free(*register)) {
            first = taken + 1;
        }
        self.reserve(first, count);
        first
    }

    /// A free register above all homes in use, for a value on its way.
    pub fn scratch(&mut self) -> u32 {
        let occupied = self.slots.iter().copied().max().map_or(self.base, |register| register + 1);
        let register = occupied.max(self.home(self.depth()) + 1);
        self.reserve(register, 1);
        register
    }

    fn reserve(&mut self, register: u32, count: u32) {
        let needed = (register - self.base + count) as usize;
        if self.holders.len() < needed {
            self.holders.resize(needed, 0);
        }
        self.top = self.top.max(register + count);
    }

    /// Brings the lowest `count` slots home. Returns the moves (destination, source) to make, in this order. `pinned`
    /// is a register that is still to be read and is told where it moved to.
    pub fn settle(&mut self, count: u32, pinned: Option<&mut u32>) -> Vec<(u32, u32)> {
        if (0..count).all(|depth| self.slots[depth as usize] == self.home(depth)) {
            return Vec::new();
        }
        let homes = self.base..self.base + count;
        let mut spare = self.scratch().max(pinned.as_ref().map_or(0, |pinned| **pinned + 1));
        let mut moves = Vec::new();
        if let Some(pinned) = pinned
            && homes.contains(pinned)
        {
            moves.push((spare, *pinned));
            *pinned = spare;
            spare += 1;
        }
        for depth in count..self.depth() {
            let register = self.slots[depth as usize];
            if homes.contains(&register) {
                moves.push((spare, register));
                self.slots[depth as usize] = spare;
                spare += 1;
            }
        }
        self.reserve(spare, 1);
        let pairs = (0..count).map(|depth| (self.home(depth), self.slots[depth as usize])).collect();
        moves.extend(order_parallel_copy(pairs, spare));
        let homes = (0..count).map(|depth| self.base + depth);
        let slots: Vec<u32> = homes.chain(self.slots[count as usize..].iter().copied()).collect();
        self.holders.fill(0);
        self.slots.clear();
        for slot in slots {
            self.push(slot);
        }
        moves
    }
}

/// Orders moves that happen at once so that none overwrites what another still reads; cycles go through `scratch`.
///
/// Each destination is written once, so the moves form chains that end in trees hanging off cycles. A move is ready
/// when nobody waits for its destination's old value; doing it may make the move into its source ready. What never gets
/// ready are cycles: one value of each is saved, which makes the rest a chain.
pub fn order_parallel_copy(mut pairs: Vec<(u32, u32)>, scratch: u32) -> Vec<(u32, u32)> {
    pairs.retain(|(to, from)| to != from);
    let mut readers = BTreeMap::new();
    for (_, from) in &pairs {
        *readers.entry(*from).or_insert(0_u32) += 1;
    }
    let into: BTreeMap<u32, usize> = pairs.iter().enumerate().map(|(index, (to, _))| (*to, index)).collect();
    let mut done = vec![false; pairs.len()];
    let mut moves = Vec::with_capacity(pairs.len() + 1);
    let mut ready: Vec<usize> =
        (0..pairs.len()).rev().filter(|index| !readers.contains_key(&pairs[*index].0)).collect();
    let mut cyclic = None;
    for start in 0..=pairs.len() {
        while let Some(index) = ready.pop() {
            let (to, from) = pairs[index];
            done[index] = true;
            moves.push((to, from));
            let waiting = readers.get_mut(&from).map(|count| {
                *count -= 1;
                *count
            });
            if waiting == Some(0)
                && let Some(next) = into.get(&from).filter(|next| !done[**next])
            {
                ready.push(*next);
            }
        }
        if start < pairs.len() && !done[start] {
            // Only cycles are left: the old value of this destination goes to the scratch register.
            let (to, _) = pairs[start];
            moves.push((scratch, to));
            let cyclic: &BTreeMap<u32, usize> = cyclic.get_or_insert_with(|| undone_readers(&pairs, &done));
            pairs[cyclic[&to]].1 = scratch;
            readers.insert(scratch, 1);
            ready.push(start);
        }
    }
    moves
}

/// For each register that a move still reads that move; on a cycle there is just one.
fn undone_readers(pairs: &[(u32, u32)], done: &[bool]) -> BTreeMap<u32, usize> {
    let undone = pairs.iter().enumerate().filter(|(index, _)| !done[*index]);
    undone.map(|(index, (_, from))| (*from, index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(pairs: &[(u32, u32)]) {
        let moves = order_parallel_copy(pairs.to_vec(), 99);
        let mut registers: Vec<u32> = (0..100).collect();
        for (to, from) in &moves {
            registers[*to as usize] = registers[*from as usize];
        }
        for (to, from) in pairs {
            assert_eq!(registers[*to as usize], *from, "{pairs:?} as {moves:?}");
        }
    }

    #[test]
    fn parallel_copies_overwrite_nothing_that_is_still_read() {
        run(&[(0, 1), (1, 2), (2, 3)]);
        run(&[(3, 2), (2, 1), (1, 0)]);
        run(&[(0, 1), (1, 0)]);
        run(&[(0, 1), (1, 2), (2, 0), (3, 0), (4, 1), (5, 5)]);
        run(&[(0, 1), (1, 0), (2, 3), (3, 2), (4, 0), (5, 4)]);
        run(&[(0, 7), (1, 7), (2, 7)]);
    }

    #[test]
    fn every_permutation_of_five_slots_settles() {
        let mut digits = [0_u32; 5];
        for code in 0..5_u32.pow(5) {
            let mut rest = code;
            for digit in &mut digits {
                *digit = rest % 5;
                rest /= 5;
            }
            let pairs: Vec<_> = (0..5).zip(digits).collect();
            run(&pairs);
        }
    }

    #[test]
    fn settling_saves_what_lies_in_a_home() {
        let mut stack = SymbolicStack::new(10, 3);
        stack.reset([12, 11, 10]);
        let mut pinned = 11;
        let moves = stack.settle(2, Some(&mut pinned));
        let mut registers: Vec<u32> = (0..100).collect();
        for (to, from) in moves {
            registers[to as usize] = registers[from as usize];
        }
        assert_eq!(registers[pinned as usize], 11);
        let values: Vec<u32> = stack.slots().iter().map(|slot| registers[*slot as usize]).collect();
        assert_eq!(values, [12, 11, 10]);
        assert_eq!(stack.slots()[..2], [10, 11]);
    }
}
