//! Call fusion: the load of a global, attribute or method and the call of it become one instruction.
//!
//! Only where nothing but locals and constants is evaluated between the two, which here means that no instruction is
//! left between them but moves into temporaries: `A().foo(bar())` must fail for want of `foo` before `bar` runs. An
//! attribute that is loaded for a plain call is the same as a method, since both mean `object.name(…)`.

use bytecode::RegOp;

use super::sinkable_producer;
use crate::ir::{Arg, BlockId, Body, Instr};
use crate::liveness::{Liveness, TempSet};

/// Fuses loads with the calls of what they load.
pub fn fuse_calls(body: &mut Body, liveness: &mut Liveness) {
    if !body.lowered.contains(RegOp::CALL_SELF_N) {
        return;
    }
    for position in 0..body.order.len() {
        let block = body.order[position];
        if body.indices(block).any(|index| is_call(body.instrs[index].op)) {
            liveness.walk_back(body, block, |body, index, live| fuse_call(body, block, index, live));
        }
    }
}

fn is_call(op: RegOp) -> bool {
    matches!(op, RegOp::CALL_N | RegOp::CALL_SELF_N)
}

fn fuse_call(body: &mut Body, block: BlockId, index: usize, live: &TempSet) {
    let call = body.instrs[index];
    let callee = call.args[1].as_reg().filter(|register| is_call(call.op) && body.is_temp(*register));
    let Some(callee) = callee else { return };
    let Some(load) = sinkable_producer(body, block, index, callee) else { return };
    let [dst, first, second, ..] = body.instrs[load].args;
    let [_, _, self_or_null, ..] = call.args;
    let count = Arg::number(call.list.len() as u32);
    let (op, args): (RegOp, &[Arg]) = match (call.op, body.instrs[load].op) {
        (RegOp::CALL_N, RegOp::LOAD_GLOBAL) => (RegOp::CALL_GLOBAL_N, &[call.args[0], first, count]),
        (RegOp::CALL_N, RegOp::LOAD_ATTR) => (RegOp::CALL_METHOD_N, &[call.args[0], first, second, count]),
        (RegOp::CALL_SELF_N, RegOp::LOAD_METHOD)
            if dst == Arg::reg(callee) && self_or_null == Arg::reg(callee + 1) =>
        {
            (RegOp::CALL_METHOD_N, &[call.args[0], first, second, count])
        }
        _ => return,
    };
    if is_read_otherwise(body, index, load, live) {
        return;
    }
    let mut fused = Instr::new(op, args, body.instrs[load].steps.and(call.steps));
    fused.list = call.list;
    body.instrs[index] = fused;
    body.instrs[load].dead = true;
}

/// Whether what the load writes is an argument as well, or read behind the call.
fn is_read_otherwise(body: &Body, call: usize, load: usize, live: &TempSet) -> bool {
    let arguments = &body.lists[body.instrs[call].list.range()];
    let result = body.instrs[call].def();
    let mut found = false;
    body.instrs[load].for_each_def(&body.lists, |run| {
        for register in run {
            found |= arguments.contains(&Arg::reg(register));
            found |= live.contains(register) && result != Some(register);
        }
    });
    found
}
