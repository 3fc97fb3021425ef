//! Wordcode: the sequence of code units (opcode, oparg) in a code object, read as instructions and written from them.
//!
//! An instruction is up to three `EXTENDED_ARG` prefixes, one unit with the opcode, and the opcode's inline cache units.
//! Offsets count code units. The decoder checks form only (known opcodes, whole instructions); what instructions mean
//! together is [`crate::verify`]'s subject.

use crate::StackOp;
use crate::opcode_number::{OpcodeClass, classify};

/// Most `EXTENDED_ARG` prefixes that an instruction can have: an oparg is 32 bits.
const MAX_PREFIXES: u32 = 3;

/// An instruction of a code object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Instr {
    /// Where its opcode stands, in code units.
    pub offset: u32,
    /// Where it begins: the first of its `EXTENDED_ARG` prefixes, or `offset`. Jumps go here.
    pub start: u32,
    /// The instruction.
    pub op: StackOp,
    /// Its oparg, prefixes included.
    pub oparg: u32,
}

impl Instr {
    /// Number of inline cache units after it.
    pub fn cache_units(&self) -> usize {
        self.op.cache_units()
    }

    /// Where the next instruction begins.
    pub fn end(&self) -> u32 {
        self.offset + 1 + self.op.cache_units() as u32
    }

    /// Where it jumps, if it is a jump; `None` too if that is before the first unit.
    pub fn jump_target(&self) -> Option<u32> {
        if !self.op.is_jump() {
            None
        } else if self.op.is_backward() {
            self.end().checked_sub(self.oparg)
        } else {
            self.end().checked_add(self.oparg)
        }
    }
}

/// Why bytes are no wordcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WordcodeError {
    /// Code units have two bytes.
    #[error("wordcode has an odd number of bytes ({length})")]
    OddLength {
        /// Number of bytes.
        length: usize,
    },
    /// No opcode, or one that only a running interpreter has.
    #[error("offset {offset}: {}", describe_number(*number))]
    UnknownOpcode {
        /// Code unit.
        offset: u32,
        /// What stands there.
        number: u8,
    },
    /// The last instruction's opcode or caches are missing.
    #[error("offset {offset}: instruction is cut off by the end of the code")]
    CutOff {
        /// Code unit.
        offset: u32,
    },
    /// An oparg of more than 32 bits.
    #[error("offset {offset}: more than three EXTENDED_ARG in a row")]
    TooManyPrefixes {
        /// Code unit.
        offset: u32,
    },
}

fn describe_number(number: u8) -> String {
    match classify(u16::from(number)) {
        OpcodeClass::Real(op) => format!("{op} cannot stand on its own"),
        OpcodeClass::Specialized(name, _) => format!("specialized opcode {number} ({name}) in a code object"),
        OpcodeClass::Instrumented(name) => format!("instrumented opcode {number} ({name}) in a code object"),
        OpcodeClass::Pseudo(name) => format!("pseudo opcode {number} ({name}) in a code object"),
        OpcodeClass::Unknown => format!("opcode {number} does not exist"),
    }
}

/// The instructions of wordcode, in order.
pub fn instrs(code: &[u8]) -> Instrs<'_> {
    Instrs { code, next: 0 }
}

/// All instructions of wordcode.
pub fn decode(code: &[u8]) -> Result<Vec<Instr>, WordcodeError> {
    instrs(code).collect()
}

/// Iterator over instructions; ends after an error.
#[derive(Clone, Debug)]
pub struct Instrs<'a> {
    code: &'a [u8],
    next: u32,
}

impl Iterator for Instrs<'_> {
    type Item = Result<Instr, WordcodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next as usize * 2 >= self.code.len() {
            return None;
        }
        let instr = self.read();
        self.next = match &instr {
            Ok(instr) => instr.end(),
            Err(_) => u32::MAX,
        };
        Some(instr)
    }
}

impl Instrs<'_> {
    fn read(&self) -> Result<Instr, WordcodeError> {
        if !self.code.len().is_multiple_of(2) {
            return Err(WordcodeError::OddLength { length: self.code.len() });
        }
        let start = self.next;
        let mut offset = start;
        let mut oparg = 0;
        loop {
            let [number, low] = self.unit(offset).ok_or(WordcodeError::CutOff { offset: start })?;
            let op =
                StackOp::from_number(number).filter(|op| !matches!(op, StackOp::CACHE | StackOp::RESERVED));
            let op = op.ok_or(WordcodeError::UnknownOpcode { offset, number })?;
            oparg = oparg << 8 | u32::from(low);
            if op != StackOp::EXTENDED_ARG {
                let instr = Instr { offset, start, op, oparg };
                let whole = instr.end() as usize * 2 <= self.code.len();
                return if whole { Ok(instr) } else { Err(WordcodeError::CutOff { offset }) };
            }
            offset += 1;
            if offset - start > MAX_PREFIXES {
                return Err(WordcodeError::TooManyPrefixes { offset: start });
            }
        }
    }

    fn unit(&self, offset: u32) -> Option<[u8; 2]> {
        let at = offset as usize * 2;
        self.code.get(at..at + 2).map(|unit| [unit[0], unit[1]])
    }
}

