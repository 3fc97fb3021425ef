//! CPython 3.13's wordcode instruction set: one table, from which the enum, the decoder's metadata, the stack effects,
//! the disassembler, the verifier and the opcode reference come.
//!
//! A row reads: what it does; name, number, handler name; the oparg's name and kind; cache units; the stack effect with
//! names, top of stack last. `args[argc]` stands for as many values as the expression says (never fewer than none).
//! Where the taken edge of a jump leaves something else, its effect follows a bar. Names mean something: `null` is always
//! NULL, `…_or_null` may be, `rest` is passed over whatever it is, `lasti` is the instruction offset that a handler found
//! under its exception; an output with an input's name is that input. In brackets
//! stands `raises` if the instruction may raise an exception, `ends` if control never falls through to the next one.
//!
//! Specialized, instrumented and pseudo opcodes are no part of the set: see [`crate::opcode_number`].

use std::fmt;

/// Calls the macro `$callback` with every row of the instruction table.
#[macro_export]
macro_rules! for_each_stack_op {
    ($callback:ident) => {
        $callback! {
            /// An inline cache unit of the instruction before it; never executed.
            CACHE = 0 cache {} ( -- ) [];
            /// Pops an asynchronous context manager, pushes its `__aexit__` and the result of `__aenter__()`.
            BEFORE_ASYNC_WITH = 1 before_async_with {} (manager -- exit, entered) [raises];
            /// Pops a context manager, pushes its `__exit__` and the result of `__enter__()`.
            BEFORE_WITH = 2 before_with {} (manager -- exit, entered) [raises];
            /// Pops three values, pushes `container[start:stop]`.
            BINARY_SLICE = 4 binary_slice {} (container, start, stop -- res) [raises];
            /// Pops two values, pushes `container[sub]`.
            BINARY_SUBSCR = 5 binary_subscr {} caches 1 (container, sub -- res) [raises];
            /// Splits an exception group by a type: pushes what is left (or None) and what matched (or None).
            CHECK_EG_MATCH = 6 check_eg_match {} (exc, match_type -- unmatched, matched) [raises];
            /// Pops an exception type, pushes whether the exception under it matches.
            CHECK_EXC_MATCH = 7 check_exc_match {} (exc, match_type -- exc, matched) [raises];
            /// Handles an exception thrown into a `yield from`: StopIteration becomes its value, others are raised again.
            CLEANUP_THROW = 8 cleanup_throw {} (sub_iter, last_sent, exc -- none, value) [raises];
            /// Pops two values, does `del container[sub]`.
            DELETE_SUBSCR = 9 delete_subscr {} (container, sub -- ) [raises];
            /// Ends an `async for`: pops the iterator and its exception, raises it again unless it is StopAsyncIteration.
            END_ASYNC_FOR = 10 end_async_for {} (aiter, exc -- ) [raises];
            /// Pops the value at the end of a `for` loop; an exhausted `FOR_ITER` jumps over it.
            END_FOR = 11 end_for {} (value_or_null -- ) [];
            /// Pops the receiver from under the result of a finished `SEND`.
            END_SEND = 12 end_send {} (receiver, value -- value) [];
            /// Checks that `__init__` returned None (inserted by the interpreter only).
            EXIT_INIT_CHECK = 13 exit_init_check {} (should_be_none -- ) [raises];
            /// Pops a value, pushes `format(value)`.
            FORMAT_SIMPLE = 14 format_simple {} (value -- text) [raises];
            /// Pops two values, pushes `format(value, spec)`.
            FORMAT_WITH_SPEC = 15 format_with_spec {} (value, spec -- text) [raises];
            /// Pops a value, pushes its asynchronous iterator.
            GET_AITER = 16 get_aiter {} (obj -- aiter) [raises];
            /// Not an instruction: a number that CPython keeps free.
            RESERVED = 17 reserved {} ( -- ) [];
            /// Pushes the awaitable for the next item of the asynchronous iterator.
            GET_ANEXT = 18 get_anext {} (aiter -- aiter, awaitable) [raises];
            /// Pops a value, pushes `iter(value)`.
            GET_ITER = 19 get_iter {} (iterable -- iter) [raises];
            /// Pushes the length of the value under it.
            GET_LEN = 20 get_len {} (obj -- obj, len) [raises];
            /// Pops what `yield from` delegates to, pushes its iterator (generators and coroutines as they are).
            GET_YIELD_FROM_ITER = 21 get_yield_from_iter {} (iterable -- iter) [raises];
            /// Leaves the interpreter loop with the value (inserted by the interpreter only).
            INTERPRETER_EXIT = 22 interpreter_exit {} (value -- ) [ends];
            /// Pushes the class AssertionError.
            LOAD_ASSERTION_ERROR = 23 load_assertion_error {} ( -- value) [];
            /// Pushes `builtins.__build_class__`.
            LOAD_BUILD_CLASS = 24 load_build_class {} ( -- build_class) [raises];
            /// Pushes the mapping of the local names.
            LOAD_LOCALS = 25 load_locals {} ( -- locals) [raises];
            /// Pops a code object, pushes a new function of it.
            MAKE_FUNCTION = 26 make_function {} (code -- func) [raises];
            /// Pushes the tuple of the subject's values for the tuple of keys on top, or None if a key is missing.
            MATCH_KEYS = 27 match_keys {} (subject, keys -- subject, keys, values_or_none) [raises];
            /// Pushes whether the value under it matches a mapping pattern.
            MATCH_MAPPING = 28 match_mapping {} (subject -- subject, is_mapping) [];
            /// Pushes whether the value under it matches a sequence pattern.
            MATCH_SEQUENCE = 29 match_sequence {} (subject -- subject, is_sequence) [];
            /// Does nothing.
            NOP = 30 nop {} ( -- ) [];
            /// Pops the exception that was handled before and makes it the handled one again.
            POP_EXCEPT = 31 pop_except {} (prev_exc -- ) [];
            /// Pops a value.
            POP_TOP = 32 pop_top {} (value -- ) [];
            /// Makes the exception the handled one, with the one handled before under it.
            PUSH_EXC_INFO = 33 push_exc_info {} (exc -- prev_exc, exc) [];
            /// Pushes NULL.
            PUSH_NULL = 34 push_null {} ( -- null) [];
            /// Returns a new generator of this frame to the caller; when resumed, finds the sent value on the stack.
            RETURN_GENERATOR = 35 return_generator {} ( -- sent) [raises];
            /// Returns the value to the caller.
            RETURN_VALUE = 36 return_value {} (value -- ) [ends];
            /// Makes `__annotations__` in the local names if it is not there.
            SETUP_ANNOTATIONS = 37 setup_annotations {} ( -- ) [raises];
            /// Pops four values, does `container[start:stop] = value`.
            STORE_SLICE = 38 store_slice {} (value, container, start, stop -- ) [raises];
            /// Pops three values, does `container[sub] = value`.
            STORE_SUBSCR = 39 store_subscr {} caches 1 (value, container, sub -- ) [raises];
            /// Pops a value, pushes its truth.
            TO_BOOL = 40 to_bool {} caches 3 (value -- truth) [raises];
            /// Pops a value, pushes `~value`.
            UNARY_INVERT = 41 unary_invert {} (value -- res) [raises];
            /// Pops a value, pushes `-value`.
            UNARY_NEGATIVE = 42 unary_negative {} (value -- res) [raises];
            /// Pops True or False, pushes the other.
            UNARY_NOT = 43 unary_not {} (value -- res) [];
            /// Calls `exit` with the exception in flight, pushes the result.
            WITH_EXCEPT_START = 44 with_except_start {}
                (exit, lasti, prev_exc, exc -- exit, lasti, prev_exc, exc, res) [raises];
            /// Pops two values, pushes `lhs <op> rhs`.
            BINARY_OP = 45 binary_op { op: BinOp } caches 1 (lhs, rhs -- res) [raises];
            /// Pops values and the tuple of their keys, pushes the dict.
            BUILD_CONST_KEY_MAP = 46 build_const_key_map { size: Count } (values[size], keys -- map) [raises];
            /// Pops values, pushes the list of them.
            BUILD_LIST = 47 build_list { size: Count } (values[size] -- list) [raises];
            /// Pops pairs of key and value, pushes the dict of them.
            BUILD_MAP = 48 build_map { size: Count } (entries[2 * size] -- map) [raises];
            /// Pops values, pushes the set of them.
            BUILD_SET = 49 build_set { size: Count } (values[size] -- set) [raises];
            /// Pops start and stop, and step if the oparg is 3, pushes the slice.
            BUILD_SLICE = 50 build_slice { size: SliceSize }
                (start, stop, step[i64::from(size == 3)] -- slice) [raises];
            /// Pops strings, pushes their concatenation.
            BUILD_STRING = 51 build_string { size: Count } (pieces[size] -- text) [raises];
            /// Pops values, pushes the tuple of them.
            BUILD_TUPLE = 52 build_tuple { size: Count } (values[size] -- tuple) [raises];
            /// Pops `argc` arguments, self or NULL, and the callable under them, pushes the result.
            CALL = 53 call { argc: Count } caches 3 (callable, self_or_null, args[argc] -- res) [raises];
            /// Calls with a tuple of arguments and, if the oparg's bit 0 is set, a dict of keyword arguments.
            CALL_FUNCTION_EX = 54 call_function_ex { flags: CallFlags }
                (callable, null, args, kwargs[flags & 1] -- res) [raises];
            /// Pops a value, pushes the result of an internal function of one argument.
            CALL_INTRINSIC_1 = 55 call_intrinsic_1 { function: Intrinsic1 } (value -- res) [raises];
            /// Pops two values, pushes the result of an internal function of two arguments.
            CALL_INTRINSIC_2 = 56 call_intrinsic_2 { function: Intrinsic2 } (value2, value1 -- res) [raises];
            /// Like CALL; the last arguments are keyword arguments, their names in the tuple on top.
            CALL_KW = 57 call_kw { argc: Count } (callable, self_or_null, args[argc], kwnames -- res) [raises];
            /// Pops two values, pushes `lhs <op> rhs`, as an exact bool if bit 4 of the oparg is set.
            COMPARE_OP = 58 compare_op { op: CompareOp } caches 1 (lhs, rhs -- res) [raises];
            /// Pops two values, pushes `lhs in rhs`, or `not in` if the oparg is 1.
            CONTAINS_OP = 59 contains_op { invert: Invert } caches 1 (lhs, rhs -- res) [raises];
            /// Pops a value, pushes `str`, `repr` or `ascii` of it.
            CONVERT_VALUE = 60 convert_value { conversion: Conversion } (value -- res) [raises];
            /// Pushes again the value that is the oparg's from the top (1 is the top).
            COPY = 61 copy { depth: Depth }
                (value_or_null, rest[depth - 1] -- value_or_null, rest[depth - 1], value_or_null) [];
            /// Copies the function's closure into the last slots of the locals.
            COPY_FREE_VARS = 62 copy_free_vars { count: FreeVarCount } ( -- ) [];
            /// Pops a value, does `del owner.name`.
            DELETE_ATTR = 63 delete_attr { name: Name } (owner -- ) [raises];
            /// Empties a cell; NameError if it is empty.
            DELETE_DEREF = 64 delete_deref { cell: Deref } ( -- ) [raises];
            /// Unbinds a local; UnboundLocalError if it is unbound.
            DELETE_FAST = 65 delete_fast { local: Local } ( -- ) [raises];
            /// Deletes a global name.
            DELETE_GLOBAL = 66 delete_global { name: Name } ( -- ) [raises];
            /// Deletes a name of the local mapping.
            DELETE_NAME = 67 delete_name { name: Name } ( -- ) [raises];
            /// Pops a mapping, merges it into the dict of keyword arguments below; a key given twice is an error.
            DICT_MERGE = 68 dict_merge { depth: Depth }
                (callable, null, args, dict, rest[depth - 1], update
                -- callable, null, args, dict, rest[depth - 1]) [raises];
            /// Pops a mapping, updates the dict below with it.
            DICT_UPDATE = 69 dict_update { depth: Depth }
                (dict, rest[depth - 1], update -- dict, rest[depth - 1]) [raises];
            /// Enters optimized code (inserted by the interpreter only).
            ENTER_EXECUTOR = 70 enter_executor { executor: Count } ( -- ) [];
            /// Eight more bits in front of the next instruction's oparg.
            EXTENDED_ARG = 71 extended_arg { bits: Prefix } ( -- ) [];
            /// Pushes the iterator's next item; if there is none, jumps.
            FOR_ITER = 72 for_iter { delta: Forward } caches 1 (iter -- iter, next | iter -- iter, null) [raises];
            /// Pops a value, pushes the iterator that awaits it.
            GET_AWAITABLE = 73 get_awaitable { context: AwaitContext } (iterable -- iter) [raises];
            /// Pushes an attribute of the module on top, or the submodule of that name.
            IMPORT_FROM = 74 import_from { name: Name } (module -- module, attr) [raises];
            /// Pops level and names wanted, pushes the imported module.
            IMPORT_NAME = 75 import_name { name: Name } (level, fromlist -- module) [raises];
            /// Pops two values, pushes `lhs is rhs`, or `is not` if the oparg is 1.
            IS_OP = 76 is_op { invert: Invert } (lhs, rhs -- res) [];
            /// Jumps back; a safepoint.
            JUMP_BACKWARD = 77 jump_backward { delta: Backward } caches 1 ( -- ) [raises, ends];
            /// Jumps back without a safepoint.
            JUMP_BACKWARD_NO_INTERRUPT = 78 jump_backward_no_interrupt { delta: Backward } ( -- ) [ends];
            /// Jumps forward.
            JUMP_FORWARD = 79 jump_forward { delta: Forward } ( -- ) [ends];
            /// Pops a value, appends it to the list below.
            LIST_APPEND = 80 list_append { depth: Depth }
                (list, rest[depth - 1], value -- list, rest[depth - 1]) [raises];
            /// Pops an iterable, extends the list below with it.
            LIST_EXTEND = 81 list_extend { depth: Depth }
                (list, rest[depth - 1], iterable -- list, rest[depth - 1]) [raises];
            /// Pops a value, pushes `owner.name`; if bit 0 is set, either the unbound method and self, or it and NULL.
            LOAD_ATTR = 82 load_attr { name: NameAndBit } caches 9 (owner -- attr, self_or_null[name & 1]) [raises];
            /// Pushes a constant.
            LOAD_CONST = 83 load_const { constant: Const } ( -- value) [];
            /// Pushes the content of a cell; NameError if it is empty.
            LOAD_DEREF = 84 load_deref { cell: Deref } ( -- value) [raises];
            /// Pushes a local that is bound.
            LOAD_FAST = 85 load_fast { local: Local } ( -- value) [];
            /// Pushes a local, NULL if it is unbound, and unbinds it.
            LOAD_FAST_AND_CLEAR = 86 load_fast_and_clear { local: Local } ( -- value_or_null) [];
            /// Pushes a local; UnboundLocalError if it is unbound.
            LOAD_FAST_CHECK = 87 load_fast_check { local: Local } ( -- value) [raises];
            /// Pushes two locals that are bound: the oparg's high four bits first, then its low ones.
            LOAD_FAST_LOAD_FAST = 88 load_fast_load_fast { locals: LocalPair } ( -- value1, value2) [];
            /// Pops a mapping, pushes the variable's value from it, or else the content of the cell.
            LOAD_FROM_DICT_OR_DEREF = 89 load_from_dict_or_deref { cell: Deref } (mapping -- value) [raises];
            /// Pops a mapping, pushes the name's value from it, or else from globals or builtins.
            LOAD_FROM_DICT_OR_GLOBALS = 90 load_from_dict_or_globals { name: Name } (mapping -- value) [raises];
            /// Pushes a global or builtin name's value, and NULL after it if bit 0 is set.
            LOAD_GLOBAL = 91 load_global { name: NameAndBit } caches 4 ( -- value, null[name & 1]) [raises];
            /// Pushes a name's value from locals, globals or builtins.
            LOAD_NAME = 92 load_name { name: Name } ( -- value) [raises];
            /// Pops `super`, class and self, pushes `super(class, self).name`; bit 0 as `LOAD_ATTR`, bit 1: two arguments.
            LOAD_SUPER_ATTR = 93 load_super_attr { name: NameAndTwoBits } caches 1
                (super_type, class, instance -- attr, self_or_null[name & 1]) [raises];
            /// Puts a new cell with the local's value into the local's slot.
            MAKE_CELL = 94 make_cell { cell: Deref } ( -- ) [raises];
            /// Pops key and value, stores them into the dict below.
            MAP_ADD = 95 map_add { depth: Depth }
                (dict, rest[depth - 1], key, value -- dict, rest[depth - 1]) [raises];
            /// Pops subject, class and names, pushes the tuple of the class pattern's attributes, or None.
            MATCH_CLASS = 96 match_class { positional: Count } (subject, class, names -- attrs_or_none) [raises];
            /// Pops a bool, jumps if it is False.
            POP_JUMP_IF_FALSE = 97 pop_jump_if_false { delta: Forward } caches 1 (cond -- ) [];
            /// Pops a value, jumps if it is None.
            POP_JUMP_IF_NONE = 98 pop_jump_if_none { delta: Forward } caches 1 (value -- ) [];
            /// Pops a value, jumps if it is not None.
            POP_JUMP_IF_NOT_NONE = 99 pop_jump_if_not_none { delta: Forward } caches 1 (value -- ) [];
            /// Pops a bool, jumps if it is True.
            POP_JUMP_IF_TRUE = 100 pop_jump_if_true { delta: Forward } caches 1 (cond -- ) [];
            /// Raises: nothing given, the handled exception again; one value, that; two, the first from the second.
            RAISE_VARARGS = 101 raise_varargs { argc: RaiseCount } (args[argc] -- ) [raises, ends];
            /// Raises the exception on top again; if the oparg is not 0, as from the `lasti` that far below.
            RERAISE = 102 reraise { depth: LastiDepth } (rest[depth], exc -- rest[depth]) [raises, ends];
            /// Returns a constant to the caller.
            RETURN_CONST = 103 return_const { constant: Const } ( -- ) [ends];
            /// Sends a value to the iterator under it: pushes what it yields, or jumps with what it returned.
            SEND = 104 send { delta: Forward } caches 1
                (receiver, value -- receiver, yielded | receiver, value -- receiver, returned) [raises];
            /// Pops a value, adds it to the set below.
            SET_ADD = 105 set_add { depth: Depth } (set, rest[depth - 1], value -- set, rest[depth - 1]) [raises];
            /// Pops the function and a value under it, sets one of the function's attributes, pushes the function.
            SET_FUNCTION_ATTRIBUTE = 106 set_function_attribute { attribute: FunctionAttribute }
                (value, func -- func) [];
            /// Pops an iterable, adds its items to the set below.
            SET_UPDATE = 107 set_update { depth: Depth }
                (set, rest[depth - 1], iterable -- set, rest[depth - 1]) [raises];
            /// Pops two values, does `owner.name = value`.
            STORE_ATTR = 108 store_attr { name: Name } caches 4 (value, owner -- ) [raises];
            /// Pops a value, stores it into a cell.
            STORE_DEREF = 109 store_deref { cell: Deref } (value -- ) [];
            /// Pops a value, stores it into a local (NULL, left by `LOAD_FAST_AND_CLEAR`, unbinds it).
            STORE_FAST = 110 store_fast { local: Local } (value_or_null -- ) [];
            /// Pops a value into the local of the high four bits, then pushes the one of the low four.
            STORE_FAST_LOAD_FAST = 111 store_fast_load_fast { locals: LocalPair } (value_or_null -- value) [];
            /// Pops two values: the top into the local of the high four bits, the next into that of the low four.
            STORE_FAST_STORE_FAST = 112 store_fast_store_fast { locals: LocalPair }
                (value2_or_null, value1_or_null -- ) [];
            /// Pops a value, stores it under a global name.
            STORE_GLOBAL = 113 store_global { name: Name } (value -- ) [raises];
            /// Pops a value, stores it under a name of the local mapping.
            STORE_NAME = 114 store_name { name: Name } (value -- ) [raises];
            /// Exchanges the top with the value that is the oparg's from the top.
            SWAP = 115 swap { depth: Depth }
                (bottom_or_null, rest[depth - 2], top_or_null -- top_or_null, rest[depth - 2], bottom_or_null) [];
            /// Pops an iterable, pushes its items for a starred assignment, the first on top.
            UNPACK_EX = 116 unpack_ex { counts: UnpackCounts }
                (iterable -- after[counts >> 8], list, before[counts & 0xFF]) [raises];
            /// Pops an iterable of exactly so many items, pushes them, the first on top.
            UNPACK_SEQUENCE = 117 unpack_sequence { size: Count } caches 1 (iterable -- values[size]) [raises];
            /// Yields the value; when resumed, finds the sent one in its place, or raises the one thrown in.
            YIELD_VALUE = 118 yield_value { kind: YieldKind } (value -- sent) [raises];
            /// Marks where execution starts or goes on; a safepoint.
            RESUME = 149 resume { kind: ResumeKind } ( -- ) [raises];
        }
    };
}

