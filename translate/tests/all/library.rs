//! Every code object of CPython's library is translated, whichever passes run; the form's rules are checked after
//! each stage, since tests run with debug assertions.

use bytecode::{RegOp, StackOp, wordcode};
use translate::{Options, PASSES, size32_model, translate, validate_code};

use crate::corpus::{Case, cases};

#[derive(Default)]
struct Sizes {
    stack_instrs: usize,
    stack_bytes: usize,
    reg_instrs: usize,
    reg_bytes: usize,
    reg_bytes32: usize,
    stack_slots: usize,
    reg_slots: usize,
}

impl Sizes {
    fn add(&mut self, case: &Case, options: Options) {
        let reg = translate(&case.code, &options).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        validate_code(&reg).unwrap_or_else(|fault| panic!("{}: {fault}", case.name));
        self.stack_instrs += stack_count(case);
        self.stack_bytes += case.code.code.len();
        self.reg_instrs += reg.instrs().filter(|(_, instr)| instr.op != RegOp::RETURN_GENERATOR).count();
        self.reg_bytes += reg.words.len() * 8;
        self.reg_bytes32 += size32_model(&reg);
        self.stack_slots += case.code.nlocalsplus() + case.code.stacksize as usize;
        self.reg_slots += usize::from(reg.frame_size);
    }

    fn report(&self, name: &str) {
        let ratio = |a: usize, b: usize| a as f64 / b as f64;
        eprintln!(
            "{name:32} instructions removed {:5.1} %  bytes {:.3} ({:.3} in 32-bit words)  slots {:.3}",
            100.0 * (1.0 - ratio(self.reg_instrs, self.stack_instrs)),
            ratio(self.reg_bytes, self.stack_bytes),
            ratio(self.reg_bytes32, self.stack_bytes),
            ratio(self.reg_slots, self.stack_slots)
        );
    }
}

/// Wordcode instructions that count: not RESUME, NOP or the generator prologue.
fn stack_count(case: &Case) -> usize {
    let instrs = wordcode::instrs(&case.code.code).flatten();
    let (mut count, mut prologue) = (0, 0);
    for instr in instrs {
        match instr.op {
            StackOp::NOP | StackOp::RESUME => {}
            StackOp::RETURN_GENERATOR => prologue = 1,
            _ => count += 1,
        }
    }
    count - prologue
}

/// Translates every `stride`th code object.
fn translate_all(name: &str, options: Options, stride: usize) {
    let mut sizes = Sizes::default();
    for case in cases().iter().step_by(stride) {
        sizes.add(case, options);
    }
    if sizes.stack_instrs > 0 {
        sizes.report(name);
    }
}

#[test]
fn the_library_is_translated_with_all_passes() {
    translate_all("all", Options::all(), 1);
}

#[test]
fn the_library_is_translated_with_no_pass() {
    translate_all("none", Options::none(), 4);
}

#[test]
fn the_library_is_translated_with_each_pass_off() {
    for info in PASSES {
        translate_all(&format!("without {}", info.name), Options::all().without(info.pass), 32);
    }
}
