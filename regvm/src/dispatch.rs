//! Dispatch: the tail form and the loop form of one set of handlers, chosen at run time.
//!
//! The tail form is a table of functions that jump to each other: the state travels in argument registers, and stable
//! Rust compiles a call in tail position to a jump where nothing with a destructor or an escaped address is left.
//! The loop form is a `match`, for builds without optimization, other targets, Miri and sanitizers.

use bytecode::{RegOp, for_each_reg_op};
use runtime::{Value, Vm};

use crate::handlers::{self, Handler};
use crate::probe::Probe;
use crate::quick;
use crate::state::{Next, State};

/// Hands the quickened forms to a macro.
macro_rules! for_each_quick {
    ($m:ident) => {
        $m! {
            ADD_RR; ADD_RK; SUBTRACT_RR; SUBTRACT_RK; MULTIPLY_RR; MULTIPLY_RK; INPLACE_ADD_RR; INPLACE_ADD_RK; INPLACE_SUBTRACT_RR; INPLACE_SUBTRACT_RK; INPLACE_MULTIPLY_RR; INPLACE_MULTIPLY_RK; JUMP_IF_LT_RR; JUMP_IF_LT_RK; JUMP_IF_NOT_LT_RR; JUMP_IF_NOT_LT_RK; JUMP_IF_LE_RR; JUMP_IF_LE_RK; JUMP_IF_NOT_LE_RR; JUMP_IF_NOT_LE_RK; JUMP_IF_EQ_RR; JUMP_IF_EQ_RK; JUMP_IF_NOT_EQ_RR; JUMP_IF_NOT_EQ_RK; JUMP_IF_NE_RR; JUMP_IF_NE_RK; JUMP_IF_NOT_NE_RR; JUMP_IF_NOT_NE_RK; JUMP_IF_GT_RR; JUMP_IF_GT_RK; JUMP_IF_NOT_GT_RR; JUMP_IF_NOT_GT_RK; JUMP_IF_GE_RR; JUMP_IF_GE_RK; JUMP_IF_NOT_GE_RR; JUMP_IF_NOT_GE_RK; BINARY_SUBSCR_RR; RETURN_R; RETURN_K; LOAD_ATTR_SLOT; LOAD_METHOD_CACHED; STORE_ATTR_SLOT; STORE_ATTR_ADD; EXIT; EXIT_EXHAUSTED;
        }
    };
}

/// A form of dispatch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dispatch {
    /// Handlers that jump to each other.
    Tail,
    /// One loop around a `match`.
    Loop,
}

/// The state where the top frame goes on.
fn entry_state(vm: *mut Vm) -> State {
    let null: *mut Value = std::ptr::null_mut();
    let mut s = State { ins: 0, pc: null.cast(), fp: null, consts: null, vm };
    let position = s.vm().position();
    s.enter(position);
    s
}

/// Fetches the next instruction.
#[inline(always)]
fn fetch(s: &mut State) {
    // SAFETY: the translator: execution stays within the code and does not fall off its end.
    s.ins = unsafe { *s.pc };
    s.pc = s.pc.wrapping_add(1);
}

/// Unwinds from the instruction before `pc`; whether some frame handles it.
#[inline(never)]
fn unwind(vm: &mut Vm, pc: *mut u64) -> bool {
    vm.save(pc.cast(), 0);
    vm.unwind().is_some()
}

/// Runs in the loop form.
///
/// # Safety
/// The top frame is ready to run and above a native's entry.
pub(crate) unsafe fn run_loop<P: Probe>(vm: *mut Vm) -> Value {
    let mut s = entry_state(vm);
    fetch(&mut s);
    loop {
        P::before(s.vm(), s.ins);
        let op = s.ins as u16;
        let mut next = step(op, &mut s, false);
        if next == Next::Slow {
            next = step(op, &mut s, true);
        }
        match next {
            Next::Go => {}
            Next::Poll if poll(s.vm(), s.pc) => {}
            Next::Reload => {
                let position = s.vm().position();
                s.enter(position);
            }
            Next::Raise | Next::Slow | Next::Poll => {
                let raising = if next == Next::Poll { behind_poll(s.pc) } else { s.pc };
                if !unwind(s.vm(), raising) {
                    return Value::RAISED;
                }
                let position = s.vm().position();
                s.enter(position);
            }
            Next::Exit => return s.vm().exit_value,
        }
        fetch(&mut s);
    }
}

