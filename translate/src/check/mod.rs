//! The checker: proves that register code does what its wordcode does.
//!
//! Each block of the register code is executed symbolically beside the wordcode that it stands for, from what the
//! witness says of its entry. Both must have the same effects in the same order, with the same operand terms, from
//! instructions that the source map relates; at each effect every local must hold the same on both sides, and if the
//! effect may raise, both must have the same handler, with the slots that it keeps where its witness says. Both must
//! branch on the same condition, and at every way out the state must be what the witness of the next block says. Since
//! that holds for every block, by induction it holds for every run.
//!
//! It is written apart from the lowering and shares no code with it but the two instruction tables. It does not prove
//! that the machines execute the instructions as the tables say, nor under which handler a back edge polls for
//! interrupts, nor anything about a register that the witness holds nothing in. `object.name(…)` by `LOAD_ATTR` and a
//! plain call, and by `LOAD_METHOD` and a method call, are taken to be the same.

mod reg_side;
mod stack_ops;
mod stack_side;
mod term;

use bytecode::exception_table::{self, ExceptionEntry};
use bytecode::reg_code::RegExceptionEntry;
use bytecode::wordcode::{self, Instr};
use bytecode::{CodeObject, RegCode, RegInstr, RegOp, StackOp};

use crate::witness::{Cut, Held, Witness};
use reg_side::{Registers, numbers};
use stack_side::{StackSide, StackStep, Stepped};
use term::{Condition, Effect, Origin, Term, is_comparison};

/// What could not be proved.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("word {word}{}: {fault}", instr.map(|op| format!(" ({})", op.name())).unwrap_or_default())]
pub struct CheckError {
    /// The register instruction.
    pub word: u32,
    /// Its opcode, if it can be decoded.
    pub instr: Option<RegOp>,
    /// What is wrong.
    pub fault: String,
}

/// Proves a translation.
pub fn check(code: &CodeObject, reg: &RegCode, witness: &Witness) -> Result<(), CheckError> {
    let fail = |fault: String| CheckError { word: 0, instr: None, fault };
    let instrs = wordcode::decode(&code.code).map_err(|error| fail(error.to_string()))?;
    let entries = exception_table::decode(&code.exceptiontable).map_err(|error| fail(error.to_string()))?;
    let mut index_of_unit = vec![u32::MAX; code.code.len() / 2];
    for (index, instr) in instrs.iter().enumerate() {
        index_of_unit[instr.start as usize] = index as u32;
    }
    let locals = code.nlocalsplus() as u16;
    let mut checker = Checker {
        reg,
        witness,
        instrs: &instrs,
        index_of_unit: &index_of_unit,
        entries: &entries,
        locals,
        registers: Registers::new(reg.frame_size, locals),
        kinds: Vec::new(),
        word: 0,
    };
    checker.check_start().map_err(fail)?;
    for (index, cut) in witness.cuts.iter().enumerate() {
        let end = witness.cuts.get(index + 1).map_or(reg.words.len() as u32, |next| next.word);
        checker.word = cut.word;
        checker.check_block(cut, end).map_err(|fault| {
            let instr = reg.words.get(checker.word as usize..).and_then(RegInstr::decode);
            CheckError { word: checker.word, instr: instr.map(|instr| instr.op), fault }
        })?;
    }
    Ok(())
}

struct Checker<'a> {
    reg: &'a RegCode,
    witness: &'a Witness,
    instrs: &'a [Instr],
    index_of_unit: &'a [u32],
    entries: &'a [ExceptionEntry],
    locals: u16,
    registers: Registers,
    /// What each effect of the block was.
    kinds: Vec<RegOp>,
    /// The instruction being checked.
    word: u32,
}

/// Whether the block goes on behind an instruction.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Over,
}

impl<'a> Checker<'a> {
    /// Both forms start at their start, with nothing on the operand stack.
    fn check_start(&mut self) -> Stepped<()> {
        let start = Cut::default();
        let stack = self.registers.enter(&start);
        let locals = u32::from(self.locals);
        let side = StackSide::new(self.instrs, self.index_of_unit, 0, stack, &[], locals)?;
        self.check_edge(&side, 0, None)
    }

    fn check_block(&mut self, cut: &'a Cut, end: u32) -> Stepped<()> {
        let stack = self.registers.enter(cut);
        self.kinds.clear();
        let locals = u32::from(self.locals);
        let mut side =
            StackSide::new(self.instrs, self.index_of_unit, cut.offset, stack, &cut.early, locals)?;
        while self.word < end {
            let instr = self.decode(self.word)?;
            let behind = self.word + instr.words() as u32;
            if self.check_instr(&mut side, &instr, behind)? == Flow::Over {
                return Ok(());
            }
            self.word = behind;
        }
        self.check_edge(&side, end, None)
    }

