//! The operators as functions.

use bytecode::{BinOp, CompareOp};

use crate::cell::Kind;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::native::NativeDef;
use crate::value::Value;

macro_rules! binary_functions {
    ($($function:ident $op:ident;)*) => {$(
        fn $function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            let result = cx.binary(BinOp::$op, args.at(0), args.at(1))?;
            Ok(result.get(cx))
        }
    )*};
}
binary_functions! {
    add Add; and_ And; floordiv FloorDivide; lshift LShift; matmul MatrixMultiply; mul Multiply; mod_ Remainder;
    or_ Or; pow Power; rshift RShift; sub Subtract; truediv TrueDivide; xor Xor;
    iadd InplaceAdd; iand InplaceAnd; ifloordiv InplaceFloorDivide; ilshift InplaceLShift;
    imatmul InplaceMatrixMultiply; imul InplaceMultiply; imod InplaceRemainder; ior InplaceOr; ipow InplacePower;
    irshift InplaceRShift; isub InplaceSubtract; itruediv InplaceTrueDivide; ixor InplaceXor;
}

macro_rules! compare_functions {
    ($($function:ident $op:ident;)*) => {$(
        fn $function<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            let result = cx.compare(CompareOp::$op, args.at(0), args.at(1))?;
            Ok(result.get(cx))
        }
    )*};
}
compare_functions! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("lt", "a, b, /", lt).doc("Same as a < b."),
    NativeDef::new("le", "a, b, /", le).doc("Same as a <= b."),
    NativeDef::new("eq", "a, b, /", eq).doc("Same as a == b."),
    NativeDef::new("ne", "a, b, /", ne).doc("Same as a != b."),
    NativeDef::new("gt", "a, b, /", gt).doc("Same as a > b."),
    NativeDef::new("ge", "a, b, /", ge).doc("Same as a >= b."),
    NativeDef::new("add", "a, b, /", add).doc("Same as a + b."),
    NativeDef::new("and_", "a, b, /", and_).doc("Same as a & b."),
    NativeDef::new("floordiv", "a, b, /", floordiv).doc("Same as a // b."),
    NativeDef::new("lshift", "a, b, /", lshift).doc("Same as a << b."),
    NativeDef::new("matmul", "a, b, /", matmul).doc("Same as a @ b."),
    NativeDef::new("mod", "a, b, /", mod_).doc("Same as a % b."),
    NativeDef::new("mul", "a, b, /", mul).doc("Same as a * b."),
    NativeDef::new("or_", "a, b, /", or_).doc("Same as a | b."),
    NativeDef::new("pow", "a, b, /", pow).doc("Same as a ** b."),
    NativeDef::new("rshift", "a, b, /", rshift).doc("Same as a >> b."),
    NativeDef::new("sub", "a, b, /", sub).doc("Same as a - b."),
    NativeDef::new("truediv", "a, b, /", truediv).doc("Same as a / b."),
    NativeDef::new("xor", "a, b, /", xor).doc("Same as a ^ b."),
    NativeDef::new("iadd", "a, b, /", iadd).doc("Same as a += b."),
    NativeDef::new("iand", "a, b, /", iand).doc("Same as a &= b."),
    NativeDef::new("iconcat", "a, b, /", iconcat).doc("Same as a += b, for a and b sequences."),
    NativeDef::new("ifloordiv", "a, b, /", ifloordiv).doc("Same as a //= b."),
    NativeDef::new("ilshift", "a, b, /", ilshift).doc("Same as a <<= b."),
    NativeDef::new("imatmul", "a, b, /", imatmul).doc("Same as a @= b."),
    NativeDef::new("imod", "a, b, /", imod).doc("Same as a %= b."),
    NativeDef::new("imul", "a, b, /", imul).doc("Same as a *= b."),
    NativeDef::new("ior", "a, b, /", ior).doc("Same as a |= b."),
    NativeDef::new("ipow", "a, b, /", ipow).doc("Same as a **= b."),
    NativeDef::new("irshift", "a, b, /", irshift).doc("Same as a >>= b."),
    NativeDef::new("isub", "a, b, /", isub).doc("Same as a -= b."),
    NativeDef::new("itruediv", "a, b, /", itruediv).doc("Same as a /= b."),
    NativeDef::new("ixor", "a, b, /", ixor).doc("Same as a ^= b."),
    NativeDef::new("abs", "a, /", abs).doc("Same as abs(a)."),
    NativeDef::new("neg", "a, /", neg).doc("Same as -a."),
    NativeDef::new("pos", "a, /", pos).doc("Same as +a."),
    NativeDef::new("inv", "a, /", invert).doc("Same as ~a."),
    NativeDef::new("invert", "a, /", invert).doc("Same as ~a."),
    NativeDef::new("index", "a, /", index).doc("Same as a.__index__()"),
    NativeDef::new("not_", "a, /", not).doc("Same as not a."),
    NativeDef::new("truth", "a, /", truth).doc("Return True if a is true, False otherwise."),
    NativeDef::new("is_", "a, b, /", is).doc("Same as a is b."),
    NativeDef::new("is_not", "a, b, /", is_not).doc("Same as a is not b."),
    NativeDef::new("concat", "a, b, /", concat).doc("Same as a + b, for a and b sequences."),
    NativeDef::new("contains", "a, b, /", contains).doc("Same as b in a (note reversed operands)."),
    NativeDef::new("countOf", "a, b, /", count_of)
        .doc("Return the number of items in a which are, or which equal, b."),
    NativeDef::new("indexOf", "a, b, /", index_of).doc("Return the first index of b in a."),
    NativeDef::new("getitem", "a, b, /", get_item).doc("Same as a[b]."),
    NativeDef::new("setitem", "a, b, c, /", set_item).doc("Same as a[b] = c."),
    NativeDef::new("delitem", "a, b, /", delete_item).doc("Same as del a[b]."),
    NativeDef::new("length_hint", "obj, default=0, /", length_hint).doc(
        "Return an estimate of the number of items in obj.\n\nThis is useful for presizing containers when building from an iterable.\n\nIf the object supports len(), the result will be exact.\nOtherwise, it may over- or under-estimate by an arbitrary amount.",
    ),
    NativeDef::new("call", "obj, /, *args, **kwargs", call).doc("Same as obj(*args, **kwargs)."),
    NativeDef::new("_compare_digest", "a, b, /", compare_digest).doc("Return 'a == b'."),
];

