//! Collecting: roots, weak references, finalizers, and the safepoint.

#![expect(unsafe_code, reason = "the collector walks raw cells")]

use hashbrown::HashMap;

use crate::cell::*;
use crate::cx::{Cx, Raised};
use crate::heap::{Heap, Marker, interrupt};
use crate::value::Value;
use crate::vm::Vm;

/// The collector's state beyond the heap.
#[derive(Default)]
pub struct GcState {
    /// Cells with a finalizer that has not run.
    pub(crate) finalizable: Vec<*mut Cell>,
    /// Objects to finalize at the next safepoint.
    pub(crate) queue: Vec<Value>,
    /// Weak references whose callbacks are to be called.
    pub(crate) callbacks: Vec<Value>,
    /// First weak reference to each weakly referenced cell.
    pub(crate) weakrefs: HashMap<usize, Value>,
    /// Frame objects of running frames: depth and object, innermost last.
    pub(crate) frame_objects: Vec<(usize, Value)>,
    /// Frame objects of suspended generators by their cell, as long as somebody else keeps them.
    pub(crate) suspended_frames: HashMap<usize, Value>,
    /// An exception raised again by RERAISE reports this offset.
    pub(crate) reraised: Option<usize>,
    /// The step of a fused instruction that is under way, if it is not the last.
    pub(crate) step: Option<usize>,
    /// Finalizers are running.
    pub(crate) finalizing: bool,
}

impl Vm {
    /// A safepoint: does what the interrupt flag asks for. `Err` if a finalizer's trouble or a limit raised.
    #[cold]
    #[inline(never)]
    pub fn safepoint(&mut self) -> Result<(), Raised> {
        if self.heap.flags() & interrupt::COLLECT != 0 && self.heap.is_due() {
            self.collect();
            if self.heap.is_over_maximum() {
                return Err(self.raise_memory_error());
            }
        }
        if self.heap.flags() & interrupt::FINALIZE != 0 {
            self.run_finalizers();
        }
        if self.heap.flags() & interrupt::LIMIT != 0 {
            return Err(self.raise_stop());
        }
        if self.heap.flags() & interrupt::SIGNAL != 0 {
            self.handle_signals()?;
        }
        Ok(())
    }

    /// Collects now.
    pub fn collect(&mut self) {
        self.heap.begin_marking();
        self.method_cache.clear();
        self.attr_cache.clear();
        let mut marker = Marker::default();
        self.mark_roots(&mut marker);
        marker.drain();
        self.clear_weakrefs();
        self.queue_finalizers(&mut marker);
        self.forget_dead(&marker);
        let live = marker.live;
        self.heap.finish_marking(live);
        self.clear_above_top();
    }

    fn mark_roots(&mut self, marker: &mut Marker) {
        marker.mark_all(self.stack_values());
        for frame in self.frames() {
            marker.mark(frame.callee);
            if let Some(generator) = frame.generator() {
                marker.mark_cell(generator.cast());
            }
        }
        marker.mark_all(&[self.exception, self.base_exc.value, self.builtins, self.modules, self.sys_dict]);
        marker.mark_all(&[self.empty_str, self.empty_tuple, self.empty_bytes, self.entry_function]);
        marker.mark_all(&self.latin1);
        for value in self.types.all().chain(self.names.all()).chain(self.exceptions.all()) {
            marker.mark(value);
        }
        marker.mark_all(&self.gc.queue);
        marker.mark_all(&self.gc.callbacks);
        marker.mark_all(&self.permanent);
        for (_, object) in &self.gc.frame_objects {
            marker.mark(*object);
        }
        self.roots.trace(marker);
        self.mark_shapes(marker);
    }

    /// A cell keeps its type and the names of its attributes alive through its shape: marks those of the shapes found,
    /// until no new ones turn up.
    fn mark_shapes(&mut self, marker: &mut Marker) {
        let mut seen: Vec<u64> = Vec::new();
        loop {
            marker.drain();
            if marker.shapes == seen {
                return;
            }
            seen.clone_from(&marker.shapes);
            for (word, bits) in seen.iter().enumerate() {
                for bit in (0..64).filter(|bit| bits >> bit & 1 != 0) {
                    let shape = self.shapes.get((word * 64 + bit) as u32);
                    marker.mark(shape.ty);
                    // Shapes compare names by identity: they must stay the interned ones.
                    marker.mark_all(&shape.names);
                }
            }
        }
    }

