//! `cmath`: functions of complex numbers, by the formulas that CPython uses, so that the last digits agree.
//!
//! For infinities and what is no number the C library's functions of the same names answer: both follow annex G of C's
//! standard.

#![expect(unsafe_code, reason = "functions of the C library")]

use std::f64::consts::{FRAC_PI_2, LN_2, LN_10, PI};

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::types::complex::{Parts, parts_of};
use crate::value::Value;
use crate::vm::Vm;

mod c {
    /// C's `double complex`: both parts in registers, as a structure of two is passed.
    #[repr(C)]
    #[derive(Clone, Copy)]
    pub(super) struct Complex {
        pub(super) real: f64,
        pub(super) imag: f64,
    }

    // SAFETY: these are C's functions of these names and types; they have no preconditions.
    unsafe extern "C" {
        pub(super) safe fn cacos(z: Complex) -> Complex;
        pub(super) safe fn cacosh(z: Complex) -> Complex;
        pub(super) safe fn casinh(z: Complex) -> Complex;
        pub(super) safe fn catanh(z: Complex) -> Complex;
        pub(super) safe fn ccosh(z: Complex) -> Complex;
        pub(super) safe fn cexp(z: Complex) -> Complex;
        pub(super) safe fn clog(z: Complex) -> Complex;
        pub(super) safe fn csinh(z: Complex) -> Complex;
        pub(super) safe fn csqrt(z: Complex) -> Complex;
        pub(super) safe fn ctanh(z: Complex) -> Complex;
        pub(super) safe fn asinh(x: f64) -> f64;
    }
}

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("acos", "z, /", acos),
    NativeDef::new("acosh", "z, /", acosh),
    NativeDef::new("asin", "z, /", asin),
    NativeDef::new("asinh", "z, /", asinh),
    NativeDef::new("atan", "z, /", atan),
    NativeDef::new("atanh", "z, /", atanh),
    NativeDef::new("cos", "z, /", cos),
    NativeDef::new("cosh", "z, /", cosh),
    NativeDef::new("exp", "z, /", exp),
    NativeDef::new("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", isclose),
    NativeDef::new("isfinite", "z, /", isfinite),
    NativeDef::new("isinf", "z, /", isinf),
    NativeDef::new("isnan", "z, /", isnan),
    NativeDef::new("log", "z, base=<unrepresentable>, /", log),
    NativeDef::new("log10", "z, /", log10),
    NativeDef::new("phase", "z, /", phase),
    NativeDef::new("polar", "z, /", polar),
    NativeDef::new("rect", "r, phi, /", rect),
    NativeDef::new("sin", "z, /", sin),
    NativeDef::new("sinh", "z, /", sinh),
    NativeDef::new("sqrt", "z, /", sqrt),
    NativeDef::new("tan", "z, /", tan),
    NativeDef::new("tanh", "z, /", tanh),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    for (name, value) in
        [("pi", PI), ("e", std::f64::consts::E), ("tau", 2.0 * PI), ("inf", inf), ("nan", nan)]
    {
        let value = vm.new_float(value);
        super::set(vm, dict, name, value);
    }
    for (name, value) in [("infj", inf), ("nanj", nan)] {
        let value = vm.new_complex(0.0, value);
        super::set(vm, dict, name, value);
    }
}

/// A function has no value at a place.
struct Domain;

/// What a function gives.
type Answer = Result<Parts, Domain>;

const LARGE: f64 = f64::MAX / 4.0;
/// The logarithm of [`LARGE`].
const LOG_LARGE: f64 = 708.396_418_532_264_1;

fn is_finite((real, imag): Parts) -> bool {
    real.is_finite() && imag.is_finite()
}

fn by_c(function: extern "C" fn(c::Complex) -> c::Complex, (real, imag): Parts) -> Parts {
    let result = function(c::Complex { real, imag });
    (result.real, result.imag)
}

/// `z * i`.
fn turned((real, imag): Parts) -> Parts {
    (-imag, real)
}

/// `z / i`.
fn turned_back((real, imag): Parts) -> Parts {
    (imag, -real)
}

/// The logarithm of the absolute value of a large number.
fn log_of_large(real: f64, imag: f64) -> f64 {
    (real / 2.0).hypot(imag / 2.0).ln() + LN_2 * 2.0
}

