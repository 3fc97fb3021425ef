//! f-strings, alone or next to other strings.
//!
//! CPython joins all adjacent literals: literal parts that touch become one constant from the first one's start to the
//! last one's end, empty ones vanish, replacement fields stand between.

use bytecode::{Const, Text};
use ruff_python_ast as ruff;
use ruff_text_size::TextSize;

use super::Lowering;
use super::literal::Flavor;
use crate::ast::{Conversion, Expr, ExprKind};
use crate::error::Compiled;
use crate::ir::Location;

/// Parts of a joined string: literal text that may still grow, and what is finished.
#[derive(Default)]
struct Parts {
    done: Vec<Expr>,
    literal: Option<(Vec<u8>, Location, bool)>,
}

impl Parts {
    fn push_literal(&mut self, bytes: &[u8], loc: Location, unicode: bool) {
        match &mut self.literal {
            Some((text, range, _)) => {
                text.extend_from_slice(bytes);
                *range = Location { end_line: loc.end_line, end_col: loc.end_col, ..*range };
            }
            None => self.literal = Some((bytes.to_vec(), loc, unicode)),
        }
    }

    fn push_field(&mut self, field: Expr) {
        self.flush();
        self.done.push(field);
    }

    fn flush(&mut self) {
        let Some((bytes, loc, unicode)) = self.literal.take() else { return };
        if bytes.is_empty() {
            return;
        }
        let value = Const::Str(Text::from_wtf8(bytes).expect("decoded strings are UTF-8 with surrogates"));
        let kind = if unicode { ExprKind::UnicodeConstant(value) } else { ExprKind::Constant(value) };
        self.done.push(Expr { kind, loc });
    }

    fn finish(mut self) -> Vec<Expr> {
        self.flush();
        self.done
    }
}

impl Lowering<'_> {
    pub(super) fn fstring(&mut self, node: &ruff::ExprFString) -> Compiled<ExprKind> {
        let mut parts = Parts::default();
        for part in &node.value {
            match part {
                ruff::FStringPart::Literal(literal) => {
                    let mut bytes = Vec::new();
                    self.string_part(literal, &mut bytes)?;
                    let unicode = literal.flags.prefix().is_unicode();
                    let loc = self.loc(literal.range);
                    parts.push_literal(&bytes, loc, unicode);
                }
                ruff::FStringPart::FString(fstring) => {
                    let raw = fstring.flags.prefix().is_raw();
                    self.fstring_elements(&fstring.elements, raw, &mut parts)?;
                }
            }
        }
        Ok(ExprKind::JoinedStr(parts.finish()))
    }

    fn fstring_elements(
        &mut self,
        elements: &[ruff::InterpolatedStringElement],
        raw: bool,
        parts: &mut Parts,
    ) -> Compiled<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    let bytes = self.fstring_text(literal, raw)?;
                    let loc = self.loc(literal.range);
                    parts.push_literal(&bytes, loc, false);
                }
                ruff::InterpolatedStringElement::Interpolation(field) => self.field(field, raw, parts)?,
            }
        }
        Ok(())
    }

    fn fstring_text(
        &mut self,
        literal: &ruff::InterpolatedStringLiteralElement,
        raw: bool,
    ) -> Compiled<Vec<u8>> {
        if raw || !self.text(literal.range).contains('\\') {
            return Ok(literal.value.as_bytes().to_vec());
        }
        let mut bytes = Vec::new();
        self.decode(literal.range, Flavor::FStringPart, &mut bytes)?;
        Ok(bytes)
    }

    fn field(&mut self, field: &ruff::InterpolatedElement, raw: bool, parts: &mut Parts) -> Compiled<()> {
        let mut conversion = match field.conversion {
            ruff::ConversionFlag::None => None,
            ruff::ConversionFlag::Str => Some(Conversion::Str),
            ruff::ConversionFlag::Repr => Some(Conversion::Repr),
            ruff::ConversionFlag::Ascii => Some(Conversion::Ascii),
        };
        if let Some(debug) = &field.debug_text {
            let text = debug.as_str();
            let start = field.range.start() + TextSize::new(1);
            let end = start + TextSize::of(text);
            let loc = self.loc_between(start, end);
            let text = without_comments(text);
            let mut bytes = Vec::new();
            if raw {
                bytes.extend_from_slice(text.as_bytes());
            } else {
                self.decode_text(&text, start, Flavor::Str, &mut bytes)?;
            }
            parts.push_literal(&bytes, loc, false);
            if conversion.is_none() && field.format_spec.is_none() {
                conversion = Some(Conversion::Repr);
            }
        }
        let value = self.boxed(&field.expression)?;
        let spec = match &field.format_spec {
            Some(spec) => Some(Box::new(self.format_spec(spec, raw)?)),
            None => None,
        };
        let loc = self.loc(field.range);
        parts.push_field(Expr { kind: ExprKind::FormattedValue { value, conversion, spec }, loc });
        Ok(())
    }

    fn format_spec(&mut self, spec: &ruff::InterpolatedStringFormatSpec, raw: bool) -> Compiled<Expr> {
        let mut parts = Parts::default();
        self.fstring_elements(&spec.elements, raw, &mut parts)?;
        let loc = self.loc_between(spec.range.start() - TextSize::new(1), spec.range.end());
        Ok(Expr { kind: ExprKind::JoinedStr(parts.finish()), loc })
    }
}

/// The text of a self-documenting field without its comments.
fn without_comments(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('#') {
        return text.into();
    }
    let mut result = String::with_capacity(text.len());
    let mut quote = None;
    let mut in_comment = false;
    for c in text.chars() {
        match (c, quote) {
            ('\n', _) => in_comment = false,
            _ if in_comment => continue,
            ('#', None) => {
                in_comment = true;
                continue;
            }
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            _ => {}
        }
        result.push(c);
    }
    result.into()
}
