//! `str`: its dunder methods and construction; the others by subject in the modules below.

mod case;
mod find;
mod methods;
mod pad;
mod predicates;
mod split;
mod translate;

use bytecode::CompareOp;

use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res};
use crate::index::{Subscript, place};
use crate::str_object::Units;
use crate::types::new::{check_class, of_class};
use crate::value::Value;
use crate::vm::{Vm, shape_id};

pub(crate) use find::window;
pub(crate) use methods::METHODS;
pub(crate) use pad::center_before;

impl Vm {
    /// A string of part of another's units; MemoryError if there is no room.
    pub(crate) fn str_part(&mut self, units: Units<'_>) -> Result<Value, Raised> {
        let made = match units {
            _ if units.is_empty() => return Ok(self.empty_str),
            _ if units.len() == 1 => return Ok(self.one_character(units.at(0))),
            Units::One(_) => self.try_str_from_units(units),
            wider => self.try_str_from_points(&wider.iter().collect::<Vec<_>>()),
        };
        made.ok_or(Raised).map_err(|Raised| self.raise_memory_error())
    }

    /// The exact string of a string or instance of a subclass.
    pub(crate) fn exact_str(&mut self, string: Value) -> Result<Value, Raised> {
        if self.is_exact(string) { Ok(string) } else { self.str_part(self.units(string)) }
    }

    /// The string itself where `part` is all of it, else a new one.
    pub(crate) fn part_of(&mut self, string: Value, part: std::ops::Range<usize>) -> Result<Value, Raised> {
        let units = self.units(string);
        if part.start == 0 && part.end == units.len() {
            return self.exact_str(string);
        }
        self.str_part(units.slice(part.start, part.end))
    }
}

/// Units of a string argument; TypeError in Argument Clinic's words for another.
fn text_argument<'a>(cx: &Cx, argument: Handle<'_>, method: &str, which: &str) -> Result<Units<'a>, Raised> {
    let vm = cx.vm();
    if argument.value().is_kind(Kind::Str) {
        return Ok(vm.units(argument.value()));
    }
    let ty = vm.argument_type(argument.value());
    Err(vm.raise_type_error(&format!("{method}() argument {which}must be str, not {ty}")))
}

fn this<'a>(cx: &Cx, args: Args<'_>) -> Units<'a> {
    cx.vm().units(args.at(0).value())
}

// ---- construction ---------------------------------------------------------------------------------------------------

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (class, ty) = (args.at(0), cx.vm().types.str);
    check_class(cx, class, ty)?;
    let value = match (args.opt(1), args.opt(2).is_some() || args.opt(3).is_some()) {
        (None, _) => cx.vm().empty_str,
        (Some(object), false) => cx.str(object)?.value(),
        (Some(object), true) => decode(cx, object, args)?,
    };
    of_class(cx, class, ty, value)
}

fn decode(cx: &mut Cx, object: Handle<'_>, args: Args<'_>) -> Result<Value, Raised> {
    let codec = crate::codecs::Names::read(cx, args.opt(2), args.opt(3), "str")?;
    let value = object.value();
    if value.is_kind(Kind::Str) {
        return Err(cx.vm().raise_type_error("decoding str is not supported"));
    }
    let Some(bytes) = crate::types::bytes::buffer_of(cx.vm(), value) else {
        let ty = cx.vm().type_name_of(value);
        let message = format!("decoding to str: need a bytes-like object, {ty} found");
        return Err(cx.vm().raise_type_error(&message));
    };
    crate::codecs::decode(cx, object, bytes, &codec)
}

// ---- text -----------------------------------------------------------------------------------------------------------

fn itself<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().exact_str(args.at(0).value())?;
    Ok(cx.local(value))
}

fn repr<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().repr_of_str(args.at(0).value(), false);
    Ok(cx.local(value))
}

fn hash<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let hash = vm.hash_str(args.at(0).value()) as i64;
    let value = vm.new_int(hash);
    Ok(cx.local(value))
}

fn format_one<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (value, spec) = (args.at(0), args.at(1));
    crate::types::check_format_spec(cx, spec)?;
    if cx.vm().units(spec.value()).is_empty() {
        let text = cx.str(value)?;
        return Ok(cx.local(text.value()));
    }
    let text = crate::format::text::format(cx.vm(), value.value(), spec.value())?;
    Ok(cx.local(text))
}

fn sizeof<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let units = this(cx, args);
    // The size that CPython's string has: its header and one unit of zero more.
    let ascii = matches!(units, Units::One(bytes) if bytes.is_ascii());
    let header = if ascii { 40 } else { 56 };
    let value = cx.vm().new_int((header + (units.len() + 1) * units.width()) as i64);
    Ok(cx.local(value))
}

fn getnewargs<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let vm = cx.vm();
    let string = vm.exact_str(args.at(0).value())?;
    let value = vm.new_tuple(&[string]);
    Ok(cx.local(value))
}

