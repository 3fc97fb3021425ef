//! Missing blocks: "expected an indented block after …".

use ruff_text_size::TextRange;

use super::{Diagnosis, Source};
use crate::error::ErrorKind;

impl Source<'_> {
    /// `block` is the parser's name of the statement, such as "`if` statement" or "function definition".
    pub(super) fn missing_block(&self, block: &str, range: TextRange) -> Diagnosis {
        let quoted = block.split('`').nth(1);
        let (what, keyword) = match quoted {
            None => ("function definition".to_owned(), "def"),
            Some("class") => ("class definition".to_owned(), "class"),
            Some(keyword) => (format!("'{keyword}' statement"), keyword),
        };
        let (line, starred) = self.header_line(keyword, range.start().to_usize());
        let what = if starred { "'except*' statement".to_owned() } else { what };
        let message = format!("expected an indented block after {what} on line {line}");
        Diagnosis { kind: ErrorKind::IndentationError, ..Diagnosis::new(range, message) }
    }

    /// The line of the last header before `end` that starts with `keyword`, and whether it is an `except*`.
    fn header_line(&self, keyword: &str, end: usize) -> (usize, bool) {
        let lines: Vec<&str> = self.text[..end.min(self.text.len())].split('\n').collect();
        for (index, line) in lines.iter().enumerate().rev() {
            let line = line.trim_start();
            let line = line.strip_prefix("async ").unwrap_or(line);
            if let Some(rest) = line.strip_prefix(keyword)
                && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            {
                return (index + 1, keyword == "except" && rest.trim_start().starts_with('*'));
            }
        }
        (lines.len(), false)
    }
}
