//! Items, slices, lengths, containment.

#![expect(unsafe_code, reason = "containers are reached through cells")]

use crate::cell::*;
use crate::cx::Raised;
use crate::dict_ops::{dict_data, set_data};
use crate::frame::Cont;
use crate::index::{SliceParts, place};
use crate::ops::TruthMode;
use crate::ops::build::list_items;
use crate::str_object::Units;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

impl Vm {
    /// `container[key]`.
    #[inline]
    pub fn load_item(&mut self, container: Value, key: Value) -> Value {
        if let Some(value) = self.load_item_plain(container, key) {
            return value;
        }
        self.load_item_slow(container, key)
    }

    /// An item of an exact list, tuple or dict by a plain key, if it is there.
    #[inline(always)]
    pub fn load_item_plain(&self, container: Value, key: Value) -> Option<Value> {
        // SAFETY: the containers are live.
        unsafe {
            match container.kind()? {
                Kind::List if (*container.cell()).shape == crate::vm::shape_id::LIST => {
                    let items = &(*container.cast::<ListCell>()).items;
                    let index = key.as_int()?;
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    items.get(index as usize).copied()
                }
                Kind::Tuple if (*container.cell()).shape == crate::vm::shape_id::TUPLE => {
                    let items = TupleCell::items(container.cast());
                    let index = key.as_int()?;
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    items.get(index as usize).copied()
                }
                Kind::Dict if (*container.cell()).shape == crate::vm::shape_id::DICT => {
                    let position = self.dict_find_plain(container, key).ok()??;
                    Some(dict_data(container).value_at(position))
                }
                _ => None,
            }
        }
    }

    #[inline(never)]
    fn load_item_slow(&mut self, container: Value, key: Value) -> Value {
        if let Some(value) = self.load_of_exact(container, key) {
            return value;
        }
        let ty = self.type_of(container);
        let method = self.lookup(ty, self.names.__getitem__);
        if !method.is_undef() {
            return self.call_special(method, container, &[key], Cont::Store, &[]);
        }
        if container.is_kind(Kind::Type) {
            return crate::types::type_type::class_getitem(self, container, key);
        }
        let message = format!("'{}' object is not subscriptable", self.type_name(ty));
        self.type_error(&message)
    }

    /// A character of a string, or a slice of a sequence whose bounds are inline ints or None: exact types only.
    fn load_of_exact(&mut self, container: Value, key: Value) -> Option<Value> {
        if Self::shape_id(container) == shape_id::STR && key.is_int() {
            let units = self.units(container);
            return Some(self.one_character(units.at(place(key.int(), units.len())?)));
        }
        let slice = key.as_cell::<SliceCell>()?;
        // SAFETY: the slice is live.
        let parts = unsafe { plain_parts((*slice).start, (*slice).stop, (*slice).step)? };
        self.slice_of_exact(container, parts)
    }

    fn slice_of_exact(&mut self, container: Value, parts: SliceParts) -> Option<Value> {
        match Self::shape_id(container) {
            shape_id::LIST => {
                let items = list_items(container);
                let taken = parts.fit(items.len()).take(items);
                Some(self.new_list(taken))
            }
            shape_id::TUPLE => {
                // SAFETY: the tuple is live, and nothing is collected here.
                let items = unsafe { TupleCell::items(container.cast()) };
                let range = parts.fit(items.len());
                if range.step == 1 && range.count == items.len() {
                    return Some(container);
                }
                if range.step == 1 {
                    let start = range.start as usize;
                    return self.try_tuple(&items[start..start + range.count]);
                }
                self.try_tuple(&range.take(items))
            }
            shape_id::STR => {
                let range = parts.fit(self.units(container).len());
                let start = range.start as usize;
                if range.step != 1 {
                    return None;
                }
                Some(self.part_of(container, start..start + range.count).unwrap_or(Value::RAISED))
            }
            _ => None,
        }
    }

