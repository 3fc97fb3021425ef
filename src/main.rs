//! The command line.

#[cfg(feature = "mimalloc")]
mod allocator;
mod benchmark;
mod commands;
mod comparison;
mod engine_args;
mod error;
mod input;
mod limits;
mod measure;
mod number;
mod passes;
mod repl;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::CliError;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

/// One Python 3.13 compiler, two virtual machines: stack wordcode against register code, measured.
#[derive(Parser)]
///
/// Without a command: a Python prompt, or the program on standard input if that is no terminal.
#[command(name = "amphis", version, propagate_version = true, args_conflicts_with_subcommands = true)]
#[command(after_help = "Exit status: 0 fine, 1 the program raised, 2 wrong usage or unreadable input, \
                        3 the machines disagree or a proof fails.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    machine: commands::run::MachineArgs,
}

#[derive(Subcommand)]
enum Command {
    Run(commands::run::RunArgs),
    Compare(commands::compare::CompareArgs),
    Compile(commands::compile::CompileArgs),
    Cfg(commands::cfg::CfgArgs),
    Dis(commands::dis::DisArgs),
    Verify(commands::verify::VerifyArgs),
    Bench(commands::bench::BenchArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let Some(command) = cli.command else { return end(commands::run::prompt(&cli.machine)) };
    end(match command {
        Command::Run(args) => commands::run::run(&args),
        Command::Compare(args) => commands::compare::run(&args),
        Command::Compile(args) => commands::compile::run(&args),
        Command::Cfg(args) => commands::cfg::run(&args),
        Command::Dis(args) => commands::dis::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
    })
}

fn end(result: Result<ExitCode, CliError>) -> ExitCode {
    match result {
        Ok(code) => code,
        // Whoever reads our output has seen enough of it.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // If not even this can be written, the exit status has to say it.
            let _ = writeln!(io::stderr(), "amphis: {error}");
            ExitCode::from(error::STATUS_USAGE)
        }
    }
}
