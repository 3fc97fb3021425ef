//! The compiler's intermediate form between code generation and the control-flow graph: instruction sequences with
//! labels and pseudo instructions, as CPython's `Python/instruction_sequence.c` has them.

use bytecode::{Const, StackOp};

/// A source range. Lines count from 1, columns are UTF-8 byte offsets from 0; `-1` stands for "none".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Location {
    /// First line.
    pub line: i32,
    /// Last line.
    pub end_line: i32,
    /// Column of the first byte.
    pub col: i32,
    /// Column after the last byte.
    pub end_col: i32,
}

impl Location {
    /// No location at all: the instruction is artificial.
    pub const NONE: Self = Self { line: -1, end_line: -1, col: -1, end_col: -1 };
    /// CPython's `NEXT_LOCATION`: take the following instruction's location.
    pub const NEXT: Self = Self { line: -2, end_line: -2, col: -2, end_col: -2 };
}

/// A jump target not yet placed. Dense, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Label(pub u32);

/// Real and pseudo opcodes by CPython's own numbers: below 256 real ones (`bytecode::StackOp`), from 256 the pseudo
/// ones of [`pseudo`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Opcode(pub u16);

impl From<StackOp> for Opcode {
    fn from(op: StackOp) -> Self {
        Self(op as u16)
    }
}

/// CPython 3.13's pseudo opcodes (`Include/opcode_ids.h`): they exist between code generation and assembly only.
pub mod pseudo {
    #![allow(missing_docs, reason = "CPython's names, explained where they are lowered")]
    use super::Opcode;
    pub const JUMP: Opcode = Opcode(256);
    pub const JUMP_NO_INTERRUPT: Opcode = Opcode(257);
    pub const LOAD_CLOSURE: Opcode = Opcode(258);
    pub const LOAD_METHOD: Opcode = Opcode(259);
    pub const LOAD_SUPER_METHOD: Opcode = Opcode(260);
    pub const LOAD_ZERO_SUPER_ATTR: Opcode = Opcode(261);
    pub const LOAD_ZERO_SUPER_METHOD: Opcode = Opcode(262);
    pub const POP_BLOCK: Opcode = Opcode(263);
    pub const SETUP_CLEANUP: Opcode = Opcode(264);
    pub const SETUP_FINALLY: Opcode = Opcode(265);
    pub const SETUP_WITH: Opcode = Opcode(266);
    pub const STORE_FAST_MAYBE_NULL: Opcode = Opcode(267);
}

/// An instruction's argument before labels are resolved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arg {
    /// No argument (oparg 0).
    None,
    /// A plain oparg.
    Value(u32),
    /// A jump or handler target.
    Label(Label),
}

/// One instruction of a sequence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instr {
    /// The opcode, pseudo ones included.
    pub op: Opcode,
    /// Its argument.
    pub arg: Arg,
    /// Where in the source it stands.
    pub location: Location,
}

/// A sequence of instructions with labels.
#[derive(Clone, Debug, Default)]
pub struct InstrSequence {
    /// The instructions in order.
    pub instrs: Vec<Instr>,
    /// For each label the index of the instruction it stands before; `None` until placed.
    pub labels: Vec<Option<usize>>,
}

impl InstrSequence {
    /// A new label, not yet placed.
    pub fn new_label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places `label` before the next instruction to be emitted.
    pub fn place(&mut self, label: Label) {
        debug_assert!(self.labels[label.0 as usize].is_none(), "label placed twice");
        self.labels[label.0 as usize] = Some(self.instrs.len());
    }

    /// Inserts an instruction before all others; labels keep the instructions they stand before.
    pub fn insert_first(&mut self, op: Opcode, arg: Arg, location: Location) {
        self.instrs.insert(0, Instr { op, arg, location });
        for index in self.labels.iter_mut().flatten() {
            *index += 1;
        }
    }

    /// Appends an instruction.
    pub fn emit(&mut self, op: Opcode, arg: Arg, location: Location) {
        self.instrs.push(Instr { op, arg, location });
    }
}

/// One scope's code before the optimizer: what CPython's `compiler_unit` hands to `optimize_and_assemble`.
///
/// Opargs of `LOAD_FAST`/`STORE_FAST`/… index `varnames`; those of `LOAD_DEREF`/`LOAD_CLOSURE`/`MAKE_CELL`/… index
/// `cellvars` followed by `freevars` (the assembler renumbers them into localsplus). The sequence contains neither the
/// generator prologue nor `MAKE_CELL`/`COPY_FREE_VARS` prefixes (CPython inserts them in `prepare_localsplus` and
/// `insert_prefix_instructions`), nor the handler that turns `StopIteration` into `RuntimeError` unless
/// codegen emits it as CPython's does (`wrap_in_stopiteration_handler`).
#[derive(Clone, Debug)]
pub struct Unit {
    /// The instructions.
    pub seq: InstrSequence,
    /// The const pool as codegen made it; unused ones are dropped later.
    pub consts: Vec<Const>,
    /// Names of globals and attributes.
    pub names: Vec<String>,
    /// Parameters and local variables, in CPython's order.
    pub varnames: Vec<String>,
    /// Captured variables, sorted; a captured parameter or local stands in `varnames` too.
    pub cellvars: Vec<String>,
    /// Free variables, sorted.
    pub freevars: Vec<String>,
    /// Names that are fast only inside inlined comprehensions (CPython's `u_fasthidden`).
    pub fast_hidden: Vec<String>,
    /// Positional parameters, positional-only ones included.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// `co_flags`.
    pub flags: u32,
    /// The scope's name.
    pub name: String,
    /// The scope's dotted name.
    pub qualname: String,
    /// The line of its definition (decorators included).
    pub firstlineno: i32,
    /// Whether a docstring or None must stay const 0 (functions).
    pub const0_is_doc: bool,
}
