//! `list.sort`: a stable merge sort over natural runs that short runs are extended for by binary insertion, with
//! the merge order of powersort. Comparisons may raise and run code that reaches the list.
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
            Merging { cx, keys, runs: Vec::new(), buffer: Vec::new() }.sort(order)?;
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

/// A sorted stretch of the order, and the depth of its border to the next in the ideal merge tree.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

struct Merging<'c> {
    cx: &'c mut Cx,
    /// The list of keys, rooted by the caller; nobody else reaches it.
    keys: Value,
    runs: Vec<Run>,
    buffer: Vec<u32>,
}

impl Merging<'_> {
    fn is_less(&mut self, a: u32, b: u32) -> Result<bool, Raised> {
        let (a, b) = (list_items(self.keys)[a as usize], list_items(self.keys)[b as usize]);
        if let Some(less) = self.cx.vm().less_plain(a, b) {
            return Ok(less);
        }
        let (a, b) = (self.cx.root_value(a), self.cx.root_value(b));
        self.cx.compare_truth(CompareOp::Lt, a.handle(), b.handle())
    }

    fn sort(mut self, order: &mut [u32]) -> Result<(), Raised> {
        let minimum = minimum_run(order.len());
        let mut start = 0;
        while start < order.len() {
            let mut len = self.count_run(&mut order[start..])?;
            if len < minimum {
                let forced = minimum.min(order.len() - start);
                self.insert_binary(&mut order[start..start + forced], len)?;
                len = forced;
            }
            self.push_run(order, Run { start, len, power: 0 })?;
            start += len;
        }
        while self.runs.len() > 1 {
            self.merge_last(order)?;
        }
        Ok(())
    }

    /// The length of the run at the start, which is turned round if it descends strictly.
    fn count_run(&mut self, order: &mut [u32]) -> Result<usize, Raised> {
        if order.len() < 2 {
            return Ok(order.len());
        }
        let descends = self.is_less(order[1], order[0])?;
        let mut len = 2;
        while len < order.len() && self.is_less(order[len], order[len - 1])? == descends {
            len += 1;
        }
        if descends {
            order[..len].reverse();
        }
        Ok(len)
    }

    /// Sorts a stretch whose first `sorted` entries are sorted.
    fn insert_binary(&mut self, order: &mut [u32], sorted: usize) -> Result<(), Raised> {
        for i in sorted.max(1)..order.len() {
            let pivot = order[i];
            let (mut low, mut high) = (0, i);
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.is_less(pivot, order[middle])? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            order[low..=i].rotate_right(1);
        }
        Ok(())
    }

    /// Adds a run; merges those before it whose borders lie deeper than the new one's.
    fn push_run(&mut self, order: &mut [u32], run: Run) -> Result<(), Raised> {
        if let Some(last) = self.runs.last().copied() {
            let power = border_power(last, run, order.len());
            while self.runs.len() > 1 && self.runs[self.runs.len() - 2].power > power {
                self.merge_last(order)?;
            }
            let last = self.runs.len() - 1;
            self.runs[last].power = power;
        }
        self.runs.push(run);
        Ok(())
    }

    fn merge_last(&mut self, order: &mut [u32]) -> Result<(), Raised> {
        let right = self.runs.pop().expect("two runs are there");
        let left = self.runs.last().copied().expect("two runs are there");
        let (start, middle) = (left.start, left.len);
        self.merge(&mut order[start..start + left.len + right.len], middle)?;
        let last = self.runs.len() - 1;
        self.runs[last] = Run { start, len: left.len + right.len, power: right.power };
        Ok(())
    }

    /// Merges `order[..middle]` and `order[middle..]`.
    fn merge(&mut self, order: &mut [u32], middle: usize) -> Result<(), Raised> {
        // Entries that are in their place already take no part: searched for by doubling steps.
        let skip = self.gallop_right(order[middle], &order[..middle])?;
        let (order, middle) = (&mut order[skip..], middle - skip);
        if middle == 0 {
            return Ok(());
        }
        let end = middle + self.gallop_left(order[middle - 1], &order[middle..])?;
        let order = &mut order[..end];
        self.buffer.clear();
        self.buffer.extend_from_slice(&order[..middle]);
        let (mut left, mut right, mut to) = (0, middle, 0);
        let mut outcome = Ok(());
        while left < self.buffer.len() && right < order.len() {
            match self.is_less(order[right], self.buffer[left]) {
                Ok(true) => {
                    order[to] = order[right];
                    right += 1;
                }
                Ok(false) => {
                    order[to] = self.buffer[left];
                    left += 1;
                }
                Err(Raised) => {
                    outcome = Err(Raised);
                    break;
                }
            }
            to += 1;
        }
        // What is left of the buffer fits exactly before what is left on the right: nothing gets lost.
        let rest = self.buffer.len() - left;
        order[to..to + rest].copy_from_slice(&self.buffer[left..]);
        outcome
    }

    /// How many entries at the start of a sorted stretch are not greater than `pivot`.
    fn gallop_right(&mut self, pivot: u32, order: &[u32]) -> Result<usize, Raised> {
        let (mut low, mut step) = (0, 1);
        while low + step <= order.len() && !self.is_less(pivot, order[low + step - 1])? {
            low += step;
            step *= 2;
        }
        let mut high = (low + step - 1).min(order.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.is_less(pivot, order[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    /// How many entries of a sorted stretch are less than `pivot`, searched for from the end.
    fn gallop_left(&mut self, pivot: u32, order: &[u32]) -> Result<usize, Raised> {
        let (mut high, mut step) = (order.len(), 1);
        while high >= step && !self.is_less(order[high - step], pivot)? {
            high -= step;
            step *= 2;
        }
        let mut low = (high + 1).saturating_sub(step);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.is_less(order[middle], pivot)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(high)
    }
}

/// The shortest run worth merging: between 32 and 64, so that their number is a power of two or just below.
fn minimum_run(mut len: usize) -> usize {
    let mut odd = 0;
    while len >= 64 {
        odd |= len & 1;
        len >>= 1;
    }
    len + odd
}

/// The depth at which the border of two neighbouring runs lies in a balanced tree over all entries (powersort): the
/// first binary digit in which the runs' middles, as fractions of the whole, differ.
fn border_power(left: Run, right: Run, total: usize) -> u32 {
    let total = total as u64;
    let mut a = (2 * left.start + left.len) as u64;
    let mut b = a + (left.len + right.len) as u64;
    let mut power = 0;
    loop {
        power += 1;
        if a >= total {
            a -= total;
            b -= total;
        } else if b >= total {
            return power;
        }
        a *= 2;
        b *= 2;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_at_least_half_of_64_and_powers_grow_towards_the_middle_of_parts() {
        assert_eq!((minimum_run(10), minimum_run(64), minimum_run(65), minimum_run(2048)), (10, 32, 33, 32));
        let run = |start, len| Run { start, len, power: 0 };
        assert_eq!(border_power(run(0, 50), run(50, 50), 100), 1);
        assert_eq!(border_power(run(0, 25), run(25, 25), 100), 2);
    }
}
