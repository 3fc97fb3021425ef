//! `dict_keys`, `dict_values`, `dict_items`: views, the first and the last of which are set-like.

use bytecode::CompareOp;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::dict_ops::{dict_data, set_data};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::shared::rich_comparisons;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// A view's state.
struct View {
    dict: Slot,
}

impl Payload for View {
    fn trace(&self, marker: &mut Marker) {
        self.dict.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

macro_rules! common_methods {
    ($($more:expr,)*) => {
        &[
            NativeDef::new("__iter__", "$self, /", iter),
            NativeDef::new("__len__", "$self, /", len),
            NativeDef::new("__repr__", "$self, /", repr),
            NativeDef::new("__reversed__", "$self, /", reversed)
                .doc("Return a reverse iterator over the dict view."),
            NativeDef::getter("mapping", mapping).doc("dictionary that this view refers to"),
            $($more,)*
        ]
    };
}

static VALUES_METHODS: &[NativeDef] = common_methods! {};
static SET_METHODS: &[NativeDef] = common_methods! {
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__and__", "$self, value, /", and),
    NativeDef::new("__rand__", "$self, value, /", and),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::new("__xor__", "$self, value, /", xor),
    NativeDef::new("__rxor__", "$self, value, /", xor_reflected),
    NativeDef::new("__sub__", "$self, value, /", sub),
    NativeDef::new("__rsub__", "$self, value, /", sub_reflected),
    NativeDef::new("isdisjoint", "$self, other, /", is_disjoint)
        .doc("Return True if the view and the given iterable have a null intersection."),
};

rich_comparisons!(compare);

/// Which of the three a view is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Which {
    Keys,
    Values,
    Items,
}

fn which(cx: &Cx, view: Handle<'_>) -> Option<Which> {
    let (vm, ty) = (cx.vm(), cx.vm().type_of(view.value()));
    let types = [
        (vm.types.dict_keys, Which::Keys),
        (vm.types.dict_values, Which::Values),
        (vm.types.dict_items, Which::Items),
    ];
    types.into_iter().find(|(view_type, _)| vm.is_subtype(ty, *view_type)).map(|(_, which)| which)
}

fn is_set_view(cx: &Cx, value: Handle<'_>) -> bool {
    matches!(which(cx, value), Some(Which::Keys | Which::Items))
}

/// The dict that a view shows, raw: it stays as long as the view.
fn dict_of(cx: &Cx, view: Handle<'_>) -> Result<Value, Raised> {
    Ok(cx.state::<View>(view)?.dict.value())
}

/// The items of a dict's view's iterator type, forward and back.
fn iterator_shape(which: Which, back: bool) -> u32 {
    match (which, back) {
        (Which::Keys, false) => shape_id::DICT_KEY_ITERATOR,
        (Which::Keys, true) => shape_id::DICT_REVERSE_KEY_ITERATOR,
        (Which::Values, false) => shape_id::DICT_VALUE_ITERATOR,
        (Which::Values, true) => shape_id::DICT_REVERSE_VALUE_ITERATOR,
        (Which::Items, false) => shape_id::DICT_ITEM_ITERATOR,
        (Which::Items, true) => shape_id::DICT_REVERSE_ITEM_ITERATOR,
    }
}

/// A view of a dict, of the type of a shape.
pub(crate) fn new_view(vm: &mut Vm, shape: u32, dict: Value) -> Value {
    vm.new_boxed(shape, Box::new(View { dict: Slot::of(dict) }))
}

/// `dict.keys()`.
pub(crate) fn keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = new_view(cx.vm(), shape_id::DICT_KEYS, args.at(0).value());
    Ok(cx.local(view))
}

/// `dict.values()`.
pub(crate) fn values<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = new_view(cx.vm(), shape_id::DICT_VALUES, args.at(0).value());
    Ok(cx.local(view))
}

/// `dict.items()`.
pub(crate) fn items<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = new_view(cx.vm(), shape_id::DICT_ITEMS, args.at(0).value());
    Ok(cx.local(view))
}

fn iterate<'a>(cx: &'a mut Cx, view: Handle<'_>, back: bool) -> Res<'a> {
    let dict = dict_of(cx, view)?;
    let which = which(cx, view).unwrap_or(Which::Keys);
    let iterator = cx.vm().new_dict_iter(iterator_shape(which, back), dict, back);
    Ok(cx.local(iterator))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    iterate(cx, args.at(0), false)
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    iterate(cx, args.at(0), true)
}

fn view_len(cx: &Cx, view: Handle<'_>) -> Result<usize, Raised> {
    Ok(dict_data(dict_of(cx, view)?).len())
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = view_len(cx, args.at(0))? as i64;
    let len = cx.vm().new_int(len);
    Ok(cx.local(len))
}

fn mapping<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = dict_of(cx, args.at(0))?;
    let proxy = super::mappingproxy::new_mappingproxy(cx.vm(), dict);
    Ok(cx.local(proxy))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = args.at(0);
    let name = cx.vm().type_name_of(view.value());
    let text = cx.guarded_repr(view, "...", |cx, text| {
        let list = cx.collect(view)?;
        text.push_str(&name);
        text.push_str("([");
        cx.push_items_repr(text, list.handle())?;
        text.push_str("])");
        Ok(())
    })?;
    Ok(cx.local(text))
}

