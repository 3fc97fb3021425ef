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
    let deep = 200_000;
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
        ("def f():\n  async with a: pass", "'async with' outside async function"),
        ("[x := 1 for x in y]", "assignment expression cannot rebind comprehension iteration variable 'x'"),
        ("def f(**__debug__): pass", "cannot assign to __debug__"),
        ("a, *b, *c = d", "multiple starred expressions in assignment"),
        ("try: pass\nexcept: pass\nexcept A: pass", "default 'except:' must be last"),
        ("def f[T: (yield)](): pass", "yield expression cannot be used within a TypeVar bound"),
    ];
    for (source, message) in cases {
        assert_eq!(error(source).message, message, "{source}");
    }
}

#[test]
fn errors_of_the_grammar_have_cpythons_messages() {
    let cases = [
        ("a b", "invalid syntax"),
        ("print 'a'", "Missing parentheses in call to 'print'. Did you mean print(...)?"),
        ("if a\n  b", "expected ':'"),
        ("if a:\nb", "expected an indented block after 'if' statement on line 1"),
        ("def f():\nb", "expected an indented block after function definition on line 1"),
        ("f() = 1", "cannot assign to function call here. Maybe you meant '==' instead of '='?"),
        ("None = 1", "cannot assign to None"),
        ("del f()", "cannot delete function call"),
        ("a + b += 1", "'expression' is an illegal expression for augmented assignment"),
        ("f(a=1, b)", "positional argument follows keyword argument"),
        ("f(x for x in y, 1)", "Generator expression must be parenthesized"),
        ("[1, 2 3]", "invalid syntax. Perhaps you forgot a comma?"),
        ("if x = 3: pass", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        ("def f(a=1, b): pass", "parameter without a default follows parameter with a default"),
        ("def f(*): pass", "named arguments must follow bare *"),
        ("(1]", "closing parenthesis ']' does not match opening parenthesis '('"),
        (")", "unmatched ')'"),
        ("1_a", "invalid decimal literal"),
        ("0o8", "invalid digit '8' in octal literal"),
        (
            "077",
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        ),
        ("'abc", "unterminated string literal (detected at line 1)"),
        ("\"\"\"abc\n", "unterminated triple-quoted string literal (detected at line 1)"),
        ("a \\ b", "unexpected character after line continuation character"),
        ("a \u{20ac} b", "invalid character '\u{20ac}' (U+20AC)"),
        ("f'{}'", "f-string: valid expression required before '}'"),
        ("f'}'", "f-string: single '}' is not allowed"),
        ("f'{a!x}'", "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"),
        (
            "'\\x1'",
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape",
        ),
        ("from a import b,", "trailing comma not allowed without surrounding parentheses"),
        ("try: pass", "expected 'except' or 'finally' block"),
        ("  a", "unexpected indent"),
        ("if a:\n    b\n  c", "unindent does not match any outer indentation level"),
        ("if a:\n\tb\n        c", "inconsistent use of tabs and spaces in indentation"),
    ];
    for (source, message) in cases {
        assert_eq!(error(source).message, message, "{source}");
    }
}

/// The built example `name`, beside this test's own binary.
fn example(name: &str) -> PathBuf {
    let mut path = std::env::current_exe().expect("a test has a path");
    path.pop();
    path.pop();
    path.join("examples").join(name)
}

#[test]
fn code_objects_of_cpythons_library_equal_cpythons_own() {
    let Some(python) = python() else {
        eprintln!("skipped: no CPython 3.13 found");
        return;
    };
    let code = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new(&python).args(["-c", code]).output().expect("CPython starts");
    let library = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/code_diff.py");
    let folders = ["asyncio", "collections", "email", "json", "unittest"].map(|name| library.join(name));
    let files = [
        "typing.py",
        "dataclasses.py",
        "enum.py",
        "_pydecimal.py",
        "test/test_patma.py",
        "test/test_fstring.py",
    ]
    .map(|name| library.join(name));
    let output = Command::new(&python)
        .arg(script)
        .arg(example("marshal_dump"))
        .args(folders.iter().chain(&files))
        .output()
        .expect("CPython starts");
    let report = String::from_utf8_lossy(&output.stdout);
    let words: Vec<&str> = report.split_whitespace().take(3).collect();
    assert!(matches!(words[..], [same, "of", total] if same == total && same != "0"), "{report}");
}
