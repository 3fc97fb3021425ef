//! Finding text in text: over the units of strings and over bytes.
//!
//! A needle is brought to the haystack's width and searched as bytes, where matches between units do not count. The
//! search itself is `memchr`'s, linear in the worst case.

use std::borrow::Cow;

use memchr::memmem;

use crate::str_object::Units;

/// The needle's bytes in units of `width`; `None` if it has a wider character.
fn bytes_of<'a>(needle: &Units<'a>, width: usize) -> Option<Cow<'a, [u8]>> {
    if needle.width() == width {
        return Some(Cow::Borrowed(needle.bytes()));
    }
    if needle.width() > width {
        return None;
    }
    Some(match width {
        2 => needle.iter().flat_map(|point| (point as u16).to_ne_bytes()).collect(),
        _ => needle.iter().flat_map(u32::to_ne_bytes).collect(),
    })
}

/// Where the needle is first found.
pub(crate) fn find(hay: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    if let (Units::One(hay), Units::One([byte])) = (hay, needle) {
        return memchr::memchr(*byte, hay);
    }
    let width = hay.width();
    let needle = bytes_of(&needle, width)?;
    next(hay.bytes(), &memmem::Finder::new(&*needle), width, 0)
}

/// The first aligned match at or behind a byte position, in units.
fn next(hay: &[u8], finder: &memmem::Finder<'_>, width: usize, mut from: usize) -> Option<usize> {
    loop {
        let at = from + finder.find(&hay[from..])?;
        if at.is_multiple_of(width) {
            return Some(at / width);
        }
        from = at + 1;
    }
}

/// Where the needle is last found.
pub(crate) fn rfind(hay: Units<'_>, needle: Units<'_>) -> Option<usize> {
    if needle.is_empty() {
        return Some(hay.len());
    }
    if let (Units::One(hay), Units::One([byte])) = (hay, needle) {
        return memchr::memrchr(*byte, hay);
    }
    let width = hay.width();
    let needle = bytes_of(&needle, width)?;
    let finder = memmem::FinderRev::new(&*needle);
    let hay = hay.bytes();
    let mut end = hay.len();
    loop {
        let at = finder.rfind(&hay[..end])?;
        if at.is_multiple_of(width) {
            return Some(at / width);
        }
        end = at + needle.len() - 1;
    }
}

/// Where the needle, not empty, is found, matches not overlapping, from the left; at most `most` places.
pub(crate) fn find_all(hay: Units<'_>, needle: Units<'_>, most: usize) -> Vec<usize> {
    debug_assert!(!needle.is_empty(), "the caller treats empty needles");
    if let (Units::One(hay), Units::One([byte])) = (hay, needle) {
        return memchr::memchr_iter(*byte, hay).take(most).collect();
    }
    let (width, len) = (hay.width(), needle.len());
    let Some(needle) = bytes_of(&needle, width) else { return Vec::new() };
    let finder = memmem::Finder::new(&*needle);
    let (hay, mut from) = (hay.bytes(), 0);
    let mut places = Vec::new();
    while places.len() < most
        && let Some(at) = next(hay, &finder, width, from)
    {
        places.push(at);
        from = (at + len) * width;
    }
    places
}

/// The same from the right: places in ascending order.
pub(crate) fn rfind_all(hay: Units<'_>, needle: Units<'_>, most: usize) -> Vec<usize> {
    let mut places = Vec::new();
    let mut end = hay.len();
    while places.len() < most
        && let Some(at) = rfind(hay.slice(0, end), needle)
    {
        places.push(at);
        end = at;
    }
    places.reverse();
    places
}

/// How often the needle is found, matches not overlapping.
pub(crate) fn count(hay: Units<'_>, needle: Units<'_>) -> usize {
    if needle.is_empty() { hay.len() + 1 } else { find_all(hay, needle, usize::MAX).len() }
}

/// Whether the text begins with another.
pub(crate) fn starts_with(text: Units<'_>, prefix: Units<'_>) -> bool {
    prefix.len() <= text.len() && is_same(text.slice(0, prefix.len()), prefix)
}

/// Whether the text ends with another.
pub(crate) fn ends_with(text: Units<'_>, suffix: Units<'_>) -> bool {
    suffix.len() <= text.len() && is_same(text.slice(text.len() - suffix.len(), text.len()), suffix)
}

fn is_same(part: Units<'_>, whole: Units<'_>) -> bool {
    bytes_of(&whole, part.width()).is_some_and(|bytes| *bytes == *part.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_found_at_whole_units_only() {
        let hay = [0x100_u16, 0x0001, 0x0100, 0x0161];
        assert_eq!(find(Units::Two(&hay), Units::One(&[0x01])), Some(1));
        assert_eq!(find(Units::Two(&hay), Units::Two(&[0x0001, 0x0100])), Some(1));
        assert_eq!(rfind(Units::Two(&hay), Units::Two(&[0x0100])), Some(2));
        assert_eq!(find(Units::Two(&hay), Units::Four(&[0x1_0000])), None);
        assert_eq!(rfind(Units::Two(&[0x0101, 0x0101]), Units::One(&[1])), None);
    }

    #[test]
    fn matches_do_not_overlap() {
        let (hay, needle) = (Units::One(b"aaaaa"), Units::One(b"aa"));
        assert_eq!(find_all(hay, needle, usize::MAX), [0, 2]);
        assert_eq!(rfind_all(hay, needle, usize::MAX), [1, 3]);
        assert_eq!(rfind_all(hay, needle, 1), [3]);
        assert_eq!(count(hay, Units::One(b"")), 6);
    }
}
