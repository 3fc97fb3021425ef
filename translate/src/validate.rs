//! The form's own rules, checked after every stage in debug builds and by tests: operands in range, every temporary
//! written before it is read on all paths, exception edges included; and of finished code, that it decodes and that
//! every target is an instruction.
//!
//! A forward must-problem over sets of temporaries, joined by intersection, from "all" downwards, so it ends. It says
//! nothing about meaning: that a translation does what its wordcode does is for the checker to prove.

use bytecode::RegCode;
use bytecode::reg_op::Role;

use crate::ir::{Arg, BlockId, Body, Instr};
use crate::liveness::TempSet;
use crate::roles::shape;

/// Checks a body between two stages.
pub fn validate(body: &Body) -> Result<(), String> {
    let mut placed = vec![false; body.blocks.len()];
    body.order.iter().for_each(|block| placed[block.index()] = true);
    for block in &body.order {
        check_block(body, *block, &placed)?;
    }
    check_assignment(body)
}

fn check_block(body: &Body, block: BlockId, placed: &[bool]) -> Result<(), String> {
    let last = body.last(block);
    for index in body.indices(block).filter(|index| !body.instrs[*index].dead) {
        let instr = &body.instrs[index];
        if instr.target().is_some() && Some(index) != last {
            return Err(format!("{block}: {} is not the last instruction", instr.op.name()));
        }
        check_registers(body, instr).map_err(|fault| format!("{block}: {}: {fault}", instr.op.name()))?;
    }
    let handler = body.handler(block).map(|handler| handler.target).filter(|_| can_raise(body, block));
    match body.successors(block).chain(handler).find(|to| !placed[to.index()]) {
        Some(to) => Err(format!("{block}: its successor {to} is not in the code")),
        None => Ok(()),
    }
}

/// Whether a block has an instruction that may raise.
pub fn can_raise(body: &Body, block: BlockId) -> bool {
    body.indices(block).any(|index| !body.instrs[index].dead && !body.instrs[index].is_pure())
}

fn check_registers(body: &Body, instr: &Instr) -> Result<(), String> {
    let mut fault = None;
    let mut expect_below = |end: u32| {
        if end > body.registers {
            fault = Some(format!("r{} is beyond the frame of {}", end - 1, body.registers));
        }
    };
    instr.for_each_def(&body.lists, |run| expect_below(run.end));
    instr.for_each_use(&body.lists, |arg| expect_below(arg.as_reg().map_or(0, |register| register + 1)));
    let operands = instr.args.iter().zip(shape(instr.op).roles());
    if operands.clone().any(|(arg, role)| *role == Role::Use && arg.is_null()) {
        fault = Some("NULL as an operand".to_owned());
    }
    if operands.clone().any(|(arg, role)| matches!(role, Role::Reg | Role::RegDef) && arg.as_reg().is_none())
    {
        fault = Some("no register where one must be".to_owned());
    }
    fault.map_or(Ok(()), Err)
}

/// What each block may rely on; `None` is "everything", where nobody has come yet.
type States = Vec<Option<TempSet>>;

fn check_assignment(body: &Body) -> Result<(), String> {
    let mut states: States = vec![None; body.blocks.len()];
    let Some(first) = body.order.first() else { return Ok(()) };
    states[first.index()] = Some(TempSet::new(body));
    let mut worklist = vec![*first];
    while let Some(block) = worklist.pop() {
        walk_block(body, block, &mut states, &mut |to| worklist.push(to))?;
    }
    Ok(())
}

fn walk_block(
    body: &Body,
    block: BlockId,
    states: &mut States,
    again: &mut dyn FnMut(BlockId),
) -> Result<(), String> {
    let mut set = states[block.index()].clone().unwrap_or_default();
    let branch = body.branch(block);
    for index in body.indices(block) {
        let instr = &body.instrs[index];
        if instr.dead {
            continue;
        }
        check_uses(body, instr, &set).map_err(|fault| format!("{block}: {}: {fault}", instr.op.name()))?;
        if let Some(handler) = body.handler(block).filter(|_| !instr.is_pure()) {
            let mut at_handler = set.clone();
            handler.written().for_each(|register| at_handler.insert(register));
            join(states, handler.target, &at_handler, again);
        }
        if branch == Some(index) && instr.op != bytecode::RegOp::SEND {
            join(states, instr.target().expect("branches have one"), &set, again);
        }
        instr.for_each_def(&body.lists, |run| run.for_each(|register| set.insert(register)));
    }
    for successor in body.successors(block) {
        let is_target = branch.and_then(|index| body.instrs[index].target()) == Some(successor);
        let both = body.block(block).next == Some(successor);
        if !is_target || both || branch.is_some_and(|index| body.instrs[index].op == bytecode::RegOp::SEND) {
            join(states, successor, &set, again);
        }
    }
    Ok(())
}

fn check_uses(body: &Body, instr: &Instr, set: &TempSet) -> Result<(), String> {
    let mut fault = None;
    instr.for_each_use(&body.lists, |arg: Arg| {
        if let Some(register) =
            arg.as_reg().filter(|register| body.is_temp(*register) && !set.contains(*register))
        {
            fault = Some(format!("r{register} is read before it is written"));
        }
    });
    fault.map_or(Ok(()), Err)
}

fn join(states: &mut States, to: BlockId, set: &TempSet, again: &mut dyn FnMut(BlockId)) {
    match &mut states[to.index()] {
        Some(state) => {
            let mut joined = state.clone();
            joined.intersect(set);
            if joined != *state {
                *state = joined;
                again(to);
            }
        }
        state => {
            *state = Some(set.clone());
            again(to);
        }
    }
}

/// Checks finished code.
pub fn validate_code(code: &RegCode) -> Result<(), String> {
    let mut is_start = vec![false; code.words.len() + 1];
    let mut end = 0;
    for (word, instr) in code.instrs() {
        is_start[word] = true;
        end = word + instr.words();
    }
    if end != code.words.len() {
        return Err(format!("word {end}: no instruction"));
    }
    for (word, instr) in code.instrs() {
        for (operand, value) in instr.fixed() {
            let behind = (word + instr.words()) as i64;
            let fault = match operand.role {
                Role::Target | Role::Target32 => !starts(&is_start, behind + i64::from(value)),
                Role::Def | Role::Reg | Role::RegDef => value >= i32::from(code.frame_size),
                Role::Use => value >= i32::from(code.frame_size),
                Role::DefPair | Role::DefPairUse => value + 1 >= i32::from(code.frame_size),
                _ => false,
            };
            if fault {
                return Err(format!("word {word}: {} has {} = {value}", instr.op.name(), operand.name));
            }
        }
        if instr.list.iter().any(|register| *register >= i32::from(code.frame_size)) {
            return Err(format!("word {word}: {} lists a register beyond the frame", instr.op.name()));
        }
    }
    let bad = |entry: &&bytecode::reg_code::RegExceptionEntry| {
        !starts(&is_start, i64::from(entry.target))
            || u32::from(entry.slot) + u32::from(entry.lasti) >= u32::from(code.frame_size)
    };
    code.exceptions.iter().find(bad).map_or(Ok(()), |entry| Err(format!("bad handler range {entry:?}")))
}

fn starts(is_start: &[bool], word: i64) -> bool {
    usize::try_from(word).is_ok_and(|word| is_start.get(word) == Some(&true))
}
