//! The commands, one file each.

pub mod cfg;
pub mod compile;
pub mod dis;
mod dis_json;
mod parity;
pub mod run;
pub mod verify;