/// What an instruction's oparg means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OperandKind {
    /// The instruction takes no oparg.
    None,
    /// Where the awaitable comes from, for the error message: 0 anywhere, 1 `__aenter__`, 2 `__aexit__`.
    AwaitContext,
    /// Jumps so many code units back, from the unit after the caches.
    Backward,
    /// A [`crate::BinOp`].
    BinOp,
    /// Bit 0: a dict of keyword arguments is there.
    CallFlags,
    /// A [`crate::CompareOp`] in bits 5 and up, bit 4: exact bool wanted, low bits: CPython's mask of outcomes.
    CompareOp,
    /// An index into the const pool.
    Const,
    /// 1 `str`, 2 `repr`, 3 `ascii`.
    Conversion,
    /// How many values.
    Count,
    /// A position on the stack, counted from the top; 1 is the top.
    Depth,
    /// An index into localsplus whose slot holds a cell.
    Deref,
    /// Jumps so many code units forward, from the unit after the caches.
    Forward,
    /// The number of free variables.
    FreeVarCount,
    /// A [`crate::FunctionAttribute`] bit.
    FunctionAttribute,
    /// An [`crate::Intrinsic1`].
    Intrinsic1,
    /// An [`crate::Intrinsic2`].
    Intrinsic2,
    /// 0 or 1: whether the answer is inverted.
    Invert,
    /// 0, or how far under the exception `lasti` lies.
    LastiDepth,
    /// An index into localsplus.
    Local,
    /// Two indices into localsplus, four bits each.
    LocalPair,
    /// An index into names.
    Name,
    /// An index into names, shifted left by one; bit 0: prepare a call.
    NameAndBit,
    /// An index into names, shifted left by two; bit 0: prepare a call, bit 1: `super` has two arguments.
    NameAndTwoBits,
    /// The high bits of the next oparg.
    Prefix,
    /// 0, 1 or 2 values.
    RaiseCount,
    /// 0 start, 1 after `yield`, 2 after `yield from`, 3 after `await`; bit 2: only the generator's wrapper handles
    /// exceptions here.
    ResumeKind,
    /// 2 or 3 values.
    SliceSize,
    /// Items before the star in the low eight bits, after it in the others.
    UnpackCounts,
    /// 1 within `yield from` and `await`, else 0.
    YieldKind,
}

