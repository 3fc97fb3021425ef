//! `memoryview` of one dimension.
//!
//! A view names its source and a window of it; every access looks at the source anew, so a source that shrank ends in
//! an error. Views do not keep a bytearray from being resized.

use std::cell::Cell as StdCell;

use bytecode::CompareOp;

use super::*;
use crate::cx::{Args, Res, Slot};
use crate::heap::Marker;
use crate::index::{Subscript, place};
use crate::native::NativeDef;
use crate::packing::{self, Packed};
use crate::types::new::check_class;
use crate::vm::shape_id;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, object", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__setitem__", "$self, key, value, /", setitem),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__enter__", "$self, /", enter),
    NativeDef::new("__exit__", "$self, /, *exc_info", exit),
    NativeDef::new("tobytes", "$self, /, order='C'", tobytes),
    NativeDef::new("tolist", "$self, /", tolist),
    NativeDef::new("hex", "$self, /, sep=None, bytes_per_sep=1", hex),
    NativeDef::new("cast", "$self, /, format, shape=None", cast),
    NativeDef::new("toreadonly", "$self, /", toreadonly),
    NativeDef::new("release", "$self, /", release),
    NativeDef::getter("obj", obj),
    NativeDef::getter("nbytes", nbytes),
    NativeDef::getter("itemsize", itemsize),
    NativeDef::getter("format", format),
    NativeDef::getter("ndim", ndim),
    NativeDef::getter("shape", shape),
    NativeDef::getter("strides", strides),
    NativeDef::getter("suboffsets", suboffsets),
    NativeDef::getter("readonly", readonly),
    NativeDef::getter("contiguous", is_contiguous),
    NativeDef::getter("c_contiguous", is_contiguous),
    NativeDef::getter("f_contiguous", is_contiguous),
];

/// Fills the type, and says that bytearrays have no hash.
pub(crate) fn init(vm: &mut Vm) {
    let ty = vm.types.memoryview;
    crate::types::add_methods(vm, ty, METHODS);
    vm.set_unhashable(vm.types.bytearray);
}

/// Which items of a source a view shows.
#[derive(Clone, Copy)]
struct Window {
    /// Byte offset of item 0.
    start: i64,
    /// Number of items.
    len: usize,
    /// Bytes from an item to the next.
    stride: i64,
    format: u8,
    item: Packed,
    readonly: bool,
}

struct View {
    source: Slot,
    window: Window,
    released: StdCell<bool>,
}

impl View {
    /// The object viewed, unless the view was released.
    fn source(&self) -> Option<Value> {
        Some(self.source.value()).filter(|source| !source.is_undef())
    }
}

impl Payload for View {
    fn trace(&self, marker: &mut Marker) {
        self.source.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Window {
    fn is_contiguous(&self) -> bool {
        self.stride == self.item.size() as i64 || self.len <= 1
    }

    /// The bytes of item `i` in a source, if they are there.
    fn item_bytes<'b>(&self, source: &'b [u8], i: usize) -> Option<&'b [u8]> {
        let start = usize::try_from(self.start + self.stride * i as i64).ok()?;
        source.get(start..start + self.item.size())
    }
}

fn view_of<'a>(value: Value) -> Option<&'a View> {
    let cell = value.as_cell::<BoxedCell>()?;
    // SAFETY: the value is live until the next safepoint, which leaf code does not reach.
    unsafe { (*cell).payload.as_any().downcast_ref() }
}

/// The bytes of a contiguous view.
pub(super) fn contiguous<'a>(vm: &Vm, object: Value) -> Option<&'a [u8]> {
    let view = view_of(object).filter(|view| !view.released.get() && view.window.is_contiguous())?;
    let _ = vm;
    let source = slice_of(view.source()?);
    let start = usize::try_from(view.window.start).ok()?;
    source.get(start..start + view.window.len * view.window.item.size())
}

/// The view of `self` and its source's bytes; ValueError if it was released.
fn this<'a>(cx: &Cx, args: Args<'_>) -> Result<(&'a View, &'a [u8]), Raised> {
    let view = view_of(args.at(0).value()).expect("self is a memoryview");
    match view.source() {
        Some(source) if !view.released.get() => Ok((view, slice_of(source))),
        _ => Err(cx.vm().raise_value_error("operation forbidden on released memoryview object")),
    }
}

