//! `Generic`: the base of generic classes; what it does is written in the module `typing`.

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::call_typing;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::class("__class_getitem__", "$type, /, *args, **kwargs", class_getitem),
    NativeDef::class("__init_subclass__", "$type, /, *args, **kwargs", init_subclass),
];

/// `typing.Generic[params]`.
pub(crate) fn subscript_generic(vm: &mut Vm, params: Value) -> Result<Value, Raised> {
    vm.enter(|cx| {
        let params = with_unpacked_tuples(cx, params)?;
        let params = cx.root_value(params);
        let generic = cx.root_value(cx.vm().typing().generic);
        let alias = call_typing(cx, "_GenericAlias", &[generic.handle(), params.handle()])?;
        Ok(alias.value())
    })
}

/// Type parameters with `*Ts` in the place of `Ts`.
pub(super) fn with_unpacked_tuples(cx: &mut Cx, params: Value) -> Result<Value, Raised> {
    let params = cx.root_value(params);
    let tuples = cx.vm().typing().type_var_tuple;
    let mut roots = Vec::new();
    for param in cx.vm().sequence_values(params.value()) {
        let param = cx.root_value(param);
        let is_tuple = cx.vm().type_of(param.value()) == tuples;
        roots.push(if is_tuple { super::variable::unpacked(cx, param.handle())? } else { param });
    }
    let values: Vec<Value> = roots.iter().map(crate::cx::Root::value).collect();
    Ok(cx.vm().new_tuple(&values))
}

/// Hands a call on to a function of the module `typing`.
fn hand_on<'a>(cx: &'a mut Cx, args: Args<'_>, name: &str) -> Res<'a> {
    let function = cx.module_attr("typing", name)?;
    let mut values = vec![args.at(0).value()];
    values.extend(args.rest_values());
    let keywords = args.opt(1).map_or(Value::UNDEF, Handle::value);
    let result = crate::types::class_statement::call_with_keywords(cx, function.handle(), &values, keywords)?;
    let result = result.value();
    Ok(cx.local(result))
}

fn class_getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    hand_on(cx, args, "_generic_class_getitem")
}

fn init_subclass<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    hand_on(cx, args, "_generic_init_subclass")
}
