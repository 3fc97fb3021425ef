//! Operators on complex numbers, step by step as CPython computes them, since the rounding shows.

use crate::ast::Operator;

type Pair = (f64, f64);

/// Exponents up to this size are done by repeated multiplication.
const MAX_INT_EXPONENT: f64 = 100.0;

pub(super) fn complex_binary(op: Operator, a: Pair, b: Pair) -> Option<Pair> {
    match op {
        Operator::Add => Some((a.0 + b.0, a.1 + b.1)),
        Operator::Sub => Some((a.0 - b.0, a.1 - b.1)),
        Operator::Mult => Some(product(a, b)),
        Operator::Div => quotient(a, b),
        Operator::Pow => power(a, b).filter(|r| r.0.is_finite() && r.1.is_finite()),
        _ => None,
    }
}

fn product(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn quotient(a: Pair, b: Pair) -> Option<Pair> {
    if b.0.abs() >= b.1.abs() {
        if b.0 == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn power(a: Pair, b: Pair) -> Option<Pair> {
    if b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= MAX_INT_EXPONENT {
        let magnitude = int_power(a, b.0.abs() as u32);
        return if b.0 > 0.0 { Some(magnitude) } else { quotient((1.0, 0.0), magnitude) };
    }
    if a == (0.0, 0.0) {
        return (b.1 == 0.0 && b.0 >= 0.0).then_some((0.0, 0.0));
    }
    let radius = a.0.hypot(a.1);
    let angle = a.1.atan2(a.0);
    let mut length = radius.powf(b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        length *= (-angle * b.1).exp();
        phase += b.1 * radius.ln();
    }
    Some((length * phase.cos(), length * phase.sin()))
}

fn int_power(base: Pair, exponent: u32) -> Pair {
    let mut result = (1.0, 0.0);
    let mut square = base;
    let mut mask = 1;
    while mask > 0 && exponent >= mask {
        if exponent & mask != 0 {
            result = product(result, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    result
}
