//! `posix`: the process, its environment, its children, and the system.

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt;

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::path::PathRules;
use super::{files::done, syscalls};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("getpid", "/", getpid),
    NativeDef::new("getppid", "/", getppid),
    NativeDef::new("getpgrp", "/", getpgrp),
    NativeDef::new("getuid", "/", identity::<0>),
    NativeDef::new("geteuid", "/", identity::<1>),
    NativeDef::new("getgid", "/", identity::<2>),
    NativeDef::new("getegid", "/", identity::<3>),
    NativeDef::new("getlogin", "/", getlogin),
    NativeDef::new("umask", "mask, /", umask),
    NativeDef::new("kill", "pid, signal, /", kill),
    NativeDef::new("_exit", "status", exit),
    NativeDef::new("abort", "/", abort),
    NativeDef::new("system", "command", system),
    NativeDef::new("waitpid", "pid, options, /", waitpid),
    NativeDef::new("waitstatus_to_exitcode", "status", waitstatus_to_exitcode),
    NativeDef::new("WIFEXITED", "status", status::<0>),
    NativeDef::new("WEXITSTATUS", "status", status::<1>),
    NativeDef::new("WIFSIGNALED", "status", status::<2>),
    NativeDef::new("WTERMSIG", "status", status::<3>),
    NativeDef::new("WIFSTOPPED", "status", status::<4>),
    NativeDef::new("WSTOPSIG", "status", status::<5>),
    NativeDef::new("WCOREDUMP", "status", status::<6>),
    NativeDef::new("WIFCONTINUED", "status", status::<7>),
    NativeDef::new("fork", "/", fork),
    NativeDef::new("execv", "path, argv, /", execv),
    NativeDef::new("execve", "path, argv, env", execv),
    NativeDef::new("putenv", "name, value, /", putenv),
    NativeDef::new("unsetenv", "name, /", unsetenv),
    NativeDef::new("register_at_fork", "*, before=None, after_in_child=None, after_in_parent=None", nothing),
    NativeDef::new("cpu_count", "/", cpu_count),
    NativeDef::new("sched_getaffinity", "pid, /", sched_getaffinity),
    NativeDef::new("sched_yield", "/", nothing),
    NativeDef::new("getloadavg", "/", getloadavg),
    NativeDef::new("uname", "/", uname),
    NativeDef::new("times", "/", times),
    NativeDef::new("sysconf", "name, /", sysconf),
    NativeDef::new("urandom", "size, /", urandom),
    NativeDef::new("getrandom", "size, flags=0", urandom),
    NativeDef::new("strerror", "code, /", strerror),
    NativeDef::new("ctermid", "/", ctermid),
    NativeDef::new("_inputhook", "/", nothing),
    NativeDef::new("_is_inputhook_installed", "/", no),
];

pub(super) static UNAME_RESULT: StructDef = StructDef {
    module: "posix",
    name: "uname_result",
    labels: &["sysname", "nodename", "release", "version", "machine"],
    fields: struct_fields![0 "sysname", 1 "nodename", 2 "release", 3 "version", 4 "machine"],
    total: 5,
    public: true,
};

pub(super) static TIMES_RESULT: StructDef = StructDef {
    module: "posix",
    name: "times_result",
    labels: &["user", "system", "children_user", "children_system", "elapsed"],
    fields: struct_fields![0 "user", 1 "system", 2 "children_user", 3 "children_system", 4 "elapsed"],
    total: 5,
    public: true,
};

/// `posix.environ`: bytes to bytes.
pub(super) fn environment(vm: &mut Vm) -> Value {
    let dict = vm.new_dict();
    for (name, value) in std::env::vars_os() {
        let (name, value) = (vm.new_bytes(&name.into_vec()), vm.new_bytes(&value.into_vec()));
        vm.dict_set_plain(dict, name, value);
    }
    dict
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn int(cx: &mut Cx, number: i64) -> Res<'_> {
    let number = cx.vm().new_int(number);
    Ok(cx.local(number))
}

fn getpid<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    int(cx, i64::from(std::process::id()))
}

fn getppid<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    int(cx, i64::from(syscalls::parents().0))
}

