//! From bytes to the parser's tree.
//!
//! Decodes the source (byte-order mark, PEP 263 cookie), makes line ends uniform, runs the parser and turns what it
//! finds wrong into CPython's errors.

use ruff_python_ast::{Mod, PythonVersion, Stmt};
use ruff_python_parser::{Mode as ParseMode, ParseOptions, Parsed};
use ruff_text_size::{Ranged, TextSize};

use crate::Mode;
use crate::error::{Compiled, ErrorKind, fault, syntax_error};
use crate::ir::Location;
use crate::lower::Lines;

const BOM: &[u8] = b"\xEF\xBB\xBF";
const FIRST_LINE: Location = Location { line: 1, end_line: 1, col: -1, end_col: -1 };

/// The source as text with `\n` line ends.
pub(crate) fn decode(source: &[u8], is_text: bool) -> Compiled<String> {
    if source.contains(&0) {
        let place = Location { line: 0, end_line: 0, col: -1, end_col: -1 };
        return syntax_error(place, "source code string cannot contain null bytes");
    }
    let (bytes, has_bom) = match source.strip_prefix(BOM) {
        Some(_) if is_text => {
            let place = Location { line: 1, end_line: 1, col: 0, end_col: 0 };
            return syntax_error(place, "invalid non-printable character U+FEFF");
        }
        Some(rest) => (rest, true),
        None => (source, false),
    };
    let encoding = if is_text { None } else { cookie(bytes) };
    let text = match encoding.as_deref() {
        Some("utf8" | "u8" | "utf") if !has_bom => decode_utf8(bytes, false)?,
        None | Some("utf-8") => decode_utf8(bytes, encoding.is_none())?,
        Some(other) if has_bom => {
            return syntax_error(FIRST_LINE, format!("encoding problem: {other} with BOM"));
        }
        Some("iso-8859-1") => bytes.iter().map(|b| char::from(*b)).collect(),
        Some("ascii") => match bytes.iter().position(|b| !b.is_ascii()) {
            None => decode_utf8(bytes, false)?,
            Some(at) => {
                let message = format!(
                    "(unicode error) 'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    bytes[at]
                );
                return syntax_error(FIRST_LINE, message);
            }
        },
        Some(other) => match crate::encodings::decode(&other.to_ascii_lowercase(), bytes) {
            Some(Ok(text)) => text,
            Some(Err(at)) => {
                let message = format!(
                    "(unicode error) '{other}' codec can't decode byte 0x{:02x} in position {at}: character maps to <undefined>",
                    bytes[at]
                );
                return syntax_error(FIRST_LINE, message);
            }
            None => return syntax_error(FIRST_LINE, format!("unknown encoding: {other}")),
        },
    };
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text })
}

fn decode_utf8(bytes: &[u8], undeclared: bool) -> Compiled<String> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    let at = error.valid_up_to();
    let line = bytes[..at].split(|b| *b == b'\n').count() as i32;
    let loc = Location { line, end_line: line, col: -1, end_col: -1 };
    let byte = bytes[at];
    if undeclared {
        let message = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; see \
             https://peps.python.org/pep-0263/ for details"
        );
        return syntax_error(loc, message);
    }
    let message = format!(
        "(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: invalid data"
    );
    syntax_error(loc, message)
}

/// The encoding that a comment on the first two lines declares, in its normal spelling.
fn cookie(source: &[u8]) -> Option<String> {
    let mut lines = source.split(|b| *b == b'\n' || *b == b'\r');
    let first = lines.next()?;
    if let Some(encoding) = cookie_of_line(first) {
        return Some(encoding);
    }
    let blank = |line: &[u8]| {
        let rest = line.iter().find(|b| !matches!(b, b' ' | b'\t' | b'\x0c'));
        rest.is_none_or(|b| *b == b'#')
    };
    if !blank(first) {
        return None;
    }
    let second = lines.next()?;
    let second = if second.is_empty() && source.get(first.len()..first.len() + 2) == Some(b"\r\n") {
        lines.next()?
    } else {
        second
    };
    cookie_of_line(second)
}

