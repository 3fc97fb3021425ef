//! `_io`: files, buffers and text.
//!
//! A text file is a `TextIOWrapper` over a buffered file over a `FileIO`, as in CPython; where all three are of the
//! built-in classes they share the descriptor and the bytes to be written ([`raw`]) and call each other directly. A
//! class of the program's in their place is called by its methods.

mod base;
mod buffered;
mod buffered_methods;
mod bytes_io;
mod file_io;
mod newlines;
mod open;
mod pair;
pub(crate) mod raw;
mod standard;
mod string_io;
mod text;
mod text_methods;
mod text_read;
mod text_seek;

use crate::cell::{Kind, Payload};
use crate::cx::{Cx, Handle, Raised};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) use open::OPEN;

/// `io.DEFAULT_BUFFER_SIZE`.
const BUFFER_SIZE: usize = 8192;

/// The module's types.
#[derive(Clone, Copy)]
pub(crate) struct IoTypes {
    base: Value,
    raw_base: Value,
    buffered_base: Value,
    text_base: Value,
    file: Value,
    reader: Value,
    writer: Value,
    random: Value,
    pair: Value,
    bytes: Value,
    string: Value,
    pub(crate) text: Value,
    newline_decoder: Value,
    unsupported: Value,
}

#[derive(Default)]
struct State(Option<IoTypes>);

fn make_type(vm: &mut Vm, name: &str, base: Value, kind: Kind, methods: &'static [NativeDef]) -> Value {
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let ty = vm.new_builtin_type(name, base, kind, flags);
    crate::types::add_methods(vm, ty, methods);
    let (dict, module) = (vm.type_data(ty).dict, vm.intern("_io"));
    super::set(vm, dict, "__module__", module);
    ty
}

impl Vm {
    /// The types of `_io`, made when first asked for.
    pub(crate) fn io_types(&mut self) -> IoTypes {
        if let Some(types) = self.module_state::<State>().0 {
            return types;
        }
        let object = self.types.object;
        let base = make_type(self, "_IOBase", object, Kind::Object, base::METHODS);
        let raw_base = make_type(self, "_RawIOBase", base, Kind::Object, base::RAW_METHODS);
        let buffered_base = make_type(self, "_BufferedIOBase", base, Kind::Object, base::BUFFERED_METHODS);
        let text_base = make_type(self, "_TextIOBase", base, Kind::Object, base::TEXT_METHODS);
        let boxed = Kind::Boxed;
        let buffered = |vm: &mut Self, name: &str, methods| {
            let ty = make_type(vm, name, buffered_base, boxed, methods);
            crate::types::add_methods(vm, ty, buffered_methods::COMMON);
            ty
        };
        let types = IoTypes {
            base,
            raw_base,
            buffered_base,
            text_base,
            file: make_type(self, "FileIO", raw_base, boxed, file_io::METHODS),
            reader: buffered(self, "BufferedReader", buffered_methods::READER),
            writer: buffered(self, "BufferedWriter", buffered_methods::WRITER),
            random: buffered(self, "BufferedRandom", buffered_methods::RANDOM),
            pair: make_type(self, "BufferedRWPair", buffered_base, boxed, pair::METHODS),
            bytes: make_type(self, "BytesIO", buffered_base, boxed, bytes_io::METHODS),
            string: make_type(self, "StringIO", text_base, boxed, string_io::METHODS),
            text: make_type(self, "TextIOWrapper", text_base, boxed, text_methods::METHODS),
            newline_decoder: make_type(self, "IncrementalNewlineDecoder", object, boxed, newlines::METHODS),
            unsupported: self.make_unsupported(),
        };
        self.module_types.text_io = types.text;
        self.module_state::<State>().0 = Some(types);
        types
    }

