//! `ast.AST`: what all nodes are made by, and how they are pickled and copied.

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
];

/// The base class.
#[derive(Default)]
pub(super) struct State {
    pub(super) base: Option<Value>,
}

/// A node's state is its attributes' dict alone.
struct Node;

impl Payload for Node {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let base = cx.vm().module_state::<State>().base.expect("made with the module");
    crate::types::new::check_class(cx, args.at(0), base)?;
    let node = cx.make_object(args.at(0), Box::new(Node))?;
    Ok(cx.local(node))
}

/// Whether a value is a node.
pub(super) fn is_node(cx: &Cx, value: Handle<'_>) -> bool {
    cx.payload::<Node>(value).is_some()
}

/// A node without attributes, of a class below `AST`.
pub(super) fn new_node(vm: &mut Vm, class: Value) -> Result<Value, Raised> {
    let base = vm.module_state::<State>().base.expect("made with the module");
    let shape = vm.shape_of_type(base);
    let plain = vm.new_boxed(shape, Box::new(Node));
    vm.as_subclass(plain, class)
}

/// A sequence that the class of a node has, as values; empty if it has none.
fn sequence_of(cx: &mut Cx, node: Handle<'_>, name: &str) -> Result<Option<Root>, Raised> {
    let class = cx.vm().type_of(node.value());
    let class = cx.root_value(class);
    match cx.get_attr_opt(class.handle(), name)? {
        Some(sequence) => cx.collect(sequence.handle()).map(Some),
        None => Ok(None),
    }
}

fn class_name(cx: &Cx, node: Handle<'_>) -> String {
    cx.vm().type_name_of(node.value())
}

fn warn(cx: &mut Cx, message: &str) -> Result<(), Raised> {
    let function = cx.module_attr("_warnings", "warn")?;
    let (message, category) = (cx.vm().new_str(message), cx.vm().exceptions.deprecation_warning);
    let (message, category) = (cx.root_value(message), cx.root_value(category));
    cx.call(function.handle(), &[message.handle(), category.handle()])?;
    Ok(())
}

