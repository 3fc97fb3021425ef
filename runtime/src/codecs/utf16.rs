//! UTF-16.

use crate::codecs::errors::{Replacement, encode_fault};
use crate::codecs::{DecodeFault, EncodeFault, Encoding, Order, decode_fault};
use crate::cx::{Cx, Handle, Raised};
use crate::text_builder::TextBuilder;

fn push(bytes: &mut Vec<u8>, unit: u16, order: Order) {
    bytes.extend_from_slice(&if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

pub(super) fn encode(cx: &mut Cx, string: Handle<'_>, order: Order, errors: &str) -> Result<Vec<u8>, Raised> {
    let units = cx.vm().units(string.value());
    let mut bytes = Vec::with_capacity(units.len() * 2 + 2);
    if order == Order::Marked {
        push(&mut bytes, 0xFEFF, order);
    }
    let is_surrogate = |at: &usize| (0xD800..0xE000).contains(&units.at(*at));
    let mut at = 0;
    while at < units.len() {
        if let Some(c) = char::from_u32(units.at(at)) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| push(&mut bytes, *unit, order));
            at += 1;
            continue;
        }
        let end = (at..units.len()).find(|at| !is_surrogate(at)).unwrap_or(units.len());
        let fault = EncodeFault {
            codec: Encoding::Utf16(order).into(),
            string,
            start: at,
            end,
            reason: "surrogates not allowed",
        };
        let (replacement, next) = encode_fault(cx, fault, errors)?;
        match replacement {
            Replacement::Bytes(more) if more.len().is_multiple_of(2) => bytes.extend(more),
            Replacement::Text(points) if points.iter().all(|point| *point < 0x80) => {
                points.iter().for_each(|point| push(&mut bytes, *point as u16, order));
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
        (Order::Marked, [0xFF, 0xFE, ..]) => (Order::Little, 2),
        (Order::Marked, [0xFE, 0xFF, ..]) => (Order::Big, 2),
        (Order::Marked, _) => (Order::Little, 0),
        (order, _) => (order, 0),
    };
    let unit = |at: usize| -> Option<u32> {
        let pair = [*data.get(at)?, *data.get(at + 1)?];
        Some(if order == Order::Big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }.into())
    };
    let mut text = TextBuilder::new();
    while at < data.len() {
        let (end, reason) = match unit(at) {
            None if !last => break,
            None => (data.len(), "truncated data"),
            Some(first) if !(0xD800..0xE000).contains(&first) => {
                text.push(first);
                at += 2;
                continue;
            }
            Some(0xDC00..) => (at + 2, "illegal encoding"),
            Some(high) => match unit(at + 2) {
                Some(low @ 0xDC00..0xE000) => {
                    text.push(0x1_0000 + ((high - 0xD800) << 10) + low - 0xDC00);
                    at += 4;
                    continue;
                }
                Some(_) => (at + 2, "illegal UTF-16 surrogate"),
                None if !last => break,
                None => (data.len(), "unexpected end of data"),
            },
        };
        let fault =
            DecodeFault { codec: Encoding::Utf16(order).into(), bytes: &data, start: at, end, reason };
        let (points, next) = decode_fault(cx, fault, errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    Ok((text, at))
}
