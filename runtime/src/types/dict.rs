//! `dict`.

use bytecode::CompareOp;

use crate::at_once;
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict::DictData;
use crate::dict_ops::dict_data;
use crate::native::NativeDef;
use crate::ops::{Merge, MergeError};
use crate::types::shared::CLASS_GETITEM;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__setitem__", "$self, key, value, /", set_item),
    NativeDef::new("__delitem__", "$self, key, /", delete_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__lt__", "$self, value, /", not_ordered),
    NativeDef::new("__le__", "$self, value, /", not_ordered),
    NativeDef::new("__gt__", "$self, value, /", not_ordered),
    NativeDef::new("__ge__", "$self, value, /", not_ordered),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::new("__ior__", "$self, value, /", or_in_place),
    NativeDef::new("__sizeof__", "$self, /", size_of_dict),
    NativeDef::class("fromkeys", "$type, iterable, value=None, /", from_keys)
        .doc("Create a new dictionary with keys from iterable and values set to value."),
    NativeDef::new("get", "$self, key, default=None, /", get)
        .at_once(at_once::dict_get)
        .doc("Return the value for key if key is in the dictionary, else default."),
    NativeDef::new("setdefault", "$self, key, default=None, /", set_default).doc(
        "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.",
    ),
    NativeDef::new("pop", "$self, key, default=<unrepresentable>, /", pop).doc(
        "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key is not found, return the default if given; otherwise,\nraise a KeyError.",
    ),
    NativeDef::new("popitem", "$self, /", pop_item).doc(
        "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO (last-in, first-out) order.\nRaises KeyError if the dict is empty.",
    ),
    NativeDef::new("keys", "$self, /", super::dict_views::keys)
        .doc("Return a set-like object providing a view on the dict's keys."),
    NativeDef::new("values", "$self, /", super::dict_views::values)
        .doc("Return an object providing a view on the dict's values."),
    NativeDef::new("items", "$self, /", super::dict_views::items)
        .doc("Return a set-like object providing a view on the dict's items."),
    NativeDef::new("update", "$self, /, *args, **kwargs", update),
    NativeDef::new("clear", "$self, /", clear).doc("Remove all items from the dict."),
    NativeDef::new("copy", "$self, /", copy).doc("Return a shallow copy of the dict."),
    CLASS_GETITEM,
];

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.vm().new_dict();
    let dict = cx.made_of(args.at(0), dict)?;
    Ok(cx.local(dict))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    update_from_call(cx, args, "dict")?;
    Ok(cx.none())
}

fn update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    update_from_call(cx, args, "update")?;
    Ok(cx.none())
}

/// What `dict(…)` and `dict.update(…)` do with their arguments: one source, then keywords.
pub(crate) fn update_from_call(cx: &mut Cx, args: Args<'_>, name: &str) -> Result<(), Raised> {
    cx.check_count(name, args.rest().len(), 0, 1)?;
    if let Some(source) = args.rest().next() {
        cx.dict_update_from(args.at(0), source)?;
    }
    if let Some(keywords) = args.opt(1) {
        cx.dict_merge_keys(args.at(0), keywords, Merge::Replace)?;
    }
    Ok(())
}

impl Cx {
    /// `dict.update(source)`: from a mapping, or from an iterable of pairs.
    pub(crate) fn dict_update_from(&mut self, dict: Handle<'_>, source: Handle<'_>) -> Result<(), Raised> {
        let is_mapping = source.value().is_kind(Kind::Dict) || self.get_attr_opt(source, "keys")?.is_some();
        if is_mapping {
            return self.dict_merge_keys(dict, source, Merge::Replace);
        }
        self.dict_merge_pairs(dict, source)
    }

    /// Sets the keys of a mapping.
    pub(crate) fn dict_merge_keys(
        &mut self,
        dict: Handle<'_>,
        mapping: Handle<'_>,
        merge: Merge,
    ) -> Result<(), Raised> {
        self.dict_merge_into(dict, mapping, merge).map_err(|error| match error {
            MergeError::Raised => Raised,
            MergeError::Duplicate(key) => self.vm().raise_key_error(key.value()),
        })
    }

