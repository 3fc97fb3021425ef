//! The abstract classes of `_io`: what every file does by its other methods.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("seek", "$self, offset, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, pos=None, /", truncate),
    NativeDef::new("flush", "$self, /", flush),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("seekable", "$self, /", no),
    NativeDef::new("readable", "$self, /", no),
    NativeDef::new("writable", "$self, /", no),
    NativeDef::new("_checkClosed", "$self, msg=None, /", check_closed),
    NativeDef::new("_checkSeekable", "$self, msg=None, /", check_seekable),
    NativeDef::new("_checkReadable", "$self, msg=None, /", check_readable),
    NativeDef::new("_checkWritable", "$self, msg=None, /", check_writable),
    NativeDef::new("fileno", "$self, /", fileno),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::new("__enter__", "$self, /", enter),
    NativeDef::new("__exit__", "$self, /, *args", exit),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("readlines", "$self, hint=-1, /", readlines),
    NativeDef::new("writelines", "$self, lines, /", writelines),
    NativeDef::new("__del__", "$self, /", del),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
    NativeDef::getter("closed", closed),
];

pub(super) static RAW_METHODS: &[NativeDef] = &[
    NativeDef::new("read", "$self, size=-1, /", raw_read),
    NativeDef::new("readall", "$self, /", raw_readall),
    NativeDef::new("readinto", "$self, buffer, /", missing_readinto),
    NativeDef::new("write", "$self, b, /", missing_write),
];

pub(super) static BUFFERED_METHODS: &[NativeDef] = &[
    NativeDef::new("detach", "$self, /", unsupported_detach),
    NativeDef::new("read", "$self, size=-1, /", unsupported_read),
    NativeDef::new("read1", "$self, size=-1, /", unsupported_read1),
    NativeDef::new("readinto", "$self, buffer, /", buffered_readinto),
    NativeDef::new("readinto1", "$self, buffer, /", buffered_readinto1),
    NativeDef::new("write", "$self, b, /", unsupported_write),
];

pub(super) static TEXT_METHODS: &[NativeDef] = &[
    NativeDef::new("detach", "$self, /", unsupported_detach),
    NativeDef::new("read", "$self, size=-1, /", unsupported_read),
    NativeDef::new("readline", "$self, size=-1, /", unsupported_readline),
    NativeDef::new("write", "$self, s, /", unsupported_write),
    NativeDef::getter("encoding", none),
    NativeDef::getter("errors", none),
    NativeDef::getter("newlines", none),
];

/// Where an object that is not one of the native files remembers that it was closed.
const CLOSED: &str = "__IOBase_closed";

fn unsupported<'a>(cx: &'a mut Cx, what: &str) -> Res<'a> {
    Err(cx.vm().raise_unsupported(what))
}

fn seek<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "seek")
}

fn truncate<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "truncate")
}

fn fileno<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "fileno")
}

fn unsupported_detach<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "detach")
}

fn unsupported_read<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "read")
}

fn unsupported_read1<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "read1")
}

fn unsupported_readline<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "readline")
}

fn unsupported_write<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    unsupported(cx, "write")
}

fn none<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (zero, one) = (cx.root_value(Value::small(0)), cx.root_value(Value::small(1)));
    let position = cx.call_method(args.at(0), "seek", &[zero.handle(), one.handle()])?;
    Ok(position.get(cx))
}

impl Cx {
    /// Whether the file says that it is closed.
    pub(crate) fn is_closed(&mut self, file: Handle<'_>) -> Result<bool, Raised> {
        let closed = self.get_attr(file, "closed")?;
        self.truth(closed.handle())
    }

    /// Raises ValueError if the file is closed.
    pub(super) fn require_open(&mut self, file: Handle<'_>) -> Result<(), Raised> {
        if self.is_closed(file)? {
            return Err(self.vm().raise_value_error("I/O operation on closed file."));
        }
        Ok(())
    }