// ---- sequence -------------------------------------------------------------------------------------------------------

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = cx.vm().new_int(this(cx, args).len() as i64);
    Ok(cx.local(value))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let ascii = matches!(this(cx, args), Units::One(bytes) if bytes.is_ascii());
    let shape = if ascii { shape_id::STR_ASCII_ITERATOR } else { shape_id::STR_ITERATOR };
    let value = cx.vm().new_seq_iter(shape, args.at(0).value(), 0);
    Ok(cx.local(value))
}

fn getitem<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let key = args.at(1);
    if !key.value().is_kind(Kind::Slice) && !cx.vm().has_index(key.value()) {
        let ty = cx.vm().type_name_of(key.value());
        let message = format!("string indices must be integers, not '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    let subscript = cx.subscript(key, "string")?;
    let vm = cx.vm();
    let units = vm.units(args.at(0).value());
    let value = match subscript {
        Subscript::Index(index) => match place(index, units.len()) {
            Some(place) => vm.one_character(units.at(place)),
            None => return Err(vm.raise_index_error("string index out of range")),
        },
        Subscript::Slice(parts) => {
            let range = parts.fit(units.len());
            if range.step == 1 {
                let start = range.start as usize;
                vm.part_of(args.at(0).value(), start..start + range.count)?
            } else {
                let points: Vec<u32> = range.indices().map(|i| units.at(i)).collect();
                vm.str_or_memory_error(&points)?
            }
        }
    };
    Ok(cx.local(value))
}

fn contains<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (vm, part) = (cx.vm(), args.at(1).value());
    if !part.is_kind(Kind::Str) {
        let ty = vm.type_name_of(part);
        let message = format!("'in <string>' requires string as left operand, not {ty}");
        return Err(vm.raise_type_error(&message));
    }
    let found = crate::search::find(this(cx, args), vm.units(part)).is_some();
    Ok(cx.bool(found))
}

fn add<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let (vm, other) = (cx.vm(), args.at(1).value());
    if !other.is_kind(Kind::Str) {
        let ty = vm.type_name_of(other);
        let message = format!("can only concatenate str (not \"{ty}\") to str");
        return Err(vm.raise_type_error(&message));
    }
    match vm.concat(args.at(0).value(), other) {
        Some(value) => Ok(cx.local(value)),
        None => Err(vm.raise_memory_error()),
    }
}

fn mul<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let times = repetitions(cx, args.at(1))?;
    let (vm, string) = (cx.vm(), args.at(0).value());
    let units = vm.units(string);
    let value = match times {
        0 => vm.empty_str,
        1 => vm.exact_str(string)?,
        _ if units.is_empty() => vm.empty_str,
        _ => match vm.repeat_str(units, times) {
            Some(value) => value,
            None => return Err(vm.raise_memory_error()),
        },
    };
    Ok(cx.local(value))
}

/// How often a sequence is to be repeated.
pub(crate) fn repetitions(cx: &mut Cx, count: Handle<'_>) -> Result<usize, Raised> {
    if !cx.vm().has_index(count.value()) {
        let ty = cx.vm().type_name_of(count.value());
        let message = format!("can't multiply sequence by non-int of type '{ty}'");
        return Err(cx.vm().raise_type_error(&message));
    }
    Ok(usize::try_from(cx.index_i64(count)?).unwrap_or(0))
}

fn modulo<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let value = crate::format::percent::format_str(cx, args.at(0), args.at(1))?;
    Ok(cx.local(value))
}

fn rmodulo<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if !args.at(1).value().is_kind(Kind::Str) {
        return Ok(cx.not_implemented());
    }
    let value = crate::format::percent::format_str(cx, args.at(1), args.at(0))?;
    Ok(cx.local(value))
}

// ---- comparisons ----------------------------------------------------------------------------------------------------

fn compare_as<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp) -> Res<'a> {
    let (vm, a, b) = (cx.vm(), args.at(0).value(), args.at(1).value());
    if !b.is_kind(Kind::Str) {
        return Ok(cx.not_implemented());
    }
    let truth = match op {
        CompareOp::Eq => vm.str_eq(a, b),
        CompareOp::Ne => !vm.str_eq(a, b),
        _ => crate::ops::holds(op, compare(vm.units(a), vm.units(b))),
    };
    Ok(cx.bool(truth))
}

/// Compares code points in order.
pub(crate) fn compare(a: Units<'_>, b: Units<'_>) -> std::cmp::Ordering {
    match (a, b) {
        (Units::One(a), Units::One(b)) => a.cmp(b),
        (a, b) => a.iter().cmp(b.iter()),
    }
}

macro_rules! comparisons {
    ($($name:ident $op:ident;)*) => {$(
        fn $name<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
            compare_as(cx, args, CompareOp::$op)
        }
    )*};
}
comparisons! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }
