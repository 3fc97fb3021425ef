//! Types: their data, making them (C3 order), and looking names up along the order with a cache.

#![expect(unsafe_code, reason = "types are reached through cells")]

use hashbrown::HashSet;

use crate::cell::{DictCell, Kind, TypeCell};
use crate::cx::Raised;
use crate::heap::Marker;
use crate::value::Value;
use crate::vm::Vm;

/// Flags of a type.
pub mod type_flag {
    /// Made by a class statement or `type()`.
    pub const HEAP: u32 = 1;
    /// May be subclassed.
    pub const BASE: u32 = 2;
    /// Instances have a `__dict__`.
    pub const INSTANCE_DICT: u32 = 4;
    /// Instances can be weakly referenced.
    pub const WEAKREF: u32 = 8;
    /// `__getattribute__` is overridden somewhere in the order.
    pub const CUSTOM_GETATTRIBUTE: u32 = 16;
    /// `__getattr__` exists somewhere in the order.
    pub const HAS_GETATTR: u32 = 32;
    /// `__setattr__` or `__delattr__` is overridden somewhere in the order.
    pub const CUSTOM_SETATTR: u32 = 64;
    /// `__del__` exists somewhere in the order.
    pub const FINALIZER: u32 = 128;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 256;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 512;
    /// Attributes may not be set from Python (a built-in type).
    pub const IMMUTABLE: u32 = 1024;
    /// May not be instantiated by calling (no `__new__` of its own).
    pub const NO_NEW: u32 = 2048;
    /// An abstract base class with abstract methods left.
    pub const ABSTRACT: u32 = 4096;
}

/// A type's data.
pub struct TypeData {
    pub(crate) name: Value,
    pub(crate) qualname: Value,
    /// Tuple.
    pub(crate) bases: Value,
    /// The base whose layout instances have.
    pub(crate) base: Value,
    /// The method resolution order, this type first.
    pub(crate) mro: Vec<Value>,
    /// The order as a tuple, when it was asked for.
    pub(crate) mro_tuple: Value,
    /// The namespace: a dict.
    pub(crate) dict: Value,
    /// Direct subclasses: not traced, cleared by the collector.
    pub(crate) subclasses: Vec<Value>,
    /// Layout of instances.
    pub(crate) kind: Kind,
    pub(crate) flags: u32,
    /// Shape of an instance without attributes.
    pub(crate) shape: u32,
    /// Shape of an instance that keeps a dict; 0 until needed.
    pub(crate) dict_shape: u32,
    /// Shapes made so far.
    pub(crate) shapes: u32,
    /// Inline slots that instances get: what earlier ones came to need.
    pub(crate) inline_slots: u16,
    /// Slots of `__slots__`, this type's and its bases', which come first.
    pub(crate) member_slots: u16,
    /// Names the present state of this type's order for the method cache; 0: unnamed.
    pub(crate) version: u32,
    /// Names (their words) whose state in this type inline caches rest on: a change has to flush them.
    pub(crate) cached_names: HashSet<u64>,
    /// `__init__` and `__new__` as instantiation needs them, for `version`.
    pub(crate) call_cache: CallCache,
}

/// What calling a type does: found by lookup, valid while the type's version is unchanged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallCache {
    pub(crate) version: u32,
    /// `__new__` is `object.__new__`.
    pub(crate) plain_new: bool,
    /// The `__init__` found; Undef if it is `object.__init__`.
    pub(crate) init: Value,
    pub(crate) new: Value,
}

impl TypeData {
    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        marker.live += size_of::<Self>();
        marker.mark_all(&[self.name, self.qualname, self.bases, self.base, self.dict, self.mro_tuple]);
        marker.mark_all(&self.mro);
    }
}

/// One entry of the method cache.
#[derive(Clone, Copy)]
struct CacheEntry {
    version: u32,
    name: Value,
    value: Value,
}

const CACHE_SIZE: usize = 4096;

/// The method cache: (type version, name) to the value found along the order (Undef: nowhere).
pub struct MethodCache {
    entries: Box<[CacheEntry]>,
    next_version: u32,
}

impl Default for MethodCache {
    fn default() -> Self {
        let none = CacheEntry { version: 0, name: Value::UNDEF, value: Value::UNDEF };
        Self { entries: vec![none; CACHE_SIZE].into(), next_version: 1 }
    }
}

