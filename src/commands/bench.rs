//! `amphis bench`: the machines against each other and against other interpreters.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use benches::KERNELS;
use clap::Args;
use comfy_table::{Cell, CellAlignment, LineStyle, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tempfile::TempDir;
use translate::PASSES;

use crate::benchmark::{self, Contender, Measured, Program};
use crate::engine_args::{EngineArgs, MachineName};
use crate::error::CliError;
use crate::number::geometric_mean;

/// Time programs on both machines and on other interpreters
///
/// Each program runs once on everybody before it is timed, and all have to print the same. Then come rounds in which
/// each runs once, in turn; CPU time counts, start-up and compilation included. The table shows how many times as fast as
/// the baseline everybody is (the median of the rounds' ratios) and the geometric mean. The baseline is the first
/// --against, or else the stack machine. Differences under 10 % may come from where the code happens to lie in memory.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis bench                                             both machines on the built-in workloads\n  \
    amphis bench --against 'CPython=python3.13' fib nbody    two of them, against CPython\n  \
    amphis bench --against 'Lua=lua5.4 benches/peers/lua/{name}.lua'\n  \
    amphis bench --passes                                    what each pass of the translator is worth\n  \
    amphis bench --suite my_programs/ --json samples.json")]
pub struct BenchArgs {
    /// Programs: "kernels" (built in), or a folder of .py files
    #[arg(long, default_value = "kernels")]
    suite: String,
    /// Another interpreter; the program's file is its last argument, unless the command has {file} or {name} in it
    #[arg(long, value_name = "NAME=COMMAND")]
    against: Vec<String>,
    /// Rounds: how many times each program is timed
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// Count executed instructions without each pass, instead of timing
    #[arg(long, conflicts_with_all = ["against", "rounds", "html"])]
    passes: bool,
    /// Write a page with the table
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write all samples
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    #[command(flatten)]
    engine: EngineArgs,
    /// Only these programs of the suite
    #[arg(value_name = "PROGRAM")]
    programs: Vec<String>,
}

/// The programs of a suite; the built-in ones lie in a folder of their own as long as this lives.
struct Suite {
    programs: Vec<Program>,
    _folder: Option<TempDir>,
}

/// Runs the command.
pub fn run(args: &BenchArgs) -> Result<ExitCode, CliError> {
    let suite = load_suite(args)?;
    if args.passes {
        return report_passes(args, &suite);
    }
    let contenders = contenders(args)?;
    let baseline = if args.against.is_empty() { 1 } else { 2 };
    let progress = progress_bar(suite.programs.len());
    let mut measured = Vec::new();
    for program in &suite.programs {
        progress.set_message(program.name.clone());
        measured.push(benchmark::measure(&contenders, program, usize::from(args.rounds))?);
        progress.inc(1);
    }
    progress.finish_and_clear();
    write_files(args, &contenders, &measured, baseline)?;
    writeln!(io::stdout(), "{}", table(&rows(&contenders, &measured, baseline)))?;
    Ok(ExitCode::from(u8::from(list_failures(&contenders, &measured)?)))
}

fn contenders(args: &BenchArgs) -> Result<Vec<Contender>, CliError> {
    let machines =
        [MachineName::Register, MachineName::Stack].map(|machine| Contender::machine(machine, &args.engine));
    let others = args.against.iter().map(|text| Contender::parse(text));
    machines.into_iter().map(Ok).chain(others).collect()
}

fn load_suite(args: &BenchArgs) -> Result<Suite, CliError> {
    let suite =
        if args.suite == "kernels" { built_in(args.passes)? } else { from_folder(Path::new(&args.suite))? };
    for name in &args.programs {
        if suite.programs.iter().all(|program| program.name != *name) {
            return Err(CliError::NoSuchProgram { name: name.clone(), suite: args.suite.clone() });
        }
    }
    let wanted = |program: &Program| args.programs.is_empty() || args.programs.contains(&program.name);
    Ok(Suite { programs: suite.programs.into_iter().filter(wanted).collect(), ..suite })
}

/// The built-in workloads, written to a folder; at their small sizes for counting.
fn built_in(is_small: bool) -> Result<Suite, CliError> {
    let folder =
        tempfile::tempdir().map_err(|error| CliError::Write { path: std::env::temp_dir(), error })?;
    let write = |workload: &benches::Workload| {
        let path = folder.path().join(format!("{}.py", workload.name));
        fs::write(&path, workload.source).map_err(|error| CliError::Write { path: path.clone(), error })?;
        let args = if is_small { vec![workload.small.to_string()] } else { Vec::new() };
        Ok(Program { name: workload.name.to_owned(), path, args })
    };
    let programs: Result<_, CliError> = KERNELS.iter().map(write).collect();
    Ok(Suite { programs: programs?, _folder: Some(folder) })
}

fn from_folder(folder: &Path) -> Result<Suite, CliError> {
    let read = |error| CliError::Read { path: folder.to_owned(), error };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(read)? {
        paths.push(entry.map_err(read)?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "py"));
    paths.sort();
    if paths.is_empty() {
        return Err(CliError::NoFiles { paths: vec![folder.to_owned()] });
    }
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let programs =
        paths.into_iter().map(|path| Program { name: name(&path), path, args: Vec::new() }).collect();
    Ok(Suite { programs, _folder: None })
}

fn progress_bar(programs: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:28} {wide_bar} {pos}/{len}, {eta} left");
    ProgressBar::new(programs as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Head, one row a program, and the mean: the baseline's seconds, then how many times as fast everybody else is.
fn rows(contenders: &[Contender], measured: &[Measured], baseline: usize) -> Vec<Vec<String>> {
    let others: Vec<usize> = (0..contenders.len()).filter(|&i| i != baseline).collect();
    let row = |name: &str, seconds: String, speed: &dyn Fn(usize) -> Option<f64>| {
        let speeds = others.iter().map(|&i| speed(i).map_or("-".to_owned(), |speed| format!("{speed:.2}x")));
        [name.to_owned(), seconds].into_iter().chain(speeds).collect::<Vec<_>>()
    };
    let head = ["program".to_owned(), format!("{}, s", contenders[baseline].name)];
    let mut rows = vec![head.into_iter().chain(others.iter().map(|&i| contenders[i].name.clone())).collect()];
    for program in measured {
        let seconds = program.seconds(baseline);
        let seconds = if seconds.is_nan() { "-".to_owned() } else { format!("{seconds:.3}") };
        rows.push(row(&program.program, seconds, &|i| program.speed(baseline, i)));
    }
    let mean = |i| Some(benchmark::mean_speed(measured, baseline, i)).filter(|mean| !mean.is_nan());
    rows.push(row("geometric mean", String::new(), &mean));
    rows
}

fn table(rows: &[Vec<String>]) -> Table {
    let cells = |row: &[String]| {
        let align = |i| if i == 0 { CellAlignment::Left } else { CellAlignment::Right };
        row.iter().enumerate().map(|(i, text)| Cell::new(text).set_alignment(align(i))).collect::<Vec<_>>()
    };
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table.set_header(cells(&rows[0]));
    for row in &rows[1..] {
        table.add_row(cells(row));
    }
    table
}

/// Says who was not timed and why; whether there is such a one.
fn list_failures(contenders: &[Contender], measured: &[Measured]) -> io::Result<bool> {
    let mut any = false;
    for program in measured {
        for (contender, samples) in contenders.iter().zip(&program.samples) {
            if let Some(failure) = &samples.failure {
                any = true;
                writeln!(io::stderr(), "not timed: {} on {}: {failure}", program.program, contender.name)?;
            }
        }
    }
    Ok(any)
}

fn write_files(
    args: &BenchArgs,
    contenders: &[Contender],
    measured: &[Measured],
    baseline: usize,
) -> Result<(), CliError> {
    let write = |path: &Option<PathBuf>, text: &dyn Fn() -> String| match path {
        Some(path) => fs::write(path, text()).map_err(|error| CliError::Write { path: path.clone(), error }),
        None => Ok(()),
    };
    write(&args.json, &|| format!("{:#}\n", benchmark::json(contenders, measured, baseline)))?;
    write(&args.html, &|| page(&rows(contenders, measured, baseline)).into_string())
}

const STYLE: &str = "
:root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .9rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr { border-bottom: 1px solid #8884; }
tr:last-child { font-weight: 600; }
";

fn page(rows: &[Vec<String>]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "amphis bench" } style { (PreEscaped(STYLE)) } }
            body {
                h1 { "Both machines and others" }
                p { "CPU seconds of the first column's interpreter; how many times as fast the others are." }
                table {
                    tr { @for text in &rows[0] { th { (text) } } }
                    @for row in &rows[1..] { tr { @for text in row { td { (text) } } } }
                }
            }
        }
    }
}

