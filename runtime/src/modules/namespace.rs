//! `types.SimpleNamespace`: an object with nothing but attributes.

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::dict_data;
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// A namespace's state is its attributes' dict alone.
struct Namespace;

impl Payload for Namespace {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

#[derive(Default)]
struct State {
    ty: Option<Value>,
}

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", new),
    NativeDef::new("__init__", "$self, *args, **kwargs", init),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__eq__", "$self, value, /", eq),
    NativeDef::new("__ne__", "$self, value, /", ne),
    NativeDef::new("__reduce__", "$self, /", reduce),
    NativeDef::new("__replace__", "$self, /, **changes", replace),
];

impl Vm {
    /// The type `types.SimpleNamespace`.
    pub(crate) fn namespace_type(&mut self) -> Value {
        if let Some(ty) = self.module_state::<State>().ty {
            return ty;
        }
        let object = self.types.object;
        let flags = type_flag::BASE | type_flag::INSTANCE_DICT;
        let ty = self.new_builtin_type("SimpleNamespace", object, Kind::Boxed, flags);
        crate::types::add_methods(self, ty, METHODS);
        let dict = self.type_data(ty).dict;
        let module = self.intern("types");
        super::set(self, dict, "__module__", module);
        super::set(self, dict, "__hash__", Value::NONE);
        self.module_state::<State>().ty = Some(ty);
        ty
    }

    /// A namespace with these attributes.
    pub(crate) fn new_namespace(&mut self, attributes: &[(&str, Value)]) -> Value {
        let ty = self.namespace_type();
        let shape = self.shape_of_type(ty);
        let namespace = self.new_boxed(shape, Box::new(Namespace));
        let dict = self.instance_dict(namespace).expect("namespaces have one");
        for (name, value) in attributes {
            super::set(self, dict, name, *value);
        }
        namespace
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().namespace_type();
    crate::types::new::check_class(cx, args.at(0), ty)?;
    let namespace = cx.vm().new_namespace(&[]);
    crate::types::new::of_class(cx, args.at(0), ty, namespace)
}

fn dict_of(cx: &Cx, object: Handle<'_>) -> Value {
    cx.vm().instance_dict(object.value()).expect("namespaces have one")
}

fn init<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if args.rest().len() > 1 {
        let ty = cx.vm().type_name_of(args.at(0).value());
        let message = format!("{ty} expected at most 1 positional argument, got {}", args.rest().len());
        return Err(cx.vm().raise_type_error(&message));
    }
    let target = dict_of(cx, args.at(0));
    let target = cx.root_value(target);
    if let Some(mapping) = args.rest().next() {
        let class = cx.vm().types.dict;
        let class = cx.root_value(class);
        let copy = cx.call(class.handle(), &[mapping])?;
        for entry in dict_data(copy.value()).iter().copied().collect::<Vec<_>>() {
            if !entry.key.is_kind(Kind::Str) {
                return Err(cx.vm().raise_type_error("keywords must be strings"));
            }
            cx.vm().dict_set_str(target.value(), entry.key, entry.value);
        }
    }
    if let Some(keywords) = args.opt(1) {
        for entry in dict_data(keywords.value()).iter().copied().collect::<Vec<_>>() {
            cx.vm().dict_set_str(target.value(), entry.key, entry.value);
        }
    }
    Ok(cx.none())
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let ty = cx.vm().type_of(this.value());
    let name = if ty == cx.vm().namespace_type() { String::from("namespace") } else { cx.vm().type_name(ty) };
    if ACTIVE.with_borrow(|active| active.contains(&this.value().bits())) {
        let text = cx.vm().new_str(&format!("{name}(...)"));
        return Ok(cx.local(text));
    }
    ACTIVE.with_borrow_mut(|active| active.push(this.value().bits()));
    let parts = attribute_texts(cx, this);
    ACTIVE.with_borrow_mut(Vec::pop);
    let text = cx.vm().new_str(&format!("{name}({})", parts?.join(", ")));
    Ok(cx.local(text))
}

thread_local! {
    /// Namespaces whose representations are being made.
    static ACTIVE: std::cell::RefCell<Vec<u64>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn attribute_texts(cx: &mut Cx, this: Handle<'_>) -> Result<Vec<String>, Raised> {
    let dict = dict_of(cx, this);
    let dict = cx.root_value(dict);
    let mut parts = Vec::new();
    let mut position = 0;
    while let Some((at, entry)) = dict_data(dict.value()).next_entry(position) {
        let (key, value) = (entry.key, cx.root_value(entry.value));
        position = at + 1;
        if key.is_kind(Kind::Str) {
            let key = cx.vm().str_lossy(key);
            parts.push(format!("{key}={}", cx.repr_text(value.handle())?));
        }
    }
    Ok(parts)
}

fn equal(cx: &mut Cx, args: Args<'_>) -> Result<Option<bool>, Raised> {
    let ty = cx.vm().namespace_type();
    if !cx.vm().is_instance(args.at(1).value(), ty) {
        return Ok(None);
    }
    let (a, b) = (dict_of(cx, args.at(0)), dict_of(cx, args.at(1)));
    let (a, b) = (cx.root_value(a), cx.root_value(b));
    cx.eq(a.handle(), b.handle()).map(Some)
}

fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = equal(cx, args)?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(equal)))
}

fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let equal = equal(cx, args)?;
    Ok(equal.map_or(cx.not_implemented(), |equal| cx.bool(!equal)))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let dict = dict_of(cx, args.at(0));
    let vm = cx.vm();
    let ty = vm.type_of(args.at(0).value());
    let (empty, result) = (vm.empty_tuple, [ty, vm.empty_tuple, dict]);
    let _ = empty;
    let result = vm.new_tuple(&result);
    Ok(cx.local(result))
}

fn replace<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ty = cx.vm().type_of(args.at(0).value());
    let ty = cx.root_value(ty);
    let copy = cx.call(ty.handle(), &[])?;
    let target = dict_of(cx, copy.handle());
    let sources = [Some(dict_of(cx, args.at(0))), args.opt(1).map(Handle::value)];
    for source in sources.into_iter().flatten() {
        for entry in dict_data(source).iter().copied().collect::<Vec<_>>() {
            cx.vm().dict_set_str(target, entry.key, entry.value);
        }
    }
    Ok(copy.get(cx))
}
