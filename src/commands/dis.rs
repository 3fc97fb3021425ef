//! `amphis dis`: the instructions of a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bytecode::dis::{self, DisOptions, Line, Listing};
use bytecode::repr::ConstRepr;
use bytecode::{CodeObject, Const};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::error::CliError;
use crate::input::load_code;

/// Show the instructions of a file, as `python -m dis` does
///
/// Columns: source line, label, instruction, oparg, what the oparg means. A label (L1, L2, ...) stands where something
/// jumps to, and where the range of an exception handler begins or ends; the ranges follow in a table of their own.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis dis prog.pyc                     all code objects of the file\n  \
    amphis dis --function Tree.insert prog.pyc   one method\n  \
    amphis dis --json prog.pyc              the same for programs\n  \
    amphis dis --against python3.13 src/    how our compiler's code differs from CPython's")]
pub struct DisArgs {
    /// The instruction set to show
    #[arg(long, value_enum, default_value_t = Form::Stack)]
    form: Form,
    /// Only the function or class of this (qualified) name, and what is nested in it
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Show inline cache units
    #[arg(short = 'C', long)]
    show_caches: bool,
    /// Show byte offsets of instructions
    #[arg(short = 'O', long)]
    show_offsets: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Compile all .py files among and below the paths with this CPython 3.13 too, and report how the code differs
    #[arg(long, value_name = "PYTHON", conflicts_with_all = ["function", "show_caches", "show_offsets", "json"])]
    against: Option<PathBuf>,
    /// The file to disassemble (with --against: files and folders)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Instruction sets.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// CPython 3.13's wordcode.
    Stack,
}

/// Runs the command.
pub fn run(args: &DisArgs) -> Result<ExitCode, CliError> {
    if let Some(python) = &args.against {
        return super::parity::run(python, &args.files);
    }
    for file in &args.files {
        let code = load_code(file)?;
        let chosen = choose(args, file, &code)?;
        let Form::Stack = args.form;
        let text = if args.json { json_text(file, &chosen)? } else { stack_text(args, file, &chosen)? };
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The code objects to begin with: the file's own, or those of the name.
fn choose(args: &DisArgs, file: &Path, code: &Arc<CodeObject>) -> Result<Vec<Arc<CodeObject>>, CliError> {
    let Some(name) = &args.function else { return Ok(vec![Arc::clone(code)]) };
    let all = with_nested(code).into_iter();
    let is_called = |text: &bytecode::Text| text.as_str() == Some(name);
    let chosen: Vec<_> = all.filter(|code| is_called(&code.qualname) || is_called(&code.name)).collect();
    if chosen.is_empty() {
        return Err(CliError::NoSuchFunction { path: file.to_owned(), name: name.clone() });
    }
    Ok(chosen)
}

/// A code object and all that are nested in it, outer ones first.
fn with_nested(code: &Arc<CodeObject>) -> Vec<Arc<CodeObject>> {
    let mut pending = vec![Arc::clone(code)];
    let mut all = Vec::new();
    while let Some(code) = pending.pop() {
        pending.extend(code.consts.iter().rev().filter_map(|constant| match constant {
            Const::Code(inner) => Some(Arc::clone(inner)),
            _ => None,
        }));
        all.push(code);
    }
    all
}

fn stack_text(args: &DisArgs, file: &Path, chosen: &[Arc<CodeObject>]) -> Result<String, CliError> {
    let options = DisOptions { show_caches: args.show_caches, show_offsets: args.show_offsets, nested: true };
    let mut text = String::new();
    for (i, code) in chosen.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        dis::write(code, options, &mut text)
            .map_err(|error| CliError::Dis { path: file.to_owned(), error })?;
    }
    Ok(text)
}

fn json_text(file: &Path, chosen: &[Arc<CodeObject>]) -> Result<String, CliError> {
    let mut objects = Vec::new();
    for code in chosen.iter().flat_map(with_nested) {
        let listing = dis::list(&code).map_err(|error| CliError::Dis { path: file.to_owned(), error })?;
        objects.push(code_json(&code, &listing));
    }
    let object = json!({ "file": file.display().to_string(), "form": "stack", "code_objects": objects });
    Ok(format!("{object:#}\n"))
}

fn code_json(code: &CodeObject, listing: &Listing) -> Value {
    let texts =
        |texts: &[bytecode::Text]| texts.iter().map(bytecode::Text::to_string_lossy).collect::<Vec<_>>();
    json!({
        "name": code.name.to_string_lossy(),
        "qualname": code.qualname.to_string_lossy(),
        "filename": code.filename.to_string_lossy(),
        "firstlineno": code.firstlineno,
        "argcount": code.argcount,
        "posonlyargcount": code.posonlyargcount,
        "kwonlyargcount": code.kwonlyargcount,
        "stacksize": code.stacksize,
        "flags": code.flags.0,
        "consts": code.consts.iter().map(|constant| ConstRepr(constant).to_string()).collect::<Vec<_>>(),
        "names": texts(&code.names),
        "localsplus": texts(&code.localsplusnames),
        "code_bytes": listing.code_bytes,
        "instructions": listing.lines.iter().map(line_json).collect::<Vec<_>>(),
        "exception_table": listing.handlers.iter().map(|handler| json!({
            "start": handler.entry.start * 2,
            "end": handler.entry.end * 2,
            "target": handler.entry.target * 2,
            "depth": handler.entry.depth,
            "lasti": handler.entry.lasti,
        })).collect::<Vec<_>>(),
    })
}

fn line_json(line: &Line) -> Value {
    let position = line.position;
    json!({
        "offset": line.offset * 2,
        "op": line.op.name(),
        "opcode": line.op.number(),
        "oparg": line.oparg,
        "meaning": line.meaning,
        "label": line.label,
        "target": line.target.map(|target| target * 2),
        "line": line.line,
        "starts_line": line.starts_line,
        "position": [position.line, position.col, position.end_line, position.end_col],
        "caches": line.caches.iter().map(|cache| json!({
            "name": cache.name, "units": cache.units, "value": cache.value,
        })).collect::<Vec<_>>(),
    })
}
