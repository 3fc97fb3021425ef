//! `_imp`: what importlib asks of the interpreter.

use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("lock_held", "/", no),
    NativeDef::new("acquire_lock", "/", nothing),
    NativeDef::new("release_lock", "/", nothing),
    NativeDef::new("is_builtin", "name, /", is_builtin),
    NativeDef::new("is_frozen", "name, /", no),
    NativeDef::new("is_frozen_package", "name, /", no),
    NativeDef::new("find_frozen", "name, /, *, withdata=False", nothing),
    NativeDef::new("get_frozen_object", "name, data=None, /", no_frozen),
    NativeDef::new("init_frozen", "name, /", nothing),
    NativeDef::new("create_builtin", "spec, /", create_builtin),
    NativeDef::new("exec_builtin", "mod, /", exec_builtin),
    NativeDef::new("create_dynamic", "spec, file=None, /", no_dynamic),
    NativeDef::new("exec_dynamic", "mod, /", exec_builtin),
    NativeDef::new("extension_suffixes", "/", extension_suffixes),
    NativeDef::new("source_hash", "key, source", source_hash),
    NativeDef::new("_fix_co_filename", "code, path, /", nothing),
    NativeDef::new("_override_frozen_modules_for_tests", "override, /", nothing),
    NativeDef::new("_override_multi_interp_extensions_check", "override, /", no),
    NativeDef::new("_frozen_module_names", "/", frozen_names),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let default = vm.intern("default");
    super::set(vm, dict, "check_hash_based_pycs", default);
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn is_builtin<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.text_arg(args.at(0), "is_builtin() argument")?;
    let known = match name.as_str() {
        "sys" | "builtins" => -1,
        name => i32::from(super::find(name).is_some()),
    };
    Ok(cx.local(Value::small(known)))
}

fn no_frozen<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.repr_text(args.at(0))?;
    Err(cx.vm().raise_import_error_text(&format!("No such frozen object named {name}")))
}

fn create_builtin<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.get_attr(args.at(0), "name")?;
    let text = cx.str_text(name.handle())?;
    if let Some(module) = cx.vm().loaded_module(&text) {
        return Ok(cx.local(module));
    }
    let Some(init) = super::find(&text) else { return Ok(cx.none()) };
    let vm = cx.vm();
    let module = vm.new_module(&text);
    let dict = vm.instance_dict(module).expect("modules have one");
    init(vm, dict);
    Ok(cx.local(module))
}

fn exec_builtin<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(0)))
}

fn no_dynamic<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.get_attr(args.at(0), "name")?;
    let name = cx.str_text(name.handle())?;
    Err(cx.vm().raise_import_error_text(&format!("extension module '{name}' cannot be loaded")))
}

fn extension_suffixes<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let none = cx.vm().new_list(Vec::new());
    Ok(cx.local(none))
}

fn source_hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let key = cx.c_long(args.at(0))? as u64;
    let source = cx.bytes_like(args.at(1))?;
    let hash = siphash13(key, &source);
    let bytes = cx.vm().new_bytes(&hash.to_le_bytes());
    Ok(cx.local(bytes))
}

fn siphash13(key: u64, bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = siphasher::sip::SipHasher13::new_with_keys(key, 0);
    hasher.write(bytes);
    hasher.finish()
}

fn frozen_names<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let names = cx.vm().new_list(Vec::new());
    Ok(cx.local(names))
}
