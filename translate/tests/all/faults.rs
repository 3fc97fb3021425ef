//! Faults planted in translated code: the checker must find them.
//!
//! A fault that leaves the code's meaning as it was (an operand exchanged for an equal one, a result that nobody reads)
//! is no fault; few of the planted ones may be such.

use bytecode::reg_op::Role;
use bytecode::{CodeObject, RegCode, RegInstr, RegOp};
use translate::{Options, Witness, check, translate_with_witness};

use crate::corpus::cases;

/// A fixed sequence of numbers (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

/// Replaces the instruction at a word; the new one must be as long.
fn replaced(reg: &RegCode, word: usize, instr: &RegInstr) -> RegCode {
    let mut words = Vec::new();
    instr.encode(&mut words);
    let mut faulty = reg.clone();
    faulty.words[word..word + words.len()].copy_from_slice(&words);
    faulty
}

fn instr_at(reg: &RegCode, dice: &mut Dice) -> (usize, RegInstr) {
    let instrs: Vec<_> = reg.instrs().collect();
    instrs[dice.roll(instrs.len())].clone()
}

/// Another register or constant in one operand.
fn change_operand(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let (word, mut instr) = instr_at(reg, dice);
    let roles: Vec<Role> = instr.op.info().operands.iter().map(|operand| operand.role).collect();
    let index = dice.roll(roles.len());
    let change = 1 + dice.roll(3) as i32;
    match roles.get(index)? {
        Role::Use | Role::Reg | Role::Def | Role::RegDef | Role::Name | Role::DefPair => {}
        _ => return None,
    }
    let value = instr.operands[index];
    instr.operands[index] = match value {
        value if value < 0 => value - change,
        value if value + change < i32::from(reg.frame_size) => value + change,
        value if value >= change => value - change,
        _ => return None,
    };
    Some(replaced(reg, word, &instr))
}

fn swap_operands(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let (word, mut instr) = instr_at(reg, dice);
    let uses: Vec<usize> = (0..instr.operands.len())
        .filter(|index| matches!(instr.op.info().operands[*index].role, Role::Use))
        .collect();
    let [first, second, ..] = uses[..] else { return None };
    if instr.operands[first] == instr.operands[second] {
        return None;
    }
    instr.operands.swap(first, second);
    Some(replaced(reg, word, &instr))
}

/// A move becomes a move of its destination to itself.
fn drop_move(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let moves: Vec<_> =
        reg.instrs().filter(|(_, instr)| matches!(instr.op, RegOp::MOVE | RegOp::LOAD_CONST)).collect();
    let (word, mut instr) = moves.get(dice.roll(moves.len()))?.clone();
    instr.op = RegOp::MOVE;
    instr.operands = vec![instr.operands[0], instr.operands[0]];
    Some(replaced(reg, word, &instr))
}

fn flip_branch(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let branches: Vec<_> = reg.instrs().filter(|(_, instr)| opposite(instr.op).is_some()).collect();
    let (word, mut instr) = branches.get(dice.roll(branches.len()))?.clone();
    instr.op = opposite(instr.op)?;
    Some(replaced(reg, word, &instr))
}

fn opposite(op: RegOp) -> Option<RegOp> {
    use RegOp::*;
    let pairs = [
        (JUMP_IF_TRUE, JUMP_IF_FALSE),
        (JUMP_IF_TRUTHY, JUMP_IF_FALSY),
        (JUMP_IF_NONE, JUMP_IF_NOT_NONE),
        (JUMP_IF_LT, JUMP_IF_NOT_LT),
        (JUMP_IF_EQ, JUMP_IF_NOT_EQ),
        (JUMP_IF_IS, JUMP_IF_IS_NOT),
        (JUMP_IF_CONTAINS, JUMP_IF_NOT_CONTAINS),
        (FOR_ITER, FOR_LOOP),
        (IS, IS_NOT),
        (CONTAINS, NOT_CONTAINS),
        (LT, GT),
        (ADD, SUBTRACT),
    ];
    pairs.iter().find_map(|(a, b)| if *a == op { Some(*b) } else { (*b == op).then_some(*a) })
}

fn change_target(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let starts: Vec<usize> = reg.instrs().map(|(word, _)| word).collect();
    let (word, mut instr) = instr_at(reg, dice);
    let target =
        instr.op.info().operands.iter().position(|o| matches!(o.role, Role::Target | Role::Target32))?;
    let to = starts[dice.roll(starts.len())] as i32 - (word + instr.words()) as i32;
    if to == instr.operands[target] {
        return None;
    }
    instr.operands[target] = to;
    Some(replaced(reg, word, &instr))
}

/// Two neighbours of the same length change places.
fn reorder(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let instrs: Vec<_> = reg.instrs().collect();
    if instrs.len() < 2 {
        return None;
    }
    let index = dice.roll(instrs.len() - 1);
    let [(word, first), (_, second)] = &instrs[index..index + 2] else { return None };
    let is_branch =
        |instr: &RegInstr| bytecode::reg_dis::target_of(0, instr).is_some() || instr.op == RegOp::RETURN;
    if first.words() != second.words() || first == second || is_branch(first) || is_branch(second) {
        return None;
    }
    let swapped = replaced(reg, *word, second);
    Some(replaced(&swapped, word + second.words(), first))
}

fn break_handler(reg: &RegCode, dice: &mut Dice) -> Option<RegCode> {
    let mut faulty = reg.clone();
    let count = faulty.exceptions.len();
    let entry = faulty.exceptions.get_mut(dice.roll(count))?;
    match dice.roll(3) {
        0 if entry.slot + 2 < reg.frame_size => entry.slot += 1,
        1 => entry.end = entry.start,
        _ => entry.lasti = !entry.lasti,
    }
    Some(faulty)
}

type Plant = fn(&RegCode, &mut Dice) -> Option<RegCode>;

const PLANTS: &[(&str, Plant)] = &[
    ("changed operand", change_operand),
    ("swapped operands", swap_operands),
    ("dropped move", drop_move),
    ("flipped test", flip_branch),
    ("changed target", change_target),
    ("reordered", reorder),
    ("broken handler", break_handler),
];

fn is_found(code: &CodeObject, faulty: &RegCode, witness: &Witness) -> bool {
    check::check(code, faulty, witness).is_err()
}

#[test]
fn planted_faults_are_found() {
    let mut dice = Dice(1);
    let candidates: Vec<_> = cases().iter().filter(|case| case.code.code.len() < 2000).collect();
    if candidates.is_empty() {
        return;
    }
    for (name, plant) in PLANTS {
        let (mut planted, mut found) = (0, 0);
        for _ in 0..20_000 {
            if planted == 500 {
                break;
            }
            let case = candidates[dice.roll(candidates.len())];
            let (reg, witness) =
                translate_with_witness(&case.code, &Options::all()).expect("it is translated");
            let Some(faulty) = plant(&reg, &mut dice) else { continue };
            planted += 1;
            if is_found(&case.code, &faulty, &witness) {
                found += 1;
            } else if std::env::var_os("SHOW_SURVIVORS").is_some() {
                let changed = reg.instrs().zip(faulty.instrs()).find(|(one, other)| one != other);
                eprintln!("{name}: {}: {changed:?}", case.name);
            }
        }
        eprintln!("{name}: {found} of {planted} found");
        assert!(planted >= 300 && found * 100 >= planted * 95, "{name}: {found} of {planted} found");
    }
}
