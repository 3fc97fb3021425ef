//! `marshal`: constants and code objects as bytes.

#![expect(unsafe_code, reason = "values are read through cells")]

use std::sync::Arc;

use bytecode::Const;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::dict_ops::{dict_data, set_data};
use crate::native::NativeDef;
use crate::value::Value;
use crate::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("dumps", "value, version=4, /, *, allow_code=True", dumps),
    NativeDef::new("loads", "bytes, /, *, allow_code=True", loads),
    NativeDef::new("dump", "value, file, version=4, /, *, allow_code=True", dump),
    NativeDef::new("load", "file, /, *, allow_code=True", load),
];

/// Fills the namespace.
pub(super) fn init(vm: &mut Vm, dict: Value) {
    super::add_functions(vm, dict, FUNCTIONS);
    super::set(vm, dict, "version", Value::small(4));
}

/// Most levels of nesting, as CPython's `MAX_MARSHAL_STACK_DEPTH`.
const MAX_DEPTH: usize = 2000;

/// A value as a constant; ValueError if marshal cannot hold it.
pub(crate) fn const_of(vm: &mut Vm, value: Value) -> Result<Const, Raised> {
    convert(vm, value, 0)
}

fn convert(vm: &mut Vm, value: Value, depth: usize) -> Result<Const, Raised> {
    if depth > MAX_DEPTH {
        return Err(vm.raise_value_error("object too deeply nested to marshal"));
    }
    if let Some(int) = value.as_int() {
        return Ok(Const::Int(int));
    }
    if let Some(float) = vm.float_of(value).filter(|_| vm.type_of(value) == vm.types.float) {
        return Ok(Const::Float(float));
    }
    match value {
        Value::NONE => return Ok(Const::None),
        Value::TRUE | Value::FALSE => return Ok(Const::Bool(value == Value::TRUE)),
        Value::ELLIPSIS => return Ok(Const::Ellipsis),
        _ if value == vm.exceptions.stop_iteration => return Ok(Const::StopIteration),
        _ => {}
    }
    let items = |vm: &mut Vm, values: Vec<Value>| -> Result<Arc<[Const]>, Raised> {
        values.into_iter().map(|item| convert(vm, item, depth + 1)).collect()
    };
    if !vm.is_exact(value) {
        return Err(vm.raise_value_error("unmarshallable object"));
    }
    Ok(match value.kind() {
        Some(Kind::Int) => Const::BigInt(Arc::new(crate::types::int::to_big(value))),
        Some(Kind::Complex) => {
            let complex = value.cast::<ComplexCell>();
            // SAFETY: the number is live.
            unsafe { Const::Complex((*complex).real, (*complex).imag) }
        }
        Some(Kind::Str) => Const::Str(bytecode::Text::from_code_points(vm.units(value).iter())),
        Some(Kind::Bytes | Kind::ByteArray) => Const::Bytes(crate::types::bytes::slice_of(value).into()),
        Some(Kind::Tuple) => {
            let values = vm.sequence_values(value);
            Const::Tuple(items(vm, values)?)
        }
        Some(Kind::List) => {
            let values = vm.sequence_values(value);
            Const::List(items(vm, values)?)
        }
        Some(Kind::Set) => {
            let values = set_data(value).iter().map(|(_, item)| item).collect();
            Const::Set(items(vm, values)?)
        }
        Some(Kind::FrozenSet) => {
            let values = set_data(value).iter().map(|(_, item)| item).collect();
            Const::FrozenSet(items(vm, values)?)
        }
        Some(Kind::Dict) => {
            let entries: Vec<(Value, Value)> =
                dict_data(value).iter().map(|entry| (entry.key, entry.value)).collect();
            let mut pairs = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                pairs.push((convert(vm, key, depth + 1)?, convert(vm, value, depth + 1)?));
            }
            Const::Dict(pairs.into())
        }
        // SAFETY: the code is live.
        Some(Kind::Code) => Const::Code(unsafe { (*value.cast::<CodeCell>()).data.object().clone() }),
        _ => return Err(vm.raise_value_error("unmarshallable object")),
    })
}

fn bytes_of(vm: &mut Vm, value: Value) -> Result<Value, Raised> {
    let constant = const_of(vm, value)?;
    Ok(vm.new_bytes(&bytecode::marshal::dump(&constant)))
}

fn dumps<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_of(cx.vm(), args.at(0).value())?;
    Ok(cx.local(bytes))
}

fn value_of(vm: &mut Vm, bytes: &[u8]) -> Result<Value, Raised> {
    match bytecode::marshal::load_prefix(bytes) {
        Ok((constant, _)) => vm.value_of_const(&constant),
        Err(error) => {
            let message = error.to_string();
            if message.contains("EOF") || message.contains("too short") {
                return Err(vm.raise_eof_error("marshal data too short"));
            }
            Err(vm.raise_value_error(&message))
        }
    }
}

fn loads<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let source = args.at(0).value();
    if !matches!(source.kind(), Some(Kind::Bytes | Kind::ByteArray)) {
        return bytes_like(cx, args.at(0));
    }
    let bytes = crate::types::bytes::slice_of(source).to_vec();
    let value = value_of(cx.vm(), &bytes)?;
    Ok(cx.local(value))
}

/// `loads` of a memoryview or the like, through `bytes()`.
fn bytes_like<'a>(cx: &'a mut Cx, source: Handle<'_>) -> Res<'a> {
    if source.value().is_int() || source.value().is_kind(Kind::Str) {
        let ty = cx.vm().type_name_of(source.value());
        return Err(cx.vm().raise_type_error(&format!("a bytes-like object is required, not '{ty}'")));
    }
    let class = cx.root_value(cx.vm().types.bytes);
    let bytes = cx.call(class.handle(), &[source])?;
    let bytes = crate::types::bytes::slice_of(bytes.value()).to_vec();
    let value = value_of(cx.vm(), &bytes)?;
    Ok(cx.local(value))
}

fn dump<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = bytes_of(cx.vm(), args.at(0).value())?;
    let bytes = cx.root_value(bytes);
    let result = cx.call_method(args.at(1), "write", &[bytes.handle()])?.value();
    Ok(cx.local(result))
}

fn load<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let bytes = cx.call_method(args.at(0), "read", &[])?;
    let bytes = crate::types::bytes::slice_of(bytes.value()).to_vec();
    let value = value_of(cx.vm(), &bytes)?;
    Ok(cx.local(value))
}
