//! `BaseException` and the classes that differ from it by a field or two.

#![expect(unsafe_code, reason = "exceptions are reached through cells")]

use super::{get, set, set_field, set_field_at};
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init),
    NativeDef::new("__str__", "$self, /", str),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__setstate__", "$self, state, /", set_state),
    NativeDef::new("with_traceback", "$self, object, /", with_traceback)
        .doc("Set self.__traceback__ to tb and return self."),
    NativeDef::new("add_note", "$self, object, /", add_note).doc("Add a note to the exception"),
    NativeDef::attribute("args", get_args, set_args),
    NativeDef::attribute("__traceback__", get_traceback, set_traceback),
    NativeDef::attribute("__context__", get_context, set_context),
    NativeDef::attribute("__cause__", get_cause, set_cause),
    NativeDef::attribute("__suppress_context__", get_suppress, set_suppress),
    NativeDef::attribute("__dict__", super::super::type_type::get_dict, super::super::type_type::set_dict),
];

pub(super) static KEY_ERROR: &[NativeDef] = &[NativeDef::new("__str__", "$self, /", key_error_str)];

pub(super) static STOP_ITERATION: &[NativeDef] =
    &[NativeDef::attribute("value", get::<0>, set::<0>).doc("generator return value")];

pub(super) static SYSTEM_EXIT: &[NativeDef] =
    &[NativeDef::attribute("code", get::<0>, set::<0>).doc("exception code")];

pub(super) static IMPORT_ERROR: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, name=None, path=None, name_from=None", import_error_init),
    NativeDef::new("__str__", "$self, /", import_error_str),
    NativeDef::attribute("msg", get::<0>, set::<0>).doc("exception message"),
    NativeDef::attribute("name", get::<1>, set::<1>).doc("module name"),
    NativeDef::attribute("path", get::<2>, set::<2>).doc("module path"),
    NativeDef::attribute("name_from", get::<3>, set::<3>).doc("name imported from module"),
];

pub(super) static ATTRIBUTE_ERROR: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, name=None, obj=None", attribute_error_init),
    NativeDef::attribute("name", get::<0>, set::<0>).doc("attribute name"),
    NativeDef::attribute("obj", get::<1>, set::<1>).doc("object"),
];

pub(super) static NAME_ERROR: &[NativeDef] = &[
    NativeDef::new("__init__", "$self, /, *args, name=None", name_error_init),
    NativeDef::attribute("name", get::<0>, set::<0>).doc("name"),
];

fn cell<'a>(handle: Handle<'_>) -> &'a mut ExceptionCell {
    // SAFETY: these natives belong to `BaseException`: their first argument is a live exception.
    unsafe { &mut *handle.value().cast::<ExceptionCell>() }
}

impl Vm {
    /// An exception of any class with a tuple of arguments, without the class's own fields.
    pub(crate) fn new_exception_of(&mut self, ty: Value, args: Value) -> Value {
        let shape = self.type_data(ty).shape;
        let exception = self.alloc_cell(Kind::Exception, shape, |header| ExceptionCell {
            header,
            args,
            traceback: Value::NONE,
            context: Value::NONE,
            cause: Value::NONE,
            suppress_context: false,
            fields: Value::UNDEF,
            dict: Value::UNDEF,
        });
        if self.type_data(ty).has(crate::type_object::type_flag::FINALIZER) {
            // SAFETY: the cell was just made.
            unsafe { (*exception.cell()).flags |= flag::FINALIZER };
            self.gc.finalizable.push(exception.cell());
        }
        exception
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = args.at(0).value();
    super::super::type_type::check_new(cx, ty, cx.vm().types.base_exception)?;
    let vm = cx.vm();
    let values = vm.new_tuple(args.rest_slice());
    let exception = vm.new_exception_of(ty, values);
    Ok(cx.local(exception))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    reject_keywords(cx, args, 1)?;
    // As a rule they are those that `__new__` got.
    let present = cell(args.at(0)).args;
    // SAFETY: an exception's arguments are a live tuple.
    if unsafe { TupleCell::items(present.cast()) } != args.rest_slice() {
        cell(args.at(0)).args = cx.vm().new_tuple(args.rest_slice());
    }
    Ok(cx.none())
}

/// Raises TypeError if the slot of `**kwargs` holds any.
pub(super) fn reject_keywords(cx: &mut Cx, args: Args<'_>, slot: usize) -> Result<(), Raised> {
    let given = args.opt(slot).is_some_and(|dict| !crate::dict_ops::dict_data(dict.value()).is_empty());
    if given {
        let ty = cx.vm().type_name_of(args.at(0).value());
        return Err(cx.vm().raise_type_error(&format!("{ty}() takes no keyword arguments")));
    }
    Ok(())
}

/// `str(exception)` as `BaseException` has it.
pub(super) fn plain_str<'a>(cx: &'a mut Cx, exception: Handle<'_>) -> Res<'a> {
    let args = cx.root_value(cell(exception).args);
    match cx.vm().sequence_values(args.value())[..] {
        [] => {
            let empty = cx.vm().empty_str;
            Ok(cx.local(empty))
        }
        [only] => {
            let only = cx.root_value(only);
            let text = cx.str(only.handle())?.value();
            Ok(cx.local(text))
        }
        _ => {
            let text = cx.str(args.handle())?.value();
            Ok(cx.local(text))
        }
    }
}

fn str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    plain_str(cx, args.at(0))
}

