//! Formats of packed data: what lies where.

use crate::packing::Packed;

/// What a format character stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Code {
    /// A number.
    Number(Packed),
    /// Bytes of a fixed length.
    Text(usize),
    /// Bytes with their length before them, of a fixed length in all.
    Pascal(usize),
}

/// A value's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) code: Code,
    /// The format character.
    pub(super) letter: u8,
    pub(super) offset: usize,
}

/// A format: the places of its values.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) text: Vec<u8>,
    pub(super) items: Vec<Item>,
    pub(super) size: usize,
    pub(super) little: bool,
    /// Native sizes and alignment.
    pub(super) native: bool,
}

impl Layout {
    /// The layout of a format's text, or why there is none.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let native_order = cfg!(target_endian = "little");
        let (native, little, rest) = match text {
            [b'<', rest @ ..] => (false, true, rest),
            [b'>' | b'!', rest @ ..] => (false, false, rest),
            [b'=', rest @ ..] => (false, native_order, rest),
            [b'@', rest @ ..] => (true, native_order, rest),
            rest => (true, native_order, rest),
        };
        let mut layout = Self { text: text.to_vec(), items: Vec::new(), size: 0, little, native };
        let mut at = 0;
        while at < rest.len() {
            let letter = rest[at];
            if letter.is_ascii_whitespace() || letter == 0x0B {
                at += 1;
                continue;
            }
            let mut count = None;
            while let Some(digit) = rest.get(at).filter(|byte| byte.is_ascii_digit()) {
                let number = count.unwrap_or(0_usize).checked_mul(10);
                let number = number.and_then(|n| n.checked_add(usize::from(digit - b'0')));
                count = Some(number.filter(|n| isize::try_from(*n).is_ok()).ok_or(TOO_LONG)?);
                at += 1;
            }
            let Some(letter) = rest.get(at) else {
                return Err("repeat count given without format specifier");
            };
            at += 1;
            layout.push(*letter, count)?;
        }
        Ok(layout)
    }

    fn push(&mut self, letter: u8, count: Option<usize>) -> Result<(), &'static str> {
        let repeat = count.unwrap_or(1);
        match letter {
            b'x' => self.advance(repeat),
            b's' | b'p' => {
                let code = if letter == b's' { Code::Text(repeat) } else { Code::Pascal(repeat) };
                self.items.push(Item { code, letter, offset: self.size });
                self.advance(repeat)
            }
            _ => {
                let packed = if self.native { Packed::native(letter) } else { Packed::standard(letter) };
                let packed = packed.ok_or("bad char in struct format")?;
                if self.native {
                    self.size = self.size.next_multiple_of(packed.size());
                }
                let bytes = repeat.checked_mul(packed.size()).ok_or(TOO_LONG)?;
                if repeat > MOST_ITEMS {
                    return Err(TOO_LONG);
                }
                for i in 0..repeat {
                    let offset = self.size + i * packed.size();
                    self.items.push(Item { code: Code::Number(packed), letter, offset });
                }
                self.advance(bytes)
            }
        }
    }

    fn advance(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.size = self.size.checked_add(bytes).filter(|n| isize::try_from(*n).is_ok()).ok_or(TOO_LONG)?;
        Ok(())
    }
}

const TOO_LONG: &str = "total struct size too long";

/// Most values that one format character may stand for.
const MOST_ITEMS: usize = 1 << 28;
