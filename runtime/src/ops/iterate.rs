//! Iteration: `iter`, `next`, and what `for` and `yield from` do.

#![expect(unsafe_code, reason = "iterators are reached through cells")]

use crate::cell::*;
use crate::cx::{Cx, Raised};
use crate::frame::Cont;
use crate::native::NativeFn;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

impl Vm {
    /// `iter(value)`.
    pub fn get_iter(&mut self, value: Value) -> Value {
        if let Some(iterator) = self.iter_plain(value) {
            return iterator;
        }
        let ty = self.type_of(value);
        let method = self.lookup(ty, self.names.__iter__);
        if method.is_none() || method.is_undef() && self.lookup(ty, self.names.__getitem__).is_undef() {
            let message = format!("'{}' object is not iterable", self.type_name(ty));
            return self.type_error(&message);
        }
        if method.is_undef() {
            return self.new_seq_iter(shape_id::SEQUENCE_ITERATOR, value, 0);
        }
        let iterator = if self.is_method_native(method) {
            self.call_special(method, value, &[], Cont::Store, &[])
        } else {
            // The result is checked, so the method runs through a door.
            let base = self.push_values(&[method, value]);
            let result = self.door(|vm| vm.call_special(method, value, &[], Cont::Store, &[]));
            self.top = base;
            result.unwrap_or(Value::RAISED)
        };
        if iterator == Value::RAISED {
            return iterator;
        }
        self.check_iterator(iterator)
    }

    fn check_iterator(&mut self, iterator: Value) -> Value {
        let ty = self.type_of(iterator);
        if self.lookup(ty, self.names.__next__).is_undef() {
            let message = format!("iter() returned non-iterator of type '{}'", self.type_name(ty));
            return self.type_error(&message);
        }
        iterator
    }

    /// The iterator of an exact built-in type.
    #[inline]
    fn iter_plain(&mut self, value: Value) -> Option<Value> {
        let shape = match value.kind()? {
            Kind::List => shape_id::LIST_ITERATOR,
            Kind::Tuple => shape_id::TUPLE_ITERATOR,
            // SAFETY: the string is live.
            Kind::Str if unsafe { (*value.cell()).has(flag::ASCII) } => shape_id::STR_ASCII_ITERATOR,
            Kind::Str => shape_id::STR_ITERATOR,
            Kind::Range if self.is_exact(value) => return Some(crate::types::range::iterator(self, value)),
            Kind::Generator if !value.is_kind(Kind::Free) => {
                // SAFETY: the generator is live.
                let plain = unsafe { (*value.cast::<GeneratorCell>()).kind == GeneratorKind::Generator };
                return plain.then_some(value);
            }
            Kind::Dict => shape_id::DICT_KEY_ITERATOR,
            _ => return None,
        };
        if !self.is_exact(value) {
            return None;
        }
        if shape == shape_id::DICT_KEY_ITERATOR {
            return Some(self.new_dict_iter(shape, value, false));
        }
        Some(self.new_seq_iter(shape, value, 0))
    }

    /// An iterator over a dict's keys, values or items, by its shape.
    pub(crate) fn new_dict_iter(&mut self, shape: u32, dict: Value, reversed: bool) -> Value {
        let data = crate::dict_ops::dict_data(dict);
        let (len, position) = (data.len(), if reversed { data.end() } else { 0 });
        self.alloc_cell(Kind::DictIter, shape, |mut header| {
            header.aux = u16::from(reversed);
            DictIterCell { header, dict, position, expected_len: len, remaining: len }
        })
    }

    /// The next item of an iterator in a loop: the item, `EXHAUSTED`, `RAISED`, or `PUSHED` with a continuation that
    /// goes on at the frame's `alt` (set by the machine afterwards) when there are no more.
    #[inline]
    pub fn iter_next(&mut self, iterator: Value) -> Value {
        match iterator.kind() {
            Some(Kind::RangeIter) => {
                // SAFETY: the iterator is live.
                unsafe { range_next(iterator.cast()) }
            }
            Some(Kind::SeqIter) => self.seq_next(iterator),
            Some(Kind::DictIter) => self.dict_next(iterator),
            Some(Kind::Generator) => self.generator_next(iterator),
            _ => match crate::types::functional::next_at_once(self, iterator) {
                Some(item) => item,
                None => self.iter_next_slow(iterator),
            },
        }
    }

