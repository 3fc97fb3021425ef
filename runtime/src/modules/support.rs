//! What native modules have in common: their state, and reading arguments as C's argument parsers do.

use std::any::Any;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The state of a native module: one of a kind, made when first asked for. Values in it are not traced: they are
    /// kept by [`Vm::keep`].
    pub(crate) fn module_state<T: Any + Default>(&mut self) -> &mut T {
        let found = self.module_states.iter().position(|state| state.is::<T>());
        let at = found.unwrap_or_else(|| {
            self.module_states.push(Box::new(T::default()));
            self.module_states.len() - 1
        });
        self.module_states[at].downcast_mut().expect("found by its type")
    }

    /// Keeps a value as long as the state lives.
    pub(crate) fn keep(&mut self, value: Value) -> Value {
        self.permanent.push(value);
        value
    }

    /// The type's instances' root shape.
    pub(crate) fn shape_of_type(&self, ty: Value) -> u32 {
        self.type_data(ty).shape
    }

    /// A tuple of interned strings.
    pub(crate) fn tuple_of_names(&mut self, names: &[&str]) -> Value {
        let names: Vec<Value> = names.iter().map(|name| self.intern(name)).collect();
        self.new_tuple(&names)
    }
}

impl Cx {
    /// An int argument of C's type `int`.
    pub(crate) fn c_int(&mut self, value: Handle<'_>) -> Result<i32, Raised> {
        let int = self.index_value(value)?;
        match self.vm().int_of(int).map(i32::try_from) {
            Some(Ok(int)) => Ok(int),
            Some(Err(_)) if self.vm().int_of(int).is_some_and(|int| int < 0) => {
                Err(self.vm().raise_overflow_error("Python int too large to convert to C int"))
            }
            Some(Err(_)) => Err(self.vm().raise_overflow_error("Python int too large to convert to C int")),
            None => Err(self.vm().raise_overflow_error("Python int too large to convert to C int")),
        }
    }

    /// An int argument of C's type `long`.
    pub(crate) fn c_long(&mut self, value: Handle<'_>) -> Result<i64, Raised> {
        let int = self.index_value(value)?;
        match self.vm().int_of(int) {
            Some(int) => Ok(int),
            None => Err(self.vm().raise_overflow_error("Python int too large to convert to C long")),
        }
    }

    /// An int argument that may be None or left out.
    pub(crate) fn size_or(&mut self, value: Option<Handle<'_>>, default: i64) -> Result<i64, Raised> {
        match value {
            None => Ok(default),
            Some(value) if value.value().is_none() => Ok(default),
            Some(value) => {
                if !self.vm().has_index(value.value()) {
                    let ty = self.vm().type_name_of(value.value());
                    let message = format!("argument should be integer or None, not '{ty}'");
                    return Err(self.vm().raise_type_error(&message));
                }
                let class = self.vm().exceptions.overflow_error;
                self.index_or(value, class)
            }
        }
    }

    /// The truth of an optional argument.
    pub(crate) fn flag(&mut self, value: Option<Handle<'_>>, default: bool) -> Result<bool, Raised> {
        value.map_or(Ok(default), |value| self.truth(value))
    }

    /// A float argument: a float, or what `__float__` or `__index__` gives.
    pub(crate) fn real(&mut self, value: Handle<'_>) -> Result<f64, Raised> {
        if let Some(float) = self.vm().float_of(value.value()) {
            return Ok(float);
        }
        if self.vm().is_any_int(value.value()) {
            return crate::types::int::to_f64(self.vm(), value.value());
        }
        let name = self.vm().names.__float__;
        if let Some(result) = self.call_special(value, name, &[])? {
            if let Some(float) = self.vm().float_of(result.value()) {
                return Ok(float);
            }
            let (ty, got) = (self.vm().type_name_of(value.value()), self.vm().type_name_of(result.value()));
            let message = format!("{ty}.__float__ returned non-float (type {got})");
            return Err(self.vm().raise_type_error(&message));
        }
        if self.vm().has_index(value.value()) {
            let int = self.index_value(value)?;
            return crate::types::int::to_f64(self.vm(), int);
        }
        let ty = self.vm().type_name_of(value.value());
        Err(self.vm().raise_type_error(&format!("must be real number, not {ty}")))
    }

