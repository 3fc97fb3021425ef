//! The machines' straight paths: plain calls and returns between Python functions, and inline-cache hits. Everything
//! else is behind an operation.

#![expect(unsafe_code, reason = "frames and cells are reached through pointers")]

use crate::cell::*;
use crate::code::CodeData;
use crate::frame::{ADDRESS, Cont, Frame, GENERATOR, HIGH};
use crate::value::Value;
use crate::vm::Vm;

/// Where a frame goes on: first slot, address, const pool, and the slot that the saved word names.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// Slot 0.
    pub fp: *mut Value,
    /// The next instruction.
    pub pc: *mut u8,
    /// The middle of the const pool.
    pub consts: *const Value,
    /// The result slot of a call that returns, or the first free slot of a frame that goes on.
    pub slot: usize,
}

impl Vm {
    /// The code of a callee that `argc` positional arguments can be given to as they lie, with room for its frame at
    /// `fp`; `None`: by the general way.
    #[inline(always)]
    pub fn plain_callee(&self, callee: Value, argc: usize, fp: *mut Value) -> Option<*mut CodeData> {
        if !callee.is_kind(Kind::Function) {
            return None;
        }
        // SAFETY: the callee is a live function.
        unsafe {
            let code = (*callee.cast::<FunctionCell>()).code_data;
            let fits = (*code).simple_argc as usize == argc
                && fp.wrapping_add((*code).frame_size as usize) <= self.stack_limit
                && self.frame.wrapping_add(1) < self.frame_limit;
            fits.then_some(code)
        }
    }

    /// Pushes the frame of a plain callee whose `argc` arguments lie at `fp`; the caller goes on at `pc` with the
    /// result in slot `slot`. Returns where the callee starts.
    ///
    /// # Safety
    /// [`Vm::plain_callee`] gave `code` for these.
    #[inline(always)]
    pub unsafe fn push_plain(
        &mut self,
        callee: Value,
        code: *mut CodeData,
        argc: usize,
        fp: *mut Value,
        pc: *mut u8,
        slot: usize,
    ) -> (*mut u8, *const Value) {
        // SAFETY: by contract there is room for the frame and its record.
        unsafe {
            for i in argc..(*code).nlocalsplus as usize {
                fp.add(i).write(Value::UNDEF);
            }
            (*self.frame).pc = pc as u64 | (slot as u64) << HIGH;
            let next = self.frame.add(1);
            (*next).callee = callee;
            (*next).fp = fp as u64;
            self.frame = next;
            self.top = fp.add((*code).frame_size as usize);
            ((*code).entry, (*code).consts)
        }
    }

    /// Whether the running frame returns by storing its result in the caller's slot.
    #[inline(always)]
    pub fn returns_plainly(&self) -> bool {
        self.current().fp >> HIGH == Cont::Store as u64
    }

    /// Pops a frame that returns plainly; where its caller goes on. The top is the popped frame's first slot.
    #[inline(always)]
    pub fn pop_plain(&mut self) -> Position {
        debug_assert!(self.returns_plainly());
        // SAFETY: the first record is a native's entry, which does not return; so there is a caller.
        unsafe {
            self.top = (*self.frame).fp as *mut Value;
            let caller = self.frame.sub(1);
            self.frame = caller;
            position(&*caller)
        }
    }

    /// After [`Vm::pop_plain`] in a machine whose callees' frames start among the caller's slots: the top is the end
    /// of the caller's frame again.
    #[inline(always)]
    pub fn restore_top(&mut self) {
        let caller = self.current();
        if caller.fp & GENERATOR == 0 {
            // SAFETY: the caller has live code.
            self.top = unsafe { caller.slots().add((*caller.code()).frame_size as usize) };
        }
    }

    /// The last slot of the running frame, which no instruction names.
    pub fn spare_slot(&self) -> usize {
        // SAFETY: the running frame has live code.
        unsafe { (*self.current().code()).frame_size as usize - 1 }
    }

    /// What raises from now on is step `step` of the running fused instruction.
    pub fn set_step(&mut self, step: usize) {
        self.gc.step = Some(step);
    }

    /// What raises from now on is the last step of the running instruction.
    pub fn clear_step(&mut self) {
        self.gc.step = None;
    }

    /// Where the running frame goes on.
    #[inline(always)]
    pub fn position(&self) -> Position {
        position(self.current())
    }

