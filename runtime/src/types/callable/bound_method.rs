//! `method`: a function bound to its first argument.

#![expect(unsafe_code, reason = "methods are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, function, instance, /", new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", super::function::call),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::getter("__func__", func).doc("the function (or other callable) implementing a method"),
    NativeDef::getter("__self__", self_).doc("the instance to which a method is bound"),
    NativeDef::getter("__doc__", doc),
];

fn parts(handle: Handle<'_>) -> (Value, Value) {
    let method = handle.value().cast::<MethodCell>();
    // SAFETY: these natives belong to `method`: their first argument is a live method.
    unsafe { ((*method).function, (*method).self_) }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, instance) = (args.at(1).value(), args.at(2).value());
    if !cx.vm().is_callable(function) {
        return Err(cx.vm().raise_type_error("first argument must be callable"));
    }
    if instance.is_none() {
        return Err(cx.vm().raise_type_error("instance must not be None"));
    }
    let method = cx.vm().new_method(function, instance);
    Ok(cx.local(method))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Method) {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (parts(args.at(0)), parts(args.at(1)));
    if a.1 != b.1 {
        return Ok(cx.bool(false));
    }
    let (x, y) = (cx.root_value(a.0), cx.root_value(b.0));
    let equal = cx.eq(x.handle(), y.handle())?;
    Ok(cx.bool(equal))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, instance) = parts(args.at(0));
    let function = cx.root_value(function);
    let hash = super::super::type_type::hash_identity(instance) ^ cx.hash(function.handle())?;
    let hash = if hash == u64::MAX { u64::MAX - 1 } else { hash };
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, instance) = parts(args.at(0));
    let (function, instance) = (cx.root_value(function), cx.root_value(instance));
    let name = match cx.get_attr_opt(function.handle(), "__qualname__")? {
        Some(name) => Some(name),
        None => cx.get_attr_opt(function.handle(), "__name__")?,
    };
    let name = name.map(|name| name.value()).filter(|name| name.is_kind(Kind::Str));
    let name = name.map_or(String::from("?"), |name| cx.vm().str_lossy(name));
    let inner = cx.repr(instance.handle())?;
    let text = cx.vm().concat_texts(&[&format!("<bound method {name} of "), ">"], &[inner.value()]);
    Ok(cx.local(text))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, instance) = parts(args.at(0));
    let (function, instance) = (cx.root_value(function), cx.root_value(instance));
    let name = cx.get_attr(function.handle(), "__name__")?;
    let getattr = cx.vm().builtin("getattr");
    let inner = cx.vm().new_tuple(&[instance.value(), name.value()]);
    let pair = cx.vm().new_tuple(&[getattr, inner]);
    Ok(cx.local(pair))
}

fn func<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(parts(args.at(0)).0))
}

fn self_<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(parts(args.at(0)).1))
}

fn doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = cx.root_value(parts(args.at(0)).0);
    let doc = cx.get_attr_opt(function.handle(), "__doc__")?.map_or(Value::NONE, |doc| doc.value());
    Ok(cx.local(doc))
}
