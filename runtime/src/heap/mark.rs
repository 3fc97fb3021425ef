//! Marking: from the roots along every reference that a cell holds.

use std::ptr;

use super::block::Block;
use crate::cell::*;
use crate::value::Value;

/// Work list and statistics of a marking.
#[derive(Default)]
pub struct Marker {
    pending: Vec<*mut Cell>,
    /// Bytes of marked cells, and what they own outside.
    pub(crate) live: usize,
    /// Shapes of marked cells, to be kept: filled by the owner of the shape table.
    pub(crate) shapes: Vec<u64>,
}

impl Marker {
    /// Marks a value and, later, all it reaches.
    #[inline]
    pub fn mark(&mut self, value: Value) {
        if value.is_cell() {
            self.mark_cell(value.cell());
        }
    }

    /// Marks several values.
    pub fn mark_all(&mut self, values: &[Value]) {
        for value in values {
            self.mark(*value);
        }
    }

    pub(crate) fn mark_cell(&mut self, cell: *mut Cell) {
        // SAFETY: roots and traced slots hold live cells only.
        unsafe {
            debug_assert!(
                (*cell).kind() != Kind::Free && (*cell).shape != 0xDBDB_DBDB,
                "dangling pointer marked"
            );
            let is_new = if (*cell).has(flag::LARGE) {
                let new = !(*cell).has(flag::MARKED);
                (*cell).flags |= flag::MARKED;
                new
            } else {
                Block::mark(cell)
            };
            if is_new {
                self.live += if (*cell).has(flag::LARGE) { large_size(cell) } else { Block::cell_size(cell) };
                self.pending.push(cell);
            }
        }
    }

    /// Marks everything reachable from what was marked so far.
    pub(crate) fn drain(&mut self) {
        while let Some(cell) = self.pending.pop() {
            // SAFETY: only live cells are pending.
            unsafe { self.trace(cell) };
        }
    }

    /// Remembers that a shape is in use.
    fn mark_shape(&mut self, shape: u32) {
        let index = shape as usize / 64;
        if index >= self.shapes.len() {
            self.shapes.resize(index + 1, 0);
        }
        self.shapes[index] |= 1 << (shape % 64);
    }

    /// # Safety
    /// `cell` is live and initialised.
    unsafe fn trace(&mut self, cell: *mut Cell) {
        // SAFETY: the kind says the layout, and every field is initialised.
        unsafe {
            self.mark_shape((*cell).shape);
            match (*cell).kind() {
                Kind::Free => debug_assert!(false, "a free cell is reachable"),
                Kind::Int | Kind::Float | Kind::Complex | Kind::Bytes | Kind::RangeIter => {}
                Kind::ByteArray => self.live += (*cell.cast::<ByteArrayCell>()).bytes.capacity(),
                Kind::StrBuffer => {
                    self.live += (*cell.cast::<StrBufferCell>()).capacity * (*cell).aux as usize;
                }
                Kind::Str => {
                    if !(*cell).has(flag::INLINE) {
                        self.mark((*cell.cast::<StrCell>()).owner);
                    }
                }
                Kind::Tuple => self.mark_all(TupleCell::items(cell.cast())),
                Kind::List => {
                    let items = &(*cell.cast::<ListCell>()).items;
                    self.live += items.capacity() * size_of::<Value>();
                    self.mark_all(items);
                }
                Kind::Dict => (*cell.cast::<DictCell>()).data.trace(self),
                Kind::Set | Kind::FrozenSet => (*cell.cast::<SetCell>()).data.trace(self),
                Kind::Object => {
                    let object = cell.cast::<ObjectCell>();
                    self.mark((*object).extra);
                    let slots = std::slice::from_raw_parts(ObjectCell::slots(object), (*cell).aux as usize);
                    self.mark_all(slots);
                }
                Kind::Type => (*cell.cast::<TypeCell>()).data.trace(self),
                Kind::Function => self.trace_function(cell.cast()),
                Kind::Code => (*cell.cast::<CodeCell>()).data.trace(self),
                Kind::Generator => self.trace_generator(cell.cast()),
                Kind::Exception => self.trace_exception(cell.cast()),
                Kind::Boxed => {
                    let boxed = cell.cast::<BoxedCell>();
                    self.mark((*boxed).dict);
                    self.live += (*boxed).payload.external_bytes();
                    (*boxed).payload.trace(self);
                }
                kind => self.mark_all(&fields(cell, kind)),
            }
            if (*cell).has(flag::HAS_DICT) {
                self.mark(*crate::object::dict_word(cell));
                let (members, count) = (crate::object::member_words(cell), crate::object::member_count(cell));
                self.mark_all(std::slice::from_raw_parts(members, count));
            }
        }
    }

