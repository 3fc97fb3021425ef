//! What every built-in `__new__` asks of its first argument.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Local, Raised};
use crate::value::Value;

/// Raises TypeError unless `class` is `ty` or a subclass whose instances `ty` can make.
pub(crate) fn check_class(cx: &mut Cx, class: Handle<'_>, ty: Value) -> Result<(), Raised> {
    let (vm, class) = (cx.vm(), class.value());
    if class == ty {
        return Ok(());
    }
    let name = vm.type_name(ty);
    let message = if !class.is_kind(Kind::Type) {
        format!("{name}.__new__(X): X is not a type object ({})", vm.type_name_of(class))
    } else if !vm.is_subtype(class, ty) {
        let class = vm.type_name(class);
        format!("{name}.__new__({class}): {class} is not a subtype of {name}")
    } else {
        let heap = crate::type_object::type_flag::HEAP;
        let solid = vm.type_data(class).mro.iter().copied().find(|base| !vm.type_data(*base).has(heap));
        let Some(solid) = solid.filter(|solid| *solid != ty) else { return Ok(()) };
        let (class, solid) = (vm.type_name(class), vm.type_name(solid));
        format!("{name}.__new__({class}) is not safe, use {solid}.__new__()")
    };
    Err(vm.raise_type_error(&message))
}

/// The value itself, or as an instance of the subclass that was called. It must be a cell of its own for a subclass.
pub(crate) fn of_class<'a>(
    cx: &'a Cx,
    class: Handle<'_>,
    ty: Value,
    value: Value,
) -> Result<Local<'a>, Raised> {
    if class.value() == ty {
        return Ok(cx.local(value));
    }
    let value = cx.vm().as_subclass(value, class.value())?;
    Ok(cx.local(value))
}