fn is_large((real, imag): Parts) -> bool {
    real.abs() > LARGE || imag.abs() > LARGE
}

fn c_sqrt(z: Parts) -> Parts {
    let (real, imag) = z;
    if !is_finite(z) {
        return by_c(c::csqrt, z);
    }
    if real == 0.0 && imag == 0.0 {
        return (0.0, imag);
    }
    let (ax, ay) = (real.abs(), imag.abs());
    let s = if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let (up, down) = (53_f64.exp2(), (-27_f64).exp2());
        let ax = ax * up;
        (ax + ax.hypot(ay * up)).sqrt() * down
    } else {
        let ax = ax / 8.0;
        2.0 * (ax + ax.hypot(ay / 8.0)).sqrt()
    };
    let d = ay / (2.0 * s);
    if real >= 0.0 { (s, d.copysign(imag)) } else { (d, s.copysign(imag)) }
}

fn c_acos(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        return Ok(by_c(c::cacos, z));
    }
    if is_large(z) {
        let log = log_of_large(real, imag);
        let imag_part = if real < 0.0 { -log.copysign(imag) } else { log.copysign(-imag) };
        return Ok((imag.abs().atan2(real), imag_part));
    }
    let (s1, s2) = (c_sqrt((1.0 - real, -imag)), c_sqrt((1.0 + real, imag)));
    Ok((2.0 * s1.0.atan2(s2.0), c::asinh(s2.0 * s1.1 - s2.1 * s1.0)))
}

fn c_acosh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        return Ok(by_c(c::cacosh, z));
    }
    if is_large(z) {
        return Ok((log_of_large(real, imag), imag.atan2(real)));
    }
    let (s1, s2) = (c_sqrt((real - 1.0, imag)), c_sqrt((real + 1.0, imag)));
    Ok((c::asinh(s1.0 * s2.0 + s1.1 * s2.1), 2.0 * s1.1.atan2(s2.0)))
}

fn c_asinh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        return Ok(by_c(c::casinh, z));
    }
    if is_large(z) {
        let log = log_of_large(real, imag);
        let real_part = if imag >= 0.0 { log.copysign(real) } else { -log.copysign(-real) };
        return Ok((real_part, imag.atan2(real.abs())));
    }
    let (s1, s2) = (c_sqrt((1.0 + imag, -real)), c_sqrt((1.0 - imag, real)));
    Ok((c::asinh(s1.0 * s2.1 - s2.0 * s1.1), imag.atan2(s1.0 * s2.0 - s1.1 * s2.1)))
}

fn c_asin(z: Parts) -> Answer {
    c_asinh(turned(z)).map(turned_back)
}

fn c_atanh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        return Ok(by_c(c::catanh, z));
    }
    if real.is_sign_negative() {
        return c_atanh((-real, -imag)).map(|(real, imag)| (-real, -imag));
    }
    let ay = imag.abs();
    if real > LARGE.sqrt() || ay > LARGE.sqrt() {
        let h = (real / 2.0).hypot(ay / 2.0);
        return Ok((real / 4.0 / h / h, -FRAC_PI_2.copysign(-imag)));
    }
    if real == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(Domain);
        }
        let real_part = -(ay.sqrt() / ay.hypot(2.0).sqrt()).ln();
        return Ok((real_part, (2_f64.atan2(-ay) / 2.0).copysign(imag)));
    }
    let away = 1.0 - real;
    let real_part = (4.0 * real / (away * away + ay * ay)).ln_1p() / 4.0;
    Ok((real_part, -(-2.0 * imag).atan2(away * (1.0 + real) - ay * ay) / 2.0))
}

fn c_atan(z: Parts) -> Answer {
    c_atanh(turned(z)).map(turned_back)
}

/// Functions of period `2πi` have no value where the imaginary part is infinite, unless the real part says enough.
fn check_imaginary((real, imag): Parts) -> Result<(), Domain> {
    let has_no_value = imag.is_infinite() && (real.is_finite() || real == f64::INFINITY);
    if has_no_value { Err(Domain) } else { Ok(()) }
}

fn check_hyperbolic((real, imag): Parts) -> Result<(), Domain> {
    if imag.is_infinite() && !real.is_nan() { Err(Domain) } else { Ok(()) }
}

