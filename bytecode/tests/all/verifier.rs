//! The verifier and the depth analysis: nothing of CPython's library is refused, malformed code is.

use std::collections::BTreeMap;

use bytecode::code::local_kind;

use bytecode::StackOp as Op;
use bytecode::verify::{verify, verify_all};
use bytecode::{CodeFlags, CodeObject, Const, ExceptionEntry, depth, exception_table, wordcode};

use crate::library;

#[test]
fn nothing_of_the_library_is_refused() {
    let mut refused = BTreeMap::<String, Vec<String>>::new();
    let mut objects = 0;
    for module in library::modules() {
        library::walk(&module.code, &mut |code| {
            objects += 1;
            if let Err(error) = verify(code) {
                let kind =
                    format!("{error:?}").split(&[' ', '{', '('][..]).next().unwrap_or_default().to_owned();
                let place = format!("{} in {}: {error}", code.qualname, module.path.display());
                refused.entry(kind).or_default().push(place);
            }
        });
    }
    let summary: Vec<_> =
        refused.iter().map(|(kind, places)| (kind, places.len(), &places[..places.len().min(4)])).collect();
    assert!(refused.is_empty(), "of {objects} code objects: {summary:#?}");
    eprintln!("{objects} code objects verified");
}

#[test]
fn depths_are_what_cpython_declares() {
    let (mut objects, mut exact, mut unreachable) = (0, 0, 0);
    for module in library::modules() {
        library::walk(&module.code, &mut |code| {
            let instrs = wordcode::decode(&code.code).expect("decoded before");
            let depths = depth::analyze(code, &instrs).expect("CPython's depths are sound");
            objects += 1;
            exact += usize::from(depths.max().max(1) == code.stacksize);
            unreachable += (0..instrs.len()).filter(|index| depths.before(*index).is_none()).count();
        });
    }
    // CPython counts unreachable blocks too, so a few declare more than they need.
    assert!(exact * 1000 >= objects * 995, "{exact} of {objects}");
    eprintln!("{objects} code objects, {exact} with the exact depth, {unreachable} unreachable instructions");
}

/// A code object of the instructions, with three locals (one parameter), a cell, two names, four constants.
fn code(instrs: &[(Op, u32)]) -> CodeObject {
    let mut bytes = Vec::new();
    for (op, oparg) in instrs {
        wordcode::emit(&mut bytes, *op, *oparg);
    }
    CodeObject {
        argcount: 1,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 8,
        flags: CodeFlags(CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS),
        code: bytes.into(),
        consts: [Const::None, Const::Int(1), Const::Code(inner().into()), Const::Bool(true)].into(),
        names: ["a".into(), "b".into()].into(),
        localsplusnames: ["x".into(), "y".into(), "z".into(), "c".into()].into(),
        localspluskinds: [local_kind::LOCAL, local_kind::LOCAL, local_kind::LOCAL, local_kind::CELL].into(),
        filename: "f.py".into(),
        name: "f".into(),
        qualname: "f".into(),
        firstlineno: 1,
        linetable: [].into(),
        exceptiontable: [].into(),
    }
}

/// A code object with one free variable.
fn inner() -> CodeObject {
    let mut bytes = Vec::new();
    for (op, oparg) in [(Op::COPY_FREE_VARS, 1), (Op::RESUME, 0), (Op::LOAD_DEREF, 0), (Op::RETURN_VALUE, 0)]
    {
        wordcode::emit(&mut bytes, op, oparg);
    }
    CodeObject {
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 1,
        flags: CodeFlags(CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS),
        code: bytes.into(),
        consts: [].into(),
        names: [].into(),
        localsplusnames: ["c".into()].into(),
        localspluskinds: [local_kind::FREE].into(),
        filename: "f.py".into(),
        name: "g".into(),
        qualname: "g".into(),
        firstlineno: 1,
        linetable: [].into(),
        exceptiontable: [].into(),
    }
}

fn refusal(code: &CodeObject) -> String {
    verify(code).expect_err("malformed").to_string()
}

