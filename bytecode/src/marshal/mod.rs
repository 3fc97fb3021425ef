//! Marshal version 4, CPython's format for code objects on disk and for `marshal.loads` and `dumps`.
//!
//! What is read may come from anywhere: lengths are checked against what is left before anything is allocated, nesting
//! is limited to CPython's 2,000 levels and costs no native stack, references may not make a small file expand without
//! bound. What CPython can hold but [`Const`](crate::Const) cannot, a list that contains itself, is refused.
//!
//! What is written is equal to what CPython writes, but not byte for byte: CPython's reference flags follow its
//! reference counts.

mod read;
mod write;

pub use read::{load, load_code, load_prefix};
pub use write::{dump, dump_code};

/// Type codes; the high bit of a code says that the object gets a reference number.
mod tag {
    pub const NULL: u8 = b'0';
    pub const NONE: u8 = b'N';
    pub const FALSE: u8 = b'F';
    pub const TRUE: u8 = b'T';
    pub const STOP_ITERATION: u8 = b'S';
    pub const ELLIPSIS: u8 = b'.';
    pub const INT: u8 = b'i';
    pub const INT64: u8 = b'I';
    pub const FLOAT_TEXT: u8 = b'f';
    pub const FLOAT: u8 = b'g';
    pub const COMPLEX_TEXT: u8 = b'x';
    pub const COMPLEX: u8 = b'y';
    pub const LONG: u8 = b'l';
    pub const BYTES: u8 = b's';
    pub const INTERNED: u8 = b't';
    pub const REF: u8 = b'r';
    pub const TUPLE: u8 = b'(';
    pub const SMALL_TUPLE: u8 = b')';
    pub const LIST: u8 = b'[';
    pub const DICT: u8 = b'{';
    pub const CODE: u8 = b'c';
    pub const UNICODE: u8 = b'u';
    pub const SET: u8 = b'<';
    pub const FROZEN_SET: u8 = b'>';
    pub const ASCII: u8 = b'a';
    pub const ASCII_INTERNED: u8 = b'A';
    pub const SHORT_ASCII: u8 = b'z';
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
    pub const FLAG_REF: u8 = 0x80;
}

/// Deepest nesting that CPython reads.
const MAX_DEPTH: usize = 2000;

/// Why bytes are no marshalled object.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("byte {offset}: {fault}")]
pub struct MarshalError {
    /// Where in the bytes.
    pub offset: usize,
    /// What is wrong.
    pub fault: MarshalFault,
}

/// What can be wrong with marshalled bytes; the texts are those of CPython's exceptions where it has one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MarshalFault {
    /// The bytes end within an object (EOFError in CPython).
    #[error("marshal data too short")]
    TooShort,
    /// No such type code.
    #[error("bad marshal data (unknown type code)")]
    UnknownType,
    /// A negative length.
    #[error("bad marshal data ({what} size out of range)")]
    SizeOutOfRange {
        /// The kind of object.
        what: &'static str,
    },
    /// An integer's digit of more than 15 bits.
    #[error("bad marshal data (digit out of range in long)")]
    DigitOutOfRange,
    /// An integer whose highest digit is zero.
    #[error("bad marshal data (unnormalized long data)")]
    Unnormalized,
    /// A reference to an object that is not there.
    #[error("bad marshal data (invalid reference)")]
    InvalidReference,
    /// A reference to an object from inside it.
    #[error("bad marshal data (object contains itself)")]
    ContainsItself,
    /// Objects within objects, more than 2,000 levels deep.
    #[error("recursion limit exceeded")]
    TooDeep,
    /// References that make a small file expand to hundreds of millions of objects.
    #[error("bad marshal data (references expand to too many objects)")]
    TooLarge,
    /// A string that is no UTF-8.
    #[error("bad marshal data (string is not UTF-8)")]
    NotUtf8,
    /// A float written as text that is no float.
    #[error("bad marshal data (text is not a float)")]
    NotFloat,
    /// The end mark of dictionaries where an object is wanted (TypeError in CPython).
    #[error("NULL object in marshal data")]
    Null,
    /// A code object with a field of a wrong type.
    #[error("bad marshal data (code object's {field} is not a {wanted})")]
    CodeField {
        /// The field.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
    /// A code object with a negative count.
    #[error("bad marshal data (code object's {field} is negative)")]
    NegativeCount {
        /// The field.
        field: &'static str,
    },
    /// Something other than a code object where one is wanted.
    #[error("object is not a code object")]
    NotCode,
}
