//! Expressions.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::name::check_forbidden;
use super::unit::{ScopeEntry, ScopeType};
use super::{Codegen, STACK_USE_GUIDELINE};
use crate::ast::{Context, Conversion, Expr, ExprKind, Lambda, UnaryOp};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::{Symbol, known};

impl Codegen<'_, '_> {
    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Compiled<()> {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Compiled<()> {
        let loc = expr.loc;
        match &expr.kind {
            ExprKind::Named { target, value } => {
                self.expr(value)?;
                self.op_i(loc, Op::COPY, 1);
                self.expr(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, loc),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                self.op_i(loc, Op::BINARY_OP, *op as u32);
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => self.unary_op(*op, operand, loc),
            ExprKind::Lambda(lambda) => self.lambda(lambda, loc),
            ExprKind::IfExp { test, body, orelse } => self.if_exp(test, body, orelse, loc),
            ExprKind::Dict { keys, values } => self.dict(keys, values, loc),
            ExprKind::Set(elts) => self.set_display(elts, loc),
            ExprKind::Comp(comp) => self.comp(comp, loc),
            ExprKind::Yield(value) => self.yield_expr(value.as_deref(), loc),
            ExprKind::YieldFrom(value) => self.yield_from_expr(value, loc),
            ExprKind::Await(value) => self.await_expr(value, loc),
            ExprKind::Compare { left, ops, comparators } => self.compare(left, ops, comparators, loc),
            ExprKind::Call(call) => self.call(call, loc),
            ExprKind::Constant(value) | ExprKind::UnicodeConstant(value) => {
                self.load_const(loc, value.clone());
                Ok(())
            }
            ExprKind::JoinedStr(values) => self.joined_str(values, loc),
            ExprKind::FormattedValue { value, conversion, spec } => {
                self.formatted_value(value, *conversion, spec.as_deref(), loc)
            }
            ExprKind::Attribute { value, attr, ctx } => self.attribute(expr, value, *attr, *ctx),
            ExprKind::Subscript { value, slice, ctx } => self.subscript(value, slice, *ctx, loc),
            ExprKind::Starred { ctx: Context::Store, .. } => {
                syntax_error(loc, "starred assignment target must be in a list or tuple")
            }
            ExprKind::Starred { .. } => syntax_error(loc, "can't use starred expression here"),
            ExprKind::Slice { .. } => {
                let count = self.slice_parts(expr)?;
                self.op_i(loc, Op::BUILD_SLICE, count);
                Ok(())
            }
            ExprKind::Name { id, ctx } => self.name_op(loc, *id, *ctx),
            ExprKind::List { elts, ctx: Context::Load } => self.list_display(elts, loc),
            ExprKind::Tuple { elts, ctx: Context::Load } => self.tuple_display(elts, loc),
            ExprKind::List { elts, ctx } | ExprKind::Tuple { elts, ctx } => {
                if *ctx == Context::Store {
                    return self.unpack_targets(elts, loc);
                }
                self.exprs(elts)
            }
        }
    }

    fn unary_op(&mut self, op: UnaryOp, operand: &Expr, loc: Location) -> Compiled<()> {
        self.expr(operand)?;
        match op {
            UnaryOp::UAdd => self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::UnaryPositive as u32),
            UnaryOp::Not => {
                self.op(loc, Op::TO_BOOL);
                self.op(loc, Op::UNARY_NOT);
            }
            UnaryOp::USub => self.op(loc, Op::UNARY_NEGATIVE),
            UnaryOp::Invert => self.op(loc, Op::UNARY_INVERT),
        }
        Ok(())
    }

    fn lambda(&mut self, lambda: &Lambda, loc: Location) -> Compiled<()> {
        super::function::check_args(&lambda.args)?;
        let flags = self.default_arguments(loc, &lambda.args)?;
        let counts = super::function::arg_counts(&lambda.args);
        let entry = ScopeEntry {
            counts,
            ..ScopeEntry::new(lambda.node, ScopeType::Lambda, known::ANON_LAMBDA, loc.line)
        };
        self.enter_scope(&entry);
        self.unit.const0_is_doc = true;
        self.unit.consts.add(Const::None);
        self.expr(&lambda.body)?;
        let generator = self.scope().generator;
        if !generator {
            self.op(lambda.body.loc, Op::RETURN_VALUE);
        }
        let closure = self.exit_scope(!generator)?;
        self.make_closure(loc, closure, flags);
        Ok(())
    }

    fn joined_str(&mut self, values: &[Expr], loc: Location) -> Compiled<()> {
        if values.len() > STACK_USE_GUIDELINE {
            self.load_str(loc, known::EMPTY);
            self.load_method(loc, known::JOIN);
            self.op_i(loc, Op::BUILD_LIST, 0);
            for value in values {
                self.expr(value)?;
                self.op_i(loc, Op::LIST_APPEND, 1);
            }
            self.op_i(loc, Op::CALL, 1);
            return Ok(());
        }
        self.exprs(values)?;
        match values.len() {
            0 => self.load_str(loc, known::EMPTY),
            1 => {}
            count => self.op_i(loc, Op::BUILD_STRING, count as u32),
        }
        Ok(())
    }

    fn formatted_value(
        &mut self,
        value: &Expr,
        conversion: Option<Conversion>,
        spec: Option<&Expr>,
        loc: Location,
    ) -> Compiled<()> {
        self.expr(value)?;
        if let Some(conversion) = conversion {
            self.op_i(loc, Op::CONVERT_VALUE, conversion as u32);
        }
        if let Some(spec) = spec {
            self.expr(spec)?;
            self.op(loc, Op::FORMAT_WITH_SPEC);
        } else {
            self.op(loc, Op::FORMAT_SIMPLE);
        }
        Ok(())
    }

    fn attribute(&mut self, expr: &Expr, value: &Expr, attr: Symbol, ctx: Context) -> Compiled<()> {
        if ctx == Context::Load
            && let Some(call) = self.optimizable_super(value, attr)
        {
            self.super_arguments(call, value.loc)?;
            let two_args = if call.args.is_empty() { 0 } else { 2 };
            self.load_super_attr(expr.loc, attr, two_args);
            let loc = self.attr_location(expr.loc, expr, attr);
            self.op(loc, Op::NOP);
            return Ok(());
        }
        self.note_static_attribute(value, attr, ctx);
        self.expr(value)?;
        let loc = self.attr_location(expr.loc, expr, attr);
        match ctx {
            Context::Load => self.attr_op(loc, Op::LOAD_ATTR, attr),
            Context::Store => {
                check_forbidden(loc, attr, ctx)?;
                self.attr_op(loc, Op::STORE_ATTR, attr);
            }
            Context::Del => {
                check_forbidden(loc, attr, ctx)?;
                self.attr_op(loc, Op::DELETE_ATTR, attr);
            }
        }
        Ok(())
    }

    /// `loc` moved to the line on which the attribute's name stands, so that a traceback of a chained call over several
    /// lines shows the right one.
    pub(super) fn attr_location(&self, mut loc: Location, expr: &Expr, attr: Symbol) -> Location {
        if loc.line == expr.loc.end_line {
            return loc;
        }
        loc.line = expr.loc.end_line;
        let length = self.names.get(attr).chars().count() as i32;
        if length <= expr.loc.end_col {
            loc.col = expr.loc.end_col - length;
        } else {
            loc.col = -1;
            loc.end_col = -1;
        }
        loc.end_line = loc.end_line.max(loc.line);
        loc
    }

    /// Remembers `self.attr = …` for the class around.
    fn note_static_attribute(&mut self, value: &Expr, attr: Symbol, ctx: Context) {
        let on_self = matches!(value.kind, ExprKind::Name { id: known::SELF, .. });
        if ctx != Context::Store || !on_self {
            return;
        }
        let class = self.stack.iter_mut().rev().find(|unit| unit.scope_type == ScopeType::Class);
        if let Some(class) = class
            && !class.static_attributes.contains(&attr)
        {
            class.static_attributes.push(attr);
        }
    }

    fn subscript(&mut self, value: &Expr, slice: &Expr, ctx: Context, loc: Location) -> Compiled<()> {
        if ctx == Context::Load {
            self.warn_subscript(value, slice);
        }
        self.expr(value)?;
        if is_two_part_slice(slice) && ctx != Context::Del {
            self.slice_parts(slice)?;
            self.op(loc, if ctx == Context::Load { Op::BINARY_SLICE } else { Op::STORE_SLICE });
            return Ok(());
        }
        self.expr(slice)?;
        self.op(
            loc,
            match ctx {
                Context::Load => Op::BINARY_SUBSCR,
                Context::Store => Op::STORE_SUBSCR,
                Context::Del => Op::DELETE_SUBSCR,
            },
        );
        Ok(())
    }

    /// Pushes a slice's start, stop and, where there is one, step; returns how many.
    pub(super) fn slice_parts(&mut self, slice: &Expr) -> Compiled<u32> {
        let ExprKind::Slice { lower, upper, step } = &slice.kind else {
            return syntax_error(slice.loc, "slice expected");
        };
        for part in [lower, upper] {
            match part {
                Some(part) => self.expr(part)?,
                None => self.load_const(slice.loc, Const::None),
            }
        }
        let Some(step) = step else { return Ok(2) };
        self.expr(step)?;
        Ok(3)
    }
}

/// Whether the subscript is a slice without step, for which there are instructions.
pub(super) fn is_two_part_slice(slice: &Expr) -> bool {
    matches!(slice.kind, ExprKind::Slice { step: None, .. })
}
