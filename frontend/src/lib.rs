//! Python 3.13 source to CPython 3.13 wordcode.
//!
//! The stages, in order: decode, parse, lower to the compiler's own tree, fold constants, build the symbol table,
//! generate code, and for each unit of code optimize and assemble.

mod ast;
pub mod backend;
mod codegen;
mod diagnose;
mod encodings;
mod error;
mod fold;
mod future;
pub mod interactive;
pub mod ir;
mod lower;
mod names;
mod parse;
mod scan;
mod symtable;
mod tree;

use bytecode::CodeObject;

pub use crate::error::{CompileError, ErrorKind, Warning};
use crate::error::{Compiled, Fault, fault};
use crate::ir::{Location, Unit};
use crate::lower::Lines;
use crate::names::Interner;
pub use crate::tree::TreeStep;

/// What the source is: the third argument of Python's `compile`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// A module.
    #[default]
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement: values of expression statements are printed.
    Single,
}

/// How to compile.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CompileOptions {
    /// What the source is.
    pub mode: Mode,
    /// `-O` level, 0 to 2.
    pub optimize: u8,
    /// Future flags inherited from the code that asks for the compilation.
    pub future_flags: u32,
    /// The source is text in UTF-8 already: no byte-order mark and no encoding declaration count.
    pub is_text: bool,
}

/// Compiles source bytes to a code object.
pub fn compile(source: &[u8], filename: &str, options: CompileOptions) -> Result<CodeObject, CompileError> {
    compile_with_warnings(source, filename, options).map(|(code, _)| code)
}

/// Compiles source bytes to a code object, with the warnings that CPython would give.
pub fn compile_with_warnings(
    source: &[u8],
    filename: &str,
    options: CompileOptions,
) -> Result<(CodeObject, Vec<Warning>), CompileError> {
    let assemble = |unit: Unit, _: usize| {
        backend::assemble_unit(unit, filename)
            .map_err(|error| fault(ErrorKind::SystemError, Location::NONE, error.to_string()))
    };
    compile_units(source, filename, options, assemble)
}

/// Compiles source bytes, showing each unit before it is assembled: innermost first, with its nesting depth.
pub fn compile_observed(
    source: &[u8],
    filename: &str,
    options: CompileOptions,
    mut observe: impl FnMut(&Unit, usize) + Send,
) -> Result<CodeObject, CompileError> {
    let assemble = |unit: Unit, depth: usize| {
        observe(&unit, depth);
        backend::assemble_unit(unit, filename)
            .map_err(|error| fault(ErrorKind::SystemError, Location::NONE, error.to_string()))
    };
    compile_units(source, filename, options, assemble).map(|(code, _)| code)
}

fn compile_units(
    source: &[u8],
    filename: &str,
    options: CompileOptions,
    mut assemble: impl FnMut(Unit, usize) -> Compiled<CodeObject> + Send,
) -> Result<(CodeObject, Vec<Warning>), CompileError> {
    let text = parse::decode(source, options.is_text)
        .map_err(|fault| locate(*fault, filename, "", &Lines::new("")))?;
    let lines = Lines::new(&text);
    let mut warnings = Vec::new();
    let result =
        with_stack(text.len(), || compile_text(&text, &lines, options, &mut warnings, &mut assemble));
    let code = result.map_err(|fault| locate(*fault, filename, &text, &lines))?;
    Ok((code, warnings))
}

/// Source of at most this many bytes cannot nest deeply enough to overflow an ordinary stack.
const SHALLOW_SOURCE: usize = 200;
/// Enough stack for the deepest tree that is not refused. Only what is used becomes memory.
const DEEP_STACK: usize = 256 << 20;

/// Runs the recursive stages with enough native stack: longer source on a thread of its own.
fn with_stack<T: Send>(source_length: usize, compile: impl FnOnce() -> Compiled<T> + Send) -> Compiled<T> {
    if source_length <= SHALLOW_SOURCE {
        return compile();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(DEEP_STACK).spawn_scoped(scope, compile);
        let result = thread.map(std::thread::ScopedJoinHandle::join);
        let lost = |message| Err(fault(ErrorKind::MemoryError, Location::NONE, message));
        match result {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => lost(format!("no stack for the compiler: {error}")),
        }
    })
}

/// Parses source bytes to the steps that build its syntax tree.
pub fn parse_tree(
    source: &[u8],
    filename: &str,
    options: CompileOptions,
) -> Result<Vec<TreeStep>, CompileError> {
    let text = parse::decode(source, options.is_text)
        .map_err(|fault| locate(*fault, filename, "", &Lines::new("")))?;
    let lines = Lines::new(&text);
    let steps = with_stack(text.len(), || {
        let mut names = Interner::new();
        let (module, _) = lowered(&text, &lines, options, &mut names, &mut Vec::new())?;
        Ok(tree::steps(&module, &names))
    });
    steps.map_err(|fault| locate(*fault, filename, &text, &lines))
}

/// The compiler's own tree of a text, and how many of its nodes open scopes.
fn lowered(
    text: &str,
    lines: &Lines,
    options: CompileOptions,
    names: &mut Interner,
    warnings: &mut Vec<Warning>,
) -> Compiled<(ast::Module, usize)> {
    let parsed = parse::parse(text, options.mode, lines)?;
    let interactive = options.mode == Mode::Single;
    let lowered = lower::lower(parsed.syntax(), interactive, text, lines, names, warnings);
    if lowered.as_ref().is_err_and(|fault| fault.kind == ErrorKind::RecursionError) {
        // Dropping a tree of unbounded depth would overflow any stack.
        std::mem::forget(parsed);
    }
    lowered
}

fn compile_text(
    text: &str,
    lines: &Lines,
    options: CompileOptions,
    warnings: &mut Vec<Warning>,
    assemble: &mut codegen::Assembler<'_>,
) -> Compiled<CodeObject> {
    let mut names = Interner::new();
    let (mut module, nodes) = lowered(text, lines, options, &mut names, warnings)?;
    let flags = options.future_flags | future::flags(&module, &names)?;
    let future_annotations = flags & bytecode::CodeFlags::FUTURE_ANNOTATIONS != 0;
    let folding = fold::Folding { optimize: options.optimize, future_annotations };
    folding.module(&mut module);
    let mut table = symtable::analyze_module(&module, nodes, future_annotations, &mut names)?;
    let input = codegen::Input {
        names: &mut names,
        table: &mut table,
        warnings,
        assemble,
        optimize: options.optimize,
        flags,
        future_annotations,
    };
    codegen::generate(&module, input)
}

/// Completes a fault with the file's name and the source line.
fn locate(fault: Fault, filename: &str, text: &str, lines: &Lines) -> CompileError {
    let Fault { kind, message, loc } = fault;
    let line_text = lines.text(text, loc.line).map(str::to_owned);
    let column = |line: i32, col: i32| {
        let Ok(col) = usize::try_from(col) else { return 0 };
        let before = lines.text(text, line).and_then(|text| text.get(..col));
        before.map_or(col, |before| before.chars().count()) as u32 + 1
    };
    CompileError {
        kind,
        message,
        filename: filename.to_owned(),
        line: loc.line.max(0) as u32,
        col: column(loc.line, loc.col),
        end_line: loc.end_line.max(0) as u32,
        end_col: column(loc.end_line, loc.end_col),
        text: line_text,
    }
}
