//! Programs run on both machines and in both forms of dispatch, held against what CPython 3.13 printed.
//!
//! `tests/programs/TOPIC/NAME.py` has its standard output in `NAME.out` beside it; `BLESS=1` rewrites the recordings with
//! a CPython 3.13. The first lines of a program may say how it is run:
//!
//! ```text
//! # args: 10 --verbose      arguments
//! # status: 1               exit status, if not 0
//! # stdin: text             one line of standard input
//! # stderr                  standard error is recorded as well, in NAME.err
//! # stress: 1000            under collector stress, every thousandth of the collections is enough
//! ```
//!
//! Programs that import a module of the library are skipped where there is no standard library.
//!
//! `AMPHIS_TEST_BINARY=path` tests another build, `AMPHIS_TEST_PROGRAMS=text` restricts the run to programs whose path has the text, `AMPHIS_TEST_TIMEOUT=seconds`
//! changes the time after which a program is ended.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pretty_assertions::StrComparison;

use crate::oracle;

/// How a program is run, as its first lines say.
#[derive(Default)]
struct Directives {
    args: Vec<String>,
    status: i32,
    stdin: String,
    has_stderr: bool,
    stress: u32,
}

/// What a run left behind.
struct Outcome {
    stdout: String,
    stderr: String,
    /// None if it was ended from outside.
    status: Option<i32>,
}

/// A program and what it is expected to do.
struct Program {
    path: PathBuf,
    directives: Directives,
}

#[test]
fn register_machine_tail_dispatch() {
    run_all("register", "tail");
}

#[test]
fn register_machine_loop_dispatch() {
    run_all("register", "loop");
}

#[test]
fn stack_machine_tail_dispatch() {
    run_all("stack", "tail");
}

#[test]
fn stack_machine_loop_dispatch() {
    run_all("stack", "loop");
}

/// Recordings agree with the CPython 3.13 that is there, or are rewritten with it.
#[test]
fn recordings_are_cpythons() {
    let Some(python) = oracle::python() else { return };
    let bless = std::env::var_os("BLESS").is_some();
    let check = |program: &Program| {
        let outcome = run(&mut python_command(python), program);
        if bless {
            program.record(&outcome);
        }
        program.compare(&outcome)
    };
    report("CPython", &for_each_program(check));
}

fn run_all(machine: &str, dispatch: &str) {
    let has_library = has_library();
    let skipped = AtomicUsize::new(0);
    let check = |program: &Program| {
        let outcome = run(&mut amphis_command(machine, dispatch), program);
        if !has_library && outcome.misses_module() {
            skipped.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        program.compare(&outcome)
    };
    let outcome = for_each_program(check);
    if skipped.load(Ordering::Relaxed) > 0 {
        eprintln!(
            "skipped: {} programs that need a standard library; set AMPHIS_STDLIB",
            skipped.into_inner()
        );
    }
    report(&format!("{machine} machine, {dispatch} dispatch"), &outcome);
}

fn report(title: &str, (count, failures): &(usize, Vec<(PathBuf, String)>)) {
    eprintln!("{title}: {count} programs, {} failed", failures.len());
    let mut text = String::new();
    for (path, failure) in failures {
        let _ = writeln!(text, "---- {}\n{failure}", path.display());
    }
    assert!(failures.is_empty(), "{title}: {} of {count} programs failed\n{text}", failures.len());
}

/// Checks every program, several at a time; the number of programs and the failures in the order of their paths.
fn for_each_program(
    check: impl Fn(&Program) -> Result<(), String> + Sync,
) -> (usize, Vec<(PathBuf, String)>) {
    let programs = find_programs();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(failure) = check(program) {
                failures.lock().expect("no check panics").push((program.path.clone(), failure));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let mut failures = failures.into_inner().expect("no check panics");
    failures.sort();
    (programs.len(), failures)
}

fn find_programs() -> Vec<Program> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let wanted = std::env::var("AMPHIS_TEST_PROGRAMS").unwrap_or_default();
    let mut paths = Vec::new();
    for topic in sorted_entries(&root).into_iter().filter(|path| path.is_dir()) {
        paths.extend(
            sorted_entries(&topic).into_iter().filter(|path| path.extension().is_some_and(|e| e == "py")),
        );
    }
    paths.retain(|path| path.to_string_lossy().contains(&wanted));
    paths.into_iter().map(Program::read).collect()
}

fn sorted_entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("folders can be read").path()).collect();
    paths.sort();
    paths
}

impl Outcome {
    /// Whether a module of the library was not there, as far as it shows.
    fn misses_module(&self) -> bool {
        let name = "No module named";
        self.stderr.contains(name) || self.stdout.contains(name)
    }
}

/// Whether there is a standard library for programs to import from.
fn has_library() -> bool {
    let mut command = Command::new(binary());
    command.args(["run", "-c", "import sys; sys.exit(0 if sys._stdlib_dir else 1)"]);
    command.status().is_ok_and(|status| status.success())
}

