//! `int.to_bytes` and `int.from_bytes`.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::types::bytes::bytes_of;

/// Whether the byte order is the little-endian one.
fn is_little(cx: &mut Cx, order: Option<Handle<'_>>, method: &str) -> Result<bool, Raised> {
    let Some(order) = order else { return Ok(false) };
    let vm = cx.vm();
    if !order.value().is_kind(Kind::Str) {
        let message =
            format!("{method}() argument 'byteorder' must be str, not {}", vm.argument_type(order.value()));
        return Err(vm.raise_type_error(&message));
    }
    if vm.str_is(order.value(), "little") {
        Ok(true)
    } else if vm.str_is(order.value(), "big") {
        Ok(false)
    } else {
        Err(vm.raise_value_error("byteorder must be either 'little' or 'big'"))
    }
}

fn truth_of(cx: &mut Cx, flag: Option<Handle<'_>>) -> Result<bool, Raised> {
    flag.map_or(Ok(false), |flag| cx.truth(flag))
}

pub(super) fn to_bytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let length = match args.opt(1) {
        Some(length) => cx.index_i64(length)?,
        None => 1,
    };
    let little = is_little(cx, args.opt(2), "to_bytes")?;
    let signed = truth_of(cx, args.opt(3))?;
    let vm = cx.vm();
    let Ok(length) = usize::try_from(length) else {
        return Err(vm.raise_value_error("length argument must be non-negative"));
    };
    if !vm.heap.may_grow(length) {
        return Err(vm.raise_memory_error());
    }
    let big = super::to_big(args.at(0).value());
    if big.is_negative() && !signed {
        return Err(vm.raise_overflow_error("can't convert negative int to unsigned"));
    }
    let filler = if big.is_negative() { 0xFF } else { 0 };
    let mut bytes = big.to_signed_bytes_le();
    // The sign's byte goes where it only repeats it: unsigned numbers may fill all bits.
    while bytes.len() > length && bytes.last() == Some(&filler) {
        let sign_is_kept = length == 0 || (bytes[bytes.len() - 2] & 0x80 == filler & 0x80);
        if signed && !sign_is_kept {
            break;
        }
        bytes.pop();
    }
    if bytes.len() > length {
        return Err(vm.raise_overflow_error("int too big to convert"));
    }
    bytes.resize(length, filler);
    if !little {
        bytes.reverse();
    }
    match vm.try_bytes(&bytes) {
        Some(value) => Ok(cx.local(value)),
        None => Err(vm.raise_memory_error()),
    }
}

pub(super) fn from_bytes<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let little = is_little(cx, args.opt(2), "from_bytes")?;
    let signed = truth_of(cx, args.opt(3))?;
    let mut bytes = bytes_of(cx, args.at(1), "bytes")?;
    if !little {
        bytes.reverse();
    }
    if !signed {
        bytes.push(0);
    }
    let big = if bytes.is_empty() { BigInt::ZERO } else { BigInt::from_signed_bytes_le(&bytes) };
    let value = super::from_big(cx.vm(), &big)?;
    let class = args.at(0);
    if class.value() == cx.vm().types.int {
        return Ok(cx.local(value));
    }
    let value = cx.root_value(value);
    let made = cx.call(class, &[value.handle()])?;
    Ok(cx.local(made.value()))
}
