//! Positions of text files: `tell` and `seek`.
//!
//! A position is that of the byte where the next character begins. What was decoded ahead is decoded again from where
//! that chunk began, as far as the program has read.

use crate::cell::Kind;
use crate::codecs::Encoding;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;

use super::newlines::Newline;
use super::text::{Snapshot, after_mark};

impl Cx {
    /// `tell()`.
    pub(super) fn tell_text(&mut self, this: Handle<'_>) -> Result<i64, Raised> {
        let buffer = self.buffer_of(this)?;
        if !self.says(buffer.handle(), "seekable")? {
            return Err(self.vm().raise_unsupported("underlying stream is not seekable"));
        }
        if !self.text(this)?.telling.get() {
            let class = self.vm().exceptions.os_error;
            return Err(self.vm().raise(class, "telling position disabled by next() call"));
        }
        self.push_pending(this)?;
        self.call_method(this, "flush", &[])?;
        let position = self.call_method(buffer.handle(), "tell", &[])?;
        let position = self.c_long(position.handle())?;
        let state = self.text(this)?;
        let Some(snapshot) = state.snapshot.borrow().clone() else { return Ok(position) };
        let count = snapshot.skipped + state.at.get();
        let used = self.bytes_of_characters(this, &snapshot, count)?;
        Ok(position - snapshot.bytes.len() as i64 + used as i64)
    }

    /// How many of a snapshot's bytes its first `count` characters are.
    fn bytes_of_characters(
        &mut self,
        this: Handle<'_>,
        snapshot: &Snapshot,
        count: usize,
    ) -> Result<usize, Raised> {
        let state = self.text(this)?;
        let translates = state.newline.get() == Newline::Translated;
        let errors = state.errors.borrow().clone();
        let Some(encoding) = snapshot.reads else {
            return self.bytes_by_decoder(this, snapshot, count);
        };
        let is_plain = !(translates && (snapshot.pending_cr || snapshot.bytes.contains(&b'\r')));
        match encoding {
            Encoding::Latin1 | Encoding::Ascii if is_plain => return Ok(count.min(snapshot.bytes.len())),
            Encoding::Utf8 => {
                let valid = match std::str::from_utf8(&snapshot.bytes) {
                    Ok(text) => text,
                    Err(error) => std::str::from_utf8(&snapshot.bytes[..error.valid_up_to()])
                        .expect("found to be valid"),
                };
                if let Some(used) = utf8_bytes(valid, count, translates, snapshot.pending_cr) {
                    return Ok(used);
                }
            }
            _ => {}
        }
        // The general case: as many bytes as give that many characters.
        for used in 0..=snapshot.bytes.len() {
            let (text, _) =
                crate::codecs::decode_part(self, &snapshot.bytes[..used], encoding, &errors, false)?;
            let text = text.finish(self.vm())?;
            let mut seen = 0;
            let text = super::newlines::translated(self.vm(), text, translates, &mut seen)?;
            if self.vm().units(text).len() >= count {
                return Ok(used);
            }
        }
        Ok(snapshot.bytes.len())
    }

    /// The same for an encoding of the registry, by a decoder of its own.
    fn bytes_by_decoder(
        &mut self,
        this: Handle<'_>,
        snapshot: &Snapshot,
        count: usize,
    ) -> Result<usize, Raised> {
        let state = self.text(this)?;
        let names = crate::codecs::Names::of(state);
        let codec = crate::modules::codecs::lookup(self, &names.encoding)?;
        let class = self.get_attr(codec.handle(), "incrementaldecoder")?;
        let errors = self.vm().new_str(&names.errors);
        let errors = self.root_value(errors);
        let decoder = self.call(class.handle(), &[errors.handle()])?;
        let mut characters = 0;
        for (used, byte) in snapshot.bytes.iter().enumerate() {
            if characters >= count {
                return Ok(used);
            }
            let byte = self.vm().new_bytes(&[*byte]);
            let byte = self.root_value(byte);
            let text = self.call_method(decoder.handle(), "decode", &[byte.handle()])?;
            characters += self.len(text.handle())?;
        }
        Ok(snapshot.bytes.len())
    }

