//! `BytesIO`: a file in memory. Its bytes are those of a bytearray, which `getbuffer` shows.

use std::cell::Cell as StdCell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::bytes::vector_of;
use crate::value::Value;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, initial_bytes=b''", init),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("read1", "$self, size=-1, /", read),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("readlines", "$self, size=None, /", readlines),
    NativeDef::new("readinto", "$self, buffer, /", readinto),
    NativeDef::new("write", "$self, b, /", write),
    NativeDef::new("writelines", "$self, lines, /", writelines),
    NativeDef::new("seek", "$self, pos, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, size=None, /", truncate),
    NativeDef::new("getvalue", "$self, /", getvalue),
    NativeDef::new("getbuffer", "$self, /", getbuffer),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("flush", "$self, /", check_open),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::new("readable", "$self, /", yes),
    NativeDef::new("writable", "$self, /", yes),
    NativeDef::new("seekable", "$self, /", yes),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__getstate__", "$self, /", getstate),
    NativeDef::new("__setstate__", "$self, state, /", setstate),
    NativeDef::getter("closed", closed),
];

struct Memory {
    /// A bytearray; Undef when closed.
    bytes: Slot,
    position: StdCell<usize>,
}

impl Payload for Memory {
    fn trace(&self, marker: &mut Marker) {
        self.bytes.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().bytes;
    let bytes = cx.vm().new_bytearray(Vec::new());
    super::make(cx, args.at(0), ty, Box::new(Memory { bytes: Slot::of(bytes), position: StdCell::new(0) }))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let initial = match args.some(1) {
        Some(initial) => cx.bytes_like(initial)?,
        None => Vec::new(),
    };
    let array = cx.vm().new_bytearray(initial);
    let state = super::state::<Memory>(cx, args.at(0))?;
    state.bytes.set_value(array);
    state.position.set(0);
    Ok(cx.none())
}

/// The state and the bytes, of a file that is open.
fn this<'a>(cx: &'a Cx, file: Handle<'_>) -> Result<(&'a Memory, &'a mut Vec<u8>), Raised> {
    let state = super::state::<Memory>(cx, file)?;
    if state.bytes.value().is_undef() {
        return Err(cx.vm().raise_value_error("I/O operation on closed file."));
    }
    Ok((state, vector_of(state.bytes.value())))
}

/// Takes `count` bytes from the position on.
fn take(cx: &Cx, file: Handle<'_>, count: usize) -> Result<Value, Raised> {
    let (state, bytes) = this(cx, file)?;
    let start = state.position.get().min(bytes.len());
    let end = start.saturating_add(count).min(bytes.len());
    if end > start {
        state.position.set(end);
    }
    cx.vm().try_bytes(&bytes[start..end]).ok_or_else(|| cx.vm().raise_memory_error())
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    let bytes = take(cx, args.at(0), usize::try_from(size).unwrap_or(usize::MAX))?;
    Ok(cx.local(bytes))
}

/// Bytes up to the end of the line, at most `limit`.
fn line_len(cx: &Cx, file: Handle<'_>, limit: i64) -> Result<usize, Raised> {
    let (state, bytes) = this(cx, file)?;
    let rest = &bytes[state.position.get().min(bytes.len())..];
    let len = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
    Ok(usize::try_from(limit).map_or(len, |limit| len.min(limit)))
}

fn readline<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.size_or(args.opt(1), -1)?;
    let len = line_len(cx, args.at(0), limit)?;
    let line = take(cx, args.at(0), len)?;
    Ok(cx.local(line))
}

fn readlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hint = cx.size_or(args.opt(1), -1)?;
    let mut lines = Vec::new();
    let mut total = 0;
    loop {
        let len = line_len(cx, args.at(0), -1)?;
        if len == 0 {
            break;
        }
        lines.push(take(cx, args.at(0), len)?);
        total += len as i64;
        if hint > 0 && total >= hint {
            break;
        }
    }
    let lines = cx.vm().new_list(lines);
    Ok(cx.local(lines))
}

fn readinto<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    let size = cx.buffer_len(args.at(1))?;
    let bytes = take(cx, args.at(0), size)?;
    let bytes = crate::types::bytes::slice_of(bytes).to_vec();
    let count = cx.write_into(args.at(1), &bytes)?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn put(cx: &mut Cx, file: Handle<'_>, data: Handle<'_>) -> Result<usize, Raised> {
    this(cx, file)?;
    let data = cx.bytes_like(data)?;
    let (state, bytes) = this(cx, file)?;
    let start = state.position.get();
    let end = start + data.len();
    if data.is_empty() {
        return Ok(0);
    }
    if end > bytes.len() {
        let more = end - bytes.len();
        if bytes.capacity() < end && (!cx.vm().heap.may_grow(more) || bytes.try_reserve(more).is_err()) {
            return Err(cx.vm().raise_memory_error());
        }
        cx.vm().heap.count(more);
        bytes.resize(end, 0);
    }
    bytes[start..end].copy_from_slice(&data);
    state.position.set(end);
    Ok(data.len())
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = put(cx, args.at(0), args.at(1))?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn writelines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    let iterator = cx.iter(args.at(1))?;
    while let Some(line) = cx.next(iterator.handle())? {
        put(cx, args.at(0), line.handle())?;
    }
    Ok(cx.none())
}

