//! Control-flow graphs in Graphviz form, of wordcode and of register code.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytecode::{CodeObject, RegCode, RegOp, dis, reg_dis};
use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::cfg::{Cfg, EdgeKind};
use crate::error::TranslateError;
use crate::ir::BlockId;
use crate::{Options, translate};

/// Which of the two codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// Wordcode.
    Stack,
    /// Register code.
    Register,
}

/// Blocks as their lines of text.
type TextGraph = DiGraph<String, EdgeKind>;

/// The control-flow graph of one code object, in the dot language.
pub fn cfg_dot(code: &CodeObject, form: Form, options: &Options) -> Result<String, TranslateError> {
    let graph = match form {
        Form::Stack => stack_graph(code)?,
        Form::Register => register_graph(code, &translate(code, options)?),
    };
    Ok(write_dot(&graph, &code.qualname.to_string_lossy()))
}

fn write_dot(graph: &TextGraph, title: &str) -> String {
    let edge_style =
        |_: &'_ TextGraph, edge: petgraph::graph::EdgeReference<'_, EdgeKind>| match edge.weight() {
            EdgeKind::Fallthrough => String::new(),
            EdgeKind::Taken => "color=blue label=taken".to_owned(),
            EdgeKind::Exception => "color=red style=dashed".to_owned(),
        };
    let node_style = |_: &'_ TextGraph, (node, text): (NodeIndex, &String)| {
        let lines = format!("block{}:\n{text}", node.index());
        format!("shape=box fontname=monospace label=\"{}\"", escape(&lines))
    };
    let config = &[Config::NodeNoLabel, Config::EdgeNoLabel, Config::GraphContentOnly];
    let dot = Dot::with_attr_getters(graph, config, &edge_style, &node_style);
    format!("digraph \"{}\" {{\n{dot:?}}}\n", escape(title))
}

/// Text for a quoted label, lines to the left.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\l")
}

fn stack_graph(code: &CodeObject) -> Result<TextGraph, TranslateError> {
    let cfg = Cfg::build(code)?;
    let meanings = dis::list(code).map(|listing| listing.lines).unwrap_or_default();
    let meanings: BTreeMap<u32, String> =
        meanings.into_iter().map(|line| (line.offset, line.meaning)).collect();
    Ok(cfg.graph.map(
        |node, _| {
            let instrs = cfg.block_instrs(BlockId(node.index() as u32)).iter();
            instrs.map(|instr| stack_line(instr, meanings.get(&instr.offset))).collect()
        },
        |_, kind| *kind,
    ))
}

fn stack_line(instr: &bytecode::Instr, meaning: Option<&String>) -> String {
    let mut line = format!("{:4} {}", instr.offset, instr.op.name());
    if instr.op.has_oparg() {
        let _ = write!(line, " {}", instr.oparg);
    }
    if let Some(meaning) = meaning.filter(|meaning| !meaning.is_empty()) {
        let _ = write!(line, " ({meaning})");
    }
    line.push('\n');
    line
}

fn is_exit(op: RegOp) -> bool {
    matches!(op, RegOp::RETURN | RegOp::RERAISE | RegOp::RAISE0 | RegOp::RAISE1 | RegOp::RAISE2)
}

/// The blocks of register code, found from its branches and handler ranges.
fn register_graph(code: &CodeObject, reg: &RegCode) -> TextGraph {
    let lines = reg_dis::list(code, reg).lines;
    let instrs: Vec<_> = reg.instrs().collect();
    let mut graph = TextGraph::new();
    let mut block_of_word = BTreeMap::new();
    let mut ends_block = true;
    for ((word, instr), line) in instrs.iter().zip(&lines) {
        if ends_block || line.label.is_some() {
            block_of_word.insert(*word, graph.add_node(String::new()));
        }
        let (_, block) = block_of_word.last_key_value().expect("the first instruction starts a block");
        let _ = writeln!(graph[*block], "{word:4} {} {}", line.op.name(), line.operands);
        ends_block = reg_dis::target_of(*word, instr).is_some() || is_exit(instr.op);
    }
    for (index, (word, instr)) in instrs.iter().enumerate() {
        let (_, from) = block_of_word.range(..=*word).next_back().expect("each word has a block");
        let behind = word + instr.words();
        let is_last = instrs.get(index + 1).is_none() || block_of_word.contains_key(&behind);
        let target = reg_dis::target_of(*word, instr).and_then(|target| block_of_word.get(&target));
        if let Some(target) = target {
            let kind = if instr.op == RegOp::JUMP { EdgeKind::Fallthrough } else { EdgeKind::Taken };
            graph.update_edge(*from, *target, kind);
        }
        let goes_on = is_last && instr.op != RegOp::JUMP && !is_exit(instr.op);
        if let Some(next) = block_of_word.get(&behind).filter(|_| goes_on) {
            graph.update_edge(*from, *next, EdgeKind::Fallthrough);
        }
    }
    for (word, block) in &block_of_word {
        let covering = reg.exceptions.iter().find(|entry| (entry.start..entry.end).contains(&(*word as u32)));
        if let Some(handler) = covering.and_then(|entry| block_of_word.get(&(entry.target as usize))) {
            graph.add_edge(*block, *handler, EdgeKind::Exception);
        }
    }
    graph
}
