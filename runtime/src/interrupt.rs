//! Interruptions from outside: signals of the system, and limits of time and steps.
//!
//! Both only set bits in the word that safepoints poll; what is to be done happens there, on the engine's thread. Signals
//! are caught only by a state that was told to ([`Vm::catch_signals`]): a program that embeds an engine keeps its own.

#![expect(unsafe_code, reason = "signal handlers and the polled word are shared with other threads")]

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cx::Raised;
use crate::heap::interrupt;
use crate::value::Value;
use crate::vm::Vm;

/// The word that safepoints of the state that catches signals poll.
static FLAGS: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());
/// The signals that arrived, bit `n` for signal `n`.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// The thread that runs programs: a signal has to end the system call that it waits in.
static THREAD: AtomicUsize = AtomicUsize::new(0);
/// Whether any state of the process catches signals.
static CATCHING: AtomicBool = AtomicBool::new(false);

/// Notes a signal: only what may be done in a signal's handler.
extern "C" fn note(signal: i32) {
    let flags = FLAGS.load(Ordering::SeqCst);
    if flags.is_null() {
        return;
    }
    let thread = THREAD.load(Ordering::SeqCst) as libc::pthread_t;
    // SAFETY: both calls are allowed in handlers, and the thread lives as long as the word above is set.
    unsafe {
        if libc::pthread_equal(thread, libc::pthread_self()) == 0 {
            // On the thread that runs programs it ends the system call that the program waits in.
            libc::pthread_kill(thread, signal);
            return;
        }
    }
    PENDING.fetch_or(1 << (signal & 63), Ordering::SeqCst);
    // SAFETY: the word outlives its entry here; `forget_signals` takes it out.
    unsafe { (*flags).fetch_or(interrupt::SIGNAL, Ordering::SeqCst) };
}

/// Ends the process by an interrupt that nobody handles.
pub fn end_by_interrupt() -> ! {
    // SAFETY: the default action of the signal ends the process.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        libc::raise(libc::SIGINT);
    }
    std::process::exit(crate::STATUS_INTERRUPTED)
}

/// What a signal does when it arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disposition {
    Default,
    Ignore,
    Note,
}

/// Tells the system what is to be done with a signal; without a state that catches signals, nothing.
pub(crate) fn dispose(signal: i32, disposition: Disposition) -> std::io::Result<()> {
    if !CATCHING.load(Ordering::Relaxed) {
        return Ok(());
    }
    let handler = match disposition {
        Disposition::Default => libc::SIG_DFL,
        Disposition::Ignore => libc::SIG_IGN,
        Disposition::Note => note as extern "C" fn(i32) as usize,
    };
    // SAFETY: an all-zero action is valid; waiting calls are to be ended, so they are not restarted.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        if libc::sigaction(signal, &raw const action, ptr::null_mut()) == 0 {
            Ok(())
        } else {
            Err(std::io::Error::last_os_error())
        }
    }
}

/// Why a program is ended from outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// It took too long.
    Time,
    /// It executed too many instructions.
    Steps,
}

impl Stop {
    fn message(&self) -> &'static str {
        match self {
            Self::Time => "the time limit is over",
            Self::Steps => "the limit of executed instructions is reached",
        }
    }
}

/// The word of a state that still exists.
struct Target(*const AtomicU32);

// SAFETY: the pointer is used under the lock, and taken out when the state goes.
unsafe impl Send for Target {}

/// Ends a program from another thread.
#[derive(Clone)]
pub struct Stopper(Arc<Mutex<Option<Target>>>);

impl Stopper {
    /// The program ends at its next safepoint; no handler of its own runs any more.
    pub fn stop(&self) {
        let target = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Target(flags)) = &*target {
            // SAFETY: the state exists as long as the entry does.
            unsafe { (**flags).fetch_or(interrupt::LIMIT, Ordering::SeqCst) };
            if ptr::eq(FLAGS.load(Ordering::SeqCst), *flags) {
                // A system call that the program waits in ends.
                // SAFETY: the thread that catches signals lives as long as its word is set.
                unsafe { libc::pthread_kill(THREAD.load(Ordering::SeqCst) as libc::pthread_t, libc::SIGINT) };
            }
        }
    }
}

