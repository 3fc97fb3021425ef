//! `amphis dis --against PYTHON`: our code objects held against a CPython's.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use amphis::parity;
use frontend::CompileOptions;

use crate::error::{CliError, STATUS_DISAGREE};

/// Compares all `.py` files among and below `paths`; the status says whether every code object is identical.
pub fn run(python: &Path, paths: &[PathBuf]) -> Result<ExitCode, CliError> {
    let read = |error| CliError::Read { path: paths.first().cloned().unwrap_or_default(), error };
    let files = parity::python_files(paths).map_err(read)?;
    let compile = |source: &[u8], path: &str| {
        frontend::compile(source, path, CompileOptions::default()).map_err(|error| error.to_string())
    };
    let oracle = |error| CliError::Read { path: python.to_owned(), error };
    let report = parity::compare_files(python, &files, compile).map_err(oracle)?;
    write!(io::stdout().lock(), "{report}")?;
    Ok(if report.kinds.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(STATUS_DISAGREE) })
}
