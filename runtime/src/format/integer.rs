//! `int.__format__`.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::cx::Raised;
use crate::format::layout::Number;
use crate::format::spec::{self, Align, Defaults, Spec};
use crate::types::int;
use crate::value::Value;
use crate::vm::Vm;

/// An int (or bool) as a specification wants it.
pub(crate) fn format(vm: &mut Vm, number: Value, spec: Value) -> Result<Value, Raised> {
    let defaults = Defaults { align: Align::Right, kind: b'd' };
    let spec = spec::parse(vm, vm.units(spec), number, defaults)?;
    match spec.kind {
        0 | b'b' | b'c' | b'd' | b'o' | b'x' | b'X' | b'n' => integer(vm, number, &spec),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            let float = int::to_f64(vm, number)?;
            super::float::lay_out(vm, float, &spec)
        }
        kind => Err(spec::unknown_kind(vm, kind.into(), number)),
    }
}

fn integer(vm: &mut Vm, number: Value, spec: &Spec) -> Result<Value, Raised> {
    if spec.precision.is_some() {
        return Err(vm.raise_value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        let message = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(vm.raise_value_error(message));
    }
    if spec.kind == b'c' {
        return character(vm, number, spec);
    }
    let (negative, digits) = digits(vm, number, spec.kind)?;
    let prefix = if spec.alternate { prefix(spec.kind) } else { "" };
    Number { negative, prefix, digits, rest: String::new() }.lay_out(vm, spec)
}

/// The prefix of a base's presentation type.
pub(crate) fn prefix(kind: u8) -> &'static str {
    match kind {
        b'b' => "0b",
        b'o' => "0o",
        b'x' => "0x",
        b'X' => "0X",
        _ => "",
    }
}

/// Sign and digits of an int in the base of a presentation type.
pub(crate) fn digits(vm: &mut Vm, number: Value, kind: u8) -> Result<(bool, String), Raised> {
    let radix = match kind {
        b'b' => 2,
        b'o' => 8,
        b'x' | b'X' => 16,
        _ => {
            let text = int::to_decimal(vm, number)?;
            return Ok(match text.strip_prefix('-') {
                Some(digits) => (true, digits.to_string()),
                None => (false, text),
            });
        }
    };
    let (negative, mut digits) = in_radix(&int::to_big(number), radix);
    if kind == b'X' {
        digits.make_ascii_uppercase();
    }
    Ok((negative, digits))
}

/// Sign and lower-case digits in a base.
pub(crate) fn in_radix(big: &BigInt, radix: u32) -> (bool, String) {
    if let Some(small) = big.to_i64() {
        let magnitude = small.unsigned_abs();
        let digits = match radix {
            2 => format!("{magnitude:b}"),
            8 => format!("{magnitude:o}"),
            16 => format!("{magnitude:x}"),
            _ => big.magnitude().to_str_radix(radix),
        };
        return (small < 0, digits);
    }
    (big.is_negative(), big.magnitude().to_str_radix(radix))
}

fn character(vm: &mut Vm, number: Value, spec: &Spec) -> Result<Value, Raised> {
    if spec.sign.is_some() {
        return Err(vm.raise_value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        let message = "Alternate form (#) not allowed with integer format specifier 'c'";
        return Err(vm.raise_value_error(message));
    }
    let point = int::to_big(number).to_u32().filter(|point| *point < 0x11_0000);
    let Some(point) = point else {
        return Err(vm.raise_overflow_error("%c arg not in range(0x110000)"));
    };
    let (before, behind) = super::layout::padding(spec, 1);
    super::layout::check_room(vm, before + behind)?;
    let mut text = vec![spec.fill; before];
    text.push(point);
    text.resize(text.len() + behind, spec.fill);
    vm.str_or_memory_error(&text)
}
