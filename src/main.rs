//! The command line.

mod benchmark;
mod commands;
mod comparison;
mod engine_args;
mod error;
mod input;
mod measure;
mod number;
mod passes;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::CliError;

/// One Python 3.13 compiler, two virtual machines: stack wordcode against register code, measured.
#[derive(Parser)]
#[command(name = "amphis", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "Exit status: 0 fine, 1 the program raised, 2 wrong usage or unreadable input, \
                        3 the machines disagree or a proof fails.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
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
    let result = match Cli::parse().command {
        Command::Run(args) => commands::run::run(&args),
        Command::Compare(args) => commands::compare::run(&args),
        Command::Compile(args) => commands::compile::run(&args),
        Command::Cfg(args) => commands::cfg::run(&args),
        Command::Dis(args) => commands::dis::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
    };
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
