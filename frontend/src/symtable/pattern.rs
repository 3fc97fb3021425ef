//! First pass over patterns.

use super::build::Builder;
use super::def;
use crate::ast::{Pattern, PatternKind};
use crate::error::Compiled;

impl Builder<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Compiled<()> {
        match &pattern.kind {
            PatternKind::Value(value) => self.expr(value),
            PatternKind::Singleton(_) => Ok(()),
            PatternKind::Sequence(patterns) | PatternKind::Or(patterns) => self.patterns(patterns),
            PatternKind::Star(name) => self.capture(*name, pattern),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.exprs(keys)?;
                self.patterns(patterns)?;
                self.capture(*rest, pattern)
            }
            PatternKind::Class { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls)?;
                self.patterns(patterns)?;
                self.patterns(kwd_patterns)
            }
            PatternKind::As { pattern: inner, name } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                self.capture(*name, pattern)
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) -> Compiled<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    fn capture(&mut self, name: Option<crate::names::Symbol>, at: &Pattern) -> Compiled<()> {
        name.map_or(Ok(()), |name| self.add_def(name, def::LOCAL, at.loc))
    }
}
