//! `float.__format__` and `complex.__format__`.

use crate::cx::Raised;
use crate::format::float_text::{self, Style};
use crate::format::layout::{Number, pad};
use crate::format::spec::{self, Align, Defaults, Spec};
use crate::value::Value;
use crate::vm::Vm;

/// A float as a specification wants it.
pub(crate) fn format(vm: &mut Vm, number: Value, spec: Value) -> Result<Value, Raised> {
    let defaults = Defaults { align: Align::Right, kind: 0 };
    let spec = spec::parse(vm, vm.units(spec), number, defaults)?;
    match spec.kind {
        0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n' | b'%' => {
            let float = vm.float_of(number).expect("the caller has a float");
            lay_out(vm, float, &spec)
        }
        kind => Err(spec::unknown_kind(vm, kind.into(), number)),
    }
}

/// The text of a float in a specification's type and precision, its minus sign included.
fn text(vm: &mut Vm, float: f64, spec: &Spec, style: Style) -> Result<String, Raised> {
    let precision = spec.precision.unwrap_or(6);
    if precision > i32::MAX as usize {
        return Err(vm.raise_value_error("precision too big"));
    }
    super::layout::check_room(vm, precision)?;
    let (float, kind) = match spec.kind {
        0 if spec.precision.is_none() => (float, b'r'),
        0 | b'n' => (float, b'g'),
        b'%' => (float * 100.0, b'f'),
        kind => (float, kind),
    };
    let mut text = float_text::render(float, kind, precision, style);
    if spec.kind == b'%' {
        text.push('%');
    }
    Ok(text)
}

/// A float as a specification for floats wants it.
pub(crate) fn lay_out(vm: &mut Vm, float: f64, spec: &Spec) -> Result<Value, Raised> {
    let style = Style {
        alternate: spec.alternate,
        point_zero: spec.kind == 0,
        no_negative_zero: spec.no_negative_zero,
    };
    let text = text(vm, float, spec, style)?;
    Number::split(&text).lay_out(vm, spec)
}

/// A complex number as a specification wants it.
pub(crate) fn format_complex(
    vm: &mut Vm,
    number: Value,
    (real, imag): (f64, f64),
    spec: Value,
) -> Result<Value, Raised> {
    let defaults = Defaults { align: Align::Right, kind: 0 };
    let spec = spec::parse(vm, vm.units(spec), number, defaults)?;
    if !matches!(spec.kind, 0 | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'n') {
        return Err(spec::unknown_kind(vm, spec.kind.into(), number));
    }
    if spec.zero_fill || spec.fill == u32::from(b'0') {
        return Err(vm.raise_value_error("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        return Err(vm.raise_value_error("'=' alignment flag is not allowed in complex format specifier"));
    }
    let style =
        Style { alternate: spec.alternate, point_zero: false, no_negative_zero: spec.no_negative_zero };
    let is_plain = spec.kind == 0;
    let skip_real = is_plain && real == 0.0 && real.is_sign_positive();
    let group = |number: &Number| match spec.grouping {
        Some(separator) if !number.digits.is_empty() => {
            super::layout::group(&number.digits, separator, 3, 0) + &number.rest
        }
        _ => number.digits.clone() + &number.rest,
    };
    let mut body = String::new();
    let mut imag_sign = spec.sign;
    if !skip_real {
        let part = Number::split(&text(vm, real, &spec, style)?);
        body = part.sign(spec.sign).to_string() + &group(&part);
        imag_sign = Some(spec::Sign::Plus);
    }
    let part = Number::split(&text(vm, imag, &spec, style)?);
    body = body + part.sign(imag_sign) + &group(&part) + "j";
    if is_plain && !skip_real {
        body = format!("({body})");
    }
    pad(vm, "", &body, &Spec { grouping: None, ..spec })
}
