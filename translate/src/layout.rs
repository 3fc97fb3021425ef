//! Layout: blocks in their final order, which way each branch tests, which jumps remain, and where every instruction
//! stands.
//!
//! A branch whose target comes next tests the opposite and goes to the other successor. A branch offset has 16 bits in
//! most instructions; one that does not fit becomes the opposite branch over a `JUMP`, which has 32, or if it has no
//! opposite a branch around a `JUMP` to one. Offsets grow with that, so it is repeated until nothing changes; no branch
//! ever shrinks again, so it ends.

use bytecode::RegOp;
use bytecode::reg_op::Role;

use crate::ir::{Arg, BlockId, Body, Instr};
use crate::roles::shape;

/// What is emitted at a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The instruction with this index in the body.
    Instr(u32),
    /// A jump of the block to its next one, which is not behind it; the wordcode offset that it stands for.
    Jump(u32),
}

/// An instruction in its place.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// What it is.
    pub source: Source,
    /// Where it branches.
    pub target: Option<BlockId>,
    /// Its first word.
    pub word: u32,
    /// Whether its branch offset does not fit.
    pub far: bool,
}

/// The code with every instruction in its place.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The instructions in order.
    pub placed: Vec<Placed>,
    /// For each block of the order: its number, its first index in `placed`, its first word.
    pub blocks: Vec<(BlockId, u32, u32)>,
    /// For each block number its first word.
    pub word_of_block: Vec<u32>,
    /// Number of words.
    pub words: u32,
}

/// Places all live instructions of `body.order`. Branches of the body may be turned to their opposite.
pub fn layout(body: &mut Body) -> Layout {
    let mut layout = Layout {
        placed: Vec::with_capacity(body.instrs.len()),
        blocks: Vec::with_capacity(body.order.len()),
        word_of_block: vec![0; body.blocks.len()],
        words: 0,
    };
    for position in 0..body.order.len() {
        let block = body.order[position];
        let behind = body.order.get(position + 1).copied();
        layout.blocks.push((block, layout.placed.len() as u32, 0));
        layout.place_block(body, block, behind);
    }
    layout.assign_words(body);
    if layout.words > MAX_NEAR as u32 {
        while layout.widen(body) {
            layout.assign_words(body);
        }
    }
    layout
}

/// Farthest that every branch reaches.
const MAX_NEAR: i64 = i16::MAX as i64;

impl Layout {
    fn place_block(&mut self, body: &mut Body, block: BlockId, behind: Option<BlockId>) {
        let mut next = body.block(block).next;
        if let Some(branch) = body.branch(block)
            && next != behind
            && prefers_opposite(body, block, branch, behind)
            && let (Some(other), Some(op)) = (next, opposite(body.instrs[branch].op))
        {
            let instr = &mut body.instrs[branch];
            let target = instr.target();
            instr.op = op;
            instr.set_target(other);
            next = target;
            body.block_mut(block).next = next;
        }
        let mut last_offset = body.block(block).offset;
        for index in body.indices(block) {
            let instr = &body.instrs[index];
            if !instr.dead {
                let source = Source::Instr(index as u32);
                self.placed.push(Placed { source, target: instr.target(), word: 0, far: false });
                last_offset = instr.steps.as_slice().last().copied().unwrap_or(last_offset);
            }
        }
        if next.is_some() && next != behind {
            let source = Source::Jump(body.block(block).jump.unwrap_or(last_offset));
            self.placed.push(Placed { source, target: next, word: 0, far: false });
        }
    }

    fn assign_words(&mut self, body: &Body) {
        let mut word = 0;
        let mut index = 0;
        for position in 0..self.blocks.len() {
            let end = self.blocks.get(position + 1).map_or(self.placed.len(), |next| next.1 as usize);
            let (block, _, first_word) = &mut self.blocks[position];
            *first_word = word;
            self.word_of_block[block.index()] = word;
            for placed in &mut self.placed[index..end] {
                placed.word = word;
                word += words_of(body, placed);
            }
            index = end;
        }
        self.words = word;
    }

    /// Marks branches that do not fit; whether there are new ones.
    fn widen(&mut self, body: &Body) -> bool {
        let mut again = false;
        for placed in self.placed.iter_mut().filter(|placed| !placed.far) {
            let (Source::Instr(index), Some(target)) = (placed.source, placed.target) else { continue };
            let instr = &body.instrs[index as usize];
            let end = placed.word + instr_words(instr);
            let distance = i64::from(self.word_of_block[target.index()]) - i64::from(end);
            if is_near_only(instr) && distance.abs() > MAX_NEAR {
                placed.far = true;
                again = true;
            }
        }
        again
    }
}

