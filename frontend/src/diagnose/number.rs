//! Number literals, as CPython's tokenizer reads them.

#![expect(clippy::unnecessary_box_returns, reason = "results carry faults boxed")]

use super::tokens::{Step, Tokenizer};

/// Reads the number at the tokenizer's place.
pub(super) fn check(tokens: &mut Tokenizer<'_>) -> Step {
    if tokens.peek(0) != b'0' {
        return decimal(tokens, false);
    }
    match tokens.peek(1) {
        b'x' | b'X' => radix(tokens, "hexadecimal", |b| b.is_ascii_hexdigit()),
        b'o' | b'O' => radix(tokens, "octal", |b| (b'0'..b'8').contains(&b)),
        b'b' | b'B' => radix(tokens, "binary", |b| matches!(b, b'0' | b'1')),
        _ => zero(tokens),
    }
}

fn radix(tokens: &mut Tokenizer<'_>, kind: &str, is_digit: fn(u8) -> bool) -> Step {
    tokens.at += 2;
    loop {
        if tokens.peek(0) == b'_' {
            tokens.at += 1;
        }
        let byte = tokens.peek(0);
        if !is_digit(byte) {
            return Err(wrong_digit(tokens, byte, kind));
        }
        while is_digit(tokens.peek(0)) {
            tokens.at += 1;
        }
        if tokens.peek(0) != b'_' {
            break;
        }
    }
    if tokens.peek(0).is_ascii_digit() {
        return Err(wrong_digit(tokens, tokens.peek(0), kind));
    }
    end(tokens, kind)
}

fn wrong_digit(tokens: &Tokenizer<'_>, byte: u8, kind: &str) -> Box<super::tokens::TokenFault> {
    if byte.is_ascii_digit() && kind != "hexadecimal" {
        let message = format!("invalid digit '{}' in {kind} literal", char::from(byte));
        return tokens.fault_at(tokens.at + 1, message);
    }
    tokens.fault_at(tokens.at, format!("invalid {kind} literal"))
}

/// Digits with single underscores between them.
fn digits(tokens: &mut Tokenizer<'_>) -> Step {
    loop {
        while tokens.peek(0).is_ascii_digit() {
            tokens.at += 1;
        }
        if tokens.peek(0) != b'_' {
            return Ok(());
        }
        tokens.at += 1;
        if !tokens.peek(0).is_ascii_digit() {
            return Err(tokens.fault_at(tokens.at, "invalid decimal literal"));
        }
    }
}

fn zero(tokens: &mut Tokenizer<'_>) -> Step {
    let start = tokens.at;
    while matches!(tokens.peek(0), b'0' | b'_') {
        if tokens.peek(0) == b'_' && !tokens.peek(1).is_ascii_digit() {
            return Err(tokens.fault_at(tokens.at + 1, "invalid decimal literal"));
        }
        tokens.at += 1;
    }
    let zeros_end = tokens.at;
    let nonzero = tokens.peek(0).is_ascii_digit();
    if nonzero {
        digits(tokens)?;
    }
    if nonzero && !matches!(tokens.peek(0), b'.' | b'e' | b'E' | b'j' | b'J') {
        let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal \
                       integers";
        let mut fault = tokens.fault_at(start + 1, message);
        fault.loc.end_col = fault.loc.col + (zeros_end - start) as i32 - 1;
        return Err(fault);
    }
    decimal(tokens, true)
}

/// The rest of a decimal number: digits unless `read`, fraction, exponent.
fn decimal(tokens: &mut Tokenizer<'_>, read: bool) -> Step {
    if !read {
        digits(tokens)?;
    }
    if tokens.peek(0) == b'.' {
        tokens.at += 1;
        if tokens.peek(0).is_ascii_digit() {
            digits(tokens)?;
        }
    }
    if matches!(tokens.peek(0), b'e' | b'E') {
        let signed = matches!(tokens.peek(1), b'+' | b'-');
        if !tokens.peek(if signed { 2 } else { 1 }).is_ascii_digit() {
            if signed {
                return Err(tokens.fault_at(tokens.at + 2, "invalid decimal literal"));
            }
            return end(tokens, "decimal");
        }
        tokens.at += if signed { 2 } else { 1 };
        digits(tokens)?;
    }
    if matches!(tokens.peek(0), b'j' | b'J') {
        tokens.at += 1;
        return end(tokens, "imaginary");
    }
    end(tokens, "decimal")
}

/// No letter may follow a number, but for the keywords that CPython still lets stand there.
fn end(tokens: &mut Tokenizer<'_>, kind: &str) -> Step {
    let keywords: &[&[u8]] = &[b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];
    let rest = &tokens.bytes[tokens.at..];
    let byte = tokens.peek(0);
    if keywords.iter().any(|keyword| rest.starts_with(keyword))
        || !(byte == b'_' || byte.is_ascii_alphanumeric())
    {
        return Ok(());
    }
    Err(tokens.fault_at(tokens.at, format!("invalid {kind} literal")))
}
