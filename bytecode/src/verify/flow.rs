//! What each local and each stack slot holds, at every reachable instruction.
//!
//! A forward may-problem. A slot's state is the set of kinds of things that it may hold (value, NULL, cell, `lasti`, the
//! exception that was handled before), the join is the union; beside it stands what is known of closures being made,
//! where the join keeps only what agrees. Sets only grow and knowledge only shrinks, so it ends. States are kept where
//! control flows together (jump targets and handlers) and carried along in between.
//!
//! A handler is entered from before each instruction of its range that raises, or that a machine checks. Others do not
//! count: the range of a `with` statement's inner handler begins at a `PUSH_EXC_INFO` that has not run yet.

use std::ops::BitOr;

use crate::code::local_kind;
use crate::depth::StackDepths;
use crate::exception_table;
use crate::stack_op::ItemClass;
use crate::verify::VerifyError;
use crate::verify::shape::parameter_count;
use crate::wordcode::{Instr, InstrStarts};
use crate::{CodeObject, Const, ExceptionEntry, FunctionAttribute, OperandKind, StackItem, StackOp};

/// Checks operands against what slots may hold.
pub fn check(
    code: &CodeObject,
    instrs: &[Instr],
    starts: &InstrStarts,
    entries: &[ExceptionEntry],
    depths: &StackDepths,
) -> Result<(), VerifyError> {
    let mut flow = Flow {
        code,
        instrs,
        starts,
        entries,
        depths,
        joins: join_points(instrs, starts, entries),
        before: vec![None; instrs.len()],
        worklist: Vec::new(),
        found: Vec::new(),
    };
    flow.joins[0] = true;
    flow.reach(0, &entry_state(code));
    while let Some(index) = flow.worklist.pop() {
        flow.walk(index)?;
    }
    Ok(())
}

/// A set of kinds of things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Kinds(u8);

impl Kinds {
    const VALUE: Self = Self(1);
    /// NULL on the stack, an unbound local.
    const NULL: Self = Self(2);
    const CELL: Self = Self(4);
    const LASTI: Self = Self(8);
    const PREV_EXC: Self = Self(16);

    fn has(self, kind: Self) -> bool {
        self.0 & kind.0 != 0
    }

    fn without(self, kind: Self) -> Self {
        Self(self.0 & !kind.0)
    }
}

impl BitOr for Kinds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is known of a closure being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Known {
    Nothing,
    /// A tuple of so many cells.
    Cells(u32),
    /// A code object with so many free variables.
    Code(u32),
    /// A function that still needs a closure of so many cells.
    Open(u32),
}

/// What a local or a stack slot may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Slot {
    kinds: Kinds,
    known: Known,
}

impl Slot {
    const VALUE: Self = Self::of(Kinds::VALUE);
    const NULL: Self = Self::of(Kinds::NULL);
    const CELL: Self = Self::of(Kinds::CELL);

    const fn of(kinds: Kinds) -> Self {
        Self { kinds, known: Known::Nothing }
    }

    const fn known(known: Known) -> Self {
        Self { kinds: Kinds::VALUE, known }
    }

    fn join(self, other: Self) -> Self {
        let known = if self.known == other.known { self.known } else { Known::Nothing };
        Self { kinds: self.kinds | other.kinds, known }
    }
}

#[derive(Clone, Debug)]
struct State {
    locals: Vec<Slot>,
    stack: Vec<Slot>,
}

impl State {
    /// Joins another state into this one; whether that changed anything.
    fn join(&mut self, other: &Self) -> bool {
        let mut changed = false;
        let mine = self.locals.iter_mut().chain(&mut self.stack);
        for (mine, theirs) in mine.zip(other.locals.iter().chain(&other.stack)) {
            let joined = mine.join(*theirs);
            changed |= joined != *mine;
            *mine = joined;
        }
        changed
    }
}

fn entry_state(code: &CodeObject) -> State {
    let parameters = parameter_count(code) as usize;
    let locals = (0..code.nlocalsplus()).map(|slot| if slot < parameters { Slot::VALUE } else { Slot::NULL });
    State { locals: locals.collect(), stack: Vec::new() }
}

/// Instructions where control may flow together.
fn join_points(instrs: &[Instr], starts: &InstrStarts, entries: &[ExceptionEntry]) -> Vec<bool> {
    let mut joins = vec![false; instrs.len()];
    let jumps = instrs.iter().filter_map(Instr::jump_target);
    let handlers = entries.iter().map(|entry| entry.target);
    for index in jumps.chain(handlers).filter_map(|target| starts.index_at(target)) {
        joins[index] = true;
    }
    joins
}