    /// `seek(cookie, whence)`.
    pub(super) fn seek_text(
        &mut self,
        this: Handle<'_>,
        cookie: Handle<'_>,
        whence: i64,
    ) -> Result<Value, Raised> {
        let buffer = self.buffer_of(this)?;
        if !self.says(buffer.handle(), "seekable")? {
            return Err(self.vm().raise_unsupported("underlying stream is not seekable"));
        }
        let is_zero = cookie.value() == Value::small(0);
        match whence {
            0 => {}
            1 if !is_zero => {
                return Err(self.vm().raise_unsupported("can't do nonzero cur-relative seeks"));
            }
            2 if !is_zero => {
                return Err(self.vm().raise_unsupported("can't do nonzero end-relative seeks"));
            }
            1 => {
                let position = self.tell_text(this)?;
                let position = self.vm().new_int(position);
                let position = self.root_value(position);
                return self.seek_text(this, position.handle(), 0);
            }
            2 => return self.seek_to_end(this),
            _ => {
                let message = format!("invalid whence ({whence}, should be 0, 1 or 2)");
                return Err(self.vm().raise_value_error(&message));
            }
        }
        let position = self.index_i64(cookie)?;
        if position < 0 {
            return Err(self.vm().raise_value_error(&format!("negative seek position {position}")));
        }
        self.call_method(this, "flush", &[])?;
        self.call_method(buffer.handle(), "seek", &[cookie])?;
        self.restart(this, position == 0)?;
        Ok(cookie.value())
    }

    fn seek_to_end(&mut self, this: Handle<'_>) -> Result<Value, Raised> {
        self.call_method(this, "flush", &[])?;
        let buffer = self.buffer_of(this)?;
        let (zero, end) = (self.root_value(Value::small(0)), self.root_value(Value::small(2)));
        let position = self.call_method(buffer.handle(), "seek", &[zero.handle(), end.handle()])?;
        self.restart(this, position.value() == Value::small(0))?;
        Ok(position.value())
    }

    /// Forgets what was decoded; at the beginning of a file a mark is read and written again.
    fn restart(&mut self, this: Handle<'_>, at_beginning: bool) -> Result<(), Raised> {
        let state = self.text(this)?;
        state.forget_decoded();
        state.telling.set(true);
        if let Some(encoding) = Encoding::named(&state.encoding.borrow()) {
            let (reads, writes) = if at_beginning {
                (encoding, encoding)
            } else {
                let current = state.reads.get().unwrap_or(encoding);
                (after_mark(current), after_mark(encoding))
            };
            state.reads.set(state.reads.get().map(|_| reads));
            state.writes.set(state.writes.get().map(|_| writes));
            return Ok(());
        }
        for coder in [state.decoder.value(), state.encoder.value()] {
            if !coder.is_none() && !coder.is_undef() {
                let coder = self.root_value(coder);
                self.call_method(coder.handle(), "reset", &[])?;
            }
        }
        if !at_beginning {
            let encoder = self.text(this)?.encoder.value();
            if encoder.is_cell() && !encoder.is_kind(Kind::Str) {
                let (encoder, zero) = (self.root_value(encoder), self.root_value(Value::small(0)));
                self.call_method(encoder.handle(), "setstate", &[zero.handle()])?;
            }
        }
        Ok(())
    }
}

/// Bytes of the first `count` characters of a text, ends of lines counted as the program gets them.
fn utf8_bytes(text: &str, count: usize, translates: bool, pending_cr: bool) -> Option<usize> {
    let mut chars = text.char_indices().peekable();
    let mut left = count;
    if translates && pending_cr && left > 0 {
        left -= 1;
        chars.next_if(|(_, c)| *c == '\n');
    }
    while left > 0 {
        let (_, c) = chars.next()?;
        if translates && c == '\r' {
            chars.next_if(|(_, c)| *c == '\n');
        }
        left -= 1;
    }
    Some(chars.peek().map_or(text.len(), |(at, _)| *at))
}
