//! `BufferedRWPair`: a reader and a writer as one file.

use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, reader, writer, buffer_size=8192, /", init),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("read1", "$self, size=-1, /", read1),
    NativeDef::new("peek", "$self, size=0, /", peek),
    NativeDef::new("readinto", "$self, buffer, /", readinto),
    NativeDef::new("readinto1", "$self, buffer, /", readinto1),
    NativeDef::new("readable", "$self, /", readable),
    NativeDef::new("writable", "$self, /", writable),
    NativeDef::new("write", "$self, buffer, /", write),
    NativeDef::new("flush", "$self, /", flush),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::getter("closed", closed),
];

struct Pair {
    reader: Slot,
    writer: Slot,
}

impl Payload for Pair {
    fn trace(&self, marker: &mut Marker) {
        self.reader.trace(marker);
        self.writer.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().pair;
    super::make(cx, args.at(0), ty, Box::new(Pair { reader: Slot::empty(), writer: Slot::empty() }))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let types = cx.vm().io_types();
    let size = args.opt(3).map_or(Value::small(super::BUFFER_SIZE as i32), Handle::value);
    let size = cx.root_value(size);
    let (reader_type, writer_type) = (cx.root_value(types.reader), cx.root_value(types.writer));
    if !cx.says(args.at(1), "readable")? {
        return Err(cx.vm().raise_unsupported("File or stream is not readable."));
    }
    if !cx.says(args.at(2), "writable")? {
        return Err(cx.vm().raise_unsupported("File or stream is not writable."));
    }
    let reader = cx.call(reader_type.handle(), &[args.at(1), size.handle()])?;
    let writer = cx.call(writer_type.handle(), &[args.at(2), size.handle()])?;
    let state = super::state::<Pair>(cx, args.at(0))?;
    state.reader.set_value(reader.value());
    state.writer.set_value(writer.value());
    Ok(cx.none())
}

/// The reader or the writer.
fn half(cx: &Cx, this: Handle<'_>, writer: bool) -> Result<Root, Raised> {
    let state = super::state::<Pair>(cx, this)?;
    let half = if writer { state.writer.value() } else { state.reader.value() };
    if half.is_undef() {
        return Err(cx.vm().raise_value_error("I/O operation on uninitialized object"));
    }
    Ok(cx.root_value(half))
}

fn forward<'a>(cx: &'a mut Cx, args: Args<'_>, writer: bool, method: &str) -> Res<'a> {
    let half = half(cx, args.at(0), writer)?;
    let result = match args.opt(1) {
        Some(argument) => cx.call_method(half.handle(), method, &[argument])?,
        None => cx.call_method(half.handle(), method, &[])?,
    };
    Ok(result.get(cx))
}

/// A method without arguments.
fn ask<'a>(cx: &'a mut Cx, args: Args<'_>, writer: bool, method: &str) -> Res<'a> {
    let half = half(cx, args.at(0), writer)?;
    let result = cx.call_method(half.handle(), method, &[])?;
    Ok(result.get(cx))
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, false, "read")
}

fn read1<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, false, "read1")
}

fn peek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, false, "peek")
}

fn readinto<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, false, "readinto")
}

fn readinto1<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, false, "readinto1")
}

fn readable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, false, "readable")
}

fn writable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, true, "writable")
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    forward(cx, args, true, "write")
}

fn flush<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    ask(cx, args, true, "flush")
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (writer, reader) = (half(cx, args.at(0), true)?, half(cx, args.at(0), false)?);
    let written = cx.call_method(writer.handle(), "close", &[]);
    let kept = written.is_err().then(|| {
        let exception = cx.vm().take_exception();
        cx.root_value(exception)
    });
    cx.call_method(reader.handle(), "close", &[])?;
    match kept {
        Some(exception) => Err(cx.vm().raise_again(exception.value())),
        None => Ok(cx.none()),
    }
}

fn isatty<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let writer = half(cx, args.at(0), true)?;
    let reader = half(cx, args.at(0), false)?;
    let answer = cx.says(writer.handle(), "isatty")? || cx.says(reader.handle(), "isatty")?;
    Ok(cx.bool(answer))
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let writer = half(cx, args.at(0), true)?;
    let closed = cx.get_attr(writer.handle(), "closed")?;
    Ok(closed.get(cx))
}
