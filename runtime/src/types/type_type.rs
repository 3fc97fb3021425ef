//! `type`: attributes and methods of classes.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::dict_data;
use crate::frame::Cont;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", super::type_new::new)
        .doc("Create and return a new object.  See help(type) for accurate signature."),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init)
        .doc("Initialize self.  See help(type(self)) for accurate signature."),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call).doc("Call self as a function."),
    NativeDef::new("__repr__", "$self, /", repr).doc("Return repr(self)."),
    NativeDef::new("__getattribute__", "$self, name, /", getattribute).doc("Return getattr(self, name)."),
    NativeDef::new("__setattr__", "$self, name, value, /", setattr)
        .doc("Implement setattr(self, name, value)."),
    NativeDef::new("__delattr__", "$self, name, /", delattr).doc("Implement delattr(self, name)."),
    NativeDef::new("__or__", "$self, value, /", super::union_type::or).doc("Return self|value."),
    NativeDef::new("__ror__", "$self, value, /", super::union_type::ror).doc("Return value|self."),
    NativeDef::new("__instancecheck__", "$self, instance, /", instancecheck)
        .doc("Check if an object is an instance."),
    NativeDef::new("__subclasscheck__", "$self, subclass, /", subclasscheck)
        .doc("Check if a class is a subclass."),
    NativeDef::class("__prepare__", "$type, /, *args, **kwargs", prepare)
        .doc("Create the namespace for the class statement"),
    NativeDef::new("__subclasses__", "$self, /", subclasses).doc("Return a list of immediate subclasses."),
    NativeDef::new("__dir__", "$self, /", dir).doc("Specialized __dir__ implementation for types."),
    NativeDef::new("__sizeof__", "$self, /", sizeof).doc("Return memory consumption of the type object."),
    NativeDef::new("mro", "$self, /", mro).doc("Return a type's method resolution order."),
    NativeDef::attribute("__name__", get_name, set_name),
    NativeDef::attribute("__qualname__", get_qualname, set_qualname),
    NativeDef::attribute("__module__", get_module, set_module),
    NativeDef::attribute("__bases__", get_bases, set_bases),
    NativeDef::getter("__base__", get_base),
    NativeDef::getter("__mro__", get_mro),
    NativeDef::getter("__dict__", get_namespace),
    NativeDef::attribute("__doc__", get_doc, set_doc),
    NativeDef::attribute("__abstractmethods__", get_abstract, set_abstract),
    NativeDef::attribute("__annotations__", get_annotations, set_annotations),
    NativeDef::attribute("__type_params__", get_type_params, set_type_params),
    NativeDef::getter("__text_signature__", get_text_signature),
    NativeDef::getter("__flags__", get_flags),
    NativeDef::getter("__basicsize__", get_basicsize),
    NativeDef::getter("__itemsize__", get_itemsize),
    NativeDef::getter("__dictoffset__", get_dictoffset),
    NativeDef::getter("__weakrefoffset__", get_weakrefoffset),
];

/// `type.__setattr__` beyond data descriptors of the metatype; `value` Undef deletes.
pub(crate) fn set_attr(vm: &mut Vm, ty: Value, name: Value, value: Value) -> Value {
    if vm.type_data(ty).has(type_flag::IMMUTABLE) {
        let verb = "set";
        let message = format!(
            "cannot {verb} '{}' attribute of immutable type '{}'",
            vm.str_lossy(name),
            super::object_type::full_name(vm, ty)
        );
        return vm.type_error(&message);
    }
    if value.is_undef() {
        let dict = vm.type_data(ty).dict;
        if vm.dict_remove_str(dict, name).is_none() {
            vm.raise_attribute_error(ty, name);
            return Value::RAISED;
        }
        vm.type_name_changed(ty, name);
        return Value::NONE;
    }
    vm.set_type_entry(ty, name, value);
    Value::NONE
}

