//! `types.GenericAlias`: `list[int]` and the like.

#![expect(unsafe_code, reason = "aliases are reached through cells")]

use std::any::Any;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, origin, args, /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__getattribute__", "$self, name, /", getattribute),
    NativeDef::new("__mro_entries__", "$self, bases, /", mro_entries),
    NativeDef::new("__instancecheck__", "$self, instance, /", instancecheck),
    NativeDef::new("__subclasscheck__", "$self, subclass, /", subclasscheck),
    NativeDef::new("__or__", "$self, value, /", super::union_type::or),
    NativeDef::new("__ror__", "$self, value, /", super::union_type::ror),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__dir__", "$self, /", dir),
    NativeDef::getter("__origin__", origin),
    NativeDef::getter("__args__", arguments),
    NativeDef::getter("__parameters__", parameters),
    NativeDef::getter("__unpacked__", unpacked),
    NativeDef::getter("__typing_unpacked_tuple_args__", unpacked_args),
];

struct Alias {
    origin: Slot,
    args: Slot,
    /// The type variables among the arguments: a tuple, once asked for.
    parameters: Slot,
    starred: bool,
}

impl Payload for Alias {
    fn trace(&self, marker: &mut Marker) {
        self.origin.trace(marker);
        self.args.trace(marker);
        self.parameters.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The alias behind a value; leaf code only.
fn state<'a>(value: Value) -> Option<&'a Alias> {
    let cell = value.as_cell::<BoxedCell>()?;
    // SAFETY: the cell is live, and payloads never move.
    unsafe { (*cell).payload.as_any().downcast_ref() }
}

fn own<'a>(args: Args<'_>) -> &'a Alias {
    state(args.at(0).value()).expect("methods of aliases get one")
}

/// Makes the type.
pub(super) fn install(vm: &mut Vm) {
    let object = vm.types.object;
    let flags = type_flag::BASE | type_flag::CUSTOM_GETATTRIBUTE | type_flag::WEAKREF | type_flag::IMMUTABLE;
    let ty = vm.new_builtin_type("GenericAlias", object, Kind::Boxed, flags);
    vm.set_type_module(ty, "types");
    super::add_methods(vm, ty, METHODS);
    vm.generic_alias = ty;
}

impl Vm {
    /// Sets the module that a built-in type names as its own.
    pub(crate) fn set_type_module(&mut self, ty: Value, module: &str) {
        let (key, module) = (self.names.__module__, self.intern(module));
        let dict = self.type_data(ty).dict;
        self.dict_set_str(dict, key, module);
    }

    /// Whether a value is a generic alias.
    pub(crate) fn is_generic_alias(&self, value: Value) -> bool {
        value.is_kind(Kind::Boxed) && self.is_instance(value, self.generic_alias)
    }
}

/// `origin[key]` as an alias.
pub(crate) fn new_alias(vm: &mut Vm, origin: Value, key: Value) -> Result<Value, Raised> {
    let ty = vm.generic_alias;
    Ok(make(vm, ty, origin, key, false))
}

fn make(vm: &mut Vm, ty: Value, origin: Value, key: Value, starred: bool) -> Value {
    let args = if key.is_kind(Kind::Tuple) { key } else { vm.new_tuple(&[key]) };
    let shape = vm.type_data(ty).shape;
    let alias = Alias { origin: Slot::of(origin), args: Slot::of(args), parameters: Slot::empty(), starred };
    vm.new_boxed(shape, Box::new(alias))
}

/// `__class_getitem__` of built-in generic classes.
pub(crate) fn class_getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = new_alias(cx.vm(), args.at(0).value(), args.at(1).value())?;
    Ok(cx.local(alias))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = make(cx.vm(), args.at(0).value(), args.at(1).value(), args.at(2).value(), false);
    Ok(cx.local(alias))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = own(args);
    let origin = cx.root_value(alias.origin.value());
    let mut text = if alias.starred { String::from("*") } else { String::new() };
    text += &item_text(cx, origin.handle())?;
    let items = cx.vm().sequence_values(alias.args.value());
    let mut parts = Vec::new();
    for item in &items {
        let item = cx.root_value(*item);
        parts.push(if item.value().is_kind(Kind::List) {
            list_text(cx, item.handle())?
        } else {
            item_text(cx, item.handle())?
        });
    }
    text += &if parts.is_empty() { String::from("[()]") } else { format!("[{}]", parts.join(", ")) };
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn list_text(cx: &mut Cx, list: Handle<'_>) -> Result<String, Raised> {
    let mut parts = Vec::new();
    for item in cx.vm().sequence_values(list.value()) {
        let item = cx.root_value(item);
        parts.push(item_text(cx, item.handle())?);
    }
    Ok(format!("[{}]", parts.join(", ")))
}

