//! The register instruction set: one table, from which the enumeration, decoding, dumping, def/use sets and the
//! machine's dispatch table come.
//!
//! An instruction is a 64-bit word `op16 a16 b16 c16` (op in the low bits), then its extension words: at most one of
//! fixed operands (`d16 e16 f16 g16`), then the operand list (four a word), then cache words, which the machine fills
//! in its own copy.
//! An operand that may be a register or a constant ("RK") is a signed 16-bit number: `r >= 0` is register `r`, a
//! negative one is constant `-1 - r` of the const pool.
//!
//! A row reads `NAME (operands a, b, c) [operands d, e, f, g] list caches`; `Const32` and `Target32` take b and c
//! together. The list column is 0 (none), 1 (`count` Use operands) or 2 (`count` Def operands).

#![allow(clippy::doc_markdown, reason = "a row's line is a formula, printed as it stands")]

/// Hands the whole register instruction table to the macro `$m`.
#[macro_export]
macro_rules! for_each_reg_op {
    ($m:ident) => {
        $m! {
        // Moves, constants, locals and cells.
            /// dst = src (counts as a move).
            MOVE (dst: Def, src: Reg) [] 0 0;
            /// dst = constant.
            LOAD_CONST (dst: Def, value: Const32) [] 0 0;
            /// dst = NULL (the absent self, an unbound slot).
            LOAD_NULL (dst: Def) [] 0 0;
            /// Raises UnboundLocalError if local is unbound.
            CHECK_LOCAL (local: Reg) [] 0 0;
            /// dst = local (bound or not); local becomes unbound.
            LOAD_FAST_AND_CLEAR (dst: Def, local: RegDef) [] 0 0;
            /// local becomes unbound; raises UnboundLocalError if it was already.
            DELETE_LOCAL (local: RegDef) [] 0 0;
            /// local = new cell holding local's value, which may be unbound.
            MAKE_CELL (local: RegDef) [] 0 0;
            /// Copies the running function's closure cells to the last `count` slots of localsplus.
            COPY_FREE_VARS (count: Count) [] 0 0;
            /// dst = contents of cell; NameError if empty.
            LOAD_DEREF (dst: Def, cell: Reg) [] 0 0;
            /// contents of cell = value.
            STORE_DEREF (cell: Reg, value: Use) [] 0 0;
            /// Empties cell; NameError if it was empty.
            DELETE_DEREF (cell: Reg) [] 0 0;
            /// dst = mapping[name of cell] or else contents of cell.
            LOAD_FROM_DICT_OR_DEREF (dst: Def, mapping: Reg, cell: Reg) [] 0 0;
        // Names.
            /// dst = globals[name] or else builtins[name]; NameError.
            LOAD_GLOBAL (dst: Def, name: Name) [] 0 1;
            /// globals[name] = value.
            STORE_GLOBAL (name: Name, value: Use) [] 0 0;
            /// del globals[name].
            DELETE_GLOBAL (name: Name) [] 0 0;
            /// dst = locals, globals or builtins [name]; NameError.
            LOAD_NAME (dst: Def, name: Name) [] 0 0;
            /// locals[name] = value.
            STORE_NAME (name: Name, value: Use) [] 0 0;
            /// del locals[name].
            DELETE_NAME (name: Name) [] 0 0;
            /// dst = mapping[name] or else globals, builtins [name].
            LOAD_FROM_DICT_OR_GLOBALS (dst: Def, mapping: Reg, name: Name) [] 0 0;
            /// dst = the frame's locals mapping.
            LOAD_LOCALS (dst: Def) [] 0 0;
            /// dst = builtins.__build_class__.
            LOAD_BUILD_CLASS (dst: Def) [] 0 0;
            /// dst = AssertionError.
            LOAD_ASSERTION_ERROR (dst: Def) [] 0 0;
            /// Makes `__annotations__` in the frame's locals if absent.
            SETUP_ANNOTATIONS () [] 0 0;
        // Attributes.
            /// dst = object.name.
            LOAD_ATTR (dst: Def, object: Use, name: Name) [] 0 2;
            /// dst, dst+1 = method of object and object, or object.name and NULL.
            LOAD_METHOD (dst: DefPair, object: Use, name: Name) [] 0 2;
            /// object.name = value.
            STORE_ATTR (object: Use, name: Name, value: Use) [] 0 1;
            /// del object.name.
            DELETE_ATTR (object: Use, name: Name) [] 0 0;
            /// dst = super(class, self).name, or super_type(class, self).name if super_type is not builtins.super; flag bit 1: two-argument form.
            LOAD_SUPER_ATTR (dst: Def, super_type: Reg, name: Name) [class: Use, self_: Use, flags: Imm] 0 0;
            /// The same, as method and self or attribute and NULL.
            LOAD_SUPER_METHOD (dst: DefPair, super_type: Reg, name: Name) [class: Use, self_: Use, flags: Imm] 0 0;
        // Items and slices.
            /// dst = container[key].
            BINARY_SUBSCR (dst: Def, container: Use, key: Use) [] 0 0;
            /// container[key] = value.
            STORE_SUBSCR (container: Use, key: Use, value: Use) [] 0 0;
            /// del container[key].
            DELETE_SUBSCR (container: Use, key: Use) [] 0 0;
            /// dst = container[start:stop].
            BINARY_SLICE (dst: Def, container: Use, start: Use) [stop: Use] 0 0;
            /// container[start:stop] = value.
            STORE_SLICE (container: Use, start: Use, stop: Use) [value: Use] 0 0;
            /// dst = slice(start, stop).
            BUILD_SLICE (dst: Def, start: Use, stop: Use) [] 0 0;
            /// dst = slice(start, stop, step).
            BUILD_SLICE3 (dst: Def, start: Use, stop: Use) [step: Use] 0 0;
        // Operators.
            /// dst = lhs + rhs.
            ADD (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs & rhs.
            AND (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs // rhs.
            FLOOR_DIVIDE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs << rhs.
            LSHIFT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs @ rhs.
            MATRIX_MULTIPLY (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs * rhs.
            MULTIPLY (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs % rhs.
            REMAINDER (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs | rhs.
            OR (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs ** rhs.
            POWER (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs >> rhs.
            RSHIFT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs - rhs.
            SUBTRACT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs / rhs.
            TRUE_DIVIDE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs ^ rhs.
            XOR (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst += rhs.
            INPLACE_ADD (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst &= rhs.
            INPLACE_AND (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst //= rhs.
            INPLACE_FLOOR_DIVIDE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst <<= rhs.
            INPLACE_LSHIFT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst @= rhs.
            INPLACE_MATRIX_MULTIPLY (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst *= rhs.
            INPLACE_MULTIPLY (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst %= rhs.
            INPLACE_REMAINDER (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst |= rhs.
            INPLACE_OR (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst **= rhs.
            INPLACE_POWER (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst >>= rhs.
            INPLACE_RSHIFT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst -= rhs.
            INPLACE_SUBTRACT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst /= rhs.
            INPLACE_TRUE_DIVIDE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs; dst ^= rhs.
            INPLACE_XOR (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = -value.
            UNARY_NEGATIVE (dst: Def, value: Use) [] 0 0;
            /// dst = ~value.
            UNARY_INVERT (dst: Def, value: Use) [] 0 0;
            /// dst = not value, value an exact bool.
            UNARY_NOT (dst: Def, value: Use) [] 0 0;
            /// dst = bool(value).
            TO_BOOL (dst: Def, value: Use) [] 0 0;
            /// dst = not value, by truth.
            TO_BOOL_NOT (dst: Def, value: Use) [] 0 0;
            /// dst = lhs < rhs.
            LT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs <= rhs.
            LE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs == rhs.
            EQ (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs != rhs.
            NE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs > rhs.
            GT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs >= rhs.
            GE (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs < rhs).
            LT_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs <= rhs).
            LE_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs == rhs).
            EQ_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs != rhs).
            NE_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs > rhs).
            GT_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = bool(lhs >= rhs).
            GE_BOOL (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs is rhs.
            IS (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = lhs is not rhs.
            IS_NOT (dst: Def, lhs: Use, rhs: Use) [] 0 0;
            /// dst = item in container.
            CONTAINS (dst: Def, item: Use, container: Use) [] 0 0;
            /// dst = item not in container.
            NOT_CONTAINS (dst: Def, item: Use, container: Use) [] 0 0;
        // Jumps. Targets count words from the end of the instruction, extension words included; a negative one is a loop's back edge and a safepoint.
            /// Jumps.
            JUMP (target: Target32) [] 0 0;
            /// Jumps if value, an exact bool, is True.
            JUMP_IF_TRUE (value: Use, target: Target32) [] 0 0;
            /// Jumps if value, an exact bool, is False.
            JUMP_IF_FALSE (value: Use, target: Target32) [] 0 0;
            /// Jumps if bool(value).
            JUMP_IF_TRUTHY (value: Use, target: Target32) [] 0 0;
            /// Jumps if not bool(value).
            JUMP_IF_FALSY (value: Use, target: Target32) [] 0 0;
            /// Jumps if value is None.
            JUMP_IF_NONE (value: Use, target: Target32) [] 0 0;
            /// Jumps if value is not None.
            JUMP_IF_NOT_NONE (value: Use, target: Target32) [] 0 0;
            /// Jumps if bool(lhs < rhs).
            JUMP_IF_LT (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if bool(lhs <= rhs).
            JUMP_IF_LE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if bool(lhs == rhs).
            JUMP_IF_EQ (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if bool(lhs != rhs).
            JUMP_IF_NE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if bool(lhs > rhs).
            JUMP_IF_GT (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if bool(lhs >= rhs).
            JUMP_IF_GE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs < rhs).
            JUMP_IF_NOT_LT (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs <= rhs).
            JUMP_IF_NOT_LE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs == rhs).
            JUMP_IF_NOT_EQ (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs != rhs).
            JUMP_IF_NOT_NE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs > rhs).
            JUMP_IF_NOT_GT (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if not bool(lhs >= rhs).
            JUMP_IF_NOT_GE (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if lhs is rhs.
            JUMP_IF_IS (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if lhs is not rhs.
            JUMP_IF_IS_NOT (lhs: Use, rhs: Use, target: Target) [] 0 0;
            /// Jumps if item in container.
            JUMP_IF_CONTAINS (item: Use, container: Use, target: Target) [] 0 0;
            /// Jumps if item not in container.
            JUMP_IF_NOT_CONTAINS (item: Use, container: Use, target: Target) [] 0 0;
        // Iteration.
            /// dst = iter(iterable).
            GET_ITER (dst: Def, iterable: Use) [] 0 0;
            /// dst = next(iterator); jumps when it is exhausted (dst then keeps its value).
            FOR_ITER (dst: Def, iterator: Reg, target: Target) [] 0 0;
            /// dst = next(iterator) and jumps (back, to the body); goes on behind when it is exhausted.
            FOR_LOOP (dst: Def, iterator: Reg, target: Target) [] 0 0;
            /// dst = iterable if it is a generator or coroutine, else iter(iterable), as `yield from` wants it.
            GET_YIELD_FROM_ITER (dst: Def, iterable: Use) [] 0 0;
            /// dst = awaitable's iterator; `where` 1 and 2: the awaitable comes from __aenter__, __aexit__.
            GET_AWAITABLE (dst: Def, awaitable: Use, where_: Imm) [] 0 0;
            /// dst = aiter(iterable).
            GET_AITER (dst: Def, iterable: Use) [] 0 0;
            /// dst = awaitable of anext(iterator).
            GET_ANEXT (dst: Def, iterator: Reg) [] 0 0;
            /// Ends `async for` on StopAsyncIteration, else raises exception again.
            END_ASYNC_FOR (exception: Reg) [] 0 0;
            /// dst = receiver.send(value); when it returns, dst = its value and jumps.
            SEND (dst: Def, receiver: Reg, value: Use) [target: Target] 0 0;
            /// If exception is StopIteration then dst = its value, else raises it again.
            CLEANUP_THROW (dst: Def, exception: Reg) [] 0 0;
        // Calls. Operands may be any register or constant.
            /// dst = callee() with 0 arguments.
            CALL0 (dst: Def, callee: Use) [] 0 0;
            /// dst = callee() with 1 arguments.
            CALL1 (dst: Def, callee: Use, arg0: Use) [] 0 0;
            /// dst = callee() with 2 arguments.
            CALL2 (dst: Def, callee: Use, arg0: Use) [arg1: Use] 0 0;
            /// dst = callee() with 3 arguments.
            CALL3 (dst: Def, callee: Use, arg0: Use) [arg1: Use, arg2: Use] 0 0;
            /// dst = callee() with 4 arguments.
            CALL4 (dst: Def, callee: Use, arg0: Use) [arg1: Use, arg2: Use, arg3: Use] 0 0;
            /// dst = callee(arguments…).
            CALL_N (dst: Def, callee: Use, count: Count) [] 1 0;
            /// dst = callee(self, …), or callee(…) if self_or_null is NULL; 0 arguments besides.
            CALL_SELF0 (dst: Def, callee: Use, self_or_null: Use) [] 0 0;
            /// dst = callee(self, …), or callee(…) if self_or_null is NULL; 1 arguments besides.
            CALL_SELF1 (dst: Def, callee: Use, self_or_null: Use) [arg0: Use] 0 0;
            /// dst = callee(self, …), or callee(…) if self_or_null is NULL; 2 arguments besides.
            CALL_SELF2 (dst: Def, callee: Use, self_or_null: Use) [arg0: Use, arg1: Use] 0 0;
            /// dst = callee(self, …), or callee(…) if self_or_null is NULL; 3 arguments besides.
            CALL_SELF3 (dst: Def, callee: Use, self_or_null: Use) [arg0: Use, arg1: Use, arg2: Use] 0 0;
            /// dst = callee(self, …), or callee(…) if self_or_null is NULL; 4 arguments besides.
            CALL_SELF4 (dst: Def, callee: Use, self_or_null: Use) [arg0: Use, arg1: Use, arg2: Use, arg3: Use] 0 0;
            /// The same with an argument list.
            CALL_SELF_N (dst: Def, callee: Use, self_or_null: Use) [count: Count] 1 0;
            /// dst = globals[name](…) with 0 arguments.
            CALL_GLOBAL0 (dst: Def, name: Name) [] 0 1;
            /// dst = globals[name](…) with 1 arguments.
            CALL_GLOBAL1 (dst: Def, name: Name, arg0: Use) [] 0 1;
            /// dst = globals[name](…) with 2 arguments.
            CALL_GLOBAL2 (dst: Def, name: Name, arg0: Use) [arg1: Use] 0 1;
            /// dst = globals[name](…) with 3 arguments.
            CALL_GLOBAL3 (dst: Def, name: Name, arg0: Use) [arg1: Use, arg2: Use] 0 1;
            /// dst = globals[name](…) with 4 arguments.
            CALL_GLOBAL4 (dst: Def, name: Name, arg0: Use) [arg1: Use, arg2: Use, arg3: Use] 0 1;
            /// dst = globals[name](arguments…).
            CALL_GLOBAL_N (dst: Def, name: Name, count: Count) [] 1 1;
            /// dst = object.name(…) with 0 arguments.
            CALL_METHOD0 (dst: Def, object: Use, name: Name) [] 0 2;
            /// dst = object.name(…) with 1 arguments.
            CALL_METHOD1 (dst: Def, object: Use, name: Name) [arg0: Use] 0 2;
            /// dst = object.name(…) with 2 arguments.
            CALL_METHOD2 (dst: Def, object: Use, name: Name) [arg0: Use, arg1: Use] 0 2;
            /// dst = object.name(…) with 3 arguments.
            CALL_METHOD3 (dst: Def, object: Use, name: Name) [arg0: Use, arg1: Use, arg2: Use] 0 2;
            /// dst = object.name(…) with 4 arguments.
            CALL_METHOD4 (dst: Def, object: Use, name: Name) [arg0: Use, arg1: Use, arg2: Use, arg3: Use] 0 2;
            /// dst = object.name(arguments…).
            CALL_METHOD_N (dst: Def, object: Use, name: Name) [count: Count] 1 2;
            /// dst = callee(self?, arguments…); the last of them are keyword arguments, named by the tuple names.
            CALL_KW (dst: Def, callee: Use, self_or_null: Use) [names: Use, count: Count] 1 0;
            /// dst = callee(*arguments, **keywords); keywords may be NULL.
            CALL_EX (dst: Def, callee: Use, arguments: Use) [keywords: Use] 0 0;
            /// dst = intrinsic function of CALL_INTRINSIC_1, applied.
            CALL_INTRINSIC_1 (dst: Def, value: Use, function: Imm) [] 0 0;
            /// dst = intrinsic function of CALL_INTRINSIC_2, applied.
            CALL_INTRINSIC_2 (dst: Def, first: Use, second: Use) [function: Imm] 0 0;
            /// Returns value.
            RETURN (value: Use) [] 0 0;
            /// Makes the generator, coroutine or async generator of this frame and returns it; resumes behind.
            RETURN_GENERATOR () [] 0 0;
            /// Yields value; when resumed dst = the value sent. kind: 0 yield, 1 inside `yield from` or `await`.
            YIELD (dst: Def, value: Use, kind: Imm) [] 0 0;
        // Building.
            /// dst = new tuple of the list's operands.
            BUILD_TUPLE (dst: Def, count: Count) [] 1 0;
            /// dst = new list of the list's operands.
            BUILD_LIST (dst: Def, count: Count) [] 1 0;
            /// dst = new set of the list's operands.
            BUILD_SET (dst: Def, count: Count) [] 1 0;
            /// dst = the operands, all str, joined.
            BUILD_STRING (dst: Def, count: Count) [] 1 0;
            /// dst = new dict of count operands: key, value, key, value…
            BUILD_MAP (dst: Def, count: Count) [] 1 0;
            /// dst = new dict of the keys tuple and the operands as values.
            BUILD_CONST_KEY_MAP (dst: Def, keys: Use, count: Count) [] 1 0;
            /// Appends value to list.
            LIST_APPEND (list: Reg, value: Use) [] 0 0;
            /// Adds value to set.
            SET_ADD (set: Reg, value: Use) [] 0 0;
            /// dict[key] = value.
            MAP_ADD (dict: Reg, key: Use, value: Use) [] 0 0;
            /// Extends list by iterable.
            LIST_EXTEND (list: Reg, iterable: Use) [] 0 0;
            /// Updates set by iterable.
            SET_UPDATE (set: Reg, iterable: Use) [] 0 0;
            /// Updates dict by mapping.
            DICT_UPDATE (dict: Reg, mapping: Use) [] 0 0;
            /// Merges keyword arguments into dict; a duplicate is a TypeError that names callee.
            DICT_MERGE (dict: Reg, mapping: Use, callee: Use) [] 0 0;
            /// first, first+1, … = the count items of sequence.
            UNPACK_SEQUENCE (first: DefWindow, sequence: Use, count: Imm) [] 0 0;
            /// first… = `before` items, a list of the middle, `after` items.
            UNPACK_EX (first: DefWindow, sequence: Use, before: Imm) [after: Imm] 0 0;
            /// The listed registers = the items of sequence, exactly as many.
            UNPACK_TO (sequence: Use, count: Count) [] 2 0;
        // Formatting.
            /// dst = format(value, '').
            FORMAT_SIMPLE (dst: Def, value: Use) [] 0 0;
            /// dst = format(value, spec).
            FORMAT_WITH_SPEC (dst: Def, value: Use, spec: Use) [] 0 0;
            /// dst = str (1), repr (2) or ascii (3) of value.
            CONVERT_VALUE (dst: Def, value: Use, conversion: Imm) [] 0 0;
        // Functions, classes, imports.
            /// dst = function of code.
            MAKE_FUNCTION (dst: Def, code: Use) [] 0 0;
            /// Sets function's defaults (1), kwdefaults (2), annotations (4) or closure (8).
            SET_FUNCTION_ATTRIBUTE (function: Reg, value: Use, attribute: Imm) [] 0 0;
            /// dst = import of name.
            IMPORT_NAME (dst: Def, level: Use, fromlist: Use) [name: Name] 0 0;
            /// dst = module.name, or the submodule.
            IMPORT_FROM (dst: Def, module: Use, name: Name) [] 0 0;
        // Exceptions and context managers.
            /// slot+1 = slot, the exception; slot = the exception handled so far; the exception is now the handled one.
            PUSH_EXC_INFO (slot: DefPairUse) [] 0 0;
            /// The handled exception is previous again.
            POP_EXCEPT (previous: Use) [] 0 0;
            /// dst = whether exception matches type.
            CHECK_EXC_MATCH (dst: Def, exception: Use, type_: Use) [] 0 0;
            /// Jumps if exception does not match type.
            JUMP_IF_NOT_EXC_MATCH (exception: Use, type_: Use, target: Target) [] 0 0;
            /// dst, dst+1 = rest and matching part of the exception group.
            CHECK_EG_MATCH (dst: DefPair, exception: Use, type_: Use) [] 0 0;
            /// Raises exception again as it is; lasti (or NULL) is the instruction to report.
            RERAISE (exception: Use, lasti: Use) [] 0 0;
            /// Raises the handled exception again.
            RAISE0 () [] 0 0;
            /// raise exception.
            RAISE1 (exception: Use) [] 0 0;
            /// raise exception from cause.
            RAISE2 (exception: Use, cause: Use) [] 0 0;
            /// dst, dst+1 = manager's bound __exit__ and the result of its __enter__.
            BEFORE_WITH (dst: DefPair, manager: Use) [] 0 0;
            /// dst, dst+1 = manager's bound __aexit__ and the result of its __aenter__.
            BEFORE_ASYNC_WITH (dst: DefPair, manager: Use) [] 0 0;
            /// dst = exit(type(exception), exception, its traceback).
            WITH_EXCEPT_START (dst: Def, exit: Use, exception: Use) [] 0 0;
        // Pattern matching.
            /// dst = len(value).
            GET_LEN (dst: Def, value: Use) [] 0 0;
            /// dst = whether subject is a mapping.
            MATCH_MAPPING (dst: Def, subject: Use) [] 0 0;
            /// dst = whether subject is a sequence.
            MATCH_SEQUENCE (dst: Def, subject: Use) [] 0 0;
            /// dst = tuple of subject's values for keys, or None.
            MATCH_KEYS (dst: Def, subject: Use, keys: Use) [] 0 0;
            /// dst = tuple of attributes of subject as class pattern, or None.
            MATCH_CLASS (dst: Def, subject: Use, type_: Use) [names: Use, count: Imm] 0 0;
        }
    };
}

/// What an operand is to its instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Role {
    /// A register written.
    Def,
    /// Two consecutive registers written.
    DefPair,
    /// Consecutive registers written, as many as the instruction's counts say.
    DefWindow,
    /// The register is read, then it and its successor are written.
    DefPairUse,
    /// A register read.
    Reg,
    /// A register read and written.
    RegDef,
    /// A register or constant read.
    Use,
    /// A constant, by its index in 32 bits.
    Const32,
    /// An index into the names.
    Name,
    /// A plain number.
    Imm,
    /// The length of the operand list.
    Count,
    /// A branch offset in words, 16 bits.
    Target,
    /// A branch offset in words, 32 bits.
    Target32,
}

/// An operand of a table row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operand {
    /// Its name in the table.
    pub name: &'static str,
    /// Its role.
    pub role: Role,
}

/// What follows the fixed operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ListKind {
    /// No operand list.
    None,
    /// `count` operands that are read.
    Uses,
    /// `count` registers that are written.
    Defs,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct RegOpInfo {
    /// The instruction's name.
    pub name: &'static str,
    /// One line on what it does.
    pub doc: &'static str,
    /// Operands a, b, c.
    pub operands: &'static [Operand],
    /// Operands d, e, f, g of the extension word.
    pub extension: &'static [Operand],
    /// The operand list.
    pub list: ListKind,
    /// Number of cache words.
    pub caches: usize,
}

const fn list_kind(column: u8) -> ListKind {
    match column {
        0 => ListKind::None,
        1 => ListKind::Uses,
        _ => ListKind::Defs,
    }
}

macro_rules! define {
    ($(#[doc = $doc:literal] $name:ident ($($op:ident: $role:ident),*) [$($ext:ident: $erole:ident),*] $list:literal $caches:literal;)*) => {
        /// A register instruction's opcode.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        #[expect(non_camel_case_types, reason = "opcodes carry their field's standard names")]
        pub enum RegOp { $(#[doc = $doc] $name,)* }

        impl RegOp {
            /// Every opcode, in numeric order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The table's row.
            pub fn info(self) -> &'static RegOpInfo { &INFOS[self as usize] }
        }

        static INFOS: &[RegOpInfo] = &[$(RegOpInfo {
            name: stringify!($name),
            doc: $doc,
            operands: &[$(Operand { name: stringify!($op), role: Role::$role }),*],
            extension: &[$(Operand { name: stringify!($ext), role: Role::$erole }),*],
            list: list_kind($list),
            caches: $caches,
        },)*];
    };
}
for_each_reg_op!(define);

impl RegOp {
    /// The opcode of a number, if it is one.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// The instruction's name.
    pub fn name(self) -> &'static str {
        self.info().name
    }
}
