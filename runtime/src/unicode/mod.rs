//! Properties and case mappings of characters as Python's string methods ask for them.

mod tables;

use tables::Run;

/// Whether a point lies in a set given by its bounds.
fn has(bounds: &[u32], point: u32) -> bool {
    !bounds.partition_point(|bound| *bound <= point).is_multiple_of(2)
}

macro_rules! properties {
    ($($(#[$doc:meta])* $name:ident $table:ident $ascii:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(point: u32) -> bool {
            match u8::try_from(point) {
                Ok(byte) if byte < 0x80 => ($ascii)(&byte),
                _ => has(tables::$table, point),
            }
        }
    )*};
}
properties! {
    /// `str.isalpha` of a character.
    is_alpha ALPHA u8::is_ascii_alphabetic;
    /// `str.isdigit` of a character.
    is_digit DIGIT u8::is_ascii_digit;
    /// `str.isnumeric` of a character.
    is_numeric NUMERIC u8::is_ascii_digit;
    /// Lower case.
    is_lower LOWER u8::is_ascii_lowercase;
    /// Upper case.
    is_upper UPPER u8::is_ascii_uppercase;
    /// Title case, different from upper case.
    is_title TITLE |_: &u8| false;
    /// Begins an identifier.
    is_id_start ID_START |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    /// Continues an identifier.
    is_id_continue ID_CONTINUE |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    /// Cased and not ignored by the rule of the final sigma.
    is_cased CASED u8::is_ascii_alphabetic;
    /// Ignored by that rule.
    is_case_ignorable CASE_IGNORABLE |byte: &u8| has(tables::CASE_IGNORABLE, u32::from(*byte));
}

/// `str.isalnum` of a character.
pub(crate) fn is_alnum(point: u32) -> bool {
    is_alpha(point) || is_digit(point) || is_numeric(point)
}

/// The value of a decimal digit.
pub(crate) fn decimal(point: u32) -> Option<u8> {
    if point < 0x80 {
        return u8::try_from(point).ok().filter(u8::is_ascii_digit).map(|byte| byte - b'0');
    }
    let zero = tables::ZEROS[..tables::ZEROS.partition_point(|zero| *zero <= point)].last()?;
    u8::try_from(point - zero).ok().filter(|digit| *digit < 10)
}

/// `str.isspace` of a character.
#[inline]
pub(crate) fn is_space(point: u32) -> bool {
    matches!(
        point,
        9..=13 | 28..=32 | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000
    )
}

/// Whether a character ends a line for `str.splitlines`.
pub(crate) fn is_line_break(point: u32) -> bool {
    matches!(point, 10..=13 | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// One to three characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mapped {
    points: [u32; 3],
    len: usize,
}

impl Mapped {
    fn one(point: u32) -> Self {
        Self { points: [point, 0, 0], len: 1 }
    }

    /// The characters.
    pub(crate) fn points(&self) -> &[u32] {
        &self.points[..self.len]
    }
}

fn map(runs: &[Run], longs: &[(u32, [u32; 3])], point: u32) -> Option<Mapped> {
    let at = runs.partition_point(|(first, ..)| *first <= point);
    if let Some((first, last, step, delta)) = runs[..at].last()
        && point <= *last
        && (point - first).is_multiple_of(*step)
    {
        return Some(Mapped::one(point.wrapping_add_signed(*delta)));
    }
    let at = longs.binary_search_by_key(&point, |(point, _)| *point).ok()?;
    let points = longs[at].1;
    Some(Mapped { points, len: points.iter().take_while(|point| **point != 0).count() })
}

/// Lower case.
pub(crate) fn to_lower(point: u32) -> Mapped {
    if point < 0x80 {
        return Mapped::one((point as u8).to_ascii_lowercase().into());
    }
    map(tables::TO_LOWER, tables::TO_LOWER_LONG, point).unwrap_or(Mapped::one(point))
}

/// Upper case.
pub(crate) fn to_upper(point: u32) -> Mapped {
    if point < 0x80 {
        return Mapped::one((point as u8).to_ascii_uppercase().into());
    }
    map(tables::TO_UPPER, tables::TO_UPPER_LONG, point).unwrap_or(Mapped::one(point))
}

/// Title case.
pub(crate) fn to_title(point: u32) -> Mapped {
    if point < 0x80 {
        return to_upper(point);
    }
    map(tables::TO_TITLE, tables::TO_TITLE_LONG, point).unwrap_or_else(|| to_upper(point))
}

/// Folded case.
pub(crate) fn to_folded(point: u32) -> Mapped {
    if point < 0x80 {
        return to_lower(point);
    }
    map(tables::TO_FOLDED, tables::TO_FOLDED_LONG, point).unwrap_or_else(|| to_lower(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_unicodes() {
        assert!(is_alpha(0xAA) && is_alpha(0x4E00) && !is_alpha(0xB2));
        assert!(is_digit(0xB2) && is_numeric(0xBD) && !is_digit(0xBD));
        assert_eq!(decimal(0x661), Some(1));
        assert_eq!(decimal(0x66A), None);
        assert!(is_title(0x1C5) && !is_upper(0x1C5));
    }

    #[test]
    fn cases_map_to_one_or_more_characters() {
        assert_eq!(to_upper(0xDF).points(), [0x53, 0x53]);
        assert_eq!(to_lower(0x100).points(), [0x101]);
        assert_eq!(to_lower(0x101).points(), [0x101]);
        assert_eq!(to_title(0x1C6).points(), [0x1C5]);
        assert_eq!(to_folded(0xDF).points(), [0x73, 0x73]);
        assert_eq!(to_folded(0x13A0).points(), [0x13A0]);
        assert_eq!(to_lower(0x130).points(), [0x69, 0x307]);
    }
}
