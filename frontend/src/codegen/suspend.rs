//! What suspends a function: `yield`, `yield from`, `await`.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::Codegen;
use super::unit::ScopeType;
use crate::ast::Expr;
use crate::error::{Compiled, syntax_error};
use crate::ir::pseudo::{JUMP_NO_INTERRUPT, POP_BLOCK, SETUP_CLEANUP, SETUP_FINALLY};
use crate::ir::{Arg, Location};

/// `RESUME`'s oparg: after a plain `yield`.
const RESUME_AFTER_YIELD: u32 = 1;
/// After `yield from`.
const RESUME_AFTER_YIELD_FROM: u32 = 2;
/// After `await`.
const RESUME_AFTER_AWAIT: u32 = 3;

impl Codegen<'_, '_> {
    pub(super) fn yield_expr(&mut self, value: Option<&Expr>, loc: Location) -> Compiled<()> {
        if !self.scope().kind.is_function_like() {
            return syntax_error(loc, "'yield' outside function");
        }
        match value {
            Some(value) => self.expr(value)?,
            None => self.load_const(loc, Const::None),
        }
        self.yield_value(loc);
        Ok(())
    }

    /// Yields the value on top of the stack.
    pub(super) fn yield_value(&mut self, loc: Location) {
        let scope = self.scope();
        if scope.generator && scope.coroutine {
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::AsyncGenWrap as u32);
        }
        self.op_i(loc, Op::YIELD_VALUE, 0);
        self.op_i(loc, Op::RESUME, RESUME_AFTER_YIELD);
    }

    pub(super) fn yield_from_expr(&mut self, value: &Expr, loc: Location) -> Compiled<()> {
        if !self.scope().kind.is_function_like() {
            return syntax_error(loc, "'yield from' outside function");
        }
        if self.unit.scope_type == ScopeType::AsyncFunction {
            return syntax_error(loc, "'yield from' inside async function");
        }
        self.expr(value)?;
        self.op(loc, Op::GET_YIELD_FROM_ITER);
        self.load_const(loc, Const::None);
        self.yield_from(loc, false);
        Ok(())
    }

    pub(super) fn await_expr(&mut self, value: &Expr, loc: Location) -> Compiled<()> {
        if !self.scope().kind.is_function_like() {
            return syntax_error(loc, "'await' outside function");
        }
        if !matches!(self.unit.scope_type, ScopeType::AsyncFunction | ScopeType::Comprehension) {
            return syntax_error(loc, "'await' outside async function");
        }
        self.expr(value)?;
        self.await_op(loc, 0);
        Ok(())
    }

    /// Awaits the value on top of the stack; `context` is `GET_AWAITABLE`'s.
    pub(super) fn await_op(&mut self, loc: Location, context: u32) {
        self.op_i(loc, Op::GET_AWAITABLE, context);
        self.load_const(loc, Const::None);
        self.yield_from(loc, true);
    }

    /// The loop that delegates to the iterator under the value on top of the stack.
    pub(super) fn yield_from(&mut self, loc: Location, awaits: bool) {
        let send = self.new_label();
        let fail = self.new_label();
        let exit = self.new_label();
        self.place(send);
        self.jump(loc, Op::SEND, exit);
        self.jump(loc, SETUP_FINALLY, fail);
        self.op_i(loc, Op::YIELD_VALUE, 1);
        self.op(Location::NONE, POP_BLOCK);
        self.op_i(loc, Op::RESUME, if awaits { RESUME_AFTER_AWAIT } else { RESUME_AFTER_YIELD_FROM });
        self.jump(loc, JUMP_NO_INTERRUPT, send);
        self.place(fail);
        self.op(loc, Op::CLEANUP_THROW);
        self.place(exit);
        self.op(loc, Op::END_SEND);
    }

    /// Wraps the whole function so that a `StopIteration` that leaves it becomes a `RuntimeError` (PEP 479).
    pub(super) fn wrap_in_stop_iteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit.seq.insert_first(SETUP_CLEANUP, Arg::Label(handler), Location::NONE);
        self.load_const(Location::NONE, Const::None);
        self.op(Location::NONE, Op::RETURN_VALUE);
        self.place(handler);
        self.op_i(Location::NONE, Op::CALL_INTRINSIC_1, Intrinsic1::StopIterationError as u32);
        self.op_i(Location::NONE, Op::RERAISE, 1);
    }

    /// Refuses `async for` and `async with` outside `async def`.
    pub(super) fn check_async_statement(&self, loc: Location, message: &str) -> Compiled<()> {
        if self.unit.scope_type == ScopeType::AsyncFunction { Ok(()) } else { syntax_error(loc, message) }
    }
}
