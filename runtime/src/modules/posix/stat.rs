//! `os.stat` and its result.

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::path::{PathArg, PathRules};
use super::syscalls;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("stat", "path, *, dir_fd=None, follow_symlinks=True", stat),
    NativeDef::new("lstat", "path, *, dir_fd=None", lstat),
    NativeDef::new("fstat", "fd", fstat),
];

pub(crate) static STAT_RESULT: StructDef = StructDef {
    module: "os",
    name: "stat_result",
    labels: &[
        "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime",
        "st_ctime",
    ],
    fields: struct_fields![
        0 "st_mode", 1 "st_ino", 2 "st_dev", 3 "st_nlink", 4 "st_uid", 5 "st_gid", 6 "st_size", 10 "st_atime",
        11 "st_mtime", 12 "st_ctime", 13 "st_atime_ns", 14 "st_mtime_ns", 15 "st_ctime_ns", 16 "st_blksize",
        17 "st_blocks", 18 "st_rdev"
    ],
    total: 19,
    public: true,
};

/// A moment as whole seconds, as a float, and as nanoseconds.
fn moment(vm: &mut Vm, seconds: i64, nanoseconds: i64) -> [Value; 3] {
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    let float = seconds as f64 + 1e-9 * nanoseconds as f64;
    [vm.new_int(seconds), vm.new_float(float), vm.new_int(total)]
}

/// The Python object of a `stat`.
pub(crate) fn stat_value(vm: &mut Vm, stat: &libc::stat) -> Result<Value, Raised> {
    let access = moment(vm, stat.st_atime, stat.st_atime_nsec);
    let change = moment(vm, stat.st_mtime, stat.st_mtime_nsec);
    let status = moment(vm, stat.st_ctime, stat.st_ctime_nsec);
    let numbers = [
        i64::from(stat.st_mode),
        stat.st_ino as i64,
        stat.st_dev as i64,
        stat.st_nlink as i64,
        i64::from(stat.st_uid),
        i64::from(stat.st_gid),
        stat.st_size,
    ];
    let mut items: Vec<Value> = numbers.into_iter().map(|number| vm.new_int(number)).collect();
    for part in 0..3 {
        items.extend([access[part], change[part], status[part]]);
    }
    for number in [stat.st_blksize, stat.st_blocks, stat.st_rdev as i64] {
        items.push(vm.new_int(number));
    }
    vm.new_struct(&STAT_RESULT, &items)
}

/// Raises unless `dir_fd` was left out.
pub(super) fn no_dir_fd(cx: &mut Cx, dir_fd: Option<Handle<'_>>) -> Result<(), Raised> {
    match dir_fd {
        Some(value) if !value.value().is_none() => {
            Err(cx.vm().raise_not_implemented_error("dir_fd unavailable on this platform"))
        }
        _ => Ok(()),
    }
}

fn result<'a>(cx: &'a mut Cx, path: &PathArg, follow: bool) -> Res<'a> {
    cx.vm().flush_files();
    let found = match path.fd {
        Some(fd) => syscalls::fstat(fd),
        None => syscalls::stat(&path.path, follow),
    };
    match found {
        Ok(found) => {
            let value = stat_value(cx.vm(), &found)?;
            Ok(cx.local(value))
        }
        Err(error) => Err(cx.path_error(&error, path)),
    }
}

fn stat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let follow = cx.flag(args.opt(2), true)?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::or_fd("stat"))?;
    result(cx, &path, follow)
}

fn lstat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("lstat"))?;
    result(cx, &path, false)
}

fn fstat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = cx.c_int(args.at(0))?;
    cx.vm().flush_files();
    match syscalls::fstat(fd) {
        Ok(found) => {
            let value = stat_value(cx.vm(), &found)?;
            Ok(cx.local(value))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}
