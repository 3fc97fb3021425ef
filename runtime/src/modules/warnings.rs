//! `_warnings`: what `warnings.warn` does, with the filters and registries that Python code sees.

#![expect(unsafe_code, reason = "functions are reached through cells")]

use crate::cell::{FunctionCell, Kind};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new(
        "warn",
        "message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()",
        warn,
    ),
    NativeDef::new(
        "warn_explicit",
        "message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None",
        warn_explicit,
    ),
    NativeDef::new("_filters_mutated", "/", filters_mutated),
];

/// How often filters changed: registries are valid for the count that they were filled at.
#[derive(Default)]
struct State {
    version: i32,
    namespace: Option<Value>,
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let e = vm.exceptions;
    let filters = [
        ("default", Value::NONE, e.deprecation_warning, Some("__main__")),
        ("ignore", Value::NONE, e.deprecation_warning, None),
        ("ignore", Value::NONE, e.pending_deprecation_warning, None),
        ("ignore", Value::NONE, e.import_warning, None),
        ("ignore", Value::NONE, e.resource_warning, None),
    ];
    let mut list = Vec::new();
    for (action, message, category, module) in filters {
        let action = vm.intern(action);
        let module = module.map_or(Value::NONE, |module| vm.intern(module));
        list.push(vm.new_tuple(&[action, message, category, module, Value::small(0)]));
    }
    let filters = vm.new_list(list);
    let (registry, default) = (vm.new_dict(), vm.intern("default"));
    for (name, value) in [("filters", filters), ("_onceregistry", registry), ("_defaultaction", default)] {
        super::set(vm, dict, name, value);
    }
    let dict = vm.keep(dict);
    vm.module_state::<State>().namespace = Some(dict);
}

fn filters_mutated<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    cx.vm().module_state::<State>().version += 1;
    Ok(cx.none())
}

/// Where a warning is told to come from.
struct Place {
    filename: Root,
    line: i64,
    module: Root,
    registry: Root,
}

fn warn<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let category = category_of(cx, args.at(0), args.opt(1))?;
    let mut level = args.opt(2).map_or(Ok(1), |level| cx.c_long(level))?;
    let prefixes = skip_prefixes(cx, args.opt(4))?;
    if !prefixes.is_empty() && level < 2 {
        level = 2;
    }
    let place = place_of_caller(cx, level, &prefixes)?;
    let source = args.opt(3).map_or(Value::NONE, Handle::value);
    let source = cx.root_value(source);
    issue(cx, args.at(0), &category, &place, source.handle())?;
    Ok(cx.none())
}

/// Warns as native code does: of the innermost Python frame's line.
pub(crate) fn warn_of(cx: &mut Cx, category: Value, text: &str) -> Result<(), Raised> {
    cx.import_absolute("_warnings")?;
    let message = cx.vm().new_str(text);
    let (message, category) = (cx.root_value(message), cx.root_value(category));
    let place = place_of_caller(cx, 1, &[])?;
    let none = cx.root_value(Value::NONE);
    issue(cx, message.handle(), &category, &place, none.handle())
}

