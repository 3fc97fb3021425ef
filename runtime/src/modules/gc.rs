//! `gc`: the collector as CPython's module of that name tells it. There is one generation here.

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::dict_ops::{dict_data, set_data};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("collect", "generation=2", collect),
    NativeDef::new("enable", "/", enable),
    NativeDef::new("disable", "/", disable),
    NativeDef::new("isenabled", "/", isenabled),
    NativeDef::new("get_count", "/", get_count),
    NativeDef::new("get_threshold", "/", get_threshold),
    NativeDef::new("set_threshold", "threshold0, threshold1=10, threshold2=10, /", set_threshold),
    NativeDef::new("get_debug", "/", get_debug),
    NativeDef::new("set_debug", "flags, /", set_debug),
    NativeDef::new("get_objects", "generation=None", get_objects),
    NativeDef::new("get_referrers", "*objs", get_referrers),
    NativeDef::new("get_referents", "*objs", get_referents),
    NativeDef::new("get_stats", "/", get_stats),
    NativeDef::new("is_tracked", "obj, /", is_tracked),
    NativeDef::new("is_finalized", "obj, /", is_finalized),
    NativeDef::new("freeze", "/", nothing),
    NativeDef::new("unfreeze", "/", nothing),
    NativeDef::new("get_freeze_count", "/", zero),
];

/// What the module remembers: it has no effect on when the collector runs.
struct State {
    enabled: bool,
    thresholds: [i64; 3],
    debug: i32,
    collections: i64,
}

impl Default for State {
    fn default() -> Self {
        Self { enabled: true, thresholds: [2000, 10, 0], debug: 0, collections: 0 }
    }
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    for name in ["garbage", "callbacks"] {
        let list = vm.new_list(Vec::new());
        super::set(vm, dict, name, list);
    }
    for (name, bit) in [
        ("DEBUG_STATS", 1),
        ("DEBUG_COLLECTABLE", 2),
        ("DEBUG_UNCOLLECTABLE", 4),
        ("DEBUG_SAVEALL", 32),
        ("DEBUG_LEAK", 38),
    ] {
        super::set(vm, dict, name, Value::small(bit));
    }
}

fn collect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let generation = args.opt(0).map_or(Ok(2), |generation| cx.c_int(generation))?;
    if !(0..=2).contains(&generation) {
        return Err(cx.vm().raise_value_error("invalid generation"));
    }
    call_back(cx, "start", 0)?;
    let before = cx.vm().count_objects();
    cx.vm().collect();
    cx.vm().run_finalizers();
    let after = cx.vm().count_objects();
    cx.vm().module_state::<State>().collections += 1;
    let found = before.saturating_sub(after) as i64;
    call_back(cx, "stop", found)?;
    let found = cx.vm().new_int(found);
    Ok(cx.local(found))
}

/// Calls `gc.callbacks`, as the collections that the program asks for do.
fn call_back(cx: &mut Cx, phase: &str, collected: i64) -> Result<(), crate::cx::Raised> {
    let Some(module) = cx.vm().loaded_module("gc") else { return Ok(()) };
    let module = cx.root_value(module);
    let Some(callbacks) = cx.get_attr_opt(module.handle(), "callbacks")? else { return Ok(()) };
    for callback in cx.vm().sequence_values(callbacks.value()) {
        let callback = cx.root_value(callback);
        let vm = cx.vm();
        let info = vm.new_dict();
        super::set(vm, info, "generation", Value::small(2));
        let collected = vm.new_int(collected);
        super::set(vm, info, "collected", collected);
        super::set(vm, info, "uncollectable", Value::small(0));
        let phase = vm.intern(phase);
        let (info, phase) = (cx.root_value(info), cx.root_value(phase));
        if cx.call(callback.handle(), &[phase.handle(), info.handle()]).is_err() {
            crate::types::exceptions::report_unraisable(cx, callback.handle());
        }
    }
    Ok(())
}

impl Vm {
    /// Objects that CPython's collector would track.
    fn count_objects(&mut self) -> usize {
        let mut count = 0;
        self.heap.for_each_cell(|cell| {
            // SAFETY: see `tracked`.
            count += usize::from(tracked(cell));
        });
        count
    }
}

/// Whether a cell is of a kind that CPython's collector tracks.
#[expect(unsafe_code, reason = "the heap's visit gives raw cells")]
fn tracked(cell: *mut Cell) -> bool {
    // SAFETY: the heap's visit gives intact cells.
    let kind = unsafe { (*cell).kind() };
    matches!(
        kind,
        Kind::Tuple
            | Kind::List
            | Kind::Dict
            | Kind::Set
            | Kind::FrozenSet
            | Kind::Object
            | Kind::Type
            | Kind::Function
            | Kind::Method
            | Kind::Module
            | Kind::Generator
            | Kind::Exception
            | Kind::Cell
            | Kind::Property
            | Kind::StaticMethod
            | Kind::ClassMethod
            | Kind::Boxed
    )
}

