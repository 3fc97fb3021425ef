//! Structure sequences: tuples whose items have names, and more named items that are not in the sequence
//! (`os.stat_result`, `time.struct_time`, `sys.version_info`).
//!
//! An instance is a tuple cell of a subclass layout: the items beyond the sequence lie in the words that `__slots__`
//! values would have.

#![expect(unsafe_code, reason = "items beyond the sequence lie in the cell's member words")]

use crate::cell::{Kind, TupleCell};
use crate::cx::{Args, Cx, Raised, Res};
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// A structure sequence's definition.
pub(crate) struct StructDef {
    /// The module, as `repr` tells it.
    pub(crate) module: &'static str,
    /// The type's name.
    pub(crate) name: &'static str,
    /// Names of the items in the sequence, as `repr` tells them.
    pub(crate) labels: &'static [&'static str],
    /// Attributes: made by [`struct_fields!`].
    pub(crate) fields: &'static [NativeDef],
    /// Items in all.
    pub(crate) total: usize,
    /// Whether Python code may make instances.
    pub(crate) public: bool,
}

/// Getters of items by index: `struct_fields![0 "tm_year", 1 "tm_mon"]`.
macro_rules! struct_fields {
    ($($index:literal $name:literal),* $(,)?) => {
        &[$(NativeDef::getter($name, $crate::modules::structseq::item::<$index>)),*]
    };
}
pub(crate) use struct_fields;

/// Types made so far.
#[derive(Default)]
struct StructTypes(Vec<(Value, &'static StructDef)>);

static METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, sequence, dict={}", new),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
];
static PRIVATE_METHODS: &[NativeDef] = &[
    NativeDef::stat("__new__", "type, *args, **kwargs", refuse),
    NativeDef::new("__repr__", "$self, /", repr),
    NativeDef::new("__reduce__", "$self, /", reduce),
];

impl Vm {
    /// The type of a definition, made when first asked for.
    pub(crate) fn struct_type(&mut self, def: &'static StructDef) -> Value {
        let known = self.module_state::<StructTypes>().0.iter().find(|(_, other)| std::ptr::eq(*other, def));
        if let Some((ty, _)) = known {
            return *ty;
        }
        let tuple = self.types.tuple;
        let flags = type_flag::SEQUENCE;
        let ty = self.new_builtin_type(def.name, tuple, Kind::Tuple, flags);
        self.type_data(ty).member_slots = (def.total - def.labels.len()) as u16;
        crate::types::add_methods(self, ty, def.fields);
        crate::types::add_methods(self, ty, if def.public { METHODS } else { PRIVATE_METHODS });
        let dict = self.type_data(ty).dict;
        let module = self.intern(def.module);
        super::set(self, dict, "__module__", module);
        let named: Vec<&str> = def.labels.to_vec();
        let match_args = self.tuple_of_names(&named);
        super::set(self, dict, "__match_args__", match_args);
        let unnamed = def.labels.iter().enumerate().filter(|(i, _)| !def.names_item(*i)).count();
        for (name, count) in
            [("n_sequence_fields", def.labels.len()), ("n_fields", def.total), ("n_unnamed_fields", unnamed)]
        {
            super::set(self, dict, name, Value::small(count as i32));
        }
        self.module_state::<StructTypes>().0.push((ty, def));
        ty
    }

    /// An instance: all its items, those beyond the sequence last.
    pub(crate) fn new_struct(&mut self, def: &'static StructDef, items: &[Value]) -> Result<Value, Raised> {
        let ty = self.struct_type(def);
        self.struct_of_type(ty, def, items)
    }

    fn struct_of_type(&mut self, ty: Value, def: &StructDef, items: &[Value]) -> Result<Value, Raised> {
        debug_assert_eq!(items.len(), def.total, "{}", def.name);
        let tuple = self.new_tuple(&items[..def.labels.len()]);
        let value = self.as_subclass(tuple, ty)?;
        for (i, item) in items[def.labels.len()..].iter().enumerate() {
            // SAFETY: the instance was just made with a member word for each item beyond the sequence.
            unsafe { crate::object::member_words(value.cell()).add(i).write(*item) };
        }
        Ok(value)
    }

    fn struct_def(&mut self, ty: Value) -> Option<&'static StructDef> {
        let order = self.type_data(ty).mro.clone();
        let known = &self.module_state::<StructTypes>().0;
        order.iter().find_map(|base| known.iter().find(|(ty, _)| ty == base).map(|(_, def)| *def))
    }
}

