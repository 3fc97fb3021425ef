//! CPython's messages for source that the parser refuses.
//!
//! The parser says what it expected; CPython's grammar has rules for the mistakes people make, and says "invalid
//! syntax" for the rest. Here the parser's error, by kind, becomes the message of the rule that CPython would have
//! matched. Faults of the tokenizer come first, as they do there.

mod blocks;
mod number;
mod targets;
mod tokens;

use ruff_python_ast::Mod;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{InterpolatedStringErrorType, LexicalErrorType, ParseError, ParseErrorType, Parsed};
use ruff_text_size::TextRange;

use crate::error::{ErrorKind, Fault};
use crate::ir::Location;
use crate::lower::Lines;

/// The refused source.
struct Source<'a> {
    text: &'a str,
    lines: &'a Lines,
}

/// A message with the range it is about.
struct Diagnosis {
    kind: ErrorKind,
    message: String,
    range: TextRange,
}

impl Diagnosis {
    fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { kind: ErrorKind::SyntaxError, message: message.into(), range }
    }

    fn generic(range: TextRange) -> Self {
        Self::new(range, GENERIC)
    }
}

/// What CPython says where no rule is more specific.
const GENERIC: &str = "invalid syntax";

/// The fault that CPython would report; `None` if the parser found nothing wrong.
pub(crate) fn diagnose(parsed: &Parsed<Mod>, text: &str, lines: &Lines) -> Option<Box<Fault>> {
    let error = parsed.errors().iter().min_by_key(|error| error.location.start())?;
    let source = Source { text, lines };
    let findings = tokens::check(text, lines);
    let at = error.location.start().to_usize();
    if let Some(fault) = findings.fault
        && (fault.overrides || fault.at <= at)
    {
        return Some(Box::new(Fault { kind: fault.kind, message: fault.message, loc: fault.loc }));
    }
    let loc = source.location(error.location);
    let at_end = text[at.min(text.len())..].trim().is_empty();
    if let Some(unclosed) = findings.unclosed
        && (at_end || loc.line > unclosed.loc.line)
    {
        let message = format!("'{}' was never closed", unclosed.bracket);
        return Some(Box::new(Fault { kind: ErrorKind::SyntaxError, message, loc: unclosed.loc }));
    }
    let diagnosis = source.translate(error);
    let mut loc = source.location(diagnosis.range);
    if diagnosis.kind == ErrorKind::IndentationError {
        (loc.end_line, loc.end_col) = (loc.line, -1);
    }
    Some(Box::new(Fault { kind: diagnosis.kind, message: diagnosis.message, loc }))
}

/// The message for syntax that is newer than Python 3.13.
pub(crate) fn unsupported(message: &str) -> String {
    if message.starts_with("Multiple exception types") {
        return "multiple exception types must be parenthesized".into();
    }
    if message.contains("iterable unpacking in") {
        return "iterable unpacking cannot be used in comprehension".into();
    }
    if message.contains("dict unpacking") || message.contains("dictionary unpacking") {
        return "dict unpacking cannot be used in dict comprehension".into();
    }
    GENERIC.into()
}

