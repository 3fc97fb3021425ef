//! The methods of `float`.

use bytecode::{BinOp, CompareOp};
use num_bigint::BigInt;

use super::hex::HexError;
use super::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::types::int;
use crate::types::new::{check_class, of_class};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, x=0, /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash_of),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__bool__", "$self, /", truth),
    NativeDef::new("__int__", "$self, /", truncate),
    NativeDef::new("__float__", "$self, /", itself),
    NativeDef::new("__trunc__", "$self, /", truncate),
    NativeDef::new("__floor__", "$self, /", floor),
    NativeDef::new("__ceil__", "$self, /", ceil),
    NativeDef::new("__round__", "$self, ndigits=None, /", round_to),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
    NativeDef::class("__getformat__", "$type, typestr, /", getformat),
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
    NativeDef::new("__floordiv__", "$self, value, /", floordiv),
    NativeDef::new("__rfloordiv__", "$self, value, /", rfloordiv),
    NativeDef::new("__mod__", "$self, value, /", modulo),
    NativeDef::new("__rmod__", "$self, value, /", rmodulo),
    NativeDef::new("__divmod__", "$self, value, /", divmod),
    NativeDef::new("__rdivmod__", "$self, value, /", rdivmod),
    NativeDef::new("__pow__", "$self, value, mod=None, /", pow),
    NativeDef::new("__rpow__", "$self, value, mod=None, /", rpow),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("conjugate", "$self, /", itself),
    NativeDef::new("as_integer_ratio", "$self, /", as_integer_ratio),
    NativeDef::new("is_integer", "$self, /", is_integer),
    NativeDef::new("hex", "$self, /", to_hex),
    NativeDef::class("fromhex", "$type, string, /", fromhex),
    NativeDef::getter("real", itself),
    NativeDef::getter("imag", zero),
];

/// The number of `self`.
fn this(cx: &Cx, args: Args<'_>) -> f64 {
    cx.vm().float_of(args.at(0).value()).expect("self is a float")
}

fn made(cx: &Cx, float: f64) -> Res<'_> {
    let value = cx.vm().new_float(float);
    Ok(cx.local(value))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, ty) = (args.at(0), cx.vm().types.float);
    check_class(cx, class, ty)?;
    let float = match args.opt(1) {
        Some(x) => from_number(cx, x)?,
        None => 0.0,
    };
    in_class(cx, class, float)
}

fn in_class<'a>(cx: &'a Cx, class: Handle<'_>, float: f64) -> Res<'a> {
    let ty = cx.vm().types.float;
    if class.value() == ty {
        return made(cx, float);
    }
    let cell = cx.vm().boxed_float(float);
    of_class(cx, class, ty, cell)
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().float_repr(this(cx, args));
    Ok(cx.local(value))
}

fn hash_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = this(cx, args);
    let hash =
        if float.is_nan() { crate::types::type_type::hash_identity(args.at(0).value()) } else { hash(float) };
    let value = cx.vm().new_int(hash as i64);
    Ok(cx.local(value))
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (value, spec) = (args.at(0), args.at(1));
    crate::types::check_format_spec(cx, spec)?;
    if cx.vm().units(spec.value()).is_empty() {
        let text = cx.str(value)?;
        return Ok(cx.local(text.value()));
    }
    let text = crate::format::float::format(cx.vm(), value.value(), spec.value())?;
    Ok(cx.local(text))
}

fn truth<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(this(cx, args) != 0.0))
}

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if cx.vm().is_exact(args.at(0).value()) {
        return Ok(cx.local(args.at(0).value()));
    }
    made(cx, this(cx, args))
}

fn zero<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    made(cx, 0.0)
}

fn integer(cx: &Cx, float: f64) -> Res<'_> {
    let value = to_int(cx.vm(), float)?;
    Ok(cx.local(value))
}

fn truncate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    integer(cx, this(cx, args))
}

fn floor<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    integer(cx, this(cx, args).floor())
}

fn ceil<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    integer(cx, this(cx, args).ceil())
}

fn round_to<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = this(cx, args);
    let Some(ndigits) = args.some(1) else { return integer(cx, round::half_even(float)) };
    let ndigits = cx.index_clamped(ndigits)?;
    if !float.is_finite() {
        return made(cx, float);
    }
    match round::to_digits(float, ndigits) {
        Some(rounded) => made(cx, rounded),
        None => Err(cx.vm().raise_overflow_error("rounded value too large to represent")),
    }
}

fn getnewargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = this(cx, args);
    let vm = cx.vm();
    let float = vm.new_float(float);
    let value = vm.new_tuple(&[float]);
    Ok(cx.local(value))
}

fn getformat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (vm, kind) = (cx.vm(), args.at(1).value());
    if !kind.is_kind(Kind::Str) {
        let message = format!("__getformat__() argument must be str, not {}", vm.type_name_of(kind));
        return Err(vm.raise_type_error(&message));
    }
    if !vm.str_is(kind, "double") && !vm.str_is(kind, "float") {
        return Err(vm.raise_value_error("__getformat__() argument 1 must be 'double' or 'float'"));
    }
    let order = if cfg!(target_endian = "little") { "IEEE, little-endian" } else { "IEEE, big-endian" };
    let value = vm.new_str(order);
    Ok(cx.local(value))
}

fn neg<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made(cx, -this(cx, args))
}

