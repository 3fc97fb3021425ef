//! Scanners: one match after the other.

use std::cell::Cell;

use super::match_object::new_match;
use super::matcher::Demand;
use super::pattern;
use super::search::Span;
use super::subject::subject_for;
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::functional::{native_state, new_calls};
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::new("match", "$self, /", match_),
    NativeDef::new("search", "$self, /", search),
    NativeDef::getter("pattern", pattern_of),
];

native_state!(
    /// A scanner's state: where the next match may begin (nowhere, once there was none), and whether it must not be
    /// empty there.
    Scanner {
        pattern, string ; ;
        start: Cell<usize>, end: usize, not_empty: Cell<bool>, done: Cell<bool>
    }
);

/// Makes the type.
pub(super) fn init(vm: &mut Vm) {
    let ty = vm.new_module_type("_sre", "SRE_Scanner", Kind::Boxed, type_flag::NO_NEW, METHODS);
    vm.module_types.sre_scanner = ty;
}

fn new_scanner(cx: &mut Cx, args: Args<'_>) -> Result<Value, Raised> {
    let (_, start, end) = pattern::range(cx, args.at(0), args, 1)?;
    let state = Scanner {
        pattern: Slot::of(args.at(0).value()),
        string: Slot::of(args.at(1).value()),
        start: start.into(),
        end,
        not_empty: false.into(),
        done: false.into(),
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(vm.module_types.sre_scanner);
    Ok(vm.new_boxed(shape, Box::new(state)))
}

/// `pattern.scanner(string, pos, endpos)`.
pub(super) fn scanner<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let scanner = new_scanner(cx, args)?;
    Ok(cx.local(scanner))
}

/// `pattern.finditer(string, pos, endpos)`: calls a scanner's `search` until it gives None.
pub(super) fn find_iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let scanner = new_scanner(cx, args)?;
    let scanner = cx.root_value(scanner);
    let search = cx.get_attr(scanner.handle(), "search")?;
    let iterator = new_calls(cx.vm(), search.value(), Value::NONE);
    Ok(cx.local(iterator))
}

/// The next match by `find`, which gets the position and whether the match must not be empty there.
fn advance<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    find: impl FnOnce(
        &Cx,
        &pattern::Pattern,
        super::subject::Subject<'_>,
        usize,
        usize,
        bool,
    ) -> Result<Option<Span>, Raised>,
) -> Res<'a> {
    let state = cx.state::<Scanner>(args.at(0))?;
    if state.done.get() {
        return Ok(cx.none());
    }
    let (pattern, string) = (cx.root_value(state.pattern.value()), cx.root_value(state.string.value()));
    let compiled = pattern::state(cx, pattern.handle())?;
    let subject = subject_for(cx, compiled.is_bytes, string.handle())?;
    let (start, end) = subject.clamp(state.start.get() as i64, state.end as i64);
    let Some(span) = find(cx, compiled, subject, start, end, state.not_empty.get())? else {
        state.done.set(true);
        return Ok(cx.none());
    };
    state.not_empty.set(span.0 == span.1);
    state.start.set(span.1);
    let object = new_match(cx, pattern.handle(), string.handle(), span, (start, end))?;
    Ok(cx.local(object))
}

fn match_<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    advance(cx, args, |cx, pattern, subject, start, end, not_empty| {
        pattern.match_at(cx, subject, start, end, Demand { whole: false, not_empty })
    })
}

fn search<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    advance(cx, args, |cx, pattern, subject, start, end, not_empty| {
        pattern.search(cx, subject, start, end, not_empty)
    })
}

fn pattern_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = cx.state::<Scanner>(args.at(0))?.pattern.value();
    Ok(cx.local(pattern))
}
