//! What CPython calls an expression that cannot be assigned to.

use ruff_python_ast as ruff;

/// The kind of expression that `text` is.
pub(super) fn name(text: &str) -> &'static str {
    match parse(text) {
        Some(expr) => expr_name(&expr),
        None => "expression",
    }
}

/// Whether the expression binds at least as tightly as `|`: comparisons, lambdas and conditions do not.
pub(super) fn is_bitwise_or(text: &str) -> bool {
    parse(text).is_some_and(|expr| {
        !matches!(
            expr,
            ruff::Expr::Compare(_)
                | ruff::Expr::Lambda(_)
                | ruff::Expr::If(_)
                | ruff::Expr::BoolOp(_)
                | ruff::Expr::Named(_)
                | ruff::Expr::Yield(_)
                | ruff::Expr::YieldFrom(_)
                | ruff::Expr::Tuple(ruff::ExprTuple { parenthesized: false, .. })
                | ruff::Expr::Starred(_)
                | ruff::Expr::UnaryOp(ruff::ExprUnaryOp { op: ruff::UnaryOp::Not, .. })
        )
    })
}

fn parse(text: &str) -> Option<ruff::Expr> {
    let quoted = format!("({text}\n)");
    let parsed = ruff_python_parser::parse_expression(&quoted);
    let parsed = parsed.or_else(|_| ruff_python_parser::parse_expression(text)).ok()?;
    Some(*parsed.into_syntax().body)
}

fn expr_name(expr: &ruff::Expr) -> &'static str {
    match expr {
        ruff::Expr::Attribute(_) => "attribute",
        ruff::Expr::Subscript(_) => "subscript",
        ruff::Expr::Starred(_) => "starred",
        ruff::Expr::Name(node) if node.id.as_str() == "__debug__" => "__debug__",
        ruff::Expr::Name(_) => "name",
        ruff::Expr::List(_) => "list",
        ruff::Expr::Tuple(_) => "tuple",
        ruff::Expr::Lambda(_) => "lambda",
        ruff::Expr::Call(_) => "function call",
        ruff::Expr::BoolOp(_) | ruff::Expr::BinOp(_) | ruff::Expr::UnaryOp(_) => "expression",
        ruff::Expr::Generator(_) => "generator expression",
        ruff::Expr::Yield(_) | ruff::Expr::YieldFrom(_) => "yield expression",
        ruff::Expr::Await(_) => "await expression",
        ruff::Expr::ListComp(_) => "list comprehension",
        ruff::Expr::SetComp(_) => "set comprehension",
        ruff::Expr::DictComp(_) => "dict comprehension",
        ruff::Expr::Dict(_) => "dict literal",
        ruff::Expr::Set(_) => "set display",
        ruff::Expr::FString(_) | ruff::Expr::TString(_) => "f-string expression",
        ruff::Expr::NoneLiteral(_) => "None",
        ruff::Expr::BooleanLiteral(node) if node.value => "True",
        ruff::Expr::BooleanLiteral(_) => "False",
        ruff::Expr::EllipsisLiteral(_) => "ellipsis",
        ruff::Expr::StringLiteral(_) | ruff::Expr::BytesLiteral(_) | ruff::Expr::NumberLiteral(_) => {
            "literal"
        }
        ruff::Expr::Compare(_) => "comparison",
        ruff::Expr::If(_) => "conditional expression",
        ruff::Expr::Named(_) => "named expression",
        ruff::Expr::Slice(_) | ruff::Expr::IpyEscapeCommand(_) => "expression",
    }
}
