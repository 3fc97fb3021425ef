//! `match`.
//!
//! While a pattern is tested, the stack holds the values still to be tested and those captured; a failed test must drop
//! just these. `fail_pop[n]` is the label of the code that drops `n` values before the next case.

use bytecode::{Const, StackOp as Op};

use super::Codegen;
use super::display::equal_values;
use super::name::check_forbidden;
use crate::ast::{CmpOp, Expr, ExprKind, Match, Operator, Pattern, PatternKind};
use crate::error::{Compiled, syntax_error};
use crate::ir::pseudo::JUMP;
use crate::ir::{Label, Location, Opcode};
use crate::names::Symbol;

/// The state of one case's pattern.
#[derive(Default)]
struct Context {
    /// Names captured so far, their values on the stack in this order.
    stores: Vec<Symbol>,
    /// Whether a pattern that always matches may stand here.
    allow_irrefutable: bool,
    fail_pop: Vec<Label>,
    /// Values on the stack above the captured ones.
    on_top: usize,
}

impl<'t> Codegen<'_, 't> {
    pub(super) fn match_stmt(&mut self, node: &'t Match) -> Compiled<()> {
        self.expr(&node.subject)?;
        let end = self.new_label();
        let cases = &node.cases;
        let last = cases.last().expect("the grammar asks for a case");
        let has_default = last.pattern.is_wildcard() && cases.len() > 1;
        let tested = cases.len() - usize::from(has_default);
        for (i, case) in cases[..tested].iter().enumerate() {
            let loc = case.pattern.loc;
            let keeps_subject = i + 1 != tested;
            if keeps_subject {
                self.op_i(loc, Op::COPY, 1);
            }
            let mut pc = Context {
                allow_irrefutable: case.guard.is_some() || i + 1 == cases.len(),
                ..Context::default()
            };
            self.pattern(&case.pattern, &mut pc)?;
            for name in std::mem::take(&mut pc.stores) {
                self.store_name(loc, name)?;
            }
            if let Some(guard) = &case.guard {
                let fail = self.fail_label(&mut pc, 0);
                self.jump_if(loc, guard, fail, false)?;
            }
            if keeps_subject {
                self.op(loc, Op::POP_TOP);
            }
            self.stmts(&case.body)?;
            self.jump(Location::NONE, JUMP, end);
            self.emit_fail_pop(&mut pc, loc);
        }
        if has_default {
            let loc = last.pattern.loc;
            self.op(loc, if cases.len() == 1 { Op::POP_TOP } else { Op::NOP });
            if let Some(guard) = &last.guard {
                self.jump_if(loc, guard, end, false)?;
            }
            self.stmts(&last.body)?;
        }
        self.place(end);
        Ok(())
    }
}

impl Codegen<'_, '_> {
    fn fail_label(&mut self, pc: &mut Context, pops: usize) -> Label {
        while pc.fail_pop.len() <= pops {
            pc.fail_pop.push(self.unit.seq.new_label());
        }
        pc.fail_pop[pops]
    }

    fn jump_to_fail(&mut self, pc: &mut Context, loc: Location, op: impl Into<Opcode>) {
        let pops = pc.on_top + pc.stores.len();
        let label = self.fail_label(pc, pops);
        self.jump(loc, op, label);
    }

    fn emit_fail_pop(&mut self, pc: &mut Context, loc: Location) {
        while let Some(label) = pc.fail_pop.pop() {
            self.place(label);
            if !pc.fail_pop.is_empty() {
                self.op(loc, Op::POP_TOP);
            }
        }
    }

    fn rotate(&mut self, loc: Location, count: usize) {
        for depth in (2..=count).rev() {
            self.op_i(loc, Op::SWAP, depth as u32);
        }
    }

    fn capture(&mut self, loc: Location, name: Option<Symbol>, pc: &mut Context) -> Compiled<()> {
        let Some(name) = name else {
            self.op(loc, Op::POP_TOP);
            return Ok(());
        };
        check_forbidden(loc, name, crate::ast::Context::Store)?;
        self.check_duplicate(loc, name, &pc.stores)?;
        self.rotate(loc, pc.on_top + pc.stores.len() + 1);
        pc.stores.push(name);
        Ok(())
    }

