//! Strings: units of one, two or four bytes, in the cell itself or in a buffer that several strings share.
//!
//! `s + x` extends in place exactly when `s` ends where its buffer ends: the new string gets a header of its own over
//! the longer buffer, and every alias of `s` keeps its prefix; a full buffer is copied to one of twice the length and
//! left to its aliases. Building a string by `+=` is linear without reference counts, and units never move.

#![expect(unsafe_code, reason = "strings read units behind raw pointers")]

use std::alloc::{Layout as Memory, alloc, dealloc};
use std::ptr::NonNull;

use crate::cell::{Cell, Kind, StrBufferCell, StrCell, flag};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// Longest string, in units, whose units lie in the cell.
const MAX_INLINE: usize = 1 << 40;

/// A string's units.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    /// All code points below 256.
    One(&'a [u8]),
    /// All below 65,536.
    Two(&'a [u16]),
    /// The others.
    Four(&'a [u32]),
}

impl<'a> Units<'a> {
    /// Number of code points.
    pub fn len(&self) -> usize {
        match self {
            Self::One(units) => units.len(),
            Self::Two(units) => units.len(),
            Self::Four(units) => units.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code point at `index`.
    #[inline]
    pub fn at(&self, index: usize) -> u32 {
        match self {
            Self::One(units) => units[index].into(),
            Self::Two(units) => units[index].into(),
            Self::Four(units) => units[index],
        }
    }

    /// The code points in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + Clone + use<'a> {
        let units = *self;
        (0..units.len()).map(move |i| units.at(i))
    }

    /// Bytes of a unit.
    pub fn width(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Two(_) => 2,
            Self::Four(_) => 4,
        }
    }

    /// The units from `start` to `end`.
    pub fn slice(&self, start: usize, end: usize) -> Self {
        match self {
            Self::One(units) => Self::One(&units[start..end]),
            Self::Two(units) => Self::Two(&units[start..end]),
            Self::Four(units) => Self::Four(&units[start..end]),
        }
    }

    /// The units as memory.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        match self {
            Self::One(units) => units,
            // SAFETY: any memory of integers may be read as bytes.
            Self::Two(units) => unsafe { std::slice::from_raw_parts(units.as_ptr().cast(), units.len() * 2) },
            // SAFETY: as above.
            Self::Four(units) => unsafe {
                std::slice::from_raw_parts(units.as_ptr().cast(), units.len() * 4)
            },
        }
    }

    /// Whether both have the same code points. Strings are kept in the narrowest width, so widths must agree.
    #[inline]
    pub fn is_same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.width() == other.width() && self.bytes() == other.bytes()
    }

    #[expect(clippy::wrong_self_convention, reason = "it is a pair of references, and the result is made")]
    /// As UTF-8, surrogates passed as three bytes.
    pub fn to_wtf8(&self) -> Vec<u8> {
        match self {
            Self::One(units) if units.is_ascii() => units.to_vec(),
            _ => bytecode::Text::from_code_points(self.iter()).as_bytes().to_vec(),
        }
    }

    #[expect(clippy::wrong_self_convention, reason = "as above")]
    /// As a Rust string, each lone surrogate replaced by U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        self.iter().map(|point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    }
}

impl StrCell {
    /// The units.
    ///
    /// # Safety
    /// `this` is a live string; the borrow ends before the next safepoint and before any string is extended in place.
    #[inline]
    pub unsafe fn units<'a>(this: *const Self) -> Units<'a> {
        // SAFETY: `data` points to `len` units of `aux` bytes each, aligned to 8 in the cell or buffer.
        unsafe {
            let this = &*this;
            match this.header.aux {
                1 => Units::One(std::slice::from_raw_parts(this.data, this.len)),
                2 => Units::Two(std::slice::from_raw_parts(this.data.cast(), this.len)),
                _ => Units::Four(std::slice::from_raw_parts(this.data.cast(), this.len)),
            }
        }
    }
}

/// Bytes of an inline string's cell before its units.
const INLINE_HEADER: usize = std::mem::offset_of!(StrCell, owner);

