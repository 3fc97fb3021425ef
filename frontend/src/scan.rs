//! A look at the brackets before the parser runs.
//!
//! The parser itself does not bound nesting; CPython's tokenizer does, and what it refuses must not reach the parser's
//! recursion. Strings and comments are skipped; f-strings are entered, since their fields hold brackets. Anything else
//! that may be wrong is left for the parser to find.

use crate::error::{Compiled, syntax_error};
use crate::ir::Location;
use crate::lower::Lines;

/// CPython's tokenizer's limit.
const MAX_BRACKETS: usize = 200;
/// CPython's limit of nested f-strings.
const MAX_FSTRINGS: usize = 150;

/// Replacement fields of one f-string may nest this deeply, through format specifications.
const MAX_FIELDS: usize = 3;

/// What the scanner is in the middle of.
#[derive(Clone, Copy)]
enum State {
    /// An open bracket.
    Bracket,
    /// The replacement field of an f-string.
    Field,
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

/// Refuses source that is nested too deeply.
pub(crate) fn check_nesting(source: &str, lines: &Lines) -> Compiled<()> {
    let mut scanner =
        Scanner { bytes: source.as_bytes(), lines, at: 0, stack: Vec::new(), brackets: 0, fstrings: 0 };
    while scanner.at < scanner.bytes.len() {
        scanner.step()?;
    }
    Ok(())
}

/// Bytes that mean something in code: quotes, brackets, comments, and what ends a replacement field.
const IN_CODE: [bool; 256] = {
    let mut table = [false; 256];
    let marked = b"\"'#()[]{}:";
    let mut i = 0;
    while i < marked.len() {
        table[marked[i] as usize] = true;
        i += 1;
    }
    table
};

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn location(&self) -> Location {
        let start = self.lines.location(self.at as u32, self.at as u32);
        Location { end_col: start.col, ..start }
    }

    fn step(&mut self) -> Compiled<()> {
        match self.stack.last() {
            Some(State::FString { quote, triple, raw }) => {
                let (quote, triple, raw) = (*quote, *triple, *raw);
                self.fstring_text(quote, triple, raw)
            }
            Some(State::Spec) => self.spec_text(),
            _ => self.code(),
        }
    }

    fn code(&mut self) -> Compiled<()> {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| IN_CODE[usize::from(*b)]).unwrap_or(rest.len());
        match self.peek(0) {
            b'#' => self.skip_comment(),
            b'"' | b'\'' => self.string()?,
            b'(' | b'[' | b'{' => self.open(State::Bracket)?,
            b')' | b']' | b'}' => self.close(),
            b':' if matches!(self.stack.last(), Some(State::Field)) => {
                self.at += 1;
                self.stack.push(State::Spec);
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }

    fn is_triple(&self, quote: u8) -> bool {
        self.peek(1) == quote && self.peek(2) == quote
    }

    /// The letters before a quote, if they are a string's prefix.
    fn prefix(&self) -> &[u8] {
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
        let before = &self.bytes[..self.at];
        let length = before.iter().rev().take(3).take_while(|b| is_word(b)).count();
        if length > 2 { b"" } else { &before[self.at - length..] }
    }

    fn string(&mut self) -> Compiled<()> {
        let has = |letter: u8| self.prefix().iter().any(|b| b.eq_ignore_ascii_case(&letter));
        let quote = self.peek(0);
        let triple = self.is_triple(quote);
        if has(b'f') {
            if self.fstrings >= MAX_FSTRINGS {
                return syntax_error(self.location(), "too many nested f-strings");
            }
            let raw = has(b'r');
            self.fstrings += 1;
            self.at += if triple { 3 } else { 1 };
            self.stack.push(State::FString { quote, triple, raw });
            return Ok(());
        }
        self.skip_string(quote, triple);
        Ok(())
    }

    fn skip_string(&mut self, quote: u8, triple: bool) {
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

    fn fstring_text(&mut self, quote: u8, triple: bool, raw: bool) -> Compiled<()> {
        match self.peek(0) {
            b'{' if self.peek(1) == b'{' => self.at += 2,
            b'{' => self.open_field()?,
            b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => self.skip_named(),
            b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
            b'\\' => self.at += 2,
            b'\n' if !triple => self.end_fstring(0),
            byte if byte == quote && (!triple || self.is_triple(quote)) => {
                self.end_fstring(if triple { 3 } else { 1 });
            }
            _ => self.at += 1,
        }
        Ok(())
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

    fn spec_text(&mut self) -> Compiled<()> {
        match self.peek(0) {
            b'{' => self.open_field()?,
            b'}' => {
                self.stack.pop();
                self.close();
            }
            byte if self.ends_enclosing_string(byte) => {
                self.stack.pop();
                self.stack.pop();
                self.brackets -= 1;
            }
            _ => self.at += 1,
        }
        Ok(())
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

    fn open_field(&mut self) -> Compiled<()> {
        let fields = self.stack.iter().rev().take_while(|state| !matches!(state, State::FString { .. }));
        if fields.filter(|state| matches!(state, State::Field)).count() >= MAX_FIELDS {
            return syntax_error(self.location(), "f-string: expressions nested too deeply");
        }
        self.open(State::Field)
    }

    fn open(&mut self, state: State) -> Compiled<()> {
        if self.brackets >= MAX_BRACKETS {
            return syntax_error(self.location(), "too many nested parentheses");
        }
        self.brackets += 1;
        self.stack.push(state);
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) {
        self.at += 1;
        if matches!(self.stack.last(), Some(State::Bracket | State::Field)) {
            self.stack.pop();
            self.brackets -= 1;
        }
    }
}