/// How an alias or union tells a type: by its qualified name, with the module unless that is `builtins`.
pub(super) fn item_text(cx: &mut Cx, item: Handle<'_>) -> Result<String, Raised> {
    if item.value() == Value::ELLIPSIS {
        return Ok(String::from("..."));
    }
    let is_alias =
        cx.get_attr_opt(item, "__origin__")?.is_some() && cx.get_attr_opt(item, "__args__")?.is_some();
    if is_alias {
        return cx.repr_text(item);
    }
    let Some(qualname) = cx.get_attr_opt(item, "__qualname__")? else { return cx.repr_text(item) };
    let Some(module) = cx.get_attr_opt(item, "__module__")? else { return cx.repr_text(item) };
    if module.value().is_none() {
        return cx.repr_text(item);
    }
    let name = cx.str_text(qualname.handle())?;
    if cx.vm().str_is(module.value(), "builtins") {
        return Ok(name);
    }
    Ok(format!("{}.{name}", cx.str_text(module.handle())?))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, Some(b)) = (own(args), state(args.at(1).value())) else { return Ok(cx.not_implemented()) };
    if a.starred != b.starred {
        return Ok(cx.bool(false));
    }
    let pairs = [(&a.origin, &b.origin), (&a.args, &b.args)]
        .map(|(x, y)| (cx.root_value(x.value()), cx.root_value(y.value())));
    for (x, y) in &pairs {
        if !cx.eq(x.handle(), y.handle())? {
            return Ok(cx.bool(false));
        }
    }
    Ok(cx.bool(true))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = own(args);
    let (origin, items) = (cx.root_value(alias.origin.value()), cx.root_value(alias.args.value()));
    let hash = cx.hash(origin.handle())? ^ cx.hash(items.handle())?;
    let hash = if hash == u64::MAX { u64::MAX - 1 } else { hash };
    let hash = cx.vm().new_int(hash as i64);
    Ok(cx.local(hash))
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let origin = cx.root_value(own(args).origin.value());
    let keywords = args.opt(1).map_or(Value::UNDEF, Handle::value);
    let values = args.rest_values();
    let object = super::class_statement::call_with_keywords(cx, origin.handle(), &values, keywords)?;
    if cx.set_attr(object.handle(), "__orig_class__", args.at(0)).is_err() {
        let vm = cx.vm();
        if !vm.clear_if(vm.exceptions.attribute_error) && !vm.clear_if(vm.exceptions.type_error) {
            return Err(Raised);
        }
    }
    let object = object.value();
    Ok(cx.local(object))
}

/// Attributes that the alias has itself; all others are its origin's.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__parameters__",
    "__unpacked__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__bases__",
];

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = super::type_type::attribute_name(cx, args.at(1))?;
    let text = cx.vm().str_lossy(name);
    let is_dunder = text.starts_with("__") && text.ends_with("__");
    let blocked = text == "__bases__" || text == "__copy__" || text == "__deepcopy__";
    let object = if OWN.contains(&text.as_str()) || blocked || is_dunder && !forwards(&text) {
        args.at(0).value()
    } else {
        own(args).origin.value()
    };
    let is_own = object == args.at(0).value();
    let value = cx
        .vm()
        .door(|vm| if is_own { vm.generic_load_attr(object, name) } else { vm.load_attr(object, name) })?;
    Ok(cx.local(value))
}

/// Special attributes are the origin's too, such as `__name__` and `__doc__`.
fn forwards(name: &str) -> bool {
    !OWN.contains(&name)
}

