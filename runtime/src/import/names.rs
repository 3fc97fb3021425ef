//! Names in imports: relative ones, `from module import name`, and `import *`.

use crate::cell::*;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::dict_ops::dict_data;
use crate::value::Value;

impl Cx {
    /// The absolute name of `name` seen `level` packages up from the module with these globals.
    pub(super) fn resolve_name(&mut self, globals: Value, name: &str, level: i64) -> Result<String, Raised> {
        let package = self.package_of(globals)?;
        if package.is_empty() {
            return Err(self.no_parent_package());
        }
        let mut base = package.as_str();
        for _ in 1..level {
            match base.rfind('.') {
                Some(dot) => base = &base[..dot],
                None => {
                    return Err(self
                        .vm()
                        .raise_import_error_text("attempted relative import beyond top-level package"));
                }
            }
        }
        Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
    }

    fn no_parent_package(&mut self) -> Raised {
        self.vm().raise_import_error_text("attempted relative import with no known parent package")
    }

    fn package_of(&mut self, globals: Value) -> Result<String, Raised> {
        if !globals.is_kind(Kind::Dict) {
            let message = "'__name__' not in globals";
            let key = self.vm().new_str(message);
            return Err(self.vm().raise_key_error(key));
        }
        let names = self.vm().names;
        let global = |cx: &Self, name| cx.vm().dict_get_str(globals, name).filter(|value| !value.is_none());
        if let Some(package) = global(self, names.__package__) {
            if !package.is_kind(Kind::Str) {
                return Err(self.vm().raise_type_error("package must be a string"));
            }
            return Ok(self.vm().str_lossy(package));
        }
        if let Some(spec) = global(self, names.__spec__) {
            let spec = self.root_value(spec);
            let parent = self.get_attr(spec.handle(), "parent")?;
            if !parent.value().is_kind(Kind::Str) {
                return Err(self.vm().raise_type_error("__spec__.parent must be a string"));
            }
            return Ok(self.vm().str_lossy(parent.value()));
        }
        let Some(name) = global(self, names.__name__) else {
            let key = self.vm().new_str("'__name__' not in globals");
            return Err(self.vm().raise_key_error(key));
        };
        if !name.is_kind(Kind::Str) {
            return Err(self.vm().raise_type_error("__name__ must be a string"));
        }
        let text = self.vm().str_lossy(name);
        if self.vm().dict_get_str(globals, names.__path__).is_some() {
            return Ok(text);
        }
        match text.rfind('.') {
            Some(dot) => Ok(text[..dot].to_string()),
            None => Err(self.no_parent_package()),
        }
    }

    /// `from module import name` where the module has no such attribute: the submodule of that name if it is in
    /// `sys.modules`, else ImportError.
    pub(crate) fn import_from_missing(&mut self, module: Value, name: Value) -> Result<Value, Raised> {
        let module = self.root_value(module);
        let name = self.root_value(name);
        let package = self.get_attr_opt(module.handle(), "__name__")?;
        let package = package.filter(|package| package.value().is_kind(Kind::Str));
        if let Some(package) = &package {
            let full =
                format!("{}.{}", self.vm().str_lossy(package.value()), self.vm().str_lossy(name.value()));
            if let Some(found) = self.vm().loaded_module(&full) {
                return Ok(found);
            }
        }
        Err(self.cannot_import(module.handle(), name.handle(), package)?)
    }

    fn cannot_import(
        &mut self,
        module: Handle<'_>,
        name: Handle<'_>,
        package: Option<Root>,
    ) -> Result<Raised, Raised> {
        let package = match package {
            Some(package) => package,
            None => self.root_value(self.vm().intern("<unknown module name>")),
        };
        let spec = self.get_attr_opt(module, "__spec__")?;
        let origin = self.origin_of(module, spec.as_ref())?;
        let (name_text, package_text) = (self.repr_text(name)?, self.repr_text(package.handle())?);
        let message = if self.is_initializing(spec.as_ref())? {
            let place = origin.as_ref().map_or(String::new(), |origin| format!(" ({origin})"));
            let hint = "most likely due to a circular import";
            format!(
                "cannot import name {name_text} from partially initialized module {package_text} ({hint}){place}"
            )
        } else {
            let place = origin.as_deref().unwrap_or("unknown location");
            format!("cannot import name {name_text} from {package_text} ({place})")
        };
        let vm = self.vm();
        let raised = vm.raise(vm.exceptions.import_error, &message);
        let path = match &origin {
            Some(origin) => vm.new_str(origin),
            None => Value::NONE,
        };
        use crate::types::exceptions::set_field;
        set_field(vm, vm.exception, "name", package.value());
        set_field(vm, vm.exception, "name_from", name.value());
        set_field(vm, vm.exception, "path", path);
        Ok(raised)
    }

