//! `TextIOWrapper`: its state, how it is set up, and writing.

use std::cell::{Cell as StdCell, RefCell};
use std::rc::Rc;

use crate::cell::{Kind, Payload};
use crate::codecs::{Encoding, Names, Order};
use crate::cx::{Cx, Handle, Raised, Root, Slot};
use crate::heap::Marker;
use crate::str_object::Units;
use crate::value::Value;

use super::newlines::Newline;
use super::raw::Core;

/// How much is read at once and, from files of the program's own classes, held back at most.
pub(super) const CHUNK: usize = 8192;

/// Where decoding began, for `tell`.
#[derive(Clone)]
pub(super) struct Snapshot {
    /// What has been read from there on.
    pub(super) bytes: Vec<u8>,
    /// Characters decoded from there on that the program has read and that are not kept any more.
    pub(super) skipped: usize,
    /// A `\r` was held back before.
    pub(super) pending_cr: bool,
    /// The encoding at that place.
    pub(super) reads: Option<Encoding>,
}

/// The state of a text file.
pub(super) struct Text {
    /// The buffered file; Undef before `__init__` and after `detach`.
    pub(super) buffer: Slot,
    /// The descriptor and bytes held back, if the buffered file is one of the built-in classes that write.
    pub(super) core: RefCell<Option<Rc<Core>>>,
    pub(super) encoding: RefCell<String>,
    pub(super) errors: RefCell<String>,
    /// The encoding if it is built in, as far as the mark at the beginning is read or written.
    pub(super) reads: StdCell<Option<Encoding>>,
    pub(super) writes: StdCell<Option<Encoding>>,
    /// Incremental coders of other encodings.
    pub(super) decoder: Slot,
    pub(super) encoder: Slot,
    pub(super) newline: StdCell<Newline>,
    pub(super) line_buffering: StdCell<bool>,
    pub(super) write_through: StdCell<bool>,
    pub(super) is_detached: StdCell<bool>,
    /// Text that was decoded, and how much of it the program has read.
    pub(super) decoded: Slot,
    pub(super) at: StdCell<usize>,
    /// Bytes of an unfinished character.
    pub(super) undecoded: RefCell<Vec<u8>>,
    pub(super) pending_cr: StdCell<bool>,
    pub(super) seen: StdCell<u8>,
    pub(super) snapshot: RefCell<Option<Snapshot>>,
    /// False while the file is iterated over.
    pub(super) telling: StdCell<bool>,
    /// Encoded text for a buffered file of another class.
    pub(super) pending: RefCell<Vec<u8>>,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            buffer: Slot::empty(),
            core: RefCell::default(),
            encoding: RefCell::default(),
            errors: RefCell::default(),
            reads: StdCell::new(None),
            writes: StdCell::new(None),
            decoder: Slot::empty(),
            encoder: Slot::empty(),
            newline: StdCell::new(Newline::Translated),
            line_buffering: StdCell::new(false),
            write_through: StdCell::new(false),
            is_detached: StdCell::new(false),
            decoded: Slot::empty(),
            at: StdCell::new(0),
            undecoded: RefCell::default(),
            pending_cr: StdCell::new(false),
            seen: StdCell::new(0),
            snapshot: RefCell::default(),
            telling: StdCell::new(true),
            pending: RefCell::default(),
        }
    }
}

