//! Built-in functions about iterables: `iter`, `next`, `len`, `min`, `max`, `sum`, `sorted`, `any`, `all`.

use bytecode::{BinOp, CompareOp};

use crate::at_once;
use crate::cell::*;
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::frame::Cont;
use crate::native::NativeDef;
use crate::types::sort::sort_list;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTIONS: &[NativeDef] = &[
    NativeDef::new("all", "iterable, /", all).doc(
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf the iterable is empty, return True.",
    ),
    NativeDef::new("any", "iterable, /", any).doc(
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the iterable is empty, return False.",
    ),
    NativeDef::new("iter", "object, sentinel=<unrepresentable>, /", iter),
    NativeDef::new("len", "obj, /", len).at_once(at_once::len).doc("Return the number of items in a container."),
    NativeDef::new("max", "*args, key=None, default=<unrepresentable>", max).at_once(at_once::max),
    NativeDef::new("min", "*args, key=None, default=<unrepresentable>", min).at_once(at_once::min),
    NativeDef::new("next", "iterator, default=<unrepresentable>, /", next),
    NativeDef::new("sorted", "iterable, /, *, key=None, reverse=False", sorted).doc(
        "Return a new list containing all items from the iterable in ascending order.\n\nA custom key function can be supplied to customize the sort order, and the\nreverse flag can be set to request the result in descending order.",
    ),
    NativeDef::new("sum", "iterable, /, start=0", sum).doc(
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers\n\nWhen the iterable is empty, return the start value.\nThis function is intended specifically for use with numeric values and may\nreject non-numeric types.",
    ),
];

fn len<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let len = cx.len(args.at(0))?;
    let len = cx.vm().new_int(len as i64);
    Ok(cx.local(len))
}

fn iter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    if let Some(sentinel) = args.opt(1) {
        if !cx.vm().is_callable(args.at(0).value()) {
            return Err(cx.vm().raise_type_error("iter(v, w): v must be callable"));
        }
        let iterator = crate::types::functional::new_calls(cx.vm(), args.at(0).value(), sentinel.value());
        return Ok(cx.local(iterator));
    }
    let iterator = cx.iter(args.at(0))?;
    Ok(iterator.get(cx))
}

fn next<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    match cx.next_or_stop(args.at(0)) {
        Ok(Some(item)) => Ok(cx.local(item)),
        Ok(None) => match args.opt(1) {
            Some(default) => Ok(default.get(cx)),
            None => Err(cx.vm().raise_exhausted()),
        },
        Err(Raised) => match args.opt(1) {
            Some(default) if cx.vm().clear_if(cx.vm().exceptions.stop_iteration) => Ok(default.get(cx)),
            _ => Err(Raised),
        },
    }
}

impl Cx {
    /// The next item of an iterator, raw. The end is `None` only where there is no value to tell, else StopIteration
    /// as it was raised.
    fn next_or_stop(&mut self, iterator: Handle<'_>) -> Result<Option<Value>, Raised> {
        let value = iterator.value();
        match value.kind() {
            Some(Kind::RangeIter | Kind::SeqIter | Kind::DictIter | Kind::Boxed) => {
                return self.next_value(iterator);
            }
            Some(Kind::Generator) if self.vm().is_ready_generator(value) => {
                return self.vm().door(|vm| vm.resume_generator(value, Value::NONE, Cont::Resume)).map(Some);
            }
            _ => {}
        }
        let name = self.vm().names.__next__;
        match self.call_special(iterator, name, &[])? {
            Some(item) => Ok(Some(item.value())),
            None => {
                let ty = self.vm().type_name_of(iterator.value());
                Err(self.vm().raise_type_error(&format!("'{ty}' object is not an iterator")))
            }
        }
    }
}

impl Vm {
    /// Whether a value is a plain generator that can be resumed.
    #[expect(unsafe_code, reason = "generators are reached through cells")]
    fn is_ready_generator(&self, value: Value) -> bool {
        value.as_cell::<GeneratorCell>().is_some_and(|cell| {
            // SAFETY: the generator is live.
            let (state, kind) = unsafe { ((*cell).state, (*cell).kind) };
            kind == GeneratorKind::Generator
                && matches!(state, GeneratorState::Created | GeneratorState::Suspended)
        })
    }
}

fn all<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = first_with_truth(cx, args.at(0), false)?;
    Ok(cx.bool(!found))
}

fn any<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let found = first_with_truth(cx, args.at(0), true)?;
    Ok(cx.bool(found))
}

/// Whether an iterable has an item of this truth.
fn first_with_truth(cx: &mut Cx, iterable: Handle<'_>, wanted: bool) -> Result<bool, Raised> {
    let iterator = cx.iter(iterable)?;
    while let Some(item) = cx.next_value(iterator.handle())? {
        let truth = match cx.vm().truth_plain(item) {
            Some(truth) => truth,
            None => {
                let item = cx.root_value(item);
                cx.truth(item.handle())?
            }
        };
        if truth == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn max<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    extreme(cx, args, CompareOp::Gt, "max")
}

fn min<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    extreme(cx, args, CompareOp::Lt, "min")
}

