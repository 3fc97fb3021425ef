//! `cell`.

#![expect(unsafe_code, reason = "cells are reached through pointers")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use bytecode::CompareOp;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, contents=<unrepresentable>, /", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__lt__", "$self, value, /", lt),
    NativeDef::new("__le__", "$self, value, /", le),
    NativeDef::new("__gt__", "$self, value, /", gt),
    NativeDef::new("__ge__", "$self, value, /", ge),
    NativeDef::attribute("cell_contents", get, set),
];

fn contents<'a>(handle: Handle<'_>) -> &'a mut Value {
    // SAFETY: these natives belong to `cell`: their first argument is a live closure cell.
    unsafe { &mut (*handle.value().cast::<ClosureCell>()).contents }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.opt(1).map_or(Value::UNDEF, Handle::value);
    let cell = cx.vm().new_closure_cell(value);
    Ok(cx.local(cell))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = *contents(args.at(0));
    if value.is_undef() {
        return Err(cx.vm().raise_value_error("Cell is empty"));
    }
    Ok(cx.local(value))
}

fn set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    *contents(args.at(0)) = args.opt(1).map_or(Value::UNDEF, Handle::value);
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let number = vm.ids.number(args.at(0).value());
    let value = *contents(args.at(0));
    let text = if value.is_undef() {
        format!("<cell at {number:#x}: empty>")
    } else {
        let held = vm.ids.number(value);
        format!("<cell at {number:#x}: {} object at {held:#x}>", vm.type_name_of(value))
    };
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

/// Cells compare by their contents; an empty one comes first.
fn compare<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Cell) {
        return Ok(cx.not_implemented());
    }
    let (a, b) = (*contents(args.at(0)), *contents(args.at(1)));
    if a.is_undef() || b.is_undef() {
        let ordering = b.is_undef().cmp(&a.is_undef());
        let holds = match op {
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        };
        return Ok(cx.bool(holds));
    }
    let (a, b) = (cx.root_value(a), cx.root_value(b));
    let result: Result<_, Raised> = cx.compare(op, a.handle(), b.handle());
    let result = result?.value();
    Ok(cx.local(result))
}

macro_rules! comparisons {
    ($($name:ident $op:ident;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            compare(cx, args, CompareOp::$op)
        }
    )*};
}
comparisons! { eq Eq; ne Ne; lt Lt; le Le; gt Gt; ge Ge; }
