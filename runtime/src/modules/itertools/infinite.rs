//! `count`, `cycle`, `repeat`.

use std::cell::Cell;

use bytecode::BinOp;

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::ops::list_items;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;

pub(super) static TYPES: &[(&str, &[NativeDef])] =
    &[("count", COUNT_METHODS), ("cycle", CYCLE_METHODS), ("repeat", REPEAT_METHODS)];

static COUNT_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, start=0, step=1", count_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", count_next),
    NativeDef::new("__repr__", "$self, /", count_repr),
    NativeDef::new("__reduce__", "$self, /", count_reduce).doc("Return state information for pickling."),
];
static CYCLE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, /", cycle_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", cycle_next),
];
static REPEAT_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, object, times=<unrepresentable>", repeat_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", repeat_next),
    NativeDef::new("__repr__", "$self, /", repeat_repr),
    NativeDef::new("__length_hint__", "$self, /", repeat_length_hint)
        .doc("Private method returning an estimate of len(list(it))."),
    NativeDef::new("__reduce__", "$self, /", repeat_reduce).doc("Return state information for pickling."),
];

native_state!(
    /// A `count`'s state: the next number and the step.
    Count { next, step ; ; }
);
native_state!(
    /// A `cycle`'s state: the iterator until its end, and the list of its items.
    Cycle { iterator, saved ; ; index: Cell<usize> }
);
native_state!(
    /// A `repeat`'s state: how many times are left; -1: no end.
    Repeat { object ; ; left: Cell<i64> }
);

fn is_number(cx: &mut Cx, value: Handle<'_>) -> bool {
    let (vm, value) = (cx.vm(), value.value());
    let ty = vm.type_of(value);
    let names = vm.names;
    value.is_float()
        || vm.has_index(value)
        || !vm.lookup(ty, names.__float__).is_undef()
        || !vm.lookup(ty, names.__int__).is_undef()
        || vm.is_subtype(ty, vm.types.complex)
}

fn count_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for number in [args.opt(1), args.opt(2)].into_iter().flatten() {
        if !is_number(cx, number) {
            return Err(cx.vm().raise_type_error("a number is required"));
        }
    }
    let value = |i: usize, default: i32| args.opt(i).map_or(Value::small(default), Handle::value);
    let state = Count { next: Slot::of(value(1, 0)), step: Slot::of(value(2, 1)) };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn count_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Count>(args.at(0))?;
    let (current, step) = (state.next.value(), state.step.value());
    if let Some(next) = current.add_ints(step) {
        state.next.set_value(next);
        return Ok(cx.local(current));
    }
    let (current, step) = (cx.root_value(current), cx.root_value(step));
    let next = cx.binary(BinOp::Add, current.handle(), step.handle())?;
    cx.state::<Count>(args.at(0))?.next.set_value(next.value());
    Ok(current.get(cx))
}

fn count_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Count>(args.at(0))?;
    let (next, step) = (state.next.value(), state.step.value());
    let name = cx.vm().type_name_of(args.at(0).value());
    let mut parts = vec![next];
    if step != Value::small(1) {
        parts.push(step);
    }
    call_repr(cx, &name, &parts)
}

/// `name(first, second)`.
fn call_repr<'a>(cx: &'a mut Cx, name: &str, parts: &[Value]) -> Res<'a> {
    let parts: Vec<_> = parts.iter().map(|part| cx.root_value(*part)).collect();
    let mut text = crate::text_builder::TextBuilder::new();
    text.push_str(name);
    for (i, part) in parts.iter().enumerate() {
        text.push_str(if i == 0 { "(" } else { ", " });
        cx.push_repr(&mut text, part.value())?;
    }
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn count_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Count>(args.at(0))?;
    let parts = [state.next.value(), state.step.value()];
    let arguments = &parts[..if parts[1] == Value::small(1) { 1 } else { 2 }];
    let reduced = cx.reduce_to_type(args.at(0), arguments);
    Ok(cx.local(reduced))
}

fn cycle_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(1))?;
    let saved = cx.vm().new_list(Vec::new());
    let state = Cycle { iterator: Slot::of(iterator.value()), saved: Slot::of(saved), index: 0.into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn cycle_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.state::<Cycle>(args.at(0))?.iterator.value();
    if !iterator.is_undef() {
        if let Some(item) = cx.next_raw(iterator)? {
            let saved = cx.state::<Cycle>(args.at(0))?.saved.value();
            if cx.vm().list_append(saved, item) == Value::RAISED {
                return Err(Raised);
            }
            return Ok(cx.local(item));
        }
        cx.state::<Cycle>(args.at(0))?.iterator.clear();
    }
    let state = cx.state::<Cycle>(args.at(0))?;
    let saved = list_items(state.saved.value());
    if saved.is_empty() {
        return Err(cx.vm().raise_exhausted());
    }
    let index = state.index.get() % saved.len();
    state.index.set(index + 1);
    Ok(cx.local(saved[index]))
}

fn repeat_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let left = match args.opt(2) {
        Some(times) => cx.index_i64(times)?.max(0),
        None => -1,
    };
    let state = Repeat { object: Slot::of(args.at(1).value()), left: left.into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn repeat_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Repeat>(args.at(0))?;
    match state.left.get() {
        0 => return Err(cx.vm().raise_exhausted()),
        left if left > 0 => state.left.set(left - 1),
        _ => {}
    }
    Ok(cx.local(state.object.value()))
}

fn repeat_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Repeat>(args.at(0))?;
    let (object, left) = (state.object.value(), state.left.get());
    let name = cx.vm().type_name_of(args.at(0).value());
    let left_value = cx.vm().new_int(left);
    let parts = [object, left_value];
    call_repr(cx, &name, &parts[..if left < 0 { 1 } else { 2 }])
}

fn repeat_length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let left = cx.state::<Repeat>(args.at(0))?.left.get();
    if left < 0 {
        return Err(cx.vm().raise_type_error("len() of unsized object"));
    }
    let left = cx.vm().new_int(left);
    Ok(cx.local(left))
}

fn repeat_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Repeat>(args.at(0))?;
    let (object, left) = (state.object.value(), state.left.get());
    let left_value = cx.vm().new_int(left);
    let parts = [object, left_value];
    let reduced = cx.reduce_to_type(args.at(0), &parts[..if left < 0 { 1 } else { 2 }]);
    Ok(cx.local(reduced))
}
