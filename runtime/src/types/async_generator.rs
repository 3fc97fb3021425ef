//! Asynchronous generators: `asend`, `athrow`, `aclose` and the awaitables they return; the built-in functions `aiter` and
//! `anext`.
//!
//! A generator tells what it yields from what it awaits by wrapping the former: an awaitable passes on what is awaited
//! and ends with what is yielded.

#![expect(unsafe_code, reason = "generators are reached through cells")]

use std::any::Any;
use std::cell::Cell as StdCell;

use super::generator::{self, exception_of, throw_exception};
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

static METHODS: &[NativeDef] = &[
    NativeDef::new("__aiter__", "$self, /", itself),
    NativeDef::new("__anext__", "$self, /", anext_method),
    NativeDef::new("asend", "$self, value, /", asend),
    NativeDef::new("athrow", "$self, typ, val=None, tb=None, /", athrow),
    NativeDef::new("aclose", "$self, /", aclose),
    NativeDef::new("__repr__", "$self, /", generator::repr),
    NativeDef::class("__class_getitem__", "$type, item, /", super::generic_alias::class_getitem),
    NativeDef::attribute("__name__", generator::name, generator::set_name),
    NativeDef::attribute("__qualname__", generator::qualname, generator::set_qualname),
    NativeDef::getter("ag_running", running),
    NativeDef::getter("ag_suspended", generator::suspended),
    NativeDef::getter("ag_await", generator::awaiting),
    NativeDef::getter("ag_code", generator::code),
    NativeDef::getter("ag_frame", generator::frame),
    NativeDef::new("__del__", "$self, /", generator::close),
];

static STEP: &[NativeDef] = &[
    NativeDef::new("__await__", "$self, /", itself),
    NativeDef::new("__iter__", "$self, /", itself),
    NativeDef::new("__next__", "$self, /", step_next),
    NativeDef::new("send", "$self, arg, /", step_send),
    NativeDef::new("throw", "$self, typ, val=None, tb=None, /", step_throw),
    NativeDef::new("close", "$self, /", step_close),
];

static DEFAULTING: &[NativeDef] = &[
    NativeDef::new("__await__", "$self, /", itself),
    NativeDef::new("__iter__", "$self, /", itself),
    NativeDef::new("__next__", "$self, /", defaulting_next),
    NativeDef::new("send", "$self, arg, /", defaulting_send),
    NativeDef::new("throw", "$self, /, *args", defaulting_throw),
    NativeDef::new("close", "$self, /", defaulting_close),
];

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("aiter", "async_iterable, /", aiter)
        .doc("Return an AsyncIterator for an AsyncIterable object."),
    NativeDef::new("anext", "aiterator, default=<unrepresentable>, /", anext)
        .doc("Return the next item from the async iterator."),
];

/// The types of the awaitables.
#[derive(Clone, Copy, Default)]
struct State(Option<[Value; 3]>);

/// Makes the methods and functions.
pub(super) fn install(vm: &mut Vm) {
    let ty = vm.types.async_generator;
    super::add_methods(vm, ty, METHODS);
    let builtins = vm.builtins;
    crate::modules::add_functions(vm, builtins, FUNCTIONS);
}

fn types(vm: &mut Vm) -> [Value; 3] {
    if let Some(types) = vm.module_state::<State>().0 {
        return types;
    }
    let object = vm.types.object;
    let flags = crate::type_object::type_flag::NO_NEW;
    let names =
        [("async_generator_asend", STEP), ("async_generator_athrow", STEP), ("anext_awaitable", DEFAULTING)];
    let types = names.map(|(name, methods)| {
        let ty = vm.new_builtin_type(name, object, Kind::Boxed, flags);
        super::add_methods(vm, ty, methods);
        ty
    });
    vm.module_state::<State>().0 = Some(types);
    types
}

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

fn cell<'a>(generator: Value) -> &'a mut GeneratorCell {
    // SAFETY: natives of the type get a generator, and what they hold is alive; leaf use only.
    unsafe { &mut *generator.cast::<GeneratorCell>() }
}

fn running<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let running = cell(args.at(0).value()).running_async;
    Ok(cx.bool(running))
}

