//! Finding modules: among the native ones, then along a path.

use std::path::{Path, PathBuf};

use crate::cell::Kind;
use crate::cx::{Cx, Raised};
use crate::modules::Init;
use crate::value::Value;

/// What was found for a module's name.
pub(crate) enum Found {
    /// A native module.
    Native(Init),
    /// A source file; of a package: its folder.
    Source { file: PathBuf, package: Option<PathBuf> },
    /// A `.pyc` file without source.
    Compiled { file: PathBuf, package: Option<PathBuf> },
    /// Source of the embedded standard library.
    Embedded { path: String, source: &'static [u8], is_package: bool },
    /// Folders without `__init__.py`.
    Namespace(Vec<PathBuf>),
}

/// The folder that stands for the embedded standard library on `sys.path`.
pub(crate) const EMBEDDED: &str = "<embedded>";

impl Found {
    /// A package's `__path__`.
    pub(crate) fn search_locations(&self) -> Option<Vec<String>> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        match self {
            Self::Native(_) => None,
            Self::Source { package, .. } | Self::Compiled { package, .. } => {
                package.as_deref().map(|folder| vec![text(folder)])
            }
            Self::Embedded { path, is_package, .. } => {
                is_package.then(|| vec![format!("{EMBEDDED}/{}", path.trim_end_matches("/__init__.py"))])
            }
            Self::Namespace(folders) => Some(folders.iter().map(|folder| text(folder)).collect()),
        }
    }
}

/// Where CPython keeps the compiled form of a source file.
pub(super) fn cache_file(source: &Path) -> Option<PathBuf> {
    let stem = source.file_stem()?.to_str()?;
    Some(source.parent()?.join("__pycache__").join(format!("{stem}.cpython-313.pyc")))
}

impl Cx {
    /// Finds a module by its absolute name: natively, or along `path` (`sys.path` if None).
    pub(crate) fn find_module(&mut self, name: &str, path: Value) -> Result<Option<Found>, Raised> {
        if let Some(init) = crate::modules::find(name) {
            return Ok(Some(Found::Native(init)));
        }
        let path = if path.is_none() {
            let key = self.vm().names.path;
            match self.vm().dict_get_str(self.vm().sys_dict, key) {
                Some(path) => path,
                None => return Err(self.vm().raise_runtime_error("sys.path must be a list")),
            }
        } else {
            path
        };
        let path = self.root_value(path);
        let entries = self.collect(path.handle())?;
        let entries: Vec<String> = self
            .vm()
            .sequence_values(entries.value())
            .into_iter()
            .filter(|entry| entry.is_kind(Kind::Str))
            .map(|entry| self.vm().str_lossy(entry))
            .collect();
        let tail = name.rsplit('.').next().unwrap_or(name);
        let mut portions = Vec::new();
        for entry in &entries {
            if let Some(found) = self.find_embedded(entry, tail) {
                return Ok(Some(found));
            }
            if let Some(found) = find_in_folder(Path::new(entry), tail, &mut portions) {
                return Ok(Some(found));
            }
        }
        Ok((!portions.is_empty()).then_some(Found::Namespace(portions)))
    }

    fn find_embedded(&mut self, entry: &str, tail: &str) -> Option<Found> {
        let read = self.vm().import.embedded?;
        let folder = entry.strip_prefix(EMBEDDED)?.trim_start_matches('/');
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let package = format!("{prefix}{tail}/__init__.py");
        if let Some(source) = read(&package) {
            return Some(Found::Embedded { path: package, source, is_package: true });
        }
        let path = format!("{prefix}{tail}.py");
        read(&path).map(|source| Found::Embedded { path, source, is_package: false })
    }
}

fn find_in_folder(folder: &Path, tail: &str, portions: &mut Vec<PathBuf>) -> Option<Found> {
    let at = if folder.as_os_str().is_empty() { std::env::current_dir().ok()? } else { folder.to_path_buf() };
    let package = at.join(tail);
    let is_folder = package.is_dir();
    if is_folder {
        let file = package.join("__init__.py");
        if file.is_file() {
            return Some(Found::Source { file, package: Some(package) });
        }
        let file = package.join("__init__.pyc");
        if file.is_file() {
            return Some(Found::Compiled { file, package: Some(package) });
        }
    }
    let file = at.join(format!("{tail}.py"));
    if file.is_file() {
        return Some(Found::Source { file, package: None });
    }
    let file = at.join(format!("{tail}.pyc"));
    if file.is_file() {
        return Some(Found::Compiled { file, package: None });
    }
    if is_folder {
        portions.push(package);
    }
    None
}
