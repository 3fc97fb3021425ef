//! Every translation is proved, whichever passes run.

use translate::{Options, PASSES, translate_proved};

use crate::corpus::cases;

fn prove_all(name: &str, options: Options, stride: usize) {
    let mut failed = 0;
    for case in cases().iter().step_by(stride) {
        if let Err(error) = translate_proved(&case.code, &options) {
            failed += 1;
            if failed <= 20 {
                eprintln!("{name}: {}: {error}", case.name);
            }
        }
    }
    assert_eq!(failed, 0, "{name}");
}

#[test]
fn the_library_is_proved_with_all_passes() {
    prove_all("all", Options::all(), 1);
}

#[test]
fn the_library_is_proved_with_no_pass() {
    prove_all("none", Options::none(), 4);
}

#[test]
fn the_library_is_proved_with_each_pass_off_and_each_alone() {
    for info in PASSES {
        prove_all(&format!("without {}", info.name), Options::all().without(info.pass), 32);
        prove_all(&format!("only {}", info.name), Options::none().with(info.pass), 32);
    }
}