    /// `container[key] = value`.
    #[inline]
    pub fn store_item(&mut self, container: Value, key: Value, value: Value) -> Value {
        // SAFETY: the containers are live.
        unsafe {
            match container.kind() {
                Some(Kind::List) if (*container.cell()).shape == crate::vm::shape_id::LIST => {
                    if let Some(index) = key.as_int() {
                        let items = &mut (*container.cast::<ListCell>()).items;
                        let index = if index < 0 { index + items.len() as i64 } else { index };
                        if let Some(place) = items.get_mut(index as usize) {
                            *place = value;
                            return Value::NONE;
                        }
                    }
                }
                Some(Kind::Dict)
                    if (*container.cell()).shape == crate::vm::shape_id::DICT
                        && self.dict_set_plain(container, key, value) =>
                {
                    return Value::NONE;
                }
                _ => {}
            }
        }
        self.store_item_slow(container, key, value)
    }

    #[inline(never)]
    fn store_item_slow(&mut self, container: Value, key: Value, value: Value) -> Value {
        let ty = self.type_of(container);
        let method = self.lookup(ty, self.names.__setitem__);
        if method.is_undef() {
            let message = format!("'{}' object does not support item assignment", self.type_name(ty));
            return self.type_error(&message);
        }
        self.call_special(method, container, &[key, value], Cont::Discard, &[])
    }

    /// TypeError: CPython tells sequences asked by a number apart.
    #[cold]
    fn cannot_delete_item(&mut self, ty: Value, key: Value) -> Value {
        let names = self.names;
        let is_number = key.is_bool() || !self.lookup(self.type_of(key), names.__index__).is_undef();
        let is_sequence = self.type_data(ty).has(crate::type_object::type_flag::HEAP)
            || [names.__len__, names.__contains__, names.__getitem__]
                .into_iter()
                .any(|name| !self.lookup(ty, name).is_undef());
        let not = if is_number && is_sequence { "doesn't" } else { "does not" };
        let message = format!("'{}' object {not} support item deletion", self.type_name(ty));
        self.type_error(&message)
    }

    /// `del container[key]`.
    pub fn delete_item(&mut self, container: Value, key: Value) -> Value {
        let ty = self.type_of(container);
        let method = self.lookup(ty, self.names.__delitem__);
        if method.is_undef() {
            return self.cannot_delete_item(ty, key);
        }
        self.call_special(method, container, &[key], Cont::Discard, &[])
    }

    /// `container[start:stop]`.
    pub fn load_slice(&mut self, container: Value, start: Value, stop: Value) -> Value {
        if let Some(parts) = plain_parts(start, stop, Value::NONE)
            && let Some(slice) = self.slice_of_exact(container, parts)
        {
            return slice;
        }
        let key = self.new_slice(start, stop, Value::NONE);
        self.load_item(container, key)
    }

    /// `container[start:stop] = value`.
    pub fn store_slice(&mut self, container: Value, start: Value, stop: Value, value: Value) -> Value {
        if let Some(parts) = plain_parts(start, stop, Value::NONE)
            && Self::shape_id(container) == shape_id::LIST
            && Self::shape_id(value) == shape_id::LIST
            && container != value
        {
            let (items, new) = (list_items(container), list_items(value));
            let range = parts.fit(items.len());
            if range.count == new.len() {
                items[range.start as usize..range.start as usize + range.count].copy_from_slice(new);
                return Value::NONE;
            }
        }
        let key = self.new_slice(start, stop, Value::NONE);
        self.store_item(container, key, value)
    }

    /// The length of a built-in container; subclasses' own `__len__` is not asked.
    pub(crate) fn len_plain(&self, value: Value) -> Option<usize> {
        // SAFETY: the container is live.
        unsafe {
            Some(match value.kind()? {
                Kind::Str => (*value.cast::<StrCell>()).len,
                Kind::List => (*value.cast::<ListCell>()).items.len(),
                Kind::Tuple => (*value.cast::<TupleCell>()).len,
                Kind::Dict => dict_data(value).len(),
                Kind::Set | Kind::FrozenSet => (*value.cast::<SetCell>()).data.len(),
                Kind::Bytes => (*value.cast::<BytesCell>()).len,
                Kind::ByteArray => (*value.cast::<ByteArrayCell>()).bytes.len(),
                _ => return None,
            })
        }
    }

    /// What `__len__` returned, as a length.
    pub(crate) fn check_len(&mut self, result: Value) -> Result<usize, Raised> {
        if let Some(int) = self.int_of(result) {
            if int >= 0 {
                return Ok(int as usize);
            }
            return Err(self.raise_value_error("__len__() should return >= 0"));
        }
        if result.is_bool() {
            return Ok(usize::from(result == Value::TRUE));
        }
        if result.is_kind(Kind::Int) {
            if crate::types::int::is_negative(result) {
                return Err(self.raise_value_error("__len__() should return >= 0"));
            }
            return Err(self.raise_overflow_error("cannot fit 'int' into an index-sized integer"));
        }
        let message = format!("'{}' object cannot be interpreted as an integer", self.type_name_of(result));
        Err(self.raise_type_error(&message))
    }

