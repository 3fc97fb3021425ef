//! Standard streams: where output goes, buffered or captured.

use std::io::{Read, Result};

use crate::modules::posix::syscalls;
use crate::value::Value;

/// The process's standard streams, or buffers in their place.
pub struct Streams {
    /// Standard output that was captured; `None`: the process's own.
    pub captured_out: Option<Vec<u8>>,
    /// Standard error that was captured.
    pub captured_err: Option<Vec<u8>>,
    /// What standard input is to read instead of the process's own: bytes and how many were read.
    pub input: Option<(Vec<u8>, usize)>,
    /// The text file of standard output as long as it is as it was made: what `print` need not ask.
    pub(crate) plain_out: Value,
    /// The text file of standard error.
    pub(crate) plain_err: Value,
    /// Whether each line is written at once.
    pub(crate) by_line: bool,
    pending: Vec<u8>,
}

const PENDING: usize = 8 << 10;

impl Default for Streams {
    fn default() -> Self {
        Self {
            captured_out: None,
            captured_err: None,
            input: None,
            plain_out: Value::UNDEF,
            plain_err: Value::UNDEF,
            by_line: false,
            pending: Vec::with_capacity(PENDING),
        }
    }
}

impl Streams {
    /// Writes to standard output, buffered.
    pub fn write_out(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(captured) = &mut self.captured_out {
            captured.extend_from_slice(bytes);
            return Ok(());
        }
        self.pending.extend_from_slice(bytes);
        if self.by_line && bytes.contains(&b'\n') {
            return self.flush_out();
        }
        if self.pending.len() < PENDING {
            return Ok(());
        }
        let result = self.flush_out();
        // What could not be written now is told now, and not again at the end.
        self.pending.clear();
        result
    }

    /// Writes what is pending; after an error, what was not written stays pending.
    pub fn flush_out(&mut self) -> Result<()> {
        let mut written = 0;
        let mut result = Ok(());
        while written < self.pending.len() {
            match syscalls::write(1, &self.pending[written..]) {
                Ok(count) => written += count,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.pending.drain(..written);
        result
    }

    /// Writes to standard error, after what is pending on standard output.
    pub fn write_err(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(captured) = &mut self.captured_err {
            captured.extend_from_slice(bytes);
            return Ok(());
        }
        // Whoever writes to standard output is told of its errors, not whoever writes here.
        let _ = self.flush_out();
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = &rest[syscalls::write(2, rest)?..];
        }
        Ok(())
    }

    /// Reads standard input.
    pub fn read_in(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if let Some((bytes, at)) = &mut self.input {
            let count = buffer.len().min(bytes.len() - *at);
            buffer[..count].copy_from_slice(&bytes[*at..*at + count]);
            *at += count;
            return Ok(count);
        }
        std::io::stdin().lock().read(buffer)
    }
}