    fn dict_merge_pairs(&mut self, dict: Handle<'_>, pairs: Handle<'_>) -> Result<(), Raised> {
        let iterator = self.iter(pairs)?;
        let mut i = 0;
        while let Some(pair) = self.next(iterator.handle())? {
            if !self.vm().is_iterable(pair.value()) {
                let message = format!("cannot convert dictionary update sequence element #{i} to a sequence");
                return Err(self.vm().raise_type_error(&message));
            }
            let pair = self.collect(pair.handle())?;
            let items = self.vm().sequence_values(pair.value());
            let [key, value] = items[..] else {
                let message = format!(
                    "dictionary update sequence element #{i} has length {}; 2 is required",
                    items.len()
                );
                return Err(self.vm().raise_value_error(&message));
            };
            if !self.vm().dict_set_plain(dict.value(), key, value) {
                let (key, value) = (self.root_value(key), self.root_value(value));
                self.dict_set(dict, key.handle(), value.handle())?;
            }
            i += 1;
        }
        Ok(())
    }
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    if dict_data(dict.value()).is_empty() {
        let text = cx.vm().new_str("{}");
        return Ok(cx.local(text));
    }
    let text = cx.guarded_repr(dict, "{...}", |cx, text| {
        text.push_str("{");
        let (mut position, mut first) = (0, true);
        while let Some((at, entry)) = dict_data(dict.value()).next_entry(position) {
            position = at + 1;
            let (key, value) = (cx.root_value(entry.key), cx.root_value(entry.value));
            if !std::mem::take(&mut first) {
                text.push_str(", ");
            }
            cx.push_repr(text, key.value())?;
            text.push_str(": ");
            cx.push_repr(text, value.value())?;
        }
        text.push_str("}");
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.vm().new_int(dict_data(args.at(0).value()).len() as i64);
    Ok(cx.local(len))
}

impl Cx {
    /// The value of a key, without doors where none is needed.
    #[inline]
    pub(crate) fn dict_lookup(&mut self, dict: Handle<'_>, key: Handle<'_>) -> Result<Option<Value>, Raised> {
        match self.vm().dict_find_plain(dict.value(), key.value()) {
            Ok(found) => Ok(found.map(|position| dict_data(dict.value()).value_at(position))),
            Err(()) => self.dict_get_value(dict, key),
        }
    }
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(value) = cx.dict_lookup(args.at(0), args.at(1))? {
        return Ok(cx.local(value));
    }
    if !cx.vm().is_exact(args.at(0).value()) || cx.vm().type_of(args.at(0).value()) != cx.vm().types.dict {
        let name = cx.vm().names.__missing__;
        if let Some(value) = cx.call_special(args.at(0), name, &[args.at(1)])? {
            return Ok(value.get(cx));
        }
    }
    Err(cx.vm().raise_key_error(args.at(1).value()))
}

fn set_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !cx.vm().dict_set_plain(args.at(0).value(), args.at(1).value(), args.at(2).value()) {
        cx.dict_set(args.at(0), args.at(1), args.at(2))?;
    }
    Ok(cx.none())
}

fn delete_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.dict_remove(args.at(0), args.at(1))? {
        return Ok(cx.none());
    }
    Err(cx.vm().raise_key_error(args.at(1).value()))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = cx.dict_lookup(args.at(0), args.at(1))?.is_some();
    Ok(cx.bool(found))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.vm().new_dict_iter(shape_id::DICT_KEY_ITERATOR, args.at(0).value(), false);
    Ok(cx.local(iterator))
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let shape = shape_id::DICT_REVERSE_KEY_ITERATOR;
    let iterator = cx.vm().new_dict_iter(shape, args.at(0).value(), true);
    Ok(cx.local(iterator))
}

fn not_ordered<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.not_implemented())
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    compare(cx, args, CompareOp::Eq)
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    compare(cx, args, CompareOp::Ne)
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let equal = cx.dicts_equal(args.at(0), args.at(1))?;
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

