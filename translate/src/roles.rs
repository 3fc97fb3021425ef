//! What instructions read and write, from the roles of the instruction table; no opcode is matched here but where an
//! operand's meaning is no role (how many registers an unpacking writes).

use std::ops::Range;

use bytecode::RegOp;
use bytecode::reg_op::{ListKind, Role};

use crate::ir::{Arg, Body, Instr};

/// Operands that the longest row of the table has.
const MAX_ROLES: usize = 7;

/// Some of an instruction's operands, by index.
#[derive(Clone, Copy, Debug)]
struct Indices {
    indices: [u8; MAX_ROLES],
    count: u8,
}

impl Indices {
    const EMPTY: Self = Self { indices: [0; MAX_ROLES], count: 0 };

    const fn with(mut self, index: usize) -> Self {
        self.indices[self.count as usize] = index as u8;
        self.count += 1;
        self
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.indices[..usize::from(self.count)].iter().map(|index| usize::from(*index))
    }
}

/// A row of the table, laid out for quick walks.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    roles: [Role; MAX_ROLES],
    count: usize,
    /// Operands that are read, as registers or constants.
    uses: Indices,
    /// Operands that name registers to be written.
    defs: Indices,
    target: Option<usize>,
    def: Option<usize>,
    /// What the operand list is.
    pub list: ListKind,
    /// Whether the instruction neither raises, nor runs other code, nor polls for interrupts.
    pub pure: bool,
}

impl Shape {
    /// The roles of the fixed operands, extension included.
    pub fn roles(&self) -> &[Role] {
        &self.roles[..self.count]
    }

    /// Index of the branch target.
    pub fn target(&self) -> Option<usize> {
        self.target
    }

    const fn new(op: RegOp, roles: &[Role], list: u8) -> Self {
        let mut shape = Self {
            roles: [Role::Imm; MAX_ROLES],
            count: roles.len(),
            uses: Indices::EMPTY,
            defs: Indices::EMPTY,
            target: None,
            def: None,
            list: match list {
                0 => ListKind::None,
                1 => ListKind::Uses,
                _ => ListKind::Defs,
            },
            pure: is_pure(op),
        };
        let mut index = 0;
        while index < roles.len() {
            let role = roles[index];
            shape.roles[index] = role;
            if matches!(role, Role::Reg | Role::Use | Role::RegDef | Role::DefPairUse) {
                shape.uses = shape.uses.with(index);
            }
            if matches!(role, Role::Def | Role::RegDef | Role::DefPair | Role::DefPairUse | Role::DefWindow) {
                shape.defs = shape.defs.with(index);
            }
            match role {
                Role::Target | Role::Target32 => shape.target = Some(index),
                Role::Def => shape.def = Some(index),
                _ => {}
            }
            index += 1;
        }
        shape
    }
}

macro_rules! shapes {
    ($(#[doc = $doc:literal] $name:ident ($($op:ident: $role:ident),*) [$($ext:ident: $erole:ident),*] $list:literal $caches:literal;)*) => {
        static SHAPES: [Shape; RegOp::ALL.len()] =
            [$(Shape::new(RegOp::$name, &[$(Role::$role,)* $(Role::$erole,)*], $list),)*];
    };
}
bytecode::for_each_reg_op!(shapes);

/// The shape of an opcode's row.
#[inline]
pub fn shape(op: RegOp) -> &'static Shape {
    &SHAPES[op as usize]
}

/// Whether an operation neither raises nor runs other code: it only moves values and tests identities. A jump back
/// polls for interrupts as well, which is the affair of the layout.
const fn is_pure(op: RegOp) -> bool {
    use RegOp::*;
    matches!(
        op,
        MOVE | LOAD_CONST
            | LOAD_NULL
            | LOAD_FAST_AND_CLEAR
            | COPY_FREE_VARS
            | STORE_DEREF
            | LOAD_ASSERTION_ERROR
            | UNARY_NOT
            | IS
            | IS_NOT
            | JUMP
            | JUMP_IF_TRUE
            | JUMP_IF_FALSE
            | JUMP_IF_NONE
            | JUMP_IF_NOT_NONE
            | JUMP_IF_IS
            | JUMP_IF_IS_NOT
            | RETURN
            | SET_FUNCTION_ATTRIBUTE
            | PUSH_EXC_INFO
            | POP_EXCEPT
            | MATCH_MAPPING
            | MATCH_SEQUENCE
    )
}

