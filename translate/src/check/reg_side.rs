//! The register form, executed symbolically within one block.

use bytecode::reg_op::Role;
use bytecode::{RegInstr, RegOp};

use super::term::{Origin, Term};
use crate::witness::{Cut, Held};

/// What the registers hold; what is not written in the block is as the witness says.
#[derive(Debug)]
pub struct Registers {
    values: Vec<(u32, Term)>,
    epoch: u32,
    locals: u16,
    early: Vec<u16>,
    /// Locals written since somebody last looked.
    pub recent: Vec<u16>,
}

impl Registers {
    /// Registers of a frame.
    pub fn new(frame_size: u16, locals: u16) -> Self {
        let values = vec![(0, Term::NULL); usize::from(frame_size)];
        Self { values, epoch: 0, locals, early: Vec::new(), recent: Vec::new() }
    }

    /// Starts a block as the witness says; the operand stack that goes with it.
    pub fn enter(&mut self, cut: &Cut) -> Vec<Term> {
        self.epoch += 1;
        self.early.clone_from(&cut.early);
        self.recent.clone_from(&cut.early);
        let each = (0..).zip(&cut.slots);
        let stack: Vec<Term> = each
            .map(|(slot, held)| match held {
                Held::Nowhere => Term::of(Origin::Slot(slot)),
                Held::Const(index) => Term::constant(*index),
                Held::Null => Term::NULL,
                Held::Reg(register) => self.hold(*register, slot),
            })
            .collect();
        for (register, slot) in &cut.also {
            if let Some(term) = stack.get(*slot as usize) {
                self.write(*register, *term);
            }
        }
        stack
    }

    fn hold(&mut self, register: u16, slot: u32) -> Term {
        let is_known = (register < self.locals && !self.early.contains(&register))
            || self.values.get(usize::from(register)).is_some_and(|(epoch, _)| *epoch == self.epoch);
        if !is_known {
            self.write(register, Term::of(Origin::Slot(slot)));
        }
        self.read(register)
    }

    /// What a register holds.
    pub fn read(&self, register: u16) -> Term {
        match self.values.get(usize::from(register)) {
            Some((epoch, term)) if *epoch == self.epoch => *term,
            _ if register < self.locals && !self.early.contains(&register) => {
                Term::of(Origin::Local(register))
            }
            _ => Term::of(Origin::Unknown(register)),
        }
    }

    /// Writes a register.
    pub fn write(&mut self, register: u16, term: Term) {
        if let Some(value) = self.values.get_mut(usize::from(register)) {
            *value = (self.epoch, term);
        }
        if register < self.locals {
            self.recent.push(register);
        }
    }

    /// What an operand that may be a constant stands for.
    pub fn operand(&self, value: i32) -> Term {
        if value < 0 { Term::constant((-1 - value) as u32) } else { self.read(value as u16) }
    }

    /// The values that an instruction reads, in the table's order, the list last.
    pub fn uses(&self, instr: &RegInstr) -> Vec<Term> {
        let fixed = instr.fixed().filter_map(|(operand, value)| match operand.role {
            Role::Use => Some(self.operand(value)),
            Role::Reg | Role::RegDef | Role::DefPairUse => Some(self.read(value as u16)),
            _ => None,
        });
        let list = instr.list.iter().map(|value| self.operand(*value));
        if instr.op.info().list == bytecode::reg_op::ListKind::Uses {
            fixed.chain(list).collect()
        } else {
            fixed.collect()
        }
    }

    /// Writes the results of the block's n-th effect where the instruction says.
    pub fn write_results(&mut self, instr: &RegInstr, number: u32) {
        let result = |index: usize| Term::of(Origin::Result(number, index as u32));
        for (operand, value) in instr.fixed() {
            let count = match operand.role {
                Role::Def => 1,
                Role::DefPair => 2,
                Role::DefWindow => window(instr),
                _ => 0,
            };
            for index in 0..count {
                self.write(value as u16 + index as u16, result(index));
            }
        }
        if instr.op.info().list == bytecode::reg_op::ListKind::Defs {
            for (index, register) in instr.list.iter().enumerate() {
                self.write(*register as u16, result(index));
            }
        }
    }
}

/// Names, flags and counts of an instruction, in the table's order; the length of an operand list is none.
pub fn numbers(instr: &RegInstr) -> Vec<u32> {
    let has_list = instr.op.info().list != bytecode::reg_op::ListKind::None;
    let numbers = instr.fixed().filter(|(operand, _)| match operand.role {
        Role::Name | Role::Imm => true,
        Role::Count => !has_list,
        _ => false,
    });
    numbers.map(|(_, value)| value as u32).collect()
}

fn window(instr: &RegInstr) -> usize {
    let numbers = numbers(instr);
    if instr.op == RegOp::UNPACK_EX { numbers.iter().sum::<u32>() as usize + 1 } else { numbers[0] as usize }
}
