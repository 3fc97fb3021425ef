//! Statements other than definitions, `try`, `with`, imports and `match`.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::Codegen;
use super::fblock::FBlockKind;
use crate::ast::{Expr, For, Stmt, StmtKind};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::ir::pseudo::{JUMP, JUMP_NO_INTERRUPT, POP_BLOCK, SETUP_FINALLY};

impl<'t> Codegen<'_, 't> {
    pub(super) fn stmts(&mut self, stmts: &'t [Stmt]) -> Compiled<()> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'t Stmt) -> Compiled<()> {
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function_def(def, loc),
            StmtKind::ClassDef(class) => self.class_def(class, loc),
            StmtKind::TypeAlias(alias) => self.type_alias(alias, loc),
            StmtKind::Return(value) => self.return_stmt(value.as_ref(), loc),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => self.assign(targets, value, loc),
            StmtKind::AugAssign { target, op, value } => self.aug_assign(target, *op, value, loc),
            StmtKind::AnnAssign(node) => self.ann_assign(node, loc),
            StmtKind::For(node) if node.is_async => self.async_for(node, loc),
            StmtKind::For(node) => self.for_stmt(node, loc),
            StmtKind::While { test, body, orelse } => self.while_stmt(test, body, orelse, loc),
            StmtKind::If { test, body, orelse } => self.if_stmt(test, body, orelse, loc),
            StmtKind::Match(node) => self.match_stmt(node),
            StmtKind::Raise { exc, cause } => self.raise(exc.as_ref(), cause.as_ref(), loc),
            StmtKind::Try(node) => self.try_stmt(node, loc),
            StmtKind::With(node) => self.with(node, 0, loc),
            StmtKind::Assert { test, msg } => self.assert(test, msg.as_ref(), loc),
            StmtKind::Import(names) => self.import(names, loc),
            StmtKind::ImportFrom { module, names, level } => self.import_from(*module, names, *level, loc),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Pass => {
                self.op(loc, Op::NOP);
                Ok(())
            }
            StmtKind::Break => self.break_stmt(loc),
            StmtKind::Continue => self.continue_stmt(loc),
            StmtKind::Expr(value) => self.expr_stmt(value, loc),
        }
    }

    fn expr_stmt(&mut self, value: &Expr, loc: Location) -> Compiled<()> {
        if self.interactive && self.stack.is_empty() {
            self.expr(value)?;
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::Print as u32);
            self.op(Location::NONE, Op::POP_TOP);
            return Ok(());
        }
        if value.as_const().is_some() {
            self.op(loc, Op::NOP);
            return Ok(());
        }
        self.expr(value)?;
        self.op(Location::NONE, Op::POP_TOP);
        Ok(())
    }

    fn return_stmt(&mut self, value: Option<&Expr>, stmt_loc: Location) -> Compiled<()> {
        let scope = self.scope();
        if !scope.kind.is_function_like() {
            return syntax_error(stmt_loc, "'return' outside function");
        }
        if value.is_some() && scope.coroutine && scope.generator {
            return syntax_error(stmt_loc, "'return' with value in async generator");
        }
        let mut loc = stmt_loc;
        let constant = value.and_then(Expr::as_const);
        let computed = value.filter(|_| constant.is_none());
        if let Some(value) = computed {
            self.expr(value)?;
        } else if let Some(value) = value {
            loc = value.loc;
            self.op(loc, Op::NOP);
        }
        if value.is_none_or(|value| value.loc.line != stmt_loc.line) {
            loc = stmt_loc;
            self.op(loc, Op::NOP);
        }
        self.unwind_fblocks(&mut loc, computed.is_some(), false)?;
        if computed.is_none() {
            self.load_const(loc, constant.cloned().unwrap_or(Const::None));
        }
        self.op(loc, Op::RETURN_VALUE);
        Ok(())
    }

    fn break_stmt(&mut self, stmt_loc: Location) -> Compiled<()> {
        let mut loc = stmt_loc;
        self.op(loc, Op::NOP);
        let found = self.unwind_fblocks(&mut loc, false, true)?;
        let Some((block, exit)) = found.and_then(|block| Some((block, block.exit?))) else {
            return syntax_error(stmt_loc, "'break' outside loop");
        };
        self.unwind_fblock(&mut loc, block, false)?;
        self.jump(loc, JUMP, exit);
        Ok(())
    }

    fn continue_stmt(&mut self, stmt_loc: Location) -> Compiled<()> {
        let mut loc = stmt_loc;
        self.op(loc, Op::NOP);
        let found = self.unwind_fblocks(&mut loc, false, true)?;
        let Some(start) = found.and_then(|block| block.start) else {
            return syntax_error(stmt_loc, "'continue' not properly in loop");
        };
        self.jump(loc, JUMP, start);
        Ok(())
    }

    fn if_stmt(&mut self, test: &Expr, body: &'t [Stmt], orelse: &'t [Stmt], loc: Location) -> Compiled<()> {
        let end = self.new_label();
        let next = if orelse.is_empty() { end } else { self.new_label() };
        self.jump_if(loc, test, next, false)?;
        self.stmts(body)?;
        if !orelse.is_empty() {
            self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
            self.place(next);
            self.stmts(orelse)?;
        }
        self.place(end);
        Ok(())
    }

    fn for_stmt(&mut self, node: &'t For, loc: Location) -> Compiled<()> {
        let start = self.new_label();
        let body = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_loop(FBlockKind::ForLoop, loc, Some((start, end)))?;
        self.expr(&node.iter)?;
        let iter_loc = node.iter.loc;
        self.op(iter_loc, Op::GET_ITER);
        self.place(start);
        self.jump(iter_loc, Op::FOR_ITER, cleanup);
        self.op(node.target.loc, Op::NOP);
        self.place(body);
        self.expr(&node.target)?;
        self.stmts(&node.body)?;
        self.jump(Location::NONE, JUMP, start);
        self.place(cleanup);
        self.op(Location::NONE, Op::END_FOR);
        self.op(Location::NONE, Op::POP_TOP);
        self.pop_fblock();
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn async_for(&mut self, node: &'t For, loc: Location) -> Compiled<()> {
        self.check_async_statement(loc, "'async for' outside async function")?;
        let start = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.expr(&node.iter)?;
        self.op(node.iter.loc, Op::GET_AITER);
        self.place(start);
        self.push_loop(FBlockKind::ForLoop, loc, Some((start, end)))?;
        self.jump(loc, SETUP_FINALLY, except);
        self.op(loc, Op::GET_ANEXT);
        self.load_const(loc, Const::None);
        self.yield_from(loc, true);
        self.op(loc, POP_BLOCK);
        self.expr(&node.target)?;
        self.stmts(&node.body)?;
        self.jump(Location::NONE, JUMP, start);
        self.pop_fblock();
        self.place(except);
        self.op(node.iter.loc, Op::END_ASYNC_FOR);
        self.stmts(&node.orelse)?;
        self.place(end);
        Ok(())
    }

    fn while_stmt(
        &mut self,
        test: &Expr,
        body: &'t [Stmt],
        orelse: &'t [Stmt],
        loc: Location,
    ) -> Compiled<()> {
        let start = self.new_label();
        let again = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.place(start);
        self.push_loop(FBlockKind::WhileLoop, loc, Some((start, end)))?;
        self.jump_if(loc, test, anchor, false)?;
        self.place(again);
        self.stmts(body)?;
        self.jump_if(loc, test, again, true)?;
        self.pop_fblock();
        self.place(anchor);
        self.stmts(orelse)?;
        self.place(end);
        Ok(())
    }

    fn raise(&mut self, exc: Option<&Expr>, cause: Option<&Expr>, loc: Location) -> Compiled<()> {
        let mut count = 0;
        for value in exc.into_iter().chain(cause) {
            self.expr(value)?;
            count += 1;
        }
        self.op_i(loc, Op::RAISE_VARARGS, count);
        Ok(())
    }

    fn assert(&mut self, test: &Expr, msg: Option<&Expr>, loc: Location) -> Compiled<()> {
        self.warn_assert_tuple(test, loc);
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(loc, test, end, true)?;
        self.op(loc, Op::LOAD_ASSERTION_ERROR);
        if let Some(msg) = msg {
            self.expr(msg)?;
            self.op_i(loc, Op::CALL, 0);
        }
        self.op_i(test.loc, Op::RAISE_VARARGS, 1);
        self.place(end);
        Ok(())
    }
}