fn abs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let name = cx.vm().names.__abs__;
    match cx.call_special(args.at(0), name, &[])? {
        Some(result) => Ok(result.get(cx)),
        None => {
            let ty = cx.vm().type_name_of(args.at(0).value());
            Err(cx.vm().raise_type_error(&format!("bad operand type for abs(): '{ty}'")))
        }
    }
}

fn neg<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let result = cx.vm().door(|vm| vm.negative(value))?;
    Ok(cx.local(result))
}

fn pos<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let result = cx.vm().door(|vm| vm.positive(value))?;
    Ok(cx.local(result))
}

fn invert<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = args.at(0).value();
    let result = cx.vm().door(|vm| vm.invert(value))?;
    Ok(cx.local(result))
}

fn index<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_value(args.at(0))?;
    Ok(cx.local(crate::types::range::plain_int(index)))
}

fn not<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let truth = cx.truth(args.at(0))?;
    Ok(cx.bool(!truth))
}

fn truth<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let truth = cx.truth(args.at(0))?;
    Ok(cx.bool(truth))
}

fn is<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let same = args.at(0).value() == args.at(1).value();
    Ok(cx.bool(same))
}

fn is_not<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let same = args.at(0).value() == args.at(1).value();
    Ok(cx.bool(!same))
}

/// Raises TypeError unless a value has `__getitem__`.
fn check_sequence(cx: &mut Cx, value: Handle<'_>) -> Result<(), Raised> {
    let vm = cx.vm();
    let (ty, name) = (vm.type_of(value.value()), vm.names.__getitem__);
    if value.value().is_kind(Kind::Dict) || vm.lookup(ty, name).is_undef() {
        let message = format!("'{}' object can't be concatenated", vm.type_name(ty));
        return Err(vm.raise_type_error(&message));
    }
    Ok(())
}

fn concat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_sequence(cx, args.at(0))?;
    add(cx, args)
}

