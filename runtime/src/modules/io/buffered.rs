//! Buffered files: what `BufferedReader`, `BufferedWriter` and `BufferedRandom` share.
//!
//! Bytes read ahead and bytes held back are never there at the same time: before writing, the file is set back to where
//! the program has read to; before reading, what is held back is written.

use std::cell::{Cell as StdCell, RefCell};
use std::rc::Rc;

use crate::cell::{Kind, Payload};
use crate::cx::{Cx, Handle, Raised, Root, Slot};
use crate::heap::Marker;
use crate::value::Value;

use super::file_io::{read_all, read_some, shared};
use super::raw::Core;

/// Bytes read ahead.
#[derive(Default)]
pub(super) struct Ahead {
    data: Vec<u8>,
    at: usize,
}

impl Ahead {
    /// What the program has not read yet.
    pub(super) fn rest(&self) -> &[u8] {
        &self.data[self.at..]
    }

    /// Takes at most `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.rest()[..count.min(self.rest().len())].to_vec();
        self.at += taken.len();
        taken
    }

    fn append(&mut self, bytes: Vec<u8>) {
        if self.rest().is_empty() {
            (self.data, self.at) = (bytes, 0);
        } else {
            self.data.drain(..self.at);
            self.at = 0;
            self.data.extend(bytes);
        }
    }

    fn clear(&mut self) -> usize {
        let left = self.rest().len();
        (self.data, self.at) = (Vec::new(), 0);
        left
    }
}

/// The state of a buffered file.
pub(super) struct Buffered {
    /// The raw file; Undef before `__init__` and after `detach`.
    pub(super) raw: Slot,
    /// The raw file's descriptor and the bytes held back, if it is a `FileIO`.
    pub(super) core: RefCell<Option<Rc<Core>>>,
    /// Bytes held back from a raw file of another class.
    pub(super) pending: RefCell<Vec<u8>>,
    pub(super) ahead: RefCell<Ahead>,
    pub(super) size: StdCell<usize>,
    pub(super) is_detached: StdCell<bool>,
}

impl Default for Buffered {
    fn default() -> Self {
        Self {
            raw: Slot::empty(),
            core: RefCell::default(),
            pending: RefCell::default(),
            ahead: RefCell::default(),
            size: StdCell::new(super::BUFFER_SIZE),
            is_detached: StdCell::new(false),
        }
    }
}

