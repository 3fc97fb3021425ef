//! The text of a float in the presentation types `e`, `f`, `g` and that of `repr`.
//!
//! Digits are those of the exact binary value rounded half to even, as CPython's `dtoa` makes them; the standard
//! library's exact modes give the same. No double has more than [`MOST_DIGITS`] significant digits or decimals: what a
//! greater precision asks for is zeros.

/// What else the text shall be like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// `#`: always a point; trailing zeros stay.
    pub(crate) alternate: bool,
    /// A text that looks like an integer gets `.0`.
    pub(crate) point_zero: bool,
    /// A result of zero has no minus sign.
    pub(crate) no_negative_zero: bool,
}

const MOST_DIGITS: usize = 1100;

/// The text: `kind` is `e`, `f`, `g`, `E`, `F`, `G` or `r`.
pub(crate) fn render(float: f64, kind: u8, precision: usize, style: Style) -> String {
    let mut text = if float.is_finite() {
        match kind {
            b'f' | b'F' => fixed(float.abs(), precision, style),
            b'e' | b'E' => {
                let (digits, exponent) = digits(float.abs(), precision);
                with_exponent(&digits, exponent, style)
            }
            b'r' => {
                let mut text = String::new();
                bytecode::repr::write_float(&mut text, float.abs()).expect("strings take all");
                repr(text, style)
            }
            _ => general(float.abs(), precision.max(1), style),
        }
    } else {
        String::from(if float.is_nan() { "nan" } else { "inf" })
    };
    if kind.is_ascii_uppercase() {
        text.make_ascii_uppercase();
    }
    let is_zero = || text.bytes().take_while(|c| !matches!(c, b'e' | b'E')).all(|c| matches!(c, b'0' | b'.'));
    if float.is_sign_negative() && !float.is_nan() && !(style.no_negative_zero && is_zero()) {
        text.insert(0, '-');
    }
    text
}

/// Adapts `repr`'s text to a style.
fn repr(mut text: String, style: Style) -> String {
    if !style.point_zero && text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    if style.alternate && !text.contains('.') {
        match text.find('e') {
            Some(at) => text.insert(at, '.'),
            None => text.push('.'),
        }
    }
    text
}

fn fixed(magnitude: f64, precision: usize, style: Style) -> String {
    let shown = precision.min(MOST_DIGITS);
    let mut text = format!("{magnitude:.shown$}");
    text.extend(std::iter::repeat_n('0', precision - shown));
    if style.alternate && precision == 0 {
        text.push('.');
    }
    text
}

/// `decimals + 1` significant digits, and the exponent of the first.
fn digits(magnitude: f64, decimals: usize) -> (String, i32) {
    let shown = decimals.min(MOST_DIGITS);
    let text = format!("{magnitude:.shown$e}");
    let (mantissa, exponent) = text.split_once('e').expect("the format writes an exponent");
    let mut digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    digits.extend(std::iter::repeat_n('0', decimals - shown));
    (digits, exponent.parse().expect("the format writes a number"))
}

fn with_exponent(digits: &str, exponent: i32, style: Style) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() && !style.alternate { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn general(magnitude: f64, precision: usize, style: Style) -> String {
    let (mut digits, exponent) = digits(magnitude, precision - 1);
    if !style.alternate {
        digits.truncate(digits.trim_end_matches('0').len().max(1));
    }
    let point = i64::from(exponent) + 1;
    if point <= -4 || point > precision as i64 - i64::from(style.point_zero) {
        return with_exponent(&digits, exponent, style);
    }
    let mut text = if point <= 0 {
        format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
    } else if point as usize >= digits.len() {
        format!("{digits}{}", "0".repeat(point as usize - digits.len()))
    } else {
        format!("{}.{}", &digits[..point as usize], &digits[point as usize..])
    };
    if !text.contains('.') {
        text.push_str(if style.point_zero {
            ".0"
        } else if style.alternate {
            "."
        } else {
            ""
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presentation_types_round_exact_values_half_to_even() {
        let plain = Style::default();
        for (float, kind, precision, expected) in [
            (0.5, b'f', 0, "0"),
            (1.5, b'f', 0, "2"),
            (2.5, b'f', 0, "2"),
            (0.125, b'f', 2, "0.12"),
            (0.375, b'f', 2, "0.38"),
            (2.675, b'f', 2, "2.67"),
            (1e23, b'f', 1, "99999999999999991611392.0"),
            (12345.678, b'e', 3, "1.235e+04"),
            (0.0, b'e', 2, "0.00e+00"),
            (1e100, b'E', 0, "1E+100"),
            (100000.0, b'g', 6, "100000"),
            (1e6, b'g', 6, "1e+06"),
            (0.0001, b'g', 6, "0.0001"),
            (0.00001, b'g', 6, "1e-05"),
            (9.9999996, b'g', 7, "10"),
            (-0.0, b'g', 6, "-0"),
            (f64::NEG_INFINITY, b'F', 6, "-INF"),
            (1e16, b'r', 0, "1e+16"),
            (3.0, b'r', 0, "3"),
        ] {
            assert_eq!(render(float, kind, precision, plain), expected);
        }
        let alternate = Style { alternate: true, ..plain };
        assert_eq!(render(1.0, b'g', 6, alternate), "1.00000");
        assert_eq!(render(1.0, b'f', 0, alternate), "1.");
        let zero = Style { no_negative_zero: true, ..plain };
        assert_eq!(render(-0.001, b'f', 1, zero), "0.0");
        assert_eq!(render(1.0, b'f', 2000, plain).len(), 2002);
    }
}
