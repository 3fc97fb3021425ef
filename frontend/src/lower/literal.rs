//! Number, string and bytes literals.
//!
//! Strings are decoded from the source when they hold a backslash: the parser's own value has no lone surrogates and
//! no trace of invalid escapes. What it decoded without one is taken as it is.

use std::sync::Arc;

use bytecode::{Const, Text};
use num_bigint::BigInt;
use num_traits::{Num, ToPrimitive};
use ruff_python_ast as ruff;
use ruff_text_size::{TextRange, TextSize};

use super::Lowering;
use crate::ast::ExprKind;
use crate::error::{Compiled, syntax_error};
use crate::ir::Location;

/// CPython's default for `sys.get_int_max_str_digits()`.
const MAX_INT_DIGITS: usize = 4300;

/// Which escapes count, and what a doubled brace means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavor {
    Str,
    Bytes,
    FStringPart,
}

impl Lowering<'_> {
    pub(super) fn number(&mut self, range: TextRange, loc: Location) -> Compiled<Const> {
        let text: String = self.text(range).chars().filter(|c| *c != '_').collect();
        let text = text.to_ascii_lowercase();
        match text.as_bytes() {
            [b'0', b'x', ..] => Ok(int_const(&text[2..], 16)),
            [b'0', b'o', ..] => Ok(int_const(&text[2..], 8)),
            [b'0', b'b', ..] => Ok(int_const(&text[2..], 2)),
            [digits @ .., b'j'] => {
                let digits = std::str::from_utf8(digits).expect("number literals are ASCII");
                Ok(Const::Complex(0.0, digits.parse().unwrap_or(0.0)))
            }
            bytes if bytes.iter().all(u8::is_ascii_digit) => {
                if text.len() > MAX_INT_DIGITS {
                    let digits = text.len();
                    return syntax_error(
                        loc,
                        format!(
                            "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has \
                             {digits} digits; use sys.set_int_max_str_digits() to increase the limit - Consider \
                             hexadecimal for huge integer literals to avoid decimal conversion limits."
                        ),
                    );
                }
                Ok(int_const(&text, 10))
            }
            _ => Ok(Const::Float(text.parse().unwrap_or(0.0))),
        }
    }

    pub(super) fn string_literal(&mut self, node: &ruff::ExprStringLiteral) -> Compiled<ExprKind> {
        let mut bytes = Vec::new();
        for part in &node.value {
            self.string_part(part, &mut bytes)?;
        }
        let text = Text::from_wtf8(bytes).expect("decoded strings are UTF-8 with surrogates");
        let constant = Const::Str(text);
        Ok(if node.value.is_unicode() {
            ExprKind::UnicodeConstant(constant)
        } else {
            ExprKind::Constant(constant)
        })
    }

    pub(super) fn string_part(&mut self, part: &ruff::StringLiteral, out: &mut Vec<u8>) -> Compiled<()> {
        let raw = self.text(part.content_range());
        if part.flags.prefix().is_raw() || !raw.contains('\\') {
            out.extend_from_slice(part.value.as_bytes());
            return Ok(());
        }
        self.decode(part.content_range(), Flavor::Str, out)
    }

    pub(super) fn bytes_literal(&mut self, node: &ruff::ExprBytesLiteral) -> Compiled<ExprKind> {
        let mut bytes = Vec::new();
        for part in &node.value {
            let range = part.content_range();
            if part.flags.prefix().is_raw() || !self.text(range).contains('\\') {
                bytes.extend_from_slice(&part.value);
            } else {
                self.decode(range, Flavor::Bytes, &mut bytes)?;
            }
        }
        Ok(ExprKind::Constant(Const::Bytes(bytes.into())))
    }

    /// Decodes the escapes of a literal's content.
    pub(super) fn decode(&mut self, range: TextRange, flavor: Flavor, out: &mut Vec<u8>) -> Compiled<()> {
        let source = self.source;
        self.decode_text(&source[range], range.start(), flavor, out)
    }

    /// Decodes the escapes of a text that stands at `start`.
    pub(super) fn decode_text(
        &mut self,
        raw: &str,
        start: TextSize,
        flavor: Flavor,
        out: &mut Vec<u8>,
    ) -> Compiled<()> {
        let bytes = raw.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if at + 1 < bytes.len() => {
                    at += self.escape(start, raw, at, flavor, out)?;
                }
                brace @ (b'{' | b'}') if flavor == Flavor::FStringPart => {
                    out.push(brace);
                    at += if bytes.get(at + 1) == Some(&brace) { 2 } else { 1 };
                }
                byte => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// Decodes the escape at `raw[at..]` and returns its length.
    fn escape(
        &mut self,
        start: TextSize,
        raw: &str,
        at: usize,
        flavor: Flavor,
        out: &mut Vec<u8>,
    ) -> Compiled<usize> {
        let bytes = raw.as_bytes();
        let simple = match bytes[at + 1] {
            b'\n' => return Ok(2),
            b'\\' => b'\\',
            b'\'' => b'\'',
            b'"' => b'"',
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'0'..=b'7' => return Ok(self.octal(start, raw, at, flavor, out)),
            b'x' => return self.hex(start, raw, at, 2, flavor, out),
            b'u' if flavor != Flavor::Bytes => return self.hex(start, raw, at, 4, flavor, out),
            b'U' if flavor != Flavor::Bytes => return self.hex(start, raw, at, 8, flavor, out),
            b'N' if flavor != Flavor::Bytes => return self.named(start, raw, at, out),
            b'{' | b'}' if flavor == Flavor::FStringPart => {
                self.warn_escape(start, raw, at, 1);
                out.push(b'\\');
                return Ok(1);
            }
            _ => {
                self.warn_escape(start, raw, at, 1);
                out.push(b'\\');
                return Ok(1);
            }
        };
        out.push(simple);
        Ok(2)
    }

    fn octal(&mut self, start: TextSize, raw: &str, at: usize, flavor: Flavor, out: &mut Vec<u8>) -> usize {
        let digits =
            raw.as_bytes()[at + 1..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(*b)).count();
        let value = u32::from_str_radix(&raw[at + 1..=at + digits], 8).unwrap_or(0);
        if value > 0o377 {
            let line = self.line_of(start, at);
            let message = format!("invalid octal escape sequence '\\{}'", &raw[at + 1..=at + digits]);
            self.warn("SyntaxWarning", line, message);
        }
        push_char(value, flavor, out);
        digits + 1
    }

    fn hex(
        &mut self,
        start: TextSize,
        raw: &str,
        at: usize,
        width: usize,
        flavor: Flavor,
        out: &mut Vec<u8>,
    ) -> Compiled<usize> {
        let digits = raw.get(at + 2..at + 2 + width).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(value) if value < 0x11_0000 => {
                push_char(value, flavor, out);
                Ok(width + 2)
            }
            value => {
                let loc = self.loc(TextRange::at(start, TextSize::of(raw)));
                let found =
                    raw.as_bytes()[at + 2..].iter().take(width).take_while(|b| b.is_ascii_hexdigit()).count();
                let end = at + 1 + found;
                syntax_error(
                    loc,
                    match (flavor, value) {
                        (Flavor::Bytes, _) => format!("(value error) invalid \\x escape at position {at}"),
                        (_, Some(_)) => unicode_error(at, at + 9, "illegal Unicode character"),
                        (_, None) => {
                            let shape = ["\\xXX", "\\uXXXX", "\\UXXXXXXXX"][width.ilog2() as usize - 1];
                            unicode_error(at, end, &format!("truncated {shape} escape"))
                        }
                    },
                )
            }
        }
    }

    /// `\N{name}`: the parser knows the names, so it is asked for this one character.
    fn named(&mut self, start: TextSize, raw: &str, at: usize, out: &mut Vec<u8>) -> Compiled<usize> {
        let rest = &raw[at..];
        let length = rest.find('}').filter(|_| rest[2..].starts_with('{')).map_or(0, |end| end + 1);
        if length <= 4 {
            let loc = self.loc(TextRange::at(start, TextSize::of(raw)));
            let end = at + 1 + usize::from(rest[2..].starts_with('{'));
            return syntax_error(loc, unicode_error(at, end, "malformed \\N character escape"));
        }
        let quoted = format!("\"{}\"", &rest[..length]);
        let value = ruff_python_parser::parse_expression(&quoted).ok();
        let value = value.as_ref().and_then(|parsed| parsed.expr().as_string_literal_expr());
        let Some(value) = value else {
            let loc = self.loc(TextRange::at(start, TextSize::of(raw)));
            return syntax_error(loc, unicode_error(at, at + length - 1, "unknown Unicode character name"));
        };
        out.extend_from_slice(value.value.to_str().as_bytes());
        Ok(length)
    }

    fn line_of(&mut self, start: TextSize, at: usize) -> i32 {
        let at = start + TextSize::try_from(at).expect("sources are shorter than 4 GiB");
        self.loc_between(at, at).line
    }

    fn warn_escape(&mut self, start: TextSize, raw: &str, at: usize, _length: usize) {
        let line = self.line_of(start, at);
        let escaped = raw[at + 1..].chars().next().unwrap_or('\\');
        self.warn("SyntaxWarning", line, format!("invalid escape sequence '\\{escaped}'"));
    }
}

fn unicode_error(start: usize, end: usize, reason: &str) -> String {
    format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {reason}")
}

fn push_char(value: u32, flavor: Flavor, out: &mut Vec<u8>) {
    if flavor == Flavor::Bytes {
        out.push(value as u8);
    } else {
        out.extend_from_slice(Text::from_code_points([value]).as_bytes());
    }
}

fn int_const(digits: &str, radix: u32) -> Const {
    if let Ok(small) = i64::from_str_radix(digits, radix) {
        return Const::Int(small);
    }
    big_const(BigInt::from_str_radix(digits, radix).unwrap_or_default())
}

/// An integer constant in its one form: 64 bits where they suffice.
pub(crate) fn big_const(value: BigInt) -> Const {
    value.to_i64().map_or_else(|| Const::BigInt(Arc::new(value)), Const::Int)
}
