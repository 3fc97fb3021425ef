//! Functions that take floats apart or put them together.

use super::{Args, Cx, Raised, Res, domain_error, libm, made, must_be_real, range_error};
use crate::cx::Handle;
use crate::types::int;

fn two(cx: &mut Cx, args: Args<'_>) -> Result<(f64, f64), Raised> {
    Ok((must_be_real(cx, args.at(0))?, must_be_real(cx, args.at(1))?))
}

pub(super) fn copysign<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    made(cx, x.copysign(y))
}

pub(super) fn degrees<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    made(cx, x * (180.0 / std::f64::consts::PI))
}

pub(super) fn radians<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    made(cx, x * (std::f64::consts::PI / 180.0))
}

pub(super) fn isfinite<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    Ok(cx.bool(x.is_finite()))
}

pub(super) fn isinf<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    Ok(cx.bool(x.is_infinite()))
}

pub(super) fn isnan<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    Ok(cx.bool(x.is_nan()))
}

pub(super) fn fmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    let result = if y.is_infinite() && x.is_finite() { x } else { x % y };
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(cx));
    }
    made(cx, result)
}

pub(super) fn remainder<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    let result = libm::remainder(x, y);
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(cx));
    }
    made(cx, result)
}

pub(super) fn pow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    let result = x.powf(y);
    if x.is_finite() && y.is_finite() {
        if result.is_nan() || result.is_infinite() && x == 0.0 {
            return Err(domain_error(cx));
        }
        if result.is_infinite() {
            return Err(range_error(cx));
        }
    }
    made(cx, result)
}

pub(super) fn fma<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    let z = must_be_real(cx, args.at(2))?;
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        return Err(cx.vm().raise_value_error("invalid operation in fma"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(cx.vm().raise_overflow_error("overflow in fma"));
    }
    made(cx, result)
}

pub(super) fn frexp<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    let (mantissa, exponent) = crate::types::float::frexp(x);
    let vm = cx.vm();
    let parts = [vm.new_float(mantissa), vm.new_int(exponent.into())];
    let value = vm.new_tuple(&parts);
    Ok(cx.local(value))
}

pub(super) fn modf<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0.0_f64.copysign(x) } else { (x - whole).copysign(x) };
    let vm = cx.vm();
    let parts = [vm.new_float(fraction), vm.new_float(whole)];
    let value = vm.new_tuple(&parts);
    Ok(cx.local(value))
}

pub(super) fn ldexp<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    let exponent = args.at(1).value();
    if !cx.vm().is_any_int(exponent) {
        return Err(cx.vm().raise_type_error("Expected an int as second argument to ldexp."));
    }
    let limit = if int::is_negative(exponent) { i64::MIN } else { i64::MAX };
    let exponent = cx.vm().int_of(exponent).unwrap_or(limit);
    if x == 0.0 || !x.is_finite() {
        return made(cx, x);
    }
    let result = libm::ldexp(x, exponent.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
    if result.is_infinite() {
        return Err(range_error(cx));
    }
    made(cx, result)
}

fn tolerance(cx: &mut Cx, argument: Option<Handle<'_>>, default: f64) -> Result<f64, Raised> {
    argument.map_or(Ok(default), |argument| must_be_real(cx, argument))
}

pub(super) fn isclose<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = two(cx, args)?;
    let relative = tolerance(cx, args.opt(2), 1e-9)?;
    let absolute = tolerance(cx, args.opt(3), 0.0)?;
    if relative < 0.0 || absolute < 0.0 {
        return Err(cx.vm().raise_value_error("tolerances must be non-negative"));
    }
    if a == b || a.is_infinite() || b.is_infinite() {
        return Ok(cx.bool(a == b));
    }
    let difference = (b - a).abs();
    let close =
        difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute;
    Ok(cx.bool(close))
}

/// The float's place in the order of all floats.
fn ordinal(float: f64) -> i64 {
    let bits = float.to_bits() as i64;
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn from_ordinal(ordinal: i64) -> f64 {
    let bits = if ordinal < 0 { i64::MIN.wrapping_sub(ordinal) } else { ordinal };
    f64::from_bits(bits as u64)
}

pub(super) fn nextafter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (x, y) = two(cx, args)?;
    let steps = match args.some(2) {
        Some(steps) => {
            let index = cx.index_value(steps)?;
            if int::is_negative(index) {
                return Err(cx.vm().raise_value_error("steps must be a non-negative integer"));
            }
            cx.vm().int_of(index).unwrap_or(i64::MAX)
        }
        None => 1,
    };
    if x.is_nan() || y.is_nan() {
        return made(cx, if x.is_nan() { x } else { y });
    }
    if steps == 0 {
        return made(cx, x);
    }
    if x == y {
        return made(cx, y);
    }
    let (from, to) = (i128::from(ordinal(x)), i128::from(ordinal(y)));
    if (to - from).abs() <= i128::from(steps) {
        return made(cx, y);
    }
    let moved = from + i128::from(steps) * (to - from).signum();
    let result = from_ordinal(moved as i64);
    // Steps towards negative zero and beyond keep its sign.
    let result = if result == 0.0 && from < 0 { -0.0 } else { result };
    made(cx, result)
}

pub(super) fn ulp<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?.abs();
    if !x.is_finite() {
        return made(cx, x);
    }
    let above = from_ordinal(ordinal(x) + 1);
    if above.is_infinite() {
        return made(cx, x - from_ordinal(ordinal(x) - 1));
    }
    made(cx, above - x)
}
