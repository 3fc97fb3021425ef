//! `compile`, `eval`, `exec`, `locals`.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use bytecode::CodeFlags;

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::frame::Cont;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::CompileRequest;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new(
        "compile",
        "source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1",
        compile,
    )
    .doc("Compile source into a code object that can be executed by exec() or eval()."),
    NativeDef::new("eval", "source, /, globals=None, locals=None", eval)
        .doc("Evaluate the given source in the context of globals and locals."),
    NativeDef::new("exec", "source, /, globals=None, locals=None, *, closure=None", exec)
        .doc("Execute the given source in the context of globals and locals."),
    NativeDef::new("locals", "/", locals)
        .doc("Return a dictionary containing the current scope's local variables."),
];

fn locals<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let locals = cx.current_locals()?;
    Ok(cx.local(locals))
}

/// The future features that `compile` inherits and takes, and their bits in `co_flags`.
const FUTURE_FLAGS: i64 = 0x1FE_0000;
/// Flags of `compile` that only concern the result's kind.
const ONLY_AST: i64 = 0x400;
const KNOWN_FLAGS: i64 = FUTURE_FLAGS | 0x0200 | ONLY_AST | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10;

fn int_argument(cx: &mut Cx, value: Option<Handle<'_>>, default: i64) -> Result<i64, Raised> {
    match value.map(Handle::value) {
        None => Ok(default),
        Some(value) if value.is_bool() => Ok((value == Value::TRUE).into()),
        Some(value) => match value.as_int() {
            Some(int) => Ok(int),
            None => {
                let ty = cx.vm().type_name_of(value);
                let message = format!("'{ty}' object cannot be interpreted as an integer");
                Err(cx.vm().raise_type_error(&message))
            }
        },
    }
}

/// The future features in force where the running code was compiled.
fn inherited_flags(cx: &Cx) -> i64 {
    let vm = cx.vm();
    vm.python_frame().map_or(0, |depth| {
        // SAFETY: a Python frame has live code.
        i64::from(unsafe { (*vm.frames()[depth].code()).flags().0 }) & FUTURE_FLAGS
    })
}

