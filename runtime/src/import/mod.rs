//! The import system: `sys.modules`, packages, relative names, and finding modules among the native ones and on
//! `sys.path`.
//!
//! Until a program imports `importlib`, modules are found and loaded natively, with attributes as importlib sets them.
//! `importlib` itself is the standard library's: its two bootstrap modules are run from their source, install their
//! finders, and from then on find what is imported.

mod find;
mod load;
mod names;
mod spec;

pub(crate) use find::Found;
pub(crate) use load::builtins_of;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// Source of a standard library's file by its path.
type Sources = fn(&str) -> Option<&'static [u8]>;

/// What the import system keeps.
#[derive(Default)]
pub struct ImportState {
    /// Folder of the standard library's Python modules.
    pub(crate) stdlib: Option<std::path::PathBuf>,
    /// Its modules' sources, where they are embedded: name with slashes and `.py` to text.
    pub(crate) embedded: Option<Sources>,
    /// The types of `__spec__` and `__loader__` objects made natively.
    pub(crate) types: Option<spec::SpecTypes>,
    /// `_frozen_importlib`, once its finders are installed.
    pub(crate) bootstrap: Option<Value>,
}

impl Vm {
    /// Says where the standard library's Python modules lie: the folder goes to the end of `sys.path`.
    pub fn set_stdlib(&mut self, path: &std::path::Path) {
        self.import.stdlib = Some(path.to_path_buf());
    }

    /// Gives the standard library's sources in place of a folder: a function from `collections/__init__.py` and the
    /// like to text.
    pub fn set_embedded_stdlib(&mut self, read: fn(&str) -> Option<&'static [u8]>) {
        self.import.embedded = Some(read);
    }
}

impl Cx {
    /// `__import__(name, globals, …, fromlist, level)`.
    pub(crate) fn import_level(
        &mut self,
        name: Value,
        globals: Value,
        fromlist: Value,
        level: i64,
    ) -> Result<Value, Raised> {
        if !name.is_kind(Kind::Str) {
            let ty = self.vm().type_name_of(name);
            return Err(self.vm().raise_type_error(&format!("module name must be a string, not {ty}")));
        }
        if level < 0 {
            return Err(self.vm().raise_value_error("level must be >= 0"));
        }
        let text = self.vm().str_lossy(name);
        let absolute = if level > 0 {
            self.resolve_name(globals, &text, level)?
        } else {
            if text.is_empty() {
                return Err(self.vm().raise_value_error("Empty module name"));
            }
            text.clone()
        };
        let fromlist = self.root_value(fromlist);
        let module = self.import_absolute(&absolute)?;
        let module = self.root_value(module);
        if !self.truth(fromlist.handle())? {
            return self.module_to_return(&text, &absolute, module.value(), level);
        }
        if self.get_attr_opt(module.handle(), "__path__")?.is_some() {
            self.load_submodules(module.handle(), fromlist.handle(), false)?;
        }
        Ok(module.value())
    }

    /// What `import a.b.c` gives: the module `a`.
    fn module_to_return(
        &mut self,
        name: &str,
        absolute: &str,
        module: Value,
        level: i64,
    ) -> Result<Value, Raised> {
        let Some(dot) = name.find('.') else {
            if level > 0 && name.is_empty() {
                return Ok(module);
            }
            return Ok(module);
        };
        if level == 0 {
            return self.import_absolute(&name[..dot]);
        }
        let cut = absolute.len() - (name.len() - dot);
        let front = &absolute[..cut];
        match self.vm().loaded_module(front) {
            Some(found) => Ok(found),
            None => {
                let message = format!("'{front}' not in sys.modules as expected");
                let message = self.vm().new_str(&message);
                Err(self.vm().raise_key_error(message))
            }
        }
    }

    /// The module of an absolute name, imported if it is not there yet.
    pub(crate) fn import_absolute(&mut self, name: &str) -> Result<Value, Raised> {
        match self.vm().loaded_module(name) {
            Some(module) if !module.is_none() => Ok(module),
            _ => self.find_and_load(name),
        }
    }

