//! `function`.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::super::type_type::{get_dict, set_dict};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat(
        "__new__",
        "type, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None",
        new,
    ),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::attribute("__name__", get_name, set_name),
    NativeDef::attribute("__qualname__", get_qualname, set_qualname),
    NativeDef::attribute("__doc__", get_doc, set_doc),
    NativeDef::attribute("__module__", get_module, set_module),
    NativeDef::attribute("__code__", get_code, set_code),
    NativeDef::attribute("__defaults__", get_defaults, set_defaults),
    NativeDef::attribute("__kwdefaults__", get_kwdefaults, set_kwdefaults),
    NativeDef::attribute("__annotations__", get_annotations, set_annotations),
    NativeDef::attribute("__type_params__", get_type_params, set_type_params),
    NativeDef::attribute("__dict__", get_dict, set_dict),
    NativeDef::getter("__globals__", get_globals),
    NativeDef::getter("__closure__", get_closure),
    NativeDef::getter("__builtins__", get_builtins),
];

fn cell<'a>(handle: Handle<'_>) -> &'a mut FunctionCell {
    // SAFETY: these natives belong to `function`: their first argument is a live function.
    unsafe { &mut *handle.value().cast::<FunctionCell>() }
}

fn or_none(value: Value) -> Value {
    if value.is_undef() { Value::NONE } else { value }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (code, globals) = (args.at(1).value(), args.at(2).value());
    let vm = cx.vm();
    if !code.is_kind(Kind::Code) {
        let message = format!("function() argument 'code' must be code, not {}", vm.type_name_of(code));
        return Err(vm.raise_type_error(&message));
    }
    if !globals.is_kind(Kind::Dict) {
        let message = format!("function() argument 'globals' must be dict, not {}", vm.type_name_of(globals));
        return Err(vm.raise_type_error(&message));
    }
    let given = |i: usize| args.some(i).map(Handle::value);
    let (name, defaults, closure, kwdefaults) = (given(3), given(4), given(5), given(6));
    if name.is_some_and(|name| !name.is_kind(Kind::Str)) {
        return Err(vm.raise_type_error("arg 3 (name) must be None or string"));
    }
    if defaults.is_some_and(|defaults| !defaults.is_kind(Kind::Tuple)) {
        return Err(vm.raise_type_error("arg 4 (defaults) must be None or tuple"));
    }
    // SAFETY: the code is live.
    let free = unsafe { (*code.cast::<CodeCell>()).data.object().nfreevars() };
    match closure {
        Some(closure) if !closure.is_kind(Kind::Tuple) => {
            let what = if free == 0 { "None" } else { "tuple" };
            return Err(vm.raise_type_error(&format!("arg 5 (closure) must be {what}")));
        }
        None if free != 0 => return Err(vm.raise_type_error("arg 5 (closure) must be tuple")),
        _ => {}
    }
    let cells = closure.map_or(Vec::new(), |closure| vm.sequence_values(closure));
    if cells.len() != free {
        // SAFETY: as above.
        let name = vm.str_lossy(unsafe { (*code.cast::<CodeCell>()).data.name });
        let message = format!("{name} requires closure of length {free}, not {}", cells.len());
        return Err(vm.raise_value_error(&message));
    }
    if let Some(other) = cells.iter().find(|cell| !cell.is_kind(Kind::Cell)) {
        let message = format!("arg 5 (closure) expected cell, found {}", vm.type_name_of(*other));
        return Err(vm.raise_type_error(&message));
    }
    let builtins = crate::import::builtins_of(vm, globals);
    let function = vm.new_function(code, globals, builtins);
    let raw = function.cast::<FunctionCell>();
    // SAFETY: the function was just made.
    unsafe {
        if let Some(name) = name {
            (*raw).name = name;
        }
        (*raw).defaults = defaults.unwrap_or(Value::UNDEF);
        (*raw).closure = closure.unwrap_or(Value::UNDEF);
        (*raw).kwdefaults = kwdefaults.unwrap_or(Value::UNDEF);
    }
    Ok(cx.local(function))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let instance = args.at(1).value();
    if instance.is_none() {
        return Ok(args.at(0).get(cx));
    }
    let method = cx.vm().new_method(args.at(0).value(), instance);
    Ok(cx.local(method))
}

/// `callee.__call__(*args, **kwargs)`.
pub(super) fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keywords = args.opt(1).map_or(Value::UNDEF, Handle::value);
    let values = args.rest_values();
    let result =
        super::super::class_statement::call_with_keywords(cx, args.at(0), &values, keywords)?.value();
    Ok(cx.local(result))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let number = vm.ids.number(args.at(0).value());
    let text = vm.concat_texts(&["<function ", &format!(" at {number:#x}>")], &[cell(args.at(0)).qualname]);
    Ok(cx.local(text))
}

