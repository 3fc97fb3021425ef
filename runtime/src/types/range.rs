//! `range`.

#![expect(unsafe_code, reason = "ranges are reached through cells")]

use crate::cell::*;
use crate::value::Value;
use crate::vm::Vm;

/// `iter(range)`.
pub(crate) fn iterator(vm: &mut Vm, range: Value) -> Value {
    // SAFETY: the range is live.
    let r = unsafe { &*range.cast::<RangeCell>() };
    match (r.start.as_int(), r.step.as_int(), r.len.as_int()) {
        (Some(start), Some(step), Some(len))
            if start
                .checked_add(step.saturating_mul(len))
                .is_some_and(|end| Value::from_int(end).is_some()) =>
        {
            vm.new_range_iter(start, step, len)
        }
        _ => crate::types::iterators::long_range_iterator(vm, range),
    }
}
