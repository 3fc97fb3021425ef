//! Patterns as the matcher runs them.
//!
//! The code that Python's compiler gives is a list of words with relative skips; [`translate`](super::translate) makes
//! instructions of it whose operands are checked once, so that the matcher need not.

use super::charset::{CharSet, Fold};

/// A test of one character.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Test {
    /// Not a newline.
    Any,
    /// Anything.
    AnyAll,
    /// This character.
    Literal(u32),
    /// Another than this.
    NotLiteral(u32),
    /// One of the set of this number.
    Set(u32),
}

/// A condition on a position.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The text's beginning.
    Beginning,
    /// A line's beginning.
    LineBeginning,
    /// The end, or before a newline at the end.
    End,
    /// A line's end.
    LineEnd,
    /// The text's end.
    TextEnd,
    /// Between a word character and another, or not.
    Boundary {
        /// Word characters are Unicode's.
        unicode: bool,
        /// The place must not be a boundary.
        negated: bool,
    },
}

/// An instruction. Operands that do not fit lie in tables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inst {
    /// The pattern matches.
    Success,
    /// It does not.
    Fail,
    /// Takes one character.
    One(Test),
    /// Holds at a position.
    At(Place),
    /// Notes the position in a register of a group's bounds.
    Mark(u32),
    /// Goes on elsewhere.
    Jump(u32),
    /// Tries alternatives in order.
    Branch(u32),
    /// Takes what a group took.
    GroupRef(u32, Fold),
    /// Goes on behind the next instruction's alternative unless a group matched.
    GroupExists { group: u32, otherwise: u32 },
    /// Begins to repeat.
    Repeat(u32),
    /// Ends a round of a greedy repetition.
    MaxUntil(u32),
    /// Ends a round of a lazy repetition.
    MinUntil(u32),
    /// Begins a round of a possessive repetition.
    PossessiveRound(u32),
    /// Ends it.
    PossessiveEnd(u32),
    /// Repeats a test, most first.
    RepeatOne(u32),
    /// Repeats a test, fewest first.
    MinRepeatOne(u32),
    /// Repeats a test as often as it can.
    PossessiveOne(u32),
    /// Begins a group of which only the first match counts; the operand is its register.
    Atomic(u32),
    /// Ends it.
    AtomicEnd(u32),
    /// Begins a look-around.
    Assert(u32),
    /// Its pattern matched.
    AssertEnd(u32),
    /// Begins a negated look-around.
    AssertNot(u32),
    /// Its pattern matched.
    AssertNotEnd(u32),
}

/// An alternative: where it begins, and what its first character must pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    pub(super) start: u32,
    pub(super) first: Option<Test>,
}

/// A repetition of a pattern. Registers: how many rounds were begun, and where the last one was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Repetition {
    pub(super) min: usize,
    pub(super) max: usize,
    /// Where it begins: the instruction that decides whether there is another round.
    pub(super) first: u32,
    /// The round's first instruction.
    pub(super) body: u32,
    /// The instruction that ends a round; what follows the repetition lies behind it.
    pub(super) until: u32,
    pub(super) rounds: usize,
    pub(super) last: usize,
    /// For possessive ones: how many choices there were before the round.
    pub(super) choices: usize,
}

/// A repetition of a test.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneRepetition {
    pub(super) test: Test,
    pub(super) min: usize,
    pub(super) max: usize,
    /// What the character behind it must pass.
    pub(super) tail: Option<Test>,
}

/// A look-around. Registers: the position, and how many choices there were.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assertion {
    /// How many characters back it begins.
    pub(super) back: usize,
    pub(super) position: usize,
    pub(super) choices: usize,
    /// The instruction behind it.
    pub(super) after: u32,
}

/// What is known of every match's beginning.
#[derive(Debug, Default)]
pub(super) struct Hint {
    /// Characters that every match begins with.
    pub(super) prefix: Vec<u32>,
    /// What the first character passes.
    pub(super) first: Option<Test>,
    /// Matches begin at the text's beginning only.
    pub(super) anchored: bool,
    /// The fewest characters that match.
    pub(super) min_width: usize,
}

/// A pattern.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) insts: Vec<Inst>,
    pub(super) sets: Vec<CharSet>,
    pub(super) branches: Vec<Box<[Alternative]>>,
    pub(super) repetitions: Vec<Repetition>,
    pub(super) ones: Vec<OneRepetition>,
    pub(super) assertions: Vec<Assertion>,
    pub(super) groups: usize,
    /// Number of registers: two for each group, the last group's number, and those of repetitions and look-arounds.
    pub(super) registers: usize,
    pub(super) hint: Hint,
}

impl Program {
    /// The register with the number of the group that was closed last.
    pub(super) fn last_group_register(&self) -> usize {
        2 * self.groups
    }

    /// What the first character at an instruction must pass, as far as it is obvious.
    pub(super) fn first_test(&self, inst: u32) -> Option<Test> {
        match self.insts.get(inst as usize)? {
            Inst::One(test) => Some(*test).filter(|test| *test != Test::AnyAll),
            Inst::RepeatOne(one) | Inst::MinRepeatOne(one) | Inst::PossessiveOne(one) => {
                let one = &self.ones[*one as usize];
                (one.min > 0).then_some(one.test)
            }
            _ => None,
        }
    }
}