impl Instr {
    /// Whether the instruction neither raises nor runs other code.
    pub fn is_pure(&self) -> bool {
        shape(self.op).pure
    }

    /// The register of the operand with role `Def`.
    pub fn def(&self) -> Option<u32> {
        shape(self.op).def.map(|index| self.args[index].to_number())
    }

    /// Index of the operand with role `Def`.
    pub fn def_index(&self) -> Option<usize> {
        shape(self.op).def
    }

    /// Calls `visit` with each register or constant that the instruction reads.
    #[inline]
    pub fn for_each_use(&self, lists: &[Arg], mut visit: impl FnMut(Arg)) {
        let shape = shape(self.op);
        for index in shape.uses.iter() {
            visit(self.args[index]);
        }
        if shape.list == ListKind::Uses {
            for arg in &lists[self.list.range()] {
                visit(*arg);
            }
        }
    }

    /// Calls `visit` with each operand that is read only and may be another register, or, with role `Use`, a constant.
    #[inline]
    pub fn for_each_replaceable(&mut self, lists: &mut [Arg], mut visit: impl FnMut(&mut Arg, Role)) {
        let shape = shape(self.op);
        for (arg, role) in self.args.iter_mut().zip(shape.roles()) {
            if matches!(role, Role::Reg | Role::Use) {
                visit(arg, *role);
            }
        }
        if shape.list == ListKind::Uses {
            lists[self.list.range()].iter_mut().for_each(|arg| visit(arg, Role::Use));
        }
    }

    /// Calls `visit` with each operand that names registers, and how many it names from there on.
    pub fn for_each_register(&mut self, lists: &mut [Arg], mut visit: impl FnMut(&mut Arg, u32)) {
        let window = self.window();
        let shape = shape(self.op);
        for (arg, role) in self.args.iter_mut().zip(shape.roles()) {
            match role {
                Role::Def | Role::Reg | Role::RegDef => visit(arg, 1),
                Role::Use if arg.as_reg().is_some() => visit(arg, 1),
                Role::DefPair | Role::DefPairUse => visit(arg, 2),
                Role::DefWindow => visit(arg, window),
                _ => {}
            }
        }
        if shape.list != ListKind::None {
            for arg in &mut lists[self.list.range()] {
                if arg.as_reg().is_some() {
                    visit(arg, 1);
                }
            }
        }
    }

    /// Calls `visit` with each run of registers that the instruction writes.
    #[inline]
    pub fn for_each_def(&self, lists: &[Arg], mut visit: impl FnMut(Range<u32>)) {
        let shape = shape(self.op);
        for index in shape.defs.iter() {
            let first = self.args[index].to_number();
            let count = match shape.roles[index] {
                Role::DefPair | Role::DefPairUse => 2,
                Role::DefWindow => self.window(),
                _ => 1,
            };
            visit(first..first + count);
        }
        if shape.list == ListKind::Defs {
            for arg in &lists[self.list.range()] {
                visit(arg.to_number()..arg.to_number() + 1);
            }
        }
    }

    /// Number of registers that the role `DefWindow` writes.
    fn window(&self) -> u32 {
        match self.op {
            RegOp::UNPACK_SEQUENCE => self.args[2].to_number(),
            RegOp::UNPACK_EX => self.args[2].to_number() + 1 + self.args[3].to_number(),
            _ => 0,
        }
    }

    /// Whether the instruction reads `register`.
    pub fn uses(&self, lists: &[Arg], register: u32) -> bool {
        let mut found = false;
        self.for_each_use(lists, |arg| found |= arg.as_reg() == Some(register));
        found
    }

    /// Whether the instruction writes `register`.
    pub fn defines(&self, lists: &[Arg], register: u32) -> bool {
        let mut found = false;
        self.for_each_def(lists, |run| found |= run.contains(&register));
        found
    }
}

impl Body {
    /// Whether the instruction at `index` reads `register`.
    pub fn uses(&self, index: usize, register: u32) -> bool {
        self.instrs[index].uses(&self.lists, register)
    }

    /// Whether the instruction at `index` writes `register`.
    pub fn defines(&self, index: usize, register: u32) -> bool {
        self.instrs[index].defines(&self.lists, register)
    }
}