fn getpgrp<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    int(cx, i64::from(syscalls::parents().1))
}

fn identity<'a, const I: usize>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    int(cx, i64::from(syscalls::identities()[I]))
}

fn getlogin<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match std::env::var("LOGNAME").or_else(|_| std::env::var("USER")) {
        Ok(name) => {
            let name = cx.vm().new_str(&name);
            Ok(cx.local(name))
        }
        Err(_) => Err(cx.vm().raise_os_error(libc::ENXIO, None)),
    }
}

fn umask<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mask = cx.c_int(args.at(0))?;
    int(cx, i64::from(syscalls::umask(mask as u32)))
}

fn kill<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (pid, signal) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    done(cx, syscalls::kill(pid, signal))
}

fn exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let status = cx.c_int(args.at(0))?;
    syscalls::exit(status)
}

fn abort<'a>(_cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    syscalls::abort()
}

fn system<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let rules = PathRules::only("system").named("command");
    let command = cx.path_arg(Some(args.at(0)), rules)?;
    cx.vm().flush_files();
    if let Err(error) = cx.vm().out.flush_out() {
        return Err(cx.os_error(&error));
    }
    int(cx, i64::from(syscalls::system(&command.path)))
}

fn waitpid<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (pid, options) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    match syscalls::waitpid(pid, options) {
        Ok((pid, status)) => {
            let pair = cx.vm().new_tuple(&[Value::small(pid), Value::small(status)]);
            Ok(cx.local(pair))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn waitstatus_to_exitcode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let status = cx.c_int(args.at(0))?;
    if libc::WIFEXITED(status) {
        return int(cx, i64::from(libc::WEXITSTATUS(status)));
    }
    if libc::WIFSIGNALED(status) {
        return int(cx, i64::from(-libc::WTERMSIG(status)));
    }
    Err(cx.vm().raise_value_error(&format!("invalid wait status: {status}")))
}

fn status<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let status = cx.c_int(args.at(0))?;
    match I {
        0 => Ok(cx.bool(libc::WIFEXITED(status))),
        1 => int(cx, i64::from(libc::WEXITSTATUS(status))),
        2 => Ok(cx.bool(libc::WIFSIGNALED(status))),
        3 => int(cx, i64::from(libc::WTERMSIG(status))),
        4 => Ok(cx.bool(libc::WIFSTOPPED(status))),
        5 => int(cx, i64::from(libc::WSTOPSIG(status))),
        6 => Ok(cx.bool(libc::WCOREDUMP(status))),
        _ => Ok(cx.bool(libc::WIFCONTINUED(status))),
    }
}

fn fork<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("os.fork() is not supported"))
}

/// The program's own arguments: a sequence of paths.
fn argument_list(cx: &mut Cx, argv: Handle<'_>) -> Result<Vec<CString>, Raised> {
    let list = cx.collect(argv)?;
    let mut arguments = Vec::new();
    for value in cx.vm().sequence_values(list.value()) {
        let value = cx.root_value(value);
        arguments.push(cx.path_arg(Some(value.handle()), PathRules::only("execv").named("argv"))?.path);
    }
    if arguments.is_empty() {
        return Err(cx.vm().raise_value_error("execv() arg 2 must not be empty"));
    }
    Ok(arguments)
}

fn execv<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    use std::os::unix::process::CommandExt;
    let to_os = |text: &CString| std::ffi::OsString::from_vec(text.as_bytes().to_vec());
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("execv"))?;
    let arguments = argument_list(cx, args.at(1))?;
    let mut command = std::process::Command::new(to_os(&path.path));
    command.arg0(to_os(&arguments[0])).args(arguments[1..].iter().map(to_os));
    cx.vm().flush_files();
    if let Err(error) = cx.vm().out.flush_out() {
        return Err(cx.os_error(&error));
    }
    let error = command.exec();
    Err(cx.path_error(&error, &path))
}

