//! Built-in functions about numbers and characters.

use bytecode::BinOp;
use num_bigint::BigInt;
use num_traits::Signed;

use crate::at_once;
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::types::int::to_big;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("abs", "x, /", abs)
        .at_once(at_once::abs)
        .doc("Return the absolute value of the argument."),
    NativeDef::new("bin", "number, /", bin).doc("Return the binary representation of an integer."),
    NativeDef::new("chr", "i, /", chr)
        .at_once(at_once::chr)
        .doc("Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."),
    NativeDef::new("divmod", "x, y, /", divmod)
        .doc("Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."),
    NativeDef::new("hex", "number, /", hex).doc("Return the hexadecimal representation of an integer."),
    NativeDef::new("oct", "number, /", oct).doc("Return the octal representation of an integer."),
    NativeDef::new("ord", "c, /", ord)
        .at_once(at_once::ord)
        .doc("Return the Unicode code point for a one-character string."),
    NativeDef::new("pow", "base, exp, mod=None", pow)
        .doc("Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."),
    NativeDef::new("round", "number, ndigits=None", round)
        .doc("Round a number to a given precision in decimal digits."),
];

fn abs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    if let Some(int) = value.as_int() {
        let int = cx.vm().new_int(int.abs());
        return Ok(cx.local(int));
    }
    if value.is_float() {
        let float = cx.vm().new_float(value.float().abs());
        return Ok(cx.local(float));
    }
    let name = cx.vm().names.__abs__;
    match cx.call_special(args.at(0), name, &[])? {
        Some(result) => Ok(result.get(cx)),
        None => {
            let message =
                format!("bad operand type for abs(): '{}'", cx.vm().type_name_of(args.at(0).value()));
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

/// `0x1f` and the like.
fn radix<'a>(cx: &'a mut Cx, args: Args<'_>, radix: u32, prefix: &str) -> Res<'a> {
    let int = cx.index_value(args.at(0))?;
    let int: BigInt = to_big(int);
    let sign = if int.is_negative() { "-" } else { "" };
    let text = format!("{sign}{prefix}{}", int.magnitude().to_str_radix(radix));
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn bin<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    radix(cx, args, 2, "0b")
}

fn oct<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    radix(cx, args, 8, "0o")
}

fn hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    radix(cx, args, 16, "0x")
}

fn chr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let point = cx.index_clamped(args.at(0))?;
    match u32::try_from(point).ok().filter(|point| *point <= 0x10_FFFF) {
        Some(point) => {
            let string = cx.vm().one_character(point);
            Ok(cx.local(string))
        }
        None => Err(cx.vm().raise_value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let (len, point) = match value.kind() {
        Some(Kind::Str) => {
            let units = cx.vm().units(value);
            (units.len(), (units.len() == 1).then(|| units.at(0)))
        }
        Some(Kind::Bytes | Kind::ByteArray) => {
            let bytes = crate::types::bytes::slice_of(value);
            (bytes.len(), (bytes.len() == 1).then(|| bytes[0].into()))
        }
        _ => {
            let ty = cx.vm().type_name_of(value);
            let message = format!("ord() expected string of length 1, but {ty} found");
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    match point {
        Some(point) => Ok(cx.local(Value::small(point as i32))),
        None => {
            let message = format!("ord() expected a character, but string of length {len} found");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

fn divmod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (args.at(0), args.at(1));
    if let (Some(x), Some(y)) = (a.value().as_int(), b.value().as_int())
        && y != 0
    {
        let vm = cx.vm();
        let (quotient, remainder) = num_integer::Integer::div_mod_floor(&x, &y);
        let (quotient, remainder) = (vm.new_int(quotient), vm.new_int(remainder));
        let pair = vm.new_tuple(&[quotient, remainder]);
        return Ok(cx.local(pair));
    }
    let names = cx.vm().names;
    match cx.binary_method(a, b, names.__divmod__, names.__rdivmod__)? {
        Some(result) => Ok(result.get(cx)),
        None => {
            let message = format!(
                "unsupported operand type(s) for divmod(): '{}' and '{}'",
                cx.vm().type_name_of(a.value()),
                cx.vm().type_name_of(b.value())
            );
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

impl Cx {
    /// What a method of the left operand, or the reflected one of the right, returns; `None` if neither knows the
    /// other's type.
    pub(crate) fn binary_method(
        &mut self,
        a: Handle<'_>,
        b: Handle<'_>,
        forward: Value,
        reflected: Value,
    ) -> Result<Option<crate::cx::Root>, Raised> {
        let vm = self.vm();
        let (left, right) = (vm.type_of(a.value()), vm.type_of(b.value()));
        let reflected_first = left != right
            && vm.is_subtype(right, left)
            && vm.lookup(right, reflected) != vm.lookup(left, reflected);
        let order = if reflected_first {
            [Some((b, reflected, a)), Some((a, forward, b))]
        } else {
            [Some((a, forward, b)), (left != right).then_some((b, reflected, a))]
        };
        for (receiver, name, argument) in order.into_iter().flatten() {
            if let Some(result) = self.call_special(receiver, name, &[argument])?
                && result.value() != Value::NOT_IMPLEMENTED
            {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    /// `pow(base, exponent, modulus)`.
    pub(crate) fn power(
        &mut self,
        base: Handle<'_>,
        exponent: Handle<'_>,
        modulus: Option<Handle<'_>>,
    ) -> Result<Value, Raised> {
        let Some(modulus) = modulus.filter(|modulus| !modulus.value().is_none()) else {
            return Ok(self.binary(BinOp::Power, base, exponent)?.value());
        };
        let name = self.vm().names.__pow__;
        for receiver in [base, exponent, modulus] {
            let ty = self.vm().type_of(receiver.value());
            // A type's method gets base and exponent as they are; only the operand's own place is that of `self`.
            if receiver.value() != base.value()
                && self.vm().type_data(ty).has(crate::type_object::type_flag::HEAP)
            {
                continue;
            }
            let method = self.vm().lookup(ty, name);
            if method.is_undef() {
                continue;
            }
            let (this, other, third) = (base.value(), exponent.value(), modulus.value());
            if receiver.value() != base.value() && !self.vm().is_instance(this, ty) {
                continue;
            }
            let result = self
                .vm()
                .door(|vm| vm.call_special(method, this, &[other, third], crate::frame::Cont::Store, &[]))?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        let vm = self.vm();
        let message = format!(
            "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
            vm.type_name_of(base.value()),
            vm.type_name_of(exponent.value()),
            vm.type_name_of(modulus.value())
        );
        Err(vm.raise_type_error(&message))
    }
}

fn pow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = cx.power(args.at(0), args.at(1), args.opt(2))?;
    Ok(cx.local(result))
}

fn round<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.__round__;
    let digits = args.some(1);
    let result = match digits {
        Some(digits) => cx.call_special(args.at(0), name, &[digits])?,
        None => cx.call_special(args.at(0), name, &[])?,
    };
    match result {
        Some(result) => Ok(result.get(cx)),
        None => {
            let ty = cx.vm().type_name_of(args.at(0).value());
            Err(cx.vm().raise_type_error(&format!("type {ty} doesn't define __round__ method")))
        }
    }
}
