//! Code objects as CPython 3.13 has them: the contract between the frontend, `.pyc` files, the translator and the
//! runtime.

use std::fmt;
use std::sync::Arc;

use num_bigint::BigInt;

use crate::location_table::{self, LineRun, Position};

/// Python text: UTF-8 in which lone surrogates may stand, each as its three-byte form (CPython's `surrogatepass`).
/// Clones share their bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Text(Arc<[u8]>);

impl Text {
    /// Wraps bytes that are UTF-8 but for surrogates; `None` if they are not.
    pub fn from_wtf8(bytes: impl Into<Arc<[u8]>>) -> Option<Self> {
        let bytes = bytes.into();
        (std::str::from_utf8(&bytes).is_ok() || is_wtf8(&bytes)).then_some(Self(bytes))
    }

    /// The text of code points, surrogates included.
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Self {
        let mut bytes = Vec::new();
        for point in points {
            push_code_point(&mut bytes, point);
        }
        Self(bytes.into())
    }

    /// The bytes, in UTF-8 with surrogates passed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text as a Rust string, if no surrogate stands in it.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with each lone surrogate replaced by U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.code_points().map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }

    /// The code points in order, surrogates included.
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints { rest: &self.0 }
    }

    /// Whether there is no character at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into_bytes().into())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_string_lossy())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string_lossy())
    }
}

/// Iterator over a [`Text`]'s code points.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    rest: &'a [u8],
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (point, length) = decode_wtf8(self.rest)?;
        self.rest = &self.rest[length..];
        Some(point)
    }
}

fn push_code_point(bytes: &mut Vec<u8>, point: u32) {
    if let Some(c) = char::from_u32(point) {
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        debug_assert!((0xD800..0xE000).contains(&point), "code point out of range");
        bytes.extend_from_slice(&[
            0xE0 | (point >> 12) as u8,
            0x80 | (point >> 6 & 0x3F) as u8,
            0x80 | (point & 0x3F) as u8,
        ]);
    }
}

fn decode_wtf8(bytes: &[u8]) -> Option<(u32, usize)> {
    let continuation = |i: usize| bytes.get(i).filter(|b| **b & 0xC0 == 0x80).map(|b| u32::from(*b & 0x3F));
    let first = u32::from(*bytes.first()?);
    match first {
        0..0x80 => Some((first, 1)),
        0xC2..0xE0 => Some(((first & 0x1F) << 6 | continuation(1)?, 2)),
        0xE0..0xF0 => {
            let point = (first & 0xF) << 12 | continuation(1)? << 6 | continuation(2)?;
            (point >= 0x800).then_some((point, 3))
        }
        0xF0..0xF5 => {
            let point = (first & 7) << 18 | continuation(1)? << 12 | continuation(2)? << 6 | continuation(3)?;
            (0x10000..0x11_0000).contains(&point).then_some((point, 4))
        }
        _ => None,
    }
}

fn is_wtf8(mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        let Some((_, length)) = decode_wtf8(bytes) else { return false };
        bytes = &bytes[length..];
    }
    true
}

/// A constant: what may stand in `co_consts`, and what marshal can hold besides.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`.
    None,
    /// `False` or `True`.
    Bool(bool),
    /// `...`.
    Ellipsis,
    /// The class `StopIteration` (marshal's `S`; never in code objects).
    StopIteration,
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer that does not fit 64 bits.
    BigInt(Arc<BigInt>),
    /// A float.
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// A string.
    Str(Text),
    /// A bytes object.
    Bytes(Arc<[u8]>),
    /// A tuple.
    Tuple(Arc<[Const]>),
    /// A frozen set, elements in the order in which they stand in the file.
    FrozenSet(Arc<[Const]>),
    /// A nested code object.
    Code(Arc<CodeObject>),
    /// A list (marshal only).
    List(Arc<[Const]>),
    /// A set (marshal only).
    Set(Arc<[Const]>),
    /// A dictionary (marshal only), pairs in order.
    Dict(Arc<[(Const, Const)]>),
}

impl Const {
    /// Whether the compiler would take both for the same constant: same type and value, `0.0` and `-0.0` apart, NaNs
    /// by bits, tuples recursively (CPython's `_PyCode_ConstantKey`). Code objects are compared by structure.
    pub fn is_same(&self, other: &Self) -> bool {
        let all = |a: &[Self], b: &[Self]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b));
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::StopIteration, Self::StopIteration) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::BigInt(a), Self::BigInt(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Complex(a, b), Self::Complex(c, d)) => {
                a.to_bits() == c.to_bits() && b.to_bits() == d.to_bits()
            }
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => all(a, b),
            (Self::FrozenSet(a), Self::FrozenSet(b)) => {
                a.len() == b.len() && a.iter().all(|x| b.iter().any(|y| x.is_same(y)))
            }
            (Self::List(a), Self::List(b)) | (Self::Set(a), Self::Set(b)) => all(a, b),
            (Self::Dict(a), Self::Dict(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(a, b)| a.0.is_same(&b.0) && a.1.is_same(&b.1))
            }
            (Self::Code(a), Self::Code(b)) => a.is_same(b),
            _ => false,
        }
    }
}

