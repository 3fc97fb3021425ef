//! Python 3.13 source to CPython 3.13 wordcode.

pub mod backend;
pub mod ir;