macro_rules! define_step {
    ($(#[doc = $doc:literal] $op:ident ($($operand:tt)*) [$($extra:tt)*] $list:literal $caches:literal;)*) => {
        #[inline(always)]
        fn step_base(op: u16, s: &mut State, slow: bool) -> Option<Next> {
            $(const $op: u16 = RegOp::$op as u16;)*
            Some(match op {
                $($op => run_part::<handlers::$op>(s, slow),)*
                _ => return None,
            })
        }
    };
}
for_each_reg_op!(define_step);

macro_rules! define_quick_step {
    ($($op:ident;)*) => {
        #[inline(always)]
        fn step_quick(op: u16, s: &mut State, slow: bool) -> Option<Next> {
            Some(match op {
                $(quick::$op => run_part::<handlers::$op>(s, slow),)*
                _ => return None,
            })
        }
    };
}
for_each_quick!(define_quick_step);

#[inline(always)]
fn run_part<H: Handler>(s: &mut State, slow: bool) -> Next {
    if slow { H::slow(s) } else { H::run(s) }
}

#[inline(always)]
fn step(op: u16, s: &mut State, slow: bool) -> Next {
    step_base(op, s, slow)
        .or_else(|| step_quick(op, s, slow))
        .unwrap_or_else(|| run_part::<handlers::INVALID>(s, slow))
}

/// A handler in the tail form. The result is not used: what the loop ends with is in the thread state.
#[cfg(target_arch = "x86_64")]
type Tail = unsafe extern "sysv64" fn(u64, *mut u64, *mut Value, *const Value, *mut Vm) -> u64;
#[cfg(not(target_arch = "x86_64"))]
type Tail = unsafe extern "C" fn(u64, *mut u64, *mut Value, *const Value, *mut Vm) -> u64;

/// Defines functions with the tail form's calling convention.
macro_rules! tail_functions {
    ($($(#[$meta:meta])* fn $name:ident<$($param:ident: $bound:path),*>($s:ident) $body:block)*) => {$(
        $(#[$meta])*
        #[cfg(target_arch = "x86_64")]
        unsafe extern "sysv64" fn $name<$($param: $bound),*>(
            ins: u64, pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *mut Vm,
        ) -> u64 {
            #[allow(unused_mut, reason = "some functions only hand the state on")]
            let mut $s = State { ins, pc, fp, consts, vm };
            $body
        }
        $(#[$meta])*
        #[cfg(not(target_arch = "x86_64"))]
        unsafe extern "C" fn $name<$($param: $bound),*>(
            ins: u64, pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *mut Vm,
        ) -> u64 {
            #[allow(unused_mut, reason = "some functions only hand the state on")]
            let mut $s = State { ins, pc, fp, consts, vm };
            $body
        }
    )*};
}

/// Calls `f` in tail position with the state.
macro_rules! tail_call {
    ($f:expr, $s:ident) => {
        // SAFETY: every function of the form takes the state as it is.
        unsafe { $f($s.ins, $s.pc, $s.fp, $s.consts, $s.vm) }
    };
}

/// Jumps to the handler of the instruction at `pc`.
macro_rules! dispatch {
    ($s:ident, $p:ident) => {{
        fetch(&mut $s);
        P::before($s.vm(), $s.ins);
        tail_call!(handler::<$p>($s.ins), $s)
    }};
}

/// A probe with its table of handlers.
pub(crate) trait Tailed: Probe {
    const TABLE: &'static [Tail; quick::COUNT];
}

/// The slow part of a handler. The registers it leaves are in the thread state, so that the caller has no local whose
/// address escapes and can jump on.
///
/// # Safety
/// The arguments are the machine's registers.
#[inline(never)]
unsafe fn out_of_line<H: Handler>(
    ins: u64,
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *mut Vm,
) -> Next {
    let mut s = State { ins, pc, fp, consts, vm };
    let next = H::slow(&mut s);
    s.leave();
    next
}

tail_functions! {
    fn tail<H: Handler, P: Tailed>(s) {
        match H::run(&mut s) {
            Next::Go => dispatch!(s, P),
            Next::Poll => tail_call!((tail_poll::<P>), s),
            Next::Slow => {
                std::hint::cold_path();
                tail_call!((tail_slow::<H, P>), s)
            }
            Next::Reload => tail_call!((tail_reload::<P>), s),
            Next::Raise => tail_call!((tail_raise::<P>), s),
            Next::Exit => 0,
        }
    }

    #[inline(never)]
    fn tail_slow<H: Handler, P: Tailed>(s) {
        // SAFETY: the state is handed on as it is.
        let next = unsafe { out_of_line::<H>(s.ins, s.pc, s.fp, s.consts, s.vm) };
        s.take_over();
        match next {
            Next::Go => dispatch!(s, P),
            Next::Poll => tail_call!((tail_poll::<P>), s),
            Next::Reload => tail_call!((tail_reload::<P>), s),
            Next::Raise | Next::Slow => tail_call!((tail_raise::<P>), s),
            Next::Exit => 0,
        }
    }

    #[inline(never)]
    fn tail_reload<P: Tailed>(s) {
        let position = s.vm().position();
        s.enter(position);
        dispatch!(s, P)
    }

    #[cold]
    #[inline(never)]
    fn tail_raise<P: Tailed>(s) {
        if unwind(s.vm(), s.pc) {
            tail_call!((tail_reload::<P>), s)
        } else {
            s.vm().exit_value = Value::RAISED;
            0
        }
    }

    #[cold]
    #[inline(never)]
    fn tail_poll<P: Tailed>(s) {
        if poll(s.vm(), s.pc) {
            dispatch!(s, P)
        } else {
            s.pc = behind_poll(s.pc);
            tail_call!((tail_raise::<P>), s)
        }
    }
}

/// The handler of an instruction.
#[inline(always)]
fn handler<P: Tailed>(ins: u64) -> Tail {
    debug_assert!((ins as u16 as usize) < quick::COUNT);
    // SAFETY: executables hold opcodes below `COUNT` only.
    unsafe { *P::TABLE.get_unchecked(ins as u16 as usize) }
}

/// Where a safepoint at a jump's target raises: at the instruction there, which has the loop's handlers. What stands
/// before the target may have others.
fn behind_poll(pc: *mut u64) -> *mut u64 {
    pc.wrapping_add(1)
}

/// A safepoint at `pc`; false if it raised.
#[inline(never)]
fn poll(vm: &mut Vm, pc: *mut u64) -> bool {
    vm.save(pc.cast(), 0);
    vm.safepoint().is_ok()
}

const fn table<P: Tailed>() -> [Tail; quick::COUNT] {
    let mut table: [Tail; quick::COUNT] = [tail::<handlers::INVALID, P>; quick::COUNT];
    macro_rules! fill {
        ($(#[doc = $doc:literal] $op:ident ($($operand:tt)*) [$($extra:tt)*] $list:literal $caches:literal;)*) => {
            $( table[RegOp::$op as usize] = tail::<handlers::$op, P>; )*
        };
    }
    for_each_reg_op!(fill);
    macro_rules! fill_quick {
        ($($op:ident;)*) => {$( table[quick::$op as usize] = tail::<handlers::$op, P>; )*};
    }
    for_each_quick!(fill_quick);
    table
}

impl Tailed for crate::probe::NoProbe {
    const TABLE: &'static [Tail; quick::COUNT] = {
        static TABLE: [Tail; quick::COUNT] = table::<crate::probe::NoProbe>();
        &TABLE
    };
}

impl Tailed for crate::probe::Count {
    const TABLE: &'static [Tail; quick::COUNT] = {
        static TABLE: [Tail; quick::COUNT] = table::<crate::probe::Count>();
        &TABLE
    };
}

/// Runs in the tail form.
///
/// # Safety
/// As for [`run_loop`].
pub(crate) unsafe fn run_tail<P: Tailed>(vm: *mut Vm) -> Value {
    let s = entry_state(vm);
    tail_call!((tail_reload::<P>), s);
    s.vm().exit_value
}
