//! `traceback`.

#![expect(unsafe_code, reason = "tracebacks are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::shape_id;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, tb_next, tb_frame, tb_lasti, tb_lineno", new),
    NativeDef::new("__dir__", "$self, /", dir),
    NativeDef::attribute("tb_next", next, set_next),
    NativeDef::getter("tb_frame", frame),
    NativeDef::getter("tb_lasti", lasti),
    NativeDef::getter("tb_lineno", line),
];

fn cell<'a>(value: Value) -> &'a mut TracebackCell {
    // SAFETY: the caller has a live traceback.
    unsafe { &mut *value.cast::<TracebackCell>() }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (next, frame) = (args.at(1).value(), args.at(2).value());
    let vm = cx.vm();
    if !next.is_none() && !next.is_kind(Kind::Traceback) {
        let message = format!("expected traceback object or None, got '{}'", vm.type_name_of(next));
        return Err(vm.raise_type_error(&message));
    }
    if !frame.is_kind(Kind::Frame) {
        let message =
            format!("traceback() argument 'tb_frame' must be frame, not {}", vm.type_name_of(frame));
        return Err(vm.raise_type_error(&message));
    }
    let number = |handle: Handle<'_>| handle.value().as_int();
    let (Some(lasti), Some(line)) = (number(args.at(3)), number(args.at(4))) else {
        return Err(vm.raise_type_error("an integer is required"));
    };
    let traceback = vm.alloc_cell(Kind::Traceback, shape_id::TRACEBACK, |header| TracebackCell {
        header,
        next,
        frame,
        lasti: lasti.div_euclid(2),
        line,
    });
    Ok(cx.local(traceback))
}

fn dir<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| cx.vm().intern(name));
    let list = cx.vm().new_list(names.to_vec());
    Ok(cx.local(list))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).next))
}

fn set_next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(next) = args.opt(1).map(Handle::value) else {
        return Err(cx.vm().raise_type_error("can't delete tb_next attribute"));
    };
    if !next.is_none() && !next.is_kind(Kind::Traceback) {
        let message = format!("expected traceback object, got '{}'", cx.vm().type_name_of(next));
        return Err(cx.vm().raise_type_error(&message));
    }
    let mut at = next;
    while at.is_kind(Kind::Traceback) {
        if at == args.at(0).value() {
            return Err(cx.vm().raise_value_error("traceback loop detected"));
        }
        at = cell(at).next;
    }
    cell(args.at(0).value()).next = next;
    Ok(cx.none())
}

fn frame<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0).value()).frame))
}

fn lasti<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let lasti = cx.vm().new_int(cell(args.at(0).value()).lasti * 2);
    Ok(cx.local(lasti))
}

fn line<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let line = cx.vm().traceback_line(args.at(0).value());
    let line = cx.vm().new_int(line);
    Ok(cx.local(line))
}
