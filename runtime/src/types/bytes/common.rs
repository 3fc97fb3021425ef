//! The methods that `bytes` and `bytearray` have both, and `bytes`' own. Results are of the type of `self`.

use bytecode::CompareOp;

use super::*;
use crate::cx::{Args, Local, Res};
use crate::index::{Subscript, place};
use crate::native::NativeDef;
use crate::types::new::{check_class, of_class};
use crate::vm::shape_id;

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__str__", "$self, /", repr),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__contains__", "$self, key, /", find::contains),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__mul__", "$self, value, /", mul),
    NativeDef::new("__rmul__", "$self, value, /", mul),
    NativeDef::new("__mod__", "$self, value, /", modulo),
    NativeDef::new("__rmod__", "$self, value, /", rmodulo),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::new("__sizeof__", "$self, /", sizeof),
    NativeDef::new("find", "$self, sub, start=None, end=None, /", find::find),
    NativeDef::new("rfind", "$self, sub, start=None, end=None, /", find::rfind),
    NativeDef::new("index", "$self, sub, start=None, end=None, /", find::index),
    NativeDef::new("rindex", "$self, sub, start=None, end=None, /", find::rindex),
    NativeDef::new("count", "$self, sub, start=None, end=None, /", find::count),
    NativeDef::new("startswith", "$self, prefix, start=None, end=None, /", find::startswith),
    NativeDef::new("endswith", "$self, suffix, start=None, end=None, /", find::endswith),
    NativeDef::new("replace", "$self, old, new, count=-1, /", find::replace),
    NativeDef::new("removeprefix", "$self, prefix, /", find::removeprefix),
    NativeDef::new("removesuffix", "$self, suffix, /", find::removesuffix),
    NativeDef::new("split", "$self, /, sep=None, maxsplit=-1", split::split),
    NativeDef::new("rsplit", "$self, /, sep=None, maxsplit=-1", split::rsplit),
    NativeDef::new("splitlines", "$self, /, keepends=False", split::splitlines),
    NativeDef::new("partition", "$self, sep, /", split::partition),
    NativeDef::new("rpartition", "$self, sep, /", split::rpartition),
    NativeDef::new("strip", "$self, bytes=None, /", split::strip),
    NativeDef::new("lstrip", "$self, bytes=None, /", split::lstrip),
    NativeDef::new("rstrip", "$self, bytes=None, /", split::rstrip),
    NativeDef::new("join", "$self, iterable_of_bytes, /", split::join),
    NativeDef::new("center", "$self, width, fillchar=b' ', /", shape::center),
    NativeDef::new("ljust", "$self, width, fillchar=b' ', /", shape::ljust),
    NativeDef::new("rjust", "$self, width, fillchar=b' ', /", shape::rjust),
    NativeDef::new("zfill", "$self, width, /", shape::zfill),
    NativeDef::new("expandtabs", "$self, /, tabsize=8", shape::expandtabs),
    NativeDef::new("upper", "$self, /", shape::upper),
    NativeDef::new("lower", "$self, /", shape::lower),
    NativeDef::new("title", "$self, /", shape::title),
    NativeDef::new("capitalize", "$self, /", shape::capitalize),
    NativeDef::new("swapcase", "$self, /", shape::swapcase),
    NativeDef::new("isalpha", "$self, /", shape::isalpha),
    NativeDef::new("isalnum", "$self, /", shape::isalnum),
    NativeDef::new("isdigit", "$self, /", shape::isdigit),
    NativeDef::new("isspace", "$self, /", shape::isspace),
    NativeDef::new("isascii", "$self, /", shape::isascii),
    NativeDef::new("islower", "$self, /", shape::islower),
    NativeDef::new("isupper", "$self, /", shape::isupper),
    NativeDef::new("istitle", "$self, /", shape::istitle),
    NativeDef::new("translate", "$self, table, /, delete=b''", shape::translate),
    NativeDef::stat("maketrans", "frm, to, /", shape::maketrans),
    NativeDef::new("hex", "$self, /, sep=None, bytes_per_sep=1", shape::hex),
    NativeDef::class("fromhex", "$type, string, /", shape::fromhex),
    NativeDef::new("decode", "$self, /, encoding='utf-8', errors='strict'", decode),
];

pub(crate) static BYTES_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, source=b'', encoding='utf-8', errors='strict'", new),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__bytes__", "$self, /", itself),
    NativeDef::new("__getnewargs__", "$self, /", getnewargs),
];