impl Payload for Text {
    fn trace(&self, marker: &mut Marker) {
        for slot in [&self.buffer, &self.decoder, &self.encoder, &self.decoded] {
            slot.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Text {
    /// Forgets what was read ahead.
    pub(super) fn forget_decoded(&self) {
        self.decoded.clear();
        self.at.set(0);
        self.undecoded.borrow_mut().clear();
        self.pending_cr.set(false);
        *self.snapshot.borrow_mut() = None;
    }

    fn is_native(&self) -> bool {
        self.writes.get().is_some()
    }
}

/// What a text file is set up with.
pub(super) struct Settings {
    pub(super) encoding: Option<String>,
    pub(super) errors: Option<String>,
    pub(super) newline: Newline,
    pub(super) line_buffering: bool,
    pub(super) write_through: bool,
}

impl Cx {
    pub(super) fn text<'a>(&'a self, this: Handle<'_>) -> Result<&'a Text, Raised> {
        let state = super::state::<Text>(self, this)?;
        if state.buffer.value().is_undef() {
            let message = if state.is_detached.get() {
                "underlying buffer has been detached"
            } else {
                "I/O operation on uninitialized object"
            };
            return Err(self.vm().raise_value_error(message));
        }
        Ok(state)
    }

    /// The buffered file of a text file.
    pub(super) fn buffer_of(&self, this: Handle<'_>) -> Result<Root, Raised> {
        let buffer = self.text(this)?.buffer.value();
        Ok(self.root_value(buffer))
    }

    /// Raises ValueError if a text file is closed.
    pub(super) fn require_text(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let core = self.text(this)?.core.borrow().clone();
        let closed = match core {
            Some(core) => core.raw.is_closed(),
            None => {
                let buffer = self.buffer_of(this)?;
                self.is_closed(buffer.handle())?
            }
        };
        if closed { Err(self.vm().raise_value_error("I/O operation on closed file.")) } else { Ok(()) }
    }

    /// Connects a text file to its buffered one.
    pub(super) fn set_up_text(
        &mut self,
        this: Handle<'_>,
        buffer: Handle<'_>,
        settings: Settings,
    ) -> Result<(), Raised> {
        let types = self.vm().io_types();
        let ty = self.vm().type_of(buffer.value());
        let is_native = [types.reader, types.writer, types.random].contains(&ty);
        let core = if is_native { self.core_of(buffer)? } else { None };
        let state = super::state::<Text>(self, this)?;
        state.forget_decoded();
        state.buffer.set_value(buffer.value());
        *state.core.borrow_mut() = core;
        state.is_detached.set(false);
        state.newline.set(settings.newline);
        state.line_buffering.set(settings.line_buffering);
        state.write_through.set(settings.write_through);
        state.telling.set(true);
        let encoding = settings.encoding.filter(|encoding| encoding != "locale");
        let encoding = encoding.unwrap_or_else(|| String::from("UTF-8"));
        let errors = settings.errors.unwrap_or_else(|| String::from("strict"));
        self.set_encoding(this, encoding, errors)?;
        self.skip_mark_in_the_middle(this, buffer)
    }

    /// Sets the encoding: one built in, or the codec that the registry finds.
    pub(super) fn set_encoding(
        &mut self,
        this: Handle<'_>,
        encoding: String,
        errors: String,
    ) -> Result<(), Raised> {
        let native = Encoding::named(&encoding);
        let coders = match native {
            Some(_) => None,
            None => Some(self.find_coders(&encoding, &errors)?),
        };
        let buffer = self.buffer_of(this)?;
        let (reads, writes) =
            (self.says(buffer.handle(), "readable")?, self.says(buffer.handle(), "writable")?);
        let state = super::state::<Text>(self, this)?;
        state.reads.set(native.filter(|_| reads));
        state.writes.set(native.filter(|_| writes));
        let coder =
            |coder: Option<&Root>, used: bool| coder.filter(|_| used).map_or(Value::NONE, Root::value);
        state.decoder.set_value(coder(coders.as_ref().map(|coders| &coders.0), reads));
        state.encoder.set_value(coder(coders.as_ref().map(|coders| &coders.1), writes));
        *state.encoding.borrow_mut() = encoding;
        *state.errors.borrow_mut() = errors;
        Ok(())
    }

    fn find_coders(&mut self, encoding: &str, errors: &str) -> Result<(Root, Root), Raised> {
        let codec = crate::modules::codecs::lookup(self, encoding)?;
        if let Some(is_text) = self.get_attr_opt(codec.handle(), "_is_text_encoding")?
            && !self.truth(is_text.handle())?
        {
            let message =
                format!("'{encoding}' is not a text encoding; use codecs.open() to handle arbitrary codecs");
            return Err(self.vm().raise_lookup_error(&message));
        }
        let errors = self.vm().new_str(errors);
        let errors = self.root_value(errors);
        let mut made = |name: &str| {
            let class = self.get_attr(codec.handle(), name)?;
            if class.value().is_none() {
                return Ok(self.root_value(Value::NONE));
            }
            self.call(class.handle(), &[errors.handle()])
        };
        Ok((made("incrementaldecoder")?, made("incrementalencoder")?))
    }

    /// A file that is appended to gets no second mark at its end.
    fn skip_mark_in_the_middle(&mut self, this: Handle<'_>, buffer: Handle<'_>) -> Result<(), Raised> {
        let writes = self.text(this)?.writes.get();
        if !matches!(
            writes,
            Some(Encoding::Utf8Sig | Encoding::Utf16(Order::Marked) | Encoding::Utf32(Order::Marked))
        ) {
            return Ok(());
        }
        if !self.says(buffer, "seekable")? || !self.says(buffer, "writable")? {
            return Ok(());
        }
        let position = self.call_method(buffer, "tell", &[])?;
        if position.value() != Value::small(0) {
            self.text(this)?.writes.set(writes.map(after_mark));
        }
        Ok(())
    }

    // ---- writing --------------------------------------------------------------------------------------------------

    /// A string as bytes in the file's encoding, ends of lines as the file writes them.
    fn encoded(&mut self, this: Handle<'_>, text: Handle<'_>) -> Result<Vec<u8>, Raised> {
        let state = self.text(this)?;
        let translated = match state.newline.get().written() {
            Some(end) if has_point(self.vm().units(text.value()), 10) => {
                let source = self.vm().units(text.value());
                let mut builder = crate::text_builder::TextBuilder::new();
                for point in source.iter() {
                    if point == 10 { builder.push_str(end) } else { builder.push(point) }
                }
                let text = builder.finish(self.vm())?;
                self.root_value(text)
            }
            _ => self.root_value(text.value()),
        };
        let state = self.text(this)?;
        if let Some(encoding) = state.writes.get() {
            let errors = state.errors.borrow().clone();
            state.writes.set(Some(after_mark(encoding)));
            return crate::codecs::encode(self, translated.handle(), encoding, &errors);
        }
        let encoder = self.root_value(state.encoder.value());
        let bytes = self.call_method(encoder.handle(), "encode", &[translated.handle()])?;
        if !bytes.value().is_kind(Kind::Bytes) {
            let ty = self.vm().type_name_of(bytes.value());
            let message = format!("encoder should return a bytes object, not '{ty}'");
            return Err(self.vm().raise_type_error(&message));
        }
        Ok(crate::types::bytes::slice_of(bytes.value()).to_vec())
    }

    /// Writes a string to a text file.
    pub(super) fn write_text_file(&mut self, this: Handle<'_>, text: Handle<'_>) -> Result<(), Raised> {
        self.require_text(this)?;
        let state = self.text(this)?;
        if !state.is_native() && !state.encoder.value().is_cell() {
            return Err(self.vm().raise_unsupported("not writable"));
        }
        if self.write_plain(this, text)? {
            return Ok(());
        }
        let bytes = self.encoded(this, text)?;
        let state = self.text(this)?;
        let needs_flush = state.line_buffering.get() && has_line_end(self.vm().units(text.value()));
        let at_once = needs_flush || state.write_through.get();
        if state.core.borrow().is_some() {
            self.drop_read_ahead(this)?;
            self.push_bytes(this, &bytes)?;
        } else {
            state.pending.borrow_mut().extend_from_slice(&bytes);
            if at_once || state.pending.borrow().len() > CHUNK {
                self.drop_read_ahead(this)?;
                self.push_pending(this)?;
            }
        }
        if needs_flush {
            self.flush_buffer(this)?;
        }
        let state = self.text(this)?;
        if state.snapshot.borrow().is_some() || !state.decoded.value().is_undef() {
            state.forget_decoded();
        }
        Ok(())
    }

    /// The common case: ASCII text as it is to a descriptor that nothing was read from.
    fn write_plain(&mut self, this: Handle<'_>, text: Handle<'_>) -> Result<bool, Raised> {
        let state = self.text(this)?;
        let Units::One(units) = self.vm().units(text.value()) else { return Ok(false) };
        if !matches!(state.writes.get(), Some(Encoding::Utf8 | Encoding::Ascii))
            || state.newline.get().written().is_some()
            || !state.decoded.value().is_undef()
            || !units.is_ascii()
        {
            return Ok(false);
        }
        let Some(core) = state.core.borrow().clone() else { return Ok(false) };
        if core.raw.readable {
            return Ok(false);
        }
        let pushed = core.push(self.vm(), units, super::BUFFER_SIZE);
        pushed.map_err(|error| self.os_error(&error))?;
        if self.text(this)?.line_buffering.get() && has_line_end(Units::One(units)) {
            let flushed = core.flush(self.vm());
            flushed.map_err(|error| self.os_error(&error))?;
        }
        Ok(true)
    }

    /// A file that is read and written goes back to where the program has read to.
    fn drop_read_ahead(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let state = self.text(this)?;
        if state.snapshot.borrow().is_none() || !state.telling.get() {
            return Ok(());
        }
        let buffer = self.buffer_of(this)?;
        let ty = self.vm().type_of(buffer.value());
        if ty == self.vm().io_types().random {
            self.forget_ahead(buffer.handle())?;
        }
        Ok(())
    }

    fn push_bytes(&mut self, this: Handle<'_>, bytes: &[u8]) -> Result<(), Raised> {
        let buffer = self.buffer_of(this)?;
        self.hold_back(buffer.handle(), bytes)
    }

    /// Hands encoded text on to a buffered file of another class.
    pub(super) fn push_pending(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let bytes = std::mem::take(&mut *self.text(this)?.pending.borrow_mut());
        if bytes.is_empty() {
            return Ok(());
        }
        let buffer = self.buffer_of(this)?;
        let bytes = self.vm().new_bytes(&bytes);
        let bytes = self.root_value(bytes);
        self.call_method(buffer.handle(), "write", &[bytes.handle()]).map(drop)
    }

    fn flush_buffer(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        let core = self.text(this)?.core.borrow().clone();
        if let Some(core) = core {
            let flushed = core.flush(self.vm());
            return flushed.map_err(|error| self.os_error(&error));
        }
        let buffer = self.buffer_of(this)?;
        self.call_method(buffer.handle(), "flush", &[]).map(drop)
    }

    /// Writes all that is held back.
    pub(super) fn flush_text(&mut self, this: Handle<'_>) -> Result<(), Raised> {
        self.push_pending(this)?;
        self.flush_buffer(this)
    }

    /// Writes a string to `file` if that is a built-in text file that writes to a descriptor; false for another file.
    pub(crate) fn write_natively(&mut self, file: Handle<'_>, text: Handle<'_>) -> Result<bool, Raised> {
        let ty = self.vm().io_types().text;
        if self.vm().type_of(file.value()) != ty || !text.value().is_kind(Kind::Str) {
            return Ok(false);
        }
        let writable = self.payload::<Text>(file).is_some_and(|state| {
            let core = state.core.borrow();
            state.is_native() && core.as_ref().is_some_and(|core| !core.raw.is_closed())
        });
        if !writable {
            return Ok(false);
        }
        self.write_text_file(file, text)?;
        Ok(true)
    }

    /// A text file is no longer as it was made: if it is a standard stream, it is written to as any file.
    pub(super) fn is_changed(&self, file: Handle<'_>) {
        let streams = &mut self.vm().out;
        for plain in [&mut streams.plain_out, &mut streams.plain_err] {
            if *plain == file.value() {
                *plain = Value::UNDEF;
            }
        }
    }
}

impl Names {
    /// The names that a text file was set up with.
    pub(super) fn of(state: &Text) -> Self {
        Self {
            encoding: state.encoding.borrow().clone(),
            errors: state.errors.borrow().clone(),
            has_errors: true,
        }
    }
}

/// The encoding of what follows a mark.
pub(super) fn after_mark(encoding: Encoding) -> Encoding {
    let native = if cfg!(target_endian = "little") { Order::Little } else { Order::Big };
    match encoding {
        Encoding::Utf8Sig => Encoding::Utf8,
        Encoding::Utf16(Order::Marked) => Encoding::Utf16(native),
        Encoding::Utf32(Order::Marked) => Encoding::Utf32(native),
        other => other,
    }
}

fn has_point(units: Units<'_>, point: u8) -> bool {
    match units {
        Units::One(bytes) => bytes.contains(&point),
        _ => units.iter().any(|other| other == u32::from(point)),
    }
}

fn has_line_end(units: Units<'_>) -> bool {
    has_point(units, 10) || has_point(units, 13)
}
