//! List, tuple, set and dict displays.

use bytecode::{Const, Intrinsic1, StackOp as Op};

use super::{Codegen, STACK_USE_GUIDELINE};
use crate::ast::{Expr, ExprKind};
use crate::error::Compiled;
use crate::ir::Location;

/// The instructions that build one kind of collection.
#[derive(Clone, Copy)]
pub(super) struct Builder {
    build: Op,
    add: Op,
    extend: Op,
    tuple: bool,
}

const LIST: Builder =
    Builder { build: Op::BUILD_LIST, add: Op::LIST_APPEND, extend: Op::LIST_EXTEND, tuple: false };
pub(super) const TUPLE: Builder = Builder { tuple: true, ..LIST };
const SET: Builder = Builder { build: Op::BUILD_SET, add: Op::SET_ADD, extend: Op::SET_UPDATE, tuple: false };

impl Codegen<'_, '_> {
    pub(super) fn list_display(&mut self, elts: &[Expr], loc: Location) -> Compiled<()> {
        self.collection(elts, 0, LIST, loc)
    }

    pub(super) fn tuple_display(&mut self, elts: &[Expr], loc: Location) -> Compiled<()> {
        self.collection(elts, 0, TUPLE, loc)
    }

    pub(super) fn set_display(&mut self, elts: &[Expr], loc: Location) -> Compiled<()> {
        self.collection(elts, 0, SET, loc)
    }

    /// Builds a collection of `pushed` values on the stack and the elements.
    pub(super) fn collection(
        &mut self,
        elts: &[Expr],
        pushed: usize,
        builder: Builder,
        loc: Location,
    ) -> Compiled<()> {
        let Builder { build, tuple, .. } = builder;
        if elts.len() > 2
            && let Some(items) = elts.iter().map(|elt| elt.as_const().cloned()).collect()
        {
            self.const_collection(items, pushed, builder, loc);
            return Ok(());
        }
        let total = elts.len() + pushed;
        let big = total > STACK_USE_GUIDELINE;
        if !big && !elts.iter().any(Expr::is_starred) {
            self.exprs(elts)?;
            self.op_i(loc, if tuple { Op::BUILD_TUPLE } else { build }, total as u32);
            return Ok(());
        }
        self.piecewise(elts, pushed, big, builder, loc)
    }

