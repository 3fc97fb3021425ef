//! The compiler's own syntax tree.
//!
//! The parser's tree keeps what a linter needs (tokens, implicit concatenation, quotes); code generation needs
//! CPython's tree, to the node: constants parsed, concatenated strings joined, `elif` nested, source ranges as CPython
//! counts them. `lower` makes this tree; constant folding rewrites it in place.

use bytecode::Const;

use crate::ir::Location;
use crate::names::Symbol;

/// Identity of a node that opens a scope: the key of the symbol table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub(crate) struct NodeId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Context {
    Load,
    Store,
    Del,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum BoolOp {
    And,
    Or,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum UnaryOp {
    Invert,
    Not,
    UAdd,
    USub,
}

/// Binary operators, numbered as `BINARY_OP`'s oparg.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Add = 0,
    BitAnd = 1,
    FloorDiv = 2,
    LShift = 3,
    MatMult = 4,
    Mult = 5,
    Mod = 6,
    BitOr = 7,
    Pow = 8,
    RShift = 9,
    Sub = 10,
    Div = 11,
    BitXor = 12,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CompKind {
    List,
    Set,
    Dict,
    Generator,
}

/// `!s`, `!r`, `!a`, numbered as `CONVERT_VALUE`'s oparg.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Conversion {
    Str = 1,
    Repr = 2,
    Ascii = 3,
}

