//! The methods of `int` and `bool`.

use bytecode::{BinOp, CompareOp};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::*;
use crate::cx::{Args, Res};
use crate::native::NativeDef;
use crate::types::new::{check_class, of_class};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, x=0, /, base=10", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__format__", "$self, format_spec, /", format),
    NativeDef::new("__bool__", "$self, /", truth),
    NativeDef::new("__int__", "$self, /", itself),
    NativeDef::new("__index__", "$self, /", itself),
    NativeDef::new("__float__", "$self, /", float),
    NativeDef::new("__trunc__", "$self, /", itself),
    NativeDef::new("__floor__", "$self, /", itself),
    NativeDef::new("__ceil__", "$self, /", itself),
    NativeDef::new("__round__", "$self, ndigits=None, /", round),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
    NativeDef::new("__neg__", "$self, /", neg),
    NativeDef::new("__pos__", "$self, /", itself),
    NativeDef::new("__abs__", "$self, /", abs),
    NativeDef::new("__invert__", "$self, /", invert),
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
    NativeDef::new("__lshift__", "$self, value, /", lshift),
    NativeDef::new("__rlshift__", "$self, value, /", rlshift),
    NativeDef::new("__rshift__", "$self, value, /", rshift),
    NativeDef::new("__rrshift__", "$self, value, /", rrshift),
    NativeDef::new("__and__", "$self, value, /", and),
    NativeDef::new("__rand__", "$self, value, /", rand),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__xor__", "$self, value, /", xor),
    NativeDef::new("__rxor__", "$self, value, /", rxor),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("conjugate", "$self, /", itself),
    NativeDef::new("bit_length", "$self, /", bit_length),
    NativeDef::new("bit_count", "$self, /", bit_count),
    NativeDef::new("to_bytes", "$self, /, length=1, byteorder='big', *, signed=False", bytes::to_bytes),
    NativeDef::class("from_bytes", "$type, /, bytes, byteorder='big', *, signed=False", bytes::from_bytes),
    NativeDef::new("as_integer_ratio", "$self, /", as_integer_ratio),
    NativeDef::new("is_integer", "$self, /", is_integer),
    NativeDef::getter("real", itself),
    NativeDef::getter("imag", zero),
    NativeDef::getter("numerator", itself),
    NativeDef::getter("denominator", one),
];

pub(crate) static BOOL_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, object=False, /", new_bool),
    NativeDef::new("__repr__", "$self, /", repr_bool),
    NativeDef::new("__invert__", "$self, /", invert_bool),
    NativeDef::new("__and__", "$self, value, /", and),
    NativeDef::new("__rand__", "$self, value, /", rand),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__xor__", "$self, value, /", xor),
    NativeDef::new("__rxor__", "$self, value, /", rxor),
];

// ---- construction ---------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let class = args.at(0);
    let int = cx.vm().types.int;
    check_class(cx, class, int)?;
    let value = match (args.opt(1), args.opt(2)) {
        (None, None) => Value::small(0),
        (None, Some(_)) => return Err(cx.vm().raise_type_error("int() missing string argument")),
        (Some(x), None) => from_number(cx, x)?,
        (Some(x), Some(base)) => from_text_in_base(cx, x, base)?,
    };
    if class.value() == int {
        return Ok(cx.local(value));
    }
    let cell = own_cell(cx.vm(), value)?;
    of_class(cx, class, int, cell)
}

fn from_text_in_base(cx: &mut Cx, text: Handle<'_>, base: Handle<'_>) -> Result<Value, Raised> {
    let base = cx.index_clamped(base)?;
    let Some(base) = u32::try_from(base).ok().filter(|base| *base != 1 && *base <= 36) else {
        return Err(cx.vm().raise_value_error("int() base must be >= 2 and <= 36, or 0"));
    };
    match parse::from_text_object(cx, text, base)? {
        Some(value) => Ok(value),
        None => Err(cx.vm().raise_type_error("int() can't convert non-string with explicit base")),
    }
}

