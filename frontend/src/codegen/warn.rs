//! `SyntaxWarning`s for code that is legal but hardly meant.

use bytecode::Const;

use super::Codegen;
use crate::ast::{CmpOp, CompKind, Expr, ExprKind};
use crate::error::Warning;
use crate::ir::Location;

impl Codegen<'_, '_> {
    fn warn(&mut self, loc: Location, message: String) {
        self.warnings.push(Warning { category: "SyntaxWarning", message, line: loc.line.max(0) as u32 });
    }

    pub(super) fn warn_assert_tuple(&mut self, test: &Expr, loc: Location) {
        let always_true = match &test.kind {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant(Const::Tuple(items)) => !items.is_empty(),
            _ => false,
        };
        if always_true {
            self.warn(loc, "assertion is always true, perhaps remove parentheses?".into());
        }
    }

    /// `is` with a literal.
    pub(super) fn warn_compare(&mut self, left: &Expr, ops: &[CmpOp], comparators: &[Expr], loc: Location) {
        let mut left = left;
        for (op, right) in ops.iter().zip(comparators) {
            let (written, meant) = match op {
                CmpOp::Is => ("is", "=="),
                CmpOp::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            if let Some(literal) = [left, right].into_iter().find_map(literal_type) {
                self.warn(loc, format!("\"{written}\" with '{literal}' literal. Did you mean \"{meant}\"?"));
                return;
            }
            left = right;
        }
    }

    pub(super) fn warn_callee(&mut self, func: &Expr) {
        let type_name = match &func.kind {
            ExprKind::Constant(_)
            | ExprKind::UnicodeConstant(_)
            | ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::Comp(_)
            | ExprKind::Dict { .. }
            | ExprKind::Set(_)
            | ExprKind::JoinedStr(_)
            | ExprKind::FormattedValue { .. } => inferred_type(func),
            _ => return,
        };
        if let Some(name) = type_name {
            self.warn(func.loc, format!("'{name}' object is not callable; perhaps you missed a comma?"));
        }
    }

    pub(super) fn warn_subscript(&mut self, value: &Expr, slice: &Expr) {
        let unsubscriptable = match &value.kind {
            ExprKind::Constant(constant) | ExprKind::UnicodeConstant(constant) => matches!(
                constant,
                Const::None
                    | Const::Ellipsis
                    | Const::Bool(_)
                    | Const::Int(_)
                    | Const::BigInt(_)
                    | Const::Float(_)
                    | Const::Complex(..)
                    | Const::FrozenSet(_)
            ),
            ExprKind::Set(_) | ExprKind::Lambda(_) => true,
            ExprKind::Comp(comp) => matches!(comp.kind, CompKind::Set | CompKind::Generator),
            _ => false,
        };
        if unsubscriptable {
            if let Some(name) = inferred_type(value) {
                self.warn(
                    value.loc,
                    format!("'{name}' object is not subscriptable; perhaps you missed a comma?"),
                );
            }
            return;
        }
        self.warn_index(value, slice);
    }

    fn warn_index(&mut self, value: &Expr, slice: &Expr) {
        let indexed_by_ints = match &value.kind {
            ExprKind::Constant(Const::Str(_) | Const::Bytes(_) | Const::Tuple(_))
            | ExprKind::UnicodeConstant(_)
            | ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::JoinedStr(_)
            | ExprKind::FormattedValue { .. } => true,
            ExprKind::Comp(comp) => comp.kind == CompKind::List,
            _ => false,
        };
        let Some(index) = inferred_type(slice).filter(|name| !matches!(*name, "int" | "bool")) else {
            return;
        };
        if let (true, Some(name)) = (indexed_by_ints, inferred_type(value)) {
            let message = format!(
                "{name} indices must be integers or slices, not {index}; perhaps you missed a comma?"
            );
            self.warn(value.loc, message);
        }
    }
}

/// The type of a literal that `is` should not be used with.
fn literal_type(expr: &Expr) -> Option<&'static str> {
    let constant = expr.as_const()?;
    match constant {
        Const::None | Const::Bool(_) | Const::Ellipsis => None,
        _ => inferred_type(expr),
    }
}

fn inferred_type(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.kind {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } => "list",
        ExprKind::Dict { .. } => "dict",
        ExprKind::Set(_) => "set",
        ExprKind::Comp(comp) => match comp.kind {
            CompKind::List => "list",
            CompKind::Set => "set",
            CompKind::Dict => "dict",
            CompKind::Generator => "generator",
        },
        ExprKind::Lambda(_) => "function",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue { .. } => "str",
        ExprKind::Constant(value) | ExprKind::UnicodeConstant(value) => match value {
            Const::None => "NoneType",
            Const::Bool(_) => "bool",
            Const::Ellipsis => "ellipsis",
            Const::Int(_) | Const::BigInt(_) => "int",
            Const::Float(_) => "float",
            Const::Complex(..) => "complex",
            Const::Str(_) => "str",
            Const::Bytes(_) => "bytes",
            Const::Tuple(_) => "tuple",
            Const::FrozenSet(_) => "frozenset",
            _ => return None,
        },
        _ => return None,
    })
}
