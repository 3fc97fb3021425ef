//! Loading modules: making them, compiling or reading their code, running it.

#![expect(unsafe_code, reason = "functions and modules are reached through cells")]

use std::path::Path;
use std::sync::Arc;

use bytecode::CodeObject;
use bytecode::pyc::PycHeader;

use crate::cell::*;
use crate::cx::{Cx, Raised};
use crate::value::Value;
use crate::vm::{CompileRequest, Vm};

use super::find::{Found, cache_file};

impl Cx {
    /// Finds and loads a module whose package, if any, is loaded.
    pub(super) fn load_found(&mut self, name: &str, path: Value) -> Result<Value, Raised> {
        if let Some(module) = self.load_bootstrap(name)? {
            return Ok(module);
        }
        let Some(found) = self.find_module(name, path)? else {
            return Err(self.raise_module_not_found(&format!("No module named '{name}'"), name));
        };
        self.load(name, &found)
    }

    fn load(&mut self, name: &str, found: &Found) -> Result<Value, Raised> {
        let module = self.vm().new_module(name);
        let module = self.root_value(module);
        let spec = self.vm().set_module_attributes(module.value(), name, found);
        let spec = self.root_value(spec);
        let key = self.vm().intern(name);
        let modules = self.vm().modules;
        self.vm().dict_set_str(modules, key, module.value());
        let dict = self.vm().instance_dict(module.value()).expect("modules have one");
        self.vm().set_own_attr(spec.value(), "_initializing", Value::TRUE);
        let result = match found {
            Found::Native(init) => {
                init(self.vm(), dict);
                Ok(())
            }
            Found::Namespace(_) => Ok(()),
            _ => self.module_code(found).and_then(|code| self.run_module_code(code, dict)),
        };
        self.vm().set_own_attr(spec.value(), "_initializing", Value::FALSE);
        if result.is_err() {
            self.vm().dict_remove_str(modules, key);
            return Err(Raised);
        }
        // The module may have put something else in its place.
        match self.vm().dict_get_str(modules, key) {
            Some(module) => Ok(module),
            None => Err(self.vm().raise_key_error(key)),
        }
    }

    /// The code of a module that was found.
    pub(crate) fn module_code(&mut self, found: &Found) -> Result<Value, Raised> {
        match found {
            Found::Source { file, .. } => self.code_of_source_file(file),
            Found::Compiled { file, .. } => {
                let bytes = self.read_file(file)?;
                match bytecode::pyc::read(&bytes) {
                    Ok((_, code)) => self.vm().new_code(&code),
                    Err(error) => {
                        let message = format!("{error} in '{}'", file.display());
                        Err(self.vm().raise_import_error_text(&message))
                    }
                }
            }
            Found::Embedded { path, source, .. } => {
                self.compile_source(source, &format!("<embedded>/{path}"), "exec")
            }
            Found::Native(_) | Found::Namespace(_) => unreachable!("they have no code"),
        }
    }

    /// Reads a file; `OSError`.
    pub(crate) fn read_file(&mut self, file: &Path) -> Result<Vec<u8>, Raised> {
        std::fs::read(file).map_err(|error| {
            let name = file.to_string_lossy().into_owned();
            self.vm().raise_io_error(&error, Some(&name))
        })
    }

    /// The code of a source file: the compiled form that lies beside it if it is fresh, else compiled now.
    pub(crate) fn code_of_source_file(&mut self, file: &Path) -> Result<Value, Raised> {
        if let Some(code) = fresh_cache(file) {
            return self.vm().new_code(&code);
        }
        let source = self.read_file(file)?;
        self.compile_source(&source, &file.to_string_lossy(), "exec")
    }

    /// Compiles source as a module.
    pub(crate) fn compile_source(
        &mut self,
        source: &[u8],
        filename: &str,
        mode: &str,
    ) -> Result<Value, Raised> {
        self.compile_request(&CompileRequest { source, filename, mode, flags: 0, optimize: 0 })
    }