    /// Where a module comes from, as messages tell it.
    fn origin_of(&mut self, module: Handle<'_>, spec: Option<&Root>) -> Result<Option<String>, Raised> {
        if let Some(spec) = spec
            && !spec.value().is_none()
            && let Some(has) = self.get_attr_opt(spec.handle(), "has_location")?
            && self.truth(has.handle())?
            && let Some(origin) = self.get_attr_opt(spec.handle(), "origin")?
            && origin.value().is_kind(Kind::Str)
        {
            return Ok(Some(self.vm().str_lossy(origin.value())));
        }
        let file = self.get_attr_opt(module, "__file__")?;
        Ok(file.filter(|file| file.value().is_kind(Kind::Str)).map(|file| self.vm().str_lossy(file.value())))
    }

    /// Whether the module of this `__spec__` is still being executed.
    pub(crate) fn is_initializing(&mut self, spec: Option<&Root>) -> Result<bool, Raised> {
        let Some(spec) = spec.filter(|spec| !spec.value().is_none()) else { return Ok(false) };
        match self.get_attr_opt(spec.handle(), "_initializing")? {
            Some(flag) => self.truth(flag.handle()),
            None => Ok(false),
        }
    }

    /// `from module import *` into a namespace.
    pub(crate) fn import_all_into(&mut self, module: Value, locals: Value) -> Result<(), Raised> {
        let (module, locals) = (self.root_value(module), self.root_value(locals));
        let all = self.get_attr_opt(module.handle(), "__all__")?;
        let by_dict = all.is_none();
        let names = match all {
            Some(all) => self.collect(all.handle())?,
            None => {
                let Some(dict) = self.get_attr_opt(module.handle(), "__dict__")? else {
                    return Err(self
                        .vm()
                        .raise_import_error_text("from-import-* object has no __dict__ and no __all__"));
                };
                self.keys_of(dict.handle())?
            }
        };
        let count = self.vm().sequence_values(names.value()).len();
        for i in 0..count {
            let name = self.root_value(self.vm().sequence_values(names.value())[i]);
            if !name.value().is_kind(Kind::Str) {
                return Err(self.bad_star_name(module.handle(), name.value(), by_dict)?);
            }
            if by_dict && self.vm().units(name.value()).iter().next() == Some(u32::from('_')) {
                continue;
            }
            let text = self.vm().intern_str(name.value());
            let value = self.get_attr_value(module.handle(), text)?;
            if locals.value().is_kind(Kind::Dict) && self.vm().is_exact(locals.value()) {
                self.vm().dict_set_str(locals.value(), text, value.value());
            } else {
                self.set_item(locals.handle(), name.handle(), value.handle())?;
            }
        }
        Ok(())
    }

    fn keys_of(&mut self, mapping: Handle<'_>) -> Result<Root, Raised> {
        if mapping.value().is_kind(Kind::Dict) {
            let keys = dict_data(mapping.value()).iter().map(|entry| entry.key).collect();
            let keys = self.vm().new_list(keys);
            return Ok(self.root_value(keys));
        }
        let keys = self.call_method(mapping, "keys", &[])?;
        self.collect(keys.handle())
    }

    fn bad_star_name(&mut self, module: Handle<'_>, name: Value, by_dict: bool) -> Result<Raised, Raised> {
        let ty = self.vm().type_name_of(name);
        let package = self.get_attr(module, "__name__")?;
        if !package.value().is_kind(Kind::Str) {
            let got = self.vm().type_name_of(package.value());
            return Ok(self.vm().raise_type_error(&format!("module __name__ must be a string, not {got}")));
        }
        let package = self.vm().str_lossy(package.value());
        let message = if by_dict {
            format!("Key in {package}.__dict__ must be str, not {ty}")
        } else {
            format!("Item in {package}.__all__ must be str, not {ty}")
        };
        Ok(self.vm().raise_type_error(&message))
    }
}