fn iconcat<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    check_sequence(cx, args.at(0))?;
    iadd(cx, args)
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = cx.contains(args.at(0), args.at(1))?;
    Ok(cx.bool(found))
}

fn count_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let count = cx.count_by_iteration(args.at(0), args.at(1))?;
    Ok(cx.local(count))
}

fn index_of<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let index = cx.index_by_iteration(args.at(0), args.at(1))?;
    Ok(cx.local(index))
}

fn get_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let item = cx.get_item(args.at(0), args.at(1))?;
    Ok(item.get(cx))
}

fn set_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    cx.set_item(args.at(0), args.at(1), args.at(2))?;
    Ok(cx.none())
}

fn delete_item<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (container, key) = (args.at(0).value(), args.at(1).value());
    cx.vm().door(|vm| vm.delete_item(container, key))?;
    Ok(cx.none())
}

impl Cx {
    /// `operator.length_hint(object, default)`.
    pub(crate) fn length_hint(&mut self, object: Handle<'_>, default: i64) -> Result<i64, Raised> {
        let names = self.vm().names;
        let ty = self.vm().type_of(object.value());
        if !self.vm().lookup(ty, names.__len__).is_undef() {
            match self.len(object) {
                Ok(len) => return Ok(len as i64),
                Err(Raised) if self.vm().clear_if(self.vm().exceptions.type_error) => {}
                Err(Raised) => return Err(Raised),
            }
        }
        let hint = match self.call_special(object, names.__length_hint__, &[]) {
            Ok(Some(hint)) => hint,
            Ok(None) => return Ok(default),
            Err(Raised) if self.vm().clear_if(self.vm().exceptions.type_error) => return Ok(default),
            Err(Raised) => return Err(Raised),
        };
        if hint.value() == Value::NOT_IMPLEMENTED {
            return Ok(default);
        }
        if !self.vm().is_any_int(hint.value()) {
            let ty = self.vm().type_name_of(hint.value());
            let message = format!("__length_hint__ must be an integer, not {ty}");
            return Err(self.vm().raise_type_error(&message));
        }
        let hint = self.index_i64(hint.handle())?;
        if hint < 0 {
            return Err(self.vm().raise_value_error("__length_hint__() should return >= 0"));
        }
        Ok(hint)
    }
}

fn length_hint<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let default = match args.opt(1) {
        None => 0,
        Some(default) if cx.vm().is_any_int(default.value()) || cx.vm().has_index(default.value()) => {
            cx.index_i64(default)?
        }
        Some(default) => {
            let ty = cx.vm().type_name_of(default.value());
            let message = format!("'{ty}' object cannot be interpreted as an integer");
            return Err(cx.vm().raise_type_error(&message));
        }
    };
    let hint = cx.length_hint(args.at(0), default)?;
    let hint = cx.vm().new_int(hint);
    Ok(cx.local(hint))
}

fn call<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let values: Vec<Value> = args.rest().map(Handle::value).collect();
    let result = match args.opt(1) {
        Some(keywords) => cx.call_with_keywords(args.at(0).value(), values, keywords.value())?,
        None => cx.call_raw(args.at(0).value(), &values)?,
    };
    Ok(cx.local(result))
}

fn compare_digest<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (a, b) = (args.at(0).value(), args.at(1).value());
    if a.is_kind(Kind::Str) && b.is_kind(Kind::Str) {
        let vm = cx.vm();
        if vm.units(a).iter().chain(vm.units(b).iter()).any(|point| point > 127) {
            let message = "comparing strings with non-ASCII characters is not supported";
            return Err(vm.raise_type_error(message));
        }
        let same = vm.str_eq(a, b);
        return Ok(cx.bool(same));
    }
    let is_bytes = |value: Value| matches!(value.kind(), Some(Kind::Bytes | Kind::ByteArray));
    if !is_bytes(a) || !is_bytes(b) {
        let message = format!(
            "unsupported operand types(s) or combination of types: '{}' and '{}'",
            cx.vm().type_name_of(a),
            cx.vm().type_name_of(b)
        );
        return Err(cx.vm().raise_type_error(&message));
    }
    let same = crate::types::bytes::slice_of(a) == crate::types::bytes::slice_of(b);
    Ok(cx.bool(same))
}
