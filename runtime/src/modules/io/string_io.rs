//! `StringIO`: a text file in memory.

use std::cell::{Cell as StdCell, RefCell};

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;
use crate::vm::Vm;

use super::newlines::{Newline, seen_value, translated};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, initial_value='', newline='\\n'", init),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("write", "$self, s, /", write),
    NativeDef::new("seek", "$self, pos, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, pos=None, /", truncate),
    NativeDef::new("getvalue", "$self, /", getvalue),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("readable", "$self, /", yes),
    NativeDef::new("writable", "$self, /", yes),
    NativeDef::new("seekable", "$self, /", yes),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__getstate__", "$self, /", getstate),
    NativeDef::new("__setstate__", "$self, state, /", setstate),
    NativeDef::getter("closed", closed),
    NativeDef::getter("line_buffering", no),
    NativeDef::getter("newlines", newlines),
];

struct Memory {
    /// None when closed.
    text: RefCell<Option<TextBuilder>>,
    position: StdCell<usize>,
    newline: StdCell<Newline>,
    seen: StdCell<u8>,
}

impl Payload for Memory {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn external_bytes(&self) -> usize {
        match &*self.text.borrow() {
            Some(TextBuilder::Narrow(bytes)) => bytes.capacity(),
            Some(TextBuilder::Wide(points)) => points.capacity() * 4,
            None => 0,
        }
    }
}

