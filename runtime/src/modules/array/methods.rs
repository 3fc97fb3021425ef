//! Arrays' methods.

use super::item::Code;
use super::{array_of, code_of, like, new_array, state};
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::types::bytes::buffer_of;
use crate::types::shared::CLASS_GETITEM;
use crate::value::Value;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::getter("typecode", typecode).doc("the typecode character used to create the array"),
    NativeDef::getter("itemsize", item_size).doc("the size, in bytes, of one array item"),
    NativeDef::new("append", "$self, v, /", append),
    NativeDef::new("buffer_info", "$self, /", buffer_info),
    NativeDef::new("byteswap", "$self, /", byte_swap),
    NativeDef::new("clear", "$self, /", clear),
    NativeDef::new("count", "$self, v, /", count),
    NativeDef::new("extend", "$self, bb, /", extend),
    NativeDef::new("fromlist", "$self, list, /", from_list),
    NativeDef::new("frombytes", "$self, buffer, /", from_bytes),
    NativeDef::new("fromfile", "$self, f, n, /", from_file),
    NativeDef::new("fromunicode", "$self, ustr, /", from_unicode),
    NativeDef::new("index", "$self, v, start=0, stop=sys.maxsize, /", index),
    NativeDef::new("insert", "$self, i, v, /", insert),
    NativeDef::new("pop", "$self, i=-1, /", pop),
    NativeDef::new("remove", "$self, v, /", remove),
    NativeDef::new("reverse", "$self, /", reverse),
    NativeDef::new("tobytes", "$self, /", to_bytes),
    NativeDef::new("tofile", "$self, f, /", to_file),
    NativeDef::new("tolist", "$self, /", to_list),
    NativeDef::new("tounicode", "$self, /", to_unicode),
    NativeDef::new("__copy__", "$self, /", copy),
    NativeDef::new("__deepcopy__", "$self, unused, /", copy),
    NativeDef::new("__reduce_ex__", "$self, value, /", reduce),
    NativeDef::new("__sizeof__", "$self, /", size_of_array),
    CLASS_GETITEM,
];

// ---- Making ----------------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // Subclasses may take keywords of their own.
    if args.at(0).value() == cx.vm().module_types.array {
        cx.refuse_keywords(args.opt(1), "array.array")?;
    }
    cx.check_count("array", args.rest().len(), 1, 2)?;
    let mut given = args.rest();
    let (code, source) = (given.next().expect("counted"), given.next());
    let code = code_of(cx, code, "array() argument 1")?;
    let made = new_array(cx, args.at(0), code, Vec::new())?;
    let array = cx.root_value(made);
    if let Some(source) = source.filter(|source| !source.value().is_none()) {
        initialise(cx, array.handle(), code, source)?;
    }
    Ok(cx.local(array.value()))
}

fn initialise(cx: &mut Cx, array: Handle<'_>, code: Code, source: Handle<'_>) -> Result<(), Raised> {
    let value = source.value();
    let is_text = value.is_kind(Kind::Str)
        || array_of(value).is_some_and(|other| other.code.is_text() && !code.is_text());
    if is_text && !code.is_text() {
        let what = if value.is_kind(Kind::Str) { "a str" } else { "a unicode array" };
        let message = format!("cannot use {what} to initialize an array with typecode '{}'", code.letter());
        return Err(cx.vm().raise_type_error(&message));
    }
    match value.kind() {
        Some(Kind::Str) => {
            let bytes: Vec<u8> = cx.vm().units(value).iter().flat_map(u32::to_ne_bytes).collect();
            *state(cx, array)?.bytes.borrow_mut() = bytes;
            Ok(())
        }
        Some(Kind::Bytes | Kind::ByteArray) => push_bytes(cx, array, source),
        _ => extend_by(cx, array, source),
    }
}

fn push_bytes(cx: &Cx, array: Handle<'_>, source: Handle<'_>) -> Result<(), Raised> {
    let Some(bytes) = buffer_of(cx.vm(), source.value()) else {
        let ty = cx.vm().type_name_of(source.value());
        return Err(cx.vm().raise_type_error(&format!("a bytes-like object is required, not '{ty}'")));
    };
    let bytes = bytes.to_vec();
    let array = state(cx, array)?;
    if bytes.len() % array.code.size() != 0 {
        return Err(cx.vm().raise_value_error("bytes length not a multiple of item size"));
    }
    cx.vm().heap.count(bytes.len());
    array.bytes.borrow_mut().extend_from_slice(&bytes);
    Ok(())
}

fn push(cx: &mut Cx, array: Handle<'_>, value: Handle<'_>) -> Result<(), Raised> {
    let item = state(cx, array)?.code.write(cx, value)?;
    state(cx, array)?.bytes.borrow_mut().extend_from_slice(&item);
    cx.vm().heap.count(item.len());
    Ok(())
}

