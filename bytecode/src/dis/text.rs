//! A listing as text, in CPython's columns.

use std::fmt::{self, Write};

use super::{DisOptions, Line, Listing};

const NO_LINE: &str = "  --";
const NAME_WIDTH: usize = 20;
const OPARG_WIDTH: usize = 5;

struct Columns {
    line: usize,
    label: usize,
    offset: usize,
}

impl Columns {
    fn new(listing: &Listing, options: DisOptions) -> Self {
        let offset = (listing.code_bytes.saturating_sub(2)).max(9999).to_string().len();
        Self {
            line: line_width(&listing.line_starts),
            label: 4 + listing.labels.to_string().len(),
            offset: if options.show_offsets { offset } else { 0 },
        }
    }
}

/// No column at all if no line is known.
fn line_width(starts: &[(u32, Option<i32>)]) -> usize {
    let Some(last) = starts.iter().filter_map(|start| start.1).filter(|line| *line != 0).max() else {
        return 0;
    };
    if last == -1 {
        return 0;
    }
    let width = last.to_string().len().max(3);
    if starts.iter().any(|start| start.1.is_none()) { width.max(NO_LINE.len()) } else { width }
}

/// Writes one code object's listing.
pub fn write_listing(listing: &Listing, options: DisOptions, out: &mut impl Write) -> fmt::Result {
    let columns = Columns::new(listing, options);
    for line in &listing.lines {
        write_line(&columns, line, out)?;
        if options.show_caches {
            write_caches(&columns, line, out)?;
        }
    }
    if !listing.handlers.is_empty() {
        out.write_str("ExceptionTable:\n")?;
    }
    for handler in &listing.handlers {
        let lasti = if handler.entry.lasti { " lasti" } else { "" };
        let (start, end, target) = (handler.start, handler.end, handler.target);
        writeln!(out, "  L{start} to L{end} -> L{target} [{}]{lasti}", handler.entry.depth)?;
    }
    Ok(())
}

fn write_line(columns: &Columns, line: &Line, out: &mut impl Write) -> fmt::Result {
    if columns.line > 0 && line.starts_line && line.offset > 0 {
        out.write_char('\n')?;
    }
    let number = match line.line {
        _ if !line.starts_line => String::new(),
        Some(line) => line.to_string(),
        None => NO_LINE.to_owned(),
    };
    let label = line.label.map_or_else(String::new, |label| format!("L{label}:"));
    write_start(columns, &number, &label, line.offset, out)?;
    let name = line.op.name();
    let Some(oparg) = line.oparg else { return writeln!(out, "{name}") };
    let oparg_width = OPARG_WIDTH.saturating_sub(name.len().saturating_sub(NAME_WIDTH));
    write!(out, "{name:NAME_WIDTH$} {oparg:>oparg_width$}")?;
    if !line.meaning.is_empty() {
        write!(out, " ({})", line.meaning)?;
    }
    out.write_char('\n')
}

/// Writes the columns in front of the name.
fn write_start(
    columns: &Columns,
    number: &str,
    label: &str,
    offset: u32,
    out: &mut impl Write,
) -> fmt::Result {
    if columns.line > 0 {
        write!(out, "{number:>width$} ", width = columns.line)?;
    }
    write!(out, "{label:>width$} ", width = columns.label)?;
    if columns.offset > 0 {
        write!(out, "{:>width$}   ", offset * 2, width = columns.offset)?;
    }
    // Here CPython marks the instruction that a traceback points to.
    out.write_str("    ")
}

fn write_caches(columns: &Columns, line: &Line, out: &mut impl Write) -> fmt::Result {
    let mut offset = line.offset;
    for cache in &line.caches {
        for unit in 0..cache.units {
            offset += 1;
            write_start(columns, "", "", offset, out)?;
            write!(out, "{:NAME_WIDTH$} {:>OPARG_WIDTH$}", "CACHE", 0)?;
            if unit == 0 {
                write!(out, " ({}: {})", cache.name, cache.value)?;
            }
            out.write_char('\n')?;
        }
    }
    Ok(())
}
