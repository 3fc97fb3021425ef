//! Disassembly against CPython's `dis`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use bytecode::dis::{self, DisOptions};
use bytecode::repr::is_printable;
use pretty_assertions::assert_eq;

use crate::{library, oracle};

/// Every so many-th file of the library is disassembled.
const STRIDE: usize = 9;

#[test]
fn text_is_what_cpython_prints() {
    let Some(python) = oracle::python() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("disassembled");
    fs::create_dir_all(&folder).expect("folders can be made");
    let chosen: Vec<_> = library::modules().iter().step_by(STRIDE).enumerate().collect();
    let mut list = String::new();
    for (i, module) in &chosen {
        writeln!(list, "{i}\t{}\t{}", options_of(*i).0, module.path.display()).expect("strings take all");
    }
    let list_path = folder.join("list");
    fs::write(&list_path, list).expect("files can be written");
    oracle::run_script(python, "disassemble.py", &[&list_path]);
    for (i, module) in &chosen {
        let expected = fs::read(folder.join(format!("{i}.txt"))).expect("CPython wrote it");
        let mut ours = String::new();
        dis::write(&module.code, options_of(*i).1, &mut ours).expect("library code can be disassembled");
        assert_same_text(&ours, &String::from_utf8_lossy(&expected), &module.path);
    }
    eprintln!("{} files", chosen.len());
}

fn options_of(i: usize) -> (&'static str, DisOptions) {
    let options = DisOptions::default();
    match i % 8 {
        1 => ("C", DisOptions { show_caches: true, ..options }),
        2 => ("O", DisOptions { show_offsets: true, ..options }),
        3 => ("CO", DisOptions { show_caches: true, show_offsets: true, ..options }),
        _ => ("-", options),
    }
}

fn assert_same_text(ours: &str, expected: &str, path: &Path) {
    for (number, (ours, expected)) in ours.lines().zip(expected.lines()).enumerate() {
        let (ours, expected) = (normal(ours), normal(expected));
        assert_eq!(ours, expected, "{}, line {}", path.display(), number + 1);
    }
    assert_eq!(ours.lines().count(), expected.lines().count(), "{}", path.display());
}

/// A line without what changes from run to run: addresses, and the order of sets.
fn normal(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(" at 0x") {
        let (before, after) = rest.split_at(at + 6);
        text.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
    }
    text.push_str(rest);
    if text.contains("frozenset({") {
        let mut chars: Vec<_> = text.chars().collect();
        chars.sort_unstable();
        text = chars.into_iter().collect();
    }
    text
}

#[test]
fn printable_characters_are_cpythons() {
    let Some(python) = oracle::python() else { return };
    let table = oracle::run_script(python, "../../scripts/printable.py", &[]);
    assert_eq!(table, include_str!("../../src/unicode_printable.rs"));
    assert!(is_printable(0x20) && is_printable(0xE9) && is_printable(0x1F40D));
    assert!(!is_printable(0xA0) && !is_printable(0xD800) && !is_printable(0x10_FFFF));
}
