//! Wordcode to register code by stack-depth analysis.
//!
//! A translation is a list of stages: wordcode is decoded into blocks and edges ([`cfg`]), lowered over a symbolic
//! operand stack ([`lower`]) to register instructions ([`ir`]), improved by the [`passes`], laid out ([`layout`]) and
//! encoded ([`encode`]). Registers below `nlocalsplus` are the code object's own variables and hold at every call, raise
//! and safepoint what they hold in the stack form; only temporaries are moved, forwarded and removed.

mod cfg;
mod dot;
mod encode;
mod error;
mod ir;
mod layout;
mod liveness;
mod lower;
mod lower_op;
mod lower_special;
mod options;
mod passes;
mod roles;
mod size_model;
mod stack;
mod validate;

use bytecode::{CodeObject, RegCode};

pub use dot::{Form, cfg_dot};
pub use error::TranslateError;
pub use ir::BlockId;
pub use options::{Options, PASSES, Pass, PassInfo};
pub use size_model::size32_model;
pub use validate::validate_code;

use cfg::Cfg;
use ir::Body;

/// Translates one code object; those in its constants are not touched.
pub fn translate(code: &CodeObject, options: &Options) -> Result<RegCode, TranslateError> {
    let cfg = Cfg::build(code)?;
    let mut body = lower::lower(code, &cfg, *options)?;
    check(&body, "lowering")?;
    passes::run(&mut body, *options, check)?;
    let layout = layout::layout(&mut body);
    let code = encode::encode(&body, &layout);
    if cfg!(debug_assertions) {
        validate_code(&code).map_err(|fault| TranslateError::Invalid { stage: "encoding", fault })?;
    }
    Ok(code)
}

/// Checks the form's rules after a stage, in debug builds.
fn check(body: &Body, stage: &'static str) -> Result<(), TranslateError> {
    if cfg!(debug_assertions) {
        validate::validate(body).map_err(|fault| TranslateError::Invalid { stage, fault })?;
    }
    Ok(())
}
