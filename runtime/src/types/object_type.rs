//! `object`: what every instance has.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::dict_data;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::type_type::{attribute_name, get_dict, set_dict};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new)
        .doc("Create and return a new object.  See help(type) for accurate signature."),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init)
        .doc("Initialize self.  See help(type(self)) for accurate signature."),
    NativeDef::new("__repr__", "$self, /", repr).doc("Return repr(self)."),
    NativeDef::new("__str__", "$self, /", str).doc("Return str(self)."),
    NativeDef::new("__hash__", "$self, /", hash).doc("Return hash(self)."),
    NativeDef::new("__eq__", "$self, value, /", eq).doc("Return self==value."),
    NativeDef::new("__ne__", "$self, value, /", ne).doc("Return self!=value."),
    NativeDef::new("__lt__", "$self, value, /", unordered).doc("Return self<value."),
    NativeDef::new("__le__", "$self, value, /", unordered).doc("Return self<=value."),
    NativeDef::new("__gt__", "$self, value, /", unordered).doc("Return self>value."),
    NativeDef::new("__ge__", "$self, value, /", unordered).doc("Return self>=value."),
    NativeDef::new("__getattribute__", "$self, name, /", getattribute).doc("Return getattr(self, name)."),
    NativeDef::new("__setattr__", "$self, name, value, /", setattr)
        .doc("Implement setattr(self, name, value)."),
    NativeDef::new("__delattr__", "$self, name, /", delattr).doc("Implement delattr(self, name)."),
    NativeDef::new("__format__", "$self, format_spec, /", format).doc("Default object formatter."),
    NativeDef::new("__dir__", "$self, /", dir).doc("Default dir() implementation."),
    NativeDef::new("__reduce__", "$self, /", super::reduce::reduce).doc("Helper for pickle."),
    NativeDef::new("__reduce_ex__", "$self, protocol, /", super::reduce::reduce_ex).doc("Helper for pickle."),
    NativeDef::new("__getstate__", "$self, /", super::reduce::getstate).doc("Helper for pickle."),
    NativeDef::new("__sizeof__", "$self, /", sizeof).doc("Size of object in memory, in bytes."),
    NativeDef::class("__init_subclass__", "$type, /", init_subclass)
        .doc("This method is called when a class is subclassed."),
    NativeDef::class("__subclasshook__", "$type, object, /", subclasshook)
        .doc("Abstract classes can override this to customize issubclass()."),
    NativeDef::attribute("__class__", get_class, set_class).doc("the object's class"),
];

/// `__dict__` of the classes whose instances have one.
pub(super) static DICT: NativeDef =
    NativeDef::attribute("__dict__", get_dict, set_dict).doc("dictionary for instance variables");
/// `__weakref__` of the classes whose instances can be weakly referenced.
pub(super) static WEAKREF: NativeDef =
    NativeDef::getter("__weakref__", get_weakref).doc("list of weak references to the object");

fn get_weakref<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let address = args.at(0).value();
    let first = if address.is_cell() {
        cx.vm().gc.weakrefs.get(&(address.cell() as usize)).copied().unwrap_or(Value::NONE)
    } else {
        Value::NONE
    };
    Ok(cx.local(first))
}

