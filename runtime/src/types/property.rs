//! `property`.

#![expect(unsafe_code, reason = "properties are reached through cells")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::frame::Cont;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, fget=None, fset=None, fdel=None, doc=None", init),
    NativeDef::new("getter", "$self, object, /", getter)
        .doc("Descriptor to obtain a copy of the property with a different getter."),
    NativeDef::new("setter", "$self, object, /", setter)
        .doc("Descriptor to obtain a copy of the property with a different setter."),
    NativeDef::new("deleter", "$self, object, /", deleter)
        .doc("Descriptor to obtain a copy of the property with a different deleter."),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__set__", "$self, instance, value, /", set),
    NativeDef::new("__delete__", "$self, instance, /", delete),
    NativeDef::new("__set_name__", "$self, owner, name, /", set_name),
    NativeDef::getter("fget", fget),
    NativeDef::getter("fset", fset),
    NativeDef::getter("fdel", fdel),
    NativeDef::attribute("__doc__", get_doc, set_doc),
    NativeDef::attribute("__name__", get_name, set_name_attribute),
    NativeDef::getter("__isabstractmethod__", is_abstract),
];

fn cell<'a>(value: Value) -> &'a mut PropertyCell {
    // SAFETY: the caller has a live property.
    unsafe { &mut *value.cast::<PropertyCell>() }
}

/// Raises AttributeError: the property has no such accessor.
pub(crate) fn raise_no_accessor(vm: &mut Vm, property: Value, object: Value, what: &str) -> Value {
    let ty = vm.type_of(object);
    let ty = vm.str_lossy(vm.type_data(ty).qualname);
    let name = property_name(vm, property);
    let message = match name {
        Ok(Some(name)) => format!("property '{name}' of '{ty}' object has no {what}"),
        Ok(None) => format!("property of '{ty}' object has no {what}"),
        Err(Raised) => return Value::RAISED,
    };
    vm.raise_attribute_error_text(&message);
    Value::RAISED
}

/// The property's name, or else its getter's.
fn own_name(vm: &mut Vm, property: Value) -> Result<Option<Value>, Raised> {
    let p = cell(property);
    if !p.name.is_undef() {
        return Ok(Some(p.name));
    }
    let get = p.get;
    if get.is_undef() || get.is_none() {
        return Ok(None);
    }
    vm.enter(|cx| {
        let get = cx.root_value(get);
        Ok(cx.get_attr_opt(get.handle(), "__name__")?.map(|name| name.value()))
    })
}

fn property_name(vm: &mut Vm, property: Value) -> Result<Option<String>, Raised> {
    let name = own_name(vm, property)?;
    let Some(name) = name else { return Ok(None) };
    vm.enter(|cx| {
        let name = cx.root_value(name);
        let text = cx.repr_text(name.handle())?;
        Ok(Some(text.trim_matches('\'').to_string()))
    })
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    let plain = vm.alloc_cell(Kind::Property, shape_id::PROPERTY, |header| PropertyCell {
        header,
        get: Value::NONE,
        set: Value::NONE,
        delete: Value::NONE,
        doc: Value::NONE,
        name: Value::UNDEF,
        doc_from_getter: false,
    });
    let property = if ty == vm.types.property { plain } else { vm.as_subclass(plain, ty)? };
    Ok(cx.local(property))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let given = |i: usize| args.opt(i).map_or(Value::NONE, Handle::value);
    let property = args.at(0).value();
    let p = cell(property);
    (p.get, p.set, p.delete, p.name, p.doc_from_getter) = (given(1), given(2), given(3), Value::UNDEF, false);
    let mut doc = given(4);
    if doc.is_none() && !p.get.is_none() {
        let get = cx.root_value(p.get);
        if let Some(found) = cx.get_attr_opt(get.handle(), "__doc__")?
            && !found.value().is_none()
        {
            doc = found.value();
            cell(property).doc_from_getter = true;
        }
    }
    cell(property).doc = doc;
    // A subclass's own `__doc__` hides the field, so the text is put where instances look.
    if cx.vm().type_of(property) != cx.vm().types.property {
        let doc = cx.root_value(doc);
        if cx.set_attr(args.at(0), "__doc__", doc.handle()).is_err() {
            let vm = cx.vm();
            if !vm.clear_if(vm.exceptions.attribute_error) {
                return Err(Raised);
            }
        }
    }
    Ok(cx.none())
}

/// A copy with other accessors, made by calling the property's type.
fn copy<'a>(cx: &'a mut Cx, property: Handle<'_>, get: Value, set: Value, delete: Value) -> Res<'a> {
    let p = cell(property.value());
    let doc = if p.doc_from_getter && !get.is_none() { Value::NONE } else { p.doc };
    let name = cx.root_value(p.name);
    let ty = cx.vm().type_of(property.value());
    let values = [get, set, delete, doc];
    let made = cx.vm().door(|vm| vm.call(ty, CallArgs::positional(&values), Cont::Store))?;
    if made.is_kind(Kind::Property) {
        cell(made).name = name.value();
    }
    Ok(cx.local(made))
}

fn getter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let p = cell(args.at(0).value());
    copy(cx, args.at(0), args.at(1).value(), p.set, p.delete)
}

fn setter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let p = cell(args.at(0).value());
    copy(cx, args.at(0), p.get, args.at(1).value(), p.delete)
}

fn deleter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let p = cell(args.at(0).value());
    copy(cx, args.at(0), p.get, p.set, args.at(1).value())
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (property, instance) = (args.at(0).value(), args.at(1).value());
    if instance.is_none() {
        return Ok(args.at(0).get(cx));
    }
    let value = cx.vm().door(|vm| vm.get_property(property, instance))?;
    Ok(cx.local(value))
}

fn store(vm: &mut Vm, property: Value, instance: Value, value: Value) -> Result<(), Raised> {
    vm.door(|vm| vm.set_property(property, instance, value)).map(drop)
}

fn set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    store(cx.vm(), args.at(0).value(), args.at(1).value(), args.at(2).value())?;
    Ok(cx.none())
}

fn delete<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    store(cx.vm(), args.at(0).value(), args.at(1).value(), Value::UNDEF)?;
    Ok(cx.none())
}

fn set_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cell(args.at(0).value()).name = args.at(2).value();
    Ok(cx.none())
}

fn fget<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).get))
}

fn fset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).set))
}

fn fdel<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).delete))
}

fn get_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).doc))
}

fn set_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cell(args.at(0).value()).doc = args.opt(1).map_or(Value::NONE, Handle::value);
    Ok(cx.none())
}

fn get_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let property = args.at(0).value();
    match own_name(cx.vm(), property)? {
        Some(name) => Ok(cx.local(name)),
        None => {
            let ty = cx.vm().type_name_of(property);
            let message = format!("'{ty}' object has no attribute '__name__'");
            Err(cx.vm().raise_attribute_error_text(&message))
        }
    }
}

fn set_name_attribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cell(args.at(0).value()).name = args.opt(1).map_or(Value::UNDEF, Handle::value);
    Ok(cx.none())
}

fn is_abstract<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for accessor in 0..3 {
        let p = cell(args.at(0).value());
        let function = [p.get, p.set, p.delete][accessor];
        if super::wrappers::says_abstract(cx, function)? {
            return Ok(cx.bool(true));
        }
    }
    Ok(cx.bool(false))
}