fn made(cx: &Cx, source: Value, window: Window) -> Res<'_> {
    let view = View { source: Slot::new(cx.local(source)), window, released: StdCell::new(false) };
    let value = cx.vm().new_boxed(shape_id::MEMORYVIEW, Box::new(view));
    Ok(cx.local(value))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().types.memoryview;
    check_class(cx, args.at(0), ty)?;
    let object = args.at(1).value();
    if let Some(view) = view_of(object) {
        let Some(source) = view.source().filter(|_| !view.released.get()) else {
            return Err(cx.vm().raise_value_error("operation forbidden on released memoryview object"));
        };
        return made(cx, source, view.window);
    }
    if let Some((bytes, item, format)) = crate::modules::array::buffer(object) {
        let (len, stride) = (bytes.len() / item.size(), item.size() as i64);
        return made(cx, object, Window { start: 0, len, stride, format, item, readonly: false });
    }
    if !matches!(object.kind(), Some(Kind::Bytes | Kind::ByteArray)) {
        let ty = cx.vm().type_name_of(object);
        let message = format!("memoryview: a bytes-like object is required, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    let window = Window {
        start: 0,
        len: slice_of(object).len(),
        stride: 1,
        format: b'B',
        item: Packed::Int { size: 1, signed: false },
        readonly: object.is_kind(Kind::Bytes),
    };
    made(cx, object, window)
}

/// All bytes in order.
fn bytes_in_order(cx: &Cx, args: Args<'_>) -> Result<Vec<u8>, Raised> {
    let (view, source) = this(cx, args)?;
    let mut bytes = Vec::with_capacity(view.window.len * view.window.item.size());
    for i in 0..view.window.len {
        bytes.extend_from_slice(item_of(cx, &view.window, source, i)?);
    }
    Ok(bytes)
}

fn item_of<'b>(cx: &Cx, window: &Window, source: &'b [u8], i: usize) -> Result<&'b [u8], Raised> {
    match window.item_bytes(source, i) {
        Some(bytes) => Ok(bytes),
        None => Err(cx.vm().raise_buffer_error("memoryview: the underlying buffer was resized")),
    }
}

fn item_value(cx: &Cx, window: &Window, source: &[u8], i: usize) -> Result<Value, Raised> {
    let bytes = item_of(cx, window, source, i)?.to_vec();
    Ok(window.item.read(cx.vm(), &bytes, cfg!(target_endian = "little")))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = view_of(args.at(0).value()).expect("self is a memoryview");
    let state = if view.released.get() { "released memory" } else { "memory" };
    let id = cx.vm().ids.number(args.at(0).value());
    let value = cx.vm().new_str(&format!("<{state} at {id:#x}>"));
    Ok(cx.local(value))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = this(cx, args)?.0.window.len as i64;
    Ok(cx.local(cx.vm().new_int(len)))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args)?;
    let value = cx.vm().new_seq_iter(shape_id::SEQUENCE_ITERATOR, args.at(0).value(), 0);
    Ok(cx.local(value))
}

fn subscript(cx: &mut Cx, key: Handle<'_>) -> Result<Subscript, Raised> {
    if !key.value().is_kind(Kind::Slice) && !cx.vm().has_index(key.value()) {
        return Err(cx.vm().raise_type_error("memoryview: invalid slice key"));
    }
    cx.subscript(key, "memoryview")
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let subscript = subscript(cx, args.at(1))?;
    let (view, source) = this(cx, args)?;
    match subscript {
        Subscript::Index(index) => match place(index, view.window.len) {
            Some(place) => {
                let value = item_value(cx, &view.window, source, place)?;
                Ok(cx.local(value))
            }
            None => Err(cx.vm().raise_index_error("index out of bounds on dimension 1")),
        },
        Subscript::Slice(parts) => {
            let range = parts.fit(view.window.len);
            let window = sliced(view.window, range);
            let source = view.source().expect("not released");
            made(cx, source, window)
        }
    }
}

fn sliced(window: Window, range: crate::index::SliceRange) -> Window {
    Window {
        start: window.start + range.start * window.stride,
        len: range.count,
        stride: window.stride.saturating_mul(range.step),
        ..window
    }
}

