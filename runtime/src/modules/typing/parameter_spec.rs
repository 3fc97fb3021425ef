//! `P.args` and `P.kwargs` of a parameter specification.

use std::any::Any;

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;

struct Half {
    origin: Slot,
}

impl Payload for Half {
    fn trace(&self, marker: &mut Marker) {
        self.origin.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static ARGS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, origin", new_args),
    NativeDef::new("__repr__", "$self, /", args_repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__mro_entries__", "$self, object, /", mro_entries),
    NativeDef::getter("__origin__", origin),
];

pub(super) static KWARGS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, origin", new_kwargs),
    NativeDef::new("__repr__", "$self, /", kwargs_repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__mro_entries__", "$self, object, /", mro_entries),
    NativeDef::getter("__origin__", origin),
];

fn make(cx: &Cx, ty: Value, origin: Handle<'_>) -> Value {
    let shape = cx.vm().shape_of_type(ty);
    cx.vm().new_boxed(shape, Box::new(Half { origin: Slot::of(origin.value()) }))
}

/// `P.args`.
pub(super) fn args_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().spec_args;
    let half = make(cx, ty, args.at(0));
    Ok(cx.local(half))
}

/// `P.kwargs`.
pub(super) fn kwargs_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().spec_kwargs;
    let half = make(cx, ty, args.at(0));
    Ok(cx.local(half))
}

fn new_args<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().spec_args;
    let half = make(cx, ty, args.at(1));
    Ok(cx.local(half))
}

fn new_kwargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().spec_kwargs;
    let half = make(cx, ty, args.at(1));
    Ok(cx.local(half))
}

fn origin_of(cx: &Cx, half: Handle<'_>) -> Option<Value> {
    cx.payload::<Half>(half).map(|half| half.origin.value())
}

fn origin<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let origin = origin_of(cx, args.at(0)).expect("methods get an object of the type");
    Ok(cx.local(origin))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>, what: &str) -> Res<'a> {
    let origin = origin_of(cx, args.at(0)).expect("methods get an object of the type");
    let origin = cx.root_value(origin);
    let specs = cx.vm().typing().param_spec;
    let text = if cx.vm().type_of(origin.value()) == specs {
        let name = cx.get_attr(origin.handle(), "__name__")?;
        cx.str_text(name.handle())?
    } else {
        cx.repr_text(origin.handle())?
    };
    let text = cx.vm().new_str(&format!("{text}.{what}"));
    Ok(cx.local(text))
}

fn args_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    repr(cx, args, "args")
}

fn kwargs_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    repr(cx, args, "kwargs")
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (args.at(0), args.at(1));
    let same_type = cx.vm().type_of(a.value()) == cx.vm().type_of(b.value());
    let (Some(left), Some(right)) = (origin_of(cx, a), origin_of(cx, b).filter(|_| same_type)) else {
        return Ok(cx.not_implemented());
    };
    let (left, right) = (cx.root_value(left), cx.root_value(right));
    let equal = cx.eq(left.handle(), right.handle())?;
    Ok(cx.bool(equal))
}

fn mro_entries<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_name_of(args.at(0).value());
    let raised: Raised = cx.vm().raise_type_error(&format!("Cannot subclass an instance of {ty}"));
    Err(raised)
}
