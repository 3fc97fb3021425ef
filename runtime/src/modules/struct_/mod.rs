//! `_struct`: packed binary data.

mod format;
mod pack;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::bytes::buffer_argument;
use crate::value::Value;
use crate::vm::Vm;

use format::Layout;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("calcsize", "format, /", calcsize),
    NativeDef::new("pack", "format, /, *values", pack),
    NativeDef::new("pack_into", "format, /, *args", pack_into),
    NativeDef::new("unpack", "format, buffer, /", unpack),
    NativeDef::new("unpack_from", "format, /, buffer, offset=0", unpack_from),
    NativeDef::new("iter_unpack", "format, buffer, /", iter_unpack),
    NativeDef::new("_clearcache", "", clear_cache),
];

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, format", initialize),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("pack", "$self, /, *values", method_pack),
    NativeDef::new("pack_into", "$self, /, *args", method_pack_into),
    NativeDef::new("unpack", "$self, buffer, /", method_unpack),
    NativeDef::new("unpack_from", "$self, /, buffer, offset=0", method_unpack_from),
    NativeDef::new("iter_unpack", "$self, buffer, /", method_iter_unpack),
    NativeDef::getter("format", format_text),
    NativeDef::getter("size", size),
];

/// The class `struct.error`.
#[derive(Default)]
struct State {
    error: Option<Value>,
}

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    super::add_type(vm, dict, "Struct", Kind::Boxed, type_flag::BASE, METHODS);
    let base = vm.exceptions.exception;
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
    let error = vm.new_builtin_type("error", base, Kind::Exception, flags);
    let (key, module) = (vm.names.__module__, vm.intern("struct"));
    let namespace = vm.type_data(error).dict;
    vm.dict_set_str(namespace, key, module);
    super::set(vm, dict, "error", error);
    let doc = vm.new_str("Functions to convert between Python values and C structs.");
    super::set(vm, dict, "__doc__", doc);
    vm.module_state::<State>().error = Some(error);
}

/// Raises `struct.error`.
fn error(cx: &Cx, message: &str) -> Raised {
    let vm = cx.vm();
    let class = vm.module_state::<State>().error.expect("set when the module was filled");
    vm.raise(class, message)
}

/// A compiled format.
struct Struct(std::cell::RefCell<Layout>);

impl Payload for Struct {
    fn trace(&self, _marker: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The layout of a format argument.
fn layout_of(cx: &mut Cx, format: Handle<'_>) -> Result<Layout, Raised> {
    let text = match format.value().kind() {
        Some(Kind::Str) => crate::codecs::encode(cx, format, crate::codecs::Encoding::Ascii, "strict")?,
        Some(Kind::Bytes) => crate::types::bytes::slice_of(format.value()).to_vec(),
        _ => {
            let ty = cx.vm().type_name_of(format.value());
            let message = format!("Struct() argument 1 must be a str or bytes object, not {ty}");
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    Layout::parse(&text).map_err(|message| error(cx, message))
}

fn own_layout(cx: &Cx, args: Args<'_>) -> Layout {
    cx.payload::<Struct>(args.at(0)).expect("self is a Struct").0.borrow().clone()
}

// ---- functions ------------------------------------------------------------------------------------------------------

fn calcsize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = layout_of(cx, args.at(0))?.size;
    let value = cx.vm().new_int(size as i64);
    Ok(cx.local(value))
}

fn pack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(0))?;
    pack_values(cx, &layout, args)
}

fn pack_values<'a>(cx: &'a mut Cx, layout: &Layout, args: Args<'_>) -> Res<'a> {
    let values: Vec<Handle<'_>> = args.rest().collect();
    let bytes = pack::pack(cx, layout, &values, "pack")?;
    match cx.vm().try_bytes(&bytes) {
        Some(value) => Ok(cx.local(value)),
        None => Err(cx.vm().raise_memory_error()),
    }
}

fn pack_into<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(0))?;
    pack_values_into(cx, &layout, args)
}

fn pack_values_into<'a>(cx: &'a mut Cx, layout: &Layout, args: Args<'_>) -> Res<'a> {
    let values: Vec<Handle<'_>> = args.rest().collect();
    let [buffer, rest @ ..] = values.as_slice() else {
        return Err(error(cx, "pack_into expected buffer argument"));
    };
    let [offset, values @ ..] = rest else {
        return Err(error(cx, "pack_into expected offset argument"));
    };
    if !buffer.value().is_kind(Kind::ByteArray) {
        let ty = cx.vm().type_name_of(buffer.value());
        let message = format!("argument must be read-write bytes-like object, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let offset = cx.index_i64(*offset)?;
    let bytes = pack::pack(cx, layout, values, "pack_into")?;
    let len = crate::types::bytes::slice_of(buffer.value()).len();
    let size = layout.size;
    let place = place(cx, offset, len, size, &format!("no space to pack {size} bytes at offset {offset}"))?;
    if len - place.min(len) < size {
        let message = format!(
            "pack_into requires a buffer of at least {} bytes for packing {size} bytes at offset {place} \
             (actual buffer size is {len})",
            place + size
        );
        return Err(error(cx, &message));
    }
    crate::types::bytes::vector_of(buffer.value())[place..place + size].copy_from_slice(&bytes);
    Ok(cx.none())
}

/// An offset from the start; one below zero counts from the end.
fn place(cx: &Cx, offset: i64, len: usize, size: usize, no_room: &str) -> Result<usize, Raised> {
    if offset >= 0 {
        return Ok(offset as usize);
    }
    if offset.unsigned_abs() < size as u64 {
        return Err(error(cx, no_room));
    }
    match len.checked_sub(offset.unsigned_abs() as usize) {
        Some(place) => Ok(place),
        None => Err(error(cx, &format!("offset {offset} out of range for {len}-byte buffer"))),
    }
}

fn unpack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(0))?;
    unpack_buffer(cx, &layout, args.at(1))
}

