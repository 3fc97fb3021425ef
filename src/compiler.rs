//! The frontend as the runtime's compiler: for `import`, `compile`, `exec` and `eval`.

use bytecode::CodeObject;
use frontend::{CompileOptions, Mode};
use runtime::{CompileFailure, CompileRequest, Compiler};

/// Compiles with the frontend.
pub(crate) struct Frontend;

impl Compiler for Frontend {
    fn compile(&self, request: &CompileRequest<'_>) -> Result<CodeObject, CompileFailure> {
        let mode = match request.mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let (optimize, future_flags) = (request.optimize, request.flags);
        let options = CompileOptions { mode, optimize, future_flags, ..CompileOptions::default() };
        frontend::compile(request.source, request.filename, options).map_err(|error| {
            let some = |number: u32| Some(i64::from(number));
            CompileFailure {
                class: error.kind.name(),
                message: error.message,
                line: some(error.line),
                column: some(error.col),
                end_line: some(error.end_line),
                end_column: some(error.end_col),
                text: error.text,
            }
        })
    }
}
