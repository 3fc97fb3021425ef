//! Sums, products, norms.

use bytecode::BinOp;

use super::{Args, Cx, Handle, Raised, Res, libm, made, must_be_real};
use crate::cell::Kind;
use crate::cx::Root;
use crate::value::Value;

// ---- exact sums -----------------------------------------------------------------------------------------------------

pub(super) fn fsum<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.iter(args.at(0))?;
    // Partial sums that do not overlap, in order of magnitude (Shewchuk).
    let mut partials: Vec<f64> = Vec::new();
    let (mut special, mut infinities) = (0.0, 0.0);
    while let Some(item) = cx.next(iterator.handle())? {
        let term = must_be_real(cx, item.handle())?;
        let mut x = term;
        let mut kept = 0;
        for i in 0..partials.len() {
            let mut y = partials[i];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        partials.truncate(kept);
        if x != 0.0 {
            if x.is_finite() {
                partials.push(x);
            } else if term.is_finite() {
                return Err(cx.vm().raise_overflow_error("intermediate overflow in fsum"));
            } else {
                if term.is_infinite() {
                    infinities += term;
                }
                special += term;
                partials.clear();
            }
        }
    }
    if special != 0.0 {
        if f64::is_nan(infinities) {
            return Err(cx.vm().raise_value_error("-inf + inf in fsum"));
        }
        return made(cx, special);
    }
    made(cx, rounded_sum(&partials))
}

/// The sum of partials, rounded once, half to even.
fn rounded_sum(partials: &[f64]) -> f64 {
    let mut rest = partials.iter().rev();
    let Some(first) = rest.next() else { return 0.0 };
    let (mut high, mut low) = (*first, 0.0);
    let mut rest = rest.peekable();
    for partial in rest.by_ref() {
        let x = high;
        high = x + partial;
        low = partial - (high - x);
        if low != 0.0 {
            break;
        }
    }
    if let Some(next) = rest.peek()
        && (low < 0.0 && **next < 0.0 || low > 0.0 && **next > 0.0)
    {
        // A tie that what follows breaks.
        let doubled = low * 2.0;
        let candidate = high + doubled;
        if doubled == candidate - high {
            high = candidate;
        }
    }
    high
}

// ---- norms ----------------------------------------------------------------------------------------------------------

/// A product and its rounding error.
fn exact_product(x: f64, y: f64) -> (f64, f64) {
    let high = x * y;
    (high, x.mul_add(y, -high))
}

/// A sum and its rounding error; `a` is the greater.
fn fast_sum(a: f64, b: f64) -> (f64, f64) {
    let high = a + b;
    (high, (a - high) + b)
}

/// The length of a vector: scaled, squares summed exactly, the root corrected once.
fn norm(vector: &mut [f64]) -> f64 {
    vector.iter_mut().for_each(|x| *x = x.abs());
    let greatest = vector.iter().copied().fold(0.0, f64::max);
    if vector.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if vector.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if greatest == 0.0 || vector.len() <= 1 {
        return greatest;
    }
    let exponent = crate::types::float::frexp(greatest).1;
    if exponent < -1023 {
        vector.iter_mut().for_each(|x| *x /= f64::MIN_POSITIVE);
        return f64::MIN_POSITIVE * norm(vector);
    }
    let scale = libm::ldexp(1.0, -exponent);
    let (mut sum, mut first, mut second) = (1.0, 0.0, 0.0);
    let mut add = |sum: &mut f64, (high, low): (f64, f64)| {
        let (total, lost) = fast_sum(*sum, high);
        *sum = total;
        first += low;
        second += lost;
        first + second
    };
    let mut lost = 0.0;
    for x in vector.iter() {
        lost = add(&mut sum, exact_product(x * scale, x * scale));
    }
    let root = (sum - 1.0 + lost).sqrt();
    lost = add(&mut sum, exact_product(-root, root));
    let rest = sum - 1.0 + lost;
    (root + rest / (2.0 * root)) / scale
}

pub(super) fn hypot<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut vector = Vec::new();
    for coordinate in args.rest() {
        vector.push(must_be_real(cx, coordinate)?);
    }
    made(cx, norm(&mut vector))
}

