//! `_csv`: readers and writers of separated values.

mod dialect;
mod reader;
mod writer;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("reader", "iterable, /, *args, **kwargs", reader::reader),
    NativeDef::new("writer", "fileobj, /, *args, **kwargs", writer::writer),
    NativeDef::new("register_dialect", "name, /, *args, **kwargs", register_dialect),
    NativeDef::new("unregister_dialect", "name", unregister_dialect),
    NativeDef::new("get_dialect", "name", get_dialect),
    NativeDef::new("list_dialects", "", list_dialects),
    NativeDef::new("field_size_limit", "new_limit=-1", field_size_limit),
];

/// How fields are quoted, by the numbers of the module's constants.
mod quoting {
    pub(super) const MINIMAL: i64 = 0;
    pub(super) const ALL: i64 = 1;
    pub(super) const NONNUMERIC: i64 = 2;
    pub(super) const NONE: i64 = 3;
    pub(super) const STRINGS: i64 = 4;
    pub(super) const NOTNULL: i64 = 5;
}

/// The module's state.
struct State {
    error: Value,
    dialect: Value,
    reader: Value,
    writer: Value,
    dialects: Value,
    limit: i64,
}

impl Default for State {
    fn default() -> Self {
        let none = Value::NONE;
        Self { error: none, dialect: none, reader: none, writer: none, dialects: none, limit: 128 * 1024 }
    }
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    for (name, number) in [
        ("QUOTE_MINIMAL", quoting::MINIMAL),
        ("QUOTE_ALL", quoting::ALL),
        ("QUOTE_NONNUMERIC", quoting::NONNUMERIC),
        ("QUOTE_NONE", quoting::NONE),
        ("QUOTE_STRINGS", quoting::STRINGS),
        ("QUOTE_NOTNULL", quoting::NOTNULL),
    ] {
        super::set(vm, dict, name, Value::small(number as i32));
    }
    let (dialect, reader, writer) = (dialect::init(vm), reader::init(vm), writer::init(vm));
    let error = make_error(vm);
    let dialects = vm.new_dict();
    for (name, value) in [
        ("Dialect", dialect),
        ("Reader", reader),
        ("Writer", writer),
        ("Error", error),
        ("_dialects", dialects),
    ] {
        vm.keep(value);
        super::set(vm, dict, name, value);
    }
    let state = vm.module_state::<State>();
    (state.error, state.dialect, state.reader) = (error, dialect, reader);
    (state.writer, state.dialects) = (writer, dialects);
}

/// `class Error(Exception)`.
fn make_error(vm: &mut Vm) -> Value {
    let base = vm.exceptions.exception;
    let flags = crate::type_object::type_flag::BASE | crate::type_object::type_flag::INSTANCE_DICT;
    let ty = vm.new_builtin_type("_csv.Error", base, Kind::Exception, flags);
    let (name, module) = (vm.intern("Error"), vm.intern("_csv"));
    vm.type_data(ty).qualname = name;
    vm.set_in_type(ty, "__module__", module);
    ty
}

/// Raises `csv.Error`.
fn error(cx: &Cx, message: &str) -> Raised {
    let class = cx.vm().module_state::<State>().error;
    cx.vm().raise(class, message)
}

/// A dialect made of positional and keyword arguments.
fn make_dialect<'r>(
    cx: &mut Cx,
    positional: impl Iterator<Item = Handle<'r>>,
    keywords: Option<Handle<'_>>,
) -> Result<Root, Raised> {
    let class = cx.vm().module_state::<State>().dialect;
    let class = cx.root_value(class);
    let positional: Vec<Value> = positional.map(Handle::value).collect();
    let keywords = keywords.map_or(Value::UNDEF, Handle::value);
    crate::types::class_statement::call_with_keywords(cx, class.handle(), &positional, keywords)
}

fn register_dialect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(0).value().is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("dialect name must be a string"));
    }
    cx.check_count("register_dialect", 1 + args.rest().len(), 1, 2)?;
    let dialect = make_dialect(cx, args.rest(), args.opt(1))?;
    let dialects = cx.root_value(cx.vm().module_state::<State>().dialects);
    cx.dict_set(dialects.handle(), args.at(0), dialect.handle())?;
    Ok(cx.none())
}

/// The dialect of a name.
fn dialect_named(cx: &mut Cx, name: Handle<'_>) -> Result<Root, Raised> {
    let dialects = cx.root_value(cx.vm().module_state::<State>().dialects);
    match cx.dict_get(dialects.handle(), name)? {
        Some(dialect) => Ok(dialect),
        None => Err(error(cx, "unknown dialect")),
    }
}

fn unregister_dialect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    dialect_named(cx, args.at(0))?;
    let dialects = cx.root_value(cx.vm().module_state::<State>().dialects);
    cx.call_method(dialects.handle(), "pop", &[args.at(0)])?;
    Ok(cx.none())
}

fn get_dialect<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dialect = dialect_named(cx, args.at(0))?;
    Ok(cx.local(dialect.value()))
}

fn list_dialects<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let dialects = cx.root_value(cx.vm().module_state::<State>().dialects);
    let names = cx.collect(dialects.handle())?;
    Ok(cx.local(names.value()))
}

fn field_size_limit<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let old = cx.vm().module_state::<State>().limit;
    if let Some(limit) = args.opt(0) {
        if !cx.vm().is_any_int(limit.value()) {
            return Err(cx.vm().raise_type_error("limit must be an integer"));
        }
        let limit = cx.c_long(limit)?;
        cx.vm().module_state::<State>().limit = limit;
    }
    let old = cx.vm().new_int(old);
    Ok(cx.local(old))
}
