//! The prompt: statements are read, compiled, run, and their values printed.
//!
//! Lines come from a terminal with editing and history, or from standard input as it is. What one statement is, the
//! frontend says; what is kept between statements is the module `__main__`.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use amphis::Engine;
use bytecode::CodeFlags;
use frontend::interactive::{Entry, judge};
use frontend::{CompileOptions, Mode};
use rustyline::completion::Completer;
use rustyline::config::{BellStyle, CompletionType};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{Config, Context, Editor, Helper};

use crate::input::print_warnings;

/// Lines kept from one session to the next.
const HISTORY: usize = 10_000;

/// What reading a line came to.
enum Line {
    Text(String),
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D, or the end of the input.
    End,
}

/// Where lines come from.
enum Reader {
    Terminal(Box<Editor<Names, FileHistory>>, Option<PathBuf>),
    Plain,
}

/// Runs statements until the end; the exit status.
pub fn run(engine: &mut Engine, with_banner: bool) -> i32 {
    let mut reader = Reader::new();
    if with_banner {
        banner(engine);
    }
    let mut session = Session { engine, count: 0, future: 0 };
    let status = session.run(&mut reader);
    reader.save();
    status
}

fn banner(engine: &mut Engine) {
    let machine = engine.vm().machine_name();
    // Without a standard error there is nobody to be greeted.
    let _ = writeln!(
        io::stderr(),
        "Amphis {} (Python 3.13), {machine} machine\nType \"help\", \"copyright\", \"credits\" or \"license\" for more \
         information.",
        env!("CARGO_PKG_VERSION"),
    );
}

struct Session<'a> {
    engine: &'a mut Engine,
    /// Statements so far: each has a name that stands for its file.
    count: usize,
    /// Future flags that statements have set.
    future: u32,
}

impl Session<'_> {
    fn run(&mut self, reader: &mut Reader) -> i32 {
        loop {
            let source = match self.read_statement(reader) {
                Line::Text(source) => source,
                Line::Interrupt => {
                    let _ = writeln!(io::stderr(), "KeyboardInterrupt");
                    continue;
                }
                Line::End => return 0,
            };
            if let Some(status) = self.execute(&source) {
                return status;
            }
        }
    }

    /// Lines up to the end of a statement.
    fn read_statement(&mut self, reader: &mut Reader) -> Line {
        let mut source = String::new();
        loop {
            let (name, default) = if source.is_empty() { ("ps1", ">>> ") } else { ("ps2", "... ") };
            let prompt = self.engine.vm().prompt(name, default);
            match reader.line(&prompt, self.engine) {
                Line::Text(line) => {
                    source.push_str(&line);
                    source.push('\n');
                }
                Line::End if !source.is_empty() => return Line::Text(source),
                other => return other,
            }
            match judge(&source) {
                Entry::Empty => source.clear(),
                Entry::Incomplete => {}
                Entry::Complete => return Line::Text(self.expand_command(source)),
            }
        }
    }

    /// `exit` and its kin do what they say without parentheses, unless they are variables.
    fn expand_command(&mut self, source: String) -> String {
        match source.trim() {
            name @ ("exit" | "quit" | "copyright" | "credits" | "license" | "help")
                if !self.engine.vm().main_defines(name) =>
            {
                format!("{name}()\n")
            }
            _ => source,
        }
    }

    /// Runs a statement; the exit status if it ends the session.
    fn execute(&mut self, source: &str) -> Option<i32> {
        let filename = format!("<python-input-{}>", self.count);
        self.count += 1;
        self.engine.vm().add_source(&filename, source);
        let options = CompileOptions {
            mode: Mode::Single,
            future_flags: self.future,
            is_text: true,
            ..CompileOptions::default()
        };
        let code = match frontend::compile_with_warnings(source.as_bytes(), &filename, options) {
            Ok((code, warnings)) => {
                print_warnings(&filename, source, &warnings);
                code
            }
            Err(error) => {
                let _ = writeln!(io::stderr(), "{error}");
                return None;
            }
        };
        self.future |= code.flags.0 & CodeFlags::FUTURE_ANNOTATIONS;
        match self.engine.vm().run_interactive(&Arc::new(code)) {
            Ok(()) => None,
            Err(_) => self.engine.vm().report_interactive(),
        }
    }
}

impl Reader {
    fn new() -> Self {
        let is_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        match editor().filter(|_| is_terminal) {
            Some(mut editor) => {
                let file = history_file();
                if let Some(file) = &file {
                    // There is none the first time.
                    let _ = editor.load_history(file);
                }
                Self::Terminal(Box::new(editor), file)
            }
            None => Self::Plain,
        }
    }

    fn line(&mut self, prompt: &str, engine: &mut Engine) -> Line {
        match self {
            Self::Terminal(editor, _) => {
                if let Some(helper) = editor.helper_mut() {
                    helper.0 = engine.vm().visible_names();
                }
                match editor.readline(prompt) {
                    Ok(line) => {
                        let _ = editor.add_history_entry(line.as_str());
                        Line::Text(line)
                    }
                    Err(ReadlineError::Interrupted | ReadlineError::Signal(_)) => Line::Interrupt,
                    Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::Interrupted => {
                        Line::Interrupt
                    }
                    Err(_) => Line::End,
                }
            }
            Self::Plain => plain_line(prompt),
        }
    }

    fn save(&mut self) {
        if let Self::Terminal(editor, Some(file)) = self {
            // A session without a history is a session still.
            let _ = editor.save_history(file);
        }
    }
}

fn editor() -> Option<Editor<Names, FileHistory>> {
    let config = Config::builder()
        .max_history_size(HISTORY)
        .ok()?
        .completion_type(CompletionType::List)
        .bell_style(BellStyle::None)
        .build();
    let mut editor = Editor::with_config(config).ok()?;
    editor.set_helper(Some(Names::default()));
    Some(editor)
}

/// `AMPHIS_HISTORY`, or a file in the home folder.
fn history_file() -> Option<PathBuf> {
    let given = std::env::var_os("AMPHIS_HISTORY").map(PathBuf::from);
    given.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".amphis_history")))
}

fn plain_line(prompt: &str) -> Line {
    let _ = write!(io::stdout(), "{prompt}").and_then(|()| io::stdout().flush());
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) => {
            let _ = writeln!(io::stdout());
            Line::End
        }
        Ok(_) => Line::Text(line.trim_end_matches('\n').to_owned()),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Line::Interrupt,
        Err(_) => Line::End,
    }
}

/// Names that Tab completes: variables, built-ins, keywords. At the start of a line Tab indents.
#[derive(Default)]
struct Names(Vec<String>);

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

impl Completer for Names {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..at];
        if before.trim().is_empty() {
            return Ok((at, vec!["    ".to_owned()]));
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let start = before
            .rfind(|c| !is_part(c))
            .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let word = &before[start..];
        if word.is_empty() || before[..start].ends_with('.') {
            return Ok((at, Vec::new()));
        }
        let keywords = KEYWORDS.iter().map(|keyword| (*keyword).to_owned());
        let mut found: Vec<String> =
            self.0.iter().cloned().chain(keywords).filter(|name| name.starts_with(word)).collect();
        found.sort();
        found.dedup();
        Ok((start, found))
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}
