//! Attribute access: the generic protocol over shapes, instance dicts and descriptors, as frames where Python code runs.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::dict_ops::dict_data;
use crate::frame::Cont;
use crate::native::Binding;
use crate::shape::{MAX_ATTRIBUTES, MAX_SHAPES};
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// What loading an attribute found, for inline caches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the instance's slot.
    Slot(usize),
    /// A function or native method of the type, to be called with the instance first.
    Method(Value),
    /// In a module's or type's namespace: dict and position.
    Entry(Value, usize),
    /// A value of the type that does not bind.
    ClassValue(Value),
    /// A property of the type, to be called with the instance.
    Property(Value),
    /// Nothing that can be cached.
    Other,
}

impl Vm {
    /// `object.name`; the result, `RAISED` or `PUSHED`.
    pub fn load_attr(&mut self, object: Value, name: Value) -> Value {
        let ty = self.type_of(object);
        let flags = self.type_data(ty).flags;
        if flags & (type_flag::CUSTOM_GETATTRIBUTE | type_flag::HAS_GETATTR) != 0 {
            return self.load_attr_hooked(object, ty, name);
        }
        self.generic_load_attr(object, name)
    }

    fn load_attr_hooked(&mut self, object: Value, ty: Value, name: Value) -> Value {
        let payload = [object, name];
        if self.type_data(ty).has(type_flag::CUSTOM_GETATTRIBUTE) {
            let hook = self.lookup(ty, self.names.__getattribute__);
            let args = [object, name];
            return if self.type_data(ty).has(type_flag::HAS_GETATTR) {
                self.call_then(hook, CallArgs::positional(&args), Cont::GetAttr, &payload)
            } else {
                self.call(hook, CallArgs::positional(&args), Cont::Store)
            };
        }
        // Only `__getattr__`: a plain hit needs no continuation, and getters run through a door.
        let result = match self.door(|vm| vm.generic_load_attr(object, name)) {
            Ok(value) => value,
            Err(Raised) => Value::RAISED,
        };
        if result == Value::RAISED { self.raised_into(Cont::GetAttr, &payload) } else { result }
    }

    /// `object.__getattribute__` as `object` (or `type`, or a module) defines it, without `__getattr__`.
    pub(crate) fn generic_load_attr(&mut self, object: Value, name: Value) -> Value {
        if object.is_kind(Kind::Type) {
            return self.type_load_attr(object, name);
        }
        let ty = self.type_of(object);
        let of_type = self.lookup(ty, name);
        if !of_type.is_undef() && self.is_data_descriptor(of_type) && self.has_getter(of_type) {
            return self.get_descriptor(of_type, object, ty);
        }
        if let Some(value) = self.instance_attr(object, name) {
            return value;
        }
        if !of_type.is_undef() {
            return self.get_descriptor(of_type, object, ty);
        }
        if let Some(method) = object.as_cell::<MethodCell>() {
            // SAFETY: the method is live.
            return self.load_attr(unsafe { (*method).function }, name);
        }
        if object.is_kind(Kind::Module) {
            return self.module_load_attr(object, name);
        }
        self.raise_attribute_error(object, name);
        Value::RAISED
    }

    /// A module's `__getattr__` (PEP 562).
    fn module_load_attr(&mut self, module: Value, name: Value) -> Value {
        // SAFETY: the module is live.
        let dict = unsafe { (*module.cast::<ModuleCell>()).dict };
        if let Some(hook) = self.dict_get_str(dict, self.names.__getattr__) {
            return self.call(hook, CallArgs::positional(&[name]), Cont::Store);
        }
        self.raise_attribute_error(module, name);
        Value::RAISED
    }

