//! Dicts and sets with Python's rules for keys: hashing and comparing may run Python code, which may change the
//! container; then the search starts again.

#![expect(unsafe_code, reason = "containers are reached through cells")]

use crate::cell::{DictCell, SetCell};
use crate::cx::{Cx, Handle, Raised};
use crate::dict::{DictData, KeyMatch};
use crate::value::Value;
use crate::vm::Vm;

/// The data of a dict. Leaf code only: the reference must end before anything else reaches the dict.
pub(crate) fn dict_data<'a>(dict: Value) -> &'a mut DictData {
    // SAFETY: `dict` is a live dict.
    unsafe { &mut (*dict.cast::<DictCell>()).data }
}

/// The data of a set; as [`dict_data`].
pub(crate) fn set_data<'a>(set: Value) -> &'a mut crate::set::SetData {
    // SAFETY: `set` is a live set.
    unsafe { &mut (*set.cast::<SetCell>()).data }
}

impl Vm {
    /// The value of an interned or other string key.
    #[inline]
    pub(crate) fn dict_get_str(&self, dict: Value, name: Value) -> Option<Value> {
        let data = dict_data(dict);
        self.find_str(data, name).map(|position| data.value_at(position))
    }

    /// Sets a string key.
    pub(crate) fn dict_set_str(&mut self, dict: Value, name: Value, value: Value) {
        let data = dict_data(dict);
        match self.find_str(data, name) {
            Some(position) => data.set_value_at(position, value),
            None => self.dict_insert_new(dict, self.hash_str(name), name, value),
        }
    }

    /// Removes a string key; its value.
    pub(crate) fn dict_remove_str(&mut self, dict: Value, name: Value) -> Option<Value> {
        let data = dict_data(dict);
        self.find_str(data, name).map(|position| data.remove_at(position).1)
    }

    /// Adds a key that is not there, counting what the dict grows by.
    pub(crate) fn dict_insert_new(&mut self, dict: Value, hash: u64, key: Value, value: Value) {
        let data = dict_data(dict);
        let before = data.external_bytes();
        data.insert_new(hash, key, value);
        self.heap.count(data.external_bytes().saturating_sub(before));
    }

    /// The version that names a dict's present keys; 0 if versions have run out.
    pub(crate) fn dict_version(&mut self, dict: Value) -> u32 {
        let data = dict_data(dict);
        if data.version == 0 && self.next_dict_version < u32::MAX {
            data.version = self.next_dict_version;
            self.next_dict_version += 1;
        }
        data.version
    }

    /// Whether two keys of equal hash are the same, without running Python code.
    pub(crate) fn same_key(&self, a: Value, b: Value) -> KeyMatch {
        if a == b {
            return KeyMatch::Same;
        }
        match self.equal_without_code(a, b) {
            Some(true) => KeyMatch::Same,
            Some(false) => KeyMatch::Different,
            None => KeyMatch::Ask,
        }
    }
}

/// A container that is searched by hash.
#[derive(Clone, Copy)]
enum Table {
    Dict,
    Set,
}

impl Table {
    fn find(self, vm: &Vm, container: Value, hash: u64, key: Value) -> Result<Option<usize>, Vec<usize>> {
        let matches = |other| vm.same_key(other, key);
        match self {
            Self::Dict => dict_data(container).find(hash, matches),
            Self::Set => set_data(container).find(hash, matches),
        }
    }

    fn key_at(self, container: Value, position: usize) -> Option<Value> {
        match self {
            Self::Dict => dict_data(container).entry(position).map(|entry| entry.key),
            Self::Set => set_data(container).at(position),
        }
    }
}

impl Cx {
    fn find(
        &mut self,
        table: Table,
        container: Handle<'_>,
        hash: u64,
        key: Handle<'_>,
    ) -> Result<Option<usize>, Raised> {
        'again: loop {
            let candidates = match table.find(self.vm(), container.value(), hash, key.value()) {
                Ok(found) => return Ok(found),
                Err(candidates) => candidates,
            };
            for position in candidates {
                let Some(candidate) = table.key_at(container.value(), position) else { continue 'again };
                let root = self.root_value(candidate);
                let same = self.eq(root.handle(), key)?;
                if table.key_at(container.value(), position) != Some(root.value()) {
                    continue 'again;
                }
                if same {
                    return Ok(Some(position));
                }
            }
            return Ok(None);
        }
    }

    /// The position of a key in a dict, and its hash.
    pub(crate) fn dict_find(
        &mut self,
        dict: Handle<'_>,
        key: Handle<'_>,
    ) -> Result<(u64, Option<usize>), Raised> {
        let hash = self.hash(key)?;
        Ok((hash, self.find(Table::Dict, dict, hash, key)?))
    }

    /// The position of an element in a set, and its hash.
    pub(crate) fn set_find(
        &mut self,
        set: Handle<'_>,
        key: Handle<'_>,
    ) -> Result<(u64, Option<usize>), Raised> {
        let hash = self.hash(key)?;
        Ok((hash, self.find(Table::Set, set, hash, key)?))
    }

    /// The position of an element whose hash is known.
    pub(crate) fn set_find_hashed(
        &mut self,
        set: Handle<'_>,
        hash: u64,
        key: Handle<'_>,
    ) -> Result<Option<usize>, Raised> {
        self.find(Table::Set, set, hash, key)
    }

