//! `itemgetter`, `attrgetter`, `methodcaller`.

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::types::functional::native_state;
use crate::types::tuple::tuple_items;
use crate::value::Value;
use crate::vm::Vm;

static ITEM_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", item_new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", item_call),
    NativeDef::new("__repr__", "$self, /", item_repr),
    NativeDef::new("__reduce__", "$self, /", item_reduce).doc("Return state information for pickling"),
];
static ATTRIBUTE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", attribute_new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", attribute_call),
    NativeDef::new("__repr__", "$self, /", attribute_repr),
    NativeDef::new("__reduce__", "$self, /", attribute_reduce).doc("Return state information for pickling"),
];
static METHOD_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", method_new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", method_call),
    NativeDef::new("__repr__", "$self, /", method_repr),
    NativeDef::new("__reduce__", "$self, /", method_reduce).doc("Return state information for pickling"),
];

native_state!(
    /// An `itemgetter`'s state: a tuple of keys.
    Items { keys ; ; }
);
native_state!(
    /// An `attrgetter`'s state: a tuple of the names as given, and for each the names between its dots.
    Attributes { names ; paths ; }
);
native_state!(
    /// A `methodcaller`'s state: a name, a tuple, and a dict or nothing.
    Method { name, arguments, keywords ; ; }
);

/// Adds the types.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    for (name, methods) in
        [("itemgetter", ITEM_METHODS), ("attrgetter", ATTRIBUTE_METHODS), ("methodcaller", METHOD_METHODS)]
    {
        let ty = vm.new_module_type("operator", name, Kind::Boxed, 0, methods);
        super::super::set(vm, dict, name, ty);
    }
}

/// The positional arguments, of which there is at least one.
fn given(cx: &mut Cx, args: Args<'_>, name: &str) -> Result<Vec<Value>, Raised> {
    cx.refuse_keywords(args.opt(1), name)?;
    let given: Vec<Value> = args.rest().map(Handle::value).collect();
    if given.is_empty() {
        let message = format!("{name} expected 1 argument, got 0");
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(given)
}

/// The only argument of a getter's call.
fn argument<'r>(cx: &mut Cx, args: Args<'r>, name: &str) -> Result<Handle<'r>, Raised> {
    cx.refuse_keywords(args.opt(1), name)?;
    cx.check_count(name, args.rest().len(), 1, 1)?;
    Ok(args.rest().next().expect("one was counted"))
}

/// One value alone, several as a tuple.
fn one_or_tuple<'a>(cx: &'a mut Cx, values: &[Root]) -> Res<'a> {
    if let [only] = values {
        return Ok(only.get(cx));
    }
    let values: Vec<Value> = values.iter().map(Root::value).collect();
    let tuple = cx.vm().new_tuple(&values);
    Ok(cx.local(tuple))
}

/// `operator.name(a, b)`.
fn call_repr<'a>(cx: &'a mut Cx, object: Handle<'_>, values: &[Value], keywords: Value) -> Res<'a> {
    let name = cx.vm().type_name_of(object.value());
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    let text = cx.guarded_repr(object, &format!("operator.{name}(...)"), |cx, text: &mut TextBuilder| {
        text.push_str(&format!("operator.{name}("));
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            cx.push_repr(text, *value)?;
        }
        if !keywords.is_undef() {
            for entry in dict_data(keywords).compacted().iter() {
                text.push_str(", ");
                text.push_units(cx.vm().units(entry.key));
                text.push_str("=");
                cx.push_repr(text, entry.value)?;
            }
        }
        text.push_str(")");
        Ok(())
    })?;
    Ok(cx.local(text))
}

// ---- itemgetter -------------------------------------------------------------------------------------------------

fn item_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keys = given(cx, args, "itemgetter")?;
    let keys = cx.vm().new_tuple(&keys);
    let object = cx.make_object(args.at(0), Box::new(Items { keys: Slot::of(keys) }))?;
    Ok(cx.local(object))
}

fn item_call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = argument(cx, args, "itemgetter")?;
    let keys = tuple_items(cx.state::<Items>(args.at(0))?.keys.value());
    if let [key] = keys
        && let Some(item) = cx.vm().load_item_plain(object.value(), *key)
    {
        return Ok(cx.local(item));
    }
    let mut items = Vec::with_capacity(keys.len());
    for key in keys {
        let key = cx.root_value(*key);
        items.push(cx.get_item(object, key.handle())?);
    }
    one_or_tuple(cx, &items)
}