fn abs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    made(cx, this(cx, args).abs())
}

// ---- binary operators -----------------------------------------------------------------------------------------------

/// The float of an operand; `None` if it is neither float nor int.
fn operand(cx: &Cx, value: Handle<'_>) -> Result<Option<f64>, Raised> {
    let vm = cx.vm();
    if let Some(float) = vm.float_of(value.value()) {
        return Ok(Some(float));
    }
    if vm.is_any_int(value.value()) {
        return int::to_f64(vm, value.value()).map(Some);
    }
    Ok(None)
}

fn operate<'a>(cx: &'a mut Cx, op: BinOp, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    let (Some(x), Some(y)) = (operand(cx, a)?, operand(cx, b)?) else { return Ok(cx.not_implemented()) };
    match binary(cx.vm(), op, x, y) {
        Some(result) => result.map(|value| cx.local(value)),
        None => {
            let value = crate::types::complex::power(cx.vm(), (x, 0.0), (y, 0.0))?;
            Ok(cx.local(value))
        }
    }
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
operators! {
    add radd Add;
    sub rsub Subtract;
    mul rmul Multiply;
    truediv rtruediv TrueDivide;
    floordiv rfloordiv FloorDivide;
    modulo rmodulo Remainder;
}

fn divmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    divide(cx, args.at(0), args.at(1))
}

fn rdivmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    divide(cx, args.at(1), args.at(0))
}

fn divide<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    let (Some(x), Some(y)) = (operand(cx, a)?, operand(cx, b)?) else { return Ok(cx.not_implemented()) };
    let vm = cx.vm();
    if y == 0.0 {
        return Err(vm.raise_zero_division_error("float divmod()"));
    }
    let (quotient, rest) = div_mod(x, y);
    let (quotient, rest) = (vm.new_float(quotient), vm.new_float(rest));
    let value = vm.new_tuple(&[quotient, rest]);
    Ok(cx.local(value))
}

fn pow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    power_of(cx, args.at(0), args.at(1), args.some(2))
}

fn rpow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    power_of(cx, args.at(1), args.at(0), args.some(2))
}

fn power_of<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>, modulus: Option<Handle<'_>>) -> Res<'a> {
    if modulus.is_some() {
        let message = "pow() 3rd argument not allowed unless all arguments are integers";
        return Err(cx.vm().raise_type_error(message));
    }
    operate(cx, BinOp::Power, a, b)
}

// ---- comparisons ----------------------------------------------------------------------------------------------------

fn compare_as<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (float, other) = (this(cx, args), args.at(1).value());
    let vm = cx.vm();
    let ordering = if let Some(other) = vm.float_of(other) {
        float.partial_cmp(&other)
    } else if vm.is_any_int(other) {
        compare_with_int(float, other)
    } else {
        return Ok(cx.not_implemented());
    };
    Ok(cx.bool(match ordering {
        Some(ordering) => crate::ops::holds(op, ordering),
        None => op == CompareOp::Ne,
    }))
}

macro_rules! comparisons {
    ($($name:ident $op:ident;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            compare_as(cx, args, CompareOp::$op)
        }
    )*};
}
comparisons! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }

// ---- others ---------------------------------------------------------------------------------------------------------

fn is_integer<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = this(cx, args);
    Ok(cx.bool(float.is_finite() && float == float.floor()))
}

fn as_integer_ratio<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let float = this(cx, args);
    let vm = cx.vm();
    if float.is_nan() {
        return Err(vm.raise_value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(vm.raise_overflow_error("cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = frexp(float);
    // The mantissa has 53 bits; those at its end that are zero belong to the exponent.
    let mut numerator = (mantissa * 9_007_199_254_740_992.0) as i64;
    let mut exponent = exponent - 53;
    let zeros = if numerator == 0 { 0 } else { numerator.trailing_zeros() };
    numerator >>= zeros;
    exponent = if numerator == 0 { 0 } else { exponent + zeros as i32 };
    let (numerator, denominator) = if exponent >= 0 {
        (BigInt::from(numerator) << exponent as u32, BigInt::from(1))
    } else {
        (BigInt::from(numerator), BigInt::from(1) << exponent.unsigned_abs())
    };
    let pair = [int::from_big(vm, &numerator)?, int::from_big(vm, &denominator)?];
    let value = vm.new_tuple(&pair);
    Ok(cx.local(value))
}

fn to_hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().new_str(&hex::to_hex(this(cx, args)));
    Ok(cx.local(value))
}

fn fromhex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, text) = (args.at(0), args.at(1).value());
    if !text.is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("bad argument type for built-in operation"));
    }
    let text = cx.vm().str_lossy(text);
    let float = match hex::from_hex(text.as_bytes()) {
        Ok(float) => float,
        Err(HexError::Malformed) => {
            return Err(cx.vm().raise_value_error("invalid hexadecimal floating-point string"));
        }
        Err(HexError::TooLarge) => {
            let message = "hexadecimal value too large to represent as a float";
            return Err(cx.vm().raise_overflow_error(message));
        }
    };
    let value = cx.vm().new_float(float);
    if class.value() == cx.vm().types.float {
        return Ok(cx.local(value));
    }
    let value = cx.root_value(value);
    let made = cx.call(class, &[value.handle()])?;
    Ok(cx.local(made.value()))
}
