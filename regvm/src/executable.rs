//! The executable copy of register code, quickened where the operands alone tell the form.

use bytecode::{CodeObject, RegCode, RegOp, verify};
use runtime::code::{Executable, Handler, Origin};

use crate::{Translator, quick};

/// Makes the copy; says why if the code is not sound.
pub(crate) fn prepare<T: Translator>(code: &CodeObject) -> Result<Executable, String> {
    verify(code).map_err(|error| format!("bad code object: {error}"))?;
    let translated = T::translate(code)?;
    let mut words = translated.words.clone();
    for (start, instr) in translated.instrs() {
        let form = quick::by_operands(instr.op, words[start]);
        words[start] = words[start] & !0xFFFF | u64::from(form);
    }
    let handlers = handlers(&translated);
    Ok(Executable {
        words,
        // One more: where a generator gets the first value sent, which nobody reads.
        frame_size: u32::from(translated.frame_size).max(code.nlocalsplus() as u32) + 1,
        handlers,
        origin: Origin::Register(translated.source_map),
    })
}

fn handlers(code: &RegCode) -> Box<[Handler]> {
    code.exceptions
        .iter()
        .map(|entry| Handler {
            start: entry.start * 8,
            end: entry.end * 8,
            target: entry.target * 8,
            slot: entry.slot,
            lasti: entry.lasti,
        })
        .collect()
}

/// Empties the caches: quickened forms that rest on them become the plain ones again, cache words zero.
pub(crate) fn flush(executable: &mut Executable) {
    let mut at = 0;
    while at < executable.words.len() {
        let op = quick::base(executable.words[at] as u16);
        let plain = executable.words[at] & !0xFFFF | op as u64;
        let Some(instr) = bytecode::RegInstr::decode(&with_first(&executable.words[at..], plain)) else {
            return;
        };
        let words = instr.words();
        let caches = op.info().caches;
        if caches > 0 {
            executable.words[at] = plain;
            executable.words[at + words - caches..at + words].fill(0);
        }
        at += words;
    }
}

/// The words of an instruction with another first one; no instruction is longer than its operand list.
fn with_first(words: &[u64], first: u64) -> Vec<u64> {
    let mut copy = words.to_vec();
    copy[0] = first;
    copy
}

static EXIT: u64 = quick::EXIT as u64;
static EXHAUSTED: u64 = quick::EXIT_EXHAUSTED as u64;

/// The instruction that ends the loop.
pub(crate) fn exit_code() -> *mut u8 {
    (&raw const EXIT).cast_mut().cast()
}

/// The instruction that ends the loop of an exhausted iterator.
pub(crate) fn exhausted_code() -> *mut u8 {
    (&raw const EXHAUSTED).cast_mut().cast()
}

const _: () = assert!(RegOp::ALL.len() < 1 << 15, "room for quickened forms");
