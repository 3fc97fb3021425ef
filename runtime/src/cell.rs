//! Heap cells: the header that each has, and the layouts that the collector and the machines know by kind.
//!
//! Every cell starts with one word: the id of its shape (which says the type and, for instances, where attributes
//! lie), its kind (which says the layout), flags, and 16 bits for the kind's own use. Layouts are plain data; what
//! they mean is said by the modules of their types. Kinds without a layout of their own are [`BoxedCell`]s.

#![expect(unsafe_code, reason = "cells are raw memory owned by the heap")]

use std::any::Any;

use crate::dict::DictData;
use crate::frame::ExcItem;
use crate::heap::Marker;
use crate::native::NativeFn;
use crate::set::SetData;
use crate::value::Value;

/// The layout of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Not allocated.
    Free = 0,
    /// [`IntCell`].
    Int,
    /// [`FloatCell`].
    Float,
    /// [`ComplexCell`].
    Complex,
    /// [`StrCell`].
    Str,
    /// [`StrBufferCell`].
    StrBuffer,
    /// [`BytesCell`].
    Bytes,
    /// [`ByteArrayCell`].
    ByteArray,
    /// [`TupleCell`].
    Tuple,
    /// [`ListCell`].
    List,
    /// [`DictCell`].
    Dict,
    /// [`SetCell`].
    Set,
    /// [`SetCell`] that does not change.
    FrozenSet,
    /// [`RangeCell`].
    Range,
    /// [`SliceCell`].
    Slice,
    /// [`ObjectCell`].
    Object,
    /// [`TypeCell`].
    Type,
    /// [`FunctionCell`].
    Function,
    /// [`MethodCell`].
    Method,
    /// [`NativeCell`].
    Native,
    /// [`CodeCell`].
    Code,
    /// [`ClosureCell`].
    Cell,
    /// [`ModuleCell`].
    Module,
    /// [`GeneratorCell`].
    Generator,
    /// [`ExceptionCell`].
    Exception,
    /// [`TracebackCell`].
    Traceback,
    /// [`FrameCell`].
    Frame,
    /// [`PropertyCell`].
    Property,
    /// [`WrapperCell`]: staticmethod.
    StaticMethod,
    /// [`WrapperCell`]: classmethod.
    ClassMethod,
    /// [`SeqIterCell`].
    SeqIter,
    /// [`RangeIterCell`].
    RangeIter,
    /// [`DictIterCell`].
    DictIter,
    /// [`WeakRefCell`].
    WeakRef,
    /// [`BoxedCell`].
    Boxed,
}

/// Flags of a cell.
pub mod flag {
    /// Lies outside the blocks; the mark is kept here.
    pub const LARGE: u8 = 1;
    /// The mark of a large cell.
    pub const MARKED: u8 = 2;
    /// An instance of a subclass of a built-in type: one more word, the attributes' dict, follows the layout.
    pub const HAS_DICT: u8 = 4;
    /// The type has `__del__`, which has not run yet.
    pub const FINALIZER: u8 = 8;
    /// Weak references to this cell exist.
    pub const WEAKLY_REFERENCED: u8 = 16;
    /// For [`super::Kind::Str`]: interned.
    pub const INTERNED: u8 = 32;
    /// For [`super::Kind::Str`]: all code points below 128.
    pub const ASCII: u8 = 64;
    /// For [`super::Kind::Str`]: the units follow in the cell itself.
    pub const INLINE: u8 = 128;
}

/// The header of every cell.
#[derive(Debug)]
#[repr(C, align(8))]
pub struct Cell {
    /// Index of the shape in the heap's table.
    pub(crate) shape: u32,
    kind: Kind,
    pub(crate) flags: u8,
    /// For the kind's own use.
    pub(crate) aux: u16,
}

impl Cell {
    /// A header.
    pub(crate) fn new(kind: Kind, shape: u32) -> Self {
        Self { shape, kind, flags: 0, aux: 0 }
    }

