//! Reading text: chunks of bytes become text with its ends of lines translated, which is handed out piece by piece.

use crate::cell::Kind;
use crate::codecs::{Encoding, Order};
use crate::cx::{Cx, Handle, Raised, Root};
use crate::str_object::Units;
use crate::text_builder::TextBuilder;
use crate::value::Value;
use crate::vm::Vm;

use super::newlines::translated;
use super::text::{CHUNK, Snapshot, Text};

impl Cx {
    /// Bytes of the buffered file: one read of `size`, or all that is left.
    fn read_buffer(&mut self, this: Handle<'_>, size: Option<usize>) -> Result<Vec<u8>, Raised> {
        let buffer = self.buffer_of(this)?;
        let types = self.vm().io_types();
        let ty = self.vm().type_of(buffer.value());
        if ty == types.reader || ty == types.random {
            let handle = buffer.handle();
            self.require_buffered(handle, "read of closed file")?;
            if self.held_back(handle)? > 0 {
                self.flush_pending(handle)?;
            }
            return match size {
                Some(size) => self.read_once(handle, size),
                None => Ok(self.read_rest(handle)?.unwrap_or_default()),
            };
        }
        let (method, args) = match size {
            Some(size) => {
                let has_read1 = self.get_attr_opt(buffer.handle(), "read1")?.is_some();
                let size = self.vm().new_int(size as i64);
                (if has_read1 { "read1" } else { "read" }, vec![self.root_value(size)])
            }
            None => ("read", Vec::new()),
        };
        let handles: Vec<Handle<'_>> = args.iter().map(Root::handle).collect();
        let bytes = self.call_method(buffer.handle(), method, &handles)?;
        if bytes.value().is_none() && size.is_none() {
            return Ok(Vec::new());
        }
        match crate::types::bytes::buffer_of(self.vm(), bytes.value()) {
            Some(bytes) => Ok(bytes.to_vec()),
            None => {
                let ty = self.vm().type_name_of(bytes.value());
                let message =
                    format!("underlying {method}() should have returned a bytes-like object, not '{ty}'");
                Err(self.vm().raise_type_error(&message))
            }
        }
    }

    /// Reads and decodes another chunk (or all that is left) behind what is decoded; false at the end.
    pub(super) fn read_chunk(&mut self, this: Handle<'_>, all: bool) -> Result<bool, Raised> {
        self.check_can_read(this)?;
        if !self.text(this)?.pending.borrow().is_empty() {
            self.push_pending(this)?;
        }
        self.take_snapshot(this)?;
        let bytes = self.read_buffer(this, (!all).then_some(CHUNK))?;
        let last = all || bytes.is_empty();
        if let Some(snapshot) = self.text(this)?.snapshot.borrow_mut().as_mut() {
            snapshot.bytes.extend_from_slice(&bytes);
        }
        let text = self.decode_piece(this, &bytes, last)?;
        let text = self.root_value(text);
        self.append_decoded(this, text.value())?;
        Ok(!bytes.is_empty())
    }

    fn check_can_read(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let state = self.text(this)?;
        if state.reads.get().is_some() || state.decoder.value().is_cell() {
            Ok(())
        } else {
            Err(self.vm().raise_unsupported("not readable"))
        }
    }

    /// Remembers where decoding begins, if nothing decoded is left from before.
    fn take_snapshot(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let state = self.text(this)?;
        let text = state.decoded.value();
        if text.is_undef() || state.at.get() >= self.vm().units(text).len() {
            *state.snapshot.borrow_mut() = Some(Snapshot {
                bytes: state.undecoded.borrow().clone(),
                skipped: 0,
                pending_cr: state.pending_cr.get(),
                reads: state.reads.get(),
            });
        }
        Ok(())
    }

