//! Building and taking apart containers: what the machines' `BUILD_*`, `*_UPDATE`, `UNPACK_EX` and `MATCH_*` do.
//!
//! Everything here answers at once: where Python code has to run (an iterable's `__next__`, a key's `__eq__`), it runs
//! through doors. Slices of values need not lie on the value stack: they are rooted before the first door.

#![expect(unsafe_code, reason = "containers are reached through cells")]

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::dict_ops::{dict_data, set_data};
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// A tuple of values.
    #[inline]
    pub fn build_tuple(&mut self, values: &[Value]) -> Value {
        self.new_tuple(values)
    }

    /// A list of values.
    #[inline]
    pub fn build_list(&mut self, values: &[Value]) -> Value {
        self.new_list(values.to_vec())
    }

    /// A set of values.
    pub fn build_set(&mut self, values: &[Value]) -> Value {
        let set = self.new_set();
        for (i, value) in values.iter().enumerate() {
            if !self.set_add_plain(set, *value) {
                return self.build_set_slow(set, &values[i..]);
            }
        }
        set
    }

    #[cold]
    fn build_set_slow(&mut self, set: Value, values: &[Value]) -> Value {
        let list = self.new_list(values.to_vec());
        let result = self.enter(|cx| {
            let (set, list) = (cx.root_value(set), cx.root_value(list));
            cx.set_extend(set.handle(), list.handle())?;
            Ok(set.value())
        });
        value_or_raised(result)
    }

    /// A dict of keys and values, in turn.
    pub fn build_map(&mut self, pairs: &[Value]) -> Value {
        let dict = self.new_dict();
        for (i, pair) in pairs.chunks_exact(2).enumerate() {
            if !self.dict_set_plain(dict, pair[0], pair[1]) {
                return self.build_map_slow(dict, &pairs[2 * i..]);
            }
        }
        dict
    }

    #[cold]
    fn build_map_slow(&mut self, dict: Value, pairs: &[Value]) -> Value {
        let list = self.new_list(pairs.to_vec());
        let result = self.enter(|cx| {
            let (dict, list) = (cx.root_value(dict), cx.root_value(list));
            for i in (0..list_items(list.value()).len()).step_by(2) {
                let (key, value) = (list_items(list.value())[i], list_items(list.value())[i + 1]);
                let key = cx.root_value(key);
                let value = cx.root_value(value);
                cx.dict_set(dict.handle(), key.handle(), value.handle())?;
            }
            Ok(dict.value())
        });
        value_or_raised(result)
    }

    /// A dict of a tuple of keys and as many values.
    pub fn build_const_key_map(&mut self, keys: Value, values: &[Value]) -> Value {
        // SAFETY: the keys are a live tuple.
        let keys = unsafe { TupleCell::items(keys.cast()) };
        let pairs: Vec<Value> = keys.iter().zip(values).flat_map(|(key, value)| [*key, *value]).collect();
        self.build_map(&pairs)
    }

    /// A slice object.
    pub fn build_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.new_slice(start, stop, step)
    }

    /// Appends a value to a list being built.
    #[inline]
    pub fn list_append(&mut self, list: Value, value: Value) -> Value {
        let items = list_items(list);
        if items.len() == items.capacity() && !self.grow_list(list, 1) {
            return Value::RAISED;
        }
        list_items(list).push(value);
        Value::NONE
    }

    /// Makes room for `more` items of a list, at least doubling it; false if MemoryError was raised.
    #[cold]
    #[inline(never)]
    pub(crate) fn grow_list(&mut self, list: Value, more: usize) -> bool {
        let items = list_items(list);
        let wanted = more.max(items.len() / 2).max(4);
        let bytes = wanted.saturating_mul(size_of::<Value>());
        if !self.heap.may_grow(bytes) || items.try_reserve_exact(wanted).is_err() {
            self.raise_memory_error();
            return false;
        }
        self.heap.count(bytes);
        true
    }

    /// Adds a value to a set being built.
    #[inline]
    pub fn set_add(&mut self, set: Value, value: Value) -> Value {
        if self.set_add_plain(set, value) {
            return Value::NONE;
        }
        let result = self.enter(|cx| {
            let (set, value) = (cx.root_value(set), cx.root_value(value));
            cx.set_add(set.handle(), value.handle()).map(|_| Value::NONE)
        });
        value_or_raised(result)
    }

    /// Adds a value to a set where no Python code needs to run; whether it did.
    #[inline]
    pub(crate) fn set_add_plain(&mut self, set: Value, value: Value) -> bool {
        let Some(hash) = self.hash_plain(value) else { return false };
        let data = set_data(set);
        match data.find(hash, |other| self.same_key(other, value)) {
            Ok(Some(_)) => true,
            Ok(None) => {
                self.set_insert_new(set, hash, value);
                true
            }
            Err(_) => false,
        }
    }

    /// Adds an element that is not in the set, counting what the set grows by.
    pub(crate) fn set_insert_new(&mut self, set: Value, hash: u64, value: Value) {
        let data = set_data(set);
        let before = data.external_bytes();
        data.insert_new(hash, value);
        self.heap.count(data.external_bytes().saturating_sub(before));
    }

    /// Sets a key of a dict being built.
    #[inline]
    pub fn map_add(&mut self, dict: Value, key: Value, value: Value) -> Value {
        if self.dict_set_plain(dict, key, value) {
            return Value::NONE;
        }
        let result = self.enter(|cx| {
            let (dict, key, value) = (cx.root_value(dict), cx.root_value(key), cx.root_value(value));
            cx.dict_set(dict.handle(), key.handle(), value.handle()).map(|()| Value::NONE)
        });
        value_or_raised(result)
    }

    /// Appends the items of an iterable to a list being built.
    pub fn list_extend(&mut self, list: Value, iterable: Value) -> Value {
        let result = self.enter(|cx| {
            let (list, iterable) = (cx.root_value(list), cx.root_value(iterable));
            if !cx.vm().is_iterable(iterable.value()) {
                let name = cx.vm().type_name_of(iterable.value());
                let message = format!("Value after * must be an iterable, not {name}");
                return Err(cx.vm().raise_type_error(&message));
            }
            cx.extend_list(list.handle(), iterable.handle()).map(|()| Value::NONE)
        });
        value_or_raised(result)
    }

    /// Adds the items of an iterable to a set being built.
    pub fn set_update(&mut self, set: Value, iterable: Value) -> Value {
        let result = self.enter(|cx| {
            let (set, iterable) = (cx.root_value(set), cx.root_value(iterable));
            cx.set_extend(set.handle(), iterable.handle()).map(|()| Value::NONE)
        });
        value_or_raised(result)
    }

    /// Sets the keys of a mapping in a dict being built (`{**mapping}`).
    pub fn dict_update(&mut self, dict: Value, mapping: Value) -> Value {
        let result = self.enter(|cx| {
            let (dict, mapping) = (cx.root_value(dict), cx.root_value(mapping));
            match cx.dict_merge_into(dict.handle(), mapping.handle(), Merge::Replace) {
                Ok(()) => Ok(Value::NONE),
                Err(MergeError::Raised) if cx.vm().clear_if(cx.vm().exceptions.attribute_error) => {
                    let message =
                        format!("'{}' object is not a mapping", cx.vm().type_name_of(mapping.value()));
                    Err(cx.vm().raise_type_error(&message))
                }
                Err(_) => Err(Raised),
            }
        });
        value_or_raised(result)
    }

    /// Adds the keys of a mapping to the keyword arguments of a call (`callee(**mapping)`); none may be there already.
    pub fn dict_merge(&mut self, dict: Value, mapping: Value, callee: Value) -> Value {
        let result = self.enter(|cx| {
            let (dict, mapping) = (cx.root_value(dict), cx.root_value(mapping));
            let callee = cx.root_value(callee);
            match cx.dict_merge_into(dict.handle(), mapping.handle(), Merge::Unique) {
                Ok(()) => Ok(Value::NONE),
                Err(MergeError::Raised) if cx.vm().clear_if(cx.vm().exceptions.attribute_error) => {
                    let name = cx.callee_name(callee.handle());
                    let ty = cx.vm().type_name_of(mapping.value());
                    let message = format!("{name} argument after ** must be a mapping, not {ty}");
                    Err(cx.vm().raise_type_error(&message))
                }
                // CPython takes a KeyError of the mapping's own for the sign of a key given twice.
                Err(MergeError::Raised) if cx.vm().is_raised(cx.vm().exceptions.key_error) => {
                    let error = cx.vm().take_exception();
                    let args = crate::types::exceptions::args_of(error);
                    match cx.vm().sequence_item(args, 0) {
                        Some(key) if cx.vm().sequence_item(args, 1).is_none() => {
                            let key = cx.root_value(key);
                            Err(cx.duplicate_keyword(key.handle(), callee.handle()))
                        }
                        _ => Err(cx.vm().raise_again(error)),
                    }
                }
                Err(MergeError::Raised) => Err(Raised),
                Err(MergeError::Duplicate(key)) => Err(cx.duplicate_keyword(key.handle(), callee.handle())),
            }
        });
        value_or_raised(result)
    }

    /// A tuple of a list's items.
    pub fn list_to_tuple(&mut self, list: Value) -> Value {
        // SAFETY: allocation does not move or change the list.
        let items: &[Value] = unsafe { &*std::ptr::from_ref(list_items(list).as_slice()) };
        match self.try_tuple(items) {
            Some(tuple) => tuple,
            None => {
                self.raise_memory_error();
                Value::RAISED
            }
        }
    }

    /// Writes the first `before` items of an iterable, a list of those between, and the last `after` items to
    /// consecutive slots. `Err`: raised.
    pub fn unpack_ex(
        &mut self,
        sequence: Value,
        before: usize,
        after: usize,
        to: *mut Value,
    ) -> Result<(), Raised> {
        let all = self.enter(|cx| {
            let sequence = cx.root_value(sequence);
            cx.unpack_with_rest(sequence.handle(), before, after)
        })?;
        let all = list_items(all);
        let rest = all.split_off(before);
        let (rest, last) = rest.split_at(rest.len() - after);
        let rest = self.new_list(rest.to_vec());
        // SAFETY: `to` has room for `before + 1 + after` values.
        unsafe {
            std::ptr::copy_nonoverlapping(all.as_ptr(), to, before);
            to.add(before).write(rest);
            std::ptr::copy_nonoverlapping(last.as_ptr(), to.add(before + 1), after);
        }
        Ok(())
    }

    /// `len(value)`.
    pub fn get_len(&mut self, value: Value) -> Value {
        let result = self.enter(|cx| {
            let value = cx.root_value(value);
            let len = cx.len(value.handle())?;
            Ok(cx.vm().new_int(len as i64))
        });
        value_or_raised(result)
    }

    /// Whether a value matches sequence patterns.
    pub fn match_sequence(&mut self, value: Value) -> bool {
        self.type_has_inherited(value, type_flag::SEQUENCE)
    }

    /// Whether a value matches mapping patterns.
    pub fn match_mapping(&mut self, value: Value) -> bool {
        self.type_has_inherited(value, type_flag::MAPPING)
    }

    /// Whether the first type along the order that has one of the two collection flags has this one.
    fn type_has_inherited(&self, value: Value, flag: u32) -> bool {
        let order = &self.type_data(self.type_of(value)).mro;
        order
            .iter()
            .map(|ty| self.type_data(*ty).flags & (type_flag::SEQUENCE | type_flag::MAPPING))
            .find(|flags| *flags != 0)
            .is_some_and(|flags| flags & flag != 0)
    }

    /// The values of a mapping's keys as a tuple, or None if one is missing.
    pub fn match_keys(&mut self, subject: Value, keys: Value) -> Value {
        let result = self.enter(|cx| {
            let (subject, keys) = (cx.root_value(subject), cx.root_value(keys));
            cx.match_mapping_keys(subject.handle(), keys.handle())
        });
        value_or_raised(result)
    }

    /// The attributes that a class pattern matches its sub-patterns against as a tuple, or None if it does not match.
    pub fn match_class(&mut self, subject: Value, class: Value, positional: usize, names: Value) -> Value {
        let result = self.enter(|cx| {
            let (subject, class) = (cx.root_value(subject), cx.root_value(class));
            let names = cx.root_value(names);
            cx.match_class_pattern(subject.handle(), class.handle(), positional, names.handle())
        });
        value_or_raised(result)
    }
}