fn cookie_of_line(line: &[u8]) -> Option<String> {
    let start = line.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\x0c'))?;
    if line[start] != b'#' {
        return None;
    }
    let comment = &line[start..];
    let at = comment.windows(7).position(|w| &w[..6] == b"coding" && matches!(w[6], b':' | b'='))?;
    let rest = &comment[at + 7..];
    let rest = &rest[rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()..];
    let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let name: String = name.map(|b| char::from(*b)).collect();
    (!name.is_empty()).then(|| normal_encoding(&name))
}

fn normal_encoding(name: &str) -> String {
    let lower: String = name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    if lower == "utf-8" || lower.starts_with("utf-8-") {
        return "utf-8".into();
    }
    let latin = ["latin-1", "iso-8859-1", "iso-latin-1"];
    if latin.iter().any(|l| lower == *l || lower.starts_with(&format!("{l}-"))) {
        return "iso-8859-1".into();
    }
    match lower.as_str() {
        "latin1" | "l1" | "iso8859-1" | "8859" | "cp819" => "iso-8859-1".into(),
        "ascii" | "us-ascii" | "646" => "ascii".into(),
        _ => name.to_owned(),
    }
}

/// Parses decoded source.
pub(crate) fn parse(source: &str, mode: Mode, lines: &Lines) -> Compiled<Parsed<Mod>> {
    if source.len() > i32::MAX as usize {
        return Err(fault(ErrorKind::OverflowError, FIRST_LINE, "source code is too large"));
    }
    let parse_mode = if mode == Mode::Eval { ParseMode::Expression } else { ParseMode::Module };
    let options = ParseOptions::from(parse_mode).with_target_version(PythonVersion::PY313);
    crate::scan::check_nesting(source, lines)?;
    let parsed = ruff_python_parser::parse_unchecked(source, options);
    if let Some(fault) = crate::diagnose::diagnose(&parsed, source, lines) {
        return Err(fault);
    }
    if let Some(error) = parsed.unsupported_syntax_errors().first() {
        let loc = lines.location(error.range.start().to_u32(), error.range.end().to_u32());
        return syntax_error(loc, crate::diagnose::unsupported(&error.to_string()));
    }
    if let (Mode::Single, Mod::Module(module)) = (mode, parsed.syntax()) {
        check_single(&module.body, source, lines)?;
    }
    Ok(parsed)
}

/// Refuses what is not one interactive statement: a compound statement with its line end, or simple statements on one
/// line.
fn check_single(body: &[Stmt], source: &str, lines: &Lines) -> Compiled<()> {
    let at = |offset: TextSize| lines.location(offset.to_u32(), offset.to_u32());
    let Some(first) = body.first() else {
        return syntax_error(Location { line: 1, end_line: 1, col: -1, end_col: -1 }, "invalid syntax");
    };
    if is_compound(first) {
        if let Some(second) = body.get(1) {
            return syntax_error(at(second.start()), "invalid syntax");
        }
        // An indented block ends by itself, one on the header's line by the line end.
        let (text, rest) = source.split_at(first.end().to_usize());
        let last_line = text.rsplit('\n').next().unwrap_or(text);
        if !rest.contains('\n') && !last_line.starts_with([' ', '\t']) {
            return syntax_error(Location { col: -1, end_col: -1, ..at(first.end()) }, "invalid syntax");
        }
        return Ok(());
    }
    for (statement, next) in body.iter().zip(&body[1..]) {
        let between = &source[statement.end().to_usize()..next.start().to_usize()];
        if !between.split('\n').next().is_some_and(|rest| rest.contains(';')) || between.contains('\n') {
            let message = "multiple statements found while compiling a single statement";
            return syntax_error(at(statement.end()), message);
        }
    }
    Ok(())
}

pub(crate) fn is_compound(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::FunctionDef(_)
            | Stmt::ClassDef(_)
            | Stmt::For(_)
            | Stmt::While(_)
            | Stmt::If(_)
            | Stmt::With(_)
            | Stmt::Match(_)
            | Stmt::Try(_)
    )
}