    fn decode(&self, word: u32) -> Stepped<RegInstr> {
        let words = self.reg.words.get(word as usize..);
        words.and_then(RegInstr::decode).ok_or_else(|| format!("no instruction at word {word}"))
    }

    fn check_instr(&mut self, side: &mut StackSide<'_>, instr: &RegInstr, behind: u32) -> Stepped<Flow> {
        use RegOp::*;
        let target = bytecode::reg_dis::target_of(self.word as usize, instr).map(|word| word as u32);
        if instr.op == JUMP {
            self.check_edge(side, target.ok_or("a jump goes before the code")?, None)?;
            return Ok(Flow::Over);
        }
        if let Some(target) = target {
            self.check_branch(side, instr, target, behind)?;
            // What follows the branch in the same block is a jump of its own, reached by the edge just checked.
            return Ok(Flow::Over);
        }
        match instr.op {
            MOVE => {
                self.registers.write(instr.operands[0] as u16, self.registers.read(instr.operands[1] as u16));
            }
            LOAD_CONST => {
                self.registers.write(instr.operands[0] as u16, Term::constant(instr.operands[1] as u32));
            }
            LOAD_NULL => self.registers.write(instr.operands[0] as u16, Term::NULL),
            LOAD_FAST_AND_CLEAR => {
                let [dst, local] = [instr.operands[0] as u16, instr.operands[1] as u16];
                self.registers.write(dst, self.registers.read(local));
                self.registers.write(local, Term::NULL);
            }
            UNARY_NOT => {
                let value = self.registers.operand(instr.operands[1]);
                self.registers.write(instr.operands[0] as u16, value.negate());
            }
            RETURN | RAISE0 | RAISE1 | RAISE2 | RERAISE => {
                let operands = self.registers.uses(instr);
                self.expect_exit(side, instr.op, operands)?;
                return Ok(Flow::Over);
            }
            _ => self.check_effects(side, instr)?,
        }
        Ok(Flow::On)
    }

    /// An instruction with one or more effects.
    fn check_effects(&mut self, side: &mut StackSide<'_>, instr: &RegInstr) -> Stepped<()> {
        use RegOp::*;
        let uses = self.registers.uses(instr);
        let first = instr.operands.first().map_or(0, |register| *register as u16);
        match instr.op {
            LT_BOOL | LE_BOOL | EQ_BOOL | NE_BOOL | GT_BOOL | GE_BOOL => {
                let number = self.expect(side, plain_comparison(instr.op), &[], uses)?;
                let truth = self.expect(side, TO_BOOL, &[], vec![result(number, 0)])?;
                self.registers.write(first, result(truth, 0));
            }
            TO_BOOL_NOT => {
                let number = self.expect(side, TO_BOOL, &[], uses)?;
                self.registers.write(first, result(number, 0).negate());
            }
            IS_NOT | NOT_CONTAINS => {
                let op = if instr.op == IS_NOT { IS } else { CONTAINS };
                let number = self.expect(side, op, &[], uses)?;
                self.registers.write(first, result(number, 0).negate());
            }
            UNPACK_TO => {
                let number = self.expect(side, UNPACK_SEQUENCE, &[instr.list.len() as u32], uses)?;
                self.registers.write_results(instr, number);
            }
            PUSH_EXC_INFO => {
                let number = self.expect(side, PUSH_EXC_INFO, &[], uses.clone())?;
                self.registers.write(first, result(number, 0));
                self.registers.write(first + 1, uses[0]);
            }
            DELETE_LOCAL => {
                self.expect(side, DELETE_LOCAL, &[], uses)?;
                self.registers.write(first, Term::NULL);
            }
            MAKE_CELL => {
                let number = self.expect(side, MAKE_CELL, &[], uses)?;
                self.registers.write(first, result(number, 0));
            }
            COPY_FREE_VARS => {
                let count = first.min(self.locals);
                let number = self.expect(side, COPY_FREE_VARS, &[u32::from(first)], uses)?;
                for index in 0..count {
                    self.registers.write(self.locals - count + index, result(number, u32::from(index)));
                }
            }
            op if is_call(op) => {
                let number = self.check_call(side, instr, uses)?;
                self.registers.write(first, result(number, 0));
            }
            _ => {
                let number = self.expect(side, instr.op, &numbers(instr), uses)?;
                self.registers.write_results(instr, number);
            }
        }
        Ok(())
    }

