//! Copy and constant forwarding: an operand that reads a temporary reads what was moved there instead, be it a local,
//! another temporary, a constant or NULL.
//!
//! A forward must-problem. For each temporary the domain is `unknown` above `a copy of this operand`, one level each;
//! paths meet in `unknown` unless they agree. A copy holds until the temporary or its source is written; each register
//! has a version number, so that a write ends all copies of it at once. Between blocks only the slots of the operand
//! stack carry copies, so the state at a block's entry is as large as the stack is deep. Blocks are visited in reverse
//! postorder assuming that back edges agree; if one does not, that slot is `unknown` and the visit is done again,
//! which ends since slots never come back. Handlers know nothing, since exceptions come from anywhere in their range.
//!
//! A delayed read of a local needs no care: where the local is written before the read, the copy's version differs and
//! the move, which is still in its old place, keeps the old value. Locals themselves are never replaced, and the moves
//! are left for [`super::dead_moves`].

use bytecode::RegOp;
use bytecode::reg_op::Role;

use crate::ir::{Arg, BlockId, Body, Instr};
use crate::lower_special::MAX_CONSTANT_OPERAND;

/// What is forwarded.
#[derive(Clone, Copy, Debug)]
pub struct Kinds {
    /// Locals and temporaries.
    pub copies: bool,
    /// Constants and NULL.
    pub constants: bool,
}

/// Replaces operands by what they are copies of.
pub fn forward(body: &mut Body, kinds: Kinds) {
    let order = std::mem::take(&mut body.reverse_postorder);
    let mut forwarding = Forwarding::new(body, kinds, &order);
    if forwarding.has_back_edges(body) {
        while forwarding.visit_all(body, false) {}
    }
    forwarding.visit_all(body, true);
    forwarding.write_witness(body);
    body.reverse_postorder = order;
}

/// A copy: of what, and the versions of both registers when it was made.
#[derive(Clone, Copy)]
struct Copy {
    source: Arg,
    source_version: u32,
    version: u32,
}

struct Forwarding<'a> {
    kinds: Kinds,
    order: &'a [BlockId],
    position: Vec<u32>,
    /// For each block what each slot of its entry is known to be; its own register if unknown.
    states: Vec<Option<Vec<Arg>>>,
    /// Slots at which back edges disagree with the way in.
    unknown: Vec<Vec<bool>>,
    versions: Vec<u32>,
    copies: Vec<Option<Copy>>,
    /// Registers with an entry in `copies`, to be cleared at the next block.
    touched: Vec<u32>,
}

impl<'a> Forwarding<'a> {
    fn new(body: &Body, kinds: Kinds, order: &'a [BlockId]) -> Self {
        let mut position = vec![u32::MAX; body.blocks.len()];
        for (index, block) in order.iter().enumerate() {
            position[block.index()] = index as u32;
        }
        let mut unknown: Vec<Vec<bool>> = vec![Vec::new(); body.blocks.len()];
        for handler in order.iter().filter_map(|block| body.handler(*block)) {
            unknown[handler.target.index()] = vec![true; body.block(handler.target).entry.len()];
        }
        Self {
            kinds,
            order,
            position,
            states: vec![None; body.blocks.len()],
            unknown,
            versions: vec![0; body.registers as usize],
            copies: vec![None; body.registers as usize],
            touched: Vec::new(),
        }
    }

    /// Whether some back edge leads to a block with values on its stack.
    fn has_back_edges(&self, body: &Body) -> bool {
        self.order.iter().enumerate().any(|(index, block)| {
            let mut successors = body.successors(*block);
            successors.any(|to| self.position[to.index()] <= index as u32 && !body.block(to).entry.is_empty())
        })
    }

    /// Visits every block once; whether a back edge disagreed.
    fn visit_all(&mut self, body: &mut Body, rewrite: bool) -> bool {
        let mut again = false;
        if !rewrite {
            self.states.fill(None);
        }
        for (index, block) in self.order.iter().enumerate() {
            self.enter(body, *block);
            for at in body.indices(*block) {
                self.visit(body, at, rewrite);
            }
            for successor in body.successors(*block) {
                let is_back_edge = self.position[successor.index()] <= index as u32;
                again |= self.leave(body, successor, is_back_edge, rewrite);
            }
        }
        again
    }

    fn enter(&mut self, body: &Body, block: BlockId) {
        for register in self.touched.drain(..) {
            self.copies[register as usize] = None;
        }
        let entry = &body.block(block).entry;
        let known = self.states[block.index()].get_or_insert_with(|| entry.clone());
        let unknown = &self.unknown[block.index()];
        for (slot, (home, value)) in entry.iter().zip(known).enumerate() {
            if unknown.get(slot) == Some(&true) {
                *value = *home;
            }
            if let Some(register) = home.as_reg().filter(|_| *value != *home) {
                let source_version = value.as_reg().map_or(0, |source| self.versions[source as usize]);
                let version = self.versions[register as usize];
                self.copies[register as usize] = Some(Copy { source: *value, source_version, version });
                self.touched.push(register);
            }
        }
    }

