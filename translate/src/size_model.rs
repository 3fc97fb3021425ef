//! The size of register code in 32-bit words: what the same instructions would take with 8-bit operands.
//!
//! A word holds the opcode and three operands, an extension word four. An operand list goes on where the fixed operands
//! end. An instruction with an operand that does not fit 8 bits takes one more word for each four operands, which holds
//! their high bytes; branch offsets and constants that the table gives 32 bits have 16 in the short form. Offsets are
//! taken as they are: they count 64-bit words, of which there are fewer. Cache words keep their size, since they hold
//! pointers and versions.

use bytecode::reg_op::Role;
use bytecode::{RegCode, RegInstr};

/// Bytes of the code under 32-bit words.
pub fn size32_model(code: &RegCode) -> usize {
    code.instrs().map(|(_, instr)| instr_bytes(&instr)).sum()
}

fn instr_bytes(instr: &RegInstr) -> usize {
    let fixed: usize = instr.fixed().map(|(operand, _)| if is_wide(operand.role) { 2 } else { 1 }).sum();
    let operands = fixed + instr.list.len();
    let words = 1 + operands.saturating_sub(3).div_ceil(4);
    let fits = instr.fixed().all(|(operand, value)| fits_short(operand.role, value))
        && instr.list.iter().all(|value| i8::try_from(*value).is_ok());
    let escape = if fits { 0 } else { operands.div_ceil(4) };
    4 * (words + escape) + 8 * instr.op.info().caches
}

fn is_wide(role: Role) -> bool {
    matches!(role, Role::Const32 | Role::Target32)
}

fn fits_short(role: Role, value: i32) -> bool {
    match role {
        Role::Const32 | Role::Target32 => i16::try_from(value).is_ok(),
        Role::Use | Role::Target => i8::try_from(value).is_ok(),
        _ => u8::try_from(value).is_ok(),
    }
}
