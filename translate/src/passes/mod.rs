//! The passes: each one file, one function, one switch in [`crate::Options`].

pub mod dead_moves;
pub mod forward;
