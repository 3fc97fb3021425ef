//! Unpacking into variables: `UNPACK_SEQUENCE` followed by moves of its items becomes one instruction that lists where
//! each item goes.
//!
//! The moves must follow at once. An item goes straight to its place if one move alone reads it; the others stay in
//! their temporaries. Nothing is written unless the unpacking succeeds, so variables keep their values if it raises.

use bytecode::RegOp;

use crate::ir::{Arg, Body, Instr};
use crate::liveness::{Liveness, TempSet};

/// A move that follows, and whether it is the last reader of its source.
struct Follower {
    index: usize,
    to: Arg,
    from: u32,
    last: bool,
}

/// Lets unpackings write straight into variables.
pub fn unpack_into_variables(body: &mut Body, liveness: &mut Liveness) {
    if !body.lowered.contains(RegOp::UNPACK_SEQUENCE) {
        return;
    }
    for position in 0..body.order.len() {
        let block = body.order[position];
        if !body.indices(block).any(|index| body.instrs[index].op == RegOp::UNPACK_SEQUENCE) {
            continue;
        }
        let mut followers: Vec<Follower> = Vec::new();
        liveness.walk_back(body, block, |body, index, live| {
            let instr = body.instrs[index];
            match (instr.op, instr.args[1].as_reg()) {
                (RegOp::MOVE, Some(from)) => {
                    followers.push(Follower { index, to: instr.args[0], from, last: !live.contains(from) });
                    return;
                }
                (RegOp::UNPACK_SEQUENCE, _) => fuse(body, index, &followers, live),
                _ => {}
            }
            followers.clear();
        });
    }
}

/// Fuses an unpacking with those moves behind it (last first) that allow it.
fn fuse(body: &mut Body, index: usize, followers: &[Follower], live: &mut TempSet) {
    let unpack = body.instrs[index];
    let (first, count) = (unpack.args[0].to_number(), unpack.args[2].to_number());
    let window = first..first + count;
    let mut targets: Vec<Arg> = window.clone().map(Arg::reg).collect();
    let mut fused = Vec::new();
    for (position, follower) in followers.iter().enumerate().rev() {
        if !window.contains(&follower.from) || follower.to.as_reg().is_none_or(|to| window.contains(&to)) {
            break;
        }
        let readers = followers.iter().filter(|other| other.from == follower.from).count();
        let earlier = &followers[position + 1..];
        if targets.contains(&follower.to) || earlier.iter().any(|other| other.to == follower.to) {
            break;
        }
        if readers == 1 && follower.last {
            targets[(follower.from - first) as usize] = follower.to;
            fused.push(follower.index);
        }
    }
    if fused.is_empty() {
        return;
    }
    let list = body.add_list(targets);
    let mut instr = Instr::new(RegOp::UNPACK_TO, &[unpack.args[1], unpack.args[2]], unpack.steps);
    instr.list = list;
    body.instrs[index] = instr;
    window.for_each(|register| live.remove(register));
    for index in fused {
        body.instrs[index].dead = true;
    }
}
