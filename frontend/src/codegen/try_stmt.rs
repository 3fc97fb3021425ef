//! `try` with `except`, `except*`, `else` and `finally`.

use bytecode::{Intrinsic2, StackOp as Op};

use super::Codegen;
use super::fblock::FBlockKind;
use crate::ast::{Handler, Try};
use crate::error::{Compiled, syntax_error};
use crate::ir::pseudo::{JUMP_NO_INTERRUPT, POP_BLOCK, SETUP_CLEANUP, SETUP_FINALLY};
use crate::ir::{Label, Location};

const NONE: Location = Location::NONE;

impl<'t> Codegen<'_, 't> {
    pub(super) fn try_stmt(&mut self, node: &'t Try, loc: Location) -> Compiled<()> {
        if node.finalbody.is_empty() { self.try_handlers(node, loc) } else { self.try_finally(node, loc) }
    }

    fn try_handlers(&mut self, node: &'t Try, loc: Location) -> Compiled<()> {
        if node.is_star { self.try_star(node, loc) } else { self.try_except(node, loc) }
    }

    fn try_finally(&mut self, node: &'t Try, loc: Location) -> Compiled<()> {
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.jump(loc, SETUP_FINALLY, end);
        self.push_fblock(FBlockKind::FinallyTry(&node.finalbody), loc)?;
        if node.handlers.is_empty() {
            self.stmts(&node.body)?;
        } else {
            self.try_handlers(node, loc)?;
        }
        self.op(NONE, POP_BLOCK);
        self.pop_fblock();
        self.stmts(&node.finalbody)?;
        self.jump(NONE, JUMP_NO_INTERRUPT, exit);
        self.place(end);
        self.push_fblock(FBlockKind::FinallyEnd, NONE)?;
        self.jump(NONE, SETUP_CLEANUP, cleanup);
        self.op(NONE, Op::PUSH_EXC_INFO);
        self.stmts(&node.finalbody)?;
        self.pop_fblock();
        self.op_i(NONE, Op::RERAISE, 0);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(exit);
        Ok(())
    }

    pub(super) fn pop_except_and_reraise(&mut self) {
        self.op_i(NONE, Op::COPY, 3);
        self.op(NONE, Op::POP_EXCEPT);
        self.op_i(NONE, Op::RERAISE, 1);
    }

    fn try_except(&mut self, node: &'t Try, loc: Location) -> Compiled<()> {
        let except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.jump(loc, SETUP_FINALLY, except);
        self.push_fblock(FBlockKind::TryExcept, loc)?;
        self.stmts(&node.body)?;
        self.pop_fblock();
        self.op(NONE, POP_BLOCK);
        self.stmts(&node.orelse)?;
        self.jump(NONE, JUMP_NO_INTERRUPT, end);
        self.place(except);
        self.jump(NONE, SETUP_CLEANUP, cleanup);
        self.op(NONE, Op::PUSH_EXC_INFO);
        self.push_fblock(FBlockKind::ExceptionHandler, loc)?;
        for (i, handler) in node.handlers.iter().enumerate() {
            if handler.typ.is_none() && i + 1 < node.handlers.len() {
                return syntax_error(handler.loc, "default 'except:' must be last");
            }
            self.handler(handler, end)?;
        }
        self.pop_fblock();
        self.op_i(NONE, Op::RERAISE, 0);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(end);
        Ok(())
    }

    fn handler(&mut self, handler: &'t Handler, end: Label) -> Compiled<()> {
        let loc = handler.loc;
        let next = self.new_label();
        if let Some(typ) = &handler.typ {
            self.expr(typ)?;
            self.op(loc, Op::CHECK_EXC_MATCH);
            self.jump(loc, Op::POP_JUMP_IF_FALSE, next);
        }
        if let Some(name) = handler.name {
            let cleanup_end = self.new_label();
            self.store_name(loc, name)?;
            self.jump(loc, SETUP_CLEANUP, cleanup_end);
            self.push_fblock(FBlockKind::HandlerCleanup(Some(name)), loc)?;
            self.stmts(&handler.body)?;
            self.pop_fblock();
            self.op(NONE, POP_BLOCK);
            self.op(NONE, POP_BLOCK);
            self.op(NONE, Op::POP_EXCEPT);
            self.unbind(NONE, name)?;
            self.jump(NONE, JUMP_NO_INTERRUPT, end);
            self.place(cleanup_end);
            self.unbind(NONE, name)?;
            self.op_i(NONE, Op::RERAISE, 1);
        } else {
            self.op(loc, Op::POP_TOP);
            self.push_fblock(FBlockKind::HandlerCleanup(None), loc)?;
            self.stmts(&handler.body)?;
            self.pop_fblock();
            self.op(NONE, POP_BLOCK);
            self.op(NONE, Op::POP_EXCEPT);
            self.jump(NONE, JUMP_NO_INTERRUPT, end);
        }
        self.place(next);
        Ok(())
    }

    fn try_star(&mut self, node: &'t Try, loc: Location) -> Compiled<()> {
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.jump(loc, SETUP_FINALLY, except);
        self.push_fblock(FBlockKind::TryExcept, loc)?;
        self.stmts(&node.body)?;
        self.pop_fblock();
        self.op(NONE, POP_BLOCK);
        self.jump(NONE, JUMP_NO_INTERRUPT, orelse);
        self.place(except);
        self.jump(NONE, SETUP_CLEANUP, cleanup);
        self.op(NONE, Op::PUSH_EXC_INFO);
        self.push_fblock(FBlockKind::ExceptionGroupHandler, loc)?;
        for (i, handler) in node.handlers.iter().enumerate() {
            if i == 0 {
                self.op_i(handler.loc, Op::BUILD_LIST, 0);
                self.op_i(handler.loc, Op::COPY, 2);
            }
            self.star_handler(handler)?;
            if i + 1 == node.handlers.len() {
                self.op_i(NONE, Op::LIST_APPEND, 1);
                self.jump(NONE, JUMP_NO_INTERRUPT, reraise_star);
            }
        }
        self.pop_fblock();
        self.reraise_star(reraise_star, end);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(orelse);
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'t Handler) -> Compiled<()> {
        let loc = handler.loc;
        let except = self.new_label();
        let with_error = self.new_label();
        let no_match = self.new_label();
        let cleanup_end = self.new_label();
        if let Some(typ) = &handler.typ {
            self.expr(typ)?;
            self.op(loc, Op::CHECK_EG_MATCH);
            self.op_i(loc, Op::COPY, 1);
            self.jump(loc, Op::POP_JUMP_IF_NONE, no_match);
        }
        match handler.name {
            Some(name) => self.store_name(loc, name)?,
            None => self.op(loc, Op::POP_TOP),
        }
        self.jump(loc, SETUP_CLEANUP, cleanup_end);
        self.push_fblock(FBlockKind::HandlerCleanup(handler.name), loc)?;
        self.stmts(&handler.body)?;
        self.pop_fblock();
        self.op(NONE, POP_BLOCK);
        self.unbind_opt(handler)?;
        self.jump(NONE, JUMP_NO_INTERRUPT, except);
        self.place(cleanup_end);
        self.unbind_opt(handler)?;
        self.op_i(NONE, Op::LIST_APPEND, 3);
        self.op(NONE, Op::POP_TOP);
        self.jump(NONE, JUMP_NO_INTERRUPT, with_error);
        self.place(except);
        self.op(NONE, Op::NOP);
        self.jump(NONE, JUMP_NO_INTERRUPT, with_error);
        self.place(no_match);
        self.op(loc, Op::POP_TOP);
        self.place(with_error);
        Ok(())
    }

    fn unbind_opt(&mut self, handler: &Handler) -> Compiled<()> {
        handler.name.map_or(Ok(()), |name| self.unbind(NONE, name))
    }

    fn reraise_star(&mut self, reraise_star: Label, end: Label) {
        let reraise = self.new_label();
        self.place(reraise_star);
        self.op_i(NONE, Op::CALL_INTRINSIC_2, Intrinsic2::PrepReraiseStar as u32);
        self.op_i(NONE, Op::COPY, 1);
        self.jump(NONE, Op::POP_JUMP_IF_NOT_NONE, reraise);
        self.op(NONE, Op::POP_TOP);
        self.op(NONE, POP_BLOCK);
        self.op(NONE, Op::POP_EXCEPT);
        self.jump(NONE, JUMP_NO_INTERRUPT, end);
        self.place(reraise);
        self.op(NONE, POP_BLOCK);
        self.op_i(NONE, Op::SWAP, 2);
        self.op(NONE, Op::POP_EXCEPT);
        self.op_i(NONE, Op::RERAISE, 0);
    }
}
