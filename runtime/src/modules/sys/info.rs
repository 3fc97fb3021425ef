//! The structure sequences of `sys`: versions, limits and flags.

use crate::cx::Raised;
use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

/// `sys.hexversion`: 3.13.0 final.
pub(super) const HEX_VERSION: i32 = 0x030D_00F0;

static VERSION_INFO: StructDef = StructDef {
    module: "sys",
    name: "version_info",
    labels: &["major", "minor", "micro", "releaselevel", "serial"],
    fields: struct_fields![0 "major", 1 "minor", 2 "micro", 3 "releaselevel", 4 "serial"],
    total: 5,
    public: false,
};

static FLOAT_INFO: StructDef = StructDef {
    module: "sys",
    name: "float_info",
    labels: &[
        "max",
        "max_exp",
        "max_10_exp",
        "min",
        "min_exp",
        "min_10_exp",
        "dig",
        "mant_dig",
        "epsilon",
        "radix",
        "rounds",
    ],
    fields: struct_fields![
        0 "max", 1 "max_exp", 2 "max_10_exp", 3 "min", 4 "min_exp", 5 "min_10_exp", 6 "dig", 7 "mant_dig",
        8 "epsilon", 9 "radix", 10 "rounds"
    ],
    total: 11,
    public: true,
};

static INT_INFO: StructDef = StructDef {
    module: "sys",
    name: "int_info",
    labels: &["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
    fields: struct_fields![
        0 "bits_per_digit", 1 "sizeof_digit", 2 "default_max_str_digits", 3 "str_digits_check_threshold"
    ],
    total: 4,
    public: true,
};

static HASH_INFO: StructDef = StructDef {
    module: "sys",
    name: "hash_info",
    labels: &["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
    fields: struct_fields![
        0 "width", 1 "modulus", 2 "inf", 3 "nan", 4 "imag", 5 "algorithm", 6 "hash_bits", 7 "seed_bits", 8 "cutoff"
    ],
    total: 9,
    public: true,
};

static THREAD_INFO: StructDef = StructDef {
    module: "sys",
    name: "thread_info",
    labels: &["name", "lock", "version"],
    fields: struct_fields![0 "name", 1 "lock", 2 "version"],
    total: 3,
    public: true,
};

static ASYNCGEN_HOOKS: StructDef = StructDef {
    module: "sys",
    name: "asyncgen_hooks",
    labels: &["firstiter", "finalizer"],
    fields: struct_fields![0 "firstiter", 1 "finalizer"],
    total: 2,
    public: true,
};

/// What `sys.unraisablehook` is called with.
static UNRAISABLE: StructDef = StructDef {
    module: "sys",
    name: "UnraisableHookArgs",
    labels: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"],
    fields: struct_fields![0 "exc_type", 1 "exc_value", 2 "exc_traceback", 3 "err_msg", 4 "object"],
    total: 5,
    public: true,
};

static FLAGS: StructDef = StructDef {
    module: "sys",
    name: "flags",
    labels: &[
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ],
    fields: struct_fields![
        0 "debug", 1 "inspect", 2 "interactive", 3 "optimize", 4 "dont_write_bytecode", 5 "no_user_site", 6 "no_site",
        7 "ignore_environment", 8 "verbose", 9 "bytes_warning", 10 "quiet", 11 "hash_randomization", 12 "isolated",
        13 "dev_mode", 14 "utf8_mode", 15 "warn_default_encoding", 16 "safe_path", 17 "int_max_str_digits"
    ],
    total: 18,
    public: false,
};

fn version_info(vm: &mut Vm) -> Result<Value, Raised> {
    let level = vm.intern("final");
    vm.new_struct(
        &VERSION_INFO,
        &[Value::small(3), Value::small(13), Value::small(0), level, Value::small(0)],
    )
}

fn float_info(vm: &mut Vm) -> Result<Value, Raised> {
    let (max, min, epsilon) =
        (vm.new_float(f64::MAX), vm.new_float(f64::MIN_POSITIVE), vm.new_float(f64::EPSILON));
    let small = Value::small;
    vm.new_struct(
        &FLOAT_INFO,
        &[
            max,
            small(1024),
            small(308),
            min,
            small(-1021),
            small(-307),
            small(15),
            small(53),
            epsilon,
            small(2),
            small(1),
        ],
    )
}

fn hash_info(vm: &mut Vm) -> Result<Value, Raised> {
    let (modulus, algorithm) = (vm.new_int((1 << 61) - 1), vm.intern("siphash13"));
    let small = Value::small;
    vm.new_struct(
        &HASH_INFO,
        &[
            small(64),
            modulus,
            small(314_159),
            small(0),
            small(1_000_003),
            algorithm,
            small(64),
            small(128),
            small(0),
        ],
    )
}

fn flags(vm: &mut Vm) -> Result<Value, Raised> {
    let mut items = vec![Value::small(0); 18];
    items[4] = Value::small(1);
    items[11] = Value::small(i32::from(vm.hash_keys != (0, 0)));
    items[13] = Value::FALSE;
    items[16] = Value::FALSE;
    items[17] = Value::small(vm.int_max_str_digits as i32);
    vm.new_struct(&FLAGS, &items)
}

/// Fills `sys` with them.
pub(super) fn fill(vm: &mut Vm, dict: Value) -> Result<(), Raised> {
    let version = version_info(vm)?;
    let float_info = float_info(vm)?;
    let hash_info = hash_info(vm)?;
    let flags = flags(vm)?;
    let small = Value::small;
    let int_info = vm.new_struct(&INT_INFO, &[small(30), small(4), small(4300), small(640)])?;
    let names = ["pthread", "semaphore", "NPTL"].map(|name| vm.intern(name));
    let thread_info = vm.new_struct(&THREAD_INFO, &names)?;
    let (name, tag, multiarch) = (
        vm.intern("amphis"),
        vm.intern("cpython-313"),
        vm.intern(&format!("{}-linux-gnu", std::env::consts::ARCH)),
    );
    let implementation = vm.new_namespace(&[
        ("name", name),
        ("cache_tag", tag),
        ("version", version),
        ("hexversion", small(HEX_VERSION)),
        ("_multiarch", multiarch),
    ]);
    let unraisable = vm.struct_type(&UNRAISABLE);
    for (name, value) in [
        ("version_info", version),
        ("float_info", float_info),
        ("hash_info", hash_info),
        ("flags", flags),
        ("int_info", int_info),
        ("thread_info", thread_info),
        ("implementation", implementation),
        ("UnraisableHookArgs", unraisable),
    ] {
        crate::modules::set(vm, dict, name, value);
    }
    Ok(())
}

/// `sys.get_asyncgen_hooks()`.
pub(super) fn asyncgen_hooks(vm: &mut Vm, firstiter: Value, finalizer: Value) -> Result<Value, Raised> {
    vm.new_struct(&ASYNCGEN_HOOKS, &[firstiter, finalizer])
}