/// The items of a list. Leaf code only: the reference must end before anything else reaches the list.
pub(crate) fn list_items<'a>(list: Value) -> &'a mut Vec<Value> {
    // SAFETY: `list` is a live list.
    unsafe { &mut (*list.cast::<ListCell>()).items }
}

fn value_or_raised(result: Result<Value, Raised>) -> Value {
    result.unwrap_or(Value::RAISED)
}

/// What to do with keys that are there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Merge {
    /// The new value replaces the old.
    Replace,
    /// The old value stays.
    Keep,
    /// It is an error.
    Unique,
}

/// Why a merge stopped.
pub(crate) enum MergeError {
    /// An exception is in flight.
    Raised,
    /// A key is there already.
    Duplicate(Root),
}

impl From<Raised> for MergeError {
    fn from(_: Raised) -> Self {
        Self::Raised
    }
}

impl Cx {
    /// Adds the items of an iterable to a set.
    pub(crate) fn set_extend(&mut self, set: Handle<'_>, iterable: Handle<'_>) -> Result<(), Raised> {
        let source = iterable.value();
        match source.kind() {
            Some(Kind::Set | Kind::FrozenSet) => return self.set_extend_hashed(set, iterable),
            Some(Kind::Dict) if self.vm().is_exact(source) => return self.set_extend_keys(set, iterable),
            _ => {}
        }
        let iterator = self.iter(iterable)?;
        while let Some(item) = self.next_value(iterator.handle())? {
            if self.vm().set_add_plain(set.value(), item) {
                continue;
            }
            let item = self.root_value(item);
            self.set_add(set, item.handle())?;
        }
        Ok(())
    }