impl Source<'_> {
    fn location(&self, range: TextRange) -> Location {
        self.lines.location(range.start().to_u32(), range.end().to_u32())
    }

    fn slice(&self, range: TextRange) -> &str {
        self.text.get(range.to_std_range()).unwrap_or("")
    }

    /// The text before `range` on the same logical line, as far as the line goes.
    fn line_before(&self, range: TextRange) -> &str {
        let start = self.text[..range.start().to_usize()].rfind('\n').map_or(0, |i| i + 1);
        &self.text[start..range.start().to_usize()]
    }

    fn after(&self, range: TextRange) -> &str {
        self.text.get(range.end().to_usize()..).unwrap_or("").trim_start_matches([' ', '\t'])
    }

    fn translate(&self, error: &ParseError) -> Diagnosis {
        let range = error.location;
        match &error.error {
            ParseErrorType::ExpectedToken { expected, found } => self.expected(*expected, *found, range),
            ParseErrorType::SimpleStatementsOnSameLine => self.adjacent(range),
            ParseErrorType::InvalidAssignmentTarget => self.assignment_target(range),
            ParseErrorType::InvalidDeleteTarget => {
                Diagnosis::new(range, format!("cannot delete {}", targets::name(self.slice(range))))
            }
            ParseErrorType::InvalidAugmentedAssignmentTarget => {
                let name = targets::name(self.slice(range));
                Diagnosis::new(range, format!("'{name}' is an illegal expression for augmented assignment"))
            }
            ParseErrorType::InvalidAnnotatedAssignmentTarget => {
                Diagnosis::new(range, "illegal target for annotation")
            }
            ParseErrorType::InvalidNamedAssignmentTarget => {
                let name = targets::name(self.slice(range));
                Diagnosis::new(range, format!("cannot use assignment expressions with {name}"))
            }
            ParseErrorType::UnexpectedIndentation => {
                Diagnosis { kind: ErrorKind::IndentationError, ..Diagnosis::new(range, "unexpected indent") }
            }
            ParseErrorType::InvalidStarredExpressionUsage => self.starred(range),
            ParseErrorType::ExpectedExpression => self.expected_expression(range),
            ParseErrorType::FStringError(kind) => self.fstring(kind, range),
            ParseErrorType::Lexical(kind) => self.lexical(kind, range),
            ParseErrorType::OtherError(message) => self.other(message, range),
            ParseErrorType::VarParameterWithDefault if self.line_before(range).contains("**") => {
                Diagnosis::new(range, "var-keyword argument cannot have default value")
            }
            kind => Diagnosis::new(range, fixed_message(kind)),
        }
    }

    fn expected(&self, expected: TokenKind, found: TokenKind, range: TextRange) -> Diagnosis {
        let before = self.line_before(range).trim();
        if expected == TokenKind::Colon && matches!(found, TokenKind::Newline | TokenKind::EndOfFile) {
            return Diagnosis::new(range, "expected ':'");
        }
        if expected == TokenKind::Lpar && before.contains("def ") {
            return Diagnosis::new(range, "expected '('");
        }
        if matches!(found, TokenKind::Equal)
            && matches!(expected, TokenKind::Colon | TokenKind::Comma | TokenKind::Rpar)
        {
            return equal_in_condition(range, before);
        }
        if found == TokenKind::Lpar && expected == TokenKind::Rpar && before.starts_with("def ") {
            return Diagnosis::new(range, "Function parameters cannot be parenthesized");
        }
        if found == TokenKind::Lpar && expected == TokenKind::Colon && before.contains("lambda ") {
            return Diagnosis::new(range, "Lambda expression parameters cannot be parenthesized");
        }
        let closes =
            matches!(expected, TokenKind::Comma | TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace);
        if closes && starts_operand(found) && ends_operand(before) {
            return Diagnosis::new(range, "invalid syntax. Perhaps you forgot a comma?");
        }
        if found == TokenKind::Colon && expected == TokenKind::Rsqb && before.contains('*') {
            return self.bound(range, before);
        }
        let in_brackets = before.contains(['(', '[', '{']);
        if expected == TokenKind::Else && before.contains(" if ") && in_brackets {
            return Diagnosis::new(range, "expected 'else' after 'if' expression");
        }
        if closes && found == TokenKind::For && before.contains(',') {
            return Diagnosis::new(range, "did you forget parentheses around the comprehension target?");
        }
        if expected == TokenKind::In && self.line_before(range).trim_start().starts_with("for ") {
            return Diagnosis::generic(range);
        }
        Diagnosis::generic(range)
    }

    /// `[*Ts: int]`, `[**P: int]`; `x[*(a:b)]` lands here too.
    fn bound(&self, range: TextRange, before: &str) -> Diagnosis {
        let open = before.rsplit('[').next().unwrap_or(before);
        let definition = ["def ", "class ", "type "].iter().any(|keyword| before.starts_with(keyword));
        if !definition {
            return Diagnosis::generic(range);
        }
        let what = if self.after(range).starts_with('(') { "constraints" } else { "bound" };
        let kind = if open.trim_start().starts_with("**") { "ParamSpec" } else { "TypeVarTuple" };
        Diagnosis::new(range, format!("cannot use {what} with {kind}"))
    }

    /// Two statements or expressions next to each other.
    fn adjacent(&self, range: TextRange) -> Diagnosis {
        let line = self.line_before(range);
        let statement = line.rsplit(';').next().unwrap_or(line).trim_start();
        let statement = statement.rsplit(": ").next().unwrap_or(statement).trim();
        if matches!(statement, "print" | "exec") {
            let message =
                format!("Missing parentheses in call to '{statement}'. Did you mean {statement}(...)?");
            return Diagnosis::new(range, message);
        }
        let from_after_import = statement.starts_with("import ") && self.slice(range).starts_with("from");
        if from_after_import {
            return Diagnosis::new(range, "Did you mean to use 'from ... import ...' instead?");
        }
        Diagnosis::generic(range)
    }

    fn assignment_target(&self, range: TextRange) -> Diagnosis {
        let target = self.slice(range);
        let name = targets::name(target);
        if name == "yield expression" && !self.line_before(range).trim_end().ends_with('(') {
            return Diagnosis::new(range, "assignment to yield expression not possible");
        }
        let literal = matches!(name, "None" | "True" | "False" | "list" | "tuple" | "generator expression");
        let whole = self.line_before(range).trim_start_matches([' ', '\t', '(']).is_empty();
        let after = self.after(range).trim_start_matches(')').trim_start();
        let assigned = after.strip_prefix('=').filter(|rest| !rest.starts_with('='));
        let value = assigned.map(|rest| rest.split(['\n', ';', '#']).next().unwrap_or(rest).trim());
        let compares = value.is_some_and(targets::is_bitwise_or);
        if whole && !literal && compares && (targets::is_bitwise_or(target) || name == "yield expression") {
            let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
            return Diagnosis::new(range, message);
        }
        Diagnosis::new(range, format!("cannot assign to {name}"))
    }

    fn starred(&self, range: TextRange) -> Diagnosis {
        let before = self.line_before(range).trim_end();
        if before.ends_with(':') && before.contains('{') {
            return Diagnosis::new(range, "cannot use a starred expression in a dictionary value");
        }
        if before.ends_with('(') {
            return Diagnosis::new(range, "cannot use starred expression here");
        }
        if before.trim_start().is_empty() || before.ends_with('=') || before.trim() == "return" {
            return Diagnosis::new(range, "can't use starred expression here");
        }
        Diagnosis::generic(range)
    }

    fn expected_expression(&self, range: TextRange) -> Diagnosis {
        let before = self.line_before(range).trim_end();
        if let Some(message) = self.field_expression(range, before) {
            return Diagnosis::new(range, message);
        }
        let found = self.slice(range);
        if before.ends_with('=') && !before.ends_with("==") {
            let in_definition = before.trim_start().starts_with("def ") || before.contains("lambda ");
            if in_definition && matches!(found, "," | ")" | ":") {
                return Diagnosis::new(range, "expected default value expression");
            }
            if before.contains('(') && matches!(found, "," | ")") {
                return Diagnosis::new(range, "expected argument value expression");
            }
        }
        if before.ends_with(':') && matches!(found, "}" | ",") {
            return Diagnosis::new(range, "expression expected after dictionary key and ':'");
        }
        Diagnosis::generic(range)
    }

    /// The messages for an empty or broken replacement field.
    fn field_expression(&self, range: TextRange, before: &str) -> Option<String> {
        let brace = before.strip_suffix('{')?;
        let in_fstring =
            brace.contains("f'") || brace.contains("f\"") || brace.contains("F'") || brace.contains("F\"");
        if !in_fstring || brace.ends_with('{') {
            return None;
        }
        let found = self.slice(range);
        Some(match found.chars().next() {
            Some(c @ ('!' | ':' | '=' | '}')) => format!("f-string: valid expression required before '{c}'"),
            _ if found.starts_with("lambda") => {
                "f-string: lambda expressions are not allowed without parentheses".into()
            }
            _ => "f-string: expecting a valid expression after '{'".into(),
        })
    }

    fn fstring(&self, kind: &InterpolatedStringErrorType, range: TextRange) -> Diagnosis {
        let message = match kind {
            InterpolatedStringErrorType::UnclosedLbrace => {
                let before = self.line_before(range);
                let has_spec = before.rsplit('{').next().is_some_and(|field| field.contains(':'));
                if has_spec { "f-string: expecting '}', or format specs" } else { "f-string: expecting '}'" }
                    .into()
            }
            InterpolatedStringErrorType::SingleRbrace => "f-string: single '}' is not allowed".into(),
            InterpolatedStringErrorType::InvalidConversionFlag => {
                let flag = self.slice(range).trim_start_matches('!');
                if flag.is_empty() || !flag.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                    "f-string: missing conversion character".into()
                } else {
                    format!("f-string: invalid conversion character '{flag}': expected 's', 'r', or 'a'")
                }
            }
            InterpolatedStringErrorType::NewlineInFormatSpec => {
                "f-string: newlines are not allowed in format specifiers for single quoted f-strings".into()
            }
            InterpolatedStringErrorType::UnterminatedString => {
                format!("unterminated f-string literal (detected at line {})", self.location(range).line)
            }
            InterpolatedStringErrorType::UnterminatedTripleQuotedString => format!(
                "unterminated triple-quoted f-string literal (detected at line {})",
                self.location(range).end_line
            ),
            InterpolatedStringErrorType::ConversionFlagNotImmediatelyAfterExclamation => {
                "f-string: conversion type must come right after the exclamanation mark".into()
            }
            InterpolatedStringErrorType::LambdaWithoutParentheses => {
                "f-string: lambda expressions are not allowed without parentheses".into()
            }
        };
        Diagnosis::new(range, message)
    }

    fn lexical(&self, kind: &LexicalErrorType, range: TextRange) -> Diagnosis {
        let message = match kind {
            LexicalErrorType::FStringError(kind) => return self.fstring(kind, range),
            LexicalErrorType::UnicodeError
            | LexicalErrorType::MissingUnicodeLbrace
            | LexicalErrorType::MissingUnicodeRbrace
            | LexicalErrorType::StringError => return self.escape(range),
            LexicalErrorType::InvalidByteLiteral => "bytes can only contain ASCII literal characters".into(),
            LexicalErrorType::IndentationError => {
                return Diagnosis {
                    kind: ErrorKind::IndentationError,
                    ..Diagnosis::new(range, kind.to_string())
                };
            }
            LexicalErrorType::Eof => "unexpected EOF while parsing".to_owned(),
            LexicalErrorType::LineContinuationError => {
                "unexpected character after line continuation character".into()
            }
            _ => GENERIC.into(),
        };
        Diagnosis::new(range, message)
    }

    /// A bad escape in a string: the position within the string's content is part of the message.
    fn escape(&self, range: TextRange) -> Diagnosis {
        let before = &self.text[..range.start().to_usize().min(self.text.len())];
        let Some(slash) = before.rfind('\\') else { return Diagnosis::generic(range) };
        let open = before[..slash].rfind(['"', '\'']).unwrap_or(0);
        let is_bytes = before[..open].ends_with(['b', 'B']);
        let content = self.text.get(open + 1..).unwrap_or("");
        let tail = |from: usize| content.get(from..).unwrap_or("");
        let position = slash.saturating_sub(open + 1);
        let digits = tail(position + 2).chars().take_while(char::is_ascii_hexdigit).take(8).count();
        let letter = tail(position + 1).chars().next().unwrap_or('x');
        let end = position + 1 + digits;
        let message = match letter {
            _ if is_bytes => format!("(value error) invalid \\x escape at position {position}"),
            'N' => {
                let named = tail(position + 2).starts_with('{');
                let close = tail(position).find('}').map(|i| position + i);
                let reason = if named && close.is_some_and(|close| close > position + 3) {
                    "unknown Unicode character name"
                } else {
                    "malformed \\N character escape"
                };
                let until = tail(position).find(['"', '\'']).map_or(content.len(), |i| position + i);
                let end = if named { close.unwrap_or(until.saturating_sub(1)) } else { position + 1 };
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: {reason}"
                )
            }
            _ => {
                let (width, shape) = match letter {
                    'u' => (4, "\\uXXXX"),
                    'U' => (8, "\\UXXXXXXXX"),
                    _ => (2, "\\xXX"),
                };
                let reason = if digits >= width {
                    "illegal Unicode character".to_owned()
                } else {
                    format!("truncated {shape} escape")
                };
                format!(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position {position}-{end}: {reason}"
                )
            }
        };
        Diagnosis::new(range, message)
    }

    fn other(&self, message: &str, range: TextRange) -> Diagnosis {
        if let Some(block) = message.strip_prefix("Expected an indented block after ") {
            return self.missing_block(block, range);
        }
        let before = self.line_before(range).trim();
        let fixed = match message {
            "Trailing comma not allowed" => "trailing comma not allowed without surrounding parentheses",
            "Expected one or more exception types" => "expected one or more exception types",
            "Positional patterns cannot follow keyword patterns" => {
                "positional patterns follow keyword patterns"
            }
            "Bytes literal cannot be mixed with non-bytes literals" => {
                "cannot mix bytes and nonbytes literals"
            }
            "Expected `except` or `finally` after `try` block" => "expected 'except' or 'finally' block",
            "Only single target (not tuple) can be annotated" => {
                "only single target (not tuple) can be annotated"
            }
            "Only single target (not list) can be annotated" => {
                "only single target (not list) can be annotated"
            }
            "Multiple exception types must be parenthesized when using `as`" => {
                "multiple exception types must be parenthesized"
            }
            "Position-only parameter separator not allowed as first parameter" => {
                match self.after(range).chars().next() {
                    _ if before.contains('*') => "/ must be ahead of *",
                    Some(',') => "at least one argument must precede /",
                    _ => GENERIC,
                }
            }
            "Only one '/' separator allowed" => "/ may appear only once",
            "'/' parameter must appear before '*' parameter" => "/ must be ahead of *",
            "Only one '*' separator allowed"
            | "Only one '*' parameter allowed"
            | "Keyword-only parameter separator not allowed after '*' parameter" => {
                "* argument may appear only once"
            }
            "Only one '**' parameter allowed" => "arguments cannot follow var-keyword argument",
            "Cannot have both 'except' and 'except*' on the same 'try'" => {
                "cannot have both 'except' and 'except*' on the same 'try'"
            }
            "Boolean 'not' expression cannot be used here" => "'not' after an operator must be parenthesized",
            "Expected a parameter name" => return self.keyword_name(range),
            _ => GENERIC,
        };
        Diagnosis::new(range, fixed)
    }

    /// `f(1=2)`, `f(None=1)`.
    fn keyword_name(&self, range: TextRange) -> Diagnosis {
        let name = targets::name(self.slice(range));
        if matches!(name, "None" | "True" | "False") {
            return Diagnosis::new(range, format!("cannot assign to {name}"));
        }
        if self.slice(range).starts_with('*') {
            return Diagnosis::new(range, "cannot assign to iterable argument unpacking");
        }
        Diagnosis::new(range, "expression cannot contain assignment, perhaps you meant \"==\"?")
    }
}

