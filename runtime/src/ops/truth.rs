//! Truth tests.

use crate::call::CallArgs;
use crate::cell::*;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// What a truth is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum TruthMode {
    /// The bool itself.
    Plain = 0,
    /// The other bool.
    Negated = 1,
    /// To go on at the other place if true.
    BranchIfTrue = 2,
    /// To go on at the other place if false.
    BranchIfFalse = 3,
}

impl TruthMode {
    const ALL: [Self; 4] = [Self::Plain, Self::Negated, Self::BranchIfTrue, Self::BranchIfFalse];

    /// Whether the result decides where the caller goes on.
    pub fn is_branch(self) -> bool {
        self as u8 >= 2
    }

    /// The final bool for a truth: to be stored, or whether the other place is taken.
    #[inline(always)]
    pub fn apply(self, truth: bool) -> Value {
        Value::from_bool(truth != (self as u8 & 1 != 0))
    }

    pub(crate) fn to_value(self) -> Value {
        Value::small(self as i32)
    }

    pub(crate) fn from_value(value: Value) -> Self {
        Self::ALL[value.int() as usize & 3]
    }
}

/// Set in `Cont::Truth`'s payload when `__len__` was called.
const BY_LEN: i64 = 4;

impl Vm {
    /// The truth of a value whose type runs no Python code for it.
    #[inline(always)]
    pub fn truth_plain(&self, value: Value) -> Option<bool> {
        if value.is_bool() {
            return Some(value == Value::TRUE);
        }
        if value.is_int() {
            return Some(value != Value::small(0));
        }
        if value.is_none() {
            return Some(false);
        }
        if value.is_float() {
            return Some(value.float() != 0.0);
        }
        self.truth_of_cell(value)
    }

    fn truth_of_cell(&self, value: Value) -> Option<bool> {
        // Subclasses of built-in types may override `__bool__` and `__len__`: only exact types are plain.
        if value.is_cell() && self.type_data(self.type_of(value)).has(crate::type_object::type_flag::HEAP) {
            return None;
        }
        let truth = match value.kind() {
            Some(Kind::Str) => !self.units(value).is_empty(),
            Some(
                Kind::List
                | Kind::Tuple
                | Kind::Dict
                | Kind::Set
                | Kind::FrozenSet
                | Kind::Bytes
                | Kind::ByteArray,
            ) => self.len_plain(value) != Some(0),
            Some(Kind::Float) => self.float_of(value) != Some(0.0),
            Some(Kind::Int | Kind::Function | Kind::Type | Kind::Native | Kind::Method | Kind::Module) => {
                true
            }
            Some(Kind::Generator | Kind::Exception | Kind::Property | Kind::Code | Kind::Slice) => true,
            _ => return None,
        };
        Some(truth)
    }

    /// `bool(value)`, as the mode wants it.
    pub fn truth(&mut self, value: Value, mode: TruthMode) -> Value {
        if let Some(truth) = self.truth_plain(value) {
            return mode.apply(truth);
        }
        if value == Value::NOT_IMPLEMENTED {
            let message = "NotImplemented should not be used in a boolean context";
            if self.enter(|cx| crate::types::exceptions::warn_deprecated(cx, message)).is_err() {
                return Value::RAISED;
            }
        }
        let ty = self.type_of(value);
        for (name, by_len) in [(self.names.__bool__, 0), (self.names.__len__, BY_LEN)] {
            let method = self.lookup(ty, name);
            if !method.is_undef() {
                let payload = [Value::small((mode as i64 | by_len) as i32)];
                return self.call_special(method, value, &[], Cont::Truth, &payload);
            }
        }
        mode.apply(true)
    }

    /// The continuation of a truth test's method.
    pub(crate) fn finish_truth(&mut self, result: Value, payload: Value) -> Value {
        let mode = TruthMode::from_value(payload);
        if payload.int() & BY_LEN == 0 {
            if result.is_bool() {
                return mode.apply(result == Value::TRUE);
            }
            let message = format!("__bool__ should return bool, returned {}", self.type_name_of(result));
            return self.type_error(&message);
        }
        match self.check_len(result) {
            Ok(len) => mode.apply(len != 0),
            Err(crate::cx::Raised) => Value::RAISED,
        }
    }

    /// Calls a special method found on the type: with the object first if it is a function, else bound.
    pub(crate) fn call_special(
        &mut self,
        method: Value,
        object: Value,
        args: &[Value],
        cont: Cont,
        payload: &[Value],
    ) -> Value {
        if method.is_kind(Kind::Function) || self.is_method_native(method) {
            return self.call_then(method, CallArgs::method(object, args), cont, payload);
        }
        if method.is_none() {
            let message = format!("'{}' object is not callable", self.type_name(self.types.none));
            return self.type_error(&message);
        }
        let base = self.push_values(&[object]);
        self.push_values(args);
        let bound = self.enter(|cx| {
            let (method, object) = (cx.root_value(method), cx.root_value(object));
            cx.bind_descriptor(method.handle(), object.handle())
        });
        self.top = base;
        match bound {
            Ok(bound) => self.call_then(bound, CallArgs::positional(args), cont, payload),
            Err(crate::cx::Raised) => Value::RAISED,
        }
    }
}
