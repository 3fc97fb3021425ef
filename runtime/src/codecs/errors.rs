//! Error handlers: what becomes of bytes that are no text, and of characters that an encoding does not have.

use std::fmt::Write;

use crate::cell::Kind;
use crate::codecs::{Encoding, Order};
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;

/// The codec at work when a fault is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codec<'a> {
    /// The name that errors tell.
    pub(crate) name: &'a str,
    /// The encoding, if it is one built in.
    pub(crate) encoding: Option<Encoding>,
}

impl From<Encoding> for Codec<'static> {
    fn from(encoding: Encoding) -> Self {
        Self { name: encoding.name(), encoding: Some(encoding) }
    }
}

impl<'a> Codec<'a> {
    /// A codec that is no encoding of its own.
    pub(crate) const fn named(name: &'a str) -> Self {
        Self { name, encoding: None }
    }
}

/// Bytes that are no text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeFault<'a> {
    /// What was being decoded.
    pub(crate) codec: Codec<'a>,
    /// All bytes.
    pub(crate) bytes: &'a [u8],
    /// First byte at fault.
    pub(crate) start: usize,
    /// The byte behind.
    pub(crate) end: usize,
    /// Why.
    pub(crate) reason: &'a str,
}

/// Characters that an encoding does not have.
#[derive(Clone, Copy)]
pub(crate) struct EncodeFault<'a> {
    /// What was being encoded.
    pub(crate) codec: Codec<'a>,
    /// The string.
    pub(crate) string: Handle<'a>,
    /// First character at fault.
    pub(crate) start: usize,
    /// The character behind.
    pub(crate) end: usize,
    /// Why.
    pub(crate) reason: &'a str,
}

/// What stands for characters that could not be encoded.
pub(crate) enum Replacement {
    /// Characters, still to be encoded.
    Text(Vec<u32>),
    /// Bytes of the encoding.
    Bytes(Vec<u8>),
}

impl DecodeFault<'_> {
    fn new_exception(&self, cx: &Cx) -> Value {
        let vm = cx.vm();
        let encoding = vm.new_str(self.codec.name);
        let object = vm.new_bytes(self.bytes);
        let (start, end) = (vm.new_int(self.start as i64), vm.new_int(self.end as i64));
        let reason = vm.new_str(self.reason);
        vm.new_exception(vm.exceptions.unicode_decode_error, &[encoding, object, start, end, reason])
    }

    fn raise(&self, cx: &Cx) -> Raised {
        let exception = self.new_exception(cx);
        cx.vm().raise_value(exception)
    }
}

impl EncodeFault<'_> {
    fn new_exception(&self, cx: &Cx) -> Value {
        let vm = cx.vm();
        let encoding = vm.new_str(self.codec.name);
        let (start, end) = (vm.new_int(self.start as i64), vm.new_int(self.end as i64));
        let reason = vm.new_str(self.reason);
        let args = [encoding, self.string.value(), start, end, reason];
        vm.new_exception(vm.exceptions.unicode_encode_error, &args)
    }

    fn raise(&self, cx: &Cx) -> Raised {
        let exception = self.new_exception(cx);
        cx.vm().raise_value(exception)
    }

    fn points(&self, cx: &Cx) -> Vec<u32> {
        cx.vm().units(self.string.value()).slice(self.start, self.end).iter().collect()
    }
}

/// What a handler makes of undecodable bytes: characters, and where to go on.
pub(crate) fn decode_fault(
    cx: &mut Cx,
    fault: DecodeFault<'_>,
    errors: &str,
) -> Result<(Vec<u32>, usize), Raised> {
    let bad = &fault.bytes[fault.start..fault.end];
    let text = match errors {
        "strict" => return Err(fault.raise(cx)),
        "ignore" => Vec::new(),
        "replace" => vec![0xFFFD],
        "backslashreplace" => {
            let text = bad.iter().fold(String::new(), |mut text, byte| {
                write!(text, "\\x{byte:02x}").expect("strings take all");
                text
            });
            text.chars().map(u32::from).collect()
        }
        "surrogateescape" => {
            let escaped: Vec<u32> =
                bad.iter().take_while(|byte| **byte >= 0x80).map(|byte| 0xDC00 + u32::from(*byte)).collect();
            if escaped.is_empty() {
                return Err(fault.raise(cx));
            }
            let end = fault.start + escaped.len();
            return Ok((escaped, end));
        }
        "surrogatepass" => {
            return match passed_surrogate(fault.codec.encoding, &fault.bytes[fault.start..]) {
                Some((point, width)) => Ok((vec![point], fault.start + width)),
                None => Err(fault.raise(cx)),
            };
        }
        _ => {
            let exception = fault.new_exception(cx);
            let (text, place) = call_handler(cx, exception, errors, fault.bytes.len())?;
            if !text.value().is_kind(Kind::Str) {
                let message = "decoding error handler must return (str, int) tuple";
                return Err(cx.vm().raise_type_error(message));
            }
            return Ok((cx.vm().units(text.value()).iter().collect(), place));
        }
    };
    Ok((text, fault.end))
}

/// The surrogate that bytes are in an encoding that allows it, and their number.
fn passed_surrogate(encoding: Option<Encoding>, bytes: &[u8]) -> Option<(u32, usize)> {
    let (point, width) = match (encoding?, bytes) {
        (Encoding::Utf8 | Encoding::Utf8Sig, [a @ 0xE0..=0xEF, b @ 0x80..=0xBF, c @ 0x80..=0xBF, ..]) => {
            ((u32::from(*a) & 15) << 12 | (u32::from(*b) & 63) << 6 | u32::from(*c) & 63, 3)
        }
        (Encoding::Utf16(Order::Big), [a, b, ..]) => (u16::from_be_bytes([*a, *b]).into(), 2),
        (Encoding::Utf16(_), [a, b, ..]) => (u16::from_le_bytes([*a, *b]).into(), 2),
        (Encoding::Utf32(Order::Big), [a, b, c, d, ..]) => (u32::from_be_bytes([*a, *b, *c, *d]), 4),
        (Encoding::Utf32(_), [a, b, c, d, ..]) => (u32::from_le_bytes([*a, *b, *c, *d]), 4),
        _ => return None,
    };
    (0xD800..0xE000).contains(&point).then_some((point, width))
}