impl Payload for Buffered {
    fn trace(&self, marker: &mut Marker) {
        self.raw.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Cx {
    pub(super) fn buffered<'a>(&'a self, this: Handle<'_>) -> Result<&'a Buffered, Raised> {
        let state = super::state::<Buffered>(self, this)?;
        if state.raw.value().is_undef() {
            let message = if state.is_detached.get() {
                "raw stream has been detached"
            } else {
                "I/O operation on uninitialized object"
            };
            return Err(self.vm().raise_value_error(message));
        }
        Ok(state)
    }

    /// The raw file of a buffered one.
    pub(super) fn raw_of(&self, this: Handle<'_>) -> Result<Root, Raised> {
        let raw = self.buffered(this)?.raw.value();
        Ok(self.root_value(raw))
    }

    /// The shared descriptor, if the raw file is a `FileIO`.
    pub(super) fn core_of(&self, this: Handle<'_>) -> Result<Option<Rc<Core>>, Raised> {
        Ok(self.buffered(this)?.core.borrow().clone())
    }

    /// Connects a buffered file to its raw one.
    pub(super) fn attach(&mut self, this: Handle<'_>, raw: Handle<'_>, size: i64) -> Result<(), Raised> {
        if size <= 0 {
            return Err(self.vm().raise_value_error("buffer size must be strictly positive"));
        }
        let core = shared(self, raw).map(Core::new);
        let state = super::state::<Buffered>(self, this)?;
        state.raw.set_value(raw.value());
        *state.core.borrow_mut() = core;
        *state.ahead.borrow_mut() = Ahead::default();
        state.size.set(size as usize);
        state.is_detached.set(false);
        Ok(())
    }

    /// Whether a buffered file is closed.
    pub(super) fn buffered_closed(&mut self, this: Handle<'_>) -> Result<bool, Raised> {
        match self.core_of(this)? {
            Some(core) => Ok(core.raw.is_closed()),
            None => {
                let raw = self.raw_of(this)?;
                self.is_closed(raw.handle())
            }
        }
    }

    /// Raises ValueError if a buffered file is closed.
    pub(super) fn require_buffered(&mut self, this: Handle<'_>, message: &str) -> Result<(), Raised> {
        if self.buffered_closed(this)? { Err(self.vm().raise_value_error(message)) } else { Ok(()) }
    }

    // ---- the raw file ---------------------------------------------------------------------------------------------

    /// One read of the raw file; None if it would wait.
    fn read_raw(&mut self, this: Handle<'_>, size: usize) -> Result<Option<Vec<u8>>, Raised> {
        if let Some(core) = self.core_of(this)? {
            return read_some(self, &core.raw, size);
        }
        let raw = self.raw_of(this)?;
        let buffer = self.vm().new_bytearray(vec![0; size]);
        let buffer = self.root_value(buffer);
        let count = self.call_method(raw.handle(), "readinto", &[buffer.handle()])?;
        if count.value().is_none() {
            return Ok(None);
        }
        let count = self.c_long(count.handle())?;
        let bytes = crate::types::bytes::slice_of(buffer.value());
        if count < 0 || count as usize > bytes.len() {
            let message = format!(
                "raw readinto() returned invalid length {count} (should have been between 0 and {size})"
            );
            return Err(self.vm().raise(self.vm().exceptions.os_error, &message));
        }
        Ok(Some(bytes[..count as usize].to_vec()))
    }

    fn write_raw(&mut self, this: Handle<'_>, bytes: &[u8]) -> Result<Option<usize>, Raised> {
        let raw = self.raw_of(this)?;
        let data = self.vm().new_bytes(bytes);
        let data = self.root_value(data);
        let count = self.call_method(raw.handle(), "write", &[data.handle()])?;
        if count.value().is_none() {
            return Ok(None);
        }
        let count = self.c_long(count.handle())?;
        if count < 0 || count as usize > bytes.len() {
            let message = format!(
                "raw write() returned invalid length {count} (should have been between 0 and {})",
                bytes.len()
            );
            return Err(self.vm().raise(self.vm().exceptions.os_error, &message));
        }
        Ok(Some(count as usize))
    }

    fn require_descriptor(&self, core: &Core) -> Result<(), Raised> {
        if core.raw.is_closed() {
            return Err(self.vm().raise_value_error("I/O operation on closed file"));
        }
        Ok(())
    }

    pub(super) fn seek_raw(&mut self, this: Handle<'_>, offset: i64, whence: i32) -> Result<i64, Raised> {
        if let Some(core) = self.core_of(this)? {
            self.require_descriptor(&core)?;
            return core.raw.seek(offset, whence).map_err(|error| self.os_error(&error));
        }
        let raw = self.raw_of(this)?;
        let (offset, whence) = (self.vm().new_int(offset), Value::small(whence));
        let (offset, whence) = (self.root_value(offset), self.root_value(whence));
        let position = self.call_method(raw.handle(), "seek", &[offset.handle(), whence.handle()])?;
        self.raw_position(&position)
    }

    /// Where the raw file is.
    pub(super) fn tell_raw(&mut self, this: Handle<'_>) -> Result<i64, Raised> {
        if let Some(core) = self.core_of(this)? {
            self.require_descriptor(&core)?;
            return core.raw.seek(0, 1).map_err(|error| self.os_error(&error));
        }
        let raw = self.raw_of(this)?;
        let position = self.call_method(raw.handle(), "tell", &[])?;
        self.raw_position(&position)
    }

    fn raw_position(&mut self, position: &Root) -> Result<i64, Raised> {
        let position = self.c_long(position.handle())?;
        if position < 0 {
            let message = format!("Raw stream returned invalid position {position}");
            return Err(self.vm().raise(self.vm().exceptions.os_error, &message));
        }
        Ok(position)
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /// Reads ahead once more; how many bytes that gave, or None if it would wait.
    pub(super) fn fill(&mut self, this: Handle<'_>, least: usize) -> Result<Option<usize>, Raised> {
        let size = self.buffered(this)?.size.get().max(least);
        let Some(bytes) = self.read_raw(this, size)? else { return Ok(None) };
        let count = bytes.len();
        self.buffered(this)?.ahead.borrow_mut().append(bytes);
        Ok(Some(count))
    }

    /// At most `count` bytes, fewer only at the end; None if there are none and reading would wait.
    pub(super) fn read_count(&mut self, this: Handle<'_>, count: usize) -> Result<Option<Vec<u8>>, Raised> {
        let mut bytes = self.buffered(this)?.ahead.borrow_mut().take(count);
        while bytes.len() < count {
            match self.fill(this, 0)? {
                None if bytes.is_empty() => return Ok(None),
                None | Some(0) => break,
                Some(_) => {}
            }
            let more = self.buffered(this)?.ahead.borrow_mut().take(count - bytes.len());
            bytes.extend(more);
        }
        Ok(Some(bytes))
    }

    /// All that is left.
    pub(super) fn read_rest(&mut self, this: Handle<'_>) -> Result<Option<Vec<u8>>, Raised> {
        let mut bytes = self.buffered(this)?.ahead.borrow_mut().take(usize::MAX);
        if let Some(core) = self.core_of(this)? {
            return Ok(match read_all(self, &core.raw)? {
                Some(more) => {
                    bytes.extend(more);
                    Some(bytes)
                }
                None => (!bytes.is_empty()).then_some(bytes),
            });
        }
        let raw = self.raw_of(this)?;
        let Some(readall) = self.get_attr_opt(raw.handle(), "readall")? else {
            return self.read_rest_by_pieces(this, bytes);
        };
        let more = self.call(readall.handle(), &[])?;
        if more.value().is_none() {
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
        if !more.value().is_kind(Kind::Bytes) {
            return Err(self.vm().raise_type_error("readall() should return bytes"));
        }
        bytes.extend_from_slice(crate::types::bytes::slice_of(more.value()));
        Ok(Some(bytes))
    }

    fn read_rest_by_pieces(
        &mut self,
        this: Handle<'_>,
        mut bytes: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, Raised> {
        loop {
            match self.fill(this, 0)? {
                None if bytes.is_empty() => return Ok(None),
                None | Some(0) => return Ok(Some(bytes)),
                Some(_) => bytes.extend(self.buffered(this)?.ahead.borrow_mut().take(usize::MAX)),
            }
        }
    }

    /// At most `count` bytes with at most one read of the raw file.
    pub(super) fn read_once(&mut self, this: Handle<'_>, count: usize) -> Result<Vec<u8>, Raised> {
        if self.buffered(this)?.ahead.borrow().rest().is_empty() {
            self.fill(this, 0)?;
        }
        Ok(self.buffered(this)?.ahead.borrow_mut().take(count))
    }

    /// A line, at most `limit` bytes of it if `limit` is not below zero.
    pub(super) fn read_line(&mut self, this: Handle<'_>, limit: i64) -> Result<Vec<u8>, Raised> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut line = Vec::new();
        loop {
            let state = self.buffered(this)?;
            let mut ahead = state.ahead.borrow_mut();
            let rest = ahead.rest();
            let room = rest.len().min(limit - line.len());
            let end = rest[..room].iter().position(|byte| *byte == b'\n');
            let count = end.map_or(room, |at| at + 1);
            line.extend(ahead.take(count));
            drop(ahead);
            if end.is_some() || line.len() >= limit || matches!(self.fill(this, 0)?, None | Some(0)) {
                return Ok(line);
            }
        }
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /// Sets the raw file back to where the program has read to.
    pub(super) fn forget_ahead(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let left = self.buffered(this)?.ahead.borrow_mut().clear();
        if left > 0 {
            self.seek_raw(this, -(left as i64), 1)?;
        }
        Ok(())
    }

    /// Takes bytes to be written.
    pub(super) fn hold_back(&mut self, this: Handle<'_>, bytes: &[u8]) -> Result<(), Raised> {
        self.forget_ahead(this)?;
        let size = self.buffered(this)?.size.get();
        if let Some(core) = self.core_of(this)? {
            let pushed = core.push(self.vm(), bytes, size);
            return pushed.map_err(|error| self.os_error(&error));
        }
        self.buffered(this)?.pending.borrow_mut().extend_from_slice(bytes);
        if self.buffered(this)?.pending.borrow().len() > size {
            self.flush_pending(this)?;
        }
        Ok(())
    }

    /// How many bytes are held back.
    pub(super) fn held_back(&self, this: Handle<'_>) -> Result<usize, Raised> {
        let state = self.buffered(this)?;
        let held = state.core.borrow().as_ref().map_or(0, |core| core.held());
        Ok(held + state.pending.borrow().len())
    }

    /// Writes what is held back.
    pub(super) fn flush_pending(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        if let Some(core) = self.core_of(this)? {
            let flushed = core.flush(self.vm());
            return flushed.map_err(|error| self.os_error(&error));
        }
        loop {
            let bytes = self.buffered(this)?.pending.borrow().clone();
            if bytes.is_empty() {
                return Ok(());
            }
            match self.write_raw(this, &bytes)? {
                Some(count) => drop(self.buffered(this)?.pending.borrow_mut().drain(..count)),
                None => {
                    let vm = self.vm();
                    let text = "write could not complete without blocking";
                    let (number, text) = (Value::small(libc::EAGAIN), vm.new_str(text));
                    let class = vm.exceptions.blocking_io_error;
                    return Err(vm.raise_with(class, &[number, text, Value::small(0)]));
                }
            }
        }
    }

    /// Goes to a position.
    pub(super) fn seek_buffered(
        &mut self,
        this: Handle<'_>,
        offset: i64,
        whence: i32,
    ) -> Result<i64, Raised> {
        self.flush_pending(this)?;
        if whence != 2 && self.core_of(this)?.is_some() {
            // What was read ahead stays, if the position lies in it.
            let at = self.tell_raw(this)?;
            let state = self.buffered(this)?;
            let mut ahead = state.ahead.borrow_mut();
            let (now, target) = {
                let now = at - ahead.rest().len() as i64;
                (now, if whence == 0 { offset } else { now.saturating_add(offset) })
            };
            if !ahead.data.is_empty() && target >= now - ahead.at as i64 && target <= at {
                ahead.at = (ahead.at as i64 + target - now) as usize;
                return Ok(target);
            }
        }
        let left = self.buffered(this)?.ahead.borrow_mut().clear();
        let offset = if whence == 1 { offset.saturating_sub(left as i64) } else { offset };
        self.seek_raw(this, offset, whence)
    }
}
