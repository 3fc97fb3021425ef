//! What other translators got wrong, each in wordcode written by hand; every combination of one pass alone, one off, all
//! and none is proved. And malformed code, which ends in an error.

use bytecode::StackOp::{self, *};
use bytecode::{
    CodeFlags, CodeObject, Const, ExceptionEntry, RegInstr, RegOp, Text, exception_table, reg_dis,
};
use translate::{Options, PASSES, TranslateError, translate, translate_proved};

/// A code object of instructions, with four locals a to d, five constants and three names.
fn code(instrs: &[(StackOp, u8)]) -> CodeObject {
    let mut units = Vec::new();
    for (op, oparg) in instrs {
        units.extend([op.number(), *oparg]);
        units.extend(std::iter::repeat_n(0, 2 * op.cache_units()));
    }
    CodeObject {
        argcount: 4,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 16,
        flags: CodeFlags(CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS),
        code: units.into(),
        consts: [Const::None, Const::Int(1), Const::Int(2), Const::Bool(true), Const::Str(Text::from("x"))]
            .into(),
        names: ["f", "g", "h"].map(Text::from).into(),
        localsplusnames: ["a", "b", "c", "d"].map(Text::from).into(),
        localspluskinds: [bytecode::code::local_kind::LOCAL; 4].into(),
        filename: Text::from("hand.py"),
        name: Text::from("hand"),
        qualname: Text::from("hand"),
        firstlineno: 1,
        linetable: Box::new([]),
        exceptiontable: Box::new([]),
    }
}

fn with_handlers(instrs: &[(StackOp, u8)], entries: &[(u32, u32, u32, u32, bool)]) -> CodeObject {
    let entries: Vec<ExceptionEntry> = entries
        .iter()
        .map(|(start, end, target, depth, lasti)| ExceptionEntry {
            start: *start,
            end: *end,
            target: *target,
            depth: *depth,
            lasti: *lasti,
        })
        .collect();
    CodeObject { exceptiontable: exception_table::encode(&entries).into(), ..code(instrs) }
}

/// Proves a translation under all sorts of options; its instructions with all passes.
fn prove(code: &CodeObject) -> Vec<RegInstr> {
    let mut variants = vec![Options::none(), Options::all()];
    for info in PASSES {
        variants.extend([Options::all().without(info.pass), Options::none().with(info.pass)]);
    }
    for options in variants {
        translate_proved(code, &options).unwrap_or_else(|error| panic!("{options:?}: {error}"));
    }
    let reg = translate(code, &Options::all()).expect("proved above");
    reg.instrs().map(|(_, instr)| instr).collect()
}

fn text(code: &CodeObject) -> String {
    let mut text = String::new();
    let reg = translate(code, &Options::all()).expect("proved above");
    reg_dis::write(code, &reg, &mut text).expect("strings take all");
    text
}

fn ops(instrs: &[RegInstr]) -> Vec<RegOp> {
    instrs.iter().map(|instr| instr.op).collect()
}

#[test]
fn a_pending_read_keeps_the_value_from_before_the_overwrite() {
    let code = code(&[
        (LOAD_FAST, 0),
        (LOAD_CONST, 1),
        (STORE_FAST, 0),
        (LOAD_FAST, 0),
        (BUILD_TUPLE, 2),
        (RETURN_VALUE, 0),
    ]);
    assert_eq!(ops(&prove(&code)), [RegOp::MOVE, RegOp::LOAD_CONST, RegOp::BUILD_TUPLE, RegOp::RETURN]);
}

#[test]
fn a_pending_read_outlives_the_deletion_and_the_clearing_of_its_local() {
    prove(&code(&[(LOAD_FAST, 0), (DELETE_FAST, 0), (RETURN_VALUE, 0)]));
    prove(&code(&[
        (LOAD_FAST, 0),
        (LOAD_FAST_AND_CLEAR, 0),
        (SWAP, 2),
        (STORE_FAST, 1),
        (STORE_FAST, 0),
        (RETURN_CONST, 0),
    ]));
}

#[test]
fn values_that_change_places_at_a_join_are_not_overwritten() {
    let code = code(&[
        (LOAD_FAST, 0),
        (GET_ITER, 0),
        (LOAD_FAST, 1),
        (GET_ITER, 0),
        (LOAD_FAST, 2),
        (GET_ITER, 0),
        (LOAD_FAST, 3),
        (POP_JUMP_IF_NONE, 3),
        (SWAP, 3),
        (SWAP, 2),
        (NOP, 0),
        (BUILD_TUPLE, 3),
        (RETURN_VALUE, 0),
    ]);
    prove(&code);
}

