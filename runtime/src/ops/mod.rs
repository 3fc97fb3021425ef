//! Operations: what handlers call. Each returns a value, `RAISED`, or `PUSHED` when a frame has to run first.

mod awaiting;
mod binary;
mod build;
mod call_ex;
mod classes;
mod compare;
mod context;
mod exceptions;
mod format;
mod imports;
mod instance;
mod intrinsics;
mod items;
mod iterate;
mod names;
mod truth;
mod unary;

pub use binary::BinaryState;
pub(crate) use build::{Merge, MergeError, list_items};
pub use compare::CompareState;
pub(crate) use compare::holds;
pub(crate) use format::TextOf;
pub use truth::TruthMode;