fn compile<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let filename = file_name(cx, args.at(1))?;
    if !args.at(2).value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(args.at(2).value());
        return Err(cx.vm().raise_type_error(&format!("compile() argument 'mode' must be str, not {ty}")));
    }
    let mode = cx.vm().str_lossy(args.at(2).value());
    let flags = int_argument(cx, args.opt(3), 0)?;
    let dont_inherit = match args.opt(4) {
        Some(value) => cx.truth(value)?,
        None => false,
    };
    let optimize = int_argument(cx, args.opt(5), -1)?;
    if flags & !KNOWN_FLAGS != 0 {
        return Err(cx.vm().raise_value_error("compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(cx.vm().raise_value_error("compile(): invalid optimize value"));
    }
    if !matches!(mode.as_str(), "exec" | "eval" | "single") {
        if mode == "func_type" && flags & ONLY_AST == 0 {
            return Err(cx.vm().raise_value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST"));
        }
        if mode != "func_type" {
            let or = if flags & ONLY_AST == 0 { " or 'single'" } else { ", 'single' or 'func_type'" };
            let message = format!("compile() mode must be 'exec', 'eval'{or}");
            return Err(cx.vm().raise_value_error(&message));
        }
    }
    if mode == "func_type" {
        return Err(cx.vm().raise_not_implemented_error("compile() of a function type"));
    }
    if crate::modules::ast::is_node(cx, args.at(0)) {
        if flags & ONLY_AST != 0 {
            return Ok(args.at(0).get(cx));
        }
        return Err(cx.vm().raise_not_implemented_error("compile() of a syntax tree"));
    }
    let source = source_bytes(cx, args.at(0), "compile")?;
    let flags = if dont_inherit { flags } else { flags | inherited_flags(cx) };
    let request = CompileRequest {
        source: &source,
        filename: &filename,
        mode: &mode,
        flags: (flags & FUTURE_FLAGS) as u32,
        optimize: optimize.max(0) as u8,
    };
    let result =
        if flags & ONLY_AST != 0 { cx.parse_request(&request)? } else { cx.compile_request(&request)? };
    Ok(cx.local(result))
}

/// A file name given as str, bytes or a path.
fn file_name(cx: &mut Cx, name: Handle<'_>) -> Result<String, Raised> {
    let text = |cx: &Cx, value: Value| match value.kind() {
        Some(Kind::Str) => Some(cx.vm().str_lossy(value)),
        Some(Kind::Bytes) => Some(String::from_utf8_lossy(crate::types::bytes::slice_of(value)).into_owned()),
        _ => None,
    };
    if let Some(name) = text(cx, name.value()) {
        return Ok(name);
    }
    let hook = cx.vm().intern("__fspath__");
    if let Some(path) = cx.call_special(name, hook, &[])?
        && let Some(name) = text(cx, path.value())
    {
        return Ok(name);
    }
    let ty = cx.vm().type_name_of(name.value());
    Err(cx.vm().raise_type_error(&format!("expected str, bytes or os.PathLike object, not {ty}")))
}

/// Source given as str or bytes.
fn source_bytes(cx: &mut Cx, source: Handle<'_>, function: &str) -> Result<Vec<u8>, Raised> {
    let value = source.value();
    let bytes = match value.kind() {
        Some(Kind::Str) => {
            if let Some(i) = cx.vm().units(value).iter().position(|unit| (0xD800..0xE000).contains(&unit)) {
                let reason = cx.vm().new_str("surrogates not allowed");
                let encoding = cx.vm().new_str("utf-8");
                let (start, end) = (Value::small(i as i32), Value::small(i as i32 + 1));
                let class = cx.vm().exceptions.unicode_encode_error;
                return Err(cx.vm().raise_with(class, &[encoding, value, start, end, reason]));
            }
            cx.vm().units(value).to_wtf8()
        }
        Some(Kind::Bytes | Kind::ByteArray) => crate::types::bytes::slice_of(value).to_vec(),
        Some(Kind::Boxed) => {
            let class = cx.root_value(cx.vm().types.bytes);
            match cx.call(class.handle(), &[source]) {
                Ok(bytes) => crate::types::bytes::slice_of(bytes.value()).to_vec(),
                Err(Raised) => {
                    cx.vm().take_exception();
                    return Err(wrong_source(cx, function));
                }
            }
        }
        _ => return Err(wrong_source(cx, function)),
    };
    if bytes.contains(&0) {
        let class = cx.vm().exceptions.syntax_error;
        return Err(cx.vm().raise(class, "source code string cannot contain null bytes"));
    }
    Ok(bytes)
}

fn wrong_source(cx: &mut Cx, function: &str) -> Raised {
    let what = if function == "compile" { "string, bytes or AST" } else { "string, bytes or code" };
    cx.vm().raise_type_error(&format!("{function}() arg 1 must be a {what} object"))
}

/// The namespaces that `eval` and `exec` are to run in.
fn namespaces(cx: &mut Cx, args: Args<'_>, function: &str) -> Result<(Root, Root), Raised> {
    let (globals, locals) = (args.some(1).map(Handle::value), args.some(2).map(Handle::value));
    if let Some(globals) = globals
        && !globals.is_kind(Kind::Dict)
    {
        let ty = cx.vm().type_name_of(globals);
        let key = cx.vm().names.__getitem__;
        let owner = cx.vm().type_of(globals);
        let is_mapping = !cx.vm().lookup(owner, key).is_undef();
        let message = if function == "exec" {
            format!("exec() globals must be a dict, not {ty}")
        } else if is_mapping {
            String::from("globals must be a real dict; try eval(code, {}, mapping)")
        } else {
            String::from("globals must be a dict")
        };
        return Err(cx.vm().raise_type_error(&message));
    }
    if let Some(locals) = locals {
        let key = cx.vm().names.__getitem__;
        let owner = cx.vm().type_of(locals);
        if cx.vm().lookup(owner, key).is_undef() {
            let ty = cx.vm().type_name(owner);
            let message = if function == "exec" {
                format!("locals must be a mapping or None, not {ty}")
            } else {
                String::from("locals must be a mapping")
            };
            return Err(cx.vm().raise_type_error(&message));
        }
    }
    let (globals, locals) = match (globals, locals) {
        (Some(globals), Some(locals)) => (globals, locals),
        (Some(globals), None) => (globals, globals),
        (None, locals) => {
            let globals = cx.vm().running_globals();
            let locals = match locals {
                Some(locals) => locals,
                None => cx.current_locals()?,
            };
            (globals, locals)
        }
    };
    let (globals, locals) = (cx.root_value(globals), cx.root_value(locals));
    let key = cx.vm().names.__builtins__;
    if cx.vm().dict_get_str(globals.value(), key).is_none() {
        let builtins = cx.vm().python_frame().map_or(cx.vm().builtins, |depth| {
            let function = cx.vm().frames()[depth].callee.cast::<FunctionCell>();
            // SAFETY: the frame's function is live.
            unsafe { (*function).builtins }
        });
        cx.vm().dict_set_str(globals.value(), key, builtins);
    }
    Ok((globals, locals))
}

fn eval<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (globals, locals) = namespaces(cx, args, "eval")?;
    let source = args.at(0);
    let code = if source.value().is_kind(Kind::Code) {
        if free_variables(source.value()) > 0 {
            return Err(cx
                .vm()
                .raise_type_error("code object passed to eval() may not contain free variables"));
        }
        source.value()
    } else {
        let bytes = source_bytes(cx, source, "eval")?;
        let start = bytes.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        compile_text(cx, &bytes[start..], "eval")?
    };
    let result = run(cx, code, &globals, &locals, Value::UNDEF)?;
    Ok(cx.local(result))
}

fn exec<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (globals, locals) = namespaces(cx, args, "exec")?;
    let source = args.at(0);
    let closure = args.some(3).map(Handle::value);
    let code = if source.value().is_kind(Kind::Code) {
        check_closure(cx, source.value(), closure)?;
        source.value()
    } else {
        if closure.is_some() {
            return Err(cx.vm().raise_type_error("closure can only be used when source is a code object"));
        }
        let bytes = source_bytes(cx, source, "exec")?;
        compile_text(cx, &bytes, "exec")?
    };
    run(cx, code, &globals, &locals, closure.unwrap_or(Value::UNDEF))?;
    Ok(cx.none())
}

