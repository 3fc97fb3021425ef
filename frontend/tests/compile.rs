//! Whole programs: what real CPython does with our `.pyc` files is what it does with the source.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bytecode::pyc::{PycHeader, write};
use frontend::{CompileError, CompileOptions, ErrorKind, compile};

/// A CPython 3.13, if there is one.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("AMPHIS_PYTHON").map(PathBuf::from);
    let pyenv = Command::new("pyenv").args(["prefix", "3.13.0"]).output().ok();
    let pyenv = pyenv
        .filter(|output| output.status.success())
        .map(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("bin/python3"));
    let home =
        std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv/versions/3.13.0/bin/python3"));
    let candidates = named.into_iter().chain([PathBuf::from("python3.13")]).chain(pyenv).chain(home);
    candidates.into_iter().find(|python| is_3_13(python))
}

fn is_3_13(python: &Path) -> bool {
    let output = Command::new(python).arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("Python 3.13"))
}

fn run(python: &Path, file: &Path) -> Output {
    Command::new(python).env("PYTHONHASHSEED", "0").arg(file).output().expect("CPython starts")
}

/// Runs the source and our compilation of it; both must print the same.
fn check_program(source: &str) {
    let Some(python) = python() else {
        eprintln!("skipped: no CPython 3.13 found");
        return;
    };
    let folder = std::env::temp_dir().join(format!("amphis-frontend-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the files");
    let (py, pyc) = (folder.join("program.py"), folder.join("program.pyc"));
    std::fs::write(&py, source).expect("the source is written");
    let code = compile(source.as_bytes(), "program.py", CompileOptions::default()).expect("it compiles");
    let header = PycHeader::Timestamp { mtime: 0, size: 0 };
    std::fs::write(&pyc, write(header, &code)).expect("the .pyc file is written");
    let (expected, found) = (run(&python, &py), run(&python, &pyc));
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
    assert_eq!(String::from_utf8_lossy(&found.stderr), String::from_utf8_lossy(&expected.stderr));
    assert_eq!(String::from_utf8_lossy(&found.stdout), String::from_utf8_lossy(&expected.stdout));
    assert!(expected.status.success(), "the program fails: {}", String::from_utf8_lossy(&expected.stderr));
}

fn error(source: &str) -> CompileError {
    compile(source.as_bytes(), "<string>", CompileOptions::default()).expect_err("it must not compile")
}

#[test]
fn cpython_runs_a_program_of_every_construct() {
    check_program(include_str!("programs/constructs.py"));
}

#[test]
fn nesting_beyond_any_limit_is_an_error() {
    let deep = 1_000_000;
    let cases = [
        ("(".repeat(deep) + "a" + &")".repeat(deep), ErrorKind::SyntaxError),
        ("[".repeat(deep), ErrorKind::SyntaxError),
        ("-".repeat(deep) + "a", ErrorKind::RecursionError),
        ("not ".repeat(deep) + "a", ErrorKind::RecursionError),
        ("a".to_owned() + &"+a".repeat(deep), ErrorKind::RecursionError),
        ("a".to_owned() + &".a".repeat(deep), ErrorKind::RecursionError),
        ("a".to_owned() + &"()".repeat(deep), ErrorKind::RecursionError),
        ("lambda:".repeat(deep / 10) + "a", ErrorKind::RecursionError),
        ("if a: pass\n".to_owned() + &"elif a: pass\n".repeat(deep / 10), ErrorKind::RecursionError),
    ];
    for (source, kind) in cases {
        let error = error(&source);
        assert_eq!(error.kind, kind, "{}: {}", &source[..10], error.message);
    }
}

#[test]
fn errors_carry_place_and_text() {
    let error = error("def f():\n    x = [1, 2\n");
    assert_eq!(
        error.to_string(),
        "  File \"<string>\", line 2\n    x = [1, 2\n        ^\nSyntaxError: '[' was never closed"
    );
}

#[test]
fn errors_of_the_compiler_have_cpythons_messages() {
    let cases = [
        ("return 1", "'return' outside function"),
        ("def f(a, a): pass", "duplicate argument 'a' in function definition"),
        ("nonlocal x", "nonlocal declaration not allowed at module level"),
        ("def f():\n  nonlocal x", "no binding for nonlocal 'x' found"),
        ("break", "'break' outside loop"),
        ("continue", "'continue' not properly in loop"),
        ("class A: yield", "'yield' outside function"),
        ("def f(): await x", "'await' outside async function"),
        ("__debug__ = 1", "cannot assign to __debug__"),
        (
            "x = 1\nfrom __future__ import annotations",
            "from __future__ imports must occur at the beginning of the file",
        ),
        ("def f():\n  print(x)\n  global x", "name 'x' is used prior to global declaration"),
        ("match x:\n  case y: pass\n  case z: pass", "name capture 'y' makes remaining patterns unreachable"),
    ];
    for (source, message) in cases {
        assert_eq!(error(source).message, message, "{source}");
    }
}
