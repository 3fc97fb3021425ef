//! Names: globals, builtins, the frame's namespace, closures.

#![expect(unsafe_code, reason = "the running frame's function is reached through its record")]

use crate::cell::*;
use crate::cx::Raised;
use crate::dict_ops::dict_data;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The running function.
    #[inline(always)]
    pub(crate) fn function(&self) -> &FunctionCell {
        // SAFETY: the running frame's callee is a live function.
        unsafe { &*self.current().callee.cast::<FunctionCell>() }
    }

    /// The running frame's globals: a dict.
    #[inline(always)]
    pub fn globals(&self) -> Value {
        self.function().globals
    }

    /// `name` among globals or builtins.
    pub fn load_global(&mut self, name: Value) -> Value {
        let function = self.function();
        let (globals, builtins) = (function.globals, function.builtins);
        if let Some(value) = self.dict_get_str(globals, name) {
            return value;
        }
        self.load_builtin(builtins, name)
    }

    fn load_builtin(&mut self, builtins: Value, name: Value) -> Value {
        if builtins.is_kind(Kind::Dict) && self.is_exact(builtins) {
            return match self.dict_get_str(builtins, name) {
                Some(value) => value,
                None => self.name_error(name),
            };
        }
        // A mapping of another kind given as `__builtins__`.
        let value = self.door(|vm| vm.load_item(builtins, name));
        match value {
            Ok(value) => value,
            Err(Raised) if self.clear_if(self.exceptions.key_error) => self.name_error(name),
            Err(Raised) => Value::RAISED,
        }
    }

    /// Raises NameError for a name that nothing defines.
    #[cold]
    pub fn name_error(&mut self, name: Value) -> Value {
        let message = format!("name '{}' is not defined", self.str_lossy(name));
        self.raise_name_error_text(&message);
        crate::types::exceptions::set_name(self, name);
        Value::RAISED
    }

    /// The global dict's version and the position of `name` in it or in the builtins (true), for caches.
    pub fn find_global(&mut self, name: Value) -> Option<(u32, usize, bool)> {
        let function = self.function();
        let (globals, builtins) = (function.globals, function.builtins);
        if let Some(position) = self.find_str(dict_data(globals), name) {
            return Some((self.dict_version(globals), position, false));
        }
        if builtins != self.builtins {
            return None;
        }
        let position = self.find_str(dict_data(builtins), name)?;
        if dict_data(builtins).version == 0 {
            // Keys came or went since positions were cached.
            self.flush_caches();
            self.dict_version(builtins);
        }
        Some((self.dict_version(globals), position, true))
    }

    /// The version of the keys of the running frame's globals: what caches compare.
    #[inline(always)]
    pub fn globals_version(&self) -> u32 {
        dict_data(self.globals()).version
    }

    /// The value at a position of the running frame's globals, found by [`Vm::find_global`] and still valid.
    #[inline(always)]
    pub fn global_at(&self, position: usize) -> Value {
        dict_data(self.globals()).value_at(position)
    }

    /// The version of the keys of the builtins.
    #[inline(always)]
    pub fn builtins_version(&self) -> u32 {
        dict_data(self.builtins).version
    }

    /// Names the present keys of the builtins.
    pub fn name_builtins_version(&mut self) -> u32 {
        self.dict_version(self.builtins)
    }

    /// The value at a position of the builtins.
    #[inline(always)]
    pub fn builtin_at(&self, position: usize) -> Value {
        dict_data(self.builtins).value_at(position)
    }

    /// `globals()[name] = value`.
    pub fn store_global(&mut self, name: Value, value: Value) {
        let globals = self.globals();
        self.dict_set_str(globals, name, value);
    }

    /// `del globals()[name]`; NameError.
    pub fn delete_global(&mut self, name: Value) -> Value {
        let globals = self.globals();
        match self.dict_remove_str(globals, name) {
            Some(_) => Value::NONE,
            None => self.name_error(name),
        }
    }

    /// The frame's namespace.
    pub fn locals_mapping(&mut self) -> Value {
        let locals = self.function().locals;
        if locals.is_undef() {
            self.raise_system_error("no locals");
            return Value::RAISED;
        }
        locals
    }

    /// A name in the frame's namespace, globals or builtins.
    pub fn load_name(&mut self, name: Value) -> Value {
        let locals = self.function().locals;
        if locals.is_undef() {
            return self.load_global(name);
        }
        match self.load_from_mapping(locals, name) {
            Ok(Some(value)) => value,
            Ok(None) => self.load_global(name),
            Err(Raised) => Value::RAISED,
        }
    }

    /// A name in a mapping, or else among globals and builtins.
    pub fn load_from_dict_or_globals(&mut self, mapping: Value, name: Value) -> Value {
        match self.load_from_mapping(mapping, name) {
            Ok(Some(value)) => value,
            Ok(None) => self.load_global(name),
            Err(Raised) => Value::RAISED,
        }
    }

    /// `mapping[name]`, `None` for KeyError.
    pub(crate) fn load_from_mapping(&mut self, mapping: Value, name: Value) -> Result<Option<Value>, Raised> {
        if mapping.is_kind(Kind::Dict) && self.is_exact(mapping) {
            return Ok(self.dict_get_str(mapping, name));
        }
        match self.door(|vm| vm.load_item(mapping, name)) {
            Ok(value) => Ok(Some(value)),
            Err(Raised) if self.clear_if(self.exceptions.key_error) => Ok(None),
            Err(Raised) => Err(Raised),
        }
    }

    /// Sets a name in the frame's namespace.
    pub fn store_name(&mut self, name: Value, value: Value) -> Value {
        let locals = self.function().locals;
        if locals.is_kind(Kind::Dict) && self.is_exact(locals) {
            self.dict_set_str(locals, name, value);
            return Value::NONE;
        }
        if locals.is_undef() {
            let message = format!("no locals when storing '{}'", self.str_lossy(name));
            self.raise_system_error(&message);
            return Value::RAISED;
        }
        self.store_item(locals, name, value)
    }

    /// Deletes a name in the frame's namespace.
    pub fn delete_name(&mut self, name: Value) -> Value {
        let locals = self.function().locals;
        if locals.is_kind(Kind::Dict) && self.is_exact(locals) {
            return match self.dict_remove_str(locals, name) {
                Some(_) => Value::NONE,
                None => self.name_error(name),
            };
        }
        match self.door(|vm| vm.delete_item(locals, name)) {
            Ok(_) => Value::NONE,
            Err(Raised) if self.clear_if(self.exceptions.key_error) => self.name_error(name),
            Err(Raised) => Value::RAISED,
        }
    }

    /// The contents of a closure cell: Undef if empty.
    #[inline(always)]
    pub fn cell_contents(&self, cell: Value) -> Value {
        // SAFETY: the operand is a live closure cell: MAKE_CELL or COPY_FREE_VARS put it there.
        match cell.as_cell::<ClosureCell>() {
            Some(cell) => unsafe { (*cell).contents },
            None => Value::UNDEF,
        }
    }

    /// Sets the contents of a closure cell.
    #[inline(always)]
    pub fn set_cell_contents(&mut self, cell: Value, value: Value) {
        // SAFETY: as in `cell_contents`.
        if let Some(cell) = cell.as_cell::<ClosureCell>() {
            unsafe { (*cell).contents = value };
        }
    }

    /// Raises NameError or UnboundLocalError for an empty cell in slot `slot` of the running frame.
    pub fn raise_unbound_cell(&mut self, slot: usize) -> Raised {
        // SAFETY: the running frame has live code.
        let code = unsafe { &*self.current().code() };
        let name = code.local_names[slot];
        if code.object.localspluskinds[slot] & bytecode::code::local_kind::FREE == 0 {
            return self.raise_unbound_local(name);
        }
        let message = format!(
            "cannot access free variable '{}' where it is not associated with a value in enclosing scope",
            self.str_lossy(name)
        );
        self.raise_name_error_text(&message)
    }

    /// Raises UnboundLocalError for local `slot` of the running frame.
    pub fn raise_unbound_slot(&mut self, slot: usize) -> Raised {
        // SAFETY: as above.
        let name = unsafe { &*self.current().code() }.local_names[slot];
        self.raise_unbound_local(name)
    }

    /// Copies the running function's closure to the last `count` slots of localsplus.
    pub fn copy_free_vars(&mut self, count: usize) {
        let closure = self.function().closure;
        let frame = *self.current();
        // SAFETY: the verifier holds `count` to the number of free variables, functions are made with a closure of
        // just that length.
        unsafe {
            let first = (*frame.code()).nlocalsplus as usize - count;
            if let Some(tuple) = closure.as_cell::<TupleCell>() {
                for (i, cell) in TupleCell::items(tuple).iter().take(count).enumerate() {
                    frame.slots().add(first + i).write(*cell);
                }
            }
        }
    }
}
