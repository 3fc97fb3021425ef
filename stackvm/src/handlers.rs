//! The handlers: fetch operands, call an operation, store the result. Each is written once; `dispatch` makes the tail
//! form and the loop form of them. `run` is the straight path without calls; `slow` is everything else.

use bytecode::{BinOp, CompareOp};
use runtime::ops::TruthMode;
use runtime::{CallArgs, Flow, Found, Raised, Stored, Value, Vm};

use crate::quick;
use crate::state::{Next, State, signal};

/// A handler's two parts.
pub(crate) trait Handler {
    /// The straight path; `Next::Slow` asks for the other.
    fn run(s: &mut State) -> Next;
    /// Out of line; may call anything.
    fn slow(s: &mut State) -> Next;
}

macro_rules! handlers {
    ($($name:ident |$s:ident| $run:block $(=> $slow:block)?)*) => {$(
        #[allow(non_camel_case_types, reason = "a handler is named as its opcode")]
        #[allow(clippy::upper_case_acronyms, reason = "so is the whole table")]
        pub(crate) struct $name;
        impl Handler for $name {
            #[inline(always)]
            fn run($s: &mut State) -> Next $run
            #[inline(always)]
            #[allow(unused_variables, reason = "most handlers have no slow part")]
            fn slow($s: &mut State) -> Next { handlers!(@slow $($slow)?) }
        }
    )*};
    (@slow) => { Next::Raise };
    (@slow $slow:block) => { $slow };
}

/// Handlers all of whose work is an operation: nothing is worth a straight path.
macro_rules! operations {
    ($($name:ident |$s:ident| $body:block)*) => {
        handlers! { $($name |$s| { let _ = &$s; Next::Slow } => $body)* }
    };
}

fn done(result: Result<(), Raised>) -> Value {
    match result {
        Ok(()) => Value::NONE,
        Err(Raised) => Value::RAISED,
    }
}

/// An operation's flow: `Go` at the top frame's place.
fn flow(s: &mut State, flow: Flow) -> Next {
    match flow {
        Flow::Go => Next::Reload,
        Flow::Raise => {
            // The frame has ended: the exception is raised where its caller waits.
            let position = s.vm().position();
            s.enter(position);
            Next::Raise
        }
    }
}

