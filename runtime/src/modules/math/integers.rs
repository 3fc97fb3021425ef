//! Functions of integers.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{Args, Cx, Handle, Raised, Res};
use crate::types::int;
use crate::value::Value;

fn big_of(cx: &mut Cx, value: Handle<'_>) -> Result<BigInt, Raised> {
    let index = cx.index_value(value)?;
    Ok(int::to_big(index))
}

fn made(cx: &Cx, big: &BigInt) -> Result<Value, Raised> {
    int::from_big(cx.vm(), big)
}

fn fold<'a>(cx: &'a mut Cx, args: Args<'_>, start: BigInt, step: fn(&BigInt, &BigInt) -> BigInt) -> Res<'a> {
    let mut result = start;
    for integer in args.rest() {
        let integer = big_of(cx, integer)?;
        result = step(&result, &integer);
    }
    let value = made(cx, &result)?;
    Ok(cx.local(value))
}

pub(super) fn gcd<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    fold(cx, args, BigInt::ZERO, Integer::gcd)
}

pub(super) fn lcm<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    fold(cx, args, BigInt::one(), Integer::lcm)
}

pub(super) fn isqrt<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let n = big_of(cx, args.at(0))?;
    if n.is_negative() {
        return Err(cx.vm().raise_value_error("isqrt() argument must be nonnegative"));
    }
    let value = made(cx, &n.sqrt())?;
    Ok(cx.local(value))
}

/// The product of consecutive integers, halves first: factors stay of like size.
fn product(first: u64, last: u64) -> BigInt {
    if first > last {
        return BigInt::one();
    }
    if last - first < 8 {
        return (first..=last).fold(BigInt::one(), |product, i| product * i);
    }
    let middle = first + (last - first) / 2;
    product(first, middle) * product(middle + 1, last)
}

pub(super) fn factorial<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let n = big_of(cx, args.at(0))?;
    factorial_of(cx, &n)
}

fn factorial_of<'a>(cx: &'a mut Cx, n: &BigInt) -> Res<'a> {
    if n.is_negative() {
        return Err(cx.vm().raise_value_error("factorial() not defined for negative values"));
    }
    let Some(small) = n.to_i64() else {
        let message = "factorial() argument should not exceed 9223372036854775807";
        return Err(cx.vm().raise_overflow_error(message));
    };
    // Digits grow with n log n: refuse what cannot be stored.
    if !cx.vm().heap.may_grow(usize::try_from(small).unwrap_or(usize::MAX)) {
        return Err(cx.vm().raise_memory_error());
    }
    let value = made(cx, &product(1, small.unsigned_abs()))?;
    Ok(cx.local(value))
}

/// `n` and `k`, neither below zero.
fn arguments(cx: &mut Cx, n: Handle<'_>, k: Handle<'_>) -> Result<(BigInt, BigInt), Raised> {
    let (n, k) = (big_of(cx, n)?, big_of(cx, k)?);
    if n.is_negative() {
        return Err(cx.vm().raise_value_error("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(cx.vm().raise_value_error("k must be a non-negative integer"));
    }
    Ok((n, k))
}

pub(super) fn perm<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(k) = args.some(1) else { return factorial(cx, args) };
    let (n, k) = arguments(cx, args.at(0), k)?;
    if k > n {
        return Ok(cx.local(Value::small(0)));
    }
    let Some(count) = k.to_i64() else {
        let message = "k must not exceed 9223372036854775807";
        return Err(cx.vm().raise_overflow_error(message));
    };
    let value = made(cx, &falling(&n, count as u64))?;
    Ok(cx.local(value))
}

/// `n * (n - 1) * …`, `count` factors.
fn falling(n: &BigInt, count: u64) -> BigInt {
    match n.to_u64() {
        Some(n) => product(n - count + 1, n),
        None => (0..count).fold(BigInt::one(), |product, i| product * (n - i)),
    }
}

pub(super) fn comb<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (n, k) = arguments(cx, args.at(0), args.at(1))?;
    if k > n {
        return Ok(cx.local(Value::small(0)));
    }
    let fewer = (&n - &k).min(k);
    let Some(count) = fewer.to_i64() else {
        let message = "min(n - k, k) must not exceed 9223372036854775807";
        return Err(cx.vm().raise_overflow_error(message));
    };
    let combinations =
        if count.is_zero() { BigInt::one() } else { falling(&n, count as u64) / product(1, count as u64) };
    let value = made(cx, &combinations)?;
    Ok(cx.local(value))
}