fn refusal_of(instrs: &[(Op, u32)]) -> String {
    refusal(&code(instrs))
}

#[test]
fn sound_code_is_accepted() {
    let sound = code(&[
        (Op::MAKE_CELL, 3),
        (Op::RESUME, 0),
        (Op::LOAD_FAST, 0),
        (Op::STORE_DEREF, 3),
        (Op::LOAD_FAST, 3),
        (Op::BUILD_TUPLE, 1),
        (Op::LOAD_CONST, 2),
        (Op::MAKE_FUNCTION, 0),
        (Op::SET_FUNCTION_ATTRIBUTE, 8),
        (Op::PUSH_NULL, 0),
        (Op::CALL, 0),
        (Op::RETURN_VALUE, 0),
    ]);
    assert_eq!(verify_all(&sound.into()), Ok(2));
}

#[test]
fn null_is_refused_where_a_value_is_wanted() {
    assert_eq!(
        refusal_of(&[(Op::PUSH_NULL, 0), (Op::RETURN_VALUE, 0)]),
        "offset 1: RETURN_VALUE may find NULL for its value"
    );
    assert_eq!(
        refusal_of(&[(Op::PUSH_NULL, 0), (Op::PUSH_NULL, 0), (Op::CALL, 0), (Op::RETURN_VALUE, 0)]),
        "offset 2: CALL may find NULL for its callable"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_GLOBAL, 1), (Op::LOAD_GLOBAL, 1), (Op::CALL, 1), (Op::RETURN_VALUE, 0)]),
        "offset 10: CALL may find NULL for its callable"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_FAST, 0), (Op::LOAD_FAST, 0), (Op::LOAD_FAST, 0), (Op::CALL_FUNCTION_EX, 0)]),
        "offset 3: control falls off the end of the code"
    );
    let call = [(Op::LOAD_FAST, 0), (Op::LOAD_FAST, 0), (Op::LOAD_FAST, 0), (Op::CALL_FUNCTION_EX, 0)];
    let whole: Vec<_> = call.into_iter().chain([(Op::RETURN_VALUE, 0)]).collect();
    assert_eq!(refusal_of(&whole), "offset 3: CALL_FUNCTION_EX may find a value where NULL must be");
    assert_eq!(
        refusal_of(&[(Op::LOAD_FAST_AND_CLEAR, 1), (Op::RETURN_VALUE, 0)]),
        "offset 1: RETURN_VALUE may find NULL for its value"
    );
}

#[test]
fn unbound_locals_and_missing_cells_are_refused() {
    assert_eq!(
        refusal_of(&[(Op::LOAD_FAST, 1), (Op::RETURN_VALUE, 0)]),
        "offset 0: LOAD_FAST reads local 1, which is never bound there"
    );
    assert_eq!(
        refusal_of(&[(Op::DELETE_FAST, 0), (Op::LOAD_FAST, 0), (Op::RETURN_VALUE, 0)]),
        "offset 1: LOAD_FAST reads local 0, which is never bound there"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_DEREF, 3), (Op::RETURN_VALUE, 0)]),
        "offset 0: LOAD_DEREF may find no cell in slot 3"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_DEREF, 0), (Op::RETURN_VALUE, 0)]),
        "offset 0: LOAD_DEREF with oparg 0: no such cell"
    );
    let maybe = code(&[
        (Op::LOAD_FAST, 0),
        (Op::POP_JUMP_IF_NONE, 2),
        (Op::LOAD_FAST, 0),
        (Op::STORE_FAST, 1),
        (Op::LOAD_FAST, 1),
        (Op::RETURN_VALUE, 0),
    ]);
    assert!(verify(&maybe).is_ok(), "a local that is bound on one path is the machines' business");
}

