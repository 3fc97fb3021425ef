//! The commands, one file each.

pub mod dis;
pub mod run;
pub mod verify;