    /// # Safety
    /// `function` is live.
    unsafe fn trace_function(&mut self, function: *mut FunctionCell) {
        // SAFETY: by contract.
        let f = unsafe { &*function };
        self.mark_all(&[
            f.code,
            f.globals,
            f.builtins,
            f.closure,
            f.defaults,
            f.kwdefaults,
            f.locals,
            f.name,
        ]);
        self.mark_all(&[f.qualname, f.doc, f.module, f.annotations, f.type_params, f.dict]);
    }

    /// # Safety
    /// `generator` is live; its frame's slots are initialised.
    unsafe fn trace_generator(&mut self, generator: *mut GeneratorCell) {
        // SAFETY: by contract.
        unsafe {
            let g = &*generator;
            self.mark_all(&[g.function, g.name, g.qualname, g.awaiting, g.hook, g.exc.value]);
            if g.state != GeneratorState::Done {
                let slots = GeneratorCell::slots(generator);
                self.mark_all(std::slice::from_raw_parts(slots, g.frame_size as usize));
            }
        }
    }

    /// # Safety
    /// `exception` is live.
    unsafe fn trace_exception(&mut self, exception: *mut ExceptionCell) {
        // SAFETY: by contract.
        let e = unsafe { &*exception };
        self.mark_all(&[e.args, e.traceback, e.context, e.cause, e.fields, e.dict]);
    }
}

/// The references of the smaller layouts.
///
/// # Safety
/// `cell` is live and of `kind`.
unsafe fn fields(cell: *mut Cell, kind: Kind) -> [Value; 5] {
    const NO: Value = Value::UNDEF;
    // SAFETY: the kind says the layout.
    unsafe {
        match kind {
            Kind::Range => {
                let r = &*cell.cast::<RangeCell>();
                [r.start, r.stop, r.step, r.len, NO]
            }
            Kind::Slice => {
                let s = &*cell.cast::<SliceCell>();
                [s.start, s.stop, s.step, NO, NO]
            }
            Kind::Method => {
                let m = &*cell.cast::<MethodCell>();
                [m.function, m.self_, NO, NO, NO]
            }
            Kind::Native => {
                let n = &*cell.cast::<NativeCell>();
                [n.self_, n.owner, n.module, NO, NO]
            }
            Kind::Cell => [(*cell.cast::<ClosureCell>()).contents, NO, NO, NO, NO],
            Kind::Module => [(*cell.cast::<ModuleCell>()).dict, NO, NO, NO, NO],
            Kind::Traceback => {
                let t = &*cell.cast::<TracebackCell>();
                [t.next, t.frame, NO, NO, NO]
            }
            Kind::Frame => {
                let f = &*cell.cast::<FrameCell>();
                [f.function, f.back, f.generator, f.locals, f.dict]
            }
            Kind::Property => {
                let p = &*cell.cast::<PropertyCell>();
                [p.get, p.set, p.delete, p.doc, p.name]
            }
            Kind::StaticMethod | Kind::ClassMethod => {
                let w = &*cell.cast::<WrapperCell>();
                [w.function, w.dict, NO, NO, NO]
            }
            Kind::SeqIter => [(*cell.cast::<SeqIterCell>()).sequence, NO, NO, NO, NO],
            Kind::DictIter => [(*cell.cast::<DictIterCell>()).dict, NO, NO, NO, NO],
            Kind::WeakRef => {
                let w = &*cell.cast::<WeakRefCell>();
                [w.callback, w.dict, NO, NO, NO]
            }
            _ => {
                debug_assert!(false, "{kind:?} has a tracing rule of its own");
                [NO; 5]
            }
        }
    }
}

/// # Safety
/// `cell` is a live large cell.
unsafe fn large_size(cell: *mut Cell) -> usize {
    // SAFETY: the size stands before the cell.
    unsafe { ptr::read(cell.cast::<u8>().sub(super::LARGE_PREFIX).cast::<usize>()) }
}
