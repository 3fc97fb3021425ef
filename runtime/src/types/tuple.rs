//! `tuple`.

#![expect(unsafe_code, reason = "tuples are read behind raw pointers")]

use bytecode::CompareOp;

use crate::cell::{Kind, TupleCell};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::index::{Subscript, place};
use crate::native::NativeDef;
use crate::ops::list_items;
use crate::text::TupleHash;
use crate::types::list::{count_in, find};
use crate::types::shared::{CLASS_GETITEM, rich_comparisons};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, iterable=(), /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__len__", "$self, /", len),
    NativeDef::new("__getitem__", "$self, key, /", get_item),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__add__", "$self, value, /", add),
    NativeDef::new("__mul__", "$self, value, /", multiply),
    NativeDef::new("__rmul__", "$self, value, /", multiply),
    NativeDef::new("__getnewargs__", "$self, /", new_args),
    NativeDef::new("count", "$self, value, /", count).doc("Return number of occurrences of value."),
    NativeDef::new("index", "$self, value, start=0, stop=sys.maxsize, /", index)
        .doc("Return first index of value.\n\nRaises ValueError if the value is not present."),
    CLASS_GETITEM,
];

rich_comparisons!(compare);

/// The items of a tuple. Leaf code only.
pub(crate) fn tuple_items<'a>(tuple: Value) -> &'a [Value] {
    // SAFETY: `tuple` is a live tuple, whose items never change.
    unsafe { TupleCell::items(tuple.cast()) }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let tuple = match args.opt(1) {
        Some(iterable) => cx.tuple_from(iterable)?,
        None => cx.vm().empty_tuple,
    };
    if args.at(0).value() == cx.vm().types.tuple {
        return Ok(cx.local(tuple));
    }
    let tuple = cx.vm().tuple_of_type(tuple, args.at(0).value())?;
    Ok(cx.local(tuple))
}

impl Vm {
    /// An instance of a subclass of tuple with a tuple's items.
    pub(crate) fn tuple_of_type(&mut self, tuple: Value, ty: Value) -> Result<Value, Raised> {
        self.as_subclass(tuple, ty)
    }
}

impl Cx {
    /// `tuple(iterable)`, raw.
    pub(crate) fn tuple_from(&mut self, iterable: Handle<'_>) -> Result<Value, Raised> {
        let source = iterable.value();
        if source.is_kind(Kind::Tuple) && self.vm().type_of(source) == self.vm().types.tuple {
            return Ok(source);
        }
        let list = if source.is_kind(Kind::List) && self.vm().is_exact(source) {
            source
        } else {
            self.collect(iterable)?.value()
        };
        match self.vm().try_tuple(list_items(list)) {
            Some(tuple) => Ok(tuple),
            None => Err(self.vm().raise_memory_error()),
        }
    }
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let tuple = args.at(0);
    if tuple_items(tuple.value()).is_empty() {
        let text = cx.vm().new_str("()");
        return Ok(cx.local(text));
    }
    let text = cx.guarded_repr(tuple, "(...)", |cx, text| {
        text.push_str("(");
        cx.push_items_repr(text, tuple)?;
        text.push_str(if tuple_items(tuple.value()).len() == 1 { ",)" } else { ")" });
        Ok(())
    })?;
    Ok(cx.local(text))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = tuple_items(args.at(0).value());
    let mut hash = TupleHash::default();
    for item in items {
        let item_hash = match cx.vm().hash_plain(*item) {
            Some(hash) => hash,
            None => {
                let item = cx.root_value(*item);
                cx.hash(item.handle())?
            }
        };
        hash.add(item_hash);
    }
    let hash = cx.vm().new_int(hash.finish(items.len()) as i64);
    Ok(cx.local(hash))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Tuple) {
        return Ok(cx.not_implemented());
    }
    let result = cx.compare_items(args.at(0), args.at(1), op)?;
    Ok(cx.local(result))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.vm().new_int(tuple_items(args.at(0).value()).len() as i64);
    Ok(cx.local(len))
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let subscript = cx.subscript(args.at(1), "tuple")?;
    let items = tuple_items(args.at(0).value());
    let item = match subscript {
        Subscript::Index(index) => match place(index, items.len()) {
            Some(i) => items[i],
            None => return Err(cx.vm().raise_index_error("tuple index out of range")),
        },
        Subscript::Slice(parts) => {
            let range = parts.fit(items.len());
            if range.count == items.len() && range.step == 1 && cx.vm().is_exact(args.at(0).value()) {
                args.at(0).value()
            } else {
                cx.vm().new_tuple(&range.take(items))
            }
        }
    };
    Ok(cx.local(item))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = find(cx, args.at(0), args.at(1), 0, i64::MAX)?.is_some();
    Ok(cx.bool(found))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let iterator = cx.vm().new_seq_iter(shape_id::TUPLE_ITERATOR, args.at(0).value(), 0);
    Ok(cx.local(iterator))
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (args.at(0).value(), args.at(1).value());
    if !b.is_kind(Kind::Tuple) {
        let ty = cx.vm().type_name_of(b);
        let message = format!("can only concatenate tuple (not \"{ty}\") to tuple");
        return Err(cx.vm().raise_type_error(&message));
    }
    let (x, y) = (tuple_items(a), tuple_items(b));
    if x.is_empty() && cx.vm().is_exact(b) {
        return Ok(cx.local(b));
    }
    if y.is_empty() && cx.vm().is_exact(a) {
        return Ok(cx.local(a));
    }
    let mut all = cx.room_for(x.len() + y.len())?;
    all.extend_from_slice(x);
    all.extend_from_slice(y);
    let tuple = tuple_or_memory_error(cx, &all)?;
    Ok(cx.local(tuple))
}

fn tuple_or_memory_error(cx: &mut Cx, items: &[Value]) -> Result<Value, Raised> {
    let made = cx.vm().try_tuple(items);
    made.ok_or(Raised).map_err(|Raised| cx.vm().raise_memory_error())
}

fn multiply<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.repeat_count(args.at(1))?;
    let items = tuple_items(args.at(0).value());
    if (items.is_empty() || count == 1) && cx.vm().is_exact(args.at(0).value()) {
        return Ok(args.at(0).get(cx));
    }
    let all = cx.repeated(items, count)?;
    let tuple = tuple_or_memory_error(cx, &all)?;
    Ok(cx.local(tuple))
}

fn new_args<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = cx.vm().new_tuple(tuple_items(args.at(0).value()));
    let tuple = cx.vm().new_tuple(&[items]);
    Ok(cx.local(tuple))
}

fn count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = count_in(cx, args.at(0), args.at(1))?;
    Ok(cx.local(count))
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = tuple_items(args.at(0).value()).len();
    let start = cx.search_bound(args.opt(2), 0, len)?;
    let stop = cx.search_bound(args.opt(3), i64::MAX, len)?;
    match find(cx, args.at(0), args.at(1), start, stop)? {
        Some(i) => Ok(cx.local(Value::small(i as i32))),
        None => Err(cx.vm().raise_value_error("tuple.index(x): x not in tuple")),
    }
}

/// What the table does not say.
pub(crate) fn install(vm: &mut Vm) {
    let tuple = vm.types.tuple;
    super::add_methods(vm, tuple, METHODS);
    super::add_methods(vm, tuple, COMPARISONS);
}
