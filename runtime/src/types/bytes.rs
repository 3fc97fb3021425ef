//! `bytes` and `bytearray`.

#![expect(unsafe_code, reason = "bytes are read behind raw pointers")]

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
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

/// The bytes of an object as `bytes(object)` takes them, but for ints and strings.
pub(crate) fn bytes_of(cx: &mut Cx, object: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let _ = object;
    Err(cx.vm().raise_not_implemented_error("bytes of an object"))
}
