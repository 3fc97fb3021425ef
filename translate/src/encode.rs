//! Encoding: instructions in their places to words, handler ranges and the source map.

use bytecode::reg_code::{RegExceptionEntry, SourceMap};
use bytecode::reg_op::{ListKind, Role};
use bytecode::{RegCode, RegOp};

use crate::ir::{Arg, Body};
use crate::layout::{Layout, Placed, Source, final_args, final_op, instr_words, opposite};
use crate::roles::shape;

/// Writes the code.
pub fn encode(body: &Body, layout: &Layout) -> RegCode {
    let mut encoder = Encoder {
        body,
        layout,
        words: Vec::with_capacity(layout.words as usize),
        map: SourceMap {
            words: Vec::with_capacity(layout.placed.len()),
            starts: Vec::with_capacity(layout.placed.len() + 1),
            offsets: Vec::with_capacity(layout.placed.len() + layout.placed.len() / 4),
        },
        args: Vec::new(),
    };
    for placed in &layout.placed {
        encoder.write(placed);
    }
    let mut map = encoder.map;
    map.starts.push(map.offsets.len() as u32);
    RegCode {
        words: encoder.words.into(),
        frame_size: body.registers as u16,
        exceptions: exceptions(body, layout).into(),
        source_map: map,
    }
}

struct Encoder<'a> {
    body: &'a Body,
    layout: &'a Layout,
    words: Vec<u64>,
    map: SourceMap,
    args: Vec<Arg>,
}

impl Encoder<'_> {
    fn write(&mut self, placed: &Placed) {
        debug_assert_eq!(placed.word as usize, self.words.len(), "layout and encoding agree");
        let target = placed.target.map(|block| i64::from(self.layout.word_of_block[block.index()]));
        match placed.source {
            Source::Jump(offset) => self.write_jump(target.expect("jumps have a target"), &[offset]),
            Source::Instr(index) if placed.far => {
                self.write_far(index as usize, target.expect("only branches are far"));
            }
            Source::Instr(index) => {
                let instr = &self.body.instrs[index as usize];
                let end = i64::from(placed.word + instr_words(instr));
                let op = final_op(instr);
                self.write_instr(index as usize, op, target.map(|target| (target - end) as i32));
            }
        }
    }

    /// The opposite branch over a jump; without opposite, a branch to a jump, with a jump around that.
    fn write_far(&mut self, index: usize, target: i64) {
        let instr = &self.body.instrs[index];
        let steps = instr.steps.as_slice();
        if let Some(op) = opposite(instr.op) {
            self.write_instr(index, op, Some(1));
        } else {
            self.write_instr(index, instr.op, Some(1));
            let behind = self.words.len() as i64 + 2;
            self.write_jump(behind, steps);
        }
        self.write_jump(target, steps);
    }

    fn write_jump(&mut self, target: i64, steps: &[u32]) {
        self.map_source(steps);
        let distance = target - (self.words.len() as i64 + 1);
        self.words.push(pack(RegOp::JUMP as u64, &[Role::Target32], &[Arg::offset(distance as i32)], 16));
    }

    fn write_instr(&mut self, index: usize, op: RegOp, distance: Option<i32>) {
        let instr = &self.body.instrs[index];
        self.map_source(instr.steps.as_slice());
        final_args(self.body, instr, &mut self.args);
        let shape = shape(op);
        if let (Some(position), Some(distance)) = (shape.target(), distance) {
            self.args[position] = Arg::offset(distance);
        }
        let info = op.info();
        let (roles, extension) = shape.roles().split_at(info.operands.len());
        self.words.push(pack(op as u64, roles, &self.args, 16));
        if !extension.is_empty() {
            self.words.push(pack(0, extension, &self.args[roles.len()..], 0));
        }
        if info.list != ListKind::None {
            for group in self.body.lists[instr.list.range()].chunks(4) {
                let word =
                    |word, (place, arg): (usize, &Arg)| word | u64::from(arg.raw() as u16) << (16 * place);
                self.words.push(group.iter().enumerate().fold(0, word));
            }
        }
        self.words.resize(self.words.len() + info.caches, 0);
    }

    fn map_source(&mut self, steps: &[u32]) {
        self.map.words.push(self.words.len() as u32);
        self.map.starts.push(self.map.offsets.len() as u32);
        self.map.offsets.extend_from_slice(steps);
    }
}

/// Adds operands to a word from bit `shift` up, 16 bits each, the wide ones 32.
fn pack(mut word: u64, roles: &[Role], args: &[Arg], mut shift: u32) -> u64 {
    for (role, arg) in roles.iter().zip(args) {
        let is_wide = matches!(role, Role::Const32 | Role::Target32);
        let bits = if is_wide { u64::from(arg.raw() as u32) } else { u64::from(arg.raw() as u16) };
        word |= bits << shift;
        shift += if is_wide { 32 } else { 16 };
    }
    word
}

/// The handler ranges: neighbouring blocks with the same handler make one.
fn exceptions(body: &Body, layout: &Layout) -> Vec<RegExceptionEntry> {
    let mut entries: Vec<RegExceptionEntry> = Vec::new();
    for (position, (block, _, start)) in layout.blocks.iter().enumerate() {
        let end = layout.blocks.get(position + 1).map_or(layout.words, |next| next.2);
        let Some(handler) = body.handler(*block).filter(|_| *start < end) else { continue };
        let entry = RegExceptionEntry {
            start: *start,
            end,
            target: layout.word_of_block[handler.target.index()],
            slot: handler.slot as u16,
            lasti: handler.lasti,
        };
        match entries.last_mut() {
            Some(last) if last.end == entry.start && is_same_handler(last, &entry) => last.end = entry.end,
            _ => entries.push(entry),
        }
    }
    entries
}

fn is_same_handler(one: &RegExceptionEntry, other: &RegExceptionEntry) -> bool {
    (one.target, one.slot, one.lasti) == (other.target, other.slot, other.lasti)
}
