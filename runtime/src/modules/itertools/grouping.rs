//! `groupby` and the iterators over its groups.

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static TYPES: &[(&str, &[NativeDef])] = &[("groupby", GROUPBY_METHODS)];

static GROUPBY_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable, key=None", groupby_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", groupby_next),
];
static GROUPER_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, parent, tgtkey, /", grouper_new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", grouper_next),
];

native_state!(
    /// A `groupby`'s state: the key of the group being given out, the item read last and its key.
    GroupBy { iterator, key, target_key, current_key, current_value, current_grouper ; ; }
);
native_state!(
    /// The state of an iterator over one group.
    Grouper { parent, target_key ; ; }
);

/// Adds the groups' type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    vm.module_types.grouper = super::iterator_type(vm, dict, "_grouper", GROUPER_METHODS, 0);
}

fn groupby_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(1))?;
    let state = GroupBy {
        iterator: Slot::of(iterator.value()),
        key: args.some(2).map_or(Slot::empty(), |key| Slot::of(key.value())),
        target_key: Slot::empty(),
        current_key: Slot::empty(),
        current_value: Slot::empty(),
        current_grouper: Slot::empty(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

/// Reads the next item and its key; false at the end.
fn step(cx: &mut Cx, groupby: Handle<'_>) -> Result<bool, Raised> {
    let state = cx.state::<GroupBy>(groupby)?;
    let (iterator, key) = (state.iterator.value(), state.key.value());
    let Some(item) = cx.next_raw(iterator)? else { return Ok(false) };
    let item = cx.root_value(item);
    let item_key = if key.is_undef() { item.value() } else { cx.call_raw(key, &[item.value()])? };
    let state = cx.state::<GroupBy>(groupby)?;
    state.current_value.set_value(item.value());
    state.current_key.set_value(item_key);
    Ok(true)
}

/// Whether two keys are equal.
fn same_key(cx: &mut Cx, a: Value, b: Value) -> Result<bool, Raised> {
    let (a, b) = (cx.root_value(a), cx.root_value(b));
    cx.eq(a.handle(), b.handle())
}

fn groupby_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.state::<GroupBy>(args.at(0))?.current_grouper.clear();
    loop {
        let state = cx.state::<GroupBy>(args.at(0))?;
        let (current, target) = (state.current_key.value(), state.target_key.value());
        if !current.is_undef() && (target.is_undef() || !same_key(cx, target, current)?) {
            break;
        }
        if !step(cx, args.at(0))? {
            return Err(cx.vm().raise_exhausted());
        }
    }
    let state = cx.state::<GroupBy>(args.at(0))?;
    let key = state.current_key.value();
    state.target_key.set_value(key);
    let grouper = make_grouper(cx, args.at(0), key)?;
    let pair = cx.vm().new_tuple(&[key, grouper]);
    Ok(cx.local(pair))
}

fn make_grouper(cx: &mut Cx, parent: Handle<'_>, key: Value) -> Result<Value, Raised> {
    let vm = cx.vm();
    let shape = vm.type_data(vm.module_types.grouper).shape;
    let state = Grouper { parent: Slot::of(parent.value()), target_key: Slot::of(key) };
    let grouper = vm.new_boxed(shape, Box::new(state));
    cx.state::<GroupBy>(parent)?.current_grouper.set_value(grouper);
    Ok(grouper)
}

fn grouper_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.payload::<GroupBy>(args.at(1)).is_none() {
        let ty = cx.vm().type_name_of(args.at(1).value());
        let message = format!("_grouper() argument 1 must be itertools.groupby, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let grouper = make_grouper(cx, args.at(1), args.at(2).value())?;
    Ok(cx.local(grouper))
}

fn grouper_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Grouper>(args.at(0))?;
    let (parent, target) = (state.parent.value(), state.target_key.value());
    let (parent, target) = (cx.root_value(parent), cx.root_value(target));
    if cx.state::<GroupBy>(parent.handle())?.current_grouper.value() != args.at(0).value() {
        return Err(cx.vm().raise_exhausted());
    }
    if cx.state::<GroupBy>(parent.handle())?.current_value.value().is_undef() && !step(cx, parent.handle())? {
        return Err(cx.vm().raise_exhausted());
    }
    let current = cx.state::<GroupBy>(parent.handle())?.current_key.value();
    if !same_key(cx, target.value(), current)? {
        return Err(cx.vm().raise_exhausted());
    }
    let state = cx.state::<GroupBy>(parent.handle())?;
    let item = state.current_value.value();
    state.current_value.clear();
    state.current_key.clear();
    if item.is_undef() {
        return Err(cx.vm().raise_exhausted());
    }
    Ok(cx.local(item))
}