/// `Type[key]`: `__class_getitem__`.
pub(crate) fn class_getitem(vm: &mut Vm, ty: Value, key: Value) -> Value {
    if ty == vm.types.type_ {
        return super::generic_alias::new_alias(vm, ty, key).unwrap_or(Value::RAISED);
    }
    let name = vm.names.__class_getitem__;
    if vm.lookup(ty, name).is_undef() {
        let message = format!("type '{}' is not subscriptable", vm.type_name(ty));
        return vm.type_error(&message);
    }
    let base = vm.push_values(&[key]);
    let hook = vm.door(|vm| vm.load_attr(ty, name));
    vm.top = base;
    match hook {
        Ok(hook) => vm.call(hook, CallArgs::positional(&[key]), Cont::Store),
        Err(Raised) => Value::RAISED,
    }
}

/// The hash of an object by identity: its address, rotated as CPython does.
pub(crate) fn hash_identity(value: Value) -> u64 {
    match value.bits().rotate_right(4) {
        u64::MAX => u64::MAX - 1,
        hash => hash,
    }
}

/// Checks the class that a built-in type's `__new__` is called with.
pub(crate) fn check_new(cx: &mut Cx, ty: Value, of: Value) -> Result<(), Raised> {
    let vm = cx.vm();
    if ty.is_kind(Kind::Type) && vm.is_subtype(ty, of) {
        return Ok(());
    }
    let of_name = vm.type_name(of);
    if !ty.is_kind(Kind::Type) {
        let message = format!("{of_name}.__new__(X): X is not a type object ({})", vm.type_name_of(ty));
        return Err(vm.raise_type_error(&message));
    }
    let name = vm.type_name(ty);
    let message = format!("{of_name}.__new__({name}): {name} is not a subtype of {of_name}");
    Err(vm.raise_type_error(&message))
}

/// The interned name of an attribute given as an argument; TypeError if it is no string.
pub(crate) fn attribute_name(cx: &mut Cx, name: Handle<'_>) -> Result<Value, Raised> {
    if !name.value().is_kind(Kind::Str) {
        let message = format!("attribute name must be string, not '{}'", cx.vm().type_name_of(name.value()));
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(cx.vm().intern_str(name.value()))
}

/// The getter of an instance's `__dict__`.
pub(crate) fn get_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    match cx.vm().instance_dict(object) {
        Some(dict) => Ok(cx.local(dict)),
        None => {
            let name = cx.vm().names.__dict__;
            Err(cx.vm().raise_attribute_error(object, name))
        }
    }
}

/// The setter of an instance's `__dict__`.
pub(crate) fn set_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let vm = cx.vm();
    let dict = match args.opt(1).map(Handle::value) {
        None => vm.new_dict(),
        Some(dict) => dict,
    };
    if !dict.is_kind(Kind::Dict) {
        let message = format!("__dict__ must be set to a dictionary, not a '{}'", vm.type_name_of(dict));
        return Err(vm.raise_type_error(&message));
    }
    if let Some(instance) = object.as_cell::<ObjectCell>() {
        vm.enter_dict_mode(instance);
        // SAFETY: the instance is live and keeps a dict now.
        unsafe { (*instance).extra = dict };
    } else if let Some(place) = vm.dict_place(object) {
        // SAFETY: the place lies in the live object.
        unsafe { *place = dict };
    }
    Ok(cx.none())
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let given = args.rest().len();
    let keywords = args.opt(1).is_some_and(|keywords| !dict_data(keywords.value()).is_empty());
    if given == 1 && keywords {
        return Err(cx.vm().raise_type_error("type.__init__() takes no keyword arguments"));
    }
    if given != 1 && given != 3 {
        return Err(cx.vm().raise_type_error("type.__init__() takes 1 or 3 arguments"));
    }
    Ok(cx.none())
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let mut values = args.rest_values();
    let mut names = Value::UNDEF;
    if let Some(keywords) = args.opt(1).filter(|keywords| !dict_data(keywords.value()).is_empty()) {
        let keys: Vec<Value> = dict_data(keywords.value()).iter().map(|entry| entry.key).collect();
        values.extend(dict_data(keywords.value()).iter().map(|entry| entry.value));
        names = cx.vm().new_tuple(&keys);
    }
    let made = cx.vm().door(|vm| vm.instantiate(ty, CallArgs::named(&values, names), Cont::Store))?;
    Ok(cx.local(made))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = format!("<class '{}'>", super::object_type::full_name(cx.vm(), args.at(0).value()));
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (ty, name) = (args.at(0).value(), attribute_name(cx, args.at(1))?);
    let value = cx.vm().door(|vm| vm.generic_load_attr(ty, name))?;
    Ok(cx.local(value))
}

