//! `FileIO`: a descriptor as a file.

use std::cell::RefCell;
use std::rc::Rc;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::modules::posix::path::PathRules;
use crate::modules::posix::syscalls;
use crate::native::NativeDef;
use crate::value::Value;

use super::raw::{Access, RawFile, Stream};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, file, mode='r', closefd=True, opener=None", init),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("readall", "$self, /", readall),
    NativeDef::new("readinto", "$self, buffer, /", readinto),
    NativeDef::new("write", "$self, b, /", write),
    NativeDef::new("seek", "$self, pos, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, size=None, /", truncate),
    NativeDef::new("seekable", "$self, /", seekable),
    NativeDef::new("readable", "$self, /", readable),
    NativeDef::new("writable", "$self, /", writable),
    NativeDef::new("fileno", "$self, /", fileno),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__reduce_ex__", "$self, protocol, /", reduce),
    NativeDef::new("_dealloc_warn", "$self, source, /", nothing),
    NativeDef::getter("closed", closed),
    NativeDef::getter("closefd", closefd),
    NativeDef::getter("mode", mode),
    NativeDef::attribute("_blksize", blksize, set_blksize),
    NativeDef::attribute("_finalizing", no, set_nothing),
];

/// A `FileIO`'s state.
#[derive(Default)]
pub(super) struct FileState {
    raw: RefCell<Option<Rc<RawFile>>>,
}

