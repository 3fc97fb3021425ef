//! Tests of the bytecode crate, in one binary.
#![expect(clippy::print_stderr, reason = "tests say what they skip")]

mod disassembly;
mod library;
mod opcodes;
mod oracle;
mod round_trip;
mod verifier;
