//! Compiles the files named on standard input, one a line, and writes their marshalled code objects to standard output,
//! each after its length in decimal and a line end; a length of -1 and the error's text where a file does not compile.
//! `tests/oracle/code_diff.py` holds them against CPython's own. Arguments: `-O` level and mode (`exec`, `eval`, `single`).

use std::io::{BufRead, Write};

use frontend::{CompileOptions, Mode, compile};

fn main() -> std::io::Result<()> {
    let optimize = std::env::args().nth(1).and_then(|level| level.parse().ok()).unwrap_or(0);
    let mode = match std::env::args().nth(2).as_deref() {
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        _ => Mode::Exec,
    };
    let options = CompileOptions { optimize, mode, ..CompileOptions::default() };
    let mut out = std::io::stdout().lock();
    for path in std::io::stdin().lock().lines() {
        let path = path?;
        match compile(&std::fs::read(&path)?, &path, options) {
            Ok(code) => {
                let bytes = bytecode::marshal::dump_code(&code);
                writeln!(out, "{}", bytes.len())?;
                out.write_all(&bytes)?;
            }
            Err(error) => {
                let text = error.to_string();
                writeln!(out, "-1\n{}", text.len())?;
                out.write_all(text.as_bytes())?;
            }
        }
    }
    Ok(())
}