handlers! {
    NOP |s| { let _ = &s; Next::Go }
    RESUME |s| {
        if s.vm().is_interrupted() { Next::Slow } else { Next::Go }
    } => { safepoint(s) }
    POP_TOP |s| { s.drop(1); Next::Go }
    PUSH_NULL |s| { s.push(Value::UNDEF); Next::Go }
    END_FOR |s| { s.drop(1); Next::Go }
    END_SEND |s| { let value = s.pop(); s.set(1, value); Next::Go }
    COPY |s| { let value = s.peek(s.arg()); s.push(value); Next::Go }
    SWAP |s| {
        let (top, other) = (s.peek(1), s.peek(s.arg()));
        s.set(1, other);
        s.set(s.arg(), top);
        Next::Go
    }
    LOAD_FAST |s| {
        let value = s.local(s.arg());
        s.push(value);
        if cfg!(debug_assertions) && value.is_undef() { Next::Slow } else { Next::Go }
    } => { s.vm().raise_unbound_slot(s.arg()); Next::Raise }
    LOAD_FAST_CHECK |s| {
        let value = s.local(s.arg());
        if value.is_undef() { return Next::Slow; }
        s.push(value);
        Next::Go
    } => { s.vm().raise_unbound_slot(s.arg()); Next::Raise }
    LOAD_FAST_AND_CLEAR |s| {
        let value = s.local(s.arg());
        s.push(value);
        s.set_local(s.arg(), Value::UNDEF);
        Next::Go
    }
    LOAD_FAST_LOAD_FAST |s| {
        let (a, b) = (s.local(s.arg() >> 4), s.local(s.arg() & 15));
        s.push(a);
        s.push(b);
        Next::Go
    }
    STORE_FAST |s| { let value = s.pop(); s.set_local(s.arg(), value); Next::Go }
    STORE_FAST_LOAD_FAST |s| {
        let value = s.pop();
        s.set_local(s.arg() >> 4, value);
        let value = s.local(s.arg() & 15);
        s.push(value);
        Next::Go
    }
    STORE_FAST_STORE_FAST |s| {
        let value = s.pop();
        s.set_local(s.arg() >> 4, value);
        let value = s.pop();
        s.set_local(s.arg() & 15, value);
        Next::Go
    }
    DELETE_FAST |s| {
        if s.local(s.arg()).is_undef() { return Next::Slow; }
        s.set_local(s.arg(), Value::UNDEF);
        Next::Go
    } => { s.vm().raise_unbound_slot(s.arg()); Next::Raise }
    LOAD_CONST |s| { let value = s.constant(s.arg()); s.push(value); Next::Go }
    LOAD_DEREF |s| {
        let value = s.vm().cell_contents(s.local(s.arg()));
        if value.is_undef() { return Next::Slow; }
        s.push(value);
        Next::Go
    } => { s.vm().raise_unbound_cell(s.arg()); Next::Raise }
    STORE_DEREF |s| {
        let value = s.pop();
        s.vm().set_cell_contents(s.local(s.arg()), value);
        Next::Go
    }
    DELETE_DEREF |s| {
        let cell = s.local(s.arg());
        if s.vm().cell_contents(cell).is_undef() { return Next::Slow; }
        s.vm().set_cell_contents(cell, Value::UNDEF);
        Next::Go
    } => { s.vm().raise_unbound_cell(s.arg()); Next::Raise }

    LOAD_GLOBAL_MODULE |s| {
        if s.vm().globals_version() != s.cache32(0) { return Next::Slow; }
        let value = s.vm().global_at(s.cache32(2) as usize);
        load_global_value(s, value)
    } => { load_global(s) }
    LOAD_GLOBAL_BUILTIN |s| {
        if s.vm().globals_version() != s.cache32(0) || s.vm().builtins_version() == 0 { return Next::Slow; }
        let value = s.vm().builtin_at(s.cache32(2) as usize);
        load_global_value(s, value)
    } => { load_global(s) }
    LOAD_ATTR_SLOT |s| {
        let Some(value) = Vm::cached_slot(s.peek(1), s.cache32(1), s.cache32(3)) else { return Next::Slow };
        s.set(1, value);
        if s.arg() & 1 != 0 { s.push(Value::UNDEF); }
        s.skip(9);
        Next::Go
    } => { load_attr(s) }
    LOAD_ATTR_METHOD |s| {
        let object = s.peek(1);
        if Vm::shape_id(object) != s.cache32(1) { return Next::Slow; }
        let method = s.cache_value(5);
        s.set(1, method);
        s.push(object);
        s.skip(9);
        Next::Go
    } => { load_attr(s) }
    STORE_ATTR_SLOT |s| {
        if !Vm::store_cached_slot(s.peek(1), s.cache32(0), s.cache32(2), s.peek(2)) { return Next::Slow; }
        s.drop(2);
        s.skip(4);
        Next::Go
    } => { store_attr(s) }

    STORE_ATTR_ADD |s| {
        if !s.vm().add_cached_slot(s.peek(1), s.cache32(0), s.cache32(2), s.peek(2)) { return Next::Slow; }
        s.drop(2);
        s.skip(4);
        Next::Go
    } => { store_attr(s) }

    BINARY_ADD |s| {
        let (a, b) = (s.peek(2), s.peek(1));
        match a.add_ints(b) {
            Some(sum) => binary_done(s, sum),
            None => match Vm::add_floats(a, b) { Some(sum) => binary_done(s, sum), None => Next::Slow },
        }
    } => { binary_op(s) }
    BINARY_SUBTRACT |s| {
        let (a, b) = (s.peek(2), s.peek(1));
        match a.sub_ints(b) {
            Some(difference) => binary_done(s, difference),
            None => match Vm::sub_floats(a, b) { Some(result) => binary_done(s, result), None => Next::Slow },
        }
    } => { binary_op(s) }
    BINARY_MULTIPLY |s| {
        let (a, b) = (s.peek(2), s.peek(1));
        match a.mul_ints(b) {
            Some(product) => binary_done(s, product),
            None => match Vm::mul_floats(a, b) { Some(result) => binary_done(s, result), None => Next::Slow },
        }
    } => { binary_op(s) }
    BINARY_OP |s| {
        let (a, b) = (s.peek(2), s.peek(1));
        let result = match s.arg() {
            2 | 15 => Vm::floor_div_inline(a, b),
            6 | 19 => Vm::modulo_inline(a, b),
            11 | 24 => Vm::div_inline(a, b),
            1 | 14 => Vm::bits_inline(BinOp::And, a, b),
            7 | 20 => Vm::bits_inline(BinOp::Or, a, b),
            12 | 25 => Vm::bits_inline(BinOp::Xor, a, b),
            3 | 16 => Vm::bits_inline(BinOp::LShift, a, b),
            9 | 22 => Vm::bits_inline(BinOp::RShift, a, b),
            _ => None,
        };
        match result { Some(result) => binary_done(s, result), None => Next::Slow }
    } => { binary_op(s) }
    COMPARE_OP |s| {
        let op = compare_kind(s.arg());
        match Vm::compare_inline(op, s.peek(2), s.peek(1)) {
            Some(truth) => binary_done(s, Value::from_bool(truth)),
            None => Next::Slow,
        }
    } => {
        let mode = (s.arg() & 16 != 0).then_some(TruthMode::Plain);
        s.save(2, 1);
        let result = s.vm().compare(compare_kind(s.arg()), s.peek(2), s.peek(1), mode);
        s.finish(2, 1, result)
    }
    IS_OP |s| {
        let same = s.peek(2) == s.peek(1);
        s.drop(1);
        s.set(1, Value::from_bool(same != (s.arg() != 0)));
        Next::Go
    }
    TO_BOOL |s| {
        let Some(truth) = Vm::truth_inline(s.peek(1)) else { return Next::Slow };
        s.set(1, Value::from_bool(truth));
        s.skip(3);
        Next::Go
    } => {
        s.save(1, 3);
        let result = s.vm().truth(s.peek(1), TruthMode::Plain);
        s.finish(1, 3, result)
    }
    UNARY_NOT |s| {
        let value = s.peek(1);
        s.set(1, Value::from_bool(value == Value::FALSE));
        Next::Go
    }
    POP_JUMP_IF_FALSE |s| { let value = s.pop(); branch(s, value == Value::FALSE) }
    POP_JUMP_IF_TRUE |s| { let value = s.pop(); branch(s, value == Value::TRUE) }
    POP_JUMP_IF_NONE |s| { let value = s.pop(); branch(s, value.is_none()) }
    POP_JUMP_IF_NOT_NONE |s| { let value = s.pop(); branch(s, !value.is_none()) }
    JUMP_FORWARD |s| { s.jump(s.arg() as isize); Next::Go }
    JUMP_BACKWARD |s| {
        s.skip(1);
        s.jump(-(s.arg() as isize));
        if s.vm().is_interrupted() { Next::Slow } else { Next::Go }
    } => { safepoint(s) }
    JUMP_BACKWARD_NO_INTERRUPT |s| { s.jump(-(s.arg() as isize)); Next::Go }

    BINARY_SUBSCR |s| {
        match s.vm().load_item_inline(s.peek(2), s.peek(1)) {
            Some(item) => binary_done(s, item),
            None => Next::Slow,
        }
    } => {
        s.save(2, 1);
        let result = s.vm().load_item(s.peek(2), s.peek(1));
        s.finish(2, 1, result)
    }
    STORE_SUBSCR |s| {
        if !Vm::store_item_inline(s.peek(2), s.peek(1), s.peek(3)) { return Next::Slow; }
        s.drop(3);
        s.skip(1);
        Next::Go
    } => {
        s.save(3, 1);
        let result = s.vm().store_item(s.peek(2), s.peek(1), s.peek(3));
        s.finish_void(3, 1, result)
    }
    FOR_ITER |s| {
        match s.vm().iter_next_inline(s.peek(1)) {
            Some(item) => { s.push(item); s.skip(1); Next::Go }
            None => Next::Slow,
        }
    } => {
        s.save(0, 1);
        // On exhaustion the iterator is popped and END_FOR and POP_TOP are passed over.
        let exhausted = s.pc.wrapping_add(1 + s.arg() + 2);
        let result = s.vm().iter_next(s.peek(1));
        if result == Value::PUSHED {
            // SAFETY: both pointers lie in this frame.
            let slot = unsafe { s.sp.sub(1).offset_from(s.fp) } as usize;
            s.vm().set_alternative(exhausted.cast(), slot);
        } else if result == Value::EXHAUSTED {
            s.drop(1);
            s.pc = exhausted;
            return Next::Go;
        }
        s.finish(0, 1, result)
    }

    CALL |s| {
        let argc = s.arg();
        let (callee, self_or_null) = (s.peek(argc + 2), s.peek(argc + 1));
        let argc = argc + usize::from(!self_or_null.is_undef());
        call_plain(s, callee, argc)
    } => { call(s) }
    RETURN_VALUE |s| {
        if !s.vm().returns_plainly() { return Next::Slow; }
        let value = s.peek(1);
        return_plain(s, value)
    } => { let value = s.peek(1); { let next = s.vm().finish_frame(value); flow(s, next) } }
    RETURN_CONST |s| {
        if !s.vm().returns_plainly() { return Next::Slow; }
        let value = s.constant(s.arg());
        return_plain(s, value)
    } => { let value = s.constant(s.arg()); { let next = s.vm().finish_frame(value); flow(s, next) } }
    INTERPRETER_EXIT |s| {
        // SAFETY: a native's entry has one slot.
        s.vm().exit_value = unsafe { *s.fp };
        Next::Exit
    }
    EXIT_EXHAUSTED |s| { s.vm().exit_value = Value::EXHAUSTED; Next::Exit }
    INVALID |s| { let _ = &s; Next::Slow } => { s.vm().raise_invalid_opcode(); Next::Raise }
}

