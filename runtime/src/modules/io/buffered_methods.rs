//! The methods of `BufferedReader`, `BufferedWriter` and `BufferedRandom`.

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

use super::buffered::Buffered;

pub(super) static COMMON: &[NativeDef] = &[
    NativeDef::new("detach", "$self, /", detach),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("flush", "$self, /", flush),
    NativeDef::new("seekable", "$self, /", seekable),
    NativeDef::new("fileno", "$self, /", fileno),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::new("seek", "$self, target, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, pos=None, /", truncate),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", super::file_io::reduce),
    NativeDef::new("__reduce_ex__", "$self, protocol, /", super::file_io::reduce),
    NativeDef::getter("raw", raw),
    NativeDef::getter("closed", closed),
    NativeDef::getter("name", name),
    NativeDef::getter("mode", mode),
];

pub(super) static READER: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new::<0>),
    NativeDef::new("__init__", "$self, raw, buffer_size=8192", init_reader),
    NativeDef::new("readable", "$self, /", readable),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("read1", "$self, size=-1, /", read1),
    NativeDef::new("peek", "$self, size=0, /", peek),
    NativeDef::new("readinto", "$self, buffer, /", readinto),
    NativeDef::new("readinto1", "$self, buffer, /", readinto1),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("__next__", "$self, /", next),
];

pub(super) static WRITER: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new::<1>),
    NativeDef::new("__init__", "$self, raw, buffer_size=8192", init_writer),
    NativeDef::new("writable", "$self, /", writable),
    NativeDef::new("write", "$self, buffer, /", write),
];

pub(super) static RANDOM: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new::<2>),
    NativeDef::new("__init__", "$self, raw, buffer_size=8192", init_random),
    NativeDef::new("readable", "$self, /", readable),
    NativeDef::new("writable", "$self, /", writable),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("read1", "$self, size=-1, /", read1),
    NativeDef::new("peek", "$self, size=0, /", peek),
    NativeDef::new("readinto", "$self, buffer, /", readinto),
    NativeDef::new("readinto1", "$self, buffer, /", readinto1),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("write", "$self, buffer, /", write),
];

fn new<'a, const WHICH: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let types = cx.vm().io_types();
    let ty = [types.reader, types.writer, types.random][WHICH];
    super::make(cx, args.at(0), ty, Box::<Buffered>::default())
}

fn init(cx: &mut Cx, args: Args<'_>, checks: &[(&str, &str)]) -> Result<(), Raised> {
    for (method, what) in checks {
        if !cx.says(args.at(1), method)? {
            return Err(cx.vm().raise_unsupported(&format!("File or stream is not {what}.")));
        }
    }
    let size = args.opt(2).map_or(Ok(super::BUFFER_SIZE as i64), |size| cx.c_long(size))?;
    cx.attach(args.at(0), args.at(1), size)
}

fn init_reader<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, &[("readable", "readable")])?;
    Ok(cx.none())
}

fn init_writer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, &[("writable", "writable")])?;
    Ok(cx.none())
}

fn init_random<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, &[("seekable", "seekable"), ("readable", "readable"), ("writable", "writable")])?;
    Ok(cx.none())
}

fn bytes<'a>(cx: &'a Cx, bytes: &[u8]) -> Res<'a> {
    match cx.vm().try_bytes(bytes) {
        Some(bytes) => Ok(cx.local(bytes)),
        None => Err(cx.vm().raise_memory_error()),
    }
}

fn bytes_or_none(cx: &Cx, data: Option<Vec<u8>>) -> Res<'_> {
    match data {
        Some(data) => bytes(cx, &data),
        None => Ok(cx.none()),
    }
}

/// Before reading, what is held back is written.
fn begin_reading(cx: &mut Cx, this: Handle<'_>, message: &str) -> Result<(), Raised> {
    cx.require_buffered(this, message)?;
    if cx.held_back(this)? > 0 { cx.flush_pending(this) } else { Ok(()) }
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    if size < -1 {
        return Err(cx.vm().raise_value_error("read length must be non-negative or -1"));
    }
    begin_reading(cx, args.at(0), "read of closed file")?;
    let data = match usize::try_from(size) {
        Ok(count) => cx.read_count(args.at(0), count)?,
        Err(_) => cx.read_rest(args.at(0))?,
    };
    bytes_or_none(cx, data)
}

fn read1<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    begin_reading(cx, args.at(0), "read of closed file")?;
    let size = usize::try_from(size).or_else(|_| Ok(cx.buffered(args.at(0))?.size.get()))?;
    if size == 0 {
        return bytes(cx, b"");
    }
    let data = cx.read_once(args.at(0), size)?;
    bytes(cx, &data)
}

fn peek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    begin_reading(cx, args.at(0), "peek of closed file")?;
    if cx.buffered(args.at(0))?.ahead.borrow().rest().is_empty() {
        cx.fill(args.at(0), 0)?;
    }
    let rest = cx.buffered(args.at(0))?.ahead.borrow().rest().to_vec();
    bytes(cx, &rest)
}

fn read_into<'a>(cx: &'a mut Cx, args: Args<'_>, once: bool) -> Res<'a> {
    begin_reading(cx, args.at(0), "readinto of closed file")?;
    let size = cx.buffer_len(args.at(1))?;
    let data = if once {
        Some(if size == 0 { Vec::new() } else { cx.read_once(args.at(0), size)? })
    } else {
        cx.read_count(args.at(0), size)?
    };
    let Some(data) = data else { return Ok(cx.none()) };
    let count = cx.write_into(args.at(1), &data)?;
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn readinto<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    read_into(cx, args, false)
}