    /// The first free slot of the value stack.
    #[inline(always)]
    pub fn top(&self) -> *mut Value {
        self.top
    }

    /// Whether the running frame's slots lie in a generator.
    #[inline(always)]
    pub fn in_generator(&self) -> bool {
        self.current().fp & GENERATOR != 0
    }

    /// After an operation answered `PUSHED`: where the frame that saved its place goes on instead, if the continuation
    /// of the pushed frame says so, with its first free slot.
    #[inline(always)]
    pub fn set_alternative(&mut self, pc: *mut u8, slot: usize) {
        // SAFETY: the top record is the pushed frame's.
        unsafe { (*self.frame).alt = pc as u64 & ADDRESS | (slot as u64) << HIGH };
    }

    /// The value of attribute slot `offset` (bytes from the cell's start) if the object's shape is `shape`.
    #[inline(always)]
    pub fn cached_slot(object: Value, shape: u32, offset: u32) -> Option<Value> {
        if !object.is_cell() {
            return None;
        }
        // SAFETY: an object of this shape has an inline slot at the offset, as the cache was filled from one.
        unsafe {
            let cell = object.cell();
            if (*cell).shape() != shape {
                return None;
            }
            let value = *cell.cast::<u8>().add(offset as usize).cast::<Value>();
            (!value.is_undef()).then_some(value)
        }
    }

    /// Sets attribute slot `offset` if the object's shape is `shape`.
    #[inline(always)]
    pub fn store_cached_slot(object: Value, shape: u32, offset: u32, value: Value) -> bool {
        if !object.is_cell() {
            return false;
        }
        // SAFETY: as in `cached_slot`.
        unsafe {
            let cell = object.cell();
            if (*cell).shape() != shape {
                return false;
            }
            *cell.cast::<u8>().add(offset as usize).cast::<Value>() = value;
        }
        true
    }

    /// The byte offset of an instance's inline slot; `None` if the slot lies outside the cell.
    pub fn slot_offset(&self, object: Value, slot: usize) -> Option<u32> {
        let instance = object.as_cell::<ObjectCell>()?;
        // SAFETY: the instance is live.
        let inline = unsafe { (*instance).header.aux as usize };
        (slot < inline).then(|| (size_of::<ObjectCell>() + slot * size_of::<Value>()) as u32)
    }

    /// The shape id of a value, 0 for immediate ones: what caches compare.
    #[inline(always)]
    pub fn shape_id(value: Value) -> u32 {
        // SAFETY: the value is live.
        if value.is_cell() { unsafe { (*value.cell()).shape() } } else { 0 }
    }

    /// Whether exactly this value is an instance of a built-in class without a dict of its own: a shape of its type.
    #[inline(always)]
    pub fn is_bool(value: Value) -> bool {
        value.is_bool()
    }
}

#[inline(always)]
fn position(frame: &Frame) -> Position {
    // SAFETY: the frame has live code, a native's entry too.
    let consts = unsafe { (*frame.code()).consts };
    Position { fp: frame.slots(), pc: frame.resume_at(), consts, slot: frame.result_slot() }
}

impl Vm {
    /// The next item of an iterator over a range of inline ints, a list, a tuple or an ASCII string, if there is one
    /// more.
    #[inline(always)]
    pub fn iter_next_inline(&self, iterator: Value) -> Option<Value> {
        // SAFETY: the iterator and its sequence are live.
        unsafe {
            match iterator.kind()? {
                Kind::RangeIter => {
                    let cell = iterator.cast::<RangeIterCell>();
                    if (*cell).remaining <= 0 {
                        return None;
                    }
                    let next = (*cell).next;
                    (*cell).remaining -= 1;
                    (*cell).next = next.wrapping_add((*cell).step);
                    Value::from_int(next)
                }
                Kind::SeqIter => {
                    let cell = iterator.cast::<SeqIterCell>();
                    let index = (*cell).index as usize;
                    let item = match (*cell).header.shape() {
                        crate::vm::shape_id::LIST_ITERATOR if !(*cell).sequence.is_undef() => {
                            let items = &(*(*cell).sequence.cast::<ListCell>()).items;
                            *items.get(index)?
                        }
                        crate::vm::shape_id::TUPLE_ITERATOR if !(*cell).sequence.is_undef() => {
                            *TupleCell::items((*cell).sequence.cast()).get(index)?
                        }
                        crate::vm::shape_id::STR_ASCII_ITERATOR if !(*cell).sequence.is_undef() => {
                            let string = (*cell).sequence.cast::<StrCell>();
                            if index >= (*string).len {
                                return None;
                            }
                            *self.latin1.get_unchecked(*(*string).data.add(index) as usize)
                        }
                        _ => return None,
                    };
                    (*cell).index += 1;
                    Some(item)
                }
                _ => None,
            }
        }
    }