    /// What `file.method()` says of the file.
    pub(super) fn says(&mut self, file: Handle<'_>, method: &str) -> Result<bool, Raised> {
        let answer = self.call_method(file, method, &[])?;
        self.truth(answer.handle())
    }
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern(CLOSED);
    let closed = cx.vm().instance_attr(args.at(0).value(), name).is_some();
    Ok(cx.bool(closed))
}

fn flush<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    Ok(cx.none())
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.is_closed(args.at(0))? {
        return Ok(cx.none());
    }
    let flushed = cx.call_method(args.at(0), "flush", &[]);
    let kept = match flushed {
        Ok(_) => None,
        Err(Raised) => {
            let exception = cx.vm().take_exception();
            Some(cx.root_value(exception))
        }
    };
    let yes = cx.root_value(Value::TRUE);
    cx.set_attr(args.at(0), CLOSED, yes.handle())?;
    match kept {
        Some(exception) => Err(cx.vm().raise_again(exception.value())),
        None => Ok(cx.none()),
    }
}

fn check_closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    Ok(cx.none())
}

fn check<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str, what: &str) -> Res<'a> {
    if cx.says(args.at(0), method)? {
        return Ok(cx.bool(true));
    }
    unsupported(cx, &format!("File or stream is not {what}."))
}

fn check_seekable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check(cx, args, "seekable", "seekable")
}

fn check_readable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check(cx, args, "readable", "readable")
}

fn check_writable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check(cx, args, "writable", "writable")
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    Ok(cx.bool(false))
}

fn enter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    Ok(args.at(0).get(cx))
}

fn exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.call_method(args.at(0), "close", &[])?;
    Ok(cx.none())
}

/// The finalizer of a file class of the program's: closes the file, whatever that brings.
fn del<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let closed = match cx.is_closed(args.at(0)) {
        Ok(closed) => closed,
        Err(Raised) => {
            cx.vm().exception = Value::UNDEF;
            true
        }
    };
    if !closed && cx.call_method(args.at(0), "close", &[]).is_err() {
        cx.vm().exception = Value::UNDEF;
    }
    Ok(cx.none())
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    Ok(args.at(0).get(cx))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let line = cx.call_method(args.at(0), "readline", &[])?;
    if cx.len(line.handle())? == 0 {
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    Ok(line.get(cx))
}

/// Reads byte by byte, or as far as `peek` shows, up to the end of a line.
fn readline<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.size_or(args.opt(1), -1)?;
    let peek = cx.get_attr_opt(args.at(0), "peek")?;
    let mut line: Vec<u8> = Vec::new();
    while limit < 0 || (line.len() as i64) < limit {
        let count = match &peek {
            Some(peek) => ahead(cx, peek, limit, line.len())?,
            None => 1,
        };
        let count = cx.vm().new_int(count as i64);
        let count = cx.root_value(count);
        let bytes = cx.call_method(args.at(0), "read", &[count.handle()])?;
        if !bytes.value().is_kind(Kind::Bytes) {
            let ty = cx.vm().type_name_of(bytes.value());
            let message = format!("read() should have returned a bytes object, not '{ty}'");
            return Err(cx.vm().raise(cx.vm().exceptions.os_error, &message));
        }
        let bytes = crate::types::bytes::slice_of(bytes.value());
        line.extend_from_slice(bytes);
        if bytes.is_empty() || line.last() == Some(&b'\n') {
            break;
        }
    }
    let line = cx.vm().new_bytes(&line);
    Ok(cx.local(line))
}

/// How many bytes may be read at once: to the end of the line as far as `peek` shows it.
fn ahead(cx: &mut Cx, peek: &Root, limit: i64, read: usize) -> Result<usize, Raised> {
    let one = cx.root_value(Value::small(1));
    let bytes = cx.call(peek.handle(), &[one.handle()])?;
    if !bytes.value().is_kind(Kind::Bytes) {
        let ty = cx.vm().type_name_of(bytes.value());
        let message = format!("peek() should have returned a bytes object, not '{ty}'");
        return Err(cx.vm().raise(cx.vm().exceptions.os_error, &message));
    }
    let bytes = crate::types::bytes::slice_of(bytes.value());
    let count = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1).max(1);
    Ok(if limit < 0 { count } else { count.min(limit as usize - read) })
}