/// What a handler makes of characters that cannot be encoded, and where to go on.
pub(crate) fn encode_fault(
    cx: &mut Cx,
    fault: EncodeFault<'_>,
    errors: &str,
) -> Result<(Replacement, usize), Raised> {
    let points = fault.points(cx);
    let mut text = String::new();
    match errors {
        "strict" => return Err(fault.raise(cx)),
        "ignore" => {}
        "replace" => text.extend(points.iter().map(|_| '?')),
        "backslashreplace" => points.iter().for_each(|point| push_escape(&mut text, *point)),
        "xmlcharrefreplace" => {
            points.iter().for_each(|point| write!(text, "&#{point};").expect("strings take all"));
        }
        "namereplace" => points.iter().for_each(|point| push_name(&mut text, *point)),
        "surrogateescape" => {
            let bytes: Vec<u8> = points
                .iter()
                .take_while(|point| (0xDC80..0xDD00).contains(*point))
                .map(|point| (point - 0xDC00) as u8)
                .collect();
            if bytes.len() < points.len() {
                // Those before were escaped bytes; the first that is none is the one at fault.
                return Err(EncodeFault { start: fault.start + bytes.len(), ..fault }.raise(cx));
            }
            return Ok((Replacement::Bytes(bytes), fault.end));
        }
        "surrogatepass" => {
            let is_surrogate = |point: &u32| (0xD800..0xE000).contains(point);
            let encoding = fault.codec.encoding;
            let encoding =
                encoding.filter(|encoding| !matches!(encoding, Encoding::Ascii | Encoding::Latin1));
            let Some(encoding) = encoding.filter(|_| points.iter().all(is_surrogate)) else {
                return Err(fault.raise(cx));
            };
            let bytes = points.iter().flat_map(|point| surrogate_bytes(encoding, *point)).collect();
            return Ok((Replacement::Bytes(bytes), fault.end));
        }
        _ => {
            let exception = fault.new_exception(cx);
            let len = cx.vm().units(fault.string.value()).len();
            let (made, place) = call_handler(cx, exception, errors, len)?;
            let replacement = match made.value().kind() {
                Some(Kind::Str) => Replacement::Text(cx.vm().units(made.value()).iter().collect()),
                Some(Kind::Bytes) => Replacement::Bytes(crate::types::bytes::slice_of(made.value()).to_vec()),
                _ => {
                    let message = "encoding error handler must return (str/bytes, int) tuple";
                    return Err(cx.vm().raise_type_error(message));
                }
            };
            return Ok((replacement, place));
        }
    }
    Ok((Replacement::Text(text.chars().map(u32::from).collect()), fault.end))
}

fn push_name(text: &mut String, point: u32) {
    match char::from_u32(point).and_then(unicode_names2::name) {
        Some(name) => write!(text, "\\N{{{name}}}").expect("strings take all"),
        None => push_escape(text, point),
    }
}

fn push_escape(text: &mut String, point: u32) {
    match point {
        0..0x100 => write!(text, "\\x{point:02x}"),
        0x100..0x1_0000 => write!(text, "\\u{point:04x}"),
        _ => write!(text, "\\U{point:08x}"),
    }
    .expect("strings take all");
}

fn surrogate_bytes(encoding: Encoding, point: u32) -> Vec<u8> {
    match encoding {
        Encoding::Utf16(Order::Big) => (point as u16).to_be_bytes().to_vec(),
        Encoding::Utf16(_) => (point as u16).to_le_bytes().to_vec(),
        Encoding::Utf32(Order::Big) => point.to_be_bytes().to_vec(),
        Encoding::Utf32(_) => point.to_le_bytes().to_vec(),
        _ => vec![0xE0 | (point >> 12) as u8, 0x80 | (point >> 6 & 63) as u8, 0x80 | (point & 63) as u8],
    }
}

/// Calls a registered handler: what it returns, and where to go on in an input of `len`.
fn call_handler(
    cx: &mut Cx,
    exception: Value,
    errors: &str,
    len: usize,
) -> Result<(crate::cx::Root, usize), Raised> {
    let exception = cx.root_value(exception);
    let handler = crate::modules::codecs::error_handler(cx, errors)?;
    let result = cx.call(handler.handle(), &[exception.handle()])?;
    let items = cx.vm().sequence_values(result.value());
    let is_pair = result.value().is_kind(Kind::Tuple) && items.len() == 2;
    if !is_pair || !cx.vm().is_any_int(items[1]) {
        let is_encode = cx.vm().is_instance(exception.value(), cx.vm().exceptions.unicode_encode_error);
        let message = if is_encode {
            "encoding error handler must return (str/bytes, int) tuple"
        } else {
            "decoding error handler must return (str, int) tuple"
        };
        return Err(cx.vm().raise_type_error(message));
    }
    let place = cx.vm().int_of(items[1]).unwrap_or(i64::MAX);
    let index = if place < 0 { place.saturating_add(len as i64) } else { place };
    if !(0..=len as i64).contains(&index) {
        let message = format!("position {place} from error handler out of bounds");
        return Err(cx.vm().raise_index_error(&message));
    }
    Ok((cx.root_value(items[0]), index as usize))
}
