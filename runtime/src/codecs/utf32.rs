//! UTF-32.

use crate::codecs::errors::{Replacement, encode_fault};
use crate::codecs::{DecodeFault, EncodeFault, Encoding, Order, decode_fault};
use crate::cx::{Cx, Handle, Raised};
use crate::text_builder::TextBuilder;

fn push(bytes: &mut Vec<u8>, point: u32, order: Order) {
    bytes.extend_from_slice(&if order == Order::Big { point.to_be_bytes() } else { point.to_le_bytes() });
}

pub(super) fn encode(cx: &mut Cx, string: Handle<'_>, order: Order, errors: &str) -> Result<Vec<u8>, Raised> {
    let units = cx.vm().units(string.value());
    let mut bytes = Vec::with_capacity(units.len() * 4 + 4);
    if order == Order::Marked {
        push(&mut bytes, 0xFEFF, order);
    }
    let is_surrogate = |at: &usize| (0xD800..0xE000).contains(&units.at(*at));
    let mut at = 0;
    while at < units.len() {
        if !is_surrogate(&at) {
            push(&mut bytes, units.at(at), order);
            at += 1;
            continue;
        }
        let end = (at..units.len()).find(|at| !is_surrogate(at)).unwrap_or(units.len());
        let fault = EncodeFault {
            codec: Encoding::Utf32(order).into(),
            string,
            start: at,
            end,
            reason: "surrogates not allowed",
        };
        let (replacement, next) = encode_fault(cx, fault, errors)?;
        match replacement {
            Replacement::Bytes(more) if more.len().is_multiple_of(4) => bytes.extend(more),
            Replacement::Text(points) if points.iter().all(|point| *point < 0x80) => {
                points.iter().for_each(|point| push(&mut bytes, *point, order));
            }
            _ => encode_fault(cx, fault, "strict").map(drop)?,
        }
        at = next;
    }
    Ok(bytes)
}

pub(super) fn decode(
    cx: &mut Cx,
    bytes: &[u8],
    order: Order,
    errors: &str,
    last: bool,
) -> Result<(TextBuilder, usize), Raised> {
    let data = bytes.to_vec();
    let (order, mut at) = match (order, data.as_slice()) {
        (Order::Marked, [0xFF, 0xFE, 0, 0, ..]) => (Order::Little, 4),
        (Order::Marked, [0, 0, 0xFE, 0xFF, ..]) => (Order::Big, 4),
        (Order::Marked, _) => (Order::Little, 0),
        (order, _) => (order, 0),
    };
    let mut text = TextBuilder::new();
    while at < data.len() {
        let (end, reason) = match data[at..].first_chunk::<4>() {
            None if !last => break,
            None => (data.len(), "truncated data"),
            Some(bytes) => {
                let little = order != Order::Big;
                match if little { u32::from_le_bytes(*bytes) } else { u32::from_be_bytes(*bytes) } {
                    0xD800..0xE000 => (at + 4, "code point in surrogate code point range(0xd800, 0xe000)"),
                    0x11_0000.. => (at + 4, "code point not in range(0x110000)"),
                    point => {
                        text.push(point);
                        at += 4;
                        continue;
                    }
                }
            }
        };
        let fault =
            DecodeFault { codec: Encoding::Utf32(order).into(), bytes: &data, start: at, end, reason };
        let (points, next) = decode_fault(cx, fault, errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    Ok((text, at))
}