#[derive(Debug)]
pub(crate) struct Expr {
    pub kind: ExprKind,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    BoolOp {
        op: BoolOp,
        values: Vec<Expr>,
    },
    Named {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    BinOp {
        left: Box<Expr>,
        op: Operator,
        right: Box<Expr>,
    },
    UnaryOp {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Lambda(Box<Lambda>),
    IfExp {
        test: Box<Expr>,
        body: Box<Expr>,
        orelse: Box<Expr>,
    },
    Dict {
        keys: Vec<Option<Expr>>,
        values: Vec<Expr>,
    },
    Set(Vec<Expr>),
    Comp(Box<Comp>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Compare {
        left: Box<Expr>,
        ops: Vec<CmpOp>,
        comparators: Vec<Expr>,
    },
    Call(Box<Call>),
    FormattedValue {
        value: Box<Expr>,
        conversion: Option<Conversion>,
        spec: Option<Box<Expr>>,
    },
    JoinedStr(Vec<Expr>),
    Constant(Const),
    /// A string literal that starts with a `u` prefix; only unparsing tells it from a plain one.
    UnicodeConstant(Const),
    Attribute {
        value: Box<Expr>,
        attr: Symbol,
        ctx: Context,
    },
    Subscript {
        value: Box<Expr>,
        slice: Box<Expr>,
        ctx: Context,
    },
    Starred {
        value: Box<Expr>,
        ctx: Context,
    },
    Name {
        id: Symbol,
        ctx: Context,
    },
    List {
        elts: Vec<Expr>,
        ctx: Context,
    },
    Tuple {
        elts: Vec<Expr>,
        ctx: Context,
    },
    Slice {
        lower: Option<Box<Expr>>,
        upper: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
    },
}

impl Expr {
    /// The constant that stands here, if one does.
    pub fn as_const(&self) -> Option<&Const> {
        match &self.kind {
            ExprKind::Constant(value) | ExprKind::UnicodeConstant(value) => Some(value),
            _ => None,
        }
    }

    pub fn is_starred(&self) -> bool {
        matches!(self.kind, ExprKind::Starred { .. })
    }
}

#[derive(Debug)]
pub(crate) struct Lambda {
    pub node: NodeId,
    pub args: Arguments,
    pub body: Expr,
}

/// A comprehension or generator expression. `elt` is a dict comprehension's key, `value` its value.
#[derive(Debug)]
pub(crate) struct Comp {
    pub node: NodeId,
    pub kind: CompKind,
    pub elt: Expr,
    pub value: Option<Expr>,
    pub generators: Vec<Comprehension>,
}

#[derive(Debug)]
pub(crate) struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
    pub is_async: bool,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub func: Expr,
    pub args: Vec<Expr>,
    pub keywords: Vec<Keyword>,
}

/// `arg=value`, or `**value` without `arg`.
#[derive(Debug)]
pub(crate) struct Keyword {
    pub arg: Option<Symbol>,
    pub value: Expr,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) struct Arg {
    pub name: Symbol,
    pub annotation: Option<Expr>,
    pub loc: Location,
}

/// Parameters. `defaults` belong to the last positional ones, `kw_defaults` to `kwonlyargs` one by one.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub posonlyargs: Vec<Arg>,
    pub args: Vec<Arg>,
    pub vararg: Option<Arg>,
    pub kwonlyargs: Vec<Arg>,
    pub kw_defaults: Vec<Option<Expr>>,
    pub kwarg: Option<Arg>,
    pub defaults: Vec<Expr>,
}

#[derive(Debug)]
pub(crate) struct Stmt {
    pub kind: StmtKind,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) enum StmtKind {
    FunctionDef(Box<FunctionDef>),
    ClassDef(Box<ClassDef>),
    Return(Option<Expr>),
    Delete(Vec<Expr>),
    TypeAlias(Box<TypeAlias>),
    Assign { targets: Vec<Expr>, value: Expr },
    AugAssign { target: Expr, op: Operator, value: Expr },
    AnnAssign(Box<AnnAssign>),
    For(Box<For>),
    While { test: Expr, body: Vec<Stmt>, orelse: Vec<Stmt> },
    If { test: Expr, body: Vec<Stmt>, orelse: Vec<Stmt> },
    With(Box<With>),
    Match(Box<Match>),
    Raise { exc: Option<Expr>, cause: Option<Expr> },
    Try(Box<Try>),
    Assert { test: Expr, msg: Option<Expr> },
    Import(Vec<Alias>),
    ImportFrom { module: Option<Symbol>, names: Vec<Alias>, level: u32 },
    Global(Vec<Symbol>),
    Nonlocal(Vec<Symbol>),
    Expr(Expr),
    Pass,
    Break,
    Continue,
}

#[derive(Debug)]
pub(crate) struct FunctionDef {
    pub node: NodeId,
    pub name: Symbol,
    pub is_async: bool,
    pub type_params: Option<TypeParams>,
    pub args: Arguments,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
    pub returns: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct ClassDef {
    pub node: NodeId,
    pub name: Symbol,
    pub type_params: Option<TypeParams>,
    pub bases: Vec<Expr>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<Stmt>,
    pub decorators: Vec<Expr>,
}

#[derive(Debug)]
pub(crate) struct TypeAlias {
    pub node: NodeId,
    pub name: Expr,
    pub type_params: Option<TypeParams>,
    pub value: Expr,
}

#[derive(Debug)]
pub(crate) struct TypeParams {
    pub node: NodeId,
    pub params: Vec<TypeParam>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TypeParamKind {
    TypeVar,
    TypeVarTuple,
    ParamSpec,
}

#[derive(Debug)]
pub(crate) struct TypeParam {
    pub kind: TypeParamKind,
    pub name: Symbol,
    pub bound: Option<(NodeId, Expr)>,
    pub default: Option<(NodeId, Expr)>,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) struct AnnAssign {
    pub target: Expr,
    pub annotation: Expr,
    pub value: Option<Expr>,
    pub simple: bool,
}

#[derive(Debug)]
pub(crate) struct For {
    pub target: Expr,
    pub iter: Expr,
    pub body: Vec<Stmt>,
    pub orelse: Vec<Stmt>,
    pub is_async: bool,
}

#[derive(Debug)]
pub(crate) struct With {
    pub items: Vec<WithItem>,
    pub body: Vec<Stmt>,
    pub is_async: bool,
}

#[derive(Debug)]
pub(crate) struct WithItem {
    pub context: Expr,
    pub vars: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Try {
    pub body: Vec<Stmt>,
    pub handlers: Vec<Handler>,
    pub orelse: Vec<Stmt>,
    pub finalbody: Vec<Stmt>,
    pub is_star: bool,
}

#[derive(Debug)]
pub(crate) struct Handler {
    pub typ: Option<Expr>,
    pub name: Option<Symbol>,
    pub body: Vec<Stmt>,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) struct Alias {
    pub name: Symbol,
    pub asname: Option<Symbol>,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) struct Match {
    pub subject: Expr,
    pub cases: Vec<MatchCase>,
}

#[derive(Debug)]
pub(crate) struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Vec<Stmt>,
}

#[derive(Debug)]
pub(crate) struct Pattern {
    pub kind: PatternKind,
    pub loc: Location,
}

#[derive(Debug)]
pub(crate) enum PatternKind {
    Value(Expr),
    Singleton(Const),
    Sequence(Vec<Pattern>),
    Mapping {
        keys: Vec<Expr>,
        patterns: Vec<Pattern>,
        rest: Option<Symbol>,
    },
    Class {
        cls: Expr,
        patterns: Vec<Pattern>,
        kwd_attrs: Vec<(Symbol, Location)>,
        kwd_patterns: Vec<Pattern>,
    },
    Star(Option<Symbol>),
    As {
        pattern: Option<Box<Pattern>>,
        name: Option<Symbol>,
    },
    Or(Vec<Pattern>),
}

impl Pattern {
    /// `_`
    pub fn is_wildcard(&self) -> bool {
        matches!(self.kind, PatternKind::As { pattern: None, name: None })
    }
}

/// What is compiled: a module, one interactive statement, or an expression.
#[derive(Debug)]
pub(crate) enum Module {
    File(Vec<Stmt>),
    Interactive(Vec<Stmt>),
    Expression(Expr),
}

/// The docstring of a body: its first statement, if that is a string alone.
pub(crate) fn docstring(body: &[Stmt]) -> Option<&Expr> {
    match &body.first()?.kind {
        StmtKind::Expr(expr) if matches!(expr.as_const(), Some(Const::Str(_))) => Some(expr),
        _ => None,
    }
}
