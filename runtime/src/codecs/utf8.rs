//! UTF-8.

use crate::codecs::errors::{Replacement, encode_fault};
use crate::codecs::{DecodeFault, EncodeFault, Encoding, decode_fault};
use crate::cx::{Cx, Handle, Raised};
use crate::text_builder::TextBuilder;

const REASON: &str = "surrogates not allowed";

pub(super) fn encode(
    cx: &mut Cx,
    string: Handle<'_>,
    mut bytes: Vec<u8>,
    errors: &str,
) -> Result<Vec<u8>, Raised> {
    let units = cx.vm().units(string.value());
    let mut at = 0;
    let mut buffer = [0; 4];
    while at < units.len() {
        if let Some(c) = char::from_u32(units.at(at)) {
            bytes.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            at += 1;
            continue;
        }
        let end = (at..units.len()).find(|at| char::from_u32(units.at(*at)).is_some()).unwrap_or(units.len());
        let fault = EncodeFault { codec: Encoding::Utf8.into(), string, start: at, end, reason: REASON };
        let (replacement, next) = encode_fault(cx, fault, errors)?;
        match replacement {
            Replacement::Bytes(more) => bytes.extend(more),
            Replacement::Text(points) => {
                if points.iter().any(|point| *point >= 0x80) {
                    encode_fault(cx, fault, "strict")?;
                }
                bytes.extend(points.iter().map(|point| *point as u8));
            }
        }
        at = next;
    }
    Ok(bytes)
}

pub(super) fn decode(
    cx: &mut Cx,
    bytes: &[u8],
    errors: &str,
    last: bool,
) -> Result<(TextBuilder, usize), Raised> {
    let data = bytes.to_vec();
    let mut text = TextBuilder::new();
    let mut at = 0;
    while at < data.len() {
        let error = match std::str::from_utf8(&data[at..]) {
            Ok(rest) => {
                text.push_str(rest);
                return Ok((text, data.len()));
            }
            Err(error) => error,
        };
        let valid = &data[at..at + error.valid_up_to()];
        text.push_str(std::str::from_utf8(valid).expect("found to be valid"));
        at += valid.len();
        let (end, reason) = match error.error_len() {
            None if !last => return Ok((text, at)),
            None => (data.len(), "unexpected end of data"),
            Some(len) => {
                let starts = matches!(data[at], 0xC2..=0xF4);
                (at + len, if starts { "invalid continuation byte" } else { "invalid start byte" })
            }
        };
        let fault = DecodeFault { codec: Encoding::Utf8.into(), bytes: &data, start: at, end, reason };
        let (points, next) = decode_fault(cx, fault, errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    Ok((text, at))
}
