//! Doors: what a native may ask for that can run Python code. Each takes `&mut Cx`, so no `Local` survives it.

#![expect(unsafe_code, reason = "arguments are read from rooted slots")]

use bytecode::CompareOp;

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Cx, Handle, Local, Raised, Root};
use crate::ops::TruthMode;
use crate::value::Value;

impl Cx {
    /// Calls with positional arguments.
    pub fn call(&mut self, callee: Handle<'_>, args: &[Handle<'_>]) -> Result<Root, Raised> {
        let values: Vec<Value> = args.iter().map(|arg| arg.value()).collect();
        self.call_values(callee, &values, Value::UNDEF)
    }

    /// Calls with raw arguments, the last of them named by a tuple (or Undef).
    pub(crate) fn call_values(
        &mut self,
        callee: Handle<'_>,
        values: &[Value],
        names: Value,
    ) -> Result<Root, Raised> {
        let callee = callee.value();
        let value = self
            .vm()
            .door(|vm| vm.call(callee, CallArgs::named(values, names), crate::frame::Cont::Store))?;
        Ok(self.root_value(value))
    }

    /// Calls with raw arguments, which the callee's frame keeps; the result is raw, too.
    pub(crate) fn call_raw(&mut self, callee: Value, values: &[Value]) -> Result<Value, Raised> {
        self.vm().door(|vm| vm.call(callee, CallArgs::positional(values), crate::frame::Cont::Store))
    }

    /// Calls a method by name with positional arguments.
    pub fn call_method(
        &mut self,
        object: Handle<'_>,
        name: &str,
        args: &[Handle<'_>],
    ) -> Result<Root, Raised> {
        let name = self.vm().intern(name);
        let method = self.vm().find_method(object.value(), name);
        if method.is_undef() {
            let bound = self.get_attr_value(object, name)?;
            return self.call(bound.handle(), args);
        }
        let values: Vec<Value> =
            std::iter::once(object.value()).chain(args.iter().map(|arg| arg.value())).collect();
        let method = self.root_value(method);
        self.call_values(method.handle(), &values, Value::UNDEF)
    }

    /// Calls a special method looked up on the type; `None` if there is none.
    pub(crate) fn call_special(
        &mut self,
        object: Handle<'_>,
        name: Value,
        args: &[Handle<'_>],
    ) -> Result<Option<Root>, Raised> {
        let method = self.vm().lookup(self.vm().type_of(object.value()), name);
        if method.is_undef() {
            return Ok(None);
        }
        let values: Vec<Value> = args.iter().map(|arg| arg.value()).collect();
        let object = object.value();
        let value =
            self.vm().door(|vm| vm.call_special(method, object, &values, crate::frame::Cont::Store, &[]))?;
        Ok(Some(self.root_value(value)))
    }

    /// `bool(value)`.
    pub fn truth(&mut self, value: Handle<'_>) -> Result<bool, Raised> {
        let value = value.value();
        if let Some(truth) = self.vm().truth_plain(value) {
            return Ok(truth);
        }
        self.vm().door(|vm| vm.truth(value, TruthMode::Plain)).map(|truth| truth == Value::TRUE)
    }

    /// `a is b or a == b`.
    pub fn eq(&mut self, a: Handle<'_>, b: Handle<'_>) -> Result<bool, Raised> {
        if a.value() == b.value() {
            return Ok(true);
        }
        self.compare_truth(CompareOp::Eq, a, b)
    }

    /// The truth of `a op b`.
    pub fn compare_truth(&mut self, op: CompareOp, a: Handle<'_>, b: Handle<'_>) -> Result<bool, Raised> {
        let (a, b) = (a.value(), b.value());
        if let Some(truth) = self.vm().compare_plain(op, a, b) {
            return Ok(truth);
        }
        let compare = |vm: &mut crate::vm::Vm| vm.compare(op, a, b, Some(TruthMode::Plain));
        self.vm().door_for(" in comparison", compare).map(|truth| truth == Value::TRUE)
    }

    /// `a op b` itself.
    pub fn compare(&mut self, op: CompareOp, a: Handle<'_>, b: Handle<'_>) -> Result<Root, Raised> {
        let (a, b) = (a.value(), b.value());
        let value = self.vm().door_for(" in comparison", |vm| vm.compare(op, a, b, None))?;
        Ok(self.root_value(value))
    }

    /// `a op b` for a binary operator.
    pub fn binary(&mut self, op: bytecode::BinOp, a: Handle<'_>, b: Handle<'_>) -> Result<Root, Raised> {
        let (a, b) = (a.value(), b.value());
        let value = self.vm().door(|vm| vm.binary(op, a, b))?;
        Ok(self.root_value(value))
    }

    /// `hash(value)`.
    pub fn hash(&mut self, value: Handle<'_>) -> Result<u64, Raised> {
        if let Some(hash) = self.vm().hash_plain(value.value()) {
            return Ok(hash);
        }
        let name = self.vm().names.__hash__;
        let method = self.vm().lookup(self.vm().type_of(value.value()), name);
        if method.is_undef() || method.is_none() {
            let message = format!("unhashable type: '{}'", self.vm().type_name_of(value.value()));
            return Err(self.vm().raise_type_error(&message));
        }
        let result = self.call_special(value, name, &[])?.expect("found above");
        crate::types::int::hash_result(self, result.handle())
    }

    /// `iter(value)`.
    #[expect(clippy::iter_not_returning_iterator, reason = "Python's iterators are Python's objects")]
    pub fn iter(&mut self, value: Handle<'_>) -> Result<Root, Raised> {
        let value = value.value();
        let iterator = self.vm().door(|vm| vm.get_iter(value))?;
        Ok(self.root_value(iterator))
    }

    /// The next item of an iterator, if there is one.
    pub fn next(&mut self, iterator: Handle<'_>) -> Result<Option<Root>, Raised> {
        Ok(self.next_value(iterator)?.map(|value| self.root_value(value)))
    }

    /// The next item, raw: to be rooted or stored before the next door.
    pub(crate) fn next_value(&mut self, iterator: Handle<'_>) -> Result<Option<Value>, Raised> {
        self.next_raw(iterator.value())
    }

    /// The next item of an iterator that something reachable keeps, raw as the item.
    pub(crate) fn next_raw(&mut self, iterator: Value) -> Result<Option<Value>, Raised> {
        let vm = self.vm();
        // Built-in iterators answer at once, without a native's entry.
        if matches!(iterator.kind(), Some(Kind::RangeIter | Kind::SeqIter | Kind::DictIter))
            && vm.is_builtin_sequence_iterator(iterator)
        {
            if vm.is_interrupted() {
                vm.safepoint()?;
            }
            return match vm.iter_next(iterator) {
                Value::EXHAUSTED => Ok(None),
                Value::RAISED => Err(Raised),
                item => Ok(Some(item)),
            };
        }
        if iterator.is_kind(Kind::Boxed) {
            if vm.is_interrupted() {
                // The iterator's holder keeps it; a native's loop over natives comes by no other safepoint.
                vm.safepoint()?;
            }
            match vm.next_of_native(iterator) {
                Some(Value::EXHAUSTED) => return Ok(None),
                Some(Value::RAISED) => return Err(Raised),
                Some(item) => return Ok(Some(item)),
                None => {}
            }
        }
        let mut exhausted = false;
        let result = vm.door(|vm| match vm.iter_next(iterator) {
            Value::EXHAUSTED => {
                exhausted = true;
                Value::NONE
            }
            Value::PUSHED => {
                vm.exhaust_to_entry();
                Value::PUSHED
            }
            item => item,
        })?;
        if exhausted || result == Value::EXHAUSTED { Ok(None) } else { Ok(Some(result)) }
    }

    /// All items of an iterable, as a rooted list.
    pub fn collect(&mut self, iterable: Handle<'_>) -> Result<Root, Raised> {
        let list = self.vm().new_list(Vec::new());
        let list = self.root_value(list);
        self.extend_list(list.handle(), iterable)?;
        Ok(list)
    }

    /// Appends all items of an iterable to a list.
    pub fn extend_list(&mut self, list: Handle<'_>, iterable: Handle<'_>) -> Result<(), Raised> {
        // SAFETY: the list is rooted; each use of its items ends before the next door.
        let items = |list: Handle<'_>| unsafe { &mut (*list.value().cast::<ListCell>()).items };
        let source = iterable.value();
        if matches!(source.kind(), Some(Kind::List | Kind::Tuple)) && self.vm().is_exact(source) {
            let values = self.vm().sequence_values(source);
            if items(list).try_reserve(values.len()).is_err() {
                return Err(self.vm().raise_memory_error());
            }
            items(list).extend_from_slice(&values);
            self.vm().heap.count(values.len() * 8);
            return Ok(());
        }
        if source.is_kind(Kind::Range) {
            // Its length is known: what cannot fit is refused before the first item is made.
            let len = self.len(iterable)?;
            if !self.vm().heap.may_grow(len.saturating_mul(8)) {
                return Err(self.vm().raise_memory_error());
            }
        }
        let iterator = self.iter(iterable)?;
        while let Some(item) = self.next_value(iterator.handle())? {
            let items = items(list);
            if items.len() == items.capacity() {
                self.vm().heap.count(items.capacity() * 8);
                if !self.vm().heap.may_grow(items.capacity() * 8) || items.try_reserve(1).is_err() {
                    return Err(self.vm().raise_memory_error());
                }
            }
            items.push(item);
        }
        Ok(())
    }

    /// `len(value)`.
    pub fn len(&mut self, value: Handle<'_>) -> Result<usize, Raised> {
        let vm = self.vm();
        if vm.is_exact(value.value())
            && let Some(len) = vm.len_plain(value.value())
        {
            return Ok(len);
        }
        match self.call_special(value, self.vm().names.__len__, &[])? {
            Some(result) => self.vm().check_len(result.value()),
            None => {
                let message =
                    format!("object of type '{}' has no len()", self.vm().type_name_of(value.value()));
                Err(self.vm().raise_type_error(&message))
            }
        }
    }

    /// `container[key]`.
    pub fn get_item(&mut self, container: Handle<'_>, key: Handle<'_>) -> Result<Root, Raised> {
        let (container, key) = (container.value(), key.value());
        let value = self.vm().door(|vm| vm.load_item(container, key))?;
        Ok(self.root_value(value))
    }

    /// `container[key] = value`.
    pub fn set_item(
        &mut self,
        container: Handle<'_>,
        key: Handle<'_>,
        value: Handle<'_>,
    ) -> Result<(), Raised> {
        let (container, key, value) = (container.value(), key.value(), value.value());
        self.vm().door(|vm| vm.store_item(container, key, value)).map(drop)
    }

    /// `repr(value)`: a string.
    pub fn repr(&mut self, value: Handle<'_>) -> Result<Root, Raised> {
        if let Some(text) = self.vm().text_plain(value.value(), crate::ops::TextOf::Repr) {
            return Ok(self.root_value(text));
        }
        self.text_of(value, self.vm().names.__repr__, "__repr__")
    }

    /// `str(value)`: a string.
    pub fn str(&mut self, value: Handle<'_>) -> Result<Root, Raised> {
        if let Some(text) = self.vm().text_plain(value.value(), crate::ops::TextOf::Str) {
            return Ok(self.root_value(text));
        }
        self.text_of(value, self.vm().names.__str__, "__str__")
    }

    fn text_of(&mut self, value: Handle<'_>, name: Value, method: &str) -> Result<Root, Raised> {
        self.vm().purpose = match method {
            "__repr__" => " while getting the repr of an object",
            _ => " while getting the str of an object",
        };
        let Some(text) = self.call_special(value, name, &[])? else {
            if method == "__str__" {
                return self.repr(value);
            }
            let message = format!("'{}' object has no {method}", self.vm().type_name_of(value.value()));
            return Err(self.vm().raise_type_error(&message));
        };
        if text.value().is_kind(Kind::Str) {
            return Ok(text);
        }
        let message = format!("{method} returned non-string (type {})", self.vm().type_name_of(text.value()));
        Err(self.vm().raise_type_error(&message))
    }

    /// `repr(value)` as Rust text, lone surrogates replaced.
    pub fn repr_text(&mut self, value: Handle<'_>) -> Result<String, Raised> {
        let text = self.repr(value)?;
        Ok(self.vm().str_lossy(text.value()))
    }

    /// `str(value)` as Rust text, lone surrogates replaced.
    pub fn str_text(&mut self, value: Handle<'_>) -> Result<String, Raised> {
        let text = self.str(value)?;
        Ok(self.vm().str_lossy(text.value()))
    }

    /// `iter(container)` for a search: that it cannot be iterated over is told in other words.
    pub(crate) fn iter_container(&mut self, container: Handle<'_>) -> Result<Root, Raised> {
        self.iter(container).map_err(|Raised| {
            let vm = self.vm();
            if vm.clear_if(vm.exceptions.type_error) {
                let ty = vm.type_name_of(container.value());
                vm.raise_type_error(&format!("argument of type '{ty}' is not iterable"));
            }
            Raised
        })
    }

    pub(crate) fn contains_by_iteration(
        &mut self,
        container: Handle<'_>,
        item: Handle<'_>,
    ) -> Result<bool, Raised> {
        let iterator = self.iter_container(container)?;
        while let Some(candidate) = self.next(iterator.handle())? {
            if self.eq(candidate.handle(), item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Exactly `count` items of an iterable, raw: to be stored before the next door.
    pub(crate) fn unpack_exactly(
        &mut self,
        iterable: Handle<'_>,
        count: usize,
    ) -> Result<Vec<Value>, Raised> {
        let is_iterable = self.vm().is_iterable(iterable.value());
        let iter = self.vm().names.__iter__;
        // `__iter__ = None` is refused as `iter()` refuses it.
        if !is_iterable && self.vm().lookup(self.vm().type_of(iterable.value()), iter).is_undef() {
            let message =
                format!("cannot unpack non-iterable {} object", self.vm().type_name_of(iterable.value()));
            return Err(self.vm().raise_type_error(&message));
        }
        let iterator = self.iter(iterable)?;
        let items = self.vm().new_list(Vec::new());
        let items = self.root_value(items);
        // SAFETY: the list is rooted; each use of its items ends before the next door.
        let list = |items: &Root| unsafe { &mut (*items.value().cast::<ListCell>()).items };
        for got in 0..count {
            match self.next_value(iterator.handle())? {
                Some(item) => list(&items).push(item),
                None => {
                    let message = format!("not enough values to unpack (expected {count}, got {got})");
                    return Err(self.vm().raise_value_error(&message));
                }
            }
        }
        if self.next_value(iterator.handle())?.is_some() {
            let message = format!("too many values to unpack (expected {count})");
            return Err(self.vm().raise_value_error(&message));
        }
        Ok(list(&items).clone())
    }

    /// The items of a list or tuple, rooted one by one only as the caller needs.
    pub fn item(&self, sequence: Handle<'_>, index: usize) -> Option<Local<'_>> {
        self.vm().sequence_item(sequence.value(), index).map(|value| self.local(value))
    }
}

impl crate::vm::Vm {
    /// The items of a list or tuple.
    pub(crate) fn sequence_values(&self, sequence: Value) -> Vec<Value> {
        // SAFETY: the sequence is live.
        unsafe {
            match sequence.kind() {
                Some(Kind::List) => (*sequence.cast::<ListCell>()).items.clone(),
                Some(Kind::Tuple) => TupleCell::items(sequence.cast()).to_vec(),
                _ => Vec::new(),
            }
        }
    }

    /// Item `index` of a list or tuple, if it is there.
    pub(crate) fn sequence_item(&self, sequence: Value, index: usize) -> Option<Value> {
        // SAFETY: the sequence is live.
        unsafe {
            match sequence.kind() {
                Some(Kind::List) => {
                    let items = &(*sequence.cast::<ListCell>()).items;
                    items.get(index).copied()
                }
                Some(Kind::Tuple) => TupleCell::items(sequence.cast()).get(index).copied(),
                _ => None,
            }
        }
    }

    /// Whether `iter(value)` finds a method.
    pub(crate) fn is_iterable(&mut self, value: Value) -> bool {
        let ty = self.type_of(value);
        let method = self.lookup(ty, self.names.__iter__);
        !method.is_none() && (!method.is_undef() || !self.lookup(ty, self.names.__getitem__).is_undef())
    }

    /// Whether an iterator runs no Python code for its next item.
    fn is_builtin_sequence_iterator(&self, iterator: Value) -> bool {
        let Some(cell) = iterator.as_cell::<SeqIterCell>() else { return true };
        // SAFETY: the iterator is live.
        unsafe {
            (*cell).sequence.is_undef() || (*cell).header.shape != crate::vm::shape_id::SEQUENCE_ITERATOR
        }
    }

    /// A frame was pushed for a native's `next`: when it is exhausted the native's entry gets the signal.
    fn exhaust_to_entry(&mut self) {
        let alt = self.machine.exhausted_code as u64;
        // SAFETY: the top record is the frame just pushed.
        unsafe { (*self.frame).alt = alt };
    }
}
