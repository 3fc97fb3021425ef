//! `sys`: what a program can ask of its interpreter.
//!
//! The namespace is filled when the thread state is made; what the command line says is added by
//! [`Vm::configure`](crate::vm::Vm::configure).

mod frames;
mod functions;
mod hooks;
mod info;
mod monitoring;
mod names;
mod stdlib_folder;

use std::path::{Path, PathBuf};

use crate::set::SetData;
use crate::value::Value;
use crate::vm::Vm;

/// `sys.version`'s part after the number, of the form that `platform` reads.
const BUILD: &str = "(amphis) [Rust]";

const COPYRIGHT: &str = "Amphis is dual-licensed under the MIT and Apache-2.0 licences.";

/// Fills the module's namespace.
pub(crate) fn install(vm: &mut Vm) {
    let dict = vm.sys_dict;
    for table in [functions::FUNCTIONS, hooks::FUNCTIONS, frames::FUNCTIONS] {
        super::add_functions(vm, dict, table);
    }
    for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
        let (key, original) = (vm.intern(name), vm.intern(&format!("__{name}__")));
        let hook = vm.dict_get_str(dict, key).expect("in the tables above");
        vm.dict_set_str(dict, original, hook);
    }
    texts(vm, dict);
    numbers(vm, dict);
    collections(vm, dict);
    // Structure sequences of known shapes: making them cannot fail but for memory, and then nothing can start.
    let filled = info::fill(vm, dict);
    debug_assert!(filled.is_ok());
    monitoring::install(vm, dict);
}

fn texts(vm: &mut Vm, dict: Value) {
    let platform = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let byteorder = if cfg!(target_endian = "little") { "little" } else { "big" };
    let version = format!("3.13.0 {BUILD}");
    for (name, text) in [
        ("version", version.as_str()),
        ("platform", platform),
        ("byteorder", byteorder),
        ("copyright", COPYRIGHT),
        ("float_repr_style", "short"),
        ("platlibdir", "lib"),
        ("abiflags", ""),
        ("_framework", ""),
        ("executable", ""),
        ("_base_executable", ""),
    ] {
        let text = vm.intern(text);
        super::set(vm, dict, name, text);
    }
}

fn numbers(vm: &mut Vm, dict: Value) {
    let maxsize = vm.new_int(i64::MAX);
    for (name, value) in [
        ("maxsize", maxsize),
        ("maxunicode", Value::small(0x10_FFFF)),
        ("hexversion", Value::small(info::HEX_VERSION)),
        ("api_version", Value::small(1013)),
        ("dont_write_bytecode", Value::TRUE),
        ("pycache_prefix", Value::NONE),
        ("_home", Value::NONE),
        ("_stdlib_dir", Value::NONE),
    ] {
        super::set(vm, dict, name, value);
    }
}

fn collections(vm: &mut Vm, dict: Value) {
    let modules = vm.modules;
    super::set(vm, dict, "modules", modules);
    for name in ["argv", "orig_argv", "path", "warnoptions", "meta_path", "path_hooks"] {
        let list = vm.new_list(Vec::new());
        super::set(vm, dict, name, list);
    }
    for name in ["_xoptions", "path_importer_cache"] {
        let empty = vm.new_dict();
        super::set(vm, dict, name, empty);
    }
    let mut native: Vec<&str> = super::names().collect();
    native.sort_unstable();
    let native = vm.tuple_of_names(&native);
    super::set(vm, dict, "builtin_module_names", native);
    let mut data = SetData::default();
    for name in names::STDLIB {
        let name = vm.intern(name);
        data.insert_new(vm.hash_str(name), name);
    }
    let stdlib = vm.set_of(data, true);
    super::set(vm, dict, "stdlib_module_names", stdlib);
    let git = vm.tuple_of_names(&["Amphis", "", ""]);
    super::set(vm, dict, "_git", git);
}

impl Vm {
    /// Takes over what the command line says: `sys.argv`, `sys.path` and where the standard library lies.
    pub fn configure(&mut self, argv: &[String], stdlib: Option<&Path>) {
        self.argv = argv.to_vec();
        let dict = self.sys_dict;
        let strings = argv.iter().map(|arg| self.new_str(arg)).collect();
        let list = self.new_list(strings);
        super::set(self, dict, "argv", list);
        self.set_executable(dict);
        let stdlib = stdlib.map(Path::to_path_buf).or_else(stdlib_folder::find);
        let mut path: Vec<Value> = argv
            .first()
            .map(|script| script_folder(script))
            .into_iter()
            .map(|folder| self.new_str(&folder))
            .collect();
        if let Some(folder) = &stdlib {
            path.push(self.new_str(&folder.to_string_lossy()));
            let folder = self.new_str(&folder.to_string_lossy());
            super::set(self, dict, "_stdlib_dir", folder);
        }
        let path = self.new_list(path);
        super::set(self, dict, "path", path);
        self.set_prefix(dict, stdlib.as_deref());
        self.stdlib.clone_from(&stdlib);
        self.import.stdlib = stdlib;
    }

    fn set_executable(&mut self, dict: Value) {
        let executable = std::env::current_exe().map(|path| path.to_string_lossy().into_owned());
        let executable = self.new_str(&executable.unwrap_or_default());
        super::set(self, dict, "executable", executable);
        super::set(self, dict, "_base_executable", executable);
        let original: Vec<String> =
            std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
        let original = original.iter().map(|arg| self.new_str(arg)).collect();
        let original = self.new_list(original);
        super::set(self, dict, "orig_argv", original);
    }

    /// The prefix is the folder that has the standard library as `lib/python3.13`.
    fn set_prefix(&mut self, dict: Value, stdlib: Option<&Path>) {
        let prefix = stdlib.and_then(|folder| folder.parent()?.parent()).unwrap_or(Path::new("/usr/local"));
        let prefix = self.new_str(&prefix.to_string_lossy());
        for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
            super::set(self, dict, name, prefix);
        }
    }
}

/// `sys.path[0]` for a program: the folder it lies in, symbolic links resolved.
fn script_folder(script: &str) -> String {
    if matches!(script, "-c" | "-" | "") {
        return String::new();
    }
    if script == "-m" {
        return std::env::current_dir()
            .map(|folder| folder.to_string_lossy().into_owned())
            .unwrap_or_default();
    }
    let path = std::fs::canonicalize(script).unwrap_or_else(|_| PathBuf::from(script));
    if path.is_dir() {
        return path.to_string_lossy().into_owned();
    }
    path.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default()
}
