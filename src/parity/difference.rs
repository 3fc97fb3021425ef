//! Differences between two code objects that should be the same, by kind.

use std::fmt::Write as _;

use bytecode::{CodeObject, Const, Text, exception_table, location_table, wordcode};

/// Something in which two code objects differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The field, and for instructions which opcodes stand where the code parts.
    pub kind: String,
    /// What stands there on both sides.
    pub detail: String,
    /// Whether it concerns instructions, constants or names, on which the program's meaning depends most.
    pub is_code: bool,
}

/// How two code objects differ, nested ones apart.
pub fn differences(ours: &CodeObject, theirs: &CodeObject) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(instructions(ours, theirs));
    found.extend(constants(ours, theirs));
    found.extend(texts("names", &ours.names, &theirs.names));
    found.extend(texts("localsplus names", &ours.localsplusnames, &theirs.localsplusnames));
    let code_fields = found.len();
    found.extend(values("localsplus kinds", &ours.localspluskinds, &theirs.localspluskinds));
    found.extend(values("flags", &ours.flags.0, &theirs.flags.0));
    found.extend(values("parameter counts", &parameters(ours), &parameters(theirs)));
    found.extend(values("first line", &ours.firstlineno, &theirs.firstlineno));
    found.extend(values("stack size", &ours.stacksize, &theirs.stacksize));
    found.extend(texts("name", std::slice::from_ref(&ours.name), std::slice::from_ref(&theirs.name)));
    found.extend(texts(
        "qualified name",
        std::slice::from_ref(&ours.qualname),
        std::slice::from_ref(&theirs.qualname),
    ));
    found.extend(exceptions(ours, theirs));
    found.extend(locations(ours, theirs));
    for difference in &mut found[..code_fields] {
        difference.is_code = true;
    }
    found
}

/// The code objects among the constants, in order.
pub fn nested(code: &CodeObject) -> impl Iterator<Item = &CodeObject> {
    code.consts.iter().filter_map(|constant| match constant {
        Const::Code(code) => Some(&**code),
        _ => None,
    })
}

fn difference(kind: impl Into<String>, detail: String) -> Difference {
    Difference { kind: kind.into(), detail, is_code: false }
}

fn parameters(code: &CodeObject) -> [u32; 3] {
    [code.argcount, code.posonlyargcount, code.kwonlyargcount]
}

fn values<T: PartialEq + std::fmt::Debug>(kind: &str, ours: &T, theirs: &T) -> Option<Difference> {
    (ours != theirs).then(|| difference(kind, format!("{ours:?} against {theirs:?}")))
}

/// Where two sequences part: the index and both sides' elements there.
fn first_mismatch<'a, T>(
    ours: &'a [T],
    theirs: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Option<(usize, Option<&'a T>, Option<&'a T>)> {
    let index = ours.iter().zip(theirs).take_while(|(a, b)| same(a, b)).count();
    (index < ours.len().max(theirs.len())).then(|| (index, ours.get(index), theirs.get(index)))
}

fn texts(kind: &str, ours: &[Text], theirs: &[Text]) -> Option<Difference> {
    let (index, ours, theirs) = first_mismatch(ours, theirs, PartialEq::eq)?;
    Some(difference(kind, format!("{index}: {} against {}", shown(ours), shown(theirs))))
}

fn shown<T: std::fmt::Debug>(value: Option<&T>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}").chars().take(120).collect())
}

fn instructions(ours: &CodeObject, theirs: &CodeObject) -> Option<Difference> {
    if ours.code == theirs.code {
        return None;
    }
    let decoded = |code: &CodeObject| wordcode::decode(&code.code).unwrap_or_default();
    let (ours_decoded, theirs_decoded) = (decoded(ours), decoded(theirs));
    let same = |a: &bytecode::Instr, b: &bytecode::Instr| (a.op, a.oparg) == (b.op, b.oparg);
    let Some((_, a, b)) = first_mismatch(&ours_decoded, &theirs_decoded, same) else {
        return Some(difference("prefixes or caches", String::new()));
    };
    let name = |instr: Option<&bytecode::Instr>| instr.map_or("nothing", |instr| instr.op.name());
    let kind = if name(a) == name(b) {
        format!("oparg of {}", name(a))
    } else {
        format!("instruction {} against {}", name(a), name(b))
    };
    let place = |code: &CodeObject, instr: Option<&bytecode::Instr>| {
        let mut text = String::from("the end");
        if let Some(instr) = instr {
            let line = location_table::line_of(&code.linetable, code.firstlineno, instr.offset).unwrap_or(-1);
            text.clear();
            let _ = write!(text, "{} {} (unit {}, line {line})", instr.op.name(), instr.oparg, instr.offset);
        }
        text
    };
    Some(difference(kind, format!("{} against {}", place(ours, a), place(theirs, b))))
}

fn constants(ours: &CodeObject, theirs: &CodeObject) -> Option<Difference> {
    let same = |a: &Const, b: &Const| match (a, b) {
        (Const::Code(a), Const::Code(b)) => a.qualname == b.qualname && a.firstlineno == b.firstlineno,
        _ => a.is_same(b),
    };
    let (index, a, b) = first_mismatch(&ours.consts, &theirs.consts, same)?;
    let show = |constant: Option<&Const>| match constant {
        Some(Const::Code(code)) => format!("<code {} line {}>", code.qualname, code.firstlineno),
        other => shown(other),
    };
    Some(difference("constants", format!("{index}: {} against {}", show(a), show(b))))
}

fn exceptions(ours: &CodeObject, theirs: &CodeObject) -> Option<Difference> {
    if ours.exceptiontable == theirs.exceptiontable {
        return None;
    }
    let entries = |code: &CodeObject| exception_table::decode(&code.exceptiontable).unwrap_or_default();
    let (ours, theirs) = (entries(ours), entries(theirs));
    let (index, a, b) = first_mismatch(&ours, &theirs, PartialEq::eq)?;
    Some(difference("exception table", format!("{index}: {} against {}", shown(a), shown(b))))
}

fn locations(ours: &CodeObject, theirs: &CodeObject) -> Option<Difference> {
    if ours.linetable == theirs.linetable {
        return None;
    }
    let entries =
        |code: &CodeObject| location_table::decode(&code.linetable, code.firstlineno).unwrap_or_default();
    let (ours, theirs) = (entries(ours), entries(theirs));
    let (index, a, b) = first_mismatch(&ours, &theirs, PartialEq::eq)?;
    let lines = |entry: Option<&location_table::LocationEntry>| entry.and_then(|entry| entry.position.line);
    let kind = if lines(a) == lines(b) { "columns" } else { "lines" };
    Some(difference(kind, format!("{index}: {} against {}", shown(a), shown(b))))
}
