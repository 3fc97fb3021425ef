//! The stack machine's count of executed instructions, held against a real CPython's.
//!
//! `benches/oracle/counts.json` has what `sys.monitoring` of CPython 3.13 saw; `benches/oracle/count_instructions.py
//! --record` writes it anew. The same runs show what the register form removes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::oracle;

/// Workloads that import modules of the library: CPython's count leaves those out, the machine's does not.
const IMPORT_LIBRARY: &[&str] = &["dijkstra", "pipelines"];

/// The register form executes at most this share of the instructions, on the geometric mean.
const REGISTER_SHARE: f64 = 0.60;

#[test]
fn stack_machine_counts_what_cpython_counts() {
    let mut wrong = Vec::new();
    for (name, recorded) in workloads() {
        if IMPORT_LIBRARY.contains(&name.as_str()) {
            continue;
        }
        let counted = count("stack", &name, &args_of(&recorded));
        let expected = recorded["instructions"].as_u64();
        if counted != expected {
            wrong.push(format!("{name}: counted {counted:?}, CPython {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn register_form_executes_fewer_instructions() {
    let mut logarithms = Vec::new();
    for (name, recorded) in
        workloads().into_iter().filter(|(name, _)| !IMPORT_LIBRARY.contains(&name.as_str()))
    {
        let args = args_of(&recorded);
        let counted = |machine| count(machine, &name, &args).expect("workloads run to their end") as f64;
        logarithms.push((counted("register") / counted("stack")).ln());
    }
    let share = (logarithms.iter().sum::<f64>() / logarithms.len() as f64).exp();
    eprintln!("{:.1} % of executed instructions removed", 100.0 * (1.0 - share));
    assert!(share <= REGISTER_SHARE, "{:.1} % executed", 100.0 * share);
}

/// What is recorded is what the CPython that is there counts.
#[test]
fn recorded_counts_are_cpythons() {
    let Some(python) = oracle::python() else { return };
    let script = root().join("benches/oracle/count_instructions.py");
    for name in ["fib", "closures", "nqueens_generators", "exceptions"] {
        let recorded = &workloads().into_iter().find(|(other, _)| other == name).expect("recorded").1;
        let output = Command::new(python)
            .arg(&script)
            .arg(workload(name))
            .args(args_of(recorded))
            .output()
            .expect("CPython starts");
        let counted: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
        pretty_assertions::assert_eq!(counted["opcodes"], recorded["opcodes"], "{name}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workload(name: &str) -> PathBuf {
    root().join(format!("benches/workloads/{name}.py"))
}

fn workloads() -> Vec<(String, Value)> {
    let text = fs::read_to_string(root().join("benches/oracle/counts.json")).expect("counts are there");
    let counts: Value = serde_json::from_str(&text).expect("counts are JSON");
    let workloads = counts["workloads"].as_object().expect("an object");
    workloads.iter().map(|(name, recorded)| (name.clone(), recorded.clone())).collect()
}

fn args_of(recorded: &Value) -> Vec<String> {
    let args = recorded["args"].as_array().expect("a list");
    args.iter().map(|arg| arg.as_str().expect("a string").to_owned()).collect()
}

/// Executed instructions; none, with what it printed, if the program failed.
fn count(machine: &str, name: &str, args: &[String]) -> Option<u64> {
    let report = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("counts-{machine}-{name}-{}.json", std::process::id()));
    let output = Command::new(env!("CARGO_BIN_EXE_amphis"))
        .args(["run", "--machine", machine, "--report"])
        .arg(&report)
        .arg(workload(name))
        .args(args)
        .output()
        .expect("amphis starts");
    if !output.status.success() {
        eprintln!("{name} on the {machine} machine: {}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let text = fs::read_to_string(&report).expect("the report is written");
    let _ = fs::remove_file(&report);
    serde_json::from_str::<Value>(&text).expect("the report is JSON")["instructions"].as_u64()
}