macro_rules! string_attribute {
    ($get:ident $set:ident $field:ident $message:literal) => {
        fn $get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            Ok(cx.local(cell(args.at(0)).$field))
        }

        fn $set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            match args.opt(1).map(Handle::value).filter(|value| value.is_kind(Kind::Str)) {
                Some(value) => cell(args.at(0)).$field = value,
                None => return Err(cx.vm().raise_type_error($message)),
            }
            Ok(cx.none())
        }
    };
}
string_attribute!(get_name set_name name "__name__ must be set to a string object");
string_attribute!(get_qualname set_qualname qualname "__qualname__ must be set to a string object");

macro_rules! free_attribute {
    ($get:ident $set:ident $field:ident) => {
        fn $get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            Ok(cx.local(or_none(cell(args.at(0)).$field)))
        }

        fn $set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            cell(args.at(0)).$field = args.opt(1).map_or(Value::NONE, Handle::value);
            Ok(cx.none())
        }
    };
}
free_attribute!(get_doc set_doc doc);
free_attribute!(get_module set_module module);

fn get_code<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).code))
}

fn set_code<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(code) = args.opt(1).map(Handle::value).filter(|code| code.is_kind(Kind::Code)) else {
        return Err(cx.vm().raise_type_error("__code__ must be set to a code object"));
    };
    let function = cell(args.at(0));
    // SAFETY: the code is live.
    let data = unsafe { &raw mut *(*code.cast::<CodeCell>()).data };
    // SAFETY: as above.
    let free = unsafe { (*data).object().nfreevars() };
    let cells = if function.closure.is_undef() { 0 } else { cx.vm().sequence_values(function.closure).len() };
    if free != cells {
        let name = cx.vm().str_lossy(function.name);
        let message = format!("{name}() requires a code object with {cells} free vars, not {free}");
        return Err(cx.vm().raise_value_error(&message));
    }
    function.code = code;
    function.code_data = data;
    cx.vm().flush_caches();
    Ok(cx.none())
}

fn get_defaults<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(or_none(cell(args.at(0)).defaults)))
}

fn set_defaults<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.some(1).map(Handle::value);
    if value.is_some_and(|value| !value.is_kind(Kind::Tuple)) {
        return Err(cx.vm().raise_type_error("__defaults__ must be set to a tuple object"));
    }
    cell(args.at(0)).defaults = value.unwrap_or(Value::UNDEF);
    cx.vm().flush_caches();
    Ok(cx.none())
}

fn get_kwdefaults<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(or_none(cell(args.at(0)).kwdefaults)))
}

fn set_kwdefaults<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.some(1).map(Handle::value);
    if value.is_some_and(|value| !value.is_kind(Kind::Dict)) {
        return Err(cx.vm().raise_type_error("__kwdefaults__ must be set to a dict object"));
    }
    cell(args.at(0)).kwdefaults = value.unwrap_or(Value::UNDEF);
    Ok(cx.none())
}

/// A function's annotations as a dict: the compiler leaves names and values in a tuple.
pub(crate) fn annotations_dict(vm: &mut Vm, function: &mut FunctionCell) -> Value {
    if function.annotations.is_kind(Kind::Tuple) {
        let dict = vm.new_dict();
        for pair in vm.sequence_values(function.annotations).chunks_exact(2) {
            vm.dict_set_str(dict, pair[0], pair[1]);
        }
        function.annotations = dict;
    } else if function.annotations.is_undef() {
        function.annotations = vm.new_dict();
    }
    function.annotations
}

fn get_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = annotations_dict(cx.vm(), cell(args.at(0)));
    Ok(cx.local(dict))
}

fn set_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.some(1).map(Handle::value);
    if value.is_some_and(|value| !value.is_kind(Kind::Dict)) {
        return Err(cx.vm().raise_type_error("__annotations__ must be set to a dict object"));
    }
    cell(args.at(0)).annotations = value.unwrap_or(Value::UNDEF);
    Ok(cx.none())
}

fn get_type_params<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let params = cell(args.at(0)).type_params;
    let params = if params.is_undef() { cx.vm().empty_tuple } else { params };
    Ok(cx.local(params))
}

fn set_type_params<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match args.opt(1).map(Handle::value).filter(|value| value.is_kind(Kind::Tuple)) {
        Some(value) => cell(args.at(0)).type_params = value,
        None => return Err(cx.vm().raise_type_error("__type_params__ must be set to a tuple")),
    }
    Ok(cx.none())
}

fn get_globals<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).globals))
}

fn get_closure<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(or_none(cell(args.at(0)).closure)))
}

fn get_builtins<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).builtins))
}
