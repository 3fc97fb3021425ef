//! Lowering of the instructions that are no plain operation: each takes its operands or leaves its result in a way of
//! its own.

use bytecode::{RegOp, StackOp};

use crate::error::TranslateError;
use crate::ir::Arg;
use crate::lower::Lowering;

type Lowered = Result<(), TranslateError>;

/// Greatest index of a constant that an operand can name.
pub(crate) const MAX_CONSTANT_OPERAND: u32 = 0x7FFF;

/// Renamings, locals, names.
impl Lowering<'_> {
    pub(crate) fn copy(&mut self, position: u32) -> Lowered {
        let source = self.peek(position)?;
        if self.renames {
            self.stack.push(source);
        } else {
            self.push_result(RegOp::MOVE, &[Arg::reg(source)]);
        }
        Ok(())
    }

    pub(crate) fn swap(&mut self, position: u32) -> Lowered {
        let (top, other) = (self.peek(1)?, self.peek(position)?);
        if self.renames || top == other {
            return self.stack.swap(position).ok_or_else(|| self.bad_oparg());
        }
        let scratch = self.stack.scratch();
        for (to, from) in [(scratch, top), (top, other), (other, scratch)] {
            self.emit(RegOp::MOVE, &[Arg::reg(to), Arg::reg(from)]);
        }
        Ok(())
    }

    pub(crate) fn end_send(&mut self) -> Lowered {
        let value = self.pop()?;
        self.pop()?;
        self.stack.push(value);
        Ok(())
    }

    fn push_null(&mut self) {
        self.push_result(RegOp::LOAD_NULL, &[]);
    }

    fn local(&self, index: u32) -> Result<Arg, TranslateError> {
        if index < self.body.locals { Ok(Arg::reg(index)) } else { Err(self.bad_oparg()) }
    }

    fn name(&self, index: u32) -> Result<Arg, TranslateError> {
        if index as usize >= self.code.names.len() {
            return Err(self.bad_oparg());
        }
        if index > u32::from(u16::MAX) {
            return Err(TranslateError::TooManyNames { offset: self.at.offset, index });
        }
        Ok(Arg::number(index))
    }

    pub(crate) fn load_const(&mut self, index: u32) -> Lowered {
        if index as usize >= self.code.consts.len() {
            return Err(self.bad_oparg());
        }
        self.push_result(RegOp::LOAD_CONST, &[Arg::number(index)]);
        Ok(())
    }

    pub(crate) fn load_fast(&mut self, local: u32) -> Lowered {
        let local = self.local(local)?;
        self.push_result(RegOp::MOVE, &[local]);
        Ok(())
    }

    pub(crate) fn load_fast_check(&mut self, local: u32) -> Lowered {
        let local = self.local(local)?;
        self.emit(RegOp::CHECK_LOCAL, &[local]);
        self.push_result(RegOp::MOVE, &[local]);
        Ok(())
    }

    pub(crate) fn load_fast_and_clear(&mut self, local: u32) -> Lowered {
        let local = self.local(local)?;
        self.push_result(RegOp::LOAD_FAST_AND_CLEAR, &[local]);
        Ok(())
    }

    pub(crate) fn store_fast(&mut self, local: u32) -> Lowered {
        let local = self.local(local)?;
        let value = self.pop()?;
        self.emit(RegOp::MOVE, &[local, Arg::reg(value)]);
        Ok(())
    }

    pub(crate) fn on_local(&mut self, op: RegOp) -> Lowered {
        let local = self.local(self.at.oparg)?;
        self.emit(op, &[local]);
        Ok(())
    }

    pub(crate) fn copy_free_vars(&mut self, count: u32) -> Lowered {
        if count > self.body.locals {
            return Err(self.bad_oparg());
        }
        let count = self.number(count)?;
        self.emit(RegOp::COPY_FREE_VARS, &[count]);
        Ok(())
    }

    pub(crate) fn load_deref(&mut self) -> Lowered {
        let cell = self.local(self.at.oparg)?;
        self.push_result(RegOp::LOAD_DEREF, &[cell]);
        Ok(())
    }

    pub(crate) fn store_deref(&mut self) -> Lowered {
        let cell = self.local(self.at.oparg)?;
        let value = self.pop()?;
        self.emit(RegOp::STORE_DEREF, &[cell, Arg::reg(value)]);
        Ok(())
    }

    pub(crate) fn load_from_dict_or_deref(&mut self) -> Lowered {
        let cell = self.local(self.at.oparg)?;
        let mapping = Arg::reg(self.pop()?);
        self.push_result(RegOp::LOAD_FROM_DICT_OR_DEREF, &[mapping, cell]);
        Ok(())
    }

    pub(crate) fn load_global(&mut self) -> Lowered {
        let name = self.name(self.at.oparg >> 1)?;
        self.push_result(RegOp::LOAD_GLOBAL, &[name]);
        if self.at.oparg & 1 != 0 {
            self.push_null();
        }
        Ok(())
    }

    pub(crate) fn load_name(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        self.push_result(RegOp::LOAD_NAME, &[name]);
        Ok(())
    }

    pub(crate) fn load_from_dict_or_globals(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let mapping = Arg::reg(self.pop()?);
        self.push_result(RegOp::LOAD_FROM_DICT_OR_GLOBALS, &[mapping, name]);
        Ok(())
    }

    pub(crate) fn store_name(&mut self, op: RegOp) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let value = self.pop()?;
        self.emit(op, &[name, Arg::reg(value)]);
        Ok(())
    }

    pub(crate) fn delete_name(&mut self, op: RegOp) -> Lowered {
        let name = self.name(self.at.oparg)?;
        self.emit(op, &[name]);
        Ok(())
    }

    pub(crate) fn load_attr(&mut self) -> Lowered {
        let name = self.name(self.at.oparg >> 1)?;
        let object = Arg::reg(self.pop()?);
        if self.at.oparg & 1 == 0 {
            self.push_result(RegOp::LOAD_ATTR, &[object, name]);
            return Ok(());
        }
        let pair = self.push_pair();
        self.emit(RegOp::LOAD_METHOD, &[pair, object, name]);
        Ok(())
    }

    pub(crate) fn store_attr(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let object = Arg::reg(self.pop()?);
        let value = Arg::reg(self.pop()?);
        self.emit(RegOp::STORE_ATTR, &[object, name, value]);
        Ok(())
    }

    pub(crate) fn delete_attr(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let object = Arg::reg(self.pop()?);
        self.emit(RegOp::DELETE_ATTR, &[object, name]);
        Ok(())
    }

    pub(crate) fn load_super_attr(&mut self) -> Lowered {
        let oparg = self.at.oparg;
        let name = self.name(oparg >> 2)?;
        let instance = Arg::reg(self.pop()?);
        let class = Arg::reg(self.pop()?);
        let super_type = Arg::reg(self.pop()?);
        let is_method = oparg & 1 != 0;
        let op = if is_method { RegOp::LOAD_SUPER_METHOD } else { RegOp::LOAD_SUPER_ATTR };
        let dst = if is_method { self.push_pair() } else { self.push() };
        self.emit(op, &[dst, super_type, name, class, instance, Arg::number(oparg & 3)]);
        Ok(())
    }

    pub(crate) fn import_name(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let fromlist = Arg::reg(self.pop()?);
        let level = Arg::reg(self.pop()?);
        self.push_result(RegOp::IMPORT_NAME, &[level, fromlist, name]);
        Ok(())
    }

    pub(crate) fn import_from(&mut self) -> Lowered {
        let name = self.name(self.at.oparg)?;
        let module = Arg::reg(self.peek(1)?);
        self.push_result(RegOp::IMPORT_FROM, &[module, name]);
        Ok(())
    }
}

