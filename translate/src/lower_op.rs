//! What each wordcode instruction becomes.
//!
//! The first group of arms are renamings that emit nothing; then come the instructions in their shape's order: loads and
//! stores, plain operations by the number of values they pop, calls, containers, jumps, exceptions.

use bytecode::{RegOp, StackOp};

use crate::error::TranslateError;
use crate::ir::{Arg, List, MAX_ARGS};
use crate::lower::Lowering;

type Lowered = Result<(), TranslateError>;

/// Lowers the current instruction.
pub(crate) fn lower_instr(low: &mut Lowering<'_>) -> Lowered {
    use StackOp as S;
    let oparg = low.at.oparg;
    match low.at.op {
        S::NOP | S::RESUME => Ok(()),
        S::POP_TOP | S::END_FOR => low.pop().map(drop),
        S::COPY => low.copy(oparg),
        S::SWAP => low.swap(oparg),
        S::END_SEND => low.end_send(),
        S::PUSH_NULL => low.apply::<0>(RegOp::LOAD_NULL, &[]),

        S::LOAD_CONST => low.load_const(oparg),
        S::LOAD_FAST => low.load_fast(oparg),
        S::LOAD_FAST_CHECK => low.load_fast_check(oparg),
        S::LOAD_FAST_AND_CLEAR => low.load_fast_and_clear(oparg),
        S::LOAD_FAST_LOAD_FAST => low.load_fast(oparg >> 4).and_then(|()| low.load_fast(oparg & 15)),
        S::STORE_FAST => low.store_fast(oparg),
        S::STORE_FAST_LOAD_FAST => low.store_fast(oparg >> 4).and_then(|()| low.load_fast(oparg & 15)),
        S::STORE_FAST_STORE_FAST => low.store_fast(oparg >> 4).and_then(|()| low.store_fast(oparg & 15)),
        S::DELETE_FAST => low.on_local(RegOp::DELETE_LOCAL),
        S::MAKE_CELL => low.on_local(RegOp::MAKE_CELL),
        S::DELETE_DEREF => low.on_local(RegOp::DELETE_DEREF),
        S::COPY_FREE_VARS => low.copy_free_vars(oparg),
        S::LOAD_DEREF => low.load_deref(),
        S::STORE_DEREF => low.store_deref(),
        S::LOAD_FROM_DICT_OR_DEREF => low.load_from_dict_or_deref(),

        S::LOAD_GLOBAL => low.load_global(),
        S::LOAD_NAME => low.load_name(),
        S::LOAD_FROM_DICT_OR_GLOBALS => low.load_from_dict_or_globals(),
        S::STORE_GLOBAL => low.store_name(RegOp::STORE_GLOBAL),
        S::STORE_NAME => low.store_name(RegOp::STORE_NAME),
        S::DELETE_GLOBAL => low.delete_name(RegOp::DELETE_GLOBAL),
        S::DELETE_NAME => low.delete_name(RegOp::DELETE_NAME),
        S::LOAD_ATTR => low.load_attr(),
        S::STORE_ATTR => low.store_attr(),
        S::DELETE_ATTR => low.delete_attr(),
        S::LOAD_SUPER_ATTR => low.load_super_attr(),
        S::IMPORT_NAME => low.import_name(),
        S::IMPORT_FROM => low.import_from(),

        S::LOAD_LOCALS => low.apply::<0>(RegOp::LOAD_LOCALS, &[]),
        S::LOAD_BUILD_CLASS => low.apply::<0>(RegOp::LOAD_BUILD_CLASS, &[]),
        S::LOAD_ASSERTION_ERROR => low.apply::<0>(RegOp::LOAD_ASSERTION_ERROR, &[]),
        S::SETUP_ANNOTATIONS => low.consume::<0>(RegOp::SETUP_ANNOTATIONS, &[]),

        S::TO_BOOL => low.apply::<1>(RegOp::TO_BOOL, &[0]),
        S::UNARY_INVERT => low.apply::<1>(RegOp::UNARY_INVERT, &[0]),
        S::UNARY_NEGATIVE => low.apply::<1>(RegOp::UNARY_NEGATIVE, &[0]),
        S::UNARY_NOT => low.apply::<1>(RegOp::UNARY_NOT, &[0]),
        S::FORMAT_SIMPLE => low.apply::<1>(RegOp::FORMAT_SIMPLE, &[0]),
        S::GET_ITER => low.apply::<1>(RegOp::GET_ITER, &[0]),
        S::GET_YIELD_FROM_ITER => low.apply::<1>(RegOp::GET_YIELD_FROM_ITER, &[0]),
        S::GET_AITER => low.apply::<1>(RegOp::GET_AITER, &[0]),
        S::MAKE_FUNCTION => low.apply::<1>(RegOp::MAKE_FUNCTION, &[0]),
        S::GET_AWAITABLE => low.apply_with::<1>(RegOp::GET_AWAITABLE, &[0], oparg),
        S::CONVERT_VALUE => low.apply_with::<1>(RegOp::CONVERT_VALUE, &[0], oparg),
        S::CALL_INTRINSIC_1 => low.apply_with::<1>(RegOp::CALL_INTRINSIC_1, &[0], oparg),
        S::BINARY_OP => low.apply::<2>(low.binary_op(oparg)?, &[0, 1]),
        S::BINARY_SUBSCR => low.apply::<2>(RegOp::BINARY_SUBSCR, &[0, 1]),
        S::COMPARE_OP => low.apply::<2>(low.compare_op(oparg)?, &[0, 1]),
        S::CONTAINS_OP => low.apply::<2>(inverted(oparg, RegOp::CONTAINS, RegOp::NOT_CONTAINS), &[0, 1]),
        S::IS_OP => low.apply::<2>(inverted(oparg, RegOp::IS, RegOp::IS_NOT), &[0, 1]),
        S::FORMAT_WITH_SPEC => low.apply::<2>(RegOp::FORMAT_WITH_SPEC, &[0, 1]),
        S::CALL_INTRINSIC_2 => low.apply_with::<2>(RegOp::CALL_INTRINSIC_2, &[0, 1], oparg),
        S::BINARY_SLICE => low.apply::<3>(RegOp::BINARY_SLICE, &[0, 1, 2]),
        S::BUILD_SLICE if oparg == 3 => low.apply::<3>(RegOp::BUILD_SLICE3, &[0, 1, 2]),
        S::BUILD_SLICE => low.apply::<2>(RegOp::BUILD_SLICE, &[0, 1]),
        S::MATCH_CLASS => low.apply_with::<3>(RegOp::MATCH_CLASS, &[0, 1, 2], oparg),

        S::GET_ANEXT => low.peek_and_push::<1>(RegOp::GET_ANEXT),
        S::GET_LEN => low.peek_and_push::<1>(RegOp::GET_LEN),
        S::MATCH_MAPPING => low.peek_and_push::<1>(RegOp::MATCH_MAPPING),
        S::MATCH_SEQUENCE => low.peek_and_push::<1>(RegOp::MATCH_SEQUENCE),
        S::MATCH_KEYS => low.peek_and_push::<2>(RegOp::MATCH_KEYS),

        S::DELETE_SUBSCR => low.consume::<2>(RegOp::DELETE_SUBSCR, &[0, 1]),
        S::STORE_SUBSCR => low.consume::<3>(RegOp::STORE_SUBSCR, &[1, 2, 0]),
        S::STORE_SLICE => low.consume::<4>(RegOp::STORE_SLICE, &[1, 2, 3, 0]),

        S::BUILD_TUPLE => low.build(RegOp::BUILD_TUPLE, oparg),
        S::BUILD_LIST => low.build(RegOp::BUILD_LIST, oparg),
        S::BUILD_SET => low.build(RegOp::BUILD_SET, oparg),
        S::BUILD_STRING => low.build(RegOp::BUILD_STRING, oparg),
        S::BUILD_MAP => low.build(RegOp::BUILD_MAP, oparg.saturating_mul(2)),
        S::BUILD_CONST_KEY_MAP => low.build_const_key_map(oparg),
        S::LIST_APPEND => low.add_to::<1>(RegOp::LIST_APPEND, oparg),
        S::LIST_EXTEND => low.add_to::<1>(RegOp::LIST_EXTEND, oparg),
        S::SET_ADD => low.add_to::<1>(RegOp::SET_ADD, oparg),
        S::SET_UPDATE => low.add_to::<1>(RegOp::SET_UPDATE, oparg),
        S::DICT_UPDATE => low.add_to::<1>(RegOp::DICT_UPDATE, oparg),
        S::MAP_ADD => low.add_to::<2>(RegOp::MAP_ADD, oparg),
        S::DICT_MERGE => low.dict_merge(oparg),
        S::SET_FUNCTION_ATTRIBUTE => low.set_function_attribute(),
        S::UNPACK_SEQUENCE => low.unpack_sequence(oparg),
        S::UNPACK_EX => low.unpack_ex(oparg & 0xFF, oparg >> 8),

        S::CALL => low.call(oparg),
        S::CALL_KW => low.call_kw(oparg),
        S::CALL_FUNCTION_EX => low.call_function_ex(oparg & 1 != 0),

        S::RETURN_VALUE => low.consume::<1>(RegOp::RETURN, &[0]),
        S::RETURN_CONST => low.return_const(oparg),
        S::RETURN_GENERATOR => low.return_generator(),
        S::YIELD_VALUE => low.apply_with::<1>(RegOp::YIELD, &[0], oparg),
        S::SEND => low.send(),
        S::JUMP_FORWARD | S::JUMP_BACKWARD | S::JUMP_BACKWARD_NO_INTERRUPT => {
            low.end_with_jump(low.jump_target())
        }
        S::POP_JUMP_IF_TRUE => low.branch(RegOp::JUMP_IF_TRUE),
        S::POP_JUMP_IF_FALSE => low.branch(RegOp::JUMP_IF_FALSE),
        S::POP_JUMP_IF_NONE => low.branch(RegOp::JUMP_IF_NONE),
        S::POP_JUMP_IF_NOT_NONE => low.branch(RegOp::JUMP_IF_NOT_NONE),
        S::FOR_ITER => low.for_iter(),

        S::PUSH_EXC_INFO => low.push_exc_info(),
        S::POP_EXCEPT => low.consume::<1>(RegOp::POP_EXCEPT, &[0]),
        S::CHECK_EXC_MATCH => low.check_exc_match(),
        S::CHECK_EG_MATCH => low.apply_pair::<2>(RegOp::CHECK_EG_MATCH),
        S::BEFORE_WITH => low.apply_pair::<1>(RegOp::BEFORE_WITH),
        S::BEFORE_ASYNC_WITH => low.apply_pair::<1>(RegOp::BEFORE_ASYNC_WITH),
        S::WITH_EXCEPT_START => low.with_except_start(),
        S::CLEANUP_THROW => low.cleanup_throw(),
        S::END_ASYNC_FOR => low.consume::<2>(RegOp::END_ASYNC_FOR, &[1]),
        S::RAISE_VARARGS => low.raise(oparg),
        S::RERAISE => low.reraise(oparg),

        S::CACHE
        | S::RESERVED
        | S::EXTENDED_ARG
        | S::ENTER_EXECUTOR
        | S::EXIT_INIT_CHECK
        | S::INTERPRETER_EXIT => Err(TranslateError::Unsupported { offset: low.at.offset, op: low.at.op }),
    }
}

