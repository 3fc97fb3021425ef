//! Code objects to translate: the `.pyc` files of an installed CPython 3.13's library, or of the folder that
//! `AMPHIS_PYC` names.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use bytecode::{CodeObject, Const, pyc};

/// A code object, with the file and the dotted name that it comes from.
pub struct Case {
    /// File and qualified name, for messages.
    pub name: String,
    /// The code object.
    pub code: Arc<CodeObject>,
}

/// Every code object of the corpus; none, with a note, if there is no CPython 3.13.
pub fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut paths = Vec::new();
        if let Some(folder) = folder() {
            collect(&folder, &mut paths);
        }
        paths.sort();
        let mut cases = Vec::new();
        for path in &paths {
            load(path, &mut cases);
        }
        cases
    })
}

/// CPython 3.13, if there is one.
pub fn python() -> Option<PathBuf> {
    let given = std::env::var_os("AMPHIS_PYTHON").map(PathBuf::from);
    let home =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv/versions/3.13.0/bin/python3"));
    let found = given.into_iter().chain([PathBuf::from("python3.13")]).chain(home).find(|path| {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).starts_with("Python 3.13."))
    });
    if found.is_none() {
        eprintln!("skipped: no CPython 3.13 found; set AMPHIS_PYTHON to one");
    }
    found
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("AMPHIS_PYC") {
        return Some(PathBuf::from(folder));
    }
    let script = "import sysconfig; print(sysconfig.get_path('stdlib'), end='')";
    let output = Command::new(python()?).args(["-c", script]).output().expect("CPython starts");
    Some(PathBuf::from(String::from_utf8(output.stdout).expect("paths are UTF-8")))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.to_string_lossy().ends_with(".cpython-313.pyc") {
            paths.push(path);
        }
    }
}

fn load(path: &Path, cases: &mut Vec<Case>) {
    let bytes = fs::read(path).expect("library files can be read");
    let (_, code) = pyc::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    walk(&code, &mut |code| {
        cases.push(Case { name: format!("{file} {}", code.qualname), code: code.clone() });
    });
}

/// Calls `visit` with a code object and all those nested in it.
pub fn walk(code: &Arc<CodeObject>, visit: &mut impl FnMut(&Arc<CodeObject>)) {
    visit(code);
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            walk(inner, visit);
        }
    }
}