// ---- the awaitables --------------------------------------------------------------------------------------------------

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Created,
    Awaited,
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    Send,
    Throw,
    Close,
}

/// One step of a generator: until it yields.
struct Step {
    generator: Slot,
    task: Task,
    /// What is sent or thrown.
    value: Slot,
    stage: StdCell<Stage>,
}

impl Payload for Step {
    fn trace(&self, marker: &mut Marker) {
        self.generator.trace(marker);
        self.value.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Task {
    fn name(self) -> &'static str {
        match self {
            Self::Send => "anext()",
            Self::Throw => "athrow()",
            Self::Close => "aclose()",
        }
    }

    fn reused(self) -> &'static str {
        match self {
            Self::Send => "cannot reuse already awaited __anext__()/asend()",
            Self::Throw | Self::Close => "cannot reuse already awaited aclose()/athrow()",
        }
    }
}

const IGNORED: &str = "async generator ignored GeneratorExit";

fn new_step<'a>(cx: &'a mut Cx, generator: Handle<'_>, task: Task, value: Value) -> Res<'a> {
    let value = cx.root_value(value);
    first_iteration(cx, generator)?;
    let ty = types(cx.vm())[usize::from(task != Task::Send)];
    let step = Step {
        generator: Slot::of(generator.value()),
        task,
        value: Slot::of(value.value()),
        stage: StdCell::new(Stage::Created),
    };
    let shape = cx.vm().shape_of_type(ty);
    let step = cx.vm().new_boxed(shape, Box::new(step));
    Ok(cx.local(step))
}

/// Tells the hook of `sys.set_asyncgen_hooks` of a generator's first iteration.
fn first_iteration(cx: &mut Cx, generator: Handle<'_>) -> Result<(), Raised> {
    if std::mem::replace(&mut cell(generator.value()).hooks_inited, true) {
        return Ok(());
    }
    let (first, finalizer) = cx.vm().asyncgen_hooks();
    if !finalizer.is_none() {
        cell(generator.value()).hook = finalizer;
    }
    if first.is_none() {
        return Ok(());
    }
    let first = cx.root_value(first);
    cx.call(first.handle(), &[generator]).map(drop)
}

fn anext_method<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    new_step(cx, args.at(0), Task::Send, Value::NONE)
}

fn asend<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    new_step(cx, args.at(0), Task::Send, args.at(1).value())
}

fn athrow<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = exception_of(cx, args)?;
    new_step(cx, args.at(0), Task::Throw, exception.value())
}

fn aclose<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    new_step(cx, args.at(0), Task::Close, Value::NONE)
}

fn step<'a>(cx: &'a Cx, this: Handle<'_>) -> &'a Step {
    cx.payload::<Step>(this).expect("methods of steps get one")
}

/// What a step begins or goes on with.
enum Begin {
    Send(Root),
    Throw(Root),
}

fn step_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let none = cx.root_value(Value::NONE);
    drive(cx, args.at(0), Begin::Send(none))
}

fn step_send<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.root_value(args.at(1).value());
    drive(cx, args.at(0), Begin::Send(value))
}

fn step_throw<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = exception_of(cx, args)?;
    drive(cx, args.at(0), Begin::Throw(exception))
}

/// Raises an error that ends a step.
fn fail(cx: &Cx, this: Handle<'_>, message: &str) -> Raised {
    step(cx, this).stage.set(Stage::Closed);
    cx.vm().raise_runtime_error(message)
}

