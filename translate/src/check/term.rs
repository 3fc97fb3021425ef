//! Symbolic values, and the effects that both forms have on the world.

use bytecode::RegOp;

/// Where a symbolic value comes from. Names are the same on both sides, so equal terms are equal values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Origin {
    /// What the local held at the block's entry.
    Local(u16),
    /// What the slot of the operand stack held at the block's entry.
    Slot(u32),
    /// A constant.
    Const(u32),
    /// NULL.
    Null,
    /// A result of the block's n-th effect.
    Result(u32, u32),
    /// The None that `CLEANUP_THROW` leaves for `END_SEND` to drop.
    Dropped,
    /// What a local of the stack form holds that the register form has overwritten early.
    Stale(u16),
    /// What a register of the register form holds of which the witness says nothing.
    Unknown(u16),
}

/// A symbolic value, or the negation of one that is an exact bool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Term {
    /// The value.
    pub origin: Origin,
    /// Whether its negation is meant.
    pub negated: bool,
}

impl Term {
    /// NULL.
    pub const NULL: Self = Self { origin: Origin::Null, negated: false };

    /// The value itself.
    pub fn of(origin: Origin) -> Self {
        Self { origin, negated: false }
    }

    /// A constant.
    pub fn constant(index: u32) -> Self {
        Self::of(Origin::Const(index))
    }

    /// The negation.
    pub fn negate(self) -> Self {
        Self { negated: !self.negated, ..self }
    }

    /// The negation if `invert`, else the value itself.
    pub fn inverted_if(self, invert: bool) -> Self {
        if invert { self.negate() } else { self }
    }
}

/// Something that other code can notice, with all that it depends on. Its name is that of the register instruction
/// that does just that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Effect {
    /// What is done.
    pub op: RegOp,
    /// Names, counts and flags.
    pub numbers: Vec<u32>,
    /// The values that it is done with.
    pub operands: Vec<Term>,
}

/// What a branch depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Condition {
    /// The value, an exact bool, is True.
    Truth(Term),
    /// The value is None.
    IsNone(Term),
    /// The iterator or receiver had nothing more: the n-th effect said so.
    Exhausted(u32),
}

impl Condition {
    /// The same question without negation, and whether the answer is to be inverted.
    pub fn normalize(self) -> (Self, bool) {
        match self {
            Self::Truth(term) => (Self::Truth(Term { negated: false, ..term }), term.negated),
            other => (other, false),
        }
    }
}

/// Whether a value is one that a rich comparison of this block gave, which a jump on an exact bool may be told the
/// truth of all the same: where such a jump stands, that truth is the value.
pub fn is_comparison(op: RegOp) -> bool {
    matches!(op, RegOp::LT | RegOp::LE | RegOp::EQ | RegOp::NE | RegOp::GT | RegOp::GE)
}
