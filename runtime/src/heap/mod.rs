//! The heap: size-class blocks, a precise non-moving mark-sweep collector with lazy sweeping.
//!
//! Allocation never collects; it only raises the interrupt flag that safepoints poll. Small cells come from 64 KiB
//! blocks of one size class each, their marks in a side table at the block's start; larger ones from the system
//! allocator. Cells that own memory outside (lists, dicts, …) lie in blocks of their own, so that sweeping the others
//! only follows marks.

#![expect(unsafe_code, reason = "the heap hands out raw memory")]

mod block;
mod mark;

use std::alloc::{Layout as Memory, alloc, dealloc};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::cell::{Cell, Kind, flag};
use block::Block;
pub use mark::Marker;

/// Sizes of small cells in bytes; each is a multiple of 16.
/// From this many bytes on the system is asked whether it has them: code that then just takes them must not find out
/// by the process ending.
const ASK_FIRST: usize = 64 << 20;
const SIZES: [u16; 28] = [
    16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 320, 384, 448, 512, 640, 768,
    896, 1024, 1280, 1536, 1792, 2048,
];
const CLASSES: usize = SIZES.len();
const MAX_SMALL: usize = 2048;
/// Class of a size, by 16-byte steps.
static CLASS_OF: [u8; MAX_SMALL / 16 + 1] = class_table();

/// First collection after this many bytes.
const FIRST_LIMIT: usize = 12 << 20;

/// Bits of [`Heap::interrupt`].
pub mod interrupt {
    /// A collection is due.
    pub const COLLECT: u32 = 1;
    /// Finalizers or weak-reference callbacks are queued.
    pub const FINALIZE: u32 = 2;
    /// A limit (time, steps) is to be checked.
    pub const LIMIT: u32 = 4;
    /// A signal arrived.
    pub const SIGNAL: u32 = 8;
}

const fn class_table() -> [u8; MAX_SMALL / 16 + 1] {
    let mut table = [0; MAX_SMALL / 16 + 1];
    let mut class = 0;
    let mut step = 0;
    while step < table.len() {
        if step * 16 > SIZES[class] as usize {
            class += 1;
        }
        table[step] = class as u8;
        step += 1;
    }
    table
}

/// A free cell: a header of kind `Free`, then the next free cell of the class.
#[repr(C)]
struct FreeCell {
    header: Cell,
    next: *mut FreeCell,
}

/// Blocks of one size class and sweeping rule.
struct Class {
    free: *mut FreeCell,
    unswept: Vec<*mut Block>,
}

/// The heap.
pub struct Heap {
    /// What safepoints poll: bits of [`interrupt`].
    pub interrupt: AtomicU32,
    classes: [Class; CLASSES * 2],
    blocks: Vec<*mut Block>,
    empty: Vec<*mut Block>,
    large: Vec<*mut Cell>,
    /// Bytes allocated since the last collection, external ones included.
    allocated: usize,
    limit: usize,
    /// Bytes in use after the last collection.
    live: usize,
    /// Most bytes that may be in use; beyond it MemoryError.
    maximum: usize,
    /// Collections so far.
    pub collections: u64,
    /// Collects only when told to (`gc.disable()`).
    pub enabled: bool,
    stress: u32,
    countdown: u32,
}

impl Default for Heap {
    fn default() -> Self {
        Self {
            interrupt: AtomicU32::new(0),
            classes: std::array::from_fn(|_| Class { free: ptr::null_mut(), unswept: Vec::new() }),
            blocks: Vec::new(),
            empty: Vec::new(),
            large: Vec::new(),
            allocated: 0,
            limit: FIRST_LIMIT,
            live: 0,
            maximum: usize::MAX,
            collections: 0,
            enabled: true,
            stress: 0,
            countdown: 0,
        }
    }
}

/// Size stands before a large cell, so that it can be given back.
const LARGE_PREFIX: usize = 16;

/// Whether cells of `kind` own memory outside the cell.
pub(crate) const fn owns_memory(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::List
            | Kind::Dict
            | Kind::Set
            | Kind::FrozenSet
            | Kind::ByteArray
            | Kind::StrBuffer
            | Kind::Type
            | Kind::Code
            | Kind::Boxed
    )
}

