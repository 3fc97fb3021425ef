//! Running a program: the module `__main__`, and what is left to do at its end.

#![expect(unsafe_code, reason = "the module's function is adjusted")]

use std::sync::Arc;

use bytecode::CodeObject;

use crate::cell::FunctionCell;
use crate::cx::Raised;
use crate::value::Value;
use crate::vm::Vm;

/// Exit status of a program that an interrupt ended: what a shell says of a process that the signal ended.
pub const STATUS_INTERRUPTED: i32 = 128 + libc::SIGINT;

/// Exit status of a program that a limit ended: what `timeout(1)` ends with.
pub const STATUS_STOPPED: i32 = 124;

impl Vm {
    /// The namespace of the module `__main__`, made if needed: a dict.
    pub fn main_namespace(&mut self) -> Value {
        let name = self.names.__main__;
        if let Some(module) = self.dict_get_str(self.modules, name) {
            return self.instance_dict(module).expect("modules have one");
        }
        let module = self.new_module("__main__");
        self.dict_set_str(self.modules, name, module);
        let namespace = self.instance_dict(module).expect("modules have one");
        let builtins = self.dict_get_str(self.modules, self.names.builtins).expect("made at start-up");
        let annotations = self.new_dict();
        self.dict_set_str(namespace, self.names.__annotations__, annotations);
        self.dict_set_str(namespace, self.names.__builtins__, builtins);
        namespace
    }

    /// Tells the module `__main__` which file it comes from, if it comes from one.
    fn set_main_file(&mut self, namespace: Value) {
        let Some(script) =
            self.argv.first().filter(|script| !matches!(script.as_str(), "" | "-" | "-c" | "-m"))
        else {
            return;
        };
        let mut path = std::path::absolute(script).unwrap_or_else(|_| script.into());
        if path.is_dir() {
            path.push("__main__.py");
        }
        let path = self.new_str(&path.to_string_lossy());
        self.dict_set_str(namespace, self.names.__file__, path);
        self.dict_set_str(namespace, self.names.__cached__, Value::NONE);
    }

    /// Runs code with a dict as globals and locals.
    pub fn run_code(&mut self, code: &Arc<CodeObject>, namespace: Value) -> Result<Value, Raised> {
        let code = self.new_code(code)?;
        self.run_code_value(code, namespace, namespace)
    }

    /// Runs a code cell with globals and a mapping as locals.
    pub(crate) fn run_code_value(
        &mut self,
        code: Value,
        globals: Value,
        locals: Value,
    ) -> Result<Value, Raised> {
        let builtins = self.builtins;
        let function = self.new_function(code, globals, builtins);
        // SAFETY: the function was just made.
        unsafe { (*function.cast::<FunctionCell>()).locals = locals };
        let function = self.enter(|cx| cx.root_value(function));
        self.door(|vm| vm.call_code(function.value()))
    }

    /// Runs a program as the module `__main__`.
    pub fn run_main(&mut self, code: &Arc<CodeObject>) -> Result<(), Raised> {
        let namespace = self.main_namespace();
        self.set_main_file(namespace);
        self.run_code(code, namespace).map(drop)
    }

    /// Machine words of all executables made so far: bytes of instructions and caches, slots of all frames.
    pub fn code_sizes(&mut self) -> CodeSizes {
        let mut sizes = CodeSizes::default();
        for code in &self.prepared {
            // SAFETY: the list holds live code cells.
            let data = unsafe { &(*code.cast::<crate::cell::CodeCell>()).data };
            if let Some(executable) = &data.executable {
                sizes.functions += 1;
                sizes.code_bytes += match executable.origin {
                    crate::code::Origin::Wordcode => data.object.code.len() as u64,
                    crate::code::Origin::Register(_) => executable.words.len() as u64 * 8,
                };
                sizes.frame_slots += u64::from(executable.frame_size) - 1;
            }
        }
        sizes
    }
}

/// Sizes of the code that has run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeSizes {
    /// Code objects that have run.
    pub functions: u64,
    /// Bytes of their instructions and caches.
    pub code_bytes: u64,
    /// Slots of their frames.
    pub frame_slots: u64,
}

