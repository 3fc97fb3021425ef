//! Generators and coroutines as objects: `send`, `throw`, `close` and what they tell of themselves.

#![expect(unsafe_code, reason = "generators are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::frame::Cont;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) static METHODS: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", own_iter),
    NativeDef::new("__next__", "$self, /", next),
    NativeDef::new("send", "$self, arg, /", send),
    NativeDef::new("throw", "$self, typ, val=None, tb=None, /", throw),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::attribute("__name__", name, set_name),
    NativeDef::attribute("__qualname__", qualname, set_qualname),
    NativeDef::getter("gi_running", running),
    NativeDef::getter("gi_suspended", suspended),
    NativeDef::getter("gi_yieldfrom", awaiting),
    NativeDef::getter("gi_code", code),
    NativeDef::getter("gi_frame", frame),
    NativeDef::new("__del__", "$self, /", close),
];

pub(crate) static COROUTINE_METHODS: &[NativeDef] = &[
    NativeDef::new("send", "$self, arg, /", send),
    NativeDef::new("throw", "$self, typ, val=None, tb=None, /", throw),
    NativeDef::new("close", "$self, /", close),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__await__", "$self, /", await_coroutine),
    NativeDef::attribute("__name__", name, set_name),
    NativeDef::attribute("__qualname__", qualname, set_qualname),
    NativeDef::getter("cr_running", running),
    NativeDef::getter("cr_suspended", suspended),
    NativeDef::getter("cr_await", awaiting),
    NativeDef::getter("cr_code", code),
    NativeDef::getter("cr_frame", frame),
    NativeDef::getter("cr_origin", origin),
    NativeDef::new("__del__", "$self, /", close),
];

pub(crate) static WRAPPER_METHODS: &[NativeDef] = &[
    NativeDef::new("__iter__", "$self, /", own_iter),
    NativeDef::new("__next__", "$self, /", wrapper_next),
    NativeDef::new("send", "$self, arg, /", wrapper_send),
    NativeDef::new("throw", "$self, typ, val=None, tb=None, /", wrapper_throw),
    NativeDef::new("close", "$self, /", wrapper_close),
];

/// What `__await__` of a coroutine returns: an iterator that drives it.
struct CoroutineWrapper {
    coroutine: crate::cx::Slot,
}

impl Payload for CoroutineWrapper {
    fn trace(&self, marker: &mut crate::heap::Marker) {
        self.coroutine.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// The cell of a generator handle.
fn cell(handle: Handle<'_>) -> *mut GeneratorCell {
    handle.value().cast::<GeneratorCell>()
}

fn state(handle: Handle<'_>) -> GeneratorState {
    // SAFETY: the handle's generator is live.
    unsafe { (*cell(handle)).state }
}

fn kind(handle: Handle<'_>) -> GeneratorKind {
    // SAFETY: as above.
    unsafe { (*cell(handle)).kind }
}

fn kind_name(kind: GeneratorKind) -> &'static str {
    match kind {
        GeneratorKind::Generator => "generator",
        GeneratorKind::Coroutine => "coroutine",
        GeneratorKind::AsyncGenerator => "async generator",
    }
}

fn own_iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().drive(args.at(0).value(), Value::NONE)?;
    Ok(cx.local(value))
}

fn send<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().drive(args.at(0).value(), args.at(1).value())?;
    Ok(cx.local(value))
}

impl Vm {
    /// Sends a value to a generator: what it yields; StopIteration at its end.
    pub(crate) fn drive(&mut self, generator: Value, sent: Value) -> Result<Value, Raised> {
        self.check_ready(generator, sent)?;
        self.door(|vm| vm.resume_generator(generator, sent, Cont::Resume))
    }

    /// Raises unless the generator can be given a value.
    fn check_ready(&mut self, generator: Value, sent: Value) -> Result<(), Raised> {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        let (state, kind) = unsafe { ((*cell).state, (*cell).kind) };
        match state {
            GeneratorState::Running => {
                let message = format!("{} already executing", kind_name(kind));
                Err(self.raise_value_error(&message))
            }
            GeneratorState::Created if !sent.is_none() => {
                let message = format!("can't send non-None value to a just-started {}", kind_name(kind));
                Err(self.raise_type_error(&message))
            }
            GeneratorState::Done => Err(match kind {
                GeneratorKind::Coroutine => {
                    self.raise_runtime_error("cannot reuse already awaited coroutine")
                }
                GeneratorKind::Generator => self.raise_stop_iteration(Value::NONE),
                GeneratorKind::AsyncGenerator => self.raise_with(self.exceptions.stop_async_iteration, &[]),
            }),
            _ => Ok(()),
        }
    }

