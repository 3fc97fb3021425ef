//! `object.__reduce_ex__` and `__getstate__`: what `copy` and `pickle` ask for.

#![expect(unsafe_code, reason = "instances are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::dict_ops::dict_data;
use crate::value::Value;

/// `object.__reduce__()`: protocol 0.
pub(super) fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = reduce_by_protocol(cx, args.at(0), 0)?.value();
    Ok(cx.local(result))
}

/// `object.__reduce_ex__(protocol)`.
pub(super) fn reduce_ex<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(protocol) = args.at(1).value().as_int() else {
        let ty = cx.vm().type_name_of(args.at(1).value());
        return Err(cx.vm().raise_type_error(&format!("'{ty}' object cannot be interpreted as an integer")));
    };
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let name = vm.names.__reduce__;
    let result = if vm.lookup(ty, name) == vm.lookup(vm.types.object, name) {
        reduce_by_protocol(cx, args.at(0), protocol)?
    } else {
        cx.call_method(args.at(0), "__reduce__", &[])?
    };
    let result = result.value();
    Ok(cx.local(result))
}

fn reduce_by_protocol(cx: &mut Cx, object: Handle<'_>, protocol: i64) -> Result<Root, Raised> {
    let copyreg = cx.import_absolute("copyreg")?;
    let copyreg = cx.root_value(copyreg);
    if protocol < 2 {
        let protocol = cx.root_value(Value::small(protocol as i32));
        return cx.call_method(copyreg.handle(), "_reduce_ex", &[object, protocol.handle()]);
    }
    let ty = cx.vm().type_of(object.value());
    let ty = cx.root_value(ty);
    let (args, kwargs) = new_arguments(cx, object)?;
    let has_arguments = args.is_some() || kwargs.is_some();
    let (maker, maker_args) = if let Some(kwargs) = kwargs {
        let maker = cx.get_attr(copyreg.handle(), "__newobj_ex__")?;
        let args = args.map_or(cx.vm().empty_tuple, |args| args.value());
        let parts = cx.vm().new_tuple(&[ty.value(), args, kwargs.value()]);
        (maker, cx.root_value(parts))
    } else {
        let maker = cx.get_attr(copyreg.handle(), "__newobj__")?;
        let mut parts = vec![ty.value()];
        if let Some(args) = args {
            parts.extend(cx.vm().sequence_values(args.value()));
        }
        let parts = cx.vm().new_tuple(&parts);
        (maker, cx.root_value(parts))
    };
    let is_list = object.value().is_kind(Kind::List);
    let is_dict = object.value().is_kind(Kind::Dict);
    let state = state_of(cx, object, !has_arguments && !is_list && !is_dict)?;
    let list_items = if is_list { Some(cx.iter(object)?) } else { None };
    let dict_items = if is_dict {
        let items = cx.call_method(object, "items", &[])?;
        Some(cx.iter(items.handle())?)
    } else {
        None
    };
    let none = |root: Option<Root>| root.map_or(Value::NONE, |root| root.value());
    let parts = [maker.value(), maker_args.value(), state.value(), none(list_items), none(dict_items)];
    let result = cx.vm().new_tuple(&parts);
    Ok(cx.root_value(result))
}

/// Arguments for `__new__`, by `__getnewargs_ex__` or `__getnewargs__`.
fn new_arguments(cx: &mut Cx, object: Handle<'_>) -> Result<(Option<Root>, Option<Root>), Raised> {
    if let Some(hook) = cx.get_attr_opt(object, "__getnewargs_ex__")? {
        let pair = cx.call(hook.handle(), &[])?;
        let vm = cx.vm();
        if !pair.value().is_kind(Kind::Tuple) {
            let message =
                format!("__getnewargs_ex__ should return a tuple, not '{}'", vm.type_name_of(pair.value()));
            return Err(vm.raise_type_error(&message));
        }
        let items = vm.sequence_values(pair.value());
        let [args, kwargs] = items[..] else {
            let message = format!("__getnewargs_ex__ should return a tuple of length 2, not {}", items.len());
            return Err(vm.raise_value_error(&message));
        };
        let kwargs = (!dict_data_is_empty(kwargs)).then(|| cx.root_value(kwargs));
        return Ok((Some(cx.root_value(args)), kwargs));
    }
    let Some(hook) = cx.get_attr_opt(object, "__getnewargs__")? else { return Ok((None, None)) };
    let args = cx.call(hook.handle(), &[])?;
    if !args.value().is_kind(Kind::Tuple) {
        let message =
            format!("__getnewargs__ should return a tuple, not '{}'", cx.vm().type_name_of(args.value()));
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok((Some(args), None))
}

fn dict_data_is_empty(value: Value) -> bool {
    !value.is_kind(Kind::Dict) || dict_data(value).is_empty()
}

/// `object.__getstate__()`, by the class's own method if it has one.
fn state_of(cx: &mut Cx, object: Handle<'_>, required: bool) -> Result<Root, Raised> {
    let vm = cx.vm();
    let ty = vm.type_of(object.value());
    let name = vm.names.__getstate__;
    let own = vm.lookup(ty, name);
    if own != vm.lookup(vm.types.object, name) {
        return cx.call_method(object, "__getstate__", &[]);
    }
    plain_state(cx, object, required)
}

/// `object.__getstate__()`.
pub(super) fn getstate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = plain_state(cx, args.at(0), false)?.value();
    Ok(cx.local(state))
}

