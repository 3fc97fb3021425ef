//! The engine's options on the command line, shared by every command that runs programs.

use std::path::PathBuf;
use std::time::Duration;

use amphis::engine::{Dispatch, Machine, Options, set_translation};
use clap::{Args, ValueEnum};

use crate::error::CliError;
use crate::passes::PassArgs;

/// How programs are run, apart from the machine.
#[derive(Args, Clone, Default)]
pub struct EngineArgs {
    /// How the machine goes from one instruction to the next
    #[arg(long, value_enum)]
    dispatch: Option<DispatchName>,
    /// Most memory for Python objects, in MiB: beyond it MemoryError is raised
    #[arg(long, value_name = "MIB")]
    memory_limit: Option<usize>,
    /// Folder of the Python standard library (default: an installed CPython 3.13's)
    #[arg(long, value_name = "DIR", env = "AMPHIS_STDLIB")]
    stdlib: Option<PathBuf>,
    #[command(flatten)]
    passes: PassArgs,
}

/// How long programs may run.
#[derive(Args, Clone, Default)]
pub struct LimitArgs {
    /// End the program after this many seconds, with exit status 124
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
}

impl LimitArgs {
    /// The time limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The same limits for another `amphis`.
    pub fn to_args(&self) -> Vec<String> {
        self.timeout.map(|limit| format!("--timeout={}", limit.as_secs_f64())).into_iter().collect()
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// Names of the machines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum MachineName {
    /// Operands in registers
    #[default]
    Register,
    /// Operands on a stack
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

impl MachineName {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Stack => "stack",
        }
    }
}

/// Names of the forms of dispatch.
#[derive(Clone, Copy, ValueEnum)]
pub enum DispatchName {
    /// Handlers that jump to each other
    Tail,
    /// One loop around a match
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

impl EngineArgs {
    /// The engine's options; the translator's passes are set for the process.
    pub fn options(&self, machine: MachineName) -> Result<Options, CliError> {
        set_translation(self.passes.options()?);
        let defaults = Options::default();
        Ok(Options {
            machine: machine.into(),
            dispatch: self.dispatch.map_or(defaults.dispatch, Dispatch::from),
            stdlib: self.stdlib.clone(),
            memory_limit: self.memory_limit.map(|mib| mib << 20),
            ..defaults
        })
    }

    /// The translator's passes.
    pub fn passes(&self) -> &PassArgs {
        &self.passes
    }

    /// The same options for another `amphis`.
    pub fn to_args(&self) -> Vec<String> {
        let dispatch = self.dispatch.map(|name| match name {
            DispatchName::Tail => "--dispatch=tail".to_owned(),
            DispatchName::Loop => "--dispatch=loop".to_owned(),
        });
        let memory_limit = self.memory_limit.map(|mib| format!("--memory-limit={mib}"));
        let stdlib = self.stdlib.as_ref().map(|folder| format!("--stdlib={}", folder.display()));
        let options = [dispatch, memory_limit, stdlib];
        options.into_iter().flatten().chain(self.passes.to_args()).collect()
    }
}