    /// Raises an exception at the place where a generator waits; what it then yields.
    pub(crate) fn throw_into(&mut self, generator: Value, exception: Value) -> Result<Value, Raised> {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        match unsafe { (*cell).state } {
            GeneratorState::Running => {
                // SAFETY: as above.
                let message = format!("{} already executing", kind_name(unsafe { (*cell).kind }));
                return Err(self.raise_value_error(&message));
            }
            GeneratorState::Done => {
                // SAFETY: as above.
                if unsafe { (*cell).kind } == GeneratorKind::Coroutine {
                    return Err(self.raise_runtime_error("cannot reuse already awaited coroutine"));
                }
                return Err(self.raise_value(exception));
            }
            GeneratorState::Created | GeneratorState::Suspended => {}
        }
        self.door(|vm| {
            if vm.resume_generator(generator, Value::NONE, Cont::Resume) == Value::RAISED {
                return Value::RAISED;
            }
            vm.raise_value(exception);
            if vm.unwind().is_some() { Value::PUSHED } else { Value::RAISED }
        })
    }

    /// What a suspended generator delegates to: Undef if nothing.
    pub(crate) fn delegate_of(&self, generator: Value) -> Value {
        let cell = generator.cast::<GeneratorCell>();
        // SAFETY: the generator is live.
        unsafe { if (*cell).state == GeneratorState::Suspended { (*cell).awaiting } else { Value::UNDEF } }
    }
}

/// The exception that `throw`'s arguments describe, with the traceback given.
pub(super) fn exception_of(cx: &mut Cx, args: Args<'_>) -> Result<Root, Raised> {
    let (ty, value, traceback) = (args.at(1), args.some(2), args.some(3));
    if let Some(traceback) = traceback
        && !traceback.value().is_kind(Kind::Traceback)
    {
        return Err(cx.vm().raise_type_error("throw() third argument must be a traceback object"));
    }
    let exception = if ty.value().is_kind(Kind::Exception) {
        if value.is_some() {
            return Err(cx.vm().raise_type_error("instance exception may not have a separate value"));
        }
        cx.root(ty)
    } else if cx.vm().is_exception_class(ty.value()) {
        match value {
            Some(value) if cx.vm().is_instance(value.value(), ty.value()) => cx.root(value),
            Some(value) if value.value().is_kind(Kind::Tuple) => {
                let values = cx.vm().sequence_values(value.value());
                cx.call_values(ty, &values, Value::UNDEF)?
            }
            Some(value) => cx.call(ty, &[value])?,
            None => cx.call(ty, &[])?,
        }
    } else {
        let name = cx.vm().type_name_of(ty.value());
        let message =
            format!("exceptions must be classes or instances deriving from BaseException, not {name}");
        return Err(cx.vm().raise_type_error(&message));
    };
    if !exception.value().is_kind(Kind::Exception) {
        return Err(cx.vm().raise_type_error("exceptions must derive from BaseException"));
    }
    if let Some(traceback) = traceback {
        // SAFETY: the exception is rooted.
        unsafe { (*exception.value().cast::<ExceptionCell>()).traceback = traceback.value() };
    }
    Ok(exception)
}

fn throw<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = exception_of(cx, args)?;
    let value = throw_exception(cx, args.at(0), exception.handle())?;
    Ok(cx.local(value))
}