#[inline(always)]
fn binary_done(s: &mut State, result: Value) -> Next {
    s.drop(1);
    s.set(1, result);
    s.skip(1);
    Next::Go
}

#[inline(always)]
fn branch(s: &mut State, taken: bool) -> Next {
    let target = s.pc.wrapping_add(1 + if taken { s.arg() } else { 0 });
    s.pc = target;
    Next::Go
}

#[inline(always)]
fn compare_kind(oparg: usize) -> CompareOp {
    const KINDS: [CompareOp; 8] = [
        CompareOp::Lt,
        CompareOp::Le,
        CompareOp::Eq,
        CompareOp::Ne,
        CompareOp::Gt,
        CompareOp::Ge,
        CompareOp::Ge,
        CompareOp::Ge,
    ];
    KINDS[oparg >> 5 & 7]
}

/// Pushes a Python function's frame over its `argc` arguments, which lie on the operand stack.
#[inline(always)]
fn call_plain(s: &mut State, callee: Value, argc: usize) -> Next {
    let vm = s.vm();
    let operands = s.arg() + 2;
    let mut fp = s.sp.wrapping_sub(argc);
    let in_generator = vm.in_generator();
    if in_generator {
        fp = vm.top();
    }
    let Some(code) = vm.plain_callee(callee, argc, fp) else { return Next::Slow };
    // SAFETY: `plain_callee` found the code for these; both pointers lie in this frame.
    unsafe {
        if in_generator {
            std::ptr::copy_nonoverlapping(s.sp.sub(argc), fp, argc);
            vm.counters.moves += argc as u64;
        }
        let slot = s.sp.sub(operands).offset_from(s.fp) as usize;
        let (entry, consts) = vm.push_plain(callee, code, argc, fp, s.pc.add(3).cast(), slot);
        s.pc = entry.cast();
        s.consts = consts;
        s.fp = fp;
        s.sp = fp.add((*code).nlocalsplus());
    }
    Next::Go
}

