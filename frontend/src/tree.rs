//! The syntax tree for programs that ask for it (module `ast`): steps that build it bottom-up.
//!
//! Whoever follows the steps keeps a stack: a constant is pushed, a list takes as many parts as it says, a node takes
//! its fields in the order of the grammar. So the tree needs no types of its own on the other side, and building it
//! no recursion.

use bytecode::{Const, Text};

use crate::ast::*;
use crate::ir::Location;
use crate::names::{Interner, Symbol};

/// A step of building a tree.
#[derive(Clone, Debug)]
pub enum TreeStep {
    /// Pushes a constant: a name, a number, `None` for a field without value.
    Const(Const),
    /// Pops so many parts, pushes a list of them.
    List(usize),
    /// Pops so many fields, pushes a node of this class.
    Node {
        /// The class's name in module `ast`.
        class: &'static str,
        /// How many fields.
        fields: usize,
        /// Its place in the source; [`Location::NONE`] for nodes that have none.
        place: Location,
    },
}

/// The steps that build a module's tree.
pub(crate) fn steps(module: &Module, names: &Interner) -> Vec<TreeStep> {
    let mut steps = Steps { names, steps: Vec::new() };
    match module {
        Module::File(body) => {
            steps.stmts(body);
            steps.list(&[] as &[Stmt], Steps::stmt);
            steps.node("Module", 2, Location::NONE);
        }
        Module::Interactive(body) => {
            steps.stmts(body);
            steps.node("Interactive", 1, Location::NONE);
        }
        Module::Expression(body) => {
            steps.expr(body);
            steps.node("Expression", 1, Location::NONE);
        }
    }
    steps.steps
}

struct Steps<'n> {
    names: &'n Interner,
    steps: Vec<TreeStep>,
}

