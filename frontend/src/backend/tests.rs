//! The stages held against CPython's own, on the library of an installed CPython 3.13.
//!
//! `tests/oracle/dump_stages.py` prints what CPython makes of each file. By default a few files are compared;
//! `AMPHIS_ORACLE_FILES` may name a list of others, one path a line.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bytecode::{Const, Text};
use pretty_assertions::assert_eq;
use serde_json::Value;

use super::cfg::{BlockMap, Cfg};
use super::const_pool::ConstPool;
use super::opcode::has_target;
use super::{assemble_unit, optimize};
use crate::ir::{Arg, Instr, InstrSequence, Label, Location, Opcode, Unit};

/// Library files that between them use every construct.
const SAMPLE: &[&str] = &[
    "argparse.py",
    "asyncio/base_events.py",
    "asyncio/taskgroups.py",
    "ast.py",
    "contextlib.py",
    "dataclasses.py",
    "enum.py",
    "inspect.py",
    "statistics.py",
    "test/test_except_star.py",
    "test/test_patma.py",
    "test/test_type_params.py",
    "turtle.py",
    "typing.py",
];

#[test]
fn stages_give_what_cpython_gives() {
    let Some(python) = find_python() else {
        eprintln!("no CPython 3.13 found: stages not compared");
        return;
    };
    let mut child = dump_stages(&python);
    let mut input = child.stdin.take().expect("stdin is piped");
    let files = oracle_files(&python).join("\n");
    let feeder = std::thread::spawn(move || input.write_all(files.as_bytes()));
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().expect("stdout is piped")).lines() {
        tally.compare(
            &serde_json::from_str(&line.expect("the oracle prints text")).expect("the oracle prints JSON"),
        );
    }
    feeder.join().expect("the feeder does not panic").expect("the oracle reads all paths");
    assert!(child.wait().expect("the oracle ends").success(), "the oracle failed");
    eprintln!("{} of {} code objects identical", tally.identical, tally.total);
    assert!(tally.total > 0, "nothing was compared");
    assert_eq!(tally.differences.join("\n"), "");
}

