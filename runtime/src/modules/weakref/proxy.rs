//! Weak proxies: every operation is done with the target.

use bytecode::{BinOp, CompareOp};

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

#[derive(Default)]
struct Proxies {
    plain: Option<Value>,
    callable: Option<Value>,
}

macro_rules! operators {
    ($($name:literal $reflected:literal $op:ident;)*) => {
        &[$(
            NativeDef::new($name, "$self, value, /", binary::<{ BinOp::$op as u8 }, false>),
            NativeDef::new($reflected, "$self, value, /", binary::<{ BinOp::$op as u8 }, true>),
        )*]
    };
}

static OPERATORS: &[NativeDef] = operators! {
    "__add__" "__radd__" Add;
    "__sub__" "__rsub__" Subtract;
    "__mul__" "__rmul__" Multiply;
    "__truediv__" "__rtruediv__" TrueDivide;
    "__floordiv__" "__rfloordiv__" FloorDivide;
    "__mod__" "__rmod__" Remainder;
    "__pow__" "__rpow__" Power;
    "__and__" "__rand__" And;
    "__or__" "__ror__" Or;
    "__xor__" "__rxor__" Xor;
    "__lshift__" "__rlshift__" LShift;
    "__rshift__" "__rrshift__" RShift;
    "__matmul__" "__rmatmul__" MatrixMultiply;
};

static METHODS: &[NativeDef] = &[
    NativeDef::new("__getattribute__", "$self, name, /", getattribute),
    NativeDef::new("__setattr__", "$self, name, value, /", setattr),
    NativeDef::new("__delattr__", "$self, name, /", delattr),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", forward::<0>),
    NativeDef::new("__len__", "$self, /", forward::<1>),
    NativeDef::new("__iter__", "$self, /", forward::<2>),
    NativeDef::new("__bytes__", "$self, /", forward::<3>),
    NativeDef::new("__reversed__", "$self, /", forward::<4>),
    NativeDef::new("__int__", "$self, /", forward::<5>),
    NativeDef::new("__float__", "$self, /", forward::<6>),
    NativeDef::new("__index__", "$self, /", forward::<7>),
    NativeDef::new("__abs__", "$self, /", forward::<8>),
    NativeDef::new("__neg__", "$self, /", forward::<9>),
    NativeDef::new("__pos__", "$self, /", forward::<10>),
    NativeDef::new("__invert__", "$self, /", forward::<11>),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__bool__", "$self, /", bool),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__delitem__", "$self, key, /", delitem),
    NativeDef::new("__lt__", "$self, value, /", compare::<{ CompareOp::Lt as u8 }>),
    NativeDef::new("__le__", "$self, value, /", compare::<{ CompareOp::Le as u8 }>),
    NativeDef::new("__eq__", "$self, value, /", compare::<{ CompareOp::Eq as u8 }>),
    NativeDef::new("__ne__", "$self, value, /", compare::<{ CompareOp::Ne as u8 }>),
    NativeDef::new("__gt__", "$self, value, /", compare::<{ CompareOp::Gt as u8 }>),
    NativeDef::new("__ge__", "$self, value, /", compare::<{ CompareOp::Ge as u8 }>),
];

static CALL: &[NativeDef] = &[NativeDef::new("__call__", "$self, /, *args, **kwargs", call)];

/// Methods that are called on the target as they are, by the index that their natives have above.
const FORWARDED: [&str; 12] = [
    "__str__",
    "__len__",
    "__iter__",
    "__bytes__",
    "__reversed__",
    "__int__",
    "__float__",
    "__index__",
    "__abs__",
    "__neg__",
    "__pos__",
    "__invert__",
];

/// The type of proxies, or of those whose targets can be called.
pub(super) fn type_of(vm: &mut Vm, callable: bool) -> Value {
    let known = vm.module_state::<Proxies>();
    if let Some(ty) = if callable { known.callable } else { known.plain } {
        return ty;
    }
    let object = vm.types.object;
    let name = if callable { "weakref.CallableProxyType" } else { "weakref.ProxyType" };
    let flags = type_flag::NO_NEW | type_flag::CUSTOM_GETATTRIBUTE | type_flag::CUSTOM_SETATTR;
    let ty = vm.new_builtin_type(name, object, Kind::WeakRef, flags);
    crate::types::add_methods(vm, ty, METHODS);
    crate::types::add_methods(vm, ty, OPERATORS);
    if callable {
        crate::types::add_methods(vm, ty, CALL);
    }
    let (dict, module) = (vm.type_data(ty).dict, vm.intern("weakref"));
    crate::modules::set(vm, dict, "__module__", module);
    crate::modules::set(vm, dict, "__hash__", Value::NONE);
    let state = vm.module_state::<Proxies>();
    *(if callable { &mut state.callable } else { &mut state.plain }) = Some(ty);
    ty
}