fn drive<'a>(cx: &'a mut Cx, this: Handle<'_>, begin: Begin) -> Res<'a> {
    let (task, stage) = (step(cx, this).task, step(cx, this).stage.get());
    let generator = cx.root_value(step(cx, this).generator.value());
    if stage == Stage::Closed {
        return Err(cx.vm().raise_runtime_error(task.reused()));
    }
    let is_throw = matches!(begin, Begin::Throw(_));
    if task != Task::Send && !is_throw && cell(generator.value()).state == GeneratorState::Done {
        step(cx, this).stage.set(Stage::Closed);
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    let mut begin = begin;
    if stage == Stage::Created {
        if cell(generator.value()).running_async {
            let message = format!("{}: asynchronous generator is already running", task.name());
            return Err(fail(cx, this, &message));
        }
        if !is_throw {
            begin = first_move(cx, this, &generator, begin)?;
        }
        step(cx, this).stage.set(Stage::Awaited);
    }
    cell(generator.value()).running_async = true;
    let result = match &begin {
        Begin::Send(value) => cx.vm().drive(generator.value(), value.value()),
        Begin::Throw(exception) => throw_exception(cx, generator.handle(), exception.handle()),
    };
    let value = if task == Task::Close {
        closing(cx, this, &generator, result)?
    } else {
        let outcome = unwrapped(cx, &generator, result);
        if outcome.is_err() {
            step(cx, this).stage.set(Stage::Closed);
        }
        outcome?
    };
    Ok(cx.local(value))
}

/// What the first `send` to a step does.
fn first_move(cx: &mut Cx, this: Handle<'_>, generator: &Root, begin: Begin) -> Result<Begin, Raised> {
    let (task, value) = (step(cx, this).task, cx.root_value(step(cx, this).value.value()));
    let Begin::Send(sent) = begin else { return Ok(begin) };
    if task == Task::Send {
        return Ok(Begin::Send(if sent.value().is_none() { value } else { sent }));
    }
    if cell(generator.value()).closed {
        step(cx, this).stage.set(Stage::Closed);
        return Err(cx.vm().raise_with(cx.vm().exceptions.stop_async_iteration, &[]));
    }
    if !sent.value().is_none() {
        let message = "can't send non-None value to a just-started coroutine";
        return Err(cx.vm().raise_runtime_error(message));
    }
    if task == Task::Throw {
        return Ok(Begin::Throw(value));
    }
    cell(generator.value()).closed = true;
    let exit = cx.vm().new_exception(cx.vm().exceptions.generator_exit, &[]);
    Ok(Begin::Throw(cx.root_value(exit)))
}

/// What was yielded, if it is no awaited value.
fn yielded(value: Value) -> Option<Value> {
    let wrapped = value.as_cell::<ClosureCell>()?;
    // SAFETY: the cell is live.
    unsafe { ((*wrapped).header.shape == shape_id::ASYNC_WRAPPED).then(|| (*wrapped).contents) }
}

/// The generator has ended for good, and the error says no more than that.
fn is_end(vm: &Vm) -> bool {
    vm.is_raised(vm.exceptions.stop_async_iteration) || vm.is_raised(vm.exceptions.generator_exit)
}

/// What a generator did: an awaited value is passed on, a yielded one ends the step.
fn unwrapped(cx: &Cx, generator: &Root, result: Result<Value, Raised>) -> Result<Value, Raised> {
    let state = cell(generator.value());
    match result {
        Err(Raised) => {
            state.closed |= is_end(cx.vm());
            state.running_async = false;
            Err(Raised)
        }
        Ok(value) => match yielded(value) {
            Some(value) => {
                state.running_async = false;
                Err(cx.vm().raise_stop_iteration_of(value))
            }
            None => Ok(value),
        },
    }
}

/// What a generator did that is being closed.
fn closing(
    cx: &Cx,
    this: Handle<'_>,
    generator: &Root,
    result: Result<Value, Raised>,
) -> Result<Value, Raised> {
    match result {
        Ok(value) if yielded(value).is_none() => return Ok(value),
        Ok(_) => {
            cell(generator.value()).running_async = false;
            return Err(fail(cx, this, IGNORED));
        }
        Err(Raised) => {}
    }
    cell(generator.value()).running_async = false;
    step(cx, this).stage.set(Stage::Closed);
    if is_end(cx.vm()) {
        cx.vm().take_exception();
        return Err(cx.vm().raise_stop_iteration(Value::NONE));
    }
    Err(Raised)
}

fn step_close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if step(cx, args.at(0)).stage.get() == Stage::Closed {
        return Ok(cx.none());
    }
    let exit = cx.vm().new_exception(cx.vm().exceptions.generator_exit, &[]);
    let exit = cx.root_value(exit);
    if drive(cx, args.at(0), Begin::Throw(exit)).is_ok() {
        return Err(cx.vm().raise_runtime_error("coroutine ignored GeneratorExit"));
    }
    if is_end(cx.vm()) || cx.vm().is_raised(cx.vm().exceptions.stop_iteration) {
        cx.vm().take_exception();
        return Ok(cx.none());
    }
    Err(Raised)
}

