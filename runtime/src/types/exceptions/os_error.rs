//! `OSError`: its class by number, its fields, its text.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use super::{field, get, set, set_field};
use crate::cell::*;
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__str__", "$self, /", str),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::attribute("errno", get::<0>, set::<0>).doc("POSIX exception code"),
    NativeDef::attribute("strerror", get::<1>, set::<1>).doc("exception strerror"),
    NativeDef::attribute("filename", get::<2>, set::<2>).doc("exception filename"),
    NativeDef::attribute("filename2", get::<3>, set::<3>).doc("second exception filename"),
    NativeDef::attribute("characters_written", get_written, set::<4>),
];

/// The class that an error number leads to.
fn class_of(vm: &Vm, errno: i64) -> Option<Value> {
    let e = &vm.exceptions;
    Some(match i32::try_from(errno).ok()? {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => e.blocking_io_error,
        libc::EPIPE | libc::ESHUTDOWN => e.broken_pipe_error,
        libc::ECHILD => e.child_process_error,
        libc::ECONNABORTED => e.connection_aborted_error,
        libc::ECONNREFUSED => e.connection_refused_error,
        libc::ECONNRESET => e.connection_reset_error,
        libc::EEXIST => e.file_exists_error,
        libc::ENOENT => e.file_not_found_error,
        libc::EISDIR => e.is_a_directory_error,
        libc::ENOTDIR => e.not_a_directory_error,
        libc::EINTR => e.interrupted_error,
        libc::EACCES | libc::EPERM => e.permission_error,
        libc::ESRCH => e.process_lookup_error,
        libc::ETIMEDOUT => e.timeout_error,
        _ => return None,
    })
}

impl Vm {
    /// Raises the `OSError` of a number, as the system calls of `os` do.
    pub(crate) fn raise_os_error(&mut self, errno: i32, filename: Option<&str>) -> Raised {
        let text = crate::modules::errno::message(errno);
        let (number, text) = (Value::small(errno), self.new_str(&text));
        let class = class_of(self, i64::from(errno)).unwrap_or(self.exceptions.os_error);
        let raised = self.raise_with(class, &[number, text]);
        if let Some(filename) = filename {
            let filename = self.new_str(filename);
            set_field(self, self.exception, "filename", filename);
        }
        raised
    }

    /// Raises the `OSError` of an error of Rust's library.
    pub(crate) fn raise_io_error(&mut self, error: &std::io::Error, filename: Option<&str>) -> Raised {
        match error.raw_os_error() {
            Some(errno) => self.raise_os_error(errno, filename),
            None => self.raise(self.exceptions.os_error, &error.to_string()),
        }
    }
}

/// Fills the fields from arguments `errno, strerror[, filename[, winerror[, filename2]]]`.
pub(super) fn init_from_args(vm: &mut Vm, exception: Value) {
    let values = vm.exception_args(exception);
    if !(2..=5).contains(&values.len()) {
        return;
    }
    set_field(vm, exception, "errno", values[0]);
    set_field(vm, exception, "strerror", values[1]);
    let Some(filename) = values.get(2).copied().filter(|filename| !filename.is_none()) else { return };
    if vm.is_instance(exception, vm.exceptions.blocking_io_error) && filename.is_int() {
        set_field(vm, exception, "characters_written", filename);
        return;
    }
    set_field(vm, exception, "filename", filename);
    if let Some(second) = values.get(4).copied().filter(|second| !second.is_none()) {
        set_field(vm, exception, "filename2", second);
    }
    let args = vm.new_tuple(&values[..2]);
    // SAFETY: the exception is live.
    unsafe { (*exception.cast::<ExceptionCell>()).args = args };
}

/// Whether the arguments are read by `__init__`: the class overrides it and not `__new__`.
fn by_init(vm: &mut Vm, ty: Value) -> bool {
    let base = vm.exceptions.os_error;
    let (new_name, init_name) = (vm.names.__new__, vm.names.__init__);
    let same_new = vm.lookup(ty, new_name) == vm.lookup(base, new_name);
    same_new && vm.lookup(ty, init_name) != vm.lookup(base, init_name)
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut ty = args.at(0).value();
    super::super::type_type::check_new(cx, ty, cx.vm().exceptions.os_error)?;
    let values = args.rest_values();
    let vm = cx.vm();
    if by_init(vm, ty) {
        let empty = vm.empty_tuple;
        let exception = vm.new_exception_of(ty, empty);
        return Ok(cx.local(exception));
    }
    super::base::reject_keywords(cx, args, 1)?;
    let vm = cx.vm();
    if ty == vm.exceptions.os_error
        && (2..=5).contains(&values.len())
        && let Some(errno) = values[0].as_int()
    {
        ty = class_of(vm, errno).unwrap_or(ty);
    }
    let tuple = vm.new_tuple(&values);
    let exception = vm.new_exception_of(ty, tuple);
    init_from_args(vm, exception);
    Ok(cx.local(exception))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = args.at(0).value();
    let ty = cx.vm().type_of(exception);
    if by_init(cx.vm(), ty) {
        super::base::reject_keywords(cx, args, 1)?;
        let tuple = cx.vm().new_tuple(&args.rest_values());
        // SAFETY: the exception is live.
        unsafe { (*exception.cast::<ExceptionCell>()).args = tuple };
        init_from_args(cx.vm(), exception);
    }
    Ok(cx.none())
}

fn get_written<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = field(cx.vm(), args.at(0).value(), "characters_written");
    if value.is_none() {
        return Err(cx.vm().raise_attribute_error_text("characters_written"));
    }
    Ok(cx.local(value))
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = args.at(0).value();
    let fields = ["errno", "strerror", "filename", "filename2"]
        .map(|name| cx.root_value(field(cx.vm(), exception, name)));
    let [errno, strerror, filename, filename2] = &fields;
    if filename.value().is_none() && (errno.value().is_none() || strerror.value().is_none()) {
        return super::base::plain_str(cx, args.at(0));
    }
    let errno = cx.str_text(errno.handle())?;
    let strerror = cx.str_text(strerror.handle())?;
    let mut text = format!("[Errno {errno}] {strerror}");
    if !filename.value().is_none() {
        text += &format!(": {}", cx.repr_text(filename.handle())?);
        if !filename2.value().is_none() {
            text += &format!(" -> {}", cx.repr_text(filename2.handle())?);
        }
    }
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let exception = args.at(0).value();
    let mut values = vm.exception_args(exception);
    let (filename, filename2) = (field(vm, exception, "filename"), field(vm, exception, "filename2"));
    if values.len() == 2 && !filename.is_none() {
        values.push(filename);
        if !filename2.is_none() {
            values.extend([Value::NONE, filename2]);
        }
    }
    let tuple = vm.new_tuple(&values);
    let ty = vm.type_of(exception);
    let state = super::reduce_state(vm, exception);
    let parts = if state.is_undef() { vm.new_tuple(&[ty, tuple]) } else { vm.new_tuple(&[ty, tuple, state]) };
    Ok(cx.local(parts))
}
