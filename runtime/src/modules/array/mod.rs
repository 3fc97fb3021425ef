//! `array`: sequences of numbers or characters of one size, packed.

#![expect(unsafe_code, reason = "arrays lend their bytes to those who read buffers")]

mod item;
mod methods;
mod sequence;

use std::cell::RefCell;

use item::Code;

use crate::cell::{BoxedCell, Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::packing::Packed;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] =
    &[NativeDef::new("_array_reconstructor", "arraytype, typecode, mformat_code, items, /", reconstruct)];

/// An array's state.
struct Array {
    code: Code,
    bytes: RefCell<Vec<u8>>,
}

impl Payload for Array {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }

    fn external_bytes(&self) -> usize {
        self.bytes.borrow().capacity()
    }
}

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    let flags = type_flag::BASE | type_flag::SEQUENCE | type_flag::WEAKREF;
    let ty = vm.new_module_type("array", "array", Kind::Boxed, flags, methods::METHODS);
    crate::types::add_methods(vm, ty, sequence::METHODS);
    crate::types::add_methods(vm, ty, sequence::COMPARISONS);
    vm.set_unhashable(ty);
    vm.module_types.array = ty;
    super::set(vm, dict, "array", ty);
    super::set(vm, dict, "ArrayType", ty);
    let codes = vm.intern(item::CODES);
    super::set(vm, dict, "typecodes", codes);
    super::add_functions(vm, dict, FUNCTIONS);
}

fn array_of<'a>(value: Value) -> Option<&'a Array> {
    let cell = value.as_cell::<BoxedCell>()?;
    // SAFETY: the value is live until the next safepoint, which leaf code does not reach.
    unsafe { (*cell).payload.as_any().downcast_ref() }
}

/// The bytes of an array, how an item lies in them and its format; leaf code only.
pub(crate) fn buffer(value: Value) -> Option<(&'static mut Vec<u8>, Packed, u8)> {
    let array = array_of(value)?;
    // SAFETY: the vector lives as long as the array; callers drop the borrow before anything else reaches it, and
    // nobody keeps a borrow of the cell.
    let bytes = unsafe { &mut *array.bytes.as_ptr() };
    Some((bytes, array.code.packed(), array.code.format()))
}

/// The state of the array that a method is called on.
fn state<'a>(cx: &'a Cx, array: Handle<'_>) -> Result<&'a Array, Raised> {
    cx.state::<Array>(array)
}

impl Array {
    fn len(&self) -> usize {
        self.bytes.borrow().len() / self.code.size()
    }

    /// The value of item `i`, if it is there.
    fn get(&self, vm: &mut Vm, i: usize) -> Option<Value> {
        let size = self.code.size();
        let bytes = self.bytes.borrow();
        let bytes = bytes.get(i * size..(i + 1) * size)?;
        Some(self.code.read(vm, bytes))
    }
}

/// A new array of a class.
fn new_array(cx: &mut Cx, class: Handle<'_>, code: Code, bytes: Vec<u8>) -> Result<Value, Raised> {
    cx.vm().heap.count(bytes.len());
    cx.make_object(class, Box::new(Array { code, bytes: RefCell::new(bytes) }))
}

/// A new array of the plain class with the code of another.
fn like<'a>(cx: &'a mut Cx, other: Handle<'_>, bytes: Vec<u8>) -> Res<'a> {
    let code = state(cx, other)?.code;
    let class = cx.root_value(cx.vm().module_types.array);
    let made = new_array(cx, class.handle(), code, bytes)?;
    Ok(cx.local(made))
}

fn code_of(cx: &mut Cx, value: Handle<'_>, what: &str) -> Result<Code, Raised> {
    let units = value.value().is_kind(Kind::Str).then(|| cx.vm().units(value.value()));
    let Some(point) = units.filter(|units| units.len() == 1).map(|units| units.at(0)) else {
        let ty = if units.is_some() {
            String::from("a string of another length")
        } else {
            cx.vm().argument_type(value.value())
        };
        return Err(cx.vm().raise_type_error(&format!("{what} must be a unicode character, not {ty}")));
    };
    match u8::try_from(point).ok().and_then(Code::new) {
        Some(code) => Ok(code),
        None => {
            let message = "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)";
            Err(cx.vm().raise_value_error(message))
        }
    }
}

/// `_array_reconstructor(class, typecode, format, bytes)`: formats beyond native ones are not known.
fn reconstruct<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let code = code_of(cx, args.at(1), "_array_reconstructor() argument 2")?;
    let format = cx.c_int(args.at(2))?;
    if !args.at(3).value().is_kind(Kind::Bytes) {
        let ty = cx.vm().type_name_of(args.at(3).value());
        return Err(cx.vm().raise_type_error(&format!("fourth argument should be bytes, not {ty}")));
    }
    if code.machine_format() != format {
        return Err(cx.vm().raise_not_implemented_error("arrays of another machine's format"));
    }
    let bytes = crate::types::bytes::slice_of(args.at(3).value()).to_vec();
    if bytes.len() % code.size() != 0 {
        return Err(cx.vm().raise_value_error("bytes length not a multiple of item size"));
    }
    let made = new_array(cx, args.at(0), code, bytes)?;
    Ok(cx.local(made))
}
