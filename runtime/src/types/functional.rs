//! `enumerate`, `zip`, `map`, `filter`, `reversed` and `iter(callable, sentinel)`.

use std::cell::Cell;

use bytecode::BinOp;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::shared::{CLASS_GETITEM, ITER_ITSELF};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// Declares the state of a native object: its slots are traced, other fields are plain.
macro_rules! native_state {
    ($(#[$doc:meta])* $name:ident { $($slot:ident),* ; $($list:ident),* ; $($field:ident: $ty:ty),* }) => {
        $(#[$doc])*
        struct $name { $($slot: Slot,)* $($list: Vec<Slot>,)* $($field: $ty,)* }

        impl Payload for $name {
            fn trace(&self, marker: &mut Marker) {
                $(self.$slot.trace(marker);)*
                $(self.$list.iter().for_each(|slot| slot.trace(marker));)*
                let _ = marker;
            }

            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
        }
    };
}
pub(crate) use native_state;

native_state!(
    /// An `enumerate`'s state: the count is an int of any size.
    Enumerate { iterator, count ; ; }
);
native_state!(
    /// A `zip`'s state.
    Zip { ; iterators ; strict: Cell<bool> }
);
native_state!(
    /// A `map`'s state.
    Map { function ; iterators ; }
);
native_state!(
    /// A `filter`'s state.
    Filter { function, iterator ; ; }
);
native_state!(
    /// A `reversed`'s state; the sequence is dropped at the end.
    Reversed { sequence ; ; index: Cell<i64> }
);
native_state!(
    /// The state of `iter(callable, sentinel)`; both are dropped at the end.
    Calls { callable, sentinel ; ; }
);

static ENUMERATE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, start=0", enumerate_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", enumerate_next),
    NativeDef::new("__reduce__", "$self, /", enumerate_reduce).doc("Return state information for pickling."),
    CLASS_GETITEM,
];
static ZIP_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *iterables, strict=False", zip_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", zip_next),
    NativeDef::new("__reduce__", "$self, /", zip_reduce).doc("Return state information for pickling."),
    NativeDef::new("__setstate__", "$self, state, /", zip_set_state)
        .doc("Set state information for unpickling."),
];
static MAP_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", map_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", map_next),
    NativeDef::new("__reduce__", "$self, /", map_reduce).doc("Return state information for pickling."),
];
static FILTER_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", filter_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", filter_next),
    NativeDef::new("__reduce__", "$self, /", filter_reduce).doc("Return state information for pickling."),
];
static REVERSED_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", reversed_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", reversed_next),
    NativeDef::new("__length_hint__", "$self, /", reversed_length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", reversed_reduce).doc("Return state information for pickling."),
    NativeDef::new("__setstate__", "$self, state, /", reversed_set_state)
        .doc("Set state information for unpickling."),
];
static CALLS_METHODS: &[NativeDef] = &[
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", calls_next),
    NativeDef::new("__reduce__", "$self, /", calls_reduce).doc("Return state information for pickling."),
];

/// Keyword arguments are refused by the types themselves, not by their subclasses.
fn refuse_keywords(cx: &mut Cx, args: Args<'_>, ty: Value, name: &str) -> Result<(), Raised> {
    if args.at(0).value() == ty { cx.refuse_keywords(args.opt(1), name) } else { Ok(()) }
}

fn slots(values: &[Root]) -> Vec<Slot> {
    values.iter().map(|value| Slot::of(value.value())).collect()
}

impl Cx {
    /// An iterator of each iterable.
    pub(crate) fn iterators_of<'r>(
        &mut self,
        iterables: impl Iterator<Item = Handle<'r>>,
    ) -> Result<Vec<Root>, Raised> {
        iterables.map(|iterable| self.iter(iterable)).collect()
    }

    /// `(type(object), arguments…)`, for `__reduce__`.
    pub(crate) fn reduce_to_type(&mut self, object: Handle<'_>, arguments: &[Value]) -> Value {
        let vm = self.vm();
        let arguments = vm.new_tuple(arguments);
        let ty = vm.type_of(object.value());
        vm.new_tuple(&[ty, arguments])
    }
}

// ---- enumerate --------------------------------------------------------------------------------------------------

fn enumerate_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = match args.opt(2) {
        Some(start) => cx.index_value(start)?,
        None => Value::small(0),
    };
    let count = cx.root_value(super::range::plain_int(count));
    let iterator = cx.iter(args.at(1))?;
    let state = Enumerate { iterator: Slot::of(iterator.value()), count: Slot::of(count.value()) };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn enumerate_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.state::<Enumerate>(args.at(0))?.iterator.value();
    let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
    let state = cx.state::<Enumerate>(args.at(0))?;
    let count = state.count.value();
    let next = match count.add_ints(Value::small(1)) {
        Some(next) => next,
        None => super::int::binary(cx.vm(), BinOp::Add, count, Value::small(1))?,
    };
    state.count.set_value(next);
    let pair = cx.vm().new_tuple(&[count, item]);
    Ok(cx.local(pair))
}

