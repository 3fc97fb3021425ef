//! The page that `amphis compare --html` writes: one file that needs nothing else.

use bytecode::dis::{self, DisOptions};
use bytecode::reg_dis;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::compare::lines;
use crate::comparison::{Comparison, Figures, Pair};
use crate::number::grouped;

const STYLE: &str = "
:root { color-scheme: light dark; --stack: #c0603a; --register: #2f7a6b; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .25rem .9rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr { border-bottom: 1px solid #8884; }
.bar { height: .8rem; border-radius: 2px; } .stack { background: var(--stack); } .register { background: var(--register); }
.bars { display: grid; grid-template-columns: 9rem 1fr 9rem; gap: .3rem .8rem; align-items: center; margin: 1rem 0; }
.code { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
pre { overflow-x: auto; background: #8881; padding: .6rem; border-radius: 4px; font-size: 12.5px; line-height: 1.4; }
summary { cursor: pointer; font-weight: 600; } .bad { color: #c02020; }
@media (max-width: 60rem) { .code { grid-template-columns: 1fr; } }
";

/// The page.
pub fn page(comparison: &Comparison) -> String {
    let title = comparison.program.display().to_string();
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "amphis: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) @for arg in &comparison.args { " " (arg) } }
                (verdict(comparison))
                (figures(comparison))
                (bars("executed instructions", &comparison.stack, &comparison.register, |f| f.instructions.unwrap_or(0) as f64))
                (bars("CPU seconds", &comparison.stack, &comparison.register, |f| f.seconds.unwrap_or_default()))
                (output("Standard output", &comparison.outcome.stdout))
                (output("Standard error", &comparison.outcome.stderr))
                h2 { "Code" }
                @for pair in &comparison.pairs { (code(pair)) }
            }
        }
    };
    markup.into_string()
}

fn verdict(comparison: &Comparison) -> Markup {
    html! {
        @if comparison.agrees() {
            p { "The machines agree: same output, same exit status "
                (comparison.outcome.status) "." }
        } @else {
            p.bad { @if comparison.is_stopped { "Not compared:" } @else { "The machines disagree:" } }
            ul { @for difference in &comparison.differences { li { (difference) } } }
        }
    }
}

fn figures(comparison: &Comparison) -> Markup {
    html! {
        table {
            tr { th {} th { "stack machine" } th { "register machine" } th { "change" } }
            @for line in lines(comparison) {
                tr { td { (line.name) } td { (line.stack) } td { (line.register) } td { (line.change) } }
            }
        }
    }
}

/// Both machines' figure as bars of one scale.
fn bars(title: &str, stack: &Figures, register: &Figures, figure: impl Fn(&Figures) -> f64) -> Markup {
    let (stack, register) = (figure(stack), figure(register));
    let most = stack.max(register).max(f64::MIN_POSITIVE);
    let text = |value: f64| if value >= 1000.0 { grouped(value as u64) } else { format!("{value:.3}") };
    let bar = |class: &str, value: f64| {
        html! { div class={ "bar " (class) } style={ "width:" (format!("{:.1}%", 100.0 * value / most)) } {} }
    };
    html! {
        h2 { (title) }
        div.bars {
            span { "stack" } (bar("stack", stack)) span { (text(stack)) }
            span { "register" } (bar("register", register)) span { (text(register)) }
        }
    }
}

/// Longest output shown, in bytes.
const OUTPUT_LIMIT: usize = 20_000;

fn output(title: &str, bytes: &[u8]) -> Markup {
    let shown = &bytes[..bytes.len().min(OUTPUT_LIMIT)];
    html! {
        @if !bytes.is_empty() {
            h2 { (title) }
            pre { (String::from_utf8_lossy(shown)) }
            @if shown.len() < bytes.len() { p { (grouped((bytes.len() - shown.len()) as u64)) " bytes more" } }
        }
    }
}

fn code(pair: &Pair) -> Markup {
    let (mut stack, mut register) = (String::new(), String::new());
    let options = DisOptions { show_caches: false, show_offsets: false, nested: false };
    // Code that was translated can be listed, and writing to a string does not fail.
    let _ = dis::write(&pair.code, options, &mut stack);
    let _ = reg_dis::write(&pair.code, &pair.reg, &mut register);
    let counts = |text: &str| {
        text.lines().take_while(|l| !l.starts_with("ExceptionTable")).filter(|l| !l.is_empty()).count()
    };
    html! {
        details open[pair.reg.words.len() < 60] {
            summary {
                (pair.code.qualname.to_string_lossy()) ", line " (pair.code.firstlineno) ": "
                (counts(&stack)) " instructions, " (counts(&register)) " in registers"
            }
            div.code { pre { (stack) } pre { (register) } }
        }
    }
}
