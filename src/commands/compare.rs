//! `amphis compare`: a program on both machines, side by side.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use comfy_table::{Cell, CellAlignment, LineStyle, Row, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use super::compare_html;
use crate::comparison::{Comparison, Request};
use crate::engine_args::{EngineArgs, LimitArgs};
use crate::error::{CliError, STATUS_DISAGREE};
use crate::input::load_code;
use crate::number::grouped;

/// Run a program on both machines and compare
///
/// The program's output comes first, then the figures of the two machines side by side. Each machine runs the program
/// twice, in a process of its own: with counters, and without them for the time. All runs read the same standard input
/// and use the same hash seed. A program that changes files finds in each run what the run before left behind; one that
/// prints times, addresses or random numbers does not agree with itself.
///
/// Instructions are counted as sys.monitoring of CPython counts them; on the register machine every dispatched one
/// counts. Moves are values copied from slot to slot. Code bytes include inline caches and argument words.
#[derive(Args)]
#[command(
    after_help = "Exit status: 0 the machines agree, 1 they agree and the program raised (or ended with a status of \
    its own), or a limit ended it, 2 wrong usage or unreadable input, 3 they disagree.\n\n\
    Examples:\n  \
    amphis compare benches/workloads/nbody.py 10000\n  \
    amphis compare --json prog.py | jq .removed_percent\n  \
    amphis compare --html report.html prog.py"
)]
pub struct CompareArgs {
    /// Print one JSON object, without the program's output
    #[arg(long)]
    json: bool,
    /// Write a page with the figures and both forms of the code, function by function
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Timed runs of each machine; the fastest counts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    repeat: u16,
    #[command(flatten)]
    engine: EngineArgs,
    #[command(flatten)]
    limits: LimitArgs,
    /// The program: a .py or .pyc file
    file: PathBuf,
    /// Arguments for the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Runs the command.
pub fn run(args: &CompareArgs) -> Result<ExitCode, CliError> {
    if args.file.as_os_str() == "-" {
        return Err(CliError::NeedsFile);
    }
    let code = load_code(&args.file)?;
    let request = Request {
        file: &args.file,
        args: &args.args,
        engine: &args.engine,
        limits: &args.limits,
        repeat: usize::from(args.repeat),
    };
    let spinner = spinner();
    let comparison = Comparison::run(&request, &code, |stage| spinner.set_message(stage.to_owned()))?;
    spinner.finish_and_clear();
    if let Some(path) = &args.html {
        let page = compare_html::page(&comparison);
        std::fs::write(path, page).map_err(|error| CliError::Write { path: path.clone(), error })?;
    }
    if args.json {
        writeln!(io::stdout(), "{:#}", comparison.json())?;
    } else {
        io::stdout().write_all(&comparison.outcome.stdout)?;
        io::stderr().write_all(&comparison.outcome.stderr)?;
        io::stdout().write_all(text(&comparison).as_bytes())?;
    }
    Ok(ExitCode::from(status(&comparison)))
}

fn status(comparison: &Comparison) -> u8 {
    match comparison.outcome.status {
        _ if comparison.is_stopped => 1,
        _ if !comparison.agrees() => STATUS_DISAGREE,
        0 => 0,
        _ => 1,
    }
}

fn spinner() -> ProgressBar {
    let spinner = if io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// The figures as a table, and whether the machines agree.
fn text(comparison: &Comparison) -> String {
    let mut text = format!("\n{}\n", table(comparison));
    if comparison.agrees() {
        let (out, err) = (comparison.outcome.stdout.len(), comparison.outcome.stderr.len());
        let status = comparison.outcome.status;
        let _ = writeln!(
            text,
            "The machines agree: {} bytes of standard output, {} of standard error, exit status {status}.",
            grouped(out as u64),
            grouped(err as u64),
        );
    } else {
        text.push_str(if comparison.is_stopped { "NOT COMPARED:\n" } else { "THE MACHINES DISAGREE:\n" });
        for difference in &comparison.differences {
            let _ = writeln!(text, "  {difference}");
        }
        if comparison.is_unsteady() {
            text.push_str(UNSTEADY);
        }
    }
    text
}

const UNSTEADY: &str = "Two runs of one machine differ, too: the program prints times, random numbers or the like, \
                        or finds what the run before left behind.\n";

/// A line of the table: name, both machines' figures, what the register machine changes.
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) stack: String,
    pub(super) register: String,
    pub(super) change: String,
}

/// The figures as text.
pub(super) fn lines(comparison: &Comparison) -> Vec<Line> {
    let (stack, register) = (&comparison.stack, &comparison.register);
    let counted = |name, stack: Option<u64>, register: Option<u64>| Line {
        name,
        stack: stack.map_or("not counted".to_owned(), grouped),
        register: register.map_or("not counted".to_owned(), grouped),
        change: stack.zip(register).map_or(String::new(), |(stack, register)| change(stack, register)),
    };
    let sized =
        |name, stack: usize, register: usize| counted(name, Some(stack as u64), Some(register as u64));
    vec![
        counted("executed instructions", stack.instructions, register.instructions),
        counted("moves", stack.moves, register.moves),
        sized("code bytes", stack.code_bytes, register.code_bytes),
        sized("code bytes in 32-bit words (model)", stack.code_bytes, comparison.code_bytes_32),
        sized("frame slots", stack.frame_slots, register.frame_slots),
        Line {
            name: "CPU seconds",
            stack: stack.seconds.map_or("not timed".to_owned(), |seconds| format!("{seconds:.3}")),
            register: register.seconds.map_or("not timed".to_owned(), |seconds| format!("{seconds:.3}")),
            change: comparison.time_ratio().map_or(String::new(), |ratio| format!("{ratio:.2}x as fast")),
        },
        Line {
            name: "peak memory, MiB",
            stack: mebibytes(stack.peak),
            register: mebibytes(register.peak),
            change: stack
                .peak
                .zip(register.peak)
                .map_or(String::new(), |(stack, register)| change(stack, register)),
        },
    ]
}

fn mebibytes(bytes: Option<u64>) -> String {
    bytes.map_or("not measured".to_owned(), |bytes| format!("{:.1}", bytes as f64 / 1_048_576.0))
}

fn change(stack: u64, register: u64) -> String {
    if stack == 0 {
        return String::new();
    }
    format!("{:+.1} %", 100.0 * (register as f64 / stack as f64 - 1.0))
}

fn table(comparison: &Comparison) -> Table {
    let right = |text: &str| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    let title = comparison.program.file_name().unwrap_or_default().to_string_lossy();
    table.set_header([Cell::new(title), right("stack machine"), right("register machine"), right("change")]);
    for line in lines(comparison) {
        table.add_row(Row::from([
            Cell::new(line.name),
            right(&line.stack),
            right(&line.register),
            right(&line.change),
        ]));
    }
    table
}
