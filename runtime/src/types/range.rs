//! `range` and its iterators. Bounds may be ints of any size; the loops that matter have 62-bit ones.

#![expect(unsafe_code, reason = "ranges are reached through cells")]

use std::cell::RefCell;

use bytecode::CompareOp;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::text::TupleHash;
use crate::types::int::{from_big, to_big};
use crate::types::shared::{ITER_ITSELF, rich_comparisons};
use crate::types::slice::big_slice_indices;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::getter("start", start),
    NativeDef::getter("stop", stop),
    NativeDef::getter("step", step),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__bool__", "$self, /", bool),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed).doc("Return a reverse iterator."),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("count", "$self, value, /", count)
        .doc("rangeobject.count(value) -> integer -- return number of occurrences of value"),
    NativeDef::new("index", "$self, value, /", index).doc(
        "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.",
    ),
];

static ITERATOR_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__length_hint__", "$self, /", length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", reduce_iterator).doc("Return state information for pickling."),
    NativeDef::new("__setstate__", "$self, state, /", set_state).doc("Set state information for unpickling."),
];

static LONG_ITERATOR_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", long_next),
    NativeDef::new("__length_hint__", "$self, /", long_length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", long_reduce).doc("Return state information for pickling."),
    NativeDef::new("__setstate__", "$self, state, /", long_set_state)
        .doc("Set state information for unpickling."),
];

rich_comparisons!(compare);

fn cell<'a>(range: Value) -> &'a RangeCell {
    // SAFETY: `range` is a live range, whose fields never change.
    unsafe { &*range.cast::<RangeCell>() }
}

/// The fields of a range whose bounds and length are inline ints: start, step, length.
fn small(range: Value) -> Option<(i64, i64, i64)> {
    let r = cell(range);
    Some((r.start.as_int()?, r.step.as_int()?, r.len.as_int()?))
}

impl Vm {
    /// A range of three ints, the step not zero.
    pub(crate) fn new_range(&mut self, start: Value, stop: Value, step: Value) -> Result<Value, Raised> {
        let len = match (start.as_int(), stop.as_int(), step.as_int()) {
            (Some(start), Some(stop), Some(step)) => self.new_int(range_len(start, stop, step)),
            _ => {
                let len = big_len(&to_big(start), &to_big(stop), &to_big(step));
                from_big(self, &len)?
            }
        };
        Ok(self.alloc_cell(Kind::Range, shape_id::RANGE, |header| RangeCell {
            header,
            start,
            stop,
            step,
            len,
        }))
    }
}

fn range_len(start: i64, stop: i64, step: i64) -> i64 {
    match step {
        _ if step > 0 && start < stop => (stop - start - 1) / step + 1,
        _ if step < 0 && start > stop => (start - stop - 1) / -step + 1,
        _ => 0,
    }
}

fn big_len(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let span = if step.is_positive() { stop - start } else { start - stop };
    if span.is_positive() { (span - 1u8) / step.abs() + 1u8 } else { BigInt::ZERO }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.refuse_keywords(args.opt(1), "range")?;
    cx.check_count("range", args.rest().len(), 1, 3)?;
    let mut bounds = Vec::with_capacity(3);
    for arg in args.rest() {
        let bound = cx.index_value(arg)?;
        let bound = crate::types::range::plain_int(bound);
        bounds.push(cx.root_value(bound));
    }
    let (start, stop, step) = match &bounds[..] {
        [stop] => (Value::small(0), stop.value(), Value::small(1)),
        [start, stop] => (start.value(), stop.value(), Value::small(1)),
        [start, stop, step, ..] => (start.value(), stop.value(), step.value()),
        [] => return Err(cx.vm().raise_system_error("range without bounds")),
    };
    if step == Value::small(0) {
        return Err(cx.vm().raise_value_error("range() arg 3 must not be zero"));
    }
    let range = cx.vm().new_range(start, stop, step)?;
    Ok(cx.local(range))
}

/// The int of an int or bool, as an int.
pub(crate) fn plain_int(int: Value) -> Value {
    if int.is_bool() { Value::small(i32::from(int == Value::TRUE)) } else { int }
}