impl OperandKind {
    /// Whether the oparg is a distance to jump.
    pub fn is_target(self) -> bool {
        matches!(self, Self::Forward | Self::Backward)
    }
}

/// One named item of a stack effect: a value, or several of them.
#[derive(Clone, Copy, Debug)]
pub struct StackItem {
    /// The name in the table.
    pub name: &'static str,
    /// The expression in brackets behind the name, empty if it is just one value.
    pub count: &'static str,
    /// What the name says of it.
    pub class: ItemClass,
    /// For an output: the index of the input that it is.
    pub input: Option<u8>,
    number: fn(i64) -> i64,
}

/// What a stack item's name says of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemClass {
    /// A value.
    Value,
    /// NULL.
    Null,
    /// A value or NULL.
    MaybeNull,
    /// Anything: it is only passed over.
    Rest,
    /// The exception that was handled before.
    PrevExc,
}

impl StackItem {
    /// How many values it stands for.
    pub fn count(&self, oparg: u32) -> u32 {
        if self.count.is_empty() { 1 } else { to_u32((self.number)(i64::from(oparg))) }
    }

    /// Whether the item is NULL.
    pub fn is_null(&self) -> bool {
        self.class == ItemClass::Null
    }

    /// Whether the item is, or may be, NULL.
    pub fn may_be_null(&self) -> bool {
        matches!(self.class, ItemClass::Null | ItemClass::MaybeNull | ItemClass::Rest)
    }