fn c_cosh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        check_hyperbolic(z)?;
        return Ok(by_c(c::ccosh, z));
    }
    if real.abs() > LOG_LARGE {
        let less = real - 1_f64.copysign(real);
        let e = std::f64::consts::E;
        return Ok((imag.cos() * less.cosh() * e, imag.sin() * less.sinh() * e));
    }
    Ok((imag.cos() * real.cosh(), imag.sin() * real.sinh()))
}

fn c_sinh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        check_hyperbolic(z)?;
        return Ok(by_c(c::csinh, z));
    }
    if real.abs() > LOG_LARGE {
        let less = real - 1_f64.copysign(real);
        let e = std::f64::consts::E;
        return Ok((imag.cos() * less.sinh() * e, imag.sin() * less.cosh() * e));
    }
    Ok((imag.cos() * real.sinh(), imag.sin() * real.cosh()))
}

fn c_tanh(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        if imag.is_infinite() && real.is_finite() {
            return Err(Domain);
        }
        if imag.is_nan() && real.is_finite() {
            return Ok((f64::NAN, f64::NAN));
        }
        return Ok(by_c(c::ctanh, z));
    }
    if real.abs() > LOG_LARGE {
        let imag_part = 4.0 * imag.sin() * imag.cos() * (-2.0 * real.abs()).exp();
        return Ok((1_f64.copysign(real), imag_part));
    }
    let (tx, ty, cx) = (real.tanh(), imag.tan(), 1.0 / real.cosh());
    let both = tx * ty;
    let denominator = 1.0 + both * both;
    Ok((tx * (1.0 + ty * ty) / denominator, ty / denominator * cx * cx))
}

fn c_exp(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        check_imaginary(z)?;
        return Ok(by_c(c::cexp, z));
    }
    let (size, more) =
        if real > LOG_LARGE { ((real - 1.0).exp(), std::f64::consts::E) } else { (real.exp(), 1.0) };
    Ok((size * imag.cos() * more, size * imag.sin() * more))
}

fn c_log(z: Parts) -> Answer {
    let (real, imag) = z;
    if !is_finite(z) {
        return Ok(by_c(c::clog, z));
    }
    let (ax, ay) = (real.abs(), imag.abs());
    let size = if ax > LARGE || ay > LARGE {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        if ax == 0.0 && ay == 0.0 {
            return Err(Domain);
        }
        let up = 53_f64.exp2();
        (ax * up).hypot(ay * up).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        if (0.71..=1.73).contains(&h) {
            let (more, less) = (ax.max(ay), ax.min(ay));
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    Ok((size, imag.atan2(real)))
}

// ---- arguments and results -------------------------------------------------------------------------------------------

/// A complex argument: a number, or what `__complex__` or `__float__` gives.
fn argument(cx: &mut Cx, value: Handle<'_>) -> Result<Parts, Raised> {
    if let Some(parts) = parts_of(value.value()) {
        return Ok(parts);
    }
    if !cx.vm().is_any_int(value.value()) && cx.vm().float_of(value.value()).is_none() {
        let name = cx.vm().intern("__complex__");
        if let Some(result) = cx.call_special(value, name, &[])? {
            if let Some(parts) = parts_of(result.value()) {
                return Ok(parts);
            }
            let ty = cx.vm().type_name_of(value.value());
            let got = cx.vm().type_name_of(result.value());
            let message = format!("{ty}.__complex__() must return a complex, not {got}");
            return Err(cx.vm().raise_type_error(&message));
        }
    }
    Ok((cx.real(value)?, 0.0))
}

fn answered(cx: &Cx, given: Parts, answer: &Answer) -> Result<Parts, Raised> {
    let &Ok(parts) = answer else { return Err(cx.vm().raise_value_error("math domain error")) };
    let overflows = is_finite(given) && (parts.0.is_infinite() || parts.1.is_infinite());
    if overflows {
        return Err(cx.vm().raise_overflow_error("math range error"));
    }
    Ok(parts)
}

fn apply<'a>(cx: &'a mut Cx, args: Args<'_>, function: fn(Parts) -> Answer) -> Res<'a> {
    let z = argument(cx, args.at(0))?;
    let (real, imag) = answered(cx, z, &function(z))?;
    let result = cx.vm().new_complex(real, imag);
    Ok(cx.local(result))
}

macro_rules! functions {
    ($($name:ident $function:expr;)*) => {
        $(
            fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
                apply(cx, args, $function)
            }
        )*
    };
}
functions! {
    acos c_acos;
    acosh c_acosh;
    asin c_asin;
    asinh c_asinh;
    atan c_atan;
    atanh c_atanh;
    cos |z| c_cosh(turned(z));
    cosh c_cosh;
    exp c_exp;
    log10 |z| c_log(z).map(|(real, imag)| (real / LN_10, imag / LN_10));
    sin |z| c_sinh(turned(z)).map(turned_back);
    sinh c_sinh;
    sqrt |z| Ok(c_sqrt(z));
    tan |z| c_tanh(turned(z)).map(turned_back);
    tanh c_tanh;
}

fn log<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let z = argument(cx, args.at(0))?;
    let log = answered(cx, z, &c_log(z))?;
    let log = cx.vm().new_complex(log.0, log.1);
    let Some(base) = args.opt(1) else { return Ok(cx.local(log)) };
    let log = cx.root_value(log);
    let base = argument(cx, base)?;
    let base = answered(cx, base, &c_log(base))?;
    let base = cx.vm().new_complex(base.0, base.1);
    let base = cx.root_value(base);
    let result = cx.binary(bytecode::BinOp::TrueDivide, log.handle(), base.handle())?;
    Ok(result.get(cx))
}

