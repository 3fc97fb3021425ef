//! `posix`: the system calls behind `os`.

mod dirs;
pub(crate) mod files;
mod names;
pub(crate) mod path;
mod process;
mod stat;
pub(crate) mod syscalls;

use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static TERMINAL_SIZE: StructDef = StructDef {
    module: "os",
    name: "terminal_size",
    labels: &["columns", "lines"],
    fields: struct_fields![0 "columns", 1 "lines"],
    total: 2,
    public: true,
};

/// What `os` takes as signs of what functions can do.
static HAVE: &[&str] = &["HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FDOPENDIR", "HAVE_FTRUNCATE", "HAVE_LSTAT"];

static CONSTANTS: &[(&str, i32)] = &[
    ("F_OK", 0),
    ("X_OK", 1),
    ("W_OK", 2),
    ("R_OK", 4),
    ("O_RDONLY", libc::O_RDONLY),
    ("O_WRONLY", libc::O_WRONLY),
    ("O_RDWR", libc::O_RDWR),
    ("O_ACCMODE", libc::O_ACCMODE),
    ("O_APPEND", libc::O_APPEND),
    ("O_CLOEXEC", libc::O_CLOEXEC),
    ("O_CREAT", libc::O_CREAT),
    ("O_DIRECTORY", libc::O_DIRECTORY),
    ("O_DSYNC", libc::O_DSYNC),
    ("O_EXCL", libc::O_EXCL),
    ("O_NDELAY", libc::O_NDELAY),
    ("O_NOCTTY", libc::O_NOCTTY),
    ("O_NOFOLLOW", libc::O_NOFOLLOW),
    ("O_NONBLOCK", libc::O_NONBLOCK),
    ("O_SYNC", libc::O_SYNC),
    ("O_TRUNC", libc::O_TRUNC),
    ("SEEK_DATA", 3),
    ("SEEK_HOLE", 4),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_NOUSER", 67),
    ("EX_NOHOST", 68),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_CANTCREAT", 73),
    ("EX_IOERR", 74),
    ("EX_TEMPFAIL", 75),
    ("EX_PROTOCOL", 76),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("WNOHANG", libc::WNOHANG),
    ("WUNTRACED", libc::WUNTRACED),
    ("WCONTINUED", libc::WCONTINUED),
    ("P_ALL", 0),
    ("P_PID", 1),
    ("P_PGID", 2),
    ("RTLD_LAZY", libc::RTLD_LAZY),
    ("RTLD_NOW", libc::RTLD_NOW),
    ("RTLD_GLOBAL", libc::RTLD_GLOBAL),
    ("RTLD_LOCAL", libc::RTLD_LOCAL),
    ("TMP_MAX", 238_328),
    ("NGROUPS_MAX", 65_536),
];

/// Constants that only Linux has.
#[cfg(target_os = "linux")]
static LINUX: &[(&str, i32)] = &[
    ("O_ASYNC", libc::O_ASYNC),
    ("O_DIRECT", libc::O_DIRECT),
    ("O_LARGEFILE", libc::O_LARGEFILE),
    ("O_NOATIME", libc::O_NOATIME),
    ("O_PATH", libc::O_PATH),
    ("O_RSYNC", libc::O_RSYNC),
    ("O_TMPFILE", libc::O_TMPFILE),
    ("GRND_NONBLOCK", 1),
    ("GRND_RANDOM", 2),
];
#[cfg(not(target_os = "linux"))]
static LINUX: &[(&str, i32)] = &[];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let tables: [&'static [NativeDef]; 5] =
        [dirs::FUNCTIONS, files::FUNCTIONS, names::FUNCTIONS, process::FUNCTIONS, stat::FUNCTIONS];
    for table in tables {
        super::add_functions(vm, dict, table);
    }
    for (name, number) in CONSTANTS.iter().chain(LINUX) {
        super::set(vm, dict, name, Value::small(*number));
    }
    dirs::init(vm, dict);
    for (name, def) in [
        ("stat_result", &stat::STAT_RESULT),
        ("terminal_size", &TERMINAL_SIZE),
        ("uname_result", &process::UNAME_RESULT),
        ("times_result", &process::TIMES_RESULT),
    ] {
        let ty = vm.struct_type(def);
        super::set(vm, dict, name, ty);
    }
    let (error, environ) = (vm.exceptions.os_error, process::environment(vm));
    super::set(vm, dict, "error", error);
    super::set(vm, dict, "environ", environ);
    let have = HAVE.iter().map(|name| vm.intern(name)).collect();
    let have = vm.new_list(have);
    super::set(vm, dict, "_have_functions", have);
    let names = vm.new_dict();
    for (name, number) in process::SYSCONF {
        super::set(vm, names, name, Value::small(*number));
    }
    super::set(vm, dict, "sysconf_names", names);
}
