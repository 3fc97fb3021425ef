//! Codecs of one byte a character, by a table.

use crate::cell::Kind;
use crate::codecs::{
    Codec, DecodeFault, EncodeFault, Encoding, Replacement, decode_fault, decode_part, encode_fault,
};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::value::Value;

use super::functions::{check_text, decoded, encoded, errors_of};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("charmap_encode", "str, errors=None, mapping=None, /", charmap_encode),
    NativeDef::new("charmap_decode", "data, errors=None, mapping=None, /", charmap_decode),
    NativeDef::new("charmap_build", "map, /", charmap_build),
];

const CODEC: Codec<'static> = Codec::named("charmap");
const REASON: &str = "character maps to <undefined>";
/// What tables have where there is no character.
const UNDEFINED: u32 = 0xFFFE;

/// A dict of the numbers of a table's characters.
fn charmap_build<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    if !args.at(0).value().is_kind(Kind::Str) {
        let message =
            format!("charmap_build() argument must be str, not {}", vm.argument_type(args.at(0).value()));
        return Err(vm.raise_type_error(&message));
    }
    let map = vm.new_dict();
    let points: Vec<u32> = vm.units(args.at(0).value()).iter().collect();
    let map = cx.root_value(map);
    for (number, point) in points.into_iter().enumerate().filter(|(_, point)| *point != UNDEFINED) {
        let vm = cx.vm();
        let (key, value) = (vm.new_int(point.into()), vm.new_int(number as i64));
        let (key, value) = (cx.root_value(key), cx.root_value(value));
        cx.set_item(map.handle(), key.handle(), value.handle())?;
    }
    Ok(map.get(cx))
}

/// `mapping[point]`, if there is one.
fn looked_up(cx: &mut Cx, mapping: Handle<'_>, point: u32) -> Result<Option<Value>, Raised> {
    let key = cx.root_value(Value::small(point as i32));
    match cx.get_item(mapping, key.handle()) {
        Ok(found) => Ok(Some(found.value()).filter(|found| !found.is_none())),
        Err(Raised) => {
            let vm = cx.vm();
            if vm.clear_if(vm.exceptions.lookup_error) { Ok(None) } else { Err(Raised) }
        }
    }
}

/// Appends what stands for a character; false if nothing does.
fn push_mapped(cx: &mut Cx, mapping: Handle<'_>, point: u32, bytes: &mut Vec<u8>) -> Result<bool, Raised> {
    let Some(found) = looked_up(cx, mapping, point)? else { return Ok(false) };
    if found.is_kind(Kind::Bytes) {
        bytes.extend_from_slice(crate::types::bytes::slice_of(found));
        return Ok(true);
    }
    if !cx.vm().is_any_int(found) {
        let ty = cx.vm().type_name_of(found);
        let message = format!("character mapping must return integer, bytes or None, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    match cx.vm().int_of(found).map(u8::try_from) {
        Some(Ok(byte)) => bytes.push(byte),
        _ => return Err(cx.vm().raise_type_error("character mapping must be in range(256)")),
    }
    Ok(true)
}

fn charmap_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_text(cx, args, "charmap_encode()")?;
    let errors = errors_of(cx, args, "charmap_encode()")?;
    let string = args.at(0);
    let points: Vec<u32> = cx.vm().units(string.value()).iter().collect();
    let Some(mapping) = args.some(2) else {
        let bytes = crate::codecs::encode(cx, string, Encoding::Latin1, &errors)?;
        return encoded(cx, &bytes, points.len());
    };
    let mut bytes = Vec::with_capacity(points.len());
    let mut at = 0;
    while at < points.len() {
        if push_mapped(cx, mapping, points[at], &mut bytes)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < points.len() && looked_up(cx, mapping, points[end])?.is_none() {
            end += 1;
        }
        let fault = EncodeFault { codec: CODEC, string, start: at, end, reason: REASON };
        let (replacement, next) = encode_fault(cx, fault, &errors)?;
        match replacement {
            Replacement::Bytes(more) => bytes.extend(more),
            Replacement::Text(text) => {
                for point in text {
                    if !push_mapped(cx, mapping, point, &mut bytes)? {
                        encode_fault(cx, fault, "strict")?;
                    }
                }
            }
        }
        at = next;
    }
    encoded(cx, &bytes, points.len())
}

/// Appends the character of a byte; false if there is none.
fn push_character(
    cx: &mut Cx,
    mapping: Handle<'_>,
    byte: u8,
    text: &mut TextBuilder,
) -> Result<bool, Raised> {
    if mapping.value().is_kind(Kind::Str) {
        let table = cx.vm().units(mapping.value());
        let point = (usize::from(byte) < table.len()).then(|| table.at(byte.into()));
        let Some(point) = point.filter(|point| *point != UNDEFINED) else { return Ok(false) };
        text.push(point);
        return Ok(true);
    }
    let Some(found) = looked_up(cx, mapping, byte.into())? else { return Ok(false) };
    if found.is_kind(Kind::Str) {
        let units = cx.vm().units(found);
        if units.len() == 1 && units.at(0) == UNDEFINED {
            return Ok(false);
        }
        text.push_units(units);
        return Ok(true);
    }
    if !cx.vm().is_any_int(found) {
        return Err(cx.vm().raise_type_error("character mapping must return integer, None or str"));
    }
    match cx.vm().int_of(found).map(u32::try_from) {
        Some(Ok(UNDEFINED)) => Ok(false),
        Some(Ok(point @ ..0x11_0000)) => {
            text.push(point);
            Ok(true)
        }
        _ => Err(cx.vm().raise_type_error("character mapping must be in range(0x110000)")),
    }
}

fn charmap_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = cx.bytes_like(args.at(0))?;
    let errors = errors_of(cx, args, "charmap_decode()")?;
    let Some(mapping) = args.some(2) else {
        let (text, used) = decode_part(cx, &bytes, Encoding::Latin1, &errors, true)?;
        return decoded(cx, text, used);
    };
    let mut text = TextBuilder::new();
    let mut at = 0;
    while at < bytes.len() {
        if push_character(cx, mapping, bytes[at], &mut text)? {
            at += 1;
            continue;
        }
        let fault = DecodeFault { codec: CODEC, bytes: &bytes, start: at, end: at + 1, reason: REASON };
        let (points, next) = decode_fault(cx, fault, &errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    decoded(cx, text, bytes.len())
}
