//! `_codecs`: the registry of codecs and of error handlers, and the functions that the codecs written in Python call.

mod charmap;
mod escapes;
mod functions;
mod handlers;
mod utf7;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("register", "search_function, /", register),
    NativeDef::new("unregister", "search_function, /", unregister),
    NativeDef::new("lookup", "encoding, /", lookup_codec),
    NativeDef::new("register_error", "errors, handler, /", register_error),
    NativeDef::new("lookup_error", "name, /", lookup_error),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    for table in [FUNCTIONS, functions::FUNCTIONS, charmap::FUNCTIONS, escapes::FUNCTIONS, utf7::FUNCTIONS] {
        crate::modules::add_functions(vm, dict, table);
    }
}

/// Search functions, codecs found, error handlers: a list and two dicts that live as long as the state.
#[derive(Clone, Copy)]
struct Registry {
    imported: bool,
    search: Value,
    cache: Value,
    handlers: Value,
}

fn registry(vm: &mut Vm) -> Registry {
    if let Some(registry) = vm.module_states.iter().find_map(|state| state.downcast_ref::<Registry>()) {
        return *registry;
    }
    let (search, cache) = (vm.new_list(Vec::new()), vm.new_dict());
    let registry = Registry { imported: false, search, cache, handlers: handlers::make(vm) };
    vm.permanent.extend([registry.search, registry.cache, registry.handlers]);
    vm.module_states.push(Box::new(registry));
    registry
}

/// A codec's name as the registry spells it: punctuation between words is one `_`.
fn normalized(name: &str) -> String {
    let mut text = String::new();
    let mut is_gap = false;
    for c in name.chars() {
        if !(c.is_ascii_alphanumeric() || c == '.') {
            is_gap = true;
            continue;
        }
        if is_gap && !text.is_empty() {
            text.push('_');
        }
        is_gap = false;
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// The package `encodings` registers the search for the codecs of the library, once.
fn import_encodings(cx: &mut Cx) -> Result<(), Raised> {
    registry(cx.vm());
    let registry = cx.vm().module_states.iter_mut().find_map(|state| state.downcast_mut::<Registry>());
    let registry = registry.expect("it was made above");
    if std::mem::replace(&mut registry.imported, true) {
        return Ok(());
    }
    cx.import_absolute("encodings").map(drop)
}

/// The codec of a name: a tuple of encoder, decoder, stream reader and stream writer.
pub(crate) fn lookup(cx: &mut Cx, name: &str) -> Result<Root, Raised> {
    let registry = registry(cx.vm());
    let key = cx.vm().new_str(&normalized(name));
    let key = cx.root_value(key);
    if let Some(codec) = cx.vm().dict_get_str(registry.cache, key.value()) {
        return Ok(cx.root_value(codec));
    }
    import_encodings(cx)?;
    for function in cx.vm().sequence_values(registry.search) {
        let function = cx.root_value(function);
        let codec = cx.call(function.handle(), &[key.handle()])?;
        if codec.value().is_none() {
            continue;
        }
        if !codec.value().is_kind(Kind::Tuple) || cx.vm().sequence_values(codec.value()).len() != 4 {
            return Err(cx.vm().raise_type_error("codec search functions must return 4-tuples"));
        }
        cx.vm().dict_set_str(registry.cache, key.value(), codec.value());
        return Ok(codec);
    }
    Err(cx.vm().raise_lookup_error(&format!("unknown encoding: {name}")))
}

/// The error handler registered under a name.
pub(crate) fn error_handler(cx: &mut Cx, name: &str) -> Result<Root, Raised> {
    let handlers = registry(cx.vm()).handlers;
    let key = cx.vm().new_str(name);
    match cx.vm().dict_get_str(handlers, key) {
        Some(handler) => Ok(cx.root_value(handler)),
        None => Err(cx.vm().raise_lookup_error(&format!("unknown error handler name '{name}'"))),
    }
}

fn register<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    import_encodings(cx)?;
    let (vm, function) = (cx.vm(), args.at(0).value());
    if !vm.is_callable(function) {
        return Err(vm.raise_type_error("argument must be callable"));
    }
    let search = registry(vm).search;
    crate::ops::list_items(search).push(function);
    Ok(cx.none())
}

fn unregister<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let registry = registry(cx.vm());
    crate::ops::list_items(registry.search).retain(|function| *function != args.at(0).value());
    crate::dict_ops::dict_data(registry.cache).clear();
    Ok(cx.none())
}

fn text(cx: &Cx, args: Args<'_>, i: usize, function: &str) -> Result<String, Raised> {
    let (vm, value) = (cx.vm(), args.at(i).value());
    if value.is_kind(Kind::Str) {
        return Ok(vm.str_lossy(value));
    }
    let which = if function == "register_error" { format!("{} ", i + 1) } else { String::new() };
    let message = format!("{function}() argument {which}must be str, not {}", vm.argument_type(value));
    Err(vm.raise_type_error(&message))
}

fn lookup_codec<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = text(cx, args, 0, "lookup")?;
    let codec = lookup(cx, &name)?;
    Ok(cx.local(codec.value()))
}

fn register_error<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    text(cx, args, 0, "register_error")?;
    let vm = cx.vm();
    if !vm.is_callable(args.at(1).value()) {
        return Err(vm.raise_type_error("handler must be callable"));
    }
    let handlers = registry(vm).handlers;
    vm.dict_set_str(handlers, args.at(0).value(), args.at(1).value());
    Ok(cx.none())
}

fn lookup_error<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = text(cx, args, 0, "lookup_error")?;
    let handler = error_handler(cx, &name)?;
    Ok(cx.local(handler.value()))
}