    fn generator_next(&mut self, generator: Value) -> Value {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        match unsafe { ((*cell).state, (*cell).kind) } {
            (GeneratorState::Created | GeneratorState::Suspended, GeneratorKind::Generator) => {
                self.resume_generator(generator, Value::NONE, Cont::Iterate)
            }
            (GeneratorState::Done, GeneratorKind::Generator) => Value::EXHAUSTED,
            _ => self.iter_next_slow(generator),
        }
    }

    #[inline]
    fn seq_next(&mut self, iterator: Value) -> Value {
        let cell = iterator.cast::<SeqIterCell>();
        // SAFETY: the iterator and its sequence are live.
        unsafe {
            let index = (*cell).index;
            let sequence = (*cell).sequence;
            match sequence.kind() {
                Some(Kind::List) if (*cell).header.shape == shape_id::LIST_ITERATOR => {
                    let items = &(*sequence.cast::<ListCell>()).items;
                    if let Some(item) = items.get(index as usize) {
                        (*cell).index = index + 1;
                        return *item;
                    }
                    (*cell).sequence = Value::UNDEF;
                    Value::EXHAUSTED
                }
                Some(Kind::Tuple) if (*cell).header.shape == shape_id::TUPLE_ITERATOR => {
                    if let Some(item) = TupleCell::items(sequence.cast()).get(index as usize) {
                        (*cell).index = index + 1;
                        return *item;
                    }
                    (*cell).sequence = Value::UNDEF;
                    Value::EXHAUSTED
                }
                _ if sequence.is_undef() => Value::EXHAUSTED,
                _ => crate::types::iterators::seq_next_slow(self, iterator),
            }
        }
    }

    fn dict_next(&mut self, iterator: Value) -> Value {
        crate::types::iterators::dict_next(self, iterator)
    }

    #[inline(never)]
    fn iter_next_slow(&mut self, iterator: Value) -> Value {
        let ty = self.type_of(iterator);
        let method = self.lookup(ty, self.names.__next__);
        if let Some(native) = method.as_cell::<NativeCell>() {
            let function = crate::types::function::native_function(native);
            return self.native_next(iterator, function);
        }
        if method.is_undef() {
            let message = format!("'{}' object is not an iterator", self.type_name(ty));
            return self.type_error(&message);
        }
        self.call_special(method, iterator, &[], Cont::Iterate, &[])
    }

    /// The next item of an iterator whose `__next__` is a native, without a frame of its own: the depth of natives is
    /// counted instead.
    pub(crate) fn next_of_native(&mut self, iterator: Value) -> Option<Value> {
        let (ty, name) = (self.type_of(iterator), self.names.__next__);
        let native = self.lookup(ty, name).as_cell::<NativeCell>()?;
        if self.native_depth >= crate::call::MAX_NATIVE_DEPTH {
            return None;
        }
        self.native_depth += 1;
        let function = crate::types::function::native_function(native);
        let item = self.native_next(iterator, function);
        self.native_depth -= 1;
        Some(item)
    }

    fn native_next(&mut self, iterator: Value, function: NativeFn) -> Value {
        let base = self.push_values(&[iterator]);
        // SAFETY: the argument lies below the top.
        let args = unsafe { crate::cx::Args::new(base, 1, 1) };
        let result = match function(&mut Cx::new(self), args) {
            Ok(item) => item.value(),
            Err(Raised) if self.exception == Value::EXHAUSTED || self.clear_plain_stop() => {
                self.exception = Value::UNDEF;
                Value::EXHAUSTED
            }
            Err(Raised) => Value::RAISED,
        };
        self.top = base;
        result
    }

    fn clear_plain_stop(&mut self) -> bool {
        self.clear_if(self.exceptions.stop_iteration)
    }
}

/// # Safety
/// The iterator is live.
#[inline(always)]
pub(crate) unsafe fn range_next(cell: *mut RangeIterCell) -> Value {
    // SAFETY: by contract.
    unsafe {
        if (*cell).remaining <= 0 {
            return Value::EXHAUSTED;
        }
        let next = (*cell).next;
        (*cell).remaining -= 1;
        (*cell).next = next.wrapping_add((*cell).step);
        Value::from_int(next).expect("range iterators hold inline ints")
    }
}
