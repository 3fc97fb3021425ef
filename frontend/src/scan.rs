//! A look at the brackets before the parser runs.
//!
//! Bounds nesting, which the parser itself does not, and finds brackets that do not match, for which CPython has
//! messages of its own. Strings and comments are skipped; f-strings are entered, since their fields hold brackets.
//! Anything else that is wrong is left for the parser to find.

use crate::error::{Compiled, ErrorKind, Fault, fault, syntax_error};
use crate::ir::Location;
use crate::lower::Lines;

/// CPython's tokenizer's limit.
const MAX_BRACKETS: usize = 200;
/// CPython's limit of nested f-strings.
const MAX_FSTRINGS: usize = 150;

/// What the scanner is in the middle of.
enum State {
    /// An open bracket and where it stands.
    Bracket(u8, usize),
    /// The literal part of an f-string.
    FString { quote: u8, triple: bool, raw: bool },
    /// The format specification of a replacement field.
    Spec,
}

struct Scanner<'a> {
    bytes: &'a [u8],
    lines: &'a Lines,
    at: usize,
    stack: Vec<State>,
    brackets: usize,
    fstrings: usize,
}

/// Scans the source. An error is final; a fault inside `Ok` explains what the parser will stumble over.
pub(crate) fn scan(source: &str, lines: &Lines) -> Compiled<Option<Box<Fault>>> {
    let mut scanner =
        Scanner { bytes: source.as_bytes(), lines, at: 0, stack: Vec::new(), brackets: 0, fstrings: 0 };
    while scanner.at < scanner.bytes.len() {
        if let Some(found) = scanner.step()? {
            return Ok(Some(found));
        }
    }
    Ok(scanner.unclosed())
}

