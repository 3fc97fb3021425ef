//! The assembler: opargs of jumps, `EXTENDED_ARG` prefixes, the exception table, the location table, the code object.

use bytecode::exception_table::{self, ExceptionEntry};
use bytecode::location_table::{self, Position};
use bytecode::{CodeFlags, CodeObject, Const, StackOp, Text, wordcode};

use super::AssembleError;
use super::localsplus::LocalsPlus;
use super::lower::{Handler, LinearInstr};
use super::opcode::{self, JUMP, JUMP_BACKWARD, JUMP_BACKWARD_NO_INTERRUPT, JUMP_FORWARD, JUMP_NO_INTERRUPT};
use crate::ir::{Location, Opcode, Unit};

/// An instruction with its real opcode and, once jumps are resolved, its oparg.
struct EncodedInstr {
    op: StackOp,
    arg: u32,
    source: LinearInstr,
}

impl EncodedInstr {
    fn units(&self) -> u32 {
        wordcode::units(self.op, self.arg)
    }
}

/// Encodes the instructions and fills in the code object.
pub(super) fn assemble(
    unit: Unit,
    filename: &str,
    consts: Vec<Const>,
    stack_size: u32,
    slots: LocalsPlus,
    mut instrs: Vec<LinearInstr>,
) -> Result<CodeObject, AssembleError> {
    resolve_next_locations(&mut instrs);
    let mut encoded = select_opcodes(&instrs)?;
    let offsets = resolve_jump_offsets(&mut encoded);
    let texts = |names: Vec<String>| names.into_iter().map(Text::from).collect();
    Ok(CodeObject {
        argcount: unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        // A frame needs room for at least one value, its result.
        stacksize: stack_size.max(1),
        flags: CodeFlags(unit.flags),
        code: encode(&encoded),
        consts: consts.into(),
        names: texts(unit.names),
        localsplusnames: texts(slots.names),
        localspluskinds: slots.kinds.into(),
        filename: Text::from(filename),
        name: Text::from(unit.name),
        qualname: Text::from(unit.qualname),
        firstlineno: unit.firstlineno,
        linetable: location_table(&encoded, unit.firstlineno),
        exceptiontable: exception_table(&encoded, &offsets),
    })
}

/// Gives the instructions that ask for the next one's location what they ask for.
fn resolve_next_locations(instrs: &mut [LinearInstr]) {
    let mut next = Location::NONE;
    for instr in instrs.iter_mut().rev() {
        if instr.location == Location::NEXT {
            instr.location = if opcode::is_terminator(instr.op) { Location::NONE } else { next };
        }
        next = instr.location;
    }
}

fn select_opcodes(instrs: &[LinearInstr]) -> Result<Vec<EncodedInstr>, AssembleError> {
    let select = |(index, instr): (usize, &LinearInstr)| {
        if opcode::is_jump(instr.op) && instr.target.is_none() {
            return Err(AssembleError::JumpPastEnd);
        }
        let op = select_jump(instr.op, instr.target.is_some_and(|target| target > index));
        let op = opcode::real(op).ok_or(AssembleError::UnloweredOpcode { opcode: op.0 })?;
        // CPython sizes jumps by the target's index at first; the fixpoint depends on where it starts.
        let arg = instr.target.map_or(instr.arg, |target| target as u32);
        Ok(EncodedInstr { op, arg, source: *instr })
    };
    instrs.iter().enumerate().map(select).collect()
}

fn select_jump(op: Opcode, forward: bool) -> Opcode {
    match (op, forward) {
        (JUMP | JUMP_NO_INTERRUPT, true) => JUMP_FORWARD,
        (JUMP, false) => JUMP_BACKWARD,
        (JUMP_NO_INTERRUPT, false) => JUMP_BACKWARD_NO_INTERRUPT,
        _ => op,
    }
}

/// Sets the opargs of jumps; returns the offset of each instruction. An oparg can lengthen its instruction and with it
/// other jumps, so offsets and opargs are computed until no length changes.
fn resolve_jump_offsets(instrs: &mut [EncodedInstr]) -> Vec<u32> {
    loop {
        let offsets = offsets(instrs);
        let mut changed = false;
        let mut end = 0;
        for instr in instrs.iter_mut() {
            let units = instr.units();
            end += units;
            if let Some(target) = instr.source.target {
                instr.arg = offsets[target].abs_diff(end);
                changed |= instr.units() != units;
            }
        }
        if !changed {
            return offsets;
        }
    }
}

