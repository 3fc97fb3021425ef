//! `posix`: descriptors.

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

use super::path::PathRules;
use super::{stat::no_dir_fd, syscalls};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("open", "path, flags, mode=0o777, *, dir_fd=None", open),
    NativeDef::new("close", "fd", close),
    NativeDef::new("closerange", "fd_low, fd_high, /", closerange),
    NativeDef::new("read", "fd, length, /", read),
    NativeDef::new("write", "fd, data, /", write),
    NativeDef::new("pread", "fd, length, offset, /", pread),
    NativeDef::new("pwrite", "fd, buffer, offset, /", pwrite),
    NativeDef::new("lseek", "fd, position, whence, /", lseek),
    NativeDef::new("isatty", "fd, /", isatty),
    NativeDef::new("fsync", "fd", fsync),
    NativeDef::new("fdatasync", "fd", fsync),
    NativeDef::new("ftruncate", "fd, length, /", ftruncate),
    NativeDef::new("truncate", "path, length", truncate),
    NativeDef::new("dup", "fd, /", dup),
    NativeDef::new("dup2", "fd, fd2, inheritable=True", dup2),
    NativeDef::new("pipe", "/", pipe),
    NativeDef::new("get_inheritable", "fd, /", get_inheritable),
    NativeDef::new("set_inheritable", "fd, inheritable, /", set_inheritable),
    NativeDef::new("get_blocking", "fd, /", get_blocking),
    NativeDef::new("set_blocking", "fd, blocking, /", set_blocking),
    NativeDef::new("device_encoding", "fd", device_encoding),
    NativeDef::new("get_terminal_size", "fd=1, /", get_terminal_size),
];

/// Hands a call's number on, or raises its error.
fn number(cx: &mut Cx, result: std::io::Result<i64>) -> Res<'_> {
    match result {
        Ok(number) => {
            let number = cx.vm().new_int(number);
            Ok(cx.local(number))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

/// None, or the call's error.
pub(super) fn done(cx: &mut Cx, result: std::io::Result<()>) -> Res<'_> {
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn open<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flags = cx.c_int(args.at(1))?;
    let mode = args.opt(2).map_or(Ok(0o777), |mode| cx.c_int(mode))?;
    no_dir_fd(cx, args.opt(3))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("open"))?;
    cx.vm().flush_files();
    match syscalls::open(&path.path, flags, mode as u32) {
        Ok(fd) => Ok(cx.local(Value::small(fd))),
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    done(cx, syscalls::close(fd))
}

fn closerange<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (low, high) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    for fd in low..high {
        // Descriptors that are not open are none of the caller's concern.
        let _ = syscalls::close(fd);
    }
    Ok(cx.none())
}

/// A buffer of a length that the program chose.
fn buffer(cx: &mut Cx, length: i64) -> Result<Vec<u8>, Raised> {
    let Ok(length) = usize::try_from(length) else {
        return Err(cx.vm().raise_os_error(libc::EINVAL, None));
    };
    let mut bytes = Vec::new();
    if !cx.vm().heap.may_grow(length) || bytes.try_reserve_exact(length).is_err() {
        return Err(cx.vm().raise_memory_error());
    }
    bytes.resize(length, 0);
    Ok(bytes)
}

fn bytes_read<'a>(cx: &'a mut Cx, bytes: &[u8], read: std::io::Result<usize>) -> Res<'a> {
    match read {
        Ok(count) => {
            let bytes = cx.vm().new_bytes(&bytes[..count]);
            Ok(cx.local(bytes))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, length) = (cx.c_int(args.at(0))?, cx.c_long(args.at(1))?);
    let mut bytes = buffer(cx, length)?;
    let read = syscalls::read(fd, &mut bytes);
    bytes_read(cx, &bytes, read)
}

