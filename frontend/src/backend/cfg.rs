//! The control-flow graph: basic blocks in an arena, each with the block that follows it in the layout.
//!
//! Blocks are never removed: a pass that drops one empties it, and later passes step over empty blocks. Layout order is
//! the chain of [`Block::next`] from [`Cfg::ENTRY`]; new blocks are linked in where they belong. The order of blocks,
//! where labels split them, and which of them count as labels all follow CPython, since its passes look at them.

use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

use super::AssembleError;
use super::opcode::{ends_flow, has_target, is_known, is_scope_exit, is_terminator};
use crate::ir::{Arg, Instr, InstrSequence, Label, Location, Opcode};

/// A block's index in its [`Cfg`], plus one, so that an optional one takes no more room.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BlockId(NonZeroU32);

impl BlockId {
    fn new(index: usize) -> Self {
        let number = u32::try_from(index).ok().and_then(|index| NonZeroU32::MIN.checked_add(index));
        Self(number.expect("sequences have fewer than four billion instructions"))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// An instruction whose target, if any, is a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct CfgInstr {
    pub(super) op: Opcode,
    pub(super) arg: u32,
    pub(super) location: Location,
    /// Where it jumps, or the handler that it installs.
    pub(super) target: Option<BlockId>,
    /// The handler of exceptions that it raises.
    pub(super) handler: Option<BlockId>,
}

impl CfgInstr {
    /// An instruction without target or handler.
    pub(super) fn new(op: Opcode, arg: u32, location: Location) -> Self {
        Self { op, arg, location, target: None, handler: None }
    }

    /// A jump to `target`.
    pub(super) fn jump(op: Opcode, target: BlockId, location: Location) -> Self {
        Self { target: Some(target), ..Self::new(op, 0, location) }
    }

    /// Changes what it does, not where it stands.
    pub(super) fn set(&mut self, op: Opcode, arg: u32) {
        self.op = op;
        self.arg = arg;
    }

    /// Turns it into an instruction that does nothing, to be removed once its line is known to be of no use.
    pub(super) fn set_nop(&mut self) {
        self.set(super::opcode::NOP, 0);
        self.target = None;
    }

    /// The source line, or a negative number for none.
    pub(super) fn line(&self) -> i32 {
        self.location.line
    }
}

/// How control gets to a block, as far as the layout pass has found out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Temperature {
    /// Not at all, or not yet known.
    #[default]
    Unknown,
    /// Without an exception.
    Warm,
    /// By an exception only.
    Cold,
}

/// A basic block.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) instrs: Vec<CfgInstr>,
    /// The next block in the layout, reached by falling through.
    pub(super) next: Option<BlockId>,
    /// Whether it was, or had to be made, the target of some instruction.
    pub(super) is_label: bool,
    /// Edges from reachable blocks, as counted by the last run of `remove_unreachable` and kept up since.
    pub(super) predecessors: u32,
    /// Whether it starts an exception handler.
    pub(super) is_handler: bool,
    /// Whether its handler finds the offset of the raising instruction under the exception.
    pub(super) preserve_lasti: bool,
    pub(super) temperature: Temperature,
    /// Stack depth at entry, once computed.
    pub(super) start_depth: Option<i32>,
}

impl Block {
    /// The last instruction.
    pub(super) fn last(&self) -> Option<&CfgInstr> {
        self.instrs.last()
    }

    /// Whether control can fall through to the next block.
    pub(super) fn falls_through(&self) -> bool {
        !self.last().is_some_and(|last| ends_flow(last.op))
    }

    /// Whether it ends by leaving the code object.
    pub(super) fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| is_scope_exit(last.op))
    }

    /// Whether no instruction has a line.
    pub(super) fn has_no_line(&self) -> bool {
        self.instrs.iter().all(|instr| instr.line() < 0)
    }
}

/// A value for each block.
#[derive(Clone, Debug)]
pub(super) struct BlockMap<T>(Vec<T>);

impl<T: Clone> BlockMap<T> {
    /// Room for every block of `cfg`, each with `value`.
    pub(super) fn new(cfg: &Cfg, value: T) -> Self {
        Self(vec![value; cfg.blocks.len()])
    }

    /// The value of a block that may be younger than the map.
    pub(super) fn get(&self, id: BlockId) -> Option<&T> {
        self.0.get(id.index())
    }
}

impl<T> Index<BlockId> for BlockMap<T> {
    type Output = T;

    fn index(&self, id: BlockId) -> &T {
        &self.0[id.index()]
    }
}

impl<T> IndexMut<BlockId> for BlockMap<T> {
    fn index_mut(&mut self, id: BlockId) -> &mut T {
        &mut self.0[id.index()]
    }
}

/// A code object's blocks.
#[derive(Clone, Debug)]
pub(super) struct Cfg {
    blocks: Vec<Block>,
}

impl Index<BlockId> for Cfg {
    type Output = Block;

    fn index(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }
}

impl IndexMut<BlockId> for Cfg {
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }
}

impl Cfg {
    /// The block at which execution starts, first in the layout.
    pub(super) const ENTRY: BlockId = BlockId(NonZeroU32::MIN);

