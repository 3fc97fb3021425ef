//! `BaseExceptionGroup` and `ExceptionGroup`: making, splitting, and what `except*` does with them.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::exceptions::{field_at, set_field_at};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__str__", "$self, /", str),
    NativeDef::new("derive", "$self, excs, /", derive),
    NativeDef::new("split", "$self, matcher_value, /", split_method),
    NativeDef::new("subgroup", "$self, matcher_value, /", subgroup),
    NativeDef::class("__class_getitem__", "$type, item, /", super::generic_alias::class_getitem)
        .doc("See PEP 585"),
    NativeDef::getter("message", message).doc("exception message"),
    NativeDef::getter("exceptions", exceptions).doc("nested exceptions"),
];

/// Makes `ExceptionGroup`, which has two bases.
pub(super) fn install(vm: &mut Vm) {
    let (group, exception) = (vm.exceptions.base_exception_group, vm.exceptions.exception);
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
    let ty = vm.new_builtin_type("ExceptionGroup", group, Kind::Exception, flags);
    vm.type_data(ty).mro = vec![ty, group, exception, vm.types.base_exception, vm.types.object];
    vm.type_data(ty).bases = vm.new_tuple(&[group, exception]);
    vm.type_data(exception).subclasses.push(ty);
    vm.exception_group = ty;
    vm.set_builtin("ExceptionGroup", ty);
}

fn is_group(vm: &Vm, value: Value) -> bool {
    vm.is_instance(value, vm.exceptions.base_exception_group)
}

/// The exceptions of a group: a tuple.
pub(crate) fn members(vm: &Vm, group: Value) -> Vec<Value> {
    vm.sequence_values(field_at(vm, group, 1))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0);
    super::type_type::check_new(cx, ty.value(), cx.vm().exceptions.base_exception_group)?;
    let values = args.rest_values();
    if values.len() != 2 {
        let message =
            format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", values.len());
        return Err(cx.vm().raise_type_error(&message));
    }
    if !values[0].is_kind(Kind::Str) {
        let message = format!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            cx.vm().type_name_of(values[0])
        );
        return Err(cx.vm().raise_type_error(&message));
    }
    let list = group_items(cx, values[1])?;
    let items = cx.vm().sequence_values(list.value());
    let vm = cx.vm();
    let class = class_for(vm, ty.value(), &items)?;
    let args_tuple = vm.new_tuple(&args.rest_values());
    let group = vm.new_exception_of(class, args_tuple);
    let members = vm.new_tuple(&items);
    set_field_at(vm, group, 0, args.rest_values()[0]);
    set_field_at(vm, group, 1, members);
    Ok(cx.local(group))
}

fn group_items(cx: &mut Cx, exceptions: Value) -> Result<Root, Raised> {
    let vm = cx.vm();
    let ty = vm.type_of(exceptions);
    let is_sequence = matches!(exceptions.kind(), Some(Kind::List | Kind::Tuple))
        || !exceptions.is_kind(Kind::Dict) && !vm.lookup(ty, vm.names.__getitem__).is_undef();
    if !is_sequence {
        return Err(vm.raise_type_error("second argument (exceptions) must be a sequence"));
    }
    let exceptions = cx.root_value(exceptions);
    let list = cx.collect(exceptions.handle())?;
    let items = cx.vm().sequence_values(list.value());
    if items.is_empty() {
        return Err(cx.vm().raise_value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(i) = items.iter().position(|item| !item.is_kind(Kind::Exception)) {
        let message = format!("Item {i} of second argument (exceptions) is not an exception");
        return Err(cx.vm().raise_value_error(&message));
    }
    Ok(list)
}

/// The class of a group of these exceptions, when `class` was called.
fn class_for(vm: &mut Vm, class: Value, items: &[Value]) -> Result<Value, Raised> {
    let exception = vm.exceptions.exception;
    let all_plain = items.iter().all(|item| vm.is_instance(*item, exception));
    if class == vm.exceptions.base_exception_group {
        return Ok(if all_plain { vm.exception_group } else { class });
    }
    if all_plain || !vm.is_subtype(class, exception) {
        return Ok(class);
    }
    let message = if class == vm.exception_group {
        String::from("Cannot nest BaseExceptions in an ExceptionGroup")
    } else {
        format!("Cannot nest BaseExceptions in '{}'", vm.type_name(class))
    };
    Err(vm.raise_type_error(&message))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // The fields were set by `__new__`; a subclass's other arguments are its own affair.
    let _ = args;
    Ok(cx.none())
}

fn message<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = field_at(cx.vm(), args.at(0).value(), 0);
    Ok(cx.local(value))
}

fn exceptions<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = field_at(cx.vm(), args.at(0).value(), 1);
    Ok(cx.local(value))
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let group = args.at(0).value();
    let count = members(vm, group).len();
    let plural = if count == 1 { "" } else { "s" };
    let message = field_at(vm, group, 0);
    let text = vm.concat_texts(&["", &format!(" ({count} sub-exception{plural})")], &[message]);
    Ok(cx.local(text))
}

