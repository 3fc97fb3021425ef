//! First pass over expressions.

use super::build::Builder;
use super::{ScopeKind, def};
use crate::ast::{Comp, CompKind, Comprehension, Context, Expr, ExprKind, Lambda};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::{Symbol, known};

impl Builder<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Compiled<()> {
        match &expr.kind {
            ExprKind::Named { target, value } => self.named(target, value, expr.loc),
            ExprKind::BoolOp { values, .. } => self.exprs(values),
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                self.exprs(keys.iter().flatten())?;
                self.exprs(values)
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.exprs(elts)
            }
            ExprKind::JoinedStr(values) => self.exprs(values),
            ExprKind::Comp(comp) => self.comp(comp),
            ExprKind::Yield(value) => {
                self.refuse_in_annotation("yield expression", expr.loc)?;
                self.opt_expr(value.as_deref())?;
                self.mark_generator(expr.loc)
            }
            ExprKind::YieldFrom(value) => {
                self.refuse_in_annotation("yield expression", expr.loc)?;
                self.expr(value)?;
                self.mark_generator(expr.loc)
            }
            ExprKind::Await(value) => {
                self.refuse_in_annotation("await expression", expr.loc)?;
                self.expr(value)?;
                self.current().coroutine = true;
                Ok(())
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            ExprKind::Call(call) => {
                self.expr(&call.func)?;
                self.exprs(&call.args)?;
                self.exprs(call.keywords.iter().map(|keyword| &keyword.value))
            }
            ExprKind::FormattedValue { value, spec, .. } => {
                self.expr(value)?;
                self.opt_expr(spec.as_deref())
            }
            ExprKind::Constant(_) | ExprKind::UnicodeConstant(_) => Ok(()),
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.exprs([lower, upper, step].into_iter().filter_map(|part| part.as_deref()))
            }
            ExprKind::Name { id, ctx } => self.name(*id, *ctx, expr.loc),
        }
    }

    fn name(&mut self, id: Symbol, ctx: Context, loc: Location) -> Compiled<()> {
        self.add_def(id, if ctx == Context::Load { def::USE } else { def::LOCAL }, loc)?;
        let uses_super = ctx == Context::Load && id == known::SUPER;
        if uses_super && self.current().kind.is_function_like() {
            self.add_def(known::CLASS, def::USE, loc)?;
        }
        Ok(())
    }

    fn named(&mut self, target: &Expr, value: &Expr, loc: Location) -> Compiled<()> {
        self.refuse_in_annotation("named expression", loc)?;
        if self.current().comp_iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return syntax_error(loc, message);
        }
        if let (true, ExprKind::Name { id, .. }) = (self.current().comprehension.is_some(), &target.kind) {
            self.extend_named_scope(*id, target.loc)?;
        }
        self.expr(value)?;
        self.expr(target)
    }

    fn lambda(&mut self, lambda: &Lambda) -> Compiled<()> {
        self.exprs(&lambda.args.defaults)?;
        self.exprs(lambda.args.kw_defaults.iter().flatten())?;
        self.enter(ScopeKind::Function, Some(lambda.node));
        self.arguments(&lambda.args)?;
        self.expr(&lambda.body)?;
        self.exit();
        Ok(())
    }

    fn comp(&mut self, comp: &Comp) -> Compiled<()> {
        let outermost = &comp.generators[0];
        self.current().comp_iter_expr += 1;
        self.expr(&outermost.iter)?;
        self.current().comp_iter_expr -= 1;
        self.enter(ScopeKind::Function, Some(comp.node));
        self.current().comprehension = Some(comp.kind);
        self.current().coroutine |= outermost.is_async;
        self.add_def(known::DOT_ZERO, def::PARAM, comp.elt.loc)?;
        self.comp_target(outermost)?;
        self.exprs(&outermost.ifs)?;
        for generator in &comp.generators[1..] {
            self.comp_target(generator)?;
            self.current().comp_iter_expr += 1;
            self.expr(&generator.iter)?;
            self.current().comp_iter_expr -= 1;
            self.exprs(&generator.ifs)?;
            self.current().coroutine |= generator.is_async;
        }
        self.opt_expr(comp.value.as_ref())?;
        self.expr(&comp.elt)?;
        let is_generator = comp.kind == CompKind::Generator;
        self.current().generator = is_generator;
        let is_async = self.current().coroutine && !is_generator;
        self.exit();
        self.current().coroutine |= is_async;
        Ok(())
    }

    fn comp_target(&mut self, generator: &Comprehension) -> Compiled<()> {
        self.current().comp_iter_target = true;
        self.expr(&generator.target)?;
        self.current().comp_iter_target = false;
        Ok(())
    }

    fn mark_generator(&mut self, loc: Location) -> Compiled<()> {
        let scope = self.current();
        scope.generator = true;
        let place = match scope.comprehension {
            None => return Ok(()),
            Some(CompKind::List) => "list comprehension",
            Some(CompKind::Set) => "set comprehension",
            Some(CompKind::Dict) => "dict comprehension",
            Some(CompKind::Generator) => "generator expression",
        };
        syntax_error(loc, format!("'yield' inside {place}"))
    }

    fn refuse_in_annotation(&mut self, what: &str, loc: Location) -> Compiled<()> {
        let place = match self.current().kind {
            ScopeKind::Annotation => "an annotation",
            ScopeKind::TypeVariable => self.current().place,
            ScopeKind::TypeAlias => "a type alias",
            ScopeKind::TypeParameters => "the definition of a generic",
            ScopeKind::Module | ScopeKind::Class | ScopeKind::Function => return Ok(()),
        };
        syntax_error(loc, format!("{what} cannot be used within {place}"))
    }
}
