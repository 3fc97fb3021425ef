//! Strings as the runtime uses them: interning, hashing, comparing, reading.

#![expect(unsafe_code, reason = "strings are reached through cells")]

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::cell::{Kind, StrCell, TupleCell, flag};
use crate::dict::{DictData, KeyMatch};
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The units of a string. The borrow must end before the next safepoint.
    #[inline]
    pub(crate) fn units<'a>(&self, string: Value) -> Units<'a> {
        // SAFETY: the string is live, and units never move.
        unsafe { StrCell::units(string.cast()) }
    }

    /// A string as Rust text, each lone surrogate replaced.
    pub fn str_lossy(&self, string: Value) -> String {
        match string.kind() {
            Some(Kind::Str) => self.units(string).to_string_lossy(),
            _ => String::from("?"),
        }
    }

    /// Whether a value is a string equal to `text`.
    pub(crate) fn str_is(&self, value: Value, text: &str) -> bool {
        value.is_kind(Kind::Str) && {
            let units = self.units(value);
            units.len() == text.chars().count() && units.iter().eq(text.chars().map(u32::from))
        }
    }

    /// A string's hash, kept in it.
    #[inline]
    pub(crate) fn hash_str(&self, string: Value) -> u64 {
        let cell = string.cast::<StrCell>();
        // SAFETY: the string is live.
        let kept = unsafe { (*cell).hash };
        if kept != 0 {
            return kept;
        }
        let hash = match self.units(string) {
            Units::One(units) => self.hash_bytes(units),
            Units::Two(units) => self.hash_words(units.iter().flat_map(|unit| unit.to_le_bytes())),
            Units::Four(units) => self.hash_words(units.iter().flat_map(|unit| unit.to_le_bytes())),
        };
        // SAFETY: as above.
        unsafe { (*cell).hash = hash };
        hash
    }

    fn hash_words(&self, bytes: impl Iterator<Item = u8>) -> u64 {
        self.hash_bytes(&bytes.collect::<Vec<_>>())
    }

    /// SipHash-1-3 as CPython uses it for str and bytes; never -1, and 0 only of nothing.
    pub(crate) fn hash_bytes(&self, bytes: &[u8]) -> u64 {
        if bytes.is_empty() {
            return 0;
        }
        let mut hasher = SipHasher13::new_with_keys(self.hash_keys.0, self.hash_keys.1);
        hasher.write(bytes);
        match hasher.finish() {
            u64::MAX => u64::MAX - 1,
            hash => hash,
        }
    }

    /// The interned string of a text.
    pub fn intern(&mut self, text: &str) -> Value {
        let string = self.new_str(text);
        self.intern_str(string)
    }

    /// The interned string equal to `string`.
    pub(crate) fn intern_str(&mut self, string: Value) -> Value {
        // SAFETY: strings are live.
        unsafe {
            if (*string.cell()).has(flag::INTERNED) {
                return string;
            }
            let hash = self.hash_str(string);
            let units = self.units(string);
            if let Some(found) = self.interned.find(hash, |other| self.units(*other).is_same(&units)) {
                return *found;
            }
            let string = if self.type_of(string) == self.types.str || self.types.str.is_undef() {
                string
            } else {
                self.try_str_from_units(units).unwrap_or_else(|| self.out_of_memory())
            };
            self.hash_str(string);
            (*string.cell()).flags |= flag::INTERNED;
            self.interned.insert_unique(hash, string, |other| (*other.cast::<StrCell>()).hash);
            string
        }
    }

    /// The position of a string key, of which no other value than an equal string can be the same key.
    #[inline]
    pub(crate) fn find_str(&self, data: &DictData, name: Value) -> Option<usize> {
        let hash = self.hash_str(name);
        data.find(hash, |key| self.match_str(key, name)).ok().flatten()
    }

    #[inline(always)]
    fn match_str(&self, key: Value, name: Value) -> KeyMatch {
        if key == name {
            return KeyMatch::Same;
        }
        if !key.is_kind(Kind::Str) {
            return KeyMatch::Different;
        }
        // SAFETY: keys are live; two different interned strings are not equal.
        let both_interned = unsafe { (*key.cell()).flags & (*name.cell()).flags & flag::INTERNED != 0 };
        if !both_interned && self.units(key).is_same(&self.units(name)) {
            KeyMatch::Same
        } else {
            KeyMatch::Different
        }
    }

    /// Whether two strings have the same code points.
    #[inline]
    pub(crate) fn str_eq(&self, a: Value, b: Value) -> bool {
        a == b || self.units(a).is_same(&self.units(b))
    }
}

impl Vm {
    /// The hash of a value of an exact built-in type other than inline ints and strings; `None` if Python code may be
    /// asked.
    pub(crate) fn hash_builtin(&self, value: Value) -> Option<u64> {
        if !value.is_cell() {
            return Some(if value.is_float() {
                crate::types::float::hash(value.float())
            } else if value.is_bool() {
                u64::from(value == Value::TRUE)
            } else if value.is_none() {
                // The same in every run, as in CPython.
                0xFCA8_6420
            } else {
                crate::types::type_type::hash_identity(value)
            });
        }
        if !self.is_exact(value) {
            return self.hash_of_instance(value);
        }
        Some(match value.kind()? {
            // NaN is equal to nothing: it hashes by identity.
            Kind::Float => match self.float_of(value)? {
                float if float.is_nan() => crate::types::type_type::hash_identity(value),
                float => crate::types::float::hash(float),
            },
            Kind::Int => crate::types::int::hash_big(&crate::types::int::to_big(value)),
            Kind::Bytes => self.hash_bytes(crate::types::bytes::slice_of(value)),
            Kind::Type if self.type_of(value) == self.types.type_ => {
                crate::types::type_type::hash_identity(value)
            }
            Kind::Function | Kind::Module | Kind::Generator => crate::types::type_type::hash_identity(value),
            Kind::Tuple => self.hash_plain_tuple(value)?,
            Kind::FrozenSet => self.frozenset_hash(value),
            _ => return None,
        })
    }

    /// The identity hash of an instance whose class does not define `__hash__`.
    fn hash_of_instance(&self, _value: Value) -> Option<u64> {
        None
    }

    /// The hash of a tuple all of whose items have plain hashes, not too deeply nested.
    pub(crate) fn hash_plain_tuple(&self, tuple: Value) -> Option<u64> {
        // SAFETY: the tuple is live, and nothing is collected here.
        let items = unsafe { TupleCell::items(tuple.cast()) };
        let mut hash = TupleHash::default();
        for item in items {
            if item.is_kind(Kind::Tuple) {
                return None;
            }
            hash.add(self.hash_plain(*item)?);
        }
        Some(hash.finish(items.len()))
    }
}

/// CPython's hash of tuples: xxHash's rounds over the items' hashes (`Objects/tupleobject.c`).
pub(crate) struct TupleHash(u64);

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

impl Default for TupleHash {
    fn default() -> Self {
        Self(PRIME_5)
    }
}

impl TupleHash {
    /// Takes in an item's hash.
    pub(crate) fn add(&mut self, hash: u64) {
        self.0 = self.0.wrapping_add(hash.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
    }

    /// The hash of the items alone.
    pub(crate) fn without_length(self) -> u64 {
        if self.0 == u64::MAX { 1_546_275_796 } else { self.0 }
    }

    /// The hash of a tuple of `len` items.
    pub(crate) fn finish(self, len: usize) -> u64 {
        let hash = self.0.wrapping_add(len as u64 ^ (PRIME_5 ^ 0x0035_d373));
        if hash == u64::MAX { 1_546_275_796 } else { hash }
    }
}