fn seek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    let offset = cx.c_long(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |whence| cx.c_int(whence))?;
    let (state, bytes) = this(cx, args.at(0))?;
    let base = match whence {
        0 if offset < 0 => return Err(cx.vm().raise_value_error(&format!("negative seek value {offset}"))),
        0 => 0,
        1 => state.position.get(),
        2 => bytes.len(),
        _ => {
            let message = format!("invalid whence ({whence}, should be 0, 1 or 2)");
            return Err(cx.vm().raise_value_error(&message));
        }
    };
    let Some(position) = (base as i64).checked_add(offset) else {
        return Err(cx.vm().raise_overflow_error("new position too large"));
    };
    state.position.set(position.max(0) as usize);
    let position = cx.vm().new_int(position.max(0));
    Ok(cx.local(position))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let position = this(cx, args.at(0))?.0.position.get();
    let position = cx.vm().new_int(position as i64);
    Ok(cx.local(position))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let position = this(cx, args.at(0))?.0.position.get();
    let size = cx.size_or(args.opt(1), position as i64)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.vm().raise_value_error(&format!("negative size value {size}")));
    };
    this(cx, args.at(0))?.1.truncate(size);
    let size = cx.vm().new_int(size as i64);
    Ok(cx.local(size))
}

fn getvalue<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (_, bytes) = this(cx, args.at(0))?;
    match cx.vm().try_bytes(bytes) {
        Some(bytes) => Ok(cx.local(bytes)),
        None => Err(cx.vm().raise_memory_error()),
    }
}

fn getbuffer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let array = this(cx, args.at(0))?.0.bytes.value();
    let (array, class) = (cx.root_value(array), cx.root_value(cx.vm().types.memoryview));
    let view = cx.call(class.handle(), &[array.handle()])?;
    Ok(view.get(cx))
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    super::state::<Memory>(cx, args.at(0))?.bytes.clear();
    Ok(cx.none())
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let closed = super::state::<Memory>(cx, args.at(0))?.bytes.value().is_undef();
    Ok(cx.bool(closed))
}

fn check_open<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(cx.none())
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(cx.bool(false))
}

fn yes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(cx.bool(true))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(args.at(0).get(cx))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = line_len(cx, args.at(0), -1)?;
    if len == 0 {
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    let line = take(cx, args.at(0), len)?;
    Ok(cx.local(line))
}

fn getstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (state, bytes) = this(cx, args.at(0))?;
    let vm = cx.vm();
    let (bytes, position) = (vm.new_bytes(bytes), vm.new_int(state.position.get() as i64));
    let dict = vm.instance_dict(args.at(0).value());
    let dict = dict.filter(|dict| !crate::dict_ops::dict_data(*dict).is_empty()).unwrap_or(Value::NONE);
    let state = vm.new_tuple(&[bytes, position, dict]);
    Ok(cx.local(state))
}

fn setstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parts = cx.vm().sequence_values(args.at(1).value());
    let [bytes, position, dict, ..] = parts.as_slice() else {
        let ty = cx.vm().type_name_of(args.at(0).value());
        let message = format!("{ty}.__setstate__ argument should be 3-tuple");
        return Err(cx.vm().raise_type_error(&message));
    };
    let (bytes, dict) = (cx.root_value(*bytes), *dict);
    let Some(position) = position.as_int() else {
        return Err(cx.vm().raise_type_error("second item of state must be an integer"));
    };
    if position < 0 {
        return Err(cx.vm().raise_value_error("position value cannot be negative"));
    }
    let data = cx.bytes_like(bytes.handle())?;
    let array = cx.vm().new_bytearray(data);
    let state = super::state::<Memory>(cx, args.at(0))?;
    state.bytes.set_value(array);
    state.position.set(position as usize);
    if dict.is_kind(Kind::Dict)
        && let Some(own) = cx.vm().instance_dict(args.at(0).value())
    {
        for entry in crate::dict_ops::dict_data(dict).iter().copied().collect::<Vec<_>>() {
            cx.vm().dict_set_str(own, entry.key, entry.value);
        }
    }
    Ok(cx.none())
}
