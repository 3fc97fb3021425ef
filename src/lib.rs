//! Amphis: one Python compiler, two virtual machines.

mod compiler;
pub mod engine;
pub mod parity;

pub use engine::{Dispatch, Engine, Machine, Options, Outcome};
