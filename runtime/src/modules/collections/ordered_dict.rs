//! `OrderedDict`: a dict whose order counts and can be changed.
//!
//! Dicts keep their order anyway, so this is one with more methods. Moving an item to the front rebuilds it.

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::dict_ops::dict_data;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::dict_views;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, /, *args, **kwargs", init_instance),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", or_reflected),
    NativeDef::new("__ior__", "$self, value, /", or_in_place),
    NativeDef::new("__reduce__", "$self, /", reduce).doc("Return state information for pickling"),
    NativeDef::new("copy", "$self, /", copy).doc("od.copy() -> a shallow copy of od"),
    NativeDef::new("__copy__", "$self, /", copy),
    NativeDef::new("update", "$self, /, *args, **kwargs", update),
    NativeDef::new("pop", "$self, key, default=<unrepresentable>", pop),
    NativeDef::new("popitem", "$self, last=True", pop_item)
        .doc("Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if false."),
    NativeDef::new("setdefault", "$self, key, default=None", set_default),
    NativeDef::new("move_to_end", "$self, key, last=True", move_to_end)
        .doc("Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist."),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
    NativeDef::new("keys", "$self, /", keys),
    NativeDef::new("values", "$self, /", values),
    NativeDef::new("items", "$self, /", items),
];

/// The type, and those of its views.
#[derive(Clone, Copy)]
struct Types {
    ordered_dict: Value,
    keys: Value,
    values: Value,
    items: Value,
}

#[derive(Default)]
struct State(Option<Types>);

/// Adds the type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let ty = vm.new_module_type("collections", "OrderedDict", Kind::Dict, flags, METHODS);
    let name = vm.names.__hash__;
    let namespace = vm.type_data(ty).dict;
    vm.dict_set_str(namespace, name, Value::NONE);
    let t = vm.types;
    let mut view = |name: &str, base| vm.new_builtin_type(name, base, Kind::Boxed, type_flag::NO_NEW);
    let types = Types {
        ordered_dict: ty,
        keys: view("odict_keys", t.dict_keys),
        values: view("odict_values", t.dict_values),
        items: view("odict_items", t.dict_items),
    };
    vm.module_state::<State>().0 = Some(types);
    super::super::set(vm, dict, "OrderedDict", ty);
}

fn types(cx: &Cx) -> Types {
    cx.vm().module_state::<State>().0.expect("the module was filled")
}

fn is_ordered(cx: &Cx, value: Handle<'_>) -> bool {
    let ty = types(cx).ordered_dict;
    cx.vm().is_instance(value.value(), ty)
}

fn is_plain(cx: &Cx, value: Handle<'_>) -> bool {
    cx.vm().type_of(value.value()) == types(cx).ordered_dict
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.vm().new_dict();
    let made = cx.vm().as_subclass(dict, args.at(0).value())?;
    Ok(cx.local(made))
}

fn init_instance<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = args.rest().len();
    if count > 1 {
        let message = format!("expected at most 1 arguments, got {count}");
        return Err(cx.vm().raise_type_error(&message));
    }
    fill(cx, args)?;
    Ok(cx.none())
}

fn update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = args.rest().len();
    if count > 1 {
        let message = format!("update() takes at most 1 positional argument ({count} given)");
        return Err(cx.vm().raise_type_error(&message));
    }
    fill(cx, args)?;
    Ok(cx.none())
}

fn fill(cx: &mut Cx, args: Args<'_>) -> Result<(), Raised> {
    if let Some(source) = args.rest().next() {
        add_all(cx, args.at(0), source)?;
    }
    match args.opt(1) {
        Some(keywords) => add_all(cx, args.at(0), keywords),
        None => Ok(()),
    }
}

