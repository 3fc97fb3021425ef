//! Whether what was typed at a prompt is a whole statement, or more lines have to come.
//!
//! CPython's tokenizer asks for the next line when its parser wants a token that is not there. Here the text is parsed as
//! it is after each line: what is wrong at its very end is not wrong yet.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{Mod, PythonVersion};
use ruff_python_parser::{
    InterpolatedStringErrorType as StringFault, LexicalErrorType, Mode, ParseError, ParseErrorType,
    ParseOptions,
};

use crate::parse::is_compound;

/// What was typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// Blank lines and comments: nothing to compile.
    Empty,
    /// The statement goes on.
    Incomplete,
    /// A statement, or an error that more lines will not mend.
    Complete,
}

/// Judges lines typed so far, each with its line end.
pub fn judge(text: &str) -> Entry {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY313);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    if let Some(error) = parsed.errors().first() {
        return judge_error(text, error);
    }
    let Mod::Module(module) = parsed.syntax() else { return Entry::Complete };
    match module.body.last() {
        None => Entry::Empty,
        // A compound statement may go on until a blank line says that it does not.
        Some(last) if is_compound(last) && !ends_with_blank_line(text) => Entry::Incomplete,
        Some(_) => Entry::Complete,
    }
}

fn judge_error(text: &str, error: &ParseError) -> Entry {
    let start = error.location.start().to_usize();
    if is_open_string(text, start, &error.error) || text.ends_with("\\\n") {
        return Entry::Incomplete;
    }
    let is_at_end = match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::Eof) => true,
        ParseErrorType::OtherError(message) if message.starts_with("Expected an indented block") => {
            text[start..].lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
        }
        _ => start > text.trim_end_matches('\n').len(),
    };
    if is_at_end && (!ends_with_blank_line(text) || has_open_bracket(text)) {
        Entry::Incomplete
    } else {
        Entry::Complete
    }
}

/// A triple-quoted string that does not end.
fn is_open_string(text: &str, start: usize, error: &ParseErrorType) -> bool {
    match error {
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            let rest = text[start..].trim_start_matches(|c: char| c.is_ascii_alphabetic());
            rest.starts_with("\"\"\"") || rest.starts_with("'''")
        }
        ParseErrorType::FStringError(fault)
        | ParseErrorType::Lexical(LexicalErrorType::FStringError(fault)) => {
            matches!(fault, StringFault::UnterminatedTripleQuotedString)
        }
        _ => false,
    }
}

fn ends_with_blank_line(text: &str) -> bool {
    text.lines().last().is_some_and(|line| line.trim().is_empty())
}

fn has_open_bracket(text: &str) -> bool {
    let options = ParseOptions::from(Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    let mut depth = 0_i64;
    for token in parsed.tokens() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => depth += 1,
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_all(entry: Entry, texts: &[&str]) {
        for text in texts {
            assert_eq!(judge(text), entry, "{text:?}");
        }
    }

    #[test]
    fn statements_end_with_their_line_or_a_blank_one() {
        let complete = ["x = 1\n", "f(\n1)\n", "if x:\n    y\n\n", "'''a\nb'''\n", "x; y\n", "a = \\\n1\n"];
        assert_all(Entry::Complete, &complete);
        let more = ["if x:\n", "if x:\n    y\n", "if x: y\n", "@d\n", "class A: pass\n", "def f():\n  # c\n"];
        assert_all(Entry::Incomplete, &more);
        assert_all(
            Entry::Incomplete,
            &["f(\n", "f(1,\n\n", "x = [\n  1,\n", "'''a\n", "f'''a{1}\n", "a = \\\n"],
        );
        assert_all(Entry::Incomplete, &["try:\n    x\n", "x = {'a':\n", "async def f():\n", "match x:\n"]);
        assert_all(Entry::Empty, &["\n", "# comment\n", "   \n"]);
    }

    #[test]
    fn errors_are_told_at_once() {
        let wrong = [
            "x = \n",
            "def f(:\n",
            "1 +\n",
            "'abc\n",
            "f'abc\n",
            ")\n",
            "  x\n",
            "try:\n    x\n\n",
            "if x:\n\n",
        ];
        assert_all(Entry::Complete, &wrong);
    }
}