/// The attributes' dict, or None if there is none or it is empty; with `__slots__`, a pair of it and their values.
fn plain_state(cx: &mut Cx, object: Handle<'_>, required: bool) -> Result<Root, Raised> {
    let vm = cx.vm();
    let ty = vm.type_of(object.value());
    let kind = vm.type_data(ty).kind;
    let is_plain = matches!(
        kind,
        Kind::Object
            | Kind::Int
            | Kind::Float
            | Kind::Str
            | Kind::Bytes
            | Kind::Tuple
            | Kind::Exception
            | Kind::Complex
            | Kind::Set
            | Kind::FrozenSet
            | Kind::ByteArray
    );
    if required && !is_plain {
        let message = format!("cannot pickle '{}' object", vm.type_name(ty));
        return Err(vm.raise_type_error(&message));
    }
    let dict = vm.peek_attributes(object.value());
    let copyreg = cx.import_absolute("copyreg")?;
    let copyreg = cx.root_value(copyreg);
    let dict = cx.root_value(dict);
    let ty = cx.root_value(ty);
    let slot_names = cx.call_method(copyreg.handle(), "_slotnames", &[ty.handle()])?;
    let state = cx.root_value(dict.value());
    if slot_names.value().is_none() {
        return Ok(state);
    }
    let names = cx.collect(slot_names.handle())?;
    let slots = cx.vm().new_dict();
    let slots = cx.root_value(slots);
    for i in 0..cx.vm().sequence_values(names.value()).len() {
        let name = cx.vm().sequence_values(names.value())[i];
        let text = cx.vm().str_lossy(name);
        if let Some(value) = cx.get_attr_opt(object, &text)? {
            let name = cx.vm().intern(&text);
            cx.vm().dict_set_str(slots.value(), name, value.value());
        }
    }
    if dict_data(slots.value()).is_empty() {
        return Ok(state);
    }
    let pair = cx.vm().new_tuple(&[state.value(), slots.value()]);
    Ok(cx.root_value(pair))
}

impl crate::vm::Vm {
    /// A copy of an object's attributes as a dict, None if it has none: the object's own representation stays.
    fn peek_attributes(&mut self, object: Value) -> Value {
        let copy = self.new_dict();
        if let Some(instance) = object.as_cell::<ObjectCell>() {
            // SAFETY: the instance is live.
            unsafe {
                let shape = self.shapes.get((*instance).header.shape);
                if shape.is_dict_mode {
                    let dict = (*instance).extra;
                    return if dict.is_undef() || dict_data(dict).is_empty() { Value::NONE } else { dict };
                }
                let names = shape.names.clone();
                for (slot, name) in names.iter().enumerate().filter(|(_, name)| !name.is_undef()) {
                    let value = *self.slot_address(instance, slot);
                    if !value.is_undef() {
                        self.dict_set_str(copy, *name, value);
                    }
                }
            }
        } else if let Some(dict) = self.dict_place(object).map(|place| {
            // SAFETY: the place lies in the live object.
            unsafe { *place }
        }) && !dict.is_undef()
            && !dict_data(dict).is_empty()
        {
            return dict;
        }
        if dict_data(copy).is_empty() { Value::NONE } else { copy }
    }
}
