//! Lines for instructions that code generation left without one (PEP 626).
//!
//! Every instruction that leaves the code object, or at which a signal handler may run, must have a line. Such blocks
//! without a line are copied for each jump that reaches them, then take the location of their sole predecessor.

use super::cfg::{Block, BlockId, Cfg};
use super::opcode::{has_eval_break, is_jump};
use crate::ir::Location;

/// Gives lines to exits and to what follows an instruction with a line.
pub(super) fn resolve_line_numbers(cfg: &mut Cfg) {
    duplicate_exits_without_line(cfg);
    locate_exits_after_fallthrough(cfg);
    propagate_locations(cfg);
}

/// Copies line-less exits that several edges reach, one copy a jump.
fn duplicate_exits_without_line(cfg: &mut Cfg) {
    let nonempty = cfg.nonempty_from();
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        if let Some((location, target)) = jump_of(cfg, id)
            && let Some(target) = nonempty.get(target)
            && cfg[target].predecessors > 1
            && needs_line(&cfg[target])
        {
            copy_exit(cfg, id, target, location);
        }
        cursor = cfg[id].next;
    }
}

fn jump_of(cfg: &Cfg, id: BlockId) -> Option<(Location, BlockId)> {
    let last = cfg[id].last().filter(|last| is_jump(last.op))?;
    last.target.map(|target| (last.location, target))
}

/// Makes the jump at the end of `from` go to a copy of `target` that has the jump's location.
fn copy_exit(cfg: &mut Cfg, from: BlockId, target: BlockId, location: Location) {
    let copy = cfg.new_block();
    cfg[copy] =
        Block { instrs: cfg[target].instrs.clone(), is_label: true, predecessors: 1, ..Block::default() };
    cfg[copy].instrs[0].location = location;
    cfg.insert_after(target, copy);
    cfg[target].predecessors -= 1;
    cfg[from].instrs.last_mut().expect("the block ends with a jump").target = Some(copy);
}

fn needs_line(block: &Block) -> bool {
    block.has_no_line() && (block.exits_scope() || block.instrs.iter().any(|instr| has_eval_break(instr.op)))
}

fn locate_exits_after_fallthrough(cfg: &mut Cfg) {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        if let Some(next) = cfg.fallthrough(id)
            && let Some(location) = cfg[id].last().map(|last| last.location)
            && needs_line(&cfg[next])
        {
            cfg[next].instrs[0].location = location;
        }
        cursor = cfg[id].next;
    }
}

/// Passes locations on within each block and into successors that have no other predecessor.
fn propagate_locations(cfg: &mut Cfg) {
    let mut cursor = Some(Cfg::ENTRY);
    while let Some(id) = cursor {
        if let Some(location) = propagate_within(&mut cfg[id]) {
            let fallthrough = cfg.fallthrough(id);
            let target = jump_of(cfg, id).map(|(_, target)| target);
            for successor in fallthrough.into_iter().chain(target) {
                inherit(&mut cfg[successor], location);
            }
        }
        cursor = cfg[id].next;
    }
}

/// The location in force at the end of the block, if it has any instruction.
fn propagate_within(block: &mut Block) -> Option<Location> {
    let mut previous = Location::NONE;
    for instr in &mut block.instrs {
        if instr.line() == Location::NONE.line {
            instr.location = previous;
        } else {
            previous = instr.location;
        }
    }
    block.last().map(|_| previous)
}

fn inherit(block: &mut Block, location: Location) {
    if block.predecessors == 1
        && let Some(first) = block.instrs.first_mut()
        && first.line() == Location::NONE.line
    {
        first.location = location;
    }
}
