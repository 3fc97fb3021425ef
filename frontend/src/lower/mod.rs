//! From the parser's tree to the compiler's own.
//!
//! This folder and `parse` are the only places that know the parser's types. Source ranges become CPython's: a
//! function starts at its `def`, an `elif` reaches to the end of the whole `if`, a sole generator argument includes
//! the call's parentheses. Literals become constants here, adjacent strings are joined.

mod expr;
mod fstring;
mod literal;
mod pattern;
mod stmt;

pub(crate) use self::literal::big_const;

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::ast::{Expr, Module, NodeId, Stmt};
use crate::error::{Compiled, ErrorKind, Warning, fault};
use crate::ir::Location;
use crate::names::{Interner, Symbol};

/// Deepest nesting of expressions and statements that the later stages walk.
const MAX_DEPTH: usize = 9_990;

/// CPython's tokenizer's limit of indentation levels.
const MAX_INDENTS: usize = 100;

/// Where each line of the source starts.
pub(crate) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub fn new(source: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(source.match_indices('\n').map(|(i, _)| i as u32 + 1));
        Self { starts }
    }

    /// Line (from 0) of a byte offset; `hint` is a line close to it.
    fn line(&self, offset: u32, hint: usize) -> usize {
        let within = |line: usize| {
            self.starts[line] <= offset && self.starts.get(line + 1).is_none_or(|next| offset < *next)
        };
        if within(hint) {
            return hint;
        }
        if hint + 1 < self.starts.len() && within(hint + 1) {
            return hint + 1;
        }
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The location of a byte range.
    pub fn location(&self, start: u32, end: u32) -> Location {
        self.location_near(start, end, 0)
    }

    fn location_near(&self, start: u32, end: u32, hint: usize) -> Location {
        let line = self.line(start, hint);
        let end_line = self.line(end, line);
        Location {
            line: line as i32 + 1,
            end_line: end_line as i32 + 1,
            col: (start - self.starts[line]) as i32,
            end_col: (end - self.starts[end_line]) as i32,
        }
    }

    /// The text of line `line` (from 1), with its line end.
    pub fn text<'a>(&self, source: &'a str, line: i32) -> Option<&'a str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(source.len(), |next| *next as usize);
        source.get(start..end)
    }
}

/// What lowering needs besides the node.
pub(crate) struct Lowering<'a> {
    source: &'a str,
    lines: &'a Lines,
    names: &'a mut Interner,
    warnings: &'a mut Vec<Warning>,
    nodes: u32,
    depth: usize,
    /// Open indentation levels.
    indents: usize,
    line_hint: usize,
}

/// Lowers a whole tree. Returns it with the number of nodes that open scopes.
pub(crate) fn lower(
    tree: &ruff::Mod,
    interactive: bool,
    source: &str,
    lines: &Lines,
    names: &mut Interner,
    warnings: &mut Vec<Warning>,
) -> Compiled<(Module, usize)> {
    let mut lowering =
        Lowering { source, lines, names, warnings, nodes: 1, depth: 0, indents: 0, line_hint: 0 };
    let module = match tree {
        ruff::Mod::Module(module) => {
            let body = lowering.body(&module.body)?;
            if interactive { Module::Interactive(body) } else { Module::File(body) }
        }
        ruff::Mod::Expression(module) => Module::Expression(lowering.expr(&module.body)?),
    };
    Ok((module, lowering.nodes as usize))
}

impl Lowering<'_> {
    /// A fresh identity. The module itself is node 0.
    fn node(&mut self) -> NodeId {
        self.nodes += 1;
        NodeId(self.nodes - 1)
    }

    fn symbol(&mut self, name: &str) -> Symbol {
        self.names.intern(name)
    }

    fn loc(&mut self, range: TextRange) -> Location {
        self.loc_between(range.start(), range.end())
    }

    fn loc_between(&mut self, start: TextSize, end: TextSize) -> Location {
        let location = self.lines.location_near(start.to_u32(), end.to_u32(), self.line_hint);
        self.line_hint = location.line as usize - 1;
        location
    }

    fn text(&self, range: TextRange) -> &str {
        &self.source[range]
    }

    /// Runs `lower` one level deeper, or reports that the source is nested too deeply.
    fn nested<T>(&mut self, at: TextRange, lower: impl FnOnce(&mut Self) -> Compiled<T>) -> Compiled<T> {
        if self.depth >= MAX_DEPTH {
            let loc = self.loc(at);
            let message = "maximum recursion depth exceeded during compilation";
            return Err(fault(ErrorKind::RecursionError, loc, message));
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        result
    }

    fn body(&mut self, body: &[ruff::Stmt]) -> Compiled<Vec<Stmt>> {
        let indented = body.first().is_some_and(|first| self.is_indented(first.start()));
        self.indents += usize::from(indented);
        if self.indents >= MAX_INDENTS {
            let loc = self.loc(TextRange::empty(body[0].start()));
            let loc = Location { col: 0, end_col: -1, ..loc };
            return Err(fault(ErrorKind::IndentationError, loc, "too many levels of indentation"));
        }
        let result = body.iter().map(|stmt| self.stmt(stmt)).collect();
        self.indents -= usize::from(indented);
        result
    }

    /// Whether only white space stands before `offset` on its line, and some does.
    fn is_indented(&self, offset: TextSize) -> bool {
        let before = self.source[..offset.to_usize()].bytes().rev();
        let mut blanks = 0;
        for byte in before {
            match byte {
                b' ' | b'\t' | b'\x0c' => blanks += 1,
                b'\n' => break,
                _ => return false,
            }
        }
        blanks > 0
    }

    fn exprs<'t>(&mut self, exprs: impl IntoIterator<Item = &'t ruff::Expr>) -> Compiled<Vec<Expr>> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    fn opt_expr(&mut self, expr: Option<&ruff::Expr>) -> Compiled<Option<Expr>> {
        expr.map(|expr| self.expr(expr)).transpose()
    }

    fn boxed(&mut self, expr: &ruff::Expr) -> Compiled<Box<Expr>> {
        self.expr(expr).map(Box::new)
    }

    fn opt_boxed(&mut self, expr: Option<&ruff::Expr>) -> Compiled<Option<Box<Expr>>> {
        expr.map(|expr| self.boxed(expr)).transpose()
    }

    fn warn(&mut self, category: &'static str, line: i32, message: String) {
        self.warnings.push(Warning { category, message, line: line.max(0) as u32 });
    }

    /// The first token after `offset`, white space and comments skipped.
    fn next_token(&self, offset: TextSize) -> TextSize {
        let bytes = self.source.as_bytes();
        let mut at = offset.to_usize();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'#' => at += bytes[at..].iter().take_while(|b| **b != b'\n').count(),
                b' ' | b'\t' | b'\n' | b'\x0c' | b'\\' => at += 1,
                _ => break,
            }
        }
        TextSize::try_from(at).expect("sources are shorter than 4 GiB")
    }
}

fn context(ctx: ruff::ExprContext) -> crate::ast::Context {
    match ctx {
        ruff::ExprContext::Load | ruff::ExprContext::Invalid => crate::ast::Context::Load,
        ruff::ExprContext::Store => crate::ast::Context::Store,
        ruff::ExprContext::Del => crate::ast::Context::Del,
    }
}

fn range_of(node: &impl Ranged) -> TextRange {
    node.range()
}
