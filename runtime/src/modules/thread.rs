//! `_thread`: locks, identities and thread-local data of the one thread there is. Starting another raises an error.

use std::cell::Cell as StdCell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::modules::structseq::{StructDef, struct_fields};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// A lock or reentrant lock: how often it is held.
struct Lock {
    held: StdCell<u64>,
}

impl Payload for Lock {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// State without values: thread-local data keep all in their dict.
struct Local;

impl Payload for Local {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[derive(Default)]
struct State {
    types: Option<Types>,
}

#[derive(Clone, Copy)]
struct Types {
    lock: Value,
    rlock: Value,
    local: Value,
    handle: Value,
}

static LOCK_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /", new_lock),
    NativeDef::new("acquire", "$self, blocking=True, timeout=-1", acquire),
    NativeDef::new("acquire_lock", "$self, blocking=True, timeout=-1", acquire),
    NativeDef::new("release", "$self, /", release),
    NativeDef::new("release_lock", "$self, /", release),
    NativeDef::new("locked", "$self, /", locked),
    NativeDef::new("locked_lock", "$self, /", locked),
    NativeDef::new("__enter__", "$self, /", enter),
    NativeDef::new("__exit__", "$self, /, *exc_info", exit),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("_at_fork_reinit", "$self, /", reinit),
];

static RLOCK_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new_rlock),
    NativeDef::new("acquire", "$self, blocking=True, timeout=-1", acquire_again),
    NativeDef::new("release", "$self, /", release_once),
    NativeDef::new("__enter__", "$self, blocking=True, timeout=-1", acquire_again),
    NativeDef::new("__exit__", "$self, /, *exc_info", exit_once),
    NativeDef::new("__repr__", "$self, /", repr_again),
    NativeDef::new("_is_owned", "$self, /", locked),
    NativeDef::new("_recursion_count", "$self, /", recursion_count),
    NativeDef::new("_acquire_restore", "$self, state, /", acquire_restore),
    NativeDef::new("_release_save", "$self, /", release_save),
    NativeDef::new("_at_fork_reinit", "$self, /", reinit),
];

static LOCAL_METHODS: &[NativeDef] = &[NativeDef::stat("__new__", "type, *args, **kwargs", new_local)];

static HANDLE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /", new_handle),
    NativeDef::getter("ident", handle_ident),
    NativeDef::new("join", "$self, timeout=None, /", join),
    NativeDef::new("is_done", "$self, /", is_done),
    NativeDef::new("_set_done", "$self, /", set_done),
];

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("allocate_lock", "/", allocate_lock),
    NativeDef::new("allocate", "/", allocate_lock),
    NativeDef::new("get_ident", "/", get_ident),
    NativeDef::new("get_native_id", "/", get_native_id),
    NativeDef::new("_get_main_thread_ident", "/", get_ident),
    NativeDef::new("_is_main_interpreter", "/", yes),
    NativeDef::new("daemon_threads_allowed", "/", yes),
    NativeDef::new("start_new_thread", "function, args, kwargs=None, /", start),
    NativeDef::new("start_new", "function, args, kwargs=None, /", start),
    NativeDef::new("start_joinable_thread", "function, handle=None, daemon=True", start),
    NativeDef::new("_make_thread_handle", "ident, /", make_handle),
    NativeDef::new("_shutdown", "/", nothing),
    NativeDef::new("_set_sentinel", "/", allocate_lock),
    NativeDef::new("_count", "/", count),
    NativeDef::new("stack_size", "size=0, /", stack_size),
    NativeDef::new("interrupt_main", "signum=2, /", interrupt_main),
    NativeDef::new("exit", "/", exit_thread),
    NativeDef::new("exit_thread", "/", exit_thread),
    NativeDef::new("_excepthook", "exc_info, /", excepthook),
];

static EXCEPT_HOOK_ARGS: StructDef = StructDef {
    module: "_thread",
    name: "_ExceptHookArgs",
    labels: &["exc_type", "exc_value", "exc_traceback", "thread"],
    fields: struct_fields![0 "exc_type", 1 "exc_value", 2 "exc_traceback", 3 "thread"],
    total: 4,
    public: true,
};

