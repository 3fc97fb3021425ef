//! `amphis verify`: every code object of files and folders checked.

use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use bytecode::verify::{Refusal, verify_all};
use bytecode::{CodeObject, StackOp, wordcode};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use translate::{Options, TranslateError, size32_model, translate_proved};
use walkdir::WalkDir;

use super::dis::with_nested;
use crate::error::{CliError, STATUS_DISAGREE, STATUS_USAGE};
use crate::input::load_code;
use crate::passes::PassArgs;

/// Check every code object of files and folders, translate it, and prove the translation
///
/// Checked is what the machines rely on: jumps land on instructions, stack depths are fixed and within bounds, operands
/// are in range, NULL lies only where an instruction expects it, cells are where they are read. What passes is translated
/// to register code, and a checker that knows nothing of the translator proves that both forms do the same: from each cut
/// point to the next it executes both symbolically and compares side effects, branches and what holds each value. Folders
/// are searched for .py and .pyc files. What is refused is listed with the offset of the instruction and the reason.
#[derive(Args)]
#[command(
    after_help = "Exit status: 0 all proved, 2 a file cannot be read, 3 a code object is refused or a proof fails.\n\n\
    Examples:\n  \
    amphis verify prog.py                      one file\n  \
    amphis verify -j 4 /usr/lib/python3.13     a folder, on four threads\n  \
    amphis verify --only none prog.py          the naive translation, without any pass"
)]
pub struct VerifyArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Files checked at the same time [default: one for each core]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    passes: PassArgs,
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// What came out.
#[derive(Default)]
struct Report {
    files: usize,
    code_objects: usize,
    size: Size,
    refused: Vec<(PathBuf, Box<Refusal>)>,
    unproved: Vec<(PathBuf, String, TranslateError)>,
    unreadable: Vec<(PathBuf, CliError)>,
}

/// Sizes of both forms, summed over the code objects.
#[derive(Default)]
struct Size {
    stack_instructions: usize,
    stack_bytes: usize,
    register_instructions: usize,
    register_bytes: usize,
    register_bytes_32: usize,
}

/// Runs the command.
pub fn run(args: &VerifyArgs) -> Result<ExitCode, CliError> {
    let start = Instant::now();
    let options = args.passes.options()?;
    let files = find_files(&args.paths)?;
    if files.is_empty() {
        return Err(CliError::NoFiles { paths: args.paths.clone() });
    }
    let jobs = args.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let report = check_files(&files, options, jobs)?;
    let seconds = start.elapsed().as_secs_f64();
    let text = if args.json { report.json(seconds) } else { report.text(seconds) };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::from(report.status()))
}

/// The files that are named, and the `.py` and `.pyc` files in folders, in the order of their names.
fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| walk_error(path, error))?;
            let is_python =
                entry.path().extension().is_some_and(|extension| extension == "py" || extension == "pyc");
            if entry.file_type().is_file() && (is_python || entry.depth() == 0) {
                files.push(entry.into_path());
            }
        }
    }
    Ok(files)
}

fn walk_error(path: &Path, error: walkdir::Error) -> CliError {
    let path = error.path().unwrap_or(path).to_owned();
    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("folder contains itself"));
    CliError::Read { path, error }
}

fn progress_bar(files: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("verifying {wide_bar} {pos}/{len} files, {eta} left");
    ProgressBar::new(files as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Native stack of a checking thread: address space, mapped as it is used.
const STACK: usize = 64 << 20;

/// Checks all files on several threads; what is found comes in the order of the files.
fn check_files(files: &[PathBuf], options: Options, jobs: usize) -> Result<Report, CliError> {
    let progress = progress_bar(files.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(at) else { return found };
            found.push((at, Report::of(file, options)));
            progress.inc(1);
        }
    };
    let mut reports = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let threads: Vec<_> = (0..jobs.min(files.len())).map(spawn).collect::<Result<_, _>>()?;
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        Ok::<Vec<(usize, Report)>, io::Error>(threads.into_iter().flat_map(join).collect())
    })
    .map_err(|error| CliError::Child { error })?;
    progress.finish_and_clear();
    reports.sort_by_key(|(at, _)| *at);
    let mut all = Report::default();
    for (_, report) in reports {
        all.add(report);
    }
    Ok(all)
}

