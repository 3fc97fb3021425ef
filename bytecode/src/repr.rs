//! CPython's `repr` of plain values: strings, bytes, floats, complex numbers and constants made of them.

use std::fmt::{self, Write};

use crate::Const;
use crate::unicode_printable::BOUNDS;

/// Whether `str.isprintable()` holds for a code point (Unicode 15.1, as in CPython 3.13).
pub fn is_printable(point: u32) -> bool {
    match point {
        0..0x20 | 0x7F => false,
        0x20..0x7F => true,
        _ => !BOUNDS.partition_point(|bound| *bound <= point).is_multiple_of(2),
    }
}

/// Which characters a string's `repr` escapes besides control characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Escape {
    /// Those that are not printable: `repr()`.
    NotPrintable,
    /// All that are not ASCII: `ascii()`.
    NotAscii,
}

/// Writes the `repr` of the string of these code points.
pub fn write_str<W: Write + ?Sized>(
    out: &mut W,
    points: impl Iterator<Item = u32> + Clone,
    escape: Escape,
) -> fmt::Result {
    let quote = quote_for(&points);
    out.write_char(quote)?;
    for point in points {
        match char::from_u32(point) {
            Some(c) if c == quote || c == '\\' => {
                out.write_char('\\')?;
                out.write_char(c)?;
            }
            Some(c) if is_plain(point, escape) => out.write_char(c)?,
            _ => write_escape(out, point)?,
        }
    }
    out.write_char(quote)
}

fn quote_for(points: &(impl Iterator<Item = u32> + Clone)) -> char {
    let has = |quote: char| points.clone().any(|point| point == quote as u32);
    if has('\'') && !has('"') { '"' } else { '\'' }
}

fn is_plain(point: u32, escape: Escape) -> bool {
    match escape {
        Escape::NotPrintable => is_printable(point),
        Escape::NotAscii => point < 0x80 && is_printable(point),
    }
}

fn write_escape<W: Write + ?Sized>(out: &mut W, point: u32) -> fmt::Result {
    match point {
        0x09 => out.write_str("\\t"),
        0x0A => out.write_str("\\n"),
        0x0D => out.write_str("\\r"),
        0..0x100 => write!(out, "\\x{point:02x}"),
        0x100..0x1_0000 => write!(out, "\\u{point:04x}"),
        _ => write!(out, "\\U{point:08x}"),
    }
}

/// Writes the `repr` of a bytes object.
pub fn write_bytes<W: Write + ?Sized>(out: &mut W, bytes: &[u8]) -> fmt::Result {
    out.write_char('b')?;
    write_str(out, bytes.iter().copied().map(u32::from), Escape::NotAscii)
}

/// The shortest decimal digits that read back as a finite float's magnitude.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Digits {
    bytes: [u8; Self::MAX],
    len: usize,
    /// Digits before the decimal point; negative or larger than their number where zeros fill the gap.
    pub point: i32,
}

impl Digits {
    const MAX: usize = 17;

    /// Of a finite float.
    pub fn shortest(value: f64) -> Self {
        debug_assert!(value.is_finite(), "infinities and NaN have no digits");
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value.abs());
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let mut digits = Self { bytes: [b'0'; Self::MAX], len: 0, point: exponent.parse().unwrap_or(0) };
        let integer = mantissa.split('.').next().map_or(0, str::len) as i32;
        let mut zeros = 0;
        for (i, digit) in mantissa.bytes().filter(|byte| *byte != b'.').enumerate() {
            if digits.len == 0 && digit == b'0' {
                continue;
            }
            if digits.len == 0 {
                digits.point += integer - i as i32;
            }
            if digit == b'0' {
                zeros += 1;
                continue;
            }
            digits.len += zeros;
            zeros = 0;
            digits.bytes[digits.len] = digit;
            digits.len += 1;
        }
        if digits.len == 0 { Self { len: 1, point: 1, ..digits } } else { digits }
    }

    /// The digits, no zeros at either end (but for zero itself).
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).expect("digits are ASCII")
    }
}

/// Writes the `repr` of a float.
pub fn write_float<W: Write + ?Sized>(out: &mut W, value: f64) -> fmt::Result {
    write_number(out, value, ".0")
}

