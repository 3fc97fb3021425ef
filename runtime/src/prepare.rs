//! From code objects to code that runs: constants to values, names to interned strings, the machine's copy.

#![expect(unsafe_code, reason = "code is reached through cells")]

use std::sync::Arc;

use bytecode::{CodeFlags, CodeObject, Const};

use crate::cell::*;
use crate::code::{CodeData, Executable};
use crate::cx::Raised;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

impl Vm {
    /// The value of a constant; nested code objects become code cells.
    pub(crate) fn value_of_const(&mut self, constant: &Const) -> Result<Value, Raised> {
        Ok(match constant {
            Const::None => Value::NONE,
            Const::Bool(truth) => Value::from_bool(*truth),
            Const::Ellipsis => Value::ELLIPSIS,
            Const::StopIteration => self.exceptions.stop_iteration,
            Const::Int(int) => self.new_int(*int),
            Const::BigInt(big) => crate::types::int::from_big(self, big)?,
            Const::Float(float) => self.new_float(*float),
            Const::Complex(real, imag) => self.new_complex(*real, *imag),
            Const::Str(text) => {
                let string = self.str_from_text(text);
                if is_name_like(text) { self.intern_str(string) } else { string }
            }
            Const::Bytes(bytes) => self.new_bytes(bytes),
            Const::Tuple(items) => {
                let values = self.values_of_consts(items)?;
                self.new_tuple(&values)
            }
            Const::List(items) => {
                let values = self.values_of_consts(items)?;
                self.new_list(values)
            }
            Const::FrozenSet(items) | Const::Set(items) if items.is_empty() => {
                self.set_of(crate::set::SetData::default(), matches!(constant, Const::FrozenSet(_)))
            }
            Const::FrozenSet(items) => self.set_const(items, true)?,
            Const::Set(items) => self.set_const(items, false)?,
            Const::Dict(pairs) => {
                let dict = self.new_dict();
                for (key, value) in pairs.iter() {
                    let (key, value) = (self.value_of_const(key)?, self.value_of_const(value)?);
                    self.dict_set_plain(dict, key, value);
                }
                dict
            }
            Const::Code(code) => self.new_code(code)?,
        })
    }

    fn values_of_consts(&mut self, constants: &[Const]) -> Result<Vec<Value>, Raised> {
        constants.iter().map(|constant| self.value_of_const(constant)).collect()
    }

    fn set_const(&mut self, items: &[Const], frozen: bool) -> Result<Value, Raised> {
        let values = self.values_of_consts(items)?;
        let mut data = crate::set::SetData::default();
        for value in values {
            let Some(hash) = self.hash_plain(value) else {
                return Err(self.raise_type_error("unhashable constant in a set"));
            };
            if data.find(hash, |other| self.same_key(other, value)) == Ok(None) {
                data.insert_new(hash, value);
            }
        }
        Ok(self.set_of(data, frozen))
    }

    /// A code cell of a code object. Nothing is translated before the first call.
    pub fn new_code(&mut self, object: &Arc<CodeObject>) -> Result<Value, Raised> {
        let nconsts = object.consts.len();
        let mut pool = Vec::with_capacity(nconsts + object.names.len());
        for constant in object.consts.iter().rev() {
            pool.push(self.value_of_const(constant)?);
        }
        for name in &object.names {
            pool.push(self.intern_text(name));
        }
        let pool = pool.into_boxed_slice();
        let local_names = object.localsplusnames.iter().map(|name| self.intern_text(name)).collect();
        let data = CodeData {
            entry: std::ptr::null_mut(),
            consts: pool.as_ptr().wrapping_add(nconsts),
            frame_size: 0,
            nlocalsplus: object.nlocalsplus() as u32,
            simple_argc: u32::MAX,
            is_generator: object.flags.is_generator_like(),
            executable: None,
            starts: std::cell::OnceCell::new(),
            nconsts,
            local_names,
            name: self.intern_text(&object.name),
            qualname: self.intern_text(&object.qualname),
            filename: self.intern_text(&object.filename),
            object: object.clone(),
            pool,
        };
        let data = Box::new(data);
        Ok(self.alloc_cell(Kind::Code, shape_id::CODE, |header| CodeCell { header, data }))
    }

    fn intern_text(&mut self, text: &bytecode::Text) -> Value {
        let string = self.str_from_text(text);
        self.intern_str(string)
    }

    /// Makes the machine's copy of the code, before its first call. SystemError if the machine refuses it.
    #[cold]
    #[inline(never)]
    pub(crate) fn prepare(&mut self, cell: Value) -> Result<(), Raised> {
        // SAFETY: the code is live.
        let data = unsafe { &mut (*cell.cast::<CodeCell>()).data };
        match (self.machine.prepare)(&data.object) {
            Ok(executable) => {
                data.install(executable);
                self.prepared.push(cell);
                Ok(())
            }
            Err(message) => Err(self.raise_system_error(&message)),
        }
    }

    /// Empties the caches of all executables: something that they hold has changed.
    #[cold]
    pub(crate) fn flush_caches(&mut self) {
        self.attr_cache.clear();
        let flush = self.machine.flush;
        for code in &self.prepared {
            // SAFETY: the list holds live code cells: the collector takes dead ones out.
            if let Some(executable) = unsafe { &mut (*code.cast::<CodeCell>()).data.executable } {
                flush(executable);
            }
        }
    }
}

impl CodeData {
    fn install(&mut self, executable: Executable) {
        let executable = self.executable.insert(executable);
        self.entry = executable.words.as_mut_ptr().cast();
        self.frame_size = executable.frame_size;
        let object = &self.object;
        let simple = object.kwonlyargcount == 0
            && object.flags.0 & (CodeFlags::VARARGS | CodeFlags::VARKEYWORDS) == 0
            && object.flags.has(CodeFlags::OPTIMIZED);
        if simple {
            self.simple_argc = object.argcount;
        }
    }

    /// Whether a handler is the one that the compiler puts around a whole generator.
    pub(crate) fn is_generator_wrapper(&self, handler: crate::code::Handler) -> bool {
        let Some(executable) = &self.executable else { return false };
        executable
            .handlers
            .iter()
            .rev()
            .find(|other| other.slot as u32 == self.nlocalsplus && other.lasti)
            .is_some_and(|last| last.target == handler.target)
    }
}

/// Whether CPython interns a constant of this text: only letters, digits and underscores.
fn is_name_like(text: &bytecode::Text) -> bool {
    text.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
