//! Tests of the bytecode crate, in one binary.
#![expect(clippy::print_stderr, reason = "tests say what they skip")]

mod opcodes;
mod oracle;
