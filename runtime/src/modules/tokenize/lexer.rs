//! Tokens of source text as CPython's tokenizer gives them, comments and line ends included.
//!
//! The text is read whole; tokens come one by one, so that an error is met only when its place is reached.

use super::fstring::FString;
use super::number;
use crate::unicode;

/// Kinds of tokens by their numbers in module `token`.
pub(super) mod kind {
    pub(in super::super) const END: u8 = 0;
    pub(in super::super) const NAME: u8 = 1;
    pub(in super::super) const NUMBER: u8 = 2;
    pub(in super::super) const STRING: u8 = 3;
    pub(in super::super) const NEWLINE: u8 = 4;
    pub(in super::super) const INDENT: u8 = 5;
    pub(in super::super) const DEDENT: u8 = 6;
    pub(in super::super) const OP: u8 = 55;
    pub(in super::super) const FSTRING_START: u8 = 59;
    pub(in super::super) const FSTRING_MIDDLE: u8 = 60;
    pub(in super::super) const FSTRING_END: u8 = 61;
    pub(in super::super) const COMMENT: u8 = 62;
    pub(in super::super) const NL: u8 = 63;
}

/// A line, from 1, and a column, from 0.
pub(super) type Place = (usize, usize);

/// A token: where its text lies, where it stands, and where its lines lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: u8,
    pub(super) text: (usize, usize),
    pub(super) start: Place,
    pub(super) end: Place,
    pub(super) lines: (usize, usize),
}