    /// A call, with the load that is fused with it; the number of the call's effect.
    fn check_call(
        &mut self,
        side: &mut StackSide<'_>,
        instr: &RegInstr,
        mut uses: Vec<Term>,
    ) -> Stepped<u32> {
        use RegOp::*;
        match instr.op {
            CALL0 | CALL1 | CALL2 | CALL3 | CALL4 | CALL_N => uses.insert(1, Term::NULL),
            CALL_GLOBAL0 | CALL_GLOBAL1 | CALL_GLOBAL2 | CALL_GLOBAL3 | CALL_GLOBAL4 | CALL_GLOBAL_N => {
                let load = self.expect(side, LOAD_GLOBAL, &numbers(instr), Vec::new())?;
                uses.splice(0..0, [result(load, 0), Term::NULL]);
            }
            CALL_METHOD0 | CALL_METHOD1 | CALL_METHOD2 | CALL_METHOD3 | CALL_METHOD4 | CALL_METHOD_N => {
                let step = side.peek_step()?;
                let is_plain = matches!(&step, StackStep::Effect(effect, _) if effect.op == LOAD_ATTR);
                let op = if is_plain { LOAD_ATTR } else { LOAD_METHOD };
                let load = self.expect(side, op, &numbers(instr), vec![uses[0]])?;
                let receiver = if is_plain { Term::NULL } else { result(load, 1) };
                uses.splice(0..1, [result(load, 0), receiver]);
            }
            _ => {}
        }
        self.expect(side, CALL_SELF_N, &[], uses)
    }

    fn check_branch(
        &mut self,
        side: &mut StackSide<'_>,
        instr: &RegInstr,
        target: u32,
        behind: u32,
    ) -> Stepped<()> {
        let (condition, taken_if) = self.condition(side, instr)?;
        let (condition, inverted) = condition.normalize();
        let step = side.next()?;
        let StackStep::Branch(expected, holds_at, fails_at) = step else {
            return Err(format!("branches where the stack form has {step:?}"));
        };
        if expected != condition {
            return Err(format!("branches on {condition:?}, the stack form on {expected:?}"));
        }
        let (taken_at, other_at) =
            if taken_if == inverted { (fails_at, holds_at) } else { (holds_at, fails_at) };
        match instr.op {
            RegOp::FOR_ITER | RegOp::FOR_LOOP => {
                // The item is written only where there is one.
                let exhausted_first = instr.op == RegOp::FOR_ITER;
                let (exhausted, item) = if exhausted_first {
                    ((target, taken_at), (behind, other_at))
                } else {
                    ((behind, other_at), (target, taken_at))
                };
                self.check_edge(side, exhausted.0, Some(exhausted.1))?;
                self.registers.write_results(instr, self.kinds.len() as u32 - 1);
                self.check_edge(side, item.0, Some(item.1))
            }
            _ => {
                if instr.op == RegOp::SEND {
                    self.registers.write_results(instr, self.kinds.len() as u32 - 1);
                }
                self.check_edge(side, target, Some(taken_at))?;
                self.check_edge(side, behind, Some(other_at))
            }
        }
    }

    /// What a branch depends on, after its effects, and whether it is taken if that holds.
    fn condition(&mut self, side: &mut StackSide<'_>, instr: &RegInstr) -> Stepped<(Condition, bool)> {
        use RegOp::*;
        let uses = self.registers.uses(instr);
        Ok(match instr.op {
            JUMP_IF_TRUE | JUMP_IF_FALSE => {
                (Condition::Truth(self.truth(side, uses[0])?), instr.op == JUMP_IF_TRUE)
            }
            JUMP_IF_TRUTHY | JUMP_IF_FALSY => {
                let number = self.expect(side, TO_BOOL, &[], uses)?;
                (Condition::Truth(result(number, 0)), instr.op == JUMP_IF_TRUTHY)
            }
            JUMP_IF_NONE | JUMP_IF_NOT_NONE => (Condition::IsNone(uses[0]), instr.op == JUMP_IF_NONE),
            FOR_ITER | FOR_LOOP => {
                let number = self.expect(side, FOR_ITER, &[], uses)?;
                (Condition::Exhausted(number), instr.op == FOR_ITER)
            }
            SEND => (Condition::Exhausted(self.expect(side, SEND, &[], uses)?), true),
            JUMP_IF_NOT_EXC_MATCH => {
                let number = self.expect(side, CHECK_EXC_MATCH, &[], uses)?;
                (Condition::Truth(result(number, 0)), false)
            }
            op => {
                let (test, taken_if) = test_of_branch(op).ok_or("a branch that the checker does not know")?;
                let number = self.expect(side, test, &[], uses)?;
                (Condition::Truth(self.truth(side, result(number, 0))?), taken_if)
            }
        })
    }

