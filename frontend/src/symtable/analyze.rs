//! Second pass: where every name is bound.
//!
//! A walk down the scopes with the sets of names bound and declared global around, and up again with the names that
//! inner scopes left free. A name that is local here and free below becomes a cell. Comprehensions that are inlined
//! give their names to the scope around them before its cells are decided.

use super::{Binding, Entry, ScopeId, ScopeKind, SymbolTable, def};
use crate::ast::CompKind;
use crate::error::{Compiled, syntax_error};
use crate::names::{FxHashMap, FxHashSet, Interner, Symbol, known};

type Names = FxHashSet<Symbol>;
type Bindings = FxHashMap<Symbol, Binding>;

/// Names visible from the scopes around; copied for each child, which may change them.
#[derive(Clone, Default)]
struct Visible {
    /// Names bound in enclosing functions; `None` at module level.
    bound: Option<Names>,
    global: Names,
    type_params: Names,
}

pub(super) fn analyze(table: &mut SymbolTable, names: &Interner) -> Compiled<()> {
    let mut analysis = Analysis { table, names };
    analysis.block(ScopeId(0), Visible::default(), None)?;
    Ok(())
}

struct Analysis<'a> {
    table: &'a mut SymbolTable,
    names: &'a Interner,
}

/// What a scope collects while it is analyzed.
struct Block {
    id: ScopeId,
    bindings: Bindings,
    local: Names,
    inlined_cells: Names,
}

