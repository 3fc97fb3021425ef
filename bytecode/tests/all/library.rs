//! The `.pyc` files of an installed CPython 3.13's library, and what a test asks of each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use bytecode::{CodeObject, Const, pyc};

use crate::oracle;

/// A file of the library.
pub struct Module {
    /// The `.pyc` file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its code object.
    pub code: Arc<CodeObject>,
}

/// All unoptimized `.pyc` files of the library; none, with a note, if no CPython 3.13 is found.
pub fn modules() -> &'static [Module] {
    static MODULES: OnceLock<Vec<Module>> = OnceLock::new();
    MODULES.get_or_init(|| {
        oracle::python().map_or_else(Vec::new, |python| paths(python).into_iter().map(load).collect())
    })
}

fn load(path: PathBuf) -> Module {
    let bytes = fs::read(&path).expect("library files can be read");
    let (_, code) = pyc::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Module { path, bytes, code }
}

fn paths(python: &Path) -> Vec<PathBuf> {
    let output = Command::new(python)
        .args(["-c", "import sysconfig; print(sysconfig.get_path('stdlib'), end='')"])
        .output()
        .expect("CPython starts");
    let library = PathBuf::from(String::from_utf8(output.stdout).expect("paths are UTF-8"));
    let mut paths = Vec::new();
    collect(&library, &mut paths);
    if paths.len() < 100 {
        paths = compile(python, &library);
    }
    paths.sort();
    paths
}

/// Compiles the library into a folder of the build's.
fn compile(python: &Path, library: &Path) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library");
    let mut command = Command::new(python);
    command.env("PYTHONPYCACHEPREFIX", &folder).args(["-m", "compileall", "-q"]).arg(library);
    // Files that are not meant to compile make it fail; the others are there all the same.
    let _ = command.output().expect("CPython starts");
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    paths
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.to_string_lossy().ends_with(".cpython-313.pyc") {
            paths.push(path);
        }
    }
}

/// Calls the function with the code object and all those nested in it.
pub fn walk(code: &Arc<CodeObject>, visit: &mut impl FnMut(&Arc<CodeObject>)) {
    visit(code);
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            walk(inner, visit);
        }
    }
}
