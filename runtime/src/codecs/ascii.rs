//! ASCII and Latin-1.

use crate::codecs::errors::{Replacement, encode_fault};
use crate::codecs::{DecodeFault, EncodeFault, Encoding, decode_fault};
use crate::cx::{Cx, Handle, Raised};
use crate::text_builder::TextBuilder;

pub(super) fn encode(
    cx: &mut Cx,
    string: Handle<'_>,
    encoding: Encoding,
    errors: &str,
) -> Result<Vec<u8>, Raised> {
    let units = cx.vm().units(string.value());
    let (limit, reason) = match encoding {
        Encoding::Ascii => (0x80, "ordinal not in range(128)"),
        _ => (0x100, "ordinal not in range(256)"),
    };
    let mut bytes = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        if units.at(at) < limit {
            bytes.push(units.at(at) as u8);
            at += 1;
            continue;
        }
        let end = (at..units.len()).find(|at| units.at(*at) < limit).unwrap_or(units.len());
        let fault = EncodeFault { codec: encoding.into(), string, start: at, end, reason };
        let (replacement, next) = encode_fault(cx, fault, errors)?;
        match replacement {
            Replacement::Bytes(more) => bytes.extend(more),
            Replacement::Text(points) => {
                if points.iter().any(|point| *point >= limit) {
                    encode_fault(cx, fault, "strict")?;
                }
                bytes.extend(points.iter().map(|point| *point as u8));
            }
        }
        at = next;
    }
    Ok(bytes)
}

pub(super) fn decode(cx: &mut Cx, bytes: &[u8], errors: &str) -> Result<(TextBuilder, usize), Raised> {
    let data = bytes.to_vec();
    let mut text = TextBuilder::new();
    let mut at = 0;
    while at < data.len() {
        if data[at] < 0x80 {
            text.push(data[at].into());
            at += 1;
            continue;
        }
        let reason = "ordinal not in range(128)";
        let fault =
            DecodeFault { codec: Encoding::Ascii.into(), bytes: &data, start: at, end: at + 1, reason };
        let (points, next) = decode_fault(cx, fault, errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    Ok((text, at))
}
