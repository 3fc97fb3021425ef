//! Constant folding on the tree, before the symbol table is built.
//!
//! Folds what CPython's `ast_opt.c` folds and no more: operators on constants within size limits, tuples of constants,
//! subscripts of constants, `in` on displays, `not` of identity and membership tests, `__debug__`, and `%` formatting
//! with simple conversions, which becomes an f-string. An operation that would raise stays for run time.

mod arith;
mod complex;
mod format;
mod int;
mod number;

use bytecode::Const;

use crate::ast::{
    Arguments, CmpOp, Context, Expr, ExprKind, Keyword, Module, Operator, Pattern, PatternKind, Stmt,
    StmtKind, TypeParams, UnaryOp, docstring,
};
use crate::codegen::frozen_set;
use crate::names::known;

/// What folding depends on.
pub(crate) struct Folding {
    pub optimize: u8,
    /// Annotations are kept as text and must stay as written.
    pub future_annotations: bool,
}

impl Folding {
    /// Folds a whole module in place.
    pub fn module(&self, module: &mut Module) {
        match module {
            Module::File(body) => self.body(body),
            Module::Interactive(body) => self.stmts(body),
            Module::Expression(expr) => self.expr(expr),
        }
    }

    /// A body that may start with a docstring: folding must not make one.
    fn body(&self, body: &mut [Stmt]) {
        let had_doc = docstring(body).is_some();
        self.stmts(body);
        if had_doc || docstring(body).is_none() {
            return;
        }
        if let StmtKind::Expr(expr) = &mut body[0].kind {
            let loc = expr.loc;
            let value = std::mem::replace(&mut expr.kind, ExprKind::Constant(Const::None));
            expr.kind = ExprKind::JoinedStr(vec![Expr { kind: value, loc }]);
            expr.loc = body[0].loc;
        }
    }

