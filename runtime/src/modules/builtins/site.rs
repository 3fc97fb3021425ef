//! What the module `site` adds to the built-in names for whoever sits at a prompt: `exit`, `quit`, `help` and the
//! notices. They are there without `site`, which is not imported at the start.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static QUITTER: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, code=None", quit),
    NativeDef::new("__repr__", "$self, /", describe_quitter),
];

static PRINTER: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /", print_notice),
    NativeDef::new("__repr__", "$self, /", describe_printer),
];

static HELPER: &[NativeDef] = &[
    NativeDef::new("__call__", "$self, /, *args, **kwds", help),
    NativeDef::new("__repr__", "$self, /", describe_helper),
];

const NOTICES: &[(&str, &str)] = &[
    ("copyright", "Amphis is dual-licensed under the MIT and Apache-2.0 licences."),
    ("credits", "Amphis follows CPython, the work of Guido van Rossum and many others; NOTICE says in what."),
    ("license", "MIT or Apache-2.0, at your choice: see the files LICENSE-MIT and LICENSE-APACHE."),
];

/// Adds the names.
pub(super) fn install(vm: &mut Vm) {
    let quitter = new_type(vm, "Quitter", QUITTER);
    let printer = new_type(vm, "_Printer", PRINTER);
    let helper = new_type(vm, "_Helper", HELPER);
    for name in ["exit", "quit"] {
        add(vm, quitter, name, name);
    }
    for (name, text) in NOTICES {
        add(vm, printer, name, text);
    }
    add(vm, helper, "help", "help");
}

fn new_type(vm: &mut Vm, name: &str, methods: &'static [NativeDef]) -> Value {
    let object = vm.types.object;
    let ty = vm.new_builtin_type(name, object, Kind::Object, type_flag::INSTANCE_DICT);
    crate::types::add_methods(vm, ty, methods);
    let (module, dict) = (vm.intern("_sitebuiltins"), vm.type_data(ty).dict);
    super::super::set(vm, dict, "__module__", module);
    ty
}

/// Adds one object, which keeps its text as attribute `name`.
fn add(vm: &mut Vm, ty: Value, name: &str, text: &str) {
    let object = vm.new_object(ty);
    let text = vm.new_str(text);
    vm.set_own_attr(object, "name", text);
    vm.set_builtin(name, object);
}

fn text_of(cx: &mut Cx, object: Handle<'_>) -> Result<String, Raised> {
    let name = cx.get_attr(object, "name")?;
    cx.str_text(name.handle())
}

/// `raise SystemExit(code)`.
fn quit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let code = args.opt(1).map_or(Value::NONE, Handle::value);
    Err(cx.vm().raise_with(cx.vm().exceptions.system_exit, &[code]))
}

fn describe_quitter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = text_of(cx, args.at(0))?;
    let text = cx.vm().new_str(&format!("Use {name}() or Ctrl-D (i.e. EOF) to exit"));
    Ok(cx.local(text))
}

fn describe_printer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = text_of(cx, args.at(0))?;
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn print_notice<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = text_of(cx, args.at(0))?;
    let line = cx.vm().new_str(&format!("{text}\n"));
    let line = cx.root_value(line);
    if let Some(out) = cx.sys_attr("stdout").filter(|out| !out.value().is_none()) {
        cx.call_method(out.handle(), "write", &[line.handle()])?;
    }
    Ok(cx.none())
}

fn describe_helper<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let text = "Type help() for interactive help, or help(object) for help about object.";
    let text = cx.vm().new_str(text);
    Ok(cx.local(text))
}

/// The library's `pydoc.help`.
fn help<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let help = cx.module_attr("pydoc", "help")?;
    let arguments: Vec<Handle<'_>> = args.rest().collect();
    let result = cx.call(help.handle(), &arguments)?;
    Ok(result.get(cx))
}