fn start<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).start))
}

fn stop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).stop))
}

fn step<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).step))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let r = cell(args.at(0).value());
    let mut text = format!("range({}, {}", to_big(r.start), to_big(r.stop));
    if r.step != Value::small(1) {
        text.push_str(&format!(", {}", to_big(r.step)));
    }
    text.push(')');
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let r = cell(args.at(0).value());
    let parts = match r.len.as_int() {
        Some(0) => [r.len, Value::NONE, Value::NONE],
        Some(1) => [r.len, r.start, Value::NONE],
        _ => [r.len, r.start, r.step],
    };
    let mut hash = TupleHash::default();
    for part in parts {
        let part = cx.root_value(part);
        hash.add(cx.hash(part.handle())?);
    }
    let hash = cx.vm().new_int(hash.finish(3) as i64);
    Ok(cx.local(hash))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Range) || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (cell(args.at(0).value()), cell(args.at(1).value()));
    let same = |x: Value, y: Value| crate::types::int::compare(x, y).is_eq();
    let equal = same(a.len, b.len)
        && (a.len == Value::small(0)
            || same(a.start, b.start) && (a.len == Value::small(1) || same(a.step, b.step)));
    Ok(cx.bool(equal == (op == CompareOp::Eq)))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cell(args.at(0).value()).len;
    if cx.vm().int_of(len).is_none() {
        return Err(cx.vm().raise_overflow_error("Python int too large to convert to C ssize_t"));
    }
    Ok(cx.local(len))
}

fn bool<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let truth = cell(args.at(0).value()).len != Value::small(0);
    Ok(cx.bool(truth))
}