/// What each pass is worth, in executed instructions.
fn report_passes(args: &BenchArgs, suite: &Suite) -> Result<ExitCode, CliError> {
    let choices: Vec<(String, Vec<String>)> = std::iter::once(("(all passes)".to_owned(), Vec::new()))
        .chain(PASSES.iter().map(|info| (info.name.to_owned(), vec![format!("--without={}", info.name)])))
        .chain([("(no pass)".to_owned(), vec!["--only=none".to_owned()])])
        .collect();
    let progress = progress_bar(choices.len());
    let mut all: Vec<u64> = Vec::new();
    let mut rows =
        vec![["without", "executed instructions", "against all passes"].map(str::to_owned).to_vec()];
    for (name, passes) in &choices {
        progress.set_message(name.clone());
        let count =
            |program: &Program| benchmark::count_register(&args.engine, passes, &program.path, &program.args);
        let counts: Vec<u64> = suite.programs.iter().map(count).collect::<Result<_, _>>()?;
        if all.is_empty() {
            all.clone_from(&counts);
        }
        let ratios: Vec<f64> =
            counts.iter().zip(&all).map(|(count, all)| *count as f64 / (*all).max(1) as f64).collect();
        let change = format!("{:+.1} %", 100.0 * (geometric_mean(&ratios) - 1.0));
        rows.push(vec![name.clone(), crate::number::grouped(counts.iter().sum()), change]);
        progress.inc(1);
    }
    progress.finish_and_clear();
    writeln!(io::stdout(), "{}", table(&rows))?;
    Ok(ExitCode::SUCCESS)
}