    fn const_collection(&mut self, items: Vec<Const>, pushed: usize, builder: Builder, loc: Location) {
        let Builder { build, add, extend, tuple } = builder;
        if tuple && pushed == 0 {
            self.load_const(loc, Const::Tuple(items.into()));
            return;
        }
        let folded = if add == Op::SET_ADD { frozen_set(items) } else { Const::Tuple(items.into()) };
        self.op_i(loc, build, pushed as u32);
        self.load_const(loc, folded);
        self.op_i(loc, extend, 1);
        if tuple {
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ListToTuple as u32);
        }
    }

    fn piecewise(
        &mut self,
        elts: &[Expr],
        pushed: usize,
        big: bool,
        builder: Builder,
        loc: Location,
    ) -> Compiled<()> {
        let mut built = big;
        if big {
            self.op_i(loc, builder.build, pushed as u32);
        }
        for (i, elt) in elts.iter().enumerate() {
            if let ExprKind::Starred { value, .. } = &elt.kind {
                if !built {
                    self.op_i(loc, builder.build, (i + pushed) as u32);
                    built = true;
                }
                self.expr(value)?;
                self.op_i(loc, builder.extend, 1);
            } else {
                self.expr(elt)?;
                if built {
                    self.op_i(loc, builder.add, 1);
                }
            }
        }
        if builder.tuple {
            self.op_i(loc, Op::CALL_INTRINSIC_1, Intrinsic1::ListToTuple as u32);
        }
        Ok(())
    }

    pub(super) fn dict(&mut self, keys: &[Option<Expr>], values: &[Expr], loc: Location) -> Compiled<()> {
        let mut have_dict = false;
        let mut pending = 0;
        for (i, key) in keys.iter().enumerate() {
            if key.is_some() {
                if pending * 2 > STACK_USE_GUIDELINE {
                    self.part_of_dict(&keys[i - pending..=i], &values[i - pending..=i], loc)?;
                    self.merge_dict(&mut have_dict, loc);
                    pending = 0;
                } else {
                    pending += 1;
                }
                continue;
            }
            if pending > 0 {
                self.part_of_dict(&keys[i - pending..i], &values[i - pending..i], loc)?;
                self.merge_dict(&mut have_dict, loc);
                pending = 0;
            }
            if !have_dict {
                self.op_i(loc, Op::BUILD_MAP, 0);
                have_dict = true;
            }
            self.expr(&values[i])?;
            self.op_i(loc, Op::DICT_UPDATE, 1);
        }
        if pending > 0 {
            let from = keys.len() - pending;
            self.part_of_dict(&keys[from..], &values[from..], loc)?;
            self.merge_dict(&mut have_dict, loc);
        }
        if !have_dict {
            self.op_i(loc, Op::BUILD_MAP, 0);
        }
        Ok(())
    }

    fn merge_dict(&mut self, have_dict: &mut bool, loc: Location) {
        if *have_dict {
            self.op_i(loc, Op::DICT_UPDATE, 1);
        }
        *have_dict = true;
    }

    fn part_of_dict(&mut self, keys: &[Option<Expr>], values: &[Expr], loc: Location) -> Compiled<()> {
        let count = keys.len();
        let big = count * 2 > STACK_USE_GUIDELINE;
        let consts: Option<Vec<Const>> =
            keys.iter().map(|key| key.as_ref().and_then(Expr::as_const).cloned()).collect();
        if count > 1
            && !big
            && let Some(consts) = consts
        {
            self.exprs(values)?;
            self.load_const(loc, Const::Tuple(consts.into()));
            self.op_i(loc, Op::BUILD_CONST_KEY_MAP, count as u32);
            return Ok(());
        }
        if big {
            self.op_i(loc, Op::BUILD_MAP, 0);
        }
        for (key, value) in keys.iter().flatten().zip(values) {
            self.expr(key)?;
            self.expr(value)?;
            if big {
                self.op_i(loc, Op::MAP_ADD, 1);
            }
        }
        if !big {
            self.op_i(loc, Op::BUILD_MAP, count as u32);
        }
        Ok(())
    }
}

/// A frozen set of constants, equal ones once.
pub(crate) fn frozen_set(items: Vec<Const>) -> Const {
    let mut unique: Vec<Const> = Vec::with_capacity(items.len());
    let mut seen = crate::names::FxHashMap::<u64, Vec<usize>>::default();
    for item in items {
        let key = equality_hash(&item);
        let same = seen.entry(key).or_default();
        if !same.iter().any(|i| equal_values(&unique[*i], &item)) {
            same.push(unique.len());
            unique.push(item);
        }
    }
    Const::FrozenSet(unique.into())
}

/// A number's value where `1 == 1.0 == True`.
fn number(value: &Const) -> Option<f64> {
    match value {
        Const::Bool(value) => Some(f64::from(*value)),
        Const::Int(value) if value.abs() < 1 << 53 => Some(*value as f64),
        Const::Float(value) => Some(*value),
        Const::Complex(re, im) if *im == 0.0 => Some(*re),
        _ => None,
    }
}

/// Whether Python's `==` holds between two constants.
pub(super) fn equal_values(a: &Const, b: &Const) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        _ => match (a, b) {
            (Const::Tuple(a), Const::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| equal_values(a, b))
            }
            _ => a.is_same(b),
        },
    }
}

fn equality_hash(value: &Const) -> u64 {
    use std::hash::Hasher;
    let mut hasher = crate::names::FxHasher::default();
    match (number(value), value) {
        (Some(number), _) => hasher.write_u64((number + 0.0).to_bits()),
        (None, Const::Tuple(items)) => hasher.write_usize(items.len()),
        (None, value) => super::hash_const(value, &mut hasher),
    }
    hasher.finish()
}