    /// Decodes bytes behind those of an unfinished character.
    pub(super) fn decode_piece(
        &mut self,
        this: Handle<'_>,
        bytes: &[u8],
        last: bool,
    ) -> Result<Value, Raised> {
        let state = self.text(this)?;
        let text = match state.reads.get() {
            Some(encoding) => {
                let errors = state.errors.borrow().clone();
                let mut all = std::mem::take(&mut *state.undecoded.borrow_mut());
                all.extend_from_slice(bytes);
                self.decode_native(this, &all, encoding, &errors, last)?
            }
            None => {
                let decoder = self.root_value(state.decoder.value());
                let (bytes, last) = (self.vm().new_bytes(bytes), Value::from_bool(last));
                let (bytes, last) = (self.root_value(bytes), self.root_value(last));
                let text = self.call_method(decoder.handle(), "decode", &[bytes.handle(), last.handle()])?;
                if !text.value().is_kind(Kind::Str) {
                    let ty = self.vm().type_name_of(text.value());
                    let message = format!("decoder should return a string result, not '{ty}'");
                    return Err(self.vm().raise_type_error(&message));
                }
                text.value()
            }
        };
        let text = self.root_value(text);
        let state = self.text(this)?;
        translate_ends(self.vm(), state, text.value(), last)
    }

    fn decode_native(
        &mut self,
        this: Handle<'_>,
        bytes: &[u8],
        encoding: Encoding,
        errors: &str,
        last: bool,
    ) -> Result<Value, Raised> {
        let mark = match encoding {
            Encoding::Utf8Sig => 3,
            Encoding::Utf16(Order::Marked) => 2,
            Encoding::Utf32(Order::Marked) => 4,
            _ => 0,
        };
        if bytes.len() < mark && !last {
            *self.text(this)?.undecoded.borrow_mut() = bytes.to_vec();
            return Ok(self.vm().empty_str);
        }
        let (text, used) = crate::codecs::decode_part(self, bytes, encoding, errors, last)?;
        let state = self.text(this)?;
        if mark > 0 {
            state.reads.set(Some(unmarked(encoding, bytes)));
        }
        *state.undecoded.borrow_mut() = bytes[used.min(bytes.len())..].to_vec();
        text.finish(self.vm())
    }

    fn append_decoded(&mut self, this: Handle<'_>, text: Value) -> Result<(), Raised> {
        let vm = self.vm();
        let state = self.text(this)?;
        let decoded = state.decoded.value();
        let joined = if decoded.is_undef() || state.at.get() >= vm.units(decoded).len() {
            text
        } else {
            let rest = vm.units(decoded);
            let rest = vm.str_from_part(rest.slice(state.at.get(), rest.len()));
            if let Some(snapshot) = state.snapshot.borrow_mut().as_mut() {
                snapshot.skipped += state.at.get();
            }
            vm.concat(rest, text).ok_or_else(|| vm.raise_memory_error())?
        };
        let state = self.text(this)?;
        state.decoded.set_value(joined);
        state.at.set(0);
        Ok(())
    }

    /// Takes decoded text up to `end`.
    fn take_decoded(&mut self, this: Handle<'_>, end: usize) -> Result<Value, Raised> {
        let state = self.text(this)?;
        let decoded = state.decoded.value();
        if decoded.is_undef() {
            return Ok(self.vm().empty_str);
        }
        let units = self.vm().units(decoded);
        let start = state.at.replace(end);
        if start == 0 && end == units.len() {
            return Ok(decoded);
        }
        Ok(self.vm().str_from_part(units.slice(start, end)))
    }

    fn decoded_len(&self, this: Handle<'_>) -> Result<usize, Raised> {
        let decoded = self.text(this)?.decoded.value();
        Ok(if decoded.is_undef() { 0 } else { self.vm().units(decoded).len() })
    }

    /// At most `size` characters, or all that is left.
    pub(super) fn read_text(&mut self, this: Handle<'_>, size: i64) -> Result<Value, Raised> {
        let Ok(size) = usize::try_from(size) else {
            let rest = self.decoded_len(this)?;
            let before = self.take_decoded(this, rest)?;
            let before = self.root_value(before);
            self.read_chunk(this, true)?;
            let len = self.decoded_len(this)?;
            let after = self.take_decoded(this, len)?;
            *self.text(this)?.snapshot.borrow_mut() = None;
            self.text(this)?.decoded.clear();
            self.text(this)?.at.set(0);
            let vm = self.vm();
            return vm.concat(before.value(), after).ok_or_else(|| vm.raise_memory_error());
        };
        let mut result = TextBuilder::new();
        let mut count = 0;
        loop {
            let (at, len) = (self.text(this)?.at.get(), self.decoded_len(this)?);
            let piece = (size - count).min(len.saturating_sub(at));
            let text = self.take_decoded(this, at.min(len) + piece)?;
            result.push_units(self.vm().units(text));
            count += piece;
            if count >= size || !self.read_chunk(this, false)? && self.is_decoded_read(this)? {
                return result.finish(self.vm());
            }
        }
    }