    /// The cell's layout.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The cell's shape id: what inline caches compare.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.shape
    }

    pub(crate) fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// Layouts that start with a header, and the kinds that have them.
///
/// # Safety
/// The implementing type is `repr(C)` and starts with a [`Cell`]; `matches` is true of exactly the kinds whose cells
/// have this layout.
pub unsafe trait Layout {
    /// Whether cells of `kind` have this layout.
    fn matches(kind: Kind) -> bool;
}

macro_rules! layouts {
    ($($name:ident: $($kind:ident)|+;)*) => {$(
        // SAFETY: the structs of this module are `repr(C)` and start with a header.
        unsafe impl Layout for $name {
            #[inline(always)]
            fn matches(kind: Kind) -> bool { matches!(kind, $(Kind::$kind)|+) }
        }
    )*};
}
layouts! {
    IntCell: Int; FloatCell: Float; ComplexCell: Complex; StrCell: Str; StrBufferCell: StrBuffer; BytesCell: Bytes;
    ByteArrayCell: ByteArray; TupleCell: Tuple; ListCell: List; DictCell: Dict; SetCell: Set | FrozenSet;
    RangeCell: Range; SliceCell: Slice; ObjectCell: Object; TypeCell: Type; FunctionCell: Function;
    MethodCell: Method; NativeCell: Native; CodeCell: Code; ClosureCell: Cell; ModuleCell: Module;
    GeneratorCell: Generator; ExceptionCell: Exception; TracebackCell: Traceback; FrameCell: Frame;
    PropertyCell: Property; WrapperCell: StaticMethod | ClassMethod; SeqIterCell: SeqIter; RangeIterCell: RangeIter;
    DictIterCell: DictIter; WeakRefCell: WeakRef; BoxedCell: Boxed;
}

impl Value {
    /// The cell as layout `T`, if it is of a kind that has it.
    ///
    /// The pointer is valid until the collector frees the cell: as long as the value is reachable from a root, and
    /// at least until the next safepoint.
    #[inline(always)]
    pub fn as_cell<T: Layout>(self) -> Option<*mut T> {
        self.kind().filter(|kind| T::matches(*kind)).map(|_| self.cell().cast())
    }

    /// The cell as layout `T`, known to be of a kind that has it.
    #[inline(always)]
    pub fn cast<T: Layout>(self) -> *mut T {
        debug_assert!(self.kind().is_some_and(T::matches), "{self:?} has another layout");
        self.cell().cast()
    }
}

/// An int beyond 62 bits: `size.abs()` 64-bit limbs, least significant first, follow; the sign is `size`'s.
#[repr(C)]
pub struct IntCell {
    pub(crate) header: Cell,
    pub(crate) size: i64,
}

/// A float out of the inline range.
#[repr(C)]
pub struct FloatCell {
    pub(crate) header: Cell,
    pub(crate) value: f64,
}

/// A complex number.
#[repr(C)]
pub struct ComplexCell {
    pub(crate) header: Cell,
    pub(crate) real: f64,
    pub(crate) imag: f64,
}

/// A string: `len` units of `header.aux` bytes (1, 2 or 4) each at `data`: in this cell, or in a shared buffer.
#[repr(C)]
pub struct StrCell {
    pub(crate) header: Cell,
    /// 0 until asked for.
    pub(crate) hash: u64,
    pub(crate) len: usize,
    pub(crate) data: *const u8,
    /// The [`StrBufferCell`]; absent from inline strings, whose units start here.
    pub(crate) owner: Value,
}

/// An append-only buffer that strings share; `header.aux` is the unit size.
#[repr(C)]
pub struct StrBufferCell {
    pub(crate) header: Cell,
    pub(crate) data: *mut u8,
    /// Units in use; a string that ends here may be extended in place.
    pub(crate) len: usize,
    /// Units that fit.
    pub(crate) capacity: usize,
}

/// A bytes object; its bytes follow.
#[repr(C)]
pub struct BytesCell {
    pub(crate) header: Cell,
    pub(crate) hash: u64,
    pub(crate) len: usize,
}

