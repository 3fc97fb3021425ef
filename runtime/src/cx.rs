//! What natives see: `Cx`, and values that cannot be held across a collection by mistake.
//!
//! A collection can happen only inside functions that take `&mut Cx` ("doors": everything that may run Python code).
//! A [`Local`] borrows the `Cx`, so none survives a door; what must survive lies in a [`Root`] or is an argument, both
//! named by [`Handle`]s. Allocation takes `&Cx` and never collects.

#![expect(unsafe_code, reason = "the boundary between raw values and borrowed ones")]

use std::cell::Cell as StdCell;
use std::marker::PhantomData;
use std::ptr::NonNull;

use crate::cell::{BoxedCell, Kind, Payload};
use crate::heap::Marker;
use crate::value::Value;
use crate::vm::Vm;

/// An exception is in flight in the thread state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Raised;

/// A native's result.
pub type Res<'a> = Result<Local<'a>, Raised>;

/// The interpreter as a native sees it.
#[repr(transparent)]
pub struct Cx {
    vm: NonNull<Vm>,
}

impl Cx {
    /// A safepoint of a native that works or waits for long: signals are handled, limits are checked.
    pub(crate) fn poll(&mut self) -> Result<(), Raised> {
        if self.vm().is_interrupted() { self.vm().safepoint() } else { Ok(()) }
    }

    /// The view of a machine's thread state, for the time of a call to a native.
    #[inline(always)]
    pub fn new(vm: &mut Vm) -> Self {
        Self { vm: NonNull::from(vm) }
    }

    /// The thread state. Leaf code of this crate uses it; it must not reach a safepoint with `Local`s about.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "one thread, and the state is only reached through raw pointers")]
    pub(crate) fn vm(&self) -> &mut Vm {
        // SAFETY: the state outlives every `Cx` made of it; the caller's use is a leaf's.
        unsafe { &mut *self.vm.as_ptr() }
    }

    /// Borrows a raw value that was just made or read.
    #[inline(always)]
    pub(crate) fn local(&self, value: Value) -> Local<'_> {
        debug_assert!(!value.is_signal(), "{value:?} is no Python value");
        Local { value, _cx: PhantomData }
    }

    /// `None`.
    #[inline(always)]
    pub fn none(&self) -> Local<'_> {
        self.local(Value::NONE)
    }

    /// `True` or `False`.
    #[inline(always)]
    pub fn bool(&self, truth: bool) -> Local<'_> {
        self.local(Value::from_bool(truth))
    }

    /// `NotImplemented`.
    pub fn not_implemented(&self) -> Local<'_> {
        self.local(Value::NOT_IMPLEMENTED)
    }

    /// Keeps a value alive until the root is dropped.
    pub fn root(&self, value: impl Into<Local0>) -> Root {
        self.root_value(value.into().0)
    }

    pub(crate) fn root_value(&self, value: Value) -> Root {
        let slot = self.vm().roots.take();
        // SAFETY: the slot was just taken from the table of roots.
        unsafe { slot.as_ref().set(value) };
        Root { slot, table: NonNull::from(&mut *self.vm().roots) }
    }

    /// The state of a native object, if it is a `T`. The borrow ends at the next door: it may replace the value that
    /// the handle names, so the state is asked for again afterwards.
    #[inline]
    pub fn payload<'a, T: Payload>(&'a self, handle: Handle<'_>) -> Option<&'a T> {
        let cell = handle.value().as_cell::<BoxedCell>()?;
        // SAFETY: the cell is live, payloads never move, and the borrow of the `Cx` ends before any collection.
        unsafe { (*cell).payload.as_any().downcast_ref() }
    }
}

/// A value without its borrow: only for handing a `Local` on to [`Cx::root`].
pub struct Local0(Value);

impl From<Local<'_>> for Local0 {
    fn from(local: Local<'_>) -> Self {
        Self(local.value)
    }
}

impl From<Handle<'_>> for Local0 {
    fn from(handle: Handle<'_>) -> Self {
        Self(handle.value())
    }
}

/// A value that is safe to use until the next door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Local<'a> {
    value: Value,
    _cx: PhantomData<&'a Cx>,
}

impl Local<'_> {
    /// The raw value: for leaf code of this crate.
    #[inline(always)]
    pub(crate) fn value(self) -> Value {
        self.value
    }

    /// The layout of its cell, if it is one.
    #[inline(always)]
    pub fn kind(self) -> Option<Kind> {
        self.value.kind()
    }

    /// Whether it is a cell of `kind`.
    #[inline(always)]
    pub fn is_kind(self, kind: Kind) -> bool {
        self.value.is_kind(kind)
    }

    /// Whether it is `None`.
    pub fn is_none(self) -> bool {
        self.value.is_none()
    }

    /// Whether both are the same object.
    pub fn is(self, other: Local<'_>) -> bool {
        self.value == other.value
    }

    /// The small int, if it is one inline.
    pub fn as_small_int(self) -> Option<i64> {
        self.value.as_int()
    }
}

/// The place of a value that stays alive: a root, or an argument.
#[derive(Clone, Copy)]
pub struct Handle<'r> {
    slot: &'r StdCell<Value>,
}

impl<'r> Handle<'r> {
    /// The place of a value that something else keeps alive: for leaf code.
    pub(crate) fn of(slot: &'r StdCell<Value>) -> Self {
        Self { slot }
    }

    /// The value.
    #[inline(always)]
    pub fn get(self, cx: &Cx) -> Local<'_> {
        cx.local(self.slot.get())
    }

    /// The value, raw.
    #[inline(always)]
    pub(crate) fn value(self) -> Value {
        self.slot.get()
    }
}