    /// A string argument as Rust text; `what` begins the message: `open() argument 'mode'`.
    pub(crate) fn text_arg(&mut self, value: Handle<'_>, what: &str) -> Result<String, Raised> {
        self.check_str(value, what)?;
        Ok(self.vm().str_lossy(value.value()))
    }

    /// Raises TypeError unless an argument is a string.
    pub(crate) fn check_str(&mut self, value: Handle<'_>, what: &str) -> Result<(), Raised> {
        if value.value().is_kind(Kind::Str) {
            return Ok(());
        }
        let ty = if value.value().is_none() {
            String::from("None")
        } else {
            self.vm().type_name_of(value.value())
        };
        Err(self.vm().raise_type_error(&format!("{what} must be str, not {ty}")))
    }

    /// A copy of the bytes of a bytes-like object.
    pub(crate) fn bytes_like(&mut self, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
        if let Some(bytes) = crate::types::bytes::buffer_of(self.vm(), value.value()) {
            return Ok(bytes.to_vec());
        }
        if !value.value().is_kind(Kind::Str) && value.value().is_kind(Kind::Boxed) {
            let name = self.vm().intern("tobytes");
            if let Some(bytes) = self.call_special(value, name, &[])?
                && bytes.value().is_kind(Kind::Bytes)
            {
                return Ok(crate::types::bytes::slice_of(bytes.value()).to_vec());
            }
        }
        let ty = self.vm().type_name_of(value.value());
        let message = format!("a bytes-like object is required, not '{ty}'");
        Err(self.vm().raise_type_error(&message))
    }

    /// Writes bytes to the beginning of a writable buffer, as many as it takes; how many those are.
    pub(crate) fn write_into(&mut self, target: Handle<'_>, bytes: &[u8]) -> Result<usize, Raised> {
        if target.value().is_kind(Kind::ByteArray) {
            let vector = crate::types::bytes::vector_of(target.value());
            let count = bytes.len().min(vector.len());
            vector[..count].copy_from_slice(&bytes[..count]);
            return Ok(count);
        }
        let count = bytes.len().min(self.buffer_len(target)?);
        let vm = self.vm();
        let (end, data) = (vm.new_int(count as i64), vm.new_bytes(&bytes[..count]));
        let data = self.root_value(data);
        let slice = self.vm().new_slice(Value::small(0), end, Value::NONE);
        let slice = self.root_value(slice);
        if target.value().is_kind(Kind::Boxed) && self.get_attr_opt(target, "frombytes")?.is_some() {
            let class = self.vm().types.memoryview;
            let class = self.root_value(class);
            let view = self.call(class.handle(), &[target])?;
            let byte = self.vm().intern("B");
            let byte = self.root_value(byte);
            let view = self.call_method(view.handle(), "cast", &[byte.handle()])?;
            self.set_item(view.handle(), slice.handle(), data.handle())?;
        } else {
            self.set_item(target, slice.handle(), data.handle())?;
        }
        Ok(count)
    }

    /// Bytes of a writable buffer; TypeError if the object is none.
    pub(crate) fn buffer_len(&mut self, target: Handle<'_>) -> Result<usize, Raised> {
        match target.value().kind() {
            Some(Kind::ByteArray) => return self.len(target),
            Some(Kind::Boxed) => {
                if let Some(size) = self.get_attr_opt(target, "itemsize")? {
                    let size = self.c_long(size.handle())?;
                    return Ok(self.len(target)? * size as usize);
                }
            }
            _ => {}
        }
        let ty = self.vm().type_name_of(target.value());
        let message = format!("readinto() argument must be read-write bytes-like object, not {ty}");
        Err(self.vm().raise_type_error(&message))
    }

    /// The entry of a module's namespace, by the module's name; imports the module.
    pub(crate) fn module_attr(&mut self, module: &str, name: &str) -> Result<Root, Raised> {
        let module = self.import_absolute(module)?;
        let module = self.root_value(module);
        self.get_attr(module.handle(), name)
    }

    /// The current value of `sys.name`.
    pub(crate) fn sys_attr(&mut self, name: &str) -> Option<Root> {
        let name = self.vm().intern(name);
        let value = self.vm().dict_get_str(self.vm().sys_dict, name)?;
        Some(self.root_value(value))
    }
}
