//! Which part of a source line a traceback underlines, as CPython 3.13's `traceback` module chooses it.
//!
//! The module parses the segment that an instruction covers; here its outermost operator, call or subscript is found by
//! scanning brackets and strings, which gives the same anchors for expressions that stand on one line.

/// The caret line under a source line (without its indentation), if one is shown. `start` and `end` are the segment's
/// character positions in the line.
pub(crate) fn underline(line: &[char], start: usize, end: usize) -> Option<String> {
    if start >= end || end > line.len() {
        return None;
    }
    let segment = &line[start..end];
    let anchors = anchors(segment);
    if hides_call(line, start, end, segment) {
        return None;
    }
    let is_whole_line =
        line[..start].iter().all(|c| c.is_whitespace()) && line[end..].iter().all(|c| c.is_whitespace());
    if anchors.is_none() && is_whole_line {
        return None;
    }
    let mut text: String = std::iter::repeat_n(' ', start).collect();
    for i in 0..segment.len() {
        text.push(match anchors {
            Some((from, to)) if !(from..to).contains(&i) => '~',
            _ => '^',
        });
    }
    Some(text)
}

/// `return name(…)` and `target = call(…)` are not underlined when the segment is the whole call.
fn hides_call(line: &[char], start: usize, end: usize, segment: &[char]) -> bool {
    if !line[end..].iter().all(|c| c.is_whitespace()) {
        return false;
    }
    let Some((open, _)) = call_of(segment) else { return false };
    let before: String = line[..start].iter().collect();
    let before = before.trim();
    let function = &segment[..open];
    let is_name = function.iter().all(|c| c.is_alphanumeric() || *c == '_');
    before == "return" && is_name || before.ends_with('=') && !before.ends_with("==") && is_assignment(before)
}

/// Whether text before a value is `target = `, not an augmented assignment or a keyword argument inside a call.
fn is_assignment(before: &str) -> bool {
    let target = before.trim_end_matches('=');
    before.len() - target.len() == 1
        && !target.ends_with(['+', '-', '*', '/', '%', '&', '|', '^', '>', '<', '!', '@', ':'])
        && target.matches('(').count() == target.matches(')').count()
}

/// The part of a segment that is underlined with `^`, the rest with `~`: an operator, or the brackets of a call or
/// subscript.
fn anchors(segment: &[char]) -> Option<(usize, usize)> {
    let scan = Scan::of(segment)?;
    if let Some((at, len)) = scan.operator {
        return Some((at, at + len));
    }
    if scan.has_other_operator {
        return None;
    }
    match segment.last()? {
        ')' | ']' => scan.last_open.filter(|open| *open > 0).map(|open| (open, segment.len())),
        _ => None,
    }
}

/// The opening bracket of a segment that is one call, and its end.
fn call_of(segment: &[char]) -> Option<(usize, usize)> {
    let scan = Scan::of(segment)?;
    if scan.operator.is_some() || scan.has_other_operator || segment.last() != Some(&')') {
        return None;
    }
    scan.last_open.filter(|open| *open > 0).map(|open| (open, segment.len()))
}

/// What stands outside all brackets of an expression.
#[derive(Default)]
struct Scan {
    /// The outermost binary operator: position, length.
    operator: Option<(usize, usize)>,
    /// A comparison, boolean operator, unary operator or keyword stands outside the brackets.
    has_other_operator: bool,
    /// Where the last bracket pair opens.
    last_open: Option<usize>,
}

/// Binding strength of binary operators, the weakest first.
fn strength(operator: &str) -> u32 {
    match operator {
        "|" => 0,
        "^" => 1,
        "&" => 2,
        "<<" | ">>" => 3,
        "+" | "-" => 4,
        "*" | "/" | "//" | "%" | "@" => 5,
        _ => 6,
    }
}

const KEYWORDS: [&str; 16] = [
    "and", "or", "not", "in", "is", "if", "else", "lambda", "await", "yield", "raise", "return", "assert",
    "del", "import", "from",
];

