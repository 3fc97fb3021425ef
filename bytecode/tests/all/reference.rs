//! The opcode reference, `docs/opcodes.md`, is written from the instruction table; `BLESS=1` writes it anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bytecode::{BinOp, CompareOp, Intrinsic1, Intrinsic2, StackOp};
use pretty_assertions::assert_eq;

#[test]
fn reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/opcodes.md");
    let text = reference();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &text).expect("documents can be written");
    }
    let current = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(current, text, "run the tests with BLESS=1 to write docs/opcodes.md anew");
}

const HEAD: &str = "\
# Wordcode instructions

Written from the table in `bytecode/src/stack_op.rs` by `BLESS=1 cargo test -p bytecode reference`; do not edit.

Numbers and names are those of CPython 3.13.
The stack effect reads: what is found, top last, then what is left in its place.
`args[argc]` stands for as many values as the expression says.
`null` is always NULL, `…_or_null` may be, `rest` is passed over; an output with an input's name is that input.
Where a jump that is taken leaves something else, its effect follows.
Marks: **r** may raise, **e** never goes on to the next instruction, **c** with the number of inline cache units.

| number | name | oparg | stack effect | marks | what it does |
|---:|---|---|---|---|---|
";

fn reference() -> String {
    let mut text = HEAD.to_owned();
    for op in StackOp::ALL {
        text += &row(*op);
    }
    text += &section("BINARY_OP: `op`", BinOp::ALL.iter().map(|op| (op.number(), op.name())));
    text += &section("COMPARE_OP: `op >> 5`", CompareOp::ALL.iter().map(|op| (op.number(), op.name())));
    text +=
        &section("CALL_INTRINSIC_1: `function`", Intrinsic1::ALL.iter().map(|op| (op.number(), op.name())));
    text +=
        &section("CALL_INTRINSIC_2: `function`", Intrinsic2::ALL.iter().map(|op| (op.number(), op.name())));
    text
}

fn row(op: StackOp) -> String {
    let info = op.info();
    let operand = match info.operand {
        "" => String::new(),
        name => format!("{name}: {:?}", info.operand_kind),
    };
    let mut effect = format!("`{}`", info.effect);
    if info.taken_effect.to_string() != info.effect.to_string() {
        write!(effect, ", taken `{}`", info.taken_effect).expect("strings take all");
    }
    let mut marks = Vec::new();
    if info.raises {
        marks.push("r".to_owned());
    }
    if info.ends {
        marks.push("e".to_owned());
    }
    if info.cache_units > 0 {
        marks.push(format!("c{}", info.cache_units));
    }
    let doc = op.doc().replace('|', "\\|");
    format!("| {} | {} | {operand} | {effect} | {} | {doc} |\n", op.number(), op.name(), marks.join(" "))
}

fn section(title: &str, rows: impl Iterator<Item = (u32, &'static str)>) -> String {
    let mut text = format!("\n## {title}\n\n| number | name |\n|---:|---|\n");
    for (number, name) in rows {
        writeln!(text, "| {number} | `{}` |", name.replace('|', "\\|")).expect("strings take all");
    }
    text
}