    fn check_duplicate(&self, loc: Location, name: Symbol, stores: &[Symbol]) -> Compiled<()> {
        if !stores.contains(&name) {
            return Ok(());
        }
        syntax_error(loc, format!("multiple assignments to name '{}' in pattern", self.names.get(name)))
    }

    fn pattern(&mut self, pattern: &Pattern, pc: &mut Context) -> Compiled<()> {
        let loc = pattern.loc;
        match &pattern.kind {
            PatternKind::Value(value) => self.value_pattern(value, loc, pc),
            PatternKind::Singleton(value) => {
                self.load_const(loc, value.clone());
                self.compare_op(loc, CmpOp::Is);
                self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
                Ok(())
            }
            PatternKind::Sequence(patterns) => self.sequence_pattern(patterns, loc, pc),
            PatternKind::Mapping { keys, patterns, rest } => {
                self.mapping_pattern(keys, patterns, *rest, loc, pc)
            }
            PatternKind::Class { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.class_pattern(cls, patterns, kwd_attrs, kwd_patterns, loc, pc)
            }
            PatternKind::Star(name) => self.capture(loc, *name, pc),
            PatternKind::As { pattern: None, name } => {
                self.check_irrefutable(*name, loc, pc)?;
                self.capture(loc, *name, pc)
            }
            PatternKind::As { pattern: Some(inner), name } => {
                pc.on_top += 1;
                self.op_i(loc, Op::COPY, 1);
                self.pattern(inner, pc)?;
                pc.on_top -= 1;
                self.capture(loc, *name, pc)
            }
            PatternKind::Or(patterns) => self.or_pattern(patterns, loc, pc),
        }
    }

    fn check_irrefutable(&self, name: Option<Symbol>, loc: Location, pc: &Context) -> Compiled<()> {
        if pc.allow_irrefutable {
            return Ok(());
        }
        match name {
            Some(name) => {
                let name = self.names.get(name);
                syntax_error(loc, format!("name capture '{name}' makes remaining patterns unreachable"))
            }
            None => syntax_error(loc, "wildcard makes remaining patterns unreachable"),
        }
    }

    fn subpattern(&mut self, pattern: &Pattern, pc: &mut Context) -> Compiled<()> {
        let outer = std::mem::replace(&mut pc.allow_irrefutable, true);
        self.pattern(pattern, pc)?;
        pc.allow_irrefutable = outer;
        Ok(())
    }

    fn value_pattern(&mut self, value: &Expr, loc: Location, pc: &mut Context) -> Compiled<()> {
        if value.as_const().is_none() && !matches!(value.kind, ExprKind::Attribute { .. }) {
            return syntax_error(loc, "patterns may only match literals and attribute lookups");
        }
        self.expr(value)?;
        self.compare_op(loc, CmpOp::Eq);
        self.op(loc, Op::TO_BOOL);
        self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
        Ok(())
    }

    fn sequence_pattern(&mut self, patterns: &[Pattern], loc: Location, pc: &mut Context) -> Compiled<()> {
        let is_star = |pattern: &Pattern| matches!(pattern.kind, PatternKind::Star(_));
        let star = patterns.iter().position(is_star);
        if patterns.iter().filter(|pattern| is_star(pattern)).count() > 1 {
            return syntax_error(loc, "multiple starred names in sequence pattern");
        }
        let star_wildcard = star.is_some_and(|i| matches!(patterns[i].kind, PatternKind::Star(None)));
        let only_wildcard = patterns
            .iter()
            .all(|pattern| pattern.is_wildcard() || matches!(pattern.kind, PatternKind::Star(None)));
        pc.on_top += 1;
        self.op(loc, Op::MATCH_SEQUENCE);
        self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
        if star.is_none() {
            self.check_length(patterns.len(), CmpOp::Eq, loc, pc);
        } else if patterns.len() > 1 {
            self.check_length(patterns.len() - 1, CmpOp::GtE, loc, pc);
        }
        pc.on_top -= 1;
        match star {
            _ if only_wildcard => {
                self.op(loc, Op::POP_TOP);
                Ok(())
            }
            Some(star) if star_wildcard => self.subscript_elements(patterns, star, loc, pc),
            _ => self.unpack_elements(patterns, star, loc, pc),
        }
    }

    fn check_length(&mut self, length: usize, op: CmpOp, loc: Location, pc: &mut Context) {
        self.op(loc, Op::GET_LEN);
        self.load_const(loc, Const::Int(length as i64));
        self.compare_op(loc, op);
        self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
    }

