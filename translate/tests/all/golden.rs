//! Golden texts: source, stack code and register code of each construct, one beside the other. `BLESS=1` rewrites the
//! last two.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use bytecode::marshal::load_code;
use bytecode::{CodeObject, dis, reg_dis};
use pretty_assertions::assert_eq;
use translate::{Options, translate};

use crate::corpus::{python, walk};

const STACK: &str = "\n======== stack code\n";
const REGISTER: &str = "\n======== register code\n";

/// What CPython compiles a source text to.
pub fn compile(python: &Path, source: &str) -> Arc<CodeObject> {
    let script = "import marshal, sys\nsource = sys.stdin.buffer.read()\n\
        sys.stdout.buffer.write(marshal.dumps(compile(source, 'golden.py', 'exec')))";
    let mut child = Command::new(python)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("CPython starts");
    child.stdin.take().expect("piped").write_all(source.as_bytes()).expect("CPython reads");
    let output = child.wait_with_output().expect("CPython ends");
    load_code(&output.stdout).expect("CPython compiles the source")
}

/// The code objects of a source text, the module itself only if it has no function.
fn functions(module: &Arc<CodeObject>) -> Vec<Arc<CodeObject>> {
    let mut all = Vec::new();
    walk(module, &mut |code| all.push(code.clone()));
    if all.len() > 1 {
        all.remove(0);
    }
    all
}

fn render(module: &Arc<CodeObject>, source: &str) -> String {
    let (mut stack, mut register) = (String::new(), String::new());
    for code in functions(module) {
        let title = format!("{}:\n", code.qualname);
        stack.push_str(&title);
        register.push_str(&title);
        dis::write(&code, dis::DisOptions::default(), &mut stack).expect("the code is well-formed");
        let reg = translate(&code, &Options::all()).expect("the code is well-formed");
        reg_dis::write(&code, &reg, &mut register).expect("strings take all");
    }
    format!("{source}{STACK}{stack}{REGISTER}{register}")
}

#[test]
fn each_construct_has_its_register_code() {
    let python = python();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).expect("goldens are UTF-8");
        let source = text.split(STACK).next().expect("there is a first part");
        let compiled = frontend::compile(source.as_bytes(), "golden.py", frontend::CompileOptions::default());
        let rendered = render(&Arc::new(compiled.expect("goldens compile")), source);
        if let Some(python) = &python {
            assert_eq!(render(&compile(python, source), source), rendered, "{}: CPython's", path.display());
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, rendered).expect("goldens can be written");
        } else {
            assert_eq!(text, rendered, "{}", path.display());
        }
    }
}
