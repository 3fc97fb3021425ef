//! Slot compaction: temporaries that no instruction names any more leave no gap in the frame.
//!
//! The temporaries in use are renumbered in order, so pairs and windows stay in a row. Registers that a handler's
//! exception is written to count as in use.

use crate::ir::{Arg, Body};

/// Renumbers the temporaries in use.
pub fn compact_slots(body: &mut Body) {
    let locals = body.locals;
    let used = used_registers(body);
    let number = renumber(&used, locals);
    let lists = &mut body.lists;
    for block in &body.order {
        let range = &body.blocks[block.index()].range;
        for instr in &mut body.instrs[range.start as usize..range.end as usize] {
            if !instr.dead {
                instr.for_each_register(lists, |arg, _| *arg = Arg::reg(number[arg.to_number() as usize]));
            }
        }
        let block = &mut body.blocks[block.index()];
        for slot in block.entry.iter_mut().chain(&mut block.known) {
            if let Some(register) = slot.as_reg() {
                let kept = used[register as usize] || register < locals;
                *slot = if kept { Arg::reg(number[register as usize]) } else { Arg::UNKNOWN };
            }
        }
    }
    for handler in &mut body.handlers {
        handler.slot = number.get(handler.slot as usize).copied().unwrap_or(handler.slot);
    }
    body.registers = number.last().map_or(body.locals, |last| *last);
}

fn used_registers(body: &mut Body) -> Vec<bool> {
    let mut used = vec![false; body.registers as usize];
    for position in 0..body.order.len() {
        let block = body.order[position];
        for index in body.indices(block) {
            let instr = &mut body.instrs[index];
            if !instr.dead {
                instr.for_each_register(&mut body.lists, |arg, count| {
                    let first = arg.to_number() as usize;
                    used[first..first + count as usize].fill(true);
                });
            }
        }
        if let Some(handler) = body.handler(block) {
            handler.written().for_each(|register| used[register as usize] = true);
        }
    }
    used
}

/// For each register its new number; one more at the end, the number of registers.
fn renumber(used: &[bool], locals: u32) -> Vec<u32> {
    let mut next = 0;
    let mut numbers = Vec::with_capacity(used.len() + 1);
    for (register, used) in used.iter().enumerate() {
        numbers.push(next);
        if *used || register < locals as usize {
            next += 1;
        }
    }
    numbers.push(next);
    numbers
}