impl Analysis<'_> {
    /// Analyzes a scope and everything in it; returns the names it leaves free.
    fn block(&mut self, id: ScopeId, mut visible: Visible, class: Option<ScopeId>) -> Compiled<Names> {
        let kind = self.table.scope(id).kind;
        let mut block = Block {
            id,
            bindings: Bindings::default(),
            local: Names::default(),
            inlined_cells: Names::default(),
        };
        let mut free = Names::default();
        // A class's own names are invisible to the functions in it: they see what the class itself sees.
        let around = (kind == ScopeKind::Class).then(|| visible.clone());
        let symbols: Vec<_> = self.table.scope(id).symbols.iter().collect();
        for (name, entry) in symbols {
            self.name(&mut block, name, entry.flags, &mut visible, &mut free, class)?;
        }
        let inner = inner_view(&block, kind, around, &visible);
        let inner_free = self.children(&mut block, &inner, class)?;
        let mut inner_free = inner_free;
        if kind.is_function_like() {
            bind_cells(&mut block, &mut inner_free);
        } else if kind == ScopeKind::Class {
            let scope = self.table.scope_mut(id);
            scope.needs_class_closure |= inner_free.remove(&known::CLASS);
            scope.needs_classdict |= inner_free.remove(&known::CLASSDICT);
        }
        self.record(&block, visible.bound.as_ref(), &inner_free);
        free.extend(inner_free);
        Ok(free)
    }

    fn children(&mut self, block: &mut Block, inner: &Visible, class: Option<ScopeId>) -> Compiled<Names> {
        let mut free = Names::default();
        let (kind, sees_class) = {
            let scope = self.table.scope(block.id);
            (scope.kind, scope.sees_class)
        };
        for child in self.table.scope(block.id).children.clone() {
            let scope = self.table.scope(child);
            let child_class = match (scope.sees_class, kind) {
                (true, ScopeKind::Class) => Some(block.id),
                (true, _) => class,
                (false, _) => None,
            };
            let inlines = scope.comprehension.is_some_and(|kind| kind != CompKind::Generator) && !sees_class;
            let mut child_free = self.block(child, inner.clone(), child_class)?;
            if inlines {
                self.inline_comprehension(block, child, &mut child_free);
                self.table.scope_mut(child).comp_inlined = true;
            }
            free.extend(child_free);
        }
        self.splice_inlined(block.id);
        Ok(free)
    }

    /// Replaces inlined comprehensions among the children by their own children.
    fn splice_inlined(&mut self, id: ScopeId) {
        let children = std::mem::take(&mut self.table.scope_mut(id).children);
        let mut spliced = Vec::with_capacity(children.len());
        for child in children {
            let scope = self.table.scope(child);
            if scope.comp_inlined {
                spliced.extend(&scope.children);
            } else {
                spliced.push(child);
            }
        }
        self.table.scope_mut(id).children = spliced;
    }

    fn name(
        &mut self,
        block: &mut Block,
        name: Symbol,
        flags: u32,
        visible: &mut Visible,
        free: &mut Names,
        class: Option<ScopeId>,
    ) -> Compiled<()> {
        let binding = if flags & def::GLOBAL != 0 {
            if flags & def::NONLOCAL != 0 {
                return self
                    .directive_error(block.id, name, |name| format!("name '{name}' is nonlocal and global"));
            }
            visible.global.insert(name);
            if let Some(bound) = &mut visible.bound {
                bound.remove(&name);
            }
            Binding::GlobalExplicit
        } else if flags & def::NONLOCAL != 0 {
            self.check_nonlocal(block.id, name, visible)?;
            free.insert(name);
            Binding::Free
        } else if flags & def::BOUND != 0 {
            block.local.insert(name);
            visible.global.remove(&name);
            if flags & def::TYPE_PARAM != 0 {
                visible.type_params.insert(name);
            } else {
                visible.type_params.remove(&name);
            }
            Binding::Local
        } else {
            self.used(name, visible, free, class)
        };
        block.bindings.insert(name, binding);
        Ok(())
    }

    /// The binding of a name that a scope only uses.
    fn used(&self, name: Symbol, visible: &Visible, free: &mut Names, class: Option<ScopeId>) -> Binding {
        if let Some(class) = class {
            let flags = self.table.scope(class).symbols.get(name).flags;
            if flags & def::GLOBAL != 0 {
                return Binding::GlobalExplicit;
            }
            if flags & def::BOUND != 0 && flags & def::NONLOCAL == 0 {
                return Binding::GlobalImplicit;
            }
        }
        if visible.bound.as_ref().is_some_and(|bound| bound.contains(&name)) {
            free.insert(name);
            return Binding::Free;
        }
        Binding::GlobalImplicit
    }

    fn check_nonlocal(&self, id: ScopeId, name: Symbol, visible: &Visible) -> Compiled<()> {
        let Some(bound) = &visible.bound else {
            return self
                .directive_error(id, name, |_| "nonlocal declaration not allowed at module level".into());
        };
        if !bound.contains(&name) {
            return self.directive_error(id, name, |name| format!("no binding for nonlocal '{name}' found"));
        }
        if visible.type_params.contains(&name) {
            return self.directive_error(id, name, |name| {
                format!("nonlocal binding not allowed for type parameter '{name}'")
            });
        }
        Ok(())
    }

    fn directive_error(
        &self,
        id: ScopeId,
        name: Symbol,
        message: impl FnOnce(&str) -> String,
    ) -> Compiled<()> {
        let directives = &self.table.scope(id).directives;
        let loc = directives.iter().find(|(symbol, _)| *symbol == name).map(|(_, loc)| *loc);
        syntax_error(loc.unwrap_or(crate::ir::Location::NONE), message(self.names.get(name)))
    }

    /// Gives an inlined comprehension's names to the scope around it.
    fn inline_comprehension(&mut self, block: &mut Block, comp: ScopeId, comp_free: &mut Names) {
        let in_class = self.table.scope(block.id).kind == ScopeKind::Class;
        let mut drops_class = false;
        let symbols: Vec<_> = self.table.scope(comp).symbols.iter().collect();
        for (name, entry) in symbols {
            if entry.flags & def::PARAM != 0 {
                continue;
            }
            if entry.binding == Binding::Cell || entry.flags & def::COMP_CELL != 0 {
                block.inlined_cells.insert(name);
            }
            let mut binding = entry.binding;
            if binding == Binding::Free && in_class && name == known::CLASS {
                binding = Binding::GlobalImplicit;
                comp_free.remove(&name);
                drops_class = true;
            }
            if let Some(outer) = self.table.scope(block.id).symbols.find(name) {
                let bound = outer.flags & def::BOUND != 0 && !in_class;
                if bound && !self.is_free_in_any_child(comp, name) {
                    comp_free.remove(&name);
                }
                continue;
            }
            let flags = Entry { flags: entry.flags, binding: Binding::Unknown };
            self.table.scope_mut(block.id).symbols.set(name, flags);
            block.bindings.insert(name, binding);
        }
        if drops_class {
            self.table.scope_mut(comp).symbols.remove(known::CLASS);
        }
    }

    fn is_free_in_any_child(&self, id: ScopeId, name: Symbol) -> bool {
        let children = &self.table.scope(id).children;
        children.iter().any(|child| self.table.scope(*child).symbols.get(name).binding == Binding::Free)
    }

    /// Writes what was found into the scope's symbols and adds the names that pass through it.
    fn record(&mut self, block: &Block, bound: Option<&Names>, free: &Names) {
        let scope = self.table.scope_mut(block.id);
        let class_like = scope.kind == ScopeKind::Class || scope.sees_class;
        for (name, entry) in &mut scope.symbols.list {
            if block.inlined_cells.contains(name) {
                entry.flags |= def::COMP_CELL;
            }
            entry.binding = block.bindings.get(name).copied().unwrap_or_default();
        }
        let mut free: Vec<_> = free.iter().copied().collect();
        free.sort_unstable();
        for name in free {
            if let Some(mut entry) = scope.symbols.find(name) {
                if class_like {
                    entry.flags |= def::FREE_CLASS;
                    scope.symbols.set(name, entry);
                }
            } else if bound.is_none_or(|bound| bound.contains(&name)) {
                scope.symbols.set(name, Entry { flags: 0, binding: Binding::Free });
            }
        }
    }
}

/// Local names that inner scopes use become cells.
fn bind_cells(block: &mut Block, free: &mut Names) {
    for (name, binding) in &mut block.bindings {
        let needed = free.contains(name) || block.inlined_cells.contains(name);
        if *binding == Binding::Local && needed {
            *binding = Binding::Cell;
            free.remove(name);
        }
    }
}

/// What the functions in a scope see.
fn inner_view(block: &Block, kind: ScopeKind, around: Option<Visible>, visible: &Visible) -> Visible {
    let mut inner = around.unwrap_or_else(|| visible.clone());
    inner.type_params.clone_from(&visible.type_params);
    let bound = inner.bound.get_or_insert_default();
    if kind == ScopeKind::Class {
        bound.extend([known::CLASS, known::CLASSDICT]);
    } else if kind.is_function_like() {
        bound.extend(&block.local);
    }
    inner
}
