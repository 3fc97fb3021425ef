//! From the words of Python's pattern compiler to a [`Program`].
//!
//! The words are nested, but lie one behind the other: one walk over them with a stack of what is still open suffices,
//! so that no depth of nesting needs more of the native stack. Whatever does not fit is an error: the words may come
//! from anywhere.

use super::charset::{Category, CharSet, Fold, Rule};
use super::opcode as op;
use super::program::{Alternative, Assertion, Hint, Inst, OneRepetition, Place, Program, Repetition, Test};

/// The words are not a pattern.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct InvalidCode;

type Checked<T> = Result<T, InvalidCode>;

/// The words as a program of so many groups.
pub(super) fn translate(words: &[u32], groups: usize) -> Checked<Program> {
    if groups > words.len() || words.last() != Some(&op::SUCCESS) {
        return Err(InvalidCode);
    }
    let program = Program { groups, registers: 2 * groups + 1, ..Program::default() };
    let mut translator =
        Translator { words, program, at: 0, open: Vec::new(), places: vec![u32::MAX; words.len() + 1] };
    while translator.at < words.len() {
        translator.next()?;
    }
    translator.finish()
}

/// A construct whose end is still to come.
struct Open {
    /// Where its last word is.
    close: usize,
    kind: OpenKind,
}

#[derive(Clone, Copy)]
enum OpenKind {
    Assert(u32),
    AssertNot(u32),
    Atomic(u32),
    Repeat(u32),
    Possessive(u32),
    Alternative(u32),
}

struct Translator<'w> {
    words: &'w [u32],
    program: Program,
    at: usize,
    open: Vec<Open>,
    /// The instruction of each word that begins one.
    places: Vec<u32>,
}