    /// Adds the elements of another set, whose hashes are known.
    fn set_extend_hashed(&mut self, set: Handle<'_>, other: Handle<'_>) -> Result<(), Raised> {
        if set.value() == other.value() {
            return Ok(());
        }
        let (into, from) = (set_data(set.value()), set_data(other.value()));
        into.make_room_for(from.len());
        if into.is_fresh() {
            into.take_all(from);
            self.vm().heap.count(into.external_bytes());
            return Ok(());
        }
        let mut position = 0;
        while let Some((at, hash, element)) = set_data(other.value()).next_from(position) {
            position = at + 1;
            self.set_add_hashed(set, hash, element)?;
        }
        Ok(())
    }

    fn set_extend_keys(&mut self, set: Handle<'_>, dict: Handle<'_>) -> Result<(), Raised> {
        set_data(set.value()).make_room_for(dict_data(dict.value()).len());
        let mut position = 0;
        while let Some((at, entry)) = dict_data(dict.value()).next_entry(position) {
            position = at + 1;
            self.set_add_hashed(set, entry.hash, entry.key)?;
        }
        Ok(())
    }

    /// Adds an element whose hash is known.
    pub(crate) fn set_add_hashed(
        &mut self,
        set: Handle<'_>,
        hash: u64,
        element: Value,
    ) -> Result<bool, Raised> {
        let vm = self.vm();
        match set_data(set.value()).find(hash, |other| vm.same_key(other, element)) {
            Ok(Some(_)) => return Ok(false),
            Ok(None) => {
                vm.set_insert_new(set.value(), hash, element);
                return Ok(true);
            }
            Err(_) => {}
        }
        let element = self.root_value(element);
        let found = self.set_find_hashed(set, hash, element.handle())?;
        if found.is_none() {
            self.vm().set_insert_new(set.value(), hash, element.value());
        }
        Ok(found.is_none())
    }

