//! What CPython's tokenizer would refuse.
//!
//! Runs only over source that the parser refused. CPython reports a fault of its tokenizer in preference to one of its
//! grammar, even where it comes later in the file, and has messages for brackets, numbers, strings and indentation that
//! the parser does not know.

#![expect(clippy::unnecessary_box_returns, reason = "results carry faults boxed")]

use super::number;
use crate::error::ErrorKind;
use crate::ir::Location;
use crate::lower::Lines;

/// A fault of the tokenizer.
pub(super) struct TokenFault {
    pub kind: ErrorKind,
    pub message: String,
    pub loc: Location,
    /// Byte offset at which the tokenizer notices it.
    pub at: usize,
    /// Whether it comes before any fault of the grammar, wherever that is.
    pub overrides: bool,
}

/// An opening bracket that nothing closes.
#[derive(Clone, Copy)]
pub(super) struct Unclosed {
    pub bracket: char,
    pub loc: Location,
}

/// What was found: the first fault and the innermost open bracket.
pub(super) struct Findings {
    pub fault: Option<TokenFault>,
    pub unclosed: Option<Unclosed>,
}

#[derive(Clone, Copy)]
enum State {
    Bracket(u8, usize),
    FString { start: usize, quote: u8, triple: bool, raw: bool },
    Spec,
}

pub(super) struct Tokenizer<'a> {
    pub source: &'a str,
    pub bytes: &'a [u8],
    lines: &'a Lines,
    pub at: usize,
    stack: Vec<State>,
    /// Columns of the open indentation levels, with tabs as eight and as one.
    indents: Vec<(usize, usize)>,
    line_start: bool,
}

pub(super) fn check(source: &str, lines: &Lines) -> Findings {
    let mut tokenizer = Tokenizer {
        source,
        bytes: source.as_bytes(),
        lines,
        at: 0,
        stack: Vec::new(),
        indents: vec![(0, 0)],
        line_start: true,
    };
    let mut fault = None;
    while fault.is_none() && tokenizer.at < tokenizer.bytes.len() {
        fault = tokenizer.step().err().map(|fault| *fault);
    }
    Findings { fault, unclosed: tokenizer.unclosed() }
}

pub(super) type Step = Result<(), Box<TokenFault>>;

/// CPython's limit of indentation levels.
const MAX_INDENTS: usize = 100;

