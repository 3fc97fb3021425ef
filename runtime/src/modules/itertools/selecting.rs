//! Iterators that pass on items of others: `chain`, `islice`, `compress`, `takewhile`, `dropwhile`, `filterfalse`,
//! `starmap`, `accumulate`, `pairwise`, `batched`, `zip_longest`.

use std::cell::Cell;

use bytecode::BinOp;

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::{CLASS_GETITEM, ITER_ITSELF};
use crate::value::Value;

pub(super) static TYPES: &[(&str, &[NativeDef])] = &[
    ("chain", CHAIN_METHODS),
    ("islice", ISLICE_METHODS),
    ("compress", COMPRESS_METHODS),
    ("takewhile", TAKEWHILE_METHODS),
    ("dropwhile", DROPWHILE_METHODS),
    ("filterfalse", FILTERFALSE_METHODS),
    ("starmap", STARMAP_METHODS),
    ("accumulate", ACCUMULATE_METHODS),
    ("pairwise", PAIRWISE_METHODS),
    ("batched", BATCHED_METHODS),
    ("zip_longest", ZIP_LONGEST_METHODS),
];

macro_rules! iterator_methods {
    ($signature:literal, $new:ident, $next:ident $(, $more:expr)*) => {
        &[
            NativeDef::stat("__new__", $signature, $new),
            ITER_ITSELF,
            NativeDef::new("__next__", "$self, /", $next),
            $($more,)*
        ]
    };
}

static CHAIN_METHODS: &[NativeDef] = iterator_methods!(
    "$type, /, *iterables, **kwargs",
    chain_new,
    chain_next,
    NativeDef::class("from_iterable", "$type, iterable, /", chain_from_iterable)
        .doc("Alternative chain() constructor taking a single iterable argument that evaluates lazily."),
    CLASS_GETITEM
);
static ISLICE_METHODS: &[NativeDef] = iterator_methods!("$type, /, *args, **kwargs", islice_new, islice_next);
static COMPRESS_METHODS: &[NativeDef] =
    iterator_methods!("$type, data, selectors", compress_new, compress_next);
static TAKEWHILE_METHODS: &[NativeDef] =
    iterator_methods!("$type, predicate, iterable, /", predicate_new, takewhile_next);
static DROPWHILE_METHODS: &[NativeDef] =
    iterator_methods!("$type, predicate, iterable, /", predicate_new, dropwhile_next);
static FILTERFALSE_METHODS: &[NativeDef] =
    iterator_methods!("$type, function, iterable, /", predicate_new, filterfalse_next);
static STARMAP_METHODS: &[NativeDef] =
    iterator_methods!("$type, function, iterable, /", predicate_new, starmap_next);
static ACCUMULATE_METHODS: &[NativeDef] =
    iterator_methods!("$type, iterable, func=None, *, initial=None", accumulate_new, accumulate_next);
static PAIRWISE_METHODS: &[NativeDef] = iterator_methods!("$type, iterable, /", pairwise_new, pairwise_next);
static BATCHED_METHODS: &[NativeDef] =
    iterator_methods!("$type, iterable, n, *, strict=False", batched_new, batched_next);
static ZIP_LONGEST_METHODS: &[NativeDef] =
    iterator_methods!("$type, /, *args, **kwargs", zip_longest_new, zip_longest_next);

native_state!(
    /// A `chain`'s state: the iterator of iterables, dropped at the end, and the iterator in use.
    Chain { source, active ; ; }
);
native_state!(
    /// An `islice`'s state; `stop` -1: no end.
    Islice { iterator ; ; next: Cell<i64>, stop: i64, step: i64, count: Cell<i64> }
);
native_state!(
    /// A `compress`'s state.
    Compress { data, selectors ; ; }
);
native_state!(
    /// The state of the iterators with a function and an iterator.
    Predicate { function, iterator ; ; decided: Cell<bool> }
);
native_state!(
    /// An `accumulate`'s state.
    Accumulate { iterator, function, total, initial ; ; }
);
native_state!(
    /// A `pairwise`'s state.
    Pairwise { iterator, old ; ; }
);
native_state!(
    /// A `batched`'s state.
    Batched { iterator ; ; size: i64, strict: bool }
);
native_state!(
    /// A `zip_longest`'s state: iterators are dropped at their ends.
    ZipLongest { fill ; iterators ; active: Cell<usize> }
);

// ---- chain ------------------------------------------------------------------------------------------------------

fn new_chain<'a>(cx: &'a mut Cx, ty: Handle<'_>, source: &Root) -> Res<'a> {
    let state = Chain { source: Slot::of(source.value()), active: Slot::empty() };
    let object = cx.make_object(ty, Box::new(state))?;
    Ok(cx.local(object))
}

