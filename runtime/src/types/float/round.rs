//! Rounding floats to decimal digits: exact values, ties to even.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{FromPrimitive, Signed};

/// `round(float, ndigits)` for a finite float; `None` if the result is too large.
pub(super) fn to_digits(float: f64, ndigits: i64) -> Option<f64> {
    const MOST: i64 = 323;
    const LEAST: i64 = -309;
    if ndigits > MOST {
        return Some(float);
    }
    if ndigits < LEAST {
        return Some(0.0 * float);
    }
    let rounded: f64 = if ndigits >= 0 {
        format!("{float:.*}", ndigits as usize).parse().ok()?
    } else {
        let int = to_power_of_ten(float, ndigits.unsigned_abs() as usize);
        int.to_string().parse::<f64>().ok()?.copysign(float)
    };
    rounded.is_finite().then_some(rounded)
}

/// The multiple of a power of ten nearest to a float.
fn to_power_of_ten(float: f64, digits: usize) -> BigInt {
    let int = BigInt::from_f64(float.abs().floor()).expect("finite");
    let has_fraction = float.abs() != float.abs().floor();
    let unit = num_traits::pow::pow(BigInt::from(10), digits);
    let (quotient, rest) = int.div_mod_floor(&unit);
    let over: BigInt = rest * 2 - &unit;
    let up = over.is_positive() || over.magnitude().bits() == 0 && (has_fraction || quotient.is_odd());
    (quotient + u8::from(up)) * unit
}

/// The nearest integer, ties to even.
pub(crate) fn half_even(float: f64) -> f64 {
    float.round_ties_even()
}