impl Heap {
    /// What safepoints have to do: bits of [`interrupt`].
    #[inline(always)]
    pub(crate) fn flags(&self) -> u32 {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Asks safepoints for something.
    pub(crate) fn raise_flag(&self, bits: u32) {
        self.interrupt.fetch_or(bits, Ordering::Relaxed);
    }

    /// Asks safepoints for it no more.
    pub(crate) fn clear_flag(&self, bits: u32) {
        self.interrupt.fetch_and(!bits, Ordering::Relaxed);
    }

    /// Allocates an uninitialised cell of `size` bytes (at most 2048) with its header written.
    ///
    /// The caller writes every field that the collector reads before anything else happens.
    #[inline(always)]
    pub(crate) fn alloc_small(&mut self, size: usize, kind: Kind, shape: u32) -> NonNull<Cell> {
        debug_assert!(size <= MAX_SMALL);
        let class = CLASS_OF[size.div_ceil(16)] as usize * 2 + owns_memory(kind) as usize;
        let mut free = self.classes[class].free;
        if free.is_null() {
            free = self.refill(class);
        }
        // SAFETY: the list holds free cells of this class, linked by `next`.
        unsafe {
            self.classes[class].free = (*free).next;
            let cell = free.cast::<Cell>();
            cell.write(Cell::new(kind, shape));
            NonNull::new_unchecked(cell)
        }
    }

    /// Allocates a cell of any size; `None` if there is no memory for it.
    #[inline]
    pub(crate) fn alloc(&mut self, size: usize, kind: Kind, shape: u32) -> Option<NonNull<Cell>> {
        if size <= MAX_SMALL {
            Some(self.alloc_small(size, kind, shape))
        } else {
            self.alloc_large(size, kind, shape)
        }
    }

    #[cold]
    fn alloc_large(&mut self, size: usize, kind: Kind, shape: u32) -> Option<NonNull<Cell>> {
        let memory = Memory::from_size_align(size.checked_add(LARGE_PREFIX)?, 16).ok()?;
        if !self.may_grow(size) {
            return None;
        }
        // SAFETY: the layout has a size above zero.
        let base = NonNull::new(unsafe { alloc(memory) })?;
        // SAFETY: the block holds the prefix and the cell.
        let cell = unsafe {
            base.cast::<usize>().write(memory.size());
            let cell = base.add(LARGE_PREFIX).cast::<Cell>();
            cell.write(Cell::new(kind, shape));
            (*cell.as_ptr()).flags = flag::LARGE;
            cell
        };
        self.large.push(cell.as_ptr());
        self.count(size);
        Some(cell)
    }

    /// Whether `bytes` more stay within the memory limit.
    pub(crate) fn may_grow(&self, bytes: usize) -> bool {
        self.live.saturating_add(self.allocated).saturating_add(bytes) <= self.maximum
            && (bytes < ASK_FIRST || Vec::<u8>::new().try_reserve_exact(bytes).is_ok())
    }

    /// Sets the most bytes that may be in use.
    pub fn set_maximum(&mut self, bytes: usize) {
        self.maximum = bytes;
    }

    /// Whether more is in use than allowed, garbage included.
    pub fn is_over_maximum(&self) -> bool {
        !self.may_grow(0)
    }

    /// Counts memory taken outside the blocks, for the trigger.
    #[inline]
    pub(crate) fn count(&mut self, bytes: usize) {
        self.allocated += bytes;
        if self.allocated >= self.limit {
            self.raise_flag(interrupt::COLLECT);
        }
    }

    /// Bytes in use after the last collection and allocated since.
    pub fn bytes(&self) -> usize {
        self.live + self.allocated
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self, class: usize) -> *mut FreeCell {
        let size = SIZES[class / 2] as usize;
        while let Some(block) = self.classes[class].unswept.pop() {
            // SAFETY: blocks in `unswept` are valid and belong to this class.
            let (free, count) = unsafe { Block::sweep(block) };
            if count > 0 {
                self.count(count * size);
                return free;
            }
        }
        let block = self.empty.pop().unwrap_or_else(|| self.new_block());
        // SAFETY: the block is not in use.
        let (free, count) = unsafe { Block::init(block, class as u16, size as u16) };
        self.blocks.push(block);
        self.count(count * size);
        free
    }

    fn new_block(&mut self) -> *mut Block {
        let chunk = block::allocate_chunk();
        self.empty.extend(chunk[1..].iter().rev());
        chunk[0]
    }

    /// Turns on stress mode: a collection at every `every`-th safepoint. Only in builds with debug assertions.
    pub fn set_stress(&mut self, every: u32) {
        if cfg!(debug_assertions) && every > 0 {
            self.stress = every;
            self.countdown = every;
            self.raise_flag(interrupt::COLLECT);
        }
    }

    /// Whether the collection that a safepoint found requested is to be made now.
    pub(crate) fn is_due(&mut self) -> bool {
        if self.stress > 0 {
            self.countdown -= 1;
            if self.countdown == 0 {
                self.countdown = self.stress;
                return true;
            }
        }
        let due = self.allocated >= self.limit && self.enabled;
        if self.stress == 0 && !due {
            self.clear_flag(interrupt::COLLECT);
        }
        due
    }

    /// Before marking: finishes sweeping and clears all marks.
    pub(crate) fn begin_marking(&mut self) {
        self.sweep_all();
        for &block in &self.blocks {
            // SAFETY: `blocks` holds valid blocks.
            unsafe { Block::clear_marks(block) };
        }
    }

    fn sweep_all(&mut self) {
        for class in 0..self.classes.len() {
            while let Some(block) = self.classes[class].unswept.pop() {
                // SAFETY: as in `refill`.
                let (mut free, _) = unsafe { Block::sweep(block) };
                while !free.is_null() {
                    // SAFETY: `free` is a list of free cells of this class.
                    unsafe {
                        let next = (*free).next;
                        (*free).next = self.classes[class].free;
                        self.classes[class].free = free;
                        free = next;
                    }
                }
            }
        }
    }

    /// After marking: everything unmarked is garbage; blocks will be swept when cells of their class are needed.
    pub(crate) fn finish_marking(&mut self, live: usize) {
        for class in &mut self.classes {
            class.free = ptr::null_mut();
            class.unswept.clear();
        }
        for &block in &self.blocks {
            // SAFETY: `blocks` holds valid blocks.
            let class = unsafe { (*block).class } as usize;
            self.classes[class].unswept.push(block);
        }
        self.sweep_large();
        if self.stress > 0 {
            self.sweep_all();
        } else {
            self.clear_flag(interrupt::COLLECT);
        }
        self.live = live;
        self.allocated = 0;
        self.limit = FIRST_LIMIT.max(live / 4 * 3);
        self.collections += 1;
    }

    fn sweep_large(&mut self) {
        self.large.retain(|&cell| {
            // SAFETY: `large` holds live large cells; an unmarked one is unreachable.
            unsafe {
                if (*cell).has(flag::MARKED) {
                    (*cell).flags &= !flag::MARKED;
                    return true;
                }
                block::release_memory(cell);
                free_large(cell);
                false
            }
        });
    }

    /// Whether the cell was reached in the marking under way.
    pub(crate) fn is_marked(cell: *mut Cell) -> bool {
        // SAFETY: the caller holds a pointer to a cell that has not been swept.
        unsafe { if (*cell).has(flag::LARGE) { (*cell).has(flag::MARKED) } else { Block::is_marked(cell) } }
    }

    /// Calls `visit` for every cell in use; only right after a collection, before the program goes on.
    pub(crate) fn for_each_cell(&mut self, mut visit: impl FnMut(*mut Cell)) {
        self.sweep_all();
        for &block in &self.blocks {
            // SAFETY: `blocks` holds valid, swept blocks.
            unsafe { Block::for_each(block, &mut visit) };
        }
        for &cell in &self.large {
            visit(cell);
        }
    }
}

/// # Safety
/// `cell` was made by `alloc_large` and is not used again.
unsafe fn free_large(cell: *mut Cell) {
    // SAFETY: the prefix before the cell says the size of the allocation.
    unsafe {
        let base = cell.cast::<u8>().sub(LARGE_PREFIX);
        let size = base.cast::<usize>().read();
        dealloc(base, Memory::from_size_align_unchecked(size, 16));
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.for_each_cell(|cell| {
            // SAFETY: the heap's owner is going away, nobody reads cells any more.
            unsafe { block::release_memory(cell) };
        });
        for &cell in &self.large {
            // SAFETY: as above.
            unsafe { free_large(cell) };
        }
        let mut blocks: Vec<_> = self.blocks.iter().chain(&self.empty).copied().collect();
        blocks.sort_unstable();
        block::free_chunks(&blocks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_fit_their_sizes() {
        for size in 1..=MAX_SMALL {
            let class = CLASS_OF[size.div_ceil(16)] as usize;
            assert!(SIZES[class] as usize >= size, "{size}");
            assert!(class == 0 || (SIZES[class - 1] as usize) < size, "{size} is wasteful");
        }
    }

    #[test]
    fn unmarked_cells_are_used_again_and_marked_ones_stay() {
        let mut heap = Heap::default();
        let cells: Vec<_> = (0..10_000).map(|_| heap.alloc_small(32, Kind::Float, 0)).collect();
        heap.begin_marking();
        let mut marker = Marker::default();
        for cell in cells.iter().step_by(2) {
            marker.mark_cell(cell.as_ptr());
        }
        heap.finish_marking(0);
        let blocks = heap.blocks.len();
        let kept: std::collections::HashSet<_> = cells.iter().step_by(2).copied().collect();
        for _ in 0..5_000 {
            assert!(!kept.contains(&heap.alloc_small(32, Kind::Float, 0)));
        }
        assert_eq!(heap.blocks.len(), blocks, "freed cells are used before new blocks");
    }

    #[test]
    fn an_impossible_size_is_refused() {
        let mut heap = Heap::default();
        assert!(heap.alloc(usize::MAX - 8, Kind::Bytes, 0).is_none());
        assert!(heap.alloc(1 << 60, Kind::Bytes, 0).is_none());
    }
}