/// Writes the `repr` of a complex number.
pub fn write_complex<W: Write + ?Sized>(out: &mut W, real: f64, imaginary: f64) -> fmt::Result {
    if real == 0.0 && real.is_sign_positive() {
        write_number(out, imaginary, "")?;
        return out.write_char('j');
    }
    out.write_char('(')?;
    write_number(out, real, "")?;
    if imaginary.is_nan() || imaginary.is_sign_positive() {
        out.write_char('+')?;
    }
    write_number(out, imaginary, "")?;
    out.write_str("j)")
}

/// Writes a float in `repr`'s format, with `end` behind it where it looks like an integer.
fn write_number<W: Write + ?Sized>(out: &mut W, value: f64, end: &str) -> fmt::Result {
    if value.is_nan() {
        return out.write_str("nan");
    }
    if value.is_sign_negative() {
        out.write_char('-')?;
    }
    if value.is_infinite() {
        return out.write_str("inf");
    }
    let digits = Digits::shortest(value);
    let (text, point) = (digits.as_str(), digits.point);
    match point {
        -3..=0 => {
            out.write_str("0.")?;
            write_zeros(out, -point)?;
            out.write_str(text)
        }
        1..=16 if point as usize >= text.len() => {
            out.write_str(text)?;
            write_zeros(out, point - text.len() as i32)?;
            out.write_str(end)
        }
        1..=16 => {
            let (integer, fraction) = text.split_at(point as usize);
            write!(out, "{integer}.{fraction}")
        }
        _ => {
            let (first, rest) = text.split_at(1);
            out.write_str(first)?;
            if !rest.is_empty() {
                write!(out, ".{rest}")?;
            }
            let exponent = point - 1;
            write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
    }
}

fn write_zeros<W: Write + ?Sized>(out: &mut W, count: i32) -> fmt::Result {
    (0..count).try_for_each(|_| out.write_char('0'))
}

/// A [`Const`] that displays as CPython's `repr` of it, but for two things that differ from run to run there: a code
/// object's address is zero, and sets stand in the order of the file.
#[derive(Clone, Copy, Debug)]
pub struct ConstRepr<'a>(pub &'a Const);

impl fmt::Display for ConstRepr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is still to be written, last first: constants may be nested deeper than the native stack would bear.
        let mut pending = vec![Part::Const(self.0)];
        while let Some(part) = pending.pop() {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Const(constant) => write_const(f, constant, &mut pending)?,
            }
        }
        Ok(())
    }
}

enum Part<'a> {
    Text(&'static str),
    Const(&'a Const),
}

fn write_const<'a>(
    f: &mut fmt::Formatter<'_>,
    constant: &'a Const,
    pending: &mut Vec<Part<'a>>,
) -> fmt::Result {
    match constant {
        Const::None => f.write_str("None"),
        Const::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
        Const::Ellipsis => f.write_str("Ellipsis"),
        Const::StopIteration => f.write_str("<class 'StopIteration'>"),
        Const::Int(value) => write!(f, "{value}"),
        Const::BigInt(value) => write!(f, "{value}"),
        Const::Float(value) => write_float(f, *value),
        Const::Complex(real, imaginary) => write_complex(f, *real, *imaginary),
        Const::Str(text) => write_str(f, text.code_points(), Escape::NotPrintable),
        Const::Bytes(bytes) => write_bytes(f, bytes),
        Const::Code(code) => write_code(f, code),
        Const::Tuple(items) => write_items(f, pending, items, "(", if items.len() == 1 { ",)" } else { ")" }),
        Const::List(items) => write_items(f, pending, items, "[", "]"),
        Const::FrozenSet(items) if items.is_empty() => f.write_str("frozenset()"),
        Const::FrozenSet(items) => write_items(f, pending, items, "frozenset({", "})"),
        Const::Set(items) if items.is_empty() => f.write_str("set()"),
        Const::Set(items) => write_items(f, pending, items, "{", "}"),
        Const::Dict(pairs) => {
            pending.push(Part::Text("}"));
            for (i, (key, value)) in pairs.iter().enumerate().rev() {
                pending.extend([Part::Const(value), Part::Text(": "), Part::Const(key)]);
                if i > 0 {
                    pending.push(Part::Text(", "));
                }
            }
            f.write_str("{")
        }
    }
}