fn chain_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.refuse_keywords(args.opt(1), "chain")?;
    let iterables: Vec<Value> = args.rest().map(Handle::value).collect();
    let iterables = cx.vm().new_tuple(&iterables);
    let iterables = cx.root_value(iterables);
    let source = cx.iter(iterables.handle())?;
    new_chain(cx, args.at(0), &source)
}

fn chain_from_iterable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let source = cx.iter(args.at(1))?;
    new_chain(cx, args.at(0), &source)
}

fn chain_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    loop {
        let state = cx.state::<Chain>(args.at(0))?;
        let (source, active) = (state.source.value(), state.active.value());
        if source.is_undef() {
            return Err(cx.vm().raise_exhausted());
        }
        if !active.is_undef() {
            if let Some(item) = cx.next_raw(active)? {
                return Ok(cx.local(item));
            }
            cx.state::<Chain>(args.at(0))?.active.clear();
            continue;
        }
        let next = match cx.next_raw(source) {
            Ok(Some(next)) => cx.root_value(next),
            Ok(None) => {
                cx.state::<Chain>(args.at(0))?.source.clear();
                return Err(cx.vm().raise_exhausted());
            }
            Err(Raised) => {
                cx.state::<Chain>(args.at(0))?.source.clear();
                return Err(Raised);
            }
        };
        let active = match cx.iter(next.handle()) {
            Ok(active) => active,
            Err(Raised) => {
                cx.state::<Chain>(args.at(0))?.source.clear();
                return Err(Raised);
            }
        };
        cx.state::<Chain>(args.at(0))?.active.set_value(active.value());
    }
}

// ---- islice -----------------------------------------------------------------------------------------------------

/// A bound of `islice`: None, or an int that is not negative.
fn islice_bound(cx: &mut Cx, bound: Handle<'_>, message: &str) -> Result<Option<i64>, Raised> {
    if bound.value().is_none() {
        return Ok(None);
    }
    let index = match cx.index_i64(bound) {
        Ok(index) => index,
        Err(Raised) => {
            cx.vm().exception = Value::UNDEF;
            -1
        }
    };
    if index < 0 {
        return Err(cx.vm().raise_value_error(message));
    }
    Ok(Some(index))
}

fn islice_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    const STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    const INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
    const STEP: &str = "Step for islice() must be a positive integer or None.";
    cx.refuse_keywords(args.opt(1), "islice")?;
    cx.check_count("islice", args.rest().len(), 2, 4)?;
    let given: Vec<Handle<'_>> = args.rest().collect();
    let (start, stop) = if given.len() == 2 {
        (0, islice_bound(cx, given[1], STOP)?)
    } else {
        let stop = islice_bound(cx, given[2], STOP)?;
        (islice_bound(cx, given[1], INDICES)?.unwrap_or(0), stop)
    };
    let step = match given.get(3) {
        Some(step) => islice_bound(cx, *step, STEP)?.unwrap_or(1),
        None => 1,
    };
    if step < 1 {
        return Err(cx.vm().raise_value_error(STEP));
    }
    let iterator = cx.iter(given[0])?;
    let state = Islice {
        iterator: Slot::of(iterator.value()),
        next: start.into(),
        stop: stop.unwrap_or(-1),
        step,
        count: 0.into(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn islice_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.state::<Islice>(args.at(0))?.iterator.value();
    if iterator.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    loop {
        let state = cx.state::<Islice>(args.at(0))?;
        let (next, stop, count) = (state.next.get(), state.stop, state.count.get());
        if count >= next && stop != -1 && count >= stop {
            break;
        }
        let Some(item) = cx.next_raw(iterator)? else { break };
        let state = cx.state::<Islice>(args.at(0))?;
        state.count.set(count + 1);
        if count >= next {
            let after = next.checked_add(state.step).filter(|after| stop == -1 || *after <= stop);
            state.next.set(after.unwrap_or(if stop == -1 { i64::MAX } else { stop }));
            return Ok(cx.local(item));
        }
    }
    cx.state::<Islice>(args.at(0))?.iterator.clear();
    Err(cx.vm().raise_exhausted())
}

// ---- compress ---------------------------------------------------------------------------------------------------

fn compress_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.iter(args.at(1))?;
    let selectors = cx.iter(args.at(2))?;
    let state = Compress { data: Slot::of(data.value()), selectors: Slot::of(selectors.value()) };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn compress_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Compress>(args.at(0))?;
    let (data, selectors) = (state.data.value(), state.selectors.value());
    loop {
        let Some(item) = cx.next_raw(data)? else { return Err(cx.vm().raise_exhausted()) };
        let item = cx.root_value(item);
        let Some(selector) = cx.next_raw(selectors)? else { return Err(cx.vm().raise_exhausted()) };
        let selector = cx.root_value(selector);
        if cx.truth(selector.handle())? {
            return Ok(cx.local(item.value()));
        }
    }
}

