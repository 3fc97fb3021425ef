//! Checks of form: what can be said of a code object without following its control flow.

use crate::code::local_kind;
use crate::oparg::{CompareOp, Conversion, FunctionAttribute, Intrinsic1, Intrinsic2};
use crate::verify::{MAX_FRAME_SLOTS, VerifyError};
use crate::wordcode::{Instr, InstrStarts};
use crate::{BinOp, CodeFlags, CodeObject, Const, ExceptionEntry, OperandKind, StackOp};

/// Checks slots, parameters, flags, constants, every instruction, the exception table and the generator's prologue.
pub fn check(
    code: &CodeObject,
    instrs: &[Instr],
    starts: &InstrStarts,
    entries: &[ExceptionEntry],
) -> Result<(), VerifyError> {
    if instrs.is_empty() {
        return Err(VerifyError::Empty);
    }
    check_slots(code)?;
    check_parameters(code)?;
    check_flags(code)?;
    check_consts(code)?;
    for (index, instr) in instrs.iter().enumerate() {
        check_instr(code, instr)?;
        check_caches(code, instr)?;
        check_jump(instrs, starts, index)?;
    }
    check_entries(starts, entries)?;
    check_generator(code, instrs)
}

/// Locals (which may be cells too) come first, then cells, then free variables.
fn check_slots(code: &CodeObject) -> Result<(), VerifyError> {
    let (names, kinds) = (code.localsplusnames.len(), code.localspluskinds.len());
    if names != kinds {
        return Err(VerifyError::SlotCounts { names, kinds });
    }
    let mut last = 0;
    for (slot, kind) in code.localspluskinds.iter().enumerate() {
        let rank = match kind & !local_kind::HIDDEN {
            local_kind::LOCAL => 0,
            both if both == local_kind::LOCAL | local_kind::CELL => 0,
            local_kind::CELL => 1,
            local_kind::FREE => 2,
            _ => return Err(VerifyError::SlotKind { slot, kind: *kind }),
        };
        if rank < last {
            return Err(VerifyError::SlotKind { slot, kind: *kind });
        }
        last = rank;
    }
    let slots = names.saturating_add(code.stacksize as usize);
    if slots > MAX_FRAME_SLOTS { Err(VerifyError::FrameSize { slots }) } else { Ok(()) }
}

fn check_parameters(code: &CodeObject) -> Result<(), VerifyError> {
    let locals = code.localspluskinds.iter().filter(|kind| **kind & local_kind::LOCAL != 0).count();
    if code.posonlyargcount > code.argcount || parameter_count(code) > locals as u64 {
        return Err(VerifyError::Parameters { locals });
    }
    Ok(())
}

/// Slots that are bound when the code starts.
pub fn parameter_count(code: &CodeObject) -> u64 {
    let stars = [CodeFlags::VARARGS, CodeFlags::VARKEYWORDS];
    let stars = stars.iter().filter(|flag| code.flags.has(**flag)).count() as u64;
    u64::from(code.argcount) + u64::from(code.kwonlyargcount) + stars
}

fn check_flags(code: &CodeObject) -> Result<(), VerifyError> {
    let kinds = [CodeFlags::GENERATOR, CodeFlags::COROUTINE, CodeFlags::ASYNC_GENERATOR];
    if kinds.iter().filter(|flag| code.flags.has(**flag)).count() > 1 {
        return Err(VerifyError::Flags { flags: code.flags.0 });
    }
    Ok(())
}

