//! `complex`.

#![expect(unsafe_code, reason = "complex numbers are reached through cells")]

use bytecode::BinOp;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::types::float;
use crate::types::int;
use crate::types::new::{check_class, of_class};
use crate::value::Value;
use crate::vm::Vm;

/// Real and imaginary part.
pub(crate) type Parts = (f64, f64);

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, real=0, imag=0", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__bool__", "$self, /", truth),
    NativeDef::new("__complex__", "$self, /", itself),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
    NativeDef::new("__neg__", "$self, /", neg),
    NativeDef::new("__pos__", "$self, /", itself),
    NativeDef::new("__abs__", "$self, /", abs),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__radd__", "$self, value, /", radd),
    NativeDef::new("__sub__", "$self, value, /", sub),
    NativeDef::new("__rsub__", "$self, value, /", rsub),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", rmul),
    NativeDef::new("__truediv__", "$self, value, /", truediv),
    NativeDef::new("__rtruediv__", "$self, value, /", rtruediv),
    NativeDef::new("__pow__", "$self, value, mod=None, /", pow),
    NativeDef::new("__rpow__", "$self, value, mod=None, /", rpow),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__lt__", "$self, value, /", unordered),
    NativeDef::new("__le__", "$self, value, /", unordered),
    NativeDef::new("__gt__", "$self, value, /", unordered),
    NativeDef::new("__ge__", "$self, value, /", unordered),
    NativeDef::new("conjugate", "$self, /", conjugate),
    NativeDef::getter("real", real),
    NativeDef::getter("imag", imag),
];

/// The parts of a complex number or of an instance of a subclass.
pub(crate) fn parts_of(value: Value) -> Option<Parts> {
    // SAFETY: the value is live.
    value.as_cell::<ComplexCell>().map(|cell| unsafe { ((*cell).real, (*cell).imag) })
}

fn this(args: Args<'_>) -> Parts {
    parts_of(args.at(0).value()).expect("self is a complex number")
}

fn made(cx: &Cx, (real, imag): Parts) -> Res<'_> {
    let value = cx.vm().new_complex(real, imag);
    Ok(cx.local(value))
}

fn made_float(cx: &Cx, float: f64) -> Res<'_> {
    let value = cx.vm().new_float(float);
    Ok(cx.local(value))
}

// ---- construction ---------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, ty) = (args.at(0), cx.vm().types.complex);
    check_class(cx, class, ty)?;
    if let (Some(real), None) = (args.opt(1), args.opt(2))
        && cx.vm().type_of(real.value()) == ty
        && class.value() == ty
    {
        return Ok(cx.local(real.value()));
    }
    let (real, imag) = from_arguments(cx, args.opt(1), args.opt(2))?;
    let value = cx.vm().new_complex(real, imag);
    of_class(cx, class, ty, value)
}

