//! What a compilation can end in besides a code object.

use std::fmt;

use crate::ir::Location;

/// The Python exception class that a failed compilation raises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The source breaks the grammar or a rule of the compiler.
    SyntaxError,
    /// The source is indented wrongly.
    IndentationError,
    /// Tabs and spaces are mixed in a way that depends on the width of a tab.
    TabError,
    /// A value is out of range.
    ValueError,
    /// An integer literal or its text is too large.
    OverflowError,
    /// The source is nested too deeply for the compiler.
    RecursionError,
    /// The source is nested too deeply for the parser.
    MemoryError,
    /// The source cannot be decoded.
    UnicodeDecodeError,
    /// A fault of the compiler itself.
    SystemError,
}

impl ErrorKind {
    /// The exception's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SyntaxError => "SyntaxError",
            Self::IndentationError => "IndentationError",
            Self::TabError => "TabError",
            Self::ValueError => "ValueError",
            Self::OverflowError => "OverflowError",
            Self::RecursionError => "RecursionError",
            Self::MemoryError => "MemoryError",
            Self::UnicodeDecodeError => "UnicodeDecodeError",
            Self::SystemError => "SystemError",
        }
    }

    fn has_position(self) -> bool {
        matches!(self, Self::SyntaxError | Self::IndentationError | Self::TabError)
    }
}

/// A failed compilation, with the attributes of CPython's `SyntaxError`. Lines and columns count from 1; 0 means that
/// there is none. Columns count characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompileError {
    /// The exception class.
    pub kind: ErrorKind,
    /// What is wrong.
    pub message: String,
    /// The file's name.
    pub filename: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub col: u32,
    /// Last line.
    pub end_line: u32,
    /// Column after the last character.
    pub end_col: u32,
    /// The source line, with its line end.
    pub text: Option<String>,
}

impl fmt::Display for CompileError {
    /// Prints what ends CPython's traceback: place, source line, caret, message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind.has_position() {
            writeln!(f, "  File \"{}\", line {}", self.filename, self.line)?;
            if let Some(text) = &self.text {
                self.fmt_source(f, text)?;
            }
        }
        write!(f, "{}: {}", self.kind.name(), self.message)
    }
}

impl CompileError {
    fn fmt_source(&self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        let line = text.trim_end_matches(['\n', '\r', ' ']);
        let stripped = line.trim_start_matches([' ', '\t', '\x0c']);
        writeln!(f, "    {stripped}")?;
        if self.col == 0 {
            return Ok(());
        }
        let removed = line.chars().count() - stripped.chars().count();
        let width = stripped.chars().count();
        let start = (self.col as usize - 1).saturating_sub(removed);
        let end = match self.end_col {
            0 => start + 1,
            _ if self.end_line != self.line => width,
            col => (col as usize - 1).saturating_sub(removed),
        };
        let blanks: String =
            stripped.chars().take(start).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
        let missing = start.saturating_sub(width);
        writeln!(f, "    {blanks}{}{}", " ".repeat(missing), "^".repeat(end.saturating_sub(start).max(1)))
    }
}

impl std::error::Error for CompileError {}

/// A warning that CPython gives while compiling.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Warning {
    /// `SyntaxWarning` or `DeprecationWarning`.
    pub category: &'static str,
    /// What is suspicious.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
}

/// How the stages report a fault: no source text yet.
#[derive(Debug)]
pub(crate) struct Fault {
    pub kind: ErrorKind,
    pub message: String,
    pub loc: Location,
}

/// The stages' result; the fault is boxed since it is rare.
pub(crate) type Compiled<T> = Result<T, Box<Fault>>;

/// A `SyntaxError` at `loc`.
pub(crate) fn syntax_error<T>(loc: Location, message: impl Into<String>) -> Compiled<T> {
    Err(fault(ErrorKind::SyntaxError, loc, message))
}

/// A fault of any kind.
#[expect(clippy::unnecessary_box_returns, reason = "results carry faults boxed")]
pub(crate) fn fault(kind: ErrorKind, loc: Location, message: impl Into<String>) -> Box<Fault> {
    Box::new(Fault { kind, message: message.into(), loc })
}