impl Steps<'_> {
    fn node(&mut self, class: &'static str, fields: usize, place: Location) {
        self.steps.push(TreeStep::Node { class, fields, place });
    }

    fn mark(&mut self, class: &'static str) {
        self.node(class, 0, Location::NONE);
    }

    fn constant(&mut self, value: Const) {
        self.steps.push(TreeStep::Const(value));
    }

    fn none(&mut self) {
        self.constant(Const::None);
    }

    fn int(&mut self, value: i64) {
        self.constant(Const::Int(value));
    }

    fn symbol(&mut self, symbol: Symbol) {
        let text = Text::from(self.names.get(symbol));
        self.constant(Const::Str(text));
    }

    fn opt_symbol(&mut self, symbol: Option<Symbol>) {
        match symbol {
            Some(symbol) => self.symbol(symbol),
            None => self.none(),
        }
    }

    fn list<T>(&mut self, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        items.iter().for_each(|item| each(self, item));
        self.steps.push(TreeStep::List(items.len()));
    }

    fn stmts(&mut self, body: &[Stmt]) {
        self.list(body, Self::stmt);
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        self.list(exprs, Self::expr);
    }

    fn opt_expr(&mut self, expr: Option<&Expr>) {
        match expr {
            Some(expr) => self.expr(expr),
            None => self.none(),
        }
    }

    fn symbols(&mut self, symbols: &[Symbol]) {
        self.list(symbols, |this, symbol| this.symbol(*symbol));
    }

    fn context(&mut self, context: Context) {
        self.mark(match context {
            Context::Load => "Load",
            Context::Store => "Store",
            Context::Del => "Del",
        });
    }

    fn operator(&mut self, op: Operator) {
        self.mark(match op {
            Operator::Add => "Add",
            Operator::BitAnd => "BitAnd",
            Operator::FloorDiv => "FloorDiv",
            Operator::LShift => "LShift",
            Operator::MatMult => "MatMult",
            Operator::Mult => "Mult",
            Operator::Mod => "Mod",
            Operator::BitOr => "BitOr",
            Operator::Pow => "Pow",
            Operator::RShift => "RShift",
            Operator::Sub => "Sub",
            Operator::Div => "Div",
            Operator::BitXor => "BitXor",
        });
    }

    fn comparison(&mut self, op: CmpOp) {
        self.mark(match op {
            CmpOp::Eq => "Eq",
            CmpOp::NotEq => "NotEq",
            CmpOp::Lt => "Lt",
            CmpOp::LtE => "LtE",
            CmpOp::Gt => "Gt",
            CmpOp::GtE => "GtE",
            CmpOp::Is => "Is",
            CmpOp::IsNot => "IsNot",
            CmpOp::In => "In",
            CmpOp::NotIn => "NotIn",
        });
    }

    // ---- Statements --------------------------------------------------------------------------------------------------

    fn stmt(&mut self, stmt: &Stmt) {
        let (class, fields) = self.stmt_fields(&stmt.kind);
        self.node(class, fields, stmt.loc);
    }

    fn stmt_fields(&mut self, kind: &StmtKind) -> (&'static str, usize) {
        match kind {
            StmtKind::FunctionDef(function) => self.function(function),
            StmtKind::ClassDef(class) => self.class(class),
            StmtKind::Return(value) => {
                self.opt_expr(value.as_ref());
                ("Return", 1)
            }
            StmtKind::Delete(targets) => {
                self.exprs(targets);
                ("Delete", 1)
            }
            StmtKind::TypeAlias(alias) => {
                self.expr(&alias.name);
                self.type_params(alias.type_params.as_ref());
                self.expr(&alias.value);
                ("TypeAlias", 3)
            }
            StmtKind::Assign { targets, value } => {
                self.exprs(targets);
                self.expr(value);
                self.none();
                ("Assign", 3)
            }
            StmtKind::AugAssign { target, op, value } => {
                self.expr(target);
                self.operator(*op);
                self.expr(value);
                ("AugAssign", 3)
            }
            StmtKind::AnnAssign(assign) => {
                self.expr(&assign.target);
                self.expr(&assign.annotation);
                self.opt_expr(assign.value.as_ref());
                self.int(assign.simple.into());
                ("AnnAssign", 4)
            }
            StmtKind::Raise { exc, cause } => {
                self.opt_expr(exc.as_ref());
                self.opt_expr(cause.as_ref());
                ("Raise", 2)
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test);
                self.opt_expr(msg.as_ref());
                ("Assert", 2)
            }
            StmtKind::Import(names) => {
                self.list(names, Self::alias);
                ("Import", 1)
            }
            StmtKind::ImportFrom { module, names, level } => {
                self.opt_symbol(*module);
                self.list(names, Self::alias);
                self.int((*level).into());
                ("ImportFrom", 3)
            }
            StmtKind::Global(names) => {
                self.symbols(names);
                ("Global", 1)
            }
            StmtKind::Nonlocal(names) => {
                self.symbols(names);
                ("Nonlocal", 1)
            }
            StmtKind::Expr(value) => {
                self.expr(value);
                ("Expr", 1)
            }
            StmtKind::Pass => ("Pass", 0),
            StmtKind::Break => ("Break", 0),
            StmtKind::Continue => ("Continue", 0),
            block => self.block(block),
        }
    }

    /// Statements that have others in them.
    fn block(&mut self, kind: &StmtKind) -> (&'static str, usize) {
        match kind {
            StmtKind::For(node) => {
                self.expr(&node.target);
                self.expr(&node.iter);
                self.stmts(&node.body);
                self.stmts(&node.orelse);
                self.none();
                (if node.is_async { "AsyncFor" } else { "For" }, 5)
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test);
                self.stmts(body);
                self.stmts(orelse);
                (if matches!(kind, StmtKind::If { .. }) { "If" } else { "While" }, 3)
            }
            StmtKind::With(node) => {
                self.list(&node.items, |this, item| {
                    this.expr(&item.context);
                    this.opt_expr(item.vars.as_ref());
                    this.node("withitem", 2, Location::NONE);
                });
                self.stmts(&node.body);
                self.none();
                (if node.is_async { "AsyncWith" } else { "With" }, 3)
            }
            StmtKind::Match(node) => {
                self.expr(&node.subject);
                self.list(&node.cases, |this, case| {
                    this.pattern(&case.pattern);
                    this.opt_expr(case.guard.as_ref());
                    this.stmts(&case.body);
                    this.node("match_case", 3, Location::NONE);
                });
                ("Match", 2)
            }
            StmtKind::Try(node) => {
                self.stmts(&node.body);
                self.list(&node.handlers, |this, handler| {
                    this.opt_expr(handler.typ.as_ref());
                    this.opt_symbol(handler.name);
                    this.stmts(&handler.body);
                    this.node("ExceptHandler", 3, handler.loc);
                });
                self.stmts(&node.orelse);
                self.stmts(&node.finalbody);
                (if node.is_star { "TryStar" } else { "Try" }, 4)
            }
            other => unreachable!("{other:?} is no block"),
        }
    }

    fn function(&mut self, node: &FunctionDef) -> (&'static str, usize) {
        self.symbol(node.name);
        self.arguments(&node.args);
        self.stmts(&node.body);
        self.exprs(&node.decorators);
        self.opt_expr(node.returns.as_ref());
        self.none();
        self.type_params(node.type_params.as_ref());
        (if node.is_async { "AsyncFunctionDef" } else { "FunctionDef" }, 7)
    }

    fn class(&mut self, node: &ClassDef) -> (&'static str, usize) {
        self.symbol(node.name);
        self.exprs(&node.bases);
        self.list(&node.keywords, Self::keyword);
        self.stmts(&node.body);
        self.exprs(&node.decorators);
        self.type_params(node.type_params.as_ref());
        ("ClassDef", 6)
    }

    fn type_params(&mut self, params: Option<&TypeParams>) {
        let params = params.map_or(&[][..], |params| &params.params);
        self.list(params, |this, param| {
            this.symbol(param.name);
            let (class, fields) = match param.kind {
                TypeParamKind::TypeVar => ("TypeVar", 3),
                TypeParamKind::TypeVarTuple => ("TypeVarTuple", 2),
                TypeParamKind::ParamSpec => ("ParamSpec", 2),
            };
            if fields == 3 {
                this.opt_expr(param.bound.as_ref().map(|(_, bound)| bound));
            }
            this.opt_expr(param.default.as_ref().map(|(_, default)| default));
            this.node(class, fields, param.loc);
        });
    }

    fn alias(&mut self, alias: &Alias) {
        self.symbol(alias.name);
        self.opt_symbol(alias.asname);
        self.node("alias", 2, alias.loc);
    }

    fn keyword(&mut self, keyword: &Keyword) {
        self.opt_symbol(keyword.arg);
        self.expr(&keyword.value);
        self.node("keyword", 2, keyword.loc);
    }

    fn arguments(&mut self, node: &Arguments) {
        self.list(&node.posonlyargs, Self::arg);
        self.list(&node.args, Self::arg);
        self.opt_arg(node.vararg.as_ref());
        self.list(&node.kwonlyargs, Self::arg);
        self.list(&node.kw_defaults, |this, default| this.opt_expr(default.as_ref()));
        self.opt_arg(node.kwarg.as_ref());
        self.exprs(&node.defaults);
        self.node("arguments", 7, Location::NONE);
    }

    fn arg(&mut self, arg: &Arg) {
        self.symbol(arg.name);
        self.opt_expr(arg.annotation.as_ref());
        self.none();
        self.node("arg", 3, arg.loc);
    }

    fn opt_arg(&mut self, arg: Option<&Arg>) {
        match arg {
            Some(arg) => self.arg(arg),
            None => self.none(),
        }
    }

    // ---- Patterns ----------------------------------------------------------------------------------------------------

    fn patterns(&mut self, patterns: &[Pattern]) {
        self.list(patterns, Self::pattern);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        let (class, fields) = match &pattern.kind {
            PatternKind::Value(value) => {
                self.expr(value);
                ("MatchValue", 1)
            }
            PatternKind::Singleton(value) => {
                self.constant(value.clone());
                ("MatchSingleton", 1)
            }
            PatternKind::Sequence(patterns) => {
                self.patterns(patterns);
                ("MatchSequence", 1)
            }
            PatternKind::Mapping { keys, patterns, rest } => {
                self.exprs(keys);
                self.patterns(patterns);
                self.opt_symbol(*rest);
                ("MatchMapping", 3)
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.expr(cls);
                self.patterns(patterns);
                self.list(kwd_attrs, |this, (attr, _)| this.symbol(*attr));
                self.patterns(kwd_patterns);
                ("MatchClass", 4)
            }
            PatternKind::Star(name) => {
                self.opt_symbol(*name);
                ("MatchStar", 1)
            }
            PatternKind::As { pattern, name } => {
                match pattern {
                    Some(pattern) => self.pattern(pattern),
                    None => self.none(),
                }
                self.opt_symbol(*name);
                ("MatchAs", 2)
            }
            PatternKind::Or(patterns) => {
                self.patterns(patterns);
                ("MatchOr", 1)
            }
        };
        self.node(class, fields, pattern.loc);
    }

    // ---- Expressions -------------------------------------------------------------------------------------------------

    fn expr(&mut self, expr: &Expr) {
        let (class, fields) = self.expr_fields(&expr.kind);
        self.node(class, fields, expr.loc);
    }

    fn expr_fields(&mut self, kind: &ExprKind) -> (&'static str, usize) {
        match kind {
            ExprKind::Constant(value) => {
                self.constant(value.clone());
                self.none();
                ("Constant", 2)
            }
            ExprKind::UnicodeConstant(value) => {
                self.constant(value.clone());
                self.constant(Const::Str(Text::from("u")));
                ("Constant", 2)
            }
            ExprKind::Name { id, ctx } => {
                self.symbol(*id);
                self.context(*ctx);
                ("Name", 2)
            }
            ExprKind::Attribute { value, attr, ctx } => {
                self.expr(value);
                self.symbol(*attr);
                self.context(*ctx);
                ("Attribute", 3)
            }
            ExprKind::Subscript { value, slice, ctx } => {
                self.expr(value);
                self.expr(slice);
                self.context(*ctx);
                ("Subscript", 3)
            }
            ExprKind::Starred { value, ctx } => {
                self.expr(value);
                self.context(*ctx);
                ("Starred", 2)
            }
            ExprKind::List { elts, ctx } | ExprKind::Tuple { elts, ctx } => {
                self.exprs(elts);
                self.context(*ctx);
                (if matches!(kind, ExprKind::List { .. }) { "List" } else { "Tuple" }, 2)
            }
            ExprKind::Set(elts) => {
                self.exprs(elts);
                ("Set", 1)
            }
            ExprKind::Dict { keys, values } => {
                self.list(keys, |this, key| this.opt_expr(key.as_ref()));
                self.exprs(values);
                ("Dict", 2)
            }
            ExprKind::Slice { lower, upper, step } => {
                for part in [lower, upper, step] {
                    self.opt_expr(part.as_deref());
                }
                ("Slice", 3)
            }
            ExprKind::JoinedStr(values) => {
                self.exprs(values);
                ("JoinedStr", 1)
            }
            ExprKind::FormattedValue { value, conversion, spec } => {
                self.expr(value);
                self.int(conversion.map_or(-1, |conversion| match conversion {
                    Conversion::Str => i64::from(b's'),
                    Conversion::Repr => i64::from(b'r'),
                    Conversion::Ascii => i64::from(b'a'),
                }));
                self.opt_expr(spec.as_deref());
                ("FormattedValue", 3)
            }
            other => self.operation(other),
        }
    }

    /// Expressions that do something.
    fn operation(&mut self, kind: &ExprKind) -> (&'static str, usize) {
        match kind {
            ExprKind::BoolOp { op, values } => {
                self.mark(if *op == BoolOp::And { "And" } else { "Or" });
                self.exprs(values);
                ("BoolOp", 2)
            }
            ExprKind::Named { target, value } => {
                self.expr(target);
                self.expr(value);
                ("NamedExpr", 2)
            }
            ExprKind::BinOp { left, op, right } => {
                self.expr(left);
                self.operator(*op);
                self.expr(right);
                ("BinOp", 3)
            }
            ExprKind::UnaryOp { op, operand } => {
                self.mark(match op {
                    UnaryOp::Invert => "Invert",
                    UnaryOp::Not => "Not",
                    UnaryOp::UAdd => "UAdd",
                    UnaryOp::USub => "USub",
                });
                self.expr(operand);
                ("UnaryOp", 2)
            }
            ExprKind::Lambda(node) => {
                self.arguments(&node.args);
                self.expr(&node.body);
                ("Lambda", 2)
            }
            ExprKind::IfExp { test, body, orelse } => {
                for part in [test, body, orelse] {
                    self.expr(part);
                }
                ("IfExp", 3)
            }
            ExprKind::Await(value) => {
                self.expr(value);
                ("Await", 1)
            }
            ExprKind::Yield(value) => {
                self.opt_expr(value.as_deref());
                ("Yield", 1)
            }
            ExprKind::YieldFrom(value) => {
                self.expr(value);
                ("YieldFrom", 1)
            }
            ExprKind::Compare { left, ops, comparators } => {
                self.expr(left);
                self.list(ops, |this, op| this.comparison(*op));
                self.exprs(comparators);
                ("Compare", 3)
            }
            ExprKind::Call(call) => {
                self.expr(&call.func);
                self.exprs(&call.args);
                self.list(&call.keywords, Self::keyword);
                ("Call", 3)
            }
            ExprKind::Comp(comp) => self.comprehension(comp),
            other => unreachable!("{other:?} is no operation"),
        }
    }

    fn comprehension(&mut self, comp: &Comp) -> (&'static str, usize) {
        self.expr(&comp.elt);
        if let Some(value) = &comp.value {
            self.expr(value);
        }
        self.list(&comp.generators, |this, generator| {
            this.expr(&generator.target);
            this.expr(&generator.iter);
            this.exprs(&generator.ifs);
            this.int(generator.is_async.into());
            this.node("comprehension", 4, Location::NONE);
        });
        let class = match comp.kind {
            CompKind::List => "ListComp",
            CompKind::Set => "SetComp",
            CompKind::Dict => "DictComp",
            CompKind::Generator => "GeneratorExp",
        };
        (class, 2 + usize::from(comp.value.is_some()))
    }
}