fn units(text: &TextBuilder) -> Units<'_> {
    match text {
        TextBuilder::Narrow(bytes) => Units::One(bytes),
        TextBuilder::Wide(points) => Units::Four(points),
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().string;
    let state = Memory {
        text: RefCell::new(Some(TextBuilder::new())),
        position: StdCell::new(0),
        newline: StdCell::new(Newline::Lf),
        seen: StdCell::new(0),
    };
    super::make(cx, args.at(0), ty, Box::new(state))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let newline = match args.opt(2) {
        Some(newline) => Newline::read(cx, Some(newline), "StringIO()")?,
        None => Newline::Lf,
    };
    let initial = args.some(1);
    if let Some(initial) = initial
        && !initial.value().is_kind(Kind::Str)
    {
        let ty = cx.vm().type_name_of(initial.value());
        let message = format!("initial_value must be str or None, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let state = super::state::<Memory>(cx, args.at(0))?;
    *state.text.borrow_mut() = Some(TextBuilder::new());
    state.newline.set(newline);
    state.seen.set(0);
    state.position.set(0);
    if let Some(initial) = initial {
        put(cx, args.at(0), initial.value())?;
        super::state::<Memory>(cx, args.at(0))?.position.set(0);
    }
    Ok(cx.none())
}

/// The state of a file that is open.
fn this<'a>(cx: &'a Cx, file: Handle<'_>) -> Result<&'a Memory, Raised> {
    let state = super::state::<Memory>(cx, file)?;
    if state.text.borrow().is_none() {
        return Err(cx.vm().raise_value_error("I/O operation on closed file"));
    }
    Ok(state)
}

/// Text with its ends of lines as the file keeps them.
fn kept(vm: &mut Vm, state: &Memory, text: Value) -> Result<Value, Raised> {
    let newline = state.newline.get();
    let mut text = text;
    if newline.is_universal() {
        let mut seen = state.seen.get();
        text = translated(vm, text, newline == Newline::Translated, &mut seen)?;
        state.seen.set(seen);
    }
    let Some(end) = newline.written() else { return Ok(text) };
    let mut result = TextBuilder::new();
    for point in vm.units(text).iter() {
        if point == 10 { result.push_str(end) } else { result.push(point) }
    }
    result.finish(vm)
}

fn put(cx: &Cx, file: Handle<'_>, text: Value) -> Result<(), Raised> {
    let (vm, state) = (cx.vm(), this(cx, file)?);
    let text = kept(vm, state, text)?;
    let more = vm.units(text);
    let mut buffer = state.text.borrow_mut();
    let Some(buffer) = buffer.as_mut() else { return Ok(()) };
    let (start, len) = (state.position.get(), units(buffer).len());
    if more.is_empty() {
        return Ok(());
    }
    if !vm.heap.may_grow(more.len() * 4) {
        return Err(vm.raise_memory_error());
    }
    vm.heap.count(more.len());
    for _ in len..start {
        buffer.push(0);
    }
    let inside = len.saturating_sub(start).min(more.len());
    if inside > 0 {
        overwrite(buffer, start, more.slice(0, inside));
    }
    buffer.push_units(more.slice(inside, more.len()));
    state.position.set(start + more.len());
    Ok(())
}

fn overwrite(buffer: &mut TextBuilder, start: usize, more: Units<'_>) {
    match (&mut *buffer, more) {
        (TextBuilder::Narrow(bytes), Units::One(units)) => {
            bytes[start..start + units.len()].copy_from_slice(units);
        }
        (TextBuilder::Narrow(bytes), units) => {
            let mut points: Vec<u32> = bytes.iter().map(|byte| u32::from(*byte)).collect();
            points.splice(start..start + units.len(), units.iter());
            *buffer = TextBuilder::Wide(points);
        }
        (TextBuilder::Wide(points), units) => {
            for (i, point) in units.iter().enumerate() {
                points[start + i] = point;
            }
        }
    }
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = args.at(1).value();
    if !text.is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(text);
        return Err(cx.vm().raise_type_error(&format!("string argument expected, got '{ty}'")));
    }
    put(cx, args.at(0), text)?;
    let count = cx.vm().new_int(cx.vm().units(text).len() as i64);
    Ok(cx.local(count))
}

/// Takes the text up to `end`.
fn take_to(cx: &Cx, state: &Memory, end: usize) -> Value {
    let text = state.text.borrow();
    let Some(text) = text.as_ref() else { return cx.vm().empty_str };
    let units = units(text);
    let start = state.position.get().min(units.len());
    let end = end.clamp(start, units.len());
    if end > start {
        state.position.set(end);
    }
    cx.vm().str_from_part(units.slice(start, end))
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    let state = this(cx, args.at(0))?;
    let end = usize::try_from(size).map_or(usize::MAX, |size| state.position.get().saturating_add(size));
    let text = take_to(cx, state, end);
    Ok(cx.local(text))
}

/// Where the line at the position ends.
fn line_end(state: &Memory, limit: i64) -> usize {
    let text = state.text.borrow();
    let Some(text) = text.as_ref() else { return 0 };
    let (units, start) = (units(text), state.position.get());
    if start >= units.len() {
        return start;
    }
    let end = state.newline.get().find(&units, start).unwrap_or(units.len());
    usize::try_from(limit).map_or(end, |limit| end.min(start.saturating_add(limit)))
}

fn readline<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.size_or(args.opt(1), -1)?;
    let state = this(cx, args.at(0))?;
    let line = take_to(cx, state, line_end(state, limit));
    Ok(cx.local(line))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = this(cx, args.at(0))?;
    let line = take_to(cx, state, line_end(state, -1));
    if cx.vm().units(line).is_empty() {
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    Ok(cx.local(line))
}

fn seek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    let offset = cx.c_long(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |whence| cx.c_int(whence))?;
    let message = match whence {
        0 if offset < 0 => format!("Negative seek position {offset}"),
        0 => String::new(),
        1 | 2 if offset != 0 => {
            return Err(cx.vm().raise(cx.vm().exceptions.os_error, "Can't do nonzero cur-relative seeks"));
        }
        1 | 2 => String::new(),
        _ => format!("Invalid whence ({whence}, should be 0, 1 or 2)"),
    };
    if !message.is_empty() {
        return Err(cx.vm().raise_value_error(&message));
    }
    let state = this(cx, args.at(0))?;
    let position = match whence {
        0 => offset as usize,
        1 => state.position.get(),
        _ => state.text.borrow().as_ref().map_or(0, |text| units(text).len()),
    };
    state.position.set(position);
    let position = cx.vm().new_int(position as i64);
    Ok(cx.local(position))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let position = this(cx, args.at(0))?.position.get();
    let position = cx.vm().new_int(position as i64);
    Ok(cx.local(position))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let position = this(cx, args.at(0))?.position.get();
    let size = cx.size_or(args.opt(1), position as i64)?;
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.vm().raise_value_error(&format!("Negative size value {size}")));
    };
    match this(cx, args.at(0))?.text.borrow_mut().as_mut() {
        Some(TextBuilder::Narrow(bytes)) => bytes.truncate(size),
        Some(TextBuilder::Wide(points)) => points.truncate(size),
        None => {}
    }
    let size = cx.vm().new_int(size as i64);
    Ok(cx.local(size))
}

