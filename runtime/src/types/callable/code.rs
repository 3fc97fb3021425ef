//! `code`.

#![expect(unsafe_code, reason = "code objects are reached through cells")]

use std::sync::Arc;

use bytecode::CodeObject;
use bytecode::code::local_kind;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__hash__", "$self, /", hash),
    NativeDef::new("co_lines", "$self, /", lines),
    NativeDef::new("co_positions", "$self, /", positions),
    NativeDef::new("replace", "$self, /, **changes", replace),
    NativeDef::new("__replace__", "$self, /, **changes", replace),
    NativeDef::new("_varname_from_oparg", "$self, /, oparg", varname_from_oparg),
    NativeDef::getter("co_argcount", |cx, args| int(cx, object(args.at(0)).argcount)),
    NativeDef::getter("co_posonlyargcount", |cx, args| int(cx, object(args.at(0)).posonlyargcount)),
    NativeDef::getter("co_kwonlyargcount", |cx, args| int(cx, object(args.at(0)).kwonlyargcount)),
    NativeDef::getter("co_stacksize", |cx, args| int(cx, object(args.at(0)).stacksize)),
    NativeDef::getter("co_flags", |cx, args| int(cx, object(args.at(0)).flags.0)),
    NativeDef::getter("co_firstlineno", first_line),
    NativeDef::getter("co_nlocals", nlocals),
    NativeDef::getter("co_code", |cx, args| bytes(cx, &object(args.at(0)).code)),
    NativeDef::getter("_co_code_adaptive", |cx, args| bytes(cx, &object(args.at(0)).code)),
    NativeDef::getter("co_linetable", |cx, args| bytes(cx, &object(args.at(0)).linetable)),
    NativeDef::getter("co_exceptiontable", |cx, args| bytes(cx, &object(args.at(0)).exceptiontable)),
    NativeDef::getter("co_consts", consts),
    NativeDef::getter("co_names", names),
    NativeDef::getter("co_varnames", |cx, args| locals(cx, args, local_kind::LOCAL)),
    NativeDef::getter("co_cellvars", |cx, args| locals(cx, args, local_kind::CELL)),
    NativeDef::getter("co_freevars", |cx, args| locals(cx, args, local_kind::FREE)),
    NativeDef::getter("co_filename", |cx, args| Ok(cx.local(data(args.at(0)).filename))),
    NativeDef::getter("co_name", |cx, args| Ok(cx.local(data(args.at(0)).name))),
    NativeDef::getter("co_qualname", |cx, args| Ok(cx.local(data(args.at(0)).qualname))),
];

fn data<'a>(handle: Handle<'_>) -> &'a crate::code::CodeData {
    // SAFETY: these natives belong to `code`: their first argument is a live code object.
    unsafe { &(*handle.value().cast::<CodeCell>()).data }
}

fn object<'a>(handle: Handle<'_>) -> &'a Arc<CodeObject> {
    data(handle).object()
}

fn int(cx: &mut Cx, value: u32) -> Res<'_> {
    let value = cx.vm().new_int(i64::from(value));
    Ok(cx.local(value))
}

fn bytes<'a>(cx: &'a mut Cx, bytes: &[u8]) -> Res<'a> {
    let bytes = cx.vm().new_bytes(bytes);
    Ok(cx.local(bytes))
}

fn first_line<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(Value::small(object(args.at(0)).firstlineno)))
}

fn nlocals<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count =
        object(args.at(0)).localspluskinds.iter().filter(|kind| **kind & local_kind::LOCAL != 0).count();
    int(cx, count as u32)
}

fn consts<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data(args.at(0));
    let values: Vec<Value> = (0..data.nconsts).map(|k| data.constant(k)).collect();
    let tuple = cx.vm().new_tuple(&values);
    Ok(cx.local(tuple))
}

fn names<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data(args.at(0));
    let tuple = cx.vm().new_tuple(&data.pool[data.nconsts..]);
    Ok(cx.local(tuple))
}

fn locals<'a>(cx: &'a mut Cx, args: Args<'_>, kind: u8) -> Res<'a> {
    let data = data(args.at(0));
    let kinds = &data.object().localspluskinds;
    let names: Vec<Value> = data
        .local_names
        .iter()
        .zip(kinds)
        .filter(|(_, own)| **own & kind != 0)
        .map(|(name, _)| *name)
        .collect();
    let tuple = cx.vm().new_tuple(&names);
    Ok(cx.local(tuple))
}

fn varname_from_oparg<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = args.at(1).value().as_int().unwrap_or(-1);
    match usize::try_from(index).ok().and_then(|index| data(args.at(0)).local_names.get(index)) {
        Some(name) => Ok(cx.local(*name)),
        None => Err(cx.vm().raise_index_error("tuple index out of range")),
    }
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let data = data(args.at(0));
    let vm = cx.vm();
    let number = vm.ids.number(args.at(0).value());
    let line = data.object().firstlineno;
    let line = if line == 0 { -1 } else { line };
    let text = format!(
        "<code object {} at {number:#x}, file \"{}\", line {line}>",
        vm.str_lossy(data.name),
        vm.str_lossy(data.filename)
    );
    let text = vm.new_str(&text);
    Ok(cx.local(text))
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Code) {
        return Ok(cx.not_implemented());
    }
    Ok(cx.bool(object(args.at(0)).is_same(object(args.at(1)))))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let code = object(args.at(0));
    let hash = vm.hash_str(data(args.at(0)).name) ^ vm.hash_bytes(&code.code) ^ code.firstlineno as u64;
    let hash = vm.new_int((hash >> 3) as i64);
    Ok(cx.local(hash))
}