fn item_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keys = cx.state::<Items>(args.at(0))?.keys.value();
    call_repr(cx, args.at(0), tuple_items(keys), Value::UNDEF)
}

fn item_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let keys = cx.state::<Items>(args.at(0))?.keys.value();
    let reduced = cx.reduce_to_type(args.at(0), tuple_items(keys));
    Ok(cx.local(reduced))
}

// ---- attrgetter -------------------------------------------------------------------------------------------------

fn attribute_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = given(cx, args, "attrgetter")?;
    let mut paths = Vec::with_capacity(names.len());
    for name in &names {
        if !name.is_kind(Kind::Str) {
            return Err(cx.vm().raise_type_error("attribute name must be a string"));
        }
        let parts: Vec<Value> =
            cx.vm().str_lossy(*name).split('.').map(|part| cx.vm().intern(part)).collect();
        paths.push(Slot::of(cx.vm().new_tuple(&parts)));
    }
    let names = cx.vm().new_tuple(&names);
    let object = cx.make_object(args.at(0), Box::new(Attributes { names: Slot::of(names), paths }))?;
    Ok(cx.local(object))
}

fn attribute_call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = argument(cx, args, "attrgetter")?;
    let paths: Vec<Value> = cx.state::<Attributes>(args.at(0))?.paths.iter().map(Slot::value).collect();
    let mut values = Vec::with_capacity(paths.len());
    for path in paths {
        let mut value = cx.root_value(object.value());
        for name in tuple_items(path) {
            value = cx.get_attr_value(value.handle(), *name)?;
        }
        values.push(value);
    }
    one_or_tuple(cx, &values)
}

fn attribute_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = cx.state::<Attributes>(args.at(0))?.names.value();
    call_repr(cx, args.at(0), tuple_items(names), Value::UNDEF)
}

fn attribute_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let names = cx.state::<Attributes>(args.at(0))?.names.value();
    let reduced = cx.reduce_to_type(args.at(0), tuple_items(names));
    Ok(cx.local(reduced))
}

// ---- methodcaller -----------------------------------------------------------------------------------------------

fn method_new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let given: Vec<Value> = args.rest().map(Handle::value).collect();
    let Some((name, arguments)) = given.split_first() else {
        let message = "methodcaller needs at least one argument, the method name";
        return Err(cx.vm().raise_type_error(message));
    };
    if !name.is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("method name must be a string"));
    }
    let arguments = cx.vm().new_tuple(arguments);
    let state = Method {
        name: Slot::of(cx.vm().intern_str(*name)),
        arguments: Slot::of(arguments),
        keywords: args.opt(1).map_or(Slot::empty(), |keywords| Slot::of(keywords.value())),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

fn method_call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = argument(cx, args, "methodcaller")?;
    let state = cx.state::<Method>(args.at(0))?;
    let (name, arguments, keywords) = (state.name.value(), state.arguments.value(), state.keywords.value());
    let method = cx.get_attr_value(object, name)?;
    let values = tuple_items(arguments).to_vec();
    let result = if keywords.is_undef() {
        cx.call_raw(method.value(), &values)?
    } else {
        cx.call_with_keywords(method.value(), values, keywords)?
    };
    Ok(cx.local(result))
}

fn method_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Method>(args.at(0))?;
    let (name, arguments, keywords) = (state.name.value(), state.arguments.value(), state.keywords.value());
    let values: Vec<Value> = std::iter::once(name).chain(tuple_items(arguments).iter().copied()).collect();
    call_repr(cx, args.at(0), &values, keywords)
}

fn method_reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Method>(args.at(0))?;
    let (name, arguments, keywords) = (state.name.value(), state.arguments.value(), state.keywords.value());
    let values: Vec<Value> = std::iter::once(name).chain(tuple_items(arguments).iter().copied()).collect();
    if keywords.is_undef() {
        let reduced = cx.reduce_to_type(args.at(0), &values);
        return Ok(cx.local(reduced));
    }
    // With keywords: a partial of the type, called with the rest.
    let module = cx.import_absolute("functools")?;
    let module = cx.root_value(module);
    let partial = cx.get_attr(module.handle(), "partial")?;
    let ty = cx.vm().type_of(args.at(0).value());
    let constructor = cx.call_with_keywords(partial.value(), vec![ty, name], keywords)?;
    let reduced = cx.vm().new_tuple(&[constructor, arguments]);
    Ok(cx.local(reduced))
}
