//! Writing a document: `make_encoder`.

use std::any::Any;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::value::Value;

use super::quote::{native_quoting, push_quoted};

/// What an encoder is told.
struct Encoder {
    /// None: containers are not looked for in themselves.
    markers: Slot,
    default: Slot,
    /// What puts a string in quotes.
    quoting: Slot,
    /// A string, or None for a document in one line.
    indent: Slot,
    key_separator: Slot,
    item_separator: Slot,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
}

impl Payload for Encoder {
    fn trace(&self, marker: &mut Marker) {
        let slots = [&self.markers, &self.default, &self.quoting, &self.indent, &self.key_separator];
        for slot in slots.into_iter().chain([&self.item_separator]) {
            slot.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat(
        "__new__",
        "type, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan",
        new,
    ),
    NativeDef::new("__call__", "$self, obj, _current_indent_level", call),
    NativeDef::getter("markers", markers),
    NativeDef::getter("default", default),
    NativeDef::getter("encoder", quoting),
    NativeDef::getter("indent", indent),
    NativeDef::getter("key_separator", key_separator),
    NativeDef::getter("item_separator", item_separator),
    NativeDef::getter("sort_keys", sort_keys),
    NativeDef::getter("skipkeys", skip_keys),
];

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let markers = args.at(1).value();
    if !markers.is_none() && !markers.is_kind(Kind::Dict) {
        let ty = cx.vm().type_name_of(markers);
        let message = format!("make_encoder() argument 1 must be dict or None, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    for index in [5, 6] {
        cx.check_str(args.at(index), &format!("make_encoder() argument {index}"))?;
    }
    let slot = |index: usize| Slot::of(args.at(index).value());
    let encoder = Encoder {
        markers: slot(1),
        default: slot(2),
        quoting: slot(3),
        indent: slot(4),
        key_separator: slot(5),
        item_separator: slot(6),
        sort_keys: cx.truth(args.at(7))?,
        skip_keys: cx.truth(args.at(8))?,
        allow_nan: cx.truth(args.at(9))?,
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(args.at(0).value());
    let encoder = vm.new_boxed(shape, Box::new(encoder));
    Ok(cx.local(encoder))
}

fn own<'a>(cx: &'a Cx, args: Args<'_>) -> &'a Encoder {
    cx.payload::<Encoder>(args.at(0)).expect("methods of encoders get one")
}

macro_rules! slots {
    ($($name:ident)*) => {
        $(
            fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
                let value = own(cx, args).$name.value();
                Ok(cx.local(value))
            }
        )*
    };
}
slots! { markers default quoting indent key_separator item_separator }

fn sort_keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = own(cx, args).sort_keys;
    Ok(cx.bool(flag))
}

fn skip_keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = own(cx, args).skip_keys;
    Ok(cx.bool(flag))
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let level = cx.c_long(args.at(2))?;
    let state = own(cx, args);
    let text_of = |value: Value| cx.vm().units(value).iter().collect::<Vec<u32>>();
    let has_indent = state.indent.value().is_kind(Kind::Str);
    let mut writer = Writer {
        args,
        text: TextBuilder::new(),
        open: Vec::new(),
        quoting: native_quoting(state.quoting.value()),
        has_markers: !state.markers.value().is_none(),
        indent: if has_indent { text_of(state.indent.value()) } else { Vec::new() },
        has_indent,
        level: usize::try_from(level).unwrap_or(0),
    };
    let object = cx.root_value(args.at(1).value());
    writer.write(cx, object)?;
    let text = writer.text.finish(cx.vm())?;
    let chunks = cx.vm().new_tuple(&[text]);
    Ok(cx.local(chunks))
}

/// What is being written.
enum Open {
    /// The items of a list or tuple, and how many were begun.
    Array { object: Root, items: Root, next: usize },
    /// A list of pairs, how many were looked at, and whether one was written.
    Object { object: Root, pairs: Root, next: usize, is_begun: bool },
    /// What `default` made of an object.
    Made { object: Root },
}

impl Open {
    fn object(&self) -> Value {
        match self {
            Self::Array { object, .. } | Self::Object { object, .. } | Self::Made { object } => {
                object.value()
            }
        }
    }
}

