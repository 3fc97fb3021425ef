//! What ends a command early, and the exit status that goes with it.

use std::io;
use std::path::PathBuf;

use bytecode::dis::DisError;
use bytecode::pyc::PycError;
use translate::TranslateError;

/// Exit status where a machine disagrees with the other or a proof fails.
pub const STATUS_DISAGREE: u8 = 3;

/// Exit status for wrong usage and unreadable input.
pub const STATUS_USAGE: u8 = 2;

/// Why a command cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A file or folder cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("{}: {error}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file is not what its name says.
    #[error("{}: {error}", path.display())]
    Pyc {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: PycError,
    },
    /// Source that does not compile.
    #[error("{0}")]
    Compile(Box<frontend::CompileError>),
    /// A code object cannot be disassembled.
    #[error("{}: {error}", path.display())]
    Dis {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: DisError,
    },
    /// A code object cannot be translated.
    #[error("{}: {error}", path.display())]
    Translate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: TranslateError,
    },
    /// A pass that does not exist.
    #[error("{error}")]
    Passes {
        /// Which.
        error: TranslateError,
    },
    /// No code object has the name asked for.
    #[error("{}: no function or class is called {name}", path.display())]
    NoSuchFunction {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Nothing to work on.
    #[error("no .py or .pyc file in {}", paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoFiles {
        /// Where there is none.
        paths: Vec<PathBuf>,
    },
    /// A child process cannot be run or read.
    #[error("cannot run a machine in a process of its own: {error}")]
    Child {
        /// What the system says.
        error: io::Error,
    },
    /// A program on standard input, where it has to be run more than once.
    #[error("the program has to be a file: it is run several times, and standard input is the program's own")]
    NeedsFile,
    /// `--against` in another form.
    #[error("--against takes NAME=COMMAND, not {text:?}")]
    Against {
        /// What was given.
        text: String,
    },
    /// A program that a suite does not have.
    #[error("no program is called {name} in {suite}")]
    NoSuchProgram {
        /// The name.
        name: String,
        /// The suite.
        suite: String,
    },
    /// A program that fails where it should not.
    #[error("{} failed: {message}", program.display())]
    Failed {
        /// The program.
        program: PathBuf,
        /// What it wrote to standard error.
        message: String,
    },
    /// A folder that is no program.
    #[error("can't find '__main__' module in '{}'", folder.display())]
    NoMain {
        /// The folder.
        folder: PathBuf,
    },
    /// Standard output takes no more.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}