/// Appends the items of an array of the same code, or of any iterable.
pub(super) fn extend_by(cx: &mut Cx, array: Handle<'_>, source: Handle<'_>) -> Result<(), Raised> {
    if let Some(other) = array_of(source.value()) {
        let this = state(cx, array)?;
        if other.code == this.code {
            let bytes = other.bytes.borrow().clone();
            this.bytes.borrow_mut().extend_from_slice(&bytes);
            return Ok(());
        }
        if array.value() != source.value() && cx.vm().type_of(array.value()) == cx.vm().module_types.array {
            return extend_by_items(cx, array, source);
        }
    }
    extend_by_items(cx, array, source)
}

fn extend_by_items(cx: &mut Cx, array: Handle<'_>, source: Handle<'_>) -> Result<(), Raised> {
    let iterator = cx.iter(source)?;
    while let Some(item) = cx.next(iterator.handle())? {
        push(cx, array, item.handle())?;
    }
    Ok(())
}

// ---- Reading ---------------------------------------------------------------------------------------------------------

/// All items as values.
pub(super) fn items(cx: &Cx, array: Handle<'_>) -> Result<Vec<Value>, Raised> {
    let array = state(cx, array)?;
    Ok((0..array.len()).filter_map(|i| array.get(cx.vm(), i)).collect())
}

/// The characters as a string.
pub(super) fn as_text(cx: &Cx, array: Handle<'_>) -> Result<Value, Raised> {
    let array = state(cx, array)?;
    let bytes = array.bytes.borrow();
    let points = bytes.chunks_exact(4).map(|item| item.try_into().map_or(0, u32::from_ne_bytes));
    let points: Vec<u32> = points.collect();
    if let Some(point) = points.iter().find(|point| **point > 0x10_FFFF) {
        let message = format!("character U+{point:x} is not in range [U+0000; U+10ffff]");
        return Err(cx.vm().raise_value_error(&message));
    }
    Ok(cx.vm().str_from_points(points.into_iter()))
}

fn typecode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let letter = state(cx, args.at(0))?.code.letter();
    let letter = cx.vm().new_str(letter.encode_utf8(&mut [0; 4]));
    Ok(cx.local(letter))
}

fn item_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = state(cx, args.at(0))?.code.size();
    Ok(cx.local(Value::small(size as i32)))
}

fn buffer_info<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len() as i64;
    let vm = cx.vm();
    // An address that tells nothing: memory may move.
    let address = vm.ids.number(args.at(0).value());
    let (address, len) = (vm.new_int(address as i64), vm.new_int(len));
    let pair = vm.new_tuple(&[address, len]);
    Ok(cx.local(pair))
}

fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut i, mut count) = (0, 0);
    while let Some(item) = state(cx, args.at(0))?.get(cx.vm(), i) {
        count += i64::from(cx.is_or_equals(item, args.at(1))?);
        i += 1;
    }
    let count = cx.vm().new_int(count);
    Ok(cx.local(count))
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = state(cx, args.at(0))?.len();
    let start = cx.search_bound(args.opt(2), 0, len)?;
    let stop = cx.search_bound(args.opt(3), i64::MAX, len)?.min(len as i64);
    match super::sequence::find(cx, args.at(0), args.at(1), start as usize, stop.max(0) as usize)? {
        Some(i) => {
            let i = cx.vm().new_int(i as i64);
            Ok(cx.local(i))
        }
        None => Err(cx.vm().raise_value_error("array.index(x): x not in array")),
    }
}

fn to_bytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = cx.vm().new_bytes(&state(cx, args.at(0))?.bytes.borrow());
    Ok(cx.local(bytes))
}

fn to_list<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = items(cx, args.at(0))?;
    let list = cx.vm().new_list(items);
    Ok(cx.local(list))
}

fn check_text(cx: &Cx, array: Handle<'_>, name: &str) -> Result<(), Raised> {
    if state(cx, array)?.code.is_text() {
        return Ok(());
    }
    Err(cx
        .vm()
        .raise_value_error(&format!("{name}() may only be called on unicode type arrays ('u' or 'w')")))
}

fn to_unicode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_text(cx, args.at(0), "tounicode")?;
    let text = as_text(cx, args.at(0))?;
    Ok(cx.local(text))
}

fn to_file<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = cx.vm().new_bytes(&state(cx, args.at(0))?.bytes.borrow());
    let bytes = cx.root_value(bytes);
    cx.call_method(args.at(1), "write", &[bytes.handle()])?;
    Ok(cx.none())
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = state(cx, args.at(0))?.bytes.borrow().clone();
    like(cx, args.at(0), bytes)
}

