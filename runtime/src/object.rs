//! Making cells of every kind, the type of a value, and where instances keep their attributes' dict.

#![expect(unsafe_code, reason = "cells are made of raw memory")]

use std::ptr::NonNull;

use hashbrown::HashMap;

use crate::cell::*;
use crate::cx::Raised;
use crate::dict::DictData;
use crate::set::SetData;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// `id()` by order of first use, so that programs that print ids print the same on both machines.
#[derive(Default)]
pub struct IdentityNumbers {
    numbers: HashMap<u64, u64>,
    next: u64,
}

impl IdentityNumbers {
    /// The number of a value's identity.
    pub(crate) fn number(&mut self, value: Value) -> u64 {
        let next = &mut self.next;
        *self.numbers.entry(value.bits()).or_insert_with(|| {
            *next += 1;
            0x7F00_0000_0000 + *next * 16
        })
    }

    /// Forgets objects that are gone, so that their memory may be numbered anew.
    pub(crate) fn retain(&mut self, is_live: impl Fn(Value) -> bool) {
        self.numbers.retain(|bits, _| is_live(Value::from_bits(*bits)));
    }

    /// Whether nothing was numbered.
    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

/// Bytes of a cell's layout, trailing items included, the attributes' dict word apart.
///
/// # Safety
/// `cell` is live.
unsafe fn layout_size(cell: *mut Cell) -> usize {
    // SAFETY: the kind says the layout.
    unsafe {
        match (*cell).kind() {
            Kind::Int => size_of::<IntCell>() + 8 * (*cell.cast::<IntCell>()).size.unsigned_abs() as usize,
            Kind::Float => size_of::<FloatCell>(),
            Kind::Complex => size_of::<ComplexCell>(),
            Kind::Str => {
                let s = cell.cast::<StrCell>();
                if (*cell).has(flag::INLINE) {
                    (std::mem::offset_of!(StrCell, owner) + (*s).len * (*cell).aux as usize)
                        .max(32)
                        .next_multiple_of(8)
                } else {
                    size_of::<StrCell>()
                }
            }
            Kind::Bytes => (size_of::<BytesCell>() + (*cell.cast::<BytesCell>()).len).next_multiple_of(8),
            Kind::ByteArray => size_of::<ByteArrayCell>(),
            Kind::Tuple => size_of::<TupleCell>() + 8 * (*cell.cast::<TupleCell>()).len,
            Kind::List => size_of::<ListCell>(),
            Kind::Dict => size_of::<DictCell>(),
            Kind::Set | Kind::FrozenSet => size_of::<SetCell>(),
            Kind::Property => size_of::<PropertyCell>(),
            Kind::Type => size_of::<TypeCell>(),
            Kind::Boxed => size_of::<BoxedCell>(),
            Kind::WeakRef => size_of::<WeakRefCell>(),
            kind => {
                debug_assert!(false, "{kind:?} has no subclass layout");
                size_of::<Cell>()
            }
        }
    }
}

/// Where a cell with [`flag::HAS_DICT`] keeps its attributes' dict (Undef until needed).
///
/// # Safety
/// `cell` is live and has the flag.
pub(crate) unsafe fn dict_word(cell: *mut Cell) -> *mut Value {
    // SAFETY: such a cell was allocated with one more word.
    unsafe { cell.cast::<u8>().add(layout_size(cell)).cast() }
}

/// Number of words of `__slots__` values, as the word behind the dict word says.
///
/// # Safety
/// As for [`dict_word`].
pub(crate) unsafe fn member_count(cell: *mut Cell) -> usize {
    // SAFETY: by contract.
    unsafe { (*dict_word(cell).add(1)).int() as usize }
}

/// Words of `__slots__` values, behind the dict word and the count.
///
/// # Safety
/// As for [`dict_word`].
pub(crate) unsafe fn member_words(cell: *mut Cell) -> *mut Value {
    // SAFETY: by contract.
    unsafe { dict_word(cell).add(2) }
}

impl Vm {
    /// The type of a value.
    #[inline]
    pub fn type_of(&self, value: Value) -> Value {
        if value.is_cell() {
            // SAFETY: the value is live.
            return self.shapes.get(unsafe { (*value.cell()).shape }).ty;
        }
        if value.is_int() {
            self.types.int
        } else if value.is_float() {
            self.types.float
        } else if value.is_bool() {
            self.types.bool
        } else if value.is_none() {
            self.types.none
        } else if value == Value::NOT_IMPLEMENTED {
            self.types.not_implemented
        } else if value == Value::ELLIPSIS {
            self.types.ellipsis
        } else {
            self.types.internal
        }
    }

