//! The set's data: an open-addressing table with CPython's probing (`Objects/setobject.c`), so that sets of equal
//! hashes iterate in the same order there and here.

use crate::dict::KeyMatch;
use crate::heap::Marker;
use crate::value::Value;

const LINEAR_PROBES: usize = 9;
const MIN_SIZE: usize = 8;

/// One slot: an element, never used, or a dummy left by a removal.
#[derive(Clone, Copy, Debug)]
struct Slot {
    hash: u64,
    /// Undef: never used; the `Exhausted` signal: a dummy.
    key: Value,
}

const EMPTY: Slot = Slot { hash: 0, key: Value::UNDEF };
const DUMMY: Value = Value::EXHAUSTED;

/// A set's contents.
#[derive(Clone)]
pub struct SetData {
    slots: Box<[Slot]>,
    /// Elements.
    used: usize,
    /// Elements and dummies.
    fill: usize,
    /// Where `pop` goes on.
    finger: usize,
}

impl Default for SetData {
    fn default() -> Self {
        Self { slots: Box::new([EMPTY; MIN_SIZE]), used: 0, fill: 0, finger: 0 }
    }
}

impl SetData {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Slots in the table: positions are below it.
    pub(crate) fn end(&self) -> usize {
        self.slots.len()
    }

    /// The first element at or after a position: position, hash, element.
    pub(crate) fn next_from(&self, position: usize) -> Option<(usize, u64, Value)> {
        (position..self.slots.len()).find_map(|i| {
            let slot = self.slots[i];
            is_element(slot.key).then_some((i, slot.hash, slot.key))
        })
    }

    /// Elements with their hashes, in table order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, Value)> {
        self.slots.iter().filter(|slot| is_element(slot.key)).map(|slot| (slot.hash, slot.key))
    }

    /// The position of the element with this hash that `matches` says is the same; or, if Python code has to compare
    /// others that come before it, the positions to ask in order, the same one last.
    pub(crate) fn find(
        &self,
        hash: u64,
        mut matches: impl FnMut(Value) -> KeyMatch,
    ) -> Result<Option<usize>, Vec<usize>> {
        let mut ask = Vec::new();
        for position in probes(hash, self.slots.len()) {
            let slot = &self.slots[position];
            if slot.key.is_undef() {
                break;
            }
            if slot.hash == hash && slot.key != DUMMY {
                match matches(slot.key) {
                    KeyMatch::Same if ask.is_empty() => return Ok(Some(position)),
                    KeyMatch::Same => {
                        ask.push(position);
                        break;
                    }
                    KeyMatch::Different => {}
                    KeyMatch::Ask => ask.push(position),
                }
            }
        }
        if ask.is_empty() { Ok(None) } else { Err(ask) }
    }

    /// The element at a position.
    pub(crate) fn at(&self, position: usize) -> Option<Value> {
        self.slots.get(position).map(|slot| slot.key).filter(|key| is_element(*key))
    }

    /// Adds an element that is not in the set yet: in place of the last dummy on its way, if there is one.
    pub(crate) fn insert_new(&mut self, hash: u64, key: Value) {
        let mut dummy = None;
        self.used += 1;
        for position in probes(hash, self.slots.len()) {
            let found = self.slots[position].key;
            if found == DUMMY {
                dummy = Some(position);
            } else if found.is_undef() {
                self.slots[dummy.unwrap_or(position)] = Slot { hash, key };
                break;
            }
        }
        if dummy.is_some() {
            return;
        }
        self.fill += 1;
        let mask = self.slots.len() - 1;
        if self.fill * 5 >= mask * 3 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Removes the element at a position.
    pub(crate) fn remove_at(&mut self, position: usize) -> Value {
        let key = std::mem::replace(&mut self.slots[position], Slot { hash: 0, key: DUMMY }).key;
        debug_assert!(is_element(key));
        self.used -= 1;
        key
    }

    /// Removes and returns some element: the next one after the last popped.
    pub(crate) fn pop(&mut self) -> Option<Value> {
        let size = self.slots.len();
        let position =
            (0..size).map(|i| (self.finger + i) % size).find(|i| is_element(self.slots[*i].key))?;
        self.finger = position + 1;
        Some(self.remove_at(position))
    }

    /// A copy laid out as CPython lays out a copy.
    pub(crate) fn compacted(&self) -> Self {
        let mut copy = Self::default();
        copy.make_room_for(self.used);
        copy.take_all(self);
        copy
    }

    /// Makes room for the elements of a set or dict that are about to be added, if that would grow the table.
    pub(crate) fn make_room_for(&mut self, more: usize) {
        if (self.fill + more) * 5 >= (self.slots.len() - 1) * 3 {
            self.resize((self.used + more) * 2);
        }
    }

    /// Whether nothing was ever in the table, so that another's elements can be added unseen.
    pub(crate) fn is_fresh(&self) -> bool {
        self.fill == 0
    }

    /// Adds all elements of another set to a fresh one that has room for them.
    pub(crate) fn take_all(&mut self, other: &Self) {
        debug_assert!(self.is_fresh());
        if self.slots.len() == other.slots.len() && other.fill == other.used {
            self.slots.copy_from_slice(&other.slots);
            (self.fill, self.used) = (other.used, other.used);
            return;
        }
        for (hash, key) in other.iter() {
            self.insert_new(hash, key);
        }
    }

    /// Drops the dummies if they are many.
    pub(crate) fn shed_dummies(&mut self) {
        if self.fill - self.used > (self.slots.len() - 1) / 4 {
            self.resize(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Makes the table fit `minimum` elements, as CPython sizes it.
    pub(crate) fn resize(&mut self, minimum: usize) {
        let mut size = MIN_SIZE;
        while size <= minimum {
            size *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; size].into_boxed_slice());
        self.fill = self.used;
        for slot in old.iter().filter(|slot| is_element(slot.key)) {
            for position in probes(slot.hash, size) {
                if self.slots[position].key.is_undef() {
                    self.slots[position] = *slot;
                    break;
                }
            }
        }
    }

    /// Bytes held outside the cell.
    pub(crate) fn external_bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.live += self.external_bytes();
        for slot in &self.slots {
            marker.mark(slot.key);
        }
    }
}

fn is_element(key: Value) -> bool {
    !key.is_undef() && key != DUMMY
}

/// The positions to look at for a hash: runs of neighbours, then CPython's perturbed jumps; without end while the
/// table has a free slot, which it always has.
fn probes(hash: u64, size: usize) -> impl Iterator<Item = usize> {
    let mask = size - 1;
    let mut perturb = hash;
    let mut start = hash as usize & mask;
    let mut offset = 0;
    std::iter::from_fn(move || {
        let run = if start + LINEAR_PROBES <= mask { LINEAR_PROBES } else { 0 };
        if offset > run {
            perturb >>= 5;
            start = start.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb as usize) & mask;
            offset = 0;
        }
        offset += 1;
        Some(start + offset - 1)
    })
}
