//! Dispatch: the tail form and the loop form of one set of handlers, chosen at run time.
//!
//! The tail form is a table of functions that jump to each other: the state travels in argument registers, and stable
//! Rust compiles a call in tail position to a jump where nothing with a destructor or an escaped address is left.
//! The loop form is a `match`, for builds without optimization, other targets, Miri and sanitizers.

use bytecode::StackOp;
use runtime::{Value, Vm};

use crate::handlers::{self, Handler};
use crate::probe::Probe;
use crate::quick;
use crate::state::{Next, State};

/// Hands every opcode of the executable with its handler to a macro.
macro_rules! for_each_handler {
    ($m:ident) => {
        $m! {
            NOP NOP; RESUME RESUME; POP_TOP POP_TOP; PUSH_NULL PUSH_NULL; END_FOR END_FOR; END_SEND END_SEND;
            COPY COPY; SWAP SWAP; LOAD_FAST LOAD_FAST; LOAD_FAST_CHECK LOAD_FAST_CHECK;
            LOAD_FAST_AND_CLEAR LOAD_FAST_AND_CLEAR; LOAD_FAST_LOAD_FAST LOAD_FAST_LOAD_FAST;
            STORE_FAST STORE_FAST; STORE_FAST_LOAD_FAST STORE_FAST_LOAD_FAST;
            STORE_FAST_STORE_FAST STORE_FAST_STORE_FAST; DELETE_FAST DELETE_FAST; LOAD_CONST LOAD_CONST;
            LOAD_DEREF LOAD_DEREF; STORE_DEREF STORE_DEREF; DELETE_DEREF DELETE_DEREF; LOAD_GLOBAL LOAD_GLOBAL;
            LOAD_ATTR LOAD_ATTR; STORE_ATTR STORE_ATTR; BINARY_OP BINARY_OP; COMPARE_OP COMPARE_OP; IS_OP IS_OP;
            TO_BOOL TO_BOOL; UNARY_NOT UNARY_NOT; POP_JUMP_IF_FALSE POP_JUMP_IF_FALSE;
            POP_JUMP_IF_TRUE POP_JUMP_IF_TRUE; POP_JUMP_IF_NONE POP_JUMP_IF_NONE;
            POP_JUMP_IF_NOT_NONE POP_JUMP_IF_NOT_NONE; JUMP_FORWARD JUMP_FORWARD; JUMP_BACKWARD JUMP_BACKWARD;
            JUMP_BACKWARD_NO_INTERRUPT JUMP_BACKWARD_NO_INTERRUPT; BINARY_SUBSCR BINARY_SUBSCR;
            STORE_SUBSCR STORE_SUBSCR; FOR_ITER FOR_ITER; CALL CALL; RETURN_VALUE RETURN_VALUE;
            RETURN_CONST RETURN_CONST; INTERPRETER_EXIT INTERPRETER_EXIT; STORE_GLOBAL STORE_GLOBAL;
            DELETE_GLOBAL DELETE_GLOBAL; LOAD_NAME LOAD_NAME; STORE_NAME STORE_NAME; DELETE_NAME DELETE_NAME;
            LOAD_LOCALS LOAD_LOCALS; LOAD_FROM_DICT_OR_GLOBALS LOAD_FROM_DICT_OR_GLOBALS;
            LOAD_FROM_DICT_OR_DEREF LOAD_FROM_DICT_OR_DEREF; LOAD_BUILD_CLASS LOAD_BUILD_CLASS;
            LOAD_ASSERTION_ERROR LOAD_ASSERTION_ERROR; SETUP_ANNOTATIONS SETUP_ANNOTATIONS; MAKE_CELL MAKE_CELL;
            COPY_FREE_VARS COPY_FREE_VARS; DELETE_ATTR DELETE_ATTR; LOAD_SUPER_ATTR LOAD_SUPER_ATTR;
            DELETE_SUBSCR DELETE_SUBSCR; BINARY_SLICE BINARY_SLICE; STORE_SLICE STORE_SLICE;
            UNARY_NEGATIVE UNARY_NEGATIVE; UNARY_INVERT UNARY_INVERT; CONTAINS_OP CONTAINS_OP; GET_ITER GET_ITER;
            GET_YIELD_FROM_ITER GET_YIELD_FROM_ITER; GET_AWAITABLE GET_AWAITABLE; GET_AITER GET_AITER;
            GET_ANEXT GET_ANEXT; END_ASYNC_FOR END_ASYNC_FOR; SEND SEND; CLEANUP_THROW CLEANUP_THROW;
            RETURN_GENERATOR RETURN_GENERATOR; YIELD_VALUE YIELD_VALUE; CALL_KW CALL_KW;
            CALL_FUNCTION_EX CALL_FUNCTION_EX; CALL_INTRINSIC_1 CALL_INTRINSIC_1;
            CALL_INTRINSIC_2 CALL_INTRINSIC_2; BUILD_TUPLE BUILD_TUPLE; BUILD_LIST BUILD_LIST;
            BUILD_SET BUILD_SET; BUILD_STRING BUILD_STRING; BUILD_MAP BUILD_MAP;
            BUILD_CONST_KEY_MAP BUILD_CONST_KEY_MAP; BUILD_SLICE BUILD_SLICE; LIST_APPEND LIST_APPEND;
            SET_ADD SET_ADD; MAP_ADD MAP_ADD; LIST_EXTEND LIST_EXTEND; SET_UPDATE SET_UPDATE;
            DICT_UPDATE DICT_UPDATE; DICT_MERGE DICT_MERGE; UNPACK_SEQUENCE UNPACK_SEQUENCE; UNPACK_EX UNPACK_EX;
            FORMAT_SIMPLE FORMAT_SIMPLE; FORMAT_WITH_SPEC FORMAT_WITH_SPEC; CONVERT_VALUE CONVERT_VALUE;
            MAKE_FUNCTION MAKE_FUNCTION; SET_FUNCTION_ATTRIBUTE SET_FUNCTION_ATTRIBUTE; IMPORT_NAME IMPORT_NAME;
            IMPORT_FROM IMPORT_FROM; PUSH_EXC_INFO PUSH_EXC_INFO; POP_EXCEPT POP_EXCEPT;
            CHECK_EXC_MATCH CHECK_EXC_MATCH; CHECK_EG_MATCH CHECK_EG_MATCH; RERAISE RERAISE;
            RAISE_VARARGS RAISE_VARARGS; BEFORE_WITH BEFORE_WITH; BEFORE_ASYNC_WITH BEFORE_ASYNC_WITH;
            WITH_EXCEPT_START WITH_EXCEPT_START; GET_LEN GET_LEN; MATCH_MAPPING MATCH_MAPPING;
            MATCH_SEQUENCE MATCH_SEQUENCE; MATCH_KEYS MATCH_KEYS; MATCH_CLASS MATCH_CLASS;
        }
    };
}

