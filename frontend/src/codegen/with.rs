//! `with` and `async with`.

use bytecode::StackOp as Op;

use super::Codegen;
use super::fblock::FBlockKind;
use crate::ast::With;
use crate::error::Compiled;
use crate::ir::pseudo::{JUMP, JUMP_NO_INTERRUPT, POP_BLOCK, SETUP_CLEANUP, SETUP_WITH};
use crate::ir::{Label, Location};

/// `GET_AWAITABLE`'s opargs name the method whose result is awaited, for the error message.
const AFTER_AENTER: u32 = 1;
const AFTER_AEXIT: u32 = 2;

impl<'t> Codegen<'_, 't> {
    /// The item at `index` and, inside it, those after it and the body.
    pub(super) fn with(&mut self, node: &'t With, index: usize, stmt_loc: Location) -> Compiled<()> {
        let item = &node.items[index];
        let loc = item.context.loc;
        if node.is_async {
            self.check_async_statement(stmt_loc, "'async with' outside async function")?;
        }
        let last = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.expr(&item.context)?;
        if node.is_async {
            self.op(loc, Op::BEFORE_ASYNC_WITH);
            self.await_op(loc, AFTER_AENTER);
        } else {
            self.op(loc, Op::BEFORE_WITH);
        }
        self.jump(loc, SETUP_WITH, last);
        let kind = if node.is_async { FBlockKind::AsyncWith } else { FBlockKind::With };
        self.push_fblock(kind, loc)?;
        match &item.vars {
            Some(vars) => self.expr(vars)?,
            None => self.op(loc, Op::POP_TOP),
        }
        if index + 1 < node.items.len() {
            self.with(node, index + 1, stmt_loc)?;
        } else {
            self.stmts(&node.body)?;
        }
        self.op(if node.is_async { loc } else { Location::NONE }, POP_BLOCK);
        self.pop_fblock();
        self.call_exit_with_nones(loc);
        if node.is_async {
            self.await_op(loc, AFTER_AEXIT);
        }
        self.op(loc, Op::POP_TOP);
        self.jump(loc, JUMP, exit);
        self.place(last);
        self.jump(loc, SETUP_CLEANUP, cleanup);
        self.op(loc, Op::PUSH_EXC_INFO);
        self.op(loc, Op::WITH_EXCEPT_START);
        if node.is_async {
            self.await_op(loc, AFTER_AEXIT);
        }
        self.with_except_finish(cleanup);
        self.place(exit);
        Ok(())
    }

    /// What `__exit__` returned decides whether the exception goes on.
    fn with_except_finish(&mut self, cleanup: Label) {
        let none = Location::NONE;
        let suppress = self.new_label();
        self.op(none, Op::TO_BOOL);
        self.jump(none, Op::POP_JUMP_IF_TRUE, suppress);
        self.op_i(none, Op::RERAISE, 2);
        self.place(suppress);
        self.op(none, Op::POP_TOP);
        self.op(none, POP_BLOCK);
        self.op(none, Op::POP_EXCEPT);
        self.op(none, Op::POP_TOP);
        self.op(none, Op::POP_TOP);
        let exit = self.new_label();
        self.jump(none, JUMP_NO_INTERRUPT, exit);
        self.place(cleanup);
        self.pop_except_and_reraise();
        self.place(exit);
    }
}
