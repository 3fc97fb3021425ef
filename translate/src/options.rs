//! Which passes run: each has a name, and each can be switched off.

use crate::error::TranslateError;

/// A pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum Pass {
    /// [`crate::passes::forward`]: locals and temporaries.
    CopyForwarding,
    /// [`crate::passes::forward`]: constants and NULL.
    ConstantOperands,
    /// [`crate::passes::dead_moves`].
    DeadMoves,
    /// [`crate::passes::truth_test`].
    TruthTest,
    /// [`crate::passes::compare_branch`].
    CompareBranch,
    /// [`crate::passes::exception_match`].
    ExceptionMatch,
    /// [`crate::passes::call_fusion`].
    CallFusion,
    /// [`crate::passes::unpack_to`].
    UnpackTo,
    /// [`crate::passes::destination_forwarding`].
    DestinationForwarding,
    /// [`crate::passes::jump_threading`].
    JumpThreading,
    /// [`crate::passes::loop_inversion`].
    LoopInversion,
    /// [`crate::passes::unreachable_code`].
    UnreachableCode,
    /// [`crate::passes::slot_compaction`].
    SlotCompaction,
}

impl Pass {
    /// The pass's name.
    pub fn name(self) -> &'static str {
        PASSES.iter().find(|info| info.pass == self).map_or("", |info| info.name)
    }
}

/// A pass's name and what it does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PassInfo {
    /// The pass.
    pub pass: Pass,
    /// Its name for `--without` and `--only`.
    pub name: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
}

/// The passes in the order in which they run.
pub const PASSES: &[PassInfo] = &[
    PassInfo {
        pass: Pass::CopyForwarding,
        name: "copy-forwarding",
        summary: "operands read the local or temporary that was copied, not the copy; COPY and SWAP become renamings",
    },
    PassInfo {
        pass: Pass::ConstantOperands,
        name: "constant-operands",
        summary: "operands name the constant; calls whose self is known to be NULL lose it",
    },
    PassInfo {
        pass: Pass::DeadMoves,
        name: "dead-moves",
        summary: "moves and constant loads into temporaries that nobody reads go away",
    },
    PassInfo {
        pass: Pass::TruthTest,
        name: "truth-test",
        summary: "TO_BOOL and UNARY_NOT are fused with the jump, or with each other",
    },
    PassInfo {
        pass: Pass::CompareBranch,
        name: "compare-branch",
        summary: "comparison, identity and containment tests are fused with the jump",
    },
    PassInfo {
        pass: Pass::ExceptionMatch,
        name: "exception-match",
        summary: "CHECK_EXC_MATCH is fused with the jump",
    },
    PassInfo {
        pass: Pass::CallFusion,
        name: "call-fusion",
        summary: "a global or method load is fused with its call if only locals and constants stand between",
    },
    PassInfo {
        pass: Pass::UnpackTo,
        name: "unpack-to",
        summary: "UNPACK_SEQUENCE writes straight into the variables",
    },
    PassInfo {
        pass: Pass::DestinationForwarding,
        name: "destination-forwarding",
        summary: "an instruction writes straight into the variable that its result is moved to",
    },
    PassInfo {
        pass: Pass::JumpThreading,
        name: "jump-threading",
        summary: "jumps to jumps go to where those go; a jump to a return becomes the return",
    },
    PassInfo {
        pass: Pass::LoopInversion,
        name: "loop-inversion",
        summary: "a loop's test stands at its bottom: one branch an iteration",
    },
    PassInfo {
        pass: Pass::UnreachableCode,
        name: "unreachable-code",
        summary: "blocks that nothing leads to any more go away",
    },
    PassInfo {
        pass: Pass::SlotCompaction,
        name: "slot-compaction",
        summary: "temporaries share registers; frames get smaller",
    },
];

/// How to translate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Options {
    enabled: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self::all()
    }
}

impl Options {
    /// With every pass.
    pub fn all() -> Self {
        Self { enabled: PASSES.iter().fold(0, |set, info| set | 1 << info.pass as u32) }
    }

    /// With no pass: each wordcode instruction becomes the register instruction that does the same between slots.
    pub fn none() -> Self {
        Self { enabled: 0 }
    }

    /// Whether a pass runs.
    pub fn has(&self, pass: Pass) -> bool {
        self.enabled & 1 << pass as u32 != 0
    }

    /// These without one pass.
    #[must_use]
    pub fn without(self, pass: Pass) -> Self {
        Self { enabled: self.enabled & !(1 << pass as u32) }
    }

    /// These with one pass.
    #[must_use]
    pub fn with(self, pass: Pass) -> Self {
        Self { enabled: self.enabled | 1 << pass as u32 }
    }

    /// Every pass but those named.
    pub fn without_named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, TranslateError> {
        names.into_iter().try_fold(Self::all(), |options, name| Ok(options.without(named(name)?)))
    }

    /// Only the passes named.
    pub fn only_named<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, TranslateError> {
        names.into_iter().try_fold(Self::none(), |options, name| Ok(options.with(named(name)?)))
    }
}

fn named(name: &str) -> Result<Pass, TranslateError> {
    let info = PASSES.iter().find(|info| info.name == name);
    info.map(|info| info.pass).ok_or_else(|| TranslateError::UnknownPass { name: name.to_owned() })
}
