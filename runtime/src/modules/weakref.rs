//! `_weakref`: weak references and proxies.
//!
//! A weak reference does not mark its target. The collector clears the references to what it found unreachable and
//! queues their callbacks; until then a reference gives its target, even if nothing else refers to it any more.

#![expect(unsafe_code, reason = "weak references are cells")]

mod proxy;

use crate::cell::{Kind, WeakRefCell, flag};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, object, callback=None, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, object, callback=None, /", init),
    NativeDef::new("__call__", "$self, /", call),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::getter("__callback__", callback),
    NativeDef::class("__class_getitem__", "$type, object, /", crate::types::generic_alias::class_getitem),
];

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("getweakrefcount", "object, /", getweakrefcount),
    NativeDef::new("getweakrefs", "object, /", getweakrefs),
    NativeDef::new("proxy", "object, callback=None, /", proxy::make),
    NativeDef::new("_remove_dead_weakref", "dct, key, /", remove_dead_weakref),
];

/// Fills the namespace.
pub(super) fn init_module(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let weakref = vm.types.weakref;
    super::set(vm, dict, "ref", weakref);
    super::set(vm, dict, "ReferenceType", weakref);
    for (name, ty) in
        [("ProxyType", proxy::type_of(vm, false)), ("CallableProxyType", proxy::type_of(vm, true))]
    {
        super::set(vm, dict, name, ty);
    }
}

/// Gives the type `weakref.ReferenceType` its methods.
pub(crate) fn install(vm: &mut Vm) {
    let ty = vm.types.weakref;
    crate::types::add_methods(vm, ty, METHODS);
    let (dict, module) = (vm.type_data(ty).dict, vm.intern("weakref"));
    super::set(vm, dict, "__module__", module);
}

/// The cell of a weak reference or proxy; leaf code only.
fn cell<'a>(value: Value) -> &'a mut WeakRefCell {
    // SAFETY: methods of these types are called with their instances, which are live.
    unsafe { &mut *value.cast::<WeakRefCell>() }
}

impl Vm {
    /// The target of a weak reference, if it is still there.
    pub(crate) fn weakref_target(&self, weakref: Value) -> Option<Value> {
        let target = cell(weakref).target;
        (!target.is_undef()).then_some(target)
    }

    /// The weak references to a value, the newest first.
    fn weakrefs_of(&self, target: Value) -> Vec<Value> {
        if !target.is_cell() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut at = self.gc.weakrefs.get(&(target.cell() as usize)).copied().unwrap_or(Value::UNDEF);
        while at.is_kind(Kind::WeakRef) {
            found.push(at);
            at = cell(at).next;
        }
        found
    }

    /// A weak reference of a type whose layout is that of weak references; TypeError if `target` cannot have any.
    pub(crate) fn new_weakref(&mut self, ty: Value, target: Value, callback: Value) -> Result<Value, Raised> {
        let of = self.type_of(target);
        let base = if self.is_subtype(ty, self.types.weakref) { self.types.weakref } else { ty };
        if !target.is_cell() || !self.type_data(of).has(type_flag::WEAKREF) {
            let message = format!("cannot create weak reference to '{}' object", self.type_name(of));
            return Err(self.raise_type_error(&message));
        }
        if callback.is_none() {
            let plain = |weakref: &Value| self.type_of(*weakref) == ty && cell(*weakref).callback.is_none();
            if ty == base
                && let Some(known) = self.weakrefs_of(target).into_iter().find(plain)
            {
                return Ok(known);
            }
        }
        let shape = self.shape_of_type(base);
        let weakref = self.alloc_cell(Kind::WeakRef, shape, |header| WeakRefCell {
            header,
            target,
            callback,
            hash: 0,
            next: Value::UNDEF,
            dict: Value::UNDEF,
        });
        let weakref = if ty == base { weakref } else { self.as_subclass(weakref, ty)? };
        self.link_weakref(weakref, target);
        Ok(weakref)
    }

