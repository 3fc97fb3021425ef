//! Compiled patterns.

use std::cell::RefCell;

use bytecode::CompareOp;

use super::match_object::new_match;
use super::matcher::{Demand, Scratch};
use super::program::Program;
use super::search::{Span, match_here, search};
use super::subject::{Subject, or_memory_error, subject_for};
use super::translate::translate;
use super::{replace, scanner};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::shared::{CLASS_GETITEM, itself};
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("match", "$self, /, string, pos=0, endpos=sys.maxsize", match_)
        .doc("Matches zero or more characters at the beginning of the string."),
    NativeDef::new("fullmatch", "$self, /, string, pos=0, endpos=sys.maxsize", full_match)
        .doc("Matches against all of the string."),
    NativeDef::new("search", "$self, /, string, pos=0, endpos=sys.maxsize", search_)
        .doc(
            "Scan through string looking for a match, and return a corresponding match object instance.\n\n\
              Return None if no position in the string matches.",
        ),
    NativeDef::new("sub", "$self, /, repl, string, count=0", replace::sub)
        .doc(
            "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string \
             by the replacement repl.",
        ),
    NativeDef::new("subn", "$self, /, repl, string, count=0", replace::subn).doc(
        "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping \
         occurrences of pattern with the replacement repl.",
    ),
    NativeDef::new("findall", "$self, /, string, pos=0, endpos=sys.maxsize", find_all)
        .doc("Return a list of all non-overlapping matches of pattern in string."),
    NativeDef::new("split", "$self, /, string, maxsplit=0", split)
        .doc("Split string by the occurrences of pattern."),
    NativeDef::new("finditer", "$self, /, string, pos=0, endpos=sys.maxsize", scanner::find_iter)
        .doc(
            "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\n\
              For each match, the iterator returns a match object.",
        ),
    NativeDef::new("scanner", "$self, /, string, pos=0, endpos=sys.maxsize", scanner::scanner),
    NativeDef::new("__copy__", "$self, /", itself),
    NativeDef::new("__deepcopy__", "$self, memo, /", itself),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::getter("pattern", pattern).doc("The pattern string from which the RE object was compiled."),
    NativeDef::getter("flags", flags).doc("The regex matching flags."),
    NativeDef::getter("groups", groups).doc("The number of capturing groups in the pattern."),
    NativeDef::getter("groupindex", group_index)
        .doc("A dictionary mapping group names to group numbers."),
    CLASS_GETITEM,
];

/// A pattern's state.
pub(super) struct Pattern {
    source: Slot,
    group_index: Slot,
    index_group: Slot,
    flags: i64,
    code: Vec<u32>,
    program: Program,
    /// Unknown if the pattern is None.
    pub(super) is_bytes: Option<bool>,
    scratch: RefCell<Scratch>,
}

impl Payload for Pattern {
    fn trace(&self, marker: &mut Marker) {
        self.source.trace(marker);
        self.group_index.trace(marker);
        self.index_group.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn external_bytes(&self) -> usize {
        self.code.capacity() * 4 + self.program.insts.len() * 16
    }
}

/// Makes the type.
pub(super) fn init(vm: &mut Vm) {
    let flags = type_flag::NO_NEW | type_flag::WEAKREF;
    vm.module_types.sre_pattern = vm.new_module_type("re", "Pattern", Kind::Boxed, flags, METHODS);
}

/// The state of a pattern.
pub(super) fn state<'a>(cx: &'a Cx, pattern: Handle<'_>) -> Result<&'a Pattern, Raised> {
    cx.state::<Pattern>(pattern)
}

impl Pattern {
    /// Number of groups.
    pub(super) fn groups(&self) -> usize {
        self.program.groups
    }

    /// The dict from groups' names to their numbers.
    pub(super) fn group_index(&self) -> Value {
        self.group_index.value()
    }

    /// The tuple of groups' names.
    pub(super) fn index_group(&self) -> Value {
        self.index_group.value()
    }

    /// The match at a position.
    pub(super) fn match_at(
        &self,
        cx: &Cx,
        subject: Subject<'_>,
        start: usize,
        end: usize,
        demand: Demand,
    ) -> Result<Option<Span>, Raised> {
        let mut scratch = self.scratch.borrow_mut();
        or_memory_error(cx, match_here(&self.program, subject.up_to(end), start, demand, &mut scratch))
    }

    /// The first match from a position.
    pub(super) fn search(
        &self,
        cx: &Cx,
        subject: Subject<'_>,
        start: usize,
        end: usize,
        not_empty: bool,
    ) -> Result<Option<Span>, Raised> {
        let mut scratch = self.scratch.borrow_mut();
        or_memory_error(cx, search(&self.program, subject.up_to(end), start, not_empty, &mut scratch))
    }

    /// The bounds of a group of the last match, counted from 1.
    pub(super) fn group(&self, group: usize) -> Option<(usize, usize)> {
        self.scratch.borrow().group(group - 1)
    }

