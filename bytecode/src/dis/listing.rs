//! A code object's instructions with all that the text or another form of output says of them.

use std::collections::BTreeSet;

use super::DisError;
use crate::exception_table;
use crate::location_table::{self, LocationEntry, Position};
use crate::oparg::{BinOp, CompareOp, Conversion, FunctionAttribute, Intrinsic1, Intrinsic2};
use crate::repr::ConstRepr;
use crate::wordcode::{self, Instr};
use crate::{CodeObject, ExceptionEntry, OperandKind, StackOp};

/// Stands for what an oparg out of range would name.
const OUT_OF_RANGE: &str = "<out of range>";

/// The disassembly of one code object.
#[derive(Clone, PartialEq, Debug)]
pub struct Listing {
    /// The instructions; `EXTENDED_ARG` prefixes stand on their own.
    pub lines: Vec<Line>,
    /// The exception table.
    pub handlers: Vec<HandlerLabels>,
    /// Number of labels.
    pub labels: usize,
    /// Each source line's number where it begins; the first code unit with it.
    pub line_starts: Vec<(u32, Option<i32>)>,
    /// Bytes of code.
    pub code_bytes: usize,
}

/// One instruction, or one `EXTENDED_ARG` prefix.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Where it stands, in code units.
    pub offset: u32,
    /// The instruction.
    pub op: StackOp,
    /// Its oparg, if it takes one.
    pub oparg: Option<u32>,
    /// What the oparg means, in words; empty if nothing is to be said.
    pub meaning: String,
    /// Its label's number, if something jumps here or a handler's range begins or ends.
    pub label: Option<usize>,
    /// Where it jumps, in code units.
    pub target: Option<u32>,
    /// Whether a source line starts here.
    pub starts_line: bool,
    /// The source line.
    pub line: Option<i32>,
    /// The source range.
    pub position: Position,
    /// Its inline caches.
    pub caches: Vec<Cache>,
}

/// An inline cache entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cache {
    /// CPython's name.
    pub name: &'static str,
    /// Code units.
    pub units: u8,
    /// What stands there.
    pub value: u64,
}

/// A line of the exception table, in labels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HandlerLabels {
    /// Label of the range's start.
    pub start: usize,
    /// Label of its end.
    pub end: usize,
    /// Label of the handler.
    pub target: usize,
    /// The table's entry.
    pub entry: ExceptionEntry,
}

/// Disassembles one code object.
pub fn list(code: &CodeObject) -> Result<Listing, DisError> {
    let instrs = wordcode::decode(&code.code)?;
    let entries = exception_table::decode(&code.exceptiontable)?;
    let labels = Labels::new(&instrs, &entries);
    let line_starts: Vec<_> = code.lines().map(|run| (run.start, run.line)).collect();
    let locations: Vec<_> =
        location_table::entries(&code.linetable, code.firstlineno).map_while(Result::ok).collect();
    let mut lister = Lister {
        code,
        labels: &labels,
        line_starts: &line_starts,
        locations: &locations,
        line: None,
        lines: Vec::new(),
    };
    for instr in &instrs {
        lister.push(instr);
    }
    let handlers = entries.iter().map(|entry| labels.handler(entry)).collect();
    Ok(Listing {
        lines: lister.lines,
        handlers,
        labels: labels.0.len(),
        line_starts,
        code_bytes: code.code.len(),
    })
}

/// Offsets that have labels, sorted; a label's number is its place, from 1.
struct Labels(Vec<u32>);

impl Labels {
    fn new(instrs: &[Instr], entries: &[ExceptionEntry]) -> Self {
        let mut offsets: BTreeSet<_> = instrs.iter().filter_map(Instr::jump_target).collect();
        offsets.extend(entries.iter().flat_map(|entry| [entry.start, entry.end, entry.target]));
        Self(offsets.into_iter().collect())
    }

    fn at(&self, offset: u32) -> Option<usize> {
        self.0.binary_search(&offset).ok().map(|index| index + 1)
    }

    fn handler(&self, entry: &ExceptionEntry) -> HandlerLabels {
        let label = |offset| self.at(offset).unwrap_or(0);
        HandlerLabels {
            start: label(entry.start),
            end: label(entry.end),
            target: label(entry.target),
            entry: *entry,
        }
    }
}

struct Lister<'a> {
    code: &'a CodeObject,
    labels: &'a Labels,
    line_starts: &'a [(u32, Option<i32>)],
    locations: &'a [LocationEntry],
    line: Option<i32>,
    lines: Vec<Line>,
}