impl Cx {
    /// Whether two dicts have equal items, whatever their order.
    pub(crate) fn dicts_equal(&mut self, a: Handle<'_>, b: Handle<'_>) -> Result<bool, Raised> {
        if dict_data(a.value()).len() != dict_data(b.value()).len() {
            return Ok(false);
        }
        let mut position = 0;
        while let Some((at, entry)) = dict_data(a.value()).next_entry(position) {
            position = at + 1;
            let (hash, key, value) = (entry.hash, entry.key, entry.value);
            let (key, value) = (self.root_value(key), self.root_value(value));
            let Some(found) = self.dict_find_hashed(b, hash, key.handle())? else { return Ok(false) };
            let other = dict_data(b.value()).value_at(found);
            if !self.is_or_equals(value.value(), self.root_value(other).handle())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A plain dict with the items of a dict (of a subclass, too).
    pub(crate) fn dict_copy(&mut self, dict: Handle<'_>) -> Value {
        let data = dict_data(dict.value()).compacted();
        self.vm().dict_of(data)
    }
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(1))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(1), args.at(0))
}

fn union<'a>(cx: &'a mut Cx, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    if !left.value().is_kind(Kind::Dict) || !right.value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let copy = cx.dict_copy(left);
    let copy = cx.root_value(copy);
    cx.dict_merge_keys(copy.handle(), right, Merge::Replace)?;
    Ok(copy.get(cx))
}

fn or_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.dict_update_from(args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

/// Bytes that CPython's dict of as many entries takes: its index and its entry table.
fn size_of_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let entries = dict_data(args.at(0).value()).end() as i64;
    let mut slots = 8;
    while slots * 2 / 3 < entries {
        slots *= 2;
    }
    let index = if slots <= 256 {
        1
    } else if slots <= 65_536 {
        2
    } else {
        4
    };
    let size = if entries == 0 { 48 } else { 48 + 32 + slots * index + slots * 2 / 3 * 24 };
    let size = cx.vm().new_int(size);
    Ok(cx.local(size))
}

fn from_keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.root_value(args.opt(2).map_or(Value::NONE, Handle::value));
    let dict = cx.call(args.at(0), &[])?;
    let plain = cx.vm().type_of(dict.value()) == cx.vm().types.dict;
    let iterator = cx.iter(args.at(1))?;
    while let Some(key) = cx.next(iterator.handle())? {
        if plain {
            cx.dict_set(dict.handle(), key.handle(), value.handle())?;
        } else {
            cx.set_item(dict.handle(), key.handle(), value.handle())?;
        }
    }
    Ok(dict.get(cx))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.dict_lookup(args.at(0), args.at(1))?;
    let value = value.unwrap_or_else(|| args.opt(2).map_or(Value::NONE, Handle::value));
    Ok(cx.local(value))
}

fn set_default<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (hash, found) = cx.dict_find(args.at(0), args.at(1))?;
    let value = match found {
        Some(position) => dict_data(args.at(0).value()).value_at(position),
        None => {
            let value = args.opt(2).map_or(Value::NONE, Handle::value);
            cx.vm().dict_insert_new(args.at(0).value(), hash, args.at(1).value(), value);
            value
        }
    };
    Ok(cx.local(value))
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found =
        if dict_data(args.at(0).value()).is_empty() { None } else { cx.dict_find(args.at(0), args.at(1))?.1 };
    if let Some(position) = found {
        let (_, value) = dict_data(args.at(0).value()).remove_at(position);
        return Ok(cx.local(value));
    }
    match args.opt(2) {
        Some(default) => Ok(default.get(cx)),
        None => Err(cx.vm().raise_key_error(args.at(1).value())),
    }
}

fn pop_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match dict_data(args.at(0).value()).pop_last() {
        Some((key, value)) => {
            let pair = cx.vm().new_tuple(&[key, value]);
            Ok(cx.local(pair))
        }
        None => {
            let message = cx.vm().new_str("popitem(): dictionary is empty");
            Err(cx.vm().raise_key_error(message))
        }
    }
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    *dict_data(args.at(0).value()) = DictData::default();
    Ok(cx.none())
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let copy = cx.dict_copy(args.at(0));
    Ok(cx.local(copy))
}

/// What the table does not say.
pub(crate) fn install(vm: &mut Vm) {
    let dict = vm.types.dict;
    super::add_methods(vm, dict, METHODS);
    vm.set_unhashable(dict);
}
