//! What python prints of an exception that nobody caught.

#![expect(unsafe_code, reason = "tracebacks are reached through cells")]

use std::collections::HashMap;

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// Equal entries in a row that are printed; the rest is counted.
const REPEATED: usize = 3;

/// Source lines by file name.
#[derive(Default)]
struct Sources(HashMap<String, Vec<String>>);

impl Sources {
    fn line(&mut self, file: &str, number: i64) -> Option<&str> {
        let lines = self.0.entry(file.to_string()).or_insert_with(|| {
            let bytes = std::fs::read(file).unwrap_or_default();
            String::from_utf8_lossy(&bytes).lines().map(str::to_string).collect()
        });
        lines.get(usize::try_from(number - 1).ok()?).map(String::as_str)
    }
}

impl Vm {
    /// The text that python prints of an exception with its tracebacks, causes and contexts.
    pub(crate) fn exception_report(&mut self, exception: Value) -> String {
        let mut sources = Sources::default();
        let kept = self.sources.iter();
        sources.0.extend(kept.map(|(name, text)| (name.clone(), text.lines().map(str::to_owned).collect())));
        self.enter(|cx| {
            let exception = cx.root_value(exception);
            let mut text = String::new();
            Tree::default().report_chain(cx, exception.handle(), &mut sources, &mut text);
            text
        })
    }
}

/// Exceptions of one group that are printed, and how deep groups are.
const GROUP_WIDTH: usize = 15;
const GROUP_DEPTH: usize = 10;

/// Where the report stands in the tree of exception groups.
#[derive(Default)]
struct Tree {
    depth: usize,
    /// The line that closes the innermost group has not been printed.
    needs_close: bool,
    /// Exceptions that are in the report already: they are no one's cause or context again.
    seen: Vec<Value>,
}

impl Tree {
    fn indent(&self) -> String {
        "  ".repeat(self.depth)
    }

    /// Prints lines behind the margin of the group that they belong to.
    fn emit(&self, lines: &str, margin: char, text: &mut String) {
        for line in lines.split_inclusive('\n') {
            if self.depth > 0 {
                text.push_str(&format!("{}{margin} ", self.indent()));
            }
            text.push_str(line);
        }
    }

    /// The chain of causes and contexts, the first one first.
    fn report_chain(&mut self, cx: &mut Cx, exception: Handle<'_>, sources: &mut Sources, text: &mut String) {
        let mut chain = vec![(cx.root(exception), "")];
        self.seen.push(exception.value());
        loop {
            // SAFETY: exceptions in the chain are rooted.
            let (cause, context, suppressed) = unsafe {
                let cell = &*chain.last().expect("not empty").0.value().cast::<ExceptionCell>();
                (cell.cause, cell.context, cell.suppress_context)
            };
            let (next, words) = if cause.is_kind(Kind::Exception) {
                (cause, "\nThe above exception was the direct cause of the following exception:\n\n")
            } else if context.is_kind(Kind::Exception) && !suppressed {
                (context, "\nDuring handling of the above exception, another exception occurred:\n\n")
            } else {
                break;
            };
            if self.seen.contains(&next) {
                break;
            }
            self.seen.push(next);
            chain.last_mut().expect("not empty").1 = words;
            chain.push((cx.root_value(next), ""));
        }
        for (i, (root, _)) in chain.iter().enumerate().rev() {
            if cx.vm().is_instance(root.value(), cx.vm().exceptions.base_exception_group) {
                self.report_group(cx, root.handle(), sources, text);
            } else {
                let mut lines = String::new();
                report_one(cx, root.handle(), sources, &mut lines);
                self.emit(&lines, '|', text);
            }
            if i > 0 {
                self.emit(chain[i - 1].1, '|', text);
            }
        }
    }