impl MethodCache {
    /// Forgets everything: cached values are not traced.
    pub(crate) fn clear(&mut self) {
        for entry in &mut self.entries {
            entry.version = 0;
        }
    }

    /// Forgets what one name is for the types of one version.
    fn forget(&mut self, version: u32, name: Value) {
        let entry = &mut self.entries[Self::index(version, name)];
        if entry.version == version && entry.name == name {
            entry.version = 0;
        }
    }

    #[inline(always)]
    fn index(version: u32, name: Value) -> usize {
        (version as usize ^ (name.bits() >> 5) as usize) % CACHE_SIZE
    }
}

impl Vm {
    /// The data of a type. Leaf code only: the reference must end before anything else reaches the type.
    #[inline(always)]
    pub(crate) fn type_data<'a>(&self, ty: Value) -> &'a mut TypeData {
        // SAFETY: `ty` is a live type.
        unsafe { &mut (*ty.cast::<TypeCell>()).data }
    }

    /// The value of `name` (an interned string) along the type's order, or Undef.
    #[inline]
    pub(crate) fn lookup(&mut self, ty: Value, name: Value) -> Value {
        let version = self.type_data(ty).version;
        if version != 0 {
            let entry = &self.method_cache.entries[MethodCache::index(version, name)];
            if entry.version == version && entry.name == name {
                return entry.value;
            }
        }
        self.lookup_uncached(ty, name)
    }

    #[cold]
    #[inline(never)]
    fn lookup_uncached(&mut self, ty: Value, name: Value) -> Value {
        let version = self.type_version(ty);
        let value = self.find_in_order(ty, name);
        if version != 0 {
            self.method_cache.entries[MethodCache::index(version, name)] =
                CacheEntry { version, name, value };
        }
        value
    }

    fn find_in_order(&self, ty: Value, name: Value) -> Value {
        for base in &self.type_data(ty).mro {
            let dict = self.type_data(*base).dict;
            // SAFETY: a type's namespace is a live dict.
            let data = unsafe { &(*dict.cast::<DictCell>()).data };
            if let Some(position) = self.find_str(data, name) {
                return data.value_at(position);
            }
        }
        Value::UNDEF
    }

    /// Where along the order `name` is found: the type that has it.
    pub(crate) fn lookup_where(&self, ty: Value, name: Value) -> Option<(Value, Value)> {
        self.type_data(ty).mro.iter().find_map(|base| {
            let dict = self.type_data(*base).dict;
            // SAFETY: a type's namespace is a live dict.
            let data = unsafe { &(*dict.cast::<DictCell>()).data };
            self.find_str(data, name).map(|position| (*base, data.value_at(position)))
        })
    }

    /// The number that names the type's present state.
    pub(crate) fn type_version(&mut self, ty: Value) -> u32 {
        if self.type_data(ty).version == 0 && self.method_cache.next_version < u32::MAX {
            let version = self.method_cache.next_version;
            self.method_cache.next_version += 1;
            let data = self.type_data(ty);
            data.version = version;
            // Subclasses are told of changes through their bases, so these need a version too.
            for base in data.mro.clone().into_iter().skip(1) {
                self.type_version(base);
            }
        }
        self.type_data(ty).version
    }

    /// The type's order or several of its names changed: forgets what was cached of it and its subclasses.
    pub(crate) fn type_changed(&mut self, ty: Value) {
        let data = self.type_data(ty);
        data.version = 0;
        if !data.cached_names.is_empty() {
            data.cached_names.clear();
            self.flush_caches();
        }
        for subclass in data.subclasses.clone() {
            self.type_changed(subclass);
        }
    }

    /// One name of the type's namespace changed: forgets what was cached of it.
    pub(crate) fn type_name_changed(&mut self, ty: Value, name: Value) {
        let name = self.intern_str(name);
        let n = &self.names;
        let is_hook =
            [n.__getattribute__, n.__setattr__, n.__delattr__, n.__getattr__, n.__del__].contains(&name);
        if is_hook {
            self.refresh_flags(ty);
        }
        // A hook stands before every attribute, whatever its name.
        if self.type_data(ty).cached_names.remove(&name.bits()) || is_hook {
            self.flush_caches();
        }
        self.forget_name(ty, name);
    }

