//! The executable copy of a code object: its wordcode, quickened where the opcode alone tells the form.

use bytecode::{BinOp, CodeObject, StackOp, exception_table, verify, wordcode};
use runtime::code::{Executable, Handler, Origin};

use crate::quick;

/// Makes the copy; says why if the code is not sound.
pub(crate) fn prepare(code: &CodeObject) -> Result<Executable, String> {
    verify(code).map_err(|error| format!("bad code object: {error}"))?;
    let mut units: Vec<u8> = code.code.to_vec();
    quicken(&mut units);
    let handlers = handlers(code)?;
    Ok(Executable {
        words: pack(&units),
        frame_size: code.nlocalsplus() as u32 + code.stacksize + 1,
        handlers,
        origin: Origin::Wordcode,
    })
}

fn quicken(units: &mut [u8]) {
    let plain = units.to_vec();
    let mut after_generator = false;
    let mut in_prologue = true;
    for instr in wordcode::instrs(&plain).flatten() {
        let at = instr.offset as usize * 2;
        match instr.op {
            StackOp::BINARY_OP => {
                units[at] = match BinOp::from_number(instr.oparg).map(BinOp::plain) {
                    Some(BinOp::Add) => quick::BINARY_ADD,
                    Some(BinOp::Subtract) => quick::BINARY_SUBTRACT,
                    Some(BinOp::Multiply) => quick::BINARY_MULTIPLY,
                    _ => units[at],
                };
            }
            StackOp::POP_TOP if after_generator => units[at] = quick::PROLOGUE_POP,
            StackOp::MAKE_CELL if in_prologue => units[at] = quick::PROLOGUE_MAKE_CELL,
            StackOp::COPY_FREE_VARS if in_prologue => units[at] = quick::PROLOGUE_COPY_FREE_VARS,
            StackOp::RESUME => in_prologue = false,
            _ => {}
        }
        after_generator = instr.op == StackOp::RETURN_GENERATOR;
    }
}

fn handlers(code: &CodeObject) -> Result<Box<[Handler]>, String> {
    let entries = exception_table::decode(&code.exceptiontable).map_err(|error| error.to_string())?;
    let locals = code.nlocalsplus() as u32;
    Ok(entries
        .iter()
        .map(|entry| Handler {
            start: entry.start * 2,
            end: entry.end * 2,
            target: entry.target * 2,
            slot: (locals + entry.depth) as u16,
            lasti: entry.lasti,
        })
        .collect())
}

/// Packs units into words.
fn pack(units: &[u8]) -> Box<[u64]> {
    units
        .chunks(8)
        .map(|chunk| {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(bytes)
        })
        .collect()
}

/// Empties the caches: quickened forms that hold values or positions become the plain ones again.
pub(crate) fn flush(executable: &mut Executable) {
    let mut units: Vec<u8> = executable.words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let mut at = 0;
    while at + 1 < units.len() {
        let base = quick::base_number(units[at]);
        let caches = StackOp::from_number(base).map_or(0, StackOp::cache_units);
        if matches!(
            StackOp::from_number(base),
            Some(StackOp::LOAD_ATTR | StackOp::STORE_ATTR | StackOp::LOAD_GLOBAL)
        ) {
            units[at] = base;
        }
        at += 2 * (1 + caches);
    }
    executable.words.copy_from_slice(&pack(&units));
}

static EXIT: u64 = StackOp::INTERPRETER_EXIT as u64;
static EXHAUSTED: u64 = quick::EXIT_EXHAUSTED as u64;

/// The instruction that ends the loop.
pub(crate) fn exit_code() -> *mut u8 {
    (&raw const EXIT).cast_mut().cast()
}

/// The instruction that ends the loop of an exhausted iterator.
pub(crate) fn exhausted_code() -> *mut u8 {
    (&raw const EXHAUSTED).cast_mut().cast()
}