#[test]
fn closures_must_fit() {
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 2), (Op::MAKE_FUNCTION, 0), (Op::RETURN_VALUE, 0)]),
        "offset 2: function with 1 free variables gets a closure of 0"
    );
    assert_eq!(
        refusal_of(&[
            (Op::BUILD_TUPLE, 0),
            (Op::LOAD_CONST, 2),
            (Op::MAKE_FUNCTION, 0),
            (Op::SET_FUNCTION_ATTRIBUTE, 8),
            (Op::RETURN_VALUE, 0),
        ]),
        "offset 3: function with 1 free variables gets a closure of 0"
    );
    let wrong =
        CodeObject { code: [Op::COPY_FREE_VARS as u8, 2, Op::RETURN_CONST as u8, 0].into(), ..inner() };
    assert_eq!(refusal(&wrong), "offset 0: COPY_FREE_VARS with oparg 2: not the number of free variables");
}

#[test]
fn depths_must_be_sound() {
    assert_eq!(
        refusal_of(&[(Op::POP_TOP, 0), (Op::RETURN_CONST, 0)]),
        "offset 0: takes 1 values from a stack of depth 0"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 0), (Op::LOAD_CONST, 0), (Op::RETURN_VALUE, 0)]),
        "offset 2: returns with stack depth 2"
    );
    let deep: Vec<_> = [(Op::LOAD_CONST, 0)].repeat(9).into_iter().chain([(Op::RETURN_CONST, 0)]).collect();
    assert_eq!(refusal_of(&deep), "stack depth 9 is greater than the declared 8");
    assert_eq!(
        refusal_of(&[(Op::UNPACK_SEQUENCE, u32::MAX), (Op::RETURN_CONST, 0)]),
        "offset 3: takes 1 values from a stack of depth 0"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 0), (Op::BUILD_MAP, 1 << 31), (Op::RETURN_VALUE, 0)]),
        "offset 4: takes 4294967295 values from a stack of depth 1"
    );
    let join = [(Op::LOAD_FAST, 0), (Op::POP_JUMP_IF_NONE, 1), (Op::LOAD_FAST, 0), (Op::RETURN_CONST, 0)];
    assert!(refusal_of(&join).starts_with("offset 4: reached with stack depth "));
    assert_eq!(refusal_of(&[(Op::NOP, 0)]), "offset 0: control falls off the end of the code");
    assert_eq!(refusal_of(&[]), "code is empty");
}

#[test]
fn jumps_and_caches_must_be_sound() {
    assert_eq!(
        refusal_of(&[(Op::JUMP_FORWARD, 7), (Op::RETURN_CONST, 0)]),
        "offset 0: JUMP_FORWARD jumps to where no instruction begins"
    );
    assert_eq!(
        refusal_of(&[(Op::JUMP_BACKWARD, 9), (Op::RETURN_CONST, 0)]),
        "offset 0: JUMP_BACKWARD jumps to where no instruction begins"
    );
    // Into the cache of LOAD_GLOBAL.
    assert_eq!(
        refusal_of(&[(Op::LOAD_GLOBAL, 0), (Op::JUMP_BACKWARD, 5), (Op::RETURN_CONST, 0)]),
        "offset 5: JUMP_BACKWARD jumps to where no instruction begins"
    );
    assert_eq!(
        refusal_of(&[
            (Op::LOAD_FAST, 0),
            (Op::GET_ITER, 0),
            (Op::FOR_ITER, 1),
            (Op::RETURN_VALUE, 0),
            (Op::POP_TOP, 0)
        ]),
        "offset 2: FOR_ITER does not jump to END_FOR and POP_TOP"
    );
    let mut dirty = code(&[(Op::LOAD_GLOBAL, 0), (Op::RETURN_VALUE, 0)]);
    dirty.code[4] = 1;
    assert_eq!(refusal(&dirty), "offset 2: cache unit is not zero");
}

