//! UTF-7: runs of characters beyond ASCII as base 64 of their UTF-16.

use crate::codecs::{Codec, DecodeFault, decode_fault};
use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;

use super::functions::{check_text, decoded, encoded, errors_of};

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("utf_7_encode", "str, errors=None, /", utf_7_encode),
    NativeDef::new("utf_7_decode", "data, errors=None, final=False, /", utf_7_decode),
];

const CODEC: Codec<'static> = Codec::named("utf7");
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit(byte: u8) -> Option<u32> {
    DIGITS.iter().position(|other| *other == byte).map(|index| index as u32)
}

/// Whether a character is written as itself.
fn is_direct(point: u32) -> bool {
    matches!(point, 9 | 10 | 13 | 32..=125) && !matches!(point, 43 | 92)
}

fn utf_7_encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_text(cx, args, "utf_7_encode()")?;
    errors_of(cx, args, "utf_7_encode()")?;
    let units = cx.vm().units(args.at(0).value());
    let mut bytes = Vec::with_capacity(units.len());
    // Bits of a run not yet written, and how many.
    let (mut bits, mut count, mut in_run) = (0_u64, 0, false);
    let flush = |bytes: &mut Vec<u8>, bits: u64, count: u32| {
        if count > 0 {
            bytes.push(DIGITS[(bits << (6 - count) & 63) as usize]);
        }
    };
    for point in units.iter() {
        if is_direct(point) {
            if in_run {
                flush(&mut bytes, bits, count);
                (bits, count, in_run) = (0, 0, false);
                if digit(point as u8).is_some() || point == u32::from(b'-') {
                    bytes.push(b'-');
                }
            }
            bytes.push(point as u8);
            continue;
        }
        if !in_run {
            bytes.push(b'+');
            if point == u32::from(b'+') {
                bytes.push(b'-');
                continue;
            }
            in_run = true;
        }
        let mut buffer = [0; 2];
        let pieces: &[u16] = match char::from_u32(point) {
            Some(c) => c.encode_utf16(&mut buffer),
            None => {
                buffer[0] = point as u16;
                &buffer[..1]
            }
        };
        for piece in pieces {
            bits = bits << 16 | u64::from(*piece);
            count += 16;
            while count >= 6 {
                count -= 6;
                bytes.push(DIGITS[(bits >> count & 63) as usize]);
            }
        }
    }
    if in_run {
        flush(&mut bytes, bits, count);
        bytes.push(b'-');
    }
    encoded(cx, &bytes, units.len())
}

/// A run of base 64 that is being read.
#[derive(Default)]
struct Run {
    start: usize,
    bits: u32,
    count: u32,
    high: Option<u32>,
    /// Characters before the run: a run that does not end is read again.
    written: Vec<u32>,
}

impl Run {
    fn take(&mut self, value: u32) {
        self.bits = self.bits << 6 | value;
        self.count += 6;
        if self.count < 16 {
            return;
        }
        self.count -= 16;
        let unit = self.bits >> self.count & 0xFFFF;
        self.bits &= (1 << self.count) - 1;
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..0xE000) => {
                self.written.push(0x1_0000 + ((high - 0xD800) << 10) + unit - 0xDC00);
            }
            (high, unit) => {
                self.written.extend(high);
                if (0xD800..0xDC00).contains(&unit) {
                    self.high = Some(unit);
                } else {
                    self.written.push(unit);
                }
            }
        }
    }

    /// Why a run may not end here.
    fn fault(&self) -> Option<&'static str> {
        if self.count >= 6 {
            Some("partial character in base64 sequence")
        } else if self.count > 0 && self.bits != 0 {
            Some("non-zero padding bits in base64 sequence")
        } else {
            None
        }
    }
}

fn utf_7_decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let errors = errors_of(cx, args, "utf_7_decode()")?;
    let last = cx.flag(args.opt(2), false)?;
    let mut text = TextBuilder::new();
    let mut run: Option<Run> = None;
    let mut at = 0;
    while at < data.len() {
        let byte = data[at];
        let (start, end, reason) = if let Some(current) = &mut run {
            if let Some(value) = digit(byte) {
                current.take(value);
                at += 1;
                continue;
            }
            let ended = run.take().expect("it was there above");
            ended.written.iter().chain(&ended.high).for_each(|point| text.push(*point));
            at += usize::from(byte == b'-');
            match ended.fault() {
                None => continue,
                Some(reason) => (ended.start, at.max(ended.start + 1), reason),
            }
        } else if byte == b'+' {
            match data.get(at + 1) {
                Some(b'-') => {
                    text.push(u32::from(b'+'));
                    at += 2;
                    continue;
                }
                Some(next) if digit(*next).is_none() => (at, at + 2, "ill-formed sequence"),
                _ => {
                    run = Some(Run { start: at, ..Run::default() });
                    at += 1;
                    continue;
                }
            }
        } else if byte < 0x80 {
            text.push(byte.into());
            at += 1;
            continue;
        } else {
            (at, at + 1, "unexpected special character")
        };
        let fault = DecodeFault { codec: CODEC, bytes: &data, start, end, reason };
        let (points, next) = decode_fault(cx, fault, &errors)?;
        points.iter().for_each(|point| text.push(*point));
        at = next;
    }
    let Some(open) = run else { return decoded(cx, text, data.len()) };
    if !last {
        return decoded(cx, text, open.start);
    }
    open.written.iter().for_each(|point| text.push(*point));
    if open.high.is_some() || open.fault().is_some() {
        let (start, end) = (open.start, data.len());
        let reason = "unterminated shift sequence";
        let fault = DecodeFault { codec: CODEC, bytes: &data, start, end, reason };
        let (points, _) = decode_fault(cx, fault, &errors)?;
        points.iter().for_each(|point| text.push(*point));
    }
    decoded(cx, text, data.len())
}