    fn stmts(&self, stmts: &mut [Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&self, stmt: &mut Stmt) {
        match &mut stmt.kind {
            StmtKind::FunctionDef(def) => {
                self.type_params(def.type_params.as_mut());
                self.arguments(&mut def.args);
                self.body(&mut def.body);
                self.exprs(&mut def.decorators);
                if !self.future_annotations {
                    self.opt(def.returns.as_mut());
                }
            }
            StmtKind::ClassDef(class) => {
                self.type_params(class.type_params.as_mut());
                self.exprs(&mut class.bases);
                self.keywords(&mut class.keywords);
                self.body(&mut class.body);
                self.exprs(&mut class.decorators);
            }
            StmtKind::TypeAlias(alias) => {
                self.type_params(alias.type_params.as_mut());
                self.expr(&mut alias.value);
            }
            StmtKind::Return(value) => self.opt(value.as_mut()),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.exprs(targets);
                self.expr(value);
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target);
                self.expr(value);
            }
            StmtKind::AnnAssign(node) => {
                self.expr(&mut node.target);
                if !self.future_annotations {
                    self.expr(&mut node.annotation);
                }
                self.opt(node.value.as_mut());
            }
            StmtKind::For(node) => {
                self.expr(&mut node.target);
                self.expr(&mut node.iter);
                self.stmts(&mut node.body);
                self.stmts(&mut node.orelse);
                fold_iter(&mut node.iter);
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test);
                self.stmts(body);
                self.stmts(orelse);
            }
            StmtKind::With(node) => {
                for item in &mut node.items {
                    self.expr(&mut item.context);
                    self.opt(item.vars.as_mut());
                }
                self.stmts(&mut node.body);
            }
            StmtKind::Match(node) => {
                self.expr(&mut node.subject);
                for case in &mut node.cases {
                    self.pattern(&mut case.pattern);
                    self.opt(case.guard.as_mut());
                    self.stmts(&mut case.body);
                }
            }
            StmtKind::Raise { exc, cause } => {
                self.opt(exc.as_mut());
                self.opt(cause.as_mut());
            }
            StmtKind::Try(node) => {
                self.stmts(&mut node.body);
                for handler in &mut node.handlers {
                    self.opt(handler.typ.as_mut());
                    self.stmts(&mut handler.body);
                }
                self.stmts(&mut node.orelse);
                self.stmts(&mut node.finalbody);
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.opt(msg.as_mut());
            }
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Import(_)
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global(_)
            | StmtKind::Nonlocal(_)
            | StmtKind::Pass
            | StmtKind::Break
            | StmtKind::Continue => {}
        }
    }

    fn type_params(&self, params: Option<&mut TypeParams>) {
        for param in params.into_iter().flat_map(|params| &mut params.params) {
            for (_, expr) in param.bound.iter_mut().chain(&mut param.default) {
                self.expr(expr);
            }
        }
    }

    fn arguments(&self, args: &mut Arguments) {
        if !self.future_annotations {
            let named = args.posonlyargs.iter_mut().chain(&mut args.args).chain(&mut args.kwonlyargs);
            for arg in named.chain(&mut args.vararg).chain(&mut args.kwarg) {
                self.opt(arg.annotation.as_mut());
            }
        }
        self.exprs(&mut args.defaults);
        for default in args.kw_defaults.iter_mut().flatten() {
            self.expr(default);
        }
    }

    fn keywords(&self, keywords: &mut [Keyword]) {
        for keyword in keywords {
            self.expr(&mut keyword.value);
        }
    }

    fn exprs(&self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn opt(&self, expr: Option<&mut Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn expr(&self, expr: &mut Expr) {
        self.children(expr);
        match &mut expr.kind {
            ExprKind::BinOp { left, op, right } => {
                if let Some(kind) = fold_binary(left, *op, right) {
                    expr.kind = kind;
                }
            }
            ExprKind::UnaryOp { op, operand } => {
                if let Some(value) = operand.as_const().and_then(|value| arith::unary(*op, value)) {
                    expr.kind = ExprKind::Constant(value);
                } else if *op == UnaryOp::Not && invert_test(operand) {
                    let test = std::mem::replace(&mut **operand, placeholder());
                    *expr = test;
                }
            }
            ExprKind::Compare { ops, comparators, .. } => {
                if let (Some(CmpOp::In | CmpOp::NotIn), Some(last)) = (ops.last(), comparators.last_mut()) {
                    fold_iter(last);
                }
            }
            ExprKind::Subscript { value, slice, ctx: Context::Load } => {
                if let (Some(value), Some(index)) = (value.as_const(), slice.as_const())
                    && let Some(item) = arith::subscript(value, index)
                {
                    expr.kind = ExprKind::Constant(item);
                }
            }
            ExprKind::Tuple { elts, ctx: Context::Load } => {
                if let Some(tuple) = const_tuple(elts) {
                    expr.kind = ExprKind::Constant(tuple);
                }
            }
            ExprKind::Name { id: known::DEBUG, ctx: Context::Load } => {
                expr.kind = ExprKind::Constant(Const::Bool(self.optimize == 0));
            }
            _ => {}
        }
    }

    fn children(&self, expr: &mut Expr) {
        match &mut expr.kind {
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr(values) => self.exprs(values),
            ExprKind::Named { value, .. } => self.expr(value),
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand),
            ExprKind::Lambda(lambda) => {
                self.arguments(&mut lambda.args);
                self.expr(&mut lambda.body);
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test);
                self.expr(body);
                self.expr(orelse);
            }
            ExprKind::Dict { keys, values } => {
                keys.iter_mut().flatten().for_each(|key| self.expr(key));
                self.exprs(values);
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.exprs(elts);
            }
            ExprKind::Comp(comp) => {
                self.expr(&mut comp.elt);
                self.opt(comp.value.as_mut());
                for generator in &mut comp.generators {
                    self.expr(&mut generator.target);
                    self.expr(&mut generator.iter);
                    self.exprs(&mut generator.ifs);
                    fold_iter(&mut generator.iter);
                }
            }
            ExprKind::Await(value) | ExprKind::YieldFrom(value) => self.expr(value),
            ExprKind::Yield(value) => self.opt(value.as_deref_mut()),
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left);
                self.exprs(comparators);
            }
            ExprKind::Call(call) => {
                self.expr(&mut call.func);
                self.exprs(&mut call.args);
                self.keywords(&mut call.keywords);
            }
            ExprKind::FormattedValue { value, spec, .. } => {
                self.expr(value);
                self.opt(spec.as_deref_mut());
            }
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => self.expr(value),
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value);
                self.expr(slice);
            }
            ExprKind::Slice { lower, upper, step } => {
                for part in [lower, upper, step] {
                    self.opt(part.as_deref_mut());
                }
            }
            ExprKind::Constant(_) | ExprKind::UnicodeConstant(_) | ExprKind::Name { .. } => {}
        }
    }

    fn patterns(&self, patterns: &mut [Pattern]) {
        for pattern in patterns {
            self.pattern(pattern);
        }
    }

    fn pattern(&self, pattern: &mut Pattern) {
        match &mut pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) | PatternKind::Star(_) => {}
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => {
                self.patterns(patterns);
            }
            PatternKind::Mapping { keys, patterns, .. } => {
                self.exprs(keys);
                self.patterns(patterns);
            }
            PatternKind::Class { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls);
                self.patterns(patterns);
                self.patterns(kwd_patterns);
            }
            PatternKind::As { pattern, .. } => {
                if let Some(pattern) = pattern {
                    self.pattern(pattern);
                }
            }
        }
    }
}