    /// An attribute of the instance itself.
    #[inline]
    pub(crate) fn instance_attr(&self, object: Value, name: Value) -> Option<Value> {
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            // SAFETY: the instance is live.
            unsafe {
                let shape = self.shapes.get((*instance).header.shape);
                if shape.is_dict_mode {
                    let dict = (*instance).extra;
                    return if dict.is_undef() { None } else { self.dict_get_str(dict, name) };
                }
                let slot = shape.slot(name)?;
                let value = *self.slot_address(instance, slot);
                return (!value.is_undef()).then_some(value);
            }
        }
        let dict = self.dict_of_instance(object)?;
        self.dict_get_str(dict, name)
    }

    /// Where an instance's attribute slot lies.
    ///
    /// # Safety
    /// The instance is live, not in dict mode, and its shape has the slot.
    #[inline(always)]
    pub(crate) unsafe fn slot_address(&self, instance: *mut ObjectCell, slot: usize) -> *mut Value {
        // SAFETY: by contract.
        unsafe {
            let inline = (*instance).header.aux as usize;
            if slot < inline {
                ObjectCell::slots(instance).add(slot)
            } else {
                (*(*instance).extra.cast::<ListCell>()).items.as_mut_ptr().add(slot - inline)
            }
        }
    }

    /// The word in which a value keeps its attributes' dict, for layouts other than instances of Python classes.
    pub(crate) fn dict_place(&self, object: Value) -> Option<*mut Value> {
        // SAFETY: the object is live; the kind says the layout.
        unsafe {
            match object.kind()? {
                Kind::Function => Some(&raw mut (*object.cast::<FunctionCell>()).dict),
                Kind::Module => Some(&raw mut (*object.cast::<ModuleCell>()).dict),
                Kind::Exception => Some(&raw mut (*object.cast::<ExceptionCell>()).dict),
                Kind::StaticMethod | Kind::ClassMethod => Some(&raw mut (*object.cast::<WrapperCell>()).dict),
                Kind::Boxed if self.type_data(self.type_of(object)).has(type_flag::INSTANCE_DICT) => {
                    Some(&raw mut (*object.cast::<BoxedCell>()).dict)
                }
                Kind::WeakRef if self.type_data(self.type_of(object)).has(type_flag::INSTANCE_DICT) => {
                    Some(&raw mut (*object.cast::<WeakRefCell>()).dict)
                }
                Kind::Object => None,
                _ if (*object.cell()).has(flag::HAS_DICT)
                    && self.type_data(self.type_of(object)).has(type_flag::INSTANCE_DICT) =>
                {
                    Some(crate::object::dict_word(object.cell()))
                }
                _ => None,
            }
        }
    }

    fn dict_of_instance(&self, object: Value) -> Option<Value> {
        // SAFETY: the place lies in the live object.
        self.dict_place(object).map(|place| unsafe { *place }).filter(|dict| !dict.is_undef())
    }

    /// The `__dict__` of an object, made if needed; `None` if it has none. An instance goes over to dict mode.
    pub(crate) fn instance_dict(&mut self, object: Value) -> Option<Value> {
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            if !self.type_data(self.type_of(object)).has(type_flag::INSTANCE_DICT) {
                return None;
            }
            return Some(self.enter_dict_mode(instance));
        }
        let place = self.dict_place(object)?;
        // SAFETY: the place lies in the live object.
        unsafe {
            if (*place).is_undef() {
                *place = self.new_dict();
            }
            Some(*place)
        }
    }

    /// Moves an instance's attributes into a dict that is the store from now on.
    pub(crate) fn enter_dict_mode(&mut self, instance: *mut ObjectCell) -> Value {
        // SAFETY: the instance is live.
        unsafe {
            let id = (*instance).header.shape;
            let ty = self.shapes.get(id).ty;
            if self.shapes.get(id).is_dict_mode {
                if (*instance).extra.is_undef() {
                    (*instance).extra = self.new_dict();
                }
                return (*instance).extra;
            }
            let dict = self.new_dict();
            let members = self.type_data(ty).member_slots as usize;
            let names = self.shapes.get(id).names.clone();
            for (slot, name) in names.iter().enumerate().skip(members) {
                let value = *self.slot_address(instance, slot);
                if !value.is_undef() {
                    self.dict_set_str(dict, *name, value);
                }
            }
            debug_assert!(members <= (*instance).header.aux as usize, "members lie inline");
            (*instance).extra = dict;
            (*instance).header.shape = self.dict_shape(ty);
            dict
        }
    }

    /// The shape of the type's instances in dict mode.
    pub(crate) fn dict_shape(&mut self, ty: Value) -> u32 {
        if self.type_data(ty).dict_shape == 0 {
            let members = self.type_data(ty).member_slots as usize;
            let root = self.type_data(ty).shape;
            let names = self.shapes.get(root).names[..members].into();
            self.type_data(ty).dict_shape = self.shapes.add(ty, names, true);
        }
        self.type_data(ty).dict_shape
    }

    /// Whether a data descriptor can be read: without `__get__` the instance's own attribute is.
    fn has_getter(&mut self, descriptor: Value) -> bool {
        if matches!(descriptor.kind(), Some(Kind::Property | Kind::Native)) {
            return true;
        }
        let ty = self.type_of(descriptor);
        !self.lookup(ty, self.names.__get__).is_undef()
    }

    /// Whether a value of a type is a descriptor that comes before the instance's attributes.
    pub(crate) fn is_data_descriptor(&mut self, value: Value) -> bool {
        match value.kind() {
            Some(Kind::Property) => true,
            Some(Kind::Native) => {
                // SAFETY: the native is live.
                let native = unsafe { &*value.cast::<NativeCell>() };
                native.definition.binding == Binding::Getter && !native.owner.is_undef()
            }
            None | Some(Kind::Function | Kind::Str | Kind::Type | Kind::StaticMethod | Kind::ClassMethod) => {
                false
            }
            _ => {
                let ty = self.type_of(value);
                !self.lookup(ty, self.names.__set__).is_undef()
                    || !self.lookup(ty, self.names.__delete__).is_undef()
            }
        }
    }

    /// What a value found on a type gives when read through `object` of type `ty`.
    pub(crate) fn get_descriptor(&mut self, value: Value, object: Value, ty: Value) -> Value {
        // SAFETY: the kinds say the layouts.
        unsafe {
            match value.kind() {
                None | Some(Kind::Str | Kind::Type | Kind::Tuple | Kind::List | Kind::Dict | Kind::Int) => {
                    value
                }
                Some(Kind::Function) => self.new_method(value, object),
                Some(Kind::Native) => {
                    let native = &*value.cast::<NativeCell>();
                    if native.owner.is_undef() || !native.self_.is_undef() {
                        return value;
                    }
                    match native.definition.binding {
                        Binding::Plain => self.bind_native_method(value, object),
                        Binding::Class => self.bind_native_method(value, ty),
                        Binding::Static => value,
                        Binding::Getter => {
                            self.call_native(value, CallArgs::positional(&[object]), Cont::Store)
                        }
                    }
                }
                Some(Kind::Property) if self.is_exact(value) => self.get_property(value, object),
                Some(Kind::StaticMethod) => (*value.cast::<WrapperCell>()).function,
                Some(Kind::ClassMethod) => {
                    let function = (*value.cast::<WrapperCell>()).function;
                    self.bind_class_method(function, ty)
                }
                _ => {
                    let hook = self.lookup(self.type_of(value), self.names.__get__);
                    if hook.is_undef() {
                        return value;
                    }
                    self.call(hook, CallArgs::positional(&[value, object, ty]), Cont::Store)
                }
            }
        }
    }

    /// What a property, of a subclass too, has as its getter, called.
    pub(crate) fn get_property(&mut self, property: Value, object: Value) -> Value {
        // SAFETY: the property is live.
        let get = unsafe { (*property.cast::<PropertyCell>()).get };
        if get.is_undef() || get.is_none() {
            return crate::types::property::raise_no_accessor(self, property, object, "getter");
        }
        self.call(get, CallArgs::positional(&[object]), Cont::Store)
    }

    /// What a property, of a subclass too, has as its setter, called; its deleter if `value` is Undef.
    pub(crate) fn set_property(&mut self, property: Value, object: Value, value: Value) -> Value {
        let deleting = value.is_undef();
        // SAFETY: the property is live.
        let accessor = unsafe {
            let cell = property.cast::<PropertyCell>();
            if deleting { (*cell).delete } else { (*cell).set }
        };
        if accessor.is_undef() || accessor.is_none() {
            let what = if deleting { "deleter" } else { "setter" };
            return crate::types::property::raise_no_accessor(self, property, object, what);
        }
        let args = [object, value];
        let args = CallArgs::positional(if deleting { &args[..1] } else { &args });
        self.call_then(accessor, args, Cont::Discard, &[])
    }

    pub(crate) fn bind_class_method(&mut self, function: Value, ty: Value) -> Value {
        match function.kind() {
            Some(Kind::Function) => self.new_method(function, ty),
            _ => {
                if self.is_method_native(function) {
                    return self.bind_native_method(function, ty);
                }
                self.new_method(function, ty)
            }
        }
    }

    /// `type.__getattribute__`.
    fn type_load_attr(&mut self, ty: Value, name: Value) -> Value {
        let metatype = self.type_of(ty);
        let of_meta = self.lookup(metatype, name);
        if !of_meta.is_undef() && self.is_data_descriptor(of_meta) {
            return self.get_descriptor(of_meta, ty, metatype);
        }
        let own = self.lookup(ty, name);
        if !own.is_undef() {
            return self.get_class_attr(own, ty);
        }
        if !of_meta.is_undef() {
            return self.get_descriptor(of_meta, ty, metatype);
        }
        self.raise_attribute_error(ty, name);
        Value::RAISED
    }

    /// What a value found on a type gives when read through the type: `__get__(None, ty)`.
    pub(crate) fn get_class_attr(&mut self, value: Value, ty: Value) -> Value {
        // SAFETY: the kinds say the layouts.
        unsafe {
            match value.kind() {
                None | Some(Kind::Function | Kind::Str | Kind::Type) => value,
                Some(Kind::Property) if self.is_exact(value) => value,
                Some(Kind::Native) => {
                    let native = &*value.cast::<NativeCell>();
                    if !native.owner.is_undef()
                        && native.self_.is_undef()
                        && native.definition.binding == Binding::Class
                    {
                        return self.bind_native_method(value, ty);
                    }
                    value
                }
                Some(Kind::StaticMethod) => (*value.cast::<WrapperCell>()).function,
                Some(Kind::ClassMethod) => {
                    let function = (*value.cast::<WrapperCell>()).function;
                    self.bind_class_method(function, ty)
                }
                _ => {
                    let hook = self.lookup(self.type_of(value), self.names.__get__);
                    if hook.is_undef() {
                        return value;
                    }
                    self.call(hook, CallArgs::positional(&[value, Value::NONE, ty]), Cont::Store)
                }
            }
        }
    }

    /// `object.name = value`: `None`, `RAISED` or `PUSHED` (with its result discarded).
    pub fn store_attr(&mut self, object: Value, name: Value, value: Value) -> Value {
        let ty = self.type_of(object);
        if self.type_data(ty).has(type_flag::CUSTOM_SETATTR) {
            let hook = self.lookup(ty, self.names.__setattr__);
            return self.call_then(hook, CallArgs::positional(&[object, name, value]), Cont::Discard, &[]);
        }
        self.generic_store_attr(object, name, value)
    }

    /// `del object.name`.
    pub fn delete_attr(&mut self, object: Value, name: Value) -> Value {
        let ty = self.type_of(object);
        if self.type_data(ty).has(type_flag::CUSTOM_SETATTR) {
            let hook = self.lookup(ty, self.names.__delattr__);
            return self.call_then(hook, CallArgs::positional(&[object, name]), Cont::Discard, &[]);
        }
        self.generic_store_attr(object, name, Value::UNDEF)
    }

    /// `object.__setattr__` (or `__delattr__` if `value` is Undef) as `object` and `type` define them.
    pub(crate) fn generic_store_attr(&mut self, object: Value, name: Value, value: Value) -> Value {
        let ty = self.type_of(object);
        let of_type = self.lookup(ty, name);
        if !of_type.is_undef() && self.is_data_descriptor(of_type) {
            return self.set_descriptor(of_type, object, name, value);
        }
        if object.is_kind(Kind::Type) {
            return crate::types::type_type::set_attr(self, object, name, value);
        }
        if let Some(instance) = object.as_cell::<ObjectCell>()
            && self.type_data(ty).has(type_flag::INSTANCE_DICT)
        {
            return self.store_instance_attr(instance, name, value);
        }
        let dict = if value.is_undef() { self.dict_of_instance(object) } else { self.instance_dict(object) };
        match dict {
            Some(dict) if !value.is_undef() => {
                self.dict_set_str(dict, name, value);
                Value::NONE
            }
            Some(dict) if self.dict_remove_str(dict, name).is_some() => Value::NONE,
            _ => self.cannot_store(object, of_type, name, value),
        }
    }

    fn cannot_store(&mut self, object: Value, of_type: Value, name: Value, value: Value) -> Value {
        let has_dict = self.dict_place(object).is_some() || object.is_kind(Kind::Object);
        let type_has_dict = self.type_data(self.type_of(object)).has(type_flag::INSTANCE_DICT);
        if value.is_undef() && has_dict && type_has_dict {
            self.raise_attribute_error(object, name);
            return Value::RAISED;
        }
        let ty = self.type_name_of(object);
        let attribute = self.str_lossy(name);
        let message = if of_type.is_undef() {
            format!("'{ty}' object has no attribute '{attribute}' and no __dict__ for setting new attributes")
        } else {
            format!("'{ty}' object attribute '{attribute}' is read-only")
        };
        self.raise_attribute_error_text(&message);
        crate::types::exceptions::set_name_and_object(self, name, object);
        Value::RAISED
    }

    /// Raises the AttributeError of a deletion, which does not tell its object.
    fn raise_no_attribute(&mut self, object: Value, name: Value) {
        let message =
            format!("'{}' object has no attribute '{}'", self.type_name_of(object), self.str_lossy(name));
        self.raise_attribute_error_text(&message);
    }

    /// Sets or deletes an attribute of an instance of a Python class.
    fn store_instance_attr(&mut self, instance: *mut ObjectCell, name: Value, value: Value) -> Value {
        // SAFETY: the instance is live.
        unsafe {
            let id = (*instance).header.shape;
            let shape = self.shapes.get(id);
            let (is_dict_mode, found) = (shape.is_dict_mode, shape.slot(name));
            if !is_dict_mode && !value.is_undef() {
                if let Some(slot) = found {
                    *self.slot_address(instance, slot) = value;
                    return Value::NONE;
                }
                if let Some(next) = self.transition(id, name) {
                    self.add_slot(instance, next, value);
                    return Value::NONE;
                }
            }
            if value.is_undef() && !is_dict_mode && found.is_none() {
                self.raise_no_attribute(object_of(instance), name);
                return Value::RAISED;
            }
            let dict = self.enter_dict_mode(instance);
            if !value.is_undef() {
                self.dict_set_str(dict, name, value);
            } else if self.dict_remove_str(dict, name).is_none() {
                self.raise_no_attribute(object_of(instance), name);
                return Value::RAISED;
            }
            Value::NONE
        }
    }

    /// The shape with one more attribute; `None` if there are too many.
    pub(crate) fn transition(&mut self, id: u32, name: Value) -> Option<u32> {
        let shape = self.shapes.get(id);
        if let Some(next) = shape.transitions.get(&name.bits()) {
            return Some(*next);
        }
        let ty = shape.ty;
        // SAFETY: names of attributes are strings; only interned ones are compared by identity in shapes.
        let interned = unsafe { (*name.cell()).has(flag::INTERNED) };
        if shape.names.len() >= MAX_ATTRIBUTES || self.type_data(ty).shapes >= MAX_SHAPES || !interned {
            return None;
        }
        self.type_data(ty).shapes += 1;
        Some(self.shapes.with(id, name))
    }

    /// Gives an instance the shape `next`, which has one more attribute, and its value.
    ///
    /// # Safety
    /// The instance is live, and `next` a transition from its shape.
    pub(crate) unsafe fn add_slot(&mut self, instance: *mut ObjectCell, next: u32, value: Value) {
        // SAFETY: by contract.
        unsafe {
            let count = self.shapes.get(next).names.len();
            let inline = (*instance).header.aux as usize;
            if count <= inline {
                ObjectCell::slots(instance).add(count - 1).write(value);
            } else {
                self.widen_instances(self.shapes.get(next).ty, count);
                if (*instance).extra.is_undef() {
                    (*instance).extra = self.new_list(Vec::with_capacity(4));
                }
                (*(*instance).extra.cast::<ListCell>()).items.push(value);
            }
            (*instance).header.shape = next;
        }
    }

    /// Later instances of the type get inline slots for `count` attributes. They start at a new root shape: a shape
    /// says how many inline slots its instances have, which caches rely on.
    fn widen_instances(&mut self, ty: Value, count: usize) {
        let data = self.type_data(ty);
        let wanted = (data.inline_slots * 2).max(count as u16).next_multiple_of(2).min(MAX_ATTRIBUTES as u16);
        if data.inline_slots as usize >= count || data.inline_slots == wanted {
            return;
        }
        let names = self.shapes.get(data.shape).names.clone();
        data.inline_slots = wanted;
        data.shape = self.shapes.add(ty, names, false);
    }

    pub(crate) fn set_descriptor(
        &mut self,
        descriptor: Value,
        object: Value,
        name: Value,
        value: Value,
    ) -> Value {
        match descriptor.kind() {
            Some(Kind::Property) if self.is_exact(descriptor) => self.set_property(descriptor, object, value),
            Some(Kind::Native) => self.call_setter(descriptor, object, name, value),
            _ => {
                let ty = self.type_of(descriptor);
                let (hook, what) = if value.is_undef() {
                    (self.names.__delete__, "__delete__")
                } else {
                    (self.names.__set__, "__set__")
                };
                let hook = self.lookup(ty, hook);
                if hook.is_undef() {
                    self.raise_attribute_error_text(what);
                    return Value::RAISED;
                }
                let args = [descriptor, object, value];
                let args = CallArgs::positional(if value.is_undef() { &args[..2] } else { &args });
                self.call_then(hook, args, Cont::Discard, &[])
            }
        }
    }

    /// Calls a native attribute's setter.
    fn call_setter(&mut self, descriptor: Value, object: Value, name: Value, value: Value) -> Value {
        // SAFETY: the native is live.
        let (definition, owner) = unsafe {
            let native = descriptor.cast::<NativeCell>();
            ((*native).definition, (*native).owner)
        };
        let Some(setter) = definition.setter else {
            let (attribute, owner) = (self.str_lossy(name), self.type_name(owner));
            let message = if is_struct_member(&owner, &attribute) {
                String::from("readonly attribute")
            } else {
                format!("attribute '{attribute}' of '{owner}' objects is not writable")
            };
            self.raise_attribute_error_text(&message);
            return Value::RAISED;
        };
        let base = self.push_values(&[object, value]);
        // SAFETY: both arguments lie below the top.
        let args = unsafe { crate::cx::Args::new(base, 2, 2) };
        let result = match setter(&mut Cx::new(self), args) {
            Ok(_) => Value::NONE,
            Err(Raised) => Value::RAISED,
        };
        self.top = base;
        result
    }

    /// The method of an object for a call with the object first, if reading the attribute would bind one; else Undef.
    pub(crate) fn find_method(&mut self, object: Value, name: Value) -> Value {
        let ty = self.type_of(object);
        let flags = self.type_data(ty).flags;
        if flags & type_flag::CUSTOM_GETATTRIBUTE != 0 || object.is_kind(Kind::Type) {
            return Value::UNDEF;
        }
        let method = self.lookup(ty, name);
        let binds = method.is_kind(Kind::Function) || self.is_method_native(method);
        if binds && self.instance_attr(object, name).is_none() { method } else { Value::UNDEF }
    }

    /// Where an attribute is found: by looking.
    pub(crate) fn find_attr_uncached(&mut self, object: Value, name: Value) -> Found {
        let ty = self.type_of(object);
        if self.type_data(ty).flags & type_flag::CUSTOM_GETATTRIBUTE != 0 {
            return Found::Other;
        }
        if let Some(module) = object.as_cell::<ModuleCell>() {
            // SAFETY: the module is live.
            let dict = unsafe { (*module).dict };
            return match self.find_str(dict_data(dict), name) {
                Some(position) => Found::Entry(dict, position),
                None => Found::Other,
            };
        }
        if object.is_kind(Kind::Type) {
            return Found::Other;
        }
        let of_type = self.lookup(ty, name);
        if !of_type.is_undef() && self.is_data_descriptor(of_type) {
            self.mark_cached(ty, name);
            if of_type.is_kind(Kind::Property)
                && self.is_exact(of_type)
                && !self.type_data(ty).has(type_flag::HAS_GETATTR)
            {
                return Found::Property(of_type);
            }
            return self.member_slot(of_type, object).map_or(Found::Other, Found::Slot);
        }
        if self.may_become_descriptor(of_type) {
            return Found::Other;
        }
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            // SAFETY: the instance is live.
            let shape = unsafe { self.shapes.get((*instance).header.shape) };
            if shape.is_dict_mode {
                return Found::Other;
            }
            if let Some(slot) = shape.slot(name) {
                self.mark_cached(ty, name);
                return Found::Slot(slot);
            }
        } else if self.dict_place(object).is_some() {
            return Found::Other;
        }
        if of_type.is_kind(Kind::Function) || self.is_method_native(of_type) {
            self.mark_cached(ty, name);
            return Found::Method(of_type);
        }
        let binds_nothing = matches!(
            of_type.kind(),
            None | Some(Kind::Str | Kind::Tuple | Kind::List | Kind::Dict | Kind::Int | Kind::Float)
        );
        if binds_nothing && !of_type.is_undef() && self.is_exact(of_type) {
            self.mark_cached(ty, name);
            return Found::ClassValue(of_type);
        }
        Found::Other
    }

    /// Whether a value of a class is of a Python class, which may get `__get__` and `__set__` at any time: attributes of
    /// its name are not cached.
    fn may_become_descriptor(&self, of_type: Value) -> bool {
        !of_type.is_undef() && !self.is_exact(of_type)
    }

    /// Notes that inline caches rest on what `name` is in the type and its bases.
    pub(crate) fn mark_cached(&mut self, ty: Value, name: Value) {
        for base in &self.type_data(ty).mro {
            let data = self.type_data(*base);
            if !data.has(type_flag::IMMUTABLE) {
                data.cached_names.insert(name.bits());
            }
        }
    }
}

