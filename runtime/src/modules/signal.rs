//! `_signal`: numbers and names of signals, and the program's handlers. A handler runs at the safepoint after its signal
//! arrived, or at once if the program itself raises the signal.

use crate::cx::{Args, Cx, Raised, Res};
use crate::interrupt::{self, Disposition};
use crate::modules::posix::syscalls;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("signal", "signalnum, handler, /", signal),
    NativeDef::new("getsignal", "signalnum, /", getsignal),
    NativeDef::new("default_int_handler", "signalnum, frame, /", default_int_handler),
    NativeDef::new("raise_signal", "signalnum, /", raise_signal),
    NativeDef::new("strsignal", "signalnum, /", strsignal),
    NativeDef::new("valid_signals", "/", valid_signals),
    NativeDef::new("set_wakeup_fd", "fd, /, *, warn_on_full_buffer=True", set_wakeup_fd),
    NativeDef::new("siginterrupt", "signalnum, flag, /", nothing),
    NativeDef::new("alarm", "seconds, /", alarm),
    NativeDef::new("setitimer", "which, seconds, interval=0.0, /", unsupported),
    NativeDef::new("getitimer", "which, /", unsupported),
    NativeDef::new("pause", "/", unsupported),
    NativeDef::new("pthread_sigmask", "how, mask, /", unsupported),
];

static SIGNALS: &[(&str, i32)] = &[
    ("SIGHUP", libc::SIGHUP),
    ("SIGINT", libc::SIGINT),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGABRT", libc::SIGABRT),
    ("SIGIOT", libc::SIGABRT),
    ("SIGBUS", libc::SIGBUS),
    ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGALRM", libc::SIGALRM),
    ("SIGTERM", libc::SIGTERM),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGIO", libc::SIGIO),
    ("SIGSYS", libc::SIGSYS),
];

/// One more than the greatest signal.
const COUNT: i32 = 65;

/// A kept list of the handlers by signal.
#[derive(Default)]
struct State {
    handlers: Option<Value>,
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    for (name, number) in SIGNALS {
        super::set(vm, dict, name, Value::small(*number));
    }
    for (name, number) in [
        ("SIG_DFL", 0),
        ("SIG_IGN", 1),
        ("NSIG", COUNT),
        ("SIG_BLOCK", libc::SIG_BLOCK),
        ("SIG_UNBLOCK", libc::SIG_UNBLOCK),
        ("SIG_SETMASK", libc::SIG_SETMASK),
        ("ITIMER_REAL", 0),
        ("ITIMER_VIRTUAL", 1),
        ("ITIMER_PROF", 2),
    ] {
        super::set(vm, dict, name, Value::small(number));
    }
    let error = vm.exceptions.os_error;
    super::set(vm, dict, "ItimerError", error);
    let mut handlers = vec![Value::small(0); COUNT as usize];
    let key = vm.intern("default_int_handler");
    handlers[libc::SIGINT as usize] = vm.dict_get_str(dict, key).unwrap_or(Value::NONE);
    handlers[libc::SIGPIPE as usize] = Value::small(1);
    let list = vm.new_list(handlers);
    let list = vm.keep(list);
    vm.module_state::<State>().handlers = Some(list);
}

/// The program's handler of a signal; none where an interrupt is as it is at the start.
pub(crate) fn signal_handler(vm: &mut Vm, signal: i32) -> Option<Value> {
    let list = vm.module_state::<State>().handlers?;
    let handler = crate::ops::list_items(list)[signal as usize];
    (!handler.is_int()).then_some(handler)
}

fn handlers(vm: &mut Vm) -> Value {
    vm.module_state::<State>().handlers.expect("the module was filled")
}

fn number(cx: &mut Cx, args: Args<'_>) -> Result<usize, Raised> {
    let number = cx.c_int(args.at(0))?;
    if !(1..COUNT).contains(&number) {
        return Err(cx.vm().raise_value_error("signal number out of range"));
    }
    Ok(number as usize)
}

fn signal<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let number = number(cx, args)?;
    let handler = args.at(1).value();
    let is_number = cx.vm().is_any_int(handler) && matches!(cx.vm().int_of(handler), Some(0 | 1));
    if !is_number && !cx.vm().is_callable(handler) {
        let message = "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object";
        return Err(cx.vm().raise_type_error(message));
    }
    if matches!(number as i32, libc::SIGKILL | libc::SIGSTOP) {
        return Err(cx.vm().raise_os_error(libc::EINVAL, None));
    }
    let list = handlers(cx.vm());
    let handler = match cx.vm().int_of(handler) {
        Some(plain) if is_number => Value::small(plain as i32),
        _ => handler,
    };
    let disposition = match handler.as_int() {
        Some(0) if is_number => Disposition::Default,
        Some(1) if is_number => Disposition::Ignore,
        _ => Disposition::Note,
    };
    if let Err(error) = interrupt::dispose(number as i32, disposition) {
        return Err(cx.os_error(&error));
    }
    let previous = std::mem::replace(&mut crate::ops::list_items(list)[number], handler);
    Ok(cx.local(previous))
}

fn getsignal<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let number = number(cx, args)?;
    let list = handlers(cx.vm());
    let handler = crate::ops::list_items(list)[number];
    Ok(cx.local(handler))
}

fn default_int_handler<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_with(cx.vm().exceptions.keyboard_interrupt, &[]))
}

fn raise_signal<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let number = number(cx, args)?;
    let list = handlers(cx.vm());
    let handler = crate::ops::list_items(list)[number];
    if handler == Value::small(1) {
        return Ok(cx.none());
    }
    if handler == Value::small(0) {
        let _ = cx.vm().out.flush_out();
        return match syscalls::kill(std::process::id() as i32, number as i32) {
            Ok(()) => Ok(cx.none()),
            Err(error) => Err(cx.os_error(&error)),
        };
    }
    let handler = cx.root_value(handler);
    let (signal, frame) = (cx.root_value(Value::small(number as i32)), cx.root_value(Value::NONE));
    cx.call(handler.handle(), &[signal.handle(), frame.handle()])?;
    Ok(cx.none())
}

fn strsignal<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let number = number(cx, args)?;
    match syscalls::signal_text(number as i32).filter(|text| !text.starts_with("Unknown signal")) {
        Some(text) => {
            let text = cx.vm().new_str(&text);
            Ok(cx.local(text))
        }
        None => Ok(cx.none()),
    }
}

fn valid_signals<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let set = cx.vm().new_set();
    for number in (1..COUNT).filter(|number| !matches!(number, 32 | 33)) {
        cx.vm().set_insert_new(set, number as u64, Value::small(number));
    }
    Ok(cx.local(set))
}

fn set_wakeup_fd<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(-1)))
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn alarm<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let seconds = cx.c_int(args.at(0))?;
    let left = syscalls::alarm(seconds as u32);
    Ok(cx.local(Value::small(left as i32)))
}

fn unsupported<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("timers and masks of signals are not supported yet"))
}
