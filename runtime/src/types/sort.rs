//! `list.sort`: what surrounds the sort itself. Comparisons may raise and run code that reaches the list.
//!
//! What is sorted is a permutation of indices: keys and values stay in rooted lists that no program sees, so nothing
//! is lost or freed whatever a comparison does. The list itself is empty meanwhile; if it is not at the end, somebody
//! changed it. Keys that are all small ints, floats or strings are sorted without a door.

use bytecode::CompareOp;

use crate::cell::Kind;
use crate::cx::{Cx, Handle, Raised, Root};
use crate::ops::list_items;
use crate::value::Value;
use crate::vm::Vm;

/// Sorts a list in place by the keys that `key` gives, or by the items themselves.
pub(crate) fn sort_list(
    cx: &mut Cx,
    list: Handle<'_>,
    key: Option<Handle<'_>>,
    reverse: bool,
) -> Result<(), Raised> {
    let taken = std::mem::take(list_items(list.value()));
    let values = cx.vm().new_list(taken);
    let values = cx.root_value(values);
    let sorted = sort_values(cx, &values, key, reverse);
    let modified = list_items(list.value()).capacity() != 0;
    *list_items(list.value()) = std::mem::take(list_items(values.value()));
    sorted?;
    if modified {
        return Err(cx.vm().raise_value_error("list modified during sort"));
    }
    Ok(())
}

fn sort_values(cx: &mut Cx, values: &Root, key: Option<Handle<'_>>, reverse: bool) -> Result<(), Raised> {
    let keys = match key {
        Some(key) => make_keys(cx, values, key)?,
        None => cx.root_value(values.value()),
    };
    let mut order: Vec<u32> = (0..list_items(keys.value()).len() as u32).collect();
    // Stability in reverse: equal items keep their order when they are sorted backwards and turned round again.
    if reverse {
        order.reverse();
    }
    sort_order(cx, &keys, &mut order)?;
    if reverse {
        order.reverse();
    }
    let items = list_items(values.value());
    *items = order.iter().map(|i| items[*i as usize]).collect();
    Ok(())
}

fn make_keys(cx: &mut Cx, values: &Root, key: Handle<'_>) -> Result<Root, Raised> {
    let keys = cx.vm().new_list(Vec::with_capacity(list_items(values.value()).len()));
    let keys = cx.root_value(keys);
    for i in 0..list_items(values.value()).len() {
        let item = list_items(values.value())[i];
        let made = cx.call_values(key, &[item], Value::UNDEF)?;
        list_items(keys.value()).push(made.value());
    }
    Ok(keys)
}

/// What all keys are, if they are of one kind that compares without a door.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Keys {
    Ints,
    Floats,
    Strings,
    Mixed,
}

fn classify(vm: &Vm, keys: &[Value]) -> Keys {
    let Some(first) = keys.first() else { return Keys::Ints };
    if first.is_int() && keys.iter().all(|key| key.is_int()) {
        Keys::Ints
    } else if first.is_float() && keys.iter().all(|key| key.is_float()) {
        Keys::Floats
    } else if first.is_kind(Kind::Str) && keys.iter().all(|key| key.is_kind(Kind::Str) && vm.is_exact(*key)) {
        Keys::Strings
    } else {
        Keys::Mixed
    }
}

fn sort_order(cx: &mut Cx, keys: &Root, order: &mut [u32]) -> Result<(), Raised> {
    let items = list_items(keys.value());
    match classify(cx.vm(), items) {
        Keys::Ints => order.sort_by_key(|i| items[*i as usize].int()),
        // Inline floats are never NaN.
        Keys::Floats => order.sort_by(|i, j| {
            let (a, b) = (items[*i as usize].float(), items[*j as usize].float());
            a.partial_cmp(&b).unwrap_or(std::cmp::Ordering::Equal)
        }),
        Keys::Strings => {
            let vm = cx.vm();
            order.sort_by(|i, j| vm.compare_strings(items[*i as usize], items[*j as usize]));
        }
        Keys::Mixed => {
            let keys = keys.value();
            super::merge_sort::Merging::new(cx, keys).sort(order)?;
        }
    }
    Ok(())
}

impl Vm {
    /// The order of two strings by code points.
    pub(crate) fn compare_strings(&self, a: Value, b: Value) -> std::cmp::Ordering {
        use crate::str_object::Units::{Four, One, Two};
        match (self.units(a), self.units(b)) {
            (One(a), One(b)) => a.cmp(b),
            (Two(a), Two(b)) => a.cmp(b),
            (Four(a), Four(b)) => a.cmp(b),
            (a, b) => a.iter().cmp(b.iter()),
        }
    }
}

impl Vm {
    /// `a < b` where it needs no Python code: numbers, strings, and tuples that these decide.
    #[inline]
    pub(crate) fn less_plain(&self, a: Value, b: Value) -> Option<bool> {
        if a.is_kind(Kind::Tuple) && b.is_kind(Kind::Tuple) && self.is_exact(a) && self.is_exact(b) {
            return self.tuple_less_plain(a, b);
        }
        self.compare_plain(CompareOp::Lt, a, b)
    }

    fn tuple_less_plain(&self, a: Value, b: Value) -> Option<bool> {
        let mut i = 0;
        while let (Some(x), Some(y)) = (self.sequence_item(a, i), self.sequence_item(b, i)) {
            if x != y && !self.equal_without_code(x, y)? {
                return self.compare_plain(CompareOp::Lt, x, y);
            }
            i += 1;
        }
        Some(self.len_plain(a) < self.len_plain(b))
    }
}