/// Item `index`, which may be counted from the end; `None` if there is none.
fn item(vm: &mut Vm, range: Value, index: Value) -> Result<Option<Value>, Raised> {
    if let (Some((start, step, len)), Some(index)) = (small(range), index.as_int()) {
        let index = if index < 0 { index + len } else { index };
        let found = (0..len).contains(&index);
        return Ok(found.then(|| vm.new_int(start + index * step)));
    }
    let r = cell(range);
    let (len, mut index) = (to_big(r.len), to_big(index));
    if index.is_negative() {
        index += &len;
    }
    if index.is_negative() || index >= len {
        return Ok(None);
    }
    from_big(vm, &(to_big(r.start) + index * to_big(r.step))).map(Some)
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (range, key) = (args.at(0), args.at(1));
    if key.value().is_kind(Kind::Slice) {
        let part = slice_of(cx, range, key)?;
        return Ok(cx.local(part));
    }
    if !cx.vm().has_index(key.value()) {
        let ty = cx.vm().type_name_of(key.value());
        let message = format!("range indices must be integers or slices, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let index = cx.index_value(key)?;
    match item(cx.vm(), range.value(), plain_int(index))? {
        Some(item) => Ok(cx.local(item)),
        None => Err(cx.vm().raise_index_error("range object index out of range")),
    }
}

fn slice_of(cx: &mut Cx, range: Handle<'_>, slice: Handle<'_>) -> Result<Value, Raised> {
    let r = cell(range.value());
    let (from, to, by) = big_slice_indices(cx, slice, &to_big(r.len))?;
    let (start, step) = (to_big(r.start), to_big(r.step));
    let vm = cx.vm();
    let parts = [&start + from * &step, &start + to * &step, by * &step];
    let mut values = [Value::NONE; 3];
    for (value, part) in values.iter_mut().zip(&parts) {
        *value = from_big(vm, part)?;
    }
    vm.new_range(values[0], values[1], values[2])
}

/// The index of an int in a range, if it is there.
fn position(vm: &mut Vm, range: Value, int: Value) -> Result<Option<Value>, Raised> {
    if let (Some((start, step, len)), Some(int)) = (small(range), int.as_int()) {
        let offset = int - start;
        let found = offset % step == 0 && (0..len).contains(&(offset / step));
        return Ok(found.then(|| vm.new_int(offset / step)));
    }
    let r = cell(range);
    let (quotient, remainder) = (to_big(int) - to_big(r.start)).div_mod_floor(&to_big(r.step));
    if remainder.is_zero() && !quotient.is_negative() && quotient < to_big(r.len) {
        return from_big(vm, &quotient).map(Some);
    }
    Ok(None)
}

/// Whether a value is an int or bool that ranges may calculate with.
fn is_plain_int(cx: &Cx, value: Handle<'_>) -> bool {
    let value = value.value();
    value.is_int() || value.is_bool() || value.is_kind(Kind::Int) && cx.vm().is_exact(value)
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = if is_plain_int(cx, args.at(1)) {
        position(cx.vm(), args.at(0).value(), plain_int(args.at(1).value()))?.is_some()
    } else {
        cx.contains_by_iteration(args.at(0), args.at(1))?
    };
    Ok(cx.bool(found))
}

fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = if is_plain_int(cx, args.at(1)) {
        let found = position(cx.vm(), args.at(0).value(), plain_int(args.at(1).value()))?;
        Value::small(i32::from(found.is_some()))
    } else {
        cx.count_by_iteration(args.at(0), args.at(1))?
    };
    Ok(cx.local(count))
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !is_plain_int(cx, args.at(1)) {
        let index = cx.index_by_iteration(args.at(0), args.at(1))?;
        return Ok(cx.local(index));
    }
    if let Some(position) = position(cx.vm(), args.at(0).value(), plain_int(args.at(1).value()))? {
        return Ok(cx.local(position));
    }
    let wanted = cx.repr_text(args.at(1))?;
    Err(cx.vm().raise_value_error(&format!("{wanted} is not in range")))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let r = cell(args.at(0).value());
    let vm = cx.vm();
    let bounds = vm.new_tuple(&[r.start, r.stop, r.step]);
    let reduced = vm.new_tuple(&[vm.types.range, bounds]);
    Ok(cx.local(reduced))
}

// ---- iterators --------------------------------------------------------------------------------------------------

/// An iterator from `start` by `step`, `len` times.
fn iterator_of(vm: &mut Vm, start: Value, step: Value, len: Value) -> Value {
    if let (Some(next), Some(by), Some(count)) = (start.as_int(), step.as_int(), len.as_int()) {
        let end = by.checked_mul(count).and_then(|span| next.checked_add(span));
        if end.is_some_and(|end| Value::from_int(end).is_some()) {
            return vm.new_range_iter(next, by, count);
        }
    }
    let state = LongIterator {
        next: RefCell::new(to_big(start)),
        step: to_big(step),
        remaining: RefCell::new(to_big(len)),
    };
    vm.new_boxed(shape_id::LONGRANGE_ITERATOR, Box::new(state))
}

/// `iter(range)`.
pub(crate) fn iterator(vm: &mut Vm, range: Value) -> Value {
    let r = cell(range);
    iterator_of(vm, r.start, r.step, r.len)
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = iterator(cx.vm(), args.at(0).value());
    Ok(cx.local(iterator))
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let r = cell(args.at(0).value());
    let (start, step, len) = (to_big(r.start), to_big(r.step), to_big(r.len));
    let last = start + (&len - 1u8) * &step;
    let vm = cx.vm();
    let (last, back) = (from_big(vm, &last)?, from_big(vm, &-step)?);
    let iterator = iterator_of(vm, last, back, r.len);
    Ok(cx.local(iterator))
}

fn iterator_cell<'a>(iterator: Handle<'_>) -> &'a mut RangeIterCell {
    // SAFETY: the receiver was checked; the reference ends in the leaf that asked for it.
    unsafe { &mut *iterator.value().cast::<RangeIterCell>() }
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.vm().iter_next(args.at(0).value()) {
        Value::EXHAUSTED => Err(cx.vm().raise_exhausted()),
        item => Ok(cx.local(item)),
    }
}

fn length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hint = cx.vm().new_int(iterator_cell(args.at(0)).remaining);
    Ok(cx.local(hint))
}

fn reduce_iterator<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let RangeIterCell { next, step, remaining, .. } = *iterator_cell(args.at(0));
    let vm = cx.vm();
    let (start, stop, by) = (vm.new_int(next), vm.new_int(next + step * remaining), vm.new_int(step));
    let range = vm.new_range(start, stop, by)?;
    let range = vm.new_tuple(&[range]);
    let reduced = vm.reduce_by_builtin("iter", &[range, Value::NONE]);
    Ok(cx.local(reduced))
}

