//! Measuring programs against each other.
//!
//! Every contender runs once before anything is timed: its output has to be the first one's. Then come rounds, in which
//! each contender runs once, in an order that rotates from round to round, so that what the machine does meanwhile falls
//! on all of them. What counts is CPU time; a ratio is taken within a round, and the median of the ratios is reported.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::engine_args::{EngineArgs, MachineName};
use crate::error::CliError;
use crate::measure::{self, Finished};
use crate::number::{geometric_mean, median};

/// What runs programs.
pub struct Contender {
    /// Its name in tables.
    pub name: String,
    kind: Kind,
}

enum Kind {
    /// One of ours, with its options.
    Machine(MachineName, Vec<String>),
    /// Words of a command; `{file}` and `{name}` stand for the program, which else comes last.
    Command(Vec<String>),
}

/// A program to run.
pub struct Program {
    /// Its name in tables.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
}

/// What a contender made of a program.
#[derive(Default)]
pub struct Samples {
    /// CPU seconds, one a round; empty if it failed.
    pub seconds: Vec<f64>,
    /// Peak resident memory in bytes.
    pub peak: u64,
    /// Why it was not timed.
    pub failure: Option<String>,
}

/// All samples of one program, in the order of the contenders.
pub struct Measured {
    /// The program's name.
    pub program: String,
    /// By contender.
    pub samples: Vec<Samples>,
}

impl Contender {
    /// One of our machines.
    pub fn machine(machine: MachineName, engine: &EngineArgs) -> Self {
        Self { name: machine.name().to_owned(), kind: Kind::Machine(machine, engine.to_args()) }
    }

    /// From `NAME=COMMAND`.
    pub fn parse(text: &str) -> Result<Self, CliError> {
        let bad = || CliError::Against { text: text.to_owned() };
        let (name, command) = text.split_once('=').ok_or_else(bad)?;
        let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(bad)?;
        Ok(Self { name: name.to_owned(), kind: Kind::Command(words) })
    }

    fn command(&self, program: &Program) -> Result<Command, CliError> {
        let words: Vec<OsString> = match &self.kind {
            Kind::Machine(machine, options) => {
                let amphis = std::env::current_exe().map_err(|error| CliError::Child { error })?;
                let fixed =
                    [amphis.into_os_string(), "run".into(), "--machine".into(), machine.name().into()];
                fixed
                    .into_iter()
                    .chain(options.iter().map(OsString::from))
                    .chain([program.path.clone().into()])
                    .collect()
            }
            Kind::Command(words) => fill(words, program),
        };
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(&program.args).env("PYTHONHASHSEED", "0");
        Ok(command)
    }

    fn run(&self, program: &Program) -> Result<Finished, CliError> {
        measure::run(&mut self.command(program)?, None).map_err(|error| CliError::Child { error })
    }
}

/// The command's words with the program in its place.
fn fill(words: &[String], program: &Program) -> Vec<OsString> {
    let file = program.path.to_string_lossy();
    let has_place = words.iter().any(|word| word.contains("{file}") || word.contains("{name}"));
    let filled =
        words.iter().map(|word| word.replace("{file}", &file).replace("{name}", &program.name).into());
    filled.chain((!has_place).then(|| program.path.clone().into())).collect()
}

/// Verifies and times one program.
pub fn measure(contenders: &[Contender], program: &Program, rounds: usize) -> Result<Measured, CliError> {
    let mut samples: Vec<Samples> = contenders.iter().map(|_| Samples::default()).collect();
    let mut answer: Option<Vec<u8>> = None;
    for (contender, samples) in contenders.iter().zip(&mut samples) {
        samples.failure = verify(contender, program, &mut answer);
    }
    for round in 0..rounds {
        for i in 0..contenders.len() {
            let at = (i + round) % contenders.len();
            let samples = &mut samples[at];
            if samples.failure.is_none() {
                let finished = contenders[at].run(program)?;
                samples.seconds.push(finished.cpu.as_secs_f64());
                samples.peak = samples.peak.max(finished.peak);
            }
        }
    }
    Ok(Measured { program: program.name.clone(), samples })
}

/// Why a contender's answer is not to be timed; the first good answer is what the others are held against.
fn verify(contender: &Contender, program: &Program, answer: &mut Option<Vec<u8>>) -> Option<String> {
    let finished = match contender.run(program) {
        Ok(finished) => finished,
        Err(error) => return Some(error.to_string()),
    };
    if finished.status != 0 {
        let text = String::from_utf8_lossy(&finished.stderr);
        return Some(text.lines().last().unwrap_or("ended with an error").to_owned());
    }
    match answer {
        Some(answer) if *answer != finished.stdout => {
            Some("another answer than the first contender's".to_owned())
        }
        Some(_) => None,
        None => {
            *answer = Some(finished.stdout);
            None
        }
    }
}

