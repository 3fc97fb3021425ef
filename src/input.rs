//! Code objects from files.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use bytecode::{CodeObject, pyc};
use frontend::CompileOptions;

use crate::error::CliError;

/// The code object of a file: `.pyc` is read, anything else is compiled as Python source; `-` is standard input.
pub fn load_code(path: &Path) -> Result<Arc<CodeObject>, CliError> {
    if path.as_os_str() == "-" {
        let mut source = Vec::new();
        std::io::stdin()
            .read_to_end(&mut source)
            .map_err(|error| CliError::Read { path: path.to_owned(), error })?;
        return compile(&source, "<stdin>");
    }
    let bytes = fs::read(path).map_err(|error| CliError::Read { path: path.to_owned(), error })?;
    if path.extension().is_some_and(|extension| extension == "pyc") {
        let (_, code) = pyc::read(&bytes).map_err(|error| CliError::Pyc { path: path.to_owned(), error })?;
        return Ok(code);
    }
    compile(&bytes, &path.display().to_string())
}

/// The code object of source text.
pub fn compile(source: &[u8], filename: &str) -> Result<Arc<CodeObject>, CliError> {
    frontend::compile(source, filename, CompileOptions::default())
        .map(Arc::new)
        .map_err(|error| CliError::Compile(Box::new(error)))
}
