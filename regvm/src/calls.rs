//! Handlers of calls, by the number of arguments: straight into the callee's frame where it is a Python function that
//! takes just as many, else through the runtime.

use runtime::{CallArgs, Found, Value, Vm};

use crate::handlers::{Handler, callable_attr};
use crate::state::{Next, State};

/// Operand numbers of `N` arguments of which the first `IN_WORD` stand in the instruction word from operand c (or b).
#[inline(always)]
fn argument(s: &State, i: usize, in_word: usize) -> Value {
    let operand = if i < in_word { s.c() } else { s.extra(i - in_word) };
    s.rk(operand)
}

/// The values of `N` arguments of which the first stands in the instruction word.
#[inline(always)]
fn arguments<const N: usize>(s: &State) -> [Value; N] {
    let mut values = [Value::UNDEF; N];
    for (i, value) in values.iter_mut().enumerate() {
        *value = argument(s, i, 1);
    }
    values
}

/// Writes the arguments to the frame of a plain callee and enters it.
#[inline(always)]
fn enter_plain(
    s: &mut State,
    callee: Value,
    count: usize,
    words: usize,
    argument: impl Fn(&State, usize) -> Value,
) -> Next {
    let vm = s.vm();
    let fp = vm.top();
    let Some(code) = vm.plain_callee(callee, count, fp) else { return Next::Slow };
    if vm.is_interrupted() {
        return Next::Slow;
    }
    for i in 0..count {
        let value = argument(s, i);
        // SAFETY: `plain_callee` found room for the frame, whose first slots are the parameters.
        unsafe { fp.add(i).write(value) };
    }
    // SAFETY: `plain_callee` gave the code for these.
    let (entry, consts) = unsafe { vm.push_plain(callee, code, count, fp, s.pc.add(words).cast(), s.a()) };
    s.pc = entry.cast();
    s.consts = consts;
    s.fp = fp;
    Next::Go
}

/// The safepoint of a call, before its operands are read: everything is in registers still. False if it raised.
#[inline(always)]
fn poll(s: &State) -> bool {
    if !s.vm().is_interrupted() {
        return true;
    }
    s.save(s.a(), 0);
    s.vm().safepoint().is_ok()
}

/// Calls through the runtime. No safepoint lies between reading the operands and this.
#[inline(always)]
pub(crate) fn call_general(s: &mut State, callee: Value, values: &[Value], words: usize) -> Next {
    s.save(s.a(), words);
    let result = match s.vm().call_native_directly(callee, values) {
        Some(result) => result,
        None => s.vm().call_from_machine(callee, CallArgs::positional(values)),
    };
    s.finish(s.a(), words, result)
}

/// `CALLn`.
pub(crate) struct Call<const N: usize>;

impl<const N: usize> Call<N> {
    const WORDS: usize = if N > 1 { 1 } else { 0 };
}

impl<const N: usize> Handler for Call<N> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let callee = s.rk(s.b());
        enter_plain(s, callee, N, Self::WORDS, |s, i| argument(s, i, 1))
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        if !poll(s) {
            return Next::Raise;
        }
        let callee = s.rk(s.b());
        let values: [Value; N] = arguments(s);
        call_general(s, callee, &values, Self::WORDS)
    }
}

/// `CALL_SELFn`: the first argument only if it is there.
pub(crate) struct CallSelf<const N: usize>;

impl<const N: usize> CallSelf<N> {
    const WORDS: usize = if N > 0 { 1 } else { 0 };
}

impl<const N: usize> Handler for CallSelf<N> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let callee = s.rk(s.b());
        let self_or_null = s.rk(s.c());
        if self_or_null.is_undef() {
            return enter_plain(s, callee, N, Self::WORDS, |s, i| argument(s, i, 0));
        }
        enter_plain(
            s,
            callee,
            N + 1,
            Self::WORDS,
            |s, i| if i == 0 { self_or_null } else { argument(s, i - 1, 0) },
        )
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        if !poll(s) {
            return Next::Raise;
        }
        let callee = s.rk(s.b());
        let mut values = [Value::UNDEF; 5];
        values[0] = s.rk(s.c());
        for i in 0..N {
            values[i + 1] = argument(s, i, 0);
        }
        let start = usize::from(values[0].is_undef());
        call_general(s, callee, &values[start..=N], Self::WORDS)
    }
}

/// Marks a position among the builtins in a global's cache word.
const BUILTIN: u64 = 1 << 63;

/// The value of a global by a cache word: version low, position high.
#[inline(always)]
fn cached_global(s: &State, cache: u64) -> Option<Value> {
    let vm = s.vm();
    if vm.globals_version() != cache as u32 || cache as u32 == 0 {
        return None;
    }
    let position = (cache >> 32 & 0x7FFF_FFFF) as usize;
    if cache & BUILTIN == 0 {
        return Some(vm.global_at(position));
    }
    (vm.builtins_version() != 0).then(|| vm.builtin_at(position))
}

/// The value of a global, remembered in cache word `word`.
fn load_global(s: &mut State, name: usize, word: usize) -> Value {
    let name = s.name(name);
    let value = s.vm().load_global(name);
    if !value.is_signal()
        && let Some((version, position, is_builtin)) = s.vm().find_global(name)
        && version != 0
    {
        let builtin = if is_builtin { BUILTIN } else { 0 };
        s.set_word(word, u64::from(version) | (position as u64) << 32 | builtin);
    }
    value
}

/// `CALL_GLOBALn`.
pub(crate) struct CallGlobal<const N: usize>;

impl<const N: usize> CallGlobal<N> {
    const EXTRA: usize = if N > 1 { 1 } else { 0 };
    const WORDS: usize = Self::EXTRA + 1;
}