fn has_excess(args: Args<'_>) -> bool {
    args.rest().len() > 0 || args.opt(1).is_some_and(|keywords| !dict_data(keywords.value()).is_empty())
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    super::type_type::check_new(cx, ty, cx.vm().types.object)?;
    let vm = cx.vm();
    if has_excess(args) {
        let (new_name, init_name) = (vm.names.__new__, vm.names.__init__);
        let object = vm.types.object;
        if vm.lookup(ty, new_name) != vm.lookup(object, new_name) {
            return Err(
                vm.raise_type_error("object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if vm.lookup(ty, init_name) == vm.lookup(object, init_name) {
            let message = format!("{}() takes no arguments", vm.type_name(ty));
            return Err(vm.raise_type_error(&message));
        }
    }
    if vm.type_data(ty).has(type_flag::ABSTRACT) {
        return Err(abstract_error(cx, ty)?);
    }
    let vm = cx.vm();
    if vm.type_data(ty).kind != Kind::Object || vm.type_data(ty).has(type_flag::NO_NEW) {
        let name = vm.type_name(ty);
        let new_name = vm.names.__new__;
        let has_no_new = vm.lookup(ty, new_name) == vm.lookup(vm.types.object, new_name);
        let message = if has_no_new || vm.type_data(ty).has(type_flag::NO_NEW) {
            format!("cannot create '{name}' instances")
        } else {
            let base = super::type_new::solid_base(vm, ty);
            let base = vm.type_name(base);
            format!("object.__new__({name}) is not safe, use {base}.__new__()")
        };
        return Err(vm.raise_type_error(&message));
    }
    let object = vm.new_object(ty);
    Ok(cx.local(object))
}

/// The TypeError for a class that has abstract methods left.
fn abstract_error(cx: &mut Cx, ty: Value) -> Result<Raised, Raised> {
    let name = cx.vm().type_name(ty);
    let ty = cx.root_value(ty);
    let methods = cx.get_attr(ty.handle(), "__abstractmethods__")?;
    let list = cx.collect(methods.handle())?;
    let vm = cx.vm();
    let mut names: Vec<String> =
        vm.sequence_values(list.value()).into_iter().map(|name| vm.str_lossy(name)).collect();
    names.sort();
    let plural = if names.len() == 1 { "" } else { "s" };
    let message = format!(
        "Can't instantiate abstract class {name} without an implementation for abstract method{plural} '{}'",
        names.join("', '")
    );
    Ok(vm.raise_type_error(&message))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !has_excess(args) {
        return Ok(cx.none());
    }
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let (new_name, init_name) = (vm.names.__new__, vm.names.__init__);
    let object = vm.types.object;
    if vm.lookup(ty, init_name) != vm.lookup(object, init_name) {
        return Err(
            vm.raise_type_error("object.__init__() takes exactly one argument (the instance to initialize)")
        );
    }
    if vm.lookup(ty, new_name) == vm.lookup(object, new_name) {
        let message = format!(
            "{}.__init__() takes exactly one argument (the instance to initialize)",
            vm.type_name(ty)
        );
        return Err(vm.raise_type_error(&message));
    }
    Ok(cx.none())
}

/// `module.Qualified.Name` of a type, without `builtins.`.
pub(crate) fn full_name(vm: &mut Vm, ty: Value) -> String {
    let qualname = vm.str_lossy(vm.type_data(ty).qualname);
    let key = vm.names.__module__;
    match vm.dict_get_str(vm.type_data(ty).dict, key) {
        Some(module) if module.is_kind(Kind::Str) && !vm.str_is(module, "builtins") => {
            format!("{}.{qualname}", vm.str_lossy(module))
        }
        _ => qualname,
    }
}

/// `<module.Class object at 0x…>`.
pub(crate) fn plain_repr(vm: &mut Vm, object: Value) -> String {
    let ty = vm.type_of(object);
    let name = full_name(vm, ty);
    format!("<{name} object at {:#x}>", vm.ids.number(object))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = plain_repr(cx.vm(), args.at(0).value());
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // What `__repr__` returns is `str`'s to check.
    let name = cx.vm().names.__repr__;
    match cx.call_special(args.at(0), name, &[])? {
        Some(text) => Ok(text.get(cx)),
        None => {
            let text = cx.repr(args.at(0))?;
            Ok(text.get(cx))
        }
    }
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hash = super::type_type::hash_identity(args.at(0).value());
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if args.at(0).value() == args.at(1).value() { Ok(cx.bool(true)) } else { Ok(cx.not_implemented()) }
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hook = cx.vm().names.__eq__;
    let Some(equal) = cx.call_special(args.at(0), hook, &[args.at(1)])? else {
        return Ok(cx.not_implemented());
    };
    if equal.value() == Value::NOT_IMPLEMENTED {
        return Ok(cx.not_implemented());
    }
    let equal = cx.truth(equal.handle())?;
    Ok(cx.bool(!equal))
}

fn unordered<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.not_implemented())
}

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (object, name) = (args.at(0).value(), attribute_name(cx, args.at(1))?);
    let value = cx.vm().door(|vm| vm.generic_load_attr(object, name))?;
    Ok(cx.local(value))
}

fn setattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let (object, value) = (args.at(0).value(), args.at(2).value());
    refuse_type(cx, object, "__setattr__")?;
    cx.vm().door(|vm| vm.generic_store_attr(object, name, value))?;
    Ok(cx.none())
}

fn delattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let object = args.at(0).value();
    refuse_type(cx, object, "__delattr__")?;
    cx.vm().door(|vm| vm.generic_store_attr(object, name, Value::UNDEF))?;
    Ok(cx.none())
}

/// `object.__setattr__` must not go round what `type` checks.
fn refuse_type(cx: &mut Cx, object: Value, method: &str) -> Result<(), Raised> {
    if !object.is_kind(Kind::Type) {
        return Ok(());
    }
    let name = cx.vm().type_name_of(object);
    Err(cx.vm().raise_type_error(&format!("can't apply this {method} to {name} object")))
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let spec = args.at(1).value();
    if !spec.is_kind(Kind::Str) {
        let message = format!("__format__() argument must be str, not {}", cx.vm().type_name_of(spec));
        return Err(cx.vm().raise_type_error(&message));
    }
    if !cx.vm().units(spec).is_empty() {
        let ty = cx.vm().type_name_of(args.at(0).value());
        let message = format!("unsupported format string passed to {ty}.__format__");
        return Err(cx.vm().raise_type_error(&message));
    }
    let text = cx.str(args.at(0))?.value();
    Ok(cx.local(text))
}

/// Names of an object's own dict and of its class's.
fn dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = cx.vm().new_dict();
    let names = cx.root_value(names);
    if let Some(dict) = cx.get_attr_opt(args.at(0), "__dict__")?
        && dict.value().is_kind(Kind::Dict)
    {
        add_keys(cx.vm(), names.value(), dict.value());
    }
    if let Some(class) = cx.get_attr_opt(args.at(0), "__class__")?
        && class.value().is_kind(Kind::Type)
    {
        add_class_names(cx.vm(), names.value(), class.value());
    }
    let keys = dict_data(names.value()).iter().map(|entry| entry.key).collect();
    let list = cx.vm().new_list(keys);
    Ok(cx.local(list))
}