fn size_of_array<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = state(cx, args.at(0))?.bytes.borrow().capacity() as i64 + 64;
    let size = cx.vm().new_int(size);
    Ok(cx.local(size))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let protocol = cx.index_i64(args.at(1))?;
    let attributes = match cx.get_attr_opt(args.at(0), "__dict__")? {
        Some(attributes) => attributes,
        None => cx.root_value(Value::NONE),
    };
    let code = state(cx, args.at(0))?.code;
    let class = cx.vm().type_of(args.at(0).value());
    let letter = cx.vm().new_str(code.letter().encode_utf8(&mut [0; 4]));
    let letter = cx.root_value(letter);
    let (function, arguments) = if protocol < 3 {
        let items = items(cx, args.at(0))?;
        let vm = cx.vm();
        let list = vm.new_list(items);
        (class, vm.new_tuple(&[letter.value(), list]))
    } else {
        let function = cx.module_attr("array", "_array_reconstructor")?;
        let vm = cx.vm();
        let bytes = vm.new_bytes(&state(cx, args.at(0))?.bytes.borrow());
        let format = Value::small(code.machine_format());
        (function.value(), vm.new_tuple(&[class, letter.value(), format, bytes]))
    };
    let reduced = cx.vm().new_tuple(&[function, arguments, attributes.value()]);
    Ok(cx.local(reduced))
}

// ---- Changing --------------------------------------------------------------------------------------------------------

fn append<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    push(cx, args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn extend<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(other) = array_of(args.at(1).value())
        && other.code != state(cx, args.at(0))?.code
    {
        return Err(cx.vm().raise_type_error("can only extend with array of same kind"));
    }
    extend_by(cx, args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    *state(cx, args.at(0))?.bytes.borrow_mut() = Vec::new();
    Ok(cx.none())
}

fn byte_swap<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let array = state(cx, args.at(0))?;
    array.bytes.borrow_mut().chunks_mut(array.code.size()).for_each(<[u8]>::reverse);
    Ok(cx.none())
}

fn reverse<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let array = state(cx, args.at(0))?;
    let reversed = array.bytes.borrow().rchunks(array.code.size()).flatten().copied().collect();
    *array.bytes.borrow_mut() = reversed;
    Ok(cx.none())
}

fn from_list<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::List) {
        return Err(cx.vm().raise_type_error("arg must be list"));
    }
    let before = state(cx, args.at(0))?.bytes.borrow().len();
    let outcome = extend_by(cx, args.at(0), args.at(1));
    if outcome.is_err() {
        state(cx, args.at(0))?.bytes.borrow_mut().truncate(before);
    }
    outcome?;
    Ok(cx.none())
}

fn from_bytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    push_bytes(cx, args.at(0), args.at(1))?;
    Ok(cx.none())
}

fn from_file<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.index_i64(args.at(2))?;
    let Ok(count) = usize::try_from(count) else {
        return Err(cx.vm().raise_value_error("negative count"));
    };
    let Some(wanted) = count.checked_mul(state(cx, args.at(0))?.code.size()) else {
        return Err(cx.vm().raise_memory_error());
    };
    let wanted_value = cx.vm().new_int(wanted as i64);
    let wanted_value = cx.root_value(wanted_value);
    let read = cx.call_method(args.at(1), "read", &[wanted_value.handle()])?;
    if !read.value().is_kind(Kind::Bytes) {
        return Err(cx.vm().raise_type_error("read() didn't return bytes"));
    }
    let len = crate::types::bytes::slice_of(read.value()).len();
    push_bytes(cx, args.at(0), read.handle())?;
    if len != wanted {
        let class = cx.vm().exceptions.eof_error;
        return Err(cx.vm().raise(class, "read() didn't return enough bytes"));
    }
    Ok(cx.none())
}

fn from_unicode<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(1), "fromunicode() argument")?;
    check_text(cx, args.at(0), "fromunicode")?;
    let bytes = cx.vm().units(args.at(1).value()).iter().flat_map(u32::to_ne_bytes);
    state(cx, args.at(0))?.bytes.borrow_mut().extend(bytes);
    Ok(cx.none())
}

fn insert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let at = cx.index_i64(args.at(1))?;
    let item = state(cx, args.at(0))?.code.write(cx, args.at(2))?;
    let array = state(cx, args.at(0))?;
    let len = array.len();
    let at = if at < 0 { at.saturating_add(len as i64).max(0) as usize } else { (at as usize).min(len) };
    let start = at * array.code.size();
    array.bytes.borrow_mut().splice(start..start, item);
    Ok(cx.none())
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = args.opt(1).map_or(Ok(-1), |index| cx.index_i64(index))?;
    let array = state(cx, args.at(0))?;
    let (len, size) = (array.len(), array.code.size());
    if len == 0 {
        return Err(cx.vm().raise_index_error("pop from empty array"));
    }
    let Some(place) = crate::index::place(index, len) else {
        return Err(cx.vm().raise_index_error("pop index out of range"));
    };
    let item = array.get(cx.vm(), place).unwrap_or(Value::NONE);
    array.bytes.borrow_mut().drain(place * size..(place + 1) * size);
    Ok(cx.local(item))
}

fn remove<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(place) = super::sequence::find(cx, args.at(0), args.at(1), 0, usize::MAX)? else {
        return Err(cx.vm().raise_value_error("array.remove(x): x not in array"));
    };
    let array = state(cx, args.at(0))?;
    let size = array.code.size();
    let mut bytes = array.bytes.borrow_mut();
    if (place + 1) * size <= bytes.len() {
        bytes.drain(place * size..(place + 1) * size);
    }
    Ok(cx.none())
}
