//! `_tuplegetter`: the descriptors of named tuples' fields.

use std::cell::Cell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::tuple::tuple_items;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, index, doc, /", new),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__set__", "$self, instance, value, /", set),
    NativeDef::new("__delete__", "$self, instance, /", delete),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::attribute("__doc__", get_doc, set_doc),
];

native_state!(
    /// A getter's state: which item of the tuple.
    Getter { doc ; ; index: Cell<i64> }
);

/// Adds the type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::super::add_type(vm, dict, "_tuplegetter", Kind::Boxed, 0, METHODS);
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_i64(args.at(1))?;
    let state = Getter { doc: Slot::of(args.at(2).value()), index: index.into() };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.state::<Getter>(args.at(0))?.index.get();
    let instance = args.at(1);
    if instance.value().is_none() {
        return Ok(args.at(0).get(cx));
    }
    if !instance.value().is_kind(Kind::Tuple) {
        let ty = cx.vm().type_name_of(instance.value());
        let message =
            format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{ty}' object");
        return Err(cx.vm().raise_type_error(&message));
    }
    match usize::try_from(index).ok().and_then(|index| tuple_items(instance.value()).get(index)) {
        Some(item) => Ok(cx.local(*item)),
        None => Err(cx.vm().raise_index_error("tuple index out of range")),
    }
}

fn set<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_attribute_error_text("can't set attribute"))
}

fn delete<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_attribute_error_text("can't delete attribute"))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Getter>(args.at(0))?;
    let (index, doc) = (state.index.get(), state.doc.value());
    let doc = cx.root_value(doc);
    let doc = cx.repr_text(doc.handle())?;
    let text = cx.vm().new_str(&format!("_tuplegetter({index}, {doc})"));
    Ok(cx.local(text))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Getter>(args.at(0))?;
    let (index, doc) = (state.index.get(), state.doc.value());
    let index = cx.vm().new_int(index);
    let reduced = cx.reduce_to_type(args.at(0), &[index, doc]);
    Ok(cx.local(reduced))
}

fn get_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let doc = cx.state::<Getter>(args.at(0))?.doc.value();
    Ok(cx.local(if doc.is_undef() { Value::NONE } else { doc }))
}

fn set_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let doc = args.opt(1).map_or(Value::NONE, Handle::value);
    cx.state::<Getter>(args.at(0))?.doc.set_value(doc);
    Ok(cx.none())
}