fn optional(value: Option<i32>) -> Value {
    value.map_or(Value::NONE, Value::small)
}

/// An iterator over tuples that were made at once.
fn iterator(cx: &mut Cx, items: Vec<Value>) -> Res<'_> {
    let list = cx.vm().new_list(items);
    let list = cx.root_value(list);
    let iterator = cx.iter(list.handle())?.value();
    Ok(cx.local(iterator))
}

fn lines<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let runs: Vec<_> = object(args.at(0)).lines().collect();
    let items = runs
        .into_iter()
        .map(|run| {
            let parts =
                [Value::small(run.start as i32 * 2), Value::small(run.end as i32 * 2), optional(run.line)];
            cx.vm().new_tuple(&parts)
        })
        .collect();
    iterator(cx, items)
}

fn positions<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let code = object(args.at(0));
    let mut items = Vec::new();
    for entry in bytecode::location_table::decode(&code.linetable, code.firstlineno).unwrap_or_default() {
        let position = entry.position;
        let parts = [position.line, position.end_line, position.col, position.end_col].map(optional);
        for _ in entry.start..entry.end {
            items.push(cx.vm().new_tuple(&parts));
        }
    }
    iterator(cx, items)
}

fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let mut code = CodeObject::clone(object(args.at(0)));
    if let Some(changes) = args.opt(1) {
        let entries: Vec<(Value, Value)> = crate::dict_ops::dict_data(changes.value())
            .iter()
            .map(|entry| (entry.key, entry.value))
            .collect();
        for (name, value) in entries {
            change(cx.vm(), &mut code, name, value)?;
        }
    }
    let code = cx.vm().new_code(&Arc::new(code))?;
    Ok(cx.local(code))
}

fn change(vm: &mut Vm, code: &mut CodeObject, name: Value, value: Value) -> Result<(), crate::cx::Raised> {
    let name = vm.str_lossy(name);
    let number = || value.as_int().and_then(|int| u32::try_from(int).ok());
    let byte_text = || value.is_kind(Kind::Bytes).then(|| super::super::bytes::slice_of(value).into());
    let text =
        |vm: &Vm| value.is_kind(Kind::Str).then(|| bytecode::Text::from_code_points(vm.units(value).iter()));
    let changed = match name.as_str() {
        "co_argcount" => number().map(|n| code.argcount = n),
        "co_posonlyargcount" => number().map(|n| code.posonlyargcount = n),
        "co_kwonlyargcount" => number().map(|n| code.kwonlyargcount = n),
        "co_stacksize" => number().map(|n| code.stacksize = n),
        "co_flags" => number().map(|n| code.flags.0 = n),
        "co_firstlineno" => number().map(|n| code.firstlineno = n as i32),
        "co_code" => byte_text().map(|bytes| code.code = bytes),
        "co_linetable" => byte_text().map(|bytes| code.linetable = bytes),
        "co_exceptiontable" => byte_text().map(|bytes| code.exceptiontable = bytes),
        "co_filename" => text(vm).map(|text| code.filename = text),
        "co_name" => text(vm).map(|text| code.name = text),
        "co_qualname" => text(vm).map(|text| code.qualname = text),
        "co_names" => vm.texts_of(value).map(|texts| code.names = texts),
        "co_consts" => {
            let mut consts = Vec::new();
            for item in vm.sequence_values(value) {
                consts.push(crate::modules::marshal::const_of(vm, item)?);
            }
            code.consts = consts.into();
            Some(())
        }
        "co_varnames" => vm.texts_of(value).map(|texts| change_names(code, local_kind::LOCAL, &texts)),
        "co_cellvars" => vm.texts_of(value).map(|texts| change_names(code, local_kind::CELL, &texts)),
        "co_freevars" => vm.texts_of(value).map(|texts| change_names(code, local_kind::FREE, &texts)),
        _ => {
            return Err(
                vm.raise_type_error(&format!("replace() got an unexpected keyword argument '{name}'"))
            );
        }
    };
    match changed {
        Some(()) => Ok(()),
        None => {
            let ty = vm.type_name_of(value);
            Err(vm.raise_type_error(&format!("replace() argument '{name}' has the wrong type: {ty}")))
        }
    }
}

fn change_names(code: &mut CodeObject, kind: u8, texts: &[bytecode::Text]) {
    let places: Vec<usize> =
        (0..code.localspluskinds.len()).filter(|i| code.localspluskinds[*i] & kind != 0).collect();
    for (place, text) in places.iter().zip(texts) {
        code.localsplusnames[*place] = text.clone();
    }
}

impl Vm {
    /// The texts of a tuple of strings.
    fn texts_of(&self, value: Value) -> Option<Box<[bytecode::Text]>> {
        if !value.is_kind(Kind::Tuple) {
            return None;
        }
        let text = |item: Value| {
            item.is_kind(Kind::Str).then(|| bytecode::Text::from_code_points(self.units(item).iter()))
        };
        self.sequence_values(value).into_iter().map(text).collect()
    }
}
