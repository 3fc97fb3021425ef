//! Lowering: wordcode blocks to register instructions over the symbolic stack.
//!
//! Each wordcode instruction that does something becomes the register instruction that does the same, its operands
//! being the registers of the slots that it pops and its result the home of the slot that it pushes. Loads of locals
//! and constants become moves into such slots; the passes make operands of them. Blocks are lowered in reverse
//! postorder. One with a single way in goes on with its predecessor's slots as they lie; at one where paths meet all
//! slots are at home. A handler's slots are always at home, so before an instruction that may raise those that its
//! handler keeps are moved there if they are not.

use bytecode::{CodeObject, Instr as StackInstr, RegOp, StackOp};

use crate::cfg::{Cfg, may_raise};
use crate::error::TranslateError;
use crate::ir::{Arg, Block, BlockId, Body, Handler, Instr, List, OpSet, Steps};
use crate::lower_op;
use crate::options::{Options, Pass};
use crate::stack::SymbolicStack;

/// Greatest number of a register: an operand has a sign bit for constants.
const MAX_REGISTERS: u32 = 0x7FFF;

/// State of the lowering of one code object.
pub(crate) struct Lowering<'a> {
    pub(crate) code: &'a CodeObject,
    cfg: &'a Cfg,
    pub(crate) body: Body,
    pub(crate) stack: SymbolicStack,
    /// The instruction being lowered.
    pub(crate) at: StackInstr,
    /// Whether `COPY` and `SWAP` rename instead of moving.
    pub(crate) renames: bool,
    /// The operand stack at entry to each block, if a way there has been lowered.
    entries: Vec<Option<Vec<u32>>>,
    predecessors: Vec<u32>,
    block: BlockId,
}

/// Lowers a code object's reachable blocks.
pub fn lower(code: &CodeObject, cfg: &Cfg, options: Options) -> Result<Body, TranslateError> {
    let order = cfg.reverse_postorder();
    let mut lowering = Lowering::new(code, cfg, &order, options);
    for block in &order {
        lowering.lower_block(*block)?;
    }
    let mut body = lowering.body;
    body.registers = lowering.stack.top();
    body.order.clone_from(&order);
    body.order.sort_unstable();
    body.reverse_postorder = order;
    for block in body.blocks.iter_mut().filter(|block| block.range.start == NOT_LOWERED) {
        block.range = 0..0;
    }
    if body.registers > MAX_REGISTERS {
        return Err(TranslateError::TooManyRegisters { count: body.registers });
    }
    Ok(body)
}

impl<'a> Lowering<'a> {
    fn new(code: &'a CodeObject, cfg: &'a Cfg, order: &[BlockId], options: Options) -> Self {
        let locals = code.nlocalsplus() as u32;
        let blocks = cfg.graph.node_indices().map(|node| new_block(cfg, BlockId(node.index() as u32)));
        let handlers = cfg.entries.iter().zip(&cfg.handler_blocks).map(|(entry, target)| Handler {
            target: *target,
            slot: locals.saturating_add(entry.depth),
            lasti: entry.lasti,
        });
        let mut entries = vec![None; cfg.graph.node_count()];
        entries[0] = Some(Vec::new());
        Self {
            code,
            cfg,
            body: Body {
                instrs: Vec::with_capacity(cfg.instrs.len() + cfg.instrs.len() / 4),
                lists: Vec::new(),
                lowered: OpSet::default(),
                blocks: blocks.collect(),
                order: Vec::new(),
                reverse_postorder: Vec::new(),
                handlers: handlers.collect(),
                locals,
                registers: locals,
            },
            stack: SymbolicStack::new(locals, code.stacksize),
            at: cfg.instrs[0],
            renames: options.has(Pass::CopyForwarding),
            entries,
            predecessors: cfg.count_predecessors(order),
            block: BlockId(0),
        }
    }

    fn lower_block(&mut self, block: BlockId) -> Result<(), TranslateError> {
        let cfg = self.cfg;
        self.block = block;
        let slots = self.entries[block.index()].take().unwrap_or_default();
        self.body.block_mut(block).entry = slots.iter().map(|slot| Arg::reg(*slot)).collect();
        self.body.block_mut(block).range.start = self.body.instrs.len() as u32;
        self.stack.reset(slots);
        self.expect_handler_entry()?;
        let instrs = cfg.block_instrs(block);
        for instr in instrs {
            self.at = *instr;
            if may_raise(instr.op) {
                self.settle_for_handler()?;
            }
            lower_op::lower_instr(self)?;
        }
        if let Some(last) = instrs.last().filter(|last| !last.op.is_jump() && !last.op.is_terminator()) {
            self.at = *last;
            self.settle_for(&[self.following()], None);
            self.flow_to(self.following())?;
            self.body.block_mut(block).next = Some(self.following());
        }
        self.body.block_mut(block).range.end = self.body.instrs.len() as u32;
        Ok(())
    }

    /// The block behind this one.
    pub(crate) fn following(&self) -> BlockId {
        BlockId(self.block.0 + 1)
    }