    /// The position of a key whose hash is known.
    pub(crate) fn dict_find_hashed(
        &mut self,
        dict: Handle<'_>,
        hash: u64,
        key: Handle<'_>,
    ) -> Result<Option<usize>, Raised> {
        self.find(Table::Dict, dict, hash, key)
    }

    /// The value of a key in a dict (or a dict subclass's own store), raw.
    pub(crate) fn dict_get_value(
        &mut self,
        dict: Handle<'_>,
        key: Handle<'_>,
    ) -> Result<Option<Value>, Raised> {
        let (_, found) = self.dict_find(dict, key)?;
        Ok(found.map(|position| dict_data(dict.value()).value_at(position)))
    }

    /// The value of a key in a dict.
    pub fn dict_get(&mut self, dict: Handle<'_>, key: Handle<'_>) -> Result<Option<crate::cx::Root>, Raised> {
        Ok(self.dict_get_value(dict, key)?.map(|value| self.root_value(value)))
    }

    /// Sets a key in a dict.
    pub fn dict_set(&mut self, dict: Handle<'_>, key: Handle<'_>, value: Handle<'_>) -> Result<(), Raised> {
        let (hash, found) = self.dict_find(dict, key)?;
        match found {
            Some(position) => dict_data(dict.value()).set_value_at(position, value.value()),
            None => self.vm().dict_insert_new(dict.value(), hash, key.value(), value.value()),
        }
        Ok(())
    }

    /// Removes a key from a dict; whether it was there.
    pub fn dict_remove(&mut self, dict: Handle<'_>, key: Handle<'_>) -> Result<bool, Raised> {
        let (_, found) = self.dict_find(dict, key)?;
        if let Some(position) = found {
            dict_data(dict.value()).remove_at(position);
        }
        Ok(found.is_some())
    }

    /// Adds an element to a set; whether it is new.
    pub fn set_add(&mut self, set: Handle<'_>, key: Handle<'_>) -> Result<bool, Raised> {
        let (hash, found) = self.set_find(set, key)?;
        if found.is_none() {
            let before = set_data(set.value()).external_bytes();
            set_data(set.value()).insert_new(hash, key.value());
            let after = set_data(set.value()).external_bytes();
            self.vm().heap.count(after.saturating_sub(before));
        }
        Ok(found.is_none())
    }

    /// Whether a set has an element.
    pub fn set_contains(&mut self, set: Handle<'_>, key: Handle<'_>) -> Result<bool, Raised> {
        Ok(self.set_find(set, key)?.1.is_some())
    }
}

impl Vm {
    /// `dict[key]` for an exact dict where no Python code needs to run: `Err` says that it would.
    pub(crate) fn dict_find_plain(&self, dict: Value, key: Value) -> Result<Option<usize>, ()> {
        if Self::shape_id(key) == crate::vm::shape_id::STR {
            return dict_data(dict)
                .find(self.hash_str(key), |other| self.same_str(other, key))
                .map_err(|_| ());
        }
        let hash = self.hash_plain(key).ok_or(())?;
        dict_data(dict).find(hash, |other| self.same_key(other, key)).map_err(|_| ())
    }

    /// [`Vm::same_key`] where the key looked for is an exact string.
    #[inline(always)]
    fn same_str(&self, other: Value, key: Value) -> KeyMatch {
        if other == key {
            return KeyMatch::Same;
        }
        if Self::shape_id(other) == crate::vm::shape_id::STR {
            return if self.str_eq(other, key) { KeyMatch::Same } else { KeyMatch::Different };
        }
        self.same_key(other, key)
    }

    /// Sets a key in a dict where no Python code needs to run; whether it did.
    pub(crate) fn dict_set_plain(&mut self, dict: Value, key: Value, value: Value) -> bool {
        let Some(hash) = self.hash_plain(key) else { return false };
        let found = if Self::shape_id(key) == crate::vm::shape_id::STR {
            dict_data(dict).find(hash, |other| self.same_str(other, key))
        } else {
            dict_data(dict).find(hash, |other| self.same_key(other, key))
        };
        match found {
            Ok(Some(position)) => dict_data(dict).set_value_at(position, value),
            Ok(None) => self.dict_insert_new(dict, hash, key, value),
            Err(_) => return false,
        }
        true
    }

    /// The hash of a value whose `__hash__` is a built-in one that runs no Python code.
    #[inline]
    pub(crate) fn hash_plain(&self, value: Value) -> Option<u64> {
        if let Some(int) = value.as_int() {
            return Some(hash_int(int));
        }
        if Self::shape_id(value) == crate::vm::shape_id::STR {
            return Some(self.hash_str(value));
        }
        if Self::shape_id(value) == crate::vm::shape_id::TUPLE {
            return self.hash_plain_tuple(value);
        }
        self.hash_builtin(value)
    }
}

/// The modulus of numeric hashes, 2^61 - 1.
pub(crate) const HASH_MODULUS: u64 = (1 << 61) - 1;

/// The hash of an inline int: the int modulo 2^61 - 1 with its sign, never -1.
#[inline(always)]
pub(crate) fn hash_int(int: i64) -> u64 {
    let magnitude = int.unsigned_abs();
    // Nearly all are smaller already, and a division costs more than the rest of a lookup.
    let magnitude = if magnitude < HASH_MODULUS { magnitude } else { magnitude % HASH_MODULUS };
    let hash = if int < 0 { (magnitude as i64).wrapping_neg() } else { magnitude as i64 };
    if hash == -1 { -2_i64 as u64 } else { hash as u64 }
}
