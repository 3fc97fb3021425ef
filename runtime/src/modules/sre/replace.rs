//! `sub` and `subn`.

use super::pattern;
use super::search::Span;
use super::subject::{Subject, subject_for, subject_of};
use super::{match_object, template};
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;

/// What replaces a match.
enum Replacement {
    /// Always this text.
    Literal(Root),
    /// A template with the match's groups.
    Template(Root),
    /// What a callable makes of the match.
    Callable(Root),
}

/// The result so far.
enum Output {
    Text(TextBuilder),
    Bytes(Vec<u8>),
}

impl Output {
    fn push(&mut self, units: Units<'_>) {
        match self {
            Self::Text(text) => text.push_units(units),
            Self::Bytes(bytes) => bytes.extend_from_slice(units.bytes()),
        }
    }

    fn finish(self, cx: &Cx) -> Result<Value, Raised> {
        match self {
            Self::Text(text) => text.finish(cx.vm()),
            Self::Bytes(bytes) => cx.vm().try_bytes(&bytes).ok_or_else(|| cx.vm().raise_memory_error()),
        }
    }
}

/// `pattern.sub(repl, string, count=0)`.
pub(super) fn sub<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (text, _) = replace(cx, args)?;
    Ok(cx.local(text.value()))
}

/// `pattern.subn(repl, string, count=0)`.
pub(super) fn subn<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (text, count) = replace(cx, args)?;
    let vm = cx.vm();
    let count = vm.new_int(count);
    let pair = vm.new_tuple(&[text.value(), count]);
    Ok(cx.local(pair))
}

fn replacement(cx: &mut Cx, pattern: Handle<'_>, by: Handle<'_>) -> Result<Replacement, Raised> {
    if cx.vm().is_callable(by.value()) {
        return Ok(Replacement::Callable(cx.root_value(by.value())));
    }
    let backslash = |subject: Subject<'_>| subject.units.iter().any(|point| point == u32::from(b'\\'));
    if subject_of(cx.vm(), by.value()).is_some_and(|subject| !backslash(subject)) {
        return Ok(Replacement::Literal(cx.root_value(by.value())));
    }
    let compiled = template::compile(cx, pattern, by)?;
    Ok(match template::literal(cx, compiled.handle()) {
        Some(text) => Replacement::Literal(cx.root_value(text)),
        None => Replacement::Template(compiled),
    })
}

/// The text with its replacements, and their number.
fn replace(cx: &mut Cx, args: Args<'_>) -> Result<(Root, i64), Raised> {
    let (pattern, string) = (args.at(0), args.at(2));
    let most = args.opt(3).map_or(Ok(0), |most| cx.index_i64(most))?;
    let replacement = replacement(cx, pattern, args.at(1))?;
    let subject = subject_for(cx, pattern::state(cx, pattern)?.is_bytes, string)?;
    let len = subject.units.len();
    let mut output =
        if subject.is_bytes { Output::Bytes(Vec::new()) } else { Output::Text(TextBuilder::new()) };
    let (mut last, mut not_empty, mut count, mut pieces) = (0, false, 0, 0);
    while most == 0 || count < most {
        let compiled = pattern::state(cx, pattern)?;
        let subject = subject_for(cx, compiled.is_bytes, string)?;
        let len = len.min(subject.units.len());
        let Some(span) = compiled.search(cx, subject, last.min(len), len, not_empty)? else { break };
        if last < span.0 {
            output.push(subject.units.slice(last, span.0));
            pieces += 1;
        }
        pieces += i64::from(push_replacement(cx, args, &replacement, span, &mut output, pieces)?);
        (last, not_empty) = (span.1, span.0 == span.1);
        count += 1;
    }
    let subject = subject_for(cx, pattern::state(cx, pattern)?.is_bytes, string)?;
    let text = if count == 0 {
        subject.part(cx.vm(), string.value(), 0, len)
    } else {
        output.push(subject.units.slice(last.min(subject.units.len()), subject.units.len()));
        output.finish(cx)?
    };
    Ok((cx.root_value(text), count))
}

/// Appends what replaces a match; false if that is nothing (None).
fn push_replacement(
    cx: &mut Cx,
    args: Args<'_>,
    replacement: &Replacement,
    span: Span,
    output: &mut Output,
    pieces: i64,
) -> Result<bool, Raised> {
    let item = match replacement {
        Replacement::Literal(text) => text.value(),
        Replacement::Template(template) => {
            let object = match_of(cx, args, span)?;
            template::expand(cx, template.handle(), object.handle())?
        }
        Replacement::Callable(callable) => {
            let object = match_of(cx, args, span)?;
            cx.call(callable.handle(), &[object.handle()])?.value()
        }
    };
    if item.is_none() {
        return Ok(false);
    }
    match (subject_of(cx.vm(), item), &*output) {
        (Some(subject), Output::Text(_)) if item.is_kind(Kind::Str) => output.push(subject.units),
        (Some(subject), Output::Bytes(_)) if subject.is_bytes => output.push(subject.units),
        _ => {
            let wanted = if matches!(output, Output::Text(_)) {
                "expected str instance"
            } else {
                "expected a bytes-like object"
            };
            let ty = cx.vm().type_name_of(item);
            let message = format!("sequence item {pieces}: {wanted}, {ty} found");
            return Err(cx.vm().raise_type_error(&message));
        }
    }
    Ok(true)
}

fn match_of(cx: &Cx, args: Args<'_>, span: Span) -> Result<Root, Raised> {
    let string = args.at(2);
    let len = subject_of(cx.vm(), string.value()).map_or(0, |subject| subject.units.len());
    let object = match_object::new_match(cx, args.at(0), string, span, (0, len))?;
    Ok(cx.root_value(object))
}