    /// The exact bool that a jump takes a value for.
    fn truth(&mut self, side: &mut StackSide<'_>, term: Term) -> Stepped<Term> {
        if let Origin::Result(number, _) = term.origin
            && self.kinds.get(number as usize).copied().is_some_and(is_comparison)
        {
            let operand = Term { negated: false, ..term };
            let truth = self.expect(side, RegOp::TO_BOOL, &[], vec![operand])?;
            return Ok(Term { negated: term.negated, ..result(truth, 0) });
        }
        Ok(term)
    }

    /// The next effect of the stack form must be this one; its number in the block.
    fn expect(
        &mut self,
        side: &mut StackSide<'_>,
        op: RegOp,
        numbers: &[u32],
        operands: Vec<Term>,
    ) -> Stepped<u32> {
        let effect = Effect { op, numbers: numbers.to_vec(), operands };
        match side.next()? {
            StackStep::Effect(expected, at) if expected == effect => self.check_effect(side, &at)?,
            other => return Err(format!("does {effect:?}, the stack form {other:?}")),
        }
        self.kinds.push(op);
        Ok(self.kinds.len() as u32 - 1)
    }

    fn expect_exit(&mut self, side: &mut StackSide<'_>, op: RegOp, operands: Vec<Term>) -> Stepped<()> {
        let effect = Effect { op, numbers: Vec::new(), operands };
        match side.next()? {
            StackStep::Exit(expected, at) if expected == effect => self.check_effect(side, &at),
            other => Err(format!("does {effect:?}, the stack form {other:?}")),
        }
    }

    /// What must hold where other code may look: locals, source map, handler.
    fn check_effect(&mut self, side: &mut StackSide<'_>, at: &Instr) -> Stepped<()> {
        let written = std::mem::take(&mut self.registers.recent);
        self.check_locals(side, written.iter().chain(&side.recent), &[])?;
        side.recent.clear();
        let steps = self.reg.source_map.offsets_at(self.word);
        if !steps.contains(&at.offset) {
            return Err(format!("its source map {steps:?} lacks offset {}", at.offset));
        }
        if at.op.may_raise() || at.op == StackOp::YIELD_VALUE {
            self.check_handler(side, at.offset)?;
        }
        Ok(())
    }

