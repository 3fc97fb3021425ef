//! Both instruction sets, code objects, `.pyc` files and disassembly: what every other room speaks, knowing none of
//! them.

pub mod code;
pub mod depth;
pub mod dis;
pub mod exception_table;
pub mod location_table;
pub mod marshal;
pub mod oparg;
pub mod opcode_number;
pub mod pyc;
pub mod reg_code;
pub mod reg_dis;
pub mod reg_op;
pub mod repr;
pub mod stack_op;
mod unicode_printable;
pub mod verify;
pub mod wordcode;

pub use code::{CodeFlags, CodeObject, Const, Text};
pub use exception_table::ExceptionEntry;
pub use location_table::Position;
pub use oparg::{BinOp, CompareOp, Conversion, FunctionAttribute, Intrinsic1, Intrinsic2};
pub use reg_code::{Reg, RegCode, RegInstr};
pub use reg_op::RegOp;
pub use stack_op::{OperandKind, StackEffect, StackItem, StackOp, StackOpInfo};
pub use verify::{VerifyError, verify};
pub use wordcode::Instr;
