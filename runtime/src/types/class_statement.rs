//! `__build_class__`: what a class statement calls. It finds the metaclass, runs the body in the namespace that the
//! metaclass prepares, and calls the metaclass.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use crate::call::CallArgs;
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::dict_ops::dict_data;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// `__build_class__(func, name, /, *bases, [metaclass], **kwds)`.
pub(crate) fn build_class<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (function, name) = (args.at(0), args.at(1));
    if !function.value().is_kind(Kind::Function) {
        return Err(cx.vm().raise_type_error("__build_class__: func must be a function"));
    }
    if !name.value().is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("__build_class__: name is not a string"));
    }
    let original = cx.vm().new_tuple(&args.rest_values());
    let original = cx.root_value(original);
    let bases = resolve_bases(cx, &original)?;
    let keywords = cx.root_value(args.opt(2).map_or(Value::UNDEF, Handle::value));
    let (metaclass, is_class) = find_metaclass(cx, &bases, &keywords)?;
    let namespace = prepare(cx, &metaclass, is_class, name, &bases, &keywords)?;
    let cell = run_body(cx.vm(), function.value(), namespace.value())?;
    let cell = cx.root_value(cell);
    if bases.value() != original.value() {
        let key = cx.root_value(cx.vm().names.__orig_bases__);
        cx.set_item(namespace.handle(), key.handle(), original.handle())?;
    }
    let values = [name.value(), bases.value(), namespace.value()];
    let class = call_with_keywords(cx, metaclass.handle(), &values, keywords.value())?;
    check_class_cell(cx, &class, &cell, name)?;
    let class = class.value();
    Ok(cx.local(class))
}

/// Calls with positional arguments and a dict of keyword arguments (Undef: none).
pub(crate) fn call_with_keywords(
    cx: &mut Cx,
    callee: Handle<'_>,
    positional: &[Value],
    keywords: Value,
) -> Result<Root, Raised> {
    let mut values = positional.to_vec();
    let mut names = Value::UNDEF;
    if !keywords.is_undef() && !dict_data(keywords).is_empty() {
        let keys: Vec<Value> = dict_data(keywords).iter().map(|entry| entry.key).collect();
        values.extend(dict_data(keywords).iter().map(|entry| entry.value));
        names = cx.vm().new_tuple(&keys);
    }
    cx.call_values(callee, &values, names)
}

/// Replaces bases that are no types by what their `__mro_entries__` gives: the same tuple if there are none.
pub(crate) fn resolve_bases(cx: &mut Cx, bases: &Root) -> Result<Root, Raised> {
    let count = cx.vm().sequence_values(bases.value()).len();
    let resolved = cx.vm().new_list(Vec::with_capacity(count));
    let resolved = cx.root_value(resolved);
    let mut is_changed = false;
    for i in 0..count {
        let base = cx.root_value(cx.vm().sequence_values(bases.value())[i]);
        let hook = if base.value().is_kind(Kind::Type) {
            None
        } else {
            cx.get_attr_opt(base.handle(), "__mro_entries__")?
        };
        let Some(hook) = hook else {
            crate::ops::list_items(resolved.value()).push(base.value());
            continue;
        };
        let entries = cx.call(hook.handle(), &[bases.handle()])?;
        if !entries.value().is_kind(Kind::Tuple) {
            return Err(cx.vm().raise_type_error("__mro_entries__ must return a tuple"));
        }
        is_changed = true;
        let entries = cx.vm().sequence_values(entries.value());
        crate::ops::list_items(resolved.value()).extend(entries);
    }
    if !is_changed {
        return Ok(cx.root_value(bases.value()));
    }
    let items = cx.vm().sequence_values(resolved.value());
    let tuple = cx.vm().new_tuple(&items);
    Ok(cx.root_value(tuple))
}

