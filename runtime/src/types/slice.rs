//! `slice`.

#![expect(unsafe_code, reason = "slices are reached through cells")]

use bytecode::CompareOp;
use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use crate::cell::{Kind, SliceCell};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::text::TupleHash;
use crate::types::int::{from_big, to_big};
use crate::types::shared::rich_comparisons;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::getter("start", start),
    NativeDef::getter("stop", stop),
    NativeDef::getter("step", step),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling."),
    NativeDef::new("indices", "$self, object, /", indices).doc(
        "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the start and stop\nindices, and the stride length of the extended slice described by\nS. Out of bounds indices are clipped in a manner consistent with the\nhandling of normal slices.",
    ),
];

rich_comparisons!(compare);

fn parts(slice: Value) -> [Value; 3] {
    // SAFETY: `slice` is a live slice.
    let slice = unsafe { &*slice.cast::<SliceCell>() };
    [slice.start, slice.stop, slice.step]
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.refuse_keywords(args.opt(1), "slice")?;
    cx.check_count("slice", args.rest().len(), 1, 3)?;
    let given: Vec<Value> = args.rest().map(Handle::value).collect();
    let slice = match given[..] {
        [stop] => cx.vm().new_slice(Value::NONE, stop, Value::NONE),
        [start, stop] => cx.vm().new_slice(start, stop, Value::NONE),
        _ => cx.vm().new_slice(given[0], given[1], given[2]),
    };
    Ok(cx.local(slice))
}

fn start<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(parts(args.at(0).value())[0]))
}

fn stop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(parts(args.at(0).value())[1]))
}

fn step<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(parts(args.at(0).value())[2]))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut text = crate::text_builder::TextBuilder::new();
    text.push_str("slice(");
    for (i, part) in parts(args.at(0).value()).into_iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        cx.push_repr(&mut text, part)?;
    }
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut hash = TupleHash::default();
    for part in parts(args.at(0).value()) {
        let part = cx.root_value(part);
        hash.add(cx.hash(part.handle())?);
    }
    let hash = cx.vm().new_int(hash.without_length() as i64);
    Ok(cx.local(hash))
}

fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Slice) {
        return Ok(cx.not_implemented());
    }
    let vm = cx.vm();
    let (a, b) = (vm.new_tuple(&parts(args.at(0).value())), vm.new_tuple(&parts(args.at(1).value())));
    let (a, b) = (cx.root_value(a), cx.root_value(b));
    if args.at(0).value() == args.at(1).value() {
        return Ok(cx.bool(crate::ops::holds(op, std::cmp::Ordering::Equal)));
    }
    let result = cx.compare_items(a.handle(), b.handle(), op)?;
    Ok(cx.local(result))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let arguments = vm.new_tuple(&parts(args.at(0).value()));
    let reduced = vm.new_tuple(&[vm.types.slice, arguments]);
    Ok(cx.local(reduced))
}

fn indices<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.index_value(args.at(1))?;
    let len = to_big(len);
    if len.is_negative() {
        return Err(cx.vm().raise_value_error("length should not be negative"));
    }
    let (start, stop, step) = big_slice_indices(cx, args.at(0), &len)?;
    let vm = cx.vm();
    let values = [from_big(vm, &start)?, from_big(vm, &stop)?, from_big(vm, &step)?];
    let result = vm.new_tuple(&values);
    Ok(cx.local(result))
}

/// A slice's start, stop and step fitted to a length of any size.
pub(crate) fn big_slice_indices(
    cx: &mut Cx,
    slice: Handle<'_>,
    len: &BigInt,
) -> Result<(BigInt, BigInt, BigInt), Raised> {
    let [start, stop, step] = parts(slice.value());
    let step = big_bound(cx, step)?.unwrap_or_else(|| BigInt::from(1));
    if step.is_zero() {
        return Err(cx.vm().raise_value_error("slice step cannot be zero"));
    }
    let (lower, upper) =
        if step.is_negative() { (BigInt::from(-1), len - 1u8) } else { (BigInt::ZERO, len.clone()) };
    let clip = |bound: BigInt| {
        let bound = if bound.is_negative() { bound + len } else { bound };
        bound.clamp(lower.clone(), upper.clone())
    };
    let (first, last) = if step.is_negative() { (&upper, &lower) } else { (&lower, &upper) };
    let start = big_bound(cx, start)?.map_or_else(|| first.clone(), clip);
    let stop = big_bound(cx, stop)?.map_or_else(|| last.clone(), clip);
    Ok((start, stop, step))
}

fn big_bound(cx: &mut Cx, bound: Value) -> Result<Option<BigInt>, Raised> {
    if bound.is_none() {
        return Ok(None);
    }
    if !cx.vm().has_index(bound) {
        let message = "slice indices must be integers or None or have an __index__ method";
        return Err(cx.vm().raise_type_error(message));
    }
    let bound = cx.root_value(bound);
    Ok(Some(to_big(cx.index_value(bound.handle())?)))
}

/// Fills the type's namespace.
pub(crate) fn install(vm: &mut Vm) {
    let slice = vm.types.slice;
    super::add_methods(vm, slice, METHODS);
    super::add_methods(vm, slice, COMPARISONS);
}
