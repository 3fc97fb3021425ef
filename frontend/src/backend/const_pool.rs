//! The const pool while a code object is compiled: constants are added by value, unused ones are dropped at the end.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use bytecode::Const;

use super::AssembleError;
use super::cfg::Cfg;
use super::opcode::has_const;

/// Constants in order, with an index by value that is made when first needed.
pub(super) struct ConstPool {
    consts: Vec<Const>,
    by_hash: Option<HashMap<u64, Vec<u32>>>,
}

impl ConstPool {
    /// A pool that starts with `consts`.
    pub(super) fn new(consts: Vec<Const>) -> Self {
        Self { consts, by_hash: None }
    }

    /// The constant at `index`.
    pub(super) fn get(&self, index: u32) -> Result<&Const, AssembleError> {
        self.consts.get(index as usize).ok_or(AssembleError::MissingConst { index })
    }

    /// The index of a constant equal to `value`, which is added if there is none.
    pub(super) fn add(&mut self, value: Const) -> u32 {
        let consts = &mut self.consts;
        let by_hash = self.by_hash.get_or_insert_with(|| index_by_hash(consts));
        let slots = by_hash.entry(hash_of(&value)).or_default();
        if let Some(index) = slots.iter().find(|index| consts[**index as usize].is_same(&value)) {
            return *index;
        }
        let index = consts.len() as u32;
        slots.push(index);
        consts.push(value);
        index
    }

    /// The constants that remain, in order.
    pub(super) fn into_consts(self) -> Vec<Const> {
        self.consts
    }

    /// Drops constants that no instruction loads, but for the first, which may be the docstring, and renumbers.
    pub(super) fn remove_unused(&mut self, cfg: &mut Cfg) -> Result<(), AssembleError> {
        let mut used = vec![false; self.consts.len()];
        if let Some(first) = used.first_mut() {
            *first = true;
        }
        let mut missing = None;
        cfg.for_each_instr(|instr| {
            if has_const(instr.op) {
                match used.get_mut(instr.arg as usize) {
                    Some(used) => *used = true,
                    None => missing = Some(instr.arg),
                }
            }
        });
        if let Some(index) = missing {
            return Err(AssembleError::MissingConst { index });
        }
        if !used.iter().all(|used| *used) {
            self.keep(&used, cfg);
        }
        Ok(())
    }

    fn keep(&mut self, used: &[bool], cfg: &mut Cfg) {
        let next = |count: &mut u32, used: &bool| {
            *count += u32::from(*used);
            Some(*count - u32::from(*used))
        };
        let new_index: Vec<u32> = used.iter().scan(0, next).collect();
        cfg.for_each_instr(|instr| {
            if has_const(instr.op) {
                instr.arg = new_index[instr.arg as usize];
            }
        });
        let mut keep = used.iter();
        self.consts.retain(|_| *keep.next().expect("one mark a constant"));
        self.by_hash = None;
    }
}

/// Whether `if` takes the constant for true.
pub(super) fn is_true(value: &Const) -> bool {
    match value {
        Const::None => false,
        Const::Bool(value) => *value,
        Const::Int(value) => *value != 0,
        Const::Float(value) => *value != 0.0,
        Const::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
        Const::Str(text) => !text.is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
        Const::List(items) | Const::Set(items) => !items.is_empty(),
        Const::Dict(items) => !items.is_empty(),
        Const::BigInt(_) | Const::Ellipsis | Const::StopIteration | Const::Code(_) => true,
    }
}

fn index_by_hash(consts: &[Const]) -> HashMap<u64, Vec<u32>> {
    let mut map: HashMap<u64, Vec<u32>> = HashMap::new();
    for (index, value) in consts.iter().enumerate() {
        map.entry(hash_of(value)).or_default().push(index as u32);
    }
    map
}

fn hash_of(value: &Const) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash_into(value, &mut hasher);
    hasher.finish()
}

/// Feeds what [`Const::is_same`] compares, or less of it, to the hasher.
fn hash_into(value: &Const, hasher: &mut DefaultHasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Const::None | Const::Ellipsis | Const::StopIteration => {}
        Const::Bool(value) => value.hash(hasher),
        Const::Int(value) => value.hash(hasher),
        Const::BigInt(value) => value.hash(hasher),
        Const::Float(value) => value.to_bits().hash(hasher),
        Const::Complex(real, imag) => (real.to_bits(), imag.to_bits()).hash(hasher),
        Const::Str(text) => text.hash(hasher),
        Const::Bytes(bytes) => bytes.hash(hasher),
        Const::Tuple(items) => items.iter().for_each(|item| hash_into(item, hasher)),
        Const::Code(code) => (&code.qualname, code.firstlineno, code.code.len()).hash(hasher),
        // The order of elements is not part of a set's value.
        Const::FrozenSet(items) => items.len().hash(hasher),
        Const::List(items) | Const::Set(items) => items.len().hash(hasher),
        Const::Dict(items) => items.len().hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_constants_of_different_types_get_indices_of_their_own() {
        let mut pool = ConstPool::new(vec![Const::None, Const::Int(1)]);
        assert_eq!(pool.add(Const::Bool(true)), 2);
        assert_eq!(pool.add(Const::Float(1.0)), 3);
        assert_eq!(pool.add(Const::Int(1)), 1);
        assert_eq!(pool.add(Const::Float(0.0)), 4);
        assert_eq!(pool.add(Const::Float(-0.0)), 5);
        assert_eq!(pool.add(Const::Tuple([Const::Int(1)].into())), 6);
        assert_eq!(pool.add(Const::Tuple([Const::Int(1)].into())), 6);
        assert_eq!(pool.add(Const::Tuple([Const::Bool(true)].into())), 7);
    }
}