fn key_error_str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let values = cx.vm().exception_args(args.at(0).value());
    if let [only] = values[..] {
        let only = cx.root_value(only);
        let text = cx.repr(only.handle())?.value();
        return Ok(cx.local(text));
    }
    plain_str(cx, args.at(0))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().type_name_of(args.at(0).value());
    let values = cx.root_value(cell(args.at(0)).args);
    let text = if let [only] = cx.vm().sequence_values(values.value())[..] {
        let only = cx.root_value(only);
        let inner = cx.repr(only.handle())?;
        cx.vm().concat_texts(&[&format!("{name}("), ")"], &[inner.value()])
    } else {
        let inner = cx.repr(values.handle())?;
        cx.vm().concat_texts(&[&name, ""], &[inner.value()])
    };
    Ok(cx.local(text))
}

impl Vm {
    /// Texts with string values between them.
    pub(crate) fn concat_texts(&mut self, texts: &[&str], values: &[Value]) -> Value {
        debug_assert_eq!(texts.len(), values.len() + 1);
        let mut points: Vec<u32> = texts[0].chars().map(u32::from).collect();
        for (value, text) in values.iter().zip(&texts[1..]) {
            points.extend(self.units(*value).iter());
            points.extend(text.chars().map(u32::from));
        }
        self.str_from_points(points.into_iter())
    }
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let exception = cell(args.at(0));
    let ty = vm.type_of(args.at(0).value());
    let state = super::reduce_state(vm, args.at(0).value());
    let parts = if state.is_undef() {
        vm.new_tuple(&[ty, exception.args])
    } else {
        vm.new_tuple(&[ty, exception.args, state])
    };
    Ok(cx.local(parts))
}

fn set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = args.at(1).value();
    if state.is_none() {
        return Ok(cx.none());
    }
    if !state.is_kind(Kind::Dict) {
        return Err(cx.vm().raise_type_error("state is not a dictionary"));
    }
    let entries: Vec<(Value, Value)> =
        crate::dict_ops::dict_data(state).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in entries {
        let object = args.at(0).value();
        if !key.is_kind(Kind::Str) {
            return Err(cx.vm().raise_type_error("attribute name must be string"));
        }
        let key = cx.vm().intern_str(key);
        cx.vm().door(|vm| vm.store_attr(object, key, value))?;
    }
    Ok(cx.none())
}

fn with_traceback<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    store_traceback(cx, args.at(0), args.at(1).value())?;
    Ok(args.at(0).get(cx))
}

fn add_note<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (exception, note) = (args.at(0), args.at(1));
    if !note.value().is_kind(Kind::Str) {
        let message = format!("note must be a str, not '{}'", cx.vm().type_name_of(note.value()));
        return Err(cx.vm().raise_type_error(&message));
    }
    let notes = match cx.get_attr_opt(exception, "__notes__")? {
        Some(notes) => notes,
        None => {
            let list = cx.vm().new_list(Vec::new());
            let list = cx.root_value(list);
            cx.set_attr(exception, "__notes__", list.handle())?;
            list
        }
    };
    if !notes.value().is_kind(Kind::List) {
        return Err(cx.vm().raise_type_error("Cannot add note: __notes__ is not a list"));
    }
    crate::ops::list_items(notes.value()).push(note.value());
    Ok(cx.none())
}

