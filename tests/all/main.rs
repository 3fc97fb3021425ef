//! Tests of the whole program, in one binary.

mod cli;
mod counts;
mod malformed;
mod oracle;
mod parity;
mod programs;
mod prompt;
mod run;