/// Operators, containers, calls.
impl Lowering<'_> {
    pub(crate) fn binary_op(&self, oparg: u32) -> Result<RegOp, TranslateError> {
        let number = RegOp::ADD as u32 + oparg;
        let known = oparg <= RegOp::INPLACE_XOR as u32 - RegOp::ADD as u32;
        RegOp::from_number(number as u16).filter(|_| known).ok_or_else(|| self.bad_oparg())
    }

    pub(crate) fn compare_op(&self, oparg: u32) -> Result<RegOp, TranslateError> {
        let first = if oparg & 16 == 0 { RegOp::LT } else { RegOp::LT_BOOL };
        let kind = oparg >> 5;
        RegOp::from_number(first as u16 + kind as u16).filter(|_| kind < 6).ok_or_else(|| self.bad_oparg())
    }

    pub(crate) fn build_const_key_map(&mut self, count: u32) -> Lowered {
        let keys = Arg::reg(self.pop()?);
        let list = self.pop_list(count)?;
        let dst = self.push();
        self.emit_list(RegOp::BUILD_CONST_KEY_MAP, &[dst, keys, Arg::number(count)], list);
        Ok(())
    }

    pub(crate) fn dict_merge(&mut self, position: u32) -> Lowered {
        let mapping = Arg::reg(self.pop()?);
        let dict = Arg::reg(self.peek(position)?);
        let callee = Arg::reg(self.peek(position.saturating_add(3))?);
        self.emit(RegOp::DICT_MERGE, &[dict, mapping, callee]);
        Ok(())
    }

    pub(crate) fn set_function_attribute(&mut self) -> Lowered {
        let attribute = self.number(self.at.oparg)?;
        let function = self.pop()?;
        let value = Arg::reg(self.pop()?);
        self.emit(RegOp::SET_FUNCTION_ATTRIBUTE, &[Arg::reg(function), value, attribute]);
        self.stack.push(function);
        Ok(())
    }

    /// Item 0 is on top of the stack, and in the lowest register of the window.
    pub(crate) fn unpack_sequence(&mut self, count: u32) -> Lowered {
        let sequence = Arg::reg(self.pop()?);
        let first = self.push_window(count)?;
        self.emit(RegOp::UNPACK_SEQUENCE, &[first, sequence, Arg::number(count)]);
        Ok(())
    }

    pub(crate) fn unpack_ex(&mut self, before: u32, after: u32) -> Lowered {
        let sequence = Arg::reg(self.pop()?);
        let first = self.push_window(before + 1 + after)?;
        self.emit(RegOp::UNPACK_EX, &[first, sequence, Arg::number(before), Arg::number(after)]);
        Ok(())
    }

    fn push_window(&mut self, count: u32) -> Result<Arg, TranslateError> {
        let count = self.number(count)?.to_number();
        let first = self.stack.free(count);
        for register in (first..first + count).rev() {
            self.stack.push(register);
        }
        Ok(Arg::reg(first))
    }

    pub(crate) fn call(&mut self, argc: u32) -> Lowered {
        let list = self.pop_list(argc)?;
        let self_or_null = Arg::reg(self.pop()?);
        let callee = Arg::reg(self.pop()?);
        let dst = self.push();
        self.emit_list(RegOp::CALL_SELF_N, &[dst, callee, self_or_null, Arg::number(argc)], list);
        Ok(())
    }

    pub(crate) fn call_kw(&mut self, argc: u32) -> Lowered {
        let names = Arg::reg(self.pop()?);
        let list = self.pop_list(argc)?;
        let self_or_null = Arg::reg(self.pop()?);
        let callee = Arg::reg(self.pop()?);
        let dst = self.push();
        self.emit_list(RegOp::CALL_KW, &[dst, callee, self_or_null, names, Arg::number(argc)], list);
        Ok(())
    }

    pub(crate) fn call_function_ex(&mut self, has_keywords: bool) -> Lowered {
        if !has_keywords {
            self.push_null();
        }
        let keywords = Arg::reg(self.pop()?);
        let arguments = Arg::reg(self.pop()?);
        self.pop()?;
        let callee = Arg::reg(self.pop()?);
        self.push_result(RegOp::CALL_EX, &[callee, arguments, keywords]);
        Ok(())
    }
}

