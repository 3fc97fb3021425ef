//! The stack form, executed symbolically: one instruction at a time, giving effects, branches and exits in order.

use std::collections::VecDeque;

use bytecode::wordcode::Instr;
use bytecode::{RegOp, StackOp};

use super::term::{Condition, Effect, Origin, Term, is_comparison};

/// What the stack form does next that others can notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StackStep {
    /// An effect of this instruction.
    Effect(Effect, Instr),
    /// A conditional jump: the condition, where it goes if that holds, and where if not.
    Branch(Condition, u32, u32),
    /// The code object is left by this effect.
    Exit(Effect, Instr),
}

/// The state of the stack form.
#[derive(Clone, Debug)]
pub struct StackSide<'a> {
    instrs: &'a [Instr],
    /// Index of the instruction that starts at a code unit.
    index_of_unit: &'a [u32],
    /// The next instruction.
    index: usize,
    /// The operand stack.
    pub stack: Vec<Term>,
    /// Values that locals got in this block, latest last.
    written: Vec<(u16, Term)>,
    /// Locals written since somebody last looked.
    pub recent: Vec<u16>,
    /// Number of locals.
    pub(super) locals: u32,
    /// Locals whose value the block's entry says nothing of.
    early: &'a [u16],
    /// Steps of the instructions executed that have not been taken yet.
    queue: VecDeque<StackStep>,
    /// A write to a local that takes place after the queued effects.
    pub(super) after: Vec<(u16, Term)>,
    /// What each effect of this block was.
    kinds: Vec<RegOp>,
}

/// The outcome of a step; what is wrong if it is not possible.
pub(super) type Stepped<T> = Result<T, String>;

impl<'a> StackSide<'a> {
    /// The stack form at a code unit.
    pub fn new(
        instrs: &'a [Instr],
        index_of_unit: &'a [u32],
        offset: u32,
        stack: Vec<Term>,
        early: &'a [u16],
        locals: u32,
    ) -> Stepped<Self> {
        let mut side = Self {
            instrs,
            index_of_unit,
            index: 0,
            stack,
            written: Vec::new(),
            recent: Vec::new(),
            locals,
            early,
            queue: VecDeque::new(),
            after: Vec::new(),
            kinds: Vec::new(),
        };
        side.go_to(offset)?;
        Ok(side)
    }

    /// Goes on at a code unit.
    pub fn go_to(&mut self, offset: u32) -> Stepped<()> {
        let index = self.index_of_unit.get(offset as usize).filter(|index| **index != u32::MAX);
        self.index = *index.ok_or_else(|| format!("no instruction at offset {offset}"))? as usize;
        Ok(())
    }

    /// What a local holds.
    pub fn local(&self, local: u16) -> Term {
        let written = self.written.iter().rev().find(|(index, _)| *index == local);
        written.map_or_else(|| self.initial(local), |(_, term)| *term)
    }

    fn initial(&self, local: u16) -> Term {
        let is_early = self.early.contains(&local);
        Term::of(if is_early { Origin::Stale(local) } else { Origin::Local(local) })
    }

    pub(super) fn write(&mut self, local: u16, term: Term) {
        self.recent.push(local);
        match self.written.iter_mut().find(|(index, _)| *index == local) {
            Some((_, value)) => *value = term,
            None => self.written.push((local, term)),
        }
    }

    /// Runs up to the next effect, branch or exit.
    pub fn next(&mut self) -> Stepped<StackStep> {
        for _ in 0..=self.instrs.len() {
            if let Some(step) = self.queue.pop_front() {
                return Ok(step);
            }
            self.write_after();
            self.step()?;
        }
        Err("the stack form runs in a circle".to_owned())
    }

    /// The next step without taking it.
    pub fn peek_step(&mut self) -> Stepped<StackStep> {
        let step = self.next()?;
        self.queue.push_front(step.clone());
        Ok(step)
    }

    /// Runs without effect until it stands at a code unit.
    pub fn run_silently_to(&mut self, offset: u32) -> Stepped<()> {
        for _ in 0..=self.instrs.len() {
            if !self.queue.is_empty() {
                break;
            }
            self.write_after();
            if self.offset() == Some(offset) {
                return Ok(());
            }
            self.step()?;
        }
        Err(format!("the stack form does not get to offset {offset} without effect"))
    }

    fn offset(&self) -> Option<u32> {
        self.instrs.get(self.index).map(|instr| instr.start)
    }

