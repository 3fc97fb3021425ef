//! First pass over statements: definitions and uses, scope by scope.

use super::names::{COMP_IN_CLASS, COMP_IN_TYPE_ALIAS, COMP_IN_TYPE_PARAMS, COMP_IN_TYPE_VAR};
use super::{Entries, Scope, ScopeId, ScopeKind, SymbolTable, def};
use crate::ast::{
    Alias, AnnAssign, Arg, Arguments, ClassDef, Expr, ExprKind, FunctionDef, Module, NodeId, Stmt, StmtKind,
    TypeAlias, TypeParam, TypeParamKind, TypeParams,
};
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::names::{FxHashSet, Interner, Symbol, known};

/// The walk's state.
pub(super) struct Builder<'a> {
    pub(super) table: SymbolTable,
    pub(super) stack: Vec<ScopeId>,
    pub(super) names: &'a mut Interner,
    /// The class whose name mangles private names.
    pub(super) private: Option<Symbol>,
    pub(super) future_annotations: bool,
}

pub(super) fn build(
    module: &Module,
    nodes: usize,
    future_annotations: bool,
    names: &mut Interner,
) -> Compiled<SymbolTable> {
    let table = SymbolTable { scopes: Vec::new(), by_node: vec![None; nodes.max(1)] };
    let mut builder = Builder { table, stack: Vec::new(), names, private: None, future_annotations };
    builder.enter(ScopeKind::Module, Some(NodeId(0)));
    match module {
        Module::File(body) | Module::Interactive(body) => builder.stmts(body)?,
        Module::Expression(expr) => builder.expr(expr)?,
    }
    builder.exit();
    Ok(builder.table)
}

/// What a type-parameter scope belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Generic {
    Function { kwdefaults: bool },
    Class,
    Alias,
}

