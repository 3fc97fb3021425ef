//! A code unit while it is written: entering and leaving scopes.

use bytecode::{CodeFlags, CodeObject, Const, StackOp as Op};

use super::Codegen;
use super::fblock::FBlock;
use super::tables::{ConstTable, NameTable};
use crate::ast::NodeId;
use crate::error::Compiled;
use crate::ir::{InstrSequence, Location, Unit};
use crate::names::{Symbol, known};
use crate::symtable::{Binding, Scope, ScopeId, ScopeKind, def};

/// What kind of code a unit is; it decides qualified names and which statements are allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ScopeType {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    TypeParams,
}

/// Numbers of parameters.
#[derive(Clone, Copy, Default)]
pub(super) struct ArgCounts {
    /// Positional parameters that may be given by keyword.
    pub args: u32,
    pub posonly: u32,
    pub kwonly: u32,
}

/// The unit being written.
pub(super) struct UnitState<'t> {
    pub scope: ScopeId,
    pub kind: ScopeKind,
    pub scope_type: ScopeType,
    pub seq: InstrSequence,
    pub consts: ConstTable,
    pub names: NameTable,
    pub varnames: NameTable,
    pub cellvars: NameTable,
    pub freevars: NameTable,
    /// Names that are fast only inside inlined comprehensions, and whether one is being written.
    pub fast_hidden: Vec<(Symbol, bool)>,
    pub counts: ArgCounts,
    pub name: Symbol,
    pub qualname: Option<String>,
    pub private: Option<Symbol>,
    pub firstlineno: i32,
    pub fblocks: Vec<FBlock<'t>>,
    pub inlined_comps: u32,
    /// Attributes that methods store on `self` (classes).
    pub static_attributes: Vec<Symbol>,
    pub const0_is_doc: bool,
}

impl UnitState<'_> {
    pub fn new(
        scope: &Scope,
        id: ScopeId,
        scope_type: ScopeType,
        name: Symbol,
        firstlineno: i32,
        private: Option<Symbol>,
    ) -> Self {
        Self {
            scope: id,
            kind: scope.kind,
            scope_type,
            seq: InstrSequence::default(),
            consts: ConstTable::default(),
            names: NameTable::default(),
            varnames: NameTable::new(scope.varnames.clone()),
            cellvars: NameTable::default(),
            freevars: NameTable::default(),
            fast_hidden: Vec::new(),
            counts: ArgCounts::default(),
            name,
            qualname: None,
            private,
            firstlineno,
            fblocks: Vec::new(),
            inlined_comps: 0,
            static_attributes: Vec::new(),
            const0_is_doc: false,
        }
    }

    pub fn is_fast_hidden(&self, name: Symbol) -> bool {
        self.fast_hidden.iter().any(|(hidden, active)| *hidden == name && *active)
    }
}

/// What a new scope is called and where it stands.
pub(super) struct ScopeEntry {
    pub node: NodeId,
    pub scope_type: ScopeType,
    pub name: Symbol,
    pub firstlineno: i32,
    /// The class whose name mangles private names from here on; inherited without.
    pub private: Option<Symbol>,
    pub counts: ArgCounts,
}

impl ScopeEntry {
    pub fn new(node: NodeId, scope_type: ScopeType, name: Symbol, firstlineno: i32) -> Self {
        Self { node, scope_type, name, firstlineno, private: None, counts: ArgCounts::default() }
    }
}

impl Codegen<'_, '_> {
    pub(super) fn scope(&self) -> &Scope {
        self.table.scope(self.unit.scope)
    }

    pub(super) fn enter_scope(&mut self, entry: &ScopeEntry) {
        let id = self.table.scope_of(entry.node);
        let scope = self.table.scope(id);
        let private = entry.private.or(self.unit.private);
        let mut unit = UnitState::new(scope, id, entry.scope_type, entry.name, entry.firstlineno, private);
        unit.counts = entry.counts;
        self.stack.push(std::mem::replace(&mut self.unit, unit));
        self.fill_closure_tables();
        self.unit.qualname = Some(self.qualname());
        let line = entry.firstlineno;
        self.op_i(Location { line, end_line: line, col: 0, end_col: 0 }, Op::RESUME, 0);
    }

    /// Numbers the cells and free variables of the current scope, sorted by name.
    pub(super) fn fill_closure_tables(&mut self) {
        let id = self.unit.scope;
        let mut cells =
            self.sorted(id, |entry| entry.binding == Binding::Cell || entry.flags & def::COMP_CELL != 0);
        let free =
            self.sorted(id, |entry| entry.binding == Binding::Free || entry.flags & def::FREE_CLASS != 0);
        let scope = self.table.scope(id);
        if scope.needs_class_closure {
            cells.push(known::CLASS);
        }
        if scope.needs_classdict {
            cells.push(known::CLASSDICT);
        }
        self.unit.cellvars = NameTable::new(cells);
        self.unit.freevars = NameTable::new(free);
    }