    fn find_and_load(&mut self, name: &str) -> Result<Value, Raised> {
        if self.vm().loaded_module(name).is_some_and(Value::is_none) {
            let message = format!("import of {name} halted; None in sys.modules");
            return Err(self.raise_module_not_found(&message, name));
        }
        if let Some(bootstrap) = self.vm().import.bootstrap {
            return self.find_and_load_by(bootstrap, name);
        }
        let Some((parent_name, child)) = name.rsplit_once('.') else {
            return self.load_found(name, Value::NONE);
        };
        if self.vm().loaded_module(parent_name).is_none() {
            self.import_absolute(parent_name)?;
            if let Some(module) = self.vm().loaded_module(name) {
                return Ok(module);
            }
        }
        let Some(parent) = self.vm().loaded_module(parent_name) else {
            let key = self.vm().new_str(parent_name);
            return Err(self.vm().raise_key_error(key));
        };
        let parent = self.root_value(parent);
        let Some(path) = self.get_attr_opt(parent.handle(), "__path__")? else {
            let message = format!("No module named '{name}'; '{parent_name}' is not a package");
            return Err(self.raise_module_not_found(&message, name));
        };
        let module = self.load_found(name, path.value())?;
        let module = self.root_value(module);
        if self.set_attr(parent.handle(), child, module.handle()).is_err()
            && !self.vm().clear_if(self.vm().exceptions.attribute_error)
        {
            return Err(Raised);
        }
        Ok(module.value())
    }

    /// Imports through importlib's own machinery; its frames are left out of tracebacks.
    fn find_and_load_by(&mut self, bootstrap: Value, name: &str) -> Result<Value, Raised> {
        let bootstrap = self.root_value(bootstrap);
        let function = self.get_attr(bootstrap.handle(), "_find_and_load")?;
        let import = self.vm().dict_get_str(self.vm().builtins, self.vm().names.__import__);
        let import = self.root_value(import.unwrap_or(Value::NONE));
        let text = self.vm().intern(name);
        let text = self.root_value(text);
        match self.call(function.handle(), &[text.handle(), import.handle()]) {
            Ok(module) => Ok(module.value()),
            Err(Raised) => {
                self.vm().drop_importlib_frames();
                Err(Raised)
            }
        }
    }

    /// Imports the submodules that `from module import …` names and that are not attributes yet.
    fn load_submodules(
        &mut self,
        module: Handle<'_>,
        fromlist: Handle<'_>,
        is_all: bool,
    ) -> Result<(), Raised> {
        let items = self.collect(fromlist)?;
        let count = self.vm().sequence_values(items.value()).len();
        for i in 0..count {
            let item = self.root_value(self.vm().sequence_values(items.value())[i]);
            if !item.value().is_kind(Kind::Str) {
                let place = if is_all {
                    let name = self.get_attr(module, "__name__")?;
                    format!("{}.__all__", self.str_text(name.handle())?)
                } else {
                    String::from("``from list''")
                };
                let ty = self.vm().type_name_of(item.value());
                return Err(self.vm().raise_type_error(&format!("Item in {place} must be str, not {ty}")));
            }
            if self.vm().str_is(item.value(), "*") {
                if !is_all && let Some(all) = self.get_attr_opt(module, "__all__")? {
                    self.load_submodules(module, all.handle(), true)?;
                }
                continue;
            }
            let text = self.vm().str_lossy(item.value());
            if self.get_attr_opt(module, &text)?.is_some() {
                continue;
            }
            let name = self.get_attr(module, "__name__")?;
            let full = format!("{}.{text}", self.str_text(name.handle())?);
            if self.import_absolute(&full).is_err() && !self.forgive_missing(&full)? {
                return Err(Raised);
            }
        }
        Ok(())
    }

    /// A submodule named in `from package import name` that does not exist is no error: the attribute's absence is.
    fn forgive_missing(&mut self, full: &str) -> Result<bool, Raised> {
        let vm = self.vm();
        if !vm.is_raised(vm.exceptions.module_not_found_error) {
            return Ok(false);
        }
        let name = crate::types::exceptions::field(vm, vm.exception, "name");
        if vm.str_is(name, full) && vm.loaded_module(full).is_none_or(|module| !module.is_none()) {
            vm.exception = Value::UNDEF;
            return Ok(true);
        }
        Ok(false)
    }

    /// Raises `ModuleNotFoundError` with its `name`.
    pub(crate) fn raise_module_not_found(&mut self, message: &str, name: &str) -> Raised {
        let vm = self.vm();
        let raised = vm.raise(vm.exceptions.module_not_found_error, message);
        let name = vm.new_str(name);
        crate::types::exceptions::set_field(vm, vm.exception, "name", name);
        raised
    }
}

impl Vm {
    /// The entry of `sys.modules`.
    pub(crate) fn loaded_module(&mut self, name: &str) -> Option<Value> {
        let name = self.intern(name);
        self.dict_get_str(self.modules, name)
    }

    /// Leaves importlib's own frames out of the traceback of the exception in flight, as CPython does.
    fn drop_importlib_frames(&mut self) {
        crate::traceback::drop_importlib_frames(self);
    }
}