fn find_python() -> Option<PathBuf> {
    let pyenv =
        || Command::new("pyenv").args(["prefix", "3.13.0"]).output().ok().filter(|out| out.status.success());
    let in_pyenv =
        || pyenv().map(|out| Path::new(String::from_utf8_lossy(&out.stdout).trim()).join("bin/python3"));
    let given = std::env::var_os("AMPHIS_PYTHON").map(PathBuf::from);
    let candidates = given.into_iter().chain([PathBuf::from("python3.13")]).chain(in_pyenv());
    let is_oracle = |python: &PathBuf| {
        let check = "import sys, _testinternalcapi; sys.exit(sys.version_info[:2] != (3, 13))";
        Command::new(python)
            .args(["-c", check])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    candidates.into_iter().find(is_oracle)
}

fn dump_stages(python: &Path) -> std::process::Child {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/dump_stages.py");
    Command::new(python)
        .args(["-W", "ignore"])
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the oracle was just run")
}

fn oracle_files(python: &Path) -> Vec<String> {
    if let Some(list) = std::env::var_os("AMPHIS_ORACLE_FILES") {
        return std::fs::read_to_string(list)
            .expect("the list is readable")
            .lines()
            .map(str::to_owned)
            .collect();
    }
    let find = "import os; print(os.path.dirname(os.__file__))";
    let out = Command::new(python).args(["-c", find]).output().expect("the oracle was just run");
    let library = PathBuf::from(String::from_utf8_lossy(&out.stdout).trim());
    SAMPLE.iter().map(|name| library.join(name).to_string_lossy().into_owned()).collect()
}

#[derive(Default)]
struct Tally {
    total: usize,
    identical: usize,
    differences: Vec<String>,
}

impl Tally {
    const SHOWN: usize = 20;

    fn compare(&mut self, record: &Value) {
        self.total += 1;
        let result = if record["code"].is_null() { compare_optimized(record) } else { compare_code(record) };
        match result {
            Ok(()) => self.identical += 1,
            Err(difference) if self.differences.len() < Self::SHOWN => {
                self.differences.push(format!("{} {}: {difference}", record["path"], record["name"]));
            }
            Err(_) => {}
        }
    }
}

/// Compares the optimizer's output for nested code, whose constants are made up.
fn compare_optimized(record: &Value) -> Result<(), String> {
    let unit = unit(record);
    let mut pool = ConstPool::new(unit.consts.clone());
    let cfg = optimize(&unit, &mut pool).map_err(|error| error.to_string())?;
    let ours = indexed_instrs(&cfg);
    let theirs: Vec<[i64; 6]> = rows(&record["optimized"]);
    differ("instruction", &ours, &theirs)?;
    let ours: Vec<String> = pool.into_consts().iter().map(|value| format!("{value:?}")).collect();
    let theirs: Vec<String> =
        consts(&record["optimized_consts"]).iter().map(|value| format!("{value:?}")).collect();
    differ("constant", &ours, &theirs)
}

/// Compares a whole code object.
fn compare_code(record: &Value) -> Result<(), String> {
    let theirs = &record["code"];
    let ours = assemble_unit(unit(record), "file.py").map_err(|error| error.to_string())?;
    differ("code unit", &units(&hex(&ours.code)), &units(text(&theirs["code"])))?;
    let our_consts: Vec<String> = ours.consts.iter().map(|value| format!("{value:?}")).collect();
    let their_consts: Vec<String> =
        consts(&theirs["consts"]).iter().map(|value| format!("{value:?}")).collect();
    differ("constant", &our_consts, &their_consts)?;
    differ("exception table", &[hex(&ours.exceptiontable)], &[text(&theirs["exceptiontable"]).to_owned()])?;
    differ("location table", &[hex(&ours.linetable)], &[text(&theirs["linetable"]).to_owned()])?;
    let names: Vec<String> = ours.localsplusnames.iter().map(ToString::to_string).collect();
    differ("local", &names, &strings(&theirs["localsplus"]))?;
    differ("stack size", &[i64::from(ours.stacksize)], &[theirs["stacksize"].as_i64().unwrap_or(-1)])
}

fn differ<T: PartialEq + std::fmt::Debug>(what: &str, ours: &[T], theirs: &[T]) -> Result<(), String> {
    let index = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    if index == ours.len().max(theirs.len()) {
        return Ok(());
    }
    let around =
        |of: &[T]| format!("{:?}", &of[index.saturating_sub(3).min(of.len())..(index + 4).min(of.len())]);
    Err(format!("{what} {index}\n  ours   {}\n  theirs {}", around(ours), around(theirs)))
}

/// The graph's instructions as CPython shows them: targets are indices.
fn indexed_instrs(cfg: &Cfg) -> Vec<[i64; 6]> {
    let mut starts = BlockMap::new(cfg, 0);
    let mut count = 0;
    for id in cfg.layout() {
        starts[id] = count;
        count += cfg[id].instrs.len() as i64;
    }
    let instrs = cfg.layout().flat_map(|id| cfg[id].instrs.iter());
    instrs
        .map(|instr| {
            let target = instr.target.filter(|_| has_target(instr.op)).map(|target| starts[target]);
            let location = instr.location;
            let columns = [location.line, location.end_line, location.col, location.end_col].map(i64::from);
            let [line, end_line, col, end_col] = columns;
            [i64::from(instr.op.0), target.unwrap_or(i64::from(instr.arg)), line, end_line, col, end_col]
        })
        .collect()
}

fn unit(record: &Value) -> Unit {
    Unit {
        seq: sequence(&rows(&record["instrs"])),
        consts: consts(&record["consts"]),
        names: strings(&record["names"]),
        varnames: strings(&record["varnames"]),
        cellvars: strings(&record["cellvars"]),
        freevars: strings(&record["freevars"]),
        fast_hidden: Vec::new(),
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        flags: record["code"]["flags"].as_u64().unwrap_or(0) as u32,
        name: text(&record["name"]).to_owned(),
        qualname: text(&record["name"]).to_owned(),
        firstlineno: record["code"]["firstlineno"].as_i64().unwrap_or(1) as i32,
        const0_is_doc: false,
    }
}

fn sequence(rows: &[[i64; 6]]) -> InstrSequence {
    let instr = |[op, arg, line, end_line, col, end_col]: [i64; 6]| {
        let op = Opcode(op as u16);
        let arg = if has_target(op) { Arg::Label(Label(arg as u32)) } else { Arg::Value(arg as u32) };
        let [line, end_line, col, end_col] = [line, end_line, col, end_col].map(|value| value as i32);
        Instr { op, arg, location: Location { line, end_line, col, end_col } }
    };
    // Each index is a label of its own.
    InstrSequence {
        instrs: rows.iter().copied().map(instr).collect(),
        labels: (0..rows.len()).map(Some).collect(),
    }
}

fn rows(value: &Value) -> Vec<[i64; 6]> {
    let row = |row: &Value| std::array::from_fn(|column| row[column].as_i64().unwrap_or(0));
    items(value).iter().map(row).collect()
}

fn consts(value: &Value) -> Vec<Const> {
    items(value).iter().map(constant).collect()
}

fn constant(value: &Value) -> Const {
    let float =
        |value: &Value| f64::from_bits(u64::from_str_radix(text(value), 16).expect("hexadecimal bits"));
    match (text(&value[0]), &value[1]) {
        ("constant", name) => match text(name) {
            "None" => Const::None,
            "Ellipsis" => Const::Ellipsis,
            name => Const::Bool(name == "True"),
        },
        ("int", digits) => match text(digits).parse() {
            Ok(value) => Const::Int(value),
            Err(_) => Const::BigInt(std::sync::Arc::new(text(digits).parse().expect("decimal digits"))),
        },
        ("float", bits) => Const::Float(float(bits)),
        ("complex", real) => Const::Complex(float(real), float(&value[2])),
        ("str", bytes) => Const::Str(Text::from_wtf8(unhex(text(bytes))).expect("UTF-8 with surrogates")),
        ("bytes", bytes) => Const::Bytes(unhex(text(bytes)).into()),
        ("tuple", items) => Const::Tuple(consts(items).into()),
        ("frozenset", items) => Const::FrozenSet(consts(items).into()),
        // A stand-in: code objects only have to keep their place.
        (_, name) => Const::Str(Text::from(format!("<code {}>", text(name)))),
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn strings(value: &Value) -> Vec<String> {
    items(value).iter().map(|item| text(item).to_owned()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

fn unhex(digits: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(pair).collect()
}

/// Wordcode as opcode and oparg pairs.
fn units(code: &str) -> Vec<[u8; 2]> {
    unhex(code).chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
}
