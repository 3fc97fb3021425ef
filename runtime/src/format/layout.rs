//! Padding and digit grouping.

use crate::cx::Raised;
use crate::format::spec::{Align, Sign, Spec};
use crate::value::Value;
use crate::vm::Vm;

/// A number in parts: what padding and grouping treat apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Number {
    /// It has a minus sign.
    pub(crate) negative: bool,
    /// `0x` and the like.
    pub(crate) prefix: &'static str,
    /// Digits of the integer part.
    pub(crate) digits: String,
    /// Point, fraction, exponent; or `nan`, `inf`; or `%`.
    pub(crate) rest: String,
}

impl Number {
    /// Splits a number's text, its minus sign included.
    pub(crate) fn split(text: &str) -> Self {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |text| (true, text));
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = text.split_at(digits);
        Self { negative, prefix: "", digits: digits.into(), rest: rest.into() }
    }

    /// The sign's text.
    pub(crate) fn sign(&self, sign: Option<Sign>) -> &'static str {
        match sign {
            _ if self.negative => "-",
            Some(Sign::Plus) => "+",
            Some(Sign::Space) => " ",
            _ => "",
        }
    }

    /// The number as the specification wants it.
    pub(crate) fn lay_out(&self, vm: &mut Vm, spec: &Spec) -> Result<Value, Raised> {
        let sign = self.sign(spec.sign);
        let fixed = sign.len() + self.prefix.len() + self.rest.len();
        let mut digits = std::borrow::Cow::Borrowed(self.digits.as_str());
        if let Some(separator) = spec.grouping
            && !self.digits.is_empty()
        {
            let pad_with_zeros = spec.align == Align::AfterSign && spec.fill == u32::from(b'0');
            let least = if pad_with_zeros { spec.width.saturating_sub(fixed) } else { 0 };
            check_room(vm, least)?;
            digits = group(&self.digits, separator, spec.group_size(), least).into();
        }
        let body = format!("{digits}{}", self.rest);
        pad(vm, &format!("{sign}{}", self.prefix), &body, spec)
    }
}

/// Digits with a separator between groups, filled with zeros to `least` characters.
pub(crate) fn group(digits: &str, separator: u8, size: usize, least: usize) -> String {
    let mut reversed: Vec<u8> = Vec::with_capacity(digits.len() + digits.len() / size + least);
    let mut digits = digits.bytes().rev();
    let mut in_group = 0;
    loop {
        let next = digits.next();
        // A zero that would only follow a separator that is not needed is left out.
        if next.is_none() && reversed.len() >= least {
            break;
        }
        if in_group == size {
            reversed.push(separator);
            in_group = 0;
        }
        reversed.push(next.unwrap_or(b'0'));
        in_group += 1;
    }
    reversed.reverse();
    String::from_utf8(reversed).expect("digits and separators are ASCII")
}

/// Raises MemoryError unless `chars` characters may be had.
pub(crate) fn check_room(vm: &mut Vm, chars: usize) -> Result<(), Raised> {
    if chars < 1 << 16 || vm.heap.may_grow(chars.saturating_mul(4)) {
        return Ok(());
    }
    Err(vm.raise_memory_error())
}

/// Characters of padding before and behind a text of `len`.
pub(crate) fn padding(spec: &Spec, len: usize) -> (usize, usize) {
    let total = spec.width.saturating_sub(len);
    match spec.align {
        Align::Left => (0, total),
        Align::Right | Align::AfterSign => (total, 0),
        Align::Center => (total / 2, total - total / 2),
    }
}

/// ASCII text padded; `sign` (and prefix) stays before padding that goes behind signs.
pub(crate) fn pad(vm: &mut Vm, sign: &str, body: &str, spec: &Spec) -> Result<Value, Raised> {
    let len = sign.len() + body.len();
    let (before, behind) = padding(spec, len);
    check_room(vm, before + behind)?;
    let (outer, inner) = if spec.align == Align::AfterSign { (0, before) } else { (before, 0) };
    if let Ok(fill) = u8::try_from(spec.fill) {
        let mut text = Vec::with_capacity(len + before + behind);
        text.resize(outer, fill);
        text.extend_from_slice(sign.as_bytes());
        text.resize(text.len() + inner, fill);
        text.extend_from_slice(body.as_bytes());
        text.resize(text.len() + behind, fill);
        return Ok(vm.str_from_latin1(&text));
    }
    let mut text = Vec::with_capacity(len + before + behind);
    text.resize(outer, spec.fill);
    text.extend(sign.bytes().map(u32::from));
    text.resize(text.len() + inner, spec.fill);
    text.extend(body.bytes().map(u32::from));
    text.resize(text.len() + behind, spec.fill);
    vm.str_or_memory_error(&text)
}