    /// The number of the group closed last in the last match; 0 if none was.
    pub(super) fn last_group(&self) -> usize {
        self.scratch.borrow().last_group(&self.program)
    }
}

// ---- Making ----------------------------------------------------------------------------------------------------------

/// `_sre.compile(pattern, flags, code, groups, groupindex, indexgroup)`.
pub(super) fn compile<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flags = i64::from(cx.c_int(args.at(1))?);
    let code = words(cx, args.at(2))?;
    let groups = cx.index_i64(args.at(3))?;
    check_kind(cx, args.at(2), Kind::List, "compile() argument 'code' must be list")?;
    check_kind(cx, args.at(4), Kind::Dict, "compile() argument 'groupindex' must be dict")?;
    check_kind(cx, args.at(5), Kind::Tuple, "compile() argument 'indexgroup' must be tuple")?;
    let is_bytes = match args.some(0) {
        None => None,
        Some(pattern) => Some(subject_for(cx, None, pattern)?.is_bytes),
    };
    let Some(program) = usize::try_from(groups).ok().and_then(|groups| translate(&code, groups).ok()) else {
        return Err(cx.vm().raise_runtime_error("invalid SRE code"));
    };
    let state = Pattern {
        source: Slot::of(args.at(0).value()),
        group_index: Slot::of(args.at(4).value()),
        index_group: Slot::of(args.at(5).value()),
        flags,
        code,
        program,
        is_bytes,
        scratch: RefCell::default(),
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(vm.module_types.sre_pattern);
    let object = vm.new_boxed(shape, Box::new(state));
    Ok(cx.local(object))
}

fn check_kind(cx: &mut Cx, value: Handle<'_>, kind: Kind, message: &str) -> Result<(), Raised> {
    if value.value().is_kind(kind) {
        return Ok(());
    }
    let ty = cx.vm().type_name_of(value.value());
    Err(cx.vm().raise_type_error(&format!("{message}, not {ty}")))
}

fn words(cx: &mut Cx, list: Handle<'_>) -> Result<Vec<u32>, Raised> {
    let items = cx.vm().sequence_values(list.value());
    let words: Option<Vec<u32>> =
        items.iter().map(|item| cx.vm().int_of(*item).and_then(|int| u32::try_from(int).ok())).collect();
    words.ok_or_else(|| cx.vm().raise_overflow_error("regular expression code size limit exceeded"))
}

// ---- Matching --------------------------------------------------------------------------------------------------------

/// The text, and the positions between which to match, of a method's arguments.
pub(super) fn range<'s>(
    cx: &mut Cx,
    pattern: Handle<'_>,
    args: Args<'_>,
    first: usize,
) -> Result<(Subject<'s>, usize, usize), Raised> {
    let start = args.opt(first + 1).map_or(Ok(0), |start| cx.index_i64(start))?;
    let end = args.opt(first + 2).map_or(Ok(i64::MAX), |end| cx.index_i64(end))?;
    let subject = subject_for(cx, state(cx, pattern)?.is_bytes, args.at(first))?;
    let (start, end) = subject.clamp(start, end);
    Ok((subject, start, end))
}

fn found<'a>(cx: &'a Cx, args: Args<'_>, span: Option<Span>, bounds: (usize, usize)) -> Res<'a> {
    let Some(span) = span else { return Ok(cx.none()) };
    let object = new_match(cx, args.at(0), args.at(1), span, bounds)?;
    Ok(cx.local(object))
}

fn match_<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (subject, start, end) = range(cx, args.at(0), args, 1)?;
    let span = state(cx, args.at(0))?.match_at(cx, subject, start, end, Demand::default())?;
    found(cx, args, span, (start, end))
}

fn full_match<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (subject, start, end) = range(cx, args.at(0), args, 1)?;
    let demand = Demand { whole: true, not_empty: false };
    let span = state(cx, args.at(0))?.match_at(cx, subject, start, end, demand)?;
    found(cx, args, span, (start, end))
}

fn search_<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (subject, start, end) = range(cx, args.at(0), args, 1)?;
    let span = state(cx, args.at(0))?.search(cx, subject, start, end, false)?;
    found(cx, args, span, (start, end))
}

/// A group of the last match as text: `missing` if it did not match.
fn group_text(
    cx: &Cx,
    pattern: &Pattern,
    subject: Subject<'_>,
    whole: Value,
    group: usize,
    missing: Value,
) -> Value {
    match pattern.group(group) {
        Some((start, end)) => subject.part(cx.vm(), whole, start, end),
        None => missing,
    }
}

fn find_all<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (subject, start, end) = range(cx, args.at(0), args, 1)?;
    let pattern = state(cx, args.at(0))?;
    let whole = args.at(1).value();
    let empty = subject.part(cx.vm(), Value::NONE, 0, 0);
    let (mut items, mut at, mut not_empty) = (Vec::new(), start, false);
    while let Some((from, to)) = pattern.search(cx, subject, at, end, not_empty)? {
        items.push(match pattern.groups() {
            0 => subject.part(cx.vm(), whole, from, to),
            1 => group_text(cx, pattern, subject, whole, 1, empty),
            groups => {
                let texts: Vec<Value> =
                    (1..=groups).map(|group| group_text(cx, pattern, subject, whole, group, empty)).collect();
                cx.vm().new_tuple(&texts)
            }
        });
        (at, not_empty) = (to, to == from);
    }
    let list = cx.vm().new_list(items);
    Ok(cx.local(list))
}

