//! Built-in functions about text: `print`, `input`, `repr`, `ascii`, `format`.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::str_object::Units;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("ascii", "obj, /", ascii).doc("Return an ASCII-only representation of an object."),
    NativeDef::new("format", "value, format_spec='', /", format)
        .doc("Return type(value).__format__(value, format_spec)."),
    NativeDef::new("input", "prompt='', /", input).doc("Read a string from standard input."),
    NativeDef::new("print", "*args, sep=' ', end='\\n', file=None, flush=False", print)
        .doc("Prints the values to a stream, or to sys.stdout by default."),
    NativeDef::new("repr", "obj, /", repr).doc("Return the canonical string representation of the object."),
];

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = cx.repr(args.at(0))?;
    Ok(text.get(cx))
}

fn ascii<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let text = cx.vm().door(|vm| vm.convert_value(value, 3))?;
    Ok(cx.local(text))
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let text = match args.opt(1).map(Handle::value) {
        Some(spec) if !spec.is_kind(Kind::Str) => {
            let ty = cx.vm().argument_type(spec);
            return Err(cx.vm().raise_type_error(&format!("format() argument 2 must be str, not {ty}")));
        }
        Some(spec) => cx.vm().door(|vm| vm.format_with_spec(value, spec))?,
        None => cx.vm().door(|vm| vm.format_simple(value))?,
    };
    Ok(cx.local(text))
}

/// Where `print` and `input` write.
enum Sink {
    /// Standard output, whose text file is as it was made.
    Process,
    /// An object with `write`.
    Object(Root),
}

impl Cx {
    /// `sys.<name>`, if it is there.
    fn sys_stream(&self, name: Value) -> Option<Value> {
        self.vm().dict_get_str(self.vm().sys_dict, name)
    }

    fn sink(&self, file: Value) -> Sink {
        if file == self.vm().out.plain_out { Sink::Process } else { Sink::Object(self.root_value(file)) }
    }

    fn write_text(&mut self, sink: &Sink, text: Handle<'_>) -> Result<(), Raised> {
        let file = match sink {
            Sink::Process => match self.write_process(text.value()) {
                Some(written) => return written.map_err(|error| self.vm().raise_io_error(&error, None)),
                None => self.vm().out.plain_out,
            },
            Sink::Object(file) => file.value(),
        };
        let file = self.root_value(file);
        if self.write_natively(file.handle(), text)? {
            return Ok(());
        }
        self.call_method(file.handle(), "write", &[text]).map(drop)
    }

    /// Writes text to standard output, unless it has surrogates.
    fn write_process(&mut self, text: Value) -> Option<std::io::Result<()>> {
        let vm = self.vm();
        let units = vm.units(text);
        match units {
            Units::One(bytes) if bytes.is_ascii() => Some(vm.out.write_out(bytes)),
            Units::One(_) => Some(vm.out.write_out(&units.to_wtf8())),
            units if units.iter().any(|point| (0xD800..0xE000).contains(&point)) => None,
            units => Some(vm.out.write_out(&units.to_wtf8())),
        }
    }

    fn flush_sink(&mut self, sink: &Sink) -> Result<(), Raised> {
        match sink {
            Sink::Process if self.vm().out.captured_out.is_some() => Ok(()),
            Sink::Process => {
                let flushed = self.vm().out.flush_out();
                flushed.map_err(|error| self.vm().raise_io_error(&error, None))
            }
            Sink::Object(file) => self.call_method(file.handle(), "flush", &[]).map(drop),
        }
    }
}

fn print<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let sink = match args.some(2) {
        Some(file) => cx.sink(file.value()),
        None => match cx.sys_stream(cx.vm().names.stdout) {
            Some(stdout) if stdout.is_none() => return Ok(cx.none()),
            Some(stdout) => cx.sink(stdout),
            None => return Err(cx.vm().raise_runtime_error("lost sys.stdout")),
        },
    };
    let separator = separator(cx, args.some(0), "sep", " ")?;
    let end = separator_end(cx, args.some(1))?;
    for (i, arg) in args.rest().enumerate() {
        if i > 0 {
            cx.write_text(&sink, separator.handle())?;
        }
        let text = cx.str(arg)?;
        cx.write_text(&sink, text.handle())?;
    }
    cx.write_text(&sink, end.handle())?;
    if args.opt(3).map_or(Ok(false), |flush| cx.truth(flush))? {
        cx.flush_sink(&sink)?;
    }
    Ok(cx.none())
}

fn separator_end(cx: &mut Cx, end: Option<Handle<'_>>) -> Result<Root, Raised> {
    separator(cx, end, "end", "\n")
}

/// A `sep` or `end` argument.
fn separator(cx: &mut Cx, given: Option<Handle<'_>>, name: &str, default: &str) -> Result<Root, Raised> {
    match given {
        None => {
            let default = cx.vm().intern(default);
            Ok(cx.root_value(default))
        }
        Some(given) if given.value().is_kind(Kind::Str) => Ok(cx.root_value(given.value())),
        Some(given) => {
            let ty = cx.vm().type_name_of(given.value());
            Err(cx.vm().raise_type_error(&format!("{name} must be None or a string, not {ty}")))
        }
    }
}

/// A stream that `input` needs.
fn needed_stream(cx: &Cx, name: Value, shown: &str) -> Result<Root, Raised> {
    match cx.sys_stream(name).filter(|stream| !stream.is_none()) {
        Some(stream) => Ok(cx.root_value(stream)),
        None => Err(cx.vm().raise_runtime_error(&format!("input(): lost sys.{shown}"))),
    }
}

fn input<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = cx.vm().names;
    let stdin = needed_stream(cx, names.stdin, "stdin")?;
    let stdout = needed_stream(cx, names.stdout, "stdout")?;
    let stderr = needed_stream(cx, names.stderr, "stderr")?;
    if stderr.value() != cx.vm().out.plain_err && cx.call_method(stderr.handle(), "flush", &[]).is_err() {
        cx.vm().exception = Value::UNDEF;
    }
    let sink = cx.sink(stdout.value());
    if let Some(prompt) = args.opt(0) {
        let text = cx.str(prompt)?;
        cx.write_text(&sink, text.handle())?;
    }
    cx.flush_sink(&sink)?;
    let line = cx.call_method(stdin.handle(), "readline", &[])?;
    if !line.value().is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("object.readline() returned non-string"));
    }
    let units = cx.vm().units(line.value());
    if units.is_empty() {
        return Err(cx.vm().raise_eof_error("EOF when reading a line"));
    }
    let end = units.len() - usize::from(units.at(units.len() - 1) == u32::from('\n'));
    let line = cx.vm().str_from_part(units.slice(0, end));
    Ok(cx.local(line))
}