fn setattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let (ty, value) = (args.at(0).value(), args.at(2).value());
    cx.vm().door(|vm| vm.generic_store_attr(ty, name, value))?;
    Ok(cx.none())
}

fn delattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = attribute_name(cx, args.at(1))?;
    let ty = args.at(0).value();
    cx.vm().door(|vm| vm.generic_store_attr(ty, name, Value::UNDEF))?;
    Ok(cx.none())
}

fn instancecheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let answer = cx.is_instance_plainly(args.at(1), args.at(0))?;
    Ok(cx.bool(answer))
}

fn subclasscheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let answer = cx.is_subclass_plainly(args.at(1), args.at(0))?;
    Ok(cx.bool(answer))
}

fn prepare<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let dict = cx.vm().new_dict();
    Ok(cx.local(dict))
}

fn subclasses<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = cx.vm().type_data(args.at(0).value()).subclasses.clone();
    let list = cx.vm().new_list(list);
    Ok(cx.local(list))
}

fn dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let names = vm.new_dict();
    super::object_type::add_class_names(vm, names, args.at(0).value());
    let keys = dict_data(names).iter().map(|entry| entry.key).collect();
    let list = vm.new_list(keys);
    Ok(cx.local(list))
}

fn sizeof<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(1024)))
}

fn mro<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let bases = cx.vm().sequence_values(cx.vm().type_data(ty).bases);
    let order = cx.vm().linearize(ty, &bases)?;
    let list = cx.vm().new_list(order);
    Ok(cx.local(list))
}

// ---- attributes -----------------------------------------------------------------------------------------------------

/// Refuses to change what built-in types say of themselves.
fn check_mutable(
    cx: &mut Cx,
    ty: Value,
    attribute: &str,
    value: Option<Handle<'_>>,
) -> Result<Value, Raised> {
    let vm = cx.vm();
    let name = super::object_type::full_name(vm, ty);
    if vm.type_data(ty).has(type_flag::IMMUTABLE) {
        let message = format!("cannot set '{attribute}' attribute of immutable type '{name}'");
        return Err(vm.raise_type_error(&message));
    }
    match value {
        Some(value) => Ok(value.value()),
        None => {
            let name = vm.type_name(ty);
            Err(vm.raise_type_error(&format!("cannot delete '{attribute}' attribute of type '{name}'")))
        }
    }
}

fn get_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.vm().type_data(args.at(0).value());
    if data.has(type_flag::HEAP) {
        return Ok(cx.local(data.name));
    }
    // A module's native type is told with its module in messages only.
    let full = cx.vm().str_lossy(data.name);
    let name = cx.vm().intern(full.rsplit('.').next().unwrap_or(&full));
    Ok(cx.local(name))
}

fn set_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let value = check_mutable(cx, ty, "__name__", args.opt(1))?;
    let vm = cx.vm();
    if !value.is_kind(Kind::Str) {
        let message = format!(
            "can only assign string to {}.__name__, not '{}'",
            vm.type_name(ty),
            vm.type_name_of(value)
        );
        return Err(vm.raise_type_error(&message));
    }
    if vm.units(value).iter().any(|unit| unit == 0) {
        return Err(vm.raise_value_error("type name must not contain null characters"));
    }
    vm.type_data(ty).name = value;
    Ok(cx.none())
}

fn get_qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cx.vm().type_data(args.at(0).value()).qualname))
}

