//! Paths as arguments: strings, bytes, objects with `__fspath__`, descriptors; and file names as strings.
//!
//! File names are bytes to the system. As strings they are UTF-8, each byte that is not becoming a lone surrogate
//! (`surrogateescape`), so that every name survives the round trip.

use std::ffi::CString;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::value::Value;
use crate::vm::Vm;

/// A path argument.
pub(crate) struct PathArg {
    /// The path's bytes, for the C library.
    pub(crate) path: CString,
    /// It was given as bytes: results are bytes too.
    pub(crate) is_bytes: bool,
    /// It was a descriptor.
    pub(crate) fd: Option<i32>,
    /// What was given, for messages.
    pub(crate) object: Root,
}

/// What a function takes as a path.
#[derive(Clone, Copy, Default)]
pub(crate) struct PathRules {
    /// The function's name, for messages.
    pub(crate) function: &'static str,
    /// The parameter's name, if it is not `path`.
    pub(crate) argument: Option<&'static str>,
    /// A descriptor will do.
    pub(crate) fd: bool,
    /// None will do.
    pub(crate) none: bool,
}

impl PathRules {
    /// A path, nothing else.
    pub(crate) const fn only(function: &'static str) -> Self {
        Self { function, argument: None, fd: false, none: false }
    }

    /// A path or a descriptor.
    pub(crate) const fn or_fd(function: &'static str) -> Self {
        Self { function, argument: None, fd: true, none: false }
    }

    /// The same for a parameter of another name.
    pub(crate) const fn named(mut self, argument: &'static str) -> Self {
        self.argument = Some(argument);
        self
    }

    fn wanted(self) -> &'static str {
        match (self.fd, self.none) {
            (true, true) => "string, bytes, os.PathLike, integer or None",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            (false, false) => "string, bytes or os.PathLike",
        }
    }
}

impl Vm {
    /// A file name as a string.
    pub(crate) fn decode_name(&mut self, bytes: &[u8]) -> Value {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return self.new_str(text);
        }
        let mut points = Vec::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            points.extend(chunk.valid().chars().map(u32::from));
            points.extend(chunk.invalid().iter().map(|byte| 0xDC00 + u32::from(*byte)));
        }
        self.str_from_points(points.into_iter())
    }

    /// A string as a file name's bytes; `UnicodeEncodeError`.
    pub(crate) fn encode_name(&mut self, string: Value) -> Result<Vec<u8>, Raised> {
        let mut bytes = Vec::new();
        for (i, point) in self.units(string).iter().enumerate() {
            match char::from_u32(point) {
                Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None if (0xDC80..=0xDCFF).contains(&point) => bytes.push((point - 0xDC00) as u8),
                None => {
                    let (encoding, reason) = (self.intern("utf-8"), self.intern("surrogates not allowed"));
                    let (start, end) = (self.new_int(i as i64), self.new_int(i as i64 + 1));
                    let class = self.exceptions.unicode_encode_error;
                    return Err(self.raise_with(class, &[encoding, string, start, end, reason]));
                }
            }
        }
        Ok(bytes)
    }
}

impl Cx {
    /// `os.fspath(path)`: a string or bytes.
    pub(crate) fn fspath(&mut self, path: Handle<'_>) -> Result<Root, Raised> {
        if let Some(Kind::Str | Kind::Bytes) = path.value().kind() {
            return Ok(self.root_value(path.value()));
        }
        let name = self.vm().intern("__fspath__");
        let Some(result) = self.call_special(path, name, &[])? else {
            let ty = self.vm().type_name_of(path.value());
            let message = format!("expected str, bytes or os.PathLike object, not {ty}");
            return Err(self.vm().raise_type_error(&message));
        };
        if let Some(Kind::Str | Kind::Bytes) = result.value().kind() {
            return Ok(result);
        }
        let (ty, got) = (self.vm().type_name_of(path.value()), self.vm().type_name_of(result.value()));
        let message = format!("expected {ty}.__fspath__() to return str or bytes, not {got}");
        Err(self.vm().raise_type_error(&message))
    }

    /// A path argument by a function's rules.
    pub(crate) fn path_arg(
        &mut self,
        value: Option<Handle<'_>>,
        rules: PathRules,
    ) -> Result<PathArg, Raised> {
        let given = value.map_or(Value::NONE, Handle::value);
        if given.is_none() && rules.none {
            let object = self.root_value(Value::NONE);
            return Ok(PathArg { path: CString::from(c"."), is_bytes: false, fd: None, object });
        }
        let object = self.root_value(given);
        let text = match given.kind() {
            Some(Kind::Str | Kind::Bytes) => self.root_value(given),
            _ if rules.fd && self.vm().has_index(given) => {
                let fd = self.c_int(object.handle())?;
                return Ok(PathArg { path: CString::default(), is_bytes: false, fd: Some(fd), object });
            }
            _ => {
                let name = self.vm().intern("__fspath__");
                let ty = self.vm().type_of(given);
                if self.vm().lookup(ty, name).is_undef() {
                    let message = format!(
                        "{}: {} should be {}, not {}",
                        rules.function,
                        rules.argument.unwrap_or("path"),
                        rules.wanted(),
                        self.vm().type_name(ty)
                    );
                    return Err(self.vm().raise_type_error(&message));
                }
                self.fspath(object.handle())?
            }
        };
        let is_bytes = text.value().is_kind(Kind::Bytes);
        let bytes = if is_bytes {
            crate::types::bytes::slice_of(text.value()).to_vec()
        } else {
            self.vm().encode_name(text.value())?
        };
        match super::syscalls::c_path(&bytes) {
            Some(path) => Ok(PathArg { path, is_bytes, fd: None, object }),
            None => {
                let message = format!(
                    "{}: embedded null character in {}",
                    rules.function,
                    rules.argument.unwrap_or("path")
                );
                Err(self.vm().raise_value_error(&message))
            }
        }
    }

    /// Raises the `OSError` of a failed call on a path.
    pub(crate) fn path_error(&mut self, error: &std::io::Error, path: &PathArg) -> Raised {
        self.paths_error(error, path, None)
    }

    /// Raises the `OSError` of a failed call on two paths.
    pub(crate) fn paths_error(
        &mut self,
        error: &std::io::Error,
        path: &PathArg,
        second: Option<&PathArg>,
    ) -> Raised {
        let raised = self.vm().raise_io_error(error, None);
        let vm = self.vm();
        if !path.object.value().is_none() {
            crate::types::exceptions::set_field(vm, vm.exception, "filename", path.object.value());
        }
        if let Some(second) = second {
            crate::types::exceptions::set_field(vm, vm.exception, "filename2", second.object.value());
        }
        raised
    }

    /// Raises the `OSError` of a failed call that has no path.
    pub(crate) fn os_error(&mut self, error: &std::io::Error) -> Raised {
        self.vm().raise_io_error(error, None)
    }
}

impl PathArg {
    /// A file name that was found there, of the same type as the path.
    pub(crate) fn name_value(&self, vm: &mut Vm, name: &[u8]) -> Value {
        if self.is_bytes { vm.new_bytes(name) } else { vm.decode_name(name) }
    }

    /// The path for Rust's library.
    pub(crate) fn as_path(&self) -> &std::path::Path {
        use std::os::unix::ffi::OsStrExt;
        std::path::Path::new(std::ffi::OsStr::from_bytes(self.path.as_bytes()))
    }
}
