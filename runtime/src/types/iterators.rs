//! Built-in iterators.

#![expect(unsafe_code, reason = "iterators are reached through cells")]

use crate::cell::*;
use crate::dict_ops::dict_data;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// The next item of a sequence iterator over anything but a plain list or tuple.
pub(crate) fn seq_next_slow(vm: &mut Vm, iterator: Value) -> Value {
    let cell = iterator.cast::<SeqIterCell>();
    // SAFETY: the iterator and its sequence are live.
    unsafe {
        let (sequence, index, shape) = ((*cell).sequence, (*cell).index, (*cell).header.shape);
        let item = match sequence.kind() {
            Some(Kind::Str) if shape == shape_id::STR_ITERATOR || shape == shape_id::STR_ASCII_ITERATOR => {
                let units = vm.units(sequence);
                let item = (index as usize) < units.len();
                item.then(|| vm.one_character(units.at(index as usize)))
            }
            Some(Kind::Bytes | Kind::ByteArray) if shape != shape_id::SEQUENCE_ITERATOR => {
                super::bytes::slice_of(sequence).get(index as usize).map(|byte| Value::small((*byte).into()))
            }
            Some(Kind::List) if shape == shape_id::LIST_REVERSE_ITERATOR => {
                let items = &(*sequence.cast::<ListCell>()).items;
                if index >= 0 && (index as usize) < items.len() {
                    (*cell).index = index - 1;
                    return items[index as usize];
                }
                None
            }
            _ => {
                let key = vm.new_int(index);
                return match vm.door(|vm| vm.load_item(sequence, key)) {
                    Ok(item) => {
                        (*iterator.cast::<SeqIterCell>()).index = index + 1;
                        item
                    }
                    Err(_)
                        if vm.clear_if(vm.exceptions.index_error)
                            || vm.clear_if(vm.exceptions.stop_iteration) =>
                    {
                        (*iterator.cast::<SeqIterCell>()).sequence = Value::UNDEF;
                        Value::EXHAUSTED
                    }
                    Err(_) => Value::RAISED,
                };
            }
        };
        match item {
            Some(item) => {
                (*cell).index = index + 1;
                item
            }
            None => {
                (*cell).sequence = Value::UNDEF;
                Value::EXHAUSTED
            }
        }
    }
}

/// The next item of a dict iterator.
pub(crate) fn dict_next(vm: &mut Vm, iterator: Value) -> Value {
    let cell = iterator.cast::<DictIterCell>();
    // SAFETY: the iterator and its dict are live.
    unsafe {
        let dict = (*cell).dict;
        if dict.is_undef() {
            return Value::EXHAUSTED;
        }
        let data = dict_data(dict);
        if data.len() != (*cell).expected_len {
            (*cell).expected_len = usize::MAX;
            vm.raise_runtime_error("dictionary changed size during iteration");
            return Value::RAISED;
        }
        let backward = (*cell).header.aux != 0;
        let found =
            if backward { data.previous_entry((*cell).position) } else { data.next_entry((*cell).position) };
        let Some((position, entry)) = found.map(|(position, entry)| (position, *entry)) else {
            (*cell).dict = Value::UNDEF;
            return Value::EXHAUSTED;
        };
        if (*cell).remaining == 0 {
            (*cell).dict = Value::UNDEF;
            vm.raise_runtime_error("dictionary keys changed during iteration");
            return Value::RAISED;
        }
        (*cell).position = if backward { position } else { position + 1 };
        (*cell).remaining -= 1;
        match (*cell).header.shape {
            shape_id::DICT_KEY_ITERATOR | shape_id::DICT_REVERSE_KEY_ITERATOR => entry.key,
            shape_id::DICT_VALUE_ITERATOR | shape_id::DICT_REVERSE_VALUE_ITERATOR => entry.value,
            _ => vm.new_tuple(&[entry.key, entry.value]),
        }
    }
}

impl Vm {
    /// A string of one code point.
    pub(crate) fn one_character(&mut self, point: u32) -> Value {
        match self.latin1.get(point as usize) {
            Some(string) => *string,
            None => self.str_from_points([point].into_iter()),
        }
    }
}