/// Longest timeout in seconds that CPython takes.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// The thread's identity: the address that names it in CPython; here only a number that is not zero.
pub(crate) fn ident() -> i64 {
    0x7F00_0000_1000
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let flags = type_flag::WEAKREF;
    let lock = super::add_type(vm, dict, "lock", Kind::Boxed, flags, LOCK_METHODS);
    super::set(vm, dict, "LockType", lock);
    let rlock = super::add_type(vm, dict, "RLock", Kind::Boxed, flags | type_flag::BASE, RLOCK_METHODS);
    let flags = flags | type_flag::BASE | type_flag::INSTANCE_DICT;
    let local = super::add_type(vm, dict, "_local", Kind::Boxed, flags, LOCAL_METHODS);
    let handle = super::add_type(vm, dict, "_ThreadHandle", Kind::Boxed, 0, HANDLE_METHODS);
    vm.module_state::<State>().types = Some(Types { lock, rlock, local, handle });
    let error = vm.exceptions.runtime_error;
    super::set(vm, dict, "error", error);
    let timeout = vm.new_float(TIMEOUT_MAX);
    super::set(vm, dict, "TIMEOUT_MAX", timeout);
    let hook_args = vm.struct_type(&EXCEPT_HOOK_ARGS);
    super::set(vm, dict, "_ExceptHookArgs", hook_args);
}

fn types(vm: &mut Vm) -> Types {
    vm.module_state::<State>().types.expect("the module was filled before anything of it is called")
}

fn new_of(vm: &mut Vm, ty: Value) -> Value {
    let shape = vm.shape_of_type(ty);
    vm.new_boxed(shape, Box::new(Lock { held: StdCell::new(0) }))
}

fn lock<'a>(cx: &'a Cx, this: Handle<'_>) -> Result<&'a Lock, Raised> {
    cx.payload::<Lock>(this).ok_or_else(|| cx.vm().raise_type_error("not a lock"))
}

fn new_lock<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    allocate_lock(cx, args)
}

fn allocate_lock<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let ty = types(cx.vm()).lock;
    let lock = new_of(cx.vm(), ty);
    Ok(cx.local(lock))
}

fn new_rlock<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = types(cx.vm()).rlock;
    crate::types::new::check_class(cx, args.at(0), ty)?;
    let lock = new_of(cx.vm(), ty);
    crate::types::new::of_class(cx, args.at(0), ty, lock)
}

/// The arguments of `acquire`: whether to wait, and how many seconds (None: for ever).
fn waiting(cx: &mut Cx, args: Args<'_>) -> Result<Option<f64>, Raised> {
    let blocking = cx.flag(args.opt(1), true)?;
    let timeout = args.opt(2).map_or(Ok(-1.0), |timeout| cx.real(timeout))?;
    if !blocking && timeout != -1.0 {
        return Err(cx.vm().raise_value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(cx.vm().raise_value_error("timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(cx.vm().raise_overflow_error("timeout value is too large"));
    }
    Ok(if !blocking {
        Some(0.0)
    } else if timeout < 0.0 {
        None
    } else {
        Some(timeout)
    })
}

fn acquire<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let wait = waiting(cx, args)?;
    let this = lock(cx, args.at(0))?;
    if this.held.get() == 0 {
        this.held.set(1);
        return Ok(cx.bool(true));
    }
    match wait {
        // Nobody else could release it.
        None => Err(cx.vm().raise_runtime_error("deadlock: the lock is held and there is no other thread")),
        Some(seconds) => {
            std::thread::sleep(std::time::Duration::from_secs_f64(seconds));
            Ok(cx.bool(false))
        }
    }
}

fn enter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = lock(cx, args.at(0))?;
    if this.held.get() != 0 {
        return Err(cx.vm().raise_runtime_error("deadlock: the lock is held and there is no other thread"));
    }
    this.held.set(1);
    Ok(cx.bool(true))
}

fn release<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = lock(cx, args.at(0))?;
    if this.held.get() == 0 {
        return Err(cx.vm().raise_runtime_error("release unlocked lock"));
    }
    this.held.set(0);
    Ok(cx.none())
}

fn exit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    release(cx, args)
}

fn locked<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let held = lock(cx, args.at(0))?.held.get() != 0;
    Ok(cx.bool(held))
}