fn mro_entries<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let entries = cx.vm().new_tuple(&[own(args).origin.value()]);
    Ok(cx.local(entries))
}

fn instancecheck<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn subclasscheck<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

/// `*tuple[int, ...]`: one starred alias.
fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = own(args);
    let ty = cx.vm().type_of(args.at(0).value());
    let starred = make(cx.vm(), ty, alias.origin.value(), alias.args.value(), true);
    let list = cx.vm().new_list(vec![starred]);
    let list = cx.root_value(list);
    let iterator = cx.iter(list.handle())?.value();
    Ok(cx.local(iterator))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = own(args);
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let inner = vm.new_tuple(&[alias.origin.value(), alias.args.value()]);
    let pair = vm.new_tuple(&[ty, inner]);
    Ok(cx.local(pair))
}

fn dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let origin = cx.root_value(own(args).origin.value());
    let names = cx.call_method(origin.handle(), "__dir__", &[]);
    let list = match names {
        Ok(names) => cx.collect(names.handle())?,
        Err(Raised) => return Err(Raised),
    };
    for name in OWN.iter().take(7) {
        let name = cx.vm().intern(name);
        crate::ops::list_items(list.value()).push(name);
    }
    let list = list.value();
    Ok(cx.local(list))
}

fn origin<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(own(args).origin.value()))
}

fn arguments<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(own(args).args.value()))
}

fn unpacked<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(own(args).starred))
}

fn unpacked_args<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = own(args);
    let is_tuple = alias.starred && alias.origin.value() == cx.vm().types.tuple;
    Ok(if is_tuple { cx.local(alias.args.value()) } else { cx.none() })
}

fn parameters<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parameters = own_parameters(cx, args.at(0))?.value();
    Ok(cx.local(parameters))
}

fn own_parameters(cx: &mut Cx, alias: Handle<'_>) -> Result<Root, Raised> {
    let this = state(alias.value()).expect("an alias");
    if this.parameters.value().is_undef() {
        let items = cx.root_value(this.args.value());
        let found = collect_parameters(cx, items.handle())?;
        state(alias.value()).expect("an alias").parameters.set_value(found.value());
        return Ok(found);
    }
    Ok(cx.root_value(this.parameters.value()))
}

/// The type variables in a tuple of arguments, each once: a tuple.
pub(super) fn collect_parameters(cx: &mut Cx, items: Handle<'_>) -> Result<Root, Raised> {
    let found = cx.vm().new_list(Vec::new());
    let found = cx.root_value(found);
    for item in cx.vm().sequence_values(items.value()) {
        if item.is_kind(Kind::Type) {
            continue;
        }
        let item = cx.root_value(item);
        if item.value().is_kind(Kind::Tuple) || item.value().is_kind(Kind::List) {
            let nested = collect_parameters(cx, item.handle())?;
            add_unique(cx.vm(), found.value(), &nested);
            continue;
        }
        if cx.get_attr_opt(item.handle(), "__typing_subst__")?.is_some() {
            push_unique(cx.vm(), found.value(), item.value());
            continue;
        }
        if let Some(nested) = cx.get_attr_opt(item.handle(), "__parameters__")?
            && nested.value().is_kind(Kind::Tuple)
        {
            add_unique(cx.vm(), found.value(), &nested);
        }
    }
    let items = cx.vm().sequence_values(found.value());
    let tuple = cx.vm().new_tuple(&items);
    Ok(cx.root_value(tuple))
}

fn push_unique(vm: &mut Vm, list: Value, value: Value) {
    if !vm.sequence_values(list).contains(&value) {
        crate::ops::list_items(list).push(value);
    }
}

fn add_unique(vm: &mut Vm, list: Value, values: &Root) {
    for value in vm.sequence_values(values.value()) {
        push_unique(vm, list, value);
    }
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parameters = own_parameters(cx, args.at(0))?;
    let items = cx.root_value(own(args).args.value());
    let new = substitute(cx, args.at(0), &items, &parameters, args.at(1))?;
    let alias = own(args);
    let ty = cx.vm().type_of(args.at(0).value());
    let made = make(cx.vm(), ty, alias.origin.value(), new.value(), alias.starred);
    Ok(cx.local(made))
}

