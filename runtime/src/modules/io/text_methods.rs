//! The methods of `TextIOWrapper`.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

use super::newlines::{Newline, seen_value};
use super::text::{Settings, Text};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new(
        "__init__",
        "$self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False",
        init,
    ),
    NativeDef::new(
        "reconfigure",
        "$self, /, *, encoding=None, errors=None, newline=<unrepresentable>, line_buffering=None, write_through=None",
        reconfigure,
    ),
    NativeDef::new("read", "$self, size=-1, /", read),
    NativeDef::new("readline", "$self, size=-1, /", readline),
    NativeDef::new("write", "$self, text, /", write),
    NativeDef::new("flush", "$self, /", flush),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("detach", "$self, /", detach),
    NativeDef::new("seek", "$self, cookie, whence=0, /", seek),
    NativeDef::new("tell", "$self, /", tell),
    NativeDef::new("truncate", "$self, pos=None, /", truncate),
    NativeDef::new("seekable", "$self, /", seekable),
    NativeDef::new("readable", "$self, /", readable),
    NativeDef::new("writable", "$self, /", writable),
    NativeDef::new("fileno", "$self, /", fileno),
    NativeDef::new("isatty", "$self, /", isatty),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", super::file_io::reduce),
    NativeDef::new("__reduce_ex__", "$self, protocol, /", super::file_io::reduce),
    NativeDef::getter("encoding", encoding),
    NativeDef::getter("errors", errors),
    NativeDef::getter("newlines", newlines),
    NativeDef::getter("buffer", buffer),
    NativeDef::getter("line_buffering", line_buffering),
    NativeDef::getter("write_through", write_through),
    NativeDef::getter("closed", closed),
    NativeDef::getter("name", name),
    NativeDef::attribute("_CHUNK_SIZE", chunk_size, set_chunk_size),
];

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().text;
    super::make(cx, args.at(0), ty, Box::<Text>::default())
}

/// An argument that is None or a string.
fn text_or_none(cx: &mut Cx, value: Option<Handle<'_>>, what: &str) -> Result<Option<String>, Raised> {
    let Some(value) = value.filter(|value| !value.value().is_none()) else { return Ok(None) };
    if !value.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(value.value());
        let message = format!("TextIOWrapper() argument '{what}' must be str or None, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let text = cx.vm().str_lossy(value.value());
    if text.contains('\0') {
        return Err(cx.vm().raise_value_error("embedded null character"));
    }
    Ok(Some(text))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let settings = Settings {
        encoding: text_or_none(cx, args.opt(2), "encoding")?,
        errors: text_or_none(cx, args.opt(3), "errors")?,
        newline: Newline::read(cx, args.opt(4), "TextIOWrapper()")?,
        line_buffering: cx.flag(args.opt(5), false)?,
        write_through: cx.flag(args.opt(6), false)?,
    };
    cx.is_changed(args.at(0));
    cx.set_up_text(args.at(0), args.at(1), settings)?;
    Ok(cx.none())
}

fn reconfigure<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let state = cx.text(this)?;
    let has_read = !state.decoded.value().is_undef();
    let encoding = text_or_none(cx, args.opt(1), "encoding")?;
    let errors = text_or_none(cx, args.opt(2), "errors")?;
    if has_read && (encoding.is_some() || errors.is_some() || args.opt(3).is_some()) {
        let message = "It is not possible to set the encoding or newline of stream after the first read";
        return Err(cx.vm().raise_unsupported(message));
    }
    let line_buffering = args.some(4).map(|flag| cx.truth(flag)).transpose()?;
    let write_through = args.some(5).map(|flag| cx.truth(flag)).transpose()?;
    cx.call_method(this, "flush", &[])?;
    cx.is_changed(this);
    if let Some(newline) = args.opt(3) {
        let newline = Newline::read(cx, Some(newline), "reconfigure()")?;
        cx.text(this)?.newline.set(newline);
    }
    if encoding.is_some() || errors.is_some() {
        let state = cx.text(this)?;
        let old_errors =
            if encoding.is_some() { String::from("strict") } else { state.errors.borrow().clone() };
        let encoding = encoding.unwrap_or_else(|| state.encoding.borrow().clone());
        let encoding = if encoding == "locale" { String::from("UTF-8") } else { encoding };
        cx.set_encoding(this, encoding, errors.unwrap_or(old_errors))?;
    }
    let state = cx.text(this)?;
    if let Some(line_buffering) = line_buffering {
        state.line_buffering.set(line_buffering);
    }
    if let Some(write_through) = write_through {
        state.write_through.set(write_through);
    }
    Ok(cx.none())
}

fn read<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = cx.size_or(args.opt(1), -1)?;
    cx.require_text(args.at(0))?;
    let text = cx.read_text(args.at(0), size)?;
    Ok(cx.local(text))
}