fn skip_prefixes(cx: &mut Cx, prefixes: Option<Handle<'_>>) -> Result<Vec<String>, Raised> {
    let Some(prefixes) = prefixes else { return Ok(Vec::new()) };
    if !prefixes.value().is_kind(Kind::Tuple) {
        let ty = cx.vm().type_name_of(prefixes.value());
        let message = format!("warn() argument 'skip_file_prefixes' must be tuple, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(cx
        .vm()
        .sequence_values(prefixes.value())
        .into_iter()
        .map(|prefix| cx.vm().str_lossy(prefix))
        .collect())
}

fn warn_explicit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let category = category_of(cx, args.at(0), Some(args.at(1)))?;
    cx.check_str(args.at(2), "warn_explicit() argument 'filename'")?;
    let line = cx.c_long(args.at(3))?;
    let module = match args.some(4) {
        Some(module) => cx.root_value(module.value()),
        None => {
            let name = cx.vm().str_lossy(args.at(2).value());
            let name = cx.vm().new_str(name.strip_suffix(".py").unwrap_or(&name));
            cx.root_value(name)
        }
    };
    let registry = args.opt(5).map_or(Value::NONE, Handle::value);
    if !registry.is_none() && !registry.is_kind(Kind::Dict) {
        return Err(cx.vm().raise_type_error("'registry' must be a dict or None"));
    }
    let place = Place {
        filename: cx.root_value(args.at(2).value()),
        line,
        module,
        registry: cx.root_value(registry),
    };
    let source = args.opt(7).map_or(Value::NONE, Handle::value);
    let source = cx.root_value(source);
    issue(cx, args.at(0), &category, &place, source.handle())?;
    Ok(cx.none())
}

/// The warning's class: that of a warning object, else the argument, `UserWarning` if there is none.
fn category_of(cx: &mut Cx, message: Handle<'_>, category: Option<Handle<'_>>) -> Result<Root, Raised> {
    let vm = cx.vm();
    let warning = vm.exceptions.warning;
    if vm.is_instance(message.value(), warning) {
        return Ok(cx.root_value(vm.type_of(message.value())));
    }
    let Some(category) = category.filter(|category| !category.value().is_none()) else {
        return Ok(cx.root_value(vm.exceptions.user_warning));
    };
    let class = category.value();
    if !class.is_kind(Kind::Type) || !vm.is_subtype(class, warning) {
        let message = format!("category must be a Warning subclass, not '{}'", vm.type_name_of(class));
        return Err(vm.raise_type_error(&message));
    }
    Ok(cx.root_value(class))
}

fn is_internal(filename: &str) -> bool {
    filename.contains("importlib") && filename.contains("_bootstrap")
}

/// The frame that a stack level names: importlib's own frames do not count, nor do those of files to skip.
fn place_of_caller(cx: &mut Cx, level: i64, skip: &[String]) -> Result<Place, Raised> {
    let vm = cx.vm();
    let frames: Vec<usize> =
        (0..vm.frames().len()).rev().filter(|i| !vm.is_entry(vm.frames()[*i].callee)).collect();
    let file_of = |vm: &Vm, index: usize| {
        let callee = vm.frames()[index].callee;
        // SAFETY: a record that is no entry holds a live function with code.
        unsafe {
            let code = &*(*callee.cast::<FunctionCell>()).code_data;
            code.object.filename.to_string()
        }
    };
    let skipped = |vm: &Vm, index: usize| {
        let file = file_of(vm, index);
        is_internal(&file) || skip.iter().any(|prefix| file.starts_with(prefix.as_str()))
    };
    let mut at = 0;
    let plain = level <= 0 || frames.first().is_some_and(|first| is_internal(&file_of(vm, *first)));
    for _ in 1..level.max(1) {
        at += 1;
        while !plain && frames.get(at).is_some_and(|index| skipped(vm, *index)) {
            at += 1;
        }
        if at >= frames.len() {
            break;
        }
    }
    let (globals, filename, line) = match frames.get(at) {
        Some(index) => {
            let callee = vm.frames()[*index].callee;
            let file = file_of(vm, *index);
            let frame = vm.frame_object(*index);
            let frame = cx.root_value(frame);
            let line = cx.get_attr(frame.handle(), "f_lineno")?.value().as_int().unwrap_or(0);
            // SAFETY: as above.
            (unsafe { (*callee.cast::<FunctionCell>()).globals }, file, line)
        }
        None => (vm.sys_dict, String::from("<sys>"), 0),
    };
    let filename = cx.vm().new_str(&filename);
    let filename = cx.root_value(filename);
    let globals = cx.root_value(globals);
    let vm = cx.vm();
    let key = vm.intern("__warningregistry__");
    let registry = match vm.dict_get_str(globals.value(), key) {
        Some(registry) => registry,
        None => {
            let registry = vm.new_dict();
            vm.dict_set_str(globals.value(), key, registry);
            registry
        }
    };
    let module = vm.dict_get_str(globals.value(), vm.names.__name__).filter(|name| name.is_kind(Kind::Str));
    let module = module.unwrap_or_else(|| vm.intern("<string>"));
    Ok(Place { filename, line, module: cx.root_value(module), registry: cx.root_value(registry) })
}