/// An object of the type of `like` (its built-in base) with these bytes.
pub(super) fn made(cx: &Cx, like: Value, bytes: Vec<u8>) -> Res<'_> {
    let value = value_like(cx, like, bytes)?;
    Ok(cx.local(value))
}

pub(super) fn value_like(cx: &Cx, like: Value, bytes: Vec<u8>) -> Result<Value, Raised> {
    let vm = cx.vm();
    if like.is_kind(Kind::ByteArray) {
        return Ok(vm.new_bytearray(bytes));
    }
    if bytes.is_empty() {
        return Ok(vm.empty_bytes);
    }
    match vm.try_bytes(&bytes) {
        Some(value) => Ok(value),
        None => Err(vm.raise_memory_error()),
    }
}

/// Part of `self`; all of an exact bytes object is itself.
pub(super) fn part_of(cx: &Cx, of: Value, part: std::ops::Range<usize>) -> Result<Value, Raised> {
    let bytes = slice_of(of);
    if part.len() == bytes.len() && cx.vm().type_of(of) == cx.vm().types.bytes {
        return Ok(of);
    }
    value_like(cx, of, bytes[part].to_vec())
}

pub(super) fn this<'a>(args: Args<'_>) -> &'a [u8] {
    slice_of(args.at(0).value())
}

// ---- construction ---------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, ty) = (args.at(0), cx.vm().types.bytes);
    check_class(cx, class, ty)?;
    if let (Some(source), None, None) = (args.opt(1), args.opt(2), args.opt(3))
        && class.value() == ty
        && cx.vm().type_of(source.value()) == ty
    {
        return Ok(cx.local(source.value()));
    }
    let bytes = from_arguments(cx, args, "bytes")?;
    let vm = cx.vm();
    if bytes.is_empty() && class.value() == ty {
        return Ok(cx.local(vm.empty_bytes));
    }
    let Some(value) = vm.try_bytes(&bytes) else { return Err(vm.raise_memory_error()) };
    of_class(cx, class, ty, value)
}

/// The bytes that `bytes(…)` and `bytearray(…)` are made of.
pub(super) fn from_arguments(cx: &mut Cx, args: Args<'_>, name: &str) -> Result<Vec<u8>, Raised> {
    let encoded = args.opt(2).is_some() || args.opt(3).is_some();
    let Some(source) = args.opt(1) else {
        if encoded {
            let which = if args.opt(2).is_some() { "encoding" } else { "errors" };
            return Err(cx.vm().raise_type_error(&format!("{which} without a string argument")));
        }
        return Ok(Vec::new());
    };
    if source.value().is_kind(Kind::Str) {
        if args.opt(2).is_none() {
            return Err(cx.vm().raise_type_error("string argument without an encoding"));
        }
        let names = crate::codecs::Names::read(cx, args.opt(2), args.opt(3), name)?;
        let value = crate::codecs::encode_object(cx, source, &names)?;
        return Ok(slice_of(value).to_vec());
    }
    if encoded {
        let which = if args.opt(2).is_some() { "encoding" } else { "errors" };
        return Err(cx.vm().raise_type_error(&format!("{which} without a string argument")));
    }
    if let Some(bytes) = by_method(cx, source)? {
        return Ok(bytes);
    }
    if cx.vm().has_index(source.value()) {
        let count = cx.index_i64(source)?;
        let vm = cx.vm();
        let Ok(count) = usize::try_from(count) else { return Err(vm.raise_value_error("negative count")) };
        if !vm.heap.may_grow(count) {
            return Err(vm.raise_memory_error());
        }
        return Ok(vec![0; count]);
    }
    bytes_of(cx, source, if name == "bytes" { "bytes" } else { "byte" })
}

fn decode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = crate::codecs::Names::read(cx, args.opt(1), args.opt(2), "decode")?;
    let value = crate::codecs::decode(cx, args.at(0), this(args), &names)?;
    Ok(cx.local(value))
}

// ---- text -----------------------------------------------------------------------------------------------------------

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let mut text = String::with_capacity(this(args).len() + 3);
    bytecode::repr::write_bytes(&mut text, this(args)).expect("strings take all");
    if args.at(0).value().is_kind(Kind::ByteArray) {
        let ty = vm.type_name_of(args.at(0).value());
        // Single quotes are escaped within double ones too.
        if text.starts_with("b\"") {
            text = text.replace('\'', "\\'");
        }
        text = format!("{ty}({text})");
    }
    let value = vm.new_str(&text);
    Ok(cx.local(value))
}

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = part_of(cx, args.at(0).value(), 0..this(args).len())?;
    Ok(cx.local(value))
}