impl Payload for FileState {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl FileState {
    /// Of a descriptor that is open.
    pub(super) fn of(raw: Rc<RawFile>) -> Self {
        Self { raw: RefCell::new(Some(raw)) }
    }
}

/// The descriptor of a `FileIO` that is of that very class: other files may use it directly.
pub(super) fn shared(cx: &Cx, file: Handle<'_>) -> Option<Rc<RawFile>> {
    let vm = cx.vm();
    let types = vm.io_types();
    (vm.type_of(file.value()) == types.file).then(|| cx.payload::<FileState>(file)?.raw.borrow().clone())?
}

/// The descriptor, closed or not.
fn any(cx: &Cx, this: Handle<'_>) -> Result<Rc<RawFile>, Raised> {
    match super::state::<FileState>(cx, this)?.raw.borrow().clone() {
        Some(raw) => Ok(raw),
        None => Err(cx.vm().raise_value_error("I/O operation on closed file")),
    }
}

/// The open descriptor.
fn open_file(cx: &Cx, this: Handle<'_>) -> Result<Rc<RawFile>, Raised> {
    let raw = any(cx, this)?;
    if raw.is_closed() {
        return Err(cx.vm().raise_value_error("I/O operation on closed file"));
    }
    Ok(raw)
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().file;
    super::make(cx, args.at(0), ty, Box::<FileState>::default())
}

/// A mode string of `FileIO`: one of `rwax`, perhaps `+`, `b` of no meaning.
fn parse_mode(cx: &Cx, mode: &str) -> Result<(Access, i32), Raised> {
    let vm = cx.vm();
    let mut access = Access::default();
    let (mut flags, mut seen, mut plus) = (0, 0, false);
    for c in mode.chars() {
        match c {
            'r' => access.readable = true,
            'w' => {
                access.writable = true;
                flags |= libc::O_CREAT | libc::O_TRUNC;
            }
            'a' => {
                (access.writable, access.appending) = (true, true);
                flags |= libc::O_CREAT | libc::O_APPEND;
            }
            'x' => {
                (access.writable, access.created) = (true, true);
                flags |= libc::O_CREAT | libc::O_EXCL;
            }
            'b' => continue,
            '+' if !plus => {
                plus = true;
                continue;
            }
            '+' => seen = 2,
            _ => return Err(vm.raise_value_error(&format!("invalid mode: {mode}"))),
        }
        seen += 1;
    }
    if seen != 1 {
        let message = "Must have exactly one of create/read/write/append mode and at most one plus";
        return Err(vm.raise_value_error(message));
    }
    if plus {
        (access.readable, access.writable) = (true, true);
    }
    flags |= match (access.readable, access.writable) {
        (true, true) => libc::O_RDWR,
        (false, true) => libc::O_WRONLY,
        _ => libc::O_RDONLY,
    };
    Ok((access, flags))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let mode = match args.opt(2) {
        Some(mode) => cx.text_arg(mode, "FileIO() argument 'mode'")?,
        None => String::from("r"),
    };
    let closefd = cx.flag(args.opt(3), true)?;
    let (access, flags) = parse_mode(cx, &mode)?;
    cx.vm().flush_files();
    let fd = open_descriptor(cx, args.at(1), args.some(4), flags, closefd)?;
    let is_own = closefd || !cx.vm().is_any_int(args.at(1).value());
    let raw = Rc::new(RawFile::new(fd, access, is_own, Stream::File));
    check_is_no_folder(cx, fd, args.at(1))?;
    if access.appending {
        // A file that cannot seek has no end to go to.
        let _ = raw.seek(0, 2);
    }
    *super::state::<FileState>(cx, this)?.raw.borrow_mut() = Some(raw);
    cx.set_attr(this, "name", args.at(1))?;
    Ok(cx.none())
}

/// Opens what the first argument names: a descriptor, or a path (by the program's own opener if there is one).
fn open_descriptor(
    cx: &mut Cx,
    file: Handle<'_>,
    opener: Option<Handle<'_>>,
    flags: i32,
    closefd: bool,
) -> Result<i32, Raised> {
    if file.value().is_float() {
        return Err(cx.vm().raise_type_error("integer argument expected, got float"));
    }
    if cx.vm().is_any_int(file.value()) {
        let fd = cx.c_int(file)?;
        if fd < 0 {
            return Err(cx.vm().raise_value_error("negative file descriptor"));
        }
        return match syscalls::fstat(fd) {
            Ok(_) => Ok(fd),
            Err(error) => Err(cx.os_error(&error)),
        };
    }
    if !closefd {
        return Err(cx.vm().raise_value_error("Cannot use closefd=False with file name"));
    }
    if let Some(opener) = opener {
        let flags = cx.root_value(Value::small(flags | libc::O_CLOEXEC));
        let fd = cx.call(opener, &[file, flags.handle()])?;
        if !cx.vm().is_any_int(fd.value()) {
            return Err(cx.vm().raise_type_error("expected integer from opener"));
        }
        let fd = cx.c_int(fd.handle())?;
        if fd < 0 {
            return Err(cx.vm().raise_value_error(&format!("opener returned {fd}")));
        }
        return Ok(fd);
    }
    let path = path_of(cx, file)?;
    match syscalls::open(&path, flags, 0o666) {
        Ok(fd) => Ok(fd),
        Err(error) => Err(file_error(cx, &error, file)),
    }
}

fn path_of(cx: &mut Cx, file: Handle<'_>) -> Result<std::ffi::CString, Raised> {
    let path = cx.fspath(file)?;
    if path.value().is_kind(Kind::Str) && cx.vm().units(path.value()).iter().any(|point| point == 0) {
        return Err(cx.vm().raise_value_error("embedded null character"));
    }
    Ok(cx.path_arg(Some(path.handle()), PathRules::only("open"))?.path)
}

/// Raises an `OSError` that tells the file.
fn file_error(cx: &mut Cx, error: &std::io::Error, file: Handle<'_>) -> Raised {
    let raised = cx.os_error(error);
    let vm = cx.vm();
    crate::types::exceptions::set_field(vm, vm.exception, "filename", file.value());
    raised
}

fn check_is_no_folder(cx: &mut Cx, fd: i32, file: Handle<'_>) -> Result<(), Raised> {
    match syscalls::fstat(fd) {
        Ok(stat) if stat.st_mode & libc::S_IFMT == libc::S_IFDIR => {
            Err(file_error(cx, &std::io::Error::from_raw_os_error(libc::EISDIR), file))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(file_error(cx, &error, file)),
    }
}

fn require_readable(cx: &Cx, raw: &RawFile) -> Result<(), Raised> {
    if raw.readable { Ok(()) } else { Err(cx.vm().raise_unsupported("File not open for reading")) }
}

/// All that is left of a file.
pub(super) fn read_all(cx: &Cx, raw: &RawFile) -> Result<Option<Vec<u8>>, Raised> {
    let vm = cx.vm();
    let left = raw.fd().and_then(|fd| {
        let size = syscalls::fstat(fd).ok()?.st_size as i64;
        let at = raw.seek(0, 1).ok()?;
        usize::try_from(size - at).ok()
    });
    let mut bytes = Vec::new();
    let mut room = left.map_or(super::BUFFER_SIZE, |left| left + 1);
    let mut len = 0;
    loop {
        if !vm.heap.may_grow(room) || bytes.try_reserve(room).is_err() {
            return Err(vm.raise_memory_error());
        }
        bytes.resize(len + room, 0);
        match raw.read(vm, &mut bytes[len..]) {
            Ok(0) => break,
            Ok(count) => len += count,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                if len == 0 {
                    return Ok(None);
                }
                break;
            }
            Err(error) => return Err(vm.raise_io_error(&error, None)),
        }
        room = if len == bytes.len() { len.max(super::BUFFER_SIZE) } else { bytes.len() - len };
    }
    bytes.truncate(len);
    Ok(Some(bytes))
}

/// One read of at most `size` bytes; None if it would wait.
pub(super) fn read_some(cx: &mut Cx, raw: &RawFile, size: usize) -> Result<Option<Vec<u8>>, Raised> {
    let vm = cx.vm();
    let mut bytes = Vec::new();
    if !vm.heap.may_grow(size) || bytes.try_reserve_exact(size).is_err() {
        return Err(vm.raise_memory_error());
    }
    bytes.resize(size, 0);
    loop {
        return match raw.read(cx.vm(), &mut bytes) {
            Ok(count) => {
                bytes.truncate(count);
                Ok(Some(bytes))
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                cx.poll()?;
                continue;
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(cx.vm().raise_io_error(&error, None)),
        };
    }
}

fn bytes_or_none(cx: &Cx, bytes: Option<Vec<u8>>) -> Res<'_> {
    let Some(bytes) = bytes else { return Ok(cx.none()) };
    match cx.vm().try_bytes(&bytes) {
        Some(bytes) => Ok(cx.local(bytes)),
        None => Err(cx.vm().raise_memory_error()),
    }
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    let raw = open_file(cx, args.at(0))?;
    require_readable(cx, &raw)?;
    let bytes = if size < 0 { read_all(cx, &raw)? } else { read_some(cx, &raw, size as usize)? };
    bytes_or_none(cx, bytes)
}

fn readall<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    let bytes = read_all(cx, &raw)?;
    bytes_or_none(cx, bytes)
}