    /// `item in container`, as the mode wants it.
    pub fn contains(&mut self, container: Value, item: Value, mode: TruthMode) -> Value {
        if container.is_kind(Kind::Dict)
            && self.is_exact(container)
            && let Ok(found) = self.dict_find_plain(container, item)
        {
            return mode.apply(found.is_some());
        }
        if let Some(found) = self.contains_plain(container, item) {
            return mode.apply(found);
        }
        let ty = self.type_of(container);
        let method = self.lookup(ty, self.names.__contains__);
        if method.is_none() {
            let message = format!("'{}' object is not a container", self.type_name(ty));
            return self.type_error(&message);
        }
        if !method.is_undef() {
            return self.call_special(method, container, &[item], Cont::Contains, &[mode.to_value()]);
        }
        let base = self.push_values(&[container, item]);
        let found = self.enter(|cx| {
            let (container, item) = (cx.root_value(container), cx.root_value(item));
            cx.contains_by_iteration(container.handle(), item.handle())
        });
        self.top = base;
        match found {
            Ok(found) => mode.apply(found),
            Err(Raised) => Value::RAISED,
        }
    }

    /// Whether an exact built-in container has an item, if no Python code needs to be asked.
    fn contains_plain(&self, container: Value, item: Value) -> Option<bool> {
        match Self::shape_id(container) {
            shape_id::SET | shape_id::FROZENSET => {
                let hash = self.hash_plain(item)?;
                let found = set_data(container).find(hash, |other| self.same_key(other, item));
                found.ok().map(|found| found.is_some())
            }
            shape_id::LIST => self.is_among(list_items(container), item),
            // SAFETY: the tuple is live.
            shape_id::TUPLE => self.is_among(unsafe { TupleCell::items(container.cast()) }, item),
            shape_id::STR if Self::shape_id(item) == shape_id::STR => {
                let (units, part) = (self.units(container), self.units(item));
                if part.len() != 1 {
                    return None;
                }
                let wanted = part.at(0);
                Some(match units {
                    Units::One(units) => wanted < 256 && memchr::memchr(wanted as u8, units).is_some(),
                    units => units.iter().any(|unit| unit == wanted),
                })
            }
            _ => None,
        }
    }

    fn is_among(&self, items: &[Value], wanted: Value) -> Option<bool> {
        for item in items {
            if *item == wanted || self.equal_without_code(*item, wanted)? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Writes exactly `count` items of an iterable to consecutive slots. `Err`: raised.
    pub fn unpack(&mut self, sequence: Value, count: usize, to: *mut Value) -> Result<(), Raised> {
        // SAFETY: `to` has room for `count` values; the containers are live.
        unsafe {
            let items: Option<&[Value]> = match sequence.kind() {
                Some(Kind::Tuple) if self.is_exact(sequence) => Some(TupleCell::items(sequence.cast())),
                Some(Kind::List) if self.is_exact(sequence) => Some(&(*sequence.cast::<ListCell>()).items),
                _ => None,
            };
            if let Some(items) = items.filter(|items| items.len() == count) {
                std::ptr::copy_nonoverlapping(items.as_ptr(), to, count);
                return Ok(());
            }
        }
        let items = self.enter(|cx| {
            let sequence = cx.root_value(sequence);
            cx.unpack_exactly(sequence.handle(), count)
        })?;
        // SAFETY: as above.
        unsafe { std::ptr::copy_nonoverlapping(items.as_ptr(), to, count) };
        Ok(())
    }
}

/// A slice's parts if its bounds are inline ints or None, the step not zero.
fn plain_parts(start: Value, stop: Value, step: Value) -> Option<SliceParts> {
    let bound = |value: Value, default: i64| {
        if value.is_none() { Some(default) } else { value.as_int() }
    };
    let step = bound(step, 1)?;
    let (first, last) = if step < 0 { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
    (step != 0).then_some(SliceParts { start: bound(start, first)?, stop: bound(stop, last)?, step })
}
