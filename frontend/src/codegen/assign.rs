//! Assignments: plain, augmented, annotated, unpacking.

use bytecode::StackOp as Op;

use super::Codegen;
use super::expr::is_two_part_slice;
use super::name::check_forbidden;
use super::unit::ScopeType;
use crate::ast::{AnnAssign, Context, Expr, ExprKind, Operator};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::known;

/// `BINARY_OP`'s opargs of the in-place operators follow those of the plain ones.
const INPLACE: u32 = 13;

impl Codegen<'_, '_> {
    pub(super) fn assign(&mut self, targets: &[Expr], value: &Expr, loc: Location) -> Compiled<()> {
        self.expr(value)?;
        for (i, target) in targets.iter().enumerate() {
            if i + 1 < targets.len() {
                self.op_i(loc, Op::COPY, 1);
            }
            self.expr(target)?;
        }
        Ok(())
    }

    /// Stores the parts of the value on top of the stack.
    pub(super) fn unpack_targets(&mut self, targets: &[Expr], loc: Location) -> Compiled<()> {
        let star = targets.iter().position(Expr::is_starred);
        match star {
            None => self.op_i(loc, Op::UNPACK_SEQUENCE, targets.len() as u32),
            Some(before) => {
                let after = targets.len() - before - 1;
                if before >= 1 << 8 || after >= (i32::MAX >> 8) as usize {
                    return syntax_error(loc, "too many expressions in star-unpacking assignment");
                }
                if targets[before + 1..].iter().any(Expr::is_starred) {
                    return syntax_error(loc, "multiple starred expressions in assignment");
                }
                self.op_i(loc, Op::UNPACK_EX, (before + (after << 8)) as u32);
            }
        }
        for target in targets {
            match &target.kind {
                ExprKind::Starred { value, .. } => self.expr(value)?,
                _ => self.expr(target)?,
            }
        }
        Ok(())
    }

    pub(super) fn aug_assign(
        &mut self,
        target: &Expr,
        op: Operator,
        value: &Expr,
        stmt_loc: Location,
    ) -> Compiled<()> {
        let mut loc = target.loc;
        match &target.kind {
            ExprKind::Attribute { value: object, attr, .. } => {
                self.expr(object)?;
                self.op_i(loc, Op::COPY, 1);
                loc = self.attr_location(loc, target, *attr);
                self.attr_op(loc, Op::LOAD_ATTR, *attr);
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                self.expr(object)?;
                if is_two_part_slice(slice) {
                    self.slice_parts(slice)?;
                    self.repeat(loc, Op::COPY, 3, 3);
                    self.op(loc, Op::BINARY_SLICE);
                } else {
                    self.expr(slice)?;
                    self.repeat(loc, Op::COPY, 2, 2);
                    self.op(loc, Op::BINARY_SUBSCR);
                }
            }
            ExprKind::Name { id, .. } => self.load_name(loc, *id)?,
            _ => return syntax_error(loc, "illegal expression for augmented assignment"),
        }
        self.expr(value)?;
        self.op_i(stmt_loc, Op::BINARY_OP, op as u32 + INPLACE);
        self.store_augmented(target)
    }

    fn store_augmented(&mut self, target: &Expr) -> Compiled<()> {
        let loc = target.loc;
        match &target.kind {
            ExprKind::Attribute { attr, .. } => {
                let loc = self.attr_location(loc, target, *attr);
                self.op_i(loc, Op::SWAP, 2);
                check_forbidden(loc, *attr, Context::Store)?;
                self.attr_op(loc, Op::STORE_ATTR, *attr);
            }
            ExprKind::Subscript { slice, .. } if is_two_part_slice(slice) => {
                self.op_i(loc, Op::SWAP, 4);
                self.op_i(loc, Op::SWAP, 3);
                self.op_i(loc, Op::SWAP, 2);
                self.op(loc, Op::STORE_SLICE);
            }
            ExprKind::Subscript { .. } => {
                self.op_i(loc, Op::SWAP, 3);
                self.op_i(loc, Op::SWAP, 2);
                self.op(loc, Op::STORE_SUBSCR);
            }
            ExprKind::Name { id, .. } => self.store_name(loc, *id)?,
            _ => {}
        }
        Ok(())
    }

    fn repeat(&mut self, loc: Location, op: Op, arg: u32, times: usize) {
        for _ in 0..times {
            self.op_i(loc, op, arg);
        }
    }

    pub(super) fn ann_assign(&mut self, node: &AnnAssign, loc: Location) -> Compiled<()> {
        if let Some(value) = &node.value {
            self.expr(value)?;
            self.expr(&node.target)?;
        }
        match &node.target.kind {
            ExprKind::Name { id, .. } => {
                check_forbidden(loc, *id, Context::Store)?;
                if node.simple && self.stores_annotations() {
                    self.annotation_value(&node.annotation)?;
                    self.attr_op(loc, Op::LOAD_NAME, known::ANNOTATIONS);
                    let name = self.mangle(*id);
                    self.load_str(loc, name);
                    self.op(loc, Op::STORE_SUBSCR);
                }
            }
            ExprKind::Attribute { value, attr, .. } => {
                check_forbidden(loc, *attr, Context::Store)?;
                if node.value.is_none() {
                    self.evaluate_and_drop(value)?;
                }
            }
            ExprKind::Subscript { value, slice, .. } => {
                if node.value.is_none() {
                    self.evaluate_and_drop(value)?;
                    self.evaluate_subscript(slice)?;
                }
            }
            _ => return syntax_error(loc, "invalid node type for annotated assignment"),
        }
        if !node.simple && !self.future_annotations && self.stores_annotations() {
            self.evaluate_and_drop(&node.annotation)?;
        }
        Ok(())
    }

    /// Annotations are kept in modules and classes.
    fn stores_annotations(&self) -> bool {
        matches!(self.unit.scope_type, ScopeType::Module | ScopeType::Class)
    }

    fn evaluate_and_drop(&mut self, expr: &Expr) -> Compiled<()> {
        self.expr(expr)?;
        self.op(expr.loc, Op::POP_TOP);
        Ok(())
    }

    /// Evaluates a subscript part by part: a bare annotation must not build the slice or tuple.
    fn evaluate_subscript(&mut self, slice: &Expr) -> Compiled<()> {
        match &slice.kind {
            ExprKind::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|part| self.evaluate_and_drop(part))
            }
            ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.evaluate_subscript(elt)),
            _ => self.evaluate_and_drop(slice),
        }
    }
}