/// The current value of a name of `warnings` (or of this module, until that is imported).
fn setting(cx: &mut Cx, python: &str, native: &str) -> Result<Root, Raised> {
    if let Some(module) = cx.vm().loaded_module("warnings") {
        let module = cx.root_value(module);
        if let Some(value) = cx.get_attr_opt(module.handle(), python)? {
            return Ok(value);
        }
    }
    let namespace = cx.vm().module_state::<State>().namespace.unwrap_or(Value::NONE);
    let key = cx.vm().intern(native);
    let value = cx.vm().dict_get_str(namespace, key).unwrap_or(Value::NONE);
    Ok(cx.root_value(value))
}

/// Whether a key was told already; else notes it.
fn already(cx: &mut Cx, registry: Handle<'_>, key: Handle<'_>) -> Result<bool, Raised> {
    let name = cx.vm().intern("version");
    let version = cx.vm().module_state::<State>().version;
    if cx.vm().dict_get_str(registry.value(), name) != Some(Value::small(version)) {
        crate::dict_ops::dict_data(registry.value()).clear();
        cx.vm().dict_set_str(registry.value(), name, Value::small(version));
    }
    if cx.dict_find(registry, key)?.1.is_some() {
        let known = cx.get_item(registry, key)?;
        return cx.truth(known.handle());
    }
    let yes = cx.root_value(Value::TRUE);
    cx.set_item(registry, key, yes.handle())?;
    Ok(false)
}

/// Decides by the filters what becomes of a warning, and does it.
fn issue(
    cx: &mut Cx,
    message: Handle<'_>,
    category: &Root,
    place: &Place,
    source: Handle<'_>,
) -> Result<(), Raised> {
    let is_object = cx.vm().is_instance(message.value(), cx.vm().exceptions.warning);
    let text = if is_object { cx.str(message)? } else { cx.root_value(message.value()) };
    let warning =
        if is_object { cx.root_value(message.value()) } else { cx.call(category.handle(), &[message])? };
    let line = cx.vm().new_int(place.line);
    let key = cx.vm().new_tuple(&[text.value(), category.value(), line]);
    let key = cx.root_value(key);
    let action = action(cx, text.handle(), category, place)?;
    if action == "ignore" {
        return Ok(());
    }
    if action == "error" {
        return Err(cx.vm().raise_value(warning.value()));
    }
    if !place.registry.value().is_none() && action != "always" && action != "all" {
        let registry = place.registry.handle();
        if already(cx, registry, key.handle())? {
            return Ok(());
        }
        let told = match action.as_str() {
            "once" => {
                let once = setting(cx, "onceregistry", "_onceregistry")?;
                let key = cx.vm().new_tuple(&[text.value(), category.value()]);
                let key = cx.root_value(key);
                already(cx, once.handle(), key.handle())?
            }
            "module" => {
                let key = cx.vm().new_tuple(&[text.value(), category.value(), Value::small(0)]);
                let key = cx.root_value(key);
                already(cx, registry, key.handle())?
            }
            "default" => false,
            other => {
                let message = format!("Unrecognized action ({other}) in warnings.filters");
                return Err(cx.vm().raise_runtime_error(&message));
            }
        };
        if told {
            return Ok(());
        }
    }
    show(cx, warning.handle(), text.handle(), category, place, source)
}

