//! Shortening of `SWAP` runs, and swapping of stores at compile time instead of values at run time.
//!
//! A run of swaps is a permutation of the stack's top; it is written again as the fewest swaps with the top, cycle by
//! cycle. Then a `SWAP` before stores and pops is dropped by exchanging two of those, if no line event and no double
//! store to the same local could tell the difference.

use super::cfg::CfgInstr;
use super::opcode::{NOP, POP_TOP, STORE_FAST, STORE_FAST_MAYBE_NULL, SWAP};
use crate::ir::Opcode;

/// Optimizes every run of swaps of a block.
pub(super) fn optimize_swaps(instrs: &mut [CfgInstr]) {
    let mut index = 0;
    while index < instrs.len() {
        if instrs[index].op == SWAP {
            index += shorten_run(&mut instrs[index..]);
            apply_static_swaps(instrs, index);
        }
        index += 1;
    }
}

/// Rewrites the run of swaps and NOPs at the start of `instrs`; says how many instructions to skip.
fn shorten_run(instrs: &mut [CfgInstr]) -> usize {
    let len = instrs.iter().position(|instr| !matches!(instr.op, SWAP | NOP)).unwrap_or(instrs.len());
    let run = &mut instrs[..len];
    if run.iter().filter(|instr| instr.op == SWAP).count() < 2 {
        return 0;
    }
    let swaps = swaps_with_top(permutation(run));
    let first_used = len - swaps.len();
    run[..first_used].iter_mut().for_each(CfgInstr::set_nop);
    for (instr, depth) in run[first_used..].iter_mut().zip(swaps.iter().rev()) {
        instr.set(SWAP, *depth);
    }
    len - 1
}

/// What the run does: for each depth from the top, where its value came from.
fn permutation(run: &[CfgInstr]) -> Vec<Option<usize>> {
    let swaps = || run.iter().filter(|instr| instr.op == SWAP).map(|instr| instr.arg as usize);
    let mut stack: Vec<Option<usize>> = (0..swaps().max().unwrap_or(0)).map(Some).collect();
    for depth in swaps().filter(|depth| *depth > 0) {
        stack.swap(0, depth - 1);
    }
    stack
}

/// The swaps with the top that make the permutation, last one first.
fn swaps_with_top(mut stack: Vec<Option<usize>>) -> Vec<u32> {
    let mut swaps = Vec::new();
    for start in 0..stack.len() {
        if stack[start].is_none_or(|source| source == start) {
            continue;
        }
        // A cycle is walked once around, its first element twice, so that the top takes part in it.
        let mut at = start;
        loop {
            if at != 0 {
                swaps.push(at as u32 + 1);
            }
            match stack[at].take() {
                Some(next) => at = next,
                None => break,
            }
        }
    }
    swaps
}

/// Drops swaps from `from` backwards by exchanging the instructions that consume the values.
fn apply_static_swaps(instrs: &mut [CfgInstr], from: usize) {
    for index in (0..=from).rev() {
        let instr = instrs[index];
        if instr.op != SWAP {
            if instr.op == NOP || is_swappable(instr.op) {
                continue;
            }
            return;
        }
        let Some((first, last)) = exchangeable(instrs, index) else { return };
        instrs[index].set_nop();
        instrs.swap(first, last);
    }
}

/// The two consumers of the values that the swap at `index` exchanges, if exchanging them is safe.
fn exchangeable(instrs: &[CfgInstr], index: usize) -> Option<(usize, usize)> {
    let first = next_swappable(instrs, index, None)?;
    let line = Some(instrs[first].line()).filter(|line| *line >= 0);
    let mut last = first;
    for _ in 1..instrs[index].arg {
        last = next_swappable(instrs, last, line)?;
    }
    let (store_first, store_last) = (stored_local(&instrs[first]), stored_local(&instrs[last]));
    if store_first.is_some() && store_first == store_last {
        return None;
    }
    let between = instrs.get(first + 1..last).unwrap_or_default().iter().filter_map(stored_local);
    let conflicts = between.into_iter().any(|local| Some(local) == store_first || Some(local) == store_last);
    (!conflicts).then_some((first, last))
}

/// The next instruction that only pops the top, NOPs skipped, all on `line` if there is one.
fn next_swappable(instrs: &[CfgInstr], after: usize, line: Option<i32>) -> Option<usize> {
    for (index, instr) in instrs.iter().enumerate().skip(after + 1) {
        if line.is_some_and(|line| instr.line() != line) {
            return None;
        }
        if instr.op != NOP {
            return is_swappable(instr.op).then_some(index);
        }
    }
    None
}

fn is_swappable(op: Opcode) -> bool {
    matches!(op, STORE_FAST | STORE_FAST_MAYBE_NULL | POP_TOP)
}

fn stored_local(instr: &CfgInstr) -> Option<u32> {
    matches!(instr.op, STORE_FAST | STORE_FAST_MAYBE_NULL).then_some(instr.arg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Location;

    fn optimized(instrs: &[(Opcode, u32)]) -> Vec<(Opcode, u32)> {
        let location = Location { line: 1, end_line: 1, col: 0, end_col: 0 };
        let mut instrs: Vec<_> = instrs.iter().map(|(op, arg)| CfgInstr::new(*op, *arg, location)).collect();
        optimize_swaps(&mut instrs);
        instrs.iter().filter(|instr| instr.op != NOP).map(|instr| (instr.op, instr.arg)).collect()
    }

    #[test]
    fn stores_are_exchanged_instead_of_values() {
        assert_eq!(
            optimized(&[(SWAP, 2), (STORE_FAST, 0), (STORE_FAST, 1)]),
            [(STORE_FAST, 1), (STORE_FAST, 0)]
        );
        let same_local = [(SWAP, 2), (STORE_FAST, 0), (STORE_FAST, 0)];
        assert_eq!(optimized(&same_local), same_local);
    }

    #[test]
    fn runs_are_as_short_as_their_permutation_allows() {
        use crate::backend::opcode::RETURN_VALUE;
        let end = (RETURN_VALUE, 0);
        assert_eq!(optimized(&[(SWAP, 3), (SWAP, 3), end]), [end]);
        assert_eq!(
            optimized(&[(SWAP, 2), (SWAP, 3), (SWAP, 2), (SWAP, 3), end]),
            [(SWAP, 3), (SWAP, 2), end]
        );
    }
}