/// The metaclass, and whether it is a class; takes `metaclass` out of the keywords.
fn find_metaclass(cx: &mut Cx, bases: &Root, keywords: &Root) -> Result<(Root, bool), Raised> {
    let vm = cx.vm();
    let key = vm.names.metaclass;
    let given = if keywords.value().is_undef() { None } else { vm.dict_remove_str(keywords.value(), key) };
    let items = vm.sequence_values(bases.value());
    let metaclass = match (given, items.first()) {
        (Some(given), _) => given,
        (None, Some(first)) => vm.type_of(*first),
        (None, None) => vm.types.type_,
    };
    if !metaclass.is_kind(Kind::Type) {
        return Ok((cx.root_value(metaclass), false));
    }
    let metaclass = derived_metaclass(vm, metaclass, &items)?;
    Ok((cx.root_value(metaclass), true))
}

/// The most derived of a metaclass and the bases' types; TypeError if none derives from all others.
pub(crate) fn derived_metaclass(vm: &mut Vm, metaclass: Value, bases: &[Value]) -> Result<Value, Raised> {
    let mut winner = metaclass;
    for base in bases {
        let ty = vm.type_of(*base);
        if vm.is_subtype(winner, ty) {
            continue;
        }
        if !vm.is_subtype(ty, winner) {
            return Err(vm.raise_type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the \
                 metaclasses of all its bases",
            ));
        }
        winner = ty;
    }
    Ok(winner)
}

fn prepare(
    cx: &mut Cx,
    metaclass: &Root,
    is_class: bool,
    name: Handle<'_>,
    bases: &Root,
    keywords: &Root,
) -> Result<Root, Raised> {
    if metaclass.value() == cx.vm().types.type_ {
        let namespace = cx.vm().new_dict();
        return Ok(cx.root_value(namespace));
    }
    let Some(hook) = cx.get_attr_opt(metaclass.handle(), "__prepare__")? else {
        let namespace = cx.vm().new_dict();
        return Ok(cx.root_value(namespace));
    };
    let values = [name.value(), bases.value()];
    let namespace = call_with_keywords(cx, hook.handle(), &values, keywords.value())?;
    let vm = cx.vm();
    let ty = vm.type_of(namespace.value());
    let is_mapping = namespace.value().is_kind(Kind::Dict) || !vm.lookup(ty, vm.names.__getitem__).is_undef();
    if !is_mapping {
        let name = if is_class { vm.type_name(metaclass.value()) } else { String::from("<metaclass>") };
        let message = format!("{name}.__prepare__() must return a mapping, not {}", vm.type_name(ty));
        return Err(vm.raise_type_error(&message));
    }
    Ok(namespace)
}

/// Runs a class body in a namespace; the class's cell, or None.
fn run_body(vm: &mut Vm, function: Value, namespace: Value) -> Result<Value, Raised> {
    // SAFETY: the function is live; the copy is made before anything else runs.
    let copy = unsafe {
        let body = function.cast::<FunctionCell>();
        let copy = vm.new_function((*body).code, (*body).globals, (*body).builtins);
        let cell = copy.cast::<FunctionCell>();
        (*cell).closure = (*body).closure;
        (*cell).type_params = (*body).type_params;
        (*cell).locals = namespace;
        copy
    };
    vm.door(|vm| vm.call(copy, CallArgs::positional(&[]), Cont::Store))
}

/// The body's `__class__` cell must hold the class that was made.
fn check_class_cell(cx: &mut Cx, class: &Root, cell: &Root, name: Handle<'_>) -> Result<(), Raised> {
    if !class.value().is_kind(Kind::Type) || !cell.value().is_kind(Kind::Cell) {
        return Ok(());
    }
    let held = cx.vm().cell_contents(cell.value());
    if held == class.value() {
        return Ok(());
    }
    let (name, class) = (cx.repr_text(name)?, cx.repr_text(class.handle())?);
    if held.is_undef() {
        let message = format!(
            "__class__ not set defining {name} as {class}. Was __classcell__ propagated to type.__new__?"
        );
        return Err(cx.vm().raise_runtime_error(&message));
    }
    let held = cx.root_value(held);
    let held = cx.repr_text(held.handle())?;
    let message = format!("__class__ set to {held} defining {name} as {class}");
    Err(cx.vm().raise_type_error(&message))
}