fn from_arguments(cx: &mut Cx, real: Option<Handle<'_>>, imag: Option<Handle<'_>>) -> Result<Parts, Raised> {
    if let Some(text) = real.filter(|real| real.value().is_kind(Kind::Str)) {
        if imag.is_some() {
            let message = "complex() can't take second arg if first is a string";
            return Err(cx.vm().raise_type_error(message));
        }
        let vm = cx.vm();
        return match parse(&int::ascii_number(vm.units(text.value()))) {
            Some(parts) => Ok(parts),
            None => Err(vm.raise_value_error("complex() arg is a malformed string")),
        };
    }
    if imag.is_some_and(|imag| imag.value().is_kind(Kind::Str)) {
        return Err(cx.vm().raise_type_error("complex() second arg can't be a string"));
    }
    let first = match real {
        Some(real) => match special(cx, real)? {
            Some(parts) => Some((parts, true)),
            None => real_part(cx, real)?.map(|float| ((float, 0.0), false)),
        },
        None => Some(((0.0, 0.0), false)),
    };
    let Some(((mut re, re_imag), re_is_complex)) = first else {
        let ty = cx.vm().type_name_of(real.expect("only given arguments fail").value());
        let message = format!("complex() first argument must be a string or a number, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    };
    let Some(imag) = imag else { return Ok((re, re_imag)) };
    let second = match parts_of(imag.value()) {
        Some(parts) => Some((parts, true)),
        None => real_part(cx, imag)?.map(|float| ((float, 0.0), false)),
    };
    let Some(((mut im, im_imag), im_is_complex)) = second else {
        let ty = cx.vm().type_name_of(imag.value());
        let message = format!("complex() second argument must be a number, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    };
    if im_is_complex {
        re -= im_imag;
    }
    if re_is_complex {
        im += re_imag;
    }
    Ok((re, im))
}

fn real_part(cx: &mut Cx, value: Handle<'_>) -> Result<Option<f64>, Raised> {
    match cx.vm().float_of(value.value()) {
        Some(float) if cx.vm().is_exact(value.value()) => Ok(Some(float)),
        _ => float::real_of(cx, value),
    }
}

/// The parts of a complex number, or of what `__complex__` returns.
pub(crate) fn special(cx: &mut Cx, value: Handle<'_>) -> Result<Option<Parts>, Raised> {
    if cx.vm().type_of(value.value()) == cx.vm().types.complex {
        return Ok(parts_of(value.value()));
    }
    let name = cx.vm().names.__complex__;
    let Some(result) = cx.call_special(value, name, &[])? else { return Ok(None) };
    match parts_of(result.value()) {
        Some(parts) => {
            if !cx.vm().is_exact(result.value()) {
                let message = format!(
                    "__complex__ returned non-complex (type {}).  The ability to return an instance of a strict \
                     subclass of complex is deprecated, and may not be supported in a future version of Python.",
                    cx.vm().type_name_of(result.value())
                );
                crate::types::exceptions::warn_deprecated(cx, &message)?;
            }
            Ok(Some(parts))
        }
        None => {
            let ty = cx.vm().type_name_of(result.value());
            Err(cx.vm().raise_type_error(&format!("__complex__ returned non-complex (type {ty})")))
        }
    }
}

/// A complex number's text: `<float>`, `<float>j`, `<float><signed float>j`, in parentheses or not.
fn parse(text: &[u8]) -> Option<Parts> {
    let mut text = int::trim(text);
    if let Some(inner) = text.strip_prefix(b"(") {
        text = int::trim(int::trim(inner).strip_suffix(b")")?);
    }
    let plain;
    if text.contains(&b'_') {
        plain = float::without_underscores(text)?;
        text = &plain;
    }
    let Some(body) = text.strip_suffix(b"j").or_else(|| text.strip_suffix(b"J")) else {
        return float::number(text).map(|real| (real, 0.0));
    };
    // The imaginary part's sign: the last one that belongs to no exponent.
    let split = (1..body.len())
        .rev()
        .find(|at| matches!(body[*at], b'+' | b'-') && !matches!(body[at - 1], b'e' | b'E'));
    let imaginary = |text: &[u8]| match text {
        b"" | b"+" => Some(1.0),
        b"-" => Some(-1.0),
        text => float::number(text),
    };
    match split {
        Some(at) => Some((float::number(&body[..at])?, imaginary(&body[at..])?)),
        None => Some((0.0, imaginary(body)?)),
    }
}

// ---- conversions ----------------------------------------------------------------------------------------------------

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    let mut text = String::new();
    bytecode::repr::write_complex(&mut text, real, imag).expect("strings take all");
    let value = cx.vm().new_str(&text);
    Ok(cx.local(value))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    let part = |float: f64| {
        if float.is_nan() {
            crate::types::type_type::hash_identity(args.at(0).value())
        } else {
            float::hash(float)
        }
    };
    let hash = part(real).wrapping_add(part(imag).wrapping_mul(1_000_003)) as i64;
    let value = cx.vm().new_int(if hash == -1 { -2 } else { hash });
    Ok(cx.local(value))
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (value, spec) = (args.at(0), args.at(1));
    crate::types::check_format_spec(cx, spec)?;
    if cx.vm().units(spec.value()).is_empty() {
        let text = cx.str(value)?;
        return Ok(cx.local(text.value()));
    }
    let text = crate::format::float::format_complex(cx.vm(), value.value(), this(args), spec.value())?;
    Ok(cx.local(text))
}

fn truth<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(this(args) != (0.0, 0.0)))
}

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.vm().is_exact(args.at(0).value()) {
        return Ok(cx.local(args.at(0).value()));
    }
    made(cx, this(args))
}

fn getnewargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    let vm = cx.vm();
    let parts = [vm.new_float(real), vm.new_float(imag)];
    let value = vm.new_tuple(&parts);
    Ok(cx.local(value))
}

fn real<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made_float(cx, this(args).0)
}

fn imag<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made_float(cx, this(args).1)
}

fn conjugate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    made(cx, (real, -imag))
}

fn neg<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    made(cx, (-real, -imag))
}

fn abs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = this(args);
    let length = real.hypot(imag);
    if length.is_infinite() && real.is_finite() && imag.is_finite() {
        return Err(cx.vm().raise_overflow_error("absolute value too large"));
    }
    made_float(cx, length)
}

// ---- operators ------------------------------------------------------------------------------------------------------

