//! Binary operators: built-in numbers and strings at once, everything else by its methods in CPython's order.

#![expect(unsafe_code, reason = "shapes stand in cells")]

use bytecode::BinOp;

use crate::cell::*;
use crate::cx::Raised;
use crate::frame::Cont;
use crate::value::Value;
use crate::vm::Vm;

/// Which operator, and which of its candidates is being called: `Cont::Binary`'s state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BinaryState {
    op: BinOp,
    step: usize,
}

impl BinaryState {
    fn to_value(self) -> Value {
        Value::small(self.op.number() as i32 | (self.step as i32) << 8)
    }

    fn from_value(value: Value) -> Self {
        let bits = value.int();
        let op = BinOp::from_number(bits as u32 & 0xFF).expect("made by to_value");
        Self { op, step: (bits >> 8) as usize }
    }
}

/// A method to try: it, its receiver, its argument.
type Candidate = (Value, Value, Value);

/// The methods to try: in place, of the left operand, of the right one.
struct Candidates {
    list: [Candidate; 3],
    count: usize,
}

impl Default for Candidates {
    fn default() -> Self {
        Self { list: [(Value::UNDEF, Value::UNDEF, Value::UNDEF); 3], count: 0 }
    }
}

impl Candidates {
    fn push(&mut self, candidate: Candidate) {
        if !candidate.0.is_undef() {
            self.list[self.count] = candidate;
            self.count += 1;
        }
    }
}

impl Vm {
    /// `lhs op rhs`.
    #[inline(never)]
    pub fn binary(&mut self, op: BinOp, lhs: Value, rhs: Value) -> Value {
        if let Some(result) = self.binary_builtin(op, lhs, rhs) {
            return result;
        }
        self.binary_from(BinaryState { op, step: 0 }, lhs, rhs)
    }

    /// Operators of exact built-in types, without looking for methods; `None` if the types are others.
    fn binary_builtin(&mut self, op: BinOp, lhs: Value, rhs: Value) -> Option<Value> {
        let plain = op.plain();
        if plain == BinOp::MatrixMultiply {
            return None;
        }
        if lhs.is_int() && rhs.is_int() {
            return Some(value_or_raised(crate::types::int::binary(self, plain, lhs, rhs)));
        }
        if (lhs.is_kind(Kind::Int) || rhs.is_kind(Kind::Int))
            && self.is_exact_int(lhs)
            && self.is_exact_int(rhs)
        {
            return Some(value_or_raised(crate::types::int::binary(self, plain, lhs, rhs)));
        }
        if let (Some(a), Some(b)) = (self.number_as_float(lhs), self.number_as_float(rhs))
            && (!lhs.is_int() || !rhs.is_int())
        {
            return Some(value_or_raised(crate::types::float::binary(self, plain, a, b)?));
        }
        match (lhs.kind(), rhs.kind()) {
            (Some(Kind::Str), Some(Kind::Str))
                if plain == BinOp::Add && self.is_exact(lhs) && self.is_exact(rhs) =>
            {
                match self.concat(lhs, rhs) {
                    Some(value) => Some(value),
                    None => {
                        self.raise_memory_error();
                        Some(Value::RAISED)
                    }
                }
            }
            _ => None,
        }
    }

    /// Whether a value's type is a built-in one, no subclass.
    #[inline]
    pub(crate) fn is_exact(&self, value: Value) -> bool {
        // SAFETY: the value is live.
        let has_built_in_shape =
            !value.is_cell() || unsafe { (*value.cell()).shape() } < crate::vm::shape_id::END;
        has_built_in_shape || !self.type_data(self.type_of(value)).has(crate::type_object::type_flag::HEAP)
    }

    fn is_exact_int(&self, value: Value) -> bool {
        value.is_int() || value.is_kind(Kind::Int) && self.is_exact(value)
    }

    /// A float or small int as a float: exact types only.
    #[inline]
    fn number_as_float(&self, value: Value) -> Option<f64> {
        if value.is_float() {
            Some(value.float())
        } else if value.is_int() {
            Some(value.int() as f64).filter(|_| value.int().unsigned_abs() < 1 << 53)
        } else if value.is_kind(Kind::Float) && self.is_exact(value) {
            self.float_of(value)
        } else {
            None
        }
    }

    /// The float of a float, subclasses included.
    pub(crate) fn float_of(&self, value: Value) -> Option<f64> {
        if value.is_float() {
            return Some(value.float());
        }
        crate::types::float::cell_value(value)
    }

    /// The continuation: the candidate returned `NotImplemented`.
    pub(crate) fn binary_next(&mut self, lhs: Value, rhs: Value, state: Value) -> Value {
        let BinaryState { op, step } = BinaryState::from_value(state);
        self.binary_from(BinaryState { op, step: step + 1 }, lhs, rhs)
    }

