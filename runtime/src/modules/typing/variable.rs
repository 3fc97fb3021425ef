//! `TypeVar`, `ParamSpec` and `TypeVarTuple`.

use std::any::Any;
use std::cell::Cell as StdCell;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Slot};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

use super::{call_typing, set_module};

/// A value, or the function that gives it when it is first asked for.
struct Lazy {
    value: Slot,
    evaluate: Slot,
}

impl Lazy {
    fn of(value: Option<Value>) -> Self {
        Self { value: Slot::of(value.unwrap_or(Value::UNDEF)), evaluate: Slot::empty() }
    }
}

/// How a parameter varies.
#[derive(Clone, Copy, Default)]
struct Variance {
    covariant: bool,
    contravariant: bool,
    inferred: bool,
}

struct Variable {
    name: Slot,
    bound: Lazy,
    constraints: Lazy,
    default: Lazy,
    variance: StdCell<Variance>,
}

impl Payload for Variable {
    fn trace(&self, marker: &mut Marker) {
        self.name.trace(marker);
        for lazy in [&self.bound, &self.constraints, &self.default] {
            lazy.value.trace(marker);
            lazy.evaluate.trace(marker);
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Variable {
    /// As the compiler makes it: its variance is inferred.
    fn of_compiler(name: Value) -> Self {
        Self {
            name: Slot::of(name),
            bound: Lazy::of(None),
            constraints: Lazy::of(None),
            default: Lazy::of(None),
            variance: StdCell::new(Variance { inferred: true, ..Variance::default() }),
        }
    }
}

pub(super) static COMMON: &[NativeDef] = &[
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", name),
    NativeDef::new("__mro_entries__", "$self, object, /", mro_entries),
    NativeDef::new("has_default", "$self, /", has_default),
    NativeDef::attribute("__dict__", crate::types::type_type::get_dict, crate::types::type_type::set_dict),
    NativeDef::getter("__name__", name),
    NativeDef::getter("__default__", default),
];

pub(super) static TYPE_VAR: &[NativeDef] = &[
    NativeDef::stat(
        "__new__",
        "type, name, *constraints, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, \
         infer_variance=False",
        new_variable,
    ),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__typing_subst__", "$self, arg, /", type_var_subst),
    NativeDef::new("__typing_prepare_subst__", "$self, alias, args, /", type_var_prepare_subst),
    NativeDef::getter("__bound__", bound),
    NativeDef::getter("__constraints__", constraints),
    NativeDef::getter("__covariant__", covariant),
    NativeDef::getter("__contravariant__", contravariant),
    NativeDef::getter("__infer_variance__", infer_variance),
];

pub(super) static PARAM_SPEC: &[NativeDef] = &[
    NativeDef::stat(
        "__new__",
        "type, name, *, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, \
         infer_variance=False",
        new_spec,
    ),
    NativeDef::new("__or__", "$self, value, /", or),
    NativeDef::new("__ror__", "$self, value, /", ror),
    NativeDef::new("__typing_subst__", "$self, arg, /", spec_subst),
    NativeDef::new("__typing_prepare_subst__", "$self, alias, args, /", spec_prepare_subst),
    NativeDef::getter("__bound__", bound),
    NativeDef::getter("__covariant__", covariant),
    NativeDef::getter("__contravariant__", contravariant),
    NativeDef::getter("__infer_variance__", infer_variance),
    NativeDef::getter("args", super::parameter_spec::args_of),
    NativeDef::getter("kwargs", super::parameter_spec::kwargs_of),
];

pub(super) static TYPE_VAR_TUPLE: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, name, *, default=<unrepresentable>", new_tuple),
    NativeDef::new("__iter__", "$self, /", iter),
    NativeDef::new("__typing_subst__", "$self, arg, /", tuple_subst),
    NativeDef::new("__typing_prepare_subst__", "$self, alias, args, /", tuple_prepare_subst),
];

fn own<'a>(cx: &'a Cx, args: Args<'_>) -> &'a Variable {
    cx.payload::<Variable>(args.at(0)).expect("methods of type variables get one")
}

// ---- making them -----------------------------------------------------------------------------------------------------

/// A type variable, with a bound or constraints (evaluated when they are asked for).
pub(crate) fn new_type_var(vm: &mut Vm, name: Value, limit: Option<(bool, Value)>) -> Result<Value, Raised> {
    let variable = Variable::of_compiler(name);
    if let Some((is_bound, function)) = limit {
        let lazy = if is_bound { &variable.bound } else { &variable.constraints };
        lazy.evaluate.set_value(function);
    }
    let ty = vm.typing().type_var;
    Ok(make(vm, ty, variable))
}

/// A parameter specification.
pub(crate) fn new_param_spec(vm: &mut Vm, name: Value) -> Result<Value, Raised> {
    let ty = vm.typing().param_spec;
    Ok(make(vm, ty, Variable::of_compiler(name)))
}

/// A type variable tuple.
pub(crate) fn new_type_var_tuple(vm: &mut Vm, name: Value) -> Result<Value, Raised> {
    let ty = vm.typing().type_var_tuple;
    Ok(make(vm, ty, Variable::of_compiler(name)))
}

/// Sets the function that gives a type parameter's default.
pub(crate) fn set_default(vm: &mut Vm, parameter: Value, evaluate: Value) -> Result<Value, Raised> {
    vm.enter(|cx| {
        let parameter = cx.root_value(parameter);
        let variable = cx.payload::<Variable>(parameter.handle());
        variable.expect("the compiler sets defaults of type parameters").default.evaluate.set_value(evaluate);
        Ok(parameter.value())
    })
}

fn make(vm: &mut Vm, ty: Value, variable: Variable) -> Value {
    let shape = vm.shape_of_type(ty);
    vm.new_boxed(shape, Box::new(variable))
}

/// Makes the object of a call of the class; `first` is the place of the arguments behind the name.
fn new_of_call<'a>(cx: &'a mut Cx, args: Args<'_>, ty: Value, constraints: Option<Value>) -> Res<'a> {
    let constraints = cx.root_value(constraints.unwrap_or(Value::UNDEF));
    let class = if ty == cx.vm().typing().type_var { "typevar" } else { "paramspec" };
    let name = args.at(1).value();
    if !name.is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(name);
        let message = format!("{class}() argument 'name' must be str, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let variance = Variance {
        covariant: cx.flag(args.opt(4), false)?,
        contravariant: cx.flag(args.opt(5), false)?,
        inferred: cx.flag(args.opt(6), false)?,
    };
    if variance.covariant && variance.contravariant {
        return Err(cx.vm().raise_value_error("Bivariant types are not supported."));
    }
    if variance.inferred && (variance.covariant || variance.contravariant) {
        return Err(cx.vm().raise_value_error("Variance cannot be specified with infer_variance."));
    }
    let bound = match args.some(2) {
        Some(bound) => {
            let message = cx.vm().intern("Bound must be a type.");
            let message = cx.root_value(message);
            Some(call_typing(cx, "_type_check", &[bound, message.handle()])?)
        }
        None => None,
    };
    if let Some(problem) = constraint_problem(cx, constraints.value(), bound.is_some()) {
        return Err(cx.vm().raise_type_error(problem));
    }
    let variable = Variable {
        name: Slot::of(name),
        bound: Lazy::of(bound.map(|bound| bound.value())),
        constraints: Lazy::of(Some(constraints.value())),
        default: Lazy::of(args.opt(3).map(Handle::value)),
        variance: StdCell::new(variance),
    };
    let object = make(cx.vm(), ty, variable);
    let object = cx.root_value(object);
    set_module(cx, object.handle())?;
    Ok(object.get(cx))
}

fn constraint_problem(cx: &Cx, constraints: Value, has_bound: bool) -> Option<&'static str> {
    let count = if constraints.is_undef() { 0 } else { cx.vm().sequence_values(constraints).len() };
    match count {
        0 => None,
        1 => Some("A single constraint is not allowed"),
        _ if has_bound => Some("Constraints cannot be combined with bound=..."),
        _ => None,
    }
}

fn new_variable<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().type_var;
    let constraints = args.rest_values();
    let constraints = (!constraints.is_empty()).then(|| cx.vm().new_tuple(&constraints));
    new_of_call(cx, args, ty, constraints)
}