fn inverted(oparg: u32, plain: RegOp, inverse: RegOp) -> RegOp {
    if oparg == 0 { plain } else { inverse }
}

/// The short forms that most instructions share.
impl Lowering<'_> {
    pub(crate) fn bad_oparg(&self) -> TranslateError {
        TranslateError::BadOparg { offset: self.at.offset, op: self.at.op, oparg: self.at.oparg }
    }

    fn underflow(&self) -> TranslateError {
        TranslateError::Underflow { offset: self.at.offset }
    }

    pub(crate) fn pop(&mut self) -> Result<u32, TranslateError> {
        self.stack.pop().ok_or_else(|| self.underflow())
    }

    pub(crate) fn peek(&self, position: u32) -> Result<u32, TranslateError> {
        self.stack.peek(position).ok_or_else(|| self.underflow())
    }

    /// Pops as many values as the array has; the first is the lowest.
    fn pop_array<const N: usize>(&mut self) -> Result<[Arg; N], TranslateError> {
        let mut args = [Arg::NULL; N];
        for arg in args.iter_mut().rev() {
            *arg = Arg::reg(self.pop()?);
        }
        Ok(args)
    }

    /// Pops `count` values as an operand list; the first is the lowest.
    pub(crate) fn pop_list(&mut self, count: u32) -> Result<List, TranslateError> {
        let kept = self.stack.depth().checked_sub(count).ok_or_else(|| self.underflow())?;
        self.number(count)?;
        let slots = self.stack.slots()[kept as usize..].iter();
        let list = self.body.add_list(slots.map(|slot| Arg::reg(*slot)));
        for _ in 0..count {
            self.pop()?;
        }
        Ok(list)
    }

    /// Pushes a free register.
    pub(crate) fn push(&mut self) -> Arg {
        let register = self.stack.free(1);
        self.stack.push(register);
        Arg::reg(register)
    }

    /// A plain number as an operand of 16 bits.
    pub(crate) fn number(&self, value: u32) -> Result<Arg, TranslateError> {
        if value > u32::from(u16::MAX) {
            return Err(TranslateError::OperandTooLarge { offset: self.at.offset, value });
        }
        Ok(Arg::number(value))
    }

    /// Pushes the result of an operation that pops nothing.
    pub(crate) fn push_result(&mut self, op: RegOp, operands: &[Arg]) {
        let mut args = [Arg::NULL; 4];
        args[0] = self.push();
        args[1..=operands.len()].copy_from_slice(operands);
        self.emit(op, &args[..=operands.len()]);
    }

    /// Pops N values and pushes the result; `order` says which value stands at each operand.
    fn apply<const N: usize>(&mut self, op: RegOp, order: &[usize; N]) -> Lowered {
        let values = self.pop_array::<N>()?;
        let operands = order.map(|index| values[index]);
        self.push_result(op, &operands);
        Ok(())
    }

    /// The same with a plain number as the last operand.
    fn apply_with<const N: usize>(&mut self, op: RegOp, order: &[usize; N], last: u32) -> Lowered {
        let last = self.number(last)?;
        let values = self.pop_array::<N>()?;
        let mut args = [Arg::NULL; MAX_ARGS];
        args[0] = self.push();
        for (arg, index) in args[1..].iter_mut().zip(order) {
            *arg = values[*index];
        }
        args[N + 1] = last;
        self.emit(op, &args[..N + 2]);
        Ok(())
    }

    /// Pops N values and pushes two.
    fn apply_pair<const N: usize>(&mut self, op: RegOp) -> Lowered {
        let values = self.pop_array::<N>()?;
        let mut args = [Arg::NULL; MAX_ARGS];
        args[0] = self.push_pair();
        args[1..=N].copy_from_slice(&values);
        self.emit(op, &args[..=N]);
        Ok(())
    }

    /// Pushes two free registers in a row.
    pub(crate) fn push_pair(&mut self) -> Arg {
        let first = self.stack.free(2);
        self.stack.push(first);
        self.stack.push(first + 1);
        Arg::reg(first)
    }

    /// Pops N values for an instruction without result; `order` says which of them stands at each operand.
    fn consume<const N: usize>(&mut self, op: RegOp, order: &[usize]) -> Lowered {
        let values = self.pop_array::<N>()?;
        let mut args = [Arg::NULL; MAX_ARGS];
        for (arg, index) in args.iter_mut().zip(order) {
            *arg = values[*index];
        }
        self.emit(op, &args[..order.len()]);
        Ok(())
    }

    /// Reads the top N values and pushes the result.
    fn peek_and_push<const N: usize>(&mut self, op: RegOp) -> Lowered {
        let mut values = [Arg::NULL; N];
        for (position, value) in (1..).zip(values.iter_mut().rev()) {
            *value = Arg::reg(self.peek(position)?);
        }
        self.push_result(op, &values);
        Ok(())
    }

    /// Pops N values and adds them to the container that is then the `position`th from the top.
    fn add_to<const N: usize>(&mut self, op: RegOp, position: u32) -> Lowered {
        let values = self.pop_array::<N>()?;
        let mut args = [Arg::NULL; MAX_ARGS];
        args[0] = Arg::reg(self.peek(position)?);
        args[1..=N].copy_from_slice(&values);
        self.emit(op, &args[..=N]);
        Ok(())
    }

    /// Pops `count` values and pushes what is built of them.
    fn build(&mut self, op: RegOp, count: u32) -> Lowered {
        let list = self.pop_list(count)?;
        let dst = self.push();
        self.emit_list(op, &[dst, Arg::number(count)], list);
        Ok(())
    }
}
