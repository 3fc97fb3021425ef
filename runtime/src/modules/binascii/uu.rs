//! Lines of uuencoded data.

use crate::cx::{Args, Cx, Raised, Res};

use super::{ascii, bytes, error};

pub(super) fn encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let backtick = cx.flag(args.opt(1), false)?;
    if data.len() > 45 {
        return Err(error(cx, "At most 45 bytes at once"));
    }
    let character = |number: u32| if backtick && number == 0 { b'`' } else { b' ' + number as u8 };
    let mut text = vec![character(data.len() as u32)];
    for group in data.chunks(3) {
        let number =
            group.iter().chain(&[0, 0]).take(3).fold(0, |number, byte| number << 8 | u32::from(*byte));
        text.extend((0..4).map(|place| character(number >> (18 - 6 * place) & 63)));
    }
    text.push(b'\n');
    bytes(cx, &text)
}

/// The number that a character stands for; what is missing at a line's end is zero.
fn number(cx: &mut Cx, byte: Option<&u8>) -> Result<u32, Raised> {
    match byte {
        None | Some(b'\n' | b'\r') => Ok(0),
        Some(byte @ b' '..=b'`') => Ok(u32::from(byte - b' ') & 63),
        Some(_) => Err(error(cx, "Illegal char")),
    }
}

pub(super) fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = ascii(cx, args.at(0))?;
    let len = usize::from(text.first().copied().unwrap_or(0).wrapping_sub(b' ') & 63);
    let mut result = Vec::with_capacity(len);
    let (mut left, mut bits, mut at) = (0_u32, 0, 1);
    while result.len() < len {
        left = left << 6 | number(cx, text.get(at))?;
        bits += 6;
        at += 1;
        if bits >= 8 {
            bits -= 8;
            result.push((left >> bits) as u8);
            left &= (1 << bits) - 1;
        }
    }
    if text.get(at..).is_some_and(|rest| rest.iter().any(|byte| !matches!(byte, b' ' | b'`' | b'\n' | b'\r')))
    {
        return Err(error(cx, "Trailing garbage"));
    }
    bytes(cx, &result)
}
