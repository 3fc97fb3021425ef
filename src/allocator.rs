//! The allocator of buffers: mimalloc, but the system's for great ones.
//!
//! Cells live in the runtime's own heap; this serves the buffers of lists, dicts and strings, which are made and freed
//! in bursts. mimalloc reserves address space without asking whether there is memory behind it, so that a list of 10^12
//! items would be granted and the process killed while it is filled. Above [`GREAT`] bytes the system is asked, which
//! refuses what it cannot back; the refusal becomes a `MemoryError`.

#![expect(unsafe_code, reason = "allocators are unsafe by their trait")]

use std::alloc::{GlobalAlloc, Layout, System};

use mimalloc::MiMalloc;

/// Bytes from which the system's allocator serves.
const GREAT: usize = 32 << 20;

/// See the module.
pub struct Allocator;

// SAFETY: each block is given back to the allocator that gave it, which its size tells; both keep the trait's contract.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract is the caller's.
        unsafe { if layout.size() < GREAT { MiMalloc.alloc(layout) } else { System.alloc(layout) } }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the contract is the caller's.
        unsafe {
            if layout.size() < GREAT { MiMalloc.alloc_zeroed(layout) } else { System.alloc_zeroed(layout) }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block came from the allocator that its size tells.
        unsafe {
            if layout.size() < GREAT {
                MiMalloc.dealloc(block, layout);
            } else {
                System.dealloc(block, layout);
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above; a block that changes hands is copied as far as both sizes go.
        unsafe {
            match (layout.size() < GREAT, size < GREAT) {
                (true, true) => MiMalloc.realloc(block, layout, size),
                (false, false) => System.realloc(block, layout, size),
                _ => {
                    let other = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                    if !other.is_null() {
                        std::ptr::copy_nonoverlapping(block, other, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    other
                }
            }
        }
    }
}