/// Whether CPython has a read-only attribute as a field of the object's struct, which it refuses to set in other words.
fn is_struct_member(owner: &str, attribute: &str) -> bool {
    match owner {
        "range" | "slice" => matches!(attribute, "start" | "stop" | "step"),
        "functools.partial" => matches!(attribute, "func" | "args" | "keywords"),
        "property" => matches!(attribute, "fget" | "fset" | "fdel"),
        "super" => matches!(attribute, "__thisclass__" | "__self__" | "__self_class__"),
        "complex" => matches!(attribute, "real" | "imag"),
        "method" => matches!(attribute, "__func__" | "__self__"),
        "function" => matches!(attribute, "__closure__" | "__globals__" | "__builtins__"),
        "staticmethod" | "classmethod" => matches!(attribute, "__func__" | "__wrapped__"),
        "traceback" => matches!(attribute, "tb_frame" | "tb_lasti"),
        "code" => {
            attribute.starts_with("co_") && !matches!(attribute, "co_code" | "co_varnames" | "co_lnotab")
        }
        "wrapper_descriptor"
        | "method_descriptor"
        | "classmethod_descriptor"
        | "getset_descriptor"
        | "member_descriptor" => attribute == "__objclass__",
        _ => false,
    }
}

fn object_of(instance: *mut ObjectCell) -> Value {
    // SAFETY: instances are cells and not null.
    Value::from_cell(unsafe { std::ptr::NonNull::new_unchecked(instance.cast()) })
}

