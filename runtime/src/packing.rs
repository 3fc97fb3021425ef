//! Numbers as bytes in memory: what `struct` and `memoryview` read and write.

use crate::types::int;
use crate::value::Value;
use crate::vm::Vm;

/// How a number lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packed {
    /// One byte as a bytes object.
    Char,
    /// A truth.
    Bool,
    /// An int.
    Int {
        /// Bytes.
        size: usize,
        /// It has a sign.
        signed: bool,
    },
    /// A float of 2, 4 or 8 bytes.
    Float {
        /// Bytes.
        size: usize,
    },
}

impl Packed {
    /// What a format character stands for in native size.
    pub(crate) fn native(format: u8) -> Option<Self> {
        let int = |size, signed| Self::Int { size, signed };
        Some(match format {
            b'c' => Self::Char,
            b'?' => Self::Bool,
            b'b' => int(1, true),
            b'B' => int(1, false),
            b'h' => int(2, true),
            b'H' => int(2, false),
            b'i' => int(4, true),
            b'I' => int(4, false),
            b'l' | b'q' | b'n' => int(8, true),
            b'L' | b'Q' | b'N' | b'P' => int(8, false),
            b'e' => Self::Float { size: 2 },
            b'f' => Self::Float { size: 4 },
            b'd' => Self::Float { size: 8 },
            _ => return None,
        })
    }

    /// What a format character stands for in standard size.
    pub(crate) fn standard(format: u8) -> Option<Self> {
        match format {
            b'n' | b'N' | b'P' => None,
            b'l' => Some(Self::Int { size: 4, signed: true }),
            b'L' => Some(Self::Int { size: 4, signed: false }),
            format => Self::native(format),
        }
    }

    /// Bytes it takes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::Char | Self::Bool => 1,
            Self::Int { size, .. } | Self::Float { size } => size,
        }
    }

    /// The value of exactly its bytes.
    pub(crate) fn read(self, vm: &mut Vm, bytes: &[u8], little: bool) -> Value {
        let mut word = [0; 8];
        for (place, byte) in word.iter_mut().zip(bytes.iter().copied()) {
            *place = byte;
        }
        if !little {
            word[..self.size()].reverse();
        }
        let unsigned = u64::from_le_bytes(word);
        match self {
            Self::Char => vm.new_bytes(bytes),
            Self::Bool => Value::from_bool(bytes[0] != 0),
            Self::Int { size, signed: true } => {
                let unused = 64 - 8 * size as u32;
                vm.new_int((unsigned << unused) as i64 >> unused)
            }
            Self::Int { .. } => match i64::try_from(unsigned) {
                Ok(int) => vm.new_int(int),
                Err(_) => vm.int_from_limbs(false, &[unsigned]),
            },
            Self::Float { size: 2 } => vm.new_float(half_to_double(unsigned as u16)),
            Self::Float { size: 4 } => vm.new_float(f32::from_bits(unsigned as u32).into()),
            Self::Float { .. } => vm.new_float(f64::from_bits(unsigned)),
        }
    }
}

/// The bytes of an int, if it fits.
pub(crate) fn int_bytes(value: Value, size: usize, signed: bool, little: bool) -> Option<Vec<u8>> {
    let big = int::to_big(value);
    let bits = 8 * size as u32;
    let int = i128::try_from(&big).ok()?;
    let (least, most) = if signed {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    } else {
        (0, (1_i128 << bits) - 1)
    };
    if int < least || int > most {
        return None;
    }
    let mut bytes = int.to_le_bytes()[..size].to_vec();
    if !little {
        bytes.reverse();
    }
    Some(bytes)
}

/// The bytes of a float; `None` if it is too large for the size.
pub(crate) fn float_bytes(float: f64, size: usize, little: bool) -> Option<Vec<u8>> {
    let mut bytes = match size {
        2 => double_to_half(float)?.to_le_bytes().to_vec(),
        4 => {
            let single = float as f32;
            if single.is_infinite() && float.is_finite() {
                return None;
            }
            single.to_le_bytes().to_vec()
        }
        _ => float.to_le_bytes().to_vec(),
    };
    if !little {
        bytes.reverse();
    }
    Some(bytes)
}

fn half_to_double(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f64::from(bits & 1023);
    match exponent {
        0 => sign * fraction * 2.0_f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN.copysign(sign),
        _ => sign * (fraction / 1024.0 + 1.0) * 2.0_f64.powi(exponent - 15),
    }
}

/// The half-precision number nearest to a float, ties to even; `None` if it is too large.
fn double_to_half(float: f64) -> Option<u16> {
    let sign = if float.is_sign_negative() { 0x8000 } else { 0 };
    let magnitude = float.abs();
    if float.is_nan() {
        return Some(sign | 0x7E00);
    }
    if float.is_infinite() {
        return Some(sign | 0x7C00);
    }
    // Below the least normal number all have the same unit; above, the unit follows the exponent.
    let exponent = crate::types::float::frexp(magnitude).1.max(-13);
    let units = (magnitude * 2.0_f64.powi(11 - exponent)).round_ties_even();
    let value = units * 2.0_f64.powi(exponent - 11);
    if value >= 65520.0 {
        return None;
    }
    if value < 2.0_f64.powi(-14) {
        return Some(sign | (value * 2.0_f64.powi(24)) as u16);
    }
    let (mantissa, exponent) = crate::types::float::frexp(value);
    let fraction = (mantissa * 2.0 - 1.0) * 1024.0;
    Some(sign | ((exponent + 14) as u16) << 10 | fraction as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_numbers_survive_a_round_trip() {
        for bits in (0..=0x7BFF).step_by(7) {
            assert_eq!(double_to_half(half_to_double(bits)), Some(bits));
        }
        assert_eq!(double_to_half(65519.0), Some(0x7BFF));
        assert_eq!(double_to_half(65520.0), None);
        assert_eq!(double_to_half(-0.0), Some(0x8000));
        assert_eq!(double_to_half(5e-8), Some(1));
    }
}