impl Tokenizer<'_> {
    pub fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// A fault noticed when everything before `end` was read: CPython points at the last character read.
    pub fn fault_at(&self, end: usize, message: impl Into<String>) -> Box<TokenFault> {
        let last = self.source[..end].char_indices().next_back().map_or(0, |(i, _)| i);
        let loc = self.lines.location(last as u32, last as u32);
        Box::new(TokenFault {
            kind: ErrorKind::SyntaxError,
            message: message.into(),
            loc,
            at: end,
            overrides: true,
        })
    }

    fn step(&mut self) -> Step {
        match self.stack.last() {
            Some(State::FString { .. }) => self.fstring_text(),
            Some(State::Spec) => self.spec_text(),
            _ => self.code(),
        }
    }

    fn code(&mut self) -> Step {
        if self.line_start && self.stack.is_empty() {
            self.line_start = false;
            return self.indentation();
        }
        let byte = self.peek(0);
        match byte {
            b'\n' => {
                self.at += 1;
                self.line_start = true;
                Ok(())
            }
            b'#' => {
                self.skip_comment();
                Ok(())
            }
            b'\\' => self.continuation(),
            b'"' | b'\'' => self.string(self.at, false, false),
            b'(' | b'[' | b'{' => {
                self.stack.push(State::Bracket(byte, self.at));
                self.at += 1;
                Ok(())
            }
            b')' | b']' | b'}' => self.close(byte),
            b':' if self.in_field() => {
                self.at += 1;
                self.stack.push(State::Spec);
                Ok(())
            }
            b'0'..=b'9' => number::check(self),
            b'.' if self.peek(1).is_ascii_digit() => number::check(self),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            byte if byte < b' ' && !matches!(byte, b'\t' | b'\x0c') || byte == 0x7F => {
                Err(self.fault_at(self.at + 1, format!("invalid non-printable character U+{byte:04X}")))
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    fn skip_comment(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
    }

    /// Measures a line's indentation against those that are open.
    fn indentation(&mut self) -> Step {
        let (mut column, mut alternative) = (0, 0);
        let line_start = self.at;
        loop {
            match self.peek(0) {
                b' ' => (column, alternative) = (column + 1, alternative + 1),
                b'\t' => (column, alternative) = ((column / 8 + 1) * 8, alternative + 1),
                b'\x0c' => (column, alternative) = (0, 0),
                _ => break,
            }
            self.at += 1;
        }
        if matches!(self.peek(0), b'#' | b'\n' | b'\\') || self.at >= self.bytes.len() {
            return Ok(());
        }
        let (top, top_alternative) = self.indents.last().copied().unwrap_or_default();
        if column > top {
            if alternative <= top_alternative {
                return Err(self.tab_error(line_start));
            }
            if self.indents.len() >= MAX_INDENTS {
                return Err(self.line_fault(
                    line_start,
                    ErrorKind::IndentationError,
                    "too many levels of indentation",
                ));
            }
            self.indents.push((column, alternative));
            return Ok(());
        }
        while self.indents.len() > 1 && self.indents.last().is_some_and(|(top, _)| *top > column) {
            self.indents.pop();
        }
        let (top, top_alternative) = self.indents.last().copied().unwrap_or_default();
        if column != top {
            let message = "unindent does not match any outer indentation level";
            return Err(self.line_fault(line_start, ErrorKind::IndentationError, message));
        }
        if alternative == top_alternative { Ok(()) } else { Err(self.tab_error(line_start)) }
    }

    fn tab_error(&self, start: usize) -> Box<TokenFault> {
        self.line_fault(start, ErrorKind::TabError, "inconsistent use of tabs and spaces in indentation")
    }

    /// A fault of a whole line: CPython points behind its end.
    fn line_fault(&self, start: usize, kind: ErrorKind, message: &str) -> Box<TokenFault> {
        let rest = &self.bytes[self.at..];
        let end = self.at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let loc = Location { end_col: -1, ..self.lines.location(end as u32, end as u32) };
        Box::new(TokenFault { kind, message: message.into(), loc, at: start, overrides: false })
    }

    fn continuation(&mut self) -> Step {
        let (at, loc) = (self.at, self.lines.location(self.at as u32, self.at as u32));
        let message = match (self.peek(1), self.bytes.len() - self.at) {
            (b'\n', 2) | (_, 1) => "unexpected EOF while parsing",
            (b'\n', _) => {
                self.at += 2;
                return Ok(());
            }
            _ => "unexpected character after line continuation character",
        };
        let loc = Location { col: loc.col + 1, end_col: -1, ..loc };
        Err(Box::new(TokenFault {
            kind: ErrorKind::SyntaxError,
            message: message.into(),
            loc,
            at,
            overrides: false,
        }))
    }

    /// Directly in a replacement field, where `:` starts the format specification.
    fn in_field(&self) -> bool {
        let below = self.stack.len().checked_sub(2).map(|i| &self.stack[i]);
        matches!(self.stack.last(), Some(State::Bracket(b'{', _)))
            && matches!(below, Some(State::FString { .. } | State::Spec))
    }

    /// A name, or the prefix of a string.
    fn word(&mut self) -> Step {
        let start = self.at;
        let rest = &self.source[start..];
        let length = rest.find(|c: char| c.is_ascii() && c != '_' && !c.is_ascii_alphanumeric());
        let word = &rest[..length.unwrap_or(rest.len())];
        let quote = self.bytes.get(start + word.len()).copied().unwrap_or(0);
        if matches!(quote, b'"' | b'\'') && word.len() <= 2 {
            let prefix = word.to_ascii_lowercase();
            if matches!(prefix.as_str(), "f" | "rf" | "fr" | "r" | "b" | "br" | "rb" | "u") {
                self.at += word.len();
                return self.string(start, prefix.contains('f'), prefix.contains('r'));
            }
        }
        for (i, c) in word.char_indices() {
            let fits = if i == 0 { c == '_' || is_id_start(c) } else { is_id_continue(c) };
            if !fits {
                let end = start + i + c.len_utf8();
                let code = c as u32;
                let printable = !c.is_control() && !c.is_whitespace() && c.escape_debug().count() == 1;
                let message = if printable {
                    format!("invalid character '{c}' (U+{code:04X})")
                } else {
                    format!("invalid non-printable character U+{code:04X}")
                };
                return Err(self.fault_at(end, message));
            }
        }
        self.at += word.len();
        Ok(())
    }

    fn is_triple(&self, quote: u8) -> bool {
        self.peek(1) == quote && self.peek(2) == quote
    }

    /// A string whose token starts at `start`; `self.at` stands on its quote.
    fn string(&mut self, start: usize, interpolated: bool, raw: bool) -> Step {
        let quote = self.peek(0);
        let triple = self.is_triple(quote);
        self.at += if triple { 3 } else { 1 };
        if interpolated {
            self.stack.push(State::FString { start, quote, triple, raw });
            return Ok(());
        }
        let mut escaped_quote = false;
        while self.at < self.bytes.len() {
            match self.peek(0) {
                b'\\' => {
                    escaped_quote |= self.peek(1) == quote;
                    self.at += 2;
                }
                b'\n' if !triple => break,
                byte if byte == quote && (!triple || self.is_triple(quote)) => {
                    self.at += if triple { 3 } else { 1 };
                    return Ok(());
                }
                _ => self.at += 1,
            }
        }
        let enclosing = self.stack.iter().rev().find_map(|state| match state {
            State::FString { quote, triple, .. } => Some((*quote, *triple)),
            _ => None,
        });
        if enclosing == Some((quote, triple)) {
            // What looked like a string inside the field is the end of the f-string around it.
            return Err(self.fault_at(start + 1, "f-string: expecting '}'"));
        }
        let hint = if escaped_quote && !triple { "; perhaps you escaped the end quote?" } else { "" };
        Err(self.unterminated(start, triple, "string", hint))
    }

    fn unterminated(&self, start: usize, triple: bool, what: &str, hint: &str) -> Box<TokenFault> {
        let end = self.at.min(self.bytes.len());
        let end = if triple { self.source.trim_end_matches('\n').len().max(start) } else { end };
        let line = self.lines.location(end as u32, end as u32).line;
        let kind = if triple { "triple-quoted " } else { "" };
        let message = format!("unterminated {kind}{what} literal (detected at line {line}){hint}");
        let mut fault = self.fault_at(start + 1, message);
        fault.at = start;
        fault
    }

    fn fstring_text(&mut self) -> Step {
        let Some(State::FString { start, quote, triple, raw }) = self.stack.last().copied() else {
            return Ok(());
        };
        match self.peek(0) {
            b'{' if self.peek(1) == b'{' => self.at += 2,
            b'{' => {
                self.stack.push(State::Bracket(b'{', self.at));
                self.at += 1;
            }
            b'}' if self.peek(1) == b'}' => self.at += 2,
            b'}' => {
                return Err(self.fault_at(self.at + 1, "f-string: single '}' is not allowed"));
            }
            b'\\' if !raw && self.peek(1) == b'N' && self.peek(2) == b'{' => self.skip_named(),
            b'\\' if matches!(self.peek(1), b'{' | b'}') => self.at += 1,
            b'\\' => self.at += 2,
            b'\n' if !triple => return Err(self.unterminated(start, triple, "f-string", "")),
            byte if byte == quote && (!triple || self.is_triple(quote)) => {
                self.at += if triple { 3 } else { 1 };
                self.stack.pop();
            }
            _ => self.at += 1,
        }
        if self.at >= self.bytes.len() && matches!(self.stack.last(), Some(State::FString { .. })) {
            return Err(self.unterminated(start, triple, "f-string", ""));
        }
        Ok(())
    }

    fn skip_named(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|b| matches!(b, b'}' | b'\n' | b'"' | b'\'')).unwrap_or(rest.len());
    }

    fn spec_text(&mut self) -> Step {
        let enclosing = self.stack.iter().rev().find_map(|state| match state {
            State::FString { quote, triple, .. } => Some((*quote, *triple)),
            _ => None,
        });
        let (quote, triple) = enclosing.unwrap_or((0, false));
        match self.peek(0) {
            b'{' => {
                self.stack.push(State::Bracket(b'{', self.at));
                self.at += 1;
            }
            b'}' => {
                self.stack.pop();
                return self.close(b'}');
            }
            byte if byte == quote && (!triple || self.is_triple(quote)) || byte == b'\n' && !triple => {
                self.stack.pop();
                self.stack.pop();
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Step {
        self.at += 1;
        let closing = char::from(byte);
        let Some(State::Bracket(open, at)) = self.stack.last().copied() else {
            return Err(self.fault_at(self.at, format!("unmatched '{closing}'")));
        };
        let expected = match open {
            b'(' => b')',
            b'[' => b']',
            _ => b'}',
        };
        if byte == expected {
            self.stack.pop();
            return Ok(());
        }
        if self.in_field() {
            return Err(self.fault_at(self.at, format!("f-string: unmatched '{closing}'")));
        }
        let nested = self.stack.iter().any(|state| matches!(state, State::FString { .. }));
        let prefix = if nested { "f-string: " } else { "" };
        let opened = self.lines.location(at as u32, at as u32).line;
        let here = self.lines.location(self.at as u32 - 1, self.at as u32 - 1).line;
        let open = char::from(open);
        let mut message =
            format!("{prefix}closing parenthesis '{closing}' does not match opening parenthesis '{open}'");
        if opened != here {
            message = format!("{message} on line {opened}");
        }
        Err(self.fault_at(self.at, message))
    }

    fn unclosed(&self) -> Option<Unclosed> {
        self.stack.iter().rev().find_map(|state| match state {
            State::Bracket(open, at) => {
                let loc = self.lines.location(*at as u32, *at as u32);
                Some(Unclosed { bracket: char::from(*open), loc: Location { end_col: -1, ..loc } })
            }
            _ => None,
        })
    }
}

/// Whether an identifier may start with the character. The library's notion of letters stands in for XID.
fn is_id_start(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && (c.is_alphabetic() || matches!(c, '℘' | '℮')))
}

fn is_id_continue(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && is_word_like(c))
}

/// Letters, digits, marks and connectors; symbols and punctuation are not.
fn is_word_like(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}' | '\u{203F}' | '\u{2040}' | '·') || {
        // Combining marks are printed as escapes of their own by the standard library.
        let escaped = c.escape_debug().count() > 1;
        escaped && !c.is_control() && c as u32 > 0x300 && !matches!(c as u32, 0x2000..=0x206F | 0xFEFF)
    }
}
