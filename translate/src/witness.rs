//! The witness of a translation: for each block of register code the place in the wordcode that it stands for, and
//! where each slot of the operand stack lies there.
//!
//! Nothing trusts it. It tells the checker ([`crate::check`]) what to prove; a wrong witness makes a proof fail, never
//! succeed.

use crate::ir::{Arg, Body};
use crate::layout::Layout;
use crate::liveness::Liveness;

/// Where a slot of the operand stack lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Held {
    /// Nowhere: the code behind does not read it.
    Nowhere,
    /// In a register.
    Reg(u16),
    /// It is a constant of the const pool.
    Const(u32),
    /// It is NULL.
    Null,
}

/// What holds where a block begins.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cut {
    /// The block's first word.
    pub word: u32,
    /// The code unit of the wordcode.
    pub offset: u32,
    /// The operand stack, bottom first.
    pub slots: Vec<Held>,
    /// Registers that hold a slot's value besides.
    pub also: Vec<(u16, u32)>,
    /// Locals that hold a slot's value already, which the wordcode is about to store there.
    pub early: Vec<u16>,
}

/// What holds where the blocks begin, by ascending words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Witness {
    /// The blocks.
    pub cuts: Vec<Cut>,
}

impl Witness {
    /// What a finished body says of its blocks.
    pub fn of(body: &Body, layout: &Layout) -> Self {
        let liveness = Liveness::analyze(body);
        let mut cuts = Vec::with_capacity(layout.blocks.len());
        for (position, (id, first, word)) in layout.blocks.iter().enumerate() {
            let end = layout.blocks.get(position + 1).map_or(layout.placed.len() as u32, |next| next.1);
            if *first == end {
                continue;
            }
            let block = body.block(*id);
            let live = liveness.live_in(*id);
            let is_held = |register: u32| !body.is_temp(register) || live.contains(register);
            let mut cut = Cut { word: *word, offset: block.offset, ..Cut::default() };
            for (slot, home) in block.entry.iter().enumerate() {
                let known = block.known.get(slot).copied().unwrap_or(*home);
                let home = home.as_reg().filter(|register| is_held(*register));
                let held = held_in(known, is_held);
                match home {
                    Some(register) if held == Held::Nowhere => cut.slots.push(Held::Reg(register as u16)),
                    Some(register) if held != Held::Reg(register as u16) => {
                        cut.slots.push(held);
                        cut.also.push((register as u16, slot as u32));
                    }
                    _ => cut.slots.push(held),
                }
            }
            cut.early = block.early.iter().map(|local| *local as u16).collect();
            cuts.push(cut);
        }
        Self { cuts }
    }

    /// The block that begins at a word.
    pub fn at(&self, word: u32) -> Option<&Cut> {
        let index = self.cuts.binary_search_by_key(&word, |cut| cut.word).ok()?;
        Some(&self.cuts[index])
    }
}

fn held_in(slot: Arg, is_held: impl Fn(u32) -> bool) -> Held {
    match (slot.as_reg(), slot.as_constant()) {
        (Some(register), _) if is_held(register) => Held::Reg(register as u16),
        (None, Some(index)) => Held::Const(index),
        _ if slot.is_null() => Held::Null,
        _ => Held::Nowhere,
    }
}