/// A bytearray.
#[repr(C)]
pub struct ByteArrayCell {
    pub(crate) header: Cell,
    pub(crate) bytes: Vec<u8>,
    /// Buffers exported: the size must not change while there are any.
    pub(crate) exports: usize,
}

/// A tuple; its items follow.
#[repr(C)]
pub struct TupleCell {
    pub(crate) header: Cell,
    pub(crate) len: usize,
}

/// A list.
#[repr(C)]
pub struct ListCell {
    pub(crate) header: Cell,
    pub(crate) items: Vec<Value>,
}

/// A dict.
#[repr(C)]
pub struct DictCell {
    pub(crate) header: Cell,
    pub(crate) data: DictData,
}

/// A set or frozenset.
#[repr(C)]
pub struct SetCell {
    pub(crate) header: Cell,
    pub(crate) data: SetData,
    /// The frozen set's hash; 0 until asked for.
    pub(crate) hash: u64,
}

/// A range; all four are ints.
#[repr(C)]
pub struct RangeCell {
    pub(crate) header: Cell,
    pub(crate) start: Value,
    pub(crate) stop: Value,
    pub(crate) step: Value,
    pub(crate) len: Value,
}

/// A slice.
#[repr(C)]
pub struct SliceCell {
    pub(crate) header: Cell,
    pub(crate) start: Value,
    pub(crate) stop: Value,
    pub(crate) step: Value,
}

/// An instance of a Python class. Attribute slots follow: `header.aux` inline ones.
#[repr(C)]
pub struct ObjectCell {
    pub(crate) header: Cell,
    /// Undef, or a list of the slots beyond the inline ones, or the dict that is the store (dict mode).
    pub(crate) extra: Value,
}

/// A type.
#[repr(C)]
pub struct TypeCell {
    pub(crate) header: Cell,
    pub(crate) data: Box<crate::type_object::TypeData>,
}

/// A Python function.
#[repr(C)]
pub struct FunctionCell {
    pub(crate) header: Cell,
    /// The code cell's data: what calls read.
    pub(crate) code_data: *mut crate::code::CodeData,
    pub(crate) code: Value,
    pub(crate) globals: Value,
    pub(crate) builtins: Value,
    /// Tuple of cells, or Undef.
    pub(crate) closure: Value,
    /// Tuple, or Undef.
    pub(crate) defaults: Value,
    /// Dict, or Undef.
    pub(crate) kwdefaults: Value,
    /// The mapping that names are stored in, for code without fast locals (modules, classes, `exec`); else Undef.
    pub(crate) locals: Value,
    pub(crate) name: Value,
    pub(crate) qualname: Value,
    pub(crate) doc: Value,
    pub(crate) module: Value,
    /// Dict, tuple of pairs as the compiler makes it, or Undef.
    pub(crate) annotations: Value,
    pub(crate) type_params: Value,
    /// Attributes' dict, or Undef.
    pub(crate) dict: Value,
}

/// A bound method.
#[repr(C)]
pub struct MethodCell {
    pub(crate) header: Cell,
    pub(crate) function: Value,
    pub(crate) self_: Value,
}

/// A built-in function, method or slot wrapper.
#[repr(C)]
pub struct NativeCell {
    pub(crate) header: Cell,
    pub(crate) function: NativeFn,
    /// What the function takes, and its names.
    pub(crate) definition: &'static crate::native::NativeDef,
    /// The definition's parameters, once it was called.
    pub(crate) params: Option<&'static crate::native::Params>,
    /// Bound self, the module of a module's function, or Undef of an unbound method.
    pub(crate) self_: Value,
    /// The type that a method belongs to, or Undef.
    pub(crate) owner: Value,
    pub(crate) module: Value,
}

/// A code object at run time.
#[repr(C)]
pub struct CodeCell {
    pub(crate) header: Cell,
    pub(crate) data: Box<crate::code::CodeData>,
}

/// A closure cell: what Python calls a cell.
#[repr(C)]
pub struct ClosureCell {
    pub(crate) header: Cell,
    pub(crate) contents: Value,
}