struct Flow<'a> {
    code: &'a CodeObject,
    instrs: &'a [Instr],
    starts: &'a InstrStarts,
    entries: &'a [ExceptionEntry],
    depths: &'a StackDepths,
    joins: Vec<bool>,
    before: Vec<Option<State>>,
    worklist: Vec<usize>,
    /// What the instruction at hand found on the stack; kept for its memory.
    found: Vec<Slot>,
}

impl Flow<'_> {
    /// An edge arrives at a join point with a state.
    fn reach(&mut self, index: usize, state: &State) {
        debug_assert_eq!(
            self.depths.before(index),
            Some(state.stack.len() as u32),
            "depths were checked before"
        );
        let changed = match &mut self.before[index] {
            Some(before) => before.join(state),
            before @ None => {
                *before = Some(state.clone());
                true
            }
        };
        if changed {
            self.worklist.push(index);
        }
    }

    /// Carries a join point's state on to the next join points.
    fn walk(&mut self, first: usize) -> Result<(), VerifyError> {
        let mut state = self.before[first].clone().expect("the worklist holds reached instructions");
        let mut index = first;
        // The handler that has seen the current locals and the part of the stack that it keeps.
        let mut informed = None;
        loop {
            let instr = self.instrs[index];
            if let Some(entry) = exception_table::handler_of(self.entries, instr.offset).copied() {
                let base = state.stack.len() - consumed(&instr);
                let keeps_less = base < entry.depth as usize;
                if raises(instr.op) {
                    if keeps_less && instr.op != StackOp::YIELD_VALUE {
                        return Err(VerifyError::TakesKept { offset: instr.offset, op: instr.op });
                    }
                    if informed != Some(entry.start) {
                        self.reach_handler(entry, &state);
                    }
                    informed = Some(entry.start);
                    self.reach_handler_halfway(entry, &instr, &state);
                }
                if writes_locals(instr.op) || keeps_less {
                    informed = None;
                }
            }
            if instr.op == StackOp::FOR_ITER {
                // The one jump that leaves another kind of thing when taken.
                let mut taken = state.clone();
                self.transfer(&instr, &mut taken, true)?;
                self.reach_jump(&instr, &taken);
            }
            self.transfer(&instr, &mut state, false)?;
            if instr.op.is_jump() && instr.op != StackOp::FOR_ITER {
                self.reach_jump(&instr, &state);
            }
            if instr.op.is_terminator() {
                return Ok(());
            }
            index += 1;
            if self.joins[index] {
                self.reach(index, &state);
                return Ok(());
            }
        }
    }

    fn reach_jump(&mut self, instr: &Instr, state: &State) {
        let target = instr.jump_target().and_then(|target| self.starts.index_at(target));
        self.reach(target.expect("jump targets were checked before"), state);
    }

    fn reach_handler(&mut self, entry: ExceptionEntry, state: &State) {
        let mut stack = state.stack[..entry.depth as usize].to_vec();
        if entry.lasti {
            stack.push(Slot::of(Kinds::LASTI));
        }
        stack.push(Slot::VALUE);
        let target = self.starts.index_at(entry.target).expect("handlers were checked before");
        self.reach(target, &State { locals: state.locals.clone(), stack });
    }

    /// The one instruction that may raise after it has changed a local.
    fn reach_handler_halfway(&mut self, entry: ExceptionEntry, instr: &Instr, state: &State) {
        if instr.op == StackOp::STORE_FAST_LOAD_FAST
            && let Some(stored) = state.stack.last()
        {
            let mut halfway = state.clone();
            halfway.locals[instr.oparg as usize >> 4] = *stored;
            self.reach_handler(entry, &halfway);
        }
    }

    /// Changes a state as an instruction does, if its operands are sound.
    fn transfer(&mut self, instr: &Instr, state: &mut State, taken: bool) -> Result<(), VerifyError> {
        let mut found = std::mem::take(&mut self.found);
        let base = state.stack.len() - instr.op.popped(instr.oparg) as usize;
        found.clear();
        found.extend_from_slice(&state.stack[base..]);
        state.stack.truncate(base);
        let result = self.transfer_found(instr, state, taken, &found);
        self.found = found;
        result
    }

    fn transfer_found(
        &self,
        instr: &Instr,
        state: &mut State,
        taken: bool,
        found: &[Slot],
    ) -> Result<(), VerifyError> {
        let info = instr.op.info();
        let effect = if taken { &info.taken_effect } else { &info.effect };
        check_inputs(instr, effect.inputs, found)?;
        check_special(instr, state, found)?;
        let pushed = Pushed { instr, inputs: effect.inputs, found };
        let locals = &mut state.locals;
        let special = self.special_result(instr, locals, found)?;
        for item in effect.outputs {
            pushed.push(item, special, &mut state.stack);
        }
        self.write_locals(instr, state, found);
        Ok(())
    }

    /// What an instruction pushes where the table has only a name for it.
    fn special_result(
        &self,
        instr: &Instr,
        locals: &mut [Slot],
        found: &[Slot],
    ) -> Result<Special, VerifyError> {
        let slot = instr.oparg as usize;
        Ok(match instr.op {
            StackOp::LOAD_FAST => Special::One(bound(instr, locals, slot)?),
            // An unbound local is its business: it raises, and what comes after finds the local bound.
            StackOp::LOAD_FAST_CHECK => {
                locals[slot] = bound(instr, locals, slot).unwrap_or(Slot::VALUE);
                Special::One(locals[slot])
            }
            StackOp::LOAD_FAST_AND_CLEAR => Special::One(std::mem::replace(&mut locals[slot], Slot::NULL)),
            StackOp::LOAD_FAST_LOAD_FAST => {
                Special::Two(bound(instr, locals, slot >> 4)?, bound(instr, locals, slot & 15)?)
            }
            StackOp::STORE_FAST_LOAD_FAST => {
                locals[slot >> 4] = found[0];
                Special::One(bound(instr, locals, slot & 15)?)
            }
            StackOp::LOAD_CONST => match &self.code.consts[slot] {
                Const::Code(code) => Special::One(Slot::known(Known::Code(code.nfreevars() as u32))),
                _ => Special::None,
            },
            StackOp::BUILD_TUPLE if found.iter().all(|slot| slot.kinds == Kinds::CELL) => {
                Special::One(Slot::known(Known::Cells(found.len() as u32)))
            }
            StackOp::MAKE_FUNCTION => match found[0].known {
                Known::Code(free @ 1..) => Special::One(Slot::known(Known::Open(free))),
                _ => Special::None,
            },
            StackOp::SET_FUNCTION_ATTRIBUTE if is_closure(instr) => Special::One(Slot::VALUE),
            _ => Special::None,
        })
    }

    fn write_locals(&self, instr: &Instr, state: &mut State, found: &[Slot]) {
        let locals = &mut state.locals;
        let slot = instr.oparg as usize;
        match instr.op {
            StackOp::STORE_FAST => locals[slot] = found[0],
            StackOp::STORE_FAST_STORE_FAST => {
                locals[slot >> 4] = found[1];
                locals[slot & 15] = found[0];
            }
            StackOp::DELETE_FAST => locals[slot] = Slot::NULL,
            StackOp::MAKE_CELL => locals[slot] = Slot::CELL,
            StackOp::COPY_FREE_VARS => {
                for (slot, kind) in locals.iter_mut().zip(&self.code.localspluskinds) {
                    if kind & local_kind::FREE != 0 {
                        *slot = Slot::CELL;
                    }
                }
            }
            _ => {}
        }
    }
}

