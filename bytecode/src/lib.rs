//! Both instruction sets, code objects, `.pyc` files and disassembly: what every other room speaks, knowing none of
//! them.

pub mod code;

pub use code::{CodeFlags, CodeObject, Const, Text};
