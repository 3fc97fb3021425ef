//! A stable merge sort over natural runs: short runs are extended by binary insertion, runs are merged in the order of
//! powersort, and merges gallop where one side wins for long.
//!
//! A program can count its `<` calls, so the comparisons and their order are those of CPython's list sort. What is sorted
//! are indices of keys; whatever a comparison does, the order stays a permutation.

use bytecode::CompareOp;

use crate::cx::{Cx, Raised};
use crate::ops::list_items;
use crate::value::Value;

/// Wins in a row from which on galloping pays.
const MIN_GALLOP: usize = 7;

/// A sorted stretch of the order, and the depth of its border to the next in the ideal merge tree.
#[derive(Clone, Copy, Debug)]
struct Run {
    start: usize,
    len: usize,
    power: u32,
}

/// The state of a sort.
pub(super) struct Merging<'c> {
    cx: &'c mut Cx,
    /// The list of keys, rooted by the caller; nobody else reaches it.
    keys: Value,
    runs: Vec<Run>,
    buffer: Vec<u32>,
    min_gallop: usize,
}

/// How a merge ended, if no comparison raised.
enum End {
    /// One side is used up.
    Done,
    /// The buffered side has one entry left, which belongs behind (or before) all that is left of the other.
    OneLeft,
}

/// A merge under way: what is left of both sides, and where the next entry goes.
struct Sides {
    a: usize,
    b: usize,
    to: usize,
}

impl<'c> Merging<'c> {
    pub(super) fn new(cx: &'c mut Cx, keys: Value) -> Self {
        Self { cx, keys, runs: Vec::new(), buffer: Vec::new(), min_gallop: MIN_GALLOP }
    }

    fn is_less(&mut self, a: u32, b: u32) -> Result<bool, Raised> {
        let (a, b) = (list_items(self.keys)[a as usize], list_items(self.keys)[b as usize]);
        if let Some(less) = self.cx.vm().less_plain(a, b) {
            return Ok(less);
        }
        let (a, b) = (self.cx.root_value(a), self.cx.root_value(b));
        self.cx.compare_truth(CompareOp::Lt, a.handle(), b.handle())
    }