impl Cx {
    /// `object.name`.
    pub fn get_attr(&mut self, object: Handle<'_>, name: &str) -> Result<Root, Raised> {
        let name = self.vm().intern(name);
        self.get_attr_value(object, name)
    }

    /// `object.name` by a string value.
    pub(crate) fn get_attr_value(&mut self, object: Handle<'_>, name: Value) -> Result<Root, Raised> {
        let value = self.vm().door(|vm| vm.load_attr(object.value(), name))?;
        Ok(self.root_value(value))
    }

    /// `object.name`, or `None` if it raises AttributeError.
    pub fn get_attr_opt(&mut self, object: Handle<'_>, name: &str) -> Result<Option<Root>, Raised> {
        match self.get_attr(object, name) {
            Ok(root) => Ok(Some(root)),
            Err(Raised) if self.vm().clear_if(self.vm().exceptions.attribute_error) => Ok(None),
            Err(Raised) => Err(Raised),
        }
    }

    /// `object.name = value`.
    pub fn set_attr(&mut self, object: Handle<'_>, name: &str, value: Handle<'_>) -> Result<(), Raised> {
        let name = self.vm().intern(name);
        self.vm().door(|vm| vm.store_attr(object.value(), name, value.value())).map(drop)
    }

    /// `type(descriptor).__get__(descriptor, object, type(object))`.
    pub(crate) fn bind_descriptor(
        &mut self,
        descriptor: Handle<'_>,
        object: Handle<'_>,
    ) -> Result<Value, Raised> {
        self.vm().door(|vm| {
            let ty = vm.type_of(object.value());
            vm.get_descriptor(descriptor.value(), object.value(), ty)
        })
    }
}

