//! Text as bytes and back: the encodings built in, with CPython's error handlers.
//!
//! Encodings of other names are asked of the codec registry in [`crate::modules`]. Handlers may be Python functions, so
//! every codec works on a copy of its input or on what never changes.

mod ascii;
mod errors;
mod utf16;
mod utf32;
mod utf8;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;

pub(crate) use errors::{Codec, DecodeFault, EncodeFault, Replacement, decode_fault, encode_fault};

/// Byte order of 16 and 32 bit encodings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Order {
    /// As the mark at the beginning says; written: native, with a mark.
    Marked,
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

/// An encoding built in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a mark at the beginning.
    Utf8Sig,
    /// ASCII.
    Ascii,
    /// Latin-1.
    Latin1,
    /// UTF-16.
    Utf16(Order),
    /// UTF-32.
    Utf32(Order),
}

impl Encoding {
    /// The encoding of a name, however it is spelt.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '_' })
            .collect();
        Some(match name.as_str() {
            "utf_8" | "utf8" | "u8" | "utf" | "cp65001" => Self::Utf8,
            "utf_8_sig" => Self::Utf8Sig,
            "ascii" | "us_ascii" | "646" => Self::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859"
            | "cp819" => Self::Latin1,
            "utf_16" | "utf16" | "u16" => Self::Utf16(Order::Marked),
            "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Self::Utf16(Order::Little),
            "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Self::Utf16(Order::Big),
            "utf_32" | "utf32" | "u32" => Self::Utf32(Order::Marked),
            "utf_32_le" | "utf_32le" => Self::Utf32(Order::Little),
            "utf_32_be" | "utf_32be" => Self::Utf32(Order::Big),
            _ => return None,
        })
    }

    /// The name that errors tell.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Utf8 | Self::Utf8Sig => "utf-8",
            Self::Ascii => "ascii",
            Self::Latin1 => "latin-1",
            Self::Utf16(Order::Marked) => "utf-16",
            Self::Utf16(Order::Little) => "utf-16-le",
            Self::Utf16(Order::Big) => "utf-16-be",
            Self::Utf32(Order::Marked) => "utf-32",
            Self::Utf32(Order::Little) => "utf-32-le",
            Self::Utf32(Order::Big) => "utf-32-be",
        }
    }
}

/// The names of an encoding and of an error handler.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The encoding's.
    pub(crate) encoding: String,
    /// The handler's.
    pub(crate) errors: String,
    /// Whether the handler was named: codecs of the program's may have a default of their own.
    pub(crate) has_errors: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self { encoding: "utf-8".into(), errors: "strict".into(), has_errors: false }
    }
}

impl Names {
    /// Of the arguments of a function.
    pub(crate) fn read(
        cx: &Cx,
        encoding: Option<Handle<'_>>,
        errors: Option<Handle<'_>>,
        function: &str,
    ) -> Result<Self, Raised> {
        let mut names = Self { has_errors: errors.is_some(), ..Self::default() };
        for (argument, which, place) in
            [(encoding, "encoding", &mut names.encoding), (errors, "errors", &mut names.errors)]
        {
            let Some(argument) = argument else { continue };
            let vm = cx.vm();
            if !argument.value().is_kind(Kind::Str) {
                let ty = vm.argument_type(argument.value());
                let message = format!("{function}() argument '{which}' must be str, not {ty}");
                return Err(vm.raise_type_error(&message));
            }
            *place = vm.str_lossy(argument.value());
            if place.contains('\0') {
                return Err(vm.raise_value_error("embedded null character"));
            }
        }
        Ok(names)
    }
}

/// `str.encode`.
pub(crate) fn encode_method<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = Names::read(cx, args.opt(1), args.opt(2), "encode")?;
    let value = encode_object(cx, args.at(0), &names)?;
    Ok(cx.local(value))
}

/// A string encoded, as a bytes object.
pub(crate) fn encode_object(cx: &mut Cx, string: Handle<'_>, names: &Names) -> Result<Value, Raised> {
    let Some(encoding) = Encoding::named(&names.encoding) else {
        check_is_text(cx, &names.encoding, "encode")?;
        let result = by_registry(cx, string, names, 0)?;
        if result.value().is_kind(Kind::Bytes) {
            return Ok(result.value());
        }
        let message = format!(
            "'{}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
            names.encoding,
            cx.vm().type_name_of(result.value())
        );
        return Err(cx.vm().raise_type_error(&message));
    };
    let bytes = encode(cx, string, encoding, &names.errors)?;
    match cx.vm().try_bytes(&bytes) {
        Some(value) => Ok(value),
        None => Err(cx.vm().raise_memory_error()),
    }
}

