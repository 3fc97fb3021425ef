//! Disassembly of register code, in the columns of `dis`: line, label, instruction.
//!
//! An instruction reads `NAME  results = operands -> label`. Registers that are variables show their name, constants
//! their value. Labels are numbered in the order of the code; the handler ranges stand at the end with the register
//! that receives the exception.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::reg_op::{ListKind, Role};
use crate::repr::ConstRepr;
use crate::{CodeObject, RegCode, RegInstr, RegOp, location_table};

/// An instruction of a listing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegLine {
    /// Its first word.
    pub word: u32,
    /// The source line of the step that raises by default.
    pub line: Option<i32>,
    /// Whether the line before has another source line.
    pub starts_line: bool,
    /// Its label, if something jumps here or a handler range begins or ends here.
    pub label: Option<u32>,
    /// The opcode.
    pub op: RegOp,
    /// The operands as text.
    pub operands: String,
    /// The wordcode offsets of its steps.
    pub offsets: Vec<u32>,
}

/// A handler range of a listing, its places as labels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RegHandler {
    /// Label of the first instruction covered.
    pub start: u32,
    /// Label of the first one no longer covered.
    pub end: u32,
    /// Label of the handler.
    pub target: u32,
    /// Register of the exception, or of `lasti`.
    pub slot: u16,
    /// Whether `lasti` is stored.
    pub lasti: bool,
}

/// Register code as lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegListing {
    /// The instructions.
    pub lines: Vec<RegLine>,
    /// The handler ranges.
    pub handlers: Vec<RegHandler>,
}

/// Lists the register code of a code object.
pub fn list(code: &CodeObject, reg: &RegCode) -> RegListing {
    let labels = find_labels(reg);
    let lines = SourceLines::new(code);
    let mut last = None;
    let listed = reg.instrs().map(|(word, instr)| {
        let offsets = reg.source_map.offsets_at(word as u32).to_vec();
        let line = offsets.last().and_then(|offset| lines.line_of(*offset));
        let starts_line = last.replace(line) != Some(line);
        let label = labels.get(&word).copied();
        let operands = operands(code, &labels, word, &instr);
        RegLine { word: word as u32, line, starts_line, label, op: instr.op, operands, offsets }
    });
    let lines = listed.collect();
    let label = |word: u32| labels.get(&(word as usize)).copied().unwrap_or_default();
    let handlers = reg.exceptions.iter().map(|entry| RegHandler {
        start: label(entry.start),
        end: label(entry.end),
        target: label(entry.target),
        slot: entry.slot,
        lasti: entry.lasti,
    });
    RegListing { lines, handlers: handlers.collect() }
}

/// Writes the disassembly of register code.
pub fn write(code: &CodeObject, reg: &RegCode, out: &mut (impl Write + ?Sized)) -> fmt::Result {
    let listing = list(code, reg);
    let numbers = listing.lines.iter().filter_map(|line| line.line).max().unwrap_or(0);
    let line_width = numbers.to_string().len().max(3);
    let labels = listing.lines.iter().filter_map(|line| line.label).max().unwrap_or(0);
    let label_width = labels.to_string().len() + 4;
    for line in &listing.lines {
        if line.starts_line && line.word > 0 {
            out.write_char('\n')?;
        }
        let number = match line.line {
            _ if !line.starts_line => String::new(),
            Some(line) => line.to_string(),
            None => "--".to_owned(),
        };
        let label = line.label.map_or_else(String::new, |label| format!("L{label}:"));
        write!(out, "{number:>line_width$} {label:>label_width$}     ")?;
        let text = format!("{:20} {}", line.op.name(), line.operands);
        writeln!(out, "{}", text.trim_end())?;
    }
    write_handlers(&listing, out)
}

fn write_handlers(listing: &RegListing, out: &mut (impl Write + ?Sized)) -> fmt::Result {
    if !listing.handlers.is_empty() {
        out.write_str("ExceptionTable:\n")?;
    }
    for handler in &listing.handlers {
        let lasti = if handler.lasti { " lasti" } else { "" };
        let RegHandler { start, end, target, slot, .. } = handler;
        writeln!(out, "  L{start} to L{end} -> L{target} [r{slot}]{lasti}")?;
    }
    Ok(())
}