fn putenv<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.path_arg(Some(args.at(0)), PathRules::only("putenv").named("name"))?;
    let value = cx.path_arg(Some(args.at(1)), PathRules::only("putenv").named("value"))?;
    if name.path.as_bytes().contains(&b'=') {
        return Err(cx.vm().raise_value_error("illegal environment variable name"));
    }
    done(cx, syscalls::set_environment(&name.path, Some(&value.path)))
}

fn unsetenv<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.path_arg(Some(args.at(0)), PathRules::only("unsetenv").named("name"))?;
    done(cx, syscalls::set_environment(&name.path, None))
}

fn cpu_count<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match syscalls::sysconf(libc::_SC_NPROCESSORS_ONLN) {
        count if count > 0 => int(cx, count),
        _ => Ok(cx.none()),
    }
}

fn sched_getaffinity<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let set = cx.vm().new_set();
    for cpu in 0..count {
        cx.vm().set_insert_new(set, cpu as u64, Value::small(cpu as i32));
    }
    Ok(cx.local(set))
}

fn getloadavg<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match syscalls::load_average() {
        Some(loads) => {
            let loads = loads.map(|load| cx.vm().new_float(load));
            let triple = cx.vm().new_tuple(&loads);
            Ok(cx.local(triple))
        }
        None => Err(cx.vm().raise(cx.vm().exceptions.os_error, "Load averages are unobtainable")),
    }
}

fn uname<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match syscalls::uname() {
        Ok(names) => {
            let names = names.map(|name| cx.vm().new_str(&name));
            let result = cx.vm().new_struct(&UNAME_RESULT, &names)?;
            Ok(cx.local(result))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn times<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let spent = syscalls::cpu_times().and_then(|cpu| Ok((cpu, syscalls::clock(libc::CLOCK_MONOTONIC)?)));
    match spent {
        Ok((cpu, elapsed)) => {
            let mut items: Vec<Value> = cpu.iter().map(|seconds| cx.vm().new_float(*seconds)).collect();
            items.push(cx.vm().new_float(elapsed as f64 / 1e9));
            let result = cx.vm().new_struct(&TIMES_RESULT, &items)?;
            Ok(cx.local(result))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

/// `sysconf_names`: those that programs ask for.
pub(super) static SYSCONF: &[(&str, i32)] = &[
    ("SC_ARG_MAX", libc::_SC_ARG_MAX),
    ("SC_CLK_TCK", libc::_SC_CLK_TCK),
    ("SC_IOV_MAX", libc::_SC_IOV_MAX),
    ("SC_NPROCESSORS_CONF", libc::_SC_NPROCESSORS_CONF),
    ("SC_NPROCESSORS_ONLN", libc::_SC_NPROCESSORS_ONLN),
    ("SC_OPEN_MAX", libc::_SC_OPEN_MAX),
    ("SC_PAGESIZE", libc::_SC_PAGESIZE),
    ("SC_PAGE_SIZE", libc::_SC_PAGESIZE),
    ("SC_PHYS_PAGES", libc::_SC_PHYS_PAGES),
];

fn sysconf<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = args.at(0);
    let number = if cx.vm().is_any_int(name.value()) {
        cx.c_int(name)?
    } else {
        let text = cx.text_arg(name, "configuration names")?;
        match SYSCONF.iter().find(|(known, _)| *known == text) {
            Some((_, number)) => *number,
            None => return Err(cx.vm().raise_value_error("unrecognized configuration name")),
        }
    };
    int(cx, syscalls::sysconf(number))
}

fn urandom<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.c_long(args.at(0))?;
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.vm().raise_value_error("negative argument not allowed"));
    };
    let mut bytes = Vec::new();
    if !cx.vm().heap.may_grow(size) || bytes.try_reserve_exact(size).is_err() {
        return Err(cx.vm().raise_memory_error());
    }
    bytes.resize(size, 0);
    match syscalls::random(&mut bytes) {
        Ok(()) => {
            let bytes = cx.vm().new_bytes(&bytes);
            Ok(cx.local(bytes))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn strerror<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let code = cx.c_int(args.at(0))?;
    let text = cx.vm().new_str(&crate::modules::errno::message(code));
    Ok(cx.local(text))
}

fn ctermid<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern("/dev/tty");
    Ok(cx.local(name))
}
