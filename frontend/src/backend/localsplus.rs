//! The frame's slots: locals, then cells that are not locals, then free variables; and the instructions that make cells,
//! fetch the closure and create a generator before anything else runs.

use std::collections::{HashMap, HashSet};

use bytecode::code::{CodeFlags, local_kind};

use super::AssembleError;
use super::cfg::{Cfg, CfgInstr};
use super::opcode::{
    COPY_FREE_VARS, DELETE_DEREF, LOAD_CLOSURE, LOAD_DEREF, LOAD_FROM_DICT_OR_DEREF, MAKE_CELL, POP_TOP,
    RETURN_GENERATOR, STORE_DEREF,
};
use crate::ir::{Location, Opcode, Unit};

/// Names and kinds of the slots, in order.
pub(super) struct LocalsPlus {
    pub(super) names: Vec<String>,
    pub(super) kinds: Vec<u8>,
}

/// Inserts the prefix and renumbers opargs that name cells and free variables; takes the unit's variable names.
pub(super) fn prepare(cfg: &mut Cfg, unit: &mut Unit) -> Result<LocalsPlus, AssembleError> {
    let slots = deref_slots(unit);
    let prefix = prefix_instructions(unit, &slots);
    cfg[Cfg::ENTRY].instrs.splice(0..0, prefix);
    let mut missing = None;
    cfg.for_each_instr(|instr| {
        if names_cell_or_free(instr.op) {
            match slots.get(instr.arg as usize) {
                Some(slot) => instr.arg = *slot,
                None => missing = Some(instr.arg),
            }
        }
    });
    missing.map_or_else(|| Ok(describe(unit, &slots)), |index| Err(AssembleError::MissingVariable { index }))
}

fn names_cell_or_free(op: Opcode) -> bool {
    matches!(op, MAKE_CELL | LOAD_CLOSURE | LOAD_DEREF | STORE_DEREF | DELETE_DEREF | LOAD_FROM_DICT_OR_DEREF)
}

/// The slot of each cell and free variable; a captured local keeps its local's slot.
fn deref_slots(unit: &Unit) -> Vec<u32> {
    if unit.cellvars.is_empty() && unit.freevars.is_empty() {
        return Vec::new();
    }
    let locals: HashMap<&str, u32> = unit.varnames.iter().map(String::as_str).zip(0..).collect();
    let mut fresh_slots = unit.varnames.len() as u32..;
    let mut fresh = || fresh_slots.next().expect("slots fit 32 bits");
    let cells = unit.cellvars.iter().map(|name| locals.get(name.as_str()).copied());
    cells.chain(unit.freevars.iter().map(|_| None)).map(|slot| slot.unwrap_or_else(&mut fresh)).collect()
}

fn prefix_instructions(unit: &Unit, slots: &[u32]) -> Vec<CfgInstr> {
    let mut prefix = Vec::new();
    if !unit.freevars.is_empty() {
        prefix.push(CfgInstr::new(COPY_FREE_VARS, unit.freevars.len() as u32, Location::NONE));
    }
    let mut cells: Vec<u32> = (0..unit.cellvars.len() as u32).collect();
    cells.sort_by_key(|cell| slots[*cell as usize]);
    prefix.extend(cells.into_iter().map(|cell| CfgInstr::new(MAKE_CELL, cell, Location::NONE)));
    if CodeFlags(unit.flags).is_generator_like() {
        let location = Location { line: unit.firstlineno, end_line: unit.firstlineno, col: -1, end_col: -1 };
        prefix.push(CfgInstr::new(RETURN_GENERATOR, 0, location));
        prefix.push(CfgInstr::new(POP_TOP, 0, location));
    }
    prefix
}

fn describe(unit: &mut Unit, slots: &[u32]) -> LocalsPlus {
    let mut kinds = vec![local_kind::LOCAL; unit.varnames.len()];
    if !unit.fast_hidden.is_empty() {
        let hidden: HashSet<&str> = unit.fast_hidden.iter().map(String::as_str).collect();
        for (name, kind) in unit.varnames.iter().zip(&mut kinds) {
            *kind |= if hidden.contains(name.as_str()) { local_kind::HIDDEN } else { 0 };
        }
    }
    let mut names = std::mem::take(&mut unit.varnames);
    for (name, slot) in std::mem::take(&mut unit.cellvars).into_iter().zip(slots) {
        if let Some(kind) = kinds.get_mut(*slot as usize) {
            *kind |= local_kind::CELL;
        } else {
            names.push(name);
            kinds.push(local_kind::CELL);
        }
    }
    kinds.resize(names.len() + unit.freevars.len(), local_kind::FREE);
    names.append(&mut unit.freevars);
    LocalsPlus { names, kinds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::opcode::{LOAD_FAST, RESUME, RETURN_VALUE};
    use crate::ir::{Arg, InstrSequence};

    /// `def f(free arg, b): yield …` with the parameter `arg` and the local `c` captured.
    fn generator() -> Unit {
        let mut seq = InstrSequence::default();
        for (op, arg) in [
            (RESUME, 0),
            (LOAD_DEREF, 0),
            (LOAD_CLOSURE, 1),
            (LOAD_DEREF, 2),
            (LOAD_FAST, 1),
            (RETURN_VALUE, 0),
        ] {
            seq.emit(op, Arg::Value(arg), Location::NONE);
        }
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        Unit {
            seq,
            consts: Vec::new(),
            names: Vec::new(),
            varnames: names(&["arg", "b"]),
            cellvars: names(&["c", "arg"]),
            freevars: names(&["free"]),
            fast_hidden: names(&["b"]),
            argcount: 1,
            posonlyargcount: 0,
            kwonlyargcount: 0,
            flags: CodeFlags::GENERATOR,
            name: "f".to_owned(),
            qualname: "f".to_owned(),
            firstlineno: 7,
            const0_is_doc: false,
        }
    }

    #[test]
    fn cells_share_the_slots_of_captured_parameters() {
        let mut unit = generator();
        let mut cfg = Cfg::from_sequence(&unit.seq).unwrap();
        let slots = prepare(&mut cfg, &mut unit).unwrap();
        assert_eq!(slots.names, ["arg", "b", "c", "free"]);
        assert_eq!(slots.kinds, [0x60, 0x30, 0x40, 0x80]);
        let instrs: Vec<_> =
            cfg[Cfg::ENTRY].instrs.iter().map(|instr| (instr.op, instr.arg, instr.line())).collect();
        let prefix = [
            (COPY_FREE_VARS, 1, -1),
            (MAKE_CELL, 0, -1),
            (MAKE_CELL, 2, -1),
            (RETURN_GENERATOR, 0, 7),
            (POP_TOP, 0, 7),
        ];
        assert_eq!(instrs[..5], prefix);
        assert_eq!(instrs[6..10].iter().map(|instr| instr.1).collect::<Vec<_>>(), [2, 0, 3, 1]);
    }

    #[test]
    fn an_unknown_cell_is_an_error() {
        let mut unit = Unit { freevars: Vec::new(), ..generator() };
        let mut cfg = Cfg::from_sequence(&unit.seq).unwrap();
        assert_eq!(prepare(&mut cfg, &mut unit).err(), Some(AssembleError::MissingVariable { index: 2 }));
    }
}
