//! `amphis run`: a program on one machine.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use amphis::engine::{self, Engine, Options};
use clap::Args;
use serde_json::json;

use crate::engine_args::{EngineArgs, MachineName};
use crate::error::CliError;
use crate::input;

/// Run a Python program, as python would.
///
/// The exit status is the program's own.
#[derive(Args)]
pub struct RunArgs {
    /// The machine that runs it.
    #[arg(long, value_enum, default_value_t = MachineName::Register)]
    machine: MachineName,
    #[command(flatten)]
    engine: EngineArgs,
    /// Print executed instructions and moves to standard error at the end.
    #[arg(long)]
    count: bool,
    /// Count, and write the counters to this file as one JSON object
    #[arg(long, value_name = "FILE", hide = true)]
    report: Option<PathBuf>,
    /// The program: a .py or .pyc file, or - for standard input.
    file: PathBuf,
    /// Arguments for the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Runs the command.
pub fn run(args: &RunArgs) -> Result<ExitCode, CliError> {
    let code = input::load_code(&args.file)?;
    let options = Options {
        counting: args.count || args.report.is_some(),
        argv: std::iter::once(args.file.display().to_string()).chain(args.args.iter().cloned()).collect(),
        ..args.engine.options(args.machine)?
    };
    let (status, counters) = engine::on_engine_thread(|| {
        let mut engine = Engine::new(&options);
        let outcome = engine.run_main(&code);
        (outcome.status, engine.counters())
    });
    if args.count {
        writeln!(io::stderr(), "{} instructions, {} moves", counters.instructions, counters.moves)?;
    }
    if let Some(path) = &args.report {
        let text = json!({ "instructions": counters.instructions, "moves": counters.moves }).to_string();
        std::fs::write(path, text).map_err(|error| CliError::Write { path: path.clone(), error })?;
    }
    Ok(ExitCode::from(status as u8))
}