// ---- a function and an iterator ---------------------------------------------------------------------------------

fn predicate_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(2))?;
    let state = Predicate {
        function: Slot::of(args.at(1).value()),
        iterator: Slot::of(iterator.value()),
        decided: false.into(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

/// Whether the function holds of an item.
fn holds(cx: &mut Cx, function: Value, item: &Root) -> Result<bool, Raised> {
    if function.is_none() || function == cx.vm().types.bool {
        return cx.truth(item.handle());
    }
    let verdict = cx.call_raw(function, &[item.value()])?;
    let verdict = cx.root_value(verdict);
    cx.truth(verdict.handle())
}

fn function_and_iterator(cx: &Cx, object: Handle<'_>) -> Result<(Value, Value), Raised> {
    let state = cx.state::<Predicate>(object)?;
    Ok((state.function.value(), state.iterator.value()))
}

fn takewhile_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.state::<Predicate>(args.at(0))?.decided.get() {
        return Err(cx.vm().raise_exhausted());
    }
    let (function, iterator) = function_and_iterator(cx, args.at(0))?;
    let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
    let item = cx.root_value(item);
    let verdict = cx.call_raw(function, &[item.value()])?;
    let verdict = cx.root_value(verdict);
    if cx.truth(verdict.handle())? {
        return Ok(item.get(cx));
    }
    cx.state::<Predicate>(args.at(0))?.decided.set(true);
    Err(cx.vm().raise_exhausted())
}

fn dropwhile_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, iterator) = function_and_iterator(cx, args.at(0))?;
    loop {
        let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
        if cx.state::<Predicate>(args.at(0))?.decided.get() {
            return Ok(cx.local(item));
        }
        let item = cx.root_value(item);
        let verdict = cx.call_raw(function, &[item.value()])?;
        let verdict = cx.root_value(verdict);
        if !cx.truth(verdict.handle())? {
            cx.state::<Predicate>(args.at(0))?.decided.set(true);
            return Ok(cx.local(item.value()));
        }
    }
}

fn filterfalse_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, iterator) = function_and_iterator(cx, args.at(0))?;
    loop {
        let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
        let item = cx.root_value(item);
        if !holds(cx, function, &item)? {
            return Ok(cx.local(item.value()));
        }
    }
}

fn starmap_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, iterator) = function_and_iterator(cx, args.at(0))?;
    let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
    let item = cx.root_value(item);
    let arguments = cx.tuple_from(item.handle())?;
    let arguments = cx.root_value(arguments);
    let result = cx.call_raw(function, crate::types::tuple::tuple_items(arguments.value()))?;
    Ok(cx.local(result))
}

// ---- accumulate -------------------------------------------------------------------------------------------------

fn accumulate_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(1))?;
    let slot = |handle: Option<Handle<'_>>| handle.map_or(Slot::empty(), |handle| Slot::of(handle.value()));
    let state = Accumulate {
        iterator: Slot::of(iterator.value()),
        function: slot(args.some(2)),
        total: Slot::empty(),
        initial: slot(args.some(3)),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn accumulate_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Accumulate>(args.at(0))?;
    let initial = state.initial.value();
    if !initial.is_undef() {
        state.initial.clear();
        state.total.set_value(initial);
        return Ok(cx.local(initial));
    }
    let iterator = state.iterator.value();
    let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
    let state = cx.state::<Accumulate>(args.at(0))?;
    let (total, function) = (state.total.value(), state.function.value());
    let next = if total.is_undef() {
        item
    } else if function.is_undef() {
        let (total, item) = (cx.root_value(total), cx.root_value(item));
        cx.binary(BinOp::Add, total.handle(), item.handle())?.value()
    } else {
        cx.call_raw(function, &[total, item])?
    };
    cx.state::<Accumulate>(args.at(0))?.total.set_value(next);
    Ok(cx.local(next))
}

// ---- pairwise ---------------------------------------------------------------------------------------------------