fn get_args<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).args))
}

fn set_args<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(value) = args.opt(1) else {
        return Err(cx.vm().raise_type_error("args may not be deleted"));
    };
    let list = cx.collect(value)?;
    let exception = args.at(0).value();
    let vm = cx.vm();
    // Fields that are read from the arguments keep what they were.
    let first = super::default_field(vm, exception);
    if cell(args.at(0)).fields.is_undef() && !first.is_undef() {
        set_field_at(vm, exception, 0, first);
    }
    let items = vm.sequence_values(list.value());
    cell(args.at(0)).args = vm.new_tuple(&items);
    Ok(cx.none())
}

fn get_traceback<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).traceback))
}

fn set_traceback<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(value) = args.opt(1) else {
        return Err(cx.vm().raise_type_error("__traceback__ may not be deleted"));
    };
    store_traceback(cx, args.at(0), value.value())?;
    Ok(cx.none())
}

fn store_traceback(cx: &mut Cx, exception: Handle<'_>, value: Value) -> Result<(), Raised> {
    if !value.is_none() && !value.is_kind(Kind::Traceback) {
        return Err(cx.vm().raise_type_error("__traceback__ must be a traceback or None"));
    }
    cell(exception).traceback = value;
    Ok(())
}

fn get_context<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).context))
}

fn set_context<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(value) = args.opt(1) else {
        return Err(cx.vm().raise_type_error("__context__ may not be deleted"));
    };
    if !value.value().is_none() && !value.value().is_kind(Kind::Exception) {
        return Err(cx.vm().raise_type_error("exception context must be None or derive from BaseException"));
    }
    cell(args.at(0)).context = value.value();
    Ok(cx.none())
}

fn get_cause<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(cell(args.at(0)).cause))
}

fn set_cause<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(value) = args.opt(1) else {
        return Err(cx.vm().raise_type_error("__cause__ may not be deleted"));
    };
    if !value.value().is_none() && !value.value().is_kind(Kind::Exception) {
        return Err(cx.vm().raise_type_error("exception cause must be None or derive from BaseException"));
    }
    let exception = cell(args.at(0));
    exception.cause = value.value();
    exception.suppress_context = true;
    Ok(cx.none())
}

fn get_suppress<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.bool(cell(args.at(0)).suppress_context))
}

fn set_suppress<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(value) = args.opt(1) else {
        return Err(cx.vm().raise_type_error("can't delete numeric/char attribute"));
    };
    if !value.value().is_bool() {
        return Err(cx.vm().raise_type_error("attribute value type must be bool"));
    }
    cell(args.at(0)).suppress_context = value.value() == Value::TRUE;
    Ok(cx.none())
}

/// Sets the arguments and, from the slots behind, the fields of these names.
fn init_named(cx: &mut Cx, args: Args<'_>, names: &[&str]) {
    cell(args.at(0)).args = cx.vm().new_tuple(&args.rest_values());
    for (i, name) in names.iter().enumerate() {
        let value = args.opt(1 + i).map_or(Value::UNDEF, Handle::value);
        set_field(cx.vm(), args.at(0).value(), name, value);
    }
}

fn import_error_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init_named(cx, args, &["name", "path", "name_from"]);
    let message = match args.rest_values()[..] {
        [message] => message,
        _ => Value::UNDEF,
    };
    set_field(cx.vm(), args.at(0).value(), "msg", message);
    Ok(cx.none())
}

fn import_error_str<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let message = super::field(cx.vm(), args.at(0).value(), "msg");
    if message.is_kind(Kind::Str) && cx.vm().is_exact(message) {
        return Ok(cx.local(message));
    }
    plain_str(cx, args.at(0))
}

fn attribute_error_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init_named(cx, args, &["name", "obj"]);
    Ok(cx.none())
}

fn name_error_init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    init_named(cx, args, &["name"]);
    Ok(cx.none())
}
