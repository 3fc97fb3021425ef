//! `amphis run`: a program on one machine.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use amphis::engine::{self, Counters, Engine, Options, Outcome};
use bytecode::CodeObject;
use clap::Args;
use serde_json::json;

use crate::engine_args::{EngineArgs, LimitArgs, MachineName};
use crate::error::CliError;
use crate::input;
use crate::limits;
use crate::repl;

/// Run a Python program, as python would
///
/// The exit status is the program's own; one that a limit ended has 124. Everything after the program, -c CODE or
/// -m MODULE is the program's own and lies in sys.argv. Without a program, standard input is it, or the prompt if
/// standard input is a terminal.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis run prog.py 10 --verbose                    the register machine\n  \
    amphis run --machine stack prog.py                 the stack machine\n  \
    amphis run -c 'print(2 ** 100)'\n  \
    echo 'print(input())' | amphis run -               the program comes from standard input\n  \
    amphis run --timeout 10 --memory-limit 512 prog.py")]
pub struct RunArgs {
    #[command(flatten)]
    engine: MachineArgs,
    #[command(flatten)]
    limits: LimitArgs,
    /// End the program after this many executed instructions (it runs with counters)
    #[arg(long, value_name = "N")]
    max_steps: Option<u64>,
    /// Print executed instructions and moves to standard error at the end
    #[arg(long)]
    count: bool,
    /// Count, and write the counters to this file as one JSON object
    #[arg(long, value_name = "FILE", hide = true)]
    report: Option<PathBuf>,
    /// Go on at the prompt when the program has ended
    #[arg(short = 'i')]
    inspect: bool,
    /// The program is this text; its arguments follow
    #[arg(short = 'c', value_name = "CODE", num_args = 1.., allow_hyphen_values = true, conflicts_with_all = ["module", "program"])]
    command: Option<Vec<OsString>>,
    /// The program is this module; its arguments follow
    #[arg(short = 'm', value_name = "MODULE", num_args = 1.., allow_hyphen_values = true, conflicts_with = "program")]
    module: Option<Vec<OsString>>,
    /// The program (a .py or .pyc file, a folder with a __main__.py, or - for standard input), and its arguments
    #[arg(value_name = "FILE", trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<OsString>,
}

/// The machine and how it runs.
#[derive(Args, Clone, Default)]
pub struct MachineArgs {
    /// The machine
    #[arg(long, value_enum, default_value_t = MachineName::Register)]
    machine: MachineName,
    #[command(flatten)]
    engine: EngineArgs,
}

impl MachineArgs {
    fn options(&self) -> Result<Options, CliError> {
        Ok(Options { signals: true, ..self.engine.options(self.machine)? })
    }
}

/// What is to be run.
enum Program {
    /// Code, and the text it comes from if that is no file.
    Code(Arc<CodeObject>, Option<String>),
    /// A module by its name.
    Module(String),
    /// Nothing: the prompt alone.
    Prompt,
}

/// Runs the command.
pub fn run(args: &RunArgs) -> Result<ExitCode, CliError> {
    let (program, argv) = match load(args) {
        Ok(loaded) => loaded,
        // What python says of it, and ends with.
        Err(CliError::Compile(error)) => {
            writeln!(io::stderr(), "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
        Err(error) => return Err(error),
    };
    let options = Options {
        counting: args.count || args.report.is_some() || args.max_steps.is_some(),
        max_steps: args.max_steps,
        argv,
        ..args.engine.options()?
    };
    let inspect = args.inspect || matches!(program, Program::Prompt);
    let (outcome, counters) = engine::on_engine_thread(|| {
        let mut engine = Engine::new(&options);
        let watch = limits::watch(&mut engine, &args.limits);
        let outcome = execute(&mut engine, &program, inspect);
        drop(watch);
        let counters = engine.counters();
        engine.leave();
        (outcome, counters)
    });
    report(args, counters)?;
    if outcome.is_interrupt {
        engine::end_by_interrupt();
    }
    Ok(ExitCode::from(outcome.status as u8))
}

/// `amphis` alone: the prompt on a terminal, else a program on standard input.
pub fn prompt(args: &MachineArgs) -> Result<ExitCode, CliError> {
    let program = if io::stdin().is_terminal() { Vec::new() } else { vec!["-".into()] };
    run(&RunArgs {
        engine: args.clone(),
        limits: LimitArgs::default(),
        max_steps: None,
        count: false,
        report: None,
        inspect: false,
        command: None,
        module: None,
        program,
    })
}

/// The program and its `sys.argv`.
fn load(args: &RunArgs) -> Result<(Program, Vec<String>), CliError> {
    let argv = |first: &str, rest: &[OsString]| {
        let rest = rest.iter().map(|arg| arg.to_string_lossy().into_owned());
        std::iter::once(first.to_owned()).chain(rest).collect::<Vec<_>>()
    };
    if let Some([code, rest @ ..]) = args.command.as_deref() {
        let text = code.to_string_lossy().into_owned();
        let code = input::compile_program(text.as_bytes(), "<string>")?;
        return Ok((Program::Code(code, Some(text)), argv("-c", rest)));
    }
    if let Some([module, rest @ ..]) = args.module.as_deref() {
        return Ok((Program::Module(module.to_string_lossy().into_owned()), argv("-m", rest)));
    }
    match args.program.as_slice() {
        [] if io::stdin().is_terminal() || args.inspect => Ok((Program::Prompt, argv("", &[]))),
        [] => Ok((Program::Code(input::load_program(Path::new("-"))?, None), argv("-", &[]))),
        [file, rest @ ..] => {
            let code = input::load_program(&main_file(file)?)?;
            Ok((Program::Code(code, None), argv(&file.to_string_lossy(), rest)))
        }
    }
}

/// The file to run: of a folder, its `__main__.py`.
fn main_file(file: &OsStr) -> Result<PathBuf, CliError> {
    let path = Path::new(file);
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let main = path.join("__main__.py");
    if main.is_file() { Ok(main) } else { Err(CliError::NoMain { folder: path.to_owned() }) }
}

fn execute(engine: &mut Engine, program: &Program, inspect: bool) -> Outcome {
    let ended = match program {
        Program::Code(code, text) => {
            if let Some(text) = text {
                engine.vm().add_source("<string>", text);
            }
            engine.start_main(code)
        }
        Program::Module(name) => engine.start_module(name),
        Program::Prompt => Outcome::default(),
    };
    if !inspect || engine.vm().stopped().is_some() {
        return engine.finish(ended);
    }
    let status = repl::run(engine, matches!(program, Program::Prompt));
    engine.finish(Outcome { status, is_interrupt: false })
}

fn report(args: &RunArgs, counters: Counters) -> Result<(), CliError> {
    if args.count {
        writeln!(io::stderr(), "{} instructions, {} moves", counters.instructions, counters.moves)?;
    }
    if let Some(path) = &args.report {
        let text = json!({ "instructions": counters.instructions, "moves": counters.moves }).to_string();
        std::fs::write(path, text).map_err(|error| CliError::Write { path: path.clone(), error })?;
    }
    Ok(())
}