impl StructDef {
    /// Whether an attribute reads this item of the sequence.
    fn names_item(&self, index: usize) -> bool {
        self.fields.get(index).is_some_and(|field| field.name == self.labels[index])
    }
}

/// Item `I`, whether in the sequence or beyond it.
pub(crate) fn item<'a, const I: usize>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let object = args.at(0).value();
    // SAFETY: getters of these types are called with their instances, which are live.
    let value = unsafe {
        let items = TupleCell::items(object.cast());
        match items.get(I) {
            Some(item) => *item,
            None => *crate::object::member_words(object.cell()).add(I - items.len()),
        }
    };
    Ok(cx.local(if value.is_undef() { Value::NONE } else { value }))
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let Some(def) = cx.vm().struct_def(args.at(0).value()) else {
        return Err(cx.vm().raise_type_error("not a structure sequence type"));
    };
    let list = match cx.collect(args.at(1)) {
        Ok(list) => list,
        Err(Raised) if cx.vm().clear_if(cx.vm().exceptions.type_error) => {
            return Err(cx.vm().raise_type_error("constructor requires a sequence"));
        }
        Err(Raised) => return Err(Raised),
    };
    let mut items = cx.vm().sequence_values(list.value());
    let (least, most, got) = (def.labels.len(), def.total, items.len());
    if got < least || got > most {
        let bound = if least == most {
            format!("a {least}")
        } else if got < least {
            format!("an at least {least}")
        } else {
            format!("an at most {most}")
        };
        let message = format!("{}.{}() takes {bound}-sequence ({got}-sequence given)", def.module, def.name);
        return Err(cx.vm().raise_type_error(&message));
    }
    let more = args.some(2).map(super::super::cx::Handle::value).filter(|more| more.is_kind(Kind::Dict));
    for index in got..most {
        let field = &def.fields[def.fields.len() - (most - index)];
        let name = cx.vm().intern(field.name);
        let value = more.and_then(|more| cx.vm().dict_get_str(more, name));
        items.push(value.unwrap_or(Value::NONE));
    }
    let class = args.at(0).value();
    let value = cx.vm().struct_of_type(class, def, &items)?;
    Ok(cx.local(value))
}

fn refuse<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let def = cx.vm().struct_def(args.at(0).value());
    let name = def.map_or(String::new(), |def| format!("{}.{}", def.module, def.name));
    Err(cx.vm().raise_type_error(&format!("cannot create '{name}' instances")))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let this = args.at(0);
    let ty = cx.vm().type_of(this.value());
    let Some(def) = cx.vm().struct_def(ty) else {
        return Err(cx.vm().raise_type_error("not a structure sequence"));
    };
    let mut parts = Vec::new();
    for (i, label) in def.labels.iter().enumerate() {
        let item = cx.vm().sequence_item(this.value(), i).unwrap_or(Value::NONE);
        let item = cx.root_value(item);
        parts.push(format!("{label}={}", cx.repr_text(item.handle())?));
    }
    let text = cx.vm().new_str(&format!("{}.{}({})", def.module, def.name, parts.join(", ")));
    Ok(cx.local(text))
}

fn reduce<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let this = args.at(0).value();
    let ty = vm.type_of(this);
    let items = vm.sequence_values(this);
    let more = vm.new_dict();
    if let Some(def) = vm.struct_def(ty) {
        for (i, field) in def.fields.iter().rev().take(def.total - def.labels.len()).rev().enumerate() {
            // SAFETY: the instance has a member word for each item beyond the sequence.
            let value = unsafe { *crate::object::member_words(this.cell()).add(i) };
            super::set(vm, more, field.name, if value.is_undef() { Value::NONE } else { value });
        }
    }
    let tuple = vm.new_tuple(&items);
    let args = vm.new_tuple(&[tuple, more]);
    let result = vm.new_tuple(&[ty, args]);
    Ok(cx.local(result))
}
