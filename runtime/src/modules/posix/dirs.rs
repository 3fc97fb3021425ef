//! `posix`: folders, their entries, and the current folder.

use std::cell::{Cell as StdCell, RefCell};
use std::ffi::CString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::DirEntryExt;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::path::{PathArg, PathRules};
use super::{files::done, stat::no_dir_fd, syscalls};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("listdir", "path=None", listdir),
    NativeDef::new("scandir", "path=None", scandir),
    NativeDef::new("mkdir", "path, mode=0o777, *, dir_fd=None", mkdir),
    NativeDef::new("rmdir", "path, *, dir_fd=None", rmdir),
    NativeDef::new("getcwd", "/", getcwd),
    NativeDef::new("getcwdb", "/", getcwdb),
    NativeDef::new("chdir", "path", chdir),
    NativeDef::new("fchdir", "fd", fchdir),
];

static ENTRY_METHODS: &[NativeDef] = &[
    NativeDef::getter("name", entry_name),
    NativeDef::getter("path", entry_path),
    NativeDef::new("inode", "$self, /", entry_inode),
    NativeDef::new("is_dir", "$self, /, *, follow_symlinks=True", entry_is_dir),
    NativeDef::new("is_file", "$self, /, *, follow_symlinks=True", entry_is_file),
    NativeDef::new("is_symlink", "$self, /", entry_is_symlink),
    NativeDef::new("is_junction", "$self, /", no),
    NativeDef::new("stat", "$self, /, *, follow_symlinks=True", entry_stat),
    NativeDef::new("__fspath__", "$self, /", entry_path),
    NativeDef::new("__repr__", "$self, /", entry_repr),
    NativeDef::class("__class_getitem__", "$type, object, /", crate::types::generic_alias::class_getitem),
];

static SCAN_METHODS: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", scan_iter),
    NativeDef::new("__next__", "$self, /", scan_next),
    NativeDef::new("__enter__", "$self, /", scan_iter),
    NativeDef::new("__exit__", "$self, /, *args", scan_exit),
    NativeDef::new("close", "$self, /", scan_close),
];

#[derive(Default)]
struct Types {
    entry: Option<Value>,
    scan: Option<Value>,
}

/// Makes the types; `DirEntry` is the module's.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let entry = crate::modules::add_type(vm, dict, "DirEntry", Kind::Boxed, 0, ENTRY_METHODS);
    let object = vm.types.object;
    let scan =
        vm.new_builtin_type("ScandirIterator", object, Kind::Boxed, crate::type_object::type_flag::NO_NEW);
    crate::types::add_methods(vm, scan, SCAN_METHODS);
    let (namespace, module) = (vm.type_data(scan).dict, vm.intern("posix"));
    crate::modules::set(vm, namespace, "__module__", module);
    *vm.module_state::<Types>() = Types { entry: Some(entry), scan: Some(scan) };
}

/// What `listdir` and `scandir` read: a path or a descriptor of a folder.
fn read_folder(cx: &mut Cx, path: &PathArg) -> Result<std::fs::ReadDir, Raised> {
    let result = match path.fd {
        Some(fd) => std::fs::read_dir(format!("/proc/self/fd/{fd}")),
        None => std::fs::read_dir(path.as_path()),
    };
    result.map_err(|error| cx.path_error(&error, path))
}

fn listdir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let rules = PathRules { none: true, ..PathRules::or_fd("listdir") };
    let path = cx.path_arg(args.opt(0), rules)?;
    cx.vm().flush_files();
    let mut names = Vec::new();
    for entry in read_folder(cx, &path)? {
        match entry {
            Ok(entry) => names.push(path.name_value(cx.vm(), entry.file_name().as_bytes())),
            Err(error) => return Err(cx.path_error(&error, &path)),
        }
    }
    let list = cx.vm().new_list(names);
    Ok(cx.local(list))
}

/// A `DirEntry`'s state.
struct Entry {
    name: Slot,
    path: Slot,
    full: CString,
    kind: Option<std::fs::FileType>,
    inode: u64,
}

impl Payload for Entry {
    fn trace(&self, marker: &mut Marker) {
        self.name.trace(marker);
        self.path.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// A `scandir` iterator's state.
struct Scan {
    entries: RefCell<Option<std::fs::ReadDir>>,
    prefix: Vec<u8>,
    is_bytes: bool,
    exhausted: StdCell<bool>,
}

impl Payload for Scan {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn scandir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let rules = PathRules { none: true, ..PathRules::or_fd("scandir") };
    let path = cx.path_arg(args.opt(0), rules)?;
    cx.vm().flush_files();
    let entries = read_folder(cx, &path)?;
    let prefix = if path.fd.is_some() { Vec::new() } else { path.path.as_bytes().to_vec() };
    let scan = Scan {
        entries: RefCell::new(Some(entries)),
        prefix,
        is_bytes: path.is_bytes,
        exhausted: StdCell::new(false),
    };
    let vm = cx.vm();
    let ty = vm.module_state::<Types>().scan.expect("the module was filled");
    let shape = vm.shape_of_type(ty);
    let scan = vm.new_boxed(shape, Box::new(scan));
    Ok(cx.local(scan))
}

fn scan_of<'a>(cx: &'a Cx, this: Handle<'_>) -> Result<&'a Scan, Raised> {
    cx.payload::<Scan>(this).ok_or_else(|| cx.vm().raise_type_error("not a scandir iterator"))
}

fn scan_iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

fn scan_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let scan = scan_of(cx, args.at(0))?;
    let next = scan.entries.borrow_mut().as_mut().and_then(Iterator::next);
    let entry = match next {
        Some(Ok(entry)) => entry,
        Some(Err(error)) => return Err(cx.os_error(&error)),
        None => {
            scan.exhausted.set(true);
            scan.entries.borrow_mut().take();
            return Err(cx.vm().raise_stop_iteration(Value::NONE));
        }
    };
    let name = entry.file_name().into_vec();
    let mut full = scan.prefix.clone();
    if !full.is_empty() && full.last() != Some(&b'/') {
        full.push(b'/');
    }
    full.extend_from_slice(&name);
    let vm = cx.vm();
    let text =
        |bytes: &[u8]| if scan.is_bytes { cx.vm().new_bytes(bytes) } else { cx.vm().decode_name(bytes) };
    let state = Entry {
        name: Slot::of(text(&name)),
        path: Slot::of(text(&full)),
        full: CString::new(full).unwrap_or_default(),
        kind: entry.file_type().ok(),
        inode: entry.ino(),
    };
    let ty = vm.module_state::<Types>().entry.expect("the module was filled");
    let shape = vm.shape_of_type(ty);
    let entry = vm.new_boxed(shape, Box::new(state));
    Ok(cx.local(entry))
}

fn scan_close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    scan_of(cx, args.at(0))?.entries.borrow_mut().take();
    Ok(cx.none())
}

