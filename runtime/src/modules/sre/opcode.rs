//! Numbers of a pattern's code, as Python's pattern compiler of this magic number emits them.

/// The version of the code.
pub(super) const MAGIC: i32 = 20_230_612;
/// A repetition without upper bound.
pub(super) const MAXREPEAT: u32 = u32::MAX;
/// The most groups.
pub(super) const MAXGROUPS: i32 = i32::MAX / 2;

/// The hint has a literal prefix.
pub(super) const INFO_PREFIX: u32 = 1;
/// The hint has a set of first characters.
pub(super) const INFO_CHARSET: u32 = 4;

macro_rules! numbers {
    ($($name:ident)*) => { numbers!(@ 0_u32; $($name)*); };
    (@ $number:expr; $name:ident $($rest:ident)*) => {
        #[doc = concat!("`", stringify!($name), "`")]
        #[allow(dead_code, reason = "the compiler never emits every number")]
        pub(super) const $name: u32 = $number;
        numbers!(@ $number + 1; $($rest)*);
    };
    (@ $number:expr;) => {};
}
numbers! {
    FAILURE SUCCESS ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY CHARSET BIGCHARSET GROUPREF GROUPREF_EXISTS IN INFO
    JUMP LITERAL MARK MAX_UNTIL MIN_UNTIL NOT_LITERAL NEGATE RANGE REPEAT REPEAT_ONE SUBPATTERN MIN_REPEAT_ONE
    ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE
    GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE GROUPREF_UNI_IGNORE IN_UNI_IGNORE
    LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE RANGE_UNI_IGNORE
}