    fn link_weakref(&mut self, weakref: Value, target: Value) {
        // SAFETY: the target is a live cell.
        unsafe { (*target.cell()).flags |= flag::WEAKLY_REFERENCED };
        let first = self.gc.weakrefs.entry(target.cell() as usize).or_insert(Value::UNDEF);
        cell(weakref).next = *first;
        *first = weakref;
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().types.weakref;
    crate::types::new::check_class(cx, args.at(0), ty)?;
    let callback = args.opt(2).map_or(Value::NONE, Handle::value);
    let weakref = cx.vm().new_weakref(args.at(0).value(), args.at(1).value(), callback)?;
    Ok(cx.local(weakref))
}

fn init<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = cx.vm().weakref_target(args.at(0).value());
    Ok(cx.local(target.unwrap_or(Value::NONE)))
}

fn callback<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0).value();
    let callback = if cell(this).target.is_undef() { Value::NONE } else { cell(this).callback };
    Ok(cx.local(callback))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    if cell(this.value()).hash == 0 {
        let Some(target) = cx.vm().weakref_target(this.value()) else {
            return Err(cx.vm().raise_type_error("weak object has gone away"));
        };
        let target = cx.root_value(target);
        let hash = cx.hash(target.handle())?;
        cell(this.value()).hash = hash.wrapping_add(1);
    }
    let hash = cx.vm().new_int(cell(this.value()).hash.wrapping_sub(1) as i64);
    Ok(cx.local(hash))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let id = cx.vm().ids.number(this.value());
    let Some(target) = cx.vm().weakref_target(this.value()) else {
        let text = cx.vm().new_str(&format!("<weakref at {id:#x}; dead>"));
        return Ok(cx.local(text));
    };
    let target = cx.root_value(target);
    let name = cx.get_attr_opt(target.handle(), "__name__")?;
    let vm = cx.vm();
    let (ty, to) = (vm.type_name_of(target.value()), vm.ids.number(target.value()));
    let name = name.filter(|name| name.value().is_kind(Kind::Str));
    let name = name.map_or(String::new(), |name| format!(" ({})", vm.str_lossy(name.value())));
    let text = vm.new_str(&format!("<weakref at {id:#x}; to '{ty}' at {to:#x}{name}>"));
    Ok(cx.local(text))
}

/// Live references are equal if their targets are, dead ones if they are the same.
fn equal(cx: &mut Cx, args: Args<'_>) -> Result<Option<bool>, Raised> {
    let (a, b) = (args.at(0).value(), args.at(1).value());
    let ty = cx.vm().types.weakref;
    if !cx.vm().is_instance(b, ty) {
        return Ok(None);
    }
    match (cx.vm().weakref_target(a), cx.vm().weakref_target(b)) {
        (Some(a), Some(b)) => {
            let (a, b) = (cx.root_value(a), cx.root_value(b));
            cx.eq(a.handle(), b.handle()).map(Some)
        }
        _ => Ok(Some(a == b)),
    }
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = equal(cx, args)?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(equal)))
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = equal(cx, args)?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(!equal)))
}

fn getweakrefcount<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.vm().weakrefs_of(args.at(0).value()).len();
    Ok(cx.local(Value::small(count as i32)))
}

fn getweakrefs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let weakrefs = cx.vm().weakrefs_of(args.at(0).value());
    let list = cx.vm().new_list(weakrefs);
    Ok(cx.local(list))
}

fn remove_dead_weakref<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(0).value().is_kind(Kind::Dict) {
        return Err(cx.vm().raise_type_error("_remove_dead_weakref() argument 1 must be dict"));
    }
    if let (_, Some(position)) = cx.dict_find(args.at(0), args.at(1))? {
        let data = crate::dict_ops::dict_data(args.at(0).value());
        let value = data.entry(position).map_or(Value::NONE, |entry| entry.value);
        if value.is_kind(Kind::WeakRef) && cx.vm().weakref_target(value).is_none() {
            data.remove_at(position);
        }
    }
    Ok(cx.none())
}
