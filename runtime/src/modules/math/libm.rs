//! Functions of the C library that the standard library does not have, or has in other words: the last digits shall be
//! those that CPython prints.

#![expect(unsafe_code, reason = "functions of the C library")]

mod c {
    // SAFETY: these are C's functions of these names and types; they have no preconditions.
    unsafe extern "C" {
        pub(super) safe fn acosh(x: f64) -> f64;
        pub(super) safe fn asinh(x: f64) -> f64;
        pub(super) safe fn atanh(x: f64) -> f64;
        pub(super) safe fn erf(x: f64) -> f64;
        pub(super) safe fn erfc(x: f64) -> f64;
        pub(super) safe fn ldexp(x: f64, exponent: i32) -> f64;
        pub(super) safe fn remainder(x: f64, y: f64) -> f64;
    }
}

/// Inverse hyperbolic cosine.
pub(super) fn acosh(x: f64) -> f64 {
    c::acosh(x)
}

/// Inverse hyperbolic sine.
pub(super) fn asinh(x: f64) -> f64 {
    c::asinh(x)
}

/// Inverse hyperbolic tangent.
pub(super) fn atanh(x: f64) -> f64 {
    c::atanh(x)
}

/// Error function.
pub(super) fn erf(x: f64) -> f64 {
    c::erf(x)
}

/// Complementary error function.
pub(super) fn erfc(x: f64) -> f64 {
    c::erfc(x)
}

/// `x * 2 ** exponent`, rounded once.
pub(super) fn ldexp(x: f64, exponent: i32) -> f64 {
    c::ldexp(x, exponent)
}

/// The difference to the nearest multiple, ties to even.
pub(super) fn remainder(x: f64, y: f64) -> f64 {
    c::remainder(x, y)
}