type Found = Option<Box<Fault>>;

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn location(&self, at: usize) -> Location {
        let start = self.lines.location(at as u32, at as u32);
        Location { end_col: start.col + 1, ..start }
    }

    fn step(&mut self) -> Compiled<Found> {
        match self.stack.last() {
            Some(State::FString { quote, triple, raw }) => {
                let (quote, triple, raw) = (*quote, *triple, *raw);
                self.fstring_text(quote, triple, raw)
            }
            Some(State::Spec) => self.spec_text(),
            _ => self.code(),
        }
    }

    fn code(&mut self) -> Compiled<Found> {
        let byte = self.peek(0);
        match byte {
            b'#' => self.skip_comment(),
            b'"' | b'\'' => self.string(b""),
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => return Ok(self.close(byte)),
            b':' if self.in_field() => {
                self.at += 1;
                self.stack.push(State::Spec);
            }
            b'!' if self.in_field() && self.peek(1) != b'=' => self.at += 1,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word()?,
            b'0'..=b'9' => self.skip_word(),
            _ => self.at += 1,
        }
        Ok(None)
    }

    /// Directly in a replacement field, where `:` starts the format specification.
    fn in_field(&self) -> bool {
        let below = self.stack.len().checked_sub(2).map(|i| &self.stack[i]);
        matches!(self.stack.last(), Some(State::Bracket(b'{', _)))
            && matches!(below, Some(State::FString { .. } | State::Spec))
    }

    fn skip_comment(&mut self) {
        self.at += self.bytes[self.at..].iter().take_while(|b| **b != b'\n').count();
    }

    fn skip_word(&mut self) {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        self.at += self.bytes[self.at..].iter().take_while(|b| is_word(b)).count().max(1);
    }

    /// A name, or the prefix of a string.
    fn word(&mut self) -> Compiled<()> {
        let start = self.at;
        self.skip_word();
        if matches!(self.peek(0), b'"' | b'\'') && self.at - start <= 2 {
            let prefix = self.bytes[start..self.at].to_ascii_lowercase();
            if prefix.contains(&b'f') && prefix.iter().all(|b| matches!(b, b'f' | b'r')) {
                return self.open_fstring(prefix.contains(&b'r'));
            }
            if prefix.iter().all(|b| matches!(b, b'r' | b'b' | b'u')) {
                self.string(&prefix);
            }
        }
        Ok(())
    }

    fn is_triple(&self, quote: u8) -> bool {
        self.peek(1) == quote && self.peek(2) == quote
    }

    fn open_fstring(&mut self, raw: bool) -> Compiled<()> {
        let quote = self.peek(0);
        let triple = self.is_triple(quote);
        if self.fstrings >= MAX_FSTRINGS {
            return syntax_error(self.location(self.at), "too many nested f-strings");
        }
        self.fstrings += 1;
        self.at += if triple { 3 } else { 1 };
        self.stack.push(State::FString { quote, triple, raw });
        Ok(())
    }

    /// Skips a plain string.
    fn string(&mut self, _prefix: &[u8]) {
        let quote = self.peek(0);
        let triple = self.is_triple(quote);
        self.at += if triple { 3 } else { 1 };
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'\n' if !triple => return,
                byte if byte == quote && (!triple || self.is_triple(quote)) => {
                    self.at += if triple { 3 } else { 1 };
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn fstring_text(&mut self, quote: u8, triple: bool, raw: bool) -> Compiled<Found> {
        match self.peek(0) {
            b'{' if self.peek(1) == b'{' => self.at += 2,
            b'{' => self.open(b'{')?,
            b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => self.skip_named(),
            b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
            b'\\' => self.at += 2,
            b'\n' if !triple => self.end_fstring(0),
            byte if byte == quote && (!triple || self.is_triple(quote)) => {
                self.end_fstring(if triple { 3 } else { 1 });
            }
            _ => self.at += 1,
        }
        Ok(None)
    }

    fn skip_named(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'}' | b'\n')).unwrap_or(rest.len() - 1) + 1;
    }

    fn end_fstring(&mut self, length: usize) {
        self.at += length;
        self.stack.pop();
        self.fstrings -= 1;
    }

    fn spec_text(&mut self) -> Compiled<Found> {
        match self.peek(0) {
            b'{' => self.open(b'{')?,
            b'}' => {
                self.stack.pop();
                return Ok(self.close(b'}'));
            }
            byte => {
                if self.ends_enclosing_string(byte) {
                    self.stack.pop();
                    self.stack.pop();
                    self.brackets -= 1;
                    return Ok(None);
                }
                self.at += 1;
            }
        }
        Ok(None)
    }

    /// A quote or line end inside a format specification that ends the string around it.
    fn ends_enclosing_string(&self, byte: u8) -> bool {
        let enclosing = self.stack.iter().rev().find_map(|state| match state {
            State::FString { quote, triple, .. } => Some((*quote, *triple)),
            _ => None,
        });
        enclosing.is_some_and(|(quote, triple)| {
            if triple { byte == quote && self.is_triple(quote) } else { byte == quote || byte == b'\n' }
        })
    }

    fn open(&mut self, byte: u8) -> Compiled<()> {
        if self.brackets >= MAX_BRACKETS {
            return syntax_error(self.location(self.at), "too many nested parentheses");
        }
        self.brackets += 1;
        self.stack.push(State::Bracket(byte, self.at));
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Found {
        let here = self.location(self.at);
        self.at += 1;
        let Some(State::Bracket(open, at)) = self.stack.last() else {
            let in_string = !self.stack.is_empty();
            if in_string {
                return None;
            }
            let message = format!("unmatched '{}'", char::from(byte));
            return Some(fault(ErrorKind::SyntaxError, here, message));
        };
        let expected = match open {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        if byte == expected {
            self.stack.pop();
            self.brackets -= 1;
            return None;
        }
        let opened = self.location(*at);
        let (open, byte) = (char::from(*open), char::from(byte));
        let mut message = format!("closing parenthesis '{byte}' does not match opening parenthesis '{open}'");
        if opened.line != here.line {
            message = format!("{message} on line {}", opened.line);
        }
        Some(fault(ErrorKind::SyntaxError, here, message))
    }

    /// The innermost bracket that is still open at the end.
    fn unclosed(&self) -> Found {
        self.stack.iter().rev().find_map(|state| match state {
            State::Bracket(open, at) => {
                let message = format!("'{}' was never closed", char::from(*open));
                Some(fault(ErrorKind::SyntaxError, self.location(*at), message))
            }
            _ => None,
        })
    }
}
