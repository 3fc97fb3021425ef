//! f-strings: their text is lexed apart from the expressions in them.

use super::lexer::{Lexed, Lexer, Place, Token, kind};

/// An f-string that is still open.
pub(super) struct FString {
    quote: u32,
    quotes: usize,
    is_raw: bool,
    start: Place,
    /// Text comes next, not a part of an expression.
    pub(super) in_text: bool,
    in_format: bool,
    /// How many brackets are open in it.
    depth: usize,
    /// How many brackets were open when each expression began that is still open.
    expressions: Vec<usize>,
}

/// The deepest nesting of f-strings, and of expressions in one.
const MAX_NESTING: usize = 150;

impl Lexer {
    /// The token of the prefix, which was taken, and the quotes.
    pub(super) fn fstring_start(&mut self, from: usize, start: Place, first_line: usize) -> Lexed<Token> {
        let is_raw = self.text[from..self.at].iter().any(|point| matches!(*point, 0x52 | 0x72));
        let (quote, quotes) = self.opening_quotes();
        if self.fstrings.len() + 1 >= MAX_NESTING {
            return self.error("too many nested f-strings", self.line, self.at - self.line_start);
        }
        self.fstrings.push(FString {
            quote,
            quotes,
            is_raw,
            start,
            in_text: true,
            in_format: false,
            depth: 0,
            expressions: Vec::new(),
        });
        Ok(self.token(kind::FSTRING_START, from, start, first_line))
    }

    fn fstring(&mut self) -> &mut FString {
        self.fstrings.last_mut().expect("the caller saw one")
    }

    fn is_brace(&self, ahead: usize, brace: char) -> bool {
        self.peek_at(ahead) == Some(brace.into())
    }

    fn begin_expression(&mut self) -> Lexed<()> {
        let fstring = self.fstring();
        fstring.in_text = false;
        fstring.in_format = false;
        let depth = fstring.depth;
        fstring.expressions.push(depth);
        if fstring.expressions.len() >= MAX_NESTING {
            return self.error(
                "f-string: expressions nested too deeply",
                self.line,
                self.at - self.line_start,
            );
        }
        Ok(())
    }

    /// The next token of the text: a piece of it, its end, or what begins an expression.
    pub(super) fn fstring_token(&mut self) -> Lexed<Token> {
        let (from, start, first_line) = (self.at, self.place(), self.line_start);
        if self.is_brace(0, '{') && !self.is_brace(1, '{') {
            self.begin_expression()?;
            return self.plain_token();
        }
        let (quote, quotes) = (self.fstring().quote, self.fstring().quotes);
        if (0..quotes).all(|i| self.peek_at(i) == Some(quote)) {
            self.at += quotes;
            self.fstrings.pop();
            return Ok(self.token(kind::FSTRING_END, from, start, first_line));
        }
        self.fstring_middle(from, start, first_line)
    }

    fn fstring_middle(&mut self, from: usize, start: Place, first_line: usize) -> Lexed<Token> {
        let (quote, quotes) = (self.fstring().quote, self.fstring().quotes);
        let in_format = self.fstring().in_format && !self.fstring().expressions.is_empty();
        let (mut seen, mut in_name) = (0, false);
        while seen < quotes {
            let Some(point) = self.peek() else {
                let start = self.fstring().start;
                return self.unterminated("f-string", quotes, start);
            };
            let c = char::from_u32(point).unwrap_or('\u{fffd}');
            if c == '\n' && quotes == 1 {
                if in_format {
                    let fstring = self.fstring();
                    (fstring.in_text, fstring.in_format) = (false, false);
                    return Ok(self.token(kind::FSTRING_MIDDLE, from, start, first_line));
                }
                let start = self.fstring().start;
                return self.unterminated("f-string", quotes, start);
            }
            if point == quote {
                seen += 1;
                self.at += 1;
                continue;
            }
            seen = 0;
            if c == '{' {
                return self.opening_brace(in_format, from, start, first_line);
            }
            if c == '}' {
                return Ok(self.closing_brace(in_format, in_name, from, start, first_line));
            }
            self.bump();
            if c == '\\' {
                in_name = self.escape() || in_name;
            }
        }
        // The quotes are the next token.
        self.at -= quotes;
        Ok(self.token(kind::FSTRING_MIDDLE, from, start, first_line))
    }

    /// Text ends at an opening brace; of two, the first belongs to it.
    fn opening_brace(
        &mut self,
        in_format: bool,
        from: usize,
        start: Place,
        first_line: usize,
    ) -> Lexed<Token> {
        if self.is_brace(1, '{') && !in_format {
            return Ok(self.doubled(from, start, first_line));
        }
        let token = self.token(kind::FSTRING_MIDDLE, from, start, first_line);
        self.begin_expression()?;
        Ok(token)
    }

    fn doubled(&mut self, from: usize, start: Place, first_line: usize) -> Token {
        self.at += 1;
        let token = self.token(kind::FSTRING_MIDDLE, from, start, first_line);
        self.at += 1;
        token
    }

    fn closing_brace(
        &mut self,
        in_format: bool,
        in_name: bool,
        from: usize,
        start: Place,
        first_line: usize,
    ) -> Token {
        if in_name {
            self.at += 1;
            return self.token(kind::FSTRING_MIDDLE, from, start, first_line);
        }
        if self.is_brace(1, '}') && !in_format && self.fstring().depth == 0 {
            return self.doubled(from, start, first_line);
        }
        self.fstring().in_text = false;
        self.token(kind::FSTRING_MIDDLE, from, start, first_line)
    }

    /// What follows a backslash; true for the beginning of a character's name.
    fn escape(&mut self) -> bool {
        if self.is_brace(0, '\r') {
            self.at += 1;
        }
        if self.is_brace(0, '{') || self.is_brace(0, '}') {
            return false;
        }
        let is_name = self.is_brace(0, 'N') && self.is_brace(1, '{') && !self.fstring().is_raw;
        self.bump();
        if is_name {
            self.at += 1;
        }
        is_name
    }

    // ---- Expressions -------------------------------------------------------------------------------------------------

    /// Whether a colon here ends an expression and begins its format.
    pub(super) fn begins_format(&mut self) -> bool {
        let Some(fstring) = self.fstrings.last_mut() else { return false };
        let begins = fstring.expressions.last().is_some_and(|depth| *depth + 1 == fstring.depth);
        if begins {
            (fstring.in_text, fstring.in_format) = (true, true);
        }
        begins
    }

    pub(super) fn fstring_bracket_opens(&mut self) {
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.depth += 1;
        }
    }

    pub(super) fn fstring_bracket_may_close(&self, bracket: char) -> Lexed<()> {
        match self.fstrings.last() {
            Some(fstring) if fstring.depth == 0 => {
                let message = if bracket == '}' {
                    String::from("f-string: single '}' is not allowed")
                } else {
                    format!("f-string: unmatched '{bracket}'")
                };
                self.error(message, self.line, self.at - self.line_start)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn fstring_bracket_closes(&mut self, bracket: char) -> Lexed<()> {
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.depth = fstring.depth.saturating_sub(1);
            if bracket == '}' && fstring.expressions.last() == Some(&fstring.depth) {
                fstring.expressions.pop();
                (fstring.in_text, fstring.in_format) = (true, false);
            }
        }
        Ok(())
    }
}