fn readinto<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    require_readable(cx, &raw)?;
    let size = cx.buffer_len(args.at(1))?;
    let Some(bytes) = read_some(cx, &raw, size)? else { return Ok(cx.none()) };
    let count = cx.write_into(args.at(1), &bytes)?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    if !raw.writable {
        return Err(cx.vm().raise_unsupported("File not open for writing"));
    }
    let bytes = cx.bytes_like(args.at(1))?;
    match raw.write(cx.vm(), &bytes) {
        Ok(count) => {
            let count = cx.vm().new_int(count as i64);
            Ok(cx.local(count))
        }
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Ok(cx.none()),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn position(cx: &mut Cx, result: std::io::Result<i64>) -> Res<'_> {
    match result {
        Ok(position) => {
            let position = cx.vm().new_int(position);
            Ok(cx.local(position))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn seek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    if args.at(1).value().is_float() {
        return Err(cx.vm().raise_type_error("an integer is required"));
    }
    let offset = cx.c_long(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |whence| cx.c_int(whence))?;
    position(cx, raw.seek(offset, whence))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    position(cx, raw.seek(0, 1))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = open_file(cx, args.at(0))?;
    if !raw.writable {
        return Err(cx.vm().raise_unsupported("File not open for writing"));
    }
    let size = match args.some(1) {
        Some(size) => cx.c_long(size)?,
        None => raw.seek(0, 1).map_err(|error| cx.os_error(&error))?,
    };
    let result = syscalls::ftruncate(raw.fd().unwrap_or(-1), size).map(|()| size);
    position(cx, result)
}

fn seekable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seekable = open_file(cx, args.at(0))?.is_seekable();
    Ok(cx.bool(seekable))
}

fn readable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let readable = open_file(cx, args.at(0))?.readable;
    Ok(cx.bool(readable))
}