/// `proxy(object, callback=None)`.
pub(super) fn make<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let callable = cx.vm().is_callable(args.at(0).value());
    let ty = type_of(cx.vm(), callable);
    let callback = args.opt(1).map_or(Value::NONE, Handle::value);
    let proxy = cx.vm().new_weakref(ty, args.at(0).value(), callback)?;
    Ok(cx.local(proxy))
}

fn target(cx: &mut Cx, proxy: Handle<'_>) -> Result<Root, Raised> {
    match cx.vm().weakref_target(proxy.value()) {
        Some(target) => Ok(cx.root_value(target)),
        None => Err(cx.vm().raise_reference_error("weakly-referenced object no longer exists")),
    }
}

/// The target of a proxy, or the value itself.
fn unwrapped(cx: &mut Cx, value: Handle<'_>) -> Result<Root, Raised> {
    let ty = cx.vm().type_of(value.value());
    if ty == type_of(cx.vm(), false) || ty == type_of(cx.vm(), true) {
        return target(cx, value);
    }
    Ok(cx.root_value(value.value()))
}

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let name = crate::types::type_type::attribute_name(cx, args.at(1))?;
    let value = cx.get_attr_value(target.handle(), name)?;
    Ok(value.get(cx))
}

fn setattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let name = crate::types::type_type::attribute_name(cx, args.at(1))?;
    let value = args.at(2).value();
    cx.vm().door(|vm| vm.store_attr(target.value(), name, value))?;
    Ok(cx.none())
}

fn delattr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let name = crate::types::type_type::attribute_name(cx, args.at(1))?;
    cx.vm().door(|vm| vm.delete_attr(target.value(), name))?;
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0).value();
    let vm = cx.vm();
    let id = vm.ids.number(this);
    let text = match vm.weakref_target(this) {
        Some(target) => {
            let to = vm.ids.number(target);
            format!("<weakproxy at {id:#x}; to '{}' at {to:#x}>", vm.type_name_of(target))
        }
        None => format!("<weakproxy at {id:#x}; dead>"),
    };
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

fn forward<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let result = match FORWARDED[I] {
        "__str__" => cx.str(target.handle())?,
        "__iter__" => cx.iter(target.handle())?,
        name => cx.call_method(target.handle(), name, &[])?,
    };
    Ok(result.get(cx))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    match cx.next(target.handle())? {
        Some(item) => Ok(item.get(cx)),
        None => Err(cx.vm().raise_stop_iteration(Value::NONE)),
    }
}

fn bool<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let truth = cx.truth(target.handle())?;
    Ok(cx.bool(truth))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let key = args.at(1).value();
    let found = cx.vm().door(|vm| vm.contains(target.value(), key, crate::ops::TruthMode::Plain))?;
    Ok(cx.local(found))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let item = cx.get_item(target.handle(), args.at(1))?;
    Ok(item.get(cx))
}

fn setitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    cx.set_item(target.handle(), args.at(1), args.at(2))?;
    Ok(cx.none())
}

fn delitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let key = args.at(1).value();
    cx.vm().door(|vm| vm.delete_item(target.value(), key))?;
    Ok(cx.none())
}

fn binary<'a, const OP: u8, const REFLECTED: bool>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (unwrapped(cx, args.at(0))?, unwrapped(cx, args.at(1))?);
    let (a, b) = if REFLECTED { (b, a) } else { (a, b) };
    let op = BinOp::ALL[OP as usize];
    let result = cx.binary(op, a.handle(), b.handle())?;
    Ok(result.get(cx))
}

fn compare<'a, const OP: u8>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (unwrapped(cx, args.at(0))?, unwrapped(cx, args.at(1))?);
    let result = cx.compare(CompareOp::ALL[OP as usize], a.handle(), b.handle())?;
    Ok(result.get(cx))
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let target = target(cx, args.at(0))?;
    let mut values = args.rest_values();
    let (names, keyword_values) = match args.opt(1) {
        Some(keywords) => cx.vm().keywords_of(keywords.value()),
        None => (Vec::new(), Vec::new()),
    };
    values.extend(keyword_values);
    let names = if names.is_empty() { Value::UNDEF } else { cx.vm().new_tuple(&names) };
    let result = cx.call_values(target.handle(), &values, names)?;
    Ok(result.get(cx))
}
