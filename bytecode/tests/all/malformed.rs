//! Damaged `.pyc` files: whatever is in them, reading, verifying and disassembling end in an answer or an error.

use std::sync::Arc;

use bytecode::dis::{self, DisOptions};
use bytecode::verify::verify_all;
use bytecode::{CodeObject, Const, depth, exception_table, location_table, marshal, pyc, wordcode};

use crate::library;

/// Damaged versions of each file.
const VERSIONS: usize = 400;

/// A small generator of numbers (xorshift), so that each run damages alike.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// What happened to the damaged versions of some files.
#[derive(Default, Debug)]
struct Tally {
    unreadable: usize,
    refused: usize,
    sound: usize,
}

impl Tally {
    /// Asks everything of a damaged file that the crate can say of it.
    fn examine(&mut self, bytes: &[u8]) {
        let Ok((header, code)) = pyc::read(bytes) else {
            self.unreadable += 1;
            return;
        };
        let _ = dis::write(&code, DisOptions::default(), &mut String::new());
        library::walk(&code, &mut |code| examine_parts(code));
        let rewritten = pyc::write(header, &code);
        let (_, again) = pyc::read(&rewritten).expect("what was read once is read again");
        assert!(code.is_same(&again));
        match verify_all(&code) {
            Ok(_) => self.sound += 1,
            Err(refusal) => {
                assert!(!refusal.to_string().is_empty());
                self.refused += 1;
            }
        }
    }
}

fn examine_parts(code: &CodeObject) {
    let _ = exception_table::decode(&code.exceptiontable);
    let _ = location_table::decode(&code.linetable, code.firstlineno);
    let _ = (code.line_of(3), code.lines().count());
    if let Ok(instrs) = wordcode::decode(&code.code) {
        let _ = depth::analyze(code, &instrs);
    }
}

/// Small files, so that damage hits many kinds of things.
fn victims() -> Vec<&'static [u8]> {
    let small = library::modules().iter().filter(|module| (1500..9000).contains(&module.bytes.len()));
    small.step_by(20).take(12).map(|module| &*module.bytes).collect()
}

#[test]
fn damaged_bytes_do_no_harm() {
    let mut tally = Tally::default();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    for victim in victims() {
        for _ in 0..VERSIONS {
            let mut bytes = victim.to_vec();
            for _ in 0..=numbers.below(3) {
                let at = 16 + numbers.below(bytes.len() - 16);
                bytes[at] = numbers.next() as u8;
            }
            tally.examine(&bytes);
        }
    }
    eprintln!("{tally:?}");
}

#[test]
fn truncated_bytes_are_refused() {
    for victim in victims().into_iter().take(3) {
        for length in 0..victim.len() {
            assert!(pyc::read(&victim[..length]).is_err(), "{length} of {} bytes", victim.len());
        }
    }
}

/// Damage where it hurts most: single fields of a sound code object.
#[test]
fn damaged_fields_do_no_harm() {
    let mut tally = Tally::default();
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    for victim in victims() {
        let (header, code) = pyc::read(victim).expect("the library is sound");
        for _ in 0..VERSIONS {
            let damaged = damage(&code, &mut numbers);
            tally.examine(&pyc::write(header, &damaged));
        }
    }
    // Without a library to damage there is nothing to refuse.
    assert!(tally.unreadable == 0 && (tally.refused > 0 || victims().is_empty()));
    eprintln!("{tally:?}");
}

fn damage(code: &CodeObject, numbers: &mut Numbers) -> CodeObject {
    let mut damaged = code.clone();
    let inner = code.consts.iter().position(|constant| matches!(constant, Const::Code(_)));
    if let Some(index) = inner
        && numbers.below(3) > 0
        && let Const::Code(inner) = &code.consts[index]
    {
        damaged.consts[index] = Const::Code(Arc::new(damage(inner, numbers)));
        return damaged;
    }
    match numbers.below(8) {
        0 => damaged.stacksize = numbers.next() as u32 & 0x7FFF_FFFF,
        1 => damaged.argcount = numbers.below(4) as u32,
        2 => damaged.flags.0 ^= 1 << numbers.below(12),
        3 => hit(&mut damaged.exceptiontable, numbers),
        4 => hit(&mut damaged.linetable, numbers),
        5 => hit(&mut damaged.localspluskinds, numbers),
        _ => hit(&mut damaged.code, numbers),
    }
    damaged
}

fn hit(bytes: &mut [u8], numbers: &mut Numbers) {
    if !bytes.is_empty() {
        let at = numbers.below(bytes.len());
        bytes[at] = numbers.next() as u8;
    }
}

#[test]
fn random_marshal_does_no_harm() {
    let mut numbers = Numbers(0xD1B5_4A32_D192_ED03);
    let codes = b"0NFTS.iIfgxylstr()[{cu<>aAzZ\xE9\xA9\xDB\xFB\xE3\xBE";
    for _ in 0..20_000 {
        let length = numbers.below(60);
        let bytes: Vec<u8> = (0..length)
            .map(|_| match numbers.below(3) {
                0 => codes[numbers.below(codes.len())],
                1 => numbers.below(4) as u8,
                _ => numbers.next() as u8,
            })
            .collect();
        if let Ok(object) = marshal::load(&bytes) {
            assert!(
                marshal::load(&marshal::dump(&object))
                    .expect("what was read is written soundly")
                    .is_same(&object)
            );
        }
    }
}