// ---- aiter and anext -------------------------------------------------------------------------------------------------

/// The special method of an object's type, if it has one.
fn special(cx: &Cx, object: Handle<'_>, name: Value) -> Option<Value> {
    let vm = cx.vm();
    let method = vm.lookup(vm.type_of(object.value()), name);
    (!method.is_undef() && !method.is_none()).then_some(method)
}

fn aiter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (aiter, anext) = (cx.vm().names.__aiter__, cx.vm().names.__anext__);
    let object = args.at(0);
    if special(cx, object, aiter).is_none() {
        let ty = cx.vm().type_name_of(object.value());
        return Err(cx.vm().raise_type_error(&format!("'{ty}' object is not an async iterable")));
    }
    let iterator = cx.call_special(object, aiter, &[])?.expect("it was found above");
    if special(cx, iterator.handle(), anext).is_none() {
        let ty = cx.vm().type_name_of(iterator.value());
        let message = format!("aiter() returned not an async iterator of type '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(iterator.get(cx))
}

/// An awaitable that gives a default at the end of the iteration.
struct Defaulting {
    awaitable: Slot,
    default: Slot,
}

impl Payload for Defaulting {
    fn trace(&self, marker: &mut Marker) {
        self.awaitable.trace(marker);
        self.default.trace(marker);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn anext<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.__anext__;
    let iterator = args.at(0);
    if special(cx, iterator, name).is_none() {
        let ty = cx.vm().type_name_of(iterator.value());
        return Err(cx.vm().raise_type_error(&format!("'{ty}' object is not an async iterator")));
    }
    let awaitable = cx.call_special(iterator, name, &[])?.expect("it was found above");
    let Some(default) = args.opt(1) else { return Ok(awaitable.get(cx)) };
    let [.., ty] = types(cx.vm());
    let state = Defaulting { awaitable: Slot::of(awaitable.value()), default: Slot::of(default.value()) };
    let shape = cx.vm().shape_of_type(ty);
    let made = cx.vm().new_boxed(shape, Box::new(state));
    Ok(cx.local(made))
}

/// Calls a method of the awaitable's iterator.
fn proxied<'a>(cx: &'a mut Cx, args: Args<'_>, method: &str, values: &[Handle<'_>]) -> Res<'a> {
    let state = cx.payload::<Defaulting>(args.at(0)).expect("methods get an object of the type");
    let (awaitable, default) = (state.awaitable.value(), cx.root_value(state.default.value()));
    let awaitable = cx.root_value(awaitable);
    let iterator = cx.vm().awaitable_iter(awaitable.value(), 0)?;
    let iterator = cx.root_value(iterator);
    let iterator = if iterator.value().is_kind(Kind::Generator) && method == "__next__" {
        cx.call_method(iterator.handle(), "__await__", &[])?
    } else {
        iterator
    };
    match cx.call_method(iterator.handle(), method, values) {
        Ok(result) => Ok(result.get(cx)),
        Err(Raised) if cx.vm().is_raised(cx.vm().exceptions.stop_async_iteration) => {
            cx.vm().take_exception();
            Err(cx.vm().raise_stop_iteration_of(default.value()))
        }
        Err(Raised) => Err(Raised),
    }
}

fn defaulting_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    proxied(cx, args, "__next__", &[])
}

fn defaulting_send<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    proxied(cx, args, "send", &[args.at(1)])
}

fn defaulting_throw<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let values: Vec<Handle<'_>> = args.rest().collect();
    proxied(cx, args, "throw", &values)
}

fn defaulting_close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    proxied(cx, args, "close", &[])
}

impl Vm {
    /// Raises StopIteration with a value, which may be a tuple or an exception.
    fn raise_stop_iteration_of(&mut self, value: Value) -> Raised {
        self.raise_with(self.exceptions.stop_iteration, &[value])
    }
}
