//! `deque`: a double-ended queue, bounded if it has a `maxlen`.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use bytecode::CompareOp;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::index::place;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::functional::native_state;
use crate::types::shared::{CLASS_GETITEM, ITER_ITSELF, rich_comparisons};
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, iterable=(), maxlen=None", init_instance),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__setitem__", "$self, key, value, /", set_item),
    NativeDef::new("__delitem__", "$self, key, /", delete_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed).doc("Return a reverse iterator over the deque."),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__iadd__", "$self, value, /", add_in_place),
    NativeDef::new("__mul__", "$self, value, /", multiply),
    NativeDef::new("__rmul__", "$self, value, /", multiply),
    NativeDef::new("__imul__", "$self, value, /", multiply_in_place),
    NativeDef::new("__copy__", "$self, /", copy).doc("Return a shallow copy of a deque."),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling."),
    NativeDef::new("__sizeof__", "$self, /", size_of_deque)
        .doc("Return the size of the deque in memory, in bytes."),
    NativeDef::getter("maxlen", maxlen).doc("maximum size of a deque or None if unbounded"),
    NativeDef::new("append", "$self, item, /", append).doc("Add an element to the right side of the deque."),
    NativeDef::new("appendleft", "$self, item, /", append_left)
        .doc("Add an element to the left side of the deque."),
    NativeDef::new("clear", "$self, /", clear).doc("Remove all elements from the deque."),
    NativeDef::new("copy", "$self, /", copy).doc("Return a shallow copy of a deque."),
    NativeDef::new("count", "$self, value, /", count).doc("Return number of occurrences of value."),
    NativeDef::new("extend", "$self, iterable, /", extend)
        .doc("Extend the right side of the deque with elements from the iterable."),
    NativeDef::new("extendleft", "$self, iterable, /", extend_left)
        .doc("Extend the left side of the deque with elements from the iterable."),
    NativeDef::new("index", "$self, value, start=0, stop=sys.maxsize, /", index)
        .doc("Return first index of value.\n\nRaises ValueError if the value is not present."),
    NativeDef::new("insert", "$self, index, value, /", insert).doc("Insert value before index."),
    NativeDef::new("pop", "$self, /", pop).doc("Remove and return the rightmost element."),
    NativeDef::new("popleft", "$self, /", pop_left).doc("Remove and return the leftmost element."),
    NativeDef::new("remove", "$self, value, /", remove).doc("Remove first occurrence of value."),
    NativeDef::new("reverse", "$self, /", reverse).doc("Reverse *IN PLACE*"),
    NativeDef::new("rotate", "$self, n=1, /", rotate)
        .doc("Rotate the deque n steps to the right.  If n is negative, rotates left."),
    CLASS_GETITEM,
];

static ITERATOR_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__length_hint__", "$self, /", length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
];

rich_comparisons!(compare);

/// A deque's state.
#[derive(Default)]
struct Deque {
    items: RefCell<VecDeque<Value>>,
    maxlen: Cell<Option<usize>>,
    /// Counts changes that iterators must not see.
    changes: Cell<u64>,
}

impl Payload for Deque {
    fn trace(&self, marker: &mut Marker) {
        let items = self.items.borrow();
        let (front, back) = items.as_slices();
        marker.mark_all(front);
        marker.mark_all(back);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn external_bytes(&self) -> usize {
        self.items.borrow().capacity() * size_of::<Value>()
    }
}

impl Deque {
    fn len(&self) -> usize {
        self.items.borrow().len()
    }

    fn get(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(index).copied()
    }

    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    fn push_back(&self, item: Value) {
        let mut items = self.items.borrow_mut();
        items.push_back(item);
        if self.maxlen.get().is_some_and(|maxlen| items.len() > maxlen) {
            items.pop_front();
        }
        self.changed();
    }