fn reinit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    lock(cx, args.at(0))?.held.set(0);
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = if lock(cx, args.at(0))?.held.get() == 0 { "unlocked" } else { "locked" };
    let (name, id) = (cx.vm().type_name_of(args.at(0).value()), cx.vm().ids.number(args.at(0).value()));
    let text = cx.vm().new_str(&format!("<{state} _thread.{name} object at {id:#x}>"));
    Ok(cx.local(text))
}

fn repr_again<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = lock(cx, args.at(0))?.held.get();
    let (state, owner) = if count == 0 { ("unlocked", 0) } else { ("locked", ident()) };
    let (name, id) = (cx.vm().type_name_of(args.at(0).value()), cx.vm().ids.number(args.at(0).value()));
    let text = format!("<{state} _thread.{name} object owner={owner} count={count} at {id:#x}>");
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn acquire_again<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    waiting(cx, args)?;
    let this = lock(cx, args.at(0))?;
    this.held.set(this.held.get() + 1);
    Ok(cx.bool(true))
}

fn release_once<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = lock(cx, args.at(0))?;
    if this.held.get() == 0 {
        return Err(cx.vm().raise_runtime_error("cannot release un-acquired lock"));
    }
    this.held.set(this.held.get() - 1);
    Ok(cx.none())
}

fn exit_once<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    release_once(cx, args)
}

fn recursion_count<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = lock(cx, args.at(0))?.held.get();
    let count = cx.vm().new_int(count as i64);
    Ok(cx.local(count))
}

fn acquire_restore<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.vm().sequence_item(args.at(1).value(), 0).and_then(Value::as_int).unwrap_or(1);
    lock(cx, args.at(0))?.held.set(count as u64);
    Ok(cx.none())
}

fn release_save<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = lock(cx, args.at(0))?;
    let count = this.held.replace(0);
    if count == 0 {
        return Err(cx.vm().raise_runtime_error("cannot release un-acquired lock"));
    }
    let vm = cx.vm();
    let (count, owner) = (vm.new_int(count as i64), vm.new_int(ident()));
    let state = vm.new_tuple(&[count, owner]);
    Ok(cx.local(state))
}

fn new_local<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = types(cx.vm()).local;
    crate::types::new::check_class(cx, args.at(0), ty)?;
    let vm = cx.vm();
    let (class, object) = (args.at(0).value(), vm.types.object);
    let init = vm.names.__init__;
    if (args.rest().len() > 0 || args.opt(1).is_some()) && vm.lookup(class, init) == vm.lookup(object, init) {
        return Err(vm.raise_type_error("Initialization arguments are not supported"));
    }
    let shape = vm.shape_of_type(ty);
    let local = vm.new_boxed(shape, Box::new(Local));
    crate::types::new::of_class(cx, args.at(0), ty, local)
}

fn new_handle<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let ty = types(cx.vm()).handle;
    let handle = new_of(cx.vm(), ty);
    Ok(cx.local(handle))
}

fn make_handle<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    new_handle(cx, args)
}

fn handle_ident<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    get_ident(cx, args)
}

fn join<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if lock(cx, args.at(0))?.held.get() == 0 {
        return Err(cx.vm().raise_runtime_error("Cannot join current thread"));
    }
    Ok(cx.none())
}

fn is_done<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    locked(cx, args)
}

fn set_done<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    lock(cx, args.at(0))?.held.set(1);
    Ok(cx.none())
}

fn get_ident<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let ident = cx.vm().new_int(ident());
    Ok(cx.local(ident))
}

fn get_native_id<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let id = cx.vm().new_int(i64::from(std::process::id()));
    Ok(cx.local(id))
}

fn yes<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(true))
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn count<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(0)))
}

fn stack_size<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(0)))
}

fn start<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_runtime_error("starting threads is not supported yet"))
}

fn interrupt_main<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_with(cx.vm().exceptions.keyboard_interrupt, &[]))
}

fn exit_thread<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_with(cx.vm().exceptions.system_exit, &[]))
}

fn excepthook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = cx.get_attr(args.at(0), "exc_value")?;
    if !exception.value().is_none() {
        crate::traceback::print(cx, exception.handle())?;
    }
    Ok(cx.none())
}