    /// Clears weak references to garbage and queues their callbacks.
    fn clear_weakrefs(&mut self) {
        let mut callbacks = Vec::new();
        self.gc.weakrefs.retain(|&address, first| {
            if Heap::is_marked(address as *mut Cell) {
                *first = drop_dead(*first);
                return !first.is_undef();
            }
            let mut at = *first;
            while let Some(weakref) = at.as_cell::<WeakRefCell>() {
                // SAFETY: weak references have not been swept.
                unsafe {
                    (*weakref).target = Value::UNDEF;
                    if Heap::is_marked(weakref.cast()) && !(*weakref).callback.is_none() {
                        callbacks.push(at);
                    }
                    at = (*weakref).next;
                }
            }
            false
        });
        if !callbacks.is_empty() {
            self.gc.callbacks.extend(callbacks);
            self.heap.raise_flag(interrupt::FINALIZE);
        }
    }

    /// Marks unreachable objects that have finalizers, with all they reach, and queues them (PEP 442).
    fn queue_finalizers(&mut self, marker: &mut Marker) {
        let mut kept = Vec::new();
        for cell in std::mem::take(&mut self.gc.finalizable) {
            if Heap::is_marked(cell) {
                kept.push(cell);
                continue;
            }
            // SAFETY: the cell has not been swept.
            unsafe {
                let generator = cell.cast::<GeneratorCell>();
                if (*cell).kind() == Kind::Generator && !crate::generator::needs_close(generator) {
                    continue;
                }
                self.gc.queue.push(Value::from_cell(std::ptr::NonNull::new_unchecked(cell)));
            }
        }
        self.gc.finalizable = kept;
        if !self.gc.queue.is_empty() {
            marker.mark_all(&self.gc.queue);
            self.mark_shapes(marker);
            self.heap.raise_flag(interrupt::FINALIZE);
        }
    }

    /// Takes garbage out of tables that do not keep it alive.
    fn forget_dead(&mut self, marker: &Marker) {
        let is_live = |value: &Value| !value.is_cell() || Heap::is_marked(value.cell());
        self.interned.retain(|string| is_live(string));
        self.prepared.retain(is_live);
        self.gc.suspended_frames.retain(|_, object| is_live(object));
        for (_, shape) in self.shapes.iter() {
            if is_live(&shape.ty) {
                self.type_data(shape.ty).subclasses.retain(is_live);
            }
        }
        let in_use =
            |id: u32| marker.shapes.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 != 0);
        self.shapes.retain(|id, shape| in_use(id) || is_live(&shape.ty));
        if !self.ids.is_empty() {
            self.ids.retain(|value| is_live(&value));
        }
    }

    /// Runs queued finalizers and callbacks; what they raise is reported and dropped.
    pub(crate) fn run_finalizers(&mut self) {
        if self.gc.finalizing {
            return;
        }
        self.gc.finalizing = true;
        self.heap.clear_flag(interrupt::FINALIZE);
        let in_flight = std::mem::replace(&mut self.exception, Value::UNDEF);
        let mut cx = Cx::new(self);
        let kept = cx.root_value(in_flight);
        while let Some(weakref) = cx.vm().gc.callbacks.pop() {
            let weakref = cx.root_value(weakref);
            // SAFETY: queued weak references are live.
            let callback = unsafe { (*weakref.value().cast::<WeakRefCell>()).callback };
            let callback = cx.root_value(callback);
            if cx.call(callback.handle(), &[weakref.handle()]).is_err() {
                cx.report_unraisable(callback.handle());
            }
        }
        while let Some(object) = cx.vm().gc.queue.pop() {
            let object = cx.root_value(object);
            cx.finalize(object.handle());
        }
        self.exception = kept.value();
        self.gc.finalizing = false;
    }

    /// At exit: every finalizer runs once.
    pub fn run_all_finalizers(&mut self) {
        for _ in 0..4 {
            self.collect();
            let left = std::mem::take(&mut self.gc.finalizable);
            for cell in left {
                // SAFETY: right after a collection these cells are marked, hence live.
                let value = Value::from_cell(unsafe { std::ptr::NonNull::new_unchecked(cell) });
                if !value.is_kind(Kind::Generator) {
                    self.gc.queue.push(value);
                }
            }
            if self.gc.queue.is_empty() && self.gc.callbacks.is_empty() {
                return;
            }
            self.run_finalizers();
        }
    }

    /// Calls `visit` for each live object; collects first.
    pub(crate) fn for_each_object(&mut self, visit: impl FnMut(*mut Cell)) {
        self.collect();
        self.heap.for_each_cell(visit);
    }
}