/// Whether a list has an item that equals a value.
fn position_of(cx: &mut Cx, list: &Root, wanted: Handle<'_>) -> Result<Option<usize>, Raised> {
    let mut i = 0;
    while let Some(item) = cx.vm().sequence_item(list.value(), i) {
        if cx.is_or_equals(item, wanted)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn store(cx: &mut Cx, node: Handle<'_>, name: Value, value: Value) -> Result<(), Raised> {
    cx.vm().door(|vm| vm.store_attr(node.value(), name, value)).map(drop)
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let node = args.at(0);
    let fields = match sequence_of(cx, node, "_fields")? {
        Some(fields) => fields,
        None => cx.root_value(cx.vm().new_list(Vec::new())),
    };
    let count = cx.vm().len_plain(fields.value()).unwrap_or(0);
    let given = args.rest().len();
    if given > count {
        let plural = if count == 1 { "" } else { "s" };
        let name = class_name(cx, node);
        let name = name.rsplit('.').next().unwrap_or(&name);
        let message = format!("{name} constructor takes at most {count} positional argument{plural}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let mut missing = vec![true; count];
    for (i, argument) in args.rest().enumerate() {
        let name = cx.vm().sequence_item(fields.value(), i).unwrap_or(Value::NONE);
        missing[i] = false;
        store(cx, node, name, argument.value())?;
    }
    if let Some(keywords) = args.opt(1) {
        set_keywords(cx, node, &fields, keywords, &mut missing)?;
    }
    fill(cx, node, &fields, &missing)?;
    Ok(cx.none())
}

fn set_keywords(
    cx: &mut Cx,
    node: Handle<'_>,
    fields: &Root,
    keywords: Handle<'_>,
    missing: &mut [bool],
) -> Result<(), Raised> {
    let keys = cx.collect(keywords)?;
    let mut i = 0;
    while let Some(key) = cx.vm().sequence_item(keys.value(), i) {
        i += 1;
        let key = cx.root_value(key);
        match position_of(cx, fields, key.handle())? {
            Some(field) if !std::mem::replace(&mut missing[field], false) => {
                let (name, key) = (class_name(cx, node), cx.repr_text(key.handle())?);
                let message = format!("{name} got multiple values for argument {key}");
                return Err(cx.vm().raise_type_error(&message));
            }
            Some(_) => {}
            None => check_attribute(cx, node, key.handle())?,
        }
        let value = cx.vm().dict_get_str(keywords.value(), key.value()).unwrap_or(Value::NONE);
        store(cx, node, key.value(), value)?;
    }
    Ok(())
}

/// Warns of a keyword argument that is neither field nor attribute.
fn check_attribute(cx: &mut Cx, node: Handle<'_>, key: Handle<'_>) -> Result<(), Raised> {
    if let Some(attributes) = sequence_of(cx, node, "_attributes")?
        && position_of(cx, &attributes, key)?.is_some()
    {
        return Ok(());
    }
    let (name, key) = (class_name(cx, node), cx.repr_text(key)?);
    let message = format!(
        "{name}.__init__ got an unexpected keyword argument {key}. Support for arbitrary keyword arguments is \
         deprecated and will be removed in Python 3.15."
    );
    warn(cx, &message)
}

/// Gives missing fields what their types say: lists are empty, contexts are `Load`, others are warned of.
fn fill(cx: &mut Cx, node: Handle<'_>, fields: &Root, missing: &[bool]) -> Result<(), Raised> {
    if !missing.contains(&true) {
        return Ok(());
    }
    let class = cx.vm().type_of(node.value());
    let class = cx.root_value(class);
    let Some(types) = cx.get_attr_opt(class.handle(), "_field_types")? else { return Ok(()) };
    for i in (0..missing.len()).filter(|i| missing[*i]) {
        let name = cx.vm().sequence_item(fields.value(), i).unwrap_or(Value::NONE);
        let name = cx.root_value(name);
        let ty = if types.value().is_kind(crate::cell::Kind::Dict) {
            cx.dict_get(types.handle(), name.handle())?
        } else {
            None
        };
        fill_field(cx, node, &name, ty)?;
    }
    Ok(())
}

fn fill_field(cx: &mut Cx, node: Handle<'_>, name: &Root, ty: Option<Root>) -> Result<(), Raised> {
    let class = class_name(cx, node);
    let Some(ty) = ty else {
        let name = cx.repr_text(name.handle())?;
        return warn(
            cx,
            &format!(
                "Field {name} is missing from {class}._field_types. This will become an error in Python 3.15."
            ),
        );
    };
    if cx.vm().type_of(ty.value()) == cx.vm().union_type {
        return Ok(());
    }
    if cx.vm().is_generic_alias(ty.value()) {
        let list = cx.vm().new_list(Vec::new());
        return store(cx, node, name.value(), list);
    }
    if ty.value() == super::class_of(cx, "expr_context")?.value() {
        let load = super::build::singleton(cx, "Load")?;
        return store(cx, node, name.value(), load);
    }
    let name = cx.repr_text(name.handle())?;
    let message = format!(
        "{class}.__init__ missing 1 required positional argument: {name}. This will become an error in Python 3.15."
    );
    warn(cx, &message)
}

/// Fields stand as arguments as far as they are all there, so that making the node anew does not warn; their values
/// come with the state.
fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let node = args.at(0);
    let state = match cx.vm().instance_dict(node.value()) {
        Some(dict) => cx.root_value(dict),
        None => cx.root_value(cx.vm().new_dict()),
    };
    let mut present = 0;
    if let Some(fields) = sequence_of(cx, node, "_fields")? {
        let names = cx.vm().sequence_values(fields.value());
        let has = |name: &Value| cx.vm().dict_get_str(state.value(), *name).is_some();
        present = names.iter().take_while(|name| has(name)).count();
    }
    let vm = cx.vm();
    let (class, values) = (vm.type_of(node.value()), vm.new_tuple(&vec![Value::NONE; present]));
    let reduced = vm.new_tuple(&[class, values, state.value()]);
    Ok(cx.local(reduced))
}