/// The source lines of wordcode offsets.
struct SourceLines {
    runs: Vec<(u32, Option<i32>)>,
}

impl SourceLines {
    fn new(code: &CodeObject) -> Self {
        let runs = location_table::lines(&code.linetable, code.firstlineno);
        Self { runs: runs.map(|run| (run.start, run.line)).collect() }
    }

    fn line_of(&self, offset: u32) -> Option<i32> {
        let behind = self.runs.partition_point(|(start, _)| *start <= offset);
        self.runs.get(behind.checked_sub(1)?)?.1
    }
}

/// Numbers the words that are jumped to or bound a handler range.
fn find_labels(reg: &RegCode) -> BTreeMap<usize, u32> {
    let mut labels: BTreeMap<usize, u32> = BTreeMap::new();
    for (word, instr) in reg.instrs() {
        if let Some(target) = target_of(word, &instr) {
            labels.insert(target, 0);
        }
    }
    for entry in &reg.exceptions {
        for word in [entry.start, entry.end, entry.target] {
            labels.insert(word as usize, 0);
        }
    }
    for (number, label) in (1..).zip(labels.values_mut()) {
        *label = number;
    }
    labels
}

/// The word that an instruction branches to.
pub fn target_of(word: usize, instr: &RegInstr) -> Option<usize> {
    let (_, offset) = instr.fixed().find(|(operand, _)| is_target(operand.role))?;
    usize::try_from((word + instr.words()) as i64 + i64::from(offset)).ok()
}

fn is_target(role: Role) -> bool {
    matches!(role, Role::Target | Role::Target32)
}

/// An instruction's operands: results, `=`, what is read, `->` and the label.
fn operands(code: &CodeObject, labels: &BTreeMap<usize, u32>, word: usize, instr: &RegInstr) -> String {
    let mut results = Vec::new();
    let mut read = Vec::new();
    for (operand, value) in instr.fixed() {
        match operand.role {
            Role::Def => results.push(register(code, value)),
            Role::DefPair => results.extend([register(code, value), register(code, value + 1)]),
            Role::DefWindow => results.push(format!("{}…", register(code, value))),
            Role::Count | Role::Target | Role::Target32 => {}
            Role::Imm => read.push(format!("{}={value}", operand.name.trim_end_matches('_'))),
            Role::Name => read.push(name(code, value)),
            Role::Const32 => read.push(constant(code, value)),
            Role::Use if value < 0 => read.push(constant(code, -1 - value)),
            Role::Use | Role::Reg | Role::RegDef | Role::DefPairUse => read.push(register(code, value)),
        }
    }
    let list = instr.list.iter().map(|value| match value {
        value if *value < 0 => constant(code, -1 - value),
        value => register(code, *value),
    });
    match instr.op.info().list {
        ListKind::None => {}
        ListKind::Uses => read.push(format!("[{}]", list.collect::<Vec<_>>().join(", "))),
        ListKind::Defs => results.extend(list),
    }
    if instr.op == RegOp::COPY_FREE_VARS {
        read.extend(instr.operands.iter().map(ToString::to_string));
    }
    join(&results, &read, target_of(word, instr).and_then(|target| labels.get(&target)))
}

fn join(results: &[String], read: &[String], label: Option<&u32>) -> String {
    let mut text = results.join(", ");
    if !results.is_empty() && !read.is_empty() {
        text.push_str(" = ");
    }
    text.push_str(&read.join(", "));
    if let Some(label) = label {
        text.push_str(if text.is_empty() { "-> L" } else { " -> L" });
        text.push_str(&label.to_string());
    }
    text
}

fn register(code: &CodeObject, register: i32) -> String {
    match code.localsplusnames.get(register as usize) {
        Some(name) => format!("r{register}({name})"),
        None => format!("r{register}"),
    }
}

fn name(code: &CodeObject, index: i32) -> String {
    code.names.get(index as usize).map_or_else(|| format!("name {index}"), ToString::to_string)
}

fn constant(code: &CodeObject, index: i32) -> String {
    let known = code.consts.get(index as usize);
    known.map_or_else(|| format!("constant {index}"), |constant| ConstRepr(constant).to_string())
}
