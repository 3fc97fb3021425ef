//! Tests of one character: what a pattern's code says of it, made into a bitmap for code points below 256 and rules
//! for the others.
//!
//! Matching without regard to case compares a character's lower case with what the compiler lowered; the extra rules
//! of Unicode (characters that are equal under case folding alone) are the compiler's subject, not this one's.

use crate::unicode;

/// How a character is changed before it is compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fold {
    /// Not at all.
    None,
    /// ASCII letters to lower case.
    Ascii,
    /// To its simple lower case.
    Unicode,
    /// ASCII letters to lower case and to upper case: either may match.
    Locale,
}

/// The lower case of an ASCII letter.
pub(super) fn ascii_lower(point: u32) -> u32 {
    u8::try_from(point).map_or(point, |byte| byte.to_ascii_lowercase().into())
}

fn ascii_upper(point: u32) -> u32 {
    u8::try_from(point).map_or(point, |byte| byte.to_ascii_uppercase().into())
}

/// The first character of a character's lower case.
pub(super) fn unicode_lower(point: u32) -> u32 {
    unicode::to_lower(point).points().first().copied().unwrap_or(point)
}

/// The first character of a character's upper case.
pub(super) fn unicode_upper(point: u32) -> u32 {
    unicode::to_upper(point).points().first().copied().unwrap_or(point)
}

impl Fold {
    /// The character that is compared.
    pub(super) fn apply(self, point: u32) -> u32 {
        match self {
            Self::None => point,
            Self::Ascii | Self::Locale => ascii_lower(point),
            Self::Unicode => unicode_lower(point),
        }
    }
}

/// A class of characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Category {
    /// ASCII digits.
    Digit,
    /// ASCII white space.
    Space,
    /// ASCII letters, digits and the underscore.
    Word,
    /// The newline.
    LineBreak,
    /// Decimal digits of Unicode.
    UnicodeDigit,
    /// White space of Unicode.
    UnicodeSpace,
    /// Letters and numbers of Unicode, and the underscore.
    UnicodeWord,
    /// What ends a line in Unicode.
    UnicodeLineBreak,
}

impl Category {
    /// The class and whether it is negated, by its number in a pattern's code.
    pub(super) fn of_code(code: u32) -> Option<(Self, bool)> {
        let category = match code / 2 {
            0 => Self::Digit,
            1 => Self::Space,
            // The locale's word characters are those of the C locale.
            2 | 4 => Self::Word,
            3 => Self::LineBreak,
            5 => Self::UnicodeDigit,
            6 => Self::UnicodeSpace,
            7 => Self::UnicodeWord,
            8 => Self::UnicodeLineBreak,
            _ => return None,
        };
        Some((category, code % 2 == 1))
    }

    /// Whether a character is of the class.
    pub(super) fn has(self, point: u32) -> bool {
        let byte = u8::try_from(point).unwrap_or(u8::MAX);
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Space => matches!(byte, b' ' | 9..=13),
            Self::Word => byte.is_ascii_alphanumeric() || byte == b'_',
            Self::LineBreak => byte == b'\n',
            Self::UnicodeDigit => unicode::decimal(point).is_some(),
            Self::UnicodeSpace => unicode::is_space(point),
            Self::UnicodeWord => unicode::is_alnum(point) || byte == b'_',
            Self::UnicodeLineBreak => unicode::is_line_break(point),
        }
    }
}

/// A part of a set; the first that has the character decides.
#[derive(Debug)]
pub(super) enum Rule {
    /// From here on, having the character means that the set does not have it.
    Negate,
    /// One character.
    Literal(u32),
    /// The characters between two, both included.
    Range(u32, u32),
    /// The same, of the character or its upper case.
    RangeOrUpper(u32, u32),
    /// A class, or all others.
    Category(Category, bool),
    /// A bitmap of the code points below 256.
    Bitmap([u32; 8]),
    /// Bitmaps of blocks of 256 code points below 65,536, and which block has which.
    Blocks {
        /// The bitmap's number of each block.
        index: Box<[u8; 256]>,
        /// The bitmaps.
        maps: Vec<[u32; 8]>,
    },
}

fn bit(map: &[u32; 8], byte: u32) -> bool {
    map[(byte / 32) as usize & 7] >> (byte % 32) & 1 != 0
}

impl Rule {
    fn has(&self, point: u32) -> bool {
        let within = |first: u32, last: u32| (first..=last).contains(&point);
        match self {
            Self::Negate => false,
            Self::Literal(literal) => point == *literal,
            Self::Range(first, last) => within(*first, *last),
            Self::RangeOrUpper(first, last) => {
                within(*first, *last) || (*first..=*last).contains(&unicode_upper(point))
            }
            Self::Category(category, negated) => category.has(point) != *negated,
            Self::Bitmap(map) => point < 256 && bit(map, point),
            Self::Blocks { index, maps } => {
                point < 0x1_0000
                    && maps
                        .get(usize::from(index[(point >> 8) as usize]))
                        .is_some_and(|map| bit(map, point & 0xFF))
            }
        }
    }
}

/// A set of characters.
#[derive(Debug)]
pub(super) struct CharSet {
    narrow: [u64; 4],
    rules: Vec<Rule>,
    fold: Fold,
    inverted: bool,
}

impl CharSet {
    /// The set of the rules, each character folded before it is looked up; all others if `inverted`.
    pub(super) fn new(rules: Vec<Rule>, fold: Fold, inverted: bool) -> Self {
        let mut set = Self { narrow: [0; 4], rules, fold, inverted };
        for point in 0..256 {
            if set.has_by_rules(point) {
                set.narrow[point as usize / 64] |= 1 << (point % 64);
            }
        }
        set
    }

    /// Whether the set has a character.
    #[inline(always)]
    pub(super) fn has(&self, point: u32) -> bool {
        if point < 256 {
            self.narrow[(point >> 6) as usize & 3] >> (point & 63) & 1 != 0
        } else {
            self.has_by_rules(point)
        }
    }

    fn has_by_rules(&self, point: u32) -> bool {
        let lower = self.fold.apply(point);
        let upper = ascii_upper(point);
        let found = self.decide(lower) || self.fold == Fold::Locale && upper != lower && self.decide(upper);
        found != self.inverted
    }

    fn decide(&self, point: u32) -> bool {
        let mut outcome = true;
        for rule in &self.rules {
            match rule {
                Rule::Negate => outcome = !outcome,
                rule if rule.has(point) => return outcome,
                _ => {}
            }
        }
        !outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negated_set_has_what_its_rules_do_not() {
        let set = CharSet::new(vec![Rule::Negate, Rule::Range(97, 99)], Fold::None, false);
        assert!(!set.has(98) && set.has(100) && set.has(0x1_0000));
    }

    #[test]
    fn cases_are_the_first_character() {
        assert_eq!(unicode_lower(0x130), 0x69);
        assert_eq!(unicode_upper(0xDF), 0x53);
    }
}