    fn is_decoded_read(&self, this: Handle<'_>) -> Result<bool, Raised> {
        Ok(self.text(this)?.at.get() >= self.decoded_len(this)?)
    }

    /// The next line of a file of the built-in class, if it was decoded already and nothing has to be asked.
    pub(super) fn decoded_line(&self, this: Handle<'_>) -> Option<Value> {
        let vm = self.vm();
        if vm.type_of(this.value()) != vm.module_types.text_io {
            return None;
        }
        let state = self.payload::<Text>(this)?;
        let is_open = state.core.borrow().as_ref().is_some_and(|core| !core.raw.is_closed());
        let decoded = state.decoded.value();
        if !is_open || decoded.is_undef() || !state.newline.get().is_line_feed() {
            return None;
        }
        let (units, at) = (vm.units(decoded), state.at.get());
        let Units::One(bytes) = units else { return None };
        let end = at + memchr::memchr(b'\n', bytes.get(at..)?)? + 1;
        state.at.set(end);
        state.telling.set(false);
        Some(vm.str_from_part(units.slice(at, end)))
    }

    /// A line, at most `limit` characters of it if `limit` is not below zero.
    pub(super) fn read_text_line(&mut self, this: Handle<'_>, limit: i64) -> Result<Value, Raised> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut searched = 0;
        loop {
            let state = self.text(this)?;
            let (decoded, at, newline) = (state.decoded.value(), state.at.get(), state.newline.get());
            let len = self.decoded_len(this)?;
            if !decoded.is_undef() && at < len {
                let units = self.vm().units(decoded);
                let mut end = newline.find(&units, at + searched);
                // A `\r` at the end may be half of `\r\n`.
                let is_open = newline == super::newlines::Newline::Universal
                    && end == Some(len)
                    && units.at(len - 1) == 13;
                if is_open && limit > len - at {
                    end = None;
                    searched = len - at - 1;
                } else {
                    searched = (len - at).saturating_sub(1);
                }
                let stop = at.saturating_add(limit);
                if let Some(end) = end.or((stop <= len).then_some(stop)) {
                    return self.take_decoded(this, end.min(stop));
                }
            }
            if !self.read_chunk(this, false)? {
                let len = self.decoded_len(this)?;
                let at = self.text(this)?.at.get().min(len);
                let units = self.vm().units(self.text(this)?.decoded.value());
                let end = if len > at { newline.find(&units, at).unwrap_or(len) } else { len };
                return self.take_decoded(this, end.min(at.saturating_add(limit)).max(at));
            }
        }
    }
}

/// The encoding of what follows the mark that these bytes begin with, or do not.
fn unmarked(encoding: Encoding, bytes: &[u8]) -> Encoding {
    match encoding {
        Encoding::Utf16(_) if bytes.starts_with(&[0xFE, 0xFF]) => Encoding::Utf16(Order::Big),
        Encoding::Utf32(_) if bytes.starts_with(&[0, 0, 0xFE, 0xFF]) => Encoding::Utf32(Order::Big),
        other => super::text::after_mark(other),
    }
}

/// Ends of lines as the program gets them; a `\r` at the end of a piece waits for what follows.
fn translate_ends(vm: &mut Vm, state: &Text, text: Value, last: bool) -> Result<Value, Raised> {
    if !state.newline.get().is_universal() {
        return Ok(text);
    }
    let mut text = text;
    if state.pending_cr.get() && (last || !vm.units(text).is_empty()) {
        state.pending_cr.set(false);
        let cr = vm.intern("\r");
        text = vm.concat(cr, text).ok_or_else(|| vm.raise_memory_error())?;
    }
    let units = vm.units(text);
    if !last && !units.is_empty() && units.at(units.len() - 1) == 13 {
        state.pending_cr.set(true);
        text = vm.str_from_part(units.slice(0, units.len() - 1));
    }
    let mut seen = state.seen.get();
    let translate = state.newline.get() == super::newlines::Newline::Translated;
    let text = translated(vm, text, translate, &mut seen)?;
    state.seen.set(seen);
    Ok(text)
}
