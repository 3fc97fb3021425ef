//! What several container types share: comparing item by item, representations that may contain themselves, and the
//! making of native objects.

use bytecode::CompareOp;

use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::native::NativeDef;
use crate::text_builder::TextBuilder;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

/// The six rich comparisons as natives of one function, and their rows in a table.
macro_rules! rich_comparisons {
    ($compare:path) => {
        fn lt<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Lt)
        }
        fn le<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Le)
        }
        fn eq<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Eq)
        }
        fn ne<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Ne)
        }
        fn gt<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Gt)
        }
        fn ge<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            $compare(cx, args, bytecode::CompareOp::Ge)
        }

        /// Rows of the rich comparisons.
        pub(crate) static COMPARISONS: &[NativeDef] = &[
            NativeDef::new("__lt__", "$self, value, /", lt).doc("Return self<value."),
            NativeDef::new("__le__", "$self, value, /", le).doc("Return self<=value."),
            NativeDef::new("__eq__", "$self, value, /", eq).doc("Return self==value."),
            NativeDef::new("__ne__", "$self, value, /", ne).doc("Return self!=value."),
            NativeDef::new("__gt__", "$self, value, /", gt).doc("Return self>value."),
            NativeDef::new("__ge__", "$self, value, /", ge).doc("Return self>=value."),
        ];
    };
}
pub(crate) use rich_comparisons;

/// The row of `__class_getitem__` of generic built-in types.
pub(crate) const CLASS_GETITEM: NativeDef =
    NativeDef::class("__class_getitem__", "$type, object, /", super::generic_alias::class_getitem)
        .doc("See PEP 585");

/// `iter(iterator)`: itself.
pub(crate) fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    Ok(args.at(0).get(cx))
}

/// The row of an iterator's `__iter__`.
pub(crate) const ITER_ITSELF: NativeDef =
    NativeDef::new("__iter__", "$self, /", itself).doc("Implement iter(self).");

impl Vm {
    /// Sets an entry of a built-in type's namespace.
    pub(crate) fn set_in_type(&mut self, ty: Value, name: &str, value: Value) {
        let dict = self.type_data(ty).dict;
        let name = self.intern(name);
        self.dict_set_str(dict, name, value);
    }

    /// Instances of the type have no hash.
    pub(crate) fn set_unhashable(&mut self, ty: Value) {
        self.set_in_type(ty, "__hash__", Value::NONE);
    }

    /// A type of a native module: `module.name`, with its methods.
    pub(crate) fn new_module_type(
        &mut self,
        module: &str,
        name: &str,
        kind: Kind,
        flags: u32,
        methods: &'static [NativeDef],
    ) -> Value {
        let base = if kind == Kind::Dict { self.types.dict } else { self.types.object };
        let full = if module == "builtins" { name.to_owned() } else { format!("{module}.{name}") };
        let ty = self.new_builtin_type(&full, base, kind, flags);
        let qualname = self.intern(name);
        self.type_data(ty).qualname = qualname;
        if module != "builtins" {
            let module = self.intern(module);
            self.set_in_type(ty, "__module__", module);
        }
        super::add_methods(self, ty, methods);
        ty
    }
}

impl Cx {
    /// `item in container`.
    pub(crate) fn contains(&mut self, container: Handle<'_>, item: Handle<'_>) -> Result<bool, Raised> {
        let (container, item) = (container.value(), item.value());
        let found = self.vm().door(|vm| vm.contains(container, item, crate::ops::TruthMode::Plain))?;
        Ok(found == Value::TRUE)
    }

    /// What `object.__getstate__()` gives.
    pub(crate) fn object_state(&mut self, object: Handle<'_>) -> Result<Root, Raised> {
        if self.vm().is_exact(object.value()) {
            return Ok(self.root_value(Value::NONE));
        }
        self.call_method(object, "__getstate__", &[])
    }

    /// The state of the native object that a method is called on.
    pub(crate) fn state<'a, T: Payload>(&'a self, object: Handle<'_>) -> Result<&'a T, Raised> {
        match self.payload::<T>(object) {
            Some(state) => Ok(state),
            None => {
                let ty = self.vm().type_name_of(object.value());
                Err(self.vm().raise_type_error(&format!("'{ty}' object was not initialised")))
            }
        }
    }

    /// A native object of a type with boxed layout, or of a subclass of one.
    pub(crate) fn make_object(&mut self, ty: Handle<'_>, state: Box<dyn Payload>) -> Result<Value, Raised> {
        let vm = self.vm();
        let data = vm.type_data(ty.value());
        let object = vm.new_boxed(data.shape, state);
        if data.has(type_flag::HEAP) { vm.as_subclass(object, ty.value()) } else { Ok(object) }
    }

    /// A plain object of a built-in layout as an instance of `ty`, which may be the layout's own type.
    pub(crate) fn made_of(&mut self, ty: Handle<'_>, plain: Value) -> Result<Value, Raised> {
        let vm = self.vm();
        if vm.type_of(plain) == ty.value() { Ok(plain) } else { vm.as_subclass(plain, ty.value()) }
    }

    /// Whether a value found in a container is `wanted` or equal to it.
    pub(crate) fn is_or_equals(&mut self, found: Value, wanted: Handle<'_>) -> Result<bool, Raised> {
        if found == wanted.value() {
            return Ok(true);
        }
        if let Some(equal) = self.vm().equal_without_code(found, wanted.value()) {
            return Ok(equal);
        }
        let found = self.root_value(found);
        self.eq(found.handle(), wanted)
    }