fn derive<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let message = cx.root_value(field_at(cx.vm(), args.at(0).value(), 0));
    let class = cx.root_value(cx.vm().exceptions.base_exception_group);
    let group = cx.call(class.handle(), &[message.handle(), args.at(1)])?.value();
    Ok(cx.local(group))
}

/// What decides whether an exception matches.
enum Matcher<'r> {
    Class(Handle<'r>),
    Predicate(Handle<'r>),
    /// One of these objects.
    Identity(Vec<Value>),
}

fn matcher<'r>(cx: &mut Cx, value: Handle<'r>) -> Result<Matcher<'r>, Raised> {
    let vm = cx.vm();
    let raw = value.value();
    if vm.is_exception_class(raw)
        || raw.is_kind(Kind::Tuple)
            && vm.sequence_values(raw).iter().all(|class| vm.is_exception_class(*class))
    {
        return Ok(Matcher::Class(value));
    }
    if !raw.is_kind(Kind::Type) && vm.is_callable(raw) {
        return Ok(Matcher::Predicate(value));
    }
    Err(vm.raise_type_error(
        "expected an exception type, a tuple of exception types, or a callable (other than a class)",
    ))
}

/// Most levels of groups in groups.
const MAX_DEPTH: usize = 1000;

/// Splits an exception into what matches and the rest; None where there is nothing.
fn split(
    cx: &mut Cx,
    exception: Handle<'_>,
    matcher: &Matcher<'_>,
    with_rest: bool,
    depth: usize,
) -> Result<(Root, Root), Raised> {
    if depth > MAX_DEPTH {
        return Err(cx
            .vm()
            .raise_recursion_error("maximum recursion depth exceeded in exceptiongroup_split_recursive"));
    }
    let none = |cx: &Cx| cx.root_value(Value::NONE);
    if matches(cx, exception, matcher)? {
        return Ok((cx.root_value(exception.value()), none(cx)));
    }
    if !is_group(cx.vm(), exception.value()) {
        let rest = if with_rest { cx.root_value(exception.value()) } else { none(cx) };
        return Ok((none(cx), rest));
    }
    let (mut matched, mut rest): (Vec<Root>, Vec<Root>) = (Vec::new(), Vec::new());
    for i in 0..members(cx.vm(), exception.value()).len() {
        let member = cx.root_value(members(cx.vm(), exception.value())[i]);
        let (yes, no) = split(cx, member.handle(), matcher, with_rest, depth + 1)?;
        matched.extend((!yes.value().is_none()).then_some(yes));
        rest.extend((!no.value().is_none()).then_some(no));
    }
    let matched = subset(cx, exception, &matched)?;
    let rest = if with_rest { subset(cx, exception, &rest)? } else { none(cx) };
    Ok((matched, rest))
}

fn matches(cx: &mut Cx, exception: Handle<'_>, matcher: &Matcher<'_>) -> Result<bool, Raised> {
    match matcher {
        Matcher::Class(class) => cx.vm().check_exc_match(exception.value(), class.value()),
        Matcher::Predicate(predicate) => {
            let result = cx.call(*predicate, &[exception])?;
            cx.truth(result.handle())
        }
        Matcher::Identity(objects) => {
            Ok(!is_group(cx.vm(), exception.value()) && objects.contains(&exception.value()))
        }
    }
}

/// A group like `original` of some of its exceptions; None of none.
fn subset(cx: &mut Cx, original: Handle<'_>, members: &[Root]) -> Result<Root, Raised> {
    if members.is_empty() {
        return Ok(cx.root_value(Value::NONE));
    }
    let list = cx.vm().new_list(members.iter().map(Root::value).collect());
    let list = cx.root_value(list);
    let group = cx.call_method(original, "derive", &[list.handle()])?;
    if !is_group(cx.vm(), group.value()) {
        return Err(cx.vm().raise_type_error("derive must return an instance of BaseExceptionGroup"));
    }
    // SAFETY: both are live exceptions.
    unsafe {
        let (from, to) = (original.value().cast::<ExceptionCell>(), group.value().cast::<ExceptionCell>());
        (*to).traceback = (*from).traceback;
        (*to).context = (*from).context;
        (*to).cause = (*from).cause;
        (*to).suppress_context = true;
    }
    if let Some(notes) = cx.get_attr_opt(original, "__notes__")?
        && matches!(notes.value().kind(), Some(Kind::List | Kind::Tuple))
    {
        let copy = cx.collect(notes.handle())?;
        cx.set_attr(group.handle(), "__notes__", copy.handle())?;
    }
    Ok(group)
}

