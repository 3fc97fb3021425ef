//! Standard streams: where output goes, buffered or captured.

use std::io::{Read, Write};

/// The process's standard streams, or buffers in their place.
pub struct Streams {
    /// Standard output that was captured; `None`: the process's own.
    pub captured_out: Option<Vec<u8>>,
    /// Standard error that was captured.
    pub captured_err: Option<Vec<u8>>,
    /// What standard input is to read instead of the process's own: bytes and how many were read.
    pub input: Option<(Vec<u8>, usize)>,
    pending: Vec<u8>,
}

const PENDING: usize = 8 << 10;

impl Default for Streams {
    fn default() -> Self {
        Self { captured_out: None, captured_err: None, input: None, pending: Vec::with_capacity(PENDING) }
    }
}

impl Streams {
    /// Writes to standard output, buffered.
    pub fn write_out(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some(captured) = &mut self.captured_out {
            captured.extend_from_slice(bytes);
            return Ok(());
        }
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PENDING { self.flush_out() } else { Ok(()) }
    }

    /// Writes what is pending.
    pub fn flush_out(&mut self) -> std::io::Result<()> {
        let pending = std::mem::take(&mut self.pending);
        let mut out = std::io::stdout().lock();
        out.write_all(&pending)?;
        out.flush()
    }

    /// Writes to standard error, after what is pending on standard output.
    pub fn write_err(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if let Some(captured) = &mut self.captured_err {
            captured.extend_from_slice(bytes);
            return Ok(());
        }
        self.flush_out()?;
        std::io::stderr().lock().write_all(bytes)
    }

    /// Reads standard input.
    pub fn read_in(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Some((bytes, at)) = &mut self.input {
            let count = buffer.len().min(bytes.len() - *at);
            buffer[..count].copy_from_slice(&bytes[*at..*at + count]);
            *at += count;
            return Ok(count);
        }
        std::io::stdin().lock().read(buffer)
    }
}
