//! Hash objects: a computation that goes on and can be asked for its digest at any time.

use std::any::Any;
use std::cell::RefCell;
use std::fmt::Write;

use crate::cell::Payload;
use crate::cx::{Args, Cx, Local, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

use super::{Hasher, Kind, data};

struct Hash {
    kind: &'static Kind,
    hasher: RefCell<Hasher>,
}

impl Payload for Hash {
    fn trace(&self, _marker: &mut Marker) {}

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static METHODS: &[NativeDef] = &[
    NativeDef::new("update", "$self, obj, /", update),
    NativeDef::new("copy", "$self, /", copy),
    NativeDef::getter("name", name),
    NativeDef::getter("block_size", block_size),
    NativeDef::getter("digest_size", digest_size),
];

static FIXED: &[NativeDef] =
    &[NativeDef::new("digest", "$self, /", digest), NativeDef::new("hexdigest", "$self, /", hexdigest)];

static EXTENDABLE: &[NativeDef] = &[
    NativeDef::new("digest", "$self, length, /", digest),
    NativeDef::new("hexdigest", "$self, length, /", hexdigest),
];

/// The types made so far, by the names of their functions.
#[derive(Default)]
struct Types(Vec<(&'static str, Value)>);

/// The type of a function's objects.
pub(super) fn type_of(vm: &mut Vm, kind: &'static Kind) -> Value {
    let known = vm.module_state::<Types>().0.iter().find(|(function, _)| *function == kind.function);
    if let Some((_, ty)) = known {
        return *ty;
    }
    let ty = vm.new_module_type(kind.module, kind.ty, crate::cell::Kind::Boxed, type_flag::NO_NEW, METHODS);
    let is_extendable = (kind.start)().is_extendable();
    crate::types::add_methods(vm, ty, if is_extendable { EXTENDABLE } else { FIXED });
    vm.module_state::<Types>().0.push((kind.function, ty));
    ty
}

/// An object of a function.
pub(super) fn make<'a>(cx: &'a Cx, kind: &'static Kind, hasher: Hasher) -> Local<'a> {
    let ty = type_of(cx.vm(), kind);
    let shape = cx.vm().shape_of_type(ty);
    let object = cx.vm().new_boxed(shape, Box::new(Hash { kind, hasher: RefCell::new(hasher) }));
    cx.local(object)
}

fn own<'a>(cx: &'a Cx, args: Args<'_>) -> &'a Hash {
    cx.payload::<Hash>(args.at(0)).expect("methods of hashes get one")
}

fn update<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = data(cx, args.at(1))?;
    own(cx, args).hasher.borrow_mut().update(&bytes);
    Ok(cx.none())
}

fn copy<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let hash = own(cx, args);
    let (kind, hasher) = (hash.kind, hash.hasher.borrow().clone());
    Ok(make(cx, kind, hasher))
}

/// The digest; of the size that is asked for, if any is possible.
fn bytes_of(cx: &mut Cx, args: Args<'_>) -> Result<Vec<u8>, Raised> {
    let len = if own(cx, args).hasher.borrow().is_extendable() { cx.c_long(args.at(1))? } else { 0 };
    match usize::try_from(len) {
        Ok(len) if len < 1 << 29 => Ok(own(cx, args).hasher.borrow().digest(len)),
        Ok(_) => Err(cx.vm().raise_value_error("length is too large")),
        Err(_) => Err(cx.vm().raise_value_error("value must be positive")),
    }
}

fn digest<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_of(cx, args)?;
    let bytes = cx.vm().new_bytes(&bytes);
    Ok(cx.local(bytes))
}

fn hexdigest<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let text = bytes_of(cx, args)?.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("strings take all");
        text
    });
    let text = cx.vm().new_str(&text);
    Ok(cx.local(text))
}

fn name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().intern(own(cx, args).kind.name);
    Ok(cx.local(name))
}

fn block_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = Value::small(own(cx, args).kind.block as i32);
    Ok(cx.local(size))
}

fn digest_size<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let size = own(cx, args).hasher.borrow().size();
    Ok(cx.local(Value::small(size as i32)))
}