/// What a state knows of interruptions.
#[derive(Default)]
pub(crate) struct Interruption {
    /// Who may stop it.
    stoppers: Vec<Stopper>,
    /// The program is being ended: its own handlers do not run.
    pub(crate) stopped: Option<Stop>,
}

impl Drop for Interruption {
    fn drop(&mut self) {
        for Stopper(target) in &self.stoppers {
            *target.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

impl Vm {
    /// Handles signals as python does, from the thread that calls this: interrupts raise `KeyboardInterrupt`, a broken
    /// pipe is an `OSError`.
    pub fn catch_signals(&mut self) {
        CATCHING.store(true, Ordering::SeqCst);
        // SAFETY: the call only tells who we are.
        THREAD.store(unsafe { libc::pthread_self() } as usize, Ordering::SeqCst);
        FLAGS.store(ptr::from_ref(&self.heap.interrupt).cast_mut(), Ordering::SeqCst);
        // What is refused stays as it was: nothing that a program could not do without.
        let _ = dispose(libc::SIGINT, Disposition::Note);
        let _ = dispose(libc::SIGPIPE, Disposition::Ignore);
    }

    /// The state's end: signals are nobody's again.
    pub(crate) fn forget_signals(&mut self) {
        let own = ptr::from_ref(&self.heap.interrupt).cast_mut();
        if FLAGS.compare_exchange(own, ptr::null_mut(), Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            let _ = dispose(libc::SIGINT, Disposition::Default);
            CATCHING.store(false, Ordering::SeqCst);
        }
    }

    /// Who can stop the program from another thread. The state must not move as long as it exists.
    pub fn stopper(&mut self) -> Stopper {
        let target = Target(ptr::from_ref(&self.heap.interrupt));
        let stopper = Stopper(Arc::new(Mutex::new(Some(target))));
        self.interruption.stoppers.push(stopper.clone());
        stopper
    }

    /// Ends the program once a counting machine has executed this many instructions, at the next safepoint.
    pub fn limit_steps(&mut self, steps: u64) {
        self.counters.limit = steps;
    }

    /// Why the program was ended from outside, if it was.
    pub fn stopped(&self) -> Option<&Stop> {
        self.interruption.stopped.as_ref()
    }

    /// Tells the next safepoint that the limit of steps is reached.
    #[cold]
    #[inline(never)]
    pub fn reach_step_limit(&mut self) {
        self.heap.raise_flag(interrupt::LIMIT);
    }

    /// Raises what ends the program.
    pub(crate) fn raise_stop(&mut self) -> Raised {
        let reason = if self.counters.instructions >= self.counters.limit { Stop::Steps } else { Stop::Time };
        let message = self.interruption.stopped.get_or_insert(reason).message();
        self.raise(self.exceptions.keyboard_interrupt, message)
    }

    /// Does what the signals ask for that arrived: runs the program's handlers.
    pub(crate) fn handle_signals(&mut self) -> Result<(), Raised> {
        self.heap.clear_flag(interrupt::SIGNAL);
        let mut pending = PENDING.swap(0, Ordering::SeqCst);
        while pending != 0 {
            let signal = pending.trailing_zeros();
            pending &= pending - 1;
            self.handle_signal(signal as i32)?;
        }
        Ok(())
    }

    fn handle_signal(&mut self, signal: i32) -> Result<(), Raised> {
        let Some(handler) = crate::modules::signal_handler(self, signal) else {
            return Err(self.raise_with(self.exceptions.keyboard_interrupt, &[]));
        };
        let innermost = self.frames().iter().rposition(|frame| !self.is_entry(frame.callee));
        let frame = innermost.map_or(Value::NONE, |index| self.frame_object(index));
        self.enter(|cx| {
            let (handler, frame) = (cx.root_value(handler), cx.root_value(frame));
            let signal = cx.root_value(Value::small(signal));
            cx.call(handler.handle(), &[signal.handle(), frame.handle()]).map(drop)
        })
    }
}
