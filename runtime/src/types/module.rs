//! `module`.

#![expect(unsafe_code, reason = "modules are reached through cells")]

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, name, doc=None", init),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__dir__", "$self, /", dir),
    NativeDef::new("__getattribute__", "$self, name, /", getattribute),
    NativeDef::getter("__dict__", get_dict),
    NativeDef::attribute("__annotations__", get_annotations, set_annotations),
];

fn dict_of(handle: Handle<'_>) -> Value {
    // SAFETY: these natives belong to `module`: their first argument is a live module.
    unsafe { (*handle.value().cast::<ModuleCell>()).dict }
}

/// A module's `__name__`, if it has a string there.
pub(crate) fn name_of(vm: &Vm, module: Value) -> Option<String> {
    let cell = module.as_cell::<ModuleCell>()?;
    // SAFETY: the module is live.
    let dict = unsafe { (*cell).dict };
    vm.dict_get_str(dict, vm.names.__name__)
        .filter(|name| name.is_kind(Kind::Str))
        .map(|name| vm.str_lossy(name))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let dict = vm.new_dict();
    let shape = vm.type_data(args.at(0).value()).shape;
    let module = vm.alloc_cell(Kind::Module, shape, |header| ModuleCell { header, dict });
    Ok(cx.local(module))
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = args.at(1).value();
    let vm = cx.vm();
    if !name.is_kind(Kind::Str) {
        let message = format!("module.__init__() argument 'name' must be str, not {}", vm.type_name_of(name));
        return Err(vm.raise_type_error(&message));
    }
    let dict = dict_of(args.at(0));
    let names = vm.names;
    let doc = args.opt(2).map_or(Value::NONE, Handle::value);
    for (key, value) in [
        (names.__name__, name),
        (names.__doc__, doc),
        (names.__package__, Value::NONE),
        (names.__loader__, Value::NONE),
        (names.__spec__, Value::NONE),
    ] {
        vm.dict_set_str(dict, key, value);
    }
    Ok(cx.none())
}

/// What `importlib._bootstrap._module_repr` tells.
fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = module_text(cx, args.at(0))?;
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn module_text(cx: &mut Cx, module: Handle<'_>) -> Result<String, Raised> {
    let dict = dict_of(module);
    let names = cx.vm().names;
    let entry = |cx: &Cx, name| cx.vm().dict_get_str(dict, name).filter(|value| !value.is_none());
    if let Some(spec) = entry(cx, names.__spec__) {
        let spec = cx.root_value(spec);
        if let Some(text) = text_of_spec(cx, spec.handle())? {
            return Ok(text);
        }
    }
    let name = match entry(cx, names.__name__) {
        Some(name) => {
            let name = cx.root_value(name);
            cx.repr_text(name.handle())?
        }
        None => String::from("'?'"),
    };
    if let Some(file) = entry(cx, names.__file__) {
        let file = cx.root_value(file);
        return Ok(format!("<module {name} from {}>", cx.repr_text(file.handle())?));
    }
    if let Some(loader) = entry(cx, names.__loader__) {
        let loader = cx.root_value(loader);
        return Ok(format!("<module {name} ({})>", cx.repr_text(loader.handle())?));
    }
    Ok(format!("<module {name}>"))
}

fn text_of_spec(cx: &mut Cx, spec: Handle<'_>) -> Result<Option<String>, Raised> {
    let Some(name) = cx.get_attr_opt(spec, "name")? else { return Ok(None) };
    let name = if name.value().is_none() { String::from("'?'") } else { cx.repr_text(name.handle())? };
    let Some(origin) = cx.get_attr_opt(spec, "origin")? else { return Ok(None) };
    let loader = cx.get_attr_opt(spec, "loader")?;
    if origin.value().is_none() {
        let Some(loader) = loader.filter(|loader| !loader.value().is_none()) else {
            return Ok(Some(format!("<module {name}>")));
        };
        let is_namespace = cx.vm().type_name_of(loader.value()) == "NamespaceLoader";
        if is_namespace && let Some(path) = cx.get_attr_opt(spec, "submodule_search_locations")? {
            let path = cx.collect(path.handle())?;
            let path = cx.repr_text(path.handle())?;
            return Ok(Some(format!("<module {name} (namespace) from {path}>")));
        }
        return Ok(Some(format!("<module {name} ({})>", cx.repr_text(loader.handle())?)));
    }
    let has_location = cx.get_attr_opt(spec, "has_location")?;
    let has_location = match has_location {
        Some(has) => cx.truth(has.handle())?,
        None => false,
    };
    if has_location {
        return Ok(Some(format!("<module {name} from {}>", cx.repr_text(origin.handle())?)));
    }
    Ok(Some(format!("<module {name} ({})>", cx.str_text(origin.handle())?)))
}

fn dir<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = cx.get_attr(args.at(0), "__dict__")?;
    if !dict.value().is_kind(Kind::Dict) {
        return Err(cx.vm().raise_type_error("<module>.__dict__ is not a dictionary"));
    }
    let key = cx.vm().names.__dir__;
    if let Some(hook) = cx.vm().dict_get_str(dict.value(), key) {
        let hook = cx.root_value(hook);
        let list = cx.call(hook.handle(), &[])?.value();
        return Ok(cx.local(list));
    }
    let keys = crate::dict_ops::dict_data(dict.value()).iter().map(|entry| entry.key).collect();
    let list = cx.vm().new_list(keys);
    Ok(cx.local(list))
}

fn getattribute<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (object, name) = (args.at(0).value(), super::type_type::attribute_name(cx, args.at(1))?);
    let value = cx.vm().door(|vm| vm.generic_load_attr(object, name))?;
    Ok(cx.local(value))
}

fn get_dict<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(cx.local(dict_of(args.at(0))))
}

fn get_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = dict_of(args.at(0));
    let key = cx.vm().names.__annotations__;
    let annotations = match cx.vm().dict_get_str(dict, key) {
        Some(annotations) => annotations,
        None => {
            let annotations = cx.vm().new_dict();
            cx.vm().dict_set_str(dict, key, annotations);
            annotations
        }
    };
    Ok(cx.local(annotations))
}

fn set_annotations<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = dict_of(args.at(0));
    let key = cx.vm().names.__annotations__;
    match args.opt(1) {
        Some(value) => cx.vm().dict_set_str(dict, key, value.value()),
        None => {
            if cx.vm().dict_remove_str(dict, key).is_none() {
                return Err(cx.vm().raise_attribute_error_text("__annotations__"));
            }
        }
    }
    Ok(cx.none())
}