impl Vm {
    /// Keeps what is written to the standard streams instead of writing it.
    pub fn capture_output(&mut self) {
        self.out.captured_out = Some(Vec::new());
        self.out.captured_err = Some(Vec::new());
    }

    /// Gives standard input these bytes.
    pub fn set_input(&mut self, bytes: Vec<u8>) {
        self.out.input = Some((bytes, 0));
    }

    /// What was captured of standard output and standard error.
    pub fn take_output(&mut self) -> (Vec<u8>, Vec<u8>) {
        let take = |captured: &mut Option<Vec<u8>>| captured.as_mut().map(std::mem::take).unwrap_or_default();
        (take(&mut self.out.captured_out), take(&mut self.out.captured_err))
    }

    /// Sets how source becomes code.
    pub fn set_compiler(&mut self, compiler: Box<dyn crate::vm::Compiler>) {
        self.compiler = Some(compiler);
    }
}

impl Vm {
    /// Reports the exception in flight, which the program did not catch, as python does; the exit status. `SystemExit` is
    /// no report.
    pub fn report_uncaught(&mut self) -> i32 {
        if self.is_raised(self.exceptions.system_exit) {
            let exception = self.take_exception();
            return self.exit_status(exception);
        }
        let is_interrupt = self.is_raised(self.exceptions.keyboard_interrupt);
        self.print_uncaught();
        match self.stopped() {
            Some(_) => STATUS_STOPPED,
            None if is_interrupt => STATUS_INTERRUPTED,
            None => 1,
        }
    }

    /// Prints the exception in flight as python does.
    fn print_uncaught(&mut self) {
        let exception = self.take_exception();
        let report = self.exception_report(exception);
        self.write_error(&report);
    }

    /// The exit status that a `SystemExit` asks for; a message is printed.
    fn exit_status(&mut self, exception: Value) -> i32 {
        let args = self.exception_args(exception);
        let code = match args.as_slice() {
            [] => Value::NONE,
            [code] => *code,
            _ => self.new_tuple(&args),
        };
        if code.is_none() {
            return 0;
        }
        if code.is_bool() {
            return i32::from(code == Value::TRUE);
        }
        if let Some(int) = code.as_int() {
            return int as i32;
        }
        let text = self.enter(|cx| {
            let code = cx.root_value(code);
            cx.str_text(code.handle())
        });
        if let Ok(text) = text {
            self.write_error(&format!("{text}\n"));
        }
        1
    }

    /// Ends the program: exit functions and finalizers run, standard output is written. The exit status.
    pub fn shut_down(&mut self, status: i32) -> i32 {
        let goes_on = self.stopped().is_none();
        if goes_on {
            self.run_exit_functions();
        }
        let is_written = !goes_on || self.flush_standard_output();
        if goes_on {
            self.run_all_finalizers();
        }
        self.flush_files();
        // What finalizers wrote; whether it can be written was told above.
        let is_all_written = self.out.captured_out.is_some() || self.out.flush_out().is_ok();
        if is_written && is_all_written { status } else { 120 }
    }

    /// Flushes `sys.stdout`, whatever it is now; an error is reported.
    fn flush_standard_output(&mut self) -> bool {
        let name = self.names.stdout;
        let Some(stdout) = self.dict_get_str(self.sys_dict, name).filter(|stdout| !stdout.is_none()) else {
            return true;
        };
        self.enter(|cx| {
            let stdout = cx.root_value(stdout);
            if cx.is_closed(stdout.handle()).unwrap_or(false) {
                return true;
            }
            cx.vm().exception = Value::UNDEF;
            if cx.call_method(stdout.handle(), "flush", &[]).is_ok() {
                return true;
            }
            let exception = cx.vm().take_exception();
            let exception = cx.root_value(exception);
            let report = cx.vm().exception_report(exception.value());
            cx.vm().write_error(&format!("Exception ignored on flushing sys.stdout:\n{report}"));
            false
        })
    }
}
