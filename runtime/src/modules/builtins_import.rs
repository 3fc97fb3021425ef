//! `__import__` and `__build_class__`.

use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("__import__", "name, globals=None, locals=None, fromlist=(), level=0", import),
    NativeDef::new(
        "__build_class__",
        "func, name, /, *bases, **kwds",
        crate::types::class_statement::build_class,
    ),
];

fn import<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = |i: usize, default: Value| args.opt(i).map_or(default, Handle::value);
    let (globals, fromlist) = (value(1, Value::NONE), value(3, Value::NONE));
    let level = match value(4, Value::small(0)) {
        level if level.is_int() || level.is_bool() => {
            level.as_int().unwrap_or(i64::from(level == Value::TRUE))
        }
        other => {
            let message =
                format!("'{}' object cannot be interpreted as an integer", cx.vm().type_name_of(other));
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    let module = cx.import_level(args.at(0).value(), globals, fromlist, level)?;
    Ok(cx.local(module))
}