    /// `io.UnsupportedOperation`, an `OSError` and a `ValueError`.
    fn make_unsupported(&mut self) -> Value {
        let (os_error, value_error) = (self.exceptions.os_error, self.exceptions.value_error);
        let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
        let ty = self.new_builtin_type("UnsupportedOperation", os_error, Kind::Exception, flags);
        let rest = [self.exceptions.exception, self.exceptions.base_exception, self.types.object];
        // The module `io` tells it its module.
        self.type_data(ty).flags &= !type_flag::IMMUTABLE;
        self.type_data(ty).mro = [&[ty, os_error, value_error][..], &rest].concat();
        self.type_data(ty).bases = self.new_tuple(&[os_error, value_error]);
        self.type_data(value_error).subclasses.push(ty);
        let (dict, module) = (self.type_data(ty).dict, self.intern("io"));
        super::set(self, dict, "__module__", module);
        ty
    }

    /// Raises `io.UnsupportedOperation`.
    fn raise_unsupported(&mut self, message: &str) -> Raised {
        let class = self.io_types().unsupported;
        self.raise(class, message)
    }
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let types = vm.io_types();
    super::add_functions(vm, dict, open::FUNCTIONS);
    let blocking = vm.exceptions.blocking_io_error;
    let open = vm.intern("open");
    if let Some(open) = vm.dict_get_str(vm.builtins, open) {
        super::set(vm, dict, "open", open);
    }
    for (name, value) in [
        ("_IOBase", types.base),
        ("_RawIOBase", types.raw_base),
        ("_BufferedIOBase", types.buffered_base),
        ("_TextIOBase", types.text_base),
        ("FileIO", types.file),
        ("BufferedReader", types.reader),
        ("BufferedWriter", types.writer),
        ("BufferedRandom", types.random),
        ("BufferedRWPair", types.pair),
        ("BytesIO", types.bytes),
        ("StringIO", types.string),
        ("TextIOWrapper", types.text),
        ("IncrementalNewlineDecoder", types.newline_decoder),
        ("UnsupportedOperation", types.unsupported),
        ("BlockingIOError", blocking),
        ("DEFAULT_BUFFER_SIZE", Value::small(BUFFER_SIZE as i32)),
    ] {
        super::set(vm, dict, name, value);
    }
}

/// Makes `sys.stdin`, `sys.stdout` and `sys.stderr`, and puts `open` among the built-in functions.
pub(crate) fn install(vm: &mut Vm) {
    standard::install(vm);
    let module = vm.intern("_io");
    let open = vm.new_native(&OPEN, Value::UNDEF, module);
    vm.set_builtin("open", open);
}

/// The state of a native object of this module.
fn state<'a, T: Payload>(cx: &'a Cx, this: Handle<'_>) -> Result<&'a T, Raised> {
    cx.payload::<T>(this).ok_or_else(|| cx.vm().raise_value_error("I/O operation on uninitialized object"))
}

/// Makes an object of a type of this module, or of a subclass.
fn make<'a>(
    cx: &'a mut Cx,
    class: Handle<'_>,
    ty: Value,
    payload: Box<dyn Payload>,
) -> Result<crate::cx::Local<'a>, Raised> {
    crate::types::new::check_class(cx, class, ty)?;
    let vm = cx.vm();
    let shape = vm.shape_of_type(ty);
    let object = vm.new_boxed(shape, payload);
    crate::types::new::of_class(cx, class, ty, object)
}

/// The string that a C-level `repr` shows of a file's name: an attribute that may be missing.
fn repr_with_name(cx: &mut Cx, this: Handle<'_>, more: &str) -> Result<Value, Raised> {
    let ty = cx.vm().type_name_of(this.value());
    let name = match cx.get_attr(this, "name") {
        Ok(name) => format!(" name={}", cx.repr_text(name.handle())?),
        Err(Raised) => {
            let vm = cx.vm();
            if !vm.clear_if(vm.exceptions.attribute_error) && !vm.clear_if(vm.exceptions.value_error) {
                return Err(Raised);
            }
            String::new()
        }
    };
    Ok(cx.vm().new_str(&format!("<_io.{ty}{name}{more}>")))
}
