//! Matches.

use super::matcher::UNSET;
use super::pattern;
use super::search::Span;
use super::subject::subject_of;
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::type_object::type_flag;
use crate::types::shared::{CLASS_GETITEM, itself};
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("group", "$self, /, *groups", group)
        .doc(
            "group([group1, ...]) -> str or tuple.\n    Return subgroup(s) of the match by indices or names.\n    \
              For 0 returns the entire match.",
        ),
    NativeDef::new("start", "$self, group=0, /", start)
        .doc("Return index of the start of the substring matched by group."),
    NativeDef::new("end", "$self, group=0, /", end)
        .doc("Return index of the end of the substring matched by group."),
    NativeDef::new("span", "$self, group=0, /", span)
        .doc("For match object m, return the 2-tuple (m.start(group), m.end(group))."),
    NativeDef::new("groups", "$self, /, default=None", groups)
        .doc("Return a tuple containing all the subgroups of the match, from 1."),
    NativeDef::new("groupdict", "$self, /, default=None", group_dict)
        .doc("Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."),
    NativeDef::new("expand", "$self, /, template", expand)
        .doc("Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."),
    NativeDef::new("__copy__", "$self, /", itself),
    NativeDef::new("__deepcopy__", "$self, memo, /", itself),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::getter("lastindex", last_index)
        .doc("The integer index of the last matched capturing group."),
    NativeDef::getter("lastgroup", last_group).doc("The name of the last matched capturing group."),
    NativeDef::getter("regs", regs),
    NativeDef::getter("string", string).doc("The string passed to match() or search()."),
    NativeDef::getter("re", re).doc("The regular expression object."),
    NativeDef::getter("pos", pos)
        .doc("The index into the string at which the RE engine started looking for a match."),
    NativeDef::getter("endpos", end_pos)
        .doc("The index into the string beyond which the RE engine will not go."),
    CLASS_GETITEM,
];

/// A match's state: bounds of the whole and of each group.
pub(super) struct Match {
    pattern: Slot,
    string: Slot,
    spans: Box<[Span]>,
    last_group: usize,
    bounds: (usize, usize),
}

impl Payload for Match {
    fn trace(&self, marker: &mut Marker) {
        self.pattern.trace(marker);
        self.string.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn external_bytes(&self) -> usize {
        self.spans.len() * size_of::<Span>()
    }
}

/// Makes the type.
pub(super) fn init(vm: &mut Vm) {
    vm.module_types.sre_match = vm.new_module_type("re", "Match", Kind::Boxed, type_flag::NO_NEW, METHODS);
}

/// The match that a pattern just found in a string.
pub(super) fn new_match(
    cx: &Cx,
    pattern: Handle<'_>,
    string: Handle<'_>,
    whole: Span,
    bounds: (usize, usize),
) -> Result<Value, Raised> {
    let state = pattern::state(cx, pattern)?;
    let groups = (1..=state.groups()).map(|group| state.group(group).unwrap_or((UNSET, UNSET)));
    let state = Match {
        pattern: Slot::of(pattern.value()),
        string: Slot::of(string.value()),
        spans: std::iter::once(whole).chain(groups).collect(),
        last_group: state.last_group(),
        bounds,
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(vm.module_types.sre_match);
    Ok(vm.new_boxed(shape, Box::new(state)))
}

fn state<'a>(cx: &'a Cx, args: Args<'_>) -> Result<&'a Match, Raised> {
    cx.state::<Match>(args.at(0))
}

impl Match {
    /// The bounds of a group, if it matched.
    fn span(&self, group: usize) -> Option<Span> {
        self.spans.get(group).copied().filter(|(start, _)| *start != UNSET)
    }

    /// A group's text: `missing` if it did not match.
    fn text(&self, cx: &Cx, group: usize, missing: Value) -> Value {
        let string = self.string.value();
        match (self.span(group), subject_of(cx.vm(), string)) {
            (Some((start, end)), Some(subject)) => subject.part(cx.vm(), string, start, end),
            _ => missing,
        }
    }
}

/// A group's text by number; `None` if it did not match, IndexError if there is no such group.
pub(super) fn group_by_number(cx: &Cx, object: Handle<'_>, group: usize) -> Result<Option<Value>, Raised> {
    let state = cx.state::<Match>(object)?;
    if group >= state.spans.len() {
        return Err(cx.vm().raise_index_error("no such group"));
    }
    let text = state.text(cx, group, Value::UNDEF);
    Ok((!text.is_undef()).then_some(text))
}

/// The number of the group that an argument names.
fn number_of(cx: &mut Cx, args: Args<'_>, group: Option<Handle<'_>>) -> Result<usize, Raised> {
    let Some(group) = group else { return Ok(0) };
    let number = if cx.vm().has_index(group.value()) {
        Some(cx.index_clamped(group)?)
    } else {
        let pattern = cx.root_value(state(cx, args)?.pattern.value());
        let names = cx.root_value(pattern::state(cx, pattern.handle())?.group_index());
        let found = cx.dict_get(names.handle(), group)?;
        found.and_then(|number| cx.vm().int_of(number.value()))
    };
    let count = state(cx, args)?.spans.len();
    let number = number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number < count);
    number.ok_or_else(|| cx.vm().raise_index_error("no such group"))
}

fn group<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut numbers = Vec::new();
    for group in args.rest() {
        numbers.push(number_of(cx, args, Some(group))?);
    }
    let state = state(cx, args)?;
    let text = match numbers[..] {
        [] => state.text(cx, 0, Value::NONE),
        [number] => state.text(cx, number, Value::NONE),
        ref numbers => {
            let texts: Vec<Value> =
                numbers.iter().map(|number| state.text(cx, *number, Value::NONE)).collect();
            cx.vm().new_tuple(&texts)
        }
    };
    Ok(cx.local(text))
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let number = number_of(cx, args, Some(args.at(1)))?;
    let text = state(cx, args)?.text(cx, number, Value::NONE);
    Ok(cx.local(text))
}