/// A module.
#[repr(C)]
pub struct ModuleCell {
    pub(crate) header: Cell,
    pub(crate) dict: Value,
}

/// A generator, coroutine or async generator; the slots of its frame follow.
#[repr(C)]
pub struct GeneratorCell {
    pub(crate) header: Cell,
    pub(crate) function: Value,
    pub(crate) name: Value,
    pub(crate) qualname: Value,
    /// What it waits on in `yield from` or `await`, as found by the machine; Undef if nothing.
    pub(crate) awaiting: Value,
    /// Async generators: hooks' finalizer; coroutines: origin. Undef if none.
    pub(crate) hook: Value,
    /// Where to resume: the executable's code address.
    pub(crate) pc: *mut u8,
    /// The slot that receives the value sent.
    pub(crate) resume_slot: u32,
    /// Number of frame slots.
    pub(crate) frame_size: u32,
    pub(crate) state: GeneratorState,
    pub(crate) kind: GeneratorKind,
    /// Async generators: `aclose` or `athrow` has begun.
    pub(crate) closed: bool,
    /// Async generators: an `asend`, `athrow` or `aclose` is under way.
    pub(crate) running_async: bool,
    pub(crate) hooks_inited: bool,
    pub(crate) exc: ExcItem,
}

/// What a generator is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorState {
    /// Not started.
    Created,
    /// Waiting at a yield.
    Suspended,
    /// On the frame stack.
    Running,
    /// Finished.
    Done,
}

/// Which of the three a generator cell is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorKind {
    /// A generator.
    Generator,
    /// A coroutine.
    Coroutine,
    /// An async generator.
    AsyncGenerator,
}

/// An instance of `BaseException` or a subclass.
#[repr(C)]
pub struct ExceptionCell {
    pub(crate) header: Cell,
    /// Tuple.
    pub(crate) args: Value,
    /// Traceback or None.
    pub(crate) traceback: Value,
    /// Exception or None.
    pub(crate) context: Value,
    /// Exception or None.
    pub(crate) cause: Value,
    pub(crate) suppress_context: bool,
    /// A list of the built-in class's own fields in the order its type declares, or Undef.
    pub(crate) fields: Value,
    /// Attributes' dict, or Undef.
    pub(crate) dict: Value,
}

/// A traceback entry.
#[repr(C)]
pub struct TracebackCell {
    pub(crate) header: Cell,
    /// The entry nearer to the raise, or None.
    pub(crate) next: Value,
    /// The frame object.
    pub(crate) frame: Value,
    /// Code unit offset of the instruction.
    pub(crate) lasti: i64,
    /// The source line; negative until asked for.
    pub(crate) line: i64,
}

/// A frame object: made on demand; locals are copied out when its frame ends.
#[repr(C)]
pub struct FrameCell {
    pub(crate) header: Cell,
    pub(crate) function: Value,
    pub(crate) back: Value,
    /// While it runs: the index of its record, else -1.
    pub(crate) record: i64,
    /// Code unit offset of the current or last instruction.
    pub(crate) lasti: i64,
    /// The generator it belongs to, or Undef.
    pub(crate) generator: Value,
    /// Tuple of the fast locals' values when the frame has ended; Undef before.
    pub(crate) locals: Value,
    /// Extra `f_locals` keys, trace function and such: a dict, or Undef.
    pub(crate) dict: Value,
}

/// A property.
#[repr(C)]
pub struct PropertyCell {
    pub(crate) header: Cell,
    pub(crate) get: Value,
    pub(crate) set: Value,
    pub(crate) delete: Value,
    pub(crate) doc: Value,
    pub(crate) name: Value,
    pub(crate) doc_from_getter: bool,
}

/// A staticmethod or classmethod.
#[repr(C)]
pub struct WrapperCell {
    pub(crate) header: Cell,
    pub(crate) function: Value,
    pub(crate) dict: Value,
}