fn enumerate_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Enumerate>(args.at(0))?;
    let arguments = [state.iterator.value(), state.count.value()];
    let reduced = cx.reduce_to_type(args.at(0), &arguments);
    Ok(cx.local(reduced))
}

/// The next pair of an exact `enumerate` or `zip` over built-in iterators that answer in line: without a native's call.
/// `None` sends the loop the long way, which starts from the same state.
pub(crate) fn next_at_once(vm: &mut Vm, iterator: Value) -> Option<Value> {
    let state = |vm: &mut Vm| crate::cx::Cx::new(vm);
    match Vm::shape_id(iterator) {
        shape_id::ENUMERATE => {
            let root = std::cell::Cell::new(iterator);
            let cx = state(vm);
            let enumerate = cx.payload::<Enumerate>(Handle::of(&root))?;
            let count = enumerate.count.value();
            let next = count.add_ints(Value::small(1))?;
            let item = cx.vm().iter_next_inline(enumerate.iterator.value())?;
            enumerate.count.set_value(next);
            cx.vm().try_tuple(&[count, item])
        }
        shape_id::ZIP => {
            let root = std::cell::Cell::new(iterator);
            let cx = state(vm);
            let [first, second] = cx.payload::<Zip>(Handle::of(&root))?.iterators.as_slice() else {
                return None;
            };
            let (first, second) = (first.value(), second.value());
            let vm = cx.vm();
            if !vm.has_next_inline(second) || first == second {
                return None;
            }
            let first = vm.iter_next_inline(first)?;
            let second = vm.iter_next_inline(second)?;
            vm.try_tuple(&[first, second])
        }
        _ => None,
    }
}

// ---- zip --------------------------------------------------------------------------------------------------------

fn zip_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let strict = match args.opt(1) {
        Some(strict) => cx.truth(strict)?,
        None => false,
    };
    let iterators = cx.iterators_of(args.rest())?;
    let state = Zip { iterators: slots(&iterators), strict: strict.into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn zip_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Zip>(args.at(0))?;
    let (count, strict) = (state.iterators.len(), state.strict.get());
    let iterators: [Value; 2] =
        std::array::from_fn(|i| state.iterators.get(i).map_or(Value::UNDEF, Slot::value));
    match count {
        0 => Err(cx.vm().raise_exhausted()),
        2 => {
            let Some(first) = cx.next_raw(iterators[0])? else { return zip_end(cx, args.at(0), 0, strict) };
            let first = cx.root_value(first);
            let Some(second) = cx.next_raw(iterators[1])? else { return zip_end(cx, args.at(0), 1, strict) };
            let pair = cx.vm().new_tuple(&[first.value(), second]);
            Ok(cx.local(pair))
        }
        _ => {
            let mut items: Vec<Root> = Vec::with_capacity(count);
            for i in 0..count {
                let iterator = cx.state::<Zip>(args.at(0))?.iterators[i].value();
                match cx.next_raw(iterator)? {
                    Some(item) => items.push(cx.root_value(item)),
                    None => return zip_end(cx, args.at(0), i, strict),
                }
            }
            let values: Vec<Value> = items.iter().map(Root::value).collect();
            let tuple = cx.vm().new_tuple(&values);
            Ok(cx.local(tuple))
        }
    }
}

/// Iterator `ended` has no more items: with `strict` the others must have none either.
fn zip_end<'a>(cx: &'a mut Cx, zip: Handle<'_>, ended: usize, strict: bool) -> Res<'a> {
    if !strict {
        return Err(cx.vm().raise_exhausted());
    }
    let span = |last: usize| if last == 1 { String::from(" 1") } else { format!("s 1-{last}") };
    if ended > 0 {
        let message = format!("zip() argument {} is shorter than argument{}", ended + 1, span(ended));
        return Err(cx.vm().raise_value_error(&message));
    }
    for i in 1..cx.state::<Zip>(zip)?.iterators.len() {
        let iterator = cx.state::<Zip>(zip)?.iterators[i].value();
        if cx.next_raw(iterator)?.is_some() {
            let message = format!("zip() argument {} is longer than argument{}", i + 1, span(i));
            return Err(cx.vm().raise_value_error(&message));
        }
    }
    Err(cx.vm().raise_exhausted())
}

fn zip_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Zip>(args.at(0))?;
    let iterators: Vec<Value> = state.iterators.iter().map(Slot::value).collect();
    let strict = state.strict.get();
    let vm = cx.vm();
    let (ty, iterators) = (vm.type_of(args.at(0).value()), vm.new_tuple(&iterators));
    let parts = [ty, iterators, Value::TRUE];
    let reduced = vm.new_tuple(&parts[..if strict { 3 } else { 2 }]);
    Ok(cx.local(reduced))
}