fn set_qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let value = check_mutable(cx, ty, "__qualname__", args.opt(1))?;
    let vm = cx.vm();
    if !value.is_kind(Kind::Str) {
        let message = format!(
            "can only assign string to {}.__qualname__, not '{}'",
            vm.type_name(ty),
            vm.type_name_of(value)
        );
        return Err(vm.raise_type_error(&message));
    }
    vm.type_data(ty).qualname = value;
    Ok(cx.none())
}

/// An entry of the type's own namespace.
fn own_entry(vm: &Vm, ty: Value, name: Value) -> Option<Value> {
    vm.dict_get_str(vm.type_data(ty).dict, name)
}

fn get_module<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    let key = vm.names.__module__;
    match own_entry(vm, ty, key).filter(|module| !module.is_kind(Kind::Native)) {
        Some(module) => Ok(cx.local(module)),
        None if vm.type_data(ty).has(type_flag::HEAP) => Err(vm.raise_attribute_error_text("__module__")),
        None => {
            let builtins = vm.names.builtins;
            Ok(cx.local(builtins))
        }
    }
}

fn set_module<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let value = check_mutable(cx, ty, "__module__", args.opt(1))?;
    let vm = cx.vm();
    let key = vm.names.__module__;
    vm.set_type_entry(ty, key, value);
    let first_line = vm.names.__firstlineno__;
    vm.dict_remove_str(vm.type_data(ty).dict, first_line);
    Ok(cx.none())
}

fn get_bases<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cx.vm().type_data(args.at(0).value()).bases))
}

fn set_bases<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0);
    let value = check_mutable(cx, ty.value(), "__bases__", args.opt(1))?;
    super::type_bases::assign(cx, ty, value)?;
    Ok(cx.none())
}

fn get_base<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cx.vm().type_data(args.at(0).value()).base))
}

fn get_mro<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    if vm.type_data(ty).mro_tuple.is_undef() {
        let order = vm.type_data(ty).mro.clone();
        vm.type_data(ty).mro_tuple = vm.new_tuple(&order);
    }
    Ok(cx.local(vm.type_data(ty).mro_tuple))
}

fn get_namespace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.vm().type_data(args.at(0).value()).dict;
    let proxy = super::mappingproxy::new_mappingproxy(cx.vm(), dict);
    Ok(cx.local(proxy))
}

fn get_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let key = cx.vm().names.__doc__;
    // The namespace of `type` has this very attribute under the name.
    let found = own_entry(cx.vm(), ty, key).filter(|doc| !doc.is_kind(Kind::Native));
    let Some(doc) = found else { return Ok(cx.none()) };
    let doc = cx.vm().door(|vm| vm.get_class_attr(doc, ty))?;
    Ok(cx.local(doc))
}

fn set_doc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let value = check_mutable(cx, ty, "__doc__", args.opt(1))?;
    let key = cx.vm().names.__doc__;
    cx.vm().set_type_entry(ty, key, value);
    Ok(cx.none())
}

fn get_abstract<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (ty, key) = (args.at(0).value(), vm.names.__abstractmethods__);
    // `type` itself has the descriptor under this name in its namespace.
    let found = if ty == vm.types.type_ { None } else { own_entry(vm, ty, key) };
    match found {
        Some(methods) => Ok(cx.local(methods)),
        None => Err(vm.raise_attribute_error_text("__abstractmethods__")),
    }
}

fn set_abstract<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let key = cx.vm().names.__abstractmethods__;
    let is_abstract = match args.opt(1) {
        Some(methods) => {
            let truth = cx.truth(methods)?;
            let methods = methods.value();
            if set_attr(cx.vm(), ty, key, methods) == Value::RAISED {
                return Err(Raised);
            }
            truth
        }
        None => {
            if set_attr(cx.vm(), ty, key, Value::UNDEF) == Value::RAISED {
                return Err(Raised);
            }
            false
        }
    };
    let data = cx.vm().type_data(ty);
    data.flags &= !type_flag::ABSTRACT;
    if is_abstract {
        data.flags |= type_flag::ABSTRACT;
    }
    Ok(cx.none())
}