fn new_bool<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().types.bool;
    check_class(cx, args.at(0), ty)?;
    let truth = match args.opt(1) {
        Some(value) => cx.truth(value)?,
        None => false,
    };
    Ok(cx.bool(truth))
}

// ---- text -----------------------------------------------------------------------------------------------------------

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let text = to_decimal(vm, args.at(0).value())?;
    let value = vm.new_str(&text);
    Ok(cx.local(value))
}

fn repr_bool<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().new_str(if args.at(0).value() == Value::TRUE { "True" } else { "False" });
    Ok(cx.local(value))
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (value, spec) = (args.at(0), args.at(1));
    crate::types::check_format_spec(cx, spec)?;
    if cx.vm().units(spec.value()).is_empty() {
        let text = cx.str(value)?;
        return Ok(cx.local(text.value()));
    }
    let text = crate::format::integer::format(cx.vm(), value.value(), spec.value())?;
    Ok(cx.local(text))
}

// ---- conversions ----------------------------------------------------------------------------------------------------

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = exact(cx.vm(), args.at(0).value());
    Ok(cx.local(value))
}

fn zero<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(0)))
}

fn one<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(1)))
}

fn is_integer<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(true))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let hash = match vm.int_of(args.at(0).value()) {
        Some(int) => crate::dict_ops::hash_int(int),
        None => hash_big(&to_big(args.at(0).value())),
    };
    let value = vm.new_int(hash as i64);
    Ok(cx.local(value))
}

fn truth<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(cx.vm().int_of(args.at(0).value()) != Some(0)))
}

fn float<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let float = to_f64(vm, args.at(0).value())?;
    let value = vm.new_float(float);
    Ok(cx.local(value))
}

fn getnewargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let int = exact(vm, args.at(0).value());
    let value = vm.new_tuple(&[int]);
    Ok(cx.local(value))
}

fn as_integer_ratio<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let int = exact(vm, args.at(0).value());
    let value = vm.new_tuple(&[int, Value::small(1)]);
    Ok(cx.local(value))
}

/// The size that CPython's int of 30-bit digits has.
fn sizeof<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let digits = to_big(args.at(0).value()).bits().div_ceil(30).max(1);
    let value = cx.vm().new_int(24 + 4 * digits as i64);
    Ok(cx.local(value))
}

fn bit_length<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let bits = match vm.int_of(args.at(0).value()) {
        Some(int) => i64::from(64 - int.unsigned_abs().leading_zeros()),
        None => to_big(args.at(0).value()).bits() as i64,
    };
    let value = vm.new_int(bits);
    Ok(cx.local(value))
}

fn bit_count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let ones = match vm.int_of(args.at(0).value()) {
        Some(int) => int.unsigned_abs().count_ones().into(),
        None => to_big(args.at(0).value()).magnitude().count_ones() as i64,
    };
    let value = vm.new_int(ones);
    Ok(cx.local(value))
}

fn round<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(ndigits) = args.opt(1) else {
        let value = exact(cx.vm(), args.at(0).value());
        return Ok(cx.local(value));
    };
    let ndigits = cx.index_value(ndigits)?;
    let vm = cx.vm();
    let int = args.at(0).value();
    if !is_negative(ndigits) {
        let value = exact(vm, int);
        return Ok(cx.local(value));
    }
    let big = to_big(int);
    let drop = to_big(ndigits).magnitude().to_u64().unwrap_or(u64::MAX);
    // Rounding away more digits than there are gives zero, by a wide margin.
    let digits = big.bits() * 3 / 10 + 2;
    if drop > digits {
        return Ok(cx.local(Value::small(0)));
    }
    let unit = num_traits::pow::pow(BigInt::from(10), drop as usize);
    let (quotient, rest) = big.div_mod_floor(&unit);
    let twice: BigInt = rest * 2;
    let up = twice > unit || twice == unit && quotient.is_odd();
    let rounded = (quotient + u8::from(up)) * unit;
    let value = from_big(vm, &rounded)?;
    Ok(cx.local(value))
}

// ---- unary operators ------------------------------------------------------------------------------------------------