/// The first item that no other one is `op` than.
fn extreme<'a>(cx: &'a mut Cx, args: Args<'_>, op: CompareOp, name: &str) -> Res<'a> {
    let (key, default) = (args.some(0), args.opt(1));
    let count = args.rest().len();
    if count == 0 {
        return Err(cx.vm().raise_type_error(&format!("{name} expected at least 1 argument, got 0")));
    }
    if count > 1 && default.is_some() {
        let message = format!("Cannot specify a default for {name}() with multiple positional arguments");
        return Err(cx.vm().raise_type_error(&message));
    }
    let mut best = Best { op, item: cx.root_value(Value::UNDEF), key: cx.root_value(Value::UNDEF) };
    if count == 1 {
        let Some(iterable) = args.rest().next() else { unreachable!("one was counted") };
        let iterator = cx.iter(iterable)?;
        while let Some(item) = cx.next_value(iterator.handle())? {
            best.offer(cx, item, key)?;
        }
    } else {
        for item in args.rest() {
            best.offer(cx, item.value(), key)?;
        }
    }
    if !best.item.value().is_undef() {
        return Ok(cx.local(best.item.value()));
    }
    match default {
        Some(default) => Ok(default.get(cx)),
        None => Err(cx.vm().raise_value_error(&format!("{name}() iterable argument is empty"))),
    }
}

/// The best item so far and its key.
struct Best {
    op: CompareOp,
    item: Root,
    key: Root,
}

impl Best {
    fn offer(&mut self, cx: &mut Cx, item: Value, key: Option<Handle<'_>>) -> Result<(), Raised> {
        let Some(function) = key else {
            let better = self.item.value().is_undef() || self.is_better(cx, item)?;
            if better {
                self.item.set_value(item);
                self.key.set_value(item);
            }
            return Ok(());
        };
        let item = cx.root_value(item);
        let made = cx.call_raw(function.value(), &[item.value()])?;
        let made = cx.root_value(made);
        if self.item.value().is_undef() || self.is_better(cx, made.value())? {
            self.item.set_value(item.value());
            self.key.set_value(made.value());
        }
        Ok(())
    }

    /// Whether `key op best`; the key is kept by a root meanwhile.
    fn is_better(&mut self, cx: &mut Cx, key: Value) -> Result<bool, Raised> {
        if let Some(better) = cx.vm().compare_plain(self.op, key, self.key.value()) {
            return Ok(better);
        }
        // Without a key function the item itself is compared: the caller sets it only afterwards.
        let rooted = cx.root_value(key);
        cx.compare_truth(self.op, rooted.handle(), self.key.handle())
    }
}

fn sorted<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let list = cx.collect(args.at(0))?;
    let reverse = match args.opt(2) {
        Some(reverse) => cx.truth(reverse)?,
        None => false,
    };
    sort_list(cx, list.handle(), args.some(1), reverse)?;
    Ok(list.get(cx))
}

fn sum<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let start = args.opt(1).map_or(Value::small(0), Handle::value);
    let refused = match start.kind() {
        Some(Kind::Str) => Some("sum() can't sum strings [use ''.join(seq) instead]"),
        Some(Kind::Bytes) => Some("sum() can't sum bytes [use b''.join(seq) instead]"),
        Some(Kind::ByteArray) => Some("sum() can't sum bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    let iterator = cx.iter(args.at(0))?;
    if let Some(message) = refused {
        return Err(cx.vm().raise_type_error(message));
    }
    let total = Sum { total: cx.root_value(start) }.run(cx, &iterator)?;
    Ok(cx.local(total))
}

/// A running sum: ints and floats without doors, floats with Neumaier's compensation as CPython sums them.
struct Sum {
    total: Root,
}

impl Sum {
    fn run(self, cx: &mut Cx, iterator: &Root) -> Result<Value, Raised> {
        loop {
            let total = self.total.value();
            let rest = if total.is_int() || total.is_bool() {
                self.ints(cx, iterator)?
            } else if cx.vm().type_of(total) == cx.vm().types.float {
                self.floats(cx, iterator)?
            } else {
                cx.next_value(iterator.handle())?
            };
            let Some(item) = rest else { return Ok(self.total.value()) };
            let item = cx.root_value(item);
            let total = cx.binary(BinOp::Add, self.total.handle(), item.handle())?;
            self.total.set_value(total.value());
        }
    }

    /// Adds small ints; the first item that is none, if there is one.
    fn ints(&self, cx: &mut Cx, iterator: &Root) -> Result<Option<Value>, Raised> {
        let mut total = cx.vm().int_of(self.total.value()).unwrap_or(0);
        let outcome = loop {
            let item = match cx.next_value(iterator.handle()) {
                Ok(Some(item)) => item,
                other => break other,
            };
            if !item.is_int() && !item.is_bool() {
                break Ok(Some(item));
            }
            let int = cx.vm().int_of(item).unwrap_or(0);
            match total.checked_add(int) {
                Some(sum) => total = sum,
                None => break Ok(Some(item)),
            }
        };
        let total = cx.vm().new_int(total);
        self.total.set_value(total);
        outcome
    }

    /// Adds floats and small ints; the first item that is neither, if there is one.
    fn floats(&self, cx: &mut Cx, iterator: &Root) -> Result<Option<Value>, Raised> {
        let mut total = cx.vm().float_of(self.total.value()).unwrap_or(0.0);
        let mut compensation = 0.0_f64;
        let outcome = loop {
            let item = match cx.next_value(iterator.handle()) {
                Ok(Some(item)) => item,
                other => break other,
            };
            if cx.vm().type_of(item) == cx.vm().types.float {
                let x = cx.vm().float_of(item).unwrap_or(0.0);
                let sum = total + x;
                compensation += if total.abs() >= x.abs() { (total - sum) + x } else { (x - sum) + total };
                total = sum;
            } else if let Some(int) = cx.vm().int_of(item) {
                total += int as f64;
            } else {
                break Ok(Some(item));
            }
        };
        if compensation != 0.0 && compensation.is_finite() {
            total += compensation;
        }
        let total = cx.vm().new_float(total);
        self.total.set_value(total);
        outcome
    }
}
