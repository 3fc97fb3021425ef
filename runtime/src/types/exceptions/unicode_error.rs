//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use super::{field, get, set, set_field};
use crate::cell::*;
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::{NativeDef, NativeFn};
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FIELDS: &[&str] = &["encoding", "object", "start", "end", "reason"];

const fn table(init: NativeFn, str: NativeFn) -> [NativeDef; 7] {
    [
        NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
        NativeDef::new("__str__", "$self, /", str),
        NativeDef::attribute("encoding", get::<0>, set::<0>).doc("exception encoding"),
        NativeDef::attribute("object", get::<1>, set::<1>).doc("exception object"),
        NativeDef::attribute("start", get::<2>, set::<2>).doc("exception start"),
        NativeDef::attribute("end", get::<3>, set::<3>).doc("exception end"),
        NativeDef::attribute("reason", get::<4>, set::<4>).doc("exception reason"),
    ]
}

pub(super) static DECODE: &[NativeDef] = &table(decode_init, str);
pub(super) static ENCODE: &[NativeDef] = &table(encode_init, str);
pub(super) static TRANSLATE: &[NativeDef] = &table(translate_init, str);

/// Fills the fields of an exception made from Rust: five arguments, or four of a translation's.
pub(super) fn init_from_args(vm: &mut Vm, exception: Value) {
    let values = vm.exception_args(exception);
    let names = if values.len() == 4 { &FIELDS[1..] } else { FIELDS };
    for (name, value) in names.iter().zip(values) {
        set_field(vm, exception, name, value);
    }
}

fn decode_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, FIELDS, "s*nns")
}

fn encode_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, FIELDS, "ssnns")
}

fn translate_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init(cx, args, &FIELDS[1..], "snns")
}

/// Kinds of argument: `s` a str, `n` an int, `*` bytes.
fn init<'a>(cx: &'a mut Cx, args: Args<'_>, names: &[&str], kinds: &str) -> Res<'a> {
    super::base::reject_keywords(cx, args, 1)?;
    let exception = args.at(0).value();
    let values = args.rest_values();
    if values.len() != names.len() {
        let message = format!("function takes exactly {} arguments ({} given)", names.len(), values.len());
        return Err(cx.vm().raise_type_error(&message));
    }
    for (i, ((name, kind), value)) in names.iter().zip(kinds.chars()).zip(&values).enumerate() {
        check(cx.vm(), i + 1, kind, *value)?;
        set_field(cx.vm(), exception, name, *value);
    }
    let tuple = cx.vm().new_tuple(&values);
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).args = tuple };
    Ok(cx.none())
}

fn check(vm: &mut Vm, number: usize, kind: char, value: Value) -> Result<(), Raised> {
    let (fits, wanted) = match kind {
        's' => (value.is_kind(Kind::Str), "str"),
        'n' => (value.is_int() || value.is_bool() || value.is_kind(Kind::Int), "int"),
        _ => (matches!(value.kind(), Some(Kind::Bytes | Kind::ByteArray)), "bytes"),
    };
    if fits {
        return Ok(());
    }
    let ty = vm.type_name_of(value);
    let message = match kind {
        's' => format!("argument {number} must be {wanted}, not {ty}"),
        'n' => format!("'{ty}' object cannot be interpreted as an integer"),
        _ => format!("a bytes-like object is required, not '{ty}'"),
    };
    Err(vm.raise_type_error(&message))
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = args.at(0).value();
    let object = field(cx.vm(), exception, "object");
    if object.is_none() {
        let empty = cx.vm().empty_str;
        return Ok(cx.local(empty));
    }
    let encoding = cx.root_value(field(cx.vm(), exception, "encoding"));
    let encoding = cx.str_text(encoding.handle())?;
    let reason = cx.root_value(field(cx.vm(), exception, "reason"));
    let reason = cx.str_text(reason.handle())?;
    let vm = cx.vm();
    let start = field(vm, exception, "start").as_int().unwrap_or(0).max(0);
    let end = field(vm, exception, "end").as_int().unwrap_or(0);
    let decoding = vm.is_instance(exception, vm.exceptions.unicode_decode_error);
    let codec = if vm.is_instance(exception, vm.exceptions.unicode_translate_error) {
        String::from("can't translate")
    } else {
        format!("'{encoding}' codec can't {}", if decoding { "decode" } else { "encode" })
    };
    let noun = if decoding { "byte" } else { "character" };
    let text = match element(vm, object, start).filter(|_| end == start + 1) {
        Some(element) if decoding => format!("{codec} {noun} 0x{element:02x} in position {start}: {reason}"),
        Some(element) => {
            let escape = if element <= 0xFF {
                format!("\\x{element:02x}")
            } else if element <= 0xFFFF {
                format!("\\u{element:04x}")
            } else {
                format!("\\U{element:08x}")
            };
            format!("{codec} {noun} '{escape}' in position {start}: {reason}")
        }
        None => format!("{codec} {noun}s in position {start}-{}: {reason}", end - 1),
    };
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

/// The byte or code point at a position.
fn element(vm: &Vm, object: Value, index: i64) -> Option<u32> {
    let index = usize::try_from(index).ok()?;
    if object.is_kind(Kind::Str) {
        let units = vm.units(object);
        return (index < units.len()).then(|| units.at(index));
    }
    super::super::bytes::slice_of(object).get(index).map(|byte| u32::from(*byte))
}