/// `throw`: into what the generator delegates to, if it does; what is yielded, raw.
pub(crate) fn throw_exception(
    cx: &mut Cx,
    generator: Handle<'_>,
    exception: Handle<'_>,
) -> Result<Value, Raised> {
    let delegate = cx.vm().delegate_of(generator.value());
    if delegate.is_undef() {
        return cx.vm().throw_into(generator.value(), exception.value());
    }
    let delegate = cx.root_value(delegate);
    if cx.vm().is_instance(exception.value(), cx.vm().exceptions.generator_exit) {
        set_running(generator, true);
        let closed = close_delegate(cx, delegate.handle());
        set_running(generator, false);
        if closed.is_err() {
            let raised = cx.vm().take_exception();
            return cx.vm().throw_into(generator.value(), raised);
        }
        return cx.vm().throw_into(generator.value(), exception.value());
    }
    set_running(generator, true);
    let result = throw_to_delegate(cx, delegate.handle(), exception);
    set_running(generator, false);
    match result {
        Ok(Some(value)) => Ok(value.value()),
        Ok(None) => cx.vm().throw_into(generator.value(), exception.value()),
        Err(Raised) => finish_delegation(cx, generator),
    }
}

/// The delegate ended by an exception in flight: StopIteration's value is what `yield from` gives, anything else is
/// raised there.
fn finish_delegation(cx: &mut Cx, generator: Handle<'_>) -> Result<Value, Raised> {
    let exception = cx.vm().take_exception();
    // The generator waits behind a SEND: raising StopIteration there leads through its CLEANUP_THROW to the value.
    cx.vm().throw_into(generator.value(), exception)
}

/// Throws into a delegate; `None` if it cannot be thrown into.
fn throw_to_delegate(
    cx: &mut Cx,
    delegate: Handle<'_>,
    exception: Handle<'_>,
) -> Result<Option<Root>, Raised> {
    if delegate.value().is_kind(Kind::Generator) && kind(delegate) != GeneratorKind::AsyncGenerator {
        let value = throw_exception(cx, delegate, exception)?;
        return Ok(Some(cx.root_value(value)));
    }
    let Some(method) = cx.get_attr_opt(delegate, "throw")? else { return Ok(None) };
    Ok(Some(cx.call(method.handle(), &[exception])?))
}

fn close_delegate(cx: &mut Cx, delegate: Handle<'_>) -> Result<(), Raised> {
    if delegate.value().is_kind(Kind::Generator) && kind(delegate) != GeneratorKind::AsyncGenerator {
        return close_generator(cx, delegate).map(drop);
    }
    match cx.get_attr_opt(delegate, "close")? {
        Some(method) => cx.call(method.handle(), &[]).map(drop),
        None => Ok(()),
    }
}

/// While a delegate runs, the generator counts as running.
fn set_running(generator: Handle<'_>, running: bool) {
    // SAFETY: the generator is live.
    unsafe {
        (*cell(generator)).state = if running { GeneratorState::Running } else { GeneratorState::Suspended };
    }
}

pub(super) fn close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = close_generator(cx, args.at(0))?;
    Ok(cx.local(value))
}

/// `close()`: raises GeneratorExit where the generator waits; the value it returns, raw.
pub(crate) fn close_generator(cx: &mut Cx, generator: Handle<'_>) -> Result<Value, Raised> {
    match state(generator) {
        GeneratorState::Done => return Ok(Value::NONE),
        GeneratorState::Created => {
            finish(generator);
            return Ok(Value::NONE);
        }
        _ => {}
    }
    let delegate = cx.vm().delegate_of(generator.value());
    let exit = cx.vm().exceptions.generator_exit;
    // SAFETY: the generator is live.
    if delegate.is_undef()
        && state(generator) == GeneratorState::Suspended
        && unsafe { !crate::generator::needs_close(cell(generator)) }
    {
        finish(generator);
        return Ok(Value::NONE);
    }
    let exception = cx.vm().new_exception(exit, &[]);
    let exception = cx.root_value(exception);
    match throw_exception(cx, generator, exception.handle()) {
        Ok(_) => {
            let message = format!("{} ignored GeneratorExit", kind_name(kind(generator)));
            Err(cx.vm().raise_runtime_error(&message))
        }
        Err(Raised) => {
            let vm = cx.vm();
            if vm.clear_if(exit) {
                return Ok(Value::NONE);
            }
            if vm.is_raised(vm.exceptions.stop_iteration) {
                let stop = vm.take_exception();
                return Ok(crate::types::exceptions::stop_value(vm, stop));
            }
            Err(Raised)
        }
    }
}

