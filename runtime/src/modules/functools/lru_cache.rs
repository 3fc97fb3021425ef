//! The wrapper that `lru_cache` puts around a function: results kept by arguments, the least recently used dropped
//! first. The cache is a dict in order of use.

use std::cell::Cell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root, Slot};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::types::functional::native_state;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "$type, user_function, maxsize, typed, cache_info_type", new),
    NativeDef::new("__call__", "$self, /, *args, **kwargs", call),
    NativeDef::new("__get__", "$self, instance, owner=None, /", get),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__copy__", "$self, /", crate::types::shared::itself),
    NativeDef::new("__deepcopy__", "$self, memo, /", crate::types::shared::itself),
    NativeDef::new("cache_info", "$self, /", cache_info).doc("Report cache statistics"),
    NativeDef::new("cache_clear", "$self, /", cache_clear).doc("Clear the cache and cache statistics"),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
];

native_state!(
    /// A wrapper's state; `maxsize` is undefined for no bound.
    Cache { function, results, info_type, keyword_mark ; ;
        maxsize: Option<i64>, typed: bool, hits: Cell<i64>, misses: Cell<i64> }
);

/// Adds the type.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::INSTANCE_DICT | type_flag::WEAKREF;
    let ty = vm.new_module_type("functools", "_lru_cache_wrapper", Kind::Boxed, flags, METHODS);
    super::super::set(vm, dict, "_lru_cache_wrapper", ty);
    let object = vm.types.object;
    vm.module_types.keyword_mark = vm.new_object(object);
    vm.permanent.push(vm.module_types.keyword_mark);
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !cx.vm().is_callable(args.at(1).value()) {
        return Err(cx.vm().raise_type_error("the first argument must be callable"));
    }
    let maxsize = if args.at(2).value().is_none() {
        None
    } else if cx.vm().has_index(args.at(2).value()) {
        Some(cx.index_i64(args.at(2))?.max(0))
    } else {
        return Err(cx.vm().raise_type_error("maxsize should be integer or None"));
    };
    let typed = cx.truth(args.at(3))?;
    let results = cx.vm().new_dict();
    let state = Cache {
        function: Slot::of(args.at(1).value()),
        results: Slot::of(results),
        info_type: Slot::of(args.at(4).value()),
        keyword_mark: Slot::of(cx.vm().module_types.keyword_mark),
        maxsize,
        typed,
        hits: 0.into(),
        misses: 0.into(),
    };
    let object = cx.make_object(args.at(0), Box::new(state))?;
    Ok(cx.local(object))
}

/// What a call's result is kept under: the only argument if it is an int or a string, else a tuple of all.
fn make_key(cx: &Cx, args: Args<'_>, keywords: Option<Handle<'_>>, typed: bool, mark: Value) -> Root {
    let positional: Vec<Value> = args.rest().map(Handle::value).collect();
    let vm = cx.vm();
    if let ([only], None, false) = (&positional[..], keywords, typed) {
        let ty = vm.type_of(*only);
        if ty == vm.types.int || ty == vm.types.str {
            return cx.root_value(*only);
        }
    }
    let mut parts = positional.clone();
    let entries: Vec<_> =
        keywords.map_or(Vec::new(), |keywords| dict_data(keywords.value()).iter().copied().collect());
    if !entries.is_empty() {
        parts.push(mark);
        parts.extend(entries.iter().flat_map(|entry| [entry.key, entry.value]));
    }
    if typed {
        parts.extend(positional.iter().map(|value| vm.type_of(*value)));
        parts.extend(entries.iter().map(|entry| vm.type_of(entry.value)));
    }
    cx.root_value(vm.new_tuple(&parts))
}

fn call_wrapped(cx: &mut Cx, args: Args<'_>, function: Value) -> Result<Value, Raised> {
    let values: Vec<Value> = args.rest().map(Handle::value).collect();
    match args.opt(1) {
        Some(keywords) => cx.call_with_keywords(function, values, keywords.value()),
        None => cx.call_raw(function, &values),
    }
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Cache>(args.at(0))?;
    let (function, maxsize, typed) = (state.function.value(), state.maxsize, state.typed);
    if maxsize == Some(0) {
        state.misses.set(state.misses.get() + 1);
        let result = call_wrapped(cx, args, function)?;
        return Ok(cx.local(result));
    }
    let (results, mark) = (cx.root_value(state.results.value()), state.keyword_mark.value());
    let key = make_key(cx, args, args.opt(1), typed, mark);
    let (hash, found) = cx.dict_find(results.handle(), key.handle())?;
    let state = cx.state::<Cache>(args.at(0))?;
    if let Some(position) = found {
        state.hits.set(state.hits.get() + 1);
        let data = dict_data(results.value());
        let result = data.value_at(position);
        if maxsize.is_some() {
            data.move_to_end(position);
        }
        return Ok(cx.local(result));
    }
    state.misses.set(state.misses.get() + 1);
    let result = call_wrapped(cx, args, function)?;
    let result = cx.root_value(result);
    // The call may have put the same key in, or cleared the cache.
    if cx.dict_find_hashed(results.handle(), hash, key.handle())?.is_none() {
        let data = dict_data(results.value());
        if maxsize.is_some_and(|maxsize| data.len() as i64 >= maxsize) {
            data.pop_first();
        }
        cx.vm().dict_insert_new(results.value(), hash, key.value(), result.value());
    } else if maxsize.is_none() {
        cx.dict_set(results.handle(), key.handle(), result.handle())?;
    }
    Ok(result.get(cx))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if args.at(1).value().is_none() {
        return Ok(args.at(0).get(cx));
    }
    let method = cx.vm().new_method(args.at(0).value(), args.at(1).value());
    Ok(cx.local(method))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.get_attr(args.at(0), "__qualname__")?;
    Ok(name.get(cx))
}

fn cache_info<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Cache>(args.at(0))?;
    let (hits, misses, maxsize) = (state.hits.get(), state.misses.get(), state.maxsize);
    let (info_type, results) = (state.info_type.value(), state.results.value());
    let vm = cx.vm();
    let maxsize = match maxsize {
        Some(maxsize) => vm.new_int(maxsize),
        None => Value::NONE,
    };
    let (hits, misses) = (vm.new_int(hits), vm.new_int(misses));
    let len = vm.new_int(dict_data(results).len() as i64);
    let info = cx.call_raw(info_type, &[hits, misses, maxsize, len])?;
    Ok(cx.local(info))
}

fn cache_clear<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = cx.state::<Cache>(args.at(0))?;
    state.hits.set(0);
    state.misses.set(0);
    dict_data(state.results.value()).clear();
    debug_assert!(state.results.value().is_kind(Kind::Dict));
    Ok(cx.none())
}
