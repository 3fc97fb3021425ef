//! `fcntl`: commands that take a number, and whole-file locks.

use super::calls;
use super::descriptor;
use crate::cx::{Args, Cx, Res};
use crate::modules::{add_functions, set};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("fcntl", "fd, cmd, arg=0, /", fcntl),
    NativeDef::new("flock", "fd, operation, /", flock),
    NativeDef::new("lockf", "fd, cmd, len=0, start=0, whence=0, /", flock),
];

static NUMBERS: &[(&str, i32)] = &[
    ("F_DUPFD", libc::F_DUPFD),
    ("F_DUPFD_CLOEXEC", libc::F_DUPFD_CLOEXEC),
    ("F_GETFD", libc::F_GETFD),
    ("F_SETFD", libc::F_SETFD),
    ("F_GETFL", libc::F_GETFL),
    ("F_SETFL", libc::F_SETFL),
    ("F_GETOWN", libc::F_GETOWN),
    ("F_SETOWN", libc::F_SETOWN),
    ("F_SETPIPE_SZ", 1031),
    ("F_GETPIPE_SZ", 1032),
    ("FD_CLOEXEC", libc::FD_CLOEXEC),
    ("LOCK_SH", libc::LOCK_SH),
    ("LOCK_EX", libc::LOCK_EX),
    ("LOCK_NB", libc::LOCK_NB),
    ("LOCK_UN", libc::LOCK_UN),
];

/// Fills the namespace.
pub(in crate::modules) fn init(vm: &mut Vm, dict: Value) {
    add_functions(vm, dict, FUNCTIONS);
    for (name, number) in NUMBERS {
        set(vm, dict, name, Value::small(*number));
    }
}

fn fcntl<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, command) = (descriptor(cx, args.at(0))?, cx.c_int(args.at(1))?);
    let argument = args.opt(2).map_or(Ok(0), |argument| cx.index_i64(argument))?;
    if !calls::takes_number(command) {
        return Err(cx.vm().raise_not_implemented_error("commands of fcntl() that take a structure"));
    }
    match calls::fcntl(fd, command, argument) {
        Ok(result) => {
            let result = cx.vm().new_int(result.into());
            Ok(cx.local(result))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

/// Locks of a part of a file lock all of it.
fn flock<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, operation) = (descriptor(cx, args.at(0))?, cx.c_int(args.at(1))?);
    match calls::flock(fd, operation) {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.os_error(&error)),
    }
}