/// `if x = 3`, `f(a.b=1)`.
fn equal_in_condition(range: TextRange, before: &str) -> Diagnosis {
    let operand = before.rsplit(['(', ',', '[']).next().unwrap_or(before).trim();
    let operand = ["if ", "while ", "elif ", "not ", "return ", "and ", "or "]
        .iter()
        .fold(operand, |text, keyword| text.strip_prefix(keyword).unwrap_or(text))
        .trim();
    let name = targets::name(operand);
    if name == "name" {
        return Diagnosis::new(range, "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
    if targets::is_bitwise_or(operand) {
        let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
        return Diagnosis::new(range, message);
    }
    Diagnosis::generic(range)
}

/// Whether the token can start an expression next to another one by mistake.
fn starts_operand(token: TokenKind) -> bool {
    matches!(
        token,
        TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringStart
            | TokenKind::None
            | TokenKind::True
            | TokenKind::False
            | TokenKind::Ellipsis
            | TokenKind::Lbrace
    )
}

/// Whether the text ends with what can be an expression.
fn ends_operand(before: &str) -> bool {
    const KEYWORDS: &[&str] =
        &["in", "is", "not", "and", "or", "if", "else", "for", "as", "lambda", "await", "yield"];
    let last = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("");
    before.ends_with([')', ']', '}', '"', '\'']) || (!last.is_empty() && !KEYWORDS.contains(&last))
}

/// Messages that depend on the kind of error alone.
fn fixed_message(kind: &ParseErrorType) -> &'static str {
    match kind {
        ParseErrorType::UnparenthesizedGeneratorExpression => "Generator expression must be parenthesized",
        ParseErrorType::PositionalAfterKeywordArgument => "positional argument follows keyword argument",
        ParseErrorType::PositionalAfterKeywordUnpacking => {
            "positional argument follows keyword argument unpacking"
        }
        ParseErrorType::InvalidArgumentUnpackingOrder => {
            "iterable argument unpacking follows keyword argument unpacking"
        }
        ParseErrorType::IterableUnpackingInComprehension => {
            "iterable unpacking cannot be used in comprehension"
        }
        ParseErrorType::ParamAfterVarKeywordParam => "arguments cannot follow var-keyword argument",
        ParseErrorType::NonDefaultParamAfterDefaultParam => {
            "parameter without a default follows parameter with a default"
        }
        ParseErrorType::VarParameterWithDefault => "var-positional argument cannot have default value",
        ParseErrorType::ExpectedKeywordParam => "named arguments must follow bare *",
        ParseErrorType::ExpectedRealNumber => "real number required in complex literal",
        ParseErrorType::ExpectedImaginaryNumber => "imaginary number required in complex literal",
        ParseErrorType::InvalidMatchPatternTarget => "cannot use '_' as a target",
        ParseErrorType::EmptyImportNames => "Expected one or more names after 'import'",
        ParseErrorType::EmptyTypeParams => "Type parameter list cannot be empty",
        _ => GENERIC,
    }
}