/// Checks that the table cannot say.
fn check_special(instr: &Instr, state: &State, found: &[Slot]) -> Result<(), VerifyError> {
    let Instr { offset, op, oparg, .. } = *instr;
    match op {
        StackOp::RETURN_VALUE | StackOp::RETURN_CONST if !state.stack.is_empty() => {
            let depth = (state.stack.len() + found.len()) as u32;
            Err(VerifyError::ReturnDepth { offset, depth })
        }
        StackOp::RERAISE if oparg > 0 && found[0].kinds != Kinds::LASTI => {
            Err(VerifyError::HandlerState { offset, op, wanted: "the offset of a raising instruction" })
        }
        StackOp::POP_EXCEPT if found[0].kinds != Kinds::PREV_EXC => {
            Err(VerifyError::HandlerState { offset, op, wanted: "the exception that was handled before" })
        }
        StackOp::SET_FUNCTION_ATTRIBUTE => check_closure(instr, found),
        _ => check_cell(instr, state),
    }
}

fn check_cell(instr: &Instr, state: &State) -> Result<(), VerifyError> {
    let Instr { offset, op, oparg, .. } = *instr;
    let slot = oparg as usize;
    let needs_cell = op.operand_kind() == OperandKind::Deref && op != StackOp::MAKE_CELL;
    if needs_cell && state.locals[slot].kinds != Kinds::CELL {
        return Err(VerifyError::NotCell { offset, op, slot });
    }
    Ok(())
}

/// Whether an exception may leave the instruction, be it only out of a machine's check.
fn raises(op: StackOp) -> bool {
    op.may_raise() || op.is_checked()
}

