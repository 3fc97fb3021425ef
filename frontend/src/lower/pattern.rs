//! Patterns of `match`.

use bytecode::Const;
use ruff_python_ast as ruff;

use super::{Lowering, range_of};
use crate::ast::{Pattern, PatternKind};
use crate::error::{Compiled, syntax_error};

impl Lowering<'_> {
    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Compiled<Pattern> {
        self.nested(range_of(pattern), |this| {
            Ok(Pattern { loc: this.loc(range_of(pattern)), kind: this.pattern_kind(pattern)? })
        })
    }

    fn patterns(&mut self, patterns: &[ruff::Pattern]) -> Compiled<Vec<Pattern>> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    fn pattern_kind(&mut self, pattern: &ruff::Pattern) -> Compiled<PatternKind> {
        Ok(match pattern {
            ruff::Pattern::MatchValue(node) => {
                if !is_pattern_value(&node.value) {
                    return syntax_error(self.loc(node.range), "invalid syntax");
                }
                PatternKind::Value(self.expr(&node.value)?)
            }
            ruff::Pattern::MatchSingleton(node) => PatternKind::Singleton(match node.value {
                ruff::Singleton::None => Const::None,
                ruff::Singleton::True => Const::Bool(true),
                ruff::Singleton::False => Const::Bool(false),
            }),
            ruff::Pattern::MatchSequence(node) => PatternKind::Sequence(self.patterns(&node.patterns)?),
            ruff::Pattern::MatchMapping(node) => PatternKind::Mapping {
                keys: self.exprs(&node.keys)?,
                patterns: self.patterns(&node.patterns)?,
                rest: node.rest.as_ref().map(|name| self.symbol(name)),
            },
            ruff::Pattern::MatchClass(node) => self.class_pattern(node)?,
            ruff::Pattern::MatchStar(node) => {
                PatternKind::Star(node.name.as_ref().map(|name| self.symbol(name)))
            }
            ruff::Pattern::MatchAs(node) => PatternKind::As {
                pattern: match &node.pattern {
                    Some(pattern) => Some(Box::new(self.pattern(pattern)?)),
                    None => None,
                },
                name: node.name.as_ref().map(|name| self.symbol(name)),
            },
            ruff::Pattern::MatchOr(node) => PatternKind::Or(self.patterns(&node.patterns)?),
        })
    }

    fn class_pattern(&mut self, node: &ruff::PatternMatchClass) -> Compiled<PatternKind> {
        let cls = self.expr(&node.cls)?;
        let patterns = self.patterns(&node.arguments.patterns)?;
        let mut kwd_attrs = Vec::new();
        let mut kwd_patterns = Vec::new();
        for keyword in &node.arguments.keywords {
            kwd_attrs.push((self.symbol(&keyword.attr), self.loc(keyword.range)));
            kwd_patterns.push(self.pattern(&keyword.pattern)?);
        }
        Ok(PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns })
    }
}

/// Numbers may have a sign and be added to an imaginary one; no other operators make a pattern.
fn is_pattern_value(value: &ruff::Expr) -> bool {
    match value {
        ruff::Expr::BinOp(node) => matches!(node.op, ruff::Operator::Add | ruff::Operator::Sub),
        ruff::Expr::UnaryOp(node) => node.operand.is_number_literal_expr(),
        _ => true,
    }
}
