//! `partial`: a callable with some arguments given already.

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::ops::Merge;
use crate::type_object::type_flag;
use crate::types::functional::native_state;
use crate::types::shared::CLASS_GETITEM;
use crate::types::tuple::tuple_items;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__setstate__", "$self, state, /", set_state),
    NativeDef::getter("func", function).doc("function object to use in future partial calls"),
    NativeDef::getter("args", arguments).doc("tuple of arguments to future partial calls"),
    NativeDef::getter("keywords", keywords).doc("dictionary of keyword arguments to future partial calls"),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
    CLASS_GETITEM,
];

native_state!(
    /// A partial's state: the callable, a tuple, a dict.
    Partial { function, arguments, keywords ; ; }
);

/// Adds the type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let ty = vm.new_module_type("functools", "partial", Kind::Boxed, flags, METHODS);
    super::super::set(vm, dict, "partial", ty);
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut rest = args.rest();
    let Some(function) = rest.next() else {
        return Err(cx.vm().raise_type_error("type 'partial' takes at least one argument"));
    };
    if !cx.vm().is_callable(function.value()) {
        return Err(cx.vm().raise_type_error("the first argument must be callable"));
    }
    let mut given: Vec<Value> = Vec::new();
    let keywords = cx.vm().new_dict();
    let keywords = cx.root_value(keywords);
    let mut callee = function.value();
    // A partial of a plain partial takes over what it has.
    let inner = cx
        .payload::<Partial>(function)
        .map(|inner| (inner.function.value(), inner.arguments.value(), inner.keywords.value()));
    if let Some((inner_function, inner_arguments, inner_keywords)) = inner
        && cx.vm().type_of(function.value()) == args.at(0).value()
        && cx.vm().instance_dict_is_empty(function.value())
    {
        callee = inner_function;
        given.extend_from_slice(tuple_items(inner_arguments));
        let inner_keywords = cx.root_value(inner_keywords);
        cx.dict_merge_keys(keywords.handle(), inner_keywords.handle(), Merge::Replace)?;
    }
    given.extend(rest.map(Handle::value));
    if let Some(more) = args.opt(1) {
        cx.dict_merge_keys(keywords.handle(), more, Merge::Replace)?;
    }
    let given = cx.vm().new_tuple(&given);
    let state = Partial {
        function: Slot::of(callee),
        arguments: Slot::of(given),
        keywords: Slot::of(keywords.value()),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

impl Vm {
    /// Whether an object has no attributes of its own.
    fn instance_dict_is_empty(&self, object: Value) -> bool {
        #[expect(unsafe_code, reason = "the dict lies in the live object")]
        self.dict_place(object).is_none_or(|place| {
            // SAFETY: the place lies in the live object.
            let dict = unsafe { *place };
            dict.is_undef() || dict_data(dict).is_empty()
        })
    }
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Partial>(args.at(0))?;
    let (function, arguments, keywords) =
        (state.function.value(), state.arguments.value(), state.keywords.value());
    let mut values: Vec<Value> = tuple_items(arguments).to_vec();
    values.extend(args.rest().map(Handle::value));
    let (own, given) = (dict_data(keywords), args.opt(1));
    if own.is_empty() && given.is_none() {
        let result = cx.call_raw(function, &values)?;
        return Ok(cx.local(result));
    }
    let all = match given {
        None => cx.root_value(keywords),
        Some(given) => {
            let copy = own.compacted();
            let all = cx.vm().dict_of(copy);
            let all = cx.root_value(all);
            cx.dict_merge_keys(all.handle(), given, Merge::Replace)?;
            all
        }
    };
    let result = cx.call_with_keywords(function, values, all.value())?;
    Ok(cx.local(result))
}

impl Cx {
    /// Calls with positional arguments and a dict of keyword ones, raw.
    pub(crate) fn call_with_keywords(
        &mut self,
        function: Value,
        mut values: Vec<Value>,
        keywords: Value,
    ) -> Result<Value, Raised> {
        let (names, more) = self.vm().keywords_of(keywords);
        if names.is_empty() {
            return self.call_raw(function, &values);
        }
        values.extend(more);
        let names = self.vm().new_tuple(&names);
        let function = self.root_value(function);
        // The names are only read when the arguments are taken; the root keeps them until the call is over.
        let names = self.root_value(names);
        Ok(self.call_values(function.handle(), &values, names.value())?.value())
    }
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = class_text(cx, args.at(0))?;
    let text = cx.guarded_repr(args.at(0), "...", |cx, text| {
        let state = cx.state::<Partial>(args.at(0))?;
        let function = state.function.value();
        let (arguments, keywords) = (state.arguments.value(), state.keywords.value());
        let (arguments, keywords) = (cx.root_value(arguments), cx.root_value(keywords));
        text.push_str(&name);
        text.push_str("(");
        cx.push_repr(text, function)?;
        for item in tuple_items(arguments.value()) {
            text.push_str(", ");
            cx.push_repr(text, *item)?;
        }
        let mut position = 0;
        while let Some((at, entry)) = dict_data(keywords.value()).next_entry(position) {
            position = at + 1;
            let (key, value) = (cx.root_value(entry.key), cx.root_value(entry.value));
            text.push_str(", ");
            let key = cx.str(key.handle())?;
            text.push_units(cx.vm().units(key.value()));
            text.push_str("=");
            cx.push_repr(text, value.value())?;
        }
        text.push_str(")");
        Ok(())
    })?;
    Ok(cx.local(text))
}

/// `module.qualname` of an object's class.
fn class_text(cx: &mut Cx, object: Handle<'_>) -> Result<String, Raised> {
    let ty = cx.root_value(cx.vm().type_of(object.value()));
    let (module, name) = (cx.get_attr(ty.handle(), "__module__")?, cx.get_attr(ty.handle(), "__qualname__")?);
    let (module, name) = (cx.str_text(module.handle())?, cx.str_text(name.handle())?);
    Ok(format!("{module}.{name}"))
}

fn function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.state::<Partial>(args.at(0))?.function.value();
    Ok(cx.local(value))
}

