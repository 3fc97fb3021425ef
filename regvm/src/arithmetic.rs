//! Handlers of binary operators and comparisons, by operator and by kinds of operands.

use bytecode::{BinOp, CompareOp};
use runtime::ops::TruthMode;
use runtime::{Value, Vm};

use crate::handlers::Handler;
use crate::state::{Next, State};

/// Operands are registers or constants.
pub(crate) const ANY: u8 = 0;
/// Both are registers.
pub(crate) const RR: u8 = 1;
/// A register and a constant.
pub(crate) const RK: u8 = 2;

/// Two operands of a handler of the mode.
#[inline(always)]
fn operands<const MODE: u8>(s: &State, first: usize, second: usize) -> (Value, Value) {
    match MODE {
        RR => (s.reg(first), s.reg(second)),
        RK => (s.reg(first), s.constant(second)),
        _ => (s.rk(first), s.rk(second)),
    }
}

/// `dst = lhs op rhs`.
pub(crate) struct Binary<const OP: u8, const MODE: u8>;

impl<const OP: u8, const MODE: u8> Handler for Binary<OP, MODE> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let (x, y) = operands::<MODE>(s, s.b(), s.c());
        match straight(BinOp::ALL[OP as usize].plain(), x, y) {
            Some(result) => {
                s.set(s.a(), result);
                Next::Go
            }
            None => Next::Slow,
        }
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        let (x, y) = operands::<MODE>(s, s.b(), s.c());
        s.save(s.a(), 0);
        let result = s.vm().binary(BinOp::ALL[OP as usize], x, y);
        s.finish(s.a(), 0, result)
    }
}

#[inline(always)]
fn straight(op: BinOp, x: Value, y: Value) -> Option<Value> {
    match op {
        BinOp::Add => x.add_ints(y).or_else(|| Vm::add_floats(x, y)),
        BinOp::Subtract => x.sub_ints(y).or_else(|| Vm::sub_floats(x, y)),
        BinOp::Multiply => x.mul_ints(y).or_else(|| Vm::mul_floats(x, y)),
        BinOp::FloorDivide => Vm::floor_div_inline(x, y),
        BinOp::Remainder => Vm::modulo_inline(x, y),
        BinOp::TrueDivide => Vm::div_inline(x, y),
        BinOp::And | BinOp::Or | BinOp::Xor | BinOp::LShift | BinOp::RShift => Vm::bits_inline(op, x, y),
        _ => None,
    }
}

/// `dst = lhs op rhs`, as an exact bool if `BOOL`.
pub(crate) struct Compare<const OP: u8, const BOOL: bool>;

impl<const OP: u8, const BOOL: bool> Handler for Compare<OP, BOOL> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let (x, y) = operands::<ANY>(s, s.b(), s.c());
        match Vm::compare_inline(CompareOp::ALL[OP as usize], x, y) {
            Some(truth) => {
                s.set(s.a(), Value::from_bool(truth));
                Next::Go
            }
            None => Next::Slow,
        }
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        let (x, y) = operands::<ANY>(s, s.b(), s.c());
        s.save(s.a(), 0);
        let result = s.vm().compare(CompareOp::ALL[OP as usize], x, y, BOOL.then_some(TruthMode::Plain));
        s.finish(s.a(), 0, result)
    }
}

/// Jumps if (not) `lhs op rhs`.
pub(crate) struct CompareJump<const OP: u8, const NOT: bool, const MODE: u8>;

impl<const OP: u8, const NOT: bool, const MODE: u8> Handler for CompareJump<OP, NOT, MODE> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let (x, y) = operands::<MODE>(s, s.a(), s.b());
        match Vm::compare_inline(CompareOp::ALL[OP as usize], x, y) {
            Some(truth) => s.branch(truth != NOT, 0, s.target()),
            None => Next::Slow,
        }
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        let (x, y) = operands::<MODE>(s, s.a(), s.b());
        s.save(0, 0);
        let mode = if NOT { TruthMode::BranchIfFalse } else { TruthMode::BranchIfTrue };
        let result = s.vm().compare(CompareOp::ALL[OP as usize], x, y, Some(mode));
        s.finish_branch(0, s.target(), result)
    }
}