fn readinto1<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    read_into(cx, args, true)
}

fn readline<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.size_or(args.opt(1), -1)?;
    begin_reading(cx, args.at(0), "readline of closed file")?;
    let line = cx.read_line(args.at(0), limit)?;
    bytes(cx, &line)
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let types = cx.vm().io_types();
    let ty = cx.vm().type_of(args.at(0).value());
    if ty != types.reader && ty != types.random {
        // A subclass may have a `readline` of its own.
        let line = cx.call_method(args.at(0), "readline", &[])?;
        if cx.len(line.handle())? == 0 {
            return Err(cx.vm().raise_stop_iteration(Value::NONE));
        }
        return Ok(line.get(cx));
    }
    begin_reading(cx, args.at(0), "readline of closed file")?;
    let line = cx.read_line(args.at(0), -1)?;
    if line.is_empty() {
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    bytes(cx, &line)
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(1))?;
    cx.require_buffered(args.at(0), "write to closed file")?;
    cx.hold_back(args.at(0), &data)?;
    let count = cx.vm().new_int(data.len() as i64);
    Ok(cx.local(count))
}

fn flush<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_buffered(args.at(0), "flush of closed file")?;
    cx.flush_pending(args.at(0))?;
    if cx.core_of(args.at(0))?.is_none() {
        let raw = cx.raw_of(args.at(0))?;
        cx.call_method(raw.handle(), "flush", &[])?;
    }
    Ok(cx.none())
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.buffered_closed(args.at(0))? {
        return Ok(cx.none());
    }
    let flushed = cx.call_method(args.at(0), "flush", &[]);
    let kept = flushed.is_err().then(|| {
        let exception = cx.vm().take_exception();
        cx.root_value(exception)
    });
    let raw = cx.raw_of(args.at(0))?;
    cx.call_method(raw.handle(), "close", &[])?;
    match kept {
        Some(exception) => Err(cx.vm().raise_again(exception.value())),
        None => Ok(cx.none()),
    }
}

fn detach<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.call_method(args.at(0), "flush", &[])?;
    let state = cx.buffered(args.at(0))?;
    let raw = state.raw.value();
    state.raw.clear();
    if state.core.borrow_mut().take().is_some_and(|core| core.raw.stream == super::raw::Stream::Output) {
        cx.vm().out.plain_out = Value::UNDEF;
    }
    let state = super::state::<super::buffered::Buffered>(cx, args.at(0))?;
    state.is_detached.set(true);
    Ok(cx.local(raw))
}

/// What the raw file says.
fn ask<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str) -> Res<'a> {
    let raw = cx.raw_of(args.at(0))?;
    let answer = cx.call_method(raw.handle(), method, &[])?;
    Ok(answer.get(cx))
}

fn seekable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, "seekable")
}

fn readable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, "readable")
}

fn writable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, "writable")
}

fn fileno<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, "fileno")
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, "isatty")
}

fn seek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let whence = args.opt(2).map_or(Ok(0), |whence| cx.c_int(whence))?;
    if !(0..=4).contains(&whence) {
        return Err(cx.vm().raise_value_error(&format!("whence value {whence} unsupported")));
    }
    cx.require_buffered(args.at(0), "seek of closed file")?;
    let raw = cx.raw_of(args.at(0))?;
    if cx.core_of(args.at(0))?.is_none() && !cx.says(raw.handle(), "seekable")? {
        return Err(cx.vm().raise_unsupported("File or stream is not seekable."));
    }
    let offset = cx.c_long(args.at(1))?;
    let position = cx.seek_buffered(args.at(0), offset, whence)?;
    let position = cx.vm().new_int(position);
    Ok(cx.local(position))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let at = cx.tell_raw(args.at(0))?;
    let ahead = cx.buffered(args.at(0))?.ahead.borrow().rest().len();
    let held = cx.held_back(args.at(0))?;
    let position = cx.vm().new_int(at - ahead as i64 + held as i64);
    Ok(cx.local(position))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_buffered(args.at(0), "truncate of closed file")?;
    let raw = cx.raw_of(args.at(0))?;
    if !cx.says(raw.handle(), "writable")? {
        return Err(cx.vm().raise_unsupported("truncate"));
    }
    cx.flush_pending(args.at(0))?;
    cx.forget_ahead(args.at(0))?;
    let position = match args.some(1) {
        Some(position) => cx.root_value(position.value()),
        None => {
            let position = cx.tell_raw(args.at(0))?;
            let position = cx.vm().new_int(position);
            cx.root_value(position)
        }
    };
    let raw = cx.raw_of(args.at(0))?;
    let size = cx.call_method(raw.handle(), "truncate", &[position.handle()])?;
    Ok(size.get(cx))
}

fn raw<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = cx.buffered(args.at(0))?.raw.value();
    Ok(cx.local(raw))
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = cx.raw_of(args.at(0))?;
    let closed = cx.get_attr(raw.handle(), "closed")?;
    Ok(closed.get(cx))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = cx.raw_of(args.at(0))?;
    let name = cx.get_attr(raw.handle(), "name")?;
    Ok(name.get(cx))
}

fn mode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let raw = cx.raw_of(args.at(0))?;
    let mode = cx.get_attr(raw.handle(), "mode")?;
    Ok(mode.get(cx))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = super::repr_with_name(cx, args.at(0), "")?;
    Ok(cx.local(text))
}