struct Writer<'r> {
    args: Args<'r>,
    text: TextBuilder,
    open: Vec<Open>,
    quoting: Option<bool>,
    has_markers: bool,
    indent: Vec<u32>,
    has_indent: bool,
    level: usize,
}

impl Writer<'_> {
    fn write(&mut self, cx: &mut Cx, object: Root) -> Result<(), Raised> {
        let mut current = Some(object);
        loop {
            while let Some(object) = current.take() {
                current = self.value(cx, object)?;
            }
            loop {
                let Some(open) = self.open.pop() else { return Ok(()) };
                current = match open {
                    Open::Made { .. } => None,
                    Open::Array { object, items, next } => self.next_item(cx, object, items, next)?,
                    Open::Object { object, pairs, next, is_begun } => {
                        self.next_pair(cx, object, pairs, next, is_begun)?
                    }
                };
                if current.is_some() {
                    break;
                }
            }
        }
    }

    /// Begins a value: a scalar is written, a container opened. What `default` makes of another object is returned:
    /// it is to be written in its place.
    fn value(&mut self, cx: &mut Cx, object: Root) -> Result<Option<Root>, Raised> {
        let value = object.value();
        if value.is_none() {
            self.text.push_str("null");
        } else if value.is_bool() {
            self.text.push_str(if value == Value::TRUE { "true" } else { "false" });
        } else if value.is_kind(Kind::Str) {
            self.string(cx, object.handle())?;
        } else if cx.vm().is_any_int(value) {
            self.int(cx, value)?;
        } else if let Some(float) = cx.vm().float_of(value) {
            self.float(cx, float)?;
        } else if matches!(value.kind(), Some(Kind::List | Kind::Tuple)) {
            self.array(cx, object)?;
        } else if value.is_kind(Kind::Dict) {
            self.object(cx, object)?;
        } else {
            return self.made(cx, object).map(Some);
        }
        Ok(None)
    }

    fn string(&mut self, cx: &mut Cx, string: Handle<'_>) -> Result<(), Raised> {
        if let Some(ascii) = self.quoting {
            push_quoted(&mut self.text, cx.vm().units(string.value()), ascii);
            return Ok(());
        }
        let encoder = cx.root_value(own(cx, self.args).quoting.value());
        let text = cx.call(encoder.handle(), &[string])?;
        if !text.value().is_kind(Kind::Str) {
            let ty = cx.vm().type_name_of(text.value());
            let message = format!("encoder() must return a string, not {ty}");
            return Err(cx.vm().raise_type_error(&message));
        }
        self.text.push_units(cx.vm().units(text.value()));
        Ok(())
    }

    fn int(&mut self, cx: &mut Cx, int: Value) -> Result<(), Raised> {
        let text = crate::types::int::to_decimal(cx.vm(), int)?;
        self.text.push_str(&text);
        Ok(())
    }

    fn float(&mut self, cx: &mut Cx, float: f64) -> Result<(), Raised> {
        if float.is_finite() {
            let text = cx.vm().float_repr(float);
            self.text.push_units(cx.vm().units(text));
            return Ok(());
        }
        let (text, repr) = match float {
            f64::INFINITY => ("Infinity", "inf"),
            f64::NEG_INFINITY => ("-Infinity", "-inf"),
            _ => ("NaN", "nan"),
        };
        if !own(cx, self.args).allow_nan {
            let message = format!("Out of range float values are not JSON compliant: {repr}");
            return Err(cx.vm().raise_value_error(&message));
        }
        self.text.push_str(text);
        Ok(())
    }

    /// A line's end and the indentation of what follows.
    fn push_line(&mut self) {
        if !self.has_indent {
            return;
        }
        self.text.push(10);
        for _ in 0..self.level {
            self.indent.iter().for_each(|point| self.text.push(*point));
        }
    }

    /// Raises if an object is open already, or too many are.
    fn check(&self, cx: &mut Cx, object: &Root) -> Result<(), Raised> {
        if self.has_markers && self.open.iter().any(|open| open.object() == object.value()) {
            return Err(cx.vm().raise_value_error("Circular reference detected"));
        }
        if self.open.len() >= super::DEPTH {
            let message = "maximum recursion depth exceeded while encoding a JSON object";
            return Err(cx.vm().raise_recursion_error(message));
        }
        Ok(())
    }

    fn made(&mut self, cx: &mut Cx, object: Root) -> Result<Root, Raised> {
        self.check(cx, &object)?;
        let default = cx.root_value(own(cx, self.args).default.value());
        let made = cx.call(default.handle(), &[object.handle()])?;
        self.open.push(Open::Made { object });
        Ok(made)
    }

    fn array(&mut self, cx: &mut Cx, object: Root) -> Result<(), Raised> {
        if cx.vm().sequence_item(object.value(), 0).is_none() {
            self.text.push_str("[]");
            return Ok(());
        }
        self.check(cx, &object)?;
        self.text.push(91);
        self.level += 1;
        let items = cx.root_value(object.value());
        self.open.push(Open::Array { object, items, next: 0 });
        Ok(())
    }

    fn next_item(
        &mut self,
        cx: &mut Cx,
        object: Root,
        items: Root,
        next: usize,
    ) -> Result<Option<Root>, Raised> {
        let Some(item) = cx.vm().sequence_item(items.value(), next) else {
            self.level -= 1;
            self.push_line();
            self.text.push(93);
            return Ok(None);
        };
        if next > 0 {
            self.separator(cx, |state| &state.item_separator);
        }
        self.push_line();
        self.open.push(Open::Array { object, items, next: next + 1 });
        Ok(Some(cx.root_value(item)))
    }

    fn separator(&mut self, cx: &Cx, which: fn(&Encoder) -> &Slot) {
        let separator = which(own(cx, self.args)).value();
        self.text.push_units(cx.vm().units(separator));
    }

    fn object(&mut self, cx: &mut Cx, object: Root) -> Result<(), Raised> {
        if cx.len(object.handle())? == 0 {
            self.text.push_str("{}");
            return Ok(());
        }
        self.check(cx, &object)?;
        let items = cx.call_method(object.handle(), "items", &[])?;
        let pairs = cx.collect(items.handle())?;
        if own(cx, self.args).sort_keys {
            cx.call_method(pairs.handle(), "sort", &[])?;
        }
        self.text.push(123);
        self.level += 1;
        self.open.push(Open::Object { object, pairs, next: 0, is_begun: false });
        Ok(())
    }

    fn next_pair(
        &mut self,
        cx: &mut Cx,
        object: Root,
        pairs: Root,
        mut next: usize,
        is_begun: bool,
    ) -> Result<Option<Root>, Raised> {
        while let Some(pair) = cx.vm().sequence_item(pairs.value(), next) {
            next += 1;
            let parts = cx.vm().sequence_values(pair);
            let &[key, value] = parts.as_slice() else {
                return Err(cx.vm().raise_value_error("items must return 2-tuples"));
            };
            let (key, value) = (cx.root_value(key), cx.root_value(value));
            let Some(key) = self.key(cx, key)? else { continue };
            if is_begun {
                self.separator(cx, |state| &state.item_separator);
            }
            self.push_line();
            self.string(cx, key.handle())?;
            self.separator(cx, |state| &state.key_separator);
            self.open.push(Open::Object { object, pairs, next, is_begun: true });
            return Ok(Some(value));
        }
        self.level -= 1;
        self.push_line();
        self.text.push(125);
        Ok(None)
    }

    /// A key as a string; none if it is left out.
    fn key(&mut self, cx: &mut Cx, key: Root) -> Result<Option<Root>, Raised> {
        let value = key.value();
        if value.is_kind(Kind::Str) {
            return Ok(Some(key));
        }
        let mut text = TextBuilder::new();
        std::mem::swap(&mut text, &mut self.text);
        let is_scalar = value.is_none() || cx.vm().is_any_int(value) || cx.vm().float_of(value).is_some();
        let written = if is_scalar { self.value(cx, key) } else { Ok(None) };
        std::mem::swap(&mut text, &mut self.text);
        written?;
        if is_scalar {
            let key = text.finish(cx.vm())?;
            return Ok(Some(cx.root_value(key)));
        }
        if own(cx, self.args).skip_keys {
            return Ok(None);
        }
        let ty = cx.vm().type_name_of(value);
        let message = format!("keys must be str, int, float, bool or None, not {ty}");
        Err(cx.vm().raise_type_error(&message))
    }
}