/// A chain of weak references without those that are garbage themselves.
fn drop_dead(first: Value) -> Value {
    let mut live = Vec::new();
    let mut at = first;
    while let Some(weakref) = at.as_cell::<WeakRefCell>() {
        if Heap::is_marked(weakref.cast()) {
            live.push(at);
        }
        // SAFETY: weak references have not been swept.
        at = unsafe { (*weakref).next };
    }
    let mut next = Value::UNDEF;
    for value in live.into_iter().rev() {
        // SAFETY: as above.
        unsafe { (*value.cast::<WeakRefCell>()).next = next };
        next = value;
    }
    next
}

// ---- frame objects: made on demand ---------------------------------------------------------------------------------

impl Vm {
    /// The frame object of the running frame's record at `depth`, made if there is none.
    pub(crate) fn frame_object(&mut self, depth: usize) -> Value {
        debug_assert!(self.frame_objects_are_current(), "a frame ended with its frame object attached");
        if let Some((_, object)) = self.gc.frame_objects.iter().rev().find(|(d, _)| *d == depth) {
            return *object;
        }
        let frame = self.frames()[depth];
        if let Some(generator) = frame.generator()
            && let Some(object) = self.gc.suspended_frames.remove(&(generator as usize))
        {
            // SAFETY: the object is live: the table forgets dead ones.
            unsafe { (*object.cast::<FrameCell>()).record = depth as i64 };
            self.attach_frame_object(depth, object);
            return object;
        }
        let generator = frame.generator().map_or(Value::UNDEF, |generator| {
            // SAFETY: a running generator is a live cell.
            Value::from_cell(unsafe { std::ptr::NonNull::new_unchecked(generator.cast()) })
        });
        let object = self.alloc_cell(Kind::Frame, crate::vm::shape_id::FRAME, |header| FrameCell {
            header,
            function: frame.callee,
            back: Value::UNDEF,
            record: depth as i64,
            lasti: 0,
            generator,
            locals: Value::UNDEF,
            dict: Value::UNDEF,
        });
        self.attach_frame_object(depth, object);
        object
    }

    fn attach_frame_object(&mut self, depth: usize, object: Value) {
        // SAFETY: the record exists.
        unsafe { (*self.frames_base.add(depth)).fp |= crate::frame::HAS_OBJECT };
        let at = self.gc.frame_objects.partition_point(|(d, _)| *d < depth);
        self.gc.frame_objects.insert(at, (depth, object));
    }

    /// A generator whose suspended frame has an object runs again.
    pub(crate) fn resume_frame_object(&mut self) {
        let generator = self.current().generator().map_or(0, |generator| generator as usize);
        if self.gc.suspended_frames.contains_key(&generator) {
            self.frame_object(self.depth());
        }
    }

    /// Whether each frame object that is noted belongs to a running frame.
    fn frame_objects_are_current(&self) -> bool {
        let frames = self.frames();
        let is_current =
            |depth: &usize| frames.get(*depth).is_some_and(|frame| frame.fp & crate::frame::HAS_OBJECT != 0);
        self.gc.frame_objects.iter().all(|(depth, _)| is_current(depth))
    }

