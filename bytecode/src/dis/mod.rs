//! Disassembly of wordcode: the text that CPython's `python -m dis` prints, and the listing that it is made from.
//!
//! The text is CPython's to the letter but for addresses of code objects (zero here) and the order of sets in constants
//! (that of the file here; it changes from run to run in CPython).

mod listing;
mod text;

pub use listing::{Cache, HandlerLabels, Line, Listing, list};

use std::fmt::Write;

use crate::exception_table::ExceptionTableError;
use crate::wordcode::WordcodeError;
use crate::{CodeObject, Const, repr};

/// What to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DisOptions {
    /// A line for each inline cache unit (`-C`).
    pub show_caches: bool,
    /// Byte offsets of instructions (`-O`).
    pub show_offsets: bool,
    /// Nested code objects too.
    pub nested: bool,
}

impl Default for DisOptions {
    fn default() -> Self {
        Self { show_caches: false, show_offsets: false, nested: true }
    }
}

/// Why a code object cannot be disassembled.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DisError {
    /// The code is no sequence of instructions.
    #[error(transparent)]
    Wordcode(#[from] WordcodeError),
    /// The exception table cannot be read.
    #[error(transparent)]
    ExceptionTable(#[from] ExceptionTableError),
    /// Where the text goes took no more.
    #[error("the text cannot be written")]
    Write(#[from] std::fmt::Error),
}

/// Writes the disassembly of a code object as `python -m dis` prints it.
pub fn write(code: &CodeObject, options: DisOptions, out: &mut impl Write) -> Result<(), DisError> {
    text::write_listing(&list(code)?, options, out)?;
    let mut pending = if options.nested { nested(code) } else { Vec::new() };
    while let Some(inner) = pending.pop() {
        out.write_str("\nDisassembly of ")?;
        repr::write_code(out, inner)?;
        out.write_str(":\n")?;
        text::write_listing(&list(inner)?, options, out)?;
        pending.extend(nested(inner));
    }
    Ok(())
}

/// The code objects among a code object's constants, last first.
fn nested(code: &CodeObject) -> Vec<&CodeObject> {
    let inner = code.consts.iter().rev().filter_map(|constant| match constant {
        Const::Code(inner) => Some(&**inner),
        _ => None,
    });
    inner.collect()
}
