//! Functions of `sys` about running frames, and the hooks that would follow them.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use crate::cell::FunctionCell;
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("_getframe", "depth=0, /", getframe),
    NativeDef::new("_getframemodulename", "depth=0", getframemodulename),
    NativeDef::new("_current_frames", "/", current_frames),
    NativeDef::new("_current_exceptions", "/", current_exceptions),
    NativeDef::new("settrace", "function, /", settrace),
    NativeDef::new("gettrace", "/", no_hook),
    NativeDef::new("setprofile", "function, /", setprofile),
    NativeDef::new("getprofile", "/", no_hook),
    NativeDef::new("_settraceallthreads", "function, /", settrace),
    NativeDef::new("_setprofileallthreads", "function, /", setprofile),
    NativeDef::new("call_tracing", "func, args, /", call_tracing),
    NativeDef::new("get_coroutine_origin_tracking_depth", "/", get_origin_depth),
    NativeDef::new("set_coroutine_origin_tracking_depth", "depth", set_origin_depth),
    NativeDef::new("get_asyncgen_hooks", "/", get_asyncgen_hooks),
    NativeDef::new(
        "set_asyncgen_hooks",
        "firstiter=<unrepresentable>, finalizer=<unrepresentable>",
        set_asyncgen_hooks,
    ),
];

/// Index of the Python frame `depth` levels up from the innermost.
fn python_frame(vm: &Vm, depth: i64) -> Option<usize> {
    let depth = usize::try_from(depth.max(0)).ok()?;
    let frames = vm.frames().iter().enumerate().rev();
    frames.filter(|(_, frame)| !vm.is_entry(frame.callee)).nth(depth).map(|(index, _)| index)
}

fn getframe<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let depth = args.opt(0).map_or(Ok(0), |depth| cx.c_int(depth))?;
    let Some(index) = python_frame(cx.vm(), i64::from(depth)) else {
        return Err(cx.vm().raise_value_error("call stack is not deep enough"));
    };
    let frame = cx.vm().frame_object(index);
    Ok(cx.local(frame))
}

fn getframemodulename<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let depth = args.opt(0).map_or(Ok(0), |depth| cx.c_int(depth))?;
    let Some(index) = python_frame(cx.vm(), i64::from(depth)) else { return Ok(cx.none()) };
    let callee = cx.vm().frames()[index].callee;
    // SAFETY: a record that is no entry holds a live function.
    let (module, globals) = unsafe {
        let function = callee.cast::<FunctionCell>();
        ((*function).module, (*function).globals)
    };
    if !module.is_undef() {
        return Ok(cx.local(module));
    }
    let name = cx.vm().names.__name__;
    let name = cx.vm().dict_get_str(globals, name).unwrap_or(Value::NONE);
    Ok(cx.local(name))
}

fn current_frames<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let frames = vm.new_dict();
    if let Some(index) = python_frame(vm, 0) {
        let frame = vm.frame_object(index);
        let ident = vm.new_int(crate::modules::thread::ident());
        vm.dict_set_plain(frames, ident, frame);
    }
    Ok(cx.local(frames))
}

fn current_exceptions<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let (exceptions, handled) = (vm.new_dict(), vm.handled_exception());
    let ident = vm.new_int(crate::modules::thread::ident());
    vm.dict_set_plain(exceptions, ident, handled);
    Ok(cx.local(exceptions))
}

fn no_hook<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

/// Raises unless the hook is None: what cannot be followed must not be ignored.
fn only_none<'a>(cx: &'a mut Cx, args: Args<'_>, name: &str) -> Res<'a> {
    if args.at(0).value().is_none() {
        return Ok(cx.none());
    }
    Err(cx.vm().raise_not_implemented_error(&format!("sys.{name}() is not supported yet")))
}

fn settrace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    only_none(cx, args, "settrace")
}

fn setprofile<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    only_none(cx, args, "setprofile")
}

fn call_tracing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("sys.call_tracing() is not supported yet"))
}

/// Hooks of async generators and coroutines.
#[derive(Default)]
struct AsyncState {
    origin_depth: i32,
    /// A list of the two hooks, kept.
    hooks: Option<Value>,
}

fn get_origin_depth<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let depth = cx.vm().module_state::<AsyncState>().origin_depth;
    Ok(cx.local(Value::small(depth)))
}

fn set_origin_depth<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let depth = cx.c_int(args.at(0))?;
    if depth < 0 {
        return Err(cx.vm().raise_value_error("depth must be >= 0"));
    }
    cx.vm().module_state::<AsyncState>().origin_depth = depth;
    Ok(cx.none())
}

impl Vm {
    /// The hooks of `sys.set_asyncgen_hooks`: first iteration, finalizer. None where there is none.
    pub(crate) fn asyncgen_hooks(&mut self) -> (Value, Value) {
        match self.module_state::<AsyncState>().hooks {
            Some(hooks) => {
                let hooks = self.sequence_values(hooks);
                (hooks[0], hooks[1])
            }
            None => (Value::NONE, Value::NONE),
        }
    }
}

fn get_asyncgen_hooks<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let (firstiter, finalizer) = cx.vm().asyncgen_hooks();
    let hooks = super::info::asyncgen_hooks(cx.vm(), firstiter, finalizer)?;
    Ok(cx.local(hooks))
}

fn set_asyncgen_hooks<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (mut firstiter, mut finalizer) = cx.vm().asyncgen_hooks();
    for (place, index, name) in [(&mut finalizer, 1, "finalizer"), (&mut firstiter, 0, "firstiter")] {
        let Some(hook) = args.opt(index) else { continue };
        if !hook.value().is_none() && !cx.vm().is_callable(hook.value()) {
            return Err(not_callable(cx, name, hook.value()));
        }
        *place = hook.value();
    }
    let vm = cx.vm();
    let list = match vm.module_state::<AsyncState>().hooks {
        Some(list) => list,
        None => {
            let list = vm.new_list(Vec::new());
            vm.keep(list)
        }
    };
    *crate::ops::list_items(list) = vec![firstiter, finalizer];
    vm.module_state::<AsyncState>().hooks = Some(list);
    Ok(cx.none())
}

fn not_callable(cx: &mut Cx, name: &str, hook: Value) -> Raised {
    let ty = cx.vm().type_name_of(hook);
    cx.vm().raise_type_error(&format!("callable {name} expected, got {ty}"))
}
