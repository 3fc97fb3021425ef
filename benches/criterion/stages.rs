//! Each stage by itself: compile, translate, execute on both machines. One group a workload and stage, so that each chart
//! compares like with like.
//!
//! A workload's answer is checked on both machines before anything is timed. `cargo bench -- execute/fib` runs a part.

use std::hint::black_box;
use std::sync::Arc;

use amphis::engine::{self, Dispatch, Engine, Machine, Options, Outcome};
use benches::{KERNELS, Workload};
use bytecode::{CodeObject, Const};
use criterion::{BatchSize, Criterion, Throughput, criterion_group};
use frontend::CompileOptions;

/// Workloads that import library code: without a standard library they do not run.
const IMPORT_LIBRARY: &[&str] = &["dijkstra", "pipelines"];

const MACHINES: [(&str, Machine); 2] = [("stack", Machine::Stack), ("register", Machine::Register)];

fn main() {
    // Deep programs need the engine's stack; the measuring runs on it as a whole.
    engine::on_engine_thread(|| {
        stages();
        Criterion::default().configure_from_args().final_summary();
    });
}

criterion_group!(
    name = stages;
    config = Criterion::default().sample_size(20);
    targets = compile, translate, execute
);

fn compile_workload(workload: &Workload) -> Arc<CodeObject> {
    let code = frontend::compile(workload.source.as_bytes(), workload.name, CompileOptions::default());
    Arc::new(code.expect("workloads compile"))
}

/// A code object and those nested in it.
fn with_nested(code: &Arc<CodeObject>) -> Vec<Arc<CodeObject>> {
    let mut all = vec![Arc::clone(code)];
    let mut next = 0;
    while let Some(code) = all.get(next).cloned() {
        all.extend(code.consts.iter().filter_map(|constant| match constant {
            Const::Code(nested) => Some(Arc::clone(nested)),
            _ => None,
        }));
        next += 1;
    }
    all
}

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    for workload in KERNELS {
        group.throughput(Throughput::Bytes(workload.source.len() as u64));
        group.bench_function(workload.name, |bencher| bencher.iter(|| black_box(compile_workload(workload))));
    }
}

fn translate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("translate");
    let options = translate::Options::default();
    for workload in KERNELS {
        let all = with_nested(&compile_workload(workload));
        group.throughput(Throughput::Bytes(all.iter().map(|code| code.code.len() as u64).sum()));
        group.bench_function(workload.name, |bencher| {
            bencher.iter(|| {
                for code in &all {
                    black_box(translate::translate(code, &options).expect("workloads are translated"));
                }
            });
        });
    }
}

fn new_engine(workload: &Workload, machine: Machine) -> Engine {
    Engine::new(&Options {
        machine,
        dispatch: Dispatch::Tail,
        argv: vec![workload.name.to_owned(), workload.small.to_string()],
        capture: true,
        ..Options::default()
    })
}

/// What a workload prints; it has to end well.
fn answer(workload: &Workload, code: &Arc<CodeObject>, machine: Machine) -> Vec<u8> {
    let mut engine = new_engine(workload, machine);
    let outcome = engine.run_main(code);
    let (out, err) = engine.take_output();
    assert_eq!(outcome, Outcome::default(), "{}: {}", workload.name, String::from_utf8_lossy(&err));
    out
}

fn execute(criterion: &mut Criterion) {
    for workload in KERNELS.iter().filter(|workload| !IMPORT_LIBRARY.contains(&workload.name)) {
        let code = compile_workload(workload);
        let [stack, register] = MACHINES.map(|(_, machine)| answer(workload, &code, machine));
        assert_eq!(stack, register, "{}: the machines disagree", workload.name);
        let mut group = criterion.benchmark_group(format!("execute/{}", workload.name));
        for (name, machine) in MACHINES {
            group.bench_function(name, |bencher| {
                let fresh = || new_engine(workload, machine);
                bencher.iter_batched_ref(fresh, |engine| engine.run_main(&code), BatchSize::PerIteration);
            });
        }
    }
}