    fn check_locals<'b>(
        &self,
        side: &StackSide<'_>,
        locals: impl IntoIterator<Item = &'b u16>,
        early: &[u16],
    ) -> Stepped<()> {
        for local in locals {
            let (ours, theirs) = (self.registers.read(*local), side.local(*local));
            if ours != theirs && !early.contains(local) {
                return Err(format!("local {local} is {ours:?}, in the stack form {theirs:?}"));
            }
        }
        Ok(())
    }

    fn check_handler(&self, side: &StackSide<'_>, offset: u32) -> Stepped<()> {
        let theirs = exception_table::handler_of(self.entries, offset);
        let ours = handler_at(&self.reg.exceptions, self.word);
        let (theirs, ours) = match (theirs, ours) {
            (None, None) => return Ok(()),
            (Some(theirs), Some(ours)) => (theirs, ours),
            (theirs, ours) => return Err(format!("handler {ours:?}, in the stack form {theirs:?}")),
        };
        let cut = self.witness.at(ours.target).ok_or("the handler has no witness")?;
        let written = u32::from(ours.lasti) + 1;
        if cut.offset != theirs.target || ours.lasti != theirs.lasti || !cut.early.is_empty() {
            return Err(format!("handler {ours:?}, in the stack form {theirs:?}"));
        }
        if cut.slots.len() as u32 != theirs.depth + written || (side.stack.len() as u32) < theirs.depth {
            return Err(format!("the handler keeps {} slots of {}", theirs.depth, side.stack.len()));
        }
        if !cut.also.is_empty() {
            return Err("the handler expects slots in several places".to_owned());
        }
        let delivered = ours.slot..ours.slot + written as u16;
        let (kept, top) = cut.slots.split_at(theirs.depth as usize);
        for (slot, (held, term)) in kept.iter().zip(&side.stack).enumerate() {
            if matches!(held, Held::Reg(register) if delivered.contains(register)) {
                return Err(format!("the exception overwrites slot {slot}"));
            }
            self.check_held(slot, *held, *term)?;
        }
        let delivery =
            |(held, register): (&Held, u16)| *held == Held::Nowhere || *held == Held::Reg(register);
        if !top.iter().zip(delivered).all(delivery) {
            return Err("the handler expects the exception elsewhere".to_owned());
        }
        Ok(())
    }

    fn check_held(&self, slot: usize, held: Held, term: Term) -> Stepped<()> {
        let ours = match held {
            Held::Nowhere => return Ok(()),
            Held::Reg(register) => self.registers.read(register),
            Held::Const(index) => Term::constant(index),
            Held::Null => Term::NULL,
        };
        if ours == term {
            Ok(())
        } else {
            Err(format!("slot {slot}, held in {held:?}, is {ours:?}, in the stack form {term:?}"))
        }
    }

    /// Control goes to a word, and in the stack form to an offset or, if that is `None`, on.
    fn check_edge(&mut self, side: &StackSide<'_>, word: u32, offset: Option<u32>) -> Stepped<()> {
        let cut = self.find_cut(word)?;
        let mut side = side.clone();
        if let Some(offset) = offset {
            side.go_to(offset)?;
        }
        side.run_silently_to(cut.offset)?;
        if side.stack.len() != cut.slots.len() {
            let (ours, theirs) = (cut.slots.len(), side.stack.len());
            return Err(format!("word {} has {ours} slots, the stack form {theirs}", cut.word));
        }
        for (slot, (held, term)) in cut.slots.iter().zip(&side.stack).enumerate() {
            self.check_held(slot, *held, *term).map_err(|fault| format!("to word {}: {fault}", cut.word))?;
        }
        for (register, slot) in &cut.also {
            let term = side.stack.get(*slot as usize).copied().ok_or("the witness names a slot too many")?;
            self.check_held(*slot as usize, Held::Reg(*register), term)?;
        }
        self.check_locals(&side, self.registers.recent.iter().chain(&side.recent), &cut.early)
            .map_err(|fault| format!("to word {}: {fault}", cut.word))
    }

    /// The block where control ends up that goes to a word, over jumps that belong to no block of their own.
    fn find_cut(&self, mut word: u32) -> Stepped<&'a Cut> {
        for _ in 0..4 {
            if let Some(cut) = self.witness.at(word) {
                return Ok(cut);
            }
            let instr = self.decode(word)?;
            let target = bytecode::reg_dis::target_of(word as usize, &instr);
            word = target
                .filter(|_| instr.op == RegOp::JUMP)
                .ok_or_else(|| format!("word {word} has no witness"))? as u32;
        }
        Err(format!("word {word} has no witness"))
    }
}

fn result(number: u32, index: u32) -> Term {
    Term::of(Origin::Result(number, index))
}

fn handler_at(entries: &[RegExceptionEntry], word: u32) -> Option<&RegExceptionEntry> {
    let behind = entries.partition_point(|entry| entry.start <= word);
    entries.get(behind.checked_sub(1)?).filter(|entry| word < entry.end)
}

fn is_call(op: RegOp) -> bool {
    (RegOp::CALL0..=RegOp::CALL_METHOD_N).contains(&op)
}

fn plain_comparison(op: RegOp) -> RegOp {
    match op {
        RegOp::LT_BOOL => RegOp::LT,
        RegOp::LE_BOOL => RegOp::LE,
        RegOp::EQ_BOOL => RegOp::EQ,
        RegOp::NE_BOOL => RegOp::NE,
        RegOp::GT_BOOL => RegOp::GT,
        _ => RegOp::GE,
    }
}

/// The test of a fused branch, and whether it is taken if that holds.
fn test_of_branch(op: RegOp) -> Option<(RegOp, bool)> {
    use RegOp::*;
    Some(match op {
        JUMP_IF_LT => (LT, true),
        JUMP_IF_LE => (LE, true),
        JUMP_IF_EQ => (EQ, true),
        JUMP_IF_NE => (NE, true),
        JUMP_IF_GT => (GT, true),
        JUMP_IF_GE => (GE, true),
        JUMP_IF_NOT_LT => (LT, false),
        JUMP_IF_NOT_LE => (LE, false),
        JUMP_IF_NOT_EQ => (EQ, false),
        JUMP_IF_NOT_NE => (NE, false),
        JUMP_IF_NOT_GT => (GT, false),
        JUMP_IF_NOT_GE => (GE, false),
        JUMP_IF_IS => (IS, true),
        JUMP_IF_IS_NOT => (IS, false),
        JUMP_IF_CONTAINS => (CONTAINS, true),
        JUMP_IF_NOT_CONTAINS => (CONTAINS, false),
        _ => return None,
    })
}
