//! `_stat`: what the numbers in `os.stat_result.st_mode` mean.

use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static CONSTANTS: &[(&str, i64)] = &[
    ("S_IFDIR", 0o040_000),
    ("S_IFCHR", 0o020_000),
    ("S_IFBLK", 0o060_000),
    ("S_IFREG", 0o100_000),
    ("S_IFIFO", 0o010_000),
    ("S_IFLNK", 0o120_000),
    ("S_IFSOCK", 0o140_000),
    ("S_IFDOOR", 0),
    ("S_IFPORT", 0),
    ("S_IFWHT", 0),
    ("S_ISUID", 0o4000),
    ("S_ISGID", 0o2000),
    ("S_ISVTX", 0o1000),
    ("S_ENFMT", 0o2000),
    ("S_IREAD", 0o400),
    ("S_IWRITE", 0o200),
    ("S_IEXEC", 0o100),
    ("S_IRWXU", 0o700),
    ("S_IRUSR", 0o400),
    ("S_IWUSR", 0o200),
    ("S_IXUSR", 0o100),
    ("S_IRWXG", 0o070),
    ("S_IRGRP", 0o040),
    ("S_IWGRP", 0o020),
    ("S_IXGRP", 0o010),
    ("S_IRWXO", 0o007),
    ("S_IROTH", 0o004),
    ("S_IWOTH", 0o002),
    ("S_IXOTH", 0o001),
    ("UF_SETTABLE", 0x0000_FFFF),
    ("UF_NODUMP", 0x1),
    ("UF_IMMUTABLE", 0x2),
    ("UF_APPEND", 0x4),
    ("UF_OPAQUE", 0x8),
    ("UF_NOUNLINK", 0x10),
    ("UF_COMPRESSED", 0x20),
    ("UF_TRACKED", 0x40),
    ("UF_DATAVAULT", 0x80),
    ("UF_HIDDEN", 0x8000),
    ("SF_SETTABLE", 0x3FFF_0000),
    ("SF_ARCHIVED", 0x1_0000),
    ("SF_IMMUTABLE", 0x2_0000),
    ("SF_APPEND", 0x4_0000),
    ("SF_NOUNLINK", 0x10_0000),
    ("SF_SNAPSHOT", 0x20_0000),
    ("SF_FIRMLINK", 0x80_0000),
    ("SF_DATALESS", 0x4000_0000),
];

static ITEMS: [&str; 10] = [
    "ST_MODE", "ST_INO", "ST_DEV", "ST_NLINK", "ST_UID", "ST_GID", "ST_SIZE", "ST_ATIME", "ST_MTIME",
    "ST_CTIME",
];

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("S_ISDIR", "mode, /", is::<0o040_000>),
    NativeDef::new("S_ISCHR", "mode, /", is::<0o020_000>),
    NativeDef::new("S_ISBLK", "mode, /", is::<0o060_000>),
    NativeDef::new("S_ISREG", "mode, /", is::<0o100_000>),
    NativeDef::new("S_ISFIFO", "mode, /", is::<0o010_000>),
    NativeDef::new("S_ISLNK", "mode, /", is::<0o120_000>),
    NativeDef::new("S_ISSOCK", "mode, /", is::<0o140_000>),
    NativeDef::new("S_ISDOOR", "mode, /", is::<1>),
    NativeDef::new("S_ISPORT", "mode, /", is::<1>),
    NativeDef::new("S_ISWHT", "mode, /", is::<1>),
    NativeDef::new("S_IMODE", "mode, /", masked::<0o7777>),
    NativeDef::new("S_IFMT", "mode, /", masked::<0o170_000>),
    NativeDef::new("filemode", "mode, /", filemode),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    for (name, number) in CONSTANTS {
        let number = vm.new_int(*number);
        super::set(vm, dict, name, number);
    }
    for (i, name) in ITEMS.iter().enumerate() {
        super::set(vm, dict, name, Value::small(i as i32));
    }
}

fn mode(cx: &mut Cx, args: Args<'_>) -> Result<u32, Raised> {
    let mode = cx.c_long(args.at(0))?;
    match u32::try_from(mode) {
        Ok(mode) => Ok(mode),
        Err(_) => Err(cx.vm().raise_overflow_error("mode out of range")),
    }
}

fn is<'a, const FORMAT: u32>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let is = mode(cx, args)? & 0o170_000 == FORMAT;
    Ok(cx.bool(is))
}

fn masked<'a, const MASK: u32>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let masked = mode(cx, args)? & MASK;
    Ok(cx.local(Value::small(masked as i32)))
}

fn filemode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = mode(cx, args)?;
    let format = match mode & 0o170_000 {
        0o100_000 => '-',
        0o040_000 => 'd',
        0o120_000 => 'l',
        0o060_000 => 'b',
        0o020_000 => 'c',
        0o010_000 => 'p',
        0o140_000 => 's',
        _ => '?',
    };
    let mut text = String::from(format);
    for (shift, special, sign) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (true, true) => sign,
            (true, false) => sign.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}
