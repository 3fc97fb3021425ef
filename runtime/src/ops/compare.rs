//! Comparisons, identity apart.

#![expect(unsafe_code, reason = "tuples are reached through cells")]

use bytecode::CompareOp;

use crate::call::CallArgs;
use crate::cell::*;
use crate::frame::Cont;
use crate::ops::TruthMode;
use crate::value::Value;
use crate::vm::Vm;

/// Which comparison, which candidate is being called, what the result is for: `Cont::Compare`'s state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CompareState {
    op: CompareOp,
    step: usize,
    /// `None`: the result itself.
    pub(crate) mode: Option<TruthMode>,
}

impl CompareState {
    fn to_value(self) -> Value {
        let mode = self.mode.map_or(7, |mode| mode as i32);
        Value::small(self.op.number() as i32 | (self.step as i32) << 3 | mode << 8)
    }

    pub(crate) fn from_value(value: Value) -> Self {
        let bits = value.int();
        let op = CompareOp::from_number(bits as u32 & 7).expect("made by to_value");
        let mode = bits >> 8 & 7;
        let mode = (mode < 4).then(|| TruthMode::from_value(Value::small(mode as i32)));
        Self { op, step: (bits >> 3 & 31) as usize, mode }
    }
}

/// Whether an ordering satisfies the operator.
pub(crate) fn holds(op: CompareOp, ordering: std::cmp::Ordering) -> bool {
    match op {
        CompareOp::Lt => ordering.is_lt(),
        CompareOp::Le => ordering.is_le(),
        CompareOp::Eq => ordering.is_eq(),
        CompareOp::Ne => ordering.is_ne(),
        CompareOp::Gt => ordering.is_gt(),
        CompareOp::Ge => ordering.is_ge(),
    }
}