/// How a store to an attribute may be cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// To the slot at a byte offset of instances of this shape.
    Slot(u32),
    /// By giving the instance this next shape, whose last slot lies inline.
    Added(u32),
    /// Not at all.
    Other,
}

/// A slot of an instance that a store goes to.
enum Place {
    /// That of a member descriptor.
    Member(usize),
    /// That which its shape has for the name.
    Attribute,
}

impl Vm {
    /// `object.name = value`, and how the same store can be cached for objects of the shape that it had before.
    pub fn store_attr_caching(&mut self, object: Value, name: Value, value: Value) -> (Value, Stored) {
        let before = Self::shape_id(object);
        if let Some(after) = self.attr_cache.transition(before, name) {
            self.add_cached_slot(object, before, after, value);
            return (Value::NONE, Stored::Added(after));
        }
        if object.is_kind(Kind::Object)
            && !self.type_data(self.type_of(object)).has(type_flag::CUSTOM_SETATTR)
            && let Found::Slot(slot) = self.find_attr(object, name)
        {
            // SAFETY: the slot was found for the shape of this live instance.
            unsafe { *self.slot_address(object.cast(), slot) = value };
            return (Value::NONE, self.slot_offset(object, slot).map_or(Stored::Other, Stored::Slot));
        }
        let plain = self.plain_store(object, name);
        let result = self.store_attr(object, name, value);
        let Some(place) = plain else { return (result, Stored::Other) };
        if result.is_signal() {
            return (result, Stored::Other);
        }
        let after = Self::shape_id(object);
        let shape = self.shapes.get(after);
        let slot = match place {
            Place::Member(slot) => Some(slot),
            Place::Attribute => shape.slot(name),
        };
        let stored = match slot.and_then(|slot| self.slot_offset(object, slot)) {
            Some(offset) if before == after => Stored::Slot(offset),
            Some(_) if shape.names.last() == Some(&name) => Stored::Added(after),
            _ => Stored::Other,
        };
        if let Stored::Added(after) = stored {
            self.attr_cache.set_transition(before, name, after);
        }
        (result, stored)
    }