#[test]
fn arguments_that_change_places_reach_the_call_in_order() {
    let code = code(&[
        (LOAD_GLOBAL, 1),
        (LOAD_FAST_LOAD_FAST, 1),
        (SWAP, 2),
        (COPY, 2),
        (SWAP, 3),
        (CALL, 3),
        (RETURN_VALUE, 0),
    ]);
    assert!(text(&code).contains("r4 = f, r1(b), r0(a), r1(b)"), "{}", text(&code));
    prove(&code);
}

#[test]
fn a_load_is_not_moved_over_another_operation() {
    // a.g(f()): the attribute is looked up before f is called.
    let outer =
        code(&[(LOAD_FAST, 0), (LOAD_ATTR, 3), (LOAD_GLOBAL, 1), (CALL, 0), (CALL, 1), (RETURN_VALUE, 0)]);
    assert_eq!(
        ops(&prove(&outer)),
        [RegOp::LOAD_METHOD, RegOp::CALL_GLOBAL0, RegOp::CALL_SELF1, RegOp::RETURN]
    );
    // f(b) where b may be unbound: f is looked up first.
    let checked = code(&[(LOAD_GLOBAL, 1), (LOAD_FAST_CHECK, 1), (CALL, 1), (RETURN_VALUE, 0)]);
    assert_eq!(ops(&prove(&checked)), [RegOp::LOAD_GLOBAL, RegOp::CHECK_LOCAL, RegOp::CALL1, RegOp::RETURN]);
}

#[test]
fn a_handler_finds_the_live_iterator_and_not_what_lay_above_it() {
    // for a in b: try: f(1, g()) except: pass
    let mut instrs = vec![
        (LOAD_FAST, 1),
        (GET_ITER, 0),
        (FOR_ITER, 0),
        (STORE_FAST, 0),
        (LOAD_GLOBAL, 1),
        (LOAD_CONST, 1),
        (LOAD_GLOBAL, 3),
        (CALL, 0),
        (CALL, 2),
        (POP_TOP, 0),
        (JUMP_BACKWARD, 0),
        (END_FOR, 0),
        (POP_TOP, 0),
        (RETURN_CONST, 0),
        (PUSH_EXC_INFO, 0),
        (POP_TOP, 0),
        (POP_EXCEPT, 0),
        (JUMP_BACKWARD, 0),
    ];
    let mut starts = vec![0];
    for (op, _) in &instrs {
        starts.push(starts[starts.len() - 1] + 1 + op.cache_units() as u32);
    }
    instrs[2].1 = (starts[11] - starts[3]) as u8;
    instrs[10].1 = (starts[11] - starts[2]) as u8;
    instrs[17].1 = (starts[18] - starts[2]) as u8;
    let code = with_handlers(&instrs, &[(starts[4], starts[9], starts[14], 1, false)]);
    let reg = translate_proved(&code, &Options::none()).expect("proved");
    assert_eq!(reg.exceptions[0].slot, 5);
    prove(&code);
}

#[test]
fn a_target_reached_only_by_an_exception_is_kept() {
    let instrs = [
        (LOAD_GLOBAL, 1),
        (CALL, 0),
        (RETURN_VALUE, 0),
        (PUSH_EXC_INFO, 0),
        (POP_TOP, 0),
        (POP_EXCEPT, 0),
        (RETURN_CONST, 1),
    ];
    let code = with_handlers(&instrs, &[(0, 9, 10, 0, false)]);
    let found = ops(&prove(&code));
    assert_eq!(
        found,
        [RegOp::CALL_GLOBAL0, RegOp::RETURN, RegOp::PUSH_EXC_INFO, RegOp::POP_EXCEPT, RegOp::RETURN]
    );
}

#[test]
fn a_fused_comparison_keeps_its_polarity() {
    for (jump, op) in [(POP_JUMP_IF_FALSE, RegOp::JUMP_IF_NOT_LT), (POP_JUMP_IF_TRUE, RegOp::JUMP_IF_LT)] {
        let code = code(&[
            (LOAD_FAST_LOAD_FAST, 1),
            (COMPARE_OP, 2 + 16),
            (jump, 1),
            (RETURN_CONST, 1),
            (RETURN_CONST, 2),
        ]);
        assert_eq!(prove(&code)[0].op, op);
    }
}

