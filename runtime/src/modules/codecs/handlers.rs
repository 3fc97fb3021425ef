//! The error handlers built in, as functions of an exception.

use crate::cell::Kind;
use crate::codecs::{Codec, DecodeFault, EncodeFault, Encoding, Replacement, decode_fault, encode_fault};
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::types::exceptions::field;
use crate::value::Value;
use crate::vm::Vm;

static HANDLERS: &[NativeDef] = &[
    NativeDef::new("strict_errors", "exception, /", strict),
    NativeDef::new("ignore_errors", "exception, /", ignore),
    NativeDef::new("replace_errors", "exception, /", replace),
    NativeDef::new("xmlcharrefreplace_errors", "exception, /", xmlcharrefreplace),
    NativeDef::new("backslashreplace_errors", "exception, /", backslashreplace),
    NativeDef::new("namereplace_errors", "exception, /", namereplace),
    NativeDef::new("surrogatepass", "exception, /", surrogatepass),
    NativeDef::new("surrogateescape", "exception, /", surrogateescape),
];

/// A dict of the handlers by their names.
pub(super) fn make(vm: &mut Vm) -> Value {
    let handlers = vm.new_dict();
    for definition in HANDLERS {
        let name = definition.name.strip_suffix("_errors").unwrap_or(definition.name);
        let name = vm.intern(name);
        let native = vm.new_native(definition, Value::UNDEF, Value::UNDEF);
        vm.dict_set_str(handlers, name, native);
    }
    handlers
}

/// What an exception tells of a fault: the object, and which part of it.
struct Part {
    object: Value,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Encode,
    Decode,
    Translate,
}

fn task_of(vm: &Vm, exception: Value) -> Option<Task> {
    let classes = &vm.exceptions;
    [
        (classes.unicode_encode_error, Task::Encode),
        (classes.unicode_decode_error, Task::Decode),
        (classes.unicode_translate_error, Task::Translate),
    ]
    .into_iter()
    .find_map(|(class, task)| vm.is_instance(exception, class).then_some(task))
}

fn unknown(vm: &mut Vm, exception: Value) -> Raised {
    let ty = vm.type_name_of(exception);
    vm.raise_type_error(&format!("don't know how to handle {ty} in error callback"))
}

fn part_of(vm: &mut Vm, exception: Value, task: Task) -> Result<Part, Raised> {
    let object = field(vm, exception, "object");
    let (len, fits) = match task {
        Task::Decode => (crate::types::bytes::slice_of(object).len(), object.is_kind(Kind::Bytes)),
        _ if object.is_kind(Kind::Str) => (vm.units(object).len(), true),
        _ => (0, false),
    };
    if !fits {
        let wanted = if task == Task::Decode { "bytes" } else { "str" };
        return Err(vm.raise_type_error(&format!("object attribute must be {wanted}")));
    }
    let number = |name: &str| vm.int_of(field(vm, exception, name)).unwrap_or(0).max(0) as usize;
    Ok(Part {
        object,
        start: number("start").min(len.saturating_sub(1)),
        end: number("end").clamp(len.min(1), len),
    })
}

fn pair(cx: &Cx, replacement: Value, place: usize) -> Res<'_> {
    let vm = cx.vm();
    let place = vm.new_int(place as i64);
    let pair = vm.new_tuple(&[replacement, place]);
    Ok(cx.local(pair))
}

/// Does what the handler of a name does, if it knows the task.
fn handle<'a>(cx: &'a mut Cx, args: Args<'_>, errors: &str, tasks: &[Task]) -> Res<'a> {
    let exception = args.at(0).value();
    let Some(task) = task_of(cx.vm(), exception).filter(|task| tasks.contains(task)) else {
        return Err(unknown(cx.vm(), exception));
    };
    let part = part_of(cx.vm(), exception, task)?;
    if task == Task::Translate {
        return translate(cx, &part, errors);
    }
    let name = field(cx.vm(), exception, "encoding");
    let name = if name.is_kind(Kind::Str) { cx.vm().str_lossy(name) } else { String::new() };
    let codec = Codec { name: &name, encoding: Encoding::named(&name) };
    let (start, end, reason) = (part.start, part.end, "");
    let handled = if task == Task::Encode {
        let string = cx.root_value(part.object);
        encode_fault(cx, EncodeFault { codec, string: string.handle(), start, end, reason }, errors)
            .and_then(|(replacement, place)| Ok((replacement_value(cx.vm(), replacement)?, place)))
    } else {
        let bytes = crate::types::bytes::slice_of(part.object).to_vec();
        decode_fault(cx, DecodeFault { codec, bytes: &bytes, start, end, reason }, errors)
            .and_then(|(points, place)| Ok((replacement_value(cx.vm(), Replacement::Text(points))?, place)))
    };
    match handled {
        Ok((replacement, place)) => pair(cx, replacement, place),
        Err(Raised) => {
            cx.vm().take_exception();
            Err(cx.vm().raise_again(args.at(0).value()))
        }
    }
}

fn replacement_value(vm: &mut Vm, replacement: Replacement) -> Result<Value, Raised> {
    match replacement {
        Replacement::Bytes(bytes) => Ok(vm.new_bytes(&bytes)),
        Replacement::Text(points) => {
            vm.try_str_from_points(&points).ok_or(Raised).map_err(|Raised| vm.raise_memory_error())
        }
    }
}

fn translate<'a>(cx: &'a mut Cx, part: &Part, errors: &str) -> Res<'a> {
    let count = part.end.saturating_sub(part.start);
    let text = match errors {
        "ignore" => String::new(),
        "replace" => "\u{FFFD}".repeat(count),
        _ => {
            let string = cx.root_value(part.object);
            let codec = Codec::named("");
            let (start, end) = (part.start, part.end);
            let fault = EncodeFault { codec, string: string.handle(), start, end, reason: "" };
            let (replacement, place) = encode_fault(cx, fault, errors)?;
            let text = replacement_value(cx.vm(), replacement)?;
            return pair(cx, text, place);
        }
    };
    let text = cx.vm().new_str(&text);
    pair(cx, text, part.end)
}

fn strict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (vm, exception) = (cx.vm(), args.at(0).value());
    if !exception.is_kind(Kind::Exception) {
        return Err(vm.raise_type_error("codec must pass exception instance"));
    }
    Err(vm.raise_value(exception))
}

const ALL: &[Task] = &[Task::Encode, Task::Decode, Task::Translate];
const BOTH: &[Task] = &[Task::Encode, Task::Decode];

fn ignore<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "ignore", ALL)
}

fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "replace", ALL)
}

fn xmlcharrefreplace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "xmlcharrefreplace", &[Task::Encode])
}

fn backslashreplace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "backslashreplace", ALL)
}

fn namereplace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "namereplace", &[Task::Encode])
}

fn surrogatepass<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "surrogatepass", BOTH)
}

fn surrogateescape<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    handle(cx, args, "surrogateescape", BOTH)
}