    /// `a op b` of two lists or two tuples: by the first items that differ, else by length.
    pub(crate) fn compare_items(
        &mut self,
        a: Handle<'_>,
        b: Handle<'_>,
        op: CompareOp,
    ) -> Result<Value, Raised> {
        let lengths = |cx: &Cx| (cx.vm().len_plain(a.value()), cx.vm().len_plain(b.value()));
        let (len_a, len_b) = lengths(self);
        if len_a != len_b && matches!(op, CompareOp::Eq | CompareOp::Ne) && a.value().is_kind(Kind::List) {
            return Ok(Value::from_bool(op == CompareOp::Ne));
        }
        let mut i = 0;
        while let (Some(x), Some(y)) =
            (self.vm().sequence_item(a.value(), i), self.vm().sequence_item(b.value(), i))
        {
            if x != y && self.vm().equal_without_code(x, y) != Some(true) {
                let (x, y) = (self.root_value(x), self.root_value(y));
                if !self.eq(x.handle(), y.handle())? {
                    return match op {
                        CompareOp::Eq => Ok(Value::FALSE),
                        CompareOp::Ne => Ok(Value::TRUE),
                        op => Ok(self.compare(op, x.handle(), y.handle())?.value()),
                    };
                }
            }
            i += 1;
        }
        let (len_a, len_b) = lengths(self);
        Ok(Value::from_bool(crate::ops::holds(op, len_a.cmp(&len_b))))
    }

    /// Notes that an object's representation is being made; false if it already is.
    pub(crate) fn enter_repr(&mut self, object: Handle<'_>) -> bool {
        let active = &mut self.vm().repr_active;
        let is_new = !active.contains(&object.value());
        if is_new {
            active.push(object.value());
        }
        is_new
    }

    /// The representation is made.
    pub(crate) fn leave_repr(&mut self, object: Handle<'_>) {
        let active = &mut self.vm().repr_active;
        if let Some(last) = active.iter().rposition(|other| *other == object.value()) {
            active.remove(last);
        }
    }

    /// A representation that `write` makes piece by piece, or `nested` if the object is inside itself.
    pub(crate) fn guarded_repr(
        &mut self,
        object: Handle<'_>,
        nested: &str,
        write: impl FnOnce(&mut Self, &mut TextBuilder) -> Result<(), Raised>,
    ) -> Result<Value, Raised> {
        if !self.enter_repr(object) {
            return Ok(self.vm().new_str(nested));
        }
        let mut text = TextBuilder::new();
        let written = write(self, &mut text);
        self.leave_repr(object);
        written?;
        text.finish(self.vm())
    }

    /// Appends `repr(value)`.
    pub(crate) fn push_repr(&mut self, text: &mut TextBuilder, value: Value) -> Result<(), Raised> {
        let value = self.root_value(value);
        let repr = self.repr(value.handle())?;
        text.push_units(self.vm().units(repr.value()));
        Ok(())
    }

    /// Appends the representations of a list's or tuple's items, with commas between.
    pub(crate) fn push_items_repr(
        &mut self,
        text: &mut TextBuilder,
        sequence: Handle<'_>,
    ) -> Result<(), Raised> {
        let mut i = 0;
        while let Some(item) = self.vm().sequence_item(sequence.value(), i) {
            if i > 0 {
                text.push_str(", ");
            }
            self.push_repr(text, item)?;
            i += 1;
        }
        Ok(())
    }

    /// How often `sequence * count` repeats: below zero counts as zero.
    pub(crate) fn repeat_count(&mut self, count: Handle<'_>) -> Result<usize, Raised> {
        if !self.vm().has_index(count.value()) {
            let ty = self.vm().type_name_of(count.value());
            let message = format!("can't multiply sequence by non-int of type '{ty}'");
            return Err(self.vm().raise_type_error(&message));
        }
        Ok(self.index_i64(count)?.max(0) as usize)
    }

    /// The items repeated, as a vector with room counted; MemoryError if there is none.
    pub(crate) fn repeated(&mut self, items: &[Value], count: usize) -> Result<Vec<Value>, Raised> {
        let len = items.len().checked_mul(count).filter(|len| *len <= isize::MAX as usize / 8);
        let mut all = Vec::new();
        match len {
            Some(len) if self.vm().heap.may_grow(len * 8) && all.try_reserve_exact(len).is_ok() => {}
            _ => return Err(self.vm().raise_memory_error()),
        }
        if let [item] = items {
            all.resize(count, *item);
        } else {
            for _ in 0..count {
                all.extend_from_slice(items);
            }
        }
        Ok(all)
    }

    /// TypeError unless keyword arguments are missing: `name() takes no keyword arguments`.
    pub(crate) fn refuse_keywords(&mut self, keywords: Option<Handle<'_>>, name: &str) -> Result<(), Raised> {
        match keywords {
            Some(_) => Err(self.vm().raise_type_error(&format!("{name}() takes no keyword arguments"))),
            None => Ok(()),
        }
    }

    /// TypeError unless the number of arguments is between two bounds.
    pub(crate) fn check_count(
        &mut self,
        name: &str,
        given: usize,
        least: usize,
        most: usize,
    ) -> Result<(), Raised> {
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let bound = if given < least { least } else { most };
        let kind = match (least == most, given < least) {
            (true, _) => "",
            (false, true) => "at least ",
            (false, false) => "at most ",
        };
        let plural = if bound == 1 { "" } else { "s" };
        let message = format!("{name} expected {kind}{bound} argument{plural}, got {given}");
        Err(self.vm().raise_type_error(&message))
    }
}
