//! The passes: each one file, one function, one switch in [`crate::Options`].

pub mod call_fusion;
pub mod compare_branch;
pub mod dead_moves;
pub mod destination_forwarding;
pub mod exception_match;
pub mod forward;
pub mod jump_threading;
pub mod loop_inversion;
pub mod slot_compaction;
pub mod truth_test;
pub mod unpack_to;
pub mod unreachable_code;

use bytecode::RegOp;

use crate::ir::{BlockId, Body};
use crate::liveness::Liveness;
use crate::options::{Options, Pass};

/// A pass that asks which temporaries are live.
type WithLiveness = fn(&mut Body, &mut Liveness);
/// A pass that looks at blocks and edges alone.
type OfTheGraph = fn(&mut Body);

/// Runs the passes that `options` allow. `check` is called with the name of each one that has run.
pub fn run<E>(
    body: &mut Body,
    options: Options,
    mut check: impl FnMut(&Body, &'static str) -> Result<(), E>,
) -> Result<(), E> {
    let kinds = forward::Kinds {
        copies: options.has(Pass::CopyForwarding),
        constants: options.has(Pass::ConstantOperands),
    };
    if kinds.copies || kinds.constants {
        forward::forward(body, kinds);
        check(body, "copy-forwarding")?;
    }
    let mut liveness = Liveness::analyze(body);
    let with_liveness: [(Pass, WithLiveness); 7] = [
        (Pass::DeadMoves, dead_moves::remove_dead_moves),
        (Pass::TruthTest, truth_test::fuse_truth_tests),
        (Pass::CompareBranch, compare_branch::fuse_compare_branches),
        (Pass::ExceptionMatch, exception_match::fuse_exception_matches),
        (Pass::CallFusion, call_fusion::fuse_calls),
        (Pass::UnpackTo, unpack_to::unpack_into_variables),
        (Pass::DestinationForwarding, destination_forwarding::forward_destinations),
    ];
    for (pass, run) in with_liveness {
        if options.has(pass) {
            run(body, &mut liveness);
            check(body, pass.name())?;
        }
    }
    let of_the_graph: [(Pass, OfTheGraph); 4] = [
        (Pass::JumpThreading, jump_threading::thread_jumps),
        (Pass::LoopInversion, loop_inversion::invert_loops),
        (Pass::UnreachableCode, unreachable_code::remove_unreachable),
        (Pass::SlotCompaction, slot_compaction::compact_slots),
    ];
    for (pass, run) in of_the_graph {
        if options.has(pass) {
            run(body);
            check(body, pass.name())?;
        }
    }
    Ok(())
}

/// Farthest that fusion looks back for the instruction that made an operand.
const LOOK_BACK: usize = 64;

/// The instruction of the block that writes `register` for the one at `index`, if it may sink to just before that:
/// only moves into temporaries stand between, and none of them has to do with what it reads or writes.
pub fn sinkable_producer(body: &Body, block: BlockId, index: usize, register: u32) -> Option<usize> {
    let start = body.indices(block).start.max(index.saturating_sub(LOOK_BACK));
    let producer = (start..index).rev().find(|at| !body.instrs[*at].dead && body.defines(*at, register))?;
    let between = (producer + 1..index).filter(|at| !body.instrs[*at].dead);
    let mut sinks = true;
    for at in between {
        sinks &= is_move_to_temp(body, at) && !interferes(body, producer, at);
    }
    sinks.then_some(producer)
}

fn is_move_to_temp(body: &Body, index: usize) -> bool {
    let instr = &body.instrs[index];
    matches!(instr.op, RegOp::MOVE | RegOp::LOAD_CONST | RegOp::LOAD_NULL)
        && instr.def().is_some_and(|register| body.is_temp(register))
}

/// Whether two instructions cannot change places: one writes what the other reads or writes.
fn interferes(body: &Body, first: usize, second: usize) -> bool {
    let touches = |writer: usize, other: usize| {
        let mut found = false;
        body.instrs[writer].for_each_def(&body.lists, |run| {
            found |=
                run.into_iter().any(|register| body.uses(other, register) || body.defines(other, register));
        });
        found
    };
    touches(first, second) || touches(second, first)
}

/// The instruction that makes the condition of the block's branch, for nobody but the branch: `is_test` says which
/// opcodes will do.
pub fn producer_of_condition(
    body: &Body,
    liveness: &Liveness,
    block: BlockId,
    branches: &[RegOp],
    is_test: impl Fn(RegOp) -> bool,
) -> Option<(usize, usize)> {
    let branch = body.branch(block).filter(|index| branches.contains(&body.instrs[*index].op))?;
    let condition = body.instrs[branch].args[0].as_reg().filter(|register| body.is_temp(*register))?;
    let unread = body.successors(block).all(|successor| !liveness.live_in(successor).contains(condition));
    let producer = sinkable_producer(body, block, branch, condition).filter(|_| unread)?;
    is_test(body.instrs[producer].op).then_some((producer, branch))
}
