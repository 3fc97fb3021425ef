//! `__build_class__`: what a class statement calls.

use crate::cx::{Args, Cx, Res};

/// `__build_class__(func, name, /, *bases, [metaclass], **kwds)`.
pub(crate) fn build_class<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("class statements"))
}