    /// The shape id of a value: of immediate ones, their type's.
    #[inline]
    pub(crate) fn shape_of(&self, value: Value) -> u32 {
        if value.is_cell() {
            // SAFETY: the value is live.
            unsafe { (*value.cell()).shape }
        } else {
            self.type_data(self.type_of(value)).shape
        }
    }

    /// Allocates a small cell and writes its whole layout.
    #[inline(always)]
    pub(crate) fn alloc_cell<T: Layout>(
        &mut self,
        kind: Kind,
        shape: u32,
        make: impl FnOnce(Cell) -> T,
    ) -> Value {
        debug_assert!(T::matches(kind));
        let cell = self.heap.alloc_small(size_of::<T>(), kind, shape).cast::<T>();
        // SAFETY: the cell has room for `T`.
        unsafe { cell.write(make(Cell::new(kind, shape))) };
        Value::from_cell(cell.cast())
    }

    /// An int.
    #[inline(always)]
    pub fn new_int(&mut self, int: i64) -> Value {
        match Value::from_int(int) {
            Some(value) => value,
            None => self.int_from_limbs(int < 0, &[int.unsigned_abs()]),
        }
    }

    /// An int of any size: sign, limbs from the least significant.
    pub(crate) fn int_from_limbs(&mut self, negative: bool, limbs: &[u64]) -> Value {
        self.try_int_from_limbs(negative, limbs).unwrap_or_else(|| self.out_of_memory())
    }

    /// As `int_from_limbs`; `None` if there is no memory.
    pub(crate) fn try_int_from_limbs(&mut self, negative: bool, limbs: &[u64]) -> Option<Value> {
        let len = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
        let limbs = &limbs[..len];
        if len <= 1 {
            let magnitude = i128::from(limbs.first().copied().unwrap_or(0));
            let int = if negative { -magnitude } else { magnitude };
            if let Some(value) = i64::try_from(int).ok().and_then(Value::from_int) {
                return Some(value);
            }
        }
        self.int_cell(negative, limbs)
    }

    /// An int of up to 128 bits and a sign.
    #[inline]
    pub(crate) fn int_from_unsigned(&mut self, negative: bool, magnitude: u128) -> Value {
        if let Ok(small) = i64::try_from(magnitude)
            && let Some(value) = Value::from_int(if negative { -small } else { small })
        {
            return value;
        }
        let limbs = [magnitude as u64, (magnitude >> 64) as u64];
        let len = if limbs[1] == 0 { 1 } else { 2 };
        self.int_cell(negative, &limbs[..len]).unwrap_or_else(|| self.out_of_memory())
    }

    /// A cell of an int, small ones too; its last limb is not zero.
    pub(crate) fn int_cell(&mut self, negative: bool, limbs: &[u64]) -> Option<Value> {
        let size = size_of::<IntCell>() + limbs.len() * 8;
        let cell = self.heap.alloc(size, Kind::Int, shape_id::INT)?.cast::<IntCell>();
        // SAFETY: the cell has room for the limbs.
        unsafe {
            let p = cell.as_ptr();
            (*p).size = if negative { -(limbs.len() as i64) } else { limbs.len() as i64 };
            std::ptr::copy_nonoverlapping(limbs.as_ptr(), p.add(1).cast(), limbs.len());
        }
        Some(Value::from_cell(cell.cast()))
    }

