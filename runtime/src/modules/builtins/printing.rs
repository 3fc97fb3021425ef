//! Built-in functions about text: `print`, `input`, `repr`, `ascii`, `format`.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
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
    /// The process's standard output, buffered by the thread state.
    Process,
    /// An object with `write`.
    Object(Root),
}

impl Cx {
    /// `sys.<name>`, if it is there.
    fn sys_stream(&self, name: Value) -> Option<Value> {
        self.vm().dict_get_str(self.vm().sys_dict, name)
    }

    fn write_text(&mut self, sink: &Sink, text: Handle<'_>) -> Result<(), Raised> {
        match sink {
            Sink::Process => {
                let vm = self.vm();
                let units = vm.units(text.value());
                let written = match units {
                    crate::str_object::Units::One(bytes) if bytes.is_ascii() => vm.out.write_out(bytes),
                    units => vm.out.write_out(&units.to_wtf8()),
                };
                written.map_err(|error| self.vm().raise_io_error(&error, None))
            }
            Sink::Object(file) => self.call_method(file.handle(), "write", &[text]).map(drop),
        }
    }
}

fn print<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let sink = match args.some(2) {
        Some(file) => Sink::Object(cx.root_value(file.value())),
        None => match cx.sys_stream(cx.vm().names.stdout) {
            Some(stdout) if stdout.is_none() => return Ok(cx.none()),
            Some(stdout) => Sink::Object(cx.root_value(stdout)),
            None => Sink::Process,
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
    let flush = match args.opt(3) {
        Some(flush) => cx.truth(flush)?,
        None => false,
    };
    if flush {
        match &sink {
            Sink::Process => {
                let flushed = cx.vm().out.flush_out();
                flushed.map_err(|error| cx.vm().raise_io_error(&error, None))?;
            }
            Sink::Object(file) => drop(cx.call_method(file.handle(), "flush", &[])?),
        }
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

fn input<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = cx.vm().names;
    let sink = match cx.sys_stream(names.stdout) {
        Some(stdout) if stdout.is_none() => {
            return Err(cx.vm().raise_runtime_error("input(): lost sys.stdout"));
        }
        Some(stdout) => Sink::Object(cx.root_value(stdout)),
        None => Sink::Process,
    };
    if let Some(prompt) = args.opt(0) {
        let text = cx.str(prompt)?;
        cx.write_text(&sink, text.handle())?;
    }
    match &sink {
        Sink::Object(file) => drop(cx.call_method(file.handle(), "flush", &[])?),
        Sink::Process => {
            let flushed = cx.vm().out.flush_out();
            flushed.map_err(|error| cx.vm().raise_io_error(&error, None))?;
        }
    }
    let line = match cx.sys_stream(names.stdin) {
        Some(stdin) if stdin.is_none() => return Err(cx.vm().raise_runtime_error("input(): lost sys.stdin")),
        Some(stdin) => {
            let stdin = cx.root_value(stdin);
            cx.call_method(stdin.handle(), "readline", &[])?
        }
        None => read_line(cx)?,
    };
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

/// A line of the process's standard input, with its end.
fn read_line(cx: &mut Cx) -> Result<Root, Raised> {
    let mut line = Vec::new();
    let mut byte = [0];
    loop {
        match cx.vm().out.read_in(&mut byte) {
            Ok(0) => break,
            Ok(_) => line.push(byte[0]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                cx.poll()?;
                continue;
            }
            Err(error) => return Err(cx.vm().raise_io_error(&error, None)),
        }
        if byte[0] == b'\n' {
            break;
        }
    }
    let text = cx.vm().new_str(&String::from_utf8_lossy(&line));
    Ok(cx.root_value(text))
}