fn offsets(instrs: &[EncodedInstr]) -> Vec<u32> {
    let next = |end: &mut u32, instr: &EncodedInstr| {
        *end += instr.units();
        Some(*end - instr.units())
    };
    instrs.iter().scan(0, next).collect()
}

fn encode(instrs: &[EncodedInstr]) -> Box<[u8]> {
    let mut code = Vec::new();
    for instr in instrs {
        wordcode::emit(&mut code, instr.op, instr.arg);
    }
    code.into()
}

fn location_table(instrs: &[EncodedInstr], firstlineno: i32) -> Box<[u8]> {
    let runs = instrs.iter().map(|instr| (instr.units(), position(instr.source.location)));
    location_table::encode(firstlineno, runs).into()
}

fn position(location: Location) -> Position {
    let known = |value: i32| (value >= 0).then_some(value);
    Position {
        line: known(location.line),
        end_line: known(location.end_line),
        col: known(location.col),
        end_col: known(location.end_col),
    }
}

/// One entry for each run of instructions with the same handler.
fn exception_table(instrs: &[EncodedInstr], offsets: &[u32]) -> Box<[u8]> {
    let mut entries: Vec<ExceptionEntry> = Vec::new();
    let mut open: Option<Handler> = None;
    for (instr, offset) in instrs.iter().zip(offsets) {
        let handler = instr.source.handler;
        let end = offset + instr.units();
        match (handler, entries.last_mut()) {
            (Some(handler), Some(entry)) if open.is_some_and(|open| open.start == handler.start) => {
                entry.end = end;
            }
            (Some(handler), _) => entries.push(entry(&handler, offsets, *offset, end)),
            (None, _) => {}
        }
        open = handler;
    }
    exception_table::encode(&entries).into()
}

fn entry(handler: &Handler, offsets: &[u32], start: u32, end: u32) -> ExceptionEntry {
    let on_top = 1 + i32::from(handler.preserve_lasti);
    ExceptionEntry {
        start,
        end,
        target: offsets.get(handler.start).copied().unwrap_or(end),
        depth: u32::try_from(handler.depth - on_top).unwrap_or(0),
        lasti: handler.preserve_lasti,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::opcode::{NOP, RETURN_CONST};

    fn instr(op: Opcode, target: Option<usize>) -> LinearInstr {
        LinearInstr { op, arg: 0, location: Location::NONE, target, handler: None }
    }

    #[test]
    fn jumps_take_prefixes_for_each_other_until_nothing_changes() {
        // Each jump spans 255 units but for the other's prefix, which makes it 256 and asks for a prefix of its own.
        let mut instrs = vec![instr(JUMP, Some(257)), instr(JUMP, Some(258))];
        instrs.extend(vec![instr(NOP, None); 255]);
        instrs.extend([instr(JUMP, Some(0)), instr(RETURN_CONST, None)]);
        let mut encoded = select_opcodes(&instrs).unwrap();
        let offsets = resolve_jump_offsets(&mut encoded);
        let code = wordcode::decode(&encode(&encoded)).unwrap();
        let target = |index: usize| code[index].jump_target().unwrap();
        assert_eq!((target(0), target(1), target(257)), (offsets[257], offsets[258], 0));
        assert_eq!(code[0].oparg, 257);
        assert_eq!(code[257].op, StackOp::JUMP_BACKWARD);
    }

    #[test]
    fn a_location_taken_from_the_next_instruction_crosses_runs() {
        let at = |line| Location { line, end_line: line, col: 0, end_col: 1 };
        let mut instrs = vec![instr(NOP, None); 4];
        for (instr, location) in
            instrs.iter_mut().zip([Location::NEXT, Location::NEXT, at(3), Location::NEXT])
        {
            instr.location = location;
        }
        instrs[3].op = RETURN_CONST;
        resolve_next_locations(&mut instrs);
        assert_eq!(instrs.iter().map(|instr| instr.location.line).collect::<Vec<_>>(), [3, 3, 3, -1]);
    }

    #[test]
    fn a_jump_without_target_is_an_error() {
        assert_eq!(select_opcodes(&[instr(JUMP, None)]).err(), Some(AssembleError::JumpPastEnd));
        let lowered = select_opcodes(&[instr(opcode::POP_BLOCK, None)]).err();
        assert_eq!(lowered, Some(AssembleError::UnloweredOpcode { opcode: opcode::POP_BLOCK.0 }));
    }
}