    fn report_group(&mut self, cx: &mut Cx, group: Handle<'_>, sources: &mut Sources, text: &mut String) {
        if self.depth > GROUP_DEPTH {
            self.emit(&format!("... (max_group_depth is {GROUP_DEPTH})\n"), '|', text);
            return;
        }
        let is_top = self.depth == 0;
        self.depth += usize::from(is_top);
        let mut lines = String::new();
        report_one(cx, group, sources, &mut lines);
        if let Some(rest) = lines.strip_prefix("Traceback (most recent call last):\n") {
            let margin = if is_top { '+' } else { '|' };
            self.emit("Exception Group Traceback (most recent call last):\n", margin, text);
            lines = rest.to_owned();
        }
        self.emit(&lines, '|', text);
        let members = crate::types::exceptions::field_at(cx.vm(), group.value(), 1);
        let members: Vec<_> =
            cx.vm().sequence_values(members).into_iter().map(|member| cx.root_value(member)).collect();
        let count = members.len().min(GROUP_WIDTH + 1);
        self.needs_close = false;
        for (i, member) in members.iter().take(count).enumerate() {
            self.needs_close |= i + 1 == count;
            let title = if i < GROUP_WIDTH { (i + 1).to_string() } else { String::from("...") };
            let corner = if i == 0 { "+-" } else { "  " };
            text.push_str(&format!("{}{corner}+---------------- {title} ----------------\n", self.indent()));
            self.depth += 1;
            if i < GROUP_WIDTH {
                self.report_chain(cx, member.handle(), sources, text);
            } else {
                let more = members.len() - GROUP_WIDTH;
                let s = if more > 1 { "s" } else { "" };
                self.emit(&format!("and {more} more exception{s}\n"), '|', text);
            }
            if i + 1 == count && std::mem::take(&mut self.needs_close) {
                text.push_str(&format!("{}+------------------------------------\n", self.indent()));
            }
            self.depth -= 1;
        }
        self.depth -= usize::from(is_top);
    }
}

fn report_one(cx: &mut Cx, exception: Handle<'_>, sources: &mut Sources, text: &mut String) {
    // SAFETY: the exception is rooted.
    let traceback = unsafe { (*exception.value().cast::<ExceptionCell>()).traceback };
    if traceback.is_kind(Kind::Traceback) {
        text.push_str("Traceback (most recent call last):\n");
        report_entries(cx.vm(), traceback, sources, text);
    }
    if cx.vm().is_instance(exception.value(), cx.vm().exceptions.syntax_error) {
        report_syntax_error(cx, exception, text);
    }
    let name = qualified_name(cx.vm(), exception.value());
    let message = message_of(cx, exception);
    text.push_str(&name);
    if !message.is_empty() {
        text.push_str(": ");
        text.push_str(&message);
    }
    text.push('\n');
    report_notes(cx, exception, text);
}

/// The message, with CPython's suggestion of a near name.
fn message_of(cx: &mut Cx, exception: Handle<'_>) -> String {
    if cx.vm().is_instance(exception.value(), cx.vm().exceptions.syntax_error)
        && let Ok(Some(message)) = cx.get_attr_opt(exception, "msg")
    {
        return cx
            .str_text(message.handle())
            .unwrap_or_else(|Raised| drop_exception(cx, "<no detail available>"));
    }
    match cx.str_text(exception) {
        Ok(message) => message,
        Err(Raised) => drop_exception(cx, "<exception str() failed>"),
    }
}

fn drop_exception(cx: &mut Cx, instead: &str) -> String {
    cx.vm().take_exception();
    instead.to_string()
}

/// The class's name, with its module unless that is builtins or the program.
fn qualified_name(vm: &mut Vm, exception: Value) -> String {
    let ty = vm.type_of(exception);
    let qualname = vm.str_lossy(vm.type_data(ty).qualname);
    let dict = vm.type_data(ty).dict;
    match vm.dict_get_str(dict, vm.names.__module__) {
        Some(module)
            if module.is_kind(Kind::Str)
                && !vm.str_is(module, "builtins")
                && !vm.str_is(module, "__main__") =>
        {
            format!("{}.{qualname}", vm.str_lossy(module))
        }
        _ => qualname,
    }
}

/// One traceback entry as it is printed.
fn entry_text(vm: &mut Vm, traceback: Value, sources: &mut Sources) -> (String, (String, i64, String)) {
    let line = vm.traceback_line(traceback);
    // SAFETY: the entry, its frame object and its code are live: the exception is rooted.
    let (object, lasti) = unsafe {
        let cell = &*traceback.cast::<TracebackCell>();
        let function = (*cell.frame.cast::<FrameCell>()).function.cast::<FunctionCell>();
        ((*(*function).code_data).object().clone(), cell.lasti)
    };
    let (file, name) = (object.filename.to_string_lossy(), object.name.to_string_lossy());
    let mut text = format!("  File \"{file}\", line {line}, in {name}\n");
    let position = object.position_of(lasti as u32);
    for line in source_lines(sources, &file, line, &position) {
        text.push_str(&format!("    {line}\n"));
    }
    (text, (file, line, name))
}

