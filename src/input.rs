//! Code objects from files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytecode::{CodeObject, pyc};

use crate::error::CliError;

/// The code object of a file.
pub fn load_code(path: &Path) -> Result<Arc<CodeObject>, CliError> {
    if path.extension().is_none_or(|extension| extension != "pyc") {
        return Err(CliError::Kind { path: path.to_owned() });
    }
    let bytes = fs::read(path).map_err(|error| CliError::Read { path: path.to_owned(), error })?;
    let (_, code) = pyc::read(&bytes).map_err(|error| CliError::Pyc { path: path.to_owned(), error })?;
    Ok(code)
}
