//! `math`.

mod floats;
mod gamma;
mod integers;
mod libm;
mod sums;

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::types::float::must_be_real;
use crate::types::{float, int};
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("acos", "x, /", acos),
    NativeDef::new("acosh", "x, /", acosh),
    NativeDef::new("asin", "x, /", asin),
    NativeDef::new("asinh", "x, /", asinh),
    NativeDef::new("atan", "x, /", atan),
    NativeDef::new("atan2", "y, x, /", atan2),
    NativeDef::new("atanh", "x, /", atanh),
    NativeDef::new("cbrt", "x, /", cbrt),
    NativeDef::new("ceil", "x, /", ceil),
    NativeDef::new("comb", "n, k, /", integers::comb),
    NativeDef::new("copysign", "x, y, /", floats::copysign),
    NativeDef::new("cos", "x, /", cos),
    NativeDef::new("cosh", "x, /", cosh),
    NativeDef::new("degrees", "x, /", floats::degrees),
    NativeDef::new("dist", "p, q, /", sums::dist),
    NativeDef::new("erf", "x, /", erf),
    NativeDef::new("erfc", "x, /", erfc),
    NativeDef::new("exp", "x, /", exp),
    NativeDef::new("exp2", "x, /", exp2),
    NativeDef::new("expm1", "x, /", expm1),
    NativeDef::new("fabs", "x, /", fabs),
    NativeDef::new("factorial", "n, /", integers::factorial),
    NativeDef::new("floor", "x, /", floor),
    NativeDef::new("fma", "x, y, z, /", floats::fma),
    NativeDef::new("fmod", "x, y, /", floats::fmod),
    NativeDef::new("frexp", "x, /", floats::frexp),
    NativeDef::new("fsum", "seq, /", sums::fsum),
    NativeDef::new("gamma", "x, /", gamma_function),
    NativeDef::new("gcd", "*integers", integers::gcd),
    NativeDef::new("hypot", "*coordinates", sums::hypot),
    NativeDef::new("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", floats::isclose),
    NativeDef::new("isfinite", "x, /", floats::isfinite),
    NativeDef::new("isinf", "x, /", floats::isinf),
    NativeDef::new("isnan", "x, /", floats::isnan),
    NativeDef::new("isqrt", "n, /", integers::isqrt),
    NativeDef::new("lcm", "*integers", integers::lcm),
    NativeDef::new("ldexp", "x, i, /", floats::ldexp),
    NativeDef::new("lgamma", "x, /", lgamma),
    NativeDef::new("log", "x, base=None, /", log),
    NativeDef::new("log10", "x, /", log10),
    NativeDef::new("log1p", "x, /", log1p),
    NativeDef::new("log2", "x, /", log2),
    NativeDef::new("modf", "x, /", floats::modf),
    NativeDef::new("nextafter", "x, y, /, *, steps=None", floats::nextafter),
    NativeDef::new("perm", "n, k=None, /", integers::perm),
    NativeDef::new("pow", "x, y, /", floats::pow),
    NativeDef::new("prod", "iterable, /, *, start=1", sums::prod),
    NativeDef::new("radians", "x, /", floats::radians),
    NativeDef::new("remainder", "x, y, /", floats::remainder),
    NativeDef::new("sin", "x, /", sin),
    NativeDef::new("sinh", "x, /", sinh),
    NativeDef::new("sqrt", "x, /", sqrt),
    NativeDef::new("sumprod", "p, q, /", sums::sumprod),
    NativeDef::new("tan", "x, /", tan),
    NativeDef::new("tanh", "x, /", tanh),
    NativeDef::new("trunc", "x, /", trunc),
    NativeDef::new("ulp", "x, /", floats::ulp),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    for (name, float) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        let value = vm.new_float(float);
        super::set(vm, dict, name, value);
    }
}

/// A float as a result.
fn made(cx: &Cx, float: f64) -> Res<'_> {
    let value = cx.vm().new_float(float);
    Ok(cx.local(value))
}

fn domain_error(cx: &Cx) -> Raised {
    cx.vm().raise_value_error("math domain error")
}

fn range_error(cx: &Cx) -> Raised {
    cx.vm().raise_overflow_error("math range error")
}

/// Applies a function of one float: a result that is no number of one that is, or an infinite one of a finite one, is
/// an error.
fn unary<'a>(cx: &'a mut Cx, args: Args<'_>, function: fn(f64) -> f64, can_overflow: bool) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    let result = function(x);
    if result.is_nan() && !x.is_nan() {
        return Err(domain_error(cx));
    }
    if result.is_infinite() && x.is_finite() {
        return Err(if can_overflow { range_error(cx) } else { domain_error(cx) });
    }
    made(cx, result)
}