fn readline<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let limit = cx.size_or(args.opt(1), -1)?;
    cx.require_text(args.at(0))?;
    let line = cx.read_text_line(args.at(0), limit)?;
    Ok(cx.local(line))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    if let Some(line) = cx.decoded_line(this) {
        return Ok(cx.local(line));
    }
    let own = cx.vm().io_types().text;
    let line = if cx.vm().type_of(this.value()) == own {
        cx.require_text(this)?;
        cx.text(this)?.telling.set(false);
        cx.read_text_line(this, -1)?
    } else {
        cx.text(this)?.telling.set(false);
        cx.call_method(this, "readline", &[])?.value()
    };
    if line.is_kind(Kind::Str) && cx.vm().units(line).is_empty() {
        let state = cx.text(this)?;
        state.telling.set(true);
        *state.snapshot.borrow_mut() = None;
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    Ok(cx.local(line))
}

fn write<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = args.at(1);
    if !text.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(text.value());
        return Err(cx.vm().raise_type_error(&format!("write() argument must be str, not {ty}")));
    }
    cx.write_text_file(args.at(0), text)?;
    let count = cx.vm().new_int(cx.vm().units(text.value()).len() as i64);
    Ok(cx.local(count))
}

fn flush<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_text(args.at(0))?;
    cx.flush_text(args.at(0))?;
    Ok(cx.none())
}

fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let buffer = cx.buffer_of(args.at(0))?;
    if cx.is_closed(buffer.handle())? {
        return Ok(cx.none());
    }
    let flushed = cx.call_method(args.at(0), "flush", &[]);
    let kept = flushed.is_err().then(|| {
        let exception = cx.vm().take_exception();
        cx.root_value(exception)
    });
    cx.call_method(buffer.handle(), "close", &[])?;
    match kept {
        Some(exception) => Err(cx.vm().raise_again(exception.value())),
        None => Ok(cx.none()),
    }
}

fn detach<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.text(args.at(0))?;
    cx.call_method(args.at(0), "flush", &[])?;
    cx.is_changed(args.at(0));
    let state = cx.text(args.at(0))?;
    let buffer = state.buffer.value();
    state.buffer.clear();
    state.core.borrow_mut().take();
    state.is_detached.set(true);
    Ok(cx.local(buffer))
}

fn seek<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let whence = args.opt(2).map_or(Ok(0), |whence| cx.c_long(whence))?;
    cx.require_text(args.at(0))?;
    let position = cx.seek_text(args.at(0), args.at(1), whence)?;
    Ok(cx.local(position))
}

fn tell<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.require_text(args.at(0))?;
    let position = cx.tell_text(args.at(0))?;
    let position = cx.vm().new_int(position);
    Ok(cx.local(position))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.call_method(args.at(0), "flush", &[])?;
    let buffer = cx.buffer_of(args.at(0))?;
    let size = match args.opt(1) {
        Some(size) => cx.call_method(buffer.handle(), "truncate", &[size])?,
        None => cx.call_method(buffer.handle(), "truncate", &[])?,
    };
    Ok(size.get(cx))
}

/// What the buffered file says.
fn ask<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str) -> Res<'a> {
    let buffer = cx.buffer_of(args.at(0))?;
    let answer = cx.call_method(buffer.handle(), method, &[])?;
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

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut more = String::new();
    if let Some(mode) = cx.get_attr_opt(args.at(0), "mode")? {
        more.push_str(&format!(" mode={}", cx.repr_text(mode.handle())?));
    }
    let encoding = super::state::<Text>(cx, args.at(0))?.encoding.borrow().clone();
    more.push_str(&format!(" encoding='{encoding}'"));
    let text = super::repr_with_name(cx, args.at(0), &more)?;
    Ok(cx.local(text))
}

fn encoding<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let encoding = cx.text(args.at(0))?.encoding.borrow().clone();
    let encoding = cx.vm().new_str(&encoding);
    Ok(cx.local(encoding))
}

fn errors<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let errors = cx.text(args.at(0))?.errors.borrow().clone();
    let errors = cx.vm().new_str(&errors);
    Ok(cx.local(errors))
}

fn newlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seen = cx.text(args.at(0))?.seen.get();
    let value = seen_value(cx.vm(), seen);
    Ok(cx.local(value))
}

fn buffer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let buffer = cx.text(args.at(0))?.buffer.value();
    Ok(cx.local(buffer))
}

fn line_buffering<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = cx.text(args.at(0))?.line_buffering.get();
    Ok(cx.bool(flag))
}

fn write_through<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = cx.text(args.at(0))?.write_through.get();
    Ok(cx.bool(flag))
}

fn closed<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let buffer = cx.buffer_of(args.at(0))?;
    let closed = cx.get_attr(buffer.handle(), "closed")?;
    Ok(closed.get(cx))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let buffer = cx.buffer_of(args.at(0))?;
    let name = cx.get_attr(buffer.handle(), "name")?;
    Ok(name.get(cx))
}

fn chunk_size<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(super::text::CHUNK as i32)))
}

fn set_chunk_size<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}