fn call(s: &mut State) -> Next {
    let argc = s.arg();
    let self_or_null = s.peek(argc + 1);
    let callee = s.peek(argc + 2);
    s.save(argc + 2, 3);
    let given = argc + usize::from(!self_or_null.is_undef());
    let args = s.operands(given);
    let result = match s.vm().call_native_directly(callee, args) {
        Some(result) => result,
        None => s.vm().call_from_machine(callee, CallArgs::positional(args)),
    };
    s.finish(argc + 2, 3, result)
}

#[inline(always)]
fn return_plain(s: &mut State, value: Value) -> Next {
    let position = s.vm().pop_plain();
    s.vm().restore_top();
    s.enter(position);
    s.push(value);
    Next::Go
}

#[inline(always)]
fn load_global_value(s: &mut State, value: Value) -> Next {
    s.push(value);
    if s.arg() & 1 != 0 {
        s.push(Value::UNDEF);
    }
    s.skip(4);
    Next::Go
}

fn load_global(s: &mut State) -> Next {
    let name = s.name(s.arg() >> 1);
    s.save(0, 4);
    let value = s.vm().load_global(name);
    if value.is_signal() {
        return signal(value);
    }
    if let Some((version, position, is_builtin)) = s.vm().find_global(name)
        && version != 0
    {
        s.set_cache32(0, version);
        s.set_cache32(2, position as u32);
        s.quicken(if is_builtin { quick::LOAD_GLOBAL_BUILTIN } else { quick::LOAD_GLOBAL_MODULE });
    }
    load_global_value(s, value)
}

fn load_attr(s: &mut State) -> Next {
    let (object, name) = (s.peek(1), s.name(s.arg() >> 1));
    let for_call = s.arg() & 1 != 0;
    let found = s.vm().find_attr(object, name);
    match found {
        Found::Slot(slot) => {
            if let Some(offset) = s.vm().slot_offset(object, slot) {
                s.set_cache32(1, Vm::shape_id(object));
                s.set_cache32(3, offset);
                s.quicken(quick::LOAD_ATTR_SLOT);
            }
        }
        Found::Method(method) if for_call => {
            let shape = Vm::shape_id(object);
            if shape != 0 {
                s.set_cache32(1, shape);
                s.set_cache_value(5, method);
                s.quicken(quick::LOAD_ATTR_METHOD);
            }
            s.set(1, method);
            s.push(object);
            s.skip(9);
            return Next::Go;
        }
        _ => {}
    }
    let binds_nothing = matches!(found, Found::Slot(_) | Found::ClassValue(_));
    if binds_nothing && let Some(value) = s.vm().load_found(found, object) {
        s.set(1, value);
        if for_call {
            s.push(Value::UNDEF);
        }
        s.skip(9);
        return Next::Go;
    }
    if for_call {
        let method = s.vm().find_method_for_call(object, name);
        if !method.is_undef() {
            s.set(1, method);
            s.push(object);
            s.skip(9);
            return Next::Go;
        }
        s.save(1, 9);
        let result = s.vm().load_attr_with_null(object, name);
        if result.is_signal() {
            return signal(result);
        }
        s.set(1, result);
        s.push(Value::UNDEF);
        s.skip(9);
        return Next::Go;
    }
    s.save(1, 9);
    let result = match s.vm().load_found(found, object) {
        Some(result) => result,
        None => s.vm().load_attr(object, name),
    };
    s.finish(1, 9, result)
}