fn arguments<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.state::<Partial>(args.at(0))?.arguments.value();
    Ok(cx.local(value))
}

fn keywords<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.state::<Partial>(args.at(0))?.keywords.value();
    Ok(cx.local(value))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Partial>(args.at(0))?;
    let (function, arguments, keywords) =
        (state.function.value(), state.arguments.value(), state.keywords.value());
    let vm = cx.vm();
    let dict = if vm.instance_dict_is_empty(args.at(0).value()) {
        Value::NONE
    } else {
        vm.instance_dict(args.at(0).value()).unwrap_or(Value::NONE)
    };
    let ty = vm.type_of(args.at(0).value());
    let first = vm.new_tuple(&[function]);
    let state = vm.new_tuple(&[function, arguments, keywords, dict]);
    let reduced = vm.new_tuple(&[ty, first, state]);
    Ok(cx.local(reduced))
}

fn set_state<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let parts: Vec<Value> = if args.at(1).value().is_kind(Kind::Tuple) {
        tuple_items(args.at(1).value()).to_vec()
    } else {
        Vec::new()
    };
    let valid = match parts[..] {
        [function, arguments, keywords, _] => {
            cx.vm().is_callable(function)
                && arguments.is_kind(Kind::Tuple)
                && (keywords.is_none() || keywords.is_kind(Kind::Dict))
        }
        _ => false,
    };
    if !valid {
        return Err(cx.vm().raise_type_error("invalid partial state"));
    }
    let vm = cx.vm();
    let arguments =
        if vm.type_of(parts[1]) == vm.types.tuple { parts[1] } else { vm.new_tuple(tuple_items(parts[1])) };
    let keywords = if parts[2].is_none() {
        vm.new_dict()
    } else if vm.type_of(parts[2]) == vm.types.dict {
        parts[2]
    } else {
        vm.dict_of(dict_data(parts[2]).compacted())
    };
    let state = cx.state::<Partial>(args.at(0))?;
    state.function.set_value(parts[0]);
    state.arguments.set_value(arguments);
    state.keywords.set_value(keywords);
    if !parts[3].is_none() {
        let dict = cx.root_value(parts[3]);
        cx.set_attr(args.at(0), "__dict__", dict.handle())?;
    }
    Ok(cx.none())
}
