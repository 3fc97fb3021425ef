//! `__spec__` and `__loader__` of modules that were loaded natively: objects with the attributes that importlib's have.

use crate::cell::Kind;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::find::Found;

/// The types of such objects.
#[derive(Clone, Copy)]
pub(crate) struct SpecTypes {
    pub(crate) spec: Value,
    source_loader: Value,
    builtin_importer: Value,
    namespace_loader: Value,
}

impl Vm {
    fn spec_types(&mut self) -> SpecTypes {
        if let Some(types) = self.import.types {
            return types;
        }
        let object = self.types.object;
        let flags = type_flag::INSTANCE_DICT | type_flag::WEAKREF;
        let mut make = |name: &str, module: &str| {
            let ty = self.new_builtin_type(name, object, Kind::Object, flags);
            let module = self.intern(module);
            let key = self.names.__module__;
            let dict = self.type_data(ty).dict;
            self.dict_set_str(dict, key, module);
            ty
        };
        let types = SpecTypes {
            spec: make("ModuleSpec", "_frozen_importlib"),
            source_loader: make("SourceFileLoader", "_frozen_importlib_external"),
            builtin_importer: make("BuiltinImporter", "_frozen_importlib"),
            namespace_loader: make("NamespaceLoader", "_frozen_importlib_external"),
        };
        self.import.types = Some(types);
        types
    }

    /// Sets a plain attribute of an object that has a dict of its own.
    pub(crate) fn set_own_attr(&mut self, object: Value, name: &str, value: Value) {
        let name = self.intern(name);
        let result = self.generic_store_attr(object, name, value);
        debug_assert_eq!(result, Value::NONE, "a plain attribute");
    }

    /// Gives a module its `__spec__`, `__loader__`, `__package__`, `__file__`, `__cached__` and `__path__`; returns the
    /// spec.
    pub(crate) fn set_module_attributes(&mut self, module: Value, name: &str, found: &Found) -> Value {
        let types = self.spec_types();
        let name_value = self.intern(name);
        let spec = self.new_object(types.spec);
        let loader = match found {
            Found::Native(_) => types.builtin_importer,
            Found::Namespace(_) => self.new_object(types.namespace_loader),
            _ => self.new_object(types.source_loader),
        };
        let origin = match found {
            Found::Native(_) => self.intern("built-in"),
            Found::Namespace(_) => Value::NONE,
            Found::Source { file, .. } | Found::Compiled { file, .. } => {
                self.new_str(&file.to_string_lossy())
            }
            Found::Embedded { path, .. } => self.new_str(&format!("<embedded>/{path}")),
        };
        let locations = match found.search_locations() {
            Some(folders) => {
                let folders = folders.iter().map(|folder| self.new_str(folder)).collect();
                self.new_list(folders)
            }
            None => Value::NONE,
        };
        let parent =
            if locations.is_none() { name.rsplit_once('.').map_or("", |(parent, _)| parent) } else { name };
        let parent = self.intern(parent);
        let has_location = !matches!(found, Found::Native(_) | Found::Namespace(_));
        let cached = match found {
            Found::Source { file, .. } => match super::find::cache_file(file) {
                Some(cached) => self.new_str(&cached.to_string_lossy()),
                None => Value::NONE,
            },
            _ => Value::NONE,
        };
        for (key, value) in [
            ("name", name_value),
            ("loader", loader),
            ("origin", origin),
            ("loader_state", Value::NONE),
            ("submodule_search_locations", locations),
            ("_uninitialized_submodules", Value::NONE),
            ("_set_fileattr", Value::from_bool(has_location)),
            ("_cached", cached),
            ("cached", cached),
            ("parent", parent),
            ("has_location", Value::from_bool(has_location)),
            ("_initializing", Value::FALSE),
        ] {
            self.set_own_attr(spec, key, value);
        }
        if !matches!(found, Found::Native(_) | Found::Namespace(_)) {
            self.set_own_attr(loader, "name", name_value);
            self.set_own_attr(loader, "path", origin);
        }
        let dict = self.instance_dict(module).expect("modules have one");
        let names = self.names;
        for (key, value) in [
            (names.__name__, name_value),
            (names.__loader__, loader),
            (names.__package__, parent),
            (names.__spec__, spec),
        ] {
            self.dict_set_str(dict, key, value);
        }
        if !locations.is_none() {
            self.dict_set_str(dict, names.__path__, locations);
        }
        if matches!(found, Found::Namespace(_)) {
            self.dict_set_str(dict, names.__file__, Value::NONE);
        }
        if has_location {
            self.dict_set_str(dict, names.__file__, origin);
            self.dict_set_str(dict, names.__cached__, cached);
        }
        spec
    }
}