    /// Sets the keys of a mapping (a dict, or anything with `keys`) in a dict.
    pub(crate) fn dict_merge_into(
        &mut self,
        dict: Handle<'_>,
        mapping: Handle<'_>,
        merge: Merge,
    ) -> Result<(), MergeError> {
        if mapping.value().is_kind(Kind::Dict) && self.iterates_as_dict(mapping.value()) {
            return self.dict_merge_dict(dict, mapping, merge);
        }
        let keys = self.call_method(mapping, "keys", &[])?;
        if !self.vm().is_iterable(keys.value()) {
            let message = format!(
                "{}.keys() returned a non-iterable (type {})",
                self.vm().type_name_of(mapping.value()),
                self.vm().type_name_of(keys.value())
            );
            return Err(self.vm().raise_type_error(&message).into());
        }
        let iterator = self.iter(keys.handle())?;
        while let Some(key) = self.next(iterator.handle())? {
            if merge != Merge::Replace && self.dict_find(dict, key.handle())?.1.is_some() {
                if merge == Merge::Keep {
                    continue;
                }
                return Err(MergeError::Duplicate(key));
            }
            let value = self.get_item(mapping, key.handle())?;
            self.dict_set(dict, key.handle(), value.handle())?;
        }
        Ok(())
    }

    /// Whether a dict's items are those of its own store: `__iter__` is dict's.
    fn iterates_as_dict(&mut self, mapping: Value) -> bool {
        let vm = self.vm();
        let (ty, name) = (vm.type_of(mapping), vm.names.__iter__);
        ty == vm.types.dict || vm.lookup(ty, name) == vm.lookup(vm.types.dict, name)
    }

