//! Statements.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextSize};

use super::{Lowering, range_of};
use crate::ast::{
    Alias, AnnAssign, Arg, Arguments, ClassDef, For, FunctionDef, Handler, Keyword, Match, MatchCase, Stmt,
    StmtKind, Try, TypeAlias, TypeParam, TypeParamKind, TypeParams, With, WithItem,
};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::Symbol;

impl Lowering<'_> {
    pub(super) fn stmt(&mut self, stmt: &ruff::Stmt) -> Compiled<Stmt> {
        self.nested(range_of(stmt), |this| {
            let loc = this.stmt_loc(stmt);
            let (kind, loc) = this.stmt_kind(stmt, loc)?;
            Ok(Stmt { kind, loc })
        })
    }

    /// A statement's range. A compound one includes the semicolon that may end its last line.
    fn stmt_loc(&mut self, stmt: &ruff::Stmt) -> Location {
        let range = range_of(stmt);
        let compound = matches!(
            stmt,
            ruff::Stmt::FunctionDef(_)
                | ruff::Stmt::ClassDef(_)
                | ruff::Stmt::For(_)
                | ruff::Stmt::While(_)
                | ruff::Stmt::If(_)
                | ruff::Stmt::With(_)
                | ruff::Stmt::Match(_)
                | ruff::Stmt::Try(_)
        );
        let end = if compound { self.block_end(range.end()) } else { range.end() };
        self.loc_between(range.start(), end)
    }

    /// The end of a block whose last statement ends at `end`.
    fn block_end(&self, end: TextSize) -> TextSize {
        let rest = &self.source.as_bytes()[end.to_usize()..];
        let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        if rest.get(blanks) != Some(&b';') {
            return end;
        }
        end + TextSize::try_from(blanks + 1).expect("sources are shorter than 4 GiB")
    }

    fn stmt_kind(&mut self, stmt: &ruff::Stmt, loc: Location) -> Compiled<(StmtKind, Location)> {
        let kind = match stmt {
            ruff::Stmt::FunctionDef(def) => return self.function_def(def),
            ruff::Stmt::ClassDef(def) => return self.class_def(def),
            ruff::Stmt::Return(node) => StmtKind::Return(self.opt_expr(node.value.as_deref())?),
            ruff::Stmt::Delete(node) => StmtKind::Delete(self.exprs(&node.targets)?),
            ruff::Stmt::TypeAlias(node) => self.type_alias(node)?,
            ruff::Stmt::Assign(node) => {
                StmtKind::Assign { targets: self.exprs(&node.targets)?, value: self.expr(&node.value)? }
            }
            ruff::Stmt::AugAssign(node) => StmtKind::AugAssign {
                target: self.expr(&node.target)?,
                op: super::expr::operator(node.op),
                value: self.expr(&node.value)?,
            },
            ruff::Stmt::AnnAssign(node) => StmtKind::AnnAssign(Box::new(AnnAssign {
                target: self.expr(&node.target)?,
                annotation: self.expr(&node.annotation)?,
                value: self.opt_expr(node.value.as_deref())?,
                simple: node.simple,
            })),
            ruff::Stmt::For(node) => StmtKind::For(Box::new(For {
                target: self.expr(&node.target)?,
                iter: self.expr(&node.iter)?,
                body: self.body(&node.body)?,
                orelse: self.body(&node.orelse)?,
                is_async: node.is_async,
            })),
            ruff::Stmt::While(node) => StmtKind::While {
                test: self.expr(&node.test)?,
                body: self.body(&node.body)?,
                orelse: self.body(&node.orelse)?,
            },
            ruff::Stmt::If(node) => self.if_stmt(node)?,
            ruff::Stmt::With(node) => self.with(node)?,
            ruff::Stmt::Match(node) => self.match_stmt(node)?,
            ruff::Stmt::Raise(node) => StmtKind::Raise {
                exc: self.opt_expr(node.exc.as_deref())?,
                cause: self.opt_expr(node.cause.as_deref())?,
            },
            ruff::Stmt::Try(node) => self.try_stmt(node)?,
            ruff::Stmt::Assert(node) => {
                StmtKind::Assert { test: self.expr(&node.test)?, msg: self.opt_expr(node.msg.as_deref())? }
            }
            ruff::Stmt::Import(node) => StmtKind::Import(self.aliases(&node.names)),
            ruff::Stmt::ImportFrom(node) => StmtKind::ImportFrom {
                module: node.module.as_ref().map(|name| self.symbol(name)),
                names: self.aliases(&node.names),
                level: node.level,
            },
            ruff::Stmt::Global(node) => StmtKind::Global(self.identifiers(&node.names)),
            ruff::Stmt::Nonlocal(node) => StmtKind::Nonlocal(self.identifiers(&node.names)),
            ruff::Stmt::Expr(node) => StmtKind::Expr(self.expr(&node.value)?),
            ruff::Stmt::Pass(_) => StmtKind::Pass,
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::IpyEscapeCommand(_) => return syntax_error(loc, "invalid syntax"),
        };
        Ok((kind, loc))
    }

    fn identifiers(&mut self, names: &[ruff::Identifier]) -> Vec<Symbol> {
        names.iter().map(|name| self.symbol(name)).collect()
    }

    fn aliases(&mut self, names: &[ruff::Alias]) -> Vec<Alias> {
        let alias = |alias: &ruff::Alias| Alias {
            name: self.symbol(&alias.name),
            asname: alias.asname.as_ref().map(|name| self.symbol(name)),
            loc: self.loc(alias.range),
        };
        names.iter().map(alias).collect()
    }

    /// Where the definition's keyword stands, after its decorators.
    fn definition_start(&self, start: TextSize, decorators: &[ruff::Decorator]) -> TextSize {
        decorators.last().map_or(start, |last| self.next_token(last.range.end()))
    }

    fn decorators(&mut self, decorators: &[ruff::Decorator]) -> Compiled<Vec<crate::ast::Expr>> {
        self.exprs(decorators.iter().map(|decorator| &decorator.expression))
    }

    fn function_def(&mut self, def: &ruff::StmtFunctionDef) -> Compiled<(StmtKind, Location)> {
        let start = self.definition_start(def.range.start(), &def.decorator_list);
        let loc = self.loc_between(start, self.block_end(def.range.end()));
        let kind = StmtKind::FunctionDef(Box::new(FunctionDef {
            node: self.node(),
            name: self.symbol(&def.name),
            is_async: def.is_async,
            decorators: self.decorators(&def.decorator_list)?,
            type_params: self.type_params(def.type_params.as_deref())?,
            args: self.arguments(&def.parameters)?,
            returns: self.opt_expr(def.returns.as_deref())?,
            body: self.body(&def.body)?,
        }));
        Ok((kind, loc))
    }

    fn class_def(&mut self, def: &ruff::StmtClassDef) -> Compiled<(StmtKind, Location)> {
        let start = self.definition_start(def.range.start(), &def.decorator_list);
        let loc = self.loc_between(start, self.block_end(def.range.end()));
        let (bases, keywords) = match &def.arguments {
            Some(arguments) => self.call_arguments(arguments)?,
            None => (Vec::new(), Vec::new()),
        };
        let kind = StmtKind::ClassDef(Box::new(ClassDef {
            node: self.node(),
            name: self.symbol(&def.name),
            decorators: self.decorators(&def.decorator_list)?,
            type_params: self.type_params(def.type_params.as_deref())?,
            bases,
            keywords,
            body: self.body(&def.body)?,
        }));
        Ok((kind, loc))
    }

    pub(super) fn call_arguments(
        &mut self,
        arguments: &ruff::Arguments,
    ) -> Compiled<(Vec<crate::ast::Expr>, Vec<Keyword>)> {
        let mut args = self.exprs(&arguments.args)?;
        if let ([ruff::Expr::Generator(sole)], true) = (&*arguments.args, arguments.keywords.is_empty())
            && !sole.parenthesized
        {
            args[0].loc = self.loc(arguments.range);
        }
        let keyword = |keyword: &ruff::Keyword| {
            Ok(Keyword {
                arg: keyword.arg.as_ref().map(|name| self.symbol(name)),
                value: self.expr(&keyword.value)?,
                loc: self.loc(keyword.range),
            })
        };
        let keywords = arguments.keywords.iter().map(keyword).collect::<Compiled<_>>()?;
        Ok((args, keywords))
    }

    fn arg(&mut self, parameter: &ruff::Parameter) -> Compiled<Arg> {
        Ok(Arg {
            name: self.symbol(&parameter.name),
            annotation: self.opt_expr(parameter.annotation.as_deref())?,
            // Without the stars of the last parameters.
            loc: self.loc_between(parameter.name.range.start(), parameter.range.end()),
        })
    }

    pub(super) fn arguments(&mut self, parameters: &ruff::Parameters) -> Compiled<Arguments> {
        let mut result = Arguments::default();
        for parameter in &parameters.posonlyargs {
            result.posonlyargs.push(self.arg(&parameter.parameter)?);
            result.defaults.extend(self.opt_expr(parameter.default.as_deref())?);
        }
        for parameter in &parameters.args {
            result.args.push(self.arg(&parameter.parameter)?);
            result.defaults.extend(self.opt_expr(parameter.default.as_deref())?);
        }
        result.vararg = parameters.vararg.as_deref().map(|arg| self.arg(arg)).transpose()?;
        for parameter in &parameters.kwonlyargs {
            result.kwonlyargs.push(self.arg(&parameter.parameter)?);
            result.kw_defaults.push(self.opt_expr(parameter.default.as_deref())?);
        }
        result.kwarg = parameters.kwarg.as_deref().map(|arg| self.arg(arg)).transpose()?;
        Ok(result)
    }

    fn type_params(&mut self, params: Option<&ruff::TypeParams>) -> Compiled<Option<TypeParams>> {
        let Some(params) = params.filter(|params| !params.type_params.is_empty()) else { return Ok(None) };
        let node = self.node();
        let params = params.iter().map(|param| self.type_param(param)).collect::<Compiled<_>>()?;
        Ok(Some(TypeParams { node, params }))
    }

    fn type_param(&mut self, param: &ruff::TypeParam) -> Compiled<TypeParam> {
        let (kind, name, bound, default) = match param {
            ruff::TypeParam::TypeVar(p) => (TypeParamKind::TypeVar, &p.name, p.bound.as_deref(), &p.default),
            ruff::TypeParam::TypeVarTuple(p) => (TypeParamKind::TypeVarTuple, &p.name, None, &p.default),
            ruff::TypeParam::ParamSpec(p) => (TypeParamKind::ParamSpec, &p.name, None, &p.default),
        };
        let mut scoped = |expr: Option<&ruff::Expr>| -> Compiled<_> {
            expr.map(|expr| Ok((self.node(), self.expr(expr)?))).transpose()
        };
        let bound = scoped(bound)?;
        let default = scoped(default.as_deref())?;
        Ok(TypeParam { kind, name: self.symbol(name), bound, default, loc: self.loc(param.range()) })
    }

    fn type_alias(&mut self, node: &ruff::StmtTypeAlias) -> Compiled<StmtKind> {
        Ok(StmtKind::TypeAlias(Box::new(TypeAlias {
            node: self.node(),
            name: self.expr(&node.name)?,
            type_params: self.type_params(node.type_params.as_deref())?,
            value: self.expr(&node.value)?,
        })))
    }

    fn if_stmt(&mut self, node: &ruff::StmtIf) -> Compiled<StmtKind> {
        let test = self.expr(&node.test)?;
        let body = self.body(&node.body)?;
        let mut clauses = Vec::with_capacity(node.elif_else_clauses.len());
        for clause in &node.elif_else_clauses {
            let test = clause.test.as_ref().map(|test| self.expr(test)).transpose()?;
            clauses.push((test, self.body(&clause.body)?, clause.range.start()));
        }
        if clauses.len() + self.depth > super::MAX_DEPTH {
            return self.nested(node.range, |this| this.too_deep(node.range));
        }
        let mut orelse = Vec::new();
        for (test, body, start) in clauses.into_iter().rev() {
            match test {
                None => orelse = body,
                Some(test) => {
                    let loc = self.loc_between(start, self.block_end(node.range.end()));
                    orelse = vec![Stmt { kind: StmtKind::If { test, body, orelse }, loc }];
                }
            }
        }
        Ok(StmtKind::If { test, body, orelse })
    }

    fn too_deep<T>(&mut self, range: ruff_text_size::TextRange) -> Compiled<T> {
        self.depth = super::MAX_DEPTH;
        self.nested(range, |_| unreachable!("the depth limit is reached"))
    }

    fn with(&mut self, node: &ruff::StmtWith) -> Compiled<StmtKind> {
        let item = |item: &ruff::WithItem| {
            Ok(WithItem {
                context: self.expr(&item.context_expr)?,
                vars: self.opt_expr(item.optional_vars.as_deref())?,
            })
        };
        let items = node.items.iter().map(item).collect::<Compiled<_>>()?;
        Ok(StmtKind::With(Box::new(With { items, body: self.body(&node.body)?, is_async: node.is_async })))
    }

    fn match_stmt(&mut self, node: &ruff::StmtMatch) -> Compiled<StmtKind> {
        let subject = self.expr(&node.subject)?;
        let case = |case: &ruff::MatchCase| {
            Ok(MatchCase {
                pattern: self.pattern(&case.pattern)?,
                guard: self.opt_expr(case.guard.as_deref())?,
                body: self.body(&case.body)?,
            })
        };
        let cases = node.cases.iter().map(case).collect::<Compiled<_>>()?;
        Ok(StmtKind::Match(Box::new(Match { subject, cases })))
    }

    fn try_stmt(&mut self, node: &ruff::StmtTry) -> Compiled<StmtKind> {
        let body = self.body(&node.body)?;
        let handler = |handler: &ruff::ExceptHandler| {
            let ruff::ExceptHandler::ExceptHandler(handler) = handler;
            Ok(Handler {
                typ: self.opt_expr(handler.type_.as_deref())?,
                name: handler.name.as_ref().map(|name| self.symbol(name)),
                body: self.body(&handler.body)?,
                loc: self.loc_between(handler.range.start(), self.block_end(handler.range.end())),
            })
        };
        let handlers = node.handlers.iter().map(handler).collect::<Compiled<_>>()?;
        Ok(StmtKind::Try(Box::new(Try {
            body,
            handlers,
            orelse: self.body(&node.orelse)?,
            finalbody: self.body(&node.finalbody)?,
            is_star: node.is_star,
        })))
    }
}