impl Builder<'_> {
    pub(super) fn current_id(&self) -> ScopeId {
        *self.stack.last().expect("the module's scope stays open during the walk")
    }

    pub(super) fn current(&mut self) -> &mut Scope {
        let id = self.current_id();
        self.table.scope_mut(id)
    }

    pub(super) fn enter(&mut self, kind: ScopeKind, node: Option<NodeId>) {
        let id = ScopeId(self.table.scopes.len() as u32);
        let mut scope = Scope {
            kind,
            symbols: Entries::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            nested: false,
            generator: false,
            coroutine: false,
            comprehension: None,
            comp_inlined: false,
            varargs: false,
            varkeywords: false,
            needs_class_closure: false,
            needs_classdict: false,
            sees_class: false,
            comp_iter_target: false,
            comp_iter_expr: 0,
            mangled_names: None,
            directives: Vec::new(),
            place: "a TypeVar bound",
        };
        if let Some(parent) = self.stack.last() {
            let parent = self.table.scope_mut(*parent);
            scope.nested = parent.nested || parent.kind.is_function_like();
            scope.comp_iter_expr = parent.comp_iter_expr;
            if kind != ScopeKind::Class {
                scope.mangled_names.clone_from(&parent.mangled_names);
            }
            if kind != ScopeKind::Annotation {
                parent.children.push(id);
            }
        }
        self.table.scopes.push(scope);
        self.stack.push(id);
        if let Some(node) = node {
            self.table.by_node[node.0 as usize] = Some(id);
        }
    }

    pub(super) fn exit(&mut self) {
        self.stack.pop();
    }

    pub(super) fn stmts(&mut self, stmts: &[Stmt]) -> Compiled<()> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Compiled<()> {
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function_def(def, loc),
            StmtKind::ClassDef(def) => self.class_def(def, loc),
            StmtKind::TypeAlias(alias) => self.type_alias(alias, loc),
            StmtKind::Return(value) => self.opt_expr(value.as_ref()),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.exprs(targets)?;
                self.expr(value)
            }
            StmtKind::AnnAssign(node) => self.ann_assign(node, loc),
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)
            }
            StmtKind::For(node) => {
                self.expr(&node.target)?;
                self.expr(&node.iter)?;
                self.stmts(&node.body)?;
                self.stmts(&node.orelse)
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.stmts(body)?;
                self.stmts(orelse)
            }
            StmtKind::Match(node) => {
                self.expr(&node.subject)?;
                for case in &node.cases {
                    self.pattern(&case.pattern)?;
                    self.opt_expr(case.guard.as_ref())?;
                    self.stmts(&case.body)?;
                }
                Ok(())
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_expr(exc.as_ref())?;
                self.opt_expr(cause.as_ref())
            }
            StmtKind::Try(node) => {
                self.stmts(&node.body)?;
                for handler in &node.handlers {
                    self.opt_expr(handler.typ.as_ref())?;
                    if let Some(name) = handler.name {
                        self.add_def(name, def::LOCAL, handler.loc)?;
                    }
                    self.stmts(&handler.body)?;
                }
                self.stmts(&node.orelse)?;
                self.stmts(&node.finalbody)
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.opt_expr(msg.as_ref())
            }
            StmtKind::Import(names) => self.aliases(names),
            StmtKind::ImportFrom { names, .. } => self.aliases(names),
            StmtKind::Global(names) => self.declare(names, def::GLOBAL, loc),
            StmtKind::Nonlocal(names) => self.declare(names, def::NONLOCAL, loc),
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::With(node) => {
                for item in &node.items {
                    self.expr(&item.context)?;
                    self.opt_expr(item.vars.as_ref())?;
                }
                self.stmts(&node.body)
            }
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }

    fn function_def(&mut self, def: &FunctionDef, loc: Location) -> Compiled<()> {
        self.add_def(def.name, def::LOCAL, loc)?;
        self.exprs(&def.args.defaults)?;
        for default in def.args.kw_defaults.iter().flatten() {
            self.expr(default)?;
        }
        self.exprs(&def.decorators)?;
        let generic = Generic::Function { kwdefaults: def.args.kw_defaults.iter().any(Option::is_some) };
        self.enter_type_params(def.type_params.as_ref(), def.name, generic, loc)?;
        self.annotations(&def.args, def.returns.as_ref())?;
        self.enter(ScopeKind::Function, Some(def.node));
        self.current().coroutine = def.is_async;
        self.arguments(&def.args)?;
        self.stmts(&def.body)?;
        self.exit();
        self.exit_type_params(def.type_params.as_ref());
        Ok(())
    }

    fn class_def(&mut self, class: &ClassDef, loc: Location) -> Compiled<()> {
        self.add_def(class.name, def::LOCAL, loc)?;
        self.exprs(&class.decorators)?;
        let outer = self.private;
        self.enter_type_params(class.type_params.as_ref(), class.name, Generic::Class, loc)?;
        self.exprs(&class.bases)?;
        for keyword in &class.keywords {
            self.expr(&keyword.value)?;
        }
        self.enter(ScopeKind::Class, Some(class.node));
        self.private = Some(class.name);
        if class.type_params.is_some() {
            self.add_def(known::TYPE_PARAMS, def::LOCAL, loc)?;
            self.add_def(known::DOT_TYPE_PARAMS, def::USE, loc)?;
        }
        self.stmts(&class.body)?;
        self.exit();
        self.exit_type_params(class.type_params.as_ref());
        self.private = outer;
        Ok(())
    }

    fn type_alias(&mut self, alias: &TypeAlias, loc: Location) -> Compiled<()> {
        self.expr(&alias.name)?;
        let ExprKind::Name { id: name, .. } = alias.name.kind else {
            return syntax_error(alias.name.loc, "invalid syntax");
        };
        let in_class = self.current().kind == ScopeKind::Class;
        self.enter_type_params(alias.type_params.as_ref(), name, Generic::Alias, loc)?;
        self.enter(ScopeKind::TypeAlias, Some(alias.node));
        self.current().sees_class = in_class;
        if in_class {
            self.add_def(known::CLASSDICT, def::USE, alias.value.loc)?;
        }
        self.expr(&alias.value)?;
        self.exit();
        self.exit_type_params(alias.type_params.as_ref());
        Ok(())
    }

    fn enter_type_params(
        &mut self,
        params: Option<&TypeParams>,
        name: Symbol,
        generic: Generic,
        loc: Location,
    ) -> Compiled<()> {
        let Some(params) = params else { return Ok(()) };
        let in_class = self.current().kind == ScopeKind::Class;
        self.enter(ScopeKind::TypeParameters, Some(params.node));
        if in_class {
            self.current().sees_class = true;
            self.add_def(known::CLASSDICT, def::USE, loc)?;
        }
        if generic == Generic::Class {
            self.private = Some(name);
            self.current().mangled_names = Some(FxHashSet::default());
            for hidden in [known::DOT_TYPE_PARAMS, known::DOT_GENERIC_BASE] {
                self.add_def(hidden, def::LOCAL, loc)?;
                self.add_def(hidden, def::USE, loc)?;
            }
        }
        if let Generic::Function { kwdefaults } = generic {
            self.add_def(known::DOT_DEFAULTS, def::PARAM, loc)?;
            if kwdefaults {
                self.add_def(known::DOT_KWDEFAULTS, def::PARAM, loc)?;
            }
        }
        params.params.iter().try_for_each(|param| self.type_param(param))
    }

    fn exit_type_params(&mut self, params: Option<&TypeParams>) {
        if params.is_some() {
            self.exit();
        }
    }

    fn type_param(&mut self, param: &TypeParam) -> Compiled<()> {
        self.add_def(param.name, def::TYPE_PARAM | def::LOCAL, param.loc)?;
        for (node, expr) in param.bound.iter().chain(&param.default) {
            let in_class = self.current().sees_class;
            self.enter(ScopeKind::TypeVariable, Some(*node));
            self.current().sees_class = in_class;
            let is_bound = param.bound.as_ref().is_some_and(|(bound, _)| bound == node);
            self.current().place = place(param.kind, is_bound, expr);
            if in_class {
                self.add_def(known::CLASSDICT, def::USE, expr.loc)?;
            }
            self.expr(expr)?;
            self.exit();
        }
        Ok(())
    }

    fn annotations(&mut self, args: &Arguments, returns: Option<&Expr>) -> Compiled<()> {
        let annotated = |args: &[Arg], this: &mut Self| -> Compiled<()> {
            args.iter().filter_map(|arg| arg.annotation.as_ref()).try_for_each(|a| this.annotation(a))
        };
        annotated(&args.posonlyargs, self)?;
        annotated(&args.args, self)?;
        for variadic in args.vararg.iter().chain(&args.kwarg) {
            annotated(std::slice::from_ref(variadic), self)?;
        }
        annotated(&args.kwonlyargs, self)?;
        returns.map_or(Ok(()), |returns| self.annotation(returns))
    }

    fn annotation(&mut self, annotation: &Expr) -> Compiled<()> {
        if !self.future_annotations {
            return self.expr(annotation);
        }
        self.enter(ScopeKind::Annotation, None);
        self.expr(annotation)?;
        self.exit();
        Ok(())
    }

    pub(super) fn arguments(&mut self, args: &Arguments) -> Compiled<()> {
        for arg in args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs) {
            self.add_def(arg.name, def::PARAM, arg.loc)?;
        }
        if let Some(arg) = &args.vararg {
            self.add_def(arg.name, def::PARAM, arg.loc)?;
            self.current().varargs = true;
        }
        if let Some(arg) = &args.kwarg {
            self.add_def(arg.name, def::PARAM, arg.loc)?;
            self.current().varkeywords = true;
        }
        Ok(())
    }

    fn ann_assign(&mut self, node: &AnnAssign, loc: Location) -> Compiled<()> {
        if let ExprKind::Name { id, .. } = node.target.kind {
            let flags = self.lookup(id).flags;
            let at_module = self.current().kind == ScopeKind::Module;
            if flags & (def::GLOBAL | def::NONLOCAL) != 0 && !at_module && node.simple {
                let what = if flags & def::GLOBAL != 0 { "global" } else { "nonlocal" };
                let name = self.names.get(id);
                return syntax_error(loc, format!("annotated name '{name}' can't be {what}"));
            }
            if node.simple {
                self.add_def(id, def::ANNOT | def::LOCAL, node.target.loc)?;
            } else if node.value.is_some() {
                self.add_def(id, def::LOCAL, node.target.loc)?;
            }
        } else {
            self.expr(&node.target)?;
        }
        self.annotation(&node.annotation)?;
        self.opt_expr(node.value.as_ref())
    }

    fn aliases(&mut self, names: &[Alias]) -> Compiled<()> {
        for alias in names {
            if alias.name == known::STAR {
                if self.current().kind != ScopeKind::Module {
                    return syntax_error(alias.loc, "import * only allowed at module level");
                }
                continue;
            }
            let stored = alias.asname.unwrap_or_else(|| {
                let name = self.names.get(alias.name);
                let base = name.split('.').next().unwrap_or(name).to_owned();
                self.names.intern(&base)
            });
            self.add_def(stored, def::IMPORT, alias.loc)?;
        }
        Ok(())
    }

    fn declare(&mut self, names: &[Symbol], flag: u32, loc: Location) -> Compiled<()> {
        let what = if flag == def::GLOBAL { "global" } else { "nonlocal" };
        for name in names {
            let flags = self.lookup(*name).flags;
            let text = self.names.get(*name);
            let message = if flags & def::PARAM != 0 {
                format!("name '{text}' is parameter and {what}")
            } else if flags & def::USE != 0 {
                format!("name '{text}' is used prior to {what} declaration")
            } else if flags & def::ANNOT != 0 {
                format!("annotated name '{text}' can't be {what}")
            } else if flags & def::LOCAL != 0 {
                format!("name '{text}' is assigned to before {what} declaration")
            } else {
                self.add_def(*name, flag, loc)?;
                self.record_directive(*name, loc);
                continue;
            };
            return syntax_error(loc, message);
        }
        Ok(())
    }

    pub(super) fn opt_expr(&mut self, expr: Option<&Expr>) -> Compiled<()> {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    pub(super) fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Compiled<()> {
        exprs.into_iter().try_for_each(|expr| self.expr(expr))
    }

    /// Binds a walrus target that stands in a comprehension in the scope around it.
    pub(super) fn extend_named_scope(&mut self, target: Symbol, loc: Location) -> Compiled<()> {
        for index in (0..self.stack.len()).rev() {
            let id = self.stack[index];
            let flags = self.lookup_in(id, target).flags;
            let (comprehension, kind) = {
                let scope = self.table.scope(id);
                (scope.comprehension.is_some(), scope.kind)
            };
            if comprehension {
                if flags & def::COMP_ITER != 0 && flags & (def::LOCAL | def::GLOBAL) != 0 {
                    let name = self.names.get(target);
                    let message = format!(
                        "assignment expression cannot rebind comprehension iteration variable '{name}'"
                    );
                    return syntax_error(loc, message);
                }
                continue;
            }
            match kind {
                ScopeKind::Function => {
                    let flag = if flags & def::GLOBAL != 0 { def::GLOBAL } else { def::NONLOCAL };
                    self.add_def(target, flag, loc)?;
                    self.record_directive(target, loc);
                    return self.add_def_in(id, target, def::LOCAL, loc);
                }
                ScopeKind::Module => {
                    self.add_def(target, def::GLOBAL, loc)?;
                    self.record_directive(target, loc);
                    return self.add_def_in(id, target, def::GLOBAL, loc);
                }
                ScopeKind::Class => return syntax_error(loc, COMP_IN_CLASS),
                ScopeKind::TypeParameters => return syntax_error(loc, COMP_IN_TYPE_PARAMS),
                ScopeKind::TypeAlias => return syntax_error(loc, COMP_IN_TYPE_ALIAS),
                ScopeKind::TypeVariable => return syntax_error(loc, COMP_IN_TYPE_VAR),
                ScopeKind::Annotation => {}
            }
        }
        Ok(())
    }
}

/// What a bound or default is called in messages.
fn place(kind: TypeParamKind, is_bound: bool, expr: &Expr) -> &'static str {
    match kind {
        TypeParamKind::TypeVar if is_bound && matches!(expr.kind, ExprKind::Tuple { .. }) => {
            "a TypeVar constraint"
        }
        TypeParamKind::TypeVar if is_bound => "a TypeVar bound",
        TypeParamKind::TypeVar => "a TypeVar default",
        TypeParamKind::TypeVarTuple => "a TypeVarTuple default",
        TypeParamKind::ParamSpec => "a ParamSpec default",
    }
}