/// Adds a dict's keys to the keys of another.
pub(super) fn add_keys(vm: &mut Vm, names: Value, dict: Value) {
    let keys: Vec<Value> = dict_data(dict).iter().map(|entry| entry.key).collect();
    for key in keys.into_iter().filter(|key| key.is_kind(Kind::Str)) {
        vm.dict_set_str(names, key, Value::NONE);
    }
}

/// Adds the names of a class and its bases.
pub(super) fn add_class_names(vm: &mut Vm, names: Value, class: Value) {
    for base in vm.type_data(class).mro.clone().into_iter().rev() {
        let dict = vm.type_data(base).dict;
        add_keys(vm, names, dict);
    }
}

fn sizeof<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.vm().size_of(args.at(0).value());
    Ok(cx.local(Value::small(size as i32)))
}

impl Vm {
    /// Bytes of an object's cell, roughly.
    pub(crate) fn size_of(&self, object: Value) -> usize {
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            // SAFETY: the instance is live.
            return size_of::<ObjectCell>() + 8 * unsafe { (*instance).header.aux as usize };
        }
        16 + 8 * self.len_plain(object).unwrap_or(1)
    }

    /// A name of the module `builtins`; None if it was deleted.
    pub(crate) fn builtin(&mut self, name: &str) -> Value {
        let name = self.intern(name);
        self.dict_get_str(self.builtins, name).unwrap_or(Value::NONE)
    }
}

fn init_subclass<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn subclasshook<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.not_implemented())
}

fn get_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_of(args.at(0).value());
    Ok(cx.local(ty))
}

fn set_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let Some(new) = args.opt(1).map(Handle::value) else {
        return Err(cx.vm().raise_type_error("can't delete __class__ attribute"));
    };
    let vm = cx.vm();
    if !new.is_kind(Kind::Type) {
        let message = format!("__class__ must be set to a class, not '{}' object", vm.type_name_of(new));
        return Err(vm.raise_type_error(&message));
    }
    let old = vm.type_of(object);
    let is_module = |vm: &Vm, ty: Value| vm.is_subtype(ty, vm.types.module);
    let both_heap = vm.type_data(new).has(type_flag::HEAP) && vm.type_data(old).has(type_flag::HEAP);
    let both_modules = is_module(vm, new) && is_module(vm, old);
    if !both_heap && !both_modules {
        return Err(vm.raise_type_error(
            "__class__ assignment only supported for mutable types or ModuleType subclasses",
        ));
    }
    if !is_compatible(vm, old, new) {
        let message = format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            vm.type_name(new),
            vm.type_name(old)
        );
        return Err(vm.raise_type_error(&message));
    }
    vm.change_class(object, new);
    Ok(cx.none())
}

/// Whether instances of both types have the same layout.
fn is_compatible(vm: &Vm, old: Value, new: Value) -> bool {
    let (a, b) = (vm.type_data(old), vm.type_data(new));
    if a.kind != b.kind || a.member_slots != b.member_slots {
        return false;
    }
    let shared = type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    if (a.flags ^ b.flags) & shared != 0 {
        return false;
    }
    if a.member_slots == 0 {
        return true;
    }
    // The same members: declared by a common base, or under the same names by both.
    let member_names = |ty: Value| -> Vec<Value> {
        let mut names = Vec::new();
        for base in &vm.type_data(ty).mro {
            let dict = vm.type_data(*base).dict;
            for entry in dict_data(dict).iter() {
                if entry.value.is_kind(Kind::Boxed)
                    && vm.shape_of(entry.value) == crate::vm::shape_id::MEMBER_DESCRIPTOR
                {
                    names.push(entry.key);
                }
            }
        }
        names.sort_by_key(|name| name.bits());
        names
    };
    member_names(old) == member_names(new)
}

impl Vm {
    /// Gives an object another class of the same layout.
    fn change_class(&mut self, object: Value, new: Value) {
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            let has_dict = self.type_data(new).has(type_flag::INSTANCE_DICT);
            if has_dict {
                self.enter_dict_mode(instance);
            }
            let shape = if has_dict { self.dict_shape(new) } else { self.type_data(new).shape };
            // SAFETY: the instance is live, and in dict mode if its class has dicts.
            unsafe { (*instance).header.shape = shape };
        } else {
            let shape = self.type_data(new).shape;
            // SAFETY: the object is a live cell of the same layout.
            unsafe { (*object.cell()).shape = shape };
        }
        if self.type_data(new).has(type_flag::FINALIZER) {
            // SAFETY: as above.
            unsafe {
                if !(*object.cell()).has(flag::FINALIZER) {
                    (*object.cell()).flags |= flag::FINALIZER;
                    self.gc.finalizable.push(object.cell());
                }
            }
        }
    }
}
