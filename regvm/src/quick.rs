//! Opcodes that exist in the executable copy only: quickened forms, chosen when the copy is made (by whether operands
//! are registers or constants) or when a cache is filled. Their numbers follow the instruction set's.

use bytecode::RegOp;

const BASE: u16 = RegOp::ALL.len() as u16;

macro_rules! quick_forms {
    ($($(#[$meta:meta])* $name:ident of $base:ident;)*) => {
        #[allow(clippy::upper_case_acronyms, reason = "opcodes are written in capitals")]
        #[expect(non_camel_case_types, reason = "opcodes carry their field's standard names")]
        #[repr(u16)]
        enum Order { $($name,)* }
        $($(#[$meta])* pub(crate) const $name: u16 = BASE + Order::$name as u16;)*
        /// Number of opcodes.
        pub(crate) const COUNT: usize = BASE as usize + [$(stringify!($name)),*].len();
        static BASES: &[RegOp] = &[$(RegOp::$base,)*];
    };
}

quick_forms! {
    ADD_RR of ADD; ADD_RK of ADD; SUBTRACT_RR of SUBTRACT; SUBTRACT_RK of SUBTRACT;
    MULTIPLY_RR of MULTIPLY; MULTIPLY_RK of MULTIPLY;
    INPLACE_ADD_RR of INPLACE_ADD; INPLACE_ADD_RK of INPLACE_ADD;
    INPLACE_SUBTRACT_RR of INPLACE_SUBTRACT; INPLACE_SUBTRACT_RK of INPLACE_SUBTRACT;
    INPLACE_MULTIPLY_RR of INPLACE_MULTIPLY; INPLACE_MULTIPLY_RK of INPLACE_MULTIPLY;
    JUMP_IF_LT_RR of JUMP_IF_LT; JUMP_IF_LT_RK of JUMP_IF_LT; JUMP_IF_LE_RR of JUMP_IF_LE; JUMP_IF_LE_RK of JUMP_IF_LE;
    JUMP_IF_EQ_RR of JUMP_IF_EQ; JUMP_IF_EQ_RK of JUMP_IF_EQ; JUMP_IF_NE_RR of JUMP_IF_NE; JUMP_IF_NE_RK of JUMP_IF_NE;
    JUMP_IF_GT_RR of JUMP_IF_GT; JUMP_IF_GT_RK of JUMP_IF_GT; JUMP_IF_GE_RR of JUMP_IF_GE; JUMP_IF_GE_RK of JUMP_IF_GE;
    JUMP_IF_NOT_LT_RR of JUMP_IF_NOT_LT; JUMP_IF_NOT_LT_RK of JUMP_IF_NOT_LT;
    JUMP_IF_NOT_LE_RR of JUMP_IF_NOT_LE; JUMP_IF_NOT_LE_RK of JUMP_IF_NOT_LE;
    JUMP_IF_NOT_EQ_RR of JUMP_IF_NOT_EQ; JUMP_IF_NOT_EQ_RK of JUMP_IF_NOT_EQ;
    JUMP_IF_NOT_NE_RR of JUMP_IF_NOT_NE; JUMP_IF_NOT_NE_RK of JUMP_IF_NOT_NE;
    JUMP_IF_NOT_GT_RR of JUMP_IF_NOT_GT; JUMP_IF_NOT_GT_RK of JUMP_IF_NOT_GT;
    JUMP_IF_NOT_GE_RR of JUMP_IF_NOT_GE; JUMP_IF_NOT_GE_RK of JUMP_IF_NOT_GE;
    BINARY_SUBSCR_RR of BINARY_SUBSCR; RETURN_R of RETURN; RETURN_K of RETURN;
    LOAD_ATTR_SLOT of LOAD_ATTR; LOAD_METHOD_CACHED of LOAD_METHOD;
    STORE_ATTR_SLOT of STORE_ATTR; STORE_ATTR_ADD of STORE_ATTR;
    EXIT of JUMP; EXIT_EXHAUSTED of JUMP;
}

/// The instruction that a quickened form stands for.
pub(crate) fn base(op: u16) -> RegOp {
    match RegOp::from_number(op) {
        Some(op) => op,
        None => BASES[(op - BASE) as usize],
    }
}

/// The form for an instruction by its operands, when the copy is made.
pub(crate) fn by_operands(op: RegOp, word: u64) -> u16 {
    let is_const = |shift: u32| ((word >> shift) as i16).is_negative();
    let (a, b, c) = (is_const(16), is_const(32), is_const(48));
    let binary = |rr: u16, rk: u16| match (b, c) {
        (false, false) => rr,
        (false, true) => rk,
        _ => op as u16,
    };
    let jump = |rr: u16, rk: u16| match (a, b) {
        (false, false) => rr,
        (false, true) => rk,
        _ => op as u16,
    };
    match op {
        RegOp::ADD => binary(ADD_RR, ADD_RK),
        RegOp::SUBTRACT => binary(SUBTRACT_RR, SUBTRACT_RK),
        RegOp::MULTIPLY => binary(MULTIPLY_RR, MULTIPLY_RK),
        RegOp::INPLACE_ADD => binary(INPLACE_ADD_RR, INPLACE_ADD_RK),
        RegOp::INPLACE_SUBTRACT => binary(INPLACE_SUBTRACT_RR, INPLACE_SUBTRACT_RK),
        RegOp::INPLACE_MULTIPLY => binary(INPLACE_MULTIPLY_RR, INPLACE_MULTIPLY_RK),
        RegOp::JUMP_IF_LT => jump(JUMP_IF_LT_RR, JUMP_IF_LT_RK),
        RegOp::JUMP_IF_LE => jump(JUMP_IF_LE_RR, JUMP_IF_LE_RK),
        RegOp::JUMP_IF_EQ => jump(JUMP_IF_EQ_RR, JUMP_IF_EQ_RK),
        RegOp::JUMP_IF_NE => jump(JUMP_IF_NE_RR, JUMP_IF_NE_RK),
        RegOp::JUMP_IF_GT => jump(JUMP_IF_GT_RR, JUMP_IF_GT_RK),
        RegOp::JUMP_IF_GE => jump(JUMP_IF_GE_RR, JUMP_IF_GE_RK),
        RegOp::JUMP_IF_NOT_LT => jump(JUMP_IF_NOT_LT_RR, JUMP_IF_NOT_LT_RK),
        RegOp::JUMP_IF_NOT_LE => jump(JUMP_IF_NOT_LE_RR, JUMP_IF_NOT_LE_RK),
        RegOp::JUMP_IF_NOT_EQ => jump(JUMP_IF_NOT_EQ_RR, JUMP_IF_NOT_EQ_RK),
        RegOp::JUMP_IF_NOT_NE => jump(JUMP_IF_NOT_NE_RR, JUMP_IF_NOT_NE_RK),
        RegOp::JUMP_IF_NOT_GT => jump(JUMP_IF_NOT_GT_RR, JUMP_IF_NOT_GT_RK),
        RegOp::JUMP_IF_NOT_GE => jump(JUMP_IF_NOT_GE_RR, JUMP_IF_NOT_GE_RK),
        RegOp::BINARY_SUBSCR => binary(BINARY_SUBSCR_RR, op as u16),
        RegOp::RETURN => {
            if a {
                RETURN_K
            } else {
                RETURN_R
            }
        }
        other => other as u16,
    }
}