    fn push_front(&self, item: Value) {
        let mut items = self.items.borrow_mut();
        items.push_front(item);
        if self.maxlen.get().is_some_and(|maxlen| items.len() > maxlen) {
            items.pop_back();
        }
        self.changed();
    }
}

native_state!(
    /// The state of an iterator over a deque.
    DequeIterator { deque ; ; index: Cell<usize>, changes: Cell<u64>, back: bool }
);

/// Adds the types.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::SEQUENCE | type_flag::WEAKREF;
    let ty = vm.new_module_type("collections", "deque", Kind::Boxed, flags, METHODS);
    crate::types::add_methods(vm, ty, COMPARISONS);
    vm.set_unhashable(ty);
    vm.module_types.deque = ty;
    super::super::set(vm, dict, "deque", ty);
    for (name, back) in [("_deque_iterator", false), ("_deque_reverse_iterator", true)] {
        let ty = super::super::add_type(vm, dict, name, Kind::Boxed, 0, ITERATOR_METHODS);
        if back {
            vm.module_types.deque_reverse_iterator = ty;
        } else {
            vm.module_types.deque_iterator = ty;
        }
    }
}

fn state<'a>(cx: &'a Cx, deque: Handle<'_>) -> Result<&'a Deque, Raised> {
    cx.state::<Deque>(deque)
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = cx.make_object(args.at(0), Box::new(Deque::default()))?;
    Ok(cx.local(object))
}

fn init_instance<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bound = match args.some(2) {
        None => None,
        Some(bound) if cx.vm().is_any_int(bound.value()) => {
            let bound = cx.index_i64(bound)?;
            if bound < 0 {
                return Err(cx.vm().raise_value_error("maxlen must be non-negative"));
            }
            Some(bound as usize)
        }
        Some(_) => return Err(cx.vm().raise_type_error("an integer is required")),
    };
    let deque = state(cx, args.at(0))?;
    deque.maxlen.set(bound);
    deque.items.borrow_mut().clear();
    deque.changed();
    if let Some(iterable) = args.opt(1) {
        extend_with(cx, args.at(0), iterable, Deque::push_back)?;
    }
    Ok(cx.none())
}

