//! The commands, one file each.

pub mod compile;
pub mod dis;
mod parity;
pub mod run;
pub mod verify;
