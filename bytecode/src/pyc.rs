//! `.pyc` files: a header of sixteen bytes, then the module's code object, marshalled.

use std::sync::Arc;

use crate::CodeObject;
use crate::marshal::{self, MarshalError};

/// The number in CPython 3.13's `.pyc` files.
pub const MAGIC: u16 = 3571;

const HEADER_BYTES: usize = 16;
const MAGIC_BYTES: [u8; 4] = [MAGIC as u8, (MAGIC >> 8) as u8, b'\r', b'\n'];
const FLAG_HASH: u32 = 1;
const FLAG_CHECK_SOURCE: u32 = 2;

/// How a `.pyc` file says which source it belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PycHeader {
    /// By the source's time of change and its size, both modulo 2^32.
    Timestamp {
        /// Seconds since 1970.
        mtime: u32,
        /// Bytes.
        size: u32,
    },
    /// By the source's hash (PEP 552).
    Hash {
        /// Whether the source is to be looked at.
        check_source: bool,
        /// SipHash-1-3 of the source.
        hash: [u8; 8],
    },
}

impl Default for PycHeader {
    fn default() -> Self {
        Self::Timestamp { mtime: 0, size: 0 }
    }
}

/// Why bytes are no `.pyc` file.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PycError {
    /// The header is not whole.
    #[error("file has {length} bytes, fewer than the header of a .pyc file")]
    TooShort {
        /// Bytes that there are.
        length: usize,
    },
    /// Not a `.pyc` file of CPython 3.13.
    #[error("not a .pyc file of CPython 3.13 (magic {}, wanted {MAGIC})", describe_magic(*found))]
    Magic {
        /// The first four bytes.
        found: [u8; 4],
    },
    /// Flag bits that mean nothing.
    #[error("unknown flags {flags:#x} in the header")]
    Flags {
        /// The flags.
        flags: u32,
    },
    /// The code object; offsets count from the end of the header.
    #[error("in the marshalled code object, {0}")]
    Marshal(#[from] MarshalError),
}

fn describe_magic(found: [u8; 4]) -> String {
    match found {
        [low, high, b'\r', b'\n'] => u16::from_le_bytes([low, high]).to_string(),
        _ => "missing".to_owned(),
    }
}

/// Reads a `.pyc` file.
pub fn read(bytes: &[u8]) -> Result<(PycHeader, Arc<CodeObject>), PycError> {
    let Some((header, body)) = bytes.split_at_checked(HEADER_BYTES) else {
        return Err(PycError::TooShort { length: bytes.len() });
    };
    Ok((read_header(header)?, marshal::load_code(body)?))
}

fn read_header(header: &[u8]) -> Result<PycHeader, PycError> {
    let word = |at: usize| [header[at], header[at + 1], header[at + 2], header[at + 3]];
    if word(0) != MAGIC_BYTES {
        return Err(PycError::Magic { found: word(0) });
    }
    let flags = u32::from_le_bytes(word(4));
    match flags {
        0 => Ok(PycHeader::Timestamp {
            mtime: u32::from_le_bytes(word(8)),
            size: u32::from_le_bytes(word(12)),
        }),
        FLAG_HASH | 3 => {
            let [a, b, c, d] = word(8);
            let [e, f, g, h] = word(12);
            let check_source = flags & FLAG_CHECK_SOURCE != 0;
            Ok(PycHeader::Hash { check_source, hash: [a, b, c, d, e, f, g, h] })
        }
        _ => Err(PycError::Flags { flags }),
    }
}

/// The `.pyc` file of the code object.
pub fn write(header: PycHeader, code: &CodeObject) -> Vec<u8> {
    let mut bytes = MAGIC_BYTES.to_vec();
    match header {
        PycHeader::Timestamp { mtime, size } => {
            bytes.extend([0; 4]);
            bytes.extend(mtime.to_le_bytes());
            bytes.extend(size.to_le_bytes());
        }
        PycHeader::Hash { check_source, hash } => {
            let flags = FLAG_HASH | if check_source { FLAG_CHECK_SOURCE } else { 0 };
            bytes.extend(flags.to_le_bytes());
            bytes.extend(hash);
        }
    }
    bytes.extend(marshal::dump_code(code));
    bytes
}