/// The operator with its sides exchanged.
pub(crate) fn reflected(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

#[inline(always)]
fn compare_floats(op: CompareOp, a: f64, b: f64) -> bool {
    match op {
        CompareOp::Lt => a < b,
        CompareOp::Le => a <= b,
        CompareOp::Eq => a == b,
        CompareOp::Ne => a != b,
        CompareOp::Gt => a > b,
        CompareOp::Ge => a >= b,
    }
}

impl Vm {
    /// `lhs op rhs`: the result itself, or its truth as the mode wants it.
    #[inline(never)]
    pub fn compare(&mut self, op: CompareOp, lhs: Value, rhs: Value, mode: Option<TruthMode>) -> Value {
        if let Some(truth) = self.compare_plain(op, lhs, rhs) {
            return mode.map_or(Value::from_bool(truth), |mode| mode.apply(truth));
        }
        self.compare_from(CompareState { op, step: 0, mode }, lhs, rhs)
    }

    /// Comparisons of exact numbers and strings.
    #[inline]
    pub fn compare_plain(&self, op: CompareOp, lhs: Value, rhs: Value) -> Option<bool> {
        if lhs.is_int() && rhs.is_int() {
            return Some(holds(op, lhs.int().cmp(&rhs.int())));
        }
        if lhs.is_float() && rhs.is_float() {
            return Some(compare_floats(op, lhs.float(), rhs.float()));
        }
        if lhs.is_kind(Kind::Str) && rhs.is_kind(Kind::Str) && self.is_exact(lhs) && self.is_exact(rhs) {
            return Some(match op {
                CompareOp::Eq => self.str_eq(lhs, rhs),
                CompareOp::Ne => !self.str_eq(lhs, rhs),
                _ => holds(op, self.units(lhs).iter().cmp(self.units(rhs).iter())),
            });
        }
        match op {
            CompareOp::Eq => self.equal_without_code(lhs, rhs),
            CompareOp::Ne => self.equal_without_code(lhs, rhs).map(|equal| !equal),
            _ => None,
        }
    }

    /// Whether two values are equal, if their types need no Python code and no recursion to tell.
    pub(crate) fn equal_without_code(&self, a: Value, b: Value) -> Option<bool> {
        if !a.is_cell() && !b.is_cell() {
            return self.equal_immediates(a, b);
        }
        match (a.kind(), b.kind()) {
            (Some(Kind::Str), Some(Kind::Str)) if self.is_exact(a) && self.is_exact(b) => {
                Some(self.str_eq(a, b))
            }
            (Some(Kind::Str), None) | (None, Some(Kind::Str)) => {
                let string = if a.is_cell() { a } else { b };
                self.is_exact(string).then_some(false)
            }
            (Some(Kind::Bytes), Some(Kind::Bytes)) if self.is_exact(a) && self.is_exact(b) => {
                Some(crate::types::bytes::slice_of(a) == crate::types::bytes::slice_of(b))
            }
            (Some(Kind::Tuple), Some(Kind::Tuple)) if self.is_exact(a) && self.is_exact(b) => {
                self.equal_tuples(a, b)
            }
            (Some(Kind::Tuple), None) | (None, Some(Kind::Tuple)) => {
                let tuple = if a.is_cell() { a } else { b };
                self.is_exact(tuple).then_some(false)
            }
            (Some(Kind::Type), Some(Kind::Type)) | (Some(Kind::Function), Some(Kind::Function)) => {
                let plain = self.type_of(a) == self.types.type_ && self.type_of(b) == self.types.type_
                    || a.is_kind(Kind::Function);
                plain.then_some(a == b)
            }
            (Some(Kind::Int), Some(Kind::Int)) if self.is_exact(a) && self.is_exact(b) => {
                Some(crate::types::int::compare(a, b).is_eq())
            }
            (Some(Kind::Int), None) | (None, Some(Kind::Int)) => {
                let (cell, other) = if a.is_cell() { (a, b) } else { (b, a) };
                (self.is_exact(cell) && !other.is_float()).then_some(false)
            }
            (Some(Kind::Type | Kind::Function), None) | (None, Some(Kind::Type | Kind::Function)) => {
                let cell = if a.is_cell() { a } else { b };
                let plain = cell.is_kind(Kind::Function) || self.type_of(cell) == self.types.type_;
                plain.then_some(false)
            }
            _ => None,
        }
    }

    /// Equality of two exact tuples whose items need no Python code and are no tuples.
    fn equal_tuples(&self, a: Value, b: Value) -> Option<bool> {
        // SAFETY: the tuples are live, and nothing is collected here.
        let (a, b) = unsafe { (TupleCell::items(a.cast()), TupleCell::items(b.cast())) };
        if a.len() != b.len() {
            return Some(false);
        }
        for (x, y) in a.iter().zip(b) {
            let deep = x.is_kind(Kind::Tuple) && y.is_kind(Kind::Tuple);
            if x != y && (deep || !self.equal_without_code(*x, *y)?) {
                return if deep { None } else { Some(false) };
            }
        }
        Some(true)
    }

    /// Equality of two values that are not cells.
    fn equal_immediates(&self, a: Value, b: Value) -> Option<bool> {
        let number = |value: Value| {
            if value.is_float() {
                Some(value.float())
            } else if value.is_int() && value.int().unsigned_abs() <= 1 << 53 {
                Some(value.int() as f64)
            } else if value.is_bool() {
                Some(f64::from(u8::from(value == Value::TRUE)))
            } else {
                None
            }
        };
        if a.is_int() && b.is_int() {
            return Some(a == b);
        }
        match (number(a), number(b)) {
            (Some(x), Some(y)) => Some(x == y),
            // A great int and a float: compared exactly elsewhere.
            _ if (a.is_int() && b.is_float()) || (a.is_float() && b.is_int()) => None,
            _ => Some(a == b),
        }
    }

    /// The continuation: the candidate returned `NotImplemented`.
    pub(crate) fn compare_next(&mut self, lhs: Value, rhs: Value, state: Value) -> Value {
        let CompareState { op, step, mode } = CompareState::from_value(state);
        self.compare_from(CompareState { op, step: step + 1, mode }, lhs, rhs)
    }

    pub(crate) fn compare_name(&self, op: CompareOp) -> Value {
        let n = &self.names;
        match op {
            CompareOp::Lt => n.__lt__,
            CompareOp::Le => n.__le__,
            CompareOp::Eq => n.__eq__,
            CompareOp::Ne => n.__ne__,
            CompareOp::Gt => n.__gt__,
            CompareOp::Ge => n.__ge__,
        }
    }

    fn compare_from(&mut self, state: CompareState, lhs: Value, rhs: Value) -> Value {
        let (left_type, right_type) = (self.type_of(lhs), self.type_of(rhs));
        let left = self.lookup(left_type, self.compare_name(state.op));
        let right = self.lookup(right_type, self.compare_name(reflected(state.op)));
        let reflected_first = left_type != right_type && self.is_subtype(right_type, left_type);
        let forward = (left, lhs, rhs);
        let backward = (right, rhs, lhs);
        let order = if reflected_first { [backward, forward] } else { [forward, backward] };
        for (step, (method, receiver, argument)) in order.into_iter().enumerate().skip(state.step) {
            if method.is_undef() {
                continue;
            }
            let payload = [lhs, rhs, CompareState { step, ..state }.to_value()];
            if self.is_method_native(method) {
                // A native answers at once; its NotImplemented leads to the next candidate.
                let args = [receiver, argument];
                let base = self.push_values(&payload);
                let result = self.call_native(method, CallArgs::positional(&args), Cont::Store);
                self.top = base;
                if result == Value::NOT_IMPLEMENTED {
                    continue;
                }
                return self.compare_result(result, state.mode);
            }
            return self.call_special(method, receiver, &[argument], Cont::Compare, &payload);
        }
        match state.op {
            CompareOp::Eq => self.compare_result(Value::from_bool(lhs == rhs), state.mode),
            CompareOp::Ne => self.compare_result(Value::from_bool(lhs != rhs), state.mode),
            op => {
                let message = format!(
                    "'{}' not supported between instances of '{}' and '{}'",
                    op.name(),
                    self.type_name(left_type),
                    self.type_name(right_type)
                );
                self.type_error(&message)
            }
        }
    }

    fn compare_result(&mut self, result: Value, mode: Option<TruthMode>) -> Value {
        match mode {
            _ if result == Value::RAISED => result,
            None => result,
            Some(mode) => self.truth(result, mode),
        }
    }
}
