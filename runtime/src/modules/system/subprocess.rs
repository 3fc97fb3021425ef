//! `_posixsubprocess`: another program in a child process.

use std::ffi::CString;

use super::calls::{Spawn, spawn};
use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::modules::add_functions;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[NativeDef::new(
    "fork_exec",
    "args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, \
     errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, \
     preexec_fn, allow_vfork=True, /",
    fork_exec,
)];

/// Fills the namespace.
pub(in crate::modules) fn init(vm: &mut Vm, dict: Value) {
    add_functions(vm, dict, FUNCTIONS);
}

/// A str, bytes or path as a text for the system.
fn c_text(cx: &mut Cx, value: Value) -> Result<CString, Raised> {
    let value = cx.root_value(value);
    let function = cx.module_attr("os", "fsencode")?;
    let bytes = cx.call(function.handle(), &[value.handle()])?;
    let bytes = crate::types::bytes::slice_of(bytes.value()).to_vec();
    CString::new(bytes).map_err(|_| cx.vm().raise_value_error("embedded null byte"))
}

fn c_texts(cx: &mut Cx, list: Handle<'_>) -> Result<Vec<CString>, Raised> {
    let items = cx.collect(list)?;
    let mut texts = Vec::new();
    while let Some(item) = cx.vm().sequence_item(items.value(), texts.len()) {
        texts.push(c_text(cx, item)?);
    }
    Ok(texts)
}

fn numbers(cx: &mut Cx, sequence: Handle<'_>) -> Result<Vec<i32>, Raised> {
    let items = cx.collect(sequence)?;
    let mut numbers = Vec::new();
    while let Some(item) = cx.vm().sequence_item(items.value(), numbers.len()) {
        let item = cx.root_value(item);
        numbers.push(cx.c_int(item.handle())?);
    }
    Ok(numbers)
}

fn fork_exec<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    for (i, what) in [(17, "gid"), (18, "extra_groups"), (19, "uid"), (21, "preexec_fn")] {
        if args.some(i).is_some_and(|value| value.value().as_int() != Some(-1)) {
            return Err(cx.vm().raise_not_implemented_error(&format!("{what} of a child process")));
        }
    }
    let arguments = c_texts(cx, args.at(0))?;
    let programs = c_texts(cx, args.at(1))?;
    let environment = match args.some(5) {
        Some(environment) => Some(c_texts(cx, environment)?),
        None => None,
    };
    let folder = match args.some(4) {
        Some(folder) => Some(c_text(cx, folder.value())?),
        None => None,
    };
    debug_assert!(!args.at(0).value().is_kind(Kind::Str), "a sequence");
    let mut fd = |i: usize| cx.c_int(args.at(i));
    let standard = [fd(6)?, fd(9)?, fd(11)?];
    let parents = [fd(7)?, fd(8)?, fd(10)?, fd(12)?];
    let (report, group, mask) = (fd(13)?, fd(16)?, fd(20)?);
    let request = Spawn {
        programs,
        arguments,
        environment,
        folder,
        keep: numbers(cx, args.at(3))?,
        close_others: cx.truth(args.at(2))?,
        standard,
        parents: parents.into_iter().filter(|fd| *fd >= 0).collect(),
        report,
        new_session: cx.truth(args.at(15))?,
        restore_signals: cx.truth(args.at(14))?,
        group,
        mask,
    };
    match spawn(&request) {
        Ok(pid) => {
            let pid = cx.vm().new_int(pid.into());
            Ok(cx.local(pid))
        }
        Err(error) => Err(cx.os_error(&error)),
    }
}
