//! `super`: attributes of the types behind a class in an object's order.

#![expect(unsafe_code, reason = "frames are read through raw pointers")]

use crate::cell::*;
use crate::cx::{Args, Cx, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, type=<unrepresentable>, object_or_type=None, /", init),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__getattribute__", "$self, name, /", getattribute),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::getter("__self__", get_self).doc("the instance invoking super(); may be None"),
    NativeDef::getter("__thisclass__", get_class).doc("the class invoking super()"),
    NativeDef::getter("__self_class__", get_object_type)
        .doc("the type of the instance invoking super(); may be None"),
];

/// The three values that a super object holds; None where there is none.
struct Super {
    class: Slot,
    object: Slot,
    object_type: Slot,
}

impl Payload for Super {
    fn trace(&self, marker: &mut Marker) {
        self.class.trace(marker);
        self.object.trace(marker);
        self.object_type.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Class, object and the object's type, as far as they are set.
fn parts(object: Value) -> Option<(Value, Value, Value)> {
    let cell = object.as_cell::<BoxedCell>()?;
    // SAFETY: the cell is live; the values are copied out.
    let state: &Super = unsafe { (*cell).payload.as_any().downcast_ref()? };
    Some((state.class.value(), state.object.value(), state.object_type.value()))
}

/// The type along whose order `super(class, object)` looks: TypeError if the object is neither an instance nor a
/// subclass.
pub(crate) fn check(vm: &mut Vm, class: Value, object: Value) -> Result<Value, Raised> {
    if !class.is_kind(Kind::Type) {
        let message = format!("super() argument 1 must be a type, not {}", vm.type_name_of(class));
        return Err(vm.raise_type_error(&message));
    }
    if object.is_kind(Kind::Type) && vm.is_subtype(object, class) {
        return Ok(object);
    }
    let ty = vm.type_of(object);
    if vm.is_subtype(ty, class) {
        return Ok(ty);
    }
    // An object may say by `__class__` that it is something else (a proxy).
    let key = vm.names.__class__;
    let told = vm.door(|vm| vm.load_attr(object, key));
    match told {
        Ok(told) if told.is_kind(Kind::Type) && told != ty && vm.is_subtype(told, class) => return Ok(told),
        Ok(_) => {}
        Err(Raised) => vm.exception = Value::UNDEF,
    }
    let (what, name) = if object.is_kind(Kind::Type) {
        ("type", vm.type_name(object))
    } else {
        ("instance of", vm.type_name(ty))
    };
    let message = format!(
        "super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({}).",
        vm.type_name(class)
    );
    Err(vm.raise_type_error(&message))
}

/// The value of `name` behind `class` in the order of `object_type`; Undef if there is none.
pub(crate) fn find(vm: &mut Vm, class: Value, object_type: Value, name: Value) -> Value {
    if name == vm.names.__class__ {
        return Value::UNDEF;
    }
    let data = vm.type_data(object_type);
    let behind = data.mro.iter().position(|ty| *ty == class).map_or(data.mro.len(), |at| at + 1);
    for ty in &data.mro[behind..] {
        if let Some(value) = vm.dict_get_str(vm.type_data(*ty).dict, name) {
            return value;
        }
    }
    Value::UNDEF
}

/// `super(class, object).name`.
pub(crate) fn lookup_attr(
    vm: &mut Vm,
    class: Value,
    object: Value,
    object_type: Value,
    name: Value,
) -> Value {
    let found = find(vm, class, object_type, name);
    if found.is_undef() {
        let object = make(vm, class, object, object_type);
        return load_own(vm, object, name);
    }
    if object == object_type {
        return vm.get_class_attr(found, object_type);
    }
    vm.get_descriptor(found, object, object_type)
}

fn make(vm: &mut Vm, class: Value, object: Value, object_type: Value) -> Value {
    let shape = crate::vm::shape_id::SUPER;
    let state =
        Super { class: Slot::of(class), object: Slot::of(object), object_type: Slot::of(object_type) };
    vm.new_boxed(shape, Box::new(state))
}

/// `super(…).name`.
pub(crate) fn load_attr(vm: &mut Vm, object: Value, name: Value) -> Value {
    match parts(object) {
        Some((class, bound, object_type)) if !object_type.is_none() => {
            let found = find(vm, class, object_type, name);
            if found.is_undef() {
                return load_own(vm, object, name);
            }
            if bound == object_type {
                return vm.get_class_attr(found, object_type);
            }
            vm.get_descriptor(found, bound, object_type)
        }
        _ => load_own(vm, object, name),
    }
}

/// An attribute of the super object itself.
fn load_own(vm: &mut Vm, object: Value, name: Value) -> Value {
    let ty = vm.type_of(object);
    let of_type = vm.lookup(ty, name);
    if of_type.is_undef() {
        if let Some(value) = vm.instance_attr(object, name) {
            return value;
        }
        vm.raise_attribute_error(object, name);
        return Value::RAISED;
    }
    vm.get_descriptor(of_type, object, ty)
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ty = args.at(0).value();
    let shape = vm.type_data(ty).shape;
    let state = Super {
        class: Slot::of(Value::NONE),
        object: Slot::of(Value::NONE),
        object_type: Slot::of(Value::NONE),
    };
    let object = vm.new_boxed(shape, Box::new(state));
    Ok(cx.local(object))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, object) = match args.opt(1) {
        Some(class) => (class.value(), args.opt(2).map_or(Value::NONE, super::super::cx::Handle::value)),
        None => from_frame(cx.vm())?,
    };
    if !class.is_kind(Kind::Type) {
        let message = format!("super() argument 1 must be a type, not {}", cx.vm().type_name_of(class));
        return Err(cx.vm().raise_type_error(&message));
    }
    let object_type = if object.is_none() { Value::NONE } else { check(cx.vm(), class, object)? };
    if let Some(state) = cx.payload::<Super>(args.at(0)) {
        state.class.set_value(class);
        state.object.set_value(object);
        state.object_type.set_value(object_type);
    }
    Ok(cx.none())
}

/// The class and the first argument of the function that calls `super()`.
fn from_frame(vm: &mut Vm) -> Result<(Value, Value), Raised> {
    let Some(frame) = vm.python_frame().map(|depth| vm.frames()[depth]) else {
        return Err(vm.raise_runtime_error("super(): no current frame"));
    };
    // SAFETY: a Python frame has live code and localsplus slots.
    let (code, slots) = unsafe {
        let code = &*frame.code();
        (code, std::slice::from_raw_parts(frame.slots(), code.nlocalsplus()))
    };
    if code.object().argcount == 0 {
        return Err(vm.raise_runtime_error("super(): no arguments"));
    }
    use bytecode::code::local_kind::{CELL, FREE};
    let kinds = &code.object().localspluskinds;
    let mut first = slots[0];
    if kinds[0] & CELL != 0 && first.is_kind(Kind::Cell) {
        first = vm.cell_contents(first);
    }
    if first.is_undef() {
        return Err(vm.raise_runtime_error("super(): arg[0] deleted"));
    }
    let class_name = vm.names.__class__;
    let cell = (0..slots.len()).find(|i| kinds[*i] & FREE != 0 && code.local_names[*i] == class_name);
    let Some(cell) = cell else {
        return Err(vm.raise_runtime_error("super(): __class__ cell not found"));
    };
    let class = vm.cell_contents(slots[cell]);
    if class.is_undef() {
        return Err(vm.raise_runtime_error("super(): empty __class__ cell"));
    }
    if !class.is_kind(Kind::Type) {
        let message = format!("super(): __class__ is not a type ({})", vm.type_name_of(class));
        return Err(vm.raise_runtime_error(&message));
    }
    Ok((class, first))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let Some((class, _, object_type)) = parts(args.at(0).value()) else { return Ok(cx.none()) };
    let class = if class.is_none() { String::from("NULL") } else { vm.type_name(class) };
    let text = if object_type.is_none() {
        format!("<super: <class '{class}'>, NULL>")
    } else {
        format!("<super: <class '{class}'>, <{} object>>", vm.type_name(object_type))
    };
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (object, name) = (args.at(0).value(), super::type_type::attribute_name(cx, args.at(1))?);
    let value = cx.vm().door(|vm| load_attr(vm, object, name))?;
    Ok(cx.local(value))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (this, instance) = (args.at(0), args.at(1));
    let Some((class, object, _)) = parts(this.value()) else { return Ok(this.get(cx)) };
    if instance.value().is_none() || !object.is_none() {
        return Ok(this.get(cx));
    }
    let ty = cx.vm().type_of(this.value());
    if ty != cx.vm().types.super_ {
        let (ty, class) = (cx.root_value(ty), cx.root_value(class));
        let made = cx.call(ty.handle(), &[class.handle(), instance])?.value();
        return Ok(cx.local(made));
    }
    let object_type = check(cx.vm(), class, instance.value())?;
    let made = make(cx.vm(), class, instance.value(), object_type);
    Ok(cx.local(made))
}

fn get_self<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = parts(args.at(0).value()).map_or(Value::NONE, |(_, object, _)| object);
    Ok(cx.local(value))
}

fn get_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = parts(args.at(0).value()).map_or(Value::NONE, |(class, ..)| class);
    Ok(cx.local(value))
}

fn get_object_type<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = parts(args.at(0).value()).map_or(Value::NONE, |(_, _, object_type)| object_type);
    Ok(cx.local(value))
}
