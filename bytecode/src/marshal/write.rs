//! Writing marshalled objects: a loop with its own stack of what is still to be written.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use num_bigint::{BigInt, Sign};

use super::tag;
use crate::{CodeObject, Const, Text};

/// The marshalled form of the object.
pub fn dump(object: &Const) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.run(Task::Object(object));
    writer.out
}

/// The marshalled form of the code object.
pub fn dump_code(code: &CodeObject) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.run(Task::Code(code));
    writer.out
}

#[derive(Default)]
struct Writer<'a> {
    out: Vec<u8>,
    tasks: Vec<Task<'a>>,
    /// Numbers of what was written: strings by value, the others by address. Both live as long as `'a`.
    texts: HashMap<&'a Text, u32>,
    addresses: HashMap<*const u8, u32>,
    numbered: u32,
}

enum Task<'a> {
    Object(&'a Const),
    Code(&'a CodeObject),
    Name(&'a Text),
    Names(&'a [Text]),
    Consts(&'a [Const]),
    Bytes(&'a [u8]),
    Int(i32),
    EndDict,
}

impl<'a> Writer<'a> {
    fn run(&mut self, first: Task<'a>) {
        self.tasks.push(first);
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Object(object) => self.object(object),
                Task::Code(code) => self.code(code, 0),
                Task::Name(text) => self.text(text, true),
                Task::Names(names) => {
                    self.sequence_head(tag::TUPLE, names.len(), 0);
                    self.tasks.extend(names.iter().rev().map(Task::Name));
                }
                Task::Consts(items) => {
                    self.sequence_head(tag::TUPLE, items.len(), 0);
                    self.tasks.extend(items.iter().rev().map(Task::Object));
                }
                Task::Bytes(bytes) => self.bytes(bytes, 0),
                Task::Int(value) => self.int(value),
                Task::EndDict => self.out.push(tag::NULL),
            }
        }
    }

    fn object(&mut self, object: &'a Const) {
        match object {
            Const::None => self.out.push(tag::NONE),
            Const::Bool(value) => self.out.push(if *value { tag::TRUE } else { tag::FALSE }),
            Const::Ellipsis => self.out.push(tag::ELLIPSIS),
            Const::StopIteration => self.out.push(tag::STOP_ITERATION),
            Const::Int(value) => match i32::try_from(*value) {
                Ok(value) => {
                    self.out.push(tag::INT);
                    self.int(value);
                }
                Err(_) => self.long(&BigInt::from(*value)),
            },
            Const::BigInt(value) => self.long(value),
            Const::Float(value) => {
                self.out.push(tag::FLOAT);
                self.out.extend(value.to_le_bytes());
            }
            Const::Complex(real, imaginary) => {
                self.out.push(tag::COMPLEX);
                self.out.extend(real.to_le_bytes());
                self.out.extend(imaginary.to_le_bytes());
            }
            Const::Str(text) => self.text(text, is_name(text)),
            Const::Bytes(bytes) => {
                if let Some(flag) = self.number(Arc::as_ptr(bytes).cast()) {
                    self.bytes(bytes, flag);
                }
            }
            Const::Tuple(items) => self.items(tag::TUPLE, items),
            Const::List(items) => self.items(tag::LIST, items),
            Const::Set(items) => self.sorted_items(tag::SET, items),
            Const::FrozenSet(items) => self.sorted_items(tag::FROZEN_SET, items),
            Const::Dict(pairs) => self.dict(pairs),
            Const::Code(code) => {
                if let Some(flag) = self.number(Arc::as_ptr(code).cast()) {
                    self.code(code, flag);
                }
            }
        }
    }

    /// Writes a reference if the address was written before; else numbers it and gives the flag for its type code.
    fn number(&mut self, address: *const u8) -> Option<u8> {
        let next = self.numbered;
        match self.addresses.entry(address) {
            Entry::Occupied(entry) => {
                let index = *entry.get();
                self.reference(index);
                None
            }
            Entry::Vacant(entry) => {
                entry.insert(next);
                self.numbered += 1;
                Some(tag::FLAG_REF)
            }
        }
    }

    fn reference(&mut self, index: u32) {
        self.out.push(tag::REF);
        self.int(index as i32);
    }

    fn items(&mut self, code: u8, items: &'a Arc<[Const]>) {
        // Empty ones may share an address with anything, and are smaller than a reference.
        if items.is_empty() {
            return self.sequence_head(code, 0, 0);
        }
        if let Some(flag) = self.number(Arc::as_ptr(items).cast()) {
            self.sequence_head(code, items.len(), flag);
            self.tasks.extend(items.iter().rev().map(Task::Object));
        }
    }

    /// Elements in the order of their own marshalled forms, so that a set's file does not depend on hash order.
    fn sorted_items(&mut self, code: u8, items: &'a [Const]) {
        self.sequence_head(code, items.len(), 0);
        let mut order: Vec<_> = items.iter().map(|item| (dump(item), item)).collect();
        order.sort_by(|a, b| a.0.cmp(&b.0));
        self.tasks.extend(order.iter().rev().map(|(_, item)| Task::Object(item)));
    }

    fn dict(&mut self, pairs: &'a [(Const, Const)]) {
        self.out.push(tag::DICT);
        self.tasks.push(Task::EndDict);
        for (key, value) in pairs.iter().rev() {
            self.tasks.extend([Task::Object(value), Task::Object(key)]);
        }
    }

    fn sequence_head(&mut self, code: u8, length: usize, flag: u8) {
        match u8::try_from(length) {
            Ok(length) if code == tag::TUPLE => self.out.extend([tag::SMALL_TUPLE | flag, length]),
            _ => {
                self.out.push(code | flag);
                self.int(length as i32);
            }
        }
    }

    fn code(&mut self, code: &'a CodeObject, flag: u8) {
        self.out.push(tag::CODE | flag);
        let counts = [code.argcount, code.posonlyargcount, code.kwonlyargcount, code.stacksize, code.flags.0];
        for count in counts {
            self.int(count as i32);
        }
        self.tasks.extend([
            Task::Bytes(&code.exceptiontable),
            Task::Bytes(&code.linetable),
            Task::Int(code.firstlineno),
            Task::Name(&code.qualname),
            Task::Name(&code.name),
            Task::Name(&code.filename),
            Task::Bytes(&code.localspluskinds),
            Task::Names(&code.localsplusnames),
            Task::Names(&code.names),
            Task::Consts(&code.consts),
            Task::Bytes(&code.code),
        ]);
    }

    fn bytes(&mut self, bytes: &[u8], flag: u8) {
        self.out.push(tag::BYTES | flag);
        self.sized(bytes);
    }

    /// Strings are numbered by value: to share equal ones changes nothing that a program can see but `is`.
    fn text(&mut self, text: &'a Text, interned: bool) {
        if let Some(index) = self.texts.get(text) {
            return self.reference(*index);
        }
        self.texts.insert(text, self.numbered);
        self.numbered += 1;
        let bytes = text.as_bytes();
        if !bytes.is_ascii() {
            self.out.push(if interned { tag::INTERNED } else { tag::UNICODE } | tag::FLAG_REF);
            self.sized(bytes);
        } else if let Ok(length) = u8::try_from(bytes.len()) {
            let code = if interned { tag::SHORT_ASCII_INTERNED } else { tag::SHORT_ASCII };
            self.out.extend([code | tag::FLAG_REF, length]);
            self.out.extend(bytes);
        } else {
            self.out.push(if interned { tag::ASCII_INTERNED } else { tag::ASCII } | tag::FLAG_REF);
            self.sized(bytes);
        }
    }

    fn long(&mut self, value: &BigInt) {
        let digits = digits(value);
        let length = digits.len() as i32;
        self.out.push(tag::LONG);
        self.int(if value.sign() == Sign::Minus { -length } else { length });
        self.out.extend(digits.iter().flat_map(|digit| digit.to_le_bytes()));
    }

    fn sized(&mut self, bytes: &[u8]) {
        self.int(bytes.len() as i32);
        self.out.extend(bytes);
    }

    fn int(&mut self, value: i32) {
        self.out.extend(value.to_le_bytes());
    }
}

/// Whether CPython interns the string when it stands in a const pool.
fn is_name(text: &Text) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The magnitude's digits of 15 bits, lowest first.
fn digits(value: &BigInt) -> Vec<u16> {
    let mut digits = Vec::new();
    let (mut pending, mut bits) = (0_u64, 0);
    for word in value.magnitude().iter_u32_digits() {
        pending |= u64::from(word) << bits;
        bits += u32::BITS;
        while bits >= 15 {
            digits.push((pending & 0x7FFF) as u16);
            pending >>= 15;
            bits -= 15;
        }
    }
    digits.push(pending as u16);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}
