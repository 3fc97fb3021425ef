//! Hexadecimal text of floats.

use num_bigint::{BigInt, BigUint};
use num_traits::Zero;

use crate::types::int::{divide_to_float, trim};

/// `float.hex()`.
pub(super) fn to_hex(float: f64) -> String {
    let sign = if float.is_sign_negative() && !float.is_nan() { "-" } else { "" };
    if float.is_nan() {
        return "nan".into();
    }
    if float.is_infinite() {
        return format!("{sign}inf");
    }
    if float == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    let (lead, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    format!("{sign}0x{lead}.{:013x}p{exponent:+}", bits & ((1 << 52) - 1))
}

/// Why text is no hexadecimal float.
pub(super) enum HexError {
    /// It is malformed.
    Malformed,
    /// It is too large.
    TooLarge,
}

/// `float.fromhex()`.
pub(super) fn from_hex(text: &[u8]) -> Result<f64, HexError> {
    let text = trim(text);
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let magnitude = match body.to_ascii_lowercase().as_slice() {
        b"inf" | b"infinity" => f64::INFINITY,
        b"nan" => f64::NAN,
        lower => read(lower)?,
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn read(body: &[u8]) -> Result<f64, HexError> {
    let body = body.strip_prefix(b"0x").unwrap_or(body);
    let (mantissa, exponent) = match body.iter().position(|byte| *byte == b'p') {
        Some(at) => (&body[..at], read_exponent(&body[at + 1..]).ok_or(HexError::Malformed)?),
        None => (body, 0),
    };
    let point = mantissa.iter().position(|byte| *byte == b'.');
    let digits: Vec<u8> = mantissa
        .iter()
        .enumerate()
        .filter(|(i, _)| Some(*i) != point)
        .map(|(_, byte)| (*byte as char).to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .ok_or(HexError::Malformed)?;
    if digits.is_empty() {
        return Err(HexError::Malformed);
    }
    let fraction = point.map_or(0, |point| mantissa.len() - point - 1) as i64;
    let magnitude = BigUint::from_radix_be(&digits, 16).unwrap_or_default();
    scale(magnitude.into(), exponent.saturating_sub(fraction.saturating_mul(4)))
}

/// The exponent behind `p`, clamped to what makes no difference any more.
fn read_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let exponent = digits
        .iter()
        .fold(0_i64, |exponent, digit| exponent.saturating_mul(10).saturating_add((digit - b'0').into()));
    let exponent = exponent.min(i64::MAX / 4);
    Some(if negative { -exponent } else { exponent })
}

/// `magnitude * 2 ** exponent`.
fn scale(magnitude: BigInt, exponent: i64) -> Result<f64, HexError> {
    let top = exponent.saturating_add(magnitude.bits() as i64);
    if magnitude.is_zero() || top < -1080 {
        return Ok(0.0);
    }
    if top > 1025 {
        return Err(HexError::TooLarge);
    }
    let (numerator, denominator) = if exponent >= 0 {
        (magnitude << exponent as u64, BigInt::from(1))
    } else {
        (magnitude, BigInt::from(1) << exponent.unsigned_abs())
    };
    divide_to_float(&numerator, &denominator).ok_or(HexError::TooLarge)
}