impl Report {
    fn of(file: &Path, options: Options) -> Self {
        let mut report = Self { files: 1, ..Self::default() };
        report.check(file, options);
        report
    }

    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.code_objects += other.code_objects;
        self.size.stack_instructions += other.size.stack_instructions;
        self.size.stack_bytes += other.size.stack_bytes;
        self.size.register_instructions += other.size.register_instructions;
        self.size.register_bytes += other.size.register_bytes;
        self.size.register_bytes_32 += other.size.register_bytes_32;
        self.refused.extend(other.refused);
        self.unproved.extend(other.unproved);
        self.unreadable.extend(other.unreadable);
    }

    fn check(&mut self, file: &Path, options: Options) {
        let code = match load_code(file) {
            Ok(code) => code,
            Err(error) => return self.unreadable.push((file.to_owned(), error)),
        };
        match verify_all(&code) {
            Ok(count) => self.code_objects += count,
            Err(refusal) => return self.refused.push((file.to_owned(), refusal)),
        }
        for code in with_nested(&code) {
            if let Err(error) = self.size.add(&code, options) {
                let name = code.qualname.to_string_lossy();
                self.unproved.push((file.to_owned(), name, error));
            }
        }
    }

    /// Code objects whose translation is proved.
    fn proved(&self) -> usize {
        self.code_objects - self.unproved.len()
    }

    fn status(&self) -> u8 {
        if !(self.refused.is_empty() && self.unproved.is_empty()) {
            STATUS_DISAGREE
        } else if !self.unreadable.is_empty() {
            STATUS_USAGE
        } else {
            0
        }
    }

    fn text(&self, seconds: f64) -> String {
        let refused =
            self.refused.iter().map(|(path, refusal)| format!("refused: {}: {refusal}\n", path.display()));
        let unproved = self
            .unproved
            .iter()
            .map(|(path, name, error)| format!("not proved: {}: {name}: {error}\n", path.display()));
        let unreadable = self.unreadable.iter().map(|(_, error)| format!("unreadable: {error}\n"));
        let summary = format!(
            "{} files in {seconds:.2} s: {} code objects sound, {} translations proved, {} not, {} files refused, \
             {} unreadable\n",
            self.files,
            self.code_objects,
            self.proved(),
            self.unproved.len(),
            self.refused.len(),
            self.unreadable.len(),
        );
        refused.chain(unproved).chain(unreadable).chain([summary, self.size.text()]).collect()
    }

    fn json(&self, seconds: f64) -> String {
        let refused = self.refused.iter().map(|(path, refusal)| {
            json!({
                "path": path.display().to_string(),
                "code_object": refusal.qualname,
                "line": refusal.line,
                "error": refusal.error.to_string(),
            })
        });
        let unreadable = self
            .unreadable
            .iter()
            .map(|(path, error)| json!({ "path": path.display().to_string(), "error": error.to_string() }));
        let unproved = self.unproved.iter().map(|(path, name, error)| {
            json!({ "path": path.display().to_string(), "code_object": name, "error": error.to_string() })
        });
        let size = &self.size;
        let object = json!({
            "files": self.files,
            "code_objects": self.code_objects,
            "proved": self.proved(),
            "seconds": seconds,
            "stack": { "instructions": size.stack_instructions, "code_bytes": size.stack_bytes },
            "register": {
                "instructions": size.register_instructions,
                "code_bytes": size.register_bytes,
                "code_bytes_32": size.register_bytes_32,
            },
            "not_proved": unproved.collect::<Vec<_>>(),
            "refused": refused.collect::<Vec<_>>(),
            "unreadable": unreadable.collect::<Vec<_>>(),
        });
        format!("{object:#}\n")
    }
}

impl Size {
    fn add(&mut self, code: &CodeObject, options: Options) -> Result<(), TranslateError> {
        let reg = translate_proved(code, &options)?;
        let counts = |op: StackOp| {
            !matches!(op, StackOp::RESUME | StackOp::NOP | StackOp::CACHE | StackOp::EXTENDED_ARG)
        };
        let stack = wordcode::decode(&code.code).unwrap_or_default();
        self.stack_instructions += stack.iter().filter(|instr| counts(instr.op)).count();
        self.stack_bytes += code.code.len();
        self.register_instructions += reg.instrs().count();
        self.register_bytes += reg.words.len() * 8;
        self.register_bytes_32 += size32_model(&reg);
        Ok(())
    }

    fn text(&self) -> String {
        let change = |new: usize, old: usize| 100.0 * (new as f64 / old.max(1) as f64 - 1.0);
        format!(
            "instructions: {} stack, {} register ({:+.1} %)\ncode bytes: {} stack, {} register ({:+.1} %), \
             {} in 32-bit words ({:+.1} %)\n",
            self.stack_instructions,
            self.register_instructions,
            change(self.register_instructions, self.stack_instructions),
            self.stack_bytes,
            self.register_bytes,
            change(self.register_bytes, self.stack_bytes),
            self.register_bytes_32,
            change(self.register_bytes_32, self.stack_bytes),
        )
    }
}
