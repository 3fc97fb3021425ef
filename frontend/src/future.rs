//! `from __future__ import …`.

use bytecode::CodeFlags;

use crate::ast::{Module, Stmt, StmtKind, docstring};
use crate::error::{Compiled, syntax_error};
use crate::names::Interner;

/// Features that are part of the language by now.
const MANDATORY: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
];

/// `co_flags` bit of the feature that brings back `<>`.
const BARRY_AS_BDFL: u32 = 0x40_0000;

/// The future flags that a module's first statements ask for.
pub(crate) fn flags(module: &Module, names: &Interner) -> Compiled<u32> {
    let (Module::File(body) | Module::Interactive(body)) = module else { return Ok(0) };
    let start = usize::from(docstring(body).is_some());
    let mut flags = 0;
    let mut done = false;
    for stmt in &body[start..] {
        match future_names(stmt, names) {
            Some(features) if !done => {
                for (feature, loc) in features {
                    flags |= feature_flag(feature, loc)?;
                }
            }
            Some(_) => {
                return syntax_error(
                    stmt.loc,
                    "from __future__ imports must occur at the beginning of the file",
                );
            }
            None => done = true,
        }
    }
    Ok(flags)
}

fn feature_flag(feature: &str, loc: crate::ir::Location) -> Compiled<u32> {
    match feature {
        "annotations" => Ok(CodeFlags::FUTURE_ANNOTATIONS),
        "barry_as_FLUFL" => Ok(BARRY_AS_BDFL),
        "braces" => syntax_error(loc, "not a chance"),
        _ if MANDATORY.contains(&feature) => Ok(0),
        _ => syntax_error(loc, format!("future feature {feature} is not defined")),
    }
}

fn future_names<'a>(stmt: &Stmt, names: &'a Interner) -> Option<Vec<(&'a str, crate::ir::Location)>> {
    let StmtKind::ImportFrom { module: Some(module), names: aliases, level: 0 } = &stmt.kind else {
        return None;
    };
    (names.get(*module) == "__future__")
        .then(|| aliases.iter().map(|alias| (names.get(alias.name), stmt.loc)).collect())
}
