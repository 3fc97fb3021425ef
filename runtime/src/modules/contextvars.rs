//! `_contextvars`: context variables, contexts and tokens (PEP 567).
//!
//! A context's variables are kept in order of identity in an immutable table that is shared until one is set, so that
//! copying a context costs nothing.

use std::cell::{Cell as StdCell, RefCell};
use std::rc::Rc;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// Variables and their values, ordered by the variables' identity.
type Table = Rc<Vec<(Value, Value)>>;

struct Context {
    table: RefCell<Table>,
    entered: StdCell<bool>,
}

impl Payload for Context {
    fn trace(&self, marker: &mut Marker) {
        for (variable, value) in self.table.borrow().iter() {
            marker.mark(*variable);
            marker.mark(*value);
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

struct Variable {
    name: Slot,
    default: Slot,
}

impl Payload for Variable {
    fn trace(&self, marker: &mut Marker) {
        self.name.trace(marker);
        self.default.trace(marker);
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

struct Token {
    context: Slot,
    variable: Slot,
    /// Undef: the variable had no value.
    old: Slot,
    used: StdCell<bool>,
}

impl Payload for Token {
    fn trace(&self, marker: &mut Marker) {
        for slot in [&self.context, &self.variable, &self.old] {
            slot.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[derive(Clone, Copy)]
struct Types {
    context: Value,
    variable: Value,
    token: Value,
    missing: Value,
    /// A kept list: the contexts that are entered, the current one last.
    stack: Value,
}

#[derive(Default)]
struct State(Option<Types>);

static CONTEXT_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, /", new_context),
    NativeDef::new("run", "$self, /, *args, **kwargs", run),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::new("get", "$self, key, default=None, /", context_get),
    NativeDef::new("keys", "$self, /", keys),
    NativeDef::new("values", "$self, /", values),
    NativeDef::new("items", "$self, /", items),
    NativeDef::new("__getitem__", "$self, key, /", getitem),
    NativeDef::new("__contains__", "$self, key, /", contains),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__len__", "$self, /", len),
];

static VARIABLE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, name, /, *, default=<unrepresentable>", new_variable),
    NativeDef::getter("name", name),
    NativeDef::new("get", "$self, default=<unrepresentable>, /", get),
    NativeDef::new("set", "$self, value, /", set),
    NativeDef::new("reset", "$self, token, /", reset),
    NativeDef::new("__repr__", "$self, /", variable_repr),
    NativeDef::class("__class_getitem__", "$type, object, /", crate::types::generic_alias::class_getitem),
];

static TOKEN_METHODS: &[NativeDef] = &[
    NativeDef::getter("var", token_var),
    NativeDef::getter("old_value", old_value),
    NativeDef::new("__repr__", "$self, /", token_repr),
    NativeDef::class("__class_getitem__", "$type, object, /", crate::types::generic_alias::class_getitem),
];

static FUNCTIONS: &[NativeDef] = &[NativeDef::new("copy_context", "/", copy_context)];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let context = super::add_type(vm, dict, "Context", Kind::Boxed, type_flag::WEAKREF, CONTEXT_METHODS);
    let variable = super::add_type(vm, dict, "ContextVar", Kind::Boxed, type_flag::WEAKREF, VARIABLE_METHODS);
    let token = super::add_type(vm, dict, "Token", Kind::Boxed, type_flag::NO_NEW, TOKEN_METHODS);
    let object = vm.types.object;
    let missing_type = vm.new_builtin_type("Token.MISSING", object, Kind::Object, type_flag::NO_NEW);
    let missing = vm.new_object(missing_type);
    let namespace = vm.type_data(token).dict;
    super::set(vm, namespace, "MISSING", missing);
    let stack = vm.new_list(Vec::new());
    let (missing, stack) = (vm.keep(missing), vm.keep(stack));
    vm.module_state::<State>().0 = Some(Types { context, variable, token, missing, stack });
}

fn types(vm: &mut Vm) -> Types {
    vm.module_state::<State>().0.expect("the module was filled")
}

fn context_of(vm: &mut Vm, table: Table) -> Value {
    let ty = types(vm).context;
    let shape = vm.shape_of_type(ty);
    vm.new_boxed(shape, Box::new(Context { table: RefCell::new(table), entered: StdCell::new(false) }))
}

/// The current context; the thread's own is made when first asked for.
fn current(vm: &mut Vm) -> Value {
    let stack = types(vm).stack;
    if let Some(context) = crate::ops::list_items(stack).last() {
        return *context;
    }
    let context = context_of(vm, Table::default());
    crate::ops::list_items(stack).push(context);
    context
}

fn context<'a>(cx: &'a Cx, value: Handle<'_>) -> Result<&'a Context, Raised> {
    cx.payload::<Context>(value).ok_or_else(|| cx.vm().raise_type_error("a Context was expected"))
}

fn variable<'a>(cx: &'a Cx, value: Handle<'_>) -> Result<&'a Variable, Raised> {
    match cx.payload::<Variable>(value) {
        Some(variable) => Ok(variable),
        None => {
            let vm = cx.vm();
            let ty = vm.type_name_of(value.value());
            Err(vm.raise_type_error(&format!("a ContextVar key was expected, got <{ty}>")))
        }
    }
}

fn find(table: &Table, variable: Value) -> Result<usize, usize> {
    table.binary_search_by_key(&variable.bits(), |(known, _)| known.bits())
}

fn lookup(cx: &Cx, context: Value, variable: Value) -> Option<Value> {
    let context = cx.root_value(context);
    let table = cx.payload::<Context>(context.handle())?.table.borrow().clone();
    find(&table, variable).ok().map(|at| table[at].1)
}

/// Sets a variable in a context, or takes it out; what it was.
fn store(cx: &Cx, context: Value, variable: Value, value: Option<Value>) -> Option<Value> {
    let context = cx.root_value(context);
    let context = cx.payload::<Context>(context.handle())?;
    let mut table = context.table.borrow_mut();
    let entries = Rc::make_mut(&mut table);
    match (entries.binary_search_by_key(&variable.bits(), |(known, _)| known.bits()), value) {
        (Ok(at), Some(value)) => Some(std::mem::replace(&mut entries[at].1, value)),
        (Ok(at), None) => Some(entries.remove(at).1),
        (Err(at), Some(value)) => {
            entries.insert(at, (variable, value));
            None
        }
        (Err(_), None) => None,
    }
}

fn new_context<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let context = context_of(cx.vm(), Table::default());
    Ok(cx.local(context))
}

fn copy_context<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let current = current(cx.vm());
    let current = cx.root_value(current);
    let table = context(cx, current.handle())?.table.borrow().clone();
    let copy = context_of(cx.vm(), table);
    Ok(cx.local(copy))
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let table = context(cx, args.at(0))?.table.borrow().clone();
    let copy = context_of(cx.vm(), table);
    Ok(cx.local(copy))
}

fn run<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let mut values = args.rest_values();
    if values.is_empty() {
        return Err(cx.vm().raise_type_error("run() missing 1 required positional argument"));
    }
    if context(cx, this)?.entered.get() {
        let text = cx.repr_text(this)?;
        let message = format!("cannot enter context: {text} is already entered");
        return Err(cx.vm().raise_runtime_error(&message));
    }
    current(cx.vm());
    context(cx, this)?.entered.set(true);
    let stack = types(cx.vm()).stack;
    crate::ops::list_items(stack).push(this.value());
    let callee = cx.root_value(values.remove(0));
    let (names, more) = match args.opt(1) {
        Some(keywords) => cx.vm().keywords_of(keywords.value()),
        None => (Vec::new(), Vec::new()),
    };
    values.extend(more);
    let names = if names.is_empty() { Value::UNDEF } else { cx.vm().new_tuple(&names) };
    let result = cx.call_values(callee.handle(), &values, names);
    crate::ops::list_items(stack).pop();
    context(cx, this)?.entered.set(false);
    Ok(result?.get(cx))
}

fn context_get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    variable(cx, args.at(1))?;
    let found = lookup(cx, args.at(0).value(), args.at(1).value());
    Ok(cx.local(found.unwrap_or_else(|| args.opt(2).map_or(Value::NONE, Handle::value))))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    variable(cx, args.at(1))?;
    match lookup(cx, args.at(0).value(), args.at(1).value()) {
        Some(value) => Ok(cx.local(value)),
        None => Err(cx.vm().raise_key_error(args.at(1).value())),
    }
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    variable(cx, args.at(1))?;
    let found = lookup(cx, args.at(0).value(), args.at(1).value()).is_some();
    Ok(cx.bool(found))
}

fn listed<'a>(cx: &'a mut Cx, args: Args<'_>, part: fn(&mut Vm, (Value, Value)) -> Value) -> Res<'a> {
    let table = context(cx, args.at(0))?.table.borrow().clone();
    let parts = table.iter().map(|entry| part(cx.vm(), *entry)).collect();
    let list = cx.vm().new_list(parts);
    let list = cx.root_value(list);
    let iterator = cx.iter(list.handle())?;
    Ok(iterator.get(cx))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    listed(cx, args, |_, (variable, _)| variable)
}

fn keys<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    listed(cx, args, |_, (variable, _)| variable)
}

