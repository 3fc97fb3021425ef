//! Replacement templates: texts with group numbers between.

use super::match_object::group_by_number;
use super::subject::subject_of;
use crate::cell::Kind;
use crate::cell::Payload;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::functional::native_state;
use crate::value::Value;
use crate::vm::Vm;

native_state!(
    /// A template's state: a text, and texts behind groups.
    Template { first ; texts ; groups: Vec<usize> }
);

static METHODS: &[NativeDef] = &[];

/// Makes the type.
pub(super) fn init(vm: &mut Vm) {
    let ty = vm.new_module_type("_sre", "SRE_Template", Kind::Boxed, type_flag::NO_NEW, METHODS);
    vm.module_types.sre_template = ty;
}

/// `_sre.template(pattern, [text, group, text, …])`.
pub(super) fn template<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parts = cx.vm().sequence_values(args.at(1).value());
    let numbers = parts.iter().skip(1).step_by(2);
    let numbers: Option<Vec<usize>> =
        numbers.map(|part| cx.vm().int_of(*part).and_then(|number| usize::try_from(number).ok())).collect();
    let Some(groups) = numbers.filter(|_| parts.len() % 2 == 1) else {
        return Err(cx.vm().raise_type_error("invalid template"));
    };
    let state = Template {
        first: Slot::of(parts[0]),
        texts: parts.iter().skip(2).step_by(2).map(|part| Slot::of(*part)).collect(),
        groups,
    };
    let vm = cx.vm();
    let shape = vm.shape_of_type(vm.module_types.sre_template);
    let object = vm.new_boxed(shape, Box::new(state));
    Ok(cx.local(object))
}

/// The template of a text, by Python's parser of them.
pub(super) fn compile(cx: &mut Cx, pattern: Handle<'_>, text: Handle<'_>) -> Result<Root, Raised> {
    let parser = cx.module_attr("re", "_compile_template")?;
    cx.call(parser.handle(), &[pattern, text])
}

/// The text of a template without groups.
pub(super) fn literal(cx: &Cx, template: Handle<'_>) -> Option<Value> {
    let state = cx.payload::<Template>(template)?;
    state.groups.is_empty().then(|| state.first.value())
}

/// A template with a match's groups in it. What is no template is the text itself.
pub(super) fn expand(cx: &mut Cx, template: Handle<'_>, object: Handle<'_>) -> Result<Value, Raised> {
    let Some(state) = cx.payload::<Template>(template) else { return Ok(template.value()) };
    let mut parts = vec![state.first.value()];
    for (group, text) in state.groups.iter().zip(&state.texts) {
        parts.extend(group_by_number(cx, object, *group)?);
        parts.push(text.value());
    }
    if let [only] = parts[..] {
        return Ok(only);
    }
    join(cx, &parts)
}

/// Texts of one kind, one behind the other.
fn join(cx: &mut Cx, parts: &[Value]) -> Result<Value, Raised> {
    let vm = cx.vm();
    if parts[0].is_kind(Kind::Str) {
        let units: Vec<_> =
            parts.iter().filter(|part| part.is_kind(Kind::Str)).map(|part| vm.units(*part)).collect();
        return vm.join_units(&units);
    }
    let mut bytes = Vec::new();
    for part in parts {
        if let Some(subject) = subject_of(vm, *part) {
            bytes.extend_from_slice(subject.units.bytes());
        }
    }
    Ok(vm.new_bytes(&bytes))
}