fn scan_exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    scan_close(cx, args)
}

fn entry_of<'a>(cx: &'a Cx, this: Handle<'_>) -> Result<&'a Entry, Raised> {
    cx.payload::<Entry>(this).ok_or_else(|| cx.vm().raise_type_error("not a DirEntry"))
}

fn entry_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = entry_of(cx, args.at(0))?.name.value();
    Ok(cx.local(name))
}

fn entry_path<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let path = entry_of(cx, args.at(0))?.path.value();
    Ok(cx.local(path))
}

fn entry_inode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let inode = entry_of(cx, args.at(0))?.inode;
    let inode = cx.vm().new_int(inode as i64);
    Ok(cx.local(inode))
}

/// Whether the entry is of a file type, its link followed if asked for; a link to nothing is of none.
fn is_of<'a>(cx: &'a mut Cx, args: Args<'_>, wanted: libc::mode_t) -> Res<'a> {
    let follow = cx.flag(args.opt(1), true)?;
    let entry = entry_of(cx, args.at(0))?;
    if let Some(kind) = entry.kind.filter(|kind| !follow || !kind.is_symlink()) {
        let is = match wanted {
            libc::S_IFDIR => kind.is_dir(),
            _ => kind.is_file(),
        };
        return Ok(cx.bool(is));
    }
    match syscalls::stat(&entry.full, follow) {
        Ok(stat) => Ok(cx.bool(stat.st_mode & libc::S_IFMT == wanted)),
        Err(error) if error.raw_os_error() == Some(libc::ENOENT) => Ok(cx.bool(false)),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn entry_is_dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    is_of(cx, args, libc::S_IFDIR)
}

fn entry_is_file<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    is_of(cx, args, libc::S_IFREG)
}

fn entry_is_symlink<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let is = entry_of(cx, args.at(0))?.kind.is_some_and(|kind| kind.is_symlink());
    Ok(cx.bool(is))
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn entry_stat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let follow = cx.flag(args.opt(1), true)?;
    cx.vm().flush_files();
    let entry = entry_of(cx, args.at(0))?;
    match syscalls::stat(&entry.full, follow) {
        Ok(stat) => {
            let stat = super::stat::stat_value(cx.vm(), &stat)?;
            Ok(cx.local(stat))
        }
        Err(error) => {
            let path = entry.path.value();
            let raised = cx.os_error(&error);
            let vm = cx.vm();
            crate::types::exceptions::set_field(vm, vm.exception, "filename", path);
            Err(raised)
        }
    }
}

fn entry_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = entry_of(cx, args.at(0))?.name.value();
    let name = cx.root_value(name);
    let name = cx.repr_text(name.handle())?;
    let text = cx.vm().new_str(&format!("<DirEntry {name}>"));
    Ok(cx.local(text))
}

fn mkdir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = args.opt(1).map_or(Ok(0o777), |mode| cx.c_int(mode))?;
    no_dir_fd(cx, args.opt(2))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("mkdir"))?;
    match syscalls::mkdir(&path.path, mode as u32) {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn rmdir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    no_dir_fd(cx, args.opt(1))?;
    let path = cx.path_arg(Some(args.at(0)), PathRules::only("rmdir"))?;
    match std::fs::remove_dir(path.as_path()) {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn getcwd<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match std::env::current_dir() {
        Ok(folder) => {
            let folder = cx.vm().decode_name(folder.as_os_str().as_bytes());
            Ok(cx.local(folder))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn getcwdb<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    match std::env::current_dir() {
        Ok(folder) => {
            let folder = cx.vm().new_bytes(folder.as_os_str().as_bytes());
            Ok(cx.local(folder))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn chdir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let path = cx.path_arg(Some(args.at(0)), PathRules::or_fd("chdir"))?;
    let result = match path.fd {
        Some(fd) => syscalls::fchdir(fd),
        None => std::env::set_current_dir(path.as_path()),
    };
    match result {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.path_error(&error, &path)),
    }
}

fn fchdir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = super::files::descriptor(cx, args.at(0))?;
    done(cx, syscalls::fchdir(fd))
}