fn values<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    listed(cx, args, |_, (_, value)| value)
}

fn items<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    listed(cx, args, |vm, (variable, value)| vm.new_tuple(&[variable, value]))
}

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = context(cx, args.at(0))?.table.borrow().len();
    Ok(cx.local(Value::small(len as i32)))
}

fn new_variable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("context variable name must be a str"));
    }
    let default = args.opt(2).map_or(Value::UNDEF, Handle::value);
    let vm = cx.vm();
    let ty = types(vm).variable;
    let shape = vm.shape_of_type(ty);
    let variable = Variable { name: Slot::of(args.at(1).value()), default: Slot::of(default) };
    let variable = vm.new_boxed(shape, Box::new(variable));
    Ok(cx.local(variable))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = variable(cx, args.at(0))?.name.value();
    Ok(cx.local(name))
}

fn get<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let context = current(cx.vm());
    if let Some(value) = lookup(cx, context, args.at(0).value()) {
        return Ok(cx.local(value));
    }
    if let Some(default) = args.opt(1) {
        return Ok(default.get(cx));
    }
    match variable(cx, args.at(0))?.default.value() {
        Value::UNDEF => Err(cx.vm().raise_with(cx.vm().exceptions.lookup_error, &[args.at(0).value()])),
        default => Ok(cx.local(default)),
    }
}

