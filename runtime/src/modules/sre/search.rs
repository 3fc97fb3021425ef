//! Searching: where a pattern may begin to match, by what is known of every match's beginning.

use super::matcher::{Demand, Matcher, OutOfMemory, Scratch};
use super::program::{Program, Test};
use super::unit::Unit;
use crate::str_object::Units;

/// A match: where it begins and ends. Its groups are in the scratch memory.
pub(super) type Span = (usize, usize);

/// The match that begins at `start`.
pub(super) fn match_here(
    program: &Program,
    text: Units<'_>,
    start: usize,
    demand: Demand,
    scratch: &mut Scratch,
) -> Result<Option<Span>, OutOfMemory> {
    let end = match text {
        Units::One(text) => Matcher::new(program, text, scratch).match_at(start, demand),
        Units::Two(text) => Matcher::new(program, text, scratch).match_at(start, demand),
        Units::Four(text) => Matcher::new(program, text, scratch).match_at(start, demand),
    };
    end.map(|end| end.map(|end| (start, end)))
}

/// The first match from `start`; the one that begins right there must not be empty if so demanded.
pub(super) fn search(
    program: &Program,
    text: Units<'_>,
    start: usize,
    not_empty: bool,
    scratch: &mut Scratch,
) -> Result<Option<Span>, OutOfMemory> {
    match text {
        Units::One(text) => search_units(program, text, start, not_empty, scratch),
        Units::Two(text) => search_units(program, text, start, not_empty, scratch),
        Units::Four(text) => search_units(program, text, start, not_empty, scratch),
    }
}

fn search_units<U: Unit>(
    program: &Program,
    text: &[U],
    start: usize,
    not_empty: bool,
    scratch: &mut Scratch,
) -> Result<Option<Span>, OutOfMemory> {
    let mut at = start;
    while let Some(found) = candidate(program, text, at) {
        let demand = Demand { whole: false, not_empty: not_empty && found == start };
        if let Some(end) = Matcher::new(program, text, scratch).match_at(found, demand)? {
            return Ok(Some((found, end)));
        }
        at = found + 1;
    }
    Ok(None)
}

/// The first position from `at` where the pattern may match.
fn candidate<U: Unit>(program: &Program, text: &[U], at: usize) -> Option<usize> {
    let hint = &program.hint;
    let last = text.len().checked_sub(hint.min_width)?;
    let rest = text.get(at..).filter(|_| at <= last && !(hint.anchored && at > 0))?;
    if !hint.prefix.is_empty() {
        return find_prefix(rest, &hint.prefix).map(|found| at + found);
    }
    let found = match hint.first {
        None => Some(0),
        Some(Test::Literal(literal)) => U::find(rest, literal),
        Some(Test::Set(set)) => {
            let set = &program.sets[set as usize];
            rest.iter().position(|unit| set.has(unit.point()))
        }
        Some(Test::Any) => rest.iter().position(|unit| unit.point() != 10),
        Some(Test::NotLiteral(literal)) => rest.iter().position(|unit| unit.point() != literal),
        Some(Test::AnyAll) => (!rest.is_empty()).then_some(0),
    };
    found.map(|found| at + found)
}

fn find_prefix<U: Unit>(text: &[U], prefix: &[u32]) -> Option<usize> {
    let (first, others) = prefix.split_first()?;
    let mut at = 0;
    loop {
        at += U::find(text.get(at..)?, *first)?;
        let behind = text.get(at + 1..at + prefix.len())?;
        if behind.iter().zip(others).all(|(unit, point)| unit.point() == *point) {
            return Some(at);
        }
        at += 1;
    }
}
