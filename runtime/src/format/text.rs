//! `str.__format__`.

use crate::cx::Raised;
use crate::format::layout::{check_room, padding};
use crate::format::spec::{self, Align, Defaults, Sign, Spec};
use crate::value::Value;
use crate::vm::Vm;

/// A string as a specification wants it.
pub(crate) fn format(vm: &mut Vm, string: Value, spec: Value) -> Result<Value, Raised> {
    let defaults = Defaults { align: Align::Left, kind: b's' };
    let spec = spec::parse(vm, vm.units(spec), string, defaults)?;
    check(vm, string, &spec)?;
    let units = vm.units(string);
    let len = units.len().min(spec.precision.unwrap_or(usize::MAX));
    let (before, behind) = padding(&spec, len);
    if before + behind == 0 && len == units.len() && vm.is_exact(string) {
        return Ok(string);
    }
    check_room(vm, before + behind)?;
    let mut text = Vec::with_capacity(len + before + behind);
    text.resize(before, spec.fill);
    text.extend(units.slice(0, len).iter());
    text.resize(text.len() + behind, spec.fill);
    vm.str_or_memory_error(&text)
}

fn check(vm: &mut Vm, string: Value, spec: &Spec) -> Result<(), Raised> {
    let message = if spec.kind != 0 && spec.kind != b's' {
        return Err(spec::unknown_kind(vm, spec.kind.into(), string));
    } else if let Some(sign) = spec.sign {
        if sign == Sign::Space {
            "Space not allowed in string format specifier"
        } else {
            "Sign not allowed in string format specifier"
        }
    } else if spec.no_negative_zero {
        "Negative zero coercion (z) not allowed in string format specifier"
    } else if spec.alternate {
        "Alternate form (#) not allowed in string format specifier"
    } else if spec.align == Align::AfterSign {
        "'=' alignment not allowed in string format specifier"
    } else {
        return Ok(());
    };
    Err(vm.raise_value_error(message))
}