impl Translator<'_> {
    fn word(&self, at: usize) -> Checked<u32> {
        self.words.get(at).copied().ok_or(InvalidCode)
    }

    /// Where the skip at a word leads: always forward.
    fn target(&self, at: usize) -> Checked<usize> {
        let skip = self.word(at)? as usize;
        let target = at.checked_add(skip).filter(|target| *target <= self.words.len());
        target.filter(|_| skip > 0).ok_or(InvalidCode)
    }

    fn here(&self) -> u32 {
        self.program.insts.len() as u32
    }

    fn emit(&mut self, inst: Inst) {
        self.program.insts.push(inst);
    }

    fn register(&mut self) -> usize {
        self.program.registers += 1;
        self.program.registers - 1
    }

    fn group(&self, at: usize) -> Checked<u32> {
        self.word(at).and_then(|group| {
            if (group as usize) < self.program.groups { Ok(group) } else { Err(InvalidCode) }
        })
    }

    fn open(&mut self, close: usize, kind: OpenKind) -> Checked<()> {
        if close < self.at || self.open.last().is_some_and(|outer| close >= outer.close) {
            return Err(InvalidCode);
        }
        self.open.push(Open { close, kind });
        Ok(())
    }

    fn next(&mut self) -> Checked<()> {
        if self.open.last().is_some_and(|open| open.close <= self.at) {
            return self.close();
        }
        self.places[self.at] = self.here();
        let at = self.at;
        let code = self.word(at)?;
        match code {
            op::SUCCESS if self.open.is_empty() => self.simple(Inst::Success, 1),
            op::FAILURE => self.simple(Inst::Fail, 1),
            op::AT => self.simple(Inst::At(place(self.word(at + 1)?)?), 2),
            op::MARK => self.mark(),
            op::JUMP => {
                let target = self.target(at + 1)?;
                self.simple(Inst::Jump(target as u32), 2)
            }
            op::INFO => self.info(),
            op::BRANCH => self.branch(),
            op::GROUPREF => self.group_ref(Fold::None),
            op::GROUPREF_IGNORE => self.group_ref(Fold::Ascii),
            op::GROUPREF_LOC_IGNORE => self.group_ref(Fold::Locale),
            op::GROUPREF_UNI_IGNORE => self.group_ref(Fold::Unicode),
            op::GROUPREF_EXISTS => {
                let (group, otherwise) = (self.group(at + 1)?, self.target(at + 2)? as u32);
                // The skip counts from the word before it.
                let otherwise = otherwise.checked_sub(1).ok_or(InvalidCode)?;
                self.simple(Inst::GroupExists { group, otherwise }, 3)
            }
            op::REPEAT | op::POSSESSIVE_REPEAT => self.repeat(code),
            op::REPEAT_ONE | op::MIN_REPEAT_ONE | op::POSSESSIVE_REPEAT_ONE => self.repeat_one(code),
            op::ATOMIC_GROUP => self.atomic(),
            op::ASSERT | op::ASSERT_NOT => self.assertion(code == op::ASSERT_NOT),
            _ => {
                let (test, next) = self.test(at)?;
                self.simple(Inst::One(test), next - at)
            }
        }
    }

    fn simple(&mut self, inst: Inst, words: usize) -> Checked<()> {
        self.emit(inst);
        self.at += words;
        Ok(())
    }

    fn mark(&mut self) -> Checked<()> {
        let mark = self.word(self.at + 1)?;
        if mark as usize >= 2 * self.program.groups {
            return Err(InvalidCode);
        }
        self.simple(Inst::Mark(mark), 2)
    }

    fn group_ref(&mut self, fold: Fold) -> Checked<()> {
        let group = self.group(self.at + 1)?;
        self.simple(Inst::GroupRef(group, fold), 2)
    }

    fn branch(&mut self) -> Checked<()> {
        let mut alternatives = Vec::new();
        let mut at = self.at + 1;
        while self.word(at)? != 0 {
            // Instructions are not known yet: the words' places stand for them until the end.
            alternatives.push(Alternative { start: (at + 1) as u32, first: None });
            at = self.target(at)?;
        }
        let number = self.program.branches.len() as u32;
        self.program.branches.push(alternatives.into());
        self.emit(Inst::Branch(number));
        self.at += 1;
        self.alternative(number)
    }

    /// Opens the alternative whose skip is at the current word, or ends the branch.
    fn alternative(&mut self, number: u32) -> Checked<()> {
        if self.word(self.at)? == 0 {
            self.at += 1;
            return Ok(());
        }
        let close = self.target(self.at)?.checked_sub(2).ok_or(InvalidCode)?;
        self.at += 1;
        self.open(close, OpenKind::Alternative(number))
    }

    fn repeat(&mut self, code: u32) -> Checked<()> {
        let (min, max) = self.bounds()?;
        let until = self.target(self.at + 1)?;
        let number = self.program.repetitions.len() as u32;
        let (rounds, last, choices) = (self.register(), self.register(), self.register());
        self.emit(Inst::Repeat(number));
        let first = self.here();
        let kind = if code == op::REPEAT {
            OpenKind::Repeat(number)
        } else {
            self.emit(Inst::PossessiveRound(number));
            OpenKind::Possessive(number)
        };
        let body = self.here();
        self.program.repetitions.push(Repetition { min, max, first, body, until: 0, rounds, last, choices });
        self.at += 4;
        self.open(until, kind)
    }

    fn bounds(&self) -> Checked<(usize, usize)> {
        let (min, max) = (self.word(self.at + 2)?, self.word(self.at + 3)?);
        if min > max {
            return Err(InvalidCode);
        }
        let max = if max == op::MAXREPEAT { usize::MAX } else { max as usize };
        Ok((min as usize, max))
    }

    fn repeat_one(&mut self, code: u32) -> Checked<()> {
        let (min, max) = self.bounds()?;
        let end = self.target(self.at + 1)?;
        let (test, next) = self.test(self.at + 4)?;
        if self.word(next)? != op::SUCCESS || next + 1 != end {
            return Err(InvalidCode);
        }
        let number = self.program.ones.len() as u32;
        self.program.ones.push(OneRepetition { test, min, max, tail: None });
        let inst = match code {
            op::REPEAT_ONE => Inst::RepeatOne(number),
            op::MIN_REPEAT_ONE => Inst::MinRepeatOne(number),
            _ => Inst::PossessiveOne(number),
        };
        self.simple(inst, end - self.at)
    }

    fn atomic(&mut self) -> Checked<()> {
        let close = self.target(self.at + 1)?.checked_sub(1).ok_or(InvalidCode)?;
        let register = self.register() as u32;
        self.emit(Inst::Atomic(register));
        self.at += 2;
        self.open(close, OpenKind::Atomic(register))
    }

    fn assertion(&mut self, negated: bool) -> Checked<()> {
        let close = self.target(self.at + 1)?.checked_sub(1).ok_or(InvalidCode)?;
        let back = self.word(self.at + 2)? as usize;
        let number = self.program.assertions.len() as u32;
        let (position, choices) = (self.register(), self.register());
        self.program.assertions.push(Assertion { back, position, choices, after: 0 });
        self.emit(if negated { Inst::AssertNot(number) } else { Inst::Assert(number) });
        self.at += 3;
        self.open(close, if negated { OpenKind::AssertNot(number) } else { OpenKind::Assert(number) })
    }

    /// Ends the innermost construct.
    fn close(&mut self) -> Checked<()> {
        let Some(Open { close, kind }) = self.open.pop() else { return Err(InvalidCode) };
        let code = self.word(self.at)?;
        let is_end = match kind {
            OpenKind::Repeat(_) => matches!(code, op::MAX_UNTIL | op::MIN_UNTIL),
            OpenKind::Alternative(_) => code == op::JUMP,
            _ => code == op::SUCCESS,
        };
        if close != self.at || !is_end {
            return Err(InvalidCode);
        }
        self.places[self.at] = self.here();
        self.end(kind, code)
    }

    fn end(&mut self, kind: OpenKind, code: u32) -> Checked<()> {
        let after = self.here() + 1;
        match kind {
            OpenKind::Assert(number) => {
                self.program.assertions[number as usize].after = after;
                self.simple(Inst::AssertEnd(number), 1)
            }
            OpenKind::AssertNot(number) => {
                self.program.assertions[number as usize].after = after;
                self.simple(Inst::AssertNotEnd(number), 1)
            }
            OpenKind::Atomic(register) => self.simple(Inst::AtomicEnd(register), 1),
            OpenKind::Repeat(number) => {
                // The first round, too, begins with counting it.
                let repetition = &mut self.program.repetitions[number as usize];
                (repetition.first, repetition.until) = (after - 1, after - 1);
                let greedy = code == op::MAX_UNTIL;
                self.simple(if greedy { Inst::MaxUntil(number) } else { Inst::MinUntil(number) }, 1)
            }
            OpenKind::Possessive(number) => {
                self.program.repetitions[number as usize].until = after - 1;
                self.simple(Inst::PossessiveEnd(number), 1)
            }
            OpenKind::Alternative(number) => {
                let target = self.target(self.at + 1)?;
                self.simple(Inst::Jump(target as u32), 2)?;
                self.alternative(number)
            }
        }
    }

    /// A test at a word, and the word behind it.
    fn test(&mut self, at: usize) -> Checked<(Test, usize)> {
        let code = self.word(at)?;
        let fold = match code {
            op::LITERAL_IGNORE | op::NOT_LITERAL_IGNORE | op::IN_IGNORE => Fold::Ascii,
            op::LITERAL_LOC_IGNORE | op::NOT_LITERAL_LOC_IGNORE | op::IN_LOC_IGNORE => Fold::Locale,
            op::LITERAL_UNI_IGNORE | op::NOT_LITERAL_UNI_IGNORE | op::IN_UNI_IGNORE => Fold::Unicode,
            _ => Fold::None,
        };
        match code {
            op::ANY => Ok((Test::Any, at + 1)),
            op::ANY_ALL => Ok((Test::AnyAll, at + 1)),
            op::LITERAL => Ok((Test::Literal(self.word(at + 1)?), at + 2)),
            op::NOT_LITERAL => Ok((Test::NotLiteral(self.word(at + 1)?), at + 2)),
            op::LITERAL_IGNORE | op::LITERAL_LOC_IGNORE | op::LITERAL_UNI_IGNORE => {
                let rules = vec![Rule::Literal(self.word(at + 1)?)];
                Ok((self.set(rules, fold, false), at + 2))
            }
            op::NOT_LITERAL_IGNORE | op::NOT_LITERAL_LOC_IGNORE | op::NOT_LITERAL_UNI_IGNORE => {
                let rules = vec![Rule::Literal(self.word(at + 1)?)];
                Ok((self.set(rules, fold, true), at + 2))
            }
            op::CATEGORY => {
                let rules = vec![category(self.word(at + 1)?)?];
                Ok((self.set(rules, fold, false), at + 2))
            }
            op::IN | op::IN_IGNORE | op::IN_LOC_IGNORE | op::IN_UNI_IGNORE => {
                let end = self.target(at + 1)?;
                let (rules, next) = self.rules(at + 2)?;
                if next != end {
                    return Err(InvalidCode);
                }
                Ok((self.set(rules, fold, false), end))
            }
            _ => Err(InvalidCode),
        }
    }

    fn set(&mut self, rules: Vec<Rule>, fold: Fold, inverted: bool) -> Test {
        self.program.sets.push(CharSet::new(rules, fold, inverted));
        Test::Set(self.program.sets.len() as u32 - 1)
    }

    /// The rules of a set, and the word behind them.
    fn rules(&self, mut at: usize) -> Checked<(Vec<Rule>, usize)> {
        let mut rules = Vec::new();
        loop {
            let (rule, words) = match self.word(at)? {
                op::FAILURE => return Ok((rules, at + 1)),
                op::NEGATE => (Rule::Negate, 1),
                op::LITERAL => (Rule::Literal(self.word(at + 1)?), 2),
                op::RANGE => (Rule::Range(self.word(at + 1)?, self.word(at + 2)?), 3),
                op::RANGE_UNI_IGNORE => (Rule::RangeOrUpper(self.word(at + 1)?, self.word(at + 2)?), 3),
                op::CATEGORY => (category(self.word(at + 1)?)?, 2),
                op::CHARSET => (Rule::Bitmap(self.bitmap(at + 1)?), 9),
                op::BIGCHARSET => self.blocks(at)?,
                _ => return Err(InvalidCode),
            };
            rules.push(rule);
            at += words;
        }
    }

    fn bitmap(&self, at: usize) -> Checked<[u32; 8]> {
        let words = self.words.get(at..at + 8).ok_or(InvalidCode)?;
        words.try_into().map_err(|_| InvalidCode)
    }

    fn blocks(&self, at: usize) -> Checked<(Rule, usize)> {
        let count = self.word(at + 1)? as usize;
        let packed = self.words.get(at + 2..at + 66).ok_or(InvalidCode)?;
        let mut index = Box::new([0; 256]);
        for (i, byte) in packed.iter().flat_map(|word| word.to_le_bytes()).enumerate() {
            if usize::from(byte) >= count {
                return Err(InvalidCode);
            }
            index[i] = byte;
        }
        let maps = (0..count.min(256)).map(|i| self.bitmap(at + 66 + 8 * i)).collect::<Checked<Vec<_>>>()?;
        Ok((Rule::Blocks { index, maps }, 66 + 8 * count))
    }

    /// What the compiler knows of the beginning of every match.
    fn info(&mut self) -> Checked<()> {
        let at = self.at;
        let end = self.target(at + 1)?;
        let flags = self.word(at + 2)?;
        let mut hint = Hint { min_width: self.word(at + 3)? as usize, ..Hint::default() };
        if flags & op::INFO_PREFIX != 0 {
            let len = self.word(at + 5)? as usize;
            let prefix = self.words.get(at + 7..(at + 7).saturating_add(len).min(end)).ok_or(InvalidCode)?;
            hint.prefix = prefix.to_vec();
        } else if flags & op::INFO_CHARSET != 0 {
            let (rules, _) = self.rules(at + 5)?;
            hint.first = Some(self.set(rules, Fold::None, false));
        }
        if at == 0 {
            self.program.hint = hint;
        }
        self.at = end;
        Ok(())
    }

    /// The instruction of a word.
    fn inst_of(&self, word: u32) -> Checked<u32> {
        let inst = self.places.get(word as usize).copied().unwrap_or(u32::MAX);
        if inst == u32::MAX { Err(InvalidCode) } else { Ok(inst) }
    }

    /// Puts instructions in the place of words.
    fn finish(mut self) -> Checked<Program> {
        let ends = matches!(self.program.insts.last(), Some(Inst::Success));
        if !ends || !self.open.is_empty() || self.at != self.words.len() {
            return Err(InvalidCode);
        }
        for i in 0..self.program.insts.len() {
            let resolved = match self.program.insts[i] {
                Inst::Jump(word) => Inst::Jump(self.inst_of(word)?),
                Inst::GroupExists { group, otherwise } => {
                    Inst::GroupExists { group, otherwise: self.inst_of(otherwise)? }
                }
                other => other,
            };
            self.program.insts[i] = resolved;
        }
        self.resolve_branches()?;
        self.add_tests();
        Ok(self.program)
    }

    fn resolve_branches(&mut self) -> Checked<()> {
        for branch in 0..self.program.branches.len() {
            for i in 0..self.program.branches[branch].len() {
                let start = self.inst_of(self.program.branches[branch][i].start)?;
                let first = self.program.first_test(start);
                self.program.branches[branch][i] = Alternative { start, first };
            }
        }
        Ok(())
    }

    /// What can be said of characters without running on.
    fn add_tests(&mut self) {
        let program = &mut self.program;
        for i in 0..program.insts.len() {
            if let Inst::RepeatOne(number) | Inst::MinRepeatOne(number) = program.insts[i] {
                program.ones[number as usize].tail = program.first_test(i as u32 + 1);
            }
        }
        if program.hint.first.is_none() && program.hint.prefix.is_empty() {
            program.hint.first = program.first_test(0);
        }
        program.hint.anchored = matches!(program.insts.first(), Some(Inst::At(Place::Beginning)));
    }
}

fn category(code: u32) -> Checked<Rule> {
    let (category, negated) = Category::of_code(code).ok_or(InvalidCode)?;
    Ok(Rule::Category(category, negated))
}

fn place(code: u32) -> Checked<Place> {
    Ok(match code {
        0 | 2 => Place::Beginning,
        1 => Place::LineBeginning,
        3 | 8 => Place::Boundary { unicode: false, negated: false },
        4 | 9 => Place::Boundary { unicode: false, negated: true },
        5 => Place::End,
        6 => Place::LineEnd,
        7 => Place::TextEnd,
        10 => Place::Boundary { unicode: true, negated: false },
        11 => Place::Boundary { unicode: true, negated: true },
        _ => return Err(InvalidCode),
    })
}