/// The arguments with `key` put in place of the parameters.
pub(super) fn substitute(
    cx: &mut Cx,
    subject: Handle<'_>,
    items: &Root,
    parameters: &Root,
    key: Handle<'_>,
) -> Result<Root, Raised> {
    let params = cx.vm().sequence_values(parameters.value());
    if params.is_empty() {
        let text = cx.repr_text(subject)?;
        return Err(cx.vm().raise_type_error(&format!("{text} is not a generic class")));
    }
    let mut given = if key.value().is_kind(Kind::Tuple) {
        cx.root_value(key.value())
    } else {
        let tuple = cx.vm().new_tuple(&[key.value()]);
        cx.root_value(tuple)
    };
    for param in &params {
        let param = cx.root_value(*param);
        if let Some(prepare) = cx.get_attr_opt(param.handle(), "__typing_prepare_subst__")?
            && !prepare.value().is_none()
        {
            given = cx.call(prepare.handle(), &[subject, given.handle()])?;
            if !given.value().is_kind(Kind::Tuple) {
                let tuple = cx.vm().new_tuple(&[given.value()]);
                given = cx.root_value(tuple);
            }
        }
    }
    let values = cx.vm().sequence_values(given.value());
    if values.len() != params.len() {
        let text = cx.repr_text(subject)?;
        let much = if values.len() > params.len() { "many" } else { "few" };
        let message =
            format!("Too {much} arguments for {text}; actual {}, expected {}", values.len(), params.len());
        return Err(cx.vm().raise_type_error(&message));
    }
    let result = cx.vm().new_list(Vec::new());
    let result = cx.root_value(result);
    for item in cx.vm().sequence_values(items.value()) {
        let item = cx.root_value(item);
        let new = substitute_one(cx, item.handle(), &params, &values)?;
        let unpack = is_unpacked_tuple(cx, item.handle())?;
        if unpack && new.value().is_kind(Kind::Tuple) {
            let parts = cx.vm().sequence_values(new.value());
            crate::ops::list_items(result.value()).extend(parts);
        } else {
            crate::ops::list_items(result.value()).push(new.value());
        }
    }
    let values = cx.vm().sequence_values(result.value());
    let tuple = cx.vm().new_tuple(&values);
    Ok(cx.root_value(tuple))
}

fn is_unpacked_tuple(cx: &mut Cx, item: Handle<'_>) -> Result<bool, Raised> {
    if item.value().is_kind(Kind::Type) {
        return Ok(false);
    }
    match cx.get_attr_opt(item, "__typing_is_unpacked_typevartuple__")? {
        Some(flag) => cx.truth(flag.handle()),
        None => Ok(false),
    }
}

fn substitute_one(cx: &mut Cx, item: Handle<'_>, params: &[Value], values: &[Value]) -> Result<Root, Raised> {
    if item.value().is_kind(Kind::Type) {
        return Ok(cx.root_value(item.value()));
    }
    if let Some(subst) = cx.get_attr_opt(item, "__typing_subst__")? {
        let index = params.iter().position(|param| *param == item.value());
        let value = cx.root_value(index.map_or(Value::NONE, |index| values[index]));
        return cx.call(subst.handle(), &[value.handle()]);
    }
    let nested = cx.get_attr_opt(item, "__parameters__")?;
    let nested = nested.map_or(Vec::new(), |nested| cx.vm().sequence_values(nested.value()));
    if nested.is_empty() {
        return Ok(cx.root_value(item.value()));
    }
    let mut chosen = Vec::new();
    for param in nested {
        let value = params.iter().position(|other| *other == param).map_or(param, |index| values[index]);
        // What stands for a type variable tuple, which can be iterated over, is as many arguments.
        if value.is_kind(Kind::Tuple) && value != param && has_iter(cx.vm(), param) {
            chosen.extend(cx.vm().sequence_values(value));
        } else {
            chosen.push(value);
        }
    }
    let key = cx.vm().new_tuple(&chosen);
    let key = cx.root_value(key);
    cx.get_item(item, key.handle())
}

fn has_iter(vm: &mut Vm, value: Value) -> bool {
    let name = vm.names.__iter__;
    !vm.find_method(value, name).is_undef()
}