fn setitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if this(cx, args)?.0.window.readonly {
        return Err(cx.vm().raise_type_error("cannot modify read-only memory"));
    }
    let subscript = subscript(cx, args.at(1))?;
    let window = this(cx, args)?.0.window;
    match subscript {
        Subscript::Index(index) => {
            let Some(place) = place(index, window.len) else {
                return Err(cx.vm().raise_index_error("index out of bounds on dimension 1"));
            };
            let bytes = packed(cx, &window, args.at(2))?;
            write(cx, args, &window, place, &bytes)?;
        }
        Subscript::Slice(parts) => {
            let target = sliced(window, parts.fit(window.len));
            let bytes = buffer_argument(cx, args.at(2))?.to_vec();
            let size = window.item.size();
            if bytes.len() != target.len * size {
                let message = "memoryview assignment: lvalue and rvalue have different structures";
                return Err(cx.vm().raise_value_error(message));
            }
            for (i, item) in bytes.chunks(size).enumerate() {
                write(cx, args, &target, i, item)?;
            }
        }
    }
    Ok(cx.none())
}

fn write(cx: &Cx, args: Args<'_>, window: &Window, i: usize, bytes: &[u8]) -> Result<(), Raised> {
    let (view, source) = this(cx, args)?;
    item_of(cx, window, source, i)?;
    let start = (window.start + window.stride * i as i64) as usize;
    let array = view.source().expect("not released");
    vector_of(array)[start..start + bytes.len()].copy_from_slice(bytes);
    Ok(())
}

/// A value as the bytes of an item.
fn packed(cx: &mut Cx, window: &Window, value: Handle<'_>) -> Result<Vec<u8>, Raised> {
    let little = cfg!(target_endian = "little");
    let format = window.format as char;
    let bytes = match window.item {
        Packed::Int { size, signed } if cx.vm().has_index(value.value()) => {
            let index = cx.index_value(value)?;
            packing::int_bytes(index, size, signed, little)
        }
        Packed::Bool => Some(vec![u8::from(cx.truth(value)?)]),
        Packed::Char if value.value().is_kind(Kind::Bytes) => {
            Some(slice_of(value.value()).to_vec()).filter(|bytes| bytes.len() == 1)
        }
        Packed::Float { size }
            if cx.vm().float_of(value.value()).is_some() || cx.vm().has_index(value.value()) =>
        {
            let float = crate::types::float::must_be_real(cx, value)?;
            packing::float_bytes(float, size, little)
        }
        _ => {
            let message = format!("memoryview: invalid type for format '{format}'");
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    match bytes {
        Some(bytes) => Ok(bytes),
        None => {
            let message = format!("memoryview: invalid value for format '{format}'");
            Err(cx.vm().raise_value_error(&message))
        }
    }
}

fn equal(cx: &Cx, args: Args<'_>) -> Option<bool> {
    let (a, b) = (args.at(0).value(), args.at(1).value());
    if a == b {
        return Some(true);
    }
    let other = match view_of(b) {
        Some(view) if view.released.get() => return Some(false),
        Some(view) => Some(view.window.format),
        None => Some(b'B'),
    };
    let view = view_of(a).expect("self is a memoryview");
    if view.released.get() {
        return Some(false);
    }
    let bytes = match view_of(b) {
        Some(other) => {
            let source = slice_of(other.source()?);
            let items = (0..other.window.len).map(|i| other.window.item_bytes(source, i));
            items.collect::<Option<Vec<_>>>()?.concat()
        }
        None => buffer_of(cx.vm(), b)?.to_vec(),
    };
    let source = slice_of(view.source()?);
    let own = (0..view.window.len).map(|i| view.window.item_bytes(source, i));
    Some(other == Some(view.window.format) && own.collect::<Option<Vec<_>>>()?.concat() == bytes)
}

fn compare<'a>(cx: &'a Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    Ok(match equal(cx, args) {
        Some(equal) => cx.bool(equal == (op == CompareOp::Eq)),
        None => cx.not_implemented(),
    })
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    compare(cx, args, CompareOp::Eq)
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    compare(cx, args, CompareOp::Ne)
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (view, _) = this(cx, args)?;
    if !view.window.readonly {
        return Err(cx.vm().raise_value_error("cannot hash writable memoryview object"));
    }
    if !matches!(view.window.format, b'B' | b'b' | b'c') {
        let message = "memoryview: hashing is restricted to formats 'B', 'b' or 'c'";
        return Err(cx.vm().raise_value_error(message));
    }
    let bytes = bytes_in_order(cx, args)?;
    let hash = cx.vm().hash_bytes(&bytes) as i64;
    Ok(cx.local(cx.vm().new_int(hash)))
}

fn enter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args)?;
    Ok(cx.local(args.at(0).value()))
}

