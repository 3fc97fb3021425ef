//! The form between wordcode and register code: register instructions with typed operands, in basic blocks.
//!
//! Instructions lie in one vector, each block owns a range of it. A pass that removes an instruction marks it dead, a
//! pass that makes blocks appends; so no pass shifts what others made. Operands lie as the table of
//! [`bytecode::RegOp`] names them; branch targets are block numbers until layout. What is read and written follows
//! from the table's roles alone ([`crate::roles`]).

use std::ops::Range;

use bytecode::RegOp;

use crate::roles;

/// A basic block's number, in the order of the wordcode; blocks that passes make come last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

impl BlockId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Display for BlockId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "block{}", self.0)
    }
}

/// An operand: a register (local or temporary), a constant, NULL, or what else the role says (a plain number).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Arg(i32);

impl Arg {
    /// The absent value.
    pub const NULL: Self = Self(i32::MAX);

    /// In a witness: a value that nobody reads any more.
    pub const UNKNOWN: Self = Self(i32::MAX - 1);

    /// A register.
    pub fn reg(register: u32) -> Self {
        Self(register as i32)
    }

    /// A constant of the const pool.
    pub fn constant(index: u32) -> Self {
        Self(-1 - index as i32)
    }

    /// A plain number: count, name, flag.
    pub fn number(number: u32) -> Self {
        Self(number as i32)
    }

    /// A branch offset.
    pub fn offset(distance: i32) -> Self {
        Self(distance)
    }

    /// A branch target.
    pub fn block(block: BlockId) -> Self {
        Self(block.0 as i32)
    }

    /// The operand's bits.
    pub fn raw(self) -> i32 {
        self.0
    }

    /// The plain number (or register, or block) that it is.
    pub fn to_number(self) -> u32 {
        self.0 as u32
    }

    /// The branch target that it is.
    pub fn to_block(self) -> BlockId {
        BlockId(self.0 as u32)
    }

    /// Whether it is NULL.
    pub fn is_null(self) -> bool {
        self == Self::NULL
    }

    /// The register, if it is one.
    pub fn as_reg(self) -> Option<u32> {
        (self.0 >= 0 && self.0 < Self::UNKNOWN.0).then_some(self.0 as u32)
    }

    /// The constant's index, if it is one.
    pub fn as_constant(self) -> Option<u32> {
        (self.0 < 0).then_some((-1 - self.0) as u32)
    }
}

/// Most fixed operands that an instruction of this form has: calls of up to four arguments still have a list here.
pub const MAX_ARGS: usize = 6;
/// Most wordcode offsets that an instruction stands for.
pub const MAX_STEPS: usize = 3;

/// Wordcode offsets of an instruction's steps, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Steps {
    offsets: [u32; MAX_STEPS],
    count: u8,
}

impl Steps {
    /// One step.
    pub fn one(offset: u32) -> Self {
        Self { offsets: [offset, 0, 0], count: 1 }
    }

    /// This one's steps, then those of `then`; the first ones of `then` are left out if there are too many.
    pub fn and(mut self, then: Self) -> Self {
        let room = MAX_STEPS - usize::from(self.count);
        let skipped = then.as_slice().len().saturating_sub(room);
        for offset in &then.as_slice()[skipped..] {
            self.offsets[usize::from(self.count)] = *offset;
            self.count += 1;
        }
        self
    }

    /// The offsets.
    pub fn as_slice(&self) -> &[u32] {
        &self.offsets[..usize::from(self.count)]
    }
}

/// A part of [`Body::lists`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct List {
    start: u32,
    len: u32,
}

impl List {
    /// As a range of indices.
    pub fn range(self) -> Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }

    /// Number of operands.
    pub fn len(self) -> usize {
        self.len as usize
    }
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub struct Instr {
    /// The opcode. Calls are in their list form ([`RegOp::CALL_N`] …) until encoding picks the short ones.
    pub op: RegOp,
    /// Whether a pass has removed it.
    pub dead: bool,
    /// The fixed operands as the table orders them, extension included.
    pub args: [Arg; MAX_ARGS],
    /// The operand list.
    pub list: List,
    /// The wordcode it stands for.
    pub steps: Steps,
}

impl Instr {
    /// An instruction without operand list.
    pub fn new(op: RegOp, args: &[Arg], steps: Steps) -> Self {
        debug_assert_eq!(args.len(), roles::shape(op).roles().len(), "operand count of {}", op.name());
        let mut instr = Self { op, dead: false, args: [Arg(0); MAX_ARGS], list: List::default(), steps };
        instr.args[..args.len()].copy_from_slice(args);
        instr
    }

    /// The branch target, if the instruction has one.
    pub fn target(&self) -> Option<BlockId> {
        let index = roles::shape(self.op).target()?;
        Some(self.args[index].to_block())
    }