/// Whether a set-like view has an element.
fn view_contains(cx: &mut Cx, view: Handle<'_>, element: Handle<'_>) -> Result<bool, Raised> {
    let dict = dict_of(cx, view)?;
    let dict = cx.root_value(dict);
    if which(cx, view) == Some(Which::Keys) {
        return Ok(cx.dict_lookup(dict.handle(), element)?.is_some());
    }
    let pair = cx.vm().sequence_values(element.value());
    let ([key, value], true) = (&pair[..], element.value().is_kind(Kind::Tuple)) else { return Ok(false) };
    let (key, value) = (cx.root_value(*key), cx.root_value(*value));
    match cx.dict_lookup(dict.handle(), key.handle())? {
        Some(found) => cx.is_or_equals(found, value.handle()),
        None => Ok(false),
    }
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = view_contains(cx, args.at(0), args.at(1))?;
    Ok(cx.bool(found))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (view, other) = (args.at(0), args.at(1));
    let other_is_set = matches!(other.value().kind(), Some(Kind::Set | Kind::FrozenSet));
    if !other_is_set && !is_set_view(cx, other) {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (view_len(cx, view)?, cx.len(other)?);
    let holds = match op {
        CompareOp::Eq => a == b && all_in(cx, view, other)?,
        CompareOp::Ne => !(a == b && all_in(cx, view, other)?),
        CompareOp::Lt => a < b && all_in(cx, view, other)?,
        CompareOp::Le => a <= b && all_in(cx, view, other)?,
        CompareOp::Gt => a > b && all_in(cx, other, view)?,
        CompareOp::Ge => a >= b && all_in(cx, other, view)?,
    };
    Ok(cx.bool(holds))
}

fn all_in(cx: &mut Cx, elements: Handle<'_>, container: Handle<'_>) -> Result<bool, Raised> {
    let iterator = cx.iter(elements)?;
    while let Some(element) = cx.next(iterator.handle())? {
        if !cx.contains(container, element.handle())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A new set of an iterable's elements.
fn to_set(cx: &mut Cx, elements: Handle<'_>) -> Result<Root, Raised> {
    let set = cx.vm().new_set();
    let set = cx.root_value(set);
    if which(cx, elements) == Some(Which::Keys) {
        let dict = dict_of(cx, elements)?;
        let dict = cx.root_value(dict);
        if cx.vm().is_exact(dict.value()) {
            cx.set_extend(set.handle(), dict.handle())?;
            return Ok(set);
        }
    }
    cx.set_extend(set.handle(), elements)?;
    Ok(set)
}

fn and<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut view, mut other) = (args.at(0), args.at(1));
    let len = view_len(cx, view)?;
    let other_is_set =
        matches!(other.value().kind(), Some(Kind::Set | Kind::FrozenSet)) && cx.vm().is_exact(other.value());
    if other_is_set && len <= set_data(other.value()).len() {
        let result = cx.call_method(other, "intersection", &[view])?;
        return Ok(result.get(cx));
    }
    if is_set_view(cx, other) && view_len(cx, other)? > len {
        std::mem::swap(&mut view, &mut other);
    }
    let set = cx.vm().new_set();
    let set = cx.root_value(set);
    let iterator = cx.iter(other)?;
    while let Some(element) = cx.next(iterator.handle())? {
        if view_contains(cx, view, element.handle())? {
            cx.set_add(set.handle(), element.handle())?;
        }
    }
    Ok(set.get(cx))
}

fn union<'a>(cx: &'a mut Cx, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    let set = to_set(cx, left)?;
    cx.set_extend(set.handle(), right)?;
    Ok(set.get(cx))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(1))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(1), args.at(0))
}

fn difference<'a>(cx: &'a mut Cx, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    let set = to_set(cx, left)?;
    super::set::difference_update_with(cx, set.handle(), right)?;
    Ok(set.get(cx))
}

fn sub<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    difference(cx, args.at(0), args.at(1))
}

fn sub_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    difference(cx, args.at(1), args.at(0))
}

fn symmetric<'a>(cx: &'a mut Cx, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    let set = to_set(cx, left)?;
    super::set::symmetric_difference_update_with(cx, set.handle(), right)?;
    Ok(set.get(cx))
}

fn xor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    symmetric(cx, args.at(0), args.at(1))
}

fn xor_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    symmetric(cx, args.at(1), args.at(0))
}

fn is_disjoint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut view, mut other) = (args.at(0), args.at(1));
    if view.value() == other.value() {
        let empty = view_len(cx, view)? == 0;
        return Ok(cx.bool(empty));
    }
    let sized = is_set_view(cx, other) || matches!(other.value().kind(), Some(Kind::Set | Kind::FrozenSet));
    if sized && cx.len(other)? > view_len(cx, view)? {
        std::mem::swap(&mut view, &mut other);
    }
    let iterator = cx.iter(other)?;
    while let Some(element) = cx.next(iterator.handle())? {
        if cx.contains(view, element.handle())? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}

/// Fills the namespaces of the view types.
pub(crate) fn install(vm: &mut Vm) {
    let types = vm.types;
    super::add_methods(vm, types.dict_values, VALUES_METHODS);
    for ty in [types.dict_keys, types.dict_items] {
        super::add_methods(vm, ty, SET_METHODS);
        super::add_methods(vm, ty, COMPARISONS);
        vm.set_unhashable(ty);
    }
}
