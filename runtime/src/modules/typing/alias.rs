//! `TypeAliasType`: what a `type` statement makes.

use std::any::Any;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

struct Alias {
    name: Slot,
    /// A tuple, or Undef if it is not generic.
    type_params: Slot,
    /// Undef until it was evaluated.
    value: Slot,
    /// The function that gives the value; Undef if it was given.
    evaluate: Slot,
}

impl Payload for Alias {
    fn trace(&self, marker: &mut Marker) {
        for slot in [&self.name, &self.type_params, &self.value, &self.evaluate] {
            slot.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, name, value, *, type_params=<unrepresentable>", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__or__", "$self, value, /", crate::types::union_type::or),
    NativeDef::new("__ror__", "$self, value, /", crate::types::union_type::ror),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__reduce__", "$self, /", repr),
    NativeDef::getter("__name__", repr),
    NativeDef::getter("__value__", value),
    NativeDef::getter("__type_params__", type_params),
    NativeDef::getter("__parameters__", parameters),
];

fn own<'a>(cx: &'a Cx, args: Args<'_>) -> &'a Alias {
    cx.payload::<Alias>(args.at(0)).expect("methods of aliases get one")
}

/// A type alias of (name, type parameters, function that gives the value).
pub(crate) fn new_type_alias(vm: &mut Vm, parts: Value) -> Result<Value, Raised> {
    let parts = vm.sequence_values(parts);
    let &[name, type_params, evaluate] = parts.as_slice() else {
        return Err(vm.raise_system_error("a type alias is made of three parts"));
    };
    let alias = Alias {
        name: Slot::of(name),
        type_params: Slot::of(if type_params.is_none() { Value::UNDEF } else { type_params }),
        value: Slot::empty(),
        evaluate: Slot::of(evaluate),
    };
    Ok(make(vm, alias))
}

/// Makes the object; it tells the module of the running code as its own.
fn make(vm: &mut Vm, alias: Alias) -> Value {
    let ty = vm.typing().alias;
    let shape = vm.shape_of_type(ty);
    let alias = vm.new_boxed(shape, Box::new(alias));
    let globals = vm.running_globals();
    let module = vm.dict_get_str(globals, vm.names.__name__).unwrap_or(Value::NONE);
    let dict = vm.instance_dict(alias).expect("aliases have one");
    vm.dict_set_str(dict, vm.names.__module__, module);
    alias
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let name = args.at(1).value();
    if !name.is_kind(Kind::Str) {
        let message = format!("typealias() argument 'name' must be str, not {}", vm.type_name_of(name));
        return Err(vm.raise_type_error(&message));
    }
    let type_params = args.opt(3).map(Handle::value);
    if type_params.is_some_and(|type_params| !type_params.is_kind(Kind::Tuple)) {
        return Err(vm.raise_type_error("type_params must be a tuple"));
    }
    let alias = Alias {
        name: Slot::of(name),
        type_params: Slot::of(type_params.unwrap_or(Value::UNDEF)),
        value: Slot::of(args.at(2).value()),
        evaluate: Slot::empty(),
    };
    let alias = make(vm, alias);
    Ok(cx.local(alias))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = own(cx, args).name.value();
    Ok(cx.local(name))
}

fn value<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let known = own(cx, args).value.value();
    if !known.is_undef() {
        return Ok(cx.local(known));
    }
    let evaluate = cx.root_value(own(cx, args).evaluate.value());
    let value = cx.call(evaluate.handle(), &[])?;
    own(cx, args).value.set_value(value.value());
    Ok(value.get(cx))
}

fn type_params<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let type_params = own(cx, args).type_params.value();
    let empty = cx.vm().empty_tuple;
    Ok(cx.local(if type_params.is_undef() { empty } else { type_params }))
}

fn parameters<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let type_params = own(cx, args).type_params.value();
    if type_params.is_undef() {
        let empty = cx.vm().empty_tuple;
        return Ok(cx.local(empty));
    }
    let parameters = super::generic::with_unpacked_tuples(cx, type_params)?;
    Ok(cx.local(parameters))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if own(cx, args).type_params.value().is_undef() {
        return Err(cx.vm().raise_type_error("Only generic type aliases are subscriptable"));
    }
    let alias = crate::types::generic_alias::new_alias(cx.vm(), args.at(0).value(), args.at(1).value())?;
    Ok(cx.local(alias))
}
