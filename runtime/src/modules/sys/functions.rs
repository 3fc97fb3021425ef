//! Functions of `sys` about limits, sizes, encodings and exceptions.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("exc_info", "/", exc_info),
    NativeDef::new("exception", "/", exception),
    NativeDef::new("exit", "status=None, /", exit),
    NativeDef::new("intern", "string, /", intern),
    NativeDef::new("_is_interned", "string, /", is_interned),
    NativeDef::new("getrecursionlimit", "/", get_recursion_limit),
    NativeDef::new("setrecursionlimit", "limit, /", set_recursion_limit),
    NativeDef::new("getsizeof", "object, default=<unrepresentable>", getsizeof),
    NativeDef::new("getrefcount", "object, /", getrefcount),
    NativeDef::new("getdefaultencoding", "/", utf8),
    NativeDef::new("getfilesystemencoding", "/", utf8),
    NativeDef::new("getfilesystemencodeerrors", "/", surrogateescape),
    NativeDef::new("get_int_max_str_digits", "/", get_int_max_str_digits),
    NativeDef::new("set_int_max_str_digits", "maxdigits", set_int_max_str_digits),
    NativeDef::new("getswitchinterval", "/", get_switch_interval),
    NativeDef::new("setswitchinterval", "interval, /", set_switch_interval),
    NativeDef::new("getallocatedblocks", "/", get_allocated_blocks),
    NativeDef::new("getunicodeinternedsize", "*, _only_immortal=False", get_interned_size),
    NativeDef::new("is_finalizing", "/", is_finalizing),
    NativeDef::new("_is_gil_enabled", "/", is_gil_enabled),
    NativeDef::new("_clear_type_cache", "/", nothing),
    NativeDef::new("_clear_internal_caches", "/", nothing),
    NativeDef::new("audit", "event, /, *args", nothing),
    NativeDef::new("addaudithook", "hook", nothing),
    NativeDef::new("_get_cpu_count_config", "/", cpu_count_config),
    NativeDef::new("getdlopenflags", "/", getdlopenflags),
    NativeDef::new("is_stack_trampoline_active", "/", is_stack_trampoline_active),
];

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn exc_info<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let handled = vm.handled_exception();
    let items = if handled.is_none() {
        [Value::NONE; 3]
    } else {
        [vm.type_of(handled), handled, crate::types::exceptions::traceback_of(handled)]
    };
    let triple = vm.new_tuple(&items);
    Ok(cx.local(triple))
}

fn exception<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let handled = cx.vm().handled_exception();
    Ok(cx.local(handled))
}

fn exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let status = args.opt(0).map_or(Value::NONE, Handle::value);
    let arguments = if status.is_none() {
        Vec::new()
    } else if status.is_kind(Kind::Tuple) {
        vm.sequence_values(status)
    } else {
        vec![status]
    };
    Err(vm.raise_with(vm.exceptions.system_exit, &arguments))
}

fn intern<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "intern() argument")?;
    let vm = cx.vm();
    let string = args.at(0).value();
    if !vm.is_exact(string) {
        let message = format!("can't intern {}", vm.type_name_of(string));
        return Err(vm.raise_type_error(&message));
    }
    let interned = vm.intern_str(string);
    Ok(cx.local(interned))
}

fn is_interned<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "_is_interned() argument")?;
    let string = args.at(0).value();
    let interned = cx.vm().intern_str(string) == string;
    Ok(cx.bool(interned))
}

fn get_recursion_limit<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let limit = cx.vm().new_int(cx.vm().recursion_limit as i64);
    Ok(cx.local(limit))
}

fn set_recursion_limit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.c_int(args.at(0))?;
    if limit < 1 {
        return Err(cx.vm().raise_value_error("recursion limit must be greater or equal than 1"));
    }
    let vm = cx.vm();
    let depth = vm.frames().iter().filter(|frame| !vm.is_entry(frame.callee)).count();
    if depth >= limit as usize {
        let message = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        );
        return Err(vm.raise(vm.exceptions.recursion_error, &message));
    }
    vm.set_recursion_limit(limit as usize);
    Ok(cx.none())
}

fn getsizeof<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.__sizeof__;
    let size = cx.call_special(args.at(0), name, &[])?;
    let Some(size) = size else {
        return match args.opt(1) {
            Some(default) => Ok(default.get(cx)),
            None => {
                let ty = cx.vm().type_name_of(args.at(0).value());
                Err(cx.vm().raise_type_error(&format!("Type {ty} doesn't define __sizeof__")))
            }
        };
    };
    let bytes = cx.c_long(size.handle())?;
    if bytes < 0 {
        return Err(cx.vm().raise_value_error("__sizeof__() should return >= 0"));
    }
    let header = if is_collected(cx.vm(), args.at(0).value()) { 16 } else { 0 };
    let size = cx.vm().new_int(bytes + header);
    Ok(cx.local(size))
}

/// Whether CPython's objects of this type carry its cycle collector's header.
fn is_collected(vm: &Vm, value: Value) -> bool {
    !matches!(
        value.kind(),
        None | Some(
            Kind::Int
                | Kind::Float
                | Kind::Complex
                | Kind::Str
                | Kind::Bytes
                | Kind::ByteArray
                | Kind::Range
                | Kind::Code
        )
    ) || vm.type_data(vm.type_of(value)).has(crate::type_object::type_flag::HEAP)
}

/// There are no reference counts: the number is what CPython gives for an object that one variable names.
fn getrefcount<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(2)))
}

fn utf8<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern("utf-8");
    Ok(cx.local(name))
}

fn surrogateescape<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.surrogateescape;
    Ok(cx.local(name))
}

fn get_int_max_str_digits<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let digits = cx.vm().new_int(cx.vm().int_max_str_digits as i64);
    Ok(cx.local(digits))
}

fn set_int_max_str_digits<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let digits = cx.c_int(args.at(0))?;
    if digits != 0 && digits < 640 {
        return Err(cx.vm().raise_value_error("maxdigits must be 0 or larger than 640"));
    }
    cx.vm().int_max_str_digits = digits as usize;
    Ok(cx.none())
}

fn get_switch_interval<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let interval = cx.vm().new_float(0.005);
    Ok(cx.local(interval))
}

fn set_switch_interval<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.real(args.at(0))? <= 0.0 {
        return Err(cx.vm().raise_value_error("switch interval must be strictly positive"));
    }
    Ok(cx.none())
}

fn get_allocated_blocks<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let blocks = cx.vm().new_int(cx.vm().heap.bytes() as i64 / 32);
    Ok(cx.local(blocks))
}

fn get_interned_size<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let size = cx.vm().new_int(cx.vm().interned.len() as i64);
    Ok(cx.local(size))
}

fn is_finalizing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn is_gil_enabled<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(true))
}

fn is_stack_trampoline_active<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn cpu_count_config<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(-1)))
}

fn getdlopenflags<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(libc::RTLD_NOW)))
}