fn new_spec<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().param_spec;
    new_of_call(cx, args, ty, None)
}

fn new_tuple<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().typing().type_var_tuple;
    let name = args.at(1).value();
    if !name.is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(name);
        let message = format!("typevartuple() argument 'name' must be str, not {ty}");
        return Err(cx.vm().raise_type_error(&message));
    }
    let variable =
        Variable { default: Lazy::of(args.opt(2).map(Handle::value)), ..Variable::of_compiler(name) };
    let object = make(cx.vm(), ty, variable);
    let object = cx.root_value(object);
    set_module(cx, object.handle())?;
    Ok(object.get(cx))
}

// ---- what they tell --------------------------------------------------------------------------------------------------

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = own(cx, args).name.value();
    Ok(cx.local(name))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let tuples = cx.vm().typing().type_var_tuple;
    let (name, variance) = (own(cx, args).name.value(), own(cx, args).variance.get());
    let mark = match variance {
        _ if cx.vm().type_of(args.at(0).value()) == tuples => "",
        Variance { inferred: true, .. } => "",
        Variance { covariant: true, .. } => "+",
        Variance { contravariant: true, .. } => "-",
        _ => "~",
    };
    let text = cx.vm().new_str(&format!("{mark}{}", cx.vm().str_lossy(name)));
    Ok(cx.local(text))
}