impl Vm {
    /// A new string of `len` units of `width` bytes, to be filled by the caller; `None` if there is no memory.
    fn alloc_str(&mut self, len: usize, width: usize) -> Option<NonNull<StrCell>> {
        let bytes = len.checked_mul(width).filter(|bytes| *bytes < MAX_INLINE)?;
        let cell: NonNull<StrCell> =
            self.heap.alloc((INLINE_HEADER + bytes).max(32), Kind::Str, shape_id::STR)?.cast();
        // SAFETY: the cell has room for the header and the units.
        unsafe {
            let p = cell.as_ptr();
            (*p).header.aux = width as u16;
            (*p).header.flags |= flag::INLINE;
            (*p).hash = 0;
            (*p).len = len;
            (*p).data = p.cast::<u8>().add(INLINE_HEADER);
        }
        Some(cell)
    }

    /// The empty string, of which there is one.
    pub(crate) fn make_empty_str(&mut self) -> Value {
        let cell = self.alloc_str(0, 1).expect("32 bytes");
        // SAFETY: the cell was just made.
        unsafe { (*cell.as_ptr()).header.flags |= flag::ASCII };
        Value::from_cell(cell.cast())
    }

    /// A new string of units that are known to be in the narrowest width; `None` if there is no memory.
    pub(crate) fn try_str_from_units(&mut self, units: Units<'_>) -> Option<Value> {
        if units.is_empty() {
            return Some(self.empty_str);
        }
        let cell = self.alloc_str(units.len(), units.width())?;
        let bytes = units.bytes();
        // SAFETY: the cell was made for exactly these units.
        unsafe {
            let p = cell.as_ptr();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), (*p).data.cast_mut(), bytes.len());
            if units.width() == 1 && bytes.is_ascii() {
                (*p).header.flags |= flag::ASCII;
            }
        }
        Some(Value::from_cell(cell.cast()))
    }

    /// A new string of Latin-1 bytes.
    pub(crate) fn str_from_latin1(&mut self, bytes: &[u8]) -> Value {
        self.try_str_from_units(Units::One(bytes)).unwrap_or_else(|| self.out_of_memory())
    }

    /// A new string.
    pub fn new_str(&mut self, text: &str) -> Value {
        if text.is_ascii() {
            return self.str_from_latin1(text.as_bytes());
        }
        self.str_from_points(text.chars().map(u32::from))
    }

    /// A new string of code points, in the narrowest width.
    pub fn str_from_points(&mut self, points: impl Iterator<Item = u32>) -> Value {
        let points: Vec<u32> = points.collect();
        self.try_str_from_points(&points).unwrap_or_else(|| self.out_of_memory())
    }

    /// A new string of code points, in the narrowest width; `None` if there is no memory.
    pub(crate) fn try_str_from_points(&mut self, points: &[u32]) -> Option<Value> {
        let widest = points.iter().fold(0, |all, point| all | point);
        if widest < 0x100 {
            let units: Vec<u8> = points.iter().map(|point| *point as u8).collect();
            self.try_str_from_units(Units::One(&units))
        } else if widest < 0x1_0000 {
            let units: Vec<u16> = points.iter().map(|point| *point as u16).collect();
            self.try_str_from_units(Units::Two(&units))
        } else {
            self.try_str_from_units(Units::Four(points))
        }
    }

    /// A new string of part of another's units, in the narrowest width.
    pub(crate) fn str_from_part(&mut self, units: Units<'_>) -> Value {
        match units {
            Units::One(units) => self.str_from_latin1(units),
            wider => self.str_from_points(wider.iter()),
        }
    }

    /// A new string of a code object's text.
    pub fn str_from_text(&mut self, text: &bytecode::Text) -> Value {
        match text.as_str() {
            Some(text) => self.new_str(text),
            None => self.str_from_points(text.code_points()),
        }
    }

    /// `left + right`, extending `left`'s buffer in place where possible; `None` if there is no memory.
    pub(crate) fn concat(&mut self, left: Value, right: Value) -> Option<Value> {
        // SAFETY: both are live strings, and nothing below reaches a safepoint.
        unsafe {
            let (l, r) = (left.cast::<StrCell>(), right.cast::<StrCell>());
            if (*r).len == 0 && (*l).header.shape == shape_id::STR {
                return Some(left);
            }
            if (*l).len == 0 && (*r).header.shape == shape_id::STR {
                return Some(right);
            }
            let (a, b) = (StrCell::units(l), StrCell::units(r));
            let len = a.len() + b.len();
            let width = a.width().max(b.width());
            if width == a.width() && !(*l).header.has(flag::INLINE) {
                let buffer = (*l).owner.cast::<StrBufferCell>();
                if (*l).data == (*buffer).data.cast_const() && (*l).len == (*buffer).len {
                    return self.extend_buffer(l, buffer, b);
                }
            }
            if len * width <= 128 {
                let cell = self.alloc_str(len, width)?;
                let p = cell.as_ptr();
                let to = (*p).data.cast_mut();
                write_units(to, width, a);
                write_units(to.add(a.len() * width), width, b);
                (*p).header.flags |= (*l).header.flags & (*r).header.flags & flag::ASCII;
                return Some(Value::from_cell(cell.cast()));
            }
            let buffer = self.new_buffer(len + len / 2, width)?;
            write_units((*buffer).data, width, a);
            (*buffer).len = a.len();
            let first = self.str_over_buffer(buffer, a.len(), (*l).header.flags & flag::ASCII);
            self.extend_buffer(first.cast(), buffer, b)
        }
    }

    /// Strings one behind the other, `separator` between them; `None` if there is no memory.
    pub(crate) fn join_strings(
        &mut self,
        parts: impl Iterator<Item = Value> + Clone,
        separator: Option<Value>,
    ) -> Option<Value> {
        let (mut count, mut len, mut width) = (0_usize, 0_usize, 1);
        let mut ascii = flag::ASCII;
        for part in parts.clone() {
            // SAFETY: the part is a live string.
            let string = unsafe { &*part.cast::<StrCell>() };
            count += 1;
            len = len.checked_add(string.len)?;
            width = width.max(usize::from(string.header.aux));
            ascii &= string.header.flags | if string.len == 0 { flag::ASCII } else { 0 };
        }
        if count == 1 {
            let only = parts.clone().next()?;
            if self.type_of(only) == self.types.str {
                return Some(only);
            }
        }
        let separator = separator.filter(|_| count > 1).map(|separator| (separator, self.units(separator)));
        if let Some((value, units)) = separator {
            len = len.checked_add(units.len().checked_mul(count - 1)?)?;
            width = width.max(units.width());
            // SAFETY: the separator is a live string.
            ascii &= unsafe { (*value.cell()).flags } | if units.is_empty() { flag::ASCII } else { 0 };
        }
        if len == 0 {
            return Some(self.empty_str);
        }
        let cell = self.alloc_str(len, width)?;
        // SAFETY: the cell was made for exactly these units.
        unsafe {
            let mut to = (*cell.as_ptr()).data.cast_mut();
            let mut between = None;
            for part in parts {
                if let Some(units) = between {
                    to = append_units(to, width, units);
                }
                to = append_units(to, width, self.units(part));
                between = separator.map(|(_, units)| units);
            }
            (*cell.as_ptr()).header.flags |= ascii;
        }
        Some(Value::from_cell(cell.cast()))
    }

    /// Texts one behind the other, as a string in the narrowest width; MemoryError if there is no room.
    pub(crate) fn join_units(&mut self, parts: &[Units<'_>]) -> Result<Value, crate::cx::Raised> {
        let len = parts.iter().try_fold(0_usize, |len, part| len.checked_add(part.len()));
        if len.is_none_or(|len| len > 1 << 16 && !self.heap.may_grow(len)) {
            return Err(self.raise_memory_error());
        }
        let mut text = crate::text_builder::TextBuilder::new();
        parts.iter().for_each(|part| text.push_units(*part));
        text.finish(self)
    }

    /// A text many times one behind the other; `None` if there is no memory.
    pub(crate) fn repeat_str(&mut self, units: Units<'_>, times: usize) -> Option<Value> {
        let len = units.len().checked_mul(times)?;
        let cell = self.alloc_str(len, units.width())?;
        let bytes = units.bytes();
        // SAFETY: the cell was made for exactly these units; what is written doubles each time.
        unsafe {
            let to = (*cell.as_ptr()).data.cast_mut();
            let total = bytes.len() * times;
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
            let mut done = bytes.len();
            while done < total {
                let more = done.min(total - done);
                std::ptr::copy_nonoverlapping(to, to.add(done), more);
                done += more;
            }
            if units.width() == 1 && bytes.is_ascii() {
                (*cell.as_ptr()).header.flags |= flag::ASCII;
            }
        }
        Some(Value::from_cell(cell.cast()))
    }

    /// # Safety
    /// `left` starts and ends where `buffer` does; the units `right` fit the buffer's width.
    unsafe fn extend_buffer(
        &mut self,
        left: *mut StrCell,
        buffer: *mut StrBufferCell,
        right: Units<'_>,
    ) -> Option<Value> {
        // SAFETY: by contract. `right` may lie in this very buffer, below what is written.
        unsafe {
            let width = (*buffer).header.aux as usize;
            let len = (*buffer).len.checked_add(right.len())?;
            let ascii = (*left).header.flags & flag::ASCII != 0
                && matches!(right, Units::One(units) if units.is_ascii());
            let mut buffer = buffer;
            if len > (*buffer).capacity {
                let longer = self.new_buffer(len.checked_mul(2)?, width)?;
                std::ptr::copy_nonoverlapping((*buffer).data, (*longer).data, (*buffer).len * width);
                (*longer).len = (*buffer).len;
                buffer = longer;
            }
            write_units((*buffer).data.add((*buffer).len * width), width, right);
            (*buffer).len = len;
            Some(self.str_over_buffer(buffer, len, if ascii { flag::ASCII } else { 0 }))
        }
    }

    /// # Safety
    /// The buffer holds at least `len` units.
    unsafe fn str_over_buffer(&mut self, buffer: *mut StrBufferCell, len: usize, flags: u8) -> Value {
        let cell = self.heap.alloc_small(size_of::<StrCell>(), Kind::Str, shape_id::STR).cast::<StrCell>();
        // SAFETY: the cell was just allocated for this layout.
        unsafe {
            let p = cell.as_ptr();
            (*p).header.aux = (*buffer).header.aux;
            (*p).header.flags |= flags;
            (*p).hash = 0;
            (*p).len = len;
            (*p).data = (*buffer).data;
            (*p).owner = Value::from_cell(NonNull::new_unchecked(buffer.cast::<Cell>()));
        }
        Value::from_cell(cell.cast())
    }

    fn new_buffer(&mut self, capacity: usize, width: usize) -> Option<*mut StrBufferCell> {
        let memory = Memory::from_size_align(capacity.checked_mul(width)?, 8).ok()?;
        if !self.heap.may_grow(memory.size()) {
            return None;
        }
        // SAFETY: buffers are never empty.
        let data = NonNull::new(unsafe { alloc(memory) })?;
        self.heap.count(memory.size());
        let cell = self
            .heap
            .alloc_small(size_of::<StrBufferCell>(), Kind::StrBuffer, shape_id::INTERNAL)
            .cast::<StrBufferCell>()
            .as_ptr();
        // SAFETY: the cell was just allocated for this layout.
        unsafe {
            (*cell).header.aux = width as u16;
            (*cell).data = data.as_ptr();
            (*cell).len = 0;
            (*cell).capacity = capacity;
        }
        Some(cell)
    }
}