/// Adds the items of an iterable one by one; of the deque itself, those it has now.
fn extend_with(
    cx: &mut Cx,
    deque: Handle<'_>,
    iterable: Handle<'_>,
    push: fn(&Deque, Value),
) -> Result<(), Raised> {
    let source = if iterable.value() == deque.value() {
        cx.collect(iterable)?
    } else {
        cx.root_value(iterable.value())
    };
    let iterator = cx.iter(source.handle())?;
    while let Some(item) = cx.next_value(iterator.handle())? {
        let state = state(cx, deque)?;
        let before = state.items.borrow().capacity();
        push(state, item);
        let grown = state.items.borrow().capacity().saturating_sub(before);
        cx.vm().heap.count(grown * size_of::<Value>());
        if grown > 0 && !cx.vm().heap.may_grow(grown * size_of::<Value>()) {
            return Err(cx.vm().raise_memory_error());
        }
    }
    Ok(())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let deque = args.at(0);
    let name = cx.vm().type_name_of(deque.value());
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let text = cx.guarded_repr(deque, "[...]", |cx, text| {
        let items = cx.collect(deque)?;
        text.push_str(&name);
        text.push_str("([");
        cx.push_items_repr(text, items.handle())?;
        match state(cx, deque)?.maxlen.get() {
            Some(maxlen) => text.push_str(&format!("], maxlen={maxlen})")),
            None => text.push_str("])"),
        }
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if cx.payload::<Deque>(args.at(1)).is_none() {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (state(cx, args.at(0))?.len(), state(cx, args.at(1))?.len());
    if a != b && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.bool(op == CompareOp::Ne));
    }
    let (a, b) = (cx.collect(args.at(0))?, cx.collect(args.at(1))?);
    let result = cx.compare_items(a.handle(), b.handle(), op)?;
    Ok(cx.local(result))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len() as i64;
    let len = cx.vm().new_int(len);
    Ok(cx.local(len))
}

/// The place that an index argument names.
fn place_of(cx: &mut Cx, deque: Handle<'_>, key: Handle<'_>) -> Result<usize, Raised> {
    if !cx.vm().has_index(key.value()) {
        let ty = cx.vm().type_name_of(key.value());
        let message = format!("sequence index must be integer, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    let class = cx.vm().exceptions.index_error;
    let index = cx.index_or(key, class)?;
    match place(index, state(cx, deque)?.len()) {
        Some(place) => Ok(place),
        None => Err(cx.vm().raise_index_error("deque index out of range")),
    }
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let place = place_of(cx, args.at(0), args.at(1))?;
    let item = state(cx, args.at(0))?.get(place).unwrap_or(Value::NONE);
    Ok(cx.local(item))
}

fn set_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let place = place_of(cx, args.at(0), args.at(1))?;
    if let Some(item) = state(cx, args.at(0))?.items.borrow_mut().get_mut(place) {
        *item = args.at(2).value();
    }
    Ok(cx.none())
}

fn delete_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let place = place_of(cx, args.at(0), args.at(1))?;
    let deque = state(cx, args.at(0))?;
    deque.items.borrow_mut().remove(place);
    deque.changed();
    Ok(cx.none())
}

/// The first index from `start` and below `stop` of an item that is `wanted` or equal to it.
fn find(
    cx: &mut Cx,
    deque: Handle<'_>,
    wanted: Handle<'_>,
    start: usize,
    stop: usize,
) -> Result<Option<usize>, Raised> {
    let changes = state(cx, deque)?.changes.get();
    for i in start..stop {
        let Some(item) = state(cx, deque)?.get(i) else { break };
        let found = cx.is_or_equals(item, wanted)?;
        if state(cx, deque)?.changes.get() != changes {
            return Err(cx.vm().raise_runtime_error("deque mutated during iteration"));
        }
        if found {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = find(cx, args.at(0), args.at(1), 0, usize::MAX)?.is_some();
    Ok(cx.bool(found))
}

fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut i, mut count) = (0, 0);
    let changes = state(cx, args.at(0))?.changes.get();
    while let Some(item) = state(cx, args.at(0))?.get(i) {
        count += i64::from(cx.is_or_equals(item, args.at(1))?);
        if state(cx, args.at(0))?.changes.get() != changes {
            return Err(cx.vm().raise_runtime_error("deque mutated during iteration"));
        }
        i += 1;
    }
    let count = cx.vm().new_int(count);
    Ok(cx.local(count))
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len();
    let start = cx.search_bound(args.opt(2), 0, len)?;
    let stop = cx.search_bound(args.opt(3), i64::MAX, len)?.min(len as i64);
    match find(cx, args.at(0), args.at(1), start as usize, stop as usize)? {
        Some(i) => Ok(cx.local(Value::small(i as i32))),
        None => {
            let wanted = cx.repr_text(args.at(1))?;
            Err(cx.vm().raise_value_error(&format!("{wanted} is not in deque")))
        }
    }
}

fn append<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let deque = state(cx, args.at(0))?;
    let before = deque.items.borrow().capacity();
    deque.push_back(args.at(1).value());
    let grown = deque.items.borrow().capacity().saturating_sub(before);
    cx.vm().heap.count(grown * size_of::<Value>());
    Ok(cx.none())
}

fn append_left<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let deque = state(cx, args.at(0))?;
    let before = deque.items.borrow().capacity();
    deque.push_front(args.at(1).value());
    let grown = deque.items.borrow().capacity().saturating_sub(before);
    cx.vm().heap.count(grown * size_of::<Value>());
    Ok(cx.none())
}

fn extend<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    extend_with(cx, args.at(0), args.at(1), Deque::push_back)?;
    Ok(cx.none())
}

fn extend_left<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    extend_with(cx, args.at(0), args.at(1), Deque::push_front)?;
    Ok(cx.none())
}

fn popped<'a>(cx: &'a mut Cx, deque: Handle<'_>, item: Option<Value>) -> Res<'a> {
    match item {
        Some(item) => {
            state(cx, deque)?.changed();
            Ok(cx.local(item))
        }
        None => Err(cx.vm().raise_index_error("pop from an empty deque")),
    }
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let item = state(cx, args.at(0))?.items.borrow_mut().pop_back();
    popped(cx, args.at(0), item)
}