    /// Sorts indices by their keys.
    pub(super) fn sort(mut self, order: &mut [u32]) -> Result<(), Raised> {
        if order.len() < 2 {
            return Ok(());
        }
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
            let mut at = self.runs.len() - 2;
            if at > 0 && self.runs[at - 1].len < self.runs[at + 1].len {
                at -= 1;
            }
            self.merge_at(order, at)?;
        }
        Ok(())
    }

    /// The length of the run at the start. One that descends, stretches of equal entries included, is turned round so
    /// that equal entries keep their order, and may go on ascending then.
    fn count_run(&mut self, order: &mut [u32]) -> Result<usize, Raised> {
        let mut len = self.ascending_from(order, 1)?;
        if len == order.len() {
            return Ok(len);
        }
        if len > 1 {
            if self.is_less(order[0], order[len - 1])? {
                return Ok(len);
            }
            // All equal so far, so they may as well begin a descent.
            order[..len].reverse();
        }
        len += 1;
        let mut equal = 0;
        while len < order.len() {
            if self.is_less(order[len], order[len - 1])? {
                order[len - 1 - equal..len].reverse();
                equal = 0;
            } else if self.is_less(order[len - 1], order[len])? {
                break;
            } else {
                equal += 1;
            }
            len += 1;
        }
        order[len - 1 - equal..len].reverse();
        order[..len].reverse();
        self.ascending_from(order, len)
    }

    /// Where the ascent that holds up to `len` ends.
    fn ascending_from(&mut self, order: &[u32], mut len: usize) -> Result<usize, Raised> {
        while len < order.len() && !self.is_less(order[len], order[len - 1])? {
            len += 1;
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
                self.merge_at(order, self.runs.len() - 2)?;
            }
            let last = self.runs.len() - 1;
            self.runs[last].power = power;
        }
        self.runs.push(run);
        Ok(())
    }

    /// Merges run `at` and the next.
    fn merge_at(&mut self, order: &mut [u32], at: usize) -> Result<(), Raised> {
        let right = self.runs.remove(at + 1);
        let left = &mut self.runs[at];
        let (start, middle) = (left.start, left.len);
        left.len += right.len;
        self.merge(&mut order[start..start + middle + right.len], middle)
    }

    /// Merges `order[..middle]` and `order[middle..]`.
    fn merge(&mut self, order: &mut [u32], middle: usize) -> Result<(), Raised> {
        // Entries that are in their place already take no part.
        let skip = self.not_after(order[middle], &order[..middle], 0)?;
        let (order, middle) = (&mut order[skip..], middle - skip);
        if middle == 0 {
            return Ok(());
        }
        let right = order.len() - middle;
        let right = self.before(order[middle - 1], &order[middle..], right - 1)?;
        if right == 0 {
            return Ok(());
        }
        let order = &mut order[..middle + right];
        if middle <= right { self.merge_forward(order, middle) } else { self.merge_backward(order, middle) }
    }

    /// Merges from the front: the left side is buffered.
    fn merge_forward(&mut self, order: &mut [u32], middle: usize) -> Result<(), Raised> {
        let mut left = std::mem::take(&mut self.buffer);
        left.clear();
        left.extend_from_slice(&order[..middle]);
        order[0] = order[middle];
        let mut at = Sides { a: 0, b: middle + 1, to: 1 };
        let end = self.forward(order, &left, &mut at);
        let rest = left.len() - at.a;
        match end {
            Ok(End::OneLeft) => {
                order.copy_within(at.b.., at.to);
                let last = order.len() - 1;
                order[last] = left[at.a];
            }
            // Also after an exception: what is left fits exactly before what is left on the right.
            _ => order[at.to..at.to + rest].copy_from_slice(&left[at.a..]),
        }
        self.buffer = left;
        end.map(drop)
    }

    fn forward(&mut self, order: &mut [u32], left: &[u32], at: &mut Sides) -> Result<End, Raised> {
        if at.b == order.len() {
            return Ok(End::Done);
        }
        if left.len() == 1 {
            return Ok(End::OneLeft);
        }
        loop {
            let (mut wins_a, mut wins_b) = (0, 0);
            while wins_a < self.min_gallop && wins_b < self.min_gallop {
                if self.is_less(order[at.b], left[at.a])? {
                    at.take_right(order, 1);
                    (wins_a, wins_b) = (0, wins_b + 1);
                    if at.b == order.len() {
                        return Ok(End::Done);
                    }
                } else {
                    at.take_left(order, left, 1);
                    (wins_a, wins_b) = (wins_a + 1, 0);
                    if at.a + 1 == left.len() {
                        return Ok(End::OneLeft);
                    }
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop = (self.min_gallop - 1).max(1);
                wins_a = self.not_after(order[at.b], &left[at.a..], 0)?;
                at.take_left(order, left, wins_a);
                if wins_a > 0 && left.len() - at.a <= 1 {
                    return Ok(if at.a == left.len() { End::Done } else { End::OneLeft });
                }
                at.take_right(order, 1);
                if at.b == order.len() {
                    return Ok(End::Done);
                }
                wins_b = self.before(left[at.a], &order[at.b..], 0)?;
                at.take_right(order, wins_b);
                if at.b == order.len() {
                    return Ok(End::Done);
                }
                at.take_left(order, left, 1);
                if at.a + 1 == left.len() {
                    return Ok(End::OneLeft);
                }
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            // Leaving the gallop makes entering it again harder.
            self.min_gallop += 1;
        }
    }

    /// Merges from the back: the right side is buffered. `a`, `b` and `to` are ends.
    fn merge_backward(&mut self, order: &mut [u32], middle: usize) -> Result<(), Raised> {
        let mut right = std::mem::take(&mut self.buffer);
        right.clear();
        right.extend_from_slice(&order[middle..]);
        let last = order.len() - 1;
        order[last] = order[middle - 1];
        let mut at = Sides { a: middle - 1, b: right.len(), to: last };
        let end = self.backward(order, &right, &mut at);
        match end {
            Ok(End::OneLeft) => {
                order.copy_within(..at.a, at.to - at.a);
                order[at.to - at.a - 1] = right[0];
            }
            _ => order[at.to - at.b..at.to].copy_from_slice(&right[..at.b]),
        }
        self.buffer = right;
        end.map(drop)
    }

    fn backward(&mut self, order: &mut [u32], right: &[u32], at: &mut Sides) -> Result<End, Raised> {
        if at.a == 0 {
            return Ok(End::Done);
        }
        if at.b == 1 {
            return Ok(End::OneLeft);
        }
        loop {
            let (mut wins_a, mut wins_b) = (0, 0);
            while wins_a < self.min_gallop && wins_b < self.min_gallop {
                if self.is_less(right[at.b - 1], order[at.a - 1])? {
                    at.take_left_end(order, 1);
                    (wins_a, wins_b) = (wins_a + 1, 0);
                    if at.a == 0 {
                        return Ok(End::Done);
                    }
                } else {
                    at.take_right_end(order, right, 1);
                    (wins_a, wins_b) = (0, wins_b + 1);
                    if at.b == 1 {
                        return Ok(End::OneLeft);
                    }
                }
            }
            self.min_gallop += 1;
            loop {
                self.min_gallop = (self.min_gallop - 1).max(1);
                wins_a = at.a - self.not_after(right[at.b - 1], &order[..at.a], at.a - 1)?;
                at.take_left_end(order, wins_a);
                if at.a == 0 {
                    return Ok(End::Done);
                }
                at.take_right_end(order, right, 1);
                if at.b == 1 {
                    return Ok(End::OneLeft);
                }
                wins_b = at.b - self.before(order[at.a - 1], &right[..at.b], at.b - 1)?;
                at.take_right_end(order, right, wins_b);
                if wins_b > 0 && at.b <= 1 {
                    return Ok(if at.b == 0 { End::Done } else { End::OneLeft });
                }
                at.take_left_end(order, 1);
                if at.a == 0 {
                    return Ok(End::Done);
                }
                if wins_a < MIN_GALLOP && wins_b < MIN_GALLOP {
                    break;
                }
            }
            self.min_gallop += 1;
        }
    }

    /// How many entries of a sorted stretch are less than `pivot`, searched for from `hint` by doubling steps.
    fn before(&mut self, pivot: u32, order: &[u32], hint: usize) -> Result<usize, Raised> {
        gallop(order, hint, |entry| self.is_less(entry, pivot))
    }

    /// How many entries of a sorted stretch are not greater than `pivot`.
    fn not_after(&mut self, pivot: u32, order: &[u32], hint: usize) -> Result<usize, Raised> {
        gallop(order, hint, |entry| Ok(!self.is_less(pivot, entry)?))
    }
}

impl Sides {
    fn take_left(&mut self, order: &mut [u32], left: &[u32], count: usize) {
        order[self.to..self.to + count].copy_from_slice(&left[self.a..self.a + count]);
        self.a += count;
        self.to += count;
    }

    fn take_right(&mut self, order: &mut [u32], count: usize) {
        order.copy_within(self.b..self.b + count, self.to);
        self.b += count;
        self.to += count;
    }

    fn take_left_end(&mut self, order: &mut [u32], count: usize) {
        order.copy_within(self.a - count..self.a, self.to - count);
        self.a -= count;
        self.to -= count;
    }

    fn take_right_end(&mut self, order: &mut [u32], right: &[u32], count: usize) {
        order[self.to - count..self.to].copy_from_slice(&right[self.b - count..self.b]);
        self.b -= count;
        self.to -= count;
    }
}

/// The length of the part at the start of a stretch for which `is_before` holds: doubling steps away from `hint`, then
/// halving.
fn gallop(
    order: &[u32],
    hint: usize,
    mut is_before: impl FnMut(u32) -> Result<bool, Raised>,
) -> Result<usize, Raised> {
    let (mut last, mut step) = (0, 1);
    let (mut low, mut high);
    if is_before(order[hint])? {
        let most = order.len() - hint;
        while step < most && is_before(order[hint + step])? {
            last = step;
            step = 2 * step + 1;
        }
        (low, high) = (hint + last + 1, hint + step.min(most));
    } else {
        let most = hint + 1;
        while step < most && !is_before(order[hint - step])? {
            last = step;
            step = 2 * step + 1;
        }
        (low, high) = (hint + 1 - step.min(most), hint - last);
    }
    while low < high {
        let middle = usize::midpoint(low, high);
        if is_before(order[middle])? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(high)
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

    #[test]
    fn galloping_finds_the_border_from_any_hint() {
        for len in 1..40 {
            let order: Vec<u32> = (0..len).collect();
            for border in 0..=len {
                for hint in 0..len as usize {
                    assert_eq!(gallop(&order, hint, |entry| Ok(entry < border)), Ok(border as usize));
                }
            }
        }
    }
}