    fn binary_from(&mut self, state: BinaryState, lhs: Value, rhs: Value) -> Value {
        let candidates = self.binary_candidates(state.op, lhs, rhs);
        let mut step = state.step;
        while let Some((method, receiver, argument)) = candidates.list[..candidates.count].get(step).copied()
        {
            let state = BinaryState { op: state.op, step };
            // A native answers at once: no continuation is needed for it.
            if self.is_method_native(method) {
                let args = [receiver, argument];
                let result = self.call_native(method, crate::call::CallArgs::positional(&args), Cont::Store);
                if result != Value::NOT_IMPLEMENTED {
                    return result;
                }
                step += 1;
                continue;
            }
            let payload = [lhs, rhs, state.to_value()];
            return self.call_special(method, receiver, &[argument], Cont::Binary, &payload);
        }
        self.unsupported_operands(state.op, lhs, rhs)
    }

    /// The methods to try, in CPython's order.
    fn binary_candidates(&mut self, op: BinOp, lhs: Value, rhs: Value) -> Candidates {
        let (forward, reflected, inplace) = self.operator_names(op.plain());
        let (left_type, right_type) = (self.type_of(lhs), self.type_of(rhs));
        let mut all = Candidates::default();
        if op.is_inplace() {
            all.push((self.lookup(left_type, inplace), lhs, rhs));
        }
        let left = self.lookup(left_type, forward);
        if left_type == right_type {
            all.push((left, lhs, rhs));
        } else {
            let right = self.lookup(right_type, reflected);
            let reflected_first =
                self.is_subtype(right_type, left_type) && right != self.lookup(left_type, reflected);
            let (forward, backward) = ((left, lhs, rhs), (right, rhs, lhs));
            let [first, second] = if reflected_first { [backward, forward] } else { [forward, backward] };
            all.push(first);
            all.push(second);
        }
        if matches!(op.plain(), BinOp::Add | BinOp::Multiply) {
            // Stable: only whether a method is a sequence's counts.
            all.list[..all.count].sort_by_key(|(method, ..)| self.is_sequence_method(*method));
        }
        all
    }

    /// Whether the method is a built-in sequence's `+` or `*`, which CPython tries after the numbers' protocol.
    fn is_sequence_method(&self, method: Value) -> bool {
        let Some(native) = method.as_cell::<NativeCell>() else { return false };
        // SAFETY-free: the layout was checked by `as_cell`; the owner is read through the safe accessor below.
        let owner = crate::types::function::native_owner(native);
        let types = &self.types;
        [types.list, types.tuple, types.str, types.bytes, types.bytearray].contains(&owner)
    }

    fn operator_names(&self, op: BinOp) -> (Value, Value, Value) {
        let n = &self.names;
        match op {
            BinOp::Add => (n.__add__, n.__radd__, n.__iadd__),
            BinOp::And => (n.__and__, n.__rand__, n.__iand__),
            BinOp::FloorDivide => (n.__floordiv__, n.__rfloordiv__, n.__ifloordiv__),
            BinOp::LShift => (n.__lshift__, n.__rlshift__, n.__ilshift__),
            BinOp::MatrixMultiply => (n.__matmul__, n.__rmatmul__, n.__imatmul__),
            BinOp::Multiply => (n.__mul__, n.__rmul__, n.__imul__),
            BinOp::Remainder => (n.__mod__, n.__rmod__, n.__imod__),
            BinOp::Or => (n.__or__, n.__ror__, n.__ior__),
            BinOp::Power => (n.__pow__, n.__rpow__, n.__ipow__),
            BinOp::RShift => (n.__rshift__, n.__rrshift__, n.__irshift__),
            BinOp::Subtract => (n.__sub__, n.__rsub__, n.__isub__),
            BinOp::TrueDivide => (n.__truediv__, n.__rtruediv__, n.__itruediv__),
            _ => (n.__xor__, n.__rxor__, n.__ixor__),
        }
    }

    fn unsupported_operands(&mut self, op: BinOp, lhs: Value, rhs: Value) -> Value {
        let name = match op {
            BinOp::Power => "** or pow()",
            BinOp::InplacePower => "**=",
            op => op.name(),
        };
        let mut message = format!(
            "unsupported operand type(s) for {name}: '{}' and '{}'",
            self.type_name_of(lhs),
            self.type_name_of(rhs)
        );
        if op == BinOp::RShift && crate::types::function::is_native_named(lhs, "print") {
            message.push_str(". Did you mean \"print(<message>, file=<output_stream>)\"?");
        }
        self.type_error(&message)
    }
}

fn value_or_raised(result: Result<Value, Raised>) -> Value {
    result.unwrap_or(Value::RAISED)
}
