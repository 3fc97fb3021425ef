//! The hooks of `sys`: how values are displayed, and how exceptions that nobody caught are reported.

use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("displayhook", "object, /", displayhook),
    NativeDef::new("excepthook", "exctype, value, traceback, /", excepthook),
    NativeDef::new("unraisablehook", "unraisable, /", unraisablehook),
    NativeDef::new("breakpointhook", "*args, **kwargs", breakpointhook),
];

fn displayhook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0);
    if value.value().is_none() {
        return Ok(cx.none());
    }
    cx.vm().set_builtin("_", Value::NONE);
    let text = cx.repr(value)?;
    let Some(out) = cx.sys_attr("stdout").filter(|out| !out.value().is_none()) else {
        let line = format!("{}\n", cx.str_text(text.handle())?);
        // Trouble with the process's own output is told at its end.
        let _ = cx.vm().out.write_out(line.as_bytes());
        cx.vm().set_builtin("_", value.value());
        return Ok(cx.none());
    };
    cx.call_method(out.handle(), "write", &[text.handle()])?;
    let newline = cx.vm().intern("\n");
    let newline = cx.root_value(newline);
    cx.call_method(out.handle(), "write", &[newline.handle()])?;
    cx.vm().set_builtin("_", value.value());
    Ok(cx.none())
}

fn excepthook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let exception = args.at(1);
    if !cx.vm().is_instance(exception.value(), cx.vm().types.base_exception) {
        let ty = cx.vm().type_name_of(exception.value());
        let message = format!("print_exception(): Exception expected for value, {ty} found");
        return Err(cx.vm().raise_type_error(&message));
    }
    crate::traceback::print(cx, exception)?;
    Ok(cx.none())
}

fn unraisablehook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let unraisable = args.at(0);
    let message = cx.get_attr(unraisable, "err_msg")?;
    let object = cx.get_attr(unraisable, "object")?;
    let exception = cx.get_attr(unraisable, "exc_value")?;
    let what = if message.value().is_none() {
        String::from("Exception ignored in")
    } else {
        cx.str_text(message.handle())?
    };
    let line = if object.value().is_none() {
        format!("{what}:\n")
    } else {
        format!("{what}: {}\n", described(cx, object.handle()))
    };
    cx.vm().write_error(&line);
    if !exception.value().is_none() {
        crate::traceback::print(cx, exception.handle())?;
    }
    Ok(cx.none())
}

fn described(cx: &mut Cx, object: Handle<'_>) -> String {
    match cx.repr_text(object) {
        Ok(text) => text,
        Err(Raised) => {
            cx.vm().exception = Value::UNDEF;
            String::from("<object repr() failed>")
        }
    }
}

fn breakpointhook<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hook = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
    if hook == "0" {
        return Ok(cx.none());
    }
    let path = if hook.is_empty() { "pdb.set_trace" } else { hook.as_str() };
    let (module, name) = path.rsplit_once('.').unwrap_or(("builtins", path));
    let function = cx.module_attr(module, name)?;
    let arguments: Vec<Handle<'_>> = args.rest().collect();
    let result = cx.call(function.handle(), &arguments)?;
    Ok(result.get(cx))
}
