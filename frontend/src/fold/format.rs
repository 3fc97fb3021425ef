//! `'…' % (a, b)` with only `%s`, `%r` and `%a` becomes an f-string.

use bytecode::{Const, Text};

use crate::ast::{Conversion, Expr, ExprKind};
use crate::ir::Location;

/// Widths and precisions of more digits are left alone.
const MAX_DIGITS: usize = 2;

/// One conversion specifier.
struct Spec {
    conversion: Conversion,
    left: bool,
    width: Option<String>,
    precision: Option<String>,
}

/// The joined string, if every conversion is simple and there are as many as arguments.
pub(super) fn fold_format(format: &Text, args: &mut Vec<Expr>) -> Option<ExprKind> {
    let points: Vec<u32> = format.code_points().collect();
    let (literals, specs) = parse(&points)?;
    if specs.len() != args.len() {
        return None;
    }
    let mut values = Vec::new();
    let mut args = std::mem::take(args).into_iter();
    let mut specs = specs.into_iter();
    for literal in literals {
        if !literal.is_empty() {
            let text = Const::Str(Text::from_code_points(literal));
            values.push(Expr { kind: ExprKind::Constant(text), loc: Location::NONE });
        }
        if let (Some(spec), Some(arg)) = (specs.next(), args.next()) {
            values.push(formatted(&spec, arg));
        }
    }
    Some(ExprKind::JoinedStr(values))
}

fn formatted(spec: &Spec, arg: Expr) -> Expr {
    let mut text = String::new();
    if let Some(width) = &spec.width {
        if !spec.left && width.parse::<u32>().is_ok_and(|width| width > 0) {
            text.push('>');
        }
        text.push_str(&width.parse::<u32>().unwrap_or(0).to_string());
    }
    if let Some(precision) = &spec.precision {
        text.push('.');
        text.push_str(&precision.parse::<u32>().unwrap_or(0).to_string());
    }
    let spec_expr = (!text.is_empty()).then(|| {
        let kind = ExprKind::Constant(Const::Str(Text::from(text)));
        Box::new(Expr { kind, loc: Location::NONE })
    });
    let loc = arg.loc;
    let kind =
        ExprKind::FormattedValue { value: Box::new(arg), conversion: Some(spec.conversion), spec: spec_expr };
    Expr { kind, loc }
}

/// Literal parts (one more than specifiers) and specifiers.
fn parse(points: &[u32]) -> Option<(Vec<Vec<u32>>, Vec<Spec>)> {
    const PERCENT: u32 = '%' as u32;
    let mut literals = vec![Vec::new()];
    let mut specs = Vec::new();
    let mut at = 0;
    while at < points.len() {
        if points[at] != PERCENT {
            literals.last_mut()?.push(points[at]);
            at += 1;
        } else if points.get(at + 1) == Some(&PERCENT) {
            literals.last_mut()?.push(PERCENT);
            at += 2;
        } else {
            let (spec, length) = parse_spec(&points[at + 1..])?;
            specs.push(spec);
            literals.push(Vec::new());
            at += 1 + length;
        }
    }
    Some((literals, specs))
}

fn parse_spec(points: &[u32]) -> Option<(Spec, usize)> {
    let mut at = 0;
    let char_at = |at: usize| points.get(at).copied().and_then(char::from_u32);
    let mut left = false;
    // The other flags mean nothing to these conversions.
    while let Some(flag @ ('-' | '+' | ' ' | '#' | '0')) = char_at(at) {
        left |= flag == '-';
        at += 1;
    }
    let digits = |at: &mut usize| -> Option<String> {
        let start = *at;
        while char_at(*at).is_some_and(|c| c.is_ascii_digit()) {
            *at += 1;
        }
        let text: String = (start..*at).filter_map(char_at).collect();
        (text.len() <= MAX_DIGITS).then_some(text)
    };
    let width = digits(&mut at)?;
    let mut precision = None;
    if char_at(at) == Some('.') {
        at += 1;
        precision = Some(digits(&mut at)?);
    }
    let conversion = match char_at(at)? {
        's' => Conversion::Str,
        'r' => Conversion::Repr,
        'a' => Conversion::Ascii,
        _ => return None,
    };
    let width = (!width.is_empty()).then_some(width);
    Some((Spec { conversion, left, width, precision }, at + 1))
}
