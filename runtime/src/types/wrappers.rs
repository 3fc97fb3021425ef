//! `staticmethod` and `classmethod`.

#![expect(unsafe_code, reason = "wrappers are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

use super::type_type::{get_dict, set_dict};

pub(super) static STATIC: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new_static),
    NativeDef::new("__init__", "$self, function, /", init),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get_static),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call_static),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::getter("__func__", func),
    NativeDef::getter("__wrapped__", func),
    NativeDef::getter("__isabstractmethod__", is_abstract),
    NativeDef::attribute("__dict__", get_dict, set_dict),
];

pub(super) static CLASS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new_class),
    NativeDef::new("__init__", "$self, function, /", init),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get_class),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::getter("__func__", func),
    NativeDef::getter("__wrapped__", func),
    NativeDef::getter("__isabstractmethod__", is_abstract),
    NativeDef::attribute("__dict__", get_dict, set_dict),
];

fn cell<'a>(handle: Handle<'_>) -> &'a mut WrapperCell {
    // SAFETY: these natives belong to the wrappers' types: their first argument is a live wrapper.
    unsafe { &mut *handle.value().cast::<WrapperCell>() }
}

impl Vm {
    fn new_wrapper(&mut self, kind: Kind, shape: u32, function: Value) -> Value {
        self.alloc_cell(kind, shape, |header| WrapperCell { header, function, dict: Value::UNDEF })
    }

    /// `staticmethod(function)`.
    pub(crate) fn new_staticmethod(&mut self, function: Value) -> Value {
        self.new_wrapper(Kind::StaticMethod, shape_id::STATICMETHOD, function)
    }

    /// `classmethod(function)`.
    pub(crate) fn new_classmethod(&mut self, function: Value) -> Value {
        self.new_wrapper(Kind::ClassMethod, shape_id::CLASSMETHOD, function)
    }
}

fn new_static<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let shape = cx.vm().type_data(args.at(0).value()).shape;
    let wrapper = cx.vm().new_wrapper(Kind::StaticMethod, shape, Value::NONE);
    Ok(cx.local(wrapper))
}

fn new_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let shape = cx.vm().type_data(args.at(0).value()).shape;
    let wrapper = cx.vm().new_wrapper(Kind::ClassMethod, shape, Value::NONE);
    Ok(cx.local(wrapper))
}

/// Takes the function, and the attributes that describe it, as `functools.wraps` does.
fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cell(args.at(0)).function = args.at(1).value();
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        if let Some(value) = cx.get_attr_opt(args.at(1), name)? {
            cx.set_attr(args.at(0), name, value.handle())?;
        }
    }
    Ok(cx.none())
}

fn get_static<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).function))
}

fn get_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let class = match args.some(2) {
        Some(class) => class.value(),
        None => cx.vm().type_of(args.at(1).value()),
    };
    let function = cell(args.at(0)).function;
    let bound = cx.vm().bind_class_method(function, class);
    Ok(cx.local(bound))
}

fn call_static<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = cx.root_value(cell(args.at(0)).function);
    let keywords = args.opt(1).map_or(Value::UNDEF, Handle::value);
    let values = args.rest_values();
    let result =
        super::class_statement::call_with_keywords(cx, function.handle(), &values, keywords)?.value();
    Ok(cx.local(result))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().type_name_of(args.at(0).value());
    let function = cx.root_value(cell(args.at(0)).function);
    let inner = cx.repr(function.handle())?;
    let text = cx.vm().concat_texts(&[&format!("<{name}("), ")>"], &[inner.value()]);
    Ok(cx.local(text))
}

fn func<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).function))
}

/// Whether a function says of itself that it is abstract.
pub(super) fn says_abstract(cx: &mut Cx, function: Value) -> Result<bool, Raised> {
    if function.is_undef() || function.is_none() {
        return Ok(false);
    }
    let function = cx.root_value(function);
    match cx.get_attr_opt(function.handle(), "__isabstractmethod__")? {
        Some(answer) => cx.truth(answer.handle()),
        None => Ok(false),
    }
}

fn is_abstract<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let answer = says_abstract(cx, cell(args.at(0)).function)?;
    Ok(cx.bool(answer))
}