/// Sets the items of a mapping or of an iterable of pairs, one by one: `__setitem__` may be a program's.
fn add_all(cx: &mut Cx, dict: Handle<'_>, source: Handle<'_>) -> Result<(), Raised> {
    let is_dict =
        source.value().is_kind(Kind::Dict) && (cx.vm().is_exact(source.value()) || is_plain(cx, source));
    if is_dict && is_plain(cx, dict) {
        return cx.dict_update_from(dict, source);
    }
    if let Some(keys) = cx.get_attr_opt(source, "keys")? {
        let keys = cx.call(keys.handle(), &[])?;
        let iterator = cx.iter(keys.handle())?;
        while let Some(key) = cx.next(iterator.handle())? {
            let value = cx.get_item(source, key.handle())?;
            cx.set_item(dict, key.handle(), value.handle())?;
        }
        return Ok(());
    }
    let iterator = cx.iter(source)?;
    while let Some(pair) = cx.next(iterator.handle())? {
        let pair = cx.collect(pair.handle())?;
        let parts = cx.vm().sequence_values(pair.value());
        let &[key, value] = parts.as_slice() else {
            let message = match parts.len() {
                0 => "need more than 0 values to unpack",
                1 => "need more than 1 value to unpack",
                _ => "too many values to unpack (expected 2)",
            };
            return Err(cx.vm().raise_value_error(message));
        };
        let (key, value) = (cx.root_value(key), cx.root_value(value));
        cx.set_item(dict, key.handle(), value.handle())?;
    }
    Ok(())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    let name = cx.vm().type_name_of(dict.value());
    let name = name.rsplit('.').next().unwrap_or(&name).to_owned();
    if dict_data(dict.value()).is_empty() {
        let text = cx.vm().new_str(&format!("{name}()"));
        return Ok(cx.local(text));
    }
    if !cx.enter_repr(dict) {
        let dots = cx.vm().intern("...");
        return Ok(cx.local(dots));
    }
    let shown = repr_of_items(cx, dict);
    cx.leave_repr(dict);
    let shown = shown?;
    let mut text = crate::text_builder::TextBuilder::new();
    text.push_str(&name);
    text.push_str("(");
    text.push_units(cx.vm().units(shown.value()));
    text.push_str(")");
    let text = text.finish(cx.vm())?;
    Ok(cx.local(text))
}

fn repr_of_items(cx: &mut Cx, dict: Handle<'_>) -> Result<Root, Raised> {
    let class = cx.root_value(cx.vm().types.dict);
    let plain = if is_plain(cx, dict) {
        let copy = cx.dict_copy(dict);
        cx.root_value(copy)
    } else {
        let items = cx.call_method(dict, "items", &[])?;
        cx.call(class.handle(), &[items.handle()])?
    };
    cx.repr(plain.handle())
}

/// Equality; the order counts if both are ordered.
fn is_equal(cx: &mut Cx, a: Handle<'_>, b: Handle<'_>) -> Result<bool, Raised> {
    if !cx.dicts_equal(a, b)? {
        return Ok(false);
    }
    if !is_ordered(cx, b) {
        return Ok(true);
    }
    let (mut left, mut right) = (0, 0);
    loop {
        let next = |dict: Handle<'_>, from: usize| {
            dict_data(dict.value()).next_entry(from).map(|(at, entry)| (at + 1, entry.key))
        };
        let (Some((after_a, key_a)), Some((after_b, key_b))) = (next(a, left), next(b, right)) else {
            return Ok(true);
        };
        (left, right) = (after_a, after_b);
        let (key_a, key_b) = (cx.root_value(key_a), cx.root_value(key_b));
        if key_a.value() != key_b.value() && !cx.eq(key_a.handle(), key_b.handle())? {
            return Ok(false);
        }
    }
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let equal = is_equal(cx, args.at(0), args.at(1))?;
    Ok(cx.bool(equal))
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let equal = is_equal(cx, args.at(0), args.at(1))?;
    Ok(cx.bool(!equal))
}

