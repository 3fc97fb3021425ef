//! `_typing`: what type parameters and `type` statements make (`TypeVar` and kin, `TypeAliasType`, `Generic`).
//!
//! Bounds, constraints, defaults and values of aliases are functions that the compiler makes, called when they are first
//! asked for. What a type parameter stands for in a subscription is the business of the module `typing`.

mod alias;
mod generic;
mod parameter_spec;
mod variable;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

pub(crate) use alias::new_type_alias;
pub(crate) use generic::subscript_generic;
pub(crate) use variable::{new_param_spec, new_type_var, new_type_var_tuple, set_default};

/// A bound, as `new_type_var` is told.
pub(crate) const BOUND: bool = true;
/// Constraints.
pub(crate) const CONSTRAINTS: bool = false;

static FUNCTIONS: &[NativeDef] = &[NativeDef::new("_idfunc", "x, /", same)];

static NO_DEFAULT: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", no_default_repr),
    NativeDef::new("__reduce__", "$self, /", no_default_reduce),
];

/// The module's types, and the mark of a parameter without default.
#[derive(Clone, Copy)]
struct Types {
    type_var: Value,
    param_spec: Value,
    type_var_tuple: Value,
    spec_args: Value,
    spec_kwargs: Value,
    alias: Value,
    generic: Value,
    no_default: Value,
}

#[derive(Default)]
struct State(Option<Types>);

fn make_type(vm: &mut Vm, name: &str, kind: Kind, flags: u32, methods: &'static [NativeDef]) -> Value {
    let object = vm.types.object;
    let ty = vm.new_builtin_type(name, object, kind, flags);
    crate::types::add_methods(vm, ty, methods);
    vm.set_type_module(ty, "typing");
    ty
}

impl Vm {
    /// The types of `_typing`, made when first asked for.
    fn typing(&mut self) -> Types {
        if let Some(types) = self.module_state::<State>().0 {
            return types;
        }
        let with_dict = type_flag::INSTANCE_DICT | type_flag::WEAKREF;
        let boxed = |vm: &mut Self, name, methods| make_type(vm, name, Kind::Boxed, with_dict, methods);
        let type_var = boxed(self, "TypeVar", variable::TYPE_VAR);
        let param_spec = boxed(self, "ParamSpec", variable::PARAM_SPEC);
        let type_var_tuple = boxed(self, "TypeVarTuple", variable::TYPE_VAR_TUPLE);
        for ty in [type_var, param_spec, type_var_tuple] {
            crate::types::add_methods(self, ty, variable::COMMON);
        }
        let plain =
            |vm: &mut Self, name, methods| make_type(vm, name, Kind::Boxed, type_flag::WEAKREF, methods);
        let object = self.types.object;
        let no_default_type = self.new_builtin_type("NoDefaultType", object, Kind::Object, type_flag::NO_NEW);
        crate::types::add_methods(self, no_default_type, NO_DEFAULT);
        let no_default = self.new_object(no_default_type);
        let types = Types {
            type_var,
            param_spec,
            type_var_tuple,
            spec_args: plain(self, "ParamSpecArgs", parameter_spec::ARGS),
            spec_kwargs: plain(self, "ParamSpecKwargs", parameter_spec::KWARGS),
            alias: boxed(self, "TypeAliasType", alias::METHODS),
            generic: make_type(self, "Generic", Kind::Object, type_flag::BASE, generic::METHODS),
            no_default: self.keep(no_default),
        };
        self.module_state::<State>().0 = Some(types);
        types
    }

    /// Whether a value is a type alias of a `type` statement.
    pub(crate) fn is_type_alias(&mut self, value: Value) -> bool {
        value.is_kind(Kind::Boxed) && {
            let alias = self.typing().alias;
            self.type_of(value) == alias
        }
    }
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    let types = vm.typing();
    for (name, value) in [
        ("TypeVar", types.type_var),
        ("ParamSpec", types.param_spec),
        ("TypeVarTuple", types.type_var_tuple),
        ("ParamSpecArgs", types.spec_args),
        ("ParamSpecKwargs", types.spec_kwargs),
        ("TypeAliasType", types.alias),
        ("Generic", types.generic),
        ("NoDefault", types.no_default),
    ] {
        super::set(vm, dict, name, value);
    }
}

fn same<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

fn no_default_repr<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let text = cx.vm().intern("typing.NoDefault");
    Ok(cx.local(text))
}

fn no_default_reduce<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern("NoDefault");
    Ok(cx.local(name))
}

/// Calls a function of the module `typing`.
fn call_typing(cx: &mut Cx, name: &str, args: &[Handle<'_>]) -> Result<Root, Raised> {
    let function = cx.module_attr("typing", name)?;
    cx.call(function.handle(), args)
}

/// Tells a new object the module of the code that makes it.
fn set_module(cx: &mut Cx, object: Handle<'_>) -> Result<(), Raised> {
    let vm = cx.vm();
    let globals = vm.running_globals();
    let Some(module) = vm.dict_get_str(globals, vm.names.__name__) else { return Ok(()) };
    let module = cx.root_value(module);
    cx.set_attr(object, "__module__", module.handle())
}
