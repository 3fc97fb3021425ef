//! The module `_functools`: `reduce`, `partial`, `cmp_to_key`, and the wrapper of `lru_cache`.

mod compare_key;
mod lru_cache;
mod partial;

use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("reduce", "function, iterable, initial=<unrepresentable>, /", reduce).doc(
        "Apply a function of two arguments cumulatively to the items of an iterable, from left to right.\n\nThis effectively reduces the iterable to a single value.  If initial is present,\nit is placed before the items of the iterable in the calculation, and serves as\na default when the iterable is empty.\n\nFor example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])\ncalculates ((((1 + 2) + 3) + 4) + 5).",
    ),
    NativeDef::new("cmp_to_key", "mycmp", compare_key::cmp_to_key)
        .doc("Convert a cmp= function into a key= function."),
];

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    compare_key::init(vm, dict);
    partial::init(vm, dict);
    lru_cache::init(vm, dict);
    let doc = vm.new_str("Tools that operate on functions.");
    super::set(vm, dict, "__doc__", doc);
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !cx.vm().is_iterable(args.at(1).value()) {
        return Err(cx.vm().raise_type_error("reduce() arg 2 must support iteration"));
    }
    let iterator = cx.iter(args.at(1))?;
    let first = match args.opt(2) {
        Some(initial) => Some(initial.value()),
        None => cx.next_value(iterator.handle())?,
    };
    let Some(first) = first else {
        return Err(cx.vm().raise_type_error("reduce() of empty iterable with no initial value"));
    };
    let total = cx.root_value(first);
    let function = args.at(0).value();
    while let Some(item) = cx.next_value(iterator.handle())? {
        let next = cx.call_raw(function, &[total.value(), item])?;
        total.set_value(next);
    }
    Ok(total.get(cx))
}