impl<const N: usize> Handler for CallGlobal<N> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let Some(callee) = cached_global(s, s.word(Self::EXTRA)) else { return Next::Slow };
        enter_plain(s, callee, N, Self::WORDS, |s, i| argument(s, i, 1))
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        if !poll(s) {
            return Next::Raise;
        }
        let callee = match cached_global(s, s.word(Self::EXTRA)) {
            Some(callee) => callee,
            None => {
                s.save(s.a(), Self::WORDS);
                s.vm().set_step(0);
                let callee = load_global(s, s.b(), Self::EXTRA);
                if callee == Value::RAISED {
                    return Next::Raise;
                }
                s.vm().clear_step();
                callee
            }
        };
        let values: [Value; N] = arguments(s);
        call_general(s, callee, &values, Self::WORDS)
    }
}

/// `CALL_GLOBAL_N`.
pub(crate) fn call_global_n(s: &mut State) -> Next {
    let count = s.c();
    let cache = count.div_ceil(4);
    s.save(s.a(), cache + 1);
    s.vm().set_step(0);
    let callee = match cached_global(s, s.word(cache)) {
        Some(callee) => callee,
        None => load_global(s, s.b(), cache),
    };
    if callee == Value::RAISED {
        return Next::Raise;
    }
    s.vm().clear_step();
    let values = s.list(0, count);
    call_general(s, callee, &values, cache + 1)
}

/// `CALL_METHODn`: the method of an object, called with the object first. Caches: shape, method.
pub(crate) struct CallMethod<const N: usize>;

impl<const N: usize> CallMethod<N> {
    const EXTRA: usize = if N > 0 { 1 } else { 0 };
    const WORDS: usize = Self::EXTRA + 2;
}

/// The value in a cache word.
#[inline(always)]
pub(crate) fn cached_value(s: &State, word: usize) -> Value {
    // SAFETY: the word holds a value that a flush would have removed if it were stale; a `Value` is a word.
    unsafe { *s.pc.add(word).cast::<Value>() }
}

/// Writes a value to a cache word.
#[inline(always)]
pub(crate) fn set_cached_value(s: &mut State, word: usize, value: Value) {
    s.set_word(word, value.bits());
}

impl<const N: usize> Handler for CallMethod<N> {
    #[inline(always)]
    fn run(s: &mut State) -> Next {
        let object = s.rk(s.b());
        let shape = s.word(Self::EXTRA) as u32;
        if shape == 0 || Vm::shape_id(object) != shape {
            return Next::Slow;
        }
        let method = cached_value(s, Self::EXTRA + 1);
        enter_plain(s, method, N + 1, Self::WORDS, |s, i| if i == 0 { object } else { argument(s, i - 1, 0) })
    }

    #[inline(always)]
    fn slow(s: &mut State) -> Next {
        if !poll(s) {
            return Next::Raise;
        }
        if refresh_method(s, Self::EXTRA) {
            let next = Self::run(s);
            if next != Next::Slow {
                return next;
            }
        }
        let mut values = [Value::UNDEF; 5];
        values[0] = s.rk(s.b());
        for i in 0..N {
            values[i + 1] = argument(s, i, 0);
        }
        call_method(s, &values[..=N], Self::EXTRA)
    }
}

/// Fills the caches of a method call for another class than the last; whether there is something new in them.
fn refresh_method(s: &mut State, cache: usize) -> bool {
    let (object, name) = (s.rk(s.b()), s.name(s.c()));
    let shape = Vm::shape_id(object);
    if shape == 0 || s.word(cache) as u32 == shape {
        return false;
    }
    let Found::Method(method) = s.vm().find_attr(object, name) else { return false };
    s.set_word(cache, u64::from(shape));
    set_cached_value(s, cache + 1, method);
    true
}

/// Calls the method named by operand c of `values[0]`; the caches begin at word `cache`.
fn call_method(s: &mut State, values: &[Value], cache: usize) -> Next {
    let words = cache + 2;
    let (object, name) = (values[0], s.name(s.c()));
    let shape = Vm::shape_id(object);
    if shape != 0 && s.word(cache) as u32 == shape {
        let method = cached_value(s, cache + 1);
        return call_general(s, method, values, words);
    }
    s.save(s.a(), words);
    let found = s.vm().find_attr(object, name);
    if let Found::Method(method) = found {
        if shape != 0 {
            s.set_word(cache, u64::from(shape));
            set_cached_value(s, cache + 1, method);
        }
        return call_general(s, method, values, words);
    }
    if !matches!(found, Found::Slot(_) | Found::ClassValue(_)) {
        let method = s.vm().find_method_for_call(object, name);
        if !method.is_undef() {
            return call_general(s, method, values, words);
        }
    }
    s.vm().set_step(0);
    let callee = callable_attr(s, found, object, name);
    if callee == Value::RAISED {
        return Next::Raise;
    }
    s.vm().clear_step();
    call_general(s, callee, &values[1..], words)
}

/// `CALL_METHOD_N`.
pub(crate) fn call_method_n(s: &mut State) -> Next {
    let count = s.extra(0);
    let values = s.list_after(s.rk(s.b()), 1, count);
    call_method(s, &values, 1 + count.div_ceil(4))
}

/// `LOAD_GLOBAL` by its cache word.
#[inline(always)]
pub(crate) fn load_global_cached(s: &mut State) -> Next {
    match cached_global(s, s.word(0)) {
        Some(value) => {
            s.set(s.a(), value);
            s.skip(1);
            Next::Go
        }
        None => Next::Slow,
    }
}

/// `LOAD_GLOBAL` by lookup.
pub(crate) fn load_global_slow(s: &mut State) -> Next {
    s.save(s.a(), 1);
    let value = load_global(s, s.b(), 0);
    s.finish(s.a(), 1, value)
}