fn store_attr(s: &mut State) -> Next {
    let (object, value, name) = (s.peek(1), s.peek(2), s.name(s.arg()));
    s.save(2, 4);
    let shape = Vm::shape_id(object);
    let (result, stored) = s.vm().store_attr_caching(object, name, value);
    match stored {
        Stored::Slot(offset) => {
            s.set_cache32(0, shape);
            s.set_cache32(2, offset);
            s.quicken(quick::STORE_ATTR_SLOT);
        }
        Stored::Added(after) => {
            s.set_cache32(0, shape);
            s.set_cache32(2, after);
            s.quicken(quick::STORE_ATTR_ADD);
        }
        Stored::Other => {}
    }
    s.finish_void(2, 4, result)
}

fn binary_op(s: &mut State) -> Next {
    let op = BinOp::ALL[s.arg()];
    s.save(2, 1);
    let result = s.vm().binary(op, s.peek(2), s.peek(1));
    s.finish(2, 1, result)
}

/// Does what the interrupt flag asks for, at `pc`.
fn safepoint(s: &mut State) -> Next {
    s.save(0, 0);
    match s.vm().safepoint() {
        Ok(()) => Next::Go,
        Err(Raised) => {
            // It raises at the instruction that comes next, which has the loop's handlers.
            s.skip(1);
            Next::Raise
        }
    }
}

