//! Programs that are no file: modules run as the program (`-m`), statements typed at a prompt.

use std::sync::Arc;

use bytecode::CodeObject;

use crate::cx::{Cx, Raised};
use crate::import::Found;
use crate::value::Value;
use crate::vm::Vm;

/// Why a module does not run as the program.
pub enum ModuleError {
    /// An exception is in flight.
    Raised,
    /// There is no such module, or none that can be run.
    Missing(String),
}

impl From<Raised> for ModuleError {
    fn from(_: Raised) -> Self {
        Self::Raised
    }
}

impl Vm {
    /// Keeps the text of code that comes from no file, for tracebacks.
    pub fn add_source(&mut self, filename: &str, text: &str) {
        self.sources.insert(filename.to_owned(), text.to_owned());
    }

    /// Runs a module, or a package's `__main__`, as the program.
    pub fn run_module(&mut self, name: &str) -> Result<(), ModuleError> {
        self.enter(|cx| {
            let found = find_main(cx, name)?;
            let code = cx.module_code(&found.1)?;
            let code = cx.root_value(code);
            let namespace = cx.vm().main_namespace();
            let main = cx.vm().loaded_module("__main__").expect("it was just made");
            cx.vm().set_module_attributes(main, &found.0, &found.1);
            let key = cx.vm().names.__main__;
            let name_key = cx.vm().names.__name__;
            cx.vm().dict_set_str(namespace, name_key, key);
            set_program_name(cx, namespace);
            cx.run_module_code(code.value(), namespace)?;
            Ok(())
        })
    }

    /// Runs one statement typed at a prompt, in the namespace of `__main__`.
    pub fn run_interactive(&mut self, code: &Arc<CodeObject>) -> Result<(), Raised> {
        let namespace = self.main_namespace();
        let result = self.run_code(code, namespace).map(drop);
        self.flush_for_prompt(result.is_ok());
        result
    }

    /// What was printed is to be seen before the next prompt; if it cannot be, the next statement says so.
    fn flush_for_prompt(&mut self, has_ended: bool) {
        if has_ended {
            self.enter(|cx| {
                let flushed = match cx.sys_attr("stdout").filter(|out| !out.value().is_none()) {
                    Some(out) => cx.call_method(out.handle(), "flush", &[]).map(drop),
                    None => Ok(()),
                };
                if flushed.is_err() {
                    cx.vm().take_exception();
                }
            });
        }
        let _ = self.out.flush_out();
    }

    /// Reports the exception in flight and goes on; the exit status if the program wants to end.
    pub fn report_interactive(&mut self) -> Option<i32> {
        let is_end = self.is_raised(self.exceptions.system_exit) || self.stopped().is_some();
        if !is_end {
            self.keep_last_exception();
        }
        let status = self.report_uncaught();
        is_end.then_some(status)
    }

    /// `sys.last_exc` and kin, for whoever wants to look at it afterwards.
    fn keep_last_exception(&mut self) {
        let (exception, names) = (self.exception, self.names);
        let ty = self.type_of(exception);
        let traceback = crate::traceback::of(exception);
        for (name, value) in [
            (names.last_exc, exception),
            (names.last_type, ty),
            (names.last_value, exception),
            (names.last_traceback, traceback),
        ] {
            self.dict_set_str(self.sys_dict, name, value);
        }
    }

    /// `sys.ps1` or `sys.ps2`, set if it is not there.
    pub fn prompt(&mut self, name: &str, default: &str) -> String {
        let name = self.intern(name);
        let prompt = match self.dict_get_str(self.sys_dict, name) {
            Some(prompt) => prompt,
            None => {
                let prompt = self.new_str(default);
                self.dict_set_str(self.sys_dict, name, prompt);
                prompt
            }
        };
        let text = self.enter(|cx| {
            let prompt = cx.root_value(prompt);
            cx.str_text(prompt.handle())
        });
        text.unwrap_or_else(|Raised| {
            self.take_exception();
            default.to_owned()
        })
    }

    /// Whether `__main__` has a variable of this name.
    pub fn main_defines(&mut self, name: &str) -> bool {
        let namespace = self.main_namespace();
        let name = self.intern(name);
        self.dict_get_str(namespace, name).is_some()
    }

    /// The names of `__main__`'s variables and of the built-ins, for completion.
    pub fn visible_names(&mut self) -> Vec<String> {
        let namespaces = [self.main_namespace(), self.builtins];
        let mut names = Vec::new();
        for namespace in namespaces {
            let keys: Vec<Value> =
                crate::dict_ops::dict_data(namespace).iter().map(|entry| entry.key).collect();
            names.extend(keys.into_iter().map(|key| self.str_lossy(key)));
        }
        names
    }
}

/// The program's name becomes the file that was found.
fn set_program_name(cx: &mut Cx, namespace: Value) {
    let vm = cx.vm();
    let Some(file) = vm.dict_get_str(namespace, vm.names.__file__) else { return };
    let argv = vm.intern("argv");
    if let Some(argv) = vm.dict_get_str(vm.sys_dict, argv)
        && let Some(first) = crate::ops::list_items(argv).first_mut()
    {
        *first = file;
    }
}

/// The module to be run and its name: a package's is its `__main__`.
fn find_main(cx: &mut Cx, name: &str) -> Result<(String, Found), ModuleError> {
    let path = match name.rsplit_once('.') {
        Some((parent, _)) => path_of_package(cx, parent, name)?,
        None => Value::NONE,
    };
    let path = cx.root_value(path);
    let missing = |message: String| Err(ModuleError::Missing(message));
    let Some(found) = cx.find_module(name, path.value())? else {
        return missing(format!("No module named {name}"));
    };
    if let Found::Native(_) = found {
        return missing(format!("No code object available for {name}"));
    }
    if found.search_locations().is_none() {
        return Ok((name.to_owned(), found));
    }
    let path = path_of_package(cx, name, name)?;
    let main = format!("{name}.__main__");
    match cx.find_module(&main, path)? {
        Some(found) => Ok((main, found)),
        None => {
            missing(format!("No module named {main}; '{name}' is a package and cannot be directly executed"))
        }
    }
}

/// Imports the package that a module lies in; its `__path__`.
fn path_of_package(cx: &mut Cx, package: &str, name: &str) -> Result<Value, ModuleError> {
    let module = match cx.import_absolute(package) {
        Ok(module) => cx.root_value(module),
        Err(Raised) if cx.vm().is_raised(cx.vm().exceptions.module_not_found_error) => {
            let exception = cx.vm().take_exception();
            let exception = cx.root_value(exception);
            let text = cx.str_text(exception.handle())?;
            return Err(ModuleError::Missing(format!(
                "Error while finding module specification for '{name}' (ModuleNotFoundError: {text})"
            )));
        }
        Err(Raised) => return Err(ModuleError::Raised),
    };
    match cx.get_attr_opt(module.handle(), "__path__")? {
        Some(path) => Ok(path.value()),
        None => Err(ModuleError::Missing(format!(
            "Error while finding module specification for '{name}' (ModuleNotFoundError: __path__ attribute not \
             found on '{package}' while trying to find '{name}')"
        ))),
    }
}