    /// Compiles source; `SyntaxError` and kin.
    pub(crate) fn compile_request(&mut self, request: &CompileRequest<'_>) -> Result<Value, Raised> {
        let Some(compiler) = &self.vm().compiler else {
            return Err(self.vm().raise_runtime_error("no compiler: only compiled code can run"));
        };
        match compiler.compile(request) {
            Ok(code) => self.vm().new_code(&Arc::new(code)),
            Err(failure) => {
                Err(crate::types::exceptions::raise_compile_failure(self.vm(), &failure, request.filename))
            }
        }
    }

    /// The syntax tree of source; `SyntaxError` and kin.
    pub(crate) fn parse_request(&mut self, request: &CompileRequest<'_>) -> Result<Value, Raised> {
        let Some(compiler) = &self.vm().compiler else {
            return Err(self.vm().raise_runtime_error("no compiler: only compiled code can run"));
        };
        match compiler.parse(request) {
            Ok(steps) => crate::modules::ast::build(self, steps),
            Err(failure) => {
                Err(crate::types::exceptions::raise_compile_failure(self.vm(), &failure, request.filename))
            }
        }
    }

    /// Runs a module's code in its namespace.
    pub(crate) fn run_module_code(&mut self, code: Value, dict: Value) -> Result<(), Raised> {
        let vm = self.vm();
        let builtins = vm.builtins;
        if vm.dict_get_str(dict, vm.names.__builtins__).is_none() {
            let key = vm.names.__builtins__;
            vm.dict_set_str(dict, key, builtins);
        }
        let function = vm.new_function(code, dict, builtins);
        // SAFETY: the function was just made.
        unsafe { (*function.cast::<FunctionCell>()).locals = dict };
        vm.door(|vm| vm.call_code(function)).map(drop)
    }

    /// importlib's bootstrap modules: run from the standard library's source under their frozen names.
    fn load_bootstrap(&mut self, name: &str) -> Result<Option<Value>, Raised> {
        let path = match name {
            "_frozen_importlib" => "importlib/_bootstrap.py",
            "_frozen_importlib_external" => "importlib/_bootstrap_external.py",
            _ => return Ok(None),
        };
        let Some(found) = self.find_in_stdlib(path) else { return Ok(None) };
        let module = self.load(name, &found)?;
        let module = self.root_value(module);
        if name == "_frozen_importlib" {
            self.install_bootstrap(&module)?;
        }
        Ok(Some(module.value()))
    }

    fn find_in_stdlib(&mut self, path: &str) -> Option<Found> {
        if let Some(folder) = &self.vm().import.stdlib {
            let file = folder.join(path);
            if file.is_file() {
                return Some(Found::Source { file, package: None });
            }
        }
        let read = self.vm().import.embedded?;
        let source = read(path)?;
        Some(Found::Embedded { path: path.to_string(), source, is_package: false })
    }

    fn install_bootstrap(&mut self, bootstrap: &crate::cx::Root) -> Result<(), Raised> {
        let imp = self.import_absolute("_imp")?;
        let imp = self.root_value(imp);
        let sys = self.import_absolute("sys")?;
        let sys = self.root_value(sys);
        for name in ["_thread", "_warnings", "_weakref"] {
            self.import_absolute(name)?;
        }
        self.call_method(bootstrap.handle(), "_install", &[sys.handle(), imp.handle()])?;
        for name in ["_io", "marshal", "posix", "_frozen_importlib_external"] {
            self.import_absolute(name)?;
        }
        self.call_method(bootstrap.handle(), "_install_external_importers", &[])?;
        self.adopt_native_modules(bootstrap)?;
        self.vm().permanent.push(bootstrap.value());
        self.vm().import.bootstrap = Some(bootstrap.value());
        Ok(())
    }