fn zip_set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let strict = cx.truth(args.at(1))?;
    cx.state::<Zip>(args.at(0))?.strict.set(strict);
    Ok(cx.none())
}

// ---- map --------------------------------------------------------------------------------------------------------

fn map_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    refuse_keywords(cx, args, cx.vm().types.map, "map")?;
    let mut rest = args.rest();
    let (Some(function), true) = (rest.next(), rest.len() > 0) else {
        return Err(cx.vm().raise_type_error("map() must have at least two arguments."));
    };
    let iterators = cx.iterators_of(rest)?;
    let state = Map { function: Slot::of(function.value()), iterators: slots(&iterators) };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn map_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Map>(args.at(0))?;
    let (function, count) = (state.function.value(), state.iterators.len());
    if count == 1 {
        let iterator = state.iterators[0].value();
        let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
        let result = cx.call_raw(function, &[item])?;
        return Ok(cx.local(result));
    }
    let mut items: Vec<Root> = Vec::with_capacity(count);
    for i in 0..count {
        let iterator = cx.state::<Map>(args.at(0))?.iterators[i].value();
        match cx.next_raw(iterator)? {
            Some(item) => items.push(cx.root_value(item)),
            None => return Err(cx.vm().raise_exhausted()),
        }
    }
    let values: Vec<Value> = items.iter().map(Root::value).collect();
    let result = cx.call_raw(function, &values)?;
    Ok(cx.local(result))
}

fn map_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Map>(args.at(0))?;
    let arguments: Vec<Value> =
        std::iter::once(&state.function).chain(&state.iterators).map(Slot::value).collect();
    let reduced = cx.reduce_to_type(args.at(0), &arguments);
    Ok(cx.local(reduced))
}

// ---- filter -----------------------------------------------------------------------------------------------------

fn filter_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    refuse_keywords(cx, args, cx.vm().types.filter, "filter")?;
    cx.check_count("filter", args.rest().len(), 2, 2)?;
    let mut rest = args.rest();
    let (Some(function), Some(iterable)) = (rest.next(), rest.next()) else {
        return Err(cx.vm().raise_system_error("filter without arguments"));
    };
    let iterator = cx.iter(iterable)?;
    let state = Filter { function: Slot::of(function.value()), iterator: Slot::of(iterator.value()) };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn filter_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Filter>(args.at(0))?;
    let (function, iterator) = (state.function.value(), state.iterator.value());
    let by_truth = function.is_none() || function == cx.vm().types.bool;
    loop {
        let Some(item) = cx.next_raw(iterator)? else { return Err(cx.vm().raise_exhausted()) };
        let item = cx.root_value(item);
        let keep = if by_truth {
            cx.truth(item.handle())?
        } else {
            let verdict = cx.call_raw(function, &[item.value()])?;
            let verdict = cx.root_value(verdict);
            cx.truth(verdict.handle())?
        };
        if keep {
            return Ok(cx.local(item.value()));
        }
    }
}

fn filter_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Filter>(args.at(0))?;
    let arguments = [state.function.value(), state.iterator.value()];
    let reduced = cx.reduce_to_type(args.at(0), &arguments);
    Ok(cx.local(reduced))
}

// ---- reversed ---------------------------------------------------------------------------------------------------

fn reversed_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    refuse_keywords(cx, args, cx.vm().types.reversed, "reversed")?;
    cx.check_count("reversed", args.rest().len(), 1, 1)?;
    let Some(sequence) = args.rest().next() else {
        return Err(cx.vm().raise_system_error("reversed without arguments"));
    };
    let vm = cx.vm();
    let ty = vm.type_of(sequence.value());
    let method = vm.lookup(ty, vm.names.__reversed__);
    let is_sequence =
        !sequence.value().is_kind(Kind::Dict) && !vm.lookup(ty, vm.names.__getitem__).is_undef();
    if method.is_none() || method.is_undef() && !is_sequence {
        let message = format!("'{}' object is not reversible", vm.type_name(ty));
        return Err(vm.raise_type_error(&message));
    }
    if !method.is_undef() {
        let name = vm.names.__reversed__;
        let made = cx.call_special(sequence, name, &[])?.expect("it was found above");
        return Ok(made.get(cx));
    }
    let len = cx.len(sequence)? as i64;
    let state = Reversed { sequence: Slot::of(sequence.value()), index: (len - 1).into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn reversed_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Reversed>(args.at(0))?;
    let (sequence, index) = (state.sequence.value(), state.index.get());
    if index < 0 || sequence.is_undef() {
        state.index.set(-1);
        state.sequence.clear();
        return Err(cx.vm().raise_exhausted());
    }
    let sequence = cx.root_value(sequence);
    let key = cx.vm().new_int(index);
    let key = cx.root_value(key);
    match cx.get_item(sequence.handle(), key.handle()) {
        Ok(item) => {
            cx.state::<Reversed>(args.at(0))?.index.set(index - 1);
            Ok(item.get(cx))
        }
        Err(Raised) => {
            let exceptions = &cx.vm().exceptions;
            let (index_error, stop) = (exceptions.index_error, exceptions.stop_iteration);
            if !cx.vm().clear_if(index_error) && !cx.vm().clear_if(stop) {
                return Err(Raised);
            }
            let state = cx.state::<Reversed>(args.at(0))?;
            state.index.set(-1);
            state.sequence.clear();
            Err(cx.vm().raise_exhausted())
        }
    }
}

