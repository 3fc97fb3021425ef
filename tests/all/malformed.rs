//! Malformed `.pyc` files: refused with a message or ended by a Python exception, on both machines, never by a crash.
//!
//! Files are mutated by a fixed sequence of random numbers, so a failure repeats. The program that they are made of does
//! nothing to the outside but print, whatever becomes of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bytecode::pyc::{self, PycHeader};

/// Bytes before the marshalled code object.
const HEADER_BYTES: usize = 16;

const PROGRAM: &str = r#"
def generate(a, b=2, *c, d=3, **e):
    try:
        for i in range(a):
            if i % 2: continue
            yield i + b
    except ValueError as x:
        print(x)
    finally:
        print("done", c, d, e)
class Counter:
    start = 1
    def many(self, y): return [self.start + y for y in range(y)] + [lambda: y]
    def __enter__(self): return self
    def __exit__(self, *a): return False
def match_and_with(n):
    z = {"a": n, **{}}
    match z:
        case {"a": int(q)} if q > 1: z[q] = f"{q!r:>5}"
    with Counter() as w:
        del z["a"]
    return z, n if n < 3 < 5 else -n
print(list(generate(5)), Counter().many(2)[0], match_and_with(4))
"#;

/// Mutations that are only read, and those that are run, for each machine.
const READ: usize = 4000;
const RUN: usize = 250;

/// Marsaglia's xorshift: the same numbers on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound
    }
}

fn well_formed() -> Vec<u8> {
    let code = frontend::compile(PROGRAM.as_bytes(), "program.py", frontend::CompileOptions::default())
        .expect("the program compiles");
    pyc::write(PycHeader::Timestamp { mtime: 0, size: 0 }, &code)
}

/// Where wordcode lies in the file: behind each RESUME that starts a function.
fn wordcode_places(file: &[u8]) -> Vec<usize> {
    let resume = [bytecode::StackOp::RESUME as u8, 0];
    let starts = (HEADER_BYTES..file.len() - 48).filter(|at| file[*at..*at + 2] == resume);
    starts.flat_map(|start| start..start + 48).collect()
}

/// The file number `seed`: cut short, bytes anywhere replaced, or bytes of the wordcode replaced.
fn mutated(file: &[u8], wordcode: &[usize], seed: usize) -> Vec<u8> {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15 ^ (seed as u64 + 1).wrapping_mul(0x2545_F491_4F6C_DD1D));
    let mut bytes = file.to_vec();
    let kind = numbers.below(8);
    if kind == 0 {
        bytes.truncate(numbers.below(file.len()));
        return bytes;
    }
    for _ in 0..kind.div_ceil(2) {
        let at = if kind.is_multiple_of(2) {
            HEADER_BYTES + numbers.below(file.len() - HEADER_BYTES)
        } else {
            wordcode[numbers.below(wordcode.len())]
        };
        bytes[at] = numbers.below(256) as u8;
    }
    bytes
}

fn run(machine: &str, path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_amphis"))
        .args(["run", "--machine", machine])
        .arg(path)
        .output()
        .expect("the program starts")
}

/// An error of the file or of the program, or none: no signal, no panic.
fn is_orderly(output: &Output) -> bool {
    matches!(output.status.code(), Some(0..=2))
        && !String::from_utf8_lossy(&output.stderr).contains("panicked")
}

#[test]
fn mutated_files_are_read_or_refused() {
    let file = well_formed();
    let wordcode = wordcode_places(&file);
    for seed in 0..READ {
        // Either is right; that it returns is the point.
        let _ = pyc::read(&mutated(&file, &wordcode, seed));
    }
}

#[test]
fn mutated_files_end_without_a_crash_on_both_machines() {
    let file = well_formed();
    let wordcode = wordcode_places(&file);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let next = AtomicUsize::new(0);
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= RUN {
            break;
        }
        let path = folder.path().join(format!("{seed}.pyc"));
        fs::write(&path, mutated(&file, &wordcode, seed)).expect("the folder is writable");
        for machine in ["stack", "register"] {
            let output = run(machine, &path);
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(is_orderly(&output), "file {seed} on the {machine} machine: {}\n{error}", output.status);
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
}

#[test]
fn files_that_are_no_code_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = well_formed();
    let mut other_magic = file.clone();
    other_magic[0] ^= 1;
    let header = &file[..HEADER_BYTES];
    let cases: [(&str, Vec<u8>); 6] = [
        ("empty", Vec::new()),
        ("short", file[..7].to_vec()),
        ("header", header.to_vec()),
        ("magic", other_magic),
        ("none", [header, b"N"].concat()),
        ("nested", [header, &b"(\x01\x00\x00\x00".repeat(100_000)].concat()),
    ];
    for (name, bytes) in cases {
        let path = folder.path().join(name).with_extension("pyc");
        fs::write(&path, bytes).expect("the folder is writable");
        for machine in ["stack", "register"] {
            let output = run(machine, &path);
            assert!(is_orderly(&output), "{name}: {}", output.status);
            assert_ne!(output.status.code(), Some(0), "{name} is no program");
            assert!(!output.stderr.is_empty(), "{name}: a reason is told");
        }
    }
}