fn getnewargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = part_of(cx, args.at(0).value(), 0..this(args).len())?;
    let value = cx.vm().new_tuple(&[bytes]);
    Ok(cx.local(value))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let hash = vm.hash_bytes(this(args)) as i64;
    let value = vm.new_int(hash);
    Ok(cx.local(value))
}

fn sizeof<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let header = if args.at(0).value().is_kind(Kind::ByteArray) { 57 } else { 33 };
    let value = cx.vm().new_int(header + this(args).len() as i64);
    Ok(cx.local(value))
}

// ---- sequence -------------------------------------------------------------------------------------------------------

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().new_int(this(args).len() as i64);
    Ok(cx.local(value))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let is_array = args.at(0).value().is_kind(Kind::ByteArray);
    let shape = if is_array { shape_id::BYTEARRAY_ITERATOR } else { shape_id::BYTES_ITERATOR };
    let value = cx.vm().new_seq_iter(shape, args.at(0).value(), 0);
    Ok(cx.local(value))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    let is_array = object.is_kind(Kind::ByteArray);
    let what = if is_array { "bytearray" } else { "byte" };
    match cx.subscript(args.at(1), what)? {
        Subscript::Index(index) => match place(index, this(args).len()) {
            Some(place) => Ok(cx.local(Value::small(this(args)[place].into()))),
            None => {
                let message = if is_array { "bytearray index out of range" } else { "index out of range" };
                Err(cx.vm().raise_index_error(message))
            }
        },
        Subscript::Slice(parts) => {
            let bytes = this(args);
            let taken = parts.fit(bytes.len()).take(bytes);
            if taken.len() == bytes.len() && cx.vm().type_of(object) == cx.vm().types.bytes && taken == bytes
            {
                return Ok(cx.local(object));
            }
            made(cx, object, taken)
        }
    }
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let Some(other) = buffer_of(vm, args.at(1).value()) else {
        let (of, to) = (vm.type_name_of(args.at(1).value()), vm.type_name_of(args.at(0).value()));
        return Err(vm.raise_type_error(&format!("can't concat {of} to {to}")));
    };
    let bytes = this(args);
    if !vm.heap.may_grow(bytes.len() + other.len()) {
        return Err(vm.raise_memory_error());
    }
    made(cx, args.at(0).value(), [bytes, other].concat())
}

fn mul<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let times = crate::types::str::repetitions(cx, args.at(1))?;
    let bytes = this(args);
    if times == 1 {
        let value = part_of(cx, args.at(0).value(), 0..bytes.len())?;
        return Ok(cx.local(value));
    }
    match bytes.len().checked_mul(times).filter(|len| cx.vm().heap.may_grow(*len)) {
        // Asking for the memory first: `repeat` ends the process where there is none.
        Some(len) if Vec::<u8>::new().try_reserve_exact(len).is_ok() => {
            made(cx, args.at(0).value(), bytes.repeat(times))
        }
        _ => Err(cx.vm().raise_memory_error()),
    }
}

fn modulo<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let format = this(args).to_vec();
    let bytes = crate::format::percent::format_bytes(cx, &format, args.at(1))?;
    made(cx, args.at(0).value(), bytes)
}

fn rmodulo<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.not_implemented())
}

fn compare_as<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    match buffer_of(cx.vm(), args.at(1).value()) {
        Some(other) => Ok(cx.bool(crate::ops::holds(op, this(args).cmp(other)))),
        None => Ok(cx.not_implemented()),
    }
}

macro_rules! comparisons {
    ($($name:ident $op:ident;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            compare_as(cx, args, CompareOp::$op)
        }
    )*};
}
comparisons! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }

/// A list of parts of `self`.
pub(super) fn list_of<'a>(cx: &'a Cx, of: Value, parts: &[crate::parts::Part]) -> Res<'a> {
    let mut items = Vec::with_capacity(parts.len());
    for part in parts {
        items.push(part_of(cx, of, part.clone())?);
    }
    let value: Local<'a> = cx.local(cx.vm().new_list(items));
    Ok(value)
}