/// What is wrong with the text.
#[derive(Debug)]
pub(super) struct LexError {
    pub(super) class: ErrorClass,
    pub(super) message: String,
    pub(super) line: usize,
    /// Column, from 1.
    pub(super) column: usize,
    /// The line's text.
    pub(super) text: (usize, usize),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ErrorClass {
    Syntax,
    Indentation,
    Tab,
}

pub(super) type Lexed<T> = Result<T, LexError>;

/// The deepest nesting of brackets and of indentation.
const MAX_LEVEL: usize = 200;
const MAX_INDENT: usize = 100;

/// Reads tokens.
pub(super) struct Lexer {
    pub(super) text: Vec<u32>,
    pub(super) at: usize,
    pub(super) line: usize,
    pub(super) line_start: usize,
    pub(super) brackets: Vec<u32>,
    pub(super) fstrings: Vec<FString>,
    /// Widths with tabs to eight columns and with tabs as one.
    indents: Vec<(usize, usize)>,
    /// Dedents, or an indent, still to be given.
    pending: isize,
    at_line_start: bool,
    /// Nothing but white space and a comment stands on the line.
    is_blank: bool,
    done: bool,
}

const NEWLINE: u32 = '\n' as u32;
const RETURN: u32 = '\r' as u32;

fn is(point: Option<u32>, c: char) -> bool {
    point == Some(c.into())
}

impl Lexer {
    /// A lexer at the beginning of a text.
    pub(super) fn new(text: Vec<u32>) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            brackets: Vec::new(),
            fstrings: Vec::new(),
            indents: vec![(0, 0)],
            pending: 0,
            at_line_start: true,
            is_blank: false,
            done: false,
        }
    }

    pub(super) fn peek(&self) -> Option<u32> {
        self.text.get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u32> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn place(&self) -> Place {
        (self.line, self.at - self.line_start)
    }

    /// Takes a character; line ends begin a new line.
    pub(super) fn bump(&mut self) -> Option<u32> {
        let point = self.peek()?;
        self.at += 1;
        if point == NEWLINE {
            self.line += 1;
            self.line_start = self.at;
        }
        Some(point)
    }

    /// Where the line that has a position ends, its line end included.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        rest.iter().position(|point| *point == NEWLINE).map_or(self.text.len(), |len| at + len + 1)
    }

    /// A token from a position to here, which began at a place on a line.
    pub(super) fn token(&self, kind: u8, from: usize, start: Place, first_line: usize) -> Token {
        let lines = (first_line, self.line_end(self.at));
        Token { kind, text: (from, self.at), start, end: self.place(), lines }
    }

    pub(super) fn error<T>(&self, message: impl Into<String>, line: usize, column: usize) -> Lexed<T> {
        let breaks = self.text.iter().enumerate().filter(|(_, point)| **point == NEWLINE);
        let start = line.checked_sub(2).and_then(|skipped| breaks.map(|(at, _)| at + 1).nth(skipped));
        let start = start.unwrap_or(0);
        let end = self.line_end(start);
        let text = (start, end - usize::from(end > start && self.text[end - 1] == NEWLINE));
        Err(LexError { class: ErrorClass::Syntax, message: message.into(), line, column, text })
    }

    fn error_here<T>(&self, message: impl Into<String>) -> Lexed<T> {
        self.error(message, self.line, self.at - self.line_start)
    }

    /// The next token; `None` behind the last.
    pub(super) fn next(&mut self) -> Lexed<Option<Token>> {
        if self.done {
            return Ok(None);
        }
        let token = if self.fstrings.last().is_some_and(|fstring| fstring.in_text) {
            self.fstring_token()
        } else {
            self.plain_token()
        };
        self.done = token.as_ref().map_or(true, |token| token.kind == kind::END);
        token.map(Some)
    }

    /// A token outside the text of f-strings.
    pub(super) fn plain_token(&mut self) -> Lexed<Token> {
        if self.at_line_start {
            self.at_line_start = false;
            self.indentation()?;
        }
        if self.pending != 0 {
            return Ok(self.pending_token());
        }
        self.skip_space()?;
        let (from, start, first_line) = (self.at, self.place(), self.line_start);
        let Some(point) = self.peek() else { return self.end() };
        if point == '#'.into() {
            while self.peek().is_some_and(|point| point != NEWLINE && point != RETURN) {
                self.at += 1;
            }
            return Ok(self.token(kind::COMMENT, from, start, first_line));
        }
        if point == NEWLINE || point == RETURN && is(self.peek_at(1), '\n') {
            return Ok(self.line_break());
        }
        if let Some(token) = self.word(from, start, first_line)? {
            return Ok(token);
        }
        let c = char::from_u32(point).unwrap_or('\u{fffd}');
        let next_is_digit = self.peek_at(1).is_some_and(number::is_digit);
        if number::is_digit(point) || c == '.' && next_is_digit {
            number::scan(self)?;
            return Ok(self.token(kind::NUMBER, from, start, first_line));
        }
        if c == '\'' || c == '"' {
            self.string(start)?;
            return Ok(self.token(kind::STRING, from, start, first_line));
        }
        self.operator(from, start, first_line)
    }

    // ---- Lines -------------------------------------------------------------------------------------------------------

    /// Measures a line's indentation and notes what it means.
    fn indentation(&mut self) -> Lexed<()> {
        let (mut width, mut narrow) = (0, 0);
        while let Some(point) = self.peek() {
            match char::from_u32(point) {
                Some(' ') => (width, narrow) = (width + 1, narrow + 1),
                Some('\t') => (width, narrow) = ((width / 8 + 1) * 8, narrow + 1),
                Some('\x0c') => (width, narrow) = (0, 0),
                _ => break,
            }
            self.at += 1;
        }
        let next = self.peek();
        self.is_blank = is(next, '#') || is(next, '\n') || is(next, '\r') && is(self.peek_at(1), '\n');
        if self.is_blank || !self.brackets.is_empty() {
            return Ok(());
        }
        if next.is_none() {
            // The end closes every block.
            (width, narrow) = (0, 0);
        }
        self.compare_indentation(width, narrow)
    }

    fn compare_indentation(&mut self, width: usize, narrow: usize) -> Lexed<()> {
        let (last, last_narrow) = self.indents[self.indents.len() - 1];
        if width == last {
            return if narrow == last_narrow { Ok(()) } else { self.inconsistent() };
        }
        if width > last {
            if self.indents.len() > MAX_INDENT {
                return self.indent_error(ErrorClass::Indentation, "too many levels of indentation");
            }
            if narrow <= last_narrow {
                return self.inconsistent();
            }
            self.pending = 1;
            self.indents.push((width, narrow));
            return Ok(());
        }
        while self.indents.last().is_some_and(|(indent, _)| *indent > width) {
            self.indents.pop();
            self.pending -= 1;
        }
        match self.indents.last() {
            Some((indent, _)) if *indent != width => {
                let message = "unindent does not match any outer indentation level";
                self.indent_error(ErrorClass::Indentation, message)
            }
            Some((_, indent)) if *indent != narrow => self.inconsistent(),
            _ => Ok(()),
        }
    }

    fn inconsistent(&self) -> Lexed<()> {
        self.indent_error(ErrorClass::Tab, "inconsistent use of tabs and spaces in indentation")
    }

    fn indent_error(&self, class: ErrorClass, message: &str) -> Lexed<()> {
        let (start, end) = (self.line_start, self.line_end(self.line_start));
        let end = end - usize::from(self.text.get(end - 1) == Some(&NEWLINE));
        let message = message.to_owned();
        Err(LexError { class, message, line: self.line, column: end - start + 1, text: (start, end) })
    }

    fn pending_token(&mut self) -> Token {
        if self.pending > 0 {
            self.pending = 0;
            return self.token(kind::INDENT, self.line_start, (self.line, 0), self.line_start);
        }
        self.pending += 1;
        self.token(kind::DEDENT, self.at, self.place(), self.line_start)
    }

    /// Skips white space, and line ends behind backslashes.
    fn skip_space(&mut self) -> Lexed<()> {
        loop {
            match self.peek().and_then(char::from_u32) {
                Some(' ' | '\t' | '\x0c') => self.at += 1,
                Some('\\') => {
                    let ahead = 1 + usize::from(is(self.peek_at(1), '\r') && is(self.peek_at(2), '\n'));
                    if !is(self.peek_at(ahead), '\n') {
                        self.at += 1;
                        return self.error(
                            "unexpected character after line continuation character",
                            self.line,
                            self.at - self.line_start,
                        );
                    }
                    let column = self.at - self.line_start + 2;
                    self.at += ahead;
                    self.bump();
                    if self.peek().is_none() {
                        return self.error("unexpected EOF in multi-line statement", self.line - 1, column);
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// The token of a line end.
    fn line_break(&mut self) -> Token {
        let (from, start, first_line) = (self.at, self.place(), self.line_start);
        let lines = (first_line, self.line_end(self.at));
        let is_logical = self.brackets.is_empty() && !self.is_blank;
        let width = 1 + usize::from(self.peek() == Some(RETURN));
        self.at += width - 1;
        self.bump();
        self.at_line_start = true;
        let kind = if is_logical { kind::NEWLINE } else { kind::NL };
        Token { kind, text: (from, self.at), start, end: (start.0, start.1 + width), lines }
    }

    /// At the text's end: a last line without line end gets one.
    fn end(&mut self) -> Lexed<Token> {
        if self.at > self.line_start {
            let (start, lines) = (self.place(), (self.line_start, self.at));
            let is_logical = self.brackets.is_empty() && !self.is_blank;
            let kind = if is_logical { kind::NEWLINE } else { kind::NL };
            (self.line, self.line_start, self.at_line_start) = (self.line + 1, self.at, true);
            let end = (start.0, start.1 + 1);
            return Ok(Token { kind, text: (self.at, self.at), start, end, lines });
        }
        if !self.brackets.is_empty() {
            return self.error("unexpected EOF in multi-line statement", self.line - 1, 0);
        }
        if self.indents.len() > 1 {
            self.pending = 1 - self.indents.len() as isize;
            self.indents.truncate(1);
            return Ok(self.pending_token());
        }
        Ok(self.token(kind::END, self.at, self.place(), self.line_start))
    }

    // ---- Words and strings -------------------------------------------------------------------------------------------

    fn is_name(point: u32) -> bool {
        unicode::is_id_continue(point)
    }

    /// A name, or a string with its prefix.
    fn word(&mut self, from: usize, start: Place, first_line: usize) -> Lexed<Option<Token>> {
        let Some(point) = self.peek() else { return Ok(None) };
        if !unicode::is_id_start(point) {
            if point >= 0x80 {
                return self.bad_character(point).map(|()| None);
            }
            return Ok(None);
        }
        let mut has_f = false;
        let mut prefix = 0;
        while let Some(letter) = self.peek_at(prefix).and_then(char::from_u32) {
            match letter.to_ascii_lowercase() {
                'f' => has_f = true,
                'r' | 'b' | 'u' => {}
                _ => break,
            }
            prefix += 1;
        }
        if is_prefix(&self.text[from..from + prefix])
            && (is(self.peek_at(prefix), '\'') || is(self.peek_at(prefix), '"'))
        {
            self.at += prefix;
            if has_f {
                return self.fstring_start(from, start, first_line).map(Some);
            }
            self.string(start)?;
            return Ok(Some(self.token(kind::STRING, from, start, first_line)));
        }
        while self.peek().is_some_and(Self::is_name) {
            self.at += 1;
        }
        if let Some(point) = self.peek().filter(|point| *point >= 0x80) {
            self.bad_character(point)?;
        }
        Ok(Some(self.token(kind::NAME, from, start, first_line)))
    }

    fn bad_character(&self, point: u32) -> Lexed<()> {
        let column = self.at - self.line_start + 1;
        let printable = char::from_u32(point).filter(|c| !c.is_control() && !c.is_whitespace());
        let message = match printable {
            Some(c) => format!("invalid character '{c}' (U+{point:04X})"),
            None => format!("invalid non-printable character U+{point:04X}"),
        };
        self.error(message, self.line, column)
    }

    /// The quote here, and how often it stands: once or three times.
    pub(super) fn opening_quotes(&mut self) -> (u32, usize) {
        let quote = self.peek().unwrap_or_default();
        let count = if self.peek_at(1) == Some(quote) && self.peek_at(2) == Some(quote) { 3 } else { 1 };
        self.at += count;
        (quote, count)
    }

    /// A string from its opening quotes to its closing ones.
    fn string(&mut self, start: Place) -> Lexed<()> {
        let (quote, size) = self.opening_quotes();
        let mut seen = 0;
        while seen < size {
            match self.peek() {
                None => return self.unterminated("string", size, start),
                Some(NEWLINE) if size == 1 => return self.unterminated("string", size, start),
                Some(point) if point == quote => {
                    seen += 1;
                    self.at += 1;
                }
                Some(point) => {
                    seen = 0;
                    self.bump();
                    if point == '\\'.into() {
                        if self.peek() == Some(RETURN) {
                            self.at += 1;
                        }
                        self.bump();
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn unterminated<T>(&self, what: &str, size: usize, start: Place) -> Lexed<T> {
        let triple = if size == 3 { "triple-quoted " } else { "" };
        let last = if self.peek().is_none() && self.at == self.line_start && self.line > 1 {
            self.line - 1
        } else {
            self.line
        };
        let message = format!("unterminated {triple}{what} literal (detected at line {last})");
        self.error(message, start.0, start.1 + 1)
    }

    // ---- Operators ---------------------------------------------------------------------------------------------------

    fn operator(&mut self, from: usize, start: Place, first_line: usize) -> Lexed<Token> {
        let point = self.peek().unwrap_or_default();
        let c = char::from_u32(point).unwrap_or('\u{fffd}');
        if c.is_ascii_control() {
            return self.error(
                format!("invalid non-printable character U+{point:04X}"),
                self.line,
                start.1 + 1,
            );
        }
        if c == ':' && self.begins_format() {
            self.at += 1;
            return Ok(self.token(kind::OP, from, start, first_line));
        }
        let rest: Vec<u32> = self.text[self.at..].iter().copied().take(3).collect();
        let len = (2..=rest.len()).rev().find(|len| is_operator(&rest[..*len])).unwrap_or(1);
        self.at += len;
        match c {
            '(' | '[' | '{' => {
                if self.brackets.len() >= MAX_LEVEL {
                    return self.error_here("too many nested parentheses");
                }
                self.brackets.push(point);
                self.fstring_bracket_opens();
            }
            ')' | ']' | '}' => {
                self.fstring_bracket_may_close(c)?;
                self.brackets.pop();
                self.fstring_bracket_closes(c)?;
            }
            _ => {}
        }
        Ok(self.token(kind::OP, from, start, first_line))
    }
}

/// Whether letters stand before a string's quotes.
fn is_prefix(letters: &[u32]) -> bool {
    let letters: String = letters.iter().filter_map(|point| char::from_u32(*point)).collect();
    matches!(letters.to_ascii_lowercase().as_str(), "r" | "b" | "u" | "f" | "br" | "rb" | "fr" | "rf")
}

/// Operators of more than one character, and their numbers.
static OPERATORS: &[(&str, u8)] = &[
    ("==", 27),
    ("!=", 28),
    ("<>", 28),
    ("<=", 29),
    (">=", 30),
    ("<<", 33),
    (">>", 34),
    ("**", 35),
    ("+=", 36),
    ("-=", 37),
    ("*=", 38),
    ("/=", 39),
    ("%=", 40),
    ("&=", 41),
    ("|=", 42),
    ("^=", 43),
    ("<<=", 44),
    (">>=", 45),
    ("**=", 46),
    ("//", 47),
    ("//=", 48),
    ("@=", 50),
    ("->", 51),
    ("...", 52),
    (":=", 53),
];

/// Operators of one character, and their numbers.
static SINGLE: &[(&str, u8)] = &[
    ("(", 7),
    (")", 8),
    ("[", 9),
    ("]", 10),
    (":", 11),
    (",", 12),
    (";", 13),
    ("+", 14),
    ("-", 15),
    ("*", 16),
    ("/", 17),
    ("|", 18),
    ("&", 19),
    ("<", 20),
    (">", 21),
    ("=", 22),
    (".", 23),
    ("%", 24),
    ("{", 25),
    ("}", 26),
    ("~", 31),
    ("^", 32),
    ("@", 49),
    ("!", 54),
];

fn is_text(points: &[u32], text: &str) -> bool {
    points.len() == text.len() && points.iter().copied().eq(text.bytes().map(u32::from))
}

fn is_operator(points: &[u32]) -> bool {
    OPERATORS.iter().any(|(text, _)| is_text(points, text))
}

/// The number of an operator in module `token`.
pub(super) fn exact_kind(points: &[u32]) -> u8 {
    let found = SINGLE.iter().chain(OPERATORS).find(|(text, _)| is_text(points, text));
    found.map_or(kind::OP, |(_, number)| *number)
}
