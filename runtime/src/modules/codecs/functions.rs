//! The encodings built in, one pair of functions each, and `encode` and `decode` by name.

use crate::cell::Kind;
use crate::codecs::{Encoding, Names, Order, decode_part, encode as encode_text};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::value::Value;

/// Encoders and decoders that differ by their encoding only.
macro_rules! codecs {
    ($($encoder:ident $decoder:ident $encoding:expr;)*) => {
        $(
            fn $encoder<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
                encode_as(cx, args, $encoding, concat!(stringify!($encoder), "()"))
            }

            fn $decoder<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
                decode_as(cx, args, $encoding, concat!(stringify!($decoder), "()"))
            }
        )*

        pub(super) static FUNCTIONS: &[NativeDef] = &[
            $(
                NativeDef::new(stringify!($encoder), "str, errors=None, /", $encoder),
                NativeDef::new(stringify!($decoder), "data, errors=None, final=False, /", $decoder),
            )*
            NativeDef::new("ascii_encode", "str, errors=None, /", ascii_encode),
            NativeDef::new("ascii_decode", "data, errors=None, /", ascii_decode),
            NativeDef::new("latin_1_encode", "str, errors=None, /", latin_1_encode),
            NativeDef::new("latin_1_decode", "data, errors=None, /", latin_1_decode),
            NativeDef::new("utf_16_encode", "str, errors=None, byteorder=0, /", utf_16_encode),
            NativeDef::new("utf_16_decode", "data, errors=None, final=False, /", utf_16_decode),
            NativeDef::new("utf_16_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_16_ex_decode),
            NativeDef::new("utf_32_encode", "str, errors=None, byteorder=0, /", utf_32_encode),
            NativeDef::new("utf_32_decode", "data, errors=None, final=False, /", utf_32_decode),
            NativeDef::new("utf_32_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_32_ex_decode),
            NativeDef::new("readbuffer_encode", "data, errors=None, /", readbuffer_encode),
            NativeDef::new("encode", "obj, encoding='utf-8', errors='strict'", encode),
            NativeDef::new("decode", "obj, encoding='utf-8', errors='strict'", decode),
        ];
    };
}
codecs! {
    utf_8_encode utf_8_decode Encoding::Utf8;
    utf_16_le_encode utf_16_le_decode Encoding::Utf16(Order::Little);
    utf_16_be_encode utf_16_be_decode Encoding::Utf16(Order::Big);
    utf_32_le_encode utf_32_le_decode Encoding::Utf32(Order::Little);
    utf_32_be_encode utf_32_be_decode Encoding::Utf32(Order::Big);
}

/// The argument `errors`: None or the name of an error handler.
pub(super) fn errors_of(cx: &mut Cx, args: Args<'_>, function: &str) -> Result<String, Raised> {
    match args.some(1).map(Handle::value) {
        None => Ok(String::from("strict")),
        Some(errors) if errors.is_kind(Kind::Str) => Ok(cx.vm().str_lossy(errors)),
        Some(errors) => {
            let ty = cx.vm().type_name_of(errors);
            let message = format!("{function} argument 2 must be str or None, not {ty}");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

/// Raises TypeError unless the first argument is a string.
pub(super) fn check_text(cx: &mut Cx, args: Args<'_>, function: &str) -> Result<(), Raised> {
    if args.at(0).value().is_kind(Kind::Str) {
        return Ok(());
    }
    let ty = cx.vm().argument_type(args.at(0).value());
    Err(cx.vm().raise_type_error(&format!("{function} argument 1 must be str, not {ty}")))
}

/// An encoder's result: bytes, and how many characters they stand for.
pub(super) fn encoded<'a>(cx: &'a Cx, bytes: &[u8], used: usize) -> Res<'a> {
    let vm = cx.vm();
    let Some(bytes) = vm.try_bytes(bytes) else { return Err(vm.raise_memory_error()) };
    let used = vm.new_int(used as i64);
    let pair = vm.new_tuple(&[bytes, used]);
    Ok(cx.local(pair))
}

/// A decoder's result: text, and how many bytes it stands for.
pub(super) fn decoded(cx: &Cx, text: TextBuilder, used: usize) -> Res<'_> {
    let vm = cx.vm();
    let text = text.finish(vm)?;
    let used = vm.new_int(used as i64);
    let pair = vm.new_tuple(&[text, used]);
    Ok(cx.local(pair))
}

fn encode_as<'a>(cx: &'a mut Cx, args: Args<'_>, encoding: Encoding, function: &str) -> Res<'a> {
    check_text(cx, args, function)?;
    let errors = errors_of(cx, args, function)?;
    let bytes = encode_text(cx, args.at(0), encoding, &errors)?;
    let used = cx.vm().units(args.at(0).value()).len();
    encoded(cx, &bytes, used)
}

