//! `bytes` and `bytearray`.

#![expect(unsafe_code, reason = "bytes are read behind raw pointers")]

use crate::cell::*;
use crate::value::Value;

/// The bytes of a bytes object or bytearray; leaf code only.
pub(crate) fn slice_of<'a>(value: Value) -> &'a [u8] {
    // SAFETY: the value is live until the next safepoint, which leaf code does not reach.
    unsafe {
        match value.kind() {
            Some(Kind::Bytes) => BytesCell::bytes(value.cast()),
            Some(Kind::ByteArray) => &(*value.cast::<ByteArrayCell>()).bytes,
            _ => &[],
        }
    }
}
