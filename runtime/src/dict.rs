//! The dict's data: entries in insertion order and an index over them, no Python code called.
//!
//! Up to eight entries are searched in a row; beyond that a hash table of entry numbers is kept. A removed entry leaves
//! a hole, so that positions of iterators stay valid. `version` names the present set of keys: caches compare it;
//! replacing a value does not change it.

use hashbrown::HashTable;

use crate::heap::Marker;
use crate::value::Value;

const LINEAR: usize = 8;

/// One key and its value; a hole has an undefined key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) hash: u64,
    pub(crate) key: Value,
    pub(crate) value: Value,
}

/// A dict's contents.
#[derive(Default, Clone)]
pub struct DictData {
    entries: Vec<Entry>,
    table: HashTable<u32>,
    live: usize,
    /// All entries before this one are holes.
    first: usize,
    /// Names the set of keys for caches; 0: not named yet. Assigned from the thread state's counter, never reused.
    pub(crate) version: u32,
}

/// How two keys compare without running Python code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeyMatch {
    Same,
    Different,
    /// Only their `__eq__` can tell.
    Ask,
}

impl DictData {
    /// Number of keys.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Number of entries, holes included: positions are below it.
    pub(crate) fn end(&self) -> usize {
        self.entries.len()
    }

    /// Whether removals left holes.
    pub(crate) fn has_holes(&self) -> bool {
        self.live < self.entries.len()
    }

    /// The entry at a position, unless it is a hole.
    pub(crate) fn entry(&self, position: usize) -> Option<&Entry> {
        self.entries.get(position).filter(|entry| !entry.key.is_undef())
    }

    /// The first entry at or after a position, and its position.
    pub(crate) fn next_entry(&self, position: usize) -> Option<(usize, &Entry)> {
        (position.max(self.first)..self.entries.len()).find_map(|i| self.entry(i).map(|entry| (i, entry)))
    }

    /// The last entry before a position, and its position.
    pub(crate) fn previous_entry(&self, end: usize) -> Option<(usize, &Entry)> {
        (self.first..end.min(self.entries.len())).rev().find_map(|i| self.entry(i).map(|entry| (i, entry)))
    }