fn exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    release(cx, args)
}

fn release<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let view = view_of(args.at(0).value()).expect("self is a memoryview");
    view.released.set(true);
    view.source.clear();
    Ok(cx.none())
}

fn tobytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_in_order(cx, args)?;
    Ok(cx.local(cx.vm().new_bytes(&bytes)))
}

fn tolist<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (view, source) = this(cx, args)?;
    let mut items = Vec::with_capacity(view.window.len);
    for i in 0..view.window.len {
        items.push(item_value(cx, &view.window, source, i)?);
    }
    Ok(cx.local(cx.vm().new_list(items)))
}

fn hex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_in_order(cx, args)?;
    let text = super::shape::hex_text(cx, &bytes, args.some(1), args.opt(2))?;
    Ok(cx.local(cx.vm().new_str(&text)))
}

fn cast<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (view, _) = this(cx, args)?;
    let vm = cx.vm();
    if args.some(2).is_some() {
        let message = "memoryview: casts to more than one dimension are not supported";
        return Err(vm.raise_not_implemented_error(message));
    }
    if !view.window.is_contiguous() {
        return Err(vm.raise_type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    let name = vm.str_lossy(args.at(1).value());
    let format = match name.as_bytes() {
        [format] | [b'@', format] => Packed::native(*format).map(|item| (*format, item)),
        _ => None,
    };
    let Some((format, item)) = format else {
        let message = "memoryview: destination format must be a native single character format prefixed with an \
                       optional '@'";
        return Err(vm.raise_value_error(message));
    };
    let is_byte = |format: u8| matches!(format, b'B' | b'b' | b'c');
    if !is_byte(format) && !is_byte(view.window.format) {
        let message = "memoryview: cannot cast between two non-byte formats";
        return Err(vm.raise_type_error(message));
    }
    let bytes = view.window.len * view.window.item.size();
    if !bytes.is_multiple_of(item.size()) {
        return Err(vm.raise_type_error("memoryview: length is not a multiple of itemsize"));
    }
    let source = view.source().expect("not released");
    let window = Window { len: bytes / item.size(), stride: item.size() as i64, format, item, ..view.window };
    made(cx, source, window)
}

fn toreadonly<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (view, _) = this(cx, args)?;
    let source = view.source().expect("not released");
    made(cx, source, Window { readonly: true, ..view.window })
}

fn obj<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (view, _) = this(cx, args)?;
    Ok(cx.local(view.source().expect("not released")))
}

fn number<'a>(cx: &'a Cx, args: Args<'_>, of: fn(&Window) -> i64) -> Res<'a> {
    let number = of(&this(cx, args)?.0.window);
    Ok(cx.local(cx.vm().new_int(number)))
}

fn nbytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    number(cx, args, |window| (window.len * window.item.size()) as i64)
}

fn itemsize<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    number(cx, args, |window| window.item.size() as i64)
}

fn ndim<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    number(cx, args, |_| 1)
}

fn format<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let format = this(cx, args)?.0.window.format;
    Ok(cx.local(cx.vm().one_character(format.into())))
}

fn one_tuple<'a>(cx: &'a Cx, args: Args<'_>, of: fn(&Window) -> i64) -> Res<'a> {
    let number = of(&this(cx, args)?.0.window);
    let number = cx.vm().new_int(number);
    Ok(cx.local(cx.vm().new_tuple(&[number])))
}

fn shape<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    one_tuple(cx, args, |window| window.len as i64)
}

fn strides<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    one_tuple(cx, args, |window| window.stride)
}

fn suboffsets<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    this(cx, args)?;
    Ok(cx.local(cx.vm().empty_tuple))
}

fn readonly<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let readonly = this(cx, args)?.0.window.readonly;
    Ok(cx.bool(readonly))
}

fn is_contiguous<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let contiguous = this(cx, args)?.0.window.is_contiguous();
    Ok(cx.bool(contiguous))
}
