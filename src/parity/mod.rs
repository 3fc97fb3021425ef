//! Parity: our compiler's code objects held against those of a CPython 3.13, over any files.
//!
//! Two measures matter: how many code objects are the same in instructions, constants and names, and how many are the
//! same in every field. Each difference has a kind, so that the most frequent ones show; per code object only the first
//! difference of each field counts, for one inserted instruction shifts all that follow.

mod difference;
mod oracle;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use bytecode::CodeObject;

pub use self::difference::{Difference, differences, nested};
use self::oracle::Oracle;

/// How often a kind of difference was seen, and where first.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Code objects (or files) that have it.
    pub count: usize,
    /// File, code object and what stood there.
    pub first: String,
}

/// The outcome of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Files that both compile.
    pub files: usize,
    /// Files that both reject.
    pub rejected: usize,
    /// Code objects of CPython's.
    pub code_objects: usize,
    /// Those of ours that are the same in instructions, constants and names.
    pub same_code: usize,
    /// Those that are the same in every field.
    pub identical: usize,
    /// Kinds of differences.
    pub kinds: BTreeMap<String, Kind>,
    /// Seconds that our compiler took.
    pub our_seconds: f64,
    /// Seconds that CPython's took.
    pub their_seconds: f64,
}

/// Compiles each file with `compile` (source bytes, path) and with `python`, and compares.
pub fn compare_files(
    python: &Path,
    files: &[PathBuf],
    compile: impl Fn(&[u8], &str) -> Result<CodeObject, String>,
) -> io::Result<Report> {
    let mut oracle = Oracle::start(python, files)?;
    let mut report = Report::default();
    for path in files {
        let name = path.to_string_lossy();
        let source = std::fs::read(path)?;
        let started = Instant::now();
        let ours = compile(&source, &name);
        let our_seconds = started.elapsed().as_secs_f64();
        let theirs = oracle.next()?;
        match (ours, theirs.code) {
            (Ok(ours), Ok(theirs_code)) => {
                report.files += 1;
                report.our_seconds += our_seconds;
                report.their_seconds += theirs.seconds;
                report.compare(&name, &ours, &theirs_code);
            }
            (Err(_), Err(_)) => report.rejected += 1,
            (Err(error), Ok(code)) => {
                report.add("only CPython compiles the file".to_owned(), || format!("{name}: {error}"));
                report.code_objects += count(&code);
            }
            (Ok(_), Err(error)) => {
                report.add("only CPython rejects the file".to_owned(), || format!("{name}: {error}"));
            }
        }
    }
    oracle.finish()?;
    Ok(report)
}

/// The `.py` files among and below `paths`, sorted within each folder.
pub fn python_files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries: io::Result<Vec<PathBuf>> =
                std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect();
            let mut inside: Vec<PathBuf> =
                entries?.into_iter().filter(|path| is_python_or_folder(path)).collect();
            inside.sort();
            files.extend(python_files(&inside)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn is_python_or_folder(path: &Path) -> bool {
    path.is_dir() && !path.is_symlink() || path.extension().is_some_and(|extension| extension == "py")
}

fn count(code: &CodeObject) -> usize {
    1 + nested(code).map(count).sum::<usize>()
}

impl Report {
    fn compare(&mut self, file: &str, ours: &CodeObject, theirs: &CodeObject) {
        let mut pending = vec![(ours, theirs)];
        while let Some((ours, theirs)) = pending.pop() {
            self.compare_one(file, ours, theirs);
            let (our_nested, their_nested): (Vec<_>, Vec<_>) =
                (nested(ours).collect(), nested(theirs).collect());
            let pairs: Vec<_> = pairs(&our_nested, &their_nested);
            let paired = pairs.len();
            let unpaired: usize = their_nested.iter().map(|code| count(code)).sum::<usize>()
                - pairs.iter().map(|(_, code)| count(code)).sum::<usize>();
            if paired < their_nested.len() || paired < our_nested.len() {
                let place = format!("{file}, {}", theirs.qualname);
                self.add("nested code objects".to_owned(), || place);
            }
            self.code_objects += unpaired;
            pending.extend(pairs.into_iter().rev());
        }
    }

    fn compare_one(&mut self, file: &str, ours: &CodeObject, theirs: &CodeObject) {
        let found = differences(ours, theirs);
        self.code_objects += 1;
        self.identical += usize::from(found.is_empty());
        self.same_code += usize::from(!found.iter().any(|difference| difference.is_code));
        for Difference { kind, detail, .. } in found {
            let (name, line) = (&theirs.qualname, theirs.firstlineno);
            self.add(kind, || format!("{file}, {name} (line {line}): {detail}"));
        }
    }

    fn add(&mut self, kind: String, first: impl FnOnce() -> String) {
        self.kinds.entry(kind).or_insert_with(|| Kind { count: 0, first: first() }).count += 1;
    }
}

/// Nested code objects of both sides that belong together: by position if their numbers agree, else by name and line.
fn pairs<'a>(ours: &[&'a CodeObject], theirs: &[&'a CodeObject]) -> Vec<(&'a CodeObject, &'a CodeObject)> {
    if ours.len() == theirs.len() {
        return ours.iter().copied().zip(theirs.iter().copied()).collect();
    }
    let key = |code: &CodeObject| (code.qualname.clone(), code.firstlineno);
    let mut ours: BTreeMap<_, &CodeObject> = ours.iter().map(|code| (key(code), *code)).collect();
    theirs.iter().filter_map(|theirs| ours.remove(&key(theirs)).map(|ours| (ours, *theirs))).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize| 100.0 * part as f64 / self.code_objects.max(1) as f64;
        writeln!(f, "files compiled by both: {}, rejected by both: {}", self.files, self.rejected)?;
        writeln!(f, "code objects: {}", self.code_objects)?;
        let (same, identical) = (self.same_code, self.identical);
        writeln!(f, "same instructions, constants and names: {same} ({:.3} %)", share(same))?;
        writeln!(f, "identical in every field: {identical} ({:.3} %)", share(identical))?;
        let (ours, theirs) = (self.our_seconds, self.their_seconds);
        writeln!(f, "seconds to compile: {ours:.2}, CPython {theirs:.2} ({:.1}x)", theirs / ours.max(1e-9))?;
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(_, kind)| std::cmp::Reverse(kind.count));
        for (name, kind) in kinds {
            writeln!(f, "{:6}  {name}\n        {}", kind.count, kind.first)?;
        }
        Ok(())
    }
}
