//! Tracebacks as the runtime shapes them.

#![expect(unsafe_code, reason = "tracebacks are reached through cells")]

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// Whether a frame runs importlib's own code.
fn is_importlib(entry: &TracebackCell) -> bool {
    // SAFETY: a traceback keeps its frame object, that its function, that its code.
    let filename = unsafe {
        let function = (*entry.frame.cast::<FrameCell>()).function.cast::<FunctionCell>();
        (*(*function).code_data).object().filename.to_string_lossy()
    };
    filename.starts_with("<frozen importlib._bootstrap")
        || filename.ends_with("importlib/_bootstrap.py")
        || filename.ends_with("importlib/_bootstrap_external.py")
}

/// Leaves importlib's own frames out of the traceback of the exception in flight.
pub(crate) fn drop_importlib_frames(vm: &mut Vm) {
    let exception = vm.exception.cast::<ExceptionCell>();
    // SAFETY: the exception in flight is live, and so are the entries of its traceback.
    unsafe {
        let mut place: *mut Value = &raw mut (*exception).traceback;
        while let Some(entry) = (*place).as_cell::<TracebackCell>() {
            if is_importlib(&*entry) {
                *place = (*entry).next;
            } else {
                place = &raw mut (*entry).next;
            }
        }
    }
}

/// The traceback of an exception.
pub(crate) fn of(exception: Value) -> Value {
    // SAFETY: exceptions are live cells of their kind.
    unsafe { (*exception.cast::<ExceptionCell>()).traceback }
}

/// Prints an exception with its tracebacks, causes and contexts on standard error.
pub(crate) fn print(cx: &mut Cx, exception: Handle<'_>) -> Result<(), Raised> {
    let report = cx.vm().exception_report(exception.value());
    cx.vm().write_error(&report);
    Ok(())
}

impl Vm {
    /// Writes to standard error; trouble with it is not told.
    pub fn write_error(&mut self, text: &str) {
        let name = self.names.stderr;
        match self.dict_get_str(self.sys_dict, name) {
            Some(stderr) if stderr.is_none() => {}
            Some(stderr) if stderr != self.out.plain_err => self.write_to(stderr, text),
            // Nobody can be told if standard error takes no more.
            _ => drop(self.out.write_err(text.as_bytes())),
        }
    }

    fn write_to(&mut self, file: Value, text: &str) {
        let is_written = self.enter(|cx| {
            let (file, text) = (cx.root_value(file), cx.vm().new_str(text));
            let text = cx.root_value(text);
            cx.call_method(file.handle(), "write", &[text.handle()]).is_ok()
        });
        if !is_written {
            self.exception = Value::UNDEF;
        }
    }
}
