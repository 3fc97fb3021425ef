//! `member_descriptor`: an attribute that `__slots__` declares, at a fixed place in its class's instances.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__set__", "$self, instance, value, /", set),
    NativeDef::new("__delete__", "$self, instance, /", delete),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__qualname__", qualname),
    NativeDef::getter("__objclass__", owner),
    NativeDef::getter("__doc__", doc),
    NativeDef::new("__reduce__", "$self, /", reduce),
];

struct Member {
    name: Slot,
    owner: Slot,
    index: usize,
}

impl Payload for Member {
    fn trace(&self, marker: &mut Marker) {
        self.name.trace(marker);
        self.owner.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Name, class and index of a member descriptor.
fn parts(descriptor: Value) -> Option<(Value, Value, usize)> {
    let cell = descriptor.as_cell::<BoxedCell>()?;
    // SAFETY: the descriptor is live; the values are copied out.
    let member: &Member = unsafe { (*cell).payload.as_any().downcast_ref()? };
    Some((member.name.value(), member.owner.value(), member.index))
}

impl Vm {
    /// The descriptor of slot `index` of the instances of `owner`.
    pub(crate) fn new_member(&mut self, name: Value, owner: Value, index: usize) -> Value {
        let member = Member { name: Slot::of(name), owner: Slot::of(owner), index };
        self.new_boxed(shape_id::MEMBER_DESCRIPTOR, Box::new(member))
    }

    /// The slot of a Python class's instance that a descriptor stands for, if it is a member descriptor.
    pub(crate) fn member_slot(&self, descriptor: Value, instance: Value) -> Option<usize> {
        if !descriptor.is_kind(Kind::Boxed) || self.shape_of(descriptor) != shape_id::MEMBER_DESCRIPTOR {
            return None;
        }
        let (_, owner, index) = parts(descriptor)?;
        (instance.is_kind(Kind::Object) && self.is_instance(instance, owner)).then_some(index)
    }
}

/// Where an instance keeps a member.
fn place(vm: &Vm, instance: Value, index: usize) -> Option<*mut Value> {
    if let Some(object) = instance.as_cell::<ObjectCell>() {
        return Some(ObjectCell::slots(object).wrapping_add(index));
    }
    // SAFETY: a subclass of a built-in type was made with a dict word and one word a member behind.
    unsafe {
        let has_words = instance.is_cell()
            && (*instance.cell()).has(flag::HAS_DICT)
            && index < vm.type_data(vm.type_of(instance)).member_slots as usize;
        has_words.then(|| crate::object::member_words(instance.cell()).add(index))
    }
}

fn check(cx: &mut Cx, descriptor: Value, instance: Value) -> Result<(Value, *mut Value), Raised> {
    let vm = cx.vm();
    let (name, owner, index) = parts(descriptor).expect("methods of member descriptors get one");
    if !vm.is_instance(instance, owner) {
        let message = format!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            vm.str_lossy(name),
            vm.type_name(owner),
            vm.type_name_of(instance)
        );
        return Err(vm.raise_type_error(&message));
    }
    match place(vm, instance, index) {
        Some(place) => Ok((name, place)),
        None => Err(vm.raise_not_implemented_error("__slots__ in subclasses of this built-in type")),
    }
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let instance = args.at(1).value();
    if instance.is_none() {
        return Ok(args.at(0).get(cx));
    }
    let (name, place) = check(cx, args.at(0).value(), instance)?;
    // SAFETY: the place lies in the live instance.
    let value = unsafe { *place };
    if value.is_undef() {
        return Err(cx.vm().raise_attribute_error(instance, name));
    }
    Ok(cx.local(value))
}

fn set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (_, place) = check(cx, args.at(0).value(), args.at(1).value())?;
    // SAFETY: as above.
    unsafe { *place = args.at(2).value() };
    Ok(cx.none())
}

fn delete<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let instance = args.at(1).value();
    let (name, place) = check(cx, args.at(0).value(), instance)?;
    // SAFETY: as above.
    let old = unsafe { std::mem::replace(&mut *place, Value::UNDEF) };
    if old.is_undef() {
        let name = cx.vm().str_lossy(name);
        return Err(cx.vm().raise_attribute_error_text(&name));
    }
    Ok(cx.none())
}

fn part<'a>(cx: &'a Cx, of: Handle<'_>, pick: fn((Value, Value, usize)) -> Value) -> Res<'a> {
    Ok(cx.local(parts(of.value()).map_or(Value::NONE, pick)))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    part(cx, args.at(0), |(name, ..)| name)
}

fn owner<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    part(cx, args.at(0), |(_, owner, _)| owner)
}

fn doc<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (name, owner, _) = parts(args.at(0).value()).expect("a member descriptor");
    let text = vm.concat_texts(&["", ".", ""], &[vm.type_data(owner).qualname, name]);
    Ok(cx.local(text))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (name, owner, _) = parts(args.at(0).value()).expect("a member descriptor");
    let text = format!("<member '{}' of '{}' objects>", vm.str_lossy(name), vm.type_name(owner));
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let getattr = cx.vm().builtin("getattr");
    let (name, owner, _) = parts(args.at(0).value()).expect("a member descriptor");
    let inner = cx.vm().new_tuple(&[owner, name]);
    let pair = cx.vm().new_tuple(&[getattr, inner]);
    Ok(cx.local(pair))
}
