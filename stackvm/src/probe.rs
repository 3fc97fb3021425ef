//! Probes: what is seen of a run. `NoProbe` compiles to nothing.

use bytecode::StackOp;
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
        let base = quick::base_number(ins as u8);
        vm.counters.instructions += u64::from(COUNTED[base as usize]);
        vm.counters.moves += u64::from(MOVES[base as usize]);
        if vm.counters.instructions >= vm.counters.limit {
            vm.reach_step_limit();
        }
    }
}

/// Instructions that count: not what stands before the first `RESUME`, not `RESUME`, `EXTENDED_ARG`, `CACHE` and `NOP`.
static COUNTED: [u8; 256] = {
    let mut table = [1; 256];
    table[StackOp::RESUME as usize] = 0;
    table[StackOp::RETURN_GENERATOR as usize] = 0;
    table[StackOp::EXTENDED_ARG as usize] = 0;
    table[StackOp::CACHE as usize] = 0;
    table[StackOp::NOP as usize] = 0;
    table[StackOp::INTERPRETER_EXIT as usize] = 0;
    table[quick::EXIT_EXHAUSTED as usize] = 0;
    table[quick::PROLOGUE_POP as usize] = 0;
    table[quick::PROLOGUE_MAKE_CELL as usize] = 0;
    table[quick::PROLOGUE_COPY_FREE_VARS as usize] = 0;
    table
};

static MOVES: [u8; 256] = {
    let mut table = [0; 256];
    table[StackOp::LOAD_FAST as usize] = 1;
    table[StackOp::LOAD_FAST_CHECK as usize] = 1;
    table[StackOp::LOAD_FAST_AND_CLEAR as usize] = 1;
    table[StackOp::LOAD_FAST_LOAD_FAST as usize] = 2;
    table[StackOp::STORE_FAST as usize] = 1;
    table[StackOp::STORE_FAST_LOAD_FAST as usize] = 2;
    table[StackOp::STORE_FAST_STORE_FAST as usize] = 2;
    table
};