fn placeholder() -> Expr {
    Expr { kind: ExprKind::Constant(Const::None), loc: crate::ir::Location::NONE }
}

fn const_tuple(elts: &[Expr]) -> Option<Const> {
    let items: Option<Vec<Const>> = elts.iter().map(|elt| elt.as_const().cloned()).collect();
    items.map(|items| Const::Tuple(items.into()))
}

/// Turns `a is b`, `a in b` and their opposites around; whether it did.
fn invert_test(test: &mut Expr) -> bool {
    let ExprKind::Compare { ops, .. } = &mut test.kind else { return false };
    let [op] = &mut ops[..] else { return false };
    *op = match op {
        CmpOp::Is => CmpOp::IsNot,
        CmpOp::IsNot => CmpOp::Is,
        CmpOp::In => CmpOp::NotIn,
        CmpOp::NotIn => CmpOp::In,
        _ => return false,
    };
    true
}

/// A display that is only iterated over or searched: a list becomes a tuple, a set of constants a frozen set.
fn fold_iter(iter: &mut Expr) {
    match &mut iter.kind {
        ExprKind::List { elts, .. } => {
            if elts.iter().any(Expr::is_starred) {
                return;
            }
            let elts = std::mem::take(elts);
            iter.kind = match const_tuple(&elts) {
                Some(tuple) => ExprKind::Constant(tuple),
                None => ExprKind::Tuple { elts, ctx: Context::Load },
            };
        }
        ExprKind::Set(elts) => {
            let items: Option<Vec<Const>> = elts.iter().map(|elt| elt.as_const().cloned()).collect();
            if let Some(items) = items {
                iter.kind = ExprKind::Constant(frozen_set(items));
            }
        }
        _ => {}
    }
}

fn fold_binary(left: &Expr, op: Operator, right: &mut Expr) -> Option<ExprKind> {
    let lhs = left.as_const()?;
    if let (Operator::Mod, Const::Str(text), ExprKind::Tuple { elts, .. }) = (op, lhs, &mut right.kind) {
        if elts.iter().any(Expr::is_starred) {
            return None;
        }
        return format::fold_format(text, elts);
    }
    arith::binary(op, lhs, right.as_const()?).map(ExprKind::Constant)
}
