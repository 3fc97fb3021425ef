//! Disassembly as JSON.

use bytecode::dis::{Line, Listing};
use bytecode::reg_dis::{self, RegLine};
use bytecode::repr::ConstRepr;
use bytecode::{CodeObject, RegCode};
use serde_json::{Value, json};
use translate::size32_model;

/// Adds the fields of one object to another.
pub(super) fn add(object: &mut Value, fields: Value) {
    if let (Value::Object(object), Value::Object(fields)) = (object, fields) {
        object.extend(fields);
    }
}

/// What both forms have in common.
pub(super) fn code(code: &CodeObject) -> Value {
    let texts =
        |texts: &[bytecode::Text]| texts.iter().map(bytecode::Text::to_string_lossy).collect::<Vec<_>>();
    json!({
        "name": code.name.to_string_lossy(),
        "qualname": code.qualname.to_string_lossy(),
        "filename": code.filename.to_string_lossy(),
        "firstlineno": code.firstlineno,
        "argcount": code.argcount,
        "posonlyargcount": code.posonlyargcount,
        "kwonlyargcount": code.kwonlyargcount,
        "stacksize": code.stacksize,
        "flags": code.flags.0,
        "consts": code.consts.iter().map(|constant| ConstRepr(constant).to_string()).collect::<Vec<_>>(),
        "names": texts(&code.names),
        "localsplus": texts(&code.localsplusnames),
    })
}

/// The wordcode.
pub(super) fn stack(listing: &Listing) -> Value {
    json!({
        "code_bytes": listing.code_bytes,
        "instructions": listing.lines.iter().map(line_json).collect::<Vec<_>>(),
        "exception_table": listing.handlers.iter().map(|handler| json!({
            "start": handler.entry.start * 2,
            "end": handler.entry.end * 2,
            "target": handler.entry.target * 2,
            "depth": handler.entry.depth,
            "lasti": handler.entry.lasti,
        })).collect::<Vec<_>>(),
    })
}

/// The register code.
pub(super) fn register(code: &CodeObject, reg: &RegCode) -> Value {
    let listing = reg_dis::list(code, reg);
    json!({
        "code_bytes": reg.words.len() * 8,
        "code_bytes_32": size32_model(reg),
        "frame_slots": reg.frame_size,
        "instructions": listing.lines.iter().map(reg_line_json).collect::<Vec<_>>(),
        "exception_table": reg.exceptions.iter().map(|entry| json!({
            "start": entry.start,
            "end": entry.end,
            "target": entry.target,
            "slot": entry.slot,
            "lasti": entry.lasti,
        })).collect::<Vec<_>>(),
    })
}

fn reg_line_json(line: &RegLine) -> Value {
    json!({
        "word": line.word,
        "op": line.op.name(),
        "operands": line.operands,
        "label": line.label,
        "line": line.line,
        "starts_line": line.starts_line,
        "stack_offsets": line.offsets.iter().map(|offset| offset * 2).collect::<Vec<_>>(),
    })
}

fn line_json(line: &Line) -> Value {
    let position = line.position;
    json!({
        "offset": line.offset * 2,
        "op": line.op.name(),
        "opcode": line.op.number(),
        "oparg": line.oparg,
        "meaning": line.meaning,
        "label": line.label,
        "target": line.target.map(|target| target * 2),
        "line": line.line,
        "starts_line": line.starts_line,
        "position": [position.line, position.col, position.end_line, position.end_col],
        "caches": line.caches.iter().map(|cache| json!({
            "name": cache.name, "units": cache.units, "value": cache.value,
        })).collect::<Vec<_>>(),
    })
}