/// Writes units at `to`, widened to `width` bytes each; where the next ones go.
///
/// # Safety
/// As for [`write_units`].
#[inline(always)]
unsafe fn append_units(to: *mut u8, width: usize, units: Units<'_>) -> *mut u8 {
    // SAFETY: by contract.
    unsafe {
        match units {
            // Parts are short as a rule: a call to copy them would cost more than they do.
            Units::One(bytes) if width == 1 && bytes.len() < 16 => {
                for (i, byte) in bytes.iter().enumerate() {
                    to.add(i).write(*byte);
                }
            }
            _ => write_units(to, width, units),
        }
        to.add(units.len() * width)
    }
}

/// Writes units at `to`, widened to `width` bytes each.
///
/// # Safety
/// There is room at `to`, aligned to `width`; `width` is at least the units' own.
unsafe fn write_units(to: *mut u8, width: usize, units: Units<'_>) {
    // SAFETY: by contract.
    unsafe {
        if units.width() == width {
            let bytes = units.bytes();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), to, bytes.len());
        } else if width == 2 {
            for (i, point) in units.iter().enumerate() {
                to.cast::<u16>().add(i).write(point as u16);
            }
        } else {
            for (i, point) in units.iter().enumerate() {
                to.cast::<u32>().add(i).write(point);
            }
        }
    }
}

/// Frees a buffer's units.
///
/// # Safety
/// The buffer is garbage and not used again.
pub(crate) unsafe fn free_buffer(buffer: *mut StrBufferCell) {
    // SAFETY: the buffer was allocated with this layout.
    unsafe {
        let size = (*buffer).capacity * (*buffer).header.aux as usize;
        dealloc((*buffer).data, Memory::from_size_align_unchecked(size, 8));
    }
}