impl Lister<'_> {
    fn push(&mut self, instr: &Instr) {
        for offset in instr.start..instr.offset {
            let oparg = instr.oparg >> (8 * (instr.offset - offset));
            let prefix = Instr { offset, start: offset, op: StackOp::EXTENDED_ARG, oparg };
            self.push_unit(&prefix);
        }
        self.push_unit(instr);
    }

    fn position_of(&self, offset: u32) -> Position {
        let index = self.locations.partition_point(|entry| entry.end <= offset);
        self.locations.get(index).map_or(Position::NONE, |entry| entry.position)
    }

    fn push_unit(&mut self, instr: &Instr) {
        let start = self.line_starts.binary_search_by_key(&instr.offset, |start| start.0).ok();
        if let Some(index) = start {
            self.line = self.line_starts[index].1;
        }
        let target = instr.jump_target();
        self.lines.push(Line {
            offset: instr.offset,
            op: instr.op,
            oparg: instr.op.has_oparg().then_some(instr.oparg),
            meaning: meaning(self.code, self.labels, instr),
            label: self.labels.at(instr.offset),
            target,
            starts_line: start.is_some(),
            line: self.line,
            position: self.position_of(instr.offset),
            caches: caches(self.code, instr),
        });
    }
}

fn meaning(code: &CodeObject, labels: &Labels, instr: &Instr) -> String {
    let Instr { op, oparg, .. } = *instr;
    let index = oparg as usize;
    let or_unknown = |name: Option<&'static str>| name.unwrap_or(OUT_OF_RANGE).to_owned();
    match op.operand_kind() {
        OperandKind::Const => {
            code.consts.get(index).map_or_else(|| OUT_OF_RANGE.to_owned(), |c| ConstRepr(c).to_string())
        }
        OperandKind::Name | OperandKind::NameAndBit | OperandKind::NameAndTwoBits => name(code, instr),
        OperandKind::Local | OperandKind::Deref => local(code, index),
        OperandKind::LocalPair => format!("{}, {}", local(code, index >> 4), local(code, index & 15)),
        OperandKind::Forward | OperandKind::Backward => {
            let label = instr.jump_target().and_then(|target| labels.at(target));
            label.map_or_else(|| OUT_OF_RANGE.to_owned(), |label| format!("to L{label}"))
        }
        OperandKind::CompareOp => {
            let name = or_unknown(CompareOp::from_oparg(oparg).map(CompareOp::name));
            if oparg & CompareOp::TO_BOOL == 0 { name } else { format!("bool({name})") }
        }
        OperandKind::BinOp => or_unknown(BinOp::from_number(oparg).map(BinOp::name)),
        OperandKind::Intrinsic1 => or_unknown(Intrinsic1::from_number(oparg).map(Intrinsic1::name)),
        OperandKind::Intrinsic2 => or_unknown(Intrinsic2::from_number(oparg).map(Intrinsic2::name)),
        OperandKind::Conversion => Conversion::from_number(oparg).map_or("", Conversion::name).to_owned(),
        OperandKind::FunctionAttribute => {
            let attributes =
                FunctionAttribute::ALL.iter().filter(|attribute| oparg & attribute.number() != 0);
            attributes.map(|attribute| attribute.name()).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

fn name(code: &CodeObject, instr: &Instr) -> String {
    let index = instr.op.name_index(instr.oparg).unwrap_or(usize::MAX);
    let Some(name) = code.names.get(index) else { return OUT_OF_RANGE.to_owned() };
    let prepares_call = instr.op.operand_kind() != OperandKind::Name && instr.oparg & 1 != 0;
    match instr.op {
        _ if !prepares_call || name.is_empty() => name.to_string(),
        StackOp::LOAD_GLOBAL => format!("{name} + NULL"),
        _ => format!("{name} + NULL|self"),
    }
}

fn local(code: &CodeObject, slot: usize) -> String {
    code.localsplusnames.get(slot).map_or_else(|| OUT_OF_RANGE.to_owned(), ToString::to_string)
}

fn caches(code: &CodeObject, instr: &Instr) -> Vec<Cache> {
    let mut at = (instr.offset as usize + 1) * 2;
    let mut caches = Vec::new();
    for (name, units) in cache_entries(instr.op) {
        let bytes = &code.code[at..at + 2 * usize::from(*units)];
        let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        caches.push(Cache { name, units: *units, value });
        at += bytes.len();
    }
    caches
}

/// Names and code units of an instruction's inline cache entries.
pub(super) fn cache_entries(op: StackOp) -> &'static [(&'static str, u8)] {
    match op {
        StackOp::LOAD_GLOBAL => {
            &[("counter", 1), ("index", 1), ("module_keys_version", 1), ("builtin_keys_version", 1)]
        }
        StackOp::LOAD_ATTR => &[("counter", 1), ("version", 2), ("keys_version", 2), ("descr", 4)],
        StackOp::STORE_ATTR => &[("counter", 1), ("version", 2), ("index", 1)],
        StackOp::CALL => &[("counter", 1), ("func_version", 2)],
        StackOp::TO_BOOL => &[("counter", 1), ("version", 2)],
        _ if op.cache_units() == 1 => &[("counter", 1)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cache_entries_fill_the_cache_units() {
        for op in StackOp::ALL {
            let units: usize = cache_entries(*op).iter().map(|(_, units)| usize::from(*units)).sum();
            assert_eq!(units, op.cache_units(), "{op}");
        }
    }
}
