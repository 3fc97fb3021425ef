//! `_ast`: the classes of syntax trees.
//!
//! The classes are made from the [`grammar`] when the module is first imported, by calling `type`, so that programs
//! may change them as they may change CPython's.

mod build;
mod grammar;
mod node;

pub(crate) use build::build;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// The classes by name: the module's namespace.
#[derive(Default)]
struct State {
    classes: Option<Value>,
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let base = vm.new_module_type("ast", "AST", Kind::Boxed, flags, node::METHODS);
    let empty = vm.empty_tuple;
    for name in ["_fields", "__match_args__", "_attributes"] {
        vm.set_in_type(base, name, empty);
    }
    super::set(vm, dict, "AST", base);
    vm.module_state::<node::State>().base = Some(base);
    for (name, number) in [
        ("PyCF_ONLY_AST", 0x400),
        ("PyCF_TYPE_COMMENTS", 0x1000),
        ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
        ("PyCF_OPTIMIZED_AST", 0x8400),
    ] {
        super::set(vm, dict, name, Value::small(number));
    }
    let mut cx = Cx::new(vm);
    let dict = cx.root_value(dict);
    // Making classes of plain parts raises only when memory runs out; the import then lacks the rest.
    if make_classes(&mut cx, &dict).is_err() {
        cx.vm().take_exception();
    }
    vm_state(&mut cx, &dict);
}

fn vm_state(cx: &mut Cx, dict: &Root) {
    let classes = cx.vm().keep(dict.value());
    cx.vm().module_state::<State>().classes = Some(classes);
}

/// Whether a value is a node.
pub(crate) fn is_node(cx: &Cx, value: Handle<'_>) -> bool {
    node::is_node(cx, value)
}

/// A node class by name.
fn class_of(cx: &mut Cx, name: &str) -> Result<Root, Raised> {
    let classes = match cx.vm().module_state::<State>().classes {
        Some(classes) => classes,
        None => {
            cx.import_absolute("_ast")?;
            cx.vm().module_state::<State>().classes.expect("the import filled it")
        }
    };
    class_in(cx, classes, name)
}

fn class_in(cx: &mut Cx, classes: Value, name: &str) -> Result<Root, Raised> {
    let key = cx.vm().intern(name);
    match cx.vm().dict_get_str(classes, key) {
        Some(class) => Ok(cx.root_value(class)),
        None => Err(cx.vm().raise_runtime_error("the classes of module _ast are gone")),
    }
}

// ---- Making the classes ----------------------------------------------------------------------------------------------

fn make_classes(cx: &mut Cx, dict: &Root) -> Result<(), Raised> {
    for (sum, placed) in grammar::SUMS {
        let namespace = new_namespace(cx, &[], &doc_of_sum(sum));
        add_attributes(cx, &namespace, *placed);
        make_class(cx, dict, sum, "AST", &namespace)?;
    }
    for (name, base, fields) in grammar::NODES {
        let fields: Vec<Field> = parse(fields).collect();
        let namespace = new_namespace(cx, &fields, &doc_of(name, grammar_fields(name)));
        if *base == "AST" {
            add_attributes(cx, &namespace, grammar::PLACED.contains(name));
        }
        for field in fields.iter().filter(|field| field.mark == Some('?')) {
            super::set(cx.vm(), namespace.value(), field.name, Value::NONE);
        }
        make_class(cx, dict, name, base, &namespace)?;
    }
    // Types of fields name classes, so all of these come first.
    for (name, _, fields) in grammar::NODES {
        add_types(cx, dict, name, fields)?;
    }
    Ok(())
}

struct Field {
    ty: &'static str,
    mark: Option<char>,
    name: &'static str,
}

fn parse(fields: &'static str) -> impl Iterator<Item = Field> {
    fields.split(", ").filter_map(|field| {
        let (ty, name) = field.split_once(' ')?;
        let mark = ty.chars().last().filter(|mark| matches!(mark, '*' | '?'));
        Some(Field { ty: ty.trim_end_matches(['*', '?']), mark, name })
    })
}

