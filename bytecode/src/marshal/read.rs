//! Reading marshalled objects: a loop with its own stack of unfinished containers.

use std::sync::Arc;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::ToPrimitive;

use super::{MAX_DEPTH, MarshalError, MarshalFault, tag};
use crate::{CodeFlags, CodeObject, Const, Text};

/// Most objects that a file may expand to, each reference counted as all that it refers to.
const MAX_EXPANDED: u64 = 1 << 28;

/// Bits of a digit of an integer.
const DIGIT_BITS: u32 = 15;

/// Reads one object; what follows it is ignored, as CPython does.
pub fn load(bytes: &[u8]) -> Result<Const, MarshalError> {
    load_prefix(bytes).map(|(object, _)| object)
}

/// Reads one object, and gives the number of bytes that it takes.
pub fn load_prefix(bytes: &[u8]) -> Result<(Const, usize), MarshalError> {
    let mut reader = Reader { bytes, at: 0, refs: Vec::new(), open: Vec::new(), expanded: 0 };
    let object = reader.object()?;
    Ok((object, reader.at))
}

/// Reads one object, which must be a code object.
pub fn load_code(bytes: &[u8]) -> Result<Arc<CodeObject>, MarshalError> {
    match load(bytes)? {
        Const::Code(code) => Ok(code),
        _ => Err(MarshalError { offset: 0, fault: MarshalFault::NotCode }),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Numbered objects with their expanded sizes; `None` while they are being read.
    refs: Vec<Option<(Const, u64)>>,
    open: Vec<Open>,
    expanded: u64,
}

/// A container whose items are being read.
struct Open {
    builder: Builder,
    reference: Option<usize>,
    expanded_before: u64,
}

enum Builder {
    Sequence { kind: SequenceKind, missing: usize, items: Vec<Const> },
    Dict { key: Option<Const>, pairs: Vec<(Const, Const)> },
    Code(Box<CodeBuilder>),
}

#[derive(Clone, Copy)]
enum SequenceKind {
    Tuple,
    List,
    Set,
    FrozenSet,
}

/// What one type code begins.
enum Begun {
    /// An object that is complete.
    Whole(Const),
    /// A container.
    Open(Builder),
    /// The end mark of a dictionary.
    Null,
}

impl Reader<'_> {
    /// Reads objects until the outermost one is complete.
    fn object(&mut self) -> Result<Const, MarshalError> {
        loop {
            let expanded_before = self.expanded;
            let code = self.byte()?;
            let reference = self.reserve(code);
            self.grow(1)?;
            let mut done = match self.begin(code & !tag::FLAG_REF)? {
                Begun::Whole(value) => self.number_object(value, reference, expanded_before),
                Begun::Open(builder) => {
                    self.open.push(Open { builder, reference, expanded_before });
                    if self.open.len() > MAX_DEPTH {
                        return self.fail(MarshalFault::TooDeep);
                    }
                    match self.complete_empty()? {
                        Some(value) => value,
                        None => continue,
                    }
                }
                Begun::Null => match self.end_dict()? {
                    Some(value) => value,
                    None => return self.fail(MarshalFault::Null),
                },
            };
            loop {
                if self.open.is_empty() {
                    return Ok(done);
                }
                match self.feed(done)? {
                    Some(value) => done = value,
                    None => break,
                }
            }
        }
    }

    fn fail<T>(&self, fault: MarshalFault) -> Result<T, MarshalError> {
        Err(MarshalError { offset: self.at, fault })
    }

    fn reserve(&mut self, code: u8) -> Option<usize> {
        (code & tag::FLAG_REF != 0).then(|| {
            self.refs.push(None);
            self.refs.len() - 1
        })
    }

    fn grow(&mut self, by: u64) -> Result<(), MarshalError> {
        self.expanded = self.expanded.saturating_add(by);
        if self.expanded > MAX_EXPANDED { self.fail(MarshalFault::TooLarge) } else { Ok(()) }
    }

    /// Gives a complete object its number, if it has one.
    fn number_object(&mut self, value: Const, reference: Option<usize>, expanded_before: u64) -> Const {
        if let Some(index) = reference {
            self.refs[index] = Some((value.clone(), self.expanded - expanded_before));
        }
        value
    }

    /// Reads what stands behind a type code, up to the first nested object.
    fn begin(&mut self, code: u8) -> Result<Begun, MarshalError> {
        let value = match code {
            tag::NULL => return Ok(Begun::Null),
            tag::TUPLE => return self.begin_sequence(SequenceKind::Tuple, "tuple"),
            tag::SMALL_TUPLE => {
                let length = usize::from(self.byte()?);
                return self.begin_items(SequenceKind::Tuple, length);
            }
            tag::LIST => return self.begin_sequence(SequenceKind::List, "list"),
            tag::SET => return self.begin_sequence(SequenceKind::Set, "set"),
            tag::FROZEN_SET => return self.begin_sequence(SequenceKind::FrozenSet, "set"),
            tag::DICT => return Ok(Begun::Open(Builder::Dict { key: None, pairs: Vec::new() })),
            tag::CODE => return Ok(Begun::Open(Builder::Code(Box::new(self.begin_code()?)))),
            tag::REF => self.reference()?,
            tag::NONE => Const::None,
            tag::FALSE => Const::Bool(false),
            tag::TRUE => Const::Bool(true),
            tag::STOP_ITERATION => Const::StopIteration,
            tag::ELLIPSIS => Const::Ellipsis,
            tag::INT => Const::Int(i64::from(self.int()?)),
            tag::INT64 => Const::Int(i64::from_le_bytes(self.array()?)),
            tag::LONG => self.long()?,
            tag::FLOAT => Const::Float(self.float()?),
            tag::FLOAT_TEXT => Const::Float(self.float_text()?),
            tag::COMPLEX => Const::Complex(self.float()?, self.float()?),
            tag::COMPLEX_TEXT => Const::Complex(self.float_text()?, self.float_text()?),
            tag::BYTES => {
                let length = self.size("bytes object")?;
                Const::Bytes(self.take(length)?.into())
            }
            tag::UNICODE | tag::INTERNED => self.unicode()?,
            tag::ASCII | tag::ASCII_INTERNED => {
                let length = self.size("string")?;
                self.latin1(length)?
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let length = usize::from(self.byte()?);
                self.latin1(length)?
            }
            _ => {
                self.at -= 1;
                return self.fail(MarshalFault::UnknownType);
            }
        };
        Ok(Begun::Whole(value))
    }

    fn begin_sequence(&mut self, kind: SequenceKind, what: &'static str) -> Result<Begun, MarshalError> {
        let length = self.size(what)?;
        self.begin_items(kind, length)
    }

    fn begin_items(&mut self, kind: SequenceKind, length: usize) -> Result<Begun, MarshalError> {
        // Each item takes at least one byte, so that a length cannot ask for more memory than the file has bytes.
        if length > self.bytes.len() - self.at {
            return self.fail(MarshalFault::TooShort);
        }
        Ok(Begun::Open(Builder::Sequence { kind, missing: length, items: Vec::with_capacity(length) }))
    }

    fn begin_code(&mut self) -> Result<CodeBuilder, MarshalError> {
        Ok(CodeBuilder {
            argcount: self.count("argcount")?,
            posonlyargcount: self.count("posonlyargcount")?,
            kwonlyargcount: self.count("kwonlyargcount")?,
            stacksize: self.count("stacksize")?,
            flags: self.int()? as u32,
            firstlineno: 0,
            objects: Vec::with_capacity(CODE_OBJECTS),
        })
    }

    /// Completes the innermost container if it has no items at all.
    fn complete_empty(&mut self) -> Result<Option<Const>, MarshalError> {
        match self.open.last() {
            Some(Open { builder: Builder::Sequence { missing: 0, .. }, .. }) => self.close().map(Some),
            _ => Ok(None),
        }
    }

    /// Ends the innermost container if it is a dictionary.
    fn end_dict(&mut self) -> Result<Option<Const>, MarshalError> {
        match self.open.last() {
            Some(Open { builder: Builder::Dict { .. }, .. }) => self.close().map(Some),
            _ => Ok(None),
        }
    }

    /// Gives the innermost container its next item; the container itself if that completes it.
    fn feed(&mut self, item: Const) -> Result<Option<Const>, MarshalError> {
        let open = self.open.last_mut().expect("an item is fed to an open container");
        let complete = match &mut open.builder {
            Builder::Sequence { missing, items, .. } => {
                items.push(item);
                *missing -= 1;
                *missing == 0
            }
            Builder::Dict { key, pairs } => {
                match key.take() {
                    None => *key = Some(item),
                    Some(key) => pairs.push((key, item)),
                }
                false
            }
            Builder::Code(code) => {
                code.objects.push(item);
                match code.objects.len() {
                    OBJECTS_BEFORE_LINE => {
                        let line = self.int()?;
                        self.set_first_line(line);
                        false
                    }
                    CODE_OBJECTS => true,
                    _ => false,
                }
            }
        };
        if complete { self.close().map(Some) } else { Ok(None) }
    }

    fn set_first_line(&mut self, line: i32) {
        if let Some(Open { builder: Builder::Code(code), .. }) = self.open.last_mut() {
            code.firstlineno = line;
        }
    }

    fn close(&mut self) -> Result<Const, MarshalError> {
        let open = self.open.pop().expect("the innermost container is open");
        let value = match open.builder {
            Builder::Sequence { kind, items, .. } => sequence(kind, items),
            Builder::Dict { pairs, .. } => Const::Dict(pairs.into()),
            Builder::Code(code) => match code.finish() {
                Ok(code) => Const::Code(Arc::new(code)),
                Err(fault) => return self.fail(fault),
            },
        };
        Ok(self.number_object(value, open.reference, open.expanded_before))
    }

    fn reference(&mut self) -> Result<Const, MarshalError> {
        let index = usize::try_from(self.int()?).ok();
        match index.and_then(|index| self.refs.get(index)) {
            Some(Some((value, size))) => {
                let (value, size) = (value.clone(), *size);
                self.grow(size)?;
                Ok(value)
            }
            Some(None) => self.fail(MarshalFault::ContainsItself),
            None => self.fail(MarshalFault::InvalidReference),
        }
    }

    fn long(&mut self) -> Result<Const, MarshalError> {
        let signed_length = self.int()?;
        let bytes = self.take(signed_length.unsigned_abs() as usize * 2)?;
        let mut packer = DigitPacker::default();
        let mut last = 1;
        for digit in bytes.as_chunks::<2>().0 {
            last = u32::from(u16::from_le_bytes(*digit));
            if last >> DIGIT_BITS != 0 {
                return self.fail(MarshalFault::DigitOutOfRange);
            }
            packer.push(last);
        }
        if last == 0 {
            return self.fail(MarshalFault::Unnormalized);
        }
        let sign = if signed_length < 0 { Sign::Minus } else { Sign::Plus };
        let value = BigInt::from_biguint(sign, packer.finish());
        Ok(value.to_i64().map_or_else(|| Const::BigInt(Arc::new(value)), Const::Int))
    }

    fn unicode(&mut self) -> Result<Const, MarshalError> {
        let length = self.size("string")?;
        let bytes = self.take(length)?;
        match Text::from_wtf8(bytes) {
            Some(text) => Ok(Const::Str(text)),
            None => self.fail(MarshalFault::NotUtf8),
        }
    }

    /// A string of one byte a character: what CPython takes for ASCII without looking.
    fn latin1(&mut self, length: usize) -> Result<Const, MarshalError> {
        let bytes = self.take(length)?;
        let text = if bytes.is_ascii() { Text::from_wtf8(bytes) } else { None };
        Ok(Const::Str(text.unwrap_or_else(|| Text::from_code_points(bytes.iter().copied().map(u32::from)))))
    }

    fn float(&mut self) -> Result<f64, MarshalError> {
        Ok(f64::from_le_bytes(self.array()?))
    }

    fn float_text(&mut self) -> Result<f64, MarshalError> {
        let length = usize::from(self.byte()?);
        let text = std::str::from_utf8(self.take(length)?).ok().and_then(|text| text.parse().ok());
        text.map_or_else(|| self.fail(MarshalFault::NotFloat), Ok)
    }

    fn count(&mut self, field: &'static str) -> Result<u32, MarshalError> {
        let count = self.int()?;
        u32::try_from(count).or_else(|_| self.fail(MarshalFault::NegativeCount { field }))
    }

    fn size(&mut self, what: &'static str) -> Result<usize, MarshalError> {
        let size = self.int()?;
        usize::try_from(size).or_else(|_| self.fail(MarshalFault::SizeOutOfRange { what }))
    }

    fn int(&mut self) -> Result<i32, MarshalError> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    fn byte(&mut self) -> Result<u8, MarshalError> {
        Ok(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MarshalError> {
        Ok(self.take(N)?.try_into().expect("take gives as many bytes as asked for"))
    }
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], MarshalError> {
        let Some(bytes) = self.bytes[self.at..].get(..length) else {
            return self.fail(MarshalFault::TooShort);
        };
        self.at += length;
        Ok(bytes)
    }
}

fn sequence(kind: SequenceKind, items: Vec<Const>) -> Const {
    let items = items.into();
    match kind {
        SequenceKind::Tuple => Const::Tuple(items),
        SequenceKind::List => Const::List(items),
        SequenceKind::Set => Const::Set(items),
        SequenceKind::FrozenSet => Const::FrozenSet(items),
    }
}

/// Packs digits of 15 bits into words of 32.
#[derive(Default)]
struct DigitPacker {
    words: Vec<u32>,
    pending: u64,
    bits: u32,
}

impl DigitPacker {
    fn push(&mut self, digit: u32) {
        self.pending |= u64::from(digit) << self.bits;
        self.bits += DIGIT_BITS;
        if self.bits >= u32::BITS {
            self.words.push(self.pending as u32);
            self.pending >>= u32::BITS;
            self.bits -= u32::BITS;
        }
    }

    fn finish(mut self) -> BigUint {
        self.words.push(self.pending as u32);
        BigUint::new(self.words)
    }
}

/// Objects of a code object that stand before `firstlineno`, and all of them.
const OBJECTS_BEFORE_LINE: usize = 8;
const CODE_OBJECTS: usize = 10;

/// A code object whose nested objects are being read.
struct CodeBuilder {
    argcount: u32,
    posonlyargcount: u32,
    kwonlyargcount: u32,
    stacksize: u32,
    flags: u32,
    firstlineno: i32,
    objects: Vec<Const>,
}

impl CodeBuilder {
    fn finish(self) -> Result<CodeObject, MarshalFault> {
        let mut objects = self.objects.into_iter();
        let mut next = || objects.next().unwrap_or(Const::None);
        Ok(CodeObject {
            argcount: self.argcount,
            posonlyargcount: self.posonlyargcount,
            kwonlyargcount: self.kwonlyargcount,
            stacksize: self.stacksize,
            flags: CodeFlags(self.flags),
            code: bytes(next(), "code")?,
            consts: tuple(&next(), "consts")?.iter().cloned().collect(),
            names: texts(&next(), "names")?,
            localsplusnames: texts(&next(), "localsplusnames")?,
            localspluskinds: bytes(next(), "localspluskinds")?,
            filename: text(next(), "filename")?,
            name: text(next(), "name")?,
            qualname: text(next(), "qualname")?,
            firstlineno: self.firstlineno,
            linetable: bytes(next(), "linetable")?,
            exceptiontable: bytes(next(), "exceptiontable")?,
        })
    }
}

fn bytes(object: Const, field: &'static str) -> Result<Box<[u8]>, MarshalFault> {
    match object {
        Const::Bytes(bytes) => Ok((*bytes).into()),
        _ => Err(MarshalFault::CodeField { field, wanted: "bytes object" }),
    }
}

fn text(object: Const, field: &'static str) -> Result<Text, MarshalFault> {
    match object {
        Const::Str(text) => Ok(text),
        _ => Err(MarshalFault::CodeField { field, wanted: "string" }),
    }
}

fn tuple<'a>(object: &'a Const, field: &'static str) -> Result<&'a [Const], MarshalFault> {
    match object {
        Const::Tuple(items) => Ok(items),
        _ => Err(MarshalFault::CodeField { field, wanted: "tuple" }),
    }
}

fn texts(object: &Const, field: &'static str) -> Result<Box<[Text]>, MarshalFault> {
    let wanted = "tuple of strings";
    let items = tuple(object, field).map_err(|_| MarshalFault::CodeField { field, wanted })?;
    items.iter().map(|item| text(item.clone(), field)).collect()
}