fn unpack_buffer<'a>(cx: &'a mut Cx, layout: &Layout, buffer: Handle<'_>) -> Res<'a> {
    let bytes = buffer_argument(cx, buffer)?.to_vec();
    if bytes.len() != layout.size {
        return Err(error(cx, &format!("unpack requires a buffer of {} bytes", layout.size)));
    }
    let value = pack::unpack(cx.vm(), layout, &bytes);
    Ok(cx.local(value))
}

fn unpack_from<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(0))?;
    unpack_at(cx, &layout, args.at(1), args.opt(2))
}

fn unpack_at<'a>(cx: &'a mut Cx, layout: &Layout, buffer: Handle<'_>, offset: Option<Handle<'_>>) -> Res<'a> {
    let offset = offset.map_or(Ok(0), |offset| cx.index_i64(offset))?;
    let bytes = buffer_argument(cx, buffer)?.to_vec();
    let (len, size) = (bytes.len(), layout.size);
    let no_room = format!("not enough data to unpack {size} bytes at offset {offset}");
    let place = place(cx, offset, len, size, &no_room)?;
    if len - place.min(len) < size {
        let message = format!(
            "unpack_from requires a buffer of at least {} bytes for unpacking {size} bytes at offset {place} \
             (actual buffer size is {len})",
            place.saturating_add(size)
        );
        return Err(error(cx, &message));
    }
    let value = pack::unpack(cx.vm(), layout, &bytes[place..place + size]);
    Ok(cx.local(value))
}

fn iter_unpack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(0))?;
    unpack_all(cx, &layout, args.at(1))
}

fn unpack_all<'a>(cx: &'a mut Cx, layout: &Layout, buffer: Handle<'_>) -> Res<'a> {
    if layout.size == 0 {
        return Err(error(cx, "cannot iteratively unpack with a struct of length 0"));
    }
    let bytes = buffer_argument(cx, buffer)?.to_vec();
    if !bytes.len().is_multiple_of(layout.size) {
        let message = format!("iterative unpacking requires a buffer of a multiple of {} bytes", layout.size);
        return Err(error(cx, &message));
    }
    let vm = cx.vm();
    let tuples = bytes.chunks(layout.size).map(|chunk| pack::unpack(vm, layout, chunk)).collect();
    let list = cx.vm().new_list(tuples);
    let list = cx.root_value(list);
    let iterator = cx.iter(list.handle())?;
    Ok(cx.local(iterator.value()))
}

fn clear_cache<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

// ---- the class ------------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let class = args.at(0).value();
    let shape = vm.shape_of_type(class);
    let layout = Layout::parse(b"").expect("the empty format");
    let value = vm.new_boxed(shape, Box::new(Struct(layout.into())));
    if vm.type_data(class).has(type_flag::HEAP) {
        let value = vm.as_subclass(value, class)?;
        return Ok(cx.local(value));
    }
    Ok(cx.local(value))
}

fn initialize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = layout_of(cx, args.at(1))?;
    *cx.payload::<Struct>(args.at(0)).expect("self is a Struct").0.borrow_mut() = layout;
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let name = vm.type_name_of(args.at(0).value());
    let text = String::from_utf8_lossy(&own_layout(cx, args).text).into_owned();
    let value = vm.new_str(&format!("{name}('{text}')"));
    Ok(cx.local(value))
}

fn format_text<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = own_layout(cx, args).text;
    let value = cx.vm().str_from_latin1(&text);
    Ok(cx.local(value))
}

fn size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().new_int(own_layout(cx, args).size as i64);
    Ok(cx.local(value))
}

fn method_pack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = own_layout(cx, args);
    pack_values(cx, &layout, args)
}

fn method_pack_into<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = own_layout(cx, args);
    pack_values_into(cx, &layout, args)
}

fn method_unpack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = own_layout(cx, args);
    unpack_buffer(cx, &layout, args.at(1))
}

fn method_unpack_from<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = own_layout(cx, args);
    unpack_at(cx, &layout, args.at(1), args.opt(2))
}

fn method_iter_unpack<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let layout = own_layout(cx, args);
    unpack_all(cx, &layout, args.at(1))
}