/// How many values an instruction takes from the stack for good, those that it leaves at their place not counted.
fn consumed(instr: &Instr) -> usize {
    let effect = &instr.op.info().effect;
    let stays = |(index, item): &(usize, &StackItem)| item.input == Some(*index as u8);
    let kept = effect.outputs.iter().enumerate().take_while(stays);
    let kept: u32 = kept.map(|(_, item)| item.count(instr.oparg)).sum();
    (instr.op.popped(instr.oparg) - kept) as usize
}

fn writes_locals(op: StackOp) -> bool {
    matches!(
        op,
        StackOp::STORE_FAST
            | StackOp::STORE_FAST_STORE_FAST
            | StackOp::STORE_FAST_LOAD_FAST
            | StackOp::LOAD_FAST_AND_CLEAR
            | StackOp::DELETE_FAST
            | StackOp::MAKE_CELL
            | StackOp::COPY_FREE_VARS
    )
}

/// What a read of a local gives; whether it is bound at all is the machines' question unless no path binds it.
fn bound(instr: &Instr, locals: &[Slot], local: usize) -> Result<Slot, VerifyError> {
    let slot = locals[local];
    if slot.kinds == Kinds::NULL {
        return Err(VerifyError::UnboundLocal { offset: instr.offset, op: instr.op, local });
    }
    Ok(Slot { kinds: slot.kinds.without(Kinds::NULL), ..slot })
}

fn is_closure(instr: &Instr) -> bool {
    FunctionAttribute::from_number(instr.oparg) == Some(FunctionAttribute::Closure)
}

fn check_closure(instr: &Instr, found: &[Slot]) -> Result<(), VerifyError> {
    let offset = instr.offset;
    match (found[0].known, found[1].known) {
        (Known::Cells(found), Known::Open(wanted)) if is_closure(instr) && found != wanted => {
            Err(VerifyError::ClosureSize { offset, wanted, found })
        }
        (_, Known::Open(wanted)) if !is_closure(instr) => {
            Err(VerifyError::ClosureSize { offset, wanted, found: 0 })
        }
        _ => Ok(()),
    }
}

/// Checks NULL and functions without their closure against the names in the table.
fn check_inputs(instr: &Instr, items: &'static [StackItem], found: &[Slot]) -> Result<(), VerifyError> {
    let Instr { offset, op, oparg, .. } = *instr;
    let mut rest = found;
    for item in items {
        let (slots, after) = rest.split_at(item.count(oparg) as usize);
        rest = after;
        for slot in slots {
            if slot.kinds.has(Kinds::NULL) && !item.may_be_null() {
                return Err(VerifyError::Null { offset, op, operand: item.name });
            }
            if item.is_null() && slot.kinds != Kinds::NULL {
                return Err(VerifyError::NotNull { offset, op });
            }
            if let Known::Open(wanted) = slot.known
                && !item.is_rest()
                && !matches!(
                    op,
                    StackOp::SET_FUNCTION_ATTRIBUTE | StackOp::COPY | StackOp::SWAP | StackOp::POP_TOP
                )
            {
                return Err(VerifyError::ClosureSize { offset, wanted, found: 0 });
            }
        }
    }
    Ok(())
}

/// What an instruction pushes beyond what the table says.
#[derive(Clone, Copy)]
enum Special {
    None,
    One(Slot),
    Two(Slot, Slot),
}

struct Pushed<'a> {
    instr: &'a Instr,
    inputs: &'static [StackItem],
    found: &'a [Slot],
}

impl Pushed<'_> {
    /// Pushes what an output of the table stands for: an input of the same name, or something new.
    fn push(&self, item: &StackItem, special: Special, stack: &mut Vec<Slot>) {
        match special {
            Special::One(slot) => stack.push(slot),
            Special::Two(first, second) => stack.push(if item.name == "value1" { first } else { second }),
            Special::None => {
                if let Some(input) = item.input {
                    stack.extend_from_slice(self.input(usize::from(input)));
                } else {
                    let count = item.count(self.instr.oparg) as usize;
                    stack.resize(stack.len() + count, new_slot(item));
                }
            }
        }
    }

    fn input(&self, index: usize) -> &[Slot] {
        let count = |item: &StackItem| item.count(self.instr.oparg) as usize;
        let start = self.inputs[..index].iter().map(count).sum::<usize>();
        &self.found[start..start + count(&self.inputs[index])]
    }
}

fn new_slot(item: &StackItem) -> Slot {
    match item.class {
        ItemClass::Null => Slot::NULL,
        ItemClass::PrevExc => Slot::of(Kinds::PREV_EXC),
        ItemClass::MaybeNull => Slot::of(Kinds::VALUE | Kinds::NULL),
        ItemClass::Value | ItemClass::Rest => Slot::VALUE,
    }
}