    /// Gives modules that were loaded natively specs and loaders of importlib's own classes.
    fn adopt_native_modules(&mut self, bootstrap: &crate::cx::Root) -> Result<(), Raised> {
        let external = self.import_absolute("_frozen_importlib_external")?;
        let external = self.root_value(external);
        let Some(types) = self.vm().import.types else { return Ok(()) };
        let modules = self.vm().modules;
        let loaded: Vec<Value> =
            crate::dict_ops::dict_data(modules).iter().map(|entry| entry.value).collect();
        let loaded = self.vm().new_list(loaded);
        let loaded = self.root_value(loaded);
        let count = self.vm().sequence_values(loaded.value()).len();
        for i in 0..count {
            let module = self.root_value(self.vm().sequence_values(loaded.value())[i]);
            let Some(dict) =
                self.vm().is_module(module.value()).then(|| self.vm().instance_dict(module.value()))
            else {
                continue;
            };
            let dict = dict.expect("modules have one");
            let spec = self.vm().dict_get_str(dict, self.vm().names.__spec__).unwrap_or(Value::NONE);
            if self.vm().type_of(spec) != types.spec {
                continue;
            }
            let spec = self.root_value(spec);
            self.adopt_module(bootstrap, &external, dict, &spec)?;
        }
        Ok(())
    }

    fn adopt_module(
        &mut self,
        bootstrap: &crate::cx::Root,
        external: &crate::cx::Root,
        dict: Value,
        spec: &crate::cx::Root,
    ) -> Result<(), Raised> {
        let name = self.get_attr(spec.handle(), "name")?;
        let origin = self.get_attr(spec.handle(), "origin")?;
        let has_location = self.get_attr(spec.handle(), "has_location")?;
        let locations = self.get_attr(spec.handle(), "submodule_search_locations")?;
        let cached = self.get_attr(spec.handle(), "cached")?;
        let initializing = self.get_attr(spec.handle(), "_initializing")?;
        let loader = if has_location.value() == Value::TRUE {
            let class = self.get_attr(external.handle(), "SourceFileLoader")?;
            self.call(class.handle(), &[name.handle(), origin.handle()])?
        } else if locations.value().is_none() {
            self.get_attr(bootstrap.handle(), "BuiltinImporter")?
        } else {
            return Ok(());
        };
        let class = self.get_attr(bootstrap.handle(), "ModuleSpec")?;
        let new = self.call(class.handle(), &[name.handle(), loader.handle()])?;
        self.set_attr(new.handle(), "origin", origin.handle())?;
        self.set_attr(new.handle(), "submodule_search_locations", locations.handle())?;
        self.set_attr(new.handle(), "cached", cached.handle())?;
        self.set_attr(new.handle(), "has_location", has_location.handle())?;
        self.set_attr(new.handle(), "_initializing", initializing.handle())?;
        let names = self.vm().names;
        self.vm().dict_set_str(dict, names.__spec__, new.value());
        self.vm().dict_set_str(dict, names.__loader__, loader.value());
        Ok(())
    }
}

/// The code that CPython compiled from a source file, if it is of the file as it is now.
fn fresh_cache(source: &Path) -> Option<Arc<CodeObject>> {
    let bytes = std::fs::read(cache_file(source)?).ok()?;
    let metadata = std::fs::metadata(source).ok()?;
    let seconds = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let (header, code) = bytecode::pyc::read(&bytes).ok()?;
    match header {
        PycHeader::Timestamp { mtime, size } if mtime == seconds as u32 && size == metadata.len() as u32 => {
            Some(code)
        }
        _ => None,
    }
}

/// The builtins that code with these globals sees: what `__builtins__` says there, a module or a mapping.
pub(crate) fn builtins_of(vm: &mut Vm, globals: Value) -> Value {
    let Some(builtins) = vm.dict_get_str(globals, vm.names.__builtins__) else { return vm.builtins };
    match builtins.as_cell::<ModuleCell>() {
        // SAFETY: the module is live.
        Some(module) => unsafe { (*module).dict },
        None => builtins,
    }
}