fn check_closure(cx: &mut Cx, code: Value, closure: Option<Value>) -> Result<(), Raised> {
    let free = free_variables(code);
    let vm = cx.vm();
    match closure {
        None if free > 0 => Err(wrong_closure(cx, free)),
        Some(_) if free == 0 => Err(vm.raise_type_error("cannot use a closure with this code object")),
        Some(closure) => {
            let is_cells = closure.is_kind(Kind::Tuple)
                && vm.sequence_values(closure).iter().all(|cell| cell.is_kind(Kind::Cell));
            if !is_cells || vm.sequence_values(closure).len() != free {
                return Err(wrong_closure(cx, free));
            }
            Ok(())
        }
        None => Ok(()),
    }
}

fn wrong_closure(cx: &mut Cx, free: usize) -> Raised {
    cx.vm().raise_type_error(&format!("code object requires a closure of exactly length {free}"))
}

fn free_variables(code: Value) -> usize {
    // SAFETY: the caller has a live code object.
    unsafe { (*code.cast::<CodeCell>()).data.object().nfreevars() }
}

fn compile_text(cx: &mut Cx, source: &[u8], mode: &str) -> Result<Value, Raised> {
    let flags = inherited_flags(cx) as u32;
    cx.compile_request(&CompileRequest { source, filename: "<string>", mode, flags, optimize: 0 })
}

fn run(cx: &mut Cx, code: Value, globals: &Root, locals: &Root, closure: Value) -> Result<Value, Raised> {
    let vm = cx.vm();
    let builtins = crate::import::builtins_of(vm, globals.value());
    let function = vm.new_function(code, globals.value(), builtins);
    // SAFETY: the function was just made.
    unsafe {
        let cell = function.cast::<FunctionCell>();
        (*cell).closure = closure;
        if !(*(*cell).code_data).flags().has(CodeFlags::OPTIMIZED) {
            (*cell).locals = locals.value();
        }
    }
    vm.door(|vm| vm.call(function, CallArgs::positional(&[]), Cont::Store))
}