impl Scan {
    /// Scans; `None` if brackets or strings do not match.
    fn of(segment: &[char]) -> Option<Self> {
        let mut scan = Self::default();
        let mut brackets = Vec::new();
        let mut weakest = u32::MAX;
        let mut after_operand = false;
        let mut i = 0;
        while i < segment.len() {
            let c = segment[i];
            let outside = brackets.is_empty();
            match c {
                '\'' | '"' => {
                    i = end_of_string(segment, i)?;
                    after_operand = true;
                    continue;
                }
                '(' | '[' | '{' => {
                    if outside {
                        scan.last_open = Some(i);
                    }
                    brackets.push(c);
                }
                ')' | ']' | '}' => {
                    brackets.pop()?;
                    after_operand = true;
                }
                _ if !outside || c.is_whitespace() => {}
                _ if c.is_alphanumeric() || c == '_' => {
                    let end =
                        (i..segment.len()).find(|j| !(segment[*j].is_alphanumeric() || segment[*j] == '_'));
                    let end = end.unwrap_or(segment.len());
                    let word: String = segment[i..end].iter().collect();
                    let keyword = KEYWORDS.contains(&word.as_str());
                    scan.has_other_operator |= keyword;
                    after_operand = !keyword;
                    i = end;
                    continue;
                }
                '.' => {}
                '=' | '<' | '>' | '!' | ':' | ',' if !is_shift(segment, i) => {
                    scan.has_other_operator = true;
                    after_operand = false;
                }
                _ => {
                    let len =
                        1 + usize::from(segment.get(i + 1) == Some(&c) && matches!(c, '*' | '/' | '<' | '>'));
                    if after_operand {
                        let operator: String = segment[i..i + len].iter().collect();
                        let strength = strength(&operator);
                        if strength < weakest || strength == weakest && operator != "**" {
                            weakest = strength;
                            scan.operator = Some((i, len));
                        }
                    } else {
                        scan.has_other_operator |= scan.operator.is_none();
                    }
                    after_operand = false;
                    i += len;
                    continue;
                }
            }
            i += 1;
        }
        if scan.has_other_operator {
            scan.operator = None;
        }
        brackets.is_empty().then_some(scan)
    }
}

fn is_shift(segment: &[char], i: usize) -> bool {
    matches!(segment[i], '<' | '>') && segment.get(i + 1) == Some(&segment[i])
}

/// The position behind a string literal.
fn end_of_string(segment: &[char], start: usize) -> Option<usize> {
    let quote = segment[start];
    let triple = segment.get(start + 1) == Some(&quote) && segment.get(start + 2) == Some(&quote);
    let width = if triple { 3 } else { 1 };
    let mut i = start + width;
    while i < segment.len() {
        if segment[i] == '\\' {
            i += 2;
            continue;
        }
        if segment[i..].iter().take(width).filter(|c| **c == quote).count() == width {
            return Some(i + width);
        }
        i += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(line: &str, segment: &str) -> Option<String> {
        let start = line.find(segment).expect("part of the line");
        let chars: Vec<char> = line.chars().collect();
        underline(&chars, start, start + segment.len())
    }

    #[test]
    fn anchors_are_those_of_cpython() {
        assert_eq!(show("f()", "f()").as_deref(), Some("~^^"));
        assert_eq!(show("x = a + b * c", "a + b * c").as_deref(), Some("    ~~^~~~~~~"));
        assert_eq!(show("print(d['k'])", "d['k']").as_deref(), Some("      ~^^^^^"));
        assert_eq!(show("return fib(n - 1) + 1", "fib(n - 1)").as_deref(), Some("       ~~~^^^^^^^"));
        assert_eq!(show("1 / 0", "1 / 0").as_deref(), Some("~~^~~"));
        assert_eq!(show("return self.f(1)", "self.f(1)").as_deref(), Some("       ~~~~~~^^^"));
        assert_eq!(show("x = obj.attr", "obj.attr").as_deref(), Some("    ^^^^^^^^"));
    }

    #[test]
    fn whole_statements_are_not_underlined() {
        assert_eq!(show("return f(1)", "f(1)"), None);
        assert_eq!(show("x = f(1)", "f(1)"), None);
        assert_eq!(show("raise ValueError('x')", "raise ValueError('x')"), None);
    }
}
