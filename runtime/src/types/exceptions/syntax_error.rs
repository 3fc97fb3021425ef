//! `SyntaxError`: its fields and text, and raising what the compiler refused.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use super::{field, get, set, set_field};
use crate::cell::*;
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::{CompileFailure, Vm};

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__str__", "$self, /", str),
    NativeDef::attribute("msg", get::<0>, set::<0>).doc("exception msg"),
    NativeDef::attribute("filename", get::<1>, set::<1>).doc("exception filename"),
    NativeDef::attribute("lineno", get::<2>, set::<2>).doc("exception lineno"),
    NativeDef::attribute("offset", get::<3>, set::<3>).doc("exception offset"),
    NativeDef::attribute("text", get::<4>, set::<4>).doc("exception text"),
    NativeDef::attribute("end_lineno", get::<5>, set::<5>).doc("exception end lineno"),
    NativeDef::attribute("end_offset", get::<6>, set::<6>).doc("exception end offset"),
    NativeDef::attribute("print_file_and_line", get::<7>, set::<7>).doc("exception print_file_and_line"),
];

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    super::base::reject_keywords(cx, args, 1)?;
    let exception = args.at(0).value();
    let values = args.rest_values();
    let tuple = cx.vm().new_tuple(&values);
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).args = tuple };
    if let Some(message) = values.first() {
        set_field(cx.vm(), exception, "msg", *message);
    }
    if values.len() != 2 {
        return Ok(cx.none());
    }
    let info = cx.root_value(values[1]);
    let list = cx.collect(info.handle())?;
    let items = cx.vm().sequence_values(list.value());
    let names = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset"];
    if items.len() != 4 && items.len() != 6 {
        let message = match items.len() {
            5 => String::from("end_offset must be provided when end_lineno is provided"),
            less @ 0..=4 => {
                format!("function missing required argument '{}' (pos {})", names[less], less + 1)
            }
            more => format!("function takes at most 6 arguments ({more} given)"),
        };
        return Err(cx.vm().raise_type_error(&message));
    }
    for (name, item) in names.iter().zip(items) {
        set_field(cx.vm(), exception, name, item);
    }
    Ok(cx.none())
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = args.at(0).value();
    let message = cx.root_value(field(cx.vm(), exception, "msg"));
    let message = cx.str(message.handle())?;
    let vm = cx.vm();
    let filename = field(vm, exception, "filename");
    let filename = filename
        .is_kind(Kind::Str)
        .then(|| vm.str_lossy(filename))
        .map(|name| name.rsplit('/').next().unwrap_or_default().to_string());
    let line = field(vm, exception, "lineno").as_int();
    let suffix = match (filename, line) {
        (Some(filename), Some(line)) => format!(" ({filename}, line {line})"),
        (Some(filename), None) => format!(" ({filename})"),
        (None, Some(line)) => format!(" (line {line})"),
        (None, None) => return Ok(cx.local(message.value())),
    };
    let text = vm.concat_texts(&["", &suffix], &[message.value()]);
    Ok(cx.local(text))
}

/// Raises what the compiler refused.
pub(crate) fn raise_compile_failure(vm: &mut Vm, failure: &CompileFailure, filename: &str) -> Raised {
    let class = vm.intern(failure.class);
    let class = vm.dict_get_str(vm.builtins, class).filter(|class| vm.is_exception_class(*class));
    let class = class.unwrap_or(vm.exceptions.syntax_error);
    if !vm.is_subtype(class, vm.exceptions.syntax_error) {
        return vm.raise(class, &failure.message);
    }
    let message = vm.new_str(&failure.message);
    let filename = vm.new_str(filename);
    let number = |value: Option<i64>| value.and_then(Value::from_int).unwrap_or(Value::NONE);
    let text = match &failure.text {
        Some(text) => vm.new_str(text),
        None => Value::NONE,
    };
    let mut info = vec![filename, number(failure.line), number(failure.column), text];
    if failure.end_line.is_some() {
        info.extend([number(failure.end_line), number(failure.end_column)]);
    }
    let info_tuple = vm.new_tuple(&info);
    let raised = vm.raise_with(class, &[message, info_tuple]);
    let exception = vm.exception;
    let names = ["filename", "lineno", "offset", "text", "end_lineno", "end_offset"];
    for (name, value) in names.iter().zip(info) {
        set_field(vm, exception, name, value);
    }
    raised
}
