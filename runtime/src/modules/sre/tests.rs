//! The matcher on hand-made code.

use super::matcher::{Demand, Scratch};
use super::opcode as op;
use super::search::{match_here, search};
use super::translate::{InvalidCode, translate};
use crate::str_object::Units;

/// `(?:a|b)*`
const A_OR_B: &[u32] = &[
    op::REPEAT,
    15,
    0,
    op::MAXREPEAT,
    op::BRANCH,
    5,
    op::LITERAL,
    97,
    op::JUMP,
    7,
    5,
    op::LITERAL,
    98,
    op::JUMP,
    2,
    0,
    op::MAX_UNTIL,
    op::SUCCESS,
];

#[test]
fn long_texts_need_no_native_stack() {
    let program = translate(A_OR_B, 0).expect("the code is valid");
    let text = b"ab".repeat(100_000);
    let found = match_here(&program, Units::One(&text), 0, Demand::default(), &mut Scratch::default());
    assert_eq!(found, Ok(Some((0, 200_000))));
}

#[test]
fn literals_are_found_in_texts_of_every_width() {
    let program = translate(&[op::LITERAL, 98, op::SUCCESS], 0).expect("the code is valid");
    let mut scratch = Scratch::default();
    assert_eq!(search(&program, Units::One(b"aab"), 0, false, &mut scratch), Ok(Some((2, 3))));
    assert_eq!(search(&program, Units::Two(&[0x100, 98]), 0, false, &mut scratch), Ok(Some((1, 2))));
    assert_eq!(search(&program, Units::Four(&[0x1_0000]), 0, false, &mut scratch), Ok(None));
}

#[test]
fn words_that_are_no_pattern_are_refused() {
    for words in [
        &[][..],
        &[op::LITERAL, op::SUCCESS],
        &[op::JUMP, 0, op::SUCCESS],
        &[op::MARK, 0, op::SUCCESS],
        &[op::REPEAT, 99, 0, 1, op::SUCCESS],
        &[op::IN, 1, op::SUCCESS],
        &[op::MAX_UNTIL, op::SUCCESS],
        &[op::ASSERT, 1, 0, op::SUCCESS],
    ] {
        assert_eq!(translate(words, 0).err(), Some(InvalidCode), "{words:?}");
    }
}