    /// Where a store goes, if it goes to a slot of the instance.
    fn plain_store(&mut self, object: Value, name: Value) -> Option<Place> {
        if !object.is_kind(Kind::Object) {
            return None;
        }
        let ty = self.type_of(object);
        if self.type_data(ty).has(type_flag::CUSTOM_SETATTR) {
            return None;
        }
        // A data descriptor that the class gets later must flush what is cached of its instances.
        self.mark_cached(ty, name);
        let of_type = self.lookup(ty, name);
        if !of_type.is_undef() && self.is_data_descriptor(of_type) {
            return self.member_slot(of_type, object).map(Place::Member);
        }
        if self.may_become_descriptor(of_type) {
            return None;
        }
        let keeps = self.type_data(ty).has(type_flag::INSTANCE_DICT)
            && !self.shapes.get(Self::shape_id(object)).is_dict_mode;
        keeps.then_some(Place::Attribute)
    }

    /// Adds an attribute to an object of shape `before` by giving it shape `after`; whether it had that shape.
    #[inline(always)]
    pub fn add_cached_slot(&self, object: Value, before: u32, after: u32, value: Value) -> bool {
        if Self::shape_id(object) != before || before == 0 {
            return false;
        }
        let slot = self.shapes.get(after).names.len() - 1;
        // SAFETY: the cache was filled from an instance of `before` that has room for the slot inline, and a shape
        // says how much room there is.
        unsafe {
            let instance = object.cell().cast::<ObjectCell>();
            debug_assert!(slot < (*instance).header.aux as usize);
            ObjectCell::slots(instance).add(slot).write(value);
            (*instance).header.shape = after;
        }
        true
    }

