//! Compiles snippets read from standard input, each after its length in decimal and a line end, and prints one line
//! each: `ok`, or the error's class, line, columns and message, separated by tabs. `tests/oracle/syntax_diff.py` holds
//! them against CPython's own errors.

use std::io::{BufRead, Read, Write};

use frontend::{CompileOptions, compile};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut out = std::io::stdout().lock();
    let mut header = String::new();
    let options = CompileOptions { is_text: true, ..CompileOptions::default() };
    while input.read_line(&mut header)? > 0 {
        let length = header.trim().parse().map_err(std::io::Error::other)?;
        header.clear();
        let mut source = vec![0; length];
        input.read_exact(&mut source)?;
        match compile(&source, "<s>", options) {
            Ok(_) => writeln!(out, "ok")?,
            Err(e) => {
                let message = e.message.replace('\n', "\\n").replace('\t', "\\t");
                let kind = e.kind.name();
                writeln!(out, "{kind}\t{}\t{}\t{}\t{}\t{message}", e.line, e.col, e.end_line, e.end_col)?;
            }
        }
        out.flush()?;
    }
    Ok(())
}