/// Flow of control, generators, exceptions.
impl Lowering<'_> {
    pub(crate) fn return_const(&mut self, index: u32) -> Lowered {
        if index > MAX_CONSTANT_OPERAND {
            self.load_const(index)?;
            let value = self.pop()?;
            self.emit(RegOp::RETURN, &[Arg::reg(value)]);
        } else if (index as usize) < self.code.consts.len() {
            self.emit(RegOp::RETURN, &[Arg::constant(index)]);
        } else {
            return Err(self.bad_oparg());
        }
        Ok(())
    }

    /// The value first sent is None and popped at once, so no register gets it.
    pub(crate) fn return_generator(&mut self) -> Lowered {
        if self.next_op() != Some(StackOp::POP_TOP) {
            return Err(TranslateError::Unsupported { offset: self.at.offset, op: self.at.op });
        }
        self.emit(RegOp::RETURN_GENERATOR, &[]);
        self.push();
        Ok(())
    }

    /// A conditional jump on the top value.
    pub(crate) fn branch(&mut self, op: RegOp) -> Lowered {
        let mut condition = self.pop()?;
        let target = self.jump_target();
        self.settle_for(&[target, self.following()], Some(&mut condition));
        self.flow_to(target)?;
        self.flow_to(self.following())?;
        self.emit(op, &[Arg::reg(condition), Arg::block(target)]);
        self.end_with_branch();
        Ok(())
    }

    /// At the taken edge the slot of the item holds nothing; `END_FOR` pops it there.
    pub(crate) fn for_iter(&mut self) -> Lowered {
        let target = self.jump_target();
        self.peek(1)?;
        self.settle_for(&[target, self.following()], None);
        let iterator = Arg::reg(self.peek(1)?);
        let dst = self.push();
        self.flow_to(target)?;
        self.flow_to(self.following())?;
        self.emit(RegOp::FOR_ITER, &[dst, iterator, Arg::block(target)]);
        self.end_with_branch();
        Ok(())
    }

    pub(crate) fn send(&mut self) -> Lowered {
        let target = self.jump_target();
        let mut value = self.pop()?;
        self.peek(1)?;
        self.settle_for(&[target, self.following()], Some(&mut value));
        let receiver = Arg::reg(self.peek(1)?);
        let dst = self.push();
        self.flow_to(target)?;
        self.flow_to(self.following())?;
        self.emit(RegOp::SEND, &[dst, receiver, Arg::reg(value), Arg::block(target)]);
        self.end_with_branch();
        Ok(())
    }

    /// The exception must lie in the first of two registers in a row.
    pub(crate) fn push_exc_info(&mut self) -> Lowered {
        let exception = self.pop()?;
        let pair = self.push_pair();
        if pair != Arg::reg(exception) {
            self.emit(RegOp::MOVE, &[pair, Arg::reg(exception)]);
        }
        self.emit(RegOp::PUSH_EXC_INFO, &[pair]);
        Ok(())
    }

    pub(crate) fn check_exc_match(&mut self) -> Lowered {
        let match_type = Arg::reg(self.pop()?);
        let exception = Arg::reg(self.peek(1)?);
        self.push_result(RegOp::CHECK_EXC_MATCH, &[exception, match_type]);
        Ok(())
    }

    pub(crate) fn with_except_start(&mut self) -> Lowered {
        let exit = Arg::reg(self.peek(4)?);
        let exception = Arg::reg(self.peek(1)?);
        self.push_result(RegOp::WITH_EXCEPT_START, &[exit, exception]);
        Ok(())
    }

    /// Where the stack form leaves None for `END_SEND` to drop, this leaves NULL.
    pub(crate) fn cleanup_throw(&mut self) -> Lowered {
        let exception = self.pop()?;
        self.pop()?;
        self.pop()?;
        self.push_null();
        self.push_result(RegOp::CLEANUP_THROW, &[Arg::reg(exception)]);
        Ok(())
    }

    pub(crate) fn raise(&mut self, argc: u32) -> Lowered {
        match argc {
            0 => self.emit(RegOp::RAISE0, &[]),
            1 => {
                let exception = self.pop()?;
                self.emit(RegOp::RAISE1, &[Arg::reg(exception)]);
            }
            2 => {
                let cause = self.pop()?;
                let exception = self.pop()?;
                self.emit(RegOp::RAISE2, &[Arg::reg(exception), Arg::reg(cause)]);
            }
            _ => return Err(self.bad_oparg()),
        }
        Ok(())
    }

    /// Without `lasti` the operand names the exception itself.
    pub(crate) fn reraise(&mut self, depth: u32) -> Lowered {
        let exception = self.pop()?;
        let lasti = if depth == 0 { exception } else { self.peek(depth)? };
        self.emit(RegOp::RERAISE, &[Arg::reg(exception), Arg::reg(lasti)]);
        Ok(())
    }
}
