//! One program on both machines: what it prints, what it executes, how long it takes.
//!
//! Each machine runs the program twice in a process of its own: once with counters, once without, for the time. All
//! four runs get the same hash seed and the same standard input, and all have to leave the same output and exit status.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bytecode::{CodeObject, RegCode};
use runtime::STATUS_STOPPED;
use serde_json::{Value, json};
use translate::size32_model;

use crate::commands::dis::with_nested;
use crate::engine_args::{EngineArgs, LimitArgs, MachineName};
use crate::error::CliError;
use crate::measure::{self, Finished, SharedInput};

/// What is to be compared.
pub struct Request<'a> {
    /// The program.
    pub file: &'a Path,
    /// Its arguments.
    pub args: &'a [String],
    /// How it is run.
    pub engine: &'a EngineArgs,
    /// How long each run may take.
    pub limits: &'a LimitArgs,
    /// Timed runs of each machine; the fastest counts.
    pub repeat: usize,
}

/// What a machine made of the program.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Executed instructions; none if the run did not come to its end.
    pub instructions: Option<u64>,
    /// Values copied from slot to slot.
    pub moves: Option<u64>,
    /// Bytes of instructions, caches and argument words, over the program's code objects.
    pub code_bytes: usize,
    /// Slots of their frames, summed.
    pub frame_slots: usize,
    /// CPU seconds; none if no run was timed.
    pub seconds: Option<f64>,
    /// Peak resident memory in bytes.
    pub peak: Option<u64>,
}

/// A code object in both forms.
pub struct Pair {
    /// The wordcode.
    pub code: Arc<CodeObject>,
    /// The register code.
    pub reg: RegCode,
}

/// The outcome.
pub struct Comparison {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// The stack machine's figures.
    pub stack: Figures,
    /// The register machine's figures.
    pub register: Figures,
    /// The program's code objects.
    pub pairs: Vec<Pair>,
    /// Bytes of the register code in 32-bit words, by the size model.
    pub code_bytes_32: usize,
    /// What the program wrote, and its exit status.
    pub outcome: Finished,
    /// A limit ended a run: nothing more is known of the program than what it did until then.
    pub is_stopped: bool,
    /// In what the runs differ; empty if the machines agree.
    pub differences: Vec<String>,
}

/// What differences of the stack machine's timed run begin with.
const UNCOUNTED_STACK: &str = "stack machine without counters";

impl Comparison {
    /// Runs the program on both machines; `progress` hears what is going on.
    pub fn run(
        request: &Request<'_>,
        code: &Arc<CodeObject>,
        mut progress: impl FnMut(&str),
    ) -> Result<Self, CliError> {
        let pairs = translate_all(request, code)?;
        let mut stack = stack_sizes(&pairs);
        let mut register = register_sizes(&pairs);
        let mut input = SharedInput::default();
        progress("stack machine, counting");
        let outcome = count(request, MachineName::Stack, &mut input, &mut stack)?;
        progress("register machine, counting");
        let other = count(request, MachineName::Register, &mut input, &mut register)?;
        let is_stopped = [&outcome, &other].iter().any(|run| run.status == STATUS_STOPPED);
        let mut differences = if is_stopped {
            stops(&outcome, &other)
        } else {
            differences(&outcome, &other, "register machine")
        };
        let mut timed = [(MachineName::Stack, &mut stack), (MachineName::Register, &mut register)];
        for _ in 0..if is_stopped { 0 } else { request.repeat } {
            for (machine, figures) in &mut timed {
                progress(&format!("{} machine, timing", machine.name()));
                let finished = time(request, *machine, &mut input)?;
                figures.add_time(&finished);
                let title = format!("{} machine without counters", machine.name());
                differences.extend(self::differences(&outcome, &finished, &title));
            }
        }
        if let Some(signal) = outcome.crash {
            differences.push(format!("stack machine: ended by signal {signal}"));
        }
        let code_bytes_32 = pairs.iter().map(|pair| size32_model(&pair.reg)).sum();
        let (program, args) = (request.file.to_owned(), request.args.to_vec());
        Ok(Self { program, args, stack, register, pairs, code_bytes_32, outcome, is_stopped, differences })
    }

    /// Whether all runs left the same.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// Share of executed instructions that the register form does not need, in percent.
    pub fn removed_percent(&self) -> Option<f64> {
        let (stack, register) = (self.stack.instructions?, self.register.instructions?);
        (stack > 0).then(|| 100.0 * (1.0 - register as f64 / stack as f64))
    }

    /// How many times as long the stack machine takes.
    pub fn time_ratio(&self) -> Option<f64> {
        Some(self.stack.seconds? / self.register.seconds?.max(1e-6))
    }

    /// Whether a run differs from another one of the same machine: then it is the program that differs from itself.
    pub fn is_unsteady(&self) -> bool {
        self.differences.iter().any(|difference| difference.starts_with(UNCOUNTED_STACK))
    }

    /// The comparison for other programs.
    pub fn json(&self) -> Value {
        let mut register = self.register.json();
        register["code_bytes_32"] = json!(self.code_bytes_32);
        json!({
            "program": self.program.display().to_string(),
            "args": self.args,
            "allocator": crate::measure::ALLOCATOR,
            "agree": self.agrees(),
            "stopped": self.is_stopped,
            "status": self.outcome.status,
            "stdout_bytes": self.outcome.stdout.len(),
            "stderr_bytes": self.outcome.stderr.len(),
            "code_objects": self.pairs.len(),
            "stack": self.stack.json(),
            "register": register,
            "removed_percent": self.removed_percent(),
            "time_ratio": self.time_ratio(),
            "differences": self.differences,
        })
    }
}