    /// Whether the items are only passed over: they may be anything.
    pub fn is_rest(&self) -> bool {
        self.class == ItemClass::Rest
    }
}

const fn class_of(name: &str) -> ItemClass {
    match name.as_bytes() {
        b"null" => ItemClass::Null,
        b"rest" => ItemClass::Rest,
        b"prev_exc" => ItemClass::PrevExc,
        [.., b'_', b'o', b'r', b'_', b'n', b'u', b'l', b'l'] => ItemClass::MaybeNull,
        _ => ItemClass::Value,
    }
}

const fn index_of(name: &str, names: &[&str]) -> Option<u8> {
    let mut index = 0;
    while index < names.len() {
        if is_equal(name.as_bytes(), names[index].as_bytes()) {
            return Some(index as u8);
        }
        index += 1;
    }
    None
}

const fn is_equal(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

fn to_u32(count: i64) -> u32 {
    count.clamp(0, i64::from(u32::MAX)) as u32
}

impl fmt::Display for StackItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.count.is_empty() { Ok(()) } else { write!(f, "[{}]", self.count) }
    }
}

/// What an instruction takes from the stack and leaves there, bottom first.
#[derive(Clone, Copy, Debug)]
pub struct StackEffect {
    /// What it finds, top last.
    pub inputs: &'static [StackItem],
    /// What it leaves in their place, top last.
    pub outputs: &'static [StackItem],
}

