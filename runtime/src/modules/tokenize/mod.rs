//! `_tokenize`: the tokens of source text, for module `tokenize`.

mod fstring;
mod lexer;
mod number;

use std::cell::RefCell;

use lexer::{ErrorClass, LexError, Lexer, Token, kind};

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::types::exceptions::raise_compile_failure;
use crate::types::functional::native_state;
use crate::types::shared::ITER_ITSELF;
use crate::value::Value;
use crate::vm::{CompileFailure, Vm};

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, readline, *, encoding=None, extra_tokens=False", new),
    ITER_ITSELF,
    NativeDef::new("__next__", "$self, /", next),
];

native_state!(
    /// The iterator's state: the lexer, once the lines were read.
    Tokens { readline ; ; is_bytes: bool, extra: bool, lexer: RefCell<Option<Lexer>> }
);

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let ty = vm.new_module_type("_tokenize", "TokenizerIter", Kind::Boxed, 0, METHODS);
    super::set(vm, dict, "TokenizerIter", ty);
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let extra = cx.flag(args.opt(3), false)?;
    let state = Tokens {
        readline: Slot::of(args.at(1).value()),
        is_bytes: args.some(2).is_some(),
        extra,
        lexer: RefCell::default(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

/// Reads lines until there are no more.
fn read_all(cx: &mut Cx, readline: Handle<'_>, is_bytes: bool) -> Result<Vec<u32>, Raised> {
    let mut text = Vec::new();
    loop {
        let line = match cx.call(readline, &[]) {
            Ok(line) => line,
            Err(Raised) if cx.vm().clear_if(cx.vm().exceptions.stop_iteration) => return Ok(text),
            Err(Raised) => return Err(Raised),
        };
        let before = text.len();
        match line.value().kind() {
            Some(Kind::Str) if !is_bytes => text.extend(cx.vm().units(line.value()).iter()),
            Some(Kind::Bytes) if is_bytes => {
                let bytes = crate::types::bytes::slice_of(line.value());
                text.extend(String::from_utf8_lossy(bytes).chars().map(u32::from));
            }
            _ => {
                let wanted = if is_bytes { "bytes" } else { "str" };
                let message = format!("readline() returned a non-{wanted} object");
                return Err(cx.vm().raise_type_error(&message));
            }
        }
        if text.len() == before {
            return Ok(text);
        }
    }
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Tokens>(args.at(0))?;
    if state.lexer.borrow().is_none() {
        let readline = cx.root_value(state.readline.value());
        let is_bytes = state.is_bytes;
        let text = read_all(cx, readline.handle(), is_bytes)?;
        *cx.state::<Tokens>(args.at(0))?.lexer.borrow_mut() = Some(Lexer::new(text));
    }
    let state = cx.state::<Tokens>(args.at(0))?;
    let mut lexer = state.lexer.borrow_mut();
    let lexer = lexer.as_mut().expect("made above");
    let token = loop {
        match lexer.next() {
            Ok(Some(token)) if !state.extra && matches!(token.kind, kind::COMMENT | kind::NL) => {}
            Ok(token) => break token,
            Err(error) => return Err(raise(cx, lexer, &error)),
        }
    };
    match token {
        Some(token) => {
            let info = info(cx.vm(), lexer, token, state.extra);
            Ok(cx.local(info))
        }
        None => Err(cx.vm().raise_stop_iteration(Value::NONE)),
    }
}

fn text_of(vm: &mut Vm, lexer: &Lexer, (start, end): (usize, usize)) -> Value {
    vm.str_from_points(lexer.text[start.min(end)..end].iter().copied())
}

/// The tuple that a token is.
fn info(vm: &mut Vm, lexer: &Lexer, token: Token, extra: bool) -> Value {
    let mut number = token.kind;
    if number == kind::OP && !extra {
        number = lexer::exact_kind(&lexer.text[token.text.0..token.text.1]);
    }
    // Tokens of strings show all their lines, others the last.
    let is_string =
        matches!(token.kind, kind::STRING | kind::FSTRING_START | kind::FSTRING_MIDDLE | kind::FSTRING_END);
    let lines = if is_string || token.start.0 == token.end.0 {
        token.lines
    } else {
        (lexer.line_start, token.lines.1)
    };
    let place = |vm: &mut Vm, (line, column): (usize, usize)| {
        let (line, column) = (vm.new_int(line as i64), vm.new_int(column as i64));
        vm.new_tuple(&[line, column])
    };
    let (start, end) = (place(vm, token.start), place(vm, token.end));
    let (text, line) = (text_of(vm, lexer, token.text), text_of(vm, lexer, lines));
    vm.new_tuple(&[Value::small(number.into()), text, start, end, line])
}

fn raise(cx: &Cx, lexer: &Lexer, error: &LexError) -> Raised {
    let class = match error.class {
        ErrorClass::Syntax => "SyntaxError",
        ErrorClass::Indentation => "IndentationError",
        ErrorClass::Tab => "TabError",
    };
    let text = lexer.text[error.text.0.min(error.text.1)..error.text.1].iter();
    let text = text.map(|point| char::from_u32(*point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let (line, column) = (Some(error.line as i64), Some(error.column as i64));
    let failure = CompileFailure {
        class,
        message: error.message.clone(),
        line,
        column,
        end_line: line,
        end_column: column,
        text: Some(text),
    };
    raise_compile_failure(cx.vm(), &failure, "<string>")
}