    /// Joins what is known at a block's end into the successor; whether a back edge disagrees.
    fn leave(&mut self, body: &Body, successor: BlockId, is_back_edge: bool, rewrite: bool) -> bool {
        let entry = &body.block(successor).entry;
        if entry.is_empty() || (rewrite && is_back_edge) {
            return false;
        }
        let mut again = false;
        let Some(mut state) = self.states[successor.index()].take() else {
            self.states[successor.index()] = Some(entry.iter().map(|home| self.resolve(*home)).collect());
            return false;
        };
        for (slot, home) in entry.iter().enumerate() {
            if state[slot] == self.resolve(*home) || state[slot] == *home {
                continue;
            }
            state[slot] = *home;
            if is_back_edge {
                let unknown = &mut self.unknown[successor.index()];
                unknown.resize(entry.len(), false);
                unknown[slot] = true;
                again = true;
            }
        }
        self.states[successor.index()] = Some(state);
        again
    }

    /// What an operand is a copy of; itself if that is not known.
    fn resolve(&self, arg: Arg) -> Arg {
        let Some(register) = arg.as_reg() else { return arg };
        let Some(copy) = self.copies[register as usize] else { return arg };
        let holds = copy.version == self.versions[register as usize]
            && copy
                .source
                .as_reg()
                .is_none_or(|source| self.versions[source as usize] == copy.source_version);
        if holds { copy.source } else { arg }
    }

    fn visit(&mut self, body: &mut Body, index: usize, rewrite: bool) {
        let instr = &mut body.instrs[index];
        if instr.dead {
            return;
        }
        if rewrite {
            self.rewrite(instr, &mut body.lists);
        }
        let copied = self.copied_value(instr);
        instr.for_each_def(&body.lists, |run| run.for_each(|register| self.versions[register as usize] += 1));
        if instr.op == RegOp::COPY_FREE_VARS {
            self.versions[..body.locals as usize].iter_mut().for_each(|version| *version += 1);
        }
        if let Some((register, source)) = copied
            && body.is_temp(register)
        {
            let source_version = source.as_reg().map_or(0, |source| self.versions[source as usize]);
            let version = self.versions[register as usize];
            self.copies[register as usize] = Some(Copy { source, source_version, version });
            self.touched.push(register);
        }
    }

    /// The register that an instruction makes a copy, and of what.
    fn copied_value(&self, instr: &Instr) -> Option<(u32, Arg)> {
        let source = match instr.op {
            RegOp::MOVE if self.kinds.copies || self.kinds.constants => self.resolve(instr.args[1]),
            RegOp::LOAD_CONST if self.kinds.constants => {
                let index = instr.args[1].to_number();
                (index <= MAX_CONSTANT_OPERAND).then(|| Arg::constant(index))?
            }
            RegOp::LOAD_NULL if self.kinds.constants => Arg::NULL,
            _ => return None,
        };
        let register = instr.def()?;
        let wanted = self.kinds.copies || source.as_reg().is_none();
        (wanted && source != Arg::reg(register)).then_some((register, source))
    }

    fn rewrite(&self, instr: &mut Instr, lists: &mut [Arg]) {
        match instr.op {
            RegOp::MOVE => self.rewrite_move(instr),
            RegOp::CALL_SELF_N if self.resolve(instr.args[2]).is_null() => {
                let [dst, callee, _, count, ..] = instr.args;
                *instr = Instr {
                    list: instr.list,
                    ..Instr::new(RegOp::CALL_N, &[dst, callee, count], instr.steps)
                };
            }
            _ => {}
        }
        instr.for_each_replaceable(lists, |arg, role| {
            let value = self.resolve(*arg);
            if value.as_reg().is_some() || role == Role::Use && value.as_constant().is_some() {
                *arg = value;
            }
        });
    }

    /// A move of a constant or NULL becomes its load.
    fn rewrite_move(&self, instr: &mut Instr) {
        let value = self.resolve(instr.args[1]);
        if value.is_null() {
            *instr = Instr::new(RegOp::LOAD_NULL, &[instr.args[0]], instr.steps);
        } else if let Some(index) = value.as_constant() {
            *instr = Instr::new(RegOp::LOAD_CONST, &[instr.args[0], Arg::number(index)], instr.steps);
        }
    }

    /// Tells in each block's witness what its slots are known to be.
    fn write_witness(&mut self, body: &mut Body) {
        for block in self.order {
            if let Some(state) = self.states[block.index()].take() {
                body.block_mut(*block).known = state;
            }
        }
    }
}
