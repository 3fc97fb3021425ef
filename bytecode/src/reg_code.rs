//! Register code: what the translator makes of a code object and the register machine runs.

use std::fmt;

use crate::reg_op::{ListKind, Operand, RegOp, Role};

/// A register: a slot of the frame. The first `nlocalsplus` are the code object's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Reg(pub u16);

impl fmt::Display for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

/// A handler range of register code, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegExceptionEntry {
    /// First word covered.
    pub start: u32,
    /// First word no longer covered.
    pub end: u32,
    /// The handler's first word.
    pub target: u32,
    /// The register that receives the exception; with `lasti` it goes one above, and `lasti` here.
    pub slot: u16,
    /// Whether the raising instruction's wordcode offset is stored too.
    pub lasti: bool,
}

/// For each instruction the wordcode offsets (in code units) it stands for, in the order of its steps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceMap {
    /// The instructions' first words, ascending.
    pub words: Vec<u32>,
    /// For each instruction the start of its offsets in `offsets`; one more at the end.
    pub starts: Vec<u32>,
    /// Wordcode offsets; an instruction's last one is the step that raises unless its operation says otherwise.
    pub offsets: Vec<u32>,
}

impl SourceMap {
    /// The wordcode offsets of the instruction that covers `word`.
    pub fn offsets_at(&self, word: u32) -> &[u32] {
        let index = self.words.partition_point(|start| *start <= word);
        if index == 0 {
            return &[];
        }
        &self.offsets[self.starts[index - 1] as usize..self.starts[index] as usize]
    }
}

/// Register code of one code object.
#[derive(Clone, Debug)]
pub struct RegCode {
    /// Instructions, extension words included, caches zero.
    pub words: Box<[u64]>,
    /// Slots of a frame: localsplus, then temporaries.
    pub frame_size: u16,
    /// Handler ranges, ordered by start, not overlapping (the innermost wins, as in wordcode).
    pub exceptions: Box<[RegExceptionEntry]>,
    /// Where each instruction comes from.
    pub source_map: SourceMap,
}

impl RegCode {
    /// The instructions in order.
    pub fn instrs(&self) -> RegInstrs<'_> {
        RegInstrs { words: &self.words, next: 0 }
    }
}

/// A decoded register instruction, operands as they stand in the code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegInstr {
    /// The opcode.
    pub op: RegOp,
    /// Operands a, b, c (those the table names; `Const32` and `Target32` as one).
    pub operands: Vec<i32>,
    /// Operands d, e, f, g.
    pub extension: Vec<i32>,
    /// The operand list.
    pub list: Vec<i32>,
}

impl RegInstr {
    /// Number of words, extension and cache words included.
    pub fn words(&self) -> usize {
        let info = self.op.info();
        1 + usize::from(!info.extension.is_empty()) + self.list.len().div_ceil(4) + info.caches
    }

    /// Operands with what the table says of each, the list's apart.
    pub fn fixed(&self) -> impl Iterator<Item = (Operand, i32)> + '_ {
        let info = self.op.info();
        info.operands
            .iter()
            .copied()
            .zip(self.operands.iter().copied())
            .chain(info.extension.iter().copied().zip(self.extension.iter().copied()))
    }

    /// Appends the instruction's words, caches zero.
    ///
    /// # Panics
    /// In debug builds if an operand does not fit its field.
    pub fn encode(&self, words: &mut Vec<u64>) {
        let info = self.op.info();
        words.push(self.op as u64 | pack(info.operands, &self.operands) << 16);
        if !info.extension.is_empty() {
            words.push(pack(info.extension, &self.extension));
        }
        for group in self.list.chunks(4) {
            words.push(
                group.iter().enumerate().fold(0, |word, (i, x)| word | u64::from(*x as u16) << (16 * i)),
            );
        }
        words.extend(std::iter::repeat_n(0, info.caches));
    }

    /// Decodes the instruction at the start of `words`; `None` if there is no whole one.
    pub fn decode(words: &[u64]) -> Option<Self> {
        let first = *words.first()?;
        let op = RegOp::from_number(first as u16)?;
        let info = op.info();
        let operands = unpack(info.operands, first >> 16);
        let mut at = 1;
        let extension = if info.extension.is_empty() {
            Vec::new()
        } else {
            at += 1;
            unpack(info.extension, *words.get(1)?)
        };
        let mut instr = Self { op, operands, extension, list: Vec::new() };
        if info.list != ListKind::None {
            let count = instr.fixed().find(|(operand, _)| operand.role == Role::Count)?.1 as usize;
            for i in 0..count {
                let word = *words.get(at + i / 4)?;
                instr.list.push(i32::from((word >> (16 * (i % 4))) as i16));
            }
        }
        (instr.words() <= words.len()).then_some(instr)
    }
}

fn is_wide(role: Role) -> bool {
    matches!(role, Role::Const32 | Role::Target32)
}

/// Packs operands from the low bits up, 16 bits each, the wide ones 32.
fn pack(operands: &[Operand], values: &[i32]) -> u64 {
    debug_assert_eq!(operands.len(), values.len(), "operand count");
    let mut shift = 0;
    let mut word = 0;
    for (operand, value) in operands.iter().zip(values) {
        if is_wide(operand.role) {
            word |= u64::from(*value as u32) << shift;
            shift += 32;
        } else {
            let fits = if is_signed(operand.role) {
                i16::try_from(*value).is_ok()
            } else {
                u16::try_from(*value).is_ok()
            };
            debug_assert!(fits, "operand {} = {value} does not fit", operand.name);
            word |= u64::from(*value as u16) << shift;
            shift += 16;
        }
    }
    word
}

fn is_signed(role: Role) -> bool {
    matches!(role, Role::Use | Role::Target)
}

fn unpack(operands: &[Operand], word: u64) -> Vec<i32> {
    let mut shift = 0;
    let mut values = Vec::with_capacity(operands.len());
    for operand in operands {
        if is_wide(operand.role) {
            values.push((word >> shift) as i32);
            shift += 32;
        } else {
            let bits = (word >> shift) as u16;
            values.push(if is_signed(operand.role) { i32::from(bits as i16) } else { i32::from(bits) });
            shift += 16;
        }
    }
    values
}

/// Iterator over the instructions of register code with their first words' indices.
#[derive(Clone, Debug)]
pub struct RegInstrs<'a> {
    words: &'a [u64],
    next: usize,
}

impl Iterator for RegInstrs<'_> {
    type Item = (usize, RegInstr);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next;
        let instr = RegInstr::decode(self.words.get(start..)?)?;
        self.next += instr.words();
        Some((start, instr))
    }
}