    fn unpack_elements(
        &mut self,
        patterns: &[Pattern],
        star: Option<usize>,
        loc: Location,
        pc: &mut Context,
    ) -> Compiled<()> {
        let size = patterns.len();
        match star {
            Some(before) => {
                let after = size - before - 1;
                if before >= 1 << 8 || after >= (i32::MAX >> 8) as usize {
                    return syntax_error(loc, "too many expressions in star-unpacking sequence pattern");
                }
                self.op_i(loc, Op::UNPACK_EX, (before + (after << 8)) as u32);
            }
            None => self.op_i(loc, Op::UNPACK_SEQUENCE, size as u32),
        }
        pc.on_top += size;
        for pattern in patterns {
            pc.on_top -= 1;
            self.subpattern(pattern, pc)?;
        }
        Ok(())
    }

    /// Takes the elements out one by one: of `[a, *_, b]` the middle is never built.
    fn subscript_elements(
        &mut self,
        patterns: &[Pattern],
        star: usize,
        loc: Location,
        pc: &mut Context,
    ) -> Compiled<()> {
        pc.on_top += 1;
        for (i, pattern) in patterns.iter().enumerate() {
            if pattern.is_wildcard() || i == star {
                continue;
            }
            self.op_i(loc, Op::COPY, 1);
            if i < star {
                self.load_const(loc, Const::Int(i as i64));
            } else {
                self.op(loc, Op::GET_LEN);
                self.load_const(loc, Const::Int((patterns.len() - i) as i64));
                self.op_i(loc, Op::BINARY_OP, Operator::Sub as u32);
            }
            self.op(loc, Op::BINARY_SUBSCR);
            self.subpattern(pattern, pc)?;
        }
        pc.on_top -= 1;
        self.op(loc, Op::POP_TOP);
        Ok(())
    }

    /// Fails unless the value on top of the stack, a tuple or None, is a tuple.
    fn check_matched(&mut self, loc: Location, pc: &mut Context) {
        self.op_i(loc, Op::COPY, 1);
        self.load_const(loc, Const::None);
        self.op_i(loc, Op::IS_OP, 1);
        self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
    }

    fn class_pattern(
        &mut self,
        cls: &Expr,
        patterns: &[Pattern],
        kwd_attrs: &[(Symbol, Location)],
        kwd_patterns: &[Pattern],
        loc: Location,
        pc: &mut Context,
    ) -> Compiled<()> {
        for (i, (attr, _)) in kwd_attrs.iter().enumerate() {
            check_forbidden(loc, *attr, crate::ast::Context::Store)?;
            if let Some(j) = kwd_attrs[i + 1..].iter().position(|(other, _)| other == attr) {
                let name = self.names.get(*attr);
                let at = kwd_patterns[i + 1 + j].loc;
                return syntax_error(at, format!("attribute name repeated in class pattern: {name}"));
            }
        }
        self.expr(cls)?;
        let names = self.name_tuple(kwd_attrs.iter().map(|(name, _)| *name));
        self.load_const(loc, names);
        self.op_i(loc, Op::MATCH_CLASS, patterns.len() as u32);
        pc.on_top += 1;
        self.check_matched(loc, pc);
        let total = patterns.len() + kwd_patterns.len();
        self.op_i(loc, Op::UNPACK_SEQUENCE, total as u32);
        pc.on_top = pc.on_top + total - 1;
        for pattern in patterns.iter().chain(kwd_patterns) {
            pc.on_top -= 1;
            if pattern.is_wildcard() {
                self.op(loc, Op::POP_TOP);
                continue;
            }
            self.subpattern(pattern, pc)?;
        }
        Ok(())
    }