fn pop_left<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let item = state(cx, args.at(0))?.items.borrow_mut().pop_front();
    popped(cx, args.at(0), item)
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let deque = state(cx, args.at(0))?;
    *deque.items.borrow_mut() = VecDeque::new();
    deque.changed();
    Ok(cx.none())
}

fn insert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let at = cx.index_i64(args.at(1))?;
    let deque = state(cx, args.at(0))?;
    let len = deque.len();
    if deque.maxlen.get() == Some(len) {
        return Err(cx.vm().raise_index_error("deque already at its maximum size"));
    }
    let at = if at < 0 { at.saturating_add(len as i64).max(0) as usize } else { (at as usize).min(len) };
    deque.items.borrow_mut().insert(at, args.at(2).value());
    deque.changed();
    Ok(cx.none())
}

fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len();
    let found = match find(cx, args.at(0), args.at(1), 0, len) {
        Err(Raised) if cx.vm().clear_if(cx.vm().exceptions.runtime_error) => {
            return Err(cx.vm().raise_index_error("deque mutated during iteration"));
        }
        found => found?,
    };
    let deque = state(cx, args.at(0))?;
    match found {
        Some(i) => {
            deque.items.borrow_mut().remove(i);
            deque.changed();
            Ok(cx.none())
        }
        None => {
            let wanted = cx.repr_text(args.at(1))?;
            Err(cx.vm().raise_value_error(&format!("{wanted} is not in deque")))
        }
    }
}

fn reverse<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let deque = state(cx, args.at(0))?;
    deque.items.borrow_mut().make_contiguous().reverse();
    Ok(cx.none())
}

fn rotate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let steps = match args.opt(1) {
        Some(steps) => cx.index_i64(steps)?,
        None => 1,
    };
    let deque = state(cx, args.at(0))?;
    let len = deque.len();
    if len > 1 {
        deque.items.borrow_mut().rotate_right(steps.rem_euclid(len as i64) as usize);
        deque.changed();
    }
    Ok(cx.none())
}

fn maxlen<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let maxlen = state(cx, args.at(0))?.maxlen.get();
    let maxlen = match maxlen {
        Some(maxlen) => cx.vm().new_int(maxlen as i64),
        None => Value::NONE,
    };
    Ok(cx.local(maxlen))
}

/// A copy: of the exact type at once, of a subclass by calling it.
fn copied(cx: &mut Cx, deque: Handle<'_>) -> Result<Root, Raised> {
    let ty = cx.vm().type_of(deque.value());
    let source = state(cx, deque)?;
    let maxlen = source.maxlen.get();
    if ty == cx.vm().module_types.deque {
        let copy = Deque {
            items: source.items.borrow().clone().into(),
            maxlen: maxlen.into(),
            changes: Cell::default(),
        };
        let shape = cx.vm().type_data(ty).shape;
        let copy = cx.vm().new_boxed(shape, Box::new(copy));
        return Ok(cx.root_value(copy));
    }
    let ty = cx.root_value(ty);
    match maxlen {
        Some(maxlen) => {
            let maxlen = cx.vm().new_int(maxlen as i64);
            let maxlen = cx.root_value(maxlen);
            cx.call(ty.handle(), &[deque, maxlen.handle()])
        }
        None => cx.call(ty.handle(), &[deque]),
    }
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let copy = copied(cx, args.at(0))?;
    Ok(copy.get(cx))
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.payload::<Deque>(args.at(1)).is_none() {
        let ty = cx.vm().type_name_of(args.at(1).value());
        let message = format!("can only concatenate deque (not \"{ty}\") to deque");
        return Err(cx.vm().raise_type_error(&message));
    }
    let sum = copied(cx, args.at(0))?;
    extend_with(cx, sum.handle(), args.at(1), Deque::push_back)?;
    Ok(sum.get(cx))
}

