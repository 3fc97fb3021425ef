//! Prints the code generator's output, before the optimizer, of each file named on the command line: unit by unit,
//! innermost first. `tests/oracle/codegen_diff.py` holds it against CPython's own.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::fmt::Write as _;

use frontend::ir::{Arg, Unit};
use frontend::{CompileOptions, compile_observed};

fn dump(out: &mut String, unit: &Unit, depth: usize) {
    let _ = writeln!(out, "UNIT {depth} {}", unit.qualname);
    for instr in &unit.seq.instrs {
        let arg = match instr.arg {
            Arg::None => "None".to_owned(),
            Arg::Value(value) => value.to_string(),
            Arg::Label(label) => {
                unit.seq.labels[label.0 as usize].map_or("?".to_owned(), |index| index.to_string())
            }
        };
        let at = instr.location;
        let _ = writeln!(out, "{} {arg} {} {} {} {}", instr.op.0, at.line, at.end_line, at.col, at.end_col);
    }
}

fn main() {
    for path in std::env::args().skip(1) {
        let source = std::fs::read(&path).expect("the file can be read");
        let mut out = format!("FILE {path}\n");
        let observe = |unit: &Unit, depth: usize| dump(&mut out, unit, depth);
        if let Err(error) = compile_observed(&source, "f", CompileOptions::default(), observe) {
            let _ = writeln!(out, "ERROR {}", error.to_string().replace('\n', " | "));
        }
        print!("{out}");
    }
}
