//! The stack machine: CPython 3.13's wordcode, operands on a stack, built the way CPython's interpreter is.
//!
//! It fetches operands and calls `runtime`; it knows nothing of what they mean. `state` is what a handler sees,
//! `handlers` the handlers, `dispatch` the two forms of dispatch made from them, `executable` the copy that runs.

#![expect(
    unsafe_code,
    reason = "handlers work on raw slots that the verifier and the frame layout keep in bounds"
)]

mod dispatch;
mod executable;
mod handlers;
mod probe;
mod quick;
mod state;

pub use dispatch::Dispatch;
use probe::{Count, NoProbe};
use runtime::{MachineHooks, Value, Vm};

/// The machine's hooks for the runtime, in a form of dispatch, counting or not.
pub fn hooks(dispatch: Dispatch, counting: bool) -> MachineHooks {
    let run: unsafe fn(*mut Vm) -> Value = match (dispatch, counting) {
        (Dispatch::Tail, false) => dispatch::run_tail::<NoProbe>,
        (Dispatch::Tail, true) => dispatch::run_tail::<Count>,
        (Dispatch::Loop, false) => dispatch::run_loop::<NoProbe>,
        (Dispatch::Loop, true) => dispatch::run_loop::<Count>,
    };
    MachineHooks {
        prepare: executable::prepare,
        run,
        name: "stack",
        exit_code: executable::exit_code(),
        exhausted_code: executable::exhausted_code(),
        flush: executable::flush,
    }
}