/// Whether a branch whose fallthrough is not behind it had better test the opposite: if its target is, or if neither
/// is, so that it goes back into a loop without a jump behind.
fn prefers_opposite(body: &Body, block: BlockId, branch: usize, behind: Option<BlockId>) -> bool {
    let instr = &body.instrs[branch];
    let (target, next) = (instr.target(), body.block(block).next);
    target == behind || instr.op == RegOp::FOR_ITER || (next <= Some(block) && target > Some(block))
}

fn is_near_only(instr: &Instr) -> bool {
    shape(instr.op).roles().contains(&Role::Target)
}

fn words_of(body: &Body, placed: &Placed) -> u32 {
    let Source::Instr(index) = placed.source else { return 1 };
    let instr = &body.instrs[index as usize];
    let extra = match (placed.far, opposite(instr.op)) {
        (false, _) => 0,
        (true, Some(_)) => 1,
        (true, None) => 2,
    };
    instr_words(instr) + extra
}

/// Words of an instruction in its final form.
pub fn instr_words(instr: &Instr) -> u32 {
    let op = final_op(instr);
    let info = op.info();
    let list = if op == instr.op { instr.list.len().div_ceil(4) } else { 0 };
    (1 + usize::from(!info.extension.is_empty()) + list + info.caches) as u32
}

/// The opcode that is encoded: calls of up to four arguments have forms of their own, which the table lists before
/// the general one.
pub fn final_op(instr: &Instr) -> RegOp {
    let is_call =
        matches!(instr.op, RegOp::CALL_N | RegOp::CALL_SELF_N | RegOp::CALL_GLOBAL_N | RegOp::CALL_METHOD_N);
    if !is_call || instr.list.len() > 4 {
        return instr.op;
    }
    let number = instr.op as u16 - 5 + instr.list.len() as u16;
    RegOp::from_number(number).expect("the table lists the short forms before the general one")
}

/// The operands of an instruction in its final form, its list apart.
pub fn final_args(body: &Body, instr: &Instr, args: &mut Vec<Arg>) {
    args.clear();
    let count = shape(instr.op).roles().len();
    if final_op(instr) == instr.op {
        args.extend_from_slice(&instr.args[..count]);
    } else {
        args.extend_from_slice(&instr.args[..count - 1]);
        args.extend_from_slice(&body.lists[instr.list.range()]);
    }
}

/// The branch that is taken exactly when this one is not.
pub fn opposite(op: RegOp) -> Option<RegOp> {
    use RegOp::*;
    const PAIRS: &[(RegOp, RegOp)] = &[
        (JUMP_IF_TRUE, JUMP_IF_FALSE),
        (JUMP_IF_TRUTHY, JUMP_IF_FALSY),
        (JUMP_IF_NONE, JUMP_IF_NOT_NONE),
        (JUMP_IF_LT, JUMP_IF_NOT_LT),
        (JUMP_IF_LE, JUMP_IF_NOT_LE),
        (JUMP_IF_EQ, JUMP_IF_NOT_EQ),
        (JUMP_IF_NE, JUMP_IF_NOT_NE),
        (JUMP_IF_GT, JUMP_IF_NOT_GT),
        (JUMP_IF_GE, JUMP_IF_NOT_GE),
        (JUMP_IF_IS, JUMP_IF_IS_NOT),
        (JUMP_IF_CONTAINS, JUMP_IF_NOT_CONTAINS),
        (FOR_ITER, FOR_LOOP),
    ];
    PAIRS.iter().find_map(|(one, other)| match op {
        op if op == *one => Some(*other),
        op if op == *other => Some(*one),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_calls_stand_before_the_general_form() {
        for general in ["CALL", "CALL_SELF", "CALL_GLOBAL", "CALL_METHOD"] {
            let number = |suffix: &str| {
                let name = format!("{general}{suffix}");
                RegOp::ALL.iter().position(|op| op.name() == name).expect("the table has it")
            };
            for count in 0..5 {
                assert_eq!(number(&count.to_string()) + 5 - count, number("_N"), "{general}{count}");
            }
        }
    }
}
