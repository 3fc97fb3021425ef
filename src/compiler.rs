//! The frontend as the runtime's compiler: for `import`, `compile`, `exec`, `eval` and `ast`.

use bytecode::CodeObject;
use frontend::ir::Location;
use frontend::{CompileError, CompileOptions, Mode};
use runtime::{CompileFailure, CompileRequest, Compiler, TreeStep};

/// Compiles with the frontend.
pub(crate) struct Frontend;

impl Compiler for Frontend {
    fn compile(&self, request: &CompileRequest<'_>) -> Result<CodeObject, CompileFailure> {
        frontend::compile(request.source, request.filename, options(request)).map_err(failure)
    }

    fn parse(&self, request: &CompileRequest<'_>) -> Result<Vec<TreeStep>, CompileFailure> {
        let steps = frontend::parse_tree(request.source, request.filename, options(request));
        Ok(steps.map_err(failure)?.into_iter().map(step).collect())
    }
}

fn options(request: &CompileRequest<'_>) -> CompileOptions {
    let mode = match request.mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => Mode::Exec,
    };
    let (optimize, future_flags) = (request.optimize, request.flags);
    CompileOptions { mode, optimize, future_flags, ..CompileOptions::default() }
}

fn failure(error: CompileError) -> CompileFailure {
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
}

fn step(step: frontend::TreeStep) -> TreeStep {
    match step {
        frontend::TreeStep::Const(constant) => TreeStep::Const(constant),
        frontend::TreeStep::List(count) => TreeStep::List(count),
        frontend::TreeStep::Node { class, fields, place } => {
            let numbers = [place.line, place.col, place.end_line, place.end_col].map(i64::from);
            TreeStep::Node { class, fields, place: (place != Location::NONE).then_some(numbers) }
        }
    }
}
