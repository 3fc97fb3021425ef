//! `amphis cfg`: control-flow graphs.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use translate::{Form, cfg_dot};

use super::dis::{FormArg, choose, with_nested};
use crate::error::CliError;
use crate::input::load_code;
use crate::passes::PassArgs;

/// Show the control-flow graph of a file's code objects, for Graphviz
///
/// One graph a code object, in the dot language. A node is a basic block with its instructions. Edges: black falls
/// through, blue is a jump taken, red and dashed is an exception that goes to its handler. Comparing the two forms shows
/// what translation did: blocks merge, loops are inverted, instructions vanish into operands.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis cfg --function fib prog.py | dot -Tsvg > fib.svg       wordcode of one function\n  \
    amphis cfg --form register --function fib prog.py | dot -Tsvg > fib.svg")]
pub struct CfgArgs {
    /// The instruction set to show
    #[arg(long, value_enum, default_value_t = FormArg::Stack)]
    form: FormArg,
    /// Only the function or class of this (qualified) name, and what is nested in it
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// Print the dot language (what is printed anyhow; for scripts that want to say so)
    #[arg(long)]
    dot: bool,
    #[command(flatten)]
    passes: PassArgs,
    /// The file
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &CfgArgs) -> Result<ExitCode, CliError> {
    let code = load_code(&args.file)?;
    let chosen = choose(args.function.as_deref(), &args.file, &code)?;
    let options = args.passes.options()?;
    let mut text = String::new();
    for code in chosen.iter().flat_map(with_nested) {
        for &form in args.form.forms() {
            let graph = cfg_dot(&code, form, &options)
                .map_err(|error| CliError::Translate { path: args.file.clone(), error })?;
            text.push_str(&graph);
        }
    }
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

impl FormArg {
    /// The translator's names.
    fn forms(self) -> &'static [Form] {
        match self {
            Self::Stack => &[Form::Stack],
            Self::Register => &[Form::Register],
            Self::Both => &[Form::Stack, Form::Register],
        }
    }
}
