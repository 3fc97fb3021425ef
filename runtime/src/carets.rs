//! Which part of a source line a traceback underlines, as CPython 3.13's `traceback` module chooses it.
//!
//! The module parses the segment that an instruction covers; here its outermost operator, call or subscript is found by
//! scanning brackets and strings, which gives the same anchors for expressions that stand on one line.

/// What a traceback shows of the source lines that an instruction covers, from byte `start` of the first to byte `end`
/// of the last: the significant lines, each with its caret line if there are any.
pub(crate) fn marked_lines(lines: &[String], start: usize, end: usize) -> Vec<String> {
    let indent = common_indent(lines);
    let text: Vec<Vec<char>> = lines.iter().map(|line| line.chars().skip(indent).collect()).collect();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Vec::new() };
    if text.iter().all(|line| line.iter().all(|c| c.is_whitespace())) {
        return Vec::new();
    }
    let character = |line: &str, bytes: usize| {
        line.get(..bytes).map_or(line.chars().count(), |part| part.chars().count()).saturating_sub(indent)
    };
    let marks = Marks::of(&text, character(first, start), character(last, end));
    let mut shown: Vec<String> = Vec::new();
    let mut previous = None;
    for line in marks.significant_lines() {
        match previous.map(|previous| line - previous) {
            Some(2) => marks.show(line - 1, &mut shown),
            Some(gap) if gap > 2 => shown.push(format!("...<{} lines>...", gap - 1)),
            _ => {}
        }
        marks.show(line, &mut shown);
        previous = Some(line);
    }
    shown
}

/// White space that all lines begin with; empty lines have no say.
fn common_indent(lines: &[String]) -> usize {
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    filled.map(|line| line.chars().take_while(|c| c.is_whitespace()).count()).min().unwrap_or(0)
}

/// A place in lines of text: line and column.
type Place = (usize, usize);

/// What is underlined of some lines.
struct Marks<'a> {
    lines: &'a [Vec<char>],
    start: Place,
    end: Place,
    /// Between these the carets are `^` and the rest is `~`.
    anchors: Option<(Place, Place)>,
    has_carets: bool,
}

impl<'a> Marks<'a> {
    fn of(lines: &'a [Vec<char>], start: usize, end: usize) -> Self {
        let joined = lines.join(&'\n');
        let last = &lines[lines.len() - 1];
        let end_at = joined.len() - last.len() + end.min(last.len());
        let segment = joined.get(start..end_at).unwrap_or_default();
        let place = |at: usize| {
            let before = &joined[..start + at];
            let line = before.iter().filter(|c| **c == '\n').count();
            (line, before.iter().rev().take_while(|c| **c != '\n').count())
        };
        let anchors = anchors(segment);
        let is_blank = |part: &[char]| part.iter().all(|c| c.is_whitespace());
        let is_partial = !is_blank(&joined[..start.min(joined.len())]) || !is_blank(&joined[end_at..]);
        Self {
            lines,
            start: (0, start),
            end: (lines.len() - 1, end),
            anchors: anchors.map(|(from, to)| (place(from), place(to))),
            has_carets: !segment.is_empty()
                && (anchors.is_some() || is_partial)
                && !hides_call(&joined, start, end_at, segment),
        }
    }

    /// The first line, the last, and those around the anchors.
    fn significant_lines(&self) -> Vec<usize> {
        let mut wanted = vec![0, self.lines.len() - 1];
        if let Some(((from, _), (to, _))) = self.anchors {
            wanted.extend([from.saturating_sub(1), from, from + 1, to.saturating_sub(1), to, to + 1]);
        }
        wanted.retain(|line| *line < self.lines.len());
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    /// A line and its carets.
    fn show(&self, line: usize, shown: &mut Vec<String>) {
        let text = &self.lines[line];
        shown.push(text.iter().collect());
        if !self.has_carets {
            return;
        }
        let spaces = text.iter().take_while(|c| c.is_whitespace()).count();
        let end = if line == self.end.0 { self.end.1.min(text.len()) } else { text.len() };
        let mut carets = String::new();
        for (column, c) in text.iter().enumerate().take(end) {
            let at = (line, column);
            let mark = if column < spaces || at < self.start {
                ' '
            } else if self.anchors.is_some_and(|(from, to)| at < from || at >= to) {
                '~'
            } else {
                '^'
            };
            carets.extend(std::iter::repeat_n(mark, width(*c)));
        }
        shown.push(carets);
    }
}

/// Columns that a character takes on a terminal.
fn width(c: char) -> usize {
    const WIDE: [(u32, u32); 15] = [
        (0x1100, 0x115F),
        (0x231A, 0x231B),
        (0x2E80, 0x303E),
        (0x3041, 0x33FF),
        (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF),
        (0xA000, 0xA4C6),
        (0xA960, 0xA97C),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE30, 0xFE6B),
        (0xFF01, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F9FF),
        (0x20000, 0x3FFFD),
    ];
    let c = u32::from(c);
    1 + usize::from(WIDE.iter().any(|(first, last)| (*first..=*last).contains(&c)))
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
        marked_lines(&[line.to_owned()], start, start + segment.len()).get(1).cloned()
    }

    #[test]
    fn instructions_on_several_lines_are_marked_line_by_line() {
        let lines =
            ["    return (x".to_owned(), "            + 1".to_owned(), "            + \"s\")".to_owned()];
        let wanted =
            ["return (x", "        ~", "        + 1", "        ~~~", "        + \"s\")", "        ^~~~~"];
        assert_eq!(marked_lines(&lines, 12, 17), wanted);
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