fn covariant<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = own(cx, args).variance.get().covariant;
    Ok(cx.bool(flag))
}

fn contravariant<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = own(cx, args).variance.get().contravariant;
    Ok(cx.bool(flag))
}

fn infer_variance<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let flag = own(cx, args).variance.get().inferred;
    Ok(cx.bool(flag))
}

/// The value, evaluated if it was not yet; Undef if there is none.
fn evaluated(cx: &mut Cx, args: Args<'_>, lazy: fn(&Variable) -> &Lazy) -> Result<Value, Raised> {
    let known = lazy(own(cx, args));
    let (value, evaluate) = (known.value.value(), known.evaluate.value());
    if !value.is_undef() || evaluate.is_undef() {
        return Ok(value);
    }
    let evaluate = cx.root_value(evaluate);
    let value = cx.call(evaluate.handle(), &[])?;
    lazy(own(cx, args)).value.set_value(value.value());
    Ok(value.value())
}

fn bound<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = evaluated(cx, args, |variable| &variable.bound)?;
    Ok(if value.is_undef() { cx.none() } else { cx.local(value) })
}

fn constraints<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = evaluated(cx, args, |variable| &variable.constraints)?;
    let empty = cx.vm().empty_tuple;
    Ok(cx.local(if value.is_undef() { empty } else { value }))
}

fn default<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = evaluated(cx, args, |variable| &variable.default)?;
    let no_default = cx.vm().typing().no_default;
    Ok(cx.local(if value.is_undef() { no_default } else { value }))
}

fn has_default<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let no_default = cx.vm().typing().no_default;
    let lazy = &own(cx, args).default;
    let has_value = !lazy.value.value().is_undef() && lazy.value.value() != no_default;
    let has_default = has_value || !lazy.evaluate.value().is_undef();
    Ok(cx.bool(has_default))
}

fn mro_entries<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_name_of(args.at(0).value());
    Err(cx.vm().raise_type_error(&format!("Cannot subclass an instance of {ty}")))
}

// ---- what the module typing does with them ---------------------------------------------------------------------------

fn or<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let union = call_typing(cx, "_make_union", &[args.at(0), args.at(1)])?;
    Ok(union.get(cx))
}

fn ror<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let union = call_typing(cx, "_make_union", &[args.at(1), args.at(0)])?;
    Ok(union.get(cx))
}

fn type_var_subst<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = call_typing(cx, "_typevar_subst", &[args.at(0), args.at(1)])?;
    Ok(result.get(cx))
}

/// The arguments of a subscription, with the default of a variable that has none among them.
fn type_var_prepare_subst<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let alias = args.at(1);
    let parameters = cx.get_attr(alias, "__parameters__")?;
    let index = cx.call_method(parameters.handle(), "index", &[args.at(0)])?;
    let index = cx.c_long(index.handle())?;
    let count = cx.len(args.at(2))? as i64;
    if index < count {
        return Ok(args.at(2).get(cx));
    }
    let default = evaluated(cx, args, |variable| &variable.default)?;
    let no_default = cx.vm().typing().no_default;
    if index == count && !default.is_undef() && default != no_default {
        let default = cx.root_value(default);
        let list = cx.collect(args.at(2))?;
        crate::ops::list_items(list.value()).push(default.value());
        let values = cx.vm().sequence_values(list.value());
        let tuple = cx.vm().new_tuple(&values);
        return Ok(cx.local(tuple));
    }
    let text = cx.str_text(alias)?;
    Err(cx.vm().raise_type_error(&format!("Too few arguments for {text}")))
}

fn spec_subst<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = call_typing(cx, "_paramspec_subst", &[args.at(0), args.at(1)])?;
    Ok(result.get(cx))
}

fn spec_prepare_subst<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = call_typing(cx, "_paramspec_prepare_subst", &[args.at(0), args.at(1), args.at(2)])?;
    Ok(result.get(cx))
}

fn tuple_subst<'a>(cx: &'a mut Cx, _args: Args<'_>) -> Res<'a> {
    Err(cx.vm().raise_type_error("Substitution of bare TypeVarTuple is not supported"))
}

fn tuple_prepare_subst<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let result = call_typing(cx, "_typevartuple_prepare_subst", &[args.at(0), args.at(1), args.at(2)])?;
    Ok(result.get(cx))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let unpacked = unpacked(cx, args.at(0))?;
    let pair = cx.vm().new_tuple(&[unpacked.value()]);
    let pair = cx.root_value(pair);
    let iterator = cx.iter(pair.handle())?;
    Ok(iterator.get(cx))
}

/// `typing.Unpack[parameter]`.
pub(super) fn unpacked(cx: &mut Cx, parameter: Handle<'_>) -> Result<crate::cx::Root, Raised> {
    let unpack = cx.module_attr("typing", "Unpack")?;
    cx.get_item(unpack.handle(), parameter)
}
