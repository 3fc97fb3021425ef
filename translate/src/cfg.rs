//! The control-flow graph of wordcode: basic blocks and edges.
//!
//! A leader is the first instruction, a jump target, a handler's target, what follows a jump or an exit, and each
//! instruction at which the exception handler changes. An instruction that cannot raise has no handler of its own: it
//! goes with the one before, so `TO_BOOL` and its jump stay in one block though CPython's table ends between them. So
//! does the jump back that CPython makes of a conditional jump backwards (a conditional jump over a `JUMP_BACKWARD`),
//! which then polls for interrupts under the condition's handler.
//!
//! Unreachable instructions have blocks too; nothing leads there.

use std::collections::HashMap;

use bytecode::exception_table::{self, ExceptionEntry};
use bytecode::{CodeObject, Instr, StackOp, wordcode};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{DfsPostOrder, EdgeRef};

use crate::error::TranslateError;
use crate::ir::BlockId;

/// Where an edge comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EdgeKind {
    /// To the next instruction, or by an unconditional jump.
    Fallthrough,
    /// By a conditional jump.
    Taken,
    /// To the handler.
    Exception,
}

/// A basic block of wordcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StackBlock {
    /// Index of its first instruction.
    pub first: u32,
    /// Index behind its last one.
    pub end: u32,
    /// Index of the exception entry that covers it.
    pub handler: Option<u32>,
}

/// The graph, with what it was made from. Node numbers are block numbers in the order of the code.
#[derive(Clone, Debug)]
pub struct Cfg {
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// The exception table.
    pub entries: Vec<ExceptionEntry>,
    /// The blocks and edges.
    pub graph: DiGraph<StackBlock, EdgeKind>,
    /// For each exception entry its handler's block.
    pub handler_blocks: Vec<BlockId>,
    /// For the units where blocks start their number.
    block_of_unit: Vec<u32>,
}

const NO_BLOCK: u32 = u32::MAX;

impl Cfg {
    /// Finds the blocks and edges of a code object.
    pub fn build(code: &CodeObject) -> Result<Self, TranslateError> {
        let mut instrs = Vec::with_capacity(code.code.len() / 4 + 1);
        for instr in wordcode::instrs(&code.code) {
            instrs.push(instr?);
        }
        let entries = exception_table::decode(&code.exceptiontable)?;
        if instrs.is_empty() {
            return Err(TranslateError::Empty);
        }
        let mut block_of_unit = vec![NO_BLOCK; code.code.len() / 2];
        let mut leaders = find_leaders(&instrs, &entries, &mut block_of_unit)?;
        let handlers = handler_of_each(&instrs, &entries, &leaders);
        for index in 1..instrs.len() {
            leaders[index] |= handlers[index] != handlers[index - 1];
        }
        let blocks = 1 + leaders[1..].iter().filter(|leader| **leader).count();
        let mut cfg = Self {
            block_of_unit,
            graph: DiGraph::with_capacity(blocks, 2 * blocks),
            handler_blocks: Vec::new(),
            instrs,
            entries,
        };
        cfg.add_blocks(&leaders, &handlers);
        cfg.handler_blocks = cfg.entries.iter().map(|entry| cfg.block_at(entry.target)).collect();
        cfg.add_edges()?;
        Ok(cfg)
    }

    /// The block of a node.
    pub fn block(&self, block: BlockId) -> StackBlock {
        self.graph[NodeIndex::new(block.index())]
    }

    /// A block's instructions.
    pub fn block_instrs(&self, block: BlockId) -> &[Instr] {
        let StackBlock { first, end, .. } = self.block(block);
        &self.instrs[first as usize..end as usize]
    }

    /// The block that starts at a code unit, which is a target.
    pub fn block_at(&self, unit: u32) -> BlockId {
        BlockId(self.block_of_unit[unit as usize])
    }

    /// The reachable blocks in reverse postorder, exception edges included.
    pub fn reverse_postorder(&self) -> Vec<BlockId> {
        let mut order = Vec::with_capacity(self.graph.node_count());
        let mut walk = DfsPostOrder::new(&self.graph, NodeIndex::new(0));
        while let Some(node) = walk.next(&self.graph) {
            order.push(BlockId(node.index() as u32));
        }
        order.reverse();
        order
    }

    /// For each block the number of edges that lead there from the `reachable` ones; the first has one more.
    pub fn count_predecessors(&self, reachable: &[BlockId]) -> Vec<u32> {
        let mut counts = vec![0; self.graph.node_count()];
        counts[0] = 1;
        for block in reachable {
            for edge in self.graph.edges(NodeIndex::new(block.index())) {
                counts[edge.target().index()] += 1;
            }
        }
        counts
    }

