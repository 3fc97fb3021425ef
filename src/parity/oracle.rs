//! A CPython 3.13 that compiles files in the order in which it is given them.

use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use bytecode::{CodeObject, marshal};

/// What the oracle says of one file.
pub(super) struct Answer {
    /// The code object, or why there is none.
    pub(super) code: Result<Arc<CodeObject>, String>,
    /// Seconds that `compile()` took.
    pub(super) seconds: f64,
}

/// The running interpreter; paths are fed to it by a thread, so that neither side waits for the other.
pub(super) struct Oracle {
    child: Child,
    output: BufReader<ChildStdout>,
    feeder: JoinHandle<io::Result<()>>,
}

impl Oracle {
    /// Starts the interpreter on `paths`.
    pub(super) fn start(python: &Path, paths: &[PathBuf]) -> io::Result<Self> {
        let mut child = Command::new(python)
            .args(["-I", "-c", include_str!("oracle.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let output = BufReader::new(child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?);
        let lines: Vec<u8> = paths.iter().flat_map(|path| line(path)).collect();
        let feeder = std::thread::spawn(move || input.write_all(&lines));
        Ok(Self { child, output, feeder })
    }

    /// The answer for the next path.
    pub(super) fn next(&mut self) -> io::Result<Answer> {
        let length = i64::from_le_bytes(self.number()?);
        let seconds = f64::from_le_bytes(self.number()?);
        let mut bytes = vec![0; length.unsigned_abs() as usize];
        self.output.read_exact(&mut bytes)?;
        let code = if length < 0 {
            Err(String::from_utf8_lossy(&bytes).into_owned())
        } else {
            marshal::load_code(&bytes).map_err(|error| error.to_string())
        };
        Ok(Answer { code, seconds })
    }

    /// Waits for the interpreter's end.
    pub(super) fn finish(mut self) -> io::Result<()> {
        drop(self.output);
        self.child.wait()?;
        self.feeder.join().unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn number(&mut self) -> io::Result<[u8; 8]> {
        let mut bytes = [0; 8];
        self.output.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn line(path: &Path) -> Vec<u8> {
    let mut line = path.as_os_str().as_encoded_bytes().to_vec();
    line.push(b'\n');
    line
}
