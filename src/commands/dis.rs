//! `amphis dis`: the instructions of a file.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bytecode::dis::{self, DisOptions};
use bytecode::reg_dis;
use bytecode::{CodeObject, Const, RegCode};
use clap::{Args, ValueEnum};
use serde_json::json;
use translate::translate;

use super::dis_json;
use crate::error::CliError;
use crate::input::load_code;
use crate::passes::PassArgs;

/// Show the instructions of a file, as `python -m dis` does
///
/// Columns: source line, label, instruction, oparg, what the oparg means. A label (L1, L2, ...) stands where something
/// jumps to, and where the range of an exception handler begins or ends; the ranges follow in a table of their own.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis dis prog.pyc                     all code objects of the file\n  \
    amphis dis --function Tree.insert prog.pyc   one method\n  \
    amphis dis --form both prog.py          wordcode and register code of each code object\n  \
    amphis dis --json prog.pyc              the same for programs\n  \
    amphis dis --against python3.13 src/    how our compiler's code differs from CPython's")]
pub struct DisArgs {
    /// The instruction set to show
    #[arg(long, value_enum, default_value_t = FormArg::Stack)]
    form: FormArg,
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
    #[command(flatten)]
    passes: PassArgs,
    /// Compile all .py files among and below the paths with this CPython 3.13 too, and report how the code differs
    #[arg(long, value_name = "PYTHON", conflicts_with_all = ["function", "show_caches", "show_offsets", "json"])]
    against: Option<PathBuf>,
    /// The file to disassemble (with --against: files and folders)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Instruction sets.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormArg {
    /// CPython 3.13's wordcode
    Stack,
    /// The register code that it is translated to
    Register,
    /// One after the other, code object by code object
    Both,
}

/// Runs the command.
pub fn run(args: &DisArgs) -> Result<ExitCode, CliError> {
    if let Some(python) = &args.against {
        return super::parity::run(python, &args.files);
    }
    for file in &args.files {
        let code = load_code(file)?;
        let chosen = choose(args.function.as_deref(), file, &code)?;
        let text = match args.form {
            _ if args.json => json_text(args, file, &chosen)?,
            FormArg::Stack => stack_text(args, file, &chosen)?,
            FormArg::Register | FormArg::Both => register_text(args, file, &chosen)?,
        };
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The code objects to begin with: the file's own, or those of the name.
pub fn choose(
    name: Option<&str>,
    file: &Path,
    code: &Arc<CodeObject>,
) -> Result<Vec<Arc<CodeObject>>, CliError> {
    let Some(name) = name else { return Ok(vec![Arc::clone(code)]) };
    let all = with_nested(code).into_iter();
    let is_called = |text: &bytecode::Text| text.as_str() == Some(name);
    let chosen: Vec<_> = all.filter(|code| is_called(&code.qualname) || is_called(&code.name)).collect();
    if chosen.is_empty() {
        return Err(CliError::NoSuchFunction { path: file.to_owned(), name: name.to_owned() });
    }
    Ok(chosen)
}

/// A code object and all that are nested in it, outer ones first.
pub fn with_nested(code: &Arc<CodeObject>) -> Vec<Arc<CodeObject>> {
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

/// Register code, after the wordcode it comes from if both are asked for.
fn register_text(args: &DisArgs, file: &Path, chosen: &[Arc<CodeObject>]) -> Result<String, CliError> {
    let options =
        DisOptions { show_caches: args.show_caches, show_offsets: args.show_offsets, nested: false };
    let mut text = String::new();
    for code in chosen.iter().flat_map(with_nested) {
        if !text.is_empty() {
            text.push('\n');
        }
        let (name, line) = (code.qualname.to_string_lossy(), code.firstlineno);
        if args.form == FormArg::Both {
            let _ = writeln!(text, "{name} (line {line}), stack code:");
            dis::write(&code, options, &mut text)
                .map_err(|error| CliError::Dis { path: file.to_owned(), error })?;
        }
        let reg = translate_code(args, file, &code)?;
        let frame = reg.frame_size;
        let _ = writeln!(text, "{name} (line {line}), register code, frame of {frame} slots:");
        // Writing to a string does not fail.
        let _ = reg_dis::write(&code, &reg, &mut text);
    }
    Ok(text)
}

fn translate_code(args: &DisArgs, file: &Path, code: &CodeObject) -> Result<RegCode, CliError> {
    translate(code, &args.passes.options()?)
        .map_err(|error| CliError::Translate { path: file.to_owned(), error })
}

fn json_text(args: &DisArgs, file: &Path, chosen: &[Arc<CodeObject>]) -> Result<String, CliError> {
    let mut objects = Vec::new();
    for code in chosen.iter().flat_map(with_nested) {
        let listing = dis::list(&code).map_err(|error| CliError::Dis { path: file.to_owned(), error })?;
        let mut object = dis_json::code(&code);
        if args.form != FormArg::Register {
            dis_json::add(&mut object, dis_json::stack(&listing));
        }
        if args.form != FormArg::Stack {
            dis_json::add(
                &mut object,
                json!({ "register": dis_json::register(&code, &translate_code(args, file, &code)?) }),
            );
        }
        objects.push(object);
    }
    let form = args.form.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
    let object = json!({ "file": file.display().to_string(), "form": form, "code_objects": objects });
    Ok(format!("{object:#}\n"))
}
