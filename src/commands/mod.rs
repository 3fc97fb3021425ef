//! The commands, one file each.

pub mod dis;
pub mod verify;