fn decode_as<'a>(cx: &'a mut Cx, args: Args<'_>, encoding: Encoding, function: &str) -> Res<'a> {
    let bytes = cx.bytes_like(args.at(0))?;
    let errors = errors_of(cx, args, function)?;
    let last = cx.flag(args.opt(2), false)?;
    let (text, used) = decode_part(cx, &bytes, encoding, &errors, last)?;
    decoded(cx, text, used)
}

fn decode_all<'a>(cx: &'a mut Cx, args: Args<'_>, encoding: Encoding, function: &str) -> Res<'a> {
    let bytes = cx.bytes_like(args.at(0))?;
    let errors = errors_of(cx, args, function)?;
    let (text, used) = decode_part(cx, &bytes, encoding, &errors, true)?;
    decoded(cx, text, used)
}

fn ascii_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    encode_as(cx, args, Encoding::Ascii, "ascii_encode()")
}

fn ascii_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_all(cx, args, Encoding::Ascii, "ascii_decode()")
}

fn latin_1_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    encode_as(cx, args, Encoding::Latin1, "latin_1_encode()")
}

fn latin_1_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_all(cx, args, Encoding::Latin1, "latin_1_decode()")
}

/// The order of an argument `byteorder`: below zero little, above zero big.
fn order_of(cx: &mut Cx, value: Option<Handle<'_>>) -> Result<Order, Raised> {
    Ok(match value.map_or(Ok(0), |value| cx.c_int(value))? {
        ..0 => Order::Little,
        0 => Order::Marked,
        1.. => Order::Big,
    })
}

fn utf_16_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let order = order_of(cx, args.opt(2))?;
    encode_as(cx, args, Encoding::Utf16(order), "utf_16_encode()")
}

fn utf_32_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let order = order_of(cx, args.opt(2))?;
    encode_as(cx, args, Encoding::Utf32(order), "utf_32_encode()")
}

fn utf_16_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_as(cx, args, Encoding::Utf16(Order::Marked), "utf_16_decode()")
}

fn utf_32_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    decode_as(cx, args, Encoding::Utf32(Order::Marked), "utf_32_decode()")
}

/// Decodes and tells the order too: the one that was given, or the mark's.
fn decode_ex<'a>(
    cx: &'a mut Cx,
    args: Args<'_>,
    encoding: fn(Order) -> Encoding,
    marks: [&[u8]; 2],
    function: &str,
) -> Res<'a> {
    let bytes = cx.bytes_like(args.at(0))?;
    let errors = errors_of(cx, args, function)?;
    let order = order_of(cx, args.opt(2))?;
    let last = cx.flag(args.opt(3), false)?;
    let told = match order {
        Order::Little => -1,
        Order::Big => 1,
        Order::Marked if bytes.starts_with(marks[0]) => -1,
        Order::Marked if bytes.starts_with(marks[1]) => 1,
        Order::Marked => 0,
    };
    let (text, used) = decode_part(cx, &bytes, encoding(order), &errors, last)?;
    let vm = cx.vm();
    let (text, used) = (text.finish(vm)?, vm.new_int(used as i64));
    let result = vm.new_tuple(&[text, used, Value::small(told)]);
    Ok(cx.local(result))
}

fn utf_16_ex_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let marks: [&[u8]; 2] = [&[0xFF, 0xFE], &[0xFE, 0xFF]];
    decode_ex(cx, args, Encoding::Utf16, marks, "utf_16_ex_decode()")
}

fn utf_32_ex_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let marks: [&[u8]; 2] = [&[0xFF, 0xFE, 0, 0], &[0, 0, 0xFE, 0xFF]];
    decode_ex(cx, args, Encoding::Utf32, marks, "utf_32_ex_decode()")
}

/// The bytes of a bytes-like object, or of a string as UTF-8.
pub(super) fn bytes_or_text(cx: &mut Cx, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    if value.value().is_kind(Kind::Str) {
        return encode_text(cx, value, Encoding::Utf8, "strict");
    }
    cx.bytes_like(value)
}

fn readbuffer_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_or_text(cx, args.at(0))?;
    errors_of(cx, args, "readbuffer_encode()")?;
    encoded(cx, &bytes, bytes.len())
}

/// What the codec of a name makes of an object; `which` is 0 to encode, 1 to decode.
fn by_name<'a>(cx: &'a mut Cx, args: Args<'_>, which: usize) -> Res<'a> {
    let function = if which == 0 { "encode" } else { "decode" };
    let names = Names::read(cx, args.opt(1), args.opt(2), function)?;
    let result = crate::codecs::by_registry(cx, args.at(0), &names, which)?;
    Ok(result.get(cx))
}

fn encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    by_name(cx, args, 0)
}

fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    by_name(cx, args, 1)
}
