//! `_abc`: the registry and caches of abstract base classes, and the checks that `ABCMeta` makes with them.
//!
//! Caches hold weak references, found by the class's identity: a class that is gone leaves a dead reference behind,
//! which is not taken for a new class in the same place.

use std::cell::{Cell as StdCell, RefCell};

use hashbrown::HashMap;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::set::SetData;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("_abc_init", "cls, /", abc_init),
    NativeDef::new("_abc_register", "cls, subclass, /", abc_register),
    NativeDef::new("_abc_instancecheck", "cls, instance, /", abc_instancecheck),
    NativeDef::new("_abc_subclasscheck", "cls, subclass, /", abc_subclasscheck),
    NativeDef::new("_get_dump", "cls, /", get_dump),
    NativeDef::new("_reset_registry", "cls, /", reset_registry),
    NativeDef::new("_reset_caches", "cls, /", reset_caches),
    NativeDef::new("get_cache_token", "/", get_cache_token),
];

/// Weak references to classes by identity.
#[derive(Default)]
struct Classes {
    map: HashMap<u64, Value>,
    order: Vec<Value>,
}

impl Classes {
    fn contains(&self, vm: &Vm, class: Value) -> bool {
        self.map.get(&class.bits()).is_some_and(|weak| vm.weakref_target(*weak) == Some(class))
    }

    fn insert(&mut self, vm: &mut Vm, class: Value) -> Result<(), Raised> {
        if self.contains(vm, class) {
            return Ok(());
        }
        let weakref = vm.new_weakref(vm.types.weakref, class, Value::NONE)?;
        if self.order.len() > 16 && self.order.len() > 2 * self.map.len() {
            self.order.retain(|weak| vm.weakref_target(*weak).is_some());
        }
        self.map.insert(class.bits(), weakref);
        self.order.push(weakref);
        Ok(())
    }

    fn clear(&mut self) {
        self.map.clear();
        self.order.clear();
    }

    fn live(&self, vm: &Vm) -> Vec<Value> {
        self.order.iter().filter_map(|weak| vm.weakref_target(*weak)).collect()
    }

    fn trace(&self, marker: &mut Marker) {
        marker.mark_all(&self.order);
    }
}

/// What a class made by `ABCMeta` keeps as `_abc_impl`.
#[derive(Default)]
struct AbcData {
    registry: RefCell<Classes>,
    cache: RefCell<Classes>,
    negative: RefCell<Classes>,
    negative_version: StdCell<u64>,
}

impl Payload for AbcData {
    fn trace(&self, marker: &mut Marker) {
        for classes in [&self.registry, &self.cache, &self.negative] {
            classes.borrow().trace(marker);
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Counts registrations: a negative answer is valid for the count at which it was found.
#[derive(Default)]
struct State {
    invalidation: u64,
    data_type: Option<Value>,
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let object = vm.types.object;
    let ty = vm.new_builtin_type("_abc_data", object, Kind::Boxed, type_flag::NO_NEW);
    let (namespace, module) = (vm.type_data(ty).dict, vm.intern("_abc"));
    super::set(vm, namespace, "__module__", module);
    vm.module_state::<State>().data_type = Some(ty);
}

/// The `_abc_impl` of a class, rooted.
fn data_of(cx: &mut Cx, class: Handle<'_>) -> Result<Root, Raised> {
    let root = cx.get_attr(class, "_abc_impl")?;
    if cx.payload::<AbcData>(root.handle()).is_none() {
        return Err(cx.vm().raise_type_error("_abc_impl is set to a wrong type"));
    }
    Ok(root)
}

fn payload<'a>(cx: &'a Cx, data: &Root) -> &'a AbcData {
    cx.payload::<AbcData>(data.handle()).expect("checked by data_of")
}

fn abc_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let class = args.at(0);
    if !class.value().is_kind(Kind::Type) {
        return Err(cx.vm().raise_type_error("descriptor '__dict__' requires a type"));
    }
    compute_abstract_methods(cx, class)?;
    let vm = cx.vm();
    let ty = vm.module_state::<State>().data_type.expect("the module was filled");
    let shape = vm.shape_of_type(ty);
    let data = AbcData::default();
    data.negative_version.set(vm.module_state::<State>().invalidation);
    let data = vm.new_boxed(shape, Box::new(data));
    let name = vm.intern("_abc_impl");
    vm.set_type_entry(class.value(), name, data);
    take_collection_flags(vm, class.value());
    Ok(cx.none())
}

