//! The growing tables of a code unit: names in order of first use, and the const pool.

use std::hash::{Hash, Hasher};

use bytecode::Const;

use crate::names::{FxHashMap, FxHasher, Symbol};

/// Names numbered in order of first use.
#[derive(Default)]
pub(super) struct NameTable {
    list: Vec<Symbol>,
    index: FxHashMap<Symbol, u32>,
}

impl NameTable {
    pub fn new(list: Vec<Symbol>) -> Self {
        let index = list.iter().enumerate().map(|(i, name)| (*name, i as u32)).collect();
        Self { list, index }
    }

    pub fn get(&self, name: Symbol) -> Option<u32> {
        self.index.get(&name).copied()
    }

    /// The number of `name`, which is new if need be.
    pub fn add(&mut self, name: Symbol) -> u32 {
        let next = self.list.len() as u32;
        let list = &mut self.list;
        *self.index.entry(name).or_insert_with(|| {
            list.push(name);
            next
        })
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
        let mut hasher = FxHasher::default();
        hash_const(&value, &mut hasher);
        let hash = hasher.finish();
        let mut candidate = self.last.get(&hash).copied();
        while let Some(index) = candidate {
            if self.list[index as usize].is_same(&value) {
                return index;
            }
            candidate = self.previous[index as usize];
        }
        self.push(value, Some(hash))
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