/// The parts of an operand; `None` if it is no number.
fn operand(cx: &Cx, value: Handle<'_>) -> Result<Option<Parts>, Raised> {
    let (vm, value) = (cx.vm(), value.value());
    if let Some(parts) = parts_of(value) {
        return Ok(Some(parts));
    }
    if let Some(float) = vm.float_of(value) {
        return Ok(Some((float, 0.0)));
    }
    if vm.is_any_int(value) {
        return int::to_f64(vm, value).map(|float| Some((float, 0.0)));
    }
    Ok(None)
}

fn operate<'a>(cx: &'a mut Cx, op: BinOp, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    let (Some(x), Some(y)) = (operand(cx, a)?, operand(cx, b)?) else { return Ok(cx.not_implemented()) };
    let result = match op {
        BinOp::Add => (x.0 + y.0, x.1 + y.1),
        BinOp::Subtract => (x.0 - y.0, x.1 - y.1),
        BinOp::Multiply => product(x, y),
        BinOp::TrueDivide => match quotient(x, y) {
            Some(result) => result,
            None => return Err(cx.vm().raise_zero_division_error("complex division by zero")),
        },
        _ => {
            let value = power(cx.vm(), x, y)?;
            return Ok(cx.local(value));
        }
    };
    made(cx, result)
}

macro_rules! operators {
    ($($forward:ident $reflected:ident $op:ident;)*) => {$(
        fn $forward<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            operate(cx, BinOp::$op, args.at(0), args.at(1))
        }

        fn $reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            operate(cx, BinOp::$op, args.at(1), args.at(0))
        }
    )*};
}
operators! { add radd Add; sub rsub Subtract; mul rmul Multiply; truediv rtruediv TrueDivide; }

fn pow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_no_modulus(cx, args)?;
    operate(cx, BinOp::Power, args.at(0), args.at(1))
}

fn rpow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_no_modulus(cx, args)?;
    operate(cx, BinOp::Power, args.at(1), args.at(0))
}

fn check_no_modulus(cx: &Cx, args: Args<'_>) -> Result<(), Raised> {
    if args.some(2).is_some() { Err(cx.vm().raise_value_error("complex modulo")) } else { Ok(()) }
}

fn product(a: Parts, b: Parts) -> Parts {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Smith's division; `None` by zero.
pub(crate) fn quotient(a: Parts, b: Parts) -> Option<Parts> {
    let (real, imag) = (b.0.abs(), b.1.abs());
    if real >= imag {
        if real == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if imag >= real {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

/// `a ** b`.
pub(crate) fn power(vm: &mut Vm, a: Parts, b: Parts) -> Result<Value, Raised> {
    let result = if b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= 100.0 {
        integer_power(a, b.0 as i32)
    } else {
        general_power(a, b)
    };
    let Some((real, imag)) = result else {
        return Err(vm.raise_zero_division_error("0.0 to a negative or complex power"));
    };
    let all_finite = a.0.is_finite() && a.1.is_finite() && b.0.is_finite() && b.1.is_finite();
    if (real.is_infinite() || imag.is_infinite()) && all_finite {
        return Err(vm.raise_overflow_error("complex exponentiation"));
    }
    Ok(vm.new_complex(real, imag))
}

fn integer_power(base: Parts, exponent: i32) -> Option<Parts> {
    let (mut result, mut square, mut rest) = ((1.0, 0.0), base, exponent.unsigned_abs());
    while rest > 0 {
        if rest & 1 != 0 {
            result = product(result, square);
        }
        rest >>= 1;
        square = product(square, square);
    }
    if exponent > 0 { Some(result) } else { quotient((1.0, 0.0), result) }
}

fn general_power(a: Parts, b: Parts) -> Option<Parts> {
    if b == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if a == (0.0, 0.0) {
        return if b.1 != 0.0 || b.0 < 0.0 { None } else { Some((0.0, 0.0)) };
    }
    let length = a.0.hypot(a.1);
    let mut radius = length.powf(b.0);
    let angle = a.1.atan2(a.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        radius *= (-angle * b.1).exp();
        phase += b.1 * length.ln();
    }
    Some((radius * phase.cos(), radius * phase.sin()))
}

fn equal(cx: &Cx, args: Args<'_>) -> Option<bool> {
    let (vm, (real, imag), other) = (cx.vm(), this(args), args.at(1).value());
    if let Some(parts) = parts_of(other) {
        return Some(parts == (real, imag));
    }
    if let Some(float) = vm.float_of(other) {
        return Some(imag == 0.0 && real == float);
    }
    vm.is_any_int(other)
        .then(|| imag == 0.0 && float::compare_with_int(real, other).is_some_and(std::cmp::Ordering::is_eq))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(equal(cx, args).map_or(cx.not_implemented(), |equal| cx.bool(equal)))
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(equal(cx, args).map_or(cx.not_implemented(), |equal| cx.bool(!equal)))
}

fn unordered<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.not_implemented())
}
