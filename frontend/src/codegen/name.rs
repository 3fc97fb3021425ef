//! Loading, storing and deleting names.

use bytecode::StackOp as Op;

use super::Codegen;
use super::unit::ScopeType;
use crate::ast::Context;
use crate::error::{Compiled, syntax_error};
use crate::ir::{Location, Opcode};
use crate::names::{Symbol, known};
use crate::symtable::{Binding, ScopeKind};

/// How a name is reached.
enum Access {
    Deref(u32),
    Fast,
    Global,
    Name,
}

impl Codegen<'_, '_> {
    pub(super) fn mangle(&mut self, name: Symbol) -> Symbol {
        match &self.scope().mangled_names {
            Some(mangled) if !mangled.contains(&name) => name,
            _ => self.names.mangle(self.unit.private, name),
        }
    }

    pub(super) fn load_name(&mut self, loc: Location, name: Symbol) -> Compiled<()> {
        self.name_op(loc, name, Context::Load)
    }

    pub(super) fn store_name(&mut self, loc: Location, name: Symbol) -> Compiled<()> {
        self.name_op(loc, name, Context::Store)
    }

    pub(super) fn name_op(&mut self, loc: Location, name: Symbol, ctx: Context) -> Compiled<()> {
        check_forbidden(loc, name, ctx)?;
        let name = self.mangle(name);
        let binding = self.scope().symbols.get(name).binding;
        match self.access(name, binding) {
            Access::Deref(index) => self.deref_op(loc, index, ctx),
            Access::Fast => {
                let op = match ctx {
                    Context::Load => Op::LOAD_FAST,
                    Context::Store => Op::STORE_FAST,
                    Context::Del => Op::DELETE_FAST,
                };
                let index = self.unit.varnames.add(name);
                self.op_i(loc, op, index);
            }
            Access::Global => self.global_op(loc, name, binding, ctx),
            Access::Name => {
                let in_class_comp = self.unit.kind == ScopeKind::Class && self.unit.inlined_comps > 0;
                let op = match ctx {
                    Context::Load if in_class_comp => Op::LOAD_GLOBAL,
                    Context::Load => Op::LOAD_NAME,
                    Context::Store => Op::STORE_NAME,
                    Context::Del => Op::DELETE_NAME,
                };
                self.named_op(loc, op, name);
            }
        }
        Ok(())
    }

    fn access(&self, name: Symbol, binding: Binding) -> Access {
        let function_like = self.unit.kind.is_function_like();
        match binding {
            Binding::Free => Access::Deref(self.free_index(name)),
            Binding::Cell => Access::Deref(self.unit.cellvars.get(name).unwrap_or_default()),
            Binding::Local if function_like || self.unit.is_fast_hidden(name) => Access::Fast,
            Binding::GlobalImplicit if function_like => Access::Global,
            Binding::GlobalExplicit => Access::Global,
            Binding::Local | Binding::GlobalImplicit | Binding::Unknown => Access::Name,
        }
    }

    /// A free variable's number: they follow the cells.
    pub(super) fn free_index(&self, name: Symbol) -> u32 {
        let cells = self.unit.cellvars.list().len() as u32;
        cells + self.unit.freevars.get(name).unwrap_or_default()
    }

    fn deref_op(&mut self, loc: Location, index: u32, ctx: Context) {
        let op = match ctx {
            Context::Load if self.unit.kind == ScopeKind::Class && self.unit.inlined_comps == 0 => {
                self.op(loc, Op::LOAD_LOCALS);
                Op::LOAD_FROM_DICT_OR_DEREF
            }
            Context::Load if self.scope().sees_class => {
                self.load_classdict(loc);
                Op::LOAD_FROM_DICT_OR_DEREF
            }
            Context::Load => Op::LOAD_DEREF,
            Context::Store => Op::STORE_DEREF,
            Context::Del => Op::DELETE_DEREF,
        };
        self.op_i(loc, op, index);
    }

    fn load_classdict(&mut self, loc: Location) {
        let index = self.free_index(known::CLASSDICT);
        self.op_i(loc, Op::LOAD_DEREF, index);
    }

    fn global_op(&mut self, loc: Location, name: Symbol, binding: Binding, ctx: Context) {
        let op = match ctx {
            Context::Load if binding == Binding::GlobalImplicit && self.scope().sees_class => {
                self.load_classdict(loc);
                Op::LOAD_FROM_DICT_OR_GLOBALS
            }
            Context::Load => Op::LOAD_GLOBAL,
            Context::Store => Op::STORE_GLOBAL,
            Context::Del => Op::DELETE_GLOBAL,
        };
        self.named_op(loc, op, name);
    }

    /// An instruction on an entry of `co_names`; the name is mangled already.
    fn named_op(&mut self, loc: Location, op: Op, name: Symbol) {
        let index = self.unit.names.add(name);
        self.op_i(loc, op, if op == Op::LOAD_GLOBAL { index << 1 } else { index });
    }

    /// An instruction on an attribute or module name, mangled here.
    pub(super) fn attr_op(&mut self, loc: Location, op: Op, name: Symbol) {
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        self.op_i(loc, op, if op == Op::LOAD_ATTR { index << 1 } else { index });
    }

    /// `LOAD_ATTR` in the form that pushes a method unbound.
    pub(super) fn load_method(&mut self, loc: Location, name: Symbol) {
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        self.op_i(loc, Op::LOAD_ATTR, index << 1 | 1);
    }

    /// `LOAD_SUPER_ATTR`; `flags` are its two low bits.
    pub(super) fn load_super_attr(&mut self, loc: Location, name: Symbol, flags: u32) {
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        self.op_i(loc, Op::LOAD_SUPER_ATTR, index << 2 | flags);
    }

    /// An instruction on a local by its mangled name.
    pub(super) fn fast_op(&mut self, loc: Location, op: impl Into<Opcode>, name: Symbol) {
        let index = self.unit.varnames.add(name);
        self.op_i(loc, op, index);
    }

    /// How the current unit itself reaches `name`.
    pub(super) fn binding(&self, name: Symbol) -> Binding {
        let class_cell = name == known::CLASS || name == known::CLASSDICT;
        if class_cell && self.unit.scope_type == ScopeType::Class {
            return Binding::Cell;
        }
        self.scope().symbols.get(name).binding
    }
}

/// Refuses to bind `__debug__`.
pub(super) fn check_forbidden(loc: Location, name: Symbol, ctx: Context) -> Compiled<()> {
    if name != known::DEBUG {
        return Ok(());
    }
    match ctx {
        Context::Store => syntax_error(loc, "cannot assign to __debug__"),
        Context::Del => syntax_error(loc, "cannot delete __debug__"),
        Context::Load => Ok(()),
    }
}
