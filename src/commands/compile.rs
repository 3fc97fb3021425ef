//! `amphis compile`: a `.pyc` file from source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::UNIX_EPOCH;

use bytecode::pyc::{self, PycHeader};
use clap::Args;

use crate::error::CliError;
use crate::input;

/// Compile a file to a .pyc file that CPython 3.13 runs too
///
/// Without -o the .pyc file goes where CPython keeps its own: __pycache__/NAME.cpython-313.pyc beside the source. It
/// records the source's time and size, so that CPython compiles again once the source changes.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    amphis compile prog.py                  writes __pycache__/prog.cpython-313.pyc\n  \
    amphis compile prog.py -o prog.pyc      writes prog.pyc; python3.13 prog.pyc runs it")]
pub struct CompileArgs {
    /// The source file
    file: PathBuf,
    /// Where to write the code
    #[arg(short, long, value_name = "OUT.pyc")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &CompileArgs) -> Result<ExitCode, CliError> {
    let source = fs::read(&args.file).map_err(|error| read_error(&args.file, error))?;
    let code = input::compile(&source, &args.file.to_string_lossy())?;
    let header = header(&args.file, &source)?;
    let output = args.output.clone().unwrap_or_else(|| cached_path(&args.file));
    write(&output, &pyc::write(header, &code))?;
    Ok(ExitCode::SUCCESS)
}

fn read_error(path: &Path, error: std::io::Error) -> CliError {
    CliError::Read { path: path.to_owned(), error }
}

/// The header by which CPython recognizes a stale file: the source's time and size, 32 bits each.
fn header(path: &Path, source: &[u8]) -> Result<PycHeader, CliError> {
    let metadata = fs::metadata(path).map_err(|error| read_error(path, error))?;
    let modified = metadata.modified().map_err(|error| read_error(path, error))?;
    let mtime = modified.duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs() as u32);
    Ok(PycHeader::Timestamp { mtime, size: source.len() as u32 })
}

/// Where CPython 3.13 keeps a module's code.
fn cached_path(source: &Path) -> PathBuf {
    let mut name = source.file_stem().unwrap_or_default().to_owned();
    name.push(".cpython-313.pyc");
    source.with_file_name("__pycache__").join(name)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|error| CliError::Write { path: path.to_owned(), error })
}