fn readlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hint = cx.size_or(args.opt(1), -1)?;
    if hint <= 0 {
        let lines = cx.collect(args.at(0))?;
        return Ok(lines.get(cx));
    }
    let lines = cx.vm().new_list(Vec::new());
    let lines = cx.root_value(lines);
    let iterator = cx.iter(args.at(0))?;
    let mut total = 0;
    while let Some(line) = cx.next(iterator.handle())? {
        total += cx.len(line.handle())? as i64;
        crate::ops::list_items(lines.value()).push(line.value());
        if total > hint {
            break;
        }
    }
    Ok(lines.get(cx))
}

fn writelines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_open(args.at(0))?;
    let iterator = cx.iter(args.at(1))?;
    while let Some(line) = cx.next(iterator.handle())? {
        cx.call_method(args.at(0), "write", &[line.handle()])?;
    }
    Ok(cx.none())
}

// ---- raw files -------------------------------------------------------------------------------------------------------

fn raw_read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    if size < 0 {
        let all = cx.call_method(args.at(0), "readall", &[])?;
        return Ok(all.get(cx));
    }
    let mut room = Vec::new();
    if room.try_reserve_exact(size as usize).is_err() {
        return Err(cx.vm().raise_memory_error());
    }
    room.resize(size as usize, 0);
    let buffer = cx.vm().new_bytearray(room);
    let buffer = cx.root_value(buffer);
    let count = cx.call_method(args.at(0), "readinto", &[buffer.handle()])?;
    if count.value().is_none() {
        return Ok(cx.none());
    }
    let count = cx.c_long(count.handle())?;
    let bytes = crate::types::bytes::slice_of(buffer.value());
    if count < 0 || count as usize > bytes.len() {
        let message = format!("readinto returned {count} outside buffer size {}", bytes.len());
        return Err(cx.vm().raise_value_error(&message));
    }
    let bytes = cx.vm().new_bytes(&bytes[..count as usize]);
    Ok(cx.local(bytes))
}

fn raw_readall<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut all = Vec::new();
    let size = cx.root_value(Value::small(super::BUFFER_SIZE as i32));
    loop {
        let bytes = cx.call_method(args.at(0), "read", &[size.handle()])?;
        if bytes.value().is_none() {
            if all.is_empty() {
                return Ok(cx.none());
            }
            break;
        }
        if !bytes.value().is_kind(Kind::Bytes) {
            return Err(cx.vm().raise_type_error("read() should return bytes"));
        }
        let bytes = crate::types::bytes::slice_of(bytes.value());
        if bytes.is_empty() {
            break;
        }
        all.extend_from_slice(bytes);
    }
    let all = cx.vm().new_bytes(&all);
    Ok(cx.local(all))
}

fn missing_readinto<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_with(cx.vm().exceptions.not_implemented_error, &[]))
}

fn missing_write<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_with(cx.vm().exceptions.not_implemented_error, &[]))
}

// ---- buffered files --------------------------------------------------------------------------------------------------

fn read_into<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str) -> Res<'a> {
    let len = cx.buffer_len(args.at(1))?;
    let size = cx.vm().new_int(len as i64);
    let size = cx.root_value(size);
    let bytes = cx.call_method(args.at(0), method, &[size.handle()])?;
    if !bytes.value().is_kind(Kind::Bytes) {
        return Err(cx.vm().raise_type_error("read() should return bytes"));
    }
    let data = crate::types::bytes::slice_of(bytes.value()).to_vec();
    if data.len() > len {
        let message =
            format!("read() returned too much data: {len} bytes requested, {} returned", data.len());
        return Err(cx.vm().raise_value_error(&message));
    }
    let count = cx.write_into(args.at(1), &data)?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn buffered_readinto<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    read_into(cx, args, "read")
}

fn buffered_readinto1<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    read_into(cx, args, "read1")
}
