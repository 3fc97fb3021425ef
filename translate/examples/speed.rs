//! Translation speed over a folder of `.pyc` files: wordcode instructions a second on one core, and static sizes.

use std::path::Path;
use std::sync::Arc;

use bytecode::{CodeObject, Const, pyc, wordcode};
use translate::{Options, PASSES, translate, translate_proved};

fn main() {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: speed FOLDER");
        return;
    };
    let mut codes = Vec::new();
    collect(Path::new(&folder), &mut codes);
    let instrs: usize = codes.iter().map(|code| wordcode::instrs(&code.code).count()).sum();
    eprintln!("{} code objects, {instrs} instructions", codes.len());
    measure("all", &codes, instrs, Options::all());
    measure("none", &codes, instrs, Options::none());
    let start = cpu_seconds();
    let failed = codes.iter().filter(|code| translate_proved(code, &Options::all()).is_err()).count();
    let seconds = cpu_seconds() - start;
    eprintln!(
        "{:24} {seconds:6.3} s {:6.2} million/s {failed} not proved",
        "all, proved",
        instrs as f64 / seconds / 1e6
    );
    if std::env::args().nth(2).is_none() {
        return;
    }
    for info in PASSES {
        measure(info.name, &codes, instrs, Options::all().without(info.pass));
    }
}

/// CPU time of this process, from Linux's `/proc`; wall time elsewhere would do as well.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn measure(name: &str, codes: &[Arc<CodeObject>], instrs: usize, options: Options) {
    let start = cpu_seconds();
    let words: usize =
        codes.iter().filter_map(|code| translate(code, &options).ok()).map(|c| c.words.len()).sum();
    let seconds = cpu_seconds() - start;
    eprintln!("{name:24} {seconds:6.3} s {:6.2} million/s {words} words", instrs as f64 / seconds / 1e6);
}

fn collect(folder: &Path, codes: &mut Vec<Arc<CodeObject>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "pyc")
            && let Ok((_, code)) = pyc::read(&std::fs::read(&path).unwrap_or_default())
        {
            walk(&code, codes);
        }
    }
}

fn walk(code: &Arc<CodeObject>, codes: &mut Vec<Arc<CodeObject>>) {
    codes.push(code.clone());
    for constant in &code.consts {
        if let Const::Code(inner) = constant {
            walk(inner, codes);
        }
    }
}
