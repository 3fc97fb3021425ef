//! `sys.monitoring`: its names are there; asking for events raises an error that says they are not supported.

use crate::cx::{Args, Cx, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("use_tool_id", "tool_id, name, /", unsupported),
    NativeDef::new("free_tool_id", "tool_id, /", unsupported),
    NativeDef::new("get_tool", "tool_id, /", get_tool),
    NativeDef::new("register_callback", "tool_id, event, func, /", unsupported),
    NativeDef::new("get_events", "tool_id, /", unsupported),
    NativeDef::new("set_events", "tool_id, event_set, /", unsupported),
    NativeDef::new("get_local_events", "tool_id, code, /", unsupported),
    NativeDef::new("set_local_events", "tool_id, code, event_set, /", unsupported),
    NativeDef::new("restart_events", "/", unsupported),
];

static EVENTS: &[(&str, i32)] = &[
    ("PY_START", 1),
    ("PY_RESUME", 1 << 1),
    ("PY_RETURN", 1 << 2),
    ("PY_YIELD", 1 << 3),
    ("CALL", 1 << 4),
    ("LINE", 1 << 5),
    ("INSTRUCTION", 1 << 6),
    ("JUMP", 1 << 7),
    ("BRANCH", 1 << 8),
    ("STOP_ITERATION", 1 << 9),
    ("RAISE", 1 << 10),
    ("EXCEPTION_HANDLED", 1 << 11),
    ("PY_UNWIND", 1 << 12),
    ("PY_THROW", 1 << 13),
    ("RERAISE", 1 << 14),
    ("C_RETURN", 1 << 15),
    ("C_RAISE", 1 << 16),
    ("NO_EVENTS", 0),
];

pub(super) fn install(vm: &mut Vm, sys: Value) {
    let module = vm.new_module("sys.monitoring");
    let dict = vm.instance_dict(module).expect("modules have one");
    crate::modules::add_functions(vm, dict, FUNCTIONS);
    for (name, id) in [("DEBUGGER_ID", 0), ("COVERAGE_ID", 1), ("PROFILER_ID", 2), ("OPTIMIZER_ID", 5)] {
        crate::modules::set(vm, dict, name, Value::small(id));
    }
    let events: Vec<(&str, Value)> = EVENTS.iter().map(|(name, bit)| (*name, Value::small(*bit))).collect();
    let events = vm.new_namespace(&events);
    crate::modules::set(vm, dict, "events", events);
    for name in ["DISABLE", "MISSING"] {
        let object = vm.types.object;
        let marker = vm.new_object(object);
        crate::modules::set(vm, dict, name, marker);
    }
    crate::modules::set(vm, sys, "monitoring", module);
}

fn get_tool<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn unsupported<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("sys.monitoring is not supported yet"))
}
