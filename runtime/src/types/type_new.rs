//! `type.__new__`: making classes.

#![expect(unsafe_code, reason = "types are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::dict_ops::dict_data;
use crate::type_object::{CallCache, TypeData, type_flag};
use crate::value::Value;
use crate::vm::Vm;

use super::class_statement::{call_with_keywords, derived_metaclass};

/// Inline slots that instances with a dict get at first, besides those of `__slots__`.
const FIRST_SLOTS: usize = 4;

/// `type.__new__(metatype, name, bases, namespace, /, **kwargs)`.
pub(super) fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let metatype = args.at(0).value();
    super::type_type::check_new(cx, metatype, cx.vm().types.type_)?;
    let values = args.rest_values();
    check_arguments(cx.vm(), &values)?;
    let bases = cx.vm().sequence_values(values[1]);
    let object = cx.vm().types.object;
    let bases = if bases.is_empty() { vec![object] } else { bases };
    for base in bases.iter().filter(|base| !base.is_kind(Kind::Type)) {
        refuse_entries(cx, *base)?;
    }
    let winner = derived_metaclass(cx.vm(), metatype, &bases)?;
    if winner != metatype {
        let name = cx.vm().names.__new__;
        let (theirs, ours) = (cx.vm().lookup(winner, name), cx.vm().lookup(cx.vm().types.type_, name));
        if theirs != ours {
            let winner = cx.root_value(winner);
            let hook = cx.get_attr(winner.handle(), "__new__")?;
            let all = [winner.value(), values[0], values[1], values[2]];
            let keywords = args.opt(1).map_or(Value::UNDEF, Handle::value);
            let made = call_with_keywords(cx, hook.handle(), &all, keywords)?.value();
            return Ok(cx.local(made));
        }
    }
    let class = make(cx, winner, values[0], &bases, values[2])?;
    set_names(cx, &class)?;
    init_subclass(cx, &class, args.opt(1).map_or(Value::UNDEF, Handle::value))?;
    let class = class.value();
    Ok(cx.local(class))
}

fn check_arguments(vm: &mut Vm, values: &[Value]) -> Result<(), Raised> {
    if values.len() != 3 {
        let message = format!("type.__new__() takes exactly 3 arguments ({} given)", values.len());
        return Err(vm.raise_type_error(&message));
    }
    for (i, (kind, name)) in
        [(Kind::Str, "str"), (Kind::Tuple, "tuple"), (Kind::Dict, "dict")].into_iter().enumerate()
    {
        if !values[i].is_kind(kind) {
            let got = vm.type_name_of(values[i]);
            let message = format!("type.__new__() argument {} must be {name}, not {got}", i + 1);
            return Err(vm.raise_type_error(&message));
        }
    }
    Ok(())
}

