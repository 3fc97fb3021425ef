//! Conditions, boolean operators, comparisons.

use bytecode::StackOp as Op;

use super::Codegen;
use crate::ast::{BoolOp, CmpOp, Expr, ExprKind, UnaryOp};
use crate::error::Compiled;
use crate::ir::pseudo::JUMP_NO_INTERRUPT;
use crate::ir::{Label, Location};

impl Codegen<'_, '_> {
    /// Jumps to `next` if the truth of `expr` is `cond`, else falls through.
    pub(super) fn jump_if(&mut self, loc: Location, expr: &Expr, next: Label, cond: bool) -> Compiled<()> {
        match &expr.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => self.jump_if(loc, operand, next, !cond),
            ExprKind::BoolOp { op, values } => self.jump_if_bool(loc, *op, values, next, cond),
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let next2 = self.new_label();
                self.jump_if(loc, test, next2, false)?;
                self.jump_if(loc, body, next, cond)?;
                self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
                self.place(next2);
                self.jump_if(loc, orelse, next, cond)?;
                self.place(end);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } if ops.len() > 1 => {
                self.jump_if_chain(expr, left, ops, comparators, next, cond)
            }
            _ => {
                self.expr(expr)?;
                self.test_jump(expr.loc, next, cond);
                Ok(())
            }
        }
    }

    fn test_jump(&mut self, loc: Location, next: Label, cond: bool) {
        self.op(loc, Op::TO_BOOL);
        self.jump(loc, if cond { Op::POP_JUMP_IF_TRUE } else { Op::POP_JUMP_IF_FALSE }, next);
    }

    fn jump_if_bool(
        &mut self,
        loc: Location,
        op: BoolOp,
        values: &[Expr],
        next: Label,
        cond: bool,
    ) -> Compiled<()> {
        let (last, first) = values.split_last().expect("boolean operators have operands");
        let cond2 = op == BoolOp::Or;
        let next2 = if cond2 == cond { next } else { self.new_label() };
        for value in first {
            self.jump_if(loc, value, next2, cond2)?;
        }
        self.jump_if(loc, last, next, cond)?;
        if next2 != next {
            self.place(next2);
        }
        Ok(())
    }

    fn jump_if_chain(
        &mut self,
        expr: &Expr,
        left: &Expr,
        ops: &[CmpOp],
        comparators: &[Expr],
        next: Label,
        cond: bool,
    ) -> Compiled<()> {
        let loc = expr.loc;
        self.warn_compare(left, ops, comparators, loc);
        let cleanup = self.new_label();
        self.expr(left)?;
        let last = ops.len() - 1;
        for (op, comparator) in ops[..last].iter().zip(comparators) {
            self.expr(comparator)?;
            self.op_i(loc, Op::SWAP, 2);
            self.op_i(loc, Op::COPY, 2);
            self.compare_op(loc, *op);
            self.test_jump(loc, cleanup, false);
        }
        self.expr(&comparators[last])?;
        self.compare_op(loc, ops[last]);
        self.test_jump(loc, next, cond);
        let end = self.new_label();
        self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
        self.place(cleanup);
        self.op(loc, Op::POP_TOP);
        if !cond {
            self.jump(Location::NONE, JUMP_NO_INTERRUPT, next);
        }
        self.place(end);
        Ok(())
    }

    pub(super) fn bool_op(&mut self, op: BoolOp, values: &[Expr], loc: Location) -> Compiled<()> {
        let jump = if op == BoolOp::And { Op::POP_JUMP_IF_FALSE } else { Op::POP_JUMP_IF_TRUE };
        let end = self.new_label();
        let (last, first) = values.split_last().expect("boolean operators have operands");
        for value in first {
            self.expr(value)?;
            self.op_i(loc, Op::COPY, 1);
            self.op(loc, Op::TO_BOOL);
            self.jump(loc, jump, end);
            self.op(loc, Op::POP_TOP);
        }
        self.expr(last)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn if_exp(&mut self, test: &Expr, body: &Expr, orelse: &Expr, loc: Location) -> Compiled<()> {
        let end = self.new_label();
        let next = self.new_label();
        self.jump_if(loc, test, next, false)?;
        self.expr(body)?;
        self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
        self.place(next);
        self.expr(orelse)?;
        self.place(end);
        Ok(())
    }

    pub(super) fn compare(
        &mut self,
        left: &Expr,
        ops: &[CmpOp],
        comparators: &[Expr],
        loc: Location,
    ) -> Compiled<()> {
        self.warn_compare(left, ops, comparators, loc);
        self.expr(left)?;
        let last = ops.len() - 1;
        if last == 0 {
            self.expr(&comparators[0])?;
            self.compare_op(loc, ops[0]);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (op, comparator) in ops[..last].iter().zip(comparators) {
            self.expr(comparator)?;
            self.op_i(loc, Op::SWAP, 2);
            self.op_i(loc, Op::COPY, 2);
            self.compare_op(loc, *op);
            self.op_i(loc, Op::COPY, 1);
            self.op(loc, Op::TO_BOOL);
            self.jump(loc, Op::POP_JUMP_IF_FALSE, cleanup);
            self.op(loc, Op::POP_TOP);
        }
        self.expr(&comparators[last])?;
        self.compare_op(loc, ops[last]);
        let end = self.new_label();
        self.jump(Location::NONE, JUMP_NO_INTERRUPT, end);
        self.place(cleanup);
        self.op_i(loc, Op::SWAP, 2);
        self.op(loc, Op::POP_TOP);
        self.place(end);
        Ok(())
    }

    /// `COMPARE_OP` carries the operator in its high bits and, below, which outcomes make it true.
    pub(super) fn compare_op(&mut self, loc: Location, op: CmpOp) {
        const UNORDERED: u32 = 1;
        const LESS: u32 = 2;
        const GREATER: u32 = 4;
        const EQUAL: u32 = 8;
        let (number, mask) = match op {
            CmpOp::Lt => (0, LESS),
            CmpOp::LtE => (1, LESS | EQUAL),
            CmpOp::Eq => (2, EQUAL),
            CmpOp::NotEq => (3, UNORDERED | LESS | GREATER),
            CmpOp::Gt => (4, GREATER),
            CmpOp::GtE => (5, GREATER | EQUAL),
            CmpOp::Is => return self.op_i(loc, Op::IS_OP, 0),
            CmpOp::IsNot => return self.op_i(loc, Op::IS_OP, 1),
            CmpOp::In => return self.op_i(loc, Op::CONTAINS_OP, 0),
            CmpOp::NotIn => return self.op_i(loc, Op::CONTAINS_OP, 1),
        };
        self.op_i(loc, Op::COMPARE_OP, number << 5 | mask);
    }
}