    /// The running frame ends: its frame object gets copies of its locals.
    pub(crate) fn detach_frame_object(&mut self) {
        let depth = self.depth();
        let Some((d, object)) = self.gc.frame_objects.last().copied() else { return };
        if d != depth {
            return;
        }
        self.gc.frame_objects.pop();
        let frame = *self.current();
        // SAFETY: the record is valid and its function has code; the object is live.
        unsafe {
            let code = &*frame.code();
            let slots = std::slice::from_raw_parts(frame.slots(), code.nlocalsplus as usize);
            let cell = object.cast::<FrameCell>();
            (*cell).lasti = code.offset_before(frame.resume_at(), None) as i64;
            (*cell).record = -1;
            (*cell).locals = self.new_tuple(slots);
            (*cell).back = self.frame_before(depth);
            (*self.frame).fp &= !crate::frame::HAS_OBJECT;
        }
    }

    /// The running generator frame is suspended: its frame object reads the generator's slots from now on.
    pub(crate) fn suspend_frame_object(&mut self, generator: *mut GeneratorCell) {
        if let Some((depth, object)) = self.gc.frame_objects.last().copied()
            && depth == self.depth()
        {
            self.gc.frame_objects.pop();
            self.gc.suspended_frames.insert(generator as usize, object);
            // SAFETY: the object is live.
            unsafe { (*object.cast::<FrameCell>()).record = -1 };
        }
    }

    /// The frame object of a generator: None when it has finished.
    pub(crate) fn generator_frame_object(&mut self, generator: Value) -> Value {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        let (state, function) = unsafe { ((*cell).state, (*cell).function) };
        match state {
            GeneratorState::Done => Value::NONE,
            GeneratorState::Running => {
                let slots = GeneratorCell::slots(cell);
                let depth = self.frames().iter().rposition(|frame| frame.slots() == slots);
                depth.map_or(Value::NONE, |depth| self.frame_object(depth))
            }
            GeneratorState::Created | GeneratorState::Suspended => {
                if let Some(object) = self.gc.suspended_frames.get(&(cell as usize)) {
                    return *object;
                }
                let shape = crate::vm::shape_id::FRAME;
                let object = self.alloc_cell(Kind::Frame, shape, |header| FrameCell {
                    header,
                    function,
                    back: Value::UNDEF,
                    record: -1,
                    // SAFETY: as above.
                    lasti: unsafe {
                        (*(*function.cast::<FunctionCell>()).code_data).offset_before((*cell).pc, None)
                    } as i64,
                    generator,
                    locals: Value::UNDEF,
                    dict: Value::UNDEF,
                });
                self.gc.suspended_frames.insert(cell as usize, object);
                object
            }
        }
    }

    /// The line of a traceback entry, found when it is asked for.
    pub(crate) fn traceback_line(&self, traceback: Value) -> i64 {
        let cell = traceback.cast::<TracebackCell>();
        // SAFETY: the entry, its frame object and its code are live.
        unsafe {
            if (*cell).line < 0 {
                let function = (*(*cell).frame.cast::<FrameCell>()).function.cast::<FunctionCell>();
                let object = &(*(*function).code_data).object;
                (*cell).line = object.line_of((*cell).lasti as u32).map_or(0, i64::from);
            }
            (*cell).line
        }
    }

    /// Adds a traceback entry for the running frame to the exception in flight; not again for a RERAISE that the same
    /// frame has an entry of already.
    pub(crate) fn add_traceback(&mut self, offset: usize, reraised: bool) {
        if reraised {
            return;
        }
        let exception = self.exception;
        let depth = self.depth();
        let object = self.frame_object(depth);
        // SAFETY: the running frame has live code, the exception is one.
        unsafe {
            let cell = exception.cast::<ExceptionCell>();
            let next = (*cell).traceback;
            let entry = self.alloc_cell(Kind::Traceback, crate::vm::shape_id::TRACEBACK, |header| {
                TracebackCell { header, next, frame: object, lasti: offset as i64, line: -1 }
            });
            (*cell).traceback = entry;
        }
    }
}