/// `__abc_tpflags__` in the class body says which patterns instances match.
fn take_collection_flags(vm: &mut Vm, class: Value) {
    let name = vm.intern("__abc_tpflags__");
    let dict = vm.type_data(class).dict;
    let Some(flags) = vm.dict_remove_str(dict, name).and_then(Value::as_int) else { return };
    vm.type_changed(class);
    set_collection_flags(
        vm,
        class,
        match flags {
            0x20 => type_flag::SEQUENCE,
            0x40 => type_flag::MAPPING,
            _ => 0,
        },
    );
}

const COLLECTION: u32 = type_flag::SEQUENCE | type_flag::MAPPING;

fn set_collection_flags(vm: &mut Vm, class: Value, flags: u32) {
    let data = vm.type_data(class);
    if flags == 0 || data.has(type_flag::IMMUTABLE) {
        return;
    }
    data.flags = data.flags & !COLLECTION | flags;
    for subclass in data.subclasses.clone() {
        set_collection_flags(vm, subclass, flags);
    }
}

fn compute_abstract_methods(cx: &mut Cx, class: Handle<'_>) -> Result<(), Raised> {
    let vm = cx.vm();
    let dict = vm.type_data(class.value()).dict;
    let entries: Vec<(Value, Value)> = dict_data(dict).iter().map(|entry| (entry.key, entry.value)).collect();
    let names = vm.new_list(Vec::new());
    let names = cx.root_value(names);
    for (name, value) in entries {
        let (name, value) = (cx.root_value(name), cx.root_value(value));
        if is_abstract(cx, value.handle())? {
            crate::ops::list_items(names.value()).push(name.value());
        }
    }
    for base in cx.vm().sequence_values(cx.vm().type_data(class.value()).bases) {
        let base = cx.root_value(base);
        let Some(inherited) = cx.get_attr_opt(base.handle(), "__abstractmethods__")? else { continue };
        let inherited = cx.collect(inherited.handle())?;
        for name in cx.vm().sequence_values(inherited.value()) {
            let name = cx.root_value(name);
            if !name.value().is_kind(Kind::Str) {
                continue;
            }
            let text = cx.vm().str_lossy(name.value());
            let Some(value) = cx.get_attr_opt(class, &text)? else { continue };
            if is_abstract(cx, value.handle())? {
                crate::ops::list_items(names.value()).push(name.value());
            }
        }
    }
    let vm = cx.vm();
    let mut data = SetData::default();
    for name in vm.sequence_values(names.value()) {
        let name = vm.intern_str(name);
        let hash = vm.hash_str(name);
        if !matches!(data.find(hash, |other| vm.same_key(other, name)), Ok(Some(_))) {
            data.insert_new(hash, name);
        }
    }
    let set = vm.set_of(data, true);
    let set = cx.root_value(set);
    cx.set_attr(class, "__abstractmethods__", set.handle())
}

/// `getattr(value, '__isabstractmethod__', False)`.
fn is_abstract(cx: &mut Cx, value: Handle<'_>) -> Result<bool, Raised> {
    match value.value().kind() {
        None | Some(Kind::Str | Kind::Int | Kind::Tuple | Kind::Float | Kind::Dict | Kind::List) => Ok(false),
        Some(Kind::Function) => {
            let key = cx.vm().names.__isabstractmethod__;
            match cx.vm().instance_attr(value.value(), key) {
                Some(flag) => {
                    let flag = cx.root_value(flag);
                    cx.truth(flag.handle())
                }
                None => Ok(false),
            }
        }
        _ => match cx.get_attr_opt(value, "__isabstractmethod__")? {
            Some(flag) => cx.truth(flag.handle()),
            None => Ok(false),
        },
    }
}

fn abc_register<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, subclass) = (args.at(0), args.at(1));
    if !subclass.value().is_kind(Kind::Type) {
        return Err(cx.vm().raise_type_error("Can only register classes"));
    }
    if cx.is_subclass_of(subclass, class)? {
        return Ok(subclass.get(cx));
    }
    if cx.is_subclass_of(class, subclass)? {
        return Err(cx.vm().raise_runtime_error("Refusing to create an inheritance cycle"));
    }
    let data = data_of(cx, class)?;
    let vm = cx.vm();
    payload(cx, &data).registry.borrow_mut().insert(vm, subclass.value())?;
    vm.module_state::<State>().invalidation += 1;
    let flags = vm.type_data(class.value()).flags & COLLECTION;
    set_collection_flags(vm, subclass.value(), flags);
    Ok(subclass.get(cx))
}

