//! Assignment to `__bases__`.

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::type_new::{best_base, set_order, solid_base};

/// `ty.__bases__ = bases`: the orders of the type and its subclasses are found anew, or nothing changes.
pub(super) fn assign(cx: &mut Cx, ty: Handle<'_>, bases: Value) -> Result<(), Raised> {
    let items = check(cx.vm(), ty.value(), bases)?;
    let vm = cx.vm();
    let new_base = best_base(vm, &items)?;
    let old_base = vm.type_data(ty.value()).base;
    if !is_compatible(vm, old_base, new_base) {
        let message = format!(
            "__bases__ assignment: '{}' object layout differs from '{}'",
            vm.type_name(new_base),
            vm.type_name(old_base)
        );
        return Err(vm.raise_type_error(&message));
    }
    let old_bases = cx.root_value(cx.vm().type_data(ty.value()).bases);
    let orders = orders_of(cx, ty.value());
    relink(cx.vm(), ty.value(), bases, new_base);
    if update_orders(cx, ty.value()).is_err() {
        let exception = cx.vm().take_exception();
        let exception = cx.root_value(exception);
        relink(cx.vm(), ty.value(), old_bases.value(), old_base);
        restore(cx, orders);
        return Err(cx.vm().raise_again(exception.value()));
    }
    cx.vm().refresh_flags(ty.value());
    Ok(())
}

fn check(vm: &mut Vm, ty: Value, bases: Value) -> Result<Vec<Value>, Raised> {
    let name = vm.type_name(ty);
    if !bases.is_kind(Kind::Tuple) {
        let message = format!("can only assign tuple to {name}.__bases__, not {}", vm.type_name_of(bases));
        return Err(vm.raise_type_error(&message));
    }
    let items = vm.sequence_values(bases);
    if items.is_empty() {
        let message = format!("can only assign non-empty tuple to {name}.__bases__, not ()");
        return Err(vm.raise_type_error(&message));
    }
    for item in &items {
        if !item.is_kind(Kind::Type) {
            let message =
                format!("{name}.__bases__ must be tuple of classes, not '{}'", vm.type_name_of(*item));
            return Err(vm.raise_type_error(&message));
        }
        if vm.is_subtype(*item, ty) {
            return Err(vm.raise_type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    Ok(items)
}

fn is_compatible(vm: &Vm, old: Value, new: Value) -> bool {
    let shared = type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let (a, b) = (vm.type_data(old), vm.type_data(new));
    solid_base(vm, old) == solid_base(vm, new) && (a.flags ^ b.flags) & shared == 0 && a.kind == b.kind
}

/// Moves a type from its old bases' lists of subclasses to the new ones'.
fn relink(vm: &mut Vm, ty: Value, bases: Value, base: Value) {
    for old in vm.sequence_values(vm.type_data(ty).bases) {
        vm.type_data(old).subclasses.retain(|subclass| *subclass != ty);
    }
    vm.type_data(ty).bases = bases;
    vm.type_data(ty).base = base;
    for new in vm.sequence_values(bases) {
        vm.type_data(new).subclasses.push(ty);
    }
}

/// A type and its order, kept alive.
struct Order {
    ty: Root,
    types: Vec<Root>,
    tuple: Root,
}

/// The orders of a type and of all its subclasses.
fn orders_of(cx: &Cx, ty: Value) -> Vec<Order> {
    let mut pending = vec![ty];
    let mut orders = Vec::new();
    while let Some(ty) = pending.pop() {
        let data = cx.vm().type_data(ty);
        pending.extend_from_slice(&data.subclasses);
        let types = data.mro.iter().map(|ty| cx.root_value(*ty)).collect();
        orders.push(Order { ty: cx.root_value(ty), types, tuple: cx.root_value(data.mro_tuple) });
    }
    orders
}

/// Puts orders back without asking anyone: `mro()` may give another one, or raise.
fn restore(cx: &Cx, orders: Vec<Order>) {
    for order in orders {
        let ty = order.ty.value();
        let data = cx.vm().type_data(ty);
        data.mro = order.types.iter().map(Root::value).collect();
        data.mro_tuple = order.tuple.value();
        cx.vm().type_changed(ty);
    }
}

fn update_orders(cx: &mut Cx, ty: Value) -> Result<(), Raised> {
    let mut pending = vec![ty];
    while let Some(ty) = pending.pop() {
        let root = cx.root_value(ty);
        set_order(cx, &root)?;
        cx.vm().type_changed(ty);
        pending.extend(cx.vm().type_data(ty).subclasses.clone());
    }
    Ok(())
}
