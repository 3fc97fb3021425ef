//! Opcodes that exist in the executable copy only: quickened forms, chosen when the copy is made or when a cache is
//! filled. Their numbers lie where CPython's specialized forms have theirs.

use bytecode::StackOp;

/// `BINARY_OP` with `+` or `+=`.
pub(crate) const BINARY_ADD: u8 = 150;
/// `BINARY_OP` with `-` or `-=`.
pub(crate) const BINARY_SUBTRACT: u8 = 151;
/// `BINARY_OP` with `*` or `*=`.
pub(crate) const BINARY_MULTIPLY: u8 = 152;
/// `LOAD_ATTR` from an instance's inline slot.
pub(crate) const LOAD_ATTR_SLOT: u8 = 153;
/// `LOAD_ATTR` of a method for a call.
pub(crate) const LOAD_ATTR_METHOD: u8 = 154;
/// `STORE_ATTR` to an instance's inline slot.
pub(crate) const STORE_ATTR_SLOT: u8 = 155;
/// `LOAD_GLOBAL` of the module.
pub(crate) const LOAD_GLOBAL_MODULE: u8 = 156;
/// `LOAD_GLOBAL` of the builtins.
pub(crate) const LOAD_GLOBAL_BUILTIN: u8 = 157;
/// The `POP_TOP` of a generator's prologue, which does not count.
pub(crate) const PROLOGUE_POP: u8 = 158;
/// Ends the loop with `EXHAUSTED`.
pub(crate) const EXIT_EXHAUSTED: u8 = 159;

/// `MAKE_CELL` before the first `RESUME`, which CPython's monitoring does not see.
pub(crate) const PROLOGUE_MAKE_CELL: u8 = 161;
/// `COPY_FREE_VARS`, which stands before the first `RESUME` too.
pub(crate) const PROLOGUE_COPY_FREE_VARS: u8 = 162;

/// `STORE_ATTR` that gives the instance one more slot.
pub(crate) const STORE_ATTR_ADD: u8 = 160;

/// The number of the instruction that a quickened form stands for.
pub(crate) const fn base_number(op: u8) -> u8 {
    match op {
        BINARY_ADD | BINARY_SUBTRACT | BINARY_MULTIPLY => StackOp::BINARY_OP as u8,
        LOAD_ATTR_SLOT | LOAD_ATTR_METHOD => StackOp::LOAD_ATTR as u8,
        STORE_ATTR_SLOT | STORE_ATTR_ADD => StackOp::STORE_ATTR as u8,
        LOAD_GLOBAL_MODULE | LOAD_GLOBAL_BUILTIN => StackOp::LOAD_GLOBAL as u8,
        other => other,
    }
}
