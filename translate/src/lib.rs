//! Wordcode to register code by stack-depth analysis.
//!
//! A translation is a list of stages: wordcode is decoded into blocks and edges ([`cfg`]), lowered over a symbolic
//! operand stack ([`lower`]) to register instructions ([`ir`]), improved by the [`passes`], laid out ([`layout`]) and
//! encoded ([`encode`]). Registers below `nlocalsplus` are the code object's own variables and hold at every call, raise
//! and safepoint what they hold in the stack form; only temporaries are moved, forwarded and removed.

mod cfg;
pub mod check;
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
mod witness;

use bytecode::{CodeObject, RegCode};

pub use dot::{Form, cfg_dot};
pub use error::TranslateError;
pub use ir::BlockId;
pub use options::{Options, PASSES, Pass, PassInfo};
pub use size_model::size32_model;
pub use validate::validate_code;
pub use witness::{Cut, Held, Witness};

use cfg::Cfg;
use ir::Body;
use layout::Layout;

/// Translates one code object; those in its constants are not touched.
pub fn translate(code: &CodeObject, options: &Options) -> Result<RegCode, TranslateError> {
    if cfg!(debug_assertions) {
        return translate_proved(code, options);
    }
    let (body, layout) = run_stages(code, *options)?;
    Ok(encode::encode(&body, &layout))
}

/// Translates one code object and says what the checker has to prove.
pub fn translate_with_witness(
    code: &CodeObject,
    options: &Options,
) -> Result<(RegCode, Witness), TranslateError> {
    let (body, layout) = run_stages(code, *options)?;
    Ok((encode::encode(&body, &layout), Witness::of(&body, &layout)))
}

/// Translates one code object and proves the translation; in debug builds every translation is.
pub fn translate_proved(code: &CodeObject, options: &Options) -> Result<RegCode, TranslateError> {
    let (reg, witness) = translate_with_witness(code, options)?;
    validate_code(&reg).map_err(|fault| TranslateError::Invalid { stage: "encoding", fault })?;
    check::check(code, &reg, &witness)?;
    Ok(reg)
}

/// All stages up to the encoding.
fn run_stages(code: &CodeObject, options: Options) -> Result<(Body, Layout), TranslateError> {
    let cfg = Cfg::build(code)?;
    let mut body = lower::lower(code, &cfg, options)?;
    check_form(&body, "lowering")?;
    passes::run(&mut body, options, check_form)?;
    let layout = layout::layout(&mut body);
    Ok((body, layout))
}

/// Checks the form's rules after a stage, in debug builds.
fn check_form(body: &Body, stage: &'static str) -> Result<(), TranslateError> {
    if cfg!(debug_assertions) {
        validate::validate(body).map_err(|fault| TranslateError::Invalid { stage, fault })?;
    }
    Ok(())
}
