//! Dialects: what separates, quotes and ends.

use super::{State, dialect_named, quoting};
use crate::cell::{Kind, Payload};
use crate::cx::{Args, Cx, Handle, Raised, Res, Root};
use crate::heap::Marker;
use crate::native::NativeDef;
use crate::type_object::type_flag;
use crate::value::Value;
use crate::vm::Vm;

static METHODS: &[NativeDef] = &[
    NativeDef::stat(
        "__new__",
        "$type, dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, \
         quotechar=None, quoting=None, skipinitialspace=None, strict=None",
        new,
    ),
    NativeDef::getter("delimiter", delimiter),
    NativeDef::getter("doublequote", |cx, args| truth(cx, args, |dialect| dialect.double_quote)),
    NativeDef::getter("escapechar", |cx, args| character(cx, args, |dialect| dialect.escape)),
    NativeDef::getter("lineterminator", line_terminator),
    NativeDef::getter("quotechar", |cx, args| character(cx, args, |dialect| dialect.quote)),
    NativeDef::getter("quoting", get_quoting),
    NativeDef::getter("skipinitialspace", |cx, args| truth(cx, args, |dialect| dialect.skip_space)),
    NativeDef::getter("strict", |cx, args| truth(cx, args, |dialect| dialect.strict)),
];

/// A dialect.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    pub(super) delimiter: u32,
    pub(super) double_quote: bool,
    pub(super) escape: Option<u32>,
    pub(super) terminator: Vec<u32>,
    pub(super) quote: Option<u32>,
    pub(super) quoting: i64,
    pub(super) skip_space: bool,
    pub(super) strict: bool,
}

impl Payload for Dialect {
    fn trace(&self, _: &mut Marker) {}

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Makes the type.
pub(super) fn init(vm: &mut Vm) -> Value {
    vm.new_module_type("_csv", "Dialect", Kind::Boxed, type_flag::BASE, METHODS)
}

const SPACE: u32 = b' ' as u32;

/// An argument, or else an attribute of the dialect that is the pattern.
fn part(
    cx: &mut Cx,
    given: Option<Handle<'_>>,
    pattern: Option<&Root>,
    name: &str,
) -> Result<Option<Root>, Raised> {
    match (given, pattern) {
        (Some(given), _) => Ok(Some(cx.root_value(given.value()))),
        (None, Some(pattern)) => cx.get_attr_opt(pattern.handle(), name),
        (None, None) => Ok(None),
    }
}

fn char_part(
    cx: &mut Cx,
    value: Option<Root>,
    name: &str,
    default: Option<u32>,
    optional: bool,
) -> Result<Option<u32>, Raised> {
    let Some(value) = value else { return Ok(default) };
    if value.value().is_none() && optional {
        return Ok(None);
    }
    if !value.value().is_kind(Kind::Str) {
        let (or_none, ty) = (if optional { " or None" } else { "" }, cx.vm().type_name_of(value.value()));
        return Err(cx.vm().raise_type_error(&format!("\"{name}\" must be string{or_none}, not {ty}")));
    }
    let units = cx.vm().units(value.value());
    if units.len() != 1 {
        return Err(cx.vm().raise_type_error(&format!("\"{name}\" must be a 1-character string")));
    }
    Ok(Some(units.at(0)))
}

fn bool_part(cx: &mut Cx, value: Option<Root>, default: bool) -> Result<bool, Raised> {
    value.map_or(Ok(default), |value| cx.truth(value.handle()))
}

fn quoting_part(cx: &mut Cx, value: Option<Root>) -> Result<i64, Raised> {
    let Some(value) = value else { return Ok(quoting::MINIMAL) };
    let number = cx.vm().int_of(value.value()).filter(|_| !value.value().is_bool());
    match number {
        Some(number) if (quoting::MINIMAL..=quoting::NOTNULL).contains(&number) => Ok(number),
        Some(_) => Err(cx.vm().raise_type_error("bad \"quoting\" value")),
        None => Err(cx.vm().raise_type_error("\"quoting\" must be an integer")),
    }
}

fn terminator_part(cx: &mut Cx, value: Option<Root>) -> Result<Vec<u32>, Raised> {
    match value {
        None => Ok(vec![13, 10]),
        Some(value) if value.value().is_none() => Err(cx.vm().raise_type_error("lineterminator must be set")),
        Some(value) if value.value().is_kind(Kind::Str) => Ok(cx.vm().units(value.value()).iter().collect()),
        Some(_) => Err(cx.vm().raise_type_error("\"lineterminator\" must be a string")),
    }
}

fn new<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let pattern = match args.some(1) {
        Some(name) if name.value().is_kind(Kind::Str) => Some(dialect_named(cx, name)?),
        Some(dialect) => Some(cx.root_value(dialect.value())),
        None => None,
    };
    let plain = cx.vm().module_state::<State>().dialect;
    if let Some(pattern) = &pattern
        && args.at(0).value() == plain
        && cx.vm().type_of(pattern.value()) == plain
        && (2..=9).all(|i| args.opt(i).is_none())
    {
        return Ok(cx.local(pattern.value()));
    }
    let dialect = read(cx, args, pattern.as_ref())?;
    check(cx, &dialect)?;
    let made = cx.make_object(args.at(0), Box::new(dialect))?;
    Ok(cx.local(made))
}