/// Finds instructions by the code unit where they begin.
#[derive(Clone, Debug)]
pub struct InstrStarts(Vec<u32>);

impl InstrStarts {
    const NONE: u32 = u32::MAX;

    /// Of all instructions of a code object.
    pub fn new(instrs: &[Instr]) -> Self {
        let units = instrs.last().map_or(0, Instr::end);
        let mut indices = vec![Self::NONE; units as usize];
        for (index, instr) in instrs.iter().enumerate() {
            indices[instr.start as usize] = index as u32;
        }
        Self(indices)
    }

    /// The index of the instruction that begins at a code unit.
    pub fn index_at(&self, offset: u32) -> Option<usize> {
        self.0.get(offset as usize).filter(|index| **index != Self::NONE).map(|index| *index as usize)
    }

    /// Whether an instruction begins at a code unit, or the code ends before it.
    pub fn is_boundary(&self, offset: u32) -> bool {
        offset as usize == self.0.len() || self.index_at(offset).is_some()
    }
}

/// `EXTENDED_ARG` prefixes that the oparg needs.
pub fn prefixes_for(oparg: u32) -> u32 {
    match oparg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    }
}

/// Code units of an instruction, prefixes and caches included.
pub fn units(op: StackOp, oparg: u32) -> u32 {
    prefixes_for(oparg) + 1 + op.cache_units() as u32
}

/// Appends an instruction with the prefixes it needs and with cache units of zero.
pub fn emit(code: &mut Vec<u8>, op: StackOp, oparg: u32) {
    emit_with_prefixes(code, op, oparg, prefixes_for(oparg));
}

fn emit_with_prefixes(code: &mut Vec<u8>, op: StackOp, oparg: u32, prefixes: u32) {
    for i in (1..=prefixes).rev() {
        code.extend([StackOp::EXTENDED_ARG.number(), (oparg >> (8 * i)) as u8]);
    }
    code.extend([op.number(), oparg as u8]);
    code.resize(code.len() + 2 * op.cache_units(), 0);
}

/// The wordcode of the instructions, one after the other. Prefixes beyond those that an oparg needs stay.
pub fn encode(instrs: &[Instr]) -> Vec<u8> {
    let mut code = Vec::new();
    for instr in instrs {
        let prefixes = (instr.offset - instr.start).max(prefixes_for(instr.oparg));
        emit_with_prefixes(&mut code, instr.op, instr.oparg, prefixes);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opargs_of_every_width_come_back() {
        let mut code = Vec::new();
        for oparg in [0, 0xFF, 0x100, 0xFFFF, 0x1_0000, 0x0123_4567, u32::MAX] {
            emit(&mut code, StackOp::LOAD_CONST, oparg);
        }
        emit(&mut code, StackOp::LOAD_ATTR, 0x201);
        let instrs = decode(&code).unwrap();
        assert_eq!(instrs[5].oparg, 0x0123_4567);
        assert_eq!(instrs[6].oparg, u32::MAX);
        assert_eq!(instrs[7].end() as usize * 2, code.len());
        assert_eq!(encode(&instrs), code);
    }

    #[test]
    fn jumps_count_from_behind_the_caches() {
        let mut code = Vec::new();
        emit(&mut code, StackOp::FOR_ITER, 3);
        emit(&mut code, StackOp::JUMP_BACKWARD, 4);
        let instrs = decode(&code).unwrap();
        assert_eq!(instrs[0].jump_target(), Some(5));
        assert_eq!(instrs[1].jump_target(), Some(0));
        let before_start = Instr { oparg: 9, ..instrs[1] };
        assert_eq!(before_start.jump_target(), None);
    }

    #[test]
    fn malformed_code_is_refused() {
        let error = |code: &[u8]| decode(code).unwrap_err().to_string();
        assert_eq!(error(&[30]), "wordcode has an odd number of bytes (1)");
        assert_eq!(error(&[30, 0, 53, 0]), "offset 1: instruction is cut off by the end of the code");
        assert_eq!(error(&[71, 0]), "offset 0: instruction is cut off by the end of the code");
        assert_eq!(error(&[0, 0]), "offset 0: CACHE cannot stand on its own");
        assert_eq!(
            error(&[150, 0]),
            "offset 0: specialized opcode 150 (BINARY_OP_ADD_FLOAT) in a code object"
        );
        assert_eq!(
            error(&[71, 0, 71, 0, 71, 0, 71, 0, 30, 0]),
            "offset 0: more than three EXTENDED_ARG in a row"
        );
        assert_eq!(error(&[120, 0]), "offset 0: opcode 120 does not exist");
    }
}