/// `co_flags` (CPython's `Include/cpython/code.h`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct CodeFlags(pub u32);

impl CodeFlags {
    /// Locals are fast locals.
    pub const OPTIMIZED: u32 = 0x1;
    /// A call makes new locals.
    pub const NEWLOCALS: u32 = 0x2;
    /// There is a `*args` parameter.
    pub const VARARGS: u32 = 0x4;
    /// There is a `**kwargs` parameter.
    pub const VARKEYWORDS: u32 = 0x8;
    /// The function is nested in another.
    pub const NESTED: u32 = 0x10;
    /// A generator function.
    pub const GENERATOR: u32 = 0x20;
    /// An `async def` function without `yield`.
    pub const COROUTINE: u32 = 0x80;
    /// A generator that may be awaited.
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// An `async def` function with `yield`.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// Compiled under `from __future__ import annotations`.
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// Not to be instrumented by `sys.monitoring`.
    pub const NO_MONITORING: u32 = 0x200_0000;

    /// Whether all bits of `mask` are set.
    pub fn has(self, mask: u32) -> bool {
        self.0 & mask == mask
    }

    /// Whether a call makes a generator, coroutine or async generator.
    pub fn is_generator_like(self) -> bool {
        self.0 & (Self::GENERATOR | Self::COROUTINE | Self::ASYNC_GENERATOR) != 0
    }
}

/// Kinds of a slot in `co_localspluskinds` (CPython's `Include/internal/pycore_code.h`).
pub mod local_kind {
    /// Visible only inside an inlined comprehension, in module or class scope.
    pub const HIDDEN: u8 = 0x10;
    /// A local variable or parameter.
    pub const LOCAL: u8 = 0x20;
    /// A variable captured by inner functions: the slot holds a cell after `MAKE_CELL`.
    pub const CELL: u8 = 0x40;
    /// A variable of an enclosing scope: the slot holds its cell after `COPY_FREE_VARS`.
    pub const FREE: u8 = 0x80;
}

/// An immutable code object, CPython 3.13's fields (`Objects/codeobject.c`). Marshal, `co_code` and the translator read
/// it; the machines run copies made from it.
#[derive(Clone, Debug)]
pub struct CodeObject {
    /// Positional parameters, positional-only ones included, `*args` not.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// Greatest operand-stack depth.
    pub stacksize: u32,
    /// `co_flags`.
    pub flags: CodeFlags,
    /// Wordcode: two bytes a code unit (opcode, oparg), cache units zero.
    pub code: Box<[u8]>,
    /// The const pool.
    pub consts: Box<[Const]>,
    /// Names of globals and attributes.
    pub names: Box<[Text]>,
    /// Names of locals (parameters first), cells that are not locals, free variables: one a slot.
    pub localsplusnames: Box<[Text]>,
    /// A [`local_kind`] for each of `localsplusnames`.
    pub localspluskinds: Box<[u8]>,
    /// The source file's name.
    pub filename: Text,
    /// The function's name.
    pub name: Text,
    /// The function's dotted name within its module.
    pub qualname: Text,
    /// The line on which the definition starts (1 is the first).
    pub firstlineno: i32,
    /// The location table (PEP 626, PEP 657).
    pub linetable: Box<[u8]>,
    /// The exception table (CPython's `InternalDocs/exception_handling.md`).
    pub exceptiontable: Box<[u8]>,
}

impl CodeObject {
    /// Slots before the operand stack: locals, cells and free variables.
    pub fn nlocalsplus(&self) -> usize {
        self.localsplusnames.len()
    }

    /// Number of free variables (the last slots of localsplus).
    pub fn nfreevars(&self) -> usize {
        self.localspluskinds.iter().filter(|kind| *kind & local_kind::FREE != 0).count()
    }

    /// The source position of a code unit.
    pub fn position_of(&self, offset: u32) -> Position {
        location_table::position_of(&self.linetable, self.firstlineno, offset)
    }

    /// The source line of a code unit.
    pub fn line_of(&self, offset: u32) -> Option<i32> {
        location_table::line_of(&self.linetable, self.firstlineno, offset)
    }

    /// Runs of code units of one line: what `co_lines()` yields, in code units.
    pub fn lines(&self) -> impl Iterator<Item = LineRun> + '_ {
        location_table::lines(&self.linetable, self.firstlineno)
    }

    /// Whether both are equal in every field, constants compared with [`Const::is_same`].
    pub fn is_same(&self, other: &Self) -> bool {
        self.argcount == other.argcount
            && self.posonlyargcount == other.posonlyargcount
            && self.kwonlyargcount == other.kwonlyargcount
            && self.stacksize == other.stacksize
            && self.flags == other.flags
            && self.code == other.code
            && self.consts.len() == other.consts.len()
            && self.consts.iter().zip(&other.consts).all(|(a, b)| a.is_same(b))
            && self.names == other.names
            && self.localsplusnames == other.localsplusnames
            && self.localspluskinds == other.localspluskinds
            && self.filename == other.filename
            && self.name == other.name
            && self.qualname == other.qualname
            && self.firstlineno == other.firstlineno
            && self.linetable == other.linetable
            && self.exceptiontable == other.exceptiontable
    }
}