fn whole(cx: &Cx, file: Handle<'_>) -> Result<Value, Raised> {
    let state = this(cx, file)?;
    let text = state.text.borrow();
    Ok(text.as_ref().map_or(cx.vm().empty_str, |text| cx.vm().str_from_part(units(text))))
}

fn getvalue<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = whole(cx, args.at(0))?;
    Ok(cx.local(text))
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    super::state::<Memory>(cx, args.at(0))?.text.borrow_mut().take();
    Ok(cx.none())
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let closed = super::state::<Memory>(cx, args.at(0))?.text.borrow().is_none();
    Ok(cx.bool(closed))
}

fn yes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(cx.bool(true))
}

fn no<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args.at(0))?;
    Ok(cx.bool(false))
}

fn newlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seen = this(cx, args.at(0))?.seen.get();
    let value = seen_value(cx.vm(), seen);
    Ok(cx.local(value))
}

fn newline_value(vm: &mut Vm, newline: Newline) -> Value {
    match newline {
        Newline::Translated => Value::NONE,
        Newline::Universal => vm.empty_str,
        Newline::Lf => vm.intern("\n"),
        Newline::Cr => vm.intern("\r"),
        Newline::CrLf => vm.intern("\r\n"),
    }
}

fn getstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = whole(cx, args.at(0))?;
    let state = this(cx, args.at(0))?;
    let vm = cx.vm();
    let (newline, position) =
        (newline_value(vm, state.newline.get()), vm.new_int(state.position.get() as i64));
    let dict = vm.instance_dict(args.at(0).value());
    let dict = dict.filter(|dict| !crate::dict_ops::dict_data(*dict).is_empty()).unwrap_or(Value::NONE);
    let state = vm.new_tuple(&[text, newline, position, dict]);
    Ok(cx.local(state))
}

fn setstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parts = cx.vm().sequence_values(args.at(1).value());
    let [text, newline, position, dict, ..] = parts.as_slice() else {
        let ty = cx.vm().type_name_of(args.at(0).value());
        let message = format!("{ty}.__setstate__ argument should be 4-tuple");
        return Err(cx.vm().raise_type_error(&message));
    };
    let (text, newline, dict) = (cx.root_value(*text), cx.root_value(*newline), *dict);
    let position = position.as_int().unwrap_or(0).max(0) as usize;
    let newline = Newline::read(cx, Some(newline.handle()), "StringIO()")?;
    let state = super::state::<Memory>(cx, args.at(0))?;
    let mut kept = TextBuilder::new();
    kept.push_units(cx.vm().units(text.value()));
    *state.text.borrow_mut() = Some(kept);
    state.newline.set(newline);
    state.position.set(position);
    if dict.is_kind(Kind::Dict)
        && let Some(own) = cx.vm().instance_dict(args.at(0).value())
    {
        for entry in crate::dict_ops::dict_data(dict).iter().copied().collect::<Vec<_>>() {
            cx.vm().dict_set_str(own, entry.key, entry.value);
        }
    }
    Ok(cx.none())
}