    /// The entries in order, without holes.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.key.is_undef())
    }

    /// The value at a position that holds an entry.
    #[inline(always)]
    pub(crate) fn value_at(&self, position: usize) -> Value {
        debug_assert!(!self.entries[position].key.is_undef());
        self.entries[position].value
    }

    /// Replaces the value at a position.
    #[inline(always)]
    pub(crate) fn set_value_at(&mut self, position: usize, value: Value) {
        debug_assert!(!self.entries[position].key.is_undef());
        self.entries[position].value = value;
    }

    /// The position of the entry with this hash whose key `matches` says is the same; or, if Python code has to compare
    /// others, the positions to ask in order of their insertion, that one among them.
    pub(crate) fn find(
        &self,
        hash: u64,
        mut matches: impl FnMut(Value) -> KeyMatch,
    ) -> Result<Option<usize>, Vec<usize>> {
        let mut ask = Vec::new();
        let mut check = |position: usize, entry: &Entry| {
            if entry.hash != hash || entry.key.is_undef() {
                return false;
            }
            match matches(entry.key) {
                KeyMatch::Same => true,
                KeyMatch::Different => false,
                KeyMatch::Ask => {
                    ask.push(position);
                    false
                }
            }
        };
        let found = if self.entries.len() <= LINEAR {
            self.entries.iter().enumerate().position(|(position, entry)| check(position, entry))
        } else {
            let entries = &self.entries;
            self.table.find(spread(hash), |&i| check(i as usize, &entries[i as usize])).map(|&i| i as usize)
        };
        if ask.is_empty() {
            return Ok(found);
        }
        ask.extend(found);
        ask.sort_unstable();
        Err(ask)
    }

    /// Appends a key that is not in the dict yet; returns its position.
    pub(crate) fn insert_new(&mut self, hash: u64, key: Value, value: Value) -> usize {
        debug_assert!(!key.is_undef() && !value.is_undef());
        if self.entries.len() == self.entries.capacity() && self.entries.len() >= 8 + 2 * self.live {
            self.compact();
        }
        let position = self.entries.len();
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
        self.version = 0;
        if position == LINEAR {
            self.rebuild();
        } else if position > LINEAR {
            let entries = &self.entries;
            self.table.insert_unique(spread(hash), position as u32, |&i| spread(entries[i as usize].hash));
        }
        position
    }

    /// Removes the entry at a position; returns its key and value.
    pub(crate) fn remove_at(&mut self, position: usize) -> (Value, Value) {
        let Entry { hash, key, value } = self.entries[position];
        debug_assert!(!key.is_undef());
        if self.entries.len() > LINEAR
            && let Ok(found) = self.table.find_entry(spread(hash), |&i| i as usize == position)
        {
            found.remove();
        }
        self.entries[position] = Entry { hash: 0, key: Value::UNDEF, value: Value::UNDEF };
        self.live -= 1;
        self.version = 0;
        if position == self.first {
            let holes = self.entries[position..].iter().take_while(|entry| entry.key.is_undef()).count();
            self.first += holes;
        }
        (key, value)
    }

    /// Removes and returns the last entry.
    pub(crate) fn pop_last(&mut self) -> Option<(Value, Value)> {
        let (position, _) = self.previous_entry(self.entries.len())?;
        let popped = self.remove_at(position);
        if self.entries.len() > LINEAR && position <= LINEAR {
            self.entries.truncate(position);
            self.table.clear();
        } else {
            self.entries.truncate(position);
        }
        self.first = self.first.min(self.entries.len());
        Some(popped)
    }

    /// Removes and returns the first entry.
    pub(crate) fn pop_first(&mut self) -> Option<(Value, Value)> {
        let (position, _) = self.next_entry(0)?;
        Some(self.remove_at(position))
    }

    /// Makes the entry at a position the last one.
    pub(crate) fn move_to_end(&mut self, position: usize) {
        if position + 1 < self.entries.len() {
            let hash = self.entries[position].hash;
            let (key, value) = self.remove_at(position);
            self.insert_new(hash, key, value);
        }
    }

    /// A copy without holes, and with a set of keys not named yet.
    pub(crate) fn compacted(&self) -> Self {
        let mut copy = self.clone();
        copy.version = 0;
        if copy.has_holes() {
            copy.compact();
        }
        copy
    }

    /// Removes everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Bytes held outside the cell.
    pub(crate) fn external_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.table.capacity() * 5
    }

    /// Closes the holes; positions change, so only when the dict grows.
    fn compact(&mut self) {
        self.entries.retain(|entry| !entry.key.is_undef());
        self.first = 0;
        if self.entries.len() > LINEAR {
            self.rebuild();
        } else {
            self.table.clear();
        }
    }

    fn rebuild(&mut self) {
        self.table.clear();
        let entries = &self.entries;
        for (i, entry) in entries.iter().enumerate() {
            if !entry.key.is_undef() {
                self.table.insert_unique(spread(entry.hash), i as u32, |&j| spread(entries[j as usize].hash));
            }
        }
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.live += self.external_bytes();
        for entry in &self.entries {
            marker.mark(entry.key);
            marker.mark(entry.value);
        }
    }
}

/// Hashes of small ints are the ints: spread them over the bits that the table looks at.
#[inline(always)]
fn spread(hash: u64) -> u64 {
    hash.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(i: i32) -> Value {
        Value::small(i)
    }

    fn find(dict: &DictData, i: i32) -> Option<usize> {
        let same = |other| if other == key(i) { KeyMatch::Same } else { KeyMatch::Different };
        dict.find(i as u64, same).expect("nothing to ask")
    }

    #[test]
    fn keeps_insertion_order_over_removals_and_growth() {
        let mut dict = DictData::default();
        for i in 0..1000 {
            dict.insert_new(i as u64, key(i), key(-i));
        }
        for i in (0..1000).step_by(3) {
            let position = find(&dict, i).expect("present");
            dict.remove_at(position);
        }
        for i in 1000..3000 {
            dict.insert_new(i as u64, key(i), key(-i));
        }
        let expected: Vec<i64> = (0..3000).filter(|i| *i >= 1000 || i % 3 != 0).collect();
        assert_eq!(dict.iter().map(|entry| entry.key.int()).collect::<Vec<_>>(), expected);
        assert_eq!(dict.len(), expected.len());
        for i in 0..3000 {
            assert_eq!(find(&dict, i).is_some(), i >= 1000 || i % 3 != 0, "{i}");
        }
    }

    #[test]
    fn popping_the_last_returns_through_the_linear_size() {
        let mut dict = DictData::default();
        for i in 0..20 {
            dict.insert_new(i as u64, key(i), Value::NONE);
        }
        for i in (0..20).rev() {
            assert_eq!(dict.pop_last().map(|(k, _)| k.int()), Some(i));
            assert!((0..i as i32).all(|j| find(&dict, j).is_some()), "after popping {i}");
        }
        assert_eq!(dict.pop_last(), None);
    }
}