impl fmt::Display for StackEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        write_items(f, self.inputs)?;
        f.write_str(if self.inputs.is_empty() { "--" } else { " --" })?;
        if !self.outputs.is_empty() {
            f.write_str(" ")?;
        }
        write_items(f, self.outputs)?;
        f.write_str(")")
    }
}

fn write_items(f: &mut fmt::Formatter<'_>, items: &[StackItem]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

/// A row of the instruction table.
#[derive(Debug)]
pub struct StackOpInfo {
    /// The instruction.
    pub op: StackOp,
    /// CPython's name.
    pub name: &'static str,
    /// The name in snake case, for handlers.
    pub handler: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// The oparg's name; empty if there is none.
    pub operand: &'static str,
    /// The oparg's meaning.
    pub operand_kind: OperandKind,
    /// Inline cache units after it.
    pub cache_units: u8,
    /// Effect if control goes on to the next instruction.
    pub effect: StackEffect,
    /// Effect if it jumps.
    pub taken_effect: StackEffect,
    /// Whether it may raise an exception.
    pub raises: bool,
    /// Whether control never goes on to the next instruction.
    pub ends: bool,
}

macro_rules! count_of {
    () => {
        1_i64
    };
    ($count:expr) => {
        i64::max($count, 0)
    };
}

macro_rules! or_default {
    ($default:expr;) => {
        $default
    };
    ($default:expr; $given:expr) => {
        $given
    };
}

macro_rules! or_same {
    ($same:expr;) => {
        $same
    };
    ($same:expr; $other:expr) => {
        $other
    };
}

macro_rules! names {
    ([$($name:ident)*]) => {
        &[$(stringify!($name)),*]
    };
}

macro_rules! items {
    ($operand:ident; $inputs:tt; $($item:ident $([$count:expr])?),*) => {
        &[$(StackItem {
            name: stringify!($item),
            count: concat!($(stringify!($count))?),
            class: const { class_of(stringify!($item)) },
            input: const { index_of(stringify!($item), names!($inputs)) },
            #[expect(clippy::allow_attributes, reason = "expectation cannot be met by rows that use the oparg")]
            number: {
                #[allow(unused_variables, reason = "most counts do not use the oparg")]
                fn number($operand: i64) -> i64 {
                    count_of!($($count)?)
                }
                number
            },
        }),*]
    };
}

macro_rules! items_of_row {
    (; $($items:tt)*) => { items!(_oparg; $($items)*) };
    ($operand:ident; $($items:tt)*) => { items!($operand; $($items)*) };
}

macro_rules! has_flag {
    ($wanted:ident;) => { false };
    (raises; raises $(, $rest:ident)*) => { true };
    (ends; ends $(, $rest:ident)*) => { true };
    ($wanted:ident; $other:ident $(, $rest:ident)*) => { has_flag!($wanted; $($rest),*) };
}

macro_rules! define_stack_ops {
    ($(
        #[doc = $doc:literal]
        $name:ident = $number:literal $handler:ident { $($operand:ident: $kind:ident)? } $(caches $caches:literal)?
        ( $($in:ident $([$in_count:expr])?),* -- $($out:ident $([$out_count:expr])?),*
          $(| $($taken_in:ident $([$taken_in_count:expr])?),* -- $($taken_out:ident $([$taken_out_count:expr])?),*)? )
        [ $($flag:ident),* ];
    )*) => {
        /// CPython 3.13's instructions, by CPython's names and numbers.
        #[expect(non_camel_case_types, reason = "names of the field: what `dis` prints")]
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum StackOp {
            $(#[doc = $doc] $name = $number,)*
        }

        impl StackOp {
            /// All instructions, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The instruction's row of the table.
            pub fn info(self) -> &'static StackOpInfo {
                match self {
                    $(Self::$name => {
                        static INFO: StackOpInfo = StackOpInfo {
                            op: StackOp::$name,
                            name: stringify!($name),
                            handler: stringify!($handler),
                            doc: $doc,
                            operand: concat!($(stringify!($operand))?),
                            operand_kind: or_default!(OperandKind::None; $(OperandKind::$kind)?),
                            cache_units: or_default!(0; $($caches)?),
                            effect: StackEffect {
                                inputs: items_of_row!($($operand)?; []; $($in $([$in_count])?),*),
                                outputs: items_of_row!($($operand)?; [$($in)*]; $($out $([$out_count])?),*),
                            },
                            taken_effect: or_same!(
                                StackEffect {
                                    inputs: items_of_row!($($operand)?; []; $($in $([$in_count])?),*),
                                    outputs: items_of_row!($($operand)?; [$($in)*]; $($out $([$out_count])?),*),
                                };
                                $(StackEffect {
                                    inputs: items!(_oparg; []; $($taken_in $([$taken_in_count])?),*),
                                    outputs: items!(_oparg; [$($taken_in)*]; $($taken_out $([$taken_out_count])?),*),
                                })?
                            ),
                            raises: has_flag!(raises; $($flag),*),
                            ends: has_flag!(ends; $($flag),*),
                        };
                        &INFO
                    })*
                }
            }

            /// How many values it takes from the stack, replaced ones included.
            pub fn popped(self, oparg: u32) -> u32 {
                match self {
                    $(Self::$name => {
                        $(let $operand = i64::from(oparg); let _ = $operand;)?
                        to_u32(0_i64 $(+ count_of!($($in_count)?))*)
                    })*
                }
            }

            /// How many values it leaves on the stack, replaced ones included.
            pub fn pushed(self, oparg: u32) -> u32 {
                match self {
                    $(Self::$name => {
                        $(let $operand = i64::from(oparg); let _ = $operand;)?
                        to_u32(0_i64 $(+ count_of!($($out_count)?))*)
                    })*
                }
            }
        }

        const OP_OF_NUMBER: [Option<StackOp>; 256] = {
            let mut ops = [None; 256];
            $(ops[$number] = Some(StackOp::$name);)*
            ops
        };

        const CACHE_UNITS: [u8; 256] = {
            let mut units = [0; 256];
            $(units[$number] = or_default!(0; $($caches)?);)*
            units
        };

        const OPERAND_KIND: [OperandKind; 256] = {
            let mut kinds = [OperandKind::None; 256];
            $(kinds[$number] = or_default!(OperandKind::None; $(OperandKind::$kind)?);)*
            kinds
        };

        const RAISES: [bool; 256] = {
            let mut raises = [false; 256];
            $(raises[$number] = has_flag!(raises; $($flag),*);)*
            raises
        };

        const ENDS: [bool; 256] = {
            let mut ends = [false; 256];
            $(ends[$number] = has_flag!(ends; $($flag),*);)*
            ends
        };
    };
}

for_each_stack_op!(define_stack_ops);

/// Opcodes from this number on take an oparg (`dis.HAVE_ARGUMENT` is the one before).
const FIRST_WITH_OPARG: u8 = StackOp::BINARY_OP as u8;

impl StackOp {
    /// The instruction with that number; `None` for numbers that are free, specialized or instrumented.
    pub fn from_number(number: u8) -> Option<Self> {
        OP_OF_NUMBER[usize::from(number)]
    }

    /// The instruction with CPython's name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.name() == name)
    }

    /// CPython's number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// CPython's name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// What it does, in one line.
    pub fn doc(self) -> &'static str {
        self.info().doc.trim()
    }

    /// Inline cache units after it.
    pub fn cache_units(self) -> usize {
        usize::from(CACHE_UNITS[self as usize])
    }

    /// What its oparg means.
    pub fn operand_kind(self) -> OperandKind {
        OPERAND_KIND[self as usize]
    }

    /// Whether it takes an oparg.
    pub fn has_oparg(self) -> bool {
        self as u8 >= FIRST_WITH_OPARG
    }

    /// How far the stack grows, on the way to the next instruction or, if `taken`, to the jump target.
    pub fn stack_effect(self, oparg: u32, taken: bool) -> i32 {
        let (popped, pushed) = if taken && self.is_conditional() {
            let effect = self.info().taken_effect;
            let total =
                |items: &[StackItem]| items.iter().map(|item| i64::from(item.count(oparg))).sum::<i64>();
            (total(effect.inputs), total(effect.outputs))
        } else {
            (i64::from(self.popped(oparg)), i64::from(self.pushed(oparg)))
        };
        (pushed - popped).clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
    }

    /// Whether it may jump.
    pub fn is_jump(self) -> bool {
        self.operand_kind().is_target()
    }

    /// Whether it may jump and may go on.
    pub fn is_conditional(self) -> bool {
        self.is_jump() && !self.is_terminator()
    }

    /// Whether it jumps back.
    pub fn is_backward(self) -> bool {
        self.operand_kind() == OperandKind::Backward
    }

    /// Whether control never goes on to the next instruction: jumps, returns and raises.
    pub fn is_terminator(self) -> bool {
        ENDS[self as usize]
    }

    /// Whether control leaves the code object here for good: returns and raises.
    pub fn is_exit(self) -> bool {
        self.is_terminator() && !self.is_jump()
    }

    /// Whether it may raise an exception in code that CPython's compiler made.
    pub fn may_raise(self) -> bool {
        RAISES[self as usize]
    }

    /// Whether it trusts something that the verifier does not prove (a local bound, an exact bool, a closure's size), so
    /// that a machine checks it and may raise there too.
    pub fn is_checked(self) -> bool {
        matches!(
            self,
            Self::LOAD_FAST
                | Self::LOAD_FAST_LOAD_FAST
                | Self::STORE_FAST_LOAD_FAST
                | Self::UNARY_NOT
                | Self::POP_JUMP_IF_FALSE
                | Self::POP_JUMP_IF_TRUE
                | Self::SET_FUNCTION_ATTRIBUTE
                | Self::COPY_FREE_VARS
        )
    }

    /// Whether its oparg indexes the const pool.
    pub fn has_const(self) -> bool {
        self.operand_kind() == OperandKind::Const
    }

    /// Whether its oparg indexes names.
    pub fn has_name(self) -> bool {
        self.name_index(0).is_some()
    }

    /// Whether its oparg names locals (cells and free variables are [`Self::has_free`]).
    pub fn has_local(self) -> bool {
        matches!(self.operand_kind(), OperandKind::Local | OperandKind::LocalPair)
    }

    /// Whether its oparg names a slot of localsplus that holds a cell.
    pub fn has_free(self) -> bool {
        self.operand_kind() == OperandKind::Deref
    }

    /// The index into names that the oparg holds.
    pub fn name_index(self, oparg: u32) -> Option<usize> {
        match self.operand_kind() {
            OperandKind::Name => Some(oparg as usize),
            OperandKind::NameAndBit => Some(oparg as usize >> 1),
            OperandKind::NameAndTwoBits => Some(oparg as usize >> 2),
            _ => None,
        }
    }

    /// Whether CPython's compiler or interpreter never leaves it in a code object's instructions.
    pub fn is_internal(self) -> bool {
        matches!(
            self,
            Self::CACHE
                | Self::RESERVED
                | Self::ENTER_EXECUTOR
                | Self::EXIT_INIT_CHECK
                | Self::INTERPRETER_EXIT
        )
    }
}

impl fmt::Display for StackOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
