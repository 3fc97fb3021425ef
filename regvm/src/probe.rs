//! Probes: what is seen of a run. `NoProbe` compiles to nothing.

use bytecode::RegOp;
use runtime::Vm;

use crate::quick;

/// Called before each instruction.
pub(crate) trait Probe {
    fn before(vm: &mut Vm, ins: u64);
}

/// Sees nothing.
pub(crate) struct NoProbe;

impl Probe for NoProbe {
    #[inline(always)]
    fn before(_: &mut Vm, _: u64) {}
}

/// Counts executed instructions and moves.
pub(crate) struct Count;

impl Probe for Count {
    #[inline(always)]
    fn before(vm: &mut Vm, ins: u64) {
        let op = ins as u16;
        if op == quick::EXIT || op == quick::EXIT_EXHAUSTED {
            return;
        }
        let base = quick::base(op);
        // The generator's prologue counts on neither side.
        vm.counters.instructions += u64::from(base != RegOp::RETURN_GENERATOR);
        vm.counters.moves += moves(base, ins);
        if vm.counters.instructions >= vm.counters.limit {
            vm.reach_step_limit();
        }
    }
}

/// Values that the instruction copies from slot to slot: a move's one, a call's arguments.
fn moves(op: RegOp, ins: u64) -> u64 {
    let name = op.name();
    match op {
        RegOp::MOVE | RegOp::LOAD_FAST_AND_CLEAR => 1,
        RegOp::CALL_N | RegOp::CALL_GLOBAL_N | RegOp::CALL_METHOD_N | RegOp::CALL_SELF_N | RegOp::CALL_KW => {
            ins >> 48
        }
        _ if name.starts_with("CALL") => {
            name.bytes().last().filter(u8::is_ascii_digit).map_or(0, |d| u64::from(d - b'0'))
        }
        _ => 0,
    }
}
