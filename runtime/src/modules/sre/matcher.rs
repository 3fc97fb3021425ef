//! The matcher: runs a [`Program`] over a text by backtracking, with stacks of its own.
//!
//! What may be tried otherwise later is a *choice*: an instruction, a position, and how long the trail was. The trail
//! has the old values of registers that were changed since some choice was made; going back to a choice restores them.
//! Groups of which only the first match counts (atomic ones, look-arounds) drop the choices made in them and keep the
//! trail. So neither long texts nor nested patterns use the native stack.

use super::charset::Fold;
use super::program::{Inst, OneRepetition, Place, Program, Test};
use super::unit::Unit;

/// The stacks outgrew their limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct OutOfMemory;

/// Nothing: of a bound that is not set.
pub(super) const UNSET: usize = usize::MAX;

/// The most bytes that the stacks may take.
const MAX_STACK: usize = 2 << 30;

/// Registers and stacks, kept from run to run for their memory.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    registers: Vec<usize>,
    choices: Vec<Choice>,
    trail: Vec<(u32, usize)>,
}

impl Scratch {
    /// The bounds of a group, if it matched.
    pub(super) fn group(&self, group: usize) -> Option<(usize, usize)> {
        let (start, end) = (self.registers[2 * group], self.registers[2 * group + 1]);
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    /// The number of the group closed last; 0 if none was.
    pub(super) fn last_group(&self, program: &Program) -> usize {
        self.registers[program.last_group_register()]
    }
}

#[derive(Clone, Copy, Debug)]
struct Choice {
    inst: u32,
    position: usize,
    /// For repeated tests the other bound of the positions left; for branches the next alternative.
    extra: usize,
    trail: usize,
}

/// What a match must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Demand {
    /// It ends at the text's end.
    pub(super) whole: bool,
    /// It is not empty.
    pub(super) not_empty: bool,
}

/// Where to go on: an instruction and a position.
type Next = Option<(u32, usize)>;

/// A program, a text, and the state of a run.
pub(super) struct Matcher<'a, U> {
    program: &'a Program,
    /// The text up to the end of what may match.
    text: &'a [U],
    scratch: &'a mut Scratch,
    full: bool,
}

impl<'a, U: Unit> Matcher<'a, U> {
    /// A matcher over a text.
    pub(super) fn new(program: &'a Program, text: &'a [U], scratch: &'a mut Scratch) -> Self {
        Self { program, text, scratch, full: false }
    }

