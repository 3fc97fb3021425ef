//! The module `_collections`: what `collections` takes from C.

mod counting;
mod default_dict;
mod deque;
mod ordered_dict;
mod tuple_getter;

use crate::value::Value;
use crate::vm::Vm;

/// Fills the module's namespace.
pub(crate) fn init(vm: &mut Vm, dict: Value) {
    deque::init(vm, dict);
    default_dict::init(vm, dict);
    ordered_dict::init(vm, dict);
    tuple_getter::init(vm, dict);
    super::add_functions(vm, dict, counting::FUNCTIONS);
    let doc = vm.new_str("High performance data structures.\n- deque:        ordered collection accessible from endpoints only\n- defaultdict:  dict subclass with a default value factory\n");
    super::set(vm, dict, "__doc__", doc);
}
