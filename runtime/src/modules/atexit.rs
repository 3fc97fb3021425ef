//! `atexit`: functions to call when the program ends, the last registered first.

use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("register", "func, /, *args, **kwargs", register),
    NativeDef::new("unregister", "func, /", unregister),
    NativeDef::new("_clear", "/", clear),
    NativeDef::new("_ncallbacks", "/", count),
    NativeDef::new("_run_exitfuncs", "/", run),
];

/// A kept list of (function, arguments, keywords).
#[derive(Default)]
struct State {
    callbacks: Option<Value>,
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let list = vm.new_list(Vec::new());
    let list = vm.keep(list);
    vm.module_state::<State>().callbacks = Some(list);
}

fn callbacks(vm: &mut Vm) -> Value {
    vm.module_state::<State>().callbacks.expect("the module was filled")
}

fn register<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    if !vm.is_callable(args.at(0).value()) {
        return Err(vm.raise_type_error("the first argument must be callable"));
    }
    let arguments = vm.new_tuple(&args.rest_values());
    let keywords = args.opt(1).map_or(Value::NONE, super::super::cx::Handle::value);
    let entry = vm.new_tuple(&[args.at(0).value(), arguments, keywords]);
    let list = callbacks(vm);
    crate::ops::list_items(list).push(entry);
    Ok(args.at(0).get(cx))
}

fn unregister<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = callbacks(cx.vm());
    let mut i = 0;
    while let Some(entry) = cx.vm().sequence_item(list, i) {
        let function = cx.vm().sequence_item(entry, 0).unwrap_or(Value::NONE);
        let function = cx.root_value(function);
        if cx.eq(function.handle(), args.at(0))? {
            let items = crate::ops::list_items(list);
            items.retain(|other| *other != entry);
        } else {
            i += 1;
        }
    }
    Ok(cx.none())
}

fn clear<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    crate::ops::list_items(callbacks(cx.vm())).clear();
    Ok(cx.none())
}

fn count<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let count = crate::ops::list_items(callbacks(cx.vm())).len();
    Ok(cx.local(Value::small(count as i32)))
}

fn run<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    run_all(cx);
    Ok(cx.none())
}

fn run_all(cx: &mut Cx) {
    let list = callbacks(cx.vm());
    while let Some(entry) = crate::ops::list_items(list).pop() {
        let entry = cx.root_value(entry);
        let parts = cx.vm().sequence_values(entry.value());
        let function = cx.root_value(parts[0]);
        let mut values = cx.vm().sequence_values(parts[1]);
        let (names, more) =
            if parts[2].is_none() { (Vec::new(), Vec::new()) } else { cx.vm().keywords_of(parts[2]) };
        values.extend(more);
        let names = if names.is_empty() { Value::UNDEF } else { cx.vm().new_tuple(&names) };
        if cx.call_values(function.handle(), &values, names).is_err() {
            report(cx, function.value());
        }
    }
}

fn report(cx: &mut Cx, function: Value) {
    let function = cx.root_value(function);
    crate::types::exceptions::report_unraisable(cx, function.handle());
}

impl Vm {
    /// Calls what was registered with `atexit`, if the module was ever imported.
    pub(crate) fn run_exit_functions(&mut self) {
        if self.module_state::<State>().callbacks.is_some() {
            self.enter(run_all);
        }
    }
}
