//! `cmp_to_key`: keys that compare by a function of two arguments.

use bytecode::CompareOp;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::functional::native_state;
use crate::types::shared::rich_comparisons;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, obj", call),
    NativeDef::attribute("obj", get_object, set_object).doc("Value wrapped by a key function."),
];

rich_comparisons!(compare);

native_state!(
    /// A key's state: the function, and the object unless it only makes keys.
    Key { function, object ; ; }
);

/// Adds the type, which is not in the module's namespace.
pub(super) fn init(vm: &mut Vm, _dict: Value) {
    let ty = vm.new_module_type("functools", "KeyWrapper", Kind::Boxed, 0, METHODS);
    crate::types::add_methods(vm, ty, COMPARISONS);
    vm.set_unhashable(ty);
    vm.module_types.key_wrapper = ty;
}

fn new_key(vm: &mut Vm, function: Value, object: Value) -> Value {
    let shape = vm.type_data(vm.module_types.key_wrapper).shape;
    vm.new_boxed(shape, Box::new(Key { function: Slot::of(function), object: Slot::of(object) }))
}

pub(super) fn cmp_to_key<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let key = new_key(cx.vm(), args.at(0).value(), Value::UNDEF);
    Ok(cx.local(key))
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let function = cx.state::<Key>(args.at(0))?.function.value();
    let key = new_key(cx.vm(), function, args.at(1).value());
    Ok(cx.local(key))
}

fn wrapped(cx: &Cx, key: Handle<'_>) -> Result<Value, Raised> {
    let object = cx.state::<Key>(key)?.object.value();
    if object.is_undef() {
        let name = cx.vm().intern("object");
        return Err(cx.vm().raise_attribute_error(key.value(), name));
    }
    Ok(object)
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if cx.payload::<Key>(args.at(1)).is_none() {
        return Err(cx.vm().raise_type_error("other argument must be K instance"));
    }
    let (a, b) = (wrapped(cx, args.at(0))?, wrapped(cx, args.at(1))?);
    let function = cx.state::<Key>(args.at(0))?.function.value();
    let order = cx.call_raw(function, &[a, b])?;
    let (order, zero) = (cx.root_value(order), cx.root_value(Value::small(0)));
    let result = cx.compare(op, order.handle(), zero.handle())?;
    Ok(result.get(cx))
}

fn get_object<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = wrapped(cx, args.at(0))?;
    Ok(cx.local(object))
}

fn set_object<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.opt(1).map_or(Value::UNDEF, Handle::value);
    cx.state::<Key>(args.at(0))?.object.set_value(object);
    Ok(cx.none())
}
