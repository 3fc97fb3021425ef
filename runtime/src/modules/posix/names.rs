//! `posix`: what is done with names of files: removing, renaming, linking, rights, times.

use std::os::unix::ffi::OsStrExt;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

use super::path::{PathArg, PathRules};
use super::{stat::no_dir_fd, syscalls};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("unlink", "path, *, dir_fd=None", unlink),
    NativeDef::new("remove", "path, *, dir_fd=None", remove),
    NativeDef::new("rename", "src, dst, *, src_dir_fd=None, dst_dir_fd=None", rename),
    NativeDef::new("replace", "src, dst, *, src_dir_fd=None, dst_dir_fd=None", replace),
    NativeDef::new("link", "src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True", link),
    NativeDef::new("symlink", "src, dst, target_is_directory=False, *, dir_fd=None", symlink),
    NativeDef::new("readlink", "path, *, dir_fd=None", readlink),
    NativeDef::new("mkfifo", "path, mode=0o666, *, dir_fd=None", mkfifo),
    NativeDef::new("access", "path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True", access),
    NativeDef::new("chmod", "path, mode, *, dir_fd=None, follow_symlinks=True", chmod),
    NativeDef::new("fchmod", "fd, mode", fchmod),
    NativeDef::new("chown", "path, uid, gid, *, dir_fd=None, follow_symlinks=True", chown),
    NativeDef::new("lchown", "path, uid, gid", lchown),
    NativeDef::new(
        "utime",
        "path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True",
        utime,
    ),
    NativeDef::new("fspath", "path", fspath),
    NativeDef::new("_path_normpath", "path", normpath),
    NativeDef::new("_path_splitroot_ex", "p, /", splitroot),
];

/// None, or the call's error with its path.
fn done_at<'a>(cx: &'a mut Cx, result: std::io::Result<()>, path: &PathArg) -> Res<'a> {
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.path_error(&error, path)),
    }
}

fn unlink<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("unlink"))?;
    done_at(cx, std::fs::remove_file(path.as_path()), &path)
}

fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("remove"))?;
    done_at(cx, std::fs::remove_file(path.as_path()), &path)
}

/// Two paths, of which both are told in errors.
fn pair(cx: &mut Cx, args: Args<'_>, function: &'static str) -> Result<(PathArg, PathArg), Raised> {
    let rules = PathRules::only(function);
    let from = cx.path_arg(Some(args.at(0)), rules.named("src"))?;
    let to = cx.path_arg(Some(args.at(1)), rules.named("dst"))?;
    Ok((from, to))
}

fn done_with<'a>(cx: &'a mut Cx, result: std::io::Result<()>, from: &PathArg, to: &PathArg) -> Res<'a> {
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.paths_error(&error, from, Some(to))),
    }
}

fn move_file<'a>(cx: &'a mut Cx, args: Args<'_>, function: &'static str) -> Res<'a> {
    no_dir_fd(cx, args.opt(2))?;
    no_dir_fd(cx, args.opt(3))?;
    let (from, to) = pair(cx, args, function)?;
    cx.vm().flush_files();
    done_with(cx, std::fs::rename(from.as_path(), to.as_path()), &from, &to)
}

fn rename<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    move_file(cx, args, "rename")
}

fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    move_file(cx, args, "replace")
}

fn link<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(2))?;
    no_dir_fd(cx, args.opt(3))?;
    let (from, to) = pair(cx, args, "link")?;
    done_with(cx, std::fs::hard_link(from.as_path(), to.as_path()), &from, &to)
}

fn symlink<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(3))?;
    let (from, to) = pair(cx, args, "symlink")?;
    done_with(cx, std::os::unix::fs::symlink(from.as_path(), to.as_path()), &from, &to)
}

fn readlink<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("readlink"))?;
    match std::fs::read_link(path.as_path()) {
        Ok(target) => {
            let target = path.name_value(cx.vm(), target.as_os_str().as_bytes());
            Ok(cx.local(target))
        }
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn mkfifo<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = args.opt(1).map_or(Ok(0o666), |mode| cx.c_int(mode))?;
    no_dir_fd(cx, args.opt(2))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("mkfifo"))?;
    done_at(cx, syscalls::mkfifo(&path.path, mode as u32), &path)
}

fn access<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = cx.c_int(args.at(1))?;
    no_dir_fd(cx, args.opt(2))?;
    let effective = cx.flag(args.opt(3), false)?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("access"))?;
    let answer = syscalls::access(&path.path, mode, effective);
    Ok(cx.bool(answer))
}

fn chmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = cx.c_int(args.at(1))?;
    no_dir_fd(cx, args.opt(2))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::or_fd("chmod"))?;
    let result = match path.fd {
        Some(fd) => syscalls::fchmod(fd, mode as u32),
        None => syscalls::chmod(&path.path, mode as u32),
    };
    done_at(cx, result, &path)
}

fn fchmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (fd, mode) = (cx.c_int(args.at(0))?, cx.c_int(args.at(1))?);
    super::files::done(cx, syscalls::fchmod(fd, mode as u32))
}