fn set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let iterator = iterator_cell(args.at(0));
    let skip = index.clamp(0, iterator.remaining);
    iterator.next += skip * iterator.step;
    iterator.remaining -= skip;
    Ok(cx.none())
}

/// The state of an iterator over ints beyond the inline ones.
struct LongIterator {
    next: RefCell<BigInt>,
    step: BigInt,
    remaining: RefCell<BigInt>,
}

impl Payload for LongIterator {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn long_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<LongIterator>(args.at(0))?;
    if !state.remaining.borrow().is_positive() {
        return Err(cx.vm().raise_exhausted());
    }
    *state.remaining.borrow_mut() -= 1u8;
    let item = from_big(cx.vm(), &state.next.borrow())?;
    *state.next.borrow_mut() += &state.step;
    Ok(cx.local(item))
}

fn long_length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<LongIterator>(args.at(0))?;
    let hint = from_big(cx.vm(), &state.remaining.borrow())?;
    Ok(cx.local(hint))
}

fn long_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<LongIterator>(args.at(0))?;
    let (next, step) = (state.next.borrow().clone(), state.step.clone());
    let stop = &next + &step * &*state.remaining.borrow();
    let vm = cx.vm();
    let (start, stop, step) = (from_big(vm, &next)?, from_big(vm, &stop)?, from_big(vm, &step)?);
    let range = vm.new_range(start, stop, step)?;
    let range = vm.new_tuple(&[range]);
    let reduced = vm.reduce_by_builtin("iter", &[range, Value::NONE]);
    Ok(cx.local(reduced))
}

fn long_set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !cx.vm().is_any_int(args.at(1).value()) {
        // The state is compared with the length first, whatever it is.
        let zero = cx.root_value(Value::small(0));
        cx.compare_truth(CompareOp::Lt, args.at(1), zero.handle())?;
        let ty = cx.vm().type_name_of(args.at(1).value());
        return Err(cx.vm().raise_type_error(&format!("state must be an int, not {ty}")));
    }
    let index = to_big(args.at(1).value());
    let state = cx.state::<LongIterator>(args.at(0))?;
    let skip = index.clamp(BigInt::ZERO, state.remaining.borrow().clone());
    *state.next.borrow_mut() += &skip * &state.step;
    *state.remaining.borrow_mut() -= skip;
    Ok(cx.none())
}

impl Cx {
    /// How many items that iterating gives are `wanted` or equal to it.
    pub(crate) fn count_by_iteration(
        &mut self,
        sequence: Handle<'_>,
        wanted: Handle<'_>,
    ) -> Result<Value, Raised> {
        let iterator = self.iter_container(sequence)?;
        let mut count = 0;
        while let Some(item) = self.next_value(iterator.handle())? {
            count += i64::from(self.is_or_equals(item, wanted)?);
        }
        Ok(self.vm().new_int(count))
    }

    /// The index of the first such item; ValueError if there is none.
    pub(crate) fn index_by_iteration(
        &mut self,
        sequence: Handle<'_>,
        wanted: Handle<'_>,
    ) -> Result<Value, Raised> {
        let iterator = self.iter_container(sequence)?;
        let mut index = 0;
        while let Some(item) = self.next_value(iterator.handle())? {
            if self.is_or_equals(item, wanted)? {
                return Ok(self.vm().new_int(index));
            }
            index += 1;
        }
        Err(self.vm().raise_value_error("sequence.index(x): x not in sequence"))
    }
}

/// Fills the namespaces of the type and its iterators.
pub(crate) fn install(vm: &mut Vm) {
    let types = vm.types;
    super::add_methods(vm, types.range, METHODS);
    super::add_methods(vm, types.range, COMPARISONS);
    super::add_methods(vm, types.range_iterator, ITERATOR_METHODS);
    super::add_methods(vm, types.longrange_iterator, LONG_ITERATOR_METHODS);
    debug_assert!(BigInt::one().is_positive());
}
