//! The growing tables of a code unit: names in order of first use, and the const pool.

use std::hash::{Hash, Hasher};

use bytecode::Const;

use crate::names::{FxHashMap, FxHasher, Symbol};

/// Up to this many entries a linear search is quicker than a table.
const LINEAR: usize = 8;

/// Names numbered in order of first use.
#[derive(Default)]
pub(super) struct NameTable {
    list: Vec<Symbol>,
    /// Filled when there are more than [`LINEAR`].
    index: FxHashMap<Symbol, u32>,
}

impl NameTable {
    pub fn new(list: Vec<Symbol>) -> Self {
        let mut table = Self { list, index: FxHashMap::default() };
        if table.list.len() > LINEAR {
            table.fill_index();
        }
        table
    }

    fn fill_index(&mut self) {
        self.index = self.list.iter().enumerate().map(|(i, name)| (*name, i as u32)).collect();
    }

    pub fn get(&self, name: Symbol) -> Option<u32> {
        if self.list.len() <= LINEAR {
            return self.list.iter().position(|other| *other == name).map(|i| i as u32);
        }
        self.index.get(&name).copied()
    }

    /// The number of `name`, which is new if need be.
    pub fn add(&mut self, name: Symbol) -> u32 {
        if let Some(index) = self.get(name) {
            return index;
        }
        let index = self.list.len() as u32;
        self.list.push(name);
        match self.list.len() {
            0..=LINEAR => {}
            length if length == LINEAR + 1 => self.fill_index(),
            _ => {
                self.index.insert(name, index);
            }
        }
        index
    }

    pub fn list(&self) -> &[Symbol] {
        &self.list
    }
}

/// The const pool: equal constants of equal type share an entry.
#[derive(Default)]
pub(super) struct ConstTable {
    list: Vec<Const>,
    /// The last constant with a given hash, and for each constant the one before it with the same hash.
    last: FxHashMap<u64, u32>,
    previous: Vec<Option<u32>>,
}

impl ConstTable {
    /// The number of a constant, which is new if need be. A NaN equals nothing, so each gets its own.
    pub fn add(&mut self, value: Const) -> u32 {
        if has_nan(&value) {
            return self.push(value, None);
        }
        if self.list.len() < LINEAR {
            return match self.list.iter().position(|other| other.is_same(&value)) {
                Some(index) => index as u32,
                None => self.push(value, None),
            };
        }
        if self.last.is_empty() {
            self.fill_index();
        }
        let hash = hash_of(&value);
        let mut candidate = self.last.get(&hash).copied();
        while let Some(index) = candidate {
            if self.list[index as usize].is_same(&value) {
                return index;
            }
            candidate = self.previous[index as usize];
        }
        self.push(value, Some(hash))
    }

    /// Enters the constants that were added while there were few.
    fn fill_index(&mut self) {
        for (index, value) in self.list.iter().enumerate() {
            self.previous[index] = self.last.insert(hash_of(value), index as u32);
        }
    }

    fn push(&mut self, value: Const, hash: Option<u64>) -> u32 {
        let index = self.list.len() as u32;
        self.list.push(value);
        self.previous.push(hash.and_then(|hash| self.last.insert(hash, index)));
        index
    }

    pub fn into_vec(self) -> Vec<Const> {
        self.list
    }
}

fn hash_of(value: &Const) -> u64 {
    let mut hasher = FxHasher::default();
    hash_const(value, &mut hasher);
    hasher.finish()
}

fn has_nan(value: &Const) -> bool {
    match value {
        Const::Float(value) => value.is_nan(),
        Const::Complex(re, im) => re.is_nan() || im.is_nan(),
        Const::Tuple(items) | Const::FrozenSet(items) => items.iter().any(has_nan),
        _ => false,
    }
}

/// A hash that is equal for constants that are the same.
pub(super) fn hash_const(value: &Const, hasher: &mut FxHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Const::None | Const::Ellipsis | Const::StopIteration => {}
        Const::Bool(value) => hasher.write_u8(u8::from(*value)),
        Const::Int(value) => hasher.write_u64(*value as u64),
        Const::BigInt(value) => value.hash(hasher),
        Const::Float(value) => hasher.write_u64(value.to_bits()),
        Const::Complex(re, im) => {
            hasher.write_u64(re.to_bits());
            hasher.write_u64(im.to_bits());
        }
        Const::Str(text) => hasher.write(text.as_bytes()),
        Const::Bytes(bytes) => hasher.write(bytes),
        Const::Tuple(items) => items.iter().for_each(|item| hash_const(item, hasher)),
        Const::FrozenSet(items) => hasher.write_usize(items.len()),
        Const::Code(code) => {
            hasher.write(code.name.as_bytes());
            hasher.write_u32(code.firstlineno as u32);
            hasher.write(&code.linetable);
        }
        Const::List(items) | Const::Set(items) => hasher.write_usize(items.len()),
        Const::Dict(items) => hasher.write_usize(items.len()),
    }
}