fn chown_as<'a>(cx: &'a mut Cx, args: Args<'_>, function: &'static str, follow: bool) -> Res<'a> {
    let (uid, gid) = (cx.c_long(args.at(1))?, cx.c_long(args.at(2))?);
    let path = cx.path_arg(Some(args.at(0)), PathRules::only(function))?;
    done_at(cx, syscalls::chown(&path.path, uid as u32, gid as u32, follow), &path)
}

fn chown<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(3))?;
    let follow = cx.flag(args.opt(4), true)?;
    chown_as(cx, args, "chown", follow)
}

fn lchown<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    chown_as(cx, args, "lchown", false)
}

/// A pair of times as seconds and nanoseconds.
fn times(cx: &mut Cx, pair: Handle<'_>, nanoseconds: bool) -> Result<[(i64, i64); 2], Raised> {
    let message = if nanoseconds {
        "utime: 'ns' must be a tuple of two ints"
    } else {
        "utime: 'times' must be either a tuple of two ints or None"
    };
    if !pair.value().is_kind(Kind::Tuple) || cx.vm().sequence_values(pair.value()).len() != 2 {
        return Err(cx.vm().raise_type_error(message));
    }
    let mut result = [(0, 0); 2];
    for (i, value) in cx.vm().sequence_values(pair.value()).into_iter().enumerate() {
        let value = cx.root_value(value);
        result[i] = if nanoseconds {
            let total = cx.c_long(value.handle())?;
            (total.div_euclid(1_000_000_000), total.rem_euclid(1_000_000_000))
        } else if cx.vm().is_any_int(value.value()) {
            (cx.c_long(value.handle())?, 0)
        } else {
            let seconds = cx.real(value.handle())?;
            (seconds.floor() as i64, ((seconds - seconds.floor()) * 1e9) as i64)
        };
    }
    Ok(result)
}

fn utime<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(3))?;
    let follow = cx.flag(args.opt(4), true)?;
    if args.some(1).is_some() && args.opt(2).is_some() {
        let message = "utime: you may specify either 'times' or 'ns' but not both";
        return Err(cx.vm().raise_value_error(message));
    }
    let times = match (args.some(1), args.opt(2)) {
        (Some(pair), _) => Some(times(cx, pair, false)?),
        (None, Some(pair)) => Some(times(cx, pair, true)?),
        (None, None) => None,
    };
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("utime"))?;
    cx.vm().flush_files();
    done_at(cx, syscalls::utimens(&path.path, times, follow), &path)
}

fn fspath<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let path = cx.fspath(args.at(0))?;
    Ok(path.get(cx))
}

/// `posixpath.normpath`: without empty and `.` parts, `..` taken back.
fn normalized(path: &[u32]) -> Vec<u32> {
    let slash = u32::from('/');
    let leading = path.iter().take_while(|c| **c == slash).count();
    let slashes = match leading {
        0 => 0,
        2 => 2,
        _ => 1,
    };
    let (dot, up): (&[u32], &[u32]) = (&[46], &[46, 46]);
    let mut parts: Vec<&[u32]> = Vec::new();
    for part in path.split(|c| *c == slash).filter(|part| !part.is_empty() && *part != dot) {
        if part != up || (slashes == 0 && parts.is_empty()) || parts.last() == Some(&up) {
            parts.push(part);
        } else {
            parts.pop();
        }
    }
    let mut result = vec![slash; slashes];
    result.extend(parts.join(&slash));
    if result.is_empty() {
        result.push(46);
    }
    result
}

/// The units of a path argument: code points or bytes.
fn points(cx: &mut Cx, path: Handle<'_>) -> Result<(Vec<u32>, bool), Raised> {
    let path = cx.fspath(path)?;
    if path.value().is_kind(Kind::Bytes) {
        let bytes = crate::types::bytes::slice_of(path.value());
        return Ok((bytes.iter().map(|byte| u32::from(*byte)).collect(), true));
    }
    Ok((cx.vm().units(path.value()).iter().collect(), false))
}

fn text(cx: &mut Cx, points: &[u32], is_bytes: bool) -> Value {
    if is_bytes {
        let bytes: Vec<u8> = points.iter().map(|point| *point as u8).collect();
        return cx.vm().new_bytes(&bytes);
    }
    cx.vm().str_from_points(points.iter().copied())
}

fn normpath<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (path, is_bytes) = points(cx, args.at(0))?;
    let result = text(cx, &normalized(&path), is_bytes);
    Ok(cx.local(result))
}

fn splitroot<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (path, is_bytes) = points(cx, args.at(0))?;
    let slash = u32::from('/');
    let root = match path.iter().take_while(|c| **c == slash).count() {
        0 => 0,
        2 => 2,
        _ => 1,
    };
    let parts =
        [text(cx, &[], is_bytes), text(cx, &path[..root], is_bytes), text(cx, &path[root..], is_bytes)];
    let triple = cx.vm().new_tuple(&parts);
    Ok(cx.local(triple))
}
