//! Natives: functions in Rust that Python calls, their signatures, and the matching of arguments to parameters.
//!
//! A native sees its arguments as rooted slots on the value stack ([`Args`]), one for each parameter, and everything
//! else through [`Cx`]. Signatures are written as CPython's text signatures are and read at the first call.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::at_once::AtOnce;
use crate::cx::{Args, Cx, Local, Raised};

/// A native function.
pub type NativeFn = for<'a> fn(&'a mut Cx, Args<'_>) -> Result<Local<'a>, Raised>;

/// How a native in a type's dict binds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    /// A module's function, or a method: binds to its instance when it belongs to a type.
    Plain,
    /// Gets the class as first argument.
    Class,
    /// Gets nothing.
    Static,
    /// Read through an instance: the native is the getter.
    Getter,
}

/// A row of a native table.
pub struct NativeDef {
    /// Python name.
    pub name: &'static str,
    /// Parameters, as in CPython's text signatures: `"$self, object, /"`. A default's text is for `help` only: a
    /// parameter not given is an undefined slot. `*args` leaves the rest in place ([`Args::rest`]).
    pub signature: &'static str,
    /// Docstring.
    pub doc: &'static str,
    /// The function.
    pub function: NativeFn,
    /// How it binds.
    pub binding: Binding,
    /// The short way for the arguments that most calls have.
    pub at_once: Option<AtOnce>,
    /// For [`Binding::Getter`]: the setter, called with the instance and the value, or without value to delete.
    pub setter: Option<NativeFn>,
}

impl NativeDef {
    const fn with(name: &'static str, signature: &'static str, function: NativeFn, binding: Binding) -> Self {
        Self { name, signature, doc: "", function, binding, at_once: None, setter: None }
    }

    /// A module's function, or a method (its signature starts with `$self`).
    pub const fn new(name: &'static str, signature: &'static str, function: NativeFn) -> Self {
        Self::with(name, signature, function, Binding::Plain)
    }

    /// A class method: its signature starts with `$type`.
    pub const fn class(name: &'static str, signature: &'static str, function: NativeFn) -> Self {
        Self::with(name, signature, function, Binding::Class)
    }

    /// A static method.
    pub const fn stat(name: &'static str, signature: &'static str, function: NativeFn) -> Self {
        Self::with(name, signature, function, Binding::Static)
    }

    /// A read-only attribute.
    pub const fn getter(name: &'static str, function: NativeFn) -> Self {
        Self::with(name, "$self, /", function, Binding::Getter)
    }

    /// An attribute that can be set (and deleted, if the setter allows it: its second argument is then undefined).
    pub const fn attribute(name: &'static str, get: NativeFn, set: NativeFn) -> Self {
        let mut definition = Self::with(name, "$self, /", get, Binding::Getter);
        definition.setter = Some(set);
        definition
    }

    /// The same with a short way.
    #[must_use]
    pub const fn at_once(mut self, short: AtOnce) -> Self {
        self.at_once = Some(short);
        self
    }

    /// The same with a docstring.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// The parameters: read from the signature once.
    pub fn params(&'static self) -> &'static Params {
        let mut known = PARAMS.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(std::ptr::from_ref(self) as usize)
            .or_insert_with(|| Box::leak(Box::new(Params::parse(self.signature))))
    }
}

/// Parameters by the address of their definition, as far as they were asked for. Definitions are static, so what is
/// kept here is bounded by the tables.
static PARAMS: LazyLock<Mutex<HashMap<usize, &'static Params>>> = LazyLock::new(Mutex::default);

/// A native's parameters.
#[derive(Debug, Default)]
pub struct Params {
    /// Names of all parameters, positional ones first, then keyword-only ones.
    pub names: Vec<&'static str>,
    /// How many of them may be given by position.
    pub positional: usize,
    /// How many of them may be given by position only.
    pub positional_only: usize,
    /// How many of the positional ones must be given.
    pub required: usize,
    /// For each parameter whether it may be left out.
    pub optional: Vec<bool>,
    /// More positional arguments are allowed.
    pub rest: bool,
    /// Other keyword arguments are allowed: they come as a dict (or undefined) in one more slot.
    pub keywords: bool,
    /// The first parameter is `self` or the class.
    pub has_self: bool,
    /// Slots that the native gets, the rest apart.
    pub slots: usize,
    /// From this many positional arguments to that many need no matching to parameters.
    counts: (usize, usize),
}

impl Params {
    fn parse(signature: &'static str) -> Self {
        let mut params = Self::default();
        let mut keyword_only = false;
        for part in signature.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part == "/" {
                params.positional_only = params.names.len();
            } else if part == "*" {
                keyword_only = true;
            } else if part.starts_with("**") {
                params.keywords = true;
            } else if part.starts_with('*') {
                params.rest = true;
                keyword_only = true;
            } else {
                let (name, default) =
                    part.split_once('=').map_or((part, None), |(name, text)| (name, Some(text)));
                params.has_self |= name.starts_with('$');
                params.names.push(name.trim_start_matches('$').trim());
                params.optional.push(default.is_some());
                if !keyword_only {
                    params.positional += 1;
                    params.required += usize::from(default.is_none());
                }
            }
        }
        params.slots = params.names.len() + usize::from(params.keywords);
        let must_be_named = params.optional[params.positional..].contains(&false);
        params.counts = match params.rest {
            _ if must_be_named => (1, 0),
            true => (params.required, usize::MAX),
            false => (params.required, params.positional),
        };
        params
    }

    /// Whether `count` positional arguments, and no others, need no matching: the first ones are the parameters in
    /// order, what goes beyond them is the rest.
    #[inline(always)]
    pub fn takes(&self, count: usize) -> bool {
        self.counts.0 <= count && count <= self.counts.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read_as_cpythons() {
        let params = Params::parse("$self, iterable, /, *, key=None, reverse=False");
        assert_eq!(params.names, ["self", "iterable", "key", "reverse"]);
        assert_eq!((params.positional, params.positional_only, params.required), (2, 2, 2));
        assert!(params.has_self && !params.rest && !params.keywords);
        assert!(params.takes(2) && !params.takes(3));
        let params = Params::parse("*args, sep=' ', **kwargs");
        assert!(params.rest && params.keywords && params.positional == 0);
        assert_eq!(params.slots, 2);
        assert!(params.takes(0) && params.takes(1));
    }
}
