//! Frame blocks: what has to be undone when control leaves a statement early.

use bytecode::{Const, StackOp as Op};

use super::Codegen;
use crate::ast::{Context, Stmt};
use crate::error::{Compiled, syntax_error};
use crate::ir::pseudo::POP_BLOCK;
use crate::ir::{Label, Location};
use crate::names::Symbol;

/// CPython's limit of statically nested blocks.
const MAX_BLOCKS: usize = 21;

/// The kind of a block, with what its unwinding needs.
#[derive(Clone, Copy)]
pub(super) enum FBlockKind<'t> {
    WhileLoop,
    ForLoop,
    TryExcept,
    /// The body of a `try` with this `finally` body.
    FinallyTry(&'t [Stmt]),
    FinallyEnd,
    With,
    AsyncWith,
    /// The body of an `except`, with the name it binds.
    HandlerCleanup(Option<Symbol>),
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    StopIteration,
}

/// An open block.
#[derive(Clone, Copy)]
pub(super) struct FBlock<'t> {
    pub kind: FBlockKind<'t>,
    /// Where the block's statement stands.
    pub loc: Location,
    /// Where `continue` goes (loops).
    pub start: Option<Label>,
    /// Where `break` goes (loops).
    pub exit: Option<Label>,
}

impl<'t> Codegen<'_, 't> {
    pub(super) fn push_fblock(&mut self, kind: FBlockKind<'t>, loc: Location) -> Compiled<()> {
        self.push_loop(kind, loc, None)
    }

    /// Opens a block; `labels` are where `continue` and `break` go.
    pub(super) fn push_loop(
        &mut self,
        kind: FBlockKind<'t>,
        loc: Location,
        labels: Option<(Label, Label)>,
    ) -> Compiled<()> {
        if self.unit.fblocks.len() >= MAX_BLOCKS {
            return syntax_error(loc, "too many statically nested blocks");
        }
        let (start, exit) = labels.unzip();
        self.unit.fblocks.push(FBlock { kind, loc, start, exit });
        Ok(())
    }

    pub(super) fn pop_fblock(&mut self) {
        self.unit.fblocks.pop().expect("blocks are closed in the order they were opened");
    }

    /// Emits what leaving `block` takes. `keep_top` says that a value on top of the stack must survive.
    pub(super) fn unwind_fblock(
        &mut self,
        loc: &mut Location,
        block: FBlock<'t>,
        keep_top: bool,
    ) -> Compiled<()> {
        match block.kind {
            FBlockKind::WhileLoop
            | FBlockKind::ExceptionHandler
            | FBlockKind::ExceptionGroupHandler
            | FBlockKind::AsyncComprehension
            | FBlockKind::StopIteration => {}
            FBlockKind::ForLoop | FBlockKind::PopValue => {
                self.swap_if(*loc, keep_top);
                self.op(*loc, Op::POP_TOP);
            }
            FBlockKind::TryExcept => self.op(*loc, POP_BLOCK),
            FBlockKind::FinallyTry(finalbody) => {
                self.op(*loc, POP_BLOCK);
                if keep_top {
                    self.push_fblock(FBlockKind::PopValue, *loc)?;
                }
                self.stmts(finalbody)?;
                if keep_top {
                    self.pop_fblock();
                }
                *loc = Location::NONE;
            }
            FBlockKind::FinallyEnd => {
                self.swap_if(*loc, keep_top);
                self.op(*loc, Op::POP_TOP);
                self.swap_if(*loc, keep_top);
                self.op(*loc, POP_BLOCK);
                self.op(*loc, Op::POP_EXCEPT);
            }
            FBlockKind::With | FBlockKind::AsyncWith => {
                *loc = block.loc;
                self.op(*loc, POP_BLOCK);
                self.swap_if(*loc, keep_top);
                self.call_exit_with_nones(*loc);
                if matches!(block.kind, FBlockKind::AsyncWith) {
                    self.await_op(*loc, 2);
                }
                self.op(*loc, Op::POP_TOP);
                *loc = Location::NONE;
            }
            FBlockKind::HandlerCleanup(name) => {
                if name.is_some() {
                    self.op(*loc, POP_BLOCK);
                }
                self.swap_if(*loc, keep_top);
                self.op(*loc, POP_BLOCK);
                self.op(*loc, Op::POP_EXCEPT);
                if let Some(name) = name {
                    self.unbind(*loc, name)?;
                }
            }
        }
        Ok(())
    }

    fn swap_if(&mut self, loc: Location, keep_top: bool) {
        if keep_top {
            self.op_i(loc, Op::SWAP, 2);
        }
    }

    /// `name = None; del name`, which works whether or not the name is still bound.
    pub(super) fn unbind(&mut self, loc: Location, name: Symbol) -> Compiled<()> {
        self.load_const(loc, Const::None);
        self.store_name(loc, name)?;
        self.name_op(loc, name, Context::Del)
    }

    /// Unwinds all open blocks, or those inside the innermost loop, which is returned.
    pub(super) fn unwind_fblocks(
        &mut self,
        loc: &mut Location,
        keep_top: bool,
        to_loop: bool,
    ) -> Compiled<Option<FBlock<'t>>> {
        let mut unwound = Vec::new();
        let result = self.unwind_into(&mut unwound, loc, keep_top, to_loop);
        while let Some(block) = unwound.pop() {
            self.unit.fblocks.push(block);
        }
        result
    }

    fn unwind_into(
        &mut self,
        unwound: &mut Vec<FBlock<'t>>,
        loc: &mut Location,
        keep_top: bool,
        to_loop: bool,
    ) -> Compiled<Option<FBlock<'t>>> {
        while let Some(top) = self.unit.fblocks.last().copied() {
            match top.kind {
                FBlockKind::ExceptionGroupHandler => {
                    return syntax_error(
                        *loc,
                        "'break', 'continue' and 'return' cannot appear in an except* block",
                    );
                }
                FBlockKind::WhileLoop | FBlockKind::ForLoop if to_loop => return Ok(Some(top)),
                _ => {}
            }
            self.unit.fblocks.pop();
            unwound.push(top);
            self.unwind_fblock(loc, top, keep_top)?;
        }
        Ok(None)
    }
}
