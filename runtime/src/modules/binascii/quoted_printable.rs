//! Quoted-printable text.

use crate::cx::{Args, Cx, Res};

use super::{ascii, bytes};

const LINE: usize = 76;

fn push_hex(text: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.extend([b'=', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// What is written as an escape.
struct Rules {
    tabs: bool,
    is_text: bool,
    header: bool,
}

impl Rules {
    fn escapes(&self, data: &[u8], at: usize, column: usize) -> bool {
        let byte = data[at];
        let next = data.get(at + 1);
        match byte {
            127.. | b'=' => true,
            b'_' => self.header,
            b'.' => column == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
            b'\r' | b'\n' => !self.is_text,
            b'\t' | b' ' => next.is_none() || byte < 33 && self.tabs,
            ..33 => true,
            _ => false,
        }
    }
}

fn encoded(data: &[u8], rules: &Rules) -> Vec<u8> {
    let first_line = data.iter().position(|byte| *byte == b'\n');
    let end: &[u8] =
        if first_line.is_some_and(|at| at > 0 && data[at - 1] == b'\r') { b"\r\n" } else { b"\n" };
    let mut text = Vec::with_capacity(data.len());
    let (mut at, mut column) = (0, 0);
    while at < data.len() {
        let byte = data[at];
        if rules.escapes(data, at, column) {
            if column + 3 >= LINE {
                text.push(b'=');
                text.extend_from_slice(end);
                column = 0;
            }
            push_hex(&mut text, byte);
            at += 1;
            column += 3;
            continue;
        }
        let is_crlf = byte == b'\r' && data.get(at + 1) == Some(&b'\n');
        if rules.is_text && (byte == b'\n' || is_crlf) {
            // Spaces at the end of a line would get lost.
            if let Some(space) = text.pop_if(|last| matches!(last, b' ' | b'\t')) {
                push_hex(&mut text, space);
            }
            text.extend_from_slice(end);
            column = 0;
            at += 1 + usize::from(is_crlf);
            continue;
        }
        if data.get(at + 1).is_some_and(|next| *next != b'\n') && column + 1 >= LINE {
            text.push(b'=');
            text.extend_from_slice(end);
            column = 0;
        }
        column += 1;
        text.push(if rules.header && byte == b' ' { b'_' } else { byte });
        at += 1;
    }
    text
}

pub(super) fn encode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = cx.bytes_like(args.at(0))?;
    let rules = Rules {
        tabs: cx.flag(args.opt(1), false)?,
        is_text: cx.flag(args.opt(2), true)?,
        header: cx.flag(args.opt(3), false)?,
    };
    let text = encoded(&data, &rules);
    bytes(cx, &text)
}

fn decoded(text: &[u8], header: bool) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut data = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'=' {
            data.push(if header && text[at] == b'_' { b' ' } else { text[at] });
            at += 1;
            continue;
        }
        at += 1;
        match text.get(at) {
            None => break,
            Some(b'\n' | b'\r') => {
                let end = text[at..].iter().position(|byte| *byte == b'\n');
                at = end.map_or(text.len(), |end| at + end + 1);
            }
            Some(b'=') => {
                data.push(b'=');
                at += 1;
            }
            Some(_) => match (digit(at), digit(at + 1)) {
                (Some(high), Some(low)) => {
                    data.push((high << 4 | low) as u8);
                    at += 2;
                }
                _ => data.push(b'='),
            },
        }
    }
    data
}

pub(super) fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = ascii(cx, args.at(0))?;
    let header = cx.flag(args.opt(1), false)?;
    let data = decoded(&text, header);
    bytes(cx, &data)
}
