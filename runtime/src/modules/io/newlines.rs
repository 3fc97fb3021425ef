//! Ends of lines: how they are found and translated, and `IncrementalNewlineDecoder`.

use std::cell::Cell as StdCell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;
use crate::vm::Vm;

const CR: u32 = 13;
const LF: u32 = 10;

/// Ends of lines that were seen.
pub(super) const SEEN_LF: u8 = 1;
pub(super) const SEEN_CR: u8 = 2;
pub(super) const SEEN_CRLF: u8 = 4;

/// A `newline` argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Newline {
    /// None: every end is read as `\n`, and written as the system's.
    Translated,
    /// The empty string: every end ends a line and stays as it is.
    Universal,
    /// `\n`.
    Lf,
    /// `\r`.
    Cr,
    /// `\r\n`.
    CrLf,
}

impl Newline {
    /// Of an argument that is None or a string.
    pub(super) fn read(cx: &mut Cx, value: Option<Handle<'_>>, function: &str) -> Result<Self, Raised> {
        let Some(value) = value.filter(|value| !value.value().is_none()) else { return Ok(Self::Translated) };
        if !value.value().is_kind(Kind::Str) {
            let ty = cx.vm().type_name_of(value.value());
            let message = format!("{function} argument 'newline' must be str or None, not {ty}");
            return Err(cx.vm().raise_type_error(&message));
        }
        Ok(match cx.vm().str_lossy(value.value()).as_str() {
            "" => Self::Universal,
            "\n" => Self::Lf,
            "\r" => Self::Cr,
            "\r\n" => Self::CrLf,
            _ => {
                let is_string = function.starts_with("StringIO");
                let text = if is_string { cx.repr_text(value)? } else { cx.vm().str_lossy(value.value()) };
                return Err(cx.vm().raise_value_error(&format!("illegal newline value: {text}")));
            }
        })
    }

    /// Whether lines, once they are translated, end at `\n` only.
    pub(super) fn is_line_feed(self) -> bool {
        matches!(self, Self::Translated | Self::Lf)
    }

    /// Whether `\r` and `\r\n` are read as ends of lines too.
    pub(super) fn is_universal(self) -> bool {
        matches!(self, Self::Translated | Self::Universal)
    }

    /// What `\n` is written as, if not as it is.
    pub(super) fn written(self) -> Option<&'static str> {
        match self {
            Self::Cr => Some("\r"),
            Self::CrLf => Some("\r\n"),
            _ => None,
        }
    }

    /// The end of the first line at or after `from`, beyond its end-of-line characters; None if it does not end here.
    pub(super) fn find(self, units: &Units<'_>, from: usize) -> Option<usize> {
        let line_feed = || match units {
            Units::One(bytes) => memchr::memchr(10, &bytes[from..]).map(|at| from + at + 1),
            _ => (from..units.len()).find(|at| units.at(*at) == LF).map(|at| at + 1),
        };
        match self {
            Self::Translated | Self::Lf => line_feed(),
            Self::Cr => (from..units.len()).find(|at| units.at(*at) == CR).map(|at| at + 1),
            Self::CrLf => (from + 1..units.len())
                .find(|at| units.at(*at) == LF && units.at(*at - 1) == CR)
                .map(|at| at + 1),
            Self::Universal => {
                let at = (from..units.len()).find(|at| matches!(units.at(*at), CR | LF))?;
                let is_pair = units.at(at) == CR && at + 1 < units.len() && units.at(at + 1) == LF;
                Some(if is_pair { at + 2 } else { at + 1 })
            }
        }
    }
}

/// Text with every end of line as `\n` if `translate`, and which ends there were.
pub(super) fn translated(vm: &mut Vm, text: Value, translate: bool, seen: &mut u8) -> Result<Value, Raised> {
    let units = vm.units(text);
    let has_cr = match units {
        Units::One(bytes) => memchr::memchr(13, bytes).is_some(),
        _ => units.iter().any(|point| point == CR),
    };
    if !has_cr {
        if *seen & SEEN_LF == 0 && units.iter().any(|point| point == LF) {
            *seen |= SEEN_LF;
        }
        return Ok(text);
    }
    let mut result = TextBuilder::new();
    let mut at = 0;
    while at < units.len() {
        let point = units.at(at);
        at += 1;
        if point == CR {
            if at < units.len() && units.at(at) == LF {
                at += 1;
                *seen |= SEEN_CRLF;
            } else {
                *seen |= SEEN_CR;
            }
            result.push(LF);
        } else {
            *seen |= if point == LF { SEEN_LF } else { 0 };
            result.push(point);
        }
    }
    if translate { result.finish(vm) } else { Ok(text) }
}

/// `newlines`: None, a string or a tuple of the ends that were seen.
pub(super) fn seen_value(vm: &mut Vm, seen: u8) -> Value {
    let ends: Vec<Value> = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")]
        .into_iter()
        .filter(|(bit, _)| seen & bit != 0)
        .map(|(_, text)| vm.intern(text))
        .collect();
    match ends.as_slice() {
        [] => Value::NONE,
        [one] => *one,
        _ => vm.new_tuple(&ends),
    }
}

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, decoder, translate, errors='strict'", init),
    NativeDef::new("decode", "$self, input, final=False", decode),
    NativeDef::new("getstate", "$self, /", getstate),
    NativeDef::new("setstate", "$self, state, /", setstate),
    NativeDef::new("reset", "$self, /", reset),
    NativeDef::getter("newlines", newlines),
];