    /// The opcode behind the current instruction.
    pub(crate) fn next_op(&self) -> Option<StackOp> {
        let instrs = &self.cfg.instrs;
        let index = instrs.partition_point(|instr| instr.offset <= self.at.offset);
        instrs.get(index).map(|instr| instr.op)
    }

    /// The block that the current instruction jumps to.
    pub(crate) fn jump_target(&self) -> BlockId {
        let target = self.at.jump_target().expect("the graph has found the target");
        self.cfg.block_at(target)
    }

    /// Ends the block with `next` as the only way on.
    pub(crate) fn end_with_jump(&mut self, target: BlockId) -> Result<(), TranslateError> {
        self.settle_for(&[target], None);
        self.flow_to(target)?;
        let offset = self.at.offset;
        let block = self.body.block_mut(self.block);
        block.next = Some(target);
        block.jump = Some(offset);
        Ok(())
    }

    /// Ends the block with a branch, which has been emitted.
    pub(crate) fn end_with_branch(&mut self) {
        self.body.block_mut(self.block).next = Some(self.following());
    }

    /// Brings all slots home if one of the successors expects them there.
    pub(crate) fn settle_for(&mut self, successors: &[BlockId], pinned: Option<&mut u32>) {
        if successors.iter().any(|block| self.predecessors[block.index()] > 1) {
            self.settle(self.stack.depth(), pinned);
        }
    }

    /// Says that a block may be entered with the stack as it is now.
    pub(crate) fn flow_to(&mut self, block: BlockId) -> Result<(), TranslateError> {
        if self.is_lowered(block) {
            return self.expect_depth(block, self.body.block(block).entry.len() as u32);
        }
        if let Some(first) = &self.entries[block.index()] {
            return self.expect_depth(block, first.len() as u32);
        }
        self.entries[block.index()] = Some(self.stack.slots().to_vec());
        Ok(())
    }

    fn is_lowered(&self, block: BlockId) -> bool {
        self.body.block(block).range.start != NOT_LOWERED
    }

    fn expect_depth(&self, block: BlockId, first: u32) -> Result<(), TranslateError> {
        let second = self.stack.depth();
        if first == second { Ok(()) } else { Err(TranslateError::DepthMismatch { block, first, second }) }
    }

    /// The block's handler starts with its slots at home.
    fn expect_handler_entry(&mut self) -> Result<(), TranslateError> {
        let Some(handler) = self.body.handler(self.block).copied() else { return Ok(()) };
        let depth = handler.written().end.saturating_sub(self.body.locals);
        if depth > MAX_REGISTERS {
            return Err(TranslateError::TooManyRegisters { count: depth });
        }
        let known = if self.is_lowered(handler.target) {
            Some(self.body.block(handler.target).entry.len())
        } else {
            self.entries[handler.target.index()].as_ref().map(Vec::len)
        };
        match known {
            Some(first) if first as u32 == depth => Ok(()),
            Some(first) => Err(TranslateError::DepthMismatch {
                block: handler.target,
                first: first as u32,
                second: depth,
            }),
            None => {
                self.entries[handler.target.index()] =
                    Some((self.body.locals..handler.written().end).collect());
                Ok(())
            }
        }
    }

    /// Brings the slots home that the block's handler keeps.
    fn settle_for_handler(&mut self) -> Result<(), TranslateError> {
        let Some(handler) = self.body.handler(self.block) else { return Ok(()) };
        let kept = handler.slot - self.body.locals;
        let depth = self.stack.depth();
        if kept <= depth {
            self.settle(kept, None);
            return Ok(());
        }
        if self.at.op == StackOp::JUMP_BACKWARD && self.cfg.block_instrs(self.block).len() == 1 {
            self.body.block_mut(self.block).handler = None;
            return Ok(());
        }
        Err(TranslateError::HandlerDepth { offset: self.at.offset, handler: kept, depth })
    }

    fn settle(&mut self, count: u32, pinned: Option<&mut u32>) {
        for (to, from) in self.stack.settle(count, pinned) {
            self.emit(RegOp::MOVE, &[Arg::reg(to), Arg::reg(from)]);
        }
    }

    /// Appends an instruction.
    pub(crate) fn emit(&mut self, op: RegOp, args: &[Arg]) {
        self.body.lowered.insert(op);
        self.body.instrs.push(Instr::new(op, args, Steps::one(self.at.offset)));
    }

    /// Appends an instruction with an operand list.
    pub(crate) fn emit_list(&mut self, op: RegOp, args: &[Arg], list: List) {
        self.emit(op, args);
        if let Some(instr) = self.body.instrs.last_mut() {
            instr.list = list;
        }
    }
}

/// Where the range of a block starts that has not been lowered.
const NOT_LOWERED: u32 = u32::MAX;

fn new_block(cfg: &Cfg, block: BlockId) -> Block {
    let stack_block = cfg.block(block);
    Block {
        range: NOT_LOWERED..NOT_LOWERED,
        next: None,
        jump: None,
        handler: stack_block.handler,
        entry: Vec::new(),
        known: Vec::new(),
        early: Vec::new(),
        offset: cfg.instrs[stack_block.first as usize].start,
    }
}
