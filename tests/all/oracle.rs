//! Finds the CPython 3.13 that results are held against.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// CPython 3.13: `AMPHIS_PYTHON`, `python3.13` on the path, or pyenv's 3.13.0. `None`, with a note, if there is none.
pub fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = PYTHON.get_or_init(|| {
        let given = std::env::var_os("AMPHIS_PYTHON").map(PathBuf::from);
        given
            .into_iter()
            .chain([PathBuf::from("python3.13")])
            .chain(pyenv())
            .find(|path| is_python_3_13(path))
    });
    if found.is_none() {
        eprintln!("skipped: no CPython 3.13 found; set AMPHIS_PYTHON to one");
    }
    found.as_deref()
}

fn pyenv() -> Option<PathBuf> {
    let output =
        Command::new("pyenv").args(["prefix", "3.13.0"]).output().ok().filter(|o| o.status.success());
    let prefix = output.map(|o| PathBuf::from(String::from_utf8_lossy(&o.stdout).trim()));
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv/versions/3.13.0"));
    prefix.or(home).map(|prefix| prefix.join("bin/python3"))
}

fn is_python_3_13(path: &Path) -> bool {
    Command::new(path)
        .arg("--version")
        .output()
        .is_ok_and(|o| String::from_utf8_lossy(&o.stdout).starts_with("Python 3.13."))
}

/// The folder of its library.
pub fn library(python: &Path) -> PathBuf {
    let find = "import os; print(os.path.dirname(os.__file__))";
    let output = Command::new(python).args(["-c", find]).output().expect("CPython starts");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}
