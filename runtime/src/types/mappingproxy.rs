//! `mappingproxy`: a read-only view of a mapping.

use bytecode::{BinOp, CompareOp};

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::shared::{CLASS_GETITEM, rich_comparisons};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// The proxy's state.
struct Proxy {
    mapping: Slot,
}

impl Payload for Proxy {
    fn trace(&self, marker: &mut Marker) {
        self.mapping.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, mapping", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", str),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__reversed__", "$self, /", reversed),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::new("__ior__", "$self, value, /", or_in_place),
    NativeDef::new("get", "$self, key, default=None, /", get)
        .doc("Return the value for key if key is in the mapping, else default."),
    NativeDef::new("keys", "$self, /", keys).doc("a set-like object providing a view on D's keys"),
    NativeDef::new("values", "$self, /", values).doc("an object providing a view on D's values"),
    NativeDef::new("items", "$self, /", items).doc("a set-like object providing a view on D's items"),
    NativeDef::new("copy", "$self, /", copy).doc("a shallow copy of D"),
    CLASS_GETITEM,
];

rich_comparisons!(compare);

/// A read-only view of a mapping.
pub(crate) fn new_mappingproxy(vm: &mut Vm, mapping: Value) -> Value {
    vm.new_boxed(shape_id::MAPPINGPROXY, Box::new(Proxy { mapping: Slot::of(mapping) }))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = args.at(1).value();
    let (ty, name) = (cx.vm().type_of(mapping), cx.vm().names.__getitem__);
    let is_mapping =
        !matches!(mapping.kind(), Some(Kind::List | Kind::Tuple)) && !cx.vm().lookup(ty, name).is_undef();
    if !is_mapping {
        let message = format!("mappingproxy() argument must be a mapping, not {}", cx.vm().type_name(ty));
        return Err(cx.vm().raise_type_error(&message));
    }
    let proxy = new_mappingproxy(cx.vm(), mapping);
    Ok(cx.local(proxy))
}

/// The mapping behind a proxy.
fn mapping(cx: &Cx, proxy: Handle<'_>) -> Result<Root, Raised> {
    let mapping = cx.state::<Proxy>(proxy)?.mapping.value();
    Ok(cx.root_value(mapping))
}

fn unwrapped(cx: &Cx, value: Handle<'_>) -> Root {
    let inner = cx.payload::<Proxy>(value).map_or(value.value(), |proxy| proxy.mapping.value());
    cx.root_value(inner)
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let text = cx.guarded_repr(args.at(0), "mappingproxy(...)", |cx, text| {
        text.push_str("mappingproxy(");
        cx.push_repr(text, mapping.value())?;
        text.push_str(")");
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let text = cx.str(mapping.handle())?;
    Ok(text.get(cx))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let hash = cx.hash(mapping.handle())? as i64;
    let hash = cx.vm().new_int(hash);
    Ok(cx.local(hash))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let result = cx.compare(op, mapping.handle(), args.at(1))?;
    Ok(result.get(cx))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let len = cx.len(mapping.handle())? as i64;
    let len = cx.vm().new_int(len);
    Ok(cx.local(len))
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let item = cx.get_item(mapping.handle(), args.at(1))?;
    Ok(item.get(cx))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let found = cx.contains(mapping.handle(), args.at(1))?;
    Ok(cx.bool(found))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let iterator = cx.iter(mapping.handle())?;
    Ok(iterator.get(cx))
}

fn forward<'a>(cx: &'a mut Cx, args: Args<'_>, name: &str) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let result = cx.call_method(mapping.handle(), name, &[])?;
    Ok(result.get(cx))
}

fn reversed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, "__reversed__")
}

fn keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, "keys")
}

fn values<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, "values")
}

fn items<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, "items")
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, "copy")
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mapping = mapping(cx, args.at(0))?;
    let default = cx.root_value(args.opt(2).map_or(Value::NONE, Handle::value));
    let result = cx.call_method(mapping.handle(), "get", &[args.at(1), default.handle()])?;
    Ok(result.get(cx))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (left, right) = (unwrapped(cx, args.at(0)), unwrapped(cx, args.at(1)));
    let result = cx.binary(BinOp::Or, left.handle(), right.handle())?;
    Ok(result.get(cx))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (left, right) = (unwrapped(cx, args.at(1)), unwrapped(cx, args.at(0)));
    let result = cx.binary(BinOp::Or, left.handle(), right.handle())?;
    Ok(result.get(cx))
}

fn or_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_name_of(args.at(0).value());
    Err(cx.vm().raise_type_error(&format!("'|=' is not supported by {ty}; use '|' instead")))
}

/// Fills the type's namespace.
pub(crate) fn install(vm: &mut Vm) {
    let ty = vm.types.mappingproxy;
    super::add_methods(vm, ty, METHODS);
    super::add_methods(vm, ty, COMPARISONS);
}