    /// The method of an object for a call with the object first; Undef if the attribute is to be loaded.
    pub fn find_method_for_call(&mut self, object: Value, name: Value) -> Value {
        self.find_method(object, name)
    }

    /// `object.name` through a door, for the place of a callable with NULL above it.
    pub fn load_attr_with_null(&mut self, object: Value, name: Value) -> Value {
        self.door(|vm| vm.load_attr(object, name)).unwrap_or(Value::RAISED)
    }

    /// A name of a class body's free variable: in the mapping, or else in the cell of slot `slot`.
    pub fn load_from_dict_or_cell(&mut self, mapping: Value, slot: usize) -> Value {
        // SAFETY: the running frame has live code and that slot.
        let (name, cell) = unsafe {
            let frame = self.current();
            ((&(*frame.code()).local_names)[slot], *frame.slots().add(slot))
        };
        match self.load_from_mapping(mapping, name) {
            Ok(Some(value)) => value,
            Ok(None) => {
                let value = self.cell_contents(cell);
                if value.is_undef() {
                    self.raise_unbound_cell(slot);
                    return Value::RAISED;
                }
                value
            }
            Err(Raised) => Value::RAISED,
        }
    }

    /// `AssertionError`.
    pub fn assertion_error(&self) -> Value {
        self.exceptions.assertion_error
    }

    /// A call in a running frame: its result, `RAISED` or `PUSHED`.
    pub fn call_from_machine(&mut self, callee: Value, args: CallArgs<'_>) -> Value {
        self.call(callee, args, Cont::Store)
    }

    /// Raises SystemError: an opcode that no machine has.
    #[cold]
    pub fn raise_invalid_opcode(&mut self) {
        self.raise_system_error("unknown opcode");
    }
}
