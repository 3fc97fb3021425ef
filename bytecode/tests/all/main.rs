//! Tests of the bytecode crate, in one binary.
#![expect(clippy::print_stderr, reason = "tests say what they skip")]

mod disassembly;
mod library;
mod malformed;
mod opcodes;
mod oracle;
mod reference;
mod round_trip;
mod verifier;
