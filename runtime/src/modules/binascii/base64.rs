//! Base 64.

use crate::cx::{Args, Cx, Res};

use super::{ascii, bytes, error};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

pub(super) fn encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let newline = cx.flag(args.opt(1), true)?;
    let mut text = Vec::with_capacity(data.len() / 3 * 4 + 5);
    for group in data.chunks(3) {
        let number =
            group.iter().chain(&[0, 0]).take(3).fold(0, |number, byte| number << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { digit } else { b'=' });
        }
    }
    if newline {
        text.push(b'\n');
    }
    bytes(cx, &text)
}

/// The bytes of a text; an error's message. What is no digit is passed over, unless `strict`.
fn decoded(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut result = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut place, mut left, mut pads, mut is_padded) = (0, 0, 0, false);
    if strict && text.first() == Some(&b'=') {
        return Err("Leading padding not allowed".into());
    }
    for (i, byte) in text.iter().enumerate() {
        if *byte == b'=' {
            is_padded = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    let is_excess = strict && i + 1 < text.len();
                    return if is_excess { Err("Excess data after padding".into()) } else { Ok(result) };
                }
            }
            continue;
        }
        let Some(digit) = digit(*byte) else {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        };
        if strict && is_padded {
            return Err("Discontinuous padding not allowed".into());
        }
        pads = 0;
        match place {
            0 => {}
            1 => result.push(left << 2 | digit >> 4),
            2 => result.push(left << 4 | digit >> 2),
            _ => result.push(left << 6 | digit),
        }
        left = digit;
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(result),
        1 => Err(format!(
            "Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            result.len() / 3 * 4 + 1
        )),
        _ => Err("Incorrect padding".into()),
    }
}

pub(super) fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = ascii(cx, args.at(0))?;
    let strict = cx.flag(args.opt(1), false)?;
    match decoded(&text, strict) {
        Ok(result) => bytes(cx, &result),
        Err(message) => Err(error(cx, &message)),
    }
}