#[test]
fn opargs_must_be_in_range() {
    let refused = [
        ((Op::LOAD_CONST, 4), "no such constant"),
        ((Op::LOAD_NAME, 2), "no such name"),
        ((Op::LOAD_GLOBAL, 4), "no such name"),
        ((Op::LOAD_SUPER_ATTR, 8), "no such name"),
        ((Op::STORE_FAST, 4), "no such local"),
        ((Op::STORE_FAST_STORE_FAST, 0x14), "no such local"),
        ((Op::BINARY_OP, 26), "no such operator"),
        ((Op::COMPARE_OP, 6 << 5), "no such operator"),
        ((Op::CALL_INTRINSIC_1, 12), "no such function"),
        ((Op::CALL_INTRINSIC_2, 0), "no such function"),
        ((Op::CONVERT_VALUE, 4), "no such conversion"),
        ((Op::SET_FUNCTION_ATTRIBUTE, 3), "no such attribute"),
        ((Op::COPY, 0), "no such stack position"),
        ((Op::SWAP, 1), "no such stack position"),
        ((Op::BUILD_SLICE, 1), "slices have two or three parts"),
        ((Op::RAISE_VARARGS, 3), "greater than 2"),
        ((Op::CONTAINS_OP, 2), "greater than 1"),
    ];
    for ((op, oparg), reason) in refused {
        let expected = format!("{op} with oparg {oparg}: {reason}");
        let found = refusal_of(&[(op, oparg), (Op::RETURN_CONST, 0)]);
        assert!(found.ends_with(&expected), "{found}");
    }
}

#[test]
fn opcodes_of_running_interpreters_are_refused() {
    let refusal = |number| refusal(&CodeObject { code: [number, 0, 103, 0].into(), ..code(&[]) });
    assert_eq!(refusal(207), "offset 0: specialized opcode 207 (RESUME_CHECK) in a code object");
    assert_eq!(refusal(236), "offset 0: instrumented opcode 236 (INSTRUMENTED_RESUME) in a code object");
    assert_eq!(refusal(22), "offset 0: INTERPRETER_EXIT in a code object");
    assert_eq!(refusal(0), "offset 0: CACHE cannot stand on its own");
}

#[test]
fn exception_tables_must_be_sound() {
    let with = |entries: &[ExceptionEntry]| CodeObject {
        exceptiontable: exception_table::encode(entries).into(),
        ..code(&[
            (Op::NOP, 0),
            (Op::LOAD_NAME, 0),
            (Op::RETURN_VALUE, 0),
            (Op::PUSH_EXC_INFO, 0),
            (Op::RERAISE, 0),
        ])
    };
    let entry = ExceptionEntry { start: 0, end: 2, target: 3, depth: 0, lasti: false };
    assert!(verify(&with(&[entry])).is_ok());
    let reason = |entries: &[ExceptionEntry]| refusal(&with(entries));
    assert_eq!(reason(&[ExceptionEntry { end: 0, ..entry }]), "exception range 0 to 0: is empty");
    assert_eq!(reason(&[entry, entry]), "exception range 0 to 2: begins before the end of the one before");
    assert_eq!(
        reason(&[ExceptionEntry { target: 90, ..entry }]),
        "exception range 0 to 2: its handler is not where an instruction begins"
    );
    assert_eq!(
        reason(&[ExceptionEntry { end: 90, ..entry }]),
        "exception range 0 to 90: does not begin and end with instructions"
    );
    assert_eq!(
        reason(&[ExceptionEntry { depth: 1, ..entry }]),
        "offset 0: stack depth 0 is less than its exception handler's (1)"
    );
    let cut_off = CodeObject { exceptiontable: [0x80, 2].into(), ..code(&[(Op::RETURN_CONST, 0)]) };
    assert_eq!(refusal(&cut_off), "exception table ends within an entry (byte 2)");
}

#[test]
fn handlers_keep_what_raising_instructions_do_not_take() {
    let entry = ExceptionEntry { start: 1, end: 2, target: 3, depth: 1, lasti: false };
    let code = CodeObject {
        exceptiontable: exception_table::encode(&[entry]).into(),
        ..code(&[
            (Op::LOAD_CONST, 0),
            (Op::UNARY_NEGATIVE, 0),
            (Op::RETURN_VALUE, 0),
            (Op::PUSH_EXC_INFO, 0),
            (Op::RERAISE, 0),
        ])
    };
    assert_eq!(refusal(&code), "offset 1: UNARY_NEGATIVE takes a value that its exception handler keeps");
}

