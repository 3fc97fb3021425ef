//! `_json`: what the module `json` has in C: reading and writing documents, and strings in quotes.
//!
//! Both ways keep open containers on a list of their own, so that a deep document does not recurse in Rust.

mod encode;
mod quote;
mod scan;
mod text;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised};
use crate::value::Value;
use crate::vm::Vm;

/// How deep containers may lie in each other.
const DEPTH: usize = 10_000;

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, quote::FUNCTIONS);
    super::add_functions(vm, dict, text::FUNCTIONS);
    for (name, given, methods) in
        [("make_scanner", "Scanner", scan::METHODS), ("make_encoder", "Encoder", encode::METHODS)]
    {
        let object = vm.types.object;
        let flags = crate::type_object::type_flag::BASE;
        let ty = vm.new_builtin_type(given, object, Kind::Boxed, flags);
        crate::types::add_methods(vm, ty, methods);
        vm.set_type_module(ty, "_json");
        super::set(vm, dict, name, ty);
    }
}

/// Raises `json.JSONDecodeError` about a place of a document.
fn raise_decode_error(cx: &mut Cx, message: &str, document: Handle<'_>, at: i64) -> Raised {
    let class = match cx.module_attr("json.decoder", "JSONDecodeError") {
        Ok(class) => class,
        Err(raised) => return raised,
    };
    let (message, at) = (cx.vm().new_str(message), cx.vm().new_int(at));
    let (message, at) = (cx.root_value(message), cx.root_value(at));
    match cx.call(class.handle(), &[message.handle(), document, at.handle()]) {
        Ok(error) => cx.vm().raise_value(error.value()),
        Err(raised) => raised,
    }
}