fn write_items<'a>(
    f: &mut fmt::Formatter<'_>,
    pending: &mut Vec<Part<'a>>,
    items: &'a [Const],
    open: &'static str,
    close: &'static str,
) -> fmt::Result {
    pending.push(Part::Text(close));
    for (i, item) in items.iter().enumerate().rev() {
        pending.push(Part::Const(item));
        if i > 0 {
            pending.push(Part::Text(", "));
        }
    }
    f.write_str(open)
}

/// Writes the `repr` of a code object, at address zero.
pub fn write_code<W: Write + ?Sized>(out: &mut W, code: &crate::CodeObject) -> fmt::Result {
    let line = if code.firstlineno == 0 { -1 } else { code.firstlineno };
    write!(out, "<code object {} at 0x0, file \"{}\", line {line}>", code.name, code.filename)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    fn float(value: f64) -> String {
        Const::Float(value).to_repr()
    }

    impl Const {
        fn to_repr(&self) -> String {
            ConstRepr(self).to_string()
        }
    }

    #[test]
    fn floats() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (100.0, "100.0"),
            (1.5, "1.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00012, "0.00012"),
            (0.00001, "1e-05"),
            (0.000_012_5, "1.25e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_007_199_254_740_993.0, "9007199254740992.0"),
            (1e22, "1e+22"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (1.0 / 3.0, "0.3333333333333333"),
            (2.0 / 3.0 * 100.0, "66.66666666666666"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn complex_numbers() {
        let repr = |real, imaginary| Const::Complex(real, imaginary).to_repr();
        assert_eq!(repr(0.0, 1.0), "1j");
        assert_eq!(repr(0.0, -1.5), "-1.5j");
        assert_eq!(repr(-0.0, 1.0), "(-0+1j)");
        assert_eq!(repr(1.0, -0.0), "(1-0j)");
        assert_eq!(repr(1e20, f64::NAN), "(1e+20+nanj)");
        assert_eq!(repr(0.0, f64::NEG_INFINITY), "-infj");
    }

    #[test]
    fn strings() {
        let repr = |text: &str| Const::Str(text.into()).to_repr();
        assert_eq!(repr("it's"), "\"it's\"");
        assert_eq!(repr("it's \"x\""), "'it\\'s \"x\"'");
        assert_eq!(repr("a\tb\n\r\\\0\x7f"), "'a\\tb\\n\\r\\\\\\x00\\x7f'");
        assert_eq!(repr("é\u{a0}\u{ad}\u{3b1}\u{200b}🐍\u{e0001}"), "'é\\xa0\\xadα\\u200b🐍\\U000e0001'");
        assert_eq!(Const::Str(Text::from_code_points([0xD800])).to_repr(), "'\\ud800'");
        let mut ascii = String::new();
        write_str(&mut ascii, "é🐍".chars().map(u32::from), Escape::NotAscii).unwrap();
        assert_eq!(ascii, "'\\xe9\\U0001f40d'");
        assert_eq!(Const::Bytes((*b"'\"\xFF\n").into()).to_repr(), "b'\\'\"\\xff\\n'");
    }

    #[test]
    fn containers() {
        let ints = |values: &[i64]| values.iter().copied().map(Const::Int).collect::<Vec<_>>();
        assert_eq!(Const::Tuple(ints(&[]).into()).to_repr(), "()");
        assert_eq!(Const::Tuple(ints(&[1]).into()).to_repr(), "(1,)");
        assert_eq!(Const::FrozenSet(ints(&[1, 2]).into()).to_repr(), "frozenset({1, 2})");
        assert_eq!(Const::FrozenSet(ints(&[]).into()).to_repr(), "frozenset()");
        let pairs = [(Const::Int(1), Const::Tuple(ints(&[2, 3]).into())), (Const::None, Const::Ellipsis)];
        assert_eq!(Const::Dict(pairs.into()).to_repr(), "{1: (2, 3), None: Ellipsis}");
    }
}
