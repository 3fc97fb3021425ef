//! Comprehensions and generator expressions.
//!
//! A comprehension that is no generator is inlined (PEP 709): its variables become fast locals of the code around it,
//! whose values of the same names are pushed before and restored after, also when the comprehension raises.

use bytecode::{Const, StackOp as Op};

use super::Codegen;
use super::fblock::FBlockKind;
use super::unit::{ArgCounts, ScopeEntry, ScopeType};
use crate::ast::{Comp, CompKind, Comprehension, Expr, ExprKind};
use crate::error::{Compiled, syntax_error};
use crate::ir::pseudo::{JUMP, JUMP_NO_INTERRUPT, POP_BLOCK, SETUP_FINALLY, STORE_FAST_MAYBE_NULL};
use crate::ir::{Label, Location};
use crate::names::{Symbol, known};
use crate::symtable::{Binding, Entry, ScopeId, ScopeKind, def};

/// What an inlined comprehension changed and has to restore.
#[derive(Default)]
struct Inlined {
    pushed: Vec<Symbol>,
    outer_entries: Vec<(Symbol, Entry)>,
    hidden: Vec<Symbol>,
    cleanup: Option<Label>,
}

/// Where a clause's iterator comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IterOn {
    Stack,
    FirstArgument,
}

impl Codegen<'_, '_> {
    pub(super) fn comp(&mut self, comp: &Comp, loc: Location) -> Compiled<()> {
        let scope = self.table.scope_of(comp.node);
        let (inlined, is_async) = {
            let scope = self.table.scope(scope);
            (scope.comp_inlined, scope.coroutine)
        };
        let outermost = &comp.generators[0];
        let outer_type = self.unit.scope_type;
        let generator = comp.kind == CompKind::Generator;
        if is_async
            && !generator
            && !matches!(outer_type, ScopeType::AsyncFunction | ScopeType::Comprehension)
        {
            return syntax_error(loc, "asynchronous comprehension outside of an asynchronous function");
        }
        if inlined {
            self.outermost_iter(outermost)?;
            let state = self.push_inlined(scope, loc);
            self.start_collection(comp.kind, loc);
            self.op_i(loc, Op::SWAP, 2);
            self.clause(comp, 0, 0, Some(IterOn::Stack), loc)?;
            self.pop_inlined(&state, loc);
            return Ok(());
        }
        self.comp_function(comp, loc)?;
        self.outermost_iter(outermost)?;
        self.op_i(loc, Op::CALL, 0);
        if is_async && !generator {
            self.await_op(loc, 0);
        }
        Ok(())
    }

    fn outermost_iter(&mut self, outermost: &Comprehension) -> Compiled<()> {
        self.expr(&outermost.iter)?;
        self.op(outermost.iter.loc, if outermost.is_async { Op::GET_AITER } else { Op::GET_ITER });
        Ok(())
    }

    /// A comprehension as a function of its own that takes the outermost iterator.
    fn comp_function(&mut self, comp: &Comp, loc: Location) -> Compiled<()> {
        let name = match comp.kind {
            CompKind::List => known::ANON_LISTCOMP,
            CompKind::Set => known::ANON_SETCOMP,
            CompKind::Dict => known::ANON_DICTCOMP,
            CompKind::Generator => known::ANON_GENEXPR,
        };
        let counts = ArgCounts { args: 1, ..ArgCounts::default() };
        let entry =
            ScopeEntry { counts, ..ScopeEntry::new(comp.node, ScopeType::Comprehension, name, loc.line) };
        self.enter_scope(&entry);
        self.start_collection(comp.kind, loc);
        self.clause(comp, 0, 0, Some(IterOn::FirstArgument), loc)?;
        if comp.kind == CompKind::Generator {
            self.wrap_in_stop_iteration_handler();
        } else {
            self.op(loc, Op::RETURN_VALUE);
        }
        let closure = self.exit_scope(true)?;
        self.make_closure(loc, closure, 0);
        Ok(())
    }

    fn start_collection(&mut self, kind: CompKind, loc: Location) {
        let op = match kind {
            CompKind::List => Op::BUILD_LIST,
            CompKind::Set => Op::BUILD_SET,
            CompKind::Dict => Op::BUILD_MAP,
            CompKind::Generator => return,
        };
        self.op_i(loc, op, 0);
    }