    fn dict_merge_dict(
        &mut self,
        dict: Handle<'_>,
        other: Handle<'_>,
        merge: Merge,
    ) -> Result<(), MergeError> {
        if dict.value() == other.value() || dict_data(other.value()).is_empty() {
            return Ok(());
        }
        if dict_data(dict.value()).is_empty() && !dict_data(other.value()).has_holes() {
            let copy = dict_data(other.value()).clone();
            self.vm().heap.count(copy.external_bytes());
            *dict_data(dict.value()) = copy;
            dict_data(dict.value()).version = 0;
            return Ok(());
        }
        let len = dict_data(other.value()).len();
        let mut position = 0;
        while let Some((at, entry)) = dict_data(other.value()).next_entry(position) {
            position = at + 1;
            self.dict_merge_entry(dict, *entry, merge)?;
            if dict_data(other.value()).len() != len {
                return Err(self.vm().raise_runtime_error("dict mutated during update").into());
            }
        }
        Ok(())
    }

    fn dict_merge_entry(
        &mut self,
        dict: Handle<'_>,
        entry: crate::dict::Entry,
        merge: Merge,
    ) -> Result<(), MergeError> {
        let vm = self.vm();
        let plain = dict_data(dict.value()).find(entry.hash, |other| vm.same_key(other, entry.key));
        let (key, value) = (self.root_value(entry.key), self.root_value(entry.value));
        let found = match plain {
            Ok(found) => found,
            Err(_) => self.dict_find_hashed(dict, entry.hash, key.handle())?,
        };
        match found {
            None => self.vm().dict_insert_new(dict.value(), entry.hash, key.value(), value.value()),
            Some(position) if merge == Merge::Replace => {
                dict_data(dict.value()).set_value_at(position, value.value());
            }
            Some(_) if merge == Merge::Keep => {}
            Some(_) => return Err(MergeError::Duplicate(key)),
        }
        Ok(())
    }