/// A point's coordinates, as a tuple or list.
fn point(cx: &mut Cx, value: Handle<'_>) -> Result<Root, Raised> {
    if value.value().is_kind(Kind::Tuple) { Ok(cx.root_value(value.value())) } else { cx.collect(value) }
}

pub(super) fn dist<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (p, q) = (point(cx, args.at(0))?, point(cx, args.at(1))?);
    let len = cx.vm().sequence_values(p.value()).len();
    if len != cx.vm().sequence_values(q.value()).len() {
        return Err(cx.vm().raise_value_error("both points must have the same number of dimensions"));
    }
    let mut vector = Vec::with_capacity(len);
    for i in 0..len {
        vector.push(coordinate(cx, &p, i)? - coordinate(cx, &q, i)?);
    }
    made(cx, norm(&mut vector))
}

fn coordinate(cx: &mut Cx, point: &Root, i: usize) -> Result<f64, Raised> {
    let item = cx.vm().sequence_item(point.value(), i).unwrap_or(Value::NONE);
    let item = cx.root_value(item);
    must_be_real(cx, item.handle())
}

// ---- products -------------------------------------------------------------------------------------------------------

pub(super) fn prod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let start = args.opt(1).map_or(Value::small(1), Handle::value);
    let product = cx.root_value(start);
    let iterator = cx.iter(args.at(0))?;
    while let Some(item) = cx.next(iterator.handle())? {
        if let Some(small) = product.value().mul_ints(item.value()) {
            product.set_value(small);
            continue;
        }
        let next = cx.binary(BinOp::Multiply, product.handle(), item.handle())?;
        product.set_value(next.value());
    }
    Ok(cx.local(product.value()))
}

/// A number of thrice the precision of a float.
#[derive(Clone, Copy, Default)]
struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

/// A sum and its rounding error, whichever is the greater.
fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let other = sum - a;
    (sum, (a - (sum - other)) + (b - other))
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Self {
        let (product, lost) = exact_product(x, y);
        let (high, first) = exact_sum(self.high, product);
        let (low, second) = exact_sum(self.low, lost);
        let (low, third) = exact_sum(low, first);
        Self { high, low, tiny: self.tiny + second + third }
    }

    fn to_f64(self) -> f64 {
        let (low, tiny) = exact_sum(self.low, self.tiny);
        let (high, low) = exact_sum(self.high, low);
        if tiny == 0.0 { high + low } else { high + (low + tiny) }
    }
}

/// A float, or an int that floats can be.
fn as_float(cx: &Cx, value: Value) -> Option<f64> {
    let vm = cx.vm();
    if !vm.is_exact(value) {
        return None;
    }
    vm.float_of(value).or_else(|| value.as_int().map(|int| int as f64))
}

pub(super) fn sumprod<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (p, q) = (cx.iter(args.at(0))?, cx.iter(args.at(1))?);
    let total = cx.root_value(Value::small(0));
    let mut floats: Option<Triple> = None;
    loop {
        let (x, y) = (cx.next(p.handle())?, cx.next(q.handle())?);
        let (x, y) = match (x, y) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => break,
            _ => return Err(cx.vm().raise_value_error("Inputs are not the same length")),
        };
        let is_float = |value: Value| cx.vm().float_of(value).is_some();
        if (is_float(x.value()) || is_float(y.value()))
            && let (Some(a), Some(b)) = (as_float(cx, x.value()), as_float(cx, y.value()))
        {
            let sum = floats.unwrap_or_default().add_product(a, b);
            if sum.high.is_finite() {
                floats = Some(sum);
                continue;
            }
        }
        flush(cx, &total, &mut floats)?;
        let product = cx.binary(BinOp::Multiply, x.handle(), y.handle())?;
        let sum = cx.binary(BinOp::Add, total.handle(), product.handle())?;
        total.set_value(sum.value());
    }
    flush(cx, &total, &mut floats)?;
    Ok(cx.local(total.value()))
}

/// Adds the exact sum of products of floats to the total.
fn flush(cx: &mut Cx, total: &Root, floats: &mut Option<Triple>) -> Result<(), Raised> {
    let Some(sum) = floats.take() else { return Ok(()) };
    let sum = cx.vm().new_float(sum.to_f64());
    let sum = cx.root_value(sum);
    let next = cx.binary(BinOp::Add, total.handle(), sum.handle())?;
    total.set_value(next.value());
    Ok(())
}
