//! What the passes ask of an opcode, real or pseudo.
//!
//! Real opcodes take their facts from [`StackOp`]'s table; this file adds the pseudo ones, which exist only between code
//! generation and assembly, and gives both the names under which the passes match them.

use std::sync::LazyLock;

use bytecode::StackOp;

use crate::ir::Opcode;
pub(super) use crate::ir::pseudo::*;

macro_rules! real_opcodes {
    ($($name:ident),* $(,)?) => {
        $(pub(super) const $name: Opcode = Opcode(StackOp::$name as u16);)*
    };
}

real_opcodes! {
    BUILD_TUPLE, CALL, CALL_FUNCTION_EX, CALL_KW, COMPARE_OP, CONTAINS_OP, COPY, COPY_FREE_VARS, DELETE_DEREF,
    DELETE_FAST, FOR_ITER, IS_OP, JUMP_BACKWARD, JUMP_BACKWARD_NO_INTERRUPT, JUMP_FORWARD, LOAD_CONST, LOAD_DEREF, LOAD_FAST,
    LOAD_FAST_AND_CLEAR, LOAD_FAST_CHECK, LOAD_FAST_LOAD_FAST, LOAD_FROM_DICT_OR_DEREF, LOAD_GLOBAL, MAKE_CELL, NOP,
    POP_JUMP_IF_FALSE, POP_JUMP_IF_NONE, POP_JUMP_IF_NOT_NONE, POP_JUMP_IF_TRUE, POP_TOP, PUSH_NULL, RAISE_VARARGS,
    RERAISE, RESUME, RETURN_CONST, RETURN_GENERATOR, RETURN_VALUE, SEND, STORE_DEREF, STORE_FAST, STORE_FAST_LOAD_FAST,
    STORE_FAST_STORE_FAST, SWAP, TO_BOOL, UNARY_NOT, UNPACK_SEQUENCE, YIELD_VALUE,
}

/// Opcodes below this number are real.
const FIRST_PSEUDO: u16 = 256;

/// The table's row of a real opcode.
pub(super) fn real(op: Opcode) -> Option<StackOp> {
    u8::try_from(op.0).ok().and_then(StackOp::from_number)
}

/// Whether the number names an opcode at all.
pub(super) fn is_known(op: Opcode) -> bool {
    real(op).is_some() || (FIRST_PSEUDO..=STORE_FAST_MAYBE_NULL.0).contains(&op.0)
}

/// Whether it may transfer control to its target.
pub(super) fn is_jump(op: Opcode) -> bool {
    // The same as the table says, in a form that compiles to a bit test.
    is_unconditional_jump(op)
        || matches!(
            op,
            FOR_ITER | POP_JUMP_IF_FALSE | POP_JUMP_IF_NONE | POP_JUMP_IF_NOT_NONE | POP_JUMP_IF_TRUE | SEND
        )
}

/// Whether control always goes to its target.
pub(super) fn is_unconditional_jump(op: Opcode) -> bool {
    matches!(op, JUMP | JUMP_NO_INTERRUPT | JUMP_FORWARD | JUMP_BACKWARD | JUMP_BACKWARD_NO_INTERRUPT)
}

/// Whether it opens a region that an exception handler, its target, protects.
pub(super) fn is_block_push(op: Opcode) -> bool {
    matches!(op, SETUP_FINALLY | SETUP_CLEANUP | SETUP_WITH)
}

/// Whether its argument is a block.
pub(super) fn has_target(op: Opcode) -> bool {
    is_jump(op) || is_block_push(op)
}

/// Whether control leaves the code object.
pub(super) fn is_scope_exit(op: Opcode) -> bool {
    matches!(op, RETURN_VALUE | RETURN_CONST | RAISE_VARARGS | RERAISE)
}

/// Whether it must be the last of its block.
pub(super) fn is_terminator(op: Opcode) -> bool {
    is_jump(op) || is_scope_exit(op)
}

/// Whether control never reaches what follows.
pub(super) fn ends_flow(op: Opcode) -> bool {
    is_scope_exit(op) || is_unconditional_jump(op)
}

/// Whether its oparg is an index into the const pool.
pub(super) fn has_const(op: Opcode) -> bool {
    matches!(op, LOAD_CONST | RETURN_CONST)
}

/// Whether the interpreter may look for signals and other threads there.
pub(super) fn has_eval_break(op: Opcode) -> bool {
    matches!(op, CALL | CALL_FUNCTION_EX | CALL_KW | JUMP | JUMP_BACKWARD | RESUME)
}

/// The change in stack depth, along the jump if `taken`.
pub(super) fn stack_effect(op: Opcode, arg: u32, taken: bool) -> i32 {
    match op {
        SETUP_FINALLY | SETUP_WITH => i32::from(taken),
        SETUP_CLEANUP => 2 * i32::from(taken),
        LOAD_CLOSURE => 1,
        STORE_FAST_MAYBE_NULL => -1,
        _ => match FIXED_EFFECTS.get(op.0 as usize).copied().flatten() {
            Some(effect) => i32::from(effect),
            None => real(op).map_or(0, |op| op.stack_effect(arg, taken)),
        },
    }
}

/// The effect of each real opcode for which neither the oparg nor the edge matters.
static FIXED_EFFECTS: LazyLock<[Option<i8>; FIRST_PSEUDO as usize]> = LazyLock::new(|| {
    std::array::from_fn(|number| {
        let op = u8::try_from(number).ok().and_then(StackOp::from_number)?;
        let effect = op.info().effect;
        let fixed = effect.inputs.iter().chain(effect.outputs).all(|item| item.count.is_empty());
        let same_taken = op.stack_effect(0, true) == op.stack_effect(0, false);
        i8::try_from(op.stack_effect(0, false)).ok().filter(|_| fixed && same_taken)
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_agree_with_the_table() {
        for op in StackOp::ALL {
            let number = Opcode(*op as u16);
            assert_eq!(is_jump(number), op.is_jump() && !op.is_internal(), "{op:?}");
            assert_eq!(has_const(number), op.has_const(), "{op:?}");
            for arg in [0, 1, 2, 3, 0x101] {
                for taken in [false, true] {
                    assert_eq!(stack_effect(number, arg, taken), op.stack_effect(arg, taken), "{op:?} {arg}");
                }
            }
        }
    }
}
