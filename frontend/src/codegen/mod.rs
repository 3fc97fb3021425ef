//! Code generation: syntax tree to instruction sequences.
//!
//! One unit a scope. Each construct emits the instructions CPython 3.13's compiler emits, in its order, with its labels
//! and source ranges, jumps to labels and pseudo instructions for blocks included; everything that improves code is the
//! backend's. A nested scope's unit is assembled as soon as it is complete, since its code object is a constant of the
//! unit around it.

mod annotations;
mod assign;
mod call;
mod class;
mod comp;
mod cond;
mod display;
mod expr;
mod fblock;
mod function;
mod import;
mod name;
mod pattern;
mod stmt;
mod suspend;
mod tables;
mod try_stmt;
mod type_params;
mod unit;
mod unparse;
mod warn;
mod with;

use bytecode::{CodeObject, Const, StackOp as Op, Text};

use self::unit::{ScopeType, UnitState};
use crate::ast::{Module, NodeId, Stmt, docstring};
use crate::error::{Compiled, Warning};
use crate::ir::{Arg, Label, Location, Opcode, Unit};
use crate::names::{Interner, Symbol, known};
use crate::symtable::SymbolTable;

pub(crate) use self::display::frozen_set;
use self::tables::hash_const;

/// Calls and displays with more elements than this are built piecewise, to bound the operand stack.
const STACK_USE_GUIDELINE: usize = 30;

/// What assembles a finished unit, told how deeply its scope is nested.
pub(crate) type Assembler<'a> = dyn FnMut(Unit, usize) -> Compiled<CodeObject> + Send + 'a;

/// The generator's state: the unit being written and those around it.
pub(crate) struct Codegen<'a, 't> {
    pub names: &'a mut Interner,
    pub table: &'a mut SymbolTable,
    pub warnings: &'a mut Vec<Warning>,
    pub assemble: &'a mut Assembler<'a>,
    /// `-O` level.
    pub optimize: u8,
    /// Future flags for `co_flags`.
    pub flags: u32,
    pub future_annotations: bool,
    interactive: bool,
    unit: UnitState<'t>,
    stack: Vec<UnitState<'t>>,
}

/// Everything code generation is given.
pub(crate) struct Input<'a> {
    pub names: &'a mut Interner,
    pub table: &'a mut SymbolTable,
    pub warnings: &'a mut Vec<Warning>,
    pub assemble: &'a mut Assembler<'a>,
    pub optimize: u8,
    pub flags: u32,
    pub future_annotations: bool,
}

/// Generates a module's code and everything in it.
#[expect(clippy::needless_pass_by_value, reason = "the references in it are taken over")]
pub(crate) fn generate(module: &Module, input: Input<'_>) -> Compiled<CodeObject> {
    let scope = input.table.scope_of(NodeId(0));
    let unit =
        UnitState::new(input.table.scope(scope), scope, ScopeType::Module, known::ANON_MODULE, 1, None);
    let mut codegen = Codegen {
        names: input.names,
        table: input.table,
        warnings: input.warnings,
        assemble: input.assemble,
        optimize: input.optimize,
        flags: input.flags,
        future_annotations: input.future_annotations,
        interactive: matches!(module, Module::Interactive(_)),
        unit,
        stack: Vec::new(),
    };
    codegen.fill_closure_tables();
    codegen.module(module)
}

impl<'t> Codegen<'_, 't> {
    fn module(&mut self, module: &'t Module) -> Compiled<CodeObject> {
        self.op_i(Location { line: 0, end_line: 1, col: 0, end_col: 0 }, Op::RESUME, 0);
        match module {
            Module::File(body) => self.body(start_location(body), body)?,
            Module::Interactive(body) => self.body(start_location(&[]), body)?,
            Module::Expression(expr) => self.expr(expr)?,
        }
        let add_none = !matches!(module, Module::Expression(_));
        let unit = self.finish_unit(add_none);
        (self.assemble)(unit, 0)
    }

    /// The body of a module or class.
    fn body(&mut self, loc: Location, body: &'t [Stmt]) -> Compiled<()> {
        if annotations::has_annotations(body) {
            self.op(loc, Op::SETUP_ANNOTATIONS);
        }
        let mut rest = body;
        let at_prompt = self.interactive && self.stack.is_empty();
        if let (false, Some(doc)) = (at_prompt, docstring(body)) {
            rest = &body[1..];
            if self.optimize < 2
                && let Some(Const::Str(text)) = doc.as_const()
            {
                self.load_const(doc.loc, Const::Str(clean_doc(text)));
                self.store_name(Location::NONE, known::DOC)?;
            }
        }
        self.stmts(rest)
    }

    fn op(&mut self, loc: Location, op: impl Into<Opcode>) {
        self.unit.seq.emit(op.into(), Arg::None, loc);
    }

    fn op_i(&mut self, loc: Location, op: impl Into<Opcode>, arg: u32) {
        self.unit.seq.emit(op.into(), Arg::Value(arg), loc);
    }

    fn jump(&mut self, loc: Location, op: impl Into<Opcode>, target: Label) {
        self.unit.seq.emit(op.into(), Arg::Label(target), loc);
    }

    fn new_label(&mut self) -> Label {
        self.unit.seq.new_label()
    }

    fn place(&mut self, label: Label) {
        self.unit.seq.place(label);
    }

    fn load_const(&mut self, loc: Location, value: Const) {
        let index = self.unit.consts.add(value);
        self.op_i(loc, Op::LOAD_CONST, index);
    }

    fn load_str(&mut self, loc: Location, name: Symbol) {
        let value = self.str_const(name);
        self.load_const(loc, value);
    }

    fn str_const(&self, name: Symbol) -> Const {
        Const::Str(Text::from(self.names.get(name)))
    }

    fn name_tuple(&self, names: impl IntoIterator<Item = Symbol>) -> Const {
        Const::Tuple(names.into_iter().map(|name| self.str_const(name)).collect())
    }
}

/// Where a module's code starts: its first statement.
fn start_location(body: &[Stmt]) -> Location {
    body.first().map_or(Location { line: 1, end_line: 1, col: 0, end_col: 0 }, |stmt| stmt.loc)
}

/// A docstring without the indentation that its lines after the first have in common.
fn clean_doc(text: &Text) -> Text {
    let bytes = text.as_bytes();
    let expanded = expand_tabs(bytes);
    let lines: Vec<&[u8]> = expanded.split(|b| *b == b'\n').collect();
    let indent = |line: &&[u8]| line.iter().take_while(|b| **b == b' ').count();
    let margin = lines[1..].iter().filter(|line| indent(line) < line.len()).map(indent).min().unwrap_or(0);
    let first = &lines[0][indent(&lines[0])..];
    let mut result = first.to_vec();
    for line in &lines[1..] {
        result.push(b'\n');
        result.extend_from_slice(&line[margin.min(indent(line))..]);
    }
    Text::from_wtf8(result).expect("only blanks were removed")
}

/// Tabs as blanks up to the next multiple of eight, columns counted in characters.
fn expand_tabs(bytes: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for byte in bytes {
        match byte {
            b'\t' => {
                let width = 8 - column % 8;
                result.resize(result.len() + width, b' ');
                column += width;
            }
            b'\n' | b'\r' => {
                result.push(*byte);
                column = 0;
            }
            _ => {
                result.push(*byte);
                column += usize::from(byte & 0xC0 != 0x80);
            }
        }
    }
    result
}