    /// One `for` clause with its conditions and all that is inside it. `depth` counts the iterators on the stack.
    fn clause(
        &mut self,
        comp: &Comp,
        index: usize,
        depth: u32,
        iter: Option<IterOn>,
        loc: Location,
    ) -> Compiled<()> {
        if comp.generators[index].is_async {
            self.async_clause(comp, index, depth, iter, loc)
        } else {
            self.sync_clause(comp, index, depth, iter, loc)
        }
    }

    fn sync_clause(
        &mut self,
        comp: &Comp,
        index: usize,
        mut depth: u32,
        iter: Option<IterOn>,
        loc: Location,
    ) -> Compiled<()> {
        let generator = &comp.generators[index];
        let start = self.new_label();
        let if_cleanup = self.new_label();
        let anchor = self.new_label();
        let mut loops = true;
        match iter {
            Some(IterOn::Stack) => {}
            Some(IterOn::FirstArgument) => self.op_i(loc, Op::LOAD_FAST, 0),
            None => {
                if let Some(sole) = sole_element(&generator.iter) {
                    self.expr(sole)?;
                    loops = false;
                } else {
                    self.expr(&generator.iter)?;
                    self.op(generator.iter.loc, Op::GET_ITER);
                }
            }
        }
        if loops {
            depth += 1;
            self.place(start);
            self.jump(generator.iter.loc, Op::FOR_ITER, anchor);
        }
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(loc, condition, if_cleanup, false)?;
        }
        let elt_loc = self.clause_body(comp, index, depth, loc)?;
        self.place(if_cleanup);
        if loops {
            self.jump(elt_loc, JUMP, start);
            self.place(anchor);
            self.op(Location::NONE, Op::END_FOR);
            self.op(Location::NONE, Op::POP_TOP);
        }
        Ok(())
    }

    fn async_clause(
        &mut self,
        comp: &Comp,
        index: usize,
        depth: u32,
        iter: Option<IterOn>,
        loc: Location,
    ) -> Compiled<()> {
        let generator = &comp.generators[index];
        let start = self.new_label();
        let except = self.new_label();
        let if_cleanup = self.new_label();
        match iter {
            Some(IterOn::Stack) => {}
            Some(IterOn::FirstArgument) => self.op_i(loc, Op::LOAD_FAST, 0),
            None => {
                self.expr(&generator.iter)?;
                self.op(generator.iter.loc, Op::GET_AITER);
            }
        }
        self.place(start);
        self.push_fblock(FBlockKind::AsyncComprehension, loc)?;
        self.jump(loc, SETUP_FINALLY, except);
        self.op(loc, Op::GET_ANEXT);
        self.load_const(loc, Const::None);
        self.yield_from(loc, true);
        self.op(loc, POP_BLOCK);
        self.expr(&generator.target)?;
        for condition in &generator.ifs {
            self.jump_if(loc, condition, if_cleanup, false)?;
        }
        let elt_loc = self.clause_body(comp, index, depth + 1, loc)?;
        self.place(if_cleanup);
        self.jump(elt_loc, JUMP, start);
        self.pop_fblock();
        self.place(except);
        self.op(loc, Op::END_ASYNC_FOR);
        Ok(())
    }

    /// The clauses inside clause `index`, or the element; returns the element's location.
    fn clause_body(&mut self, comp: &Comp, index: usize, depth: u32, loc: Location) -> Compiled<Location> {
        if index + 1 < comp.generators.len() {
            self.clause(comp, index + 1, depth, None, loc)?;
            return Ok(comp.elt.loc);
        }
        self.expr(&comp.elt)?;
        let mut elt_loc = comp.elt.loc;
        match comp.kind {
            CompKind::Generator => {
                self.yield_value(elt_loc);
                self.op(elt_loc, Op::POP_TOP);
            }
            CompKind::List => self.op_i(elt_loc, Op::LIST_APPEND, depth + 1),
            CompKind::Set => self.op_i(elt_loc, Op::SET_ADD, depth + 1),
            CompKind::Dict => {
                if let Some(value) = &comp.value {
                    self.expr(value)?;
                    elt_loc.end_line = value.loc.end_line;
                    elt_loc.end_col = value.loc.end_col;
                }
                self.op_i(elt_loc, Op::MAP_ADD, depth + 1);
            }
        }
        Ok(elt_loc)
    }

    /// Makes room for an inlined comprehension's variables.
    fn push_inlined(&mut self, comp: ScopeId, loc: Location) -> Inlined {
        let in_class = self.unit.kind == ScopeKind::Class && self.unit.inlined_comps == 0;
        self.unit.inlined_comps += 1;
        let mut state = Inlined::default();
        let symbols: Vec<_> = self.table.scope(comp).symbols.iter().collect();
        for (name, entry) in symbols {
            let outer = self.take_over(name, entry, in_class, &mut state);
            let local = entry.flags & def::LOCAL != 0 && entry.flags & def::NONLOCAL == 0;
            if local || in_class {
                self.isolate(name, entry, outer, loc, &mut state);
            }
        }
        if !state.pushed.is_empty() {
            let cleanup = self.new_label();
            state.cleanup = Some(cleanup);
            self.op_i(loc, Op::SWAP, state.pushed.len() as u32 + 1);
            self.jump(loc, SETUP_FINALLY, cleanup);
        }
        state
    }

    /// Gives a name the meaning it has inside the comprehension, and returns the one outside.
    fn take_over(&mut self, name: Symbol, entry: Entry, in_class: bool, state: &mut Inlined) -> Entry {
        let scope = self.table.scope_mut(self.unit.scope);
        let outer = scope.symbols.get(name);
        let differs = entry.binding != outer.binding
            && entry.binding != Binding::Free
            && !(entry.binding == Binding::Cell && outer.binding == Binding::Free);
        if differs || in_class {
            scope.symbols.set(name, entry);
            state.outer_entries.push((name, outer));
        }
        outer
    }

    /// Pushes a variable's value outside, so that the comprehension can use its slot.
    fn isolate(&mut self, name: Symbol, entry: Entry, outer: Entry, loc: Location, state: &mut Inlined) {
        if !self.unit.kind.is_function_like() && !self.unit.is_fast_hidden(name) {
            match self.unit.fast_hidden.iter_mut().find(|(hidden, _)| *hidden == name) {
                Some((_, active)) => *active = true,
                None => self.unit.fast_hidden.push((name, true)),
            }
            state.hidden.push(name);
        }
        self.fast_op(loc, Op::LOAD_FAST_AND_CLEAR, name);
        if entry.binding == Binding::Cell {
            let index =
                if outer.binding == Binding::Free { self.free_index(name) } else { self.cell_index(name) };
            self.op_i(loc, Op::MAKE_CELL, index);
        }
        state.pushed.push(name);
    }

    fn pop_inlined(&mut self, state: &Inlined, loc: Location) {
        self.unit.inlined_comps -= 1;
        for (name, entry) in &state.outer_entries {
            self.table.scope_mut(self.unit.scope).symbols.set(*name, *entry);
        }
        if let Some(cleanup) = state.cleanup {
            let end = self.new_label();
            self.op(Location::NONE, POP_BLOCK);
            self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
            self.place(cleanup);
            self.op_i(Location::NONE, Op::SWAP, 2);
            self.op(Location::NONE, Op::POP_TOP);
            self.restore_locals(state, loc);
            self.op_i(Location::NONE, Op::RERAISE, 0);
            self.place(end);
            self.restore_locals(state, loc);
        }
        for name in &state.hidden {
            for (hidden, active) in &mut self.unit.fast_hidden {
                *active &= hidden != name;
            }
        }
    }

    fn restore_locals(&mut self, state: &Inlined, loc: Location) {
        self.op_i(loc, Op::SWAP, state.pushed.len() as u32 + 1);
        for name in state.pushed.iter().rev() {
            self.fast_op(loc, STORE_FAST_MAYBE_NULL, *name);
        }
    }
}

/// The element of `for y in [x]`, which is an assignment.
fn sole_element(iter: &Expr) -> Option<&Expr> {
    match &iter.kind {
        ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => match &elts[..] {
            [sole] if !sole.is_starred() => Some(sole),
            _ => None,
        },
        _ => None,
    }
}