    /// Whether [`Vm::iter_next_inline`] has an item to give.
    pub(crate) fn has_next_inline(&self, iterator: Value) -> bool {
        use crate::vm::shape_id::{LIST_ITERATOR, STR_ASCII_ITERATOR, TUPLE_ITERATOR};
        // SAFETY: the iterator and its sequence are live.
        unsafe {
            match iterator.kind() {
                Some(Kind::RangeIter) => (*iterator.cast::<RangeIterCell>()).remaining > 0,
                Some(Kind::SeqIter) => {
                    let cell = iterator.cast::<SeqIterCell>();
                    let known =
                        matches!((*cell).header.shape(), LIST_ITERATOR | TUPLE_ITERATOR | STR_ASCII_ITERATOR);
                    known
                        && !(*cell).sequence.is_undef()
                        && self.len_plain((*cell).sequence).is_some_and(|len| ((*cell).index as usize) < len)
                }
                _ => false,
            }
        }
    }

    /// An item of an exact list or tuple, or a Latin-1 character of an exact string, by an inline int in range.
    #[inline(always)]
    pub fn load_item_inline(&self, container: Value, key: Value) -> Option<Value> {
        if !container.is_cell() || !key.is_int() {
            return None;
        }
        // SAFETY: the container is live.
        unsafe {
            let index = key.int();
            match (*container.cell()).shape() {
                crate::vm::shape_id::LIST => {
                    let items = &(*container.cast::<ListCell>()).items;
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    items.get(index as usize).copied()
                }
                crate::vm::shape_id::TUPLE => {
                    let items = TupleCell::items(container.cast());
                    let index = if index < 0 { index + items.len() as i64 } else { index };
                    items.get(index as usize).copied()
                }
                crate::vm::shape_id::STR => {
                    let string = container.cast::<StrCell>();
                    let index = if index < 0 { index + (*string).len as i64 } else { index };
                    if (*string).header.aux != 1 || index as u64 >= (*string).len as u64 {
                        return None;
                    }
                    Some(*self.latin1.get_unchecked(*(*string).data.add(index as usize) as usize))
                }
                _ => None,
            }
        }
    }

    /// Sets an item of an exact list by an inline int in range.
    #[inline(always)]
    pub fn store_item_inline(container: Value, key: Value, value: Value) -> bool {
        if !container.is_cell() || !key.is_int() {
            return false;
        }
        // SAFETY: the container is live.
        unsafe {
            if (*container.cell()).shape() != crate::vm::shape_id::LIST {
                return false;
            }
            let items = &mut (*container.cast::<ListCell>()).items;
            let index = key.int();
            let index = if index < 0 { index + items.len() as i64 } else { index };
            match items.get_mut(index as usize) {
                Some(place) => {
                    *place = value;
                    true
                }
                None => false,
            }
        }
    }

    /// The bool of a truth test that needs no more than a look at the word.
    #[inline(always)]
    pub fn truth_inline(value: Value) -> Option<bool> {
        if value.is_bool() {
            Some(value == Value::TRUE)
        } else if value.is_int() {
            Some(value != Value::small(0))
        } else if value.is_none() {
            Some(false)
        } else {
            None
        }
    }
}

/// `a op b` of two inline floats, or of an inline float and a small int, if the result is inline.
macro_rules! float_op {
    ($name:ident, $op:tt) => {
        #[doc = concat!("`a ", stringify!($op), " b` if one is an inline float, the other too or a small int, and the result is inline.")]
        #[inline(always)]
        pub fn $name(a: Value, b: Value) -> Option<Value> {
            let (x, y) = floats(a, b)?;
            Value::from_float(x $op y)
        }
    };
}