/// A string encoded.
pub(crate) fn encode(
    cx: &mut Cx,
    string: Handle<'_>,
    encoding: Encoding,
    errors: &str,
) -> Result<Vec<u8>, Raised> {
    let units = cx.vm().units(string.value());
    let mark: &[u8] = if encoding == Encoding::Utf8Sig { b"\xEF\xBB\xBF" } else { b"" };
    match (encoding, units) {
        (Encoding::Latin1, Units::One(units)) => Ok(units.to_vec()),
        (Encoding::Utf8 | Encoding::Ascii, Units::One(units)) if units.is_ascii() => Ok(units.to_vec()),
        (Encoding::Utf8 | Encoding::Utf8Sig, _) => utf8::encode(cx, string, mark.to_vec(), errors),
        (Encoding::Ascii | Encoding::Latin1, _) => ascii::encode(cx, string, encoding, errors),
        (Encoding::Utf16(order), _) => utf16::encode(cx, string, order, errors),
        (Encoding::Utf32(order), _) => utf32::encode(cx, string, order, errors),
    }
}

/// Bytes of `object` decoded, as a string.
pub(crate) fn decode(cx: &mut Cx, object: Handle<'_>, bytes: &[u8], names: &Names) -> Result<Value, Raised> {
    let Some(encoding) = Encoding::named(&names.encoding) else {
        check_is_text(cx, &names.encoding, "decode")?;
        let result = by_registry(cx, object, names, 1)?;
        if result.value().is_kind(Kind::Str) {
            return Ok(result.value());
        }
        let message = format!(
            "'{}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
            names.encoding,
            cx.vm().type_name_of(result.value())
        );
        return Err(cx.vm().raise_type_error(&message));
    };
    decode_bytes(cx, bytes, encoding, &names.errors)
}

/// Bytes decoded, as a string.
pub(crate) fn decode_bytes(
    cx: &mut Cx,
    bytes: &[u8],
    encoding: Encoding,
    errors: &str,
) -> Result<Value, Raised> {
    let is_plain = match encoding {
        Encoding::Utf8 | Encoding::Ascii => bytes.is_ascii(),
        Encoding::Latin1 => true,
        _ => false,
    };
    if is_plain {
        return cx.vm().str_part(Units::One(bytes));
    }
    let (text, _) = decode_part(cx, bytes, encoding, errors, true)?;
    text.finish(cx.vm())
}

/// Bytes decoded, and how many were: unless they are the last ones, an unfinished character is left.
pub(crate) fn decode_part(
    cx: &mut Cx,
    bytes: &[u8],
    encoding: Encoding,
    errors: &str,
    last: bool,
) -> Result<(TextBuilder, usize), Raised> {
    match encoding {
        Encoding::Utf8 => utf8::decode(cx, bytes, errors, last),
        Encoding::Utf8Sig => {
            let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
            let (text, used) = utf8::decode(cx, &bytes[mark..], errors, last)?;
            Ok((text, used + mark))
        }
        Encoding::Ascii => ascii::decode(cx, bytes, errors),
        Encoding::Latin1 => Ok((TextBuilder::Narrow(bytes.to_vec()), bytes.len())),
        Encoding::Utf16(order) => utf16::decode(cx, bytes, order, errors, last),
        Encoding::Utf32(order) => utf32::decode(cx, bytes, order, errors, last),
    }
}

/// Raises `LookupError` if a codec is none between text and bytes.
fn check_is_text(cx: &mut Cx, encoding: &str, function: &str) -> Result<(), Raised> {
    let codec = crate::modules::codecs::lookup(cx, encoding)?;
    let is_text = match cx.get_attr_opt(codec.handle(), "_is_text_encoding")? {
        Some(is_text) => cx.truth(is_text.handle())?,
        None => true,
    };
    if is_text {
        return Ok(());
    }
    let message =
        format!("'{encoding}' is not a text encoding; use codecs.{function}() to handle arbitrary codecs");
    Err(cx.vm().raise_lookup_error(&message))
}

/// What the codec of a registered name makes of an object: `which` is 0 to encode, 1 to decode.
pub(crate) fn by_registry(
    cx: &mut Cx,
    object: Handle<'_>,
    names: &Names,
    which: usize,
) -> Result<crate::cx::Root, Raised> {
    let codec = crate::modules::codecs::lookup(cx, &names.encoding)?;
    let index = cx.root_value(Value::small(which as i32));
    let function = cx.get_item(codec.handle(), index.handle())?;
    let errors = cx.vm().new_str(&names.errors);
    let errors = cx.root_value(errors);
    let arguments = [object, errors.handle()];
    let result = cx.call(function.handle(), &arguments[..=usize::from(names.has_errors)])?;
    match cx.item(result.handle(), 0).map(crate::cx::Local::value) {
        Some(value) if result.value().is_kind(Kind::Tuple) => Ok(cx.root_value(value)),
        _ => {
            let what = if which == 0 { "encoder" } else { "decoder" };
            let message = format!("{what} must return a tuple (object, integer)");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}