    /// Splits a sequence into blocks, at labels that are used and behind terminators, and resolves the labels.
    pub(super) fn from_sequence(seq: &InstrSequence) -> Result<Self, AssembleError> {
        let is_target = target_indices(seq)?;
        let mut block_at = vec![None; seq.instrs.len()];
        let mut blocks = Vec::new();
        let mut start = 0;
        while start < seq.instrs.len() || blocks.is_empty() {
            let starts_block = |index: &usize| is_target[*index] || is_terminator(seq.instrs[*index - 1].op);
            let end = (start + 1..seq.instrs.len()).find(starts_block).unwrap_or(seq.instrs.len());
            let id = BlockId::new(blocks.len());
            let is_label = is_target.get(start).is_some_and(|is_target| *is_target);
            if is_label {
                block_at[start] = Some(id);
            }
            let instrs = seq.instrs[start..end].iter().map(|instr| cfg_instr(seq, instr)).collect();
            let next = (end < seq.instrs.len()).then(|| BlockId::new(blocks.len() + 1));
            blocks.push(Block { instrs, next, is_label, ..Block::default() });
            start = end;
        }
        let mut cfg = Self { blocks };
        cfg.for_each_instr(|instr| {
            if has_target(instr.op) {
                instr.target = block_at[instr.arg as usize];
                instr.arg = 0;
            }
        });
        Ok(cfg)
    }

    /// A new block, not yet linked into the layout.
    pub(super) fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block::default());
        BlockId::new(self.blocks.len() - 1)
    }

    /// Links `new` into the layout behind `block`.
    pub(super) fn insert_after(&mut self, block: BlockId, new: BlockId) {
        self[new].next = self[block].next;
        self[block].next = Some(new);
    }

    /// How many blocks the arena holds.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The blocks in layout order.
    pub(super) fn layout(&self) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(Some(Self::ENTRY), |id| self[*id].next)
    }

    /// All instructions in layout order, to be changed in place.
    pub(super) fn for_each_instr(&mut self, mut change: impl FnMut(&mut CfgInstr)) {
        let mut cursor = Some(Self::ENTRY);
        while let Some(id) = cursor {
            self[id].instrs.iter_mut().for_each(&mut change);
            cursor = self[id].next;
        }
    }

    /// For each block the first one from it on, itself included, that is not empty.
    pub(super) fn nonempty_from(&self) -> NonemptyFrom {
        if self.layout().all(|id| !self[id].instrs.is_empty()) {
            return NonemptyFrom(None);
        }
        let layout: Vec<BlockId> = self.layout().collect();
        let mut map = BlockMap::new(self, None);
        let mut nearest = None;
        for id in layout.into_iter().rev() {
            if !self[id].instrs.is_empty() {
                nearest = Some(id);
            }
            map[id] = nearest;
        }
        NonemptyFrom(Some(map))
    }

    /// The block to which control falls from `id`, if there is one and it does.
    pub(super) fn fallthrough(&self, id: BlockId) -> Option<BlockId> {
        self[id].next.filter(|_| self[id].falls_through())
    }
}

/// Steps over empty blocks; holds no map where there are none.
pub(super) struct NonemptyFrom(Option<BlockMap<Option<BlockId>>>);

impl NonemptyFrom {
    /// The first block from `id` on that is not empty. A block that is younger than the map is not.
    pub(super) fn get(&self, id: BlockId) -> Option<BlockId> {
        self.0.as_ref().map_or(Some(id), |map| map.get(id).copied().unwrap_or(Some(id)))
    }
}

/// An instruction of the sequence; the index of its target, if it has one, stands for its oparg.
fn cfg_instr(seq: &InstrSequence, instr: &Instr) -> CfgInstr {
    let arg = match instr.arg {
        Arg::Value(value) => value,
        Arg::Label(label) if has_target(instr.op) => place_of(seq, label).unwrap_or(0) as u32,
        Arg::None | Arg::Label(_) => 0,
    };
    CfgInstr::new(instr.op, arg, instr.location)
}

/// The index of the instruction before which a label stands.
fn place_of(seq: &InstrSequence, Label(label): Label) -> Option<usize> {
    seq.labels.get(label as usize).copied().flatten().filter(|place| *place < seq.instrs.len())
}

/// Marks the instructions that stand behind a label which some instruction uses.
fn target_indices(seq: &InstrSequence) -> Result<Vec<bool>, AssembleError> {
    let mut is_target = vec![false; seq.instrs.len()];
    for (index, instr) in seq.instrs.iter().enumerate() {
        if !is_known(instr.op) {
            return Err(AssembleError::UnknownOpcode { index, opcode: instr.op.0 });
        }
        if has_target(instr.op) {
            is_target[target_index(seq, index)?] = true;
        }
    }
    Ok(is_target)
}

/// The index of the instruction to which instruction `index` points.
fn target_index(seq: &InstrSequence, index: usize) -> Result<usize, AssembleError> {
    let Arg::Label(label) = seq.instrs[index].arg else {
        return Err(AssembleError::MissingLabel { index });
    };
    place_of(seq, label).ok_or(AssembleError::UnplacedLabel { index, label: label.0 })
}