macro_rules! unary_functions {
    ($($name:ident $function:expr, $can_overflow:literal;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            unary(cx, args, $function, $can_overflow)
        }
    )*};
}
unary_functions! {
    acos f64::acos, false;
    acosh libm::acosh, false;
    asin f64::asin, false;
    asinh libm::asinh, false;
    atan f64::atan, false;
    atanh libm::atanh, false;
    cbrt f64::cbrt, false;
    cos f64::cos, false;
    cosh f64::cosh, true;
    erf libm::erf, false;
    erfc libm::erfc, false;
    exp f64::exp, true;
    exp2 f64::exp2, true;
    expm1 f64::exp_m1, true;
    fabs f64::abs, false;
    log1p f64::ln_1p, false;
    sin f64::sin, false;
    sinh f64::sinh, true;
    sqrt f64::sqrt, false;
    tan f64::tan, false;
    tanh f64::tanh, false;
}

fn gamma_function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    match gamma::gamma(x) {
        Ok(result) => made(cx, result),
        Err(fault) => Err(fault_error(cx, fault)),
    }
}

fn lgamma<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let x = must_be_real(cx, args.at(0))?;
    match gamma::ln_gamma(x) {
        Ok(result) => made(cx, result),
        Err(fault) => Err(fault_error(cx, fault)),
    }
}

fn fault_error(cx: &Cx, fault: gamma::Fault) -> Raised {
    match fault {
        gamma::Fault::Domain => domain_error(cx),
        gamma::Fault::Range => range_error(cx),
    }
}

fn atan2<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (y, x) = (must_be_real(cx, args.at(0))?, must_be_real(cx, args.at(1))?);
    made(cx, y.atan2(x))
}

// ---- logarithms -----------------------------------------------------------------------------------------------------

/// The logarithm of a number; ints may be greater than any float.
fn logarithm(cx: &mut Cx, x: Handle<'_>, function: fn(f64) -> f64) -> Result<f64, Raised> {
    if cx.vm().is_any_int(x.value()) {
        let big = int::to_big(x.value());
        if big.sign() != num_bigint::Sign::Plus {
            return Err(domain_error(cx));
        }
        let bits = big.bits();
        if bits > 1023 {
            // Mantissa and exponent apart: the logarithm of a product.
            let shifted: num_bigint::BigInt = big >> (bits - 64);
            let mantissa = int::divide_to_float(&shifted, &num_bigint::BigInt::from(1_u128 << 64));
            let mantissa = mantissa.expect("between a half and one");
            return Ok(function(2.0) * bits as f64 + function(mantissa));
        }
        return Ok(function(int::to_f64(cx.vm(), x.value())?));
    }
    let float = must_be_real(cx, x)?;
    if float <= 0.0 {
        return Err(domain_error(cx));
    }
    Ok(function(float))
}

fn log<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let numerator = logarithm(cx, args.at(0), f64::ln)?;
    let Some(base) = args.opt(1) else { return made(cx, numerator) };
    let denominator = logarithm(cx, base, f64::ln)?;
    if denominator == 0.0 {
        return Err(cx.vm().raise_zero_division_error("float division by zero"));
    }
    made(cx, numerator / denominator)
}

fn log2<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = logarithm(cx, args.at(0), f64::log2)?;
    made(cx, result)
}

fn log10<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = logarithm(cx, args.at(0), f64::log10)?;
    made(cx, result)
}

// ---- integers of floats ---------------------------------------------------------------------------------------------

fn rounded<'a>(cx: &'a mut Cx, x: Handle<'_>, method: Value, round: fn(f64) -> f64) -> Res<'a> {
    let vm = cx.vm();
    if x.value().is_int() {
        return Ok(cx.local(x.value()));
    }
    let exact_float = vm.float_of(x.value()).filter(|_| vm.is_exact(x.value()));
    if exact_float.is_none()
        && let Some(result) = cx.call_special(x, method, &[])?
    {
        return Ok(cx.local(result.value()));
    }
    let float = match exact_float {
        Some(float) => float,
        None => must_be_real(cx, x)?,
    };
    let value = float::to_int(cx.vm(), round(float))?;
    Ok(cx.local(value))
}

fn floor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let method = cx.vm().names.__floor__;
    rounded(cx, args.at(0), method, f64::floor)
}

fn ceil<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let method = cx.vm().names.__ceil__;
    rounded(cx, args.at(0), method, f64::ceil)
}

fn trunc<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.__trunc__;
    match cx.call_special(args.at(0), name, &[])? {
        Some(result) => Ok(cx.local(result.value())),
        None => {
            let ty = cx.vm().type_name_of(args.at(0).value());
            Err(cx.vm().raise_type_error(&format!("type {ty} doesn't define __trunc__ method")))
        }
    }
}