    fn add_blocks(&mut self, leaders: &[bool], handlers: &[Option<u32>]) {
        let mut first = 0;
        let ends = leaders.iter().copied().skip(1).chain([true]);
        for (index, is_end) in (1..).zip(ends) {
            if is_end {
                let block = StackBlock { first: first as u32, end: index as u32, handler: handlers[first] };
                let node = self.graph.add_node(block);
                self.block_of_unit[self.instrs[first].start as usize] = node.index() as u32;
                first = index;
            }
        }
    }

    fn add_edges(&mut self) -> Result<(), TranslateError> {
        for index in 0..self.graph.node_count() {
            let node = NodeIndex::new(index);
            let block = self.graph[node];
            let last = self.instrs[block.end as usize - 1];
            if !last.op.is_terminator() {
                if index + 1 == self.graph.node_count() {
                    return Err(TranslateError::RunsOff { offset: last.offset });
                }
                self.graph.add_edge(node, NodeIndex::new(index + 1), EdgeKind::Fallthrough);
            }
            if let Some(target) = last.jump_target() {
                let kind = if last.op.is_conditional() { EdgeKind::Taken } else { EdgeKind::Fallthrough };
                self.graph.add_edge(node, NodeIndex::new(self.block_at(target).index()), kind);
            }
            if let Some(entry) = block.handler {
                let handler = NodeIndex::new(self.handler_blocks[entry as usize].index());
                self.graph.add_edge(node, handler, EdgeKind::Exception);
            }
        }
        Ok(())
    }
}

/// For each instruction the exception entry that handles it. Those that cannot raise go with the one before or, at the
/// start of a straight run, with the first that can.
fn handler_of_each(instrs: &[Instr], entries: &[ExceptionEntry], leaders: &[bool]) -> Vec<Option<u32>> {
    let same = first_of_same_handler(entries);
    let mut handlers = vec![None; instrs.len()];
    let mut entry = 0;
    let mut current = None;
    let mut undecided = None;
    for (index, instr) in instrs.iter().enumerate() {
        while entries.get(entry).is_some_and(|e| e.end <= instr.offset) {
            entry += 1;
        }
        let closes_loop =
            index > 0 && instr.op == StackOp::JUMP_BACKWARD && is_pop_jump(instrs[index - 1].op);
        if leaders[index] && !closes_loop {
            undecided = Some(index);
            current = None;
        }
        if may_raise(instr.op) && !closes_loop {
            current = entries.get(entry).filter(|e| e.start <= instr.offset).map(|_| same[entry]);
            if let Some(first) = undecided.take() {
                handlers[first..index].fill(current);
            }
        }
        handlers[index] = current;
    }
    handlers
}

/// For each exception entry the first one with the same handler, depth and `lasti`.
fn first_of_same_handler(entries: &[ExceptionEntry]) -> Vec<u32> {
    let mut first = HashMap::new();
    let each = entries.iter().enumerate();
    each.map(|(i, e)| *first.entry((e.target, e.depth, e.lasti)).or_insert(i as u32)).collect()
}

/// Whether an exception may come up at an instruction: at a `YIELD_VALUE` by `throw()`, at a `RESUME` never, since
/// the register form has none.
pub fn may_raise(op: StackOp) -> bool {
    (op.may_raise() || op == StackOp::YIELD_VALUE) && op != StackOp::RESUME
}

fn is_pop_jump(op: StackOp) -> bool {
    op.is_conditional() && !matches!(op, StackOp::FOR_ITER | StackOp::SEND)
}

/// Finds the leaders. `index_of_unit` gets the index of the instruction that starts at each unit.
fn find_leaders(
    instrs: &[Instr],
    entries: &[ExceptionEntry],
    index_of_unit: &mut [u32],
) -> Result<Vec<bool>, TranslateError> {
    for (index, instr) in instrs.iter().enumerate() {
        index_of_unit[instr.start as usize] = index as u32;
    }
    let mut leaders = vec![false; instrs.len()];
    let mut mark = |offset: u32, target: Option<u32>| {
        let index = target.and_then(|unit| index_of_unit.get(unit as usize)).filter(|i| **i != NO_BLOCK);
        let bad = TranslateError::BadTarget { offset, target: target.map_or(-1, i64::from) };
        leaders[*index.ok_or(bad)? as usize] = true;
        Ok::<_, TranslateError>(())
    };
    for instr in instrs.iter().filter(|instr| instr.op.is_jump()) {
        mark(instr.offset, instr.jump_target())?;
    }
    for entry in entries {
        mark(entry.start, Some(entry.target))?;
    }
    for index in 1..instrs.len() {
        let before = instrs[index - 1].op;
        leaders[index] |= before.is_jump() || before.is_terminator();
    }
    Ok(leaders)
}