fn pairwise_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(1))?;
    let state = Pairwise { iterator: Slot::of(iterator.value()), old: Slot::empty() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn pairwise_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Pairwise>(args.at(0))?;
    let (iterator, old) = (state.iterator.value(), state.old.value());
    if iterator.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    if old.is_undef() {
        let first = cx.next_raw(iterator)?;
        let state = cx.state::<Pairwise>(args.at(0))?;
        let Some(first) = first else {
            state.iterator.clear();
            return Err(cx.vm().raise_exhausted());
        };
        state.old.set_value(first);
        // The iterator may have used this very object up meanwhile.
        if state.iterator.value().is_undef() {
            state.old.clear();
            return Err(cx.vm().raise_exhausted());
        }
    }
    let old = cx.state::<Pairwise>(args.at(0))?.old.value();
    let old = cx.root_value(old);
    let Some(new) = cx.next_raw(iterator)? else {
        let state = cx.state::<Pairwise>(args.at(0))?;
        state.iterator.clear();
        state.old.clear();
        return Err(cx.vm().raise_exhausted());
    };
    cx.state::<Pairwise>(args.at(0))?.old.set_value(new);
    let pair = cx.vm().new_tuple(&[old.value(), new]);
    Ok(cx.local(pair))
}

// ---- batched ----------------------------------------------------------------------------------------------------

fn batched_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.index_i64(args.at(2))?;
    let strict = match args.opt(3) {
        Some(strict) => cx.truth(strict)?,
        None => false,
    };
    if size < 1 {
        return Err(cx.vm().raise_value_error("n must be at least one"));
    }
    let iterator = cx.iter(args.at(1))?;
    let state = Batched { iterator: Slot::of(iterator.value()), size, strict };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn batched_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Batched>(args.at(0))?;
    let (iterator, size, strict) = (state.iterator.value(), state.size, state.strict);
    if iterator.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    let batch = cx.vm().new_list(Vec::new());
    let batch = cx.root_value(batch);
    let mut count = 0;
    while count < size {
        let Some(item) = cx.next_raw(iterator)? else { break };
        if cx.vm().list_append(batch.value(), item) == Value::RAISED {
            return Err(Raised);
        }
        count += 1;
    }
    if count < size {
        cx.state::<Batched>(args.at(0))?.iterator.clear();
        if count == 0 {
            return Err(cx.vm().raise_exhausted());
        }
        if strict {
            return Err(cx.vm().raise_value_error("batched(): incomplete batch"));
        }
    }
    let tuple = cx.vm().list_to_tuple(batch.value());
    if tuple == Value::RAISED { Err(Raised) } else { Ok(cx.local(tuple)) }
}

// ---- zip_longest ------------------------------------------------------------------------------------------------

fn zip_longest_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut fill = Value::NONE;
    if let Some(keywords) = args.opt(1) {
        let key = cx.vm().intern("fillvalue");
        match cx.vm().dict_get_str(keywords.value(), key) {
            Some(value) if crate::dict_ops::dict_data(keywords.value()).len() == 1 => fill = value,
            _ => return Err(cx.vm().raise_type_error("zip_longest() got an unexpected keyword argument")),
        }
    }
    let iterators = cx.iterators_of(args.rest())?;
    let state = ZipLongest {
        fill: Slot::of(fill),
        active: iterators.len().into(),
        iterators: iterators.iter().map(|iterator| Slot::of(iterator.value())).collect(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn zip_longest_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<ZipLongest>(args.at(0))?;
    let count = state.iterators.len();
    if state.active.get() == 0 {
        return Err(cx.vm().raise_exhausted());
    }
    let mut items: Vec<Root> = Vec::with_capacity(count);
    for i in 0..count {
        let state = cx.state::<ZipLongest>(args.at(0))?;
        let (iterator, fill) = (state.iterators[i].value(), state.fill.value());
        let item = if iterator.is_undef() { None } else { next_of_longest(cx, args.at(0), i)? };
        if cx.state::<ZipLongest>(args.at(0))?.active.get() == 0 {
            return Err(cx.vm().raise_exhausted());
        }
        items.push(cx.root_value(item.unwrap_or(fill)));
    }
    let values: Vec<Value> = items.iter().map(Root::value).collect();
    let tuple = cx.vm().new_tuple(&values);
    Ok(cx.local(tuple))
}

/// The next item of iterator `i`, which is dropped at its end; when it fails all end.
fn next_of_longest(cx: &mut Cx, zip: Handle<'_>, i: usize) -> Result<Option<Value>, Raised> {
    let iterator = cx.state::<ZipLongest>(zip)?.iterators[i].value();
    let item = cx.next_raw(iterator);
    let state = cx.state::<ZipLongest>(zip)?;
    match item {
        Ok(None) => {
            state.active.set(state.active.get().saturating_sub(1));
            state.iterators[i].clear();
        }
        Err(Raised) => state.active.set(0),
        Ok(Some(_)) => {}
    }
    item
}