impl Figures {
    fn add_time(&mut self, finished: &Finished) {
        let seconds = finished.cpu.as_secs_f64();
        self.seconds = Some(self.seconds.map_or(seconds, |fastest| fastest.min(seconds)));
        self.peak = self.peak.max(Some(finished.peak));
    }

    fn json(&self) -> Value {
        json!({
            "instructions": self.instructions,
            "code_bytes": self.code_bytes,
            "moves": self.moves,
            "frame_slots": self.frame_slots,
            "seconds": self.seconds,
            "peak_bytes": self.peak,
        })
    }
}

fn translate_all(request: &Request<'_>, code: &Arc<CodeObject>) -> Result<Vec<Pair>, CliError> {
    let options = request.engine.passes().options()?;
    let translate = |code: Arc<CodeObject>| match translate::translate(&code, &options) {
        Ok(reg) => Ok(Pair { code, reg }),
        Err(error) => Err(CliError::Translate { path: request.file.to_owned(), error }),
    };
    with_nested(code).into_iter().map(translate).collect()
}

fn stack_sizes(pairs: &[Pair]) -> Figures {
    let slots = |code: &CodeObject| code.localsplusnames.len() + code.stacksize as usize;
    Figures {
        code_bytes: pairs.iter().map(|pair| pair.code.code.len()).sum(),
        frame_slots: pairs.iter().map(|pair| slots(&pair.code)).sum(),
        ..Figures::default()
    }
}

fn register_sizes(pairs: &[Pair]) -> Figures {
    Figures {
        code_bytes: pairs.iter().map(|pair| pair.reg.words.len() * 8).sum(),
        frame_slots: pairs.iter().map(|pair| usize::from(pair.reg.frame_size)).sum(),
        ..Figures::default()
    }
}

/// `amphis run` of the program.
fn command(request: &Request<'_>, machine: MachineName, extra: &[String]) -> Result<Command, CliError> {
    let program = std::env::current_exe().map_err(|error| CliError::Child { error })?;
    let mut command = Command::new(program);
    command.args(["run", "--machine", machine.name()]).args(request.engine.to_args()).args(extra);
    command.args(request.limits.to_args()).arg(request.file).args(request.args).env("PYTHONHASHSEED", "0");
    Ok(command)
}

fn count(
    request: &Request<'_>,
    machine: MachineName,
    input: &mut SharedInput,
    figures: &mut Figures,
) -> Result<Finished, CliError> {
    let child = |error: io::Error| CliError::Child { error };
    let report = tempfile::NamedTempFile::new().map_err(child)?;
    let option = format!("--report={}", report.path().display());
    let finished = measure::run(&mut command(request, machine, &[option])?, Some(input)).map_err(child)?;
    let text = std::fs::read_to_string(report.path()).map_err(child)?;
    let counted: Value = serde_json::from_str(&text).unwrap_or_default();
    figures.instructions = counted["instructions"].as_u64();
    figures.moves = counted["moves"].as_u64();
    Ok(finished)
}

fn time(request: &Request<'_>, machine: MachineName, input: &mut SharedInput) -> Result<Finished, CliError> {
    measure::run(&mut command(request, machine, &[])?, Some(input)).map_err(|error| CliError::Child { error })
}

/// Which machine was ended by a limit.
fn stops(stack: &Finished, register: &Finished) -> Vec<String> {
    let machines = [("stack", stack), ("register", register)];
    let stopped = machines.into_iter().filter(|(_, run)| run.status == STATUS_STOPPED);
    stopped.map(|(name, _)| format!("{name} machine: the time limit ended the program")).collect()
}

/// In what a run differs from the first one.
fn differences(first: &Finished, other: &Finished, title: &str) -> Vec<String> {
    let mut found = Vec::new();
    if first.status != other.status {
        let (first, other) = (first.status, other.status);
        found.push(format!("{title}: exit status {other}, stack machine: {first}"));
    }
    let streams =
        [("standard output", &first.stdout, &other.stdout), ("standard error", &first.stderr, &other.stderr)];
    for (name, first, other) in streams {
        if let Some((line, first, other)) = first_difference(first, other) {
            found.push(format!("{title}: {name}, line {line}: {other:?}, stack machine: {first:?}"));
        }
    }
    found
}

/// The first line in which two texts differ, and what stands there.
fn first_difference(first: &[u8], other: &[u8]) -> Option<(usize, String, String)> {
    if first == other {
        return None;
    }
    let text =
        |line: Option<&[u8]>| line.map_or("<end>".into(), |line| String::from_utf8_lossy(line).into_owned());
    let (mut first, mut other) = (first.split(|byte| *byte == b'\n'), other.split(|byte| *byte == b'\n'));
    for line in 1.. {
        match (first.next(), other.next()) {
            (None, None) => break,
            (a, b) if a != b => return Some((line, text(a), text(b))),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_difference_names_the_line() {
        assert_eq!(first_difference(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(first_difference(b"a\nb\n", b"a\nc\n"), Some((2, "b".into(), "c".into())));
        assert_eq!(first_difference(b"a", b"a\nc"), Some((2, "<end>".into(), "c".into())));
    }
}
