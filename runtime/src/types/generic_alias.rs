//! `types.GenericAlias`: `list[int]` and the like.

use crate::cx::{Args, Cx, Res};

/// `__class_getitem__` of built-in generic classes.
pub(crate) fn class_getitem<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_not_implemented_error("generic aliases"))
}
