//! Our code objects held against CPython's.

use std::path::{Path, PathBuf};
use std::process::Command;

use amphis::parity::{Report, compare_files, python_files};
use bytecode::CodeObject;

use crate::oracle;

/// Library files that between them use every construct, and some whose layout is hard.
const SAMPLE: &[&str] = &[
    "argparse.py",
    "asyncio/base_events.py",
    "asyncio/taskgroups.py",
    "dataclasses.py",
    "enum.py",
    "inspect.py",
    "tarfile.py",
    "test/test_except_star.py",
    "test/test_patma.py",
    "test/test_type_params.py",
    "turtle.py",
    "typing.py",
];

fn compile(source: &[u8], path: &str) -> Result<CodeObject, String> {
    frontend::compile(source, path, frontend::CompileOptions::default()).map_err(|error| error.to_string())
}

fn compare(
    python: &Path,
    files: &[PathBuf],
    compile: impl Fn(&[u8], &str) -> Result<CodeObject, String>,
) -> Report {
    compare_files(python, files, compile).expect("CPython runs and the files are readable")
}

#[test]
fn library_code_is_identical() {
    let Some(python) = oracle::python() else { return };
    let files: Vec<_> = SAMPLE.iter().map(|name| oracle::library(python).join(name)).collect();
    let report = compare(python, &files, compile);
    assert_eq!((report.files, report.identical), (SAMPLE.len(), report.code_objects), "{report}");
}

#[test]
fn differences_are_counted_by_kind() {
    let Some(python) = oracle::python() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    std::fs::create_dir_all(&folder).expect("folders can be made");
    let source = "def f(a):\n    return [a, 'x']\nclass C:\n    y = f(1)\n";
    std::fs::write(folder.join("a.py"), source).expect("files can be written");
    std::fs::write(folder.join("b.py"), "x = (\n").expect("files can be written");
    let files = python_files(&[folder]).expect("folders can be read");
    let changed =
        |source: &[u8], path: &str| compile(source, path).map(|code| CodeObject { stacksize: 77, ..code });
    let report = compare(python, &files, changed);
    assert_eq!((report.files, report.rejected, report.code_objects), (1, 1, 3), "{report}");
    assert_eq!((report.same_code, report.identical), (3, 2), "{report}");
    assert_eq!(report.kinds["stack size"].count, 1);
    let other = |source: &[u8], path: &str| {
        let source = String::from_utf8_lossy(source).replace("[a, 'x']", "(a, 'y')");
        compile(source.as_bytes(), path)
    };
    let report = compare(python, &files, other);
    assert_eq!((report.same_code, report.identical), (2, 2), "{report}");
    assert_eq!(report.kinds["instruction BUILD_TUPLE against BUILD_LIST"].count, 1);
    assert_eq!(report.kinds["constants"].count, 1);
}

#[test]
fn cpython_runs_what_compile_writes() {
    let Some(python) = oracle::python() else { return };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity-run");
    std::fs::create_dir_all(&folder).expect("folders can be made");
    let source =
        "import sys\ndef f(n):\n    yield from (i * i for i in range(n))\nprint(sum(f(5)), sys.argv[1:])\n";
    std::fs::write(folder.join("prog.py"), source).expect("files can be written");
    let compiled = Command::new(env!("CARGO_BIN_EXE_amphis"))
        .args(["compile", "prog.py", "-o", "prog.pyc"])
        .current_dir(&folder)
        .status()
        .expect("amphis starts");
    assert!(compiled.success());
    let ran =
        Command::new(python).args(["prog.pyc", "x"]).current_dir(&folder).output().expect("CPython starts");
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout),
        "30 ['x']\n",
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
