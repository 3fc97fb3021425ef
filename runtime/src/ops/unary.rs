//! Unary operators.

use crate::cell::Kind;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// A unary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `-value`
    Negative,
    /// `+value`
    Positive,
    /// `~value`
    Invert,
}

impl Vm {
    /// `-value`.
    pub fn negative(&mut self, value: Value) -> Value {
        if let Some(int) = value.as_int() {
            return self.new_int(-int);
        }
        if value.is_float() {
            return self.new_float(-value.float());
        }
        self.unary(UnaryOp::Negative, value)
    }

    /// `~value`.
    pub fn invert(&mut self, value: Value) -> Value {
        match value.as_int() {
            Some(int) => Value::from_int(!int).expect("the inverse of an inline int is one"),
            None => self.unary(UnaryOp::Invert, value),
        }
    }

    /// `+value`.
    pub fn positive(&mut self, value: Value) -> Value {
        if value.is_int() || value.is_float() { value } else { self.unary(UnaryOp::Positive, value) }
    }

    fn unary(&mut self, op: UnaryOp, value: Value) -> Value {
        let (name, sign) = match op {
            UnaryOp::Negative => (self.names.__neg__, "-"),
            UnaryOp::Positive => (self.names.__pos__, "+"),
            UnaryOp::Invert => (self.names.__invert__, "~"),
        };
        let method = self.lookup(self.type_of(value), name);
        if method.is_undef() {
            let message = format!("bad operand type for unary {sign}: '{}'", self.type_name_of(value));
            return self.type_error(&message);
        }
        debug_assert!(!value.is_kind(Kind::Free));
        self.call_special(method, value, &[], Cont::Store, &[])
    }
}
