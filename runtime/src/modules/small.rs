//! Small native modules: `_locale` (the C locale), `_opcode` (what `dis` asks), `faulthandler` (does nothing).

use bytecode::StackOp;

use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

// ---- _locale ---------------------------------------------------------------------------------------------------------

static LOCALE: &[NativeDef] = &[
    NativeDef::new("setlocale", "category, locale=None, /", setlocale),
    NativeDef::new("localeconv", "/", localeconv),
    NativeDef::new("getencoding", "/", getencoding),
    NativeDef::new("strcoll", "os1, os2, /", strcoll),
    NativeDef::new("strxfrm", "string, /", strxfrm),
    NativeDef::new("nl_langinfo", "key, /", nl_langinfo),
];

static LOCALE_NUMBERS: &[(&str, i32)] = &[
    ("LC_CTYPE", 0),
    ("LC_NUMERIC", 1),
    ("LC_TIME", 2),
    ("LC_COLLATE", 3),
    ("LC_MONETARY", 4),
    ("LC_MESSAGES", 5),
    ("LC_ALL", 6),
    ("CHAR_MAX", 127),
    ("CODESET", 14),
    ("RADIXCHAR", 65_536),
    ("THOUSEP", 65_537),
];

/// Fills `_locale`.
pub(super) fn locale(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, LOCALE);
    for (name, number) in LOCALE_NUMBERS {
        super::set(vm, dict, name, Value::small(*number));
    }
    let error = vm.exceptions.value_error;
    super::set(vm, dict, "Error", error);
}

fn text<'a>(cx: &'a mut Cx, text: &str) -> Res<'a> {
    let text = cx.vm().new_str(text);
    Ok(cx.local(text))
}

fn setlocale<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(name) = args.some(1) {
        let name = cx.text_arg(name, "setlocale() argument 2")?;
        if !matches!(name.as_str(), "" | "C" | "POSIX" | "C.UTF-8" | "en_US.UTF-8") {
            return Err(cx.vm().raise_value_error("unsupported locale setting"));
        }
    }
    text(cx, "C")
}

fn localeconv<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let dict = vm.new_dict();
    let (point, empty) = (vm.intern("."), vm.empty_str);
    super::set(vm, dict, "decimal_point", point);
    for name in [
        "thousands_sep",
        "int_curr_symbol",
        "currency_symbol",
        "mon_decimal_point",
        "mon_thousands_sep",
        "positive_sign",
        "negative_sign",
    ] {
        super::set(vm, dict, name, empty);
    }
    for name in ["grouping", "mon_grouping"] {
        let list = vm.new_list(Vec::new());
        super::set(vm, dict, name, list);
    }
    for name in [
        "int_frac_digits",
        "frac_digits",
        "p_cs_precedes",
        "p_sep_by_space",
        "n_cs_precedes",
        "n_sep_by_space",
        "p_sign_posn",
        "n_sign_posn",
    ] {
        super::set(vm, dict, name, Value::small(127));
    }
    Ok(cx.local(dict))
}

fn getencoding<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    text(cx, "UTF-8")
}

fn strcoll<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let a = cx.text_arg(args.at(0), "strcoll() argument 1")?;
    let b = cx.text_arg(args.at(1), "strcoll() argument 2")?;
    Ok(cx.local(Value::small(a.cmp(&b) as i32)))
}

fn strxfrm<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.check_str(args.at(0), "strxfrm() argument")?;
    Ok(args.at(0).get(cx))
}

fn nl_langinfo<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.c_int(args.at(0))? {
        14 => text(cx, "UTF-8"),
        65_536 => text(cx, "."),
        65_537 => text(cx, ""),
        _ => Err(cx.vm().raise_value_error("unsupported langinfo constant")),
    }
}

// ---- faulthandler ----------------------------------------------------------------------------------------------------

static FAULTHANDLER: &[NativeDef] = &[
    NativeDef::new("enable", "*args, **kwargs", nothing),
    NativeDef::new("disable", "/", nothing),
    NativeDef::new("is_enabled", "/", no),
    NativeDef::new("register", "*args, **kwargs", nothing),
    NativeDef::new("unregister", "signum, /", no),
    NativeDef::new("dump_traceback", "*args, **kwargs", nothing),
    NativeDef::new("dump_traceback_later", "*args, **kwargs", nothing),
    NativeDef::new("cancel_dump_traceback_later", "/", nothing),
];

