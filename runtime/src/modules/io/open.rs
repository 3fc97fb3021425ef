//! `open`: which file classes a mode and a buffering ask for.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;

/// `open`, of `_io` and of the built-in functions.
pub(crate) static OPEN: NativeDef = NativeDef::new(
    "open",
    "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None",
    open,
);

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("open_code", "path", open_code),
    NativeDef::new("text_encoding", "encoding, stacklevel=2, /", text_encoding),
];

/// What a mode string asks for.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    binary: bool,
    text: bool,
}

fn parse_mode(cx: &mut Cx, mode: Handle<'_>) -> Result<Mode, Raised> {
    let text = cx.text_arg(mode, "open() argument 'mode'")?;
    let mut parsed = Mode::default();
    let mut is_wrong = false;
    for c in text.chars() {
        let flag = match c {
            'x' => &mut parsed.creating,
            'r' => &mut parsed.reading,
            'w' => &mut parsed.writing,
            'a' => &mut parsed.appending,
            '+' => &mut parsed.updating,
            't' => &mut parsed.text,
            'b' => &mut parsed.binary,
            _ => {
                is_wrong = true;
                break;
            }
        };
        is_wrong |= std::mem::replace(flag, true);
    }
    let message = if is_wrong {
        let shown = cx.repr_text(mode)?;
        return Err(cx.vm().raise_value_error(&format!("invalid mode: {shown}")));
    } else if parsed.text && parsed.binary {
        "can't have text and binary mode at once"
    } else {
        let ways = [parsed.creating, parsed.reading, parsed.writing, parsed.appending];
        if ways.into_iter().filter(|way| *way).count() == 1 {
            return Ok(parsed);
        }
        "must have exactly one of create/read/write/append mode"
    };
    Err(cx.vm().raise_value_error(message))
}

impl Mode {
    fn raw(&self) -> String {
        [
            (self.creating, 'x'),
            (self.reading, 'r'),
            (self.writing, 'w'),
            (self.appending, 'a'),
            (self.updating, '+'),
        ]
        .into_iter()
        .filter_map(|(flag, c)| flag.then_some(c))
        .collect()
    }
}

/// Arguments that only text files have.
fn check_binary(cx: &mut Cx, args: Args<'_>, mode: &Mode) -> Result<(), Raised> {
    if !mode.binary {
        return Ok(());
    }
    for (index, name) in [(3, "an encoding"), (4, "an errors"), (5, "a newline")] {
        if args.some(index).is_some() {
            let message = format!("binary mode doesn't take {name} argument");
            return Err(cx.vm().raise_value_error(&message));
        }
    }
    Ok(())
}

fn open<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let default = cx.vm().intern("r");
    let default = cx.root_value(default);
    let mode_arg = args.opt(1).unwrap_or(default.handle());
    let mode = parse_mode(cx, mode_arg)?;
    let buffering = args.opt(2).map_or(Ok(-1), |buffering| cx.c_long(buffering))?;
    for (index, name) in [(3, "encoding"), (4, "errors"), (5, "newline")] {
        if let Some(value) = args.some(index).filter(|value| !value.value().is_kind(Kind::Str)) {
            let ty = cx.vm().type_name_of(value.value());
            let message = format!("open() argument '{name}' must be str or None, not {ty}");
            return Err(cx.vm().raise_type_error(&message));
        }
    }
    check_binary(cx, args, &mode)?;
    let raw = open_raw(cx, args, &mode)?;
    match wrap(cx, args, mode_arg, &mode, buffering, &raw) {
        Ok(file) => Ok(file.get(cx)),
        Err(Raised) => {
            let exception = cx.vm().take_exception();
            let exception = cx.root_value(exception);
            if cx.call_method(raw.handle(), "close", &[]).is_err() {
                cx.vm().take_exception();
            }
            Err(cx.vm().raise_again(exception.value()))
        }
    }
}

fn open_raw(cx: &mut Cx, args: Args<'_>, mode: &Mode) -> Result<Root, Raised> {
    let class = cx.vm().io_types().file;
    let class = cx.root_value(class);
    let raw_mode = cx.vm().new_str(&mode.raw());
    let raw_mode = cx.root_value(raw_mode);
    let closefd = cx.root_value(args.opt(6).map_or(Value::TRUE, Handle::value));
    let opener = cx.root_value(args.opt(7).map_or(Value::NONE, Handle::value));
    if !cx.vm().is_any_int(args.at(0).value()) {
        // As the type error of a wrong argument tells it.
        cx.fspath(args.at(0))?;
    }
    cx.call(class.handle(), &[args.at(0), raw_mode.handle(), closefd.handle(), opener.handle()])
}

/// The buffered file and the text file around a raw one, as far as they are asked for.
fn wrap(
    cx: &mut Cx,
    args: Args<'_>,
    mode_arg: Handle<'_>,
    mode: &Mode,
    buffering: i64,
    raw: &Root,
) -> Result<Root, Raised> {
    let is_terminal = buffering < 0 && cx.says(raw.handle(), "isatty")?;
    let line_buffering = buffering == 1 && !mode.binary || is_terminal;
    let size =
        if buffering < 0 || buffering == 1 && !mode.binary { super::BUFFER_SIZE as i64 } else { buffering };
    if size == 0 {
        if mode.binary {
            return Ok(cx.root_value(raw.value()));
        }
        return Err(cx.vm().raise_value_error("can't have unbuffered text I/O"));
    }
    let types = cx.vm().io_types();
    let class = if mode.updating {
        types.random
    } else if mode.reading {
        types.reader
    } else {
        types.writer
    };
    let class = cx.root_value(class);
    let size = cx.vm().new_int(size);
    let size = cx.root_value(size);
    let buffered = cx.call(class.handle(), &[raw.handle(), size.handle()])?;
    if mode.binary {
        return Ok(buffered);
    }
    let class = cx.root_value(types.text);
    let none = cx.root_value(Value::NONE);
    let line_buffering = cx.root_value(Value::from_bool(line_buffering));
    let argument = |index: usize| args.opt(index).unwrap_or(none.handle());
    let text = cx.call(
        class.handle(),
        &[buffered.handle(), argument(3), argument(4), argument(5), line_buffering.handle()],
    )?;
    cx.set_attr(text.handle(), "mode", mode_arg)?;
    Ok(text)
}

fn open_code<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let open = cx.module_attr("_io", "open")?;
    let mode = cx.vm().intern("rb");
    let mode = cx.root_value(mode);
    let file = cx.call(open.handle(), &[args.at(0), mode.handle()])?;
    Ok(file.get(cx))
}

fn text_encoding<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if args.at(0).value().is_none() {
        let locale = cx.vm().intern("locale");
        return Ok(cx.local(locale));
    }
    Ok(args.at(0).get(cx))
}