    /// Where a match from `start` ends, if there is one.
    pub(super) fn match_at(&mut self, start: usize, demand: Demand) -> Result<Option<usize>, OutOfMemory> {
        self.reset();
        let mut at = (0, start);
        loop {
            let next = match self.program.insts[at.0 as usize] {
                Inst::Success if self.accepts(start, at.1, demand) => return Ok(Some(at.1)),
                inst => self.step(inst, at.0, at.1),
            };
            if self.full {
                return Err(OutOfMemory);
            }
            match next.or_else(|| self.backtrack()) {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
    }

    fn accepts(&self, start: usize, end: usize, demand: Demand) -> bool {
        !(demand.whole && end != self.text.len() || demand.not_empty && end == start)
    }

    fn reset(&mut self) {
        let (scratch, program) = (&mut *self.scratch, self.program);
        scratch.choices.clear();
        scratch.trail.clear();
        scratch.registers.clear();
        scratch.registers.resize(2 * program.groups, UNSET);
        scratch.registers.resize(program.registers, 0);
    }

    #[inline(always)]
    fn step(&mut self, inst: Inst, pc: u32, at: usize) -> Next {
        match inst {
            Inst::Success | Inst::Fail => None,
            Inst::One(test) => self.passes(test, at).then_some((pc + 1, at + 1)),
            Inst::At(place) => self.holds(place, at).then_some((pc + 1, at)),
            Inst::Mark(mark) => self.mark(mark, pc, at),
            Inst::Jump(target) => Some((target, at)),
            Inst::Branch(number) => self.branch(number, 0, pc, at),
            Inst::GroupRef(group, fold) => self.group_ref(group, fold, pc, at),
            Inst::GroupExists { group, otherwise } => {
                let matched = self.scratch.group(group as usize).is_some();
                Some((if matched { pc + 1 } else { otherwise }, at))
            }
            Inst::Repeat(number) => self.repeat(number, at),
            Inst::MaxUntil(number) => self.max_until(number, pc, at),
            Inst::MinUntil(number) => self.min_until(number, pc, at),
            Inst::PossessiveRound(number) => self.possessive_round(number, pc, at),
            Inst::PossessiveEnd(number) => self.possessive_end(number, at),
            Inst::RepeatOne(number) => self.repeat_one(number, pc, at),
            Inst::MinRepeatOne(number) => self.min_repeat_one(number, pc, at),
            Inst::PossessiveOne(number) => {
                let one = self.program.ones[number as usize];
                let count = self.count(one.test, at, one.max);
                (count >= one.min).then_some((pc + 1, at + count))
            }
            Inst::Atomic(register) => {
                self.set(register as usize, self.scratch.choices.len());
                Some((pc + 1, at))
            }
            Inst::AtomicEnd(register) => {
                self.cut(register as usize);
                Some((pc + 1, at))
            }
            Inst::Assert(number) => self.assert(number, pc, at),
            Inst::AssertEnd(number) => {
                let assertion = self.program.assertions[number as usize];
                self.cut(assertion.choices);
                Some((pc + 1, self.scratch.registers[assertion.position]))
            }
            Inst::AssertNot(number) => self.assert_not(number, pc, at),
            Inst::AssertNotEnd(number) => {
                self.cut(self.program.assertions[number as usize].choices);
                None
            }
        }
    }

    // ---- Registers and choices ---------------------------------------------------------------------------------------

    #[inline]
    fn set(&mut self, register: usize, value: usize) {
        let scratch = &mut *self.scratch;
        let old = std::mem::replace(&mut scratch.registers[register], value);
        if !scratch.choices.is_empty() {
            if scratch.trail.len() == scratch.trail.capacity() {
                self.full |= !has_room(&mut scratch.trail);
            }
            if !self.full {
                scratch.trail.push((register as u32, old));
            }
        }
    }

    #[inline]
    fn choose(&mut self, inst: u32, position: usize, extra: usize) {
        let scratch = &mut *self.scratch;
        if scratch.choices.len() == scratch.choices.capacity() {
            self.full |= !has_room(&mut scratch.choices);
        }
        if !self.full {
            scratch.choices.push(Choice { inst, position, extra, trail: scratch.trail.len() });
        }
    }

    /// Drops the choices made since a register was set to their number.
    fn cut(&mut self, register: usize) {
        let scratch = &mut *self.scratch;
        scratch.choices.truncate(scratch.registers[register]);
        if scratch.choices.is_empty() {
            scratch.trail.clear();
        }
    }

    /// Goes back to the last choice that leads anywhere.
    fn backtrack(&mut self) -> Next {
        loop {
            let choice = self.scratch.choices.pop()?;
            self.undo(choice.trail);
            let (pc, at) = (choice.inst, choice.position);
            let next = match self.program.insts[pc as usize] {
                Inst::Branch(number) => self.branch(number, choice.extra, pc, at),
                Inst::RepeatOne(number) => self.give_back(number, pc, choice.extra, at),
                Inst::MinRepeatOne(number) => self.take_more(number, pc, choice.extra, at),
                Inst::MinUntil(number) => self.another_round(number, at),
                Inst::AssertNot(number) => Some((self.program.assertions[number as usize].after, at)),
                // The round failed: the repetition ends with the one before.
                Inst::PossessiveRound(number) => {
                    Some((self.program.repetitions[number as usize].until + 1, at))
                }
                // A greedy repetition ends here.
                _ => Some((pc + 1, at)),
            };
            if next.is_some() || self.full {
                return next;
            }
        }
    }

    fn undo(&mut self, trail: usize) {
        let scratch = &mut *self.scratch;
        while scratch.trail.len() > trail
            && let Some((register, old)) = scratch.trail.pop()
        {
            scratch.registers[register as usize] = old;
        }
    }

    // ---- Characters --------------------------------------------------------------------------------------------------

    #[inline(always)]
    fn passes(&self, test: Test, at: usize) -> bool {
        self.text.get(at).is_some_and(|unit| self.has(test, *unit))
    }

    #[inline(always)]
    fn has(&self, test: Test, unit: U) -> bool {
        let point = unit.point();
        match test {
            Test::Any => point != 10,
            Test::AnyAll => true,
            Test::Literal(literal) => point == literal,
            Test::NotLiteral(literal) => point != literal,
            Test::Set(set) => self.program.sets[set as usize].has(point),
        }
    }

    /// How many characters from `at` pass, at most `most`.
    fn count(&self, test: Test, at: usize, most: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let rest = &rest[..rest.len().min(most)];
        let end = match test {
            Test::AnyAll => None,
            Test::Any => U::find(rest, 10),
            Test::NotLiteral(literal) => U::find(rest, literal),
            Test::Literal(literal) => rest.iter().position(|unit| unit.point() != literal),
            Test::Set(set) => {
                let set = &self.program.sets[set as usize];
                rest.iter().position(|unit| !set.has(unit.point()))
            }
        };
        end.unwrap_or(rest.len())
    }

    fn holds(&self, place: Place, at: usize) -> bool {
        let len = self.text.len();
        let is_newline = |at: usize| self.text.get(at).is_some_and(|unit| unit.point() == 10);
        match place {
            Place::Beginning => at == 0,
            Place::LineBeginning => at == 0 || is_newline(at - 1),
            Place::End => at == len || at + 1 == len && is_newline(at),
            Place::LineEnd => at == len || is_newline(at),
            Place::TextEnd => at == len,
            Place::Boundary { .. } if len == 0 => false,
            Place::Boundary { unicode, negated } => {
                let is_word =
                    |at: usize| self.text.get(at).is_some_and(|unit| is_word(unit.point(), unicode));
                let boundary = (at > 0 && is_word(at - 1)) != is_word(at);
                boundary != negated
            }
        }
    }

    fn group_ref(&self, group: u32, fold: Fold, pc: u32, at: usize) -> Next {
        let (start, end) = self.scratch.group(group as usize)?;
        let (taken, rest) = (self.text.get(start..end)?, self.text.get(at..at + (end - start))?);
        let same = match fold {
            Fold::None => taken == rest,
            fold => taken.iter().zip(rest).all(|(a, b)| fold.apply(a.point()) == fold.apply(b.point())),
        };
        same.then_some((pc + 1, at + taken.len()))
    }

    fn mark(&mut self, mark: u32, pc: u32, at: usize) -> Next {
        self.set(mark as usize, at);
        if mark % 2 == 1 {
            self.set(self.program.last_group_register(), mark as usize / 2 + 1);
        }
        Some((pc + 1, at))
    }

    // ---- Branches and repetitions ------------------------------------------------------------------------------------

    /// The first alternative from `from` that may match; the next such one is a choice.
    fn branch(&mut self, number: u32, from: usize, pc: u32, at: usize) -> Next {
        let alternatives = &self.program.branches[number as usize];
        let next_of = |from: usize| {
            (from..alternatives.len())
                .find(|i| alternatives[*i].first.is_none_or(|test| self.passes(test, at)))
        };
        let chosen = next_of(from)?;
        if let Some(other) = next_of(chosen + 1) {
            self.choose(pc, at, other);
        }
        Some((alternatives[chosen].start, at))
    }

    fn repeat(&mut self, number: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        // The end of a round counts it: here none was begun yet.
        self.set(repetition.rounds, UNSET);
        self.set(repetition.last, UNSET);
        Some((repetition.first, at))
    }

    fn max_until(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        let rounds = self.scratch.registers[repetition.rounds].wrapping_add(1);
        if rounds < repetition.min {
            self.set(repetition.rounds, rounds);
            return Some((repetition.body, at));
        }
        if rounds < repetition.max && self.scratch.registers[repetition.last] != at {
            self.choose(pc, at, 0);
            self.set(repetition.rounds, rounds);
            self.set(repetition.last, at);
            return Some((repetition.body, at));
        }
        Some((pc + 1, at))
    }

    fn min_until(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        let rounds = self.scratch.registers[repetition.rounds].wrapping_add(1);
        if rounds < repetition.min {
            self.set(repetition.rounds, rounds);
            return Some((repetition.body, at));
        }
        self.choose(pc, at, 0);
        Some((pc + 1, at))
    }

    /// A lazy repetition's tail failed.
    fn another_round(&mut self, number: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        let rounds = self.scratch.registers[repetition.rounds].wrapping_add(1);
        if rounds >= repetition.max || self.scratch.registers[repetition.last] == at {
            return None;
        }
        self.set(repetition.rounds, rounds);
        self.set(repetition.last, at);
        Some((repetition.body, at))
    }

    fn possessive_round(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        let rounds = self.scratch.registers[repetition.rounds].wrapping_add(1);
        let choices = self.scratch.choices.len();
        if rounds >= repetition.min {
            if rounds >= repetition.max || self.scratch.registers[repetition.last] == at {
                return Some((repetition.until + 1, at));
            }
            self.choose(pc, at, 0);
            self.set(repetition.last, at);
        }
        self.set(repetition.rounds, rounds);
        self.set(repetition.choices, choices);
        Some((repetition.body, at))
    }

    fn possessive_end(&mut self, number: u32, at: usize) -> Next {
        let repetition = self.program.repetitions[number as usize];
        self.cut(repetition.choices);
        Some((repetition.first, at))
    }

    // ---- Repeated tests ----------------------------------------------------------------------------------------------

    fn repeat_one(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let one = self.program.ones[number as usize];
        let count = self.count(one.test, at, one.max);
        if count < one.min {
            return None;
        }
        self.most_of(&one, pc, at + one.min, at + count)
    }

    fn give_back(&mut self, number: u32, pc: u32, least: usize, at: usize) -> Next {
        let one = self.program.ones[number as usize];
        self.most_of(&one, pc, least, at)
    }

    /// Goes on at the last position from `least` to `most` where the tail may match; those before are a choice.
    fn most_of(&mut self, one: &OneRepetition, pc: u32, least: usize, most: usize) -> Next {
        let at = match one.tail {
            None => most,
            Some(Test::Literal(literal)) => {
                let end = self.text.len().min(most + 1);
                least + U::find_last(self.text.get(least..end)?, literal)?
            }
            Some(test) => (least..=most).rev().find(|at| self.passes(test, *at))?,
        };
        if at > least {
            self.choose(pc, at - 1, least);
        }
        Some((pc + 1, at))
    }

    fn min_repeat_one(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let one = self.program.ones[number as usize];
        let count = self.count(one.test, at, one.min);
        if count < one.min {
            return None;
        }
        self.fewest_of(&one, pc, at.saturating_add(one.max), at + count)
    }

    fn take_more(&mut self, number: u32, pc: u32, most: usize, at: usize) -> Next {
        let one = self.program.ones[number as usize];
        if at >= most || !self.passes(one.test, at) {
            return None;
        }
        self.fewest_of(&one, pc, most, at + 1)
    }

    /// Goes on at the first position from `at` to `most` where the tail may match; those behind are a choice.
    fn fewest_of(&mut self, one: &OneRepetition, pc: u32, most: usize, mut at: usize) -> Next {
        if let Some(tail) = one.tail {
            while !self.passes(tail, at) {
                if at >= most || !self.passes(one.test, at) {
                    return None;
                }
                at += 1;
            }
        }
        if at < most && at < self.text.len() {
            self.choose(pc, at, most);
        }
        Some((pc + 1, at))
    }

    // ---- Look-arounds ------------------------------------------------------------------------------------------------

    fn assert(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let assertion = self.program.assertions[number as usize];
        let from = at.checked_sub(assertion.back)?;
        let choices = self.scratch.choices.len();
        self.set(assertion.choices, choices);
        self.set(assertion.position, at);
        Some((pc + 1, from))
    }

    fn assert_not(&mut self, number: u32, pc: u32, at: usize) -> Next {
        let assertion = self.program.assertions[number as usize];
        let Some(from) = at.checked_sub(assertion.back) else { return Some((assertion.after, at)) };
        let choices = self.scratch.choices.len();
        self.choose(pc, at, 0);
        self.set(assertion.choices, choices);
        Some((pc + 1, from))
    }
}

fn is_word(point: u32, unicode: bool) -> bool {
    use super::charset::Category;
    if unicode { Category::UnicodeWord.has(point) } else { Category::Word.has(point) }
}

/// Makes room for more; false if the limit is reached or there is no memory.
fn has_room<T>(stack: &mut Vec<T>) -> bool {
    let more = stack.len().max(64);
    (stack.len() + more) * size_of::<T>() <= MAX_STACK && stack.try_reserve_exact(more).is_ok()
}
