//! The verifier: refuses code objects that CPython's compiler would never make, before a machine runs them.
//!
//! Problem: wordcode may come from anywhere, and CPython itself trusts it. The machines trust it too, for speed, but only
//! after this: first the form is checked (slots, opargs, tables, caches, prologue: [`shape`]), then depths
//! ([`crate::depth`]), then a dataflow over what each local and each stack slot holds ([`flow`]).
//!
//! After `verify` a machine may rely on these: every operand index is in range; each jump and handler lands on an
//! instruction; depths are fixed, never negative and at most `co_stacksize`; control does not fall off the end; NULL lies
//! only where the instruction that takes it tolerates it; slots of cell instructions hold cells; `lasti` and the
//! exception that was handled before are where `RERAISE` and `POP_EXCEPT` look for them; an instruction that raises takes
//! nothing from the part of the stack that its handler keeps (but `YIELD_VALUE`, which finds the sent value there).
//!
//! What it does not decide: whether a local is bound where `LOAD_FAST` reads it (a certainly unbound one is refused),
//! whether a function's closure has the right size where it is not made on the spot, and types of values. Those are
//! checked errors in the machines.

mod error;
mod flow;
mod shape;

use std::sync::Arc;

pub use error::VerifyError;

use crate::depth::{self, StackDepths};
use crate::exception_table::{self, ExceptionEntry};
use crate::wordcode::{self, Instr, InstrStarts};
use crate::{CodeObject, Const};

/// Largest frame: locals and operand stack.
pub const MAX_FRAME_SLOTS: usize = 32_000;

/// What the verifier found out about a sound code object, for those that go on with it.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// The exception table.
    pub entries: Vec<ExceptionEntry>,
    /// The stack depths.
    pub depths: StackDepths,
}

/// Checks one code object; those nested in it are for their own turn.
pub fn verify(code: &CodeObject) -> Result<Verified, VerifyError> {
    let instrs = wordcode::decode(&code.code)?;
    let entries = exception_table::decode(&code.exceptiontable)?;
    let starts = InstrStarts::new(&instrs);
    shape::check(code, &instrs, &starts, &entries)?;
    let depths = depth::analyze_with(&instrs, &starts, &entries)?;
    if depths.max() > code.stacksize {
        return Err(VerifyError::StackSize { depth: depths.max(), stacksize: code.stacksize });
    }
    flow::check(code, &instrs, &starts, &entries, &depths)?;
    Ok(Verified { instrs, entries, depths })
}

/// A code object that was refused, and why.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{qualname} (line {line}): {error}")]
pub struct Refusal {
    /// The code object's qualified name.
    pub qualname: String,
    /// The line of its definition.
    pub line: i32,
    /// What is wrong with it.
    #[source]
    pub error: VerifyError,
}

/// Checks a code object and all that are nested in it; gives their number.
pub fn verify_all(code: &Arc<CodeObject>) -> Result<usize, Box<Refusal>> {
    let mut pending = vec![code];
    let mut count = 0;
    while let Some(code) = pending.pop() {
        verify(code).map_err(|error| {
            Box::new(Refusal { qualname: code.qualname.to_string(), line: code.firstlineno, error })
        })?;
        count += 1;
        pending.extend(code.consts.iter().filter_map(|constant| match constant {
            Const::Code(inner) => Some(inner),
            _ => None,
        }));
    }
    Ok(count)
}