    /// Sets the branch target.
    pub fn set_target(&mut self, target: BlockId) {
        let index = roles::shape(self.op).target().expect("only branches get targets");
        self.args[index] = Arg::block(target);
    }
}

/// A set of opcodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OpSet([u64; 4]);

impl OpSet {
    /// Adds an opcode.
    pub fn insert(&mut self, op: RegOp) {
        self.0[op as usize / 64] |= 1 << (op as usize % 64);
    }

    /// Whether an opcode is in the set.
    pub fn contains(&self, op: RegOp) -> bool {
        self.0[op as usize / 64] & 1 << (op as usize % 64) != 0
    }
}

/// An exception handler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// Its block.
    pub target: BlockId,
    /// The register of the exception, or of `lasti` with the exception above.
    pub slot: u32,
    /// Whether `lasti` is stored.
    pub lasti: bool,
}

impl Handler {
    /// The registers that a raise writes.
    pub fn written(&self) -> Range<u32> {
        self.slot..self.slot + 1 + u32::from(self.lasti)
    }
}

/// A basic block. Its last live instruction may be a branch; where it goes otherwise is `next`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its instructions, dead ones included.
    pub range: Range<u32>,
    /// Where it goes if it does not branch, raise or return.
    pub next: Option<BlockId>,
    /// The wordcode jump behind `next`, if it was one.
    pub jump: Option<u32>,
    /// Who handles its exceptions: an index into [`Body::handlers`].
    pub handler: Option<u32>,
    /// The witness: the register of each slot of the operand stack on entry.
    pub entry: Vec<Arg>,
    /// What forwarding knows of each slot on entry; empty if it has not run.
    pub known: Vec<Arg>,
    /// Locals that hold a slot's value on entry, which the wordcode is about to store there.
    pub early: Vec<u32>,
    /// First code unit of the wordcode it comes from.
    pub offset: u32,
}

/// A code object's instructions.
#[derive(Clone, Debug)]
pub struct Body {
    /// All instructions.
    pub instrs: Vec<Instr>,
    /// All operand lists.
    pub lists: Vec<Arg>,
    /// The opcodes that lowering made, so that passes need not look for what is not there.
    pub lowered: OpSet,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// The blocks in the order of the code; those that are not there are unreachable.
    pub order: Vec<BlockId>,
    /// The blocks in reverse postorder of the wordcode's graph; those that passes make are not there.
    pub reverse_postorder: Vec<BlockId>,
    /// The handlers.
    pub handlers: Vec<Handler>,
    /// Registers below are the code object's localsplus.
    pub locals: u32,
    /// Registers in use, temporaries included.
    pub registers: u32,
}

impl Body {
    /// A block.
    pub fn block(&self, block: BlockId) -> &Block {
        &self.blocks[block.index()]
    }

    /// A block, to be changed.
    pub fn block_mut(&mut self, block: BlockId) -> &mut Block {
        &mut self.blocks[block.index()]
    }

    /// Indices of a block's instructions, dead ones included.
    pub fn indices(&self, block: BlockId) -> Range<usize> {
        let range = &self.block(block).range;
        range.start as usize..range.end as usize
    }

    /// Index of a block's last live instruction.
    pub fn last(&self, block: BlockId) -> Option<usize> {
        self.indices(block).rev().find(|index| !self.instrs[*index].dead)
    }

    /// Index of a block's branch, if it ends in one.
    pub fn branch(&self, block: BlockId) -> Option<usize> {
        self.last(block).filter(|index| roles::shape(self.instrs[*index].op).target().is_some())
    }

    /// Index of the live instruction before `index` in its block.
    pub fn before(&self, block: BlockId, index: usize) -> Option<usize> {
        (self.indices(block).start..index).rev().find(|i| !self.instrs[*i].dead)
    }

    /// Whether nothing is left in the block.
    pub fn is_empty(&self, block: BlockId) -> bool {
        self.last(block).is_none()
    }

    /// The handler of a block's exceptions.
    pub fn handler(&self, block: BlockId) -> Option<&Handler> {
        self.block(block).handler.map(|index| &self.handlers[index as usize])
    }

    /// Where control may go from the block but for exceptions: the taken branch, then the fallthrough.
    pub fn successors(&self, block: BlockId) -> impl Iterator<Item = BlockId> + use<> {
        let taken = self.branch(block).and_then(|index| self.instrs[index].target());
        taken.into_iter().chain(self.block(block).next)
    }

    /// Whether a register is a temporary.
    pub fn is_temp(&self, register: u32) -> bool {
        register >= self.locals
    }

    /// Adds an operand list.
    pub fn add_list(&mut self, args: impl IntoIterator<Item = Arg>) -> List {
        let start = self.lists.len() as u32;
        self.lists.extend(args);
        List { start, len: self.lists.len() as u32 - start }
    }
}
