//! Workloads: programs in `workloads/` that check their own answers before anybody times them.
//!
//! Each takes its size as an argument, has a default that keeps CPython 3.13 busy for a third of a second or so, and ends
//! with an `AssertionError` if its answer is not the known one. `METHODOLOGY.md` says how they are measured and what the
//! figures do not show.

/// A workload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Workload {
    /// Its name: the file's without `.py`.
    pub name: &'static str,
    /// Its source.
    pub source: &'static str,
    /// A size at which it executes some ten thousand instructions, for counts and for tests under load.
    pub small: u32,
}

impl Workload {
    /// What it does: the first line of its docstring.
    pub fn summary(&self) -> &'static str {
        self.source.lines().next().unwrap_or_default().trim_matches('"')
    }
}

macro_rules! workloads {
    ($($name:literal $small:literal)*) => {
        /// The suite `kernels`, in the order of the names.
        pub const KERNELS: &[Workload] = &[$(Workload {
            name: $name,
            source: include_str!(concat!("../workloads/", $name, ".py")),
            small: $small,
        }),*];
    };
}

workloads! {
    "binary_trees" 6
    "closures" 500
    "constraints" 12
    "dijkstra" 100
    "exceptions" 300
    "fannkuch" 6
    "fib" 12
    "game_of_life" 12
    "hash_lcg" 500
    "int_loops" 200
    "json_printer" 6
    "keyword_calls" 150
    "mandelbrot" 20
    "matmul" 10
    "nbody" 100
    "nqueens_generators" 5
    "pipelines" 1000
    "raytracer" 5
    "scheduler" 300
    "sieve" 1000
    "spectral_norm" 10
    "string_building" 300
    "tokenizer_parser_evaluator" 5
    "word_count" 1000
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_workload_is_listed_and_says_what_it_does() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workloads");
        let entries = fs::read_dir(folder).expect("the folder is there");
        let mut files: Vec<String> = entries
            .map(|entry| entry.expect("folders can be read").file_name().to_string_lossy().into_owned())
            .collect();
        files.sort();
        let listed: Vec<String> = KERNELS.iter().map(|workload| format!("{}.py", workload.name)).collect();
        assert_eq!(files, listed);
        assert!(KERNELS.iter().all(|workload| !workload.summary().is_empty()));
    }
}
