//! The owner of Python's meaning: values, the heap and its collector, types, the protocols of attributes, calls,
//! operators and iteration, built-in functions and native modules, the value stack, frames, unwinding and tracebacks.
//!
//! Both machines call it; it knows neither. A machine fetches operands, calls an operation, stores the result.

mod at_once;
mod attr;
mod attr_cache;
mod bind;
mod boot;
mod call;
mod carets;
pub mod cell;
pub mod code;
mod codecs;
pub mod cx;
mod dict;
mod dict_ops;
mod doors;
mod exception;
mod fast;
mod format;
pub mod frame;
mod gc;
mod generator;
pub mod heap;
mod import;
mod index;
mod interactive;
mod interrupt;
mod modules;
pub mod native;
mod object;
pub mod ops;
pub mod output;
mod packing;
mod parts;
mod prepare;
mod program;
mod report;
mod resume;
mod search;
mod set;
mod shape;
mod str_object;
mod suggest;
mod text;
mod text_builder;
mod traceback;
mod type_object;
mod types;
mod unicode;
mod value;
mod vm;

pub use attr::{Found, Stored};
pub use call::CallArgs;
pub use cx::{Args, Cx, Handle, Local, Raised, Res, Root};
pub use fast::Position;
pub use interactive::ModuleError;
pub use interrupt::{Stop, Stopper, end_by_interrupt};
pub use program::{CodeSizes, STATUS_INTERRUPTED, STATUS_STOPPED};
pub use resume::Flow;
pub use value::Value;
pub use vm::{CompileFailure, CompileRequest, Compiler, Counters, MachineHooks, TreeStep, Vm};
