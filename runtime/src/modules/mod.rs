//! Native modules: what CPython implements in C, under the same names.
//!
//! A module is a function that fills a namespace; it runs when the module is first imported.

mod abc;
pub(crate) mod array;
pub(crate) mod ast;
mod atexit;
mod binascii;
mod bisect;
mod builtins;
mod builtins_import;
mod cmath;
pub(crate) mod codecs;
mod collections;
mod contextvars;
mod csv;
pub(crate) mod errno;
mod functools;
mod gc;
mod hashes;
mod heapq;
mod imp;
pub(crate) mod io;
mod itertools;
mod json;
pub(crate) mod marshal;
mod math;
mod namespace;
mod operator;
pub(crate) mod posix;
mod random;
mod signal;
mod small;
mod sre;
mod stat_module;
mod string;
mod struct_;
mod structseq;
mod support;
mod sys;
mod system;
mod thread;
mod time;
mod tokenize;
pub(crate) mod typing;
pub(crate) mod warnings;
mod weakref;

use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;
pub(crate) use signal::signal_handler;

/// Fills a module's namespace, which is a dict.
pub(crate) type Init = fn(&mut Vm, Value);

/// The native modules by name, in order of name.
static MODULES: &[(&str, Init)] = &[
    ("_abc", abc::init),
    ("_blake2", hashes::init_blake2),
    ("_md5", hashes::init_md5),
    ("_sha1", hashes::init_sha1),
    ("_sha2", hashes::init_sha2),
    ("_sha3", hashes::init_sha3),
    ("_ast", ast::init),
    ("_bisect", bisect::init),
    ("_codecs", codecs::init),
    ("_collections", collections::init),
    ("_csv", csv::init),
    ("_functools", functools::init),
    ("_heapq", heapq::init),
    ("_imp", imp::init),
    ("_io", io::init),
    ("_random", random::init),
    ("_operator", operator::init),
    ("_contextvars", contextvars::init),
    ("_json", json::init),
    ("_locale", small::locale),
    ("_opcode", small::opcode),
    ("_posixsubprocess", system::subprocess),
    ("_signal", signal::init),
    ("_socket", system::socket),
    ("_sre", sre::init),
    ("_stat", stat_module::init),
    ("_string", string::init),
    ("_struct", struct_::init),
    ("_thread", thread::init),
    ("_tokenize", tokenize::init),
    ("_warnings", warnings::init),
    ("_weakref", weakref::init_module),
    ("_typing", typing::init),
    ("array", array::init),
    ("atexit", atexit::init),
    ("binascii", binascii::init),
    ("builtins", nothing),
    ("cmath", cmath::init),
    ("errno", errno::init),
    ("fcntl", system::fcntl),
    ("select", system::select),
    ("faulthandler", small::faulthandler),
    ("gc", gc::init),
    ("itertools", itertools::init),
    ("marshal", marshal::init),
    ("math", math::init),
    ("posix", posix::init),
    ("sys", nothing),
    ("time", time::init),
];

macro_rules! module_types {
    ($($name:ident)*) => {
        /// Values of native modules that their natives reach: types that live as long as the state.
        pub(crate) struct ModuleTypes { $(pub(crate) $name: Value,)* }

        impl ModuleTypes {
            pub(crate) const UNMADE: Self = Self { $($name: Value::UNDEF,)* };
        }
    };
}
module_types! {
    array sre_pattern sre_match sre_scanner sre_template
    text_io grouper tee tee_link deque deque_iterator deque_reverse_iterator defaultdict key_wrapper keyword_mark
}

/// `builtins` and `sys` are filled when the thread state is made.
fn nothing(_vm: &mut Vm, _dict: Value) {}

/// The initialiser of a native module.
pub(crate) fn find(name: &str) -> Option<Init> {
    MODULES.iter().find(|(module, _)| *module == name).map(|(_, init)| *init)
}

/// The names of all native modules.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name)
}

/// Puts a table of functions into a module's namespace.
pub(crate) fn add_functions(vm: &mut Vm, dict: Value, table: &'static [NativeDef]) {
    let module = vm.dict_get_str(dict, vm.names.__name__).unwrap_or(Value::UNDEF);
    for definition in table {
        let name = vm.intern(definition.name);
        let native = vm.new_native(definition, Value::UNDEF, module);
        vm.dict_set_str(dict, name, native);
    }
}

/// Puts a value into a module's namespace.
pub(crate) fn set(vm: &mut Vm, dict: Value, name: &str, value: Value) {
    let name = vm.intern(name);
    vm.dict_set_str(dict, name, value);
}

/// Makes a type of a native module, with its methods, and puts it into the module's namespace.
pub(crate) fn add_type(
    vm: &mut Vm,
    dict: Value,
    name: &str,
    kind: crate::cell::Kind,
    flags: u32,
    methods: &'static [NativeDef],
) -> Value {
    let object = vm.types.object;
    let ty = vm.new_builtin_type(name, object, kind, flags);
    crate::types::add_methods(vm, ty, methods);
    if let Some(module) = vm.dict_get_str(dict, vm.names.__name__) {
        let (key, namespace) = (vm.names.__module__, vm.type_data(ty).dict);
        vm.dict_set_str(namespace, key, module);
    }
    set(vm, dict, name, ty);
    ty
}

/// Fills the namespaces that every program sees.
pub(crate) fn install(vm: &mut Vm) {
    let builtins = vm.builtins;
    add_functions(vm, builtins, builtins_import::FUNCTIONS);
    builtins::install(vm);
    weakref::install(vm);
    sys::install(vm);
    io::install(vm);
    io::install(vm);
}
