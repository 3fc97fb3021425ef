//! Blocks: 64 KiB of cells of one size, with a mark byte for each 16 bytes at the start.

use std::alloc::{Layout as Memory, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr;

use super::{FreeCell, owns_memory};
use crate::cell::*;

const BLOCK: usize = 64 << 10;
const CHUNK_BLOCKS: usize = 16;
const GRANULE: usize = 16;
const MARKS: usize = BLOCK / GRANULE;
const HEADER: usize = 64;

/// The start of a block.
#[repr(C, align(64))]
pub(super) struct Block {
    pub(super) class: u16,
    size: u16,
    _pad: [u8; HEADER - 4],
    marks: [u8; MARKS],
}

const FIRST_CELL: usize = size_of::<Block>();

/// Sixteen zeroed blocks in a row.
pub(super) fn allocate_chunk() -> [*mut Block; CHUNK_BLOCKS] {
    let memory = chunk_memory();
    // SAFETY: the layout has a size above zero.
    let base = unsafe { alloc_zeroed(memory) };
    if base.is_null() {
        handle_alloc_error(memory);
    }
    std::array::from_fn(|i| base.wrapping_add(i * BLOCK).cast())
}

fn chunk_memory() -> Memory {
    Memory::from_size_align(BLOCK * CHUNK_BLOCKS, BLOCK * CHUNK_BLOCKS).expect("a power of two")
}

/// Frees chunks, all of whose blocks are given, in order of address.
pub(super) fn free_chunks(blocks: &[*mut Block]) {
    for &block in blocks {
        if (block as usize).is_multiple_of(BLOCK * CHUNK_BLOCKS) {
            // SAFETY: a chunk's first block is aligned to the chunk and was made by `allocate_chunk`.
            unsafe { dealloc(block.cast(), chunk_memory()) };
        }
    }
}

impl Block {
    fn cells(block: *mut Self, size: usize) -> impl Iterator<Item = *mut Cell> {
        let count = (BLOCK - FIRST_CELL) / size;
        (0..count).map(move |i| block.cast::<u8>().wrapping_add(FIRST_CELL + i * size).cast())
    }

    /// Makes every cell of the block free; returns the list and its length.
    ///
    /// # Safety
    /// The block is valid and none of its cells is in use.
    pub(super) unsafe fn init(block: *mut Self, class: u16, size: u16) -> (*mut FreeCell, usize) {
        // SAFETY: by contract.
        unsafe {
            (*block).class = class;
            (*block).size = size;
            (*block).marks = [0; MARKS];
        }
        let mut list = FreeList::default();
        for cell in Self::cells(block, size as usize) {
            // SAFETY: the cell lies in the block.
            unsafe { list.push(cell) };
        }
        (list.head, list.count)
    }

    /// Frees the unmarked cells; returns the list of free cells and its length.
    ///
    /// # Safety
    /// The block is valid, and its marks are those of the last collection.
    pub(super) unsafe fn sweep(block: *mut Self) -> (*mut FreeCell, usize) {
        // SAFETY: by contract.
        let (size, owning) = unsafe { ((*block).size as usize, (*block).class & 1 != 0) };
        let mut list = FreeList::default();
        for cell in Self::cells(block, size) {
            // SAFETY: an unmarked cell is garbage or free already.
            unsafe {
                if Self::is_marked(cell) {
                    continue;
                }
                if (*cell).kind() != Kind::Free {
                    if owning {
                        release_memory(cell);
                    }
                    if cfg!(debug_assertions) {
                        ptr::write_bytes(cell.cast::<u8>(), 0xDB, size);
                    }
                }
                list.push(cell);
            }
        }
        (list.head, list.count)
    }

    /// # Safety
    /// The block is valid.
    pub(super) unsafe fn clear_marks(block: *mut Self) {
        // SAFETY: by contract.
        unsafe { (*block).marks = [0; MARKS] };
    }

    fn mark_byte(cell: *mut Cell) -> *mut u8 {
        let address = cell as usize;
        let block = cell.cast::<u8>().wrapping_sub(address % BLOCK);
        block.wrapping_add(HEADER + address % BLOCK / GRANULE)
    }

    /// # Safety
    /// `cell` lies in a block.
    pub(super) unsafe fn is_marked(cell: *mut Cell) -> bool {
        // SAFETY: the mark byte lies at the start of the cell's block.
        unsafe { *Self::mark_byte(cell) != 0 }
    }

    /// Marks the cell; whether it was not marked before.
    ///
    /// # Safety
    /// `cell` lies in a block.
    pub(super) unsafe fn mark(cell: *mut Cell) -> bool {
        // SAFETY: as in `is_marked`.
        unsafe { ptr::replace(Self::mark_byte(cell), 1) == 0 }
    }

    /// Bytes of each of the block's cells.
    ///
    /// # Safety
    /// `cell` lies in a block.
    pub(super) unsafe fn cell_size(cell: *mut Cell) -> usize {
        let block = cell.cast::<u8>().wrapping_sub(cell as usize % BLOCK).cast::<Self>();
        // SAFETY: by contract.
        unsafe { (*block).size as usize }
    }

    /// Visits the cells in use.
    ///
    /// # Safety
    /// The block is valid and swept.
    pub(super) unsafe fn for_each(block: *mut Self, visit: &mut impl FnMut(*mut Cell)) {
        // SAFETY: by contract.
        let size = unsafe { (*block).size as usize };
        for cell in Self::cells(block, size) {
            // SAFETY: every cell of a swept block has a header.
            if unsafe { (*cell).kind() } != Kind::Free {
                visit(cell);
            }
        }
    }
}

/// A list of free cells under construction, in order of address.
struct FreeList {
    head: *mut FreeCell,
    tail: *mut FreeCell,
    count: usize,
}

impl Default for FreeList {
    fn default() -> Self {
        Self { head: ptr::null_mut(), tail: ptr::null_mut(), count: 0 }
    }
}

impl FreeList {
    /// # Safety
    /// `cell` is not in use and has at least 16 bytes.
    unsafe fn push(&mut self, cell: *mut Cell) {
        let free = cell.cast::<FreeCell>();
        // SAFETY: by contract; `tail` was pushed before.
        unsafe {
            free.write(FreeCell { header: Cell::new(Kind::Free, 0), next: ptr::null_mut() });
            if self.tail.is_null() {
                self.head = free;
            } else {
                (*self.tail).next = free;
            }
        }
        self.tail = free;
        self.count += 1;
    }
}

/// Gives back what the cell owns outside itself.
///
/// # Safety
/// The cell is garbage and not used again.
pub(super) unsafe fn release_memory(cell: *mut Cell) {
    // SAFETY: the kind says the layout.
    unsafe {
        let kind = (*cell).kind();
        if !owns_memory(kind) {
            return;
        }
        match kind {
            Kind::List => ptr::drop_in_place(&raw mut (*cell.cast::<ListCell>()).items),
            Kind::Dict => ptr::drop_in_place(&raw mut (*cell.cast::<DictCell>()).data),
            Kind::Set | Kind::FrozenSet => ptr::drop_in_place(&raw mut (*cell.cast::<SetCell>()).data),
            Kind::ByteArray => ptr::drop_in_place(&raw mut (*cell.cast::<ByteArrayCell>()).bytes),
            Kind::StrBuffer => crate::str_object::free_buffer(cell.cast()),
            Kind::Type => ptr::drop_in_place(&raw mut (*cell.cast::<TypeCell>()).data),
            Kind::Code => ptr::drop_in_place(&raw mut (*cell.cast::<CodeCell>()).data),
            Kind::Boxed => ptr::drop_in_place(&raw mut (*cell.cast::<BoxedCell>()).payload),
            _ => debug_assert!(false, "{kind:?} owns no memory"),
        }
    }
}
