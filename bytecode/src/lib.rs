//! Both instruction sets, code objects, `.pyc` files and disassembly: what every other room speaks, knowing none of
//! them.

pub mod code;
pub mod reg_code;
pub mod reg_op;

pub use code::{CodeFlags, CodeObject, Const, Text};
pub use reg_code::{Reg, RegCode, RegInstr};
pub use reg_op::RegOp;