/// Whether the negative cache, if it is still valid, has the class.
fn known_negative(cx: &Cx, data: &Root, class: Value) -> bool {
    let version = cx.vm().module_state::<State>().invalidation;
    let data = payload(cx, data);
    if data.negative_version.get() < version {
        data.negative.borrow_mut().clear();
        data.negative_version.set(version);
        return false;
    }
    data.negative.borrow().contains(cx.vm(), class)
}

fn abc_instancecheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, instance) = (args.at(0), args.at(1));
    let data = data_of(cx, class)?;
    let subclass = cx.get_attr(instance, "__class__")?;
    if payload(cx, &data).cache.borrow().contains(cx.vm(), subclass.value()) {
        return Ok(cx.bool(true));
    }
    let subtype = cx.vm().type_of(instance.value());
    if subtype == subclass.value() && known_negative(cx, &data, subtype) {
        return Ok(cx.bool(false));
    }
    let answer = cx.call_method(class, "__subclasscheck__", &[subclass.handle()])?;
    if subtype == subclass.value() || cx.truth(answer.handle())? {
        return Ok(answer.get(cx));
    }
    let subtype = cx.root_value(subtype);
    let answer = cx.call_method(class, "__subclasscheck__", &[subtype.handle()])?;
    Ok(answer.get(cx))
}

fn abc_subclasscheck<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, subclass) = (args.at(0), args.at(1));
    if !subclass.value().is_kind(Kind::Type) {
        return Err(cx.vm().raise_type_error("issubclass() arg 1 must be a class"));
    }
    let data = data_of(cx, class)?;
    if payload(cx, &data).cache.borrow().contains(cx.vm(), subclass.value()) {
        return Ok(cx.bool(true));
    }
    if known_negative(cx, &data, subclass.value()) {
        return Ok(cx.bool(false));
    }
    let answer = is_subclass(cx, class, subclass, &data)?;
    let vm = cx.vm();
    let data = payload(cx, &data);
    let cache = if answer { &data.cache } else { &data.negative };
    cache.borrow_mut().insert(vm, subclass.value())?;
    Ok(cx.bool(answer))
}

/// The answer without the caches: the class's hook, the order, the registry, then subclasses.
fn is_subclass(cx: &mut Cx, class: Handle<'_>, subclass: Handle<'_>, data: &Root) -> Result<bool, Raised> {
    let hook = cx.call_method(class, "__subclasshook__", &[subclass])?;
    match hook.value() {
        Value::TRUE => return Ok(true),
        Value::FALSE => return Ok(false),
        Value::NOT_IMPLEMENTED => {}
        _ => {
            let message = "__subclasshook__ must return either False, True, or NotImplemented";
            return Err(cx.vm().raise_assertion_error(message));
        }
    }
    if cx.vm().type_data(subclass.value()).mro.contains(&class.value()) {
        return Ok(true);
    }
    let registered = payload(cx, data).registry.borrow().live(cx.vm());
    if any_subclass(cx, subclass, registered)? {
        return Ok(true);
    }
    let subclasses = cx.call_method(class, "__subclasses__", &[])?;
    let subclasses = cx.vm().sequence_values(subclasses.value());
    any_subclass(cx, subclass, subclasses)
}

fn any_subclass(cx: &mut Cx, subclass: Handle<'_>, of: Vec<Value>) -> Result<bool, Raised> {
    let of: Vec<Root> = of.into_iter().map(|class| cx.root_value(class)).collect();
    for class in &of {
        if cx.is_subclass_of(subclass, class.handle())? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn get_cache_token<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let token = cx.vm().module_state::<State>().invalidation;
    let token = cx.vm().new_int(token as i64);
    Ok(cx.local(token))
}

fn get_dump<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data_of(cx, args.at(0))?;
    let vm = cx.vm();
    let data = payload(cx, &data);
    let mut items = Vec::new();
    for classes in [&data.registry, &data.cache, &data.negative] {
        let set = vm.new_set();
        for weakref in &classes.borrow().order {
            if vm.weakref_target(*weakref).is_some() {
                vm.set_insert_new(set, crate::types::type_type::hash_identity(*weakref), *weakref);
            }
        }
        items.push(set);
    }
    items.push(vm.new_int(data.negative_version.get() as i64));
    let dump = vm.new_tuple(&items);
    Ok(cx.local(dump))
}

fn reset_registry<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data_of(cx, args.at(0))?;
    payload(cx, &data).registry.borrow_mut().clear();
    Ok(cx.none())
}

fn reset_caches<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data_of(cx, args.at(0))?;
    let data = payload(cx, &data);
    data.cache.borrow_mut().clear();
    data.negative.borrow_mut().clear();
    Ok(cx.none())
}
