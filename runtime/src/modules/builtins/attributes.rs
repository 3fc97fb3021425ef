//! Built-in functions about objects: attributes, classes, identity, namespaces.

use crate::at_once;
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::ops::list_items;
use crate::types::type_type::attribute_name;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("callable", "obj, /", callable).doc(
        "Return whether the object is callable (i.e., some kind of function).\n\nNote that classes are callable, as are instances of classes with a\n__call__() method.",
    ),
    NativeDef::new("delattr", "obj, name, /", delattr)
        .doc("Deletes the named attribute from the given object.\n\ndelattr(x, 'y') is equivalent to ``del x.y``"),
    NativeDef::new("dir", "*args", dir),
    NativeDef::new("getattr", "object, name, default=<unrepresentable>, /", getattr),
    NativeDef::new("globals", "/", globals).doc("Return the dictionary containing the current scope's global variables."),
    NativeDef::new("hasattr", "obj, name, /", hasattr)
        .doc("Return whether the object has an attribute with the given name."),
    NativeDef::new("hash", "obj, /", hash).doc(
        "Return the hash value for the given object.\n\nTwo objects that compare equal must also have the same hash value, but the\nreverse is not necessarily true.",
    ),
    NativeDef::new("id", "obj, /", id).doc("Return the identity of an object."),
    NativeDef::new("isinstance", "obj, class_or_tuple, /", isinstance)
        .at_once(at_once::isinstance)
        .doc("Return whether an object is an instance of a class or of a subclass thereof."),
    NativeDef::new("issubclass", "cls, class_or_tuple, /", issubclass)
        .doc("Return whether 'cls' is derived from another class or is the same class."),
    NativeDef::new("setattr", "obj, name, value, /", setattr)
        .doc("Sets the named attribute on the given object to the specified value."),
    NativeDef::new("vars", "object=<unrepresentable>, /", vars),
];

fn callable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let callable = cx.vm().is_callable(args.at(0).value());
    Ok(cx.bool(callable))
}

fn getattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    match cx.get_attr_value(args.at(0), name) {
        Ok(value) => Ok(value.get(cx)),
        Err(Raised) => match args.opt(2) {
            Some(default) if cx.vm().clear_if(cx.vm().exceptions.attribute_error) => Ok(default.get(cx)),
            _ => Err(Raised),
        },
    }
}

fn hasattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    match cx.get_attr_value(args.at(0), name) {
        Ok(_) => Ok(cx.bool(true)),
        Err(Raised) if cx.vm().clear_if(cx.vm().exceptions.attribute_error) => Ok(cx.bool(false)),
        Err(Raised) => Err(Raised),
    }
}

fn setattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let (object, value) = (args.at(0).value(), args.at(2).value());
    cx.vm().door(|vm| vm.store_attr(object, name, value))?;
    Ok(cx.none())
}

fn delattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let object = args.at(0).value();
    cx.vm().door(|vm| vm.delete_attr(object, name))?;
    Ok(cx.none())
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hash = cx.hash(args.at(0))?;
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

fn id<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let number = vm.ids.number(args.at(0).value());
    let id = vm.new_int(number as i64);
    Ok(cx.local(id))
}

fn isinstance<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let answer = cx.is_instance_of(args.at(0), args.at(1))?;
    Ok(cx.bool(answer))
}

fn issubclass<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let answer = cx.is_subclass_of(args.at(0), args.at(1))?;
    Ok(cx.bool(answer))
}

impl Vm {
    /// The globals of the innermost running Python function.
    pub(crate) fn running_globals(&self) -> Value {
        let running = self.frames().iter().rev().find(|frame| !self.is_entry(frame.callee));
        running.map_or(self.builtins, |frame| crate::types::function::globals_of(frame.callee))
    }
}

fn globals<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let globals = cx.vm().running_globals();
    Ok(cx.local(globals))
}

fn vars<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(object) = args.opt(0) else {
        let locals = cx.running_locals()?;
        return Ok(locals.get(cx));
    };
    match cx.get_attr_opt(object, "__dict__")? {
        Some(dict) => Ok(dict.get(cx)),
        None => Err(cx.vm().raise_type_error("vars() argument must have __dict__ attribute")),
    }
}

impl Cx {
    /// `locals()`, as the built-in function of that name gives it.
    fn running_locals(&mut self) -> Result<crate::cx::Root, Raised> {
        let name = self.vm().intern("locals");
        let Some(locals) = self.vm().dict_get_str(self.vm().builtins, name) else {
            return Err(self.vm().raise_not_implemented_error("locals() is missing"));
        };
        let locals = self.root_value(locals);
        self.call(locals.handle(), &[])
    }
}

fn dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_count("dir", args.rest().len(), 0, 1)?;
    let names = match args.rest().next() {
        Some(object) => names_of(cx, object)?,
        None => {
            let locals = cx.running_locals()?;
            cx.call_method(locals.handle(), "keys", &[])?
        }
    };
    let list = cx.collect(names.handle())?;
    crate::types::sort::sort_list(cx, list.handle(), None, false)?;
    debug_assert!(list_items(list.value()).len() < usize::MAX);
    Ok(list.get(cx))
}

fn names_of(cx: &mut Cx, object: Handle<'_>) -> Result<crate::cx::Root, Raised> {
    let name = cx.vm().intern("__dir__");
    match cx.call_special(object, name, &[])? {
        Some(names) => Ok(names),
        None => {
            debug_assert!(object.value().kind() != Some(Kind::Free), "object has __dir__");
            Err(cx.vm().raise_type_error("object does not provide __dir__"))
        }
    }
}