fn neg<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = binary(cx.vm(), BinOp::Subtract, Value::small(0), args.at(0).value())?;
    Ok(cx.local(value))
}

fn abs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if is_negative(args.at(0).value()) { neg(cx, args) } else { itself(cx, args) }
}

fn invert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = binary(cx.vm(), BinOp::Subtract, Value::small(-1), args.at(0).value())?;
    Ok(cx.local(value))
}

fn invert_bool<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                   bitwise inversion of the underlying int object and is usually not what you expect from negating \
                   a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise \
                   inversion of the underlying int.";
    crate::types::exceptions::warn_deprecated(cx, message)?;
    invert(cx, args)
}

// ---- binary operators -----------------------------------------------------------------------------------------------

fn operate<'a>(cx: &'a mut Cx, op: BinOp, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (a, b) = (a.value(), b.value());
    if !vm.is_any_int(a) || !vm.is_any_int(b) {
        return Ok(cx.not_implemented());
    }
    let value = binary(vm, op, a, b)?;
    // Two bools' bits make a bool.
    if a.is_bool() && b.is_bool() && matches!(op, BinOp::And | BinOp::Or | BinOp::Xor) {
        return Ok(cx.bool(value == Value::small(1)));
    }
    Ok(cx.local(value))
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
    lshift rlshift LShift;
    rshift rrshift RShift;
    and rand And;
    or ror Or;
    xor rxor Xor;
}

fn divmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    divide(cx, args.at(0), args.at(1))
}

fn rdivmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    divide(cx, args.at(1), args.at(0))
}

fn divide<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (a, b) = (a.value(), b.value());
    if !vm.is_any_int(a) || !vm.is_any_int(b) {
        return Ok(cx.not_implemented());
    }
    let quotient = binary(vm, BinOp::FloorDivide, a, b)?;
    let rest = binary(vm, BinOp::Remainder, a, b)?;
    let value = vm.new_tuple(&[quotient, rest]);
    Ok(cx.local(value))
}

fn pow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    power(cx, args.at(0), args.at(1), args.some(2))
}

fn rpow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    power(cx, args.at(1), args.at(0), args.some(2))
}

fn power<'a>(cx: &'a mut Cx, a: Handle<'_>, b: Handle<'_>, modulus: Option<Handle<'_>>) -> Res<'a> {
    let Some(modulus) = modulus else { return operate(cx, BinOp::Power, a, b) };
    let vm = cx.vm();
    let (a, b, modulus) = (a.value(), b.value(), modulus.value());
    if [a, b, modulus].iter().any(|value| !vm.is_any_int(*value)) {
        // The modulus has its say as the operands do.
        if vm.float_of(modulus).is_some() && vm.is_any_int(b) {
            let message = "pow() 3rd argument not allowed unless all arguments are integers";
            return Err(vm.raise_type_error(message));
        }
        return Ok(cx.not_implemented());
    }
    let value = power_modulo(vm, &to_big(a), &to_big(b), &to_big(modulus))?;
    Ok(cx.local(value))
}

fn power_modulo(vm: &mut Vm, base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> Result<Value, Raised> {
    if modulus.is_zero() {
        return Err(vm.raise_value_error("pow() 3rd argument cannot be 0"));
    }
    let magnitude = modulus.abs();
    let power = if exponent.is_negative() {
        let Some(inverse) = base.modinv(&magnitude) else {
            return Err(vm.raise_value_error("base is not invertible for the given modulus"));
        };
        inverse.modpow(&-exponent, &magnitude)
    } else {
        base.modpow(exponent, &magnitude)
    };
    from_big(vm, &power.mod_floor(modulus))
}

// ---- comparisons ----------------------------------------------------------------------------------------------------

fn compare_as<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (a, b) = (args.at(0).value(), args.at(1).value());
    if !cx.vm().is_any_int(b) {
        return Ok(cx.not_implemented());
    }
    Ok(cx.bool(crate::ops::holds(op, compare(a, b))))
}

macro_rules! comparisons {
    ($($name:ident $op:ident;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            compare_as(cx, args, CompareOp::$op)
        }
    )*};
}
comparisons! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }
