//! `list`.

use bytecode::CompareOp;

use crate::at_once;
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::index::{SliceRange, Subscript, place};
use crate::native::NativeDef;
use crate::ops::list_items;
use crate::types::shared::{CLASS_GETITEM, rich_comparisons};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, iterable=(), /", init),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, index, /", get_item),
    NativeDef::new("__setitem__", "$self, key, value, /", set_item),
    NativeDef::new("__delitem__", "$self, key, /", delete_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__iadd__", "$self, value, /", add_in_place),
    NativeDef::new("__mul__", "$self, value, /", multiply),
    NativeDef::new("__rmul__", "$self, value, /", multiply),
    NativeDef::new("__imul__", "$self, value, /", multiply_in_place),
    NativeDef::new("__sizeof__", "$self, /", size_of_list),
    NativeDef::new("append", "$self, object, /", append).at_once(at_once::list_append).doc("Append object to the end of the list."),
    NativeDef::new("clear", "$self, /", clear).doc("Remove all items from list."),
    NativeDef::new("copy", "$self, /", copy).doc("Return a shallow copy of the list."),
    NativeDef::new("count", "$self, value, /", count).doc("Return number of occurrences of value."),
    NativeDef::new("extend", "$self, iterable, /", extend)
        .doc("Extend list by appending elements from the iterable."),
    NativeDef::new("index", "$self, value, start=0, stop=sys.maxsize, /", index)
        .doc("Return first index of value.\n\nRaises ValueError if the value is not present."),
    NativeDef::new("insert", "$self, index, object, /", insert).doc("Insert object before index."),
    NativeDef::new("pop", "$self, index=-1, /", pop).at_once(at_once::list_pop).doc(
        "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or index is out of range.",
    ),
    NativeDef::new("remove", "$self, value, /", remove)
        .doc("Remove first occurrence of value.\n\nRaises ValueError if the value is not present."),
    NativeDef::new("reverse", "$self, /", reverse).doc("Reverse *IN PLACE*."),
    NativeDef::new("sort", "$self, /, *, key=None, reverse=False", sort).doc(
        "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list itself is modified) and stable (i.e. the\norder of two equal elements is maintained).\n\nIf a key function is given, apply it once to each list item and sort them,\nascending or descending, according to their function values.\n\nThe reverse flag can be set to sort in descending order.",
    ),
    CLASS_GETITEM,
];

rich_comparisons!(compare);

fn items<'a>(list: Handle<'_>) -> &'a mut Vec<Value> {
    list_items(list.value())
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = cx.vm().new_list(Vec::new());
    let list = cx.made_of(args.at(0), list)?;
    Ok(cx.local(list))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    items(args.at(0)).clear();
    if let Some(iterable) = args.opt(1) {
        cx.extend_list(args.at(0), iterable)?;
    }
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = args.at(0);
    if items(list).is_empty() {
        let text = cx.vm().new_str("[]");
        return Ok(cx.local(text));
    }
    let text = cx.guarded_repr(list, "[...]", |cx, text| {
        text.push_str("[");
        cx.push_items_repr(text, list)?;
        text.push_str("]");
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::List) {
        return Ok(cx.not_implemented());
    }
    let result = cx.compare_items(args.at(0), args.at(1), op)?;
    Ok(cx.local(result))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.vm().new_int(items(args.at(0)).len() as i64);
    Ok(cx.local(len))
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let item = match cx.subscript(args.at(1), "list")? {
        Subscript::Index(index) => {
            let items = items(args.at(0));
            match place(index, items.len()) {
                Some(i) => items[i],
                None => return Err(cx.vm().raise_index_error("list index out of range")),
            }
        }
        Subscript::Slice(parts) => {
            let taken = parts.fit(items(args.at(0)).len()).take(items(args.at(0)));
            cx.vm().new_list(taken)
        }
    };
    Ok(cx.local(item))
}

fn set_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.subscript(args.at(1), "list")? {
        Subscript::Index(index) => {
            let items = items(args.at(0));
            match place(index, items.len()) {
                Some(i) => items[i] = args.at(2).value(),
                None => return Err(cx.vm().raise_index_error("list assignment index out of range")),
            }
        }
        Subscript::Slice(parts) => {
            let range = parts.fit(items(args.at(0)).len());
            set_slice(cx, args.at(0), range, args.at(2))?;
        }
    }
    Ok(cx.none())
}

/// `list[slice] = iterable`.
fn set_slice(cx: &mut Cx, list: Handle<'_>, range: SliceRange, source: Handle<'_>) -> Result<(), Raised> {
    if !cx.vm().is_iterable(source.value()) {
        return Err(cx.vm().raise_type_error("must assign iterable to extended slice"));
    }
    let new = cx.collect(source)?;
    let new: Vec<Value> = list_items(new.value()).clone();
    let items = items(list);
    if range.step == 1 {
        // Collecting may have shortened the list.
        let start = (range.start as usize).min(items.len());
        let end = (range.end() as usize).clamp(start, items.len());
        cx.vm().heap.count(new.len() * 8);
        items.splice(start..end, new);
        return Ok(());
    }
    if new.len() != range.count {
        let message = format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            new.len(),
            range.count
        );
        return Err(cx.vm().raise_value_error(&message));
    }
    for (i, value) in range.indices().zip(new) {
        if let Some(place) = items.get_mut(i) {
            *place = value;
        }
    }
    Ok(())
}

fn delete_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.subscript(args.at(1), "list")? {
        Subscript::Index(index) => {
            let items = items(args.at(0));
            match place(index, items.len()) {
                Some(i) => drop(items.remove(i)),
                None => return Err(cx.vm().raise_index_error("list assignment index out of range")),
            }
        }
        Subscript::Slice(parts) => {
            let items = items(args.at(0));
            delete_range(items, parts.fit(items.len()));
        }
    }
    Ok(cx.none())
}

/// Removes the items at a slice's indices.
pub(crate) fn delete_range<T>(items: &mut Vec<T>, range: SliceRange) {
    if range.step == 1 {
        items.drain(range.start as usize..range.end() as usize);
        return;
    }
    let mut doomed: Vec<usize> = range.indices().collect();
    if range.step < 0 {
        doomed.reverse();
    }
    let mut doomed = doomed.into_iter().peekable();
    let mut i = 0;
    items.retain(|_| {
        let keep = doomed.peek() != Some(&i);
        if !keep {
            doomed.next();
        }
        i += 1;
        keep
    });
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = find(cx, args.at(0), args.at(1), 0, i64::MAX)?.is_some();
    Ok(cx.bool(found))
}

/// The first index from `start` and below `stop` of an item that is `wanted` or equal to it; for lists and tuples.
pub(crate) fn find(
    cx: &mut Cx,
    sequence: Handle<'_>,
    wanted: Handle<'_>,
    start: i64,
    stop: i64,
) -> Result<Option<usize>, Raised> {
    let mut i = start;
    while i < stop {
        let Some(item) = cx.vm().sequence_item(sequence.value(), i as usize) else { break };
        if cx.is_or_equals(item, wanted)? {
            return Ok(Some(i as usize));
        }
        i += 1;
    }
    Ok(None)
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.vm().new_seq_iter(shape_id::LIST_ITERATOR, args.at(0).value(), 0);
    Ok(cx.local(iterator))
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let last = items(args.at(0)).len() as i64 - 1;
    let iterator = cx.vm().new_seq_iter(shape_id::LIST_REVERSE_ITERATOR, args.at(0).value(), last);
    Ok(cx.local(iterator))
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (args.at(0), args.at(1));
    if !b.value().is_kind(Kind::List) {
        let ty = cx.vm().type_name_of(b.value());
        let message = format!("can only concatenate list (not \"{ty}\") to list");
        return Err(cx.vm().raise_type_error(&message));
    }
    let mut all = cx.room_for(items(a).len() + items(b).len())?;
    all.extend_from_slice(items(a));
    all.extend_from_slice(items(b));
    let list = cx.vm().new_list(all);
    Ok(cx.local(list))
}

impl Cx {
    /// An empty vector with room for `len` values; MemoryError if there is none.
    pub(crate) fn room_for(&mut self, len: usize) -> Result<Vec<Value>, Raised> {
        let mut all = Vec::new();
        if !self.vm().heap.may_grow(len.saturating_mul(8)) || all.try_reserve_exact(len).is_err() {
            return Err(self.vm().raise_memory_error());
        }
        Ok(all)
    }
}

