//! The assembler: opargs of jumps, `EXTENDED_ARG` prefixes, the exception table, the location table, the code object.

use bytecode::exception_table::{self, ExceptionEntry};
use bytecode::location_table::{self, Position};
use bytecode::{CodeFlags, CodeObject, Const, Text, wordcode};

use super::localsplus::LocalsPlus;
use super::lower::{Handler, Linear, LinearInstr};
use super::opcode;
use crate::ir::{Location, Unit};

/// An instruction's length as its oparg stands.
fn units(instr: &LinearInstr) -> u32 {
    wordcode::units(instr.op, instr.arg)
}

/// Encodes the instructions and fills in the code object.
pub(super) fn assemble(
    unit: Unit,
    filename: &str,
    consts: Vec<Const>,
    stack_size: u32,
    slots: LocalsPlus,
    mut linear: Linear,
) -> CodeObject {
    resolve_next_locations(&mut linear.instrs);
    let offsets = resolve_jump_offsets(&mut linear.instrs);
    let texts = |names: Vec<String>| names.into_iter().map(Text::from).collect();
    CodeObject {
        argcount: unit.argcount,
        posonlyargcount: unit.posonlyargcount,
        kwonlyargcount: unit.kwonlyargcount,
        // A frame needs room for at least one value, its result.
        stacksize: stack_size.max(1),
        flags: CodeFlags(unit.flags),
        code: encode(&linear.instrs, &offsets),
        consts: consts.into(),
        names: texts(unit.names),
        localsplusnames: texts(slots.names),
        localspluskinds: slots.kinds.into(),
        filename: Text::from(filename),
        name: Text::from(unit.name),
        qualname: Text::from(unit.qualname),
        firstlineno: unit.firstlineno,
        linetable: location_table(&linear.instrs, &offsets, unit.firstlineno),
        exceptiontable: exception_table(&linear, &offsets),
    }
}

/// Gives the instructions that ask for the next one's location what they ask for.
fn resolve_next_locations(instrs: &mut [LinearInstr]) {
    let mut next = Location::NONE;
    for instr in instrs.iter_mut().rev() {
        if instr.location == Location::NEXT {
            instr.location = if opcode::is_terminator(instr.op.into()) { Location::NONE } else { next };
        }
        next = instr.location;
    }
}

/// Sets the opargs of jumps; returns the offset of each instruction and of the end. An oparg can lengthen its
/// instruction and with it other jumps, so offsets and opargs are computed until no length changes. At first a jump is
/// as long as its target's index would make it, as in CPython: the fixpoint depends on where it starts.
fn resolve_jump_offsets(instrs: &mut [LinearInstr]) -> Vec<u32> {
    let is_jump = |(_, instr): &(usize, &LinearInstr)| instr.op.is_jump();
    let jumps: Vec<(usize, u32)> =
        instrs.iter().enumerate().filter(is_jump).map(|(index, instr)| (index, instr.arg)).collect();
    let mut offsets = vec![0; instrs.len() + 1];
    loop {
        let mut end = 0;
        for (instr, offset) in instrs.iter().zip(&mut offsets[1..]) {
            end += units(instr);
            *offset = end;
        }
        let mut changed = false;
        for (index, target) in &jumps {
            let instr = &mut instrs[*index];
            let before = units(instr);
            instr.arg = offsets[*target as usize].abs_diff(offsets[index + 1]);
            changed |= units(instr) != before;
        }
        if !changed {
            return offsets;
        }
    }
}

fn encode(instrs: &[LinearInstr], offsets: &[u32]) -> Box<[u8]> {
    let mut code = vec![0; 2 * offsets.last().copied().unwrap_or(0) as usize];
    let mut prefixed = Vec::new();
    for (instr, offset) in instrs.iter().zip(offsets) {
        let place = &mut code[2 * *offset as usize..];
        if let Ok(arg) = u8::try_from(instr.arg) {
            place[0] = instr.op.number();
            place[1] = arg;
        } else {
            prefixed.clear();
            wordcode::emit(&mut prefixed, instr.op, instr.arg);
            place[..prefixed.len()].copy_from_slice(&prefixed);
        }
    }
    code.into()
}