    /// The scope's names that satisfy `pick`, sorted by spelling.
    fn sorted(&self, id: ScopeId, pick: impl Fn(crate::symtable::Entry) -> bool) -> Vec<Symbol> {
        let symbols = self.table.scope(id).symbols.iter();
        let mut picked: Vec<_> = symbols.filter(|(_, entry)| pick(*entry)).map(|(name, _)| name).collect();
        picked.sort_by(|a, b| self.names.get(*a).cmp(self.names.get(*b)));
        picked
    }

    /// The dotted name of the unit just entered.
    fn qualname(&mut self) -> String {
        let name = self.names.get(self.unit.name).to_owned();
        let depth = self.stack.len();
        if depth <= 1 {
            return name;
        }
        let mut parent = depth - 1;
        if self.stack[parent].scope_type == ScopeType::TypeParams {
            if depth == 2 {
                return name;
            }
            parent -= 1;
        }
        let defined = [ScopeType::Function, ScopeType::AsyncFunction, ScopeType::Class];
        if defined.contains(&self.unit.scope_type) {
            let mangled = self.names.mangle(self.stack[parent].private, self.unit.name);
            let scope = self.table.scope(self.stack[parent].scope);
            if scope.symbols.get(mangled).binding == Binding::GlobalExplicit {
                return name;
            }
        }
        let parent = &self.stack[parent];
        let Some(base) = &parent.qualname else { return name };
        let locals = [ScopeType::Function, ScopeType::AsyncFunction, ScopeType::Lambda];
        let infix = if locals.contains(&parent.scope_type) { ".<locals>" } else { "" };
        format!("{base}{infix}.{name}")
    }

    /// Ends the current unit with a return and assembles it; the unit around it is current again.
    pub(super) fn exit_scope(&mut self, add_none: bool) -> Compiled<Closure> {
        let depth = self.stack.len();
        let unit = self.finish_unit(add_none);
        let free = self.unit.freevars.list().to_vec();
        self.unit = self.stack.pop().expect("a scope that was entered has one around it");
        Ok(Closure { code: (self.assemble)(unit, depth)?, free })
    }

    pub(super) fn finish_unit(&mut self, add_none: bool) -> Unit {
        if add_none {
            self.load_const(Location::NONE, Const::None);
        }
        self.op(Location::NONE, Op::RETURN_VALUE);
        let flags = self.code_flags();
        let unit = &mut self.unit;
        let names = &*self.names;
        let strings =
            |table: &NameTable| table.list().iter().map(|name| names.get(*name).to_owned()).collect();
        let name = names.get(unit.name).to_owned();
        Unit {
            seq: std::mem::take(&mut unit.seq),
            consts: std::mem::take(&mut unit.consts).into_vec(),
            names: strings(&unit.names),
            varnames: strings(&unit.varnames),
            cellvars: strings(&unit.cellvars),
            freevars: strings(&unit.freevars),
            fast_hidden: unit.fast_hidden.iter().map(|(name, _)| names.get(*name).to_owned()).collect(),
            argcount: unit.counts.args + unit.counts.posonly,
            posonlyargcount: unit.counts.posonly,
            kwonlyargcount: unit.counts.kwonly,
            flags,
            qualname: unit.qualname.take().unwrap_or_else(|| name.clone()),
            name,
            firstlineno: unit.firstlineno,
            const0_is_doc: unit.const0_is_doc,
        }
    }

    fn code_flags(&self) -> u32 {
        let scope = self.scope();
        let mut flags = self.flags;
        if !scope.kind.is_function_like() {
            return flags;
        }
        flags |= CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED;
        if scope.nested {
            flags |= CodeFlags::NESTED;
        }
        flags |= match (scope.generator, scope.coroutine) {
            (true, true) => CodeFlags::ASYNC_GENERATOR,
            (true, false) => CodeFlags::GENERATOR,
            (false, true) => CodeFlags::COROUTINE,
            (false, false) => 0,
        };
        if scope.varargs {
            flags |= CodeFlags::VARARGS;
        }
        if scope.varkeywords {
            flags |= CodeFlags::VARKEYWORDS;
        }
        flags
    }
}

/// A finished inner scope: its code and the variables it takes from around.
pub(super) struct Closure {
    pub code: CodeObject,
    pub free: Vec<Symbol>,
}
