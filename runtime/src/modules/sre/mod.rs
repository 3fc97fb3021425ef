//! `_sre`: the regular expressions behind Python's `re`, whose parser and compiler are Python.
//!
//! The compiler's code becomes a [`program`]; the [`matcher`] runs it; [`search`] finds where to begin. Patterns,
//! matches and the rest of what programs see are one file each.

mod charset;
mod match_object;
mod matcher;
mod opcode;
mod pattern;
mod program;
mod replace;
mod scanner;
mod search;
mod subject;
mod template;
#[cfg(test)]
mod tests;
mod translate;
mod unit;

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("compile", "pattern, flags, code, groups, groupindex, indexgroup", pattern::compile),
    NativeDef::new("template", "pattern, template, /", template::template),
    NativeDef::new("getcodesize", "", code_size),
    NativeDef::new("ascii_iscased", "character, /", ascii_is_cased),
    NativeDef::new("unicode_iscased", "character, /", unicode_is_cased),
    NativeDef::new("ascii_tolower", "character, /", ascii_to_lower),
    NativeDef::new("unicode_tolower", "character, /", unicode_to_lower),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    pattern::init(vm);
    match_object::init(vm);
    scanner::init(vm);
    template::init(vm);
    let numbers = [
        ("MAGIC", i64::from(opcode::MAGIC)),
        ("CODESIZE", CODE_SIZE),
        ("MAXREPEAT", i64::from(opcode::MAXREPEAT)),
        ("MAXGROUPS", i64::from(opcode::MAXGROUPS)),
    ];
    for (name, number) in numbers {
        let number = vm.new_int(number);
        super::set(vm, dict, name, number);
    }
    let copyright = vm.new_str(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ");
    super::set(vm, dict, "copyright", copyright);
}

/// Bytes of a word of a pattern's code.
const CODE_SIZE: i64 = 4;

fn code_size<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(CODE_SIZE as i32)))
}

fn character(cx: &mut Cx, argument: Handle<'_>) -> Result<u32, Raised> {
    Ok(cx.c_int(argument)? as u32)
}

fn ascii_is_cased<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let point = character(cx, args.at(0))?;
    Ok(cx.bool(u8::try_from(point).is_ok_and(|byte| byte.is_ascii_alphabetic())))
}

fn unicode_is_cased<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let point = character(cx, args.at(0))?;
    Ok(cx.bool(charset::unicode_lower(point) != point || charset::unicode_upper(point) != point))
}

fn ascii_to_lower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let point = character(cx, args.at(0))?;
    let lower = cx.vm().new_int(charset::ascii_lower(point).into());
    Ok(cx.local(lower))
}

fn unicode_to_lower<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let point = character(cx, args.at(0))?;
    let lower = cx.vm().new_int(charset::unicode_lower(point).into());
    Ok(cx.local(lower))
}