fn bounds(cx: &mut Cx, args: Args<'_>) -> Result<(i64, i64), Raised> {
    let number = number_of(cx, args, args.opt(1))?;
    let span = state(cx, args)?.span(number);
    Ok(span.map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
}

fn start<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (start, _) = bounds(cx, args)?;
    let start = cx.vm().new_int(start);
    Ok(cx.local(start))
}

fn end<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (_, end) = bounds(cx, args)?;
    let end = cx.vm().new_int(end);
    Ok(cx.local(end))
}

fn pair(vm: &mut Vm, (start, end): (i64, i64)) -> Value {
    let (start, end) = (vm.new_int(start), vm.new_int(end));
    vm.new_tuple(&[start, end])
}

fn span<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bounds = bounds(cx, args)?;
    let pair = pair(cx.vm(), bounds);
    Ok(cx.local(pair))
}

fn regs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = state(cx, args)?;
    let pairs: Vec<Value> = (0..state.spans.len())
        .map(|group| state.span(group).map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
        .map(|bounds| pair(cx.vm(), bounds))
        .collect();
    let regs = cx.vm().new_tuple(&pairs);
    Ok(cx.local(regs))
}

fn default(args: Args<'_>) -> Value {
    args.opt(1).map_or(Value::NONE, Handle::value)
}

fn groups<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = state(cx, args)?;
    let texts: Vec<Value> =
        (1..state.spans.len()).map(|group| state.text(cx, group, default(args))).collect();
    let texts = cx.vm().new_tuple(&texts);
    Ok(cx.local(texts))
}

fn group_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.root_value(cx.vm().new_dict());
    let pattern = cx.root_value(state(cx, args)?.pattern.value());
    let names = cx.root_value(pattern::state(cx, pattern.handle())?.group_index());
    let keys = cx.collect(names.handle())?;
    let mut i = 0;
    while let Some(key) = cx.vm().sequence_item(keys.value(), i) {
        let key = cx.root_value(key);
        let number = number_of(cx, args, Some(key.handle()))?;
        let text = cx.root_value(state(cx, args)?.text(cx, number, default(args)));
        cx.dict_set(dict.handle(), key.handle(), text.handle())?;
        i += 1;
    }
    Ok(cx.local(dict.value()))
}

fn expand<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = cx.root_value(state(cx, args)?.pattern.value());
    let template: Root = super::template::compile(cx, pattern.handle(), args.at(1))?;
    let text = super::template::expand(cx, template.handle(), args.at(0))?;
    Ok(cx.local(text))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = state(cx, args)?;
    let (start, end) = state.spans[0];
    let matched = cx.root_value(state.text(cx, 0, Value::NONE));
    let matched = cx.repr_part(matched.handle(), 50)?;
    let mut text = TextBuilder::new();
    text.push_str(&format!("<re.Match object; span=({start}, {end}), match="));
    text.push_units(cx.vm().units(matched.value()));
    text.push_str(">");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn last_index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let last = state(cx, args)?.last_group;
    Ok(if last == 0 { cx.none() } else { cx.local(Value::small(last as i32)) })
}

fn last_group<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = state(cx, args)?;
    let pattern = cx.root_value(state.pattern.value());
    let names = pattern::state(cx, pattern.handle())?.index_group();
    let name = if state.last_group == 0 { None } else { cx.vm().sequence_item(names, state.last_group) };
    Ok(cx.local(name.unwrap_or(Value::NONE)))
}

fn string<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let string = state(cx, args)?.string.value();
    Ok(cx.local(string))
}

fn re<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = state(cx, args)?.pattern.value();
    Ok(cx.local(pattern))
}

fn pos<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (pos, _) = state(cx, args)?.bounds;
    let pos = cx.vm().new_int(pos as i64);
    Ok(cx.local(pos))
}

fn end_pos<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (_, end) = state(cx, args)?.bounds;
    let end = cx.vm().new_int(end as i64);
    Ok(cx.local(end))
}
