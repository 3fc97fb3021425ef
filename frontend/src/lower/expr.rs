//! Expressions.

use bytecode::Const;
use ruff_python_ast as ruff;

use super::{Lowering, context, range_of};
use crate::ast::{
    Arguments, BoolOp, Call, CmpOp, Comp, CompKind, Comprehension, Expr, ExprKind, Lambda, Operator, UnaryOp,
};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;

impl Lowering<'_> {
    pub(super) fn expr(&mut self, expr: &ruff::Expr) -> Compiled<Expr> {
        self.nested(range_of(expr), |this| {
            let loc = this.loc(range_of(expr));
            Ok(Expr { kind: this.expr_kind(expr, loc)?, loc })
        })
    }

    fn expr_kind(&mut self, expr: &ruff::Expr, loc: Location) -> Compiled<ExprKind> {
        Ok(match expr {
            ruff::Expr::BoolOp(node) => ExprKind::BoolOp {
                op: if node.op == ruff::BoolOp::And { BoolOp::And } else { BoolOp::Or },
                values: self.exprs(&node.values)?,
            },
            ruff::Expr::Named(node) => {
                ExprKind::Named { target: self.boxed(&node.target)?, value: self.boxed(&node.value)? }
            }
            ruff::Expr::BinOp(node) => ExprKind::BinOp {
                left: self.boxed(&node.left)?,
                op: operator(node.op),
                right: self.boxed(&node.right)?,
            },
            ruff::Expr::UnaryOp(node) => {
                ExprKind::UnaryOp { op: unary_op(node.op), operand: self.boxed(&node.operand)? }
            }
            ruff::Expr::Lambda(node) => self.lambda(node)?,
            ruff::Expr::If(node) => ExprKind::IfExp {
                test: self.boxed(&node.test)?,
                body: self.boxed(&node.body)?,
                orelse: self.boxed(&node.orelse)?,
            },
            ruff::Expr::Dict(node) => self.dict(node)?,
            ruff::Expr::Set(node) => ExprKind::Set(self.exprs(&node.elts)?),
            ruff::Expr::ListComp(node) => self.comp(CompKind::List, &node.elt, None, &node.generators)?,
            ruff::Expr::SetComp(node) => self.comp(CompKind::Set, &node.elt, None, &node.generators)?,
            ruff::Expr::DictComp(node) => {
                let Some(key) = &node.key else {
                    return syntax_error(loc, "dict unpacking cannot be used in dict comprehension");
                };
                self.comp(CompKind::Dict, key, Some(&node.value), &node.generators)?
            }
            ruff::Expr::Generator(node) => {
                self.comp(CompKind::Generator, &node.elt, None, &node.generators)?
            }
            ruff::Expr::Await(node) => ExprKind::Await(self.boxed(&node.value)?),
            ruff::Expr::Yield(node) => ExprKind::Yield(self.opt_boxed(node.value.as_deref())?),
            ruff::Expr::YieldFrom(node) => ExprKind::YieldFrom(self.boxed(&node.value)?),
            ruff::Expr::Compare(node) => ExprKind::Compare {
                left: self.boxed(&node.left)?,
                ops: node.ops.iter().map(|op| cmp_op(*op)).collect(),
                comparators: self.exprs(&node.comparators)?,
            },
            ruff::Expr::Call(node) => {
                let func = self.expr(&node.func)?;
                let (args, keywords) = self.call_arguments(&node.arguments)?;
                ExprKind::Call(Box::new(Call { func, args, keywords }))
            }
            ruff::Expr::FString(node) => self.fstring(node)?,
            ruff::Expr::TString(_) => return syntax_error(loc, "t-strings are not part of Python 3.13"),
            ruff::Expr::StringLiteral(node) => self.string_literal(node)?,
            ruff::Expr::BytesLiteral(node) => self.bytes_literal(node)?,
            ruff::Expr::NumberLiteral(node) => ExprKind::Constant(self.number(node.range, loc)?),
            ruff::Expr::BooleanLiteral(node) => ExprKind::Constant(Const::Bool(node.value)),
            ruff::Expr::NoneLiteral(_) => ExprKind::Constant(Const::None),
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Constant(Const::Ellipsis),
            ruff::Expr::Attribute(node) => ExprKind::Attribute {
                value: self.boxed(&node.value)?,
                attr: self.symbol(&node.attr),
                ctx: context(node.ctx),
            },
            ruff::Expr::Subscript(node) => ExprKind::Subscript {
                value: self.boxed(&node.value)?,
                slice: self.boxed(&node.slice)?,
                ctx: context(node.ctx),
            },
            ruff::Expr::Starred(node) => {
                ExprKind::Starred { value: self.boxed(&node.value)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Name(node) => ExprKind::Name { id: self.symbol(&node.id), ctx: context(node.ctx) },
            ruff::Expr::List(node) => {
                ExprKind::List { elts: self.exprs(&node.elts)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Tuple(node) => {
                ExprKind::Tuple { elts: self.exprs(&node.elts)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Slice(node) => ExprKind::Slice {
                lower: self.opt_boxed(node.lower.as_deref())?,
                upper: self.opt_boxed(node.upper.as_deref())?,
                step: self.opt_boxed(node.step.as_deref())?,
            },
            ruff::Expr::IpyEscapeCommand(_) => return syntax_error(loc, "invalid syntax"),
        })
    }

    fn lambda(&mut self, node: &ruff::ExprLambda) -> Compiled<ExprKind> {
        let args = match &node.parameters {
            Some(parameters) => self.arguments(parameters)?,
            None => Arguments::default(),
        };
        Ok(ExprKind::Lambda(Box::new(Lambda { node: self.node(), args, body: self.expr(&node.body)? })))
    }

    fn dict(&mut self, node: &ruff::ExprDict) -> Compiled<ExprKind> {
        let mut keys = Vec::with_capacity(node.items.len());
        let mut values = Vec::with_capacity(node.items.len());
        for item in &node.items {
            keys.push(self.opt_expr(item.key.as_ref())?);
            values.push(self.expr(&item.value)?);
        }
        Ok(ExprKind::Dict { keys, values })
    }

    fn comp(
        &mut self,
        kind: CompKind,
        elt: &ruff::Expr,
        value: Option<&ruff::Expr>,
        generators: &[ruff::Comprehension],
    ) -> Compiled<ExprKind> {
        let node = self.node();
        let elt = self.expr(elt)?;
        let value = self.opt_expr(value)?;
        let generators = generators.iter().map(|g| self.comprehension(g)).collect::<Compiled<_>>()?;
        Ok(ExprKind::Comp(Box::new(Comp { node, kind, elt, value, generators })))
    }

    fn comprehension(&mut self, node: &ruff::Comprehension) -> Compiled<Comprehension> {
        Ok(Comprehension {
            target: self.expr(&node.target)?,
            iter: self.expr(&node.iter)?,
            ifs: self.exprs(&node.ifs)?,
            is_async: node.is_async,
        })
    }
}

pub(super) fn operator(op: ruff::Operator) -> Operator {
    match op {
        ruff::Operator::Add => Operator::Add,
        ruff::Operator::Sub => Operator::Sub,
        ruff::Operator::Mult => Operator::Mult,
        ruff::Operator::MatMult => Operator::MatMult,
        ruff::Operator::Div => Operator::Div,
        ruff::Operator::Mod => Operator::Mod,
        ruff::Operator::Pow => Operator::Pow,
        ruff::Operator::LShift => Operator::LShift,
        ruff::Operator::RShift => Operator::RShift,
        ruff::Operator::BitOr => Operator::BitOr,
        ruff::Operator::BitXor => Operator::BitXor,
        ruff::Operator::BitAnd => Operator::BitAnd,
        ruff::Operator::FloorDiv => Operator::FloorDiv,
    }
}

fn unary_op(op: ruff::UnaryOp) -> UnaryOp {
    match op {
        ruff::UnaryOp::Invert => UnaryOp::Invert,
        ruff::UnaryOp::Not => UnaryOp::Not,
        ruff::UnaryOp::UAdd => UnaryOp::UAdd,
        ruff::UnaryOp::USub => UnaryOp::USub,
    }
}

fn cmp_op(op: ruff::CmpOp) -> CmpOp {
    match op {
        ruff::CmpOp::Eq => CmpOp::Eq,
        ruff::CmpOp::NotEq => CmpOp::NotEq,
        ruff::CmpOp::Lt => CmpOp::Lt,
        ruff::CmpOp::LtE => CmpOp::LtE,
        ruff::CmpOp::Gt => CmpOp::Gt,
        ruff::CmpOp::GtE => CmpOp::GtE,
        ruff::CmpOp::Is => CmpOp::Is,
        ruff::CmpOp::IsNot => CmpOp::IsNot,
        ruff::CmpOp::In => CmpOp::In,
        ruff::CmpOp::NotIn => CmpOp::NotIn,
    }
}
