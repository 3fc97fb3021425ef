//! Prints both codes of a function in a `.pyc` file: `show FILE QUALNAME [PASS…]`, with only those passes if any is given.

use std::fmt::Write as _;
use std::sync::Arc;

use bytecode::{CodeObject, Const, dis, pyc, reg_dis};
use translate::{Options, translate_with_witness};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, name, passes @ ..] = &args[..] else {
        eprintln!("usage: show FILE QUALNAME [PASS…]");
        return;
    };
    let (_, code) =
        pyc::read(&std::fs::read(file).expect("the file can be read")).expect("it is a .pyc file");
    let options = match passes {
        [] => Options::all(),
        passes => Options::only_named(passes.iter().map(String::as_str)).expect("the passes exist"),
    };
    walk(&code, &mut |code| {
        if code.qualname.to_string_lossy() == *name {
            show(code, options);
        }
    });
}

fn show(code: &CodeObject, options: Options) {
    let mut text = String::new();
    dis::write(code, dis::DisOptions::default(), &mut text).expect("the code is well-formed");
    match translate_with_witness(code, &options) {
        Ok((reg, witness)) => {
            reg_dis::write(code, &reg, &mut text).expect("strings take all");
            for cut in witness.cuts {
                let _ = writeln!(text, "{cut:?}");
            }
        }
        Err(error) => text.push_str(&error.to_string()),
    }
    eprintln!("{text}");
}

fn walk(code: &Arc<CodeObject>, visit: &mut impl FnMut(&Arc<CodeObject>)) {
    visit(code);
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            walk(inner, visit);
        }
    }
}
