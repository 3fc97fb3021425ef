//! The commands, one file each.

pub mod bench;
pub mod cfg;
pub mod compare;
mod compare_html;
pub mod compile;
pub mod dis;
mod dis_json;
mod parity;
pub mod run;
pub mod verify;
