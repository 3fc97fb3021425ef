//! The instruction table against what CPython says of its opcodes.

use std::fmt::Write as _;

use bytecode::opcode_number::{INSTRUMENTED, PSEUDO, SPECIALIZED, classify, opcode_name};
use bytecode::{BinOp, CompareOp, Intrinsic1, Intrinsic2, OperandKind, StackOp};
use pretty_assertions::assert_eq;

use crate::oracle;

const RECORDED: &str = include_str!("../recorded/opcodes.txt");
const OPARGS: [u32; 19] = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 100, 255, 256, 257, 511, 512, 65535, 65536];

#[test]
fn table_agrees_with_cpython() {
    let (recorded, _) = RECORDED.split_at(RECORDED.find("236 ").expect("instrumented opcodes are recorded"));
    let mut ours = String::new();
    for op in StackOp::ALL {
        writeln!(ours, "{}", describe(*op)).expect("strings take all");
    }
    assert_eq!(ours, recorded);
}

fn describe(op: StackOp) -> String {
    let kinds = [
        (op.has_oparg(), "hasarg"),
        (op.has_const(), "hasconst"),
        (op.has_name(), "hasname"),
        (op.is_jump(), "hasjrel"),
        (op.has_local(), "haslocal"),
        (op.has_free(), "hasfree"),
    ];
    let kinds: Vec<_> = kinds.iter().filter(|(has, _)| *has).map(|(_, kind)| *kind).collect();
    let kinds = if kinds.is_empty() { "-".to_owned() } else { kinds.join(",") };
    let opargs = if op.has_oparg() { &OPARGS[..] } else { &OPARGS[..1] };
    let smallest = match op {
        StackOp::COPY => 1,
        StackOp::SWAP => 2,
        _ => 0,
    };
    let effects: Vec<_> = opargs
        .iter()
        .filter(|oparg| **oparg >= smallest)
        .map(|oparg| format!("{}/{}", op.stack_effect(*oparg, false), op.stack_effect(*oparg, true)))
        .collect();
    format!("{} {} {} {kinds} {}", op.number(), op.name(), op.cache_units(), effects.join(" "))
}

#[test]
fn other_numbers_and_names_agree_with_cpython() {
    let mut ours = String::new();
    let others = INSTRUMENTED.iter().map(|(number, name)| (u16::from(*number), *name));
    for (number, name) in others {
        writeln!(ours, "{number} {name}").expect("strings take all");
    }
    for (number, name) in PSEUDO {
        writeln!(ours, "{number} {name}").expect("strings take all");
    }
    for (number, name, base) in SPECIALIZED {
        writeln!(ours, "specialized {number} {name} {base}").expect("strings take all");
    }
    let names = |kind: &str, names: Vec<&str>| format!("{kind} {}\n", names.join(" "));
    ours += &names("binary", BinOp::ALL.iter().map(|op| op.name()).collect());
    ours += &names("compare", CompareOp::ALL.iter().map(|op| op.name()).collect());
    ours += &names("intrinsic1", Intrinsic1::ALL.iter().map(|op| op.name()).collect());
    ours += &names("intrinsic2", Intrinsic2::ALL.iter().map(|op| op.name()).collect());
    ours += &names("function", bytecode::FunctionAttribute::ALL.iter().map(|op| op.name()).collect());
    let (_, recorded) = RECORDED.split_at(RECORDED.find("236 ").expect("instrumented opcodes are recorded"));
    assert_eq!(ours, recorded);
}

#[test]
fn recording_is_what_cpython_prints() {
    let Some(python) = oracle::python() else { return };
    assert_eq!(oracle::run_script(python, "opcodes.py", &[]), RECORDED);
}

#[test]
fn every_number_has_one_meaning() {
    let named = (0..=u16::from(u8::MAX)).filter(|number| opcode_name(*number).is_some()).count();
    assert_eq!(named, StackOp::ALL.len() + SPECIALIZED.len() + INSTRUMENTED.len());
    assert_eq!(StackOp::ALL.len(), 119);
    for op in StackOp::ALL {
        assert_eq!(classify(u16::from(op.number())), bytecode::opcode_number::OpcodeClass::Real(*op));
        assert_eq!(StackOp::from_name(op.name()), Some(*op));
        assert_eq!(op.has_oparg(), op.operand_kind() != OperandKind::None);
        assert_eq!(op.info().handler, op.name().to_lowercase());
    }
}

#[test]
fn effects_read_as_in_the_table() {
    assert_eq!(StackOp::BINARY_OP.info().effect.to_string(), "(lhs, rhs -- res)");
    assert_eq!(StackOp::CALL.info().effect.to_string(), "(callable, self_or_null, args[argc] -- res)");
    assert_eq!(StackOp::NOP.info().effect.to_string(), "(--)");
    assert_eq!(StackOp::FOR_ITER.info().taken_effect.to_string(), "(iter -- iter, null)");
}

#[test]
fn flow_of_control_comes_from_the_table() {
    assert!(StackOp::POP_JUMP_IF_TRUE.is_conditional());
    assert!(!StackOp::JUMP_FORWARD.is_conditional() && StackOp::JUMP_FORWARD.is_terminator());
    assert!(StackOp::JUMP_BACKWARD.is_backward() && !StackOp::FOR_ITER.is_backward());
    assert!(StackOp::RETURN_CONST.is_exit() && !StackOp::JUMP_FORWARD.is_exit());
}