fn pread<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, length) = (cx.c_int(args.at(0))?, cx.c_long(args.at(1))?);
    let offset = cx.c_long(args.at(2))?;
    let mut bytes = buffer(cx, length)?;
    let read = syscalls::pread(fd, &mut bytes, offset);
    bytes_read(cx, &bytes, read)
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    let bytes = cx.bytes_like(args.at(1))?;
    if fd == 1
        && let Err(error) = cx.vm().out.flush_out()
    {
        return Err(cx.os_error(&error));
    }
    number(cx, syscalls::write(fd, &bytes).map(|count| count as i64))
}

fn pwrite<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    let bytes = cx.bytes_like(args.at(1))?;
    let offset = cx.c_long(args.at(2))?;
    number(cx, syscalls::pwrite(fd, &bytes, offset).map(|count| count as i64))
}

fn lseek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, offset) = (cx.c_int(args.at(0))?, cx.c_long(args.at(1))?);
    let whence = cx.c_int(args.at(2))?;
    number(cx, syscalls::lseek(fd, offset, whence))
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    Ok(cx.bool(syscalls::isatty(fd)))
}

/// A descriptor: an int, or what `fileno()` gives.
pub(crate) fn descriptor(cx: &mut Cx, value: Handle<'_>) -> Result<i32, Raised> {
    if cx.vm().is_any_int(value.value()) {
        return cx.c_int(value);
    }
    let Some(method) = cx.get_attr_opt(value, "fileno")? else {
        return Err(cx.vm().raise_type_error("argument must be an int, or have a fileno() method"));
    };
    let fd = cx.call(method.handle(), &[])?;
    if !cx.vm().is_any_int(fd.value()) {
        return Err(cx.vm().raise_type_error("fileno() returned a non-integer"));
    }
    cx.c_int(fd.handle())
}

fn fsync<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = descriptor(cx, args.at(0))?;
    done(cx, syscalls::fsync(fd))
}

fn ftruncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, length) = (cx.c_int(args.at(0))?, cx.c_long(args.at(1))?);
    done(cx, syscalls::ftruncate(fd, length))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let path = cx.path_arg(Some(args.at(0)), PathRules::or_fd("truncate"))?;
    let length = cx.c_long(args.at(1))?;
    let result = match path.fd {
        Some(fd) => syscalls::ftruncate(fd, length),
        None => syscalls::truncate(&path.path, length),
    };
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn dup<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    number(cx, syscalls::dup(fd).map(i64::from))
}

fn dup2<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, target) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    let inheritable = cx.flag(args.opt(2), true)?;
    let result = syscalls::dup2(fd, target).and_then(|target| {
        syscalls::set_inheritable(target, inheritable)?;
        Ok(i64::from(target))
    });
    number(cx, result)
}

fn pipe<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match syscalls::pipe() {
        Ok((reader, writer)) => {
            let pair = cx.vm().new_tuple(&[Value::small(reader), Value::small(writer)]);
            Ok(cx.local(pair))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn truth(cx: &mut Cx, result: std::io::Result<bool>) -> Res<'_> {
    match result {
        Ok(truth) => Ok(cx.bool(truth)),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn get_inheritable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    truth(cx, syscalls::is_inheritable(fd))
}

fn set_inheritable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, inheritable) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    done(cx, syscalls::set_inheritable(fd, inheritable != 0))
}

fn get_blocking<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    truth(cx, syscalls::is_blocking(fd))
}

fn set_blocking<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    let blocking = cx.truth(args.at(1))?;
    done(cx, syscalls::set_blocking(fd, blocking))
}

fn device_encoding<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    if !syscalls::isatty(fd) {
        return Ok(cx.none());
    }
    let encoding = cx.vm().intern("UTF-8");
    Ok(cx.local(encoding))
}

fn get_terminal_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = args.opt(0).map_or(Ok(1), |fd| cx.c_int(fd))?;
    match syscalls::terminal_size(fd) {
        Ok((columns, lines)) => {
            let items = [Value::small(i32::from(columns)), Value::small(i32::from(lines))];
            let size = cx.vm().new_struct(&super::TERMINAL_SIZE, &items)?;
            Ok(cx.local(size))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}
