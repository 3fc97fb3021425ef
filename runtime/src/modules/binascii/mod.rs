//! `binascii`: bytes as text of other alphabets, and checksums.

mod base64;
mod checksum;
mod quoted_printable;
mod uu;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("a2b_base64", "data, /, *, strict_mode=False", base64::decode),
    NativeDef::new("b2a_base64", "data, /, *, newline=True", base64::encode),
    NativeDef::new("a2b_hex", "hexstr, /", a2b_hex),
    NativeDef::new("unhexlify", "hexstr, /", a2b_hex),
    NativeDef::new("b2a_hex", "data, sep=<unrepresentable>, bytes_per_sep=1", b2a_hex),
    NativeDef::new("hexlify", "data, sep=<unrepresentable>, bytes_per_sep=1", b2a_hex),
    NativeDef::new("a2b_uu", "data, /", uu::decode),
    NativeDef::new("b2a_uu", "data, /, *, backtick=False", uu::encode),
    NativeDef::new("a2b_qp", "data, header=False", quoted_printable::decode),
    NativeDef::new("b2a_qp", "data, quotetabs=False, istext=True, header=False", quoted_printable::encode),
    NativeDef::new("crc32", "data, crc=0, /", checksum::crc32),
    NativeDef::new("crc_hqx", "data, crc, /", checksum::crc_hqx),
];

/// The exceptions `Error` and `Incomplete`.
#[derive(Default)]
struct State(Option<[Value; 2]>);

fn exceptions(vm: &mut Vm) -> [Value; 2] {
    if let Some(classes) = vm.module_state::<State>().0 {
        return classes;
    }
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
    let bases = [("Error", vm.exceptions.value_error), ("Incomplete", vm.exceptions.exception)];
    let classes = bases.map(|(name, base)| {
        let class = vm.new_builtin_type(name, base, Kind::Exception, flags);
        vm.set_type_module(class, "binascii");
        class
    });
    vm.module_state::<State>().0 = Some(classes);
    classes
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let [error, incomplete] = exceptions(vm);
    super::set(vm, dict, "Error", error);
    super::set(vm, dict, "Incomplete", incomplete);
}

/// Raises `binascii.Error`.
fn error(cx: &mut Cx, message: &str) -> Raised {
    let [class, _] = exceptions(cx.vm());
    cx.vm().raise(class, message)
}

/// A result of bytes.
fn bytes<'a>(cx: &'a mut Cx, bytes: &[u8]) -> Res<'a> {
    match cx.vm().try_bytes(bytes) {
        Some(bytes) => Ok(cx.local(bytes)),
        None => Err(cx.vm().raise_memory_error()),
    }
}

/// The bytes of a bytes-like object or of an ASCII string.
fn ascii(cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    if value.value().is_kind(Kind::Str) {
        return match cx.vm().units(value.value()) {
            crate::str_object::Units::One(bytes) if bytes.is_ascii() => Ok(bytes.to_vec()),
            _ => Err(cx.vm().raise_value_error("string argument should contain only ASCII characters")),
        };
    }
    if let Some(bytes) = crate::types::bytes::buffer_of(cx.vm(), value.value()) {
        return Ok(bytes.to_vec());
    }
    let ty = cx.vm().type_name_of(value.value());
    let message = format!("argument should be bytes, buffer or ASCII string, not '{ty}'");
    Err(cx.vm().raise_type_error(&message))
}

fn a2b_hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = ascii(cx, args.at(0))?;
    if text.len() % 2 != 0 {
        return Err(error(cx, "Odd-length string"));
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.chunks_exact(2).map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8));
    match pairs.collect::<Option<Vec<u8>>>() {
        Some(result) => bytes(cx, &result),
        None => Err(error(cx, "Non-hexadecimal digit found")),
    }
}

fn b2a_hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let data = cx.vm().new_bytes(&data);
    let data = cx.root_value(data);
    let mut options = Vec::new();
    if let Some(separator) = args.opt(1) {
        options.push(separator);
        options.extend(args.opt(2));
    }
    let text = cx.call_method(data.handle(), "hex", &options)?;
    let encoded = cx.vm().units(text.value()).to_wtf8();
    bytes(cx, &encoded)
}
