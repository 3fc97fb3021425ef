//! Numbers and names of the opcodes that are no part of a code object: specialized and instrumented forms, which CPython's
//! interpreter writes into its own copy of the code, and pseudo opcodes, which only its compiler knows. Here they exist
//! to be named and refused.

use crate::StackOp;

/// A specialized form: number, name, the instruction it is a form of.
pub type Specialized = (u8, &'static str, StackOp);

/// The specialized forms by number.
pub const SPECIALIZED: &[Specialized] = &[
    (3, "BINARY_OP_INPLACE_ADD_UNICODE", StackOp::BINARY_OP),
    (150, "BINARY_OP_ADD_FLOAT", StackOp::BINARY_OP),
    (151, "BINARY_OP_ADD_INT", StackOp::BINARY_OP),
    (152, "BINARY_OP_ADD_UNICODE", StackOp::BINARY_OP),
    (153, "BINARY_OP_MULTIPLY_FLOAT", StackOp::BINARY_OP),
    (154, "BINARY_OP_MULTIPLY_INT", StackOp::BINARY_OP),
    (155, "BINARY_OP_SUBTRACT_FLOAT", StackOp::BINARY_OP),
    (156, "BINARY_OP_SUBTRACT_INT", StackOp::BINARY_OP),
    (157, "BINARY_SUBSCR_DICT", StackOp::BINARY_SUBSCR),
    (158, "BINARY_SUBSCR_GETITEM", StackOp::BINARY_SUBSCR),
    (159, "BINARY_SUBSCR_LIST_INT", StackOp::BINARY_SUBSCR),
    (160, "BINARY_SUBSCR_STR_INT", StackOp::BINARY_SUBSCR),
    (161, "BINARY_SUBSCR_TUPLE_INT", StackOp::BINARY_SUBSCR),
    (162, "CALL_ALLOC_AND_ENTER_INIT", StackOp::CALL),
    (163, "CALL_BOUND_METHOD_EXACT_ARGS", StackOp::CALL),
    (164, "CALL_BOUND_METHOD_GENERAL", StackOp::CALL),
    (165, "CALL_BUILTIN_CLASS", StackOp::CALL),
    (166, "CALL_BUILTIN_FAST", StackOp::CALL),
    (167, "CALL_BUILTIN_FAST_WITH_KEYWORDS", StackOp::CALL),
    (168, "CALL_BUILTIN_O", StackOp::CALL),
    (169, "CALL_ISINSTANCE", StackOp::CALL),
    (170, "CALL_LEN", StackOp::CALL),
    (171, "CALL_LIST_APPEND", StackOp::CALL),
    (172, "CALL_METHOD_DESCRIPTOR_FAST", StackOp::CALL),
    (173, "CALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS", StackOp::CALL),
    (174, "CALL_METHOD_DESCRIPTOR_NOARGS", StackOp::CALL),
    (175, "CALL_METHOD_DESCRIPTOR_O", StackOp::CALL),
    (176, "CALL_NON_PY_GENERAL", StackOp::CALL),
    (177, "CALL_PY_EXACT_ARGS", StackOp::CALL),
    (178, "CALL_PY_GENERAL", StackOp::CALL),
    (179, "CALL_STR_1", StackOp::CALL),
    (180, "CALL_TUPLE_1", StackOp::CALL),
    (181, "CALL_TYPE_1", StackOp::CALL),
    (182, "COMPARE_OP_FLOAT", StackOp::COMPARE_OP),
    (183, "COMPARE_OP_INT", StackOp::COMPARE_OP),
    (184, "COMPARE_OP_STR", StackOp::COMPARE_OP),
    (185, "CONTAINS_OP_DICT", StackOp::CONTAINS_OP),
    (186, "CONTAINS_OP_SET", StackOp::CONTAINS_OP),
    (187, "FOR_ITER_GEN", StackOp::FOR_ITER),
    (188, "FOR_ITER_LIST", StackOp::FOR_ITER),
    (189, "FOR_ITER_RANGE", StackOp::FOR_ITER),
    (190, "FOR_ITER_TUPLE", StackOp::FOR_ITER),
    (191, "LOAD_ATTR_CLASS", StackOp::LOAD_ATTR),
    (192, "LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN", StackOp::LOAD_ATTR),
    (193, "LOAD_ATTR_INSTANCE_VALUE", StackOp::LOAD_ATTR),
    (194, "LOAD_ATTR_METHOD_LAZY_DICT", StackOp::LOAD_ATTR),
    (195, "LOAD_ATTR_METHOD_NO_DICT", StackOp::LOAD_ATTR),
    (196, "LOAD_ATTR_METHOD_WITH_VALUES", StackOp::LOAD_ATTR),
    (197, "LOAD_ATTR_MODULE", StackOp::LOAD_ATTR),
    (198, "LOAD_ATTR_NONDESCRIPTOR_NO_DICT", StackOp::LOAD_ATTR),
    (199, "LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES", StackOp::LOAD_ATTR),
    (200, "LOAD_ATTR_PROPERTY", StackOp::LOAD_ATTR),
    (201, "LOAD_ATTR_SLOT", StackOp::LOAD_ATTR),
    (202, "LOAD_ATTR_WITH_HINT", StackOp::LOAD_ATTR),
    (203, "LOAD_GLOBAL_BUILTIN", StackOp::LOAD_GLOBAL),
    (204, "LOAD_GLOBAL_MODULE", StackOp::LOAD_GLOBAL),
    (205, "LOAD_SUPER_ATTR_ATTR", StackOp::LOAD_SUPER_ATTR),
    (206, "LOAD_SUPER_ATTR_METHOD", StackOp::LOAD_SUPER_ATTR),
    (207, "RESUME_CHECK", StackOp::RESUME),
    (208, "SEND_GEN", StackOp::SEND),
    (209, "STORE_ATTR_INSTANCE_VALUE", StackOp::STORE_ATTR),
    (210, "STORE_ATTR_SLOT", StackOp::STORE_ATTR),
    (211, "STORE_ATTR_WITH_HINT", StackOp::STORE_ATTR),
    (212, "STORE_SUBSCR_DICT", StackOp::STORE_SUBSCR),
    (213, "STORE_SUBSCR_LIST_INT", StackOp::STORE_SUBSCR),
    (214, "TO_BOOL_ALWAYS_TRUE", StackOp::TO_BOOL),
    (215, "TO_BOOL_BOOL", StackOp::TO_BOOL),
    (216, "TO_BOOL_INT", StackOp::TO_BOOL),
    (217, "TO_BOOL_LIST", StackOp::TO_BOOL),
    (218, "TO_BOOL_NONE", StackOp::TO_BOOL),
    (219, "TO_BOOL_STR", StackOp::TO_BOOL),
    (220, "UNPACK_SEQUENCE_LIST", StackOp::UNPACK_SEQUENCE),
    (221, "UNPACK_SEQUENCE_TUPLE", StackOp::UNPACK_SEQUENCE),
    (222, "UNPACK_SEQUENCE_TWO_TUPLE", StackOp::UNPACK_SEQUENCE),
];

/// The instrumented forms by number.
pub const INSTRUMENTED: &[(u8, &str)] = &[
    (236, "INSTRUMENTED_RESUME"),
    (237, "INSTRUMENTED_END_FOR"),
    (238, "INSTRUMENTED_END_SEND"),
    (239, "INSTRUMENTED_RETURN_VALUE"),
    (240, "INSTRUMENTED_RETURN_CONST"),
    (241, "INSTRUMENTED_YIELD_VALUE"),
    (242, "INSTRUMENTED_LOAD_SUPER_ATTR"),
    (243, "INSTRUMENTED_FOR_ITER"),
    (244, "INSTRUMENTED_CALL"),
    (245, "INSTRUMENTED_CALL_KW"),
    (246, "INSTRUMENTED_CALL_FUNCTION_EX"),
    (247, "INSTRUMENTED_INSTRUCTION"),
    (248, "INSTRUMENTED_JUMP_FORWARD"),
    (249, "INSTRUMENTED_JUMP_BACKWARD"),
    (250, "INSTRUMENTED_POP_JUMP_IF_TRUE"),
    (251, "INSTRUMENTED_POP_JUMP_IF_FALSE"),
    (252, "INSTRUMENTED_POP_JUMP_IF_NONE"),
    (253, "INSTRUMENTED_POP_JUMP_IF_NOT_NONE"),
    (254, "INSTRUMENTED_LINE"),
];

macro_rules! define_pseudo {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal,)*) => {
        /// Numbers of the pseudo opcodes.
        pub mod pseudo {
            $($(#[doc = $doc])+ pub const $name: u16 = $number;)*
        }

        /// The pseudo opcodes by number.
        pub const PSEUDO: &[(u16, &str)] = &[$(($number, stringify!($name))),*];
    };
}

define_pseudo! {
    /// `JUMP_FORWARD` or `JUMP_BACKWARD`.
    JUMP = 256,
    /// `JUMP_FORWARD` or `JUMP_BACKWARD_NO_INTERRUPT`.
    JUMP_NO_INTERRUPT = 257,
    /// `LOAD_FAST` of a cell.
    LOAD_CLOSURE = 258,
    /// `LOAD_ATTR` with bit 0.
    LOAD_METHOD = 259,
    /// `LOAD_SUPER_ATTR` with bits 0 and 1.
    LOAD_SUPER_METHOD = 260,
    /// `LOAD_SUPER_ATTR` with neither bit.
    LOAD_ZERO_SUPER_ATTR = 261,
    /// `LOAD_SUPER_ATTR` with bit 0.
    LOAD_ZERO_SUPER_METHOD = 262,
    /// `NOP`: ends the innermost exception range.
    POP_BLOCK = 263,
    /// Begins an exception range whose handler finds `lasti`.
    SETUP_CLEANUP = 264,
    /// Begins an exception range.
    SETUP_FINALLY = 265,
    /// Begins the exception range of a `with`.
    SETUP_WITH = 266,
    /// `STORE_FAST` of a value or NULL.
    STORE_FAST_MAYBE_NULL = 267,
}

/// What an opcode number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpcodeClass {
    /// An instruction of the set.
    Real(StackOp),
    /// A specialized form of an instruction.
    Specialized(&'static str, StackOp),
    /// An instrumented form.
    Instrumented(&'static str),
    /// A pseudo opcode.
    Pseudo(&'static str),
    /// Nothing in CPython 3.13.
    Unknown,
}

/// What the opcode number is.
pub fn classify(number: u16) -> OpcodeClass {
    if let Some(op) = u8::try_from(number).ok().and_then(StackOp::from_number) {
        return OpcodeClass::Real(op);
    }
    if let Some((_, name, base)) = SPECIALIZED.iter().find(|row| u16::from(row.0) == number) {
        return OpcodeClass::Specialized(name, *base);
    }
    if let Some((_, name)) = INSTRUMENTED.iter().find(|row| u16::from(row.0) == number) {
        return OpcodeClass::Instrumented(name);
    }
    match PSEUDO.iter().find(|row| row.0 == number) {
        Some((_, name)) => OpcodeClass::Pseudo(name),
        None => OpcodeClass::Unknown,
    }
}

/// CPython's name of the opcode number, `None` if the number is free.
pub fn opcode_name(number: u16) -> Option<&'static str> {
    match classify(number) {
        OpcodeClass::Real(op) => Some(op.name()),
        OpcodeClass::Specialized(name, _) | OpcodeClass::Instrumented(name) | OpcodeClass::Pseudo(name) => {
            Some(name)
        }
        OpcodeClass::Unknown => None,
    }
}