/// Bases with `__mro_entries__` are for class statements, which replace them.
fn refuse_entries(cx: &mut Cx, base: Value) -> Result<(), Raised> {
    let base = cx.root_value(base);
    if cx.get_attr_opt(base.handle(), "__mro_entries__")?.is_some() {
        return Err(cx
            .vm()
            .raise_type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
    }
    Ok(())
}

/// Makes a class: everything but `__set_name__` and `__init_subclass__`.
fn make(
    cx: &mut Cx,
    metatype: Value,
    name: Value,
    bases: &[Value],
    namespace: Value,
) -> Result<Root, Raised> {
    let base = best_base(cx.vm(), bases)?;
    if cx.vm().units(name).iter().any(|unit| unit == 0) {
        return Err(cx.vm().raise_value_error("type name must not contain null characters"));
    }
    let namespace = cx.root_value(namespace);
    let slots = Slots::read(cx, namespace.value(), name, base, bases)?;
    let vm = cx.vm();
    let dict = copy_namespace(vm, namespace.value());
    let dict_root = cx.root_value(dict);
    let qualname = take_qualname(cx.vm(), dict, name)?;
    let class = alloc(cx.vm(), metatype, name, qualname, bases, base, dict, &slots);
    let class = cx.root_value(class);
    fill_namespace(cx.vm(), class.value(), dict, &slots)?;
    drop(dict_root);
    set_order(cx, &class)?;
    let vm = cx.vm();
    for base in bases {
        vm.type_data(*base).subclasses.push(class.value());
    }
    vm.refresh_flags(class.value());
    Ok(class)
}

fn copy_namespace(vm: &mut Vm, namespace: Value) -> Value {
    let copy = vm.new_dict();
    let entries: Vec<(u64, Value, Value)> =
        dict_data(namespace).iter().map(|entry| (entry.hash, entry.key, entry.value)).collect();
    for (hash, key, value) in entries {
        let key = if key.is_kind(Kind::Str) && vm.is_exact(key) { vm.intern_str(key) } else { key };
        vm.dict_insert_new(copy, hash, key, value);
    }
    copy
}

fn take_qualname(vm: &mut Vm, dict: Value, name: Value) -> Result<Value, Raised> {
    let key = vm.names.__qualname__;
    match vm.dict_remove_str(dict, key) {
        None => Ok(name),
        Some(qualname) if qualname.is_kind(Kind::Str) => Ok(qualname),
        Some(other) => {
            let message = format!("type __qualname__ must be a str, not {}", vm.type_name_of(other));
            Err(vm.raise_type_error(&message))
        }
    }
}

/// How many attributes the class's own methods assign to `self`: the compiler's `__static_attributes__`.
fn assigned_attributes(vm: &Vm, dict: Value) -> usize {
    vm.dict_get_str(dict, vm.names.__static_attributes__).and_then(|names| vm.len_plain(names)).unwrap_or(0)
}

#[expect(clippy::too_many_arguments, reason = "the parts of a type")]
fn alloc(
    vm: &mut Vm,
    metatype: Value,
    name: Value,
    qualname: Value,
    bases: &[Value],
    base: Value,
    dict: Value,
    slots: &Slots,
) -> Value {
    use type_flag::*;
    let inherited = vm.type_data(base).flags & (INSTANCE_DICT | WEAKREF | SEQUENCE | MAPPING);
    let from_others =
        bases.iter().fold(0, |flags, base| flags | vm.type_data(*base).flags) & (SEQUENCE | MAPPING);
    let mut flags = HEAP | BASE | inherited | from_others;
    if slots.has_dict {
        flags |= INSTANCE_DICT;
    }
    if slots.has_weakref {
        flags |= WEAKREF;
    }
    let kind = vm.type_data(base).kind;
    let members = vm.type_data(base).member_slots as usize + slots.names.len();
    let spare = if flags & INSTANCE_DICT != 0 { FIRST_SLOTS } else { 0 };
    let inline = if kind == Kind::Object {
        let inherited = usize::from(vm.type_data(base).inline_slots);
        let wanted =
            inherited.max(members + spare).max(inherited + slots.names.len() + assigned_attributes(vm, dict));
        wanted.min(crate::shape::MAX_ATTRIBUTES).max(members)
    } else {
        0
    };
    let shape = vm.shapes.add(Value::UNDEF, vec![Value::UNDEF; members].into(), false);
    let bases = vm.new_tuple(bases);
    let data = Box::new(TypeData {
        name,
        qualname,
        bases,
        base,
        mro: Vec::new(),
        mro_tuple: Value::UNDEF,
        dict,
        subclasses: Vec::new(),
        kind,
        flags,
        shape,
        dict_shape: 0,
        shapes: 0,
        inline_slots: inline as u16,
        member_slots: members as u16,
        version: 0,
        cached_names: hashbrown::HashSet::new(),
        call_cache: CallCache { version: 0, plain_new: false, init: Value::UNDEF, new: Value::UNDEF },
    });
    let meta_shape = vm.type_data(metatype).shape;
    let class = vm.alloc_cell(Kind::Type, meta_shape, |header| TypeCell { header, data });
    vm.shapes.get_mut(shape).ty = class;
    class
}

/// What `type.__new__` adds to or changes in a class's namespace.
fn fill_namespace(vm: &mut Vm, class: Value, dict: Value, slots: &Slots) -> Result<(), Raised> {
    let names = vm.names;
    if vm.dict_get_str(dict, names.__module__).is_none()
        && let Some(depth) = vm.python_frame()
    {
        let function = vm.frames()[depth].callee.cast::<FunctionCell>();
        // SAFETY: the frame's function is live.
        let globals = unsafe { (*function).globals };
        if let Some(module) = vm.dict_get_str(globals, names.__name__) {
            vm.dict_set_str(dict, names.__module__, module);
        }
    }
    for (name, is_static) in
        [(names.__new__, true), (names.__init_subclass__, false), (names.__class_getitem__, false)]
    {
        if let Some(function) = vm.dict_get_str(dict, name).filter(|value| value.is_kind(Kind::Function)) {
            let wrapper =
                if is_static { vm.new_staticmethod(function) } else { vm.new_classmethod(function) };
            vm.dict_set_str(dict, name, wrapper);
        }
    }
    let first = vm.type_data(class).member_slots as usize - slots.names.len();
    for (i, name) in slots.names.iter().enumerate() {
        let member = vm.new_member(*name, class, first + i);
        vm.dict_set_str(dict, *name, member);
    }
    if slots.adds_dict {
        let native = vm.new_native(&super::object_type::DICT, class, Value::UNDEF);
        vm.dict_set_str(dict, names.__dict__, native);
    }
    if slots.adds_weakref {
        let native = vm.new_native(&super::object_type::WEAKREF, class, Value::UNDEF);
        vm.dict_set_str(dict, names.__weakref__, native);
    }
    if vm.dict_get_str(dict, names.__doc__).is_none() {
        vm.dict_set_str(dict, names.__doc__, Value::NONE);
    }
    if vm.dict_get_str(dict, names.__eq__).is_some() && vm.dict_get_str(dict, names.__hash__).is_none() {
        vm.dict_set_str(dict, names.__hash__, Value::NONE);
    }
    if let Some(cell) = vm.dict_remove_str(dict, names.__classcell__) {
        let Some(cell) = cell.as_cell::<ClosureCell>() else {
            let ty = vm.type_of(cell);
            let text = vm.enter(|cx| {
                let ty = cx.root_value(ty);
                cx.repr_text(ty.handle())
            })?;
            let message = format!("__classcell__ must be a nonlocal cell, not {text}");
            return Err(vm.raise_type_error(&message));
        };
        // SAFETY: the cell is live.
        unsafe { (*cell).contents = class };
    }
    Ok(())
}

/// Finds the method resolution order: by the metatype's `mro` if it has one of its own.
pub(super) fn set_order(cx: &mut Cx, class: &Root) -> Result<(), Raised> {
    let vm = cx.vm();
    let bases = vm.sequence_values(vm.type_data(class.value()).bases);
    let metatype = vm.type_of(class.value());
    let name = vm.intern("mro");
    let hook = vm.lookup(metatype, name);
    if metatype == vm.types.type_ || vm.is_method_native(hook) {
        let order = vm.linearize(class.value(), &bases)?;
        vm.type_data(class.value()).mro = order;
        vm.type_data(class.value()).mro_tuple = Value::UNDEF;
        return Ok(());
    }
    // While `mro` runs the class has the plain order, so that it can be looked at.
    if let Ok(order) = vm.linearize(class.value(), &bases) {
        vm.type_data(class.value()).mro = order;
    } else {
        vm.exception = Value::UNDEF;
        vm.type_data(class.value()).mro = vec![class.value(), vm.types.object];
    }
    let result = cx.call_special(class.handle(), name, &[])?.expect("found above");
    let list = cx.collect(result.handle())?;
    let order = cx.vm().sequence_values(list.value());
    let base = cx.vm().type_data(class.value()).base;
    let solid = solid_base(cx.vm(), base);
    for entry in &order {
        if !entry.is_kind(Kind::Type) {
            let message = format!("mro() returned a non-class ('{}')", cx.vm().type_name_of(*entry));
            return Err(cx.vm().raise_type_error(&message));
        }
        let entry_base = solid_base(cx.vm(), *entry);
        if !cx.vm().is_subtype(solid, entry_base) {
            let message =
                format!("mro() returned base with unsuitable layout ('{}')", cx.vm().type_name(*entry));
            return Err(cx.vm().raise_type_error(&message));
        }
    }
    let data = cx.vm().type_data(class.value());
    data.mro = order;
    data.mro_tuple = Value::UNDEF;
    cx.vm().type_changed(class.value());
    Ok(())
}

// ---- bases and layouts ----------------------------------------------------------------------------------------------

/// The base that decides the layout of instances; TypeError if bases conflict or may not be derived from.
pub(super) fn best_base(vm: &mut Vm, bases: &[Value]) -> Result<Value, Raised> {
    let mut best: Option<(Value, Value)> = None;
    for base in bases {
        if !base.is_kind(Kind::Type) {
            return Err(vm.raise_type_error("bases must be types"));
        }
        if !vm.type_data(*base).has(type_flag::BASE) {
            let message = format!("type '{}' is not an acceptable base type", vm.type_name(*base));
            return Err(vm.raise_type_error(&message));
        }
        let candidate = solid_base(vm, *base);
        match best {
            None => best = Some((*base, candidate)),
            Some((_, winner)) if vm.is_subtype(winner, candidate) => {}
            Some((_, winner)) if vm.is_subtype(candidate, winner) => best = Some((*base, candidate)),
            Some(_) => {
                return Err(vm.raise_type_error("multiple bases have instance lay-out conflict"));
            }
        }
    }
    Ok(best.map_or(vm.types.object, |(base, _)| base))
}

/// The nearest type, from `ty` on, that added something to the layout.
pub(super) fn solid_base(vm: &Vm, ty: Value) -> Value {
    let mut at = ty;
    loop {
        let data = vm.type_data(at);
        if data.base.is_none() {
            return at;
        }
        let base = vm.type_data(data.base);
        let is_native_layout = !data.has(type_flag::HEAP)
            && (data.kind != base.kind
                || data.kind == Kind::Boxed
                || super::exceptions::has_own_fields(vm, at));
        if is_native_layout || data.member_slots > base.member_slots {
            return at;
        }
        at = data.base;
    }
}

// ---- __slots__ ------------------------------------------------------------------------------------------------------

/// What a class's `__slots__` (or their absence) say about its instances.
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
struct Slots {
    /// Names of members, mangled and sorted.
    names: Vec<Value>,
    has_dict: bool,
    has_weakref: bool,
    adds_dict: bool,
    adds_weakref: bool,
}

impl Slots {
    fn read(
        cx: &mut Cx,
        namespace: Value,
        class_name: Value,
        base: Value,
        bases: &[Value],
    ) -> Result<Self, Raised> {
        let vm = cx.vm();
        let base_data = vm.type_data(base);
        let is_type = base_data.kind == Kind::Type;
        let may_add_dict = !base_data.has(type_flag::INSTANCE_DICT) && !is_type;
        let is_variable = has_variable_size(base_data.kind);
        let may_add_weakref = !base_data.has(type_flag::WEAKREF) && !is_variable;
        let Some(slots) = vm.dict_get_str(namespace, vm.names.__slots__) else {
            return Ok(Self {
                names: Vec::new(),
                has_dict: may_add_dict,
                has_weakref: may_add_weakref,
                adds_dict: may_add_dict,
                adds_weakref: may_add_weakref,
            });
        };
        let listed = if slots.is_kind(Kind::Str) {
            let list = vm.new_list(vec![slots]);
            cx.root_value(list)
        } else {
            let slots = cx.root_value(slots);
            cx.collect(slots.handle())?
        };
        let vm = cx.vm();
        let items = vm.sequence_values(listed.value());
        if !items.is_empty() && is_variable {
            let message = format!("nonempty __slots__ not supported for subtype of '{}'", vm.type_name(base));
            return Err(vm.raise_type_error(&message));
        }
        let mut this = Self {
            names: Vec::new(),
            has_dict: false,
            has_weakref: false,
            adds_dict: false,
            adds_weakref: false,
        };
        for item in items {
            this.add(vm, item, namespace, class_name, may_add_dict, may_add_weakref)?;
        }
        this.names.sort_by_key(|name| vm.str_lossy(*name));
        this.inherit_from_others(vm, base, bases, may_add_dict, may_add_weakref);
        Ok(this)
    }

    fn add(
        &mut self,
        vm: &mut Vm,
        item: Value,
        namespace: Value,
        class_name: Value,
        may_add_dict: bool,
        may_add_weakref: bool,
    ) -> Result<(), Raised> {
        if !item.is_kind(Kind::Str) {
            let message = format!("__slots__ items must be strings, not '{}'", vm.type_name_of(item));
            return Err(vm.raise_type_error(&message));
        }
        let text = vm.str_lossy(item);
        if !is_identifier(&text) {
            return Err(vm.raise_type_error("__slots__ must be identifiers"));
        }
        match text.as_str() {
            "__dict__" if !may_add_dict || self.adds_dict => {
                return Err(vm.raise_type_error("__dict__ slot disallowed: we already got one"));
            }
            "__weakref__" if !may_add_weakref || self.adds_weakref => {
                return Err(vm.raise_type_error("__weakref__ slot disallowed: we already got one"));
            }
            "__dict__" => (self.adds_dict, self.has_dict) = (true, true),
            "__weakref__" => (self.adds_weakref, self.has_weakref) = (true, true),
            _ => {
                let name = mangle(&vm.str_lossy(class_name), &text);
                let name = vm.intern(&name);
                // The compiler puts these into the namespace itself, and they leave it again.
                let is_own = matches!(text.as_str(), "__qualname__" | "__classcell__" | "__classdictcell__");
                if !is_own && vm.dict_get_str(namespace, name).is_some() {
                    let message = format!("'{text}' in __slots__ conflicts with class variable");
                    return Err(vm.raise_value_error(&message));
                }
                self.names.push(name);
            }
        }
        Ok(())
    }

    /// Other bases than the one of the layout may have a dict or weak references, which this class then has too.
    fn inherit_from_others(
        &mut self,
        vm: &Vm,
        base: Value,
        bases: &[Value],
        may_add_dict: bool,
        may_add_weakref: bool,
    ) {
        for other in bases.iter().filter(|other| **other != base) {
            let data = vm.type_data(*other);
            if may_add_dict && data.has(type_flag::INSTANCE_DICT) {
                self.has_dict = true;
            }
            if may_add_weakref && data.has(type_flag::WEAKREF) {
                self.has_weakref = true;
            }
        }
    }
}

fn has_variable_size(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Tuple | Kind::Bytes | Kind::Type)
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

/// The name that a private name of a class stands for.
pub(super) fn mangle(class: &str, name: &str) -> String {
    let class = class.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class.is_empty() {
        return name.to_string();
    }
    format!("_{class}{name}")
}

// ---- hooks ----------------------------------------------------------------------------------------------------------

/// Tells every descriptor in the namespace its name.
fn set_names(cx: &mut Cx, class: &Root) -> Result<(), Raised> {
    let dict = cx.vm().type_data(class.value()).dict;
    let entries: Vec<(Value, Value)> = dict_data(dict)
        .iter()
        .filter(|entry| {
            entry.value.is_cell() && !matches!(entry.value.kind(), Some(Kind::Function | Kind::Str))
        })
        .map(|entry| (entry.key, entry.value))
        .collect();
    let entries: Vec<(Root, Root)> =
        entries.into_iter().map(|(key, value)| (cx.root_value(key), cx.root_value(value))).collect();
    let hook = cx.vm().names.__set_name__;
    for (name, value) in entries {
        if cx.call_special(value.handle(), hook, &[class.handle(), name.handle()]).is_err() {
            return Err(note_set_name(cx, &name, &value, class));
        }
    }
    Ok(())
}

fn note_set_name(cx: &mut Cx, name: &Root, value: &Root, class: &Root) -> Raised {
    let exception = cx.vm().take_exception();
    let exception = cx.root_value(exception);
    let ty = cx.vm().type_name_of(value.value());
    let Ok(key) = cx.repr_text(name.handle()) else { return Raised };
    let owner = cx.vm().type_name(class.value());
    let note = format!("Error calling __set_name__ on '{ty}' instance {key} in '{owner}'");
    let note = cx.vm().new_str(&note);
    let note = cx.root_value(note);
    if cx.call_method(exception.handle(), "add_note", &[note.handle()]).is_err() {
        return Raised;
    }
    cx.vm().raise_again(exception.value())
}

/// `super(class, class).__init_subclass__(**kwargs)`.
fn init_subclass(cx: &mut Cx, class: &Root, keywords: Value) -> Result<(), Raised> {
    let vm = cx.vm();
    let name = vm.names.__init_subclass__;
    let class_value = class.value();
    let object = vm.types.object;
    let found = super::super_object::find(vm, class_value, class_value, name);
    let no_keywords = keywords.is_undef() || dict_data(keywords).is_empty();
    if no_keywords && vm.dict_get_str(vm.type_data(object).dict, name) == Some(found) {
        return Ok(());
    }
    let hook = vm.door(|vm| vm.get_class_attr(found, class_value))?;
    let hook = cx.root_value(hook);
    call_with_keywords(cx, hook.handle(), &[], keywords)?;
    Ok(())
}
