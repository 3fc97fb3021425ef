//! `amphis verify`: every code object of files and folders checked.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use bytecode::verify::{Refusal, verify_all};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use walkdir::WalkDir;

use crate::error::{CliError, STATUS_DISAGREE, STATUS_USAGE};
use crate::input::load_code;

/// Check every code object of files and folders
///
/// Checked is what the machines rely on: jumps land on instructions, stack depths are fixed and within bounds, operands
/// are in range, NULL lies only where an instruction expects it, cells are where they are read. Folders are searched for
/// .pyc files. What is refused is listed with the offset of the instruction and the reason.
#[derive(Args)]
#[command(after_help = "Exit status: 0 all sound, 2 a file cannot be read, 3 a code object is refused.\n\n\
    Example:\n  amphis verify /usr/lib/python3.13")]
pub struct VerifyArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// What came out.
#[derive(Default)]
struct Report {
    files: usize,
    code_objects: usize,
    refused: Vec<(PathBuf, Box<Refusal>)>,
    unreadable: Vec<(PathBuf, CliError)>,
}

/// Runs the command.
pub fn run(args: &VerifyArgs) -> Result<ExitCode, CliError> {
    let start = Instant::now();
    let files = find_files(&args.paths)?;
    if files.is_empty() {
        return Err(CliError::NoFiles { paths: args.paths.clone() });
    }
    let progress = progress_bar(files.len());
    let mut report = Report::default();
    for file in files {
        report.check(&file);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    let text = if args.json { report.json(seconds) } else { report.text(seconds) };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::from(report.status()))
}

/// The files that are named, and the `.pyc` files in folders, in the order of their names.
fn find_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|error| walk_error(path, error))?;
            let is_pyc = entry.path().extension().is_some_and(|extension| extension == "pyc");
            if entry.file_type().is_file() && (is_pyc || entry.depth() == 0) {
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

impl Report {
    fn check(&mut self, file: &Path) {
        self.files += 1;
        match load_code(file).map(|code| verify_all(&code)) {
            Ok(Ok(count)) => self.code_objects += count,
            Ok(Err(refusal)) => self.refused.push((file.to_owned(), refusal)),
            Err(error) => self.unreadable.push((file.to_owned(), error)),
        }
    }

    fn status(&self) -> u8 {
        if !self.refused.is_empty() {
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
        let unreadable = self.unreadable.iter().map(|(_, error)| format!("unreadable: {error}\n"));
        let summary = format!(
            "{} files in {seconds:.2} s: {} code objects sound, {} files refused, {} unreadable\n",
            self.files,
            self.code_objects,
            self.refused.len(),
            self.unreadable.len(),
        );
        refused.chain(unreadable).chain([summary]).collect()
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
        let object = json!({
            "files": self.files,
            "code_objects": self.code_objects,
            "seconds": seconds,
            "refused": refused.collect::<Vec<_>>(),
            "unreadable": unreadable.collect::<Vec<_>>(),
        });
        format!("{object:#}\n")
    }
}