#[test]
fn handlers_see_locals_as_they_are_when_an_instruction_raises() {
    // The store has replaced the cell when the load finds its local unbound.
    let entry = ExceptionEntry { start: 3, end: 4, target: 5, depth: 0, lasti: false };
    let code = CodeObject {
        exceptiontable: exception_table::encode(&[entry]).into(),
        ..code(&[
            (Op::MAKE_CELL, 3),
            (Op::RESUME, 0),
            (Op::LOAD_CONST, 0),
            (Op::STORE_FAST_LOAD_FAST, 0x30),
            (Op::RETURN_VALUE, 0),
            (Op::LOAD_DEREF, 3),
            (Op::RETURN_VALUE, 0),
        ])
    };
    assert_eq!(refusal(&code), "offset 5: LOAD_DEREF may find no cell in slot 3");
}

#[test]
fn handlers_find_what_the_unwinder_left() {
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 0), (Op::POP_EXCEPT, 0), (Op::RETURN_CONST, 0)]),
        "offset 1: POP_EXCEPT may find something else than the exception that was handled before"
    );
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 0), (Op::LOAD_CONST, 0), (Op::RERAISE, 1)]),
        "offset 2: RERAISE may find something else than the offset of a raising instruction"
    );
}

#[test]
fn generators_begin_as_such() {
    let generator =
        |instrs: &[(Op, u32)]| CodeObject { flags: CodeFlags(CodeFlags::GENERATOR), ..code(instrs) };
    let body = [(Op::RETURN_GENERATOR, 0), (Op::POP_TOP, 0), (Op::RESUME, 0), (Op::RETURN_CONST, 0)];
    assert!(verify(&generator(&body)).is_ok());
    assert_eq!(
        refusal(&generator(&body[2..])),
        "offset 0: generator code does not begin with RETURN_GENERATOR"
    );
    assert_eq!(refusal_of(&body), "offset 0: RETURN_GENERATOR outside of a generator's beginning");
    assert_eq!(
        refusal_of(&[(Op::LOAD_CONST, 0), (Op::YIELD_VALUE, 0), (Op::RETURN_VALUE, 0)]),
        "offset 1: YIELD_VALUE in code that is no generator's"
    );
    let again = [(Op::RETURN_GENERATOR, 0), (Op::POP_TOP, 0), (Op::JUMP_BACKWARD, 4)];
    assert_eq!(refusal(&generator(&again)), "offset 2: jump back into a generator's beginning");
    let both = CodeObject { flags: CodeFlags(CodeFlags::GENERATOR | CodeFlags::COROUTINE), ..code(&body) };
    assert_eq!(refusal(&both), "flags 0xa0 contradict each other");
}

#[test]
fn slots_and_parameters_must_fit() {
    let sound = || code(&[(Op::RETURN_CONST, 0)]);
    assert_eq!(refusal(&CodeObject { argcount: 4, ..sound() }), "parameter counts do not fit the 3 locals");
    assert_eq!(
        refusal(&CodeObject { posonlyargcount: 2, ..sound() }),
        "parameter counts do not fit the 3 locals"
    );
    assert_eq!(
        refusal(&CodeObject { kwonlyargcount: u32::MAX, ..sound() }),
        "parameter counts do not fit the 3 locals"
    );
    assert_eq!(
        refusal(&CodeObject { localspluskinds: [0x20].into(), ..sound() }),
        "4 slots have names, 1 have kinds"
    );
    assert_eq!(
        refusal(&CodeObject { localspluskinds: [0x40, 0x20, 0x20, 0x20].into(), ..sound() }),
        "slot 1 has a kind (0x20) that cannot stand there"
    );
    assert_eq!(
        refusal(&CodeObject { stacksize: 31_997, ..sound() }),
        "frame of 32001 slots is larger than 32000"
    );
    let list = CodeObject { consts: [Const::List([].into())].into(), ..sound() };
    assert_eq!(refusal(&list), "constant 0 is of a kind that no code object has");
}