/// An iterator by index over a list, tuple, str or bytes, forward (or backward for `reversed`).
#[repr(C)]
pub struct SeqIterCell {
    pub(crate) header: Cell,
    /// Undef when exhausted.
    pub(crate) sequence: Value,
    pub(crate) index: i64,
}

/// An iterator over a range of inline ints.
#[repr(C)]
pub struct RangeIterCell {
    pub(crate) header: Cell,
    pub(crate) next: i64,
    pub(crate) step: i64,
    pub(crate) remaining: i64,
}

/// An iterator over a dict; `header.aux` says what it yields.
#[repr(C)]
pub struct DictIterCell {
    pub(crate) header: Cell,
    /// Undef when exhausted.
    pub(crate) dict: Value,
    /// Next entry.
    pub(crate) position: usize,
    /// The dict's length when the iterator was made.
    pub(crate) expected_len: usize,
    /// Items still to come.
    pub(crate) remaining: usize,
}

/// A weak reference: `target` is not traced.
#[repr(C)]
pub struct WeakRefCell {
    pub(crate) header: Cell,
    /// Undef when the target is gone.
    pub(crate) target: Value,
    pub(crate) callback: Value,
    /// 0 until asked for.
    pub(crate) hash: u64,
    /// The next weak reference to the same target, or Undef: not traced.
    pub(crate) next: Value,
    pub(crate) dict: Value,
}

/// A native object whose state is a Rust value.
#[repr(C)]
pub struct BoxedCell {
    pub(crate) header: Cell,
    pub(crate) payload: Box<dyn Payload>,
    /// Attributes' dict, or Undef.
    pub(crate) dict: Value,
}

/// State of a native object. Values in it are kept in [`Slot`](crate::cx::Slot)s, which `trace` must name.
pub trait Payload: Any {
    /// Marks every value that the state holds.
    fn trace(&self, marker: &mut Marker);
    /// For downcasting.
    fn as_any(&self) -> &dyn Any;
    /// Bytes held outside the cell, for the collector's trigger.
    fn external_bytes(&self) -> usize {
        0
    }
}

impl TupleCell {
    /// The items.
    ///
    /// # Safety
    /// `this` is a live tuple; the slice is not used across a safepoint unless the tuple is rooted.
    #[inline(always)]
    pub unsafe fn items<'a>(this: *const Self) -> &'a [Value] {
        // SAFETY: `len` items were written behind the layout when the tuple was made.
        unsafe { std::slice::from_raw_parts(this.add(1).cast(), (*this).len) }
    }

    /// Where item 0 lies.
    pub(crate) fn data(this: *mut Self) -> *mut Value {
        this.wrapping_add(1).cast()
    }
}

impl IntCell {
    /// The limbs.
    ///
    /// # Safety
    /// `this` is a live int cell.
    pub(crate) unsafe fn limbs<'a>(this: *const Self) -> &'a [u64] {
        // SAFETY: `size.abs()` limbs were written behind the layout when the int was made.
        unsafe { std::slice::from_raw_parts(this.add(1).cast(), (*this).size.unsigned_abs() as usize) }
    }
}

impl BytesCell {
    /// The bytes.
    ///
    /// # Safety
    /// `this` is a live bytes object.
    pub(crate) unsafe fn bytes<'a>(this: *const Self) -> &'a [u8] {
        // SAFETY: `len` bytes were written behind the layout when the object was made.
        unsafe { std::slice::from_raw_parts(this.add(1).cast(), (*this).len) }
    }
}

impl ObjectCell {
    /// Where inline slot 0 lies.
    #[inline(always)]
    pub(crate) fn slots(this: *mut Self) -> *mut Value {
        this.wrapping_add(1).cast()
    }
}

impl GeneratorCell {
    /// The frame's slot 0.
    #[inline(always)]
    pub fn slots(this: *mut Self) -> *mut Value {
        this.wrapping_add(1).cast()
    }

    /// The generator whose frame's slot 0 is `fp`.
    #[inline(always)]
    pub fn of_frame(fp: *mut Value) -> *mut Self {
        fp.cast::<Self>().wrapping_sub(1)
    }
}