fn read(cx: &mut Cx, args: Args<'_>, pattern: Option<&Root>) -> Result<Dialect, Raised> {
    let mut get = |i: usize, name: &str| part(cx, args.opt(i), pattern, name);
    let delimiter = get(2, "delimiter")?;
    let double_quote = get(3, "doublequote")?;
    let escape = get(4, "escapechar")?;
    let terminator = get(5, "lineterminator")?;
    let quote = get(6, "quotechar")?;
    let quoting = get(7, "quoting")?;
    let skip_space = get(8, "skipinitialspace")?;
    let strict = get(9, "strict")?;
    let no_quote = quote.as_ref().is_some_and(|quote| quote.value().is_none()) && quoting.is_none();
    Ok(Dialect {
        delimiter: char_part(cx, delimiter, "delimiter", Some(b','.into()), false)?.unwrap_or_default(),
        double_quote: bool_part(cx, double_quote, true)?,
        escape: char_part(cx, escape, "escapechar", None, true)?,
        quote: char_part(cx, quote, "quotechar", Some(b'"'.into()), true)?,
        quoting: if no_quote { quoting::NONE } else { quoting_part(cx, quoting)? },
        skip_space: bool_part(cx, skip_space, false)?,
        strict: bool_part(cx, strict, false)?,
        terminator: terminator_part(cx, terminator)?,
    })
}

/// Raises unless the characters can be told apart.
fn check(cx: &Cx, dialect: &Dialect) -> Result<(), Raised> {
    if dialect.quoting != quoting::NONE && dialect.quote.is_none() {
        return Err(cx.vm().raise_type_error("quotechar must be set if quoting enabled"));
    }
    let named = [
        ("delimiter", Some(dialect.delimiter)),
        ("escapechar", dialect.escape),
        ("quotechar", dialect.quote),
    ];
    let bad = |message: String| Err(cx.vm().raise_value_error(&message));
    for (name, point) in named {
        let Some(point) = point else { continue };
        let is_space = point == SPACE && dialect.skip_space && name != "delimiter";
        if matches!(point, 10 | 13) || is_space {
            return bad(format!("bad {name} value"));
        }
    }
    for (i, (name, point)) in named.iter().enumerate() {
        for (other, other_point) in &named[i + 1..] {
            if point.is_some() && point == other_point {
                return bad(format!("bad {name} or {other} value"));
            }
        }
    }
    for (name, point) in named {
        if point.is_some_and(|point| dialect.terminator.contains(&point)) {
            return bad(format!("bad {name} or lineterminator value"));
        }
    }
    Ok(())
}

// ---- Attributes ------------------------------------------------------------------------------------------------------

fn state<'a>(cx: &'a Cx, args: Args<'_>) -> Result<&'a Dialect, Raised> {
    cx.state::<Dialect>(args.at(0))
}

fn truth<'a>(cx: &'a mut Cx, args: Args<'_>, get: fn(&Dialect) -> bool) -> Res<'a> {
    let truth = get(state(cx, args)?);
    Ok(cx.bool(truth))
}

fn character<'a>(cx: &'a mut Cx, args: Args<'_>, get: fn(&Dialect) -> Option<u32>) -> Res<'a> {
    match get(state(cx, args)?) {
        Some(point) => {
            let text = cx.vm().str_from_points(std::iter::once(point));
            Ok(cx.local(text))
        }
        None => Ok(cx.none()),
    }
}

fn delimiter<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    character(cx, args, |dialect| Some(dialect.delimiter))
}

fn line_terminator<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let terminator = state(cx, args)?.terminator.clone();
    let text = cx.vm().str_from_points(terminator.into_iter());
    Ok(cx.local(text))
}

fn get_quoting<'a>(cx: &'a mut Cx, args: Args<'_>) -> Res<'a> {
    let quoting = state(cx, args)?.quoting;
    Ok(cx.local(Value::small(quoting as i32)))
}