fn phase<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = argument(cx, args.at(0))?;
    let phase = cx.vm().new_float(imag.atan2(real));
    Ok(cx.local(phase))
}

fn polar<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let z = argument(cx, args.at(0))?;
    let size = z.0.hypot(z.1);
    if size.is_infinite() && is_finite(z) {
        return Err(cx.vm().raise_overflow_error("math range error"));
    }
    let vm = cx.vm();
    let (size, phase) = (vm.new_float(size), vm.new_float(z.1.atan2(z.0)));
    let pair = vm.new_tuple(&[size, phase]);
    Ok(cx.local(pair))
}

fn rect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (size, phase) = (cx.real(args.at(0))?, cx.real(args.at(1))?);
    if phase.is_infinite() && size != 0.0 && !size.is_nan() {
        return Err(cx.vm().raise_value_error("math domain error"));
    }
    let (real, imag) = if phase == 0.0 && size.is_infinite() {
        (size, phase.copysign(phase.signum() * size))
    } else if phase == 0.0 {
        (size, size * phase)
    } else if size == 0.0 && phase.is_infinite() {
        (0.0, 0.0)
    } else {
        (size * phase.cos(), size * phase.sin())
    };
    let result = cx.vm().new_complex(real, imag);
    Ok(cx.local(result))
}

fn isfinite<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let z = argument(cx, args.at(0))?;
    Ok(cx.bool(is_finite(z)))
}

fn isinf<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = argument(cx, args.at(0))?;
    Ok(cx.bool(real.is_infinite() || imag.is_infinite()))
}

fn isnan<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (real, imag) = argument(cx, args.at(0))?;
    Ok(cx.bool(real.is_nan() || imag.is_nan()))
}

fn isclose<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (argument(cx, args.at(0))?, argument(cx, args.at(1))?);
    let relative = args.opt(2).map_or(Ok(1e-9), |value| cx.real(value))?;
    let absolute = args.opt(3).map_or(Ok(0.0), |value| cx.real(value))?;
    if relative < 0.0 || absolute < 0.0 {
        return Err(cx.vm().raise_value_error("tolerances must be non-negative"));
    }
    if a.0 == b.0 && a.1 == b.1 {
        return Ok(cx.bool(true));
    }
    let is_infinite = |z: Parts| z.0.is_infinite() || z.1.is_infinite();
    if is_infinite(a) || is_infinite(b) {
        return Ok(cx.bool(false));
    }
    let difference = (a.0 - b.0).hypot(a.1 - b.1);
    let close = difference <= relative * b.0.hypot(b.1)
        || difference <= relative * a.0.hypot(a.1)
        || difference <= absolute;
    Ok(cx.bool(close))
}