struct Decoder {
    inner: Slot,
    translate: StdCell<bool>,
    pending_cr: StdCell<bool>,
    seen: StdCell<u8>,
}

impl Payload for Decoder {
    fn trace(&self, marker: &mut Marker) {
        self.inner.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().io_types().newline_decoder;
    let state = Decoder {
        inner: Slot::empty(),
        translate: StdCell::new(false),
        pending_cr: StdCell::new(false),
        seen: StdCell::new(0),
    };
    super::make(cx, args.at(0), ty, Box::new(state))
}

fn this<'a>(cx: &'a Cx, args: Args<'_>) -> Result<&'a Decoder, Raised> {
    let state = super::state::<Decoder>(cx, args.at(0))?;
    if state.inner.value().is_undef() {
        return Err(cx.vm().raise_value_error("IncrementalNewlineDecoder.__init__() not called"));
    }
    Ok(state)
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let translate = cx.truth(args.at(2))?;
    let state = super::state::<Decoder>(cx, args.at(0))?;
    state.inner.set_value(args.at(1).value());
    state.translate.set(translate);
    Ok(cx.none())
}

fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let last = cx.flag(args.opt(2), false)?;
    let decoder = this(cx, args)?.inner.value();
    let text = if decoder.is_none() {
        cx.root_value(args.at(1).value())
    } else {
        let decoder = cx.root_value(decoder);
        let last = cx.root_value(Value::from_bool(last));
        cx.call_method(decoder.handle(), "decode", &[args.at(1), last.handle()])?
    };
    if !text.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(text.value());
        let message = format!("decoder should return a string result, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    let text = hold_back_cr(cx, args, &text, last)?;
    let state = this(cx, args)?;
    let mut seen = state.seen.get();
    let result = translated(cx.vm(), text, state.translate.get(), &mut seen)?;
    state.seen.set(seen);
    Ok(cx.local(result))
}

/// Puts back the `\r` that the last piece ended with, and keeps this piece's: a `\n` may follow.
fn hold_back_cr(cx: &Cx, args: Args<'_>, text: &Root, last: bool) -> Result<Value, Raised> {
    let (vm, state) = (cx.vm(), this(cx, args)?);
    let mut value = text.value();
    if state.pending_cr.get() && (last || !vm.units(value).is_empty()) {
        let cr = vm.intern("\r");
        state.pending_cr.set(false);
        value = vm.concat(cr, value).ok_or_else(|| vm.raise_memory_error())?;
    }
    let units = vm.units(value);
    if !last && !units.is_empty() && units.at(units.len() - 1) == CR {
        state.pending_cr.set(true);
        value = vm.str_from_part(units.slice(0, units.len() - 1));
    }
    Ok(value)
}

fn getstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let decoder = this(cx, args)?.inner.value();
    let (bytes, flag) = if decoder.is_none() {
        (cx.root_value(cx.vm().empty_bytes), 0)
    } else {
        let decoder = cx.root_value(decoder);
        let state = cx.call_method(decoder.handle(), "getstate", &[])?;
        let parts = cx.vm().sequence_values(state.value());
        match parts.as_slice() {
            [bytes, flag] if cx.vm().int_of(*flag).is_some() => {
                (cx.root_value(*bytes), cx.vm().int_of(*flag).unwrap_or(0))
            }
            _ => return Err(cx.vm().raise_type_error("illegal decoder state")),
        }
    };
    let flag = flag << 1 | i64::from(this(cx, args)?.pending_cr.get());
    let flag = cx.vm().new_int(flag);
    let pair = cx.vm().new_tuple(&[bytes.value(), flag]);
    Ok(cx.local(pair))
}

fn setstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parts = cx.vm().sequence_values(args.at(1).value());
    let [bytes, flag] = parts.as_slice() else {
        return Err(cx.vm().raise_type_error("state argument must be a tuple"));
    };
    let Some(number) = cx.vm().int_of(*flag) else {
        return Err(cx.vm().raise_type_error("illegal decoder state"));
    };
    let bytes = cx.root_value(*bytes);
    let state = this(cx, args)?;
    state.pending_cr.set(number & 1 != 0);
    let decoder = state.inner.value();
    if !decoder.is_none() {
        let decoder = cx.root_value(decoder);
        let number = cx.vm().new_int(number >> 1);
        let state = cx.vm().new_tuple(&[bytes.value(), number]);
        let state = cx.root_value(state);
        cx.call_method(decoder.handle(), "setstate", &[state.handle()])?;
    }
    Ok(cx.none())
}

fn reset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = this(cx, args)?;
    state.seen.set(0);
    state.pending_cr.set(false);
    let decoder = state.inner.value();
    if !decoder.is_none() {
        let decoder = cx.root_value(decoder);
        cx.call_method(decoder.handle(), "reset", &[])?;
    }
    Ok(cx.none())
}

fn newlines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seen = this(cx, args)?.seen.get();
    let value = seen_value(cx.vm(), seen);
    Ok(cx.local(value))
}