fn add_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.extend_list(args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

fn multiply<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.repeat_count(args.at(1))?;
    let all = cx.repeated(items(args.at(0)), count)?;
    let list = cx.vm().new_list(all);
    Ok(cx.local(list))
}

fn multiply_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.repeat_count(args.at(1))?;
    let all = cx.repeated(items(args.at(0)), count)?;
    cx.vm().heap.count(all.len() * 8);
    *items(args.at(0)) = all;
    Ok(args.at(0).get(cx))
}

fn size_of_list<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.vm().new_int(40 + 8 * items(args.at(0)).capacity() as i64);
    Ok(cx.local(size))
}

fn append<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.vm().list_append(args.at(0).value(), args.at(1).value()) == Value::RAISED {
        return Err(Raised);
    }
    Ok(cx.none())
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    *items(args.at(0)) = Vec::new();
    Ok(cx.none())
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = cx.vm().new_list(items(args.at(0)).clone());
    Ok(cx.local(list))
}

fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = count_in(cx, args.at(0), args.at(1))?;
    Ok(cx.local(count))
}

/// How many items of a list or tuple are `wanted` or equal to it.
pub(crate) fn count_in(cx: &mut Cx, sequence: Handle<'_>, wanted: Handle<'_>) -> Result<Value, Raised> {
    let (mut i, mut count) = (0, 0);
    while let Some(item) = cx.vm().sequence_item(sequence.value(), i) {
        count += i64::from(cx.is_or_equals(item, wanted)?);
        i += 1;
    }
    Ok(cx.vm().new_int(count))
}

fn extend<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.extend_list(args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = items(args.at(0)).len();
    let start = cx.search_bound(args.opt(2), 0, len)?;
    let stop = cx.search_bound(args.opt(3), i64::MAX, len)?;
    match find(cx, args.at(0), args.at(1), start, stop)? {
        Some(i) => Ok(cx.local(Value::small(i as i32))),
        None => {
            let wanted = cx.repr_text(args.at(1))?;
            Err(cx.vm().raise_value_error(&format!("{wanted} is not in list")))
        }
    }
}

fn insert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let list = args.at(0).value();
    let len = list_items(list).len() as i64;
    let at = if index < 0 { index.saturating_add(len).max(0) } else { index.min(len) };
    if list_items(list).len() == list_items(list).capacity() && !cx.vm().grow_list(list, 1) {
        return Err(Raised);
    }
    list_items(list).insert(at as usize, args.at(2).value());
    Ok(cx.none())
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = match args.opt(1) {
        Some(index) => cx.index_i64(index)?,
        None => -1,
    };
    let items = items(args.at(0));
    if items.is_empty() {
        return Err(cx.vm().raise_index_error("pop from empty list"));
    }
    let popped = match place(index, items.len()) {
        Some(i) if i + 1 == items.len() => items.pop().expect("it is not empty"),
        Some(i) => items.remove(i),
        None => return Err(cx.vm().raise_index_error("pop index out of range")),
    };
    Ok(cx.local(popped))
}

fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match find(cx, args.at(0), args.at(1), 0, i64::MAX)? {
        Some(i) => {
            // Comparing may have shortened the list.
            if i < items(args.at(0)).len() {
                items(args.at(0)).remove(i);
            }
            Ok(cx.none())
        }
        None => Err(cx.vm().raise_value_error("list.remove(x): x not in list")),
    }
}

fn reverse<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    items(args.at(0)).reverse();
    Ok(cx.none())
}

fn sort<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let reverse = match args.opt(2) {
        Some(reverse) => cx.truth(reverse)?,
        None => false,
    };
    super::sort::sort_list(cx, args.at(0), args.some(1), reverse)?;
    Ok(cx.none())
}

/// What the table does not say.
pub(crate) fn install(vm: &mut Vm) {
    let list = vm.types.list;
    super::add_methods(vm, list, METHODS);
    super::add_methods(vm, list, COMPARISONS);
    vm.set_unhashable(list);
}
