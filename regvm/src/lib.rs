//! The register machine: register code, operands anywhere in the frame or the const pool.
//!
//! It fetches operands and calls `runtime`; it knows nothing of what they mean. `state` is what a handler sees,
//! `handlers`, `arithmetic` and `calls` the handlers, `dispatch` the two forms of dispatch made from them, `executable`
//! the copy that runs.

#![expect(
    unsafe_code,
    reason = "handlers work on raw slots that the translator and the frame layout keep in bounds"
)]

mod arithmetic;
mod calls;
mod dispatch;
mod executable;
mod handlers;
mod probe;
mod quick;
mod state;

use bytecode::{CodeObject, RegCode};
pub use dispatch::Dispatch;
use probe::{Count, NoProbe};
use runtime::{MachineHooks, Value, Vm};

/// Makes register code of a code object: handed in, so that this machine and the translator stay strangers.
pub trait Translator {
    /// Translates.
    ///
    /// # Errors
    /// Why the code cannot be translated.
    fn translate(code: &CodeObject) -> Result<RegCode, String>;
}

/// The machine's hooks for the runtime, in a form of dispatch, counting or not.
pub fn hooks<T: Translator>(dispatch: Dispatch, counting: bool) -> MachineHooks {
    let run: unsafe fn(*mut Vm) -> Value = match (dispatch, counting) {
        (Dispatch::Tail, false) => dispatch::run_tail::<NoProbe>,
        (Dispatch::Tail, true) => dispatch::run_tail::<Count>,
        (Dispatch::Loop, false) => dispatch::run_loop::<NoProbe>,
        (Dispatch::Loop, true) => dispatch::run_loop::<Count>,
    };
    MachineHooks {
        prepare: executable::prepare::<T>,
        run,
        name: "register",
        exit_code: executable::exit_code(),
        exhausted_code: executable::exhausted_code(),
        flush: executable::flush,
    }
}
