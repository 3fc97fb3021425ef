//! Cutting text into parts, for strings and bytes alike: every function gives ranges of units.

use std::ops::Range;

use crate::search;
use crate::str_object::Units;

/// A part of a text.
pub(crate) type Part = Range<usize>;

/// Parts between separators, which are not empty; at most `most` cuts, from the left.
pub(crate) fn split(text: Units<'_>, separator: Units<'_>, most: usize) -> Vec<Part> {
    between(text.len(), &search::find_all(text, separator, most), separator.len())
}

/// The same with cuts from the right.
pub(crate) fn rsplit(text: Units<'_>, separator: Units<'_>, most: usize) -> Vec<Part> {
    between(text.len(), &search::rfind_all(text, separator, most), separator.len())
}

fn between(len: usize, places: &[usize], width: usize) -> Vec<Part> {
    let mut parts = Vec::with_capacity(places.len() + 1);
    let mut start = 0;
    for place in places {
        parts.push(start..*place);
        start = place + width;
    }
    parts.push(start..len);
    parts
}

/// Words between spaces; after `most` words the rest is one part.
pub(crate) fn split_spaces(text: Units<'_>, most: usize, is_space: impl Fn(u32) -> bool) -> Vec<Part> {
    match text {
        Units::One(text) => words(text, most, is_space),
        Units::Two(text) => words(text, most, is_space),
        Units::Four(text) => words(text, most, is_space),
    }
}

fn words<T: Copy + Into<u32>>(text: &[T], most: usize, is_space: impl Fn(u32) -> bool) -> Vec<Part> {
    let len = text.len();
    let skip = |mut at: usize, space: bool| {
        while at < len && is_space(text[at].into()) == space {
            at += 1;
        }
        at
    };
    let mut parts = Vec::new();
    let mut at = skip(0, true);
    while at < len {
        if parts.len() == most {
            parts.push(at..len);
            break;
        }
        let end = skip(at, false);
        parts.push(at..end);
        at = skip(end, true);
    }
    parts
}

/// The same from the right.
pub(crate) fn rsplit_spaces(text: Units<'_>, most: usize, is_space: impl Fn(u32) -> bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut end = rskip(text, text.len(), &is_space, true);
    while end > 0 {
        if parts.len() == most {
            parts.push(0..end);
            break;
        }
        let start = rskip(text, end, &is_space, false);
        parts.push(start..end);
        end = rskip(text, start, &is_space, true);
    }
    parts.reverse();
    parts
}

fn rskip(text: Units<'_>, mut end: usize, is_space: &impl Fn(u32) -> bool, space: bool) -> usize {
    while end > 0 && is_space(text.at(end - 1)) == space {
        end -= 1;
    }
    end
}

/// Lines, with the ends that `is_break` tells if `keep`; carriage return and line feed are one end.
pub(crate) fn lines(text: Units<'_>, keep: bool, is_break: impl Fn(u32) -> bool) -> Vec<Part> {
    let len = text.len();
    let mut parts = Vec::new();
    let mut start = 0;
    while start < len {
        let end = (start..len).find(|at| is_break(text.at(*at))).unwrap_or(len);
        let pair = end + 1 < len && text.at(end) == 13 && text.at(end + 1) == 10;
        let next = (end + if pair { 2 } else { 1 }).min(len);
        parts.push(start..if keep { next } else { end });
        start = next;
    }
    parts
}

/// Which ends are stripped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ends {
    /// The first characters.
    Left,
    /// The last characters.
    Right,
    /// Both.
    Both,
}

/// What is left when characters are stripped from the ends.
pub(crate) fn strip(text: Units<'_>, ends: Ends, is_stripped: impl Fn(u32) -> bool) -> Part {
    let (mut start, mut end) = (0, text.len());
    if ends != Ends::Right {
        while start < end && is_stripped(text.at(start)) {
            start += 1;
        }
    }
    if ends != Ends::Left {
        while end > start && is_stripped(text.at(end - 1)) {
            end -= 1;
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, parts: &[Part]) -> Vec<String> {
        parts.iter().map(|part| text[part.clone()].to_string()).collect()
    }

    #[test]
    fn words_are_split_from_both_sides() {
        let text = "  a  b c ";
        let units = Units::One(text.as_bytes());
        let is_space = |point| point == 32;
        assert_eq!(texts(text, &split_spaces(units, usize::MAX, is_space)), ["a", "b", "c"]);
        assert_eq!(texts(text, &split_spaces(units, 1, is_space)), ["a", "b c "]);
        assert_eq!(texts(text, &rsplit_spaces(units, 1, is_space)), ["  a  b", "c"]);
        assert_eq!(texts(text, &split_spaces(units, 0, is_space)), ["a  b c "]);
    }

    #[test]
    fn lines_end_at_breaks() {
        let text = "a\r\nb\n\nc";
        let units = Units::One(text.as_bytes());
        let is_break = |point| matches!(point, 10 | 13);
        assert_eq!(texts(text, &lines(units, false, is_break)), ["a", "b", "", "c"]);
        assert_eq!(texts(text, &lines(units, true, is_break)), ["a\r\n", "b\n", "\n", "c"]);
    }
}