impl<'r> From<&'r Root> for Handle<'r> {
    fn from(root: &'r Root) -> Self {
        root.handle()
    }
}

/// Keeps a value alive as long as it lives itself.
pub struct Root {
    slot: NonNull<StdCell<Value>>,
    table: NonNull<Roots>,
}

impl Root {
    /// The root's handle.
    #[inline(always)]
    pub fn handle(&self) -> Handle<'_> {
        // SAFETY: the slot stays in the table as long as the root lives.
        Handle { slot: unsafe { self.slot.as_ref() } }
    }

    /// The value.
    #[inline(always)]
    pub fn get<'a>(&self, cx: &'a Cx) -> Local<'a> {
        cx.local(self.handle().value())
    }

    /// Replaces the value.
    pub fn set(&self, local: Local<'_>) {
        self.handle().slot.set(local.value);
    }

    pub(crate) fn value(&self) -> Value {
        self.handle().value()
    }

    pub(crate) fn set_value(&self, value: Value) {
        self.handle().slot.set(value);
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // SAFETY: the table outlives its roots: it is freed with the thread state, after every native has returned.
        unsafe { (*self.table.as_ptr()).give_back(self.slot) };
    }
}

/// The roots of natives: slots in chunks that never move, and a list of those not in use.
#[derive(Default)]
pub struct Roots {
    chunks: Vec<Box<[StdCell<Value>]>>,
    free: Vec<NonNull<StdCell<Value>>>,
}

const ROOT_CHUNK: usize = 256;

impl Roots {
    fn take(&mut self) -> NonNull<StdCell<Value>> {
        if let Some(slot) = self.free.pop() {
            return slot;
        }
        let chunk: Box<[_]> = (0..ROOT_CHUNK).map(|_| StdCell::new(Value::UNDEF)).collect();
        self.free.extend(chunk.iter().rev().map(NonNull::from));
        self.chunks.push(chunk);
        self.free.pop().expect("a chunk was just added")
    }

    fn give_back(&mut self, slot: NonNull<StdCell<Value>>) {
        // SAFETY: the slot lies in one of the chunks.
        unsafe { slot.as_ref().set(Value::UNDEF) };
        self.free.push(slot);
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        for slot in self.chunks.iter().flatten() {
            marker.mark(slot.get());
        }
    }
}

/// A native's arguments: one slot for each parameter, then the rest.
#[derive(Clone, Copy)]
pub struct Args<'r> {
    slots: &'r [StdCell<Value>],
    params: usize,
}

impl<'r> Args<'r> {
    /// # Safety
    /// `count` initialised slots lie at `base` and stay there, below the stack's top, while the native runs.
    pub(crate) unsafe fn new(base: *mut Value, params: usize, count: usize) -> Self {
        debug_assert!(params <= count);
        // SAFETY: by contract; a `StdCell<Value>` has the layout of a `Value`.
        Self { slots: unsafe { std::slice::from_raw_parts(base.cast(), count) }, params }
    }

    /// Argument `i`, which was given.
    #[inline(always)]
    pub fn at(self, i: usize) -> Handle<'r> {
        Handle { slot: &self.slots[i] }
    }

    /// Argument `i`, if it was given.
    #[inline(always)]
    pub fn opt(self, i: usize) -> Option<Handle<'r>> {
        let handle = self.at(i);
        (!handle.value().is_undef()).then_some(handle)
    }

    /// Argument `i`, if it was given and is not None.
    pub fn some(self, i: usize) -> Option<Handle<'r>> {
        self.opt(i).filter(|handle| !handle.value().is_none())
    }

    /// Positional arguments beyond the parameters (`*args`).
    pub fn rest(self) -> impl ExactSizeIterator<Item = Handle<'r>> + Clone {
        self.slots[self.params..].iter().map(|slot| Handle { slot })
    }

    pub(crate) fn rest_values(self) -> Vec<Value> {
        self.rest_slice().to_vec()
    }

    /// The same in place: for leaf code that does not write to arguments.
    pub(crate) fn rest_slice(self) -> &'r [Value] {
        let rest = &self.slots[self.params..];
        // SAFETY: a `StdCell<Value>` has the layout of a `Value`, and nobody writes while a leaf looks.
        unsafe { std::slice::from_raw_parts(rest.as_ptr().cast(), rest.len()) }
    }
}

/// A value held by a native object's state: its `trace` must mark it.
#[derive(Debug)]
#[repr(transparent)]
pub struct Slot(StdCell<Value>);

impl Slot {
    /// A slot that holds `local`.
    pub fn new(local: Local<'_>) -> Self {
        Self(StdCell::new(local.value))
    }

    /// An empty slot.
    pub const fn empty() -> Self {
        Self(StdCell::new(Value::UNDEF))
    }

    /// The value, if there is one.
    pub fn get<'a>(&self, cx: &'a Cx) -> Option<Local<'a>> {
        let value = self.0.get();
        (!value.is_undef()).then(|| cx.local(value))
    }

    /// Replaces the value.
    pub fn set(&self, local: Local<'_>) {
        self.0.set(local.value);
    }

    /// A slot that holds a raw value.
    pub(crate) const fn of(value: Value) -> Self {
        Self(StdCell::new(value))
    }

    /// The raw value; Undef if there is none.
    pub(crate) fn value(&self) -> Value {
        self.0.get()
    }

    /// Replaces the raw value.
    pub(crate) fn set_value(&self, value: Value) {
        self.0.set(value);
    }

    /// Empties the slot.
    pub fn clear(&self) {
        self.0.set(Value::UNDEF);
    }

    /// Marks the value.
    pub fn trace(&self, marker: &mut Marker) {
        marker.mark(self.0.get());
    }
}
