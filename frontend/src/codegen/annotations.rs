//! Annotations: of parameters, and which bodies have any.

use bytecode::{Const, FunctionAttribute, StackOp as Op};

use super::Codegen;
use super::unparse::unparse;
use crate::ast::{Arguments, Expr, ExprKind, Stmt, StmtKind};
use crate::error::Compiled;
use crate::ir::Location;
use crate::names::{Symbol, known};

impl Codegen<'_, '_> {
    /// Pushes an annotation: its value, or its text under `from __future__ import annotations`.
    pub(super) fn annotation_value(&mut self, annotation: &Expr) -> Compiled<()> {
        if self.future_annotations {
            let text = unparse(annotation, self.names);
            self.load_const(annotation.loc, Const::Str(text));
            return Ok(());
        }
        self.expr(annotation)
    }

    /// Pushes a tuple of parameter names and annotations; returns the flag for `SET_FUNCTION_ATTRIBUTE`.
    pub(super) fn parameter_annotations(
        &mut self,
        loc: Location,
        args: &Arguments,
        returns: Option<&Expr>,
    ) -> Compiled<u32> {
        let mut count = 0;
        let ordered = args
            .args
            .iter()
            .chain(&args.posonlyargs)
            .chain(&args.vararg)
            .chain(&args.kwonlyargs)
            .chain(&args.kwarg)
            .map(|arg| (arg.name, arg.annotation.as_ref()))
            .chain([(known::RETURN, returns)]);
        for (name, annotation) in ordered {
            if let Some(annotation) = annotation {
                self.parameter_annotation(loc, name, annotation)?;
                count += 2;
            }
        }
        if count == 0 {
            return Ok(0);
        }
        self.op_i(loc, Op::BUILD_TUPLE, count);
        Ok(FunctionAttribute::Annotations as u32)
    }

    fn parameter_annotation(&mut self, loc: Location, name: Symbol, annotation: &Expr) -> Compiled<()> {
        let name = self.mangle(name);
        self.load_str(loc, name);
        match &annotation.kind {
            ExprKind::Starred { value, .. } if !self.future_annotations => {
                self.expr(value)?;
                self.op_i(loc, Op::UNPACK_SEQUENCE, 1);
                Ok(())
            }
            _ => self.annotation_value(annotation),
        }
    }
}

/// Whether a body has annotated assignments, nested statements included.
pub(super) fn has_annotations(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::AnnAssign(_) => true,
        StmtKind::For(node) => has_annotations(&node.body) || has_annotations(&node.orelse),
        StmtKind::While { body, orelse, .. } | StmtKind::If { body, orelse, .. } => {
            has_annotations(body) || has_annotations(orelse)
        }
        StmtKind::Match(node) => node.cases.iter().any(|case| has_annotations(&case.body)),
        StmtKind::With(node) => has_annotations(&node.body),
        StmtKind::Try(node) => {
            has_annotations(&node.body)
                || node.handlers.iter().any(|handler| has_annotations(&handler.body))
                || has_annotations(&node.finalbody)
                || has_annotations(&node.orelse)
        }
        _ => false,
    })
}