fn get_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    let key = vm.names.__annotations__;
    if !vm.type_data(ty).has(type_flag::HEAP) {
        let message = format!("type object '{}' has no attribute '__annotations__'", vm.type_name(ty));
        return Err(vm.raise_attribute_error_text(&message));
    }
    if let Some(annotations) = own_entry(vm, ty, key) {
        let annotations = vm.door(|vm| vm.get_class_attr(annotations, ty))?;
        return Ok(cx.local(annotations));
    }
    let dict = vm.new_dict();
    vm.set_type_entry(ty, key, dict);
    Ok(cx.local(dict))
}

fn set_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    if vm.type_data(ty).has(type_flag::IMMUTABLE) {
        let message =
            format!("cannot set '__annotations__' attribute of immutable type '{}'", vm.type_name(ty));
        return Err(vm.raise_type_error(&message));
    }
    let key = vm.names.__annotations__;
    match args.opt(1) {
        Some(value) => vm.set_type_entry(ty, key, value.value()),
        None => {
            if vm.dict_remove_str(vm.type_data(ty).dict, key).is_none() {
                return Err(vm.raise_attribute_error_text("__annotations__"));
            }
            vm.type_changed(ty);
        }
    }
    Ok(cx.none())
}

fn get_type_params<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    let key = vm.names.__type_params__;
    let found = if ty == vm.types.type_ { None } else { own_entry(vm, ty, key) };
    let params = found.unwrap_or(vm.empty_tuple);
    Ok(cx.local(params))
}

fn set_type_params<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    let value = check_mutable(cx, ty, "__type_params__", args.opt(1))?;
    let key = cx.vm().names.__type_params__;
    cx.vm().set_type_entry(ty, key, value);
    Ok(cx.none())
}

fn get_text_signature<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

/// The flags that `inspect` and `copyreg` look at, at CPython's places.
fn get_flags<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let data = vm.type_data(args.at(0).value());
    let mut flags: i32 = 1 << 12;
    for (own, theirs) in [
        (type_flag::HEAP, 1 << 9),
        (type_flag::BASE, 1 << 10),
        (type_flag::IMMUTABLE, 1 << 8),
        (type_flag::ABSTRACT, 1 << 20),
        (type_flag::SEQUENCE, 1 << 5),
        (type_flag::MAPPING, 1 << 6),
        (type_flag::NO_NEW, 1 << 7),
    ] {
        if data.has(own) {
            flags |= theirs;
        }
    }
    let mut bits = i64::from(flags);
    for (kind, bit) in [
        (Kind::Int, 24),
        (Kind::List, 25),
        (Kind::Tuple, 26),
        (Kind::Bytes, 27),
        (Kind::Str, 28),
        (Kind::Dict, 29),
        (Kind::Exception, 30),
        (Kind::Type, 31),
    ] {
        if data.kind == kind {
            bits |= 1 << bit;
        }
    }
    let bits = vm.new_int(bits);
    Ok(cx.local(bits))
}

fn get_basicsize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let members = cx.vm().type_data(args.at(0).value()).member_slots;
    Ok(cx.local(Value::small(16 + 8 * i32::from(members))))
}

fn get_itemsize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = match cx.vm().type_data(args.at(0).value()).kind {
        Kind::Int => 4,
        Kind::Tuple => 8,
        Kind::Bytes => 1,
        Kind::Type => 40,
        _ => 0,
    };
    Ok(cx.local(Value::small(size)))
}

fn get_dictoffset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let has = cx.vm().type_data(args.at(0).value()).has(type_flag::INSTANCE_DICT);
    Ok(cx.local(Value::small(if has { -1 } else { 0 })))
}

fn get_weakrefoffset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let has = cx.vm().type_data(args.at(0).value()).has(type_flag::WEAKREF);
    Ok(cx.local(Value::small(if has { -1 } else { 0 })))
}
