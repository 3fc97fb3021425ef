//! Code objects from files.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytecode::{CodeObject, pyc};
use frontend::{CompileOptions, Warning};

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

/// The code object of a file that is to be run; the compiler's warnings are printed, as python prints them.
pub fn load_program(path: &Path) -> Result<Arc<CodeObject>, CliError> {
    if path.extension().is_some_and(|extension| extension == "pyc") {
        return load_code(path);
    }
    let read = |error| CliError::Read { path: path.to_owned(), error };
    if path.as_os_str() == "-" {
        let mut source = Vec::new();
        std::io::stdin().read_to_end(&mut source).map_err(read)?;
        return compile_program(&source, "<stdin>");
    }
    compile_program(&fs::read(path).map_err(read)?, &path.display().to_string())
}

/// The code object of a program's text; the compiler's warnings are printed.
pub fn compile_program(source: &[u8], filename: &str) -> Result<Arc<CodeObject>, CliError> {
    match frontend::compile_with_warnings(source, filename, CompileOptions::default()) {
        Ok((code, warnings)) => {
            print_warnings(filename, &String::from_utf8_lossy(source), &warnings);
            Ok(Arc::new(code))
        }
        Err(error) => Err(CliError::Compile(Box::new(error))),
    }
}

/// Prints the compiler's warnings that python shows by default, each with its source line.
pub fn print_warnings(filename: &str, source: &str, warnings: &[Warning]) {
    for warning in warnings.iter().filter(|warning| warning.category == "SyntaxWarning") {
        let line = source.lines().nth((warning.line as usize).saturating_sub(1)).unwrap_or_default().trim();
        // Whoever closed standard error does not want to know.
        let _ = writeln!(
            std::io::stderr(),
            "{filename}:{}: {}: {}\n  {line}",
            warning.line,
            warning.category,
            warning.message
        );
    }
}

/// The code object of source text.
pub fn compile(source: &[u8], filename: &str) -> Result<Arc<CodeObject>, CliError> {
    frontend::compile(source, filename, CompileOptions::default())
        .map(Arc::new)
        .map_err(|error| CliError::Compile(Box::new(error)))
}
