//! Bringing a thread state up: types, names, exceptions, builtins.

#![expect(unsafe_code, reason = "the entry's code cell is adjusted")]

use std::sync::Arc;

use bytecode::{CodeFlags, CodeObject};

use crate::cell::*;
use crate::type_object::{CallCache, TypeData, type_flag};
use crate::value::Value;
use crate::vm::{BuiltinType, MachineHooks, Names, Types, Vm, shape_id};

impl Vm {
    /// A thread state that runs on a machine.
    pub fn new(machine: MachineHooks) -> Box<Self> {
        let mut vm = Self::bare(machine);
        vm.make_builtin_types();
        vm.make_exception_types();
        vm.make_constants();
        vm.make_entry_function();
        crate::types::install(&mut vm);
        crate::modules::install(&mut vm);
        vm
    }

    fn make_builtin_types(&mut self) {
        let table = Types::table();
        // Shapes first: their ids are the table's order.
        for _ in &table {
            self.shapes.add(Value::UNDEF, Box::default(), false);
        }
        self.empty_str = self.make_empty_str();
        self.empty_tuple = self.make_empty_tuple();
        for (id, row) in table.iter().enumerate() {
            let ty = self.alloc_type(row, id as u32);
            *(row.place)(&mut self.types) = ty;
            self.shapes.get_mut(id as u32).ty = ty;
        }
        self.names = Names::make(self);
        for row in &table {
            let mut types = self.types;
            let ty = *(row.place)(&mut types);
            let base = (row.base)(&self.types);
            let name = self.intern(row.name);
            let is_root = ty == self.types.object || ty == self.types.internal;
            self.finish_type(ty, name, if is_root { Value::UNDEF } else { base });
        }
        use type_flag::{BASE, INSTANCE_DICT, MAPPING, NO_NEW, SEQUENCE, WEAKREF};
        let t = self.types;
        let basetypes = [t.object, t.type_, t.int, t.float, t.complex, t.str, t.bytes, t.bytearray, t.tuple];
        let more = [
            t.list,
            t.dict,
            t.set,
            t.frozenset,
            t.property,
            t.staticmethod,
            t.classmethod,
            t.super_,
            t.module,
        ];
        for ty in basetypes.into_iter().chain(more).chain([t.base_exception, t.weakref]) {
            self.type_data(ty).flags |= BASE;
        }
        for ty in [t.function, t.module, t.base_exception, t.staticmethod, t.classmethod] {
            self.type_data(ty).flags |= INSTANCE_DICT;
        }
        for ty in [t.list, t.tuple, t.range] {
            self.type_data(ty).flags |= SEQUENCE;
        }
        for ty in [t.dict, t.mappingproxy] {
            self.type_data(ty).flags |= MAPPING;
        }
        for ty in [
            t.function,
            t.type_,
            t.set,
            t.frozenset,
            t.module,
            t.generator,
            t.coroutine,
            t.async_generator,
            t.method,
            t.builtin_function,
            t.memoryview,
            t.code,
        ] {
            self.type_data(ty).flags |= WEAKREF;
        }
        for ty in [
            t.generator,
            t.coroutine,
            t.async_generator,
            t.builtin_function,
            t.frame,
            t.dict_keys,
            t.dict_values,
        ] {
            self.type_data(ty).flags |= NO_NEW;
        }
    }

    fn alloc_type(&mut self, row: &BuiltinType, shape: u32) -> Value {
        let data = TypeData {
            name: Value::UNDEF,
            qualname: Value::UNDEF,
            bases: Value::UNDEF,
            base: Value::UNDEF,
            mro: Vec::new(),
            mro_tuple: Value::UNDEF,
            dict: Value::UNDEF,
            subclasses: Vec::new(),
            kind: row.kind,
            flags: type_flag::IMMUTABLE,
            shape,
            dict_shape: 0,
            shapes: 0,
            inline_slots: 0,
            member_slots: 0,
            version: 0,
            cached_names: hashbrown::HashSet::new(),
            call_cache: CallCache { version: 0, plain_new: false, init: Value::UNDEF, new: Value::UNDEF },
        };
        let data = Box::new(data);
        self.alloc_cell(Kind::Type, shape_id::TYPE, |header| TypeCell { header, data })
    }

    fn finish_type(&mut self, ty: Value, name: Value, base: Value) {
        let dict = self.new_dict();
        let bases = if base.is_undef() { self.empty_tuple } else { self.new_tuple(&[base]) };
        let mut mro = vec![ty];
        if !base.is_undef() {
            mro.extend_from_slice(&self.type_data(base).mro.clone());
            self.type_data(base).subclasses.push(ty);
        }
        let data = self.type_data(ty);
        (data.name, data.qualname, data.dict, data.bases, data.mro) = (name, name, dict, bases, mro);
        data.base = if base.is_undef() { Value::NONE } else { base };
    }