fn add_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    extend_with(cx, args.at(0), args.at(1), Deque::push_back)?;
    Ok(args.at(0).get(cx))
}

/// Repeats the items; with a bound only the last ones are kept.
fn repeat(cx: &mut Cx, deque: Handle<'_>, count: usize) -> Result<(), Raised> {
    let items: Vec<Value> = state(cx, deque)?.items.borrow().iter().copied().collect();
    let maxlen = state(cx, deque)?.maxlen.get();
    let needed = maxlen.map_or(count, |maxlen| count.min(maxlen / items.len().max(1) + 2));
    let all = cx.repeated(&items, needed)?;
    let skip = maxlen.map_or(0, |maxlen| all.len().saturating_sub(maxlen));
    let deque = state(cx, deque)?;
    *deque.items.borrow_mut() = all[skip..].iter().copied().collect();
    deque.changed();
    cx.vm().heap.count((all.len() - skip) * size_of::<Value>());
    Ok(())
}

fn multiply<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.repeat_count(args.at(1))?;
    let product = copied(cx, args.at(0))?;
    repeat(cx, product.handle(), count)?;
    Ok(product.get(cx))
}

fn multiply_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.repeat_count(args.at(1))?;
    repeat(cx, args.at(0), count)?;
    Ok(args.at(0).get(cx))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let instance_state = cx.object_state(args.at(0))?;
    let iterator = cx.iter(args.at(0))?;
    let maxlen = state(cx, args.at(0))?.maxlen.get();
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let arguments = match maxlen {
        Some(maxlen) => {
            let maxlen = vm.new_int(maxlen as i64);
            vm.new_tuple(&[vm.empty_tuple, maxlen])
        }
        None => vm.empty_tuple,
    };
    let reduced = vm.new_tuple(&[ty, arguments, instance_state.value(), iterator.value()]);
    Ok(cx.local(reduced))
}

fn size_of_deque<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len() as i64;
    // Blocks of 64 items with two links each, filled from the middle.
    let blocks = (len / 64) + 1;
    let size = cx.vm().new_int(216 + blocks * 528);
    Ok(cx.local(size))
}

// ---- iterators --------------------------------------------------------------------------------------------------

fn iterate<'a>(cx: &'a mut Cx, deque: Handle<'_>, back: bool) -> Res<'a> {
    let changes = state(cx, deque)?.changes.get();
    let iterator =
        DequeIterator { deque: Slot::of(deque.value()), index: 0.into(), changes: changes.into(), back };
    let vm = cx.vm();
    let ty = if back { vm.module_types.deque_reverse_iterator } else { vm.module_types.deque_iterator };
    let iterator = vm.new_boxed(vm.type_data(ty).shape, Box::new(iterator));
    Ok(cx.local(iterator))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    iterate(cx, args.at(0), false)
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    iterate(cx, args.at(0), true)
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.state::<DequeIterator>(args.at(0))?;
    let deque = iterator.deque.value();
    if deque.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    let deque = cx.root_value(deque);
    let deque = state(cx, deque.handle())?;
    let (index, len) = (iterator.index.get(), deque.len());
    if deque.changes.get() != iterator.changes.get() {
        iterator.deque.clear();
        return Err(cx.vm().raise_runtime_error("deque mutated during iteration"));
    }
    if index >= len {
        iterator.deque.clear();
        return Err(cx.vm().raise_exhausted());
    }
    iterator.index.set(index + 1);
    let item = deque.get(if iterator.back { len - 1 - index } else { index }).unwrap_or(Value::NONE);
    Ok(cx.local(item))
}

fn length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.state::<DequeIterator>(args.at(0))?;
    let (deque, index) = (iterator.deque.value(), iterator.index.get());
    let rest = if deque.is_undef() {
        0
    } else {
        let deque = cx.root_value(deque);
        state(cx, deque.handle())?.len().saturating_sub(index)
    };
    let rest = cx.vm().new_int(rest as i64);
    Ok(cx.local(rest))
}