operations! {
    LOAD_ATTR |s| { load_attr(s) }
    STORE_ATTR |s| { store_attr(s) }
    LOAD_GLOBAL |s| { load_global(s) }
    STORE_GLOBAL |s| { let value = s.pop(); s.vm().store_global(s.name(s.arg()), value); Next::Go }
    DELETE_GLOBAL |s| { let r = s.vm().delete_global(s.name(s.arg())); s.finish_void(0, 0, r) }
    LOAD_NAME |s| { s.save(0, 0); let r = s.vm().load_name(s.name(s.arg())); s.finish(0, 0, r) }
    STORE_NAME |s| { s.save(1, 0); let r = s.vm().store_name(s.name(s.arg()), s.peek(1)); s.finish_void(1, 0, r) }
    DELETE_NAME |s| { s.save(0, 0); let r = s.vm().delete_name(s.name(s.arg())); s.finish_void(0, 0, r) }
    LOAD_LOCALS |s| { let r = s.vm().locals_mapping(); s.finish(0, 0, r) }
    LOAD_FROM_DICT_OR_GLOBALS |s| {
        s.save(1, 0);
        let r = s.vm().load_from_dict_or_globals(s.peek(1), s.name(s.arg()));
        s.finish(1, 0, r)
    }
    LOAD_FROM_DICT_OR_DEREF |s| {
        s.save(1, 0);
        let r = s.vm().load_from_dict_or_cell(s.peek(1), s.arg());
        s.finish(1, 0, r)
    }
    LOAD_BUILD_CLASS |s| { let r = s.vm().load_build_class(); s.finish(0, 0, r) }
    LOAD_ASSERTION_ERROR |s| { let r = s.vm().assertion_error(); s.finish(0, 0, r) }
    SETUP_ANNOTATIONS |s| { s.save(0, 0); let r = s.vm().setup_annotations(); s.finish_void(0, 0, r) }
    MAKE_CELL |s| {
        let cell = s.vm().new_closure_cell(s.local(s.arg()));
        s.set_local(s.arg(), cell);
        Next::Go
    }
    COPY_FREE_VARS |s| { s.vm().copy_free_vars(s.arg()); Next::Go }
    DELETE_ATTR |s| { s.save(1, 0); let r = s.vm().delete_attr(s.peek(1), s.name(s.arg())); s.finish_void(1, 0, r) }
    LOAD_SUPER_ATTR |s| {
        let (super_type, class, self_) = (s.peek(3), s.peek(2), s.peek(1));
        let name = s.name(s.arg() >> 2);
        let two_arguments = s.arg() & 2 != 0;
        s.save(3, 1);
        if s.arg() & 1 != 0 {
            let mut pair = [Value::UNDEF; 2];
            let r = s.vm().load_super_method(super_type, class, self_, name, two_arguments, pair.as_mut_ptr());
            if r.is_err() { return Next::Raise; }
            s.drop(3);
            s.push(pair[0]);
            s.push(pair[1]);
            s.skip(1);
            return Next::Go;
        }
        let r = s.vm().load_super_attr(super_type, class, self_, name, two_arguments);
        s.finish(3, 1, r)
    }
    DELETE_SUBSCR |s| { s.save(2, 0); let r = s.vm().delete_item(s.peek(2), s.peek(1)); s.finish_void(2, 0, r) }
    BINARY_SLICE |s| {
        s.save(3, 0);
        let r = s.vm().load_slice(s.peek(3), s.peek(2), s.peek(1));
        s.finish(3, 0, r)
    }
    STORE_SLICE |s| {
        s.save(4, 0);
        let r = s.vm().store_slice(s.peek(3), s.peek(2), s.peek(1), s.peek(4));
        s.finish_void(4, 0, r)
    }
    UNARY_NEGATIVE |s| { s.save(1, 0); let r = s.vm().negative(s.peek(1)); s.finish(1, 0, r) }
    UNARY_INVERT |s| { s.save(1, 0); let r = s.vm().invert(s.peek(1)); s.finish(1, 0, r) }
    CONTAINS_OP |s| {
        let mode = if s.arg() == 0 { TruthMode::Plain } else { TruthMode::Negated };
        s.save(2, 1);
        let r = s.vm().contains(s.peek(1), s.peek(2), mode);
        s.finish(2, 1, r)
    }
    GET_ITER |s| { s.save(1, 0); let r = s.vm().get_iter(s.peek(1)); s.finish(1, 0, r) }
    GET_YIELD_FROM_ITER |s| { s.save(1, 0); let r = s.vm().get_yield_from_iter(s.peek(1)); s.finish(1, 0, r) }
    GET_AWAITABLE |s| { s.save(1, 0); let r = s.vm().get_awaitable(s.peek(1), s.arg() as u32); s.finish(1, 0, r) }
    GET_AITER |s| { s.save(1, 0); let r = s.vm().get_aiter(s.peek(1)); s.finish(1, 0, r) }
    GET_ANEXT |s| { s.save(0, 0); let r = s.vm().get_anext(s.peek(1)); s.finish(0, 0, r) }
    END_ASYNC_FOR |s| {
        let r = done(s.vm().end_async_for(s.peek(1)));
        s.finish_void(2, 0, r)
    }
    SEND |s| {
        // The value sent is replaced by what is yielded, or returned: then the jump is taken.
        s.save(1, 1);
        let returned = s.pc.wrapping_add(1 + s.arg());
        let result = s.vm().send(s.peek(2), s.peek(1));
        if result == Value::PUSHED {
            // SAFETY: both pointers lie in this frame.
            let slot = unsafe { s.sp.offset_from(s.fp) } as usize;
            s.vm().set_alternative(returned.cast(), slot);
        } else if result == Value::EXHAUSTED {
            let value = std::mem::replace(&mut s.vm().sent_result, Value::UNDEF);
            s.set(1, value);
            s.pc = returned;
            return Next::Go;
        }
        s.finish(1, 1, result)
    }
    CLEANUP_THROW |s| {
        let value = s.vm().cleanup_throw(s.peek(1));
        if value.is_signal() { return signal(value); }
        s.drop(3);
        s.push(Value::NONE);
        s.push(value);
        Next::Go
    }
    RETURN_GENERATOR |s| {
        // SAFETY: both pointers lie in this frame.
        let slot = unsafe { s.sp.offset_from(s.fp) } as usize;
        { let next = s.vm().make_generator(s.pc.cast(), slot); flow(s, next) }
    }
    YIELD_VALUE |s| {
        let value = s.pop();
        // SAFETY: both pointers lie in this frame.
        let slot = unsafe { s.sp.offset_from(s.fp) } as usize;
        { let next = s.vm().yield_value(value, s.pc.cast(), slot); flow(s, next) }
    }
    CALL_KW |s| {
        let argc = s.arg();
        let (callee, self_or_null, names) = (s.peek(argc + 3), s.peek(argc + 2), s.peek(1));
        s.save(argc + 3, 0);
        let given = argc + usize::from(!self_or_null.is_undef());
        let values = &s.operands(given + 1)[..given];
        let r = s.vm().call_from_machine(callee, CallArgs::named(values, names));
        s.finish(argc + 3, 0, r)
    }
    CALL_FUNCTION_EX |s| {
        let with_keywords = s.arg() & 1;
        let keywords = if with_keywords != 0 { s.peek(1) } else { Value::UNDEF };
        let (callee, args) = (s.peek(3 + with_keywords), s.peek(1 + with_keywords));
        s.save(3 + with_keywords, 0);
        let r = s.vm().call_function_ex(callee, args, keywords);
        s.finish(3 + with_keywords, 0, r)
    }
    CALL_INTRINSIC_1 |s| { s.save(1, 0); let r = s.vm().call_intrinsic_1(s.arg() as u32, s.peek(1)); s.finish(1, 0, r) }
    CALL_INTRINSIC_2 |s| {
        s.save(2, 0);
        let r = s.vm().call_intrinsic_2(s.arg() as u32, s.peek(2), s.peek(1));
        s.finish(2, 0, r)
    }
    BUILD_TUPLE |s| { let r = s.vm().build_tuple(s.operands(s.arg())); s.finish(s.arg(), 0, r) }
    BUILD_LIST |s| { let r = s.vm().build_list(s.operands(s.arg())); s.finish(s.arg(), 0, r) }
    BUILD_SET |s| { s.save(s.arg(), 0); let r = s.vm().build_set(s.operands(s.arg())); s.finish(s.arg(), 0, r) }
    BUILD_STRING |s| { let r = s.vm().build_string(s.operands(s.arg())); s.finish(s.arg(), 0, r) }
    BUILD_MAP |s| {
        s.save(s.arg() * 2, 0);
        let r = s.vm().build_map(s.operands(s.arg() * 2));
        s.finish(s.arg() * 2, 0, r)
    }
    BUILD_CONST_KEY_MAP |s| {
        s.save(s.arg() + 1, 0);
        let values = &s.operands(s.arg() + 1)[..s.arg()];
        let r = s.vm().build_const_key_map(s.peek(1), values);
        s.finish(s.arg() + 1, 0, r)
    }
    BUILD_SLICE |s| {
        let step = if s.arg() == 3 { s.peek(1) } else { Value::NONE };
        let (start, stop) = (s.peek(s.arg()), s.peek(s.arg() - 1));
        let r = s.vm().new_slice(start, stop, step);
        s.finish(s.arg(), 0, r)
    }
    LIST_APPEND |s| { let r = s.vm().list_append(s.peek(s.arg() + 1), s.peek(1)); s.finish_void(1, 0, r) }
    SET_ADD |s| { s.save(1, 0); let r = s.vm().set_add(s.peek(s.arg() + 1), s.peek(1)); s.finish_void(1, 0, r) }
    MAP_ADD |s| {
        s.save(2, 0);
        let r = s.vm().map_add(s.peek(s.arg() + 2), s.peek(2), s.peek(1));
        s.finish_void(2, 0, r)
    }
    LIST_EXTEND |s| { s.save(1, 0); let r = s.vm().list_extend(s.peek(s.arg() + 1), s.peek(1)); s.finish_void(1, 0, r) }
    SET_UPDATE |s| { s.save(1, 0); let r = s.vm().set_update(s.peek(s.arg() + 1), s.peek(1)); s.finish_void(1, 0, r) }
    DICT_UPDATE |s| { s.save(1, 0); let r = s.vm().dict_update(s.peek(s.arg() + 1), s.peek(1)); s.finish_void(1, 0, r) }
    DICT_MERGE |s| {
        s.save(1, 0);
        let r = s.vm().dict_merge(s.peek(s.arg() + 1), s.peek(1), s.peek(s.arg() + 4));
        s.finish_void(1, 0, r)
    }
    UNPACK_SEQUENCE |s| {
        let count = s.arg();
        s.save(1, 1);
        let mut items = [Value::UNDEF; 256];
        if count > 256 { return unpack_many(s, count); }
        let sequence = s.peek(1);
        if s.vm().unpack(sequence, count, items.as_mut_ptr()).is_err() { return Next::Raise; }
        s.drop(1);
        for item in items[..count].iter().rev() { s.push(*item); }
        s.skip(1);
        Next::Go
    }
    UNPACK_EX |s| {
        let (before, after) = (s.arg() & 255, s.arg() >> 8);
        s.save(1, 0);
        let mut items = vec![Value::UNDEF; before + 1 + after];
        let sequence = s.peek(1);
        if s.vm().unpack_ex(sequence, before, after, items.as_mut_ptr()).is_err() { return Next::Raise; }
        s.drop(1);
        for item in items.iter().rev() { s.push(*item); }
        Next::Go
    }
    FORMAT_SIMPLE |s| { s.save(1, 0); let r = s.vm().format_simple(s.peek(1)); s.finish(1, 0, r) }
    FORMAT_WITH_SPEC |s| { s.save(2, 0); let r = s.vm().format_with_spec(s.peek(2), s.peek(1)); s.finish(2, 0, r) }
    CONVERT_VALUE |s| { s.save(1, 0); let r = s.vm().convert_value(s.peek(1), s.arg() as u32); s.finish(1, 0, r) }
    MAKE_FUNCTION |s| { let r = s.vm().make_function(s.peek(1)); s.finish(1, 0, r) }
    SET_FUNCTION_ATTRIBUTE |s| {
        let (function, value) = (s.peek(1), s.peek(2));
        s.vm().set_function_attribute(function, s.arg() as u32, value);
        s.finish(2, 0, function)
    }
    IMPORT_NAME |s| {
        s.save(2, 0);
        let r = s.vm().import_name(s.name(s.arg()), s.peek(1), s.peek(2));
        s.finish(2, 0, r)
    }
    IMPORT_FROM |s| { s.save(0, 0); let r = s.vm().import_from(s.peek(1), s.name(s.arg())); s.finish(0, 0, r) }
    PUSH_EXC_INFO |s| {
        let exception = s.pop();
        let previous = s.vm().push_exc_info(exception);
        s.push(previous);
        s.push(exception);
        Next::Go
    }
    POP_EXCEPT |s| { let previous = s.pop(); s.vm().pop_except(previous); Next::Go }
    CHECK_EXC_MATCH |s| {
        match s.vm().check_exc_match(s.peek(2), s.peek(1)) {
            Ok(matches) => { s.set(1, Value::from_bool(matches)); Next::Go }
            Err(Raised) => Next::Raise,
        }
    }
    CHECK_EG_MATCH |s| {
        s.save(2, 0);
        let (group, ty) = (s.peek(2), s.peek(1));
        match s.vm().check_eg_match(group, ty) {
            Ok((rest, matched)) => { s.set(2, rest); s.set(1, matched); Next::Go }
            Err(Raised) => Next::Raise,
        }
    }
    RERAISE |s| {
        let lasti = if s.arg() > 0 { s.peek(s.arg() + 1).as_int() } else { None };
        let exception = s.peek(1);
        s.save(0, 0);
        s.vm().reraise(exception, lasti);
        Next::Raise
    }
    RAISE_VARARGS |s| {
        s.save(s.arg(), 0);
        match s.arg() {
            0 => s.vm().reraise_handled(),
            1 => { let exception = s.peek(1); s.vm().raise_varargs(exception, None) }
            _ => { let (exception, cause) = (s.peek(2), s.peek(1)); s.vm().raise_varargs(exception, Some(cause)) }
        };
        Next::Raise
    }
    BEFORE_WITH |s| {
        s.save(1, 0);
        let mut pair = [Value::UNDEF; 2];
        let manager = s.peek(1);
        if s.vm().before_with(manager, pair.as_mut_ptr()).is_err() { return Next::Raise; }
        s.set(1, pair[0]);
        s.push(pair[1]);
        Next::Go
    }
    BEFORE_ASYNC_WITH |s| {
        s.save(1, 0);
        let mut pair = [Value::UNDEF; 2];
        let manager = s.peek(1);
        if s.vm().before_async_with(manager, pair.as_mut_ptr()).is_err() { return Next::Raise; }
        s.set(1, pair[0]);
        s.push(pair[1]);
        Next::Go
    }
    WITH_EXCEPT_START |s| { s.save(0, 0); let r = s.vm().with_except_start(s.peek(4), s.peek(1)); s.finish(0, 0, r) }
    GET_LEN |s| { s.save(0, 0); let r = s.vm().get_len(s.peek(1)); s.finish(0, 0, r) }
    MATCH_MAPPING |s| { let r = s.vm().match_mapping(s.peek(1)); s.push(Value::from_bool(r)); Next::Go }
    MATCH_SEQUENCE |s| { let r = s.vm().match_sequence(s.peek(1)); s.push(Value::from_bool(r)); Next::Go }
    MATCH_KEYS |s| { s.save(0, 0); let r = s.vm().match_keys(s.peek(2), s.peek(1)); s.finish(0, 0, r) }
    MATCH_CLASS |s| {
        s.save(3, 0);
        let r = s.vm().match_class(s.peek(3), s.peek(2), s.arg(), s.peek(1));
        s.finish(3, 0, r)
    }
}

fn unpack_many(s: &mut State, count: usize) -> Next {
    let mut items = vec![Value::UNDEF; count];
    let sequence = s.peek(1);
    if s.vm().unpack(sequence, count, items.as_mut_ptr()).is_err() {
        return Next::Raise;
    }
    s.drop(1);
    for item in items.iter().rev() {
        s.push(*item);
    }
    s.skip(1);
    Next::Go
}