fn check_consts(code: &CodeObject) -> Result<(), VerifyError> {
    for (index, constant) in code.consts.iter().enumerate() {
        let mut pending = vec![constant];
        while let Some(constant) = pending.pop() {
            match constant {
                Const::Tuple(items) | Const::FrozenSet(items) => pending.extend(items.iter()),
                Const::List(_) | Const::Set(_) | Const::Dict(_) | Const::StopIteration => {
                    return Err(VerifyError::Const { index });
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn check_instr(code: &CodeObject, instr: &Instr) -> Result<(), VerifyError> {
    let Instr { offset, op, oparg, .. } = *instr;
    if op.is_internal() {
        return Err(VerifyError::InternalOpcode { offset, op });
    }
    match oparg_fault(code, op, oparg) {
        Some(reason) => Err(VerifyError::Oparg { offset, op, oparg, reason }),
        None => Ok(()),
    }
}

/// What is wrong with an oparg, if anything.
fn oparg_fault(code: &CodeObject, op: StackOp, oparg: u32) -> Option<&'static str> {
    let slots = code.nlocalsplus();
    let index = oparg as usize;
    let unless = |fine: bool, reason| (!fine).then_some(reason);
    match op.operand_kind() {
        OperandKind::Const => unless(index < code.consts.len(), "no such constant"),
        OperandKind::Name | OperandKind::NameAndBit | OperandKind::NameAndTwoBits => {
            unless(op.name_index(oparg).is_some_and(|index| index < code.names.len()), "no such name")
        }
        OperandKind::Local => unless(index < slots, "no such local"),
        OperandKind::LocalPair => unless(index >> 4 < slots && index & 15 < slots, "no such local"),
        OperandKind::Deref => unless(may_be_cell(code, index), "no such cell"),
        OperandKind::FreeVarCount => unless(index == code.nfreevars(), "not the number of free variables"),
        OperandKind::BinOp => unless(BinOp::from_number(oparg).is_some(), "no such operator"),
        OperandKind::CompareOp => unless(CompareOp::from_oparg(oparg).is_some(), "no such operator"),
        OperandKind::Intrinsic1 => {
            unless(oparg > 0 && Intrinsic1::from_number(oparg).is_some(), "no such function")
        }
        OperandKind::Intrinsic2 => {
            unless(oparg > 0 && Intrinsic2::from_number(oparg).is_some(), "no such function")
        }
        OperandKind::Conversion => unless(Conversion::from_number(oparg).is_some(), "no such conversion"),
        OperandKind::FunctionAttribute => {
            unless(FunctionAttribute::from_number(oparg).is_some(), "no such attribute")
        }
        OperandKind::Depth => {
            unless(oparg >= if op == StackOp::SWAP { 2 } else { 1 }, "no such stack position")
        }
        OperandKind::SliceSize => unless(oparg == 2 || oparg == 3, "slices have two or three parts"),
        OperandKind::RaiseCount | OperandKind::AwaitContext => unless(oparg <= 2, "greater than 2"),
        OperandKind::CallFlags | OperandKind::Invert | OperandKind::YieldKind => {
            unless(oparg <= 1, "greater than 1")
        }
        OperandKind::ResumeKind => unless(oparg <= 7, "greater than 7"),
        OperandKind::None
        | OperandKind::Count
        | OperandKind::Forward
        | OperandKind::Backward
        | OperandKind::LastiDepth
        | OperandKind::Prefix
        | OperandKind::UnpackCounts => None,
    }
}

fn may_be_cell(code: &CodeObject, slot: usize) -> bool {
    code.localspluskinds.get(slot).is_some_and(|kind| kind & (local_kind::CELL | local_kind::FREE) != 0)
}

fn check_caches(code: &CodeObject, instr: &Instr) -> Result<(), VerifyError> {
    let dirty = (instr.offset + 1..instr.end()).find(|unit| {
        let at = *unit as usize * 2;
        code.code[at..at + 2] != [0, 0]
    });
    dirty.map_or(Ok(()), |offset| Err(VerifyError::CacheNotZero { offset }))
}

fn check_jump(instrs: &[Instr], starts: &InstrStarts, index: usize) -> Result<(), VerifyError> {
    let Instr { offset, op, .. } = instrs[index];
    if !op.is_jump() {
        return Ok(());
    }
    let target = instrs[index].jump_target().and_then(|target| starts.index_at(target));
    let target = target.ok_or(VerifyError::JumpTarget { offset, op })?;
    if op == StackOp::FOR_ITER {
        let ops = instrs[target..].iter().map(|instr| instr.op).take(2);
        if !ops.eq([StackOp::END_FOR, StackOp::POP_TOP]) {
            return Err(VerifyError::LoopEnd { offset });
        }
    }
    Ok(())
}

fn check_entries(starts: &InstrStarts, entries: &[ExceptionEntry]) -> Result<(), VerifyError> {
    let mut last_end = 0;
    for entry in entries {
        let reason = if entry.start >= entry.end {
            "is empty"
        } else if entry.start < last_end {
            "begins before the end of the one before"
        } else if !starts.is_boundary(entry.start) || !starts.is_boundary(entry.end) {
            "does not begin and end with instructions"
        } else if starts.index_at(entry.target).is_none() {
            "its handler is not where an instruction begins"
        } else {
            last_end = entry.end;
            continue;
        };
        return Err(VerifyError::HandlerRange { start: entry.start, end: entry.end, reason });
    }
    Ok(())
}

/// A generator's code begins with `RETURN_GENERATOR`, after closure and cells are set up; no other code has it.
fn check_generator(code: &CodeObject, instrs: &[Instr]) -> Result<(), VerifyError> {
    let prologue = instrs
        .iter()
        .take_while(|instr| matches!(instr.op, StackOp::COPY_FREE_VARS | StackOp::MAKE_CELL | StackOp::NOP))
        .count();
    let wants = code.flags.is_generator_like();
    let has = instrs.get(prologue).is_some_and(|instr| instr.op == StackOp::RETURN_GENERATOR);
    let fail = |offset, reason| Err(VerifyError::Generator { offset, reason });
    if wants && !has {
        return fail(0, "generator code does not begin with RETURN_GENERATOR");
    }
    let first_inside = if wants { prologue + 1 } else { 0 };
    let entry = instrs.get(first_inside).map_or(u32::MAX, |instr| instr.start);
    for (index, instr) in instrs.iter().enumerate() {
        if instr.op == StackOp::RETURN_GENERATOR && !(wants && index == prologue) {
            return fail(instr.offset, "RETURN_GENERATOR outside of a generator's beginning");
        }
        if instr.op == StackOp::YIELD_VALUE && !wants {
            return fail(instr.offset, "YIELD_VALUE in code that is no generator's");
        }
        if wants && instr.jump_target().is_some_and(|target| target < entry) {
            return fail(instr.offset, "jump back into a generator's beginning");
        }
    }
    Ok(())
}