fn writable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let writable = open_file(cx, args.at(0))?.writable;
    Ok(cx.bool(writable))
}

fn fileno<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = open_file(cx, args.at(0))?.fd().unwrap_or(-1);
    Ok(cx.local(Value::small(fd)))
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = open_file(cx, args.at(0))?.fd().unwrap_or(-1);
    Ok(cx.bool(syscalls::isatty(fd)))
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let yes = cx.root_value(Value::TRUE);
    cx.set_attr(args.at(0), "__IOBase_closed", yes.handle())?;
    let Some(raw) = super::state::<FileState>(cx, args.at(0))?.raw.borrow().clone() else {
        return Ok(cx.none());
    };
    if raw.stream == super::raw::Stream::Output {
        cx.vm().out.plain_out = Value::UNDEF;
    }
    match raw.close() {
        Ok(()) => Ok(cx.none()),
        Err(error) => Err(cx.os_error(&error)),
    }
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let closed =
        super::state::<FileState>(cx, args.at(0))?.raw.borrow().as_ref().is_none_or(|raw| raw.is_closed());
    Ok(cx.bool(closed))
}

fn closefd<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let owns = any(cx, args.at(0))?.owns;
    Ok(cx.bool(owns))
}

fn mode_text(raw: &RawFile) -> &'static str {
    match raw {
        RawFile { created: true, readable: true, .. } => "xb+",
        RawFile { created: true, .. } => "xb",
        RawFile { appending: true, readable: true, .. } => "ab+",
        RawFile { appending: true, .. } => "ab",
        RawFile { readable: true, writable: true, .. } => "rb+",
        RawFile { readable: true, .. } => "rb",
        _ => "wb",
    }
}

fn mode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mode = mode_text(&*any(cx, args.at(0))?);
    let mode = cx.vm().intern(mode);
    Ok(cx.local(mode))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = super::state::<FileState>(cx, args.at(0))?.raw.borrow().clone();
    let Some(raw) = raw.filter(|raw| !raw.is_closed()) else {
        let ty = cx.vm().type_name_of(args.at(0).value());
        let text = cx.vm().new_str(&format!("<_io.{ty} [closed]>"));
        return Ok(cx.local(text));
    };
    let owns = if raw.owns { "True" } else { "False" };
    let more = format!(" mode='{}' closefd={owns}", mode_text(&raw));
    let text = super::repr_with_name(cx, args.at(0), &more)?;
    Ok(cx.local(text))
}

/// Files cannot be pickled.
pub(super) fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_name_of(args.at(0).value());
    Err(cx.vm().raise_type_error(&format!("cannot pickle '{ty}' instances")))
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn set_nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn blksize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let fd = any(cx, args.at(0))?.fd();
    let size = fd.and_then(|fd| syscalls::fstat(fd).ok()).map_or(0, |stat| stat.st_blksize);
    let size = if size > 1 { size } else { super::BUFFER_SIZE as i64 };
    let size = cx.vm().new_int(size);
    Ok(cx.local(size))
}

fn set_blksize<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}
