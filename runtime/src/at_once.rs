//! Short ways of the natives that programs call most: an answer for arguments that need no Python code, no root and
//! (memory apart) no exception; `None` sends the call the long way, which answers the same.
//!
//! The arguments are read where the caller has them, so nothing here may reach a safepoint.

use crate::cell::Kind;
use crate::dict_ops::dict_data;
use crate::ops::list_items;
use crate::value::Value;
use crate::vm::{Vm, shape_id};

/// A native's short way.
pub type AtOnce = fn(&mut Vm, &[Value]) -> Option<Value>;

fn is(value: Value, shape: u32) -> bool {
    Vm::shape_id(value) == shape
}

pub(crate) fn len(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    if !vm.is_exact(*value) {
        return None;
    }
    vm.len_plain(*value).and_then(|len| Value::from_int(len as i64))
}

pub(crate) fn isinstance(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [object, class] = args else { return None };
    if !is(*class, shape_id::TUPLE) {
        return vm.is_instance_at_once(*object, *class).map(Value::from_bool);
    }
    for index in 0..vm.len_plain(*class)? {
        let one = vm.sequence_item(*class, index)?;
        if vm.is_instance_at_once(*object, one)? {
            return Some(Value::TRUE);
        }
    }
    Some(Value::FALSE)
}

impl Vm {
    /// Whether an object is an instance of a class that leaves the answer to `type`.
    fn is_instance_at_once(&mut self, object: Value, class: Value) -> Option<bool> {
        let ty = self.type_of(object);
        if ty == class {
            return Some(true);
        }
        if !class.is_kind(Kind::Type) || self.type_of(class) != self.types.type_ {
            return None;
        }
        if self.is_subtype(ty, class) {
            return Some(true);
        }
        // An object may tell another class than its type.
        let (name, root) = (self.names.__class__, self.types.object);
        (self.lookup(ty, name) == self.lookup(root, name) && !self.type_data(ty).has(HOOKS)).then_some(false)
    }
}

const HOOKS: u32 =
    crate::type_object::type_flag::CUSTOM_GETATTRIBUTE | crate::type_object::type_flag::HAS_GETATTR;

pub(crate) fn abs(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    if value.is_float() {
        return Some(vm.new_float(value.float().abs()));
    }
    value.as_int().map(|int| vm.new_int(int.abs()))
}

pub(crate) fn ord(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    if !is(*value, shape_id::STR) {
        return None;
    }
    let units = vm.units(*value);
    (units.len() == 1).then(|| Value::small(units.at(0) as i32))
}

pub(crate) fn chr(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [value] = args else { return None };
    let point = usize::try_from(value.as_int()?).ok()?;
    vm.latin1.get(point).copied()
}

pub(crate) fn min(_vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [a, b] = args else { return None };
    Vm::compare_inline(bytecode::CompareOp::Lt, *b, *a).map(|less| if less { *b } else { *a })
}

pub(crate) fn max(_vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [a, b] = args else { return None };
    Vm::compare_inline(bytecode::CompareOp::Gt, *b, *a).map(|greater| if greater { *b } else { *a })
}

pub(crate) fn list_append(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [list, value] = args else { return None };
    is(*list, shape_id::LIST).then(|| vm.list_append(*list, *value))
}

pub(crate) fn list_pop(_vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let (list, index) = match args {
        [list] => (list, -1),
        [list, index] => (list, index.as_int()?),
        _ => return None,
    };
    if !is(*list, shape_id::LIST) {
        return None;
    }
    let items = list_items(*list);
    let place = crate::index::place(index, items.len())?;
    if place + 1 == items.len() { items.pop() } else { Some(items.remove(place)) }
}

pub(crate) fn dict_get(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let (dict, key, default) = match args {
        [dict, key] => (dict, key, Value::NONE),
        [dict, key, default] => (dict, key, *default),
        _ => return None,
    };
    if !is(*dict, shape_id::DICT) {
        return None;
    }
    let found = vm.dict_find_plain(*dict, *key).ok()?;
    Some(found.map_or(default, |position| dict_data(*dict).value_at(position)))
}

pub(crate) fn set_add(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [set, value] = args else { return None };
    (is(*set, shape_id::SET) && vm.set_add_plain(*set, *value)).then_some(Value::NONE)
}

pub(crate) fn startswith(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [text, prefix] = args else { return None };
    if !is(*text, shape_id::STR) || !is(*prefix, shape_id::STR) {
        return None;
    }
    let (text, prefix) = (vm.units(*text), vm.units(*prefix));
    let same = text.width() == prefix.width() && text.bytes().starts_with(prefix.bytes());
    (same || text.width() <= prefix.width()).then(|| Value::from_bool(same))
}

pub(crate) fn endswith(vm: &mut Vm, args: &[Value]) -> Option<Value> {
    let [text, suffix] = args else { return None };
    if !is(*text, shape_id::STR) || !is(*suffix, shape_id::STR) {
        return None;
    }
    let (text, suffix) = (vm.units(*text), vm.units(*suffix));
    let same = text.width() == suffix.width() && text.bytes().ends_with(suffix.bytes());
    (same || text.width() <= suffix.width()).then(|| Value::from_bool(same))
}
