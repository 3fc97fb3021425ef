//! The handlers: fetch operands, call an operation, store the result. Each is written once; `dispatch` makes the tail
//! form and the loop form of them. `run` is the straight path without calls; `slow` is everything else.

use bytecode::{BinOp, CompareOp};
use runtime::ops::TruthMode;
use runtime::{CallArgs, Flow, Found, Raised, Stored, Value, Vm};

use crate::arithmetic::{ANY, Binary, Compare, CompareJump, RK, RR};
use crate::calls::{self, Call, CallGlobal, CallMethod, CallSelf, call_general};
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

/// Handlers that are instances of a family.
macro_rules! families {
    ($($name:ident = $type:ty;)*) => {$(
        #[allow(non_camel_case_types, reason = "a handler is named as its opcode")]
        #[allow(clippy::upper_case_acronyms, reason = "so is the whole table")]
        pub(crate) type $name = $type;
    )*};
}

families! {
    ADD = Binary<{ BinOp::Add as u8 }, ANY>;
    ADD_RR = Binary<{ BinOp::Add as u8 }, RR>;
    ADD_RK = Binary<{ BinOp::Add as u8 }, RK>;
    AND = Binary<{ BinOp::And as u8 }, ANY>;
    FLOOR_DIVIDE = Binary<{ BinOp::FloorDivide as u8 }, ANY>;
    LSHIFT = Binary<{ BinOp::LShift as u8 }, ANY>;
    MATRIX_MULTIPLY = Binary<{ BinOp::MatrixMultiply as u8 }, ANY>;
    MULTIPLY = Binary<{ BinOp::Multiply as u8 }, ANY>;
    MULTIPLY_RR = Binary<{ BinOp::Multiply as u8 }, RR>;
    MULTIPLY_RK = Binary<{ BinOp::Multiply as u8 }, RK>;
    REMAINDER = Binary<{ BinOp::Remainder as u8 }, ANY>;
    OR = Binary<{ BinOp::Or as u8 }, ANY>;
    POWER = Binary<{ BinOp::Power as u8 }, ANY>;
    RSHIFT = Binary<{ BinOp::RShift as u8 }, ANY>;
    SUBTRACT = Binary<{ BinOp::Subtract as u8 }, ANY>;
    SUBTRACT_RR = Binary<{ BinOp::Subtract as u8 }, RR>;
    SUBTRACT_RK = Binary<{ BinOp::Subtract as u8 }, RK>;
    TRUE_DIVIDE = Binary<{ BinOp::TrueDivide as u8 }, ANY>;
    XOR = Binary<{ BinOp::Xor as u8 }, ANY>;
    INPLACE_ADD = Binary<{ BinOp::InplaceAdd as u8 }, ANY>;
    INPLACE_ADD_RR = Binary<{ BinOp::InplaceAdd as u8 }, RR>;
    INPLACE_ADD_RK = Binary<{ BinOp::InplaceAdd as u8 }, RK>;
    INPLACE_AND = Binary<{ BinOp::InplaceAnd as u8 }, ANY>;
    INPLACE_FLOOR_DIVIDE = Binary<{ BinOp::InplaceFloorDivide as u8 }, ANY>;
    INPLACE_LSHIFT = Binary<{ BinOp::InplaceLShift as u8 }, ANY>;
    INPLACE_MATRIX_MULTIPLY = Binary<{ BinOp::InplaceMatrixMultiply as u8 }, ANY>;
    INPLACE_MULTIPLY = Binary<{ BinOp::InplaceMultiply as u8 }, ANY>;
    INPLACE_MULTIPLY_RR = Binary<{ BinOp::InplaceMultiply as u8 }, RR>;
    INPLACE_MULTIPLY_RK = Binary<{ BinOp::InplaceMultiply as u8 }, RK>;
    INPLACE_REMAINDER = Binary<{ BinOp::InplaceRemainder as u8 }, ANY>;
    INPLACE_OR = Binary<{ BinOp::InplaceOr as u8 }, ANY>;
    INPLACE_POWER = Binary<{ BinOp::InplacePower as u8 }, ANY>;
    INPLACE_RSHIFT = Binary<{ BinOp::InplaceRShift as u8 }, ANY>;
    INPLACE_SUBTRACT = Binary<{ BinOp::InplaceSubtract as u8 }, ANY>;
    INPLACE_SUBTRACT_RR = Binary<{ BinOp::InplaceSubtract as u8 }, RR>;
    INPLACE_SUBTRACT_RK = Binary<{ BinOp::InplaceSubtract as u8 }, RK>;
    INPLACE_TRUE_DIVIDE = Binary<{ BinOp::InplaceTrueDivide as u8 }, ANY>;
    INPLACE_XOR = Binary<{ BinOp::InplaceXor as u8 }, ANY>;
    LT = Compare<{ CompareOp::Lt as u8 }, false>;
    LT_BOOL = Compare<{ CompareOp::Lt as u8 }, true>;
    JUMP_IF_LT = CompareJump<{ CompareOp::Lt as u8 }, false, ANY>;
    JUMP_IF_LT_RR = CompareJump<{ CompareOp::Lt as u8 }, false, RR>;
    JUMP_IF_LT_RK = CompareJump<{ CompareOp::Lt as u8 }, false, RK>;
    JUMP_IF_NOT_LT = CompareJump<{ CompareOp::Lt as u8 }, true, ANY>;
    JUMP_IF_NOT_LT_RR = CompareJump<{ CompareOp::Lt as u8 }, true, RR>;
    JUMP_IF_NOT_LT_RK = CompareJump<{ CompareOp::Lt as u8 }, true, RK>;
    LE = Compare<{ CompareOp::Le as u8 }, false>;
    LE_BOOL = Compare<{ CompareOp::Le as u8 }, true>;
    JUMP_IF_LE = CompareJump<{ CompareOp::Le as u8 }, false, ANY>;
    JUMP_IF_LE_RR = CompareJump<{ CompareOp::Le as u8 }, false, RR>;
    JUMP_IF_LE_RK = CompareJump<{ CompareOp::Le as u8 }, false, RK>;
    JUMP_IF_NOT_LE = CompareJump<{ CompareOp::Le as u8 }, true, ANY>;
    JUMP_IF_NOT_LE_RR = CompareJump<{ CompareOp::Le as u8 }, true, RR>;
    JUMP_IF_NOT_LE_RK = CompareJump<{ CompareOp::Le as u8 }, true, RK>;
    EQ = Compare<{ CompareOp::Eq as u8 }, false>;
    EQ_BOOL = Compare<{ CompareOp::Eq as u8 }, true>;
    JUMP_IF_EQ = CompareJump<{ CompareOp::Eq as u8 }, false, ANY>;
    JUMP_IF_EQ_RR = CompareJump<{ CompareOp::Eq as u8 }, false, RR>;
    JUMP_IF_EQ_RK = CompareJump<{ CompareOp::Eq as u8 }, false, RK>;
    JUMP_IF_NOT_EQ = CompareJump<{ CompareOp::Eq as u8 }, true, ANY>;
    JUMP_IF_NOT_EQ_RR = CompareJump<{ CompareOp::Eq as u8 }, true, RR>;
    JUMP_IF_NOT_EQ_RK = CompareJump<{ CompareOp::Eq as u8 }, true, RK>;
    NE = Compare<{ CompareOp::Ne as u8 }, false>;
    NE_BOOL = Compare<{ CompareOp::Ne as u8 }, true>;
    JUMP_IF_NE = CompareJump<{ CompareOp::Ne as u8 }, false, ANY>;
    JUMP_IF_NE_RR = CompareJump<{ CompareOp::Ne as u8 }, false, RR>;
    JUMP_IF_NE_RK = CompareJump<{ CompareOp::Ne as u8 }, false, RK>;
    JUMP_IF_NOT_NE = CompareJump<{ CompareOp::Ne as u8 }, true, ANY>;
    JUMP_IF_NOT_NE_RR = CompareJump<{ CompareOp::Ne as u8 }, true, RR>;
    JUMP_IF_NOT_NE_RK = CompareJump<{ CompareOp::Ne as u8 }, true, RK>;
    GT = Compare<{ CompareOp::Gt as u8 }, false>;
    GT_BOOL = Compare<{ CompareOp::Gt as u8 }, true>;
    JUMP_IF_GT = CompareJump<{ CompareOp::Gt as u8 }, false, ANY>;
    JUMP_IF_GT_RR = CompareJump<{ CompareOp::Gt as u8 }, false, RR>;
    JUMP_IF_GT_RK = CompareJump<{ CompareOp::Gt as u8 }, false, RK>;
    JUMP_IF_NOT_GT = CompareJump<{ CompareOp::Gt as u8 }, true, ANY>;
    JUMP_IF_NOT_GT_RR = CompareJump<{ CompareOp::Gt as u8 }, true, RR>;
    JUMP_IF_NOT_GT_RK = CompareJump<{ CompareOp::Gt as u8 }, true, RK>;
    GE = Compare<{ CompareOp::Ge as u8 }, false>;
    GE_BOOL = Compare<{ CompareOp::Ge as u8 }, true>;
    JUMP_IF_GE = CompareJump<{ CompareOp::Ge as u8 }, false, ANY>;
    JUMP_IF_GE_RR = CompareJump<{ CompareOp::Ge as u8 }, false, RR>;
    JUMP_IF_GE_RK = CompareJump<{ CompareOp::Ge as u8 }, false, RK>;
    JUMP_IF_NOT_GE = CompareJump<{ CompareOp::Ge as u8 }, true, ANY>;
    JUMP_IF_NOT_GE_RR = CompareJump<{ CompareOp::Ge as u8 }, true, RR>;
    JUMP_IF_NOT_GE_RK = CompareJump<{ CompareOp::Ge as u8 }, true, RK>;
    CALL0 = Call<0>;
    CALL_SELF0 = CallSelf<0>;
    CALL_GLOBAL0 = CallGlobal<0>;
    CALL_METHOD0 = CallMethod<0>;
    CALL1 = Call<1>;
    CALL_SELF1 = CallSelf<1>;
    CALL_GLOBAL1 = CallGlobal<1>;
    CALL_METHOD1 = CallMethod<1>;
    CALL2 = Call<2>;
    CALL_SELF2 = CallSelf<2>;
    CALL_GLOBAL2 = CallGlobal<2>;
    CALL_METHOD2 = CallMethod<2>;
    CALL3 = Call<3>;
    CALL_SELF3 = CallSelf<3>;
    CALL_GLOBAL3 = CallGlobal<3>;
    CALL_METHOD3 = CallMethod<3>;
    CALL4 = Call<4>;
    CALL_SELF4 = CallSelf<4>;
    CALL_GLOBAL4 = CallGlobal<4>;
    CALL_METHOD4 = CallMethod<4>;
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

/// Operand c as a signed offset.
fn extra_target(s: &State) -> isize {
    s.extra(0) as u16 as i16 as isize
}

handlers! {
    MOVE |s| { let value = s.reg(s.b()); s.set(s.a(), value); Next::Go }
    LOAD_CONST |s| { let value = s.pool(s.wide() as u32 as usize); s.set(s.a(), value); Next::Go }
    LOAD_NULL |s| { s.set(s.a(), Value::UNDEF); Next::Go }
    CHECK_LOCAL |s| { if s.reg(s.a()).is_undef() { Next::Slow } else { Next::Go } } => {
        s.vm().raise_unbound_slot(s.a());
        Next::Raise
    }
    LOAD_FAST_AND_CLEAR |s| {
        let value = s.reg(s.b());
        s.set(s.a(), value);
        s.set(s.b(), Value::UNDEF);
        Next::Go
    }
    DELETE_LOCAL |s| {
        if s.reg(s.a()).is_undef() { return Next::Slow; }
        s.set(s.a(), Value::UNDEF);
        Next::Go
    } => { s.vm().raise_unbound_slot(s.a()); Next::Raise }
    LOAD_DEREF |s| {
        let value = s.vm().cell_contents(s.reg(s.b()));
        if value.is_undef() { return Next::Slow; }
        s.set(s.a(), value);
        Next::Go
    } => { s.vm().raise_unbound_cell(s.b()); Next::Raise }
    STORE_DEREF |s| {
        let value = s.rk(s.b());
        s.vm().set_cell_contents(s.reg(s.a()), value);
        Next::Go
    }
    DELETE_DEREF |s| {
        let cell = s.reg(s.a());
        if s.vm().cell_contents(cell).is_undef() { return Next::Slow; }
        s.vm().set_cell_contents(cell, Value::UNDEF);
        Next::Go
    } => { s.vm().raise_unbound_cell(s.a()); Next::Raise }
    LOAD_GLOBAL |s| { calls::load_global_cached(s) } => { calls::load_global_slow(s) }

    LOAD_ATTR |s| { let _ = &s; Next::Slow } => { load_attr(s) }
    LOAD_ATTR_SLOT |s| {
        let cache = s.word(0);
        let Some(value) = Vm::cached_slot(s.rk(s.b()), cache as u32, (cache >> 32) as u32) else { return Next::Slow };
        s.set(s.a(), value);
        s.skip(2);
        Next::Go
    } => { load_attr(s) }
    LOAD_METHOD |s| { let _ = &s; Next::Slow } => { load_method(s) }
    LOAD_METHOD_CACHED |s| {
        let object = s.rk(s.b());
        if Vm::shape_id(object) != s.word(0) as u32 { return Next::Slow; }
        let method = calls::cached_value(s, 1);
        s.set(s.a(), method);
        s.set(s.a() + 1, object);
        s.skip(2);
        Next::Go
    } => { load_method(s) }
    STORE_ATTR |s| { let _ = &s; Next::Slow } => { store_attr(s) }
    STORE_ATTR_SLOT |s| {
        let cache = s.word(0);
        if !Vm::store_cached_slot(s.rk(s.a()), cache as u32, (cache >> 32) as u32, s.rk(s.c())) { return Next::Slow; }
        s.skip(1);
        Next::Go
    } => { store_attr(s) }
    STORE_ATTR_ADD |s| {
        let cache = s.word(0);
        if !s.vm().add_cached_slot(s.rk(s.a()), cache as u32, (cache >> 32) as u32, s.rk(s.c())) { return Next::Slow; }
        s.skip(1);
        Next::Go
    } => { store_attr(s) }

    BINARY_SUBSCR |s| {
        match s.vm().load_item_inline(s.rk(s.b()), s.rk(s.c())) {
            Some(item) => { s.set(s.a(), item); Next::Go }
            None => Next::Slow,
        }
    } => { binary_subscr(s) }
    BINARY_SUBSCR_RR |s| {
        match s.vm().load_item_inline(s.reg(s.b()), s.reg(s.c())) {
            Some(item) => { s.set(s.a(), item); Next::Go }
            None => Next::Slow,
        }
    } => { binary_subscr(s) }
    STORE_SUBSCR |s| {
        if Vm::store_item_inline(s.rk(s.a()), s.rk(s.b()), s.rk(s.c())) { Next::Go } else { Next::Slow }
    } => {
        s.save(0, 0);
        let r = s.vm().store_item(s.rk(s.a()), s.rk(s.b()), s.rk(s.c()));
        s.finish_void(0, r)
    }
    UNARY_NOT |s| { let value = s.rk(s.b()); s.set(s.a(), Value::from_bool(value == Value::FALSE)); Next::Go }
    TO_BOOL |s| {
        let Some(truth) = Vm::truth_inline(s.rk(s.b())) else { return Next::Slow };
        s.set(s.a(), Value::from_bool(truth));
        Next::Go
    } => { s.save(s.a(), 0); let r = s.vm().truth(s.rk(s.b()), TruthMode::Plain); s.finish(s.a(), 0, r) }
    TO_BOOL_NOT |s| {
        let Some(truth) = Vm::truth_inline(s.rk(s.b())) else { return Next::Slow };
        s.set(s.a(), Value::from_bool(!truth));
        Next::Go
    } => { s.save(s.a(), 0); let r = s.vm().truth(s.rk(s.b()), TruthMode::Negated); s.finish(s.a(), 0, r) }
    IS |s| { let same = s.rk(s.b()) == s.rk(s.c()); s.set(s.a(), Value::from_bool(same)); Next::Go }
    IS_NOT |s| { let same = s.rk(s.b()) == s.rk(s.c()); s.set(s.a(), Value::from_bool(!same)); Next::Go }

    JUMP |s| { let offset = (s.ins >> 16) as i32; s.jump(0, offset as isize) }
    JUMP_IF_TRUE |s| { let taken = s.rk(s.a()) == Value::TRUE; s.branch(taken, 0, s.wide() as isize) }
    JUMP_IF_FALSE |s| { let taken = s.rk(s.a()) == Value::FALSE; s.branch(taken, 0, s.wide() as isize) }
    JUMP_IF_NONE |s| { let taken = s.rk(s.a()).is_none(); s.branch(taken, 0, s.wide() as isize) }
    JUMP_IF_NOT_NONE |s| { let taken = !s.rk(s.a()).is_none(); s.branch(taken, 0, s.wide() as isize) }
    JUMP_IF_TRUTHY |s| {
        match Vm::truth_inline(s.rk(s.a())) {
            Some(truth) => s.branch(truth, 0, s.wide() as isize),
            None => Next::Slow,
        }
    } => { truth_jump(s, TruthMode::BranchIfTrue) }
    JUMP_IF_FALSY |s| {
        match Vm::truth_inline(s.rk(s.a())) {
            Some(truth) => s.branch(!truth, 0, s.wide() as isize),
            None => Next::Slow,
        }
    } => { truth_jump(s, TruthMode::BranchIfFalse) }
    JUMP_IF_IS |s| { let same = s.rk(s.a()) == s.rk(s.b()); s.branch(same, 0, s.target()) }
    JUMP_IF_IS_NOT |s| { let same = s.rk(s.a()) == s.rk(s.b()); s.branch(!same, 0, s.target()) }

    FOR_ITER |s| {
        match s.vm().iter_next_inline(s.reg(s.b())) {
            Some(item) => { s.set(s.a(), item); Next::Go }
            None => Next::Slow,
        }
    } => {
        let exhausted = s.pc.wrapping_offset(s.target());
        s.save(s.a(), 0);
        iterate(s, s.pc, exhausted)
    }
    FOR_LOOP |s| {
        match s.vm().iter_next_inline(s.reg(s.b())) {
            Some(item) => { s.set(s.a(), item); s.jump(0, s.target()) }
            None => Next::Slow,
        }
    } => {
        let body = s.pc.wrapping_offset(s.target());
        s.vm().save(body.cast(), s.a());
        iterate(s, body, s.pc)
    }

    UNPACK_TO |s| {
        let count = s.b();
        let Some(items) = s.vm().tuple_items(s.rk(s.a()), count) else { return Next::Slow };
        for (i, item) in items.iter().enumerate() { s.set(s.listed(0, i), *item); }
        s.skip(count.div_ceil(4));
        Next::Go
    } => {
        let count = s.b();
        let words = count.div_ceil(4);
        s.save(0, words);
        let mut few = [Value::UNDEF; 8];
        let mut many = Vec::new();
        let items: &mut [Value] = if count <= 8 { &mut few[..count] } else {
            many.resize(count, Value::UNDEF);
            &mut many
        };
        if s.vm().unpack(s.rk(s.a()), count, items.as_mut_ptr()).is_err() { return Next::Raise; }
        for (i, item) in items.iter().enumerate() { s.set(s.listed(0, i), *item); }
        s.skip(words);
        Next::Go
    }

    RETURN |s| {
        if !s.vm().returns_plainly() { return Next::Slow; }
        let value = s.rk(s.a());
        return_plain(s, value)
    } => { let value = s.rk(s.a()); { let next = s.vm().finish_frame(value); flow(s, next) } }
    RETURN_R |s| {
        if !s.vm().returns_plainly() { return Next::Slow; }
        let value = s.reg(s.a());
        return_plain(s, value)
    } => { let value = s.reg(s.a()); { let next = s.vm().finish_frame(value); flow(s, next) } }
    RETURN_K |s| {
        if !s.vm().returns_plainly() { return Next::Slow; }
        let value = s.constant(s.a());
        return_plain(s, value)
    } => { let value = s.constant(s.a()); { let next = s.vm().finish_frame(value); flow(s, next) } }
    EXIT |s| {
        // SAFETY: a native's entry has one slot.
        s.vm().exit_value = unsafe { *s.fp };
        Next::Exit
    }
    EXIT_EXHAUSTED |s| { s.vm().exit_value = Value::EXHAUSTED; Next::Exit }
    INVALID |s| { let _ = &s; Next::Slow } => { s.vm().raise_invalid_opcode(); Next::Raise }
}

#[inline(always)]
fn return_plain(s: &mut State, value: Value) -> Next {
    let position = s.vm().pop_plain();
    s.enter(position);
    s.set(position.slot, value);
    Next::Go
}

fn binary_subscr(s: &mut State) -> Next {
    s.save(s.a(), 0);
    let result = s.vm().load_item(s.rk(s.b()), s.rk(s.c()));
    s.finish(s.a(), 0, result)
}

fn truth_jump(s: &mut State, mode: TruthMode) -> Next {
    s.save(0, 0);
    let result = s.vm().truth(s.rk(s.a()), mode);
    s.finish_branch(0, s.wide() as isize, result)
}

/// The next item of the iterator in operand b: goes on at `item`, or at `exhausted` if there is none.
fn iterate(s: &mut State, item: *mut u64, exhausted: *mut u64) -> Next {
    let raising = s.pc;
    let result = s.vm().iter_next(s.reg(s.b()));
    if result == Value::PUSHED {
        s.vm().set_alternative(exhausted.cast(), 0);
        return Next::Reload;
    }
    if result == Value::RAISED {
        s.pc = raising;
        return Next::Raise;
    }
    let backwards = item < s.pc;
    s.pc = if result == Value::EXHAUSTED {
        exhausted
    } else {
        s.set(s.a(), result);
        item
    };
    if backwards && s.vm().is_interrupted() { Next::Poll } else { Next::Go }
}

fn load_attr(s: &mut State) -> Next {
    let (object, name) = (s.rk(s.b()), s.name(s.c()));
    let found = s.vm().find_attr(object, name);
    if let Found::Slot(slot) = found
        && let Some(offset) = s.vm().slot_offset(object, slot)
    {
        s.set_word(0, u64::from(Vm::shape_id(object)) | u64::from(offset) << 32);
        s.quicken(quick::LOAD_ATTR_SLOT);
    }
    s.save(s.a(), 2);
    let result = match s.vm().load_found(found, object) {
        Some(result) => result,
        None => s.vm().load_attr(object, name),
    };
    s.finish(s.a(), 2, result)
}

/// An attribute that is called but binds nothing.
pub(crate) fn callable_attr(s: &mut State, found: Found, object: Value, name: Value) -> Value {
    if matches!(found, Found::Slot(_) | Found::ClassValue(_))
        && let Some(value) = s.vm().load_found(found, object)
    {
        return value;
    }
    s.vm().load_attr_with_null(object, name)
}

fn load_method(s: &mut State) -> Next {
    let (object, name) = (s.rk(s.b()), s.name(s.c()));
    let shape = Vm::shape_id(object);
    let found = s.vm().find_attr(object, name);
    let method = match found {
        Found::Method(method) => {
            if shape != 0 {
                s.set_word(0, u64::from(shape));
                calls::set_cached_value(s, 1, method);
                s.quicken(quick::LOAD_METHOD_CACHED);
            }
            method
        }
        Found::Slot(_) | Found::ClassValue(_) => Value::UNDEF,
        _ => s.vm().find_method_for_call(object, name),
    };
    if !method.is_undef() {
        s.set(s.a(), method);
        s.set(s.a() + 1, object);
        s.skip(2);
        return Next::Go;
    }
    s.save(s.a(), 2);
    let result = callable_attr(s, found, object, name);
    if result.is_signal() {
        return signal(result);
    }
    s.set(s.a(), result);
    s.set(s.a() + 1, Value::UNDEF);
    s.skip(2);
    Next::Go
}

fn store_attr(s: &mut State) -> Next {
    let (object, name, value) = (s.rk(s.a()), s.name(s.b()), s.rk(s.c()));
    s.save(0, 1);
    let shape = u64::from(Vm::shape_id(object));
    let (result, stored) = s.vm().store_attr_caching(object, name, value);
    match stored {
        Stored::Slot(offset) => {
            s.set_word(0, shape | u64::from(offset) << 32);
            s.quicken(quick::STORE_ATTR_SLOT);
        }
        Stored::Added(after) => {
            s.set_word(0, shape | u64::from(after) << 32);
            s.quicken(quick::STORE_ATTR_ADD);
        }
        Stored::Other => {}
    }
    s.finish_void(1, result)
}

fn load_super(s: &mut State, method: bool) -> Next {
    let (class, self_, two_arguments) = (s.rk(s.extra(0)), s.rk(s.extra(1)), s.extra(2) & 2 != 0);
    let (super_type, name) = (s.reg(s.b()), s.name(s.c()));
    s.save(s.a(), 1);
    if !method {
        let result = s.vm().load_super_attr(super_type, class, self_, name, two_arguments);
        return s.finish(s.a(), 1, result);
    }
    let mut pair = [Value::UNDEF; 2];
    if s.vm().load_super_method(super_type, class, self_, name, two_arguments, pair.as_mut_ptr()).is_err() {
        return Next::Raise;
    }
    set_pair(s, pair, 1)
}

fn set_pair(s: &mut State, pair: [Value; 2], words: usize) -> Next {
    s.set(s.a(), pair[0]);
    s.set(s.a() + 1, pair[1]);
    s.skip(words);
    Next::Go
}

fn contains_jump(s: &mut State, mode: TruthMode) -> Next {
    s.save(0, 0);
    let result = s.vm().contains(s.rk(s.b()), s.rk(s.a()), mode);
    s.finish_branch(0, s.target(), result)
}

operations! {
    MAKE_CELL |s| { let cell = s.vm().new_closure_cell(s.reg(s.a())); s.set(s.a(), cell); Next::Go }
    COPY_FREE_VARS |s| { s.vm().copy_free_vars(s.a()); Next::Go }
    LOAD_FROM_DICT_OR_DEREF |s| {
        s.save(s.a(), 0);
        let r = s.vm().load_from_dict_or_cell(s.reg(s.b()), s.c());
        s.finish(s.a(), 0, r)
    }
    STORE_GLOBAL |s| { let value = s.rk(s.b()); s.vm().store_global(s.name(s.a()), value); Next::Go }
    DELETE_GLOBAL |s| { let r = s.vm().delete_global(s.name(s.a())); s.finish_void(0, r) }
    LOAD_NAME |s| { s.save(s.a(), 0); let r = s.vm().load_name(s.name(s.b())); s.finish(s.a(), 0, r) }
    STORE_NAME |s| { s.save(0, 0); let r = s.vm().store_name(s.name(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    DELETE_NAME |s| { s.save(0, 0); let r = s.vm().delete_name(s.name(s.a())); s.finish_void(0, r) }
    LOAD_FROM_DICT_OR_GLOBALS |s| {
        s.save(s.a(), 0);
        let r = s.vm().load_from_dict_or_globals(s.reg(s.b()), s.name(s.c()));
        s.finish(s.a(), 0, r)
    }
    LOAD_LOCALS |s| { let r = s.vm().locals_mapping(); s.finish(s.a(), 0, r) }
    LOAD_BUILD_CLASS |s| { let r = s.vm().load_build_class(); s.finish(s.a(), 0, r) }
    LOAD_ASSERTION_ERROR |s| { let r = s.vm().assertion_error(); s.finish(s.a(), 0, r) }
    SETUP_ANNOTATIONS |s| { s.save(0, 0); let r = s.vm().setup_annotations(); s.finish_void(0, r) }
    DELETE_ATTR |s| { s.save(0, 0); let r = s.vm().delete_attr(s.rk(s.a()), s.name(s.b())); s.finish_void(0, r) }
    LOAD_SUPER_ATTR |s| { load_super(s, false) }
    LOAD_SUPER_METHOD |s| { load_super(s, true) }
    DELETE_SUBSCR |s| { s.save(0, 0); let r = s.vm().delete_item(s.rk(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    BINARY_SLICE |s| {
        s.save(s.a(), 1);
        let r = s.vm().load_slice(s.rk(s.b()), s.rk(s.c()), s.rk(s.extra(0)));
        s.finish(s.a(), 1, r)
    }
    STORE_SLICE |s| {
        s.save(0, 1);
        let r = s.vm().store_slice(s.rk(s.a()), s.rk(s.b()), s.rk(s.c()), s.rk(s.extra(0)));
        s.finish_void(1, r)
    }
    BUILD_SLICE |s| {
        let r = s.vm().new_slice(s.rk(s.b()), s.rk(s.c()), Value::NONE);
        s.finish(s.a(), 0, r)
    }
    BUILD_SLICE3 |s| {
        let r = s.vm().new_slice(s.rk(s.b()), s.rk(s.c()), s.rk(s.extra(0)));
        s.finish(s.a(), 1, r)
    }
    UNARY_NEGATIVE |s| { s.save(s.a(), 0); let r = s.vm().negative(s.rk(s.b())); s.finish(s.a(), 0, r) }
    UNARY_INVERT |s| { s.save(s.a(), 0); let r = s.vm().invert(s.rk(s.b())); s.finish(s.a(), 0, r) }
    CONTAINS |s| {
        s.save(s.a(), 0);
        let r = s.vm().contains(s.rk(s.c()), s.rk(s.b()), TruthMode::Plain);
        s.finish(s.a(), 0, r)
    }
    NOT_CONTAINS |s| {
        s.save(s.a(), 0);
        let r = s.vm().contains(s.rk(s.c()), s.rk(s.b()), TruthMode::Negated);
        s.finish(s.a(), 0, r)
    }
    JUMP_IF_CONTAINS |s| { contains_jump(s, TruthMode::BranchIfTrue) }
    JUMP_IF_NOT_CONTAINS |s| { contains_jump(s, TruthMode::BranchIfFalse) }
    GET_ITER |s| { s.save(s.a(), 0); let r = s.vm().get_iter(s.rk(s.b())); s.finish(s.a(), 0, r) }
    GET_YIELD_FROM_ITER |s| { s.save(s.a(), 0); let r = s.vm().get_yield_from_iter(s.rk(s.b())); s.finish(s.a(), 0, r) }
    GET_AWAITABLE |s| { s.save(s.a(), 0); let r = s.vm().get_awaitable(s.rk(s.b()), s.c() as u32); s.finish(s.a(), 0, r) }
    GET_AITER |s| { s.save(s.a(), 0); let r = s.vm().get_aiter(s.rk(s.b())); s.finish(s.a(), 0, r) }
    GET_ANEXT |s| { s.save(s.a(), 0); let r = s.vm().get_anext(s.reg(s.b())); s.finish(s.a(), 0, r) }
    END_ASYNC_FOR |s| { let r = done(s.vm().end_async_for(s.reg(s.a()))); s.finish_void(0, r) }
    SEND |s| {
        s.save(s.a(), 1);
        let returned = s.pc.wrapping_add(1).wrapping_offset(extra_target(s));
        let result = s.vm().send(s.reg(s.b()), s.rk(s.c()));
        if result == Value::PUSHED {
            s.vm().set_alternative(returned.cast(), 0);
        } else if result == Value::EXHAUSTED {
            let value = std::mem::replace(&mut s.vm().sent_result, Value::UNDEF);
            s.set(s.a(), value);
            s.pc = returned;
            return Next::Go;
        }
        s.finish(s.a(), 1, result)
    }
    CLEANUP_THROW |s| { let r = s.vm().cleanup_throw(s.reg(s.b())); s.finish(s.a(), 0, r) }
    CALL_N |s| {
        let values = s.list(0, s.c());
        let callee = s.rk(s.b());
        call_general(s, callee, &values, values.len().div_ceil(4))
    }
    CALL_SELF_N |s| {
        let count = s.extra(0);
        let values = s.list_after(s.rk(s.c()), 1, count);
        let start = usize::from(values[0].is_undef());
        let callee = s.rk(s.b());
        call_general(s, callee, &values[start..], 1 + count.div_ceil(4))
    }
    CALL_GLOBAL_N |s| { calls::call_global_n(s) }
    CALL_METHOD_N |s| { calls::call_method_n(s) }
    CALL_KW |s| {
        let count = s.extra(1);
        let words = 1 + count.div_ceil(4);
        let values = s.list_after(s.rk(s.c()), 1, count);
        let start = usize::from(values[0].is_undef());
        s.save(s.a(), words);
        let args = CallArgs::named(&values[start..], s.rk(s.extra(0)));
        let r = s.vm().call_from_machine(s.rk(s.b()), args);
        s.finish(s.a(), words, r)
    }
    CALL_EX |s| {
        s.save(s.a(), 1);
        let r = s.vm().call_function_ex(s.rk(s.b()), s.rk(s.c()), s.rk(s.extra(0)));
        s.finish(s.a(), 1, r)
    }
    CALL_INTRINSIC_1 |s| {
        s.save(s.a(), 0);
        let r = s.vm().call_intrinsic_1(s.c() as u32, s.rk(s.b()));
        s.finish(s.a(), 0, r)
    }
    CALL_INTRINSIC_2 |s| {
        s.save(s.a(), 1);
        let r = s.vm().call_intrinsic_2(s.extra(0) as u32, s.rk(s.b()), s.rk(s.c()));
        s.finish(s.a(), 1, r)
    }
    RETURN_GENERATOR |s| {
        // The first value sent is dropped: it goes to a slot of its own behind the frame's.
        let slot = s.vm().spare_slot();
        { let next = s.vm().make_generator(s.pc.cast(), slot); flow(s, next) }
    }
    YIELD |s| { let value = s.rk(s.b()); { let next = s.vm().yield_value(value, s.pc.cast(), s.a()); flow(s, next) } }
    BUILD_TUPLE |s| {
        let count = s.b();
        let r = s.vm().tuple_with(count, |i| s.rk(s.listed(0, i)));
        s.finish(s.a(), count.div_ceil(4), r)
    }
    BUILD_LIST |s| {
        let count = s.b();
        let r = s.vm().list_with(count, |i| s.rk(s.listed(0, i)));
        s.finish(s.a(), count.div_ceil(4), r)
    }
    BUILD_SET |s| {
        let v = s.list(0, s.b());
        s.save(s.a(), v.len().div_ceil(4));
        let r = s.vm().build_set(&v);
        s.finish(s.a(), v.len().div_ceil(4), r)
    }
    BUILD_STRING |s| { let v = s.list(0, s.b()); let r = s.vm().build_string(&v); s.finish(s.a(), v.len().div_ceil(4), r) }
    BUILD_MAP |s| {
        let v = s.list(0, s.b());
        s.save(s.a(), v.len().div_ceil(4));
        let r = s.vm().build_map(&v);
        s.finish(s.a(), v.len().div_ceil(4), r)
    }
    BUILD_CONST_KEY_MAP |s| {
        let v = s.list(0, s.c());
        s.save(s.a(), v.len().div_ceil(4));
        let r = s.vm().build_const_key_map(s.rk(s.b()), &v);
        s.finish(s.a(), v.len().div_ceil(4), r)
    }
    LIST_APPEND |s| { let r = s.vm().list_append(s.reg(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    SET_ADD |s| { s.save(0, 0); let r = s.vm().set_add(s.reg(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    MAP_ADD |s| { s.save(0, 0); let r = s.vm().map_add(s.reg(s.a()), s.rk(s.b()), s.rk(s.c())); s.finish_void(0, r) }
    LIST_EXTEND |s| { s.save(0, 0); let r = s.vm().list_extend(s.reg(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    SET_UPDATE |s| { s.save(0, 0); let r = s.vm().set_update(s.reg(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    DICT_UPDATE |s| { s.save(0, 0); let r = s.vm().dict_update(s.reg(s.a()), s.rk(s.b())); s.finish_void(0, r) }
    DICT_MERGE |s| {
        s.save(0, 0);
        let r = s.vm().dict_merge(s.reg(s.a()), s.rk(s.b()), s.rk(s.c()));
        s.finish_void(0, r)
    }
    UNPACK_SEQUENCE |s| {
        s.save(0, 0);
        let to = s.fp.wrapping_add(s.a());
        match s.vm().unpack(s.rk(s.b()), s.c(), to) { Ok(()) => Next::Go, Err(Raised) => Next::Raise }
    }
    UNPACK_EX |s| {
        s.save(0, 1);
        let to = s.fp.wrapping_add(s.a());
        let r = done(s.vm().unpack_ex(s.rk(s.b()), s.c(), s.extra(0), to));
        s.finish_void(1, r)
    }
    FORMAT_SIMPLE |s| { s.save(s.a(), 0); let r = s.vm().format_simple(s.rk(s.b())); s.finish(s.a(), 0, r) }
    FORMAT_WITH_SPEC |s| { s.save(s.a(), 0); let r = s.vm().format_with_spec(s.rk(s.b()), s.rk(s.c())); s.finish(s.a(), 0, r) }
    CONVERT_VALUE |s| { s.save(s.a(), 0); let r = s.vm().convert_value(s.rk(s.b()), s.c() as u32); s.finish(s.a(), 0, r) }
    MAKE_FUNCTION |s| { let r = s.vm().make_function(s.rk(s.b())); s.finish(s.a(), 0, r) }
    SET_FUNCTION_ATTRIBUTE |s| { s.vm().set_function_attribute(s.reg(s.a()), s.c() as u32, s.rk(s.b())); Next::Go }
    IMPORT_NAME |s| {
        s.save(s.a(), 1);
        let r = s.vm().import_name(s.name(s.extra(0)), s.rk(s.c()), s.rk(s.b()));
        s.finish(s.a(), 1, r)
    }
    IMPORT_FROM |s| { s.save(s.a(), 0); let r = s.vm().import_from(s.rk(s.b()), s.name(s.c())); s.finish(s.a(), 0, r) }
    PUSH_EXC_INFO |s| {
        let exception = s.reg(s.a());
        let previous = s.vm().push_exc_info(exception);
        s.set(s.a(), previous);
        s.set(s.a() + 1, exception);
        Next::Go
    }
    POP_EXCEPT |s| { s.vm().pop_except(s.rk(s.a())); Next::Go }
    CHECK_EXC_MATCH |s| {
        match s.vm().check_exc_match(s.rk(s.b()), s.rk(s.c())) {
            Ok(matches) => { s.set(s.a(), Value::from_bool(matches)); Next::Go }
            Err(Raised) => Next::Raise,
        }
    }
    JUMP_IF_NOT_EXC_MATCH |s| {
        match s.vm().check_exc_match(s.rk(s.a()), s.rk(s.b())) {
            Ok(matches) => s.branch(!matches, 0, s.target()),
            Err(Raised) => Next::Raise,
        }
    }
    CHECK_EG_MATCH |s| {
        s.save(s.a(), 0);
        match s.vm().check_eg_match(s.rk(s.b()), s.rk(s.c())) {
            Ok((rest, matched)) => set_pair(s, [rest, matched], 0),
            Err(Raised) => Next::Raise,
        }
    }
    RERAISE |s| {
        let lasti = if s.a() == s.b() { None } else { s.rk(s.b()).as_int() };
        s.save(0, 0);
        s.vm().reraise(s.rk(s.a()), lasti);
        Next::Raise
    }
    RAISE0 |s| { s.vm().reraise_handled(); Next::Raise }
    RAISE1 |s| { s.save(0, 0); s.vm().raise_varargs(s.rk(s.a()), None); Next::Raise }
    RAISE2 |s| { s.save(0, 0); s.vm().raise_varargs(s.rk(s.a()), Some(s.rk(s.b()))); Next::Raise }
    BEFORE_WITH |s| {
        s.save(s.a(), 0);
        let mut pair = [Value::UNDEF; 2];
        if s.vm().before_with(s.rk(s.b()), pair.as_mut_ptr()).is_err() { return Next::Raise; }
        set_pair(s, pair, 0)
    }
    BEFORE_ASYNC_WITH |s| {
        s.save(s.a(), 0);
        let mut pair = [Value::UNDEF; 2];
        if s.vm().before_async_with(s.rk(s.b()), pair.as_mut_ptr()).is_err() { return Next::Raise; }
        set_pair(s, pair, 0)
    }
    WITH_EXCEPT_START |s| { s.save(s.a(), 0); let r = s.vm().with_except_start(s.rk(s.b()), s.rk(s.c())); s.finish(s.a(), 0, r) }
    GET_LEN |s| { s.save(s.a(), 0); let r = s.vm().get_len(s.rk(s.b())); s.finish(s.a(), 0, r) }
    MATCH_MAPPING |s| { let r = s.vm().match_mapping(s.rk(s.b())); s.set(s.a(), Value::from_bool(r)); Next::Go }
    MATCH_SEQUENCE |s| { let r = s.vm().match_sequence(s.rk(s.b())); s.set(s.a(), Value::from_bool(r)); Next::Go }
    MATCH_KEYS |s| { s.save(s.a(), 0); let r = s.vm().match_keys(s.rk(s.b()), s.rk(s.c())); s.finish(s.a(), 0, r) }
    MATCH_CLASS |s| {
        s.save(s.a(), 1);
        let r = s.vm().match_class(s.rk(s.b()), s.rk(s.c()), s.extra(1), s.rk(s.extra(0)));
        s.finish(s.a(), 1, r)
    }
}