#[test]
fn a_comparison_that_is_read_again_is_not_fused() {
    let code = code(&[
        (LOAD_FAST_LOAD_FAST, 1),
        (COMPARE_OP, 2),
        (COPY, 1),
        (TO_BOOL, 0),
        (POP_JUMP_IF_FALSE, 2),
        (POP_TOP, 0),
        (LOAD_FAST, 2),
        (RETURN_VALUE, 0),
    ]);
    assert_eq!(prove(&code)[0].op, RegOp::LT);
}

#[test]
fn a_store_behind_a_call_is_not_made_before_it() {
    // t = f(); g(); a = t
    let code = code(&[
        (LOAD_GLOBAL, 1),
        (CALL, 0),
        (LOAD_GLOBAL, 3),
        (CALL, 0),
        (POP_TOP, 0),
        (STORE_FAST, 0),
        (RETURN_CONST, 0),
    ]);
    let found = ops(&prove(&code));
    assert_eq!(found, [RegOp::CALL_GLOBAL0, RegOp::CALL_GLOBAL0, RegOp::MOVE, RegOp::RETURN]);
}

#[test]
fn unpacking_into_one_variable_twice_keeps_the_last_item() {
    let code = code(&[
        (LOAD_FAST, 0),
        (UNPACK_SEQUENCE, 2),
        (STORE_FAST_STORE_FAST, 0x11),
        (LOAD_FAST, 1),
        (RETURN_VALUE, 0),
    ]);
    prove(&code);
}

#[test]
fn branches_beyond_sixteen_bits_go_over_a_jump() {
    // for a in b: many calls; the loop is longer than a branch reaches.
    let mut instrs = vec![(LOAD_FAST, 1), (GET_ITER, 0)];
    let mut body = vec![(STORE_FAST, 0)];
    for _ in 0..12_000 {
        body.extend([(LOAD_FAST, 2), (LOAD_ATTR, 1), (CALL, 0), (POP_TOP, 0)]);
    }
    let units: u32 = body.iter().map(|(op, _)| 1 + op.cache_units() as u32).sum();
    let long = |op: StackOp, oparg: u32| {
        [(EXTENDED_ARG, (oparg >> 16) as u8), (EXTENDED_ARG, (oparg >> 8) as u8), (op, oparg as u8)]
    };
    instrs.extend(long(FOR_ITER, units + 4));
    instrs.extend(body);
    instrs.extend(long(JUMP_BACKWARD, units + 8));
    instrs.extend([(END_FOR, 0), (POP_TOP, 0), (RETURN_CONST, 0)]);
    let code = code(&instrs);
    for options in [Options::all(), Options::none()] {
        let reg = translate_proved(&code, &options).expect("proved");
        assert!(reg.words.len() > 35_000);
    }
}

#[test]
fn malformed_code_is_refused() {
    let error = |code: CodeObject| translate(&code, &Options::all()).expect_err("it is malformed");
    assert_eq!(error(code(&[])), TranslateError::Empty);
    assert_eq!(error(code(&[(POP_TOP, 0), (RETURN_CONST, 0)])), TranslateError::Underflow { offset: 0 });
    assert_eq!(error(code(&[(LOAD_FAST, 0)])), TranslateError::RunsOff { offset: 0 });
    assert!(matches!(error(code(&[(JUMP_FORWARD, 9), (RETURN_CONST, 0)])), TranslateError::BadTarget { .. }));
    for bad in [(LOAD_FAST, 4), (LOAD_CONST, 5), (LOAD_NAME, 3), (COMPARE_OP, 255), (RAISE_VARARGS, 3)] {
        let refused =
            error(code(&[(LOAD_CONST, 0), (LOAD_CONST, 0), (LOAD_CONST, 0), bad, (RETURN_CONST, 0)]));
        assert!(matches!(refused, TranslateError::BadOparg { offset: 3, .. }), "{refused:?}");
    }
    let uneven =
        code(&[(LOAD_FAST, 0), (POP_JUMP_IF_NONE, 1), (LOAD_CONST, 0), (LOAD_CONST, 0), (RETURN_VALUE, 0)]);
    assert!(matches!(error(uneven), TranslateError::DepthMismatch { .. }));
    let shallow = with_handlers(&[(LOAD_GLOBAL, 0), (RETURN_VALUE, 0), (RERAISE, 0)], &[(0, 5, 6, 3, false)]);
    assert!(matches!(error(shallow), TranslateError::HandlerDepth { handler: 3, .. }));
    let deep =
        with_handlers(&[(LOAD_GLOBAL, 0), (RETURN_VALUE, 0), (RERAISE, 0)], &[(0, 5, 6, 1 << 20, false)]);
    assert!(matches!(error(deep), TranslateError::TooManyRegisters { .. }));
}