    /// A built-in type made at start-up: bases' layout, immutable.
    pub(crate) fn new_builtin_type(&mut self, name: &str, base: Value, kind: Kind, flags: u32) -> Value {
        let row =
            BuiltinType { name: "", kind, place: |types| &mut types.object, base: |types| types.object };
        let shape = self.shapes.add(Value::UNDEF, Box::default(), false);
        let ty = self.alloc_type(&row, shape);
        self.shapes.get_mut(shape).ty = ty;
        self.permanent.push(ty);
        let name = self.intern(name);
        self.finish_type(ty, name, base);
        let inherited = self.type_data(base).flags & (type_flag::INSTANCE_DICT | type_flag::WEAKREF);
        self.type_data(ty).flags |= flags | inherited;
        ty
    }

    fn make_exception_types(&mut self) {
        for (name, place, base) in crate::exception::ExceptionTypes::table() {
            let ty = if name == "BaseException" {
                self.types.base_exception
            } else {
                let base = base(&self.exceptions);
                self.new_builtin_type(name, base, Kind::Exception, type_flag::BASE | type_flag::INSTANCE_DICT)
            };
            *place(&mut self.exceptions) = ty;
        }
    }

    fn make_constants(&mut self) {
        self.latin1 = (0..256)
            .map(|point| {
                let string = self.str_from_points([point].into_iter());
                self.intern_str(string)
            })
            .collect();
        self.empty_bytes = self.new_bytes(&[]);
        let builtins = self.new_module("builtins");
        self.permanent.push(builtins);
        self.builtins = self.instance_dict(builtins).expect("modules have one");
        let sys = self.new_module("sys");
        self.permanent.push(sys);
        self.sys_dict = self.instance_dict(sys).expect("modules have one");
        self.modules = self.new_dict();
        let (builtins_name, sys_name) = (self.names.builtins, self.names.sys);
        self.dict_set_str(self.modules, builtins_name, builtins);
        self.dict_set_str(self.modules, sys_name, sys);
        let types = self.types;
        for (name, ty) in [
            ("object", types.object),
            ("type", types.type_),
            ("int", types.int),
            ("bool", types.bool),
            ("float", types.float),
            ("complex", types.complex),
            ("str", types.str),
            ("bytes", types.bytes),
            ("bytearray", types.bytearray),
            ("memoryview", types.memoryview),
            ("tuple", types.tuple),
            ("list", types.list),
            ("dict", types.dict),
            ("set", types.set),
            ("frozenset", types.frozenset),
            ("range", types.range),
            ("slice", types.slice),
            ("property", types.property),
            ("staticmethod", types.staticmethod),
            ("classmethod", types.classmethod),
            ("super", types.super_),
        ] {
            self.set_builtin(name, ty);
        }
        for ty in self.exceptions.all().collect::<Vec<_>>() {
            let name = self.type_name(ty);
            self.set_builtin(&name, ty);
        }
        for (name, value) in [
            ("NotImplemented", Value::NOT_IMPLEMENTED),
            ("Ellipsis", Value::ELLIPSIS),
            ("__debug__", Value::TRUE),
        ] {
            self.set_builtin(name, value);
        }
        let os_error = self.exceptions.os_error;
        for name in ["EnvironmentError", "IOError"] {
            self.set_builtin(name, os_error);
        }
    }

    /// Sets a name of the module `builtins`.
    pub(crate) fn set_builtin(&mut self, name: &str, value: Value) {
        let name = self.intern(name);
        self.dict_set_str(self.builtins, name, value);
    }

    /// The function that natives' entries have in their records: its code is the machine's exit.
    fn make_entry_function(&mut self) {
        let object = CodeObject {
            argcount: 0,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            stacksize: 1,
            flags: CodeFlags(CodeFlags::OPTIMIZED),
            code: Box::default(),
            consts: Box::default(),
            names: Box::default(),
            localsplusnames: Box::default(),
            localspluskinds: Box::default(),
            filename: "<native>".into(),
            name: "<native>".into(),
            qualname: "<native>".into(),
            firstlineno: 0,
            linetable: Box::default(),
            exceptiontable: Box::default(),
        };
        let code = self.new_code(&Arc::new(object)).expect("an empty code object has no constants");
        // SAFETY: the code was just made; an entry's frame is its one slot.
        unsafe { (*code.cast::<CodeCell>()).data.frame_size = 1 };
        let builtins = self.builtins;
        self.entry_function = self.new_function(code, builtins, builtins);
        self.set_first_entry();
    }
}
