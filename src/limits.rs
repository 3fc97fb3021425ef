//! The limit of time: a watch that ends a program from another thread.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use amphis::Engine;

use crate::engine_args::LimitArgs;

/// How long a program may take to come to its next safepoint before the process ends without it.
const GRACE: Duration = Duration::from_secs(1);

/// A program is watched as long as this lives.
pub struct Watch {
    _end: Option<Sender<()>>,
}

/// Watches the engine's program, if there is a limit.
pub fn watch(engine: &mut Engine, limits: &LimitArgs) -> Watch {
    let Some(limit) = limits.timeout() else { return Watch { _end: None } };
    let (end, ended) = mpsc::channel::<()>();
    let stopper = engine.vm().stopper();
    thread::spawn(move || {
        if ended.recv_timeout(limit) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        stopper.stop();
        if ended.recv_timeout(GRACE) == Err(RecvTimeoutError::Timeout) {
            // It waits for the system, which nobody can end but with the process.
            let _ = writeln!(io::stderr(), "amphis: the time limit is over, and the program does not end");
            std::process::exit(runtime::STATUS_STOPPED);
        }
    });
    Watch { _end: Some(end) }
}