/// Runs are found here, by comparing locations as they are: most instructions stand where their neighbour does.
fn location_table(instrs: &[LinearInstr], offsets: &[u32], firstlineno: i32) -> Box<[u8]> {
    let mut rest = instrs;
    let mut start = 0;
    let runs = std::iter::from_fn(|| {
        let location = rest.first()?.location;
        let count = rest.iter().take_while(|instr| instr.location == location).count();
        rest = &rest[count..];
        let end = instrs.len() - rest.len();
        let units = offsets[end] - offsets[start];
        start = end;
        Some((units, position(location)))
    });
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
fn exception_table(linear: &Linear, offsets: &[u32]) -> Box<[u8]> {
    let mut entries: Vec<ExceptionEntry> = Vec::new();
    let mut open: Option<Handler> = None;
    for (instr, bounds) in linear.instrs.iter().zip(offsets.windows(2)) {
        let handler = instr.handler.map(|id| linear.handlers[id.get() as usize - 1]);
        match (handler, entries.last_mut()) {
            (Some(handler), Some(entry)) if open.is_some_and(|open| open.start == handler.start) => {
                entry.end = bounds[1];
            }
            (Some(handler), _) => entries.push(entry(&handler, offsets, bounds)),
            (None, _) => {}
        }
        open = handler;
    }
    exception_table::encode(&entries).into()
}

fn entry(handler: &Handler, offsets: &[u32], bounds: &[u32]) -> ExceptionEntry {
    let on_top = 1 + i32::from(handler.preserve_lasti);
    ExceptionEntry {
        start: bounds[0],
        end: bounds[1],
        target: offsets[handler.start as usize],
        depth: u32::try_from(handler.depth - on_top).unwrap_or(0),
        lasti: handler.preserve_lasti,
    }
}

#[cfg(test)]
mod tests {
    use bytecode::StackOp;

    use super::*;

    fn instr(op: StackOp, arg: u32) -> LinearInstr {
        LinearInstr { op, arg, location: Location::NONE, handler: None }
    }

    #[test]
    fn jumps_take_prefixes_for_each_other_until_nothing_changes() {
        // Each jump spans 255 units but for the other's prefix, which makes it 256 and asks for a prefix of its own.
        let mut instrs = vec![instr(StackOp::JUMP_FORWARD, 257), instr(StackOp::JUMP_FORWARD, 258)];
        instrs.extend(vec![instr(StackOp::NOP, 0); 255]);
        instrs.extend([instr(StackOp::JUMP_BACKWARD, 0), instr(StackOp::RETURN_CONST, 0)]);
        let offsets = resolve_jump_offsets(&mut instrs);
        let code = wordcode::decode(&encode(&instrs, &offsets)).unwrap();
        let target = |index: usize| code[index].jump_target().unwrap();
        assert_eq!((target(0), target(1), target(257)), (offsets[257], offsets[258], 0));
        assert_eq!(code[0].oparg, 257);
    }

    #[test]
    fn a_location_taken_from_the_next_instruction_crosses_runs() {
        let at = |line| Location { line, end_line: line, col: 0, end_col: 1 };
        let mut instrs = vec![instr(StackOp::NOP, 0); 4];
        let locations = [Location::NEXT, Location::NEXT, at(3), Location::NEXT];
        for (instr, location) in instrs.iter_mut().zip(locations) {
            instr.location = location;
        }
        instrs[3].op = StackOp::RETURN_CONST;
        resolve_next_locations(&mut instrs);
        assert_eq!(instrs.iter().map(|instr| instr.location.line).collect::<Vec<_>>(), [3, 3, 3, -1]);
    }
}