    /// A callee as messages about its arguments tell it: `module.qualname()`.
    pub(crate) fn callee_name(&mut self, callee: Handle<'_>) -> String {
        let Ok(Some(qualname)) = self.get_attr_opt(callee, "__qualname__") else {
            return self.callee_text(callee);
        };
        if !qualname.value().is_kind(Kind::Str) {
            return self.callee_text(callee);
        }
        let qualname = self.vm().str_lossy(qualname.value());
        match self.get_attr_opt(callee, "__module__") {
            Ok(Some(module))
                if module.value().is_kind(Kind::Str) && !self.vm().str_is(module.value(), "builtins") =>
            {
                format!("{}.{qualname}()", self.vm().str_lossy(module.value()))
            }
            _ => {
                self.vm().exception = Value::UNDEF;
                format!("{qualname}()")
            }
        }
    }

    fn callee_text(&mut self, callee: Handle<'_>) -> String {
        self.vm().exception = Value::UNDEF;
        self.str_text(callee).unwrap_or_else(|Raised| {
            self.vm().exception = Value::UNDEF;
            String::from("function")
        })
    }

    fn duplicate_keyword(&mut self, key: Handle<'_>, callee: Handle<'_>) -> Raised {
        if !key.value().is_kind(Kind::Str) {
            let name = self.callee_name(callee);
            return self.vm().raise_type_error(&format!("{name} keywords must be strings"));
        }
        let name = self.callee_name(callee);
        let keyword = self.vm().str_lossy(key.value());
        self.vm().raise_type_error(&format!("{name} got multiple values for keyword argument '{keyword}'"))
    }

    /// All items of an iterable as a raw list of at least `before + after`.
    fn unpack_with_rest(
        &mut self,
        sequence: Handle<'_>,
        before: usize,
        after: usize,
    ) -> Result<Value, Raised> {
        if !self.vm().is_iterable(sequence.value()) {
            let ty = self.vm().type_name_of(sequence.value());
            let message = format!("cannot unpack non-iterable {ty} object");
            return Err(self.vm().raise_type_error(&message));
        }
        let all = self.collect(sequence)?;
        let got = list_items(all.value()).len();
        if got < before + after {
            let message =
                format!("not enough values to unpack (expected at least {}, got {got})", before + after);
            return Err(self.vm().raise_value_error(&message));
        }
        Ok(all.value())
    }

    fn match_mapping_keys(&mut self, subject: Handle<'_>, keys: Handle<'_>) -> Result<Value, Raised> {
        let keys_list = self.vm().sequence_values(keys.value());
        let seen = self.vm().new_set();
        let (seen, values) = (self.root_value(seen), self.root_value(Value::UNDEF));
        values.set_value(self.vm().new_list(Vec::new()));
        let exact = subject.value().is_kind(Kind::Dict) && self.vm().is_exact(subject.value());
        let sentinel = self.root_value(Value::UNDEF);
        sentinel.set_value(self.vm().new_list(Vec::new()));
        for key in keys_list {
            // The tuple of keys keeps them alive.
            let key = self.root_value(key);
            if !self.set_add(seen.handle(), key.handle())? {
                let repr = self.repr_text(key.handle())?;
                let message = format!("mapping pattern checks duplicate key ({repr})");
                return Err(self.vm().raise_value_error(&message));
            }
            let value = if exact {
                self.dict_get_value(subject, key.handle())?
            } else {
                let got = self.call_method(subject, "get", &[key.handle(), sentinel.handle()])?;
                (got.value() != sentinel.value()).then_some(got.value())
            };
            let Some(value) = value else { return Ok(Value::NONE) };
            list_items(values.value()).push(value);
        }
        Ok(self.vm().list_to_tuple(values.value()))
    }