/// Marks a generator as finished without running it.
fn finish(generator: Handle<'_>) {
    // SAFETY: the generator is live.
    unsafe {
        (*cell(generator)).state = GeneratorState::Done;
        (*cell(generator)).awaiting = Value::UNDEF;
    }
}

pub(super) fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let generator = args.at(0);
    // SAFETY: the generator is live.
    let qualname = cx.vm().str_lossy(unsafe { (*cell(generator)).qualname });
    let id = cx.vm().ids.number(generator.value());
    let kind = match kind(generator) {
        GeneratorKind::AsyncGenerator => "async_generator",
        kind => kind_name(kind),
    };
    let text = cx.vm().new_str(&format!("<{kind} object {qualname} at {id:#x}>"));
    Ok(cx.local(text))
}

pub(super) fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // SAFETY: the generator is live.
    Ok(cx.local(unsafe { (*cell(args.at(0))).name }))
}

pub(super) fn qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // SAFETY: the generator is live.
    Ok(cx.local(unsafe { (*cell(args.at(0))).qualname }))
}

/// The string given to a name attribute.
fn string_argument(cx: &mut Cx, args: Args<'_>, attribute: &str) -> Result<Value, Raised> {
    match args.opt(1) {
        Some(value) if value.value().is_kind(Kind::Str) => Ok(value.value()),
        _ => {
            let message = format!("{attribute} must be set to a string object");
            Err(cx.vm().raise_type_error(&message))
        }
    }
}

pub(super) fn set_name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = string_argument(cx, args, "__name__")?;
    // SAFETY: the generator is live.
    unsafe { (*cell(args.at(0))).name = value };
    Ok(cx.none())
}

pub(super) fn set_qualname<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = string_argument(cx, args, "__qualname__")?;
    // SAFETY: the generator is live.
    unsafe { (*cell(args.at(0))).qualname = value };
    Ok(cx.none())
}

fn running<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(state(args.at(0)) == GeneratorState::Running))
}

pub(super) fn suspended<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(state(args.at(0)) == GeneratorState::Suspended))
}

pub(super) fn awaiting<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let delegate = cx.vm().delegate_of(args.at(0).value());
    Ok(cx.local(if delegate.is_undef() { Value::NONE } else { delegate }))
}

pub(super) fn code<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    // SAFETY: the generator and its function are live.
    Ok(cx.local(unsafe { (*(*cell(args.at(0))).function.cast::<FunctionCell>()).code }))
}

pub(super) fn frame<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let frame = cx.vm().generator_frame_object(args.at(0).value());
    Ok(cx.local(frame))
}

fn origin<'a>(cx: &'a mut Cx, _: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

// ---- await ---------------------------------------------------------------------------------------------------------

fn await_coroutine<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let coroutine = crate::cx::Slot::new(args.at(0).get(cx));
    let vm = cx.vm();
    let shape = vm.type_data(vm.types.coroutine_wrapper).shape;
    let wrapper = vm.new_boxed(shape, Box::new(CoroutineWrapper { coroutine }));
    Ok(cx.local(wrapper))
}

/// The coroutine behind a wrapper.
fn wrapped(cx: &Cx, args: Args<'_>) -> Root {
    let wrapper = cx.payload::<CoroutineWrapper>(args.at(0)).expect("checked by the method's owner");
    let coroutine = wrapper.coroutine.get(cx).expect("set when made");
    cx.root(coroutine)
}

fn wrapper_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let coroutine = wrapped(cx, args);
    let value = cx.vm().drive(coroutine.value(), Value::NONE)?;
    Ok(cx.local(value))
}

fn wrapper_send<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let coroutine = wrapped(cx, args);
    let value = cx.vm().drive(coroutine.value(), args.at(1).value())?;
    Ok(cx.local(value))
}

fn wrapper_throw<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let coroutine = wrapped(cx, args);
    let exception = exception_of(cx, args)?;
    let value = throw_exception(cx, coroutine.handle(), exception.handle())?;
    Ok(cx.local(value))
}

fn wrapper_close<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let coroutine = wrapped(cx, args);
    let value = close_generator(cx, coroutine.handle())?;
    Ok(cx.local(value))
}