/// `left | right`, of the type of `like`.
fn union<'a>(cx: &'a mut Cx, like: Handle<'_>, left: Handle<'_>, right: Handle<'_>) -> Res<'a> {
    if !left.value().is_kind(Kind::Dict) || !right.value().is_kind(Kind::Dict) {
        return Ok(cx.not_implemented());
    }
    let class = cx.root_value(cx.vm().type_of(like.value()));
    let made = cx.call(class.handle(), &[left])?;
    add_all(cx, made.handle(), right)?;
    Ok(made.get(cx))
}

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(0), args.at(1))
}

fn or_reflected<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    union(cx, args.at(0), args.at(1), args.at(0))
}

fn or_in_place<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    add_all(cx, args.at(0), args.at(1))?;
    Ok(args.at(0).get(cx))
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    let class = cx.root_value(cx.vm().type_of(dict.value()));
    let made = cx.call(class.handle(), &[])?;
    add_all(cx, made.handle(), dict)?;
    Ok(made.get(cx))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let items = cx.call_method(args.at(0), "items", &[])?;
    let iterator = cx.iter(items.handle())?;
    let vm = cx.vm();
    let class = vm.type_of(args.at(0).value());
    let attributes = vm.instance_dict(args.at(0).value()).filter(|dict| !dict_data(*dict).is_empty());
    let state = attributes.unwrap_or(Value::NONE);
    let reduced = vm.new_tuple(&[class, vm.empty_tuple, state, Value::NONE, iterator.value()]);
    Ok(cx.local(reduced))
}

fn pop<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    if let Some(position) = cx.dict_find(dict, args.at(1))?.1 {
        let (_, value) = dict_data(dict.value()).remove_at(position);
        return Ok(cx.local(value));
    }
    match args.opt(2) {
        Some(default) => Ok(default.get(cx)),
        None => Err(cx.vm().raise_key_error(args.at(1).value())),
    }
}

fn pop_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let last = cx.flag(args.opt(1), true)?;
    let data = dict_data(args.at(0).value());
    match if last { data.pop_last() } else { data.pop_first() } {
        Some((key, value)) => {
            let pair = cx.vm().new_tuple(&[key, value]);
            Ok(cx.local(pair))
        }
        None => {
            let message = cx.vm().new_str("dictionary is empty");
            Err(cx.vm().raise_key_error(message))
        }
    }
}

fn set_default<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (dict, key) = (args.at(0), args.at(1));
    if let Some(value) = cx.dict_get(dict, key)? {
        return Ok(value.get(cx));
    }
    let default = cx.root_value(args.opt(2).map_or(Value::NONE, Handle::value));
    cx.set_item(dict, key, default.handle())?;
    Ok(default.get(cx))
}

fn move_to_end<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = args.at(0);
    let last = cx.flag(args.opt(2), true)?;
    let Some(position) = cx.dict_find(dict, args.at(1))?.1 else {
        return Err(cx.vm().raise_key_error(args.at(1).value()));
    };
    let data = dict_data(dict.value());
    if last {
        data.move_to_end(position);
        return Ok(cx.none());
    }
    if data.next_entry(0).is_some_and(|(first, _)| first == position) {
        return Ok(cx.none());
    }
    let hash = data.entry(position).expect("it was found there").hash;
    let (key, value) = data.remove_at(position);
    let rest: Vec<_> = data.iter().map(|entry| (entry.hash, entry.key, entry.value)).collect();
    data.clear();
    data.insert_new(hash, key, value);
    for (hash, key, value) in rest {
        data.insert_new(hash, key, value);
    }
    Ok(cx.none())
}

fn keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = types(cx).keys;
    let shape = cx.vm().shape_of_type(ty);
    let view = dict_views::new_view(cx.vm(), shape, args.at(0).value());
    Ok(cx.local(view))
}

fn values<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = types(cx).values;
    let shape = cx.vm().shape_of_type(ty);
    let view = dict_views::new_view(cx.vm(), shape, args.at(0).value());
    Ok(cx.local(view))
}

fn items<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = types(cx).items;
    let shape = cx.vm().shape_of_type(ty);
    let view = dict_views::new_view(cx.vm(), shape, args.at(0).value());
    Ok(cx.local(view))
}