fn all_objects(vm: &mut Vm) -> Vec<Value> {
    let mut found = Vec::new();
    vm.for_each_object(|cell| {
        if tracked(cell)
            && let Some(cell) = std::ptr::NonNull::new(cell)
        {
            found.push(Value::from_cell(cell));
        }
    });
    let internal = vm.types.internal;
    found.retain(|value| vm.type_of(*value) != internal);
    found
}

fn get_objects<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let objects = all_objects(cx.vm());
    let list = cx.vm().new_list(objects);
    Ok(cx.local(list))
}

fn get_referrers<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let wanted: Vec<Value> = args.rest().map(Handle::value).collect();
    let vm = cx.vm();
    let mut found = all_objects(vm);
    found.retain(|object| referents(vm, *object).iter().any(|value| wanted.contains(value)));
    let list = vm.new_list(found);
    Ok(cx.local(list))
}

fn get_referents<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let found = args.rest().flat_map(|object| referents(vm, object.value())).collect();
    let list = vm.new_list(found);
    Ok(cx.local(list))
}

/// What a container, an instance or a function refers to. Other objects' references are not told.
#[expect(unsafe_code, reason = "the layouts are read behind raw pointers")]
fn referents(vm: &mut Vm, value: Value) -> Vec<Value> {
    // SAFETY: the value is live; its kind says the layout.
    unsafe {
        let mut found = match value.kind() {
            Some(Kind::List | Kind::Tuple) => vm.sequence_values(value),
            Some(Kind::Dict) => dict_data(value).iter().flat_map(|entry| [entry.key, entry.value]).collect(),
            Some(Kind::Set | Kind::FrozenSet) => set_data(value).iter().map(|(_, element)| element).collect(),
            Some(Kind::Object) => vm.instance_dict(value).into_iter().collect(),
            Some(Kind::Module) => vec![(*value.cast::<ModuleCell>()).dict],
            Some(Kind::Cell) => vec![(*value.cast::<ClosureCell>()).contents],
            Some(Kind::Method) => {
                let method = &*value.cast::<MethodCell>();
                vec![method.function, method.self_]
            }
            Some(Kind::Function) => {
                let f = &*value.cast::<FunctionCell>();
                vec![
                    f.code,
                    f.globals,
                    f.closure,
                    f.defaults,
                    f.kwdefaults,
                    f.name,
                    f.qualname,
                    f.doc,
                    f.dict,
                ]
            }
            Some(Kind::Type) => {
                let data = &(*value.cast::<TypeCell>()).data;
                vec![data.dict, data.bases, data.base]
            }
            _ => Vec::new(),
        };
        if value.is_cell() && vm.type_data(vm.type_of(value)).has(crate::type_object::type_flag::HEAP) {
            found.push(vm.type_of(value));
        }
        found.retain(|value| !value.is_undef());
        found
    }
}

fn enable<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    cx.vm().module_state::<State>().enabled = true;
    Ok(cx.none())
}

fn disable<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    cx.vm().module_state::<State>().enabled = false;
    Ok(cx.none())
}

fn isenabled<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let enabled = cx.vm().module_state::<State>().enabled;
    Ok(cx.bool(enabled))
}

fn triple(cx: &mut Cx, numbers: [i64; 3]) -> Res<'_> {
    let numbers = numbers.map(|number| cx.vm().new_int(number));
    let triple = cx.vm().new_tuple(&numbers);
    Ok(cx.local(triple))
}

fn get_count<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    triple(cx, [0; 3])
}

fn get_threshold<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let thresholds = cx.vm().module_state::<State>().thresholds;
    triple(cx, thresholds)
}

fn set_threshold<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for i in 0..2 {
        if let Some(threshold) = args.opt(i) {
            let threshold = cx.c_int(threshold)?;
            cx.vm().module_state::<State>().thresholds[i] = i64::from(threshold);
        }
    }
    Ok(cx.none())
}

fn get_debug<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let debug = cx.vm().module_state::<State>().debug;
    Ok(cx.local(Value::small(debug)))
}

fn set_debug<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let debug = cx.c_int(args.at(0))?;
    cx.vm().module_state::<State>().debug = debug;
    Ok(cx.none())
}

fn get_stats<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let collections = vm.module_state::<State>().collections;
    let mut generations = Vec::new();
    for count in [0, 0, collections] {
        let stats = vm.new_dict();
        let count = vm.new_int(count);
        super::set(vm, stats, "collections", count);
        super::set(vm, stats, "collected", Value::small(0));
        super::set(vm, stats, "uncollectable", Value::small(0));
        generations.push(stats);
    }
    let list = vm.new_list(generations);
    Ok(cx.local(list))
}

fn is_tracked<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let answer = value.is_cell() && tracked(value.cell());
    Ok(cx.bool(answer))
}

#[expect(unsafe_code, reason = "the flag lies in the cell's header")]
fn is_finalized<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let ty = cx.vm().type_of(value);
    let has_finalizer = cx.vm().type_data(ty).has(crate::type_object::type_flag::FINALIZER);
    // SAFETY: arguments are live.
    let waits = value.is_cell() && unsafe { (*value.cell()).has(crate::cell::flag::FINALIZER) };
    Ok(cx.bool(has_finalizer && !waits))
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn zero<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(0)))
}
