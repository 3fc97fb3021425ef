//! The module `_bisect`: positions in sorted sequences.

use bytecode::CompareOp;

use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("bisect_right", "a, x, lo=0, hi=None, *, key=None", bisect_right)
        .doc("Return the index where to insert item x in list a, assuming a is sorted."),
    NativeDef::new("bisect_left", "a, x, lo=0, hi=None, *, key=None", bisect_left)
        .doc("Return the index where to insert item x in list a, assuming a is sorted."),
    NativeDef::new("insort_right", "a, x, lo=0, hi=None, *, key=None", insort_right)
        .doc("Insert item x in list a, and keep it sorted assuming a is sorted."),
    NativeDef::new("insort_left", "a, x, lo=0, hi=None, *, key=None", insort_left)
        .doc("Insert item x in list a, and keep it sorted assuming a is sorted."),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let doc = vm.new_str("Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order without\nhaving to sort the list after each insertion. For long lists of items with\nexpensive comparison operations, this can be an improvement over the more\ncommon approach.\n");
    super::set(vm, dict, "__doc__", doc);
}

/// Before or after the items that are equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Left,
    Right,
}

/// The position of `x` (already a key, if there is a key function) in the sequence.
fn position(cx: &mut Cx, args: Args<'_>, x: Handle<'_>, side: Side) -> Result<i64, Raised> {
    let sequence = args.at(0);
    let mut low = match args.opt(2) {
        Some(low) => cx.index_i64(low)?,
        None => 0,
    };
    if low < 0 {
        return Err(cx.vm().raise_value_error("lo must be non-negative"));
    }
    let mut high = match args.some(3) {
        Some(high) => cx.index_i64(high)?,
        None => cx.len(sequence)? as i64,
    };
    while low < high {
        let middle = u64::midpoint(low as u64, high as u64) as i64;
        let item = item_at(cx, sequence, middle)?;
        let item = match args.some(4) {
            Some(key) => cx.call(key, &[item.handle()])?,
            None => item,
        };
        let before = match side {
            Side::Left => cx.compare_truth(CompareOp::Lt, item.handle(), x)?,
            Side::Right => !cx.compare_truth(CompareOp::Lt, x, item.handle())?,
        };
        if before {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn item_at(cx: &mut Cx, sequence: Handle<'_>, index: i64) -> Result<Root, Raised> {
    let key = cx.vm().new_int(index);
    if let Some(item) = cx.vm().load_item_plain(sequence.value(), key) {
        return Ok(cx.root_value(item));
    }
    let key = cx.root_value(key);
    cx.get_item(sequence, key.handle())
}

fn bisect<'a>(cx: &'a mut Cx, args: Args<'_>, side: Side) -> Res<'a> {
    let position = position(cx, args, args.at(1), side)?;
    let position = cx.vm().new_int(position);
    Ok(cx.local(position))
}

fn bisect_left<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    bisect(cx, args, Side::Left)
}

fn bisect_right<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    bisect(cx, args, Side::Right)
}

fn insort<'a>(cx: &'a mut Cx, args: Args<'_>, side: Side) -> Res<'a> {
    let x = match args.some(4) {
        Some(key) => cx.call(key, &[args.at(1)])?,
        None => cx.root_value(args.at(1).value()),
    };
    let position = position(cx, args, x.handle(), side)?;
    let index = cx.vm().new_int(position);
    let index = cx.root_value(index);
    cx.call_method(args.at(0), "insert", &[index.handle(), args.at(1)])?;
    Ok(cx.none())
}

fn insort_left<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    insort(cx, args, Side::Left)
}

fn insort_right<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    insort(cx, args, Side::Right)
}
