//! `amphis run`: a program on one machine.

use std::path::PathBuf;
use std::process::ExitCode;

use amphis::engine::{self, Dispatch, Engine, Machine, Options};
use clap::{Args, ValueEnum};

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
    /// How the machine goes from one instruction to the next.
    #[arg(long, value_enum)]
    dispatch: Option<DispatchName>,
    /// Most memory for Python objects, in MiB: beyond it MemoryError is raised.
    #[arg(long, value_name = "MIB")]
    memory_limit: Option<usize>,
    /// Folder of the Python standard library (default: AMPHIS_STDLIB, else an installed CPython 3.13's).
    #[arg(long, value_name = "DIR", env = "AMPHIS_STDLIB")]
    stdlib: Option<PathBuf>,
    /// Print executed instructions and moves to standard error at the end.
    #[arg(long)]
    count: bool,
    /// The program: a .py or .pyc file, or - for standard input.
    file: PathBuf,
    /// Arguments for the program.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Names of the machines.
#[derive(Clone, Copy, ValueEnum)]
pub enum MachineName {
    /// Operands in registers.
    Register,
    /// Operands on a stack.
    Stack,
}

impl From<MachineName> for Machine {
    fn from(name: MachineName) -> Self {
        match name {
            MachineName::Register => Self::Register,
            MachineName::Stack => Self::Stack,
        }
    }
}

/// Names of the forms of dispatch.
#[derive(Clone, Copy, ValueEnum)]
pub enum DispatchName {
    /// Handlers that jump to each other.
    Tail,
    /// One loop around a match.
    Loop,
}

impl From<DispatchName> for Dispatch {
    fn from(name: DispatchName) -> Self {
        match name {
            DispatchName::Tail => Self::Tail,
            DispatchName::Loop => Self::Loop,
        }
    }
}

/// Runs the command.
pub fn run(args: &RunArgs) -> Result<ExitCode, CliError> {
    let code = input::load_code(&args.file)?;
    let defaults = Options::default();
    let options = Options {
        machine: args.machine.into(),
        dispatch: args.dispatch.map_or(defaults.dispatch, Dispatch::from),
        counting: args.count,
        argv: std::iter::once(args.file.display().to_string()).chain(args.args.iter().cloned()).collect(),
        stdlib: args.stdlib.clone(),
        memory_limit: args.memory_limit.map(|mib| mib << 20),
        ..defaults
    };
    let status = engine::on_engine_thread(|| {
        let mut engine = Engine::new(&options);
        let outcome = engine.run_main(&code);
        if options.counting {
            let counters = engine.counters();
            eprintln!("{} instructions, {} moves", counters.instructions, counters.moves);
        }
        outcome.status
    });
    Ok(ExitCode::from(status as u8))
}