impl Measured {
    /// Median CPU seconds of a contender.
    pub fn seconds(&self, contender: usize) -> f64 {
        median(&self.samples[contender].seconds)
    }

    /// How many times as fast as the baseline a contender is: the median of the rounds' ratios.
    pub fn speed(&self, baseline: usize, contender: usize) -> Option<f64> {
        let (base, own) = (&self.samples[baseline].seconds, &self.samples[contender].seconds);
        let ratios: Vec<f64> = base.iter().zip(own).map(|(base, own)| base / own.max(1e-6)).collect();
        (!ratios.is_empty()).then(|| median(&ratios))
    }
}

/// Geometric mean of a contender's speeds over the programs that it and the baseline ran.
pub fn mean_speed(measured: &[Measured], baseline: usize, contender: usize) -> f64 {
    let speeds: Vec<f64> =
        measured.iter().filter_map(|measured| measured.speed(baseline, contender)).collect();
    geometric_mean(&speeds)
}

/// Everything, raw samples included.
pub fn json(contenders: &[Contender], measured: &[Measured], baseline: usize) -> Value {
    let programs: Vec<Value> =
        measured.iter().map(|measured| program_json(contenders, measured, baseline)).collect();
    let means: serde_json::Map<String, Value> = (0..contenders.len())
        .map(|contender| {
            (contenders[contender].name.clone(), json!(mean_speed(measured, baseline, contender)))
        })
        .collect();
    json!({
        "allocator": crate::measure::ALLOCATOR,
        "baseline": contenders[baseline].name,
        "geometric_mean_speed": means,
        "programs": programs,
    })
}

fn program_json(contenders: &[Contender], measured: &Measured, baseline: usize) -> Value {
    let results: serde_json::Map<String, Value> = contenders
        .iter()
        .enumerate()
        .map(|(i, contender)| {
            let samples = &measured.samples[i];
            let value = json!({
                "seconds": samples.seconds,
                "peak_bytes": samples.peak,
                "speed": measured.speed(baseline, i),
                "failure": samples.failure,
            });
            (contender.name.clone(), value)
        })
        .collect();
    json!({ "program": measured.program, "results": results })
}

/// Executed register instructions of a program under a choice of passes.
pub fn count_register(
    engine: &EngineArgs,
    passes: &[String],
    program: &Path,
    args: &[String],
) -> Result<u64, CliError> {
    let child = |error| CliError::Child { error };
    let report = tempfile::NamedTempFile::new().map_err(child)?;
    let amphis = std::env::current_exe().map_err(child)?;
    let mut command = Command::new(amphis);
    command.args(["run", "--machine", "register"]).args(engine.to_args()).args(passes);
    command.arg(format!("--report={}", report.path().display())).arg(program).args(args);
    let finished = measure::run(&mut command, None).map_err(child)?;
    let text = std::fs::read_to_string(report.path()).map_err(child)?;
    let counted: Value = serde_json::from_str(&text).unwrap_or_default();
    counted["instructions"].as_u64().filter(|_| finished.status == 0).ok_or_else(|| CliError::Failed {
        program: program.to_owned(),
        message: String::from_utf8_lossy(&finished.stderr).trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(contender: &str) -> Vec<OsString> {
        let program = Program { name: "fib".into(), path: "w/fib.py".into(), args: Vec::new() };
        let contender = Contender::parse(contender).unwrap();
        match contender.kind {
            Kind::Command(words) => fill(&words, &program),
            Kind::Machine(..) => Vec::new(),
        }
    }

    #[test]
    fn commands_name_the_program_or_get_it_last() {
        assert_eq!(words("py=python3.13 -I"), ["python3.13", "-I", "w/fib.py"]);
        assert_eq!(words("lua=lua5.4 'peers/{name}.lua'"), ["lua5.4", "peers/fib.lua"]);
        assert!(Contender::parse("python3.13").is_err());
    }

    #[test]
    fn speed_is_the_median_of_the_rounds_ratios() {
        let samples = |seconds: &[f64]| Samples { seconds: seconds.to_vec(), ..Samples::default() };
        let both = vec![samples(&[2.0, 4.0, 9.0]), samples(&[1.0, 1.0, 1.0])];
        let measured = [Measured { program: "p".into(), samples: both }];
        assert_eq!(measured[0].speed(0, 1), Some(4.0));
        assert_eq!(mean_speed(&measured, 0, 1), 4.0);
    }
}