fn set<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let context = current(cx.vm());
    let this = args.at(0).value();
    let old = store(cx, context, this, Some(args.at(1).value()));
    let token = Token {
        context: Slot::of(context),
        variable: Slot::of(this),
        old: Slot::of(old.unwrap_or(Value::UNDEF)),
        used: StdCell::new(false),
    };
    let vm = cx.vm();
    let ty = types(vm).token;
    let shape = vm.shape_of_type(ty);
    let token = vm.new_boxed(shape, Box::new(token));
    Ok(cx.local(token))
}

fn token<'a>(cx: &'a Cx, value: Handle<'_>) -> Result<&'a Token, Raised> {
    match cx.payload::<Token>(value) {
        Some(token) => Ok(token),
        None => {
            let vm = cx.vm();
            let ty = vm.type_name_of(value.value());
            Err(vm.raise_type_error(&format!("expected an instance of Token, got {ty}")))
        }
    }
}

fn reset<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (this, current) = (args.at(0).value(), current(cx.vm()));
    let state = token(cx, args.at(1))?;
    let (used, variable, made_in, old) =
        (state.used.get(), state.variable.value(), state.context.value(), state.old.value());
    let fault = if used {
        let text = cx.repr_text(args.at(1))?;
        let message = format!("{text} has already been used once");
        return Err(cx.vm().raise_runtime_error(&message));
    } else if variable != this {
        "was created by a different ContextVar"
    } else if made_in != current {
        "was created in a different Context"
    } else {
        ""
    };
    if !fault.is_empty() {
        let text = cx.repr_text(args.at(1))?;
        return Err(cx.vm().raise_value_error(&format!("{text} {fault}")));
    }
    token(cx, args.at(1))?.used.set(true);
    store(cx, current, this, (!old.is_undef()).then_some(old));
    Ok(cx.none())
}

fn token_var<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let variable = token(cx, args.at(0))?.variable.value();
    Ok(cx.local(variable))
}

fn old_value<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let old = token(cx, args.at(0))?.old.value();
    let missing = types(cx.vm()).missing;
    Ok(cx.local(if old.is_undef() { missing } else { old }))
}

fn variable_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = variable(cx, args.at(0))?;
    let (name, default) = (state.name.value(), state.default.value());
    let name = cx.root_value(name);
    let name = cx.repr_text(name.handle())?;
    let default = if default.is_undef() {
        String::new()
    } else {
        let default = cx.root_value(default);
        format!(" default={}", cx.repr_text(default.handle())?)
    };
    let id = cx.vm().ids.number(args.at(0).value());
    let text = cx.vm().new_str(&format!("<ContextVar name={name}{default} at {id:#x}>"));
    Ok(cx.local(text))
}

fn token_repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let state = token(cx, args.at(0))?;
    let (used, variable) = (state.used.get(), cx.root_value(state.variable.value()));
    let variable = cx.repr_text(variable.handle())?;
    let id = cx.vm().ids.number(args.at(0).value());
    let used = if used { " used" } else { "" };
    let text = cx.vm().new_str(&format!("<Token{used} var={variable} at {id:#x}>"));
    Ok(cx.local(text))
}