/// Hands the quickened forms to a macro.
macro_rules! for_each_quick {
    ($m:ident) => {
        $m! {
            BINARY_ADD BINARY_ADD; BINARY_SUBTRACT BINARY_SUBTRACT; BINARY_MULTIPLY BINARY_MULTIPLY;
            LOAD_ATTR_SLOT LOAD_ATTR_SLOT; LOAD_ATTR_METHOD LOAD_ATTR_METHOD; STORE_ATTR_SLOT STORE_ATTR_SLOT;
            STORE_ATTR_ADD STORE_ATTR_ADD;
            LOAD_GLOBAL_MODULE LOAD_GLOBAL_MODULE; LOAD_GLOBAL_BUILTIN LOAD_GLOBAL_BUILTIN;
            PROLOGUE_POP POP_TOP; PROLOGUE_MAKE_CELL MAKE_CELL;
            PROLOGUE_COPY_FREE_VARS COPY_FREE_VARS; EXIT_EXHAUSTED EXIT_EXHAUSTED;
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
    let mut s = State { ins: 0, pc: null.cast(), fp: null, sp: null, consts: null, vm };
    let position = s.vm().position();
    s.enter(position);
    s
}

/// Fetches the next instruction.
#[inline(always)]
fn fetch(s: &mut State) {
    // SAFETY: the verifier: execution stays within the code and does not fall off its end.
    s.ins = u64::from(unsafe { *s.pc });
    s.pc = s.pc.wrapping_add(1);
}

/// `EXTENDED_ARG`: the next instruction with a longer oparg.
#[inline(always)]
fn extend(s: &mut State) {
    let high = s.ins >> 8;
    // SAFETY: as in `fetch`.
    let next = u64::from(unsafe { *s.pc });
    s.pc = s.pc.wrapping_add(1);
    s.ins = next & 0xFF | (next >> 8 | high << 8) << 8;
}

/// Unwinds from the instruction before `pc`; whether some frame handles it.
#[inline(never)]
fn unwind(vm: &mut Vm, pc: *mut u16) -> bool {
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
        let op = s.ins as u8;
        let mut next = step(op, &mut s, false);
        if next == Next::Slow {
            next = step(op, &mut s, true);
        }
        match next {
            Next::Go if op == StackOp::EXTENDED_ARG as u8 => continue,
            Next::Go => {}
            Next::Reload => {
                let position = s.vm().position();
                s.enter(position);
            }
            Next::Raise | Next::Slow => {
                if !unwind(s.vm(), s.pc) {
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
    ($($op:ident $handler:ident;)*) => {
        #[inline(always)]
        fn step_base(op: u8, s: &mut State, slow: bool) -> Option<Next> {
            $(const $op: u8 = StackOp::$op as u8;)*
            Some(match op {
                $($op => run_part::<handlers::$handler>(s, slow),)*
                _ => return None,
            })
        }
    };
}
for_each_handler!(define_step);

macro_rules! define_quick_step {
    ($($op:ident $handler:ident;)*) => {
        #[inline(always)]
        fn step_quick(op: u8, s: &mut State, slow: bool) -> Option<Next> {
            Some(match op {
                $(quick::$op => run_part::<handlers::$handler>(s, slow),)*
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
fn step(op: u8, s: &mut State, slow: bool) -> Next {
    if op == StackOp::EXTENDED_ARG as u8 {
        extend(s);
        return Next::Go;
    }
    step_base(op, s, slow)
        .or_else(|| step_quick(op, s, slow))
        .unwrap_or_else(|| run_part::<handlers::INVALID>(s, slow))
}

/// A handler in the tail form. The result is not used: what the loop ends with is in the thread state.
#[cfg(target_arch = "x86_64")]
type Tail = unsafe extern "sysv64" fn(u64, *mut u16, *mut Value, *mut Value, *const Value, *mut Vm) -> u64;
#[cfg(not(target_arch = "x86_64"))]
type Tail = unsafe extern "C" fn(u64, *mut u16, *mut Value, *mut Value, *const Value, *mut Vm) -> u64;

/// Defines functions with the tail form's calling convention.
macro_rules! tail_functions {
    ($($(#[$meta:meta])* fn $name:ident<$($param:ident: $bound:path),*>($s:ident) $body:block)*) => {$(
        $(#[$meta])*
        #[cfg(target_arch = "x86_64")]
        unsafe extern "sysv64" fn $name<$($param: $bound),*>(
            ins: u64, pc: *mut u16, fp: *mut Value, sp: *mut Value, consts: *const Value, vm: *mut Vm,
        ) -> u64 {
            #[allow(unused_mut, reason = "some functions only hand the state on")]
            let mut $s = State { ins, pc, fp, sp, consts, vm };
            $body
        }
        $(#[$meta])*
        #[cfg(not(target_arch = "x86_64"))]
        unsafe extern "C" fn $name<$($param: $bound),*>(
            ins: u64, pc: *mut u16, fp: *mut Value, sp: *mut Value, consts: *const Value, vm: *mut Vm,
        ) -> u64 {
            #[allow(unused_mut, reason = "some functions only hand the state on")]
            let mut $s = State { ins, pc, fp, sp, consts, vm };
            $body
        }
    )*};
}

/// Calls `f` in tail position with the state.
macro_rules! tail_call {
    ($f:expr, $s:ident) => {
        // SAFETY: every function of the form takes the state as it is.
        unsafe { $f($s.ins, $s.pc, $s.fp, $s.sp, $s.consts, $s.vm) }
    };
}

/// Jumps to the handler of the instruction at `pc`.
macro_rules! dispatch {
    ($s:ident, $p:ident) => {{
        fetch(&mut $s);
        P::before($s.vm(), $s.ins);
        tail_call!(($p::TABLE[$s.ins as usize & 0xFF]), $s)
    }};
}

/// A probe with its table of handlers.
pub(crate) trait Tailed: Probe {
    const TABLE: &'static [Tail; 256];
}

/// The slow part of a handler. The registers it leaves are in the thread state, so that the caller has no local whose
/// address escapes and can jump on.
///
/// # Safety
/// The arguments are the machine's registers.
#[inline(never)]
unsafe fn out_of_line<H: Handler>(
    ins: u64,
    pc: *mut u16,
    fp: *mut Value,
    sp: *mut Value,
    consts: *const Value,
    vm: *mut Vm,
) -> Next {
    let mut s = State { ins, pc, fp, sp, consts, vm };
    let next = H::slow(&mut s);
    s.leave();
    next
}

tail_functions! {
    fn tail<H: Handler, P: Tailed>(s) {
        match H::run(&mut s) {
            Next::Go => dispatch!(s, P),
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
        let next = unsafe { out_of_line::<H>(s.ins, s.pc, s.fp, s.sp, s.consts, s.vm) };
        s.take_over();
        match next {
            Next::Go => dispatch!(s, P),
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

    fn tail_extended<P: Tailed>(s) {
        extend(&mut s);
        P::before(s.vm(), s.ins);
        tail_call!((P::TABLE[s.ins as usize & 0xFF]), s)
    }
}

const fn table<P: Tailed>() -> [Tail; 256] {
    let mut table: [Tail; 256] = [tail::<handlers::INVALID, P>; 256];
    macro_rules! fill {
        ($($op:ident $handler:ident;)*) => {$( table[StackOp::$op as usize] = tail::<handlers::$handler, P>; )*};
    }
    for_each_handler!(fill);
    macro_rules! fill_quick {
        ($($op:ident $handler:ident;)*) => {$( table[quick::$op as usize] = tail::<handlers::$handler, P>; )*};
    }
    for_each_quick!(fill_quick);
    table[StackOp::EXTENDED_ARG as usize] = tail_extended::<P>;
    table
}

impl Tailed for crate::probe::NoProbe {
    const TABLE: &'static [Tail; 256] = {
        static TABLE: [Tail; 256] = table::<crate::probe::NoProbe>();
        &TABLE
    };
}

impl Tailed for crate::probe::Count {
    const TABLE: &'static [Tail; 256] = {
        static TABLE: [Tail; 256] = table::<crate::probe::Count>();
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