    /// Writes that follow an effect are seen from the next one on.
    fn write_after(&mut self) {
        for (local, term) in std::mem::take(&mut self.after) {
            self.write(local, term);
        }
    }

    pub(super) fn pop(&mut self) -> Stepped<Term> {
        self.stack.pop().ok_or_else(|| "the stack form's operand stack underflows".to_owned())
    }

    pub(super) fn peek(&self, position: usize) -> Stepped<Term> {
        let index = self.stack.len().checked_sub(position);
        let term = index.and_then(|index| self.stack.get(index));
        term.copied().ok_or_else(|| "the stack form's operand stack underflows".to_owned())
    }

    /// Queues an effect; its number in the block.
    pub(super) fn effect(&mut self, op: RegOp, numbers: &[u32], operands: Vec<Term>) -> u32 {
        let instr = self.instrs[self.index];
        self.kinds.push(op);
        self.queue.push_back(StackStep::Effect(Effect { op, numbers: numbers.to_vec(), operands }, instr));
        self.kinds.len() as u32 - 1
    }

    pub(super) fn exit(&mut self, op: RegOp, operands: Vec<Term>) {
        let instr = self.instrs[self.index];
        self.queue.push_back(StackStep::Exit(Effect { op, numbers: Vec::new(), operands }, instr));
    }

    /// An effect on the values at these positions from the top, of which `pops` go and `pushes` results come.
    pub(super) fn apply(
        &mut self,
        op: RegOp,
        numbers: &[u32],
        positions: &[usize],
        pops: usize,
        pushes: u32,
    ) -> Stepped<()> {
        let operands = positions.iter().map(|position| self.peek(*position)).collect::<Stepped<_>>()?;
        for _ in 0..pops {
            self.pop()?;
        }
        let number = self.effect(op, numbers, operands);
        for index in 0..pushes {
            self.stack.push(Term::of(Origin::Result(number, index)));
        }
        Ok(())
    }

    /// The top `count` values, bottom first, popped.
    pub(super) fn pop_many(&mut self, count: usize) -> Stepped<Vec<Term>> {
        let kept = self.stack.len().checked_sub(count).ok_or("the stack form's operand stack underflows")?;
        Ok(self.stack.split_off(kept))
    }

    fn truth(&mut self, term: Term) -> Term {
        if let Origin::Result(number, _) = term.origin
            && self.kinds.get(number as usize).copied().is_some_and(is_comparison)
        {
            let result = self.effect(RegOp::TO_BOOL, &[], vec![Term { negated: false, ..term }]);
            return Term { origin: Origin::Result(result, 0), negated: term.negated };
        }
        term
    }

    /// Executes one instruction; what others can notice goes to the queue.
    fn step(&mut self) -> Stepped<()> {
        let instr = *self.instrs.get(self.index).ok_or("the stack form runs off its end")?;
        if instr.op.is_conditional() {
            self.step_conditional(instr)?;
        } else if let Some(target) = instr.jump_target() {
            return self.go_to(target);
        } else {
            self.step_plain(instr)?;
        }
        self.index += 1;
        Ok(())
    }

    fn step_conditional(&mut self, instr: Instr) -> Stepped<()> {
        let target = instr.jump_target().ok_or("a jump goes before the code")?;
        let (condition, if_holds) = match instr.op {
            StackOp::POP_JUMP_IF_TRUE | StackOp::POP_JUMP_IF_FALSE => {
                let term = self.pop()?;
                (Condition::Truth(self.truth(term)), instr.op == StackOp::POP_JUMP_IF_TRUE)
            }
            StackOp::POP_JUMP_IF_NONE | StackOp::POP_JUMP_IF_NOT_NONE => {
                (Condition::IsNone(self.pop()?), instr.op == StackOp::POP_JUMP_IF_NONE)
            }
            StackOp::FOR_ITER => {
                self.apply(RegOp::FOR_ITER, &[], &[1], 0, 1)?;
                (Condition::Exhausted(self.kinds.len() as u32 - 1), true)
            }
            StackOp::SEND => {
                self.apply(RegOp::SEND, &[], &[2, 1], 1, 1)?;
                (Condition::Exhausted(self.kinds.len() as u32 - 1), true)
            }
            op => return Err(format!("offset {}: {op} is no conditional jump", instr.offset)),
        };
        let (condition, inverted) = condition.normalize();
        let holds_at = if if_holds == inverted { instr.end() } else { target };
        let fails_at = if if_holds == inverted { target } else { instr.end() };
        self.queue.push_back(StackStep::Branch(condition, holds_at, fails_at));
        Ok(())
    }
}