    fn match_class_pattern(
        &mut self,
        subject: Handle<'_>,
        class: Handle<'_>,
        positional: usize,
        names: Handle<'_>,
    ) -> Result<Value, Raised> {
        if !class.value().is_kind(Kind::Type) {
            return Err(self.vm().raise_type_error("called match pattern must be a class"));
        }
        if !self.is_instance_of(subject, class)? {
            return Ok(Value::NONE);
        }
        let values = self.vm().new_list(Vec::new());
        let values = self.root_value(values);
        let seen = self.vm().new_set();
        let seen = self.root_value(seen);
        if positional > 0 && !self.match_positional(subject, class, positional, &values, &seen)? {
            return Ok(Value::NONE);
        }
        for name in self.vm().sequence_values(names.value()) {
            let name = self.root_value(name);
            match self.match_attribute(subject, class, name.handle(), &seen)? {
                Some(value) => list_items(values.value()).push(value),
                None => return Ok(Value::NONE),
            }
        }
        Ok(self.vm().list_to_tuple(values.value()))
    }

    /// Matches positional sub-patterns by `__match_args__`; false if an attribute is missing.
    fn match_positional(
        &mut self,
        subject: Handle<'_>,
        class: Handle<'_>,
        positional: usize,
        values: &Root,
        seen: &Root,
    ) -> Result<bool, Raised> {
        let args = self.get_attr_opt(class, "__match_args__")?;
        let (args, match_self) = match args {
            Some(args) => (args.value(), false),
            None => (self.vm().empty_tuple, self.vm().matches_self(class.value())),
        };
        let args = self.root_value(args);
        let name = self.vm().type_name(class.value());
        if !args.value().is_kind(Kind::Tuple) {
            let got = self.vm().type_name_of(args.value());
            let message = format!("{name}.__match_args__ must be a tuple (got {got})");
            return Err(self.vm().raise_type_error(&message));
        }
        let args = self.vm().sequence_values(args.value());
        let allowed = if match_self { 1 } else { args.len() };
        if allowed < positional {
            let plural = if allowed == 1 { "" } else { "s" };
            let message =
                format!("{name}() accepts {allowed} positional sub-pattern{plural} ({positional} given)");
            return Err(self.vm().raise_type_error(&message));
        }
        if match_self {
            list_items(values.value()).push(subject.value());
            return Ok(true);
        }
        let args: Vec<Root> = args.into_iter().map(|arg| self.root_value(arg)).collect();
        for arg in args.iter().take(positional) {
            if !arg.value().is_kind(Kind::Str) {
                let got = self.vm().type_name_of(arg.value());
                let message = format!("__match_args__ elements must be strings (got {got})");
                return Err(self.vm().raise_type_error(&message));
            }
            match self.match_attribute(subject, class, arg.handle(), seen)? {
                Some(value) => list_items(values.value()).push(value),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn match_attribute(
        &mut self,
        subject: Handle<'_>,
        class: Handle<'_>,
        name: Handle<'_>,
        seen: &Root,
    ) -> Result<Option<Value>, Raised> {
        if !self.set_add(seen.handle(), name)? {
            let class = self.vm().type_name(class.value());
            let name = self.repr_text(name)?;
            let message = format!("{class}() got multiple sub-patterns for attribute {name}");
            return Err(self.vm().raise_type_error(&message));
        }
        let interned = self.vm().intern_str(name.value());
        match self.get_attr_value(subject, interned) {
            Ok(value) => Ok(Some(value.value())),
            Err(Raised) if self.vm().clear_if(self.vm().exceptions.attribute_error) => Ok(None),
            Err(Raised) => Err(Raised),
        }
    }
}

impl Vm {
    /// Whether a class pattern's one positional sub-pattern matches the subject itself.
    fn matches_self(&self, class: Value) -> bool {
        let t = &self.types;
        let own = [
            t.bool,
            t.bytearray,
            t.bytes,
            t.dict,
            t.float,
            t.frozenset,
            t.int,
            t.list,
            t.set,
            t.str,
            t.tuple,
        ];
        self.type_data(class).mro.iter().any(|ty| own.contains(ty))
    }
}