fn reversed_length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Reversed>(args.at(0))?;
    let (sequence, index) = (state.sequence.value(), state.index.get());
    if sequence.is_undef() {
        return Ok(cx.local(Value::small(0)));
    }
    let sequence = cx.root_value(sequence);
    let len = cx.len(sequence.handle())? as i64;
    let hint = cx.vm().new_int(if len < index + 1 { 0 } else { index + 1 });
    Ok(cx.local(hint))
}

fn reversed_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Reversed>(args.at(0))?;
    let (sequence, index) = (state.sequence.value(), state.index.get());
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let reduced = if sequence.is_undef() {
        let arguments = vm.new_tuple(&[vm.empty_tuple]);
        vm.new_tuple(&[ty, arguments])
    } else {
        let (arguments, index) = (vm.new_tuple(&[sequence]), vm.new_int(index));
        vm.new_tuple(&[ty, arguments, index])
    };
    Ok(cx.local(reduced))
}

fn reversed_set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let sequence = cx.state::<Reversed>(args.at(0))?.sequence.value();
    if !sequence.is_undef() {
        let sequence = cx.root_value(sequence);
        let len = cx.len(sequence.handle())? as i64;
        cx.state::<Reversed>(args.at(0))?.index.set(index.clamp(-1, len - 1));
    }
    Ok(cx.none())
}

// ---- iter(callable, sentinel) -----------------------------------------------------------------------------------

/// An iterator over the results of a callable until one equals the sentinel.
pub(crate) fn new_calls(vm: &mut Vm, callable: Value, sentinel: Value) -> Value {
    let state = Calls { callable: Slot::of(callable), sentinel: Slot::of(sentinel) };
    vm.new_boxed(shape_id::CALLABLE_ITERATOR, Box::new(state))
}

fn calls_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Calls>(args.at(0))?;
    let (callable, sentinel) = (state.callable.value(), state.sentinel.value());
    if callable.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    let (callable, sentinel) = (cx.root_value(callable), cx.root_value(sentinel));
    match cx.call(callable.handle(), &[]) {
        Ok(result) => {
            if !cx.eq(sentinel.handle(), result.handle())? {
                return Ok(result.get(cx));
            }
        }
        Err(Raised) if cx.vm().clear_if(cx.vm().exceptions.stop_iteration) => {}
        Err(Raised) => return Err(Raised),
    }
    let state = cx.state::<Calls>(args.at(0))?;
    state.callable.clear();
    state.sentinel.clear();
    Err(cx.vm().raise_exhausted())
}

fn calls_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Calls>(args.at(0))?;
    let (callable, sentinel) = (state.callable.value(), state.sentinel.value());
    let vm = cx.vm();
    let arguments = if callable.is_undef() {
        vm.new_tuple(&[vm.empty_tuple])
    } else {
        vm.new_tuple(&[callable, sentinel])
    };
    let reduced = vm.reduce_by_builtin("iter", &[arguments]);
    Ok(cx.local(reduced))
}

/// Fills the types' namespaces and the module `builtins`.
pub(crate) fn install(vm: &mut Vm) {
    let t = vm.types;
    for (ty, methods) in [
        (t.enumerate, ENUMERATE_METHODS),
        (t.zip, ZIP_METHODS),
        (t.map, MAP_METHODS),
        (t.filter, FILTER_METHODS),
        (t.reversed, REVERSED_METHODS),
        (t.callable_iterator, CALLS_METHODS),
    ] {
        super::add_methods(vm, ty, methods);
        vm.type_data(ty).flags |= crate::type_object::type_flag::BASE;
    }
    vm.type_data(t.callable_iterator).flags &= !crate::type_object::type_flag::BASE;
    for (name, ty) in [
        ("enumerate", t.enumerate),
        ("zip", t.zip),
        ("map", t.map),
        ("filter", t.filter),
        ("reversed", t.reversed),
    ] {
        vm.set_builtin(name, ty);
    }
}
