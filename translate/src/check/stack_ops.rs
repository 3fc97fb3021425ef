//! What each wordcode instruction does to the symbolic state. Written from CPython's description of the instructions,
//! not from the lowering: the two must agree for a proof to succeed.

use bytecode::wordcode::Instr;
use bytecode::{RegOp, StackOp};

use super::stack_side::{StackSide, Stepped};
use super::term::{Origin, Term};

impl StackSide<'_> {
    /// Executes an instruction that is no jump.
    pub(super) fn step_plain(&mut self, instr: Instr) -> Stepped<()> {
        use RegOp as R;
        use StackOp as S;
        let arg = instr.oparg;
        let depth = arg as usize;
        match instr.op {
            S::NOP | S::RESUME => Ok(()),
            S::POP_TOP | S::END_FOR => self.pop().map(drop),
            S::END_SEND => {
                let value = self.pop()?;
                self.pop()?;
                self.push(value)
            }
            S::COPY => {
                let value = self.peek(depth)?;
                self.push(value)
            }
            S::SWAP => self.exchange(depth),
            S::PUSH_NULL => self.push(Term::NULL),
            S::LOAD_CONST => self.push(Term::constant(arg)),
            S::LOAD_FAST => self.push(self.local(arg as u16)),
            S::LOAD_FAST_LOAD_FAST => {
                self.push(self.local(arg as u16 >> 4))?;
                self.push(self.local(arg as u16 & 15))
            }
            S::LOAD_FAST_AND_CLEAR => {
                self.push(self.local(arg as u16))?;
                self.write(arg as u16, Term::NULL);
                Ok(())
            }
            S::LOAD_FAST_CHECK => {
                let value = self.local(arg as u16);
                self.effect(R::CHECK_LOCAL, &[], vec![value]);
                self.push(value)
            }
            S::STORE_FAST => self.store(arg),
            S::STORE_FAST_STORE_FAST => {
                self.store(arg >> 4)?;
                self.store(arg & 15)
            }
            S::STORE_FAST_LOAD_FAST => {
                self.store(arg >> 4)?;
                self.push(self.local(arg as u16 & 15))
            }
            S::DELETE_FAST => self.change_local(R::DELETE_LOCAL, arg, |_| Term::NULL),
            S::MAKE_CELL => self.change_local(R::MAKE_CELL, arg, |n| Term::of(Origin::Result(n, 0))),
            S::COPY_FREE_VARS => {
                self.copy_free_vars(arg);
                Ok(())
            }
            S::LOAD_DEREF => self.on_cell(R::LOAD_DEREF, arg, &[], 0, 1),
            S::DELETE_DEREF => self.on_cell(R::DELETE_DEREF, arg, &[], 0, 0),
            S::STORE_DEREF => self.on_cell(R::STORE_DEREF, arg, &[1], 1, 0),
            S::LOAD_FROM_DICT_OR_DEREF => {
                let cell = self.local(arg as u16);
                let mapping = self.pop()?;
                let number = self.effect(R::LOAD_FROM_DICT_OR_DEREF, &[], vec![mapping, cell]);
                self.push(Term::of(Origin::Result(number, 0)))
            }

            S::LOAD_GLOBAL => {
                self.apply(R::LOAD_GLOBAL, &[arg >> 1], &[], 0, 1)?;
                if arg & 1 == 0 { Ok(()) } else { self.push(Term::NULL) }
            }
            S::LOAD_NAME => self.apply(R::LOAD_NAME, &[arg], &[], 0, 1),
            S::LOAD_FROM_DICT_OR_GLOBALS => self.apply(R::LOAD_FROM_DICT_OR_GLOBALS, &[arg], &[1], 1, 1),
            S::STORE_GLOBAL => self.apply(R::STORE_GLOBAL, &[arg], &[1], 1, 0),
            S::STORE_NAME => self.apply(R::STORE_NAME, &[arg], &[1], 1, 0),
            S::DELETE_GLOBAL => self.apply(R::DELETE_GLOBAL, &[arg], &[], 0, 0),
            S::DELETE_NAME => self.apply(R::DELETE_NAME, &[arg], &[], 0, 0),
            S::LOAD_LOCALS => self.apply(R::LOAD_LOCALS, &[], &[], 0, 1),
            S::LOAD_BUILD_CLASS => self.apply(R::LOAD_BUILD_CLASS, &[], &[], 0, 1),
            S::LOAD_ASSERTION_ERROR => self.apply(R::LOAD_ASSERTION_ERROR, &[], &[], 0, 1),
            S::SETUP_ANNOTATIONS => self.apply(R::SETUP_ANNOTATIONS, &[], &[], 0, 0),

            S::LOAD_ATTR if arg & 1 == 0 => self.apply(R::LOAD_ATTR, &[arg >> 1], &[1], 1, 1),
            S::LOAD_ATTR => self.apply(R::LOAD_METHOD, &[arg >> 1], &[1], 1, 2),
            S::STORE_ATTR => self.apply(R::STORE_ATTR, &[arg], &[1, 2], 2, 0),
            S::DELETE_ATTR => self.apply(R::DELETE_ATTR, &[arg], &[1], 1, 0),
            S::LOAD_SUPER_ATTR => {
                let op = if arg & 1 == 0 { R::LOAD_SUPER_ATTR } else { R::LOAD_SUPER_METHOD };
                self.apply(op, &[arg >> 2, arg & 3], &[3, 2, 1], 3, 1 + (arg & 1))
            }
            S::IMPORT_NAME => self.apply(R::IMPORT_NAME, &[arg], &[2, 1], 2, 1),
            S::IMPORT_FROM => self.apply(R::IMPORT_FROM, &[arg], &[1], 0, 1),

            S::UNARY_NOT => {
                let value = self.pop()?;
                self.push(value.negate())
            }
            S::TO_BOOL => self.apply(R::TO_BOOL, &[], &[1], 1, 1),
            S::UNARY_INVERT => self.apply(R::UNARY_INVERT, &[], &[1], 1, 1),
            S::UNARY_NEGATIVE => self.apply(R::UNARY_NEGATIVE, &[], &[1], 1, 1),
            S::GET_ITER => self.apply(R::GET_ITER, &[], &[1], 1, 1),
            S::GET_AITER => self.apply(R::GET_AITER, &[], &[1], 1, 1),
            S::GET_YIELD_FROM_ITER => self.apply(R::GET_YIELD_FROM_ITER, &[], &[1], 1, 1),
            S::GET_AWAITABLE => self.apply(R::GET_AWAITABLE, &[arg], &[1], 1, 1),
            S::FORMAT_SIMPLE => self.apply(R::FORMAT_SIMPLE, &[], &[1], 1, 1),
            S::FORMAT_WITH_SPEC => self.apply(R::FORMAT_WITH_SPEC, &[], &[2, 1], 2, 1),
            S::CONVERT_VALUE => self.apply(R::CONVERT_VALUE, &[arg], &[1], 1, 1),
            S::MAKE_FUNCTION => self.apply(R::MAKE_FUNCTION, &[], &[1], 1, 1),
            S::CALL_INTRINSIC_1 => self.apply(R::CALL_INTRINSIC_1, &[arg], &[1], 1, 1),
            S::CALL_INTRINSIC_2 => self.apply(R::CALL_INTRINSIC_2, &[arg], &[2, 1], 2, 1),
            S::BINARY_OP => {
                let op = operator(arg).ok_or_else(|| format!("offset {}: no such operator", instr.offset))?;
                self.apply(op, &[], &[2, 1], 2, 1)
            }
            S::COMPARE_OP => self.compare(arg),
            S::IS_OP => self.test(R::IS, arg != 0),
            S::CONTAINS_OP => self.test(R::CONTAINS, arg != 0),
            S::BINARY_SUBSCR => self.apply(R::BINARY_SUBSCR, &[], &[2, 1], 2, 1),
            S::BINARY_SLICE => self.apply(R::BINARY_SLICE, &[], &[3, 2, 1], 3, 1),
            S::STORE_SUBSCR => self.apply(R::STORE_SUBSCR, &[], &[2, 1, 3], 3, 0),
            S::STORE_SLICE => self.apply(R::STORE_SLICE, &[], &[3, 2, 1, 4], 4, 0),
            S::DELETE_SUBSCR => self.apply(R::DELETE_SUBSCR, &[], &[2, 1], 2, 0),
            S::BUILD_SLICE if arg == 3 => self.apply(R::BUILD_SLICE3, &[], &[3, 2, 1], 3, 1),
            S::BUILD_SLICE => self.apply(R::BUILD_SLICE, &[], &[2, 1], 2, 1),

            S::GET_ANEXT => self.apply(R::GET_ANEXT, &[], &[1], 0, 1),
            S::GET_LEN => self.apply(R::GET_LEN, &[], &[1], 0, 1),
            S::MATCH_MAPPING => self.apply(R::MATCH_MAPPING, &[], &[1], 0, 1),
            S::MATCH_SEQUENCE => self.apply(R::MATCH_SEQUENCE, &[], &[1], 0, 1),
            S::MATCH_KEYS => self.apply(R::MATCH_KEYS, &[], &[2, 1], 0, 1),
            S::MATCH_CLASS => self.apply(R::MATCH_CLASS, &[arg], &[3, 2, 1], 3, 1),

            S::BUILD_TUPLE => self.build(R::BUILD_TUPLE, depth),
            S::BUILD_LIST => self.build(R::BUILD_LIST, depth),
            S::BUILD_SET => self.build(R::BUILD_SET, depth),
            S::BUILD_STRING => self.build(R::BUILD_STRING, depth),
            S::BUILD_MAP => self.build(R::BUILD_MAP, depth.saturating_mul(2)),
            S::BUILD_CONST_KEY_MAP => {
                let keys = self.pop()?;
                let mut operands = vec![keys];
                operands.extend(self.pop_many(depth)?);
                self.push_result(R::BUILD_CONST_KEY_MAP, operands)
            }
            S::LIST_APPEND => self.apply(R::LIST_APPEND, &[], &[depth + 1, 1], 1, 0),
            S::LIST_EXTEND => self.apply(R::LIST_EXTEND, &[], &[depth + 1, 1], 1, 0),
            S::SET_ADD => self.apply(R::SET_ADD, &[], &[depth + 1, 1], 1, 0),
            S::SET_UPDATE => self.apply(R::SET_UPDATE, &[], &[depth + 1, 1], 1, 0),
            S::DICT_UPDATE => self.apply(R::DICT_UPDATE, &[], &[depth + 1, 1], 1, 0),
            S::DICT_MERGE => self.apply(R::DICT_MERGE, &[], &[depth + 1, 1, depth + 4], 1, 0),
            S::MAP_ADD => self.apply(R::MAP_ADD, &[], &[depth + 2, 2, 1], 2, 0),
            S::SET_FUNCTION_ATTRIBUTE => {
                let function = self.peek(1)?;
                self.apply(R::SET_FUNCTION_ATTRIBUTE, &[arg], &[1, 2], 2, 0)?;
                self.push(function)
            }
            S::UNPACK_SEQUENCE => self.unpack(R::UNPACK_SEQUENCE, &[arg], arg),
            S::UNPACK_EX => {
                let (before, after) = (arg & 0xFF, arg >> 8);
                self.unpack(R::UNPACK_EX, &[before, after], before + 1 + after)
            }

            S::CALL => {
                let operands = self.pop_many(depth + 2)?;
                self.push_result(R::CALL_SELF_N, operands)
            }
            S::CALL_KW => {
                let names = self.pop()?;
                let mut operands = self.pop_many(depth + 2)?;
                operands.insert(2, names);
                self.push_result(R::CALL_KW, operands)
            }
            S::CALL_FUNCTION_EX => {
                let keywords = if arg & 1 == 0 { Term::NULL } else { self.pop()? };
                let arguments = self.pop()?;
                self.pop()?;
                let callee = self.pop()?;
                self.push_result(R::CALL_EX, vec![callee, arguments, keywords])
            }

            S::RETURN_VALUE => {
                let value = self.pop()?;
                self.exit(R::RETURN, vec![value]);
                Ok(())
            }
            S::RETURN_CONST => {
                self.exit(R::RETURN, vec![Term::constant(arg)]);
                Ok(())
            }
            S::RETURN_GENERATOR => self.apply(R::RETURN_GENERATOR, &[], &[], 0, 1),
            S::YIELD_VALUE => self.apply(R::YIELD, &[arg], &[1], 1, 1),

            S::PUSH_EXC_INFO => {
                let exception = self.pop()?;
                self.push_result(R::PUSH_EXC_INFO, vec![exception])?;
                self.push(exception)
            }
            S::POP_EXCEPT => self.apply(R::POP_EXCEPT, &[], &[1], 1, 0),
            S::CHECK_EXC_MATCH => self.apply(R::CHECK_EXC_MATCH, &[], &[2, 1], 1, 1),
            S::CHECK_EG_MATCH => self.apply(R::CHECK_EG_MATCH, &[], &[2, 1], 2, 2),
            S::BEFORE_WITH => self.apply(R::BEFORE_WITH, &[], &[1], 1, 2),
            S::BEFORE_ASYNC_WITH => self.apply(R::BEFORE_ASYNC_WITH, &[], &[1], 1, 2),
            S::WITH_EXCEPT_START => self.apply(R::WITH_EXCEPT_START, &[], &[4, 1], 0, 1),
            S::END_ASYNC_FOR => self.apply(R::END_ASYNC_FOR, &[], &[1], 2, 0),
            S::CLEANUP_THROW => {
                let exception = self.peek(1)?;
                self.pop_many(3)?;
                self.push(Term::of(Origin::Dropped))?;
                self.push_result(R::CLEANUP_THROW, vec![exception])
            }
            S::RAISE_VARARGS => {
                let operands = self.pop_many(depth)?;
                let op = [R::RAISE0, R::RAISE1, R::RAISE2].get(depth).copied();
                self.exit(op.ok_or("RAISE_VARARGS takes at most two values")?, operands);
                Ok(())
            }
            S::RERAISE => {
                let exception = self.pop()?;
                let lasti = if depth == 0 { exception } else { self.peek(depth)? };
                self.exit(R::RERAISE, vec![exception, lasti]);
                Ok(())
            }
            op => Err(format!("offset {}: {op} has no meaning in a code object", instr.offset)),
        }
    }

    fn push(&mut self, term: Term) -> Stepped<()> {
        if self.stack.len() > usize::from(u16::MAX) {
            return Err("the stack form's operand stack is deeper than any frame".to_owned());
        }
        self.stack.push(term);
        Ok(())
    }

    fn push_result(&mut self, op: RegOp, operands: Vec<Term>) -> Stepped<()> {
        let number = self.effect(op, &[], operands);
        self.push(Term::of(Origin::Result(number, 0)))
    }

    fn build(&mut self, op: RegOp, count: usize) -> Stepped<()> {
        let operands = self.pop_many(count)?;
        self.push_result(op, operands)
    }

    fn store(&mut self, local: u32) -> Stepped<()> {
        let value = self.pop()?;
        self.write(local as u16, value);
        Ok(())
    }

    fn exchange(&mut self, position: usize) -> Stepped<()> {
        let top = self.stack.len();
        if position == 0 || position > top {
            return Err("the stack form's operand stack underflows".to_owned());
        }
        self.stack.swap(top - 1, top - position);
        Ok(())
    }

    fn change_local(&mut self, op: RegOp, local: u32, becomes: impl Fn(u32) -> Term) -> Stepped<()> {
        if local >= self.locals {
            return Err(format!("the stack form has no local {local}"));
        }
        let local = local as u16;
        let number = self.effect(op, &[], vec![self.local(local)]);
        self.after.push((local, becomes(number)));
        Ok(())
    }

    fn copy_free_vars(&mut self, count: u32) {
        let number = self.effect(RegOp::COPY_FREE_VARS, &[count], Vec::new());
        let first = self.locals.saturating_sub(count);
        for (index, local) in (first..self.locals).enumerate() {
            self.after.push((local as u16, Term::of(Origin::Result(number, index as u32))));
        }
    }

    /// An effect on the cell in a local and the values at these positions.
    fn on_cell(
        &mut self,
        op: RegOp,
        local: u32,
        positions: &[usize],
        pops: usize,
        pushes: u32,
    ) -> Stepped<()> {
        let mut operands = vec![self.local(local as u16)];
        for position in positions {
            operands.push(self.peek(*position)?);
        }
        self.pop_many(pops)?;
        let number = self.effect(op, &[], operands);
        if pushes == 0 { Ok(()) } else { self.push(Term::of(Origin::Result(number, 0))) }
    }

    /// A comparison, and the truth of its result if that is asked for.
    fn compare(&mut self, arg: u32) -> Stepped<()> {
        let ops = [RegOp::LT, RegOp::LE, RegOp::EQ, RegOp::NE, RegOp::GT, RegOp::GE];
        let op = ops.get(arg as usize >> 5).copied().ok_or("no such comparison")?;
        self.apply(op, &[], &[2, 1], 2, 1)?;
        if arg & 16 == 0 { Ok(()) } else { self.apply(RegOp::TO_BOOL, &[], &[1], 1, 1) }
    }

    /// A test that gives an exact bool, inverted or not.
    fn test(&mut self, op: RegOp, invert: bool) -> Stepped<()> {
        self.apply(op, &[], &[2, 1], 2, 1)?;
        let result = self.pop()?;
        self.push(result.inverted_if(invert))
    }

    /// The first item ends up on top.
    fn unpack(&mut self, op: RegOp, numbers: &[u32], count: u32) -> Stepped<()> {
        let sequence = self.pop()?;
        let number = self.effect(op, numbers, vec![sequence]);
        for index in (0..count).rev() {
            self.stack.push(Term::of(Origin::Result(number, index)));
        }
        Ok(())
    }
}

/// CPython numbers the operators as the register table orders them.
fn operator(arg: u32) -> Option<RegOp> {
    use RegOp::*;
    let plain = [
        ADD,
        AND,
        FLOOR_DIVIDE,
        LSHIFT,
        MATRIX_MULTIPLY,
        MULTIPLY,
        REMAINDER,
        OR,
        POWER,
        RSHIFT,
        SUBTRACT,
        TRUE_DIVIDE,
        XOR,
        INPLACE_ADD,
        INPLACE_AND,
        INPLACE_FLOOR_DIVIDE,
        INPLACE_LSHIFT,
        INPLACE_MATRIX_MULTIPLY,
        INPLACE_MULTIPLY,
        INPLACE_REMAINDER,
        INPLACE_OR,
        INPLACE_POWER,
        INPLACE_RSHIFT,
        INPLACE_SUBTRACT,
        INPLACE_TRUE_DIVIDE,
        INPLACE_XOR,
    ];
    plain.get(arg as usize).copied()
}
