//! Child processes, measured: output, exit status, CPU time, peak memory.

use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use runtime::STATUS_INTERRUPTED;
use wait4::Wait4;

/// Which allocator serves the buffers of lists, dicts and strings.
pub const ALLOCATOR: &str = if cfg!(feature = "mimalloc") { "mimalloc" } else { "system" };

/// What a child left behind.
#[derive(Debug)]
pub struct Finished {
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Exit status, as a shell has it: 128 and the signal's number if a signal ended it.
    pub status: i32,
    /// The signal that ended it, other than an interrupt, which is how programs with an uncaught `KeyboardInterrupt` end.
    pub crash: Option<i32>,
    /// User and system time.
    pub cpu: Duration,
    /// Largest resident set in bytes.
    pub peak: u64,
}

/// Standard input of several children that all are to read the same.
///
/// The first child is fed from our own input as it comes, so that nothing is read that nobody asks for to the end; what
/// was read until it finished is what the later ones get.
#[derive(Default)]
pub struct SharedInput {
    recorded: Arc<Mutex<Vec<u8>>>,
    is_started: bool,
}

impl SharedInput {
    fn feed(&mut self, stdin: ChildStdin) {
        let recorded = Arc::clone(&self.recorded);
        if self.is_started {
            let bytes = lock(&recorded).clone();
            thread::spawn(move || write_all(stdin, &bytes));
        } else {
            self.is_started = true;
            thread::spawn(move || tee(stdin, &recorded));
        }
    }
}

fn lock(recorded: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    recorded.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A child that does not read all its input is no fault.
fn write_all(mut stdin: ChildStdin, bytes: &[u8]) {
    let _ = stdin.write_all(bytes);
}

fn tee(mut stdin: ChildStdin, recorded: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 8192];
    while let Ok(count) = io::stdin().read(&mut buffer) {
        lock(recorded).extend(&buffer[..count]);
        if count == 0 || stdin.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
}

/// Runs a command to its end; without `input` it reads nothing.
pub fn run(command: &mut Command, input: Option<&mut SharedInput>) -> io::Result<Finished> {
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let (Some(input), Some(stdin)) = (input, child.stdin.take()) {
        input.feed(stdin);
    }
    let stdout = child.stdout.take().map(reader);
    let stderr = child.stderr.take().map(reader);
    let (stdout, stderr) = (join(stdout), join(stderr));
    let end = child.wait4()?;
    let signal = end.status.signal();
    Ok(Finished {
        stdout,
        stderr,
        status: end.status.code().or(signal.map(|signal| 128 + signal)).unwrap_or_default(),
        crash: signal.filter(|signal| 128 + signal != STATUS_INTERRUPTED),
        cpu: end.rusage.utime + end.rusage.stime,
        peak: end.rusage.maxrss,
    })
}

fn reader(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is what there is.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn join(reader: Option<JoinHandle<Vec<u8>>>) -> Vec<u8> {
    reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
}
