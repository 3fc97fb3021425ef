//! The symbol table: which names each scope binds, and where every use of a name finds its binding.
//!
//! Two passes, as in CPython: `build` walks the tree and notes definitions and uses scope by scope; `analyze` then
//! decides for each name whether it is local, a cell, free or global, and merges comprehensions that are inlined
//! (PEP 709) into the scope around them. Type parameters and type aliases are scopes of their own (PEP 695).

mod analyze;
mod build;
mod expr;
mod names;
mod pattern;

use crate::ast::{CompKind, Module, NodeId};
use crate::error::Compiled;
use crate::ir::Location;
use crate::names::{FxHashMap, FxHashSet, Interner, Symbol};

/// Bits of a symbol's flags.
pub(crate) mod def {
    pub const GLOBAL: u32 = 1;
    pub const LOCAL: u32 = 1 << 1;
    pub const PARAM: u32 = 1 << 2;
    pub const NONLOCAL: u32 = 1 << 3;
    pub const USE: u32 = 1 << 4;
    pub const FREE_CLASS: u32 = 1 << 6;
    pub const IMPORT: u32 = 1 << 7;
    pub const ANNOT: u32 = 1 << 8;
    pub const COMP_ITER: u32 = 1 << 9;
    pub const TYPE_PARAM: u32 = 1 << 10;
    pub const COMP_CELL: u32 = 1 << 11;
    pub const BOUND: u32 = LOCAL | PARAM | IMPORT | TYPE_PARAM;
}

/// Where a name is bound, seen from one scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Binding {
    /// The name does not occur in the scope.
    #[default]
    Unknown,
    Local,
    GlobalExplicit,
    GlobalImplicit,
    Free,
    Cell,
}

/// A scope's index in the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ScopeId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeKind {
    Module,
    Class,
    Function,
    Annotation,
    TypeVariable,
    TypeAlias,
    TypeParameters,
}

impl ScopeKind {
    /// Whether names of the scope are fast locals.
    pub fn is_function_like(self) -> bool {
        matches!(self, Self::Function | Self::TypeVariable | Self::TypeAlias | Self::TypeParameters)
    }
}

/// One name in one scope.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entry {
    pub flags: u32,
    pub binding: Binding,
}

/// Names in order of first mention.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries {
    list: Vec<(Symbol, Entry)>,
    index: FxHashMap<Symbol, u32>,
}

/// Up to this many names a linear search is quicker than a table.
const LINEAR: usize = 8;

impl Entries {
    fn position(&self, name: Symbol) -> Option<usize> {
        if self.list.len() <= LINEAR {
            return self.list.iter().position(|(symbol, _)| *symbol == name);
        }
        self.index.get(&name).map(|i| *i as usize)
    }

    pub fn get(&self, name: Symbol) -> Entry {
        self.find(name).unwrap_or_default()
    }

    pub fn find(&self, name: Symbol) -> Option<Entry> {
        self.position(name).map(|i| self.list[i].1)
    }

    pub fn set(&mut self, name: Symbol, entry: Entry) {
        if let Some(i) = self.position(name) {
            self.list[i].1 = entry;
            return;
        }
        self.list.push((name, entry));
        if self.list.len() == LINEAR + 1 {
            self.index = self.list.iter().enumerate().map(|(i, (symbol, _))| (*symbol, i as u32)).collect();
        } else if self.list.len() > LINEAR {
            self.index.insert(name, self.list.len() as u32 - 1);
        }
    }

    fn remove(&mut self, name: Symbol) {
        let Some(i) = self.position(name) else { return };
        self.list.remove(i);
        self.index = self.list.iter().enumerate().map(|(i, (symbol, _))| (*symbol, i as u32)).collect();
    }

    pub fn iter(&self) -> impl Iterator<Item = (Symbol, Entry)> + '_ {
        self.list.iter().copied()
    }
}

/// One scope.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a scope, as CPython's entry has them"
)]
pub(crate) struct Scope {
    pub kind: ScopeKind,
    pub symbols: Entries,
    /// Parameters in order.
    pub varnames: Vec<Symbol>,
    pub children: Vec<ScopeId>,
    /// Inside a function, at any distance.
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    pub comprehension: Option<CompKind>,
    pub comp_inlined: bool,
    pub varargs: bool,
    pub varkeywords: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    /// An annotation scope directly in a class: names are first looked up in the class namespace.
    pub sees_class: bool,
    /// In the target of a comprehension's `for`.
    comp_iter_target: bool,
    /// Nesting of comprehension iterables.
    comp_iter_expr: u32,
    /// In a class's type-parameter scope: the only names that are mangled.
    pub mangled_names: Option<FxHashSet<Symbol>>,
    /// Where names were declared global or nonlocal.
    directives: Vec<(Symbol, Location)>,
    /// What a type variable's scope holds, as messages name it.
    place: &'static str,
}

/// The table of one compilation.
#[derive(Debug)]
pub(crate) struct SymbolTable {
    scopes: Vec<Scope>,
    by_node: Vec<Option<ScopeId>>,
}

impl SymbolTable {
    /// The scope that a node opened.
    pub fn scope_of(&self, node: NodeId) -> ScopeId {
        self.by_node[node.0 as usize].expect("the builder visits every node that opens a scope")
    }

    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.0 as usize]
    }

    pub fn scope_mut(&mut self, id: ScopeId) -> &mut Scope {
        &mut self.scopes[id.0 as usize]
    }

    /// The module's scope.
    pub fn top(&self) -> &Scope {
        &self.scopes[0]
    }
}

/// Builds and analyzes the table. `nodes` bounds the node numbers of the tree.
pub(crate) fn analyze_module(
    module: &Module,
    nodes: usize,
    future_annotations: bool,
    names: &mut Interner,
) -> Compiled<SymbolTable> {
    let mut table = build::build(module, nodes, future_annotations, names)?;
    analyze::analyze(&mut table, names)?;
    Ok(table)
}