    /// The type and its subclasses: the method cache and what calling them does no longer rest on `name`.
    fn forget_name(&mut self, ty: Value, name: Value) {
        let data = self.type_data(ty);
        if data.version != 0 {
            self.method_cache.forget(data.version, name);
        }
        if name == self.names.__init__ || name == self.names.__new__ {
            data.call_cache.version = 0;
        }
        for subclass in &data.subclasses {
            self.forget_name(*subclass, name);
        }
    }

    /// Sets a name in a type's namespace, as the type itself does it (no descriptors).
    pub(crate) fn set_type_entry(&mut self, ty: Value, name: Value, value: Value) {
        let dict = self.type_data(ty).dict;
        self.dict_set_str(dict, name, value);
        self.type_name_changed(ty, name);
    }

    /// Computes the flags that say which hooks exist along the order, for the type and its subclasses.
    pub(crate) fn refresh_flags(&mut self, ty: Value) {
        use type_flag::*;
        let mut flags =
            self.type_data(ty).flags & !(CUSTOM_GETATTRIBUTE | HAS_GETATTR | CUSTOM_SETATTR | FINALIZER);
        let names = self.names;
        let object = self.types.object;
        for (name, flag) in [
            (names.__getattribute__, CUSTOM_GETATTRIBUTE),
            (names.__setattr__, CUSTOM_SETATTR),
            (names.__delattr__, CUSTOM_SETATTR),
            (names.__getattr__, HAS_GETATTR),
            (names.__del__, FINALIZER),
        ] {
            if self
                .lookup_where(ty, name)
                .is_some_and(|(owner, _)| owner != object && !self.is_native_owner(owner, flag))
            {
                flags |= flag;
            }
        }
        self.type_data(ty).flags = flags;
        for subclass in self.type_data(ty).subclasses.clone() {
            self.refresh_flags(subclass);
        }
    }

    /// Built-in types with attribute rules of their own (type, module, super) are known to the generic lookup.
    fn is_native_owner(&self, owner: Value, flag: u32) -> bool {
        let data = self.type_data(owner);
        flag != type_flag::FINALIZER && !data.has(type_flag::HEAP) && !data.has(flag)
    }

    /// Whether `ty` is `of` or a subclass of it.
    #[inline]
    pub(crate) fn is_subtype(&self, ty: Value, of: Value) -> bool {
        ty == of || self.type_data(ty).mro.contains(&of)
    }

    /// Whether a value is an instance of `ty` or a subclass of it.
    pub(crate) fn is_instance(&self, value: Value, ty: Value) -> bool {
        self.is_subtype(self.type_of(value), ty)
    }

    /// The C3 linearization of a type with these bases; TypeError if there is none.
    pub(crate) fn linearize(&mut self, ty: Value, bases: &[Value]) -> Result<Vec<Value>, Raised> {
        if let Some(twice) = bases.iter().enumerate().find(|(i, base)| bases[..*i].contains(base)) {
            let message = format!("duplicate base class {}", self.type_name(*twice.1));
            return Err(self.raise_type_error(&message));
        }
        let mut lists: Vec<Vec<Value>> = bases.iter().map(|base| self.type_data(*base).mro.clone()).collect();
        lists.push(bases.to_vec());
        let mut order = vec![ty];
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return Ok(order);
            }
            let in_tail = |candidate: &Value| lists.iter().any(|list| list[1..].contains(candidate));
            let Some(next) = lists.iter().map(|list| list[0]).find(|head| !in_tail(head)) else {
                return Err(self.order_conflict(&lists));
            };
            order.push(next);
            for list in &mut lists {
                if list[0] == next {
                    list.remove(0);
                }
            }
        }
    }

    fn order_conflict(&mut self, lists: &[Vec<Value>]) -> Raised {
        let mut heads: Vec<Value> = Vec::new();
        for list in lists {
            if !heads.contains(&list[0]) {
                heads.push(list[0]);
            }
        }
        let names: Vec<String> = heads.iter().map(|head| self.type_name(*head)).collect();
        let message = format!(
            "Cannot create a consistent method resolution order (MRO) for bases {}",
            names.join(", ")
        );
        self.raise_type_error(&message)
    }

    /// The type's `__name__`.
    pub(crate) fn type_name(&self, ty: Value) -> String {
        self.str_lossy(self.type_data(ty).name)
    }

    /// The name of a value's type, as messages tell it.
    pub(crate) fn type_name_of(&self, value: Value) -> String {
        self.type_name(self.type_of(value))
    }
}