fn split<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let most = args.opt(2).map_or(Ok(0), |most| cx.index_i64(most))?;
    let pattern = state(cx, args.at(0))?;
    let subject = subject_for(cx, pattern.is_bytes, args.at(1))?;
    let (whole, len) = (args.at(1).value(), subject.units.len());
    let (mut items, mut last, mut not_empty, mut count) = (Vec::new(), 0, false, 0);
    while most == 0 || count < most {
        let Some((from, to)) = pattern.search(cx, subject, last, len, not_empty)? else { break };
        items.push(subject.part(cx.vm(), whole, last, from));
        for group in 1..=pattern.groups() {
            items.push(group_text(cx, pattern, subject, whole, group, Value::NONE));
        }
        (last, not_empty) = (to, to == from);
        count += 1;
    }
    items.push(subject.part(cx.vm(), whole, last, len));
    let list = cx.vm().new_list(items);
    Ok(cx.local(list))
}

// ---- The object ------------------------------------------------------------------------------------------------------

/// Flags by name, in order of their bits from 2 on.
const FLAGS: [&str; 8] = [
    "re.IGNORECASE",
    "re.LOCALE",
    "re.MULTILINE",
    "re.DOTALL",
    "re.UNICODE",
    "re.VERBOSE",
    "re.DEBUG",
    "re.ASCII",
];
const LOCALE: i64 = 4;
const UNICODE: i64 = 32;
const ASCII: i64 = 256;

/// Flags as an expression; that of Unicode is left out for patterns of text.
fn flags_text(mut flags: i64, is_bytes: Option<bool>) -> String {
    if is_bytes == Some(false) && flags & (LOCALE | UNICODE | ASCII) == UNICODE {
        flags &= !UNICODE;
    }
    let mut names = Vec::new();
    for (i, name) in FLAGS.iter().enumerate() {
        if flags & 2 << i != 0 {
            flags &= !(2 << i);
            names.push((*name).to_owned());
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    names.join("|")
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = state(cx, args.at(0))?;
    let flags = flags_text(pattern.flags, pattern.is_bytes);
    let source = cx.root_value(pattern.source.value());
    let source = cx.repr_part(source.handle(), 200)?;
    let mut text = crate::text_builder::TextBuilder::new();
    text.push_str("re.compile(");
    text.push_units(cx.vm().units(source.value()));
    if !flags.is_empty() {
        text.push_str(", ");
        text.push_str(&flags);
    }
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

impl Cx {
    /// The first characters of `repr(value)`.
    pub(super) fn repr_part(&mut self, value: Handle<'_>, most: usize) -> Result<Root, Raised> {
        let repr = self.repr(value)?;
        let units = self.vm().units(repr.value());
        if units.len() <= most {
            return Ok(repr);
        }
        let part = self.vm().str_from_part(units.slice(0, most));
        Ok(self.root_value(part))
    }
}

fn is_equal(cx: &mut Cx, a: Handle<'_>, b: Handle<'_>) -> Result<Option<bool>, Raised> {
    let (Some(x), Some(y)) = (cx.payload::<Pattern>(a), cx.payload::<Pattern>(b)) else { return Ok(None) };
    if a.value() == b.value() {
        return Ok(Some(true));
    }
    if x.flags != y.flags || x.is_bytes != y.is_bytes || x.code != y.code {
        return Ok(Some(false));
    }
    let (x, y) = (cx.root_value(x.source.value()), cx.root_value(y.source.value()));
    cx.compare_truth(CompareOp::Eq, x.handle(), y.handle()).map(Some)
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = is_equal(cx, args.at(0), args.at(1))?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(equal)))
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = is_equal(cx, args.at(0), args.at(1))?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(!equal)))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = state(cx, args.at(0))?;
    let code: Vec<u8> = pattern.code.iter().flat_map(|word| word.to_le_bytes()).collect();
    let rest = cx.vm().hash_bytes(&code) ^ pattern.flags as u64 ^ u64::from(pattern.is_bytes == Some(true));
    let source = cx.root_value(pattern.source.value());
    let hash = cx.hash(source.handle())? ^ rest;
    // No hash is -1.
    let hash = cx.vm().new_int(if hash == u64::MAX { -2 } else { hash as i64 });
    Ok(cx.local(hash))
}

fn pattern<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let source = state(cx, args.at(0))?.source.value();
    Ok(cx.local(source))
}

fn flags<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flags = state(cx, args.at(0))?.flags;
    let flags = cx.vm().new_int(flags);
    Ok(cx.local(flags))
}

fn groups<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let groups = state(cx, args.at(0))?.groups() as i64;
    let groups = cx.vm().new_int(groups);
    Ok(cx.local(groups))
}

/// A read-only view of the names: those of a compiled pattern do not change.
fn group_index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = state(cx, args.at(0))?.group_index();
    let view = crate::types::mappingproxy::new_mappingproxy(cx.vm(), names);
    Ok(cx.local(view))
}
