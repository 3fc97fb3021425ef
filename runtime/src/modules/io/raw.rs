//! Open descriptors, and buffers of bytes to be written to them, which files of all kinds share.
//!
//! They are closed and written by Rust's ownership: when the last file object that uses one is swept. What is held back
//! is also written before the program opens or examines a file, and at its end, so that it sees its own writes as it
//! would where objects go away as soon as nobody uses them.

use std::cell::{Cell, RefCell};
use std::io::Result;
use std::rc::{Rc, Weak};

use crate::modules::posix::syscalls;
use crate::vm::Vm;

/// What a descriptor is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stream {
    /// A file of the program's.
    File,
    /// Standard input.
    Input,
    /// Standard output: through the thread state's buffer.
    Output,
    /// Standard error: through the thread state.
    Error,
}

/// An open descriptor.
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub(crate) struct RawFile {
    /// -1 when closed.
    fd: Cell<i32>,
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) appending: bool,
    pub(crate) created: bool,
    /// Closing the object closes the descriptor.
    pub(crate) owns: bool,
    seekable: Cell<Option<bool>>,
    pub(crate) stream: Stream,
}

/// How a descriptor is used.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags")]
pub(crate) struct Access {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    pub(crate) appending: bool,
    pub(crate) created: bool,
}

impl RawFile {
    /// A descriptor that is open.
    pub(crate) fn new(fd: i32, access: Access, owns: bool, stream: Stream) -> Self {
        Self {
            fd: Cell::new(fd),
            readable: access.readable,
            writable: access.writable,
            appending: access.appending,
            created: access.created,
            owns,
            seekable: Cell::new(None),
            stream,
        }
    }

    /// The descriptor, if it is open.
    pub(crate) fn fd(&self) -> Option<i32> {
        Some(self.fd.get()).filter(|fd| *fd >= 0)
    }

    /// Whether it was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    pub(crate) fn read(&self, vm: &mut Vm, buffer: &mut [u8]) -> Result<usize> {
        match self.stream {
            Stream::Input => {
                vm.out.flush_out()?;
                vm.out.read_in(buffer)
            }
            _ => syscalls::read(self.fd.get(), buffer),
        }
    }

    pub(crate) fn write(&self, vm: &mut Vm, bytes: &[u8]) -> Result<usize> {
        match self.stream {
            Stream::Output => vm.out.write_out(bytes).map(|()| bytes.len()),
            Stream::Error => vm.out.write_err(bytes).map(|()| bytes.len()),
            _ => syscalls::write(self.fd.get(), bytes),
        }
    }

    /// What the descriptor's own buffering holds back is written.
    pub(crate) fn flush(&self, vm: &mut Vm) -> Result<()> {
        if self.stream == Stream::Output && vm.out.captured_out.is_none() {
            vm.out.flush_out()
        } else {
            Ok(())
        }
    }

    pub(crate) fn seek(&self, offset: i64, whence: i32) -> Result<i64> {
        syscalls::lseek(self.fd.get(), offset, whence)
    }

    pub(crate) fn is_seekable(&self) -> bool {
        match self.seekable.get() {
            Some(known) => known,
            None => {
                let seekable = self.stream == Stream::File && self.seek(0, 1).is_ok();
                self.seekable.set(Some(seekable));
                seekable
            }
        }
    }

    /// Closes it; a second time does nothing.
    pub(crate) fn close(&self) -> Result<()> {
        let fd = self.fd.replace(-1);
        if fd >= 0 && self.owns { syscalls::close(fd) } else { Ok(()) }
    }
}

impl Drop for RawFile {
    fn drop(&mut self) {
        // Nobody is left to be told of an error.
        let _ = self.close();
    }
}

/// A descriptor and bytes to be written to it.
pub(crate) struct Core {
    pub(crate) raw: Rc<RawFile>,
    pending: RefCell<Vec<u8>>,
    is_listed: Cell<bool>,
}

/// Buffers that hold bytes back, as far as they are still there.
#[derive(Default)]
pub(super) struct Dirty(Vec<Weak<Core>>);

impl Core {
    /// Of a descriptor, nothing to be written yet.
    pub(crate) fn new(raw: Rc<RawFile>) -> Rc<Self> {
        Rc::new(Self { raw, pending: RefCell::default(), is_listed: Cell::new(false) })
    }

    /// How many bytes are held back.
    pub(crate) fn held(&self) -> usize {
        self.pending.borrow().len()
    }

    /// Takes bytes to be written; writes when more than `size` are held back.
    pub(crate) fn push(self: &Rc<Self>, vm: &mut Vm, bytes: &[u8], size: usize) -> Result<()> {
        if self.raw.stream != Stream::File {
            return self.raw.write(vm, bytes).map(drop);
        }
        if self.held() + bytes.len() > size {
            self.flush(vm)?;
            if bytes.len() >= size {
                return self.write_all(vm, bytes);
            }
        }
        self.pending.borrow_mut().extend_from_slice(bytes);
        if !self.is_listed.replace(true) {
            vm.module_state::<Dirty>().0.push(Rc::downgrade(self));
        }
        Ok(())
    }

    fn write_all(&self, vm: &mut Vm, bytes: &[u8]) -> Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.raw.write(vm, rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => {
                    self.pending.borrow_mut().extend_from_slice(rest);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Writes what is held back; after an error, what was not written stays.
    pub(crate) fn flush(&self, vm: &mut Vm) -> Result<()> {
        if self.raw.is_closed() {
            self.pending.borrow_mut().clear();
        }
        let bytes = std::mem::take(&mut *self.pending.borrow_mut());
        self.write_all(vm, &bytes)?;
        self.raw.flush(vm)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut *self.pending.borrow_mut());
        let Some(fd) = self.raw.fd() else { return };
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match syscalls::write(fd, rest) {
                Ok(written) if written > 0 => rest = &rest[written..],
                // Nobody is left to be told.
                _ => return,
            }
        }
    }
}

impl Vm {
    /// Writes what open files hold back, so that the program sees its own writes. Files that cannot be written keep
    /// their bytes: they tell when they are flushed or closed.
    pub(crate) fn flush_files(&mut self) {
        for core in std::mem::take(&mut self.module_state::<Dirty>().0) {
            let Some(core) = core.upgrade() else { continue };
            core.is_listed.set(false);
            if core.flush(self).is_err() {
                core.is_listed.set(true);
                self.module_state::<Dirty>().0.push(Rc::downgrade(&core));
            }
        }
    }
}
