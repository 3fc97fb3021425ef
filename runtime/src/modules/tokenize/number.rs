//! Numbers as CPython's tokenizer reads them.

use super::lexer::{Lexed, Lexer};

/// Whether a character is a decimal digit.
pub(super) fn is_digit(point: u32) -> bool {
    (0x30..=0x39).contains(&point)
}

fn digit_of(base: u32) -> impl Fn(u32) -> bool {
    move |point| char::from_u32(point).is_some_and(|c| c.is_digit(base))
}

fn letter(lexer: &Lexer, ahead: usize) -> char {
    lexer.peek_at(ahead).and_then(char::from_u32).map_or('\0', |c| c.to_ascii_lowercase())
}

fn error(lexer: &Lexer, message: &str) -> Lexed<()> {
    lexer.error(message, lexer.line, lexer.at - lexer.line_start)
}

/// Takes a number.
pub(super) fn scan(lexer: &mut Lexer) -> Lexed<()> {
    if letter(lexer, 0) == '0' {
        for (mark, base, name) in [('x', 16, "hexadecimal"), ('o', 8, "octal"), ('b', 2, "binary")] {
            if letter(lexer, 1) == mark {
                lexer.at += 2;
                return in_base(lexer, base, name);
            }
        }
    }
    decimal(lexer)
}

fn in_base(lexer: &mut Lexer, base: u32, name: &str) -> Lexed<()> {
    let is_digit_of_base = digit_of(base);
    loop {
        if letter(lexer, 0) == '_' {
            lexer.at += 1;
        }
        match lexer.peek() {
            Some(point) if is_digit_of_base(point) => {}
            Some(point) if is_digit(point) => {
                lexer.at += 1;
                let digit = char::from_u32(point).unwrap_or('?');
                return error(lexer, &format!("invalid digit '{digit}' in {name} literal"));
            }
            _ => return error(lexer, &format!("invalid {name} literal")),
        }
        while lexer.peek().is_some_and(&is_digit_of_base) {
            lexer.at += 1;
        }
        if letter(lexer, 0) != '_' {
            return end(lexer, name);
        }
    }
}

fn digits(lexer: &mut Lexer) -> Lexed<()> {
    loop {
        while lexer.peek().is_some_and(is_digit) {
            lexer.at += 1;
        }
        if letter(lexer, 0) != '_' {
            return Ok(());
        }
        lexer.at += 1;
        if !lexer.peek().is_some_and(is_digit) {
            return error(lexer, "invalid decimal literal");
        }
    }
}

fn decimal(lexer: &mut Lexer) -> Lexed<()> {
    if letter(lexer, 0) != '.' {
        digits(lexer)?;
    }
    if letter(lexer, 0) == '.' {
        lexer.at += 1;
        if lexer.peek().is_some_and(is_digit) {
            digits(lexer)?;
        }
    }
    if letter(lexer, 0) == 'e' {
        let signed = usize::from(matches!(letter(lexer, 1), '+' | '-'));
        if lexer.peek_at(1 + signed).is_some_and(is_digit) {
            lexer.at += 1 + signed;
            digits(lexer)?;
        } else if signed == 1 {
            lexer.at += 2;
            return error(lexer, "invalid decimal literal");
        }
    }
    if letter(lexer, 0) == 'j' {
        lexer.at += 1;
        return end(lexer, "imaginary");
    }
    end(lexer, "decimal")
}

/// Words that may stand right behind a number.
const KEYWORDS: [&str; 9] = ["and", "else", "for", "if", "in", "is", "not", "or", "while"];

/// Nothing that continues a name may follow but a keyword.
fn end(lexer: &mut Lexer, name: &str) -> Lexed<()> {
    let Some(point) = lexer.peek().filter(|point| crate::unicode::is_id_continue(*point)) else {
        return Ok(());
    };
    let follows =
        |word: &&str| word.bytes().enumerate().all(|(i, byte)| lexer.peek_at(i) == Some(byte.into()));
    if point < 0x80 && KEYWORDS.iter().any(follows) {
        return Ok(());
    }
    lexer.at += 1;
    error(lexer, &format!("invalid {name} literal"))
}