    /// A float.
    #[inline(always)]
    pub fn new_float(&mut self, float: f64) -> Value {
        match Value::from_float(float) {
            Some(value) => value,
            None => self.boxed_float(float),
        }
    }

    /// A float in a cell of its own.
    #[cold]
    #[inline(never)]
    pub(crate) fn boxed_float(&mut self, value: f64) -> Value {
        self.alloc_cell(Kind::Float, shape_id::FLOAT, |header| FloatCell { header, value })
    }

    /// A complex number.
    pub fn new_complex(&mut self, real: f64, imag: f64) -> Value {
        self.alloc_cell(Kind::Complex, shape_id::COMPLEX, |header| ComplexCell { header, real, imag })
    }

    /// A bytes object.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Value {
        self.try_bytes(bytes).unwrap_or_else(|| self.out_of_memory())
    }

    /// A bytes object; `None` if there is no memory.
    pub(crate) fn try_bytes(&mut self, bytes: &[u8]) -> Option<Value> {
        let size = size_of::<BytesCell>() + bytes.len();
        let cell = self.heap.alloc(size, Kind::Bytes, shape_id::BYTES)?.cast::<BytesCell>();
        // SAFETY: the cell has room for the bytes.
        unsafe {
            let p = cell.as_ptr();
            (*p).hash = 0;
            (*p).len = bytes.len();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), p.add(1).cast(), bytes.len());
        }
        Some(Value::from_cell(cell.cast()))
    }

    /// A bytearray.
    pub fn new_bytearray(&mut self, bytes: Vec<u8>) -> Value {
        self.heap.count(bytes.capacity());
        self.alloc_cell(Kind::ByteArray, shape_id::BYTEARRAY, |header| ByteArrayCell {
            header,
            bytes,
            exports: 0,
        })
    }

    /// A tuple.
    pub fn new_tuple(&mut self, items: &[Value]) -> Value {
        self.try_tuple(items).unwrap_or_else(|| self.out_of_memory())
    }

    /// The empty tuple, of which there is one.
    pub(crate) fn make_empty_tuple(&mut self) -> Value {
        self.alloc_cell(Kind::Tuple, shape_id::TUPLE, |header| TupleCell { header, len: 0 })
    }

    /// A tuple; `None` if there is no memory.
    pub(crate) fn try_tuple(&mut self, items: &[Value]) -> Option<Value> {
        if items.is_empty() {
            return Some(self.empty_tuple);
        }
        let cell = self.heap.alloc(size_of::<TupleCell>() + items.len() * 8, Kind::Tuple, shape_id::TUPLE)?;
        // SAFETY: the cell has room for the items.
        unsafe {
            let p = cell.cast::<TupleCell>().as_ptr();
            (*p).len = items.len();
            std::ptr::copy_nonoverlapping(items.as_ptr(), TupleCell::data(p), items.len());
        }
        Some(Value::from_cell(cell))
    }

    /// A tuple of `count` values, each got by its index.
    #[inline(always)]
    pub fn tuple_with(&mut self, count: usize, value: impl Fn(usize) -> Value) -> Value {
        if count == 0 {
            return self.empty_tuple;
        }
        let size = size_of::<TupleCell>() + count * 8;
        let Some(cell) = self.heap.alloc(size, Kind::Tuple, shape_id::TUPLE) else {
            self.raise_memory_error();
            return Value::RAISED;
        };
        // SAFETY: the cell has room for the items.
        unsafe {
            let tuple = cell.cast::<TupleCell>().as_ptr();
            (*tuple).len = count;
            for i in 0..count {
                TupleCell::data(tuple).add(i).write(value(i));
            }
        }
        Value::from_cell(cell)
    }

    /// A list of `count` values, each got by its index.
    #[inline(always)]
    pub fn list_with(&mut self, count: usize, value: impl Fn(usize) -> Value) -> Value {
        self.new_list((0..count).map(value).collect())
    }

    /// The items of an exact tuple of `count` items. They stay as long as the tuple does: for leaf code.
    #[inline(always)]
    pub fn tuple_items<'a>(&self, value: Value, count: usize) -> Option<&'a [Value]> {
        if Self::shape_id(value) != shape_id::TUPLE {
            return None;
        }
        // SAFETY: the tuple is live, and items never move.
        Some(unsafe { TupleCell::items(value.cast()) }).filter(|items| items.len() == count)
    }

    /// A list.
    pub fn new_list(&mut self, items: Vec<Value>) -> Value {
        self.heap.count(items.capacity() * 8);
        self.alloc_cell(Kind::List, shape_id::LIST, |header| ListCell { header, items })
    }

    /// A dict.
    pub fn new_dict(&mut self) -> Value {
        self.dict_of(DictData::default())
    }

    pub(crate) fn dict_of(&mut self, data: DictData) -> Value {
        self.heap.count(data.external_bytes());
        self.alloc_cell(Kind::Dict, shape_id::DICT, |header| DictCell { header, data })
    }

    /// A set.
    pub fn new_set(&mut self) -> Value {
        self.set_of(SetData::default(), false)
    }

    pub(crate) fn set_of(&mut self, data: SetData, frozen: bool) -> Value {
        self.heap.count(data.external_bytes());
        let (kind, shape) =
            if frozen { (Kind::FrozenSet, shape_id::FROZENSET) } else { (Kind::Set, shape_id::SET) };
        self.alloc_cell(kind, shape, |header| SetCell { header, data, hash: 0 })
    }

    /// A slice.
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.alloc_cell(Kind::Slice, shape_id::SLICE, |header| SliceCell { header, start, stop, step })
    }

    /// A closure cell.
    pub fn new_closure_cell(&mut self, contents: Value) -> Value {
        self.alloc_cell(Kind::Cell, shape_id::CELL, |header| ClosureCell { header, contents })
    }

    /// A bound method.
    pub fn new_method(&mut self, function: Value, self_: Value) -> Value {
        self.alloc_cell(Kind::Method, shape_id::METHOD, |header| MethodCell { header, function, self_ })
    }

    /// A module with an empty namespace that has its name.
    pub fn new_module(&mut self, name: &str) -> Value {
        let dict = self.new_dict();
        let name = self.new_str(name);
        for (key, value) in [(self.names.__name__, name)].into_iter().chain(
            [self.names.__doc__, self.names.__package__, self.names.__loader__, self.names.__spec__]
                .map(|key| (key, Value::NONE)),
        ) {
            self.dict_set_str(dict, key, value);
        }
        self.alloc_cell(Kind::Module, shape_id::MODULE, |header| ModuleCell { header, dict })
    }

    /// A native object of a type whose layout is `Boxed`.
    pub(crate) fn new_boxed(&mut self, shape: u32, payload: Box<dyn Payload>) -> Value {
        self.heap.count(payload.external_bytes());
        self.alloc_cell(Kind::Boxed, shape, |header| BoxedCell { header, payload, dict: Value::UNDEF })
    }

    /// An iterator by index over a sequence; its shape says which.
    pub(crate) fn new_seq_iter(&mut self, shape: u32, sequence: Value, index: i64) -> Value {
        self.alloc_cell(Kind::SeqIter, shape, |header| SeqIterCell { header, sequence, index })
    }

    /// An iterator over a range of inline ints.
    pub(crate) fn new_range_iter(&mut self, next: i64, step: i64, remaining: i64) -> Value {
        let shape = shape_id::RANGE_ITERATOR;
        self.alloc_cell(Kind::RangeIter, shape, |header| RangeIterCell { header, next, step, remaining })
    }

    /// An instance of a Python class (layout [`ObjectCell`]) without attributes.
    #[inline]
    pub(crate) fn new_object(&mut self, ty: Value) -> Value {
        let data = self.type_data(ty);
        debug_assert_eq!(data.kind, Kind::Object);
        let (slots, shape, finalizer) =
            (data.inline_slots, data.shape, data.has(crate::type_object::type_flag::FINALIZER));
        let size = size_of::<ObjectCell>() + slots as usize * 8;
        let cell = self.heap.alloc_small(size, Kind::Object, shape);
        // SAFETY: the cell has room for its slots.
        unsafe {
            let p = cell.cast::<ObjectCell>().as_ptr();
            (*p).header.aux = slots;
            (*p).extra = Value::UNDEF;
            for i in 0..slots as usize {
                ObjectCell::slots(p).add(i).write(Value::UNDEF);
            }
            if finalizer {
                (*p).header.flags |= flag::FINALIZER;
                self.gc.finalizable.push(cell.as_ptr());
            }
        }
        Value::from_cell(cell)
    }

    /// A copy of a freshly made cell of a built-in type as an instance of its subclass `ty`: with a dict word and
    /// room for the subclass's `__slots__`.
    pub(crate) fn as_subclass(&mut self, value: Value, ty: Value) -> Result<Value, Raised> {
        // SAFETY: the value is live; the copy takes over what the original owns, and the original is left empty.
        unsafe {
            let from = value.cell();
            let size = layout_size(from);
            let members = self.type_data(ty).member_slots as usize;
            let (kind, shape) = ((*from).kind(), self.type_data(ty).shape);
            let Some(cell) = self.heap.alloc(size + 16 + members * 8, kind, shape) else {
                return Err(self.raise_memory_error());
            };
            let to = cell.as_ptr();
            let flags = (*to).flags;
            std::ptr::copy_nonoverlapping(from.cast::<u8>(), to.cast::<u8>(), size);
            *to = Cell::new(kind, shape);
            (*to).aux = (*from).aux;
            (*to).flags = flags | flag::HAS_DICT | (*from).flags & (flag::ASCII | flag::INLINE);
            if kind == Kind::Str && (*to).has(flag::INLINE) {
                let offset = std::mem::offset_of!(StrCell, owner);
                (*to.cast::<StrCell>()).data = to.cast::<u8>().add(offset);
            }
            dict_word(to).write(Value::UNDEF);
            dict_word(to).add(1).write(Value::small(members as i32));
            for i in 0..members {
                member_words(to).add(i).write(Value::UNDEF);
            }
            forget_owned(from);
            if self.type_data(ty).has(crate::type_object::type_flag::FINALIZER) {
                (*to).flags |= flag::FINALIZER;
                self.gc.finalizable.push(to);
            }
            Ok(Value::from_cell(NonNull::new_unchecked(to)))
        }
    }
}

/// The state of a native object whose state was moved to another cell.
struct Moved;

impl Payload for Moved {
    fn trace(&self, _: &mut crate::heap::Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Leaves a cell owning nothing after its content was moved elsewhere.
///
/// # Safety
/// The content was moved bitwise.
unsafe fn forget_owned(cell: *mut Cell) {
    // SAFETY: the old content is overwritten without being dropped.
    unsafe {
        match (*cell).kind() {
            Kind::List => (&raw mut (*cell.cast::<ListCell>()).items).write(Vec::new()),
            Kind::Dict => (&raw mut (*cell.cast::<DictCell>()).data).write(DictData::default()),
            Kind::Set | Kind::FrozenSet => {
                (&raw mut (*cell.cast::<SetCell>()).data).write(SetData::default());
            }
            Kind::ByteArray => (&raw mut (*cell.cast::<ByteArrayCell>()).bytes).write(Vec::new()),
            Kind::Boxed => (&raw mut (*cell.cast::<BoxedCell>()).payload).write(Box::new(Moved)),
            _ => {}
        }
    }
}
