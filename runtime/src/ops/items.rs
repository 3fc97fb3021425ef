//! Items, slices, lengths, containment.

#![expect(unsafe_code, reason = "containers are reached through cells")]

use crate::cell::*;
use crate::cx::Raised;
use crate::dict_ops::dict_data;
use crate::frame::Cont;
use crate::ops::TruthMode;
use crate::value::Value;
use crate::vm::Vm;

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
        let key = self.new_slice(start, stop, Value::NONE);
        self.load_item(container, key)
    }

    /// `container[start:stop] = value`.
    pub fn store_slice(&mut self, container: Value, start: Value, stop: Value, value: Value) -> Value {
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
