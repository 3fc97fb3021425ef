//! Adding and looking up one name.

use super::build::Builder;
use super::{Entry, ScopeId, def};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::Symbol;

pub(super) const COMP_IN_CLASS: &str =
    "assignment expression within a comprehension cannot be used in a class body";
pub(super) const COMP_IN_TYPE_PARAMS: &str =
    "assignment expression within a comprehension cannot be used within the definition of a generic";
pub(super) const COMP_IN_TYPE_ALIAS: &str =
    "assignment expression within a comprehension cannot be used in a type alias";
pub(super) const COMP_IN_TYPE_VAR: &str =
    "assignment expression within a comprehension cannot be used in a TypeVar bound";

impl Builder<'_> {
    fn mangled(&mut self, scope: ScopeId, name: Symbol) -> Symbol {
        match &self.table.scope(scope).mangled_names {
            Some(mangled) if !mangled.contains(&name) => name,
            _ => self.names.mangle(self.private, name),
        }
    }

    pub(super) fn lookup_in(&mut self, scope: ScopeId, name: Symbol) -> Entry {
        let name = self.mangled(scope, name);
        self.table.scope(scope).symbols.get(name)
    }

    pub(super) fn lookup(&mut self, name: Symbol) -> Entry {
        self.lookup_in(self.current_id(), name)
    }

    pub(super) fn record_directive(&mut self, name: Symbol, loc: Location) {
        let id = self.current_id();
        let name = self.mangled(id, name);
        self.current().directives.push((name, loc));
    }

    pub(super) fn add_def(&mut self, name: Symbol, flag: u32, loc: Location) -> Compiled<()> {
        if flag & def::TYPE_PARAM != 0
            && let Some(mangled) = &mut self.current().mangled_names
        {
            mangled.insert(name);
        }
        self.add_def_in(self.current_id(), name, flag, loc)
    }

    pub(super) fn add_def_in(&mut self, id: ScopeId, name: Symbol, flag: u32, loc: Location) -> Compiled<()> {
        let mangled = self.mangled(id, name);
        let scope = self.table.scope_mut(id);
        let mut entry = scope.symbols.get(mangled);
        if flag & entry.flags & def::PARAM != 0 {
            let name = self.names.get(name);
            return syntax_error(loc, format!("duplicate argument '{name}' in function definition"));
        }
        if flag & entry.flags & def::TYPE_PARAM != 0 {
            let name = self.names.get(name);
            return syntax_error(loc, format!("duplicate type parameter '{name}'"));
        }
        entry.flags |= flag;
        if scope.comp_iter_target {
            if entry.flags & (def::GLOBAL | def::NONLOCAL) != 0 {
                let name = self.names.get(name);
                return syntax_error(
                    loc,
                    format!("comprehension inner loop cannot rebind assignment expression target '{name}'"),
                );
            }
            entry.flags |= def::COMP_ITER;
        }
        scope.symbols.set(mangled, entry);
        if flag & def::PARAM != 0 {
            scope.varnames.push(mangled);
        } else if flag & def::GLOBAL != 0 {
            let top = &mut self.table.scopes[0].symbols;
            let mut entry = top.get(mangled);
            entry.flags |= flag;
            top.set(mangled, entry);
        }
        Ok(())
    }
}
