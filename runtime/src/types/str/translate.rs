//! `str.translate` and `str.maketrans`.

use super::*;
use crate::text_builder::TextBuilder;

pub(super) fn translate<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let table = args.at(1);
    let len = this(cx, args).len();
    let mut text = TextBuilder::new();
    // What a character became, for those seen before.
    let mut seen: hashbrown::HashMap<u32, Option<Vec<u32>>> = hashbrown::HashMap::new();
    for at in 0..len {
        let point = this(cx, args).at(at);
        if !seen.contains_key(&point) {
            let mapped = look_up(cx, table, point)?;
            seen.insert(point, mapped);
        }
        match &seen[&point] {
            Some(points) => points.iter().for_each(|point| text.push(*point)),
            None => text.push(point),
        }
    }
    let value = text.finish(cx.vm())?;
    Ok(cx.local(value))
}

/// What a table has for a character; `None` leaves it as it is.
fn look_up(cx: &mut Cx, table: Handle<'_>, point: u32) -> Result<Option<Vec<u32>>, Raised> {
    let key = cx.root_value(Value::small(point as i32));
    let found = match cx.get_item(table, key.handle()) {
        Ok(found) => found,
        Err(Raised) => {
            let vm = cx.vm();
            return if vm.clear_if(vm.exceptions.lookup_error) { Ok(None) } else { Err(Raised) };
        }
    };
    let (vm, value) = (cx.vm(), found.value());
    if value.is_none() {
        return Ok(Some(Vec::new()));
    }
    if value.is_kind(Kind::Str) {
        return Ok(Some(vm.units(value).iter().collect()));
    }
    if !vm.is_any_int(value) {
        return Err(vm.raise_type_error("character mapping must return integer, None or str"));
    }
    match vm.int_of(value).and_then(|int| u32::try_from(int).ok()).filter(|point| *point < 0x11_0000) {
        Some(point) => Ok(Some(vec![point])),
        None => Err(vm.raise_value_error("character mapping must be in range(0x110000)")),
    }
}

pub(super) fn maketrans<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let table = cx.vm().new_dict();
    let table = cx.root_value(table);
    match args.opt(1) {
        Some(to) => from_texts(cx, &table, args.at(0), to, args.opt(2))?,
        None => from_dict(cx, &table, args.at(0))?,
    }
    Ok(cx.local(table.value()))
}

fn put(cx: &mut Cx, table: &crate::cx::Root, point: u32, value: Value) -> Result<(), Raised> {
    let key = cx.root_value(Value::small(point as i32));
    let value = cx.root_value(value);
    cx.dict_set(table.handle(), key.handle(), value.handle())
}

fn from_texts(
    cx: &mut Cx,
    table: &crate::cx::Root,
    from: Handle<'_>,
    to: Handle<'_>,
    without: Option<Handle<'_>>,
) -> Result<(), Raised> {
    if !from.value().is_kind(Kind::Str) {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(cx.vm().raise_type_error(message));
    }
    let to = text_argument(cx, to, "maketrans", "2 ")?;
    let without = without.map(|without| text_argument(cx, without, "maketrans", "3 ")).transpose()?;
    let from = cx.vm().units(from.value());
    if from.len() != to.len() {
        let message = "the first two maketrans arguments must have equal length";
        return Err(cx.vm().raise_value_error(message));
    }
    for (key, value) in from.iter().zip(to.iter()) {
        put(cx, table, key, Value::small(value as i32))?;
    }
    for key in without.iter().flat_map(Units::iter) {
        put(cx, table, key, Value::NONE)?;
    }
    Ok(())
}

fn from_dict(cx: &mut Cx, table: &crate::cx::Root, mapping: Handle<'_>) -> Result<(), Raised> {
    if !mapping.value().is_kind(Kind::Dict) || !cx.vm().is_exact(mapping.value()) {
        let message = "if you give only one argument to maketrans it must be a dict";
        return Err(cx.vm().raise_type_error(message));
    }
    let pairs: Vec<(Value, Value)> =
        crate::dict_ops::dict_data(mapping.value()).iter().map(|entry| (entry.key, entry.value)).collect();
    for (key, value) in pairs {
        if key.is_kind(Kind::Str) {
            let units = cx.vm().units(key);
            if units.len() != 1 {
                let message = "string keys in translate table must be of length 1";
                return Err(cx.vm().raise_value_error(message));
            }
            put(cx, table, units.at(0), value)?;
        } else if cx.vm().is_any_int(key) {
            let (key, value) = (cx.root_value(key), cx.root_value(value));
            cx.dict_set(table.handle(), key.handle(), value.handle())?;
        } else {
            let message = "keys in translate table must be strings or integers";
            return Err(cx.vm().raise_type_error(message));
        }
    }
    Ok(())
}