    fn mapping_pattern(
        &mut self,
        keys: &[Expr],
        patterns: &[Pattern],
        rest: Option<Symbol>,
        loc: Location,
        pc: &mut Context,
    ) -> Compiled<()> {
        pc.on_top += 1;
        self.op(loc, Op::MATCH_MAPPING);
        self.jump_to_fail(pc, loc, Op::POP_JUMP_IF_FALSE);
        if keys.is_empty() && rest.is_none() {
            pc.on_top -= 1;
            self.op(loc, Op::POP_TOP);
            return Ok(());
        }
        if !keys.is_empty() {
            self.check_length(keys.len(), CmpOp::GtE, loc, pc);
        }
        self.mapping_keys(keys, loc)?;
        self.op_i(loc, Op::BUILD_TUPLE, keys.len() as u32);
        self.op(loc, Op::MATCH_KEYS);
        pc.on_top += 2;
        self.check_matched(loc, pc);
        self.op_i(loc, Op::UNPACK_SEQUENCE, keys.len() as u32);
        pc.on_top = pc.on_top + keys.len() - 1;
        for pattern in patterns {
            pc.on_top -= 1;
            self.subpattern(pattern, pc)?;
        }
        pc.on_top -= 2;
        let Some(rest) = rest else {
            self.op(loc, Op::POP_TOP);
            self.op(loc, Op::POP_TOP);
            return Ok(());
        };
        self.mapping_rest(keys.len() as u32, loc);
        self.capture(loc, Some(rest), pc)
    }

    fn mapping_keys(&mut self, keys: &[Expr], loc: Location) -> Compiled<()> {
        let mut seen: Vec<&Const> = Vec::new();
        for key in keys {
            if let Some(value) = key.as_const() {
                if seen.iter().any(|other| equal_values(other, value)) {
                    let text = super::unparse::unparse(key, self.names);
                    return syntax_error(loc, format!("mapping pattern checks duplicate key ({text})"));
                }
                seen.push(value);
            } else if !matches!(key.kind, ExprKind::Attribute { .. }) {
                return syntax_error(
                    loc,
                    "mapping pattern keys may only match literals and attribute lookups",
                );
            }
            self.expr(key)?;
        }
        Ok(())
    }

    /// From subject and tuple of keys makes a dict of the items with other keys.
    fn mapping_rest(&mut self, size: u32, loc: Location) {
        self.op_i(loc, Op::BUILD_MAP, 0);
        self.op_i(loc, Op::SWAP, 3);
        self.op_i(loc, Op::DICT_UPDATE, 2);
        self.op_i(loc, Op::UNPACK_SEQUENCE, size);
        for left in (1..=size).rev() {
            self.op_i(loc, Op::COPY, 1 + left);
            self.op_i(loc, Op::SWAP, 2);
            self.op(loc, Op::DELETE_SUBSCR);
        }
    }

    fn or_pattern(&mut self, patterns: &[Pattern], loc: Location, pc: &mut Context) -> Compiled<()> {
        let end = self.new_label();
        let mut control: Vec<Symbol> = Vec::new();
        for (i, alternative) in patterns.iter().enumerate() {
            let at = alternative.loc;
            let mut inner = Context {
                allow_irrefutable: i + 1 == patterns.len() && pc.allow_irrefutable,
                ..Context::default()
            };
            self.op_i(at, Op::COPY, 1);
            self.pattern(alternative, &mut inner)?;
            if i == 0 {
                control.clone_from(&inner.stores);
            } else {
                self.reorder_stores(&control, &mut inner.stores, loc, at)?;
            }
            self.jump(at, JUMP, end);
            self.emit_fail_pop(&mut inner, at);
        }
        self.op(loc, Op::POP_TOP);
        self.jump_to_fail(pc, loc, JUMP);
        self.place(end);
        let rotations = control.len() + 1 + pc.on_top + pc.stores.len();
        for name in control {
            self.rotate(loc, rotations);
            self.check_duplicate(loc, name, &pc.stores)?;
            pc.stores.push(name);
        }
        self.op(loc, Op::POP_TOP);
        Ok(())
    }

    /// Brings the captures of an alternative into the order of the first one's.
    fn reorder_stores(
        &mut self,
        control: &[Symbol],
        stores: &mut Vec<Symbol>,
        loc: Location,
        at: Location,
    ) -> Compiled<()> {
        let different = "alternative patterns bind different names";
        if stores.len() != control.len() {
            return syntax_error(loc, different);
        }
        for wanted in (0..control.len()).rev() {
            let Some(found) = stores.iter().position(|name| *name == control[wanted]) else {
                return syntax_error(loc, different);
            };
            if found == wanted {
                continue;
            }
            let rotations = found + 1;
            let rotated: Vec<_> = stores.drain(..rotations).collect();
            let target = wanted - found;
            stores.splice(target..target, rotated);
            for _ in 0..rotations {
                self.rotate(at, wanted + 1);
            }
        }
        Ok(())
    }
}