/// The build under test.
fn binary() -> PathBuf {
    let given = std::env::var_os("AMPHIS_TEST_BINARY").map(PathBuf::from);
    given.unwrap_or_else(|| env!("CARGO_BIN_EXE_amphis").into())
}

impl Directives {
    /// From the comment lines at the head of a program.
    fn parse(source: &str) -> Self {
        let mut directives = Self::default();
        for line in source.lines().map_while(|line| line.strip_prefix("# ")) {
            match line.split_once(": ") {
                Some(("args", args)) => {
                    directives.args = args.split_whitespace().map(str::to_owned).collect();
                }
                Some(("status", status)) => directives.status = status.trim().parse().expect("a number"),
                Some(("stress", factor)) => directives.stress = factor.trim().parse().expect("a number"),
                Some(("stdin", text)) => directives.stdin = format!("{text}\n"),
                _ if line == "stderr" => directives.has_stderr = true,
                _ => break,
            }
        }
        directives
    }
}

impl Program {
    fn read(path: PathBuf) -> Self {
        let source = fs::read(&path).expect("programs can be read");
        let directives = Directives::parse(&String::from_utf8_lossy(&source));
        Self { path, directives }
    }

    fn folder(&self) -> &Path {
        self.path.parent().expect("programs lie in a folder")
    }

    fn recording(&self, extension: &str) -> String {
        fs::read_to_string(self.path.with_extension(extension)).unwrap_or_default()
    }

    fn record(&self, outcome: &Outcome) {
        let write = |extension: &str, text: &str| {
            fs::write(self.path.with_extension(extension), text).expect("recordings can be written");
        };
        write("out", &outcome.stdout);
        if self.directives.has_stderr {
            write("err", &outcome.stderr);
        }
    }

    /// What of the outcome is not as recorded.
    fn compare(&self, outcome: &Outcome) -> Result<(), String> {
        let mut differences = String::new();
        let wanted = self.directives.status;
        if outcome.status != Some(wanted) {
            let found =
                outcome.status.map_or("ended by a signal or by the time-out".to_owned(), |s| s.to_string());
            let _ = writeln!(differences, "exit status: expected {wanted}, found {found}");
            if !self.directives.has_stderr {
                let _ = writeln!(differences, "standard error:\n{}", outcome.stderr);
            }
        }
        let mut compare = |name: &str, expected: &str, found: &str| {
            if expected != found {
                let _ = writeln!(differences, "{name}:\n{}", StrComparison::new(expected, found));
            }
        };
        compare("standard output", &self.recording("out"), &outcome.stdout);
        if self.directives.has_stderr {
            compare("standard error", &self.recording("err"), &outcome.stderr);
        }
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }
}

fn amphis_command(machine: &str, dispatch: &str) -> Command {
    let mut command = Command::new(binary());
    command.args(["run", "--machine", machine, "--dispatch", dispatch]);
    command
}

fn python_command(python: &Path) -> Command {
    let mut command = Command::new(python);
    // What the surroundings ask of python must not show in the recordings.
    let asked = std::env::vars_os().map(|(name, _)| name);
    for name in asked.filter(|name| name.to_string_lossy().starts_with("PYTHON")) {
        command.env_remove(name);
    }
    command.env("PYTHONHASHSEED", "0").env("PYTHONDONTWRITEBYTECODE", "1").args(["-X", "utf8"]);
    command
}

/// Runs a program in its own folder, by its bare name, so that tracebacks do not depend on where the repository lies.
fn run(command: &mut Command, program: &Program) -> Outcome {
    if program.directives.stress > 1
        && let Some(every) = std::env::var("AMPHIS_GC_STRESS").ok().and_then(|text| text.parse::<u32>().ok())
    {
        command.env("AMPHIS_GC_STRESS", (every * program.directives.stress).to_string());
    }
    let mut child = command
        .arg(program.path.file_name().expect("programs are files"))
        .args(&program.directives.args)
        .current_dir(program.folder())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("interpreters start");
    // A program need not read its input.
    let _ = child.stdin.take().expect("piped").write_all(program.directives.stdin.as_bytes());
    let stdout = reader(child.stdout.take().expect("piped"));
    let stderr = reader(child.stderr.take().expect("piped"));
    let deadline = Instant::now() + timeout();
    let status = loop {
        match child.try_wait().expect("children can be waited for") {
            Some(status) => break status.code(),
            None if Instant::now() > deadline => {
                child.kill().expect("children can be ended");
                child.wait().expect("children can be waited for");
                break None;
            }
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    // Both interpreters print the program's absolute path, which is not part of its behaviour.
    let folder = format!("{}/", program.folder().display());
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        let bytes = reader.join().expect("readers do not panic");
        String::from_utf8_lossy(&bytes).replace(&folder, "")
    };
    Outcome { stdout: text(stdout), stderr: text(stderr), status }
}

fn reader(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read until an error is what there is to compare.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn timeout() -> Duration {
    let seconds = std::env::var("AMPHIS_TEST_TIMEOUT").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(180))
}