fn grammar_fields(name: &str) -> &'static str {
    grammar::NODES.iter().find(|(node, ..)| *node == name).map_or("", |(_, _, fields)| fields)
}

fn doc_of(name: &str, fields: &str) -> String {
    if fields.is_empty() { name.to_owned() } else { format!("{name}({fields})") }
}

fn doc_of_sum(sum: &str) -> String {
    let nodes = || grammar::NODES.iter().filter(|(_, base, _)| *base == sum);
    let parts: Vec<String> = nodes().map(|(name, _, fields)| doc_of(name, fields)).collect();
    let simple = nodes().all(|(_, _, fields)| fields.is_empty());
    let between = if simple { String::from(" | ") } else { format!("\n{}| ", " ".repeat(sum.len() + 1)) };
    format!("{sum} = {}", parts.join(&between))
}

fn new_namespace(cx: &mut Cx, fields: &[Field], doc: &str) -> Root {
    let vm = cx.vm();
    let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let names = vm.tuple_of_names(&names);
    let namespace = vm.new_dict();
    let (module, doc) = (vm.intern("ast"), vm.new_str(doc));
    for (key, value) in
        [("_fields", names), ("__match_args__", names), ("__module__", module), ("__doc__", doc)]
    {
        super::set(vm, namespace, key, value);
    }
    cx.root_value(namespace)
}

const PLACE: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

fn add_attributes(cx: &mut Cx, namespace: &Root, placed: bool) {
    let vm = cx.vm();
    let names = vm.tuple_of_names(if placed { &PLACE } else { &[] });
    super::set(vm, namespace.value(), "_attributes", names);
    if placed {
        super::set(vm, namespace.value(), "end_lineno", Value::NONE);
        super::set(vm, namespace.value(), "end_col_offset", Value::NONE);
    }
}

fn make_class(cx: &mut Cx, dict: &Root, name: &str, base: &str, namespace: &Root) -> Result<(), Raised> {
    let base = class_in(cx, dict.value(), base)?;
    let (class, bases) = {
        let vm = cx.vm();
        (vm.types.type_, vm.new_tuple(&[base.value()]))
    };
    let (class, bases) = (cx.root_value(class), cx.root_value(bases));
    let text = cx.vm().intern(name);
    let text = cx.root_value(text);
    let made = cx.call(class.handle(), &[text.handle(), bases.handle(), namespace.handle()])?;
    super::set(cx.vm(), dict.value(), name, made.value());
    Ok(())
}

/// The type that a field's type means.
fn type_of_field(cx: &mut Cx, dict: &Root, ty: &str) -> Result<Root, Raised> {
    let types = &cx.vm().types;
    let built_in = match ty {
        "identifier" | "string" => types.str,
        "int" => types.int,
        "constant" => types.object,
        _ => return class_in(cx, dict.value(), ty),
    };
    Ok(cx.root_value(built_in))
}

fn add_types(cx: &mut Cx, dict: &Root, name: &str, fields: &'static str) -> Result<(), Raised> {
    let types = cx.vm().new_dict();
    let types = cx.root_value(types);
    for field in parse(fields) {
        let plain = type_of_field(cx, dict, field.ty)?;
        let ty = match field.mark {
            Some('*') => {
                let list = cx.vm().types.list;
                let list = cx.root_value(list);
                cx.get_item(list.handle(), plain.handle())?
            }
            Some(_) => {
                let none = cx.root_value(Value::NONE);
                cx.binary(bytecode::BinOp::Or, plain.handle(), none.handle())?
            }
            None => plain,
        };
        super::set(cx.vm(), types.value(), field.name, ty.value());
    }
    let class = class_in(cx, dict.value(), name)?;
    for key in ["_field_types", "__annotations__"] {
        cx.set_attr(class.handle(), key, types.handle())?;
    }
    Ok(())
}