fn split_method<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let matcher = matcher(cx, args.at(1))?;
    let (matched, rest) = split(cx, args.at(0), &matcher, true, 0)?;
    let pair = cx.vm().new_tuple(&[matched.value(), rest.value()]);
    Ok(cx.local(pair))
}

fn subgroup<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let matcher = matcher(cx, args.at(1))?;
    let (matched, _) = split(cx, args.at(0), &matcher, false, 0)?;
    Ok(matched.get(cx))
}

/// Splits by an `except*` clause: the rest and the match.
pub(crate) fn split_for_clause(vm: &mut Vm, exception: Value, ty: Value) -> Result<(Value, Value), Raised> {
    if vm.check_exc_match(exception, ty)? {
        if is_group(vm, exception) {
            return Ok((Value::NONE, exception));
        }
        let args = vm.new_tuple(&[exception]);
        let group = group_of(vm, &[exception], args);
        return Ok((Value::NONE, group));
    }
    if !is_group(vm, exception) {
        return Ok((exception, Value::NONE));
    }
    let pair = vm.enter(|cx| {
        let (exception, ty) = (cx.root_value(exception), cx.root_value(ty));
        let pair = cx.call_method(exception.handle(), "split", &[ty.handle()])?;
        let class = cx.vm().type_name_of(exception.value());
        if !pair.value().is_kind(Kind::Tuple) {
            let got = cx.vm().type_name_of(pair.value());
            return Err(cx.vm().raise_type_error(&format!("{class}.split must return a tuple, not {got}")));
        }
        let items = cx.vm().sequence_values(pair.value());
        if items.len() < 2 {
            let message = format!("{class}.split must return a 2-tuple, got tuple of size {}", items.len());
            return Err(cx.vm().raise_type_error(&message));
        }
        Ok((items[1], items[0]))
    })?;
    Ok(pair)
}

/// A group without message, whose second argument was `given`.
fn group_of(vm: &mut Vm, items: &[Value], given: Value) -> Value {
    let all_plain = items.iter().all(|item| vm.is_instance(*item, vm.exceptions.exception));
    let class = if all_plain { vm.exception_group } else { vm.exceptions.base_exception_group };
    let members = vm.new_tuple(items);
    let args = vm.new_tuple(&[vm.empty_str, given]);
    let group = vm.new_exception_of(class, args);
    let empty = vm.empty_str;
    set_field_at(vm, group, 0, empty);
    set_field_at(vm, group, 1, members);
    group
}

/// What an `except*` statement raises in the end: of the original exception and the list of what its clauses raised
/// or left over.
pub(crate) fn prepare_reraise(vm: &mut Vm, original: Value, raised: Value) -> Result<Value, Raised> {
    let items: Vec<Value> = vm.sequence_values(raised).into_iter().filter(|item| !item.is_none()).collect();
    if items.is_empty() {
        return Ok(Value::NONE);
    }
    if !is_group(vm, original) {
        return Ok(items[0]);
    }
    let (again, mut new): (Vec<Value>, Vec<Value>) =
        items.iter().partition(|item| has_same_metadata(vm, **item, original));
    let projection = project(vm, original, &again)?;
    if new.is_empty() {
        return Ok(projection);
    }
    if !projection.is_none() {
        new.push(projection);
    }
    if let [only] = new[..] {
        return Ok(only);
    }
    let list = vm.new_list(new.clone());
    Ok(group_of(vm, &new, list))
}

/// Whether one exception is part of the other, split off without being raised anew.
fn has_same_metadata(vm: &mut Vm, a: Value, b: Value) -> bool {
    if !is_group(vm, a) || !is_group(vm, b) {
        return false;
    }
    let key = vm.names.__notes__;
    // SAFETY: both are live exceptions.
    unsafe {
        let (a, b) = (&*a.cast::<ExceptionCell>(), &*b.cast::<ExceptionCell>());
        let notes = |e: &ExceptionCell| if e.dict.is_undef() { None } else { vm.dict_get_str(e.dict, key) };
        let same_notes = match (notes(a), notes(b)) {
            (Some(x), Some(y)) => vm.sequence_values(x) == vm.sequence_values(y),
            (x, y) => x == y,
        };
        same_notes && a.traceback == b.traceback && a.cause == b.cause && a.context == b.context
    }
}

/// The part of `original` whose leaves are those of the groups in `keep`.
fn project(vm: &mut Vm, original: Value, keep: &[Value]) -> Result<Value, Raised> {
    let mut leaves = Vec::new();
    let mut pending = keep.to_vec();
    while let Some(exception) = pending.pop() {
        if is_group(vm, exception) {
            pending.extend(members(vm, exception));
        } else {
            leaves.push(exception);
        }
    }
    vm.enter(|cx| {
        let original = cx.root_value(original);
        let (matched, _) = split(cx, original.handle(), &Matcher::Identity(leaves), false, 0)?;
        Ok(matched.value())
    })
}