/// The action of the first filter that matches.
fn action(cx: &mut Cx, text: Handle<'_>, category: &Root, place: &Place) -> Result<String, Raised> {
    let filters = setting(cx, "filters", "filters")?;
    let mut i = 0;
    while let Some(filter) = cx.vm().sequence_item(filters.value(), i) {
        i += 1;
        let filter = cx.root_value(filter);
        let parts = cx.vm().sequence_values(filter.value());
        if parts.len() != 5 {
            let message = format!("warnings.filters item {} isn't a 5-tuple", i - 1);
            return Err(cx.vm().raise_value_error(&message));
        }
        let (class, line) = (cx.root_value(parts[2]), parts[4].as_int().unwrap_or(0));
        if matches(cx, parts[1], text)?
            && cx.is_subclass_of(category.handle(), class.handle())?
            && matches(cx, parts[3], place.module.handle())?
            && (line == 0 || line == place.line)
        {
            return Ok(cx.vm().str_lossy(parts[0]));
        }
    }
    let default = setting(cx, "defaultaction", "_defaultaction")?;
    Ok(cx.vm().str_lossy(default.value()))
}

/// Whether a filter's pattern (None, a string, or a compiled expression) matches.
fn matches(cx: &mut Cx, pattern: Value, text: Handle<'_>) -> Result<bool, Raised> {
    if pattern.is_none() {
        return Ok(true);
    }
    if pattern.is_kind(Kind::Str) {
        return Ok(cx.vm().str_eq(pattern, text.value()));
    }
    let pattern = cx.root_value(pattern);
    let found = cx.call_method(pattern.handle(), "match", &[text])?;
    cx.truth(found.handle())
}

/// Hands the warning to `warnings._showwarnmsg`, if that module is loaded, else prints it.
fn show(
    cx: &mut Cx,
    warning: Handle<'_>,
    text: Handle<'_>,
    category: &Root,
    place: &Place,
    source: Handle<'_>,
) -> Result<(), Raised> {
    let hook = match cx.vm().loaded_module("warnings") {
        Some(module) => {
            let module = cx.root_value(module);
            cx.get_attr_opt(module.handle(), "_showwarnmsg")?.map(|hook| (module, hook))
        }
        None => None,
    };
    let Some((module, hook)) = hook else { return print(cx, text, category, place) };
    let class = cx.get_attr(module.handle(), "WarningMessage")?;
    let line = cx.vm().new_int(place.line);
    let (line, none) = (cx.root_value(line), cx.root_value(Value::NONE));
    let message = cx.call(
        class.handle(),
        &[
            warning,
            category.handle(),
            place.filename.handle(),
            line.handle(),
            none.handle(),
            none.handle(),
            source,
        ],
    )?;
    cx.call(hook.handle(), &[message.handle()]).map(drop)
}

fn print(cx: &mut Cx, text: Handle<'_>, category: &Root, place: &Place) -> Result<(), Raised> {
    let text = cx.str_text(text)?;
    let vm = cx.vm();
    let filename = vm.str_lossy(place.filename.value());
    let mut told = format!("{filename}:{}: {}: {text}\n", place.line, vm.type_name(category.value()));
    let source = std::fs::read_to_string(&filename).unwrap_or_default();
    let line = usize::try_from(place.line - 1).ok().and_then(|line| source.lines().nth(line));
    if let Some(line) = line.map(str::trim).filter(|line| !line.is_empty()) {
        told.push_str(&format!("  {line}\n"));
    }
    cx.write_to_stderr(&told)
}

impl Cx {
    /// Writes to `sys.stderr`, if there is one.
    pub(crate) fn write_to_stderr(&mut self, text: &str) -> Result<(), Raised> {
        match self.sys_attr("stderr") {
            Some(stderr) if stderr.value().is_none() => Ok(()),
            Some(stderr) => {
                let text = self.vm().new_str(text);
                let text = self.root_value(text);
                self.call_method(stderr.handle(), "write", &[text.handle()]).map(drop)
            }
            None => {
                self.vm().write_error(text);
                Ok(())
            }
        }
    }
}