/// The source lines of an entry, those that the instruction covers underlined.
fn source_lines(sources: &mut Sources, file: &str, line: i64, position: &bytecode::Position) -> Vec<String> {
    let Some(first) = sources.line(file, line).map(str::to_owned) else { return Vec::new() };
    let (Some(col), Some(end_col), Some(end_line)) = (position.col, position.end_col, position.end_line)
    else {
        return Some(first.trim().to_owned()).filter(|line| !line.is_empty()).into_iter().collect();
    };
    let last = i64::from(end_line).max(line);
    let lines: Vec<String> = (line..=last)
        .map_while(|number| sources.line(file, number).map(|line| line.trim_end().to_owned()))
        .collect();
    crate::carets::marked_lines(&lines, col as usize, end_col as usize)
}

fn report_entries(vm: &mut Vm, first: Value, sources: &mut Sources, text: &mut String) {
    let mut at = first;
    let mut last = None;
    let mut count = 0;
    while let Some(cell) = at.as_cell::<TracebackCell>() {
        let (entry, key) = entry_text(vm, at, sources);
        if last.as_ref() == Some(&key) {
            count += 1;
        } else {
            report_repeated(text, count);
            (last, count) = (Some(key), 1);
        }
        if count <= REPEATED {
            text.push_str(&entry);
        }
        // SAFETY: as in `entry_text`.
        at = unsafe { (*cell).next };
    }
    report_repeated(text, count);
}

fn report_repeated(text: &mut String, count: usize) {
    if count > REPEATED {
        let more = count - REPEATED;
        let s = if more == 1 { "" } else { "s" };
        text.push_str(&format!("  [Previous line repeated {more} more time{s}]\n"));
    }
}

fn report_notes(cx: &mut Cx, exception: Handle<'_>, text: &mut String) {
    let Ok(Some(notes)) = cx.get_attr_opt(exception, "__notes__") else { return };
    for note in cx.vm().sequence_values(notes.value()) {
        let note = cx.root_value(note);
        let note = match cx.str_text(note.handle()) {
            Ok(note) => note,
            Err(Raised) => drop_exception(cx, "<note str() failed>"),
        };
        text.push_str(&note);
        text.push('\n');
    }
}

/// Where a `SyntaxError` lies: file, line, source, caret.
fn report_syntax_error(cx: &mut Cx, exception: Handle<'_>, text: &mut String) {
    let mut attribute = |name: &str| match cx.get_attr_opt(exception, name) {
        Ok(Some(value)) if !value.value().is_none() => Some(value),
        Ok(_) => None,
        Err(Raised) => {
            cx.vm().take_exception();
            None
        }
    };
    let (file, line) = (attribute("filename"), attribute("lineno"));
    let (source, offset, end) = (attribute("text"), attribute("offset"), attribute("end_offset"));
    let Some(line) = line.and_then(|line| line.value().as_int()) else { return };
    let file = file.map_or_else(|| String::from("<string>"), |file| cx.vm().str_lossy(file.value()));
    text.push_str(&format!("  File \"{file}\", line {line}\n"));
    let Some(source) = source else { return };
    let source = cx.vm().str_lossy(source.value());
    let stripped = source.trim_end().trim_start_matches([' ', '\n', '\x0c', '\t']);
    text.push_str(&format!("    {stripped}\n"));
    let Some(offset) = offset.and_then(|offset| offset.value().as_int()) else { return };
    let end = end.and_then(|end| end.value().as_int()).filter(|end| *end > offset).unwrap_or(offset + 1);
    let indent = source.trim_end().chars().count() - stripped.chars().count();
    let start = offset - 1 - indent as i64;
    if start >= 0 {
        let spaces = " ".repeat(start as usize);
        text.push_str(&format!("    {spaces}{}\n", "^".repeat((end - offset) as usize)));
    }
}
