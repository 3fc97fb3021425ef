//! Where the standard library's Python modules lie: an installed CPython 3.13's folder, found without running it.

use std::path::{Path, PathBuf};

/// What a folder of a standard library has.
const LANDMARK: &str = "os.py";

/// The folder that the environment names, or that of an installed CPython 3.13.
pub(super) fn find() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("AMPHIS_STDLIB") {
        return Some(PathBuf::from(folder));
    }
    from_path().or_else(from_pyenv).or_else(from_usual_places)
}

fn library_of(prefix: &Path) -> Option<PathBuf> {
    ["lib", "lib64"]
        .iter()
        .map(|lib| prefix.join(lib).join("python3.13"))
        .find(|folder| folder.join(LANDMARK).is_file())
}

/// By the real place of a `python3.13` on PATH: its folder's parent is the prefix.
fn from_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find_map(|folder| {
        let program = std::fs::canonicalize(folder.join("python3.13")).ok()?;
        library_of(program.parent()?.parent()?)
    })
}

/// The newest 3.13 that pyenv has installed.
fn from_pyenv() -> Option<PathBuf> {
    let root = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")))?;
    let mut versions: Vec<PathBuf> = std::fs::read_dir(root.join("versions"))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("3.13"))
        })
        .collect();
    versions.sort();
    versions.iter().rev().find_map(|version| library_of(version))
}

fn from_usual_places() -> Option<PathBuf> {
    ["/usr/local", "/usr", "/opt/homebrew", "/opt/local"]
        .iter()
        .find_map(|prefix| library_of(Path::new(prefix)))
}