#[inline(always)]
fn floats(a: Value, b: Value) -> Option<(f64, f64)> {
    const EXACT: i64 = 1 << 53;
    if a.is_float() {
        if b.is_float() {
            return Some((a.float(), b.float()));
        }
        return (b.is_int() && b.int().abs() <= EXACT).then(|| (a.float(), b.int() as f64));
    }
    (a.is_int() && b.is_float() && a.int().abs() <= EXACT).then(|| (a.int() as f64, b.float()))
}

impl Vm {
    float_op!(add_floats, +);
    float_op!(sub_floats, -);
    float_op!(mul_floats, *);

    /// `a / b` of inline numbers, the divisor not zero, if the result is inline.
    #[inline(always)]
    pub fn div_inline(a: Value, b: Value) -> Option<Value> {
        const EXACT: u64 = 1 << 53;
        if let Some((x, y)) = floats(a, b) {
            return if y == 0.0 { None } else { Value::from_float(x / y) };
        }
        if a.are_ints(b) && b.int() != 0 && a.int().unsigned_abs() <= EXACT && b.int().unsigned_abs() <= EXACT
        {
            return Value::from_float(a.int() as f64 / b.int() as f64);
        }
        None
    }

    /// `a // b` of inline ints, the divisor positive.
    #[inline(always)]
    pub fn floor_div_inline(a: Value, b: Value) -> Option<Value> {
        if !a.are_ints(b) || b.int() <= 0 {
            return None;
        }
        Value::from_int(a.int().div_euclid(b.int()))
    }

    /// `a % b` of inline ints, the divisor positive.
    #[inline(always)]
    pub fn modulo_inline(a: Value, b: Value) -> Option<Value> {
        if !a.are_ints(b) || b.int() <= 0 {
            return None;
        }
        Value::from_int(a.int().rem_euclid(b.int()))
    }

    /// `a & b`, `a | b`, `a ^ b` of inline ints; shifts by small counts.
    #[inline(always)]
    pub fn bits_inline(op: bytecode::BinOp, a: Value, b: Value) -> Option<Value> {
        use bytecode::BinOp::{And, LShift, Or, RShift, Xor};
        if !a.are_ints(b) {
            return None;
        }
        let (x, y) = (a.int(), b.int());
        match op {
            And => Value::from_int(x & y),
            Or => Value::from_int(x | y),
            Xor => Value::from_int(x ^ y),
            RShift if (0..64).contains(&y) => Value::from_int(x >> y),
            LShift if (0..61).contains(&y) && x.unsigned_abs() < 1 << (61 - y) => Value::from_int(x << y),
            _ => None,
        }
    }

    /// A comparison of two inline ints or two inline floats.
    #[inline(always)]
    pub fn compare_inline(op: bytecode::CompareOp, a: Value, b: Value) -> Option<bool> {
        use bytecode::CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
        if a.are_ints(b) {
            let (x, y) = (a.bits() as i64, b.bits() as i64);
            return Some(match op {
                Lt => x < y,
                Le => x <= y,
                Eq => x == y,
                Ne => x != y,
                Gt => x > y,
                Ge => x >= y,
            });
        }
        if a.is_float() && b.is_float() {
            let (x, y) = (a.float(), b.float());
            return Some(match op {
                Lt => x < y,
                Le => x <= y,
                Eq => x == y,
                Ne => x != y,
                Gt => x > y,
                Ge => x >= y,
            });
        }
        match op {
            Eq => Self::str_eq_inline(a, b),
            Ne => Self::str_eq_inline(a, b).map(|same| !same),
            _ => None,
        }
    }

    /// Whether two exact strings are equal, where their identity, lengths or first units tell.
    #[inline(always)]
    fn str_eq_inline(a: Value, b: Value) -> Option<bool> {
        use crate::vm::shape_id::STR;
        if Self::shape_id(a) != STR || Self::shape_id(b) != STR {
            return None;
        }
        // SAFETY: both are live strings; those that are not empty have a first byte.
        unsafe {
            let (x, y) = (&*a.cast::<StrCell>(), &*b.cast::<StrCell>());
            if a == b || x.header.flags & y.header.flags & flag::INTERNED != 0 {
                return Some(a == b);
            }
            let differ = x.len != y.len || x.header.aux != y.header.aux || x.len > 0 && *x.data != *y.data;
            if differ { Some(false) } else { None }
        }
    }
}