/// Fills `faulthandler`.
pub(super) fn faulthandler(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FAULTHANDLER);
}

fn nothing<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.none())
}

fn no<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(false))
}

// ---- _opcode ---------------------------------------------------------------------------------------------------------

static OPCODE: &[NativeDef] = &[
    NativeDef::new("stack_effect", "opcode, oparg=None, /, *, jump=None", stack_effect),
    NativeDef::new("is_valid", "opcode", has::<0>),
    NativeDef::new("has_arg", "opcode", has::<1>),
    NativeDef::new("has_const", "opcode", has::<2>),
    NativeDef::new("has_name", "opcode", has::<3>),
    NativeDef::new("has_jump", "opcode", has::<4>),
    NativeDef::new("has_free", "opcode", has::<5>),
    NativeDef::new("has_local", "opcode", has::<6>),
    NativeDef::new("has_exc", "opcode", has::<7>),
    NativeDef::new("get_nb_ops", "/", get_nb_ops),
    NativeDef::new("get_intrinsic1_descs", "/", intrinsics1),
    NativeDef::new("get_intrinsic2_descs", "/", intrinsics2),
    NativeDef::new("get_specialization_stats", "/", nothing),
    NativeDef::new("get_executor", "*, code, offset", nothing),
];

/// Fills `_opcode`.
pub(super) fn opcode(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, OPCODE);
    super::set(vm, dict, "ENABLE_SPECIALIZATION", Value::TRUE);
}

fn op(cx: &mut Cx, args: Args<'_>) -> Result<Option<StackOp>, Raised> {
    let number = cx.c_int(args.at(0))?;
    Ok(u8::try_from(number).ok().and_then(StackOp::from_number))
}

/// With `jump` left out: the greater of both ways.
fn stack_effect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(op) = op(cx, args)? else {
        return Err(cx.vm().raise_value_error("invalid opcode or oparg"));
    };
    let oparg = args.some(1).map_or(Ok(0), |oparg| cx.c_int(oparg))? as u32;
    let effect = match args.some(2) {
        Some(jump) => op.stack_effect(oparg, cx.truth(jump)?),
        None => op.stack_effect(oparg, false).max(op.stack_effect(oparg, op.is_jump())),
    };
    Ok(cx.local(Value::small(effect)))
}

fn has<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(op) = op(cx, args)? else { return Ok(cx.bool(false)) };
    let answer = match I {
        0 => true,
        1 => op.has_oparg(),
        2 => op.has_const(),
        3 => op.has_name(),
        4 => op.is_jump(),
        5 => op.has_free(),
        6 => op.has_local(),
        _ => false,
    };
    Ok(cx.bool(answer))
}

fn get_nb_ops<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let mut pairs = Vec::new();
    for op in bytecode::BinOp::ALL {
        let plain = screaming(&format!("{:?}", op.plain()));
        let prefix = if op.is_inplace() { "NB_INPLACE_" } else { "NB_" };
        let pair = [vm.new_str(&format!("{prefix}{plain}")), vm.new_str(op.name())];
        pairs.push(vm.new_tuple(&pair));
    }
    let list = vm.new_list(pairs);
    Ok(cx.local(list))
}

/// `FloorDivide` as `FLOOR_DIVIDE`; the shifts are one word.
fn screaming(name: &str) -> String {
    let mut text = String::new();
    for (i, c) in name.char_indices() {
        if i > 0 && c.is_uppercase() && !(i == 1 && name.starts_with(['L', 'R'])) {
            text.push('_');
        }
        text.push(c.to_ascii_uppercase());
    }
    text
}

fn intrinsics1<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    listed(cx, bytecode::Intrinsic1::ALL.iter().map(|function| function.name()))
}

fn intrinsics2<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    listed(cx, bytecode::Intrinsic2::ALL.iter().map(|function| function.name()))
}

fn listed(cx: &mut Cx, names: impl Iterator<Item = &'static str>) -> Res<'_> {
    let names = names.map(|name| cx.vm().intern(name)).collect();
    let list = cx.vm().new_list(names);
    Ok(cx.local(list))
}
