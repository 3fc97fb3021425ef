//! Graphs and sizes of small functions.

use translate::{Form, Options, cfg_dot, size32_model, translate};

use crate::corpus::{python, walk};
use crate::golden::compile;

const SOURCE: &str = "def f(n):\n    for i in n:\n        try:\n            g(i, \"x\")\n        except E:\n            pass\n";

#[test]
fn graphs_of_both_forms_name_their_edges() {
    let Some(python) = python() else { return };
    let module = compile(&python, SOURCE);
    let mut codes = Vec::new();
    walk(&module, &mut |code| codes.push(code.clone()));
    for form in [Form::Stack, Form::Register] {
        let dot = cfg_dot(&codes[1], form, &Options::all()).expect("the code is well-formed");
        assert!(dot.starts_with("digraph \"f\" {\n") && dot.ends_with("}\n"), "{dot}");
        assert!(dot.contains("label=taken") && dot.contains("style=dashed"), "{dot}");
    }
    let reg = translate(&codes[1], &Options::all()).expect("the code is well-formed");
    assert!(size32_model(&reg) < reg.words.len() * 8);
}
